/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-demo"

#include "config.h"

#include <string.h>

#include "demo-tools.h"

static void
run_echo (ViaMcpServerCall    *call,
          const DemoArguments *arguments)
{
  g_autofree char *message = demo_arguments_dup_string (arguments, "message");

  demo_answer_text (call, message);
}

static void
run_greet (ViaMcpServerCall    *call,
           const DemoArguments *arguments)
{
  static const struct
  {
    const char *language;
    const char *before;
    const char *after;
  } greetings[] = {
    { "English", "Hello, ", "" },
    { "Deutsch", "Guten Tag, ", "" },
    { "Français", "Bonjour, ", "" },
    { "Ελληνικά", "Γειά σου, ", "" },
    { "日本語", "こんにちは、", "さん" },
    { "العربية", "مرحبا يا ", "" },
  };
  g_autofree char *name = demo_arguments_dup_string (arguments, "name");
  ViaJsonValue language = demo_arguments_get (arguments, "language");
  const char *end = demo_arguments_get_boolean (arguments, "enthusiastic") ? "! 👋" : ".";

  for (guint i = 0; i < G_N_ELEMENTS (greetings); i++)
    if (via_json_value_equals_string (language, greetings[i].language))
      {
        g_autofree char *text = g_strconcat (greetings[i].before, name, greetings[i].after, end, NULL);

        demo_answer_text (call, text);
        return;
      }
}

static void
append_section (GString *report,
                guint    number)
{
  g_string_append_printf (report,
                          "## %u. A section\n\n"
                          "Text may be **bold**, *italic* or `code`, and it may hold [links](https://example.com/%u).\n\n"
                          "1. First this\n2. then that\n   * with a detail\n\n"
                          "> A quotation stands apart.\n\n", number, number);
}

static void
run_write_report (ViaMcpServerCall    *call,
                  const DemoArguments *arguments)
{
  g_autofree char *title = demo_arguments_dup_string (arguments, "title");
  guint sections = (guint) demo_arguments_get_int (arguments, "sections");
  g_autoptr(GString) report = g_string_new (NULL);

  g_string_append_printf (report, "# %s\n\n", title);
  for (guint i = 1; i <= sections; i++)
    append_section (report, i);
  if (demo_arguments_get_boolean (arguments, "table"))
    g_string_append (report,
                     "## Figures\n\n"
                     "| Bridge | Country | Length (m) |\n|---|---|---:|\n"
                     "| Viaduc de Millau | France | 2460 |\n"
                     "| Γέφυρα Ρίου–Αντιρρίου | Greece | 2880 |\n"
                     "| 明石海峡大橋 | Japan | 3911 |\n\n");
  g_string_append (report, "```c\nputs (\"The end\");\n```\n");
  demo_answer_text (call, report->str);
}

typedef struct
{
  gsize       words;
  gsize       lines;
  const char *longest;
  gsize       longest_bytes;
} TextFigures;

static void
count_text (const char  *text,
            TextFigures *figures)
{
  glong longest = 0, length = 0;
  const char *start = NULL;

  *figures = (TextFigures) { .lines = 1, .longest = "" };
  for (const char *at = text;; at = g_utf8_next_char (at))
    {
      gboolean ends = *at == '\0' || g_unichar_isspace (g_utf8_get_char (at));

      if (*at == '\n')
        figures->lines++;
      if (!ends)
        {
          start = start != NULL ? start : at;
          length++;
        }
      else if (start != NULL)
        {
          figures->words++;
          if (length > longest)
            {
              longest = length;
              figures->longest = start;
              figures->longest_bytes = at - start;
            }
          start = NULL;
          length = 0;
        }
      if (*at == '\0')
        return;
    }
}

static void
run_analyze_text (ViaMcpServerCall    *call,
                  const DemoArguments *arguments)
{
  g_autofree char *text = demo_arguments_dup_string (arguments, "text");
  ViaJsonWriter writer;
  TextFigures figures;

  count_text (text, &figures);
  via_json_writer_init (&writer);
  via_json_writer_begin_object (&writer);
  via_json_writer_member_int (&writer, "characters", g_utf8_strlen (text, -1));
  via_json_writer_member_int (&writer, "bytes", (gint64) strlen (text));
  via_json_writer_member_int (&writer, "words", (gint64) figures.words);
  via_json_writer_member_int (&writer, "lines", (gint64) figures.lines);
  via_json_writer_key (&writer, "longest_word");
  via_json_writer_string_len (&writer, figures.longest, figures.longest_bytes);
  via_json_writer_end_object (&writer);
  demo_answer_structured (call, via_json_writer_end (&writer));
}

static void
run_join_words (ViaMcpServerCall    *call,
                const DemoArguments *arguments)
{
  g_autofree char *separator = demo_arguments_dup_string (arguments, "separator");
  g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  gboolean reverse = demo_arguments_get_boolean (arguments, "reverse");
  g_autofree char *line = NULL;
  ViaJsonIter iter;
  ViaJsonValue word;

  via_json_iter_init (&iter, demo_arguments_get (arguments, "words"));
  while (via_json_iter_next (&iter, NULL, &word))
    g_ptr_array_insert (words, reverse ? 0 : -1, via_json_value_dup_string (word));
  g_ptr_array_add (words, NULL);
  line = g_strjoinv (separator, (char **) words->pdata);
  demo_answer_text (call, line);
}

/* Lines that say where they stand, so that a missing piece is seen. */
static void
run_generate_text (ViaMcpServerCall    *call,
                   const DemoArguments *arguments)
{
  gsize size = (gsize) demo_arguments_get_int (arguments, "size");
  gsize line_length = (gsize) demo_arguments_get_int (arguments, "line_length");
  g_autoptr(GString) text = g_string_sized_new (size + 64);
  gsize line_end = line_length;

  while (text->len < size)
    {
      g_string_append_printf (text, "%" G_GSIZE_FORMAT " bytes of text before this. ", text->len);
      while (line_length > 0 && text->len > line_end)
        {
          g_string_insert_c (text, (gssize) line_end, '\n');
          line_end += line_length + 1;
        }
    }
  g_string_truncate (text, size);
  demo_answer_text (call, text->str);
}

const DemoTool demo_text_tools[] = {
  { "echo", run_echo },
  { "greet", run_greet },
  { "write-report", run_write_report },
  { "analyze-text", run_analyze_text },
  { "join-words", run_join_words },
  { "generate-text", run_generate_text },
  { NULL, NULL },
};
