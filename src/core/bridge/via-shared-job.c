/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via-bridge"

#include "config.h"

#include "bridge/via-shared-job.h"

typedef struct
{
  ViaSharedJob *job;  /* borrowed */
  GTask        *task; /* owned */
  GSource      *left; /* nullable: the caller cancels */
} Waiter;

struct _ViaSharedJob
{
  GCancellable *cancellable;
  GList        *waiters; /* newest first */
};

static void
waiter_free (Waiter *self)
{
  if (self->left != NULL)
    g_source_destroy (self->left);
  g_clear_pointer (&self->left, g_source_unref);
  g_clear_object (&self->task);
  g_free (self);
}

/* A source rather than the signal of the cancellable: it comes from the main loop, so it may do anything. */
static gboolean
left_cb (GCancellable *cancellable,
         gpointer      user_data)
{
  Waiter *waiter = user_data;
  ViaSharedJob *job = waiter->job;
  g_autoptr(GCancellable) abandoned = NULL;
  g_autoptr(GTask) task = g_steal_pointer (&waiter->task);

  job->waiters = g_list_remove (job->waiters, waiter);
  waiter_free (waiter);
  if (job->waiters == NULL)
    abandoned = g_object_ref (job->cancellable);
  g_task_return_error_if_cancelled (task);
  if (abandoned != NULL)
    g_cancellable_cancel (abandoned);
  return G_SOURCE_REMOVE;
}

ViaSharedJob *
via_shared_job_new (void)
{
  ViaSharedJob *self = g_new0 (ViaSharedJob, 1);

  self->cancellable = g_cancellable_new ();
  return self;
}

GCancellable *
via_shared_job_get_cancellable (ViaSharedJob *self)
{
  return self->cancellable;
}

void
via_shared_job_join (ViaSharedJob *self,
                     GTask        *task)
{
  Waiter *waiter = g_new0 (Waiter, 1);
  GCancellable *cancellable = g_task_get_cancellable (task);

  waiter->job = self;
  waiter->task = task;
  if (cancellable != NULL)
    {
      waiter->left = g_cancellable_source_new (cancellable);
      g_source_set_callback (waiter->left, G_SOURCE_FUNC (left_cb), waiter, NULL);
      g_source_attach (waiter->left, g_task_get_context (task));
    }
  self->waiters = g_list_prepend (self->waiters, waiter);
}

void
via_shared_job_finish (ViaSharedJob *self,
                       const GError *error)
{
  GList *waiters = g_list_reverse (g_steal_pointer (&self->waiters));

  g_clear_object (&self->cancellable);
  g_free (self);
  while (waiters != NULL)
    {
      Waiter *waiter = waiters->data;

      waiters = g_list_delete_link (waiters, waiters);
      if (error != NULL)
        g_task_return_error (waiter->task, g_error_copy (error));
      else
        g_task_return_boolean (waiter->task, TRUE);
      waiter_free (waiter);
    }
}
