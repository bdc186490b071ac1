/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-app"

#include "config.h"

#include <string.h>

#include "via-result-content.h"
#include "via-text-format.h"

/* Elements looked at before an array is called a table. */
#define ROWS_PROBED 200

void
via_result_part_free (ViaResultPart *part)
{
  g_clear_pointer (&part->text, g_bytes_unref);
  g_clear_pointer (&part->binary, g_bytes_unref);
  g_clear_object (&part->rows);
  g_free (part->label);
  g_free (part->uri);
  g_free (part->mime_type);
  g_free (part);
}

static ViaResultPart *
part_new (ViaPartKind  kind,
          char        *text) /* (transfer full) (nullable) */
{
  ViaResultPart *part = g_new0 (ViaResultPart, 1);

  part->kind = kind;
  if (text != NULL)
    part->text = g_bytes_new_take (text, strlen (text));
  return part;
}

static gboolean
is_table (ViaJsonValue value)
{
  ViaJsonIter iter;
  ViaJsonValue element;
  guint n = 0;

  if (!via_json_value_is_array (value))
    return FALSE;
  via_json_iter_init (&iter, value);
  while (n < ROWS_PROBED && via_json_iter_next (&iter, NULL, &element))
    {
      if (!via_json_value_is_object (element) || via_json_value_get_size (element) == 0)
        return FALSE;
      n++;
    }
  return n > 0;
}

ViaJsonValue
via_result_content_find_rows (ViaJsonValue   value,
                              char         **label)
{
  ViaJsonIter iter;
  ViaJsonValue key, member;
  ViaJsonValue found = via_json_value_missing ();
  ViaJsonValue found_key = via_json_value_missing ();

  *label = NULL;
  if (is_table (value))
    return value;
  if (!via_json_value_is_object (value))
    return found;
  via_json_iter_init (&iter, value);
  while (via_json_iter_next (&iter, &key, &member))
    {
      if (!is_table (member))
        continue;
      if (!via_json_value_is_missing (found))
        return via_json_value_missing ();
      found = member;
      found_key = key;
    }
  *label = via_json_value_dup_string (found_key);
  return found;
}

/* A table of @value, or NULL. */
static ViaResultPart *
table_new (ViaJsonDocument *document,
           ViaJsonValue     value)
{
  g_autofree char *label = NULL;
  ViaJsonValue rows = via_result_content_find_rows (value, &label);
  ViaResultPart *part;

  if (via_json_value_is_missing (rows))
    return NULL;
  part = part_new (VIA_PART_TABLE, NULL);
  part->rows = via_json_rows_new (document, rows);
  part->label = g_steal_pointer (&label);
  return part;
}

static ViaJsonDocument *
parse_json (const char *text,
            gsize       length)
{
  g_autoptr(GBytes) bytes = NULL;

  if (!via_text_format_looks_like_json (text))
    return NULL;
  bytes = g_bytes_new (text, length);
  return via_json_document_new (bytes, NULL, NULL);
}

typedef struct
{
  GPtrArray    *parts;
  ViaJsonValue  structured;
  gboolean      has_table; /* of the structured content */
} Builder;

static gboolean
is_markdown (const char *text,
             gsize       length,
             const char *mime_type)
{
  if (length > VIA_TEXT_MARKDOWN_BYTES_MAX)
    return FALSE;
  if (mime_type != NULL && !g_str_equal (mime_type, "text/plain"))
    return g_str_has_prefix (mime_type, "text/markdown") || g_str_has_prefix (mime_type, "text/x-markdown");
  return via_text_format_looks_like_markdown (text);
}

/* @text is consumed. NULL when the text only repeats the structured content, as the specification advises servers to do
 * (2025-06-18, server/tools, "Structured Content"), and that is shown as a table already. */
static ViaResultPart *
text_part (Builder    *builder,
           char       *text,
           const char *mime_type)
{
  gsize length = strlen (text);
  g_autoptr(ViaJsonDocument) document = parse_json (text, length);
  ViaResultPart *part;
  ViaJsonValue root;

  if (document == NULL)
    return part_new (is_markdown (text, length, mime_type) ? VIA_PART_MARKDOWN : VIA_PART_TEXT, text);

  root = via_json_document_get_root (document);
  if (builder->has_table && via_json_value_equal (root, builder->structured))
    {
      g_free (text);
      return NULL;
    }
  g_free (text);
  text = via_json_value_to_pretty (root, 2);
  part = table_new (document, root);
  if (part == NULL)
    return part_new (VIA_PART_JSON, text);
  part->text = g_bytes_new_take (text, strlen (text));
  return part;
}

static void
describe (ViaResultPart *part,
          ViaJsonValue   resource,
          char          *mime_type) /* (transfer full) (nullable) */
{
  part->mime_type = mime_type;
  part->uri = via_json_value_dup_member_string (resource, "uri");
  if (part->label == NULL)
    part->label = via_json_value_dup_member_string (resource, "title");
  if (part->label == NULL)
    part->label = via_json_value_dup_member_string (resource, "name");
}

static ViaPartKind
binary_kind (ViaContentKind  kind,
             const char     *mime_type)
{
  if (kind == VIA_CONTENT_IMAGE || (mime_type != NULL && g_str_has_prefix (mime_type, "image/")))
    return VIA_PART_IMAGE;
  if (kind == VIA_CONTENT_AUDIO || (mime_type != NULL && g_str_has_prefix (mime_type, "audio/")))
    return VIA_PART_AUDIO;
  return VIA_PART_FILE;
}

static void
add_block (Builder       *builder,
           ViaToolResult *result,
           guint          index)
{
  ViaContentKind kind = via_tool_result_get_kind (result, index);
  ViaJsonValue block = via_tool_result_get_block (result, index);
  g_autofree char *mime_type = via_tool_result_dup_mime_type (result, index);
  char *text = via_tool_result_dup_text (result, index);
  ViaResultPart *part;

  if (text != NULL)
    part = text_part (builder, text, mime_type);
  else if (kind == VIA_CONTENT_RESOURCE_LINK)
    part = part_new (VIA_PART_LINK, NULL);
  else if (kind == VIA_CONTENT_UNKNOWN || kind == VIA_CONTENT_TEXT)
    part = part_new (VIA_PART_JSON, via_json_value_to_pretty (block, 2));
  else
    {
      part = part_new (binary_kind (kind, mime_type), NULL);
      part->binary = via_tool_result_dup_binary (result, index);
      part->broken = part->binary == NULL;
    }
  if (part == NULL)
    return;
  if (kind == VIA_CONTENT_RESOURCE)
    block = via_json_value_get_member (block, "resource");
  describe (part, block, g_steal_pointer (&mime_type));
  g_ptr_array_add (builder->parts, part);
}

static void
prepare_result (Builder       *builder,
                ViaToolResult *result)
{
  g_autoptr(ViaJsonDocument) document = NULL;
  ViaResultPart *table = NULL;

  builder->structured = via_tool_result_get_structured (result);
  if (!via_json_value_is_missing (builder->structured))
    {
      document = via_json_value_dup_document (builder->structured);
      table = table_new (document, via_json_document_get_root (document));
    }
  if (table != NULL)
    {
      builder->has_table = TRUE;
      g_ptr_array_add (builder->parts, table);
    }
  for (guint i = 0; i < via_tool_result_get_n_blocks (result); i++)
    add_block (builder, result, i);
  /* Nothing but structured content, or something that is no result of the protocol at all: it is shown as it is. */
  if (builder->parts->len == 0)
    {
      ViaJsonValue rest = document != NULL ? builder->structured : via_tool_result_get_data (result);

      if (via_tool_result_get_n_blocks (result) == 0 && document == NULL
          && via_json_value_is_array (via_json_value_get_member (rest, "content")))
        return;
      g_ptr_array_add (builder->parts, part_new (VIA_PART_JSON, via_json_value_to_pretty (rest, 2)));
    }
}

GPtrArray *
via_result_content_prepare (ViaToolResult *result,
                            ViaResultPage  page)
{
  GPtrArray *parts = g_ptr_array_new_with_free_func ((GDestroyNotify) via_result_part_free);
  Builder builder = { parts };
  ViaJsonValue value;

  switch (page)
    {
    case VIA_PAGE_STRUCTURED:
      value = via_tool_result_get_structured (result);
      g_ptr_array_add (parts, part_new (VIA_PART_JSON, via_json_value_to_pretty (value, 2)));
      break;
    case VIA_PAGE_RAW:
      value = via_tool_result_get_data (result);
      g_ptr_array_add (parts, part_new (VIA_PART_JSON, via_json_value_dup_raw (value)));
      break;
    default:
      prepare_result (&builder, result);
      break;
    }
  return parts;
}

typedef struct
{
  ViaToolResult *result;
  ViaResultPage  page;
} Load;

static void
load_free (Load *load)
{
  via_tool_result_unref (load->result);
  g_free (load);
}

static void
load_thread (GTask        *task,
             gpointer      source,
             gpointer      data,
             GCancellable *cancellable)
{
  Load *load = data;

  g_task_return_pointer (task, via_result_content_prepare (load->result, load->page),
                         (GDestroyNotify) g_ptr_array_unref);
}

void
via_result_content_load_async (ViaToolResult       *result,
                               ViaResultPage        page,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Load *load = g_new0 (Load, 1);

  load->result = via_tool_result_ref (result);
  load->page = page;
  g_task_set_source_tag (task, via_result_content_load_async);
  g_task_set_task_data (task, load, (GDestroyNotify) load_free);
  g_task_run_in_thread (task, load_thread);
}

GPtrArray *
via_result_content_load_finish (GAsyncResult  *result,
                                GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
