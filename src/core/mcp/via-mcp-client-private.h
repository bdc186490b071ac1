/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "json/via-json-writer.h"
#include "mcp/via-mcp-client.h"

G_BEGIN_DECLS

typedef enum
{
  VIA_MCP_IDLE,
  VIA_MCP_CONNECTING,
  VIA_MCP_CONNECTED,
  VIA_MCP_CLOSED,
} ViaMcpState;

/* What negotiation found out; replaced as a whole when a session is renewed. */
typedef struct
{
  gboolean         modern;
  char            *revision;
  char            *server_name;
  char            *server_version;
  char            *instructions;
  ViaJsonDocument *capabilities; /* (nullable) */
} ViaMcpAgreement;

struct _ViaMcpClient
{
  GObject parent_instance;

  /* fixed */
  ViaTransportFactory factory;
  gpointer            factory_data;
  GDestroyNotify      factory_destroy;
  char               *protocol;
  guint               timeout_ms;
  guint               probe_ms;
  gboolean            http;
  ViaJsonDocument    *empty; /* {} */

  /* the connection */
  ViaMcpState         state;
  guint               attempt;    /* counts connections and their ends, so that a late step sees that it is late */
  ViaRpcPeer         *peer;       /* (nullable) */
  ViaTransport       *transport;  /* (nullable) that of @peer */
  ViaMcpAgreement     agreement;
  guint               generation; /* of the session; a request that lost an older one need not renew it again */
  GPtrArray          *renewals;   /* (nullable) GTask: requests that wait for a new session */

  /* what runs */
  GHashTable         *exchanges;  /* gint64 id → ViaMcpExchange (borrowed), those that want progress or log lines */
  guint               changed_id; /* debounce of list_changed */

  /* subscriptions/listen of the modern era */
  GCancellable       *listen_cancellable; /* (nullable) a subscription is open or about to be */
  gint64              listen_id;
  gint64              listen_since;       /* monotonic */
  guint               listen_failures;
  guint               listen_retry_id;
};

/* One request on its way, with what is needed to send it again in a new session. */
typedef struct
{
  char              *method;
  char              *name;            /* (nullable) tools/call: the tool; @params are then its arguments */
  ViaJsonDocument   *document;        /* (nullable) keeps @params alive */
  ViaJsonValue       params;
  char             **param_headers;   /* (nullable) Mcp-Param-… */
  ViaMcpCallOptions  options;
  gint64             id;
  guint              generation;
  gboolean           repeated;
  double             last_progress;
  ViaJsonDocument   *sent;            /* the params as they were written */
  char             **headers;         /* (nullable) as they were sent */
} ViaMcpExchange;

void              via_mcp_exchange_free              (ViaMcpExchange       *exchange);

/* via-mcp-client.c: the peer and its signals */
gboolean          via_mcp_client_open                (ViaMcpClient         *self,
                                                      GError              **error);
void              via_mcp_client_drop_peer           (ViaMcpClient         *self);
void              via_mcp_client_diagnose            (ViaMcpClient         *self,
                                                      const char           *format,
                                                      ...) G_GNUC_PRINTF (2, 3);
void              via_mcp_agreement_clear            (ViaMcpAgreement      *agreement);

/* Both sides speak @revision from here on. What the server says of itself: @result of the handshake, @info its name. */
void              via_mcp_client_agree               (ViaMcpClient         *self,
                                                      const char           *revision,
                                                      gboolean              modern,
                                                      ViaJsonValue          result,
                                                      ViaJsonValue          info);

/* via-mcp-envelope.c: what each era puts around a request */
/* @params: (out) (transfer full) those of @exchange as they are sent under @id, NULL when the request has none. */
gboolean          via_mcp_envelope_write_params      (ViaMcpClient         *self,
                                                      const ViaMcpExchange *exchange,
                                                      gint64                id,
                                                      ViaJsonDocument     **params,
                                                      GError              **error);
/* HTTP headers of the modern era, or NULL. (transfer full) */
char            **via_mcp_envelope_dup_headers       (ViaMcpClient         *self,
                                                      const ViaMcpExchange *exchange);
void              via_mcp_envelope_write_client_info (ViaJsonWriter        *writer);
/* The required members of a modern request's _meta. */
void              via_mcp_envelope_write_identity    (ViaJsonWriter        *writer,
                                                      const char           *revision);
void              via_mcp_client_send_cancelled      (ViaMcpClient         *self,
                                                      ViaRpcPeer           *peer,
                                                      gint64                id,
                                                      const char           *reason);

/* via-mcp-negotiation.c */
void              via_mcp_client_negotiate_async     (ViaMcpClient         *self,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
gboolean          via_mcp_client_negotiate_finish    (ViaMcpClient         *self,
                                                      GAsyncResult         *result,
                                                      GError              **error);
/* A new session after the old one was lost; requests that come meanwhile wait for the same one. */
void              via_mcp_client_renew_async         (ViaMcpClient         *self,
                                                      guint                 lost_generation,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
gboolean          via_mcp_client_renew_finish        (ViaMcpClient         *self,
                                                      GAsyncResult         *result,
                                                      GError              **error);

/* via-mcp-exchange.c */
/* Sends @exchange (transfer full). The task's value is a ViaRpcMessage whose result is complete. */
void              via_mcp_client_exchange_async      (ViaMcpClient         *self,
                                                      ViaMcpExchange       *exchange,
                                                      gpointer              source_tag,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
/* Progress and log lines for what runs. */
void              via_mcp_client_route_progress      (ViaMcpClient         *self,
                                                      ViaJsonValue          params);
void              via_mcp_client_route_log           (ViaMcpClient         *self,
                                                      ViaJsonValue          params);

/* via-mcp-subscription.c: change notifications */
gboolean          via_mcp_client_handle_request      (ViaMcpClient         *self,
                                                      ViaRpcIncoming       *incoming);
void              via_mcp_client_handle_notification (ViaMcpClient         *self,
                                                      ViaRpcMessage        *message);
/* Modern era: asks to be told of changes of the tool list, if the server offers that. Does nothing when it already did. */
void              via_mcp_client_subscribe           (ViaMcpClient         *self);
void              via_mcp_client_unsubscribe         (ViaMcpClient         *self);

G_END_DECLS
