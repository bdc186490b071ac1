/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bridge/via-bridge-manager.h"
#include "via-settings.h"

G_BEGIN_DECLS

/*
 * ViaWindow is the one window: bridges, their tools, and the pane in which a tool is executed. It is shown at once and
 * filled when the configuration has been read.
 */
#define VIA_TYPE_WINDOW (via_window_get_type ())
G_DECLARE_FINAL_TYPE (ViaWindow, via_window, VIA, WINDOW, AdwApplicationWindow)

/* @application (nullable) in tests. */
GtkWindow        *via_window_new          (GtkApplication   *application,
                                           ViaSettings      *settings);
/* Once, when the configuration has been read, or could not be. */
void              via_window_set_manager  (ViaWindow        *self,
                                           ViaBridgeManager *manager);
ViaBridgeManager *via_window_get_manager  (ViaWindow        *self); /* (nullable) */
ViaSettings      *via_window_get_settings (ViaWindow        *self);
/* Shows the bridge called @name now, or as soon as there is a manager; "*" means all of them. Says so when there is none. */
void              via_window_open_bridge  (ViaWindow        *self,
                                           const char       *name);
/* Shows that tool of the current bridge if it is listed. */
gboolean          via_window_open_tool    (ViaWindow        *self,
                                           const char       *tool_name);

G_END_DECLS
