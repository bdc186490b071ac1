/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-transport"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/via-limits.h"
#include "transport/via-http-exchange.h"
#include "transport/via-http-transport.h"

/*
 * Every send is an exchange of its own; this object keeps what they share: the address, the session and the agreed
 * revision. @life is cancelled when the transport closes and takes every exchange with it.
 */
struct _ViaHttpTransport
{
  ViaTransport       parent_instance;

  char              *endpoint;
  GUri              *uri;          /* (nullable) until start */
  SoupSession       *session;
  ViaHttpAuthorizer *authorizer;   /* (nullable) */
  char             **headers;      /* (nullable) */
  gsize              max_response_bytes;
  char             **content_types; /* (nullable) */

  char              *session_id;   /* (nullable) */
  char              *revision;     /* (nullable) */
  gboolean           modern;
  gboolean           closed;
  GPtrArray         *exchanges;    /* of the GCancellable of each exchange under way */
  GPtrArray         *notices;      /* the same of messages that no answer is expected to */
  GTask             *closing;      /* (nullable) waits for the notices */
  GSource           *closing_end;  /* (nullable) its end */
  GCancellable      *listening;    /* (nullable) of the GET stream */
};

G_DEFINE_FINAL_TYPE (ViaHttpTransport, via_http_transport, VIA_TYPE_TRANSPORT)

static void
message_cb (ViaRpcMessage *message,
            gpointer       data)
{
  ViaHttpTransport *self = data;

  if (!self->closed)
    via_transport_emit_message (VIA_TRANSPORT (self), message);
}

static void
diagnostic_cb (const char *text,
               gpointer    data)
{
  ViaHttpTransport *self = data;

  if (!self->closed)
    via_transport_emit_diagnostic (VIA_TRANSPORT (self), VIA_DIAGNOSTIC_NOTE, text);
}

/* Visible ASCII only (2025-11-25 transports, session management): anything else is not sent back. */
static gboolean
is_session_id (const char *text)
{
  gsize length = 0;

  for (; text[length] != '\0'; length++)
    if (text[length] < 0x21 || text[length] > 0x7e)
      return FALSE;
  return length > 0 && length <= VIA_LIMIT_HEADER_VALUE_BYTES;
}

/* A session is given with the answer to initialize; some servers send the header with others too. */
static void
headers_received_cb (SoupMessage *message,
                     const char  *method,
                     gpointer     data)
{
  ViaHttpTransport *self = data;
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  const char *id = soup_message_headers_get_one (headers, "Mcp-Session-Id");

  if (id == NULL || self->closed || g_strcmp0 (method, "initialize") != 0 || !is_session_id (id))
    return;
  g_free (self->session_id);
  self->session_id = g_strdup (id);
}

static ViaHttpExchangeSetup
get_setup (ViaHttpTransport *self)
{
  return (ViaHttpExchangeSetup) {
    .session = self->session,
    .uri = self->uri,
    .authorizer = self->authorizer,
    .headers = (const char *const *) self->headers,
    .session_id = self->session_id,
    .revision = self->revision,
    .resumable = !self->modern,
    .max_response_bytes = self->max_response_bytes,
    .content_types = (const char *const *) self->content_types,
    .message = message_cb,
    .diagnostic = diagnostic_cb,
    .headers_received = headers_received_cb,
    .data = G_OBJECT (self),
  };
}

static void
via_http_transport_start_async (ViaTransport        *transport,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  ViaHttpTransport *self = VIA_HTTP_TRANSPORT (transport);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr(GError) error = NULL;

  g_task_set_source_tag (task, via_http_transport_start_async);
  g_return_if_fail (self->uri == NULL);
  if (!via_http_check_endpoint (self->endpoint, FALSE, &error))
    {
      g_task_return_new_error (task, VIA_RPC_ERROR, VIA_RPC_ERROR_NOT_SENT, "%s", error->message);
      return;
    }
  self->uri = g_uri_parse (self->endpoint, SOUP_HTTP_URI_FLAGS, NULL);
  /* What is on this computer is never asked of a proxy. */
  if (via_http_is_loopback (g_uri_get_host (self->uri)))
    soup_session_set_proxy_resolver (self->session, NULL);
  g_task_return_boolean (task, TRUE);
}

static void
cancel_exchange_cb (GCancellable *caller,
                    GCancellable *own)
{
  g_cancellable_cancel (own);
}

/* A send under way: it ends by its caller's cancellable or with the transport. */
typedef struct
{
  GPtrArray    *place;  /* exchanges or notices */
  GCancellable *own;
  GCancellable *caller; /* (nullable) */
  gulong        handler;
} Sending;

static void say_farewell_when_quiet (ViaHttpTransport *self);

static void
sending_free (gpointer data)
{
  Sending *sending = data;

  g_cancellable_disconnect (sending->caller, sending->handler);
  g_clear_object (&sending->caller);
  g_object_unref (sending->own);
  g_ptr_array_unref (sending->place);
  g_free (sending);
}

static Sending *
add_sending (GPtrArray    *place,
             GCancellable *caller)
{
  Sending *sending = g_new0 (Sending, 1);

  sending->place = g_ptr_array_ref (place);
  sending->own = g_cancellable_new ();
  g_ptr_array_add (place, g_object_ref (sending->own));
  if (caller != NULL)
    {
      sending->caller = g_object_ref (caller);
      sending->handler = g_cancellable_connect (caller, G_CALLBACK (cancel_exchange_cb), g_object_ref (sending->own),
                                                g_object_unref);
    }
  return sending;
}

static void
exchanged_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  ViaHttpTransport *self = g_task_get_source_object (task);
  Sending *sending = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  g_ptr_array_remove_fast (sending->place, sending->own);
  say_farewell_when_quiet (self);
  if (via_http_exchange_run_finish (result, &error))
    g_task_return_boolean (task, TRUE);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) && !g_cancellable_is_cancelled (sending->caller))
    g_task_return_new_error (task, VIA_RPC_ERROR, VIA_RPC_ERROR_CLOSED,
                             _("The connection was closed before the answer came."));
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
via_http_transport_send_async (ViaTransport              *transport,
                               const ViaTransportMessage *message,
                               GCancellable              *cancellable,
                               GAsyncReadyCallback        callback,
                               gpointer                   user_data)
{
  ViaHttpTransport *self = VIA_HTTP_TRANSPORT (transport);
  g_autoptr(GTask) task = g_task_new (self, NULL, callback, user_data);
  ViaHttpExchangeSetup setup = get_setup (self);
  Sending *sending;

  g_task_set_source_tag (task, via_http_transport_send_async);
  if (self->closed || self->uri == NULL)
    {
      g_task_return_new_error (task, VIA_RPC_ERROR, VIA_RPC_ERROR_NOT_SENT, _("The connection is closed."));
      return;
    }
  if (g_strcmp0 (message->method, "initialize") == 0)
    setup.session_id = NULL;
  sending = add_sending (message->id >= 0 ? self->exchanges : self->notices, cancellable);
  g_task_set_task_data (task, sending, sending_free);
  via_http_exchange_run_async (&setup, message, sending->own, exchanged_cb, g_object_ref (task));
}

/* A server that offers no stream (405) or ends it for good is a normal one. */
static void
listened_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (!via_http_exchange_run_finish (result, &error))
    g_debug ("No stream of unsolicited messages: %s", error->message);
}

/* The stream does not hold the transport, or a transport that listens would never go away. */
static void
via_http_transport_listen (ViaTransport *transport)
{
  ViaHttpTransport *self = VIA_HTTP_TRANSPORT (transport);
  ViaHttpExchangeSetup setup = get_setup (self);

  if (self->closed || self->modern || self->uri == NULL || self->listening != NULL)
    return;
  self->listening = g_cancellable_new ();
  via_http_exchange_run_async (&setup, NULL, self->listening, listened_cb, NULL);
}

static void
stop_listening (ViaHttpTransport *self)
{
  if (self->listening != NULL)
    g_cancellable_cancel (self->listening);
  g_clear_object (&self->listening);
}

static void
via_http_transport_set_protocol (ViaTransport *transport,
                                 const char   *revision,
                                 gboolean      modern)
{
  ViaHttpTransport *self = VIA_HTTP_TRANSPORT (transport);

  g_free (self->revision);
  self->revision = g_strdup (revision);
  self->modern = modern;
  if (modern)
    g_clear_pointer (&self->session_id, g_free);
}

/* --- closing --- */

/* Over a copy: whoever is cancelled takes itself out. */
static void
end_all (GPtrArray *sendings)
{
  g_autoptr(GPtrArray) under_way = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < sendings->len; i++)
    g_ptr_array_add (under_way, g_object_ref (g_ptr_array_index (sendings, i)));
  for (guint i = 0; i < under_way->len; i++)
    g_cancellable_cancel (g_ptr_array_index (under_way, i));
}

static void
finish_close (GTask *task)
{
  ViaHttpTransport *self = g_task_get_source_object (task);

  via_transport_emit_closed (VIA_TRANSPORT (self), NULL);
  g_task_return_boolean (task, TRUE);
}

static void
farewell_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;

  finish_close (task);
}

static void
say_farewell_when_quiet (ViaHttpTransport *self)
{
  g_autoptr(GTask) task = NULL;
  ViaHttpExchangeSetup setup = get_setup (self);

  if (self->closing == NULL || self->notices->len > 0)
    return;
  task = g_steal_pointer (&self->closing);
  g_source_destroy (self->closing_end);
  g_clear_pointer (&self->closing_end, g_source_unref);
  if (self->session_id != NULL && self->uri != NULL)
    via_http_request_farewell (&setup, farewell_cb, g_object_ref (task));
  else
    finish_close (task);
}

static gboolean
closing_late_cb (gpointer user_data)
{
  ViaHttpTransport *self = user_data;

  end_all (self->notices);
  return G_SOURCE_REMOVE;
}

/* What was said last, such as that a call is cancelled, still goes out: over HTTP a broken connection is no cancellation
 * (2025-11-25 transports, sending messages). */
static void
via_http_transport_close_async (ViaTransport        *transport,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  ViaHttpTransport *self = VIA_HTTP_TRANSPORT (transport);
  g_autoptr(GTask) task = g_task_new (self, NULL, callback, user_data);
  gboolean first = !self->closed;

  g_task_set_source_tag (task, via_http_transport_close_async);
  self->closed = TRUE;
  stop_listening (self);
  end_all (self->exchanges);
  if (!first)
    {
      finish_close (task);
      return;
    }
  self->closing = g_steal_pointer (&task);
  self->closing_end = g_timeout_source_new (VIA_LIMIT_HTTP_CLOSE_MS);
  g_source_set_callback (self->closing_end, closing_late_cb, self, NULL);
  g_source_attach (self->closing_end, g_main_context_get_thread_default ());
  say_farewell_when_quiet (self);
}

/* --- the object --- */

static void
via_http_transport_dispose (GObject *object)
{
  ViaHttpTransport *self = VIA_HTTP_TRANSPORT (object);

  if (!self->closed && self->session_id != NULL)
    {
      ViaHttpExchangeSetup setup = get_setup (self);

      via_http_request_farewell (&setup, NULL, NULL);
    }
  self->closed = TRUE;
  stop_listening (self);
  end_all (self->exchanges);
  end_all (self->notices);
  G_OBJECT_CLASS (via_http_transport_parent_class)->dispose (object);
}

static void
via_http_transport_finalize (GObject *object)
{
  ViaHttpTransport *self = VIA_HTTP_TRANSPORT (object);

  g_clear_object (&self->session);
  g_clear_object (&self->authorizer);
  g_clear_pointer (&self->uri, g_uri_unref);
  g_clear_pointer (&self->headers, g_strfreev);
  g_clear_pointer (&self->exchanges, g_ptr_array_unref);
  g_clear_pointer (&self->notices, g_ptr_array_unref);
  g_clear_pointer (&self->content_types, g_strfreev);
  g_free (self->endpoint);
  g_free (self->session_id);
  g_free (self->revision);
  G_OBJECT_CLASS (via_http_transport_parent_class)->finalize (object);
}

static void
via_http_transport_class_init (ViaHttpTransportClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  ViaTransportClass *transport_class = VIA_TRANSPORT_CLASS (klass);

  object_class->dispose = via_http_transport_dispose;
  object_class->finalize = via_http_transport_finalize;
  transport_class->start_async = via_http_transport_start_async;
  transport_class->send_async = via_http_transport_send_async;
  transport_class->close_async = via_http_transport_close_async;
  transport_class->set_protocol = via_http_transport_set_protocol;
  transport_class->listen = via_http_transport_listen;
}

static void
via_http_transport_init (ViaHttpTransport *self)
{
  self->exchanges = g_ptr_array_new_with_free_func (g_object_unref);
  self->notices = g_ptr_array_new_with_free_func (g_object_unref);
}

ViaTransport *
via_http_transport_new (const char            *endpoint,
                        const ViaHttpSettings *settings,
                        const char *const     *headers,
                        ViaHttpAuthorizer     *authorizer)
{
  ViaHttpTransport *self;

  g_return_val_if_fail (endpoint != NULL, NULL);

  self = g_object_new (VIA_TYPE_HTTP_TRANSPORT, NULL);
  self->endpoint = g_strdup (endpoint);
  self->session = via_http_session_new (settings);
  self->headers = g_strdupv ((char **) headers);
  self->authorizer = authorizer != NULL ? g_object_ref (authorizer) : NULL;
  self->content_types = settings != NULL ? g_strdupv ((char **) settings->allowed_content_types) : NULL;
  self->max_response_bytes = settings != NULL && settings->max_response_bytes > 0 ? settings->max_response_bytes
                                                                                  : VIA_LIMIT_RESPONSE_BYTES;
  return VIA_TRANSPORT (self);
}

const char *
via_http_transport_get_session_id (ViaHttpTransport *self)
{
  g_return_val_if_fail (VIA_IS_HTTP_TRANSPORT (self), NULL);

  return self->session_id;
}

void
via_http_transport_reset_session (ViaHttpTransport *self)
{
  g_return_if_fail (VIA_IS_HTTP_TRANSPORT (self));

  g_clear_pointer (&self->session_id, g_free);
  g_clear_pointer (&self->revision, g_free);
  stop_listening (self);
}
