/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/*
 * ViaPairsRow edits a list of names and values (environment variables, headers): a line each, one button to add a line.
 *
 * Signal: "changed" ().
 */
#define VIA_TYPE_PAIRS_ROW (via_pairs_row_get_type ())
G_DECLARE_FINAL_TYPE (ViaPairsRow, via_pairs_row, VIA, PAIRS_ROW, AdwPreferencesRow)

GtkWidget *via_pairs_row_new       (const char         *title,
                                    const char         *add_tooltip);
void       via_pairs_row_append    (ViaPairsRow        *self,
                                    const char         *name,
                                    const char         *value);
/* name, value, …, NULL of the lines that have a name; NULL when there are none. (transfer full) */
char     **via_pairs_row_dup_pairs (ViaPairsRow        *self);

G_END_DECLS
