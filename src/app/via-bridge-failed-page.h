/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bridge/via-bridge.h"

G_BEGIN_DECLS

/*
 * Why a bridge could not be connected: which side, the sentence, the next step, what was tried, and what the program
 * wrote before it died.
 */
#define VIA_TYPE_BRIDGE_FAILED_PAGE (via_bridge_failed_page_get_type ())
G_DECLARE_FINAL_TYPE (ViaBridgeFailedPage, via_bridge_failed_page, VIA, BRIDGE_FAILED_PAGE, AdwBin)

GtkWidget *via_bridge_failed_page_new        (void);
/* Shows how @bridge stands now; called again whenever that changes. */
void       via_bridge_failed_page_set_bridge (ViaBridgeFailedPage *self,
                                              ViaBridge           *bridge);

G_END_DECLS
