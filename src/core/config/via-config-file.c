/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "config/via-config-file.h"
#include "config/via-config-private.h"
#include "config/via-config-problem.h"
#include "config/via-config-save.h"

#define SETTLE_MS 200 /* an editor that saves makes several events */

/*
 * ViaConfigFile lives on the main thread; reading, parsing and writing run on worker threads with copies of what they
 * need. What is on the disk is judged by its bytes, so that our own saves are no news and a save over somebody else's
 * change is noticed.
 */
struct _ViaConfigFile
{
  GObject parent_instance;

  char              *path;
  gboolean           named;    /* asked for by the user: has to be there */
  ViaConfig         *config;   /* in force */
  ViaConfigContents  loaded;   /* what config was read from */
  ViaConfigContents  seen;     /* the newest reading, right or wrong */
  gboolean           has_seen;
  GPtrArray         *problems;

  gboolean           watching;
  GFileMonitor      *monitor;
  GFileMonitor      *target_monitor; /* (nullable) of what a symbolic link points to */
  char              *target;
  guint              settle_id;
};

G_DEFINE_FINAL_TYPE (ViaConfigFile, via_config_file, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  SIGNAL_PROBLEMS,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
via_config_file_dispose (GObject *object)
{
  ViaConfigFile *self = VIA_CONFIG_FILE (object);

  g_clear_handle_id (&self->settle_id, g_source_remove);
  if (self->monitor != NULL)
    g_signal_handlers_disconnect_by_data (self->monitor, self);
  if (self->target_monitor != NULL)
    g_signal_handlers_disconnect_by_data (self->target_monitor, self);
  g_clear_object (&self->monitor);
  g_clear_object (&self->target_monitor);

  G_OBJECT_CLASS (via_config_file_parent_class)->dispose (object);
}

static void
via_config_file_finalize (GObject *object)
{
  ViaConfigFile *self = VIA_CONFIG_FILE (object);

  g_free (self->path);
  g_free (self->target);
  g_object_unref (self->config);
  via_config_contents_clear (&self->loaded);
  via_config_contents_clear (&self->seen);
  g_ptr_array_unref (self->problems);

  G_OBJECT_CLASS (via_config_file_parent_class)->finalize (object);
}

static void
via_config_file_class_init (ViaConfigFileClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = via_config_file_dispose;
  object_class->finalize = via_config_file_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", VIA_TYPE_CONFIG_FILE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 0);
  signals[SIGNAL_PROBLEMS] = g_signal_new ("problems", VIA_TYPE_CONFIG_FILE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                           G_TYPE_NONE, 0);
}

static void
via_config_file_init (ViaConfigFile *self)
{
  self->config = via_config_new_empty ();
  self->problems = via_config_problems_new ();
}

static char *
dup_default_path (void)
{
  return g_build_filename (g_get_user_config_dir (), "viaduct", "bridges.yaml", NULL);
}

char *
via_config_file_find_path (const char *explicit_path)
{
  const char *variable = g_getenv ("VIADUCT_CONFIG");

  if (explicit_path != NULL && *explicit_path != '\0')
    return g_canonicalize_filename (explicit_path, NULL);
  if (variable != NULL && *variable != '\0')
    return g_canonicalize_filename (variable, NULL);
  return dup_default_path ();
}

ViaConfigFile *
via_config_file_new (const char *path)
{
  g_autofree char *usual = dup_default_path ();
  ViaConfigFile *self;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_object_new (VIA_TYPE_CONFIG_FILE, NULL);
  self->path = g_strdup (path);
  self->named = !g_str_equal (path, usual);
  return self;
}

const char *
via_config_file_get_path (ViaConfigFile *self)
{
  g_return_val_if_fail (VIA_IS_CONFIG_FILE (self), NULL);

  return self->path;
}

ViaConfig *
via_config_file_get_config (ViaConfigFile *self)
{
  g_return_val_if_fail (VIA_IS_CONFIG_FILE (self), NULL);

  return self->config;
}

GPtrArray *
via_config_file_get_problems (ViaConfigFile *self)
{
  g_return_val_if_fail (VIA_IS_CONFIG_FILE (self), NULL);

  return self->problems;
}

gboolean
via_config_file_exists (ViaConfigFile *self)
{
  g_return_val_if_fail (VIA_IS_CONFIG_FILE (self), FALSE);

  return self->has_seen ? self->seen.exists : g_file_test (self->path, G_FILE_TEST_EXISTS);
}

/* One reading: what it needs, and what came of it. */
typedef struct
{
  char              *path;
  gboolean           must_exist;
  ViaConfigContents  contents;
  gboolean           was_read;
  ViaConfig         *config;   /* (nullable) */
  GPtrArray         *problems;
  GError            *error;
} Reading;

static Reading *
reading_new (ViaConfigFile *self,
             gboolean       must_exist)
{
  Reading *reading = g_new0 (Reading, 1);

  reading->path = g_strdup (self->path);
  reading->must_exist = must_exist;
  return reading;
}

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  g_free (reading->path);
  via_config_contents_clear (&reading->contents);
  g_clear_object (&reading->config);
  g_clear_pointer (&reading->problems, g_ptr_array_unref);
  g_clear_error (&reading->error);
  g_free (reading);
}

/* On any thread. */
static void
reading_run (Reading      *reading,
             GCancellable *cancellable)
{
  g_autofree char *name = g_path_get_basename (reading->path);

  reading->was_read = via_config_contents_read (&reading->contents, reading->path, cancellable, &reading->error);
  if (reading->was_read && !reading->contents.exists && reading->must_exist)
    g_set_error (&reading->error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _("There is no configuration file “%s”."), reading->path);
  else if (reading->was_read && reading->contents.exists)
    reading->config = via_config_new_from_text (reading->contents.text, reading->contents.length, name, &reading->problems,
                                                &reading->error);
  else if (reading->was_read)
    reading->config = via_config_new_empty ();

  if (reading->problems == NULL)
    {
      reading->problems = via_config_problems_new ();
      if (reading->error != NULL)
        via_config_problems_add (reading->problems, FALSE, 0, 0, "", "%s", reading->error->message);
    }
}

static void
copy_contents (ViaConfigContents       *to,
               const ViaConfigContents *from)
{
  ViaConfigContents copy = { from->exists, g_strndup (from->text != NULL ? from->text : "", from->length), from->length };

  via_config_contents_clear (to);
  *to = copy;
}

static void
take_problems (ViaConfigFile *self,
               GPtrArray     *problems)
{
  gboolean changed = !via_config_problems_equal (self->problems, problems);

  g_ptr_array_unref (self->problems);
  self->problems = g_ptr_array_ref (problems);
  if (changed)
    g_signal_emit (self, signals[SIGNAL_PROBLEMS], 0);
}

/* The new configuration comes into force before anybody is told of anything. */
static gboolean
apply_reading (ViaConfigFile  *self,
               Reading        *reading,
               GError        **error)
{
  g_autoptr(ViaConfigFile) guard = g_object_ref (self);
  gboolean changed = FALSE;

  if (reading->was_read)
    {
      copy_contents (&self->seen, &reading->contents);
      self->has_seen = TRUE;
    }
  if (reading->error == NULL)
    {
      changed = !via_config_contents_equal (&self->loaded, &reading->contents);
      copy_contents (&self->loaded, &reading->contents);
      g_set_object (&self->config, reading->config);
    }
  take_problems (self, reading->problems);
  if (changed)
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
  if (reading->error != NULL)
    g_propagate_error (error, g_error_copy (reading->error));
  return reading->error == NULL;
}

gboolean
via_config_file_load (ViaConfigFile  *self,
                      GError        **error)
{
  Reading *reading;
  gboolean loaded;

  g_return_val_if_fail (VIA_IS_CONFIG_FILE (self), FALSE);

  reading = reading_new (self, self->named);
  reading_run (reading, NULL);
  loaded = apply_reading (self, reading, error);
  reading_free (reading);
  return loaded;
}

static void
reading_thread (GTask        *task,
                gpointer      source_object,
                gpointer      task_data,
                GCancellable *cancellable)
{
  reading_run (task_data, cancellable);
  g_task_return_boolean (task, TRUE);
}

/*
 * A worker may be the last to let go of its task, so these tasks do not hold the object: it would be finalized there. What
 * holds it is the callback's data.
 */
static void
run_reading (Reading             *reading,
             GCancellable        *cancellable,
             GAsyncReadyCallback  callback,
             gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, run_reading);
  g_task_set_task_data (task, reading, reading_free);
  g_task_run_in_thread (task, reading_thread);
}

static void
load_read_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) outer = user_data;
  ViaConfigFile *self = g_task_get_source_object (outer);
  GError *error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error)
      || !apply_reading (self, g_task_get_task_data (G_TASK (result)), &error))
    g_task_return_error (outer, error);
  else
    g_task_return_boolean (outer, TRUE);
}

void
via_config_file_load_async (ViaConfigFile       *self,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (VIA_IS_CONFIG_FILE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, via_config_file_load_async);
  run_reading (reading_new (self, self->named), cancellable, load_read_cb, task);
}

gboolean
via_config_file_load_finish (ViaConfigFile  *self,
                             GAsyncResult   *result,
                             GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Saving. */

typedef struct
{
  char              *path;
  ViaConfig         *config;
  ViaConfigContents  expected;
  Reading           *reading; /* of what was written, as if it had been loaded */
} Saving;

static void
saving_free (gpointer data)
{
  Saving *saving = data;

  g_free (saving->path);
  g_object_unref (saving->config);
  via_config_contents_clear (&saving->expected);
  g_clear_pointer (&saving->reading, reading_free);
  g_free (saving);
}

static void
saving_thread (GTask        *task,
               gpointer      source_object,
               gpointer      task_data,
               GCancellable *cancellable)
{
  Saving *saving = task_data;
  Reading *reading = saving->reading;
  const char *text = via_config_get_text (saving->config);
  gsize length = via_config_get_length (saving->config);
  g_autofree char *name = g_path_get_basename (saving->path);
  GError *error = NULL;

  if (via_config_save (saving->path, text, length, &saving->expected, cancellable, &error))
    {
      reading->was_read = TRUE;
      reading->contents = (ViaConfigContents) { TRUE, g_strndup (text, length), length };
      reading->config = via_config_new_from_text (text, length, name, &reading->problems, &reading->error);
      g_task_return_boolean (task, TRUE);
    }
  else
    g_task_return_error (task, error);
}

static void
save_written_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) outer = user_data;
  ViaConfigFile *self = g_task_get_source_object (outer);
  Saving *saving = g_task_get_task_data (G_TASK (result));
  GError *error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error)
      || !apply_reading (self, saving->reading, &error))
    g_task_return_error (outer, error);
  else
    g_task_return_boolean (outer, TRUE);
}

void
via_config_file_save_async (ViaConfigFile       *self,
                            ViaConfig           *config,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(GTask) outer = NULL;
  g_autoptr(GTask) task = NULL;
  Saving *saving;

  g_return_if_fail (VIA_IS_CONFIG_FILE (self));
  g_return_if_fail (VIA_IS_CONFIG (config));

  outer = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (outer, via_config_file_save_async);
  if (!via_config_stems_from (config, self->loaded.text, self->loaded.length))
    {
      g_task_return_new_error (outer, VIA_CONFIG_ERROR, VIA_CONFIG_ERROR_CHANGED,
                               _("The configuration was changed meanwhile, so “%s” was left as it is. Repeat the change."),
                               self->path);
      return;
    }
  saving = g_new0 (Saving, 1);
  saving->path = g_strdup (self->path);
  saving->config = g_object_ref (config);
  copy_contents (&saving->expected, &self->loaded);
  saving->reading = reading_new (self, FALSE);
  task = g_task_new (NULL, cancellable, save_written_cb, g_steal_pointer (&outer));
  g_task_set_source_tag (task, via_config_file_save_async);
  /* What is on the disk then is what counts, even if somebody lost interest. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, saving, saving_free);
  g_task_run_in_thread (task, saving_thread);
}

gboolean
via_config_file_save_finish (ViaConfigFile  *self,
                             GAsyncResult   *result,
                             GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Watching. */

static void monitor_changed_cb (GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event,
                                gpointer user_data);

static GFileMonitor *
start_monitor (ViaConfigFile *self,
               const char    *path)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GError) error = NULL;
  GFileMonitor *monitor = g_file_monitor_file (file, G_FILE_MONITOR_WATCH_MOVES, NULL, &error);

  if (monitor == NULL)
    g_debug ("The configuration is not watched: %s", error->message);
  else
    g_signal_connect (monitor, "changed", G_CALLBACK (monitor_changed_cb), self);
  return monitor;
}

/* A link is watched at both ends, because either may change. */
static void
watch_target (ViaConfigFile *self)
{
  g_autofree char *target = via_config_resolve_path (self->path);

  if (g_strcmp0 (target, self->target) == 0)
    return;
  if (self->target_monitor != NULL)
    g_signal_handlers_disconnect_by_data (self->target_monitor, self);
  g_clear_object (&self->target_monitor);
  g_free (self->target);
  self->target = g_steal_pointer (&target);
  if (!g_str_equal (self->target, self->path))
    self->target_monitor = start_monitor (self, self->target);
}

static void
watch_read_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(ViaConfigFile) self = user_data;
  Reading *reading = g_task_get_task_data (G_TASK (result));

  watch_target (self);
  if (reading->was_read && self->has_seen && via_config_contents_equal (&self->seen, &reading->contents))
    return;
  apply_reading (self, reading, NULL);
}

static gboolean
settled_cb (gpointer user_data)
{
  ViaConfigFile *self = VIA_CONFIG_FILE (user_data);

  self->settle_id = 0;
  /* A file that was there and is gone does not take the running bridges with it. */
  run_reading (reading_new (self, self->named || self->loaded.exists), NULL, watch_read_cb, g_object_ref (self));
  return G_SOURCE_REMOVE;
}

static void
monitor_changed_cb (GFileMonitor      *monitor,
                    GFile             *file,
                    GFile             *other,
                    GFileMonitorEvent  event,
                    gpointer           user_data)
{
  ViaConfigFile *self = VIA_CONFIG_FILE (user_data);

  g_clear_handle_id (&self->settle_id, g_source_remove);
  self->settle_id = g_timeout_add (SETTLE_MS, settled_cb, self);
}

void
via_config_file_watch (ViaConfigFile *self)
{
  g_return_if_fail (VIA_IS_CONFIG_FILE (self));

  if (self->watching)
    return;
  self->watching = TRUE;
  self->monitor = start_monitor (self, self->path);
  watch_target (self);
}
