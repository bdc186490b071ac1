/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-transport"

#include "config.h"

#include <string.h>

#include "base/via-limits.h"
#include "transport/via-http-exchange.h"
#include "transport/via-http-transport.h"

/* A session that cannot be ended in this time ends itself on the server some day. */
#define DELETE_MS 2000

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
  gboolean           validate_certificates;

  char              *session_id;   /* (nullable) */
  char              *revision;     /* (nullable) */
  gboolean           modern;
  gboolean           closed;
  GPtrArray         *exchanges;    /* of the GCancellable of each exchange under way */
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

/* A session is given with the answer to initialize, before anything was agreed on. */
static void
headers_received_cb (SoupMessage *message,
                     gpointer     data)
{
  ViaHttpTransport *self = data;
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  const char *id = soup_message_headers_get_one (headers, "Mcp-Session-Id");

  if (id != NULL && self->session_id == NULL && self->revision == NULL && is_session_id (id)
      && SOUP_STATUS_IS_SUCCESSFUL (soup_message_get_status (message)))
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
    .validate_certificates = self->validate_certificates,
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

  g_task_set_source_tag (task, via_http_transport_start_async);
  self->uri = g_uri_parse (self->endpoint, SOUP_HTTP_URI_FLAGS, NULL);
  if (self->uri == NULL || g_uri_get_host (self->uri) == NULL)
    g_task_return_new_error (task, VIA_RPC_ERROR, VIA_RPC_ERROR_NOT_SENT,
                             "“%s” is no address of a server. It should look like https://example.com/mcp.",
                             self->endpoint);
  else
    g_task_return_boolean (task, TRUE);
}

static void
cancel_exchange_cb (GCancellable *caller,
                    GCancellable *own)
{
  g_cancellable_cancel (own);
}

static void
exchanged_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  ViaHttpTransport *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;

  g_ptr_array_remove_fast (self->exchanges, g_task_get_task_data (task));
  if (!via_http_exchange_run_finish (result, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, TRUE);
}

/* An exchange ends by its caller's cancellable or with the transport. */
static GCancellable *
add_exchange (ViaHttpTransport *self,
              GCancellable     *caller)
{
  GCancellable *own = g_cancellable_new ();

  g_ptr_array_add (self->exchanges, g_object_ref (own));
  if (caller != NULL)
    g_cancellable_connect (caller, G_CALLBACK (cancel_exchange_cb), g_object_ref (own), g_object_unref);
  return own;
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

  g_task_set_source_tag (task, via_http_transport_send_async);
  if (self->closed || self->uri == NULL)
    {
      g_task_return_new_error (task, VIA_RPC_ERROR, VIA_RPC_ERROR_NOT_SENT, "The connection is closed.");
      return;
    }
  g_task_set_task_data (task, add_exchange (self, cancellable), g_object_unref);
  via_http_exchange_run_async (&setup, message, g_task_get_task_data (task), exchanged_cb, g_object_ref (task));
}

static void
listened_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  ViaHttpTransport *self = g_task_get_source_object (task);

  /* A server that offers no stream (405) or ends it for good is a normal one. */
  g_ptr_array_remove_fast (self->exchanges, g_task_get_task_data (task));
  via_http_exchange_run_finish (result, NULL);
  g_task_return_boolean (task, TRUE);
}

static void
via_http_transport_listen (ViaTransport *transport)
{
  ViaHttpTransport *self = VIA_HTTP_TRANSPORT (transport);
  g_autoptr(GTask) task = NULL;
  ViaHttpExchangeSetup setup = get_setup (self);

  if (self->closed || self->modern || self->uri == NULL)
    return;
  task = g_task_new (self, NULL, NULL, NULL);
  g_task_set_source_tag (task, via_http_transport_listen);
  g_task_set_task_data (task, add_exchange (self, NULL), g_object_unref);
  via_http_exchange_run_async (&setup, NULL, g_task_get_task_data (task), listened_cb, g_object_ref (task));
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

static void
end_exchanges (ViaHttpTransport *self)
{
  g_autoptr(GPtrArray) exchanges = g_steal_pointer (&self->exchanges);

  self->exchanges = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < exchanges->len; i++)
    g_cancellable_cancel (g_ptr_array_index (exchanges, i));
}

static void
finish_close (GTask *task)
{
  ViaHttpTransport *self = g_task_get_source_object (task);

  via_transport_emit_closed (VIA_TRANSPORT (self), NULL);
  g_task_return_boolean (task, TRUE);
}

typedef struct
{
  SoupMessage  *message;
  GCancellable *cancellable;
  GSource      *deadline;
} Deletion;

static void
deletion_free (Deletion *deletion)
{
  g_source_destroy (deletion->deadline);
  g_source_unref (deletion->deadline);
  g_object_unref (deletion->message);
  g_object_unref (deletion->cancellable);
  g_free (deletion);
}

static gboolean
deletion_late_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_REMOVE;
}

static void
deleted_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GInputStream) stream = soup_session_send_finish (SOUP_SESSION (object), result, NULL);

  finish_close (task);
}

static void
deletion_authorized_cb (GObject      *object,
                        GAsyncResult *result,
                        gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  ViaHttpTransport *self = g_task_get_source_object (task);
  Deletion *deletion = g_task_get_task_data (task);

  if (!via_http_authorizer_authorize_finish (VIA_HTTP_AUTHORIZER (object), result, NULL))
    finish_close (task);
  else
    soup_session_send_async (self->session, deletion->message, G_PRIORITY_DEFAULT, deletion->cancellable, deleted_cb,
                             g_object_ref (task));
}

static void
delete_session (GTask *task)
{
  ViaHttpTransport *self = g_task_get_source_object (task);
  Deletion *deletion = g_new0 (Deletion, 1);
  SoupMessageHeaders *headers;

  deletion->message = soup_message_new_from_uri ("DELETE", self->uri);
  deletion->cancellable = g_cancellable_new ();
  deletion->deadline = g_timeout_source_new (DELETE_MS);
  g_source_set_callback (deletion->deadline, deletion_late_cb, deletion->cancellable, NULL);
  g_source_attach (deletion->deadline, g_main_context_get_thread_default ());
  g_task_set_task_data (task, deletion, (GDestroyNotify) deletion_free);
  soup_message_add_flags (deletion->message, SOUP_MESSAGE_NO_REDIRECT);
  headers = soup_message_get_request_headers (deletion->message);
  soup_message_headers_replace (headers, "Mcp-Session-Id", self->session_id);
  if (self->revision != NULL)
    soup_message_headers_replace (headers, "MCP-Protocol-Version", self->revision);
  for (guint i = 0; self->headers != NULL && self->headers[i] != NULL && self->headers[i + 1] != NULL; i += 2)
    soup_message_headers_replace (headers, self->headers[i], self->headers[i + 1]);
  if (self->authorizer != NULL)
    via_http_authorizer_authorize_async (self->authorizer, deletion->message, deletion->cancellable,
                                         deletion_authorized_cb, g_object_ref (task));
  else
    soup_session_send_async (self->session, deletion->message, G_PRIORITY_DEFAULT, deletion->cancellable, deleted_cb,
                             g_object_ref (task));
}

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
  end_exchanges (self);
  if (first && self->session_id != NULL && self->uri != NULL)
    delete_session (task);
  else
    finish_close (task);
}

/* --- the object --- */

static void
via_http_transport_dispose (GObject *object)
{
  ViaHttpTransport *self = VIA_HTTP_TRANSPORT (object);

  self->closed = TRUE;
  if (self->exchanges != NULL)
    end_exchanges (self);
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
  self->validate_certificates = settings == NULL || settings->validate_certificates;
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
}
