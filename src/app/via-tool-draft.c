/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-app"

#include "config.h"

#include "via-tool-draft.h"

static void
draft_free (gpointer data)
{
  ViaToolDraft *self = data;

  g_clear_object (&self->model);
  g_clear_object (&self->tool);
  g_free (self);
}

/* Bridge names hold no newline. */
static char *
dup_key (const char *bridge,
         ViaTool    *tool)
{
  return g_strconcat (bridge, "\n", via_tool_get_name (tool), NULL);
}

GHashTable *
via_tool_drafts_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, draft_free);
}

/* The server may have changed the tool since: what was typed goes into the new form. */
static void
renew (ViaToolDraft *self,
       ViaTool      *tool)
{
  g_autoptr(ViaFormModel) old = g_steal_pointer (&self->model);
  gboolean same = via_json_value_equal (via_tool_get_input_schema (self->tool), via_tool_get_input_schema (tool));

  g_set_object (&self->tool, tool);
  if (same)
    {
      self->model = g_steal_pointer (&old);
      return;
    }

  self->model = via_form_model_new (via_tool_get_input_schema (tool));
  if (!via_form_model_is_pristine (old))
    via_form_model_set_text (self->model, via_form_model_get_text (old));
}

ViaToolDraft *
via_tool_drafts_take (GHashTable *drafts,
                      const char *bridge,
                      ViaTool    *tool)
{
  g_autofree char *key = dup_key (bridge, tool);
  ViaToolDraft *self = g_hash_table_lookup (drafts, key);

  if (self == NULL)
    {
      self = g_new0 (ViaToolDraft, 1);
      self->tool = g_object_ref (tool);
      self->model = via_form_model_new (via_tool_get_input_schema (tool));
      g_hash_table_insert (drafts, g_steal_pointer (&key), self);
    }
  else if (self->tool != tool)
    renew (self, tool);

  return self;
}

void
via_tool_drafts_release (GHashTable *drafts,
                         const char *bridge,
                         ViaTool    *tool)
{
  g_autofree char *key = dup_key (bridge, tool);
  const ViaToolDraft *self = g_hash_table_lookup (drafts, key);

  if (self != NULL && via_form_model_is_pristine (self->model) && self->timeout_s == 0 && !self->background
      && self->view == VIA_TOOL_VIEW_FORM)
    g_hash_table_remove (drafts, key);
}
