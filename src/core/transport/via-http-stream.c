/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-transport"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/via-limits.h"
#include "transport/via-http-exchange-private.h"

#define READ_BYTES 65536

/* Waits before a stream without `retry` is taken up again: the official SDK's figures. */
#define FIRST_WAIT_MS 1000
#define LONGEST_WAIT_MS 30000
#define LEAST_WAIT_MS 50 /* a server that asks for none and ends each stream at once would keep us busy */

static void read_next (ViaHttpExchange *self);

/* --- what the owner hears, as long as there is one --- */

static void
tell_message (ViaHttpExchange *self,
              ViaRpcMessage   *message)
{
  g_autoptr(GObject) owner = g_weak_ref_get (&self->owner);

  if (owner != NULL)
    self->setup.message (message, owner);
}

static void
tell_diagnostic (ViaHttpExchange *self,
                 const char      *text)
{
  g_autoptr(GObject) owner = g_weak_ref_get (&self->owner);

  if (owner != NULL)
    self->setup.diagnostic (text, owner);
}

static void
fail_closed (ViaHttpExchange *self,
             const char      *text)
{
  via_http_exchange_fail (self, g_error_new_literal (VIA_RPC_ERROR, VIA_RPC_ERROR_CLOSED, text));
}

/* --- resuming a legacy stream (2025-11-25 transports, resumability) --- */

static gboolean
resume_cb (gpointer user_data)
{
  ViaHttpExchange *self = user_data;
  g_autoptr(GError) error = NULL;

  g_clear_pointer (&self->timer, g_source_unref);
  if (g_cancellable_set_error_if_cancelled (self->cancellable, &error))
    via_http_exchange_fail (self, g_steal_pointer (&error));
  else
    via_http_exchange_start_request (self);
  return G_SOURCE_REMOVE;
}

static gboolean
can_resume (ViaHttpExchange *self)
{
  return self->setup.resumable && self->task != NULL && self->resumptions < VIA_LIMIT_SSE_RESUMPTIONS
         && (self->body == NULL || (self->last_event_id != NULL && *self->last_event_id != '\0'));
}

static void
resume_later (ViaHttpExchange *self)
{
  gint64 wait = self->retry;

  if (wait < 0)
    {
      wait = FIRST_WAIT_MS;
      for (guint i = 0; i < self->resumptions && wait < LONGEST_WAIT_MS; i++)
        wait = MIN (wait * 3 / 2, LONGEST_WAIT_MS);
    }
  self->resumptions++;
  tell_diagnostic (self, _("The server's stream ended early and is taken up again."));
  via_http_exchange_set_timer (self, MAX (wait, LEAST_WAIT_MS), resume_cb);
}

/* The stream is over. Its answer may have been on it, may still come on the next one, or never will. */
void
via_http_exchange_end_stream (ViaHttpExchange *self,
                              const GError    *error)
{
  self->ended = TRUE;
  if (self->answered || self->task == NULL)
    {
      via_http_exchange_succeed (self);
      via_http_exchange_drop_timer (self);
    }
  else if (g_cancellable_is_cancelled (self->cancellable))
    via_http_exchange_fail (self, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, _("The request was cancelled.")));
  else if (self->fault != NULL && self->id >= 0)
    via_http_exchange_fail (self, g_steal_pointer (&self->fault));
  else if (can_resume (self))
    resume_later (self);
  else if (error != NULL)
    via_http_exchange_fail (self, via_http_translate_error (error, self->message));
  else
    fail_closed (self, _("The server ended its stream before the answer came. Whether the request ran is not known."));
}

/* --- messages --- */

/* The first bad message of a stream is kept: if no answer comes, it was the answer. */
static void
take_fault (ViaHttpExchange *self,
            const GError    *error)
{
  g_autofree char *note = g_strdup_printf (_("A message of the server was skipped: %s"), error->message);

  tell_diagnostic (self, note);
  if (self->fault == NULL)
    self->fault = g_error_new (VIA_RPC_ERROR, VIA_RPC_ERROR_INVALID, _("The server's answer cannot be used: %s"),
                               error->message);
}

static gboolean
is_answer (ViaHttpExchange *self,
           ViaRpcMessage   *message)
{
  gint64 id;

  return self->id >= 0 && via_rpc_message_get_method (message) == NULL
         && via_rpc_message_get_own_id (message, &id) && id == self->id;
}

static void
taken_cb (ViaRpcMessage *message,
          GBytes        *text,
          const GError  *error,
          gpointer       data)
{
  g_autoptr(ViaHttpExchange) self = via_http_exchange_ref (data);

  if (message == NULL)
    {
      take_fault (self, error);
      return;
    }
  self->resumptions = 0;
  /* An error for nobody in particular, on a connection that is only about this request. */
  if (self->id >= 0 && self->task != NULL && via_rpc_message_get_kind (message) == VIA_RPC_FAILURE
      && via_json_value_is_missing (via_rpc_message_get_id (message)))
    {
      via_http_exchange_fail (self, via_rpc_error_new_remote (via_rpc_message_get_error (message)));
      return;
    }
  if (is_answer (self, message))
    self->answered = TRUE;
  tell_message (self, message);
  if (self->answered)
    via_http_exchange_succeed (self);
}

/* TRUE when a message is being judged on a thread: idle_cb () goes on, and until then the exchange must stay. */
static gboolean
is_busy (ViaHttpExchange *self)
{
  if (!via_inbox_is_busy (self->inbox))
    return FALSE;
  if (!self->held)
    via_http_exchange_ref (self);
  self->held = TRUE;
  return TRUE;
}

static void
idle_cb (gpointer data)
{
  ViaHttpExchange *held = data;
  g_autoptr(ViaHttpExchange) self = held->held ? held : via_http_exchange_ref (held);

  self->held = FALSE;
  if (self->ended)
    via_http_exchange_end_stream (self, NULL);
  else
    read_next (self);
}

static void
event_cb (const ViaSseEvent *event,
          gpointer           user_data)
{
  ViaHttpExchange *self = user_data;

  /* A stream that is taken up again goes on counting where the old one stopped. */
  if (*event->id != '\0')
    {
      g_free (self->last_event_id);
      self->last_event_id = g_strdup (event->id);
    }
  /* Other types are of servers with habits of their own; a priming event has no data. */
  if (g_bytes_get_size (event->data) > 0 && g_strcmp0 (event->type, "message") == 0)
    via_inbox_push (self->inbox, event->data);
}

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(ViaHttpExchange) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (object), result, &error);

  if (bytes == NULL || g_bytes_get_size (bytes) == 0)
    {
      self->ended = TRUE;
      if (!is_busy (self))
        via_http_exchange_end_stream (self, error);
      return;
    }
  if (!via_sse_parser_feed (self->parser, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &error))
    {
      via_http_exchange_fail (self, g_steal_pointer (&error));
      return;
    }
  if (via_sse_parser_get_retry (self->parser) >= 0)
    self->retry = via_sse_parser_get_retry (self->parser);
  if (!is_busy (self))
    read_next (self);
}

static void
read_next (ViaHttpExchange *self)
{
  g_input_stream_read_bytes_async (self->stream, READ_BYTES, G_PRIORITY_DEFAULT, self->cancellable, read_cb,
                                   via_http_exchange_ref (self));
}

void
via_http_exchange_begin_stream (ViaHttpExchange *self)
{
  GError *error = via_http_check_headers (self->message);

  if (error != NULL)
    {
      via_http_exchange_fail (self, error);
      return;
    }
  g_clear_pointer (&self->parser, via_sse_parser_free);
  self->parser = via_sse_parser_new (self->setup.max_response_bytes, event_cb, self);
  self->ended = FALSE;
  read_next (self);
}

void
via_http_exchange_take_body (ViaHttpExchange *self,
                             GBytes          *body)
{
  if (g_bytes_get_size (body) == 0)
    {
      fail_closed (self, _("The server's answer is empty. Whether the request ran is not known."));
      return;
    }
  via_inbox_push (self->inbox, body);
  if (!is_busy (self))
    via_http_exchange_end_stream (self, NULL);
}

ViaInbox *
via_http_exchange_new_inbox (ViaHttpExchange *self)
{
  static const ViaInboxFuncs funcs = { taken_cb, idle_cb };

  return via_inbox_new (&funcs, self);
}
