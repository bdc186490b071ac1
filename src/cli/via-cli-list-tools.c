/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via"

#include "config.h"

#include <string.h>

#include "base/via-ids.h"
#include "base/via-text.h"
#include "json/via-json-writer.h"
#include "via-cli.h"

#define NAME_BYTES 256 /* of a tool's name on a terminal */

typedef struct
{
  ViaCli *cli;
  GError *error; /* (nullable) */
} Listing;

static void
listed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  Listing *listing = user_data;

  via_bridge_list_tools_finish (VIA_BRIDGE (object), result, &listing->error);
  via_cli_finish (listing->cli);
}

static gboolean
is_wanted (ViaCli  *cli,
           ViaTool *tool)
{
  g_autofree char *wanted = NULL;
  g_autofree char *category = NULL;

  if (cli->category == NULL)
    return TRUE;
  wanted = g_utf8_casefold (cli->category, -1);
  category = g_utf8_casefold (via_tool_get_category (tool), -1);
  return g_str_equal (wanted, category);
}

/* "parameters" and "required" are the flat view that the PRD's tools have; the schema stands beside them whole. */
static void
write_tool (ViaJsonWriter *writer,
            ViaTool       *tool)
{
  ViaJsonValue schema = via_tool_get_input_schema (tool);
  ViaJsonValue parameters = via_json_value_get_member (schema, "properties");
  ViaJsonValue required = via_json_value_get_member (schema, "required");

  via_json_writer_begin_object (writer);
  via_json_writer_member_string (writer, "name", via_tool_get_name (tool));
  via_json_writer_member_string (writer, "title", via_tool_get_title (tool));
  via_json_writer_member_string (writer, "description", via_tool_get_description (tool));
  via_json_writer_key (writer, "parameters");
  if (via_json_value_is_object (parameters))
    via_json_writer_value (writer, parameters);
  else
    {
      via_json_writer_begin_object (writer);
      via_json_writer_end_object (writer);
    }
  via_json_writer_key (writer, "required");
  if (via_json_value_is_array (required))
    via_json_writer_value (writer, required);
  else
    {
      via_json_writer_begin_array (writer);
      via_json_writer_end_array (writer);
    }
  via_json_writer_member_string (writer, "category", via_tool_get_category (tool));
  via_json_writer_member_value (writer, "input_schema", schema);
  via_json_writer_member_value (writer, "output_schema", via_tool_get_output_schema (tool));
  via_json_writer_member_value (writer, "annotations", via_tool_get_annotations (tool));
  via_json_writer_end_object (writer);
}

static void
print_json (ViaCli     *cli,
            ViaBridge  *bridge)
{
  GListModel *tools = via_bridge_get_tools (bridge);
  ViaJsonWriter writer;
  g_autofree char *timestamp = via_timestamp_now ();
  g_autofree char *json = NULL;

  via_json_writer_init (&writer);
  via_json_writer_begin_object (&writer);
  via_json_writer_member_boolean (&writer, "success", TRUE);
  via_json_writer_member_string (&writer, "bridge", via_bridge_get_name (bridge));
  via_json_writer_key (&writer, "tools");
  via_json_writer_begin_array (&writer);
  for (guint i = 0; i < g_list_model_get_n_items (tools); i++)
    {
      g_autoptr(ViaTool) tool = g_list_model_get_item (tools, i);

      if (is_wanted (cli, tool))
        write_tool (&writer, tool);
    }
  via_json_writer_end_array (&writer);
  via_json_writer_member_string (&writer, "category_filter", cli->category);
  via_json_writer_member_string (&writer, "timestamp", timestamp);
  via_json_writer_end_object (&writer);
  json = via_json_writer_end (&writer);
  via_cli_print_json (json);
}

/* name (a, b?, c?): question marks stand for what may be left out. */
static char *
describe_parameters (ViaTool *tool)
{
  ViaJsonValue schema = via_tool_get_input_schema (tool);
  ViaJsonValue required = via_json_value_get_member (schema, "required");
  GString *text = g_string_new (NULL);
  ViaJsonIter properties;
  ViaJsonValue key;

  via_json_iter_init (&properties, via_json_value_get_member (schema, "properties"));
  while (via_json_iter_next (&properties, &key, NULL))
    {
      g_autofree char *name = via_json_value_dup_string (key);
      gboolean needed = FALSE;
      ViaJsonIter names;
      ViaJsonValue item;

      via_json_iter_init (&names, required);
      while (!needed && via_json_iter_next (&names, NULL, &item))
        needed = via_json_value_equals_string (item, name);
      g_string_append_printf (text, "%s%s%s", text->len > 0 ? ", " : "", name, needed ? "" : "?");
    }
  return g_string_free (text, FALSE);
}

static void
print_text (ViaCli    *cli,
            ViaBridge *bridge)
{
  GListModel *tools = via_bridge_get_tools (bridge);
  const char *category = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (tools); i++)
    {
      g_autoptr(ViaTool) tool = g_list_model_get_item (tools, i);
      g_autofree char *parameters = describe_parameters (tool);
      g_autofree char *name = via_text_clip_line (via_tool_get_name (tool), NAME_BYTES);
      const char *description = via_tool_get_description (tool);

      if (!is_wanted (cli, tool))
        continue;
      if (g_strcmp0 (category, via_tool_get_category (tool)) != 0)
        via_cli_print ("%s%s", category != NULL ? "\n" : "", via_tool_get_category (tool));
      category = via_tool_get_category (tool);
      via_cli_print ("  %s (%s)%s", name, parameters, via_tool_is_destructive (tool) ? _("  destructive") : "");
      if (*description != '\0')
        via_cli_print ("      %.*s", (int) strcspn (description, "\r\n"), description);
    }
}

int
via_cli_list_tools (ViaCli *cli)
{
  ViaBridge *bridge = via_cli_require_bridge (cli, cli->arguments[0], NULL);
  Listing listing = { cli, NULL };
  int status = VIA_EXIT_DONE;

  if (bridge == NULL)
    return VIA_EXIT_CONFIGURATION;
  via_bridge_list_tools_async (bridge, FALSE, cli->cancellable, listed_cb, &listing);
  via_cli_wait (cli);
  if (listing.error != NULL)
    status = via_cli_fail (cli, via_side_get_exit_status (via_side_from_error (listing.error)),
                           cli->arguments[0], NULL, listing.error->message);
  else if (cli->json)
    print_json (cli, bridge);
  else
    print_text (cli, bridge);
  g_clear_error (&listing.error);
  return status;
}
