/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/*
 * ViaChunkBox is a vertical box of any number of children that never holds the main loop up: it makes children for a few
 * milliseconds at a time, and after a number of them waits for Show More.
 */
#define VIA_TYPE_CHUNK_BOX (via_chunk_box_get_type ())
G_DECLARE_FINAL_TYPE (ViaChunkBox, via_chunk_box, VIA, CHUNK_BOX, AdwBin)

/* Makes child @index, (transfer floating). */
typedef GtkWidget *(*ViaChunkBoxCreate) (guint    index,
                                         gpointer user_data);

/* @step: children before Show More. */
GtkWidget *via_chunk_box_new (guint              n,
                              guint              step,
                              int                spacing,
                              ViaChunkBoxCreate  create,
                              gpointer           user_data,
                              GDestroyNotify     destroy);

G_END_DECLS
