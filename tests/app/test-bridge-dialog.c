/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via-test"

#include "config.h"

#include <string.h>

#include "via-bridge-dialog.h"
#include "via-test-app.h"

static GtkWidget *
get_row (GtkWindow  *dialog,
         const char *title)
{
  GtkWidget *row;

  for (guint i = 0; (row = via_test_ui_find (GTK_WIDGET (dialog), ADW_TYPE_PREFERENCES_ROW, i)) != NULL; i++)
    if (g_str_equal (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), title))
      return row;
  g_error ("no row is called %s", title);
}

static char *
read_file (ViaTestApp *app)
{
  char *text = NULL;

  g_assert_true (g_file_get_contents (app->path, &text, NULL, NULL));
  return text;
}

static void
saved_cb (ViaBridgeDialog *dialog,
          const char      *name,
          char           **out)
{
  *out = g_strdup (name);
}

static GtkWindow *
open_dialog (ViaTestApp      *app,
             ViaBridgeConfig *config,
             gboolean         is_new)
{
  GtkWindow *dialog = via_bridge_dialog_new (app->manager, config, is_new);

  via_test_ui_present (dialog, 660, 720);
  return dialog;
}

static ViaBridgeConfig *
get_config (ViaTestApp *app,
            const char *name)
{
  return via_bridge_get_config (via_bridge_manager_find (app->manager, name));
}

/* Presses Save and waits until the dialog is gone and the bridge is in the list. */
static void
save (ViaTestApp *app,
      GtkWindow  *dialog,
      const char *label,
      const char *name)
{
  g_autofree char *saved = NULL;
  gpointer gone = dialog;

  g_object_add_weak_pointer (G_OBJECT (dialog), &gone);
  g_signal_connect (dialog, "saved", G_CALLBACK (saved_cb), &saved);
  via_test_ui_click (via_test_ui_find_button (GTK_WIDGET (dialog), label));
  via_test_ui_wait_until (gone == NULL);
  g_assert_cmpstr (saved, ==, name);
  via_test_ui_wait_until (via_bridge_manager_find (app->manager, name) != NULL);
}

static void
test_add_command (void)
{
  g_autofree char *yaml = via_test_app_sample_yaml ();
  g_autofree char *text = NULL;
  ViaTestApp app;
  GtkWindow *dialog;
  GtkWidget *add;

  via_test_app_open (&app, yaml, "lm_studio", 1000, 700);
  dialog = open_dialog (&app, NULL, TRUE);
  add = via_test_ui_find_button (GTK_WIDGET (dialog), "_Add");
  g_assert_false (gtk_widget_get_sensitive (add));
  via_test_ui_type (get_row (dialog, "Name"), "files");
  g_assert_false (gtk_widget_get_sensitive (add));
  via_test_ui_type (get_row (dialog, "Command"), "npx -y 'my server' --root /srv");
  g_assert_true (gtk_widget_get_sensitive (add));
  g_assert_nonnull (via_test_ui_find_text (GTK_WIDGET (dialog), "What Will Run"));
  via_test_ui_assert_named (GTK_WIDGET (dialog));
  save (&app, dialog, "_Add", "files");
  text = read_file (&app);
  g_assert_nonnull (strstr (text, "# Bridges of the tests\n"));
  g_assert_nonnull (strstr (text, "my server"));
  g_assert_cmpstr (get_config (&app, "files")->command[2], ==, "my server");
  g_assert_null (get_config (&app, "files")->endpoint);
  via_test_app_close (&app);
}

/* The token goes to the secret store, its name to the file, and its value nowhere else. */
static void
test_add_url_with_token (void)
{
  g_autofree char *yaml = via_test_app_sample_yaml ();
  g_autofree char *text = NULL;
  ViaTestApp app;
  GtkWindow *dialog;

  via_test_app_open (&app, yaml, "lm_studio", 1000, 700);
  dialog = open_dialog (&app, NULL, TRUE);
  via_test_ui_click (via_test_ui_find_button (GTK_WIDGET (dialog), "URL"));
  via_test_ui_settle (GTK_WIDGET (dialog));
  via_test_ui_type (get_row (dialog, "Name"), "my cloud");
  via_test_ui_type (get_row (dialog, "Address"), "https://127.0.0.1:9/mcp");
  adw_combo_row_set_selected (ADW_COMBO_ROW (get_row (dialog, "Authorization")), 1);
  via_test_ui_settle (GTK_WIDGET (dialog));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (get_row (dialog, "Token Name"))), ==, "MY_CLOUD_TOKEN");
  via_test_ui_type (get_row (dialog, "Token"), "tok-5e7-xyzzy");
  via_test_ui_snapshot_both (GTK_WIDGET (dialog), "bridge-dialog-token");
  save (&app, dialog, "_Add", "my cloud");
  text = read_file (&app);
  g_assert_nonnull (strstr (text, "MY_CLOUD_TOKEN"));
  g_assert_null (strstr (text, "xyzzy"));
  g_assert_cmpint (get_config (&app, "my cloud")->auth, ==, VIA_AUTH_BEARER);
  via_test_app_close (&app);
}

static void
test_validates (void)
{
  g_autofree char *yaml = via_test_app_sample_yaml ();
  ViaTestApp app;
  GtkWindow *dialog;
  GtkWidget *add;

  via_test_app_open (&app, yaml, "lm_studio", 1000, 700);
  dialog = open_dialog (&app, NULL, TRUE);
  add = via_test_ui_find_button (GTK_WIDGET (dialog), "_Add");
  via_test_ui_type (get_row (dialog, "Command"), "run 'it");
  via_test_ui_settle (GTK_WIDGET (dialog));
  g_assert_nonnull (via_test_ui_find_text (GTK_WIDGET (dialog), "A quotation mark is not closed."));
  g_assert_true (gtk_widget_has_css_class (get_row (dialog, "Command"), "error"));
  via_test_ui_type (get_row (dialog, "Command"), "run it");
  via_test_ui_type (get_row (dialog, "Name"), "everything");
  via_test_ui_settle (GTK_WIDGET (dialog));
  g_assert_nonnull (via_test_ui_find_text (GTK_WIDGET (dialog), "There is a bridge called “everything” already."));
  g_assert_false (gtk_widget_get_sensitive (add));
  via_test_ui_type (get_row (dialog, "Name"), "something");
  g_assert_true (gtk_widget_get_sensitive (add));
  via_test_ui_click (via_test_ui_find_button (GTK_WIDGET (dialog), "REST"));
  via_test_ui_type (get_row (dialog, "Address"), "http://example.com/tools");
  via_test_ui_settle (GTK_WIDGET (dialog));
  g_assert_false (gtk_widget_get_sensitive (add));
  via_test_ui_snapshot (GTK_WIDGET (dialog), "bridge-dialog-wrong");
  via_test_ui_close (dialog);
  via_test_app_close (&app);
}

/* Only what was changed changes: comments, order and other bridges keep their bytes. */
static void
test_edit (void)
{
  g_autofree char *yaml = via_test_app_sample_yaml ();
  g_autofree char *text = NULL;
  ViaTestApp app;
  GtkWindow *dialog;

  via_test_app_open (&app, yaml, "lm_studio", 1000, 700);
  dialog = open_dialog (&app, get_config (&app, "notes"), FALSE);
  via_test_ui_type (get_row (dialog, "Name"), "team-notes");
  save (&app, dialog, "_Save", "team-notes");
  via_test_ui_wait_until (via_bridge_manager_find (app.manager, "notes") == NULL);
  text = read_file (&app);
  g_assert_nonnull (strstr (text, "# Bridges of the tests\n"));
  g_assert_nonnull (strstr (text, "description: Notes of the team\n"));
  g_assert_nonnull (strstr (text, "    auth_token_env: REMOTE_TOKEN\n"));
  g_assert_null (strstr (text, "  notes:"));
  via_test_app_close (&app);
}

/* What is said about a bridge and whether it is on are edited like the rest; Enter in a row saves. */
static void
test_edit_description (void)
{
  g_autofree char *yaml = via_test_app_sample_yaml ();
  g_autofree char *text = NULL;
  ViaTestApp app;
  GtkWindow *dialog;
  gpointer gone;

  via_test_app_open (&app, yaml, "lm_studio", 1000, 700);
  dialog = gone = open_dialog (&app, get_config (&app, "notes"), FALSE);
  g_object_add_weak_pointer (G_OBJECT (dialog), &gone);
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (get_row (dialog, "Advanced")), TRUE);
  via_test_ui_settle (GTK_WIDGET (dialog));
  via_test_ui_type (get_row (dialog, "Description"), "Notes of everybody");
  gtk_switch_set_active (GTK_SWITCH (via_test_ui_find (get_row (dialog, "Turned On"), GTK_TYPE_SWITCH, 0)), FALSE);
  g_signal_emit_by_name (get_row (dialog, "Description"), "entry-activated");
  via_test_ui_wait_until (gone == NULL);
  via_test_app_wait_for_state (&app, "notes", VIA_BRIDGE_OFF);
  text = read_file (&app);
  g_assert_nonnull (strstr (text, "description: Notes of everybody\n"));
  g_assert_nonnull (strstr (text, "enabled: false\n"));
  via_test_app_close (&app);
}

/* The window is as high as its rows, until somebody sizes it. */
static void
test_height (void)
{
  g_autofree char *yaml = via_test_app_sample_yaml ();
  ViaTestApp app;
  GtkWindow *dialog;
  int width, first, other; /* the floor wants both */

  via_test_app_open (&app, yaml, "lm_studio", 1000, 700);
  dialog = via_bridge_dialog_new (app.manager, get_config (&app, "remote"), FALSE);
  gtk_window_present (dialog);
  via_test_ui_settle (GTK_WIDGET (dialog));
  gtk_window_get_default_size (dialog, &width, &first);
  g_assert_cmpint (first, >, 300);
  g_assert_cmpint (first, <, 720);
  /* Without authorization two rows and a note fewer. */
  adw_combo_row_set_selected (ADW_COMBO_ROW (get_row (dialog, "Authorization")), 0);
  via_test_ui_wait_until ((gtk_window_get_default_size (dialog, &width, &other), other < first));
  via_test_ui_close (dialog);
  via_test_app_close (&app);
}

/* Opening a bridge and saving it unchanged leaves the file as it is. */
static void
test_edit_nothing (void)
{
  const char *names[] = { "everything", "notes", "remote", "lm_studio" };
  g_autofree char *yaml = via_test_app_sample_yaml ();
  ViaTestApp app;

  via_test_app_open (&app, yaml, "lm_studio", 1000, 700);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      GtkWindow *dialog = open_dialog (&app, get_config (&app, names[i]), FALSE);
      g_autofree char *text = NULL;

      save (&app, dialog, "_Save", names[i]);
      text = read_file (&app);
      g_assert_cmpstr (text, ==, yaml);
    }
  via_test_app_close (&app);
}

static void
test_tests (void)
{
  g_autofree char *yaml = via_test_app_sample_yaml ();
  ViaTestApp app;
  GtkWindow *dialog;
  GtkWidget *test;

  via_test_app_open (&app, yaml, "lm_studio", 1000, 700);
  dialog = open_dialog (&app, get_config (&app, "notes"), FALSE);
  test = via_test_ui_find_button (GTK_WIDGET (dialog), "_Test");
  via_test_ui_click (test);
  g_assert_false (gtk_widget_get_sensitive (test));
  via_test_ui_wait_until (gtk_widget_get_sensitive (test));
  via_test_ui_settle (GTK_WIDGET (dialog));
  via_test_ui_snapshot (GTK_WIDGET (dialog), "bridge-dialog-tested");
  via_test_ui_close (dialog);

  dialog = open_dialog (&app, get_config (&app, "archive"), FALSE);
  test = via_test_ui_find_button (GTK_WIDGET (dialog), "_Test");
  via_test_ui_click (test);
  via_test_ui_wait_until (gtk_widget_get_sensitive (test));
  via_test_ui_settle (GTK_WIDGET (dialog));
  via_test_ui_snapshot (GTK_WIDGET (dialog), "bridge-dialog-test-failed");
  via_test_ui_close (dialog);
  via_test_app_close (&app);
}

/* Closing in the middle of a test leaves nothing behind. */
static void
test_closes_while_testing (void)
{
  const char *yaml = "bridges:\n  slow:\n    command: [sleep, \"60\"]\n    enabled: false\n";
  ViaTestApp app;
  GtkWindow *dialog;

  via_test_app_open (&app, yaml, NULL, 1000, 700);
  dialog = open_dialog (&app, get_config (&app, "slow"), FALSE);
  via_test_ui_click (via_test_ui_find_button (GTK_WIDGET (dialog), "_Test"));
  via_test_ui_settle (GTK_WIDGET (dialog));
  via_test_ui_close (dialog);
  via_test_app_close (&app);
}

static void
test_narrow (void)
{
  g_autofree char *yaml = via_test_app_sample_yaml ();
  ViaTestApp app;
  GtkWindow *dialog;

  via_test_app_open (&app, yaml, "lm_studio", 1000, 700);
  dialog = via_bridge_dialog_new (app.manager, get_config (&app, "remote"), FALSE);
  via_test_ui_present (dialog, 360, 700);
  via_test_ui_assert_fits (adw_window_get_content (ADW_WINDOW (dialog)), 360);
  via_test_ui_snapshot (GTK_WIDGET (dialog), "bridge-dialog-narrow");
  via_test_ui_close (dialog);
  via_test_app_close (&app);
}

int
main (int    argc,
      char **argv)
{
  via_test_ui_init (&argc, &argv);
  g_test_add_func ("/app/bridge-dialog/add-command", test_add_command);
  g_test_add_func ("/app/bridge-dialog/add-url-with-token", test_add_url_with_token);
  g_test_add_func ("/app/bridge-dialog/validates", test_validates);
  g_test_add_func ("/app/bridge-dialog/edit", test_edit);
  g_test_add_func ("/app/bridge-dialog/edit-description", test_edit_description);
  g_test_add_func ("/app/bridge-dialog/height", test_height);
  g_test_add_func ("/app/bridge-dialog/edit-nothing", test_edit_nothing);
  g_test_add_func ("/app/bridge-dialog/tests", test_tests);
  g_test_add_func ("/app/bridge-dialog/closes-while-testing", test_closes_while_testing);
  g_test_add_func ("/app/bridge-dialog/narrow", test_narrow);
  return g_test_run ();
}
