/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bridge/via-bridge.h"

G_BEGIN_DECLS

/*
 * ViaLogWindow shows what a bridge's server writes on the side: its standard error, stray output, its log messages and
 * what was done about them. It follows as long as it is open, at the end unless somebody scrolled back.
 */
#define VIA_TYPE_LOG_WINDOW (via_log_window_get_type ())
G_DECLARE_FINAL_TYPE (ViaLogWindow, via_log_window, VIA, LOG_WINDOW, AdwWindow)

GtkWindow *via_log_window_new (ViaBridge *bridge);

G_END_DECLS
