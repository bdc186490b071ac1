/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <string.h>

#include "mcp/via-mcp-server-private.h"

/* One running tools/call. The server knows it from its beginning to its answer; whoever works on it holds a reference. */
struct _ViaMcpServerCall
{
  guint           ref_count;
  ViaMcpServer   *server;
  ViaRpcIncoming *incoming; /* its message holds @arguments and @token */
  ViaJsonValue    arguments;
  ViaJsonValue    token;    /* missing: nobody asked for progress */
  GCancellable   *cancellable;
  int             log_level;
  gboolean        modern;
  gboolean        answered;
};

static const char *const log_levels[] = {
  "debug", "info", "notice", "warning", "error", "critical", "alert", "emergency",
};

int
via_mcp_log_level_find (ViaJsonValue level)
{
  for (guint i = 0; i < G_N_ELEMENTS (log_levels); i++)
    if (via_json_value_equals_string (level, log_levels[i]))
      return (int) i;
  return -1;
}

int
via_mcp_log_level_find_name (const char *level)
{
  for (guint i = 0; i < G_N_ELEMENTS (log_levels); i++)
    if (g_strcmp0 (level, log_levels[i]) == 0)
      return (int) i;
  return -1;
}

ViaMcpServerCall *
via_mcp_server_call_new (ViaMcpServer   *server,
                         ViaRpcIncoming *incoming,
                         ViaJsonValue    arguments,
                         gboolean        modern,
                         int             log_level)
{
  ViaJsonValue params = via_rpc_message_get_params (via_rpc_incoming_get_message (incoming));
  ViaMcpServerCall *call = g_new0 (ViaMcpServerCall, 1);

  call->ref_count = 1;
  call->server = g_object_ref (server);
  call->incoming = via_rpc_incoming_ref (incoming);
  call->arguments = arguments;
  call->token = via_json_value_get_member (via_json_value_get_member (params, "_meta"), "progressToken");
  call->cancellable = g_cancellable_new ();
  call->modern = modern;
  call->log_level = log_level;
  return call;
}

ViaMcpServerCall *
via_mcp_server_call_ref (ViaMcpServerCall *call)
{
  g_return_val_if_fail (call != NULL, NULL);
  call->ref_count++;
  return call;
}

void
via_mcp_server_call_unref (ViaMcpServerCall *call)
{
  g_return_if_fail (call != NULL);

  if (call->ref_count == 1 && !call->answered)
    via_mcp_server_call_fail (call, "The tool ended without an answer.");
  if (--call->ref_count > 0)
    return;
  g_object_unref (call->server);
  via_rpc_incoming_unref (call->incoming);
  g_object_unref (call->cancellable);
  g_free (call);
}

ViaJsonValue
via_mcp_server_call_get_arguments (ViaMcpServerCall *call)
{
  g_return_val_if_fail (call != NULL, via_json_value_missing ());
  return call->arguments;
}

GCancellable *
via_mcp_server_call_get_cancellable (ViaMcpServerCall *call)
{
  g_return_val_if_fail (call != NULL, NULL);
  return call->cancellable;
}

gboolean
via_mcp_server_call_has_id (ViaMcpServerCall *call,
                            ViaJsonValue      id)
{
  return via_json_value_equal (via_rpc_message_get_id (via_rpc_incoming_get_message (call->incoming)), id);
}

void
via_mcp_server_call_cancel (ViaMcpServerCall *call)
{
  if (call->answered)
    return;
  call->answered = TRUE;
  via_rpc_incoming_drop (call->incoming);
  via_mcp_server_forget (call->server, call);
  g_cancellable_cancel (call->cancellable);
}

static void
notify (ViaMcpServerCall *call,
        const char       *method,
        ViaJsonWriter    *params)
{
  g_autoptr(GBytes) text = via_json_writer_end_bytes (params);
  g_autoptr(ViaJsonDocument) document = via_json_document_new (text, NULL, NULL);
  ViaRpcPeer *peer = via_mcp_server_get_peer (call->server);

  g_assert (document != NULL);
  if (peer != NULL)
    via_rpc_peer_notify (peer, method, via_json_document_get_root (document), NULL);
}

void
via_mcp_server_call_progress (ViaMcpServerCall *call,
                              double            progress,
                              double            total,
                              const char       *message)
{
  ViaJsonType type;
  ViaJsonWriter writer;

  g_return_if_fail (call != NULL);

  type = via_json_value_get_json_type (call->token);
  if (call->answered || (type != VIA_JSON_STRING && type != VIA_JSON_NUMBER))
    return;
  via_json_writer_init (&writer);
  via_json_writer_begin_object (&writer);
  via_json_writer_member_value (&writer, "progressToken", call->token);
  via_json_writer_key (&writer, "progress");
  via_json_writer_double (&writer, progress);
  if (total > 0)
    {
      via_json_writer_key (&writer, "total");
      via_json_writer_double (&writer, total);
    }
  if (message != NULL)
    via_json_writer_member_string (&writer, "message", message);
  via_json_writer_end_object (&writer);
  notify (call, "notifications/progress", &writer);
}

void
via_mcp_server_call_log (ViaMcpServerCall *call,
                         const char       *level,
                         const char       *text)
{
  int severity = via_mcp_log_level_find_name (level);
  ViaJsonWriter writer;

  g_return_if_fail (call != NULL);
  g_return_if_fail (severity >= 0);

  if (call->answered || call->log_level < 0 || severity < call->log_level)
    return;
  via_json_writer_init (&writer);
  via_json_writer_begin_object (&writer);
  via_json_writer_member_string (&writer, "level", level);
  via_json_writer_member_string (&writer, "data", text);
  via_json_writer_end_object (&writer);
  notify (call, "notifications/message", &writer);
}

void
via_mcp_server_call_complete_bytes (ViaMcpServerCall *call,
                                    GBytes           *result_json)
{
  g_autoptr(ViaJsonDocument) document = NULL;
  g_autoptr(GError) error = NULL;

  g_return_if_fail (call != NULL);
  g_return_if_fail (result_json != NULL);

  if (call->answered)
    return;
  document = via_json_document_new (result_json, NULL, &error);
  if (document == NULL)
    {
      g_critical ("A tool's result is not valid JSON: %s", error->message);
      via_mcp_server_call_fail (call, "The tool's result could not be written.");
      return;
    }
  call->answered = TRUE;
  via_mcp_server_forget (call->server, call);
  via_mcp_server_reply (call->server, call->incoming, call->modern, via_json_document_get_root (document));
}

void
via_mcp_server_call_complete (ViaMcpServerCall *call,
                              const char       *result_json)
{
  g_autoptr(GBytes) bytes = NULL;

  g_return_if_fail (result_json != NULL);

  bytes = g_bytes_new (result_json, strlen (result_json));
  via_mcp_server_call_complete_bytes (call, bytes);
}

void
via_mcp_server_call_fail (ViaMcpServerCall *call,
                          const char       *text)
{
  g_autoptr(GBytes) bytes = NULL;
  ViaJsonWriter writer;

  g_return_if_fail (call != NULL);

  via_json_writer_init (&writer);
  via_json_writer_begin_object (&writer);
  via_json_writer_key (&writer, "content");
  via_json_writer_begin_array (&writer);
  via_json_writer_begin_object (&writer);
  via_json_writer_member_string (&writer, "type", "text");
  via_json_writer_member_string (&writer, "text", text);
  via_json_writer_end_object (&writer);
  via_json_writer_end_array (&writer);
  via_json_writer_member_boolean (&writer, "isError", TRUE);
  via_json_writer_end_object (&writer);
  bytes = via_json_writer_end_bytes (&writer);
  via_mcp_server_call_complete_bytes (call, bytes);
}
