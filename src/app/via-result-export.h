/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "bridge/via-operation.h"

G_BEGIN_DECLS

/* What leaves a card by Copy and Save. Whole, however large it is, and made in a thread. */
typedef enum
{
  VIA_EXPORT_TEXT, /* the text blocks; JSON when there are none */
  VIA_EXPORT_JSON, /* the result as the server sent it, indented */
} ViaExportFormat;

/* TRUE when VIA_EXPORT_TEXT gives something else than JSON. */
gboolean  via_result_export_has_text     (ViaToolResult       *result);
/* "get-sum.txt": the tool's name without what a file name cannot hold. (transfer full) */
char     *via_result_export_file_name    (ViaOperation        *operation,
                                          ViaExportFormat      format);
void      via_result_export_async        (ViaToolResult       *result,
                                          ViaExportFormat      format,
                                          GCancellable        *cancellable,
                                          GAsyncReadyCallback  callback,
                                          gpointer             user_data);
/* UTF-8 followed by a NUL that is not counted. */
GBytes   *via_result_export_finish       (GAsyncResult        *result,
                                          GError             **error);
/* One JSON array of the command line's shapes. @operations: finished ViaOperation, (transfer full). */
void      via_result_export_all_async    (GPtrArray           *operations,
                                          GCancellable        *cancellable,
                                          GAsyncReadyCallback  callback,
                                          gpointer             user_data);

G_END_DECLS
