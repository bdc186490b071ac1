/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-json-pointer"

#include "config.h"

#include <string.h>

#include "json/via-json-pointer.h"

static ViaJsonDocument *
parse (const char *text)
{
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr(GError) error = NULL;
  ViaJsonDocument *document = via_json_document_new (bytes, NULL, &error);

  g_assert_no_error (error);
  return document;
}

/* The document of RFC 6901, section 5. */
static const char example[] =
  "{\"foo\":[\"bar\",\"baz\"],\"\":0,\"a/b\":1,\"c%d\":2,\"e^f\":3,\"g|h\":4,\"i\\\\j\":5,\"k\\\"l\":6,\" \":7,\"m~n\":8}";

static void
test_get (void)
{
  static const struct
  {
    const char *pointer;
    const char *expected; /* NULL: missing */
  } cases[] = {
    { "/foo", "[\"bar\",\"baz\"]" }, { "/foo/0", "\"bar\"" }, { "/foo/1", "\"baz\"" }, { "/", "0" },
    { "/a~1b", "1" },  { "/c%d", "2" },    { "/e^f", "3" },    { "/g|h", "4" },
    { "/i\\j", "5" },  { "/k\"l", "6" },   { "/ ", "7" },      { "/m~0n", "8" },
    { "", example },   { "/foo/2", NULL }, { "/foo/-", NULL }, { "/foo/01", NULL },
    { "/foo/00", NULL }, { "/foo/+1", NULL }, { "/foo/ 1", NULL }, { "/foo/99999999999999999999", NULL },
    { "/foo/", NULL }, { "/foo/0/x", NULL }, { "/nothing/at/all", NULL }, { "foo", NULL },
    { "/m~n", NULL },  { "/m~2n", NULL },  { "/m~", NULL },    { "/a/b", NULL }, { "//", NULL },
  };
  g_autoptr(ViaJsonDocument) document = parse (example);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *raw =
        via_json_value_dup_raw (via_json_pointer_get (via_json_document_get_root (document), cases[i].pointer));

      g_test_message ("%s", cases[i].pointer);
      g_assert_cmpstr (raw, ==, cases[i].expected);
    }
}

static void
test_resolve (void)
{
  static const struct
  {
    const char *start;
    guint       max_steps;
    const char *expected;
  } cases[] = {
    { "/plain", 0, "{\"type\":\"string\"}" },
    { "/one", 1, "{\"type\":\"string\"}" },
    { "/one", 0, NULL },
    { "/two", 2, "{\"type\":\"string\"}" },
    { "/two", 1, NULL },
    { "/escaped", 5, "1" },
    { "/self", 1000, NULL },
    { "/ping", 1000, NULL },
    { "/dangling", 5, NULL },
    { "/remote", 5, NULL },
    { "/anchor", 5, NULL },
    { "/number", 5, NULL },
    { "/odd", 5, NULL },
    { "/nul", 5, NULL },
  };
  g_autoptr(ViaJsonDocument) document = parse (
    "{\"plain\":{\"type\":\"string\"},\"one\":{\"$ref\":\"#/plain\"},\"two\":{\"$ref\":\"#/one\"},"
    "\"a b/c\":1,\"escaped\":{\"$ref\":\"#/a%20b~1c\"},\"self\":{\"$ref\":\"#/self\"},"
    "\"ping\":{\"$ref\":\"#/pong\"},\"pong\":{\"$ref\":\"#/ping\"},\"dangling\":{\"$ref\":\"#/none\"},"
    "\"remote\":{\"$ref\":\"https://h/x#/plain\"},\"anchor\":{\"$ref\":\"#plain\"},\"number\":{\"$ref\":1},"
    "\"odd\":{\"$ref\":\"#/pla%zzin\"},\"nul\":{\"$ref\":\"#/x\\u0000\"},\"x\xe2\x90\x80\":1}");
  ViaJsonValue root = via_json_document_get_root (document);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ViaJsonValue start = via_json_pointer_get (root, cases[i].start);
      g_autofree char *raw = via_json_value_dup_raw (via_json_resolve (root, start, cases[i].max_steps));

      g_test_message ("%s", cases[i].start);
      g_assert_false (via_json_value_is_missing (start));
      g_assert_cmpstr (raw, ==, cases[i].expected);
    }
}

static void
test_resolve_root (void)
{
  g_autoptr(ViaJsonDocument) document = parse ("{\"items\":{\"$ref\":\"#\"}}");
  ViaJsonValue root = via_json_document_get_root (document);
  ViaJsonValue value = via_json_resolve (root, via_json_value_get_member (root, "items"), 3);

  g_assert_true (via_json_value_equal (value, root));
  g_assert_true (via_json_value_is_missing (via_json_resolve (root, via_json_value_missing (), 3)));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/json-pointer/get", test_get);
  g_test_add_func ("/core/json-pointer/resolve", test_resolve);
  g_test_add_func ("/core/json-pointer/resolve-root", test_resolve_root);

  return g_test_run ();
}
