/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via-bridge"

#include "config.h"

#include "bridge/via-backend.h"

G_DEFINE_INTERFACE (ViaBackend, via_backend, G_TYPE_OBJECT)

enum
{
  SIGNAL_CLOSED,
  SIGNAL_TOOLS_CHANGED,
  SIGNAL_LOG,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
via_backend_default_init (ViaBackendInterface *iface)
{
  signals[SIGNAL_CLOSED] = g_signal_new ("closed", VIA_TYPE_BACKEND, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 1, G_TYPE_ERROR | G_SIGNAL_TYPE_STATIC_SCOPE);
  signals[SIGNAL_TOOLS_CHANGED] = g_signal_new ("tools-changed", VIA_TYPE_BACKEND, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                                NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_LOG] = g_signal_new ("log", VIA_TYPE_BACKEND, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);
}

void
via_backend_connect_async (ViaBackend          *self,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  VIA_BACKEND_GET_IFACE (self)->connect_async (self, cancellable, callback, user_data);
}

gboolean
via_backend_connect_finish (ViaBackend    *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  return VIA_BACKEND_GET_IFACE (self)->connect_finish (self, result, error);
}

void
via_backend_list_async (ViaBackend          *self,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  VIA_BACKEND_GET_IFACE (self)->list_async (self, cancellable, callback, user_data);
}

GPtrArray *
via_backend_list_finish (ViaBackend    *self,
                         GAsyncResult  *result,
                         gint64        *ttl_ms,
                         GError       **error)
{
  return VIA_BACKEND_GET_IFACE (self)->list_finish (self, result, ttl_ms, error);
}

void
via_backend_call_async (ViaBackend           *self,
                        ViaTool              *tool,
                        const char           *name,
                        ViaJsonValue          arguments,
                        const ViaBackendCall *call,
                        GCancellable         *cancellable,
                        GAsyncReadyCallback   callback,
                        gpointer              user_data)
{
  VIA_BACKEND_GET_IFACE (self)->call_async (self, tool, name, arguments, call, cancellable, callback, user_data);
}

ViaToolResult *
via_backend_call_finish (ViaBackend    *self,
                         GAsyncResult  *result,
                         GError       **error)
{
  return VIA_BACKEND_GET_IFACE (self)->call_finish (self, result, error);
}

void
via_backend_close_async (ViaBackend          *self,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  VIA_BACKEND_GET_IFACE (self)->close_async (self, callback, user_data);
}

void
via_backend_close_finish (ViaBackend   *self,
                          GAsyncResult *result)
{
  VIA_BACKEND_GET_IFACE (self)->close_finish (self, result);
}

gboolean
via_backend_is_connected (ViaBackend *self)
{
  return VIA_BACKEND_GET_IFACE (self)->is_connected (self);
}

gboolean
via_backend_needs_tool (ViaBackend *self)
{
  ViaBackendInterface *iface = VIA_BACKEND_GET_IFACE (self);

  return iface->needs_tool != NULL && iface->needs_tool (self);
}

const char *
via_backend_get_revision (ViaBackend *self)
{
  ViaBackendInterface *iface = VIA_BACKEND_GET_IFACE (self);

  return iface->get_revision != NULL ? iface->get_revision (self) : NULL;
}

const char *
via_backend_get_server_name (ViaBackend *self)
{
  ViaBackendInterface *iface = VIA_BACKEND_GET_IFACE (self);

  return iface->get_server_name != NULL ? iface->get_server_name (self) : NULL;
}

void
via_backend_emit_closed (ViaBackend   *self,
                         const GError *error)
{
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0, error);
}

void
via_backend_emit_tools_changed (ViaBackend *self)
{
  g_signal_emit (self, signals[SIGNAL_TOOLS_CHANGED], 0);
}

void
via_backend_emit_log (ViaBackend    *self,
                      ViaDiagnostic  kind,
                      const char    *text)
{
  g_signal_emit (self, signals[SIGNAL_LOG], 0, (guint) kind, text);
}
