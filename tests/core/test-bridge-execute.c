/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/via-limits.h"
#include "rpc/via-rpc-error.h"
#include "via-bridge-fixture.h"

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

/* Those that wait need not wait on when the configuration has more places for them. */
static void
test_more_places (Fixture       *f,
                  gconstpointer  data)
{
  g_autoptr(GPtrArray) operations = g_ptr_array_new_with_free_func (g_object_unref);

  f->settings.max_concurrent_requests = 1;
  make_bridge (f);
  f->script.hold_call = TRUE;
  for (guint i = 0; i < 4; i++)
    g_ptr_array_add (operations, execute (f));
  settle ();
  g_assert_cmpuint (f->script.n_calls, ==, 1);
  f->settings.max_concurrent_requests = 3;
  via_bridge_take_settings (f->bridge, &f->settings);
  settle ();
  g_assert_cmpuint (f->script.n_calls, ==, 3);
  g_assert_cmpint (via_operation_get_state (operations->pdata[2]), ==, VIA_OPERATION_RUNNING);
  g_assert_cmpint (via_operation_get_state (operations->pdata[3]), ==, VIA_OPERATION_PENDING);
  via_fake_script_release (&f->script);
  settle ();
  via_fake_script_release (&f->script);
  settle ();
  assert_operation (operations->pdata[3], VIA_OPERATION_COMPLETED, VIA_SIDE_NONE);
}

static void
test_no_place_in_time (Fixture       *f,
                       gconstpointer  data)
{
  g_autoptr(ViaOperation) running = NULL;
  g_autoptr(ViaOperation) waiting = NULL;

  f->settings.max_concurrent_requests = 1;
  make_bridge (f);
  f->script.hold_call = TRUE;
  running = execute (f);
  waiting = execute (f);
  settle ();
  via_clock_advance (f->clock, VIA_LIMIT_QUEUE_S * SECOND - 1);
  settle ();
  assert_operation (waiting, VIA_OPERATION_PENDING, VIA_SIDE_NONE);
  via_clock_advance (f->clock, 1);
  settle ();
  assert_operation (waiting, VIA_OPERATION_FAILED, VIA_SIDE_CONNECTION);
  g_assert_cmpuint (f->script.n_calls, ==, 1);
  via_fake_script_release (&f->script);
  settle ();
  assert_operation (running, VIA_OPERATION_COMPLETED, VIA_SIDE_NONE);
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

static void
test_old_schema (Fixture       *f,
                 gconstpointer  data)
{
  g_autoptr(ViaJsonDocument) document = via_json_document_new_strict ("{\"code\":-32020,\"message\":\"headers\"}", -1, NULL);
  g_autoptr(ViaOperation) first = NULL;
  g_autoptr(ViaOperation) second = NULL;

  f->script.needs_tool = TRUE;
  list_and_settle (f, FALSE);
  g_queue_push_tail (&f->script.call_errors, via_rpc_error_new_remote (via_json_document_get_root (document)));
  first = execute (f);
  settle ();
  assert_operation (first, VIA_OPERATION_COMPLETED, VIA_SIDE_NONE);
  g_assert_cmpuint (f->script.n_lists, ==, 2);
  g_assert_cmpuint (f->script.n_calls, ==, 2);

  for (guint i = 0; i < 2; i++)
    g_queue_push_tail (&f->script.call_errors, via_rpc_error_new_remote (via_json_document_get_root (document)));
  second = execute (f);
  settle ();
  assert_operation (second, VIA_OPERATION_FAILED, VIA_SIDE_SERVER);
  g_assert_cmpuint (f->script.n_calls, ==, 4);
}

#define ADD(path, func) g_test_add ("/bridge/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("execute/completes", test_execute);
  ADD ("execute/concurrency", test_concurrency);
  ADD ("execute/more-places", test_more_places);
  ADD ("execute/no-place-in-time", test_no_place_in_time);
  ADD ("execute/tool-says-no", test_tool_says_no);
  ADD ("execute/server-says-no", test_server_says_no);
  ADD ("execute/progress-and-log", test_progress_and_log);
  ADD ("execute/schema-is-fetched-when-needed", test_schema_is_fetched_when_needed);
  ADD ("execute/old-schema", test_old_schema);
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

  return g_test_run ();
}
