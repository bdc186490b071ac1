/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rpc/via-rpc-peer.h"

G_BEGIN_DECLS

/* Between ViaRpcPeer and the requests it hands out. */

/* @outstanding is the peer's count of unanswered requests; it lives as long as @peer. */
ViaRpcIncoming *via_rpc_incoming_new (ViaRpcPeer    *peer,
                                      ViaRpcMessage *message,
                                      guint         *outstanding);

/* Sends what has no answer: notifications, results, failures. */
void            via_rpc_peer_send    (ViaRpcPeer        *self,
                                      GBytes            *body,
                                      const char        *method,
                                      const char *const *headers);

#define VIA_TYPE_RPC_INCOMING (via_rpc_incoming_get_type ())
GType           via_rpc_incoming_get_type (void);

G_END_DECLS
