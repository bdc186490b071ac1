/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-json"

#include "config.h"

#include <string.h>

#include "json/via-json-private.h"

/*
 * The search for duplicate keys. A handful of plain keys is compared pair by pair. More of them, or escaped ones, go
 * through a hash table whose function is SipHash-1-3 with a key drawn once a process: whoever writes the text cannot
 * know which keys collide, so the cost stays linear whatever he sends.
 */

#define PAIRWISE_MAX 8

typedef struct _ViaJsonKeySlot
{
  guint32 tag;
  guint32 key; /* offset of the key's node from the object's; 0 is empty, for there stands the object itself */
} Slot;

typedef struct
{
  guint64 v[4];
} Sip;

static const guint64 *
get_hash_key (void)
{
  static guint64 key[2];
  static gsize ready = 0;

  if (g_once_init_enter (&ready))
    {
      for (guint i = 0; i < 2; i++)
        key[i] = ((guint64) g_random_int () << 32) | g_random_int ();
      g_once_init_leave (&ready, 1);
    }
  return key;
}

static inline guint64
rotate (guint64 word,
        guint   bits)
{
  return (word << bits) | (word >> (64 - bits));
}

static inline void
sip_round (Sip *self)
{
  guint64 *v = self->v;

  v[0] += v[1];
  v[2] += v[3];
  v[1] = rotate (v[1], 13) ^ v[0];
  v[3] = rotate (v[3], 16) ^ v[2];
  v[0] = rotate (v[0], 32);
  v[2] += v[1];
  v[0] += v[3];
  v[1] = rotate (v[1], 17) ^ v[2];
  v[3] = rotate (v[3], 21) ^ v[0];
  v[2] = rotate (v[2], 32);
}

static guint64
hash_bytes (const char *bytes,
            gsize       length)
{
  const guint64 *key = get_hash_key ();
  Sip sip = { {
    key[0] ^ G_GUINT64_CONSTANT (0x736f6d6570736575),
    key[1] ^ G_GUINT64_CONSTANT (0x646f72616e646f6d),
    key[0] ^ G_GUINT64_CONSTANT (0x6c7967656e657261),
    key[1] ^ G_GUINT64_CONSTANT (0x7465646279746573),
  } };
  guint64 word;

  for (gsize left = length; left >= 8; left -= 8, bytes += 8)
    {
      memcpy (&word, bytes, 8);
      sip.v[3] ^= word;
      sip_round (&sip);
      sip.v[0] ^= word;
    }
  word = 0;
  memcpy (&word, bytes, length % 8);
  word ^= (guint64) length << 56;
  sip.v[3] ^= word;
  sip_round (&sip);
  sip.v[0] ^= word;
  sip.v[2] ^= 0xff;
  for (guint i = 0; i < 3; i++)
    sip_round (&sip);
  return sip.v[0] ^ sip.v[1] ^ sip.v[2] ^ sip.v[3];
}

static guint64
hash_key (ViaJsonKeyTable   *self,
          const char        *text,
          const ViaJsonNode *key)
{
  if ((key->flags & VIA_JSON_ESCAPED) == 0)
    return hash_bytes (text + key->start + 1, key->length - 2);

  if (self->unescaped == NULL)
    self->unescaped = g_string_new (NULL);
  g_string_truncate (self->unescaped, 0);
  via_json_append_exact (self->unescaped, text, key);
  return hash_bytes (self->unescaped->str, self->unescaped->len);
}

static gboolean
mark_pairwise (const char  *text,
               ViaJsonNode *object)
{
  ViaJsonNode *keys[PAIRWISE_MAX];
  ViaJsonNode *key = object + 1;
  gboolean found = FALSE;

  for (guint i = 0; i < object->size; i++)
    {
      keys[i] = key;
      for (guint j = 0; j < i; j++)
        if (keys[j]->length == key->length
            && memcmp (text + keys[j]->start, text + key->start, key->length) == 0)
          {
            key->flags |= VIA_JSON_DUPLICATE_KEY;
            found = TRUE;
            break;
          }
      key += 1 + key[1].span;
    }
  return found;
}

static gboolean
has_escaped_key (const ViaJsonNode *object)
{
  const ViaJsonNode *key = object + 1;

  for (guint i = 0; i < object->size; i++)
    {
      if (key->flags & VIA_JSON_ESCAPED)
        return TRUE;
      key += 1 + key[1].span;
    }
  return FALSE;
}

/* At most half full, emptied for each object, and kept for the next one. */
static gsize
prepare_slots (ViaJsonKeyTable *self,
               guint32          n_keys)
{
  gsize n_slots = 16;

  while (n_slots < (gsize) n_keys * 2)
    n_slots *= 2;
  if (n_slots > self->n_slots)
    {
      g_free (self->slots);
      self->slots = g_new (Slot, n_slots);
      self->n_slots = n_slots;
    }
  memset (self->slots, 0, n_slots * sizeof (Slot));
  return n_slots - 1;
}

static gboolean
mark_hashed (ViaJsonKeyTable *self,
             const char      *text,
             ViaJsonNode     *object)
{
  const gsize mask = prepare_slots (self, object->size);
  ViaJsonNode *key = object + 1;
  gboolean found = FALSE;

  for (guint i = 0; i < object->size; i++, key += 1 + key[1].span)
    {
      const guint64 hash = hash_key (self, text, key);
      const guint32 tag = (guint32) (hash >> 32);
      Slot *slot = &self->slots[hash & mask];

      while (slot->key != 0
             && (slot->tag != tag || via_json_compare_strings (text, object + slot->key, text, key) != 0))
        slot = slot == &self->slots[mask] ? self->slots : slot + 1;
      if (slot->key != 0)
        {
          key->flags |= VIA_JSON_DUPLICATE_KEY;
          found = TRUE;
        }
      else
        *slot = (Slot) { tag, (guint32) (key - object) };
    }
  return found;
}

gboolean
via_json_mark_duplicates (ViaJsonKeyTable *self,
                          const char      *text,
                          ViaJsonNode     *object)
{
  if (object->size <= PAIRWISE_MAX && !has_escaped_key (object))
    return mark_pairwise (text, object);
  return mark_hashed (self, text, object);
}

void
via_json_key_table_clear (ViaJsonKeyTable *self)
{
  g_clear_pointer (&self->slots, g_free);
  self->n_slots = 0;
  if (self->unescaped != NULL)
    g_string_free (g_steal_pointer (&self->unescaped), TRUE);
}
