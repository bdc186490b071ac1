/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/via-limits.h"
#include "rpc/via-rpc-peer.h"
#include "transport/via-stdio-transport.h"

/* A server in one of the modes of mock-stdio-server, and what was heard of it. */
typedef struct
{
  ViaTransport *transport;
  ViaRpcPeer   *peer;
  GString      *diagnostics[3];
  guint         n_diagnostics[3];
  GError       *closed;
  guint         n_closed;
  guint         n_notifications;
  char         *notification;
} Server;

static void
diagnostic_cb (ViaTransport *transport,
               guint         kind,
               const char   *text,
               gpointer      user_data)
{
  Server *server = user_data;

  g_assert_true (g_utf8_validate (text, -1, NULL));
  server->n_diagnostics[kind]++;
  if (server->diagnostics[kind]->len < 100000)
    g_string_append_printf (server->diagnostics[kind], "%s\n", text);
}

static void
closed_cb (ViaTransport *transport,
           const GError *error,
           gpointer      user_data)
{
  Server *server = user_data;

  server->n_closed++;
  if (error != NULL)
    server->closed = g_error_copy (error);
}

static void
notification_cb (ViaRpcPeer    *peer,
                 ViaRpcMessage *message,
                 gpointer       user_data)
{
  Server *server = user_data;

  server->n_notifications++;
  g_free (server->notification);
  server->notification = via_json_value_dup_raw (via_rpc_message_get_params (message));
}

static void
keep_result_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
wait_for (gboolean (*is_done) (gpointer data),
          gpointer   data)
{
  gint64 end = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;

  while (!is_done (data))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_main_context_iteration (NULL, FALSE);
      if (!g_main_context_pending (NULL))
        g_usleep (500);
    }
}

static gboolean
is_set (gpointer data)
{
  return *(gpointer *) data != NULL;
}

static gboolean
is_closed (gpointer data)
{
  return ((Server *) data)->n_closed > 0;
}

static gboolean
is_notified (gpointer data)
{
  return ((Server *) data)->n_notifications > 0;
}

static gboolean
is_group_gone (gpointer data)
{
  return kill (-GPOINTER_TO_INT (data), 0) < 0 && errno == ESRCH;
}

static void
run_for (guint milliseconds)
{
  gint64 end = g_get_monotonic_time () + milliseconds * 1000;

  while (g_get_monotonic_time () < end)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (500);
    }
}

static gboolean
start_transport (ViaTransport  *transport,
                 GError       **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  via_transport_start_async (transport, NULL, keep_result_cb, &result);
  wait_for (is_set, &result);
  return via_transport_start_finish (transport, result, error);
}

static void
adopt (Server       *server,
       ViaTransport *transport)
{
  *server = (Server) { .transport = transport };
  for (guint i = 0; i < 3; i++)
    server->diagnostics[i] = g_string_new (NULL);
  g_signal_connect (transport, "diagnostic", G_CALLBACK (diagnostic_cb), server);
  g_signal_connect (transport, "closed", G_CALLBACK (closed_cb), server);
  server->peer = via_rpc_peer_new (transport);
  g_signal_connect (server->peer, "notification", G_CALLBACK (notification_cb), server);
}

static void
start_limited (Server     *server,
               const char *mode,
               const char *argument,
               gsize       max_bytes)
{
  const char *argv[] = { g_getenv ("VIA_MOCK_STDIO_SERVER"), mode, argument, NULL };
  GError *error = NULL;

  g_assert_nonnull (argv[0]);
  adopt (server, via_stdio_transport_new (argv, NULL, NULL, max_bytes));
  start_transport (server->transport, &error);
  g_assert_no_error (error);
}

static void
start (Server     *server,
       const char *mode,
       const char *argument)
{
  start_limited (server, mode, argument, 0);
}

static int
get_pid (Server *server)
{
  return via_stdio_transport_get_pid (VIA_STDIO_TRANSPORT (server->transport));
}

static void
close_transport (Server *server)
{
  g_autoptr(GAsyncResult) result = NULL;

  via_transport_close_async (server->transport, NULL, keep_result_cb, &result);
  wait_for (is_set, &result);
  g_assert_true (via_transport_close_finish (server->transport, result, NULL));
  g_assert_cmpuint (server->n_closed, ==, 1);
}

static void
stop (Server *server)
{
  gpointer transport = server->transport, peer = server->peer;
  int pid = get_pid (server);

  if (server->n_closed == 0)
    close_transport (server);
  g_object_add_weak_pointer (transport, &transport);
  g_object_add_weak_pointer (peer, &peer);
  g_object_unref (server->peer);
  g_assert_null (peer);
  g_object_unref (server->transport);
  g_assert_null (transport);
  if (pid > 0)
    wait_for (is_group_gone, GINT_TO_POINTER (pid));
  for (guint i = 0; i < 3; i++)
    g_string_free (server->diagnostics[i], TRUE);
  g_clear_error (&server->closed);
  g_free (server->notification);
}

static ViaRpcMessage *
call_within (Server      *server,
             const char  *params,
             guint        timeout_ms,
             GError     **error)
{
  g_autoptr(ViaJsonDocument) document = params != NULL ? via_json_document_new_strict (params, -1, NULL) : NULL;
  g_autoptr(GAsyncResult) result = NULL;
  ViaRpcCallOptions options = { .timeout_ms = timeout_ms };

  via_rpc_peer_call_async (server->peer, "test",
                           document != NULL ? via_json_document_get_root (document) : via_json_value_missing (),
                           &options, NULL, keep_result_cb, &result);
  wait_for (is_set, &result);
  return via_rpc_peer_call_finish (server->peer, result, error);
}

static ViaRpcMessage *
call (Server *server)
{
  GError *error = NULL;
  ViaRpcMessage *message = call_within (server, NULL, 20000, &error);

  g_assert_no_error (error);
  return message;
}

static void
test_echo (void)
{
  Server server;
  g_autoptr(ViaRpcMessage) message = NULL;
  g_autofree char *raw = NULL;
  GError *error = NULL;

  start (&server, "echo", NULL);
  message = call_within (&server, "{\"ä\": [1, 0.10, 12345678901234567890]}", 20000, &error);
  g_assert_no_error (error);
  raw = via_json_value_dup_raw (via_rpc_message_get_result (message));
  g_assert_cmpstr (raw, ==, "{\"ä\":[1,0.10,12345678901234567890]}");
  stop (&server);
}

/* Far more than a pipe holds, both ways. */
static void
test_large (void)
{
  Server server;
  g_autoptr(GString) params = g_string_new ("{\"text\":\"");
  g_autoptr(ViaRpcMessage) message = NULL;
  g_autofree char *raw = NULL;
  GError *error = NULL;

  while (params->len < 5 * 1024 * 1024)
    g_string_append (params, "0123456789abcdef");
  g_string_append (params, "\"}");
  start (&server, "echo", NULL);
  message = call_within (&server, params->str, 20000, &error);
  g_assert_no_error (error);
  raw = via_json_value_dup_raw (via_rpc_message_get_result (message));
  g_assert_true (g_str_equal (raw, params->str));
  stop (&server);
}

/* A large answer is judged on a thread; what came behind it must not overtake it. */
static void
order_cb (ViaTransport  *transport,
          ViaRpcMessage *message,
          gpointer       user_data)
{
  g_string_append_c (user_data, via_rpc_message_get_kind (message) == VIA_RPC_RESULT ? 'r' : 'n');
}

static void
test_order (void)
{
  Server server;
  g_autoptr(GString) order = g_string_new (NULL);

  start (&server, "large", "4");
  g_signal_connect (server.transport, "message", G_CALLBACK (order_cb), order);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(ViaRpcMessage) message = call (&server);

      wait_for (is_notified, &server);
      server.n_notifications = 0;
    }
  g_assert_cmpstr (order->str, ==, "rnrnrn");
  stop (&server);
}

static void
test_crlf (void)
{
  Server server;
  g_autoptr(ViaRpcMessage) message = NULL;

  start (&server, "crlf", NULL);
  message = call (&server);
  g_assert_cmpuint (server.n_diagnostics[VIA_DIAGNOSTIC_STRAY_OUTPUT], ==, 0);
  stop (&server);
}

static void
test_drip (void)
{
  Server server;
  g_autoptr(ViaRpcMessage) message = NULL;

  start (&server, "drip", NULL);
  message = call (&server);
  g_assert_cmpuint (server.n_diagnostics[VIA_DIAGNOSTIC_STRAY_OUTPUT], ==, 0);
  stop (&server);
}

static void
test_stray_output (void)
{
  Server server;

  start (&server, "garbage", "60");
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr(ViaRpcMessage) message = call (&server);
    }
  g_assert_cmpuint (server.n_diagnostics[VIA_DIAGNOSTIC_STRAY_OUTPUT], ==, 240);
  g_assert_true (g_str_has_prefix (server.diagnostics[VIA_DIAGNOSTIC_STRAY_OUTPUT]->str, "starting up warning 0\n"));
  stop (&server);
}

static void
test_only_stray_output (void)
{
  Server server;
  g_autoptr(GError) error = NULL;

  start (&server, "garbage", "100000");
  g_assert_null (call_within (&server, NULL, 20000, &error));
  g_assert_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "stdio mode"));
  g_assert_cmpuint (server.n_diagnostics[VIA_DIAGNOSTIC_STRAY_OUTPUT], ==, VIA_LIMIT_BAD_LINES);
  stop (&server);
}

static gsize
read_resident_bytes (void)
{
  g_autofree char *text = NULL;
  gsize pages = 0;

  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  g_assert_cmpint (sscanf (text, "%*u %" G_GSIZE_FORMAT, &pages), ==, 1);
  return pages * (gsize) sysconf (_SC_PAGESIZE);
}

static void
test_flood (void)
{
  Server server;
  gsize before = read_resident_bytes ();
  int pid;

  start_limited (&server, "flood", NULL, 1024 * 1024);
  pid = get_pid (&server);
  wait_for (is_closed, &server);
  g_assert_error (server.closed, VIA_RPC_ERROR, VIA_RPC_ERROR_TOO_LARGE);
  g_assert_true (is_group_gone (GINT_TO_POINTER (pid)));
  g_assert_cmpuint (read_resident_bytes (), <, before + 64 * 1024 * 1024);
  stop (&server);
}

static void
test_stderr (void)
{
  Server server;
  g_autoptr(ViaRpcMessage) message = NULL;
  g_autofree char *text = NULL;

  start (&server, "flood-stderr", NULL);
  message = call (&server);
  close_transport (&server);
  g_assert_cmpuint (server.n_diagnostics[VIA_DIAGNOSTIC_STDERR], ==, 200000);
  text = via_stdio_transport_dup_stderr (VIA_STDIO_TRANSPORT (server.transport));
  g_assert_cmpuint (strlen (text), <=, VIA_LIMIT_STDERR_BYTES);
  g_assert_cmpuint (strlen (text), >, VIA_LIMIT_STDERR_BYTES / 2);
  g_assert_true (g_str_has_suffix (text, "line 199999 of many that nobody will ever read to the end"));
  stop (&server);
}

static void
test_exit_at_once (void)
{
  Server server;

  start (&server, "exit", NULL);
  wait_for (is_closed, &server);
  g_assert_error (server.closed, VIA_RPC_ERROR, VIA_RPC_ERROR_CLOSED);
  g_assert_cmpstr (server.closed->message, ==,
                   "The server exited with status 1. Its last words: “missing configuration file”");
  g_assert_cmpint (get_pid (&server), ==, 0);
  stop (&server);
}

static void
test_dies_with_calls_pending (void)
{
  Server server;
  GAsyncResult *results[20] = { NULL };

  start (&server, "die-pending", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    via_rpc_peer_call_async (server.peer, "test", via_json_value_missing (), NULL, NULL, keep_result_cb, &results[i]);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autoptr(GError) error = NULL;

      wait_for (is_set, &results[i]);
      g_assert_null (via_rpc_peer_call_finish (server.peer, results[i], &error));
      g_assert_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_CLOSED);
      g_assert_cmpstr (error->message, ==, "The server exited with status 7.");
      g_object_unref (results[i]);
    }
  g_assert_cmpuint (server.n_closed, ==, 1);
  stop (&server);
}

static void
test_dies_of_signal (void)
{
  Server server;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) late = NULL;

  start (&server, "die-pending", "9");
  g_assert_null (call_within (&server, NULL, 20000, &error));
  g_assert_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_CLOSED);
  g_assert_true (g_str_has_prefix (error->message, "The server was ended by signal 9 ("));
  g_assert_null (call_within (&server, NULL, 20000, &late));
  g_assert_error (late, VIA_RPC_ERROR, VIA_RPC_ERROR_NOT_SENT);
  stop (&server);
}

static void
test_close_politely (void)
{
  Server server;
  gint64 began;
  int pid;

  start (&server, "echo", NULL);
  pid = get_pid (&server);
  began = g_get_monotonic_time ();
  close_transport (&server);
  g_assert_cmpint (g_get_monotonic_time () - began, <, VIA_LIMIT_STDIO_EOF_MS * 1000);
  g_assert_no_error (server.closed);
  g_assert_true (is_group_gone (GINT_TO_POINTER (pid)));
  stop (&server);
}

static void
test_close_term (void)
{
  Server server;
  gint64 began;

  start (&server, "term-only", NULL);
  began = g_get_monotonic_time ();
  close_transport (&server);
  g_assert_cmpint (g_get_monotonic_time () - began, >=, VIA_LIMIT_STDIO_EOF_MS * 1000);
  g_assert_no_error (server.closed);
  stop (&server);
}

static void
test_close_kill (void)
{
  Server server;
  g_autoptr(ViaRpcMessage) message = NULL;
  gint64 began;
  int pid;

  start (&server, "hang", NULL);
  pid = get_pid (&server);
  message = call (&server);
  began = g_get_monotonic_time ();
  close_transport (&server);
  g_assert_cmpint (g_get_monotonic_time () - began, >=, (VIA_LIMIT_STDIO_EOF_MS + VIA_LIMIT_STDIO_TERM_MS) * 1000);
  g_assert_no_error (server.closed);
  g_assert_true (is_group_gone (GINT_TO_POINTER (pid)));
  stop (&server);
}

static int
ask_grandchild (Server *server)
{
  g_autoptr(ViaRpcMessage) message = call (server);
  gint64 pid = 0;

  g_assert_true (via_json_value_get_int64 (
    via_json_value_get_member (via_rpc_message_get_result (message), "pid"), &pid));
  g_assert_cmpint (kill ((pid_t) pid, 0), ==, 0);
  return (int) pid;
}

/* A process that is gone, or nobody's zombie in a container without a reaper. */
static gboolean
is_process_gone (gpointer data)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", GPOINTER_TO_INT (data));
  g_autofree char *text = NULL;
  const char *state;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return TRUE;
  state = strrchr (text, ')');
  return state != NULL && g_str_has_prefix (state, ") Z");
}

static void
test_grandchild_ends_with_close (void)
{
  Server server;
  int pid;

  start (&server, "grandchild", NULL);
  pid = ask_grandchild (&server);
  close_transport (&server);
  wait_for (is_process_gone, GINT_TO_POINTER (pid));
  stop (&server);
}

/* The leader goes and leaves a grandchild that holds the pipes: it is killed, and the end is seen. */
static void
test_grandchild_ends_with_leader (void)
{
  Server server;
  int pid;

  start (&server, "grandchild", "exit");
  pid = ask_grandchild (&server);
  wait_for (is_closed, &server);
  g_assert_error (server.closed, VIA_RPC_ERROR, VIA_RPC_ERROR_CLOSED);
  wait_for (is_process_gone, GINT_TO_POINTER (pid));
  stop (&server);
}

static void
test_grandchild_ends_with_dispose (void)
{
  Server server;
  int leader, pid;

  start (&server, "grandchild", NULL);
  leader = get_pid (&server);
  pid = ask_grandchild (&server);
  g_signal_handlers_disconnect_by_data (server.transport, &server);
  g_object_unref (server.peer);
  g_assert_finalize_object (server.transport);
  wait_for (is_process_gone, GINT_TO_POINTER (pid));
  wait_for (is_group_gone, GINT_TO_POINTER (leader));
  g_assert_cmpint (waitpid (leader, NULL, WNOHANG), ==, -1); /* reaped */
  g_assert_cmpint (errno, ==, ECHILD);
  for (guint i = 0; i < 3; i++)
    g_string_free (server.diagnostics[i], TRUE);
}

/* Out of the group and holding the pipes: beyond our reach, but it does not keep us. */
static void
test_escaped_grandchild (void)
{
  Server server;
  gint64 began;

  start (&server, "escaped", NULL);
  g_clear_pointer (&(ViaRpcMessage *) { call (&server) }, via_rpc_message_unref);
  began = g_get_monotonic_time ();
  wait_for (is_closed, &server);
  g_assert_cmpint (g_get_monotonic_time () - began, <, 3 * G_USEC_PER_SEC);
  stop (&server);
}

/* This test's own program, run again as a client that dies without a word. */
static int
die_with_server (void)
{
  Server server;

  start (&server, "grandchild", NULL);
  g_print ("%d %d\n", get_pid (&server), ask_grandchild (&server));
  fflush (stdout);
  kill (getpid (), SIGKILL);
  return 1;
}

static void
test_killed_client_leaves_nothing (void)
{
  g_autoptr(GSubprocess) client = NULL;
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *output = NULL;
  int leader = 0, pid = 0;
  GError *error = NULL;

  client = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, self, "--die-with-server", NULL);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate_utf8 (client, NULL, NULL, &output, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (sscanf (output, "%d %d", &leader, &pid), ==, 2);
  wait_for (is_process_gone, GINT_TO_POINTER (leader));
  wait_for (is_process_gone, GINT_TO_POINTER (pid));
}

/* An answer that cannot be read is one all the same: the call hears why, at once. */
static void
check_unreadable (const char *behaviour)
{
  Server server;
  g_autoptr(GError) error = NULL;

  start (&server, behaviour, NULL);
  g_assert_null (call_within (&server, NULL, 20000, &error));
  g_assert_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_INVALID);
  g_assert_cmpuint (server.n_diagnostics[VIA_DIAGNOSTIC_STRAY_OUTPUT], ==, 1);
  stop (&server);
}

static void
test_deep (void)
{
  check_unreadable ("deep");
}

static void
test_invalid_utf8 (void)
{
  check_unreadable ("invalid-utf8");
}

static void
test_duplicate_answers (void)
{
  Server server;

  start (&server, "duplicate", NULL);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(ViaRpcMessage) message = call (&server);

      g_assert_true (via_json_value_get_boolean (
        via_json_value_get_member (via_rpc_message_get_result (message), "first"), FALSE));
    }
  close_transport (&server);
  g_assert_cmpuint (via_rpc_peer_get_n_strays (server.peer), ==, 9);
  g_assert_cmpuint (server.n_diagnostics[VIA_DIAGNOSTIC_NOTE], ==, 3);
  stop (&server);
}

static void
test_late_answer (void)
{
  Server server;
  g_autoptr(GError) error = NULL;

  start (&server, "slow", "300");
  g_assert_null (call_within (&server, NULL, 50, &error));
  g_assert_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_TIMEOUT);
  g_clear_pointer (&(ViaRpcMessage *) { call (&server) }, via_rpc_message_unref);
  g_assert_cmpuint (via_rpc_peer_get_n_strays (server.peer), ==, 1);
  stop (&server);
}

/* Nobody reads: messages queue up to the cap and no further, and closing does not wait for them. */
static void
test_deaf (void)
{
  Server server;
  g_autofree char *block = g_strnfill (1024 * 1024, 'x');
  g_autofree char *text = g_strdup_printf ("{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"params\":{\"x\":\"%s\"}}", block);
  g_autoptr(GBytes) body = g_bytes_new (text, strlen (text));
  ViaTransportMessage message = { .body = body, .method = "m", .id = -1 };
  g_autoptr(GError) error = NULL;
  guint count = 0;

  start (&server, "deaf", NULL);
  while (via_transport_try_send (server.transport, &message, &error))
    g_assert_cmpuint (++count, <, 100);
  g_assert_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_BUSY);
  g_assert_cmpuint (count, >=, 16);
  stop (&server);
}

static void
test_output_closes (void)
{
  Server server;
  g_autoptr(GError) error = NULL;

  start (&server, "close-output", NULL);
  g_assert_null (call_within (&server, NULL, 20000, &error));
  g_assert_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_CLOSED);
  stop (&server);
}

static void
check_start_error (const char *const *argv,
                   const char *const *environment,
                   const char        *directory,
                   const char        *expected)
{
  g_autoptr(ViaTransport) transport = via_stdio_transport_new (argv, environment, directory, 0);
  g_autoptr(GError) error = NULL;

  g_assert_false (start_transport (transport, &error));
  g_assert_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_NOT_SENT);
  g_assert_cmpstr (error->message, ==, expected);
}

static void
test_start_errors (void)
{
  const char *path[] = { "PATH=/nowhere:/usr/games/none", NULL };
  const char *no_path[] = { "PATH=", NULL };

  check_start_error ((const char *[]) { "npx", NULL }, path, NULL,
                     "“npx” was not found. Looked in /nowhere, /usr/games/none. Install it or give the full path in "
                     "`command`.");
  check_start_error ((const char *[]) { "npx", NULL }, no_path, NULL,
                     "“npx” was not found. Looked in no folder, because PATH is empty. Install it or give the full path "
                     "in `command`.");
  check_start_error ((const char *[]) { "/nowhere/server", NULL }, NULL, NULL,
                     "“/nowhere/server” does not exist. Check `command`.");
  check_start_error ((const char *[]) { "/etc/passwd", NULL }, NULL, NULL,
                     "“/etc/passwd” is not an executable program. Check `command`.");
  check_start_error ((const char *[]) { "/etc", NULL }, NULL, NULL,
                     "“/etc” is not an executable program. Check `command`.");
  check_start_error ((const char *[]) { "sh", NULL }, NULL, "/nowhere",
                     "The working directory “/nowhere” does not exist. Create it or correct the setting.");
  check_start_error ((const char *[]) { NULL }, NULL, NULL, "No program is given. Set `command`.");
}

static char *
ask_environment (const char        *variable,
                 const char *const *environment,
                 const char        *directory,
                 const char        *member)
{
  const char *argv[] = { g_getenv ("VIA_MOCK_STDIO_SERVER"), "environment", variable, NULL };
  Server server;
  g_autoptr(ViaRpcMessage) message = NULL;
  char *value;

  adopt (&server, via_stdio_transport_new (argv, environment, directory, 0));
  g_assert_true (start_transport (server.transport, NULL));
  message = call (&server);
  value = via_json_value_dup_member_string (via_rpc_message_get_result (message), member);
  stop (&server);
  return value;
}

static void
test_environment (void)
{
  const char *given[] = { "VIA_TEST_GIVEN=it=is", "PATH=/usr/bin:/bin", NULL };
  g_autofree char *secret = NULL;
  g_autofree char *given_value = NULL;
  g_autofree char *path = NULL;
  g_autofree char *xdg = NULL;
  g_autofree char *function = NULL;
  g_autofree char *folder = NULL;

  g_setenv ("VIA_TEST_SECRET", "hunter2", TRUE);
  g_setenv ("XDG_TEST", "yes", TRUE);
  g_setenv ("XDG_FUNCTION", "() { :; }", TRUE);
  secret = ask_environment ("VIA_TEST_SECRET", given, NULL, "value");
  given_value = ask_environment ("VIA_TEST_GIVEN", given, NULL, "value");
  path = ask_environment ("PATH", given, NULL, "value");
  xdg = ask_environment ("XDG_TEST", given, NULL, "value");
  function = ask_environment ("XDG_FUNCTION", given, NULL, "value");
  folder = ask_environment ("PATH", NULL, "/usr", "folder");
  g_assert_cmpstr (secret, ==, "(unset)");
  g_assert_cmpstr (given_value, ==, "it=is");
  g_assert_cmpstr (path, ==, "/usr/bin:/bin");
  g_assert_cmpstr (xdg, ==, "yes");
  g_assert_cmpstr (function, ==, "(unset)");
  g_assert_cmpstr (folder, ==, "/usr");
}

static gboolean
request_cb (ViaRpcPeer     *peer,
            ViaRpcIncoming *incoming,
            gpointer        user_data)
{
  if (g_strcmp0 (via_rpc_message_get_method (via_rpc_incoming_get_message (incoming)), "known") != 0)
    return FALSE;
  via_rpc_incoming_reply (incoming, via_json_value_missing ());
  return TRUE;
}

static void
check_question (const char *method,
                const char *expected)
{
  const char *argv[] = { g_getenv ("VIA_MOCK_STDIO_SERVER"), "ask", method, NULL };
  Server server;

  adopt (&server, via_stdio_transport_new (argv, NULL, NULL, 0));
  g_signal_connect (server.peer, "request", G_CALLBACK (request_cb), NULL);
  g_assert_true (start_transport (server.transport, NULL));
  wait_for (is_notified, &server);
  g_assert_cmpstr (server.notification, ==, expected);
  stop (&server);
}

static void
test_server_asks (void)
{
  check_question ("known", "{\"jsonrpc\":\"2.0\",\"id\":\"q-1\",\"result\":{}}");
  check_question ("unknown",
                  "{\"jsonrpc\":\"2.0\",\"id\":\"q-1\",\"error\":{\"code\":-32601,\"message\":\"Method not found\"}}");
}

/* The transport goes away from within its own signal. */
static void
drop_cb (ViaTransport  *transport,
         ViaRpcMessage *message,
         gpointer       user_data)
{
  ViaTransport **owned = user_data;

  g_clear_object (owned);
}

static void
test_dropped_while_emitting (void)
{
  const char *argv[] = { g_getenv ("VIA_MOCK_STDIO_SERVER"), "duplicate", NULL };
  ViaTransport *transport = via_stdio_transport_new (argv, NULL, NULL, 0);
  gpointer weak = transport;
  g_autoptr(GBytes) body = via_rpc_write_request (1, "x", via_json_value_missing ());
  ViaTransportMessage message = { .body = body, .method = "x", .id = 1 };

  g_object_add_weak_pointer (G_OBJECT (transport), &weak);
  g_assert_true (start_transport (transport, NULL));
  g_signal_connect (transport, "message", G_CALLBACK (drop_cb), &transport);
  g_assert_true (via_transport_try_send (transport, &message, NULL));
  while (weak != NULL)
    g_main_context_iteration (NULL, TRUE);
  run_for (50);
}

int
main (int    argc,
      char **argv)
{
  if (argc == 2 && g_str_equal (argv[1], "--die-with-server"))
    return die_with_server ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/stdio-transport/echo", test_echo);
  g_test_add_func ("/core/stdio-transport/large", test_large);
  g_test_add_func ("/core/stdio-transport/order", test_order);
  g_test_add_func ("/core/stdio-transport/crlf", test_crlf);
  g_test_add_func ("/core/stdio-transport/drip", test_drip);
  g_test_add_func ("/core/stdio-transport/stray-output", test_stray_output);
  g_test_add_func ("/core/stdio-transport/only-stray-output", test_only_stray_output);
  g_test_add_func ("/core/stdio-transport/flood", test_flood);
  g_test_add_func ("/core/stdio-transport/stderr", test_stderr);
  g_test_add_func ("/core/stdio-transport/exit-at-once", test_exit_at_once);
  g_test_add_func ("/core/stdio-transport/dies-with-calls-pending", test_dies_with_calls_pending);
  g_test_add_func ("/core/stdio-transport/dies-of-signal", test_dies_of_signal);
  g_test_add_func ("/core/stdio-transport/close-politely", test_close_politely);
  g_test_add_func ("/core/stdio-transport/close-term", test_close_term);
  g_test_add_func ("/core/stdio-transport/close-kill", test_close_kill);
  g_test_add_func ("/core/stdio-transport/grandchild-ends-with-close", test_grandchild_ends_with_close);
  g_test_add_func ("/core/stdio-transport/grandchild-ends-with-leader", test_grandchild_ends_with_leader);
  g_test_add_func ("/core/stdio-transport/grandchild-ends-with-dispose", test_grandchild_ends_with_dispose);
  g_test_add_func ("/core/stdio-transport/escaped-grandchild", test_escaped_grandchild);
  g_test_add_func ("/core/stdio-transport/killed-client-leaves-nothing", test_killed_client_leaves_nothing);
  g_test_add_func ("/core/stdio-transport/deep", test_deep);
  g_test_add_func ("/core/stdio-transport/invalid-utf8", test_invalid_utf8);
  g_test_add_func ("/core/stdio-transport/duplicate-answers", test_duplicate_answers);
  g_test_add_func ("/core/stdio-transport/late-answer", test_late_answer);
  g_test_add_func ("/core/stdio-transport/deaf", test_deaf);
  g_test_add_func ("/core/stdio-transport/output-closes", test_output_closes);
  g_test_add_func ("/core/stdio-transport/start-errors", test_start_errors);
  g_test_add_func ("/core/stdio-transport/environment", test_environment);
  g_test_add_func ("/core/stdio-transport/server-asks", test_server_asks);
  g_test_add_func ("/core/stdio-transport/dropped-while-emitting", test_dropped_while_emitting);
  return g_test_run ();
}
