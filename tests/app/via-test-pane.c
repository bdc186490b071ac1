/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via-test"

#include "config.h"

#include "via-form-row.h"
#include "via-test-pane.h"
#include "via-test-ui.h"

const char *const via_test_sum_tool
  = "{\"name\":\"get-sum\",\"title\":\"Get Sum Tool\",\"description\":\"Returns the sum of two numbers.\","
    "\"annotations\":{\"readOnlyHint\":true},\"inputSchema\":{\"type\":\"object\",\"properties\":{"
    "\"a\":{\"type\":\"number\",\"description\":\"First number\"},"
    "\"b\":{\"type\":\"number\",\"description\":\"Second number\"}},\"required\":[\"a\",\"b\"]}}";

const char *const via_test_long_tool
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

const char *const via_test_nested_tool
  = "{\"name\":\"create_event\",\"title\":\"Create an Event\",\"description\":\"Puts an event into the calendar.\","
    "\"inputSchema\":{\"type\":\"object\",\"properties\":{"
    "\"title\":{\"type\":\"string\",\"description\":\"What it is called\"},"
    "\"place\":{\"type\":\"object\",\"description\":\"Where it happens\",\"properties\":{"
    "\"city\":{\"type\":\"string\"},\"zip\":{\"type\":\"string\",\"description\":\"Postal code\"},"
    "\"online\":{\"type\":\"boolean\",\"description\":\"Nobody has to travel\"}},\"required\":[\"city\"]},"
    "\"guests\":{\"type\":\"array\",\"items\":{\"type\":\"string\",\"format\":\"email\"},"
    "\"description\":\"E-mail addresses\"}},\"required\":[\"title\"]}}";

const char *const via_test_delete_tool
  = "{\"name\":\"delete-note\",\"title\":\"Delete a Note\",\"description\":\"Deletes a note for good.\","
    "\"annotations\":{\"destructiveHint\":true},\"inputSchema\":{\"type\":\"object\",\"properties\":{"
    "\"id\":{\"type\":\"integer\",\"minimum\":1,\"description\":\"As list-notes shows it\"}},\"required\":[\"id\"]}}";

const char *const via_test_slow_tool
  = "{\"name\":\"count-slowly\",\"title\":\"Count Slowly\",\"inputSchema\":{\"type\":\"object\",\"properties\":{"
    "\"steps\":{\"type\":\"integer\"},\"delay_ms\":{\"type\":\"integer\"}},\"additionalProperties\":false}}";

const char *const via_test_bare_tool = "{\"name\":\"show-everything\",\"title\":\"Show Everything at Once\","
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

void
via_test_pane_choose (ViaTestPane    *fixture,
        const char *json)
{
  g_autoptr(ViaTool) tool = make_tool (json);

  via_tool_pane_set_tool (fixture->pane, fixture->bridge, tool);
  via_test_ui_settle (fixture->root);
}

void
via_test_pane_open_window (ViaTestPane *fixture,
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

void
via_test_pane_set_up (ViaTestPane       *fixture,
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

void
via_test_pane_close_window (ViaTestPane *fixture)
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

void
via_test_pane_tear_down (ViaTestPane       *fixture,
           gconstpointer  data)
{
  gboolean stopped = FALSE;

  via_test_pane_close_window (fixture);
  via_bridge_manager_stop_all_async (fixture->manager, NULL, stopped_cb, &stopped);
  via_test_ui_wait_until (stopped);
  g_clear_object (&fixture->bridge);
  g_clear_object (&fixture->manager);
  g_clear_object (&fixture->file);
}

GtkWidget *
via_test_pane_entry (ViaTestPane *fixture,
       guint    nth)
{
  GtkWidget *row = via_test_ui_find (fixture->root, VIA_TYPE_FORM_ROW, nth);

  return via_test_ui_find (row, GTK_TYPE_ENTRY, 0);
}

void
via_test_pane_act (ViaTestPane    *fixture,
     const char *action,
     const char *target)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->pane), action, target != NULL ? "s" : NULL, target));
  via_test_ui_settle (fixture->root);
}

GListModel *
via_test_pane_operations (ViaTestPane *fixture)
{
  return via_bridge_manager_get_operations (fixture->manager);
}

char *
via_test_pane_dup_json (ViaTestPane *fixture)
{
  GtkWidget *view;
  GtkTextBuffer *buffer;
  char *text = NULL;

  via_test_pane_act (fixture, "tool.view", "json");
  view = via_test_ui_find (fixture->root, GTK_TYPE_TEXT_VIEW, 0);
  buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
  g_object_get (buffer, "text", &text, NULL);
  return text;
}

void
via_test_pane_load_style (void)
{
  g_autoptr(GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (provider, "/io/github/viaduct/Viaduct/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}
