/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-rpc"
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/via-limits.h"
#include "base/via-text.h"
#include "rpc/via-rpc-incoming.h"
#include "rpc/via-rpc-peer.h"

/*
 * Owned by whoever speaks the protocol (ViaMcpClient, ViaMcpServer); owns the transport. Main context only. A pending
 * call's task holds the peer, so a peer goes away only when nothing is in flight.
 *
 * Invariants: a PendingCall is in @pending exactly until its task returns; it is taken out before the task returns, so
 * that a callback may start further calls, close, or drop the peer. @next_check is never later than the earliest
 * deadline: it is only moved when a new call is due earlier or when it fires, so a quick call touches no timer at all.
 */
struct _ViaRpcPeer
{
  GObject       parent_instance;

  ViaTransport *transport;
  GHashTable   *pending; /* gint64 * → PendingCall */
  GSource      *timer;   /* the one timer of all deadlines */
  gint64        next_check;
  gint64        next_id;
  guint         n_incoming; /* requests of the other side without an answer yet */
  guint64       n_strays;
  gulong        message_handler;
  gulong        unreadable_handler;
  gulong        closed_handler;
};

G_DEFINE_FINAL_TYPE (ViaRpcPeer, via_rpc_peer, G_TYPE_OBJECT)

enum
{
  SIGNAL_REQUEST,
  SIGNAL_NOTIFICATION,
  SIGNAL_CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

typedef struct
{
  gint64             id; /* first: the key of the table */
  GTask             *task;
  GCancellable      *exchange;   /* ends the transport's work for this call; NULL when it took the message over at once */
  GSource           *cancel;     /* watches the caller's cancellable */
  gint64             deadline;   /* monotonic, G_MAXINT64 for none */
  gint64             last_chance; /* the hard maximum */
  ViaRpcCallOptions  options;    /* without headers, which live only until the call is sent */
} PendingCall;

static void
pending_call_free (gpointer data)
{
  PendingCall *call = data;

  if (call->cancel != NULL)
    {
      g_source_destroy (call->cancel);
      g_source_unref (call->cancel);
    }
  g_clear_object (&call->exchange);
  g_clear_object (&call->task);
  g_free (call);
}

static PendingCall *
steal_pending (ViaRpcPeer *self,
               gint64      id)
{
  PendingCall *call = NULL;

  g_hash_table_steal_extended (self->pending, &id, NULL, (gpointer *) &call);
  return call;
}

static void
fail_call (PendingCall *call,
           GError      *error)
{
  g_task_return_error (call->task, error);
  pending_call_free (call);
}

/* Deadline or cancellation: the other side is told, the exchange ends, the caller hears why. */
static void
abandon_call (ViaRpcPeer  *self,
              PendingCall *call,
              const char  *reason,
              GError      *error)
{
  if (call->options.abandon != NULL)
    call->options.abandon (self, call->id, reason, call->options.data);
  if (call->exchange != NULL)
    g_cancellable_cancel (call->exchange);
  fail_call (call, error);
}

static void
arm_timer (ViaRpcPeer *self,
           gint64      when)
{
  if (when >= self->next_check)
    return;
  self->next_check = when;
  g_source_set_ready_time (self->timer, when);
}

static GError *
new_timeout_error (const PendingCall *call,
                   gint64             now)
{
  if (call->options.max_timeout_ms > 0 && now >= call->last_chance)
    return g_error_new (VIA_RPC_ERROR, VIA_RPC_ERROR_TIMEOUT,
                        _("The server reported progress but did not finish within %.6g seconds. "
                          "Try again, or raise the timeout."), call->options.max_timeout_ms / 1000.0);
  return g_error_new (VIA_RPC_ERROR, VIA_RPC_ERROR_TIMEOUT,
                      _("The server did not answer within %.6g seconds. Try again, or raise the timeout."),
                      call->options.timeout_ms / 1000.0);
}

static void
expire_calls (ViaRpcPeer *self)
{
  gint64 now = g_get_monotonic_time ();
  g_autoptr(GPtrArray) expired = g_ptr_array_new ();
  gint64 next = G_MAXINT64;
  GHashTableIter iter;
  PendingCall *call;

  g_hash_table_iter_init (&iter, self->pending);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &call))
    if (call->deadline <= now)
      {
        g_hash_table_iter_steal (&iter);
        g_ptr_array_add (expired, call);
      }
    else
      next = MIN (next, call->deadline);
  self->next_check = G_MAXINT64;
  g_source_set_ready_time (self->timer, -1);
  if (next != G_MAXINT64)
    arm_timer (self, next);
  for (guint i = 0; i < expired->len; i++)
    {
      call = g_ptr_array_index (expired, i);
      abandon_call (self, call, "Timed out", new_timeout_error (call, now));
    }
}

static gboolean
timer_dispatch (GSource     *source,
                GSourceFunc  callback,
                gpointer     user_data)
{
  g_autoptr(ViaRpcPeer) self = g_object_ref (user_data);

  expire_calls (self);
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs timer_funcs = { NULL, NULL, timer_dispatch, NULL };

static void
fail_all (ViaRpcPeer   *self,
          const GError *error)
{
  g_autoptr(GHashTable) calls = self->pending;
  GHashTableIter iter;
  PendingCall *call;

  self->pending = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_hash_table_iter_init (&iter, calls);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &call))
    {
      g_hash_table_iter_steal (&iter);
      if (error != NULL && error->domain == VIA_RPC_ERROR)
        fail_call (call, g_error_copy (error));
      else
        fail_call (call, g_error_new_literal (VIA_RPC_ERROR, VIA_RPC_ERROR_CLOSED,
                                              error != NULL ? error->message
                                              : _("The connection was closed before the answer came.")));
    }
}

static void
count_stray (ViaRpcPeer    *self,
             ViaRpcMessage *message)
{
  ViaJsonValue failure = via_rpc_message_get_error (message);
  g_autofree char *words = NULL;
  g_autofree char *clipped = NULL;
  g_autofree char *note = NULL;

  self->n_strays++;
  if (!via_json_value_is_missing (via_rpc_message_get_id (message)))
    return;
  words = via_json_value_dup_member_string (failure, "message");
  clipped = via_text_clip_line (words, VIA_LIMIT_ERROR_TEXT_BYTES);
  note = g_strdup_printf (_("The other side reported an error without saying for which request: “%s”"), clipped);
  via_transport_emit_diagnostic (self->transport, VIA_DIAGNOSTIC_NOTE, note);
}

static void
take_answer (ViaRpcPeer    *self,
             ViaRpcMessage *message)
{
  PendingCall *call = NULL;
  gint64 id;

  if (via_rpc_message_get_own_id (message, &id))
    call = steal_pending (self, id);
  if (call == NULL)
    {
      count_stray (self, message);
      return;
    }
  if (via_rpc_message_get_kind (message) == VIA_RPC_FAILURE)
    g_task_return_error (call->task, via_rpc_error_new_remote (via_rpc_message_get_error (message)));
  else
    g_task_return_pointer (call->task, via_rpc_message_ref (message), (GDestroyNotify) via_rpc_message_unref);
  pending_call_free (call);
}

static void
take_request (ViaRpcPeer    *self,
              ViaRpcMessage *message)
{
  g_autoptr(ViaRpcIncoming) incoming = via_rpc_incoming_new (self, message, &self->n_incoming);
  gboolean handled = FALSE;

  if (self->n_incoming > VIA_LIMIT_PENDING_REQUESTS)
    {
      via_rpc_incoming_fail (incoming, VIA_RPC_INTERNAL_ERROR, "Too many requests at once",
                             via_json_value_missing ());
      return;
    }
  g_signal_emit (self, signals[SIGNAL_REQUEST], 0, incoming, &handled);
  if (!handled)
    via_rpc_incoming_fail (incoming, VIA_RPC_METHOD_NOT_FOUND, "Method not found", via_json_value_missing ());
}

static void
message_cb (ViaTransport  *transport,
            ViaRpcMessage *message,
            gpointer       user_data)
{
  g_autoptr(ViaRpcPeer) self = g_object_ref (user_data);

  switch (via_rpc_message_get_kind (message))
    {
    case VIA_RPC_RESULT:
    case VIA_RPC_FAILURE:
      take_answer (self, message);
      break;
    case VIA_RPC_REQUEST:
      take_request (self, message);
      break;
    case VIA_RPC_NOTIFICATION:
      g_signal_emit (self, signals[SIGNAL_NOTIFICATION], 0, message);
      break;
    }
}

static void
closed_cb (ViaTransport *transport,
           const GError *error,
           gpointer      user_data)
{
  g_autoptr(ViaRpcPeer) self = g_object_ref (user_data);

  fail_all (self, error);
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0, error);
}

/* Waiting on would only hide the reason. */
static void
unreadable_cb (ViaTransport *transport,
               gint64        id,
               const GError *error,
               ViaRpcPeer   *self)
{
  PendingCall *call = steal_pending (self, id);

  if (call != NULL)
    fail_call (call, g_error_new (VIA_RPC_ERROR, VIA_RPC_ERROR_INVALID,
                                  /* translators: a whole sentence or its part about what is wrong with the answer */
                                  _("The server's answer cannot be used: %s"), error->message));
}

static void
via_rpc_peer_dispose (GObject *object)
{
  ViaRpcPeer *self = VIA_RPC_PEER (object);

  g_clear_signal_handler (&self->message_handler, self->transport);
  g_clear_signal_handler (&self->unreadable_handler, self->transport);
  g_clear_signal_handler (&self->closed_handler, self->transport);
  if (self->timer != NULL)
    {
      g_source_destroy (self->timer);
      g_clear_pointer (&self->timer, g_source_unref);
    }
  g_clear_object (&self->transport);
  G_OBJECT_CLASS (via_rpc_peer_parent_class)->dispose (object);
}

static void
via_rpc_peer_finalize (GObject *object)
{
  ViaRpcPeer *self = VIA_RPC_PEER (object);

  g_hash_table_unref (self->pending);
  G_OBJECT_CLASS (via_rpc_peer_parent_class)->finalize (object);
}

static void
via_rpc_peer_class_init (ViaRpcPeerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = via_rpc_peer_dispose;
  object_class->finalize = via_rpc_peer_finalize;

  signals[SIGNAL_REQUEST] =
    g_signal_new ("request", VIA_TYPE_RPC_PEER, G_SIGNAL_RUN_LAST, 0, g_signal_accumulator_true_handled, NULL,
                  NULL, G_TYPE_BOOLEAN, 1, VIA_TYPE_RPC_INCOMING | G_SIGNAL_TYPE_STATIC_SCOPE);
  signals[SIGNAL_NOTIFICATION] =
    g_signal_new ("notification", VIA_TYPE_RPC_PEER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  g_cclosure_marshal_VOID__BOXED, G_TYPE_NONE, 1,
                  VIA_TYPE_RPC_MESSAGE | G_SIGNAL_TYPE_STATIC_SCOPE);
  g_signal_set_va_marshaller (signals[SIGNAL_NOTIFICATION], VIA_TYPE_RPC_PEER, g_cclosure_marshal_VOID__BOXEDv);
  signals[SIGNAL_CLOSED] =
    g_signal_new ("closed", VIA_TYPE_RPC_PEER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  g_cclosure_marshal_VOID__BOXED, G_TYPE_NONE, 1, G_TYPE_ERROR | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
via_rpc_peer_init (ViaRpcPeer *self)
{
  self->pending = g_hash_table_new (g_int64_hash, g_int64_equal);
  self->next_id = 1;
  self->next_check = G_MAXINT64;
  self->timer = g_source_new (&timer_funcs, sizeof (GSource));
  g_source_set_static_name (self->timer, "ViaRpcPeer deadlines");
  g_source_set_callback (self->timer, NULL, self, NULL);
  g_source_attach (self->timer, g_main_context_get_thread_default ());
}

ViaRpcPeer *
via_rpc_peer_new (ViaTransport *transport)
{
  ViaRpcPeer *self;

  g_return_val_if_fail (VIA_IS_TRANSPORT (transport), NULL);

  self = g_object_new (VIA_TYPE_RPC_PEER, NULL);
  self->transport = g_object_ref (transport);
  self->message_handler = g_signal_connect (transport, "message", G_CALLBACK (message_cb), self);
  self->unreadable_handler = g_signal_connect (transport, "unreadable", G_CALLBACK (unreadable_cb), self);
  self->closed_handler = g_signal_connect (transport, "closed", G_CALLBACK (closed_cb), self);
  return self;
}

ViaTransport *
via_rpc_peer_get_transport (ViaRpcPeer *self)
{
  g_return_val_if_fail (VIA_IS_RPC_PEER (self), NULL);

  return self->transport;
}

gint64
via_rpc_peer_peek_id (ViaRpcPeer *self)
{
  g_return_val_if_fail (VIA_IS_RPC_PEER (self), 0);

  return self->next_id;
}

void
via_rpc_peer_abandon_all (ViaRpcPeer *self,
                          const char *reason)
{
  g_autoptr(GHashTable) calls = NULL;
  GHashTableIter iter;
  PendingCall *call;

  g_return_if_fail (VIA_IS_RPC_PEER (self));

  calls = g_steal_pointer (&self->pending);
  self->pending = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_hash_table_iter_init (&iter, calls);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &call))
    {
      const gboolean cancelled = g_cancellable_is_cancelled (g_task_get_cancellable (call->task));

      g_hash_table_iter_steal (&iter);
      abandon_call (self, call, reason,
                    cancelled ? g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, _("The call was cancelled."))
                              : g_error_new_literal (VIA_RPC_ERROR, VIA_RPC_ERROR_CLOSED,
                                                     _("The connection was closed before the answer came.")));
    }
}

typedef struct
{
  ViaRpcPeer *peer;
  gint64      id;
} SentCall;

static void
call_sent_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autofree SentCall *sent = user_data;
  g_autoptr(ViaRpcPeer) self = sent->peer;
  g_autoptr(GError) error = NULL;
  PendingCall *call;

  if (via_transport_send_finish (VIA_TRANSPORT (source), result, &error))
    return;
  call = steal_pending (self, sent->id);
  if (call != NULL)
    fail_call (call, g_steal_pointer (&error));
}

static gboolean
call_cancelled_cb (GCancellable *cancellable,
                   gpointer      user_data)
{
  PendingCall *call = user_data;
  g_autoptr(ViaRpcPeer) self = g_object_ref (g_task_get_source_object (call->task));

  call = steal_pending (self, call->id);
  if (call != NULL)
    abandon_call (self, call, "Cancelled by the user",
                  g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, _("The call was cancelled.")));
  return G_SOURCE_REMOVE;
}

static void
watch_cancellable (PendingCall  *call,
                   GCancellable *cancellable)
{
  if (cancellable == NULL)
    return;
  call->cancel = g_cancellable_source_new (cancellable);
  g_source_set_callback (call->cancel, G_SOURCE_FUNC (call_cancelled_cb), call, NULL);
  g_source_attach (call->cancel, g_main_context_get_thread_default ());
}

/* Overflowing sums mean "never". */
static gint64
deadline_after (gint64 now,
                guint  milliseconds)
{
  return milliseconds > 0 ? now + (gint64) milliseconds * 1000 : G_MAXINT64;
}

static PendingCall *
add_pending (ViaRpcPeer              *self,
             const ViaRpcCallOptions *options,
             GTask                   *task)
{
  PendingCall *call = g_new0 (PendingCall, 1);
  gint64 now = g_get_monotonic_time ();

  call->id = self->next_id++;
  call->task = g_object_ref (task);
  if (options != NULL)
    call->options = *options;
  call->options.headers = NULL;
  call->deadline = deadline_after (now, call->options.timeout_ms);
  call->last_chance = deadline_after (now, call->options.max_timeout_ms);
  g_hash_table_insert (self->pending, &call->id, call);
  arm_timer (self, call->deadline);
  return call;
}

/* Why no call can be made now, or NULL. */
static GError *
find_obstacle (ViaRpcPeer *self)
{
  if (via_transport_is_closed (self->transport))
    return g_error_new_literal (VIA_RPC_ERROR, VIA_RPC_ERROR_NOT_SENT,
                                _("The connection is closed. Connect again, then repeat the call."));
  if (g_hash_table_size (self->pending) >= VIA_LIMIT_PENDING_REQUESTS)
    return g_error_new (VIA_RPC_ERROR, VIA_RPC_ERROR_BUSY,
                        _("%d requests to this server are already waiting for an answer. Try again when some are done."),
                        VIA_LIMIT_PENDING_REQUESTS);
  return NULL;
}

/* Looks the call up anew after each step: a transport may fail it, and with it everything, at once. */
static void
send_call (ViaRpcPeer              *self,
           gint64                   id,
           const char              *method,
           GBytes                  *body,
           const ViaRpcCallOptions *options)
{
  ViaTransportMessage message = { .body = body, .method = method, .id = id };
  g_autoptr(GError) error = NULL;
  PendingCall *call;
  SentCall *sent;

  if (options != NULL)
    {
      message.headers = options->headers;
      message.idempotent = options->idempotent;
    }
  if (via_transport_try_send (self->transport, &message, &error))
    return;
  call = g_hash_table_lookup (self->pending, &id);
  if (call == NULL)
    return;
  if (error != NULL)
    {
      fail_call (steal_pending (self, id), g_steal_pointer (&error));
      return;
    }
  sent = g_new (SentCall, 1);
  sent->peer = g_object_ref (self);
  sent->id = id;
  call->exchange = g_cancellable_new ();
  via_transport_send_async (self->transport, &message, call->exchange, call_sent_cb, sent);
}

void
via_rpc_peer_call_async (ViaRpcPeer              *self,
                         const char              *method,
                         ViaJsonValue             params,
                         const ViaRpcCallOptions *options,
                         GCancellable            *cancellable,
                         GAsyncReadyCallback      callback,
                         gpointer                 user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GBytes) body = NULL;
  GError *obstacle;
  PendingCall *call;
  gint64 id;

  g_return_if_fail (VIA_IS_RPC_PEER (self));
  g_return_if_fail (method != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, via_rpc_peer_call_async);
  if (g_task_return_error_if_cancelled (task))
    return;
  obstacle = find_obstacle (self);
  if (obstacle != NULL)
    {
      g_task_return_error (task, obstacle);
      return;
    }
  call = add_pending (self, options, task);
  watch_cancellable (call, cancellable);
  id = call->id;
  body = via_rpc_write_request (id, method, params);
  if (options != NULL && options->started != NULL)
    options->started (self, id, options->data);
  if (via_rpc_peer_is_pending (self, id))
    send_call (self, id, method, body, options);
}

ViaRpcMessage *
via_rpc_peer_call_finish (ViaRpcPeer    *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
via_rpc_peer_extend (ViaRpcPeer *self,
                     gint64      id)
{
  PendingCall *call;

  g_return_if_fail (VIA_IS_RPC_PEER (self));

  call = g_hash_table_lookup (self->pending, &id);
  if (call == NULL || call->options.timeout_ms == 0 || call->options.max_timeout_ms == 0)
    return;
  /* Only ever later: the timer finds the new deadline when it fires for the old one. */
  call->deadline = MAX (call->deadline,
                        MIN (deadline_after (g_get_monotonic_time (), call->options.timeout_ms), call->last_chance));
}

gboolean
via_rpc_peer_is_pending (ViaRpcPeer *self,
                         gint64      id)
{
  g_return_val_if_fail (VIA_IS_RPC_PEER (self), FALSE);

  return g_hash_table_contains (self->pending, &id);
}

guint
via_rpc_peer_get_n_pending (ViaRpcPeer *self)
{
  g_return_val_if_fail (VIA_IS_RPC_PEER (self), 0);

  return g_hash_table_size (self->pending);
}

guint64
via_rpc_peer_get_n_strays (ViaRpcPeer *self)
{
  g_return_val_if_fail (VIA_IS_RPC_PEER (self), 0);

  return self->n_strays;
}

void
via_rpc_peer_send (ViaRpcPeer        *self,
                   GBytes            *body,
                   const char        *method,
                   const char *const *headers)
{
  ViaTransportMessage message = { .body = body, .method = method, .id = -1, .headers = headers };
  g_autoptr(GError) error = NULL;

  if (self->transport == NULL || via_transport_is_closed (self->transport))
    return;
  if (!via_transport_try_send (self->transport, &message, &error) && error == NULL)
    via_transport_send_async (self->transport, &message, NULL, NULL, NULL);
}

void
via_rpc_peer_notify (ViaRpcPeer        *self,
                     const char        *method,
                     ViaJsonValue       params,
                     const char *const *headers)
{
  g_autoptr(GBytes) body = NULL;

  g_return_if_fail (VIA_IS_RPC_PEER (self));
  g_return_if_fail (method != NULL);

  body = via_rpc_write_notification (method, params);
  via_rpc_peer_send (self, body, method, headers);
}
