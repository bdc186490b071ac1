/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-app"

#include "config.h"

#include <string.h>

#include "json/via-json-writer.h"
#include "via-result-export.h"
#include "via-text-format.h"

typedef struct
{
  ViaToolResult   *result;
  ViaExportFormat  format;
} Export;

static void
export_free (Export *export)
{
  via_tool_result_unref (export->result);
  g_free (export);
}

gboolean
via_result_export_has_text (ViaToolResult *result)
{
  for (guint i = 0; i < via_tool_result_get_n_blocks (result); i++)
    {
      ViaJsonValue block = via_tool_result_get_block (result, i);
      ViaContentKind kind = via_tool_result_get_kind (result, i);

      if (kind == VIA_CONTENT_RESOURCE)
        block = via_json_value_get_member (block, "resource");
      else if (kind != VIA_CONTENT_TEXT)
        continue;
      if (via_json_value_is_string (via_json_value_get_member (block, "text")))
        return TRUE;
    }
  return FALSE;
}

/* Only the beginning is looked at: enough to tell, and no work. */
static const char *
guess_suffix (ViaToolResult *result)
{
  g_autofree char *mime_type = via_tool_result_dup_mime_type (result, 0);
  ViaJsonValue value = via_json_value_get_member (via_tool_result_get_block (result, 0), "text");
  g_autofree char *text = NULL;
  gsize length;

  if (g_strcmp0 (mime_type, "text/markdown") == 0)
    return "md";
  via_json_value_get_raw (value, &length);
  if (via_json_value_is_missing (value) || length > VIA_TEXT_MARKDOWN_BYTES_MAX)
    return "txt";
  text = via_json_value_dup_string (value);
  return via_text_format_looks_like_markdown (text) ? "md" : "txt";
}

char *
via_result_export_file_name (ViaOperation    *operation,
                             ViaExportFormat  format)
{
  ViaToolResult *result = via_operation_get_result (operation);
  const char *suffix = "json";
  g_autofree char *name = g_strndup (via_operation_get_tool_name (operation), 80);
  g_autofree char *valid = g_utf8_make_valid (name, -1);

  if (format == VIA_EXPORT_TEXT && result != NULL && via_result_export_has_text (result))
    suffix = guess_suffix (result);
  g_strdelimit (valid, "/\\:*?\"<>|\n\r\t", '-');
  return g_strdup_printf ("%s.%s", *valid != '\0' && *valid != '.' ? valid : "result", suffix);
}

static void
export_thread (GTask        *task,
               gpointer      source,
               gpointer      data,
               GCancellable *cancellable)
{
  Export *export = data;
  ViaJsonValue value = via_tool_result_get_data (export->result);
  ViaJsonValue structured = via_tool_result_get_structured (export->result);
  char *text;

  if (export->format == VIA_EXPORT_TEXT && via_result_export_has_text (export->result))
    text = via_tool_result_dup_all_text (export->result);
  else if (export->format == VIA_EXPORT_TEXT && !via_json_value_is_missing (structured))
    text = via_json_value_to_pretty (structured, 2);
  else
    text = via_json_value_to_pretty (value, 2);
  g_task_return_pointer (task, g_bytes_new_take (text, strlen (text)), (GDestroyNotify) g_bytes_unref);
}

void
via_result_export_async (ViaToolResult       *result,
                         ViaExportFormat      format,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Export *export = g_new0 (Export, 1);

  export->result = via_tool_result_ref (result);
  export->format = format;
  g_task_set_source_tag (task, via_result_export_async);
  g_task_set_task_data (task, export, (GDestroyNotify) export_free);
  g_task_run_in_thread (task, export_thread);
}

GBytes *
via_result_export_finish (GAsyncResult  *result,
                          GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* A finished operation does not change any more, so a thread may read it. */
static void
export_all_thread (GTask        *task,
                   gpointer      source,
                   gpointer      data,
                   GCancellable *cancellable)
{
  GPtrArray *operations = data;
  GString *all = g_string_new ("[");
  gsize length;

  for (guint i = 0; i < operations->len; i++)
    {
      g_autofree char *one = via_operation_to_json (g_ptr_array_index (operations, i));

      g_string_append (all, i == 0 ? "\n" : ",\n");
      g_string_append (all, one);
    }
  g_string_append (all, "\n]\n");
  length = all->len;
  g_task_return_pointer (task, g_bytes_new_take (g_string_free (all, FALSE), length), (GDestroyNotify) g_bytes_unref);
}

void
via_result_export_all_async (GPtrArray           *operations,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, via_result_export_all_async);
  g_task_set_task_data (task, operations, (GDestroyNotify) g_ptr_array_unref);
  g_task_run_in_thread (task, export_all_thread);
}
