/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via"

#include "config.h"

#include <stdio.h>

#include "base/via-ids.h"
#include "base/via-text.h"
#include "json/via-json-writer.h"
#include "via-cli.h"

typedef struct
{
  ViaCli *cli;
  gint64  connection_time;
  guint   n_tools;
  GError *error; /* (nullable) */
} Test;

static void
tested_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  Test *test = user_data;

  via_bridge_test_finish (VIA_BRIDGE (object), result, &test->connection_time, &test->n_tools, &test->error);
  via_cli_finish (test->cli);
}

static void
print_json (ViaBridge  *bridge,
            const Test *test)
{
  g_autofree char *endpoint = via_bridge_config_dup_target (via_bridge_get_config (bridge));
  g_autofree char *timestamp = via_timestamp_now ();
  g_autofree char *json = NULL;
  ViaJsonWriter writer;

  via_json_writer_init (&writer);
  via_json_writer_begin_object (&writer);
  via_json_writer_member_boolean (&writer, "success", TRUE);
  via_json_writer_member_string (&writer, "bridge", via_bridge_get_name (bridge));
  via_json_writer_member_string (&writer, "endpoint", endpoint);
  via_json_writer_key (&writer, "connection_time");
  via_json_writer_seconds (&writer, test->connection_time);
  via_json_writer_member_int (&writer, "tools_available", test->n_tools);
  via_json_writer_member_string (&writer, "server", via_bridge_get_server_name (bridge));
  via_json_writer_member_string (&writer, "protocol", via_bridge_get_revision (bridge));
  via_json_writer_member_string (&writer, "timestamp", timestamp);
  via_json_writer_end_object (&writer);
  json = via_json_writer_end (&writer);
  via_cli_print_json (json);
}

static void
print_text (ViaBridge  *bridge,
            const Test *test)
{
  g_autofree char *duration = via_text_format_duration (test->connection_time);
  g_autofree char *text = NULL;
  const char *server = via_bridge_get_server_name (bridge);

  /* translators: bridge name, a duration such as “12 ms”, a number of tools */
  text = g_strdup_printf (ngettext ("%s is connected: %s, %u tool", "%s is connected: %s, %u tools", test->n_tools),
                          via_bridge_get_name (bridge), duration, test->n_tools);
  if (via_bridge_get_revision (bridge) == NULL)
    via_cli_print ("%s", text);
  else
    via_cli_print ("%s (%s%sMCP %s)", text, server != NULL ? server : "", server != NULL ? ", " : "",
                   via_bridge_get_revision (bridge));
}

int
via_cli_test_connection (ViaCli *cli)
{
  ViaBridge *bridge = via_cli_require_bridge (cli, cli->arguments[0], NULL);
  Test test = { .cli = cli };
  int status = VIA_EXIT_DONE;

  if (bridge == NULL)
    return VIA_EXIT_CONFIGURATION;
  via_bridge_test_async (bridge, cli->cancellable, tested_cb, &test);
  via_cli_wait (cli);
  if (test.error != NULL)
    status = via_cli_fail (cli, via_side_get_exit_status (via_side_from_error (test.error)), cli->arguments[0],
                           NULL, test.error->message);
  else if (cli->json)
    print_json (bridge, &test);
  else
    print_text (bridge, &test);
  g_clear_error (&test.error);
  return status;
}
