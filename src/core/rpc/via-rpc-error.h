/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rpc/via-rpc-message.h"

G_BEGIN_DECLS

/*
 * What can become of a request. An extended GError: with VIA_RPC_ERROR_REMOTE it carries the peer's own error object,
 * because a remote integer never becomes a GError code. A transport adds what HTTP said, so that callers above can tell
 * an authorization problem from an outage without knowing the transport.
 */
#define VIA_RPC_ERROR (via_rpc_error_quark ())
GQuark via_rpc_error_quark (void);

typedef enum
{
  VIA_RPC_ERROR_REMOTE,        /* the peer answered with a JSON-RPC error: via_rpc_error_get_remote () */
  VIA_RPC_ERROR_INVALID,       /* the peer sent something that is not the protocol */
  VIA_RPC_ERROR_TIMEOUT,       /* no answer in time */
  VIA_RPC_ERROR_CLOSED,        /* the connection ended with the request unanswered; it may have run */
  VIA_RPC_ERROR_NOT_SENT,      /* the connection could not be made or the message not be handed over; it has not run */
  VIA_RPC_ERROR_UNAUTHORIZED,  /* HTTP 401 or 403 */
  VIA_RPC_ERROR_HTTP,          /* another HTTP status that carries no JSON-RPC answer: via_rpc_error_get_http_status () */
  VIA_RPC_ERROR_REDIRECTED,    /* HTTP 3xx: never followed with credentials; message names the target */
  VIA_RPC_ERROR_CONTENT_TYPE,  /* an answer of a type that is not allowed, such as an HTML page */
  VIA_RPC_ERROR_TOO_LARGE,     /* over the response cap */
  VIA_RPC_ERROR_TLS,           /* certificate not acceptable; it has not run */
  VIA_RPC_ERROR_SESSION_LOST,  /* the HTTP session is gone: initialize again (2025-11-25 transports, session management) */
  VIA_RPC_ERROR_BUSY,          /* too many requests in flight */
} ViaRpcError;

typedef struct
{
  int           code;
  char         *message; /* the peer's words, not yet clipped */
  ViaJsonDocument *data; /* (nullable) */
} ViaRpcRemoteError;

/* NULL unless @error is VIA_RPC_ERROR_REMOTE. (transfer none), lives as long as @error. */
const ViaRpcRemoteError *via_rpc_error_get_remote        (const GError        *error);
/* The HTTP status that came with it, or 0. */
guint                    via_rpc_error_get_http_status   (const GError        *error);
/* Milliseconds asked for by Retry-After, or -1. */
gint64                   via_rpc_error_get_retry_after   (const GError        *error);
/* The WWW-Authenticate header of a 401 or 403, or NULL. (transfer none) */
const char              *via_rpc_error_get_challenge     (const GError        *error);
/* The body of a failed HTTP answer, clipped, or NULL. (transfer none) */
const char              *via_rpc_error_get_body          (const GError        *error);

GError *via_rpc_error_new_remote (ViaJsonValue  error_object);
/* The same for an error object that stood in the body of an HTTP refusal. Strings may be NULL, @retry_after_ms -1. */
GError *via_rpc_error_new_remote_http (ViaJsonValue  error_object,
                                       guint         http_status,
                                       gint64        retry_after_ms,
                                       const char   *challenge,
                                       const char   *body);
/* For transports. Any of the strings may be NULL, @retry_after_ms -1. */
GError *via_rpc_error_new_http   (ViaRpcError   code,
                                  guint         http_status,
                                  gint64        retry_after_ms,
                                  const char   *challenge,
                                  const char   *body,
                                  const char   *message);

G_END_DECLS
