/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bridge/via-bridge-private.h"

G_BEGIN_DECLS

/*
 * ViaExecutor carries one execution out: waits for a free place, connects, calls, and repeats what may be repeated. The
 * bridge keeps it until its operation has ended.
 */

/* Begins with @operation, which stays PENDING until the main loop runs again. */
void via_executor_start      (ViaBridge    *bridge,
                              ViaOperation *operation);
/* Lets those that wait have the places that are free: also for when there are more of them all at once. */
void via_executor_admit      (ViaBridge    *bridge);
/* Ends every execution of @bridge at once: all operations are CANCELLED when this returns. */
void via_executor_cancel_all (ViaBridge    *bridge);

G_END_DECLS
