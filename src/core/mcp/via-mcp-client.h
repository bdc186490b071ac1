/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mcp/via-tool.h"
#include "mcp/via-tool-result.h"
#include "rpc/via-rpc-peer.h"

G_BEGIN_DECLS

#define VIA_MCP_MODERN_REVISION "2026-07-28"
#define VIA_MCP_LEGACY_REVISION "2025-11-25"

/*
 * ViaMcpClient is one connection to one MCP server, of either era. It negotiates (mcp base protocol, versioning: probe
 * with server/discover, fall back to initialize), keeps the session alive across its loss, lists and calls tools, answers
 * ping, and refuses other requests of the server with -32601 because it declares no capability for them.
 *
 * Main context of the creating thread. Everything is cancellable; after close_async () nothing is emitted.
 *
 * Signals:
 *   "tools-changed"  ()                                    debounced list_changed
 *   "log"            (const char *level, const char *logger, const char *text)   notifications/message
 *   "diagnostic"     (guint ViaDiagnostic, const char *text)
 *   "closed"         (const GError *)                      the server is gone
 */
#define VIA_TYPE_MCP_CLIENT (via_mcp_client_get_type ())
G_DECLARE_FINAL_TYPE (ViaMcpClient, via_mcp_client, VIA, MCP_CLIENT, GObject)

/* Makes a fresh transport; called again when the server has to be started anew. (transfer full) */
typedef ViaTransport *(*ViaTransportFactory) (gpointer data);

typedef struct
{
  const char *protocol;     /* "auto", "modern", "legacy" or a revision date */
  guint       timeout_ms;   /* of the handshake and of lists */
  guint       probe_ms;     /* 0: VIA_LIMIT_PROBE_MS; used where silence means legacy (stdio) */
  gboolean    http;         /* the transport is HTTP: mirror headers, drop tools with invalid ones */
} ViaMcpClientOptions;

ViaMcpClient *via_mcp_client_new                (ViaTransportFactory        factory,
                                                 gpointer                   data,
                                                 GDestroyNotify             destroy,
                                                 const ViaMcpClientOptions *options);
void          via_mcp_client_connect_async      (ViaMcpClient              *self,
                                                 GCancellable              *cancellable,
                                                 GAsyncReadyCallback        callback,
                                                 gpointer                   user_data);
gboolean      via_mcp_client_connect_finish     (ViaMcpClient              *self,
                                                 GAsyncResult              *result,
                                                 GError                   **error);
gboolean      via_mcp_client_is_connected       (ViaMcpClient              *self);
gboolean      via_mcp_client_is_modern          (ViaMcpClient              *self);
const char   *via_mcp_client_get_revision       (ViaMcpClient              *self); /* NULL before connect */
const char   *via_mcp_client_get_server_name    (ViaMcpClient              *self); /* title, else name; may be NULL */
const char   *via_mcp_client_get_server_version (ViaMcpClient              *self); /* may be NULL */
const char   *via_mcp_client_get_instructions   (ViaMcpClient              *self); /* may be NULL */
ViaJsonValue  via_mcp_client_get_capabilities   (ViaMcpClient              *self);
gboolean      via_mcp_client_has_capability     (ViaMcpClient              *self,
                                                 const char                *name);
ViaTransport *via_mcp_client_get_transport      (ViaMcpClient              *self); /* (transfer none), NULL when closed */

/* All pages, at most VIA_LIMIT_PAGES and VIA_LIMIT_TOOLS. Tools that cannot be used are left out and said as diagnostics. */
void          via_mcp_client_list_tools_async   (ViaMcpClient              *self,
                                                 GCancellable              *cancellable,
                                                 GAsyncReadyCallback        callback,
                                                 gpointer                   user_data);
/* GPtrArray of ViaTool, (transfer full). @ttl_ms (out, optional): what the server allows to cache, -1 when it does not say. */
GPtrArray    *via_mcp_client_list_tools_finish  (ViaMcpClient              *self,
                                                 GAsyncResult              *result,
                                                 gint64                    *ttl_ms,
                                                 GError                   **error);

typedef struct
{
  guint    timeout_ms;
  guint    max_timeout_ms; /* hard maximum when progress resets the deadline */
  gboolean idempotent;     /* may be repeated by this layer after a session loss even though it may have run */
  /* progress: fraction 0…1, or -1 when the total is unknown; @message may be NULL */
  void   (*progress)       (double progress, double total, const char *message, gpointer data);
  /* a log line that belongs to this call or came while it ran */
  void   (*log)            (const char *level, const char *text, gpointer data);
  gpointer data;           /* must outlive the call */
} ViaMcpCallOptions;

/*
 * @tool (nullable) gives the schema for header mirroring; @name is what is called. @arguments may be missing ({} is sent).
 * A cancelled call tells the server (notifications/cancelled, or the closed stream of modern HTTP).
 */
void           via_mcp_client_call_tool_async   (ViaMcpClient              *self,
                                                 ViaTool                   *tool,
                                                 const char                *name,
                                                 ViaJsonValue               arguments,
                                                 const ViaMcpCallOptions   *options,
                                                 GCancellable              *cancellable,
                                                 GAsyncReadyCallback        callback,
                                                 gpointer                   user_data);
ViaToolResult *via_mcp_client_call_tool_finish  (ViaMcpClient              *self,
                                                 GAsyncResult              *result,
                                                 GError                   **error);
/* Any request: for what has no typed call yet and for tests. The era's envelope (_meta, headers) is added. */
void           via_mcp_client_request_async     (ViaMcpClient              *self,
                                                 const char                *method,
                                                 ViaJsonValue               params,
                                                 guint                      timeout_ms,
                                                 GCancellable              *cancellable,
                                                 GAsyncReadyCallback        callback,
                                                 gpointer                   user_data);
ViaRpcMessage *via_mcp_client_request_finish    (ViaMcpClient              *self,
                                                 GAsyncResult              *result,
                                                 GError                   **error);
/* Ends the connection in good order; bounded in time; never fails. */
void           via_mcp_client_close_async       (ViaMcpClient              *self,
                                                 GCancellable              *cancellable,
                                                 GAsyncReadyCallback        callback,
                                                 gpointer                   user_data);
gboolean       via_mcp_client_close_finish      (ViaMcpClient              *self,
                                                 GAsyncResult              *result,
                                                 GError                   **error);

G_END_DECLS
