/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rpc/via-rpc-error.h"

G_BEGIN_DECLS

/* The revisions of the protocol that we speak, and what to make of those that a server names. */
#define VIA_MCP_N_MODERN_REVISIONS 1

/* @revision itself, as a static string, when it is one of ours; else NULL. */
const char   *via_mcp_revision_find_modern       (const char   *revision);
const char   *via_mcp_revision_find_legacy       (const char   *revision);
/* The newest of ours that stands in @listed too, or NULL. */
const char   *via_mcp_revision_find_mutual       (ViaJsonValue  listed,
                                                  gboolean      modern);
/* The versions that a server names when it refuses ours; the missing value when @error is about something else. */
ViaJsonValue  via_mcp_revision_get_supported     (const GError *error);
/* The server speaks only what stands in @listed, and we none of that. (transfer full) */
GError       *via_mcp_revision_new_foreign_error (ViaJsonValue  listed);
/*
 * (transfer full) @error, and the result: says which versions the server speaks when it is none that we tried; @pinned when
 * the bridge's settings keep us from the modern ones.
 */
GError       *via_mcp_revision_explain_refusal   (GError       *error,
                                                  gboolean      pinned);

G_END_DECLS
