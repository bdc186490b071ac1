/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rpc/via-transport.h"
#include "transport/via-http-session.h"

G_BEGIN_DECLS

/*
 * ViaHttpTransport is Streamable HTTP of both eras (MCP transports 2025-03-26 … 2025-11-25 and 2026-07-28). Until
 * via_transport_set_protocol () it sends neither session nor version headers of its own. Legacy: keeps Mcp-Session-Id,
 * resumes broken streams with Last-Event-ID after `retry`, listen () opens the GET stream, close deletes the session.
 * Modern: cancelling a send closes its stream, which is the cancellation; nothing is resumed.
 */
#define VIA_TYPE_HTTP_TRANSPORT (via_http_transport_get_type ())
G_DECLARE_FINAL_TYPE (ViaHttpTransport, via_http_transport, VIA, HTTP_TRANSPORT, ViaTransport)

/* @authorizer (nullable). @headers: name, value, …, NULL, sent with every request; NULL for none. */
ViaTransport *via_http_transport_new             (const char            *endpoint,
                                                  const ViaHttpSettings *settings,
                                                  const char *const     *headers,
                                                  ViaHttpAuthorizer     *authorizer);
const char   *via_http_transport_get_session_id  (ViaHttpTransport      *self);
/* Forget the session, before initializing anew. */
void          via_http_transport_reset_session   (ViaHttpTransport      *self);

G_END_DECLS
