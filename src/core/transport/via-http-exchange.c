/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-transport"

#include "config.h"

#include <string.h>

#include "base/via-limits.h"
#include "base/via-text.h"
#include "transport/via-http-exchange.h"
#include "transport/via-inbox.h"
#include "transport/via-sse-parser.h"

#define READ_BYTES 65536

/* How long the rest of a stream is read away after its answer came. */
#define DRAIN_MS 1000

/* Waits before a stream without `retry` is taken up again: the official SDK's figures. */
#define FIRST_WAIT_MS 1000
#define LONGEST_WAIT_MS 30000

/*
 * Reference counted: the task, every step under way and the drain hold it. @cancellable is its own; the caller's is
 * forwarded to it, and so ends the connection whatever the step.
 */
typedef struct
{
  ViaHttpExchangeSetup  setup;
  GBytes               *body;      /* (nullable) NULL for GET */
  char                **headers;   /* (nullable) of this message alone */
  gint64                id;        /* -1 when no answer is expected */

  GTask                *task;      /* (nullable) NULL once returned */
  GCancellable         *cancellable;
  GCancellable         *caller;    /* (nullable) */
  gulong                caller_handler;

  SoupMessage          *message;
  GInputStream         *stream;
  ViaSseParser         *parser;
  ViaInbox             *inbox;
  gboolean              answered;
  gboolean              ended;     /* the stream has no more bytes */
  GSource              *timer;     /* (nullable) the wait before a resumption, or the end of the drain */
  char                 *last_event_id;
  gint64                retry;
  guint                 resumptions;
} ViaHttpExchange;

static void start_request (ViaHttpExchange *self);
static void read_next     (ViaHttpExchange *self);

static ViaHttpExchange *
exchange_ref (ViaHttpExchange *self)
{
  return g_rc_box_acquire (self);
}

static void
drop_timer (ViaHttpExchange *self)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

static void
exchange_clear (gpointer data)
{
  ViaHttpExchange *self = data;

  drop_timer (self);
  g_clear_pointer (&self->inbox, via_inbox_free);
  g_clear_pointer (&self->parser, via_sse_parser_free);
  g_clear_object (&self->stream);
  g_clear_object (&self->message);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->caller);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_clear_pointer (&self->headers, g_strfreev);
  g_clear_pointer (&self->last_event_id, g_free);
  g_clear_object (&self->setup.session);
  g_clear_pointer (&self->setup.uri, g_uri_unref);
  g_clear_object (&self->setup.authorizer);
  g_strfreev ((char **) self->setup.headers);
  g_free ((char *) self->setup.session_id);
  g_free ((char *) self->setup.revision);
  g_clear_object (&self->setup.data);
}

static void
exchange_unref (ViaHttpExchange *self)
{
  g_rc_box_release_full (self, exchange_clear);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ViaHttpExchange, exchange_unref)

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
static void
fail (ViaHttpExchange *self,
      GError          *error)
{
  g_autoptr(GTask) task = steal_task (self);

  drop_timer (self);
  if (task != NULL)
    g_task_return_error (task, error);
  else
    g_error_free (error);
  g_cancellable_cancel (self->cancellable);
}

static void
fail_closed (ViaHttpExchange *self,
             const char      *text)
{
  fail (self, g_error_new_literal (VIA_RPC_ERROR, VIA_RPC_ERROR_CLOSED, text));
}

static gboolean
drained_cb (gpointer user_data)
{
  ViaHttpExchange *self = user_data;

  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_REMOVE;
}

static void
set_timer (ViaHttpExchange *self,
           guint            milliseconds,
           GSourceFunc      callback)
{
  g_autoptr(GSource) cancelled = g_cancellable_source_new (self->cancellable);

  drop_timer (self);
  self->timer = g_timeout_source_new (milliseconds);
  g_source_set_callback (self->timer, callback, exchange_ref (self), (GDestroyNotify) exchange_unref);
  g_source_set_dummy_callback (cancelled);
  g_source_add_child_source (self->timer, cancelled);
  g_source_attach (self->timer, g_main_context_get_thread_default ());
}

static void
succeed (ViaHttpExchange *self)
{
  g_autoptr(GTask) task = steal_task (self);

  if (task == NULL)
    return;
  if (!self->ended)
    set_timer (self, DRAIN_MS, drained_cb);
  g_task_return_boolean (task, TRUE);
}

/* --- resuming a legacy stream (2025-11-25 transports, resumability) --- */

static gboolean
resume_cb (gpointer user_data)
{
  ViaHttpExchange *self = user_data;
  g_autoptr(GError) error = NULL;

  g_clear_pointer (&self->timer, g_source_unref);
  if (g_cancellable_set_error_if_cancelled (self->cancellable, &error))
    fail (self, g_steal_pointer (&error));
  else
    start_request (self);
  return G_SOURCE_REMOVE;
}

static gboolean
can_resume (ViaHttpExchange *self)
{
  return self->setup.resumable && self->task != NULL && self->resumptions < VIA_LIMIT_SSE_RESUMPTIONS
         && (self->body == NULL || (self->last_event_id != NULL && *self->last_event_id != '\0'));
}

static void
resume_later (ViaHttpExchange *self)
{
  gint64 wait = self->retry;

  if (wait < 0)
    {
      wait = FIRST_WAIT_MS;
      for (guint i = 0; i < self->resumptions && wait < LONGEST_WAIT_MS; i++)
        wait = MIN (wait * 3 / 2, LONGEST_WAIT_MS);
    }
  self->resumptions++;
  self->setup.diagnostic ("The server's stream ended early and is taken up again.", self->setup.data);
  set_timer (self, wait, resume_cb);
}

/* The stream is over. Its answer may have been on it, may still come on the next one, or never will. */
static void
end_stream (ViaHttpExchange *self,
            const GError    *error)
{
  self->ended = TRUE;
  if (self->answered || self->task == NULL)
    {
      succeed (self);
      drop_timer (self);
    }
  else if (g_cancellable_is_cancelled (self->cancellable))
    fail (self, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "The request was cancelled."));
  else if (can_resume (self))
    resume_later (self);
  else if (error != NULL)
    fail (self, via_http_translate_error (error, self->message));
  else
    fail_closed (self, "The server ended its stream before the answer came. Whether the request ran is not known.");
}

/* --- messages --- */

static void
taken_cb (ViaRpcMessage *message,
          GBytes        *text,
          const GError  *error,
          gpointer       data)
{
  ViaHttpExchange *self = data;
  gint64 id;

  if (message == NULL)
    {
      fail (self, g_error_copy (error));
      return;
    }
  self->resumptions = 0;
  if (via_rpc_message_get_method (message) == NULL && via_rpc_message_get_own_id (message, &id) && id == self->id)
    self->answered = TRUE;
  self->setup.message (message, self->setup.data);
  if (self->answered)
    succeed (self);
}

static void
idle_cb (gpointer data)
{
  g_autoptr(ViaHttpExchange) self = exchange_ref (data);

  if (self->ended)
    end_stream (self, NULL);
  else
    read_next (self);
}

static void
event_cb (const ViaSseEvent *event,
          gpointer           user_data)
{
  ViaHttpExchange *self = user_data;

  g_free (self->last_event_id);
  self->last_event_id = g_strdup (event->id);
  if (g_bytes_get_size (event->data) > 0)
    via_inbox_push (self->inbox, event->data);
}

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(ViaHttpExchange) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (object), result, &error);

  if (bytes == NULL || g_bytes_get_size (bytes) == 0)
    {
      self->ended = TRUE;
      if (!via_inbox_is_busy (self->inbox))
        end_stream (self, error);
      return;
    }
  if (!via_sse_parser_feed (self->parser, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &error))
    {
      fail (self, g_steal_pointer (&error));
      return;
    }
  self->retry = via_sse_parser_get_retry (self->parser);
  if (!via_inbox_is_busy (self->inbox))
    read_next (self);
}

static void
read_next (ViaHttpExchange *self)
{
  g_input_stream_read_bytes_async (self->stream, READ_BYTES, G_PRIORITY_DEFAULT, self->cancellable, read_cb,
                                   exchange_ref (self));
}

static void
begin_stream (ViaHttpExchange *self)
{
  g_clear_pointer (&self->parser, via_sse_parser_free);
  self->parser = via_sse_parser_new (self->setup.max_response_bytes, event_cb, self);
  self->ended = FALSE;
  read_next (self);
}

/* --- answers that are no stream --- */

static gboolean
has_session_words (GBytes *body)
{
  gsize length = 0;
  const char *text = body != NULL ? g_bytes_get_data (body, &length) : NULL;
  g_autofree char *lower = text != NULL ? g_ascii_strdown (text, MIN (length, 4096)) : NULL;

  return lower != NULL && (strstr (lower, "session") != NULL || strstr (lower, "-32000") != NULL);
}

/* 404 says that the session is gone; many servers, the reference one included, say 400 instead. */
static gboolean
is_session_lost (ViaHttpExchange *self,
                 guint            status,
                 GBytes          *body)
{
  return self->setup.session_id != NULL
         && (status == SOUP_STATUS_NOT_FOUND || (status == SOUP_STATUS_BAD_REQUEST && has_session_words (body)));
}

/* The JSON-RPC error in the body of a refusal, as this request's answer; NULL when there is none. */
static GError *
read_remote_error (ViaHttpExchange *self,
                   GBytes          *body)
{
  g_autoptr(ViaRpcMessage) message = body != NULL ? via_rpc_message_new (body, NULL, NULL) : NULL;
  gint64 id;

  if (message == NULL || via_rpc_message_get_kind (message) != VIA_RPC_FAILURE)
    return NULL;
  if (via_rpc_message_get_own_id (message, &id) && id != self->id)
    return NULL;
  return via_rpc_error_new_remote_http (via_rpc_message_get_error (message), soup_message_get_status (self->message),
                                        via_rpc_error_get_retry_after (via_http_status_error (self->message, body)),
                                        NULL, NULL);
}

static void
refused_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(ViaHttpExchange) self = user_data;
  g_autoptr(GBytes) body = via_http_read_body_finish (result, NULL);
  g_autoptr(GError) http = via_http_status_error (self->message, body);
  GError *remote = NULL;

  self->ended = TRUE;
  if (is_session_lost (self, soup_message_get_status (self->message), body))
    {
      fail (self, g_error_new_literal (VIA_RPC_ERROR, VIA_RPC_ERROR_SESSION_LOST,
                                       "The server no longer knows this session. It has to be started anew."));
      return;
    }
  if (!g_error_matches (http, VIA_RPC_ERROR, VIA_RPC_ERROR_UNAUTHORIZED))
    remote = read_remote_error (self, body);
  fail (self, remote != NULL ? remote : g_steal_pointer (&http));
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
    fail (self, g_steal_pointer (&error));
  else if (self->id < 0)
    succeed (self);
  else
    {
      via_inbox_push (self->inbox, body);
      if (!self->answered && !via_inbox_is_busy (self->inbox) && self->task != NULL)
        fail_closed (self, "The server answered another request than the one that was sent.");
    }
}

static void
unexpected_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(ViaHttpExchange) self = user_data;
  g_autoptr(GBytes) body = via_http_read_body_finish (result, NULL);
  SoupMessageHeaders *headers = soup_message_get_response_headers (self->message);
  g_autofree char *type = via_text_clip_line (soup_message_headers_get_content_type (headers, NULL), 128);
  g_autofree char *words = NULL;
  g_autofree char *text = NULL;

  self->ended = TRUE;
  if (body != NULL && g_bytes_get_size (body) > 0)
    words = via_text_clip_len (g_bytes_get_data (body, NULL), MIN (g_bytes_get_size (body), 256), 160);
  text = g_strdup_printf ("The server answered with %s instead of JSON%s%s%s. Is the address right?",
                          *type != '\0' ? type : "something of no type", words != NULL ? ": “" : "",
                          words != NULL ? words : "", words != NULL ? "”" : "");
  fail (self, via_rpc_error_new_http (VIA_RPC_ERROR_CONTENT_TYPE, soup_message_get_status (self->message), -1, NULL,
                                      words, text));
}

/* --- the request --- */

static void
read_body (ViaHttpExchange     *self,
           gsize                max_bytes,
           GAsyncReadyCallback  callback)
{
  via_http_read_body_async (self->message, self->stream, max_bytes, self->cancellable, callback, exchange_ref (self));
}

static void
take_answer (ViaHttpExchange *self)
{
  guint status = soup_message_get_status (self->message);
  SoupMessageHeaders *headers = soup_message_get_response_headers (self->message);
  const char *type = soup_message_headers_get_content_type (headers, NULL);

  if (!SOUP_STATUS_IS_SUCCESSFUL (status))
    read_body (self, VIA_LIMIT_SSE_LINE_SLACK, refused_cb);
  else if (self->id < 0 && self->body != NULL)
    read_body (self, VIA_LIMIT_SSE_LINE_SLACK, body_cb);
  else if (g_strcmp0 (type, "text/event-stream") == 0)
    begin_stream (self);
  else if (g_strcmp0 (type, "application/json") == 0 && self->body != NULL)
    read_body (self, self->setup.max_response_bytes, body_cb);
  else
    read_body (self, VIA_LIMIT_SSE_LINE_SLACK, unexpected_cb);
}

static void
sent_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(ViaHttpExchange) self = user_data;
  g_autoptr(GError) error = NULL;

  g_clear_object (&self->stream);
  self->stream = soup_session_send_finish (SOUP_SESSION (object), result, &error);
  /* A token is on the message no longer than it has to be. */
  soup_message_headers_remove (soup_message_get_request_headers (self->message), "Authorization");
  if (self->stream == NULL)
    {
      self->ended = TRUE;
      if (self->last_event_id != NULL || self->body == NULL)
        end_stream (self, error);
      else
        fail (self, via_http_translate_error (error, self->message));
      return;
    }
  self->setup.headers_received (self->message, self->setup.data);
  take_answer (self);
}

static void
send_message (ViaHttpExchange *self)
{
  soup_session_send_async (self->setup.session, self->message, G_PRIORITY_DEFAULT, self->cancellable, sent_cb,
                           exchange_ref (self));
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
    fail (self, g_steal_pointer (&error));
}

static gboolean
accept_certificate_cb (SoupMessage         *message,
                       GTlsCertificate     *certificate,
                       GTlsCertificateFlags faults,
                       gpointer             user_data)
{
  return TRUE;
}

static void
add_headers (SoupMessageHeaders *headers,
             const char *const  *pairs)
{
  for (guint i = 0; pairs != NULL && pairs[i] != NULL && pairs[i + 1] != NULL; i += 2)
    soup_message_headers_replace (headers, pairs[i], pairs[i + 1]);
}

static void
fill_headers (ViaHttpExchange *self,
              gboolean         posting)
{
  SoupMessageHeaders *headers = soup_message_get_request_headers (self->message);

  soup_message_headers_replace (headers, "Accept", posting ? "application/json, text/event-stream" : "text/event-stream");
  soup_message_headers_replace (headers, "Accept-Encoding", "identity");
  if (self->setup.session_id != NULL)
    soup_message_headers_replace (headers, "Mcp-Session-Id", self->setup.session_id);
  if (self->setup.revision != NULL)
    soup_message_headers_replace (headers, "MCP-Protocol-Version", self->setup.revision);
  if (!posting && self->last_event_id != NULL && *self->last_event_id != '\0')
    soup_message_headers_replace (headers, "Last-Event-ID", self->last_event_id);
  add_headers (headers, self->setup.headers);
  add_headers (headers, (const char *const *) self->headers);
}

/* A POST the first time; a resumption and the stream of unsolicited messages are GETs. */
static void
start_request (ViaHttpExchange *self)
{
  gboolean posting = self->body != NULL && self->message == NULL;

  g_clear_object (&self->message);
  self->message = soup_message_new_from_uri (posting ? "POST" : "GET", self->setup.uri);
  /* Redirects would carry credentials elsewhere. Idempotent is how libsoup is told that a connection may be used again;
   * it does not repeat a POST for it. */
  soup_message_add_flags (self->message, SOUP_MESSAGE_NO_REDIRECT | SOUP_MESSAGE_IDEMPOTENT);
  if (!self->setup.validate_certificates)
    g_signal_connect (self->message, "accept-certificate", G_CALLBACK (accept_certificate_cb), NULL);
  if (posting)
    soup_message_set_request_body_from_bytes (self->message, "application/json", self->body);
  fill_headers (self, posting);
  if (self->setup.authorizer != NULL)
    via_http_authorizer_authorize_async (self->setup.authorizer, self->message, self->cancellable, authorized_cb,
                                         exchange_ref (self));
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
  static const ViaInboxFuncs funcs = { taken_cb, idle_cb };
  ViaHttpExchange *self = g_rc_box_new0 (ViaHttpExchange);

  self->setup = *setup;
  g_object_ref (self->setup.session);
  g_uri_ref (self->setup.uri);
  g_object_ref (self->setup.data);
  if (setup->authorizer != NULL)
    g_object_ref (self->setup.authorizer);
  self->setup.headers = (const char *const *) g_strdupv ((char **) setup->headers);
  self->setup.session_id = g_strdup (setup->session_id);
  self->setup.revision = g_strdup (setup->revision);
  self->id = -1;
  self->retry = -1;
  if (message != NULL)
    {
      self->body = g_bytes_ref (message->body);
      self->headers = g_strdupv ((char **) message->headers);
      self->id = message->method != NULL ? message->id : -1;
    }
  self->cancellable = g_cancellable_new ();
  self->inbox = via_inbox_new (&funcs, self);
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
  start_request (self);
}

gboolean
via_http_exchange_run_finish (GAsyncResult *result,
                              GError      **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
