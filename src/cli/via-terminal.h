/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What the command line needs of the system it runs on: terminals, signals, and a worker that outlives it. */

gboolean    via_terminal_is_output        (void); /* standard output is a terminal */
gboolean    via_terminal_is_input         (void);
/* Asks on the terminal without showing what is typed. (transfer full), NULL at end of input. */
char       *via_terminal_ask_secret       (const char    *prompt);
/* All of standard input, at most @max_bytes. */
GBytes     *via_terminal_read_input       (gsize          max_bytes,
                                           GError       **error);
/* SIGINT and SIGTERM cancel @cancellable instead of ending the process. */
void        via_terminal_cancel_on_signal (GCancellable  *cancellable);

/* A lock that says that a worker lives; it is held until the process ends, also by a crash. */
int         via_lock_take                 (const char    *path,
                                           GError       **error); /* a descriptor, or -1 */
/* Closes our descriptor; who inherited it still holds the lock. */
void        via_lock_release              (int            descriptor);
gboolean    via_lock_is_held              (const char    *path);  /* by any process */
void        via_lock_wait                 (const char    *path);  /* until it is not; blocks */
/* Starts this program again with @argv, detached from terminal and session, inheriting @lock. */
gboolean    via_worker_start              (const char *const *argv,
                                           int            lock,
                                           GError       **error);

G_END_DECLS
