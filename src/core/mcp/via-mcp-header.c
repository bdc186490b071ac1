/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "base/via-limits.h"
#include "base/via-text.h"
#include "mcp/via-mcp-header.h"
#include "mcp/via-tool.h"

#define ANNOTATION "x-mcp-header"
#define HEADER_PREFIX "Mcp-Param-"
#define BASE64_START "=?base64?"
#define BASE64_END "?="

static gboolean
is_header_safe (const char *value)
{
  gsize length = strlen (value);

  if (length > 0 && (g_ascii_isspace (value[0]) || g_ascii_isspace (value[length - 1])))
    return FALSE;
  for (const char *at = value; *at != '\0'; at++)
    if ((*at < 0x20 && *at != '\t') || *at > 0x7e)
      return FALSE;
  /* What looks encoded would be decoded at the other end. */
  return !(length >= strlen (BASE64_START BASE64_END) && g_str_has_prefix (value, BASE64_START)
           && g_str_has_suffix (value, BASE64_END));
}

char *
via_mcp_header_encode (const char *value)
{
  g_autofree char *base64 = NULL;

  g_return_val_if_fail (value != NULL, NULL);

  if (is_header_safe (value))
    return g_strdup (value);
  base64 = g_base64_encode ((const guchar *) value, strlen (value));
  return g_strconcat (BASE64_START, base64, BASE64_END, NULL);
}

/* RFC 9110, section 5.6.2: what a field name may consist of. */
static gboolean
is_token (const char *text)
{
  for (const char *at = text; *at != '\0'; at++)
    if (!g_ascii_isalnum (*at) && strchr ("!#$%&'*+-.^_`|~", *at) == NULL)
      return FALSE;
  return *text != '\0';
}

static gboolean
is_mirrored_type (ViaJsonValue type)
{
  return via_json_value_equals_string (type, "string") || via_json_value_equals_string (type, "integer")
         || via_json_value_equals_string (type, "boolean");
}

/* A type that has a text: one of the three, which may be nullable. */
static gboolean
has_text (ViaJsonValue type)
{
  ViaJsonIter iter;
  ViaJsonValue element;
  guint mirrored = 0, others = 0;

  if (!via_json_value_is_array (type))
    return is_mirrored_type (type);
  via_json_iter_init (&iter, type);
  while (via_json_iter_next (&iter, NULL, &element))
    {
      if (is_mirrored_type (element))
        mirrored++;
      else if (!via_json_value_equals_string (element, "null"))
        others++;
    }
  return mirrored == 1 && others == 0;
}

/* Where a keyword of JSON Schema keeps further schemas. What is not listed is data, in which the annotation means nothing. */
static const struct
{
  const char *keyword;
  gboolean    is_map; /* its members are schemas; else it is a schema or an array of them */
} places[] = {
  { "properties", TRUE },
  { "patternProperties", TRUE },
  { "$defs", TRUE },
  { "definitions", TRUE },
  { "dependentSchemas", TRUE },
  { "items", FALSE },
  { "additionalItems", FALSE },
  { "prefixItems", FALSE },
  { "contains", FALSE },
  { "additionalProperties", FALSE },
  { "unevaluatedProperties", FALSE },
  { "unevaluatedItems", FALSE },
  { "propertyNames", FALSE },
  { "contentSchema", FALSE },
  { "not", FALSE },
  { "if", FALSE },
  { "then", FALSE },
  { "else", FALSE },
  { "allOf", FALSE },
  { "anyOf", FALSE },
  { "oneOf", FALSE },
};

static int
find_place (ViaJsonValue key)
{
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    if (via_json_value_equals_string (key, places[i].keyword))
      return (int) i;
  return -1;
}

static char *
check_annotation (ViaJsonValue  schema,
                  ViaJsonValue  annotation,
                  gboolean      reachable,
                  GHashTable   *seen)
{
  g_autofree char *name = via_json_value_dup_string (annotation);
  char *folded;

  if (name == NULL || !is_token (name))
    {
      g_autofree char *raw = via_json_value_dup_raw (annotation);
      g_autofree char *shown = via_text_clip_line (raw, 64);

      return g_strdup_printf (_("Its header name %s cannot be a part of an HTTP header's name."), shown);
    }
  if (!reachable)
    return g_strdup_printf (_("The header “%s” belongs to a value that is not always at the same place."), name);
  if (!has_text (via_json_value_get_member (schema, "type")))
    return g_strdup_printf (_("The header “%s” belongs to a parameter that is no string, integer or boolean."), name);
  folded = g_ascii_strdown (name, -1);
  if (!g_hash_table_add (seen, folded))
    return g_strdup_printf (_("Two of its parameters ask for the same header “%s”."), name);
  return NULL;
}

static char *check_schema (ViaJsonValue schema, gboolean reachable, gboolean is_root, GHashTable *seen);

static char *
check_place (ViaJsonValue  value,
             gboolean      reachable,
             GHashTable   *seen)
{
  ViaJsonIter iter;
  ViaJsonValue child;
  char *fault = NULL;

  via_json_iter_init (&iter, value);
  while (fault == NULL && via_json_iter_next (&iter, NULL, &child))
    fault = check_schema (child, reachable, FALSE, seen);
  return fault;
}

/* Recursion is bounded by VIA_LIMIT_JSON_DEPTH. @reachable: the way here was by `properties` alone. */
static char *
check_schema (ViaJsonValue  schema,
              gboolean      reachable,
              gboolean      is_root,
              GHashTable   *seen)
{
  ViaJsonIter iter;
  ViaJsonValue key, value;
  char *fault = NULL;

  if (!via_json_value_is_object (schema))
    return NULL;
  via_json_iter_init (&iter, schema);
  while (fault == NULL && via_json_iter_next (&iter, &key, &value))
    {
      int place;

      if (via_json_value_equals_string (key, ANNOTATION))
        fault = check_annotation (schema, value, reachable && !is_root, seen);
      else if ((place = find_place (key)) >= 0)
        {
          gboolean goes_on = reachable && place == 0;

          if (places[place].is_map || via_json_value_is_array (value))
            fault = check_place (value, goes_on, seen);
          else
            fault = check_schema (value, FALSE, FALSE, seen);
        }
    }
  return fault;
}

char *
via_mcp_headers_find_fault (ViaJsonValue schema)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  return check_schema (schema, TRUE, TRUE, seen);
}

/* Integers travel as decimal digits: 42.0 and 4.2e1 are 42, and what is longer than 64 bits keeps its digits. */
static char *
number_to_text (ViaJsonValue number)
{
  double value;

  if (via_json_value_get_double (number, &value) && fabs (value) < 9007199254740992.0 && value == floor (value))
    return g_strdup_printf ("%.0f", value == 0.0 ? 0.0 : value);
  return via_json_value_dup_raw (number);
}

static char *
scalar_to_text (ViaJsonValue value)
{
  switch (via_json_value_get_json_type (value))
    {
    case VIA_JSON_STRING:
      return via_json_value_dup_string (value);
    case VIA_JSON_NUMBER:
      return number_to_text (value);
    case VIA_JSON_BOOLEAN:
      return g_strdup (via_json_value_get_boolean (value, FALSE) ? "true" : "false");
    case VIA_JSON_MISSING:
    case VIA_JSON_NULL:
    case VIA_JSON_ARRAY:
    case VIA_JSON_OBJECT:
    default:
      return NULL;
    }
}

static void
add_header (GPtrArray    *headers,
            ViaJsonValue  annotation,
            ViaJsonValue  argument)
{
  g_autofree char *text = scalar_to_text (argument);
  g_autofree char *name = via_json_value_dup_string (annotation);
  g_autofree char *value = NULL;

  if (text == NULL || name == NULL || !is_token (name))
    return;
  value = via_mcp_header_encode (text);
  /* Without its header the server refuses the call, which is better than a request that no proxy takes. */
  if (strlen (value) > VIA_LIMIT_HEADER_VALUE_BYTES)
    return;
  g_ptr_array_add (headers, g_strconcat (HEADER_PREFIX, name, NULL));
  g_ptr_array_add (headers, g_steal_pointer (&value));
}

static void
collect_headers (GPtrArray    *headers,
                 ViaJsonValue  schema,
                 ViaJsonValue  arguments)
{
  ViaJsonIter iter;
  ViaJsonValue key, property;

  if (!via_json_value_is_object (arguments))
    return;
  via_json_iter_init (&iter, via_json_value_get_member (schema, "properties"));
  while (via_json_iter_next (&iter, &key, &property))
    {
      ViaJsonValue annotation = via_json_value_get_member (property, ANNOTATION);
      ViaJsonValue deeper = via_json_value_get_member (property, "properties");
      g_autofree char *name = NULL;

      if (via_json_value_is_missing (annotation) && via_json_value_is_missing (deeper))
        continue;
      name = via_json_value_dup_string (key);
      if (!via_json_value_is_missing (annotation))
        add_header (headers, annotation, via_json_value_get_member (arguments, name));
      else
        collect_headers (headers, property, via_json_value_get_member (arguments, name));
    }
}

char **
via_mcp_headers_from_arguments (ViaJsonValue schema,
                                ViaJsonValue arguments)
{
  g_autoptr(GPtrArray) headers = g_ptr_array_new_with_free_func (g_free);

  collect_headers (headers, schema, arguments);
  if (headers->len == 0)
    return NULL;
  g_ptr_array_add (headers, NULL);
  return (char **) g_ptr_array_steal (headers, NULL);
}
