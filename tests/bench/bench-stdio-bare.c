/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The reference for bench-calls: the same lines over the same pipe, with nothing but GLib and json-glib.
 * bench-stdio-bare SERVER CALLS
 */
#include <json-glib/json-glib.h>
#include <stdlib.h>
#include <string.h>

#include "bench-support.h"

typedef struct
{
  GMainLoop        *loop;
  GOutputStream    *input;
  GDataInputStream *output;
  char             *line;
  guint             sent;
  guint             calls;
  gint64            started;
} Bare;

static void write_next (Bare *bare);

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  Bare *bare = user_data;
  gsize length;
  g_autofree char *line = g_data_input_stream_read_line_finish (bare->output, result, &length, NULL);
  g_autoptr(JsonParser) parser = json_parser_new ();

  if (line == NULL || !json_parser_load_from_data (parser, line, length, NULL))
    g_error ("no answer to call %u", bare->sent);
  if (bare->sent <= 1)
    bare->started = g_get_monotonic_time ();
  if (bare->sent > bare->calls)
    g_main_loop_quit (bare->loop);
  else
    write_next (bare);
}

static void
written_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  Bare *bare = user_data;

  if (!g_output_stream_write_all_finish (bare->input, result, NULL, NULL))
    g_error ("the server is gone");
  g_data_input_stream_read_line_async (bare->output, G_PRIORITY_DEFAULT, NULL, read_cb, bare);
}

static void
write_next (Bare *bare)
{
  g_free (bare->line);
  if (bare->sent == 0)
    bare->line = g_strdup ("{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":"
                           "\"2025-11-25\",\"capabilities\":{},\"clientInfo\":{\"name\":\"bare\",\"version\":\"1\"}}}\n");
  else
    bare->line = g_strdup_printf ("{\"jsonrpc\":\"2.0\",\"id\":%u,\"method\":\"tools/call\",\"params\":{\"name\":\"echo\","
                                  "\"arguments\":{\"message\":\"hello\"}}}\n", bare->sent);
  bare->sent++;
  g_output_stream_write_all_async (bare->input, bare->line, strlen (bare->line), G_PRIORITY_DEFAULT, NULL,
                                   written_cb, bare);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GSubprocess) server = NULL;
  Bare bare = { 0 };

  if (argc != 3)
    return 2;
  server = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, argv[1], NULL);
  if (server == NULL)
    g_error ("%s", error->message);
  bare.loop = g_main_loop_new (NULL, FALSE);
  bare.calls = atoi (argv[2]);
  bare.input = g_subprocess_get_stdin_pipe (server);
  bare.output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (server));
  write_next (&bare);
  g_main_loop_run (bare.loop);
  bench_print ("stdio, bare GLib and json-glib", bare.calls, g_get_monotonic_time () - bare.started);
  g_object_unref (bare.output);
  g_main_loop_unref (bare.loop);
  g_free (bare.line);
  return 0;
}
