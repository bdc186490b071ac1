/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-json"

#include "config.h"

#include <string.h>

#include "json/via-json-private.h"

/*
 * Unescaping and comparing of strings that the scanner has judged: every escape is complete and the closing quote is
 * there, so nothing here looks for the end of the text.
 */

static guint32
read_hex (const char *at)
{
  guint32 code = 0;

  for (guint i = 0; i < 4; i++)
    code = code * 16 + (guint32) g_ascii_xdigit_value (at[i]);
  return code;
}

/* The character of the escape at *@at, which is moved behind it. Half a surrogate pair is returned as it is. */
guint32
via_json_read_escape (const char **at)
{
  static const char names[] = "\"\\/bfnrt";
  static const char meanings[] = "\"\\/\b\f\n\r\t";
  const char *p = *at;
  guint32 code, second;

  if (p[1] != 'u')
    {
      *at = p + 2;
      return (guint32) meanings[strchr (names, p[1]) - names];
    }

  code = read_hex (p + 2);
  *at = p + 6;
  if (code < 0xd800 || code > 0xdbff || p[6] != '\\' || p[7] != 'u')
    return code;
  second = read_hex (p + 8);
  if (second < 0xdc00 || second > 0xdfff)
    return code;
  *at = p + 12;
  return 0x10000 + ((code - 0xd800) << 10) + (second - 0xdc00);
}

static guint32
make_readable (guint32 character)
{
  if (character == 0)
    return 0x2400;
  return (character & ~0x7ffu) == 0xd800 ? 0xfffd : character;
}

static void
append_string (GString           *out,
               const char        *text,
               const ViaJsonNode *node,
               gboolean           readable)
{
  const char *at = text + node->start + 1;
  const char *end = at + node->length - 2;

  while (at < end)
    {
      const char *slash = node->flags & VIA_JSON_ESCAPED ? memchr (at, '\\', (gsize) (end - at)) : NULL;
      char encoded[6];
      guint32 character;
      int length;

      g_string_append_len (out, at, (slash != NULL ? slash : end) - at);
      if (slash == NULL)
        break;
      at = slash;
      character = via_json_read_escape (&at);
      length = g_unichar_to_utf8 (readable ? make_readable (character) : character, encoded);
      g_string_append_len (out, encoded, length);
    }
}

void
via_json_append_exact (GString           *out,
                       const char        *text,
                       const ViaJsonNode *node)
{
  append_string (out, text, node, FALSE);
}

void
via_json_append_readable (GString           *out,
                          const char        *text,
                          const ViaJsonNode *node)
{
  append_string (out, text, node, TRUE);
}

static int
compare_bytes (const char *a,
               gsize       a_length,
               const char *b,
               gsize       b_length)
{
  const int order = memcmp (a, b, MIN (a_length, b_length));

  return order != 0 ? order : (a_length > b_length) - (a_length < b_length);
}

int
via_json_compare_strings (const char        *a_text,
                          const ViaJsonNode *a,
                          const char        *b_text,
                          const ViaJsonNode *b)
{
  GString *a_exact, *b_exact;
  int order;

  if (((a->flags | b->flags) & VIA_JSON_ESCAPED) == 0)
    return compare_bytes (a_text + a->start + 1, a->length - 2, b_text + b->start + 1, b->length - 2);

  a_exact = g_string_sized_new (a->length);
  b_exact = g_string_sized_new (b->length);
  via_json_append_exact (a_exact, a_text, a);
  via_json_append_exact (b_exact, b_text, b);
  order = compare_bytes (a_exact->str, a_exact->len, b_exact->str, b_exact->len);
  g_string_free (a_exact, TRUE);
  g_string_free (b_exact, TRUE);
  return order;
}
