/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "mcp/via-mcp-client.h"
#include "scripted-transport.h"
#include "transport/via-stdio-transport.h"

#define MAX_MESSAGE_BYTES (256 * 1024 * 1024)

/* The demo server as a child process, spoken to by the client that everything uses. */

static void
keep_result_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static ViaTransport *
make_transport_cb (gpointer data)
{
  const char *const argv[] = { g_getenv ("VIADUCT_DEMO_SERVER"), NULL };

  return via_stdio_transport_new (argv, NULL, NULL, MAX_MESSAGE_BYTES);
}

static ViaMcpClient *
connect_demo (const char *protocol)
{
  ViaMcpClientOptions options = { .protocol = protocol, .timeout_ms = 30000, .probe_ms = 20000 };
  ViaMcpClient *client = via_mcp_client_new (make_transport_cb, NULL, NULL, &options);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  via_mcp_client_connect_async (client, NULL, keep_result_cb, &result);
  scripted_wait_for (result != NULL);
  via_mcp_client_connect_finish (client, result, &error);
  g_assert_no_error (error);
  return client;
}

static void
disconnect_demo (ViaMcpClient *client)
{
  GAsyncResult *result = NULL;
  gpointer watched = client;

  via_mcp_client_close_async (client, NULL, keep_result_cb, &result);
  scripted_wait_for (result != NULL);
  g_object_unref (result);
  g_object_add_weak_pointer (G_OBJECT (client), &watched);
  g_object_unref (client);
  scripted_wait_for (watched == NULL);
}

static ViaToolResult *
call (ViaMcpClient            *client,
      const char              *name,
      const char              *arguments,
      const ViaMcpCallOptions *options)
{
  g_autoptr(ViaJsonDocument) document = via_json_document_new_strict (arguments, -1, NULL);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  ViaToolResult *answer;

  g_assert_nonnull (document);
  via_mcp_client_call_tool_async (client, NULL, name, via_json_document_get_root (document), options, NULL, keep_result_cb,
                                  &result);
  scripted_wait_for (result != NULL);
  answer = via_mcp_client_call_tool_finish (client, result, &error);
  g_assert_no_error (error);
  return answer;
}

static GPtrArray *
list (ViaMcpClient *client)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  GPtrArray *tools;

  via_mcp_client_list_tools_async (client, NULL, keep_result_cb, &result);
  scripted_wait_for (result != NULL);
  tools = via_mcp_client_list_tools_finish (client, result, NULL, &error);
  g_assert_no_error (error);
  return tools;
}

static void
test_eras (void)
{
  static const struct
  {
    const char *protocol;
    const char *revision;
  } rows[] = { { "auto", "2026-07-28" }, { "modern", "2026-07-28" }, { "legacy", "2025-11-25" }, { "2024-11-05", "2024-11-05" } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      ViaMcpClient *client = connect_demo (rows[i].protocol);

      g_assert_cmpstr (via_mcp_client_get_revision (client), ==, rows[i].revision);
      g_assert_cmpstr (via_mcp_client_get_server_name (client), ==, "Viaduct Demo");
      disconnect_demo (client);
    }
}

/* What each tool says of itself: a newcomer reads it first. */
static void
test_descriptions (void)
{
  ViaMcpClient *client = connect_demo ("auto");
  g_autoptr(GPtrArray) tools = list (client);
  g_autoptr(GHashTable) categories = g_hash_table_new (g_str_hash, g_str_equal);
  guint n_destructive = 0, n_open_world = 0, n_structured = 0;

  g_assert_cmpuint (tools->len, >=, 20);
  for (guint i = 0; i < tools->len; i++)
    {
      ViaTool *tool = g_ptr_array_index (tools, i);
      ViaJsonValue annotations = via_tool_get_annotations (tool);

      g_assert_cmpstr (via_tool_get_title (tool), !=, via_tool_get_name (tool));
      g_assert_cmpuint (strlen (via_tool_get_description (tool)), >, 20);
      g_assert_false (via_json_value_is_missing (via_json_value_get_member (annotations, "readOnlyHint")));
      g_assert_true (via_tool_check_headers (tool, NULL));
      g_hash_table_add (categories, (char *) via_tool_get_category (tool));
      n_destructive += via_tool_is_destructive (tool) ? 1 : 0;
      n_open_world += via_tool_is_open_world (tool) ? 1 : 0;
      n_structured += via_json_value_is_object (via_tool_get_output_schema (tool)) ? 1 : 0;
    }
  g_assert_cmpuint (g_hash_table_size (categories), ==, 4);
  g_assert_cmpuint (n_destructive, ==, 1);
  g_assert_cmpuint (n_open_world, ==, 1);
  g_assert_cmpuint (n_structured, >=, 5);
  disconnect_demo (client);
}

/* Every tool once and more: arguments, and a part of the result as compact JSON. */
static const struct
{
  const char *tool;
  const char *arguments;
  const char *part;
  gboolean    fails;
} calls[] = {
  { "echo", "{\"message\":\"Grüße, 世界 \\\"quoted\\\"\\n\"}", "\"text\":\"Grüße, 世界 \\\"quoted\\\"\\n\"" },
  { "echo", "{\"message\":\"\"}", "\"text\":\"\"" },
  { "echo", "{}", "message is required.", TRUE },
  { "echo", "{\"message\":7}", "message must be of the type string, not integer.", TRUE },
  { "echo", "{\"message\":\"x\",\"other\":1}", "no argument called “other”", TRUE },
  { "greet", "{\"name\":\"Ada\"}", "Hello, Ada." },
  { "greet", "{\"name\":\"花子\",\"language\":\"日本語\",\"enthusiastic\":true}", "こんにちは、花子さん! 👋" },
  { "greet", "{\"name\":\"\"}", "name must be at least 1 characters long.", TRUE },
  { "greet", "{\"name\":\"x\",\"language\":\"Klingon\"}", "language must be one of [", TRUE },
  { "write-report", "{}", "# Bridges of the World" },
  { "write-report", "{\"title\":\"T\",\"sections\":1,\"table\":false}", "# T\\n" },
  { "write-report", "{\"sections\":0}", "sections must be at least 1.", TRUE },
  { "write-report", "{\"sections\":1.5}", "sections must be of the type integer, not number.", TRUE },
  { "write-report", "{\"sections\":2.0}", "## 2. A section" },
  { "analyze-text", "{\"text\":\"héllo  wörld\\nx\"}",
    "\"structuredContent\":{\"characters\":14,\"bytes\":16,\"words\":3,\"lines\":2,\"longest_word\":\"héllo\"}" },
  { "join-words", "{\"words\":[\"a\",\"b\",\"c\"],\"separator\":\" | \",\"reverse\":true}", "\"c | b | a\"" },
  { "join-words", "{\"words\":[\"a\"]}", "\"text\":\"a\"" },
  { "join-words", "{\"words\":[]}", "words must be at least 1 items long.", TRUE },
  { "join-words", "{\"words\":[\"a\",null]}", "words[1] must be of the type string, not null.", TRUE },
  { "generate-text", "{\"size\":10}", "\"0 bytes of\"" },
  { "generate-text", "{\"size\":67108865}", "size must be at most 67108864.", TRUE },
  { "echo-json", "{\"value\":{\"n\":123456789012345678901234567890,\"f\":0.10,\"e\":1e400,\"s\":\"\\u00e9\"}}",
    "\"structuredContent\":{\"value\":{\"n\":123456789012345678901234567890,\"f\":0.10,\"e\":1e400,\"s\":\"\\u00e9\"}}" },
  { "echo-json", "{\"value\":null}", "{\"value\":null}" },
  { "echo-json", "{}", "value is required.", TRUE },
  { "calculate", "{\"a\":2,\"b\":3.5}", "\"structuredContent\":{\"result\":5.5}" },
  { "calculate", "{\"a\":1,\"b\":0,\"operation\":\"divide\"}", "cannot be divided by zero", TRUE },
  { "calculate", "{\"a\":1e308,\"b\":1e308}", "too large", TRUE },
  { "calculate", "{\"a\":7,\"b\":2,\"operation\":\"subtract\"}", "{\"result\":5" },
  { "calculate", "{\"a\":7,\"b\":2,\"operation\":\"multiply\"}", "{\"result\":14" },
  { "list-orders", "{\"count\":2}", "\"structuredContent\":{\"orders\":[{\"id\":1000,\"customer\":\"Ada Lovelace\"" },
  { "list-orders", "{\"count\":0}", "{\"orders\":[]}" },
  { "list-orders", "{\"count\":1,\"status\":\"paid\"}", "\"status\":\"paid\"" },
  { "measure-weather", "{\"points\":2,\"mean\":10,\"swing\":0}", "\"temperature\":10" },
  { "register-person", "{\"person\":{\"name\":\"Ada\",\"address\":{\"city\":\"London\"}},\"interests\":[\"engines\"]}",
    "\"structuredContent\":{\"person\":{\"name\":\"Ada\",\"address\":{\"city\":\"London\"}},"
    "\"interests\":[\"engines\"],\"newsletter\":false}" },
  { "register-person", "{\"person\":{\"name\":\"Ada\",\"address\":{}}}", "person.address.city is required.", TRUE },
  { "register-person", "{\"person\":{\"name\":\"Ada\",\"height\":9}}", "person.height must be at most 2.8.", TRUE },
  { "draw-picture", "{\"motif\":\"rings\",\"width\":3,\"height\":2}", "\"mimeType\":\"image/png\"" },
  { "play-tone", "{}", "\"mimeType\":\"audio/wav\"" },
  { "read-document", "{}", "\"uri\":\"demo://documents/welcome\"" },
  { "read-document", "{\"form\":\"bytes\"}", "\"blob\":\"iVBORw0KGgo" },
  { "link-documents", "{\"count\":2}", "demo://documents/chapter-2" },
  { "show-everything", "{}", "\"structuredContent\":{\"kind\":\"everything\"" },
  { "count-slowly", "{\"steps\":2,\"delay_ms\":1}", "Counted to 2." },
  { "fail", "{}", "The demo was asked to fail, and did.", TRUE },
  { "fail", "{\"message\":\"out of paper\"}", "out of paper", TRUE },
  { "create-note", "{\"title\":\"One\",\"tags\":[\"a\"]}", "\"structuredContent\":{\"id\":1}" },
  { "create-note", "{\"title\":\"Two\",\"text\":\"T\"}", "\"structuredContent\":{\"id\":2}" },
  { "list-notes", "{}",
    "[{\"id\":1,\"title\":\"One\",\"text\":\"\",\"tags\":[\"a\"]},{\"id\":2,\"title\":\"Two\",\"text\":\"T\",\"tags\":[]}]" },
  { "list-notes", "{\"tag\":\"a\"}",
    "\"structuredContent\":{\"notes\":[{\"id\":1,\"title\":\"One\",\"text\":\"\",\"tags\":[\"a\"]}]}" },
  { "delete-note", "{\"id\":1}", "Note 1 is deleted." },
  { "delete-note", "{\"id\":1}", "There is no note 1.", TRUE },
  { "list-notes", "{}", "{\"notes\":[{\"id\":2," },
  { "search-web", "{\"query\":\"bridges\",\"limit\":1}", "Made-up page 1 about bridges" },
};

static void
test_calls (gconstpointer protocol)
{
  ViaMcpClient *client = connect_demo (protocol);
  g_autoptr(GPtrArray) tools = list (client);
  g_autoptr(GHashTable) called = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      g_autoptr(ViaToolResult) result = call (client, calls[i].tool, calls[i].arguments, NULL);
      g_autofree char *text = via_json_value_to_compact (via_tool_result_get_data (result), NULL);

      g_test_message ("%s %s → %.300s", calls[i].tool, calls[i].arguments, text);
      g_assert_nonnull (strstr (text, calls[i].part));
      g_assert_cmpint (via_tool_result_is_error (result), ==, calls[i].fails);
      g_hash_table_add (called, (char *) calls[i].tool);
    }
  for (guint i = 0; i < tools->len; i++)
    g_assert_true (g_hash_table_contains (called, via_tool_get_name (g_ptr_array_index (tools, i))));
  disconnect_demo (client);
}

static void
test_picture (void)
{
  static const char *const motifs[] = { "sunset", "chessboard", "rings", "bridge" };
  ViaMcpClient *client = connect_demo ("auto");

  for (guint i = 0; i < G_N_ELEMENTS (motifs); i++)
    {
      g_autofree char *arguments = g_strdup_printf ("{\"motif\":\"%s\",\"width\":200,\"height\":150}", motifs[i]);
      g_autoptr(ViaToolResult) result = call (client, "draw-picture", arguments, NULL);
      g_autoptr(GBytes) bytes = via_tool_result_dup_binary (result, 1);
      gsize length;
      const char *data = g_bytes_get_data (bytes, &length);

      g_assert_cmpmem (data, 16, "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16);
      g_assert_cmpmem (data + 16, 10, "\0\0\0\xc8\0\0\0\x96\x08\x02", 10);
      /* uncompressed: every line, its filter byte, and the blocks around them */
      g_assert_cmpuint (length, ==, 8 + 25 + 12 + 2 + 4 + 2 * 5 + 150 * (200 * 3 + 1) + 12);
      g_assert_cmpmem (data + length - 12, 12, "\0\0\0\0IEND\xae\x42\x60\x82", 12);
    }
  disconnect_demo (client);
}

static void
test_sound (void)
{
  ViaMcpClient *client = connect_demo ("auto");
  g_autoptr(ViaToolResult) result = call (client, "play-tone", "{\"seconds\":0.5}", NULL);
  g_autoptr(GBytes) bytes = via_tool_result_dup_binary (result, 0);
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  g_assert_cmpmem (data, 4, "RIFF", 4);
  g_assert_cmpmem (data + 8, 8, "WAVEfmt ", 8);
  g_assert_cmpuint (length, ==, 44 + 11025 * 2);
  disconnect_demo (client);
}

static void
test_large (void)
{
  static const gsize size = 24 * 1024 * 1024;
  ViaMcpClient *client = connect_demo ("auto");
  g_autofree char *arguments = g_strdup_printf ("{\"size\":%" G_GSIZE_FORMAT ",\"line_length\":100}", size);
  g_autoptr(ViaToolResult) result = call (client, "generate-text", arguments, NULL);
  g_autofree char *text = via_tool_result_dup_text (result, 0);

  g_assert_cmpuint (strlen (text), ==, size);
  for (gsize at = 100; at < size; at += 101)
    g_assert_cmpint (text[at], ==, '\n');
  disconnect_demo (client);
}

typedef struct
{
  guint  n_progress;
  double progress;
  guint  n_log;
} Heard;

static void
progress_cb (double      progress,
             double      total,
             const char *message,
             gpointer    data)
{
  Heard *heard = data;

  g_assert_cmpfloat (progress, >, heard->progress);
  heard->progress = progress;
  heard->n_progress++;
}

static void
log_cb (const char *level,
        const char *text,
        gpointer    data)
{
  ((Heard *) data)->n_log++;
}

static void
test_progress (gconstpointer protocol)
{
  Heard heard = { 0 };
  ViaMcpCallOptions options = { .progress = progress_cb, .log = log_cb, .data = &heard };
  ViaMcpClient *client = connect_demo (protocol);
  g_autoptr(ViaToolResult) result = call (client, "count-slowly", "{\"steps\":4,\"delay_ms\":2,\"talkative\":true}", &options);

  g_assert_false (via_tool_result_is_error (result));
  g_assert_cmpuint (heard.n_progress, ==, 4);
  g_assert_cmpfloat (heard.progress, ==, 1);
  g_assert_cmpuint (heard.n_log, ==, 4);
  disconnect_demo (client);
}

static void
test_cancel (gconstpointer protocol)
{
  Heard heard = { 0 };
  ViaMcpCallOptions options = { .timeout_ms = 30000, .progress = progress_cb, .data = &heard };
  g_autoptr(ViaJsonDocument) arguments = via_json_document_new_strict ("{\"steps\":10000,\"delay_ms\":20}", -1, NULL);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  ViaMcpClient *client = connect_demo (protocol);
  g_autoptr(ViaToolResult) after = NULL;
  GAsyncResult *result = NULL;
  g_autoptr(GError) error = NULL;

  via_mcp_client_call_tool_async (client, NULL, "count-slowly", via_json_document_get_root (arguments), &options, cancellable,
                                  keep_result_cb, &result);
  scripted_wait_for (heard.n_progress > 0);
  g_cancellable_cancel (cancellable);
  scripted_wait_for (result != NULL);
  g_assert_null (via_mcp_client_call_tool_finish (client, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_object_unref (result);
  /* the server goes on working */
  after = call (client, "echo", "{\"message\":\"still here\"}", NULL);
  g_assert_nonnull (after);
  disconnect_demo (client);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (g_getenv ("VIADUCT_DEMO_SERVER") == NULL)
    g_error ("VIADUCT_DEMO_SERVER must name the program");
  g_test_add_func ("/core/demo-server/eras", test_eras);
  g_test_add_func ("/core/demo-server/descriptions", test_descriptions);
  g_test_add_data_func ("/core/demo-server/every-tool-modern", "modern", test_calls);
  g_test_add_data_func ("/core/demo-server/every-tool-legacy", "legacy", test_calls);
  g_test_add_func ("/core/demo-server/picture", test_picture);
  g_test_add_func ("/core/demo-server/sound", test_sound);
  g_test_add_func ("/core/demo-server/large-result", test_large);
  g_test_add_data_func ("/core/demo-server/progress-modern", "modern", test_progress);
  g_test_add_data_func ("/core/demo-server/progress-legacy", "legacy", test_progress);
  g_test_add_data_func ("/core/demo-server/cancel-modern", "modern", test_cancel);
  g_test_add_data_func ("/core/demo-server/cancel-legacy", "legacy", test_cancel);
  return g_test_run ();
}
