/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "json/via-json.h"

G_BEGIN_DECLS

/*
 * ViaTool is one tool as its server describes it (MCP Tool, both eras). The description is kept whole and verbatim;
 * accessors read it. What it says of itself is a hint for display, never policy. Immutable. REST bridges describe
 * their tools in the same shape.
 */
#define VIA_TYPE_TOOL (via_tool_get_type ())
G_DECLARE_FINAL_TYPE (ViaTool, via_tool, VIA, TOOL, GObject)

/* NULL with VIA_RPC_ERROR_INVALID when it has no usable name or its schema is no object. */
ViaTool         *via_tool_new_from_mcp      (ViaJsonValue  description,
                                             GError      **error);
/* {name, description, parameters, required, category}: parameters is a map of properties, or a whole schema. */
ViaTool         *via_tool_new_from_rest     (ViaJsonValue  description,
                                             GError      **error);
const char      *via_tool_get_name          (ViaTool      *self);
/* title, else annotations.title, else the name. */
const char      *via_tool_get_title         (ViaTool      *self);
const char      *via_tool_get_description   (ViaTool      *self); /* "" when there is none */
/* Never NULL: what the server says (category, _meta.category), else what via_tool_categorize () found, else "General". */
const char      *via_tool_get_category      (ViaTool      *self);
ViaJsonValue     via_tool_get_input_schema  (ViaTool      *self);
ViaJsonValue     via_tool_get_output_schema (ViaTool      *self); /* may be missing */
ViaJsonValue     via_tool_get_annotations   (ViaTool      *self); /* may be missing */
ViaJsonDocument *via_tool_get_document      (ViaTool      *self); /* (transfer none) the whole description */
gboolean         via_tool_is_read_only      (ViaTool      *self); /* readOnlyHint, default FALSE */
gboolean         via_tool_is_destructive    (ViaTool      *self); /* destructiveHint, said explicitly and not read-only */
gboolean         via_tool_is_idempotent     (ViaTool      *self); /* idempotentHint, default FALSE */
gboolean         via_tool_is_open_world     (ViaTool      *self); /* openWorldHint, said explicitly */
/*
 * Mirrors arguments into headers as x-mcp-header annotations ask (2026-07-28 transports, custom headers): name, value, …,
 * NULL, values encoded; NULL when there are none. (transfer full)
 */
char           **via_tool_dup_headers       (ViaTool      *self,
                                             ViaJsonValue  arguments);
/* FALSE with a sentence when an x-mcp-header annotation is not valid: over HTTP such a tool is not offered. */
gboolean         via_tool_check_headers     (ViaTool      *self,
                                             GError      **error);
/* Gives tools without a category one from a name prefix that at least three of them share. @tools: GPtrArray of ViaTool. */
void             via_tool_categorize        (GPtrArray    *tools);

/* A header value as the spec encodes it: as it is, or =?base64?…?=. (transfer full) */
char            *via_mcp_header_encode      (const char   *value);

G_END_DECLS
