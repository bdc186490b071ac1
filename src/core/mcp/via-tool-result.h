/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "json/via-json.h"

G_BEGIN_DECLS

/* What kind of content block it is. Unknown kinds are shown as JSON. */
typedef enum
{
  VIA_CONTENT_TEXT,
  VIA_CONTENT_IMAGE,
  VIA_CONTENT_AUDIO,
  VIA_CONTENT_RESOURCE,
  VIA_CONTENT_RESOURCE_LINK,
  VIA_CONTENT_UNKNOWN,
} ViaContentKind;

/*
 * ViaToolResult is what a tool answered, whole (MCP CallToolResult; for a REST bridge whatever JSON or text came). It owns
 * the document; content blocks are looked at in place. Immutable, reference counted, usable from any thread.
 */
typedef struct _ViaToolResult ViaToolResult;

#define VIA_TYPE_TOOL_RESULT (via_tool_result_get_type ())

GType            via_tool_result_get_type        (void);
/* @document: the whole message, @result the value in it. */
ViaToolResult   *via_tool_result_new_from_mcp    (ViaJsonDocument     *document,
                                                  ViaJsonValue         result);
/* A REST body: JSON becomes structured content, other text one text block. */
ViaToolResult   *via_tool_result_new_from_body   (GBytes              *body,
                                                  const char          *content_type);
ViaToolResult   *via_tool_result_ref             (ViaToolResult       *self);
void             via_tool_result_unref           (ViaToolResult       *self);
/* The result value as it came: the "data" of the command line. */
ViaJsonValue     via_tool_result_get_data        (const ViaToolResult *self);
gboolean         via_tool_result_is_error        (const ViaToolResult *self); /* isError */
ViaJsonValue     via_tool_result_get_structured  (const ViaToolResult *self); /* may be missing */
guint            via_tool_result_get_n_blocks    (const ViaToolResult *self);
ViaContentKind   via_tool_result_get_kind        (const ViaToolResult *self,
                                                  guint                index);
ViaJsonValue     via_tool_result_get_block       (const ViaToolResult *self,
                                                  guint                index);
/* The text of a text block or of a text resource, (transfer full) or NULL. */
char            *via_tool_result_dup_text        (const ViaToolResult *self,
                                                  guint                index);
/* Decoded bytes of an image, audio or blob resource; NULL if the Base64 is broken. (transfer full) */
GBytes          *via_tool_result_dup_binary      (const ViaToolResult *self,
                                                  guint                index);
/* (transfer full) or NULL. */
char            *via_tool_result_dup_mime_type   (const ViaToolResult *self,
                                                  guint                index);
/* All text blocks joined by newlines, for copying and for terminals. (transfer full) */
char            *via_tool_result_dup_all_text    (const ViaToolResult *self);
/* Bytes of the result on the wire. */
gsize            via_tool_result_get_size        (const ViaToolResult *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ViaToolResult, via_tool_result_unref)

G_END_DECLS
