/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via"

#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "base/via-ids.h"
#include "json/via-json-writer.h"
#include "via-cli.h"
#include "via-operation-store.h"

/*
 * The detached half of `execute --async`: it reads what is to be done from its request file, executes, and keeps the
 * operation's record up to date. It holds the operation's lock (inherited) until it ends.
 */
typedef struct
{
  ViaCli       *cli;
  const char   *id;
  ViaOperation *operation;
} Worker;

/* The record is the engine's own shape, under the id that the caller was given. */
static char *
describe (Worker *worker)
{
  g_autofree char *text = via_operation_to_json (worker->operation);
  g_autoptr(GBytes) bytes = g_bytes_new_static (text, strlen (text));
  /* Not the strict reading: what a server answered is data, and need not be regular. */
  g_autoptr(ViaJsonDocument) document = via_json_document_new (bytes, NULL, NULL);
  ViaOperationState state = via_operation_get_state (worker->operation);
  ViaJsonWriter writer;
  ViaJsonIter iter;
  ViaJsonValue key, value;

  via_json_writer_init (&writer);
  via_json_writer_begin_object (&writer);
  via_json_writer_member_string (&writer, "operation_id", worker->id);
  via_json_writer_member_string (&writer, "status", via_operation_state_get_name (state));
  via_json_iter_init (&iter, via_json_document_get_root (document));
  while (via_json_iter_next (&iter, &key, &value))
    {
      g_autofree char *name = via_json_value_dup_string (key);

      if (!g_str_equal (name, "operation_id") && !g_str_equal (name, "status"))
        via_json_writer_member_value (&writer, name, value);
    }
  via_json_writer_end_object (&writer);
  return via_json_writer_end (&writer);
}

static void
changed_cb (ViaOperation *operation,
            GParamSpec   *property,
            Worker       *worker)
{
  g_autofree char *json = describe (worker);

  via_operation_store_write (worker->id, "json", json, NULL);
  if (via_operation_is_finished (operation))
    via_cli_finish (worker->cli);
}

static void
cancel_file_cb (GFileMonitor      *monitor,
                GFile             *file,
                GFile             *other,
                GFileMonitorEvent  event,
                Worker            *worker)
{
  if (event == G_FILE_MONITOR_EVENT_CREATED || event == G_FILE_MONITOR_EVENT_CHANGED)
    via_operation_cancel (worker->operation);
}

static void
signalled_cb (GCancellable *cancellable,
              ViaOperation *operation)
{
  via_operation_cancel (operation);
}

static GFileMonitor *
watch_cancel_file (Worker *worker)
{
  g_autofree char *path = via_operation_store_dup_path (worker->id, "cancel");
  g_autoptr(GFile) file = g_file_new_for_path (path);
  GFileMonitor *monitor = g_file_monitor_file (file, G_FILE_MONITOR_NONE, NULL, NULL);

  if (monitor != NULL)
    g_signal_connect (monitor, "changed", G_CALLBACK (cancel_file_cb), worker);
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    via_operation_cancel (worker->operation);
  return monitor;
}

static void
record_failure (Worker       *worker,
                ViaJsonValue  request,
                const char   *message)
{
  g_autofree char *timestamp = via_timestamp_now ();
  g_autofree char *json = NULL;
  ViaJsonWriter writer;

  via_json_writer_init (&writer);
  via_json_writer_begin_object (&writer);
  via_json_writer_member_string (&writer, "operation_id", worker->id);
  via_json_writer_member_string (&writer, "status", "failed");
  via_json_writer_member_boolean (&writer, "success", FALSE);
  via_json_writer_member_string (&writer, "error", message);
  via_json_writer_member_string (&writer, "side", via_side_get_name (VIA_SIDE_CONFIGURATION));
  via_json_writer_member_value (&writer, "bridge", via_json_value_get_member (request, "bridge"));
  via_json_writer_member_value (&writer, "tool", via_json_value_get_member (request, "tool"));
  via_json_writer_member_string (&writer, "timestamp", timestamp);
  via_json_writer_end_object (&writer);
  json = via_json_writer_end (&writer);
  via_operation_store_write (worker->id, "json", json, NULL);
}

static int
execute (Worker       *worker,
         ViaBridge    *bridge,
         ViaJsonValue  request)
{
  g_autoptr(ViaJsonDocument) parameters = via_json_value_dup_document (via_json_value_get_member (request, "parameters"));
  g_autofree char *tool = via_json_value_dup_member_string (request, "tool");
  g_autoptr(GFileMonitor) monitor = NULL;
  ViaExecuteOptions options = { .background = TRUE };
  gint64 timeout = 0;
  gulong signalled;

  via_json_value_get_int64 (via_json_value_get_member (request, "timeout"), &timeout);
  options.timeout_s = timeout;
  worker->operation = via_bridge_manager_execute (worker->cli->manager, bridge, tool, parameters, &options);
  g_signal_connect (worker->operation, "notify::state", G_CALLBACK (changed_cb), worker);
  g_signal_connect (worker->operation, "notify::progress", G_CALLBACK (changed_cb), worker);
  monitor = watch_cancel_file (worker);
  signalled = g_cancellable_connect (worker->cli->cancellable, G_CALLBACK (signalled_cb), worker->operation, NULL);
  if (via_operation_is_finished (worker->operation))
    changed_cb (worker->operation, NULL, worker);
  via_cli_wait (worker->cli);
  g_cancellable_disconnect (worker->cli->cancellable, signalled);
  g_signal_handlers_disconnect_by_data (worker->operation, worker);
  if (monitor != NULL)
    g_signal_handlers_disconnect_by_data (monitor, worker);
  g_clear_object (&worker->operation);
  return VIA_EXIT_DONE;
}

int
via_cli_worker (ViaCli *cli)
{
  Worker worker = { .cli = cli, .id = cli->arguments[0] };
  g_autoptr(ViaJsonDocument) document = NULL;
  g_autofree char *bridge_name = NULL;
  g_autofree char *directory = NULL;
  g_autoptr(GError) error = NULL;
  ViaJsonValue request;
  ViaBridge *bridge;

  if (!via_id_is_valid (worker.id))
    return via_cli_usage_error (_("“%s” is no operation."), worker.id);
  document = via_operation_store_read (worker.id, "request", &error);
  if (document == NULL)
    return VIA_EXIT_REFUSED;
  request = via_json_document_get_root (document);
  /* Parameters may be confidential, and nobody needs them again. */
  via_operation_store_remove (worker.id, "request");
  directory = via_json_value_dup_member_string (request, "directory");
  if (directory != NULL && g_chdir (directory) != 0)
    g_debug ("the working folder is gone");
  if (via_json_value_get_boolean (via_json_value_get_member (request, "config_given"), FALSE))
    cli->config_path = via_json_value_dup_member_string (request, "config");
  bridge_name = via_json_value_dup_member_string (request, "bridge");
  if (!via_cli_load (cli) || (bridge = via_bridge_manager_require (cli->manager, bridge_name, &error)) == NULL)
    {
      record_failure (&worker, request, error != NULL ? error->message : _("The configuration cannot be used."));
      return VIA_EXIT_CONFIGURATION;
    }
  return execute (&worker, bridge, request);
}
