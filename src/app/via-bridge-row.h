/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bridge/via-bridge.h"

G_BEGIN_DECLS

/*
 * ViaBridgeRow is one bridge in the sidebar: how it stands (a shape and words), its transport, latency and tools. Without
 * a bridge it stands for all of them together. A secondary press, a long press and the Menu key open its menu.
 */
#define VIA_TYPE_BRIDGE_ROW (via_bridge_row_get_type ())
G_DECLARE_FINAL_TYPE (ViaBridgeRow, via_bridge_row, VIA, BRIDGE_ROW, GtkListBoxRow)

GtkWidget  *via_bridge_row_new        (ViaBridge    *bridge); /* (nullable) */
ViaBridge  *via_bridge_row_get_bridge (ViaBridgeRow *self);   /* (nullable) (transfer none) */
/* Of the row that stands for all. */
void        via_bridge_row_set_count  (ViaBridgeRow *self,
                                       guint         n_tools);
/* What can be done with @bridge, as win. actions that name it. (transfer full) */
GMenuModel *via_bridge_row_build_menu (ViaBridge    *bridge,
                                       gboolean      with_test);

G_END_DECLS
