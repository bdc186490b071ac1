/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rpc/via-rpc-error.h"
#include "via-fake-backend.h"

#define VIA_TYPE_FAKE_BACKEND (via_fake_backend_get_type ())
G_DECLARE_FINAL_TYPE (ViaFakeBackend, via_fake_backend, VIA, FAKE_BACKEND, GObject)

struct _ViaFakeBackend
{
  GObject        parent_instance;
  ViaFakeScript *script;
  gboolean       connected;
};

static void via_fake_backend_iface_init (ViaBackendInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ViaFakeBackend, via_fake_backend, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (VIA_TYPE_BACKEND, via_fake_backend_iface_init))

/* How a task ends once it is let go. */
typedef void (*Ending) (GTask *task);

static gboolean
held_cancelled_cb (GCancellable *cancellable,
                   gpointer      user_data)
{
  g_autoptr(GTask) task = g_object_ref (user_data);
  ViaFakeBackend *self = VIA_FAKE_BACKEND (g_task_get_source_object (task));

  g_assert_true (g_ptr_array_remove (self->script->held, task));
  self->script->n_cancelled++;
  g_task_return_error_if_cancelled (task);
  return G_SOURCE_REMOVE;
}

static void
destroy_source (gpointer source)
{
  g_source_destroy (source);
  g_source_unref (source);
}

/* Ends @task, (transfer full), now or when the test says so. */
static void
end_task (ViaFakeBackend *self,
          GTask          *task,
          gboolean        hold,
          Ending          ending)
{
  GCancellable *cancellable = g_task_get_cancellable (task);
  GSource *source;

  g_task_set_check_cancellable (task, FALSE);
  g_object_set_data (G_OBJECT (task), "ending", ending);
  if (!hold)
    {
      if (!g_task_return_error_if_cancelled (task))
        ending (task);
      g_object_unref (task);
      return;
    }
  g_ptr_array_add (self->script->held, task);
  if (cancellable == NULL || self->script->deaf)
    return;
  source = g_cancellable_source_new (cancellable);
  g_source_set_callback (source, G_SOURCE_FUNC (held_cancelled_cb), task, NULL);
  g_source_attach (source, NULL);
  g_object_set_data_full (G_OBJECT (task), "source", source, destroy_source);
}

void
via_fake_script_release (ViaFakeScript *self)
{
  g_autoptr(GPtrArray) held = self->held;

  self->held = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < held->len; i++)
    {
      Ending ending = g_object_get_data (held->pdata[i], "ending");

      g_object_set_data (held->pdata[i], "source", NULL);
      ending (held->pdata[i]);
    }
}

/* TRUE if @errors had one for @task. */
static gboolean
fail_from (GQueue *errors,
           GTask  *task)
{
  GError *error = g_queue_pop_head (errors);

  if (error != NULL)
    g_task_return_error (task, error);
  return error != NULL;
}

static void
end_connect (GTask *task)
{
  ViaFakeBackend *self = VIA_FAKE_BACKEND (g_task_get_source_object (task));

  if (fail_from (&self->script->connect_errors, task))
    return;
  self->connected = TRUE;
  g_task_return_boolean (task, TRUE);
}

static void
connect_async (ViaBackend          *backend,
               GCancellable        *cancellable,
               GAsyncReadyCallback  callback,
               gpointer             user_data)
{
  ViaFakeBackend *self = VIA_FAKE_BACKEND (backend);

  self->script->n_connects++;
  end_task (self, g_task_new (self, cancellable, callback, user_data), self->script->hold_connect, end_connect);
}

static gboolean
boolean_finish (ViaBackend    *backend,
                GAsyncResult  *result,
                GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
end_list (GTask *task)
{
  ViaFakeBackend *self = VIA_FAKE_BACKEND (g_task_get_source_object (task));
  g_autoptr(ViaJsonDocument) document = via_json_document_new_strict (self->script->tools, -1, NULL);
  GPtrArray *tools;
  ViaJsonIter iter;
  ViaJsonValue value;

  if (fail_from (&self->script->list_errors, task))
    return;
  g_assert_nonnull (document);
  tools = g_ptr_array_new_with_free_func (g_object_unref);
  via_json_iter_init (&iter, via_json_document_get_root (document));
  while (via_json_iter_next (&iter, NULL, &value))
    g_ptr_array_add (tools, via_tool_new_from_mcp (value, NULL));
  g_task_return_pointer (task, tools, (GDestroyNotify) g_ptr_array_unref);
}

static void
list_async (ViaBackend          *backend,
            GCancellable        *cancellable,
            GAsyncReadyCallback  callback,
            gpointer             user_data)
{
  ViaFakeBackend *self = VIA_FAKE_BACKEND (backend);

  self->script->n_lists++;
  end_task (self, g_task_new (self, cancellable, callback, user_data), self->script->hold_list, end_list);
}

static GPtrArray *
list_finish (ViaBackend    *backend,
             GAsyncResult  *result,
             gint64        *ttl_ms,
             GError       **error)
{
  *ttl_ms = VIA_FAKE_BACKEND (backend)->script->ttl_ms;
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
end_call (GTask *task)
{
  ViaFakeBackend *self = VIA_FAKE_BACKEND (g_task_get_source_object (task));
  g_autoptr(ViaJsonDocument) document = via_json_document_new_strict (self->script->result, -1, NULL);

  if (fail_from (&self->script->call_errors, task))
    return;
  g_assert_nonnull (document);
  g_task_return_pointer (task, via_tool_result_new_from_mcp (document, via_json_document_get_root (document)),
                         (GDestroyNotify) via_tool_result_unref);
}

static void
call_async (ViaBackend           *backend,
            ViaTool              *tool,
            const char           *name,
            ViaJsonValue          arguments,
            const ViaBackendCall *call,
            GCancellable         *cancellable,
            GAsyncReadyCallback   callback,
            gpointer              user_data)
{
  ViaFakeBackend *self = VIA_FAKE_BACKEND (backend);
  ViaFakeScript *script = self->script;

  script->n_calls++;
  script->had_tool = tool != NULL;
  if (script->on_call != NULL)
    script->on_call (call);
  end_task (self, g_task_new (self, cancellable, callback, user_data), script->hold_call, end_call);
  script->n_at_once = MAX (script->n_at_once, script->held->len);
}

static ViaToolResult *
call_finish (ViaBackend    *backend,
             GAsyncResult  *result,
             GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
end_close (GTask *task)
{
  g_task_return_boolean (task, TRUE);
}

static void
close_async (ViaBackend          *backend,
             GAsyncReadyCallback  callback,
             gpointer             user_data)
{
  ViaFakeBackend *self = VIA_FAKE_BACKEND (backend);

  self->script->n_closes++;
  self->connected = FALSE;
  end_task (self, g_task_new (self, NULL, callback, user_data), self->script->hold_close, end_close);
}

static void
close_finish (ViaBackend   *backend,
              GAsyncResult *result)
{
  g_task_propagate_boolean (G_TASK (result), NULL);
}

static gboolean
is_connected (ViaBackend *backend)
{
  return VIA_FAKE_BACKEND (backend)->connected;
}

static gboolean
needs_tool (ViaBackend *backend)
{
  return VIA_FAKE_BACKEND (backend)->script->needs_tool;
}

static const char *
get_revision (ViaBackend *backend)
{
  return "2025-11-25";
}

static void
via_fake_backend_iface_init (ViaBackendInterface *iface)
{
  iface->connect_async = connect_async;
  iface->connect_finish = boolean_finish;
  iface->list_async = list_async;
  iface->list_finish = list_finish;
  iface->call_async = call_async;
  iface->call_finish = call_finish;
  iface->close_async = close_async;
  iface->close_finish = close_finish;
  iface->is_connected = is_connected;
  iface->needs_tool = needs_tool;
  iface->get_revision = get_revision;
}

static void
via_fake_backend_finalize (GObject *object)
{
  ViaFakeBackend *self = VIA_FAKE_BACKEND (object);

  self->script->n_alive--;
  if (self->script->newest == VIA_BACKEND (self))
    self->script->newest = NULL;
  G_OBJECT_CLASS (via_fake_backend_parent_class)->finalize (object);
}

static void
via_fake_backend_class_init (ViaFakeBackendClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = via_fake_backend_finalize;
}

static void
via_fake_backend_init (ViaFakeBackend *self)
{
}

void
via_fake_script_init (ViaFakeScript *self)
{
  *self = (ViaFakeScript) {
    .tools = "[{\"name\":\"echo\",\"inputSchema\":{\"type\":\"object\"}}]",
    .result = "{\"content\":[{\"type\":\"text\",\"text\":\"hello\"}]}",
    .ttl_ms = -1,
    .held = g_ptr_array_new_with_free_func (g_object_unref),
  };
  g_queue_init (&self->connect_errors);
  g_queue_init (&self->list_errors);
  g_queue_init (&self->call_errors);
}

static void
clear_errors (GQueue *errors)
{
  while (!g_queue_is_empty (errors))
    g_clear_error (&(GError *) { g_queue_pop_head (errors) });
}

void
via_fake_script_clear (ViaFakeScript *self)
{
  g_clear_pointer (&self->held, g_ptr_array_unref);
  clear_errors (&self->connect_errors);
  clear_errors (&self->list_errors);
  clear_errors (&self->call_errors);
}

void
via_fake_script_lose (ViaFakeScript *self)
{
  g_autoptr(GError) error = g_error_new_literal (VIA_RPC_ERROR, VIA_RPC_ERROR_CLOSED, "The server ended.");

  g_assert_nonnull (self->newest);
  VIA_FAKE_BACKEND (self->newest)->connected = FALSE;
  via_backend_emit_closed (self->newest, error);
}

ViaBackend *
via_fake_backend_new (ViaBridgeConfig          *config,
                      const ViaConfigSettings  *settings,
                      ViaSecretStore           *secrets,
                      gpointer                  data,
                      GError                  **error)
{
  ViaFakeBackend *self = g_object_new (VIA_TYPE_FAKE_BACKEND, NULL);

  self->script = data;
  self->script->n_backends++;
  self->script->n_alive++;
  self->script->newest = VIA_BACKEND (self);
  return VIA_BACKEND (self);
}
