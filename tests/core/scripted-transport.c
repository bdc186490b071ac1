/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "scripted-transport.h"

struct _ScriptedTransport
{
  ViaTransport  parent_instance;

  ScriptedFunc  func;
  gpointer      data;
  GPtrArray    *sent;
  char         *protocol;
  guint         listens;
  guint         n_cancelled;
  gboolean      ended;
  GError       *failure; /* of the send at hand */
  gboolean      hold;
};

G_DEFINE_FINAL_TYPE (ScriptedTransport, scripted_transport, VIA_TYPE_TRANSPORT)

typedef struct
{
  GBytes       *body;
  char        **headers;
  GCancellable *cancellable;
  gulong        handler;
} Send;

static void
send_free (gpointer data)
{
  Send *send = data;

  if (send->handler != 0)
    g_signal_handler_disconnect (send->cancellable, send->handler);
  g_clear_object (&send->cancellable);
  g_bytes_unref (send->body);
  g_strfreev (send->headers);
  g_free (send);
}

static void
start_async (ViaTransport        *transport,
             GCancellable        *cancellable,
             GAsyncReadyCallback  callback,
             gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (transport, cancellable, callback, user_data);

  g_task_return_boolean (task, TRUE);
}

static gboolean
finish (ViaTransport  *transport,
        GAsyncResult  *result,
        GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
cancelled_cb (GCancellable *cancellable,
              GTask        *task)
{
  ScriptedTransport *self = g_task_get_source_object (task);

  self->n_cancelled++;
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "The exchange was ended.");
  g_object_unref (task);
}

static gboolean
deliver_cb (gpointer data)
{
  g_autoptr(GTask) task = data;
  ScriptedTransport *self = g_task_get_source_object (task);
  Send *send = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(ViaRpcMessage) message = NULL;

  if (self->ended)
    {
      g_task_return_new_error (task, VIA_RPC_ERROR, VIA_RPC_ERROR_CLOSED, "The script ended.");
      return G_SOURCE_REMOVE;
    }
  message = via_rpc_message_new (send->body, &(ViaJsonLimits) { 0, 256, 0 }, &error);
  g_assert_no_error (error);
  self->func (self, message, (const char *const *) send->headers, self->data);
  if (self->failure != NULL)
    g_task_return_error (task, g_steal_pointer (&self->failure));
  else if (self->hold && send->cancellable != NULL)
    send->handler = g_signal_connect (send->cancellable, "cancelled", G_CALLBACK (cancelled_cb), g_object_ref (task));
  else
    g_task_return_boolean (task, TRUE);
  self->hold = FALSE;
  return G_SOURCE_REMOVE;
}

static void
send_async (ViaTransport              *transport,
            const ViaTransportMessage *message,
            GCancellable              *cancellable,
            GAsyncReadyCallback        callback,
            gpointer                   user_data)
{
  ScriptedTransport *self = SCRIPTED_TRANSPORT (transport);
  GTask *task = g_task_new (self, NULL, callback, user_data);
  Send *send = g_new0 (Send, 1);
  gsize length;
  const char *text = g_bytes_get_data (message->body, &length);

  send->body = g_bytes_ref (message->body);
  send->headers = g_strdupv ((char **) message->headers);
  g_set_object (&send->cancellable, cancellable);
  g_task_set_task_data (task, send, send_free);
  g_ptr_array_add (self->sent, g_strndup (text, length));
  g_idle_add_full (G_PRIORITY_DEFAULT, deliver_cb, task, NULL);
}

static void
close_async (ViaTransport        *transport,
             GCancellable        *cancellable,
             GAsyncReadyCallback  callback,
             gpointer             user_data)
{
  ScriptedTransport *self = SCRIPTED_TRANSPORT (transport);
  g_autoptr(GTask) task = g_task_new (self, NULL, callback, user_data);

  if (!self->ended)
    {
      self->ended = TRUE;
      via_transport_emit_closed (transport, NULL);
    }
  g_task_return_boolean (task, TRUE);
}

static void
set_protocol (ViaTransport *transport,
              const char   *revision,
              gboolean      modern)
{
  ScriptedTransport *self = SCRIPTED_TRANSPORT (transport);

  g_free (self->protocol);
  self->protocol = g_strdup_printf ("%s %s", revision, modern ? "modern" : "legacy");
}

static void
listen_vfunc (ViaTransport *transport)
{
  SCRIPTED_TRANSPORT (transport)->listens++;
}

static void
scripted_transport_finalize (GObject *object)
{
  ScriptedTransport *self = SCRIPTED_TRANSPORT (object);

  g_ptr_array_unref (self->sent);
  g_free (self->protocol);
  G_OBJECT_CLASS (scripted_transport_parent_class)->finalize (object);
}

static void
scripted_transport_class_init (ScriptedTransportClass *klass)
{
  ViaTransportClass *transport_class = VIA_TRANSPORT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = scripted_transport_finalize;
  transport_class->start_async = start_async;
  transport_class->start_finish = finish;
  transport_class->send_async = send_async;
  transport_class->send_finish = finish;
  transport_class->close_async = close_async;
  transport_class->close_finish = finish;
  transport_class->set_protocol = set_protocol;
  transport_class->listen = listen_vfunc;
}

static void
scripted_transport_init (ScriptedTransport *self)
{
  self->sent = g_ptr_array_new_with_free_func (g_free);
  self->protocol = g_strdup ("");
}

ScriptedTransport *
scripted_transport_new (ScriptedFunc func,
                        gpointer     data)
{
  ScriptedTransport *self = g_object_new (SCRIPTED_TYPE_TRANSPORT, NULL);

  self->func = func;
  self->data = data;
  return self;
}

GPtrArray *
scripted_transport_get_sent (ScriptedTransport *self)
{
  return self->sent;
}

const char *
scripted_transport_get_protocol (ScriptedTransport *self)
{
  return self->protocol;
}

guint
scripted_transport_get_listens (ScriptedTransport *self)
{
  return self->listens;
}

gboolean
scripted_transport_is_ended (ScriptedTransport *self)
{
  return self->ended;
}

guint
scripted_transport_get_n_cancelled (ScriptedTransport *self)
{
  return self->n_cancelled;
}

void
scripted_transport_emit (ScriptedTransport *self,
                         const char        *json)
{
  g_autoptr(GBytes) bytes = g_bytes_new (json, strlen (json));
  g_autoptr(GError) error = NULL;
  g_autoptr(ViaRpcMessage) message = via_rpc_message_new (bytes, NULL, &error);

  g_assert_no_error (error);
  if (!self->ended)
    via_transport_emit_message (VIA_TRANSPORT (self), message);
}

void
scripted_transport_reply (ScriptedTransport *self,
                          ViaRpcMessage     *message,
                          const char        *result)
{
  g_autofree char *id = via_json_value_dup_raw (via_rpc_message_get_id (message));
  g_autofree char *json = g_strdup_printf ("{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":%s}", id, result);

  scripted_transport_emit (self, json);
}

void
scripted_transport_refuse (ScriptedTransport *self,
                           ViaRpcMessage     *message,
                           int                code,
                           const char        *data)
{
  g_autofree char *id = via_json_value_dup_raw (via_rpc_message_get_id (message));
  g_autofree char *json =
    g_strdup_printf ("{\"jsonrpc\":\"2.0\",\"id\":%s,\"error\":{\"code\":%d,\"message\":\"No.\"%s%s}}", id, code,
                     data != NULL ? ",\"data\":" : "", data != NULL ? data : "");

  scripted_transport_emit (self, json);
}

void
scripted_transport_fail_send (ScriptedTransport *self,
                              GError            *error)
{
  self->failure = error;
}

void
scripted_transport_hold_send (ScriptedTransport *self)
{
  self->hold = TRUE;
}

void
scripted_transport_close (ScriptedTransport *self)
{
  g_autoptr(GError) error = g_error_new (VIA_RPC_ERROR, VIA_RPC_ERROR_CLOSED, "The script ended.");

  if (self->ended)
    return;
  self->ended = TRUE;
  via_transport_emit_closed (VIA_TRANSPORT (self), error);
}

gboolean
scripted_tick_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

void
scripted_run_for (guint milliseconds)
{
  gint64 end = g_get_monotonic_time () + milliseconds * 1000;

  scripted_wait_for (g_get_monotonic_time () >= end);
}
