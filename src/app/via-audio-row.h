/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Audio that a server sent: what it is, Save…, and Play where GTK has something to play it with. Nothing is decoded before
 * Play is pressed. @name, @mime_type: nullable. */
GtkWidget *via_audio_row_new (GBytes     *bytes,
                              const char *name,
                              const char *mime_type);

G_END_DECLS
