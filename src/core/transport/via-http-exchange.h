/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rpc/via-transport.h"
#include "transport/via-http-session.h"

G_BEGIN_DECLS

/*
 * One HTTP exchange of a ViaHttpTransport, private to it: a POST with its answer, be it JSON or an event stream, with
 * the resumptions of that stream; or the GET stream of a legacy server. Messages are handed over as they come; the
 * callback comes when nothing more is to be expected. What the server still sends after the answer is read away for a
 * moment, so that the connection can be used again, and then dropped.
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
  const char *const     *content_types;          /* (nullable) allowed for answers that are no stream */

  void                 (*message)    (ViaRpcMessage *message, gpointer data);
  void                 (*diagnostic) (const char *text, gpointer data);
  /* The headers of a successful answer are there: the session id may be taken from them. */
  void                 (*headers_received) (SoupMessage *message, const char *method, gpointer data);
  GObject               *data;                   /* of the callbacks, which end with it; not held */
} ViaHttpExchangeSetup;

/* @message NULL: the GET stream. All of @setup is copied. */
void         via_http_exchange_run_async  (const ViaHttpExchangeSetup *setup,
                                           const ViaTransportMessage  *message,
                                           GCancellable               *cancellable,
                                           GAsyncReadyCallback         callback,
                                           gpointer                    user_data);
gboolean     via_http_exchange_run_finish (GAsyncResult               *result,
                                           GError                    **error);

/* Parts of an exchange that need no state: via-http-request.c. */
SoupMessage *via_http_request_new         (const ViaHttpExchangeSetup *setup,
                                           const char                 *method,
                                           GBytes                     *body,         /* (nullable) */
                                           const char *const          *headers,      /* (nullable) */
                                           const char                 *last_event_id); /* (nullable) */
/* What credentials a request carried is removed from it: it was sent. */
void         via_http_request_forget      (SoupMessage                *message);
/* An answer that is no success, as what became of request @id: a JSON-RPC error in it, a lost session, or what HTTP says. */
GError      *via_http_request_refusal     (const ViaHttpExchangeSetup *setup,
                                           SoupMessage                *message,
                                           GBytes                     *body,
                                           gint64                      id);
/* An answer of a type that is of no use. */
GError      *via_http_request_unexpected  (SoupMessage                *message,
                                           GBytes                     *body);
/* Ends the session without anybody waiting for longer than VIA_LIMIT_HTTP_CLOSE_MS; @callback (nullable). */
void         via_http_request_farewell    (const ViaHttpExchangeSetup *setup,
                                           GAsyncReadyCallback         callback,
                                           gpointer                    user_data);

G_END_DECLS
