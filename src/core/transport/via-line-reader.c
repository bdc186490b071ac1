/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-transport"
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "rpc/via-rpc-error.h"
#include "transport/via-line-reader.h"

#define CHUNK_BYTES (64 * 1024)

struct _ViaLineReader
{
  GInputStream    *stream;
  gsize            max_bytes;
  ViaLineOverflow  overflow;
  ViaLineFuncs     funcs;
  gpointer         data;

  GSource         *source;  /* while waiting on a pollable stream */
  GCancellable    *reading; /* while a read on another stream is under way */
  GByteArray      *partial; /* the beginning of a line whose end has not come */
  gsize            at;      /* in @chunk */
  gsize            filled;
  gboolean         paused;
  gboolean         stopped;
  gboolean         processing;
  char             chunk[CHUNK_BYTES];
};

static void read_more (ViaLineReader *self);

static void
line_reader_clear (gpointer data)
{
  ViaLineReader *self = data;

  g_byte_array_unref (self->partial);
  g_object_unref (self->stream);
}

static void
line_reader_unref (ViaLineReader *self)
{
  g_rc_box_release_full (self, line_reader_clear);
}

static void
drop_source (ViaLineReader *self)
{
  if (self->source == NULL)
    return;
  g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
}

static void
end_reading (ViaLineReader *self,
             const GError  *error)
{
  if (self->stopped)
    return;
  via_line_reader_stop (self);
  self->funcs.end (error, self->data);
}

static void
emit_line (ViaLineReader *self,
           const char    *start,
           gsize          length)
{
  g_autoptr(GBytes) line = NULL;

  if (self->partial->len > 0)
    {
      g_byte_array_append (self->partial, (const guint8 *) start, (guint) length);
      if (self->partial->data[self->partial->len - 1] == '\r')
        g_byte_array_set_size (self->partial, self->partial->len - 1);
      line = g_byte_array_free_to_bytes (self->partial);
      self->partial = g_byte_array_new ();
    }
  else
    {
      if (length > 0 && start[length - 1] == '\r')
        length--;
      line = g_bytes_new (start, length);
    }
  if (g_bytes_get_size (line) > 0)
    self->funcs.line (line, self->data);
}

static void
refuse_line (ViaLineReader *self)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *cap = g_format_size_full (self->max_bytes, G_FORMAT_SIZE_IEC_UNITS);

  g_set_error (&error, VIA_RPC_ERROR, VIA_RPC_ERROR_TOO_LARGE,
               _("The server sent a line of more than %s. Raise security.max_response_size if such answers are expected."),
               cap);
  end_reading (self, error);
}

static void
take_next_line (ViaLineReader *self)
{
  const char *start = self->chunk + self->at;
  gsize left = self->filled - self->at;
  const char *newline = memchr (start, '\n', left);
  gsize take = newline != NULL ? (gsize) (newline - start) : left;

  if (self->partial->len + take > self->max_bytes)
    {
      if (self->overflow == VIA_LINE_REFUSE)
        {
          refuse_line (self);
          return;
        }
      take = self->max_bytes - self->partial->len;
      self->at += take;
      emit_line (self, start, take);
    }
  else if (newline == NULL)
    {
      g_byte_array_append (self->partial, (const guint8 *) start, (guint) take);
      self->at = self->filled;
    }
  else
    {
      self->at += take + 1;
      emit_line (self, start, take);
    }
}

static void
process_chunk (ViaLineReader *self)
{
  self->processing = TRUE;
  while (!self->stopped && !self->paused && self->at < self->filled)
    take_next_line (self);
  self->processing = FALSE;
}

/* TRUE when reading goes on. */
static gboolean
take_read (ViaLineReader *self,
           gssize         n_read,
           GError        *error)
{
  if (n_read > 0)
    {
      self->at = 0;
      self->filled = (gsize) n_read;
      process_chunk (self);
      return !self->stopped;
    }
  if (n_read == 0 && self->partial->len > 0)
    emit_line (self, "", 0);
  end_reading (self, n_read < 0 ? error : NULL);
  return FALSE;
}

static gboolean
readable_cb (GObject  *stream,
             gpointer  user_data)
{
  g_autoptr(GError) error = NULL;
  ViaLineReader *self = g_rc_box_acquire (user_data);
  gssize n_read;

  n_read = g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (stream), self->chunk,
                                                     CHUNK_BYTES, NULL, &error);
  if (n_read >= 0 || !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    take_read (self, n_read, error);
  line_reader_unref (self);
  /* A pause or stop has destroyed the source itself. */
  return G_SOURCE_CONTINUE;
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  ViaLineReader *self = user_data;
  gssize n_read = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error);

  g_clear_object (&self->reading);
  if (!self->stopped && take_read (self, n_read, error) && !self->paused)
    read_more (self);
  line_reader_unref (self);
}

static void
read_more (ViaLineReader *self)
{
  if (G_IS_POLLABLE_INPUT_STREAM (self->stream)
      && g_pollable_input_stream_can_poll (G_POLLABLE_INPUT_STREAM (self->stream)))
    {
      if (self->source != NULL)
        return;
      self->source = g_pollable_input_stream_create_source (G_POLLABLE_INPUT_STREAM (self->stream), NULL);
      g_source_set_callback (self->source, G_SOURCE_FUNC (readable_cb), self, NULL);
      g_source_attach (self->source, g_main_context_get_thread_default ());
      return;
    }
  if (self->reading != NULL)
    return;
  self->reading = g_cancellable_new ();
  g_input_stream_read_async (self->stream, self->chunk, CHUNK_BYTES, G_PRIORITY_DEFAULT, self->reading,
                             read_cb, g_rc_box_acquire (self));
}

ViaLineReader *
via_line_reader_new (GInputStream       *stream,
                     gsize               max_bytes,
                     ViaLineOverflow     overflow,
                     const ViaLineFuncs *funcs,
                     gpointer            data)
{
  ViaLineReader *self = g_rc_box_new0 (ViaLineReader);

  self->stream = g_object_ref (stream);
  self->max_bytes = max_bytes;
  self->overflow = overflow;
  self->funcs = *funcs;
  self->data = data;
  self->partial = g_byte_array_new ();
  self->paused = TRUE;
  return self;
}

void
via_line_reader_pause (ViaLineReader *self)
{
  self->paused = TRUE;
  drop_source (self);
}

void
via_line_reader_resume (ViaLineReader *self)
{
  if (self->stopped || !self->paused)
    return;
  self->paused = FALSE;
  g_rc_box_acquire (self);
  if (!self->processing)
    process_chunk (self);
  if (!self->stopped && !self->paused)
    read_more (self);
  line_reader_unref (self);
}

void
via_line_reader_stop (ViaLineReader *self)
{
  self->stopped = TRUE;
  drop_source (self);
  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
}

void
via_line_reader_free (ViaLineReader *self)
{
  via_line_reader_stop (self);
  line_reader_unref (self);
}
