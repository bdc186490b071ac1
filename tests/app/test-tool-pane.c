/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via-test"

#include "config.h"

#include "via-action-bar.h"
#include "via-command-view.h"
#include "via-form-row.h"
#include "via-results-view.h"
#include "via-test-ui.h"
#include "via-tool-pane.h"
#include "via-wrap-box.h"

typedef struct
{
  ViaConfigFile    *file;
  ViaBridgeManager *manager;
  ViaBridge        *bridge;
  GtkWindow        *window;
  ViaToolPane      *pane;
  GtkWidget        *root; /* of the window */
} Fixture;

static const char *sum_tool
  = "{\"name\":\"get-sum\",\"title\":\"Get Sum Tool\",\"description\":\"Returns the sum of two numbers.\","
    "\"annotations\":{\"readOnlyHint\":true},\"inputSchema\":{\"type\":\"object\",\"properties\":{"
    "\"a\":{\"type\":\"number\",\"description\":\"First number\"},"
    "\"b\":{\"type\":\"number\",\"description\":\"Second number\"}},\"required\":[\"a\",\"b\"]}}";

static const char *long_tool
  = "{\"name\":\"search_issues\",\"title\":\"Search Issues\",\"description\":\"Searches the issues of a repository. "
    "Results are sorted by their last change, newest first, and come in pages.\\n\\nA query may hold qualifiers such as "
    "is:open, label:bug or author:mara; words without one are looked for in titles and texts. What cannot be "
    "understood is ignored.\\n\\nThe page that follows is asked for with the cursor that the answer holds. It is valid "
    "for an hour.\\nPages hold at most 100 issues.\",\"annotations\":{\"readOnlyHint\":true,\"openWorldHint\":true},"
    "\"inputSchema\":{\"type\":\"object\",\"properties\":{"
    "\"repository\":{\"type\":\"string\",\"description\":\"Owner and name\",\"examples\":[\"octo/bridge\"]},"
    "\"query\":{\"type\":\"string\",\"description\":\"Words and qualifiers\"},"
    "\"state\":{\"type\":\"string\",\"enum\":[\"open\",\"closed\",\"all\"],\"default\":\"open\","
    "\"description\":\"Which ones\"},"
    "\"labels\":{\"type\":\"array\",\"items\":{\"type\":\"string\"},\"description\":\"All of them have to be there\"},"
    "\"since\":{\"type\":\"string\",\"format\":\"date\",\"description\":\"Changed on this day or later\"},"
    "\"limit\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":100,\"default\":30,\"description\":\"Issues a page\"},"
    "\"include_bodies\":{\"type\":\"boolean\",\"description\":\"Send the whole text of each issue, not only its "
    "beginning. This makes answers a good deal longer.\"},"
    "\"note\":{\"type\":\"string\",\"maxLength\":4000,\"description\":\"Kept with the search\"},"
    "\"sort\":{\"oneOf\":[{\"const\":\"-updated\",\"title\":\"Newest change first\"},{\"const\":\"updated\","
    "\"title\":\"Oldest change first\"}]},"
    "\"filter\":{\"description\":\"An expression tree\",\"anyOf\":[{\"type\":\"string\"},{\"type\":\"object\"}]}},"
    "\"required\":[\"repository\",\"query\"]}}";

static const char *nested_tool
  = "{\"name\":\"create_event\",\"title\":\"Create an Event\",\"description\":\"Puts an event into the calendar.\","
    "\"inputSchema\":{\"type\":\"object\",\"properties\":{"
    "\"title\":{\"type\":\"string\",\"description\":\"What it is called\"},"
    "\"place\":{\"type\":\"object\",\"description\":\"Where it happens\",\"properties\":{"
    "\"city\":{\"type\":\"string\"},\"zip\":{\"type\":\"string\",\"description\":\"Postal code\"},"
    "\"online\":{\"type\":\"boolean\",\"description\":\"Nobody has to travel\"}},\"required\":[\"city\"]},"
    "\"guests\":{\"type\":\"array\",\"items\":{\"type\":\"string\",\"format\":\"email\"},"
    "\"description\":\"E-mail addresses\"}},\"required\":[\"title\"]}}";

static const char *delete_tool
  = "{\"name\":\"delete-note\",\"title\":\"Delete a Note\",\"description\":\"Deletes a note for good.\","
    "\"annotations\":{\"destructiveHint\":true},\"inputSchema\":{\"type\":\"object\",\"properties\":{"
    "\"id\":{\"type\":\"integer\",\"minimum\":1,\"description\":\"As list-notes shows it\"}},\"required\":[\"id\"]}}";

static const char *slow_tool
  = "{\"name\":\"count-slowly\",\"title\":\"Count Slowly\",\"inputSchema\":{\"type\":\"object\",\"properties\":{"
    "\"steps\":{\"type\":\"integer\"},\"delay_ms\":{\"type\":\"integer\"}},\"additionalProperties\":false}}";

static const char *bare_tool = "{\"name\":\"show-everything\",\"title\":\"Show Everything at Once\","
                               "\"description\":\"Every kind of content in one result.\",\"inputSchema\":{"
                               "\"type\":\"object\",\"properties\":{},\"additionalProperties\":false}}";

static ViaTool *
make_tool (const char *json)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ViaJsonDocument) document = via_json_document_new_strict (json, -1, &error);
  ViaTool *tool;

  g_assert_no_error (error);
  tool = via_tool_new_from_mcp (via_json_document_get_root (document), &error);
  g_assert_no_error (error);
  return tool;
}

static void
choose (Fixture    *fixture,
        const char *json)
{
  g_autoptr(ViaTool) tool = make_tool (json);

  via_tool_pane_set_tool (fixture->pane, fixture->bridge, tool);
  via_test_ui_settle (fixture->root);
}

static void
open_window (Fixture *fixture,
             int      width,
             int      height)
{
  fixture->pane = VIA_TOOL_PANE (via_tool_pane_new ());
  via_tool_pane_set_compact (fixture->pane, width < 500);
  via_tool_pane_set_manager (fixture->pane, fixture->manager);
  /* The toasts of the window are shown by an overlay around everything. */
  fixture->root = adw_toast_overlay_new ();
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (fixture->root), GTK_WIDGET (fixture->pane));
  fixture->window = via_test_ui_window (fixture->root, width, height);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(ViaRedactor) redactor = via_redactor_new ();
  g_autoptr(ViaSecretStore) secrets = via_secret_store_new (redactor, NULL);

  fixture->file = via_config_file_new ("/nonexistent/bridges.yaml");
  fixture->manager = via_bridge_manager_new (fixture->file, secrets);
  via_bridge_manager_apply (fixture->manager);
  fixture->bridge = g_list_model_get_item (G_LIST_MODEL (fixture->manager), 0);
  g_assert_nonnull (fixture->bridge);
}

static void
close_window (Fixture *fixture)
{
  if (fixture->window != NULL)
    via_test_ui_close (fixture->window);
  fixture->window = NULL;
}

static void
stopped_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  via_bridge_manager_stop_all_finish (VIA_BRIDGE_MANAGER (source), result, NULL);
  *(gboolean *) data = TRUE;
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  gboolean stopped = FALSE;

  close_window (fixture);
  via_bridge_manager_stop_all_async (fixture->manager, NULL, stopped_cb, &stopped);
  via_test_ui_wait_until (stopped);
  g_clear_object (&fixture->bridge);
  g_clear_object (&fixture->manager);
  g_clear_object (&fixture->file);
}

static GtkWidget *
entry (Fixture *fixture,
       guint    nth)
{
  GtkWidget *row = via_test_ui_find (fixture->root, VIA_TYPE_FORM_ROW, nth);

  return via_test_ui_find (row, GTK_TYPE_ENTRY, 0);
}

static void
act (Fixture    *fixture,
     const char *action,
     const char *target)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->pane), action, target != NULL ? "s" : NULL, target));
  via_test_ui_settle (fixture->root);
}

static GListModel *
operations (Fixture *fixture)
{
  return via_bridge_manager_get_operations (fixture->manager);
}

static char *
dup_json (Fixture *fixture)
{
  GtkWidget *view;
  GtkTextBuffer *buffer;
  char *text = NULL;

  act (fixture, "tool.view", "json");
  view = via_test_ui_find (fixture->root, GTK_TYPE_TEXT_VIEW, 0);
  buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
  g_object_get (buffer, "text", &text, NULL);
  return text;
}

static void
test_no_tool (Fixture       *fixture,
              gconstpointer  data)
{
  open_window (fixture, 714, 700);
  g_assert_nonnull (via_test_ui_find_text (fixture->root, "Choose a Tool"));
  act (fixture, "tool.cancel", NULL);
  via_test_ui_snapshot_both (GTK_WIDGET (fixture->window), "pane-no-tool");
}

static void
test_simple (Fixture       *fixture,
             gconstpointer  data)
{
  open_window (fixture, 714, 700);
  choose (fixture, sum_tool);
  via_test_ui_type (entry (fixture, 0), "2");
  via_test_ui_snapshot_both (GTK_WIDGET (fixture->window), "pane-simple");
  via_test_ui_assert_named (fixture->root);
}

static void
test_pages (Fixture       *fixture,
            gconstpointer  data)
{
  open_window (fixture, 714, 900);
  choose (fixture, long_tool);
  via_test_ui_snapshot_both (GTK_WIDGET (fixture->window), "pane-long");
  choose (fixture, bare_tool);
  via_test_ui_snapshot (GTK_WIDGET (fixture->window), "pane-no-parameters");
  choose (fixture, nested_tool);
  via_test_ui_snapshot (GTK_WIDGET (fixture->window), "pane-nested-closed");
  choose (fixture, delete_tool);
  via_test_ui_snapshot_both (GTK_WIDGET (fixture->window), "pane-destructive");
}

/* Every kind of field, one after the other. */
static void
test_tall (Fixture       *fixture,
           gconstpointer  data)
{
  GtkWidget *row;

  open_window (fixture, 714, 1500);
  choose (fixture, long_tool);
  row = via_test_ui_find (fixture->root, VIA_TYPE_FORM_ROW, 8);
  via_test_ui_type (via_test_ui_find (row, GTK_TYPE_TEXT_VIEW, 0), "{\"and\": [1, 2}");
  via_test_ui_settle (fixture->root);
  via_test_ui_snapshot_both (GTK_WIDGET (fixture->window), "pane-tall");
}

static void
test_nested (Fixture       *fixture,
             gconstpointer  data)
{
  g_autofree char *json = NULL;

  open_window (fixture, 714, 1100);
  choose (fixture, nested_tool);
  g_object_set (via_test_ui_find (fixture->root, ADW_TYPE_EXPANDER_ROW, 0), "expanded", TRUE, NULL);
  via_test_ui_click (via_test_ui_find_button (fixture->root, "Add Item"));
  via_test_ui_settle (fixture->root);
  via_test_ui_type (entry (fixture, 1), "Zürich");
  via_test_ui_type (entry (fixture, 4), "mara@example.com");
  via_test_ui_click (via_test_ui_find_button (fixture->root, "Add Item"));
  gtk_switch_set_active (GTK_SWITCH (via_test_ui_find (fixture->root, GTK_TYPE_SWITCH, 0)), TRUE);
  via_test_ui_settle (fixture->root);
  via_test_ui_snapshot_both (GTK_WIDGET (fixture->window), "pane-nested");
  via_test_ui_assert_named (fixture->root);

  via_test_ui_click (via_test_ui_find_button (fixture->root, "Do Not Send"));
  json = dup_json (fixture);
  g_assert_cmpstr (json, ==, "{\n  \"place\": {\n    \"city\": \"Zürich\"\n  },\n"
                             "  \"guests\": [\"mara@example.com\", \"\"]\n}");
}

static void
test_errors (Fixture       *fixture,
             gconstpointer  data)
{
  open_window (fixture, 714, 700);
  choose (fixture, sum_tool);
  via_test_ui_type (entry (fixture, 0), "2");
  via_test_ui_type (entry (fixture, 1), "three");
  g_assert_nonnull (via_test_ui_find_text (fixture->root, "“three” is not a number"));
  g_assert_nonnull (via_test_ui_find_text (fixture->root, "1 field to correct"));
  via_test_ui_snapshot_both (GTK_WIDGET (fixture->window), "pane-errors");

  via_test_ui_type (entry (fixture, 0), "");
  act (fixture, "tool.execute", NULL);
  g_assert_nonnull (via_test_ui_find_text (fixture->root, "2 fields to correct"));
  /* The first wrong field has the focus, and nothing was sent. */
  g_assert_true (gtk_widget_is_ancestor (gtk_window_get_focus (fixture->window), entry (fixture, 0)));
  g_assert_cmpuint (g_list_model_get_n_items (operations (fixture)), ==, 0);
}

static void
test_views_in_step (Fixture       *fixture,
                    gconstpointer  data)
{
  const char *typed = "{ \"b\":3.50,\n\"x\" : [1],  \"a\":  2 }";
  g_autofree char *json = NULL;
  g_autofree char *command = NULL;
  GtkWidget *view;

  open_window (fixture, 714, 700);
  choose (fixture, sum_tool);
  act (fixture, "tool.view", "json");
  view = via_test_ui_find (fixture->root, GTK_TYPE_TEXT_VIEW, 0);
  via_test_ui_type (view, typed);
  via_test_ui_snapshot_both (GTK_WIDGET (fixture->window), "pane-json");

  act (fixture, "tool.view", "form");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry (fixture, 1))), ==, "3.50");
  g_assert_nonnull (via_test_ui_find_text (fixture->root, "1 more member is set in the JSON."));
  via_test_ui_snapshot (GTK_WIDGET (fixture->window), "pane-unknown-member");
  json = dup_json (fixture);
  g_assert_cmpstr (json, ==, typed);

  act (fixture, "tool.view", "command");
  view = via_test_ui_find (fixture->root, VIA_TYPE_COMMAND_VIEW, 0);
  command = via_command_view_dup_command (VIA_COMMAND_VIEW (view));
  g_assert_cmpstr (command, ==, "via execute demo get-sum '{\"b\":3.50,\"x\":[1],\"a\":2}'");
  via_test_ui_snapshot_both (GTK_WIDGET (fixture->window), "pane-command");
  via_test_ui_assert_named (fixture->root);
}

static void
test_invalid_json (Fixture       *fixture,
                   gconstpointer  data)
{
  open_window (fixture, 714, 700);
  choose (fixture, sum_tool);
  via_test_ui_type (entry (fixture, 0), "2");
  act (fixture, "tool.view", "json");
  via_test_ui_type (via_test_ui_find (fixture->root, GTK_TYPE_TEXT_VIEW, 0), "{\n  \"a\": 2,\n  \"b\": x3\n}");
  g_assert_nonnull (via_test_ui_find_text (fixture->root, "Line 3, column 8"));
  via_test_ui_snapshot_both (GTK_WIDGET (fixture->window), "pane-json-error");

  act (fixture, "tool.view", "form");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry (fixture, 0))), ==, "2");
  g_assert_false (gtk_widget_is_sensitive (entry (fixture, 0)));
  via_test_ui_snapshot (GTK_WIDGET (fixture->window), "pane-form-while-json-wrong");
  act (fixture, "tool.execute", NULL);
  g_assert_cmpuint (g_list_model_get_n_items (operations (fixture)), ==, 0);
  g_assert_true (GTK_IS_TEXT_VIEW (gtk_window_get_focus (fixture->window)));
}

static void
test_remembers (Fixture       *fixture,
                gconstpointer  data)
{
  open_window (fixture, 714, 700);
  choose (fixture, sum_tool);
  via_test_ui_type (entry (fixture, 0), "2.0");
  act (fixture, "tool.view", "json");
  choose (fixture, delete_tool);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry (fixture, 0))), ==, "");
  /* The same tool, listed anew. */
  choose (fixture, sum_tool);
  g_assert_nonnull (via_test_ui_find (fixture->root, GTK_TYPE_TEXT_VIEW, 0));
  act (fixture, "tool.view", "form");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry (fixture, 0))), ==, "2.0");
}

static void
test_options (Fixture       *fixture,
              gconstpointer  data)
{
  GtkWidget *spin;
  GtkWidget *view;
  g_autofree char *command = NULL;

  open_window (fixture, 714, 700);
  choose (fixture, slow_tool);
  spin = via_test_ui_find (fixture->root, GTK_TYPE_SPIN_BUTTON, 0);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (spin)), ==, "30 s");
  gtk_editable_set_text (GTK_EDITABLE (spin), "60 seconds");
  gtk_spin_button_update (GTK_SPIN_BUTTON (spin));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (spin)), ==, "60 s");
  gtk_editable_set_text (GTK_EDITABLE (spin), "1000");
  gtk_spin_button_update (GTK_SPIN_BUTTON (spin));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (spin)), ==, "300 s");

  /* Each tool has its own. */
  choose (fixture, sum_tool);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (spin)), ==, "30 s");
  via_tool_pane_set_default_timeout (fixture->pane, 45);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (spin)), ==, "45 s");
  choose (fixture, slow_tool);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (spin)), ==, "300 s");
  act (fixture, "tool.view", "command");
  view = via_test_ui_find (fixture->root, VIA_TYPE_COMMAND_VIEW, 0);
  command = via_command_view_dup_command (VIA_COMMAND_VIEW (view));
  g_assert_cmpstr (command, ==, "via execute --timeout 300 demo count-slowly");
}

/* A value that no entry can hold is neither cut nor changed by showing it. */
static void
test_huge_text (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *huge = g_strnfill (100000, 'x');
  g_autofree char *typed = g_strdup_printf ("{\"title\": \"%s\"}", huge);
  g_autofree char *json = NULL;

  open_window (fixture, 714, 700);
  choose (fixture, nested_tool);
  act (fixture, "tool.view", "json");
  via_test_ui_type (via_test_ui_find (fixture->root, GTK_TYPE_TEXT_VIEW, 0), typed);
  act (fixture, "tool.view", "form");
  g_assert_false (gtk_editable_get_editable (GTK_EDITABLE (entry (fixture, 0))));
  json = dup_json (fixture);
  g_assert_cmpstr (json, ==, typed);
}

static void
assert_at (GtkWidget *box,
           GtkWidget *child,
           int        x,
           int        y,
           int        width)
{
  graphene_rect_t rect;

  g_assert_true (gtk_widget_compute_bounds (child, box, &rect));
  g_assert_cmpint ((int) rect.origin.x, ==, x);
  g_assert_cmpint ((int) rect.origin.y, ==, y);
  g_assert_cmpint ((int) rect.size.width, ==, width);
}

static GtkWidget *
add_block (GtkWidget *box,
           int        width,
           int        height)
{
  GtkWidget *child = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_widget_set_size_request (child, width, height);
  via_wrap_box_append (VIA_WRAP_BOX (box), child);
  return child;
}

static void
test_wrap_box (Fixture       *fixture,
               gconstpointer  data)
{
  GtkWidget *box = via_wrap_box_new ();
  GtkWidget *a = add_block (box, 100, 20);
  GtkWidget *b = add_block (box, 150, 30);
  GtkWidget *c = add_block (box, 60, 20);

  via_wrap_box_set_spacing (VIA_WRAP_BOX (box), 10, 5);
  gtk_widget_set_valign (box, GTK_ALIGN_START);
  fixture->window = via_test_ui_window (box, 300, 100);
  via_test_ui_settle (box);
  /* The third goes below, and fills its line. */
  assert_at (box, a, 0, 0, 100);
  assert_at (box, b, 110, 0, 150);
  assert_at (box, c, 0, 35, 300);
  gtk_widget_set_halign (c, GTK_ALIGN_END);
  gtk_widget_set_hexpand (a, TRUE);
  gtk_widget_set_direction (box, GTK_TEXT_DIR_RTL);
  via_test_ui_settle (box);
  assert_at (box, a, 160, 0, 140);
  assert_at (box, b, 0, 0, 150);
  assert_at (box, c, 240, 35, 60);
}

static ViaOperation *
newest (Fixture *fixture)
{
  return g_list_model_get_item (operations (fixture), 0);
}

static void
test_execute (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(ViaOperation) operation = NULL;
  gsize length;

  open_window (fixture, 714, 700);
  choose (fixture, slow_tool);
  via_test_ui_type (entry (fixture, 0), "1");
  via_test_ui_type (entry (fixture, 1), "0");
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
test_cancel (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(ViaOperation) operation = NULL;

  open_window (fixture, 714, 700);
  choose (fixture, slow_tool);
  via_test_ui_type (entry (fixture, 0), "50");
  via_test_ui_type (entry (fixture, 1), "1000");
  act (fixture, "tool.execute", NULL);
  operation = newest (fixture);
  /* Executing again while it runs does nothing: a double click is one call. */
  act (fixture, "tool.execute", NULL);
  g_assert_cmpuint (g_list_model_get_n_items (operations (fixture)), ==, 1);

  via_test_ui_wait_until (via_test_ui_find_text (fixture->root, "Running…") != NULL);
  via_test_ui_snapshot_both (GTK_WIDGET (fixture->window), "pane-running");
  act (fixture, "tool.cancel", NULL);
  via_test_ui_wait_until (via_operation_is_finished (operation));
  g_assert_cmpint (via_operation_get_state (operation), ==, VIA_OPERATION_CANCELLED);
  via_test_ui_settle (fixture->root);
  g_assert_null (via_test_ui_find_text (fixture->root, "Running…"));
}

static void
test_background (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(ViaOperation) operation = NULL;
  GtkWidget *check;

  open_window (fixture, 714, 700);
  choose (fixture, slow_tool);
  via_test_ui_type (entry (fixture, 0), "50");
  via_test_ui_type (entry (fixture, 1), "1000");
  check = via_test_ui_find (fixture->root, GTK_TYPE_CHECK_BUTTON, 0);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), TRUE);
  act (fixture, "tool.execute", NULL);
  operation = newest (fixture);
  g_assert_true (via_operation_is_background (operation));
  g_assert_false (via_operation_is_finished (operation));
  /* The bar is free at once. */
  act (fixture, "tool.execute", NULL);
  g_assert_cmpuint (g_list_model_get_n_items (operations (fixture)), ==, 2);
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
test_destructive_asks (Fixture       *fixture,
                       gconstpointer  data)
{
  GtkWindow *dialog;
  g_autofree char *body = NULL;

  open_window (fixture, 714, 700);
  choose (fixture, delete_tool);
  via_test_ui_type (entry (fixture, 0), "7");
  via_test_ui_click (via_test_ui_find_button (fixture->root, "Execute…"));
  via_test_ui_wait_until (find_dialog () != NULL);
  dialog = find_dialog ();
  g_object_get (dialog, "body", &body, NULL);
  g_assert_nonnull (strstr (body, "\n\nid: 7"));
  g_assert_cmpuint (g_list_model_get_n_items (operations (fixture)), ==, 0);
  via_test_ui_settle (GTK_WIDGET (dialog));
  via_test_ui_snapshot (GTK_WIDGET (dialog), "pane-question");
  via_test_ui_click (via_test_ui_find_button (GTK_WIDGET (dialog), "_Cancel"));
  via_test_ui_wait_until (find_dialog () == NULL);
  g_assert_cmpuint (g_list_model_get_n_items (operations (fixture)), ==, 0);

  act (fixture, "tool.execute", NULL);
  via_test_ui_wait_until (find_dialog () != NULL);
  via_test_ui_settle (GTK_WIDGET (find_dialog ()));
  via_test_ui_click (via_test_ui_find_button (GTK_WIDGET (find_dialog ()), "_Execute"));
  via_test_ui_wait_until (g_list_model_get_n_items (operations (fixture)) == 1);
  via_test_ui_wait_until (find_dialog () == NULL);
}

static void
test_compact (Fixture       *fixture,
              gconstpointer  data)
{
  open_window (fixture, 360, 720);
  via_tool_pane_set_title_visible (fixture->pane, FALSE);
  choose (fixture, sum_tool);
  via_test_ui_settle (fixture->root);
  via_test_ui_assert_fits (GTK_WIDGET (fixture->pane), 360);
  via_test_ui_snapshot_both (GTK_WIDGET (fixture->window), "pane-360");
  choose (fixture, long_tool);
  via_test_ui_settle (fixture->root);
  via_test_ui_assert_fits (GTK_WIDGET (fixture->pane), 360);
  via_test_ui_snapshot (GTK_WIDGET (fixture->window), "pane-360-long");
  choose (fixture, sum_tool);
  act (fixture, "tool.view", "command");
  via_test_ui_assert_fits (GTK_WIDGET (fixture->pane), 360);
  via_test_ui_snapshot (GTK_WIDGET (fixture->window), "pane-360-command");
}

static void
test_large_text (Fixture       *fixture,
                 gconstpointer  data)
{
  via_test_ui_set_text_scale (2);
  open_window (fixture, 360, 900);
  choose (fixture, sum_tool);
  via_test_ui_type (entry (fixture, 0), "x");
  via_test_ui_settle (fixture->root);
  via_test_ui_assert_fits (GTK_WIDGET (fixture->pane), 360);
  via_test_ui_snapshot (GTK_WIDGET (fixture->window), "pane-360-large-text");
  close_window (fixture);
  open_window (fixture, 714, 900);
  choose (fixture, nested_tool);
  via_test_ui_snapshot (GTK_WIDGET (fixture->window), "pane-large-text");
  close_window (fixture);
  via_test_ui_set_text_scale (1);
}

static void
test_right_to_left (Fixture       *fixture,
                    gconstpointer  data)
{
  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  open_window (fixture, 714, 1100);
  choose (fixture, nested_tool);
  g_object_set (via_test_ui_find (fixture->root, ADW_TYPE_EXPANDER_ROW, 0), "expanded", TRUE, NULL);
  via_test_ui_click (via_test_ui_find_button (fixture->root, "Add Item"));
  via_test_ui_settle (fixture->root);
  via_test_ui_snapshot (GTK_WIDGET (fixture->window), "pane-rtl");
  close_window (fixture);
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

static void
load_style (void)
{
  g_autoptr(GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (provider, "/io/github/viaduct/Viaduct/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

#define add(path, function) g_test_add ("/app/tool-pane/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  via_test_ui_init (&argc, &argv);
  load_style ();

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
  add ("wrap-box", test_wrap_box);
  add ("execute", test_execute);
  add ("cancel", test_cancel);
  add ("background", test_background);
  add ("destructive-asks", test_destructive_asks);
  add ("compact", test_compact);
  add ("large-text", test_large_text);
  add ("right-to-left", test_right_to_left);

  return g_test_run ();
}
