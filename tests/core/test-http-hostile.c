/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "http-client.h"

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

/* --- answers of the wrong kind or size --- */

static void
test_content_types (void)
{
  Answer html = { "200 OK", "text/html; charset=utf-8", "\n\n  <html>\n<b>Welcome</b> to nginx" };
  Answer text = { "200 OK", "text/plain", "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}" };
  Answer none = { "200 OK", NULL, "" };
  Answer accepted = { "202 Accepted", NULL, NULL };

  client_check_failure (answer_as_told, &html, VIA_RPC_ERROR_CONTENT_TYPE, "“<html> <b>Welcome</b> to nginx”");
  client_check_failure (answer_as_told, &text, VIA_RPC_ERROR_CONTENT_TYPE, "text/plain");
  client_check_failure (answer_as_told, &none, VIA_RPC_ERROR_CONTENT_TYPE, "answered nothing");
  client_check_failure (answer_as_told, &accepted, VIA_RPC_ERROR_CONTENT_TYPE, "HTTP 202");
}

static void
test_allowed_content_types (void)
{
  const char *only_text[] = { "text/plain", NULL };
  const char *both[] = { "text/plain", JSON, NULL };
  ViaHttpSettings settings = { .validate_certificates = TRUE, .allowed_content_types = only_text };
  g_autoptr(GError) error = NULL;
  Client client;

  client_start_with (&client, mock_answer_json, NULL, &settings, NULL);
  error = client_call_fails (&client, VIA_RPC_ERROR_CONTENT_TYPE);
  client_stop (&client);
  client_start_with (&client, mock_answer_events, NULL, &settings, NULL);
  client_call_ok (&client, "test");
  client_stop (&client);
  settings.allowed_content_types = both;
  client_start_with (&client, mock_answer_json, NULL, &settings, NULL);
  client_call_ok (&client, "test");
  client_stop (&client);
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

  client_start_with (&client, handler, data, &settings, NULL);
  error = client_call_fails (&client, VIA_RPC_ERROR_TOO_LARGE);
  client_stop (&client);
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
  g_autofree char *result = mock_new_result (request);
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

      client_start (&client, packed, (gpointer) types[i]);
      for (guint j = 0; j < 5; j++)
        {
          g_autoptr(GError) error = client_call_fails (&client, VIA_RPC_ERROR_CONTENT_TYPE);

          g_assert_nonnull (strstr (error->message, "packed"));
        }
      client_stop (&client);
    }
}

/* --- broken answers --- */

static void
test_truncated (void)
{
  client_check_failure (mock_raw, MOCK_OK MOCK_TYPE "Content-Length: 40\r\n\r\n" MOCK_RESULT, VIA_RPC_ERROR_CLOSED, NULL);
  client_check_failure (mock_raw, MOCK_OK MOCK_TYPE "Transfer-Encoding: chunked\r\n\r\n30\r\n" MOCK_RESULT, VIA_RPC_ERROR_CLOSED, NULL);
  client_check_failure (mock_raw, MOCK_OK MOCK_TYPE "Transfer-Encoding: chunked\r\n\r\n24\r\n" MOCK_RESULT "\r\n", VIA_RPC_ERROR_CLOSED, NULL);
  client_check_failure (mock_raw, MOCK_OK MOCK_TYPE "Transfer-Encoding: chunked\r\n\r\n", VIA_RPC_ERROR_CLOSED, NULL);
  client_check_failure (mock_raw, MOCK_OK "Content-Type: text/event-stream\r\n\r\ndata: " MOCK_RESULT "\n", VIA_RPC_ERROR_CLOSED, NULL);
  client_check_failure (mock_raw, MOCK_OK "Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n24\r\n: ",
                 VIA_RPC_ERROR_CLOSED, NULL);
  client_check_failure (mock_raw, MOCK_OK MOCK_TYPE, VIA_RPC_ERROR_CLOSED, NULL);
  client_check_failure (mock_raw, "", VIA_RPC_ERROR_CLOSED, NULL);
}

static void
test_framing (void)
{
  client_check_failure (mock_raw, MOCK_OK MOCK_TYPE "Content-Length: 36\r\nContent-Length: 2\r\n\r\n" MOCK_RESULT, VIA_RPC_ERROR_INVALID, "length");
  client_check_failure (mock_raw, MOCK_OK MOCK_TYPE "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n24\r\n" MOCK_RESULT "\r\n0\r\n\r\n",
                 VIA_RPC_ERROR_INVALID, "chunks");
  client_check_failure (mock_raw, MOCK_OK MOCK_TYPE "Content-Length: +36\r\n\r\n" MOCK_RESULT, VIA_RPC_ERROR_INVALID, "length");
}

static void
test_not_http (void)
{
  Client client;
  const char *texts[] = { "hello there\r\n\r\n", "HTTP/1.1 999999 What\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n", MOCK_RESULT };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      ViaRpcCallOptions options = { .timeout_ms = 6000 };
      g_autoptr(GError) error = NULL;

      client_start (&client, mock_raw, texts[i]);
      g_assert_null (client_call (&client, "test", &options, NULL, &error));
      g_assert_cmpuint (error->domain, ==, VIA_RPC_ERROR);
      g_assert_true (error->code == VIA_RPC_ERROR_INVALID || error->code == VIA_RPC_ERROR_CLOSED
                     || error->code == VIA_RPC_ERROR_CONTENT_TYPE || error->code == VIA_RPC_ERROR_HTTP);
      client_stop (&client);
    }
}

static void
many_headers (ViaMockConnection    *connection,
              const ViaMockRequest *request,
              gpointer              data)
{
  via_mock_write (connection, MOCK_OK MOCK_TYPE, -1);
  for (guint i = 0; i < 3000; i++)
    via_mock_printf (connection, "X-%u: y\r\n", i);
  via_mock_printf (connection, "Content-Length: 36\r\n\r\n{\"jsonrpc\":\"2.0\",\"id\":%d,\"result\":{}}", mock_get_id (request));
}

static void
interim_flood (ViaMockConnection    *connection,
               const ViaMockRequest *request,
               gpointer              data)
{
  for (guint i = 0; i < 200000; i++)
    if (!via_mock_write (connection, "HTTP/1.1 102 Processing\r\n\r\n", -1))
      break;
  mock_send_json (connection, request, NULL);
}

static void
test_header_floods (void)
{
  client_check_failure (many_headers, NULL, VIA_RPC_ERROR_INVALID, "too many headers");
  client_check_failure (interim_flood, NULL, VIA_RPC_ERROR_INVALID, "interim");
}

/* A second answer behind the first must not be taken for that of the next call. */
static void
poison (ViaMockConnection    *connection,
        const ViaMockRequest *request,
        gpointer              data)
{
  mock_send_json (connection, request, NULL);
  via_mock_printf (connection, MOCK_OK MOCK_TYPE "Content-Length: 45\r\n\r\n{\"jsonrpc\":\"2.0\",\"id\":%d,\"result\":{\"evil\":1}}",
                   mock_get_id (request) + 1);
}

static void
test_poison (void)
{
  Client client;

  client_start (&client, poison, NULL);
  for (guint i = 0; i < 5; i++)
    {
      ViaRpcCallOptions options = { .timeout_ms = 6000 };
      g_autoptr(GError) error = NULL;
      g_autoptr(ViaRpcMessage) message = client_call (&client, "test", &options, NULL, &error);

      if (message != NULL)
        g_assert_cmpuint (via_json_value_get_size (via_rpc_message_get_result (message)), ==, 0);
      client_run_for (10);
    }
  client_stop (&client);
}

static void
mixed_events (ViaMockConnection    *connection,
              const ViaMockRequest *request,
              gpointer              data)
{
  g_autofree char *result = mock_new_result (request);

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

  client_start (&client, mixed_events, NULL);
  client_call_ok (&client, "test");
  g_assert_nonnull (strstr (client.notes->str, "skipped"));
  client_stop (&client);
  client_check_failure (mixed_events, "{\"jsonrpc\":\"2.0\",\"method\":\"n\"}", VIA_RPC_ERROR_INVALID, NULL);
  client_check_failure (mixed_events, "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":1,\"message\":\"m\"}}",
                 VIA_RPC_ERROR_REMOTE, NULL);
}

static void
large_answer (ViaMockConnection    *connection,
              const ViaMockRequest *request,
              gpointer              data)
{
  g_autofree char *block = g_strnfill (5 * 1024 * 1024, 'x');
  g_autofree char *result = g_strdup_printf ("{\"jsonrpc\":\"2.0\",\"id\":%d,\"result\":{\"x\":\"%s\"}}", mock_get_id (request),
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

  client_start (&client, large_answer, JSON);
  client_call_ok (&client, "test");
  client_stop (&client);
  client_start (&client, large_answer, EVENTS);
  client_call_ok (&client, "test");
  client_call_ok (&client, "test");
  g_assert_true (g_str_has_prefix (client.messages->str, "r:1 n:after r:2"));
  client_stop (&client);
}

/* --- connections --- */

static void
test_refused (void)
{
  ViaMockHttp *server = via_mock_http_new (mock_answer_json, NULL);
  g_autofree char *url = g_strdup (via_mock_http_get_url (server));
  Client client = { 0 };
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) unknown = NULL;

  via_mock_http_free (server);
  client_start_at (&client, url, NULL, NULL);
  error = client_call_fails (&client, VIA_RPC_ERROR_NOT_SENT);
  client_stop (&client);
  client = (Client) { 0 };
  client_start_at (&client, "http://no-such-host.invalid/mcp", NULL, NULL);
  unknown = client_call_fails (&client, VIA_RPC_ERROR_NOT_SENT);
  client_stop (&client);
}

static void
reset_first (ViaMockConnection    *connection,
             const ViaMockRequest *request,
             gpointer              data)
{
  if (request->number == 1)
    via_mock_reset (connection);
  else
    mock_send_json (connection, request, NULL);
}

static void
reset_second (ViaMockConnection    *connection,
              const ViaMockRequest *request,
              gpointer              data)
{
  if (request->number == 2)
    via_mock_reset (connection);
  else
    mock_send_json (connection, request, NULL);
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

  client_start (&client, reset_first, NULL);
  error = client_call_fails (&client, VIA_RPC_ERROR_CLOSED);
  g_assert_cmpuint (via_mock_http_get_n_requests (client.server), ==, 1);
  client_stop (&client);
  client_start (&client, reset_first, NULL);
  g_assert_null (client_call (&client, "test", &options, NULL, NULL));
  g_assert_cmpuint (via_mock_http_get_n_requests (client.server), ==, 1);
  client_stop (&client);
  client_start (&client, reset_second, NULL);
  client_call_ok (&client, "test");
  message = client_call (&client, "test", &options, NULL, NULL);
  g_assert_nonnull (message);
  g_assert_cmpuint (via_mock_http_get_n_requests (client.server), ==, 3);
  client_stop (&client);
  client_check_failure (mock_raw, "", VIA_RPC_ERROR_CLOSED, NULL);
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
  mock_send_json (connection, request, NULL);
}

/* Peer closes a kept connection just after reading a request: one execution, not two. */
static void
test_kept_connection_breaks (void)
{
  Client client;
  g_autoptr(GError) error = NULL;

  client_start (&client, answer_and_leave, NULL);
  client_call_ok (&client, "test");
  error = client_call_fails (&client, VIA_RPC_ERROR_CLOSED);
  g_assert_cmpuint (via_mock_http_get_n_requests (client.server), ==, 2);
  client_call_ok (&client, "last");
  g_assert_cmpuint (via_mock_http_get_n_requests (client.server), ==, 3);
  client_stop (&client);
}

static void
streams_and_answers (ViaMockConnection    *connection,
                     const ViaMockRequest *request,
                     gpointer              data)
{
  if (strstr (request->body, "stream") != NULL)
    mock_endless_events (connection, request, data);
  else
    mock_send_json (connection, request, NULL);
}

static void
test_streams_do_not_starve (void)
{
  GAsyncResult *results[20] = { NULL };
  Client client;

  client_start (&client, streams_and_answers, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    via_rpc_peer_call_async (client.peer, "stream", via_json_value_missing (), NULL, NULL, client_keep_result_cb, &results[i]);
  client_call_ok (&client, "test");
  client_close (&client);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autoptr(GError) error = NULL;

      client_wait_for (client_is_set, &results[i]);
      g_assert_null (via_rpc_peer_call_finish (client.peer, results[i], &error));
      g_assert_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_CLOSED);
      g_object_unref (results[i]);
    }
  client_stop (&client);
}

static void
test_proxy_is_not_asked (void)
{
  Client client;

  g_setenv ("http_proxy", "http://127.0.0.1:9", TRUE);
  client_start (&client, mock_answer_json, NULL);
  client_call_ok (&client, "test");
  client_stop (&client);
  g_unsetenv ("http_proxy");
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
  client.server = via_mock_http_new_tls (mock_answer_json, NULL, certificate);
  client_start_at (&client, via_mock_http_get_url (client.server), NULL, NULL);
  error = client_call_fails (&client, VIA_RPC_ERROR_TLS);
  g_assert_nonnull (strstr (error->message, "nobody that this computer trusts"));
  g_assert_cmpuint (via_mock_http_get_n_requests (client.server), ==, 0);
  client_stop (&client);
  client = (Client) { .server = via_mock_http_new_tls (mock_answer_json, NULL, certificate) };
  client_start_at (&client, via_mock_http_get_url (client.server), &careless, NULL);
  client_call_ok (&client, "test");
  client_call_ok (&client, "test");
  g_assert_cmpuint (via_mock_http_get_n_connections (client.server), ==, 1);
  client_stop (&client);
}

/* https against a server that speaks http. */
static void
use_tls_with_nobody (void)
{
  ViaMockHttp *server = via_mock_http_new (mock_answer_json, NULL);
  g_autofree char *url = g_strconcat ("https", via_mock_http_get_url (server) + 4, NULL);
  g_autoptr(GError) error = NULL;
  Client client = { .server = server };

  client_start_at (&client, url, NULL, NULL);
  error = client_call_fails (&client, VIA_RPC_ERROR_TLS);
  client_stop (&client);
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
  g_test_add_func ("/core/http-hostile/content-types", test_content_types);
  g_test_add_func ("/core/http-hostile/allowed-content-types", test_allowed_content_types);
  g_test_add_func ("/core/http-hostile/oversized", test_oversized);
  g_test_add_func ("/core/http-hostile/packed", test_packed);
  g_test_add_func ("/core/http-hostile/truncated", test_truncated);
  g_test_add_func ("/core/http-hostile/framing", test_framing);
  g_test_add_func ("/core/http-hostile/not-http", test_not_http);
  g_test_add_func ("/core/http-hostile/header-floods", test_header_floods);
  g_test_add_func ("/core/http-hostile/poison", test_poison);
  g_test_add_func ("/core/http-hostile/bad-events", test_bad_events);
  g_test_add_func ("/core/http-hostile/large", test_large);
  g_test_add_func ("/core/http-hostile/refused", test_refused);
  g_test_add_func ("/core/http-hostile/reset", test_reset);
  g_test_add_func ("/core/http-hostile/kept-connection-breaks", test_kept_connection_breaks);
  g_test_add_func ("/core/http-hostile/streams-do-not-starve", test_streams_do_not_starve);
  g_test_add_func ("/core/http-hostile/proxy-is-not-asked", test_proxy_is_not_asked);
  g_test_add_func ("/core/http-hostile/tls", test_tls);
  g_test_add_func ("/core/http-hostile/tls-with-nobody", test_tls_with_nobody);
  return g_test_run ();
}
