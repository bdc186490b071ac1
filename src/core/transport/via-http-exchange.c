/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-transport"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/via-limits.h"
#include "transport/via-http-exchange-private.h"

ViaHttpExchange *
via_http_exchange_ref (ViaHttpExchange *self)
{
  return g_rc_box_acquire (self);
}

void
via_http_exchange_drop_timer (ViaHttpExchange *self)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

static void
drop_message (ViaHttpExchange *self)
{
  if (self->message != NULL)
    g_signal_handlers_disconnect_by_data (self->message, self);
  g_clear_object (&self->message);
}

static void
exchange_clear (gpointer data)
{
  ViaHttpExchange *self = data;

  via_http_exchange_drop_timer (self);
  g_clear_pointer (&self->inbox, via_inbox_free);
  g_clear_pointer (&self->parser, via_sse_parser_free);
  g_clear_object (&self->stream);
  drop_message (self);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->caller);
  g_clear_error (&self->fault);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_clear_pointer (&self->method, g_free);
  g_clear_pointer (&self->headers, g_strfreev);
  g_clear_pointer (&self->last_event_id, g_free);
  g_clear_object (&self->setup.session);
  g_clear_pointer (&self->setup.uri, g_uri_unref);
  g_clear_object (&self->setup.authorizer);
  g_strfreev ((char **) self->setup.headers);
  g_free ((char *) self->setup.session_id);
  g_free ((char *) self->setup.revision);
  g_strfreev ((char **) self->setup.content_types);
  g_weak_ref_clear (&self->owner);
}

void
via_http_exchange_unref (ViaHttpExchange *self)
{
  g_rc_box_release_full (self, exchange_clear);
}

/* --- the end --- */

/* Takes the task out, so that it returns once. The caller's cancellable has no more business here. */
static GTask *
steal_task (ViaHttpExchange *self)
{
  if (self->caller_handler != 0)
    g_cancellable_disconnect (self->caller, self->caller_handler);
  self->caller_handler = 0;
  return g_steal_pointer (&self->task);
}

/* (transfer full) @error */
void
via_http_exchange_fail (ViaHttpExchange *self,
                        GError          *error)
{
  g_autoptr(GTask) task = steal_task (self);

  via_http_exchange_drop_timer (self);
  if (task != NULL)
    g_task_return_error (task, error);
  else
    g_error_free (error);
  g_cancellable_cancel (self->cancellable);
}

static gboolean
drained_cb (gpointer user_data)
{
  ViaHttpExchange *self = user_data;

  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_REMOVE;
}

void
via_http_exchange_set_timer (ViaHttpExchange *self,
                             guint            milliseconds,
                             GSourceFunc      callback)
{
  g_autoptr(GSource) cancelled = g_cancellable_source_new (self->cancellable);

  via_http_exchange_drop_timer (self);
  self->timer = g_timeout_source_new (milliseconds);
  g_source_set_callback (self->timer, callback, via_http_exchange_ref (self), (GDestroyNotify) via_http_exchange_unref);
  g_source_set_dummy_callback (cancelled);
  g_source_add_child_source (self->timer, cancelled);
  g_source_attach (self->timer, g_main_context_get_thread_default ());
}

void
via_http_exchange_succeed (ViaHttpExchange *self)
{
  g_autoptr(GTask) task = steal_task (self);

  if (task == NULL)
    return;
  if (!self->ended)
    via_http_exchange_set_timer (self, VIA_LIMIT_HTTP_LINGER_MS, drained_cb);
  g_task_return_boolean (task, TRUE);
}

/* --- answers that are no stream --- */

static void
tell_headers (ViaHttpExchange *self)
{
  g_autoptr(GObject) owner = g_weak_ref_get (&self->owner);

  if (owner != NULL)
    self->setup.headers_received (self->message, self->method, owner);
}

static void
refused_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(ViaHttpExchange) self = user_data;
  g_autoptr(GBytes) body = via_http_read_body_finish (result, NULL);

  self->ended = TRUE;
  via_http_exchange_fail (self, via_http_request_refusal (&self->setup, self->message, body, self->id));
}

/* The rest of an answer that nobody waits for. */
static void
drained_body_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(ViaHttpExchange) self = user_data;
  g_autoptr(GBytes) body = via_http_read_body_finish (result, NULL);

  self->ended = TRUE;
  via_http_exchange_drop_timer (self);
}

static void
body_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(ViaHttpExchange) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) body = via_http_read_body_finish (result, &error);

  self->ended = TRUE;
  if (body == NULL)
    {
      via_http_exchange_fail (self, g_steal_pointer (&error));
      return;
    }
  via_http_exchange_take_body (self, body);
}

static void
unexpected_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(ViaHttpExchange) self = user_data;
  g_autoptr(GBytes) body = via_http_read_body_finish (result, NULL);

  self->ended = TRUE;
  via_http_exchange_fail (self, via_http_request_unexpected (self->message, body));
}

/* --- the request --- */

static void
read_body (ViaHttpExchange     *self,
           gsize                max_bytes,
           GAsyncReadyCallback  callback)
{
  via_http_read_body_async (self->message, self->stream, max_bytes, self->cancellable, callback,
                            via_http_exchange_ref (self));
}

static gboolean
is_type (const char *type,
         const char *expected)
{
  return type != NULL && g_ascii_strcasecmp (type, expected) == 0;
}

static gboolean
is_json (ViaHttpExchange *self,
         const char      *type)
{
  const char *const *allowed = self->setup.content_types;

  for (guint i = 0; allowed != NULL && allowed[i] != NULL; i++)
    if (is_type (type, allowed[i]))
      return is_type (type, "application/json");
  return allowed == NULL && is_type (type, "application/json");
}

static void
take_answer (ViaHttpExchange *self)
{
  guint status = soup_message_get_status (self->message);
  SoupMessageHeaders *headers = soup_message_get_response_headers (self->message);
  const char *type = soup_message_headers_get_content_type (headers, NULL);

  if (!SOUP_STATUS_IS_SUCCESSFUL (status))
    {
      read_body (self, VIA_LIMIT_SSE_LINE_SLACK, refused_cb);
      return;
    }
  tell_headers (self);
  if (self->body != NULL && self->id < 0)
    {
      via_http_exchange_succeed (self);
      read_body (self, VIA_LIMIT_SSE_LINE_SLACK, drained_body_cb);
    }
  else if (is_type (type, "text/event-stream"))
    via_http_exchange_begin_stream (self);
  else if (self->body != NULL && is_json (self, type))
    read_body (self, self->setup.max_response_bytes, body_cb);
  else
    read_body (self, VIA_LIMIT_SSE_LINE_SLACK, unexpected_cb);
}

/* It came to nothing: the connection was not made, or broke before the headers of an answer. */
static void
fail_request (ViaHttpExchange *self,
              const GError    *error)
{
  g_autoptr(GError) translated = via_http_translate_error (error, self->message);

  self->ended = TRUE;
  if (self->n_interim > VIA_LIMIT_INTERIM_RESPONSES)
    via_http_exchange_fail (self, g_error_new_literal (VIA_RPC_ERROR, VIA_RPC_ERROR_INVALID,
                                                       _("The server sent one interim answer after the other and no real one.")));
  else if (self->late)
    via_http_exchange_fail (self, g_error_new (VIA_RPC_ERROR, VIA_RPC_ERROR_NOT_SENT,
                                               _("“%s” did not accept a connection within %d seconds. Check the address "
                                                 "and the network."), g_uri_get_host (self->setup.uri),
                                               VIA_LIMIT_CONNECT_MS / 1000));
  else if (self->last_event_id != NULL || self->body == NULL)
    via_http_exchange_end_stream (self, error);
  else if (self->idempotent && self->kept && !self->repeated
           && g_error_matches (translated, VIA_RPC_ERROR, VIA_RPC_ERROR_CLOSED))
    {
      /* Most often the server closed the kept connection just then. A new one that breaks is a matter for the callers. */
      self->repeated = TRUE;
      drop_message (self);
      via_http_exchange_start_request (self);
    }
  else
    via_http_exchange_fail (self, g_steal_pointer (&translated));
}

static void
sent_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(ViaHttpExchange) self = user_data;
  g_autoptr(GError) error = NULL;

  via_http_exchange_drop_timer (self);
  g_clear_object (&self->stream);
  self->stream = soup_session_send_finish (SOUP_SESSION (object), result, &error);
  /* A token is on the message no longer than it has to be. */
  via_http_request_forget (self->message);
  if (self->stream == NULL)
    fail_request (self, error);
  else
    take_answer (self);
}

static gboolean
late_cb (gpointer user_data)
{
  ViaHttpExchange *self = user_data;

  /* The timer also goes off when somebody else has cancelled. */
  self->late = !g_cancellable_is_cancelled (self->cancellable);
  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_REMOVE;
}

/* There is a connection; from here on the caller's deadline is the only one. */
static void
starting_cb (SoupMessage     *message,
             ViaHttpExchange *self)
{
  via_http_exchange_drop_timer (self);
}

/* Only a connection that has to be made tells how it comes about. */
static void
network_event_cb (SoupMessage       *message,
                  GSocketClientEvent event,
                  GIOStream         *connection,
                  ViaHttpExchange   *self)
{
  self->kept = FALSE;
}

static void
interim_cb (SoupMessage     *message,
            ViaHttpExchange *self)
{
  if (++self->n_interim > VIA_LIMIT_INTERIM_RESPONSES)
    g_cancellable_cancel (self->cancellable);
}

static void
send_message (ViaHttpExchange *self)
{
  self->n_interim = 0;
  self->kept = TRUE;
  g_signal_connect (self->message, "network-event", G_CALLBACK (network_event_cb), self);
  g_signal_connect (self->message, "starting", G_CALLBACK (starting_cb), self);
  g_signal_connect (self->message, "got-informational", G_CALLBACK (interim_cb), self);
  via_http_exchange_set_timer (self, VIA_LIMIT_CONNECT_MS, late_cb);
  soup_session_send_async (self->setup.session, self->message, G_PRIORITY_DEFAULT, self->cancellable, sent_cb,
                           via_http_exchange_ref (self));
}

static void
authorized_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(ViaHttpExchange) self = user_data;
  g_autoptr(GError) error = NULL;

  if (via_http_authorizer_authorize_finish (VIA_HTTP_AUTHORIZER (object), result, &error))
    send_message (self);
  else
    via_http_exchange_fail (self, g_steal_pointer (&error));
}

/* A POST the first time; a resumption and the stream of unsolicited messages are GETs. */
void
via_http_exchange_start_request (ViaHttpExchange *self)
{
  gboolean posting = self->body != NULL && self->message == NULL;

  drop_message (self);
  self->message = via_http_request_new (&self->setup, posting ? "POST" : "GET", posting ? self->body : NULL,
                                        (const char *const *) self->headers, posting ? NULL : self->last_event_id);
  if (self->setup.authorizer != NULL)
    via_http_authorizer_authorize_async (self->setup.authorizer, self->message, self->cancellable, authorized_cb,
                                         via_http_exchange_ref (self));
  else
    send_message (self);
}

static void
caller_cancelled_cb (GCancellable *caller,
                     GCancellable *own)
{
  g_cancellable_cancel (own);
}

static ViaHttpExchange *
exchange_new (const ViaHttpExchangeSetup *setup,
              const ViaTransportMessage  *message)
{
  ViaHttpExchange *self = g_rc_box_new0 (ViaHttpExchange);

  self->setup = *setup;
  g_object_ref (self->setup.session);
  g_uri_ref (self->setup.uri);
  g_weak_ref_init (&self->owner, setup->data);
  if (setup->authorizer != NULL)
    g_object_ref (self->setup.authorizer);
  self->setup.headers = (const char *const *) g_strdupv ((char **) setup->headers);
  self->setup.session_id = g_strdup (setup->session_id);
  self->setup.revision = g_strdup (setup->revision);
  self->setup.content_types = (const char *const *) g_strdupv ((char **) setup->content_types);
  self->id = -1;
  self->retry = -1;
  if (message != NULL)
    {
      self->body = g_bytes_ref (message->body);
      self->headers = g_strdupv ((char **) message->headers);
      self->method = g_strdup (message->method);
      self->idempotent = message->idempotent;
      self->id = message->method != NULL ? message->id : -1;
    }
  self->cancellable = g_cancellable_new ();
  self->inbox = via_http_exchange_new_inbox (self);
  return self;
}

void
via_http_exchange_run_async (const ViaHttpExchangeSetup *setup,
                             const ViaTransportMessage  *message,
                             GCancellable               *cancellable,
                             GAsyncReadyCallback         callback,
                             gpointer                    user_data)
{
  g_autoptr(ViaHttpExchange) self = exchange_new (setup, message);

  self->task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (self->task, via_http_exchange_run_async);
  g_task_set_check_cancellable (self->task, FALSE);
  if (g_task_return_error_if_cancelled (self->task))
    {
      g_clear_object (&self->task);
      return;
    }
  if (cancellable != NULL)
    {
      self->caller = g_object_ref (cancellable);
      self->caller_handler = g_cancellable_connect (cancellable, G_CALLBACK (caller_cancelled_cb),
                                                    g_object_ref (self->cancellable), g_object_unref);
    }
  via_http_exchange_start_request (self);
}

gboolean
via_http_exchange_run_finish (GAsyncResult *result,
                              GError      **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
