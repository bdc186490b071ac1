/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "scripted-peer.h"

/* What the server asks */

static void
count_cb (gpointer instance,
          guint   *count)
{
  ++*count;
}

static void
test_requests_of_the_server (void)
{
  ScriptedPeer peer;
  ViaMcpClient *client = scripted_client_new_connected (&peer, &scripted_legacy_row, NULL, NULL);
  GPtrArray *sent = scripted_transport_get_sent (peer.transport);

  scripted_transport_emit (peer.transport, "{\"jsonrpc\":\"2.0\",\"id\":\"p\",\"method\":\"ping\"}");
  scripted_run_for (10);
  g_assert_cmpstr (g_ptr_array_index (sent, sent->len - 1), ==, "{\"jsonrpc\":\"2.0\",\"id\":\"p\",\"result\":{}}");
  scripted_transport_emit (peer.transport, "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"roots/list\"}");
  scripted_run_for (10);
  g_assert_nonnull (strstr (g_ptr_array_index (sent, sent->len - 1), "-32601"));
  scripted_client_drop (client);
}

static void
test_changed_storm (void)
{
  ScriptedPeer peer;
  ViaMcpClient *client = scripted_client_new_connected (&peer, &scripted_legacy_row, NULL, NULL);
  guint changed = 0;

  g_signal_connect (client, "tools-changed", G_CALLBACK (count_cb), &changed);
  for (guint i = 0; i < 1000; i++)
    scripted_transport_emit (peer.transport, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}");
  g_assert_cmpuint (changed, ==, 0);
  scripted_wait_for (changed > 0);
  scripted_run_for (400);
  g_assert_cmpuint (changed, ==, 1);
  /* nothing is emitted after the end */
  scripted_transport_emit (peer.transport, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}");
  scripted_client_close (client);
  scripted_run_for (400);
  g_assert_cmpuint (changed, ==, 1);
  scripted_client_drop (client);
}

/* Listing */

static GPtrArray *
list_now (ViaMcpClient  *client,
          gint64        *ttl,
          GError       **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  via_mcp_client_list_tools_async (client, NULL, scripted_keep_result_cb, &result);
  scripted_wait_for (result != NULL);
  return via_mcp_client_list_tools_finish (client, result, ttl, error);
}

typedef struct
{
  const char *const *pages; /* by number; the last is repeated */
  guint              n_pages;
  guint              n_asked;
  char              *cursors;
} Pages;

static void
page_cb (ScriptedTransport *transport,
         ViaRpcMessage     *message,
         const char *const *headers,
         gpointer           data)
{
  Pages *pages = data;
  g_autofree char *cursor = NULL;
  char *cursors;

  if (g_strcmp0 (via_rpc_message_get_method (message), "tools/list") != 0)
    return;
  cursor = via_json_value_to_compact (via_json_value_get_member (via_rpc_message_get_params (message), "cursor"), NULL);
  cursors = g_strconcat (pages->cursors != NULL ? pages->cursors : "", cursor != NULL ? cursor : "-", " ", NULL);
  g_free (pages->cursors);
  pages->cursors = cursors;
  scripted_transport_reply (transport, message, pages->pages[MIN (pages->n_asked, pages->n_pages - 1)]);
  pages->n_asked++;
}

#define TOOL(name) "{\"name\":\"" name "\",\"inputSchema\":{}}"

static void
check_pages (const char *const *texts,
             guint              n_texts,
             guint              n_asked,
             guint              n_tools,
             gint64             ttl,
             const char        *cursors)
{
  Pages pages = { texts, n_texts, 0, NULL };
  ScriptedPeer peer;
  ViaMcpClient *client = scripted_client_new_connected (&peer, &scripted_legacy_row, page_cb, &pages);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) tools = NULL;
  gint64 said = 0;

  tools = list_now (client, &said, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (tools->len, ==, n_tools);
  g_assert_cmpuint (pages.n_asked, ==, n_asked);
  g_assert_cmpint (said, ==, ttl);
  if (cursors != NULL)
    g_assert_cmpstr (pages.cursors, ==, cursors);
  g_free (pages.cursors);
  scripted_client_drop (client);
}

static void
test_pages (void)
{
  static const char *const one[] = { "{\"tools\":[" TOOL ("a") "," TOOL ("b") "]}" };
  static const char *const empty[] = { "{\"tools\":[],\"nextCursor\":null,\"ttlMs\":-5}" };
  static const char *const three[] = {
    "{\"tools\":[" TOOL ("a") "],\"nextCursor\":\"\",\"ttlMs\":5000}",
    "{\"tools\":[" TOOL ("b") "],\"nextCursor\":\"q\\\"\\u00e9\",\"ttlMs\":100}",
    "{\"tools\":[" TOOL ("c") "]}",
  };
  static const char *const loop[] = {
    "{\"tools\":[" TOOL ("a") "],\"nextCursor\":\"x\"}",
    "{\"tools\":[" TOOL ("b") "],\"nextCursor\":\"y\"}",
    "{\"tools\":[" TOOL ("c") "],\"nextCursor\":\"x\"}",
  };
  static const char *const broken[] = {
    "{\"tools\":[" TOOL ("a") ",7,{},{\"name\":\"b\"}," TOOL ("a") "," TOOL ("c") "]}",
  };

  check_pages (one, 1, 1, 2, -1, "- ");
  check_pages (empty, 1, 1, 0, 0, "- ");
  check_pages (three, 3, 3, 3, 100, "- \"\" \"q\\\"\\u00e9\" ");
  check_pages (loop, 3, 3, 3, -1, "- \"x\" \"y\" ");
  check_pages (broken, 1, 1, 2, -1, "- ");
}

static void
endless_cb (ScriptedTransport *transport,
            ViaRpcMessage     *message,
            const char *const *headers,
            gpointer           data)
{
  guint *count = data;
  g_autofree char *page = NULL;

  if (g_strcmp0 (via_rpc_message_get_method (message), "tools/list") != 0)
    return;
  ++*count;
  page = g_strdup_printf ("{\"tools\":[{\"name\":\"t%u\",\"inputSchema\":{}}],\"nextCursor\":\"%u\"}", *count, *count);
  scripted_transport_reply (transport, message, page);
}

static void
test_endless_pages (void)
{
  guint count = 0;
  ScriptedPeer peer;
  ViaMcpClient *client = scripted_client_new_connected (&peer, &scripted_legacy_row, endless_cb, &count);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) tools = list_now (client, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (count, ==, 64);
  g_assert_cmpuint (tools->len, ==, 64);
  scripted_client_drop (client);
}

static void
old_cursor_cb (ScriptedTransport *transport,
               ViaRpcMessage     *message,
               const char *const *headers,
               gpointer           data)
{
  guint *count = data;

  if (g_strcmp0 (via_rpc_message_get_method (message), "tools/list") != 0)
    return;
  if (++*count == 2)
    scripted_transport_refuse (transport, message, -32602, NULL);
  else
    scripted_transport_reply (transport, message, *count == 1 ? "{\"tools\":[" TOOL ("old") "],\"nextCursor\":\"x\"}"
                                                              : "{\"tools\":[" TOOL ("new") "]}");
}

static void
test_old_cursor (void)
{
  guint count = 0;
  ScriptedPeer peer;
  ViaMcpClient *client = scripted_client_new_connected (&peer, &scripted_legacy_row, old_cursor_cb, &count);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) tools = list_now (client, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (tools->len, ==, 1);
  g_assert_cmpstr (via_tool_get_name (g_ptr_array_index (tools, 0)), ==, "new");
  g_assert_cmpuint (count, ==, 3);
  scripted_client_drop (client);
}

static void
refuse_cb (ScriptedTransport *transport,
           ViaRpcMessage     *message,
           const char *const *headers,
           gpointer           data)
{
  if (via_rpc_message_get_kind (message) == VIA_RPC_REQUEST)
    scripted_transport_refuse (transport, message, -32601, NULL);
}

static void
nonsense_cb (ScriptedTransport *transport,
             ViaRpcMessage     *message,
             const char *const *headers,
             gpointer           data)
{
  if (via_rpc_message_get_kind (message) == VIA_RPC_REQUEST)
    scripted_transport_reply (transport, message, data);
}

static void
test_lists_that_fail (void)
{
  static const ScriptedRow bare = {
    .protocol = "legacy",
    .initialize = { ANSWER, 0, 0, "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{}}" },
  };
  ScriptedPeer peer;
  ViaMcpClient *client = scripted_client_new_connected (&peer, &bare, refuse_cb, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) tools = list_now (client, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (tools->len, ==, 0);
  scripted_client_drop (client);

  client = scripted_client_new_connected (&peer, &scripted_legacy_row, refuse_cb, NULL);
  g_assert_null (list_now (client, NULL, &error));
  g_assert_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_REMOTE);
  g_clear_error (&error);
  scripted_client_drop (client);

  client = scripted_client_new_connected (&peer, &scripted_legacy_row, nonsense_cb, (gpointer) "{\"tools\":{}}");
  g_assert_null (list_now (client, NULL, &error));
  g_assert_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_INVALID);
  scripted_client_drop (client);
}

static void
test_invalid_headers (void)
{
  static const char page[] = "{\"tools\":[" TOOL ("good") ",{\"name\":\"bad\",\"inputSchema\":{\"properties\":{\"a\":"
                             "{\"type\":\"number\",\"x-mcp-header\":\"A\"}}}}]}";
  static const struct
  {
    const ScriptedRow *row;
    guint      n_tools;
  } cases[] = { { &scripted_http_modern_row, 1 }, { &scripted_modern_row, 2 }, { &scripted_http_legacy_row, 2 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ScriptedPeer peer;
      ViaMcpClient *client = scripted_client_new_connected (&peer, cases[i].row, nonsense_cb, (gpointer) page);
      g_autoptr(GError) error = NULL;
      g_autoptr(GPtrArray) tools = list_now (client, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (tools->len, ==, cases[i].n_tools);
      scripted_client_drop (client);
    }
}

/* Calling */

#define LOG_LINE(data) \
  "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{\"level\":\"info\",\"data\":" data "}}"

typedef struct
{
  double progress;
  double total;
  guint  n_progress;
  guint  n_log;
  char  *message;
  char  *log;
} Heard;

static void
progress_cb (double      progress,
             double      total,
             const char *message,
             gpointer    data)
{
  Heard *heard = data;

  heard->progress = progress;
  heard->total = total;
  heard->n_progress++;
  g_free (heard->message);
  heard->message = g_strdup (message);
}

static void
log_cb (const char *level,
        const char *text,
        gpointer    data)
{
  Heard *heard = data;

  heard->n_log++;
  g_free (heard->log);
  heard->log = g_strconcat (level, ": ", text, NULL);
}

static void
heard_clear (Heard *heard)
{
  g_free (heard->message);
  g_free (heard->log);
}

static ViaToolResult *
call_now (ViaMcpClient             *client,
          const char               *arguments,
          const ViaMcpCallOptions  *options,
          GError                  **error)
{
  g_autoptr(ViaJsonDocument) document = via_json_document_new_strict (arguments, -1, NULL);
  g_autoptr(GAsyncResult) result = NULL;

  via_mcp_client_call_tool_async (client, NULL, "t", via_json_document_get_root (document), options, NULL,
                                  scripted_keep_result_cb, &result);
  scripted_wait_for (result != NULL);
  return via_mcp_client_call_tool_finish (client, result, error);
}

static const char *
last_sent (ScriptedPeer       *peer,
           const char *part)
{
  GPtrArray *sent = scripted_transport_get_sent (peer->transport);

  for (guint i = sent->len; i > 0; i--)
    if (strstr (g_ptr_array_index (sent, i - 1), part) != NULL)
      return g_ptr_array_index (sent, i - 1);
  return NULL;
}

static void
test_call_as_it_is_sent (void)
{
  static const char *const arguments = "{ \"n\": 12345678901234567890123, \"f\": 0.10, \"s\": \"\\u00e9\" }";
  ScriptedPeer peer;
  ViaMcpClient *client = scripted_client_new_connected (&peer, &scripted_legacy_row, nonsense_cb, (gpointer) "{\"content\":[]}");
  g_autoptr(ViaToolResult) result = call_now (client, arguments, NULL, NULL);
  const char *sent = last_sent (&peer, "tools/call");

  g_assert_nonnull (result);
  g_assert_nonnull (strstr (sent, "\"params\":{\"name\":\"t\",\"arguments\":{\"n\":12345678901234567890123,\"f\":0.10,"
                                  "\"s\":\"\\u00e9\"}}}"));
  scripted_client_drop (client);
}

static void
test_deep_arguments (void)
{
  g_autofree char *open = g_strnfill (127, '[');
  g_autofree char *close = g_strnfill (127, ']');
  g_autofree char *arguments = g_strdup_printf ("{\"a\":%s%s}", open, close);
  ScriptedPeer peer;
  ViaMcpClient *client = scripted_client_new_connected (&peer, &scripted_modern_row, NULL, NULL);
  g_autoptr(ViaToolResult) result = NULL;
  g_autoptr(GError) error = NULL;

  /* as deep as a document may be; the envelope comes on top */
  result = call_now (client, arguments, NULL, &error);
  g_assert_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_TIMEOUT);
  g_assert_nonnull (last_sent (&peer, "[[[[[["));
  scripted_client_drop (client);
}

static void
header_cb (ScriptedTransport *transport,
           ViaRpcMessage     *message,
           const char *const *headers,
           gpointer           data)
{
  char **joined = data;

  if (via_rpc_message_get_kind (message) != VIA_RPC_REQUEST)
    return;
  g_free (*joined);
  *joined = headers != NULL ? g_strjoinv ("|", (char **) headers) : NULL;
  scripted_transport_reply (transport, message, "{\"content\":[],\"contents\":[],\"messages\":[],\"resultType\":\"complete\"}");
}

static void
request_now (ViaMcpClient *client,
             const char   *method,
             const char   *params)
{
  g_autoptr(ViaJsonDocument) document = via_json_document_new_strict (params, -1, NULL);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(ViaRpcMessage) message = NULL;
  g_autoptr(GError) error = NULL;

  via_mcp_client_request_async (client, method, via_json_document_get_root (document), 0, NULL, scripted_keep_result_cb, &result);
  scripted_wait_for (result != NULL);
  message = via_mcp_client_request_finish (client, result, &error);
  g_assert_no_error (error);
  g_assert_nonnull (message);
}

static void
test_modern_envelope (void)
{
  static const struct
  {
    const char *method;
    const char *params;
    const char *headers;
  } cases[] = {
    { "tools/list", "{}", "Mcp-Method|tools/list" },
    { "prompts/get", "{\"name\":\"Grüße\"}", "Mcp-Method|prompts/get|Mcp-Name|=?base64?R3LDvMOfZQ==?=" },
    { "resources/read", "{\"uri\":\"a://b c?d=%20\"}", "Mcp-Method|resources/read|Mcp-Name|a://b c?d=%20" },
    { "tools/call", "{\"name\":\"x\"}", "Mcp-Method|tools/call|Mcp-Name|x" },
  };
  char *headers = NULL;
  ScriptedPeer peer;
  ViaMcpClient *client = scripted_client_new_connected (&peer, &scripted_http_modern_row, header_cb, &headers);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      request_now (client, cases[i].method, cases[i].params);
      g_assert_cmpstr (headers, ==, cases[i].headers);
      g_assert_nonnull (strstr (last_sent (&peer, cases[i].method),
                                "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","));
    }
  /* what the caller says in _meta stays, but for what is ours to say */
  request_now (client, "tools/list", "{\"_meta\":{\"traceparent\":\"00-1\",\"progressToken\":5,"
                                     "\"io.modelcontextprotocol/protocolVersion\":\"1\"}}");
  g_assert_nonnull (strstr (last_sent (&peer, "tools/list"), "\"_meta\":{\"traceparent\":\"00-1\",\"io.model"));
  g_assert_null (strstr (last_sent (&peer, "tools/list"), "progressToken"));
  scripted_client_drop (client);
  g_free (headers);
}

static void
test_mirrored_headers (void)
{
  g_autoptr(ViaJsonDocument) description = via_json_document_new_strict (
    "{\"name\":\"t\",\"inputSchema\":{\"properties\":{\"r\":{\"type\":\"string\",\"x-mcp-header\":\"Region\"}}}}", -1, NULL);
  g_autoptr(ViaJsonDocument) arguments = via_json_document_new_strict ("{\"r\":\"Zürich\"}", -1, NULL);
  g_autoptr(ViaTool) tool = via_tool_new_from_mcp (via_json_document_get_root (description), NULL);
  static const struct
  {
    const ScriptedRow  *row;
    const char *headers;
  } cases[] = {
    { &scripted_http_modern_row, "Mcp-Method|tools/call|Mcp-Name|t|Mcp-Param-Region|=?base64?WsO8cmljaA==?=" },
    { &scripted_http_legacy_row, NULL },
    { &scripted_modern_row, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      char *headers = NULL;
      ScriptedPeer peer;
      ViaMcpClient *client = scripted_client_new_connected (&peer, cases[i].row, header_cb, &headers);
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(ViaToolResult) answer = NULL;

      via_mcp_client_call_tool_async (client, tool, "t", via_json_document_get_root (arguments), NULL, NULL,
                                      scripted_keep_result_cb, &result);
      scripted_wait_for (result != NULL);
      answer = via_mcp_client_call_tool_finish (client, result, NULL);
      g_assert_nonnull (answer);
      g_assert_cmpstr (headers, ==, cases[i].headers);
      g_free (headers);
      g_clear_object (&result);
      scripted_client_drop (client);
    }
}

static void
progressing_cb (ScriptedTransport *transport,
                ViaRpcMessage     *message,
                const char *const *headers,
                gpointer           data)
{
  static const char *const steps[] = {
    "{\"progressToken\":%s,\"progress\":1,\"total\":4,\"message\":\"one\"}",
    "{\"progressToken\":%s,\"progress\":1,\"total\":4,\"message\":\"again\"}",
    "{\"progressToken\":%s,\"progress\":0.5}",
    "{\"progressToken\":999,\"progress\":3,\"total\":4}",
    "{\"progressToken\":\"x\",\"progress\":3,\"total\":4}",
    "{\"progressToken\":%s,\"progress\":\"3\"}",
    "{\"progressToken\":%s}",
  };
  ViaJsonValue meta = via_json_value_get_member (via_rpc_message_get_params (message), "_meta");
  g_autofree char *token = via_json_value_dup_raw (via_json_value_get_member (meta, "progressToken"));
  g_autofree char *id = via_json_value_dup_raw (via_rpc_message_get_id (message));

  if (g_strcmp0 (via_rpc_message_get_method (message), "tools/call") != 0)
    return;
  g_assert_cmpstr (token, ==, id);
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_auto(GStrv) parts = g_strsplit (steps[i], "%s", 2);
      g_autofree char *params = g_strjoinv (token, parts);
      g_autofree char *json = g_strdup_printf ("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":%s}",
                                               params);

      scripted_transport_emit (transport, json);
    }
  scripted_transport_emit (transport, LOG_LINE ("{\"a\": 1}"));
  scripted_transport_reply (transport, message, "{\"content\":[]}");
  scripted_transport_emit (transport, LOG_LINE ("\"late\""));
}

static void
test_progress_and_log (void)
{
  static const ScriptedRow *const both[] = { &scripted_legacy_row, &scripted_modern_row };

  for (guint i = 0; i < G_N_ELEMENTS (both); i++)
    {
      Heard heard = { 0 };
      ViaMcpCallOptions options = { .progress = progress_cb, .log = log_cb, .data = &heard };
      ScriptedPeer peer;
      ViaMcpClient *client = scripted_client_new_connected (&peer, both[i], progressing_cb, NULL);
      g_autoptr(GError) error = NULL;
      g_autoptr(ViaToolResult) result = call_now (client, "{}", &options, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (heard.n_progress, ==, 1);
      g_assert_cmpfloat (heard.progress, ==, 0.25);
      g_assert_cmpfloat (heard.total, ==, 4);
      g_assert_cmpstr (heard.message, ==, "one");
      g_assert_cmpstr (heard.log, ==, "info: {\"a\":1}");
      g_assert_cmpuint (heard.n_log, <=, 2);
      g_assert_cmpint (strstr (last_sent (&peer, "tools/call"), "io.modelcontextprotocol/logLevel") != NULL, ==, i == 1);
      heard_clear (&heard);
      scripted_client_drop (client);
    }
}

typedef struct
{
  ScriptedPeer  *peer;
  char  *token;
  guint  source;
  guint  count;
} Ticker;

static gboolean
tick_cb (gpointer data)
{
  Ticker *ticker = data;
  g_autofree char *json =
    g_strdup_printf ("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":"
                     "{\"progressToken\":%s,\"progress\":%u}}", ticker->token, ++ticker->count);

  scripted_transport_emit (ticker->peer->transport, json);
  return G_SOURCE_CONTINUE;
}

static void
begin_ticking_cb (ScriptedTransport *transport,
                  ViaRpcMessage     *message,
                  const char *const *headers,
                  gpointer           data)
{
  Ticker *ticker = data;

  if (g_strcmp0 (via_rpc_message_get_method (message), "tools/call") != 0)
    return;
  ticker->token = via_json_value_dup_raw (via_rpc_message_get_id (message));
  ticker->source = g_timeout_add (30, tick_cb, ticker);
}

/* Progress keeps a call alive, within its maximum. */
static void
test_timeout_with_progress (void)
{
  Heard heard = { 0 };
  ViaMcpCallOptions options = { .timeout_ms = 150, .max_timeout_ms = 700, .progress = progress_cb, .data = &heard };
  ScriptedPeer peer;
  Ticker ticker = { .peer = &peer };
  ViaMcpClient *client = scripted_client_new_connected (&peer, &scripted_legacy_row, begin_ticking_cb, &ticker);
  g_autoptr(GError) error = NULL;
  gint64 started = g_get_monotonic_time ();

  g_assert_null (call_now (client, "{}", &options, &error));
  g_assert_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_TIMEOUT);
  g_assert_cmpint (g_get_monotonic_time () - started, >=, 600 * 1000);
  g_assert_cmpuint (heard.n_progress, >, 3);
  g_assert_cmpfloat (heard.progress, ==, -1);
  scripted_run_for (10);
  g_assert_nonnull (last_sent (&peer, "notifications/cancelled"));
  g_source_remove (ticker.source);
  g_free (ticker.token);
  heard_clear (&heard);
  scripted_client_drop (client);
}

static void
hold_cb (ScriptedTransport *transport,
         ViaRpcMessage     *message,
         const char *const *headers,
         gpointer           data)
{
  if (g_strcmp0 (via_rpc_message_get_method (message), "tools/call") == 0)
    scripted_transport_hold_send (transport);
}

static void
test_cancel (void)
{
  static const struct
  {
    const ScriptedRow *row;
    gboolean   notified;
    gboolean   meta;
  } cases[] = {
    { &scripted_legacy_row, TRUE, FALSE }, { &scripted_http_legacy_row, TRUE, FALSE }, { &scripted_modern_row, TRUE,
      TRUE }, { &scripted_http_modern_row, FALSE, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GCancellable) cancellable = g_cancellable_new ();
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(GError) error = NULL;
      const char *note;
      ScriptedPeer peer;
      ViaMcpClient *client = scripted_client_new_connected (&peer, cases[i].row, hold_cb, NULL);

      via_mcp_client_call_tool_async (client, NULL, "t", via_json_value_missing (), NULL, cancellable,
                                      scripted_keep_result_cb, &result);
      scripted_run_for (10);
      g_cancellable_cancel (cancellable);
      scripted_wait_for (result != NULL);
      g_assert_null (via_mcp_client_call_tool_finish (client, result, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      scripted_run_for (10);
      note = last_sent (&peer, "notifications/cancelled");
      g_assert_cmpint (note != NULL, ==, cases[i].notified);
      g_assert_cmpint (note != NULL && strstr (note, "clientCapabilities") != NULL, ==, cases[i].meta);
      g_assert_cmpuint (scripted_transport_get_n_cancelled (peer.transport), ==, 1);
      g_clear_object (&result);
      scripted_client_drop (client);
    }
}

static void
test_wrong_results (void)
{
  static const struct
  {
    const ScriptedRow  *row;
    const char *result;
    const char *sentence; /* NULL: accepted */
  } cases[] = {
    { &scripted_legacy_row, "{\"content\":[]}", NULL },
    { &scripted_legacy_row, "{\"structuredContent\":{}}", NULL },
    { &scripted_legacy_row, "{\"content\":[],\"resultType\":\"whatever\"}", NULL },
    { &scripted_legacy_row, "[]", "no tool result" },
    { &scripted_legacy_row, "7", "no tool result" },
    { &scripted_legacy_row, "{\"content\":\"text\"}", "no tool result" },
    { &scripted_modern_row, "{\"content\":[]}", NULL },
    { &scripted_modern_row, "{\"content\":[],\"resultType\":\"complete\"}", NULL },
    { &scripted_modern_row, "{\"resultType\":\"input_required\",\"inputRequests\":{}}", "more input" },
    { &scripted_modern_row, "{\"resultType\":\"task\",\"taskId\":\"1\"}", "task" },
    { &scripted_modern_row, "{\"resultType\":\"surprise\"}", "surprise" },
    { &scripted_modern_row, "{\"resultType\":null,\"content\":[]}", "null" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ScriptedPeer peer;
      ViaMcpClient *client = scripted_client_new_connected (&peer, cases[i].row, nonsense_cb, (gpointer) cases[i].result);
      g_autoptr(GError) error = NULL;
      g_autoptr(ViaToolResult) result = call_now (client, "{}", NULL, &error);

      g_test_message ("%s", cases[i].result);
      g_assert_cmpint (result != NULL, ==, cases[i].sentence == NULL);
      if (cases[i].sentence != NULL)
        {
          g_assert_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_INVALID);
          g_assert_nonnull (strstr (error->message, cases[i].sentence));
        }
      scripted_client_drop (client);
    }
}

/* Sessions */

typedef struct
{
  guint n_lost; /* how many calls to refuse */
  guint n_calls;
} Session;

static void
session_cb (ScriptedTransport *transport,
            ViaRpcMessage     *message,
            const char *const *headers,
            gpointer           data)
{
  Session *session = data;

  if (g_strcmp0 (via_rpc_message_get_method (message), "tools/call") != 0)
    return;
  if (session->n_calls++ < session->n_lost)
    scripted_transport_fail_send (transport, g_error_new (VIA_RPC_ERROR, VIA_RPC_ERROR_SESSION_LOST, "Session lost."));
  else
    scripted_transport_reply (transport, message, "{\"content\":[]}");
}

static void
test_session_lost (void)
{
  Session session = { .n_lost = 1 };
  ScriptedPeer peer;
  ViaMcpClient *client = scripted_client_new_connected (&peer, &scripted_http_legacy_row, session_cb, &session);
  g_autoptr(GError) error = NULL;
  g_autoptr(ViaToolResult) result = call_now (client, "{}", NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (result);
  g_assert_cmpuint (session.n_calls, ==, 2);
  g_assert_cmpuint (peer.n_initializes, ==, 2);
  g_assert_cmpuint (peer.n_starts, ==, 1);
  g_assert_cmpuint (scripted_transport_get_listens (peer.transport), ==, 2);
  scripted_client_drop (client);
}

static void
test_session_lost_for_ever (void)
{
  Session session = { .n_lost = 1000 };
  ScriptedPeer peer;
  ViaMcpClient *client = scripted_client_new_connected (&peer, &scripted_http_legacy_row, session_cb, &session);
  g_autoptr(GError) error = NULL;

  g_assert_null (call_now (client, "{}", NULL, &error));
  g_assert_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_INVALID);
  g_assert_cmpuint (session.n_calls, ==, 2);
  g_assert_cmpuint (peer.n_initializes, ==, 2);
  scripted_client_drop (client);
}

/* Ten requests that lose one session make one new session. */
static void
test_session_lost_together (void)
{
  Session session = { .n_lost = 10 };
  ScriptedPeer peer;
  ViaMcpClient *client = scripted_client_new_connected (&peer, &scripted_http_legacy_row, session_cb, &session);
  GAsyncResult *results[10] = { NULL };

  for (guint i = 0; i < 10; i++)
    via_mcp_client_call_tool_async (client, NULL, "t", via_json_value_missing (), NULL, NULL,
                                    scripted_keep_result_cb, &results[i]);
  for (guint i = 0; i < 10; i++)
    {
      g_autoptr(ViaToolResult) result = NULL;
      g_autoptr(GError) error = NULL;

      scripted_wait_for (results[i] != NULL);
      result = via_mcp_client_call_tool_finish (client, results[i], &error);
      g_assert_no_error (error);
      g_object_unref (results[i]);
    }
  g_assert_cmpuint (peer.n_initializes, ==, 2);
  g_assert_cmpuint (session.n_calls, ==, 20);
  scripted_client_drop (client);
}

/* Subscriptions */

#define LISTENING_DISCOVERED \
  "{\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":{\"tools\":{\"listChanged\":true}},\"resultType\":\"complete\"}"

typedef struct
{
  guint          n_listens;
  gboolean       refuse;
  ViaRpcMessage *listen;
} Subscription;

static void
subscription_cb (ScriptedTransport *transport,
                 ViaRpcMessage     *message,
                 const char *const *headers,
                 gpointer           data)
{
  Subscription *subscription = data;
  const char *method = via_rpc_message_get_method (message);

  if (g_strcmp0 (method, "tools/list") == 0)
    scripted_transport_reply (transport, message, "{\"tools\":[],\"resultType\":\"complete\"}");
  if (g_strcmp0 (method, "subscriptions/listen") != 0)
    return;
  subscription->n_listens++;
  if (subscription->refuse)
    {
      scripted_transport_refuse (transport, message, -32601, NULL);
      return;
    }
  g_clear_pointer (&subscription->listen, via_rpc_message_unref);
  subscription->listen = via_rpc_message_ref (message);
  scripted_transport_hold_send (transport);
}

static void
test_subscription (void)
{
  static const ScriptedRow listening_row = { .protocol = "modern", .discover = { { ANSWER, 0, 0, LISTENING_DISCOVERED } } };
  Subscription subscription = { 0 };
  ScriptedPeer peer;
  ViaMcpClient *client = scripted_client_new_connected (&peer, &listening_row, subscription_cb, &subscription);
  guint changed = 0;

  g_signal_connect (client, "tools-changed", G_CALLBACK (count_cb), &changed);
  g_assert_cmpuint (subscription.n_listens, ==, 0);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(GPtrArray) tools = list_now (client, NULL, NULL);

      g_assert_nonnull (tools);
    }
  scripted_run_for (20);
  g_assert_cmpuint (subscription.n_listens, ==, 1);
  g_assert_nonnull (strstr (last_sent (&peer, "subscriptions/listen"), "\"notifications\":{\"toolsListChanged\":true}"));
  scripted_transport_emit (peer.transport, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\",\"params\":{}}");
  scripted_wait_for (changed == 1);
  /* The server ends it in good order: what was missed is looked up, and it is asked for anew. */
  scripted_transport_reply (peer.transport, subscription.listen, "{\"resultType\":\"complete\"}");
  scripted_wait_for (subscription.n_listens == 2 && changed == 2);
  g_clear_pointer (&subscription.listen, via_rpc_message_unref);
  scripted_client_drop (client);
}

static void
test_subscription_refused (void)
{
  static const ScriptedRow listening_row = { .protocol = "modern", .discover = { { ANSWER, 0, 0, LISTENING_DISCOVERED } } };
  Subscription subscription = { .refuse = TRUE };
  ScriptedPeer peer;
  ViaMcpClient *client = scripted_client_new_connected (&peer, &listening_row, subscription_cb, &subscription);

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(GPtrArray) tools = list_now (client, NULL, NULL);

      g_assert_nonnull (tools);
      scripted_run_for (10);
    }
  g_assert_cmpuint (subscription.n_listens, ==, 1);
  scripted_client_drop (client);
}

/* A client that nobody closes goes away all the same, and its subscription with it. */
static void
test_dropped_with_subscription (void)
{
  static const ScriptedRow listening_row = { .protocol = "modern", .discover = { { ANSWER, 0, 0, LISTENING_DISCOVERED } } };
  Subscription subscription = { 0 };
  ScriptedPeer peer;
  ViaMcpClient *client = scripted_client_new_connected (&peer, &listening_row, subscription_cb, &subscription);
  g_autoptr(GPtrArray) tools = list_now (client, NULL, NULL);
  gpointer watched = client, transport = peer.transport;

  scripted_run_for (20);
  g_assert_cmpuint (subscription.n_listens, ==, 1);
  g_object_add_weak_pointer (G_OBJECT (client), &watched);
  g_object_add_weak_pointer (transport, &transport);
  g_object_unref (client);
  scripted_wait_for (watched == NULL && transport == NULL);
  via_rpc_message_unref (subscription.listen);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/mcp-client/answers-ping-alone", test_requests_of_the_server);
  g_test_add_func ("/core/mcp-client/list-changed-storm", test_changed_storm);
  g_test_add_func ("/core/mcp-client/pages", test_pages);
  g_test_add_func ("/core/mcp-client/endless-pages", test_endless_pages);
  g_test_add_func ("/core/mcp-client/old-cursor", test_old_cursor);
  g_test_add_func ("/core/mcp-client/lists-that-fail", test_lists_that_fail);
  g_test_add_func ("/core/mcp-client/drops-invalid-headers-over-modern-http", test_invalid_headers);
  g_test_add_func ("/core/mcp-client/sends-arguments-untouched", test_call_as_it_is_sent);
  g_test_add_func ("/core/mcp-client/deep-arguments", test_deep_arguments);
  g_test_add_func ("/core/mcp-client/modern-envelope", test_modern_envelope);
  g_test_add_func ("/core/mcp-client/mirrored-headers", test_mirrored_headers);
  g_test_add_func ("/core/mcp-client/progress-and-log", test_progress_and_log);
  g_test_add_func ("/core/mcp-client/progress-within-its-maximum", test_timeout_with_progress);
  g_test_add_func ("/core/mcp-client/cancel", test_cancel);
  g_test_add_func ("/core/mcp-client/wrong-results", test_wrong_results);
  g_test_add_func ("/core/mcp-client/session-lost", test_session_lost);
  g_test_add_func ("/core/mcp-client/session-lost-for-ever", test_session_lost_for_ever);
  g_test_add_func ("/core/mcp-client/session-lost-together", test_session_lost_together);
  g_test_add_func ("/core/mcp-client/subscription", test_subscription);
  g_test_add_func ("/core/mcp-client/subscription-refused", test_subscription_refused);
  g_test_add_func ("/core/mcp-client/dropped-with-subscription", test_dropped_with_subscription);
  return g_test_run ();
}
