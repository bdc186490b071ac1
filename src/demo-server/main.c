/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-demo"

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "demo-tools.h"
#include "transport/via-stdio-transport.h"

#define MAX_MESSAGE_BYTES (64 * 1024 * 1024)

static const char usage[] =
  "Usage: viaduct-demo-server [--help | --version]\n\n"
  "A small MCP server to try Viaduct with. It speaks on standard input and output until its input ends, reads and\n"
  "writes no files and uses no network. To talk with it: via list-tools demo\n";

typedef struct
{
  ViaTransport *transport;
  GMainLoop    *loop;
} Session;

static void
flushed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Session *session = user_data;

  via_transport_close_finish (VIA_TRANSPORT (source), result, NULL);
  g_main_loop_quit (session->loop);
}

/* Who only closed its own end still gets the answers that are on their way. */
static void
closed_cb (ViaMcpServer *server,
           Session      *session)
{
  via_transport_close_async (session->transport, NULL, flushed_cb, session);
}

static int
serve (void)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr(ViaTransport) transport = via_stdio_server_transport_new (MAX_MESSAGE_BYTES);
  g_autoptr(ViaMcpServer) server = via_mcp_server_new (transport, "viaduct-demo", "Viaduct Demo", VIA_VERSION,
                                                       "Harmless tools that show every kind of argument and result. "
                                                       "Nothing here touches files or the network.");

  Session session = { transport, loop };

  demo_add_tools (server);
  g_signal_connect (server, "closed", G_CALLBACK (closed_cb), &session);
  via_mcp_server_start (server);
  g_main_loop_run (loop);
  return EXIT_SUCCESS;
}

int
main (int    argc,
      char **argv)
{
  if (argc == 1)
    return serve ();
  if (argc == 2 && strcmp (argv[1], "--version") == 0)
    {
      g_print ("viaduct-demo-server %s\n", VIA_VERSION);
      return EXIT_SUCCESS;
    }
  if (argc == 2 && strcmp (argv[1], "--help") == 0)
    {
      g_print ("%s", usage);
      return EXIT_SUCCESS;
    }
  g_printerr ("%s", usage);
  return 2;
}
