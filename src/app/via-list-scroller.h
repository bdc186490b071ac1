/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/*
 * A place for a scrolled window that makes the list inside it one stop of the Tab key: Tab enters it and leaves it again,
 * the arrow keys walk its rows. The floor's lists walk row by row on Tab, and GtkListBox even selects on the way.
 */
#define VIA_TYPE_LIST_SCROLLER (via_list_scroller_get_type ())
G_DECLARE_FINAL_TYPE (ViaListScroller, via_list_scroller, VIA, LIST_SCROLLER, AdwBin)

G_END_DECLS
