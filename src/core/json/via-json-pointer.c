/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-json"

#include "config.h"

#include <string.h>

#include "json/via-json-pointer.h"
#include "json/via-json-private.h"

/* "~1" is a slash and "~0" a tilde, in this order, so that "~01" is "~1". NULL for any other tilde. */
static char *
unescape_token (const char *token,
                gsize       length)
{
  GString *out = g_string_sized_new (length);

  for (gsize i = 0; i < length; i++)
    {
      if (token[i] != '~')
        g_string_append_c (out, token[i]);
      else if (i + 1 < length && (token[i + 1] == '0' || token[i + 1] == '1'))
        g_string_append_c (out, token[++i] == '0' ? '~' : '/');
      else
        return g_string_free (out, TRUE);
    }
  return g_string_free (out, FALSE);
}

/* Digits without a leading zero; "-" names the element after the last, which is not there. */
static ViaJsonValue
get_indexed (ViaJsonValue  array,
             const char   *token)
{
  guint64 index;

  if (!g_ascii_isdigit (token[0]) || (token[0] == '0' && token[1] != '\0')
      || !g_ascii_string_to_unsigned (token, 10, 0, G_MAXUINT, &index, NULL))
    return via_json_value_missing ();
  return via_json_value_get_element (array, (guint) index);
}

ViaJsonValue
via_json_pointer_get (ViaJsonValue  root,
                      const char   *pointer)
{
  ViaJsonValue value = root;

  g_return_val_if_fail (pointer != NULL, via_json_value_missing ());

  while (*pointer != '\0' && !via_json_value_is_missing (value))
    {
      g_autofree char *token = NULL;
      gsize length;

      if (*pointer++ != '/')
        return via_json_value_missing ();
      length = strcspn (pointer, "/");
      token = unescape_token (pointer, length);
      pointer += length;
      if (token == NULL)
        return via_json_value_missing ();
      value = via_json_value_is_array (value) ? get_indexed (value, token) : via_json_value_get_member (value, token);
    }
  return value;
}

static ViaJsonValue
follow (ViaJsonValue root,
        ViaJsonValue reference)
{
  const ViaJsonNode *node = via_json_value_node (reference);
  g_autofree char *text = via_json_value_dup_string (reference);
  g_autofree char *pointer = NULL;

  /* The readable form of an irregular reference could name another member. */
  if (text == NULL || text[0] != '#' || (node->flags & VIA_JSON_IRREGULAR_MASK) != 0)
    return via_json_value_missing ();
  pointer = g_uri_unescape_string (text + 1, NULL);
  return pointer != NULL ? via_json_pointer_get (root, pointer) : via_json_value_missing ();
}

ViaJsonValue
via_json_resolve (ViaJsonValue root,
                  ViaJsonValue value,
                  guint        max_steps)
{
  for (;;)
    {
      ViaJsonValue reference = via_json_value_get_member (value, "$ref");

      if (via_json_value_is_missing (reference))
        return value;
      if (max_steps-- == 0)
        return via_json_value_missing ();
      value = follow (root, reference);
    }
}
