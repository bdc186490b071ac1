/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A texture at its own size, smaller where there is less room, always in proportion, and always as high as its width asks
 * for: GtkPicture would let a scrolled page squeeze it to nothing. */
#define VIA_TYPE_PICTURE (via_picture_get_type ())
G_DECLARE_FINAL_TYPE (ViaPicture, via_picture, VIA, PICTURE, GtkWidget)

GtkWidget *via_picture_new (GdkTexture *texture,
                            int         max_height);

G_END_DECLS
