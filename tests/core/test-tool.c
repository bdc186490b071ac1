/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "mcp/via-tool.h"
#include "rpc/via-rpc-error.h"

static ViaTool *
tool_from (const char  *json,
           gboolean     rest,
           GError     **error)
{
  g_autoptr(GBytes) bytes = g_bytes_new (json, strlen (json));
  g_autoptr(GError) local = NULL;
  g_autoptr(ViaJsonDocument) document = via_json_document_new (bytes, NULL, &local);

  g_assert_no_error (local);
  return rest ? via_tool_new_from_rest (via_json_document_get_root (document), error)
              : via_tool_new_from_mcp (via_json_document_get_root (document), error);
}

static ViaTool *
tool (const char *json)
{
  g_autoptr(GError) error = NULL;
  ViaTool *self = tool_from (json, FALSE, &error);

  g_assert_no_error (error);
  return self;
}

static void
test_whole_description (void)
{
  g_autoptr(ViaTool) self = tool ("{\"name\":\"n\",\"title\":\"T\",\"description\":\"D\",\"inputSchema\":{ \"type\" :\"object\"},"
                                  "\"outputSchema\":{\"x\":1},\"annotations\":{\"title\":\"A\",\"readOnlyHint\":true},"
                                  "\"extra\":0.10}");
  g_autofree char *raw = via_json_value_dup_raw (via_json_document_get_root (via_tool_get_document (self)));
  g_autofree char *schema = via_json_value_dup_raw (via_tool_get_input_schema (self));

  g_assert_cmpstr (via_tool_get_name (self), ==, "n");
  g_assert_cmpstr (via_tool_get_title (self), ==, "T");
  g_assert_cmpstr (via_tool_get_description (self), ==, "D");
  g_assert_cmpstr (via_tool_get_category (self), ==, "General");
  g_assert_cmpstr (schema, ==, "{ \"type\" :\"object\"}");
  g_assert_true (via_json_value_is_object (via_tool_get_output_schema (self)));
  g_assert_true (via_json_value_is_object (via_tool_get_annotations (self)));
  g_assert_nonnull (strstr (raw, "\"extra\":0.10"));
}

static void
test_title (void)
{
  static const struct
  {
    const char *json;
    const char *title;
  } rows[] = {
    { "{\"name\":\"n\",\"inputSchema\":{}}", "n" },
    { "{\"name\":\"n\",\"inputSchema\":{},\"title\":\"\"}", "n" },
    { "{\"name\":\"n\",\"inputSchema\":{},\"title\":7}", "n" },
    { "{\"name\":\"n\",\"inputSchema\":{},\"annotations\":{\"title\":\"A\"}}", "A" },
    { "{\"name\":\"n\",\"inputSchema\":{},\"annotations\":{\"title\":\"A\"},\"title\":\"T\"}", "T" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(ViaTool) self = tool (rows[i].json);

      g_assert_cmpstr (via_tool_get_title (self), ==, rows[i].title);
    }
}

static void
test_refused (void)
{
  g_autofree char *long_name = g_strnfill (1025, 'x');
  g_autofree char *too_long = g_strdup_printf ("{\"name\":\"%s\",\"inputSchema\":{}}", long_name);
  const char *rows[] = {
    "7",
    "[]",
    "{}",
    "{\"name\":\"\",\"inputSchema\":{}}",
    "{\"name\":7,\"inputSchema\":{}}",
    "{\"name\":\"n\"}",
    "{\"name\":\"n\",\"inputSchema\":true}",
    "{\"name\":\"n\",\"inputSchema\":[]}",
    "{\"name\":\"n\",\"name\":\"m\",\"inputSchema\":{}}",
    "{\"name\":\"n\\u0000\",\"inputSchema\":{}}",
    "{\"name\":\"n\",\"inputSchema\":{\"a\":1,\"a\":2}}",
    too_long,
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(ViaTool) self = tool_from (rows[i], FALSE, &error);

      g_test_message ("%.80s", rows[i]);
      g_assert_null (self);
      g_assert_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_INVALID);
    }
}

static void
test_hints (void)
{
  static const struct
  {
    const char *annotations;
    gboolean    read_only, destructive, idempotent, open_world;
  } rows[] = {
    { "{}", FALSE, FALSE, FALSE, FALSE },
    { "7", FALSE, FALSE, FALSE, FALSE },
    { "{\"readOnlyHint\":true}", TRUE, FALSE, FALSE, FALSE },
    { "{\"destructiveHint\":true}", FALSE, TRUE, FALSE, FALSE },
    { "{\"destructiveHint\":true,\"readOnlyHint\":true}", TRUE, FALSE, FALSE, FALSE },
    { "{\"idempotentHint\":true,\"openWorldHint\":true}", FALSE, FALSE, TRUE, TRUE },
    { "{\"readOnlyHint\":\"true\",\"openWorldHint\":1}", FALSE, FALSE, FALSE, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *json = g_strdup_printf ("{\"name\":\"n\",\"inputSchema\":{},\"annotations\":%s}", rows[i].annotations);
      g_autoptr(ViaTool) self = tool (json);

      g_assert_cmpint (via_tool_is_read_only (self), ==, rows[i].read_only);
      g_assert_cmpint (via_tool_is_destructive (self), ==, rows[i].destructive);
      g_assert_cmpint (via_tool_is_idempotent (self), ==, rows[i].idempotent);
      g_assert_cmpint (via_tool_is_open_world (self), ==, rows[i].open_world);
    }
}

static void
test_categories (void)
{
  static const struct
  {
    const char *json;
    const char *category;
  } rows[] = {
    { "{\"name\":\"git_status\",\"inputSchema\":{}}", "Git" },
    { "{\"name\":\"git_log\",\"inputSchema\":{},\"category\":\"History\"}", "History" },
    { "{\"name\":\"git-diff\",\"inputSchema\":{},\"_meta\":{\"category\":\" Spaced \"}}", "Spaced" },
    { "{\"name\":\"git_add\",\"inputSchema\":{},\"category\":\"\"}", "Git" },
    { "{\"name\":\"two_a\",\"inputSchema\":{}}", "General" },
    { "{\"name\":\"two_b\",\"inputSchema\":{}}", "General" },
    { "{\"name\":\"éa-a\",\"inputSchema\":{}}", "Éa" },
    { "{\"name\":\"éa-b\",\"inputSchema\":{}}", "Éa" },
    { "{\"name\":\"éa-c\",\"inputSchema\":{}}", "Éa" },
    { "{\"name\":\"git\",\"inputSchema\":{}}", "General" },
    { "{\"name\":\"_hidden\",\"inputSchema\":{}}", "General" },
  };
  g_autoptr(GPtrArray) tools = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_ptr_array_add (tools, tool (rows[i].json));
  via_tool_categorize (tools);
  via_tool_categorize (tools); /* changes nothing */
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpstr (via_tool_get_category (g_ptr_array_index (tools, i)), ==, rows[i].category);
}

static void
test_rest (void)
{
  static const struct
  {
    const char *json;
    const char *schema;
  } rows[] = {
    { "{\"name\":\"n\"}", "{\"type\":\"object\",\"properties\":{},\"required\":[]}" },
    { "{\"name\":\"n\",\"parameters\":null}", "{\"type\":\"object\",\"properties\":{},\"required\":[]}" },
    { "{\"name\":\"n\",\"parameters\":{\"id\":{\"type\":\"integer\"}},\"required\":[\"id\"]}",
      "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"integer\"}},\"required\":[\"id\"]}" },
    { "{\"name\":\"n\",\"parameters\":{\"id\":{\"type\":\"integer\",\"required\":true},\"o\":{\"required\":false}}}",
      "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"integer\"},\"o\":{}},\"required\":[\"id\"]}" },
    /* parameters that happen to be called like keywords */
    { "{\"name\":\"n\",\"parameters\":{\"type\":{\"type\":\"string\"},\"properties\":{\"type\":\"string\"}}}",
      "{\"type\":\"object\",\"properties\":{\"type\":{\"type\":\"string\"},\"properties\":{\"type\":\"string\"}},"
      "\"required\":[]}" },
    /* a whole schema */
    { "{\"name\":\"n\",\"parameters\":{\"type\":\"object\",\"properties\":{\"a\":{}},\"required\":[\"a\"]}}",
      "{\"type\":\"object\",\"properties\":{\"a\":{}},\"required\":[\"a\"]}" },
    { "{\"name\":\"n\",\"parameters\":{\"type\":\"object\",\"properties\":{\"a\":{}}},\"required\":[\"a\"]}",
      "{\"type\":\"object\",\"properties\":{\"a\":{}},\"required\":[\"a\"]}" },
    { "{\"name\":\"n\",\"parameters\":{\"properties\":{\"a\":{}}}}", "{\"properties\":{\"a\":{}}}" },
    { "{\"name\":\"n\",\"inputSchema\":{\"type\":\"object\"}}", "{\"type\":\"object\"}" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(ViaTool) self = tool_from (rows[i].json, TRUE, &error);
      g_autofree char *schema = NULL;

      g_assert_no_error (error);
      schema = via_json_value_to_compact (via_tool_get_input_schema (self), NULL);
      g_assert_cmpstr (schema, ==, rows[i].schema);
    }
}

static void
test_rest_refused (void)
{
  static const char *const rows[] = {
    "{}", "[]", "{\"name\":\"n\",\"parameters\":[]}", "{\"name\":\"n\",\"parameters\":\"x\"}",
    "{\"name\":\"n\",\"parameters\":{\"a\":{},\"a\":{}}}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(ViaTool) self = tool_from (rows[i], TRUE, &error);

      g_test_message ("%s", rows[i]);
      g_assert_null (self);
      g_assert_nonnull (error);
    }
}

static void
test_header_encoding (void)
{
  static const struct
  {
    const char *value;
    const char *encoded;
  } rows[] = {
    { "", "" },
    { "us-west1", "us-west1" },
    { "two words\tand a tab", "two words\tand a tab" },
    { "!~", "!~" },
    { " leading", "=?base64?IGxlYWRpbmc=?=" },
    { "trailing ", "=?base64?dHJhaWxpbmcg?=" },
    { "\ttab", "=?base64?CXRhYg==?=" },
    { "Zürich", "=?base64?WsO8cmljaA==?=" },
    { "a\nb", "=?base64?YQpi?=" },
    { "a\r\nX-Evil: 1", "=?base64?YQ0KWC1FdmlsOiAx?=" },
    { "\x7f", "=?base64?fw==?=" },
    { "=?base64?YQ==?=", "=?base64?PT9iYXNlNjQ/WVE9PT89?=" },
    { "=?base64?\?=", "=?base64?PT9iYXNlNjQ/Pz0=?=" },
    { "=?BASE64?YQ==?=", "=?BASE64?YQ==?=" },
    { "=?base64?=", "=?base64?=" },
    { "=?base64?open", "=?base64?open" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *encoded = via_mcp_header_encode (rows[i].value);

      g_assert_cmpstr (encoded, ==, rows[i].encoded);
    }
}

static void
test_mirrored_arguments (void)
{
  static const char properties[] =
    "\"s\":{\"type\":\"string\",\"x-mcp-header\":\"S\"},\"i\":{\"type\":\"integer\",\"x-mcp-header\":\"I\"},"
    "\"b\":{\"type\":\"boolean\",\"x-mcp-header\":\"B\"},\"plain\":{\"type\":\"string\"},"
    "\"o\":{\"type\":\"object\",\"properties\":{\"deep\":{\"type\":\"string\",\"x-mcp-header\":\"Deep\"}}}";
  static const struct
  {
    const char *arguments;
    const char *headers; /* joined by | */
  } rows[] = {
    { "{}", NULL },
    { "{\"plain\":\"x\"}", NULL },
    { "{\"s\":null,\"i\":null}", NULL },
    { "{\"s\":[],\"b\":{}}", NULL },
    { "{\"s\":\"\"}", "Mcp-Param-S|" },
    { "{\"s\":\"Zürich\",\"i\":42,\"b\":true,\"plain\":\"x\"}",
      "Mcp-Param-S|=?base64?WsO8cmljaA==?=|Mcp-Param-I|42|Mcp-Param-B|true" },
    { "{\"i\":42.0}", "Mcp-Param-I|42" },
    { "{\"i\":4.2e1}", "Mcp-Param-I|42" },
    { "{\"i\":-0}", "Mcp-Param-I|0" },
    { "{\"i\":9223372036854775807}", "Mcp-Param-I|9223372036854775807" },
    { "{\"i\":123456789012345678901234567890}", "Mcp-Param-I|123456789012345678901234567890" },
    { "{\"b\":false}", "Mcp-Param-B|false" },
    { "{\"o\":{\"deep\":\"d\"}}", "Mcp-Param-Deep|d" },
    { "{\"o\":\"no object\"}", NULL },
  };
  g_autofree char *json = g_strdup_printf ("{\"name\":\"n\",\"inputSchema\":{\"properties\":{%s}}}", properties);
  g_autoptr(ViaTool) self = tool (json);

  g_assert_true (via_tool_check_headers (self, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(ViaJsonDocument) arguments = via_json_document_new_strict (rows[i].arguments, -1, NULL);
      g_auto(GStrv) headers = via_tool_dup_headers (self, via_json_document_get_root (arguments));
      g_autofree char *joined = headers != NULL ? g_strjoinv ("|", headers) : NULL;

      g_assert_cmpstr (joined, ==, rows[i].headers);
    }
  g_assert_null (via_tool_dup_headers (self, via_json_value_missing ()));
}

static void
test_header_annotations (void)
{
  static const struct
  {
    const char *schema;
    gboolean    valid;
  } rows[] = {
    { "{}", TRUE },
    { "{\"properties\":{\"a\":{\"type\":\"string\",\"x-mcp-header\":\"A\"},\"b\":{\"type\":\"integer\","
      "\"x-mcp-header\":\"B\"}}}", TRUE },
    { "{\"properties\":{\"a\":{\"type\":[\"string\",\"null\"],\"x-mcp-header\":\"A\"}}}", TRUE },
    { "{\"properties\":{\"a\":{\"type\":[\"string\",\"integer\"],\"x-mcp-header\":\"A\"}}}", FALSE },
    { "{\"properties\":{\"a\":{\"x-mcp-header\":\"A\"}}}", FALSE },
    { "{\"properties\":{\"a\":{\"type\":\"number\",\"x-mcp-header\":\"A\"}}}", FALSE },
    { "{\"properties\":{\"a\":{\"type\":\"object\",\"x-mcp-header\":\"A\"}}}", FALSE },
    { "{\"properties\":{\"a\":{\"type\":\"array\",\"x-mcp-header\":\"A\"}}}", FALSE },
    { "{\"properties\":{\"a\":{\"type\":\"null\",\"x-mcp-header\":\"A\"}}}", FALSE },
    { "{\"properties\":{\"a\":{\"type\":\"string\",\"x-mcp-header\":\"\"}}}", FALSE },
    { "{\"properties\":{\"a\":{\"type\":\"string\",\"x-mcp-header\":true}}}", FALSE },
    { "{\"properties\":{\"a\":{\"type\":\"string\",\"x-mcp-header\":\"two words\"}}}", FALSE },
    { "{\"properties\":{\"a\":{\"type\":\"string\",\"x-mcp-header\":\"a:b\"}}}", FALSE },
    { "{\"properties\":{\"a\":{\"type\":\"string\",\"x-mcp-header\":\"é\"}}}", FALSE },
    { "{\"properties\":{\"a\":{\"type\":\"string\",\"x-mcp-header\":\"a\\r\\nb\"}}}", FALSE },
    { "{\"properties\":{\"a\":{\"type\":\"string\",\"x-mcp-header\":\"A\"},\"b\":{\"type\":\"string\","
      "\"x-mcp-header\":\"A\"}}}", FALSE },
    { "{\"properties\":{\"a\":{\"type\":\"string\",\"x-mcp-header\":\"Ab\"},\"b\":{\"type\":\"string\","
      "\"x-mcp-header\":\"aB\"}}}", FALSE },
    { "{\"properties\":{\"o\":{\"properties\":{\"a\":{\"type\":\"string\",\"x-mcp-header\":\"A\"}}}}}", TRUE },
    { "{\"properties\":{\"o\":{\"properties\":{\"a\":{\"type\":\"string\",\"x-mcp-header\":\"A\"}}},\"a\":{"
      "\"type\":\"string\",\"x-mcp-header\":\"A\"}}}", FALSE },
    { "{\"type\":\"string\",\"x-mcp-header\":\"A\"}", FALSE },
    { "{\"properties\":{\"l\":{\"items\":{\"type\":\"string\",\"x-mcp-header\":\"A\"}}}}", FALSE },
    { "{\"anyOf\":[{\"properties\":{\"a\":{\"type\":\"string\",\"x-mcp-header\":\"A\"}}}]}", FALSE },
    { "{\"$defs\":{\"d\":{\"type\":\"string\",\"x-mcp-header\":\"A\"}}}", FALSE },
    { "{\"additionalProperties\":{\"type\":\"string\",\"x-mcp-header\":\"A\"}}", FALSE },
    { "{\"if\":{\"properties\":{\"a\":{\"type\":\"string\",\"x-mcp-header\":\"A\"}}}}", FALSE },
    /* a parameter of that name, and data */
    { "{\"properties\":{\"x-mcp-header\":{\"type\":\"string\"}}}", TRUE },
    { "{\"properties\":{\"a\":{\"default\":{\"x-mcp-header\":\"\"},\"enum\":[{\"x-mcp-header\":\"\"}]}}}", TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *json = g_strdup_printf ("{\"name\":\"n\",\"inputSchema\":%s}", rows[i].schema);
      g_autoptr(ViaTool) self = tool (json);
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", rows[i].schema);
      g_assert_cmpint (via_tool_check_headers (self, &error), ==, rows[i].valid);
      g_assert_cmpint (error == NULL, ==, rows[i].valid);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/tool/keeps-the-whole-description", test_whole_description);
  g_test_add_func ("/core/tool/title", test_title);
  g_test_add_func ("/core/tool/refuses-what-is-no-tool", test_refused);
  g_test_add_func ("/core/tool/hints-are-off-unless-said", test_hints);
  g_test_add_func ("/core/tool/categories", test_categories);
  g_test_add_func ("/core/tool/rest-descriptions", test_rest);
  g_test_add_func ("/core/tool/refuses-what-is-no-rest-tool", test_rest_refused);
  g_test_add_func ("/core/tool/header-encoding", test_header_encoding);
  g_test_add_func ("/core/tool/mirrored-arguments", test_mirrored_arguments);
  g_test_add_func ("/core/tool/header-annotations", test_header_annotations);
  return g_test_run ();
}
