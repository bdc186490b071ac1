/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "via-json-rows.h"

G_BEGIN_DECLS

/* An array of objects as a table that sorts by any column. Not editable; the values themselves stay in the document. */
#define VIA_TYPE_RESULT_TABLE (via_result_table_get_type ())
G_DECLARE_FINAL_TYPE (ViaResultTable, via_result_table, VIA, RESULT_TABLE, AdwBin)

/* @label: what the rows are, nullable. */
GtkWidget     *via_result_table_new      (ViaJsonRows    *rows,
                                          const char     *label);
GtkColumnView *via_result_table_get_view (ViaResultTable *self);

G_END_DECLS
