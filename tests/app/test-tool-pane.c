/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via-test"

#include "config.h"

#include "via-command-view.h"
#include "via-form-row.h"
#include "via-test-pane.h"
#include "via-test-ui.h"

static void
test_no_tool (ViaTestPane       *fixture,
              gconstpointer  data)
{
  via_test_pane_open_window (fixture, 714, 700);
  g_assert_nonnull (via_test_ui_find_text (fixture->root, "Choose a Tool"));
  via_test_pane_act (fixture, "tool.cancel", NULL);
  via_test_ui_snapshot_both (GTK_WIDGET (fixture->window), "pane-no-tool");
}

static void
test_simple (ViaTestPane       *fixture,
             gconstpointer  data)
{
  via_test_pane_open_window (fixture, 714, 700);
  via_test_pane_choose (fixture, via_test_sum_tool);
  via_test_ui_type (via_test_pane_entry (fixture, 0), "2");
  via_test_ui_snapshot_both (GTK_WIDGET (fixture->window), "pane-simple");
  via_test_ui_assert_named (fixture->root);
}

static void
test_pages (ViaTestPane       *fixture,
            gconstpointer  data)
{
  via_test_pane_open_window (fixture, 714, 900);
  via_test_pane_choose (fixture, via_test_long_tool);
  via_test_ui_snapshot_both (GTK_WIDGET (fixture->window), "pane-long");
  via_test_pane_choose (fixture, via_test_bare_tool);
  via_test_ui_snapshot (GTK_WIDGET (fixture->window), "pane-no-parameters");
  via_test_pane_choose (fixture, via_test_nested_tool);
  via_test_ui_snapshot (GTK_WIDGET (fixture->window), "pane-nested-closed");
  via_test_pane_choose (fixture, via_test_delete_tool);
  via_test_ui_snapshot_both (GTK_WIDGET (fixture->window), "pane-destructive");
}

/* Every kind of field, one after the other. */
static void
test_tall (ViaTestPane       *fixture,
           gconstpointer  data)
{
  GtkWidget *row;

  via_test_pane_open_window (fixture, 714, 1500);
  via_test_pane_choose (fixture, via_test_long_tool);
  row = via_test_ui_find (fixture->root, VIA_TYPE_FORM_ROW, 8);
  via_test_ui_type (via_test_ui_find (row, GTK_TYPE_TEXT_VIEW, 0), "{\"and\": [1, 2}");
  via_test_ui_settle (fixture->root);
  via_test_ui_snapshot_both (GTK_WIDGET (fixture->window), "pane-tall");
}

static void
test_nested (ViaTestPane       *fixture,
             gconstpointer  data)
{
  g_autofree char *json = NULL;

  via_test_pane_open_window (fixture, 714, 1100);
  via_test_pane_choose (fixture, via_test_nested_tool);
  g_object_set (via_test_ui_find (fixture->root, ADW_TYPE_EXPANDER_ROW, 0), "expanded", TRUE, NULL);
  via_test_ui_click (via_test_ui_find_button (fixture->root, "Add Item"));
  via_test_ui_settle (fixture->root);
  via_test_ui_type (via_test_pane_entry (fixture, 1), "Zürich");
  via_test_ui_type (via_test_pane_entry (fixture, 4), "mara@example.com");
  via_test_ui_click (via_test_ui_find_button (fixture->root, "Add Item"));
  gtk_switch_set_active (GTK_SWITCH (via_test_ui_find (fixture->root, GTK_TYPE_SWITCH, 0)), TRUE);
  via_test_ui_settle (fixture->root);
  via_test_ui_snapshot_both (GTK_WIDGET (fixture->window), "pane-nested");
  via_test_ui_assert_named (fixture->root);

  via_test_ui_click (via_test_ui_find_button (fixture->root, "Do Not Send"));
  json = via_test_pane_dup_json (fixture);
  g_assert_cmpstr (json, ==, "{\n  \"place\": {\n    \"city\": \"Zürich\"\n  },\n"
                             "  \"guests\": [\"mara@example.com\", \"\"]\n}");
}

static void
test_errors (ViaTestPane       *fixture,
             gconstpointer  data)
{
  via_test_pane_open_window (fixture, 714, 700);
  via_test_pane_choose (fixture, via_test_sum_tool);
  via_test_ui_type (via_test_pane_entry (fixture, 0), "2");
  via_test_ui_type (via_test_pane_entry (fixture, 1), "three");
  g_assert_nonnull (via_test_ui_find_text (fixture->root, "“three” is not a number"));
  g_assert_nonnull (via_test_ui_find_text (fixture->root, "1 field to correct"));
  via_test_ui_snapshot_both (GTK_WIDGET (fixture->window), "pane-errors");

  via_test_ui_type (via_test_pane_entry (fixture, 0), "");
  via_test_pane_act (fixture, "tool.execute", NULL);
  g_assert_nonnull (via_test_ui_find_text (fixture->root, "2 fields to correct"));
  /* The first wrong field has the focus, and nothing was sent. */
  g_assert_true (gtk_widget_is_ancestor (gtk_window_get_focus (fixture->window), via_test_pane_entry (fixture, 0)));
  g_assert_cmpuint (g_list_model_get_n_items (via_test_pane_operations (fixture)), ==, 0);
}

static void
test_views_in_step (ViaTestPane       *fixture,
                    gconstpointer  data)
{
  const char *typed = "{ \"b\":3.50,\n\"x\" : [1],  \"a\":  2 }";
  g_autofree char *json = NULL;
  g_autofree char *command = NULL;
  GtkWidget *view;

  via_test_pane_open_window (fixture, 714, 700);
  via_test_pane_choose (fixture, via_test_sum_tool);
  via_test_pane_act (fixture, "tool.view", "json");
  view = via_test_ui_find (fixture->root, GTK_TYPE_TEXT_VIEW, 0);
  via_test_ui_type (view, typed);
  via_test_ui_snapshot_both (GTK_WIDGET (fixture->window), "pane-json");

  via_test_pane_act (fixture, "tool.view", "form");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (via_test_pane_entry (fixture, 1))), ==, "3.50");
  g_assert_nonnull (via_test_ui_find_text (fixture->root, "1 more member is set in the JSON."));
  via_test_ui_snapshot (GTK_WIDGET (fixture->window), "pane-unknown-member");
  json = via_test_pane_dup_json (fixture);
  g_assert_cmpstr (json, ==, typed);

  via_test_pane_act (fixture, "tool.view", "command");
  view = via_test_ui_find (fixture->root, VIA_TYPE_COMMAND_VIEW, 0);
  command = via_command_view_dup_command (VIA_COMMAND_VIEW (view));
  g_assert_cmpstr (command, ==, "via execute demo get-sum '{\"b\":3.50,\"x\":[1],\"a\":2}'");
  via_test_ui_snapshot_both (GTK_WIDGET (fixture->window), "pane-command");
  via_test_ui_assert_named (fixture->root);
}

static void
test_invalid_json (ViaTestPane       *fixture,
                   gconstpointer  data)
{
  via_test_pane_open_window (fixture, 714, 700);
  via_test_pane_choose (fixture, via_test_sum_tool);
  via_test_ui_type (via_test_pane_entry (fixture, 0), "2");
  via_test_pane_act (fixture, "tool.view", "json");
  via_test_ui_type (via_test_ui_find (fixture->root, GTK_TYPE_TEXT_VIEW, 0), "{\n  \"a\": 2,\n  \"b\": x3\n}");
  g_assert_nonnull (via_test_ui_find_text (fixture->root, "Line 3, column 8"));
  via_test_ui_snapshot_both (GTK_WIDGET (fixture->window), "pane-json-error");

  via_test_pane_act (fixture, "tool.view", "form");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (via_test_pane_entry (fixture, 0))), ==, "2");
  g_assert_false (gtk_widget_is_sensitive (via_test_pane_entry (fixture, 0)));
  via_test_ui_snapshot (GTK_WIDGET (fixture->window), "pane-form-while-json-wrong");
  via_test_pane_act (fixture, "tool.execute", NULL);
  g_assert_cmpuint (g_list_model_get_n_items (via_test_pane_operations (fixture)), ==, 0);
  g_assert_true (GTK_IS_TEXT_VIEW (gtk_window_get_focus (fixture->window)));
}

static void
test_remembers (ViaTestPane       *fixture,
                gconstpointer  data)
{
  via_test_pane_open_window (fixture, 714, 700);
  via_test_pane_choose (fixture, via_test_sum_tool);
  via_test_ui_type (via_test_pane_entry (fixture, 0), "2.0");
  via_test_pane_act (fixture, "tool.view", "json");
  via_test_pane_choose (fixture, via_test_delete_tool);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (via_test_pane_entry (fixture, 0))), ==, "");
  /* The same tool, listed anew. */
  via_test_pane_choose (fixture, via_test_sum_tool);
  g_assert_nonnull (via_test_ui_find (fixture->root, GTK_TYPE_TEXT_VIEW, 0));
  via_test_pane_act (fixture, "tool.view", "form");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (via_test_pane_entry (fixture, 0))), ==, "2.0");
}

static void
test_options (ViaTestPane       *fixture,
              gconstpointer  data)
{
  GtkWidget *spin;
  GtkWidget *view;
  g_autofree char *command = NULL;

  via_test_pane_open_window (fixture, 714, 700);
  via_test_pane_choose (fixture, via_test_slow_tool);
  spin = via_test_ui_find (fixture->root, GTK_TYPE_SPIN_BUTTON, 0);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (spin)), ==, "30 s");
  gtk_editable_set_text (GTK_EDITABLE (spin), "60 seconds");
  gtk_spin_button_update (GTK_SPIN_BUTTON (spin));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (spin)), ==, "60 s");
  gtk_editable_set_text (GTK_EDITABLE (spin), "1000");
  gtk_spin_button_update (GTK_SPIN_BUTTON (spin));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (spin)), ==, "300 s");

  /* Each tool has its own. */
  via_test_pane_choose (fixture, via_test_sum_tool);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (spin)), ==, "30 s");
  via_tool_pane_set_default_timeout (fixture->pane, 45);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (spin)), ==, "45 s");
  via_test_pane_choose (fixture, via_test_slow_tool);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (spin)), ==, "300 s");
  via_test_pane_act (fixture, "tool.view", "command");
  view = via_test_ui_find (fixture->root, VIA_TYPE_COMMAND_VIEW, 0);
  command = via_command_view_dup_command (VIA_COMMAND_VIEW (view));
  g_assert_cmpstr (command, ==, "via execute --timeout 300 demo count-slowly");
}

/* A value that no entry can hold is neither cut nor changed by showing it. */
static void
test_huge_text (ViaTestPane       *fixture,
                gconstpointer  data)
{
  g_autofree char *huge = g_strnfill (100000, 'x');
  g_autofree char *typed = g_strdup_printf ("{\"title\": \"%s\"}", huge);
  g_autofree char *json = NULL;

  via_test_pane_open_window (fixture, 714, 700);
  via_test_pane_choose (fixture, via_test_nested_tool);
  via_test_pane_act (fixture, "tool.view", "json");
  via_test_ui_type (via_test_ui_find (fixture->root, GTK_TYPE_TEXT_VIEW, 0), typed);
  via_test_pane_act (fixture, "tool.view", "form");
  g_assert_false (gtk_editable_get_editable (GTK_EDITABLE (via_test_pane_entry (fixture, 0))));
  json = via_test_pane_dup_json (fixture);
  g_assert_cmpstr (json, ==, typed);
}

static void
test_compact (ViaTestPane       *fixture,
              gconstpointer  data)
{
  via_test_pane_open_window (fixture, 360, 720);
  via_tool_pane_set_title_visible (fixture->pane, FALSE);
  via_test_pane_choose (fixture, via_test_sum_tool);
  via_test_ui_settle (fixture->root);
  via_test_ui_assert_fits (GTK_WIDGET (fixture->pane), 360);
  via_test_ui_snapshot_both (GTK_WIDGET (fixture->window), "pane-360");
  via_test_pane_choose (fixture, via_test_long_tool);
  via_test_ui_settle (fixture->root);
  via_test_ui_assert_fits (GTK_WIDGET (fixture->pane), 360);
  via_test_ui_snapshot (GTK_WIDGET (fixture->window), "pane-360-long");
  via_test_pane_choose (fixture, via_test_sum_tool);
  via_test_pane_act (fixture, "tool.view", "command");
  via_test_ui_assert_fits (GTK_WIDGET (fixture->pane), 360);
  via_test_ui_snapshot (GTK_WIDGET (fixture->window), "pane-360-command");
}

static void
test_large_text (ViaTestPane       *fixture,
                 gconstpointer  data)
{
  via_test_ui_set_text_scale (2);
  via_test_pane_open_window (fixture, 360, 900);
  via_test_pane_choose (fixture, via_test_sum_tool);
  via_test_ui_type (via_test_pane_entry (fixture, 0), "x");
  via_test_ui_settle (fixture->root);
  via_test_ui_assert_fits (GTK_WIDGET (fixture->pane), 360);
  via_test_ui_snapshot (GTK_WIDGET (fixture->window), "pane-360-large-text");
  via_test_pane_close_window (fixture);
  via_test_pane_open_window (fixture, 714, 900);
  via_test_pane_choose (fixture, via_test_nested_tool);
  via_test_ui_snapshot (GTK_WIDGET (fixture->window), "pane-large-text");
  via_test_pane_close_window (fixture);
  via_test_ui_set_text_scale (1);
}

static void
test_right_to_left (ViaTestPane       *fixture,
                    gconstpointer  data)
{
  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  via_test_pane_open_window (fixture, 714, 1100);
  via_test_pane_choose (fixture, via_test_nested_tool);
  g_object_set (via_test_ui_find (fixture->root, ADW_TYPE_EXPANDER_ROW, 0), "expanded", TRUE, NULL);
  via_test_ui_click (via_test_ui_find_button (fixture->root, "Add Item"));
  via_test_ui_settle (fixture->root);
  via_test_ui_snapshot (GTK_WIDGET (fixture->window), "pane-rtl");
  via_test_pane_close_window (fixture);
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

#define add(path, function) \
  g_test_add ("/app/tool-pane/" path, ViaTestPane, NULL, via_test_pane_set_up, function, via_test_pane_tear_down)

int
main (int    argc,
      char **argv)
{
  via_test_ui_init (&argc, &argv);
  via_test_pane_load_style ();

  add ("no-tool", test_no_tool);
  add ("simple", test_simple);
  add ("pages", test_pages);
  add ("tall", test_tall);
  add ("nested", test_nested);
  add ("errors", test_errors);
  add ("views-in-step", test_views_in_step);
  add ("invalid-json", test_invalid_json);
  add ("remembers", test_remembers);
  add ("options", test_options);
  add ("huge-text", test_huge_text);
  add ("compact", test_compact);
  add ("large-text", test_large_text);
  add ("right-to-left", test_right_to_left);

  return g_test_run ();
}
