/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "via-mock-http.h"

struct _ViaMockHttp
{
  GSocketService  *service;
  GThread         *thread; /* runs the service, so that the test's own main context stays the client's */
  GMainContext    *context;
  GMainLoop       *loop;
  ViaMockHandler   handler;
  gpointer         data;
  GTlsCertificate *certificate;
  char            *url;

  GMutex           mutex;
  GCond            cond;
  GPtrArray       *requests;
  GPtrArray       *open; /* GSocketConnection */
  guint            n_connections;
  guint            n_running;
  guint            n_left;
};

struct _ViaMockConnection
{
  ViaMockHttp   *server;
  GSocket       *socket;
  GOutputStream *output;
  gboolean       closed;
};

static void
request_free (gpointer data)
{
  ViaMockRequest *request = data;

  g_free (request->method);
  g_free (request->target);
  g_free (request->body);
  g_hash_table_unref (request->headers);
  g_free (request);
}

static void
read_header (ViaMockRequest *request,
             const char     *line)
{
  const char *colon = strchr (line, ':');
  g_autofree char *name = NULL;

  if (colon == NULL)
    return;
  name = g_ascii_strdown (line, colon - line);
  g_hash_table_insert (request->headers, g_steal_pointer (&name), g_strstrip (g_strdup (colon + 1)));
}

static ViaMockRequest *
read_request (GDataInputStream *input)
{
  g_autofree char *first = g_data_input_stream_read_line (input, NULL, NULL, NULL);
  g_auto(GStrv) words = first != NULL ? g_strsplit (first, " ", 3) : NULL;
  ViaMockRequest *request;
  const char *length;
  char *line;
  gsize size;

  if (words == NULL || g_strv_length (words) < 3)
    return NULL;
  request = g_new0 (ViaMockRequest, 1);
  request->method = g_strdup (words[0]);
  request->target = g_strdup (words[1]);
  request->headers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  while ((line = g_data_input_stream_read_line (input, NULL, NULL, NULL)) != NULL && *line != '\0')
    {
      read_header (request, line);
      g_free (line);
    }
  g_free (line);
  request->time = g_get_monotonic_time ();
  length = via_mock_request_get_header (request, "content-length");
  size = length != NULL ? strtoul (length, NULL, 10) : 0;
  request->body = g_malloc0 (size + 1);
  if (g_input_stream_read_all (G_INPUT_STREAM (input), request->body, size, NULL, NULL, NULL))
    return request;
  request_free (request);
  return NULL;
}

static GIOStream *
wrap (ViaMockHttp       *self,
      GSocketConnection *connection)
{
  g_autoptr(GIOStream) stream = NULL;

  if (self->certificate == NULL)
    return g_object_ref (G_IO_STREAM (connection));
  stream = g_tls_server_connection_new (G_IO_STREAM (connection), self->certificate, NULL);
  if (stream == NULL || !g_tls_connection_handshake (G_TLS_CONNECTION (stream), NULL, NULL))
    return NULL;
  return g_steal_pointer (&stream);
}

static void
serve (ViaMockHttp       *self,
       GSocketConnection *socket_connection)
{
  g_autoptr(GIOStream) stream = wrap (self, socket_connection);
  g_autoptr(GDataInputStream) input = NULL;
  ViaMockConnection connection = { .server = self, .socket = g_socket_connection_get_socket (socket_connection) };
  ViaMockRequest *request;

  if (stream == NULL)
    return;
  connection.output = g_io_stream_get_output_stream (stream);
  input = g_data_input_stream_new (g_io_stream_get_input_stream (stream));
  g_data_input_stream_set_newline_type (input, G_DATA_STREAM_NEWLINE_TYPE_CR_LF);
  /* A TLS greeting is no line that would ever end. */
  if (g_buffered_input_stream_fill (G_BUFFERED_INPUT_STREAM (input), 1, NULL, NULL) < 1
      || *(const char *) g_buffered_input_stream_peek_buffer (G_BUFFERED_INPUT_STREAM (input), NULL) == 0x16)
    connection.closed = TRUE;
  while (!connection.closed && (request = read_request (input)) != NULL)
    {
      g_mutex_lock (&self->mutex);
      g_ptr_array_add (self->requests, request);
      request->number = self->requests->len;
      g_mutex_unlock (&self->mutex);
      self->handler (&connection, request, self->data);
    }
  g_io_stream_close (stream, NULL, NULL);
}

static gboolean
run_cb (GThreadedSocketService *service,
        GSocketConnection      *connection,
        GObject                *source,
        gpointer                user_data)
{
  ViaMockHttp *self = user_data;

  g_mutex_lock (&self->mutex);
  self->n_connections++;
  self->n_running++;
  g_ptr_array_add (self->open, connection);
  g_mutex_unlock (&self->mutex);
  serve (self, connection);
  g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
  g_mutex_lock (&self->mutex);
  g_ptr_array_remove_fast (self->open, connection);
  self->n_running--;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
  return TRUE;
}

static gpointer
thread_main (gpointer data)
{
  ViaMockHttp *self = data;

  g_main_context_push_thread_default (self->context);
  g_socket_service_start (self->service);
  g_main_loop_run (self->loop);
  g_socket_service_stop (self->service);
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

ViaMockHttp *
via_mock_http_new_tls (ViaMockHandler   handler,
                       gpointer         data,
                       GTlsCertificate *certificate)
{
  ViaMockHttp *self = g_new0 (ViaMockHttp, 1);
  g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr(GSocketAddress) effective = NULL;
  GError *error = NULL;

  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->handler = handler;
  self->data = data;
  self->certificate = certificate != NULL ? g_object_ref (certificate) : NULL;
  self->requests = g_ptr_array_new_with_free_func (request_free);
  self->open = g_ptr_array_new ();
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  g_main_context_push_thread_default (self->context);
  self->service = g_threaded_socket_service_new (200);
  g_signal_connect (self->service, "run", G_CALLBACK (run_cb), self);
  g_socket_service_stop (self->service);
  g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), address, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &effective, &error);
  g_main_context_pop_thread_default (self->context);
  g_assert_no_error (error);
  self->url = g_strdup_printf ("%s://127.0.0.1:%u/mcp", certificate != NULL ? "https" : "http",
                               g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective)));
  self->thread = g_thread_new ("mock-http", thread_main, self);
  return self;
}

ViaMockHttp *
via_mock_http_new (ViaMockHandler handler,
                   gpointer       data)
{
  return via_mock_http_new_tls (handler, data, NULL);
}

static gboolean
quit_cb (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_REMOVE;
}

static void
stop_loop (ViaMockHttp *self)
{
  g_autoptr(GSource) source = g_idle_source_new ();

  g_source_set_callback (source, quit_cb, self->loop, NULL);
  g_source_attach (source, self->context);
  g_thread_join (self->thread);
}

void
via_mock_http_free (ViaMockHttp *self)
{
  stop_loop (self);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_mutex_lock (&self->mutex);
  while (self->n_running > 0)
    {
      for (guint i = 0; i < self->open->len; i++)
        g_socket_shutdown (g_socket_connection_get_socket (g_ptr_array_index (self->open, i)), TRUE, TRUE, NULL);
      g_cond_wait_until (&self->cond, &self->mutex, g_get_monotonic_time () + 50000);
    }
  g_mutex_unlock (&self->mutex);
  g_object_unref (self->service);
  while (g_main_context_iteration (self->context, FALSE))
    ;
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_ptr_array_unref (self->requests);
  g_ptr_array_unref (self->open);
  g_clear_object (&self->certificate);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_free (self->url);
  g_free (self);
}

const char *
via_mock_http_get_url (ViaMockHttp *self)
{
  return self->url;
}

static guint
read_locked (ViaMockHttp *self,
             const guint *number)
{
  guint value;

  g_mutex_lock (&self->mutex);
  value = *number;
  g_mutex_unlock (&self->mutex);
  return value;
}

guint
via_mock_http_get_n_requests (ViaMockHttp *self)
{
  return read_locked (self, &self->requests->len);
}

guint
via_mock_http_get_n_connections (ViaMockHttp *self)
{
  return read_locked (self, &self->n_connections);
}

guint
via_mock_http_get_n_left (ViaMockHttp *self)
{
  return read_locked (self, &self->n_left);
}

const ViaMockRequest *
via_mock_http_get_request (ViaMockHttp *self,
                           guint        number)
{
  const ViaMockRequest *request;

  g_mutex_lock (&self->mutex);
  g_assert_cmpuint (number, >, 0);
  g_assert_cmpuint (number, <=, self->requests->len);
  request = g_ptr_array_index (self->requests, number - 1);
  g_mutex_unlock (&self->mutex);
  return request;
}

const char *
via_mock_request_get_header (const ViaMockRequest *request,
                             const char           *name)
{
  return g_hash_table_lookup (request->headers, name);
}

gboolean
via_mock_write (ViaMockConnection *connection,
                const char        *text,
                gssize             length)
{
  return g_output_stream_write_all (connection->output, text, length < 0 ? strlen (text) : (gsize) length, NULL, NULL,
                                    NULL);
}

void
via_mock_printf (ViaMockConnection *connection,
                 const char        *format,
                 ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  via_mock_write (connection, text, -1);
}

void
via_mock_respond (ViaMockConnection *connection,
                  const char        *status,
                  const char        *content_type,
                  const char        *headers,
                  const char        *body)
{
  g_autoptr(GString) text = g_string_new (NULL);

  g_string_append_printf (text, "HTTP/1.1 %s\r\n", status);
  if (content_type != NULL)
    g_string_append_printf (text, "Content-Type: %s\r\n", content_type);
  g_string_append_printf (text, "Content-Length: %" G_GSIZE_FORMAT "\r\n%s\r\n%s", body != NULL ? strlen (body) : 0,
                          headers != NULL ? headers : "", body != NULL ? body : "");
  via_mock_write (connection, text->str, (gssize) text->len);
}

void
via_mock_begin_chunked (ViaMockConnection *connection,
                        const char        *content_type,
                        const char        *headers)
{
  via_mock_printf (connection, "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nTransfer-Encoding: chunked\r\n%s\r\n",
                   content_type, headers != NULL ? headers : "");
}

void
via_mock_chunk (ViaMockConnection *connection,
                const char        *format,
                ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  via_mock_printf (connection, "%" G_GINT64_MODIFIER "x\r\n%s\r\n", (gint64) strlen (text), text);
}

void
via_mock_end_chunked (ViaMockConnection *connection)
{
  via_mock_write (connection, "0\r\n\r\n", -1);
}

void
via_mock_close (ViaMockConnection *connection)
{
  connection->closed = TRUE;
}

void
via_mock_reset (ViaMockConnection *connection)
{
  struct
  {
    int on;
    int seconds;
  } linger = { 1, 0 };

  connection->closed = TRUE;
  setsockopt (g_socket_get_fd (connection->socket), SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
}

gboolean
via_mock_wait_until_left (ViaMockConnection *connection,
                          guint              milliseconds)
{
  gint64 end = g_get_monotonic_time () + milliseconds * 1000;
  char byte;

  /* Peeking would need no GLib, but a client has nothing more to say on a connection that it waits on. */
  while (g_get_monotonic_time () < end)
    {
      gssize length;

      if (!g_socket_condition_timed_wait (connection->socket, G_IO_IN, 100000, NULL, NULL))
        continue;
      length = g_socket_receive (connection->socket, &byte, 1, NULL, NULL);
      if (length > 0)
        continue;
      g_mutex_lock (&connection->server->mutex);
      connection->server->n_left++;
      g_mutex_unlock (&connection->server->mutex);
      connection->closed = TRUE;
      return TRUE;
    }
  return FALSE;
}
