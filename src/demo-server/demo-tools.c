/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-demo"

#include "config.h"

#include "demo-tools.h"

#define TOOLS_PATH "/io/github/viaduct/demo-server/tools.json"

/* A tool at work: its code and its own words. Lives as long as the program. */
typedef struct
{
  DemoRun          run;
  ViaJsonDocument *description;
} BoundTool;

static const DemoTool *const groups[] = {
  demo_text_tools, demo_data_tools, demo_media_tools, demo_operations_tools, demo_notes_tools,
};

static DemoRun
find_run (ViaJsonValue name)
{
  for (guint i = 0; i < G_N_ELEMENTS (groups); i++)
    for (const DemoTool *tool = groups[i]; tool->name != NULL; tool++)
      if (via_json_value_equals_string (name, tool->name))
        return tool->run;
  return NULL;
}

static void
call_cb (ViaMcpServerCall *call,
         gpointer          user_data)
{
  BoundTool *tool = user_data;
  ViaJsonValue schema = via_json_value_get_member (via_json_document_get_root (tool->description), "inputSchema");
  g_autofree char *fault = NULL;
  DemoArguments arguments = {
    .given = via_mcp_server_call_get_arguments (call),
    .properties = via_json_value_get_member (schema, "properties"),
  };

  if (via_json_value_is_missing (arguments.given))
    {
      g_autoptr(ViaJsonDocument) empty = via_json_document_new_strict ("{}", -1, NULL);

      fault = demo_find_fault (schema, via_json_document_get_root (empty), "");
    }
  else
    fault = demo_find_fault (schema, arguments.given, "");
  if (fault != NULL)
    via_mcp_server_call_fail (call, fault);
  else
    tool->run (call, &arguments);
}

void
demo_add_tools (ViaMcpServer *server)
{
  g_autoptr(GBytes) bytes = g_resources_lookup_data (TOOLS_PATH, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autoptr(ViaJsonDocument) document = via_json_document_new (bytes, NULL, NULL);
  ViaJsonIter iter;
  ViaJsonValue description;

  g_assert (document != NULL);
  via_json_iter_init (&iter, via_json_document_get_root (document));
  while (via_json_iter_next (&iter, NULL, &description))
    {
      g_autofree char *text = via_json_value_to_compact (description, NULL);
      BoundTool *tool = g_new0 (BoundTool, 1);

      tool->run = find_run (via_json_value_get_member (description, "name"));
      tool->description = via_json_value_dup_document (description);
      g_assert (tool->run != NULL);
      via_mcp_server_add_tool (server, text, call_cb, tool);
    }
}
