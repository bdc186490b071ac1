/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via-bridge"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/via-limits.h"
#include "bridge/via-bridge-manager.h"
#include "bridge/via-bridge-private.h"
#include "bridge/via-list-store.h"

#define OPERATIONS_KEPT 500 /* in the list; finished ones are dropped first */
#define NAMES_IN_ERROR 20 /* known bridges named in the error about an unknown one */

/*
 * Owns the bridges and the list of operations; lives as long as the program. What left the configuration is told to
 * retire and keeps itself alive until its executions have ended; it is watched by weak references only, so that an
 * emergency stop reaches it too.
 */
struct _ViaBridgeManager
{
  GObject            parent_instance;

  /* owned */
  ViaConfigFile     *file;
  ViaSecretStore    *secrets;
  GListStore        *bridges;    /* ViaBridge */
  GListStore        *operations; /* ViaOperation, newest first */
  ViaConfigSettings  settings;   /* strings owned: those that the bridges were made with */
  gboolean           applied;    /* @settings are set */

  /* borrowed */
  GPtrArray         *others;     /* ViaBridge outside of the list, weakly referenced */
};

static void via_bridge_manager_list_model_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ViaBridgeManager, via_bridge_manager, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, via_bridge_manager_list_model_iface_init))

enum
{
  SIGNAL_PROBLEMS,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static GType
via_bridge_manager_get_item_type (GListModel *model)
{
  return VIA_TYPE_BRIDGE;
}

static guint
via_bridge_manager_get_n_items (GListModel *model)
{
  return g_list_model_get_n_items (G_LIST_MODEL (VIA_BRIDGE_MANAGER (model)->bridges));
}

static gpointer
via_bridge_manager_get_item (GListModel *model,
                             guint       position)
{
  return g_list_model_get_item (G_LIST_MODEL (VIA_BRIDGE_MANAGER (model)->bridges), position);
}

static void
via_bridge_manager_list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = via_bridge_manager_get_item_type;
  iface->get_n_items = via_bridge_manager_get_n_items;
  iface->get_item = via_bridge_manager_get_item;
}

static void
items_changed_cb (ViaBridgeManager *self,
                  guint             position,
                  guint             removed,
                  guint             added)
{
  g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);
}

static void
problems_cb (ViaBridgeManager *self)
{
  g_signal_emit (self, signals[SIGNAL_PROBLEMS], 0);
}

static void
other_gone_cb (gpointer  data,
               GObject  *where_the_object_was)
{
  g_ptr_array_remove (VIA_BRIDGE_MANAGER (data)->others, where_the_object_was);
}

/* @bridge is not in the list, but an emergency stop has to find it. */
static void
watch_other (ViaBridgeManager *self,
             ViaBridge        *bridge)
{
  g_ptr_array_add (self->others, bridge);
  g_object_weak_ref (G_OBJECT (bridge), other_gone_cb, self);
}

static void
via_bridge_manager_dispose (GObject *object)
{
  ViaBridgeManager *self = VIA_BRIDGE_MANAGER (object);

  for (guint i = 0; i < self->others->len; i++)
    g_object_weak_unref (G_OBJECT (self->others->pdata[i]), other_gone_cb, self);
  g_ptr_array_set_size (self->others, 0);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->operations)); i++)
    {
      g_autoptr(ViaOperation) operation = g_list_model_get_item (G_LIST_MODEL (self->operations), i);

      via_operation_cancel (operation);
    }
  g_list_store_remove_all (self->operations);
  g_list_store_remove_all (self->bridges);

  G_OBJECT_CLASS (via_bridge_manager_parent_class)->dispose (object);
}

static void
via_bridge_manager_finalize (GObject *object)
{
  ViaBridgeManager *self = VIA_BRIDGE_MANAGER (object);

  g_clear_object (&self->file);
  g_clear_object (&self->secrets);
  g_clear_object (&self->bridges);
  g_clear_object (&self->operations);
  g_ptr_array_unref (self->others);
  via_bridge_settings_clear (&self->settings);

  G_OBJECT_CLASS (via_bridge_manager_parent_class)->finalize (object);
}

static void
via_bridge_manager_class_init (ViaBridgeManagerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = via_bridge_manager_dispose;
  object_class->finalize = via_bridge_manager_finalize;

  signals[SIGNAL_PROBLEMS] = g_signal_new ("problems", VIA_TYPE_BRIDGE_MANAGER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                           G_TYPE_NONE, 0);
}

static void
via_bridge_manager_init (ViaBridgeManager *self)
{
  self->bridges = g_list_store_new (VIA_TYPE_BRIDGE);
  self->operations = g_list_store_new (VIA_TYPE_OPERATION);
  self->others = g_ptr_array_new ();
  g_signal_connect_object (self->bridges, "items-changed", G_CALLBACK (items_changed_cb), self, G_CONNECT_SWAPPED);
}

/* Empty until via_bridge_manager_apply (). (transfer full) */
ViaBridgeManager *
via_bridge_manager_new (ViaConfigFile  *file,
                        ViaSecretStore *secrets)
{
  ViaBridgeManager *self;

  g_return_val_if_fail (VIA_IS_CONFIG_FILE (file), NULL);
  g_return_val_if_fail (VIA_IS_SECRET_STORE (secrets), NULL);

  self = g_object_new (VIA_TYPE_BRIDGE_MANAGER, NULL);
  self->file = g_object_ref (file);
  self->secrets = g_object_ref (secrets);
  g_signal_connect_object (file, "changed", G_CALLBACK (via_bridge_manager_apply), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (file, "problems", G_CALLBACK (problems_cb), self, G_CONNECT_SWAPPED);
  return self;
}

ViaConfigFile *
via_bridge_manager_get_file (ViaBridgeManager *self)
{
  g_return_val_if_fail (VIA_IS_BRIDGE_MANAGER (self), NULL);

  return self->file;
}

ViaSecretStore *
via_bridge_manager_get_secrets (ViaBridgeManager *self)
{
  g_return_val_if_fail (VIA_IS_BRIDGE_MANAGER (self), NULL);

  return self->secrets;
}

static ViaBridgeConfig *
make_demo_config (void)
{
  ViaBridgeConfig *config = via_bridge_config_new (VIA_DEMO_BRIDGE_NAME);

  config->builtin = TRUE;
  config->enabled = TRUE;
  config->transport = VIA_TRANSPORT_STDIO;
  g_strfreev (config->command);
  config->command = via_bridge_demo_command ();
  g_free (config->description);
  config->description = g_strdup (_("The built-in demo server: tools to try things out with"));
  return config;
}

/* What there should be a bridge for: GPtrArray of ViaBridgeConfig, (transfer full). */
static GPtrArray *
dup_wanted (ViaBridgeManager *self)
{
  ViaConfig *config = via_config_file_get_config (self->file);
  GPtrArray *wanted = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < via_config_get_n_bridges (config); i++)
    g_ptr_array_add (wanted, g_object_ref (via_config_get_bridge (config, i)));
  if (wanted->len == 0)
    g_ptr_array_add (wanted, make_demo_config ());
  return wanted;
}

static gboolean
strings_equal (char **a,
               char **b)
{
  if (a == NULL || b == NULL)
    return a == b;
  return g_strv_equal ((const char *const *) a, (const char *const *) b);
}

/* Settings that a connection is made with. The others are taken over by the bridges that are there. */
static gboolean
settings_connect_alike (const ViaConfigSettings *a,
                        const ViaConfigSettings *b)
{
  return g_strcmp0 (a->user_agent, b->user_agent) == 0
         && a->require_https == b->require_https
         && a->validate_certificates == b->validate_certificates
         && a->max_response_size == b->max_response_size
         && strings_equal (a->allowed_content_types, b->allowed_content_types);
}

/* Lets go of the bridges that are not in @kept: one that was only changed may finish what it does. */
static void
part_with_others (ViaBridgeManager *self,
                  GPtrArray        *kept,
                  GPtrArray        *wanted)
{
  for (guint i = 0; i < via_bridge_manager_get_n_items (G_LIST_MODEL (self)); i++)
    {
      g_autoptr(ViaBridge) bridge = g_list_model_get_item (G_LIST_MODEL (self->bridges), i);
      gboolean goes_on = FALSE;

      if (g_ptr_array_find (kept, bridge, NULL))
        continue;
      for (guint j = 0; j < wanted->len && !goes_on; j++)
        {
          ViaBridgeConfig *config = wanted->pdata[j];

          goes_on = config->enabled && g_strcmp0 (config->name, via_bridge_get_name (bridge)) == 0;
        }
      watch_other (self, bridge);
      if (goes_on)
        via_bridge_retire (bridge);
      else
        via_bridge_disconnect_async (bridge, NULL, NULL, NULL);
    }
}

void
via_bridge_manager_apply (ViaBridgeManager *self)
{
  const ViaConfigSettings *settings;
  g_autoptr(GPtrArray) wanted = NULL;
  g_autoptr(GPtrArray) bridges = NULL;
  gboolean alike;

  g_return_if_fail (VIA_IS_BRIDGE_MANAGER (self));

  settings = via_config_get_settings (via_config_file_get_config (self->file));
  alike = self->applied && settings_connect_alike (&self->settings, settings);
  wanted = dup_wanted (self);
  bridges = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < wanted->len; i++)
    {
      ViaBridgeConfig *config = wanted->pdata[i];
      ViaBridge *there = via_bridge_manager_find (self, config->name);

      if (there != NULL && alike && via_bridge_config_equal (via_bridge_get_config (there), config))
        {
          via_bridge_take_settings (there, settings);
          g_ptr_array_add (bridges, g_object_ref (there));
        }
      else
        {
          g_ptr_array_add (bridges, via_bridge_new (config, settings, self->secrets));
        }
    }

  via_bridge_settings_clear (&self->settings);
  via_bridge_settings_copy (&self->settings, settings);
  self->applied = TRUE;
  part_with_others (self, bridges, wanted);
  via_list_store_put (self->bridges, bridges);
}

ViaBridge *
via_bridge_manager_find (ViaBridgeManager *self,
                         const char       *name)
{
  g_return_val_if_fail (VIA_IS_BRIDGE_MANAGER (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  for (guint i = 0; i < via_bridge_manager_get_n_items (G_LIST_MODEL (self)); i++)
    {
      g_autoptr(ViaBridge) bridge = g_list_model_get_item (G_LIST_MODEL (self->bridges), i);

      if (g_strcmp0 (via_bridge_get_name (bridge), name) == 0)
        return bridge; /* the list keeps it alive */
    }
  return NULL;
}

/* "a, b and so on": enough of the names to recognize a typing error by. (transfer full) */
static char *
dup_known_names (ViaBridgeManager *self)
{
  const guint n_bridges = via_bridge_manager_get_n_items (G_LIST_MODEL (self));
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < MIN (n_bridges, NAMES_IN_ERROR); i++)
    {
      g_autoptr(ViaBridge) bridge = g_list_model_get_item (G_LIST_MODEL (self->bridges), i);

      g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", via_bridge_get_name (bridge));
    }
  if (n_bridges > NAMES_IN_ERROR)
    g_string_append (names, ", …");
  return g_string_free (names, FALSE);
}

ViaBridge *
via_bridge_manager_require (ViaBridgeManager  *self,
                            const char        *name,
                            GError           **error)
{
  g_autofree char *known = NULL;
  ViaBridge *bridge;
  GError *disabled;

  g_return_val_if_fail (VIA_IS_BRIDGE_MANAGER (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  bridge = via_bridge_manager_find (self, name);
  if (bridge == NULL)
    {
      known = dup_known_names (self);
      /* translators: the first %s is what was asked for, the second one the names there are, separated by commas */
      g_set_error (error, VIA_CONFIG_ERROR, VIA_CONFIG_ERROR_UNKNOWN_BRIDGE,
                   _("There is no bridge “%s” in the configuration. Known bridges: %s."), name, known);
      return NULL;
    }
  disabled = via_bridge_check_enabled (bridge);
  if (disabled != NULL)
    {
      g_propagate_error (error, disabled);
      return NULL;
    }
  return bridge;
}

ViaBridge *
via_bridge_manager_try (ViaBridgeManager *self,
                        ViaBridgeConfig  *config)
{
  ViaBridge *bridge;

  g_return_val_if_fail (VIA_IS_BRIDGE_MANAGER (self), NULL);
  g_return_val_if_fail (VIA_IS_BRIDGE_CONFIG (config), NULL);

  bridge = via_bridge_new (config, via_config_get_settings (via_config_file_get_config (self->file)), self->secrets);
  watch_other (self, bridge);
  return bridge;
}

GListModel *
via_bridge_manager_get_operations (ViaBridgeManager *self)
{
  g_return_val_if_fail (VIA_IS_BRIDGE_MANAGER (self), NULL);

  return G_LIST_MODEL (self->operations);
}

/* The oldest finished operation, else the oldest one: what is dropped from the list runs on all the same. */
static guint
find_dispensable (ViaBridgeManager *self)
{
  const guint n_operations = g_list_model_get_n_items (G_LIST_MODEL (self->operations));

  for (guint i = n_operations; i > 0; i--)
    {
      g_autoptr(ViaOperation) operation = g_list_model_get_item (G_LIST_MODEL (self->operations), i - 1);

      if (via_operation_is_finished (operation))
        return i - 1;
    }
  return n_operations - 1;
}

ViaOperation *
via_bridge_manager_execute (ViaBridgeManager        *self,
                            ViaBridge               *bridge,
                            const char              *tool_name,
                            ViaJsonDocument         *arguments,
                            const ViaExecuteOptions *options)
{
  ViaOperation *operation;

  g_return_val_if_fail (VIA_IS_BRIDGE_MANAGER (self), NULL);
  g_return_val_if_fail (VIA_IS_BRIDGE (bridge), NULL);

  operation = via_bridge_execute (bridge, tool_name, arguments, options);
  while (g_list_model_get_n_items (G_LIST_MODEL (self->operations)) >= OPERATIONS_KEPT)
    g_list_store_remove (self->operations, find_dispensable (self));
  g_list_store_insert (self->operations, 0, operation);
  return operation;
}

void
via_bridge_manager_clear_operations (ViaBridgeManager *self)
{
  g_autoptr(GPtrArray) left = g_ptr_array_new_with_free_func (g_object_unref);

  g_return_if_fail (VIA_IS_BRIDGE_MANAGER (self));

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->operations)); i++)
    {
      g_autoptr(ViaOperation) operation = g_list_model_get_item (G_LIST_MODEL (self->operations), i);

      if (!via_operation_is_finished (operation))
        g_ptr_array_add (left, g_steal_pointer (&operation));
    }
  via_list_store_put (self->operations, left);
}

void
via_bridge_manager_remove_operation (ViaBridgeManager *self,
                                     ViaOperation     *operation)
{
  guint position;

  g_return_if_fail (VIA_IS_BRIDGE_MANAGER (self));
  g_return_if_fail (VIA_IS_OPERATION (operation));

  if (g_list_store_find (self->operations, operation, &position))
    g_list_store_remove (self->operations, position);
}

static void
disconnected_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  guint *n_left = g_task_get_task_data (task);

  via_bridge_disconnect_finish (VIA_BRIDGE (source), result, NULL);
  if (--*n_left == 0)
    g_task_return_boolean (task, TRUE);
}

/* (transfer full) */
static GPtrArray *
dup_all_bridges (ViaBridgeManager *self)
{
  GPtrArray *all = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < via_bridge_manager_get_n_items (G_LIST_MODEL (self)); i++)
    g_ptr_array_add (all, g_list_model_get_item (G_LIST_MODEL (self->bridges), i));
  for (guint i = 0; i < self->others->len; i++)
    g_ptr_array_add (all, g_object_ref (self->others->pdata[i]));
  return all;
}

void
via_bridge_manager_stop_all_async (ViaBridgeManager    *self,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GPtrArray) all = NULL;
  guint *n_left;

  g_return_if_fail (VIA_IS_BRIDGE_MANAGER (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, via_bridge_manager_stop_all_async);
  g_task_set_check_cancellable (task, FALSE);
  all = dup_all_bridges (self);
  if (all->len == 0)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  n_left = g_new (guint, 1);
  *n_left = all->len;
  g_task_set_task_data (task, n_left, g_free);
  for (guint i = 0; i < all->len; i++)
    via_bridge_disconnect_async (all->pdata[i], NULL, disconnected_cb, g_object_ref (task));
}

gboolean
via_bridge_manager_stop_all_finish (ViaBridgeManager  *self,
                                    GAsyncResult      *result,
                                    GError           **error)
{
  g_return_val_if_fail (VIA_IS_BRIDGE_MANAGER (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
