/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-ids"

#include "config.h"

#include "base/via-ids.h"

/* The example of RFC 9562, appendix A.6: 2022-02-22 14:22:22 at UTC-5. */
static void
test_example (void)
{
  const guint32 random[] = { 0xffff98c4 & 0x3fff, 0xdc0c, 0x0c07398f };
  g_autofree char *id = via_id_new_at (G_GINT64_CONSTANT (0x017f22e279b0) * 1000, random);

  g_assert_cmpstr (id, ==, "017f22e2-79b0-7000-98c4-dc0c0c07398f");
  g_assert_true (via_id_is_valid (id));
}

static void
test_shape (void)
{
  const guint32 random[][3] = { { 0, 0, 0 }, { 0xffffffff, 0xffffffff, 0xffffffff } };

  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *id = via_id_new_at (i == 0 ? G_MININT64 : G_MAXINT64, random[i]);

      g_assert_true (via_id_is_valid (id));
      g_assert_cmpint (id[14], ==, '7');
      g_assert_true (id[19] == '8' || id[19] == 'b');
    }
}

static void
test_order (void)
{
  const guint32 random[] = { 0, 0, 0 };
  g_autofree char *previous = via_id_new_at (G_GINT64_CONSTANT (1700000000000000), random);

  for (guint i = 1; i < 3000; i++)
    {
      char *id = via_id_new_at (G_GINT64_CONSTANT (1700000000000000) + i, random);

      g_assert_cmpstr (id, >, previous);
      g_free (previous);
      previous = id;
    }
}

static void
test_different (void)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < 10000; i++)
    g_assert_true (g_hash_table_add (seen, via_id_new ()));
}

static void
test_valid (void)
{
  g_assert_false (via_id_is_valid (NULL));
  g_assert_false (via_id_is_valid (""));
  g_assert_false (via_id_is_valid ("../../etc/passwd"));
  g_assert_false (via_id_is_valid ("017f22e2-79b0-7cc3-98c4-dc0c0c07398f/"));
  g_assert_true (via_id_is_valid ("017f22e2-79b0-7cc3-98c4-dc0c0c07398f"));
}

static void
test_timestamp (void)
{
  static const struct
  {
    gint64      wall_time;
    const char *expected;
  } cases[] = {
    { 0, "1970-01-01T00:00:00Z" },
    { 999999, "1970-01-01T00:00:00Z" },
    { -1, "1969-12-31T23:59:59Z" },
    { -1000000, "1969-12-31T23:59:59Z" },
    { G_GINT64_CONSTANT (784111777) * G_USEC_PER_SEC, "1994-11-06T08:49:37Z" },
    { G_MAXINT64, "9999-12-31T23:59:59Z" },
    { G_MININT64, "0001-01-01T00:00:00Z" },
  };
  g_autofree char *now = via_timestamp_now ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = via_timestamp_format (cases[i].wall_time);

      g_assert_cmpstr (text, ==, cases[i].expected);
    }
  g_assert_cmpstr (now, >, "2020-01-01T00:00:00Z");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/ids/example", test_example);
  g_test_add_func ("/core/ids/shape", test_shape);
  g_test_add_func ("/core/ids/order", test_order);
  g_test_add_func ("/core/ids/different", test_different);
  g_test_add_func ("/core/ids/valid", test_valid);
  g_test_add_func ("/core/ids/timestamp", test_timestamp);

  return g_test_run ();
}
