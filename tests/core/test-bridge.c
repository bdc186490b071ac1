/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/via-limits.h"
#include "rpc/via-rpc-error.h"
#include "via-bridge-fixture.h"

static void
disconnected_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  Fixture *f = user_data;

  f->n_done++;
  g_assert_true (via_bridge_disconnect_finish (VIA_BRIDGE (source), result, NULL));
}

static void
test_connection_is_shared (Fixture       *f,
                           gconstpointer  data)
{
  g_autoptr(ViaOperation) first = NULL;
  g_autoptr(ViaOperation) second = NULL;

  f->script.hold_connect = TRUE;
  first = execute (f);
  second = execute (f);
  list (f, FALSE, NULL);
  list (f, TRUE, NULL);
  settle ();
  assert_state (f, VIA_BRIDGE_CONNECTING);
  g_assert_cmpuint (f->script.n_connects, ==, 1);
  via_fake_script_release (&f->script);
  settle ();
  assert_operation (first, VIA_OPERATION_COMPLETED, VIA_SIDE_NONE);
  assert_operation (second, VIA_OPERATION_COMPLETED, VIA_SIDE_NONE);
  g_assert_cmpuint (f->n_done, ==, 2);
  g_assert_cmpuint (f->script.n_lists, ==, 1);
  g_assert_cmpuint (f->script.n_backends, ==, 1);
}

static void
test_one_leaves (Fixture       *f,
                 gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(ViaOperation) operation = NULL;

  f->script.hold_connect = TRUE;
  list (f, FALSE, cancellable);
  operation = execute (f);
  settle ();
  g_cancellable_cancel (cancellable);
  settle ();
  g_assert_cmpuint (f->n_done, ==, 1);
  g_assert_error (f->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (f->script.n_cancelled, ==, 0);
  via_fake_script_release (&f->script);
  settle ();
  assert_operation (operation, VIA_OPERATION_COMPLETED, VIA_SIDE_NONE);
}

static void
test_all_leave (Fixture       *f,
                gconstpointer  data)
{
  g_autoptr(ViaOperation) operation = NULL;

  f->script.hold_connect = TRUE;
  operation = execute (f);
  settle ();
  via_operation_cancel (operation);
  settle ();
  assert_operation (operation, VIA_OPERATION_CANCELLED, VIA_SIDE_CANCELLED);
  g_assert_cmpuint (f->script.n_cancelled, ==, 1);
  assert_state (f, VIA_BRIDGE_IDLE);
}

/* Who comes while an abandoned attempt still winds itself up gets one of his own. */
static void
test_comes_after_all_left (Fixture       *f,
                           gconstpointer  data)
{
  g_autoptr(ViaOperation) first = NULL;
  g_autoptr(ViaOperation) second = NULL;

  f->script.hold_connect = TRUE;
  f->script.deaf = TRUE;
  first = execute (f);
  settle ();
  via_operation_cancel (first);
  settle ();
  f->script.hold_connect = FALSE;
  second = execute (f);
  settle ();
  assert_operation (first, VIA_OPERATION_CANCELLED, VIA_SIDE_CANCELLED);
  assert_operation (second, VIA_OPERATION_COMPLETED, VIA_SIDE_NONE);
  via_fake_script_release (&f->script);
  settle ();
  assert_state (f, VIA_BRIDGE_CONNECTED);
  g_assert_cmpuint (f->script.n_closes, ==, 1);
  g_assert_cmpuint (f->script.n_alive, ==, 1);
}

static void
test_reconnects_when_lost (Fixture       *f,
                           gconstpointer  data)
{
  g_autoptr(ViaOperation) first = execute (f);
  g_autoptr(ViaOperation) second = NULL;

  settle ();
  via_fake_script_lose (&f->script);
  assert_state (f, VIA_BRIDGE_FAILED);
  g_assert_cmpstr (via_bridge_get_status (f->bridge), ==, "The server ended.");
  g_assert_cmpint (via_bridge_get_error_side (f->bridge), ==, VIA_SIDE_CONNECTION);
  g_assert_cmpuint (f->script.n_connects, ==, 1); /* nothing polls */
  second = execute (f);
  settle ();
  assert_operation (second, VIA_OPERATION_COMPLETED, VIA_SIDE_NONE);
  g_assert_cmpuint (f->script.n_connects, ==, 2);
  assert_state (f, VIA_BRIDGE_CONNECTED);
}

static void
test_disabled (Fixture       *f,
               gconstpointer  data)
{
  g_autoptr(ViaOperation) operation = NULL;

  f->config->enabled = FALSE;
  make_bridge (f);
  assert_state (f, VIA_BRIDGE_OFF);
  operation = execute (f);
  list_and_settle (f, FALSE);
  assert_operation (operation, VIA_OPERATION_FAILED, VIA_SIDE_CONFIGURATION);
  g_assert_error (f->error, VIA_CONFIG_ERROR, VIA_CONFIG_ERROR_INVALID);
  g_assert_cmpuint (f->script.n_backends, ==, 0);
  assert_state (f, VIA_BRIDGE_OFF);
}

static void
test_disconnect (Fixture       *f,
                 gconstpointer  data)
{
  g_autoptr(ViaOperation) running = NULL;
  g_autoptr(ViaOperation) waiting = NULL;

  f->settings.max_concurrent_requests = 1;
  make_bridge (f);
  f->script.hold_call = TRUE;
  f->script.deaf = TRUE;
  running = execute (f);
  waiting = execute (f);
  settle ();
  f->script.hold_close = TRUE;
  via_bridge_disconnect_async (f->bridge, NULL, disconnected_cb, f);
  assert_operation (running, VIA_OPERATION_CANCELLED, VIA_SIDE_CANCELLED);
  assert_operation (waiting, VIA_OPERATION_CANCELLED, VIA_SIDE_CANCELLED);
  assert_state (f, VIA_BRIDGE_IDLE);
  settle ();
  g_assert_cmpuint (f->n_done, ==, 0);
  g_assert_cmpuint (f->script.n_closes, ==, 1);
  g_assert_cmpuint (f->script.n_calls, ==, 1);
  via_fake_script_release (&f->script);
  settle ();
  g_assert_cmpuint (f->n_done, ==, 1);
}

/* Whoever disconnects second waits for the same end. */
static void
test_disconnect_twice (Fixture       *f,
                       gconstpointer  data)
{
  list_and_settle (f, FALSE);
  f->n_done = 0;
  f->script.hold_close = TRUE;
  via_bridge_disconnect_async (f->bridge, NULL, disconnected_cb, f);
  via_bridge_disconnect_async (f->bridge, NULL, disconnected_cb, f);
  settle ();
  g_assert_cmpuint (f->n_done, ==, 0);
  via_fake_script_release (&f->script);
  settle ();
  g_assert_cmpuint (f->n_done, ==, 2);
  g_assert_cmpuint (f->script.n_closes, ==, 1);
}

static void
test_disconnect_while_connecting (Fixture       *f,
                                  gconstpointer  data)
{
  f->script.hold_connect = TRUE;
  f->script.deaf = TRUE;
  list (f, FALSE, NULL);
  settle ();
  via_bridge_disconnect_async (f->bridge, NULL, disconnected_cb, f);
  settle ();
  g_assert_cmpuint (f->n_done, ==, 1); /* the list; the attempt has not ended yet */
  g_assert_error (f->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_state (f, VIA_BRIDGE_IDLE);
  via_fake_script_release (&f->script);
  settle ();
  g_assert_cmpuint (f->n_done, ==, 2);
  g_assert_cmpuint (f->script.n_closes, ==, 1);
  assert_state (f, VIA_BRIDGE_IDLE);
}

static void
test_dispose_while_connected (Fixture       *f,
                              gconstpointer  data)
{
  g_autoptr(ViaOperation) operation = execute (f);

  settle ();
  g_assert_finalize_object (g_steal_pointer (&f->bridge));
  assert_operation (operation, VIA_OPERATION_COMPLETED, VIA_SIDE_NONE);
  g_assert_cmpuint (f->script.n_alive, ==, 0);
}

static void
test_operation_outlives_bridge (Fixture       *f,
                                gconstpointer  data)
{
  g_autoptr(ViaOperation) operation = execute (f);

  g_clear_object (&f->bridge); /* what runs keeps it */
  settle ();
  assert_operation (operation, VIA_OPERATION_COMPLETED, VIA_SIDE_NONE);
  g_assert_cmpuint (f->script.n_alive, ==, 0);
  g_assert_cmpstr (via_operation_get_bridge_name (operation), ==, "fake");
}

static void
test_cache (Fixture       *f,
            gconstpointer  data)
{
  list_and_settle (f, FALSE);
  list_and_settle (f, FALSE);
  g_assert_cmpuint (f->script.n_lists, ==, 1);
  via_clock_advance (f->clock, 300 * SECOND - 1);
  list_and_settle (f, FALSE);
  g_assert_cmpuint (f->script.n_lists, ==, 1);
  via_clock_advance (f->clock, 1);
  list_and_settle (f, FALSE);
  g_assert_cmpuint (f->script.n_lists, ==, 2);
  list_and_settle (f, TRUE);
  g_assert_cmpuint (f->script.n_lists, ==, 3);
  g_assert_cmpuint (f->n_done, ==, 5);
}

static void
test_cache_server_ttl (Fixture       *f,
                       gconstpointer  data)
{
  f->script.ttl_ms = 5000;
  list_and_settle (f, FALSE);
  via_clock_advance (f->clock, 5 * SECOND - 1);
  list_and_settle (f, FALSE);
  g_assert_cmpuint (f->script.n_lists, ==, 1);
  f->script.ttl_ms = 9000000; /* longer than ours: ours counts */
  via_clock_advance (f->clock, 1);
  list_and_settle (f, FALSE);
  g_assert_cmpuint (f->script.n_lists, ==, 2);
  via_clock_advance (f->clock, 300 * SECOND);
  list_and_settle (f, FALSE);
  g_assert_cmpuint (f->script.n_lists, ==, 3);
}

static void
test_cache_off (Fixture       *f,
                gconstpointer  data)
{
  f->settings.enable_caching = FALSE;
  make_bridge (f);
  list_and_settle (f, FALSE);
  list_and_settle (f, FALSE);
  g_assert_cmpuint (f->script.n_lists, ==, 2);
}

typedef struct
{
  guint n, position, removed, added;
} Change;

static void
changed_cb (GListModel *model,
            guint       position,
            guint       removed,
            guint       added,
            Change     *change)
{
  change->n++;
  change->position = position;
  change->removed = removed;
  change->added = added;
}

#define TOOL(name, words) "{\"name\":\"" name "\",\"description\":\"" words "\",\"inputSchema\":{}}"

static void
test_list_changes_little (Fixture       *f,
                          gconstpointer  data)
{
  static const struct { const char *tools; guint n, position, removed, added; } table[] = {
    { "[" TOOL ("a", "1") "," TOOL ("b", "1") "," TOOL ("c", "1") "]", 1, 0, 0, 3 },
    { "[" TOOL ("a", "1") "," TOOL ("b", "1") "," TOOL ("c", "1") "]", 0, 0, 0, 0 },
    { "[" TOOL ("a", "1") "," TOOL ("b", "2") "," TOOL ("c", "1") "]", 1, 1, 1, 1 },
    { "[" TOOL ("a", "1") "," TOOL ("b", "2") "," TOOL ("c", "1") "," TOOL ("d", "1") "]", 1, 3, 0, 1 },
    { "[" TOOL ("b", "2") "," TOOL ("c", "1") "," TOOL ("d", "1") "]", 1, 0, 1, 0 },
    { "[]", 1, 0, 3, 0 },
  };
  GListModel *model = via_bridge_get_tools (f->bridge);
  Change change = { 0 };

  g_signal_connect (model, "items-changed", G_CALLBACK (changed_cb), &change);
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      f->script.tools = table[i].tools;
      change = (Change) { 0 };
      list_and_settle (f, TRUE);
      g_assert_no_error (f->error);
      g_assert_cmpuint (change.n, ==, table[i].n);
      g_assert_cmpuint (change.position, ==, table[i].position);
      g_assert_cmpuint (change.removed, ==, table[i].removed);
      g_assert_cmpuint (change.added, ==, table[i].added);
      g_assert_true (model == via_bridge_get_tools (f->bridge));
    }
  g_assert_null (via_bridge_find_tool (f->bridge, "a"));
}

static void
test_server_changes_the_list (Fixture       *f,
                              gconstpointer  data)
{
  list_and_settle (f, FALSE);
  g_assert_nonnull (via_bridge_find_tool (f->bridge, "echo"));
  f->script.tools = "[" TOOL ("other", "1") "]";
  via_backend_emit_tools_changed (f->script.newest);
  settle ();
  g_assert_cmpuint (f->script.n_lists, ==, 2);
  g_assert_null (via_bridge_find_tool (f->bridge, "echo"));
  g_assert_nonnull (via_bridge_find_tool (f->bridge, "other"));
}

/* What was fetched while the list changed may be the old one. */
static void
test_list_changes_while_fetched (Fixture       *f,
                                 gconstpointer  data)
{
  list_and_settle (f, FALSE);
  f->script.hold_list = TRUE;
  list (f, TRUE, NULL);
  settle ();
  via_backend_emit_tools_changed (f->script.newest);
  via_backend_emit_tools_changed (f->script.newest);
  settle ();
  g_assert_cmpuint (f->script.n_lists, ==, 2);
  f->script.hold_list = FALSE;
  via_fake_script_release (&f->script);
  settle ();
  g_assert_cmpuint (f->script.n_lists, ==, 3);
}

static void
test_list_is_repeated (Fixture       *f,
                       gconstpointer  data)
{
  g_queue_push_tail (&f->script.list_errors,
                     via_rpc_error_new_http (VIA_RPC_ERROR_HTTP, 500, -1, NULL, NULL, "Broken."));
  g_queue_push_tail (&f->script.list_errors, make_error (VIA_RPC_ERROR_TIMEOUT));
  list (f, FALSE, NULL);
  settle ();
  g_assert_cmpuint (f->script.n_lists, ==, 1);
  via_clock_advance (f->clock, 2 * SECOND);
  settle ();
  via_clock_advance (f->clock, 3 * SECOND);
  settle ();
  g_assert_cmpuint (f->script.n_lists, ==, 3);
  g_assert_cmpuint (f->n_done, ==, 1);
  g_assert_no_error (f->error);
}

static void
test_list_cancelled_during_backoff (Fixture       *f,
                                    gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();

  g_queue_push_tail (&f->script.list_errors, make_error (VIA_RPC_ERROR_TIMEOUT));
  list (f, FALSE, cancellable);
  settle ();
  g_cancellable_cancel (cancellable);
  settle ();
  g_assert_cmpuint (f->n_done, ==, 1);
  g_assert_error (f->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  via_clock_advance (f->clock, 10 * SECOND);
  settle ();
  g_assert_cmpuint (f->script.n_lists, ==, 1);
}

static void
test_list_fails (Fixture       *f,
                 gconstpointer  data)
{
  g_queue_push_tail (&f->script.list_errors, make_error (VIA_RPC_ERROR_UNAUTHORIZED));
  list_and_settle (f, FALSE);
  g_assert_error (f->error, VIA_RPC_ERROR, VIA_RPC_ERROR_UNAUTHORIZED);
  assert_state (f, VIA_BRIDGE_FAILED);
  g_assert_cmpint (via_bridge_get_error_side (f->bridge), ==, VIA_SIDE_AUTHORIZATION);
  list_and_settle (f, FALSE);
  g_assert_no_error (f->error);
  assert_state (f, VIA_BRIDGE_CONNECTED);
  g_assert_null (via_bridge_get_error (f->bridge));
}

static void
tested_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Fixture *f = user_data;
  gint64 connection_time = -1;
  guint n_tools = 0;

  f->n_done++;
  g_clear_error (&f->error);
  if (!via_bridge_test_finish (VIA_BRIDGE (source), result, &connection_time, &n_tools, &f->error))
    return;
  g_assert_cmpint (connection_time, ==, 2500000);
  g_assert_cmpuint (n_tools, ==, 1);
}

static void
test_connection_test (Fixture       *f,
                      gconstpointer  data)
{
  f->script.hold_connect = TRUE;
  via_bridge_test_async (f->bridge, NULL, tested_cb, f);
  settle ();
  via_clock_advance (f->clock, 2500000);
  via_fake_script_release (&f->script);
  settle ();
  g_assert_cmpuint (f->n_done, ==, 1);
  g_assert_no_error (f->error);
  g_assert_cmpint (via_bridge_get_latency (f->bridge), ==, 0);
}

static void
test_connection_test_is_one_attempt (Fixture       *f,
                                     gconstpointer  data)
{
  g_queue_push_tail (&f->script.connect_errors, make_error (VIA_RPC_ERROR_NOT_SENT));
  via_bridge_test_async (f->bridge, NULL, tested_cb, f);
  settle ();
  g_assert_cmpuint (f->n_done, ==, 1);
  g_assert_error (f->error, VIA_RPC_ERROR, VIA_RPC_ERROR_NOT_SENT);
}

static void
count_log_cb (ViaBridge  *bridge,
              guint       kind,
              const char *text,
              guint      *count)
{
  g_assert_cmpuint (kind, ==, VIA_DIAGNOSTIC_STDERR);
  ++*count;
}

static void
test_log_ring (Fixture       *f,
               gconstpointer  data)
{
  g_autofree char *line = g_strnfill (1000, 'y');
  g_autofree char *log = NULL;
  guint count = 0;

  list_and_settle (f, FALSE);
  g_signal_connect (f->bridge, "log", G_CALLBACK (count_log_cb), &count);
  via_backend_emit_log (f->script.newest, VIA_DIAGNOSTIC_STDERR, "the very first");
  for (guint i = 0; i < 500; i++)
    via_backend_emit_log (f->script.newest, VIA_DIAGNOSTIC_STDERR, line);
  via_backend_emit_log (f->script.newest, VIA_DIAGNOSTIC_STDERR, "the last");
  log = via_bridge_dup_log (f->bridge);
  g_assert_cmpuint (count, ==, 502);
  g_assert_cmpuint (strlen (log), <=, VIA_LIMIT_STDERR_BYTES);
  g_assert_cmpuint (strlen (log), >, VIA_LIMIT_STDERR_BYTES / 2);
  g_assert_null (strstr (log, "the very first"));
  g_assert_true (g_str_has_suffix (log, "\nthe last"));
}

static void
test_sides_of_errors (void)
{
  static const struct { ViaRpcError code; ViaSide side; } table[] = {
    { VIA_RPC_ERROR_INVALID, VIA_SIDE_SERVER }, { VIA_RPC_ERROR_TIMEOUT, VIA_SIDE_TIMEOUT },
    { VIA_RPC_ERROR_CLOSED, VIA_SIDE_CONNECTION }, { VIA_RPC_ERROR_NOT_SENT, VIA_SIDE_CONNECTION },
    { VIA_RPC_ERROR_UNAUTHORIZED, VIA_SIDE_AUTHORIZATION }, { VIA_RPC_ERROR_HTTP, VIA_SIDE_SERVER },
    { VIA_RPC_ERROR_REDIRECTED, VIA_SIDE_CONFIGURATION }, { VIA_RPC_ERROR_CONTENT_TYPE, VIA_SIDE_SERVER },
    { VIA_RPC_ERROR_TOO_LARGE, VIA_SIDE_SERVER }, { VIA_RPC_ERROR_TLS, VIA_SIDE_CONNECTION },
    { VIA_RPC_ERROR_SESSION_LOST, VIA_SIDE_CONNECTION }, { VIA_RPC_ERROR_BUSY, VIA_SIDE_CONNECTION },
  };
  g_autoptr(GError) cancelled = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "x");
  g_autoptr(GError) secret = g_error_new_literal (VIA_SECRET_ERROR, VIA_SECRET_ERROR_NOT_FOUND, "x");
  g_autoptr(GError) config = g_error_new_literal (VIA_CONFIG_ERROR, VIA_CONFIG_ERROR_INVALID, "x");

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr(GError) error = make_error (table[i].code);

      g_assert_cmpint (via_side_from_error (error), ==, table[i].side);
    }
  g_assert_cmpint (via_side_from_error (cancelled), ==, VIA_SIDE_CANCELLED);
  g_assert_cmpint (via_side_from_error (secret), ==, VIA_SIDE_AUTHORIZATION);
  g_assert_cmpint (via_side_from_error (config), ==, VIA_SIDE_CONFIGURATION);
}

#define ADD(path, func) g_test_add ("/bridge/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("connection/is-shared", test_connection_is_shared);
  ADD ("connection/one-leaves", test_one_leaves);
  ADD ("connection/all-leave", test_all_leave);
  ADD ("connection/comes-after-all-left", test_comes_after_all_left);
  ADD ("connection/reconnects-when-lost", test_reconnects_when_lost);
  ADD ("connection/disabled", test_disabled);
  ADD ("disconnect/ends-everything", test_disconnect);
  ADD ("disconnect/twice", test_disconnect_twice);
  ADD ("disconnect/while-connecting", test_disconnect_while_connecting);
  ADD ("dispose/while-connected", test_dispose_while_connected);
  ADD ("dispose/operation-outlives-bridge", test_operation_outlives_bridge);
  ADD ("tools/cache", test_cache);
  ADD ("tools/cache-server-ttl", test_cache_server_ttl);
  ADD ("tools/cache-off", test_cache_off);
  ADD ("tools/changes-little", test_list_changes_little);
  ADD ("tools/server-changes-the-list", test_server_changes_the_list);
  ADD ("tools/changes-while-fetched", test_list_changes_while_fetched);
  ADD ("tools/is-repeated", test_list_is_repeated);
  ADD ("tools/cancelled-during-backoff", test_list_cancelled_during_backoff);
  ADD ("tools/fails", test_list_fails);
  ADD ("test/measures", test_connection_test);
  ADD ("test/is-one-attempt", test_connection_test_is_one_attempt);
  ADD ("log-ring", test_log_ring);
  g_test_add_func ("/bridge/sides-of-errors", test_sides_of_errors);

  return g_test_run ();
}
