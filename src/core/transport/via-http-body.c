/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-transport"

#include "config.h"

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
                      "The answer is larger than %s and was not read to its end. Raise security.max_response_size if "
                      "it should be.", size);
}

/* What the headers alone say against reading the body; NULL when nothing does. */
static GError *
check_headers (BodyReading *reading)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (reading->message);
  const char *encoding = soup_message_headers_get_one (headers, "Content-Encoding");

  if (encoding != NULL && g_ascii_strcasecmp (encoding, "identity") != 0)
    {
      g_autofree char *shown = via_text_clip_line (encoding, 64);

      return g_error_new (VIA_RPC_ERROR, VIA_RPC_ERROR_CONTENT_TYPE,
                          "The server sent an answer packed as “%s”, although none was asked for. Nothing was unpacked.",
                          shown);
    }
  if (soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH
      && (guint64) soup_message_headers_get_content_length (headers) > reading->max_bytes)
    return create_size_error (reading->max_bytes);
  return NULL;
}

/* libsoup below 3.6.5 takes a body that ends early for a whole one. */
static gboolean
is_truncated (BodyReading *reading)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (reading->message);

  return soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH
         && (guint64) soup_message_headers_get_content_length (headers) != reading->bytes->len;
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
                             "The connection ended in the middle of the answer. Whether the request ran is not known.");
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
