/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-json"

#include "config.h"

#include <math.h>
#include <string.h>

#include "base/via-limits.h"
#include "json/via-json.h"

static ViaJsonDocument *
parse (const char *text)
{
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr(GError) error = NULL;
  ViaJsonDocument *document = via_json_document_new (bytes, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (document);
  return document;
}

/* From the heap and without a NUL, so that a sanitizer sees every byte read beyond the end. */
static ViaJsonDocument *
parse_exact (const char  *text,
             gsize        length,
             GError     **error)
{
  g_autoptr(GBytes) bytes = g_bytes_new (text, length);

  return via_json_document_new (bytes, NULL, error);
}

/* --- syntax --- */

typedef struct
{
  const char *text;
  int         code; /* -1: accepted */
  const char *message;
} SyntaxCase;

static const SyntaxCase syntax_cases[] = {
  { "null", -1, NULL },
  { " \t\r\n{ } ", -1, NULL },
  { "[]", -1, NULL },
  { "[[],{},[{}]]", -1, NULL },
  { "\"\"", -1, NULL },
  { "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"", -1, NULL },
  { "-0", -1, NULL },
  { "1e400", -1, NULL },
  { "\"\x7f\"", -1, NULL },
  { "\"\xf0\x9f\x98\x80 \xef\xbf\xbf \xed\x9f\xbf \xee\x80\x80 \xf4\x8f\xbf\xbf\"", -1, NULL },
  { "", VIA_JSON_ERROR_SYNTAX, "line 1, column 1: the text is empty; expected a JSON value" },
  { " \n ", VIA_JSON_ERROR_SYNTAX, "line 2, column 2: the text is empty; expected a JSON value" },
  { "{\n  \"a\": 1\n  \"b\": 2\n}", VIA_JSON_ERROR_SYNTAX, "line 3, column 3: expected a comma or }" },
  { "[1 2]", VIA_JSON_ERROR_SYNTAX, "line 1, column 4: expected a comma or ]" },
  { "[1}", VIA_JSON_ERROR_SYNTAX, "line 1, column 3: expected a comma or ]" },
  { "{\"a\":1]", VIA_JSON_ERROR_SYNTAX, "line 1, column 7: expected a comma or }" },
  { "[1,]", VIA_JSON_ERROR_SYNTAX,
    "line 1, column 4: expected a value after the comma; remove the comma if this is the end" },
  { "{\"a\":1,}", VIA_JSON_ERROR_SYNTAX,
    "line 1, column 8: expected another key after the comma; remove the comma if this is the end" },
  { "[,1]", VIA_JSON_ERROR_SYNTAX, "line 1, column 2: expected a value; text needs double quotes" },
  { "{\"a\":}", VIA_JSON_ERROR_SYNTAX, "line 1, column 6: expected a value" },
  { "{\"a\" 1}", VIA_JSON_ERROR_SYNTAX, "line 1, column 6: expected a colon after the key" },
  { "{a:1}", VIA_JSON_ERROR_SYNTAX, "line 1, column 2: expected a key in double quotes" },
  { "{'a':1}", VIA_JSON_ERROR_SYNTAX, "line 1, column 2: keys need double quotes, not single ones" },
  { "['a']", VIA_JSON_ERROR_SYNTAX, "line 1, column 2: strings need double quotes, not single ones" },
  { "[\"\xc3\xa9\", x]", VIA_JSON_ERROR_SYNTAX, "line 1, column 7: expected a value; text needs double quotes" },
  { "// x\n1", VIA_JSON_ERROR_SYNTAX, "line 1, column 1: comments are not allowed in JSON" },
  { "[1, /* x */ 2]", VIA_JSON_ERROR_SYNTAX, "line 1, column 5: comments are not allowed in JSON" },
  { "True", VIA_JSON_ERROR_SYNTAX,
    "line 1, column 1: expected a value: true, false or null in lower case, or text in double quotes" },
  { "nul", VIA_JSON_ERROR_SYNTAX, NULL },
  { "truex", VIA_JSON_ERROR_SYNTAX, NULL },
  { "NaN", VIA_JSON_ERROR_SYNTAX, "line 1, column 1: expected a value; JSON has no NaN, Infinity or None" },
  { "-Infinity", VIA_JSON_ERROR_SYNTAX, "line 1, column 2: expected a digit after the minus sign" },
  { "+1", VIA_JSON_ERROR_SYNTAX, "line 1, column 1: a number must not start with +" },
  { ".5", VIA_JSON_ERROR_SYNTAX, "line 1, column 1: a number needs a digit before the point" },
  { "5.", VIA_JSON_ERROR_SYNTAX, "line 1, column 3: expected a digit after the point" },
  { "1e", VIA_JSON_ERROR_SYNTAX, "line 1, column 3: expected a digit in the exponent" },
  { "1e+", VIA_JSON_ERROR_SYNTAX, "line 1, column 4: expected a digit in the exponent" },
  { "-", VIA_JSON_ERROR_SYNTAX, "line 1, column 2: expected a digit after the minus sign" },
  { "012", VIA_JSON_ERROR_SYNTAX,
    "line 1, column 1: a number must not start with 0 and more digits; text needs double quotes" },
  { "-01", VIA_JSON_ERROR_SYNTAX, NULL },
  { "0x10", VIA_JSON_ERROR_SYNTAX, NULL },
  { "{} {}", VIA_JSON_ERROR_SYNTAX, "line 1, column 4: expected nothing more after the value" },
  { "[1][2]", VIA_JSON_ERROR_SYNTAX, "line 1, column 4: expected nothing more after the value" },
  { "var x = 1;", VIA_JSON_ERROR_SYNTAX, NULL },
  { "\"a", VIA_JSON_ERROR_SYNTAX, "line 1, column 3: the text ends inside a string; expected a double quote" },
  { "\"a\nb\"", VIA_JSON_ERROR_SYNTAX,
    "line 1, column 3: a line break inside a string; close the string or write \\n" },
  { "\"a\tb\"", VIA_JSON_ERROR_SYNTAX, "line 1, column 3: a tab inside a string; write \\t" },
  { "\"a\x1f\"", VIA_JSON_ERROR_SYNTAX, "line 1, column 3: a control character inside a string; write it as \\u00XX" },
  { "\"C:\\dir\"", VIA_JSON_ERROR_SYNTAX, "line 1, column 4: unknown escape in a string; write \\\\ for a backslash" },
  { "\"\\x41\"", VIA_JSON_ERROR_SYNTAX, NULL },
  { "\"\\u12g4\"", VIA_JSON_ERROR_SYNTAX, "line 1, column 2: \\u needs four hexadecimal digits" },
  { "\"\\u12", VIA_JSON_ERROR_SYNTAX, NULL },
  { "\"\\", VIA_JSON_ERROR_SYNTAX, NULL },
  { "[1", VIA_JSON_ERROR_SYNTAX, "line 1, column 3: the text ends here; expected a comma or ]" },
  { "[1,", VIA_JSON_ERROR_SYNTAX, "line 1, column 4: the text ends here; expected a value" },
  { "[", VIA_JSON_ERROR_SYNTAX, "line 1, column 2: the text ends here; expected a value or ]" },
  { "{", VIA_JSON_ERROR_SYNTAX, "line 1, column 2: the text ends here; expected a key in double quotes or }" },
  { "{\"a\"", VIA_JSON_ERROR_SYNTAX, "line 1, column 5: the text ends here; expected a colon" },
  { "{\"a\":", VIA_JSON_ERROR_SYNTAX, "line 1, column 6: the text ends here; expected a value" },
  { "{\"a\":1", VIA_JSON_ERROR_SYNTAX, "line 1, column 7: the text ends here; expected a comma or }" },
  { "{\"a\":1,", VIA_JSON_ERROR_SYNTAX, "line 1, column 8: the text ends here; expected a key in double quotes" },
  { "]", VIA_JSON_ERROR_SYNTAX, "line 1, column 1: expected a value" },
  { "\xef\xbb\xbf{}", VIA_JSON_ERROR_ENCODING,
    "line 1, column 1: the text starts with a byte order mark; save it as UTF-8 without one" },
  { "\"\xff\"", VIA_JSON_ERROR_ENCODING, "line 1, column 2: the text is not UTF-8" },
  { "\"ab\xc3\"", VIA_JSON_ERROR_ENCODING, "line 1, column 4: the text is not UTF-8" },
  { "\"\xc0\xaf\"", VIA_JSON_ERROR_ENCODING, NULL },
  { "\"\xe0\x80\xaf\"", VIA_JSON_ERROR_ENCODING, NULL },
  { "\"\xf0\x80\x80\xaf\"", VIA_JSON_ERROR_ENCODING, NULL },
  { "\"\xed\xa0\x80\"", VIA_JSON_ERROR_ENCODING, NULL },
  { "\"\xf4\x90\x80\x80\"", VIA_JSON_ERROR_ENCODING, NULL },
  { "\"\xf5\x80\x80\x80\"", VIA_JSON_ERROR_ENCODING, NULL },
  { "\"\x80\"", VIA_JSON_ERROR_ENCODING, NULL },
  { "\"\xe2\x82", VIA_JSON_ERROR_ENCODING, NULL },
  { "[\xff]", VIA_JSON_ERROR_ENCODING, NULL },
  { "\xff\xfe[\x01", VIA_JSON_ERROR_ENCODING, NULL },
  { "[1\xc2\xa0]", VIA_JSON_ERROR_SYNTAX, NULL },
};

/* The numbers that a program reads are those that a person reads. */
static void
check_position (const GError *error)
{
  g_autoptr(GError) copy = g_error_copy (error);
  g_autofree char *place = NULL;
  guint line = 0;
  guint column = 0;

  g_assert_true (via_json_error_get_position (copy, &line, &column));
  place = g_strdup_printf ("line %u, column %u: ", line, column);
  g_assert_true (g_str_has_prefix (error->message, place));
}

static void
test_syntax (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (syntax_cases); i++)
    {
      const SyntaxCase *c = &syntax_cases[i];
      g_autoptr(GError) error = NULL;
      g_autoptr(ViaJsonDocument) document = parse_exact (c->text, strlen (c->text), &error);

      g_test_message ("case %u: %s", i, error != NULL ? error->message : "accepted");
      if (c->code < 0)
        {
          g_assert_no_error (error);
          g_assert_nonnull (document);
          continue;
        }
      g_assert_null (document);
      g_assert_error (error, VIA_JSON_ERROR, c->code);
      if (c->message != NULL)
        g_assert_cmpstr (error->message, ==, c->message);
      check_position (error);
    }
}

static void
test_nul_byte (void)
{
  static const char *const texts[] = { "\0", "[1\0]", "\"a\0b\"", "1\0" };
  static const gsize lengths[] = { 1, 4, 5, 2 };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (parse_exact (texts[i], lengths[i], &error));
      g_assert_error (error, VIA_JSON_ERROR, VIA_JSON_ERROR_SYNTAX);
    }
}

/* --- limits --- */

static char *
repeat (const char *what,
        guint       times)
{
  GString *out = g_string_new (NULL);

  while (times-- > 0)
    g_string_append (out, what);
  return g_string_free (out, FALSE);
}

static void
test_depth (void)
{
  static const char *const openings[] = { "[", "{\"a\":", "[{\"a\":" };

  for (guint i = 0; i < G_N_ELEMENTS (openings); i++)
    {
      g_autofree char *text = repeat (openings[i], 200000);
      g_autoptr(GError) error = NULL;

      g_assert_null (parse_exact (text, strlen (text), &error));
      g_assert_error (error, VIA_JSON_ERROR, VIA_JSON_ERROR_LIMIT);
      g_assert_nonnull (strstr (error->message, "more than 128 levels of nesting"));
    }
}

static void
test_depth_exact (void)
{
  for (guint depth = VIA_LIMIT_JSON_DEPTH; depth <= VIA_LIMIT_JSON_DEPTH + 1; depth++)
    {
      g_autofree char *open = repeat ("[", depth);
      g_autofree char *close = repeat ("]", depth);
      g_autofree char *text = g_strconcat (open, close, NULL);
      g_autoptr(ViaJsonDocument) document = parse_exact (text, strlen (text), NULL);

      g_assert_cmpint (document != NULL, ==, depth <= VIA_LIMIT_JSON_DEPTH);
    }
}

static gpointer
use_deep_tree (gpointer data)
{
  const ViaJsonLimits limits = { .max_depth = 200000 };
  g_autofree char *open = repeat ("[{\"a\":", 100000);
  g_autofree char *close = repeat ("}]", 100000);
  g_autofree char *text = g_strconcat (open, "1", close, NULL);
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr(GError) error = NULL;
  g_autoptr(ViaJsonDocument) document = via_json_document_new (bytes, &limits, &error);
  g_autoptr(ViaJsonDocument) copy = NULL;
  g_autofree char *pretty = NULL;
  g_autofree char *compact = NULL;

  g_assert_no_error (error);
  copy = via_json_value_dup_document (via_json_document_get_root (document));
  g_assert_true (via_json_value_equal (via_json_document_get_root (document), via_json_document_get_root (copy)));
  compact = via_json_value_to_compact (via_json_document_get_root (copy), NULL);
  g_assert_cmpstr (compact, ==, text);
  pretty = via_json_value_to_pretty (via_json_document_get_root (copy), 2);
  g_assert_cmpuint (strlen (pretty), <, 50 * strlen (text));
  return NULL;
}

static void
test_deep_without_recursion (void)
{
  g_thread_join (g_thread_new ("deep", use_deep_tree, NULL));
}

static void
test_values (void)
{
  const ViaJsonLimits limits = { .max_values = 4 };
  static const char *const texts[] = { "[1,2,3]", "[1,2,3,4]", "{\"a\":1}", "{\"a\":1,\"b\":2}" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GBytes) bytes = g_bytes_new (texts[i], strlen (texts[i]));
      g_autoptr(GError) error = NULL;
      g_autoptr(ViaJsonDocument) document = via_json_document_new (bytes, &limits, &error);

      if (i % 2 == 0)
        g_assert_nonnull (document);
      else
        g_assert_error (error, VIA_JSON_ERROR, VIA_JSON_ERROR_LIMIT);
    }
}

static void
test_bytes (void)
{
  const ViaJsonLimits limits = { .max_bytes = 3 };
  g_autoptr(GBytes) fits = g_bytes_new ("123", 3);
  g_autoptr(GBytes) larger = g_bytes_new ("1234", 4);
  g_autoptr(GError) error = NULL;
  g_autoptr(ViaJsonDocument) document = via_json_document_new (fits, &limits, NULL);

  g_assert_nonnull (document);
  g_assert_null (via_json_document_new (larger, &limits, &error));
  g_assert_error (error, VIA_JSON_ERROR, VIA_JSON_ERROR_LIMIT);
  g_assert_cmpstr (error->message, ==, "the JSON text has 4 bytes, more than the 3 allowed");
  g_assert_false (via_json_error_get_position (error, NULL, NULL));
}

static void
test_members (void)
{
  GString *text = g_string_new ("{");
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i <= VIA_LIMIT_JSON_MEMBERS; i++)
    g_string_append_printf (text, "%s\"%u\":0", i > 0 ? "," : "", i);
  g_string_append_c (text, '}');
  g_assert_null (parse_exact (text->str, text->len, &error));
  g_assert_error (error, VIA_JSON_ERROR, VIA_JSON_ERROR_LIMIT);
  g_string_free (text, TRUE);
}

static void
test_key_bytes (void)
{
  g_autofree char *key = repeat ("k", VIA_LIMIT_JSON_KEY_BYTES);
  g_autofree char *text = g_strdup_printf ("{\"%s\":1}", key);
  g_autoptr(GError) error = NULL;

  g_assert_null (parse_exact (text, strlen (text), &error));
  g_assert_error (error, VIA_JSON_ERROR, VIA_JSON_ERROR_LIMIT);
}

/* 65 536 keys with one value of GLib's string hash: "Ab" and "BA" collide, so do all 16-fold mixtures of them. */
static void
test_colliding_keys (void)
{
  GString *text = g_string_new ("{");
  gint64 start;
  ViaJsonDocument *document;

  for (guint i = 0; i < 65536; i++)
    {
      g_string_append (text, i > 0 ? ",\"" : "\"");
      for (guint bit = 0; bit < 16; bit++)
        g_string_append (text, (i >> bit) & 1 ? "Ab" : "BA");
      g_string_append (text, "\":1");
    }
  g_string_append_c (text, '}');

  start = g_get_monotonic_time ();
  document = parse_exact (text->str, text->len, NULL);
  g_test_message ("%.1f ms", (double) (g_get_monotonic_time () - start) / 1000);
  g_assert_nonnull (document);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 2 * G_USEC_PER_SEC);
  g_assert_cmpint (via_json_document_get_irregularities (document), ==, VIA_JSON_REGULAR);
  g_assert_cmpuint (via_json_value_get_size (via_json_document_get_root (document)), ==, 65536);
  via_json_document_unref (document);
  g_string_free (text, TRUE);
}

/* --- numbers --- */

typedef struct
{
  const char *text;
  gboolean    whole;
  gint64      int64;
  double      real;
} NumberCase;

static const NumberCase number_cases[] = {
  { "0", TRUE, 0, 0 },
  { "-0", TRUE, 0, 0 },
  { "7", TRUE, 7, 7 },
  { "9007199254740993", TRUE, 9007199254740993, 9007199254740992.0 },
  { "9223372036854775807", TRUE, G_MAXINT64, 9223372036854775808.0 },
  { "9223372036854775808", FALSE, 0, 9223372036854775808.0 },
  { "-9223372036854775808", TRUE, G_MININT64, -9223372036854775808.0 },
  { "-9223372036854775809", FALSE, 0, -9223372036854775808.0 },
  { "18446744073709551615", FALSE, 0, 18446744073709551616.0 },
  { "18446744073709551616", FALSE, 0, 18446744073709551616.0 },
  { "100000000000000000000", FALSE, 0, 1e20 },
  { "0.1", FALSE, 0, 0.1 },
  { "0.10", FALSE, 0, 0.1 },
  { "1e2", FALSE, 0, 100 },
  { "1E+2", FALSE, 0, 100 },
  { "1.0", FALSE, 0, 1 },
  { "1e400", FALSE, 0, INFINITY },
  { "-1e400", FALSE, 0, INFINITY },
  { "0.12345678901234567", FALSE, 0, 0.12345678901234567 },
};

static void
test_numbers (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (number_cases); i++)
    {
      const NumberCase *c = &number_cases[i];
      g_autofree char *text = g_strdup_printf ("[ %s ]", c->text);
      g_autofree char *expected = g_strdup_printf ("[%s]", c->text);
      g_autoptr(ViaJsonDocument) document = parse (text);
      ViaJsonValue root = via_json_document_get_root (document);
      ViaJsonValue value = via_json_value_get_element (root, 0);
      g_autofree char *raw = via_json_value_dup_raw (value);
      g_autofree char *compact = via_json_value_to_compact (root, NULL);
      gint64 whole = 42;
      double real = 42;

      g_assert_cmpstr (raw, ==, c->text);
      g_assert_cmpstr (compact, ==, expected);
      g_assert_cmpint (via_json_value_get_int64 (value, &whole), ==, c->whole);
      g_assert_cmpint (whole, ==, c->whole ? c->int64 : 42);
      g_assert_cmpint (via_json_value_get_double (value, &real), ==, isfinite (c->real) != 0);
      g_assert_cmpfloat (real, ==, isfinite (c->real) ? c->real : 42);
    }
}

/* --- strings --- */

typedef struct
{
  const char         *text;
  const char         *expected;
  ViaJsonIrregularity irregular;
} StringCase;

static const StringCase string_cases[] = {
  { "\"\"", "", 0 },
  { "\"abc\"", "abc", 0 },
  { "\"\\u0061\\n\\/\"", "a\n/", 0 },
  { "\"\\ud83d\\ude00!\"", "\xf0\x9f\x98\x80!", 0 },
  { "\"\\uDBFF\\uDFFF\"", "\xf4\x8f\xbf\xbf", 0 },
  { "\"x\\ud83d\"", "x\xef\xbf\xbd", VIA_JSON_LONE_SURROGATE },
  { "\"\\ude00y\"", "\xef\xbf\xbdy", VIA_JSON_LONE_SURROGATE },
  { "\"\\ud83d\\u0041\"", "\xef\xbf\xbd" "A", VIA_JSON_LONE_SURROGATE },
  { "\"\\ud83d\\ud83d\\ude00\"", "\xef\xbf\xbd\xf0\x9f\x98\x80", VIA_JSON_LONE_SURROGATE },
  { "\"\\ud83d\\n\"", "\xef\xbf\xbd\n", VIA_JSON_LONE_SURROGATE },
  { "\"a\\u0000b\"", "a\xe2\x90\x80" "b", VIA_JSON_NUL_ESCAPE },
  { "\"\\u0000\\udfff\"", "\xe2\x90\x80\xef\xbf\xbd", VIA_JSON_NUL_ESCAPE | VIA_JSON_LONE_SURROGATE },
  { "\"\\\\u0000\"", "\\u0000", 0 },
};

static void
test_strings (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (string_cases); i++)
    {
      const StringCase *c = &string_cases[i];
      g_autoptr(ViaJsonDocument) document = parse (c->text);
      g_autofree char *text = via_json_value_dup_string (via_json_document_get_root (document));

      g_assert_cmpstr (text, ==, c->expected);
      g_assert_cmpint (via_json_document_get_irregularities (document), ==, c->irregular);
      g_assert_cmpint (via_json_value_equals_string (via_json_document_get_root (document), c->expected),
                       ==, c->irregular == 0);
    }
}

/* Every special byte at every place of a word of eight, for the scanner looks at eight bytes at a time. */
static void
test_string_places (void)
{
  static const struct
  {
    const char *piece;
    gboolean    accepted;
  } pieces[] = {
    { "\\\"", TRUE }, { "\\\\", TRUE }, { "\xc3\xa9", TRUE }, { "\xf0\x9f\x98\x80", TRUE }, { " ", TRUE }, { "!", TRUE },
    { "#", TRUE },    { "[", TRUE },    { "]", TRUE },        { "\x7f", TRUE },             { "\x1f", FALSE },
    { "\x01", FALSE }, { "\"", FALSE }, { "\\", FALSE },      { "\x80", FALSE },            { "\xc3", FALSE },
  };

  for (guint p = 0; p < G_N_ELEMENTS (pieces); p++)
    for (guint before = 0; before < 20; before++)
      for (guint after = 0; after < 10; after++)
        {
          g_autofree char *head = repeat ("x", before);
          g_autofree char *tail = repeat ("y", after);
          g_autofree char *text = g_strconcat ("\"", head, pieces[p].piece, tail, "\"", NULL);
          g_autoptr(ViaJsonDocument) document = parse_exact (text, strlen (text), NULL);

          g_assert_cmpint (document != NULL, ==, pieces[p].accepted);
        }
}

/* --- irregular text --- */

typedef struct
{
  const char         *text;
  ViaJsonIrregularity irregular;
  const char         *except; /* member of the root that may be irregular, or NULL */
  gboolean            regular;
} IrregularCase;

static const IrregularCase irregular_cases[] = {
  { "{\"a\":1,\"b\":2}", 0, NULL, TRUE },
  { "{\"a\":1,\"a\":2}", VIA_JSON_DUPLICATE_KEY, NULL, FALSE },
  { "{\"name\":1,\"\\u006eame\":2}", VIA_JSON_DUPLICATE_KEY, NULL, FALSE },
  { "{\"\\u006eame\":1,\"name\":2}", VIA_JSON_DUPLICATE_KEY, NULL, FALSE },
  { "{\"\\ud83d\\ude00\":1,\"\xf0\x9f\x98\x80\":2}", VIA_JSON_DUPLICATE_KEY, NULL, FALSE },
  { "{\"/\":1,\"\\/\":2}", VIA_JSON_DUPLICATE_KEY, NULL, FALSE },
  { "{\"a\":1,\"a\\u0000\":2}", VIA_JSON_NUL_ESCAPE, NULL, FALSE },
  { "{\"\\ud800\":1,\"\\udc00\":2}", VIA_JSON_LONE_SURROGATE, NULL, FALSE },
  { "{\"\\ud800\":1,\"\xef\xbf\xbd\":2}", VIA_JSON_LONE_SURROGATE, NULL, FALSE },
  { "{\"a\":{\"a\":1},\"b\":{\"a\":1}}", 0, NULL, TRUE },
  { "[{\"a\":1},{\"a\":1}]", 0, NULL, TRUE },
  { "{\"\":1,\"\":2}", VIA_JSON_DUPLICATE_KEY, NULL, FALSE },
  { "{\"1\":0,\"2\":0,\"3\":0,\"4\":0,\"5\":0,\"6\":0,\"7\":0,\"8\":0,\"9\":0,\"1\":0}",
    VIA_JSON_DUPLICATE_KEY, NULL, FALSE },
  { "{\"1\":0,\"2\":0,\"3\":0,\"4\":0,\"5\":0,\"6\":0,\"7\":0,\"8\":0,\"9\":0,\"\\u0039\":0}",
    VIA_JSON_DUPLICATE_KEY, NULL, FALSE },
  { "{\"1\":0,\"2\":0,\"3\":0,\"4\":0,\"5\":0,\"6\":0,\"7\":0,\"8\":0,\"9\":0,\"10\":0}", 0, NULL, TRUE },
  { "{\"id\":1,\"result\":{\"x\":{\"a\":1,\"a\":2},\"s\":\"\\u0000\"}}",
    VIA_JSON_DUPLICATE_KEY | VIA_JSON_NUL_ESCAPE, "result", TRUE },
  { "{\"id\":1,\"result\":{\"x\":{\"a\":1,\"a\":2}}}", VIA_JSON_DUPLICATE_KEY, "id", FALSE },
  { "{\"id\":\"\\u0000\",\"result\":{\"a\":1,\"a\":2}}",
    VIA_JSON_DUPLICATE_KEY | VIA_JSON_NUL_ESCAPE, "result", FALSE },
  { "{\"result\":{\"a\":1,\"a\":2},\"id\":\"\\ud800\"}",
    VIA_JSON_DUPLICATE_KEY | VIA_JSON_LONE_SURROGATE, "result", FALSE },
  { "{\"result\":[\"\\u0000\"],\"result\":[\"\\u0000\"]}",
    VIA_JSON_DUPLICATE_KEY | VIA_JSON_NUL_ESCAPE, "result", FALSE },
  { "{\"result\":\"\\u0000\",\"z\":[]}", VIA_JSON_NUL_ESCAPE, "result", TRUE },
  { "{\"resul\\u0000t\":1,\"z\":2}", VIA_JSON_NUL_ESCAPE, "z", FALSE },
};

static void
test_irregular (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (irregular_cases); i++)
    {
      const IrregularCase *c = &irregular_cases[i];
      g_autoptr(ViaJsonDocument) document = parse (c->text);
      ViaJsonValue root = via_json_document_get_root (document);
      ViaJsonValue except = c->except != NULL ? via_json_value_get_member (root, c->except) : via_json_value_missing ();
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", c->text);
      g_assert_cmpint (via_json_document_get_irregularities (document), ==, c->irregular);
      g_assert_cmpint (via_json_document_check_regular (document, except, &error), ==, c->regular);
      if (c->regular)
        g_assert_no_error (error);
      else
        g_assert_error (error, VIA_JSON_ERROR, VIA_JSON_ERROR_IRREGULAR);
    }
}

/* The exception counts exactly however many irregularities it holds. */
static void
test_irregular_many (void)
{
  g_autofree char *inner = repeat ("\"\\u0000\",", 10000);
  g_autofree char *good = g_strdup_printf ("{\"result\":[%s 1],\"id\":\"x\"}", inner);
  g_autofree char *bad = g_strdup_printf ("{\"result\":[%s 1],\n\"id\":\"\\u0000\"}", inner);
  g_autoptr(ViaJsonDocument) a = parse (good);
  g_autoptr(ViaJsonDocument) b = parse (bad);
  ViaJsonValue b_root = via_json_document_get_root (b);
  g_autoptr(GError) error = NULL;

  g_assert_true (via_json_document_check_regular (a, via_json_value_get_member (via_json_document_get_root (a), "result"), NULL));
  g_assert_false (via_json_document_check_regular (b, via_json_value_get_member (b_root, "result"), &error));
  g_assert_cmpstr (error->message, ==, "line 2, column 6: the escape \\u0000 is not allowed here");
}

static void
test_strict (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ViaJsonDocument) document = via_json_document_new_strict ("{\"a\":1} trailing", 7, &error);

  g_assert_no_error (error);
  g_assert_nonnull (document);
  g_assert_null (via_json_document_new_strict ("{\"a\":1,\n \"a\":1}", -1, &error));
  g_assert_error (error, VIA_JSON_ERROR, VIA_JSON_ERROR_IRREGULAR);
  g_assert_cmpstr (error->message, ==, "line 2, column 2: this key stands twice in one object; keep one of them");
}

/* --- reading --- */

static void
test_members_and_elements (void)
{
  g_autoptr(ViaJsonDocument) document =
    parse ("{\"a\":1,\"list\":[10,[1,2],{\"x\":3},\"s\"],\"\\u0062\":true,\"a\":\"last\",\"flat\":[5,6,7],\"n\":null}");
  ViaJsonValue root = via_json_document_get_root (document);
  ViaJsonValue list = via_json_value_get_member (root, "list");
  g_autofree char *last = via_json_value_dup_member_string (root, "a");
  gint64 number = 0;

  g_assert_cmpuint (via_json_value_get_size (root), ==, 6);
  g_assert_cmpstr (last, ==, "last");
  g_assert_true (via_json_value_get_boolean (via_json_value_get_member (root, "b"), FALSE));
  g_assert_true (via_json_value_get_boolean (via_json_value_get_member (root, "n"), TRUE));
  g_assert_cmpint (via_json_value_get_json_type (via_json_value_get_member (root, "n")), ==, VIA_JSON_NULL);
  g_assert_cmpuint (via_json_value_get_size (list), ==, 4);
  g_assert_true (via_json_value_get_int64 (via_json_value_get_member (via_json_value_get_element (list, 2), "x"), &number));
  g_assert_cmpint (number, ==, 3);
  g_assert_true (via_json_value_equals_string (via_json_value_get_element (list, 3), "s"));
  g_assert_true (via_json_value_is_missing (via_json_value_get_element (list, 4)));
  g_assert_true (via_json_value_get_int64 (via_json_value_get_element (via_json_value_get_member (root, "flat"), 2), &number));
  g_assert_cmpint (number, ==, 7);
}

static void
test_missing (void)
{
  g_autoptr(ViaJsonDocument) document = parse ("[1]");
  ViaJsonValue missing = via_json_value_get_member (via_json_document_get_root (document), "nothing");
  ViaJsonIter iter;
  gint64 number;
  double real;
  gsize length = 9;

  g_assert_cmpint (via_json_value_get_json_type (missing), ==, VIA_JSON_MISSING);
  g_assert_true (via_json_value_is_missing (via_json_value_get_member (via_json_value_get_element (missing, 1), "a")));
  g_assert_cmpuint (via_json_value_get_size (missing), ==, 0);
  g_assert_null (via_json_value_dup_string (missing));
  g_assert_null (via_json_value_dup_raw (missing));
  g_assert_null (via_json_value_dup_bytes (missing));
  g_assert_null (via_json_value_dup_document (missing));
  g_assert_null (via_json_value_to_pretty (missing, 2));
  g_assert_null (via_json_value_to_compact (missing, &length));
  g_assert_cmpuint (length, ==, 0);
  g_assert_false (via_json_value_get_int64 (missing, &number));
  g_assert_false (via_json_value_get_double (missing, &real));
  g_assert_false (via_json_value_equals_string (missing, ""));
  g_assert_true (via_json_value_equal (missing, missing));
  g_assert_false (via_json_value_equal (missing, via_json_document_get_root (document)));
  via_json_iter_init (&iter, missing);
  g_assert_false (via_json_iter_next (&iter, NULL, NULL));
  via_json_iter_init (&iter, via_json_value_get_element (via_json_document_get_root (document), 0));
  g_assert_false (via_json_iter_next (&iter, NULL, NULL));
}

static void
test_iteration (void)
{
  g_autoptr(ViaJsonDocument) document = parse ("{\"a\":[1,[2]],\"b\":{\"c\":{}},\"\\u0064\":3}");
  GString *seen = g_string_new (NULL);
  ViaJsonIter iter;
  ViaJsonValue key, value;

  via_json_iter_init (&iter, via_json_document_get_root (document));
  while (via_json_iter_next (&iter, &key, &value))
    {
      g_autofree char *name = via_json_value_dup_string (key);
      g_autofree char *raw = via_json_value_dup_raw (value);

      g_string_append_printf (seen, "%s=%s;", name, raw);
    }
  g_assert_cmpstr (seen->str, ==, "a=[1,[2]];b={\"c\":{}};d=3;");

  g_string_truncate (seen, 0);
  via_json_iter_init (&iter, via_json_value_get_member (via_json_document_get_root (document), "a"));
  while (via_json_iter_next (&iter, &key, &value))
    {
      g_autofree char *raw = via_json_value_dup_raw (value);

      g_assert_true (via_json_value_is_missing (key));
      g_string_append_printf (seen, "%s;", raw);
    }
  g_assert_cmpstr (seen->str, ==, "1;[2];");
  g_string_free (seen, TRUE);
}

static void
test_sub_document (void)
{
  g_autoptr(ViaJsonDocument) document = parse ("{\"x\":\"\\u0000\",\"r\": {\"k\":[1, {\"a\":\"b\"}]} ,\"r2\":0}");
  g_autoptr(ViaJsonDocument) part =
    via_json_value_dup_document (via_json_value_get_member (via_json_document_get_root (document), "r"));
  ViaJsonValue root = via_json_document_get_root (part);
  ViaJsonValue inner = via_json_value_get_element (via_json_value_get_member (root, "k"), 1);
  gsize length;
  const char *data = g_bytes_get_data (via_json_document_get_bytes (part), &length);
  g_autofree char *text = NULL;

  g_clear_pointer (&document, via_json_document_unref);
  g_assert_cmpmem (data, length, "{\"k\":[1, {\"a\":\"b\"}]}", 20);
  text = via_json_value_dup_member_string (inner, "a");
  g_assert_cmpstr (text, ==, "b");
  g_assert_cmpint (via_json_document_get_irregularities (part), ==, VIA_JSON_REGULAR);
  g_assert_true (via_json_document_check_regular (part, via_json_value_missing (), NULL));
}

static void
test_locate (void)
{
  static const char text[] = "a\n\xc3\xa9x\n";
  static const guint expected[][2] = { { 1, 1 }, { 1, 2 }, { 2, 1 }, { 2, 2 }, { 2, 2 }, { 2, 3 }, { 3, 1 } };

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      guint line, column;

      via_json_locate (text, strlen (text), i, &line, &column);
      g_assert_cmpuint (line, ==, expected[i][0]);
      if (i != 3) /* inside of a character */
        g_assert_cmpuint (column, ==, expected[i][1]);
    }
}

/* --- writing again --- */

typedef struct
{
  const char *text;
  const char *compact;
  const char *pretty;
} FormatCase;

static const FormatCase format_cases[] = {
  { " 1.50 ", "1.50", "1.50" },
  { "[ ]", "[]", "[]" },
  { "{\n}", "{}", "{}" },
  { "[[ ],{ }]", "[[],{}]", "[\n  [],\n  {}\n]" },
  { "{ \"a\" : [ 1 , \"x, y : \\\" z\" ] , \"a\":null }",
    "{\"a\":[1,\"x, y : \\\" z\"],\"a\":null}",
    "{\n  \"a\": [\n    1,\n    \"x, y : \\\" z\"\n  ],\n  \"a\": null\n}" },
  { "[\"\\u00e9\\/\",\"\\\\\",true]", "[\"\\u00e9\\/\",\"\\\\\",true]", "[\n  \"\\u00e9\\/\",\n  \"\\\\\",\n  true\n]" },
};

static void
test_format (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (format_cases); i++)
    {
      const FormatCase *c = &format_cases[i];
      g_autoptr(ViaJsonDocument) document = parse (c->text);
      gsize length;
      g_autofree char *compact = via_json_value_to_compact (via_json_document_get_root (document), &length);
      g_autofree char *pretty = via_json_value_to_pretty (via_json_document_get_root (document), 2);

      g_assert_cmpstr (compact, ==, c->compact);
      g_assert_cmpuint (length, ==, strlen (compact));
      g_assert_cmpstr (pretty, ==, c->pretty);
    }
}

typedef struct
{
  const char *a;
  const char *b;
  gboolean    equal;
} EqualCase;

static const EqualCase equal_cases[] = {
  { "1", "1", TRUE },
  { "1", "1.0", FALSE },
  { "null", "false", FALSE },
  { "\"a\"", "\"\\u0061\"", TRUE },
  { "\"\\u0000\"", "\"\xe2\x90\x80\"", FALSE },
  { "[1, 2]", "[1,2]", TRUE },
  { "[1,2]", "[2,1]", FALSE },
  { "[1,2]", "[1,2,3]", FALSE },
  { "{\"a\":1,\"b\":[2]}", "{\"b\":[ 2 ],\"a\":1}", TRUE },
  { "{\"a\":1,\"b\":2}", "{\"a\":1,\"c\":2}", FALSE },
  { "{\"a\":1,\"b\":{\"x\":1,\"y\":2}}", "{\"b\":{\"y\":2,\"\\u0078\":1},\"a\":1}", TRUE },
  { "{\"a\":1,\"b\":{\"x\":1,\"y\":2}}", "{\"b\":{\"y\":2,\"x\":3},\"a\":1}", FALSE },
  { "{\"a\":1,\"a\":2}", "{\"a\":2,\"a\":1}", FALSE },
  { "{}", "[]", FALSE },
};

static void
test_equal (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (equal_cases); i++)
    {
      g_autoptr(ViaJsonDocument) a = parse (equal_cases[i].a);
      g_autoptr(ViaJsonDocument) b = parse (equal_cases[i].b);
      ViaJsonValue a_root = via_json_document_get_root (a);
      ViaJsonValue b_root = via_json_document_get_root (b);

      g_test_message ("%s %s", equal_cases[i].a, equal_cases[i].b);
      g_assert_cmpint (via_json_value_equal (a_root, b_root), ==, equal_cases[i].equal);
      g_assert_cmpint (via_json_value_equal (b_root, a_root), ==, equal_cases[i].equal);
    }
}

/* --- mutations --- */

static const char *const corpus[] = {
  "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"tools\":[{\"name\":\"a\",\"x\":-1.5e+3},true,false,null]}}",
  "{\"a\\u0061\\ud83d\\ude00\":\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\\\"\\\\\", \"b\" : [ 0, 10.25, {} , [] ] }",
  "[{\"1\":0,\"2\":0,\"3\":0,\"4\":0,\"5\":0,\"6\":0,\"7\":0,\"8\":0,\"9\":0,\"\\u0031\":0},\"\\u0000\\ud800\"]",
};

/* Whatever was accepted can be read, written and read again. */
static void
exercise (const char *text,
          gsize       length)
{
  g_autoptr(ViaJsonDocument) document = parse_exact (text, length, NULL);
  g_autoptr(ViaJsonDocument) again = NULL;
  g_autofree char *pretty = NULL;
  ViaJsonValue root, value, key;
  ViaJsonIter iter;

  if (document == NULL)
    return;

  root = via_json_document_get_root (document);
  via_json_document_check_regular (document, via_json_value_get_element (root, 0), NULL);
  via_json_iter_init (&iter, root);
  while (via_json_iter_next (&iter, &key, &value))
    {
      g_autofree char *name = via_json_value_dup_string (key);
      g_autoptr(ViaJsonDocument) part = via_json_value_dup_document (value);

      g_assert_true (via_json_value_equal (value, via_json_document_get_root (part)));
    }
  pretty = via_json_value_to_pretty (root, 3);
  again = parse (pretty);
  g_assert_true (via_json_value_equal (root, via_json_document_get_root (again)));
}

static void
test_truncations (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (corpus); i++)
    for (gsize length = 0; length <= strlen (corpus[i]); length++)
      {
        exercise (corpus[i], length);
        if (length < strlen (corpus[i]))
          g_assert_null (parse_exact (corpus[i], length, NULL));
      }
}

static void
test_mutations (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (corpus); i++)
    {
      const gsize length = strlen (corpus[i]);
      g_autofree char *text = g_strdup (corpus[i]);

      for (gsize at = 0; at < length; at++)
        {
          for (guint byte = 0; byte < 256; byte++)
            {
              text[at] = (char) byte;
              exercise (text, length);
            }
          text[at] = corpus[i][at];
        }
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/json/syntax", test_syntax);
  g_test_add_func ("/core/json/nul-byte", test_nul_byte);
  g_test_add_func ("/core/json/limit/depth", test_depth);
  g_test_add_func ("/core/json/limit/depth-exact", test_depth_exact);
  g_test_add_func ("/core/json/limit/deep-without-recursion", test_deep_without_recursion);
  g_test_add_func ("/core/json/limit/values", test_values);
  g_test_add_func ("/core/json/limit/bytes", test_bytes);
  g_test_add_func ("/core/json/limit/members", test_members);
  g_test_add_func ("/core/json/limit/key-bytes", test_key_bytes);
  g_test_add_func ("/core/json/limit/colliding-keys", test_colliding_keys);
  g_test_add_func ("/core/json/numbers", test_numbers);
  g_test_add_func ("/core/json/strings", test_strings);
  g_test_add_func ("/core/json/string-places", test_string_places);
  g_test_add_func ("/core/json/irregular", test_irregular);
  g_test_add_func ("/core/json/irregular-many", test_irregular_many);
  g_test_add_func ("/core/json/strict", test_strict);
  g_test_add_func ("/core/json/members-and-elements", test_members_and_elements);
  g_test_add_func ("/core/json/missing", test_missing);
  g_test_add_func ("/core/json/iteration", test_iteration);
  g_test_add_func ("/core/json/sub-document", test_sub_document);
  g_test_add_func ("/core/json/locate", test_locate);
  g_test_add_func ("/core/json/format", test_format);
  g_test_add_func ("/core/json/equal", test_equal);
  g_test_add_func ("/core/json/truncations", test_truncations);
  g_test_add_func ("/core/json/mutations", test_mutations);

  return g_test_run ();
}
