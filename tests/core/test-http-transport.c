/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/via-limits.h"
#include "http-client.h"

/* --- what the server says --- */

static void
test_json (void)
{
  Client client;
  const ViaMockRequest *request;

  client_start (&client, mock_answer_json, NULL);
  for (guint i = 0; i < 5; i++)
    client_call_ok (&client, "test");
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
  client_stop (&client);
}

static void
test_events (void)
{
  Client client;

  client_start (&client, mock_answer_events, NULL);
  for (guint i = 0; i < 3; i++)
    client_call_ok (&client, "test");
  g_assert_cmpstr (client.messages->str, ==, "n:first r:1 n:first r:2 n:first r:3 ");
  client_run_for (50);
  client_call_ok (&client, "test");
  g_assert_cmpuint (via_mock_http_get_n_connections (client.server), <=, 2);
  client_stop (&client);
}

static void
test_headers (void)
{
  const char *headers[] = { "Mcp-Method", "test", "Mcp-Name", "a tool", NULL };
  ViaRpcCallOptions options = { .timeout_ms = 6000, .headers = headers };
  g_autoptr(ViaRpcMessage) message = NULL;
  const ViaMockRequest *request;
  Client client;

  client_start (&client, mock_answer_json, NULL);
  via_transport_set_protocol (client.transport, "2026-07-28", TRUE);
  message = client_call (&client, "test", &options, NULL, NULL);
  request = via_mock_http_get_request (client.server, 1);
  g_assert_cmpstr (via_mock_request_get_header (request, "mcp-method"), ==, "test");
  g_assert_cmpstr (via_mock_request_get_header (request, "mcp-name"), ==, "a tool");
  g_assert_cmpstr (via_mock_request_get_header (request, "mcp-protocol-version"), ==, "2026-07-28");
  client_stop (&client);
}

static gboolean
has_two_requests (gpointer data)
{
  return via_mock_http_get_n_requests (((Client *) data)->server) >= 2;
}

/* 202, or a stream that never says anything: a notification waits for neither. */
static void
test_notifications (void)
{
  ViaMockHandler handlers[] = { mock_answer_json, mock_endless_events };

  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    {
      Client client;
      g_autoptr(GBytes) body = via_rpc_write_notification ("n", via_json_value_missing ());
      ViaTransportMessage message = { .body = body, .method = "n", .id = -1 };
      g_autoptr(GAsyncResult) result = NULL;

      client_start (&client, handlers[i], NULL);
      via_rpc_peer_notify (client.peer, "n", via_json_value_missing (), NULL);
      via_transport_send_async (client.transport, &message, NULL, client_keep_result_cb, &result);
      client_wait_for (client_is_set, &result);
      g_assert_true (via_transport_send_finish (client.transport, result, NULL));
      g_clear_object (&result);
      client_wait_for (has_two_requests, &client);
      client_stop (&client);
    }
}

/* --- sessions --- */

static void
test_session (void)
{
  Client client;
  const ViaMockRequest *request;
  guint deletions = 0;

  client_start (&client, mock_give_session, &deletions);
  client_call_ok (&client, "server/discover");
  g_assert_null (via_http_transport_get_session_id (VIA_HTTP_TRANSPORT (client.transport)));
  client_call_ok (&client, "initialize");
  g_assert_cmpstr (via_http_transport_get_session_id (VIA_HTTP_TRANSPORT (client.transport)), ==, "the-session");
  via_transport_set_protocol (client.transport, "2025-11-25", FALSE);
  client_call_ok (&client, "test");
  client_call_ok (&client, "initialize");
  request = via_mock_http_get_request (client.server, 2);
  g_assert_null (via_mock_request_get_header (request, "mcp-session-id"));
  g_assert_null (via_mock_request_get_header (request, "mcp-protocol-version"));
  request = via_mock_http_get_request (client.server, 3);
  g_assert_cmpstr (via_mock_request_get_header (request, "mcp-session-id"), ==, "the-session");
  g_assert_cmpstr (via_mock_request_get_header (request, "mcp-protocol-version"), ==, "2025-11-25");
  request = via_mock_http_get_request (client.server, 4);
  g_assert_null (via_mock_request_get_header (request, "mcp-session-id"));
  client_close (&client);
  g_assert_cmpuint (deletions, ==, 1);
  request = via_mock_http_get_request (client.server, 5);
  g_assert_cmpstr (via_mock_request_get_header (request, "mcp-session-id"), ==, "the-session");
  g_assert_cmpstr (via_mock_request_get_header (request, "mcp-protocol-version"), ==, "2025-11-25");
  client_stop (&client);
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

  client_start (&client, mock_give_session, &deletions);
  client_call_ok (&client, "initialize");
  client.n_closed = 1;
  client_drop_objects (&client);
  client_wait_for (is_counted, &deletions);
  client_run_for (20);
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
    mock_send_json (connection, request, "Mcp-Session-Id: s\r\n");
}

static void
test_close_is_bounded (void)
{
  Client client;
  gint64 began;

  client_start (&client, hang_on_delete, NULL);
  client_call_ok (&client, "initialize");
  began = g_get_monotonic_time ();
  client_close (&client);
  g_assert_cmpint (g_get_monotonic_time () - began, <, 3 * VIA_LIMIT_HTTP_CLOSE_MS * 1000);
  client_stop (&client);
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
    mock_send_json (connection, request, "Mcp-Session-Id: s\r\n");
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

      client_start (&client, answer_as_told, &answers[i]);
      without = client_call_fails (&client, i == 1 ? VIA_RPC_ERROR_REMOTE : VIA_RPC_ERROR_HTTP);
      client_call_ok (&client, "initialize");
      with = client_call_fails (&client, VIA_RPC_ERROR_SESSION_LOST);
      via_http_transport_reset_session (VIA_HTTP_TRANSPORT (client.transport));
      g_assert_null (via_http_transport_get_session_id (VIA_HTTP_TRANSPORT (client.transport)));
      client_stop (&client);
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
      client_start (&client, answer_as_told, &answer);
      error = client_call_fails (&client, table[i].code);
      if (table[i].remote != 0)
        g_assert_cmpint (via_rpc_error_get_remote (error)->code, ==, table[i].remote);
      if (table[i].status[0] != '2')
        g_assert_cmpuint (via_rpc_error_get_http_status (error), ==, (guint) atoi (table[i].status));
      if (table[i].code == VIA_RPC_ERROR_HTTP || (table[i].remote != 0 && table[i].status[0] != '2'))
        g_assert_cmpint (via_rpc_error_get_retry_after (error), ==, 7000);
      client_stop (&client);
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

  client_start (&client, answer_as_told, &answer);
  error = client_call_fails (&client, VIA_RPC_ERROR_UNAUTHORIZED);
  g_assert_cmpuint (via_rpc_error_get_http_status (error), ==, 401);
  g_assert_cmpstr (via_rpc_error_get_challenge (error), ==,
                   "Bearer resource_metadata=\"https://a/b\", scope=\"x y\"");
  g_assert_cmpstr (via_rpc_error_get_body (error), ==, "who are you?");
  answer.status = "403 Forbidden";
  forbidden = client_call_fails (&client, VIA_RPC_ERROR_UNAUTHORIZED);
  g_assert_cmpuint (via_rpc_error_get_http_status (forbidden), ==, 403);
  g_assert_cmpuint (via_mock_http_get_n_requests (client.server), ==, 2);
  client_stop (&client);
}

static void
fail_twice (ViaMockConnection    *connection,
            const ViaMockRequest *request,
            gpointer              data)
{
  if (request->number <= 2)
    via_mock_respond (connection, "503 Service Unavailable", "text/html", "Retry-After: 2\r\n", "<p>Busy</p>");
  else
    mock_send_json (connection, request, NULL);
}

static void
test_unavailable (void)
{
  Client client;

  client_start (&client, fail_twice, NULL);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(GError) error = client_call_fails (&client, VIA_RPC_ERROR_HTTP);

      g_assert_cmpuint (via_rpc_error_get_http_status (error), ==, 503);
      g_assert_cmpint (via_rpc_error_get_retry_after (error), ==, 2000);
    }
  client_call_ok (&client, "test");
  g_assert_cmpuint (via_mock_http_get_n_connections (client.server), ==, 1);
  client_stop (&client);
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
  ViaMockHttp *other = via_mock_http_new (mock_answer_json, NULL);
  Client client;

  client_start_with (&client, redirect, (gpointer) via_mock_http_get_url (other), NULL, VIA_HTTP_AUTHORIZER (authorizer));
  for (guint i = 0; i < 5; i++)
    {
      g_autoptr(GError) error = client_call_fails (&client, VIA_RPC_ERROR_REDIRECTED);

      g_assert_nonnull (strstr (error->message, via_mock_http_get_url (other)));
    }
  g_assert_cmpuint (via_mock_http_get_n_connections (other), ==, 0);
  client_stop (&client);
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

  client_start_with (&client, mock_give_session, &deletions, NULL, VIA_HTTP_AUTHORIZER (authorizer));
  client_call_ok (&client, "initialize");
  client_call_ok (&client, "test");
  state->fails = TRUE;
  error = client_call_fails (&client, VIA_RPC_ERROR_NOT_SENT);
  g_assert_cmpuint (via_mock_http_get_n_requests (client.server), ==, 2);
  state->fails = FALSE;
  client_close (&client);
  g_assert_cmpuint (state->n_asked, ==, 4);
  for (guint i = 1; i <= 3; i++)
    {
      const ViaMockRequest *request = via_mock_http_get_request (client.server, i);

      g_assert_cmpstr (via_mock_request_get_header (request, "authorization"), ==, "Bearer canary");
      g_assert_cmpstr (via_mock_request_get_header (request, "x-api-key"), ==, "canary");
    }
  client_stop (&client);
}

/* --- the end --- */

static void
test_close_fails_calls (void)
{
  GAsyncResult *result = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) late = NULL;
  Client client;

  client_start (&client, mock_say_nothing, NULL);
  via_rpc_peer_call_async (client.peer, "test", via_json_value_missing (), NULL, NULL, client_keep_result_cb, &result);
  client_run_for (30);
  client_close (&client);
  client_wait_for (client_is_set, &result);
  g_assert_null (via_rpc_peer_call_finish (client.peer, result, &error));
  g_assert_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_CLOSED);
  g_object_unref (result);
  late = client_call_fails (&client, VIA_RPC_ERROR_NOT_SENT);
  client_stop (&client);
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

      via_transport_start_async (transport, NULL, client_keep_result_cb, &result);
      client_wait_for (client_is_set, &result);
      g_assert_false (via_transport_start_finish (transport, result, &error));
      g_assert_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_NOT_SENT);
      g_assert_null (strstr (error->message, "secret"));
    }
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
  g_test_add_func ("/core/http-transport/close-fails-calls", test_close_fails_calls);
  g_test_add_func ("/core/http-transport/bad-endpoints", test_bad_endpoints);
  return g_test_run ();
}
