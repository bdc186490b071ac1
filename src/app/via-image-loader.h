/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define VIA_IMAGE_PIXELS_MAX (50 * 1000 * 1000) /* 200 MB while it is decoded */
#define VIA_IMAGE_SIDE_MAX 2048                 /* pixels of a side that is kept: more than a card shows */

/* Decodes in a thread. Errors are sentences. @width and @height of the finish: the image's own, before it was scaled. */
void        via_image_load_async  (GBytes              *bytes,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data);
GdkTexture *via_image_load_finish (GAsyncResult        *result,
                                   int                 *width,
                                   int                 *height,
                                   GError             **error);

G_END_DECLS
