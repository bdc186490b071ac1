/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "bridge/via-bridge-manager.h"

typedef struct
{
  char             *path;
  ViaConfigFile    *file;
  ViaRedactor      *redactor;
  ViaSecretStore   *secrets;
  ViaBridgeManager *manager;
  guint             n_changes; /* of the list */
  guint             position, removed, added; /* of the newest one */
  gboolean          stopped;
} Fixture;

#define ALPHA "  alpha: {endpoint: \"https://a.example.com/mcp\"}\n"
#define BETA "  beta: {endpoint: \"https://b.example.com/mcp\"}\n"
#define BETA_CHANGED "  beta: {endpoint: \"https://b.example.com/v2\"}\n"
#define GAMMA "  gamma: {endpoint: \"https://c.example.com/mcp\", enabled: false}\n"
#define SLEEPER "  sleeper: {command: [\"sleep\", \"1000\"]}\n"
#define SLEEPER_CHANGED "  sleeper: {command: [\"sleep\", \"1001\"]}\n"
#define SLEEPER_OFF "  sleeper: {command: [\"sleep\", \"1000\"], enabled: false}\n"

static void
items_changed_cb (GListModel *model,
                  guint       position,
                  guint       removed,
                  guint       added,
                  Fixture    *f)
{
  f->n_changes++;
  f->position = position;
  f->removed = removed;
  f->added = added;
}

/* What the file says from now on; NULL: there is none. */
static void
load (Fixture    *f,
      const char *text)
{
  g_autoptr(GError) error = NULL;

  if (text != NULL)
    g_file_set_contents (f->path, text, -1, &error);
  g_assert_no_error (error);
  via_config_file_load (f->file, &error);
  g_assert_no_error (error);
  via_bridge_manager_apply (f->manager);
}

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  g_autofree char *directory = NULL;

  /* The usual place, where a missing file is no error; the directories are this test's own. */
  f->path = via_config_file_find_path (NULL);
  directory = g_path_get_dirname (f->path);
  g_assert_cmpint (g_mkdir_with_parents (directory, 0700), ==, 0);
  f->file = via_config_file_new (f->path);
  f->redactor = via_redactor_new ();
  f->secrets = via_secret_store_new (f->redactor, NULL);
  f->manager = via_bridge_manager_new (f->file, f->secrets);
  g_signal_connect (f->manager, "items-changed", G_CALLBACK (items_changed_cb), f);
}

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
stopped_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Fixture *f = user_data;
  g_autoptr(GError) error = NULL;

  g_assert_true (via_bridge_manager_stop_all_finish (VIA_BRIDGE_MANAGER (source), result, &error));
  g_assert_no_error (error);
  f->stopped = TRUE;
}

static void
stop_all (Fixture *f)
{
  f->stopped = FALSE;
  via_bridge_manager_stop_all_async (f->manager, NULL, stopped_cb, f);
  while (!f->stopped)
    g_main_context_iteration (NULL, TRUE);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  stop_all (f);
  settle ();
  g_assert_finalize_object (f->manager);
  g_assert_finalize_object (f->file);
  g_assert_finalize_object (f->secrets);
  via_redactor_unref (f->redactor);
  g_remove (f->path);
  g_free (f->path);
}

static guint
count (Fixture *f)
{
  return g_list_model_get_n_items (G_LIST_MODEL (f->manager));
}

static void
assert_names (Fixture    *f,
              const char *names)
{
  g_autoptr(GString) actual = g_string_new (NULL);

  for (guint i = 0; i < count (f); i++)
    {
      g_autoptr(ViaBridge) bridge = g_list_model_get_item (G_LIST_MODEL (f->manager), i);

      g_string_append_printf (actual, "%s%s", i > 0 ? " " : "", via_bridge_get_name (bridge));
    }
  g_assert_cmpstr (actual->str, ==, names);
}

static ViaOperation *
execute (Fixture    *f,
         const char *bridge)
{
  return via_bridge_manager_execute (f->manager, via_bridge_manager_find (f->manager, bridge), "tool", NULL, NULL);
}

static void
wait_for_end (ViaOperation *operation)
{
  while (!via_operation_is_finished (operation))
    g_main_context_iteration (NULL, TRUE);
}

static void
test_demo (Fixture       *f,
           gconstpointer  data)
{
  ViaBridge *demo;

  load (f, NULL);
  assert_names (f, VIA_DEMO_BRIDGE_NAME);
  demo = via_bridge_manager_find (f->manager, VIA_DEMO_BRIDGE_NAME);
  g_assert_true (via_bridge_get_config (demo)->builtin);
  g_assert_cmpint (via_bridge_get_state (demo), ==, VIA_BRIDGE_IDLE);
  load (f, "global_settings: {cache_ttl: 5}\n"); /* a file without bridges is no reason to lose it */
  g_assert_true (demo == via_bridge_manager_find (f->manager, VIA_DEMO_BRIDGE_NAME));
  load (f, "bridges:\n" ALPHA);
  assert_names (f, "alpha");
}

static void
test_demo_command (void)
{
  g_auto(GStrv) named = NULL;
  g_auto(GStrv) found = NULL;

  g_setenv ("VIADUCT_DEMO_SERVER", "/some where/demo", TRUE);
  named = via_bridge_demo_command ();
  g_assert_cmpuint (g_strv_length (named), ==, 1);
  g_assert_cmpstr (named[0], ==, "/some where/demo");
  g_unsetenv ("VIADUCT_DEMO_SERVER");
  found = via_bridge_demo_command ();
  g_assert_cmpuint (g_strv_length (found), ==, 1);
  g_assert_true (g_path_is_absolute (found[0]));
}

static void
test_order_of_file (Fixture       *f,
                    gconstpointer  data)
{
  load (f, "bridges:\n" GAMMA ALPHA BETA);
  assert_names (f, "gamma alpha beta");
  g_assert_cmpint (via_bridge_get_state (via_bridge_manager_find (f->manager, "gamma")), ==, VIA_BRIDGE_OFF);
  g_assert_null (via_bridge_manager_find (f->manager, "delta"));
}

static void
test_require (Fixture       *f,
              gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  load (f, "bridges:\n" ALPHA GAMMA);
  g_assert_nonnull (via_bridge_manager_require (f->manager, "alpha", &error));
  g_assert_no_error (error);
  g_assert_null (via_bridge_manager_require (f->manager, "delta", &error));
  g_assert_error (error, VIA_CONFIG_ERROR, VIA_CONFIG_ERROR_UNKNOWN_BRIDGE);
  g_assert_nonnull (strstr (error->message, "alpha, gamma"));
  g_clear_error (&error);
  g_assert_null (via_bridge_manager_require (f->manager, "gamma", &error));
  g_assert_error (error, VIA_CONFIG_ERROR, VIA_CONFIG_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "enabled: true"));
}

static void
test_reload_keeps_the_unchanged (Fixture       *f,
                                 gconstpointer  data)
{
  ViaBridge *alpha;
  g_autoptr(ViaBridge) beta = NULL;

  load (f, "bridges:\n" ALPHA BETA GAMMA);
  alpha = via_bridge_manager_find (f->manager, "alpha");
  beta = g_object_ref (via_bridge_manager_find (f->manager, "beta"));
  f->n_changes = 0;
  load (f, "# a comment\nbridges:\n" ALPHA BETA GAMMA);
  g_assert_cmpuint (f->n_changes, ==, 0);

  load (f, "bridges:\n" ALPHA BETA_CHANGED GAMMA);
  g_assert_cmpuint (f->n_changes, ==, 1);
  g_assert_cmpuint (f->position, ==, 1);
  g_assert_cmpuint (f->removed, ==, 1);
  g_assert_cmpuint (f->added, ==, 1);
  g_assert_true (alpha == via_bridge_manager_find (f->manager, "alpha"));
  g_assert_true (beta != via_bridge_manager_find (f->manager, "beta"));

  load (f, "bridges:\n" ALPHA GAMMA);
  assert_names (f, "alpha gamma");
  g_assert_true (alpha == via_bridge_manager_find (f->manager, "alpha"));
}

static void
test_reload_settings (Fixture       *f,
                      gconstpointer  data)
{
  g_autoptr(ViaBridge) alpha = NULL;

  load (f, "bridges:\n" ALPHA);
  alpha = g_object_ref (via_bridge_manager_find (f->manager, "alpha"));
  load (f, "bridges:\n" ALPHA "global_settings: {cache_ttl: 7, max_concurrent_requests: 2}\n");
  g_assert_true (alpha == via_bridge_manager_find (f->manager, "alpha"));
  load (f, "bridges:\n" ALPHA "security: {require_https: false}\n");
  g_assert_true (alpha != via_bridge_manager_find (f->manager, "alpha"));
}

static void
test_operations (Fixture       *f,
                 gconstpointer  data)
{
  GListModel *operations = via_bridge_manager_get_operations (f->manager);
  g_autoptr(ViaOperation) first = NULL;
  g_autoptr(ViaOperation) second = NULL;
  g_autoptr(ViaOperation) running = NULL;
  g_autoptr(ViaOperation) newest = NULL;

  load (f, "bridges:\n" SLEEPER GAMMA);
  first = execute (f, "gamma");
  second = execute (f, "gamma");
  running = execute (f, "sleeper");
  newest = g_list_model_get_item (operations, 0);
  g_assert_true (newest == running);
  wait_for_end (second);
  g_assert_cmpint (via_operation_get_side (first), ==, VIA_SIDE_CONFIGURATION);
  via_bridge_manager_remove_operation (f->manager, first);
  via_bridge_manager_remove_operation (f->manager, first);
  g_assert_cmpuint (g_list_model_get_n_items (operations), ==, 2);
  via_bridge_manager_clear_operations (f->manager);
  g_assert_cmpuint (g_list_model_get_n_items (operations), ==, 1);
  g_assert_false (via_operation_is_finished (running));
}

static void
test_operations_are_capped (Fixture       *f,
                            gconstpointer  data)
{
  GListModel *operations = via_bridge_manager_get_operations (f->manager);
  g_autoptr(ViaOperation) running = NULL;
  g_autoptr(ViaOperation) oldest = NULL;

  load (f, "bridges:\n" SLEEPER GAMMA);
  running = execute (f, "sleeper");
  for (guint i = 0; i < 600; i++)
    {
      g_autoptr(ViaOperation) operation = execute (f, "gamma");

      if (i % 100 == 0)
        wait_for_end (operation);
    }
  g_assert_cmpuint (g_list_model_get_n_items (operations), ==, 500);
  oldest = g_list_model_get_item (operations, 499);
  g_assert_true (oldest == running);
}

static void
test_stop_all (Fixture       *f,
               gconstpointer  data)
{
  g_autoptr(ViaBridgeConfig) config = NULL;
  g_autoptr(ViaBridge) tried = NULL;
  g_autoptr(ViaOperation) first = NULL;
  g_autoptr(ViaOperation) second = NULL;
  ViaBridge *sleeper;

  load (f, "bridges:\n" SLEEPER);
  sleeper = via_bridge_manager_find (f->manager, "sleeper");
  config = via_bridge_config_copy (via_bridge_get_config (sleeper));
  tried = via_bridge_manager_try (f->manager, config);
  first = execute (f, "sleeper");
  second = via_bridge_execute (tried, "tool", NULL, NULL);
  while (via_bridge_get_state (sleeper) != VIA_BRIDGE_CONNECTING)
    g_main_context_iteration (NULL, TRUE);
  stop_all (f);
  g_assert_cmpint (via_operation_get_state (first), ==, VIA_OPERATION_CANCELLED);
  g_assert_cmpint (via_operation_get_state (second), ==, VIA_OPERATION_CANCELLED);
  g_assert_cmpint (via_bridge_get_state (sleeper), ==, VIA_BRIDGE_IDLE);
  g_assert_cmpuint (via_bridge_get_n_running (sleeper), ==, 0);
}

/* A bridge that was only changed may finish what it does; one that was taken away or switched off may not. */
static void
test_reload_while_running (Fixture       *f,
                           gconstpointer  data)
{
  g_autoptr(ViaOperation) kept = NULL;
  g_autoptr(ViaOperation) lost = NULL;

  load (f, "bridges:\n" SLEEPER);
  kept = execute (f, "sleeper");
  load (f, "bridges:\n" SLEEPER_CHANGED);
  settle ();
  g_assert_false (via_operation_is_finished (kept));
  lost = execute (f, "sleeper");
  load (f, "bridges:\n" SLEEPER_OFF);
  g_assert_cmpint (via_operation_get_state (lost), ==, VIA_OPERATION_CANCELLED);
  g_assert_false (via_operation_is_finished (kept));
  stop_all (f); /* reaches what is out of the list, too */
  g_assert_cmpint (via_operation_get_state (kept), ==, VIA_OPERATION_CANCELLED);
}

static void
test_dispose_while_running (Fixture       *f,
                            gconstpointer  data)
{
  g_autoptr(ViaOperation) operation = NULL;

  load (f, "bridges:\n" SLEEPER);
  operation = execute (f, "sleeper");
  settle ();
  g_assert_finalize_object (f->manager);
  wait_for_end (operation);
  g_assert_cmpint (via_operation_get_state (operation), ==, VIA_OPERATION_CANCELLED);
  f->manager = via_bridge_manager_new (f->file, f->secrets);
}

typedef struct
{
  const char *name;
  const char *bridge;
  ViaSide     side;
  const char *says;
} BadBridge;

static const BadBridge bad_bridges[] = {
  { "sse", "{endpoint: \"https://a.example.com/sse\", transport: sse}", VIA_SIDE_CONFIGURATION, "not supported yet" },
  { "openapi", "{endpoint: \"https://a.example.com/api\", transport: openapi}", VIA_SIDE_CONFIGURATION,
    "not supported yet" },
  { "oauth", "{endpoint: \"https://a.example.com/mcp\", auth_type: oauth}", VIA_SIDE_CONFIGURATION,
    "not supported yet" },
  { "secret-in-command", "{command: [\"true\", \"--token=${secret:T}\"]}", VIA_SIDE_CONFIGURATION, "“env”" },
  { "no-such-command", "{command: [\"/nonexistent/server\"]}", VIA_SIDE_NONE, "/nonexistent/server" },
};

static void
test_bad_bridge (Fixture       *f,
                 gconstpointer  data)
{
  const BadBridge *bad = data;
  g_autofree char *text = g_strdup_printf ("bridges:\n  bad: %s\n", bad->bridge);
  g_autoptr(ViaOperation) operation = NULL;
  ViaBridge *bridge;

  load (f, text);
  operation = execute (f, "bad");
  wait_for_end (operation);
  g_assert_cmpint (via_operation_get_state (operation), ==, VIA_OPERATION_FAILED);
  g_test_message ("%s", via_operation_get_error (operation)->message);
  g_assert_nonnull (strstr (via_operation_get_error (operation)->message, bad->says));
  if (bad->side != VIA_SIDE_NONE)
    g_assert_cmpint (via_operation_get_side (operation), ==, bad->side);
  bridge = via_bridge_manager_find (f->manager, "bad");
  g_assert_cmpint (via_bridge_get_state (bridge), ==, VIA_BRIDGE_FAILED);
  g_assert_cmpstr (via_bridge_get_status (bridge), ==, via_operation_get_error (operation)->message);
}

#define ADD(path, func) g_test_add ("/bridge-manager/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  /* A usual place of our own; GLib's isolation does the same but leaks. */
  g_autofree char *home = g_dir_make_tmp ("viaduct-test-XXXXXX", NULL);
  g_autofree char *folder = g_build_filename (home, "viaduct", NULL);
  int status;

  g_setenv ("XDG_CONFIG_HOME", home, TRUE);
  g_unsetenv ("VIADUCT_CONFIG");
  g_test_init (&argc, &argv, NULL);

  ADD ("demo", test_demo);
  g_test_add_func ("/bridge-manager/demo-command", test_demo_command);
  ADD ("order-of-file", test_order_of_file);
  ADD ("require", test_require);
  ADD ("reload/keeps-the-unchanged", test_reload_keeps_the_unchanged);
  ADD ("reload/settings", test_reload_settings);
  ADD ("reload/while-running", test_reload_while_running);
  ADD ("operations", test_operations);
  ADD ("operations/are-capped", test_operations_are_capped);
  ADD ("stop-all", test_stop_all);
  ADD ("dispose-while-running", test_dispose_while_running);
  for (guint i = 0; i < G_N_ELEMENTS (bad_bridges); i++)
    {
      g_autofree char *path = g_strconcat ("/bridge-manager/bad/", bad_bridges[i].name, NULL);

      g_test_add (path, Fixture, &bad_bridges[i], set_up, test_bad_bridge, tear_down);
    }

  status = g_test_run ();
  g_rmdir (folder);
  g_rmdir (home);
  return status;
}
