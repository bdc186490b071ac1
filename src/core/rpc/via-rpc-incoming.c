/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-rpc"
#include "config.h"

#include "rpc/via-rpc-incoming.h"

/*
 * One request of the other side, from its arrival to its answer. It holds its peer weakly: a dialog that is answered
 * after the connection ended answers nobody. Main context only.
 */
struct _ViaRpcIncoming
{
  grefcount      ref_count;
  GWeakRef       peer;
  ViaRpcMessage *message;
  guint         *outstanding; /* in the peer */
  gboolean       answered;
  gboolean       dropped;     /* nobody wants an answer any more */
};

G_DEFINE_BOXED_TYPE (ViaRpcIncoming, via_rpc_incoming, via_rpc_incoming_ref, via_rpc_incoming_unref)

ViaRpcIncoming *
via_rpc_incoming_new (ViaRpcPeer    *peer,
                      ViaRpcMessage *message,
                      guint         *outstanding)
{
  ViaRpcIncoming *self = g_new0 (ViaRpcIncoming, 1);

  g_ref_count_init (&self->ref_count);
  g_weak_ref_init (&self->peer, peer);
  self->message = via_rpc_message_ref (message);
  self->outstanding = outstanding;
  ++*outstanding;
  return self;
}

ViaRpcMessage *
via_rpc_incoming_get_message (ViaRpcIncoming *self)
{
  return self->message;
}

ViaRpcIncoming *
via_rpc_incoming_ref (ViaRpcIncoming *self)
{
  g_ref_count_inc (&self->ref_count);
  return self;
}

/* @body is taken. Nothing is sent once it was dropped. */
static void
answer (ViaRpcIncoming *self,
        GBytes         *body)
{
  g_autoptr(ViaRpcPeer) peer = g_weak_ref_get (&self->peer);

  self->answered = TRUE;
  if (peer != NULL)
    {
      --*self->outstanding;
      if (!self->dropped)
        via_rpc_peer_send (peer, body, NULL, NULL);
    }
  g_bytes_unref (body);
}

void
via_rpc_incoming_unref (ViaRpcIncoming *self)
{
  if (!g_ref_count_dec (&self->ref_count))
    return;
  /* The other side waits; an answer that says nothing is better than none. */
  if (!self->answered)
    answer (self, via_rpc_write_failure (via_rpc_message_get_id (self->message), VIA_RPC_INTERNAL_ERROR,
                                         "The request was dropped without an answer",
                                         via_json_value_missing ()));
  g_weak_ref_clear (&self->peer);
  via_rpc_message_unref (self->message);
  g_free (self);
}

void
via_rpc_incoming_reply (ViaRpcIncoming *self,
                        ViaJsonValue    result)
{
  g_return_if_fail (!self->answered);

  answer (self, via_rpc_write_result (via_rpc_message_get_id (self->message), result));
}

void
via_rpc_incoming_fail (ViaRpcIncoming *self,
                       int             code,
                       const char     *message,
                       ViaJsonValue    data)
{
  g_return_if_fail (!self->answered);

  answer (self, via_rpc_write_failure (via_rpc_message_get_id (self->message), code, message, data));
}

/* It counts as outstanding until its last reference goes, or a peer could start any amount of work by cancelling it. */
void
via_rpc_incoming_drop (ViaRpcIncoming *self)
{
  self->dropped = TRUE;
}
