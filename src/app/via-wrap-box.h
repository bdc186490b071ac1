/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A box that continues on the next line: ViaWrapLayout says how. Children come from GtkBuilder or append (). */
#define VIA_TYPE_WRAP_BOX (via_wrap_box_get_type ())
G_DECLARE_FINAL_TYPE (ViaWrapBox, via_wrap_box, VIA, WRAP_BOX, GtkWidget)

GtkWidget *via_wrap_box_new         (void);
void       via_wrap_box_append      (ViaWrapBox *self,
                                     GtkWidget  *child);
void       via_wrap_box_set_spacing (ViaWrapBox *self,
                                     int         spacing,
                                     int         line_spacing);

G_END_DECLS
