/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/via-limits.h"
#include "bridge/via-operation-private.h"

#define SECOND ((gint64) G_USEC_PER_SEC)
#define WALL (G_GINT64_CONSTANT (1793000000) * SECOND) /* 2026-10-26T07:33:20Z */

typedef struct
{
  ViaClock     *clock;
  ViaOperation *operation;
  guint         n_progress;
  guint         n_state;
  guint         n_logs;
} Fixture;

static void
count_cb (guint *count)
{
  ++*count;
}

static void
count_log_cb (ViaOperation *operation,
              const char   *level,
              const char   *text,
              guint        *count)
{
  g_assert_nonnull (level);
  g_assert_nonnull (text);
  ++*count;
}

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  ViaOperationSetup setup = { .bridge_name = "everything", .tool_name = "get-sum", .timeout_s = 30 };

  f->clock = via_clock_new_fake (5 * SECOND, WALL);
  setup.clock = f->clock;
  f->operation = via_operation_new (&setup);
  g_signal_connect_swapped (f->operation, "notify::progress", G_CALLBACK (count_cb), &f->n_progress);
  g_signal_connect_swapped (f->operation, "notify::state", G_CALLBACK (count_cb), &f->n_state);
  g_signal_connect (f->operation, "log", G_CALLBACK (count_log_cb), &f->n_logs);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_assert_finalize_object (f->operation);
  g_assert_cmpuint (via_clock_get_n_calls (f->clock), ==, 0);
  g_assert_finalize_object (f->clock);
}

static ViaToolResult *
make_result (const char *text)
{
  g_autoptr(ViaJsonDocument) document = via_json_document_new_strict (text, -1, NULL);

  g_assert_nonnull (document);
  return via_tool_result_new_from_mcp (document, via_json_document_get_root (document));
}

static void
complete (ViaOperation *operation,
          const char   *text)
{
  g_autoptr(ViaToolResult) result = make_result (text);

  via_operation_complete (operation, result);
}

static void
assert_json (ViaOperation *operation,
             const char   *expected)
{
  g_autofree char *json = via_operation_to_json (operation);
  g_auto(GStrv) parts = g_strsplit (expected, "<id>", 2);
  g_autofree char *whole = g_strjoinv (via_operation_get_id (operation), parts);

  g_assert_cmpstr (json, ==, whole);
}

static void
test_states (Fixture       *f,
             gconstpointer  data)
{
  g_assert_cmpint (via_operation_get_state (f->operation), ==, VIA_OPERATION_PENDING);
  g_assert_cmpuint (via_operation_get_attempt (f->operation), ==, 0);
  g_assert_cmpuint (strlen (via_operation_get_id (f->operation)), ==, 36);
  g_assert_cmpint (via_operation_get_id (f->operation)[14], ==, '7');
  g_assert_cmpint (via_operation_get_created_at (f->operation), ==, WALL);
  g_assert_cmpstr (via_operation_get_tool_title (f->operation), ==, "get-sum");

  via_clock_advance (f->clock, 2 * SECOND);
  g_assert_cmpint (via_operation_get_duration (f->operation), ==, 2 * SECOND);
  via_operation_begin_attempt (f->operation, 1);
  g_assert_cmpint (via_operation_get_state (f->operation), ==, VIA_OPERATION_RUNNING);
  g_assert_cmpint (via_operation_get_duration (f->operation), ==, 0);
  via_clock_advance (f->clock, SECOND);
  via_operation_begin_attempt (f->operation, 2);
  g_assert_cmpuint (via_operation_get_attempt (f->operation), ==, 2);
  via_clock_advance (f->clock, SECOND);
  complete (f->operation, "{\"content\":[]}");
  g_assert_true (via_operation_is_finished (f->operation));
  via_clock_advance (f->clock, 9 * SECOND);
  g_assert_cmpint (via_operation_get_duration (f->operation), ==, 2 * SECOND);
  g_assert_cmpuint (f->n_state, ==, 2);
}

static void
test_ends_once (Fixture       *f,
                gconstpointer  data)
{
  via_operation_begin_attempt (f->operation, 1);
  complete (f->operation, "{\"content\":[]}");
  via_operation_fail (f->operation, VIA_SIDE_SERVER, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "late"), NULL);
  via_operation_report_progress (f->operation, 0.5, "late");
  via_operation_add_message (f->operation, "info", "late");
  via_operation_begin_attempt (f->operation, 7);
  via_operation_cancel (f->operation);

  g_assert_cmpint (via_operation_get_state (f->operation), ==, VIA_OPERATION_COMPLETED);
  g_assert_null (via_operation_get_error (f->operation));
  g_assert_cmpuint (via_operation_get_attempt (f->operation), ==, 1);
  g_assert_cmpuint (via_operation_get_messages (f->operation)->len, ==, 0);
  g_assert_cmpuint (f->n_progress, ==, 0);
  g_assert_false (g_cancellable_is_cancelled (via_operation_get_cancellable (f->operation)));
}

static void
test_progress_is_throttled (Fixture       *f,
                            gconstpointer  data)
{
  via_operation_begin_attempt (f->operation, 1);
  for (guint i = 1; i <= 1000; i++)
    {
      via_operation_report_progress (f->operation, i / 1000.0, "working");
      via_clock_advance (f->clock, 1000);
    }
  /* One second: the first at once, then one each twentieth of a second. */
  g_assert_cmpuint (f->n_progress, >=, 19);
  g_assert_cmpuint (f->n_progress, <=, 21);
  via_clock_advance (f->clock, SECOND);
  g_assert_cmpfloat (via_operation_get_progress (f->operation), ==, 1.0);
  g_assert_cmpuint (f->n_progress, <=, 21);
}

static void
test_progress_held_back_comes_before_the_end (Fixture       *f,
                                              gconstpointer  data)
{
  via_operation_begin_attempt (f->operation, 1);
  via_operation_report_progress (f->operation, 0.1, NULL);
  via_operation_report_progress (f->operation, 0.9, NULL);
  g_assert_cmpuint (f->n_progress, ==, 1);
  complete (f->operation, "{\"content\":[]}");
  g_assert_cmpuint (f->n_progress, ==, 2);
  via_clock_advance (f->clock, SECOND);
  g_assert_cmpuint (f->n_progress, ==, 2);
}

static void
test_progress_values (Fixture       *f,
                      gconstpointer  data)
{
  static const struct { double reported, seen; } table[] = {
    { 0, 0 }, { 0.25, 0.25 }, { 1, 1 }, { 7, 1 }, { -1, -1 }, { -0.5, -1 }, { NAN, -1 }, { INFINITY, 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      via_operation_report_progress (f->operation, table[i].reported, NULL);
      g_assert_cmpfloat (via_operation_get_progress (f->operation), ==, table[i].seen);
    }
}

static void
test_messages_are_capped (Fixture       *f,
                          gconstpointer  data)
{
  GPtrArray *messages = via_operation_get_messages (f->operation);

  for (guint i = 0; i < VIA_LIMIT_NOTIFICATIONS_KEPT + 5; i++)
    {
      g_autofree char *text = g_strdup_printf ("line %u", i);

      via_operation_add_message (f->operation, "info", text);
    }
  g_assert_cmpuint (messages->len, ==, VIA_LIMIT_NOTIFICATIONS_KEPT);
  g_assert_cmpstr (messages->pdata[0], ==, "line 5");
  g_assert_cmpuint (f->n_logs, ==, VIA_LIMIT_NOTIFICATIONS_KEPT + 5);
}

static void
test_cancel_asks (Fixture       *f,
                  gconstpointer  data)
{
  via_operation_cancel (f->operation);
  g_assert_true (g_cancellable_is_cancelled (via_operation_get_cancellable (f->operation)));
  g_assert_cmpint (via_operation_get_state (f->operation), ==, VIA_OPERATION_PENDING);
  via_operation_cancel (f->operation);
}

static void
test_json_unfinished (Fixture       *f,
                      gconstpointer  data)
{
  assert_json (f->operation,
               "{\"operation_id\":\"<id>\",\"status\":\"pending\",\"progress\":null,\"progress_message\":null,"
               "\"bridge\":\"everything\",\"tool\":\"get-sum\",\"timestamp\":\"2026-10-26T07:33:20Z\"}");
  via_operation_begin_attempt (f->operation, 1);
  via_operation_report_progress (f->operation, 0.5, "half \"way\"");
  via_clock_advance (f->clock, 2 * SECOND);
  assert_json (f->operation,
               "{\"operation_id\":\"<id>\",\"status\":\"running\",\"progress\":0.5,\"progress_message\":\"half \\\"way\\\"\","
               "\"bridge\":\"everything\",\"tool\":\"get-sum\",\"timestamp\":\"2026-10-26T07:33:22Z\"}");
}

static void
test_json_completed (Fixture       *f,
                     gconstpointer  data)
{
  via_clock_advance (f->clock, SECOND);
  via_operation_begin_attempt (f->operation, 2);
  via_clock_advance (f->clock, 1234567);
  complete (f->operation, "{\"content\": [], \"structuredContent\": {\"n\": 12345678901234567890, \"x\": 0.10, \"e\": 1e400}}");
  via_clock_advance (f->clock, 60 * SECOND);
  assert_json (f->operation,
               "{\"success\":true,\"data\":{\"content\":[],\"structuredContent\":{\"n\":12345678901234567890,\"x\":0.10,"
               "\"e\":1e400}},\"execution_time\":1.235,\"timestamp\":\"2026-10-26T07:33:22Z\",\"bridge\":\"everything\","
               "\"tool\":\"get-sum\",\"attempt\":2,\"operation_id\":\"<id>\",\"status\":\"completed\"}");
}

static void
test_json_failed (Fixture       *f,
                  gconstpointer  data)
{
  via_operation_begin_attempt (f->operation, 1);
  via_operation_fail (f->operation, VIA_SIDE_CONNECTION,
                      g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "Nothing listens there."), NULL);
  assert_json (f->operation,
               "{\"success\":false,\"error\":\"Nothing listens there.\",\"side\":\"connection\",\"execution_time\":0.000,"
               "\"timestamp\":\"2026-10-26T07:33:20Z\",\"bridge\":\"everything\",\"tool\":\"get-sum\",\"attempt\":1,"
               "\"operation_id\":\"<id>\",\"status\":\"failed\"}");
}

static void
test_json_failed_with_result (Fixture       *f,
                              gconstpointer  data)
{
  g_autoptr(ViaToolResult) result = make_result ("{\"content\":[],\"isError\":true}");

  via_operation_begin_attempt (f->operation, 1);
  via_operation_fail (f->operation, VIA_SIDE_TOOL, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "No."), result);
  assert_json (f->operation,
               "{\"success\":false,\"error\":\"No.\",\"side\":\"tool\",\"data\":{\"content\":[],\"isError\":true},"
               "\"execution_time\":0.000,\"timestamp\":\"2026-10-26T07:33:20Z\",\"bridge\":\"everything\","
               "\"tool\":\"get-sum\",\"attempt\":1,\"operation_id\":\"<id>\",\"status\":\"failed\"}");
}

static void
test_json_cancelled (Fixture       *f,
                     gconstpointer  data)
{
  via_operation_fail (f->operation, VIA_SIDE_CANCELLED,
                      g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled."), NULL);
  g_assert_cmpint (via_operation_get_state (f->operation), ==, VIA_OPERATION_CANCELLED);
  assert_json (f->operation,
               "{\"success\":false,\"error\":\"Cancelled.\",\"side\":\"cancelled\",\"execution_time\":0.000,"
               "\"timestamp\":\"2026-10-26T07:33:20Z\",\"bridge\":\"everything\",\"tool\":\"get-sum\",\"attempt\":0,"
               "\"operation_id\":\"<id>\",\"status\":\"cancelled\"}");
}

static void
test_sides (void)
{
  static const struct { ViaSide side; const char *name; int status; } table[] = {
    { VIA_SIDE_NONE, "none", 0 },
    { VIA_SIDE_ARGUMENTS, "arguments", 1 },
    { VIA_SIDE_TOOL, "tool", 1 },
    { VIA_SIDE_SERVER, "server", 1 },
    { VIA_SIDE_CONFIGURATION, "configuration", 3 },
    { VIA_SIDE_CONNECTION, "connection", 4 },
    { VIA_SIDE_AUTHORIZATION, "authorization", 5 },
    { VIA_SIDE_TIMEOUT, "timeout", 6 },
    { VIA_SIDE_CANCELLED, "cancelled", 7 },
    { VIA_SIDE_POLICY, "policy", 8 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_assert_cmpstr (via_side_get_name (table[i].side), ==, table[i].name);
      g_assert_cmpint (via_side_get_exit_status (table[i].side), ==, table[i].status);
    }
}

#define ADD(path, func) g_test_add ("/operation/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("states", test_states);
  ADD ("ends-once", test_ends_once);
  ADD ("progress/is-throttled", test_progress_is_throttled);
  ADD ("progress/held-back-comes-before-the-end", test_progress_held_back_comes_before_the_end);
  ADD ("progress/values", test_progress_values);
  ADD ("messages-are-capped", test_messages_are_capped);
  ADD ("cancel-asks", test_cancel_asks);
  ADD ("json/unfinished", test_json_unfinished);
  ADD ("json/completed", test_json_completed);
  ADD ("json/failed", test_json_failed);
  ADD ("json/failed-with-result", test_json_failed_with_result);
  ADD ("json/cancelled", test_json_cancelled);
  g_test_add_func ("/side/names-and-exit-statuses", test_sides);

  return g_test_run ();
}
