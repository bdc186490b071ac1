/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "mcp/via-mcp-client-private.h"

/* Servers announce each of their tools while they start; one look at the end is enough. */
#define CHANGED_DEBOUNCE_MS 300
#define LISTEN_FAILURES_MAX 5
#define LISTEN_RETRY_MS 1000
#define LISTEN_GOOD_US (30 * G_USEC_PER_SEC) /* a subscription that lasted this long starts the count anew */

/* What the server says or asks without being asked. */

gboolean
via_mcp_client_handle_request (ViaMcpClient   *self,
                               ViaRpcIncoming *incoming)
{
  ViaRpcMessage *message = via_rpc_incoming_get_message (incoming);

  /* Everything else needs a capability that we do not declare. */
  if (strcmp (via_rpc_message_get_method (message), "ping") != 0)
    return FALSE;
  via_rpc_incoming_reply (incoming, via_json_document_get_root (self->empty));
  return TRUE;
}

static gboolean
changed_cb (gpointer data)
{
  ViaMcpClient *self = data;

  self->changed_id = 0;
  g_signal_emit_by_name (self, "tools-changed");
  return G_SOURCE_REMOVE;
}

/* The first of a storm starts the clock and the rest join it, so that an endless storm is heard too, at this pace. */
static void
handle_tools_changed (ViaMcpClient *self,
                      ViaJsonValue  params)
{
  if (self->changed_id == 0)
    self->changed_id = g_timeout_add (CHANGED_DEBOUNCE_MS, changed_cb, self);
}

static void listen_ended (ViaMcpClient *self, const GError *error);

/* The server ends a subscription this way on stdio (2026-07-28, subscriptions). */
static void
handle_cancelled (ViaMcpClient *self,
                  ViaJsonValue  params)
{
  g_autoptr(GCancellable) cancellable = NULL;
  gint64 id;

  if (self->listen_id < 0
      || !via_json_value_get_int64 (via_json_value_get_member (params, "requestId"), &id) || id != self->listen_id)
    return;
  cancellable = g_steal_pointer (&self->listen_cancellable);
  self->listen_id = -1;
  g_cancellable_cancel (cancellable);
  listen_ended (self, NULL);
}

static const struct
{
  const char *method;
  void      (*handle) (ViaMcpClient *self, ViaJsonValue params);
} notifications[] = {
  { "notifications/progress", via_mcp_client_route_progress },
  { "notifications/message", via_mcp_client_route_log },
  { "notifications/tools/list_changed", handle_tools_changed },
  { "notifications/cancelled", handle_cancelled },
};

void
via_mcp_client_handle_notification (ViaMcpClient  *self,
                                    ViaRpcMessage *message)
{
  const char *method = via_rpc_message_get_method (message);

  for (guint i = 0; i < G_N_ELEMENTS (notifications); i++)
    if (strcmp (method, notifications[i].method) == 0)
      {
        g_autoptr(ViaMcpClient) alive = g_object_ref (self);

        notifications[i].handle (self, via_rpc_message_get_params (message));
        return;
      }
}

/* Subscriptions of the modern era */

static gboolean
can_subscribe (ViaMcpClient *self)
{
  ViaJsonValue tools = via_json_value_get_member (via_mcp_client_get_capabilities (self), "tools");

  return self->state == VIA_MCP_CONNECTED && self->agreement.modern
         && via_json_value_get_boolean (via_json_value_get_member (tools, "listChanged"), FALSE);
}

static gboolean
listen_again_cb (gpointer data)
{
  ViaMcpClient *self = data;

  self->listen_retry_id = 0;
  via_mcp_client_subscribe (self);
  return G_SOURCE_REMOVE;
}

/*
 * Only the end of the connection ends a subscription from our side, and the server ends it itself then; so nothing is ever
 * sent to cancel one. A refusal is final; anything else is tried again a few times, ever more slowly.
 */
static void
listen_ended (ViaMcpClient *self,
              const GError *error)
{
  if (g_get_monotonic_time () - self->listen_since > LISTEN_GOOD_US)
    self->listen_failures = 0;
  if ((error != NULL && via_rpc_error_get_remote (error) != NULL)
      || g_error_matches (error, VIA_RPC_ERROR, VIA_RPC_ERROR_UNAUTHORIZED)
      || ++self->listen_failures > LISTEN_FAILURES_MAX)
    {
      if (error != NULL)
        via_mcp_client_diagnose (self, _("The server does not announce changes of its tools any more: %s. Refresh to see "
                                         "them."), error->message);
      else
        via_mcp_client_diagnose (self, _("The server does not announce changes of its tools any more. Refresh to see them."));
      /* Stays set, so that nobody asks again. */
      self->listen_cancellable = g_cancellable_new ();
      return;
    }
  /* What changed meanwhile was not heard. */
  handle_tools_changed (self, via_json_value_missing ());
  self->listen_retry_id = g_timeout_add (LISTEN_RETRY_MS << (self->listen_failures - 1), listen_again_cb, self);
}

/* A subscription does not keep the client alive: it has no end of its own. */
static void
listen_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  GWeakRef *weak = user_data;
  g_autoptr(ViaMcpClient) self = g_weak_ref_get (weak);
  g_autoptr(ViaRpcMessage) message = NULL;
  g_autoptr(GError) error = NULL;

  g_weak_ref_clear (weak);
  g_free (weak);
  message = via_rpc_peer_call_finish (VIA_RPC_PEER (source), result, &error);
  /* Given up, or the connection has another peer already. */
  if (self == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
      || self->peer != (ViaRpcPeer *) source || self->listen_id < 0)
    return;
  g_clear_object (&self->listen_cancellable);
  self->listen_id = -1;
  if (self->state == VIA_MCP_CONNECTED)
    listen_ended (self, error);
}

static ViaJsonDocument *
write_filter (ViaMcpClient *self)
{
  g_autofree char *text = NULL;
  ViaJsonWriter writer;

  via_json_writer_init (&writer);
  via_json_writer_begin_object (&writer);
  via_json_writer_key (&writer, "notifications");
  via_json_writer_begin_object (&writer);
  via_json_writer_member_boolean (&writer, "toolsListChanged", TRUE);
  via_json_writer_end_object (&writer);
  via_json_writer_key (&writer, "_meta");
  via_json_writer_begin_object (&writer);
  via_mcp_envelope_write_identity (&writer, self->agreement.revision);
  via_json_writer_end_object (&writer);
  via_json_writer_end_object (&writer);
  text = via_json_writer_end (&writer);
  return via_json_document_new_strict (text, -1, NULL);
}

void
via_mcp_client_subscribe (ViaMcpClient *self)
{
  static const char *const headers[] = { "Mcp-Method", "subscriptions/listen", NULL };
  ViaRpcCallOptions options = {
    .headers = self->http ? headers : NULL,
    .idempotent = TRUE,
  };
  g_autoptr(ViaJsonDocument) params = NULL;
  GWeakRef *weak;

  if (self->listen_cancellable != NULL || self->listen_retry_id != 0 || !can_subscribe (self))
    return;
  params = write_filter (self);
  self->listen_cancellable = g_cancellable_new ();
  self->listen_since = g_get_monotonic_time ();
  self->listen_id = via_rpc_peer_peek_id (self->peer);
  weak = g_new0 (GWeakRef, 1);
  g_weak_ref_init (weak, self);
  via_rpc_peer_call_async (self->peer, "subscriptions/listen", via_json_document_get_root (params), &options,
                           self->listen_cancellable, listen_cb, weak);
}

void
via_mcp_client_unsubscribe (ViaMcpClient *self)
{
  g_autoptr(GCancellable) cancellable = g_steal_pointer (&self->listen_cancellable);

  g_clear_handle_id (&self->listen_retry_id, g_source_remove);
  self->listen_id = -1;
  self->listen_failures = 0;
  if (cancellable != NULL)
    g_cancellable_cancel (cancellable);
}
