/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-json"

#include "config.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "json/via-json-private.h"
#include "json/via-json-writer.h"

#define LEVELS_CHECKED (8 * sizeof (((ViaJsonWriter *) NULL)->objects))

void
via_json_writer_init (ViaJsonWriter *self)
{
  g_return_if_fail (self != NULL);

  *self = (ViaJsonWriter) { .text = g_string_new (NULL), .first = TRUE };
}

void
via_json_writer_clear (ViaJsonWriter *self)
{
  g_return_if_fail (self != NULL);

  if (self->text != NULL)
    g_string_free (g_steal_pointer (&self->text), TRUE);
  *self = (ViaJsonWriter) { NULL };
}

static GString *
take_text (ViaJsonWriter *self)
{
  if (self->depth != 0 || self->keyed)
    g_critical ("A JSON text was ended with %u containers open", self->depth);
  return g_steal_pointer (&self->text);
}

char *
via_json_writer_end (ViaJsonWriter *self)
{
  g_return_val_if_fail (self != NULL && self->text != NULL, NULL);

  return g_string_free (take_text (self), FALSE);
}

GBytes *
via_json_writer_end_bytes (ViaJsonWriter *self)
{
  g_return_val_if_fail (self != NULL && self->text != NULL, NULL);

  return g_string_free_to_bytes (take_text (self));
}

/* Nobody nests deeper by hand; beyond the bits misuse goes unnoticed, not wrong. */
static gboolean
is_in_object (const ViaJsonWriter *self)
{
  const guint level = self->depth - 1;

  return self->depth > 0 && level < LEVELS_CHECKED && (self->objects[level / 8] >> (level % 8)) & 1;
}

static gboolean
begin_value (ViaJsonWriter *self)
{
  g_return_val_if_fail (self != NULL && self->text != NULL, FALSE);
  g_return_val_if_fail (self->keyed || !is_in_object (self), FALSE);
  g_return_val_if_fail (self->depth > 0 || self->text->len == 0, FALSE);

  if (!self->first && !self->keyed)
    g_string_append_c (self->text, ',');
  self->first = FALSE;
  self->keyed = FALSE;
  return TRUE;
}

static void
begin_container (ViaJsonWriter *self,
                 gboolean       object)
{
  if (!begin_value (self))
    return;

  g_string_append_c (self->text, object ? '{' : '[');
  if (self->depth < LEVELS_CHECKED)
    {
      const guint8 bit = (guint8) (1u << (self->depth % 8));

      self->objects[self->depth / 8] &= (guint8) ~bit;
      self->objects[self->depth / 8] |= object ? bit : 0;
    }
  self->depth++;
  self->first = TRUE;
}

static void
end_container (ViaJsonWriter *self,
               gboolean       object)
{
  g_return_if_fail (self != NULL && self->text != NULL);
  g_return_if_fail (self->depth > 0 && !self->keyed);
  g_return_if_fail (self->depth > LEVELS_CHECKED || is_in_object (self) == object);

  g_string_append_c (self->text, object ? '}' : ']');
  self->depth--;
  self->first = FALSE;
}

void
via_json_writer_begin_object (ViaJsonWriter *self)
{
  begin_container (self, TRUE);
}

void
via_json_writer_end_object (ViaJsonWriter *self)
{
  end_container (self, TRUE);
}

void
via_json_writer_begin_array (ViaJsonWriter *self)
{
  begin_container (self, FALSE);
}

void
via_json_writer_end_array (ViaJsonWriter *self)
{
  end_container (self, FALSE);
}

static void
append_escaped (GString *out,
                guchar   c)
{
  static const char short_forms[] = "btn\0fr"; /* of 8 … 13 */

  if (c == '"' || c == '\\')
    g_string_append_printf (out, "\\%c", c);
  else if (c >= 8 && c <= 13 && c != 11)
    g_string_append_printf (out, "\\%c", short_forms[c - 8]);
  else
    g_string_append_printf (out, "\\u%04x", c);
}

/* @text is valid UTF-8 except that it may hold NUL. */
static void
append_quoted (GString    *out,
               const char *text,
               gsize       length)
{
  const char *const end = text + length;
  const char *plain = text;

  g_string_append_c (out, '"');
  for (const char *at = text; at < end; at++)
    {
      const guchar c = (guchar) *at;

      if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f)
        continue;
      g_string_append_len (out, plain, at - plain);
      append_escaped (out, c);
      plain = at + 1;
    }
  g_string_append_len (out, plain, end - plain);
  g_string_append_c (out, '"');
}

/* The longest valid start; a NUL, which GLib does not count as valid in a counted text, is. */
static gsize
measure_valid (const char *text,
               gsize       length)
{
  gsize done = 0;

  while (done < length)
    {
      const char *stop;

      if (g_utf8_validate_len (text + done, length - done, &stop))
        return length;
      done = (gsize) (stop - text);
      if (*stop != '\0')
        return done;
      done++;
    }
  return done;
}

static void
append_text (GString    *out,
             const char *text,
             gsize       length)
{
  g_autoptr(GString) valid = NULL;
  gsize good = measure_valid (text, length);

  if (good == length)
    {
      append_quoted (out, text, length);
      return;
    }

  valid = g_string_sized_new (length + 16);
  for (;;)
    {
      g_string_append_len (valid, text, (gssize) good);
      text += good;
      length -= good;
      if (length == 0)
        break;
      g_string_append (valid, "\xef\xbf\xbd");
      text++;
      length--;
      good = measure_valid (text, length);
    }
  append_quoted (out, valid->str, valid->len);
}

void
via_json_writer_key (ViaJsonWriter *self,
                     const char    *key)
{
  g_return_if_fail (self != NULL && self->text != NULL && key != NULL);
  g_return_if_fail (self->depth > 0 && !self->keyed);
  g_return_if_fail (self->depth > LEVELS_CHECKED || is_in_object (self));

  if (!self->first)
    g_string_append_c (self->text, ',');
  append_text (self->text, key, strlen (key));
  g_string_append_c (self->text, ':');
  self->first = FALSE;
  self->keyed = TRUE;
}

void
via_json_writer_string (ViaJsonWriter *self,
                        const char    *text)
{
  if (text == NULL)
    via_json_writer_null (self);
  else
    via_json_writer_string_len (self, text, strlen (text));
}

void
via_json_writer_string_len (ViaJsonWriter *self,
                            const char    *text,
                            gsize          length)
{
  g_return_if_fail (text != NULL || length == 0);

  if (begin_value (self))
    append_text (self->text, text != NULL ? text : "", length);
}

void
via_json_writer_int (ViaJsonWriter *self,
                     gint64         number)
{
  if (begin_value (self))
    g_string_append_printf (self->text, "%" G_GINT64_FORMAT, number);
}

void
via_json_writer_double (ViaJsonWriter *self,
                        double         number)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (!begin_value (self))
    return;
  if (!isfinite (number))
    {
      g_string_append (self->text, "null");
      return;
    }

  /* 15 digits survive any double of full precision and have no tail of zeros; subnormal numbers have fewer digits. */
  for (int digits = fabs (number) < DBL_MIN ? 1 : 15; digits <= 17; digits++)
    {
      char format[8];

      g_snprintf (format, sizeof format, "%%.%dg", digits);
      g_ascii_formatd (text, sizeof text, format, number);
      if (g_ascii_strtod (text, NULL) == number)
        break;
    }
  g_string_append (self->text, text);
}

void
via_json_writer_seconds (ViaJsonWriter *self,
                         gint64         microseconds)
{
  const gboolean negative = microseconds < 0;
  const guint64 magnitude = negative ? 0 - (guint64) microseconds : (guint64) microseconds;
  const guint64 milliseconds = magnitude / 1000 + (magnitude % 1000 >= 500);

  if (begin_value (self))
    g_string_append_printf (self->text, "%s%" G_GUINT64_FORMAT ".%03u",
                            negative && milliseconds > 0 ? "-" : "",
                            milliseconds / 1000, (guint) (milliseconds % 1000));
}

void
via_json_writer_boolean (ViaJsonWriter *self,
                         gboolean       truth)
{
  if (begin_value (self))
    g_string_append (self->text, truth ? "true" : "false");
}

void
via_json_writer_null (ViaJsonWriter *self)
{
  if (begin_value (self))
    g_string_append (self->text, "null");
}

void
via_json_writer_value (ViaJsonWriter *self,
                       ViaJsonValue   value)
{
  gsize length;
  const char *raw = via_json_value_get_raw (value, &length);

  if (!begin_value (self))
    return;
  if (raw != NULL)
    via_json_append_compact (self->text, raw, length);
  else
    g_string_append (self->text, "null");
}

void
via_json_writer_member_string (ViaJsonWriter *self,
                               const char    *key,
                               const char    *text)
{
  via_json_writer_key (self, key);
  via_json_writer_string (self, text);
}

void
via_json_writer_member_int (ViaJsonWriter *self,
                            const char    *key,
                            gint64         number)
{
  via_json_writer_key (self, key);
  via_json_writer_int (self, number);
}

void
via_json_writer_member_boolean (ViaJsonWriter *self,
                                const char    *key,
                                gboolean       truth)
{
  via_json_writer_key (self, key);
  via_json_writer_boolean (self, truth);
}

void
via_json_writer_member_value (ViaJsonWriter *self,
                              const char    *key,
                              ViaJsonValue   value)
{
  via_json_writer_key (self, key);
  via_json_writer_value (self, value);
}
