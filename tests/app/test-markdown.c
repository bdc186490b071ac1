/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via-test"

#include "config.h"

#include <string.h>

#include "via-chunk-box.h"
#include "via-markdown.h"
#include "via-markdown-view.h"
#include "via-test-ui.h"
#include "via-text-format.h"
#include "via-text-lines.h"

/* One line a block: kind, level or indent, marker, markup or code. */
static char *
describe (const char *text)
{
  static const char *const kinds[] = { "p", "h", "code", "rule" };
  g_autoptr(GPtrArray) blocks = via_markdown_parse (text);
  GString *all = g_string_new (NULL);

  for (guint i = 0; i < blocks->len; i++)
    {
      const ViaMarkdownBlock *block = g_ptr_array_index (blocks, i);

      g_string_append (all, kinds[block->kind]);
      if (block->level > 0)
        g_string_append_printf (all, "%u", block->level);
      for (guint j = 0; j < block->indent; j++)
        g_string_append_c (all, '>');
      for (guint j = 0; j < block->quotes; j++)
        g_string_append_c (all, '|');
      if (block->marker != NULL)
        g_string_append_printf (all, " %s", block->marker);
      if (block->markup != NULL || block->code != NULL)
        g_string_append_printf (all, " %s", block->markup != NULL ? block->markup : block->code);
      g_string_append_c (all, ';');
    }
  return g_string_free (all, FALSE);
}

static void
test_blocks (void)
{
  static const struct { const char *text, *blocks; } rows[] = {
    { "", "" },
    { "Words.", "p Words.;" },
    { "# One\n## Two", "h1 One;h2 Two;" },
    { "a *b* **c** `d<e`", "p a <i>b</i> <b>c</b> <tt>d&lt;e</tt>;" },
    { "one\ntwo", "p one\ntwo;" },
    { "- a\n- b\n  - c", "p> • a;p> • b;p>> • c;" },
    { "3. a\n4. b", "p> 3. a;p> 4. b;" },
    { "-\n- b", "p> • ;p> • b;" },
    { "> quoted", "p| quoted;" },
    { "```json\n{\"a\":1}\n```", "code {\"a\":1}\n;" },
    { "---", "rule;" },
    { "| a | b |\n|---|---|", "p | a | b |\n|---|---|;" },
    { "&amp; <", "p &amp; &lt;;" },
    { "a\001b", "p a&#x1;b;" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *blocks = describe (rows[i].text);

      g_assert_cmpstr (blocks, ==, rows[i].blocks);
    }
}

/* What a server writes cannot run, be fetched, or lead anywhere it does not say. */
static void
test_harmless (void)
{
  static const struct { const char *text, *blocks; } rows[] = {
    { "<script>alert(1)</script>", "p &lt;script&gt;alert(1)&lt;/script&gt;;" },
    { "a <b onclick=x>b</b>", "p a &lt;b onclick=x&gt;b&lt;/b&gt;;" },
    { "[x](https://a.example/?a=1&b=2)",
      "p <a href=\"https://a.example/?a=1&amp;b=2\" title=\"https://a.example/?a=1&amp;amp;b=2\">x</a>;" },
    { "[x](javascript:alert(1))", "p x (javascript:alert(1));" },
    { "[x](file:///etc/passwd)", "p x (file:///etc/passwd);" },
    { "[x](data:text/html,y)", "p x (data:text/html,y);" },
    { "[x](/relative)", "p x (/relative);" },
    { "![alt](https://a.example/i.png)",
      "p <a href=\"https://a.example/i.png\" title=\"https://a.example/i.png\">alt</a>;" },
    { "[![alt](https://a.example/i.png)](https://b.example/)",
      "p <a href=\"https://b.example/\" title=\"https://b.example/\">alt</a>;" },
    { "[a\"b](https://a.example/%22%3E)",
      "p <a href=\"https://a.example/%22%3E\" title=\"https://a.example/%22%3E\">a&quot;b</a>;" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *blocks = describe (rows[i].text);

      g_assert_cmpstr (blocks, ==, rows[i].blocks);
    }
}

static void
test_may_open (void)
{
  static const struct { const char *uri; gboolean may; } rows[] = {
    { "https://example.com/", TRUE }, { "http://localhost:8080/x?y", TRUE }, { "HTTPS://EXAMPLE.COM", TRUE },
    { "ftp://example.com/", FALSE },  { "javascript:alert(1)", FALSE },      { "file:///etc/passwd", FALSE },
    { "https://", FALSE },            { "https:/x", FALSE },                 { "", FALSE },
    { "mailto:a@b.c", FALSE },        { "//example.com", FALSE },            { "vnd.app://x/y", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpint (via_markdown_may_open (rows[i].uri), ==, rows[i].may);
  g_assert_false (via_markdown_may_open (NULL));
}

/* Whatever comes, a label can show it: markup that is not valid would be a warning, and those are fatal here. */
static void
test_any_text_is_valid_markup (void)
{
  static const char alphabet[] = "*_`[]()<>!#-+ \n\n1.&\\\"'~|aéhttps:/\001";

  for (guint round = 0; round < 300; round++)
    {
      GString *text = g_string_new (NULL);
      g_autoptr(GPtrArray) blocks = NULL;
      g_autofree char *valid = NULL;

      for (guint i = 0; i < 200; i++)
        g_string_append_c (text, alphabet[g_test_rand_int_range (0, sizeof alphabet - 1)]);
      valid = g_utf8_make_valid (text->str, (gssize) text->len);
      blocks = via_markdown_parse (valid);
      for (guint i = 0; i < blocks->len; i++)
        {
          const ViaMarkdownBlock *block = g_ptr_array_index (blocks, i);
          GtkWidget *label = g_object_ref_sink (gtk_label_new (NULL));

          if (block->markup != NULL)
            gtk_label_set_markup (GTK_LABEL (label), block->markup);
          g_object_unref (label);
        }
      g_string_free (text, TRUE);
    }
}

/* Depth and length that nobody writes by hand cost time in proportion, and no stack. */
static void
test_hostile (void)
{
  static const char *const units[] = { "> ", "*", "[", "- ", "1. a\n", "![](", "`a", "<", "**a", "_a_", "# a\n" };

  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    {
      GString *text = g_string_new (NULL);
      gint64 start = g_get_monotonic_time ();
      g_autoptr(GPtrArray) blocks = NULL;

      while (text->len < VIA_TEXT_MARKDOWN_BYTES_MAX / 2)
        g_string_append (text, units[i]);
      g_string_append (text, "end");
      blocks = via_markdown_parse (text->str);
      g_assert_cmpuint (blocks->len, >, 0);
      for (guint j = 0; j < blocks->len; j++)
        g_assert_cmpuint (((ViaMarkdownBlock *) g_ptr_array_index (blocks, j))->indent, <=, 16);
      g_test_message ("%s: %d ms", units[i], (int) ((g_get_monotonic_time () - start) / 1000));
      g_string_free (text, TRUE);
    }
}

static void
test_looks_like_markdown (void)
{
  static const struct { const char *text; gboolean markdown; } rows[] = {
    { "The sum of 2 and 3 is 5.", FALSE },
    { "", FALSE },
    { "# Title\n\nText.", TRUE },
    { "# comment\nkey: value\n", FALSE },
    { "- a\n- b\n", FALSE },
    { "- **a**\n- b\n", TRUE },
    { "```\ncode\n```", TRUE },
    { "See [here](https://example.com).", TRUE },
    { "2026-11-21 12:00:00 - started\n- done", FALSE },
    { "a * b * c", FALSE },
    { "## Part\n1. one\n2. two", TRUE },
    { "{\"a\": \"**b**\"}", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      if (via_text_format_looks_like_markdown (rows[i].text) != rows[i].markdown)
        g_error ("row %u: %s", i, rows[i].text);
    }
}

static void
assert_rows (const char *text,
             guint       columns,
             const char *expected)
{
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr(ViaTextLines) lines = via_text_lines_new (bytes, columns);
  GString *all = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (lines)); i++)
    {
      g_autoptr(GtkStringObject) row = g_list_model_get_item (G_LIST_MODEL (lines), i);

      g_string_append_printf (all, "%s;", gtk_string_object_get_string (row));
      g_assert_cmpuint (via_text_lines_find (lines, via_text_lines_get_offset (lines, i)), ==, i);
    }
  g_assert_cmpstr (all->str, ==, expected);
  g_string_free (all, TRUE);
}

static void
test_text_lines (void)
{
  assert_rows ("", 4, "");
  assert_rows ("a", 4, "a;");
  assert_rows ("a\nb\n", 4, "a;b;");
  assert_rows ("a\r\n\r\nb", 4, "a;;b;");
  assert_rows ("abcdefghij", 4, "abcd;efgh;ij;");
  assert_rows ("abcdefghij\nk", 0, "abcdefghij;k;");
  assert_rows ("ééééé", 4, "éééé;é;");
  assert_rows ("日本語文字", 4, "日本;語文;字;");
  assert_rows ("a\tb", 8, "a\t;b;");
  assert_rows ("e\314\201e\314\201e\314\201", 2, "e\314\201e\314\201;e\314\201;");
}

/* Every row of a long line, put together again, is the line. */
static void
test_text_lines_lose_nothing (void)
{
  GString *text = g_string_new (NULL);
  GString *again = g_string_new (NULL);
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(ViaTextLines) lines = NULL;

  for (guint i = 0; i < 20000; i++)
    g_string_append_unichar (text, i % 7 == 0 ? 0x4e2d : i % 5 == 0 ? 0x301 : 'a' + i % 26);
  bytes = g_bytes_new (text->str, text->len);
  lines = via_text_lines_new (bytes, 80);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (lines)); i++)
    {
      g_autoptr(GtkStringObject) row = g_list_model_get_item (G_LIST_MODEL (lines), i);

      g_assert_true (g_utf8_validate (gtk_string_object_get_string (row), -1, NULL));
      g_string_append (again, gtk_string_object_get_string (row));
    }
  g_assert_cmpuint (via_text_lines_get_n_lines (lines), ==, 1);
  g_assert_cmpstr (again->str, ==, text->str);
  g_string_free (text, TRUE);
  g_string_free (again, TRUE);
}

#define PAGE                                                                                                           \
  "# Research Report\n\nThe *first* paragraph has **strong words**, `code`, and a [link](https://example.com/a?b=c) that "\
  "says where it goes.\n\n## Key findings\n\n- A list item that is long enough to continue on the next line when the "   \
  "window is narrow\n- Another one\n  - Nested once\n    - Nested twice\n- The last\n\n1. First\n2. Second\n\n   With a "\
  "paragraph of its own.\n\n> Quoted words, which somebody else said.\n>\n> > And what they quoted.\n\n```json\n"       \
  "{\n  \"humidity\": 82,\n  \"unit\": \"%\"\n}\n```\n\n### Smaller\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n---\n\n"        \
  "![A picture](https://example.com/p.png) and <b>raw</b> HTML.\n"

static void
test_view (void)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *view = via_markdown_view_new (PAGE);
  GtkWindow *window;

  gtk_widget_set_margin_start (view, 12);
  gtk_widget_set_margin_end (view, 12);
  gtk_widget_set_margin_top (view, 12);
  gtk_widget_set_margin_bottom (view, 12);
  gtk_widget_add_css_class (scroller, "result");
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), view);
  window = via_test_ui_window (scroller, 600, 760);
  via_test_ui_wait_until (via_test_ui_find_text (GTK_WIDGET (window), "•") != NULL);
  via_test_ui_settle (GTK_WIDGET (window));
  via_test_ui_assert_fits (view, 336);
  via_test_ui_snapshot_both (GTK_WIDGET (window), "markdown");
  via_test_ui_close (window);
}

static GtkWidget *
create_number (guint    index,
               gpointer user_data)
{
  g_autofree char *text = g_strdup_printf ("child %u", index);

  g_assert_cmpstr (user_data, ==, "data");
  return gtk_label_new (text);
}

/* Children come a few at a time, and all of them can be reached. */
static void
test_chunks (void)
{
  GtkWidget *box = via_chunk_box_new (50, 20, 0, create_number, g_strdup ("data"), g_free);
  GtkWindow *window;

  g_assert_null (gtk_widget_get_parent (box));
  window = via_test_ui_window (box, 300, 400);
  via_test_ui_wait_until (via_test_ui_find_button (GTK_WIDGET (window), "Show More") != NULL);
  g_assert_nonnull (via_test_ui_find_text (GTK_WIDGET (window), "child 19"));
  g_assert_null (via_test_ui_find_text (GTK_WIDGET (window), "child 20"));
  via_test_ui_click (via_test_ui_find_button (GTK_WIDGET (window), "Show More"));
  via_test_ui_wait_until (via_test_ui_find_text (GTK_WIDGET (window), "child 39") != NULL);
  via_test_ui_click (via_test_ui_find_button (GTK_WIDGET (window), "Show More"));
  via_test_ui_wait_until (via_test_ui_find_text (GTK_WIDGET (window), "child 49") != NULL);
  g_assert_null (via_test_ui_find_button (GTK_WIDGET (window), "Show More"));
  via_test_ui_close (window);
}

/* A box that goes while it is still being filled takes what it would have made along. */
static void
test_chunks_end_early (void)
{
  GtkWindow *window = via_test_ui_window (via_chunk_box_new (50, 50, 0, create_number, g_strdup ("data"), g_free), 300,
                                          400);

  via_test_ui_close (window);
}

int
main (int    argc,
      char **argv)
{
  via_test_ui_init (&argc, &argv);
  g_test_add_func ("/markdown/parse/blocks", test_blocks);
  g_test_add_func ("/markdown/parse/harmless", test_harmless);
  g_test_add_func ("/markdown/parse/may-open", test_may_open);
  g_test_add_func ("/markdown/parse/any-text-is-valid-markup", test_any_text_is_valid_markup);
  g_test_add_func ("/markdown/parse/hostile", test_hostile);
  g_test_add_func ("/markdown/parse/looks-like-markdown", test_looks_like_markdown);
  g_test_add_func ("/markdown/view/page", test_view);
  g_test_add_func ("/chunk-box/make/step-by-step", test_chunks);
  g_test_add_func ("/chunk-box/make/ends-early", test_chunks_end_early);
  g_test_add_func ("/text-lines/break/rows", test_text_lines);
  g_test_add_func ("/text-lines/break/lose-nothing", test_text_lines_lose_nothing);
  return g_test_run ();
}
