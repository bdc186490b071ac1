/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via"

#include "config.h"

#include <stdio.h>

#include "base/via-ids.h"
#include "json/via-json-writer.h"
#include "via-cli.h"
#include "via-operation-store.h"
#include "via-parameters.h"
#include "via-terminal.h"

static void
listed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  /* A list that fails is no reason not to call: the call will say what is wrong. */
  via_bridge_list_tools_finish (VIA_BRIDGE (object), result, NULL);
  via_cli_finish (user_data);
}

static ViaTool *
fetch_tool (ViaCli     *cli,
            ViaBridge  *bridge,
            const char *name)
{
  via_bridge_list_tools_async (bridge, FALSE, cli->cancellable, listed_cb, cli);
  via_cli_wait (cli);
  return via_bridge_find_tool (bridge, name);
}

static void
state_cb (ViaOperation *operation,
          GParamSpec   *property,
          ViaCli       *cli)
{
  if (via_operation_is_finished (operation))
    via_cli_finish (cli);
}

static void
progress_cb (ViaOperation *operation,
             GParamSpec   *property,
             ViaCli       *cli)
{
  double progress = via_operation_get_progress (operation);
  const char *message = via_operation_get_progress_message (operation);

  if (!cli->json && progress >= 0)
    via_cli_note ("%3.0f %%  %s", progress * 100, message != NULL ? message : "");
  else if (!cli->json && message != NULL)
    via_cli_note ("       %s", message);
}

static void
message_cb (ViaOperation *operation,
            const char   *level,
            const char   *text,
            ViaCli       *cli)
{
  if (cli->verbose)
    via_cli_note ("%s: %s", level, text);
}

static void
cancelled_cb (GCancellable *cancellable,
              ViaOperation *operation)
{
  via_operation_cancel (operation);
}

static void
print_text (ViaOperation *operation)
{
  ViaToolResult *result = via_operation_get_result (operation);
  const GError *error = via_operation_get_error (operation);

  if (result != NULL)
    {
      g_autofree char *text = via_tool_result_dup_all_text (result);
      g_autofree char *json = NULL;

      if (text == NULL || *text == '\0')
        json = via_json_value_to_pretty (via_tool_result_get_data (result), 2);
      via_cli_print ("%s", json != NULL ? json : text);
    }
  if (error != NULL)
    via_cli_note ("via: %s", error->message);
}

/* Runs @operation to its end; SIGINT cancels it. */
static int
follow (ViaCli       *cli,
        ViaOperation *operation)
{
  gulong cancelled = g_cancellable_connect (cli->cancellable, G_CALLBACK (cancelled_cb), operation, NULL);

  g_signal_connect (operation, "notify::state", G_CALLBACK (state_cb), cli);
  g_signal_connect (operation, "notify::progress", G_CALLBACK (progress_cb), cli);
  g_signal_connect (operation, "log", G_CALLBACK (message_cb), cli);
  if (!via_operation_is_finished (operation))
    via_cli_wait (cli);
  g_cancellable_disconnect (cli->cancellable, cancelled);
  g_signal_handlers_disconnect_by_data (operation, cli);
  if (via_operation_get_state (operation) == VIA_OPERATION_COMPLETED)
    return VIA_EXIT_DONE;
  return via_side_get_exit_status (via_operation_get_side (operation));
}

static int
execute_now (ViaCli          *cli,
             ViaBridge       *bridge,
             ViaJsonDocument *parameters)
{
  ViaExecuteOptions options = { .timeout_s = cli->timeout_s };
  g_autoptr(ViaOperation) operation = NULL;
  int status;

  operation = via_bridge_manager_execute (cli->manager, bridge, cli->arguments[1], parameters, &options);
  status = follow (cli, operation);
  if (cli->json)
    {
      g_autofree char *json = via_operation_to_json (operation);

      via_cli_print_json (json);
    }
  else
    print_text (operation);
  return status;
}

/* What the worker needs to know. The file is its owner's alone; tokens are looked up by the worker itself. */
static char *
write_request (ViaCli          *cli,
               ViaJsonDocument *parameters)
{
  g_autofree char *directory = g_get_current_dir ();
  ViaJsonWriter writer;

  via_json_writer_init (&writer);
  via_json_writer_begin_object (&writer);
  via_json_writer_member_string (&writer, "bridge", cli->arguments[0]);
  via_json_writer_member_string (&writer, "tool", cli->arguments[1]);
  via_json_writer_member_value (&writer, "parameters", via_json_document_get_root (parameters));
  via_json_writer_member_int (&writer, "timeout", cli->timeout_s);
  via_json_writer_member_string (&writer, "config",
                                 via_config_file_get_path (via_bridge_manager_get_file (cli->manager)));
  via_json_writer_member_boolean (&writer, "config_given", cli->config_path != NULL);
  via_json_writer_member_string (&writer, "directory", directory);
  via_json_writer_end_object (&writer);
  return via_json_writer_end (&writer);
}

static char *
write_pending (ViaCli     *cli,
               const char *id)
{
  g_autofree char *timestamp = via_timestamp_now ();
  ViaJsonWriter writer;

  via_json_writer_init (&writer);
  via_json_writer_begin_object (&writer);
  via_json_writer_member_boolean (&writer, "success", TRUE);
  via_json_writer_member_string (&writer, "operation_id", id);
  via_json_writer_member_string (&writer, "status", "pending");
  via_json_writer_member_boolean (&writer, "async", TRUE);
  via_json_writer_member_string (&writer, "bridge", cli->arguments[0]);
  via_json_writer_member_string (&writer, "tool", cli->arguments[1]);
  via_json_writer_member_string (&writer, "timestamp", timestamp);
  via_json_writer_end_object (&writer);
  return via_json_writer_end (&writer);
}

/* The lock passes to the worker with its descriptor, so there is no moment in which nobody holds it. */
static gboolean
start_worker (const char *id,
              GError    **error)
{
  g_autofree char *path = via_operation_store_dup_path (id, "lock");
  const char *argv[] = { "via", "run-operation", id, NULL };
  int lock = via_lock_take (path, error);
  gboolean started;

  if (lock < 0)
    return FALSE;
  started = via_worker_start (argv, lock, error);
  via_lock_release (lock);
  return started;
}

static int
execute_later (ViaCli          *cli,
               ViaJsonDocument *parameters)
{
  g_autofree char *id = via_id_new ();
  g_autofree char *request = write_request (cli, parameters);
  g_autofree char *pending = write_pending (cli, id);
  g_autoptr(GError) error = NULL;

  via_operation_store_tidy ();
  if (!via_operation_store_write (id, "request", request, &error)
      || !via_operation_store_write (id, "json", pending, &error) || !start_worker (id, &error))
    {
      via_operation_store_remove (id, "request");
      via_operation_store_remove (id, "json");
      return via_cli_fail (cli, VIA_EXIT_REFUSED, cli->arguments[0], cli->arguments[1], error->message);
    }
  if (cli->json)
    via_cli_print_json (pending);
  else
    printf ("%s\n", id);
  return VIA_EXIT_DONE;
}

int
via_cli_execute (ViaCli *cli)
{
  const char *const *words = (const char *const *) cli->arguments + 2;
  ViaBridge *bridge = via_cli_require_bridge (cli, cli->arguments[0], cli->arguments[1]);
  g_autoptr(ViaJsonDocument) parameters = NULL;
  g_autoptr(GError) error = NULL;
  ViaTool *tool = NULL;

  if (bridge == NULL)
    return VIA_EXIT_CONFIGURATION;
  if (via_parameters_need_schema (words))
    tool = fetch_tool (cli, bridge, cli->arguments[1]);
  parameters = via_parameters_parse (words, tool, &error);
  if (parameters == NULL)
    return via_cli_fail (cli, VIA_EXIT_USAGE, cli->arguments[0], cli->arguments[1], error->message);
  return cli->async ? execute_later (cli, parameters) : execute_now (cli, bridge, parameters);
}
