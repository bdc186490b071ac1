/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via-test"

#include "config.h"

#include <glib/gstdio.h>

#include "via-test-app.h"

char *
via_test_app_sample_yaml (void)
{
  const char *server = g_getenv ("VIADUCT_DEMO_SERVER");

  return g_strdup_printf ("# Bridges of the tests\n"
                          "bridges:\n"
                          "  everything:\n"
                          "    command: [\"%s\"]\n"
                          "  notes:\n"
                          "    command: [\"%s\"]\n"
                          "    description: Notes of the team\n"
                          "  remote:\n"
                          "    endpoint: http://127.0.0.1:9/mcp\n"
                          "    auth_type: bearer\n"
                          "    auth_token_env: REMOTE_TOKEN\n"
                          "    retry_config: {max_retries: 0}\n"
                          "  archive:\n"
                          "    command: [sh, -c, \"echo 'archive: cannot open /srv/archive.db: No such file' >&2; exit 3\"]\n"
                          "  lm_studio:\n"
                          "    endpoint: http://127.0.0.1:1234\n"
                          "    transport: rest\n"
                          "    enabled: false\n", server, server);
}

static void
loaded_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  gboolean *done = user_data;

  via_config_file_load_finish (VIA_CONFIG_FILE (object), result, NULL);
  *done = TRUE;
}

void
via_test_app_open (ViaTestApp *app,
                   const char *yaml,
                   const char *bridge,
                   int         width,
                   int         height)
{
  g_autoptr(ViaRedactor) redactor = via_redactor_new ();
  g_autoptr(ViaSecretStore) secrets = NULL;
  gboolean done = FALSE;

  *app = (ViaTestApp) { 0 };
  app->folder = g_dir_make_tmp ("via-test-XXXXXX", NULL);
  /* Only the usual file may be missing. */
  app->path = yaml != NULL ? g_build_filename (app->folder, "bridges.yaml", NULL) : via_config_file_find_path (NULL);
  if (yaml != NULL)
    g_assert_true (g_file_set_contents (app->path, yaml, -1, NULL));
  app->file = via_config_file_new (app->path);
  via_config_file_load_async (app->file, NULL, loaded_cb, &done);
  via_test_ui_wait_until (done);
  for (guint i = 0; i < via_config_file_get_problems (app->file)->len; i++)
    {
      g_autofree char *line = via_config_problem_to_string (via_config_file_get_problems (app->file)->pdata[i],
                                                            "bridges.yaml");

      g_test_message ("%s", line);
    }
  secrets = via_secret_store_new (redactor, app->folder);
  app->manager = via_bridge_manager_new (app->file, secrets);
  via_bridge_manager_apply (app->manager);
  via_config_file_watch (app->file);
  app->settings = via_settings_new ();
  app->window = VIA_WINDOW (via_window_new (NULL, app->settings));
  gtk_window_set_default_size (GTK_WINDOW (app->window), width, height);
  if (bridge != NULL)
    via_window_open_bridge (app->window, bridge);
  via_window_set_manager (app->window, app->manager);
  via_test_ui_present (GTK_WINDOW (app->window), width, height);
}

static void
remove_folder (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

void
via_test_app_close (ViaTestApp *app)
{
  gpointer window = app->window;
  gpointer manager = app->manager;

  g_object_add_weak_pointer (G_OBJECT (app->window), &window);
  g_object_add_weak_pointer (G_OBJECT (app->manager), &manager);
  gtk_window_close (GTK_WINDOW (app->window));
  via_test_ui_wait_until (window == NULL);
  g_object_unref (app->manager);
  via_test_ui_wait_until (manager == NULL);
  g_object_unref (app->file);
  g_object_unref (app->settings);
  remove_folder (app->folder);
  g_free (app->folder);
  g_free (app->path);
}

ViaBridge *
via_test_app_wait_for_state (ViaTestApp     *app,
                             const char     *name,
                             ViaBridgeState  state)
{
  ViaBridge *bridge;

  /* A changed configuration puts another object in its place. */
  via_test_ui_wait_until ((bridge = via_bridge_manager_find (app->manager, name)) != NULL
                          && via_bridge_get_state (bridge) == state);
  via_test_ui_settle (GTK_WIDGET (app->window));
  return bridge;
}

ViaBridge *
via_test_app_connect (ViaTestApp *app,
                      const char *name)
{
  ViaBridge *bridge = via_bridge_manager_find (app->manager, name);

  g_assert_nonnull (bridge);
  gtk_widget_activate_action (GTK_WIDGET (app->window), "win.connect-bridge", "s", name);
  via_test_ui_wait_until (via_bridge_get_state (bridge) == VIA_BRIDGE_CONNECTED
                          && g_list_model_get_n_items (via_bridge_get_tools (bridge)) > 0);
  via_test_ui_settle (GTK_WIDGET (app->window));
  return bridge;
}
