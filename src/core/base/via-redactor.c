/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-base"

#include "config.h"

#include <string.h>

#include "base/via-limits.h"
#include "base/via-redactor-private.h"
#include "base/via-text.h"

#define SECRET_MIN 4
#define BASE64_MIN 6 /* characters; fewer are found in ordinary words */
#define PATTERNS_MAX 7 /* of one secret: itself, and two alphabets by three positions in Base64 */

typedef struct
{
  guint8   *bytes;
  gsize     length;
  gboolean  base64;
  gboolean  ambiguous; /* holds a character that starts escapes */
} Pattern;

typedef struct
{
  Pattern patterns[PATTERNS_MAX]; /* the first is the secret itself */
  guint   n_patterns;
} Secret;

struct _ViaRedactor
{
  gatomicrefcount  ref_count;
  GRWLock          lock;
  GPtrArray       *secrets; /* Secret, oldest first */
  GPtrArray       *starts[256]; /* (unowned) Pattern, by first byte; NULL where there is none */
};

G_DEFINE_BOXED_TYPE (ViaRedactor, via_redactor, via_redactor_ref, via_redactor_unref)

/* --- what is looked for --- */

static void
add_pattern (Secret       *secret,
             const guint8 *bytes,
             gsize         length,
             gboolean      base64)
{
  const gboolean ambiguous = memchr (bytes, '\\', length) != NULL || memchr (bytes, '%', length) != NULL;

  secret->patterns[secret->n_patterns++] = (Pattern) { g_memdup2 (bytes, length), length, base64, ambiguous };
}

static void
add_url_alphabet (Secret       *secret,
                  const guint8 *bytes,
                  gsize         length)
{
  g_autofree guint8 *copy = g_memdup2 (bytes, length);
  gboolean differs = FALSE;

  for (gsize i = 0; i < length; i++)
    if (copy[i] == '+' || copy[i] == '/')
      {
        copy[i] = copy[i] == '+' ? '-' : '_';
        differs = TRUE;
      }
  if (differs)
    add_pattern (secret, copy, length, TRUE);
  via_text_wipe (copy, length);
}

/*
 * Base64 writes three bytes as four characters, so the same secret looks different by where it starts within its
 * group. Only the characters that depend on nothing but the secret are looked for; its neighbours decide the others.
 */
static void
add_base64 (Secret       *secret,
            const guint8 *bytes,
            gsize         length,
            guint         before)
{
  static const guint foreign_start[] = { 0, 2, 3 };
  static const guint foreign_end[] = { 0, 3, 2 };
  const gsize padded_length = before + length;
  g_autofree guint8 *padded = g_malloc0 (padded_length);
  char *text;
  gsize start, end, text_length;

  memcpy (padded + before, bytes, length);
  text = g_base64_encode (padded, padded_length);
  text_length = strlen (text);
  start = foreign_start[before];
  end = text_length - foreign_end[padded_length % 3];
  if (end >= start + BASE64_MIN)
    {
      add_pattern (secret, (const guint8 *) text + start, end - start, TRUE);
      add_url_alphabet (secret, (const guint8 *) text + start, end - start);
    }
  via_text_wipe (text, text_length);
  via_text_wipe (padded, padded_length);
  g_free (text);
}

static Secret *
secret_new (const guint8 *bytes,
            gsize         length)
{
  Secret *secret = g_new0 (Secret, 1);

  add_pattern (secret, bytes, length, FALSE);
  for (guint before = 0; before < 3; before++)
    add_base64 (secret, bytes, length, before);
  return secret;
}

static void
secret_free (Secret *secret)
{
  for (guint i = 0; i < secret->n_patterns; i++)
    {
      via_text_wipe (secret->patterns[i].bytes, secret->patterns[i].length);
      g_free (secret->patterns[i].bytes);
    }
  g_free (secret);
}

static void
index_secret (ViaRedactor *self,
              Secret      *secret,
              gboolean     present)
{
  for (guint i = 0; i < secret->n_patterns; i++)
    {
      Pattern *pattern = &secret->patterns[i];
      GPtrArray **start = &self->starts[pattern->bytes[0]];

      if (*start == NULL)
        *start = g_ptr_array_new ();
      if (present)
        g_ptr_array_add (*start, pattern);
      else
        g_ptr_array_remove (*start, pattern);
      if ((*start)->len == 0)
        g_clear_pointer (start, g_ptr_array_unref);
    }
}

ViaRedactor *
via_redactor_new (void)
{
  ViaRedactor *self = g_new0 (ViaRedactor, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_rw_lock_init (&self->lock);
  self->secrets = g_ptr_array_new ();
  return self;
}

ViaRedactor *
via_redactor_ref (ViaRedactor *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
via_redactor_unref (ViaRedactor *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (self->starts); i++)
    g_clear_pointer (&self->starts[i], g_ptr_array_unref);
  g_ptr_array_foreach (self->secrets, (GFunc) (void (*) (void)) secret_free, NULL);
  g_ptr_array_unref (self->secrets);
  g_rw_lock_clear (&self->lock);
  g_free (self);
}

static gboolean
is_known (ViaRedactor  *self,
          const guint8 *bytes,
          gsize         length)
{
  for (guint i = 0; i < self->secrets->len; i++)
    {
      const Pattern *plain = ((Secret *) g_ptr_array_index (self->secrets, i))->patterns;

      if (plain->length == length && memcmp (plain->bytes, bytes, length) == 0)
        return TRUE;
    }
  return FALSE;
}

void
via_redactor_add (ViaRedactor *self,
                  const char  *secret)
{
  const gsize length = secret != NULL ? strlen (secret) : 0;

  g_return_if_fail (self != NULL);

  if (length < SECRET_MIN)
    return;

  g_rw_lock_writer_lock (&self->lock);
  if (!is_known (self, (const guint8 *) secret, length))
    {
      if (self->secrets->len >= VIA_LIMIT_REDACTED_SECRETS)
        {
          Secret *oldest = g_ptr_array_steal_index (self->secrets, 0);

          index_secret (self, oldest, FALSE);
          secret_free (oldest);
        }
      g_ptr_array_add (self->secrets, secret_new ((const guint8 *) secret, length));
      index_secret (self, g_ptr_array_index (self->secrets, self->secrets->len - 1), TRUE);
    }
  g_rw_lock_writer_unlock (&self->lock);
}

/* --- finding --- */

static int
read_hex (const char *at,
          guint       digits)
{
  int code = 0;

  for (guint i = 0; i < digits; i++)
    {
      const int digit = g_ascii_xdigit_value (at[i]);

      if (digit < 0) /* the NUL at the end is none either */
        return -1;
      code = code * 16 + digit;
    }
  return code;
}

/* The \u escape at @at as UTF-8. Returns the bytes that it takes in the text, 0 if it is none. */
static gsize
read_unicode_escape (const char *at,
                     guint8      bytes[6],
                     gsize      *n_bytes)
{
  gint64 code = at[1] == 'u' ? read_hex (at + 2, 4) : -1;
  gsize length = 6;

  if (code < 0)
    return 0;
  if (code >= 0xd800 && code <= 0xdbff && at[6] == '\\' && at[7] == 'u')
    {
      const int low = read_hex (at + 8, 4);

      if (low >= 0xdc00 && low <= 0xdfff)
        {
          code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
          length = 12;
        }
    }
  *n_bytes = (gsize) g_unichar_to_utf8 ((gunichar) code, (char *) bytes);
  return length;
}

/* What the escape at @at may stand for. Returns the bytes that it takes in the text, 0 if it is no escape. */
static gsize
read_escape (const char *at,
             guint8      bytes[6],
             gsize      *n_bytes)
{
  static const char names[] = "\"\\/bfnrt";
  static const char meanings[] = "\"\\/\b\f\n\r\t";
  const char *name;
  int code;

  *n_bytes = 1;
  switch (*at)
    {
    case '%':
      code = read_hex (at + 1, 2);
      bytes[0] = (guint8) code;
      return code < 0 ? 0 : 3;
    case '+':
      bytes[0] = ' ';
      return 1;
    case '\\':
      name = at[1] != '\0' ? strchr (names, at[1]) : NULL;
      if (name == NULL)
        return read_unicode_escape (at, bytes, n_bytes);
      bytes[0] = (guint8) meanings[name - names];
      return 2;
    default:
      return 0;
    }
}

/*
 * Bytes of the text at @at that are @pattern, each character of it as it is or escaped in any way; 0 if they are not.
 * A secret may itself hold what looks like an escape, so both readings of such a character have to be tried;
 * @escapes_first says which of them wins.
 */
static gsize
match_pattern (const char    *at,
               const Pattern *pattern,
               gboolean       escapes_first)
{
  const char *start = at;
  gsize done = 0;

  while (done < pattern->length)
    {
      const gboolean plain = (guint8) *at == pattern->bytes[done] && *at != '\0';
      guint8 bytes[6];
      gsize n_bytes = 0;
      gsize length = plain && !escapes_first ? 0 : read_escape (at, bytes, &n_bytes);

      if (length > 0 && n_bytes <= pattern->length - done && memcmp (bytes, pattern->bytes + done, n_bytes) == 0)
        {
          at += length;
          done += n_bytes;
        }
      else if (plain)
        {
          at++;
          done++;
        }
      else
        return 0;
    }
  return (gsize) (at - start);
}

static gsize
measure_match (const char    *at,
               const Pattern *pattern)
{
  const gsize plain = match_pattern (at, pattern, FALSE);
  const gsize escaped = pattern->ambiguous ? match_pattern (at, pattern, TRUE) : 0;

  return MAX (plain, escaped);
}

static gsize
find_longest (ViaRedactor *self,
              const char  *at,
              guint8       first,
              gsize        longest,
              gboolean    *base64)
{
  const GPtrArray *patterns = self->starts[first];

  for (guint i = 0; patterns != NULL && i < patterns->len; i++)
    {
      const Pattern *pattern = g_ptr_array_index (patterns, i);
      const gsize length = measure_match (at, pattern);

      if (length > longest)
        {
          longest = length;
          *base64 = pattern->base64;
        }
    }
  return longest;
}

/* Bytes of the secret that starts at @at, however it is written; 0 if none does. */
static gsize
measure_secret (ViaRedactor *self,
                const char  *at,
                gboolean    *base64)
{
  gsize length = find_longest (self, at, (guint8) *at, 0, base64);
  guint8 bytes[6];
  gsize n_bytes;

  if (G_UNLIKELY (*at == '%' || *at == '\\' || *at == '+') && read_escape (at, bytes, &n_bytes) > 0)
    length = find_longest (self, at, bytes[0], length, base64);
  return length;
}

static gboolean
is_base64 (char c)
{
  return g_ascii_isalnum (c) || c == '+' || c == '/' || c == '-' || c == '_' || c == '=';
}

static char *
mask_known (ViaRedactor *self,
            const char  *text)
{
  GString *out = g_string_new (NULL);
  const char *at = text;
  const char *plain = text; /* not yet written */

  while (*at != '\0')
    {
      gboolean base64 = FALSE;
      gsize length = measure_secret (self, at, &base64);
      const char *start = at;

      if (length == 0)
        {
          at++;
          continue;
        }
      at += length;
      /* What surrounds it in the same Base64 text holds the rest of its bits, or the user name that belongs to it. */
      while (base64 && start > plain && is_base64 (start[-1]))
        start--;
      while (base64 && is_base64 (*at))
        at++;
      g_string_append_len (out, plain, start - plain);
      g_string_append (out, VIA_REDACTOR_MASK);
      plain = at;
    }
  g_string_append (out, plain);
  return g_string_free (out, FALSE);
}

char *
via_redactor_redact (ViaRedactor *self,
                     const char  *text)
{
  g_autofree char *known = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  if (text == NULL)
    return NULL;
  g_rw_lock_reader_lock (&self->lock);
  known = mask_known (self, text);
  g_rw_lock_reader_unlock (&self->lock);
  return via_redactor_mask_named (known);
}
