/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-transport"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/via-limits.h"
#include "rpc/via-rpc-error.h"
#include "transport/via-sse-parser.h"

/* Lines are collected until their end has come, whichever reads brought them; only whole lines are looked at. */
struct _ViaSseParser
{
  gsize            max_event_bytes;
  ViaSseEventFunc  func;
  gpointer         user_data;

  GByteArray      *line;      /* of the line that has not ended yet */
  GByteArray      *data;      /* of the event that has not ended yet, a line feed after each line */
  GString         *type;
  GString         *id;        /* as the last id field had it */
  GString         *last_id;   /* of the last event that ended: the place to resume at is after it, not in it */
  gint64           retry;
  gboolean         has_field; /* the event has data or an id, so that a blank line ends something */
  gboolean         after_cr;  /* a line feed that comes next belongs to the carriage return before it */
  gboolean         started;   /* past a byte order mark, if there was one */
};

ViaSseParser *
via_sse_parser_new (gsize           max_event_bytes,
                    ViaSseEventFunc func,
                    gpointer        user_data)
{
  ViaSseParser *self = g_new0 (ViaSseParser, 1);

  self->max_event_bytes = max_event_bytes > 0 ? max_event_bytes : VIA_LIMIT_RESPONSE_BYTES;
  self->func = func;
  self->user_data = user_data;
  self->line = g_byte_array_new ();
  self->data = g_byte_array_new ();
  self->type = g_string_new (NULL);
  self->id = g_string_new (NULL);
  self->last_id = g_string_new (NULL);
  self->retry = -1;
  return self;
}

void
via_sse_parser_free (ViaSseParser *self)
{
  g_byte_array_unref (self->line);
  g_byte_array_unref (self->data);
  g_string_free (self->type, TRUE);
  g_string_free (self->id, TRUE);
  g_string_free (self->last_id, TRUE);
  g_free (self);
}

static void
dispatch (ViaSseParser *self)
{
  g_autoptr(GByteArray) data = g_steal_pointer (&self->data);
  g_autoptr(GBytes) bytes = NULL;
  ViaSseEvent event;

  self->data = g_byte_array_new ();
  if (data->len > 0)
    g_byte_array_set_size (data, data->len - 1);
  bytes = g_byte_array_free_to_bytes (g_steal_pointer (&data));
  event.type = self->type->len > 0 ? self->type->str : "message";
  event.data = bytes;
  event.id = self->id->str;
  self->func (&event, self->user_data);
}

/* A blank line. The standard drops an event without data; a priming event with an id must be seen all the same. */
static void
end_event (ViaSseParser *self)
{
  g_string_assign (self->last_id, self->id->str);
  if (self->has_field)
    dispatch (self);
  self->has_field = FALSE;
  g_string_truncate (self->type, 0);
}

static void
take_retry (ViaSseParser *self,
            const char   *value,
            gsize         length)
{
  gint64 wait = 0;

  if (length == 0)
    return;
  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_isdigit (value[i]))
        return;
      wait = MIN (wait * 10 + g_ascii_digit_value (value[i]), VIA_LIMIT_SSE_RETRY_MS);
    }
  self->retry = wait;
}

static void
take_field (ViaSseParser *self,
            const char   *name,
            gsize         name_length,
            const char   *value,
            gsize         length)
{
#define IS_FIELD(text) (name_length == strlen (text) && memcmp (name, text, name_length) == 0)
  if (IS_FIELD ("data"))
    {
      g_byte_array_append (self->data, (const guint8 *) value, length);
      g_byte_array_append (self->data, (const guint8 *) "\n", 1);
      self->has_field = TRUE;
    }
  else if (IS_FIELD ("event"))
    {
      g_string_truncate (self->type, 0);
      g_string_append_len (self->type, value, MIN (length, 256));
    }
  else if (IS_FIELD ("id") && length <= VIA_LIMIT_SSE_EVENT_ID_BYTES && memchr (value, '\0', length) == NULL)
    {
      g_string_truncate (self->id, 0);
      g_string_append_len (self->id, value, length);
      self->has_field = TRUE;
    }
  else if (IS_FIELD ("retry"))
    take_retry (self, value, length);
#undef IS_FIELD
}

static void
end_line (ViaSseParser *self,
          const char   *line,
          gsize         length)
{
  const char *colon, *value;

  if (!self->started && length >= 3 && memcmp (line, "\xef\xbb\xbf", 3) == 0)
    line += 3, length -= 3;
  self->started = TRUE;
  if (length == 0)
    {
      end_event (self);
      return;
    }
  colon = memchr (line, ':', length);
  if (colon == line)
    return;
  if (colon == NULL)
    {
      take_field (self, line, length, "", 0);
      return;
    }
  value = colon + 1;
  if (value < line + length && *value == ' ')
    value++;
  take_field (self, line, colon - line, value, line + length - value);
}

/* The first CR or LF at or after @text, or NULL. */
static const char *
find_end (const char *text,
          gsize       length)
{
  const char *feed = memchr (text, '\n', length);
  const char *carriage = memchr (text, '\r', feed != NULL ? (gsize) (feed - text) : length);

  return carriage != NULL ? carriage : feed;
}

/* A line of an event may be as long as the event; comments and other fields share that cap. */
static gboolean
check_size (ViaSseParser *self,
            gsize         more,
            GError      **error)
{
  if (self->line->len + more <= self->max_event_bytes + VIA_LIMIT_SSE_LINE_SLACK
      && self->data->len + self->line->len + more <= self->max_event_bytes + VIA_LIMIT_SSE_LINE_SLACK)
    return TRUE;
  g_set_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_TOO_LARGE,
               _("One event of the server's stream is larger than %zu bytes and was not read to its end. "
                 "Raise security.max_response_size if it should be."), self->max_event_bytes);
  return FALSE;
}

gboolean
via_sse_parser_feed (ViaSseParser *self,
                     const char   *bytes,
                     gsize         length,
                     GError      **error)
{
  while (length > 0)
    {
      const char *end;
      gsize part;

      if (self->after_cr && *bytes == '\n')
        bytes++, length--;
      self->after_cr = FALSE;
      end = find_end (bytes, length);
      part = end != NULL ? (gsize) (end - bytes) : length;
      if (!check_size (self, part, error))
        return FALSE;
      if (end == NULL)
        {
          g_byte_array_append (self->line, (const guint8 *) bytes, part);
          break;
        }
      self->after_cr = *end == '\r';
      if (self->line->len == 0)
        end_line (self, bytes, part);
      else
        {
          g_byte_array_append (self->line, (const guint8 *) bytes, part);
          end_line (self, (const char *) self->line->data, self->line->len);
          g_byte_array_set_size (self->line, 0);
        }
      bytes += part + 1;
      length -= part + 1;
    }
  return TRUE;
}

gint64
via_sse_parser_get_retry (ViaSseParser *self)
{
  return self->retry;
}

const char *
via_sse_parser_get_last_event_id (ViaSseParser *self)
{
  return self->last_id->str;
}
