/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>

#include "base/via-limits.h"
#include "bridge/via-retry.h"
#include "rpc/via-rpc-error.h"

#define SECOND ((gint64) G_USEC_PER_SEC)

/* An error of the domain of requests: @status and @retry_after only matter with HTTP. */
static GError *
make_error (ViaRpcError code,
            guint       status,
            gint64      retry_after)
{
  return via_rpc_error_new_http (code, status, retry_after, NULL, NULL, "as it came");
}

/* Every row of the table: what happened, and whether it may be repeated for an unsafe tool, a safe one, and by policy. */
static void
test_table (void)
{
  static const struct
  {
    const char *row;
    ViaRpcError code;
    guint       status;
    gint64      retry_after;
    ViaFate     fate;
    gboolean    unsafe, safe, always;
  } table[] = {
    { "not sent", VIA_RPC_ERROR_NOT_SENT, 0, -1, VIA_FATE_NOT_RUN, TRUE, TRUE, TRUE },
    { "session lost", VIA_RPC_ERROR_SESSION_LOST, 404, -1, VIA_FATE_NOT_RUN, TRUE, TRUE, TRUE },
    { "too many in flight", VIA_RPC_ERROR_BUSY, 0, -1, VIA_FATE_NOT_RUN, TRUE, TRUE, TRUE },
    { "sent, no answer", VIA_RPC_ERROR_TIMEOUT, 0, -1, VIA_FATE_UNKNOWN, FALSE, TRUE, TRUE },
    { "answer lost", VIA_RPC_ERROR_CLOSED, 0, -1, VIA_FATE_UNKNOWN, FALSE, TRUE, TRUE },
    { "429", VIA_RPC_ERROR_HTTP, 429, -1, VIA_FATE_NOT_RUN, TRUE, TRUE, TRUE },
    { "429 with a time", VIA_RPC_ERROR_HTTP, 429, 1000, VIA_FATE_NOT_RUN, TRUE, TRUE, TRUE },
    { "503 with a time", VIA_RPC_ERROR_HTTP, 503, 0, VIA_FATE_NOT_RUN, TRUE, TRUE, TRUE },
    { "503", VIA_RPC_ERROR_HTTP, 503, -1, VIA_FATE_UNKNOWN, FALSE, TRUE, TRUE },
    { "500", VIA_RPC_ERROR_HTTP, 500, -1, VIA_FATE_UNKNOWN, FALSE, TRUE, TRUE },
    { "500 with a time", VIA_RPC_ERROR_HTTP, 500, 1000, VIA_FATE_UNKNOWN, FALSE, TRUE, TRUE },
    { "502", VIA_RPC_ERROR_HTTP, 502, -1, VIA_FATE_UNKNOWN, FALSE, TRUE, TRUE },
    { "504", VIA_RPC_ERROR_HTTP, 504, -1, VIA_FATE_UNKNOWN, FALSE, TRUE, TRUE },
    { "400", VIA_RPC_ERROR_HTTP, 400, -1, VIA_FATE_FINAL, FALSE, FALSE, FALSE },
    { "404", VIA_RPC_ERROR_HTTP, 404, -1, VIA_FATE_FINAL, FALSE, FALSE, FALSE },
    { "401", VIA_RPC_ERROR_UNAUTHORIZED, 401, -1, VIA_FATE_FINAL, FALSE, FALSE, FALSE },
    { "redirect", VIA_RPC_ERROR_REDIRECTED, 302, -1, VIA_FATE_FINAL, FALSE, FALSE, FALSE },
    { "certificate", VIA_RPC_ERROR_TLS, 0, -1, VIA_FATE_FINAL, FALSE, FALSE, FALSE },
    { "a web page", VIA_RPC_ERROR_CONTENT_TYPE, 200, -1, VIA_FATE_FINAL, FALSE, FALSE, FALSE },
    { "too large", VIA_RPC_ERROR_TOO_LARGE, 200, -1, VIA_FATE_FINAL, FALSE, FALSE, FALSE },
    { "not the protocol", VIA_RPC_ERROR_INVALID, 0, -1, VIA_FATE_FINAL, FALSE, FALSE, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr(GError) error = make_error (table[i].code, table[i].status, table[i].retry_after);

      g_test_message ("%s", table[i].row);
      g_assert_cmpint (via_retry_get_fate (error), ==, table[i].fate);
      g_assert_cmpint (via_retry_may (error, FALSE, VIA_RETRY_SAFE), ==, table[i].unsafe);
      g_assert_cmpint (via_retry_may (error, TRUE, VIA_RETRY_SAFE), ==, table[i].safe);
      g_assert_cmpint (via_retry_may (error, FALSE, VIA_RETRY_ALWAYS), ==, table[i].always);
      g_assert_false (via_retry_may (error, FALSE, VIA_RETRY_NEVER));
      g_assert_false (via_retry_may (error, TRUE, VIA_RETRY_NEVER));
    }
}

static void
test_answers_are_final (void)
{
  g_autoptr(ViaJsonDocument) document = via_json_document_new_strict ("{\"code\":-32603,\"message\":\"no\"}", -1, NULL);
  g_autoptr(GError) remote = via_rpc_error_new_remote (via_json_document_get_root (document));
  g_autoptr(GError) broken = via_rpc_error_new_remote_http (via_json_document_get_root (document), 500, -1, NULL, NULL);
  g_autoptr(GError) cancelled = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");

  g_assert_false (via_retry_may (remote, TRUE, VIA_RETRY_ALWAYS));
  g_assert_false (via_retry_may (broken, TRUE, VIA_RETRY_ALWAYS));
  g_assert_false (via_retry_may (cancelled, TRUE, VIA_RETRY_ALWAYS));
}

/* A gateway that is busy says so in the protocol's words as well: it has not looked at the request. */
static void
test_busy_answers_are_repeated (void)
{
  g_autoptr(ViaJsonDocument) document = via_json_document_new_strict ("{\"code\":-32000,\"message\":\"slow\"}", -1, NULL);
  ViaJsonValue object = via_json_document_get_root (document);
  g_autoptr(GError) many = via_rpc_error_new_remote_http (object, 429, 2000, NULL, NULL);
  g_autoptr(GError) later = via_rpc_error_new_remote_http (object, 503, 2000, NULL, NULL);
  g_autoptr(GError) down = via_rpc_error_new_remote_http (object, 503, -1, NULL, NULL);

  g_assert_true (via_retry_may (many, FALSE, VIA_RETRY_SAFE));
  g_assert_true (via_retry_may (later, FALSE, VIA_RETRY_SAFE));
  g_assert_false (via_retry_may (down, TRUE, VIA_RETRY_SAFE));
}

static void
test_wait (void)
{
  static const struct
  {
    guint  n;
    double random;
    gint64 retry_after;
    gint64 wait;
  } table[] = {
    { 0, 0.0, -1, 1000 }, { 0, 1.0, -1, 2000 }, { 1, 0.5, -1, 2500 }, { 2, 0.25, -1, 4250 },
    { 5, 0.0, -1, 30000 }, { 60, 0.5, -1, 30000 },
    { 0, 0.0, 0, 0 }, { 0, 0.5, 0, 500 }, { 3, 0.0, 5000, 5000 }, { 3, 0.5, 5000, 5500 },
    { 0, 0.0, VIA_LIMIT_RETRY_AFTER_MS, VIA_LIMIT_RETRY_AFTER_MS },
    { 0, 0.0, VIA_LIMIT_RETRY_AFTER_MS + 1, -1 }, { 0, 0.0, G_MAXINT32, -1 },
  };
  g_autoptr(ViaBridgeConfig) config = via_bridge_config_new ("b");

  config->backoff_factor = 2;
  config->max_backoff_ms = 30000;
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr(GError) error = make_error (VIA_RPC_ERROR_HTTP, 503, table[i].retry_after);

      g_assert_cmpint (via_retry_get_wait (config, table[i].n, table[i].random, error), ==, table[i].wait);
    }
}

static guint
count_retries (ViaRetryBudget *budget,
               const GError   *error,
               gint64          now)
{
  guint n_retries = 0;

  while (via_retry_budget_take (budget, error, now))
    n_retries++;
  return n_retries;
}

/* Of 500 calls that fail together, 20 are repeated; then one each five seconds, or for each five that succeed. */
static void
test_budget (void)
{
  g_autoptr(GError) refused = make_error (VIA_RPC_ERROR_NOT_SENT, 0, -1);
  g_autoptr(GError) timeout = make_error (VIA_RPC_ERROR_TIMEOUT, 0, -1);
  ViaRetryBudget budget;

  via_retry_budget_init (&budget, 7 * SECOND);
  g_assert_cmpuint (count_retries (&budget, refused, 7 * SECOND), ==, 20);
  g_assert_cmpuint (count_retries (&budget, refused, 12 * SECOND), ==, 1);
  for (guint i = 0; i < 10; i++)
    via_retry_budget_success (&budget);
  g_assert_cmpuint (count_retries (&budget, refused, 12 * SECOND), ==, 2);
  g_assert_cmpuint (count_retries (&budget, timeout, 10000 * SECOND), ==, 10);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/retry/table", test_table);
  g_test_add_func ("/retry/answers-are-final", test_answers_are_final);
  g_test_add_func ("/retry/busy-answers-are-repeated", test_busy_answers_are_repeated);
  g_test_add_func ("/retry/wait", test_wait);
  g_test_add_func ("/retry/budget", test_budget);

  return g_test_run ();
}
