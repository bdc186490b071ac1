/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/via-limits.h"
#include "rpc/via-rpc-peer.h"
#include "transport/via-http-transport.h"
#include "via-mock-http.h"

#define JSON "application/json"
#define EVENTS "text/event-stream"
#define PATIENCE_MS 8000

/* --- a client of a scripted server --- */

typedef struct
{
  ViaMockHttp  *server;
  ViaTransport *transport;
  ViaRpcPeer   *peer;
  GString      *messages; /* "n:method " or "r:id " */
  GString      *notes;
  GError       *closed_error;
  guint         n_closed;
} Client;

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

static void
keep_result_cb (GObject      *source,
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

static void
wait_for (gboolean (*is_done) (gpointer data),
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

static gboolean
is_set (gpointer data)
{
  return *(gpointer *) data != NULL;
}

static gboolean
is_after (gpointer data)
{
  return g_get_monotonic_time () >= *(gint64 *) data;
}

static void
run_for (guint milliseconds)
{
  gint64 end = g_get_monotonic_time () + milliseconds * 1000;

  wait_for (is_after, &end);
}

static void
start_at (Client                *client,
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
  via_transport_start_async (client->transport, NULL, keep_result_cb, &result);
  wait_for (is_set, &result);
  via_transport_start_finish (client->transport, result, &error);
  g_assert_no_error (error);
}

static void
start_with (Client                *client,
            ViaMockHandler         handler,
            gconstpointer          data,
            const ViaHttpSettings *settings,
            ViaHttpAuthorizer     *authorizer)
{
  *client = (Client) { .server = via_mock_http_new (handler, (gpointer) data) };
  start_at (client, via_mock_http_get_url (client->server), settings, authorizer);
}

static void
start (Client         *client,
       ViaMockHandler  handler,
       gconstpointer   data)
{
  start_with (client, handler, data, NULL, NULL);
}

static void
close_transport (Client *client)
{
  g_autoptr(GAsyncResult) result = NULL;

  via_transport_close_async (client->transport, NULL, keep_result_cb, &result);
  wait_for (is_set, &result);
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
static void
drop_objects (Client *client)
{
  gpointer transport = client->transport, peer = client->peer;

  g_object_add_weak_pointer (transport, &transport);
  g_object_add_weak_pointer (peer, &peer);
  g_object_unref (client->peer);
  g_object_unref (client->transport);
  wait_for (is_gone, &peer);
  wait_for (is_gone, &transport);
}

static void
stop (Client *client)
{
  if (client->n_closed == 0)
    close_transport (client);
  drop_objects (client);
  g_clear_pointer (&client->server, via_mock_http_free);
  g_string_free (client->messages, TRUE);
  g_string_free (client->notes, TRUE);
}

static ViaRpcMessage *
call (Client                   *client,
      const char               *method,
      const ViaRpcCallOptions  *options,
      GCancellable             *cancellable,
      GError                  **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  via_rpc_peer_call_async (client->peer, method, via_json_value_missing (), options, cancellable, keep_result_cb,
                           &result);
  wait_for (is_set, &result);
  return via_rpc_peer_call_finish (client->peer, result, error);
}

static void
call_ok (Client     *client,
         const char *method)
{
  ViaRpcCallOptions options = { .timeout_ms = 6000 };
  GError *error = NULL;
  g_autoptr(ViaRpcMessage) message = call (client, method, &options, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (message);
}

static GError *
call_fails_with (Client                  *client,
                 const ViaRpcCallOptions *options,
                 ViaRpcError              code)
{
  GError *error = NULL;

  g_assert_null (call (client, "test", options, NULL, &error));
  g_assert_error (error, VIA_RPC_ERROR, (int) code);
  g_test_message ("%s", error->message);
  return error;
}

static GError *
call_fails (Client      *client,
            ViaRpcError  code)
{
  ViaRpcCallOptions options = { .timeout_ms = 6000 };

  return call_fails_with (client, &options, code);
}

static void raw (ViaMockConnection *connection, const ViaMockRequest *request, gpointer data);

/* One call, one answer of the server, one code. */
static void
check_failure (ViaMockHandler  handler,
               gconstpointer   data,
               ViaRpcError     code,
               const char     *words)
{
  Client client;
  g_autoptr(GError) error = NULL;

  if (handler == raw)
    g_test_message ("%s", (const char *) data);
  start (&client, handler, data);
  error = call_fails (&client, code);
  if (words != NULL)
    g_assert_nonnull (strstr (error->message, words));
  stop (&client);
}

/* --- what the server says --- */

static int
get_id (const ViaMockRequest *request)
{
  const char *id = strstr (request->body, "\"id\":");

  return id != NULL ? atoi (id + 5) : -1;
}

static char *
new_result (const ViaMockRequest *request)
{
  return g_strdup_printf ("{\"jsonrpc\":\"2.0\",\"id\":%d,\"result\":{}}", get_id (request));
}

static void
send_json (ViaMockConnection    *connection,
           const ViaMockRequest *request,
           const char           *headers)
{
  g_autofree char *result = new_result (request);

  if (get_id (request) < 0)
    via_mock_respond (connection, "202 Accepted", NULL, NULL, NULL);
  else
    via_mock_respond (connection, "200 OK", "Application/JSON; charset=utf-8", headers, result);
}

static void
answer_json (ViaMockConnection    *connection,
             const ViaMockRequest *request,
             gpointer              data)
{
  send_json (connection, request, NULL);
}

static void
answer_events (ViaMockConnection    *connection,
               const ViaMockRequest *request,
               gpointer              data)
{
  g_autofree char *result = new_result (request);

  via_mock_begin_chunked (connection, "text/event-stream; charset=utf-8", NULL);
  via_mock_chunk (connection, ": hello\n\nevent: ping\ndata: not JSON\n\ndata: \n\n");
  via_mock_chunk (connection, "data: {\"jsonrpc\":\"2.0\",\"method\":\"first\"}\n\nevent: message\nda");
  via_mock_chunk (connection, "ta: %s\n\n", result);
  via_mock_end_chunked (connection);
}

static void
test_json (void)
{
  Client client;
  const ViaMockRequest *request;

  start (&client, answer_json, NULL);
  for (guint i = 0; i < 5; i++)
    call_ok (&client, "test");
  request = via_mock_http_get_request (client.server, 1);
  g_assert_cmpstr (request->method, ==, "POST");
  g_assert_cmpstr (request->target, ==, "/mcp");
  g_assert_cmpstr (request->body, ==, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"test\"}");
  g_assert_cmpstr (via_mock_request_get_header (request, "content-type"), ==, JSON);
  g_assert_cmpstr (via_mock_request_get_header (request, "accept"), ==, JSON ", " EVENTS);
  g_assert_cmpstr (via_mock_request_get_header (request, "accept-encoding"), ==, "identity");
  g_assert_null (via_mock_request_get_header (request, "mcp-session-id"));
  g_assert_null (via_mock_request_get_header (request, "mcp-protocol-version"));
  g_assert_null (via_mock_request_get_header (request, "cookie"));
  g_assert_cmpuint (via_mock_http_get_n_connections (client.server), ==, 1);
  stop (&client);
}

static void
test_events (void)
{
  Client client;

  start (&client, answer_events, NULL);
  for (guint i = 0; i < 3; i++)
    call_ok (&client, "test");
  g_assert_cmpstr (client.messages->str, ==, "n:first r:1 n:first r:2 n:first r:3 ");
  run_for (50);
  call_ok (&client, "test");
  g_assert_cmpuint (via_mock_http_get_n_connections (client.server), <=, 2);
  stop (&client);
}

static void
test_headers (void)
{
  const char *headers[] = { "Mcp-Method", "test", "Mcp-Name", "a tool", NULL };
  ViaRpcCallOptions options = { .timeout_ms = 6000, .headers = headers };
  g_autoptr(ViaRpcMessage) message = NULL;
  const ViaMockRequest *request;
  Client client;

  start (&client, answer_json, NULL);
  via_transport_set_protocol (client.transport, "2026-07-28", TRUE);
  message = call (&client, "test", &options, NULL, NULL);
  request = via_mock_http_get_request (client.server, 1);
  g_assert_cmpstr (via_mock_request_get_header (request, "mcp-method"), ==, "test");
  g_assert_cmpstr (via_mock_request_get_header (request, "mcp-name"), ==, "a tool");
  g_assert_cmpstr (via_mock_request_get_header (request, "mcp-protocol-version"), ==, "2026-07-28");
  stop (&client);
}

static gboolean
has_two_requests (gpointer data)
{
  return via_mock_http_get_n_requests (((Client *) data)->server) >= 2;
}

static void
endless_events (ViaMockConnection    *connection,
                const ViaMockRequest *request,
                gpointer              data)
{
  via_mock_begin_chunked (connection, EVENTS, NULL);
  via_mock_wait_until_left (connection, PATIENCE_MS);
}

/* 202, or a stream that never says anything: a notification waits for neither. */
static void
test_notifications (void)
{
  ViaMockHandler handlers[] = { answer_json, endless_events };

  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    {
      Client client;
      g_autoptr(GBytes) body = via_rpc_write_notification ("n", via_json_value_missing ());
      ViaTransportMessage message = { .body = body, .method = "n", .id = -1 };
      g_autoptr(GAsyncResult) result = NULL;

      start (&client, handlers[i], NULL);
      via_rpc_peer_notify (client.peer, "n", via_json_value_missing (), NULL);
      via_transport_send_async (client.transport, &message, NULL, keep_result_cb, &result);
      wait_for (is_set, &result);
      g_assert_true (via_transport_send_finish (client.transport, result, NULL));
      g_clear_object (&result);
      wait_for (has_two_requests, &client);
      stop (&client);
    }
}

/* --- sessions --- */

static void
give_session (ViaMockConnection    *connection,
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
    send_json (connection, request, strstr (request->body, "initialize") != NULL
               ? "Mcp-Session-Id: the-session\r\n" : "Mcp-Session-Id: another\r\n");
}

static void
test_session (void)
{
  Client client;
  const ViaMockRequest *request;
  guint deletions = 0;

  start (&client, give_session, &deletions);
  call_ok (&client, "server/discover");
  g_assert_null (via_http_transport_get_session_id (VIA_HTTP_TRANSPORT (client.transport)));
  call_ok (&client, "initialize");
  g_assert_cmpstr (via_http_transport_get_session_id (VIA_HTTP_TRANSPORT (client.transport)), ==, "the-session");
  via_transport_set_protocol (client.transport, "2025-11-25", FALSE);
  call_ok (&client, "test");
  call_ok (&client, "initialize");
  request = via_mock_http_get_request (client.server, 2);
  g_assert_null (via_mock_request_get_header (request, "mcp-session-id"));
  g_assert_null (via_mock_request_get_header (request, "mcp-protocol-version"));
  request = via_mock_http_get_request (client.server, 3);
  g_assert_cmpstr (via_mock_request_get_header (request, "mcp-session-id"), ==, "the-session");
  g_assert_cmpstr (via_mock_request_get_header (request, "mcp-protocol-version"), ==, "2025-11-25");
  request = via_mock_http_get_request (client.server, 4);
  g_assert_null (via_mock_request_get_header (request, "mcp-session-id"));
  close_transport (&client);
  g_assert_cmpuint (deletions, ==, 1);
  request = via_mock_http_get_request (client.server, 5);
  g_assert_cmpstr (via_mock_request_get_header (request, "mcp-session-id"), ==, "the-session");
  g_assert_cmpstr (via_mock_request_get_header (request, "mcp-protocol-version"), ==, "2025-11-25");
  stop (&client);
}

static gboolean
is_counted (gpointer data)
{
  return g_atomic_int_get ((int *) data) > 0;
}

static void
test_dispose_ends_session (void)
{
  Client client;
  guint deletions = 0;

  start (&client, give_session, &deletions);
  call_ok (&client, "initialize");
  client.n_closed = 1;
  drop_objects (&client);
  wait_for (is_counted, &deletions);
  run_for (20);
  via_mock_http_free (client.server);
  g_string_free (client.messages, TRUE);
  g_string_free (client.notes, TRUE);
}

static void
hang_on_delete (ViaMockConnection    *connection,
                const ViaMockRequest *request,
                gpointer              data)
{
  if (strcmp (request->method, "DELETE") == 0)
    via_mock_wait_until_left (connection, PATIENCE_MS);
  else
    send_json (connection, request, "Mcp-Session-Id: s\r\n");
}

static void
test_close_is_bounded (void)
{
  Client client;
  gint64 began;

  start (&client, hang_on_delete, NULL);
  call_ok (&client, "initialize");
  began = g_get_monotonic_time ();
  close_transport (&client);
  g_assert_cmpint (g_get_monotonic_time () - began, <, 3 * VIA_LIMIT_HTTP_CLOSE_MS * 1000);
  stop (&client);
}

typedef struct
{
  const char *status;
  const char *type;
  const char *body;
  const char *headers;
} Answer;

static void
answer_as_told (ViaMockConnection    *connection,
                const ViaMockRequest *request,
                gpointer              data)
{
  const Answer *answer = data;

  if (strstr (request->body, "initialize") != NULL)
    send_json (connection, request, "Mcp-Session-Id: s\r\n");
  else
    via_mock_respond (connection, answer->status, answer->type, answer->headers, answer->body);
}

static void
test_session_lost (void)
{
  Answer answers[] = {
    { "404 Not Found", "text/plain", "what?" },
    { "400 Bad Request", JSON,
      "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32000,\"message\":\"Bad Request: No valid session ID provided\"},"
      "\"id\":null}" },
    { "400 Bad Request", "text/html", "<h1>Unknown Session</h1>" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      Client client;
      g_autoptr(GError) with = NULL;
      g_autoptr(GError) without = NULL;

      start (&client, answer_as_told, &answers[i]);
      without = call_fails (&client, i == 1 ? VIA_RPC_ERROR_REMOTE : VIA_RPC_ERROR_HTTP);
      call_ok (&client, "initialize");
      with = call_fails (&client, VIA_RPC_ERROR_SESSION_LOST);
      via_http_transport_reset_session (VIA_HTTP_TRANSPORT (client.transport));
      g_assert_null (via_http_transport_get_session_id (VIA_HTTP_TRANSPORT (client.transport)));
      stop (&client);
    }
}

/* --- refusals --- */

static void
test_remote_errors (void)
{
  static const struct
  {
    const char *status;
    const char *body;
    ViaRpcError code;
    int         remote;
  } table[] = {
    { "404 Not Found", "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32601,\"message\":\"no\"}}", VIA_RPC_ERROR_REMOTE, -32601 },
    { "400 Bad Request", "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,\"message\":\"no\"}}", VIA_RPC_ERROR_REMOTE, -32700 },
    { "400 Bad Request", "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32022,\"message\":\"no\",\"data\":[1]}}", VIA_RPC_ERROR_REMOTE, -32022 },
    { "500 Oops", "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32603,\"message\":\"no\"},\"id\":1}", VIA_RPC_ERROR_REMOTE, -32603 },
    { "400 Bad Request", "{\"jsonrpc\":\"2.0\",\"id\":2,\"error\":{\"code\":-32601,\"message\":\"no\"}}", VIA_RPC_ERROR_HTTP, 0 },
    { "400 Bad Request", "{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"error\":{\"code\":-32601,\"message\":\"no\"}}", VIA_RPC_ERROR_HTTP, 0 },
    { "500 Oops", "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}", VIA_RPC_ERROR_HTTP, 0 },
    { "500 Oops", "{\"error\":\"no\"}", VIA_RPC_ERROR_HTTP, 0 },
    { "500 Oops", "", VIA_RPC_ERROR_HTTP, 0 },
    { "401 Unauthorized", "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32001,\"message\":\"no\"}}", VIA_RPC_ERROR_UNAUTHORIZED, 0 },
    { "200 OK", "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32001,\"message\":\"no\"}}", VIA_RPC_ERROR_REMOTE, -32001 },
    { "200 OK", "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32002,\"message\":\"no\"}}", VIA_RPC_ERROR_REMOTE, -32002 },
    { "200 OK", "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}}", VIA_RPC_ERROR_CLOSED, 0 },
    { "200 OK", "[{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}]", VIA_RPC_ERROR_INVALID, 0 },
    { "200 OK", "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}", VIA_RPC_ERROR_INVALID, 0 },
    { "200 OK", "", VIA_RPC_ERROR_CLOSED, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      Answer answer = { table[i].status, JSON, table[i].body, "Retry-After: 7\r\n" };
      Client client;
      g_autoptr(GError) error = NULL;

      g_test_message ("%s %s", table[i].status, table[i].body);
      start (&client, answer_as_told, &answer);
      error = call_fails (&client, table[i].code);
      if (table[i].remote != 0)
        g_assert_cmpint (via_rpc_error_get_remote (error)->code, ==, table[i].remote);
      if (table[i].status[0] != '2')
        g_assert_cmpuint (via_rpc_error_get_http_status (error), ==, (guint) atoi (table[i].status));
      if (table[i].code == VIA_RPC_ERROR_HTTP || (table[i].remote != 0 && table[i].status[0] != '2'))
        g_assert_cmpint (via_rpc_error_get_retry_after (error), ==, 7000);
      stop (&client);
    }
}

static void
test_unauthorized (void)
{
  Answer answer = { "401 Unauthorized", "text/plain", "who are you?",
                    "WWW-Authenticate: Bearer resource_metadata=\"https://a/b\", scope=\"x y\"\r\n" };
  Client client;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) forbidden = NULL;

  start (&client, answer_as_told, &answer);
  error = call_fails (&client, VIA_RPC_ERROR_UNAUTHORIZED);
  g_assert_cmpuint (via_rpc_error_get_http_status (error), ==, 401);
  g_assert_cmpstr (via_rpc_error_get_challenge (error), ==,
                   "Bearer resource_metadata=\"https://a/b\", scope=\"x y\"");
  g_assert_cmpstr (via_rpc_error_get_body (error), ==, "who are you?");
  answer.status = "403 Forbidden";
  forbidden = call_fails (&client, VIA_RPC_ERROR_UNAUTHORIZED);
  g_assert_cmpuint (via_rpc_error_get_http_status (forbidden), ==, 403);
  g_assert_cmpuint (via_mock_http_get_n_requests (client.server), ==, 2);
  stop (&client);
}

static void
fail_twice (ViaMockConnection    *connection,
            const ViaMockRequest *request,
            gpointer              data)
{
  if (request->number <= 2)
    via_mock_respond (connection, "503 Service Unavailable", "text/html", "Retry-After: 2\r\n", "<p>Busy</p>");
  else
    send_json (connection, request, NULL);
}

static void
test_unavailable (void)
{
  Client client;

  start (&client, fail_twice, NULL);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(GError) error = call_fails (&client, VIA_RPC_ERROR_HTTP);

      g_assert_cmpuint (via_rpc_error_get_http_status (error), ==, 503);
      g_assert_cmpint (via_rpc_error_get_retry_after (error), ==, 2000);
    }
  call_ok (&client, "test");
  g_assert_cmpuint (via_mock_http_get_n_connections (client.server), ==, 1);
  stop (&client);
}

static void
redirect (ViaMockConnection    *connection,
          const ViaMockRequest *request,
          gpointer              data)
{
  static const char *const statuses[] = { "301 a", "302 b", "303 c", "307 d", "308 e" };
  g_autofree char *location = g_strdup_printf ("Location: %s\r\n", (const char *) data);

  via_mock_respond (connection, statuses[(request->number - 1) % G_N_ELEMENTS (statuses)], "text/html", location, "moved");
}

/* --- an authorizer --- */

typedef struct
{
  GObject  parent_instance;
  gboolean fails;
  guint    n_asked;
} TestAuthorizer;

typedef struct
{
  GObjectClass parent_class;
} TestAuthorizerClass;

static void
test_authorizer_authorize_async (ViaHttpAuthorizer   *authorizer,
                                 SoupMessage         *message,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  TestAuthorizer *self = (TestAuthorizer *) authorizer;
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  self->n_asked++;
  if (self->fails)
    {
      g_task_return_new_error (task, VIA_RPC_ERROR, VIA_RPC_ERROR_NOT_SENT, "No token.");
      return;
    }
  soup_message_headers_append (soup_message_get_request_headers (message), "Authorization", "Bearer canary");
  soup_message_headers_append (soup_message_get_request_headers (message), "X-API-Key", "canary");
  g_task_return_boolean (task, TRUE);
}

static gboolean
test_authorizer_authorize_finish (ViaHttpAuthorizer  *authorizer,
                                  GAsyncResult       *result,
                                  GError            **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
test_authorizer_iface_init (ViaHttpAuthorizerInterface *iface)
{
  iface->authorize_async = test_authorizer_authorize_async;
  iface->authorize_finish = test_authorizer_authorize_finish;
}

GType test_authorizer_get_type (void);
G_DEFINE_TYPE_WITH_CODE (TestAuthorizer, test_authorizer, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (VIA_TYPE_HTTP_AUTHORIZER, test_authorizer_iface_init))

static void
test_authorizer_class_init (TestAuthorizerClass *klass)
{
}

static void
test_authorizer_init (TestAuthorizer *self)
{
}

static void
test_redirects (void)
{
  g_autoptr(GObject) authorizer = g_object_new (test_authorizer_get_type (), NULL);
  ViaMockHttp *other = via_mock_http_new (answer_json, NULL);
  Client client;

  start_with (&client, redirect, (gpointer) via_mock_http_get_url (other), NULL, VIA_HTTP_AUTHORIZER (authorizer));
  for (guint i = 0; i < 5; i++)
    {
      g_autoptr(GError) error = call_fails (&client, VIA_RPC_ERROR_REDIRECTED);

      g_assert_nonnull (strstr (error->message, via_mock_http_get_url (other)));
    }
  g_assert_cmpuint (via_mock_http_get_n_connections (other), ==, 0);
  stop (&client);
  via_mock_http_free (other);
}

static void
test_authorization (void)
{
  g_autoptr(GObject) authorizer = g_object_new (test_authorizer_get_type (), NULL);
  TestAuthorizer *state = (TestAuthorizer *) authorizer;
  g_autoptr(GError) error = NULL;
  guint deletions = 0;
  Client client;

  start_with (&client, give_session, &deletions, NULL, VIA_HTTP_AUTHORIZER (authorizer));
  call_ok (&client, "initialize");
  call_ok (&client, "test");
  state->fails = TRUE;
  error = call_fails (&client, VIA_RPC_ERROR_NOT_SENT);
  g_assert_cmpuint (via_mock_http_get_n_requests (client.server), ==, 2);
  state->fails = FALSE;
  close_transport (&client);
  g_assert_cmpuint (state->n_asked, ==, 4);
  for (guint i = 1; i <= 3; i++)
    {
      const ViaMockRequest *request = via_mock_http_get_request (client.server, i);

      g_assert_cmpstr (via_mock_request_get_header (request, "authorization"), ==, "Bearer canary");
      g_assert_cmpstr (via_mock_request_get_header (request, "x-api-key"), ==, "canary");
    }
  stop (&client);
}

/* --- answers of the wrong kind or size --- */

static void
test_content_types (void)
{
  Answer html = { "200 OK", "text/html; charset=utf-8", "\n\n  <html>\n<b>Welcome</b> to nginx" };
  Answer text = { "200 OK", "text/plain", "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}" };
  Answer none = { "200 OK", NULL, "" };
  Answer accepted = { "202 Accepted", NULL, NULL };

  check_failure (answer_as_told, &html, VIA_RPC_ERROR_CONTENT_TYPE, "“<html> <b>Welcome</b> to nginx”");
  check_failure (answer_as_told, &text, VIA_RPC_ERROR_CONTENT_TYPE, "text/plain");
  check_failure (answer_as_told, &none, VIA_RPC_ERROR_CONTENT_TYPE, "answered nothing");
  check_failure (answer_as_told, &accepted, VIA_RPC_ERROR_CONTENT_TYPE, "HTTP 202");
}

static void
test_allowed_content_types (void)
{
  const char *only_text[] = { "text/plain", NULL };
  const char *both[] = { "text/plain", JSON, NULL };
  ViaHttpSettings settings = { .validate_certificates = TRUE, .allowed_content_types = only_text };
  g_autoptr(GError) error = NULL;
  Client client;

  start_with (&client, answer_json, NULL, &settings, NULL);
  error = call_fails (&client, VIA_RPC_ERROR_CONTENT_TYPE);
  stop (&client);
  start_with (&client, answer_events, NULL, &settings, NULL);
  call_ok (&client, "test");
  stop (&client);
  settings.allowed_content_types = both;
  start_with (&client, answer_json, NULL, &settings, NULL);
  call_ok (&client, "test");
  stop (&client);
}

static void
endless_body (ViaMockConnection    *connection,
              const ViaMockRequest *request,
              gpointer              data)
{
  g_autofree char *block = g_strnfill (65536, ' ');

  via_mock_begin_chunked (connection, data, NULL);
  if (strcmp (data, EVENTS) == 0)
    via_mock_chunk (connection, "data: ");
  for (guint i = 0; i < 16384; i++)
    {
      g_autofree char *chunk = g_strdup_printf ("%x\r\n%s\r\n", 65536, block);

      if (!via_mock_write (connection, chunk, -1))
        break;
    }
  via_mock_close (connection);
}

static void
announced_body (ViaMockConnection    *connection,
                const ViaMockRequest *request,
                gpointer              data)
{
  via_mock_write (connection, "HTTP/1.1 200 OK\r\nContent-Type: " JSON "\r\nContent-Length: 100000000000000\r\n\r\n{", -1);
  via_mock_wait_until_left (connection, PATIENCE_MS);
}

static gsize
read_resident_bytes (void)
{
  g_autofree char *text = NULL;
  gsize pages = 0;

  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  g_assert_cmpint (sscanf (text, "%*u %" G_GSIZE_FORMAT, &pages), ==, 1);
  return pages * 4096;
}

static void
check_too_large (ViaMockHandler  handler,
                 gconstpointer   data,
                 gsize           max_bytes)
{
  ViaHttpSettings settings = { .validate_certificates = TRUE, .max_response_bytes = max_bytes };
  G_GNUC_UNUSED gsize before = read_resident_bytes ();
  g_autoptr(GError) error = NULL;
  Client client;

  start_with (&client, handler, data, &settings, NULL);
  error = call_fails (&client, VIA_RPC_ERROR_TOO_LARGE);
  stop (&client);
#ifndef __SANITIZE_ADDRESS__
  g_assert_cmpuint (read_resident_bytes (), <, before + 64 * 1024 * 1024);
#endif
}

static void
test_oversized (void)
{
  check_too_large (endless_body, JSON, 0);
  check_too_large (endless_body, EVENTS, 0);
  check_too_large (endless_body, EVENTS, 100000);
  check_too_large (announced_body, NULL, 0);
}

static void
packed (ViaMockConnection    *connection,
        const ViaMockRequest *request,
        gpointer              data)
{
  static const char *const encodings[] = { "gzip", "br", "gzip, gzip", "zstd", "made-up" };
  guint n = (request->number - 1) % G_N_ELEMENTS (encodings);
  g_autofree char *headers = g_strdup_printf ("Content-Encoding: %s\r\n", encodings[n]);
  g_autofree char *result = new_result (request);
  g_autofree char *event = g_strdup_printf ("data: %s\n\n", result);

  via_mock_respond (connection, "200 OK", data, headers, data != NULL && strcmp (data, EVENTS) == 0 ? event : result);
}

static void
test_packed (void)
{
  const char *types[] = { JSON, EVENTS };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      Client client;

      start (&client, packed, (gpointer) types[i]);
      for (guint j = 0; j < 5; j++)
        {
          g_autoptr(GError) error = call_fails (&client, VIA_RPC_ERROR_CONTENT_TYPE);

          g_assert_nonnull (strstr (error->message, "packed"));
        }
      stop (&client);
    }
}

/* --- broken answers --- */

/* @data is written as it is, with %d for the id; then the connection ends. */
static void
raw (ViaMockConnection    *connection,
     const ViaMockRequest *request,
     gpointer              data)
{
  g_autofree char *id = g_strdup_printf ("%d", get_id (request));
  g_auto(GStrv) parts = g_strsplit (data, "%d", -1);
  g_autofree char *text = g_strjoinv (id, parts);

  via_mock_write (connection, text, -1);
  via_mock_close (connection);
}

#define OK "HTTP/1.1 200 OK\r\n"
#define TYPE "Content-Type: application/json\r\n"
#define RESULT "{\"jsonrpc\":\"2.0\",\"id\":%d,\"result\":{}}" /* 36 bytes with an id of one digit */

static void
test_truncated (void)
{
  check_failure (raw, OK TYPE "Content-Length: 40\r\n\r\n" RESULT, VIA_RPC_ERROR_CLOSED, NULL);
  check_failure (raw, OK TYPE "Transfer-Encoding: chunked\r\n\r\n30\r\n" RESULT, VIA_RPC_ERROR_CLOSED, NULL);
  check_failure (raw, OK TYPE "Transfer-Encoding: chunked\r\n\r\n24\r\n" RESULT "\r\n", VIA_RPC_ERROR_CLOSED, NULL);
  check_failure (raw, OK TYPE "Transfer-Encoding: chunked\r\n\r\n", VIA_RPC_ERROR_CLOSED, NULL);
  check_failure (raw, OK "Content-Type: text/event-stream\r\n\r\ndata: " RESULT "\n", VIA_RPC_ERROR_CLOSED, NULL);
  check_failure (raw, OK "Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n24\r\n: ",
                 VIA_RPC_ERROR_CLOSED, NULL);
  check_failure (raw, OK TYPE, VIA_RPC_ERROR_CLOSED, NULL);
  check_failure (raw, "", VIA_RPC_ERROR_CLOSED, NULL);
}

static void
test_framing (void)
{
  check_failure (raw, OK TYPE "Content-Length: 36\r\nContent-Length: 2\r\n\r\n" RESULT, VIA_RPC_ERROR_INVALID, "length");
  check_failure (raw, OK TYPE "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n24\r\n" RESULT "\r\n0\r\n\r\n",
                 VIA_RPC_ERROR_INVALID, "chunks");
  check_failure (raw, OK TYPE "Content-Length: +36\r\n\r\n" RESULT, VIA_RPC_ERROR_INVALID, "length");
}

static void
test_not_http (void)
{
  Client client;
  const char *texts[] = { "hello there\r\n\r\n", "HTTP/1.1 999999 What\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n", RESULT };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      ViaRpcCallOptions options = { .timeout_ms = 6000 };
      g_autoptr(GError) error = NULL;

      start (&client, raw, texts[i]);
      g_assert_null (call (&client, "test", &options, NULL, &error));
      g_assert_cmpuint (error->domain, ==, VIA_RPC_ERROR);
      g_assert_true (error->code == VIA_RPC_ERROR_INVALID || error->code == VIA_RPC_ERROR_CLOSED
                     || error->code == VIA_RPC_ERROR_CONTENT_TYPE || error->code == VIA_RPC_ERROR_HTTP);
      stop (&client);
    }
}

static void
many_headers (ViaMockConnection    *connection,
              const ViaMockRequest *request,
              gpointer              data)
{
  via_mock_write (connection, OK TYPE, -1);
  for (guint i = 0; i < 3000; i++)
    via_mock_printf (connection, "X-%u: y\r\n", i);
  via_mock_printf (connection, "Content-Length: 36\r\n\r\n{\"jsonrpc\":\"2.0\",\"id\":%d,\"result\":{}}", get_id (request));
}

static void
interim_flood (ViaMockConnection    *connection,
               const ViaMockRequest *request,
               gpointer              data)
{
  for (guint i = 0; i < 200000; i++)
    if (!via_mock_write (connection, "HTTP/1.1 102 Processing\r\n\r\n", -1))
      break;
  send_json (connection, request, NULL);
}

static void
test_header_floods (void)
{
  check_failure (many_headers, NULL, VIA_RPC_ERROR_INVALID, "too many headers");
  check_failure (interim_flood, NULL, VIA_RPC_ERROR_INVALID, "interim");
}

/* A second answer behind the first must not be taken for that of the next call. */
static void
poison (ViaMockConnection    *connection,
        const ViaMockRequest *request,
        gpointer              data)
{
  send_json (connection, request, NULL);
  via_mock_printf (connection, OK TYPE "Content-Length: 45\r\n\r\n{\"jsonrpc\":\"2.0\",\"id\":%d,\"result\":{\"evil\":1}}",
                   get_id (request) + 1);
}

static void
test_poison (void)
{
  Client client;

  start (&client, poison, NULL);
  for (guint i = 0; i < 5; i++)
    {
      ViaRpcCallOptions options = { .timeout_ms = 6000 };
      g_autoptr(GError) error = NULL;
      g_autoptr(ViaRpcMessage) message = call (&client, "test", &options, NULL, &error);

      if (message != NULL)
        g_assert_cmpuint (via_json_value_get_size (via_rpc_message_get_result (message)), ==, 0);
      run_for (10);
    }
  stop (&client);
}

static void
mixed_events (ViaMockConnection    *connection,
              const ViaMockRequest *request,
              gpointer              data)
{
  g_autofree char *result = new_result (request);

  via_mock_begin_chunked (connection, EVENTS, NULL);
  via_mock_chunk (connection, "data: {\"oops\":\n\ndata: [1]\n\n");
  if (data != NULL)
    via_mock_chunk (connection, "data: %s\n\n", (const char *) data);
  else
    via_mock_chunk (connection, "data: %s\n\n", result);
  via_mock_end_chunked (connection);
}

static void
test_bad_events (void)
{
  Client client;

  start (&client, mixed_events, NULL);
  call_ok (&client, "test");
  g_assert_nonnull (strstr (client.notes->str, "skipped"));
  stop (&client);
  check_failure (mixed_events, "{\"jsonrpc\":\"2.0\",\"method\":\"n\"}", VIA_RPC_ERROR_INVALID, NULL);
  check_failure (mixed_events, "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":1,\"message\":\"m\"}}",
                 VIA_RPC_ERROR_REMOTE, NULL);
}

static void
large_answer (ViaMockConnection    *connection,
              const ViaMockRequest *request,
              gpointer              data)
{
  g_autofree char *block = g_strnfill (5 * 1024 * 1024, 'x');
  g_autofree char *result = g_strdup_printf ("{\"jsonrpc\":\"2.0\",\"id\":%d,\"result\":{\"x\":\"%s\"}}", get_id (request),
                                             block);

  if (strcmp (data, JSON) == 0)
    {
      via_mock_respond (connection, "200 OK", JSON, NULL, result);
      return;
    }
  via_mock_begin_chunked (connection, EVENTS, NULL);
  via_mock_chunk (connection, "data: %s\n\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"after\"}\n\n", result);
  via_mock_end_chunked (connection);
}

static void
test_large (void)
{
  Client client;

  start (&client, large_answer, JSON);
  call_ok (&client, "test");
  stop (&client);
  start (&client, large_answer, EVENTS);
  call_ok (&client, "test");
  call_ok (&client, "test");
  g_assert_true (g_str_has_prefix (client.messages->str, "r:1 n:after r:2"));
  stop (&client);
}

/* --- connections --- */

static void
test_refused (void)
{
  ViaMockHttp *server = via_mock_http_new (answer_json, NULL);
  g_autofree char *url = g_strdup (via_mock_http_get_url (server));
  Client client = { 0 };
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) unknown = NULL;

  via_mock_http_free (server);
  start_at (&client, url, NULL, NULL);
  error = call_fails (&client, VIA_RPC_ERROR_NOT_SENT);
  stop (&client);
  client = (Client) { 0 };
  start_at (&client, "http://no-such-host.invalid/mcp", NULL, NULL);
  unknown = call_fails (&client, VIA_RPC_ERROR_NOT_SENT);
  stop (&client);
}

static void
reset_first (ViaMockConnection    *connection,
             const ViaMockRequest *request,
             gpointer              data)
{
  if (request->number == 1)
    via_mock_reset (connection);
  else
    send_json (connection, request, NULL);
}

static void
reset_second (ViaMockConnection    *connection,
              const ViaMockRequest *request,
              gpointer              data)
{
  if (request->number == 2)
    via_mock_reset (connection);
  else
    send_json (connection, request, NULL);
}

/* Only what may be repeated is sent a second time, and only when the kept connection may have been the reason: attempts
 * are counted and spaced above. */
static void
test_reset (void)
{
  ViaRpcCallOptions options = { .timeout_ms = 6000, .idempotent = TRUE };
  g_autoptr(ViaRpcMessage) message = NULL;
  g_autoptr(GError) error = NULL;
  Client client;

  start (&client, reset_first, NULL);
  error = call_fails (&client, VIA_RPC_ERROR_CLOSED);
  g_assert_cmpuint (via_mock_http_get_n_requests (client.server), ==, 1);
  stop (&client);
  start (&client, reset_first, NULL);
  g_assert_null (call (&client, "test", &options, NULL, NULL));
  g_assert_cmpuint (via_mock_http_get_n_requests (client.server), ==, 1);
  stop (&client);
  start (&client, reset_second, NULL);
  call_ok (&client, "test");
  message = call (&client, "test", &options, NULL, NULL);
  g_assert_nonnull (message);
  g_assert_cmpuint (via_mock_http_get_n_requests (client.server), ==, 3);
  stop (&client);
  check_failure (raw, "", VIA_RPC_ERROR_CLOSED, NULL);
}

static void
answer_and_leave (ViaMockConnection    *connection,
                  const ViaMockRequest *request,
                  gpointer              data)
{
  if (request->number > 1 && strstr (request->body, "last") == NULL)
    {
      via_mock_close (connection);
      return;
    }
  send_json (connection, request, NULL);
}

/* Peer closes a kept connection just after reading a request: one execution, not two. */
static void
test_kept_connection_breaks (void)
{
  Client client;
  g_autoptr(GError) error = NULL;

  start (&client, answer_and_leave, NULL);
  call_ok (&client, "test");
  error = call_fails (&client, VIA_RPC_ERROR_CLOSED);
  g_assert_cmpuint (via_mock_http_get_n_requests (client.server), ==, 2);
  call_ok (&client, "last");
  g_assert_cmpuint (via_mock_http_get_n_requests (client.server), ==, 3);
  stop (&client);
}

static void
streams_and_answers (ViaMockConnection    *connection,
                     const ViaMockRequest *request,
                     gpointer              data)
{
  if (strstr (request->body, "stream") != NULL)
    endless_events (connection, request, data);
  else
    send_json (connection, request, NULL);
}

static void
test_streams_do_not_starve (void)
{
  GAsyncResult *results[20] = { NULL };
  Client client;

  start (&client, streams_and_answers, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    via_rpc_peer_call_async (client.peer, "stream", via_json_value_missing (), NULL, NULL, keep_result_cb, &results[i]);
  call_ok (&client, "test");
  close_transport (&client);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autoptr(GError) error = NULL;

      wait_for (is_set, &results[i]);
      g_assert_null (via_rpc_peer_call_finish (client.peer, results[i], &error));
      g_assert_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_CLOSED);
      g_object_unref (results[i]);
    }
  stop (&client);
}

static void
test_proxy_is_not_asked (void)
{
  Client client;

  g_setenv ("http_proxy", "http://127.0.0.1:9", TRUE);
  start (&client, answer_json, NULL);
  call_ok (&client, "test");
  stop (&client);
  g_unsetenv ("http_proxy");
}

/* --- cancelling and deadlines --- */

static void
say_nothing (ViaMockConnection    *connection,
             const ViaMockRequest *request,
             gpointer              data)
{
  via_mock_wait_until_left (connection, PATIENCE_MS);
}

static void
half_an_answer (ViaMockConnection    *connection,
                const ViaMockRequest *request,
                gpointer              data)
{
  via_mock_begin_chunked (connection, JSON, NULL);
  via_mock_chunk (connection, "{\"jsonrpc\":");
  via_mock_wait_until_left (connection, PATIENCE_MS);
}

static void
events_without_end (ViaMockConnection    *connection,
                    const ViaMockRequest *request,
                    gpointer              data)
{
  via_mock_begin_chunked (connection, EVENTS, NULL);
  via_mock_chunk (connection, "id: 1\nretry: 60000\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"n\"}\n\n");
  via_mock_wait_until_left (connection, PATIENCE_MS);
}

static void
events_to_resume (ViaMockConnection    *connection,
                  const ViaMockRequest *request,
                  gpointer              data)
{
  via_mock_begin_chunked (connection, EVENTS, NULL);
  via_mock_chunk (connection, "id: 1\nretry: 60000\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"n\"}\n\n");
  via_mock_end_chunked (connection);
}

static gboolean
cancel_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_REMOVE;
}

static gboolean
has_left (gpointer data)
{
  return via_mock_http_get_n_left (data) > 0;
}

/* Whatever it is doing, an exchange ends when it is cancelled, and the server sees the connection go. */
static void
test_cancel (void)
{
  ViaMockHandler handlers[] = { say_nothing, half_an_answer, events_without_end, events_to_resume };

  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    for (guint delay = 0; delay <= 100; delay += 50)
      {
        g_autoptr(GCancellable) cancellable = g_cancellable_new ();
        g_autoptr(GError) error = NULL;
        Client client;

        start (&client, handlers[i], NULL);
        g_timeout_add (delay, cancel_cb, cancellable);
        g_assert_null (call (&client, "test", NULL, cancellable, &error));
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
        if (handlers[i] != events_to_resume && delay == 100)
          wait_for (has_left, client.server);
        stop (&client);
      }
}

static void
test_cancel_before (void)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GBytes) body = via_rpc_write_request (1, "x", via_json_value_missing ());
  ViaTransportMessage message = { .body = body, .method = "x", .id = 1 };
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  Client client;

  start (&client, answer_json, NULL);
  g_cancellable_cancel (cancellable);
  via_transport_send_async (client.transport, &message, cancellable, keep_result_cb, &result);
  wait_for (is_set, &result);
  g_assert_false (via_transport_send_finish (client.transport, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (via_mock_http_get_n_requests (client.server), ==, 0);
  g_clear_object (&result);
  stop (&client);
}

static void
drip (ViaMockConnection    *connection,
      const ViaMockRequest *request,
      gpointer              data)
{
  via_mock_write (connection, data, -1);
  for (guint i = 0; i < 200; i++)
    {
      if (!via_mock_write (connection, "a", 1))
        break;
      g_usleep (50000);
    }
  via_mock_close (connection);
}

static void
test_drip (void)
{
  const char *places[] = { "HTTP/1.1 200 OK\r\nX-", OK TYPE "Content-Length: 1000\r\n\r\n",
                           OK "Content-Type: text/event-stream\r\n\r\ndata: " };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      ViaRpcCallOptions options = { .timeout_ms = 300 };
      gint64 began = g_get_monotonic_time ();
      g_autoptr(GError) error = NULL;
      Client client;

      start (&client, drip, (gpointer) places[i]);
      error = call_fails_with (&client, &options, VIA_RPC_ERROR_TIMEOUT);
      g_assert_cmpint (g_get_monotonic_time () - began, <, 5 * G_USEC_PER_SEC);
      stop (&client);
    }
}

/* --- resuming --- */

/* As the conformance suite's sse-retry: the POST stream primes and ends, the answer comes on a GET. */
static void
retry_script (ViaMockConnection    *connection,
              const ViaMockRequest *request,
              gpointer              data)
{
  int *id = data;

  via_mock_begin_chunked (connection, EVENTS, NULL);
  if (strcmp (request->method, "POST") == 0)
    {
      *id = get_id (request);
      via_mock_chunk (connection, "id: event-1\nretry: 500\ndata: \n\n");
    }
  else
    via_mock_chunk (connection, "id: event-2\ndata: {\"jsonrpc\":\"2.0\",\"id\":%d,\"result\":{}}\n\n", *id);
  via_mock_end_chunked (connection);
}

static void
test_sse_retry (void)
{
  const ViaMockRequest *post, *get;
  int id = 0;
  Client client;

  start (&client, retry_script, &id);
  via_transport_set_protocol (client.transport, "2025-11-25", FALSE);
  call_ok (&client, "test");
  g_assert_cmpuint (via_mock_http_get_n_requests (client.server), ==, 2);
  post = via_mock_http_get_request (client.server, 1);
  get = via_mock_http_get_request (client.server, 2);
  g_assert_cmpstr (get->method, ==, "GET");
  g_assert_cmpstr (via_mock_request_get_header (get, "last-event-id"), ==, "event-1");
  g_assert_cmpstr (via_mock_request_get_header (get, "accept"), ==, EVENTS);
  g_assert_cmpstr (via_mock_request_get_header (get, "mcp-protocol-version"), ==, "2025-11-25");
  g_assert_null (via_mock_request_get_header (get, "content-type"));
  g_assert_cmpint (get->time - post->time, >=, 480000);
  g_assert_cmpint (get->time - post->time, <, 3000000);
  g_assert_nonnull (strstr (client.notes->str, "taken up again"));
  stop (&client);
}

/* Ids go on counting over the streams, and a stream without one keeps the last. */
static void
many_streams (ViaMockConnection    *connection,
              const ViaMockRequest *request,
              gpointer              data)
{
  via_mock_begin_chunked (connection, EVENTS, NULL);
  if (request->number <= 3)
    via_mock_chunk (connection, "id: e%u\nretry: 1\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"m%u\"}\n\n", request->number,
                    request->number);
  else if (request->number == 4)
    via_mock_chunk (connection, "data: {\"jsonrpc\":\"2.0\",\"method\":\"m4\"}\n\nid: lost\ndata: half");
  else
    via_mock_chunk (connection, "data: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n\n");
  if (request->number == 2)
    via_mock_reset (connection);
  else
    via_mock_end_chunked (connection);
}

static void
test_resumes_again (void)
{
  const char *expected[] = { "e1", "e2", "e3", "e3" };
  Client client;

  start (&client, many_streams, NULL);
  call_ok (&client, "test");
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpstr (via_mock_request_get_header (via_mock_http_get_request (client.server, i + 2), "last-event-id"),
                     ==, expected[i]);
  g_assert_cmpstr (client.messages->str, ==, "n:m1 n:m2 n:m3 n:m4 r:1 ");
  stop (&client);
}

static void
never_answer (ViaMockConnection    *connection,
              const ViaMockRequest *request,
              gpointer              data)
{
  via_mock_begin_chunked (connection, EVENTS, NULL);
  via_mock_chunk (connection, "%s", (const char *) data);
  via_mock_end_chunked (connection);
}

static void
test_resumptions_are_counted (void)
{
  g_autoptr(GError) error = NULL;
  Client client;

  start (&client, never_answer, "id: 1\nretry: 1\ndata:\n\n");
  error = call_fails (&client, VIA_RPC_ERROR_CLOSED);
  g_assert_cmpuint (via_mock_http_get_n_requests (client.server), ==, 1 + VIA_LIMIT_SSE_RESUMPTIONS);
  stop (&client);
}

/* Without an event id there is nothing to resume at; in the modern era there never is. */
static void
test_no_resumption (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) modern = NULL;
  Client client;

  start (&client, never_answer, "retry: 1\ndata:\n\n");
  error = call_fails (&client, VIA_RPC_ERROR_CLOSED);
  g_assert_cmpuint (via_mock_http_get_n_requests (client.server), ==, 1);
  stop (&client);
  start (&client, never_answer, "id: 1\nretry: 1\ndata:\n\n");
  via_transport_set_protocol (client.transport, "2026-07-28", TRUE);
  modern = call_fails (&client, VIA_RPC_ERROR_CLOSED);
  g_assert_cmpuint (via_mock_http_get_n_requests (client.server), ==, 1);
  stop (&client);
}

static void
refuse_get (ViaMockConnection    *connection,
            const ViaMockRequest *request,
            gpointer              data)
{
  if (strcmp (request->method, "GET") == 0)
    via_mock_respond (connection, "405 Method Not Allowed", NULL, "Allow: POST\r\n", NULL);
  else
    never_answer (connection, request, (char[]) { "id: 1\nretry: 1\ndata:\n\n" });
}

static void
test_resumption_is_refused (void)
{
  Client client;
  g_autoptr(GError) error = NULL;

  start (&client, refuse_get, NULL);
  error = call_fails (&client, VIA_RPC_ERROR_HTTP);
  g_assert_cmpuint (via_rpc_error_get_http_status (error), ==, 405);
  stop (&client);
}

/* --- the stream of unsolicited messages --- */

static void
unsolicited (ViaMockConnection    *connection,
             const ViaMockRequest *request,
             gpointer              data)
{
  if (strcmp (request->method, "POST") == 0)
    {
      send_json (connection, request, NULL);
      return;
    }
  via_mock_begin_chunked (connection, EVENTS, NULL);
  via_mock_chunk (connection, "id: u%u\nretry: 1\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"u%u\"}\n\n", request->number,
                  request->number);
  if (request->number < 3)
    via_mock_end_chunked (connection);
  else
    via_mock_wait_until_left (connection, PATIENCE_MS);
}

static gboolean
has_heard_three (gpointer data)
{
  return strstr (((Client *) data)->messages->str, "n:u3") != NULL;
}

static void
test_listen (void)
{
  Client client;

  start (&client, unsolicited, NULL);
  via_transport_listen (client.transport);
  via_transport_listen (client.transport);
  wait_for (has_heard_three, &client);
  g_assert_cmpstr (client.messages->str, ==, "n:u1 n:u2 n:u3 ");
  g_assert_null (via_mock_request_get_header (via_mock_http_get_request (client.server, 1), "last-event-id"));
  g_assert_cmpstr (via_mock_request_get_header (via_mock_http_get_request (client.server, 3), "last-event-id"), ==, "u2");
  call_ok (&client, "test");
  close_transport (&client);
  wait_for (has_left, client.server);
  stop (&client);
}

/* The stream does not keep a transport that nobody else keeps. */
static void
test_listen_and_dispose (void)
{
  Client client;

  start (&client, unsolicited, NULL);
  via_transport_listen (client.transport);
  wait_for (has_heard_three, &client);
  client.n_closed = 1;
  drop_objects (&client);
  wait_for (has_left, client.server);
  via_mock_http_free (client.server);
  g_string_free (client.messages, TRUE);
  g_string_free (client.notes, TRUE);
}

static void
test_listen_is_refused (void)
{
  Client client;

  start (&client, refuse_get, NULL);
  via_transport_listen (client.transport);
  run_for (100);
  g_assert_cmpuint (via_mock_http_get_n_requests (client.server), ==, 1);
  g_assert_cmpuint (client.n_closed, ==, 0);
  g_assert_cmpuint (client.messages->len, ==, 0);
  stop (&client);
}

/* --- the end --- */

static void
test_close_fails_calls (void)
{
  GAsyncResult *result = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) late = NULL;
  Client client;

  start (&client, say_nothing, NULL);
  via_rpc_peer_call_async (client.peer, "test", via_json_value_missing (), NULL, NULL, keep_result_cb, &result);
  run_for (30);
  close_transport (&client);
  wait_for (is_set, &result);
  g_assert_null (via_rpc_peer_call_finish (client.peer, result, &error));
  g_assert_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_CLOSED);
  g_object_unref (result);
  late = call_fails (&client, VIA_RPC_ERROR_NOT_SENT);
  stop (&client);
}

static void
test_bad_endpoints (void)
{
  const char *endpoints[] = { "", "nonsense", "ftp://127.0.0.1/", "http://", "file:///etc/passwd",
                              "http://user:secret@127.0.0.1/" };

  for (guint i = 0; i < G_N_ELEMENTS (endpoints); i++)
    {
      g_autoptr(ViaTransport) transport = via_http_transport_new (endpoints[i], NULL, NULL, NULL);
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(GError) error = NULL;

      via_transport_start_async (transport, NULL, keep_result_cb, &result);
      wait_for (is_set, &result);
      g_assert_false (via_transport_start_finish (transport, result, &error));
      g_assert_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_NOT_SENT);
      g_assert_null (strstr (error->message, "secret"));
    }
}

/* --- TLS --- */

/* Made for these tests and for nothing else: signed by itself, for 127.0.0.1. */
static const char key_and_certificate[] =
  "-----BEGIN " "PRIVATE KEY-----\n"
  "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgM0SN4o11wlPVZeRr\n"
  "mVEA7NNZNaS4+SUR+Hd47qtEY5ihRANCAATMdCCCdwpUZrH0SWMqavMIfe+x7pK1\n"
  "XXqyT9QI3Me4WbHA0RWkJJBKt13CH66tHZCGKIXI4TdKqpVtnDNKQjVA\n"
  "-----END " "PRIVATE KEY-----\n"
  "-----BEGIN CERTIFICATE-----\n"
  "MIIBkDCCATagAwIBAgIUZ6RSXlaqcQY9KJChzeWi9XYN3ekwCgYIKoZIzj0EAwIw\n"
  "FDESMBAGA1UEAwwJMTI3LjAuMC4xMCAXDTI2MTEyMTA3NDQ0MVoYDzIxMjYxMDI4\n"
  "MDc0NDQxWjAUMRIwEAYDVQQDDAkxMjcuMC4wLjEwWTATBgcqhkjOPQIBBggqhkjO\n"
  "PQMBBwNCAATMdCCCdwpUZrH0SWMqavMIfe+x7pK1XXqyT9QI3Me4WbHA0RWkJJBK\n"
  "t13CH66tHZCGKIXI4TdKqpVtnDNKQjVAo2QwYjAdBgNVHQ4EFgQUf0JKoy/Fkplv\n"
  "A+fr1i0HRGbAwj8wHwYDVR0jBBgwFoAUf0JKoy/FkplvA+fr1i0HRGbAwj8wDwYD\n"
  "VR0TAQH/BAUwAwEB/zAPBgNVHREECDAGhwR/AAABMAoGCCqGSM49BAMCA0gAMEUC\n"
  "IQCvXuaIhH/K1juSUBuqXn5itrC8mtgTPDyzWHEuACSs2QIgQq7GGWLGdBuKpRX0\n"
  "H42vu5X64Mu29NJc33RvrsCmP4o=\n"
  "-----END CERTIFICATE-----\n";

static GTlsCertificate *
get_certificate (void)
{
  return g_tls_certificate_new_from_pem (key_and_certificate, -1, NULL);
}

/* In a process of its own that leaves without a word: the leak checker does not survive the TLS library's threads. */
static void
run_apart (void (*test) (void))
{
  if (g_test_subprocess ())
    {
      test ();
      _exit (0);
    }
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

static void
use_tls (void)
{
  ViaHttpSettings careless = { .validate_certificates = FALSE };
  g_autoptr(GTlsCertificate) certificate = get_certificate ();
  g_autoptr(GError) error = NULL;
  Client client = { 0 };

  g_assert_nonnull (certificate);
  client.server = via_mock_http_new_tls (answer_json, NULL, certificate);
  start_at (&client, via_mock_http_get_url (client.server), NULL, NULL);
  error = call_fails (&client, VIA_RPC_ERROR_TLS);
  g_assert_nonnull (strstr (error->message, "nobody that this computer trusts"));
  g_assert_cmpuint (via_mock_http_get_n_requests (client.server), ==, 0);
  stop (&client);
  client = (Client) { .server = via_mock_http_new_tls (answer_json, NULL, certificate) };
  start_at (&client, via_mock_http_get_url (client.server), &careless, NULL);
  call_ok (&client, "test");
  call_ok (&client, "test");
  g_assert_cmpuint (via_mock_http_get_n_connections (client.server), ==, 1);
  stop (&client);
}

/* https against a server that speaks http. */
static void
use_tls_with_nobody (void)
{
  ViaMockHttp *server = via_mock_http_new (answer_json, NULL);
  g_autofree char *url = g_strconcat ("https", via_mock_http_get_url (server) + 4, NULL);
  g_autoptr(GError) error = NULL;
  Client client = { .server = server };

  start_at (&client, url, NULL, NULL);
  error = call_fails (&client, VIA_RPC_ERROR_TLS);
  stop (&client);
}

static void
test_tls (void)
{
  if (g_tls_backend_supports_tls (g_tls_backend_get_default ()))
    run_apart (use_tls);
  else
    g_test_skip ("GLib has no TLS here");
}

static void
test_tls_with_nobody (void)
{
  if (g_tls_backend_supports_tls (g_tls_backend_get_default ()))
    run_apart (use_tls_with_nobody);
  else
    g_test_skip ("GLib has no TLS here");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/http-transport/json", test_json);
  g_test_add_func ("/core/http-transport/events", test_events);
  g_test_add_func ("/core/http-transport/headers", test_headers);
  g_test_add_func ("/core/http-transport/notifications", test_notifications);
  g_test_add_func ("/core/http-transport/session", test_session);
  g_test_add_func ("/core/http-transport/dispose-ends-session", test_dispose_ends_session);
  g_test_add_func ("/core/http-transport/close-is-bounded", test_close_is_bounded);
  g_test_add_func ("/core/http-transport/session-lost", test_session_lost);
  g_test_add_func ("/core/http-transport/remote-errors", test_remote_errors);
  g_test_add_func ("/core/http-transport/unauthorized", test_unauthorized);
  g_test_add_func ("/core/http-transport/unavailable", test_unavailable);
  g_test_add_func ("/core/http-transport/redirects", test_redirects);
  g_test_add_func ("/core/http-transport/authorization", test_authorization);
  g_test_add_func ("/core/http-transport/content-types", test_content_types);
  g_test_add_func ("/core/http-transport/allowed-content-types", test_allowed_content_types);
  g_test_add_func ("/core/http-transport/oversized", test_oversized);
  g_test_add_func ("/core/http-transport/packed", test_packed);
  g_test_add_func ("/core/http-transport/truncated", test_truncated);
  g_test_add_func ("/core/http-transport/framing", test_framing);
  g_test_add_func ("/core/http-transport/not-http", test_not_http);
  g_test_add_func ("/core/http-transport/header-floods", test_header_floods);
  g_test_add_func ("/core/http-transport/poison", test_poison);
  g_test_add_func ("/core/http-transport/bad-events", test_bad_events);
  g_test_add_func ("/core/http-transport/large", test_large);
  g_test_add_func ("/core/http-transport/refused", test_refused);
  g_test_add_func ("/core/http-transport/reset", test_reset);
  g_test_add_func ("/core/http-transport/kept-connection-breaks", test_kept_connection_breaks);
  g_test_add_func ("/core/http-transport/streams-do-not-starve", test_streams_do_not_starve);
  g_test_add_func ("/core/http-transport/proxy-is-not-asked", test_proxy_is_not_asked);
  g_test_add_func ("/core/http-transport/cancel", test_cancel);
  g_test_add_func ("/core/http-transport/cancel-before", test_cancel_before);
  g_test_add_func ("/core/http-transport/drip", test_drip);
  g_test_add_func ("/core/http-transport/sse-retry", test_sse_retry);
  g_test_add_func ("/core/http-transport/resumes-again", test_resumes_again);
  g_test_add_func ("/core/http-transport/resumptions-are-counted", test_resumptions_are_counted);
  g_test_add_func ("/core/http-transport/no-resumption", test_no_resumption);
  g_test_add_func ("/core/http-transport/resumption-is-refused", test_resumption_is_refused);
  g_test_add_func ("/core/http-transport/listen", test_listen);
  g_test_add_func ("/core/http-transport/listen-and-dispose", test_listen_and_dispose);
  g_test_add_func ("/core/http-transport/listen-is-refused", test_listen_is_refused);
  g_test_add_func ("/core/http-transport/close-fails-calls", test_close_fails_calls);
  g_test_add_func ("/core/http-transport/bad-endpoints", test_bad_endpoints);
  g_test_add_func ("/core/http-transport/tls", test_tls);
  g_test_add_func ("/core/http-transport/tls-with-nobody", test_tls_with_nobody);
  return g_test_run ();
}
