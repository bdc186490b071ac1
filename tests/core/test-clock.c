/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-clock"

#include "config.h"

#include "base/via-clock.h"

typedef struct
{
  ViaClock *clock;
  GString  *log;
  char      name;
  gint64    again; /* asks for another call after so long, once */
  guint     cancels;
} Caller;

static void
called_cb (gpointer user_data)
{
  Caller *caller = user_data;

  g_string_append_printf (caller->log, "%c%" G_GINT64_FORMAT " ", caller->name, via_clock_now (caller->clock));
  via_clock_cancel (caller->clock, caller->cancels);
  if (caller->again > 0)
    {
      const gint64 delay = caller->again;

      caller->again = 0;
      via_clock_call_after (caller->clock, delay, called_cb, caller, NULL);
    }
}

static void
count_cb (gpointer user_data)
{
  ++*(guint *) user_data;
}

static void
test_fake (void)
{
  g_autoptr(ViaClock) clock = via_clock_new_fake (1000, 5000000);
  GString *log = g_string_new (NULL);
  Caller a = { clock, log, 'a', 50, 0 };
  Caller b = { clock, log, 'b', 0, 0 };
  Caller c = { clock, log, 'c', 0, 0 };
  guint cancelled;

  via_clock_call_after (clock, 100, called_cb, &a, NULL);
  via_clock_call_after (clock, 30, called_cb, &b, NULL);
  cancelled = via_clock_call_after (clock, 160, called_cb, &c, NULL);
  b.cancels = cancelled;

  via_clock_advance (clock, 29);
  g_assert_cmpstr (log->str, ==, "");
  g_assert_cmpint (via_clock_now (clock), ==, 1029);
  g_assert_cmpint (via_clock_get_wall (clock), ==, 5000029);
  via_clock_advance (clock, 1000);
  g_assert_cmpstr (log->str, ==, "b1030 a1100 a1150 ");
  g_assert_cmpint (via_clock_now (clock), ==, 2029);
  g_assert_cmpuint (via_clock_get_n_calls (clock), ==, 0);
  via_clock_cancel (clock, cancelled);
  via_clock_cancel (clock, 0);
  g_string_free (log, TRUE);
}

static void
test_same_time (void)
{
  g_autoptr(ViaClock) clock = via_clock_new_fake (0, 0);
  GString *log = g_string_new (NULL);
  Caller a = { clock, log, 'a', 0, 0 };
  Caller b = { clock, log, 'b', 0, 0 };

  via_clock_call_after (clock, 10, called_cb, &a, NULL);
  via_clock_call_after (clock, 10, called_cb, &b, NULL);
  via_clock_advance (clock, 10);
  g_assert_cmpstr (log->str, ==, "a10 b10 ");
  g_string_free (log, TRUE);
}

static void
test_destroy (void)
{
  ViaClock *clock = via_clock_new_fake (0, 0);
  guint called = 0;
  guint destroyed = 0;
  guint id;

  id = via_clock_call_after (clock, 10, count_cb, &called, count_cb);
  via_clock_cancel (clock, id);
  g_assert_cmpuint (called, ==, 1); /* the destroy function counts there too */
  via_clock_call_after (clock, 10, count_cb, &destroyed, count_cb);
  via_clock_advance (clock, 10);
  g_assert_cmpuint (destroyed, ==, 2);
  via_clock_call_after (clock, 10, count_cb, &destroyed, count_cb);
  g_assert_finalize_object (clock);
  g_assert_cmpuint (destroyed, ==, 3);
}

static void
test_real (void)
{
  ViaClock *clock = via_clock_new ();
  const gint64 start = via_clock_now (clock);
  guint called = 0;
  guint never = 0;
  guint id;

  g_assert_cmpint (via_clock_get_wall (clock), >, G_GINT64_CONSTANT (1577836800000000));
  id = via_clock_call_after (clock, G_USEC_PER_SEC, count_cb, &never, NULL);
  via_clock_call_after (clock, 1500, count_cb, &called, NULL);
  while (called == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (via_clock_now (clock) - start, >=, 1500);
  via_clock_cancel (clock, id);
  g_assert_cmpuint (via_clock_get_n_calls (clock), ==, 0);
  g_assert_cmpuint (never, ==, 0);
  g_assert_finalize_object (clock);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/clock/fake", test_fake);
  g_test_add_func ("/core/clock/same-time", test_same_time);
  g_test_add_func ("/core/clock/destroy", test_destroy);
  g_test_add_func ("/core/clock/real", test_real);

  return g_test_run ();
}
