/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-transport"
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/via-limits.h"
#include "base/via-text.h"
#include "transport/via-http-exchange.h"

static void
add_headers (SoupMessageHeaders *headers,
             const char *const  *pairs)
{
  for (guint i = 0; pairs != NULL && pairs[i] != NULL && pairs[i + 1] != NULL; i += 2)
    soup_message_headers_replace (headers, pairs[i], pairs[i + 1]);
}

SoupMessage *
via_http_request_new (const ViaHttpExchangeSetup *setup,
                      const char                 *method,
                      GBytes                     *body,
                      const char *const          *headers,
                      const char                 *last_event_id)
{
  SoupMessage *message = soup_message_new_from_uri (method, setup->uri);
  SoupMessageHeaders *out = soup_message_get_request_headers (message);

  /* Redirects would carry credentials elsewhere. Idempotent is how libsoup is told that a connection may be used again;
   * it does not repeat a POST for it. */
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT | SOUP_MESSAGE_IDEMPOTENT);
  if (body != NULL)
    soup_message_set_request_body_from_bytes (message, "application/json", body);
  soup_message_headers_replace (out, "Accept", body != NULL ? "application/json, text/event-stream" : "text/event-stream");
  soup_message_headers_replace (out, "Accept-Encoding", "identity");
  if (setup->session_id != NULL)
    soup_message_headers_replace (out, "Mcp-Session-Id", setup->session_id);
  if (setup->revision != NULL)
    soup_message_headers_replace (out, "MCP-Protocol-Version", setup->revision);
  if (last_event_id != NULL && *last_event_id != '\0')
    soup_message_headers_replace (out, "Last-Event-ID", last_event_id);
  add_headers (out, setup->headers);
  add_headers (out, headers);
  return message;
}

void
via_http_request_forget (SoupMessage *message)
{
  soup_message_headers_clear (soup_message_get_request_headers (message));
}

/* --- refusals --- */

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
is_session_lost (const ViaHttpExchangeSetup *setup,
                 guint                       status,
                 GBytes                     *body)
{
  return setup->session_id != NULL
         && (status == SOUP_STATUS_NOT_FOUND || (status == SOUP_STATUS_BAD_REQUEST && has_session_words (body)));
}

/* The JSON-RPC error in the body of a refusal, as this request's answer; NULL when there is none. */
static GError *
read_remote_error (SoupMessage  *message,
                   GBytes       *body,
                   gint64        id,
                   const GError *http)
{
  g_autoptr(ViaRpcMessage) answer = body != NULL ? via_rpc_message_new (body, NULL, NULL) : NULL;
  gint64 of;

  if (id < 0 || answer == NULL || via_rpc_message_get_kind (answer) != VIA_RPC_FAILURE)
    return NULL;
  if (!via_json_value_is_missing (via_rpc_message_get_id (answer))
      && (!via_rpc_message_get_own_id (answer, &of) || of != id))
    return NULL;
  return via_rpc_error_new_remote_http (via_rpc_message_get_error (answer), soup_message_get_status (message),
                                        via_rpc_error_get_retry_after (http), NULL, via_rpc_error_get_body (http));
}

GError *
via_http_request_refusal (const ViaHttpExchangeSetup *setup,
                          SoupMessage                *message,
                          GBytes                     *body,
                          gint64                      id)
{
  g_autoptr(GError) http = via_http_status_error (message, body);
  GError *remote;

  if (is_session_lost (setup, soup_message_get_status (message), body))
    return via_rpc_error_new_http (VIA_RPC_ERROR_SESSION_LOST, soup_message_get_status (message), -1, NULL,
                                   via_rpc_error_get_body (http),
                                   _("The server no longer knows this session. Connect again to start a new one."));
  if (!g_error_matches (http, VIA_RPC_ERROR, VIA_RPC_ERROR_HTTP))
    return g_steal_pointer (&http);
  remote = read_remote_error (message, body, id, http);
  return remote != NULL ? remote : g_steal_pointer (&http);
}

GError *
via_http_request_unexpected (SoupMessage *message,
                             GBytes      *body)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  guint status = soup_message_get_status (message);
  g_autofree char *type = via_text_clip_line (soup_message_headers_get_content_type (headers, NULL), 128);
  g_autofree char *clipped = NULL;
  g_autofree char *words = NULL;
  g_autofree char *text = NULL;

  if (body != NULL && g_bytes_get_size (body) > 0)
    clipped = via_text_clip_len (g_bytes_get_data (body, NULL), g_bytes_get_size (body), 4096);
  words = via_text_clip_line (clipped, 160);
  if (*type == '\0' && *words == '\0')
    text = g_strdup_printf (_("The server took the request (HTTP %u) and answered nothing. Check that the address is that "
                              "of an MCP server with Streamable HTTP."), status);
  else if (*type == '\0')
    text = g_strdup_printf (_("The server answered with something of no type, which is not what an MCP server sends: “%s”. "
                              "Check the address."), words);
  else if (*words == '\0')
    text = g_strdup_printf (_("The server answered with %s, which is not what an MCP server sends. Check the address."), type);
  else
    text = g_strdup_printf (_("The server answered with %s, which is not what an MCP server sends: “%s”. Check the address."),
                            type, words);
  return via_rpc_error_new_http (VIA_RPC_ERROR_CONTENT_TYPE, status, -1, NULL, words, text);
}

/* --- the end of a session --- */

/* It stands on its own: the transport may be gone before the server has answered. */
typedef struct
{
  SoupSession  *session;
  SoupMessage  *message;
  GSource      *deadline;
} Farewell;

static void
farewell_free (gpointer data)
{
  Farewell *farewell = data;

  g_source_destroy (farewell->deadline);
  g_source_unref (farewell->deadline);
  g_object_unref (farewell->message);
  g_object_unref (farewell->session);
  g_free (farewell);
}

static gboolean
farewell_late_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_REMOVE;
}

static void
farewell_sent_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Farewell *farewell = g_task_get_task_data (task);
  g_autoptr(GInputStream) stream = soup_session_send_finish (SOUP_SESSION (object), result, NULL);

  /* 405 is a server that does not let clients end sessions; nothing that it says changes anything here. */
  via_http_request_forget (farewell->message);
  g_task_return_boolean (task, TRUE);
}

static void
farewell_authorized_cb (GObject      *object,
                        GAsyncResult *result,
                        gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Farewell *farewell = g_task_get_task_data (task);

  if (!via_http_authorizer_authorize_finish (VIA_HTTP_AUTHORIZER (object), result, NULL))
    g_task_return_boolean (task, TRUE);
  else
    soup_session_send_async (farewell->session, farewell->message, G_PRIORITY_DEFAULT, g_task_get_cancellable (task),
                             farewell_sent_cb, g_object_ref (task));
}

void
via_http_request_farewell (const ViaHttpExchangeSetup *setup,
                           GAsyncReadyCallback         callback,
                           gpointer                    user_data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Farewell *farewell = g_new0 (Farewell, 1);

  g_task_set_source_tag (task, via_http_request_farewell);
  g_task_set_check_cancellable (task, FALSE);
  farewell->session = g_object_ref (setup->session);
  farewell->message = via_http_request_new (setup, "DELETE", NULL, NULL, NULL);
  farewell->deadline = g_timeout_source_new (VIA_LIMIT_HTTP_CLOSE_MS);
  g_source_set_callback (farewell->deadline, farewell_late_cb, g_object_ref (cancellable), g_object_unref);
  g_source_attach (farewell->deadline, g_main_context_get_thread_default ());
  g_task_set_task_data (task, farewell, farewell_free);
  if (setup->authorizer != NULL)
    via_http_authorizer_authorize_async (setup->authorizer, farewell->message, cancellable, farewell_authorized_cb,
                                         g_object_ref (task));
  else
    soup_session_send_async (farewell->session, farewell->message, G_PRIORITY_DEFAULT, cancellable, farewell_sent_cb,
                             g_object_ref (task));
}
