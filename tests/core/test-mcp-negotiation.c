/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "scripted-peer.h"

static const ScriptedRow rows[] = {
  /* stdio */
  { "a modern server", FALSE, "auto", { { MODERN_ROW } }, { LEGACY_ROW }, "2026-07-28", NULL, 1, 0, 1 },
  { "method not found means legacy", FALSE, "auto", { { REFUSE, -32601 } }, { LEGACY_ROW }, "2025-11-25", NULL, 1, 1, 1 },
  { "any other code means legacy", FALSE, NULL, { { REFUSE, -32000 } }, { LEGACY_ROW }, "2025-11-25", NULL, 1, 1, 1 },
  { "invalid params mean legacy", FALSE, "auto", { { REFUSE, -32602 } }, { LEGACY_ROW }, "2025-11-25", NULL, 1, 1, 1 },
  { "a header mismatch means legacy", FALSE, "auto", { { REFUSE, -32020 } }, { LEGACY_ROW }, "2025-11-25", NULL, 1, 1, 1 },
  { "silence means legacy", FALSE, "auto", { { SILENT } }, { LEGACY_ROW }, "2025-11-25", NULL, 1, 1, 1 },
  { "a result of another kind means legacy", FALSE, "auto", { { ANSWER, 0, 0, "{\"ok\":true}" } }, { LEGACY_ROW }, "2025-11-25",
    NULL, 1, 1, 1 },
  { "a result that is no object means legacy", FALSE, "auto", { { ANSWER, 0, 0, "[]" } }, { LEGACY_ROW }, "2025-11-25", NULL, 1,
    1, 1 },
  { "the process ends at the probe", FALSE, "auto", { { EXIT } }, { LEGACY_ROW }, "2025-11-25", NULL, 1, 1, 2 },
  { "the process ends always", FALSE, "auto", { { EXIT } }, { EXIT }, NULL, "script ended", 1, 1, 2 },
  { "another version is asked for once", FALSE, "auto", { { UNSUPPORTED_MODERN }, { MODERN_ROW } }, { LEGACY_ROW },
    "2026-07-28", NULL, 2, 0, 1 },
  { "a server that never accepts a version", FALSE, "auto", { { UNSUPPORTED_MODERN } }, { LEGACY_ROW }, NULL, "No.", 2, 0, 1 },
  { "only legacy versions are listed", FALSE, "auto", { { REFUSE, -32022, 0, "{\"supported\":[\"2025-06-18\"]}" } },
    { LEGACY_ROW }, "2025-11-25", NULL, 1, 1, 1 },
  { "only unknown versions are listed", FALSE, "auto", { { REFUSE, -32022, 0, "{\"supported\":[\"2031-01-01\"]}" } },
    { LEGACY_ROW }, NULL, "2031-01-01", 1, 0, 1 },
  { "no versions are listed", FALSE, "auto", { { REFUSE, -32022 } }, { LEGACY_ROW }, "2025-11-25", NULL, 1, 1, 1 },
  { "discover lists only legacy versions", FALSE, "auto", { { ANSWER, 0, 0, "{\"supportedVersions\":[\"2024-11-05\"]}" } },
    { LEGACY_ROW }, "2025-11-25", NULL, 1, 1, 1 },
  { "discover lists only unknown versions", FALSE, "auto", { { ANSWER, 0, 0, "{\"supportedVersions\":[\"2031-01-01\"]}" } },
    { LEGACY_ROW }, NULL, "2031-01-01", 1, 0, 1 },
  { "a modern-only server that was slow", FALSE, "auto", { { SILENT }, { MODERN_ROW } }, { UNSUPPORTED_MODERN }, "2026-07-28",
    NULL, 2, 1, 1 },
  { "initialize answers an older version", FALSE, "legacy", { { SILENT } },
    { ANSWER, 0, 0, "{\"protocolVersion\":\"2024-11-05\",\"capabilities\":{}}" }, "2024-11-05", NULL, 0, 1, 1 },
  { "initialize answers an unknown version", FALSE, "legacy", { { SILENT } },
    { ANSWER, 0, 0, "{\"protocolVersion\":\"2023-01-01\"}" }, NULL, "2023-01-01", 0, 1, 1 },
  { "initialize answers nonsense", FALSE, "legacy", { { SILENT } }, { ANSWER, 0, 0, "{}" }, NULL, "names no protocol version",
    0, 1, 1 },
  { "initialize answers a modern version", FALSE, "legacy", { { SILENT } },
    { ANSWER, 0, 0, "{\"protocolVersion\":\"2026-07-28\"}" }, NULL, "2026-07-28", 0, 1, 1 },
  { "initialize is never answered", FALSE, "legacy", { { SILENT } }, { SILENT }, NULL, "did not answer", 0, 1, 1 },
  { "legacy asked for", FALSE, "legacy", { { MODERN_ROW } }, { LEGACY_ROW }, "2025-11-25", NULL, 0, 1, 1 },
  { "a legacy date asked for", FALSE, "2025-06-18", { { MODERN_ROW } }, { LEGACY_ROW }, "2025-11-25", NULL, 0, 1, 1 },
  { "legacy asked of a modern-only server", FALSE, "legacy", { { MODERN_ROW } }, { UNSUPPORTED_MODERN }, NULL, "2026-07-28", 0,
    1, 1 },
  { "modern asked for", FALSE, "modern", { { MODERN_ROW } }, { LEGACY_ROW }, "2026-07-28", NULL, 1, 0, 1 },
  { "a modern date asked for", FALSE, "2026-07-28", { { MODERN_ROW } }, { LEGACY_ROW }, "2026-07-28", NULL, 1, 0, 1 },
  { "modern asked of a legacy server", FALSE, "modern", { { REFUSE, -32601 } }, { LEGACY_ROW }, NULL, "auto", 1, 0, 1 },
  { "modern asked of one that ends", FALSE, "modern", { { EXIT } }, { LEGACY_ROW }, NULL, "script ended", 1, 0, 1 },
  { "an unknown date asked for", FALSE, "2031-01-01", { { MODERN_ROW } }, { LEGACY_ROW }, NULL, "2031-01-01", 0, 0, 0 },
  /* HTTP */
  { "HTTP: a modern server", TRUE, "auto", { { MODERN_ROW } }, { LEGACY_ROW }, "2026-07-28", NULL, 1, 0, 1 },
  { "HTTP: another version is asked for once", TRUE, "auto", { { UNSUPPORTED_MODERN }, { MODERN_ROW } }, { LEGACY_ROW },
    "2026-07-28", NULL, 2, 0, 1 },
  { "HTTP: 400", TRUE, "auto", { { HTTP, VIA_RPC_ERROR_HTTP, 400 } }, { LEGACY_ROW }, "2025-11-25", NULL, 1, 1, 1 },
  { "HTTP: 404", TRUE, "auto", { { HTTP, VIA_RPC_ERROR_HTTP, 404 } }, { LEGACY_ROW }, "2025-11-25", NULL, 1, 1, 1 },
  { "HTTP: 405", TRUE, "auto", { { HTTP, VIA_RPC_ERROR_HTTP, 405 } }, { LEGACY_ROW }, "2025-11-25", NULL, 1, 1, 1 },
  { "HTTP: server not initialized", TRUE, "auto", { { REFUSE, -32000 } }, { LEGACY_ROW }, "2025-11-25", NULL, 1, 1, 1 },
  { "HTTP: 500, and initialize works", TRUE, "auto", { { HTTP, VIA_RPC_ERROR_HTTP, 500 } }, { LEGACY_ROW }, "2025-11-25", NULL,
    1, 1, 1 },
  { "HTTP: 503 twice is an outage", TRUE, "auto", { { HTTP, VIA_RPC_ERROR_HTTP, 503 } }, { HTTP, VIA_RPC_ERROR_HTTP, 502 },
    NULL, "says HTTP", 1, 1, 1 },
  { "HTTP: 401 is no evidence", TRUE, "auto", { { HTTP, VIA_RPC_ERROR_UNAUTHORIZED, 401 } }, { LEGACY_ROW }, NULL, "says HTTP",
    1, 0, 1 },
  { "HTTP: no network is no evidence", TRUE, "auto", { { HTTP, VIA_RPC_ERROR_NOT_SENT, 0 } }, { LEGACY_ROW }, NULL, "says HTTP",
    1, 0, 1 },
  { "HTTP: a bad certificate is no evidence", TRUE, "auto", { { HTTP, VIA_RPC_ERROR_TLS, 0 } }, { LEGACY_ROW }, NULL,
    "says HTTP", 1, 0, 1 },
  { "HTTP: a broken exchange is no evidence", TRUE, "auto", { { HTTP, VIA_RPC_ERROR_CLOSED, 0 } }, { LEGACY_ROW }, NULL,
    "says HTTP", 1, 0, 1 },
  { "HTTP: silence is no evidence", TRUE, "auto", { { SILENT } }, { LEGACY_ROW }, NULL, "did not answer", 1, 0, 1 },
  { "HTTP: a page means legacy", TRUE, "auto", { { HTTP, VIA_RPC_ERROR_CONTENT_TYPE, 200 } }, { LEGACY_ROW }, "2025-11-25",
    NULL, 1, 1, 1 },
  { "HTTP: a redirection is an answer", TRUE, "auto", { { HTTP, VIA_RPC_ERROR_REDIRECTED, 301 } }, { LEGACY_ROW }, NULL,
    "says HTTP", 1, 0, 1 },
  { "HTTP: modern asked of a legacy server", TRUE, "modern", { { HTTP, VIA_RPC_ERROR_HTTP, 400 } }, { LEGACY_ROW }, NULL,
    "auto", 1, 0, 1 },
  { "HTTP: legacy asked for", TRUE, "legacy", { { MODERN_ROW } }, { LEGACY_ROW }, "2025-11-25", NULL, 0, 1, 1 },
};

static void
check_agreement (const ScriptedRow    *row,
                 ScriptedPeer         *peer,
                 ViaMcpClient *client)
{
  gboolean modern = strcmp (row->revision, "2026-07-28") == 0;
  g_autofree char *protocol = g_strdup_printf ("%s %s", row->revision, modern ? "modern" : "legacy");

  g_assert_true (via_mcp_client_is_connected (client));
  g_assert_cmpstr (via_mcp_client_get_revision (client), ==, row->revision);
  g_assert_cmpint (via_mcp_client_is_modern (client), ==, modern);
  scripted_run_for (20);
  g_assert_cmpstr (scripted_transport_get_protocol (peer->transport), ==, protocol);
  g_assert_cmpuint (scripted_transport_get_listens (peer->transport), ==, modern ? 0 : 1);
  if (!modern)
    {
      GPtrArray *sent = scripted_transport_get_sent (peer->transport);

      g_assert_cmpstr (g_ptr_array_index (sent, sent->len - 1), ==,
                       "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
    }
}

static void
test_negotiation (gconstpointer data)
{
  const ScriptedRow *row = data;
  ScriptedPeer peer = { .row = row };
  ViaMcpClient *client = scripted_client_new (&peer);
  g_autoptr(GError) error = NULL;
  gboolean connected = scripted_client_connect (client, &error);

  if (row->revision != NULL)
    {
      g_assert_no_error (error);
      g_assert_true (connected);
      check_agreement (row, &peer, client);
    }
  else
    {
      g_assert_false (connected);
      g_assert_nonnull (error);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, row->error));
      g_assert_false (via_mcp_client_is_connected (client));
    }
  g_assert_cmpuint (peer.n_discovers, ==, row->n_discovers);
  g_assert_cmpuint (peer.n_initializes, ==, row->n_initializes);
  g_assert_cmpuint (peer.n_starts, ==, row->n_starts);
  scripted_client_drop (client);
}

static void
test_what_the_server_says (void)
{
  ScriptedPeer peer;
  ViaMcpClient *client = scripted_client_new_connected (&peer, &scripted_legacy_row, NULL, NULL);

  g_assert_cmpstr (via_mcp_client_get_server_name (client), ==, "Old");
  g_assert_cmpstr (via_mcp_client_get_server_version (client), ==, "1");
  g_assert_cmpstr (via_mcp_client_get_instructions (client), ==, "Be gentle.");
  g_assert_true (via_mcp_client_has_capability (client, "tools"));
  g_assert_false (via_mcp_client_has_capability (client, "prompts"));
  scripted_client_drop (client);
  client = scripted_client_new_connected (&peer, &scripted_modern_row, NULL, NULL);
  g_assert_cmpstr (via_mcp_client_get_server_name (client), ==, "new");
  g_assert_cmpstr (via_mcp_client_get_server_version (client), ==, "2");
  g_assert_null (via_mcp_client_get_instructions (client));
  scripted_client_drop (client);
}

/* A late answer to the probe is nobody's business. */
static void
test_late_discover (void)
{
  static const ScriptedRow row = { .protocol = "auto", .discover = { { SILENT } }, .initialize = { LEGACY_ROW } };
  ScriptedPeer peer;
  ViaMcpClient *client = scripted_client_new_connected (&peer, &row, NULL, NULL);

  scripted_transport_emit (peer.transport, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":" DISCOVERED "}");
  g_assert_false (via_mcp_client_is_modern (client));
  g_assert_true (via_mcp_client_is_connected (client));
  scripted_client_drop (client);
}

static void
test_close_while_connecting (void)
{
  static const ScriptedRow row = { .protocol = "auto", .discover = { { SILENT } } };
  ScriptedPeer peer = { .row = &row };
  ViaMcpClient *client = scripted_client_new (&peer);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  via_mcp_client_connect_async (client, NULL, scripted_keep_result_cb, &result);
  scripted_run_for (10);
  scripted_client_close (client);
  scripted_wait_for (result != NULL);
  g_assert_false (via_mcp_client_connect_finish (client, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (peer.n_starts, ==, 1);
  g_clear_object (&result);
  scripted_client_drop (client);
}

static void
test_cancel_while_connecting (void)
{
  static const ScriptedRow row = { .protocol = "auto", .discover = { { SILENT } } };
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  ScriptedPeer peer = { .row = &row };
  ViaMcpClient *client = scripted_client_new (&peer);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  via_mcp_client_connect_async (client, cancellable, scripted_keep_result_cb, &result);
  scripted_run_for (10);
  g_cancellable_cancel (cancellable);
  scripted_wait_for (result != NULL);
  g_assert_false (via_mcp_client_connect_finish (client, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (peer.n_initializes, ==, 0);
  g_clear_object (&result);
  scripted_client_drop (client);
}

static void
closed_cb (ViaMcpClient *client,
           const GError *error,
           guint        *count)
{
  ++*count;
}

/* A server that ends is said once, and can be connected again. */
static void
test_server_ends (void)
{
  ScriptedPeer peer;
  ViaMcpClient *client = scripted_client_new_connected (&peer, &scripted_legacy_row, NULL, NULL);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  guint closed = 0;

  g_signal_connect (client, "closed", G_CALLBACK (closed_cb), &closed);
  via_mcp_client_request_async (client, "ping", via_json_value_missing (), 0, NULL, scripted_keep_result_cb, &result);
  scripted_run_for (10);
  scripted_transport_close (peer.transport);
  scripted_wait_for (result != NULL);
  g_assert_null (via_mcp_client_request_finish (client, result, &error));
  g_assert_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_CLOSED);
  g_assert_cmpuint (closed, ==, 1);
  g_assert_false (via_mcp_client_is_connected (client));
  g_assert_null (via_mcp_client_get_transport (client));
  g_clear_error (&error);
  g_clear_object (&result);
  via_mcp_client_request_async (client, "ping", via_json_value_missing (), 0, NULL, scripted_keep_result_cb, &result);
  scripted_wait_for (result != NULL);
  g_assert_null (via_mcp_client_request_finish (client, result, &error));
  g_assert_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_NOT_SENT);
  g_clear_error (&error);
  g_assert_true (scripted_client_connect (client, &error));
  g_assert_cmpuint (peer.n_starts, ==, 2);
  g_signal_handlers_disconnect_by_data (client, &closed);
  g_clear_object (&result);
  scripted_client_drop (client);
  g_assert_cmpuint (closed, ==, 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdelimit (g_strdup (rows[i].description), " ,:", '-');
      g_autofree char *full = g_strconcat ("/core/mcp-negotiation/", path, NULL);

      g_test_add_data_func (full, &rows[i], test_negotiation);
    }
  g_test_add_func ("/core/mcp-negotiation/keeps-what-the-server-says", test_what_the_server_says);
  g_test_add_func ("/core/mcp-negotiation/ignores-a-late-discover", test_late_discover);
  g_test_add_func ("/core/mcp-negotiation/closes-while-connecting", test_close_while_connecting);
  g_test_add_func ("/core/mcp-negotiation/cancels-while-connecting", test_cancel_while_connecting);
  g_test_add_func ("/core/mcp-negotiation/hears-of-the-servers-end", test_server_ends);
  return g_test_run ();
}
