/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "scripted-peer.h"

static void
react (ScriptedTransport *transport,
       ViaRpcMessage     *message,
       const ScriptedReaction    *reaction)
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
check_discover (ScriptedPeer              *peer,
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
  ScriptedPeer *peer = data;
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
  ScriptedPeer *peer = data;

  peer->n_starts++;
  peer->transport = scripted_transport_new (script_cb, peer);
  return VIA_TRANSPORT (peer->transport);
}

ViaMcpClient *
scripted_client_new (ScriptedPeer *peer)
{
  ViaMcpClientOptions options = {
    .protocol = peer->row->protocol, .timeout_ms = 400, .probe_ms = 60, .http = peer->row->http,
  };

  return via_mcp_client_new (make_transport_cb, peer, NULL, &options);
}

void
scripted_keep_result_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      data)
{
  GAsyncResult **kept = data;

  g_assert_null (*kept);
  *kept = g_object_ref (result);
}

gboolean
scripted_client_connect (ViaMcpClient  *client,
             GError       **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  via_mcp_client_connect_async (client, NULL, scripted_keep_result_cb, &result);
  scripted_wait_for (result != NULL);
  return via_mcp_client_connect_finish (client, result, error);
}

void
scripted_client_close (ViaMcpClient *client)
{
  g_autoptr(GAsyncResult) result = NULL;

  via_mcp_client_close_async (client, NULL, scripted_keep_result_cb, &result);
  scripted_wait_for (result != NULL);
  g_assert_true (via_mcp_client_close_finish (client, result, NULL));
}

void
scripted_client_drop (ViaMcpClient *client)
{
  gpointer watched = client;

  g_object_add_weak_pointer (G_OBJECT (client), &watched);
  scripted_client_close (client);
  g_object_unref (client);
  scripted_wait_for (watched == NULL);
}

const ScriptedRow scripted_legacy_row = { .protocol = "legacy", .initialize = { LEGACY_ROW } };
const ScriptedRow scripted_modern_row = { .protocol = "modern", .discover = { { MODERN_ROW } } };
const ScriptedRow scripted_http_legacy_row = { .protocol = "legacy", .http = TRUE, .initialize = { LEGACY_ROW } };
const ScriptedRow scripted_http_modern_row = { .protocol = "modern", .http = TRUE, .discover = { { MODERN_ROW } } };

ViaMcpClient *
scripted_client_new_connected (ScriptedPeer         *peer,
                  const ScriptedRow    *row,
                  ScriptedFunc  rest,
                  gpointer      data)
{
  ViaMcpClient *client;
  g_autoptr(GError) error = NULL;

  *peer = (ScriptedPeer) { .row = row, .rest = rest, .data = data };
  client = scripted_client_new (peer);
  scripted_client_connect (client, &error);
  g_assert_no_error (error);
  scripted_run_for (10);
  return client;
}
