/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/via-text.h"
#include "mcp/via-mcp-client.h"
#include "mcp/via-mcp-revision.h"

static const char *const modern_revisions[VIA_MCP_N_MODERN_REVISIONS] = { VIA_MCP_MODERN_REVISION };
static const char *const legacy_revisions[] = { VIA_MCP_LEGACY_REVISION, "2025-06-18", "2025-03-26", "2024-11-05" };

static const char *
find_revision (const char *const *known,
               guint              n_known,
               const char        *revision)
{
  for (guint i = 0; i < n_known; i++)
    if (g_strcmp0 (known[i], revision) == 0)
      return known[i];
  return NULL;
}

const char *
via_mcp_revision_find_modern (const char *revision)
{
  return find_revision (modern_revisions, G_N_ELEMENTS (modern_revisions), revision);
}

const char *
via_mcp_revision_find_legacy (const char *revision)
{
  return find_revision (legacy_revisions, G_N_ELEMENTS (legacy_revisions), revision);
}

const char *
via_mcp_revision_find_mutual (ViaJsonValue listed,
                              gboolean     modern)
{
  ViaJsonIter iter;
  ViaJsonValue element;
  const char *best = NULL;

  via_json_iter_init (&iter, listed);
  while (via_json_iter_next (&iter, NULL, &element))
    {
      g_autofree char *revision = via_json_value_dup_string (element);
      const char *ours = modern ? via_mcp_revision_find_modern (revision) : via_mcp_revision_find_legacy (revision);

      if (ours != NULL && (best == NULL || strcmp (ours, best) > 0))
        best = ours;
    }
  return best;
}

ViaJsonValue
via_mcp_revision_get_supported (const GError *error)
{
  const ViaRpcRemoteError *remote = via_rpc_error_get_remote (error);

  if (remote == NULL || remote->code != VIA_RPC_UNSUPPORTED_PROTOCOL_VERSION || remote->data == NULL)
    return via_json_value_missing ();
  return via_json_value_get_member (via_json_document_get_root (remote->data), "supported");
}

GError *
via_mcp_revision_new_foreign_error (ViaJsonValue listed)
{
  g_autofree char *versions = via_json_value_to_compact (listed, NULL);
  g_autofree char *shown = via_text_clip_line (versions, 200);

  return g_error_new (VIA_RPC_ERROR, VIA_RPC_ERROR_INVALID,
                      _("The server speaks only protocol revisions that Viaduct does not know: %s. Update the server or "
                        "Viaduct."), shown);
}

GError *
via_mcp_revision_explain_refusal (GError   *error,
                                  gboolean  pinned)
{
  ViaJsonValue listed = via_mcp_revision_get_supported (error);
  GError *better;

  if (!via_json_value_is_array (listed) || via_json_value_get_size (listed) == 0)
    return error;
  if (via_mcp_revision_find_mutual (listed, TRUE) == NULL)
    better = via_mcp_revision_new_foreign_error (listed);
  else if (pinned)
    better = g_error_new (VIA_RPC_ERROR, VIA_RPC_ERROR_INVALID,
                          _("The server speaks only revisions from %s on, which “protocol” rules out. Set it to auto."),
                          VIA_MCP_MODERN_REVISION);
  else
    return error;
  g_error_free (error);
  return better;
}
