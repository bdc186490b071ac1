/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bridge/via-bridge-manager.h"

G_BEGIN_DECLS

/*
 * ViaToolPane is where a tool is executed: its head (title, name, hints, Form/JSON/Command), the form, the action bar, and
 * below a movable divider the results of the bridge. Without a tool it says how to choose one.
 *
 * Properties: "manager", "bridge", "tool", "compact" (one column: form, bar and results share one scroller), "view"
 * ("form", "json", "command"), "form-visible" (FALSE: all the height is the results').
 * Actions: tool.execute (Ctrl+Enter), tool.cancel (Escape), tool.view::json …, tool.form-visible (F9).
 */
#define VIA_TYPE_TOOL_PANE (via_tool_pane_get_type ())
G_DECLARE_FINAL_TYPE (ViaToolPane, via_tool_pane, VIA, TOOL_PANE, AdwBin)

GtkWidget *via_tool_pane_new         (void);
void       via_tool_pane_set_manager (ViaToolPane      *self,
                                      ViaBridgeManager *manager);
/* @bridge and @tool may be NULL. What was typed for a tool is remembered while the window lives. */
void       via_tool_pane_set_tool    (ViaToolPane      *self,
                                      ViaBridge        *bridge,
                                      ViaTool          *tool);
void       via_tool_pane_set_compact (ViaToolPane      *self,
                                      gboolean          compact);
/* Gives the focus to the first argument, or to Execute where there is none; FALSE when no tool is shown. */
gboolean   via_tool_pane_focus_arguments (ViaToolPane  *self);
/* Gives the focus to the divider above the results, which arrow keys then move; FALSE where there is none. */
gboolean   via_tool_pane_focus_divider   (ViaToolPane  *self);
/* The results below the arguments. (transfer none) */
GtkWidget *via_tool_pane_get_results     (ViaToolPane  *self);
/* FALSE where the window's header bar shows the tool's title. */
void       via_tool_pane_set_title_visible (ViaToolPane *self,
                                            gboolean     visible);
/* Seconds shown for a tool whose timeout was not touched yet. */
void       via_tool_pane_set_default_timeout (ViaToolPane *self,
                                              guint        seconds);

G_END_DECLS
