/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "json/via-json.h"

G_BEGIN_DECLS

/*
 * ViaJsonWriter builds one JSON text, compact and on one line, so that it can travel on stdio as it is. Commas and
 * colons are its business. It is a plain struct for the stack: via_json_writer_init (), write, then one of the _end ()
 * functions, which empties it. Misuse (a value without a key inside an object, unbalanced ends) is a programming error.
 */
typedef struct
{
  GString *text;  /* private */
  guint    depth; /* private */
  gboolean first; /* private: no comma before the next item */
  gboolean keyed; /* private: a key was just written */
  guint8   objects[16]; /* private: one bit a level, to tell objects from arrays */
} ViaJsonWriter;

void    via_json_writer_init         (ViaJsonWriter *self);
void    via_json_writer_clear        (ViaJsonWriter *self);
char   *via_json_writer_end          (ViaJsonWriter *self); /* (transfer full), NUL ended */
GBytes *via_json_writer_end_bytes    (ViaJsonWriter *self); /* (transfer full) */

void    via_json_writer_begin_object (ViaJsonWriter *self);
void    via_json_writer_end_object   (ViaJsonWriter *self);
void    via_json_writer_begin_array  (ViaJsonWriter *self);
void    via_json_writer_end_array    (ViaJsonWriter *self);
void    via_json_writer_key          (ViaJsonWriter *self, const char *key);
/* NULL writes null. Invalid UTF-8 is replaced by U+FFFD: what leaves here is always valid. A NUL in a counted text is
 * written as its escape. */
void    via_json_writer_string       (ViaJsonWriter *self, const char *text);
void    via_json_writer_string_len   (ViaJsonWriter *self, const char *text, gsize length);
void    via_json_writer_int          (ViaJsonWriter *self, gint64 number);
/* Shortest text that reads back as the same double; not finite writes null. */
void    via_json_writer_double       (ViaJsonWriter *self, double number);
/* Seconds with three decimals, as the command line's shapes have them. */
void    via_json_writer_seconds      (ViaJsonWriter *self, gint64 microseconds);
void    via_json_writer_boolean      (ViaJsonWriter *self, gboolean truth);
void    via_json_writer_null         (ViaJsonWriter *self);
/* An existing value, its digits and escapes untouched, whitespace outside strings removed. The missing value writes null. */
void    via_json_writer_value        (ViaJsonWriter *self, ViaJsonValue value);

/* key + value in one call */
void    via_json_writer_member_string  (ViaJsonWriter *self, const char *key, const char *text);
void    via_json_writer_member_int     (ViaJsonWriter *self, const char *key, gint64 number);
void    via_json_writer_member_boolean (ViaJsonWriter *self, const char *key, gboolean truth);
void    via_json_writer_member_value   (ViaJsonWriter *self, const char *key, ViaJsonValue value);

G_END_DECLS
