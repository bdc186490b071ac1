/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <string.h>

#include "base/via-limits.h"
#include "mcp/via-mcp-client-private.h"

#define META_PREFIX "io.modelcontextprotocol/"

void
via_mcp_envelope_write_client_info (ViaJsonWriter *writer)
{
  via_json_writer_begin_object (writer);
  via_json_writer_member_string (writer, "name", "viaduct");
  via_json_writer_member_string (writer, "title", "Viaduct");
  via_json_writer_member_string (writer, "version", VIA_VERSION);
  via_json_writer_end_object (writer);
}

void
via_mcp_envelope_write_identity (ViaJsonWriter *writer,
                                 const char    *revision)
{
  via_json_writer_member_string (writer, META_PREFIX "protocolVersion", revision);
  via_json_writer_key (writer, META_PREFIX "clientInfo");
  via_mcp_envelope_write_client_info (writer);
  via_json_writer_key (writer, META_PREFIX "clientCapabilities");
  via_json_writer_begin_object (writer);
  via_json_writer_end_object (writer);
}

/* Members of the caller's own _meta, except those that are this layer's to say. */
static void
write_callers_meta (ViaJsonWriter *writer,
                    ViaJsonValue   meta)
{
  ViaJsonIter iter;
  ViaJsonValue key, value;

  via_json_iter_init (&iter, meta);
  while (via_json_iter_next (&iter, &key, &value))
    {
      g_autofree char *name = via_json_value_dup_string (key);

      if (strcmp (name, "progressToken") != 0 && strcmp (name, META_PREFIX "protocolVersion") != 0
          && strcmp (name, META_PREFIX "clientInfo") != 0 && strcmp (name, META_PREFIX "clientCapabilities") != 0
          && strcmp (name, META_PREFIX "logLevel") != 0)
        via_json_writer_member_value (writer, name, value);
    }
}

static void
write_meta (ViaMcpClient         *self,
            ViaJsonWriter        *writer,
            const ViaMcpExchange *exchange,
            ViaJsonValue          callers_meta,
            gint64                id)
{
  gboolean modern = self->agreement.modern;

  if (!modern && exchange->options.progress == NULL && via_json_value_get_size (callers_meta) == 0)
    return;
  via_json_writer_key (writer, "_meta");
  via_json_writer_begin_object (writer);
  write_callers_meta (writer, callers_meta);
  if (exchange->options.progress != NULL)
    via_json_writer_member_int (writer, "progressToken", id);
  if (modern)
    {
      via_mcp_envelope_write_identity (writer, self->agreement.revision);
      /* Without it the server must not say anything; nobody listens unless somebody asked. */
      if (exchange->options.log != NULL)
        via_json_writer_member_string (writer, META_PREFIX "logLevel", "debug");
    }
  via_json_writer_end_object (writer);
}

static void
write_members (ViaJsonWriter *writer,
               ViaJsonValue   params)
{
  ViaJsonIter iter;
  ViaJsonValue key, value;

  via_json_iter_init (&iter, params);
  while (via_json_iter_next (&iter, &key, &value))
    {
      g_autofree char *name = via_json_value_dup_string (key);

      if (strcmp (name, "_meta") != 0)
        via_json_writer_member_value (writer, name, value);
    }
}

gboolean
via_mcp_envelope_write_params (ViaMcpClient         *self,
                               const ViaMcpExchange *exchange,
                               gint64                id,
                               ViaJsonDocument     **params,
                               GError              **error)
{
  /* Whatever fitted without the envelope fits with it. */
  const ViaJsonLimits limits = { 0, VIA_LIMIT_JSON_DEPTH + 8, VIA_LIMIT_JSON_VALUES + 64 };
  ViaJsonValue meta = via_json_value_missing ();
  ViaJsonWriter writer;
  g_autoptr(GBytes) bytes = NULL;

  *params = NULL;
  via_json_writer_init (&writer);
  via_json_writer_begin_object (&writer);
  if (exchange->name != NULL)
    {
      via_json_writer_member_string (&writer, "name", exchange->name);
      via_json_writer_member_value (&writer, "arguments", exchange->params);
    }
  else
    {
      meta = via_json_value_get_member (exchange->params, "_meta");
      write_members (&writer, exchange->params);
    }
  write_meta (self, &writer, exchange, meta, id);
  via_json_writer_end_object (&writer);

  bytes = via_json_writer_end_bytes (&writer);
  if (g_bytes_get_size (bytes) == strlen ("{}"))
    return TRUE;
  *params = via_json_document_new (bytes, &limits, error);
  return *params != NULL;
}

/* Which member of the params Mcp-Name repeats (2026-07-28 transports, standard request headers). */
static const char *
name_member (const char *method)
{
  static const struct
  {
    const char *method;
    const char *member;
  } names[] = {
    { "tools/call", "name" },
    { "prompts/get", "name" },
    { "resources/read", "uri" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (strcmp (method, names[i].method) == 0)
      return names[i].member;
  return NULL;
}

static char *
dup_name (const ViaMcpExchange *exchange)
{
  const char *member = name_member (exchange->method);

  if (exchange->name != NULL)
    return g_strdup (exchange->name);
  return member != NULL ? via_json_value_dup_member_string (exchange->params, member) : NULL;
}

char **
via_mcp_envelope_dup_headers (ViaMcpClient         *self,
                              const ViaMcpExchange *exchange)
{
  g_autofree char *name = NULL;
  GPtrArray *headers;

  if (!self->http || !self->agreement.modern)
    return NULL;
  headers = g_ptr_array_new ();
  g_ptr_array_add (headers, g_strdup ("Mcp-Method"));
  g_ptr_array_add (headers, g_strdup (exchange->method));
  name = dup_name (exchange);
  if (name != NULL)
    {
      g_ptr_array_add (headers, g_strdup ("Mcp-Name"));
      g_ptr_array_add (headers, via_mcp_header_encode (name));
    }
  for (char **at = exchange->param_headers; at != NULL && *at != NULL; at++)
    g_ptr_array_add (headers, g_strdup (*at));
  g_ptr_array_add (headers, NULL);
  return (char **) g_ptr_array_free (headers, FALSE);
}

/*
 * Tells the server that nobody waits any more. Not over modern HTTP, where the closed stream says it. @peer is the one the
 * request went to, which may no longer be ours.
 */
void
via_mcp_client_send_cancelled (ViaMcpClient *self,
                               ViaRpcPeer   *peer,
                               gint64        id,
                               const char   *reason)
{
  ViaJsonWriter writer;
  g_autofree char *text = NULL;
  g_autoptr(ViaJsonDocument) params = NULL;

  if (self->http && self->agreement.modern)
    return;
  via_json_writer_init (&writer);
  via_json_writer_begin_object (&writer);
  via_json_writer_member_int (&writer, "requestId", id);
  if (reason != NULL)
    via_json_writer_member_string (&writer, "reason", reason);
  if (self->agreement.modern)
    {
      via_json_writer_key (&writer, "_meta");
      via_json_writer_begin_object (&writer);
      via_mcp_envelope_write_identity (&writer, self->agreement.revision);
      via_json_writer_end_object (&writer);
    }
  via_json_writer_end_object (&writer);
  text = via_json_writer_end (&writer);
  params = via_json_document_new_strict (text, -1, NULL);
  if (params != NULL)
    via_rpc_peer_notify (peer, "notifications/cancelled", via_json_document_get_root (params), NULL);
}
