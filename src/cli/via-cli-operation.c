/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via"

#include "config.h"

#include <stdio.h>

#include "base/via-ids.h"
#include "json/via-json-writer.h"
#include "via-cli.h"
#include "via-operation-store.h"
#include "via-terminal.h"

static gboolean
is_over (ViaJsonValue record)
{
  ViaJsonValue status = via_json_value_get_member (record, "status");

  return !via_json_value_equals_string (status, "pending") && !via_json_value_equals_string (status, "running");
}

static void
wait_thread (GTask        *task,
             gpointer      source,
             gpointer      path,
             GCancellable *cancellable)
{
  via_lock_wait (path);
  g_task_return_boolean (task, TRUE);
}

static void
waited_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  via_cli_finish (user_data);
}

/* Until the worker is gone, or SIGINT: then only the waiting ends, not the operation. */
static void
wait_for_worker (ViaCli     *cli,
                 const char *id)
{
  g_autoptr(GTask) task = g_task_new (NULL, cli->cancellable, waited_cb, cli);

  g_task_set_task_data (task, via_operation_store_dup_path (id, "lock"), g_free);
  g_task_set_return_on_cancel (task, TRUE);
  g_task_run_in_thread (task, wait_thread);
  via_cli_wait (cli);
}

/* What is said of an operation whose worker died before it could write the end down. */
static char *
write_lost (ViaJsonValue record)
{
  g_autofree char *timestamp = via_timestamp_now ();
  ViaJsonWriter writer;

  via_json_writer_init (&writer);
  via_json_writer_begin_object (&writer);
  via_json_writer_member_value (&writer, "operation_id", via_json_value_get_member (record, "operation_id"));
  via_json_writer_member_string (&writer, "status", "failed");
  via_json_writer_member_boolean (&writer, "success", FALSE);
  via_json_writer_member_string (&writer, "error",
                                 _("The worker ended before the tool answered. Whether the tool ran is not known."));
  via_json_writer_member_value (&writer, "bridge", via_json_value_get_member (record, "bridge"));
  via_json_writer_member_value (&writer, "tool", via_json_value_get_member (record, "tool"));
  via_json_writer_member_string (&writer, "timestamp", timestamp);
  via_json_writer_end_object (&writer);
  return via_json_writer_end (&writer);
}

static int
get_status (ViaCli       *cli,
            ViaJsonValue  record)
{
  g_autofree char *side = via_json_value_dup_member_string (record, "side");
  ViaJsonValue status = via_json_value_get_member (record, "status");

  if (!is_over (record) && g_cancellable_is_cancelled (cli->cancellable))
    return via_side_get_exit_status (VIA_SIDE_CANCELLED); /* only the waiting was */
  if (!is_over (record) || via_json_value_equals_string (status, "completed"))
    return VIA_EXIT_DONE;
  for (ViaSide i = VIA_SIDE_NONE; i <= VIA_SIDE_POLICY; i++)
    if (side != NULL && g_str_equal (side, via_side_get_name (i)))
      return via_side_get_exit_status (i);
  return VIA_EXIT_REFUSED;
}

/* JSON has the English word; this is for people. @status comes from a file and may be any word. */
static const char *
get_status_words (const char *status)
{
  static const struct
  {
    ViaOperationState state;
    const char       *words;
  } known[] = {
    { VIA_OPERATION_PENDING, NC_("operation", "pending") },     { VIA_OPERATION_RUNNING, NC_("operation", "running") },
    { VIA_OPERATION_COMPLETED, NC_("operation", "completed") }, { VIA_OPERATION_FAILED, NC_("operation", "failed") },
    { VIA_OPERATION_CANCELLED, NC_("operation", "cancelled") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_strcmp0 (status, via_operation_state_get_name (known[i].state)) == 0)
      return g_dpgettext2 (NULL, "operation", known[i].words);
  return status != NULL ? status : "";
}

static void
print_record (ViaCli       *cli,
              ViaJsonValue  record)
{
  g_autofree char *text = via_json_value_to_compact (record, NULL);
  g_autofree char *status = via_json_value_dup_member_string (record, "status");
  g_autofree char *tool = via_json_value_dup_member_string (record, "tool");
  g_autofree char *error = via_json_value_dup_member_string (record, "error");
  ViaJsonValue data = via_json_value_get_member (record, "data");

  if (cli->json)
    {
      via_cli_print_json (text);
      return;
    }
  via_cli_print ("%s: %s", tool != NULL ? tool : "", get_status_words (status));
  if (!via_json_value_is_missing (data))
    {
      g_autofree char *pretty = via_json_value_to_pretty (data, 2);

      via_cli_print ("%s", pretty);
    }
  if (error != NULL)
    via_cli_note ("via: %s", error);
}

static ViaJsonDocument *
read_record (const char *id,
             GError    **error)
{
  g_autofree char *lock = via_operation_store_dup_path (id, "lock");
  gboolean alive = via_lock_is_held (lock);
  g_autoptr(ViaJsonDocument) document = via_operation_store_read (id, "json", error);
  g_autofree char *lost = NULL;

  if (document == NULL || alive || is_over (via_json_document_get_root (document)))
    return g_steal_pointer (&document);
  lost = write_lost (via_json_document_get_root (document));
  via_operation_store_write (id, "json", lost, NULL);
  return via_json_document_new_strict (lost, -1, error);
}

int
via_cli_operation (ViaCli *cli)
{
  const char *id = cli->arguments[0];
  g_autoptr(ViaJsonDocument) document = NULL;
  g_autoptr(GError) error = NULL;

  if (!via_id_is_valid (id))
    return via_cli_fail (cli, VIA_EXIT_USAGE, NULL, NULL, _("That is no operation id."));
  document = read_record (id, &error);
  if (document != NULL && cli->cancel && !is_over (via_json_document_get_root (document)))
    {
      via_operation_store_write (id, "cancel", "", NULL);
      cli->wait = TRUE;
    }
  if (document != NULL && cli->wait && !is_over (via_json_document_get_root (document)))
    {
      wait_for_worker (cli, id);
      g_clear_pointer (&document, via_json_document_unref);
      document = read_record (id, &error);
    }
  if (document == NULL)
    return via_cli_fail (cli, VIA_EXIT_REFUSED, NULL, NULL, error->message);
  print_record (cli, via_json_document_get_root (document));
  return get_status (cli, via_json_document_get_root (document));
}
