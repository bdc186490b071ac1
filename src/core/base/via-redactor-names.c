/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-base"

#include "config.h"

#include <string.h>

#include "base/via-redactor-private.h"

/*
 * The part of the redactor that knows no secrets, only what they are usually called. It reads the text word by word;
 * behind a word that names a credential it looks for a separator and takes out the value that follows.
 */

typedef enum
{
  KIND_CREDENTIALS, /* "Authorization: Scheme value", the scheme stays */
  KIND_LINE,        /* a header whose value is the rest of the line */
  KIND_HEADER,      /* "name: value" or "name=value" */
  KIND_MEMBER,      /* "name=value", or "name": "value" in JSON; a colon alone is too common in sentences */
  KIND_QUERY,       /* "name=value" in an address only */
  KIND_BEARER,      /* the scheme itself, wherever it stands */
} Kind;

static const struct
{
  const char *name;
  Kind        kind;
} names[] = {
  { "authorization", KIND_CREDENTIALS },
  { "proxy-authorization", KIND_CREDENTIALS },
  { "cookie", KIND_LINE },
  { "set-cookie", KIND_LINE },
  { "x-api-key", KIND_HEADER },
  { "api-key", KIND_HEADER },
  { "apikey", KIND_HEADER },
  { "api_key", KIND_HEADER },
  { "x-auth-token", KIND_HEADER },
  { "x-access-token", KIND_HEADER },
  { "mcp-session-id", KIND_HEADER },
  { "access_token", KIND_MEMBER },
  { "refresh_token", KIND_MEMBER },
  { "id_token", KIND_MEMBER },
  { "client_secret", KIND_MEMBER },
  { "client_assertion", KIND_MEMBER },
  { "code_verifier", KIND_MEMBER },
  { "auth_token", KIND_MEMBER },
  { "token", KIND_MEMBER },
  { "password", KIND_MEMBER },
  { "passwd", KIND_MEMBER },
  { "secret", KIND_MEMBER },
  { "code", KIND_QUERY },
  { "key", KIND_QUERY },
  { "sig", KIND_QUERY },
  { "signature", KIND_QUERY },
  { "bearer", KIND_BEARER },
};

typedef struct
{
  const char *start;
  gsize       length;
} Span;

static inline gboolean
is_name (char c)
{
  return g_ascii_isalnum (c) || c == '_' || c == '-';
}

static gboolean
find_kind (Span  word,
           Kind *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (strlen (names[i].name) == word.length && g_ascii_strncasecmp (names[i].name, word.start, word.length) == 0)
      {
        *kind = names[i].kind;
        return TRUE;
      }
  return FALSE;
}

static const char *
skip_spaces (const char *at)
{
  return at + strspn (at, " \t");
}

/* Bytes of the quote at @at, which may be one inside of a JSON string: 0, 1 or 2. */
static gsize
measure_quote (const char *at)
{
  if (*at == '"' || *at == '\'')
    return 1;
  return at[0] == '\\' && at[1] == '"' ? 2 : 0;
}

/* What stands up to the quote of the same form as the one at @open. */
static Span
read_quoted (const char *open)
{
  const gsize quote = measure_quote (open);
  const char *start = open + quote;
  const char *at = start;

  while (*at != '\0' && strncmp (at, open, quote) != 0)
    at += at[0] == '\\' && at[1] != '\0' ? 2 : 1;
  return (Span) { start, (gsize) (at - start) };
}

static Span
read_until (const char *at,
            const char *stops)
{
  return (Span) { at, strcspn (at, stops) };
}

/* Past the scheme of an Authorization header, which is left standing. */
static const char *
skip_scheme (const char *at)
{
  static const char *const schemes[] = { "Bearer ", "Basic ", "Digest ", "DPoP ", "Negotiate ", "Token ", "ApiKey " };

  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    if (g_ascii_strncasecmp (schemes[i], at, strlen (schemes[i])) == 0)
      return skip_spaces (at + strlen (schemes[i]));
  return at;
}

static Span
read_plain_value (const char *at,
                  Kind        kind)
{
  static const char line_stops[] = "\r\n\"'\\";
  static const char word_stops[] = " \t\r\n\"'\\<>,;&#()[]{}";

  if (kind == KIND_LINE)
    return read_until (at, line_stops);
  if (kind != KIND_CREDENTIALS)
    return read_until (at, word_stops);
  /* A list of parameters is the rest of the line; any other value is one word, and behind it a sentence may go on. */
  if (g_ascii_strncasecmp (at, "Digest ", 7) == 0)
    return read_until (at + 7, "\r\n");
  return read_until (skip_scheme (at), " \t\r\n\"'\\,;");
}

/* The value that belongs to @word, empty if there is none. */
static Span
read_value (const char *text,
            Span        word,
            Kind        kind)
{
  const Span none = { word.start + word.length, 0 };
  const char *at = word.start + word.length;
  const gsize quote = measure_quote (at);
  const char before = word.start > text ? word.start[-1] : '\0';
  gboolean quoted = quote > 0 && (before == '"' || before == '\'');
  Span value;

  if (kind == KIND_QUERY && (*at != '=' || before == '\0' || strchr ("?&#", before) == NULL))
    return none;
  at = skip_spaces (quoted ? at + quote : at);
  if (*at != '=' && !(*at == ':' && (quoted || kind == KIND_CREDENTIALS || kind == KIND_LINE || kind == KIND_HEADER)))
    return none;
  at = *at == ':' ? skip_spaces (at + 1) : at + 1;

  if (measure_quote (at) > 0)
    {
      value = read_quoted (at);
      if (kind == KIND_CREDENTIALS)
        {
          const char *start = skip_scheme (value.start);
          const gsize scheme = MIN ((gsize) (start - value.start), value.length);

          value.start += scheme;
          value.length -= scheme;
        }
      return value;
    }
  /* A number, true, null, an object: what it holds has names of its own. */
  return quoted ? none : read_plain_value (at, kind);
}

/* "Bearer" also opens challenges and sentences, so what follows has to look like a token. */
static Span
read_bearer (Span word)
{
  const Span none = { word.start + word.length, 0 };
  const char *at = skip_spaces (word.start + word.length);
  gboolean digit = FALSE;
  gboolean lower = TRUE;
  Span value = { at, 0 };
  gsize i;

  for (i = 0; g_ascii_isalnum (at[i]) || (at[i] != '\0' && strchr ("-._~+/", at[i]) != NULL); i++)
    {
      digit |= g_ascii_isdigit (at[i]);
      lower &= g_ascii_islower (at[i]) || at[i] == '_';
    }
  if (at == word.start + word.length || (lower && at[i] == '='))
    return none;
  value.length = i + strspn (at + i, "=");
  return digit || value.length >= 16 ? value : none;
}

static gboolean
is_worth_hiding (Span value)
{
  /* The name of a variable is no secret, and whoever looks for a fault wants to see it. */
  return value.length > 0 && !(value.start[0] == '$' && value.length > 1 && value.start[1] == '{')
         && !(value.length == strlen (VIA_REDACTOR_MASK) && strncmp (value.start, VIA_REDACTOR_MASK, value.length) == 0);
}

char *
via_redactor_mask_named (const char *text)
{
  GString *out = g_string_new (NULL);
  const char *plain = text; /* not yet written */
  const char *at = text;

  while (*at != '\0')
    {
      Span word = { at, 0 };
      Span value;
      Kind kind;

      while (is_name (word.start[word.length]))
        word.length++;
      at += MAX (word.length, 1);
      if (word.length == 0 || !find_kind (word, &kind))
        continue;

      value = kind == KIND_BEARER ? read_bearer (word) : read_value (text, word, kind);
      at = value.start + value.length;
      if (!is_worth_hiding (value))
        continue;
      g_string_append_len (out, plain, value.start - plain);
      g_string_append (out, VIA_REDACTOR_MASK);
      plain = at;
    }
  g_string_append (out, plain);
  return g_string_free (out, FALSE);
}
