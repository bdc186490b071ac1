/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-demo"

#include "config.h"

#include <string.h>

#include "demo-tools.h"

static const char *
type_name (ViaJsonValue value)
{
  gint64 whole;
  double number;

  switch (via_json_value_get_json_type (value))
    {
    case VIA_JSON_NULL:
      return "null";
    case VIA_JSON_BOOLEAN:
      return "boolean";
    case VIA_JSON_NUMBER:
      if (via_json_value_get_int64 (value, &whole))
        return "integer";
      return via_json_value_get_double (value, &number) && number == (double) (gint64) CLAMP (number, -9e18, 9e18)
               ? "integer" : "number";
    case VIA_JSON_STRING:
      return "string";
    case VIA_JSON_ARRAY:
      return "array";
    case VIA_JSON_OBJECT:
      return "object";
    case VIA_JSON_MISSING:
    default:
      return "nothing";
    }
}

static char *
check_type (ViaJsonValue  schema,
            ViaJsonValue  value,
            const char   *path)
{
  g_autofree char *wanted = via_json_value_dup_member_string (schema, "type");
  const char *actual = type_name (value);

  if (wanted == NULL || strcmp (wanted, actual) == 0
      || (strcmp (wanted, "number") == 0 && strcmp (actual, "integer") == 0))
    return NULL;
  return g_strdup_printf ("%s must be of the type %s, not %s.", path, wanted, actual);
}

static char *
check_enum (ViaJsonValue  schema,
            ViaJsonValue  value,
            const char   *path)
{
  ViaJsonValue choices = via_json_value_get_member (schema, "enum");
  g_autofree char *text = NULL;
  ViaJsonIter iter;
  ViaJsonValue choice;

  if (!via_json_value_is_array (choices))
    return NULL;
  via_json_iter_init (&iter, choices);
  while (via_json_iter_next (&iter, NULL, &choice))
    if (via_json_value_equal (choice, value))
      return NULL;
  text = via_json_value_to_compact (choices, NULL);
  return g_strdup_printf ("%s must be one of %s.", path, text);
}

/* A bound on @amount, which is a number, or how long or how many something is. */
static char *
check_bounds (ViaJsonValue  schema,
              const char   *lower,
              const char   *upper,
              double        amount,
              const char   *path,
              const char   *unit)
{
  double bound;

  if (via_json_value_get_double (via_json_value_get_member (schema, lower), &bound) && amount < bound)
    return g_strdup_printf ("%s must be at least %.10g%s.", path, bound, unit);
  if (via_json_value_get_double (via_json_value_get_member (schema, upper), &bound) && amount > bound)
    return g_strdup_printf ("%s must be at most %.10g%s.", path, bound, unit);
  return NULL;
}

static char *
check_array (ViaJsonValue  schema,
             ViaJsonValue  value,
             const char   *path)
{
  ViaJsonValue items = via_json_value_get_member (schema, "items");
  char *fault = check_bounds (schema, "minItems", "maxItems", via_json_value_get_size (value), path, " items long");
  ViaJsonIter iter;
  ViaJsonValue item;
  guint index = 0;

  via_json_iter_init (&iter, value);
  while (fault == NULL && via_json_iter_next (&iter, NULL, &item))
    {
      g_autofree char *item_path = g_strdup_printf ("%s[%u]", path, index++);

      fault = demo_find_fault (items, item, item_path);
    }
  return fault;
}

static char *
join_path (const char *path,
           const char *name)
{
  return *path == '\0' ? g_strdup (name) : g_strconcat (path, ".", name, NULL);
}

static char *
check_required (ViaJsonValue  schema,
                ViaJsonValue  value,
                const char   *path)
{
  ViaJsonIter iter;
  ViaJsonValue required;

  via_json_iter_init (&iter, via_json_value_get_member (schema, "required"));
  while (via_json_iter_next (&iter, NULL, &required))
    {
      g_autofree char *name = via_json_value_dup_string (required);
      g_autofree char *full = join_path (path, name);

      if (via_json_value_is_missing (via_json_value_get_member (value, name)))
        return g_strdup_printf ("%s is required.", full);
    }
  return NULL;
}

static char *
check_object (ViaJsonValue  schema,
              ViaJsonValue  value,
              const char   *path)
{
  ViaJsonValue properties = via_json_value_get_member (schema, "properties");
  gboolean open = via_json_value_get_boolean (via_json_value_get_member (schema, "additionalProperties"), TRUE);
  char *fault = check_required (schema, value, path);
  ViaJsonIter iter;
  ViaJsonValue key, member;

  via_json_iter_init (&iter, value);
  while (fault == NULL && via_json_iter_next (&iter, &key, &member))
    {
      g_autofree char *name = via_json_value_dup_string (key);
      g_autofree char *full = join_path (path, name);
      ViaJsonValue property = via_json_value_get_member (properties, name);

      if (!via_json_value_is_missing (property))
        fault = demo_find_fault (property, member, full);
      else if (!open)
        fault = g_strdup_printf ("There is no argument called “%s”.", full);
    }
  return fault;
}

char *
demo_find_fault (ViaJsonValue  schema,
                 ViaJsonValue  value,
                 const char   *path)
{
  char *fault = check_type (schema, value, path);
  double number;

  if (fault == NULL)
    fault = check_enum (schema, value, path);
  if (fault != NULL)
    return fault;
  switch (via_json_value_get_json_type (value))
    {
    case VIA_JSON_NUMBER:
      return via_json_value_get_double (value, &number)
               ? check_bounds (schema, "minimum", "maximum", number, path, "") : NULL;
    case VIA_JSON_STRING:
      {
        g_autofree char *text = via_json_value_dup_string (value);

        return check_bounds (schema, "minLength", "maxLength", g_utf8_strlen (text, -1), path, " characters long");
      }
    case VIA_JSON_ARRAY:
      return check_array (schema, value, path);
    case VIA_JSON_OBJECT:
      return check_object (schema, value, path);
    case VIA_JSON_MISSING:
    case VIA_JSON_NULL:
    case VIA_JSON_BOOLEAN:
    default:
      return NULL;
    }
}

ViaJsonValue
demo_arguments_get (const DemoArguments *self,
                    const char          *name)
{
  ViaJsonValue value = via_json_value_get_member (self->given, name);

  if (via_json_value_is_missing (value))
    value = via_json_value_get_member (via_json_value_get_member (self->properties, name), "default");
  return value;
}

char *
demo_arguments_dup_string (const DemoArguments *self,
                           const char          *name)
{
  return via_json_value_dup_string (demo_arguments_get (self, name));
}

gint64
demo_arguments_get_int (const DemoArguments *self,
                        const char          *name)
{
  ViaJsonValue value = demo_arguments_get (self, name);
  gint64 whole = 0;
  double number;

  if (!via_json_value_get_int64 (value, &whole) && via_json_value_get_double (value, &number))
    whole = (gint64) CLAMP (number, -9e18, 9e18);
  return whole;
}

double
demo_arguments_get_double (const DemoArguments *self,
                           const char          *name)
{
  double number = 0;

  via_json_value_get_double (demo_arguments_get (self, name), &number);
  return number;
}

gboolean
demo_arguments_get_boolean (const DemoArguments *self,
                            const char          *name)
{
  return via_json_value_get_boolean (demo_arguments_get (self, name), FALSE);
}
