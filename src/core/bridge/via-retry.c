/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via-bridge"

#include "config.h"

#include <gio/gio.h>

#include "base/via-backoff.h"
#include "base/via-limits.h"
#include "bridge/via-retry.h"
#include "rpc/via-rpc-error.h"

#define BUDGET_TOKENS 100.0
#define BUDGET_RETRY 5.0
#define BUDGET_TIMEOUT_RETRY 10.0
#define BUDGET_SUCCESS 1.0

#define RETRY_AFTER_JITTER_MS 1000 /* not everybody who was sent away comes back in the same moment */

#define HTTP_TOO_MANY_REQUESTS 429
#define HTTP_SERVICE_UNAVAILABLE 503

/* 429 refuses before anything ran (RFC 6585, section 4); 503 does when it names a time to come back (RFC 9110, 15.6.4). */
static ViaFate
get_status_fate (guint  status,
                 gint64 retry_after)
{
  if (status == HTTP_TOO_MANY_REQUESTS)
    return VIA_FATE_NOT_RUN;
  if (status == HTTP_SERVICE_UNAVAILABLE && retry_after >= 0)
    return VIA_FATE_NOT_RUN;
  return status >= 500 ? VIA_FATE_UNKNOWN : VIA_FATE_FINAL;
}

ViaFate
via_retry_get_fate (const GError *error)
{
  if (error->domain != VIA_RPC_ERROR)
    return VIA_FATE_FINAL;

  switch ((ViaRpcError) error->code)
    {
    case VIA_RPC_ERROR_NOT_SENT:
    case VIA_RPC_ERROR_SESSION_LOST:
    case VIA_RPC_ERROR_BUSY:
      return VIA_FATE_NOT_RUN;
    case VIA_RPC_ERROR_TIMEOUT:
    case VIA_RPC_ERROR_CLOSED:
      return VIA_FATE_UNKNOWN;
    case VIA_RPC_ERROR_HTTP:
      return get_status_fate (via_rpc_error_get_http_status (error), via_rpc_error_get_retry_after (error));
    case VIA_RPC_ERROR_REMOTE:
      /* An answer is final, unless it only puts the refusal to look at the request into the protocol's words. */
      return get_status_fate (via_rpc_error_get_http_status (error), via_rpc_error_get_retry_after (error))
             == VIA_FATE_NOT_RUN ? VIA_FATE_NOT_RUN : VIA_FATE_FINAL;
    case VIA_RPC_ERROR_INVALID:
    case VIA_RPC_ERROR_UNAUTHORIZED:
    case VIA_RPC_ERROR_REDIRECTED:
    case VIA_RPC_ERROR_CONTENT_TYPE:
    case VIA_RPC_ERROR_TOO_LARGE:
    case VIA_RPC_ERROR_TLS:
    default:
      return VIA_FATE_FINAL;
    }
}

gboolean
via_retry_may (const GError  *error,
               gboolean       safe,
               ViaRetryCalls  policy)
{
  if (policy == VIA_RETRY_NEVER)
    return FALSE;

  switch (via_retry_get_fate (error))
    {
    case VIA_FATE_NOT_RUN:
      return TRUE;
    case VIA_FATE_UNKNOWN:
      return safe || policy == VIA_RETRY_ALWAYS;
    case VIA_FATE_FINAL:
    default:
      return FALSE;
    }
}

void
via_retry_budget_init (ViaRetryBudget *self,
                       gint64          now)
{
  self->tokens = BUDGET_TOKENS;
  self->filled = now;
}

gboolean
via_retry_budget_take (ViaRetryBudget *self,
                       const GError   *error,
                       gint64          now)
{
  const double cost = g_error_matches (error, VIA_RPC_ERROR, VIA_RPC_ERROR_TIMEOUT) ? BUDGET_TIMEOUT_RETRY : BUDGET_RETRY;

  self->tokens = MIN (self->tokens + (now - self->filled) / (double) G_USEC_PER_SEC, BUDGET_TOKENS);
  self->filled = now;
  if (self->tokens < cost)
    return FALSE;
  self->tokens -= cost;
  return TRUE;
}

void
via_retry_budget_success (ViaRetryBudget *self)
{
  self->tokens = MIN (self->tokens + BUDGET_SUCCESS, BUDGET_TOKENS);
}

gint64
via_retry_get_wait (ViaBridgeConfig *config,
                    guint            n,
                    double           random,
                    const GError    *error)
{
  const gint64 asked = error->domain == VIA_RPC_ERROR ? via_rpc_error_get_retry_after (error) : -1;

  if (asked < 0)
    return via_backoff_get_delay (config->backoff_factor, n, config->max_backoff_ms, random);
  if (!via_backoff_is_obeyed (asked))
    return -1;
  return asked + (gint64) (random * RETRY_AFTER_JITTER_MS);
}
