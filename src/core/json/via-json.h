/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/*
 * ViaJsonDocument is one judged JSON text: the bytes as they came, and an index of its values. It is the only way by
 * which JSON enters the program. RFC 8259, strictly: no comments, no trailing commas, no leading zeros, valid UTF-8, one
 * value, bounded in bytes, depth, values and members. The parser does not recurse. Numbers stay text, so 64-bit ids,
 * 20-digit integers and 0.10 leave exactly as they came. Nothing is copied until it is asked for.
 *
 * A document is immutable and reference counted; it may be used from any thread. A ViaJsonValue is a borrowed cursor
 * into a document, passed by value; it is valid as long as somebody holds the document. All accessors accept every
 * value, the missing one included, and answer "not that" instead of failing, so that chains read naturally:
 *   via_json_value_get_member (via_json_value_get_member (root, "result"), "tools")
 */
typedef struct _ViaJsonDocument ViaJsonDocument;

#define VIA_TYPE_JSON_DOCUMENT (via_json_document_get_type ())

typedef struct
{
  const ViaJsonDocument *document; /* NULL in the missing value */
  guint32                node;
} ViaJsonValue;

typedef enum
{
  VIA_JSON_MISSING, /* no such value; never stands in a text */
  VIA_JSON_NULL,
  VIA_JSON_BOOLEAN,
  VIA_JSON_NUMBER,
  VIA_JSON_STRING,
  VIA_JSON_ARRAY,
  VIA_JSON_OBJECT,
} ViaJsonType;

/* Legal JSON that other readers trip over. A document records whether and where it has any. */
typedef enum
{
  VIA_JSON_REGULAR = 0,
  VIA_JSON_DUPLICATE_KEY = 1 << 0,  /* two members of one object have the same name after unescaping */
  VIA_JSON_NUL_ESCAPE = 1 << 1,     /* \u0000 in a string or key */
  VIA_JSON_LONE_SURROGATE = 1 << 2, /* half a surrogate pair escape */
} ViaJsonIrregularity;

#define VIA_JSON_ERROR (via_json_error_quark ())
GQuark via_json_error_quark (void);

typedef enum
{
  VIA_JSON_ERROR_SYNTAX,    /* message says "line L, column C: what" */
  VIA_JSON_ERROR_ENCODING,  /* not UTF-8 */
  VIA_JSON_ERROR_LIMIT,     /* too deep, too many values, too large */
  VIA_JSON_ERROR_IRREGULAR, /* refused by via_json_document_new_strict () or via_json_document_check_regular () */
} ViaJsonError;

typedef struct
{
  gsize max_bytes;  /* 0: no cap here, the caller has capped the bytes */
  guint max_depth;  /* 0: VIA_LIMIT_JSON_DEPTH */
  guint max_values; /* 0: VIA_LIMIT_JSON_VALUES */
} ViaJsonLimits;

GType            via_json_document_get_type       (void);
/* @limits NULL means the defaults. Irregular text is accepted and marked. */
ViaJsonDocument *via_json_document_new            (GBytes              *bytes,
                                                   const ViaJsonLimits *limits,
                                                   GError             **error);
/* For text that somebody typed or that carries protocol fields only: irregular text is an error. @length -1: NUL ended. */
ViaJsonDocument *via_json_document_new_strict     (const char          *text,
                                                   gssize               length,
                                                   GError             **error);
ViaJsonDocument *via_json_document_ref            (ViaJsonDocument     *self);
void             via_json_document_unref          (ViaJsonDocument     *self);
ViaJsonValue     via_json_document_get_root       (const ViaJsonDocument *self);
GBytes          *via_json_document_get_bytes      (const ViaJsonDocument *self); /* (transfer none) */
/* Fails with VIA_JSON_ERROR_IRREGULAR if something irregular stands outside @except (which may be the missing value). */
gboolean         via_json_document_check_regular  (const ViaJsonDocument *self,
                                                   ViaJsonValue           except,
                                                   GError               **error);
ViaJsonIrregularity via_json_document_get_irregularities (const ViaJsonDocument *self);

/* Line and column (both from 1, columns in characters) of byte @offset. */
void             via_json_locate                  (const char *text,
                                                   gsize       length,
                                                   gsize       offset,
                                                   guint      *line,
                                                   guint      *column);
/* Where in the text a VIA_JSON_ERROR stands, as in its message; FALSE when it is of the whole text, or another error. */
gboolean         via_json_error_get_position      (const GError *error,
                                                   guint        *line,
                                                   guint        *column);

static inline ViaJsonValue
via_json_value_missing (void)
{
  return (ViaJsonValue) { NULL, 0 };
}

ViaJsonType      via_json_value_get_json_type     (ViaJsonValue value);
gboolean         via_json_value_is_object         (ViaJsonValue value);
gboolean         via_json_value_is_array          (ViaJsonValue value);
gboolean         via_json_value_is_string         (ViaJsonValue value);
gboolean         via_json_value_is_missing        (ViaJsonValue value);
/* Members of an object, elements of an array, else 0. Constant time. */
guint            via_json_value_get_size          (ViaJsonValue value);
/* The last member of that name, as JSON.parse would have it; the missing value when there is none or @value is no object. */
ViaJsonValue     via_json_value_get_member        (ViaJsonValue value,
                                                   const char  *name);
ViaJsonValue     via_json_value_get_element       (ViaJsonValue value,
                                                   guint        index); /* linear in @index: iterate instead */
gboolean         via_json_value_equals_string     (ViaJsonValue value,
                                                   const char  *text);
/* Unescaped UTF-8, (transfer full), or NULL if not a string. NUL reads as U+2400, half a surrogate as U+FFFD. */
char            *via_json_value_dup_string        (ViaJsonValue value);
/* TRUE only for a number without fraction or exponent that fits. */
gboolean         via_json_value_get_int64         (ViaJsonValue value,
                                                   gint64      *out);
gboolean         via_json_value_get_double        (ViaJsonValue value,
                                                   double      *out);
gboolean         via_json_value_get_boolean       (ViaJsonValue value,
                                                   gboolean     fallback);
/* The exact bytes of the value in the text, not NUL ended. (transfer none), NULL for the missing value. */
const char      *via_json_value_get_raw           (ViaJsonValue value,
                                                   gsize       *length);
char            *via_json_value_dup_raw           (ViaJsonValue value);
/* The same bytes, sharing the document's memory. (transfer full) */
GBytes          *via_json_value_dup_bytes         (ViaJsonValue value);
/* A document of this value alone, sharing the bytes. (transfer full), never fails for a present value. */
ViaJsonDocument *via_json_value_dup_document      (ViaJsonValue value);
/* Re-written without whitespace / with @indent spaces a level; order, duplicates, digits and escapes are kept. Not recursive. */
char            *via_json_value_to_compact        (ViaJsonValue value,
                                                   gsize       *length);
char            *via_json_value_to_pretty         (ViaJsonValue value,
                                                   guint        indent);
/* Deep equality; numbers compare by text, objects regardless of order. */
gboolean         via_json_value_equal             (ViaJsonValue a,
                                                   ViaJsonValue b);

/* Convenience for the commonest chain. (transfer full) or NULL. */
char            *via_json_value_dup_member_string (ViaJsonValue value,
                                                   const char  *name);

typedef struct
{
  ViaJsonValue container;
  guint32      next;  /* private */
  guint32      left;  /* private */
} ViaJsonIter;

void             via_json_iter_init               (ViaJsonIter  *iter,
                                                   ViaJsonValue  container);
/* @key is the key as a string value (objects) or the missing value (arrays); both outs are optional. */
gboolean         via_json_iter_next               (ViaJsonIter  *iter,
                                                   ViaJsonValue *key,
                                                   ViaJsonValue *value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ViaJsonDocument, via_json_document_unref)

G_END_DECLS
