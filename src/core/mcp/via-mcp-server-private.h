/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "json/via-json-writer.h"
#include "mcp/via-mcp-server.h"

G_BEGIN_DECLS

/* RFC 5424 severities, as notifications/message names them; a larger index is more severe. */
int               via_mcp_log_level_find       (ViaJsonValue       level); /* -1: none of them */
int               via_mcp_log_level_find_name  (const char        *level);

ViaMcpServerCall *via_mcp_server_call_new      (ViaMcpServer      *server,
                                                ViaRpcIncoming    *incoming,
                                                ViaJsonValue       arguments,
                                                gboolean           modern,
                                                int                log_level); /* -1: no log lines */
/* The client does not wait any more: tells the handler, and what it answers is not sent. */
void              via_mcp_server_call_cancel   (ViaMcpServerCall  *call);

/* @id is compared with its JSON type. */
gboolean          via_mcp_server_call_has_id   (ViaMcpServerCall  *call,
                                                ViaJsonValue       id);

/* For calls. */
void              via_mcp_server_forget        (ViaMcpServer      *self,
                                                ViaMcpServerCall  *call);
ViaRpcPeer       *via_mcp_server_get_peer      (ViaMcpServer      *self); /* (nullable) */
void              via_mcp_server_reply         (ViaMcpServer      *self,
                                                ViaRpcIncoming    *incoming,
                                                gboolean           modern,
                                                ViaJsonValue       result);

G_END_DECLS
