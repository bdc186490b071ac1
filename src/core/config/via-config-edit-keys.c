/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include "config/via-config-edit-private.h"

/* The mapping that holds the keys of the bridge, or of one of its tables. */
static ViaConfigNode *
find_mapping (ViaConfigEdit *edit,
              const char    *table)
{
  const char *const path[] = { "bridges", edit->name, table, NULL };

  return via_config_splice_find (&edit->splice, path);
}

/* Lists: what is the same at both ends stays, what is between is replaced, removed or put in. */

static char *
dup_item_line (ViaConfigEdit       *edit,
               const ViaConfigNode *list,
               const char          *words)
{
  return list->flow ? NULL : g_strdup_printf ("%*s- %s%s", (int) list->column - 1, "", words, edit->splice.newline);
}

static const char *
item_text (const ViaConfigNode *list,
           guint                index)
{
  return ((ViaConfigNode *) g_ptr_array_index (list->values, index))->text;
}

/* One splice of those that make @list say @items. @done: there was nothing left to do. */
static gboolean
edit_item (ViaConfigEdit  *edit,
           ViaConfigNode  *list,
           char          **items,
           gboolean       *done,
           GError        **error)
{
  guint old = list->values->len, wanted = g_strv_length (items), head = 0, tail = 0;
  g_autofree char *words = NULL, *line = NULL;

  while (head < MIN (old, wanted) && g_str_equal (item_text (list, head), items[head]))
    head++;
  while (tail < MIN (old, wanted) - head && g_str_equal (item_text (list, old - 1 - tail), items[wanted - 1 - tail]))
    tail++;
  *done = old == wanted && head == old;
  if (*done)
    return TRUE;
  if (head + tail == wanted)
    return via_config_splice_remove (&edit->splice, list, head, FALSE, error);
  if (head + tail < old)
    {
      const ViaConfigNode *node = g_ptr_array_index (list->values, head);

      words = via_config_emit_scalar (items[head], node->style == VIA_SCALAR_SINGLE ? VIA_SCALAR_SINGLE : VIA_SCALAR_DOUBLE);
      return via_config_splice_value (&edit->splice, node, words, error);
    }
  words = via_config_emit_scalar (items[head], VIA_SCALAR_DOUBLE);
  line = dup_item_line (edit, list, words);
  return via_config_splice_insert (&edit->splice, list, head, line, words, error);
}

static gboolean
edit_list (ViaConfigEdit       *edit,
           const ViaConfigKey  *key,
           gpointer             target,
           GError             **error)
{
  gboolean done = FALSE;

  while (!done)
    if (!edit_item (edit, via_config_node_get (find_mapping (edit, NULL), key->name),
                    VIA_CONFIG_FIELD (char **, target, key), &done, error))
      return FALSE;
  return TRUE;
}

/* Mappings of names and values. */

static const char *
find_pair (char       **pairs,
           const char  *name)
{
  for (; pairs[0] != NULL; pairs += 2)
    if (g_str_equal (pairs[0], name))
      return pairs[1];
  return NULL;
}

static gboolean
insert_pair (ViaConfigEdit        *edit,
             const ViaConfigNode  *mapping,
             const char           *name,
             const char           *value,
             GError              **error)
{
  g_autofree char *key = via_config_emit_scalar (name, VIA_SCALAR_PLAIN);
  g_autofree char *text = via_config_emit_scalar (value, VIA_SCALAR_PLAIN);
  g_autofree char *words = g_strdup_printf ("%s: %s", key, text);
  g_autofree char *line = NULL;
  ViaConfigLayout layout;

  if (!mapping->flow)
    {
      if (!via_config_splice_layout (&edit->splice, mapping, &layout, error))
        return FALSE;
      line = g_strdup_printf ("%*s%s%s", layout.indent, "", words, layout.newline);
    }
  return via_config_splice_insert (&edit->splice, mapping, mapping->values->len, line, words, error);
}

static gboolean
edit_pair (ViaConfigEdit  *edit,
           ViaConfigNode  *mapping,
           char          **pairs,
           gboolean       *done,
           GError        **error)
{
  for (guint i = 0; i < mapping->keys->len; i++)
    {
      const ViaConfigNode *key = g_ptr_array_index (mapping->keys, i);
      const ViaConfigNode *value = g_ptr_array_index (mapping->values, i);
      const char *wanted = find_pair (pairs, key->text);

      if (wanted == NULL)
        return via_config_splice_remove (&edit->splice, mapping, i, FALSE, error);
      if (!g_str_equal (value->text, wanted))
        {
          g_autofree char *text = via_config_emit_scalar (wanted, value->style);

          return via_config_splice_value (&edit->splice, value, text, error);
        }
    }
  for (char **pair = pairs; pair[0] != NULL; pair += 2)
    if (via_config_node_get (mapping, pair[0]) == NULL)
      return insert_pair (edit, mapping, pair[0], pair[1], error);
  *done = TRUE;
  return TRUE;
}

/* Whether those of @pairs that are in @mapping come first and in its order, so that entry by entry edits get there. */
static gboolean
keeps_order (const ViaConfigNode  *mapping,
             char                **pairs)
{
  int last = -1;
  gboolean fresh = FALSE;

  for (; pairs[0] != NULL; pairs += 2)
    {
      int index = via_config_node_index (mapping, pairs[0]);

      if (index < 0)
        fresh = TRUE;
      else if (fresh || index < last)
        return FALSE;
      else
        last = index;
    }
  return last >= 0;
}

static gboolean
edit_pairs (ViaConfigEdit       *edit,
            const ViaConfigKey  *key,
            gpointer             target,
            GError             **error)
{
  g_auto(GStrv) pairs = via_config_field_dup_pairs (key, target);
  ViaConfigNode *mapping = via_config_node_get (find_mapping (edit, NULL), key->name);
  gboolean done = FALSE;

  if (mapping->values->len > 0 && !keeps_order (mapping, pairs))
    {
      g_autofree char *text = via_config_emit_inline (key, target, NULL, VIA_SCALAR_PLAIN);

      return via_config_splice_value (&edit->splice, mapping, text, error);
    }
  while (!done)
    if (!edit_pair (edit, via_config_node_get (find_mapping (edit, NULL), key->name), pairs, &done, error))
      return FALSE;
  return TRUE;
}

/* Keys. */

static gboolean
insert_key (ViaConfigEdit       *edit,
            const char          *table,
            const ViaConfigKey  *key,
            gpointer             target,
            gpointer             base,
            GError             **error)
{
  const ViaConfigNode *mapping = find_mapping (edit, table);
  g_autoptr(GString) lines = g_string_new (NULL);
  g_autofree char *words = NULL;
  ViaConfigLayout layout;

  if (mapping->flow)
    {
      g_autofree char *value = via_config_emit_inline (key, target, base, VIA_SCALAR_PLAIN);

      words = g_strdup_printf ("%s: %s", key->name, value);
    }
  else
    {
      if (!via_config_splice_layout (&edit->splice, mapping, &layout, error))
        return FALSE;
      via_config_emit_block (lines, key, target, base, &layout);
    }
  return via_config_splice_insert (&edit->splice, mapping, mapping->values->len, lines->str, words, error);
}

static gboolean edit_keys (ViaConfigEdit *edit, const char *table, const ViaConfigKey *keys, gpointer target, gpointer base,
                           GError **error);

static gboolean
edit_key (ViaConfigEdit       *edit,
          const char          *table,
          const ViaConfigKey  *key,
          gpointer             target,
          gpointer             base,
          GError             **error)
{
  const ViaConfigNode *mapping = find_mapping (edit, table);
  int index = via_config_node_index (mapping, key->name);
  const ViaConfigNode *node = index >= 0 ? g_ptr_array_index (mapping->values, index) : NULL;
  g_autofree char *text = NULL;

  if (via_config_field_is_unset (key, target))
    return node == NULL || via_config_splice_remove (&edit->splice, mapping, index, FALSE, error);
  if (node == NULL)
    return insert_key (edit, table, key, target, base, error);
  if (key->kind == VIA_KEY_TABLE && node->kind == VIA_NODE_MAPPING)
    return edit_keys (edit, key->name, key->table, target, base, error);
  if (node->kind == VIA_NODE_SEQUENCE)
    return edit_list (edit, key, target, error);
  if (node->kind == VIA_NODE_MAPPING)
    return edit_pairs (edit, key, target, error);
  text = via_config_emit_inline (key, target, base, node->style);
  return via_config_splice_value (&edit->splice, node, text, error);
}

static gboolean
edit_keys (ViaConfigEdit       *edit,
           const char          *table,
           const ViaConfigKey  *keys,
           gpointer             target,
           gpointer             base,
           GError             **error)
{
  for (const ViaConfigKey *key = keys; key->name != NULL; key++)
    if (!via_config_field_equal (key, target, base) && !edit_key (edit, table, key, target, base, error))
      return FALSE;
  return TRUE;
}

gboolean
via_config_edit_keys (ViaConfigEdit    *edit,
                      ViaBridgeConfig  *bridge,
                      ViaBridgeConfig  *base,
                      GError          **error)
{
  return edit_keys (edit, NULL, via_config_bridge_keys, bridge, base, error);
}
