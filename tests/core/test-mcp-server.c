/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "mcp/via-mcp-client.h"
#include "mcp/via-mcp-server.h"
#include "scripted-transport.h"
#include "via-linked-transport.h"

#define VERSION "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":"
#define CAPABLE "\"io.modelcontextprotocol/clientCapabilities\":{}"
#define META VERSION "\"2026-07-28\"," CAPABLE "}"
#define LIST "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\",\"params\":{"
#define CALL(id) "{\"jsonrpc\":\"2.0\",\"id\":" id ",\"method\":\"tools/call\",\"params\":{"
#define LEVEL(id, level) \
  "{\"jsonrpc\":\"2.0\",\"id\":" id ",\"method\":\"logging/setLevel\",\"params\":{\"level\":\"" level "\"}}"

/* A server, and the bare other end of its transport. */
typedef struct
{
  ViaMcpServer     *server;
  ViaTransport     *client_end;
  ViaTransport     *server_end;
  GPtrArray        *heard; /* texts of what the server sent */
  ViaMcpServerCall *held;  /* by the tool "hold" */
  guint             n_closed;
} Fixture;

static void
echo_cb (ViaMcpServerCall *call,
         gpointer          data)
{
  g_autofree char *arguments = via_json_value_to_compact (via_mcp_server_call_get_arguments (call), NULL);
  g_autofree char *result = g_strdup_printf ("{\"content\":[],\"structuredContent\":{\"got\":%s},\"_meta\":{\"own\":1}}",
                                             arguments != NULL ? arguments : "null");

  via_mcp_server_call_progress (call, 1, 2, "half");
  via_mcp_server_call_log (call, "debug", "quiet");
  via_mcp_server_call_log (call, "warning", "loud");
  via_mcp_server_call_complete (call, result);
  /* What comes after the answer is not sent. */
  via_mcp_server_call_progress (call, 2, 2, NULL);
  via_mcp_server_call_complete (call, "{}");
}

static void
fail_cb (ViaMcpServerCall *call,
         gpointer          data)
{
  via_mcp_server_call_fail (call, "I \"cannot\"");
}

static void
forget_cb (ViaMcpServerCall *call,
           gpointer          data)
{
}

static void
hold_cb (ViaMcpServerCall *call,
         gpointer          data)
{
  Fixture *fixture = data;

  g_clear_pointer (&fixture->held, via_mcp_server_call_unref);
  fixture->held = via_mcp_server_call_ref (call);
}

static void
message_cb (ViaTransport  *transport,
            ViaRpcMessage *message,
            Fixture       *fixture)
{
  gsize length;
  const char *text = g_bytes_get_data (via_rpc_message_get_bytes (message), &length);

  g_ptr_array_add (fixture->heard, g_strndup (text, length));
}

static void
closed_cb (ViaMcpServer *server,
           Fixture      *fixture)
{
  fixture->n_closed++;
}

static void
started_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  via_transport_start_finish (VIA_TRANSPORT (source), result, NULL);
}

static void
fixture_open (Fixture *fixture)
{
  *fixture = (Fixture) { .heard = g_ptr_array_new_with_free_func (g_free) };
  via_linked_transport_new_pair (&fixture->client_end, &fixture->server_end);
  fixture->server = via_mcp_server_new (fixture->server_end, "test", "Test", "1.2", "Read this.");
  via_mcp_server_add_tool (fixture->server, "{\"name\":\"echo\",\"inputSchema\":{\"type\":\"object\"},\"x\":0.10}",
                           echo_cb, NULL);
  via_mcp_server_add_tool (fixture->server, "{\"name\":\"fail\",\"inputSchema\":{\"type\":\"object\"}}", fail_cb, NULL);
  via_mcp_server_add_tool (fixture->server, "{\"name\":\"forget\",\"inputSchema\":{\"type\":\"object\"}}", forget_cb, NULL);
  via_mcp_server_add_tool (fixture->server, "{\"name\":\"hold\",\"inputSchema\":{\"type\":\"object\"}}", hold_cb, fixture);
  g_signal_connect (fixture->server, "closed", G_CALLBACK (closed_cb), fixture);
  via_mcp_server_start (fixture->server);
}

static void
fixture_listen (Fixture *fixture)
{
  g_signal_connect (fixture->client_end, "message", G_CALLBACK (message_cb), fixture);
  via_transport_start_async (fixture->client_end, NULL, started_cb, NULL);
  scripted_run_for (5);
}

static void
fixture_close (Fixture *fixture)
{
  gpointer watched = fixture->server;

  g_signal_handlers_disconnect_by_data (fixture->client_end, fixture);
  via_transport_close_async (fixture->client_end, NULL, NULL, NULL);
  scripted_wait_for (fixture->n_closed == 1);
  g_clear_pointer (&fixture->held, via_mcp_server_call_unref);
  g_object_add_weak_pointer (G_OBJECT (fixture->server), &watched);
  g_object_unref (fixture->server);
  g_object_unref (fixture->client_end);
  g_object_unref (fixture->server_end);
  scripted_wait_for (watched == NULL);
  g_ptr_array_unref (fixture->heard);
}

/* Sends @text to the server and waits until it said @n more things; the last of them is returned. */
static const char *
ask (Fixture    *fixture,
     const char *text,
     guint       n)
{
  guint expected = fixture->heard->len + n;

  via_linked_transport_inject (VIA_LINKED_TRANSPORT (fixture->server_end), text);
  scripted_wait_for (fixture->heard->len >= expected);
  g_assert_cmpuint (fixture->heard->len, ==, expected);
  return expected > 0 ? g_ptr_array_index (fixture->heard, expected - 1) : NULL;
}

static void
initialize (Fixture *fixture)
{
  ask (fixture, "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\","
                "\"capabilities\":{},\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}", 1);
}

static void
test_versions (void)
{
  static const struct
  {
    const char *asked;
    const char *answered;
  } rows[] = {
    { "2025-11-25", "2025-11-25" }, { "2025-06-18", "2025-06-18" }, { "2025-03-26", "2025-03-26" },
    { "2024-11-05", "2024-11-05" }, { "2026-07-28", "2025-11-25" }, { "x", "2025-11-25" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *request =
        g_strdup_printf ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"%s\"}}",
                         rows[i].asked);
      g_autofree char *part = g_strdup_printf ("\"protocolVersion\":\"%s\"", rows[i].answered);
      Fixture fixture;

      fixture_open (&fixture);
      fixture_listen (&fixture);
      g_assert_nonnull (strstr (ask (&fixture, request, 1), part));
      fixture_close (&fixture);
    }
}

/* Requests that need no session, and what is answered: a part of the text. */
static void
test_answers (void)
{
  static const struct
  {
    const char *request;
    const char *parts[4];
  } rows[] = {
    { "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}", { "\"result\":{}" } },
    { "{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"method\":\"initialize\",\"params\":{}}", { "\"id\":\"x\"", "-32602" } },
    { "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\"}", { "-32602" } },
    { "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}", { "-32602", "initialize first" } },
    { "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"prompts/list\"}", { "-32601" } },
    { "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"server/discover\"}", { "-32602", "protocolVersion" } },
    { "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"server/discover\",\"params\":{" META "}}",
      { "\"supportedVersions\":[\"2026-07-28\"]", "\"resultType\":\"complete\"", "\"cacheScope\":\"public\"",
        "/serverInfo\":{\"name\":\"test\"" } },
    { LIST META "}}",
      { "\"x\":0.10}", "\"resultType\":\"complete\"", "\"ttlMs\":", "/serverInfo" } },
    { LIST "\"cursor\":\"x\"," META "}}",
      { "-32602", "cursor" } },
    { "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":{" META "}}", { "-32601" } },
    { "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{" META "}}", { "-32601" } },
    { "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"logging/setLevel\",\"params\":{" META "}}", { "-32601" } },
    { LIST VERSION "\"2027-01-01\"}}}",
      { "-32022", "\"data\":{\"supported\":[\"2026-07-28\"],\"requested\":\"2027-01-01\"}" } },
    { LIST VERSION "\"2025-11-25\"}}}",
      { "-32022" } },
    { LIST VERSION "7}}}",
      { "-32602" } },
    { LIST VERSION "\"2026-07-28\"}}}",
      { "-32602", "clientCapabilities" } },
    { LIST VERSION "\"2026-07-28\","
      CAPABLE ",\"io.modelcontextprotocol/logLevel\":\"loud\"}}}", { "-32602", "logLevel" } },
    { CALL ("1") "\"name\":\"nope\"," META "}}",
      { "-32602", "nope" } },
    { CALL ("1") META "}}", { "-32602" } },
    { CALL ("1") "\"name\":\"echo\",\"arguments\":[]," META "}}",
      { "-32602", "object" } },
    { CALL ("1") "\"name\":\"echo\",\"arguments\":{\"n\":1e400}," META "}}",
      { "{\"got\":{\"n\":1e400}}", "\"resultType\":\"complete\"",
        "\"_meta\":{\"own\":1,\"io.modelcontextprotocol/serverInfo\"" } },
    { CALL ("1") "\"name\":\"fail\"," META "}}",
      { "\"isError\":true", "I \\\"cannot\\\"" } },
    { CALL ("1") "\"name\":\"forget\"," META "}}",
      { "\"isError\":true" } },
  };
  Fixture fixture;

  fixture_open (&fixture);
  fixture_listen (&fixture);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const char *answer = ask (&fixture, rows[i].request, 1);

      g_test_message ("%s\n%s", rows[i].request, answer);
      for (guint j = 0; j < G_N_ELEMENTS (rows[i].parts) && rows[i].parts[j] != NULL; j++)
        g_assert_nonnull (strstr (answer, rows[i].parts[j]));
    }
  fixture_close (&fixture);
}

/* In a session of the older era nothing of the newer one is said. */
static void
test_legacy_session (void)
{
  Fixture fixture;
  const char *answer;

  fixture_open (&fixture);
  fixture_listen (&fixture);
  initialize (&fixture);
  answer = ask (&fixture, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}", 1);
  g_assert_nonnull (strstr (answer, "\"name\":\"hold\""));
  g_assert_null (strstr (answer, "resultType"));
  g_assert_null (strstr (answer, "ttlMs"));
  g_assert_null (strstr (answer, "serverInfo"));
  /* a log line of the default level, then the answer */
  answer = ask (&fixture, CALL ("2") "\"name\":\"echo\"}}", 2);
  g_assert_nonnull (strstr (answer, "{\"got\":null}"));
  g_assert_null (strstr (answer, "resultType"));
  g_assert_nonnull (strstr (g_ptr_array_index (fixture.heard, fixture.heard->len - 2), "loud"));
  g_assert_nonnull (strstr (ask (&fixture, LEVEL ("3", "x"), 1), "-32602"));
  ask (&fixture, LEVEL ("3", "error"), 1);
  ask (&fixture, CALL ("4") "\"name\":\"echo\"}}", 1);
  ask (&fixture, LEVEL ("5", "debug"), 1);
  ask (&fixture, CALL ("6") "\"name\":\"echo\"}}", 3);
  fixture_close (&fixture);
}

static void
test_progress_tokens (void)
{
  static const char *const tokens[] = { "7", "\"seven\"" };
  Fixture fixture;

  fixture_open (&fixture);
  fixture_listen (&fixture);
  initialize (&fixture);
  ask (&fixture, LEVEL ("5", "emergency"), 1);
  for (guint i = 0; i < G_N_ELEMENTS (tokens); i++)
    {
      g_autofree char *request = g_strdup_printf (CALL ("9") "\"name\":\"echo\","
                                                  "\"_meta\":{\"progressToken\":%s}}}", tokens[i]);
      g_autofree char *note =
        g_strdup_printf ("{\"progressToken\":%s,\"progress\":1,\"total\":2,\"message\":\"half\"}", tokens[i]);

      ask (&fixture, request, 2);
      g_test_message ("%s", (char *) g_ptr_array_index (fixture.heard, fixture.heard->len - 2));
      g_assert_nonnull (strstr (g_ptr_array_index (fixture.heard, fixture.heard->len - 2), note));
    }
  /* neither a number nor a string */
  ask (&fixture, CALL ("9") "\"name\":\"echo\",\"_meta\":{\"progressToken\":{}}}}", 1);
  fixture_close (&fixture);
}

/* Without a level in the request, a modern client hears no log. */
static void
test_modern_log (void)
{
  Fixture fixture;

  fixture_open (&fixture);
  fixture_listen (&fixture);
  ask (&fixture, CALL ("1") "\"name\":\"echo\"," META "}}", 1);
  ask (&fixture, CALL ("2") "\"name\":\"echo\",\"_meta\":{"
                 "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"," CAPABLE ","
                 "\"io.modelcontextprotocol/logLevel\":\"notice\"}}}", 2);
  fixture_close (&fixture);
}

static void
test_cancelled (void)
{
  Fixture fixture;
  guint heard;

  fixture_open (&fixture);
  fixture_listen (&fixture);
  via_linked_transport_inject (VIA_LINKED_TRANSPORT (fixture.server_end),
                               CALL ("\"a\"") "\"name\":\"hold\"," META "}}");
  scripted_wait_for (fixture.held != NULL);
  /* other ids, of another type too */
  ask (&fixture, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":1}}", 0);
  ask (&fixture, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{}}", 0);
  scripted_run_for (10);
  g_assert_false (g_cancellable_is_cancelled (via_mcp_server_call_get_cancellable (fixture.held)));
  ask (&fixture, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":\"a\"}}", 0);
  scripted_wait_for (g_cancellable_is_cancelled (via_mcp_server_call_get_cancellable (fixture.held)));
  heard = fixture.heard->len;
  via_mcp_server_call_complete (fixture.held, "{\"content\":[]}");
  g_clear_pointer (&fixture.held, via_mcp_server_call_unref);
  scripted_run_for (10);
  g_assert_cmpuint (fixture.heard->len, ==, heard);
  fixture_close (&fixture);
}

static void
test_client_goes (void)
{
  Fixture fixture;

  fixture_open (&fixture);
  fixture_listen (&fixture);
  via_linked_transport_inject (VIA_LINKED_TRANSPORT (fixture.server_end),
                               CALL ("1") "\"name\":\"hold\"," META "}}");
  scripted_wait_for (fixture.held != NULL);
  via_transport_close_async (fixture.client_end, NULL, NULL, NULL);
  scripted_wait_for (fixture.n_closed == 1);
  g_assert_true (g_cancellable_is_cancelled (via_mcp_server_call_get_cancellable (fixture.held)));
  via_mcp_server_call_complete (fixture.held, "{\"content\":[]}");
  fixture_close (&fixture);
}

/* Our own client against our own server, in both eras. */

static void
keep_result_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static ViaTransport *
lend_transport_cb (gpointer data)
{
  return g_object_ref (((Fixture *) data)->client_end);
}

static void
call_echo (ViaMcpClient *client)
{
  g_autoptr(ViaJsonDocument) arguments = via_json_document_new_strict ("{\"a\":[1,{}],\"é\":0.10}", -1, NULL);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(ViaToolResult) answer = NULL;
  g_autofree char *structured = NULL;

  via_mcp_client_call_tool_async (client, NULL, "echo", via_json_document_get_root (arguments), NULL, NULL, keep_result_cb,
                                  &result);
  scripted_wait_for (result != NULL);
  answer = via_mcp_client_call_tool_finish (client, result, &error);
  g_assert_no_error (error);
  structured = via_json_value_to_compact (via_tool_result_get_structured (answer), NULL);
  g_assert_cmpstr (structured, ==, "{\"got\":{\"a\":[1,{}],\"é\":0.10}}");
}

static void
test_client_against_server (gconstpointer protocol)
{
  ViaMcpClientOptions options = { .protocol = protocol, .timeout_ms = 10000 };
  Fixture fixture;
  ViaMcpClient *client;
  g_autoptr(GPtrArray) tools = NULL;
  g_autoptr(GError) error = NULL;
  GAsyncResult *result = NULL;

  fixture_open (&fixture);
  client = via_mcp_client_new (lend_transport_cb, &fixture, NULL, &options);
  via_mcp_client_connect_async (client, NULL, keep_result_cb, &result);
  scripted_wait_for (result != NULL);
  via_mcp_client_connect_finish (client, result, &error);
  g_assert_no_error (error);
  g_clear_object (&result);
  g_assert_cmpint (via_mcp_client_is_modern (client), ==, strcmp (protocol, "legacy") != 0);
  g_assert_cmpstr (via_mcp_client_get_server_name (client), ==, "Test");
  g_assert_cmpstr (via_mcp_client_get_instructions (client), ==, "Read this.");
  via_mcp_client_list_tools_async (client, NULL, keep_result_cb, &result);
  scripted_wait_for (result != NULL);
  tools = via_mcp_client_list_tools_finish (client, result, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (tools->len, ==, 4);
  g_clear_object (&result);
  call_echo (client);
  via_mcp_client_close_async (client, NULL, keep_result_cb, &result);
  scripted_wait_for (result != NULL);
  g_clear_object (&result);
  g_object_unref (client);
  fixture_close (&fixture);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/mcp-server/initialize-echoes-known-versions", test_versions);
  g_test_add_func ("/core/mcp-server/answers", test_answers);
  g_test_add_func ("/core/mcp-server/legacy-session", test_legacy_session);
  g_test_add_func ("/core/mcp-server/progress-tokens-keep-their-type", test_progress_tokens);
  g_test_add_func ("/core/mcp-server/modern-log-is-asked-for", test_modern_log);
  g_test_add_func ("/core/mcp-server/cancelled", test_cancelled);
  g_test_add_func ("/core/mcp-server/client-goes", test_client_goes);
  g_test_add_data_func ("/core/mcp-server/own-client-auto", "auto", test_client_against_server);
  g_test_add_data_func ("/core/mcp-server/own-client-modern", "modern", test_client_against_server);
  g_test_add_data_func ("/core/mcp-server/own-client-legacy", "legacy", test_client_against_server);
  return g_test_run ();
}
