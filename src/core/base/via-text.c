/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-base"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/via-text.h"

#define ELLIPSIS "\xe2\x80\xa6"
#define ESCAPE 0x1b
#define BELL 0x07

/* --- clipping --- */

typedef struct
{
  const char *at;
  const char *end;
} Reader;

/* The next character; a byte that belongs to none reads as U+FFFD. */
static gunichar
read_character (Reader *self)
{
  const gunichar c = g_utf8_get_char_validated (self->at, self->end - self->at);

  /* (gunichar) -1 and -2 are errors, and GLib takes NUL for the end of the text. */
  if (*self->at == '\0' || c > 0x10ffff)
    {
      const gunichar replaced = *self->at == '\0' ? 0 : 0xfffd;

      self->at++;
      return replaced;
    }
  self->at = g_utf8_next_char (self->at);
  return c;
}

/* Past the parameters and the final byte of a control sequence (ECMA-48, section 5.4); stops at what cannot be in one. */
static void
skip_control_sequence (Reader *self)
{
  while (self->at < self->end && *self->at >= 0x20 && *self->at <= 0x3f)
    self->at++;
  if (self->at < self->end && *self->at >= 0x40 && *self->at <= 0x7e)
    self->at++;
}

/* Past a control string: to BEL or ST. One that does not end on its line is text again from the next line on. */
static void
skip_control_string (Reader *self)
{
  while (self->at < self->end && *self->at != '\n')
    {
      const char c = *self->at++;

      if (c == BELL || (c == '\xc2' && self->at < self->end && *self->at == '\x9c'))
        {
          self->at += c == '\xc2';
          return;
        }
      if (c == ESCAPE)
        {
          self->at += self->at < self->end && *self->at == '\\';
          return;
        }
    }
}

/* Behind an escape character. */
static void
skip_escape (Reader *self)
{
  if (self->at >= self->end)
    return;
  switch (*self->at)
    {
    case '[':
      self->at++;
      skip_control_sequence (self);
      break;
    case ']':
    case 'P':
    case 'X':
    case '^':
    case '_':
      self->at++;
      skip_control_string (self);
      break;
    default:
      while (self->at < self->end && *self->at >= 0x20 && *self->at <= 0x2f)
        self->at++;
      if (self->at < self->end && *self->at >= 0x30 && *self->at <= 0x7e)
        self->at++;
      break;
    }
}

/* The 8-bit forms of the same. TRUE if @c was one. */
static gboolean
skip_c1 (Reader   *self,
         gunichar  c)
{
  switch (c)
    {
    case 0x9b:
      skip_control_sequence (self);
      return TRUE;
    case 0x90:
    case 0x98:
    case 0x9d:
    case 0x9e:
    case 0x9f:
      skip_control_string (self);
      return TRUE;
    default:
      return c >= 0x80 && c <= 0x9f;
    }
}

/* Characters that a reader cannot see and that change what he does see. Joiners stay: scripts and emoji need them. */
static gboolean
is_deceptive (gunichar c)
{
  return c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069)
         || c == 0xfeff || c == 0x200b || c == 0x2060 || (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe007f);
}

/* The next character to show, or 0 at the end. */
static gunichar
read_shown (Reader *self)
{
  while (self->at < self->end)
    {
      const gunichar c = read_character (self);

      if (c == ESCAPE)
        skip_escape (self);
      else if (c == '\n' || c == '\t')
        return c;
      else if (c == 0x2028 || c == 0x2029)
        return '\n';
      else if (c >= 0x20 && c != 0x7f && !skip_c1 (self, c) && !is_deceptive (c))
        return c;
    }
  return 0;
}

static char *
clip (const char *text,
      gsize       length,
      gsize       max_bytes,
      gboolean    line)
{
  const gsize room = max_bytes - MIN (max_bytes, strlen (ELLIPSIS));
  Reader reader = { text, text + length };
  GString *out = g_string_new (NULL);
  gsize cut = 0; /* where the ellipsis would stand */
  gboolean space = FALSE;
  gunichar c;

  while (out->len <= max_bytes && (c = read_shown (&reader)) != 0)
    {
      if (line && (c == '\n' || c == '\t' || c == ' '))
        {
          space = out->len > 0;
          continue;
        }
      if (space)
        g_string_append_c (out, ' ');
      space = FALSE;
      g_string_append_unichar (out, c);
      if (out->len <= room)
        cut = out->len;
    }

  if (out->len > max_bytes)
    {
      g_string_truncate (out, cut);
      if (max_bytes >= strlen (ELLIPSIS))
        g_string_append (out, ELLIPSIS);
    }
  return g_string_free (out, FALSE);
}

char *
via_text_clip (const char *text,
               gsize       max_bytes)
{
  return text != NULL ? clip (text, strlen (text), max_bytes, FALSE) : g_strdup ("");
}

char *
via_text_clip_len (const char *text,
                   gsize       length,
                   gsize       max_bytes)
{
  return text != NULL ? clip (text, length, max_bytes, FALSE) : g_strdup ("");
}

char *
via_text_clip_line (const char *text,
                    gsize       max_bytes)
{
  return text != NULL ? clip (text, strlen (text), max_bytes, TRUE) : g_strdup ("");
}

/* --- figures --- */

char *
via_text_format_size (guint64 bytes)
{
  static const char *const units[] = { "kB", "MB", "GB", "TB", "PB", "EB" };
  guint64 tenth = 100; /* of the unit */
  guint64 tenths;
  guint i = 0;

  if (bytes < 1000)
    return g_strdup_printf ("%" G_GUINT64_FORMAT " B", bytes);

  /* Rounded before it is judged, so that 999 950 bytes are not "1000.0 kB". */
  while ((tenths = bytes / tenth + (bytes % tenth >= tenth / 2)) >= 10000 && i + 1 < G_N_ELEMENTS (units))
    {
      tenth *= 1000;
      i++;
    }
  /* translators: a size such as “1.5 MB”: before the decimal mark, after it, the unit */
  return g_strdup_printf (_("%u.%u %s"), (guint) (tenths / 10), (guint) (tenths % 10), units[i]);
}

char *
via_text_format_duration (gint64 microseconds)
{
  const gint64 us = MAX (microseconds, 0);
  const gint64 hundredths = us / 10000 + (us % 10000 >= 5000);
  const gint64 seconds = us / G_USEC_PER_SEC + (us % G_USEC_PER_SEC >= G_USEC_PER_SEC / 2);

  if (us == 0)
    return g_strdup ("0 ms");
  if (us < 950)
    /* translators: tenths of a millisecond, with the decimal mark before */
    return g_strdup_printf (_("0.%d ms"), (int) MAX ((us + 50) / 100, 1));
  if (us < 999500)
    return g_strdup_printf ("%d ms", (int) ((us + 500) / 1000));
  if (hundredths < 6000)
    /* translators: seconds, the decimal mark, hundredths */
    return g_strdup_printf (_("%d.%02d s"), (int) (hundredths / 100), (int) (hundredths % 100));
  if (seconds < 3600)
    return g_strdup_printf (_("%d min %02d s"), (int) (seconds / 60), (int) (seconds % 60));
  return g_strdup_printf (_("%u h %02d min"), (guint) (seconds / 3600), (int) (seconds % 3600 / 60));
}

void
via_text_wipe (gpointer memory,
               gsize    length)
{
  volatile guint8 *p = memory;

  while (length-- > 0)
    *p++ = 0;
}
