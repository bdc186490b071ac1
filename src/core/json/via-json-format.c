/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-json"

#include "config.h"

#include <string.h>

#include "json/via-json-private.h"

/* Re-writing works on the bytes, not on the index: what stands between the white space goes out as it came in. */

/* Text nested deeper than this is not indented further, else a small text of many levels could become a huge one. */
#define INDENT_MAX 40

static inline gboolean
is_space (char c)
{
  return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static const char *
skip_space (const char *at,
            const char *end)
{
  while (at < end && is_space (*at))
    at++;
  return at;
}

static const char *
skip_string (const char *at)
{
  for (at++; *at != '"'; at++)
    if (*at == '\\')
      at++;
  return at + 1;
}

/* Past the string, number or word at @at. */
static const char *
skip_scalar (const char *at,
             const char *end)
{
  if (*at == '"')
    return skip_string (at);
  while (at < end && !is_space (*at) && strchr (",:]}", *at) == NULL)
    at++;
  return at;
}

void
via_json_append_compact (GString    *out,
                         const char *text,
                         gsize       length)
{
  const char *const end = text + length;
  const char *at = text;

  while (at < end)
    {
      const char *start = at;

      while (at < end && !is_space (*at))
        at = *at == '"' ? skip_string (at) : at + 1;
      g_string_append_len (out, start, at - start);
      at = skip_space (at, end);
    }
}

static void
append_line (GString *out,
             guint    depth,
             guint    indent)
{
  const guint64 width = MIN ((guint64) depth * indent, INDENT_MAX);
  const gsize length = out->len;

  g_string_set_size (out, length + 1 + width);
  out->str[length] = '\n';
  memset (out->str + length + 1, ' ', width);
}

static void
append_pretty (GString    *out,
               const char *text,
               gsize       length,
               guint       indent)
{
  const char *const end = text + length;
  const char *at = skip_space (text, end);
  guint depth = 0;

  while (at < end)
    {
      const char *past = at + 1;

      switch (*at)
        {
        case '{':
        case '[':
          g_string_append_c (out, *at);
          past = skip_space (past, end);
          if (*past == '}' || *past == ']')
            g_string_append_c (out, *past++);
          else
            append_line (out, ++depth, indent);
          break;
        case '}':
        case ']':
          append_line (out, --depth, indent);
          g_string_append_c (out, *at);
          break;
        case ',':
          g_string_append_c (out, ',');
          append_line (out, depth, indent);
          break;
        case ':':
          g_string_append (out, ": ");
          break;
        default:
          past = skip_scalar (at, end);
          g_string_append_len (out, at, past - at);
          break;
        }
      at = skip_space (past, end);
    }
}

char *
via_json_value_to_compact (ViaJsonValue  value,
                           gsize        *length)
{
  gsize raw_length;
  const char *raw = via_json_value_get_raw (value, &raw_length);
  GString *out;

  if (length != NULL)
    *length = 0;
  if (raw == NULL)
    return NULL;

  out = g_string_sized_new (raw_length + 1);
  via_json_append_compact (out, raw, raw_length);
  if (length != NULL)
    *length = out->len;
  return g_string_free (out, FALSE);
}

char *
via_json_value_to_pretty (ViaJsonValue value,
                          guint        indent)
{
  gsize raw_length;
  const char *raw = via_json_value_get_raw (value, &raw_length);
  GString *out;

  if (raw == NULL)
    return NULL;

  out = g_string_sized_new (raw_length + raw_length / 4 + 1);
  append_pretty (out, raw, raw_length, indent);
  return g_string_free (out, FALSE);
}
