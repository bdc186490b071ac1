/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via-test"

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/via-locale.h"
#include "via-bridge-dialog.h"
#include "via-preferences-window.h"
#include "via-shortcuts.h"
#include "via-test-app.h"

/*
 * viaduct-shot PAGE [--dark] [--contrast] [--rtl] [--text SCALE] [--width N] [--height N] FILE.png
 * viaduct-shot list
 *
 * Builds the window on a configuration of its own, brings it to PAGE and saves what it looks like.
 */
static int option_width, option_height;
static double option_text;
static gboolean option_contrast, option_dark, option_rtl;

static const GOptionEntry entries[] = {
  { "dark", 0, 0, G_OPTION_ARG_NONE, &option_dark, "Dark style", NULL },
  { "contrast", 0, 0, G_OPTION_ARG_NONE, &option_contrast, "High contrast", NULL },
  { "rtl", 0, 0, G_OPTION_ARG_NONE, &option_rtl, "Right to left", NULL },
  { "text", 0, 0, G_OPTION_ARG_DOUBLE, &option_text, "Text size, 2 or 200 is 200 %", "SCALE" },
  { "width", 0, 0, G_OPTION_ARG_INT, &option_width, "Width in pixels", "N" },
  { "height", 0, 0, G_OPTION_ARG_INT, &option_height, "Height in pixels", "N" },
  { NULL }
};

static void
execute_on (ViaTestApp *app,
            const char *name,
            const char *tool,
            const char *arguments,
            gboolean    wait)
{
  ViaBridge *bridge = via_bridge_manager_find (app->manager, name);
  g_autoptr(ViaJsonDocument) document = via_json_document_new_strict (arguments, -1, NULL);
  g_autoptr(ViaOperation) operation = via_bridge_manager_execute (app->manager, bridge, tool, document, NULL);

  if (wait)
    via_test_ui_wait_until (via_operation_is_finished (operation));
}

static void
execute (ViaTestApp *app,
         const char *tool,
         const char *arguments,
         gboolean    wait)
{
  execute_on (app, "everything", tool, arguments, wait);
}

static void
open_tool (ViaTestApp *app,
           const char *tool)
{
  via_test_app_connect (app, "everything");
  g_assert_true (via_window_open_tool (app->window, tool));
}

static void
show_welcome (ViaTestApp *app)
{
}

static void
show_tools (ViaTestApp *app)
{
  via_test_app_connect (app, "notes");
  open_tool (app, "greet");
}

/* The picture of the README: what the first minute with the demo bridge looks like. */
static void
show_readme (ViaTestApp *app)
{
  /* As if both dividers had been dragged: a small picture has no room for wide columns. */
  gtk_widget_set_size_request (via_test_ui_find (GTK_WIDGET (app->window), g_type_from_name ("ViaBridgeSidebar"), 0), 200, -1);
  gtk_widget_set_size_request (via_test_ui_find (GTK_WIDGET (app->window), g_type_from_name ("ViaToolList"), 0), 260, -1);
  via_test_app_connect (app, "demo");
  execute_on (app, "demo", "greet", "{\"name\": \"Mara\"}", TRUE);
  execute_on (app, "demo", "write-report", "{\"title\": \"Bridges of the North\", \"sections\": 1}", TRUE);
  g_assert_true (via_window_open_tool (app->window, "write-report"));
  via_test_ui_type (via_test_ui_find (GTK_WIDGET (app->window), GTK_TYPE_ENTRY, 0), "Bridges of the North");
  via_test_ui_type (via_test_ui_find (GTK_WIDGET (app->window), GTK_TYPE_ENTRY, 1), "1");
  gtk_window_set_focus (GTK_WINDOW (app->window), NULL);
}

static void
show_tool_empty (ViaTestApp *app)
{
  via_test_app_connect (app, "everything");
}

static void
show_filled (ViaTestApp *app)
{
  open_tool (app, "register-person");
}

static void
show_result (ViaTestApp *app)
{
  execute (app, "list-orders", "{\"count\": 12}", TRUE);
  execute (app, "write-report", "{\"title\": \"Bridges of the North\", \"sections\": 2, \"table\": true}", TRUE);
  open_tool (app, "write-report");
}

static void
show_running (ViaTestApp *app)
{
  ViaBridge *bridge = via_bridge_manager_find (app->manager, "everything");

  execute (app, "calculate", "{\"a\": 2, \"operation\": \"add\", \"b\": 3}", TRUE);
  execute (app, "count-slowly", "{\"steps\": 5, \"delay_ms\": 400}", FALSE);
  open_tool (app, "count-slowly");
  via_test_ui_wait_until (via_bridge_get_n_running (bridge) > 0);
}

static void
show_error (ViaTestApp *app)
{
  execute (app, "fail", "{\"message\": \"The printer is on fire\"}", TRUE);
  execute (app, "greet", "{\"name\": 5}", TRUE);
  open_tool (app, "fail");
}

static void
show_failed (ViaTestApp *app)
{
  via_test_app_wait_for_state (app, "archive", VIA_BRIDGE_FAILED);
}

static void
show_failed_url (ViaTestApp *app)
{
  via_test_app_wait_for_state (app, "remote", VIA_BRIDGE_FAILED);
}

static void
show_off (ViaTestApp *app)
{
  via_test_app_wait_for_state (app, "lm_studio", VIA_BRIDGE_OFF);
}

static void
show_loading (ViaTestApp *app)
{
  via_test_app_wait_for_state (app, "slow", VIA_BRIDGE_CONNECTING);
}

static void
show_all (ViaTestApp *app)
{
  via_test_app_connect (app, "everything");
  via_test_app_connect (app, "notes");
}

static void
show_bridges (ViaTestApp *app)
{
  show_all (app);
  gtk_widget_activate_action (GTK_WIDGET (app->window), "win.back", NULL);
}

static void
show_list (ViaTestApp *app)
{
  open_tool (app, "greet");
  gtk_widget_activate_action (GTK_WIDGET (app->window), "win.back", NULL);
}

static void
show_no_hits (ViaTestApp *app)
{
  via_test_app_connect (app, "everything");
  via_test_ui_type (via_test_ui_find (GTK_WIDGET (app->window), GTK_TYPE_SEARCH_ENTRY, 0), "no such tool");
}

static GtkWindow *
open_window (GtkWindow *window,
             int        width,
             int        height)
{
  int own_width, own_height;

  /* 0: as high as it makes itself. */
  gtk_window_get_default_size (window, &own_width, &own_height);
  if (height == 0)
    height = own_height;
  via_test_ui_present (window, option_width > 0 ? option_width : width, option_height > 0 ? option_height : height);
  return window;
}

static GtkWindow *
open_dialog (ViaTestApp *app)
{
  g_autoptr(ViaBridgeConfig) config = via_bridge_config_new ("postgres");

  config->command = g_strsplit ("npx -y @modelcontextprotocol/server-postgres postgresql://mara@localhost/shop", " ", -1);
  config->environment = g_strsplit ("LOG_LEVEL=info", "\n", -1);
  return open_window (via_bridge_dialog_new (app->manager, config, TRUE), 660, 0);
}

static GtkWindow *
open_dialog_url (ViaTestApp *app)
{
  return open_window (via_bridge_dialog_new (app->manager, via_bridge_get_config (via_bridge_manager_find (app->manager,
                                                                                                           "remote")), FALSE),
                      660, 0);
}

static GtkWindow *
open_preferences (ViaTestApp *app)
{
  return open_window (via_preferences_window_new (app->settings, app->file), 560, 520);
}

static GtkWindow *
open_shortcuts (ViaTestApp *app)
{
  return open_window (GTK_WINDOW (via_shortcuts_window_new ()), 740, 640);
}

static const struct
{
  const char *name;
  const char *bridge; /* (nullable) asked for at the start */
  void      (*show) (ViaTestApp *app);
  GtkWindow *(*open) (ViaTestApp *app); /* a window of its own, instead */
  int         width, height;
} pages[] = {
  { "welcome", NULL, show_welcome, NULL, 1280, 800 },
  { "tools", "everything", show_tools, NULL, 1280, 800 },
  { "readme", "demo", show_readme, NULL, 1000, 700 },
  { "tool-empty", "everything", show_tool_empty, NULL, 1280, 800 },
  { "tool-filled", "everything", show_filled, NULL, 1280, 800 },
  { "result", "everything", show_result, NULL, 1280, 800 },
  { "running", "everything", show_running, NULL, 1280, 800 },
  { "error", "everything", show_error, NULL, 1280, 800 },
  { "bridge-failed", "archive", show_failed, NULL, 1280, 800 },
  { "bridge-failed-url", "remote", show_failed_url, NULL, 1280, 800 },
  { "bridge-off", "lm_studio", show_off, NULL, 1280, 800 },
  { "loading", "slow", show_loading, NULL, 1280, 800 },
  { "no-hits", "everything", show_no_hits, NULL, 1280, 800 },
  { "all-bridges", "*", show_all, NULL, 1280, 800 },
  { "problems", NULL, show_welcome, NULL, 1280, 800 },
  { "two-columns-list", "everything", show_list, NULL, 880, 800 },
  { "two-columns-tool", "everything", show_tools, NULL, 880, 800 },
  { "narrow", "everything", show_tools, NULL, 360, 720 },
  { "narrow-list", "everything", show_list, NULL, 360, 720 },
  { "narrow-bridges", "everything", show_bridges, NULL, 360, 720 },
  { "narrow-failed", "archive", show_failed, NULL, 360, 720 },
  { "narrow-welcome", NULL, show_welcome, NULL, 360, 720 },
  { "bridge-dialog", "everything", NULL, open_dialog, 1280, 800 },
  { "bridge-dialog-url", "everything", NULL, open_dialog_url, 1280, 800 },
  { "preferences", "everything", NULL, open_preferences, 1280, 800 },
  { "shortcuts", "everything", NULL, open_shortcuts, 1280, 800 },
};

static char *
get_yaml (const char *page)
{
  if (strstr (page, "welcome") != NULL || g_str_equal (page, "readme"))
    return NULL;
  if (g_str_equal (page, "problems"))
    return g_strdup ("bridges:\n  remote:\n    endpoint: https://mcp.example.com/mcp\n    timeout: soon\n"
                     "  local:\n    comand: [npx]\n");
  if (g_str_equal (page, "loading"))
    return g_strdup ("bridges:\n  slow:\n    command: [sleep, \"60\"]\n  other:\n    command: [sleep, \"60\"]\n");
  return via_test_app_sample_yaml ();
}

static int
take (guint       page,
      const char *path)
{
  g_autofree char *yaml = get_yaml (pages[page].name);
  GtkWindow *own = NULL;
  ViaTestApp app;

  via_test_app_open (&app, yaml, pages[page].bridge,
                     option_width > 0 && pages[page].open == NULL ? option_width : pages[page].width,
                     option_height > 0 && pages[page].open == NULL ? option_height : pages[page].height);
  if (pages[page].show != NULL)
    pages[page].show (&app);
  if (pages[page].open != NULL)
    own = pages[page].open (&app);
  for (guint i = 0; i < 5; i++)
    via_test_ui_settle (GTK_WIDGET (own != NULL ? own : GTK_WINDOW (app.window)));
  via_test_ui_save_png (GTK_WIDGET (own != NULL ? own : GTK_WINDOW (app.window)), path);
  if (own != NULL)
    via_test_ui_close (own);
  via_test_app_close (&app);
  return 0;
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(GOptionContext) context = g_option_context_new ("PAGE FILE.png | list");
  g_autoptr(GError) error = NULL;
  int no_arguments = 1;
  char **arguments = argv;

  via_locale_init ();
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    g_error ("%s", error->message);
  if (argc == 2 && g_str_equal (argv[1], "list"))
    {
      for (gsize i = 0; i < G_N_ELEMENTS (pages); i++)
        puts (pages[i].name);
      return 0;
    }
  if (argc != 3)
    g_error ("viaduct-shot PAGE [--dark] [--contrast] [--rtl] [--text SCALE] [--width N] [--height N] FILE.png");
#ifdef VIA_DEMO_SERVER
  g_setenv ("VIADUCT_DEMO_SERVER", VIA_DEMO_SERVER, FALSE);
#endif
  if (option_contrast)
    g_setenv ("ADW_DEBUG_HIGH_CONTRAST", "1", TRUE);
  via_test_ui_init (&no_arguments, &arguments);
  /* A picture is wanted even of what is not perfect. */
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL);
  via_test_ui_set_dark (option_dark);
  if (option_rtl)
    gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  if (option_text > 0)
    via_test_ui_set_text_scale (option_text > 10 ? option_text / 100 : option_text);
  for (gsize i = 0; i < G_N_ELEMENTS (pages); i++)
    if (g_str_equal (pages[i].name, argv[1]))
      return take (i, argv[2]);
  g_error ("There is no page called %s: viaduct-shot list names them.", argv[1]);
}
