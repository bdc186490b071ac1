/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "via-form-model.h"

/* The model behind the form: schema → fields, fields ↔ JSON text, checks. Needs no display. */

static ViaFormModel *
make (const char *schema)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ViaJsonDocument) document = via_json_document_new_strict (schema, -1, &error);

  g_assert_no_error (error);
  return via_form_model_new (via_json_document_get_root (document));
}

static ViaFormField *
get (ViaFormModel *model,
     const char   *path)
{
  g_auto(GStrv) steps = g_strsplit (path, ".", -1);
  ViaFormField *field = via_form_model_get_root (model);

  for (guint i = 0; steps[i] != NULL; i++)
    {
      field = via_form_field_find (field, steps[i]);
      g_assert_nonnull (field);
    }

  return field;
}

#define assert_text(model, expected) g_assert_cmpstr (via_form_model_get_text (model), ==, expected)

static const char *sum_schema = "{\"type\":\"object\",\"properties\":{"
                                "\"a\":{\"type\":\"number\",\"description\":\"First number\"},"
                                "\"b\":{\"type\":\"number\",\"description\":\"Second number\"}},"
                                "\"required\":[\"a\",\"b\"]}";

static void
test_kinds (void)
{
  static const struct
  {
    const char *schema;
    ViaFormKind kind;
  } rows[] = {
    { "{\"type\":\"string\"}", VIA_FORM_STRING },
    { "{\"type\":\"number\"}", VIA_FORM_NUMBER },
    { "{\"type\":\"integer\"}", VIA_FORM_INTEGER },
    { "{\"type\":\"boolean\"}", VIA_FORM_BOOLEAN },
    { "{\"type\":[\"string\",\"null\"]}", VIA_FORM_STRING },
    { "{\"anyOf\":[{\"type\":\"integer\"},{\"type\":\"null\"}],\"default\":null}", VIA_FORM_INTEGER },
    { "{\"type\":[\"string\",\"number\"]}", VIA_FORM_JSON },
    { "{\"enum\":[\"a\",\"b\"]}", VIA_FORM_CHOICE },
    { "{\"enum\":[1,2,null]}", VIA_FORM_CHOICE },
    { "{\"const\":\"x\"}", VIA_FORM_CHOICE },
    { "{\"oneOf\":[{\"const\":\"a\",\"title\":\"A\"},{\"const\":\"b\",\"title\":\"B\"}]}", VIA_FORM_CHOICE },
    { "{\"anyOf\":[{\"enum\":[\"a\",\"b\"]},{\"type\":\"null\"}]}", VIA_FORM_CHOICE },
    { "{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"object\"}]}", VIA_FORM_JSON },
    { "{\"type\":\"array\",\"items\":{\"type\":\"string\"}}", VIA_FORM_LIST },
    { "{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/level\"}}", VIA_FORM_LIST },
    { "{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"a\":{}}}}", VIA_FORM_JSON },
    { "{\"type\":\"array\"}", VIA_FORM_JSON },
    { "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}}}", VIA_FORM_OBJECT },
    { "{\"type\":\"object\",\"additionalProperties\":true}", VIA_FORM_JSON },
    { "{\"$ref\":\"#/$defs/level\"}", VIA_FORM_CHOICE },
    { "{\"allOf\":[{\"$ref\":\"#/$defs/level\"}],\"default\":\"low\"}", VIA_FORM_CHOICE },
    { "{\"$ref\":\"#/$defs/loop\"}", VIA_FORM_JSON },
    { "{\"$ref\":\"#/$defs/nowhere\"}", VIA_FORM_JSON },
    { "{\"$ref\":\"https://example.com/s.json\"}", VIA_FORM_JSON },
    { "{\"$ref\":\"#/$defs/lists\"}", VIA_FORM_JSON },
    { "{}", VIA_FORM_JSON },
    { "true", VIA_FORM_JSON },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *schema
        = g_strdup_printf ("{\"type\":\"object\",\"properties\":{\"x\":%s},\"$defs\":{"
                           "\"level\":{\"type\":\"string\",\"enum\":[\"low\",\"high\"]},"
                           "\"loop\":{\"$ref\":\"#/$defs/loop\"},"
                           "\"lists\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/lists\"}}}}",
                           rows[i].schema);
      g_autoptr(ViaFormModel) model = make (schema);

      g_test_message ("%s", rows[i].schema);
      g_assert_cmpint (via_form_field_get_kind (get (model, "x")), ==, rows[i].kind);
      assert_text (model, "{}");
    }
}

/* A schema that contains itself ends in JSON instead of never. */
static void
test_recursive_schema (void)
{
  g_autoptr(ViaFormModel) model
    = make ("{\"type\":\"object\",\"properties\":{\"next\":{\"$ref\":\"#\"},\"other\":{\"$ref\":\"#\"},"
            "\"name\":{\"type\":\"string\"}}}");

  g_assert_cmpint (via_form_field_get_kind (get (model, "next.next.name")), ==, VIA_FORM_STRING);
  via_form_field_set_text (get (model, "next.next.name"), "deep");
  assert_text (model, "{\n  \"next\": {\n    \"next\": {\n      \"name\": \"deep\"\n    }\n  }\n}");
}

static void
test_order_and_digits (void)
{
  g_autoptr(ViaFormModel) model = make (sum_schema);

  assert_text (model, "{}");
  via_form_field_set_text (get (model, "b"), "123456789012345678901234567890.10");
  via_form_field_set_text (get (model, "a"), "2.50");
  assert_text (model, "{\n  \"a\": 2.50,\n  \"b\": 123456789012345678901234567890.10\n}");
  via_form_field_set_text (get (model, "b"), "");
  assert_text (model, "{\n  \"a\": 2.50\n}");
  via_form_field_set_text (get (model, "a"), "");
  assert_text (model, "{}");
}

static void
test_wrong_number_stays (void)
{
  g_autoptr(ViaFormModel) model = make (sum_schema);
  g_autofree char *text = NULL;

  via_form_field_set_text (get (model, "b"), "three");
  assert_text (model, "{\n  \"b\": \"three\"\n}");
  text = via_form_field_dup_text (get (model, "b"));
  g_assert_cmpstr (text, ==, "three");
  g_assert_cmpstr (via_form_field_get_message (get (model, "b")), ==, "“three” is not a number");
  g_assert_cmpuint (via_form_model_get_n_wrong (model), ==, 1);
  g_assert_true (via_form_model_get_first_wrong (model) == get (model, "b"));
}

static void
test_missing_is_said_when_asked (void)
{
  g_autoptr(ViaFormModel) model = make (sum_schema);
  g_autofree char *messages = NULL;

  g_assert_cmpuint (via_form_model_get_n_wrong (model), ==, 0);
  via_form_field_set_text (get (model, "a"), "1");
  via_form_field_set_text (get (model, "a"), "");
  g_assert_cmpstr (via_form_field_get_message (get (model, "a")), ==, "Required");
  g_assert_null (via_form_field_get_message (get (model, "b")));
  via_form_model_ask (model);
  g_assert_cmpuint (via_form_model_get_n_wrong (model), ==, 2);
  messages = via_form_model_dup_messages (model, 5);
  g_assert_cmpstr (messages, ==, "a: Required\nb: Required");
}

static void
test_optional_is_not_sent (void)
{
  g_autoptr(ViaFormModel) model
    = make ("{\"type\":\"object\",\"properties\":{\"limit\":{\"type\":\"integer\",\"default\":10},"
            "\"deep\":{\"type\":\"boolean\",\"default\":true},\"mode\":{\"enum\":[\"a\",\"b\"],\"default\":\"b\"},"
            "\"size\":{\"type\":\"integer\",\"default\":5},\"sure\":{\"type\":\"boolean\"},"
            "\"kind\":{\"const\":\"k\"},\"who\":{\"type\":[\"string\",\"null\"]}},"
            "\"required\":[\"size\",\"sure\",\"kind\",\"who\"]}");
  g_autofree char *placeholder = via_form_field_dup_placeholder (get (model, "limit"));

  /* Required ones start with their default, the only choice, or null; optional ones with nothing. */
  assert_text (model, "{\n  \"size\": 5,\n  \"sure\": false,\n  \"kind\": \"k\",\n  \"who\": null\n}");
  g_assert_true (via_form_model_is_pristine (model));
  g_assert_cmpstr (placeholder, ==, "10");
  g_assert_true (via_form_field_get_boolean (get (model, "deep")));
  g_assert_false (via_form_field_is_set (get (model, "deep")));
  via_form_field_set_boolean (get (model, "deep"), FALSE);
  via_form_field_set_choice (get (model, "mode"), 0);
  g_assert_false (via_form_model_is_pristine (model));
  via_form_field_set_choice (get (model, "mode"), -1);
  via_form_field_unset (get (model, "deep"));
  g_assert_true (via_form_model_is_pristine (model));
  via_form_model_ask (model);
  g_assert_cmpuint (via_form_model_get_n_wrong (model), ==, 0);
}

static void
test_layout_is_kept (void)
{
  static const struct
  {
    const char *before;
    const char *field;
    const char *typed;
    const char *after;
  } rows[] = {
    { "{\"a\":1}", "b", "2", "{\"a\":1, \"b\": 2}" },
    { "{\"b\":1}", "a", "2", "{\"a\": 2, \"b\":1}" },
    { "{ \"z\" : [ 1,2 ],\n\t\"b\":1e3 }", "a", "2", "{ \"z\" : [ 1,2 ], \"a\": 2,\n\t\"b\":1e3 }" },
    { "{\n    \"z\": 0,\n    \"a\" :  1\n}\n", "b", "2", "{\n    \"z\": 0,\n    \"a\" :  1,\n    \"b\": 2\n}\n" },
    { "{\n    \"z\": 0,\n    \"a\" :  1\n}\n", "a", "7", "{\n    \"z\": 0,\n    \"a\" :  7\n}\n" },
    { "{\"a\":1, \"z\":2, \"b\":3}", "a", "", "{\"z\":2, \"b\":3}" },
    { "{\"a\":1, \"z\":2, \"b\":3}", "b", "", "{\"a\":1, \"z\":2}" },
    { "{\"\\u0061\":1}", "a", "2", "{\"\\u0061\":2}" },
    { " ", "a", "2", "{\n  \"a\": 2\n}" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(ViaFormModel) model = make (sum_schema);

      via_form_model_set_text (model, rows[i].before);
      assert_text (model, rows[i].before);
      via_form_field_set_text (get (model, rows[i].field), rows[i].typed);
      assert_text (model, rows[i].after);
    }
}

static void
test_unknown_members (void)
{
  g_autoptr(ViaFormModel) model = make (sum_schema);

  via_form_model_set_text (model, "{\"a\": 1, \"x\": {\"y\": 2}, \"z\": null}");
  g_assert_cmpuint (via_form_model_get_n_unknown (model), ==, 2);
  via_form_field_set_text (get (model, "a"), "5");
  assert_text (model, "{\"a\": 5, \"x\": {\"y\": 2}, \"z\": null}");
}

static void
test_invalid_text_keeps_fields (void)
{
  g_autoptr(ViaFormModel) model = make (sum_schema);
  const char *broken = "{\n  \"a\": 1,\n  \"b\": }";
  g_autofree char *text = NULL;
  guint line, column;

  via_form_model_set_text (model, "{\"a\": 1}");
  via_form_model_set_text (model, broken);
  g_assert_nonnull (via_form_model_get_error (model, &line, &column));
  g_assert_cmpuint (line, ==, 3);
  g_assert_cmpuint (column, ==, 8);
  g_assert_null (via_form_model_get_document (model));
  text = via_form_field_dup_text (get (model, "a"));
  g_assert_cmpstr (text, ==, "1");

  /* A field cannot overwrite what is being corrected. */
  via_form_field_set_text (get (model, "a"), "9");
  assert_text (model, broken);
  via_form_model_set_text (model, "{\"a\": 2}");
  g_assert_null (via_form_model_get_error (model, NULL, NULL));
}

static void
test_refused_texts (void)
{
  static const char *texts[] = { "[1]", "\"a\"", "{\"a\":1,\"a\":2}", "{\"a\":01}", "{\"a\":1,}", "{}{}" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(ViaFormModel) model = make (sum_schema);
      guint line;

      via_form_model_set_text (model, texts[i]);
      g_test_message ("%s: %s", texts[i], via_form_model_get_error (model, &line, NULL));
      g_assert_nonnull (via_form_model_get_error (model, &line, NULL));
      g_assert_cmpuint (line, ==, 1);
      assert_text (model, texts[i]);
    }
}

static void
test_list (void)
{
  g_autoptr(ViaFormModel) model
    = make ("{\"type\":\"object\",\"properties\":{\"tags\":{\"type\":\"array\",\"items\":{\"type\":\"string\"},"
            "\"maxItems\":2},\"n\":{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}},\"required\":[\"n\"]}");
  ViaFormField *tags = get (model, "tags");
  ViaFormField *n = get (model, "n");

  via_form_field_append_item (tags);
  via_form_field_append_item (tags);
  assert_text (model, "{\n  \"tags\": [\"\", \"\"]\n}");
  via_form_field_set_text (via_form_field_get_child (tags, 1), "b");
  via_form_field_set_text (via_form_field_get_child (tags, 0), "a \"q\"");
  assert_text (model, "{\n  \"tags\": [\"a \\\"q\\\"\", \"b\"]\n}");
  via_form_field_append_item (tags);
  g_assert_cmpstr (via_form_field_get_message (tags), ==, "At most 2 items are allowed");
  via_form_field_remove_item (tags, 0);
  via_form_field_remove_item (tags, 1);
  via_form_field_remove_item (tags, 0);
  assert_text (model, "{}");

  via_form_field_append_item (n);
  g_assert_cmpstr (via_form_field_get_message (via_form_field_get_child (n, 0)), ==, "Required");
  via_form_field_set_text (via_form_field_get_child (n, 0), "4");
  g_assert_cmpuint (via_form_model_get_n_wrong (model), ==, 0);
  via_form_field_remove_item (n, 0);
  assert_text (model, "{\n  \"n\": []\n}");
}

static void
test_nested_object (void)
{
  g_autoptr(ViaFormModel) model
    = make ("{\"type\":\"object\",\"properties\":{\"where\":{\"type\":\"object\",\"properties\":{"
            "\"city\":{\"type\":\"string\"},\"zip\":{\"type\":\"string\"}},\"required\":[\"city\"]}}}");

  via_form_model_ask (model);
  g_assert_cmpuint (via_form_model_get_n_wrong (model), ==, 0);
  via_form_field_set_text (get (model, "where.zip"), "8000");
  assert_text (model, "{\n  \"where\": {\n    \"zip\": \"8000\"\n  }\n}");
  g_assert_cmpuint (via_form_model_get_n_wrong (model), ==, 1);
  via_form_field_set_text (get (model, "where.city"), "Zürich");
  g_assert_cmpuint (via_form_model_get_n_wrong (model), ==, 0);
  assert_text (model, "{\n  \"where\": {\n    \"city\": \"Zürich\",\n    \"zip\": \"8000\"\n  }\n}");
  via_form_field_set_text (get (model, "where.city"), "");
  via_form_field_set_text (get (model, "where.zip"), "");
  assert_text (model, "{}");
}

static void
test_json_field (void)
{
  g_autoptr(ViaFormModel) model
    = make ("{\"type\":\"object\",\"properties\":{\"edits\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
            "\"properties\":{\"a\":{}}}}}}");
  ViaFormField *edits = get (model, "edits");
  g_autofree char *text = NULL;

  via_form_field_set_text (edits, "[{\"a\": 1.0}");
  assert_text (model, "{}");
  g_assert_nonnull (via_form_field_get_message (edits));
  text = via_form_field_dup_text (edits);
  g_assert_cmpstr (text, ==, "[{\"a\": 1.0}");
  via_form_field_set_text (edits, "[{\"a\": 1.0}]");
  assert_text (model, "{\n  \"edits\": [{\"a\": 1.0}]\n}");
  g_assert_null (via_form_field_get_message (edits));
  via_form_field_set_text (edits, "{}");
  g_assert_cmpstr (via_form_field_get_message (edits), ==, "Must be a list, [ … ]");
  via_form_field_set_text (edits, " ");
  assert_text (model, "{}");
}

static void
test_messages (void)
{
  static const struct
  {
    const char *schema;
    const char *value;
    const char *message;
  } rows[] = {
    { "{\"type\":\"number\",\"minimum\":1}", "0.5", "Must be at least 1" },
    { "{\"type\":\"number\",\"minimum\":1}", "1", NULL },
    { "{\"type\":\"number\",\"exclusiveMinimum\":1}", "1", "Must be greater than 1" },
    { "{\"type\":\"number\",\"minimum\":1,\"exclusiveMinimum\":true}", "1", "Must be greater than 1" },
    { "{\"type\":\"integer\",\"maximum\":9007199254740992}", "9007199254740993", "Must be at most 9007199254740992" },
    { "{\"type\":\"number\",\"exclusiveMaximum\":10}", "10.0", "Must be less than 10" },
    { "{\"type\":\"number\",\"multipleOf\":0.1}", "0.3", NULL },
    { "{\"type\":\"number\",\"multipleOf\":5}", "7", "Must be a multiple of 5" },
    { "{\"type\":\"integer\"}", "2.5", "“2.5” is not a whole number" },
    { "{\"type\":\"integer\"}", "2.0", NULL },
    { "{\"type\":\"integer\"}", "99999999999999999999", NULL },
    { "{\"type\":\"integer\"}", "\"3\"", "“3” is text in the JSON, not a number" },
    { "{\"type\":\"integer\"}", "true", "“true” is not a number" },
    { "{\"type\":\"string\"}", "5", "In the JSON this is not text" },
    { "{\"type\":\"string\"}", "null", "In the JSON this is not text" },
    { "{\"type\":[\"string\",\"null\"]}", "null", NULL },
    { "{\"type\":\"string\",\"minLength\":3}", "\"äö\"", "At least 3 characters are needed" },
    { "{\"type\":\"string\",\"maxLength\":1}", "\"äö\"", "At most 1 character is allowed" },
    { "{\"type\":\"string\",\"pattern\":\"^[a-z]+$\"}", "\"ab\"", NULL },
    { "{\"type\":\"string\",\"pattern\":\"^[a-z]+$\"}", "\"a1\"", "Does not match the pattern ^[a-z]+$" },
    { "{\"type\":\"string\",\"pattern\":\"(\"}", "\"a1\"", NULL },
    { "{\"type\":\"string\",\"pattern\":\"^(a+)+$\"}", "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\"", NULL },
    { "{\"type\":\"boolean\"}", "\"yes\"", "In the JSON this is neither true nor false" },
    { "{\"enum\":[\"a\",\"b\"]}", "\"c\"", "“c” is not one of the choices" },
    { "{\"enum\":[\"a\",\"b\"]}", "\"\\u0061\"", NULL },
    { "{\"enum\":[1,2]}", "2", NULL },
    { "{\"type\":\"array\",\"items\":{\"type\":\"string\"}}", "7", "In the JSON this is not a list, [ … ]" },
    { "{\"type\":\"array\",\"items\":{\"type\":\"string\"},\"minItems\":1}", "[]", "At least 1 item is needed" },
    { "{\"type\":\"array\",\"items\":{\"type\":\"string\"},\"uniqueItems\":true}", "[\"a\",\"a\"]",
      "No item may be there twice" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *schema
        = g_strdup_printf ("{\"type\":\"object\",\"properties\":{\"x\":%s}}", rows[i].schema);
      g_autofree char *text = g_strdup_printf ("{\"x\":%s}", rows[i].value);
      g_autoptr(ViaFormModel) model = make (schema);

      g_test_message ("%s %s", rows[i].schema, rows[i].value);
      via_form_model_set_text (model, text);
      g_assert_cmpstr (via_form_field_get_message (get (model, "x")), ==, rows[i].message);
    }
}

/* A peer's schema with thousands of properties makes a form of bounded size; the rest stays possible in JSON. */
static void
test_field_cap (void)
{
  GString *schema = g_string_new ("{\"type\":\"object\",\"properties\":{");
  g_autofree char *text = NULL;
  g_autoptr(ViaFormModel) model = NULL;

  for (guint i = 0; i < 5000; i++)
    g_string_append_printf (schema, "%s\"p%u\":{\"type\":\"string\"}", i > 0 ? "," : "", i);
  g_string_append (schema, "}}");
  text = g_string_free (schema, FALSE);
  model = make (text);
  g_assert_cmpuint (via_form_field_get_n_children (via_form_model_get_root (model)), ==, 300);
  via_form_model_set_text (model, "{\"p4999\":\"x\"}");
  g_assert_cmpuint (via_form_model_get_n_unknown (model), ==, 1);
}

static void
test_no_parameters (void)
{
  g_autoptr(ViaFormModel) none = via_form_model_new (via_json_value_missing ());
  g_autoptr(ViaFormModel) empty = make ("{\"type\":\"object\",\"properties\":{},\"additionalProperties\":false}");
  g_autoptr(ViaFormModel) any = make ("{\"type\":\"object\",\"additionalProperties\":{\"type\":\"string\"}}");

  g_assert_cmpuint (via_form_field_get_n_children (via_form_model_get_root (none)), ==, 0);
  g_assert_cmpint (via_form_field_get_kind (via_form_model_get_root (none)), ==, VIA_FORM_OBJECT);
  g_assert_cmpint (via_form_field_get_kind (via_form_model_get_root (empty)), ==, VIA_FORM_OBJECT);
  g_assert_cmpint (via_form_field_get_kind (via_form_model_get_root (any)), ==, VIA_FORM_JSON);
  via_form_model_set_text (none, "{\"a\": 1}");
  g_assert_cmpuint (via_form_model_get_n_unknown (none), ==, 1);
  via_form_model_set_text (any, "{\"a\": \"b\"}");
  g_assert_cmpuint (via_form_model_get_n_wrong (any), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/app/form/kinds", test_kinds);
  g_test_add_func ("/app/form/recursive-schema", test_recursive_schema);
  g_test_add_func ("/app/form/order-and-digits", test_order_and_digits);
  g_test_add_func ("/app/form/wrong-number-stays", test_wrong_number_stays);
  g_test_add_func ("/app/form/missing-is-said-when-asked", test_missing_is_said_when_asked);
  g_test_add_func ("/app/form/optional-is-not-sent", test_optional_is_not_sent);
  g_test_add_func ("/app/form/layout-is-kept", test_layout_is_kept);
  g_test_add_func ("/app/form/unknown-members", test_unknown_members);
  g_test_add_func ("/app/form/invalid-text-keeps-fields", test_invalid_text_keeps_fields);
  g_test_add_func ("/app/form/refused-texts", test_refused_texts);
  g_test_add_func ("/app/form/list", test_list);
  g_test_add_func ("/app/form/nested-object", test_nested_object);
  g_test_add_func ("/app/form/json-field", test_json_field);
  g_test_add_func ("/app/form/messages", test_messages);
  g_test_add_func ("/app/form/field-cap", test_field_cap);
  g_test_add_func ("/app/form/no-parameters", test_no_parameters);

  return g_test_run ();
}
