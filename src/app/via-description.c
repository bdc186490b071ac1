/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-app"

#include "config.h"

#include <string.h>

#include "via-description.h"
#include "via-markdown.h"

/* A longer line is not written by hand, and a longer text is not read here. */
#define LINE_BYTES_MAX 4096
#define TEXT_BYTES_MAX (64 * 1024)

static gboolean
is_fence (const char *line)
{
  return g_str_has_prefix (line, "```") || g_str_has_prefix (line, "~~~");
}

/* Without one of these a line is what it looks like. */
static gboolean
may_be_markdown (const char *line)
{
  return strpbrk (line, "*_`[#<\\&") != NULL || g_str_has_prefix (line, "- ") || g_str_has_prefix (line, "+ ");
}

static void
append_plain (GString    *out,
              const char *line)
{
  g_autofree char *escaped = g_markup_escape_text (line, -1);

  g_string_append (out, escaped);
}

static void
append_code (GString    *out,
             const char *line)
{
  g_string_append (out, "<tt>");
  append_plain (out, line);
  g_string_append (out, "</tt>");
}

static void
append_line (GString    *out,
             const char *line)
{
  g_autoptr(GPtrArray) blocks = NULL;
  const ViaMarkdownBlock *block;
  gboolean heading;

  if (strlen (line) > LINE_BYTES_MAX || !may_be_markdown (line))
    {
      append_plain (out, line);
      return;
    }
  blocks = via_markdown_parse (line);
  block = blocks->len == 1 ? g_ptr_array_index (blocks, 0) : NULL;
  if (block == NULL || block->markup == NULL || *block->markup == '\0' || block->quotes > 0)
    {
      append_plain (out, line);
      return;
    }
  heading = block->kind == VIA_MARKDOWN_HEADING;
  if (block->marker != NULL)
    g_string_append_printf (out, "%s ", block->marker);
  g_string_append_printf (out, heading ? "<b>%s</b>" : "%s", block->markup);
}

char *
via_description_to_markup (const char *text)
{
  GString *out = g_string_new (NULL);
  g_auto(GStrv) lines = NULL;
  gboolean in_code = FALSE, first = TRUE;

  if (strlen (text) > TEXT_BYTES_MAX)
    {
      append_plain (out, text);
      return g_string_free (out, FALSE);
    }
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *line = lines[i] + strspn (lines[i], " \t");

      if (is_fence (line))
        {
          in_code = !in_code;
          continue;
        }
      if (!first)
        g_string_append_c (out, '\n');
      first = FALSE;
      if (in_code)
        {
          append_code (out, lines[i]);
          continue;
        }
      g_string_append_len (out, lines[i], line - lines[i]);
      append_line (out, line);
    }
  return g_string_free (out, FALSE);
}
