/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-json"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/via-limits.h"
#include "json/via-json-scanner-private.h"

/*
 * One pass over the bytes. The state says what may come next; the chain of open containers is kept in the @length
 * fields of their nodes, which are not known before they close, so nesting costs neither stack nor memory of its own.
 */

/* --- nodes --- */

static gboolean
grow (ViaJsonScanner *self)
{
  const guint32 room = (guint32) MIN ((guint64) self->n_room * 2, self->max_nodes);
  ViaJsonNode *nodes;

  if (self->n_nodes >= self->max_nodes)
    return via_json_scanner_fail_limit (self, _("the text has more than %u values"), self->max_nodes);

  nodes = g_try_realloc_n (self->nodes, room, sizeof *nodes);
  if (nodes == NULL)
    return via_json_scanner_fail (self, VIA_JSON_ERROR_LIMIT, self->at,
                                  _("there is not enough memory for a text with so many values"));
  self->nodes = nodes;
  self->n_room = room;
  return TRUE;
}

static inline ViaJsonNode *
add_node (ViaJsonScanner *self,
          ViaJsonType     type)
{
  ViaJsonNode *node;

  if (G_UNLIKELY (self->n_nodes >= self->n_room) && !grow (self))
    return NULL;

  node = &self->nodes[self->n_nodes++];
  *node = (ViaJsonNode) { .start = (guint32) (self->at - self->text), .type = type, .span = 1 };
  return node;
}

static inline void
skip_space (ViaJsonScanner *self)
{
  const guint8 *p = self->at;

  while (p < self->end && (*p == ' ' || *p == '\n' || *p == '\t' || *p == '\r'))
    p++;
  self->at = p;
}

static inline gboolean
finish_scalar (ViaJsonScanner *self,
               ViaJsonNode    *node,
               const guint8   *past)
{
  node->length = (guint32) (past - self->at);
  self->at = past;
  self->state = self->open == VIA_JSON_SCANNER_NONE ? VIA_JSON_SCANNER_FINISHED : VIA_JSON_SCANNER_EXPECT_COMMA_OR_CLOSE;
  return TRUE;
}

/* --- strings --- */

#define EACH_BYTE(b) (G_GUINT64_CONSTANT (0x0101010101010101) * (b))
#define HIGH_BITS EACH_BYTE (0x80)

/* The first byte that is not plain ASCII text: control, quote, backslash or the start of a longer sequence. */
static inline const guint8 *
skip_plain (const guint8 *p,
            const guint8 *end)
{
#if G_BYTE_ORDER == G_LITTLE_ENDIAN
  while (end - p >= 8)
    {
      guint64 word, quote, slash, stop;

      memcpy (&word, p, sizeof word);
      quote = word ^ EACH_BYTE (0x22);
      slash = word ^ EACH_BYTE (0x5c);
      stop = (word | ((word - EACH_BYTE (0x20)) & ~word)
              | ((quote - EACH_BYTE (0x01)) & ~quote)
              | ((slash - EACH_BYTE (0x01)) & ~slash)) & HIGH_BITS;
      /* A borrow can only raise false marks above the first true one, and the first is the one that counts. */
      if (stop != 0)
        return p + __builtin_ctzll (stop) / 8;
      p += 8;
    }
#endif
  while (p < end && *p >= 0x20 && *p < 0x80 && *p != '"' && *p != '\\')
    p++;
  return p;
}

/* Four hexadecimal digits, or -1. */
static int
read_hex (const guint8 *p,
          const guint8 *end)
{
  int code = 0;

  if (end - p < 4)
    return -1;
  for (guint i = 0; i < 4; i++)
    {
      const int digit = g_ascii_xdigit_value ((char) p[i]);

      if (digit < 0)
        return -1;
      code = code * 16 + digit;
    }
  return code;
}

/* Steps over the escape at @at and collects what is odd about it. */
static gboolean
scan_escape (ViaJsonScanner  *self,
             const guint8   **at,
             guint           *flags)
{
  const guint8 *p = *at;
  int code, second;

  *flags |= VIA_JSON_ESCAPED;
  if (self->end - p < 2)
    return via_json_scanner_fail (self, VIA_JSON_ERROR_SYNTAX, self->end,
                                  _("the text ends inside a string; expected a double quote"));
  if (strchr ("\"\\/bfnrt", p[1]) != NULL && p[1] != '\0')
    {
      *at = p + 2;
      return TRUE;
    }
  if (p[1] != 'u')
    return via_json_scanner_fail (self, VIA_JSON_ERROR_SYNTAX, p,
                                  _("unknown escape in a string; write \\\\ for a backslash"));

  code = read_hex (p + 2, self->end);
  if (code < 0)
    return via_json_scanner_fail (self, VIA_JSON_ERROR_SYNTAX, p, _("\\u needs four hexadecimal digits"));
  p += 6;
  if (code == 0)
    *flags |= VIA_JSON_NUL_ESCAPE;
  if ((code & 0xf800) == 0xd800)
    {
      second = self->end - p >= 2 && p[0] == '\\' && p[1] == 'u' ? read_hex (p + 2, self->end) : -1;
      if (code < 0xdc00 && second >= 0xdc00 && second <= 0xdfff)
        p += 6;
      else
        *flags |= VIA_JSON_LONE_SURROGATE;
    }
  *at = p;
  return TRUE;
}

/* Scans the string that starts at self->at; leaves @past behind its closing quote. On failure self->at is the place. */
static inline gboolean
scan_string (ViaJsonScanner  *self,
             const guint8   **past,
             guint           *flags)
{
  const guint8 *p = self->at + 1;

  *flags = 0;
  for (;;)
    {
      p = skip_plain (p, self->end);
      if (p >= self->end)
        {
          self->at = self->end;
          return via_json_scanner_fail_syntax (self, _("the text ends inside a string; expected a double quote"));
        }
      if (*p == '"')
        {
          *past = p + 1;
          return TRUE;
        }
      if (*p == '\\')
        {
          if (!scan_escape (self, &p, flags))
            return FALSE;
          continue;
        }
      while (p < self->end && *p >= 0x80)
        {
          const guint length = via_json_measure_utf8 (p, self->end);

          if (length == 0)
            return via_json_scanner_fail (self, VIA_JSON_ERROR_ENCODING, p, _("the text is not UTF-8"));
          p += length;
        }
      if (p < self->end && *p < 0x20)
        {
          self->at = p;
          return via_json_scanner_fail_control (self);
        }
    }
}

static gboolean
scan_string_value (ViaJsonScanner *self)
{
  ViaJsonNode *node = add_node (self, VIA_JSON_STRING);
  const guint8 *past = NULL;
  guint flags;

  if (node == NULL || !scan_string (self, &past, &flags))
    return FALSE;

  node->flags = flags;
  if (G_UNLIKELY (flags & VIA_JSON_IRREGULAR_MASK) && self->open != VIA_JSON_SCANNER_NONE)
    self->nodes[self->open].flags |= flags & VIA_JSON_IRREGULAR_MASK;
  return finish_scalar (self, node, past);
}

static inline gboolean
scan_key (ViaJsonScanner *self)
{
  const guint8 *start = self->at;

  if (self->nodes[self->open].size >= VIA_LIMIT_JSON_MEMBERS)
    return via_json_scanner_fail_limit (self, _("the text has more than %u keys in one object"), VIA_LIMIT_JSON_MEMBERS);
  self->nodes[self->open].size++;
  if (!scan_string_value (self))
    return FALSE;
  if (self->at - start > VIA_LIMIT_JSON_KEY_BYTES)
    return via_json_scanner_fail_limit (self, _("the text has more than %u bytes in one key"), VIA_LIMIT_JSON_KEY_BYTES);

  skip_space (self);
  if (self->at >= self->end)
    return via_json_scanner_fail_syntax (self, _("the text ends here; expected a colon"));
  if (*self->at != ':')
    return via_json_scanner_fail_foreign_byte (self, _("expected a colon after the key"));
  self->at++;
  self->state = VIA_JSON_SCANNER_EXPECT_VALUE;
  return TRUE;
}

/* --- numbers and words --- */

static inline const guint8 *
skip_digits (const guint8 *p,
             const guint8 *end)
{
  while (p < end && *p >= '0' && *p <= '9')
    p++;
  return p;
}

static gboolean
fail_number (ViaJsonScanner *self,
             const guint8   *at,
             const char     *problem)
{
  self->at = at;
  if (at < self->end)
    return via_json_scanner_fail_foreign_byte (self, problem);
  return via_json_scanner_fail_syntax (self, problem);
}

static inline gboolean
scan_number (ViaJsonScanner *self)
{
  ViaJsonNode *node = add_node (self, VIA_JSON_NUMBER);
  const guint8 *const end = self->end;
  const guint8 *p = self->at;
  const guint8 *digits;

  if (node == NULL)
    return FALSE;
  digits = *p == '-' ? p + 1 : p;
  p = skip_digits (digits, end);
  if (p == digits)
    return fail_number (self, p, _("expected a digit after the minus sign"));
  if (*digits == '0' && p - digits > 1)
    return fail_number (self, digits, _("a number must not start with 0 and more digits; text needs double quotes"));

  if (p < end && *p == '.')
    {
      digits = p + 1;
      p = skip_digits (digits, end);
      if (p == digits)
        return fail_number (self, p, _("expected a digit after the point"));
    }
  if (p < end && (*p == 'e' || *p == 'E'))
    {
      digits = p + 1 < end && (p[1] == '+' || p[1] == '-') ? p + 2 : p + 1;
      p = skip_digits (digits, end);
      if (p == digits)
        return fail_number (self, p, _("expected a digit in the exponent"));
    }
  return finish_scalar (self, node, p);
}

static gboolean
scan_word (ViaJsonScanner *self,
           const char     *word,
           gsize           length,
           ViaJsonType     type)
{
  ViaJsonNode *node;

  if ((gsize) (self->end - self->at) < length || memcmp (self->at, word, length) != 0)
    return via_json_scanner_fail_value (self);
  node = add_node (self, type);
  return node != NULL && finish_scalar (self, node, self->at + length);
}

/* --- containers --- */

static gboolean
open_container (ViaJsonScanner *self,
                ViaJsonType     type)
{
  ViaJsonNode *node;

  if (self->depth >= self->max_depth)
    return via_json_scanner_fail_limit (self, _("the text has more than %u levels of nesting"), self->max_depth);
  node = add_node (self, type);
  if (node == NULL)
    return FALSE;

  node->length = self->open;
  self->open = self->n_nodes - 1;
  self->depth++;
  self->at++;
  self->state = type == VIA_JSON_ARRAY ? VIA_JSON_SCANNER_EXPECT_FIRST_ELEMENT : VIA_JSON_SCANNER_EXPECT_FIRST_KEY;
  return TRUE;
}

static inline gboolean
close_container (ViaJsonScanner *self)
{
  ViaJsonNode *node = &self->nodes[self->open];
  const guint32 parent = node->length;

  self->at++;
  node->length = (guint32) (self->at - self->text) - node->start;
  node->span = self->n_nodes - self->open;
  if (node->type == VIA_JSON_OBJECT && node->size > 1
      && via_json_mark_duplicates (&self->keys, (const char *) self->text, node))
    node->flags |= VIA_JSON_DUPLICATE_KEY;

  self->open = parent;
  self->depth--;
  self->state = parent == VIA_JSON_SCANNER_NONE ? VIA_JSON_SCANNER_FINISHED : VIA_JSON_SCANNER_EXPECT_COMMA_OR_CLOSE;
  if (G_UNLIKELY (node->flags != 0) && parent != VIA_JSON_SCANNER_NONE)
    self->nodes[parent].flags |= node->flags;
  return TRUE;
}

static inline gboolean
scan_value (ViaJsonScanner *self)
{
  switch (*self->at)
    {
    case '"':
      return scan_string_value (self);
    case '-':
    case '0' ... '9':
      return scan_number (self);
    case '{':
      return open_container (self, VIA_JSON_OBJECT);
    case '[':
      return open_container (self, VIA_JSON_ARRAY);
    case 't':
      return scan_word (self, "true", 4, VIA_JSON_BOOLEAN);
    case 'f':
      return scan_word (self, "false", 5, VIA_JSON_BOOLEAN);
    case 'n':
      return scan_word (self, "null", 4, VIA_JSON_NULL);
    default:
      return via_json_scanner_fail_value (self);
    }
}

static inline gboolean
scan_element (ViaJsonScanner *self)
{
  const guint32 container = self->open;

  if (self->state == VIA_JSON_SCANNER_EXPECT_FIRST_ELEMENT && *self->at == ']')
    return close_container (self);
  if (!scan_value (self))
    return FALSE;
  if (container != VIA_JSON_SCANNER_NONE && self->nodes[container].type == VIA_JSON_ARRAY)
    self->nodes[container].size++;
  return TRUE;
}

static inline gboolean
scan_separator (ViaJsonScanner *self)
{
  const gboolean array = self->nodes[self->open].type == VIA_JSON_ARRAY;

  if (*self->at == ',')
    {
      self->at++;
      self->state = array ? VIA_JSON_SCANNER_EXPECT_VALUE : VIA_JSON_SCANNER_EXPECT_KEY;
      return TRUE;
    }
  if (*self->at == (array ? ']' : '}'))
    return close_container (self);
  return via_json_scanner_fail_foreign_byte (self, array ? _("expected a comma or ]") : _("expected a comma or }"));
}

static gboolean
scan_text (ViaJsonScanner *self)
{
  gboolean ok = TRUE;

  while (ok && self->state != VIA_JSON_SCANNER_FINISHED)
    {
      skip_space (self);
      if (self->at >= self->end)
        return via_json_scanner_fail_end (self);

      switch (self->state)
        {
        case VIA_JSON_SCANNER_EXPECT_FIRST_KEY:
          if (*self->at == '}')
            {
              ok = close_container (self);
              break;
            }
          G_GNUC_FALLTHROUGH;
        case VIA_JSON_SCANNER_EXPECT_KEY:
          ok = *self->at == '"' ? scan_key (self) : via_json_scanner_fail_key (self);
          break;
        case VIA_JSON_SCANNER_EXPECT_COMMA_OR_CLOSE:
          ok = scan_separator (self);
          break;
        case VIA_JSON_SCANNER_EXPECT_VALUE:
        case VIA_JSON_SCANNER_EXPECT_FIRST_ELEMENT:
        case VIA_JSON_SCANNER_FINISHED:
        default:
          ok = scan_element (self);
          break;
        }
    }
  if (!ok)
    return FALSE;

  skip_space (self);
  if (self->at < self->end)
    return via_json_scanner_fail_foreign_byte (self, _("expected nothing more after the value"));
  return TRUE;
}

static gboolean
check_length (gsize                 length,
              const ViaJsonLimits  *limits,
              GError              **error)
{
  const gsize max_bytes = limits != NULL && limits->max_bytes > 0 ? limits->max_bytes : G_MAXUINT32 - 1;

  if (length <= MIN (max_bytes, G_MAXUINT32 - 1))
    return TRUE;
  g_set_error (error, VIA_JSON_ERROR, VIA_JSON_ERROR_LIMIT,
               _("the JSON text has %zu bytes, more than the %zu allowed"),
               length, MIN (max_bytes, G_MAXUINT32 - 1));
  return FALSE;
}

gboolean
via_json_scan (const char           *text,
               gsize                 length,
               const ViaJsonLimits  *limits,
               ViaJsonNode         **nodes,
               guint32              *n_nodes,
               GError              **error)
{
  const guint max_values = limits != NULL && limits->max_values > 0 ? limits->max_values : VIA_LIMIT_JSON_VALUES;
  ViaJsonScanner self = {
    .text = (const guint8 *) text,
    .at = (const guint8 *) text,
    .end = (const guint8 *) text + length,
    .open = VIA_JSON_SCANNER_NONE,
    .max_nodes = MIN (max_values, VIA_JSON_NODES_MAX),
    .max_depth = limits != NULL && limits->max_depth > 0 ? limits->max_depth : VIA_LIMIT_JSON_DEPTH,
  };
  gboolean ok;

  if (!check_length (length, limits, error))
    return FALSE;

  self.n_room = (guint32) CLAMP (length / 32, 16, 65536);
  self.n_room = MIN (self.n_room, self.max_nodes);
  self.nodes = g_new (ViaJsonNode, self.n_room);
  ok = scan_text (&self);
  via_json_key_table_clear (&self.keys);
  if (!ok)
    {
      via_json_scanner_take_problem (&self, error);
      g_free (self.nodes);
      return FALSE;
    }

  *nodes = g_renew (ViaJsonNode, self.nodes, self.n_nodes);
  *n_nodes = self.n_nodes;
  return TRUE;
}
