/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-transport"
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/via-limits.h"
#include "rpc/via-rpc-error.h"
#include "transport/via-line-writer.h"

/* Pieces up to this size are joined into one write. */
#define SMALL_BYTES 4096

/* What an entry of the queue costs beside its bytes: many small messages are a heap too. */
#define ENTRY_BYTES 256

struct _ViaLineWriter
{
  GOutputStream       *stream;
  ViaLineWriterFailed  failed;
  gpointer             data;
  gsize                chunk_bytes; /* 0: no bound */

  GQueue               queue;       /* of GBytes */
  gsize                offset;      /* written of the head */
  gsize                queued;      /* bytes in all */
  GSource             *source;      /* while waiting on a pollable stream */
  GCancellable        *writing;     /* while a write on another stream is under way */
  GError              *error;
  GSource             *report;      /* will tell @failed */
  gboolean             closed;
};

static void pump (ViaLineWriter *self);

static void
line_writer_clear (gpointer data)
{
  ViaLineWriter *self = data;

  g_queue_clear_full (&self->queue, (GDestroyNotify) g_bytes_unref);
  g_clear_error (&self->error);
  g_object_unref (self->stream);
}

static void
line_writer_unref (ViaLineWriter *self)
{
  g_rc_box_release_full (self, line_writer_clear);
}

static void
drop_source (GSource **source)
{
  if (*source == NULL)
    return;
  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static gboolean
is_pollable (ViaLineWriter *self)
{
  return G_IS_POLLABLE_OUTPUT_STREAM (self->stream)
         && g_pollable_output_stream_can_poll (G_POLLABLE_OUTPUT_STREAM (self->stream));
}

static gboolean
report_cb (gpointer user_data)
{
  ViaLineWriter *self = g_rc_box_acquire (user_data);

  drop_source (&self->report);
  self->failed (self->error, self->data);
  line_writer_unref (self);
  return G_SOURCE_REMOVE;
}

static void
fail_later (ViaLineWriter *self,
            GError        *error)
{
  if (self->error != NULL || self->closed)
    {
      g_error_free (error);
      return;
    }
  self->error = error;
  g_queue_clear_full (&self->queue, (GDestroyNotify) g_bytes_unref);
  self->queued = self->offset = 0;
  drop_source (&self->source);
  self->report = g_idle_source_new ();
  g_source_set_priority (self->report, G_PRIORITY_DEFAULT);
  g_source_set_callback (self->report, report_cb, self, NULL);
  g_source_attach (self->report, g_main_context_get_thread_default ());
}

static void
drop_written (ViaLineWriter *self,
              gsize          n_written)
{
  self->queued -= n_written;
  self->offset += n_written;
  while (!g_queue_is_empty (&self->queue)
         && self->offset >= g_bytes_get_size (g_queue_peek_head (&self->queue)))
    {
      GBytes *done = g_queue_pop_head (&self->queue);

      self->offset -= g_bytes_get_size (done);
      g_bytes_unref (done);
    }
}

/* What goes out next: a message and its line feed joined when they are small, else as much of the first piece as may go. */
static gsize
gather (ViaLineWriter  *self,
        char           *small,
        const char    **bytes)
{
  gsize left = self->chunk_bytes > 0 ? self->chunk_bytes : G_MAXSIZE;
  gsize size, length = 0;
  const char *head;

  if (g_queue_is_empty (&self->queue))
    return 0;
  head = g_bytes_get_data (g_queue_peek_head (&self->queue), &size);
  *bytes = head + self->offset;
  if (size - self->offset > SMALL_BYTES)
    return MIN (size - self->offset, left);
  for (GList *link = self->queue.head; link != NULL; link = link->next)
    {
      gsize skip = length == 0 && link == self->queue.head ? self->offset : 0;

      head = g_bytes_get_data (link->data, &size);
      if (length + size - skip > SMALL_BYTES)
        break;
      memcpy (small + length, head + skip, size - skip);
      length += size - skip;
    }
  *bytes = small;
  return MIN (length, left);
}

/*
 * One write. TRUE when there may be more to write now. Not writev: in GLib 2.74 g_pollable_output_stream_writev_nonblocking ()
 * warns about itself when the pipe is broken.
 */
static gboolean
write_some (ViaLineWriter *self)
{
  char small[SMALL_BYTES];
  const char *bytes;
  gsize length = gather (self, small, &bytes);
  g_autoptr(GError) error = NULL;
  gssize n_written;

  if (length == 0)
    return FALSE;
  n_written = g_pollable_output_stream_write_nonblocking (G_POLLABLE_OUTPUT_STREAM (self->stream), bytes, length, NULL,
                                                          &error);
  if (n_written >= 0)
    drop_written (self, n_written);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    fail_later (self, g_steal_pointer (&error));
  return n_written >= 0;
}

static gboolean
writable_cb (GObject  *stream,
             gpointer  user_data)
{
  ViaLineWriter *self = g_rc_box_acquire (user_data);

  drop_source (&self->source);
  pump (self);
  line_writer_unref (self);
  return G_SOURCE_REMOVE;
}

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  ViaLineWriter *self = user_data;
  GError *error = NULL;
  gsize n_written = 0;

  if (g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, &n_written, &error))
    drop_written (self, n_written);
  else
    fail_later (self, error);
  g_clear_object (&self->writing);
  pump (self);
  line_writer_unref (self);
}

static void
pump_unpollable (ViaLineWriter *self)
{
  GBytes *head = g_queue_peek_head (&self->queue);
  gsize size;
  const char *bytes;

  if (head == NULL || self->writing != NULL)
    return;
  bytes = g_bytes_get_data (head, &size);
  self->writing = g_cancellable_new ();
  g_output_stream_write_all_async (self->stream, bytes + self->offset, size - self->offset, G_PRIORITY_DEFAULT,
                                   self->writing, written_cb, g_rc_box_acquire (self));
}

static void
pump (ViaLineWriter *self)
{
  if (self->closed || self->error != NULL || self->source != NULL)
    return;
  if (!is_pollable (self))
    {
      pump_unpollable (self);
      return;
    }
  while (write_some (self))
    ;
  if (g_queue_is_empty (&self->queue))
    return;
  self->source = g_pollable_output_stream_create_source (G_POLLABLE_OUTPUT_STREAM (self->stream), NULL);
  g_source_set_callback (self->source, G_SOURCE_FUNC (writable_cb), self, NULL);
  g_source_attach (self->source, g_main_context_get_thread_default ());
}

ViaLineWriter *
via_line_writer_new (GOutputStream       *stream,
                     ViaLineWriterFailed  failed,
                     gpointer             data)
{
  ViaLineWriter *self = g_rc_box_new0 (ViaLineWriter);

  self->stream = g_object_ref (stream);
  self->failed = failed;
  self->data = data;
  g_queue_init (&self->queue);
  return self;
}

void
via_line_writer_set_chunk (ViaLineWriter *self,
                           gsize          chunk_bytes)
{
  self->chunk_bytes = chunk_bytes;
}

gboolean
via_line_writer_write (ViaLineWriter  *self,
                       GBytes         *line,
                       GError        **error)
{
  if (self->closed || self->error != NULL)
    {
      g_set_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_NOT_SENT,
                   _("The server no longer reads its input. Connect again, then repeat the call."));
      return FALSE;
    }
  /* A single message may be of any size; a heap of messages that nobody reads may not. */
  if (self->queued + g_queue_get_length (&self->queue) * ENTRY_BYTES > VIA_LIMIT_OUTGOING_BYTES)
    {
      g_set_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_BUSY,
                   _("The server has not read what was sent to it for some time. Wait, or restart it."));
      return FALSE;
    }
  g_queue_push_tail (&self->queue, g_bytes_ref (line));
  g_queue_push_tail (&self->queue, g_bytes_new_static ("\n", 1));
  self->queued += g_bytes_get_size (line) + 1;
  pump (self);
  if (self->error == NULL)
    return TRUE;
  g_set_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_NOT_SENT, _("The message could not be handed to the server: %s"),
               self->error->message);
  return FALSE;
}

gboolean
via_line_writer_is_empty (ViaLineWriter *self)
{
  return g_queue_is_empty (&self->queue);
}

static void
closed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_output_stream_close_finish (G_OUTPUT_STREAM (source), result, NULL);
}

void
via_line_writer_close (ViaLineWriter *self)
{
  if (self->closed)
    return;
  self->closed = TRUE;
  drop_source (&self->source);
  drop_source (&self->report);
  if (self->writing != NULL)
    {
      g_cancellable_cancel (self->writing);
      return; /* the stream closes with its last reference */
    }
  /* Closing a pipe does not wait; other streams are closed by the thread that GIO has for them. */
  if (is_pollable (self))
    g_output_stream_close (self->stream, NULL, NULL);
  else
    g_output_stream_close_async (self->stream, G_PRIORITY_DEFAULT, NULL, closed_cb, NULL);
}

void
via_line_writer_free (ViaLineWriter *self)
{
  via_line_writer_close (self);
  line_writer_unref (self);
}
