/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-backoff"

#include "config.h"

#include <math.h>

#include "base/via-backoff.h"
#include "base/via-limits.h"

static void
test_delay (void)
{
  static const struct
  {
    double factor;
    guint  n;
    guint  max_ms;
    double random;
    gint64 expected;
  } cases[] = {
    { 2, 0, 30000, 0, 1000 },
    { 2, 0, 30000, 0.5, 1500 },
    { 2, 1, 30000, 0, 2000 },
    { 2, 3, 30000, 0.25, 8250 },
    { 2, 5, 30000, 0, 30000 },
    { 2, 4, 16000, 1, 16000 },
    { 1, 9, 30000, 1, 2000 },
    { 1.5, 2, 30000, 0, 2250 },
    { 5, 4000000000u, 30000, 0, 30000 },
    { NAN, 1, 30000, 0, 30000 },
    { INFINITY, 1, 30000, 0, 30000 },
    { 2, 0, 0, 1, 0 },
    { 2, 0, 30000, -7, 1000 },
    { 2, 0, 30000, 7, 2000 },
    { 2, 0, 30000, NAN, 1000 },
    { -2, 1, 30000, 0, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (via_backoff_get_delay (cases[i].factor, cases[i].n, cases[i].max_ms, cases[i].random),
                     ==, cases[i].expected);
}

/* 1994-11-06 08:49:37 UTC, the moment of RFC 9110's examples. */
#define EXAMPLE G_GINT64_CONSTANT (784111777)

static void
test_retry_after (void)
{
  static const gint64 year = G_GINT64_CONSTANT (365) * 24 * 3600 * 1000;
  static const struct
  {
    const char *text;
    gint64      before_s; /* seconds before EXAMPLE that it is seen */
    gint64      expected;
  } cases[] = {
    { "0", 0, 0 },
    { "5", 0, 5000 },
    { " 120 ", 0, 120000 },
    { "999999999", 0, 999999999000 > year ? year : 0 },
    { "99999999999999999999999999999999", 0, year },
    { "-5", 0, -1 },
    { "+5", 0, -1 },
    { "1.5", 0, -1 },
    { "abc", 0, -1 },
    { "", 0, -1 },
    { NULL, 0, -1 },
    { "5 seconds", 0, -1 },
    { "0x10", 0, -1 },
    { "Sun, 06 Nov 1994 08:49:37 GMT", 30, 30000 },
    { "Sun, 06 Nov 1994 08:49:37 GMT", 0, 0 },
    { "Sun, 06 Nov 1994 08:49:37 GMT", -30, 0 },
    { "Sun, 06 Nov 1994 08:49:37 GMT", 400 * 24 * 3600, year },
    { "Sunday, 06-Nov-94 08:49:37 GMT", 30, 30000 },
    { "Sun Nov  6 08:49:37 1994", 30, 30000 },
    { "Sun, 06 Nov 1994 08:49:37 GMT+1", 30, -1 },
    { "Sun, 06 Nov 1994 08:49:37", 30, -1 },
    { "Sun, 31 Feb 1994 08:49:37 GMT", 30, -1 },
    { "Sun, 06 Foo 1994 08:49:37 GMT", 30, -1 },
    { "Sun, 06 Nov 1994 25:49:37 GMT", 30, -1 },
    { "Sun, 06 ovD 1994 08:49:37 GMT", 30, -1 },
    { "1994-11-06T08:49:37Z", 30, -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].text);
      g_assert_cmpint (via_backoff_parse_retry_after (cases[i].text, (EXAMPLE - cases[i].before_s) * G_USEC_PER_SEC),
                       ==, cases[i].expected);
    }
}

static void
test_retry_after_century (void)
{
  /* Seen in 2026, "30" is 2030 and "94" is 1994. */
  const gint64 in_2026 = G_GINT64_CONSTANT (1795000000) * G_USEC_PER_SEC;

  g_assert_cmpint (via_backoff_parse_retry_after ("Sunday, 06-Nov-94 08:49:37 GMT", in_2026), ==, 0);
  g_assert_cmpint (via_backoff_parse_retry_after ("Wednesday, 06-Nov-30 08:49:37 GMT", in_2026), >, 0);
}

static void
test_obeyed (void)
{
  g_assert_false (via_backoff_is_obeyed (-1));
  g_assert_true (via_backoff_is_obeyed (0));
  g_assert_true (via_backoff_is_obeyed (VIA_LIMIT_RETRY_AFTER_MS));
  g_assert_false (via_backoff_is_obeyed (VIA_LIMIT_RETRY_AFTER_MS + 1));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/backoff/delay", test_delay);
  g_test_add_func ("/core/backoff/retry-after", test_retry_after);
  g_test_add_func ("/core/backoff/retry-after-century", test_retry_after_century);
  g_test_add_func ("/core/backoff/obeyed", test_obeyed);

  return g_test_run ();
}
