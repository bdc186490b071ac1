/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "json/via-json.h"

G_BEGIN_DECLS

/*
 * x-mcp-header: a tool's schema may ask that some of its arguments stand in HTTP headers too, so that proxies can route by
 * them (MCP 2026-07-28, transports, Streamable HTTP, custom headers from tool parameters).
 */

/* Why @schema's annotations are not valid, as the end of a sentence, or NULL when they are. (transfer full) */
char  *via_mcp_headers_find_fault     (ViaJsonValue schema);
/* Name, value, …, NULL, for the annotated arguments that are there; NULL for none. (transfer full) */
char **via_mcp_headers_from_arguments (ViaJsonValue schema,
                                       ViaJsonValue arguments);

G_END_DECLS
