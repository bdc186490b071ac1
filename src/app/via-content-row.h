/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* A line about something that is not shown itself: icon, name, what it is, and what can be done with it. */
#define VIA_TYPE_CONTENT_ROW (via_content_row_get_type ())
G_DECLARE_FINAL_TYPE (ViaContentRow, via_content_row, VIA, CONTENT_ROW, AdwBin)

/* @icon_name NULL: none. */
GtkWidget *via_content_row_new         (const char    *icon_name,
                                        const char    *title,
                                        const char    *caption);
void       via_content_row_set_caption (ViaContentRow *self,
                                        const char    *caption);
GtkWidget *via_content_row_add_button  (ViaContentRow *self,
                                        const char    *label);
/* A Save… button for @bytes. @name: a file name, or NULL for one that is made from the type. */
void       via_content_row_add_save    (ViaContentRow *self,
                                        GBytes        *bytes,
                                        const char    *name,
                                        const char    *mime_type);

G_END_DECLS
