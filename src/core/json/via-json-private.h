/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "json/via-json.h"

G_BEGIN_DECLS

/*
 * The index: one node a value or key, in the order of the text. A container is followed by its content (an object by
 * key, value, key, value…), so its subtree is the @span nodes that start with it and skipping it is one addition.
 */
typedef struct
{
  guint32 start;     /* offset of the first byte */
  guint32 length;    /* bytes, quotes and brackets included; the parent's index while the scanner has it open */
  guint32 size;      /* members or elements; 0 for scalars */
  guint32 type : 3;  /* ViaJsonType */
  guint32 flags : 4; /* ViaJsonIrregularity of the subtree, and VIA_JSON_ESCAPED */
  guint32 span : 25; /* nodes of the subtree, itself included */
} ViaJsonNode;

G_STATIC_ASSERT (sizeof (ViaJsonNode) == 16);

#define VIA_JSON_ESCAPED (1 << 3) /* a string with at least one backslash */
#define VIA_JSON_IRREGULAR_MASK (VIA_JSON_DUPLICATE_KEY | VIA_JSON_NUL_ESCAPE | VIA_JSON_LONE_SURROGATE)
#define VIA_JSON_NODES_MAX ((1u << 25) - 1)

struct _ViaJsonDocument
{
  gatomicrefcount  ref_count;
  GBytes          *bytes;
  const char      *text; /* the data of @bytes */
  ViaJsonNode     *nodes;
  guint32          n_nodes;
};

static inline const ViaJsonNode *
via_json_value_node (ViaJsonValue value)
{
  return value.document != NULL ? &value.document->nodes[value.node] : NULL;
}

/* The scanner: judges @text and makes its index. @nodes: (out) (transfer full), free with g_free () */
gboolean via_json_scan            (const char           *text,
                                   gsize                 length,
                                   const ViaJsonLimits  *limits,
                                   ViaJsonNode         **nodes,
                                   guint32              *n_nodes,
                                   GError              **error);

/* Scratch space of the search for duplicate keys, kept between the objects of one text. */
typedef struct
{
  struct _ViaJsonKeySlot *slots;
  gsize                   n_slots;
  GString                *unescaped;
} ViaJsonKeyTable;

void     via_json_key_table_clear (ViaJsonKeyTable      *self);
/* Marks each key of the closed object @object that repeats an earlier one; TRUE if there was any. Linear. */
gboolean via_json_mark_duplicates (ViaJsonKeyTable      *self,
                                   const char           *text,
                                   ViaJsonNode          *object);

/* Strings that the scanner has judged. */
guint32  via_json_read_escape     (const char          **at);
/* Appends the exact characters of string @node: a NUL stays a NUL, half a surrogate becomes its three bytes. */
void     via_json_append_exact    (GString              *out,
                                   const char           *text,
                                   const ViaJsonNode    *node);
/* The same for people: U+2400 and U+FFFD instead. */
void     via_json_append_readable (GString              *out,
                                   const char           *text,
                                   const ViaJsonNode    *node);
int      via_json_compare_strings (const char           *a_text,
                                   const ViaJsonNode    *a,
                                   const char           *b_text,
                                   const ViaJsonNode    *b);
/* The error that a text has @problem at @line and @column. */
void     via_json_set_error_at    (GError              **error,
                                   ViaJsonError          code,
                                   guint                 line,
                                   guint                 column,
                                   const char           *problem);
/* Appends judged JSON without whitespace. */
void     via_json_append_compact  (GString              *out,
                                   const char           *text,
                                   gsize                 length);

G_END_DECLS
