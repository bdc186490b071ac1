/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/via-limits.h"
#include "config/via-config-node.h"
#include "config/via-config-private.h"
#include "config/via-config-problem.h"
#include "config/via-config-schema.h"

#define DEFAULT_CACHE_TTL_S 300
#define DEFAULT_FILE_NAME "bridges.yaml"

/*
 * ViaConfig owns its text and its bridges, and never changes after it is made: any thread may read it.
 */
struct _ViaConfig
{
  GObject parent_instance;

  char              *file_name;
  char              *text;
  gsize              length;
  GPtrArray         *bridges; /* ViaBridgeConfig, in file order */
  GHashTable        *by_name; /* borrows names and bridges */
  ViaConfigSettings  settings;
  ViaConfig         *parent;  /* (nullable) what this was edited from */
};

G_DEFINE_FINAL_TYPE (ViaConfig, via_config, G_TYPE_OBJECT)
G_DEFINE_QUARK (via-config-error-quark, via_config_error)

static void
via_config_finalize (GObject *object)
{
  ViaConfig *self = VIA_CONFIG (object);

  g_clear_object (&self->parent);
  g_free (self->file_name);
  g_free (self->text);
  g_hash_table_unref (self->by_name);
  g_ptr_array_unref (self->bridges);
  g_free (self->settings.log_level);
  g_free (self->settings.user_agent);
  g_strfreev (self->settings.allowed_content_types);

  G_OBJECT_CLASS (via_config_parent_class)->finalize (object);
}

static void
via_config_class_init (ViaConfigClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = via_config_finalize;
}

static void
via_config_init (ViaConfig *self)
{
  self->bridges = g_ptr_array_new_with_free_func (g_object_unref);
  self->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  self->settings.default_timeout_s = VIA_LIMIT_TIMEOUT_DEFAULT_S;
  self->settings.max_concurrent_requests = VIA_LIMIT_CONCURRENT_DEFAULT;
  self->settings.enable_caching = TRUE;
  self->settings.cache_ttl_s = DEFAULT_CACHE_TTL_S;
  self->settings.log_level = g_strdup ("info");
  self->settings.enable_metrics = TRUE;
  self->settings.user_agent = g_strdup ("Viaduct/" VIA_VERSION);
  self->settings.require_https = TRUE;
  self->settings.validate_certificates = TRUE;
  self->settings.max_response_size = VIA_LIMIT_RESPONSE_BYTES;
}

/* What a section may be left out of or be empty in; a list there is a mistake. */
static ViaConfigNode *
find_section (const ViaConfigNode *root,
              const char          *name,
              GPtrArray           *problems)
{
  ViaConfigNode *section = via_config_node_get (root, name);

  if (via_config_node_is_null (section))
    return NULL;
  if (section->kind == VIA_NODE_MAPPING)
    return section;
  via_config_problems_add (problems, FALSE, section->line, section->column, name,
                           _("Must be a mapping: “key: value” lines, indented below it."));
  return NULL;
}

static void
read_settings (ViaConfig           *self,
               const ViaConfigNode *root,
               GPtrArray           *problems)
{
  const ViaConfigNode *global = find_section (root, "global_settings", problems);
  const ViaConfigNode *security = find_section (root, "security", problems);

  if (global != NULL)
    via_config_schema_apply (via_config_global_keys, global, &self->settings, "global_settings", problems);
  if (security != NULL)
    via_config_schema_apply (via_config_security_keys, security, &self->settings, "security", problems);
  if (self->settings.user_agent == NULL)
    self->settings.user_agent = g_strdup ("Viaduct/" VIA_VERSION);
}

static void
read_bridge (ViaConfig           *self,
             const ViaConfigNode *key,
             const ViaConfigNode *value,
             GPtrArray           *problems)
{
  g_autoptr(ViaBridgeConfig) bridge = via_bridge_config_new (key->text);
  g_autofree char *path = g_strconcat ("bridges.", key->text, NULL);
  const char *message = via_config_check_name (key->text);

  if (message != NULL)
    {
      via_config_problems_add (problems, FALSE, key->line, key->column, "bridges", "%s", message);
      return;
    }
  if (!via_config_node_is_null (value) && value->kind != VIA_NODE_MAPPING)
    {
      via_config_problems_add (problems, FALSE, value->line, value->column, path,
                               _("Must be a mapping: “key: value” lines, indented below the bridge's name."));
      return;
    }
  bridge->timeout_s = self->settings.default_timeout_s;
  if (value->kind == VIA_NODE_MAPPING)
    via_config_schema_apply (via_config_bridge_keys, value, bridge, path, problems);
  if (bridge->protocol == NULL)
    bridge->protocol = g_strdup ("auto");
  /* A token that is named is meant to be sent. */
  if (via_config_node_is_null (via_config_node_get (value, "auth_type")) && bridge->auth_token_name != NULL)
    bridge->auth = VIA_AUTH_BEARER;
  via_config_check_bridge (bridge, key, value, self->settings.require_https, problems);
  g_hash_table_insert (self->by_name, bridge->name, bridge);
  g_ptr_array_add (self->bridges, g_steal_pointer (&bridge));
}

static void
read_bridges (ViaConfig           *self,
              const ViaConfigNode *root,
              GPtrArray           *problems)
{
  const ViaConfigNode *section = find_section (root, "bridges", problems);

  if (section == NULL)
    return;
  if (section->keys->len > VIA_LIMIT_CONFIG_BRIDGES)
    {
      via_config_problems_add (problems, FALSE, section->line, section->column, "bridges",
                               _("There are more than %d bridges. Remove some."), VIA_LIMIT_CONFIG_BRIDGES);
      return;
    }
  for (guint i = 0; i < section->keys->len; i++)
    read_bridge (self, g_ptr_array_index (section->keys, i), g_ptr_array_index (section->values, i), problems);
}

/* The top of the file knows three sections; their content is read by their own tables. */
static void
check_top (const ViaConfigNode *root,
           GPtrArray           *problems)
{
  static const ViaConfigKey sections[] = {
    { "bridges", VIA_KEY_TABLE, .table = NULL }, { "global_settings", VIA_KEY_TABLE, .table = NULL },
    { "security", VIA_KEY_TABLE, .table = NULL }, { NULL },
  };

  via_config_schema_apply (sections, root, NULL, "", problems);
}

static void
read_root (ViaConfig           *self,
           const ViaConfigNode *root,
           GPtrArray           *problems)
{
  if (via_config_node_is_null (root))
    return;
  if (root->kind != VIA_NODE_MAPPING)
    {
      via_config_problems_add (problems, FALSE, root->line, root->column, "",
                               _("A configuration begins with “bridges:” and lists the bridges below it. "
                                 "This is something else."));
      return;
    }
  check_top (root, problems);
  read_settings (self, root, problems);
  read_bridges (self, root, problems);
}

ViaConfig *
via_config_new_from_text (const char  *text,
                          gssize       length,
                          const char  *file_name,
                          GPtrArray  **problems,
                          GError     **error)
{
  g_autoptr(ViaConfig) self = g_object_new (VIA_TYPE_CONFIG, NULL);
  g_autoptr(GPtrArray) found = via_config_problems_new ();
  g_auto(ViaConfigTree) tree = { NULL };
  gboolean right;

  g_return_val_if_fail (text != NULL, NULL);

  if (length < 0)
    length = strlen (text);
  self->file_name = g_strdup (file_name != NULL ? file_name : DEFAULT_FILE_NAME);
  if (via_config_tree_read (&tree, text, length, found))
    read_root (self, tree.root, found);
  self->length = length;
  self->text = g_strndup (text, length);

  via_config_problems_sort (found);
  right = !via_config_problems_has_errors (found);
  if (!right)
    g_propagate_error (error, via_config_problems_to_error (found, self->file_name));
  if (problems != NULL)
    *problems = g_steal_pointer (&found);
  return right ? g_steal_pointer (&self) : NULL;
}

ViaConfig *
via_config_new_empty (void)
{
  ViaConfig *self = g_object_new (VIA_TYPE_CONFIG, NULL);

  self->file_name = g_strdup (DEFAULT_FILE_NAME);
  self->text = g_strdup ("");
  return self;
}

const char *
via_config_get_text (ViaConfig *self)
{
  g_return_val_if_fail (VIA_IS_CONFIG (self), NULL);

  return self->text;
}

gsize
via_config_get_length (ViaConfig *self)
{
  return self->length;
}

const char *
via_config_get_file_name (ViaConfig *self)
{
  return self->file_name;
}

const ViaConfigSettings *
via_config_get_settings (ViaConfig *self)
{
  g_return_val_if_fail (VIA_IS_CONFIG (self), NULL);

  return &self->settings;
}

guint
via_config_get_n_bridges (ViaConfig *self)
{
  g_return_val_if_fail (VIA_IS_CONFIG (self), 0);

  return self->bridges->len;
}

ViaBridgeConfig *
via_config_get_bridge (ViaConfig *self,
                       guint      index)
{
  g_return_val_if_fail (VIA_IS_CONFIG (self), NULL);
  g_return_val_if_fail (index < self->bridges->len, NULL);

  return g_ptr_array_index (self->bridges, index);
}

ViaBridgeConfig *
via_config_find_bridge (ViaConfig  *self,
                        const char *name)
{
  g_return_val_if_fail (VIA_IS_CONFIG (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return g_hash_table_lookup (self->by_name, name);
}

gboolean
via_config_settings_equal (const ViaConfigSettings *a,
                           const ViaConfigSettings *b)
{
  static const char *const none[] = { NULL };

  return a->default_timeout_s == b->default_timeout_s
         && a->max_concurrent_requests == b->max_concurrent_requests
         && a->enable_caching == b->enable_caching
         && a->cache_ttl_s == b->cache_ttl_s
         && g_str_equal (a->log_level, b->log_level)
         && a->enable_metrics == b->enable_metrics
         && g_str_equal (a->user_agent, b->user_agent)
         && a->require_https == b->require_https
         && a->validate_certificates == b->validate_certificates
         && a->max_response_size == b->max_response_size
         && g_strv_equal (a->allowed_content_types != NULL ? (const char *const *) a->allowed_content_types : none,
                          b->allowed_content_types != NULL ? (const char *const *) b->allowed_content_types : none);
}

void
via_config_set_parent (ViaConfig *self,
                       ViaConfig *parent)
{
  g_set_object (&self->parent, parent);
}

gboolean
via_config_stems_from (ViaConfig  *self,
                       const char *text,
                       gsize       length)
{
  if (self->parent == NULL)
    return TRUE;
  for (; self != NULL; self = self->parent)
    if (self->length == length && (length == 0 || memcmp (self->text, text, length) == 0))
      return TRUE;
  return FALSE;
}
