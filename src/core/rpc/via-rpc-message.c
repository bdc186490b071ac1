/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-rpc"
#include "config.h"

#include <glib/gi18n-lib.h>

#include "json/via-json-writer.h"
#include "rpc/via-rpc-error.h"
#include "rpc/via-rpc-message.h"

/* Texts from here on are judged on a worker thread; below, starting one costs more than it saves. */
#define WORKER_BYTES (256 * 1024)

struct _ViaRpcMessage
{
  gatomicrefcount  ref_count;
  ViaJsonDocument *document;
  ViaRpcKind       kind;
  ViaJsonValue     id;
  char            *method;
  ViaJsonValue     body; /* params, result or error, by kind */
};

G_DEFINE_BOXED_TYPE (ViaRpcMessage, via_rpc_message, via_rpc_message_ref, via_rpc_message_unref)

static gboolean
fail_invalid (GError     **error,
              const char  *what)
{
  /* translators: then what is wrong with the message, such as “it is not an object” */
  g_set_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_INVALID, _("This is not a JSON-RPC 2.0 message: %s."), what);
  return FALSE;
}

/* Strings and integers (JSON-RPC 2.0 section 4; MCP forbids null). */
static gboolean
check_id (ViaJsonValue   id,
          GError       **error)
{
  gint64 number;

  if (via_json_value_is_string (id) || via_json_value_get_int64 (id, &number))
    return TRUE;
  return fail_invalid (error, _("its id is neither a string nor an integer"));
}

static gboolean
judge_call (ViaRpcMessage  *self,
            ViaJsonValue    root,
            ViaJsonValue    method,
            GError        **error)
{
  ViaJsonValue params = via_json_value_get_member (root, "params");
  ViaJsonType type = via_json_value_get_json_type (params);

  if (!via_json_value_is_string (method))
    return fail_invalid (error, _("its method is not a string"));
  if (!via_json_value_is_missing (via_json_value_get_member (root, "result"))
      || !via_json_value_is_missing (via_json_value_get_member (root, "error")))
    return fail_invalid (error, _("it is a call and an answer at once"));
  if (type != VIA_JSON_MISSING && type != VIA_JSON_NULL && type != VIA_JSON_OBJECT && type != VIA_JSON_ARRAY)
    return fail_invalid (error, _("its params are neither an object nor an array"));
  self->kind = via_json_value_is_missing (self->id) ? VIA_RPC_NOTIFICATION : VIA_RPC_REQUEST;
  if (self->kind == VIA_RPC_REQUEST && !check_id (self->id, error))
    return FALSE;
  self->method = via_json_value_dup_string (method);
  self->body = type == VIA_JSON_NULL ? via_json_value_missing () : params;
  return TRUE;
}

static gboolean
judge_answer (ViaRpcMessage  *self,
              ViaJsonValue    root,
              ViaJsonValue    result,
              GError        **error)
{
  ViaJsonValue failure = via_json_value_get_member (root, "error");

  if (via_json_value_is_missing (result) == via_json_value_is_missing (failure))
    return fail_invalid (error, via_json_value_is_missing (result)
                         ? _("it has neither a method nor a result nor an error")
                         : _("it has both a result and an error"));
  if (!via_json_value_is_missing (result))
    {
      self->kind = VIA_RPC_RESULT;
      self->body = result;
      return check_id (self->id, error);
    }
  if (!via_json_value_is_object (failure))
    return fail_invalid (error, _("its error is not an object"));
  self->kind = VIA_RPC_FAILURE;
  self->body = failure;
  if (via_json_value_is_missing (self->id) || via_json_value_get_json_type (self->id) == VIA_JSON_NULL)
    {
      self->id = via_json_value_missing ();
      return TRUE;
    }
  return check_id (self->id, error);
}

static gboolean
judge (ViaRpcMessage  *self,
       GError        **error)
{
  ViaJsonValue root = via_json_document_get_root (self->document);
  ViaJsonValue method, result;

  if (via_json_value_is_array (root))
    return fail_invalid (error, _("it is a batch, which MCP does not use"));
  if (!via_json_value_is_object (root))
    return fail_invalid (error, _("it is not an object"));
  method = via_json_value_get_member (root, "method");
  result = via_json_value_get_member (root, "result");
  if (!via_json_document_check_regular (self->document, result, error))
    return FALSE;
  if (!via_json_value_equals_string (via_json_value_get_member (root, "jsonrpc"), "2.0"))
    return fail_invalid (error, _("its “jsonrpc” is not “2.0”"));
  self->id = via_json_value_get_member (root, "id");
  if (!via_json_value_is_missing (method))
    return judge_call (self, root, method, error);
  return judge_answer (self, root, result, error);
}

ViaRpcMessage *
via_rpc_message_new (GBytes               *bytes,
                     const ViaJsonLimits  *limits,
                     GError              **error)
{
  ViaJsonDocument *document = via_json_document_new (bytes, limits, error);
  ViaRpcMessage *self;

  if (document == NULL)
    return NULL;
  self = g_new0 (ViaRpcMessage, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->document = document;
  if (!judge (self, error))
    g_clear_pointer (&self, via_rpc_message_unref);
  return self;
}

typedef struct
{
  GBytes        *bytes;
  ViaJsonLimits  limits;
  gboolean       has_limits;
} ParseJob;

static void
parse_job_free (gpointer data)
{
  ParseJob *job = data;

  g_bytes_unref (job->bytes);
  g_free (job);
}

static void
parse_in_thread (GTask        *task,
                 gpointer      source_object,
                 gpointer      task_data,
                 GCancellable *cancellable)
{
  ParseJob *job = task_data;
  GError *error = NULL;
  ViaRpcMessage *message = via_rpc_message_new (job->bytes, job->has_limits ? &job->limits : NULL, &error);

  if (message != NULL)
    g_task_return_pointer (task, message, (GDestroyNotify) via_rpc_message_unref);
  else
    g_task_return_error (task, error);
}

gboolean
via_rpc_message_is_large (GBytes *bytes)
{
  return g_bytes_get_size (bytes) >= WORKER_BYTES;
}

void
via_rpc_message_new_async (GBytes              *bytes,
                           const ViaJsonLimits *limits,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  ParseJob *job = g_new0 (ParseJob, 1);

  g_task_set_source_tag (task, via_rpc_message_new_async);
  job->bytes = g_bytes_ref (bytes);
  job->has_limits = limits != NULL;
  if (limits != NULL)
    job->limits = *limits;
  g_task_set_task_data (task, job, parse_job_free);
  if (via_rpc_message_is_large (bytes))
    g_task_run_in_thread (task, parse_in_thread);
  else
    parse_in_thread (task, NULL, job, cancellable);
}

ViaRpcMessage *
via_rpc_message_new_finish (GAsyncResult  *result,
                            GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

ViaRpcMessage *
via_rpc_message_ref (ViaRpcMessage *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
via_rpc_message_unref (ViaRpcMessage *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  via_json_document_unref (self->document);
  g_free (self->method);
  g_free (self);
}

ViaRpcKind
via_rpc_message_get_kind (const ViaRpcMessage *self)
{
  return self->kind;
}

GBytes *
via_rpc_message_get_bytes (const ViaRpcMessage *self)
{
  return via_json_document_get_bytes (self->document);
}

ViaJsonDocument *
via_rpc_message_get_document (const ViaRpcMessage *self)
{
  return self->document;
}

const char *
via_rpc_message_get_method (const ViaRpcMessage *self)
{
  return self->method;
}

ViaJsonValue
via_rpc_message_get_id (const ViaRpcMessage *self)
{
  return self->id;
}

gboolean
via_rpc_message_get_own_id (const ViaRpcMessage *self,
                            gint64              *id)
{
  return via_json_value_get_int64 (self->id, id);
}

ViaJsonValue
via_rpc_message_get_params (const ViaRpcMessage *self)
{
  return self->method != NULL ? self->body : via_json_value_missing ();
}

ViaJsonValue
via_rpc_message_get_result (const ViaRpcMessage *self)
{
  return self->kind == VIA_RPC_RESULT ? self->body : via_json_value_missing ();
}

ViaJsonValue
via_rpc_message_get_error (const ViaRpcMessage *self)
{
  return self->kind == VIA_RPC_FAILURE ? self->body : via_json_value_missing ();
}

static void
begin_message (ViaJsonWriter *writer)
{
  via_json_writer_init (writer);
  via_json_writer_begin_object (writer);
  via_json_writer_member_string (writer, "jsonrpc", "2.0");
}

static GBytes *
end_message (ViaJsonWriter *writer)
{
  via_json_writer_end_object (writer);
  return via_json_writer_end_bytes (writer);
}

GBytes *
via_rpc_write_request (gint64        id,
                       const char   *method,
                       ViaJsonValue  params)
{
  ViaJsonWriter writer;

  begin_message (&writer);
  via_json_writer_member_int (&writer, "id", id);
  via_json_writer_member_string (&writer, "method", method);
  if (!via_json_value_is_missing (params))
    via_json_writer_member_value (&writer, "params", params);
  return end_message (&writer);
}

GBytes *
via_rpc_write_notification (const char   *method,
                            ViaJsonValue  params)
{
  ViaJsonWriter writer;

  begin_message (&writer);
  via_json_writer_member_string (&writer, "method", method);
  if (!via_json_value_is_missing (params))
    via_json_writer_member_value (&writer, "params", params);
  return end_message (&writer);
}

GBytes *
via_rpc_write_result (ViaJsonValue id,
                      ViaJsonValue result)
{
  ViaJsonWriter writer;

  begin_message (&writer);
  via_json_writer_member_value (&writer, "id", id);
  via_json_writer_key (&writer, "result");
  if (via_json_value_is_missing (result))
    {
      via_json_writer_begin_object (&writer);
      via_json_writer_end_object (&writer);
    }
  else
    via_json_writer_value (&writer, result);
  return end_message (&writer);
}

GBytes *
via_rpc_write_failure (ViaJsonValue  id,
                       int           code,
                       const char   *message,
                       ViaJsonValue  data)
{
  ViaJsonWriter writer;

  begin_message (&writer);
  via_json_writer_member_value (&writer, "id", id);
  via_json_writer_key (&writer, "error");
  via_json_writer_begin_object (&writer);
  via_json_writer_member_int (&writer, "code", code);
  via_json_writer_member_string (&writer, "message", message != NULL ? message : "");
  if (!via_json_value_is_missing (data))
    via_json_writer_member_value (&writer, "data", data);
  via_json_writer_end_object (&writer);
  return end_message (&writer);
}
