/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bridge/via-bridge-manager.h"

G_BEGIN_DECLS

/*
 * Asks for the token of @bridge (whose configuration names one), keeps it in the secret store, says where it is kept, and
 * connects again. @widget: any widget of the window it belongs to.
 */
void via_token_dialog_open (GtkWidget        *widget,
                            ViaBridgeManager *manager,
                            ViaBridge        *bridge);

G_END_DECLS
