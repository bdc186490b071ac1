/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via-test"

#include "config.h"

#include <string.h>

#include "via-bridge-failed-page.h"
#include "via-bridge-row.h"
#include "via-problems-card.h"
#include "via-test-app.h"
#include "via-tool-pane.h"
#include "via-tool-row.h"
#include "via-welcome-page.h"

static GtkWidget *
root (ViaTestApp *app)
{
  return GTK_WIDGET (app->window);
}

static void
activate (ViaTestApp *app,
          const char *action)
{
  g_assert_true (gtk_widget_activate_action (root (app), action, NULL));
}

static gboolean
shows (ViaTestApp *app,
       const char *text)
{
  return via_test_ui_find_text (root (app), text) != NULL;
}

/* Without a file: the welcome, the demo one press away; the next start goes right there. */
static void
test_first_start (void)
{
  ViaTestApp app;

  via_test_app_open (&app, NULL, NULL, 1280, 800);
  g_assert_nonnull (via_test_ui_find (root (&app), VIA_TYPE_WELCOME_PAGE, 0));
  g_assert_nonnull (via_test_ui_find (root (&app), VIA_TYPE_BRIDGE_ROW, 0));
  via_test_ui_assert_named (root (&app));
  g_assert_false (via_settings_get_welcomed (app.settings));
  via_test_ui_snapshot_both (root (&app), "window-first-start");
  via_test_ui_click (via_test_ui_find_button (root (&app), "Open the _Demo Bridge"));
  via_test_app_wait_for_state (&app, "demo", VIA_BRIDGE_CONNECTED);
  via_test_ui_wait_until (via_test_ui_find (root (&app), VIA_TYPE_TOOL_ROW, 3) != NULL);
  g_assert_null (via_test_ui_find (root (&app), VIA_TYPE_WELCOME_PAGE, 0));
  g_assert_true (via_settings_get_welcomed (app.settings));
  via_test_app_close (&app);
}

static void
test_opens_asked_bridge (void)
{
  ViaTestApp app;

  via_test_app_open (&app, NULL, "demo", 1280, 800);
  g_assert_null (via_test_ui_find (root (&app), VIA_TYPE_WELCOME_PAGE, 0));
  via_test_app_wait_for_state (&app, "demo", VIA_BRIDGE_CONNECTED);
  via_test_app_close (&app);
}

static void
test_selecting_connects (void)
{
  g_autofree char *yaml = via_test_app_sample_yaml ();
  ViaTestApp app;

  via_test_app_open (&app, yaml, "everything", 1280, 800);
  via_test_app_wait_for_state (&app, "everything", VIA_BRIDGE_CONNECTED);
  via_test_ui_wait_until (shows (&app, "Greet Somebody"));
  /* Another one on top: both stay connected. */
  activate (&app, "win.next-bridge");
  via_test_app_wait_for_state (&app, "notes", VIA_BRIDGE_CONNECTED);
  g_assert_cmpint (via_bridge_get_state (via_bridge_manager_find (app.manager, "everything")), ==, VIA_BRIDGE_CONNECTED);
  g_assert_true (shows (&app, "notes"));
  activate (&app, "win.previous-bridge");
  activate (&app, "win.previous-bridge");
  via_test_ui_settle (root (&app));
  g_assert_true (shows (&app, "2 of 4 connected"));
  via_test_ui_assert_named (root (&app));
  via_test_ui_snapshot_both (root (&app), "window-all-bridges");
  via_test_app_close (&app);
}

static void
test_tool_is_remembered (void)
{
  g_autofree char *yaml = via_test_app_sample_yaml ();
  ViaTestApp app;
  ViaTool *tool = NULL;

  via_test_app_open (&app, yaml, "everything", 1280, 800);
  via_test_app_connect (&app, "everything");
  g_assert_true (via_window_open_tool (app.window, "greet"));
  g_assert_false (via_window_open_tool (app.window, "no such tool"));
  via_window_open_bridge (app.window, "notes");
  via_test_app_connect (&app, "notes");
  via_window_open_bridge (app.window, "everything");
  via_test_ui_settle (root (&app));
  g_object_get (via_test_ui_find (root (&app), VIA_TYPE_TOOL_PANE, 0), "tool", &tool, NULL);
  g_assert_nonnull (tool);
  g_assert_cmpstr (via_tool_get_name (tool), ==, "greet");
  g_object_unref (tool);
  via_test_app_close (&app);
}

static void
test_failed_page (void)
{
  g_autofree char *yaml = via_test_app_sample_yaml ();
  ViaTestApp app;
  GtkWidget *page;

  via_test_app_open (&app, yaml, "archive", 1280, 800);
  via_test_app_wait_for_state (&app, "archive", VIA_BRIDGE_FAILED);
  page = via_test_ui_find (root (&app), VIA_TYPE_BRIDGE_FAILED_PAGE, 0);
  g_assert_nonnull (page);
  g_assert_nonnull (via_test_ui_find_text (page, "Could Not Connect to “archive”"));
  /* The last words stand in the message; the log does not repeat them. */
  g_assert_null (via_test_ui_find_text (page, "archive: cannot open /srv/archive.db: No such file"));
  g_assert_nonnull (via_test_ui_find_button (page, "_Edit Bridge…"));
  g_assert_null (via_test_ui_find_button (page, "Set T_oken…"));
  via_test_ui_snapshot_both (root (&app), "window-bridge-failed");
  via_test_ui_click (via_test_ui_find_button (page, "_Try Again"));
  via_test_app_wait_for_state (&app, "archive", VIA_BRIDGE_CONNECTING);
  via_test_app_wait_for_state (&app, "archive", VIA_BRIDGE_FAILED);
  /* A token that is missing is offered to be set. */
  via_window_open_bridge (app.window, "remote");
  via_test_app_wait_for_state (&app, "remote", VIA_BRIDGE_FAILED);
  page = via_test_ui_find (root (&app), VIA_TYPE_BRIDGE_FAILED_PAGE, 0);
  g_assert_nonnull (via_test_ui_find_button (page, "Set T_oken…"));
  via_test_ui_snapshot (root (&app), "window-bridge-failed-token");
  via_test_app_close (&app);
}

static void
test_turn_off_and_on (void)
{
  g_autofree char *yaml = via_test_app_sample_yaml ();
  ViaTestApp app;

  via_test_app_open (&app, yaml, "notes", 1280, 800);
  via_test_app_wait_for_state (&app, "notes", VIA_BRIDGE_CONNECTED);
  activate (&app, "win.toggle");
  via_test_app_wait_for_state (&app, "notes", VIA_BRIDGE_OFF);
  via_test_ui_wait_until (shows (&app, "This Bridge Is Off"));
  g_assert_false (gtk_widget_activate_action (root (&app), "win.no-such-action", NULL));
  via_test_ui_click (via_test_ui_find_button (root (&app), "Turn _On"));
  via_test_app_wait_for_state (&app, "notes", VIA_BRIDGE_CONNECTED);
  via_test_app_close (&app);
}

static void
test_remove_and_undo (void)
{
  g_autofree char *yaml = via_test_app_sample_yaml ();
  g_autofree char *text = NULL;
  ViaTestApp app;

  via_test_app_open (&app, yaml, "notes", 1280, 800);
  g_assert_true (gtk_widget_activate_action (root (&app), "win.remove-bridge", "s", "notes"));
  via_test_ui_wait_until (via_bridge_manager_find (app.manager, "notes") == NULL);
  via_test_ui_wait_until (via_test_ui_find_button (root (&app), "_Undo") != NULL);
  via_test_ui_click (via_test_ui_find_button (root (&app), "_Undo"));
  via_test_ui_wait_until (via_bridge_manager_find (app.manager, "notes") != NULL);
  g_assert_true (g_file_get_contents (app.path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, yaml);
  via_test_app_close (&app);
}

/* Somebody edits the file in an editor: mistakes are shown with their lines, and the good bridges stay; then they are gone. */
static void
test_hot_reload (void)
{
  g_autofree char *yaml = via_test_app_sample_yaml ();
  g_autofree char *broken = g_strconcat (yaml, "  wrong:\n    command: [true]\n    timeout: soon\n", NULL);
  g_autofree char *mended = g_strconcat (yaml, "  another:\n    command: [\"true\"]\n    enabled: false\n", NULL);
  ViaTestApp app;
  GtkWidget *card;

  via_test_app_open (&app, yaml, "lm_studio", 1280, 800);
  g_assert_null (via_test_ui_find (root (&app), VIA_TYPE_PROBLEMS_CARD, 0));
  g_assert_true (g_file_set_contents (app.path, broken, -1, NULL));
  via_test_ui_wait_until ((card = via_test_ui_find (root (&app), VIA_TYPE_PROBLEMS_CARD, 0)) != NULL);
  g_assert_nonnull (via_test_ui_find_button (card, "_Open File"));
  g_assert_nonnull (via_bridge_manager_find (app.manager, "everything"));
  via_test_ui_settle (root (&app));
  via_test_ui_snapshot_both (root (&app), "window-problems");
  g_assert_true (g_file_set_contents (app.path, mended, -1, NULL));
  via_test_ui_wait_until (via_bridge_manager_find (app.manager, "another") != NULL);
  via_test_ui_wait_until (via_test_ui_find (root (&app), VIA_TYPE_PROBLEMS_CARD, 0) == NULL);
  via_test_ui_wait_until (shows (&app, "another"));
  via_test_app_close (&app);
}

static void
test_connection_test (void)
{
  g_autofree char *yaml = via_test_app_sample_yaml ();
  ViaTestApp app;
  GtkWidget *button;

  via_test_app_open (&app, yaml, "everything", 1280, 800);
  via_test_app_connect (&app, "everything");
  button = via_test_ui_find_button (root (&app), "Test");
  via_test_ui_click (button);
  g_assert_false (gtk_widget_is_sensitive (button));
  via_test_ui_wait_until (gtk_widget_is_sensitive (button));
  via_test_ui_settle (root (&app));
  via_test_ui_snapshot (root (&app), "window-tested");
  via_test_app_close (&app);
}

static void
execute (ViaTestApp *app,
         const char *bridge,
         const char *tool,
         const char *arguments)
{
  g_autoptr(ViaJsonDocument) document = via_json_document_new_strict (arguments, -1, NULL);

  g_object_unref (via_bridge_manager_execute (app->manager, via_bridge_manager_find (app->manager, bridge), tool, document,
                                              NULL));
}

static ViaOperation *
get_operation (ViaTestApp *app)
{
  ViaOperation *operation = g_list_model_get_item (via_bridge_manager_get_operations (app->manager), 0);

  g_object_unref (operation);
  return operation;
}

static void
test_stop_all (void)
{
  g_autofree char *yaml = via_test_app_sample_yaml ();
  ViaTestApp app;

  via_test_app_open (&app, yaml, "everything", 1280, 800);
  via_test_app_connect (&app, "everything");
  execute (&app, "everything", "count-slowly", "{\"steps\": 100, \"delay_ms\": 1000}");
  via_test_ui_wait_until (via_operation_get_state (get_operation (&app)) == VIA_OPERATION_RUNNING);
  via_test_ui_click (via_test_ui_find_button (root (&app), "Stop All"));
  via_test_ui_wait_until (via_operation_get_state (get_operation (&app)) == VIA_OPERATION_CANCELLED);
  via_test_app_wait_for_state (&app, "everything", VIA_BRIDGE_IDLE);
  /* And with nothing to stop. */
  via_test_ui_click (via_test_ui_find_button (root (&app), "Stop All"));
  via_test_ui_settle (root (&app));
  via_test_app_close (&app);
}

/* Closing with something running ends it and does not hang. */
static void
test_close_while_running (void)
{
  g_autofree char *yaml = via_test_app_sample_yaml ();
  g_autoptr(ViaOperation) operation = NULL;
  ViaTestApp app;

  via_test_app_open (&app, yaml, "everything", 1280, 800);
  via_test_app_connect (&app, "everything");
  execute (&app, "everything", "count-slowly", "{\"steps\": 100, \"delay_ms\": 1000}");
  operation = g_object_ref (get_operation (&app));
  via_test_ui_wait_until (via_operation_get_state (operation) == VIA_OPERATION_RUNNING);
  via_test_app_close (&app);
  g_assert_cmpint (via_operation_get_state (operation), ==, VIA_OPERATION_CANCELLED);
}

static void
test_close_while_connecting (void)
{
  ViaTestApp app;

  via_test_app_open (&app, "bridges:\n  slow:\n    command: [sleep, \"60\"]\n", "slow", 1280, 800);
  via_test_app_wait_for_state (&app, "slow", VIA_BRIDGE_CONNECTING);
  g_assert_true (shows (&app, "Connecting to “slow”…"));
  via_test_app_close (&app);
}

static GtkWidget *
get_leaflet (ViaTestApp *app,
             guint       nth)
{
  return via_test_ui_find (root (app), ADW_TYPE_LEAFLET, nth);
}

/* The folding points are what the columns' minimum widths add up to. */
static void
test_folds (void)
{
  const struct { int width; gboolean outer, inner; } cases[] = {
    { 1000, FALSE, FALSE }, { 902, FALSE, FALSE }, { 900, FALSE, TRUE }, { 602, FALSE, TRUE },
    { 600, TRUE, TRUE }, { 360, TRUE, TRUE },
  };
  g_autofree char *yaml = via_test_app_sample_yaml ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ViaTestApp app;
      AdwLeaflet *outer;

      via_test_app_open (&app, yaml, "everything", cases[i].width, 700);
      via_test_app_connect (&app, "everything");
      via_window_open_tool (app.window, "greet");
      via_test_ui_settle (root (&app));
      outer = ADW_LEAFLET (get_leaflet (&app, 0));
      g_test_message ("%d pixels", cases[i].width);
      g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (outer)), ==, cases[i].width);
      g_assert_cmpint (adw_leaflet_get_folded (outer), ==, cases[i].outer);
      g_assert_cmpint (adw_leaflet_get_folded (ADW_LEAFLET (get_leaflet (&app, 1))), ==, cases[i].inner);
      via_test_app_close (&app);
    }
}

/* One column at a time, and the way back from the tool to the bridges. */
static void
test_narrow (void)
{
  g_autofree char *yaml = via_test_app_sample_yaml ();
  ViaTestApp app;
  GtkWidget *row;

  via_test_app_open (&app, yaml, "everything", 360, 700);
  via_test_app_connect (&app, "everything");
  via_test_ui_wait_until ((row = via_test_ui_find (root (&app), VIA_TYPE_TOOL_ROW, 1)) != NULL);
  g_assert_null (via_test_ui_find (root (&app), VIA_TYPE_BRIDGE_ROW, 0));
  via_test_ui_snapshot_both (root (&app), "window-narrow-list");
  via_window_open_tool (app.window, "greet");
  via_test_ui_wait_until (via_test_ui_find (root (&app), VIA_TYPE_TOOL_PANE, 0) != NULL);
  via_test_ui_settle (root (&app));
  g_assert_null (via_test_ui_find (root (&app), VIA_TYPE_TOOL_ROW, 0));
  via_test_ui_assert_named (root (&app));
  via_test_ui_snapshot_both (root (&app), "window-narrow-tool");
  via_test_ui_click (via_test_ui_find_button (root (&app), "Back"));
  via_test_ui_wait_until (via_test_ui_find (root (&app), VIA_TYPE_TOOL_ROW, 0) != NULL);
  via_test_ui_click (via_test_ui_find_button (root (&app), "Back"));
  via_test_ui_wait_until (via_test_ui_find (root (&app), VIA_TYPE_BRIDGE_ROW, 0) != NULL);
  via_test_ui_settle (root (&app));
  via_test_ui_snapshot_both (root (&app), "window-narrow-bridges");
  via_test_app_close (&app);
}

/* Tab makes one stop of each list, and never changes what is selected. */
static void
test_tab_order (void)
{
  g_autofree char *yaml = via_test_app_sample_yaml ();
  g_autoptr(GPtrArray) seen = g_ptr_array_new ();
  ViaTestApp app;
  guint n_bridge_rows = 0, n_tools = 0;

  via_test_app_open (&app, yaml, "everything", 1280, 800);
  via_test_app_connect (&app, "everything");
  via_window_open_tool (app.window, "greet");
  via_test_ui_settle (root (&app));
  gtk_window_set_focus (GTK_WINDOW (app.window), NULL);
  for (guint i = 0; i < 60; i++)
    {
      GtkWidget *focus;

      gtk_widget_child_focus (root (&app), GTK_DIR_TAB_FORWARD);
      focus = gtk_window_get_focus (GTK_WINDOW (app.window));
      if (focus == NULL || g_ptr_array_find (seen, focus, NULL))
        break;
      g_ptr_array_add (seen, focus);
      n_bridge_rows += VIA_IS_BRIDGE_ROW (focus);
      n_tools += via_test_ui_find (focus, VIA_TYPE_TOOL_ROW, 0) != NULL;
    }
  g_assert_cmpuint (seen->len, >, 8);
  g_assert_cmpuint (n_bridge_rows, ==, 1);
  g_assert_cmpuint (n_tools, ==, 1);
  g_assert_true (shows (&app, "everything"));
  via_test_app_close (&app);
}

/* F6 goes from column to column. */
static void
test_panes (void)
{
  g_autofree char *yaml = via_test_app_sample_yaml ();
  ViaTestApp app;
  GtkWidget *first, *second;

  via_test_app_open (&app, yaml, "everything", 1280, 800);
  via_test_app_connect (&app, "everything");
  via_window_open_tool (app.window, "greet");
  via_test_ui_settle (root (&app));
  gtk_window_set_focus (GTK_WINDOW (app.window), NULL);
  activate (&app, "win.next-pane");
  first = gtk_window_get_focus (GTK_WINDOW (app.window));
  g_assert_true (VIA_IS_BRIDGE_ROW (first));
  activate (&app, "win.next-pane");
  second = gtk_window_get_focus (GTK_WINDOW (app.window));
  g_assert_nonnull (gtk_widget_get_ancestor (second, g_type_from_name ("ViaToolList")));
  activate (&app, "win.next-pane");
  g_assert_nonnull (gtk_widget_get_ancestor (gtk_window_get_focus (GTK_WINDOW (app.window)), g_type_from_name ("ViaFormRow")));
  activate (&app, "win.next-pane");
  g_assert_nonnull (gtk_widget_get_ancestor (gtk_window_get_focus (GTK_WINDOW (app.window)),
                                             g_type_from_name ("ViaResultsView")));
  activate (&app, "win.search");
  g_assert_nonnull (gtk_widget_get_ancestor (gtk_window_get_focus (GTK_WINDOW (app.window)), GTK_TYPE_SEARCH_ENTRY));
  via_test_app_close (&app);
}

static int
get_column_width (ViaTestApp *app)
{
  return gtk_widget_get_width (via_test_ui_find (root (app), g_type_from_name ("ViaBridgeSidebar"), 0));
}

static GtkWidget *
get_focus (ViaTestApp *app)
{
  return gtk_window_get_focus (GTK_WINDOW (app->window));
}

/* F8 goes from divider to divider; outside of that Tab does not stop at them. */
static void
test_dividers (void)
{
  g_autofree char *yaml = via_test_app_sample_yaml ();
  ViaTestApp app;
  GtkWidget *first;

  via_test_app_open (&app, yaml, "everything", 1280, 800);
  via_test_app_connect (&app, "everything");
  via_window_open_tool (app.window, "greet");
  via_test_ui_settle (root (&app));
  g_assert_cmpint (get_column_width (&app), ==, 240);
  activate (&app, "win.next-divider");
  first = get_focus (&app);
  g_assert_true (GTK_IS_SEPARATOR (first));
  activate (&app, "win.next-divider");
  g_assert_true (GTK_IS_SEPARATOR (get_focus (&app)));
  g_assert_true (get_focus (&app) != first);
  g_assert_false (gtk_widget_get_focusable (first));
  activate (&app, "win.next-divider");
  g_assert_nonnull (gtk_widget_get_ancestor (get_focus (&app), VIA_TYPE_TOOL_PANE));
  via_test_app_close (&app);
}

/* A file that nothing of can be used has words of its own; corrected, it is used at once. */
static void
test_unreadable_file (void)
{
  ViaTestApp app;

  via_test_app_open (&app, "bridges:\n  late:\n    timeout: soon\n", NULL, 1280, 800);
  g_assert_true (shows (&app, "Your Bridges Could Not Be Read"));
  g_assert_nonnull (via_test_ui_find (root (&app), VIA_TYPE_PROBLEMS_CARD, 0));
  g_assert_true (g_file_set_contents (app.path, "bridges:\n  late:\n    command: [cat]\n    enabled: false\n", -1, NULL));
  via_test_ui_wait_until (via_bridge_manager_find (app.manager, "late") != NULL);
  via_test_ui_settle (root (&app));
  g_assert_false (shows (&app, "Your Bridges Could Not Be Read"));
  g_assert_null (via_test_ui_find (root (&app), VIA_TYPE_PROBLEMS_CARD, 0));
  via_test_app_close (&app);
}

static void
test_unknown_bridge (void)
{
  g_autofree char *yaml = via_test_app_sample_yaml ();
  ViaTestApp app;

  via_test_app_open (&app, yaml, "lm_studio", 1280, 800);
  via_window_open_bridge (app.window, "nobody");
  via_test_ui_wait_until (shows (&app, "There is no bridge called “nobody”."));
  g_assert_true (shows (&app, "This Bridge Is Off"));
  via_test_app_close (&app);
}

static void
test_variants (void)
{
  g_autofree char *yaml = via_test_app_sample_yaml ();
  ViaTestApp app;

  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  via_test_app_open (&app, yaml, "everything", 1280, 800);
  via_test_app_connect (&app, "everything");
  via_window_open_tool (app.window, "greet");
  via_test_ui_settle (root (&app));
  via_test_ui_snapshot (root (&app), "window-right-to-left");
  via_test_app_close (&app);
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);

  via_test_ui_set_text_scale (2);
  via_test_app_open (&app, yaml, "everything", 360, 700);
  via_test_app_connect (&app, "everything");
  via_test_ui_settle (root (&app));
  g_assert_cmpint (gtk_widget_get_width (adw_application_window_get_content (ADW_APPLICATION_WINDOW (app.window))), ==, 360);
  via_test_ui_snapshot (root (&app), "window-large-text");
  via_test_app_close (&app);
  via_test_ui_set_text_scale (1);
}

int
main (int    argc,
      char **argv)
{
  via_test_ui_init (&argc, &argv);
  g_test_add_func ("/app/window/first-start", test_first_start);
  g_test_add_func ("/app/window/opens-asked-bridge", test_opens_asked_bridge);
  g_test_add_func ("/app/window/selecting-connects", test_selecting_connects);
  g_test_add_func ("/app/window/tool-is-remembered", test_tool_is_remembered);
  g_test_add_func ("/app/window/failed-page", test_failed_page);
  g_test_add_func ("/app/window/turn-off-and-on", test_turn_off_and_on);
  g_test_add_func ("/app/window/remove-and-undo", test_remove_and_undo);
  g_test_add_func ("/app/window/hot-reload", test_hot_reload);
  g_test_add_func ("/app/window/connection-test", test_connection_test);
  g_test_add_func ("/app/window/stop-all", test_stop_all);
  g_test_add_func ("/app/window/close-while-running", test_close_while_running);
  g_test_add_func ("/app/window/close-while-connecting", test_close_while_connecting);
  g_test_add_func ("/app/window/folds", test_folds);
  g_test_add_func ("/app/window/narrow", test_narrow);
  g_test_add_func ("/app/window/tab-order", test_tab_order);
  g_test_add_func ("/app/window/panes", test_panes);
  g_test_add_func ("/app/window/dividers", test_dividers);
  g_test_add_func ("/app/window/unreadable-file", test_unreadable_file);
  g_test_add_func ("/app/window/unknown-bridge", test_unknown_bridge);
  g_test_add_func ("/app/window/variants", test_variants);
  return g_test_run ();
}
