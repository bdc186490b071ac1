/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via-bridge"

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "base/via-text.h"
#include "bridge/via-mcp-backend.h"
#include "mcp/via-mcp-client.h"
#include "transport/via-http-transport.h"
#include "transport/via-stdio-transport.h"

/*
 * One ViaMcpClient and what its transports are made of. References in the environment are expanded just before the child
 * is started; for HTTP the authorizer expands headers anew for each request.
 */
struct _ViaMcpBackend
{
  GObject            parent_instance;

  /* owned */
  ViaBackendSetup   *setup;
  ViaMcpClient      *client;      /* nullable until connecting */
  ViaHttpAuthorizer *authorizer;  /* nullable */
  char              *endpoint;    /* nullable, expanded */
  char             **environment; /* nullable, expanded: wiped at the end */
  char              *directory;   /* nullable, expanded */
};

static void via_mcp_backend_iface_init (ViaBackendInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ViaMcpBackend, via_mcp_backend, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (VIA_TYPE_BACKEND, via_mcp_backend_iface_init))

static gboolean
is_http (ViaMcpBackend *self)
{
  return via_bridge_config_get_transport (self->setup->config) == VIA_TRANSPORT_HTTP;
}

static void
wipe_environment (ViaMcpBackend *self)
{
  for (char **pair = self->environment; pair != NULL && *pair != NULL; pair++)
    via_text_wipe (*pair, strlen (*pair));
  g_clear_pointer (&self->environment, g_strfreev);
}

/* Called by the client, which the backend owns and which therefore never outlives it in use. */
static ViaTransport *
make_transport (gpointer data)
{
  GWeakRef *weak = data;
  g_autoptr(ViaMcpBackend) self = g_weak_ref_get (weak);
  ViaHttpSettings http;

  if (self == NULL)
    return NULL;
  if (!is_http (self))
    return via_stdio_transport_new ((const char *const *) self->setup->config->command,
                                    (const char *const *) self->environment, self->directory,
                                    self->setup->max_response_size);
  http = via_backend_setup_get_http (self->setup);
  return via_http_transport_new (self->endpoint, &http, NULL, self->authorizer);
}

static void
weak_free (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

static void
tools_changed_cb (ViaMcpBackend *self)
{
  via_backend_emit_tools_changed (VIA_BACKEND (self));
}

static void
log_cb (ViaMcpBackend *self,
        const char    *level,
        const char    *logger,
        const char    *text)
{
  g_autofree char *line = NULL;

  if (logger != NULL && *logger != '\0')
    line = g_strdup_printf ("[%s] %s: %s", level, logger, text);
  else
    line = g_strdup_printf ("[%s] %s", level, text);
  via_backend_emit_log (VIA_BACKEND (self), VIA_DIAGNOSTIC_NOTE, line);
}

static void
diagnostic_cb (ViaMcpBackend *self,
               guint          kind,
               const char    *text)
{
  via_backend_emit_log (VIA_BACKEND (self), kind, text);
}

static void
closed_cb (ViaMcpBackend *self,
           const GError  *error)
{
  via_backend_emit_closed (VIA_BACKEND (self), error);
}

static void
client_connected_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;

  if (via_mcp_client_connect_finish (VIA_MCP_CLIENT (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* Everything is at hand: negotiate. */
static void
connect_client (ViaMcpBackend *self,
                GTask         *task)
{
  ViaBridgeConfig *config = self->setup->config;
  GWeakRef *weak = g_new0 (GWeakRef, 1);
  ViaMcpClientOptions options = {
    .protocol = config->protocol != NULL ? config->protocol : "auto",
    .timeout_ms = config->timeout_s * 1000,
    .http = is_http (self),
  };

  g_weak_ref_init (weak, self);
  self->client = via_mcp_client_new (make_transport, weak, weak_free, &options);
  g_signal_connect_object (self->client, "tools-changed", G_CALLBACK (tools_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->client, "log", G_CALLBACK (log_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->client, "diagnostic", G_CALLBACK (diagnostic_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->client, "closed", G_CALLBACK (closed_cb), self, G_CONNECT_SWAPPED);
  via_mcp_client_connect_async (self->client, g_task_get_cancellable (task), client_connected_cb, task);
}

static void
endpoint_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  ViaMcpBackend *self = VIA_MCP_BACKEND (source);
  GTask *task = user_data;
  GError *error = NULL;

  self->endpoint = via_backend_setup_endpoint_finish (result, &error);
  if (self->endpoint == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  self->authorizer = via_backend_setup_make_authorizer (self->setup);
  connect_client (self, task);
}

/* The first text is the directory, the others are the environment. */
static void
environment_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  GTask *task = user_data;
  ViaMcpBackend *self = VIA_MCP_BACKEND (g_task_get_source_object (task));
  GError *error = NULL;
  char **texts = via_secret_store_expand_finish (VIA_SECRET_STORE (source), result, &error);

  if (texts == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  if (self->setup->config->directory != NULL)
    self->directory = g_strdup (texts[0]);
  g_free (texts[0]);
  memmove (texts, texts + 1, g_strv_length (texts + 1) * sizeof (char *) + sizeof (char *));
  self->environment = texts;
  connect_client (self, task);
}

/* What stands in a command line can be read by every user of the machine. */
static gboolean
check_command (ViaBridgeConfig  *config,
               GError          **error)
{
  for (char **argument = config->command; *argument != NULL; argument++)
    if (strstr (*argument, "${secret:") != NULL || strstr (*argument, "${env:") != NULL)
      {
        /* translators: %s is a bridge's name */
        g_set_error (error, VIA_CONFIG_ERROR, VIA_CONFIG_ERROR_INVALID,
                     _("The command of the bridge “%s” holds a reference such as ${secret:…}. Others could read it in "
                       "the list of processes: put it under “env” instead."), config->name);
        return FALSE;
      }
  return TRUE;
}

static void
expand_environment (ViaMcpBackend *self,
                    GTask         *task)
{
  ViaBridgeConfig *config = self->setup->config;
  g_autoptr(GPtrArray) texts = g_ptr_array_new ();

  g_ptr_array_add (texts, config->directory != NULL ? config->directory : (char *) "");
  for (char **pair = config->environment; pair != NULL && *pair != NULL; pair++)
    g_ptr_array_add (texts, *pair);
  g_ptr_array_add (texts, NULL);
  via_secret_store_expand_async (self->setup->secrets, (const char *const *) texts->pdata,
                                 g_task_get_cancellable (task), environment_cb, task);
}

static void
via_mcp_backend_connect_async (ViaBackend          *backend,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  ViaMcpBackend *self = VIA_MCP_BACKEND (backend);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  GError *error = NULL;

  g_task_set_source_tag (task, via_mcp_backend_connect_async);
  if (is_http (self))
    {
      via_backend_setup_endpoint_async (self->setup, G_OBJECT (self), cancellable, endpoint_cb, task);
    }
  else if (check_command (self->setup->config, &error))
    {
      expand_environment (self, task);
    }
  else
    {
      g_task_return_error (task, error);
      g_object_unref (task);
    }
}

static gboolean
via_mcp_backend_connect_finish (ViaBackend    *backend,
                                GAsyncResult  *result,
                                GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

typedef struct
{
  GPtrArray *tools;
  gint64     ttl_ms;
} List;

static void
list_free (gpointer data)
{
  List *list = data;

  g_ptr_array_unref (list->tools);
  g_free (list);
}

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;
  gint64 ttl_ms = -1;
  GPtrArray *tools = via_mcp_client_list_tools_finish (VIA_MCP_CLIENT (source), result, &ttl_ms, &error);
  List *list;

  if (tools == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  list = g_new (List, 1);
  list->tools = tools;
  list->ttl_ms = ttl_ms;
  g_task_return_pointer (task, list, list_free);
}

static void
via_mcp_backend_list_async (ViaBackend          *backend,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  ViaMcpBackend *self = VIA_MCP_BACKEND (backend);
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, via_mcp_backend_list_async);
  via_mcp_client_list_tools_async (self->client, cancellable, listed_cb, task);
}

static GPtrArray *
via_mcp_backend_list_finish (ViaBackend    *backend,
                             GAsyncResult  *result,
                             gint64        *ttl_ms,
                             GError       **error)
{
  List *list = g_task_propagate_pointer (G_TASK (result), error);
  GPtrArray *tools;

  if (list == NULL)
    return NULL;
  *ttl_ms = list->ttl_ms;
  tools = g_ptr_array_ref (list->tools);
  list_free (list);
  return tools;
}

/* The client's functions have one parameter more. */
static void
progress_cb (double      progress,
             double      total,
             const char *message,
             gpointer    data)
{
  ViaBackendCall *call = data;

  if (call->progress != NULL)
    call->progress (progress, message, call->data);
}

static void
call_log_cb (const char *level,
             const char *text,
             gpointer    data)
{
  ViaBackendCall *call = data;

  if (call->log != NULL)
    call->log (level, text, call->data);
}

static void
called_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;
  ViaToolResult *tool_result = via_mcp_client_call_tool_finish (VIA_MCP_CLIENT (source), result, &error);

  if (tool_result != NULL)
    g_task_return_pointer (task, tool_result, (GDestroyNotify) via_tool_result_unref);
  else
    g_task_return_error (task, error);
}

static void
via_mcp_backend_call_async (ViaBackend           *backend,
                            ViaTool              *tool,
                            const char           *name,
                            ViaJsonValue          arguments,
                            const ViaBackendCall *call,
                            GCancellable         *cancellable,
                            GAsyncReadyCallback   callback,
                            gpointer              user_data)
{
  ViaMcpBackend *self = VIA_MCP_BACKEND (backend);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  ViaBackendCall *copy = g_memdup2 (call, sizeof *call);
  ViaMcpCallOptions options = {
    .timeout_ms = call->timeout_ms,
    .max_timeout_ms = call->max_timeout_ms,
    .idempotent = FALSE, /* repeating is the bridge's business, else attempts would multiply */
    .progress = progress_cb,
    .log = call_log_cb,
    .data = copy,
  };

  g_task_set_source_tag (task, via_mcp_backend_call_async);
  g_task_set_task_data (task, copy, g_free);
  via_mcp_client_call_tool_async (self->client, tool, name, arguments, &options, cancellable, called_cb, task);
}

static ViaToolResult *
via_mcp_backend_call_finish (ViaBackend    *backend,
                             GAsyncResult  *result,
                             GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
client_closed_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;

  via_mcp_client_close_finish (VIA_MCP_CLIENT (source), result, NULL);
  g_task_return_boolean (task, TRUE);
}

static void
via_mcp_backend_close_async (ViaBackend          *backend,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  ViaMcpBackend *self = VIA_MCP_BACKEND (backend);
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, via_mcp_backend_close_async);
  if (self->client != NULL)
    {
      via_mcp_client_close_async (self->client, NULL, client_closed_cb, task);
      return;
    }
  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

static void
via_mcp_backend_close_finish (ViaBackend   *backend,
                              GAsyncResult *result)
{
  g_task_propagate_boolean (G_TASK (result), NULL);
}

static gboolean
via_mcp_backend_is_connected (ViaBackend *backend)
{
  ViaMcpBackend *self = VIA_MCP_BACKEND (backend);

  return self->client != NULL && via_mcp_client_is_connected (self->client);
}

static gboolean
via_mcp_backend_needs_tool (ViaBackend *backend)
{
  ViaMcpBackend *self = VIA_MCP_BACKEND (backend);

  return is_http (self) && self->client != NULL && via_mcp_client_is_modern (self->client);
}

static const char *
via_mcp_backend_get_revision (ViaBackend *backend)
{
  ViaMcpBackend *self = VIA_MCP_BACKEND (backend);

  return self->client != NULL ? via_mcp_client_get_revision (self->client) : NULL;
}

static const char *
via_mcp_backend_get_server_name (ViaBackend *backend)
{
  ViaMcpBackend *self = VIA_MCP_BACKEND (backend);

  return self->client != NULL ? via_mcp_client_get_server_name (self->client) : NULL;
}

static void
via_mcp_backend_iface_init (ViaBackendInterface *iface)
{
  iface->connect_async = via_mcp_backend_connect_async;
  iface->connect_finish = via_mcp_backend_connect_finish;
  iface->list_async = via_mcp_backend_list_async;
  iface->list_finish = via_mcp_backend_list_finish;
  iface->call_async = via_mcp_backend_call_async;
  iface->call_finish = via_mcp_backend_call_finish;
  iface->close_async = via_mcp_backend_close_async;
  iface->close_finish = via_mcp_backend_close_finish;
  iface->is_connected = via_mcp_backend_is_connected;
  iface->needs_tool = via_mcp_backend_needs_tool;
  iface->get_revision = via_mcp_backend_get_revision;
  iface->get_server_name = via_mcp_backend_get_server_name;
}

static void
via_mcp_backend_finalize (GObject *object)
{
  ViaMcpBackend *self = VIA_MCP_BACKEND (object);

  g_clear_object (&self->client);
  g_clear_object (&self->authorizer);
  g_clear_pointer (&self->setup, via_backend_setup_free);
  g_free (self->endpoint);
  g_free (self->directory);
  wipe_environment (self);

  G_OBJECT_CLASS (via_mcp_backend_parent_class)->finalize (object);
}

static void
via_mcp_backend_class_init (ViaMcpBackendClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = via_mcp_backend_finalize;
}

static void
via_mcp_backend_init (ViaMcpBackend *self)
{
}

ViaBackend *
via_mcp_backend_new (ViaBackendSetup *setup)
{
  ViaMcpBackend *self = g_object_new (VIA_TYPE_MCP_BACKEND, NULL);

  self->setup = setup;
  return VIA_BACKEND (self);
}
