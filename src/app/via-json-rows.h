/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "json/via-json.h"

G_BEGIN_DECLS

/* One element of an array, for a list. It keeps the document. */
#define VIA_TYPE_JSON_ROW (via_json_row_get_type ())
G_DECLARE_FINAL_TYPE (ViaJsonRow, via_json_row, VIA, JSON_ROW, GObject)

ViaJsonValue via_json_row_get_value (ViaJsonRow *self);
/* What a cell shows of member @key: a string without its quotes, anything else as JSON, in one line and not longer than
 * a cell can show; "" when there is no such member. (transfer full) */
char        *via_json_row_dup_cell  (ViaJsonRow *self,
                                     const char *key);

/* A GListModel of ViaJsonRow over an array, made as they are asked for. */
#define VIA_TYPE_JSON_ROWS (via_json_rows_get_type ())
G_DECLARE_FINAL_TYPE (ViaJsonRows, via_json_rows, VIA, JSON_ROWS, GObject)

ViaJsonRows *via_json_rows_new      (ViaJsonDocument *document,
                                     ViaJsonValue     array);
/* The members of the first rows in the order in which they appear: array of char *. (transfer full) */
GPtrArray   *via_json_rows_dup_keys (ViaJsonRows     *self);

G_END_DECLS
