/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gio/gio.h>
#include <string.h>

#include "rpc/via-rpc-error.h"

#define HEAD "{\"jsonrpc\":\"2.0\","

static ViaRpcMessage *
parse (const char  *text,
       GError     **error)
{
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));

  return via_rpc_message_new (bytes, NULL, error);
}

static const struct
{
  const char *text;
  ViaRpcKind  kind;
  const char *id;   /* raw, NULL for none */
  gint64      own;  /* -1: not an integer */
  const char *body; /* params, result or error, raw; NULL for none */
} good[] = {
  { HEAD "\"id\":1,\"method\":\"a\"}", VIA_RPC_REQUEST, "1", 1, NULL },
  { HEAD "\"id\":\"1\",\"method\":\"a\",\"params\":{}}", VIA_RPC_REQUEST, "\"1\"", -1, "{}" },
  { HEAD "\"id\":-3,\"method\":\"a\",\"params\":[1]}", VIA_RPC_REQUEST, "-3", -3, "[1]" },
  { HEAD "\"id\":1152921504606846976,\"method\":\"a\"}", VIA_RPC_REQUEST, "1152921504606846976", 1152921504606846976, NULL },
  { HEAD "\"id\":\"\",\"method\":\"\"}", VIA_RPC_REQUEST, "\"\"", -1, NULL },
  { HEAD "\"id\":1,\"method\":\"a\",\"params\":null}", VIA_RPC_REQUEST, "1", 1, NULL },
  { HEAD "\"method\":\"a\"}", VIA_RPC_NOTIFICATION, NULL, -1, NULL },
  { HEAD "\"method\":\"a\",\"params\":{\"x\":0.10}}", VIA_RPC_NOTIFICATION, NULL, -1, "{\"x\":0.10}" },
  { " \t{\"result\":{\"a\":12345678901234567890},\"id\":7,\r\n\"jsonrpc\":\"2.0\"} ", VIA_RPC_RESULT, "7", 7, "{\"a\":12345678901234567890}" },
  { HEAD "\"id\":7,\"result\":null}", VIA_RPC_RESULT, "7", 7, "null" },
  { HEAD "\"id\":7,\"result\":{\"k\":1,\"k\":2}}", VIA_RPC_RESULT, "7", 7, "{\"k\":1,\"k\":2}" },
  { HEAD "\"id\":7,\"result\":[\"a\\u0000b\",\"\\ud800\"]}", VIA_RPC_RESULT, "7", 7, "[\"a\\u0000b\",\"\\ud800\"]" },
  { HEAD "\"id\":7,\"error\":{\"code\":1,\"message\":\"m\"}}", VIA_RPC_FAILURE, "7", 7, "{\"code\":1,\"message\":\"m\"}" },
  { HEAD "\"id\":null,\"error\":{}}", VIA_RPC_FAILURE, NULL, -1, "{}" },
  { HEAD "\"error\":{}}", VIA_RPC_FAILURE, NULL, -1, "{}" },
  { HEAD "\"id\":1,\"method\":\"a\",\"Method\":\"b\",\"extra\":[1]}", VIA_RPC_REQUEST, "1", 1, NULL },
};

static void
test_good (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      GError *error = NULL;
      g_autoptr(ViaRpcMessage) message = NULL;
      g_autofree char *id = NULL;
      g_autofree char *body = NULL;
      ViaJsonValue value;
      gint64 own = -1;

      g_test_message ("%s", good[i].text);
      message = parse (good[i].text, &error);
      g_assert_no_error (error);
      g_assert_cmpint (via_rpc_message_get_kind (message), ==, good[i].kind);
      id = via_json_value_dup_raw (via_rpc_message_get_id (message));
      g_assert_cmpstr (id, ==, good[i].id);
      g_assert_cmpint (via_rpc_message_get_own_id (message, &own) ? own : -1, ==, good[i].own);
      value = good[i].kind == VIA_RPC_RESULT ? via_rpc_message_get_result (message)
              : good[i].kind == VIA_RPC_FAILURE ? via_rpc_message_get_error (message)
              : via_rpc_message_get_params (message);
      body = via_json_value_dup_raw (value);
      g_assert_cmpstr (body, ==, good[i].body);
      g_assert_true ((via_rpc_message_get_method (message) != NULL) == (good[i].kind <= VIA_RPC_NOTIFICATION));
    }
}

static const struct
{
  const char *text;
  gboolean    is_json; /* the fault is in the message, not in the JSON */
} bad[] = {
  { "", FALSE },
  { "  ", FALSE },
  { "{}{}", FALSE },
  { "{\"jsonrpc\":\"2.0\",\"method\":\"a\"", FALSE },
  { "{\"jsonrpc\":\"2.0\",\"method\":\"a\xff\"}", FALSE },
  { "{\"jsonrpc\":\"2.0\",\"method\":\"a\",\"\\u006dethod\":\"b\"}", FALSE },
  { "{\"jsonrpc\":\"2.0\",\"method\":\"a\",\"method\":\"a\"}", FALSE },
  { "{\"jsonrpc\":\"2.0\",\"method\\u0000\":\"a\",\"method\":\"b\"}", FALSE },
  { "{\"jsonrpc\":\"2.0\",\"method\":\"a\\u0000\"}", FALSE },
  { "{\"jsonrpc\":\"2.0\",\"method\":\"a\",\"params\":{\"k\":1,\"k\":2}}", FALSE },
  { "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{},\"result\":{}}", FALSE },
  { "{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"result\":{}}", FALSE },
  { "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":1,\"code\":2}}", FALSE },
  { "null", TRUE },
  { "\"{}\"", TRUE },
  { "[]", TRUE },
  { "[{\"jsonrpc\":\"2.0\",\"method\":\"a\"}]", TRUE },
  { "{}", TRUE },
  { "{\"method\":\"a\"}", TRUE },
  { "{\"jsonrpc\":\"1.0\",\"method\":\"a\"}", TRUE },
  { "{\"jsonrpc\":2.0,\"method\":\"a\"}", TRUE },
  { "{\"jsonrpc\":\"2.0\"}", TRUE },
  { "{\"jsonrpc\":\"2.0\",\"id\":1}", TRUE },
  { "{\"jsonrpc\":\"2.0\",\"method\":1}", TRUE },
  { "{\"jsonrpc\":\"2.0\",\"method\":null,\"id\":1}", TRUE },
  { "{\"jsonrpc\":\"2.0\",\"method\":\"a\",\"id\":null}", TRUE },
  { "{\"jsonrpc\":\"2.0\",\"method\":\"a\",\"id\":1.0}", TRUE },
  { "{\"jsonrpc\":\"2.0\",\"method\":\"a\",\"id\":1e2}", TRUE },
  { "{\"jsonrpc\":\"2.0\",\"method\":\"a\",\"id\":[1]}", TRUE },
  { "{\"jsonrpc\":\"2.0\",\"method\":\"a\",\"id\":{}}", TRUE },
  { "{\"jsonrpc\":\"2.0\",\"method\":\"a\",\"id\":true}", TRUE },
  { "{\"jsonrpc\":\"2.0\",\"method\":\"a\",\"id\":99999999999999999999}", TRUE },
  { "{\"jsonrpc\":\"2.0\",\"method\":\"a\",\"params\":1}", TRUE },
  { "{\"jsonrpc\":\"2.0\",\"method\":\"a\",\"params\":\"x\"}", TRUE },
  { "{\"jsonrpc\":\"2.0\",\"method\":\"a\",\"result\":{}}", TRUE },
  { "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\",\"error\":{}}", TRUE },
  { "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{},\"error\":{}}", TRUE },
  { "{\"jsonrpc\":\"2.0\",\"result\":{}}", TRUE },
  { "{\"jsonrpc\":\"2.0\",\"id\":null,\"result\":{}}", TRUE },
  { "{\"jsonrpc\":\"2.0\",\"id\":1.5,\"result\":{}}", TRUE },
  { "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":\"no\"}", TRUE },
  { "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":null}", TRUE },
  { "{\"jsonrpc\":\"2.0\",\"id\":[],\"error\":{}}", TRUE },
};

static void
test_bad (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", bad[i].text);
      g_assert_null (parse (bad[i].text, &error));
      if (bad[i].is_json)
        g_assert_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_INVALID);
      else
        g_assert_cmpuint (error->domain, ==, VIA_JSON_ERROR);
    }
}

/* Cut anywhere, a message is none. */
static void
test_every_cut (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      gsize end = strrchr (good[i].text, '}') - good[i].text;

      for (gsize length = 0; length <= end; length++)
        {
          g_autofree char *cut = g_strndup (good[i].text, length);
          g_autoptr(GError) error = NULL;

          g_assert_null (parse (cut, &error));
          g_assert_nonnull (error);
        }
    }
}

static void
check_written (GBytes     *bytes,
               const char *expected)
{
  gsize size;
  const char *text = g_bytes_get_data (bytes, &size);
  g_autofree char *copy = g_strndup (text, size);
  g_autoptr(GError) error = NULL;
  g_autoptr(ViaRpcMessage) message = via_rpc_message_new (bytes, NULL, &error);

  g_assert_cmpstr (copy, ==, expected);
  g_assert_no_error (error);
  g_bytes_unref (bytes);
}

static void
test_write (void)
{
  g_autoptr(ViaJsonDocument) document = via_json_document_new_strict ("{ \"a\" :\n[1.0, \"x\\ny\"] }", -1, NULL);
  g_autoptr(ViaJsonDocument) id = via_json_document_new_strict ("\"q-1\"", -1, NULL);
  ViaJsonValue value = via_json_document_get_root (document);
  ViaJsonValue none = via_json_value_missing ();

  check_written (via_rpc_write_request (5, "a/b", value),
                 "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"a/b\",\"params\":{\"a\":[1.0,\"x\\ny\"]}}");
  check_written (via_rpc_write_request (5, "a", none), "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"a\"}");
  check_written (via_rpc_write_notification ("n", value),
                 "{\"jsonrpc\":\"2.0\",\"method\":\"n\",\"params\":{\"a\":[1.0,\"x\\ny\"]}}");
  check_written (via_rpc_write_result (via_json_document_get_root (id), value),
                 "{\"jsonrpc\":\"2.0\",\"id\":\"q-1\",\"result\":{\"a\":[1.0,\"x\\ny\"]}}");
  check_written (via_rpc_write_result (via_json_document_get_root (id), none),
                 "{\"jsonrpc\":\"2.0\",\"id\":\"q-1\",\"result\":{}}");
  check_written (via_rpc_write_failure (none, -32700, "what\n?", none),
                 "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,\"message\":\"what\\n?\"}}");
  check_written (via_rpc_write_failure (via_json_document_get_root (id), 1, NULL, value),
                 "{\"jsonrpc\":\"2.0\",\"id\":\"q-1\",\"error\":{\"code\":1,\"message\":\"\",\"data\":{\"a\":[1.0,\"x\\ny\"]}}}");
}

static void
keep_result_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
test_async (void)
{
  gsize sizes[] = { 10, 1000000 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *block = g_strnfill (sizes[i], 'x');
      char *text = g_strdup_printf (HEAD "\"id\":1,\"result\":\"%s\"}", block);
      g_autoptr(GBytes) bytes = g_bytes_new_take (text, strlen (text));
      g_autoptr(GBytes) broken = g_bytes_new_from_bytes (bytes, 1, g_bytes_get_size (bytes) - 1);
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(GAsyncResult) failure = NULL;
      g_autoptr(ViaRpcMessage) message = NULL;
      g_autoptr(GError) error = NULL;

      g_assert_cmpint (via_rpc_message_is_large (bytes), ==, i == 1);
      via_rpc_message_new_async (bytes, NULL, NULL, keep_result_cb, &result);
      via_rpc_message_new_async (broken, NULL, NULL, keep_result_cb, &failure);
      while (result == NULL || failure == NULL)
        g_main_context_iteration (NULL, TRUE);
      message = via_rpc_message_new_finish (result, NULL);
      g_assert_nonnull (message);
      g_assert_null (via_rpc_message_new_finish (failure, &error));
      g_assert_nonnull (error);
    }
}

static void
test_limits (void)
{
  ViaJsonLimits limits = { .max_bytes = 30 };
  g_autoptr(GBytes) bytes = g_bytes_new_static (HEAD "\"method\":\"a\"}", 31);
  g_autoptr(GError) error = NULL;

  g_assert_null (via_rpc_message_new (bytes, &limits, &error));
  g_assert_error (error, VIA_JSON_ERROR, VIA_JSON_ERROR_LIMIT);
}

/* --- errors --- */

static void
test_remote_error (void)
{
  g_autoptr(ViaRpcMessage) message = parse (HEAD "\"id\":1,\"error\":{\"code\":-32601,\"message\":\"no\\n\\u001b[31msuch\","
                                            "\"data\":{\"x\":1}}}", NULL);
  g_autoptr(GError) error = via_rpc_error_new_remote (via_rpc_message_get_error (message));
  g_autoptr(GError) copy = g_error_copy (error);
  const ViaRpcRemoteError *remote;

  g_clear_error (&error);
  g_clear_pointer (&message, via_rpc_message_unref);
  g_assert_error (copy, VIA_RPC_ERROR, VIA_RPC_ERROR_REMOTE);
  g_assert_cmpstr (copy->message, ==, "The server answered with error -32601: “no such”");
  remote = via_rpc_error_get_remote (copy);
  g_assert_cmpint (remote->code, ==, -32601);
  g_assert_cmpstr (remote->message, ==, "no\n\033[31msuch");
  g_assert_true (via_json_value_is_object (via_json_document_get_root (remote->data)));
  g_assert_cmpuint (via_rpc_error_get_http_status (copy), ==, 0);
  g_assert_cmpint (via_rpc_error_get_retry_after (copy), ==, -1);
}

static void
test_odd_remote_errors (void)
{
  static const struct
  {
    const char *text;
    int         code;
    const char *message;
  } table[] = {
    { "{}", VIA_RPC_INTERNAL_ERROR, "" },
    { "{\"code\":\"7\",\"message\":5}", VIA_RPC_INTERNAL_ERROR, "" },
    { "{\"code\":9999999999,\"message\":\"m\"}", VIA_RPC_INTERNAL_ERROR, "m" },
    { "{\"code\":1.5,\"message\":\"m\",\"data\":null}", VIA_RPC_INTERNAL_ERROR, "m" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr(ViaJsonDocument) document = via_json_document_new_strict (table[i].text, -1, NULL);
      g_autoptr(GError) error = via_rpc_error_new_remote (via_json_document_get_root (document));

      g_assert_cmpint (via_rpc_error_get_remote (error)->code, ==, table[i].code);
      g_assert_cmpstr (via_rpc_error_get_remote (error)->message, ==, table[i].message);
    }
}

static void
test_http_error (void)
{
  g_autoptr(GError) original = via_rpc_error_new_http (VIA_RPC_ERROR_HTTP, 503, 5000, "Bearer", "busy", NULL);
  g_autoptr(GError) error = g_error_copy (original);
  g_autoptr(GError) other = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "x");

  g_assert_cmpuint (via_rpc_error_get_http_status (error), ==, 503);
  g_assert_cmpint (via_rpc_error_get_retry_after (error), ==, 5000);
  g_assert_cmpstr (via_rpc_error_get_challenge (error), ==, "Bearer");
  g_assert_cmpstr (via_rpc_error_get_body (error), ==, "busy");
  g_assert_null (via_rpc_error_get_remote (error));
  g_assert_cmpuint (via_rpc_error_get_http_status (other), ==, 0);
  g_assert_cmpint (via_rpc_error_get_retry_after (other), ==, -1);
  g_assert_null (via_rpc_error_get_challenge (NULL));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/rpc-message/good", test_good);
  g_test_add_func ("/core/rpc-message/bad", test_bad);
  g_test_add_func ("/core/rpc-message/every-cut", test_every_cut);
  g_test_add_func ("/core/rpc-message/write", test_write);
  g_test_add_func ("/core/rpc-message/async", test_async);
  g_test_add_func ("/core/rpc-message/limits", test_limits);
  g_test_add_func ("/core/rpc-error/remote", test_remote_error);
  g_test_add_func ("/core/rpc-error/odd-remote", test_odd_remote_errors);
  g_test_add_func ("/core/rpc-error/http", test_http_error);
  return g_test_run ();
}
