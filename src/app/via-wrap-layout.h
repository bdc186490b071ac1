/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * ViaWrapLayout puts children on a line as long as they fit and continues on the next, mirrored in right-to-left text.
 * A child that expands shrinks to a third of the line before it causes a new one, and takes what is left on its line. A
 * child alone on its line fills it, unless its halign says otherwise or nothing was wrapped.
 *
 * Properties: "spacing" and "line-spacing", in pixels.
 */
#define VIA_TYPE_WRAP_LAYOUT (via_wrap_layout_get_type ())
G_DECLARE_FINAL_TYPE (ViaWrapLayout, via_wrap_layout, VIA, WRAP_LAYOUT, GtkLayoutManager)

G_END_DECLS
