/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rpc/via-transport.h"

G_BEGIN_DECLS

/*
 * Two transports in memory: what one sends arrives at the other, as bytes that are judged anew, in a later turn of the
 * main loop. Closing or disposing one closes the other. For tests of whatever speaks over a ViaTransport.
 */
#define VIA_TYPE_LINKED_TRANSPORT (via_linked_transport_get_type ())
G_DECLARE_FINAL_TYPE (ViaLinkedTransport, via_linked_transport, VIA, LINKED_TRANSPORT, ViaTransport)

void        via_linked_transport_new_pair     (ViaTransport       **a,
                                               ViaTransport       **b);
/* Delivers @text to @self as if the other side had sent it. */
void        via_linked_transport_inject       (ViaLinkedTransport  *self,
                                               const char          *text);
/* Ends the connection with an error, as a crash of the other side would. */
void        via_linked_transport_break        (ViaLinkedTransport  *self,
                                               const GError        *error);
/* While TRUE, sends are not taken over at once and finish only when cancelled, as an HTTP exchange would. */
void        via_linked_transport_set_waiting  (ViaLinkedTransport  *self,
                                               gboolean             waiting);
/* While set, sends fail with a copy of it. */
void        via_linked_transport_set_failure  (ViaLinkedTransport  *self,
                                               const GError        *error);
/* How often it was started, sent to and closed; the last message that was sent, NULL before. (transfer none) */
guint       via_linked_transport_get_n_sent   (ViaLinkedTransport  *self);
const char *via_linked_transport_get_last     (ViaLinkedTransport  *self);
guint       via_linked_transport_get_n_cancelled (ViaLinkedTransport *self);
const char *via_linked_transport_get_protocol (ViaLinkedTransport  *self);
gboolean    via_linked_transport_is_listening (ViaLinkedTransport  *self);

G_END_DECLS
