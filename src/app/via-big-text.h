/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/*
 * ViaBigText shows text of any size, whole, in a monospaced font, broken at its own width. Only the rows that can be seen
 * have widgets; the lines are found in a thread. It does not colour or select: Copy and Save give the text.
 */
#define VIA_TYPE_BIG_TEXT (via_big_text_get_type ())
G_DECLARE_FINAL_TYPE (ViaBigText, via_big_text, VIA, BIG_TEXT, AdwBin)

/* @text: valid UTF-8. */
GtkWidget  *via_big_text_new       (GBytes     *text);
/* ViaTextLines, or NULL while they are not known yet. (transfer none) */
GListModel *via_big_text_get_lines (ViaBigText *self);

G_END_DECLS
