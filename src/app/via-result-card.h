/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bridge/via-operation.h"

G_BEGIN_DECLS

/*
 * ViaResultCard shows one operation: its head always, its result when open. It writes nothing; what needs the manager is
 * asked for by signals: "run-again" and "remove". "finished" is emitted once, when a running operation ended.
 */
#define VIA_TYPE_RESULT_CARD (via_result_card_get_type ())
G_DECLARE_FINAL_TYPE (ViaResultCard, via_result_card, VIA, RESULT_CARD, AdwBin)

GtkWidget    *via_result_card_new            (ViaOperation  *operation);
ViaOperation *via_result_card_get_operation  (ViaResultCard *self);
gboolean      via_result_card_is_open        (ViaResultCard *self);
/* Opens or closes it; from now on via_result_card_set_auto_open () leaves it alone. */
void          via_result_card_set_open       (ViaResultCard *self,
                                              gboolean       open);
/* The same for a card whose head nobody pressed yet. */
void          via_result_card_set_auto_open  (ViaResultCard *self,
                                              gboolean       open);
/* At narrow widths Run Again and Copy stand in the menu. */
void          via_result_card_set_narrow     (ViaResultCard *self,
                                              gboolean       narrow);
/* Whether there is somebody who can run it again and remove it. */
void          via_result_card_set_managed    (ViaResultCard *self,
                                              gboolean       managed);
/* Brings the elapsed time of a running operation up to date. */
void          via_result_card_tick           (ViaResultCard *self);

G_END_DECLS
