/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-json"

#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "json/via-json-private.h"

G_DEFINE_BOXED_TYPE (ViaJsonDocument, via_json_document, via_json_document_ref, via_json_document_unref)

void
via_json_locate (const char *text,
                 gsize       length,
                 gsize       offset,
                 guint      *line,
                 guint      *column)
{
  const char *const end = text + MIN (offset, length);
  const char *start = text;

  *line = 1;
  *column = 1;
  for (const char *p = text; p < end && (p = memchr (p, '\n', (gsize) (end - p))) != NULL; p++)
    {
      ++*line;
      start = p + 1;
    }
  for (const char *p = start; p < end; p++)
    *column += ((guchar) *p & 0xc0) != 0x80;
}

/* --- documents --- */

static ViaJsonDocument *
make_document (GBytes      *bytes, /* (transfer full) */
               ViaJsonNode *nodes, /* (transfer full) */
               guint32      n_nodes)
{
  ViaJsonDocument *self = g_new0 (ViaJsonDocument, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->bytes = bytes;
  self->text = g_bytes_get_data (bytes, NULL);
  self->nodes = nodes;
  self->n_nodes = n_nodes;
  return self;
}

ViaJsonDocument *
via_json_document_new (GBytes               *bytes,
                       const ViaJsonLimits  *limits,
                       GError              **error)
{
  ViaJsonNode *nodes;
  guint32 n_nodes;
  const char *text;
  gsize length;

  g_return_val_if_fail (bytes != NULL, NULL);

  text = g_bytes_get_data (bytes, &length);
  if (!via_json_scan (text != NULL ? text : "", length, limits, &nodes, &n_nodes, error))
    return NULL;
  return make_document (g_bytes_ref (bytes), nodes, n_nodes);
}

ViaJsonDocument *
via_json_document_new_strict (const char  *text,
                              gssize       length,
                              GError     **error)
{
  g_autoptr(ViaJsonDocument) self = NULL;
  g_autoptr(GBytes) bytes = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  bytes = g_bytes_new (text, length < 0 ? strlen (text) : (gsize) length);
  self = via_json_document_new (bytes, NULL, error);
  if (self == NULL || !via_json_document_check_regular (self, via_json_value_missing (), error))
    return NULL;
  return g_steal_pointer (&self);
}

ViaJsonDocument *
via_json_document_ref (ViaJsonDocument *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
via_json_document_unref (ViaJsonDocument *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_bytes_unref (self->bytes);
  g_free (self->nodes);
  g_free (self);
}

ViaJsonValue
via_json_document_get_root (const ViaJsonDocument *self)
{
  return (ViaJsonValue) { self, 0 };
}

GBytes *
via_json_document_get_bytes (const ViaJsonDocument *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->bytes;
}

ViaJsonIrregularity
via_json_document_get_irregularities (const ViaJsonDocument *self)
{
  g_return_val_if_fail (self != NULL, VIA_JSON_REGULAR);

  return self->nodes[0].flags & VIA_JSON_IRREGULAR_MASK;
}

/*
 * The first irregular string or key outside of the nodes [@skip, @skip_end), 0 nodes long when nothing is skipped.
 * Containers carry the flags of their content, so only marked ones on the way are entered. NULL if there is none.
 */
static const ViaJsonNode *
find_irregular (const ViaJsonDocument *self,
                guint32                skip,
                guint32                skip_end)
{
  guint32 at = 0;

  while (at < self->n_nodes)
    {
      const ViaJsonNode *node = &self->nodes[at];

      if (at == skip && skip_end > skip)
        at = skip_end;
      else if ((node->flags & VIA_JSON_IRREGULAR_MASK) == 0)
        at += node->span;
      else if (node->type == VIA_JSON_STRING)
        return node;
      else
        at++;
    }
  return NULL;
}

static void
set_irregular_error (const ViaJsonDocument  *self,
                     const ViaJsonNode      *node,
                     GError                **error)
{
  guint line, column;
  const char *problem;

  if (node->flags & VIA_JSON_DUPLICATE_KEY)
    problem = _("this key stands twice in one object; keep one of them");
  else if (node->flags & VIA_JSON_NUL_ESCAPE)
    problem = _("the escape \\u0000 is not allowed here");
  else
    problem = _("half of a surrogate pair; \\ud800 to \\udfff are only allowed in pairs");

  via_json_locate (self->text, g_bytes_get_size (self->bytes), node->start, &line, &column);
  via_json_set_error_at (error, VIA_JSON_ERROR_IRREGULAR, line, column, problem);
}

gboolean
via_json_document_check_regular (const ViaJsonDocument  *self,
                                 ViaJsonValue            except,
                                 GError                **error)
{
  const ViaJsonNode *node, *skipped;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (except.document == NULL || except.document == self, FALSE);

  if (via_json_document_get_irregularities (self) == VIA_JSON_REGULAR)
    return TRUE;

  skipped = via_json_value_node (except);
  node = find_irregular (self, except.node, skipped != NULL ? except.node + skipped->span : except.node);
  if (node == NULL)
    return TRUE;
  set_irregular_error (self, node, error);
  return FALSE;
}

/* --- values --- */

ViaJsonType
via_json_value_get_json_type (ViaJsonValue value)
{
  const ViaJsonNode *node = via_json_value_node (value);

  return node != NULL ? (ViaJsonType) node->type : VIA_JSON_MISSING;
}

gboolean
via_json_value_is_object (ViaJsonValue value)
{
  return via_json_value_get_json_type (value) == VIA_JSON_OBJECT;
}

gboolean
via_json_value_is_array (ViaJsonValue value)
{
  return via_json_value_get_json_type (value) == VIA_JSON_ARRAY;
}

gboolean
via_json_value_is_string (ViaJsonValue value)
{
  return via_json_value_get_json_type (value) == VIA_JSON_STRING;
}

gboolean
via_json_value_is_missing (ViaJsonValue value)
{
  return value.document == NULL;
}

guint
via_json_value_get_size (ViaJsonValue value)
{
  const ViaJsonNode *node = via_json_value_node (value);

  return node != NULL ? node->size : 0;
}

static gboolean
string_equals (const char        *text,
               const ViaJsonNode *node,
               const char        *name,
               gsize              length)
{
  const char *at = text + node->start + 1;
  const char *end = at + node->length - 2;
  const char *name_end = name + length;

  if ((node->flags & VIA_JSON_ESCAPED) == 0)
    return node->length - 2 == length && memcmp (at, name, length) == 0;

  while (at < end)
    {
      char encoded[6];
      gsize n = 1;

      if (*at == '\\')
        n = (gsize) g_unichar_to_utf8 (via_json_read_escape (&at), encoded);
      else
        encoded[0] = *at++;
      if ((gsize) (name_end - name) < n || memcmp (name, encoded, n) != 0)
        return FALSE;
      name += n;
    }
  return name == name_end;
}

ViaJsonValue
via_json_value_get_member (ViaJsonValue  value,
                           const char   *name)
{
  ViaJsonValue found = via_json_value_missing ();
  const ViaJsonNode *nodes;
  gsize length;
  guint32 key;

  g_return_val_if_fail (name != NULL, found);

  if (!via_json_value_is_object (value))
    return found;

  length = strlen (name);
  nodes = value.document->nodes;
  key = value.node + 1;
  for (guint32 left = nodes[value.node].size; left > 0; left--)
    {
      if (string_equals (value.document->text, &nodes[key], name, length))
        found = (ViaJsonValue) { value.document, key + 1 };
      key += 1 + nodes[key + 1].span;
    }
  return found;
}

ViaJsonValue
via_json_value_get_element (ViaJsonValue value,
                            guint        index)
{
  const ViaJsonNode *node = via_json_value_node (value);
  guint32 at = value.node + 1;

  if (!via_json_value_is_array (value) || index >= node->size)
    return via_json_value_missing ();

  if (node->span == node->size + 1) /* nothing nested: the elements stand side by side */
    return (ViaJsonValue) { value.document, at + index };
  while (index-- > 0)
    at += value.document->nodes[at].span;
  return (ViaJsonValue) { value.document, at };
}

gboolean
via_json_value_equals_string (ViaJsonValue  value,
                              const char   *text)
{
  return text != NULL && via_json_value_is_string (value)
         && string_equals (value.document->text, via_json_value_node (value), text, strlen (text));
}

char *
via_json_value_dup_string (ViaJsonValue value)
{
  const ViaJsonNode *node = via_json_value_node (value);
  GString *out;

  if (!via_json_value_is_string (value))
    return NULL;
  if ((node->flags & VIA_JSON_ESCAPED) == 0)
    return g_strndup (value.document->text + node->start + 1, node->length - 2);

  out = g_string_sized_new (node->length);
  via_json_append_readable (out, value.document->text, node);
  return g_string_free (out, FALSE);
}

gboolean
via_json_value_get_int64 (ViaJsonValue  value,
                          gint64       *out)
{
  const ViaJsonNode *node = via_json_value_node (value);
  const char *digits;
  gboolean negative;
  guint64 sum = 0;

  if (node == NULL || node->type != VIA_JSON_NUMBER)
    return FALSE;

  digits = value.document->text + node->start;
  negative = *digits == '-';
  if (node->length > 20)
    return FALSE;
  for (guint i = negative; i < node->length; i++)
    {
      if (!g_ascii_isdigit (digits[i])
          || !g_uint64_checked_mul (&sum, sum, 10)
          || !g_uint64_checked_add (&sum, sum, (guint64) (digits[i] - '0')))
        return FALSE;
    }
  if (sum > (guint64) G_MAXINT64 + negative)
    return FALSE;
  *out = (gint64) (negative ? 0 - sum : sum);
  return TRUE;
}

gboolean
via_json_value_get_double (ViaJsonValue  value,
                           double       *out)
{
  const ViaJsonNode *node = via_json_value_node (value);
  g_autofree char *text = NULL;
  double number;

  if (node == NULL || node->type != VIA_JSON_NUMBER)
    return FALSE;

  text = via_json_value_dup_raw (value);
  number = g_ascii_strtod (text, NULL);
  if (!isfinite (number))
    return FALSE;
  *out = number;
  return TRUE;
}

gboolean
via_json_value_get_boolean (ViaJsonValue value,
                            gboolean     fallback)
{
  const ViaJsonNode *node = via_json_value_node (value);

  if (node == NULL || node->type != VIA_JSON_BOOLEAN)
    return fallback;
  return value.document->text[node->start] == 't';
}

const char *
via_json_value_get_raw (ViaJsonValue  value,
                        gsize        *length)
{
  const ViaJsonNode *node = via_json_value_node (value);

  if (length != NULL)
    *length = node != NULL ? node->length : 0;
  return node != NULL ? value.document->text + node->start : NULL;
}

char *
via_json_value_dup_raw (ViaJsonValue value)
{
  gsize length;
  const char *raw = via_json_value_get_raw (value, &length);

  return g_strndup (raw, length);
}

GBytes *
via_json_value_dup_bytes (ViaJsonValue value)
{
  const ViaJsonNode *node = via_json_value_node (value);

  return node != NULL ? g_bytes_new_from_bytes (value.document->bytes, node->start, node->length) : NULL;
}

ViaJsonDocument *
via_json_value_dup_document (ViaJsonValue value)
{
  const ViaJsonNode *node = via_json_value_node (value);
  ViaJsonNode *nodes;

  if (node == NULL)
    return NULL;

  nodes = g_memdup2 (node, node->span * sizeof *nodes);
  for (guint32 i = 0; i < node->span; i++)
    nodes[i].start -= node->start;
  /* A key may be marked as a repetition; alone it repeats nothing. */
  if (node->type == VIA_JSON_STRING)
    nodes[0].flags &= ~(guint32) VIA_JSON_DUPLICATE_KEY & 0xf;
  return make_document (via_json_value_dup_bytes (value), nodes, node->span);
}

char *
via_json_value_dup_member_string (ViaJsonValue  value,
                                  const char   *name)
{
  return via_json_value_dup_string (via_json_value_get_member (value, name));
}

/* --- iteration --- */

void
via_json_iter_init (ViaJsonIter  *iter,
                    ViaJsonValue  container)
{
  g_return_if_fail (iter != NULL);

  iter->container = container;
  iter->next = container.node + 1;
  iter->left = via_json_value_get_size (container);
}

gboolean
via_json_iter_next (ViaJsonIter  *iter,
                    ViaJsonValue *key,
                    ViaJsonValue *value)
{
  const ViaJsonDocument *document = iter->container.document;
  ViaJsonValue name = via_json_value_missing ();

  if (iter->left == 0)
    return FALSE;

  iter->left--;
  if (via_json_value_is_object (iter->container))
    name = (ViaJsonValue) { document, iter->next++ };
  if (key != NULL)
    *key = name;
  if (value != NULL)
    *value = (ViaJsonValue) { document, iter->next };
  iter->next += document->nodes[iter->next].span;
  return TRUE;
}
