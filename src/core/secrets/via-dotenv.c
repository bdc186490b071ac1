/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <string.h>

#include "base/via-text.h"
#include "secrets/via-dotenv.h"

#define EXPORT "export"

/* Where reading stands. */
typedef struct
{
  const char *at;
  const char *end;
} Cursor;

static void
skip_blanks (Cursor *cursor)
{
  while (cursor->at < cursor->end && (*cursor->at == ' ' || *cursor->at == '\t'))
    cursor->at++;
}

static void
skip_line (Cursor *cursor)
{
  while (cursor->at < cursor->end && *cursor->at != '\n')
    cursor->at++;
  if (cursor->at < cursor->end)
    cursor->at++;
}

static gboolean
is_name_char (char c)
{
  return g_ascii_isalnum (c) || c == '_' || c == '-' || c == '.';
}

/* The name before “=”, or a length of 0 when this line has none. */
static gsize
read_name (Cursor      *cursor,
           const char **name)
{
  gsize length;

  skip_blanks (cursor);
  *name = cursor->at;
  while (cursor->at < cursor->end && is_name_char (*cursor->at))
    cursor->at++;
  length = cursor->at - *name;
  skip_blanks (cursor);
  if (length == strlen (EXPORT) && memcmp (*name, EXPORT, length) == 0
      && cursor->at < cursor->end && is_name_char (*cursor->at))
    return read_name (cursor, name);
  if (cursor->at == cursor->end || *cursor->at != '=')
    return 0;
  cursor->at++;
  return length;
}

static char
unescape (char c)
{
  switch (c)
    {
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return c;
    }
}

/* @value has room for all that is left of the text. Returns how much of it was filled. */
static gsize
read_quoted (Cursor *cursor,
             char   *value)
{
  char quote = *cursor->at++;
  gsize length = 0;

  for (; cursor->at < cursor->end && *cursor->at != quote; cursor->at++)
    {
      if (quote == '"' && *cursor->at == '\\' && cursor->at + 1 < cursor->end
          && strchr ("nrt\"\\$", cursor->at[1]) != NULL)
        value[length++] = unescape (*++cursor->at);
      else
        value[length++] = *cursor->at;
    }
  skip_line (cursor);
  return length;
}

static gsize
read_bare (Cursor *cursor,
           char   *value)
{
  gsize length = 0;

  for (; cursor->at < cursor->end && *cursor->at != '\n'; cursor->at++)
    {
      if (*cursor->at == '#' && (length == 0 || value[length - 1] == ' ' || value[length - 1] == '\t'))
        break;
      value[length++] = *cursor->at;
    }
  skip_line (cursor);
  while (length > 0 && strchr (" \t\r", value[length - 1]) != NULL)
    length--;
  return length;
}

char *
via_dotenv_lookup (const char *text,
                   gsize       length,
                   const char *name)
{
  Cursor cursor = { text, text + length };
  char *found = NULL, *value = g_malloc (length + 1);

  if (length >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0)
    cursor.at += 3;
  while (cursor.at < cursor.end)
    {
      const char *key;
      gsize key_length = read_name (&cursor, &key), value_length;

      if (key_length == 0)
        {
          skip_line (&cursor);
          continue;
        }
      skip_blanks (&cursor);
      if (cursor.at < cursor.end && (*cursor.at == '"' || *cursor.at == '\''))
        value_length = read_quoted (&cursor, value);
      else
        value_length = read_bare (&cursor, value);
      if (key_length == strlen (name) && memcmp (key, name, key_length) == 0)
        {
          if (found != NULL)
            via_text_wipe (found, strlen (found));
          g_free (found);
          found = g_strndup (value, value_length);
        }
    }
  via_text_wipe (value, length + 1);
  g_free (value);
  return found;
}
