/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-rpc"
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/via-limits.h"
#include "base/via-text.h"
#include "rpc/via-rpc-error.h"

typedef struct
{
  gboolean          is_remote;
  ViaRpcRemoteError remote;
  guint             http_status;
  gint64            retry_after;
  char             *challenge;
  char             *body;
} ViaRpcErrorPrivate;

static void
via_rpc_error_private_init (ViaRpcErrorPrivate *priv)
{
  priv->retry_after = -1;
}

static void
via_rpc_error_private_copy (const ViaRpcErrorPrivate *source,
                            ViaRpcErrorPrivate       *copy)
{
  *copy = *source;
  copy->remote.message = g_strdup (source->remote.message);
  if (source->remote.data != NULL)
    copy->remote.data = via_json_document_ref (source->remote.data);
  copy->challenge = g_strdup (source->challenge);
  copy->body = g_strdup (source->body);
}

static void
via_rpc_error_private_clear (ViaRpcErrorPrivate *priv)
{
  g_free (priv->remote.message);
  g_clear_pointer (&priv->remote.data, via_json_document_unref);
  g_free (priv->challenge);
  g_free (priv->body);
}

G_DEFINE_EXTENDED_ERROR (ViaRpcError, via_rpc_error)

static const ViaRpcErrorPrivate *
get_private_or_null (const GError *error)
{
  if (error == NULL || error->domain != VIA_RPC_ERROR)
    return NULL;
  return via_rpc_error_get_private (error);
}

const ViaRpcRemoteError *
via_rpc_error_get_remote (const GError *error)
{
  const ViaRpcErrorPrivate *priv = get_private_or_null (error);

  return priv != NULL && priv->is_remote ? &priv->remote : NULL;
}

guint
via_rpc_error_get_http_status (const GError *error)
{
  const ViaRpcErrorPrivate *priv = get_private_or_null (error);

  return priv != NULL ? priv->http_status : 0;
}

gint64
via_rpc_error_get_retry_after (const GError *error)
{
  const ViaRpcErrorPrivate *priv = get_private_or_null (error);

  return priv != NULL ? priv->retry_after : -1;
}

const char *
via_rpc_error_get_challenge (const GError *error)
{
  const ViaRpcErrorPrivate *priv = get_private_or_null (error);

  return priv != NULL ? priv->challenge : NULL;
}

const char *
via_rpc_error_get_body (const GError *error)
{
  const ViaRpcErrorPrivate *priv = get_private_or_null (error);

  return priv != NULL ? priv->body : NULL;
}

GError *
via_rpc_error_new_remote (ViaJsonValue error_object)
{
  return via_rpc_error_new_remote_http (error_object, 0, -1, NULL, NULL);
}

GError *
via_rpc_error_new_remote_http (ViaJsonValue  error_object,
                               guint         http_status,
                               gint64        retry_after_ms,
                               const char   *challenge,
                               const char   *body)
{
  g_autofree char *message = via_json_value_dup_member_string (error_object, "message");
  ViaJsonValue data = via_json_value_get_member (error_object, "data");
  g_autofree char *clipped = via_text_clip_line (message, VIA_LIMIT_ERROR_TEXT_BYTES);
  gint64 code = VIA_RPC_INTERNAL_ERROR;
  ViaRpcErrorPrivate *priv;
  GError *error;

  /* A code that is no 32-bit integer says nothing that anybody could act on. */
  if (!via_json_value_get_int64 (via_json_value_get_member (error_object, "code"), &code)
      || code < G_MININT || code > G_MAXINT)
    code = VIA_RPC_INTERNAL_ERROR;
  if (*clipped == '\0')
    error = g_error_new (VIA_RPC_ERROR, VIA_RPC_ERROR_REMOTE,
                         _("The server answered with error %d and no explanation."), (int) code);
  else
    error = g_error_new (VIA_RPC_ERROR, VIA_RPC_ERROR_REMOTE,
                         _("The server answered with error %d: “%s”"), (int) code, clipped);
  priv = via_rpc_error_get_private (error);
  priv->is_remote = TRUE;
  priv->remote.code = (int) code;
  priv->remote.message = message != NULL ? g_steal_pointer (&message) : g_strdup ("");
  priv->remote.data = via_json_value_is_missing (data) ? NULL : via_json_value_dup_document (data);
  priv->http_status = http_status;
  priv->retry_after = retry_after_ms;
  priv->challenge = g_strdup (challenge);
  priv->body = g_strdup (body);
  return error;
}

GError *
via_rpc_error_new_http (ViaRpcError  code,
                        guint        http_status,
                        gint64       retry_after_ms,
                        const char  *challenge,
                        const char  *body,
                        const char  *message)
{
  GError *error;
  ViaRpcErrorPrivate *priv;

  if (message != NULL)
    error = g_error_new_literal (VIA_RPC_ERROR, code, message);
  else
    error = g_error_new (VIA_RPC_ERROR, code, _("The server answered with HTTP status %u."), http_status);
  priv = via_rpc_error_get_private (error);
  priv->http_status = http_status;
  priv->retry_after = retry_after_ms;
  priv->challenge = g_strdup (challenge);
  priv->body = g_strdup (body);
  return error;
}
