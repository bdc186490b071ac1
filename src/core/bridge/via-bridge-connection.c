/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via-bridge"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "bridge/via-bridge-private.h"
#include "bridge/via-executor.h"

/*
 * Connecting and disconnecting. One attempt at a time is open for callers to join; an attempt that nobody waits for any
 * more, or that a disconnect overtook, is let go: it closes what it got and changes nothing of the bridge.
 */
struct _ViaConnecting
{
  ViaBridge    *bridge;  /* owned */
  ViaBackend   *backend; /* owned */
  ViaSharedJob *job;     /* owned */
};

static void
log_cb (ViaBridge  *self,
        guint       kind,
        const char *text)
{
  via_bridge_add_log (self, kind, text);
}

static void
closed_cb (ViaBridge    *self,
           const GError *error,
           ViaBackend   *backend)
{
  g_autoptr(GError) described = NULL;
  ViaSide side = VIA_SIDE_NONE;

  if (backend != self->backend)
    return;

  via_bridge_drop_backend (self);
  if (error == NULL)
    {
      via_bridge_set_state (self, VIA_BRIDGE_IDLE, VIA_SIDE_NONE, NULL);
      return;
    }
  described = via_bridge_describe (self, error, self->config->timeout_s, &side);
  via_bridge_set_state (self, VIA_BRIDGE_FAILED, side, described);
}

static void
tools_changed_cb (ViaBridge  *self,
                  ViaBackend *backend)
{
  if (backend == self->backend)
    via_bridge_tools_changed (self);
}

void
via_bridge_drop_backend (ViaBridge *self)
{
  /* Its signals stay connected: the last lines of a dying server are worth having, the other handlers ignore strangers. */
  g_clear_object (&self->backend);
}

/* One of the ends that disconnecting waits for has come. */
static void
ended (ViaBridge *self)
{
  g_autoptr(GPtrArray) tasks = NULL;

  if (--self->n_ending > 0)
    return;
  tasks = g_steal_pointer (&self->disconnecting);
  self->disconnecting = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < tasks->len; i++)
    g_task_return_boolean (tasks->pdata[i], TRUE);
}

static void
backend_closed_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(ViaBridge) self = user_data;

  via_backend_close_finish (VIA_BACKEND (source), result);
  ended (self);
}

static void
close_backend (ViaBridge  *self,
               ViaBackend *backend)
{
  self->n_ending++;
  via_backend_close_async (backend, backend_closed_cb, g_object_ref (self));
}

static void
connecting_free (ViaConnecting *connecting)
{
  g_clear_object (&connecting->backend);
  g_clear_object (&connecting->bridge);
  g_free (connecting);
}

/* The attempt is the bridge's own: what came of it is what the bridge is now. */
static void
take_outcome (ViaBridge     *self,
              ViaConnecting *connecting,
              const GError  *error)
{
  g_autoptr(GError) described = NULL;
  ViaSide side = VIA_SIDE_NONE;

  self->connecting = NULL;
  if (error == NULL)
    {
      self->backend = g_steal_pointer (&connecting->backend);
      g_free (self->revision);
      self->revision = g_strdup (via_backend_get_revision (self->backend));
      g_free (self->server_name);
      self->server_name = g_strdup (via_backend_get_server_name (self->backend));
      via_bridge_set_state (self, VIA_BRIDGE_CONNECTED, VIA_SIDE_NONE, NULL);
      return;
    }

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      via_bridge_set_state (self, VIA_BRIDGE_IDLE, VIA_SIDE_NONE, NULL);
      return;
    }
  described = via_bridge_describe (self, error, self->config->timeout_s, &side);
  via_bridge_set_state (self, VIA_BRIDGE_FAILED, side, described);
}

static void
connected_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  ViaConnecting *connecting = user_data;
  ViaBridge *self = connecting->bridge;
  ViaSharedJob *job = g_steal_pointer (&connecting->job);
  g_autoptr(GError) error = NULL;

  via_backend_connect_finish (VIA_BACKEND (source), result, &error);
  if (self->connecting == connecting)
    {
      take_outcome (self, connecting, error);
    }
  else if (error == NULL)
    {
      close_backend (self, connecting->backend);
      g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("The bridge was disconnected."));
    }
  via_shared_job_finish (job, error);
  connecting_free (connecting);
}

static gboolean
begin_connecting (ViaBridge  *self,
                  GError    **error)
{
  ViaConnecting *connecting;
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GError) described = NULL;
  ViaBackend *backend = self->factory (self->config, &self->settings, self->secrets, self->factory_data, &local_error);
  ViaSide side;

  if (backend == NULL)
    {
      described = via_bridge_describe (self, local_error, self->config->timeout_s, &side);
      via_bridge_set_state (self, VIA_BRIDGE_FAILED, side, described);
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  connecting = g_new0 (ViaConnecting, 1);
  connecting->bridge = g_object_ref (self);
  connecting->backend = backend;
  connecting->job = via_shared_job_new ();
  self->connecting = connecting;
  g_signal_connect_object (backend, "log", G_CALLBACK (log_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (backend, "closed", G_CALLBACK (closed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (backend, "tools-changed", G_CALLBACK (tools_changed_cb), self, G_CONNECT_SWAPPED);
  via_bridge_set_state (self, VIA_BRIDGE_CONNECTING, VIA_SIDE_NONE, NULL);
  via_backend_connect_async (backend, via_shared_job_get_cancellable (connecting->job), connected_cb, connecting);
  return TRUE;
}

static void
attempt_ended_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_task_propagate_boolean (G_TASK (result), NULL);
  ended (VIA_BRIDGE (source));
}

/* Ends the attempt that is under way. */
static void
abandon_connecting (ViaBridge *self)
{
  ViaSharedJob *job = self->connecting->job;

  self->connecting = NULL;
  self->n_ending++;
  via_shared_job_join (job, g_task_new (self, NULL, attempt_ended_cb, NULL));
  g_cancellable_cancel (via_shared_job_get_cancellable (job));
}

void
via_bridge_connect_async (ViaBridge           *self,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  GError *error = via_bridge_check_enabled (self);

  g_task_set_source_tag (task, via_bridge_connect_async);
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (g_task_return_error_if_cancelled (task))
    return;
  if (self->backend != NULL && via_backend_is_connected (self->backend))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  via_bridge_drop_backend (self);
  if (self->connecting != NULL
      && g_cancellable_is_cancelled (via_shared_job_get_cancellable (self->connecting->job)))
    abandon_connecting (self); /* everybody left it: it winds itself up */
  if (self->connecting == NULL && !begin_connecting (self, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  via_shared_job_join (self->connecting->job, g_steal_pointer (&task));
}

gboolean
via_bridge_connect_finish (ViaBridge     *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
via_bridge_disconnect_async (ViaBridge           *self,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(ViaBackend) backend = NULL;

  g_return_if_fail (VIA_IS_BRIDGE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, via_bridge_disconnect_async);
  via_executor_cancel_all (self);
  via_bridge_abandon_fetch (self);
  backend = g_steal_pointer (&self->backend);
  if (self->connecting != NULL)
    abandon_connecting (self);
  if (backend != NULL)
    close_backend (self, backend);
  if (self->n_ending > 0)
    g_ptr_array_add (self->disconnecting, g_steal_pointer (&task));
  else
    g_task_return_boolean (task, TRUE);
  if (self->config->enabled)
    via_bridge_set_state (self, VIA_BRIDGE_IDLE, VIA_SIDE_NONE, NULL);
}

gboolean
via_bridge_disconnect_finish (ViaBridge     *self,
                              GAsyncResult  *result,
                              GError       **error)
{
  g_return_val_if_fail (VIA_IS_BRIDGE (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
