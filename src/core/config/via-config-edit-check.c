/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include "config/via-config-edit-private.h"
#include "config/via-config-private.h"
#include "config/via-config-problem.h"

static gboolean
entries_equal (const ViaConfigNode *before,
               const ViaConfigNode *after,
               const char          *except_before,
               const char          *except_after)
{
  guint i = 0, j = 0;
  guint before_length = before != NULL && before->kind == VIA_NODE_MAPPING ? before->keys->len : 0;
  guint after_length = after != NULL && after->kind == VIA_NODE_MAPPING ? after->keys->len : 0;

  while (TRUE)
    {
      const ViaConfigNode *left = i < before_length ? g_ptr_array_index (before->keys, i) : NULL;
      const ViaConfigNode *right = j < after_length ? g_ptr_array_index (after->keys, j) : NULL;

      if (left != NULL && except_before != NULL && g_str_equal (left->text, except_before))
        i++;
      else if (right != NULL && except_after != NULL && g_str_equal (right->text, except_after))
        j++;
      else if (left == NULL || right == NULL)
        return left == right;
      else if (!g_str_equal (left->text, right->text)
               || !via_config_node_equal (g_ptr_array_index (before->values, i), g_ptr_array_index (after->values, j)))
        return FALSE;
      else
        i++, j++;
    }
}

/* Keys of the bridge that we do not know have to be there still. */
static gboolean
unknown_keys_equal (const ViaConfigNode *before,
                    const ViaConfigNode *after)
{
  if (before == NULL || before->kind != VIA_NODE_MAPPING)
    return TRUE;
  for (guint i = 0; i < before->keys->len; i++)
    {
      const char *name = ((ViaConfigNode *) g_ptr_array_index (before->keys, i))->text;

      if (via_config_key_find (via_config_bridge_keys, name) == NULL
          && !via_config_node_equal (g_ptr_array_index (before->values, i), via_config_node_get (after, name)))
        return FALSE;
    }
  return TRUE;
}

gboolean
via_config_edit_is_as_expected (ViaConfig       *before,
                                ViaConfig       *after,
                                const char      *old_name,
                                const char      *new_name,
                                ViaBridgeConfig *expected)
{
  g_auto(ViaConfigTree) old_tree = { NULL }, new_tree = { NULL };
  g_autoptr(GPtrArray) problems = via_config_problems_new ();
  ViaBridgeConfig *bridge = new_name != NULL ? via_config_find_bridge (after, new_name) : NULL;

  if (!via_config_tree_read (&old_tree, via_config_get_text (before), via_config_get_length (before), problems)
      || !via_config_tree_read (&new_tree, via_config_get_text (after), via_config_get_length (after), problems))
    return FALSE;
  if (new_name != NULL && (bridge == NULL || !via_bridge_config_equal (bridge, expected)))
    return FALSE;
  if (via_config_get_n_bridges (after) + (old_name != NULL) != via_config_get_n_bridges (before) + (new_name != NULL))
    return FALSE;
  return via_config_settings_equal (via_config_get_settings (before), via_config_get_settings (after))
         && entries_equal (old_tree.root, new_tree.root, "bridges", "bridges")
         && entries_equal (via_config_node_get (old_tree.root, "bridges"), via_config_node_get (new_tree.root, "bridges"),
                           old_name, new_name)
         && (old_name == NULL || new_name == NULL
             || unknown_keys_equal (via_config_node_get (via_config_node_get (old_tree.root, "bridges"), old_name),
                                    via_config_node_get (via_config_node_get (new_tree.root, "bridges"), new_name)));
}
