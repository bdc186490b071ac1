/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <string.h>

#include "config/via-config-emit.h"

/* Words and addresses that mean the same to every YAML reader without quotes. Cautious rather than complete. */
static gboolean
is_plain_safe (const char *text)
{
  static const char *const taken[] = { "true", "false", "yes", "no", "on", "off", "y", "n", "null" };
  gsize length = strlen (text);

  if (length == 0 || !(g_ascii_isalpha (*text) || *text == '/' || *text == '_'))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (taken); i++)
    if (g_ascii_strcasecmp (text, taken[i]) == 0)
      return FALSE;
  for (const char *at = text; *at != '\0'; at++)
    if (*at == ':' || *at == ' ')
      {
        if (at[1] == '\0' || at[1] == ' ')
          return FALSE;
      }
    else if (!g_ascii_isalnum (*at) && strchr ("_./@+-", *at) == NULL)
      return FALSE;
  return TRUE;
}

/* What YAML 1.1 lets stand as it is within quotes. */
static gboolean
is_printable (gunichar c)
{
  return (c >= 0x20 && c < 0x7f) || (c >= 0xa0 && c < 0x2028) || (c > 0x2029 && c <= 0xd7ff)
         || (c >= 0xe000 && c <= 0xfffd && c != 0xfeff) || (c >= 0x10000 && c <= 0x10ffff);
}

static void
append_escaped (GString  *quoted,
                gunichar  c)
{
  if (c == '"' || c == '\\')
    g_string_append_printf (quoted, "\\%c", (char) c);
  else if (c == '\n')
    g_string_append (quoted, "\\n");
  else if (c == '\t')
    g_string_append (quoted, "\\t");
  else if (c == '\r')
    g_string_append (quoted, "\\r");
  else if (is_printable (c))
    g_string_append_unichar (quoted, c);
  else
    g_string_append_printf (quoted, "\\u%04x", c);
}

static char *
quote_double (const char *text)
{
  GString *quoted = g_string_new ("\"");

  for (; *text != '\0'; text = g_utf8_next_char (text))
    append_escaped (quoted, g_utf8_get_char (text));
  g_string_append_c (quoted, '"');
  return g_string_free (quoted, FALSE);
}

static char *
quote_single (const char *text)
{
  GString *quoted = g_string_new ("'");

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (!is_printable (c))
        {
          g_string_free (quoted, TRUE);
          return quote_double (text);
        }
      g_string_append_unichar (quoted, c);
      if (c == '\'')
        g_string_append_c (quoted, '\'');
    }
  g_string_append_c (quoted, '\'');
  return g_string_free (quoted, FALSE);
}

char *
via_config_emit_scalar (const char     *text,
                        ViaScalarStyle  style)
{
  if (style == VIA_SCALAR_PLAIN && is_plain_safe (text))
    return g_strdup (text);
  return style == VIA_SCALAR_SINGLE ? quote_single (text) : quote_double (text);
}

gboolean
via_config_field_is_unset (const ViaConfigKey *key,
                           gpointer            target)
{
  switch (key->kind)
    {
    case VIA_KEY_TEXT:
    case VIA_KEY_WORD:
      return VIA_CONFIG_FIELD (char *, target, key) == NULL;
    case VIA_KEY_LIST:
    case VIA_KEY_COMMAND:
    case VIA_KEY_ENVIRONMENT:
    case VIA_KEY_HEADERS:
      return VIA_CONFIG_FIELD (char **, target, key) == NULL || *VIA_CONFIG_FIELD (char **, target, key) == NULL;
    default:
      return FALSE;
    }
}

static gboolean
tables_equal (const ViaConfigKey *keys,
              gpointer            a,
              gpointer            b)
{
  for (; keys->name != NULL; keys++)
    if (!via_config_field_equal (keys, a, b))
      return FALSE;
  return TRUE;
}

gboolean
via_config_field_equal (const ViaConfigKey *key,
                        gpointer            a,
                        gpointer            b)
{
  gboolean unset = via_config_field_is_unset (key, a);

  switch (key->kind)
    {
    case VIA_KEY_TEXT:
    case VIA_KEY_WORD:
      return g_strcmp0 (VIA_CONFIG_FIELD (char *, a, key), VIA_CONFIG_FIELD (char *, b, key)) == 0;
    case VIA_KEY_CHOICE:
    case VIA_KEY_UINT:
      return VIA_CONFIG_FIELD (guint, a, key) == VIA_CONFIG_FIELD (guint, b, key);
    case VIA_KEY_BOOLEAN:
      return !VIA_CONFIG_FIELD (gboolean, a, key) == !VIA_CONFIG_FIELD (gboolean, b, key);
    case VIA_KEY_UINT64:
      return VIA_CONFIG_FIELD (guint64, a, key) == VIA_CONFIG_FIELD (guint64, b, key);
    case VIA_KEY_DOUBLE:
      return VIA_CONFIG_FIELD (double, a, key) == VIA_CONFIG_FIELD (double, b, key);
    case VIA_KEY_TABLE:
      return tables_equal (key->table, a, b);
    default:
      if (unset || via_config_field_is_unset (key, b))
        return unset == via_config_field_is_unset (key, b);
      return g_strv_equal (VIA_CONFIG_FIELD (const char *const *, a, key), VIA_CONFIG_FIELD (const char *const *, b, key));
    }
}

char **
via_config_field_dup_pairs (const ViaConfigKey *key,
                            gpointer            target)
{
  char **items = VIA_CONFIG_FIELD (char **, target, key);
  GPtrArray *pairs;

  if (key->kind == VIA_KEY_HEADERS)
    return items != NULL ? g_strdupv (items) : g_new0 (char *, 1);
  pairs = g_ptr_array_new ();
  for (; items != NULL && *items != NULL; items++)
    {
      const char *value = strchr (*items, '=');

      g_ptr_array_add (pairs, value != NULL ? g_strndup (*items, value - *items) : g_strdup (*items));
      g_ptr_array_add (pairs, g_strdup (value != NULL ? value + 1 : ""));
    }
  g_ptr_array_add (pairs, NULL);
  return (char **) g_ptr_array_free (pairs, FALSE);
}

static char *
emit_list (char **items)
{
  GString *text = g_string_new ("[");

  for (; items != NULL && *items != NULL; items++)
    {
      g_autofree char *quoted = quote_double (*items);

      g_string_append (text, quoted);
      if (items[1] != NULL)
        g_string_append (text, ", ");
    }
  g_string_append_c (text, ']');
  return g_string_free (text, FALSE);
}

static char *
emit_pairs (const ViaConfigKey *key,
            gpointer            target)
{
  g_auto(GStrv) pairs = via_config_field_dup_pairs (key, target);
  GString *text = g_string_new ("{");

  for (char **pair = pairs; pair[0] != NULL; pair += 2)
    {
      g_autofree char *name = via_config_emit_scalar (pair[0], VIA_SCALAR_PLAIN);
      g_autofree char *value = via_config_emit_scalar (pair[1], VIA_SCALAR_PLAIN);

      g_string_append_printf (text, "%s%s: %s", pair == pairs ? "" : ", ", name, value);
    }
  g_string_append_c (text, '}');
  return g_string_free (text, FALSE);
}

/* The shortest text that reads back as the same number. */
static char *
emit_double (double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  for (int digits = 1; digits <= 17; digits++)
    {
      char format[8];

      g_snprintf (format, sizeof format, "%%.%dg", digits);
      if (g_ascii_strtod (g_ascii_formatd (text, sizeof text, format, value), NULL) == value)
        break;
    }
  return g_strdup (text);
}

char *
via_config_emit_table (const ViaConfigKey *keys,
                       gpointer            target,
                       gpointer            base)
{
  GString *text = g_string_new ("{");

  for (; keys->name != NULL; keys++)
    {
      g_autofree char *value = NULL;

      if (via_config_field_equal (keys, target, base) || via_config_field_is_unset (keys, target))
        continue;
      value = via_config_emit_inline (keys, target, base, VIA_SCALAR_PLAIN);
      g_string_append_printf (text, "%s%s: %s", text->len > 1 ? ", " : "", keys->name, value);
    }
  g_string_append_c (text, '}');
  return g_string_free (text, FALSE);
}

char *
via_config_emit_inline (const ViaConfigKey *key,
                        gpointer            target,
                        gpointer            base,
                        ViaScalarStyle      style)
{
  switch (key->kind)
    {
    case VIA_KEY_TEXT:
    case VIA_KEY_WORD:
      return via_config_emit_scalar (VIA_CONFIG_FIELD (char *, target, key), style);
    case VIA_KEY_CHOICE:
      return via_config_emit_scalar (key->choices[VIA_CONFIG_FIELD (guint, target, key)], style);
    case VIA_KEY_BOOLEAN:
      return g_strdup (VIA_CONFIG_FIELD (gboolean, target, key) ? "true" : "false");
    case VIA_KEY_UINT:
      return g_strdup_printf ("%u", VIA_CONFIG_FIELD (guint, target, key));
    case VIA_KEY_UINT64:
      return g_strdup_printf ("%" G_GUINT64_FORMAT, VIA_CONFIG_FIELD (guint64, target, key));
    case VIA_KEY_DOUBLE:
      return emit_double (VIA_CONFIG_FIELD (double, target, key));
    case VIA_KEY_LIST:
    case VIA_KEY_COMMAND:
      return emit_list (VIA_CONFIG_FIELD (char **, target, key));
    case VIA_KEY_ENVIRONMENT:
    case VIA_KEY_HEADERS:
      return emit_pairs (key, target);
    case VIA_KEY_TABLE:
      return via_config_emit_table (key->table, target, base);
    default:
      g_return_val_if_reached (NULL);
    }
}

static void
append_line (GString               *text,
             const ViaConfigLayout *layout,
             const char            *key,
             const char            *value)
{
  g_string_append_printf (text, "%*s%s:%s%s%s", layout->indent, "", key, *value != '\0' ? " " : "", value, layout->newline);
}

static void
emit_pairs_block (GString               *text,
                  const ViaConfigKey    *key,
                  gpointer               target,
                  const ViaConfigLayout *layout)
{
  g_auto(GStrv) pairs = via_config_field_dup_pairs (key, target);

  for (char **pair = pairs; pair[0] != NULL; pair += 2)
    {
      g_autofree char *name = via_config_emit_scalar (pair[0], VIA_SCALAR_PLAIN);
      g_autofree char *value = via_config_emit_scalar (pair[1], VIA_SCALAR_PLAIN);

      append_line (text, layout, name, value);
    }
}

void
via_config_emit_block (GString               *text,
                       const ViaConfigKey    *key,
                       gpointer               target,
                       gpointer               base,
                       const ViaConfigLayout *layout)
{
  const ViaConfigLayout below = { layout->indent + layout->step, layout->step, layout->newline };
  g_autofree char *value = NULL;

  if (key->kind == VIA_KEY_ENVIRONMENT || key->kind == VIA_KEY_HEADERS)
    {
      append_line (text, layout, key->name, "");
      emit_pairs_block (text, key, target, &below);
    }
  else if (key->kind == VIA_KEY_TABLE)
    {
      append_line (text, layout, key->name, "");
      for (const ViaConfigKey *sub = key->table; sub->name != NULL; sub++)
        if (!via_config_field_equal (sub, target, base) && !via_config_field_is_unset (sub, target))
          via_config_emit_block (text, sub, target, base, &below);
    }
  else
    {
      value = via_config_emit_inline (key, target, base, VIA_SCALAR_PLAIN);
      append_line (text, layout, key->name, value);
    }
}
