/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/via-limits.h"
#include "mcp/via-mcp-client-private.h"

#define NOTES_MAX 20 /* tools left out that are named one by one */

/* One walk over all pages of tools/list (pagination, both eras). */
typedef struct
{
  GPtrArray  *tools;
  GHashTable *names;   /* of @tools, borrowed from them */
  GHashTable *cursors; /* seen so far */
  guint       n_pages;
  guint       n_left_out;
  gint64      ttl_ms;  /* the shortest of all pages; -1: unknown */
  gboolean    restarted;
} ToolList;

static void
tool_list_clear (ToolList *list)
{
  g_clear_pointer (&list->names, g_hash_table_unref);
  g_clear_pointer (&list->cursors, g_hash_table_unref);
  g_clear_pointer (&list->tools, g_ptr_array_unref);
}

static void
tool_list_free (ToolList *list)
{
  tool_list_clear (list);
  g_free (list);
}

static void
tool_list_begin (ToolList *list)
{
  tool_list_clear (list);
  list->tools = g_ptr_array_new_with_free_func (g_object_unref);
  list->names = g_hash_table_new (g_str_hash, g_str_equal);
  list->cursors = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  list->n_pages = 0;
  list->n_left_out = 0;
  list->ttl_ms = -1;
}

static void
leave_out (ViaMcpClient *self,
           ToolList     *list,
           const char   *why)
{
  if (++list->n_left_out <= NOTES_MAX)
    via_mcp_client_diagnose (self, "%s", why);
}

static void
add_tool (ViaMcpClient *self,
          ToolList     *list,
          ViaJsonValue  description)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ViaTool) tool = via_tool_new_from_mcp (description, &error);

  /* Only where arguments are mirrored into headers does a wrong annotation do harm. */
  if (tool != NULL && self->http && self->agreement.modern && !via_tool_check_headers (tool, &error))
    g_clear_object (&tool);
  if (tool == NULL)
    {
      leave_out (self, list, error->message);
      return;
    }
  if (g_hash_table_contains (list->names, via_tool_get_name (tool)))
    {
      g_autofree char *why = g_strdup_printf (_("The server lists the tool “%s” twice. The first one is used."),
                                              via_tool_get_name (tool));

      leave_out (self, list, why);
      return;
    }
  g_hash_table_add (list->names, (char *) via_tool_get_name (tool));
  g_ptr_array_add (list->tools, g_steal_pointer (&tool));
}

static void
take_ttl (ToolList     *list,
          ViaJsonValue  result)
{
  gint64 ttl;

  if (!via_json_value_get_int64 (via_json_value_get_member (result, "ttlMs"), &ttl))
    return;
  ttl = MAX (ttl, 0);
  list->ttl_ms = list->ttl_ms < 0 ? ttl : MIN (list->ttl_ms, ttl);
}

static gboolean
take_page (ViaMcpClient  *self,
           ToolList      *list,
           ViaJsonValue   result,
           GError       **error)
{
  ViaJsonValue tools = via_json_value_get_member (result, "tools");
  ViaJsonIter iter;
  ViaJsonValue description;

  if (!via_json_value_is_array (tools))
    {
      g_set_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_INVALID,
                   _("The server's answer to tools/list has no list of tools. Tell the server's author."));
      return FALSE;
    }
  list->n_pages++;
  take_ttl (list, result);
  via_json_iter_init (&iter, tools);
  while (list->tools->len < VIA_LIMIT_TOOLS && via_json_iter_next (&iter, NULL, &description))
    add_tool (self, list, description);
  if (via_json_iter_next (&iter, NULL, &description)
      || (list->tools->len >= VIA_LIMIT_TOOLS && via_json_value_is_string (via_json_value_get_member (result, "nextCursor"))))
    via_mcp_client_diagnose (self, _("The server lists more than %d tools. The rest is left out."), VIA_LIMIT_TOOLS);
  return TRUE;
}

/* The cursor of the page to ask for next, or the missing value at the end. An empty string is a cursor. */
static ViaJsonValue
find_next (ViaMcpClient *self,
           ToolList     *list,
           ViaJsonValue  result)
{
  ViaJsonValue cursor = via_json_value_get_member (result, "nextCursor");

  if (!via_json_value_is_string (cursor))
    return via_json_value_missing ();
  if (list->tools->len >= VIA_LIMIT_TOOLS)
    return via_json_value_missing ();
  if (list->n_pages >= VIA_LIMIT_PAGES)
    via_mcp_client_diagnose (self, _("The server's list of tools has more than %d pages. The rest is left out."),
                             VIA_LIMIT_PAGES);
  else if (!g_hash_table_add (list->cursors, via_json_value_dup_raw (cursor)))
    via_mcp_client_diagnose (self, _("The server's list of tools leads back to a page that was already read. It is "
                                     "taken as complete."));
  else
    return cursor;
  return via_json_value_missing ();
}

static void
finish_list (GTask *task)
{
  ViaMcpClient *self = g_task_get_source_object (task);
  ToolList *list = g_task_get_task_data (task);

  if (list->n_left_out > NOTES_MAX)
    via_mcp_client_diagnose (self, _("%u further tools are left out for like reasons."), list->n_left_out - NOTES_MAX);
  via_tool_categorize (list->tools);
  /* Whoever lists wants to know when the list changes. */
  via_mcp_client_subscribe (self);
  g_task_return_pointer (task, g_ptr_array_ref (list->tools), (GDestroyNotify) g_ptr_array_unref);
}

static void request_page (GTask *task, ViaJsonValue cursor);

/* A cursor that the server does not accept any more: the list changed under us, so once more from the start. */
static gboolean
restart (GTask        *task,
         const GError *error)
{
  ToolList *list = g_task_get_task_data (task);
  const ViaRpcRemoteError *remote = via_rpc_error_get_remote (error);

  if (remote == NULL || remote->code != VIA_RPC_INVALID_PARAMS || list->n_pages == 0 || list->restarted)
    return FALSE;
  list->restarted = TRUE;
  tool_list_begin (list);
  request_page (task, via_json_value_missing ());
  return TRUE;
}

static void
handle_failure (GTask  *task,
                GError *error)
{
  ViaMcpClient *self = g_task_get_source_object (task);
  const ViaRpcRemoteError *remote = via_rpc_error_get_remote (error);

  if (restart (task, error))
    g_error_free (error);
  else if (remote != NULL && remote->code == VIA_RPC_METHOD_NOT_FOUND && !via_mcp_client_has_capability (self, "tools"))
    {
      /* It never said that it had any. */
      g_error_free (error);
      finish_list (task);
    }
  else
    g_task_return_error (task, error);
}

static void
page_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  ViaMcpClient *self = VIA_MCP_CLIENT (source);
  g_autoptr(GTask) task = user_data;
  ToolList *list = g_task_get_task_data (task);
  g_autoptr(ViaRpcMessage) message = NULL;
  ViaJsonValue value, cursor;
  GError *error = NULL;

  message = via_mcp_client_request_finish (self, result, &error);
  if (message == NULL)
    {
      handle_failure (task, error);
      return;
    }
  value = via_rpc_message_get_result (message);
  if (!take_page (self, list, value, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  cursor = find_next (self, list, value);
  if (via_json_value_is_missing (cursor))
    finish_list (task);
  else
    request_page (task, cursor);
}

static void
request_page (GTask        *task,
              ViaJsonValue  cursor)
{
  ViaMcpClient *self = g_task_get_source_object (task);
  g_autoptr(ViaJsonDocument) params = NULL;
  g_autoptr(GBytes) text = NULL;
  ViaJsonWriter writer;

  if (!via_json_value_is_missing (cursor))
    {
      via_json_writer_init (&writer);
      via_json_writer_begin_object (&writer);
      via_json_writer_member_value (&writer, "cursor", cursor);
      via_json_writer_end_object (&writer);
      text = via_json_writer_end_bytes (&writer);
      params = via_json_document_new (text, NULL, NULL);
    }
  via_mcp_client_request_async (self, "tools/list",
                                params != NULL ? via_json_document_get_root (params) : via_json_value_missing (), 0,
                                g_task_get_cancellable (task), page_cb, g_object_ref (task));
}

void
via_mcp_client_list_tools_async (ViaMcpClient        *self,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  ToolList *list;

  g_return_if_fail (VIA_IS_MCP_CLIENT (self));

  task = g_task_new (self, cancellable, callback, user_data);
  list = g_new0 (ToolList, 1);
  tool_list_begin (list);
  g_task_set_source_tag (task, via_mcp_client_list_tools_async);
  g_task_set_task_data (task, list, (GDestroyNotify) tool_list_free);
  request_page (task, via_json_value_missing ());
}

GPtrArray *
via_mcp_client_list_tools_finish (ViaMcpClient  *self,
                                  GAsyncResult  *result,
                                  gint64        *ttl_ms,
                                  GError       **error)
{
  ToolList *list;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, via_mcp_client_list_tools_async), NULL);

  list = g_task_get_task_data (G_TASK (result));
  if (ttl_ms != NULL)
    *ttl_ms = list->ttl_ms;
  return g_task_propagate_pointer (G_TASK (result), error);
}
