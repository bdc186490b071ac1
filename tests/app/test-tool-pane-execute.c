/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via-test"

#include "config.h"

#include "via-test-pane.h"
#include "via-test-ui.h"

static ViaOperation *
newest (ViaTestPane *fixture)
{
  return g_list_model_get_item (via_test_pane_operations (fixture), 0);
}

static void
test_execute (ViaTestPane       *fixture,
              gconstpointer  data)
{
  g_autoptr(ViaOperation) operation = NULL;
  gsize length;

  via_test_pane_open_window (fixture, 714, 700);
  via_test_pane_choose (fixture, via_test_slow_tool);
  via_test_ui_type (via_test_pane_entry (fixture, 0), "1");
  via_test_ui_type (via_test_pane_entry (fixture, 1), "0");
  via_test_ui_click (via_test_ui_find_button (fixture->root, "Execute"));
  operation = newest (fixture);
  g_assert_nonnull (operation);
  g_assert_cmpuint (via_operation_get_timeout_s (operation), ==, 30);
  via_json_value_get_raw (via_json_document_get_root (via_operation_get_arguments (operation)), &length);
  g_assert_cmpuint (length, ==, strlen ("{\n  \"steps\": 1,\n  \"delay_ms\": 0\n}"));
  via_test_ui_wait_until (via_operation_is_finished (operation));
  g_assert_cmpint (via_operation_get_state (operation), ==, VIA_OPERATION_COMPLETED);
  g_assert_nonnull (via_test_ui_find_button (fixture->root, "Execute"));
}

static void
test_cancel (ViaTestPane       *fixture,
             gconstpointer  data)
{
  g_autoptr(ViaOperation) operation = NULL;

  via_test_pane_open_window (fixture, 714, 700);
  via_test_pane_choose (fixture, via_test_slow_tool);
  via_test_ui_type (via_test_pane_entry (fixture, 0), "50");
  via_test_ui_type (via_test_pane_entry (fixture, 1), "1000");
  via_test_pane_act (fixture, "tool.execute", NULL);
  operation = newest (fixture);
  /* Executing again while it runs does nothing: a double click is one call. */
  via_test_pane_act (fixture, "tool.execute", NULL);
  g_assert_cmpuint (g_list_model_get_n_items (via_test_pane_operations (fixture)), ==, 1);

  via_test_ui_wait_until (via_test_ui_find_text (fixture->root, "Running…") != NULL);
  via_test_ui_snapshot_both (GTK_WIDGET (fixture->window), "pane-running");
  via_test_pane_act (fixture, "tool.cancel", NULL);
  via_test_ui_wait_until (via_operation_is_finished (operation));
  g_assert_cmpint (via_operation_get_state (operation), ==, VIA_OPERATION_CANCELLED);
  via_test_ui_settle (fixture->root);
  g_assert_null (via_test_ui_find_text (fixture->root, "Running…"));
}

static void
test_background (ViaTestPane       *fixture,
                 gconstpointer  data)
{
  g_autoptr(ViaOperation) operation = NULL;
  GtkWidget *check;

  via_test_pane_open_window (fixture, 714, 700);
  via_test_pane_choose (fixture, via_test_slow_tool);
  via_test_ui_type (via_test_pane_entry (fixture, 0), "50");
  via_test_ui_type (via_test_pane_entry (fixture, 1), "1000");
  check = via_test_ui_find (fixture->root, GTK_TYPE_CHECK_BUTTON, 0);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), TRUE);
  via_test_pane_act (fixture, "tool.execute", NULL);
  operation = newest (fixture);
  g_assert_true (via_operation_is_background (operation));
  g_assert_false (via_operation_is_finished (operation));
  /* The bar is free at once. */
  via_test_pane_act (fixture, "tool.execute", NULL);
  g_assert_cmpuint (g_list_model_get_n_items (via_test_pane_operations (fixture)), ==, 2);
}

static GtkWindow *
find_dialog (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr(GtkWindow) window = g_list_model_get_item (windows, i);

      if (ADW_IS_MESSAGE_DIALOG (window))
        return window;
    }

  return NULL;
}

static void
test_destructive_asks (ViaTestPane       *fixture,
                       gconstpointer  data)
{
  GtkWindow *dialog;
  g_autofree char *body = NULL;

  via_test_pane_open_window (fixture, 714, 700);
  via_test_pane_choose (fixture, via_test_delete_tool);
  via_test_ui_type (via_test_pane_entry (fixture, 0), "7");
  via_test_ui_click (via_test_ui_find_button (fixture->root, "Execute…"));
  via_test_ui_wait_until (find_dialog () != NULL);
  dialog = find_dialog ();
  g_object_get (dialog, "body", &body, NULL);
  g_assert_nonnull (strstr (body, "\n\nid: 7"));
  g_assert_cmpuint (g_list_model_get_n_items (via_test_pane_operations (fixture)), ==, 0);
  via_test_ui_settle (GTK_WIDGET (dialog));
  via_test_ui_snapshot (GTK_WIDGET (dialog), "pane-question");
  via_test_ui_click (via_test_ui_find_button (GTK_WIDGET (dialog), "_Cancel"));
  via_test_ui_wait_until (find_dialog () == NULL);
  g_assert_cmpuint (g_list_model_get_n_items (via_test_pane_operations (fixture)), ==, 0);

  via_test_pane_act (fixture, "tool.execute", NULL);
  via_test_ui_wait_until (find_dialog () != NULL);
  via_test_ui_settle (GTK_WIDGET (find_dialog ()));
  via_test_ui_click (via_test_ui_find_button (GTK_WIDGET (find_dialog ()), "_Execute"));
  via_test_ui_wait_until (g_list_model_get_n_items (via_test_pane_operations (fixture)) == 1);
  via_test_ui_wait_until (find_dialog () == NULL);
}

#define add(path, function) \
  g_test_add ("/app/tool-pane-execute/" path, ViaTestPane, NULL, via_test_pane_set_up, function, via_test_pane_tear_down)

int
main (int    argc,
      char **argv)
{
  via_test_ui_init (&argc, &argv);
  via_test_pane_load_style ();

  add ("execute", test_execute);
  add ("cancel", test_cancel);
  add ("background", test_background);
  add ("destructive-asks", test_destructive_asks);

  return g_test_run ();
}
