/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rpc/via-rpc-peer.h"

G_BEGIN_DECLS

/*
 * ViaMcpServer is the other side of the protocol: it serves a table of tools over one transport, to clients of both eras
 * (server/discover and per-request _meta; initialize, ping). The demo server is built on it; a gateway will be.
 */
#define VIA_TYPE_MCP_SERVER (via_mcp_server_get_type ())
G_DECLARE_FINAL_TYPE (ViaMcpServer, via_mcp_server, VIA, MCP_SERVER, GObject)

/* One running call: report progress, then answer exactly once with complete () or fail (); it may outlive the handler. */
typedef struct _ViaMcpServerCall ViaMcpServerCall;

typedef void (*ViaMcpToolHandler) (ViaMcpServerCall *call, gpointer user_data);

ViaMcpServer *via_mcp_server_new             (ViaTransport      *transport,
                                              const char        *name,
                                              const char        *title,
                                              const char        *version,
                                              const char        *instructions);
/* @description: the JSON of the Tool. Programming error if it is not valid. */
void          via_mcp_server_add_tool        (ViaMcpServer      *self,
                                              const char        *description,
                                              ViaMcpToolHandler  handler,
                                              gpointer           user_data);
void          via_mcp_server_start           (ViaMcpServer      *self);
/* Signal "closed" (): the client is gone. */

ViaMcpServerCall *via_mcp_server_call_ref    (ViaMcpServerCall  *call);
void          via_mcp_server_call_unref      (ViaMcpServerCall  *call);
ViaJsonValue  via_mcp_server_call_get_arguments (ViaMcpServerCall *call);
/* Cancelled when the client cancels or goes away. (transfer none) */
GCancellable *via_mcp_server_call_get_cancellable (ViaMcpServerCall *call);
void          via_mcp_server_call_progress   (ViaMcpServerCall  *call,
                                              double             progress,
                                              double             total,
                                              const char        *message);
void          via_mcp_server_call_log        (ViaMcpServerCall  *call,
                                              const char        *level,
                                              const char        *text);
/* @result_json: a CallToolResult object's text, without resultType, which is added where the era asks for it. */
void          via_mcp_server_call_complete   (ViaMcpServerCall  *call,
                                              const char        *result_json);
/* The same without a copy, for large ones. */
void          via_mcp_server_call_complete_bytes (ViaMcpServerCall *call,
                                              GBytes            *result_json);
/* isError: true with this text. */
void          via_mcp_server_call_fail       (ViaMcpServerCall  *call,
                                              const char        *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ViaMcpServerCall, via_mcp_server_call_unref)

G_END_DECLS
