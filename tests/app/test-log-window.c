/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "via-log-window.h"

#include "via-test-app.h"
#include "via-test-ui.h"

static ViaLogWindow *
find_log_window (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr(GtkWindow) window = g_list_model_get_item (windows, i);

      if (VIA_IS_LOG_WINDOW (window))
        return VIA_LOG_WINDOW (window);
    }
  return NULL;
}

static char *
get_text (ViaLogWindow *window)
{
  GtkWidget *view = via_test_ui_find (GTK_WIDGET (window), GTK_TYPE_TEXT_VIEW, 0);
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), &start, &end);
  return gtk_text_buffer_get_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), &start, &end, FALSE);
}

/* The bridge "archive" of the sample says why it ends on its standard error. */
static void
test_shows_what_was_written (void)
{
  ViaTestApp app;
  ViaLogWindow *window;
  g_autofree char *yaml = NULL;
  g_autofree char *text = NULL;

  yaml = via_test_app_sample_yaml ();
  via_test_app_open (&app, yaml, "archive", 1100, 700);
  via_test_app_wait_for_state (&app, "archive", VIA_BRIDGE_FAILED);
  gtk_widget_activate_action (GTK_WIDGET (app.window), "win.show-log", "s", "archive");
  window = find_log_window ();
  g_assert_nonnull (window);
  via_test_ui_settle (GTK_WIDGET (window));
  via_test_ui_assert_named (GTK_WIDGET (window));
  text = get_text (window);
  g_assert_nonnull (strstr (text, "cannot open"));
  via_test_ui_snapshot_both (GTK_WIDGET (window), "log-window");
  gtk_window_destroy (GTK_WINDOW (window));
  via_test_app_close (&app);
}

/* A server that is quiet has an empty log, which says so. */
static void
test_says_that_nothing_was_written (void)
{
  ViaTestApp app;
  ViaLogWindow *window;

  via_test_app_open (&app, NULL, "demo", 1100, 700);
  via_test_app_connect (&app, "demo");
  gtk_widget_activate_action (GTK_WIDGET (app.window), "win.show-log", "s", "demo");
  window = find_log_window ();
  g_assert_nonnull (window);
  via_test_ui_settle (GTK_WIDGET (window));
  g_assert_nonnull (via_test_ui_find_text (GTK_WIDGET (window), "Nothing Written Yet"));
  gtk_window_destroy (GTK_WINDOW (window));
  via_test_app_close (&app);
}

int
main (int    argc,
      char **argv)
{
  via_test_ui_init (&argc, &argv);
  g_test_add_func ("/app/log-window/shows-what-was-written", test_shows_what_was_written);
  g_test_add_func ("/app/log-window/says-that-nothing-was-written", test_says_that_nothing_was_written);
  return g_test_run ();
}
