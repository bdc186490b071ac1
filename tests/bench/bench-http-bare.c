/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The reference for bench-calls http: the same requests with nothing but libsoup; answers are read and thrown away.
 * bench-http-bare URL CALLS IN-FLIGHT
 */
#include <libsoup/soup.h>
#include <stdlib.h>
#include <string.h>

#include "bench-support.h"

typedef struct
{
  GMainLoop   *loop;
  SoupSession *session;
  const char  *url;
  guint        calls;
  guint        sent;
  guint        answered;
} Bare;

static void send_next (Bare *bare);

static void
answered_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  Bare *bare = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) body = soup_session_send_and_read_finish (bare->session, result, &error);

  if (body == NULL || g_bytes_get_size (body) == 0)
    g_error ("call %u: %s", bare->answered, error != NULL ? error->message : "empty");
  if (++bare->answered == bare->calls)
    g_main_loop_quit (bare->loop);
  else if (bare->sent < bare->calls)
    send_next (bare);
}

static void
send_next (Bare *bare)
{
  g_autoptr(SoupMessage) message = soup_message_new ("POST", bare->url);
  g_autofree char *text = NULL;
  g_autoptr(GBytes) body = NULL;

  text = g_strdup_printf ("{\"jsonrpc\":\"2.0\",\"id\":%u,\"method\":\"tools/call\",\"params\":{\"name\":\"echo\","
                          "\"arguments\":{\"message\":\"hello\"}}}", ++bare->sent);
  body = g_bytes_new (text, strlen (text));
  soup_message_add_flags (message, SOUP_MESSAGE_IDEMPOTENT);
  soup_message_headers_append (soup_message_get_request_headers (message), "Accept",
                               "application/json, text/event-stream");
  soup_message_set_request_body_from_bytes (message, "application/json", body);
  soup_session_send_and_read_async (bare->session, message, G_PRIORITY_DEFAULT, NULL, answered_cb, bare);
}

int
main (int    argc,
      char **argv)
{
  Bare bare = { 0 };
  gint64 started;

  if (argc != 4)
    return 2;
  bare.loop = g_main_loop_new (NULL, FALSE);
  bare.session = soup_session_new_with_options ("max-conns", 64, "max-conns-per-host", 64, NULL);
  bare.url = argv[1];
  bare.calls = atoi (argv[2]);
  started = g_get_monotonic_time ();
  for (int i = 0; i < atoi (argv[3]); i++)
    send_next (&bare);
  g_main_loop_run (bare.loop);
  bench_print ("HTTP, bare libsoup", bare.calls, g_get_monotonic_time () - started);
  g_object_unref (bare.session);
  g_main_loop_unref (bare.loop);
  return 0;
}
