/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-json"

#include "config.h"

#include <string.h>

#include "json/via-json-private.h"

/*
 * Deep equality with a list of pairs still to be compared instead of recursion. Objects are compared member by member
 * in their own order as long as the keys agree, and sorted by key when they stop to.
 */

typedef struct
{
  guint32 a;
  guint32 b;
} Pair;

typedef struct
{
  const ViaJsonDocument *a;
  const ViaJsonDocument *b;
  GArray                *pairs; /* Pair */
} Comparison;

typedef struct
{
  const ViaJsonDocument *document;
  guint32                key;
} Member;

static void
add_pair (Comparison *self,
          guint32     a,
          guint32     b)
{
  const Pair pair = { a, b };

  g_array_append_val (self->pairs, pair);
}

static int
compare_members (gconstpointer a,
                 gconstpointer b)
{
  const Member *left = a;
  const Member *right = b;
  const int order = via_json_compare_strings (left->document->text, &left->document->nodes[left->key],
                                              right->document->text, &right->document->nodes[right->key]);

  return order != 0 ? order : (left->key > right->key) - (left->key < right->key);
}

static Member *
sort_members (const ViaJsonDocument *document,
              guint32                first_key,
              guint32                n_members)
{
  Member *members = g_new (Member, n_members);
  guint32 key = first_key;

  for (guint32 i = 0; i < n_members; i++)
    {
      members[i] = (Member) { document, key };
      key += 1 + document->nodes[key + 1].span;
    }
  qsort (members, n_members, sizeof *members, compare_members);
  return members;
}

static gboolean
pair_sorted (Comparison *self,
             guint32     a_key,
             guint32     b_key,
             guint32     left)
{
  g_autofree Member *a = sort_members (self->a, a_key, left);
  g_autofree Member *b = sort_members (self->b, b_key, left);

  for (guint32 i = 0; i < left; i++)
    {
      if (via_json_compare_strings (self->a->text, &self->a->nodes[a[i].key],
                                    self->b->text, &self->b->nodes[b[i].key]) != 0)
        return FALSE;
      add_pair (self, a[i].key + 1, b[i].key + 1);
    }
  return TRUE;
}

static gboolean
pair_members (Comparison *self,
              guint32     a_object,
              guint32     b_object)
{
  guint32 a = a_object + 1;
  guint32 b = b_object + 1;

  for (guint32 left = self->a->nodes[a_object].size; left > 0; left--)
    {
      if (via_json_compare_strings (self->a->text, &self->a->nodes[a], self->b->text, &self->b->nodes[b]) != 0)
        return pair_sorted (self, a, b, left);
      add_pair (self, a + 1, b + 1);
      a += 1 + self->a->nodes[a + 1].span;
      b += 1 + self->b->nodes[b + 1].span;
    }
  return TRUE;
}

static void
pair_elements (Comparison *self,
               guint32     a_array,
               guint32     b_array)
{
  guint32 a = a_array + 1;
  guint32 b = b_array + 1;

  for (guint32 left = self->a->nodes[a_array].size; left > 0; left--)
    {
      add_pair (self, a, b);
      a += self->a->nodes[a].span;
      b += self->b->nodes[b].span;
    }
}

static gboolean
compare_pair (Comparison *self,
              Pair        pair)
{
  const ViaJsonNode *a = &self->a->nodes[pair.a];
  const ViaJsonNode *b = &self->b->nodes[pair.b];

  if (a->type != b->type || a->size != b->size)
    return FALSE;
  if (a->length == b->length && memcmp (self->a->text + a->start, self->b->text + b->start, a->length) == 0)
    return TRUE;

  switch ((ViaJsonType) a->type)
    {
    case VIA_JSON_STRING:
      return via_json_compare_strings (self->a->text, a, self->b->text, b) == 0;
    case VIA_JSON_ARRAY:
      pair_elements (self, pair.a, pair.b);
      return TRUE;
    case VIA_JSON_OBJECT:
      return pair_members (self, pair.a, pair.b);
    case VIA_JSON_MISSING:
    case VIA_JSON_NULL:
    case VIA_JSON_BOOLEAN:
    case VIA_JSON_NUMBER:
    default:
      return FALSE;
    }
}

gboolean
via_json_value_equal (ViaJsonValue a,
                      ViaJsonValue b)
{
  Comparison self = { a.document, b.document };
  gboolean equal = TRUE;

  if (a.document == NULL || b.document == NULL)
    return a.document == b.document;

  self.pairs = g_array_new (FALSE, FALSE, sizeof (Pair));
  add_pair (&self, a.node, b.node);
  while (equal && self.pairs->len > 0)
    {
      const Pair pair = g_array_index (self.pairs, Pair, self.pairs->len - 1);

      g_array_set_size (self.pairs, self.pairs->len - 1);
      equal = compare_pair (&self, pair);
    }
  g_array_unref (self.pairs);
  return equal;
}
