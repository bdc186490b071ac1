/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via"

#include "config.h"

#include <stdio.h>

#include "base/via-ids.h"
#include "json/via-json-writer.h"
#include "via-cli.h"

static void
write_bridge (ViaJsonWriter   *writer,
              ViaBridgeConfig *config)
{
  via_json_writer_begin_object (writer);
  via_json_writer_member_string (writer, "name", config->name);
  via_json_writer_member_string (writer, "endpoint", config->endpoint);
  via_json_writer_member_string (writer, "auth_type", via_auth_kind_get_name (config->auth));
  via_json_writer_member_boolean (writer, "enabled", config->enabled);
  via_json_writer_member_string (writer, "description", config->description != NULL ? config->description : "");
  via_json_writer_member_string (writer, "transport",
                                 via_transport_kind_get_name (via_bridge_config_get_transport (config)));
  if (config->command != NULL)
    {
      via_json_writer_key (writer, "command");
      via_json_writer_begin_array (writer);
      for (guint i = 0; config->command[i] != NULL; i++)
        via_json_writer_string (writer, config->command[i]);
      via_json_writer_end_array (writer);
    }
  via_json_writer_member_int (writer, "timeout", config->timeout_s);
  via_json_writer_end_object (writer);
}

static void
print_json (GListModel *bridges)
{
  ViaJsonWriter writer;
  g_autofree char *timestamp = via_timestamp_now ();
  g_autofree char *json = NULL;

  via_json_writer_init (&writer);
  via_json_writer_begin_object (&writer);
  via_json_writer_member_boolean (&writer, "success", TRUE);
  via_json_writer_key (&writer, "bridges");
  via_json_writer_begin_array (&writer);
  for (guint i = 0; i < g_list_model_get_n_items (bridges); i++)
    {
      g_autoptr(ViaBridge) bridge = g_list_model_get_item (bridges, i);

      write_bridge (&writer, via_bridge_get_config (bridge));
    }
  via_json_writer_end_array (&writer);
  via_json_writer_member_string (&writer, "timestamp", timestamp);
  via_json_writer_end_object (&writer);
  json = via_json_writer_end (&writer);
  via_cli_print_json (json);
}

static void
print_text (GListModel *bridges)
{
  for (guint i = 0; i < g_list_model_get_n_items (bridges); i++)
    {
      g_autoptr(ViaBridge) bridge = g_list_model_get_item (bridges, i);
      ViaBridgeConfig *config = via_bridge_get_config (bridge);
      g_autofree char *target = via_bridge_config_dup_target (config);

      via_cli_print ("%-20s %-6s %s%s", config->name,
              via_transport_kind_get_title (via_bridge_config_get_transport (config)), target,
              config->enabled ? "" : _("  (off)"));
      if (config->description != NULL && *config->description != '\0')
        via_cli_print ("%-20s        %s", "", config->description);
    }
}

int
via_cli_list_bridges (ViaCli *cli)
{
  if (!via_cli_load (cli))
    return VIA_EXIT_CONFIGURATION;
  if (cli->json)
    print_json (G_LIST_MODEL (cli->manager));
  else
    print_text (G_LIST_MODEL (cli->manager));
  return VIA_EXIT_DONE;
}
