/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bridge/via-bridge-manager.h"

G_BEGIN_DECLS

/*
 * ViaResultsView shows the manager's operations, newest first, a card each: running ones with progress and Cancel, finished
 * ones with their result, failed ones with the side that failed and the next step. Clear, Save…, Copy, Run Again.
 *
 * Properties: "manager", "bridge" (only its operations; NULL: all), "scrolling" (FALSE: the parent scrolls).
 */
#define VIA_TYPE_RESULTS_VIEW (via_results_view_get_type ())
G_DECLARE_FINAL_TYPE (ViaResultsView, via_results_view, VIA, RESULTS_VIEW, AdwBin)

GtkWidget *via_results_view_new            (void);
void       via_results_view_set_manager    (ViaResultsView   *self,
                                            ViaBridgeManager *manager);
/* ViaOperation, newest first, of nobody who could run them again: for a history, and for tests. */
void       via_results_view_set_operations (ViaResultsView   *self,
                                            GListModel       *operations);
void       via_results_view_set_bridge     (ViaResultsView   *self,
                                            ViaBridge        *bridge);
void       via_results_view_set_scrolling  (ViaResultsView   *self,
                                            gboolean          scrolling);

G_END_DECLS
