/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via-test"

#include "config.h"

#include <gtk/gtk.h>

#include "via-description.h"

static void
test_markup (void)
{
  static const struct
  {
    const char *description;
    const char *text;
    const char *markup;
  } cases[] = {
    { "nothing", "", "" },
    { "plain", "Adds two numbers.", "Adds two numbers." },
    { "what looks like markup is text", "a <b>c & d", "a &lt;b&gt;c &amp; d" },
    { "emphasis", "A **bold** word", "A <b>bold</b> word" },
    { "names with underscores stay", "reads list_of_names and snake_case", "reads list_of_names and snake_case" },
    { "lines stay lines", "Args:\n  a: first\n  b: second", "Args:\n  a: first\n  b: second" },
    { "an empty line stays", "One.\n\nTwo.", "One.\n\nTwo." },
    { "heading", "# Usage", "<b>Usage</b>" },
    { "list", "- one\n- *two*", "• one\n• <i>two</i>" },
    { "indented list", "  * one", "  • one" },
    { "fenced code", "Like:\n```json\n{\"a\": \"*\"}\n```\nthat", "Like:\n<tt>{\"a\": \"*\"}</tt>\nthat" },
    { "stars that mean nothing", "2 * 3 * 4", "2 * 3 * 4" },
    { "a lone star", "*", "*" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *markup = via_description_to_markup (cases[i].text);
      g_autofree char *expected = g_strdup (cases[i].markup);
      g_autofree char *unquoted = NULL;
      g_auto(GStrv) parts = g_strsplit (markup, "&quot;", -1);

      unquoted = g_strjoinv ("\"", parts);
      g_test_message ("%s", cases[i].description);
      g_assert_cmpstr (unquoted, ==, expected);
      g_assert_true (pango_parse_markup (markup, -1, 0, NULL, NULL, NULL, NULL));
    }
}

static void
test_inline_code (void)
{
  g_autofree char *markup = via_description_to_markup ("Set `a_b` to `<x>`");
  g_autofree char *text = NULL;

  g_assert_true (pango_parse_markup (markup, -1, 0, NULL, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "Set a_b to <x>");
}

/* A server may write anything: the markup is always valid, and a scheme that does not belong there never links. */
static void
test_hostile (void)
{
  static const char *const texts[] = {
    "[x](javascript:alert(1))", "<a href='file:///etc/passwd'>x</a>", "**", "```", "[", "](", "&lt;b>", "***a** b*", "\\",
    "![i](http://example.com/a.png)", "<!--", "&#0;", "&#x110000;",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *markup = via_description_to_markup (texts[i]);

      g_assert_null (strstr (markup, "javascript:alert(1)\""));
      g_assert_null (strstr (markup, "href=\"file"));
      {
        g_autoptr(GtkWidget) label = g_object_ref_sink (gtk_label_new (NULL));

        /* Warns, and warnings are fatal, when it is not valid. */
        gtk_label_set_markup (GTK_LABEL (label), markup);
      }
    }
}

static void
test_long (void)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autofree char *markup = NULL;

  for (guint i = 0; i < 100000; i++)
    g_string_append (text, "*a");
  markup = via_description_to_markup (text->str);
  g_assert_cmpstr (markup, ==, text->str);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/description/markup", test_markup);
  g_test_add_func ("/app/description/inline-code", test_inline_code);
  g_test_add_func ("/app/description/hostile", test_hostile);
  g_test_add_func ("/app/description/long", test_long);
  return g_test_run ();
}
