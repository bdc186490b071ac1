/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "config/via-config.h"
#include "secrets/via-secret-store.h"
#include "transport/via-http-session.h"

G_BEGIN_DECLS

/*
 * What a backend is made from, copied so that a backend may outlive its bridge: the configuration of the bridge, the
 * settings that concern connections, the secret store.
 */
typedef struct
{
  ViaBridgeConfig *config;
  ViaSecretStore  *secrets;
  char            *user_agent;            /* nullable */
  char           **allowed_content_types; /* nullable */
  gboolean         validate_certificates;
  gboolean         require_https;
  gsize            max_response_size;
} ViaBackendSetup;

ViaBackendSetup   *via_backend_setup_new              (ViaBridgeConfig         *config,
                                                       const ViaConfigSettings *settings,
                                                       ViaSecretStore          *secrets);
void               via_backend_setup_free             (ViaBackendSetup         *self);
/* Borrows the strings of @self. */
ViaHttpSettings    via_backend_setup_get_http         (ViaBackendSetup         *self);
/* Token and extra headers, looked up anew for each request. (transfer full) */
ViaHttpAuthorizer *via_backend_setup_make_authorizer  (ViaBackendSetup         *self);
/* The endpoint with its references expanded, checked for https. */
void               via_backend_setup_endpoint_async   (ViaBackendSetup         *self,
                                                       GObject                 *source,
                                                       GCancellable            *cancellable,
                                                       GAsyncReadyCallback      callback,
                                                       gpointer                 user_data);
char              *via_backend_setup_endpoint_finish  (GAsyncResult            *result,
                                                       GError                 **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ViaBackendSetup, via_backend_setup_free)

G_END_DECLS
