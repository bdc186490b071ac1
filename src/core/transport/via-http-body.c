/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-transport"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/via-limits.h"
#include "base/via-text.h"
#include "rpc/via-rpc-error.h"
#include "transport/via-http-session.h"

#define READ_BYTES 65536

/* One body on its way in. */
typedef struct
{
  SoupMessage  *message;
  GInputStream *body;
  gsize         max_bytes;
  GByteArray   *bytes;
} BodyReading;

static void
body_reading_free (BodyReading *reading)
{
  g_clear_object (&reading->message);
  g_clear_object (&reading->body);
  g_clear_pointer (&reading->bytes, g_byte_array_unref);
  g_free (reading);
}

static GError *
create_size_error (gsize max_bytes)
{
  g_autofree char *size = via_text_format_size (max_bytes);

  return g_error_new (VIA_RPC_ERROR, VIA_RPC_ERROR_TOO_LARGE,
                      _("The answer is larger than %s and was not read to its end. Raise security.max_response_size if "
                        "it should be."), size);
}

static void
count_header (const char *name,
              const char *value,
              gpointer    user_data)
{
  ++*(guint *) user_data;
}

static gboolean
is_number (const char *text)
{
  return *text != '\0' && strspn (text, "0123456789") == strlen (text) && strlen (text) < 19;
}

/* Two readers that disagree on where an answer ends can be made to see different answers. */
static GError *
check_framing (SoupMessageHeaders *headers)
{
  const char *length = soup_message_headers_get_list (headers, "Content-Length");
  guint n_headers = 0;

  soup_message_headers_foreach (headers, count_header, &n_headers);
  if (n_headers > VIA_LIMIT_HTTP_HEADERS)
    return g_error_new_literal (VIA_RPC_ERROR, VIA_RPC_ERROR_INVALID,
                                _("The server's answer has too many headers. It was not read."));
  if (length == NULL)
    return NULL;
  if (!is_number (length))
    return g_error_new_literal (VIA_RPC_ERROR, VIA_RPC_ERROR_INVALID,
                                _("The server's answer has a length that is no number, or more than one. It was not read."));
  if (soup_message_headers_get_list (headers, "Transfer-Encoding") != NULL)
    return g_error_new_literal (VIA_RPC_ERROR, VIA_RPC_ERROR_INVALID,
                                _("The server's answer has a length although it is sent in chunks. It was not read."));
  return NULL;
}

GError *
via_http_check_headers (SoupMessage *message)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  const char *encoding = soup_message_headers_get_list (headers, "Content-Encoding");
  g_autofree char *shown = NULL;

  if (encoding == NULL || *encoding == '\0' || g_ascii_strcasecmp (encoding, "identity") == 0)
    return check_framing (headers);
  shown = via_text_clip_line (encoding, 64);
  return g_error_new (VIA_RPC_ERROR, VIA_RPC_ERROR_CONTENT_TYPE,
                      _("The server sent an answer packed as “%s”, although none was asked for. Nothing was unpacked."),
                      shown);
}

/* What the headers alone say against reading the body; NULL when nothing does. */
static GError *
check_headers (BodyReading *reading)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (reading->message);
  GError *error = via_http_check_headers (reading->message);

  if (error == NULL && soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH
      && (guint64) soup_message_headers_get_content_length (headers) > reading->max_bytes)
    error = create_size_error (reading->max_bytes);
  return error;
}

/*
 * libsoup before 3.6.5 takes the end of the connection between two chunks for the end of the body. After a whole body
 * the connection is still open, unless the server announced that it would close it; so an unannounced end is a body cut off.
 */
static gboolean
lost_connection (BodyReading *reading)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (reading->message);
  GInputStream *wire = reading->body;
  char byte;

  if (soup_check_version (3, 6, 5) || soup_message_headers_header_contains (headers, "Connection", "close"))
    return FALSE;
  while (G_IS_FILTER_INPUT_STREAM (wire))
    wire = g_filter_input_stream_get_base_stream (G_FILTER_INPUT_STREAM (wire));
  return G_IS_POLLABLE_INPUT_STREAM (wire)
         && g_pollable_input_stream_is_readable (G_POLLABLE_INPUT_STREAM (wire))
         && g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (wire), &byte, 1, NULL, NULL) == 0;
}

static gboolean
is_truncated (BodyReading *reading)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (reading->message);

  switch (soup_message_headers_get_encoding (headers))
    {
    case SOUP_ENCODING_CONTENT_LENGTH:
      return (guint64) soup_message_headers_get_content_length (headers) != reading->bytes->len;
    case SOUP_ENCODING_CHUNKED:
      return lost_connection (reading);
    default:
      return FALSE;
    }
}

static void
body_read_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  BodyReading *reading = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) chunk = g_input_stream_read_bytes_finish (G_INPUT_STREAM (object), result, &error);
  gsize length = chunk != NULL ? g_bytes_get_size (chunk) : 0;

  if (chunk == NULL)
    g_task_return_error (task, via_http_translate_error (error, reading->message));
  else if (reading->bytes->len + length > reading->max_bytes)
    g_task_return_error (task, create_size_error (reading->max_bytes));
  else if (length > 0)
    {
      g_byte_array_append (reading->bytes, g_bytes_get_data (chunk, NULL), length);
      g_input_stream_read_bytes_async (reading->body, READ_BYTES, G_PRIORITY_DEFAULT, g_task_get_cancellable (task),
                                       body_read_cb, g_object_ref (task));
    }
  else if (is_truncated (reading))
    g_task_return_new_error (task, VIA_RPC_ERROR, VIA_RPC_ERROR_CLOSED,
                             _("The connection ended in the middle of the answer. Whether the request ran is not known."));
  else
    g_task_return_pointer (task, g_byte_array_free_to_bytes (g_steal_pointer (&reading->bytes)),
                           (GDestroyNotify) g_bytes_unref);
}

void
via_http_read_body_async (SoupMessage         *message,
                          GInputStream        *body,
                          gsize                max_bytes,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (message, cancellable, callback, user_data);
  BodyReading *reading = g_new0 (BodyReading, 1);
  GError *error;

  g_task_set_source_tag (task, via_http_read_body_async);
  g_task_set_task_data (task, reading, (GDestroyNotify) body_reading_free);
  reading->message = g_object_ref (message);
  reading->body = g_object_ref (body);
  reading->max_bytes = max_bytes > 0 ? max_bytes : VIA_LIMIT_RESPONSE_BYTES;
  reading->bytes = g_byte_array_new ();

  error = check_headers (reading);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_input_stream_read_bytes_async (body, READ_BYTES, G_PRIORITY_DEFAULT, cancellable, body_read_cb,
                                     g_object_ref (task));
}

GBytes *
via_http_read_body_finish (GAsyncResult *result,
                           GError      **error)
{
  g_return_val_if_fail (G_IS_TASK (result), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
