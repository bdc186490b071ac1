/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * ViaChild is a running server process and everything that it started: on Unix a process group of its own
 * (via-child-unix.c), on Windows a job object. When the leader exits, or this process ends in whatever way, what is left
 * of it is killed; only a process that left the group on purpose (setsid) escapes. Private to transport/.
 */
typedef struct _ViaChild ViaChild;

typedef void (*ViaChildExitFunc) (ViaChild *child, gpointer data);

/* @environment is complete; the program is looked up in its PATH. Fails with VIA_RPC_ERROR_NOT_SENT. @exited is called
 * once, after the process was reaped, unless via_child_abandon () came first. */
ViaChild      *via_child_spawn          (const char *const  *argv,
                                         const char *const  *environment,
                                         const char         *directory,
                                         ViaChildExitFunc    exited,
                                         gpointer            data,
                                         GError            **error);
int            via_child_get_pid        (ViaChild           *self);
GOutputStream *via_child_get_stdin      (ViaChild           *self); /* (transfer none), never blocks */
GInputStream  *via_child_get_stdout     (ViaChild           *self); /* (transfer none) */
GInputStream  *via_child_get_stderr     (ViaChild           *self); /* (transfer none) */
/* Asks the group to end; where that is unknown, ends it. */
void           via_child_terminate      (ViaChild           *self);
void           via_child_kill           (ViaChild           *self);
/* After the exit, a sentence: “The server was ended by signal 9 (Killed).” (transfer full) */
char          *via_child_dup_exit_words (ViaChild           *self);
/* Kills the group unless it is over, drops the reference, calls nothing back; the process is still reaped. */
void           via_child_abandon        (ViaChild           *self);

/* This process's own ends, for a server. (transfer full) */
GInputStream  *via_own_stdin_new        (void);
GOutputStream *via_own_stdout_new       (void);

G_END_DECLS
