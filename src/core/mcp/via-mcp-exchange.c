/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/via-limits.h"
#include "base/via-text.h"
#include "mcp/via-mcp-client-private.h"

/*
 * One request and its answer: the era's envelope around it, progress and log lines to whoever asked, one repetition when
 * the session was lost before the server looked at it, and a judgement of the result's kind.
 */

static void
forget_exchange (ViaMcpClient   *self,
                 ViaMcpExchange *exchange)
{
  if (g_hash_table_lookup (self->exchanges, &exchange->id) == exchange)
    g_hash_table_remove (self->exchanges, &exchange->id);
}

void
via_mcp_exchange_free (ViaMcpExchange *exchange)
{
  g_free (exchange->method);
  g_free (exchange->name);
  g_clear_pointer (&exchange->document, via_json_document_unref);
  g_strfreev (exchange->param_headers);
  g_clear_pointer (&exchange->sent, via_json_document_unref);
  g_strfreev (exchange->headers);
  g_free (exchange);
}

static void
abandon_cb (ViaRpcPeer *peer,
            gint64      id,
            const char *reason,
            gpointer    data)
{
  GTask *task = data;

  via_mcp_client_send_cancelled (g_task_get_source_object (task), peer, id, reason);
}

/* Only "complete" can be used; what is absent is complete (2026-07-28, results). */
static gboolean
check_result_type (ViaMcpClient   *self,
                   ViaRpcMessage  *message,
                   GError        **error)
{
  ViaJsonValue type = via_json_value_get_member (via_rpc_message_get_result (message), "resultType");

  if (!self->agreement.modern || via_json_value_is_missing (type) || via_json_value_equals_string (type, "complete"))
    return TRUE;
  if (via_json_value_equals_string (type, "input_required"))
    g_set_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_INVALID,
                 _("The server asks for more input before it answers, which is not supported yet. "
                   "Nothing was sent in return."));
  else if (via_json_value_equals_string (type, "task"))
    g_set_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_INVALID,
                 _("The server turned the request into a task to be asked about later, which is not supported yet."));
  else
    {
      g_autofree char *name = via_json_value_dup_raw (type);
      g_autofree char *shown = via_text_clip_line (name, 64);

      g_set_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_INVALID,
                   _("The server answered with a result of the unknown kind %s. Tell the server's author."), shown);
    }
  return FALSE;
}

static void send_exchange (GTask *task);

static void
renewed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;

  if (!via_mcp_client_renew_finish (VIA_MCP_CLIENT (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  send_exchange (task);
}

static void
handle_failure (GTask  *task,
                GError *error)
{
  ViaMcpClient *self = g_task_get_source_object (task);
  ViaMcpExchange *exchange = g_task_get_task_data (task);
  const ViaRpcRemoteError *remote = via_rpc_error_get_remote (error);

  /* The server refused the request because of the session: it has not run, and may be sent once more. */
  if (g_error_matches (error, VIA_RPC_ERROR, VIA_RPC_ERROR_SESSION_LOST) && !exchange->repeated
      && self->state == VIA_MCP_CONNECTED && !self->agreement.modern)
    {
      exchange->repeated = TRUE;
      g_error_free (error);
      via_mcp_client_renew_async (self, exchange->generation, g_task_get_cancellable (task), renewed_cb,
                                  g_object_ref (task));
      return;
    }
  if (g_error_matches (error, VIA_RPC_ERROR, VIA_RPC_ERROR_SESSION_LOST) && exchange->repeated)
    {
      g_error_free (error);
      error = g_error_new_literal (VIA_RPC_ERROR, VIA_RPC_ERROR_INVALID,
                                   _("The server refused the request as one of a session that it does not know, and so it did "
                                     "again in a new session. Restart the server, or tell its author."));
    }
  /* Our headers did not fit the server's schema, so ours must be old. */
  if (remote != NULL && remote->code == VIA_RPC_HEADER_MISMATCH && exchange->name != NULL)
    g_signal_emit_by_name (self, "tools-changed");
  g_task_return_error (task, error);
}

static void
answered_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  ViaMcpClient *self = g_task_get_source_object (task);
  ViaMcpExchange *exchange = g_task_get_task_data (task);
  g_autoptr(ViaRpcMessage) message = NULL;
  GError *error = NULL;

  message = via_rpc_peer_call_finish (VIA_RPC_PEER (source), result, &error);
  forget_exchange (self, exchange);
  if (message == NULL)
    handle_failure (task, error);
  else if (!check_result_type (self, message, &error))
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&message), (GDestroyNotify) via_rpc_message_unref);
}

static void
send_exchange (GTask *task)
{
  ViaMcpClient *self = g_task_get_source_object (task);
  ViaMcpExchange *exchange = g_task_get_task_data (task);
  ViaRpcCallOptions options = {
    .timeout_ms = exchange->options.timeout_ms,
    .max_timeout_ms = exchange->options.max_timeout_ms,
    .idempotent = exchange->options.idempotent,
    .abandon = abandon_cb,
    .data = task, /* which lives until its callback ran */
  };
  GError *error = NULL;

  if (self->state != VIA_MCP_CONNECTED || self->peer == NULL)
    {
      g_task_return_new_error (task, VIA_RPC_ERROR, VIA_RPC_ERROR_NOT_SENT,
                               _("There is no connection to the server. Connect and try again."));
      return;
    }
  exchange->id = via_rpc_peer_peek_id (self->peer);
  exchange->generation = self->generation;
  exchange->last_progress = -G_MAXDOUBLE;
  g_clear_pointer (&exchange->sent, via_json_document_unref);
  g_clear_pointer (&exchange->headers, g_strfreev);
  if (!via_mcp_envelope_write_params (self, exchange, exchange->id, &exchange->sent, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  exchange->headers = via_mcp_envelope_dup_headers (self, exchange);
  options.headers = (const char *const *) exchange->headers;
  if (exchange->options.progress != NULL || exchange->options.log != NULL)
    g_hash_table_insert (self->exchanges, &exchange->id, exchange);

  via_rpc_peer_call_async (self->peer, exchange->method,
                           exchange->sent != NULL ? via_json_document_get_root (exchange->sent)
                                                  : via_json_value_missing (),
                           &options, g_task_get_cancellable (task), answered_cb, g_object_ref (task));
}

void
via_mcp_client_exchange_async (ViaMcpClient        *self,
                               ViaMcpExchange      *exchange,
                               gpointer             source_tag,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, source_tag);
  g_task_set_task_data (task, exchange, (GDestroyNotify) via_mcp_exchange_free);
  if (exchange->options.timeout_ms == 0)
    exchange->options.timeout_ms = self->timeout_ms;
  if (!g_task_return_error_if_cancelled (task))
    send_exchange (task);
}

/* A value that does not grow is no progress: it neither shows nor buys time (progress, both eras). */
void
via_mcp_client_route_progress (ViaMcpClient *self,
                               ViaJsonValue  params)
{
  ViaMcpExchange *exchange;
  gint64 id;
  double progress, total;
  g_autofree char *message = NULL;

  if (!via_json_value_get_int64 (via_json_value_get_member (params, "progressToken"), &id)
      || !via_json_value_get_double (via_json_value_get_member (params, "progress"), &progress))
    return;
  exchange = g_hash_table_lookup (self->exchanges, &id);
  if (exchange == NULL || exchange->options.progress == NULL || !(progress > exchange->last_progress))
    return;
  exchange->last_progress = progress;
  if (self->peer != NULL)
    via_rpc_peer_extend (self->peer, id);
  if (!via_json_value_get_double (via_json_value_get_member (params, "total"), &total) || !(total > 0))
    total = -1;
  message = via_json_value_dup_member_string (params, "message");
  exchange->options.progress (total > 0 ? CLAMP (progress / total, 0.0, 1.0) : -1, total, message,
                              exchange->options.data);
}

/* Log lines name no request. Those that run and asked for them all hear them, and so does who listens to the client. */
void
via_mcp_client_route_log (ViaMcpClient *self,
                          ViaJsonValue  params)
{
  ViaJsonValue data = via_json_value_get_member (params, "data");
  g_autofree char *level = via_json_value_dup_member_string (params, "level");
  g_autofree char *logger = via_json_value_dup_member_string (params, "logger");
  g_autofree char *whole = NULL;
  g_autofree char *text = NULL;
  g_autoptr(GArray) ids = NULL;
  GHashTableIter iter;
  gpointer key;

  if (via_json_value_is_missing (data))
    return;
  whole = via_json_value_is_string (data) ? via_json_value_dup_string (data) : via_json_value_to_compact (data, NULL);
  text = via_text_clip (whole, VIA_LIMIT_STDERR_LINE_BYTES);
  /* A callback may end requests, so the table is not walked while it is called. */
  ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_hash_table_iter_init (&iter, self->exchanges);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_array_append_vals (ids, key, 1);
  for (guint i = 0; i < ids->len; i++)
    {
      ViaMcpExchange *exchange = g_hash_table_lookup (self->exchanges, &g_array_index (ids, gint64, i));

      if (exchange != NULL && exchange->options.log != NULL)
        exchange->options.log (level != NULL ? level : "info", text, exchange->options.data);
    }
  g_signal_emit_by_name (self, "log", level != NULL ? level : "info", logger, text);
}

static ViaMcpExchange *
exchange_new (const char   *method,
              ViaJsonValue  params)
{
  ViaMcpExchange *exchange = g_new0 (ViaMcpExchange, 1);

  exchange->method = g_strdup (method);
  exchange->params = params;
  if (params.document != NULL)
    exchange->document = via_json_document_ref ((ViaJsonDocument *) params.document);
  return exchange;
}

void
via_mcp_client_request_async (ViaMcpClient        *self,
                              const char          *method,
                              ViaJsonValue         params,
                              guint                timeout_ms,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  ViaMcpExchange *exchange;

  g_return_if_fail (VIA_IS_MCP_CLIENT (self));
  g_return_if_fail (method != NULL);
  g_return_if_fail (via_json_value_is_missing (params) || via_json_value_is_object (params));

  exchange = exchange_new (method, params);
  exchange->options.timeout_ms = timeout_ms;
  /* Everything but calling a tool only reads (hardening: what may be repeated). */
  exchange->options.idempotent = strcmp (method, "tools/call") != 0;
  via_mcp_client_exchange_async (self, exchange, via_mcp_client_request_async, cancellable, callback, user_data);
}

ViaRpcMessage *
via_mcp_client_request_finish (ViaMcpClient  *self,
                               GAsyncResult  *result,
                               GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, via_mcp_client_request_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
via_mcp_client_call_tool_async (ViaMcpClient            *self,
                                ViaTool                 *tool,
                                const char              *name,
                                ViaJsonValue             arguments,
                                const ViaMcpCallOptions *options,
                                GCancellable            *cancellable,
                                GAsyncReadyCallback      callback,
                                gpointer                 user_data)
{
  ViaMcpExchange *exchange;

  g_return_if_fail (VIA_IS_MCP_CLIENT (self));
  g_return_if_fail (name != NULL);
  g_return_if_fail (via_json_value_is_missing (arguments) || via_json_value_is_object (arguments));

  if (via_json_value_is_missing (arguments))
    arguments = via_json_document_get_root (self->empty);
  exchange = exchange_new ("tools/call", arguments);
  exchange->name = g_strdup (name);
  if (options != NULL)
    exchange->options = *options;
  if (tool != NULL && self->http && self->agreement.modern)
    exchange->param_headers = via_tool_dup_headers (tool, arguments);
  via_mcp_client_exchange_async (self, exchange, via_mcp_client_call_tool_async, cancellable, callback, user_data);
}

ViaToolResult *
via_mcp_client_call_tool_finish (ViaMcpClient  *self,
                                 GAsyncResult  *result,
                                 GError       **error)
{
  g_autoptr(ViaRpcMessage) message = NULL;
  ViaJsonValue value, content;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, via_mcp_client_call_tool_async), NULL);

  message = g_task_propagate_pointer (G_TASK (result), error);
  if (message == NULL)
    return NULL;
  value = via_rpc_message_get_result (message);
  content = via_json_value_get_member (value, "content");
  if (!via_json_value_is_object (value)
      || !(via_json_value_is_array (content) || via_json_value_is_missing (content)))
    {
      g_set_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_INVALID,
                   _("The tool ran, but the server's answer is no tool result. Tell the server's author."));
      return NULL;
    }
  return via_tool_result_new_from_mcp (via_rpc_message_get_document (message), value);
}
