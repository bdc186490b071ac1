/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "mcp/via-tool-result.h"

static ViaToolResult *
result_from (const char *json)
{
  g_autoptr(GBytes) bytes = g_bytes_new (json, strlen (json));
  g_autoptr(GError) error = NULL;
  g_autoptr(ViaJsonDocument) document = via_json_document_new (bytes, NULL, &error);

  g_assert_no_error (error);
  return via_tool_result_new_from_mcp (document, via_json_document_get_root (document));
}

static ViaToolResult *
body_from (const char *body,
           const char *content_type)
{
  g_autoptr(GBytes) bytes = g_bytes_new (body, strlen (body));

  return via_tool_result_new_from_body (bytes, content_type);
}

static void
test_blocks (void)
{
  g_autoptr(ViaToolResult) self = result_from (
    "{\"content\":[{\"type\":\"text\",\"text\":\"one\"},"
    "{\"type\":\"image\",\"data\":\"AAEC\",\"mimeType\":\"image/png\"},"
    "{\"type\":\"audio\",\"data\":\"AAE=\",\"mimeType\":\"audio/wav\"},"
    "{\"type\":\"resource\",\"resource\":{\"uri\":\"x:y\",\"mimeType\":\"text/plain\",\"text\":\"two\"}},"
    "{\"type\":\"resource\",\"resource\":{\"uri\":\"x:z\",\"blob\":\"\"}},"
    "{\"type\":\"resource_link\",\"uri\":\"x:l\",\"name\":\"l\"},{\"type\":\"hologram\"},7],"
    "\"structuredContent\":{\"n\":1},\"isError\":false}");
  static const ViaContentKind kinds[] = { VIA_CONTENT_TEXT,     VIA_CONTENT_IMAGE,         VIA_CONTENT_AUDIO,
                                          VIA_CONTENT_RESOURCE, VIA_CONTENT_RESOURCE,      VIA_CONTENT_RESOURCE_LINK,
                                          VIA_CONTENT_UNKNOWN,  VIA_CONTENT_UNKNOWN };
  g_autofree char *all = via_tool_result_dup_all_text (self);
  g_autofree char *text = via_tool_result_dup_text (self, 3);
  g_autofree char *mime = via_tool_result_dup_mime_type (self, 3);
  g_autoptr(GBytes) image = via_tool_result_dup_binary (self, 1);
  g_autoptr(GBytes) audio = via_tool_result_dup_binary (self, 2);
  g_autoptr(GBytes) blob = via_tool_result_dup_binary (self, 4);

  g_assert_cmpuint (via_tool_result_get_n_blocks (self), ==, G_N_ELEMENTS (kinds));
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    g_assert_cmpint (via_tool_result_get_kind (self, i), ==, kinds[i]);
  g_assert_cmpint (via_tool_result_get_kind (self, 99), ==, VIA_CONTENT_UNKNOWN);
  g_assert_true (via_json_value_is_missing (via_tool_result_get_block (self, 99)));
  g_assert_cmpstr (all, ==, "one\ntwo");
  g_assert_cmpstr (text, ==, "two");
  g_assert_cmpstr (mime, ==, "text/plain");
  g_assert_cmpmem (g_bytes_get_data (image, NULL), g_bytes_get_size (image), "\0\1\2", 3);
  g_assert_cmpmem (g_bytes_get_data (audio, NULL), g_bytes_get_size (audio), "\0\1", 2);
  g_assert_cmpuint (g_bytes_get_size (blob), ==, 0);
  g_assert_null (via_tool_result_dup_text (self, 1));
  g_assert_null (via_tool_result_dup_binary (self, 0));
  g_assert_null (via_tool_result_dup_mime_type (self, 4));
  g_assert_true (via_json_value_is_object (via_tool_result_get_structured (self)));
  g_assert_false (via_tool_result_is_error (self));
}

static void
test_base64 (void)
{
  static const struct
  {
    const char *text;
    const char *bytes; /* NULL: broken */
  } rows[] = {
    { "", "" },
    { "YQ==", "a" },
    { "YQ", "a" },
    { "YWI=", "ab" },
    { "YWI", "ab" },
    { "YWJj", "abc" },
    { "YWJjZA==", "abcd" },
    { "YW\\nJj", "abc" },
    { "\\/\\/8=", "\377\377" },
    { "Y", NULL },
    { "YWJjZ", NULL },
    { "YQ===", NULL },
    { "YQ==YQ==", NULL },
    { "Y!Q=", NULL },
    { "YW-_", NULL },
    { "é", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *json = g_strdup_printf ("{\"content\":[{\"type\":\"image\",\"data\":\"%s\"}]}", rows[i].text);
      g_autoptr(ViaToolResult) self = result_from (json);
      g_autoptr(GBytes) bytes = via_tool_result_dup_binary (self, 0);

      g_test_message ("%s", rows[i].text);
      if (rows[i].bytes == NULL)
        g_assert_null (bytes);
      else
        g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), rows[i].bytes, strlen (rows[i].bytes));
    }
}

static void
test_wrong_shapes (void)
{
  static const char *const rows[] = {
    "{}", "{\"content\":null}", "{\"content\":{}}", "{\"content\":[]}", "{\"content\":[[]]}",
    "{\"content\":[{\"type\":\"image\"}]}", "{\"content\":[{\"type\":\"resource\"}]}",
    "{\"content\":[{\"type\":\"text\",\"text\":7}]}", "{\"content\":[{\"type\":7}]}", "[]", "null",
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(ViaToolResult) self = result_from (rows[i]);
      g_autofree char *all = via_tool_result_dup_all_text (self);

      g_assert_cmpstr (all, ==, "");
      g_assert_null (via_tool_result_dup_text (self, 0));
      g_assert_null (via_tool_result_dup_binary (self, 0));
      g_assert_null (via_tool_result_dup_mime_type (self, 0));
      g_assert_false (via_tool_result_is_error (self));
      g_assert_cmpuint (via_tool_result_get_size (self), ==, strlen (rows[i]));
    }
}

static void
test_exact_data (void)
{
  g_autoptr(ViaToolResult) self = result_from (
    "{\"content\":[],\"structuredContent\":{\"n\":12345678901234567890123,\"f\":0.10}}");
  g_autofree char *raw = via_json_value_dup_raw (via_tool_result_get_structured (self));
  g_autofree char *data = via_json_value_dup_raw (via_tool_result_get_data (self));

  g_assert_cmpstr (raw, ==, "{\"n\":12345678901234567890123,\"f\":0.10}");
  g_assert_true (g_str_has_prefix (data, "{\"content\""));
}

static void
test_error (void)
{
  g_autoptr(ViaToolResult) self = result_from ("{\"content\":[{\"type\":\"text\",\"text\":\"no\"}],\"isError\":true}");

  g_assert_true (via_tool_result_is_error (self));
}

static void
test_json_body (void)
{
  static const char *const types[] = {
    "application/json", "application/json; charset=utf-8", "application/problem+json", NULL, "",
  };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr(ViaToolResult) self = body_from (" {\"a\": 1} ", types[i]);
      g_autofree char *raw = via_json_value_dup_raw (via_tool_result_get_structured (self));

      g_assert_cmpstr (raw, ==, "{\"a\": 1}");
      g_assert_cmpuint (via_tool_result_get_n_blocks (self), ==, 0);
      g_assert_cmpuint (via_tool_result_get_size (self), ==, 10);
    }
}

static void
test_text_body (void)
{
  static const struct
  {
    const char *body;
    const char *type;
  } rows[] = {
    { "plain", "text/plain" }, { "{\"a\":1}", "text/plain" }, { "{broken", "application/json" }, { "",
      NULL }, { "\"quoted\" \\ text\n", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(ViaToolResult) self = body_from (rows[i].body, rows[i].type);
      g_autofree char *text = via_tool_result_dup_text (self, 0);
      g_autofree char *data = via_json_value_dup_string (via_tool_result_get_data (self));

      g_assert_cmpuint (via_tool_result_get_n_blocks (self), ==, 1);
      g_assert_cmpstr (text, ==, rows[i].body);
      g_assert_cmpstr (data, ==, rows[i].body);
      g_assert_true (via_json_value_is_missing (via_tool_result_get_structured (self)));
      g_assert_cmpuint (via_tool_result_get_size (self), ==, strlen (rows[i].body));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/tool-result/blocks", test_blocks);
  g_test_add_func ("/core/tool-result/base64", test_base64);
  g_test_add_func ("/core/tool-result/wrong-shapes", test_wrong_shapes);
  g_test_add_func ("/core/tool-result/data-is-exact", test_exact_data);
  g_test_add_func ("/core/tool-result/is-error", test_error);
  g_test_add_func ("/core/tool-result/json-body", test_json_body);
  g_test_add_func ("/core/tool-result/text-body", test_text_body);
  return g_test_run ();
}
