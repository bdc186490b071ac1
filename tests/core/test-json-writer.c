/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-json-writer"

#include "config.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "json/via-json-writer.h"

static void
test_structure (void)
{
  ViaJsonWriter writer;
  g_autofree char *text = NULL;

  via_json_writer_init (&writer);
  via_json_writer_begin_object (&writer);
  via_json_writer_member_string (&writer, "jsonrpc", "2.0");
  via_json_writer_member_int (&writer, "id", G_MININT64);
  via_json_writer_member_boolean (&writer, "yes", TRUE);
  via_json_writer_key (&writer, "list");
  via_json_writer_begin_array (&writer);
  via_json_writer_int (&writer, 1);
  via_json_writer_begin_array (&writer);
  via_json_writer_end_array (&writer);
  via_json_writer_begin_object (&writer);
  via_json_writer_end_object (&writer);
  via_json_writer_null (&writer);
  via_json_writer_string (&writer, NULL);
  via_json_writer_boolean (&writer, FALSE);
  via_json_writer_end_array (&writer);
  via_json_writer_member_string (&writer, "a\"b", NULL);
  via_json_writer_end_object (&writer);
  text = via_json_writer_end (&writer);

  g_assert_cmpstr (text, ==,
                   "{\"jsonrpc\":\"2.0\",\"id\":-9223372036854775808,\"yes\":true,"
                   "\"list\":[1,[],{},null,null,false],\"a\\\"b\":null}");
  via_json_writer_clear (&writer);
}

typedef struct
{
  const char *text;
  gsize       length;
  const char *expected;
} StringCase;

static const StringCase string_cases[] = {
  { "", 0, "\"\"" },
  { "plain", 5, "\"plain\"" },
  { "\"\\/", 3, "\"\\\"\\\\/\"" },
  { "\b\f\n\r\t\v\x1f\x7f", 8, "\"\\b\\f\\n\\r\\t\\u000b\\u001f\\u007f\"" },
  { "a\0b", 3, "\"a\\u0000b\"" },
  { "\0\0", 2, "\"\\u0000\\u0000\"" },
  { "\xc3\xa9\xf0\x9f\x98\x80", 6, "\"\xc3\xa9\xf0\x9f\x98\x80\"" },
  { "x\xffy", 3, "\"x\xef\xbf\xbdy\"" },
  { "\xff\0\xfe", 3, "\"\xef\xbf\xbd\\u0000\xef\xbf\xbd\"" },
  { "\xed\xa0\x80", 3, "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" },
  { "ab\xe2\x82", 4, "\"ab\xef\xbf\xbd\xef\xbf\xbd\"" },
};

static void
test_strings (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (string_cases); i++)
    {
      const StringCase *c = &string_cases[i];
      g_autofree char *text = NULL;
      g_autofree char *exact = g_memdup2 (c->text, c->length);
      g_autoptr(ViaJsonDocument) document = NULL;
      ViaJsonWriter writer;

      via_json_writer_init (&writer);
      via_json_writer_string_len (&writer, exact, c->length);
      text = via_json_writer_end (&writer);
      g_assert_cmpstr (text, ==, c->expected);
      g_assert_null (strchr (text, '\n'));
    }
}

static void
test_strings_any_bytes (void)
{
  char bytes[3];

  for (guint a = 0; a < 256; a++)
    for (guint b = 0; b < 256; b++)
      {
        g_autoptr(GBytes) text = NULL;
        g_autoptr(ViaJsonDocument) document = NULL;
        ViaJsonWriter writer;

        bytes[0] = (char) a;
        bytes[1] = (char) b;
        bytes[2] = '\x80';
        via_json_writer_init (&writer);
        via_json_writer_string_len (&writer, bytes, 3);
        text = via_json_writer_end_bytes (&writer);
        document = via_json_document_new (text, NULL, NULL);
        g_assert_nonnull (document);
      }
}

typedef struct
{
  double      number;
  const char *expected;
} DoubleCase;

static const DoubleCase double_cases[] = {
  { 0, "0" },
  { -0.0, "-0" },
  { 1, "1" },
  { 100, "100" },
  { 0.1, "0.1" },
  { 0.1 + 0.2, "0.30000000000000004" },
  { -2.5, "-2.5" },
  { 1e20, "1e+20" },
  { 9007199254740993.0, "9007199254740992" },
  { 4.9406564584124654e-324, "5e-324" },
  { DBL_MAX, "1.7976931348623157e+308" },
  { DBL_MIN, "2.2250738585072014e-308" },
  { INFINITY, "null" },
  { -INFINITY, "null" },
  { NAN, "null" },
};

static void
test_doubles (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (double_cases); i++)
    {
      g_autofree char *text = NULL;
      ViaJsonWriter writer;

      via_json_writer_init (&writer);
      via_json_writer_double (&writer, double_cases[i].number);
      text = via_json_writer_end (&writer);
      g_assert_cmpstr (text, ==, double_cases[i].expected);
    }
}

static void
test_seconds (void)
{
  static const struct
  {
    gint64      microseconds;
    const char *expected;
  } cases[] = {
    { 0, "0.000" },       { 499, "0.000" },       { 500, "0.001" },      { 14000, "0.014" },
    { 999499, "0.999" },  { 999500, "1.000" },    { 4020000, "4.020" },  { -1500000, "-1.500" },
    { -100, "0.000" },    { G_MININT64, "-9223372036854.776" },          { G_MAXINT64, "9223372036854.776" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = NULL;
      ViaJsonWriter writer;

      via_json_writer_init (&writer);
      via_json_writer_seconds (&writer, cases[i].microseconds);
      text = via_json_writer_end (&writer);
      g_assert_cmpstr (text, ==, cases[i].expected);
    }
}

static void
test_values (void)
{
  g_autoptr(ViaJsonDocument) document =
    via_json_document_new_strict ("{ \"n\" : [ 1.50 , 100000000000000000000, -0, 1E+2 ],\n\"s\": \"a \\u00e9 b\" }", -1, NULL);
  ViaJsonValue root = via_json_document_get_root (document);
  g_autofree char *text = NULL;
  ViaJsonWriter writer;

  via_json_writer_init (&writer);
  via_json_writer_begin_array (&writer);
  via_json_writer_value (&writer, root);
  via_json_writer_value (&writer, via_json_value_get_member (root, "nothing"));
  via_json_writer_begin_object (&writer);
  via_json_writer_member_value (&writer, "s", via_json_value_get_member (root, "s"));
  via_json_writer_end_object (&writer);
  via_json_writer_end_array (&writer);
  text = via_json_writer_end (&writer);
  g_assert_cmpstr (text, ==,
                   "[{\"n\":[1.50,100000000000000000000,-0,1E+2],\"s\":\"a \\u00e9 b\"},null,{\"s\":\"a \\u00e9 b\"}]");
}

static void
test_deep (void)
{
  g_autoptr(GBytes) bytes = NULL;
  ViaJsonWriter writer;

  via_json_writer_init (&writer);
  for (guint i = 0; i < 1000; i++)
    {
      via_json_writer_begin_object (&writer);
      via_json_writer_key (&writer, "a");
    }
  via_json_writer_null (&writer);
  for (guint i = 0; i < 1000; i++)
    via_json_writer_end_object (&writer);
  bytes = via_json_writer_end_bytes (&writer);
  g_assert_cmpuint (g_bytes_get_size (bytes), ==, 6004);
}

static void
test_misuse (void)
{
  if (g_test_subprocess ())
    {
      ViaJsonWriter writer;

      via_json_writer_init (&writer);
      via_json_writer_begin_object (&writer);
      via_json_writer_int (&writer, 1);
      via_json_writer_clear (&writer);
      return;
    }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*CRITICAL*");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/json-writer/structure", test_structure);
  g_test_add_func ("/core/json-writer/strings", test_strings);
  g_test_add_func ("/core/json-writer/strings-any-bytes", test_strings_any_bytes);
  g_test_add_func ("/core/json-writer/doubles", test_doubles);
  g_test_add_func ("/core/json-writer/seconds", test_seconds);
  g_test_add_func ("/core/json-writer/values", test_values);
  g_test_add_func ("/core/json-writer/deep", test_deep);
  g_test_add_func ("/core/json-writer/misuse", test_misuse);

  return g_test_run ();
}
