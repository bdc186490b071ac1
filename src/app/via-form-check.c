/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-app"

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "via-form-private.h"

/* A pattern is a program that a peer writes: its steps and its length are bounded. */
#define PATTERN_BYTES_MAX 1024
#define PATTERN_STEPS "(*LIMIT_MATCH=20000)"

/* Typed text as a message quotes it. */
static char *
quote (const char *text)
{
  g_autofree char *start = NULL;

  if (g_utf8_strlen (text, -1) <= 24)
    /* translators: a quotation of what somebody wrote */
    return g_strdup_printf (_("“%s”"), text);

  start = g_utf8_substring (text, 0, 22);
  return g_strdup_printf (_("“%s…”"), start);
}

/* Whole numbers are compared as such while they fit; a double cannot tell 9007199254740992 from its neighbour. */
static int
compare_numbers (ViaJsonValue  value,
                 const char   *bound)
{
  g_autoptr(ViaJsonDocument) document = via_json_document_new_strict (bound, -1, NULL);
  ViaJsonValue other = via_json_document_get_root (document);
  gint64 a, b;
  double x = 0;
  double y = 0;

  if (via_json_value_get_int64 (value, &a) && via_json_value_get_int64 (other, &b))
    return a < b ? -1 : a > b;

  via_json_value_get_double (value, &x);
  via_json_value_get_double (other, &y);
  return x < y ? -1 : x > y;
}

/* 5, 5.0 and 5e3 are whole, 20 digits are, too. */
static gboolean
is_whole (ViaJsonValue value)
{
  gsize length;
  const char *raw = via_json_value_get_raw (value, &length);
  double number;

  if (memchr (raw, '.', length) == NULL && memchr (raw, 'e', length) == NULL && memchr (raw, 'E', length) == NULL)
    return TRUE;

  return via_json_value_get_double (value, &number) && isfinite (number) && floor (number) == number;
}

static gboolean
is_multiple (ViaFormField *field)
{
  double number = 0;
  double rest;

  if (field->multiple_of <= 0 || !via_json_value_get_double (field->value, &number))
    return TRUE;

  rest = fabs (remainder (number, field->multiple_of));
  return rest <= 1e-9 * MAX (1, fabs (number));
}

static char *
check_bounds (ViaFormField *field)
{
  int low = field->minimum != NULL ? compare_numbers (field->value, field->minimum) : 1;
  int high = field->maximum != NULL ? compare_numbers (field->value, field->maximum) : -1;

  if (low < 0 || (low == 0 && field->minimum_excluded))
    return field->minimum_excluded
             /* translators: the smallest allowed number is %s, itself not allowed */
             ? g_strdup_printf (_("Must be greater than %s"), field->minimum)
             : g_strdup_printf (_("Must be at least %s"), field->minimum);
  if (high > 0 || (high == 0 && field->maximum_excluded))
    return field->maximum_excluded
             ? g_strdup_printf (_("Must be less than %s"), field->maximum)
             : g_strdup_printf (_("Must be at most %s"), field->maximum);
  if (!is_multiple (field))
    return g_strdup_printf (_("Must be a multiple of %g"), field->multiple_of);

  return NULL;
}

static char *
check_number (ViaFormField *field)
{
  g_autofree char *text = via_form_field_dup_text (field);
  g_autofree char *quoted = quote (text);

  if (via_json_value_is_string (field->value) && *text == '\0')
    return g_strdup (_("Required"));
  if (via_json_value_is_string (field->value) && g_ascii_isdigit (text[*text == '-' ? 1 : 0])
      && text[strspn (text, "-+.eE0123456789")] == '\0')
    {
      g_autoptr(ViaJsonDocument) document = via_json_document_new_strict (text, -1, NULL);

      /* Typed in the form it would be a number; so it came from the JSON. */
      if (document != NULL)
        return g_strdup_printf (_("%s is text in the JSON, not a number"), quoted);
    }
  if (via_json_value_get_json_type (field->value) != VIA_JSON_NUMBER)
    /* translators: %s is what was typed, in quotation marks */
    return g_strdup_printf (_("%s is not a number"), quoted);
  if (field->kind == VIA_FORM_INTEGER && !is_whole (field->value))
    return g_strdup_printf (_("%s is not a whole number"), quoted);

  return check_bounds (field);
}

static char *
check_count (ViaFormField *field,
             gint64        count,
             gboolean      items)
{
  if (field->least >= 0 && count < field->least)
    return items ? g_strdup_printf (ngettext ("At least %d item is needed", "At least %d items are needed",
                                              (gulong) field->least), (int) MIN (field->least, G_MAXINT))
                 : g_strdup_printf (ngettext ("At least %d character is needed", "At least %d characters are needed",
                                              (gulong) field->least), (int) MIN (field->least, G_MAXINT));
  if (field->most >= 0 && count > field->most)
    return items ? g_strdup_printf (ngettext ("At most %d item is allowed", "At most %d items are allowed",
                                              (gulong) field->most), (int) MIN (field->most, G_MAXINT))
                 : g_strdup_printf (ngettext ("At most %d character is allowed", "At most %d characters are allowed",
                                              (gulong) field->most), (int) MIN (field->most, G_MAXINT));

  return NULL;
}

static gboolean
matches_pattern (const char *pattern,
                 const char *text)
{
  g_autofree char *bounded = NULL;
  g_autoptr(GRegex) regex = NULL;
  g_autoptr(GError) error = NULL;
  gboolean matches;

  if (strlen (pattern) > PATTERN_BYTES_MAX)
    return TRUE;

  bounded = g_strconcat (PATTERN_STEPS, pattern, NULL);
  regex = g_regex_new (bounded, G_REGEX_DOLLAR_ENDONLY, 0, NULL);
  if (regex == NULL)
    return TRUE;

  /* What cannot be judged here is left to the server. */
  matches = g_regex_match_full (regex, text, -1, 0, 0, NULL, &error);
  return matches || error != NULL;
}

static char *
check_string (ViaFormField *field)
{
  g_autofree char *text = via_json_value_dup_string (field->value);
  char *message;

  if (text == NULL)
    return g_strdup (_("In the JSON this is not text"));

  message = check_count (field, g_utf8_strlen (text, -1), FALSE);
  if (message == NULL && field->pattern != NULL && !matches_pattern (field->pattern, text))
    /* translators: %s is a regular expression */
    message = g_strdup_printf (_("Does not match the pattern %s"), field->pattern);

  return message;
}

static gboolean
has_twins (ViaFormField *field)
{
  for (guint i = 0; i < field->children->len; i++)
    for (guint j = i + 1; j < field->children->len; j++)
      {
        ViaFormField *a = g_ptr_array_index (field->children, i);
        ViaFormField *b = g_ptr_array_index (field->children, j);

        if (via_json_value_equal (a->value, b->value))
          return TRUE;
      }

  return FALSE;
}

static char *
check_list (ViaFormField *field)
{
  char *message;

  if (!via_json_value_is_array (field->value))
    return g_strdup (_("In the JSON this is not a list, [ … ]"));

  message = check_count (field, via_json_value_get_size (field->value), TRUE);
  if (message == NULL && field->unique && has_twins (field))
    message = g_strdup (_("No item may be there twice"));

  return message;
}

/* "line 1, column 14: …" begins a message of its own here. */
static char *
capitalize (const char *text)
{
  g_autofree char *first = g_utf8_strup (text, g_utf8_next_char (text) - text);

  return g_strconcat (first, g_utf8_next_char (text), NULL);
}

static char *
check_json (ViaFormField *field)
{
  g_autoptr(ViaJsonDocument) document = NULL;
  g_autoptr(GError) error = NULL;

  if (field->pending != NULL)
    {
      document = via_json_document_new_strict (field->pending, -1, &error);
      return error != NULL ? capitalize (error->message) : NULL;
    }
  if (field->json_type == VIA_JSON_ARRAY && !via_json_value_is_array (field->value))
    return g_strdup (_("Must be a list, [ … ]"));
  if (field->json_type == VIA_JSON_OBJECT && !via_json_value_is_object (field->value))
    return g_strdup (_("Must be an object, { … }"));

  return NULL;
}

static char *
check_choice (ViaFormField *field)
{
  g_autofree char *text = NULL;
  g_autofree char *quoted = NULL;

  if (via_form_field_get_choice (field) >= 0)
    return NULL;

  text = via_form_field_dup_text (field);
  quoted = quote (text);
  /* translators: %s is a value, in quotation marks */
  return g_strdup_printf (_("%s is not one of the choices"), quoted);
}

static char *
check_set (ViaFormField *field)
{
  if (field->nullable && via_json_value_get_json_type (field->value) == VIA_JSON_NULL)
    return NULL;

  switch (field->kind)
    {
    case VIA_FORM_STRING:
      return check_string (field);

    case VIA_FORM_NUMBER:
    case VIA_FORM_INTEGER:
      return check_number (field);

    case VIA_FORM_BOOLEAN:
      if (via_json_value_get_json_type (field->value) == VIA_JSON_BOOLEAN)
        return NULL;
      return g_strdup (_("In the JSON this is neither true nor false"));

    case VIA_FORM_CHOICE:
      return check_choice (field);

    case VIA_FORM_LIST:
      return check_list (field);

    case VIA_FORM_OBJECT:
      if (via_json_value_is_object (field->value))
        return NULL;
      return g_strdup (_("In the JSON this is not an object, { … }"));

    case VIA_FORM_JSON:
    default:
      return check_json (field);
    }
}

/* Needed if whatever contains it is sent. */
static gboolean
is_needed (ViaFormField *field)
{
  return field->required && (field->parent == NULL || !via_json_value_is_missing (field->parent->value));
}

guint
via_form_field_check (ViaFormField  *self,
                      gboolean       asked,
                      ViaFormField **first)
{
  char *message = NULL;
  guint n_wrong;

  if (self->pending != NULL || !via_json_value_is_missing (self->value))
    message = check_set (self);
  else if (is_needed (self) && (asked || self->touched))
    message = self->kind == VIA_FORM_STRING && self->least <= 0
                ? g_strdup (_("Required. An empty text is written as \"\" in the JSON."))
                : g_strdup (_("Required"));

  n_wrong = message != NULL ? 1 : 0;
  if (message != NULL && *first == NULL)
    *first = self;
  via_form_field_take_message (self, message);
  for (guint i = 0; i < self->children->len; i++)
    n_wrong += via_form_field_check (g_ptr_array_index (self->children, i), asked, first);

  return n_wrong;
}
