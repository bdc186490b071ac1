/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <string.h>

#include "json/via-json-writer.h"
#include "mcp/via-tool-result.h"

/*
 * A result keeps the document it came in, which may be large, and where in it the blocks stand. Nothing is decoded
 * before it is asked for.
 */
struct _ViaToolResult
{
  gatomicrefcount  ref_count;
  ViaJsonDocument *document;
  ViaJsonValue     data;
  ViaJsonValue     structured;
  gboolean         is_error;
  guint32         *blocks; /* nodes of the content blocks */
  guint            n_blocks;
  gsize            size;
};

G_DEFINE_BOXED_TYPE (ViaToolResult, via_tool_result, via_tool_result_ref, via_tool_result_unref)

static ViaToolResult *
tool_result_new (ViaJsonDocument *document,
                 ViaJsonValue     data)
{
  ViaToolResult *self = g_new0 (ViaToolResult, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->document = via_json_document_ref (document);
  self->data = data;
  (void) via_json_value_get_raw (data, &self->size);
  return self;
}

static void
take_blocks (ViaToolResult *self,
             ViaJsonValue   content)
{
  ViaJsonIter iter;
  ViaJsonValue block;

  if (!via_json_value_is_array (content))
    return;
  self->blocks = g_new (guint32, via_json_value_get_size (content));
  via_json_iter_init (&iter, content);
  while (via_json_iter_next (&iter, NULL, &block))
    self->blocks[self->n_blocks++] = block.node;
}

ViaToolResult *
via_tool_result_new_from_mcp (ViaJsonDocument *document,
                              ViaJsonValue     result)
{
  ViaToolResult *self;

  g_return_val_if_fail (document != NULL, NULL);
  g_return_val_if_fail (result.document == document, NULL);

  self = tool_result_new (document, result);
  self->is_error = via_json_value_get_boolean (via_json_value_get_member (result, "isError"), FALSE);
  self->structured = via_json_value_get_member (result, "structuredContent");
  take_blocks (self, via_json_value_get_member (result, "content"));
  return self;
}

static gboolean
may_be_json (const char *content_type)
{
  g_autofree char *lower = NULL;

  if (content_type == NULL || *content_type == '\0')
    return TRUE;
  lower = g_ascii_strdown (content_type, -1);
  return strstr (lower, "json") != NULL || g_str_has_prefix (lower, "application/octet-stream");
}

/* One text block around a body that is not JSON. */
static ViaToolResult *
new_from_text (GBytes *body)
{
  gsize length;
  const char *text = g_bytes_get_data (body, &length);
  g_autoptr(ViaJsonDocument) document = NULL;
  g_autoptr(GBytes) bytes = NULL;
  ViaJsonWriter writer;
  ViaJsonValue content, block;
  ViaToolResult *self;

  via_json_writer_init (&writer);
  via_json_writer_begin_object (&writer);
  via_json_writer_key (&writer, "content");
  via_json_writer_begin_array (&writer);
  via_json_writer_begin_object (&writer);
  via_json_writer_member_string (&writer, "type", "text");
  via_json_writer_key (&writer, "text");
  via_json_writer_string_len (&writer, text != NULL ? text : "", length);
  via_json_writer_end_object (&writer);
  via_json_writer_end_array (&writer);
  via_json_writer_end_object (&writer);

  bytes = via_json_writer_end_bytes (&writer);
  document = via_json_document_new (bytes, NULL, NULL);
  g_assert (document != NULL); /* what the writer writes is valid */
  content = via_json_value_get_member (via_json_document_get_root (document), "content");
  block = via_json_value_get_element (content, 0);
  self = tool_result_new (document, via_json_value_get_member (block, "text"));
  self->size = length;
  take_blocks (self, content);
  return self;
}

ViaToolResult *
via_tool_result_new_from_body (GBytes     *body,
                               const char *content_type)
{
  g_autoptr(ViaJsonDocument) document = NULL;
  ViaToolResult *self;

  g_return_val_if_fail (body != NULL, NULL);

  if (may_be_json (content_type))
    document = via_json_document_new (body, NULL, NULL);
  if (document == NULL)
    return new_from_text (body);

  self = tool_result_new (document, via_json_document_get_root (document));
  self->structured = self->data;
  self->size = g_bytes_get_size (body);
  return self;
}

ViaToolResult *
via_tool_result_ref (ViaToolResult *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
via_tool_result_unref (ViaToolResult *self)
{
  g_return_if_fail (self != NULL);
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  via_json_document_unref (self->document);
  g_free (self->blocks);
  g_free (self);
}

ViaJsonValue
via_tool_result_get_data (const ViaToolResult *self)
{
  g_return_val_if_fail (self != NULL, via_json_value_missing ());
  return self->data;
}

gboolean
via_tool_result_is_error (const ViaToolResult *self)
{
  g_return_val_if_fail (self != NULL, FALSE);
  return self->is_error;
}

ViaJsonValue
via_tool_result_get_structured (const ViaToolResult *self)
{
  g_return_val_if_fail (self != NULL, via_json_value_missing ());
  return self->structured;
}

guint
via_tool_result_get_n_blocks (const ViaToolResult *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->n_blocks;
}

ViaJsonValue
via_tool_result_get_block (const ViaToolResult *self,
                           guint                index)
{
  g_return_val_if_fail (self != NULL, via_json_value_missing ());
  if (index >= self->n_blocks)
    return via_json_value_missing ();
  return (ViaJsonValue) { self->document, self->blocks[index] };
}

ViaContentKind
via_tool_result_get_kind (const ViaToolResult *self,
                          guint                index)
{
  static const char *const names[] = { "text", "image", "audio", "resource", "resource_link" };
  ViaJsonValue type = via_json_value_get_member (via_tool_result_get_block (self, index), "type");

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (via_json_value_equals_string (type, names[i]))
      return (ViaContentKind) i;
  return VIA_CONTENT_UNKNOWN;
}

char *
via_tool_result_dup_text (const ViaToolResult *self,
                          guint                index)
{
  ViaJsonValue block = via_tool_result_get_block (self, index);
  ViaContentKind kind = via_tool_result_get_kind (self, index);

  if (kind == VIA_CONTENT_TEXT)
    return via_json_value_dup_member_string (block, "text");
  if (kind == VIA_CONTENT_RESOURCE)
    return via_json_value_dup_member_string (via_json_value_get_member (block, "resource"), "text");
  return NULL;
}

static int
base64_digit (char c)
{
  if (c >= 'A' && c <= 'Z')
    return c - 'A';
  if (c >= 'a' && c <= 'z')
    return c - 'a' + 26;
  if (c >= '0' && c <= '9')
    return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* RFC 4648, with the line breaks that MIME encoders put in; padding may be missing. GLib's decoder would skip any rubbish. */
static GBytes *
decode_base64 (const char *text,
               gsize       length)
{
  g_autofree guint8 *out = g_malloc (length / 4 * 3 + 3);
  gsize n_out = 0;
  guint32 bits = 0;
  guint n_digits = 0, n_padding = 0;

  for (gsize i = 0; i < length; i++)
    {
      int digit = base64_digit (text[i]);

      if (text[i] == '\n' || text[i] == '\r' || text[i] == ' ')
        continue;
      if (text[i] == '=')
        {
          n_padding++;
          continue;
        }
      if (digit < 0 || n_padding > 0)
        return NULL;
      bits = bits << 6 | (guint32) digit;
      if (++n_digits % 4 == 0)
        {
          out[n_out++] = (guint8) (bits >> 16);
          out[n_out++] = (guint8) (bits >> 8);
          out[n_out++] = (guint8) bits;
        }
    }
  if (n_digits % 4 == 1 || n_padding > 2)
    return NULL;
  if (n_digits % 4 >= 2)
    out[n_out++] = (guint8) (n_digits % 4 == 2 ? bits >> 4 : bits >> 10);
  if (n_digits % 4 == 3)
    out[n_out++] = (guint8) (bits >> 2);
  return g_bytes_new_take (g_steal_pointer (&out), n_out);
}

GBytes *
via_tool_result_dup_binary (const ViaToolResult *self,
                            guint                index)
{
  ViaJsonValue block = via_tool_result_get_block (self, index);
  ViaContentKind kind = via_tool_result_get_kind (self, index);
  ViaJsonValue data;
  const char *raw;
  gsize length;
  g_autofree char *unescaped = NULL;

  if (kind == VIA_CONTENT_IMAGE || kind == VIA_CONTENT_AUDIO)
    data = via_json_value_get_member (block, "data");
  else if (kind == VIA_CONTENT_RESOURCE)
    data = via_json_value_get_member (via_json_value_get_member (block, "resource"), "blob");
  else
    return NULL;
  if (!via_json_value_is_string (data))
    return NULL;
  raw = via_json_value_get_raw (data, &length);
  if (memchr (raw, '\\', length) == NULL)
    return decode_base64 (raw + 1, length - 2);
  unescaped = via_json_value_dup_string (data);
  return decode_base64 (unescaped, strlen (unescaped));
}

char *
via_tool_result_dup_mime_type (const ViaToolResult *self,
                               guint                index)
{
  ViaJsonValue block = via_tool_result_get_block (self, index);

  if (via_tool_result_get_kind (self, index) == VIA_CONTENT_RESOURCE)
    block = via_json_value_get_member (block, "resource");
  return via_json_value_dup_member_string (block, "mimeType");
}

char *
via_tool_result_dup_all_text (const ViaToolResult *self)
{
  GString *all = g_string_new (NULL);
  gboolean first = TRUE;

  for (guint i = 0; i < via_tool_result_get_n_blocks (self); i++)
    {
      g_autofree char *text = via_tool_result_dup_text (self, i);

      if (text == NULL)
        continue;
      if (!first)
        g_string_append_c (all, '\n');
      g_string_append (all, text);
      first = FALSE;
    }
  return g_string_free (all, FALSE);
}

gsize
via_tool_result_get_size (const ViaToolResult *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->size;
}
