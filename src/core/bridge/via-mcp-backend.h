/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bridge/via-backend.h"
#include "bridge/via-backend-setup.h"

G_BEGIN_DECLS

/* ViaMcpBackend speaks the Model Context Protocol, over stdio or Streamable HTTP, as the configuration says. */
#define VIA_TYPE_MCP_BACKEND (via_mcp_backend_get_type ())
G_DECLARE_FINAL_TYPE (ViaMcpBackend, via_mcp_backend, VIA, MCP_BACKEND, GObject)

/* @setup is (transfer full). */
ViaBackend *via_mcp_backend_new (ViaBackendSetup *setup);

G_END_DECLS
