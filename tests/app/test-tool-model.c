/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via-test"

#include "config.h"

#include <string.h>

#include "via-test-ui.h"
#include "via-tool-model.h"

static ViaTool *
make_tool (const char *name,
           const char *title,
           const char *description,
           const char *category)
{
  g_autofree char *text = g_strdup_printf ("{\"name\":\"%s\",\"title\":\"%s\",\"description\":\"%s\","
                                           "\"_meta\":{\"category\":\"%s\"},"
                                           "\"inputSchema\":{\"type\":\"object\"}}", name, title, description, category);
  g_autoptr(GError) error = NULL;
  g_autoptr(ViaJsonDocument) document = via_json_document_new_strict (text, -1, &error);
  ViaTool *tool;

  g_assert_no_error (error);
  tool = via_tool_new_from_mcp (via_json_document_get_root (document), &error);
  g_assert_no_error (error);
  return tool;
}

static void
append (GListStore *store,
        const char *name,
        const char *title,
        const char *description,
        const char *category)
{
  g_autoptr(ViaTool) tool = make_tool (name, title, description, category);

  g_list_store_append (store, tool);
}

static GListStore *
make_store (void)
{
  GListStore *store = g_list_store_new (VIA_TYPE_TOOL);

  append (store, "read_file", "Read File", "Reads a file", "Files");
  append (store, "sum", "Get Sum", "Adds two numbers", "General");
  append (store, "write_file", "Write File", "Writes a file", "Files");
  append (store, "strasse", "Straße Finden", "Sucht eine Straße in KÖLN", "Karten");
  return store;
}

/* "Files:2 +read_file +write_file …": the visible lines in order. */
static char *
describe (ViaToolModel *model)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (model)); i++)
    {
      g_autoptr(ViaToolItem) item = g_list_model_get_item (G_LIST_MODEL (model), i);

      if (via_tool_item_is_header (item))
        g_string_append_printf (text, "%s%s:%u", i > 0 ? " " : "", via_tool_item_get_category (item),
                                via_tool_item_get_count (item));
      else
        g_string_append_printf (text, " +%s", via_tool_get_name (via_tool_item_get_tool (item)));
    }
  return g_string_free (text, FALSE);
}

static void
assert_lines (ViaToolModel *model,
              const char   *expected)
{
  g_autofree char *lines = describe (model);

  g_assert_cmpstr (lines, ==, expected);
}

#define ALL_LINES "Files:2 +read_file +write_file General:1 +sum Karten:1 +strasse"

static void
test_groups (void)
{
  g_autoptr(GListStore) store = make_store ();
  g_autoptr(ViaToolModel) model = via_tool_model_new ();

  via_tool_model_add_source (model, NULL, NULL, G_LIST_MODEL (store));
  assert_lines (model, ALL_LINES);
  g_assert_cmpuint (via_tool_model_get_n_tools (model), ==, 4);
  g_assert_cmpuint (via_tool_model_find (model, NULL, "sum"), ==, 4);
  g_assert_cmpuint (via_tool_model_find (model, NULL, "nothing"), ==, G_MAXUINT);
  g_assert_cmpuint (via_tool_model_find_first (model), ==, 1);
}

static void
test_search (void)
{
  const struct { const char *text, *expected; } cases[] = {
    { "", ALL_LINES },
    { "   ", ALL_LINES },
    { "file", "Files:2 +read_file +write_file" },
    { "FILE wri", "Files:1 +write_file" },
    { "read_file", "Files:1 +read_file" },
    { "numbers", "General:1 +sum" },
    { "köln", "Karten:1 +strasse" },
    { "STRASSE", "Karten:1 +strasse" },
    { "straße", "Karten:1 +strasse" },
    { "nothing like it", "" },
    { "%s [a-z]* \\", "" },
  };
  g_autoptr(GListStore) store = make_store ();
  g_autoptr(ViaToolModel) model = via_tool_model_new ();

  via_tool_model_add_source (model, NULL, NULL, G_LIST_MODEL (store));
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      via_tool_model_set_search (model, cases[i].text);
      assert_lines (model, cases[i].expected);
    }
  via_tool_model_set_search (model, NULL);
  assert_lines (model, ALL_LINES);
}

static void
test_collapse (void)
{
  g_autoptr(GListStore) store = make_store ();
  g_autoptr(ViaToolModel) model = via_tool_model_new ();
  g_autoptr(ViaToolItem) header = NULL;

  via_tool_model_add_source (model, NULL, NULL, G_LIST_MODEL (store));
  header = g_list_model_get_item (G_LIST_MODEL (model), 0);
  via_tool_model_toggle (model, header);
  assert_lines (model, "Files:2 General:1 +sum Karten:1 +strasse");
  /* A search opens what is collapsed, and its end closes it again. */
  via_tool_model_set_search (model, "file");
  assert_lines (model, "Files:2 +read_file +write_file");
  via_tool_model_set_search (model, "");
  assert_lines (model, "Files:2 General:1 +sum Karten:1 +strasse");
  /* So does a new list of the same tools. */
  append (store, "move_file", "Move File", "", "Files");
  assert_lines (model, "Files:3 General:1 +sum Karten:1 +strasse");
  via_tool_model_expand_all (model, FALSE);
  assert_lines (model, "Files:3 General:1 Karten:1");
  via_tool_model_expand_all (model, TRUE);
  assert_lines (model, "Files:3 +read_file +write_file +move_file General:1 +sum Karten:1 +strasse");
}

static void
test_sources (void)
{
  g_autoptr(GListStore) one = make_store ();
  g_autoptr(GListStore) two = g_list_store_new (VIA_TYPE_TOOL);
  g_autoptr(ViaToolModel) model = via_tool_model_new ();
  g_autoptr(ViaToolItem) header = NULL;

  append (two, "sum", "Another Sum", "", "General");
  via_tool_model_add_source (model, NULL, "one", G_LIST_MODEL (one));
  via_tool_model_add_source (model, NULL, "two", G_LIST_MODEL (two));
  assert_lines (model, ALL_LINES " General:1 +sum");
  header = g_list_model_get_item (G_LIST_MODEL (model), 7);
  g_assert_cmpstr (via_tool_item_get_source (header), ==, "two");
  via_tool_model_clear (model);
  assert_lines (model, "");
  /* A source that was dropped is not listened to any more. */
  append (two, "late", "Late", "", "General");
  assert_lines (model, "");
}

typedef struct
{
  GPtrArray *mirror; /* what a view would hold, kept by the announced changes alone */
  GListModel *model;
} Mirror;

static void
mirror_cb (GListModel *model,
           guint       position,
           guint       removed,
           guint       added,
           Mirror     *mirror)
{
  for (guint i = 0; i < removed; i++)
    g_ptr_array_remove_index (mirror->mirror, position);
  for (guint i = 0; i < added; i++)
    g_ptr_array_insert (mirror->mirror, (int) (position + i), g_list_model_get_item (model, position + i));
}

/* Whatever is typed, collapsed or listed anew: a view that only hears the changes holds the same lines. */
static void
test_changes_are_announced (void)
{
  const char *words[] = { "", "a", "file", "rea", "sum", "zzz", "e", "st" };
  g_autoptr(GListStore) store = make_store ();
  g_autoptr(ViaToolModel) model = via_tool_model_new ();
  Mirror mirror = { g_ptr_array_new_with_free_func (g_object_unref), G_LIST_MODEL (model) };
  g_autoptr(GRand) random = g_rand_new_with_seed (7);

  g_signal_connect (model, "items-changed", G_CALLBACK (mirror_cb), &mirror);
  via_tool_model_add_source (model, NULL, NULL, G_LIST_MODEL (store));
  for (guint round = 0; round < 400; round++)
    {
      g_autoptr(ViaToolItem) first = g_list_model_get_item (G_LIST_MODEL (model), 0);

      if (g_rand_boolean (random))
        via_tool_model_set_search (model, words[g_rand_int_range (random, 0, G_N_ELEMENTS (words))]);
      else if (first != NULL && g_rand_boolean (random))
        via_tool_model_toggle (model, first);
      else
        append (store, "new_tool", "New", "one of many", g_rand_boolean (random) ? "Files" : "Late");
      g_assert_cmpuint (mirror.mirror->len, ==, g_list_model_get_n_items (G_LIST_MODEL (model)));
      for (guint i = 0; i < mirror.mirror->len; i++)
        {
          g_autoptr(ViaToolItem) item = g_list_model_get_item (G_LIST_MODEL (model), i);

          g_assert_true (item == mirror.mirror->pdata[i]);
        }
    }
  g_signal_handlers_disconnect_by_data (model, &mirror);
  g_ptr_array_unref (mirror.mirror);
}

static void
test_long_description (void)
{
  g_autofree char *long_text = g_strnfill (5000, 'x');
  g_autofree char *description = g_strconcat (long_text, "äöü needle", NULL);
  g_autoptr(GListStore) store = g_list_store_new (VIA_TYPE_TOOL);
  g_autoptr(ViaToolModel) model = via_tool_model_new ();

  append (store, "book", "Book", description, "General");
  via_tool_model_add_source (model, NULL, NULL, G_LIST_MODEL (store));
  via_tool_model_set_search (model, "book");
  g_assert_cmpuint (via_tool_model_get_n_hits (model), ==, 1);
  via_tool_model_set_search (model, "needle");
  g_assert_cmpuint (via_tool_model_get_n_hits (model), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/tool-model/groups", test_groups);
  g_test_add_func ("/app/tool-model/search", test_search);
  g_test_add_func ("/app/tool-model/collapse", test_collapse);
  g_test_add_func ("/app/tool-model/sources", test_sources);
  g_test_add_func ("/app/tool-model/changes-are-announced", test_changes_are_announced);
  g_test_add_func ("/app/tool-model/long-description", test_long_description);
  return g_test_run ();
}
