/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/*
 * ViaImageView shows an image that a server sent: decoded in a thread, by a decoder for one of a few kinds that its first
 * bytes name, bounded in pixels. What cannot be shown is said in a sentence, and can be saved.
 */
#define VIA_TYPE_IMAGE_VIEW (via_image_view_get_type ())
G_DECLARE_FINAL_TYPE (ViaImageView, via_image_view, VIA, IMAGE_VIEW, AdwBin)

/* @name, @mime_type: nullable. */
GtkWidget *via_image_view_new          (GBytes       *bytes,
                                        const char   *name,
                                        const char   *mime_type);
/* TRUE when it is shown or will never be. */
gboolean   via_image_view_is_settled   (ViaImageView *self);
/* Pixels of the image; 0 when it is not shown. */
int        via_image_view_get_width    (ViaImageView *self);

G_END_DECLS
