/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rpc/via-rpc-peer.h"
#include "transport/via-http-transport.h"
#include "via-mock-http.h"

G_BEGIN_DECLS

#define JSON "application/json"
#define EVENTS "text/event-stream"
#define PATIENCE_MS 8000

/* Pieces of raw answers. */
#define MOCK_OK "HTTP/1.1 200 OK\r\n"
#define MOCK_TYPE "Content-Type: application/json\r\n"
#define MOCK_RESULT "{\"jsonrpc\":\"2.0\",\"id\":%d,\"result\":{}}" /* 36 bytes with an id of one digit */

/* A transport and a peer on a scripted server, and what was heard of them. */
typedef struct
{
  ViaMockHttp  *server;
  ViaTransport *transport;
  ViaRpcPeer   *peer;
  GString      *messages; /* "n:method " or "r:id " */
  GString      *notes;
  GError       *closed_error;
  guint         n_closed;
} Client;

/* Functions of the test that wait, with a limit. */
void client_keep_result_cb (GObject      *source,
                            GAsyncResult *result,
                            gpointer      user_data);
void client_wait_for (gboolean (*is_done) (gpointer data),
                      gpointer   data);
gboolean client_is_set (gpointer data);
gboolean client_has_left (gpointer data);
void client_run_for (guint milliseconds);

/* The client. */
void client_start_at (Client                *client,
                      const char            *url,
                      const ViaHttpSettings *settings,
                      ViaHttpAuthorizer     *authorizer);
void client_start_with (Client                *client,
                        ViaMockHandler         handler,
                        gconstpointer          data,
                        const ViaHttpSettings *settings,
                        ViaHttpAuthorizer     *authorizer);
void client_start (Client         *client,
                   ViaMockHandler  handler,
                   gconstpointer   data);
void client_close (Client *client);
/* Nothing may hold the objects for longer than a lingering stream. */
void client_drop_objects (Client *client);
void client_stop (Client *client);
ViaRpcMessage *client_call (Client                   *client,
                            const char               *method,
                            const ViaRpcCallOptions  *options,
                            GCancellable             *cancellable,
                            GError                  **error);
void client_call_ok (Client     *client,
                     const char *method);
GError *client_call_fails_with (Client                  *client,
                                const ViaRpcCallOptions *options,
                                ViaRpcError              code);
GError *client_call_fails (Client      *client,
                           ViaRpcError  code);
/* One call, one answer of the server, one code. */
void client_check_failure (ViaMockHandler  handler,
                           gconstpointer   data,
                           ViaRpcError     code,
                           const char     *words);

/* What a server may say. */
int mock_get_id (const ViaMockRequest *request);
char *mock_new_result (const ViaMockRequest *request);
void mock_send_json (ViaMockConnection    *connection,
                     const ViaMockRequest *request,
                     const char           *headers);
void mock_answer_json (ViaMockConnection    *connection,
                       const ViaMockRequest *request,
                       gpointer              data);
void mock_answer_events (ViaMockConnection    *connection,
                         const ViaMockRequest *request,
                         gpointer              data);
void mock_endless_events (ViaMockConnection    *connection,
                          const ViaMockRequest *request,
                          gpointer              data);
void mock_say_nothing (ViaMockConnection    *connection,
                       const ViaMockRequest *request,
                       gpointer              data);
/* @data is written as it is, with %d for the id; then the connection ends. */
void mock_raw (ViaMockConnection    *connection,
               const ViaMockRequest *request,
               gpointer              data);
void mock_give_session (ViaMockConnection    *connection,
                        const ViaMockRequest *request,
                        gpointer              data);

G_END_DECLS
