/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/via-text.h"
#include "mcp/via-mcp-client-private.h"
#include "mcp/via-mcp-revision.h"
#include "transport/via-http-transport.h"

/*
 * Which era does the server speak? (MCP 2026-07-28, versioning and negotiation; transports.) A server of the modern era
 * answers server/discover; anything else that a server says to it means the legacy handshake, and no single error code
 * is relied on, because old servers use all of them. On stdio silence means that too, and a server that ends at the
 * probe is started once more. Over HTTP a refusal of credentials or a broken network says nothing about the era.
 */

#define PROBES_PER_VERSION 2

typedef enum
{
  NEGOTIATE_AUTO,
  NEGOTIATE_MODERN,
  NEGOTIATE_LEGACY,
} NegotiationMode;

typedef struct
{
  NegotiationMode  mode;
  const char      *modern_revision; /* static */
  const char      *legacy_revision; /* static */
  guint            attempt;         /* of the client, that this belongs to */
  guint            n_probes;
  gboolean         renewing;        /* a new session on the same transport: no probe */
  GError          *outage;          /* what the probe met, reported if the handshake fails as well */
  char           **headers;         /* of the probe */
} Negotiation;

static void
negotiation_free (Negotiation *negotiation)
{
  g_clear_error (&negotiation->outage);
  g_strfreev (negotiation->headers);
  g_free (negotiation);
}

static gboolean
read_protocol (const char   *protocol,
               Negotiation  *negotiation,
               GError      **error)
{
  negotiation->modern_revision = VIA_MCP_MODERN_REVISION;
  negotiation->legacy_revision = VIA_MCP_LEGACY_REVISION;
  if (protocol == NULL || strcmp (protocol, "auto") == 0)
    negotiation->mode = NEGOTIATE_AUTO;
  else if (strcmp (protocol, "modern") == 0)
    negotiation->mode = NEGOTIATE_MODERN;
  else if (strcmp (protocol, "legacy") == 0)
    negotiation->mode = NEGOTIATE_LEGACY;
  else if (via_mcp_revision_find_modern (protocol) != NULL)
    {
      negotiation->mode = NEGOTIATE_MODERN;
      negotiation->modern_revision = via_mcp_revision_find_modern (protocol);
    }
  else if (via_mcp_revision_find_legacy (protocol) != NULL)
    {
      negotiation->mode = NEGOTIATE_LEGACY;
      negotiation->legacy_revision = via_mcp_revision_find_legacy (protocol);
    }
  else
    {
      g_set_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_INVALID,
                   _("Viaduct does not speak the protocol revision “%s”. Use auto, modern, legacy or one of %s, %s, "
                     "2025-06-18, 2025-03-26, 2024-11-05."), protocol, VIA_MCP_MODERN_REVISION, VIA_MCP_LEGACY_REVISION);
      return FALSE;
    }
  return TRUE;
}

static ViaJsonDocument *
parse_own (ViaJsonWriter *writer)
{
  g_autofree char *text = via_json_writer_end (writer);
  ViaJsonDocument *document = via_json_document_new_strict (text, -1, NULL);

  g_assert (document != NULL);
  return document;
}

static gboolean
was_closed (ViaMcpClient *self,
            GTask        *task)
{
  Negotiation *negotiation = g_task_get_task_data (task);

  if (negotiation->attempt == self->attempt)
    return FALSE;
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("The connection was ended."));
  return TRUE;
}

/* The legacy handshake */

static void send_initialize (GTask *task);
static void send_probe (GTask *task);
static gboolean probe_again (GTask *task, const GError *error, gboolean *legacy_listed);

static gboolean
take_initialize_result (GTask         *task,
                        ViaRpcMessage *message,
                        GError       **error)
{
  ViaMcpClient *self = g_task_get_source_object (task);
  ViaJsonValue result = via_rpc_message_get_result (message);
  g_autofree char *answered = via_json_value_dup_member_string (result, "protocolVersion");
  const char *revision = via_mcp_revision_find_legacy (answered);

  if (answered == NULL)
    {
      g_set_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_INVALID,
                   _("The server's answer to initialize names no protocol version, so it is no MCP server that can be "
                     "used. Check the address or command."));
      return FALSE;
    }
  if (revision == NULL)
    {
      g_autofree char *shown = via_text_clip_line (answered, 40);

      g_set_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_INVALID,
                   _("The server speaks protocol revision “%s”, which Viaduct does not know. Update the server or "
                     "Viaduct."), shown);
      return FALSE;
    }
  via_mcp_client_agree (self, revision, FALSE, result, via_json_value_get_member (result, "serverInfo"));
  via_rpc_peer_notify (self->peer, "notifications/initialized", via_json_value_missing (), NULL);
  via_transport_listen (self->transport);
  return TRUE;
}

static void
fail_initialize (GTask  *task,
                 GError *error)
{
  Negotiation *negotiation = g_task_get_task_data (task);
  gboolean legacy_listed;

  /* A modern-only server that was too slow for the probe names its versions here. */
  if (negotiation->mode == NEGOTIATE_AUTO && !negotiation->renewing && probe_again (task, error, &legacy_listed))
    {
      g_error_free (error);
      return;
    }
  if (negotiation->outage != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_error_free (error);
      error = g_steal_pointer (&negotiation->outage);
    }
  g_task_return_error (task, via_mcp_revision_explain_refusal (error, negotiation->mode == NEGOTIATE_LEGACY));
}

static void
initialized_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  ViaMcpClient *self = g_task_get_source_object (task);
  g_autoptr(ViaRpcMessage) message = NULL;
  GError *error = NULL;

  message = via_rpc_peer_call_finish (VIA_RPC_PEER (source), result, &error);
  if (was_closed (self, task))
    g_clear_error (&error);
  else if (message == NULL)
    fail_initialize (task, error);
  else if (!take_initialize_result (task, message, &error))
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/* Never cancelled towards the server: the specification forbids it for initialize. */
static void
send_initialize (GTask *task)
{
  ViaMcpClient *self = g_task_get_source_object (task);
  Negotiation *negotiation = g_task_get_task_data (task);
  ViaRpcCallOptions options = { .timeout_ms = self->timeout_ms, .idempotent = TRUE };
  g_autoptr(ViaJsonDocument) params = NULL;
  ViaJsonWriter writer;

  via_json_writer_init (&writer);
  via_json_writer_begin_object (&writer);
  via_json_writer_member_string (&writer, "protocolVersion", negotiation->legacy_revision);
  via_json_writer_member_value (&writer, "capabilities", via_json_document_get_root (self->empty));
  via_json_writer_key (&writer, "clientInfo");
  via_mcp_envelope_write_client_info (&writer);
  via_json_writer_end_object (&writer);
  params = parse_own (&writer);
  via_rpc_peer_call_async (self->peer, "initialize", via_json_document_get_root (params), &options,
                           g_task_get_cancellable (task), initialized_cb, g_object_ref (task));
}

/* Starting the transport, and starting it again */

static void
respawned_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  ViaMcpClient *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (!via_transport_start_finish (VIA_TRANSPORT (source), result, &error))
    g_task_return_error (task, error);
  else if (!was_closed (self, task))
    send_initialize (task);
}

static void
respawn (GTask *task)
{
  ViaMcpClient *self = g_task_get_source_object (task);
  GError *error = NULL;

  via_mcp_client_drop_peer (self);
  via_mcp_client_diagnose (self, _("The server ended when it was asked for its protocol. It is started once more, with "
                                   "the handshake of older revisions."));
  if (!via_mcp_client_open (self, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  via_transport_start_async (self->transport, g_task_get_cancellable (task), respawned_cb, g_object_ref (task));
}

/* The modern probe */

static gboolean
is_discover_result (ViaJsonValue result)
{
  return via_json_value_is_array (via_json_value_get_member (result, "supportedVersions"));
}

static void
refuse (GTask      *task,
        const char *why)
{
  g_task_return_new_error (task, VIA_RPC_ERROR, VIA_RPC_ERROR_INVALID,
                           /* translators: a date, and why, such as “it lists only older ones” */
                           _("The server does not speak protocol revision %s (%s). Set “protocol” to auto to let Viaduct "
                             "find out what it speaks."), VIA_MCP_MODERN_REVISION, why);
}

static void
go_legacy (GTask      *task,
           const char *why)
{
  Negotiation *negotiation = g_task_get_task_data (task);

  if (negotiation->mode == NEGOTIATE_MODERN)
    refuse (task, why);
  else
    send_initialize (task);
}

static void
take_discover_result (GTask         *task,
                      ViaRpcMessage *message)
{
  ViaMcpClient *self = g_task_get_source_object (task);
  ViaJsonValue result = via_rpc_message_get_result (message);
  ViaJsonValue listed = via_json_value_get_member (result, "supportedVersions");
  ViaJsonValue meta = via_json_value_get_member (result, "_meta");
  const char *revision;

  if (!is_discover_result (result))
    {
      go_legacy (task, _("its answer to server/discover lists no versions"));
      return;
    }
  revision = via_mcp_revision_find_mutual (listed, TRUE);
  if (revision != NULL)
    {
      via_mcp_client_agree (self, revision, TRUE, result, via_json_value_get_member (meta, "io.modelcontextprotocol/serverInfo"));
      g_task_return_boolean (task, TRUE);
    }
  else if (via_mcp_revision_find_mutual (listed, FALSE) != NULL)
    go_legacy (task, _("it lists only older ones"));
  else
    g_task_return_error (task, via_mcp_revision_new_foreign_error (listed));
}

/* TRUE when @error names versions and one of them is tried now. Bounded, so that a server cannot keep us asking. */
static gboolean
probe_again (GTask        *task,
             const GError *error,
             gboolean     *legacy_listed)
{
  Negotiation *negotiation = g_task_get_task_data (task);
  ViaJsonValue listed = via_mcp_revision_get_supported (error);
  const char *revision;

  *legacy_listed = via_mcp_revision_find_mutual (listed, FALSE) != NULL;
  revision = via_mcp_revision_find_mutual (listed, TRUE);
  if (revision == NULL || negotiation->n_probes >= PROBES_PER_VERSION * VIA_MCP_N_MODERN_REVISIONS)
    return FALSE;
  negotiation->modern_revision = revision;
  send_probe (task);
  return TRUE;
}

/* Over HTTP: is this about the way to the server, and says nothing of its era? */
static gboolean
is_outage (const GError *error)
{
  static const ViaRpcError outages[] = {
    VIA_RPC_ERROR_TIMEOUT,    VIA_RPC_ERROR_CLOSED,     VIA_RPC_ERROR_NOT_SENT, VIA_RPC_ERROR_UNAUTHORIZED,
    VIA_RPC_ERROR_REDIRECTED, VIA_RPC_ERROR_TOO_LARGE, VIA_RPC_ERROR_TLS,      VIA_RPC_ERROR_BUSY,
  };

  if (error->domain != VIA_RPC_ERROR)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (outages); i++)
    if (error->code == (int) outages[i])
      return TRUE;
  return FALSE;
}

static void
handle_http_probe_failure (GTask  *task,
                           GError *error)
{
  Negotiation *negotiation = g_task_get_task_data (task);
  guint status = via_rpc_error_get_http_status (error);

  if (is_outage (error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (negotiation->mode == NEGOTIATE_MODERN)
    {
      refuse (task, error->message);
      g_error_free (error);
      return;
    }
  /* Some servers fail at an unknown method and work well after initialize; only if that fails too is it an outage. */
  if (status >= 500)
    negotiation->outage = error;
  else
    g_error_free (error);
  send_initialize (task);
}

static void
handle_stdio_probe_failure (GTask  *task,
                            GError *error)
{
  ViaMcpClient *self = g_task_get_source_object (task);
  Negotiation *negotiation = g_task_get_task_data (task);

  if (negotiation->mode == NEGOTIATE_MODERN)
    {
      if (via_rpc_error_get_remote (error) != NULL)
        {
          refuse (task, error->message);
          g_error_free (error);
        }
      else
        g_task_return_error (task, error);
      return;
    }
  if (g_error_matches (error, VIA_RPC_ERROR, VIA_RPC_ERROR_CLOSED)
      || g_error_matches (error, VIA_RPC_ERROR, VIA_RPC_ERROR_NOT_SENT))
    respawn (task);
  else if (via_transport_is_closed (self->transport))
    {
      /* It was ended because of what it printed. The handshake would not change that, only hide the reason. */
      g_task_return_error (task, error);
      return;
    }
  else
    send_initialize (task);
  g_error_free (error);
}

static void
handle_probe_failure (GTask  *task,
                      GError *error)
{
  ViaMcpClient *self = g_task_get_source_object (task);
  gboolean legacy_listed;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, error);
  else if (probe_again (task, error, &legacy_listed))
    g_error_free (error);
  else if (!legacy_listed && via_json_value_get_size (via_mcp_revision_get_supported (error)) > 0)
    /* It understood the question and shares no version with us, so it will not understand initialize either. */
    g_task_return_error (task, via_mcp_revision_explain_refusal (error, FALSE));
  else if (self->http)
    handle_http_probe_failure (task, error);
  else
    handle_stdio_probe_failure (task, error);
}

static void
discovered_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  ViaMcpClient *self = g_task_get_source_object (task);
  g_autoptr(ViaRpcMessage) message = NULL;
  GError *error = NULL;

  message = via_rpc_peer_call_finish (VIA_RPC_PEER (source), result, &error);
  if (was_closed (self, task))
    g_clear_error (&error);
  else if (message == NULL)
    handle_probe_failure (task, error);
  else
    take_discover_result (task, message);
}

static guint
probe_timeout (ViaMcpClient *self,
               Negotiation  *negotiation)
{
  /* Only on stdio, and only when there is something to fall back to, does silence mean anything. */
  if (self->http || negotiation->mode == NEGOTIATE_MODERN)
    return self->timeout_ms;
  /* Half of the time is left for the handshake. */
  return MIN (self->probe_ms, self->timeout_ms / 2);
}

static void
send_probe (GTask *task)
{
  ViaMcpClient *self = g_task_get_source_object (task);
  Negotiation *negotiation = g_task_get_task_data (task);
  ViaRpcCallOptions options = { .timeout_ms = probe_timeout (self, negotiation), .idempotent = TRUE };
  g_autoptr(ViaJsonDocument) params = NULL;
  ViaJsonWriter writer;

  negotiation->n_probes++;
  via_json_writer_init (&writer);
  via_json_writer_begin_object (&writer);
  via_json_writer_key (&writer, "_meta");
  via_json_writer_begin_object (&writer);
  via_mcp_envelope_write_identity (&writer, negotiation->modern_revision);
  via_json_writer_end_object (&writer);
  via_json_writer_end_object (&writer);
  params = parse_own (&writer);
  if (self->http)
    {
      const char *const headers[] = { "MCP-Protocol-Version", negotiation->modern_revision, "Mcp-Method",
                                      "server/discover", NULL };

      g_strfreev (negotiation->headers);
      negotiation->headers = g_strdupv ((char **) headers);
      options.headers = (const char *const *) negotiation->headers;
    }
  via_rpc_peer_call_async (self->peer, "server/discover", via_json_document_get_root (params), &options,
                           g_task_get_cancellable (task), discovered_cb, g_object_ref (task));
}

static void
started_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  ViaMcpClient *self = g_task_get_source_object (task);
  Negotiation *negotiation = g_task_get_task_data (task);
  GError *error = NULL;

  if (!via_transport_start_finish (VIA_TRANSPORT (source), result, &error))
    g_task_return_error (task, error);
  else if (was_closed (self, task))
    return;
  else if (negotiation->mode == NEGOTIATE_LEGACY)
    send_initialize (task);
  else
    send_probe (task);
}

void
via_mcp_client_negotiate_async (ViaMcpClient        *self,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  Negotiation *negotiation = g_new0 (Negotiation, 1);
  GError *error = NULL;

  g_task_set_source_tag (task, via_mcp_client_negotiate_async);
  g_task_set_task_data (task, negotiation, (GDestroyNotify) negotiation_free);
  negotiation->attempt = self->attempt;
  if (!read_protocol (self->protocol, negotiation, &error) || !via_mcp_client_open (self, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  via_transport_start_async (self->transport, cancellable, started_cb, g_object_ref (task));
}

gboolean
via_mcp_client_negotiate_finish (ViaMcpClient  *self,
                                 GAsyncResult  *result,
                                 GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* A new session */

static void
renewal_done_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  ViaMcpClient *self = VIA_MCP_CLIENT (source);
  g_autoptr(GPtrArray) waiting = g_steal_pointer (&self->renewals);
  g_autoptr(GError) error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    {
      self->generation++;
      via_mcp_client_diagnose (self, _("The server had forgotten the session; a new one was made."));
    }
  for (guint i = 0; waiting != NULL && i < waiting->len; i++)
    {
      GTask *task = g_ptr_array_index (waiting, i);

      if (error != NULL)
        g_task_return_error (task, g_error_copy (error));
      else
        g_task_return_boolean (task, TRUE);
    }
}

/* Not under the first loser's cancellable: the others wait for it too. Its deadline bounds it. */
static void
begin_renewal (ViaMcpClient *self)
{
  g_autoptr(GTask) task = g_task_new (self, NULL, renewal_done_cb, NULL);
  Negotiation *negotiation = g_new0 (Negotiation, 1);

  g_task_set_source_tag (task, begin_renewal);
  g_task_set_task_data (task, negotiation, (GDestroyNotify) negotiation_free);
  negotiation->attempt = self->attempt;
  negotiation->mode = NEGOTIATE_LEGACY;
  negotiation->renewing = TRUE;
  negotiation->legacy_revision = via_mcp_revision_find_legacy (self->agreement.revision);
  if (VIA_IS_HTTP_TRANSPORT (self->transport))
    via_http_transport_reset_session (VIA_HTTP_TRANSPORT (self->transport));
  send_initialize (task);
}

void
via_mcp_client_renew_async (ViaMcpClient        *self,
                            guint                lost_generation,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, via_mcp_client_renew_async);
  if (self->generation != lost_generation)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  if (self->renewals != NULL)
    {
      g_ptr_array_add (self->renewals, g_steal_pointer (&task));
      return;
    }
  self->renewals = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (self->renewals, g_steal_pointer (&task));
  begin_renewal (self);
}

gboolean
via_mcp_client_renew_finish (ViaMcpClient  *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
