/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Calls of one tool through the engine, some of them in flight at once.
 * bench-calls stdio SERVER CALLS IN-FLIGHT | bench-calls http URL CALLS IN-FLIGHT
 */
#include <stdlib.h>
#include <string.h>

#include "bench-support.h"
#include "mcp/via-mcp-client.h"
#include "transport/via-http-transport.h"
#include "transport/via-stdio-transport.h"

typedef struct
{
  GMainLoop       *loop;
  ViaMcpClient    *client;
  ViaJsonDocument *arguments;
  gboolean         http;
  const char      *target;
  guint            calls;
  guint            sent;
  guint            answered;
  gint64           started;
} Bench;

static ViaTransport *
make_transport (gpointer data)
{
  Bench *bench = data;
  const char *argv[] = { bench->target, NULL };
  ViaHttpSettings settings = { .validate_certificates = TRUE };

  if (bench->http)
    return via_http_transport_new (bench->target, &settings, NULL, NULL);
  return via_stdio_transport_new (argv, NULL, NULL, 0);
}

static void call_next (Bench *bench);

static void
called_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  Bench *bench = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(ViaToolResult) answer = via_mcp_client_call_tool_finish (bench->client, result, &error);

  if (answer == NULL)
    g_error ("call %u: %s", bench->answered, error->message);
  if (++bench->answered == bench->calls)
    g_main_loop_quit (bench->loop);
  else if (bench->sent < bench->calls)
    call_next (bench);
}

static void
call_next (Bench *bench)
{
  ViaMcpCallOptions options = { .timeout_ms = 30000 };

  bench->sent++;
  via_mcp_client_call_tool_async (bench->client, NULL, "echo", via_json_document_get_root (bench->arguments), &options,
                                  NULL, called_cb, bench);
}

static void
connected_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  Bench *bench = user_data;
  g_autoptr(GError) error = NULL;

  if (!via_mcp_client_connect_finish (bench->client, result, &error))
    g_error ("%s", error->message);
  g_main_loop_quit (bench->loop);
}

static void
closed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  Bench *bench = user_data;

  via_mcp_client_close_finish (bench->client, result, NULL);
  g_main_loop_quit (bench->loop);
}

int
main (int    argc,
      char **argv)
{
  Bench bench = { 0 };
  ViaMcpClientOptions options = { .protocol = "legacy", .timeout_ms = 10000 };
  guint in_flight;

  if (argc != 5)
    return 2;
  bench.loop = g_main_loop_new (NULL, FALSE);
  bench.http = g_str_equal (argv[1], "http");
  bench.target = argv[2];
  bench.calls = atoi (argv[3]);
  in_flight = atoi (argv[4]);
  bench.arguments = via_json_document_new_strict ("{\"message\":\"hello\"}", -1, NULL);
  options.http = bench.http;
  bench.client = via_mcp_client_new (make_transport, &bench, NULL, &options);
  via_mcp_client_connect_async (bench.client, NULL, connected_cb, &bench);
  g_main_loop_run (bench.loop);

  bench.started = g_get_monotonic_time ();
  for (guint i = 0; i < in_flight && i < bench.calls; i++)
    call_next (&bench);
  g_main_loop_run (bench.loop);
  bench_print (bench.http ? "HTTP, Viaduct" : "stdio, Viaduct", bench.calls, g_get_monotonic_time () - bench.started);

  via_mcp_client_close_async (bench.client, NULL, closed_cb, &bench);
  g_main_loop_run (bench.loop);
  g_object_unref (bench.client);
  via_json_document_unref (bench.arguments);
  g_main_loop_unref (bench.loop);
  return 0;
}
