/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via-test"

#include "config.h"

#include "via-category-row.h"
#include "via-test-ui.h"
#include "via-tool-list.h"
#include "via-tool-row.h"

static void
append (GListStore *store,
        const char *text)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ViaJsonDocument) document = via_json_document_new_strict (text, -1, &error);
  g_autoptr(ViaTool) tool = NULL;

  g_assert_no_error (error);
  tool = via_tool_new_from_mcp (via_json_document_get_root (document), &error);
  g_assert_no_error (error);
  g_list_store_append (store, tool);
}

static GListStore *
make_store (void)
{
  GListStore *store = g_list_store_new (VIA_TYPE_TOOL);

  append (store, "{\"name\":\"read_file\",\"title\":\"Read File\",\"inputSchema\":{\"type\":\"object\"},"
                 "\"annotations\":{\"readOnlyHint\":true},\"_meta\":{\"category\":\"Files\"}}");
  append (store, "{\"name\":\"delete_file\",\"title\":\"Delete File\",\"inputSchema\":{\"type\":\"object\"},"
                 "\"annotations\":{\"destructiveHint\":true},\"_meta\":{\"category\":\"Files\"}}");
  append (store, "{\"name\":\"search\",\"title\":\"Search the Web\",\"inputSchema\":{\"type\":\"object\"},"
                 "\"annotations\":{\"openWorldHint\":true}}");
  return store;
}

static GListStore *
make_many (guint n_tools)
{
  GListStore *store = g_list_store_new (VIA_TYPE_TOOL);
  g_autoptr(GPtrArray) tools = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n_tools; i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"name\":\"tool_%05u\",\"title\":\"Tool Number %u\",\"description\":"
                                               "\"Does the thing that number %u of many does, with some words to search\","
                                               "\"inputSchema\":{\"type\":\"object\"},\"_meta\":{\"category\":\"Group %u\"}}",
                                               i, i, i * 7919, i / 100);
      g_autoptr(ViaJsonDocument) document = via_json_document_new_strict (text, -1, NULL);

      g_ptr_array_add (tools, via_tool_new_from_mcp (via_json_document_get_root (document), NULL));
    }
  g_list_store_splice (store, 0, 0, tools->pdata, tools->len);
  return store;
}

typedef struct
{
  guint  n_selected;
  guint  n_activated;
  char  *name;
} Log;

static void
selected_cb (ViaToolList *list,
             ViaBridge   *bridge,
             ViaTool     *tool,
             Log         *log)
{
  log->n_selected++;
  g_free (log->name);
  log->name = g_strdup (via_tool_get_name (tool));
}

static void
activated_cb (ViaToolList *list,
              Log         *log)
{
  log->n_activated++;
}

static GtkWindow *
open_list (GListStore   *store,
           Log          *log,
           ViaToolList **list)
{
  *list = VIA_TOOL_LIST (via_tool_list_new ());
  g_signal_connect (*list, "tool-selected", G_CALLBACK (selected_cb), log);
  g_signal_connect (*list, "tool-activated", G_CALLBACK (activated_cb), log);
  via_tool_list_show_tools (*list);
  via_tool_model_add_source (via_tool_list_get_model (*list), NULL, NULL, G_LIST_MODEL (store));
  return via_test_ui_window (GTK_WIDGET (*list), 360, 600);
}

static void
test_shows (void)
{
  g_autoptr(GListStore) store = make_store ();
  Log log = { 0 };
  ViaToolList *list;
  GtkWindow *window = open_list (store, &log, &list);

  g_assert_nonnull (via_test_ui_find_text (GTK_WIDGET (window), "Files"));
  g_assert_nonnull (via_test_ui_find_text (GTK_WIDGET (window), "Delete File"));
  g_assert_nonnull (via_test_ui_find_text (GTK_WIDGET (window), "General"));
  g_assert_nonnull (via_test_ui_find (GTK_WIDGET (window), VIA_TYPE_TOOL_ROW, 2));
  g_assert_null (via_test_ui_find (GTK_WIDGET (window), VIA_TYPE_TOOL_ROW, 3));
  via_test_ui_assert_named (GTK_WIDGET (window));
  via_test_ui_assert_fits (GTK_WIDGET (list), 300);
  via_test_ui_snapshot_both (GTK_WIDGET (window), "tool-list");
  via_test_ui_close (window);
}

static void
test_collapses (void)
{
  g_autoptr(GListStore) store = make_store ();
  Log log = { 0 };
  ViaToolList *list;
  GtkWindow *window = open_list (store, &log, &list);

  via_test_ui_click (via_test_ui_find (via_test_ui_find (GTK_WIDGET (window), VIA_TYPE_CATEGORY_ROW, 0),
                                       GTK_TYPE_BUTTON, 0));
  via_test_ui_settle (GTK_WIDGET (window));
  g_assert_null (via_test_ui_find_text (GTK_WIDGET (window), "Delete File"));
  gtk_widget_activate_action (GTK_WIDGET (list), "list.collapse-all", NULL);
  via_test_ui_settle (GTK_WIDGET (window));
  g_assert_null (via_test_ui_find_text (GTK_WIDGET (window), "Search the Web"));
  gtk_widget_activate_action (GTK_WIDGET (list), "list.expand-all", NULL);
  via_test_ui_settle (GTK_WIDGET (window));
  g_assert_nonnull (via_test_ui_find_text (GTK_WIDGET (window), "Search the Web"));
  via_test_ui_close (window);
}

static void
test_search_and_enter (void)
{
  g_autoptr(GListStore) store = make_store ();
  Log log = { 0 };
  ViaToolList *list;
  GtkWindow *window = open_list (store, &log, &list);
  GtkWidget *search = via_test_ui_find (GTK_WIDGET (window), GTK_TYPE_SEARCH_ENTRY, 0);

  via_test_ui_type (search, "web");
  via_test_ui_settle (GTK_WIDGET (window));
  g_assert_null (via_test_ui_find_text (GTK_WIDGET (window), "Read File"));
  g_signal_emit_by_name (search, "activate");
  g_assert_cmpstr (log.name, ==, "search");
  g_assert_cmpuint (log.n_selected, ==, 1);
  g_assert_cmpuint (log.n_activated, ==, 1);
  via_test_ui_type (search, "no such tool");
  via_test_ui_settle (GTK_WIDGET (window));
  g_assert_nonnull (via_test_ui_find_text (GTK_WIDGET (window), "No Tool Matches"));
  /* What was selected comes back with the whole list, and nobody is told that it changed. */
  g_signal_emit_by_name (search, "stop-search");
  via_test_ui_settle (GTK_WIDGET (window));
  g_assert_nonnull (via_test_ui_find_text (GTK_WIDGET (window), "Read File"));
  g_assert_cmpuint (log.n_selected, ==, 1);
  via_test_ui_close (window);
  g_free (log.name);
}

/* Tools listed anew are other objects; the selection goes by name. */
static void
test_selection_survives_refresh (void)
{
  g_autoptr(GListStore) store = make_store ();
  g_autoptr(GListStore) fresh = make_store ();
  g_autoptr(GPtrArray) tools = g_ptr_array_new_with_free_func (g_object_unref);
  Log log = { 0 };
  ViaToolList *list;
  GtkWindow *window = open_list (store, &log, &list);
  GtkListView *view = GTK_LIST_VIEW (via_test_ui_find (GTK_WIDGET (window), GTK_TYPE_LIST_VIEW, 0));
  GtkSingleSelection *selection = GTK_SINGLE_SELECTION (gtk_list_view_get_model (view));

  via_tool_list_select (list, NULL, "delete_file");
  g_assert_cmpuint (gtk_single_selection_get_selected (selection), ==, 2);
  for (guint i = 0; i < 3; i++)
    g_ptr_array_add (tools, g_list_model_get_item (G_LIST_MODEL (fresh), i));
  g_list_store_splice (store, 0, 3, tools->pdata, 3);
  g_assert_cmpuint (gtk_single_selection_get_selected (selection), ==, 2);
  g_assert_cmpuint (log.n_selected, ==, 0);
  via_test_ui_close (window);
}

static void
test_states (void)
{
  g_autoptr(GListStore) store = g_list_store_new (VIA_TYPE_TOOL);
  Log log = { 0 };
  ViaToolList *list;
  GtkWindow *window = open_list (store, &log, &list);

  via_tool_list_show_loading (list, "Connecting to “demo”…");
  via_test_ui_settle (GTK_WIDGET (window));
  g_assert_nonnull (via_test_ui_find_text (GTK_WIDGET (window), "Connecting to “demo”…"));
  via_tool_list_show_message (list, "No Tools", "The server offers none.", "Connect", "win.connect");
  via_test_ui_settle (GTK_WIDGET (window));
  g_assert_nonnull (via_test_ui_find_text (GTK_WIDGET (window), "No Tools"));
  g_assert_nonnull (via_test_ui_find_button (GTK_WIDGET (window), "Connect"));
  append (store, "{\"name\":\"late\",\"inputSchema\":{\"type\":\"object\"}}");
  via_test_ui_settle (GTK_WIDGET (window));
  g_assert_nonnull (via_test_ui_find_text (GTK_WIDGET (window), "late"));
  via_test_ui_close (window);
}

static double
measure_ms (gint64 start)
{
  return (g_get_monotonic_time () - start) / 1000.0;
}

/* How long it takes is said, and measured by the benches; only that it comes to an end in time is asserted. */
static void
test_ten_thousand (void)
{
  const char *words[] = { "t", "to", "too", "tool", "tool 9", "tool 99", "tool 999", "" };
  g_autoptr(GListStore) none = g_list_store_new (VIA_TYPE_TOOL);
  g_autoptr(GListStore) store = make_many (10000);
  Log log = { 0 };
  ViaToolList *list;
  GtkWindow *window = open_list (none, &log, &list);
  double worst = 0, shown;
  gint64 start = g_get_monotonic_time ();

  via_tool_model_add_source (via_tool_list_get_model (list), NULL, NULL, G_LIST_MODEL (store));
  via_test_ui_wait_until (via_test_ui_find_text (GTK_WIDGET (window), "Tool Number 3") != NULL);
  shown = measure_ms (start);
  via_test_ui_settle (GTK_WIDGET (window));
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      start = g_get_monotonic_time ();
      via_tool_model_set_search (via_tool_list_get_model (list), words[i]);
      worst = MAX (worst, measure_ms (start));
      via_test_ui_settle (GTK_WIDGET (window));
    }
  g_test_message ("10,000 tools shown in %.1f ms, the slowest keystroke filtered in %.1f ms", shown, worst);
  g_test_minimized_result (worst, "slowest keystroke: %.1f ms", worst);
  via_test_ui_close (window);
}

int
main (int    argc,
      char **argv)
{
  via_test_ui_init (&argc, &argv);
  g_test_add_func ("/app/tool-list/shows", test_shows);
  g_test_add_func ("/app/tool-list/collapses", test_collapses);
  g_test_add_func ("/app/tool-list/search-and-enter", test_search_and_enter);
  g_test_add_func ("/app/tool-list/selection-survives-refresh", test_selection_survives_refresh);
  g_test_add_func ("/app/tool-list/states", test_states);
  g_test_add_func ("/app/tool-list/ten-thousand", test_ten_thousand);
  return g_test_run ();
}
