/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/via-limits.h"
#include "rpc/via-rpc-error.h"
#include "via-fake-backend.h"

#define SECOND ((gint64) G_USEC_PER_SEC)
#define ONE_TOOL "[{\"name\":\"echo\",\"inputSchema\":{\"type\":\"object\"}}]"

typedef struct
{
  ViaClock        *clock;
  ViaBridgeConfig *config;
  ViaConfigSettings settings;
  ViaFakeScript    script;
  ViaBridge       *bridge;
  guint            n_done;  /* callbacks that came */
  GError          *error;   /* of the newest one */
} Fixture;

static void
make_bridge (Fixture *f)
{
  g_clear_object (&f->bridge);
  f->bridge = via_bridge_new_full (f->config, &f->settings, NULL, via_fake_backend_new, &f->script, f->clock);
}

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  f->clock = via_clock_new_fake (1000 * SECOND, 1793000000 * SECOND);
  f->config = via_bridge_config_new ("fake");
  f->config->enabled = TRUE;
  f->config->endpoint = g_strdup ("https://example.com/mcp");
  f->config->transport = VIA_TRANSPORT_HTTP;
  f->config->timeout_s = 30;
  f->config->max_retries = 3;
  f->config->backoff_factor = 2;
  f->config->max_backoff_ms = 30000;
  f->config->retry_calls = VIA_RETRY_SAFE;
  f->settings.max_concurrent_requests = 10;
  f->settings.enable_caching = TRUE;
  f->settings.cache_ttl_s = 300;
  via_fake_script_init (&f->script);
  make_bridge (f);
}

/* Makes the main loop do all there is to do now. */
static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  settle ();
  if (f->bridge != NULL)
    g_assert_finalize_object (f->bridge);
  settle ();
  g_assert_cmpuint (f->script.n_alive, ==, 0);
  g_assert_cmpuint (via_clock_get_n_calls (f->clock), ==, 0);
  via_fake_script_clear (&f->script);
  g_assert_finalize_object (f->config);
  g_assert_finalize_object (f->clock);
  g_clear_error (&f->error);
}

static GError *
make_error (ViaRpcError code)
{
  return via_rpc_error_new_http (code, 0, -1, NULL, NULL, "What happened.");
}

static ViaOperation *
execute (Fixture *f)
{
  return via_bridge_execute (f->bridge, "echo", NULL, NULL);
}

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Fixture *f = user_data;

  f->n_done++;
  g_clear_error (&f->error);
  via_bridge_list_tools_finish (VIA_BRIDGE (source), result, &f->error);
}

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
list (Fixture      *f,
      gboolean      refresh,
      GCancellable *cancellable)
{
  via_bridge_list_tools_async (f->bridge, refresh, cancellable, listed_cb, f);
}

static void
list_and_settle (Fixture  *f,
                 gboolean  refresh)
{
  list (f, refresh, NULL);
  settle ();
}

static void
assert_state (Fixture        *f,
              ViaBridgeState  state)
{
  g_assert_cmpint (via_bridge_get_state (f->bridge), ==, state);
}

static void
assert_operation (ViaOperation      *operation,
                  ViaOperationState  state,
                  ViaSide            side)
{
  g_assert_cmpstr (via_operation_state_get_name (via_operation_get_state (operation)), ==,
                   via_operation_state_get_name (state));
  g_assert_cmpstr (via_side_get_name (via_operation_get_side (operation)), ==, via_side_get_name (side));
}

/* --- Connection --- */

static void
test_execute (Fixture       *f,
              gconstpointer  data)
{
  g_autoptr(ViaOperation) operation = execute (f);

  assert_operation (operation, VIA_OPERATION_PENDING, VIA_SIDE_NONE);
  g_assert_cmpuint (via_bridge_get_n_running (f->bridge), ==, 1);
  settle ();
  assert_operation (operation, VIA_OPERATION_COMPLETED, VIA_SIDE_NONE);
  g_assert_cmpuint (via_operation_get_attempt (operation), ==, 1);
  g_assert_nonnull (via_operation_get_result (operation));
  g_assert_cmpuint (via_bridge_get_n_running (f->bridge), ==, 0);
  assert_state (f, VIA_BRIDGE_CONNECTED);
  g_assert_cmpstr (via_bridge_get_revision (f->bridge), ==, "2025-11-25");
  g_assert_cmpuint (f->script.n_lists, ==, 0);
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

/* --- Executions --- */

static void
test_concurrency (Fixture       *f,
                  gconstpointer  data)
{
  ViaOperation *operations[7];

  f->settings.max_concurrent_requests = 3;
  make_bridge (f);
  f->script.hold_call = TRUE;
  for (guint i = 0; i < 7; i++)
    operations[i] = execute (f);
  settle ();
  g_assert_cmpuint (f->script.n_calls, ==, 3);
  g_assert_cmpint (via_operation_get_state (operations[2]), ==, VIA_OPERATION_RUNNING);
  g_assert_cmpint (via_operation_get_state (operations[3]), ==, VIA_OPERATION_PENDING);
  via_operation_cancel (operations[4]); /* while it waits */
  settle ();
  assert_operation (operations[4], VIA_OPERATION_CANCELLED, VIA_SIDE_CANCELLED);
  via_fake_script_release (&f->script);
  settle ();
  g_assert_cmpuint (f->script.n_calls, ==, 6);
  via_fake_script_release (&f->script);
  settle ();
  g_assert_cmpuint (f->script.n_calls, ==, 6);
  g_assert_cmpuint (f->script.n_at_once, ==, 3);
  for (guint i = 0; i < 7; i++)
    {
      g_assert_true (via_operation_is_finished (operations[i]));
      g_object_unref (operations[i]);
    }
}

static void
test_cancel_while_running (Fixture       *f,
                           gconstpointer  data)
{
  g_autoptr(ViaOperation) operation = NULL;

  f->script.hold_call = TRUE;
  operation = execute (f);
  settle ();
  via_operation_cancel (operation);
  settle ();
  assert_operation (operation, VIA_OPERATION_CANCELLED, VIA_SIDE_CANCELLED);
  g_assert_error (via_operation_get_error (operation), G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (f->script.n_cancelled, ==, 1);
  assert_state (f, VIA_BRIDGE_CONNECTED);
}

/* The layers below may take as long as they like to notice. */
static void
test_cancel_of_the_deaf (Fixture       *f,
                         gconstpointer  data)
{
  g_autoptr(ViaOperation) operation = NULL;

  f->script.hold_call = TRUE;
  f->script.deaf = TRUE;
  operation = execute (f);
  settle ();
  via_operation_cancel (operation);
  settle ();
  assert_operation (operation, VIA_OPERATION_CANCELLED, VIA_SIDE_CANCELLED);
  via_fake_script_release (&f->script);
  settle ();
  assert_operation (operation, VIA_OPERATION_CANCELLED, VIA_SIDE_CANCELLED);
  g_assert_null (via_operation_get_result (operation));
}

static void
test_cancel_before_anything (Fixture       *f,
                             gconstpointer  data)
{
  g_autoptr(ViaOperation) operation = execute (f);

  via_operation_cancel (operation);
  settle ();
  assert_operation (operation, VIA_OPERATION_CANCELLED, VIA_SIDE_CANCELLED);
  g_assert_cmpuint (f->script.n_calls, ==, 0);
}

static void
test_cancel_during_backoff (Fixture       *f,
                            gconstpointer  data)
{
  g_autoptr(ViaOperation) operation = NULL;

  g_queue_push_tail (&f->script.call_errors, make_error (VIA_RPC_ERROR_NOT_SENT));
  operation = execute (f);
  settle ();
  g_assert_cmpuint (f->script.n_calls, ==, 1);
  g_assert_cmpint (via_operation_get_state (operation), ==, VIA_OPERATION_RUNNING);
  via_operation_cancel (operation);
  settle ();
  assert_operation (operation, VIA_OPERATION_CANCELLED, VIA_SIDE_CANCELLED);
  via_clock_advance (f->clock, 100 * SECOND);
  settle ();
  g_assert_cmpuint (f->script.n_calls, ==, 1);
}

/* Each wait is factor^n seconds and up to one more, and while it lasts nothing is sent. */
static void
test_backoff_schedule (Fixture       *f,
                       gconstpointer  data)
{
  static const gint64 seconds[] = { 1, 2, 4 };
  g_autoptr(ViaOperation) operation = NULL;

  for (guint i = 0; i < 4; i++)
    g_queue_push_tail (&f->script.call_errors, make_error (VIA_RPC_ERROR_NOT_SENT));
  operation = execute (f);
  settle ();
  for (guint i = 0; i < G_N_ELEMENTS (seconds); i++)
    {
      g_assert_cmpuint (f->script.n_calls, ==, i + 1);
      via_clock_advance (f->clock, seconds[i] * SECOND - 1);
      settle ();
      g_assert_cmpuint (f->script.n_calls, ==, i + 1);
      via_clock_advance (f->clock, SECOND + 1);
      settle ();
      g_assert_cmpuint (f->script.n_calls, ==, i + 2);
    }
  assert_operation (operation, VIA_OPERATION_FAILED, VIA_SIDE_CONNECTION);
  g_assert_cmpuint (via_operation_get_attempt (operation), ==, 4);
  g_assert_cmpuint (via_operation_get_messages (operation)->len, ==, 3);
}

static void
test_retry_after (Fixture       *f,
                  gconstpointer  data)
{
  g_autoptr(ViaOperation) operation = NULL;

  g_queue_push_tail (&f->script.call_errors,
                     via_rpc_error_new_http (VIA_RPC_ERROR_HTTP, 429, 20000, NULL, NULL, "Slower."));
  operation = execute (f);
  settle ();
  via_clock_advance (f->clock, 20 * SECOND - 1);
  settle ();
  g_assert_cmpuint (f->script.n_calls, ==, 1);
  via_clock_advance (f->clock, SECOND + 1);
  settle ();
  g_assert_cmpuint (f->script.n_calls, ==, 2);
  assert_operation (operation, VIA_OPERATION_COMPLETED, VIA_SIDE_NONE);
}

static void
test_retry_after_too_long (Fixture       *f,
                           gconstpointer  data)
{
  g_autoptr(ViaOperation) operation = NULL;

  g_queue_push_tail (&f->script.call_errors,
                     via_rpc_error_new_http (VIA_RPC_ERROR_HTTP, 429, 90000, NULL, NULL, "Slower."));
  operation = execute (f);
  settle ();
  assert_operation (operation, VIA_OPERATION_FAILED, VIA_SIDE_SERVER);
  g_assert_nonnull (strstr (via_operation_get_error (operation)->message, "90 seconds"));
}

typedef struct
{
  const char   *row;
  const char   *hints; /* of the tool, or NULL when the tool is not known */
  ViaRetryCalls policy;
  ViaRpcError   code;
  guint         status;
  gint64        retry_after;
  guint         n_calls; /* of at most 3 */
} RetryRow;

static const RetryRow retry_rows[] = {
  { "unknown/not-sent", NULL, VIA_RETRY_SAFE, VIA_RPC_ERROR_NOT_SENT, 0, -1, 3 },
  { "unknown/session-lost", NULL, VIA_RETRY_SAFE, VIA_RPC_ERROR_SESSION_LOST, 404, -1, 3 },
  { "unknown/429", NULL, VIA_RETRY_SAFE, VIA_RPC_ERROR_HTTP, 429, -1, 3 },
  { "unknown/503-with-time", NULL, VIA_RETRY_SAFE, VIA_RPC_ERROR_HTTP, 503, 1000, 3 },
  { "unknown/503", NULL, VIA_RETRY_SAFE, VIA_RPC_ERROR_HTTP, 503, -1, 1 },
  { "unknown/500", NULL, VIA_RETRY_SAFE, VIA_RPC_ERROR_HTTP, 500, -1, 1 },
  { "unknown/no-answer", NULL, VIA_RETRY_SAFE, VIA_RPC_ERROR_TIMEOUT, 0, -1, 1 },
  { "unknown/answer-lost", NULL, VIA_RETRY_SAFE, VIA_RPC_ERROR_CLOSED, 0, -1, 1 },
  { "unknown/refused", NULL, VIA_RETRY_SAFE, VIA_RPC_ERROR_UNAUTHORIZED, 401, -1, 1 },
  { "unsafe/no-answer", "{}", VIA_RETRY_SAFE, VIA_RPC_ERROR_TIMEOUT, 0, -1, 1 },
  { "unsafe/500", "{\"destructiveHint\":false}", VIA_RETRY_SAFE, VIA_RPC_ERROR_HTTP, 500, -1, 1 },
  { "read-only/no-answer", "{\"readOnlyHint\":true}", VIA_RETRY_SAFE, VIA_RPC_ERROR_TIMEOUT, 0, -1, 3 },
  { "read-only/answer-lost", "{\"readOnlyHint\":true}", VIA_RETRY_SAFE, VIA_RPC_ERROR_CLOSED, 0, -1, 3 },
  { "read-only/500", "{\"readOnlyHint\":true}", VIA_RETRY_SAFE, VIA_RPC_ERROR_HTTP, 500, -1, 3 },
  { "read-only/404", "{\"readOnlyHint\":true}", VIA_RETRY_SAFE, VIA_RPC_ERROR_HTTP, 404, -1, 1 },
  { "idempotent/answer-lost", "{\"idempotentHint\":true}", VIA_RETRY_SAFE, VIA_RPC_ERROR_CLOSED, 0, -1, 3 },
  { "always/answer-lost", NULL, VIA_RETRY_ALWAYS, VIA_RPC_ERROR_CLOSED, 0, -1, 3 },
  { "always/500", "{}", VIA_RETRY_ALWAYS, VIA_RPC_ERROR_HTTP, 500, -1, 3 },
  { "always/broken-protocol", NULL, VIA_RETRY_ALWAYS, VIA_RPC_ERROR_INVALID, 0, -1, 1 },
  { "never/not-sent", "{\"readOnlyHint\":true}", VIA_RETRY_NEVER, VIA_RPC_ERROR_NOT_SENT, 0, -1, 1 },
  { "never/429", NULL, VIA_RETRY_NEVER, VIA_RPC_ERROR_HTTP, 429, 0, 1 },
};

static void
test_retry_row (Fixture       *f,
                gconstpointer  data)
{
  const RetryRow *row = data;
  const gboolean may_have_run = row->code == VIA_RPC_ERROR_TIMEOUT || row->code == VIA_RPC_ERROR_CLOSED
                                || (row->code == VIA_RPC_ERROR_HTTP && row->status >= 500 && row->retry_after < 0);
  g_autofree char *tools = g_strdup_printf ("[{\"name\":\"echo\",\"inputSchema\":{},\"annotations\":%s}]", row->hints);
  g_autoptr(ViaOperation) operation = NULL;

  f->config->max_retries = 2;
  f->config->retry_calls = row->policy;
  if (row->hints != NULL)
    {
      f->script.tools = tools;
      list_and_settle (f, FALSE);
    }
  for (guint i = 0; i < 3; i++)
    g_queue_push_tail (&f->script.call_errors,
                       via_rpc_error_new_http (row->code, row->status, row->retry_after, NULL, NULL, "It failed."));
  operation = execute (f);
  for (guint i = 0; i < 20; i++)
    {
      settle ();
      via_clock_advance (f->clock, SECOND); /* no larger steps: connecting has its deadline too */
    }
  g_assert_cmpint (via_operation_get_state (operation), ==, VIA_OPERATION_FAILED);
  g_assert_cmpuint (f->script.n_calls, ==, row->n_calls);
  g_assert_cmpuint (via_operation_get_attempt (operation), ==, row->n_calls);
  g_assert_cmpint (strstr (via_operation_get_error (operation)->message, "may have run") != NULL, ==,
                   may_have_run && (row->hints == NULL || strstr (row->hints, "true") == NULL));
}

static void
test_connecting_is_repeated (Fixture       *f,
                             gconstpointer  data)
{
  g_autoptr(ViaOperation) operation = NULL;

  g_queue_push_tail (&f->script.connect_errors, make_error (VIA_RPC_ERROR_NOT_SENT));
  g_queue_push_tail (&f->script.connect_errors, make_error (VIA_RPC_ERROR_TIMEOUT)); /* nothing was called */
  operation = execute (f);
  settle ();
  assert_state (f, VIA_BRIDGE_FAILED);
  assert_operation (operation, VIA_OPERATION_PENDING, VIA_SIDE_NONE);
  via_clock_advance (f->clock, 2 * SECOND);
  settle ();
  via_clock_advance (f->clock, 3 * SECOND);
  settle ();
  assert_operation (operation, VIA_OPERATION_COMPLETED, VIA_SIDE_NONE);
  g_assert_cmpuint (via_operation_get_attempt (operation), ==, 3);
  g_assert_cmpuint (f->script.n_connects, ==, 3);
  g_assert_cmpuint (f->script.n_calls, ==, 1);
}

/* A program that cannot be started is no better in a second. */
static void
test_starting_is_not_repeated (Fixture       *f,
                               gconstpointer  data)
{
  g_autoptr(ViaOperation) operation = NULL;

  f->config->transport = VIA_TRANSPORT_STDIO;
  g_queue_push_tail (&f->script.connect_errors, make_error (VIA_RPC_ERROR_NOT_SENT));
  operation = execute (f);
  settle ();
  assert_operation (operation, VIA_OPERATION_FAILED, VIA_SIDE_CONNECTION);
  g_assert_cmpuint (f->script.n_connects, ==, 1);
}

static void
test_connecting_takes_too_long (Fixture       *f,
                                gconstpointer  data)
{
  const ViaExecuteOptions options = { .timeout_s = 12 };
  g_autoptr(ViaOperation) operation = NULL;

  f->config->max_retries = 0;
  f->script.hold_connect = TRUE;
  operation = via_bridge_execute (f->bridge, "echo", NULL, &options);
  settle ();
  via_clock_advance (f->clock, 12 * SECOND - 1);
  settle ();
  assert_operation (operation, VIA_OPERATION_PENDING, VIA_SIDE_NONE);
  via_clock_advance (f->clock, 1);
  settle ();
  assert_operation (operation, VIA_OPERATION_FAILED, VIA_SIDE_TIMEOUT);
  g_assert_nonnull (strstr (via_operation_get_error (operation)->message, "12 seconds"));
}

static void
test_budget (Fixture       *f,
             gconstpointer  data)
{
  ViaOperation *operations[100];

  f->settings.max_concurrent_requests = 100;
  make_bridge (f);
  for (guint i = 0; i < 200; i++)
    g_queue_push_tail (&f->script.call_errors, make_error (VIA_RPC_ERROR_NOT_SENT));
  for (guint i = 0; i < G_N_ELEMENTS (operations); i++)
    operations[i] = execute (f);
  settle ();
  via_clock_advance (f->clock, 3 * SECOND);
  settle ();
  g_assert_cmpuint (f->script.n_calls, <=, 121);
  for (guint i = 0; i < 20; i++)
    {
      via_clock_advance (f->clock, SECOND);
      settle ();
    }
  for (guint i = 0; i < G_N_ELEMENTS (operations); i++)
    {
      g_assert_true (via_operation_is_finished (operations[i]));
      g_object_unref (operations[i]);
    }
}

static void
test_tool_says_no (Fixture       *f,
                   gconstpointer  data)
{
  static const struct { const char *result; ViaSide side; const char *error; } table[] = {
    { "{\"content\":[{\"type\":\"text\",\"text\":\"The file is locked.\"}],\"isError\":true}", VIA_SIDE_TOOL,
      "The file is locked." },
    { "{\"content\":[{\"type\":\"text\",\"text\":\"MCP error -32602: b is required\"}],\"isError\":true}",
      VIA_SIDE_ARGUMENTS, "MCP error -32602: b is required" },
    { "{\"content\":[],\"isError\":true}", VIA_SIDE_TOOL,
      "The tool failed and did not say why. The result may tell more." },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr(ViaOperation) operation = NULL;

      f->script.result = table[i].result;
      operation = execute (f);
      settle ();
      assert_operation (operation, VIA_OPERATION_FAILED, table[i].side);
      g_assert_cmpstr (via_operation_get_error (operation)->message, ==, table[i].error);
      g_assert_nonnull (via_operation_get_result (operation));
      assert_state (f, VIA_BRIDGE_CONNECTED);
    }
}

static void
test_server_says_no (Fixture       *f,
                     gconstpointer  data)
{
  static const struct { const char *error; ViaSide side; const char *says; } table[] = {
    { "{\"code\":-32602,\"message\":\"b is required\"}", VIA_SIDE_ARGUMENTS, "“b is required” (-32602)" },
    { "{\"code\":-32601,\"message\":\"what?\"}", VIA_SIDE_SERVER, "“what?” (-32601)" },
    { "{\"code\":7,\"message\":\"on\\nfire\"}", VIA_SIDE_SERVER, "“on fire” (7)" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr(ViaJsonDocument) document = via_json_document_new_strict (table[i].error, -1, NULL);
      g_autoptr(ViaOperation) operation = NULL;

      g_queue_push_tail (&f->script.call_errors, via_rpc_error_new_remote (via_json_document_get_root (document)));
      operation = execute (f);
      settle ();
      assert_operation (operation, VIA_OPERATION_FAILED, table[i].side);
      g_assert_nonnull (strstr (via_operation_get_error (operation)->message, table[i].says));
      g_assert_cmpuint (via_operation_get_attempt (operation), ==, 1);
    }
}

static void
report_cb (const ViaBackendCall *call)
{
  g_autofree char *huge = g_strnfill (100000, 'x');

  g_assert_cmpuint (call->timeout_ms, ==, 30000);
  g_assert_cmpuint (call->max_timeout_ms, ==, 600000);
  call->progress (0.5, "half\nway", call->data);
  call->log ("info", "a line", call->data);
  call->log ("info", huge, call->data);
}

static void
test_progress_and_log (Fixture       *f,
                       gconstpointer  data)
{
  g_autoptr(ViaOperation) operation = NULL;
  GPtrArray *messages;

  f->script.on_call = report_cb;
  operation = execute (f);
  settle ();
  messages = via_operation_get_messages (operation);
  g_assert_cmpfloat (via_operation_get_progress (operation), ==, 0.5);
  g_assert_cmpstr (via_operation_get_progress_message (operation), ==, "half way");
  g_assert_cmpuint (messages->len, ==, 2);
  g_assert_cmpstr (messages->pdata[0], ==, "a line");
  g_assert_cmpuint (strlen (messages->pdata[1]), <=, VIA_LIMIT_ERROR_TEXT_BYTES);
}

static void
test_schema_is_fetched_when_needed (Fixture       *f,
                                    gconstpointer  data)
{
  g_autoptr(ViaOperation) first = NULL;
  g_autoptr(ViaOperation) second = NULL;

  f->script.needs_tool = TRUE;
  first = execute (f);
  settle ();
  g_assert_cmpuint (f->script.n_lists, ==, 1);
  g_assert_true (f->script.had_tool);
  second = execute (f);
  settle ();
  g_assert_cmpuint (f->script.n_lists, ==, 1);
  g_assert_nonnull (via_operation_get_tool (second));
}

/* --- Tools --- */

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
  ADD ("disconnect/while-connecting", test_disconnect_while_connecting);
  ADD ("dispose/while-connected", test_dispose_while_connected);
  ADD ("dispose/operation-outlives-bridge", test_operation_outlives_bridge);
  ADD ("execute/completes", test_execute);
  ADD ("execute/concurrency", test_concurrency);
  ADD ("execute/tool-says-no", test_tool_says_no);
  ADD ("execute/server-says-no", test_server_says_no);
  ADD ("execute/progress-and-log", test_progress_and_log);
  ADD ("execute/schema-is-fetched-when-needed", test_schema_is_fetched_when_needed);
  ADD ("cancel/running", test_cancel_while_running);
  ADD ("cancel/of-the-deaf", test_cancel_of_the_deaf);
  ADD ("cancel/before-anything", test_cancel_before_anything);
  ADD ("cancel/backoff", test_cancel_during_backoff);
  ADD ("retry/backoff-schedule", test_backoff_schedule);
  ADD ("retry/after", test_retry_after);
  ADD ("retry/after-too-long", test_retry_after_too_long);
  ADD ("retry/connecting", test_connecting_is_repeated);
  ADD ("retry/starting-is-not-repeated", test_starting_is_not_repeated);
  ADD ("retry/connecting-takes-too-long", test_connecting_takes_too_long);
  ADD ("retry/budget", test_budget);
  for (guint i = 0; i < G_N_ELEMENTS (retry_rows); i++)
    {
      g_autofree char *path = g_strconcat ("/bridge/retry/table/", retry_rows[i].row, NULL);

      g_test_add (path, Fixture, &retry_rows[i], set_up, test_retry_row, tear_down);
    }
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
