/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "config/via-config-file.h"
#include "via-settings.h"

G_BEGIN_DECLS

#define VIA_TYPE_PREFERENCES_WINDOW (via_preferences_window_get_type ())
G_DECLARE_FINAL_TYPE (ViaPreferencesWindow, via_preferences_window, VIA, PREFERENCES_WINDOW, AdwPreferencesWindow)

GtkWindow *via_preferences_window_new (ViaSettings   *settings,
                                       ViaConfigFile *file);

G_END_DECLS
