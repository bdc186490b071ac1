/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <string.h>

#include "base/via-limits.h"
#include "mcp/via-mcp-server-private.h"

#define META_PREFIX "io.modelcontextprotocol/"
#define MODERN_REVISION "2026-07-28"
#define TOOLS_TTL_MS 300000 /* the table of tools is fixed once the server runs */
#define DEFAULT_LOG_LEVEL "info"

typedef struct
{
  ViaJsonDocument   *description;
  ViaMcpToolHandler  handler;
  gpointer           data;
} Tool;

/*
 * One server speaks with one client, over one transport. Which era a request belongs to is seen from the request: one that
 * names its protocol version in _meta is modern and stands alone; others belong to the session that initialize began.
 * A modern client and a legacy one could even share the pipe.
 */
struct _ViaMcpServer
{
  GObject parent_instance;

  ViaTransport *transport;
  ViaRpcPeer   *peer;         /* (nullable) until started */
  char         *name;
  char         *title;
  char         *version;
  char         *instructions; /* (nullable) */
  GPtrArray    *tools;        /* Tool, in the order of the list */
  GHashTable   *by_name;      /* char * → Tool (borrowed) */
  GPtrArray    *calls;        /* ViaMcpServerCall that have no answer yet */
  gboolean      initialized;
  int           log_level;    /* of the legacy session */
};

G_DEFINE_FINAL_TYPE (ViaMcpServer, via_mcp_server, G_TYPE_OBJECT)

enum
{
  SIGNAL_CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
tool_free (Tool *tool)
{
  via_json_document_unref (tool->description);
  g_free (tool);
}

static void
via_mcp_server_finalize (GObject *object)
{
  ViaMcpServer *self = VIA_MCP_SERVER (object);

  if (self->peer != NULL)
    g_signal_handlers_disconnect_by_data (self->peer, self);
  g_clear_object (&self->peer);
  g_clear_object (&self->transport);
  g_free (self->name);
  g_free (self->title);
  g_free (self->version);
  g_free (self->instructions);
  g_hash_table_unref (self->by_name);
  g_ptr_array_unref (self->tools);
  g_ptr_array_unref (self->calls);

  G_OBJECT_CLASS (via_mcp_server_parent_class)->finalize (object);
}

static void
via_mcp_server_class_init (ViaMcpServerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = via_mcp_server_finalize;

  signals[SIGNAL_CLOSED] = g_signal_new ("closed", VIA_TYPE_MCP_SERVER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 0);
}

static void
via_mcp_server_init (ViaMcpServer *self)
{
  self->tools = g_ptr_array_new_with_free_func ((GDestroyNotify) tool_free);
  self->by_name = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->calls = g_ptr_array_new ();
  self->log_level = via_mcp_log_level_find_name (DEFAULT_LOG_LEVEL);
}

/* Answers */

static void
write_server_info (ViaMcpServer  *self,
                   ViaJsonWriter *writer)
{
  via_json_writer_begin_object (writer);
  via_json_writer_member_string (writer, "name", self->name);
  if (self->title != NULL)
    via_json_writer_member_string (writer, "title", self->title);
  via_json_writer_member_string (writer, "version", self->version);
  via_json_writer_end_object (writer);
}

static void
write_members (ViaJsonWriter *writer,
               ViaJsonValue   object,
               const char    *except)
{
  ViaJsonIter iter;
  ViaJsonValue key, value;

  via_json_iter_init (&iter, object);
  while (via_json_iter_next (&iter, &key, &value))
    {
      g_autofree char *name = via_json_value_dup_string (key);

      if (g_strcmp0 (name, except) != 0)
        via_json_writer_member_value (writer, name, value);
    }
}

/* What the modern era wants in every result: its kind, and who it is from. */
static ViaJsonDocument *
wrap_modern (ViaMcpServer *self,
             ViaJsonValue  result)
{
  g_autoptr(GBytes) text = NULL;
  ViaJsonWriter writer;

  via_json_writer_init (&writer);
  via_json_writer_begin_object (&writer);
  write_members (&writer, result, "_meta");
  via_json_writer_member_string (&writer, "resultType", "complete");
  via_json_writer_key (&writer, "_meta");
  via_json_writer_begin_object (&writer);
  write_members (&writer, via_json_value_get_member (result, "_meta"), NULL);
  via_json_writer_key (&writer, META_PREFIX "serverInfo");
  write_server_info (self, &writer);
  via_json_writer_end_object (&writer);
  via_json_writer_end_object (&writer);
  text = via_json_writer_end_bytes (&writer);
  return via_json_document_new (text, NULL, NULL);
}

void
via_mcp_server_reply (ViaMcpServer   *self,
                      ViaRpcIncoming *incoming,
                      gboolean        modern,
                      ViaJsonValue    result)
{
  g_autoptr(ViaJsonDocument) wrapped = NULL;

  if (modern)
    {
      wrapped = wrap_modern (self, result);
      g_assert (wrapped != NULL);
      result = via_json_document_get_root (wrapped);
    }
  via_rpc_incoming_reply (incoming, result);
}

/* Ends @writer, which holds a result. */
static void
reply_written (ViaMcpServer   *self,
               ViaRpcIncoming *incoming,
               gboolean        modern,
               ViaJsonWriter  *writer)
{
  g_autoptr(GBytes) text = via_json_writer_end_bytes (writer);
  g_autoptr(ViaJsonDocument) document = via_json_document_new (text, NULL, NULL);

  g_assert (document != NULL);
  via_mcp_server_reply (self, incoming, modern, via_json_document_get_root (document));
}

static void
fail (ViaRpcIncoming *incoming,
      int             code,
      const char     *message)
{
  via_rpc_incoming_fail (incoming, code, message, via_json_value_missing ());
}

/* Requests */

typedef struct
{
  ViaRpcIncoming *incoming;
  ViaJsonValue    params;
  gboolean        modern;
  int             log_level; /* -1: the client wants no log lines with this request */
} Request;

static void
write_capabilities (ViaMcpServer  *self,
                    ViaJsonWriter *writer)
{
  via_json_writer_key (writer, "capabilities");
  via_json_writer_begin_object (writer);
  via_json_writer_key (writer, "tools");
  via_json_writer_begin_object (writer);
  via_json_writer_end_object (writer);
  via_json_writer_key (writer, "logging");
  via_json_writer_begin_object (writer);
  via_json_writer_end_object (writer);
  via_json_writer_end_object (writer);
  if (self->instructions != NULL)
    via_json_writer_member_string (writer, "instructions", self->instructions);
}

static void
write_cacheable (ViaJsonWriter *writer)
{
  via_json_writer_member_int (writer, "ttlMs", TOOLS_TTL_MS);
  via_json_writer_member_string (writer, "cacheScope", "public");
}

/* A revision that we know is echoed; to any other the newest of this era is offered (2025-11-25, lifecycle). */
static void
handle_initialize (ViaMcpServer  *self,
                   const Request *request)
{
  static const char *const known[] = { "2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05" };
  ViaJsonValue asked = via_json_value_get_member (request->params, "protocolVersion");
  const char *revision = known[0];
  ViaJsonWriter writer;

  if (!via_json_value_is_string (asked))
    {
      fail (request->incoming, VIA_RPC_INVALID_PARAMS, "initialize needs a protocolVersion");
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (via_json_value_equals_string (asked, known[i]))
      revision = known[i];
  self->initialized = TRUE;
  via_transport_set_protocol (self->transport, revision, FALSE);
  via_json_writer_init (&writer);
  via_json_writer_begin_object (&writer);
  via_json_writer_member_string (&writer, "protocolVersion", revision);
  write_capabilities (self, &writer);
  via_json_writer_key (&writer, "serverInfo");
  write_server_info (self, &writer);
  via_json_writer_end_object (&writer);
  reply_written (self, request->incoming, FALSE, &writer);
}

static void
handle_discover (ViaMcpServer  *self,
                 const Request *request)
{
  ViaJsonWriter writer;

  via_json_writer_init (&writer);
  via_json_writer_begin_object (&writer);
  via_json_writer_key (&writer, "supportedVersions");
  via_json_writer_begin_array (&writer);
  via_json_writer_string (&writer, MODERN_REVISION);
  via_json_writer_end_array (&writer);
  write_capabilities (self, &writer);
  write_cacheable (&writer);
  via_json_writer_end_object (&writer);
  reply_written (self, request->incoming, TRUE, &writer);
}

static void
reply_empty (ViaMcpServer  *self,
             const Request *request)
{
  ViaJsonWriter writer;

  via_json_writer_init (&writer);
  via_json_writer_begin_object (&writer);
  via_json_writer_end_object (&writer);
  reply_written (self, request->incoming, request->modern, &writer);
}

static void
handle_set_level (ViaMcpServer  *self,
                  const Request *request)
{
  int level = via_mcp_log_level_find (via_json_value_get_member (request->params, "level"));

  if (level < 0)
    {
      fail (request->incoming, VIA_RPC_INVALID_PARAMS, "level is none of the log levels");
      return;
    }
  self->log_level = level;
  reply_empty (self, request);
}

static void
handle_list (ViaMcpServer  *self,
             const Request *request)
{
  ViaJsonWriter writer;

  if (!via_json_value_is_missing (via_json_value_get_member (request->params, "cursor")))
    {
      fail (request->incoming, VIA_RPC_INVALID_PARAMS, "cursor names no page; the list has only one");
      return;
    }
  via_json_writer_init (&writer);
  via_json_writer_begin_object (&writer);
  via_json_writer_key (&writer, "tools");
  via_json_writer_begin_array (&writer);
  for (guint i = 0; i < self->tools->len; i++)
    {
      Tool *tool = g_ptr_array_index (self->tools, i);

      via_json_writer_value (&writer, via_json_document_get_root (tool->description));
    }
  via_json_writer_end_array (&writer);
  if (request->modern)
    write_cacheable (&writer);
  via_json_writer_end_object (&writer);
  reply_written (self, request->incoming, request->modern, &writer);
}

static void
handle_call (ViaMcpServer  *self,
             const Request *request)
{
  g_autofree char *name = via_json_value_dup_member_string (request->params, "name");
  ViaJsonValue arguments = via_json_value_get_member (request->params, "arguments");
  Tool *tool = name != NULL ? g_hash_table_lookup (self->by_name, name) : NULL;
  ViaMcpServerCall *call;

  if (tool == NULL)
    {
      g_autofree char *message = g_strdup_printf ("Unknown tool: %.100s", name != NULL ? name : "(no name)");

      fail (request->incoming, VIA_RPC_INVALID_PARAMS, message);
      return;
    }
  if (!via_json_value_is_missing (arguments) && !via_json_value_is_object (arguments))
    {
      fail (request->incoming, VIA_RPC_INVALID_PARAMS, "arguments is not an object");
      return;
    }
  call = via_mcp_server_call_new (self, request->incoming, arguments, request->modern, request->log_level);
  g_ptr_array_add (self->calls, call);
  tool->handler (call, tool->data);
  via_mcp_server_call_unref (call);
}

/* Who may ask what. */
enum
{
  LEGACY = 1 << 0,
  MODERN = 1 << 1,
  EARLY = 1 << 2, /* before initialize */
};

static const struct
{
  const char *method;
  guint       eras;
  void      (*handle) (ViaMcpServer *self, const Request *request);
} methods[] = {
  { "tools/call", LEGACY | MODERN, handle_call },
  { "tools/list", LEGACY | MODERN, handle_list },
  { "initialize", LEGACY | EARLY, handle_initialize },
  { "ping", LEGACY | EARLY, reply_empty },
  { "logging/setLevel", LEGACY, handle_set_level },
  { "server/discover", MODERN, handle_discover },
};

static void
fail_version (ViaRpcIncoming *incoming,
              ViaJsonValue    requested)
{
  g_autofree char *text = NULL;
  g_autofree char *version = via_json_value_dup_string (requested);
  g_autofree char *message = g_strdup_printf ("Unsupported protocol version: %.40s", version);
  g_autoptr(ViaJsonDocument) data = NULL;
  ViaJsonWriter writer;

  via_json_writer_init (&writer);
  via_json_writer_begin_object (&writer);
  via_json_writer_key (&writer, "supported");
  via_json_writer_begin_array (&writer);
  via_json_writer_string (&writer, MODERN_REVISION);
  via_json_writer_end_array (&writer);
  via_json_writer_member_value (&writer, "requested", requested);
  via_json_writer_end_object (&writer);
  text = via_json_writer_end (&writer);
  data = via_json_document_new_strict (text, -1, NULL);
  via_rpc_incoming_fail (incoming, VIA_RPC_UNSUPPORTED_PROTOCOL_VERSION, message,
                         data != NULL ? via_json_document_get_root (data) : via_json_value_missing ());
}

/* The envelope of a modern request (2026-07-28, request metadata). FALSE: answered. */
static gboolean
check_envelope (Request      *request,
                ViaJsonValue  meta)
{
  ViaJsonValue version = via_json_value_get_member (meta, META_PREFIX "protocolVersion");
  ViaJsonValue level = via_json_value_get_member (meta, META_PREFIX "logLevel");

  if (!via_json_value_is_string (version))
    fail (request->incoming, VIA_RPC_INVALID_PARAMS, "_meta must name " META_PREFIX "protocolVersion");
  else if (!via_json_value_equals_string (version, MODERN_REVISION))
    fail_version (request->incoming, version);
  else if (!via_json_value_is_object (via_json_value_get_member (meta, META_PREFIX "clientCapabilities")))
    fail (request->incoming, VIA_RPC_INVALID_PARAMS,
          "_meta must have an object " META_PREFIX "clientCapabilities");
  else if (!via_json_value_is_missing (level) && via_mcp_log_level_find (level) < 0)
    fail (request->incoming, VIA_RPC_INVALID_PARAMS, META_PREFIX "logLevel is none of the log levels");
  else
    {
      request->log_level = via_json_value_is_missing (level) ? -1 : via_mcp_log_level_find (level);
      return TRUE;
    }
  return FALSE;
}

static gboolean
request_cb (ViaRpcPeer     *peer,
            ViaRpcIncoming *incoming,
            ViaMcpServer   *self)
{
  ViaRpcMessage *message = via_rpc_incoming_get_message (incoming);
  const char *method = via_rpc_message_get_method (message);
  Request request = { .incoming = incoming, .params = via_rpc_message_get_params (message) };
  ViaJsonValue meta = via_json_value_get_member (request.params, "_meta");

  request.modern = !via_json_value_is_missing (via_json_value_get_member (meta, META_PREFIX "protocolVersion"))
                   || strcmp (method, "server/discover") == 0;
  request.log_level = self->log_level;
  if (request.modern && !check_envelope (&request, meta))
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (methods); i++)
    if (strcmp (method, methods[i].method) == 0 && (methods[i].eras & (request.modern ? MODERN : LEGACY)) != 0)
      {
        if (!request.modern && !self->initialized && (methods[i].eras & EARLY) == 0)
          fail (incoming, VIA_RPC_INVALID_PARAMS,
                "Send initialize first, or name " META_PREFIX "protocolVersion and " META_PREFIX
                "clientCapabilities in _meta");
        else
          methods[i].handle (self, &request);
        return TRUE;
      }
  fail (incoming, VIA_RPC_METHOD_NOT_FOUND, "Method not found");
  return TRUE;
}

static void
cancel_all (ViaMcpServer *self)
{
  while (self->calls->len > 0)
    via_mcp_server_call_cancel (g_ptr_array_index (self->calls, self->calls->len - 1));
}

static void
notification_cb (ViaRpcPeer    *peer,
                 ViaRpcMessage *message,
                 ViaMcpServer  *self)
{
  ViaJsonValue id = via_json_value_get_member (via_rpc_message_get_params (message), "requestId");

  if (strcmp (via_rpc_message_get_method (message), "notifications/cancelled") != 0)
    return;
  for (guint i = 0; i < self->calls->len; i++)
    {
      ViaMcpServerCall *call = g_ptr_array_index (self->calls, i);

      if (via_mcp_server_call_has_id (call, id))
        {
          via_mcp_server_call_cancel (call);
          return;
        }
    }
}

static void
closed_cb (ViaRpcPeer   *peer,
           const GError *error,
           ViaMcpServer *self)
{
  g_autoptr(ViaMcpServer) alive = g_object_ref (self);

  cancel_all (self);
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0);
}

ViaMcpServer *
via_mcp_server_new (ViaTransport *transport,
                    const char   *name,
                    const char   *title,
                    const char   *version,
                    const char   *instructions)
{
  ViaMcpServer *self;

  g_return_val_if_fail (VIA_IS_TRANSPORT (transport), NULL);
  g_return_val_if_fail (name != NULL && version != NULL, NULL);

  self = g_object_new (VIA_TYPE_MCP_SERVER, NULL);
  self->transport = g_object_ref (transport);
  self->name = g_strdup (name);
  self->title = g_strdup (title);
  self->version = g_strdup (version);
  self->instructions = g_strdup (instructions);
  return self;
}

void
via_mcp_server_add_tool (ViaMcpServer      *self,
                         const char        *description,
                         ViaMcpToolHandler  handler,
                         gpointer           user_data)
{
  g_autoptr(GError) error = NULL;
  ViaJsonDocument *document;
  char *name;
  Tool *tool;

  g_return_if_fail (VIA_IS_MCP_SERVER (self));
  g_return_if_fail (handler != NULL);

  document = via_json_document_new_strict (description, -1, &error);
  g_assert_no_error (error);
  name = via_json_value_dup_member_string (via_json_document_get_root (document), "name");
  g_assert_nonnull (name);
  g_assert_false (g_hash_table_contains (self->by_name, name));

  tool = g_new0 (Tool, 1);
  tool->description = document;
  tool->handler = handler;
  tool->data = user_data;
  g_ptr_array_add (self->tools, tool);
  g_hash_table_insert (self->by_name, name, tool);
}

static void
started_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(ViaMcpServer) self = user_data;

  if (!via_transport_start_finish (VIA_TRANSPORT (source), result, NULL))
    g_signal_emit (self, signals[SIGNAL_CLOSED], 0);
}

void
via_mcp_server_start (ViaMcpServer *self)
{
  g_return_if_fail (VIA_IS_MCP_SERVER (self));
  g_return_if_fail (self->peer == NULL);

  self->peer = via_rpc_peer_new (self->transport);
  g_signal_connect (self->peer, "request", G_CALLBACK (request_cb), self);
  g_signal_connect (self->peer, "notification", G_CALLBACK (notification_cb), self);
  g_signal_connect (self->peer, "closed", G_CALLBACK (closed_cb), self);
  via_transport_start_async (self->transport, NULL, started_cb, g_object_ref (self));
}

void
via_mcp_server_forget (ViaMcpServer     *self,
                       ViaMcpServerCall *call)
{
  g_ptr_array_remove_fast (self->calls, call);
}

ViaRpcPeer *
via_mcp_server_get_peer (ViaMcpServer *self)
{
  return self->peer;
}
