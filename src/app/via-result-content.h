/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "mcp/via-tool-result.h"
#include "via-json-rows.h"

G_BEGIN_DECLS

/* How a part of a result is shown. */
typedef enum
{
  VIA_PART_TEXT,
  VIA_PART_MARKDOWN,
  VIA_PART_JSON,
  VIA_PART_TABLE,
  VIA_PART_IMAGE,
  VIA_PART_AUDIO,
  VIA_PART_LINK, /* a resource that the server only names */
  VIA_PART_FILE, /* a resource's bytes that have no view */
} ViaPartKind;

/*
 * ViaResultPart is one thing to show, made ready so that the main loop need not: text is unescaped, JSON indented, Base64
 * decoded, and it is decided what the text is. Immutable, owned by its array.
 */
typedef struct
{
  ViaPartKind      kind;
  GBytes          *text;      /* nullable; what "as plain text" shows. UTF-8, a NUL follows that is not counted */
  GBytes          *binary;    /* nullable */
  ViaJsonRows     *rows;      /* nullable; of a table */
  char            *label;     /* nullable; the member in which the table stood, the name or URI of a resource */
  char            *uri;       /* nullable */
  char            *mime_type; /* nullable */
  gboolean         broken;    /* bytes were promised, but their Base64 is not right */
} ViaResultPart;

typedef enum
{
  VIA_PAGE_RESULT,
  VIA_PAGE_STRUCTURED,
  VIA_PAGE_RAW,
  VIA_PAGE_MESSAGES,
  VIA_N_PAGES
} ViaResultPage;

/* Array of ViaResultPart (transfer full). Takes time in proportion to the result: large ones belong in a thread. */
GPtrArray *via_result_content_prepare     (ViaToolResult       *result,
                                           ViaResultPage        page);
void       via_result_content_load_async  (ViaToolResult       *result,
                                           ViaResultPage        page,
                                           GCancellable        *cancellable,
                                           GAsyncReadyCallback  callback,
                                           gpointer             user_data);
GPtrArray *via_result_content_load_finish (GAsyncResult        *result,
                                           GError             **error);
/* The array of objects in @value or in its only such member, whose name goes to @label; else the missing value. */
ViaJsonValue via_result_content_find_rows (ViaJsonValue         value,
                                           char               **label);

void       via_result_part_free           (ViaResultPart       *part);

G_END_DECLS
