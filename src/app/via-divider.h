/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/*
 * Makes the separator of an AdwLeaflet movable: dragging it sets the width of @column, the child before it. GtkPaned
 * would have a handle but cannot fold. @moved gets the new width when the drag ends.
 */
typedef void (*ViaDividerFunc) (int      width,
                                gpointer user_data);

void via_divider_attach (AdwLeaflet     *leaflet,
                         GtkWidget      *column,
                         GtkWidget      *separator,
                         int             minimum,
                         int             maximum,
                         ViaDividerFunc  moved,
                         gpointer        user_data);
/* Gives the line the focus until Enter or Escape: the arrow keys move it. FALSE while the columns are folded. */
gboolean via_divider_focus (GtkWidget *separator);

G_END_DECLS
