/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-transport"
#include "config.h"

#include <errno.h>
#include <gio/gunixinputstream.h>
#include <gio/gunixoutputstream.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

#include "rpc/via-rpc-error.h"
#include "transport/via-child.h"
#include "transport/via-child-watchdog.h"

/*
 * The leader's exit is seen through a pidfd where the kernel has them: then the group is killed while the leader is still
 * a zombie, and no other process can have got its number. Where there is none, GLib's child watch has reaped it a moment
 * before; the number cannot be in use as long as a member of the group lives, so only an empty group is at risk.
 */
struct _ViaChild
{
  pid_t             pid; /* and process group; 0 once reaped */
  int               pidfd;
  int               status;
  GSource          *exit_source; /* holds a reference */
  ViaChildExitFunc  exited;
  gpointer          data;
  GOutputStream    *input;
  GInputStream     *output;
  GInputStream     *errors;
};

static void
child_clear (gpointer data)
{
  ViaChild *self = data;

  g_clear_object (&self->input);
  g_clear_object (&self->output);
  g_clear_object (&self->errors);
}

static void
child_unref (gpointer data)
{
  g_rc_box_release_full (data, child_clear);
}

static char *
find_in_path (const char *name,
              const char *path)
{
  g_auto(GStrv) folders = g_strsplit (path != NULL ? path : "", G_SEARCHPATH_SEPARATOR_S, -1);

  for (guint i = 0; folders[i] != NULL; i++)
    {
      g_autofree char *candidate = NULL;

      if (!g_path_is_absolute (folders[i]))
        continue;
      candidate = g_build_filename (folders[i], name, NULL);
      if (g_file_test (candidate, G_FILE_TEST_IS_EXECUTABLE) && !g_file_test (candidate, G_FILE_TEST_IS_DIR))
        return g_steal_pointer (&candidate);
    }
  return NULL;
}

static char *
find_program (const char         *name,
              const char *const  *environment,
              const char         *directory,
              GError            **error)
{
  const char *path = g_environ_getenv ((char **) environment, "PATH");
  g_autofree char *found = NULL;
  g_autofree char *places = NULL;
  g_auto(GStrv) folders = NULL;

  if (strchr (name, '/') != NULL)
    {
      found = g_path_is_absolute (name) || directory == NULL
        ? g_strdup (name) : g_build_filename (directory, name, NULL);
      if (g_file_test (found, G_FILE_TEST_IS_EXECUTABLE) && !g_file_test (found, G_FILE_TEST_IS_DIR))
        return g_strdup (name);
      g_set_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_NOT_SENT,
                   g_file_test (found, G_FILE_TEST_EXISTS)
                   ? _("“%s” is not an executable program. Check `command`.")
                   : _("“%s” does not exist. Check `command`."), found);
      return NULL;
    }
  found = find_in_path (name, path);
  if (found != NULL)
    return g_steal_pointer (&found);
  folders = g_strsplit (path != NULL ? path : "", G_SEARCHPATH_SEPARATOR_S, -1);
  places = g_strjoinv (", ", folders);
  if (*places != '\0')
    g_set_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_NOT_SENT,
                 _("“%s” was not found. Looked in %s. Install it or give the full path in `command`."), name, places);
  else
    g_set_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_NOT_SENT,
                 _("“%s” was not found. Looked in no folder, because PATH is empty. Install it or give the full path in "
                   "`command`."), name);
  return NULL;
}

/* Runs between fork and exec: only async-signal-safe calls. */
static void
set_child_up (gpointer data)
{
  setpgid (0, 0);
#ifdef __linux__
  /* Follows the death of the thread that spawned us, hence of the process: transports live on the main thread. The
   * watchdog does the same for the whole group, a moment later. */
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  if (getppid () != GPOINTER_TO_INT (data))
    _exit (127);
#endif
}

static void
take_exit (ViaChild *self)
{
  pid_t pid = self->pid;

  self->pid = 0;
  if (self->pidfd >= 0)
    {
      while (waitpid (pid, &self->status, 0) < 0 && errno == EINTR)
        ;
      close (self->pidfd);
      self->pidfd = -1;
    }
  if (self->exited != NULL)
    self->exited (self, self->data);
}

static gboolean
pidfd_cb (int          fd,
          GIOCondition condition,
          gpointer     user_data)
{
  ViaChild *self = user_data;

  killpg (self->pid, SIGKILL);
  via_child_watchdog_remove (self->pid);
  take_exit (self);
  return G_SOURCE_REMOVE;
}

static void
child_watch_cb (GPid     pid,
                int      status,
                gpointer user_data)
{
  ViaChild *self = user_data;

  killpg (pid, SIGKILL);
  via_child_watchdog_remove (pid);
  self->status = status;
  take_exit (self);
}

static void
watch_exit (ViaChild *self)
{
  GSource *source;

#if defined (__linux__) && defined (SYS_pidfd_open)
  self->pidfd = (int) syscall (SYS_pidfd_open, self->pid, 0);
#endif
  if (self->pidfd >= 0)
    {
      source = g_unix_fd_source_new (self->pidfd, G_IO_IN);
      g_source_set_callback (source, G_SOURCE_FUNC (pidfd_cb), g_rc_box_acquire (self), child_unref);
    }
  else
    {
      source = g_child_watch_source_new (self->pid);
      g_source_set_callback (source, G_SOURCE_FUNC (child_watch_cb), g_rc_box_acquire (self), child_unref);
    }
  g_source_attach (source, g_main_context_get_thread_default ());
  g_source_unref (source);
}

/* A broken pipe is an error to report, not a reason to die. GLib's spawn resets this for children. */
static void
ignore_broken_pipes (void)
{
  struct sigaction action;

  if (sigaction (SIGPIPE, NULL, &action) == 0 && action.sa_handler == SIG_DFL)
    signal (SIGPIPE, SIG_IGN);
}

static GPtrArray *
build_argv (const char        *program,
            const char *const *argv)
{
  GPtrArray *out = g_ptr_array_new ();

  g_ptr_array_add (out, (char *) program);
  for (guint i = 0; argv[i] != NULL; i++)
    g_ptr_array_add (out, (char *) argv[i]);
  g_ptr_array_add (out, NULL);
  return out;
}

static gboolean
spawn (ViaChild           *self,
       const char         *program,
       const char *const  *argv,
       const char *const  *environment,
       const char         *directory,
       GError            **error)
{
  GSpawnFlags flags = G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_CLOEXEC_PIPES | G_SPAWN_FILE_AND_ARGV_ZERO;
  g_autoptr(GPtrArray) arguments = build_argv (program, argv);
  g_autoptr(GError) local = NULL;
  int fds[3] = { -1, -1, -1 };

  if (!g_spawn_async_with_pipes (directory, (char **) arguments->pdata, (char **) environment, flags, set_child_up,
                                 GINT_TO_POINTER (getpid ()), &self->pid, &fds[0], &fds[1], &fds[2], &local))
    {
      g_set_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_NOT_SENT, _("“%s” could not be started: %s. Check `command`."),
                   argv[0], local->message);
      return FALSE;
    }
  via_child_watchdog_add (self->pid);
  /* All three: a stream that says it is ready may still block when somebody else empties or fills the pipe. */
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    g_unix_set_fd_nonblocking (fds[i], TRUE, NULL);
  self->input = g_unix_output_stream_new (fds[0], TRUE);
  self->output = g_unix_input_stream_new (fds[1], TRUE);
  self->errors = g_unix_input_stream_new (fds[2], TRUE);
  return TRUE;
}

ViaChild *
via_child_spawn (const char *const  *argv,
                 const char *const  *environment,
                 const char         *directory,
                 ViaChildExitFunc    exited,
                 gpointer            data,
                 GError            **error)
{
  g_autofree char *program = NULL;
  ViaChild *self;

  if (directory != NULL && !g_file_test (directory, G_FILE_TEST_IS_DIR))
    {
      g_set_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_NOT_SENT,
                   _("The working directory “%s” does not exist. Create it or correct the setting."), directory);
      return NULL;
    }
  program = find_program (argv[0], environment, directory, error);
  if (program == NULL)
    return NULL;
  ignore_broken_pipes ();
  self = g_rc_box_new0 (ViaChild);
  self->pidfd = -1;
  self->exited = exited;
  self->data = data;
  if (!spawn (self, program, argv, environment, directory, error))
    {
      child_unref (self);
      return NULL;
    }
  watch_exit (self);
  return self;
}

int
via_child_get_pid (ViaChild *self)
{
  return self->pid;
}

GOutputStream *
via_child_get_stdin (ViaChild *self)
{
  return self->input;
}

GInputStream *
via_child_get_stdout (ViaChild *self)
{
  return self->output;
}

GInputStream *
via_child_get_stderr (ViaChild *self)
{
  return self->errors;
}

void
via_child_terminate (ViaChild *self)
{
  if (self->pid > 0)
    killpg (self->pid, SIGTERM);
}

void
via_child_kill (ViaChild *self)
{
  if (self->pid > 0)
    killpg (self->pid, SIGKILL);
}

char *
via_child_dup_exit_words (ViaChild *self)
{
  if (WIFSIGNALED (self->status))
    /* translators: a number and its name */
    return g_strdup_printf (_("The server was ended by signal %d (%s)."), WTERMSIG (self->status),
                            g_strsignal (WTERMSIG (self->status)));
  return g_strdup_printf (_("The server exited with status %d."), WEXITSTATUS (self->status));
}

void
via_child_abandon (ViaChild *self)
{
  via_child_kill (self);
  self->exited = NULL;
  child_unref (self);
}

GInputStream *
via_own_stdin_new (void)
{
  ignore_broken_pipes ();
  return g_unix_input_stream_new (STDIN_FILENO, FALSE);
}

GOutputStream *
via_own_stdout_new (void)
{
  ignore_broken_pipes ();
  return g_unix_output_stream_new (STDOUT_FILENO, FALSE);
}
