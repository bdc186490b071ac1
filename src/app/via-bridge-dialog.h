/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bridge/via-bridge-manager.h"

G_BEGIN_DECLS

/*
 * ViaBridgeDialog adds a bridge or edits one. What is typed is checked as it is typed; the token goes to the secret store
 * alone; the file is saved through the configuration's own edits, so that comments and order survive.
 *
 * Signal: "saved" (const char *name) the bridge is in the file under that name; the dialog closes itself.
 */
#define VIA_TYPE_BRIDGE_DIALOG (via_bridge_dialog_get_type ())
G_DECLARE_FINAL_TYPE (ViaBridgeDialog, via_bridge_dialog, VIA, BRIDGE_DIALOG, AdwWindow)

/* @config (nullable): what to start from; with @is_new FALSE the bridge that is edited. */
GtkWindow *via_bridge_dialog_new (ViaBridgeManager *manager,
                                  ViaBridgeConfig  *config,
                                  gboolean          is_new);

G_END_DECLS
