/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via-bridge"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/via-limits.h"
#include "base/via-text.h"
#include "bridge/via-executor.h"
#include "bridge/via-failure.h"
#include "bridge/via-operation-private.h"
#include "rpc/via-rpc-peer.h"

/*
 * Steps: queue → connect → (tools, where the call needs the schema) → call → end, or → wait → queue again. A place is held
 * from the end of the queue to the end of the attempt, so that what waits for a retry keeps nobody else waiting.
 *
 * Whoever is called back later holds a reference and looks at @ended first: an execution that was cancelled is over at
 * once, however long the layers below take to notice.
 */
struct _ViaExecutor
{
  grefcount     ref_count;

  /* owned */
  ViaBridge    *bridge;
  ViaOperation *operation;
  GSource      *cancelled; /* the operation's cancellable */
  GCancellable *step;      /* nullable: ends what the current attempt is doing below */
  ViaBackend   *backend;   /* nullable: what is being called */

  guint         timer;     /* of the clock: waiting for a place or for the next attempt, or the deadline of connecting */
  guint         attempt;   /* from 1 */
  gboolean      placed;    /* holds one of the bridge's places */
  gboolean      late;      /* connecting took too long */
  gboolean      relisted;  /* the list was fetched anew because the schema we had was old */
  gboolean      ended;
};

static void enter_queue      (ViaExecutor  *self);
static void tools_fetched_cb (GObject      *source,
                              GAsyncResult *result,
                              gpointer      user_data);

static ViaExecutor *
executor_ref (ViaExecutor *self)
{
  g_ref_count_inc (&self->ref_count);
  return self;
}

static void
executor_unref (ViaExecutor *self)
{
  if (!g_ref_count_dec (&self->ref_count))
    return;

  g_assert (!self->placed && self->cancelled == NULL && self->timer == 0);
  g_clear_object (&self->backend);
  g_clear_object (&self->step);
  g_clear_object (&self->operation);
  g_clear_object (&self->bridge);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ViaExecutor, executor_unref)

static void
stop_timer (ViaExecutor *self)
{
  via_clock_cancel (self->bridge->clock, self->timer);
  self->timer = 0;
}

static void
leave_place (ViaExecutor *self)
{
  if (!self->placed)
    return;
  self->placed = FALSE;
  self->bridge->n_active--;
  via_executor_admit (self->bridge);
}

/* The operation has ended: lets go of everything. What still runs below holds its own reference. */
static void
end (ViaExecutor *self)
{
  self->ended = TRUE;
  g_source_destroy (self->cancelled);
  g_clear_pointer (&self->cancelled, g_source_unref);
  stop_timer (self);
  g_queue_remove (&self->bridge->waiting, self);
  if (self->step != NULL)
    g_cancellable_cancel (self->step);
  leave_place (self);
  g_ptr_array_remove (self->bridge->executors, self);
  via_bridge_executor_ended (self->bridge);
  executor_unref (self);
}

/* @error is (transfer full), a sentence already. */
static void
fail (ViaExecutor   *self,
      ViaSide        side,
      GError        *error,
      ViaToolResult *result)
{
  via_operation_set_attempt (self->operation, self->attempt);
  self->ended = TRUE;
  via_operation_fail (self->operation, side, error, result);
  end (self);
}

/* At once: the operation is CANCELLED when this returns. */
static void
cancel (ViaExecutor *self)
{
  if (self->ended)
    return;
  fail (self, VIA_SIDE_CANCELLED,
        g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, _("The execution was cancelled.")), NULL);
}

static gboolean
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  cancel (user_data);
  return G_SOURCE_REMOVE;
}

/* Running it twice does no harm, as far as its server says. */
static gboolean
is_safe (ViaExecutor *self)
{
  ViaTool *tool = via_operation_get_tool (self->operation);

  return tool != NULL && (via_tool_is_read_only (tool) || via_tool_is_idempotent (tool));
}

static void
say (ViaExecutor *self,
     const char  *level,
     const char  *text)
{
  g_autofree char *line = via_failure_clean_text (via_bridge_get_redactor (self->bridge), text,
                                                  VIA_LIMIT_ERROR_TEXT_BYTES);

  via_operation_add_message (self->operation, level, line);
}

static void
waited_cb (gpointer user_data)
{
  ViaExecutor *self = user_data;

  self->timer = 0;
  enter_queue (self);
}

static void
wait_for_retry (ViaExecutor  *self,
                const GError *described,
                gint64        wait_ms)
{
  /* translators: %u is the number of an attempt, %s the sentence that says how it failed, %.1f a number of seconds */
  g_autofree char *text = g_strdup_printf (_("Attempt %u: %s Trying again in %.1f s."),
                                           self->attempt, described->message, wait_ms / 1000.0);

  say (self, "notice", text);
  leave_place (self);
  self->timer = via_clock_call_after (self->bridge->clock, wait_ms * 1000, waited_cb, self, NULL);
}

/* A call that could not reach its server says something about the bridge, too. */
static void
tell_bridge (ViaExecutor  *self,
             ViaSide       side,
             const GError *described)
{
  ViaBridge *bridge = self->bridge;

  if (self->backend == NULL || self->backend != bridge->backend
      || (side != VIA_SIDE_CONNECTION && side != VIA_SIDE_AUTHORIZATION))
    return;
  via_bridge_set_state (bridge, VIA_BRIDGE_FAILED, side, described);
}

/* @error as it came from below; @called when the call itself was begun, else it cannot have run. */
static void
attempt_failed (ViaExecutor  *self,
                const GError *error,
                gboolean      called)
{
  ViaBridge *bridge = self->bridge;
  const ViaRetryCalls policy = bridge->config->retry_calls;
  const gboolean safe = !called || is_safe (self);
  ViaSide side = VIA_SIDE_NONE;
  g_autoptr(GError) described = NULL;
  gint64 wait = -1;

  g_clear_object (&self->step);
  stop_timer (self);
  described = via_bridge_describe (bridge, error, via_operation_get_timeout_s (self->operation), &side);
  tell_bridge (self, side, described);
  g_clear_object (&self->backend);
  if (via_retry_may (error, safe, policy))
    wait = via_bridge_plan_retry (bridge, error, self->attempt, !called);
  if (wait >= 0)
    {
      wait_for_retry (self, described, wait);
      return;
    }
  if (called && !is_safe (self) && via_retry_get_fate (error) == VIA_FATE_UNKNOWN)
    described = via_failure_unknown (g_steal_pointer (&described));
  fail (self, side, g_steal_pointer (&described), NULL);
}

static void
take_result (ViaExecutor   *self,
             ViaToolResult *result)
{
  ViaSide side;
  GError *error;

  via_bridge_note_success (self->bridge);
  if (!via_tool_result_is_error (result))
    {
      self->ended = TRUE;
      via_operation_complete (self->operation, result);
      end (self);
      return;
    }
  error = via_failure_from_result (result, via_bridge_get_redactor (self->bridge), &side);
  fail (self, side, error, result);
}

/* The server did not accept the headers that mirror arguments, so it has not run the tool; with the schema of today it may
 * (MCP 2026-07-28, transports, custom headers). TRUE: it is tried once more. */
static gboolean
relist (ViaExecutor  *self,
        const GError *error)
{
  const ViaRpcRemoteError *remote = via_rpc_error_get_remote (error);

  if (remote == NULL || remote->code != VIA_RPC_HEADER_MISMATCH || self->relisted
      || !via_backend_needs_tool (self->backend))
    return FALSE;
  self->relisted = TRUE;
  via_bridge_fetch_async (self->bridge, TRUE, FALSE, self->step, tools_fetched_cb, executor_ref (self));
  return TRUE;
}

static void
called_cb (GObject      *source,
           GAsyncResult *async_result,
           gpointer      user_data)
{
  g_autoptr(ViaExecutor) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(ViaToolResult) result = via_backend_call_finish (VIA_BACKEND (source), async_result, &error);

  if (self->ended)
    return;
  if (result != NULL)
    take_result (self, result);
  else if (!relist (self, error))
    attempt_failed (self, error, TRUE);
}

static void
progress_cb (double      progress,
             const char *message,
             gpointer    data)
{
  ViaExecutor *self = data;
  g_autofree char *line = NULL;

  if (self->ended)
    return;
  if (message != NULL)
    {
      g_autofree char *clean = via_failure_clean_text (via_bridge_get_redactor (self->bridge), message,
                                                       VIA_LIMIT_ERROR_TEXT_BYTES);

      line = via_text_clip_line (clean, VIA_LIMIT_ERROR_TEXT_BYTES);
    }
  via_operation_report_progress (self->operation, progress, line);
}

static void
log_cb (const char *level,
        const char *text,
        gpointer    data)
{
  ViaExecutor *self = data;

  if (!self->ended)
    say (self, level, text);
}

static void
call (ViaExecutor *self)
{
  ViaOperation *operation = self->operation;
  ViaJsonDocument *arguments = via_operation_get_arguments (operation);
  const guint timeout_s = via_operation_get_timeout_s (operation);
  ViaTool *tool = via_bridge_find_tool (self->bridge, via_operation_get_tool_name (operation));
  ViaBackendCall backend_call = {
    .timeout_ms = timeout_s * 1000,
    .max_timeout_ms = MIN (timeout_s * VIA_LIMIT_PROGRESS_EXTENSIONS, VIA_LIMIT_TIMEOUT_MAX_S) * 1000,
    .progress = progress_cb,
    .log = log_cb,
    .data = self,
  };

  if (tool != NULL)
    via_operation_set_tool (operation, tool);
  via_operation_begin_attempt (operation, self->attempt);
  if (self->ended) /* somebody who was notified cancelled it */
    return;
  via_backend_call_async (self->backend, tool, via_operation_get_tool_name (operation),
                          arguments != NULL ? via_json_document_get_root (arguments) : via_json_value_missing (),
                          &backend_call, self->step, called_cb, executor_ref (self));
}

/* A list that cannot be had is no reason not to try: the server will say what it misses. */
static void
tools_fetched_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(ViaExecutor) self = user_data;
  g_autoptr(GError) error = NULL;

  via_bridge_fetch_finish (self->bridge, result, &error);
  if (!self->ended)
    call (self);
}

static void
connected_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(ViaExecutor) self = user_data;
  ViaBridge *bridge = self->bridge;
  g_autoptr(GError) error = NULL;

  via_bridge_connect_finish (bridge, result, &error);
  if (self->ended)
    return;
  stop_timer (self);
  if (self->late)
    {
      g_clear_error (&error);
      g_set_error_literal (&error, VIA_RPC_ERROR, VIA_RPC_ERROR_TIMEOUT, "connecting took too long");
    }
  else if (error == NULL && bridge->backend == NULL)
    {
      error = via_bridge_lost_error ();
    }
  if (error != NULL)
    {
      attempt_failed (self, error, FALSE);
      return;
    }

  self->backend = g_object_ref (bridge->backend);
  if (via_backend_needs_tool (self->backend)
      && via_bridge_find_tool (bridge, via_operation_get_tool_name (self->operation)) == NULL)
    via_bridge_fetch_async (bridge, FALSE, FALSE, self->step, tools_fetched_cb, executor_ref (self));
  else
    call (self);
}

static void
late_cb (gpointer user_data)
{
  ViaExecutor *self = user_data;

  self->timer = 0;
  self->late = TRUE;
  g_cancellable_cancel (self->step);
}

static void
begin_attempt (ViaExecutor *self)
{
  self->attempt++;
  self->late = FALSE;
  g_clear_object (&self->step);
  self->step = g_cancellable_new ();
  self->timer = via_clock_call_after (self->bridge->clock,
                                      (gint64) via_operation_get_timeout_s (self->operation) * G_USEC_PER_SEC,
                                      late_cb, self, NULL);
  via_bridge_connect_async (self->bridge, self->step, connected_cb, executor_ref (self));
}

static void
waited_too_long_cb (gpointer user_data)
{
  ViaExecutor *self = user_data;

  self->timer = 0;
  fail (self, VIA_SIDE_CONNECTION,
        g_error_new (VIA_RPC_ERROR, VIA_RPC_ERROR_BUSY,
                     /* translators: %s is a bridge's name; “max_concurrent_requests” is a word of the configuration file */
                     _("All places of the bridge “%s” were taken for an hour, so the tool was not run. Try again, or raise "
                       "max_concurrent_requests."), self->bridge->config->name), NULL);
}

/* In the order they came, those that come back for another attempt included. */
static void
enter_queue (ViaExecutor *self)
{
  g_queue_push_tail (&self->bridge->waiting, self);
  self->timer = via_clock_call_after (self->bridge->clock, VIA_LIMIT_QUEUE_S * (gint64) G_USEC_PER_SEC,
                                      waited_too_long_cb, self, NULL);
  via_executor_admit (self->bridge);
}

void
via_executor_admit (ViaBridge *bridge)
{
  const guint n_places = MAX (bridge->settings.max_concurrent_requests, 1);

  while (bridge->n_active < n_places && !g_queue_is_empty (&bridge->waiting))
    {
      ViaExecutor *next = g_queue_pop_head (&bridge->waiting);

      stop_timer (next);
      bridge->n_active++;
      next->placed = TRUE;
      begin_attempt (next);
    }
}

void
via_executor_cancel_all (ViaBridge *bridge)
{
  g_autoptr(GPtrArray) executors = g_ptr_array_new_with_free_func ((GDestroyNotify) executor_unref);

  for (guint i = 0; i < bridge->executors->len; i++)
    g_ptr_array_add (executors, executor_ref (bridge->executors->pdata[i]));
  for (guint i = executors->len; i > 0; i--) /* from the newest on: a place that comes free finds nobody waiting */
    cancel (executors->pdata[i - 1]);
}

void
via_executor_start (ViaBridge    *bridge,
                    ViaOperation *operation)
{
  ViaExecutor *self = g_new0 (ViaExecutor, 1);

  g_ref_count_init (&self->ref_count);
  self->bridge = g_object_ref (bridge);
  self->operation = g_object_ref (operation);
  self->cancelled = g_cancellable_source_new (via_operation_get_cancellable (operation));
  g_source_set_callback (self->cancelled, G_SOURCE_FUNC (cancelled_cb), self, NULL);
  g_source_attach (self->cancelled, g_main_context_get_thread_default ());
  g_ptr_array_add (bridge->executors, self);
  enter_queue (self);
}

ViaOperation *
via_bridge_execute (ViaBridge               *self,
                    const char              *tool_name,
                    ViaJsonDocument         *arguments,
                    const ViaExecuteOptions *options)
{
  ViaOperationSetup setup = { 0 };
  ViaOperation *operation;

  g_return_val_if_fail (VIA_IS_BRIDGE (self), NULL);
  g_return_val_if_fail (tool_name != NULL, NULL);

  setup.bridge_name = self->config->name;
  setup.tool_name = tool_name;
  setup.tool = via_bridge_find_tool (self, tool_name);
  setup.arguments = arguments;
  setup.timeout_s = options != NULL && options->timeout_s != 0 ? options->timeout_s : self->config->timeout_s;
  setup.timeout_s = CLAMP (setup.timeout_s, 1, VIA_LIMIT_TIMEOUT_MAX_S);
  setup.background = options != NULL && options->background;
  setup.clock = self->clock;
  operation = via_operation_new (&setup);
  via_executor_start (self, operation);
  return operation;
}
