/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The instant server of the HTTP benchmarks: answers every request with a fixed result under the request's own id.
 * Prints its URL, ends when its standard input does.
 */
#include <libsoup/soup.h>
#include <stdio.h>
#include <string.h>

#include "json/via-json-writer.h"
#include "rpc/via-rpc-message.h"

#define INITIALIZED \
  "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{}},\"serverInfo\":{\"name\":\"bench\",\"version\":\"1\"}}"
#define CALLED "{\"content\":[{\"type\":\"text\",\"text\":\"hello\"}]}"

static void
handle (SoupServer        *server,
        SoupServerMessage *message,
        const char        *path,
        GHashTable        *query,
        gpointer           user_data)
{
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  g_autoptr(GBytes) bytes = soup_message_body_flatten (body);
  g_autoptr(ViaRpcMessage) request = via_rpc_message_new (bytes, NULL, NULL);
  g_autoptr(ViaJsonDocument) result = NULL;
  g_autoptr(GBytes) answer = NULL;
  const char *method = request != NULL ? via_rpc_message_get_method (request) : NULL;

  if (method == NULL || via_rpc_message_get_kind (request) != VIA_RPC_REQUEST)
    {
      soup_server_message_set_status (message, method != NULL ? 202 : 405, NULL);
      return;
    }
  result = via_json_document_new_strict (g_str_equal (method, "initialize") ? INITIALIZED : CALLED, -1, NULL);
  answer = via_rpc_write_result (via_rpc_message_get_id (request), via_json_document_get_root (result));
  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, g_bytes_get_data (answer, NULL),
                                    g_bytes_get_size (answer));
}

static gboolean
input_cb (GIOChannel   *channel,
          GIOCondition  condition,
          gpointer      user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_REMOVE;
}

int
main (void)
{
  g_autoptr(SoupServer) server = soup_server_new (NULL, NULL);
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr(GError) error = NULL;
  g_autoptr(GIOChannel) input = g_io_channel_unix_new (0);
  GSList *uris;

  soup_server_add_handler (server, "/mcp", handle, NULL, NULL);
  if (!soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error))
    g_error ("%s", error->message);
  uris = soup_server_get_uris (server);
  printf ("http://127.0.0.1:%d/mcp\n", g_uri_get_port (uris->data));
  fflush (stdout);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  g_io_add_watch (input, G_IO_IN | G_IO_HUP, input_cb, loop);
  g_main_loop_run (loop);
  return 0;
}
