/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mcp/via-tool.h"
#include "mcp/via-tool-result.h"
#include "transport/via-http-session.h"

G_BEGIN_DECLS

/*
 * ViaRestClient speaks with a plain REST bridge: GET {endpoint}/tools answers {"tools": [...]}, POST {endpoint}/execute
 * takes {"tool", "parameters"} and answers with the result. One request, one answer; retries are the bridge's business.
 *
 * Signal "diagnostic" (const char *): about tools that were left out of a list.
 */
#define VIA_TYPE_REST_CLIENT (via_rest_client_get_type ())
G_DECLARE_FINAL_TYPE (ViaRestClient, via_rest_client, VIA, REST_CLIENT, GObject)

ViaRestClient *via_rest_client_new               (const char            *endpoint,
                                                  const ViaHttpSettings *settings,
                                                  ViaHttpAuthorizer     *authorizer);
void           via_rest_client_list_tools_async  (ViaRestClient         *self,
                                                  guint                  timeout_ms,
                                                  GCancellable          *cancellable,
                                                  GAsyncReadyCallback    callback,
                                                  gpointer               user_data);
GPtrArray     *via_rest_client_list_tools_finish (ViaRestClient         *self,
                                                  GAsyncResult          *result,
                                                  GError               **error);
void           via_rest_client_call_tool_async   (ViaRestClient         *self,
                                                  const char            *name,
                                                  ViaJsonValue           arguments,
                                                  guint                  timeout_ms,
                                                  GCancellable          *cancellable,
                                                  GAsyncReadyCallback    callback,
                                                  gpointer               user_data);
ViaToolResult *via_rest_client_call_tool_finish  (ViaRestClient         *self,
                                                  GAsyncResult          *result,
                                                  GError               **error);

G_END_DECLS
