/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via-rest"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/via-limits.h"
#include "base/via-text.h"
#include "json/via-json-writer.h"
#include "rest/via-rest-client.h"
#include "rpc/via-rpc-error.h"

/* Answers over this many bytes are read by a worker thread: 64 KiB take well under a millisecond. */
#define INLINE_BYTES 65536

/* Tools that were left out and are named as diagnostics, of one list. */
#define SKIPPED_NAMED 20

struct _ViaRestClient
{
  GObject            parent_instance;

  /* owned */
  GUri              *endpoint;
  SoupSession       *session;
  ViaHttpAuthorizer *authorizer; /* nullable */
  char             **allowed_content_types; /* nullable: any */

  gsize              max_response_bytes;
};

G_DEFINE_FINAL_TYPE (ViaRestClient, via_rest_client, G_TYPE_OBJECT)

enum
{
  SIGNAL_DIAGNOSTIC,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/*
 * One request and its answer: authorize → send → read → parse. It has a cancellable of its own, which the caller's and
 * the deadline both end, because libsoup's timeout counts anew with every byte.
 */
typedef struct
{
  SoupMessage  *message;
  GCancellable *cancellable;
  GSource      *deadline;  /* nullable */
  GSource      *left;      /* nullable: the caller cancels */
  GBytes       *body;      /* nullable until read */
  char         *content_type; /* nullable */
  GPtrArray    *skipped;   /* nullable: sentences about tools that were left out */
  guint         timeout_ms;
  gboolean      late;
  void        (*parse) (GTask *task);
} Exchange;

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
exchange_free (gpointer data)
{
  Exchange *exchange = data;

  clear_source (&exchange->deadline);
  clear_source (&exchange->left);
  g_clear_object (&exchange->message);
  g_clear_object (&exchange->cancellable);
  g_clear_pointer (&exchange->body, g_bytes_unref);
  g_clear_pointer (&exchange->skipped, g_ptr_array_unref);
  g_free (exchange->content_type);
  g_free (exchange);
}

static gboolean
late_cb (gpointer user_data)
{
  Exchange *exchange = user_data;

  exchange->late = TRUE;
  g_cancellable_cancel (exchange->cancellable);
  return G_SOURCE_REMOVE;
}

static gboolean
left_cb (GCancellable *cancellable,
         gpointer      user_data)
{
  Exchange *exchange = user_data;

  g_cancellable_cancel (exchange->cancellable);
  return G_SOURCE_REMOVE;
}

/* @error is (transfer full). An exchange that we ended ourselves failed for the reason for which we ended it. */
static void
fail (GTask  *task,
      GError *error)
{
  Exchange *exchange = g_task_get_task_data (task);

  clear_source (&exchange->deadline);
  clear_source (&exchange->left);
  if (exchange->late && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_error_free (error);
      error = g_error_new (VIA_RPC_ERROR, VIA_RPC_ERROR_TIMEOUT,
                           _("No answer within %.3g s. Raise the timeout, or see whether the server is busy."),
                           exchange->timeout_ms / 1000.0);
    }
  g_cancellable_cancel (exchange->cancellable); /* what is still on its way is not wanted any more */
  g_task_return_error (task, error);
}

static void
parse_in_thread (GTask        *task,
                 gpointer      source_object,
                 gpointer      task_data,
                 GCancellable *cancellable)
{
  ((Exchange *) task_data)->parse (task);
}

static void
body_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Exchange *exchange = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr(GBytes) body = via_http_read_body_finish (result, &error);

  if (!SOUP_STATUS_IS_SUCCESSFUL (soup_message_get_status (exchange->message))
      && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      /* A status without a readable body is still a status. */
      g_clear_error (&error);
      fail (task, via_http_status_error (exchange->message, body));
      return;
    }
  if (body == NULL)
    {
      fail (task, error);
      return;
    }

  clear_source (&exchange->deadline);
  clear_source (&exchange->left);
  exchange->body = g_steal_pointer (&body);
  if (g_bytes_get_size (exchange->body) > INLINE_BYTES)
    g_task_run_in_thread (task, parse_in_thread);
  else
    exchange->parse (task);
}

/* NULL, or why an answer of this type is not read. (transfer full) */
static GError *
check_content_type (ViaRestClient *self,
                    Exchange      *exchange)
{
  const char *type = soup_message_headers_get_content_type (soup_message_get_response_headers (exchange->message), NULL);
  g_autofree char *shown = NULL;

  exchange->content_type = g_strdup (type);
  if (type == NULL || self->allowed_content_types == NULL)
    return NULL;
  for (char **allowed = self->allowed_content_types; *allowed != NULL; allowed++)
    if (g_ascii_strcasecmp (*allowed, type) == 0)
      return NULL;

  shown = via_text_clip_line (type, 128);
  return g_error_new (VIA_RPC_ERROR, VIA_RPC_ERROR_CONTENT_TYPE,
                      _("The server answered with “%s”, which security.allowed_content_types does not name. "
                        "Check the endpoint, or add the type."), shown);
}

static void
sent_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  ViaRestClient *self = VIA_REST_CLIENT (g_task_get_source_object (task));
  Exchange *exchange = g_task_get_task_data (task);
  GError *refused = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GInputStream) body = soup_session_send_finish (SOUP_SESSION (source), result, &error);

  if (body == NULL)
    {
      fail (task, via_http_translate_error (error, exchange->message));
      return;
    }
  if (SOUP_STATUS_IS_SUCCESSFUL (soup_message_get_status (exchange->message)))
    refused = check_content_type (self, exchange);
  if (refused != NULL)
    {
      fail (task, refused);
      return;
    }
  via_http_read_body_async (exchange->message, body, self->max_response_bytes, exchange->cancellable,
                            body_cb, g_steal_pointer (&task));
}

static void
send (GTask *task) /* (transfer full) */
{
  ViaRestClient *self = VIA_REST_CLIENT (g_task_get_source_object (task));
  Exchange *exchange = g_task_get_task_data (task);

  soup_session_send_async (self->session, exchange->message, G_PRIORITY_DEFAULT, exchange->cancellable, sent_cb, task);
}

static void
authorized_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;

  if (via_http_authorizer_authorize_finish (VIA_HTTP_AUTHORIZER (source), result, &error))
    send (g_steal_pointer (&task));
  else
    fail (task, error);
}

static void
begin (GTask *task) /* (transfer full) */
{
  ViaRestClient *self = VIA_REST_CLIENT (g_task_get_source_object (task));
  Exchange *exchange = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  g_task_set_check_cancellable (task, FALSE);
  /* POST is not sent again by libsoup; the flag only lets it use a connection that is open already. */
  soup_message_set_flags (exchange->message, SOUP_MESSAGE_NO_REDIRECT | SOUP_MESSAGE_IDEMPOTENT);
  soup_message_headers_replace (soup_message_get_request_headers (exchange->message), "Accept",
                                "application/json, text/plain;q=0.5");
  if (exchange->timeout_ms > 0)
    {
      exchange->deadline = g_timeout_source_new (exchange->timeout_ms);
      g_source_set_callback (exchange->deadline, late_cb, exchange, NULL);
      g_source_attach (exchange->deadline, g_task_get_context (task));
    }
  if (cancellable != NULL)
    {
      exchange->left = g_cancellable_source_new (cancellable);
      g_source_set_callback (exchange->left, G_SOURCE_FUNC (left_cb), exchange, NULL);
      g_source_attach (exchange->left, g_task_get_context (task));
    }

  if (self->authorizer != NULL)
    via_http_authorizer_authorize_async (self->authorizer, exchange->message, exchange->cancellable,
                                         authorized_cb, task);
  else
    send (task);
}

/* Of "{endpoint}/@name", whether or not the endpoint ends with a slash; a query stays at the end. (transfer full) */
static SoupMessage *
make_message (ViaRestClient *self,
              const char    *method,
              const char    *name)
{
  g_autofree char *path = g_strdup (g_uri_get_path (self->endpoint));
  g_autofree char *full_path = NULL;
  g_autoptr(GUri) uri = NULL;
  gsize length = strlen (path);

  while (length > 0 && path[length - 1] == '/')
    path[--length] = '\0';
  full_path = g_strconcat (path, "/", name, NULL);
  uri = soup_uri_copy (self->endpoint, SOUP_URI_PATH, full_path, SOUP_URI_FRAGMENT, NULL, SOUP_URI_NONE);
  return soup_message_new_from_uri (method, uri);
}

static GTask *
make_exchange (ViaRestClient       *self,
               SoupMessage         *message,
               guint                timeout_ms,
               void               (*parse) (GTask *task),
               GCancellable        *cancellable,
               GAsyncReadyCallback  callback,
               gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Exchange *exchange = g_new0 (Exchange, 1);

  exchange->message = message;
  exchange->cancellable = g_cancellable_new ();
  exchange->timeout_ms = timeout_ms;
  exchange->parse = parse;
  g_task_set_task_data (task, exchange, exchange_free);
  return task;
}

static void
add_tool (GPtrArray    *tools,
          GPtrArray    *skipped,
          ViaJsonValue  description)
{
  g_autoptr(GError) error = NULL;
  ViaTool *tool = via_tool_new_from_rest (description, &error);

  if (tool != NULL)
    g_ptr_array_add (tools, tool);
  else if (skipped->len < SKIPPED_NAMED)
    g_ptr_array_add (skipped, via_text_clip_line (error->message, VIA_LIMIT_ERROR_TEXT_BYTES));
}

/* Of a judged list. (transfer full) */
static GPtrArray *
read_tools (ViaJsonValue  list,
            GPtrArray    *skipped)
{
  GPtrArray *tools = g_ptr_array_new_with_free_func (g_object_unref);
  ViaJsonIter iter;
  ViaJsonValue description;

  via_json_iter_init (&iter, list);
  while (tools->len < VIA_LIMIT_TOOLS && via_json_iter_next (&iter, NULL, &description))
    add_tool (tools, skipped, description);
  if (via_json_value_get_size (list) > VIA_LIMIT_TOOLS)
    g_ptr_array_add (skipped, g_strdup_printf (_("Only the first %d tools are offered."), VIA_LIMIT_TOOLS));
  via_tool_categorize (tools);
  return tools;
}

static void
parse_list (GTask *task)
{
  Exchange *exchange = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(ViaJsonDocument) document = via_json_document_new (exchange->body, NULL, &error);
  ViaJsonValue list;

  if (document == NULL)
    {
      g_autofree char *type = via_text_clip_line (exchange->content_type, 128);

      g_task_return_new_error (task, VIA_RPC_ERROR, VIA_RPC_ERROR_INVALID,
                               _("The list of tools is not JSON but “%s” (%s). Check that the endpoint is a REST bridge."),
                               type, error->message);
      return;
    }
  list = via_json_value_get_member (via_json_document_get_root (document), "tools");
  if (!via_json_value_is_array (list))
    {
      g_task_return_new_error (task, VIA_RPC_ERROR, VIA_RPC_ERROR_INVALID,
                               _("The answer has no list called “tools”. Check that the endpoint is a REST bridge."));
      return;
    }
  exchange->skipped = g_ptr_array_new_with_free_func (g_free);
  g_task_return_pointer (task, read_tools (list, exchange->skipped), (GDestroyNotify) g_ptr_array_unref);
}

static void
parse_result (GTask *task)
{
  Exchange *exchange = g_task_get_task_data (task);

  g_task_return_pointer (task, via_tool_result_new_from_body (exchange->body, exchange->content_type),
                         (GDestroyNotify) via_tool_result_unref);
}

void
via_rest_client_list_tools_async (ViaRestClient       *self,
                                  guint                timeout_ms,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  SoupMessage *message;
  GTask *task;

  g_return_if_fail (VIA_IS_REST_CLIENT (self));

  message = make_message (self, SOUP_METHOD_GET, "tools");
  soup_message_headers_set_content_type (soup_message_get_request_headers (message), "application/json", NULL);
  task = make_exchange (self, message, timeout_ms, parse_list, cancellable, callback, user_data);
  g_task_set_source_tag (task, via_rest_client_list_tools_async);
  begin (task);
}

/* ViaTool, (transfer full). Entries that are no tools are left out and said as "diagnostic". Errors: VIA_RPC_ERROR. */
GPtrArray *
via_rest_client_list_tools_finish (ViaRestClient  *self,
                                   GAsyncResult   *result,
                                   GError        **error)
{
  GPtrArray *tools;
  Exchange *exchange;

  g_return_val_if_fail (VIA_IS_REST_CLIENT (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  tools = g_task_propagate_pointer (G_TASK (result), error);
  exchange = g_task_get_task_data (G_TASK (result));
  for (guint i = 0; exchange->skipped != NULL && i < exchange->skipped->len; i++)
    g_signal_emit (self, signals[SIGNAL_DIAGNOSTIC], 0, exchange->skipped->pdata[i]);
  return tools;
}

void
via_rest_client_call_tool_async (ViaRestClient       *self,
                                 const char          *name,
                                 ViaJsonValue         arguments,
                                 guint                timeout_ms,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autoptr(GBytes) body = NULL;
  ViaJsonWriter writer;
  SoupMessage *message;
  GTask *task;

  g_return_if_fail (VIA_IS_REST_CLIENT (self));
  g_return_if_fail (name != NULL);

  via_json_writer_init (&writer);
  via_json_writer_begin_object (&writer);
  via_json_writer_member_string (&writer, "tool", name);
  via_json_writer_key (&writer, "parameters");
  if (via_json_value_is_missing (arguments))
    {
      via_json_writer_begin_object (&writer);
      via_json_writer_end_object (&writer);
    }
  else
    {
      via_json_writer_value (&writer, arguments);
    }
  via_json_writer_end_object (&writer);
  body = via_json_writer_end_bytes (&writer);

  message = make_message (self, SOUP_METHOD_POST, "execute");
  soup_message_set_request_body_from_bytes (message, "application/json", body);
  task = make_exchange (self, message, timeout_ms, parse_result, cancellable, callback, user_data);
  g_task_set_source_tag (task, via_rest_client_call_tool_async);
  begin (task);
}

/* (transfer full). Errors: VIA_RPC_ERROR, G_IO_ERROR_CANCELLED, those of the authorizer. */
ViaToolResult *
via_rest_client_call_tool_finish (ViaRestClient  *self,
                                  GAsyncResult   *result,
                                  GError        **error)
{
  g_return_val_if_fail (VIA_IS_REST_CLIENT (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
via_rest_client_finalize (GObject *object)
{
  ViaRestClient *self = VIA_REST_CLIENT (object);

  g_clear_pointer (&self->endpoint, g_uri_unref);
  g_clear_object (&self->session);
  g_clear_object (&self->authorizer);
  g_clear_pointer (&self->allowed_content_types, g_strfreev);

  G_OBJECT_CLASS (via_rest_client_parent_class)->finalize (object);
}

static void
via_rest_client_class_init (ViaRestClientClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = via_rest_client_finalize;

  signals[SIGNAL_DIAGNOSTIC] = g_signal_new ("diagnostic", VIA_TYPE_REST_CLIENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                             G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
via_rest_client_init (ViaRestClient *self)
{
}

/* @endpoint has passed via_http_check_endpoint (). @authorizer (nullable). (transfer full) */
ViaRestClient *
via_rest_client_new (const char            *endpoint,
                     const ViaHttpSettings *settings,
                     ViaHttpAuthorizer     *authorizer)
{
  ViaRestClient *self;
  GUri *uri;

  g_return_val_if_fail (endpoint != NULL, NULL);
  g_return_val_if_fail (settings != NULL, NULL);

  uri = g_uri_parse (endpoint, SOUP_HTTP_URI_FLAGS, NULL);
  g_return_val_if_fail (uri != NULL, NULL);

  self = g_object_new (VIA_TYPE_REST_CLIENT, NULL);
  self->endpoint = uri;
  self->session = via_http_session_new (settings);
  g_set_object (&self->authorizer, authorizer);
  self->allowed_content_types = g_strdupv ((char **) settings->allowed_content_types);
  self->max_response_bytes = settings->max_response_bytes;
  return self;
}
