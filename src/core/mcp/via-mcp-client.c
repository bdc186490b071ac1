/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/via-limits.h"
#include "base/via-text.h"
#include "mcp/via-mcp-client-private.h"

#define DEFAULT_TIMEOUT_MS (VIA_LIMIT_TIMEOUT_DEFAULT_S * 1000)

/*
 * The connection itself: its state, its peer, its end. How it is agreed on stands in via-mcp-negotiation.c, one request in
 * via-mcp-exchange.c, the list of tools in via-mcp-tool-list.c, what the server says unasked in via-mcp-subscription.c.
 *
 * IDLE → CONNECTING → CONNECTED → CLOSED, and from CLOSED to CONNECTING again. There is a peer in CONNECTING and
 * CONNECTED, and nowhere else. Every task holds a reference, so nothing here runs after the last one is gone.
 */
G_DEFINE_FINAL_TYPE (ViaMcpClient, via_mcp_client, G_TYPE_OBJECT)

enum
{
  SIGNAL_TOOLS_CHANGED,
  SIGNAL_LOG,
  SIGNAL_DIAGNOSTIC,
  SIGNAL_CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

void
via_mcp_agreement_clear (ViaMcpAgreement *agreement)
{
  g_clear_pointer (&agreement->revision, g_free);
  g_clear_pointer (&agreement->server_name, g_free);
  g_clear_pointer (&agreement->server_version, g_free);
  g_clear_pointer (&agreement->instructions, g_free);
  g_clear_pointer (&agreement->capabilities, via_json_document_unref);
  agreement->modern = FALSE;
}

void
via_mcp_client_agree (ViaMcpClient *self,
                      const char   *revision,
                      gboolean      modern,
                      ViaJsonValue  result,
                      ViaJsonValue  info)
{
  ViaMcpAgreement *agreement = &self->agreement;
  ViaJsonValue capabilities = via_json_value_get_member (result, "capabilities");

  via_mcp_agreement_clear (agreement);
  agreement->modern = modern;
  agreement->revision = g_strdup (revision);
  agreement->server_name = via_json_value_dup_member_string (info, "title");
  if (agreement->server_name == NULL || *agreement->server_name == '\0')
    {
      g_free (agreement->server_name);
      agreement->server_name = via_json_value_dup_member_string (info, "name");
    }
  agreement->server_version = via_json_value_dup_member_string (info, "version");
  agreement->instructions = via_json_value_dup_member_string (result, "instructions");
  if (via_json_value_is_object (capabilities))
    agreement->capabilities = via_json_value_dup_document (capabilities);
  via_transport_set_protocol (self->transport, revision, modern);
}

void
via_mcp_client_diagnose (ViaMcpClient *self,
                         const char   *format,
                         ...)
{
  g_autofree char *whole = NULL;
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  whole = g_strdup_vprintf (format, args);
  va_end (args);
  text = via_text_clip (whole, VIA_LIMIT_ERROR_TEXT_BYTES); /* it may quote the server */
  g_signal_emit (self, signals[SIGNAL_DIAGNOSTIC], 0, (guint) VIA_DIAGNOSTIC_NOTE, text);
}

static gboolean
request_cb (ViaRpcPeer     *peer,
            ViaRpcIncoming *incoming,
            ViaMcpClient   *self)
{
  return via_mcp_client_handle_request (self, incoming);
}

static void
notification_cb (ViaRpcPeer    *peer,
                 ViaRpcMessage *message,
                 ViaMcpClient  *self)
{
  via_mcp_client_handle_notification (self, message);
}

static void
diagnostic_cb (ViaTransport *transport,
               guint         kind,
               const char   *text,
               ViaMcpClient *self)
{
  g_signal_emit (self, signals[SIGNAL_DIAGNOSTIC], 0, kind, text);
}

/* While connecting, the failed request tells negotiation, which may start the server again. */
static void
closed_cb (ViaRpcPeer   *peer,
           const GError *error,
           ViaMcpClient *self)
{
  g_autoptr(ViaMcpClient) alive = g_object_ref (self);

  if (self->state != VIA_MCP_CONNECTED)
    return;
  self->state = VIA_MCP_CLOSED;
  self->attempt++;
  via_mcp_client_drop_peer (self);
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0, error);
}

gboolean
via_mcp_client_open (ViaMcpClient  *self,
                     GError       **error)
{
  g_return_val_if_fail (self->peer == NULL, FALSE);

  self->transport = self->factory (self->factory_data);
  if (self->transport == NULL)
    {
      g_set_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_NOT_SENT,
                   _("The connection to the server could not be prepared. Check the bridge's settings."));
      return FALSE;
    }
  self->peer = via_rpc_peer_new (self->transport);
  g_signal_connect (self->peer, "request", G_CALLBACK (request_cb), self);
  g_signal_connect (self->peer, "notification", G_CALLBACK (notification_cb), self);
  g_signal_connect (self->peer, "closed", G_CALLBACK (closed_cb), self);
  g_signal_connect (self->transport, "diagnostic", G_CALLBACK (diagnostic_cb), self);
  return TRUE;
}

static void
unref_both_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(ViaRpcPeer) peer = user_data;

  via_transport_close_finish (VIA_TRANSPORT (source), result, NULL);
}

/* Takes the peer away; its transport ends in its own time, and so does whatever waits for an answer. */
static ViaRpcPeer *
steal_peer (ViaMcpClient *self)
{
  ViaRpcPeer *peer = g_steal_pointer (&self->peer);

  via_mcp_client_unsubscribe (self);
  g_clear_handle_id (&self->changed_id, g_source_remove);
  if (peer != NULL)
    {
      g_signal_handlers_disconnect_by_data (peer, self);
      g_signal_handlers_disconnect_by_data (self->transport, self);
    }
  return peer;
}

void
via_mcp_client_drop_peer (ViaMcpClient *self)
{
  ViaRpcPeer *peer = steal_peer (self);

  if (peer != NULL)
    via_transport_close_async (self->transport, NULL, unref_both_cb, peer);
  g_clear_object (&self->transport);
}

static void
via_mcp_client_dispose (GObject *object)
{
  ViaMcpClient *self = VIA_MCP_CLIENT (object);
  g_autoptr(ViaRpcPeer) peer = steal_peer (self);

  g_clear_object (&self->transport);

  G_OBJECT_CLASS (via_mcp_client_parent_class)->dispose (object);
}

static void
via_mcp_client_finalize (GObject *object)
{
  ViaMcpClient *self = VIA_MCP_CLIENT (object);

  if (self->factory_destroy != NULL)
    self->factory_destroy (self->factory_data);
  g_free (self->protocol);
  via_mcp_agreement_clear (&self->agreement);
  via_json_document_unref (self->empty);
  g_hash_table_unref (self->exchanges);

  G_OBJECT_CLASS (via_mcp_client_parent_class)->finalize (object);
}

static void
via_mcp_client_class_init (ViaMcpClientClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = via_mcp_client_dispose;
  object_class->finalize = via_mcp_client_finalize;

  signals[SIGNAL_TOOLS_CHANGED] = g_signal_new ("tools-changed", VIA_TYPE_MCP_CLIENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                                NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_LOG] = g_signal_new ("log", VIA_TYPE_MCP_CLIENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                      3, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING);
  signals[SIGNAL_DIAGNOSTIC] = g_signal_new ("diagnostic", VIA_TYPE_MCP_CLIENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                             G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_STRING);
  signals[SIGNAL_CLOSED] = g_signal_new ("closed", VIA_TYPE_MCP_CLIENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 1, G_TYPE_ERROR | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
via_mcp_client_init (ViaMcpClient *self)
{
  self->exchanges = g_hash_table_new (g_int64_hash, g_int64_equal);
  self->empty = via_json_document_new_strict ("{}", -1, NULL);
  self->listen_id = -1;
}

ViaMcpClient *
via_mcp_client_new (ViaTransportFactory        factory,
                    gpointer                   data,
                    GDestroyNotify             destroy,
                    const ViaMcpClientOptions *options)
{
  ViaMcpClient *self;

  g_return_val_if_fail (factory != NULL, NULL);

  self = g_object_new (VIA_TYPE_MCP_CLIENT, NULL);
  self->factory = factory;
  self->factory_data = data;
  self->factory_destroy = destroy;
  self->protocol = g_strdup (options != NULL ? options->protocol : NULL);
  self->timeout_ms = options != NULL && options->timeout_ms > 0 ? options->timeout_ms : DEFAULT_TIMEOUT_MS;
  self->probe_ms = options != NULL && options->probe_ms > 0 ? options->probe_ms : VIA_LIMIT_PROBE_MS;
  self->http = options != NULL && options->http;
  return self;
}

static void
negotiated_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  ViaMcpClient *self = VIA_MCP_CLIENT (source);
  g_autoptr(GTask) task = user_data;
  gboolean is_current = GPOINTER_TO_UINT (g_task_get_task_data (task)) == self->attempt;
  GError *error = NULL;

  if (!via_mcp_client_negotiate_finish (self, result, &error))
    {
      if (is_current)
        {
          self->state = VIA_MCP_CLOSED;
          via_mcp_client_drop_peer (self);
        }
      g_task_return_error (task, error);
    }
  else if (is_current)
    {
      self->state = VIA_MCP_CONNECTED;
      self->generation++;
      g_task_return_boolean (task, TRUE);
    }
  else /* closed meanwhile, which took the peer */
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("The connection was ended."));
}

void
via_mcp_client_connect_async (ViaMcpClient        *self,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (VIA_IS_MCP_CLIENT (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, via_mcp_client_connect_async);
  /* The answer of a handshake counts, even when the cancellable was set just after it came. */
  g_task_set_check_cancellable (task, FALSE);
  if (self->state == VIA_MCP_CONNECTED)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  if (self->state == VIA_MCP_CONNECTING)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PENDING, _("The connection is already being made."));
      return;
    }
  self->state = VIA_MCP_CONNECTING;
  self->attempt++;
  g_task_set_task_data (task, GUINT_TO_POINTER (self->attempt), NULL);
  via_mcp_agreement_clear (&self->agreement);
  via_mcp_client_negotiate_async (self, cancellable, negotiated_cb, g_steal_pointer (&task));
}

gboolean
via_mcp_client_connect_finish (ViaMcpClient  *self,
                               GAsyncResult  *result,
                               GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
transport_closed_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;

  via_transport_close_finish (VIA_TRANSPORT (source), result, NULL);
  g_task_return_boolean (task, TRUE);
}

void
via_mcp_client_close_async (ViaMcpClient        *self,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(ViaTransport) transport = NULL;
  ViaRpcPeer *peer;

  g_return_if_fail (VIA_IS_MCP_CLIENT (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, via_mcp_client_close_async);
  g_task_set_check_cancellable (task, FALSE);
  self->state = VIA_MCP_CLOSED;
  self->attempt++;
  peer = steal_peer (self);
  transport = g_steal_pointer (&self->transport);
  if (peer == NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  g_task_set_task_data (task, peer, g_object_unref);
  /* A call that was cancelled a moment ago may not have been taken back yet, and to a server of the legacy era over HTTP
   * a broken connection is no cancellation. */
  via_rpc_peer_abandon_all (peer, "The client ends the connection");
  via_transport_close_async (transport, cancellable, transport_closed_cb, g_steal_pointer (&task));
}

gboolean
via_mcp_client_close_finish (ViaMcpClient  *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

gboolean
via_mcp_client_is_connected (ViaMcpClient *self)
{
  g_return_val_if_fail (VIA_IS_MCP_CLIENT (self), FALSE);
  return self->state == VIA_MCP_CONNECTED;
}

gboolean
via_mcp_client_is_modern (ViaMcpClient *self)
{
  g_return_val_if_fail (VIA_IS_MCP_CLIENT (self), FALSE);
  return self->agreement.modern;
}

const char *
via_mcp_client_get_revision (ViaMcpClient *self)
{
  g_return_val_if_fail (VIA_IS_MCP_CLIENT (self), NULL);
  return self->agreement.revision;
}

const char *
via_mcp_client_get_server_name (ViaMcpClient *self)
{
  g_return_val_if_fail (VIA_IS_MCP_CLIENT (self), NULL);
  return self->agreement.server_name;
}

const char *
via_mcp_client_get_server_version (ViaMcpClient *self)
{
  g_return_val_if_fail (VIA_IS_MCP_CLIENT (self), NULL);
  return self->agreement.server_version;
}

const char *
via_mcp_client_get_instructions (ViaMcpClient *self)
{
  g_return_val_if_fail (VIA_IS_MCP_CLIENT (self), NULL);
  return self->agreement.instructions;
}

ViaJsonValue
via_mcp_client_get_capabilities (ViaMcpClient *self)
{
  g_return_val_if_fail (VIA_IS_MCP_CLIENT (self), via_json_value_missing ());
  if (self->agreement.capabilities == NULL)
    return via_json_value_missing ();
  return via_json_document_get_root (self->agreement.capabilities);
}

gboolean
via_mcp_client_has_capability (ViaMcpClient *self,
                               const char   *name)
{
  return via_json_value_is_object (via_json_value_get_member (via_mcp_client_get_capabilities (self), name));
}

ViaTransport *
via_mcp_client_get_transport (ViaMcpClient *self)
{
  g_return_val_if_fail (VIA_IS_MCP_CLIENT (self), NULL);
  return self->transport;
}
