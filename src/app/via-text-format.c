/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-app"

#include "config.h"

#include <string.h>

#include "via-text-format.h"

typedef struct
{
  guint headings;
  guint items;
  guint fences;
  guint emphases;
  guint links;
  guint quotes;
} Signs;

static gboolean
is_heading (const char *line,
            gsize       length)
{
  gsize level = strspn (line, "#");

  return level >= 1 && level <= 6 && level + 1 < length && line[level] == ' ';
}

static gboolean
is_item (const char *line,
         gsize       length)
{
  gsize digits = strspn (line, "0123456789");

  if (length > 2 && strchr ("-*+", *line) != NULL && line[1] == ' ')
    return TRUE;
  return digits > 0 && digits < 4 && digits + 1 < length && (line[digits] == '.' || line[digits] == ')')
         && line[digits + 1] == ' ';
}

/* A pair of @marker around a word within the line. */
static gboolean
has_pair (const char *line,
          gsize       length,
          const char *marker)
{
  gsize size = strlen (marker);
  const char *open = g_strstr_len (line, (gssize) length, marker);
  const char *close;

  if (open == NULL || (gsize) (open - line) + size >= length || g_ascii_isspace (open[size]))
    return FALSE;
  close = g_strstr_len (open + size, (gssize) (length - (gsize) (open - line) - size), marker);
  return close != NULL && close > open + size && !g_ascii_isspace (close[-1]);
}

static void
look_at_line (Signs      *signs,
              const char *line,
              gsize       length)
{
  gsize indent = strspn (line, " ");
  const char *start = line + MIN (indent, length);
  gsize rest = length - MIN (indent, length);

  if (rest == 0)
    return;
  if (indent < 4 && is_heading (start, rest))
    signs->headings++;
  else if (is_item (start, rest))
    signs->items++;
  else if (indent < 4 && (g_str_has_prefix (start, "```") || g_str_has_prefix (start, "~~~")))
    signs->fences++;
  else if (indent < 4 && rest > 2 && g_str_has_prefix (start, "> "))
    signs->quotes++;
  signs->emphases += has_pair (start, rest, "**") || has_pair (start, rest, "`");
  signs->links += g_strstr_len (start, (gssize) rest, "](http") != NULL;
}

gboolean
via_text_format_looks_like_markdown (const char *text)
{
  Signs signs = { 0 };
  gboolean titled = *text == '#';
  guint kinds;

  for (const char *line = text; *line != '\0';)
    {
      gsize length = strcspn (line, "\n");

      look_at_line (&signs, line, length);
      line += length;
      line += *line == '\n';
    }
  if (signs.fences >= 2)
    return TRUE;
  titled = titled && signs.headings > 0 && strstr (text, "\n\n") != NULL;
  kinds = (signs.headings > 0) + (signs.items > 0) + (signs.emphases > 0) + (signs.links > 0) + (signs.quotes > 0);
  return titled || kinds >= 2 || signs.links >= 1;
}

gboolean
via_text_format_looks_like_json (const char *text)
{
  text += strspn (text, " \t\r\n");
  return *text == '{' || *text == '[';
}

gsize
via_text_format_longest_line (const char *text,
                              gsize       length)
{
  gsize longest = 0;

  for (gsize start = 0; start <= length;)
    {
      const char *end = memchr (text + start, '\n', length - start);
      gsize size = end != NULL ? (gsize) (end - text) - start : length - start;

      longest = MAX (longest, size);
      start += size + 1;
    }
  return longest;
}
