/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <termios.h>
#include <unistd.h>

#include "via-terminal.h"

gboolean
via_terminal_is_output (void)
{
  return isatty (STDOUT_FILENO);
}

gboolean
via_terminal_is_input (void)
{
  return isatty (STDIN_FILENO);
}

/* A signal handler has no other place to put it. */
static volatile sig_atomic_t caught_signal;

static void
catch_cb (int number)
{
  caught_signal = number;
}

static const int ending_signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };

/* They interrupt reading instead of ending the process, so that the terminal can be put right first. */
static void
catch_signals (struct sigaction before[G_N_ELEMENTS (ending_signals)])
{
  const struct sigaction action = { .sa_handler = catch_cb };

  caught_signal = 0;
  for (guint i = 0; i < G_N_ELEMENTS (ending_signals); i++)
    {
      sigaction (ending_signals[i], NULL, &before[i]);
      if (before[i].sa_handler != SIG_IGN)
        sigaction (ending_signals[i], &action, NULL);
    }
}

static void
release_signals (const struct sigaction before[G_N_ELEMENTS (ending_signals)])
{
  for (guint i = 0; i < G_N_ELEMENTS (ending_signals); i++)
    sigaction (ending_signals[i], &before[i], NULL);
  if (caught_signal != 0)
    raise (caught_signal);
}

char *
via_terminal_ask_secret (const char *prompt)
{
  struct sigaction before[G_N_ELEMENTS (ending_signals)];
  struct termios shown, hidden;
  char line[66000];
  char *answer = NULL;

  if (tcgetattr (STDIN_FILENO, &shown) != 0)
    return NULL;
  hidden = shown;
  hidden.c_lflag &= ~(tcflag_t) ECHO;
  fputs (prompt, stderr);
  catch_signals (before);
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &hidden);
  if (fgets (line, sizeof line, stdin) != NULL)
    {
      line[strcspn (line, "\r\n")] = '\0';
      answer = g_strdup (line);
    }
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &shown);
  fputc ('\n', stderr);
  explicit_bzero (line, sizeof line);
  release_signals (before);
  return answer;
}

GBytes *
via_terminal_read_input (gsize    max_bytes,
                         GError **error)
{
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  guint8 buffer[65536];
  gssize n;

  while ((n = read (STDIN_FILENO, buffer, sizeof buffer)) != 0)
    {
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                       _("Standard input cannot be read: %s"), g_strerror (errno));
          return NULL;
        }
      if (bytes->len + (gsize) n > max_bytes)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                       _("Standard input is larger than %zu bytes."), max_bytes);
          return NULL;
        }
      g_byte_array_append (bytes, buffer, n);
    }
  explicit_bzero (buffer, sizeof buffer);
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

static gboolean
signal_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_CONTINUE;
}

void
via_terminal_cancel_on_signal (GCancellable *cancellable)
{
  g_unix_signal_add (SIGINT, signal_cb, cancellable);
  g_unix_signal_add (SIGTERM, signal_cb, cancellable);
  g_unix_signal_add (SIGHUP, signal_cb, cancellable);
}

int
via_lock_take (const char *path,
               GError    **error)
{
  int descriptor = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  if (descriptor >= 0 && flock (descriptor, LOCK_EX | LOCK_NB) == 0)
    return descriptor;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
               _("“%s” cannot be locked: %s"), path, g_strerror (errno));
  if (descriptor >= 0)
    close (descriptor);
  return -1;
}

void
via_lock_release (int descriptor)
{
  close (descriptor);
}

gboolean
via_lock_is_held (const char *path)
{
  int descriptor = open (path, O_RDWR | O_CLOEXEC);
  gboolean held;

  if (descriptor < 0)
    return FALSE;
  held = flock (descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  close (descriptor);
  return held;
}

void
via_lock_wait (const char *path)
{
  int descriptor = open (path, O_RDWR | O_CLOEXEC);

  if (descriptor < 0)
    return;
  while (flock (descriptor, LOCK_SH) != 0 && errno == EINTR)
    ;
  close (descriptor);
}

/* Between fork and exec: only async-signal-safe calls. */
static void
detach_cb (gpointer user_data)
{
  int lock = GPOINTER_TO_INT (user_data);

  setsid ();
  fcntl (lock, F_SETFD, 0);
}

gboolean
via_worker_start (const char *const *argv,
                  int                lock,
                  GError           **error)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_auto(GStrv) line = g_strdupv ((char **) argv);

  if (self != NULL)
    {
      g_free (line[0]);
      line[0] = g_steal_pointer (&self);
    }
  return g_spawn_async (NULL, line, NULL,
                        G_SPAWN_SEARCH_PATH | G_SPAWN_STDIN_FROM_DEV_NULL
                          | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL
                          | G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_LEAVE_DESCRIPTORS_OPEN,
                        detach_cb, GINT_TO_POINTER (lock), NULL, error);
}
