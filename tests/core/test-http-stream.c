/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/via-limits.h"
#include "http-client.h"

/* --- cancelling and deadlines --- */

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

/* Whatever it is doing, an exchange ends when it is cancelled, and the server sees the connection go. */
static void
test_cancel (void)
{
  ViaMockHandler handlers[] = { mock_say_nothing, half_an_answer, events_without_end, events_to_resume };

  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    for (guint delay = 0; delay <= 100; delay += 50)
      {
        g_autoptr(GCancellable) cancellable = g_cancellable_new ();
        g_autoptr(GError) error = NULL;
        Client client;

        client_start (&client, handlers[i], NULL);
        g_timeout_add (delay, cancel_cb, cancellable);
        g_assert_null (client_call (&client, "test", NULL, cancellable, &error));
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
        if (handlers[i] != events_to_resume && delay == 100)
          client_wait_for (client_has_left, client.server);
        client_stop (&client);
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

  client_start (&client, mock_answer_json, NULL);
  g_cancellable_cancel (cancellable);
  via_transport_send_async (client.transport, &message, cancellable, client_keep_result_cb, &result);
  client_wait_for (client_is_set, &result);
  g_assert_false (via_transport_send_finish (client.transport, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (via_mock_http_get_n_requests (client.server), ==, 0);
  g_clear_object (&result);
  client_stop (&client);
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
  const char *places[] = { "HTTP/1.1 200 OK\r\nX-", MOCK_OK MOCK_TYPE "Content-Length: 1000\r\n\r\n",
                           MOCK_OK "Content-Type: text/event-stream\r\n\r\ndata: " };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      ViaRpcCallOptions options = { .timeout_ms = 300 };
      gint64 began = g_get_monotonic_time ();
      g_autoptr(GError) error = NULL;
      Client client;

      client_start (&client, drip, (gpointer) places[i]);
      error = client_call_fails_with (&client, &options, VIA_RPC_ERROR_TIMEOUT);
      g_assert_cmpint (g_get_monotonic_time () - began, <, 5 * G_USEC_PER_SEC);
      client_stop (&client);
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
      *id = mock_get_id (request);
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

  client_start (&client, retry_script, &id);
  via_transport_set_protocol (client.transport, "2025-11-25", FALSE);
  client_call_ok (&client, "test");
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
  client_stop (&client);
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

  client_start (&client, many_streams, NULL);
  client_call_ok (&client, "test");
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpstr (via_mock_request_get_header (via_mock_http_get_request (client.server, i + 2), "last-event-id"),
                     ==, expected[i]);
  g_assert_cmpstr (client.messages->str, ==, "n:m1 n:m2 n:m3 n:m4 r:1 ");
  client_stop (&client);
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

  client_start (&client, never_answer, "id: 1\nretry: 1\ndata:\n\n");
  error = client_call_fails (&client, VIA_RPC_ERROR_CLOSED);
  g_assert_cmpuint (via_mock_http_get_n_requests (client.server), ==, 1 + VIA_LIMIT_SSE_RESUMPTIONS);
  client_stop (&client);
}

/* Without an event id there is nothing to resume at; in the modern era there never is. */
static void
test_no_resumption (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) modern = NULL;
  Client client;

  client_start (&client, never_answer, "retry: 1\ndata:\n\n");
  error = client_call_fails (&client, VIA_RPC_ERROR_CLOSED);
  g_assert_cmpuint (via_mock_http_get_n_requests (client.server), ==, 1);
  client_stop (&client);
  client_start (&client, never_answer, "id: 1\nretry: 1\ndata:\n\n");
  via_transport_set_protocol (client.transport, "2026-07-28", TRUE);
  modern = client_call_fails (&client, VIA_RPC_ERROR_CLOSED);
  g_assert_cmpuint (via_mock_http_get_n_requests (client.server), ==, 1);
  client_stop (&client);
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

  client_start (&client, refuse_get, NULL);
  error = client_call_fails (&client, VIA_RPC_ERROR_HTTP);
  g_assert_cmpuint (via_rpc_error_get_http_status (error), ==, 405);
  client_stop (&client);
}

/* --- the stream of unsolicited messages --- */

static void
unsolicited (ViaMockConnection    *connection,
             const ViaMockRequest *request,
             gpointer              data)
{
  if (strcmp (request->method, "POST") == 0)
    {
      mock_send_json (connection, request, NULL);
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

  client_start (&client, unsolicited, NULL);
  via_transport_listen (client.transport);
  via_transport_listen (client.transport);
  client_wait_for (has_heard_three, &client);
  g_assert_cmpstr (client.messages->str, ==, "n:u1 n:u2 n:u3 ");
  g_assert_null (via_mock_request_get_header (via_mock_http_get_request (client.server, 1), "last-event-id"));
  g_assert_cmpstr (via_mock_request_get_header (via_mock_http_get_request (client.server, 3), "last-event-id"), ==, "u2");
  client_call_ok (&client, "test");
  client_close (&client);
  client_wait_for (client_has_left, client.server);
  client_stop (&client);
}

static void
restless (ViaMockConnection    *connection,
          const ViaMockRequest *request,
          gpointer              data)
{
  via_mock_begin_chunked (connection, EVENTS, NULL);
  via_mock_chunk (connection, "id: r\nretry: 0\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"u%u\"}\n\n", request->number);
  via_mock_end_chunked (connection);
}

/* Each stream brings a message and ends, and the next may begin at once: no number of them is too many, but their pace. */
static void
test_listen_to_the_restless (void)
{
  Client client;
  gint64 begun;

  client_start (&client, restless, NULL);
  via_transport_listen (client.transport);
  begun = g_get_monotonic_time ();
  client_wait_for (has_heard_three, &client);
  client_run_for (400);
  g_assert_cmpuint (via_mock_http_get_n_requests (client.server), <=, 2 + (g_get_monotonic_time () - begun) / 50000);
  client_stop (&client);
}

/* The stream does not keep a transport that nobody else keeps. */
static void
test_listen_and_dispose (void)
{
  Client client;

  client_start (&client, unsolicited, NULL);
  via_transport_listen (client.transport);
  client_wait_for (has_heard_three, &client);
  client.n_closed = 1;
  client_drop_objects (&client);
  client_wait_for (client_has_left, client.server);
  via_mock_http_free (client.server);
  g_string_free (client.messages, TRUE);
  g_string_free (client.notes, TRUE);
}

static void
test_listen_is_refused (void)
{
  Client client;

  client_start (&client, refuse_get, NULL);
  via_transport_listen (client.transport);
  client_run_for (100);
  g_assert_cmpuint (via_mock_http_get_n_requests (client.server), ==, 1);
  g_assert_cmpuint (client.n_closed, ==, 0);
  g_assert_cmpuint (client.messages->len, ==, 0);
  client_stop (&client);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/http-stream/cancel", test_cancel);
  g_test_add_func ("/core/http-stream/cancel-before", test_cancel_before);
  g_test_add_func ("/core/http-stream/drip", test_drip);
  g_test_add_func ("/core/http-stream/sse-retry", test_sse_retry);
  g_test_add_func ("/core/http-stream/resumes-again", test_resumes_again);
  g_test_add_func ("/core/http-stream/resumptions-are-counted", test_resumptions_are_counted);
  g_test_add_func ("/core/http-stream/no-resumption", test_no_resumption);
  g_test_add_func ("/core/http-stream/resumption-is-refused", test_resumption_is_refused);
  g_test_add_func ("/core/http-stream/listen", test_listen);
  g_test_add_func ("/core/http-stream/listen-to-the-restless", test_listen_to_the_restless);
  g_test_add_func ("/core/http-stream/listen-and-dispose", test_listen_and_dispose);
  g_test_add_func ("/core/http-stream/listen-is-refused", test_listen_is_refused);
  return g_test_run ();
}
