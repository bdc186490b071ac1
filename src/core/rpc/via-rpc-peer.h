/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rpc/via-transport.h"

G_BEGIN_DECLS

/*
 * ViaRpcPeer is our side of one JSON-RPC conversation, client or server: it numbers requests, keeps the table of those
 * in flight with their deadlines, routes answers to their callers, and hands requests and notifications of the other
 * side to their handlers. Ids are never reused. When the transport closes, every pending call fails at once.
 */
#define VIA_TYPE_RPC_PEER (via_rpc_peer_get_type ())
G_DECLARE_FINAL_TYPE (ViaRpcPeer, via_rpc_peer, VIA, RPC_PEER, GObject)

/* A request of the other side. Answer it exactly once with reply () or fail (), at once or later, or drop () it when the
 * other side no longer wants an answer; none of them consumes anything. */
typedef struct _ViaRpcIncoming ViaRpcIncoming;

typedef struct
{
  guint              timeout_ms;      /* 0: no deadline */
  guint              max_timeout_ms;  /* hard maximum when progress keeps resetting the deadline; 0: no resets */
  const char *const *headers;         /* as in ViaTransportMessage */
  gboolean           idempotent;
  /* Called when a call ends early (deadline or cancellable), before it fails, to tell the other side; may be NULL. */
  void             (*abandon)         (ViaRpcPeer *peer, gint64 id, const char *reason, gpointer data);
  /* Called with the id as soon as it is known (before the bytes leave); may be NULL. */
  void             (*started)         (ViaRpcPeer *peer, gint64 id, gpointer data);
  gpointer           data;            /* for both; must outlive the call */
} ViaRpcCallOptions;

ViaRpcPeer    *via_rpc_peer_new            (ViaTransport            *transport);
ViaTransport  *via_rpc_peer_get_transport  (ViaRpcPeer              *self);
/* The id that the next call will get: for building params that must name it (a progress token). */
gint64         via_rpc_peer_peek_id        (ViaRpcPeer              *self);
/* @params may be the missing value. The answer is the whole message, kind VIA_RPC_RESULT; what the other side refuses
 * is VIA_RPC_ERROR_REMOTE. */
void           via_rpc_peer_call_async     (ViaRpcPeer              *self,
                                            const char              *method,
                                            ViaJsonValue             params,
                                            const ViaRpcCallOptions *options,
                                            GCancellable            *cancellable,
                                            GAsyncReadyCallback      callback,
                                            gpointer                 user_data);
ViaRpcMessage *via_rpc_peer_call_finish    (ViaRpcPeer              *self,
                                            GAsyncResult            *result,
                                            GError                 **error);
/* Progress came for @id: its deadline starts anew, within its hard maximum. */
void           via_rpc_peer_extend         (ViaRpcPeer              *self,
                                            gint64                   id);
gboolean       via_rpc_peer_is_pending     (ViaRpcPeer              *self,
                                            gint64                   id);
guint          via_rpc_peer_get_n_pending  (ViaRpcPeer              *self);
/* We are about to leave: the other side is told of each call in flight, and its caller that it is over. */
void           via_rpc_peer_abandon_all    (ViaRpcPeer              *self,
                                            const char              *reason);
/* Answers that nobody waited for: unknown, repeated or late ids, failures without an id. */
guint64        via_rpc_peer_get_n_strays   (ViaRpcPeer              *self);
/* Fire and forget; a failure to write surfaces as "closed". */
void           via_rpc_peer_notify         (ViaRpcPeer              *self,
                                            const char              *method,
                                            ViaJsonValue             params,
                                            const char *const       *headers);
/*
 * Signals:
 *   "request"      (ViaRpcIncoming *) → gboolean  TRUE: handled (now or later); FALSE from all: answered with -32601
 *   "notification" (ViaRpcMessage *)
 *   "closed"       (const GError *)
 */
/* An incoming request whose last reference goes without an answer is answered with -32603. */
ViaRpcMessage *via_rpc_incoming_get_message (ViaRpcIncoming         *incoming);
ViaRpcIncoming *via_rpc_incoming_ref        (ViaRpcIncoming         *incoming);
void           via_rpc_incoming_unref       (ViaRpcIncoming         *incoming);
void           via_rpc_incoming_reply       (ViaRpcIncoming         *incoming,
                                             ViaJsonValue            result);
void           via_rpc_incoming_fail        (ViaRpcIncoming         *incoming,
                                             int                     code,
                                             const char             *message,
                                             ViaJsonValue            data);
/* It was cancelled: no answer is sent (MCP cancellation, both eras). */
void           via_rpc_incoming_drop        (ViaRpcIncoming         *incoming);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ViaRpcIncoming, via_rpc_incoming_unref)

G_END_DECLS
