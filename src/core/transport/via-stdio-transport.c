/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-transport"
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/via-limits.h"
#include "base/via-text.h"
#include "rpc/via-rpc-error.h"
#include "transport/via-child.h"
#include "transport/via-inbox.h"
#include "transport/via-line-reader.h"
#include "transport/via-line-writer.h"
#include "transport/via-stdio-transport.h"
#include "transport/via-unread-answer.h"

/*
 * Owned by a peer; owns the child. Main context of its creator only.
 *
 * It ends when three things have: the process, its stdout and its stderr. Whatever comes first sets the rest in motion:
 * close () or the end of stdout closes stdin and starts the ladder of stop_step (); the exit of the process starts a
 * short wait for what is still in the pipes. Only finish () emits "closed", and it is reached in bounded time.
 */
struct _ViaStdioTransport
{
  ViaTransport   parent_instance;

  char         **argv;
  char         **environment;
  char          *directory;
  gsize          max_message_bytes;

  ViaChild      *child;
  ViaLineReader *output;
  ViaLineReader *errors;
  ViaLineWriter *input;
  ViaInbox      *inbox;
  GSource       *timer;         /* the ladder, or the wait after the exit */
  GQueue         stderr_lines;  /* char *, newest last */
  gsize          stderr_bytes;
  GError        *failure;       /* why we ended the child */
  GError        *end;           /* how it ended, once "closed" was told */
  GPtrArray     *closers;       /* GTask */
  guint          bad_lines;     /* in a row */
  guint          stop_step;     /* how far down the ladder */
  gboolean       closing;       /* asked for by close () */
  gboolean       exited;
  gboolean       output_ended;
  gboolean       errors_ended;
  gboolean       finished;
};

G_DEFINE_FINAL_TYPE (ViaStdioTransport, via_stdio_transport, VIA_TYPE_TRANSPORT)

static void begin_stop (ViaStdioTransport *self);

static void
drop_timer (ViaStdioTransport *self)
{
  if (self->timer == NULL)
    return;
  g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

static void
set_timer (ViaStdioTransport *self,
           guint              milliseconds,
           GSourceFunc        func)
{
  drop_timer (self);
  self->timer = g_timeout_source_new (milliseconds);
  g_source_set_callback (self->timer, func, self, NULL);
  g_source_attach (self->timer, g_main_context_get_thread_default ());
}

static GError *
new_closed_error (ViaStdioTransport *self)
{
  const char *last = g_queue_peek_tail (&self->stderr_lines);
  g_autofree char *how = NULL;
  g_autofree char *words = NULL;

  if (self->failure != NULL)
    return g_error_copy (self->failure);
  if (!self->exited)
    return g_error_new_literal (VIA_RPC_ERROR, VIA_RPC_ERROR_CLOSED, _("The server closed its output and did not exit."));
  how = via_child_dup_exit_words (self->child);
  if (last == NULL)
    return g_error_new_literal (VIA_RPC_ERROR, VIA_RPC_ERROR_CLOSED, how);
  words = via_text_clip_line (last, 300);
  /* translators: a whole sentence about the end of the server, and the last line that it wrote */
  return g_error_new (VIA_RPC_ERROR, VIA_RPC_ERROR_CLOSED, _("%s Its last words: “%s”"), how, words);
}

static void
release_streams (ViaStdioTransport *self)
{
  drop_timer (self);
  g_clear_pointer (&self->output, via_line_reader_free);
  g_clear_pointer (&self->errors, via_line_reader_free);
  g_clear_pointer (&self->input, via_line_writer_free);
  g_clear_pointer (&self->inbox, via_inbox_free);
}

static void
finish (ViaStdioTransport *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) closers = NULL;

  if (self->finished)
    return;
  self->finished = TRUE;
  if (!self->closing)
    error = new_closed_error (self);
  self->end = error != NULL ? g_error_copy (error) : NULL;
  release_streams (self);
  g_clear_pointer (&self->child, via_child_abandon);
  closers = g_steal_pointer (&self->closers);
  via_transport_emit_closed (VIA_TRANSPORT (self), error);
  for (guint i = 0; closers != NULL && i < closers->len; i++)
    g_task_return_boolean (g_ptr_array_index (closers, i), TRUE);
}

/* What came is handed over before the end is told. */
static void
finish_when_over (ViaStdioTransport *self)
{
  if (self->exited && self->output_ended && self->errors_ended && !via_inbox_is_busy (self->inbox))
    finish (self);
}

static gboolean
finish_cb (gpointer user_data)
{
  g_autoptr(ViaStdioTransport) self = g_object_ref (user_data);

  finish (self);
  return G_SOURCE_REMOVE;
}

static gboolean
stop_step_cb (gpointer user_data)
{
  ViaStdioTransport *self = user_data;

  switch (self->stop_step++)
    {
    case 0:
      via_child_terminate (self->child);
      set_timer (self, VIA_LIMIT_STDIO_TERM_MS, stop_step_cb);
      break;
    default:
      via_child_kill (self->child);
      /* Even a process that the kernel cannot end right now must not keep us. */
      set_timer (self, VIA_LIMIT_STDIO_TERM_MS, finish_cb);
      break;
    }
  return G_SOURCE_REMOVE;
}

/* MCP transports, stdio, shutdown: close stdin, wait, terminate, wait, kill. */
static void
begin_stop (ViaStdioTransport *self)
{
  if (self->exited || self->timer != NULL)
    return;
  via_line_writer_close (self->input);
  set_timer (self, VIA_LIMIT_STDIO_EOF_MS, stop_step_cb);
}

/* It broke a rule: no patience. */
static void
stop_at_once (ViaStdioTransport *self,
              const GError      *reason)
{
  if (self->failure == NULL)
    self->failure = g_error_copy (reason);
  if (self->output != NULL)
    via_line_reader_stop (self->output);
  self->output_ended = TRUE;
  if (self->exited)
    return;
  via_line_writer_close (self->input);
  self->stop_step = 1;
  drop_timer (self);
  stop_step_cb (self);
}

static void
count_bad_line (ViaStdioTransport *self,
                GBytes            *text)
{
  gsize size;
  const char *bytes = g_bytes_get_data (text, &size);
  g_autofree char *line = via_text_clip_len (bytes, size, VIA_LIMIT_ERROR_TEXT_BYTES);
  g_autofree char *words = NULL;
  g_autoptr(GError) error = NULL;

  self->bad_lines++;
  if (*line != '\0')
    via_transport_emit_diagnostic (VIA_TRANSPORT (self), VIA_DIAGNOSTIC_STRAY_OUTPUT, line);
  if (self->bad_lines < VIA_LIMIT_BAD_LINES || self->finished || self->failure != NULL)
    return;
  words = via_text_clip_line (line, 200);
  g_set_error (&error, VIA_RPC_ERROR, VIA_RPC_ERROR_INVALID,
               _("The program printed %d lines in a row that are no MCP messages, the last of them “%s”. "
                 "Check that it is an MCP server and was started in stdio mode."), VIA_LIMIT_BAD_LINES, words);
  stop_at_once (self, error);
}

static void
tell_unreadable (ViaStdioTransport *self,
                 GBytes            *text,
                 const GError      *error)
{
  gint64 id;

  if (error != NULL && via_unread_answer_find_id (text, &id))
    via_transport_emit_unreadable (VIA_TRANSPORT (self), id, error);
}

static void
taken_cb (ViaRpcMessage *message,
          GBytes        *text,
          const GError  *error,
          gpointer       data)
{
  g_autoptr(ViaStdioTransport) self = g_object_ref (data);

  if (message == NULL)
    {
      count_bad_line (self, text);
      tell_unreadable (self, text, error);
      return;
    }
  self->bad_lines = 0;
  via_transport_emit_message (VIA_TRANSPORT (self), message);
}

static void
inbox_idle_cb (gpointer data)
{
  g_autoptr(ViaStdioTransport) self = g_object_ref (data);

  if (self->output != NULL)
    via_line_reader_resume (self->output);
  if (!self->finished)
    finish_when_over (self);
}

static void
output_line_cb (GBytes   *line,
                gpointer  data)
{
  g_autoptr(ViaStdioTransport) self = g_object_ref (data);

  via_inbox_push (self->inbox, line);
  if (self->inbox != NULL && via_inbox_is_busy (self->inbox))
    via_line_reader_pause (self->output);
}

static void
output_end_cb (const GError *error,
               gpointer      data)
{
  g_autoptr(ViaStdioTransport) self = g_object_ref (data);

  self->output_ended = TRUE;
  if (error != NULL && error->domain == VIA_RPC_ERROR)
    stop_at_once (self, error);
  else
    begin_stop (self);
  finish_when_over (self);
}

static void
errors_line_cb (GBytes   *line,
                gpointer  data)
{
  ViaStdioTransport *self = data;
  gsize size;
  const char *bytes = g_bytes_get_data (line, &size);
  char *text = via_text_clip_len (bytes, size, VIA_LIMIT_STDERR_LINE_BYTES);

  if (*text == '\0')
    {
      g_free (text);
      return;
    }
  g_queue_push_tail (&self->stderr_lines, text);
  self->stderr_bytes += strlen (text) + 1;
  while (self->stderr_bytes > VIA_LIMIT_STDERR_BYTES)
    {
      g_autofree char *oldest = g_queue_pop_head (&self->stderr_lines);

      self->stderr_bytes -= strlen (oldest) + 1;
    }
  via_transport_emit_diagnostic (VIA_TRANSPORT (self), VIA_DIAGNOSTIC_STDERR, text);
}

static void
errors_end_cb (const GError *error,
               gpointer      data)
{
  g_autoptr(ViaStdioTransport) self = g_object_ref (data);

  self->errors_ended = TRUE;
  finish_when_over (self);
}

/* It reads no more. Usually it is about to exit, and how it exits says more than a broken pipe. */
static void
write_failed_cb (const GError *error,
                 gpointer      data)
{
  begin_stop (data);
}

static void
exited_cb (ViaChild *child,
           gpointer  data)
{
  g_autoptr(ViaStdioTransport) self = g_object_ref (data);

  self->exited = TRUE;
  via_line_writer_close (self->input);
  /* A process that left the group may hold the pipes open for ever. */
  set_timer (self, VIA_LIMIT_STDIO_DRAIN_MS, finish_cb);
  finish_when_over (self);
}

static gboolean
is_safe_variable (const char *name)
{
  static const char *const names[] = {
    "HOME", "LANG", "LOGNAME", "PATH", "SHELL", "TERM", "TMPDIR", "USER",
#ifdef G_OS_WIN32
    "APPDATA", "COMSPEC", "HOMEDRIVE", "HOMEPATH", "LOCALAPPDATA", "PATHEXT", "PROCESSOR_ARCHITECTURE", "PROGRAMFILES",
    "SYSTEMDRIVE", "SYSTEMROOT", "TEMP", "TMP", "USERNAME", "USERPROFILE",
#endif
    NULL
  };

  return g_strv_contains (names, name) || g_str_has_prefix (name, "XDG_") || g_str_has_prefix (name, "LC_");
}

/* What a server needs to find its way about, and what it was given; our own secrets are not inherited. Values that some
 * shells take for functions are left out. */
static char **
build_environment (const char *const *given)
{
  g_auto(GStrv) names = g_listenv ();
  char **environment = g_new0 (char *, 1);

  for (guint i = 0; names[i] != NULL; i++)
    {
      const char *value = g_getenv (names[i]);

      if (value != NULL && is_safe_variable (names[i]) && !g_str_has_prefix (value, "()"))
        environment = g_environ_setenv (environment, names[i], value, TRUE);
    }
  for (guint i = 0; given != NULL && given[i] != NULL; i++)
    {
      const char *equals = strchr (given[i], '=');
      g_autofree char *name = equals != NULL ? g_strndup (given[i], equals - given[i]) : NULL;

      if (name != NULL && *name != '\0')
        environment = g_environ_setenv (environment, name, equals + 1, TRUE);
    }
  return environment;
}

static gboolean
start (ViaStdioTransport  *self,
       GError            **error)
{
  static const ViaLineFuncs output_funcs = { output_line_cb, output_end_cb };
  static const ViaLineFuncs errors_funcs = { errors_line_cb, errors_end_cb };
  static const ViaInboxFuncs inbox_funcs = { taken_cb, inbox_idle_cb };
  g_auto(GStrv) environment = build_environment ((const char *const *) self->environment);

  if (self->argv == NULL || self->argv[0] == NULL || *self->argv[0] == '\0')
    {
      g_set_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_NOT_SENT, _("No program is given. Set `command`."));
      return FALSE;
    }
  self->child = via_child_spawn ((const char *const *) self->argv, (const char *const *) environment,
                                 self->directory, exited_cb, self, error);
  if (self->child == NULL)
    return FALSE;
  self->inbox = via_inbox_new (&inbox_funcs, self);
  self->input = via_line_writer_new (via_child_get_stdin (self->child), write_failed_cb, self);
  self->output = via_line_reader_new (via_child_get_stdout (self->child), self->max_message_bytes, VIA_LINE_REFUSE,
                                      &output_funcs, self);
  self->errors = via_line_reader_new (via_child_get_stderr (self->child), VIA_LIMIT_STDERR_LINE_BYTES, VIA_LINE_SPLIT,
                                      &errors_funcs, self);
  via_line_reader_resume (self->output);
  via_line_reader_resume (self->errors);
  return TRUE;
}

static void
via_stdio_transport_start_async (ViaTransport        *transport,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  ViaStdioTransport *self = VIA_STDIO_TRANSPORT (transport);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  GError *error = NULL;

  g_task_set_source_tag (task, via_stdio_transport_start_async);
  if (g_task_return_error_if_cancelled (task))
    return;
  g_return_if_fail (self->child == NULL && !self->finished);
  if (start (self, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* The message was not handed over; what a person wants to know is why nobody is there. */
static GError *
new_not_sent_error (ViaStdioTransport *self)
{
  g_autoptr(GError) end = NULL;

  if (self->end != NULL)
    end = g_error_copy (self->end);
  else if (self->exited && self->child != NULL)
    end = new_closed_error (self);
  return g_error_new_literal (VIA_RPC_ERROR, VIA_RPC_ERROR_NOT_SENT,
                              end != NULL ? end->message : _("The server is not running. Connect, then repeat the call."));
}

static gboolean
via_stdio_transport_try_send (ViaTransport               *transport,
                              const ViaTransportMessage  *message,
                              GError                    **error)
{
  ViaStdioTransport *self = VIA_STDIO_TRANSPORT (transport);

  if (self->input == NULL || self->exited)
    {
      g_propagate_error (error, new_not_sent_error (self));
      return FALSE;
    }
  return via_line_writer_write (self->input, message->body, error);
}

static void
via_stdio_transport_send_async (ViaTransport              *transport,
                                const ViaTransportMessage *message,
                                GCancellable              *cancellable,
                                GAsyncReadyCallback        callback,
                                gpointer                   user_data)
{
  g_autoptr(GTask) task = g_task_new (transport, cancellable, callback, user_data);
  GError *error = NULL;

  g_task_set_source_tag (task, via_stdio_transport_send_async);
  if (g_task_return_error_if_cancelled (task))
    return;
  if (via_stdio_transport_try_send (transport, message, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
via_stdio_transport_close_async (ViaTransport        *transport,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  ViaStdioTransport *self = VIA_STDIO_TRANSPORT (transport);
  g_autoptr(GTask) task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, via_stdio_transport_close_async);
  if (self->finished || self->child == NULL)
    {
      self->closing = TRUE;
      finish (self);
      g_task_return_boolean (task, TRUE);
      return;
    }
  self->closing = TRUE;
  if (self->closers == NULL)
    self->closers = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (self->closers, g_steal_pointer (&task));
  begin_stop (self);
}

static void
via_stdio_transport_dispose (GObject *object)
{
  ViaStdioTransport *self = VIA_STDIO_TRANSPORT (object);

  self->finished = TRUE;
  release_streams (self);
  g_clear_pointer (&self->child, via_child_abandon);
  G_OBJECT_CLASS (via_stdio_transport_parent_class)->dispose (object);
}

static void
via_stdio_transport_finalize (GObject *object)
{
  ViaStdioTransport *self = VIA_STDIO_TRANSPORT (object);

  g_strfreev (self->argv);
  g_strfreev (self->environment);
  g_free (self->directory);
  g_clear_error (&self->failure);
  g_clear_error (&self->end);
  g_queue_clear_full (&self->stderr_lines, g_free);
  G_OBJECT_CLASS (via_stdio_transport_parent_class)->finalize (object);
}

static void
via_stdio_transport_class_init (ViaStdioTransportClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  ViaTransportClass *transport_class = VIA_TRANSPORT_CLASS (klass);

  object_class->dispose = via_stdio_transport_dispose;
  object_class->finalize = via_stdio_transport_finalize;
  transport_class->start_async = via_stdio_transport_start_async;
  transport_class->send_async = via_stdio_transport_send_async;
  transport_class->try_send = via_stdio_transport_try_send;
  transport_class->close_async = via_stdio_transport_close_async;
}

static void
via_stdio_transport_init (ViaStdioTransport *self)
{
  g_queue_init (&self->stderr_lines);
}

ViaTransport *
via_stdio_transport_new (const char *const *argv,
                         const char *const *environment,
                         const char        *directory,
                         gsize              max_message_bytes)
{
  ViaStdioTransport *self = g_object_new (VIA_TYPE_STDIO_TRANSPORT, NULL);

  self->argv = g_strdupv ((char **) argv);
  self->environment = g_strdupv ((char **) environment);
  self->directory = directory != NULL && *directory != '\0' ? g_strdup (directory) : NULL;
  self->max_message_bytes = max_message_bytes > 0 ? max_message_bytes : VIA_LIMIT_RESPONSE_BYTES;
  return VIA_TRANSPORT (self);
}

int
via_stdio_transport_get_pid (ViaStdioTransport *self)
{
  g_return_val_if_fail (VIA_IS_STDIO_TRANSPORT (self), 0);

  return self->child != NULL ? via_child_get_pid (self->child) : 0;
}

char *
via_stdio_transport_dup_stderr (ViaStdioTransport *self)
{
  GString *text;

  g_return_val_if_fail (VIA_IS_STDIO_TRANSPORT (self), NULL);

  text = g_string_new (NULL);
  for (GList *link = self->stderr_lines.head; link != NULL; link = link->next)
    {
      if (text->len > 0)
        g_string_append_c (text, '\n');
      g_string_append (text, link->data);
    }
  return g_string_free (text, FALSE);
}
