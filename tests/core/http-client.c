/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "http-client.h"

static void
message_cb (ViaTransport  *transport,
            ViaRpcMessage *message,
            gpointer       user_data)
{
  Client *client = user_data;
  gint64 id = -1;

  via_rpc_message_get_own_id (message, &id);
  if (via_rpc_message_get_method (message) != NULL)
    g_string_append_printf (client->messages, "n:%s ", via_rpc_message_get_method (message));
  else
    g_string_append_printf (client->messages, "r:%d ", (int) id);
}

static void
diagnostic_cb (ViaTransport *transport,
               guint         kind,
               const char   *text,
               gpointer      user_data)
{
  Client *client = user_data;

  g_assert_cmpuint (kind, ==, VIA_DIAGNOSTIC_NOTE);
  g_string_append_printf (client->notes, "%s\n", text);
}

static void
closed_cb (ViaTransport *transport,
           const GError *error,
           gpointer      user_data)
{
  Client *client = user_data;

  client->n_closed++;
  client->closed_error = error != NULL ? g_error_copy (error) : NULL;
}

void
client_keep_result_cb (GObject      *source,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gboolean
tick_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

void
client_wait_for (gboolean (*is_done) (gpointer data),
                 gpointer   data)
{
  gint64 end = g_get_monotonic_time () + PATIENCE_MS * 1000;
  guint tick = g_timeout_add (5, tick_cb, NULL);

  while (!is_done (data))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (tick);
}

gboolean
client_is_set (gpointer data)
{
  return *(gpointer *) data != NULL;
}

static gboolean
is_after (gpointer data)
{
  return g_get_monotonic_time () >= *(gint64 *) data;
}

void
client_run_for (guint milliseconds)
{
  gint64 end = g_get_monotonic_time () + milliseconds * 1000;

  client_wait_for (is_after, &end);
}

void
client_start_at (Client                *client,
                 const char            *url,
                 const ViaHttpSettings *settings,
                 ViaHttpAuthorizer     *authorizer)
{
  g_autoptr(GAsyncResult) result = NULL;
  GError *error = NULL;

  client->transport = via_http_transport_new (url, settings, NULL, authorizer);
  client->messages = g_string_new (NULL);
  client->notes = g_string_new (NULL);
  g_signal_connect (client->transport, "message", G_CALLBACK (message_cb), client);
  g_signal_connect (client->transport, "diagnostic", G_CALLBACK (diagnostic_cb), client);
  g_signal_connect (client->transport, "closed", G_CALLBACK (closed_cb), client);
  client->peer = via_rpc_peer_new (client->transport);
  via_transport_start_async (client->transport, NULL, client_keep_result_cb, &result);
  client_wait_for (client_is_set, &result);
  via_transport_start_finish (client->transport, result, &error);
  g_assert_no_error (error);
}

void
client_start_with (Client                *client,
                   ViaMockHandler         handler,
                   gconstpointer          data,
                   const ViaHttpSettings *settings,
                   ViaHttpAuthorizer     *authorizer)
{
  *client = (Client) { .server = via_mock_http_new (handler, (gpointer) data) };
  client_start_at (client, via_mock_http_get_url (client->server), settings, authorizer);
}

void
client_start (Client         *client,
              ViaMockHandler  handler,
              gconstpointer   data)
{
  client_start_with (client, handler, data, NULL, NULL);
}

void
client_close (Client *client)
{
  g_autoptr(GAsyncResult) result = NULL;

  via_transport_close_async (client->transport, NULL, client_keep_result_cb, &result);
  client_wait_for (client_is_set, &result);
  g_assert_true (via_transport_close_finish (client->transport, result, NULL));
  g_assert_cmpuint (client->n_closed, ==, 1);
  g_assert_no_error (client->closed_error);
}

static gboolean
is_gone (gpointer data)
{
  return *(gpointer *) data == NULL;
}

/* Nothing may hold the objects for longer than a lingering stream. */
void
client_drop_objects (Client *client)
{
  gpointer transport = client->transport, peer = client->peer;

  g_object_add_weak_pointer (transport, &transport);
  g_object_add_weak_pointer (peer, &peer);
  g_object_unref (client->peer);
  g_object_unref (client->transport);
  client_wait_for (is_gone, &peer);
  client_wait_for (is_gone, &transport);
}

void
client_stop (Client *client)
{
  if (client->n_closed == 0)
    client_close (client);
  client_drop_objects (client);
  g_clear_pointer (&client->server, via_mock_http_free);
  g_string_free (client->messages, TRUE);
  g_string_free (client->notes, TRUE);
}

ViaRpcMessage *
client_call (Client                   *client,
             const char               *method,
             const ViaRpcCallOptions  *options,
             GCancellable             *cancellable,
             GError                  **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  via_rpc_peer_call_async (client->peer, method, via_json_value_missing (), options, cancellable, client_keep_result_cb,
                           &result);
  client_wait_for (client_is_set, &result);
  return via_rpc_peer_call_finish (client->peer, result, error);
}

void
client_call_ok (Client     *client,
                const char *method)
{
  ViaRpcCallOptions options = { .timeout_ms = 6000 };
  GError *error = NULL;
  g_autoptr(ViaRpcMessage) message = client_call (client, method, &options, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (message);
}

GError *
client_call_fails_with (Client                  *client,
                        const ViaRpcCallOptions *options,
                        ViaRpcError              code)
{
  GError *error = NULL;

  g_assert_null (client_call (client, "test", options, NULL, &error));
  g_assert_error (error, VIA_RPC_ERROR, (int) code);
  g_test_message ("%s", error->message);
  return error;
}

GError *
client_call_fails (Client      *client,
                   ViaRpcError  code)
{
  ViaRpcCallOptions options = { .timeout_ms = 6000 };

  return client_call_fails_with (client, &options, code);
}

/* One call, one answer of the server, one code. */
void
client_check_failure (ViaMockHandler  handler,
                      gconstpointer   data,
                      ViaRpcError     code,
                      const char     *words)
{
  Client client;
  g_autoptr(GError) error = NULL;

  if (handler == mock_raw)
    g_test_message ("%s", (const char *) data);
  client_start (&client, handler, data);
  error = client_call_fails (&client, code);
  if (words != NULL)
    g_assert_nonnull (strstr (error->message, words));
  client_stop (&client);
}

gboolean
client_has_left (gpointer data)
{
  return via_mock_http_get_n_left (data) > 0;
}

int
mock_get_id (const ViaMockRequest *request)
{
  const char *id = strstr (request->body, "\"id\":");

  return id != NULL ? atoi (id + 5) : -1;
}

char *
mock_new_result (const ViaMockRequest *request)
{
  return g_strdup_printf ("{\"jsonrpc\":\"2.0\",\"id\":%d,\"result\":{}}", mock_get_id (request));
}

void
mock_send_json (ViaMockConnection    *connection,
                const ViaMockRequest *request,
                const char           *headers)
{
  g_autofree char *result = mock_new_result (request);

  if (mock_get_id (request) < 0)
    via_mock_respond (connection, "202 Accepted", NULL, NULL, NULL);
  else
    via_mock_respond (connection, "200 OK", "Application/JSON; charset=utf-8", headers, result);
}

void
mock_answer_json (ViaMockConnection    *connection,
                  const ViaMockRequest *request,
                  gpointer              data)
{
  mock_send_json (connection, request, NULL);
}

void
mock_answer_events (ViaMockConnection    *connection,
                    const ViaMockRequest *request,
                    gpointer              data)
{
  g_autofree char *result = mock_new_result (request);

  via_mock_begin_chunked (connection, "text/event-stream; charset=utf-8", NULL);
  via_mock_chunk (connection, ": hello\n\nevent: ping\ndata: not JSON\n\ndata: \n\n");
  via_mock_chunk (connection, "data: {\"jsonrpc\":\"2.0\",\"method\":\"first\"}\n\nevent: message\nda");
  via_mock_chunk (connection, "ta: %s\n\n", result);
  via_mock_end_chunked (connection);
}

void
mock_endless_events (ViaMockConnection    *connection,
                     const ViaMockRequest *request,
                     gpointer              data)
{
  via_mock_begin_chunked (connection, EVENTS, NULL);
  via_mock_wait_until_left (connection, PATIENCE_MS);
}

/* @data is written as it is, with %d for the id; then the connection ends. */
void
mock_raw (ViaMockConnection    *connection,
          const ViaMockRequest *request,
          gpointer              data)
{
  g_autofree char *id = g_strdup_printf ("%d", mock_get_id (request));
  g_auto(GStrv) parts = g_strsplit (data, "%d", -1);
  g_autofree char *text = g_strjoinv (id, parts);

  via_mock_write (connection, text, -1);
  via_mock_close (connection);
}

void
mock_give_session (ViaMockConnection    *connection,
                   const ViaMockRequest *request,
                   gpointer              data)
{
  guint *deletions = data;

  if (strcmp (request->method, "DELETE") == 0)
    {
      g_atomic_int_inc (deletions);
      via_mock_respond (connection, "200 OK", NULL, NULL, NULL);
    }
  else
    mock_send_json (connection, request, strstr (request->body, "initialize") != NULL
               ? "Mcp-Session-Id: the-session\r\n" : "Mcp-Session-Id: another\r\n");
}

void
mock_say_nothing (ViaMockConnection    *connection,
                  const ViaMockRequest *request,
                  gpointer              data)
{
  via_mock_wait_until_left (connection, PATIENCE_MS);
}
