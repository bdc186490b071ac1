/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bridge/via-backend.h"
#include "bridge/via-backend-setup.h"

G_BEGIN_DECLS

/* ViaRestBackend speaks with a plain REST bridge (GET tools, POST execute). There is no connection to keep: connecting checks
 * the endpoint, and the first list or call shows whether anybody is there. */
#define VIA_TYPE_REST_BACKEND (via_rest_backend_get_type ())
G_DECLARE_FINAL_TYPE (ViaRestBackend, via_rest_backend, VIA, REST_BACKEND, GObject)

/* @setup is (transfer full). */
ViaBackend *via_rest_backend_new (ViaBackendSetup *setup);

G_END_DECLS
