/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-transport"

#include "config.h"

#include "transport/via-http-session.h"

G_DEFINE_INTERFACE (ViaHttpAuthorizer, via_http_authorizer, G_TYPE_OBJECT)

static void
via_http_authorizer_default_init (ViaHttpAuthorizerInterface *iface)
{
}

void
via_http_authorizer_authorize_async (ViaHttpAuthorizer   *self,
                                     SoupMessage         *message,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  g_return_if_fail (VIA_IS_HTTP_AUTHORIZER (self));
  g_return_if_fail (SOUP_IS_MESSAGE (message));

  VIA_HTTP_AUTHORIZER_GET_IFACE (self)->authorize_async (self, message, cancellable, callback, user_data);
}

gboolean
via_http_authorizer_authorize_finish (ViaHttpAuthorizer  *self,
                                      GAsyncResult       *result,
                                      GError            **error)
{
  g_return_val_if_fail (VIA_IS_HTTP_AUTHORIZER (self), FALSE);

  return VIA_HTTP_AUTHORIZER_GET_IFACE (self)->authorize_finish (self, result, error);
}
