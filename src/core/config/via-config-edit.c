/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/via-limits.h"
#include "config/via-config-edit-private.h"
#include "config/via-config-private.h"
#include "config/via-config-problem.h"

#define PASSES_MAX 3 /* writing one key may change what another one means when it is not written */

static void
edit_clear (ViaConfigEdit *edit)
{
  via_config_splice_clear (&edit->splice);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ViaConfigEdit, edit_clear)

static ViaConfigNode *
find_bridges (ViaConfigEdit *edit)
{
  const char *const path[] = { "bridges", NULL };

  return via_config_splice_find (&edit->splice, path);
}

/* What a file can say: empty texts are absent ones, and nothing in a file is built in. */
static ViaBridgeConfig *
dup_as_written (ViaBridgeConfig *bridge)
{
  ViaBridgeConfig *copy = via_bridge_config_copy (bridge);

  copy->builtin = FALSE;
  for (const ViaConfigKey *key = via_config_bridge_keys; key->name != NULL; key++)
    if (key->kind == VIA_KEY_TEXT)
      {
        char **field = &VIA_CONFIG_FIELD (char *, copy, key);

        if (*field != NULL && **field == '\0')
          g_clear_pointer (field, g_free);
      }
  if (copy->protocol == NULL)
    copy->protocol = g_strdup ("auto");
  return copy;
}

/* The result. */

/* The problems of what was asked for, without the places of a file that nobody has. */
static GError *
dup_problem_error (GPtrArray *problems)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < problems->len; i++)
    {
      const ViaConfigProblem *problem = g_ptr_array_index (problems, i);

      if (!problem->warning)
        g_string_append_printf (text, "%s%s: %s", text->len > 0 ? "\n" : "", problem->key, problem->message);
    }
  return g_error_new_literal (VIA_CONFIG_ERROR, VIA_CONFIG_ERROR_INVALID, text->str);
}

static ViaConfig *
read_result (ViaConfigEdit  *edit,
             GError        **error)
{
  g_autoptr(GPtrArray) problems = NULL;
  ViaConfig *config = via_config_new_from_text (edit->splice.text->str, edit->splice.text->len,
                                                via_config_get_file_name (edit->config), &problems, NULL);

  if (config == NULL)
    g_propagate_error (error, dup_problem_error (problems));
  return config;
}

static ViaConfig *
finish (ViaConfigEdit    *edit,
        const char       *old_name,
        const char       *new_name,
        ViaBridgeConfig  *expected,
        GError          **error)
{
  g_autoptr(ViaConfig) result = read_result (edit, error);

  if (result == NULL)
    return NULL;
  if (via_config_edit_is_as_expected (edit->config, result, old_name, new_name, expected))
    {
      via_config_set_parent (result, edit->config);
      return g_steal_pointer (&result);
    }
  g_set_error (error, VIA_CONFIG_ERROR, VIA_CONFIG_ERROR_INVALID,
               _("“%s” is written in a way that cannot be changed safely here. Please edit it by hand."),
               via_config_get_file_name (edit->config));
  return NULL;
}

static gboolean
check_new_name (ViaConfig   *config,
                const char  *name,
                GError     **error)
{
  const char *message = via_config_check_name (name);

  if (message != NULL)
    g_set_error_literal (error, VIA_CONFIG_ERROR, VIA_CONFIG_ERROR_INVALID, message);
  else if (via_config_find_bridge (config, name) != NULL)
    g_set_error (error, VIA_CONFIG_ERROR, VIA_CONFIG_ERROR_EXISTS,
                 _("There is a bridge called “%s” already. Choose another name."), name);
  else
    return TRUE;
  return FALSE;
}

static ViaBridgeConfig *
find_old (ViaConfig   *config,
          const char  *name,
          GError     **error)
{
  ViaBridgeConfig *bridge = via_config_find_bridge (config, name);

  if (bridge == NULL)
    g_set_error (error, VIA_CONFIG_ERROR, VIA_CONFIG_ERROR_UNKNOWN_BRIDGE, _("There is no bridge called “%s”."), name);
  return bridge;
}

/* Adding. */

/* What the bridge would be if its mapping were empty. */
static ViaBridgeConfig *
new_base (ViaConfig  *config,
          const char *name)
{
  ViaBridgeConfig *base = via_bridge_config_new (name);

  base->timeout_s = via_config_get_settings (config)->default_timeout_s;
  return base;
}

static void
append_bridge (GString               *text,
               ViaBridgeConfig       *bridge,
               ViaBridgeConfig       *base,
               const ViaConfigLayout *layout)
{
  const ViaConfigLayout below = { layout->indent + layout->step, layout->step, layout->newline };
  g_autofree char *name = via_config_emit_scalar (bridge->name, VIA_SCALAR_PLAIN);

  g_string_append_printf (text, "%*s%s:%s", layout->indent, "", name, layout->newline);
  for (const ViaConfigKey *key = via_config_bridge_keys; key->name != NULL; key++)
    {
      /* A token that is named without a type is a bearer token: say what it is. */
      gboolean needed = bridge->auth_token_name != NULL && g_str_equal (key->name, "auth_type");

      if ((needed || !via_config_field_equal (key, bridge, base)) && !via_config_field_is_unset (key, bridge))
        via_config_emit_block (text, key, bridge, base, &below);
    }
}

static char *
dup_flow_bridge (ViaBridgeConfig *bridge,
                 ViaBridgeConfig *base)
{
  g_autofree char *name = via_config_emit_scalar (bridge->name, VIA_SCALAR_PLAIN);
  g_autofree char *value = via_config_emit_table (via_config_bridge_keys, bridge, base);

  return g_strdup_printf ("%s: %s", name, value);
}

/* Bridges are kept apart by blank lines where the last two are. */
static gboolean
wants_blank_line (ViaConfigEdit       *edit,
                  const ViaConfigNode *bridges)
{
  guint count = bridges->values->len;

  return count >= 2
         && via_config_splice_is_blank_line (&edit->splice, via_config_splice_entry_end (&edit->splice, bridges, count - 2));
}

static gboolean
add_to_bridges (ViaConfigEdit        *edit,
                const ViaConfigNode  *bridges,
                ViaBridgeConfig      *bridge,
                ViaBridgeConfig      *base,
                GError              **error)
{
  g_autoptr(GString) lines = g_string_new (NULL);
  g_autofree char *words = NULL;
  ViaConfigLayout layout;

  if (bridges->flow)
    words = dup_flow_bridge (bridge, base);
  else
    {
      if (!via_config_splice_layout (&edit->splice, bridges, &layout, error))
        return FALSE;
      if (wants_blank_line (edit, bridges))
        g_string_append (lines, layout.newline);
      append_bridge (lines, bridge, base, &layout);
    }
  return via_config_splice_insert (&edit->splice, bridges, bridges->values->len, lines->str, words, error);
}

/* “bridges:” with nothing, ~ or {} behind it gets a block below its line. */
static gboolean
add_below_key (ViaConfigEdit        *edit,
               const ViaConfigNode  *root,
               int                   index,
               ViaBridgeConfig      *bridge,
               ViaBridgeConfig      *base,
               GError              **error)
{
  const ViaConfigNode *key = g_ptr_array_index (root->keys, index);
  const ViaConfigNode *value = g_ptr_array_index (root->values, index);
  const ViaConfigLayout layout = { key->column + 1, 2, edit->splice.newline };
  g_autoptr(GString) lines = g_string_new (NULL);
  gsize at = via_config_splice_line_end (&edit->splice, MAX (key->end, value->end));
  const char *text = edit->splice.text->str;

  if (via_config_splice_line_end (&edit->splice, key->end) != at)
    return via_config_splice_refuse (&edit->splice, key, error);
  if (at == 0 || text[at - 1] != '\n')
    g_string_append (lines, layout.newline);
  append_bridge (lines, bridge, base, &layout);
  return via_config_splice_replace (&edit->splice, at, at, lines->str, error);
}

static gboolean
add_section (ViaConfigEdit    *edit,
             ViaBridgeConfig  *bridge,
             ViaBridgeConfig  *base,
             GError          **error)
{
  const ViaConfigNode *root = edit->splice.tree.root;
  const ViaConfigLayout layout = { 2, 2, edit->splice.newline };
  g_autoptr(GString) lines = g_string_new (NULL);
  gsize end = edit->splice.tree.end;

  if (root != NULL && root->kind == VIA_NODE_MAPPING && root->flow)
    {
      g_autofree char *entry = dup_flow_bridge (bridge, base);
      g_autofree char *words = g_strdup_printf ("bridges: {%s}", entry);

      return via_config_splice_insert (&edit->splice, root, root->values->len, NULL, words, error);
    }
  if (end > 0 && edit->splice.text->str[end - 1] != '\n')
    g_string_append (lines, layout.newline);
  g_string_append_printf (lines, "bridges:%s", layout.newline);
  append_bridge (lines, bridge, base, &layout);
  return via_config_splice_replace (&edit->splice, end, end, lines->str, error);
}

static gboolean
add_anywhere (ViaConfigEdit    *edit,
              ViaBridgeConfig  *bridge,
              ViaBridgeConfig  *base,
              GError          **error)
{
  const ViaConfigNode *root = edit->splice.tree.root, *bridges = find_bridges (edit);
  int index = via_config_node_index (root, "bridges");

  if (index < 0)
    return add_section (edit, bridge, base, error);
  if (bridges->kind == VIA_NODE_MAPPING && (bridges->values->len > 0 || root->flow))
    return add_to_bridges (edit, bridges, bridge, base, error);
  if (root->flow)
    {
      g_autofree char *entry = dup_flow_bridge (bridge, base);
      g_autofree char *words = g_strdup_printf ("{%s}", entry);

      return via_config_splice_value (&edit->splice, bridges, words, error);
    }
  if (bridges->start < bridges->end)
    {
      /* The spaces before “{}” or “~” go with it. */
      gsize start = bridges->start;

      while (start > 0 && edit->splice.text->str[start - 1] == ' ')
        start--;
      if (!via_config_splice_replace (&edit->splice, start, bridges->end, "", error))
        return FALSE;
      root = edit->splice.tree.root;
    }
  return add_below_key (edit, root, index, bridge, base, error);
}

ViaConfig *
via_config_add_bridge (ViaConfig        *self,
                       ViaBridgeConfig  *bridge,
                       GError          **error)
{
  g_auto(ViaConfigEdit) edit = { .config = self };
  g_autoptr(ViaBridgeConfig) wanted = NULL, base = NULL;

  g_return_val_if_fail (VIA_IS_CONFIG (self), NULL);
  g_return_val_if_fail (VIA_IS_BRIDGE_CONFIG (bridge), NULL);

  if (!check_new_name (self, bridge->name, error) || !via_config_splice_init (&edit.splice, self, error))
    return NULL;
  wanted = dup_as_written (bridge);
  base = new_base (self, wanted->name);
  edit.name = wanted->name;
  if (!add_anywhere (&edit, wanted, base, error))
    return NULL;
  return finish (&edit, NULL, wanted->name, wanted, error);
}

/* Replacing and removing. */

static gboolean
rename_bridge (ViaConfigEdit  *edit,
               const char     *name,
               GError        **error)
{
  const ViaConfigNode *bridges = find_bridges (edit);
  const ViaConfigNode *key = g_ptr_array_index (bridges->keys, via_config_node_index (bridges, edit->name));
  g_autofree char *text = via_config_emit_scalar (name, key->style);

  if (key->style == VIA_SCALAR_BLOCK)
    return via_config_splice_refuse (&edit->splice, key, error);
  if (!via_config_splice_replace (&edit->splice, key->start, key->end, text, error))
    return FALSE;
  edit->name = name;
  return TRUE;
}

/* What the text says now, if it says something valid. */
static ViaBridgeConfig *
read_bridge_again (ViaConfigEdit *edit)
{
  g_autoptr(ViaConfig) config = read_result (edit, NULL);
  ViaBridgeConfig *bridge = config != NULL ? via_config_find_bridge (config, edit->name) : NULL;

  return bridge != NULL ? g_object_ref (bridge) : NULL;
}

ViaConfig *
via_config_replace_bridge (ViaConfig        *self,
                           const char       *name,
                           ViaBridgeConfig  *bridge,
                           GError          **error)
{
  g_auto(ViaConfigEdit) edit = { .config = self, .name = name };
  g_autoptr(ViaBridgeConfig) wanted = NULL, now = NULL;
  ViaBridgeConfig *old;

  g_return_val_if_fail (VIA_IS_CONFIG (self), NULL);
  g_return_val_if_fail (VIA_IS_BRIDGE_CONFIG (bridge), NULL);

  old = find_old (self, name, error);
  if (old == NULL)
    return NULL;
  wanted = dup_as_written (bridge);
  if (!g_str_equal (name, wanted->name) && !check_new_name (self, wanted->name, error))
    return NULL;
  if (!via_config_splice_init (&edit.splice, self, error)
      || (!g_str_equal (name, wanted->name) && !rename_bridge (&edit, wanted->name, error)))
    return NULL;
  now = g_object_ref (old);
  for (guint pass = 0; pass < PASSES_MAX && now != NULL; pass++)
    {
      if (!via_config_edit_keys (&edit, wanted, now, error))
        return NULL;
      g_object_unref (now);
      now = read_bridge_again (&edit);
    }
  return finish (&edit, name, wanted->name, wanted, error);
}

ViaConfig *
via_config_set_enabled (ViaConfig   *self,
                        const char  *name,
                        gboolean     enabled,
                        GError     **error)
{
  g_autoptr(ViaBridgeConfig) copy = NULL;
  ViaBridgeConfig *old;

  g_return_val_if_fail (VIA_IS_CONFIG (self), NULL);

  old = find_old (self, name, error);
  if (old == NULL)
    return NULL;
  copy = via_bridge_config_copy (old);
  copy->enabled = enabled;
  return via_config_replace_bridge (self, name, copy, error);
}

ViaConfig *
via_config_remove_bridge (ViaConfig   *self,
                          const char  *name,
                          GError     **error)
{
  g_auto(ViaConfigEdit) edit = { .config = self, .name = name };
  const ViaConfigNode *bridges;

  g_return_val_if_fail (VIA_IS_CONFIG (self), NULL);

  if (find_old (self, name, error) == NULL || !via_config_splice_init (&edit.splice, self, error))
    return NULL;
  bridges = find_bridges (&edit);
  if (!via_config_splice_remove (&edit.splice, bridges, via_config_node_index (bridges, name), TRUE, error))
    return NULL;
  return finish (&edit, name, NULL, NULL, error);
}
