/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The client that the official conformance suite drives: it starts a mock server, runs `conformance-client … URL` with the
 * scenario's name in the environment, and judges what arrives. Everything goes through ViaMcpClient as it is used elsewhere.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "json/via-json-writer.h"
#include "mcp/via-mcp-client.h"
#include "transport/via-http-transport.h"

#define TIMEOUT_MS 20000

typedef struct
{
  ViaMcpClient *client;
  GPtrArray    *tools;   /* (nullable) */
  ViaJsonValue  context; /* MCP_CONFORMANCE_CONTEXT, may be missing */
} Run;

static void
keep_result_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static void
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static gboolean
list_tools (Run     *run,
            GError **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  via_mcp_client_list_tools_async (run->client, NULL, keep_result_cb, &result);
  wait_for (&result);
  g_clear_pointer (&run->tools, g_ptr_array_unref);
  run->tools = via_mcp_client_list_tools_finish (run->client, result, NULL, error);
  return run->tools != NULL;
}

static ViaTool *
find_tool (Run        *run,
           const char *name)
{
  for (guint i = 0; run->tools != NULL && i < run->tools->len; i++)
    if (strcmp (via_tool_get_name (g_ptr_array_index (run->tools, i)), name) == 0)
      return g_ptr_array_index (run->tools, i);
  return NULL;
}

static gboolean
call_value (Run           *run,
            const char    *name,
            ViaJsonValue   arguments,
            GError       **error)
{
  ViaMcpCallOptions options = { .timeout_ms = TIMEOUT_MS };
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(ViaToolResult) answer = NULL;
  g_autofree char *text = NULL;

  via_mcp_client_call_tool_async (run->client, find_tool (run, name), name, arguments, &options, NULL, keep_result_cb,
                                  &result);
  wait_for (&result);
  answer = via_mcp_client_call_tool_finish (run->client, result, error);
  if (answer == NULL)
    return FALSE;
  text = via_tool_result_dup_all_text (answer);
  g_print ("%s: %s\n", name, text);
  return TRUE;
}

static gboolean
call (Run         *run,
      const char  *name,
      const char  *arguments,
      GError     **error)
{
  g_autoptr(ViaJsonDocument) document = via_json_document_new_strict (arguments, -1, error);

  return document != NULL && call_value (run, name, via_json_document_get_root (document), error);
}

/* One request, and the value of @member in each element of @list in its result, for further requests. */
static gboolean
request (Run         *run,
         const char  *method,
         const char  *params,
         const char  *list,
         const char  *member,
         GPtrArray  **found,
         GError     **error)
{
  g_autoptr(ViaJsonDocument) document = via_json_document_new_strict (params, -1, error);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(ViaRpcMessage) message = NULL;
  ViaJsonIter iter;
  ViaJsonValue element;

  via_mcp_client_request_async (run->client, method, via_json_document_get_root (document), TIMEOUT_MS, NULL,
                                keep_result_cb, &result);
  wait_for (&result);
  message = via_mcp_client_request_finish (run->client, result, error);
  if (message == NULL)
    return FALSE;
  if (found == NULL)
    return TRUE;
  *found = g_ptr_array_new_with_free_func (g_free);
  via_json_iter_init (&iter, via_json_value_get_member (via_rpc_message_get_result (message), list));
  while (via_json_iter_next (&iter, NULL, &element))
    g_ptr_array_add (*found, via_json_value_dup_member_string (element, member));
  return TRUE;
}

static gboolean
use_all (Run         *run,
         const char  *list_method,
         const char  *list,
         const char  *use_method,
         const char  *member,
         GError     **error)
{
  g_autoptr(GPtrArray) found = NULL;

  if (!request (run, list_method, "{}", list, member, &found, error))
    return FALSE;
  for (guint i = 0; i < found->len; i++)
    {
      g_autofree char *params = NULL;
      ViaJsonWriter writer;

      via_json_writer_init (&writer);
      via_json_writer_begin_object (&writer);
      via_json_writer_member_string (&writer, member, g_ptr_array_index (found, i));
      via_json_writer_end_object (&writer);
      params = via_json_writer_end (&writer);
      if (!request (run, use_method, params, NULL, NULL, NULL, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
call_all (Run         *run,
          const char  *arguments,
          GError     **error)
{
  if (!list_tools (run, error))
    return FALSE;
  for (guint i = 0; i < run->tools->len; i++)
    if (!call (run, via_tool_get_name (g_ptr_array_index (run->tools, i)), arguments, error))
      return FALSE;
  return TRUE;
}

/* Scenarios */

static gboolean
run_tools_call (Run     *run,
                GError **error)
{
  return list_tools (run, error) && call (run, "add_numbers", "{\"a\":5,\"b\":3}", error);
}

static gboolean
run_sse_retry (Run     *run,
               GError **error)
{
  return list_tools (run, error) && call (run, "test_reconnection", "{}", error);
}

static gboolean
run_standard_headers (Run     *run,
                      GError **error)
{
  return call_all (run, "{}", error)
         && use_all (run, "resources/list", "resources", "resources/read", "uri", error)
         && use_all (run, "prompts/list", "prompts", "prompts/get", "name", error);
}

static gboolean
run_custom_headers (Run     *run,
                    GError **error)
{
  ViaJsonIter iter;
  ViaJsonValue wanted;

  if (!list_tools (run, error))
    return FALSE;
  via_json_iter_init (&iter, via_json_value_get_member (run->context, "toolCalls"));
  while (via_json_iter_next (&iter, NULL, &wanted))
    {
      g_autofree char *name = via_json_value_dup_member_string (wanted, "name");

      if (!call_value (run, name, via_json_value_get_member (wanted, "arguments"), error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
run_invalid_headers (Run     *run,
                     GError **error)
{
  return call_all (run, "{\"region\":\"us-west1\"}", error);
}

static gboolean
run_schema_preservation (Run     *run,
                         GError **error)
{
  g_autofree char *arguments = NULL;
  ViaJsonWriter writer;
  ViaTool *tool;

  if (!list_tools (run, error))
    return FALSE;
  tool = find_tool (run, "json_schema_2020_12_tool");
  if (tool == NULL)
    {
      g_set_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_INVALID, "The tool with the schema is not listed.");
      return FALSE;
    }
  via_json_writer_init (&writer);
  via_json_writer_begin_object (&writer);
  via_json_writer_member_value (&writer, "schema", via_tool_get_input_schema (tool));
  via_json_writer_end_object (&writer);
  arguments = via_json_writer_end (&writer);
  return call (run, "json_schema_echo", arguments, error);
}

static const struct
{
  const char *scenario;
  gboolean  (*run) (Run *run, GError **error);
} scenarios[] = {
  { "initialize", list_tools },
  { "tools_call", run_tools_call },
  { "sse-retry", run_sse_retry },
  { "request-metadata", list_tools },
  { "http-standard-headers", run_standard_headers },
  { "http-custom-headers", run_custom_headers },
  { "http-invalid-tool-headers", run_invalid_headers },
  { "json-schema-ref-no-deref", list_tools },
  { "json-schema-2020-12-preservation", run_schema_preservation },
};

static ViaTransport *
make_transport_cb (gpointer data)
{
  ViaHttpSettings settings = { .validate_certificates = TRUE };

  return via_http_transport_new (data, &settings, NULL, NULL);
}

static void
diagnostic_cb (ViaMcpClient *client,
               guint         kind,
               const char   *text,
               gpointer      data)
{
  g_printerr ("note: %s\n", text);
}

static gboolean
connect_client (Run     *run,
                GError **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  g_signal_connect (run->client, "diagnostic", G_CALLBACK (diagnostic_cb), NULL);
  via_mcp_client_connect_async (run->client, NULL, keep_result_cb, &result);
  wait_for (&result);
  return via_mcp_client_connect_finish (run->client, result, error);
}

static void
close_client (Run *run)
{
  g_autoptr(GAsyncResult) result = NULL;

  via_mcp_client_close_async (run->client, NULL, keep_result_cb, &result);
  wait_for (&result);
}

static gboolean
run_scenario (Run         *run,
              const char  *name,
              GError     **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (scenarios); i++)
    if (g_strcmp0 (scenarios[i].scenario, name) == 0)
      return connect_client (run, error) && scenarios[i].run (run, error);
  g_set_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_INVALID, "There is no scenario “%s” here.", name);
  return FALSE;
}

int
main (int    argc,
      char **argv)
{
  const char *revision = g_getenv ("MCP_CONFORMANCE_PROTOCOL_VERSION");
  const char *context = g_getenv ("MCP_CONFORMANCE_CONTEXT");
  ViaMcpClientOptions options = {
    .protocol = g_strcmp0 (revision, VIA_MCP_MODERN_REVISION) >= 0 ? "modern" : "legacy",
    .timeout_ms = TIMEOUT_MS,
    .http = TRUE,
  };
  g_autoptr(ViaJsonDocument) document = NULL;
  g_autoptr(GError) error = NULL;
  Run run = { NULL };
  gboolean good;

  if (argc < 2)
    {
      g_printerr ("Usage: conformance-client URL, with MCP_CONFORMANCE_SCENARIO in the environment\n");
      return 2;
    }
  if (context != NULL)
    document = via_json_document_new_strict (context, -1, NULL);
  if (document != NULL)
    run.context = via_json_document_get_root (document);
  run.client = via_mcp_client_new (make_transport_cb, argv[argc - 1], NULL, &options);
  good = run_scenario (&run, g_getenv ("MCP_CONFORMANCE_SCENARIO"), &error);
  if (!good)
    g_printerr ("%s\n", error->message);
  close_client (&run);
  g_clear_pointer (&run.tools, g_ptr_array_unref);
  g_object_unref (run.client);
  return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
