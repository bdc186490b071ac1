/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * ViaSharedJob is one piece of work that several callers wait for: connecting, fetching a list. Each caller is a GTask
 * that answers a boolean and has its own GCancellable; a caller who cancels leaves, and when the last one has left, the
 * work itself is cancelled.
 */
typedef struct _ViaSharedJob ViaSharedJob;

ViaSharedJob *via_shared_job_new             (void);
/* What the work has to listen to. (transfer none) */
GCancellable *via_shared_job_get_cancellable (ViaSharedJob *self);
/* @task (transfer full) */
void          via_shared_job_join            (ViaSharedJob *self,
                                              GTask        *task);
/* Answers everybody who still waits, with TRUE or with a copy of @error, and frees the job. */
void          via_shared_job_finish          (ViaSharedJob *self,
                                              const GError *error);

G_END_DECLS
