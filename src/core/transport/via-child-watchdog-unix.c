/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-transport"
#include "config.h"

#include <glib-unix.h>
#include <unistd.h>

#include "transport/via-child-watchdog.h"

/*
 * A shell is everywhere and small. It reads "+ group" and "- group" and, when the pipe ends, kills what stands on the
 * list. Nothing but numbers of ours reaches it. The signals of a terminal must not end it before us.
 */
static const char script[] =
  "trap '' HUP INT TERM QUIT\n"
  "list=\n"
  "while read -r what group; do\n"
  "  if [ \"$what\" = + ]; then list=\"$list $group\"; continue; fi\n"
  "  rest=\n"
  "  for each in $list; do [ \"$each\" = \"$group\" ] || rest=\"$rest $each\"; done\n"
  "  list=$rest\n"
  "done\n"
  "for each in $list; do kill -s KILL -- \"-$each\" 2>/dev/null; done\n";

/* One for the process, not for an object: it is about the end of the process. */
G_LOCK_DEFINE_STATIC (watchdog);
static int watchdog_pipe = -1;

/* Runs between fork and exec: only async-signal-safe calls. */
static void
leave_session (gpointer data)
{
  setsid ();
}

static int
start_watchdog (void)
{
  const char *argv[] = { "/bin/sh", "-c", script, "viaduct-watchdog", NULL };
  const char *environment[] = { "PATH=/usr/bin:/bin", NULL };
  GSpawnFlags flags = G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL | G_SPAWN_CLOEXEC_PIPES;
  g_autoptr(GError) error = NULL;
  int pipe_fd = -1;

  if (!g_spawn_async_with_pipes ("/", (char **) argv, (char **) environment, flags, leave_session, NULL, NULL,
                                 &pipe_fd, NULL, NULL, &error))
    {
      g_debug ("No watchdog for server processes: %s", error->message);
      return -1;
    }
  g_unix_set_fd_nonblocking (pipe_fd, TRUE, NULL);
  return pipe_fd;
}

static void
tell_watchdog (char what,
               int  group)
{
  char line[32];
  int length = g_snprintf (line, sizeof line, "%c %d\n", what, group);

  if (watchdog_pipe < 0 || write (watchdog_pipe, line, length) == length)
    return;
  g_debug ("The watchdog for server processes is gone");
  close (watchdog_pipe);
  watchdog_pipe = -1;
}

void
via_child_watchdog_add (int group)
{
  G_LOCK (watchdog);
  if (watchdog_pipe < 0)
    watchdog_pipe = start_watchdog ();
  tell_watchdog ('+', group);
  G_UNLOCK (watchdog);
}

void
via_child_watchdog_remove (int group)
{
  G_LOCK (watchdog);
  tell_watchdog ('-', group);
  G_UNLOCK (watchdog);
}
