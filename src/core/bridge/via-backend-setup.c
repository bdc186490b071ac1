/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via-bridge"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "auth/via-token-authorizer.h"
#include "bridge/via-backend-setup.h"
#include "bridge/via-bridge-private.h"
#include "bridge/via-mcp-backend.h"
#include "bridge/via-rest-backend.h"

ViaBackendSetup *
via_backend_setup_new (ViaBridgeConfig         *config,
                       const ViaConfigSettings *settings,
                       ViaSecretStore          *secrets)
{
  ViaBackendSetup *self = g_new0 (ViaBackendSetup, 1);

  self->config = g_object_ref (config);
  self->secrets = g_object_ref (secrets);
  self->user_agent = g_strdup (settings->user_agent);
  self->allowed_content_types = g_strdupv (settings->allowed_content_types);
  self->validate_certificates = settings->validate_certificates;
  self->require_https = settings->require_https;
  self->max_response_size = settings->max_response_size;
  return self;
}

void
via_backend_setup_free (ViaBackendSetup *self)
{
  g_clear_object (&self->config);
  g_clear_object (&self->secrets);
  g_free (self->user_agent);
  g_strfreev (self->allowed_content_types);
  g_free (self);
}

ViaHttpSettings
via_backend_setup_get_http (ViaBackendSetup *self)
{
  return (ViaHttpSettings) {
    .user_agent = self->user_agent,
    .validate_certificates = self->validate_certificates,
    .max_response_bytes = self->max_response_size,
    .allowed_content_types = (const char *const *) self->allowed_content_types,
  };
}

static ViaTokenScheme
get_scheme (ViaAuthKind auth)
{
  switch (auth)
    {
    case VIA_AUTH_BEARER:
      return VIA_TOKEN_BEARER;
    case VIA_AUTH_API_KEY:
      return VIA_TOKEN_API_KEY;
    case VIA_AUTH_BASIC:
      return VIA_TOKEN_BASIC;
    case VIA_AUTH_NONE:
    case VIA_AUTH_OAUTH:
    default:
      return VIA_TOKEN_NONE;
    }
}

ViaHttpAuthorizer *
via_backend_setup_make_authorizer (ViaBackendSetup *self)
{
  return via_token_authorizer_new (self->secrets, get_scheme (self->config->auth), self->config->auth_token_name,
                                   (const char *const *) self->config->headers);
}

static void
expanded_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  ViaBackendSetup *self = g_task_get_task_data (task);
  g_auto(GStrv) texts = NULL;
  GError *error = NULL;

  texts = via_secret_store_expand_finish (VIA_SECRET_STORE (source), result, &error);
  if (texts == NULL || !via_http_check_endpoint (texts[0], self->require_https, &error))
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_strdup (texts[0]), g_free);
}

/* @source keeps @self alive. */
void
via_backend_setup_endpoint_async (ViaBackendSetup     *self,
                                  GObject             *source,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  GTask *task = g_task_new (source, cancellable, callback, user_data);
  const char *texts[] = { self->config->endpoint, NULL };

  g_task_set_source_tag (task, via_backend_setup_endpoint_async);
  g_task_set_task_data (task, self, NULL);
  via_secret_store_expand_async (self->secrets, texts, cancellable, expanded_cb, task);
}

char *
via_backend_setup_endpoint_finish (GAsyncResult  *result,
                                   GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
refuse_unsupported (ViaBridgeConfig  *config,
                    const char       *what,
                    const char       *instead,
                    GError          **error)
{
  /* translators: the first %s is a word of the configuration file such as “transport: sse”, the second %s a bridge's
   * name, the third %s such a word that may be used instead */
  g_set_error (error, VIA_CONFIG_ERROR, VIA_CONFIG_ERROR_INVALID,
               _("“%s” is not supported yet by this version. Change the bridge “%s” to “%s”."),
               what, config->name, instead);
  return FALSE;
}

static gboolean
check_config (ViaBridgeConfig  *config,
              GError          **error)
{
  const ViaTransportKind transport = via_bridge_config_get_transport (config);
  gboolean missing;

  if (transport == VIA_TRANSPORT_SSE)
    return refuse_unsupported (config, "transport: sse", "transport: http", error);
  if (transport == VIA_TRANSPORT_OPENAPI)
    return refuse_unsupported (config, "transport: openapi", "transport: rest", error);
  if (config->auth == VIA_AUTH_OAUTH)
    return refuse_unsupported (config, "auth_type: oauth", "auth_type: bearer", error);

  if (transport == VIA_TRANSPORT_STDIO)
    missing = config->command == NULL || config->command[0] == NULL || config->command[0][0] == '\0';
  else
    missing = config->endpoint == NULL || config->endpoint[0] == '\0';
  if (!missing)
    return TRUE;

  g_set_error (error, VIA_CONFIG_ERROR, VIA_CONFIG_ERROR_INVALID,
               transport == VIA_TRANSPORT_STDIO
               /* translators: %s is a bridge's name */
               ? _("The bridge “%s” has no command. Give it one, or an endpoint.")
               /* translators: %s is a bridge's name */
               : _("The bridge “%s” has no endpoint. Give it a URL."),
               config->name);
  return FALSE;
}

ViaBackend *
via_bridge_make_backend (ViaBridgeConfig          *config,
                         const ViaConfigSettings  *settings,
                         ViaSecretStore           *secrets,
                         gpointer                  data,
                         GError                  **error)
{
  if (!check_config (config, error))
    return NULL;
  if (via_bridge_config_get_transport (config) == VIA_TRANSPORT_REST)
    return via_rest_backend_new (via_backend_setup_new (config, settings, secrets));
  return via_mcp_backend_new (via_backend_setup_new (config, settings, secrets));
}
