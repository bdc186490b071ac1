/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bridge/via-bridge-manager.h"

G_BEGIN_DECLS

/*
 * ViaBridgeSidebar lists the manager's bridges, below the row that stands for all of them (shown from two bridges on).
 *
 * Signals: "selected" (ViaBridge *bridge, nullable: all bridges) another row was chosen; "activated" () it was pressed.
 * Property: "folded" (the sidebar is a page of its own and has the window's buttons).
 */
#define VIA_TYPE_BRIDGE_SIDEBAR (via_bridge_sidebar_get_type ())
G_DECLARE_FINAL_TYPE (ViaBridgeSidebar, via_bridge_sidebar, VIA, BRIDGE_SIDEBAR, AdwBin)

void     via_bridge_sidebar_set_manager (ViaBridgeSidebar *self,
                                         ViaBridgeManager *manager);
/* Selects without saying so. @bridge NULL with @all FALSE: nothing. */
void     via_bridge_sidebar_select      (ViaBridgeSidebar *self,
                                         ViaBridge        *bridge,
                                         gboolean          all);
/* The next row in @direction (1 or -1), as if it had been pressed; FALSE at the end. */
gboolean via_bridge_sidebar_step        (ViaBridgeSidebar *self,
                                         int               direction);
void     via_bridge_sidebar_set_folded  (ViaBridgeSidebar *self,
                                         gboolean          folded);
void     via_bridge_sidebar_open_menu   (ViaBridgeSidebar *self);
gboolean via_bridge_sidebar_focus_list  (ViaBridgeSidebar *self);

G_END_DECLS
