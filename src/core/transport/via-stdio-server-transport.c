/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-transport"
#include "config.h"

#include "base/via-limits.h"
#include "base/via-text.h"
#include "rpc/via-rpc-error.h"
#include "transport/via-child.h"
#include "transport/via-inbox.h"
#include "transport/via-line-reader.h"
#include "transport/via-line-writer.h"
#include "transport/via-stdio-transport.h"

/* What a pipe that polls as writable takes without blocking (PIPE_BUF). */
#define CHUNK_BYTES 4096
#define FLUSH_STEP_MS 5

/*
 * The server's side of stdio: this process's stdin and stdout. The end of stdin is the client's way to say goodbye; it
 * emits "closed" without an error. close () first lets answers that are still queued go out, for a bounded time.
 */
struct _ViaStdioServerTransport
{
  ViaTransport   parent_instance;

  gsize          max_message_bytes;
  ViaLineReader *input;
  ViaLineWriter *output;
  ViaInbox      *inbox;
  gboolean       ended; /* stdin is at its end */
};

G_DEFINE_FINAL_TYPE (ViaStdioServerTransport, via_stdio_server_transport, VIA_TYPE_TRANSPORT)

static void
end_when_over (ViaStdioServerTransport *self)
{
  if (self->ended && self->inbox != NULL && !via_inbox_is_busy (self->inbox))
    via_transport_emit_closed (VIA_TRANSPORT (self), NULL);
}

static void
taken_cb (ViaRpcMessage *message,
          GBytes        *text,
          const GError  *error,
          gpointer       data)
{
  ViaStdioServerTransport *self = data;
  gsize size;
  const char *bytes = g_bytes_get_data (text, &size);
  g_autofree char *words = NULL;

  if (message != NULL)
    {
      via_transport_emit_message (VIA_TRANSPORT (self), message);
      return;
    }
  words = via_text_clip_len (bytes, size, VIA_LIMIT_ERROR_TEXT_BYTES);
  via_transport_emit_diagnostic (VIA_TRANSPORT (self), VIA_DIAGNOSTIC_STRAY_OUTPUT, words);
}

static void
inbox_idle_cb (gpointer data)
{
  g_autoptr(ViaStdioServerTransport) self = g_object_ref (data);

  if (self->input != NULL)
    via_line_reader_resume (self->input);
  end_when_over (self);
}

static void
input_line_cb (GBytes   *line,
               gpointer  data)
{
  g_autoptr(ViaStdioServerTransport) self = g_object_ref (data);

  via_inbox_push (self->inbox, line);
  if (self->inbox != NULL && via_inbox_is_busy (self->inbox))
    via_line_reader_pause (self->input);
}

static void
input_end_cb (const GError *error,
              gpointer      data)
{
  g_autoptr(ViaStdioServerTransport) self = g_object_ref (data);

  self->ended = TRUE;
  if (error != NULL && error->domain == VIA_RPC_ERROR)
    via_transport_emit_closed (VIA_TRANSPORT (self), error);
  else
    end_when_over (self);
}

static void
write_failed_cb (const GError *error,
                 gpointer      data)
{
  g_autoptr(ViaStdioServerTransport) self = g_object_ref (data);
  g_autoptr(GError) closed = g_error_new (VIA_RPC_ERROR, VIA_RPC_ERROR_CLOSED,
                                          "The client no longer reads: %s", error->message);

  via_transport_emit_closed (VIA_TRANSPORT (self), closed);
}

static void
via_stdio_server_transport_start_async (ViaTransport        *transport,
                                        GCancellable        *cancellable,
                                        GAsyncReadyCallback  callback,
                                        gpointer             user_data)
{
  static const ViaLineFuncs input_funcs = { input_line_cb, input_end_cb };
  static const ViaInboxFuncs inbox_funcs = { taken_cb, inbox_idle_cb };
  ViaStdioServerTransport *self = VIA_STDIO_SERVER_TRANSPORT (transport);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr(GInputStream) input = via_own_stdin_new ();
  g_autoptr(GOutputStream) output = via_own_stdout_new ();

  g_task_set_source_tag (task, via_stdio_server_transport_start_async);
  g_return_if_fail (self->input == NULL);
  self->inbox = via_inbox_new (&inbox_funcs, self);
  self->output = via_line_writer_new (output, write_failed_cb, self);
  /* Stdout may share its file with somebody's terminal, so it is not made non-blocking. */
  via_line_writer_set_chunk (self->output, CHUNK_BYTES);
  self->input = via_line_reader_new (input, self->max_message_bytes, VIA_LINE_REFUSE, &input_funcs, self);
  via_line_reader_resume (self->input);
  g_task_return_boolean (task, TRUE);
}

static gboolean
via_stdio_server_transport_try_send (ViaTransport               *transport,
                                     const ViaTransportMessage  *message,
                                     GError                    **error)
{
  ViaStdioServerTransport *self = VIA_STDIO_SERVER_TRANSPORT (transport);

  if (self->output == NULL)
    {
      g_set_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_NOT_SENT, "The connection to the client is not open.");
      return FALSE;
    }
  return via_line_writer_write (self->output, message->body, error);
}

static void
via_stdio_server_transport_send_async (ViaTransport              *transport,
                                       const ViaTransportMessage *message,
                                       GCancellable              *cancellable,
                                       GAsyncReadyCallback        callback,
                                       gpointer                   user_data)
{
  g_autoptr(GTask) task = g_task_new (transport, cancellable, callback, user_data);
  GError *error = NULL;

  g_task_set_source_tag (task, via_stdio_server_transport_send_async);
  if (via_stdio_server_transport_try_send (transport, message, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
finish_close (GTask *task)
{
  g_autoptr(ViaStdioServerTransport) self = g_object_ref (g_task_get_source_object (task));

  g_clear_pointer (&self->input, via_line_reader_free);
  g_clear_pointer (&self->output, via_line_writer_free);
  g_clear_pointer (&self->inbox, via_inbox_free);
  via_transport_emit_closed (VIA_TRANSPORT (self), NULL);
  g_task_return_boolean (task, TRUE);
}

static gboolean
flush_cb (gpointer user_data)
{
  GTask *task = user_data;
  ViaStdioServerTransport *self = g_task_get_source_object (task);
  int *left = g_task_get_task_data (task);

  *left -= FLUSH_STEP_MS;
  if (self->output != NULL && !via_line_writer_is_empty (self->output) && *left > 0)
    return G_SOURCE_CONTINUE;
  finish_close (task);
  return G_SOURCE_REMOVE;
}

static void
via_stdio_server_transport_close_async (ViaTransport        *transport,
                                        GCancellable        *cancellable,
                                        GAsyncReadyCallback  callback,
                                        gpointer             user_data)
{
  ViaStdioServerTransport *self = VIA_STDIO_SERVER_TRANSPORT (transport);
  g_autoptr(GTask) task = g_task_new (self, NULL, callback, user_data);
  g_autoptr(GSource) source = NULL;

  g_task_set_source_tag (task, via_stdio_server_transport_close_async);
  if (self->output == NULL || via_line_writer_is_empty (self->output))
    {
      finish_close (task);
      return;
    }
  g_task_set_task_data (task, g_memdup2 (&(int) { VIA_LIMIT_STDIO_EOF_MS }, sizeof (int)), g_free);
  source = g_timeout_source_new (FLUSH_STEP_MS);
  g_source_set_callback (source, flush_cb, g_steal_pointer (&task), g_object_unref);
  g_source_attach (source, g_main_context_get_thread_default ());
}

static void
via_stdio_server_transport_dispose (GObject *object)
{
  ViaStdioServerTransport *self = VIA_STDIO_SERVER_TRANSPORT (object);

  g_clear_pointer (&self->input, via_line_reader_free);
  g_clear_pointer (&self->output, via_line_writer_free);
  g_clear_pointer (&self->inbox, via_inbox_free);
  G_OBJECT_CLASS (via_stdio_server_transport_parent_class)->dispose (object);
}

static void
via_stdio_server_transport_class_init (ViaStdioServerTransportClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  ViaTransportClass *transport_class = VIA_TRANSPORT_CLASS (klass);

  object_class->dispose = via_stdio_server_transport_dispose;
  transport_class->start_async = via_stdio_server_transport_start_async;
  transport_class->send_async = via_stdio_server_transport_send_async;
  transport_class->try_send = via_stdio_server_transport_try_send;
  transport_class->close_async = via_stdio_server_transport_close_async;
}

static void
via_stdio_server_transport_init (ViaStdioServerTransport *self)
{
}

ViaTransport *
via_stdio_server_transport_new (gsize max_message_bytes)
{
  ViaStdioServerTransport *self = g_object_new (VIA_TYPE_STDIO_SERVER_TRANSPORT, NULL);

  self->max_message_bytes = max_message_bytes > 0 ? max_message_bytes : VIA_LIMIT_RESPONSE_BYTES;
  return VIA_TRANSPORT (self);
}
