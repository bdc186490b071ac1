/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-text"

#include "config.h"

#include <string.h>

#include "base/via-text.h"

#define E "\xe2\x80\xa6"

static void
test_clip (void)
{
  static const struct
  {
    const char *text;
    gsize       max_bytes;
    const char *expected;
  } cases[] = {
    { NULL, 10, "" },
    { "", 10, "" },
    { "hello", 5, "hello" },
    { "hello!", 5, "he" E },
    { "hello", 3, E },
    { "hello", 2, "" },
    { "hello", 0, "" },
    { "a\xc3\xa9\xc3\xa9\xc3\xa9", 7, "a\xc3\xa9\xc3\xa9\xc3\xa9" },
    { "a\xc3\xa9\xc3\xa9\xc3\xa9", 6, "a\xc3\xa9" E },
    { "a\xc3\xa9\xc3\xa9\xc3\xa9", 5, "a" E },
    { "line\nnext\ttab\r\n", 40, "line\nnext\ttab\n" },
    { "bell\a\b\x01\x7f.", 40, "bell." },
    { "\x1b[31mred\x1b[0m", 40, "red" },
    { "\x1b[38;5;196;1mred\x1b[K", 40, "red" },
    { "a\x1b]0;title\x07" "b", 40, "ab" },
    { "a\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\b", 40, "alinkb" },
    { "a\x1b]52;c;never ended\nb", 40, "a\nb" },
    { "a\x1bP1;2|data\x1b\\b", 40, "ab" },
    { "a\x1b(Bb\x1b" "cc\x1b", 40, "abc" },
    { "a\x1b[", 40, "a" },
    { "a\xc2\x9b" "31mb", 40, "ab" },
    { "a\xc2\x9d" "0;t\xc2\x9c" "b", 40, "ab" },
    { "a\xc2\x85" "b", 40, "ab" },
    { "bad\xff\xc3", 40, "bad\xef\xbf\xbd\xef\xbf\xbd" },
    { "a\xed\xa0\x80" "b", 40, "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" "b" },
    { "evil\xe2\x80\xaegnp.exe", 40, "evilgnp.exe" },
    { "\xef\xbb\xbf" "bom\xe2\x80\x8b", 40, "bom" },
    { "x\xf3\xa0\x81\x81y", 40, "xy" },
    { "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb", 40, "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb" },
    { "a\xe2\x80\xa8" "b", 40, "a\nb" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = via_text_clip (cases[i].text, cases[i].max_bytes);

      g_assert_cmpstr (text, ==, cases[i].expected);
    }
}

static void
test_clip_len (void)
{
  g_autofree char *text = via_text_clip_len ("a\0b\xc3\xa9", 4, 40);
  g_autofree char *nothing = via_text_clip_len (NULL, 0, 40);

  g_assert_cmpstr (text, ==, "ab\xef\xbf\xbd");
  g_assert_cmpstr (nothing, ==, "");
}

static void
test_clip_line (void)
{
  g_autofree char *text = via_text_clip_line (" \n two\r\n\t words \x1b[1m\n", 40);
  g_autofree char *cut = via_text_clip_line ("one two three", 8);

  g_assert_cmpstr (text, ==, "two words");
  g_assert_cmpstr (cut, ==, "one t" E);
}

/* Whatever comes in, the result is short enough, UTF-8 and without a control character. */
static void
test_clip_any (void)
{
  g_autoptr(GRand) random = g_rand_new_with_seed (7);
  static const char alphabet[] = "a\x1b[];\x07\\\xc2\x9b\x9d\x9c\xe2\x80\xae\xf0\x9f\x98\x80\n\x01m0";

  for (guint round = 0; round < 20000; round++)
    {
      char bytes[24];
      const gsize length = (gsize) g_rand_int_range (random, 0, sizeof bytes);
      const gsize max_bytes = (gsize) g_rand_int_range (random, 0, 30);
      g_autofree char *exact = NULL;
      g_autofree char *text = NULL;

      for (gsize i = 0; i < length; i++)
        bytes[i] = alphabet[g_rand_int_range (random, 0, sizeof alphabet)];
      exact = g_memdup2 (bytes, length);
      text = via_text_clip_len (exact, length, max_bytes);
      g_assert_cmpuint (strlen (text), <=, max_bytes);
      g_assert_true (g_utf8_validate (text, -1, NULL));
      for (const char *p = text; *p != '\0'; p++)
        g_assert_true ((guchar) *p >= 0x20 || *p == '\n');
    }
}

static void
test_size (void)
{
  static const struct
  {
    guint64     bytes;
    const char *expected;
  } cases[] = {
    { 0, "0 B" },
    { 999, "999 B" },
    { 1000, "1.0 kB" },
    { 1049, "1.0 kB" },
    { 1050, "1.1 kB" },
    { 999949, "999.9 kB" },
    { 999950, "1.0 MB" },
    { 10485760, "10.5 MB" },
    { G_GUINT64_CONSTANT (1500000000), "1.5 GB" },
    { G_MAXUINT64, "18.4 EB" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = via_text_format_size (cases[i].bytes);

      g_assert_cmpstr (text, ==, cases[i].expected);
    }
}

static void
test_duration (void)
{
  static const struct
  {
    gint64      microseconds;
    const char *expected;
  } cases[] = {
    { -5, "0 ms" },
    { 0, "0 ms" },
    { 1, "0.1 ms" },
    { 350, "0.4 ms" },
    { 949, "0.9 ms" },
    { 950, "1 ms" },
    { 14000, "14 ms" },
    { 999499, "999 ms" },
    { 999500, "1.00 s" },
    { 4020000, "4.02 s" },
    { 59994999, "59.99 s" },
    { 59995000, "1 min 00 s" },
    { 125000000, "2 min 05 s" },
    { G_GINT64_CONSTANT (3599499999), "59 min 59 s" },
    { G_GINT64_CONSTANT (3599500000), "1 h 00 min" },
    { G_GINT64_CONSTANT (3720000000), "1 h 02 min" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = via_text_format_duration (cases[i].microseconds);

      g_assert_cmpstr (text, ==, cases[i].expected);
    }
}

static void
test_wipe (void)
{
  char secret[] = "secret";

  via_text_wipe (secret, sizeof secret);
  for (gsize i = 0; i < sizeof secret; i++)
    g_assert_cmpint (secret[i], ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/text/clip", test_clip);
  g_test_add_func ("/core/text/clip-len", test_clip_len);
  g_test_add_func ("/core/text/clip-line", test_clip_line);
  g_test_add_func ("/core/text/clip-any", test_clip_any);
  g_test_add_func ("/core/text/size", test_size);
  g_test_add_func ("/core/text/duration", test_duration);
  g_test_add_func ("/core/text/wipe", test_wipe);

  return g_test_run ();
}
