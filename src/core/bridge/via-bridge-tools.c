/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via-bridge"

#include "config.h"

#include "bridge/via-bridge-private.h"
#include "bridge/via-list-store.h"

/*
 * The tool list: fetched once for all who ask at the same time, kept for its time to live, put into the list model with
 * as little change as possible so that a selection in a view survives. A list may be asked for as often as one likes, so
 * whatever failed may be repeated.
 */
struct _ViaFetch
{
  ViaBridge    *bridge;  /* owned */
  ViaSharedJob *job;     /* owned */
  ViaBackend   *backend; /* owned, nullable: what is being asked */
  GError       *error;   /* owned, nullable: of the newest attempt */
  GSource      *left;    /* owned, nullable: nobody waits any more, between two attempts */
  guint         timer;   /* of the clock: until the next attempt */
  guint         attempt; /* from 1 */
  gboolean      retry;
  gboolean      again;   /* the list changed while it was fetched */
  gint64        begun;   /* of the newest exchange, monotonic microseconds */
};

static void begin_attempt (ViaFetch *fetch);

static gboolean
tools_equal (ViaTool *a,
             ViaTool *b)
{
  if (a == b)
    return TRUE;
  return g_strcmp0 (via_tool_get_name (a), via_tool_get_name (b)) == 0
         && g_strcmp0 (via_tool_get_category (a), via_tool_get_category (b)) == 0
         && via_json_value_equal (via_json_document_get_root (via_tool_get_document (a)),
                                  via_json_document_get_root (via_tool_get_document (b)));
}

/* Puts the objects that are known already in the place of their equals in @tools, and makes the table of names new. */
static void
adopt_known_tools (ViaBridge *self,
                   GPtrArray *tools)
{
  for (guint i = 0; i < tools->len; i++)
    {
      ViaTool *known = g_hash_table_lookup (self->tools_by_name, via_tool_get_name (tools->pdata[i]));

      if (known != NULL && tools_equal (known, tools->pdata[i]))
        g_set_object ((ViaTool **) &tools->pdata[i], known);
    }

  g_hash_table_remove_all (self->tools_by_name);
  for (guint i = tools->len; i > 0; i--) /* backwards: of two of a name the first counts */
    g_hash_table_insert (self->tools_by_name, (char *) via_tool_get_name (tools->pdata[i - 1]), tools->pdata[i - 1]);
}

static void
stop_waiting (ViaFetch *fetch)
{
  via_clock_cancel (fetch->bridge->clock, fetch->timer);
  fetch->timer = 0;
  if (fetch->left != NULL)
    g_source_destroy (fetch->left);
  g_clear_pointer (&fetch->left, g_source_unref);
}

static void
fetch_free (ViaFetch *fetch)
{
  stop_waiting (fetch);
  g_clear_object (&fetch->backend);
  g_clear_error (&fetch->error);
  g_clear_object (&fetch->bridge);
  g_free (fetch);
}

/* The end of it, with @fetch->error or without. */
static void
finish_fetch (ViaFetch *fetch)
{
  g_autoptr(ViaBridge) self = g_object_ref (fetch->bridge);
  const gboolean again = fetch->again && self->fetch == fetch && fetch->error == NULL;
  ViaSharedJob *job = g_steal_pointer (&fetch->job);
  g_autoptr(GError) error = g_steal_pointer (&fetch->error);

  if (self->fetch == fetch)
    self->fetch = NULL;
  fetch_free (fetch);
  via_shared_job_finish (job, error);
  if (again)
    via_bridge_tools_changed (self);
}

static void
waited_cb (gpointer user_data)
{
  ViaFetch *fetch = user_data;

  fetch->timer = 0;
  stop_waiting (fetch);
  begin_attempt (fetch);
}

static gboolean
left_cb (GCancellable *cancellable,
         gpointer      user_data)
{
  ViaFetch *fetch = user_data;

  g_clear_error (&fetch->error);
  g_cancellable_set_error_if_cancelled (cancellable, &fetch->error);
  finish_fetch (fetch);
  return G_SOURCE_REMOVE;
}

static void
wait_for_retry (ViaFetch *fetch,
                gint64    wait_ms)
{
  fetch->left = g_cancellable_source_new (via_shared_job_get_cancellable (fetch->job));
  g_source_set_callback (fetch->left, G_SOURCE_FUNC (left_cb), fetch, NULL);
  g_source_attach (fetch->left, g_main_context_get_thread_default ());
  fetch->timer = via_clock_call_after (fetch->bridge->clock, wait_ms * 1000, waited_cb, fetch, NULL);
}

/* What the bridge is now that its list could not be had. */
static void
take_failure (ViaFetch *fetch)
{
  ViaBridge *self = fetch->bridge;
  g_autoptr(GError) described = NULL;
  ViaSide side = VIA_SIDE_NONE;

  if (self->fetch != fetch || self->backend == NULL)
    return;
  described = via_bridge_describe (self, fetch->error, self->config->timeout_s, &side);
  if (side != VIA_SIDE_CANCELLED)
    via_bridge_set_state (self, VIA_BRIDGE_FAILED, side, described);
}

/* @error is (transfer full). */
static void
attempt_failed (ViaFetch *fetch,
                GError   *error,
                gboolean  connecting)
{
  ViaBridge *self = fetch->bridge;
  GCancellable *cancellable = via_shared_job_get_cancellable (fetch->job);
  gint64 wait = -1;

  g_clear_error (&fetch->error);
  fetch->error = error;
  if (fetch->retry && !g_cancellable_is_cancelled (cancellable)
      && via_retry_may (error, TRUE, VIA_RETRY_SAFE))
    wait = via_bridge_plan_retry (self, error, fetch->attempt, connecting);
  if (wait >= 0)
    {
      wait_for_retry (fetch, wait);
      return;
    }
  take_failure (fetch);
  finish_fetch (fetch);
}

static void
take_tools (ViaFetch  *fetch,
            GPtrArray *tools,
            gint64     ttl_ms)
{
  ViaBridge *self = fetch->bridge;
  const gint64 now = via_clock_now (self->clock);
  gint64 ttl = (gint64) self->settings.cache_ttl_s * 1000;

  if (ttl_ms >= 0)
    ttl = MIN (ttl, ttl_ms);
  if (!self->settings.enable_caching || fetch->again)
    ttl = 0;
  self->listed = TRUE;
  self->fresh_until = now + ttl * 1000;
  via_bridge_set_latency (self, now - fetch->begun);
  via_bridge_note_success (self);
  adopt_known_tools (self, tools);
  via_list_store_put (self->tools, tools);
}

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  ViaFetch *fetch = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) tools = NULL;
  gint64 ttl_ms = -1;

  tools = via_backend_list_finish (VIA_BACKEND (source), result, &ttl_ms, &error);
  g_clear_object (&fetch->backend);
  if (tools == NULL)
    {
      attempt_failed (fetch, g_steal_pointer (&error), FALSE);
      return;
    }
  if (fetch->bridge->fetch == fetch)
    take_tools (fetch, tools, ttl_ms);
  finish_fetch (fetch);
}

static void
connected_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  ViaFetch *fetch = user_data;
  ViaBridge *self = fetch->bridge;
  g_autoptr(GError) error = NULL;

  if (!via_bridge_connect_finish (self, result, &error))
    {
      attempt_failed (fetch, g_steal_pointer (&error), TRUE);
      return;
    }
  if (self->backend == NULL) /* it went in the same breath */
    {
      attempt_failed (fetch, via_bridge_lost_error (), TRUE);
      return;
    }
  fetch->backend = g_object_ref (self->backend);
  fetch->begun = via_clock_now (self->clock);
  via_backend_list_async (fetch->backend, via_shared_job_get_cancellable (fetch->job), listed_cb, fetch);
}

static void
begin_attempt (ViaFetch *fetch)
{
  fetch->attempt++;
  g_clear_error (&fetch->error);
  via_bridge_connect_async (fetch->bridge, via_shared_job_get_cancellable (fetch->job), connected_cb, fetch);
}

static void
begin_fetch (ViaBridge *self,
             gboolean   retry)
{
  ViaFetch *fetch = g_new0 (ViaFetch, 1);

  fetch->bridge = g_object_ref (self);
  fetch->job = via_shared_job_new ();
  fetch->retry = retry;
  self->fetch = fetch;
}

void
via_bridge_fetch_async (ViaBridge           *self,
                        gboolean             refresh,
                        gboolean             retry,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  GError *error = via_bridge_check_enabled (self);
  gboolean begin = FALSE;

  g_task_set_source_tag (task, via_bridge_fetch_async);
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (g_task_return_error_if_cancelled (task))
    return;
  if (!refresh && self->listed && via_clock_now (self->clock) < self->fresh_until)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  if (self->fetch != NULL && g_cancellable_is_cancelled (via_shared_job_get_cancellable (self->fetch->job)))
    self->fetch = NULL; /* everybody left it: it winds itself up */
  if (self->fetch == NULL)
    {
      begin_fetch (self, retry);
      begin = TRUE;
    }
  via_shared_job_join (self->fetch->job, g_steal_pointer (&task));
  if (begin)
    begin_attempt (self->fetch);
}

gboolean
via_bridge_fetch_finish (ViaBridge     *self,
                         GAsyncResult  *result,
                         GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
via_bridge_abandon_fetch (ViaBridge *self)
{
  ViaFetch *fetch = g_steal_pointer (&self->fetch);

  if (fetch != NULL)
    g_cancellable_cancel (via_shared_job_get_cancellable (fetch->job));
}

/* The server says that its list is another one now. */
void
via_bridge_tools_changed (ViaBridge *self)
{
  self->fresh_until = 0;
  if (self->fetch != NULL)
    self->fetch->again = TRUE;
  else if (self->backend != NULL)
    via_bridge_fetch_async (self, TRUE, FALSE, NULL, NULL, NULL);
}

static void
fetched_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  ViaBridge *self = VIA_BRIDGE (source);
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  gint64 *begun = g_task_get_task_data (task);

  if (!via_bridge_fetch_finish (self, result, &error))
    {
      g_task_return_error (task, via_bridge_describe (self, error, self->config->timeout_s, NULL));
      return;
    }
  if (begun != NULL)
    *begun = via_clock_now (self->clock) - *begun;
  g_task_return_boolean (task, TRUE);
}

void
via_bridge_list_tools_async (ViaBridge           *self,
                             gboolean             refresh,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (VIA_IS_BRIDGE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, via_bridge_list_tools_async);
  g_task_set_check_cancellable (task, FALSE);
  via_bridge_fetch_async (self, refresh, TRUE, cancellable, fetched_cb, task);
}

gboolean
via_bridge_list_tools_finish (ViaBridge     *self,
                              GAsyncResult  *result,
                              GError       **error)
{
  g_return_val_if_fail (VIA_IS_BRIDGE (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* One attempt only: a test is to show how things are. */
void
via_bridge_test_async (ViaBridge           *self,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  GTask *task;
  gint64 *begun;

  g_return_if_fail (VIA_IS_BRIDGE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, via_bridge_test_async);
  g_task_set_check_cancellable (task, FALSE);
  begun = g_new (gint64, 1);
  *begun = via_clock_now (self->clock);
  g_task_set_task_data (task, begun, g_free);
  via_bridge_fetch_async (self, TRUE, FALSE, cancellable, fetched_cb, task);
}

gboolean
via_bridge_test_finish (ViaBridge     *self,
                        GAsyncResult  *result,
                        gint64        *connection_time,
                        guint         *n_tools,
                        GError       **error)
{
  g_return_val_if_fail (VIA_IS_BRIDGE (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  if (connection_time != NULL)
    *connection_time = *(gint64 *) g_task_get_task_data (G_TASK (result));
  if (n_tools != NULL)
    *n_tools = g_list_model_get_n_items (G_LIST_MODEL (self->tools));
  return TRUE;
}
