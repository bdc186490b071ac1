/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-rpc"
#include "config.h"

#include "rpc/via-rpc-error.h"
#include "rpc/via-transport.h"

typedef struct
{
  gboolean closed; /* "closed" was emitted; nothing more is */
} ViaTransportPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (ViaTransport, via_transport, G_TYPE_OBJECT)

enum
{
  SIGNAL_MESSAGE,
  SIGNAL_UNREADABLE,
  SIGNAL_DIAGNOSTIC,
  SIGNAL_CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean
via_transport_propagate_boolean (ViaTransport  *self,
                                 GAsyncResult  *result,
                                 GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
via_transport_class_init (ViaTransportClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  klass->start_finish = via_transport_propagate_boolean;
  klass->send_finish = via_transport_propagate_boolean;
  klass->close_finish = via_transport_propagate_boolean;

  /* Static scope: a message or error is lent for the emission, not copied for each handler. */
  signals[SIGNAL_MESSAGE] =
    g_signal_new ("message", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  g_cclosure_marshal_VOID__BOXED, G_TYPE_NONE, 1,
                  VIA_TYPE_RPC_MESSAGE | G_SIGNAL_TYPE_STATIC_SCOPE);
  g_signal_set_va_marshaller (signals[SIGNAL_MESSAGE], type, g_cclosure_marshal_VOID__BOXEDv);
  signals[SIGNAL_UNREADABLE] =
    g_signal_new ("unreadable", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                  G_TYPE_INT64, G_TYPE_ERROR | G_SIGNAL_TYPE_STATIC_SCOPE);
  signals[SIGNAL_DIAGNOSTIC] =
    g_signal_new ("diagnostic", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                  G_TYPE_UINT, G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);
  signals[SIGNAL_CLOSED] =
    g_signal_new ("closed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  g_cclosure_marshal_VOID__BOXED, G_TYPE_NONE, 1,
                  G_TYPE_ERROR | G_SIGNAL_TYPE_STATIC_SCOPE);
  g_signal_set_va_marshaller (signals[SIGNAL_CLOSED], type, g_cclosure_marshal_VOID__BOXEDv);
}

static void
via_transport_init (ViaTransport *self)
{
}

void
via_transport_start_async (ViaTransport        *self,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_return_if_fail (VIA_IS_TRANSPORT (self));

  VIA_TRANSPORT_GET_CLASS (self)->start_async (self, cancellable, callback, user_data);
}

gboolean
via_transport_start_finish (ViaTransport  *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (VIA_IS_TRANSPORT (self), FALSE);

  return VIA_TRANSPORT_GET_CLASS (self)->start_finish (self, result, error);
}

void
via_transport_send_async (ViaTransport              *self,
                          const ViaTransportMessage *message,
                          GCancellable              *cancellable,
                          GAsyncReadyCallback        callback,
                          gpointer                   user_data)
{
  g_return_if_fail (VIA_IS_TRANSPORT (self));
  g_return_if_fail (message != NULL && message->body != NULL);

  VIA_TRANSPORT_GET_CLASS (self)->send_async (self, message, cancellable, callback, user_data);
}

gboolean
via_transport_send_finish (ViaTransport  *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (VIA_IS_TRANSPORT (self), FALSE);

  return VIA_TRANSPORT_GET_CLASS (self)->send_finish (self, result, error);
}

gboolean
via_transport_try_send (ViaTransport               *self,
                        const ViaTransportMessage  *message,
                        GError                    **error)
{
  ViaTransportClass *klass = VIA_TRANSPORT_GET_CLASS (self);

  g_return_val_if_fail (message != NULL && message->body != NULL, FALSE);

  return klass->try_send != NULL && klass->try_send (self, message, error);
}

void
via_transport_close_async (ViaTransport        *self,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_return_if_fail (VIA_IS_TRANSPORT (self));

  VIA_TRANSPORT_GET_CLASS (self)->close_async (self, cancellable, callback, user_data);
}

gboolean
via_transport_close_finish (ViaTransport  *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (VIA_IS_TRANSPORT (self), FALSE);

  return VIA_TRANSPORT_GET_CLASS (self)->close_finish (self, result, error);
}

void
via_transport_set_protocol (ViaTransport *self,
                            const char   *revision,
                            gboolean      modern)
{
  g_return_if_fail (VIA_IS_TRANSPORT (self));

  if (VIA_TRANSPORT_GET_CLASS (self)->set_protocol != NULL)
    VIA_TRANSPORT_GET_CLASS (self)->set_protocol (self, revision, modern);
}

void
via_transport_listen (ViaTransport *self)
{
  g_return_if_fail (VIA_IS_TRANSPORT (self));

  if (VIA_TRANSPORT_GET_CLASS (self)->listen != NULL)
    VIA_TRANSPORT_GET_CLASS (self)->listen (self);
}

gboolean
via_transport_is_closed (ViaTransport *self)
{
  ViaTransportPrivate *priv = via_transport_get_instance_private (self);

  return priv->closed;
}

void
via_transport_emit_message (ViaTransport  *self,
                            ViaRpcMessage *message)
{
  ViaTransportPrivate *priv = via_transport_get_instance_private (self);

  if (!priv->closed)
    g_signal_emit (self, signals[SIGNAL_MESSAGE], 0, message);
}

void
via_transport_emit_unreadable (ViaTransport *self,
                               gint64        id,
                               const GError *error)
{
  ViaTransportPrivate *priv = via_transport_get_instance_private (self);

  if (!priv->closed)
    g_signal_emit (self, signals[SIGNAL_UNREADABLE], 0, id, error);
}

void
via_transport_emit_diagnostic (ViaTransport  *self,
                               ViaDiagnostic  kind,
                               const char    *text)
{
  ViaTransportPrivate *priv = via_transport_get_instance_private (self);

  if (!priv->closed)
    g_signal_emit (self, signals[SIGNAL_DIAGNOSTIC], 0, (guint) kind, text);
}

void
via_transport_emit_closed (ViaTransport *self,
                           const GError *error)
{
  ViaTransportPrivate *priv = via_transport_get_instance_private (self);

  if (priv->closed)
    return;
  priv->closed = TRUE;
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0, error);
}
