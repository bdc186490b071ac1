/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via-bridge"

#include "config.h"

#include "bridge/via-rest-backend.h"
#include "rest/via-rest-client.h"

struct _ViaRestBackend
{
  GObject          parent_instance;

  /* owned */
  ViaBackendSetup *setup;
  ViaRestClient   *client; /* nullable until connected and after the close */
};

static void via_rest_backend_iface_init (ViaBackendInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ViaRestBackend, via_rest_backend, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (VIA_TYPE_BACKEND, via_rest_backend_iface_init))

static void
diagnostic_cb (ViaRestBackend *self,
               const char     *text)
{
  via_backend_emit_log (VIA_BACKEND (self), VIA_DIAGNOSTIC_NOTE, text);
}

static void
endpoint_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  ViaRestBackend *self = VIA_REST_BACKEND (source);
  g_autoptr(GTask) task = user_data;
  g_autoptr(ViaHttpAuthorizer) authorizer = NULL;
  g_autofree char *endpoint = NULL;
  ViaHttpSettings http = via_backend_setup_get_http (self->setup);
  GError *error = NULL;

  endpoint = via_backend_setup_endpoint_finish (result, &error);
  if (endpoint == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  authorizer = via_backend_setup_make_authorizer (self->setup);
  self->client = via_rest_client_new (endpoint, &http, authorizer);
  g_signal_connect_object (self->client, "diagnostic", G_CALLBACK (diagnostic_cb), self, G_CONNECT_SWAPPED);
  g_task_return_boolean (task, TRUE);
}

static void
via_rest_backend_connect_async (ViaBackend          *backend,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  ViaRestBackend *self = VIA_REST_BACKEND (backend);
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, via_rest_backend_connect_async);
  via_backend_setup_endpoint_async (self->setup, G_OBJECT (self), cancellable, endpoint_cb, task);
}

static gboolean
via_rest_backend_connect_finish (ViaBackend    *backend,
                                 GAsyncResult  *result,
                                 GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;
  GPtrArray *tools = via_rest_client_list_tools_finish (VIA_REST_CLIENT (source), result, &error);

  if (tools != NULL)
    g_task_return_pointer (task, tools, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static void
via_rest_backend_list_async (ViaBackend          *backend,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  ViaRestBackend *self = VIA_REST_BACKEND (backend);
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, via_rest_backend_list_async);
  via_rest_client_list_tools_async (self->client, self->setup->config->timeout_s * 1000, cancellable, listed_cb, task);
}

/* A REST bridge says nothing about how long its list holds. */
static GPtrArray *
via_rest_backend_list_finish (ViaBackend    *backend,
                              GAsyncResult  *result,
                              gint64        *ttl_ms,
                              GError       **error)
{
  *ttl_ms = -1;
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
called_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;
  ViaToolResult *tool_result = via_rest_client_call_tool_finish (VIA_REST_CLIENT (source), result, &error);

  if (tool_result != NULL)
    g_task_return_pointer (task, tool_result, (GDestroyNotify) via_tool_result_unref);
  else
    g_task_return_error (task, error);
}

static void
via_rest_backend_call_async (ViaBackend           *backend,
                             ViaTool              *tool,
                             const char           *name,
                             ViaJsonValue          arguments,
                             const ViaBackendCall *call,
                             GCancellable         *cancellable,
                             GAsyncReadyCallback   callback,
                             gpointer              user_data)
{
  ViaRestBackend *self = VIA_REST_BACKEND (backend);
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, via_rest_backend_call_async);
  via_rest_client_call_tool_async (self->client, name, arguments, call->timeout_ms, cancellable, called_cb, task);
}

static ViaToolResult *
via_rest_backend_call_finish (ViaBackend    *backend,
                              GAsyncResult  *result,
                              GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
via_rest_backend_close_async (ViaBackend          *backend,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  ViaRestBackend *self = VIA_REST_BACKEND (backend);
  g_autoptr(GTask) task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, via_rest_backend_close_async);
  g_clear_object (&self->client);
  g_task_return_boolean (task, TRUE);
}

static void
via_rest_backend_close_finish (ViaBackend   *backend,
                               GAsyncResult *result)
{
  g_task_propagate_boolean (G_TASK (result), NULL);
}

static gboolean
via_rest_backend_is_connected (ViaBackend *backend)
{
  return VIA_REST_BACKEND (backend)->client != NULL;
}

static void
via_rest_backend_iface_init (ViaBackendInterface *iface)
{
  iface->connect_async = via_rest_backend_connect_async;
  iface->connect_finish = via_rest_backend_connect_finish;
  iface->list_async = via_rest_backend_list_async;
  iface->list_finish = via_rest_backend_list_finish;
  iface->call_async = via_rest_backend_call_async;
  iface->call_finish = via_rest_backend_call_finish;
  iface->close_async = via_rest_backend_close_async;
  iface->close_finish = via_rest_backend_close_finish;
  iface->is_connected = via_rest_backend_is_connected;
}

static void
via_rest_backend_finalize (GObject *object)
{
  ViaRestBackend *self = VIA_REST_BACKEND (object);

  g_clear_object (&self->client);
  g_clear_pointer (&self->setup, via_backend_setup_free);

  G_OBJECT_CLASS (via_rest_backend_parent_class)->finalize (object);
}

static void
via_rest_backend_class_init (ViaRestBackendClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = via_rest_backend_finalize;
}

static void
via_rest_backend_init (ViaRestBackend *self)
{
}

ViaBackend *
via_rest_backend_new (ViaBackendSetup *setup)
{
  ViaRestBackend *self = g_object_new (VIA_TYPE_REST_BACKEND, NULL);

  self->setup = setup;
  return VIA_BACKEND (self);
}
