/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "mcp/via-mcp-client.h"
#include "scripted-transport.h"

#define INITIALIZED \
  "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{\"listChanged\":true}}," \
  "\"serverInfo\":{\"name\":\"old\",\"title\":\"Old\",\"version\":\"1\"},\"instructions\":\"Be gentle.\"}"
#define DISCOVERED \
  "{\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":{\"tools\":{}},\"resultType\":\"complete\",\"ttlMs\":0," \
  "\"cacheScope\":\"private\",\"_meta\":{\"io.modelcontextprotocol/serverInfo\":{\"name\":\"new\",\"version\":\"2\"}}}"

/* How a scripted peer takes server/discover, and how initialize. */
typedef enum
{
  SILENT,     /* no answer */
  EXIT,       /* the process ends */
  REFUSE,     /* error @code with @data */
  HTTP,       /* the exchange fails with an HTTP error: @code is a ViaRpcError, @status what HTTP said */
  ANSWER,     /* result @data */
} Behaviour;

typedef struct
{
  Behaviour   behaviour;
  int         code;
  guint       status;
  const char *data;
} Reaction;

typedef struct
{
  const char *description;
  gboolean    http;
  const char *protocol;
  Reaction    discover[3]; /* first, second … time; the last one that is set is repeated */
  Reaction    initialize;
  const char *revision;    /* agreed on; NULL: fails */
  const char *error;       /* a part of the sentence */
  guint       n_discovers;
  guint       n_initializes;
  guint       n_starts;
} Row;

typedef struct
{
  const Row         *row;
  guint              n_discovers;
  guint              n_initializes;
  guint              n_starts;
  ScriptedTransport *transport; /* the newest */
  ScriptedFunc       rest;      /* sees every other message */
  gpointer           data;
} Peer;

static void
react (ScriptedTransport *transport,
       ViaRpcMessage     *message,
       const Reaction    *reaction)
{
  switch (reaction->behaviour)
    {
    case SILENT:
      break;
    case EXIT:
      scripted_transport_close (transport);
      break;
    case REFUSE:
      scripted_transport_refuse (transport, message, reaction->code, reaction->data);
      break;
    case HTTP:
      scripted_transport_fail_send (transport, via_rpc_error_new_http ((ViaRpcError) reaction->code, reaction->status, -1,
                                                                       NULL, NULL, "The script says HTTP."));
      break;
    case ANSWER:
      scripted_transport_reply (transport, message, reaction->data);
      break;
    }
}

static const char *
find_header (const char *const *headers,
             const char        *name)
{
  for (guint i = 0; headers != NULL && headers[i] != NULL; i += 2)
    if (g_ascii_strcasecmp (headers[i], name) == 0)
      return headers[i + 1];
  return NULL;
}

static void
check_discover (Peer              *peer,
                ViaRpcMessage     *message,
                const char *const *headers)
{
  ViaJsonValue meta = via_json_value_get_member (via_rpc_message_get_params (message), "_meta");
  g_autofree char *version = via_json_value_dup_member_string (meta, "io.modelcontextprotocol/protocolVersion");

  g_assert_cmpstr (version, ==, "2026-07-28");
  g_assert_true (via_json_value_is_object (via_json_value_get_member (meta, "io.modelcontextprotocol/clientCapabilities")));
  g_assert_cmpstr (find_header (headers, "MCP-Protocol-Version"), ==, peer->row->http ? version : NULL);
  g_assert_cmpstr (find_header (headers, "Mcp-Method"), ==, peer->row->http ? "server/discover" : NULL);
}

static void
script_cb (ScriptedTransport *transport,
           ViaRpcMessage     *message,
           const char *const *headers,
           gpointer           data)
{
  Peer *peer = data;
  const char *method = via_rpc_message_get_method (message);

  if (g_strcmp0 (method, "server/discover") == 0)
    {
      guint index = MIN (peer->n_discovers, 2);

      while (index > 0 && peer->row->discover[index].behaviour == SILENT)
        index--;
      peer->n_discovers++;
      check_discover (peer, message, headers);
      react (transport, message, &peer->row->discover[index]);
    }
  else if (g_strcmp0 (method, "initialize") == 0)
    {
      g_assert_null (headers);
      peer->n_initializes++;
      react (transport, message, &peer->row->initialize);
    }
  else if (peer->rest != NULL)
    peer->rest (transport, message, headers, peer->data);
}

static ViaTransport *
make_transport_cb (gpointer data)
{
  Peer *peer = data;

  peer->n_starts++;
  peer->transport = scripted_transport_new (script_cb, peer);
  return VIA_TRANSPORT (peer->transport);
}

static ViaMcpClient *
make_client (Peer *peer)
{
  ViaMcpClientOptions options = {
    .protocol = peer->row->protocol, .timeout_ms = 400, .probe_ms = 60, .http = peer->row->http,
  };

  return via_mcp_client_new (make_transport_cb, peer, NULL, &options);
}

static void
keep_result_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      data)
{
  GAsyncResult **kept = data;

  g_assert_null (*kept);
  *kept = g_object_ref (result);
}

static gboolean
connect_now (ViaMcpClient  *client,
             GError       **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  via_mcp_client_connect_async (client, NULL, keep_result_cb, &result);
  scripted_wait_for (result != NULL);
  return via_mcp_client_connect_finish (client, result, error);
}

static void
close_now (ViaMcpClient *client)
{
  g_autoptr(GAsyncResult) result = NULL;

  via_mcp_client_close_async (client, NULL, keep_result_cb, &result);
  scripted_wait_for (result != NULL);
  g_assert_true (via_mcp_client_close_finish (client, result, NULL));
}

/* After this nothing may be left of the client. */
static void
drop_client (ViaMcpClient *client)
{
  gpointer watched = client;

  g_object_add_weak_pointer (G_OBJECT (client), &watched);
  close_now (client);
  g_object_unref (client);
  scripted_wait_for (watched == NULL);
}

#define MODERN_ROW ANSWER, 0, 0, DISCOVERED
#define LEGACY_ROW ANSWER, 0, 0, INITIALIZED
#define UNSUPPORTED_MODERN REFUSE, -32022, 400, "{\"supported\":[\"2026-07-28\"],\"requested\":\"x\"}"

static const Row rows[] = {
  /* stdio */
  { "a modern server", FALSE, "auto", { { MODERN_ROW } }, { LEGACY_ROW }, "2026-07-28", NULL, 1, 0, 1 },
  { "method not found means legacy", FALSE, "auto", { { REFUSE, -32601 } }, { LEGACY_ROW }, "2025-11-25", NULL, 1, 1, 1 },
  { "any other code means legacy", FALSE, NULL, { { REFUSE, -32000 } }, { LEGACY_ROW }, "2025-11-25", NULL, 1, 1, 1 },
  { "invalid params mean legacy", FALSE, "auto", { { REFUSE, -32602 } }, { LEGACY_ROW }, "2025-11-25", NULL, 1, 1, 1 },
  { "a header mismatch means legacy", FALSE, "auto", { { REFUSE, -32020 } }, { LEGACY_ROW }, "2025-11-25", NULL, 1, 1, 1 },
  { "silence means legacy", FALSE, "auto", { { SILENT } }, { LEGACY_ROW }, "2025-11-25", NULL, 1, 1, 1 },
  { "a result of another kind means legacy", FALSE, "auto", { { ANSWER, 0, 0, "{\"ok\":true}" } }, { LEGACY_ROW }, "2025-11-25", NULL, 1, 1, 1 },
  { "a result that is no object means legacy", FALSE, "auto", { { ANSWER, 0, 0, "[]" } }, { LEGACY_ROW }, "2025-11-25", NULL, 1, 1, 1 },
  { "the process ends at the probe", FALSE, "auto", { { EXIT } }, { LEGACY_ROW }, "2025-11-25", NULL, 1, 1, 2 },
  { "the process ends always", FALSE, "auto", { { EXIT } }, { EXIT }, NULL, "script ended", 1, 1, 2 },
  { "another version is asked for once", FALSE, "auto", { { UNSUPPORTED_MODERN }, { MODERN_ROW } }, { LEGACY_ROW }, "2026-07-28", NULL, 2, 0, 1 },
  { "a server that never accepts a version", FALSE, "auto", { { UNSUPPORTED_MODERN } }, { LEGACY_ROW }, NULL, "No.", 2, 0, 1 },
  { "only legacy versions are listed", FALSE, "auto", { { REFUSE, -32022, 0, "{\"supported\":[\"2025-06-18\"]}" } }, { LEGACY_ROW }, "2025-11-25", NULL, 1, 1, 1 },
  { "only unknown versions are listed", FALSE, "auto", { { REFUSE, -32022, 0, "{\"supported\":[\"2031-01-01\"]}" } }, { LEGACY_ROW }, NULL, "2031-01-01", 1, 0, 1 },
  { "no versions are listed", FALSE, "auto", { { REFUSE, -32022 } }, { LEGACY_ROW }, "2025-11-25", NULL, 1, 1, 1 },
  { "discover lists only legacy versions", FALSE, "auto", { { ANSWER, 0, 0, "{\"supportedVersions\":[\"2024-11-05\"]}" } }, { LEGACY_ROW }, "2025-11-25", NULL, 1, 1, 1 },
  { "discover lists only unknown versions", FALSE, "auto", { { ANSWER, 0, 0, "{\"supportedVersions\":[\"2031-01-01\"]}" } }, { LEGACY_ROW }, NULL, "2031-01-01", 1, 0, 1 },
  { "a modern-only server that was slow", FALSE, "auto", { { SILENT }, { MODERN_ROW } }, { UNSUPPORTED_MODERN }, "2026-07-28", NULL, 2, 1, 1 },
  { "initialize answers an older version", FALSE, "legacy", { { SILENT } }, { ANSWER, 0, 0, "{\"protocolVersion\":\"2024-11-05\",\"capabilities\":{}}" }, "2024-11-05", NULL, 0, 1, 1 },
  { "initialize answers an unknown version", FALSE, "legacy", { { SILENT } }, { ANSWER, 0, 0, "{\"protocolVersion\":\"2023-01-01\"}" }, NULL, "2023-01-01", 0, 1, 1 },
  { "initialize answers nonsense", FALSE, "legacy", { { SILENT } }, { ANSWER, 0, 0, "{}" }, NULL, "names no protocol version", 0, 1, 1 },
  { "initialize answers a modern version", FALSE, "legacy", { { SILENT } }, { ANSWER, 0, 0, "{\"protocolVersion\":\"2026-07-28\"}" }, NULL, "2026-07-28", 0, 1, 1 },
  { "initialize is never answered", FALSE, "legacy", { { SILENT } }, { SILENT }, NULL, "did not answer", 0, 1, 1 },
  { "legacy asked for", FALSE, "legacy", { { MODERN_ROW } }, { LEGACY_ROW }, "2025-11-25", NULL, 0, 1, 1 },
  { "a legacy date asked for", FALSE, "2025-06-18", { { MODERN_ROW } }, { LEGACY_ROW }, "2025-11-25", NULL, 0, 1, 1 },
  { "legacy asked of a modern-only server", FALSE, "legacy", { { MODERN_ROW } }, { UNSUPPORTED_MODERN }, NULL, "2026-07-28", 0, 1, 1 },
  { "modern asked for", FALSE, "modern", { { MODERN_ROW } }, { LEGACY_ROW }, "2026-07-28", NULL, 1, 0, 1 },
  { "a modern date asked for", FALSE, "2026-07-28", { { MODERN_ROW } }, { LEGACY_ROW }, "2026-07-28", NULL, 1, 0, 1 },
  { "modern asked of a legacy server", FALSE, "modern", { { REFUSE, -32601 } }, { LEGACY_ROW }, NULL, "auto", 1, 0, 1 },
  { "modern asked of one that ends", FALSE, "modern", { { EXIT } }, { LEGACY_ROW }, NULL, "script ended", 1, 0, 1 },
  { "an unknown date asked for", FALSE, "2031-01-01", { { MODERN_ROW } }, { LEGACY_ROW }, NULL, "2031-01-01", 0, 0, 0 },
  /* HTTP */
  { "HTTP: a modern server", TRUE, "auto", { { MODERN_ROW } }, { LEGACY_ROW }, "2026-07-28", NULL, 1, 0, 1 },
  { "HTTP: another version is asked for once", TRUE, "auto", { { UNSUPPORTED_MODERN }, { MODERN_ROW } }, { LEGACY_ROW }, "2026-07-28", NULL, 2, 0, 1 },
  { "HTTP: 400", TRUE, "auto", { { HTTP, VIA_RPC_ERROR_HTTP, 400 } }, { LEGACY_ROW }, "2025-11-25", NULL, 1, 1, 1 },
  { "HTTP: 404", TRUE, "auto", { { HTTP, VIA_RPC_ERROR_HTTP, 404 } }, { LEGACY_ROW }, "2025-11-25", NULL, 1, 1, 1 },
  { "HTTP: 405", TRUE, "auto", { { HTTP, VIA_RPC_ERROR_HTTP, 405 } }, { LEGACY_ROW }, "2025-11-25", NULL, 1, 1, 1 },
  { "HTTP: server not initialized", TRUE, "auto", { { REFUSE, -32000 } }, { LEGACY_ROW }, "2025-11-25", NULL, 1, 1, 1 },
  { "HTTP: 500, and initialize works", TRUE, "auto", { { HTTP, VIA_RPC_ERROR_HTTP, 500 } }, { LEGACY_ROW }, "2025-11-25", NULL, 1, 1, 1 },
  { "HTTP: 503 twice is an outage", TRUE, "auto", { { HTTP, VIA_RPC_ERROR_HTTP, 503 } }, { HTTP, VIA_RPC_ERROR_HTTP, 502 }, NULL, "says HTTP", 1, 1, 1 },
  { "HTTP: 401 is no evidence", TRUE, "auto", { { HTTP, VIA_RPC_ERROR_UNAUTHORIZED, 401 } }, { LEGACY_ROW }, NULL, "says HTTP", 1, 0, 1 },
  { "HTTP: no network is no evidence", TRUE, "auto", { { HTTP, VIA_RPC_ERROR_NOT_SENT, 0 } }, { LEGACY_ROW }, NULL, "says HTTP", 1, 0, 1 },
  { "HTTP: a bad certificate is no evidence", TRUE, "auto", { { HTTP, VIA_RPC_ERROR_TLS, 0 } }, { LEGACY_ROW }, NULL, "says HTTP", 1, 0, 1 },
  { "HTTP: a broken exchange is no evidence", TRUE, "auto", { { HTTP, VIA_RPC_ERROR_CLOSED, 0 } }, { LEGACY_ROW }, NULL, "says HTTP", 1, 0, 1 },
  { "HTTP: silence is no evidence", TRUE, "auto", { { SILENT } }, { LEGACY_ROW }, NULL, "did not answer", 1, 0, 1 },
  { "HTTP: a page means legacy", TRUE, "auto", { { HTTP, VIA_RPC_ERROR_CONTENT_TYPE, 200 } }, { LEGACY_ROW }, "2025-11-25", NULL, 1, 1, 1 },
  { "HTTP: a redirection is an answer", TRUE, "auto", { { HTTP, VIA_RPC_ERROR_REDIRECTED, 301 } }, { LEGACY_ROW }, NULL, "says HTTP", 1, 0, 1 },
  { "HTTP: modern asked of a legacy server", TRUE, "modern", { { HTTP, VIA_RPC_ERROR_HTTP, 400 } }, { LEGACY_ROW }, NULL, "auto", 1, 0, 1 },
  { "HTTP: legacy asked for", TRUE, "legacy", { { MODERN_ROW } }, { LEGACY_ROW }, "2025-11-25", NULL, 0, 1, 1 },
};

static void
check_agreement (const Row    *row,
                 Peer         *peer,
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
  const Row *row = data;
  Peer peer = { .row = row };
  ViaMcpClient *client = make_client (&peer);
  g_autoptr(GError) error = NULL;
  gboolean connected = connect_now (client, &error);

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
  drop_client (client);
}

static const Row legacy_row = { .protocol = "legacy", .initialize = { LEGACY_ROW } };
static const Row modern_row = { .protocol = "modern", .discover = { { MODERN_ROW } } };
static const Row http_legacy_row = { .protocol = "legacy", .http = TRUE, .initialize = { LEGACY_ROW } };
static const Row http_modern_row = { .protocol = "modern", .http = TRUE, .discover = { { MODERN_ROW } } };

static ViaMcpClient *
connected_client (Peer         *peer,
                  const Row    *row,
                  ScriptedFunc  rest,
                  gpointer      data)
{
  ViaMcpClient *client;
  g_autoptr(GError) error = NULL;

  *peer = (Peer) { .row = row, .rest = rest, .data = data };
  client = make_client (peer);
  connect_now (client, &error);
  g_assert_no_error (error);
  scripted_run_for (10);
  return client;
}

static void
test_what_the_server_says (void)
{
  Peer peer;
  ViaMcpClient *client = connected_client (&peer, &legacy_row, NULL, NULL);

  g_assert_cmpstr (via_mcp_client_get_server_name (client), ==, "Old");
  g_assert_cmpstr (via_mcp_client_get_server_version (client), ==, "1");
  g_assert_cmpstr (via_mcp_client_get_instructions (client), ==, "Be gentle.");
  g_assert_true (via_mcp_client_has_capability (client, "tools"));
  g_assert_false (via_mcp_client_has_capability (client, "prompts"));
  drop_client (client);
  client = connected_client (&peer, &modern_row, NULL, NULL);
  g_assert_cmpstr (via_mcp_client_get_server_name (client), ==, "new");
  g_assert_cmpstr (via_mcp_client_get_server_version (client), ==, "2");
  g_assert_null (via_mcp_client_get_instructions (client));
  drop_client (client);
}

/* A late answer to the probe is nobody's business. */
static void
test_late_discover (void)
{
  static const Row row = { .protocol = "auto", .discover = { { SILENT } }, .initialize = { LEGACY_ROW } };
  Peer peer;
  ViaMcpClient *client = connected_client (&peer, &row, NULL, NULL);

  scripted_transport_emit (peer.transport, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":" DISCOVERED "}");
  g_assert_false (via_mcp_client_is_modern (client));
  g_assert_true (via_mcp_client_is_connected (client));
  drop_client (client);
}

static void
test_close_while_connecting (void)
{
  static const Row row = { .protocol = "auto", .discover = { { SILENT } } };
  Peer peer = { .row = &row };
  ViaMcpClient *client = make_client (&peer);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  via_mcp_client_connect_async (client, NULL, keep_result_cb, &result);
  scripted_run_for (10);
  close_now (client);
  scripted_wait_for (result != NULL);
  g_assert_false (via_mcp_client_connect_finish (client, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (peer.n_starts, ==, 1);
  g_clear_object (&result);
  drop_client (client);
}

static void
test_cancel_while_connecting (void)
{
  static const Row row = { .protocol = "auto", .discover = { { SILENT } } };
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  Peer peer = { .row = &row };
  ViaMcpClient *client = make_client (&peer);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  via_mcp_client_connect_async (client, cancellable, keep_result_cb, &result);
  scripted_run_for (10);
  g_cancellable_cancel (cancellable);
  scripted_wait_for (result != NULL);
  g_assert_false (via_mcp_client_connect_finish (client, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (peer.n_initializes, ==, 0);
  g_clear_object (&result);
  drop_client (client);
}

static void
count_cb (gpointer instance,
          guint   *count)
{
  ++*count;
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
  Peer peer;
  ViaMcpClient *client = connected_client (&peer, &legacy_row, NULL, NULL);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  guint closed = 0;

  g_signal_connect (client, "closed", G_CALLBACK (closed_cb), &closed);
  via_mcp_client_request_async (client, "ping", via_json_value_missing (), 0, NULL, keep_result_cb, &result);
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
  via_mcp_client_request_async (client, "ping", via_json_value_missing (), 0, NULL, keep_result_cb, &result);
  scripted_wait_for (result != NULL);
  g_assert_null (via_mcp_client_request_finish (client, result, &error));
  g_assert_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_NOT_SENT);
  g_clear_error (&error);
  g_assert_true (connect_now (client, &error));
  g_assert_cmpuint (peer.n_starts, ==, 2);
  g_signal_handlers_disconnect_by_data (client, &closed);
  g_clear_object (&result);
  drop_client (client);
  g_assert_cmpuint (closed, ==, 1);
}

/* What the server asks */

static void
test_requests_of_the_server (void)
{
  Peer peer;
  ViaMcpClient *client = connected_client (&peer, &legacy_row, NULL, NULL);
  GPtrArray *sent = scripted_transport_get_sent (peer.transport);

  scripted_transport_emit (peer.transport, "{\"jsonrpc\":\"2.0\",\"id\":\"p\",\"method\":\"ping\"}");
  scripted_run_for (10);
  g_assert_cmpstr (g_ptr_array_index (sent, sent->len - 1), ==, "{\"jsonrpc\":\"2.0\",\"id\":\"p\",\"result\":{}}");
  scripted_transport_emit (peer.transport, "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"roots/list\"}");
  scripted_run_for (10);
  g_assert_nonnull (strstr (g_ptr_array_index (sent, sent->len - 1), "-32601"));
  drop_client (client);
}

static void
test_changed_storm (void)
{
  Peer peer;
  ViaMcpClient *client = connected_client (&peer, &legacy_row, NULL, NULL);
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
  close_now (client);
  scripted_run_for (400);
  g_assert_cmpuint (changed, ==, 1);
  drop_client (client);
}

/* Listing */

static GPtrArray *
list_now (ViaMcpClient  *client,
          gint64        *ttl,
          GError       **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  via_mcp_client_list_tools_async (client, NULL, keep_result_cb, &result);
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
  Peer peer;
  ViaMcpClient *client = connected_client (&peer, &legacy_row, page_cb, &pages);
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
  drop_client (client);
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
  Peer peer;
  ViaMcpClient *client = connected_client (&peer, &legacy_row, endless_cb, &count);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) tools = list_now (client, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (count, ==, 64);
  g_assert_cmpuint (tools->len, ==, 64);
  drop_client (client);
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
  Peer peer;
  ViaMcpClient *client = connected_client (&peer, &legacy_row, old_cursor_cb, &count);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) tools = list_now (client, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (tools->len, ==, 1);
  g_assert_cmpstr (via_tool_get_name (g_ptr_array_index (tools, 0)), ==, "new");
  g_assert_cmpuint (count, ==, 3);
  drop_client (client);
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
  static const Row bare = { .protocol = "legacy", .initialize = { ANSWER, 0, 0, "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{}}" } };
  Peer peer;
  ViaMcpClient *client = connected_client (&peer, &bare, refuse_cb, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) tools = list_now (client, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (tools->len, ==, 0);
  drop_client (client);

  client = connected_client (&peer, &legacy_row, refuse_cb, NULL);
  g_assert_null (list_now (client, NULL, &error));
  g_assert_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_REMOTE);
  g_clear_error (&error);
  drop_client (client);

  client = connected_client (&peer, &legacy_row, nonsense_cb, (gpointer) "{\"tools\":{}}");
  g_assert_null (list_now (client, NULL, &error));
  g_assert_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_INVALID);
  drop_client (client);
}

static void
test_invalid_headers (void)
{
  static const char page[] = "{\"tools\":[" TOOL ("good") ",{\"name\":\"bad\",\"inputSchema\":{\"properties\":{\"a\":"
                             "{\"type\":\"number\",\"x-mcp-header\":\"A\"}}}}]}";
  static const struct
  {
    const Row *row;
    guint      n_tools;
  } cases[] = { { &http_modern_row, 1 }, { &modern_row, 2 }, { &http_legacy_row, 2 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Peer peer;
      ViaMcpClient *client = connected_client (&peer, cases[i].row, nonsense_cb, (gpointer) page);
      g_autoptr(GError) error = NULL;
      g_autoptr(GPtrArray) tools = list_now (client, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (tools->len, ==, cases[i].n_tools);
      drop_client (client);
    }
}

/* Calling */

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

  via_mcp_client_call_tool_async (client, NULL, "t", via_json_document_get_root (document), options, NULL, keep_result_cb,
                                  &result);
  scripted_wait_for (result != NULL);
  return via_mcp_client_call_tool_finish (client, result, error);
}

static const char *
last_sent (Peer       *peer,
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
  Peer peer;
  ViaMcpClient *client = connected_client (&peer, &legacy_row, nonsense_cb, (gpointer) "{\"content\":[]}");
  g_autoptr(ViaToolResult) result = call_now (client, arguments, NULL, NULL);
  const char *sent = last_sent (&peer, "tools/call");

  g_assert_nonnull (result);
  g_assert_nonnull (strstr (sent, "\"params\":{\"name\":\"t\",\"arguments\":{\"n\":12345678901234567890123,\"f\":0.10,"
                                  "\"s\":\"\\u00e9\"}}}"));
  drop_client (client);
}

static void
test_deep_arguments (void)
{
  g_autofree char *open = g_strnfill (127, '[');
  g_autofree char *close = g_strnfill (127, ']');
  g_autofree char *arguments = g_strdup_printf ("{\"a\":%s%s}", open, close);
  Peer peer;
  ViaMcpClient *client = connected_client (&peer, &modern_row, NULL, NULL);
  g_autoptr(ViaToolResult) result = NULL;
  g_autoptr(GError) error = NULL;

  /* as deep as a document may be; the envelope comes on top */
  result = call_now (client, arguments, NULL, &error);
  g_assert_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_TIMEOUT);
  g_assert_nonnull (last_sent (&peer, "[[[[[["));
  drop_client (client);
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

  via_mcp_client_request_async (client, method, via_json_document_get_root (document), 0, NULL, keep_result_cb, &result);
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
  Peer peer;
  ViaMcpClient *client = connected_client (&peer, &http_modern_row, header_cb, &headers);

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
  drop_client (client);
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
    const Row  *row;
    const char *headers;
  } cases[] = {
    { &http_modern_row, "Mcp-Method|tools/call|Mcp-Name|t|Mcp-Param-Region|=?base64?WsO8cmljaA==?=" },
    { &http_legacy_row, NULL },
    { &modern_row, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      char *headers = NULL;
      Peer peer;
      ViaMcpClient *client = connected_client (&peer, cases[i].row, header_cb, &headers);
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(ViaToolResult) answer = NULL;

      via_mcp_client_call_tool_async (client, tool, "t", via_json_document_get_root (arguments), NULL, NULL,
                                      keep_result_cb, &result);
      scripted_wait_for (result != NULL);
      answer = via_mcp_client_call_tool_finish (client, result, NULL);
      g_assert_nonnull (answer);
      g_assert_cmpstr (headers, ==, cases[i].headers);
      g_free (headers);
      g_clear_object (&result);
      drop_client (client);
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
      g_autofree char *json = g_strdup_printf ("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":%s}", params);

      scripted_transport_emit (transport, json);
    }
  scripted_transport_emit (transport, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{\"level\":\"info\",\"data\":{\"a\": 1}}}");
  scripted_transport_reply (transport, message, "{\"content\":[]}");
  scripted_transport_emit (transport, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{\"level\":\"info\",\"data\":\"late\"}}");
}

static void
test_progress_and_log (void)
{
  static const Row *const both[] = { &legacy_row, &modern_row };

  for (guint i = 0; i < G_N_ELEMENTS (both); i++)
    {
      Heard heard = { 0 };
      ViaMcpCallOptions options = { .progress = progress_cb, .log = log_cb, .data = &heard };
      Peer peer;
      ViaMcpClient *client = connected_client (&peer, both[i], progressing_cb, NULL);
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
      drop_client (client);
    }
}

typedef struct
{
  Peer  *peer;
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
  Peer peer;
  Ticker ticker = { .peer = &peer };
  ViaMcpClient *client = connected_client (&peer, &legacy_row, begin_ticking_cb, &ticker);
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
  drop_client (client);
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
    const Row *row;
    gboolean   notified;
    gboolean   meta;
  } cases[] = {
    { &legacy_row, TRUE, FALSE }, { &http_legacy_row, TRUE, FALSE }, { &modern_row, TRUE, TRUE }, { &http_modern_row, FALSE, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GCancellable) cancellable = g_cancellable_new ();
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(GError) error = NULL;
      const char *note;
      Peer peer;
      ViaMcpClient *client = connected_client (&peer, cases[i].row, hold_cb, NULL);

      via_mcp_client_call_tool_async (client, NULL, "t", via_json_value_missing (), NULL, cancellable, keep_result_cb, &result);
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
      drop_client (client);
    }
}

static void
test_wrong_results (void)
{
  static const struct
  {
    const Row  *row;
    const char *result;
    const char *sentence; /* NULL: accepted */
  } cases[] = {
    { &legacy_row, "{\"content\":[]}", NULL },
    { &legacy_row, "{\"structuredContent\":{}}", NULL },
    { &legacy_row, "{\"content\":[],\"resultType\":\"whatever\"}", NULL },
    { &legacy_row, "[]", "no tool result" },
    { &legacy_row, "7", "no tool result" },
    { &legacy_row, "{\"content\":\"text\"}", "no tool result" },
    { &modern_row, "{\"content\":[]}", NULL },
    { &modern_row, "{\"content\":[],\"resultType\":\"complete\"}", NULL },
    { &modern_row, "{\"resultType\":\"input_required\",\"inputRequests\":{}}", "more input" },
    { &modern_row, "{\"resultType\":\"task\",\"taskId\":\"1\"}", "task" },
    { &modern_row, "{\"resultType\":\"surprise\"}", "surprise" },
    { &modern_row, "{\"resultType\":null,\"content\":[]}", "null" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Peer peer;
      ViaMcpClient *client = connected_client (&peer, cases[i].row, nonsense_cb, (gpointer) cases[i].result);
      g_autoptr(GError) error = NULL;
      g_autoptr(ViaToolResult) result = call_now (client, "{}", NULL, &error);

      g_test_message ("%s", cases[i].result);
      g_assert_cmpint (result != NULL, ==, cases[i].sentence == NULL);
      if (cases[i].sentence != NULL)
        {
          g_assert_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_INVALID);
          g_assert_nonnull (strstr (error->message, cases[i].sentence));
        }
      drop_client (client);
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
  Peer peer;
  ViaMcpClient *client = connected_client (&peer, &http_legacy_row, session_cb, &session);
  g_autoptr(GError) error = NULL;
  g_autoptr(ViaToolResult) result = call_now (client, "{}", NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (result);
  g_assert_cmpuint (session.n_calls, ==, 2);
  g_assert_cmpuint (peer.n_initializes, ==, 2);
  g_assert_cmpuint (peer.n_starts, ==, 1);
  g_assert_cmpuint (scripted_transport_get_listens (peer.transport), ==, 2);
  drop_client (client);
}

static void
test_session_lost_for_ever (void)
{
  Session session = { .n_lost = 1000 };
  Peer peer;
  ViaMcpClient *client = connected_client (&peer, &http_legacy_row, session_cb, &session);
  g_autoptr(GError) error = NULL;

  g_assert_null (call_now (client, "{}", NULL, &error));
  g_assert_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_INVALID);
  g_assert_cmpuint (session.n_calls, ==, 2);
  g_assert_cmpuint (peer.n_initializes, ==, 2);
  drop_client (client);
}

/* Ten requests that lose one session make one new session. */
static void
test_session_lost_together (void)
{
  Session session = { .n_lost = 10 };
  Peer peer;
  ViaMcpClient *client = connected_client (&peer, &http_legacy_row, session_cb, &session);
  GAsyncResult *results[10] = { NULL };

  for (guint i = 0; i < 10; i++)
    via_mcp_client_call_tool_async (client, NULL, "t", via_json_value_missing (), NULL, NULL, keep_result_cb, &results[i]);
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
  drop_client (client);
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
  static const Row listening_row = { .protocol = "modern", .discover = { { ANSWER, 0, 0, LISTENING_DISCOVERED } } };
  Subscription subscription = { 0 };
  Peer peer;
  ViaMcpClient *client = connected_client (&peer, &listening_row, subscription_cb, &subscription);
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
  drop_client (client);
}

static void
test_subscription_refused (void)
{
  static const Row listening_row = { .protocol = "modern", .discover = { { ANSWER, 0, 0, LISTENING_DISCOVERED } } };
  Subscription subscription = { .refuse = TRUE };
  Peer peer;
  ViaMcpClient *client = connected_client (&peer, &listening_row, subscription_cb, &subscription);

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(GPtrArray) tools = list_now (client, NULL, NULL);

      g_assert_nonnull (tools);
      scripted_run_for (10);
    }
  g_assert_cmpuint (subscription.n_listens, ==, 1);
  drop_client (client);
}

/* A client that nobody closes goes away all the same, and its subscription with it. */
static void
test_dropped_with_subscription (void)
{
  static const Row listening_row = { .protocol = "modern", .discover = { { ANSWER, 0, 0, LISTENING_DISCOVERED } } };
  Subscription subscription = { 0 };
  Peer peer;
  ViaMcpClient *client = connected_client (&peer, &listening_row, subscription_cb, &subscription);
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
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdelimit (g_strdup (rows[i].description), " ,:", '-');
      g_autofree char *full = g_strconcat ("/core/mcp-client/negotiation/", path, NULL);

      g_test_add_data_func (full, &rows[i], test_negotiation);
    }
  g_test_add_func ("/core/mcp-client/keeps-what-the-server-says", test_what_the_server_says);
  g_test_add_func ("/core/mcp-client/ignores-a-late-discover", test_late_discover);
  g_test_add_func ("/core/mcp-client/closes-while-connecting", test_close_while_connecting);
  g_test_add_func ("/core/mcp-client/cancels-while-connecting", test_cancel_while_connecting);
  g_test_add_func ("/core/mcp-client/hears-of-the-servers-end", test_server_ends);
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
