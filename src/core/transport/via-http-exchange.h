/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rpc/via-transport.h"
#include "transport/via-http-session.h"

G_BEGIN_DECLS

/*
 * One HTTP exchange of a ViaHttpTransport, private to it: a POST with its answer, be it JSON or an event stream, with
 * the resumptions of that stream; or the GET stream of a legacy server. Messages are handed over as they come; the callback
 * comes when nothing more is to be expected. What the server still sends after the answer is read away for a moment, so that the
 * connection can be used again, and then dropped.
 */
typedef struct
{
  SoupSession           *session;
  GUri                  *uri;
  ViaHttpAuthorizer     *authorizer;             /* (nullable) */
  const char *const     *headers;                /* (nullable) name, value, … of every request */
  const char            *session_id;             /* (nullable) */
  const char            *revision;               /* (nullable) MCP-Protocol-Version */
  gboolean               resumable;              /* legacy: a broken stream is taken up again */
  gsize                  max_response_bytes;
  gboolean               validate_certificates;

  void                 (*message)    (ViaRpcMessage *message, gpointer data);
  void                 (*diagnostic) (const char *text, gpointer data);
  /* The headers of the first answer are there: the session id may be taken from them. */
  void                 (*headers_received) (SoupMessage *message, gpointer data);
  GObject               *data;                   /* of the callbacks; held */
} ViaHttpExchangeSetup;

/* @message NULL: the GET stream. All of @setup is copied. */
void     via_http_exchange_run_async  (const ViaHttpExchangeSetup *setup,
                                       const ViaTransportMessage  *message,
                                       GCancellable               *cancellable,
                                       GAsyncReadyCallback         callback,
                                       gpointer                    user_data);
gboolean via_http_exchange_run_finish (GAsyncResult               *result,
                                       GError                    **error);

G_END_DECLS
