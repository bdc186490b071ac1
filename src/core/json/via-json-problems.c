/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-json"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "json/via-json-scanner-private.h"

/* What the scanner tells a person who typed the text: where it stopped, what it expected, and what would help. */

/* The message says the place in the person's language; a program that marks it asks for the numbers. */
typedef struct
{
  guint line; /* from 1; 0 when the error is of the whole text */
  guint column;
} ViaJsonErrorPrivate;

static void
via_json_error_private_init (ViaJsonErrorPrivate *priv)
{
}

static void
via_json_error_private_copy (const ViaJsonErrorPrivate *from,
                             ViaJsonErrorPrivate       *to)
{
  *to = *from;
}

static void
via_json_error_private_clear (ViaJsonErrorPrivate *priv)
{
}

G_DEFINE_EXTENDED_ERROR (ViaJsonError, via_json_error)

gboolean
via_json_error_get_position (const GError *error,
                             guint        *line,
                             guint        *column)
{
  const ViaJsonErrorPrivate *priv = error != NULL && error->domain == VIA_JSON_ERROR ? via_json_error_get_private (error) : NULL;

  if (priv == NULL || priv->line == 0)
    return FALSE;
  *line = priv->line;
  *column = priv->column;
  return TRUE;
}

void
via_json_set_error_at (GError       **error,
                       ViaJsonError   code,
                       guint          line,
                       guint          column,
                       const char    *problem)
{
  GError *made;
  ViaJsonErrorPrivate *priv;

  if (error == NULL)
    return;
  /* translators: then what is wrong there, such as “expected a value” */
  made = g_error_new (VIA_JSON_ERROR, code, _("line %u, column %u: %s"), line, column, problem);
  priv = via_json_error_get_private (made);
  priv->line = line;
  priv->column = column;
  g_propagate_error (error, made);
}

gboolean
via_json_scanner_fail (ViaJsonScanner *self,
                       ViaJsonError    code,
                       const guint8   *at,
                       const char     *problem)
{
  self->code = code;
  self->problem_at = at;
  self->problem = g_strdup (problem);
  return FALSE;
}

gboolean
via_json_scanner_fail_syntax (ViaJsonScanner *self,
                              const char     *problem)
{
  return via_json_scanner_fail (self, VIA_JSON_ERROR_SYNTAX, self->at, problem);
}

gboolean
via_json_scanner_fail_limit (ViaJsonScanner *self,
                             const char     *format,
                             ...)
{
  g_autofree char *problem = NULL;
  va_list arguments;

  va_start (arguments, format);
  problem = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  return via_json_scanner_fail (self, VIA_JSON_ERROR_LIMIT, self->at, problem);
}

gboolean
via_json_scanner_fail_foreign_byte (ViaJsonScanner *self,
                                    const char     *otherwise)
{
  const guint8 *p = self->at;

  if (p[0] < 0x80)
    return via_json_scanner_fail_syntax (self, otherwise);
  if (p == self->text && self->end - p >= 3 && memcmp (p, "\xef\xbb\xbf", 3) == 0)
    return via_json_scanner_fail (self, VIA_JSON_ERROR_ENCODING, p,
                                  _("the text starts with a byte order mark; save it as UTF-8 without one"));
  if (via_json_measure_utf8 (p, self->end) == 0)
    return via_json_scanner_fail (self, VIA_JSON_ERROR_ENCODING, p, _("the text is not UTF-8"));
  return via_json_scanner_fail_syntax (self, otherwise);
}

gboolean
via_json_scanner_fail_end (ViaJsonScanner *self)
{
  if (self->n_nodes == 0)
    return via_json_scanner_fail_syntax (self, _("the text is empty; expected a JSON value"));

  switch (self->state)
    {
    case VIA_JSON_SCANNER_EXPECT_VALUE:
      return via_json_scanner_fail_syntax (self, _("the text ends here; expected a value"));
    case VIA_JSON_SCANNER_EXPECT_KEY:
      return via_json_scanner_fail_syntax (self, _("the text ends here; expected a key in double quotes"));
    case VIA_JSON_SCANNER_EXPECT_FIRST_ELEMENT:
      return via_json_scanner_fail_syntax (self, _("the text ends here; expected a value or ]"));
    case VIA_JSON_SCANNER_EXPECT_FIRST_KEY:
      return via_json_scanner_fail_syntax (self, _("the text ends here; expected a key in double quotes or }"));
    case VIA_JSON_SCANNER_EXPECT_COMMA_OR_CLOSE:
    case VIA_JSON_SCANNER_FINISHED:
    default:
      if (self->nodes[self->open].type == VIA_JSON_ARRAY)
        return via_json_scanner_fail_syntax (self, _("the text ends here; expected a comma or ]"));
      return via_json_scanner_fail_syntax (self, _("the text ends here; expected a comma or }"));
    }
}

static gboolean
follows_comma (const ViaJsonScanner *self)
{
  return self->open != VIA_JSON_SCANNER_NONE && self->nodes[self->open].type == VIA_JSON_ARRAY
         && self->nodes[self->open].size > 0;
}

gboolean
via_json_scanner_fail_value (ViaJsonScanner *self)
{
  switch (*self->at)
    {
    case '\'':
      return via_json_scanner_fail_syntax (self, _("strings need double quotes, not single ones"));
    case '/':
    case '#':
      return via_json_scanner_fail_syntax (self, _("comments are not allowed in JSON"));
    case '+':
      return via_json_scanner_fail_syntax (self, _("a number must not start with +"));
    case '.':
      return via_json_scanner_fail_syntax (self, _("a number needs a digit before the point"));
    case ']':
    case '}':
      if (follows_comma (self))
        return via_json_scanner_fail_syntax (self, _("expected a value after the comma; remove the comma if this is the end"));
      return via_json_scanner_fail_syntax (self, _("expected a value"));
    case 't':
    case 'f':
    case 'n':
    case 'T':
    case 'F':
      return via_json_scanner_fail_syntax (self,
                                           _("expected a value: true, false or null in lower case, or text in double quotes"));
    case 'N':
    case 'I':
      return via_json_scanner_fail_syntax (self, _("expected a value; JSON has no NaN, Infinity or None"));
    default:
      return via_json_scanner_fail_foreign_byte (self, _("expected a value; text needs double quotes"));
    }
}

gboolean
via_json_scanner_fail_key (ViaJsonScanner *self)
{
  switch (*self->at)
    {
    case '}':
      return via_json_scanner_fail_syntax (self, _("expected another key after the comma; remove the comma if this is the end"));
    case '\'':
      return via_json_scanner_fail_syntax (self, _("keys need double quotes, not single ones"));
    case '/':
    case '#':
      return via_json_scanner_fail_syntax (self, _("comments are not allowed in JSON"));
    default:
      return via_json_scanner_fail_foreign_byte (self, _("expected a key in double quotes"));
    }
}

gboolean
via_json_scanner_fail_control (ViaJsonScanner *self)
{
  switch (*self->at)
    {
    case '\n':
    case '\r':
      return via_json_scanner_fail_syntax (self, _("a line break inside a string; close the string or write \\n"));
    case '\t':
      return via_json_scanner_fail_syntax (self, _("a tab inside a string; write \\t"));
    default:
      return via_json_scanner_fail_syntax (self, _("a control character inside a string; write it as \\u00XX"));
    }
}

void
via_json_scanner_take_problem (ViaJsonScanner  *self,
                               GError         **error)
{
  guint line, column;

  via_json_locate ((const char *) self->text, (gsize) (self->end - self->text),
                   (gsize) (self->problem_at - self->text), &line, &column);
  via_json_set_error_at (error, self->code, line, column, self->problem);
  g_clear_pointer (&self->problem, g_free);
}
