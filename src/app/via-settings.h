/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * ViaSettings is everything the window remembers between two starts, as one typed object; nobody else knows a GSettings
 * key. Without an installed schema (a build directory run by hand) it works all the same and forgets.
 *
 * Properties, all read-write and notified: "window-width", "window-height", "sidebar-width", "tools-width" (pixels),
 * "maximized", "welcomed" (the first-start page was left), "bridge" (name of the last one), "color-scheme" ("system",
 * "light", "dark"), "default-timeout" (seconds).
 */
#define VIA_TYPE_SETTINGS (via_settings_get_type ())
G_DECLARE_FINAL_TYPE (ViaSettings, via_settings, VIA, SETTINGS, GObject)

ViaSettings *via_settings_new                 (void);
int          via_settings_get_window_width    (ViaSettings *self);
int          via_settings_get_window_height   (ViaSettings *self);
int          via_settings_get_sidebar_width   (ViaSettings *self);
int          via_settings_get_tools_width     (ViaSettings *self);
gboolean     via_settings_get_maximized       (ViaSettings *self);
gboolean     via_settings_get_welcomed        (ViaSettings *self);
const char  *via_settings_get_bridge          (ViaSettings *self); /* "" for none */
const char  *via_settings_get_color_scheme    (ViaSettings *self);
guint        via_settings_get_default_timeout (ViaSettings *self);
void         via_settings_set_window_size     (ViaSettings *self,
                                               int          width,
                                               int          height,
                                               gboolean     maximized);
void         via_settings_set_sidebar_width   (ViaSettings *self,
                                               int          width);
void         via_settings_set_tools_width     (ViaSettings *self,
                                               int          width);
void         via_settings_set_welcomed        (ViaSettings *self,
                                               gboolean     welcomed);
void         via_settings_set_bridge          (ViaSettings *self,
                                               const char  *name);

G_END_DECLS
