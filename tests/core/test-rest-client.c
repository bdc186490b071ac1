/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "rest/via-rest-client.h"
#include "rpc/via-rpc-error.h"

/* A REST bridge in the same process: what it answers next is set by the test, what it was asked is written down. */
typedef struct
{
  SoupServer    *server;
  char          *endpoint;
  ViaRestClient *client;
  GPtrArray     *skipped; /* char * */

  /* the answer */
  guint          status;
  const char    *type;
  GBytes        *body;
  const char    *header;      /* nullable: name */
  const char    *header_value;
  guint          silent;      /* requests that are never answered */

  /* the newest request */
  guint          n_requests;
  char          *method;
  char          *path;
  char          *query;
  char          *request_type;
  char          *request_body;
  char          *authorization;

  /* the outcome */
  GAsyncResult  *result;
} Fixture;

/* An authorizer with a token that never changes. */
#define FAKE_TYPE_AUTHORIZER (fake_authorizer_get_type ())
G_DECLARE_FINAL_TYPE (FakeAuthorizer, fake_authorizer, FAKE, AUTHORIZER, GObject)

struct _FakeAuthorizer
{
  GObject  parent_instance;
  gboolean refuses;
};

static void fake_authorizer_iface_init (ViaHttpAuthorizerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FakeAuthorizer, fake_authorizer, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (VIA_TYPE_HTTP_AUTHORIZER, fake_authorizer_iface_init))

static void
fake_authorize_async (ViaHttpAuthorizer   *authorizer,
                      SoupMessage         *message,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (authorizer, cancellable, callback, user_data);

  if (FAKE_AUTHORIZER (authorizer)->refuses)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is no token.");
      return;
    }
  soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization", "Bearer sesame");
  g_task_return_boolean (task, TRUE);
}

static gboolean
fake_authorize_finish (ViaHttpAuthorizer  *authorizer,
                       GAsyncResult       *result,
                       GError            **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
fake_authorizer_iface_init (ViaHttpAuthorizerInterface *iface)
{
  iface->authorize_async = fake_authorize_async;
  iface->authorize_finish = fake_authorize_finish;
}

static void
fake_authorizer_class_init (FakeAuthorizerClass *klass)
{
}

static void
fake_authorizer_init (FakeAuthorizer *self)
{
}

static void
take_string (char       **place,
             const char  *text)
{
  g_free (*place);
  *place = g_strdup (text);
}

static void
request_cb (SoupServer        *server,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           user_data)
{
  Fixture *f = user_data;
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  SoupMessageBody *body = soup_server_message_get_request_body (message);

  f->n_requests++;
  take_string (&f->method, soup_server_message_get_method (message));
  take_string (&f->path, path);
  take_string (&f->query, g_uri_get_query (soup_server_message_get_uri (message)));
  take_string (&f->request_type, soup_message_headers_get_one (headers, "Content-Type"));
  take_string (&f->authorization, soup_message_headers_get_one (headers, "Authorization"));
  g_free (f->request_body);
  f->request_body = g_strndup (body->data, body->length);
  if (f->silent > 0)
    {
      soup_server_message_pause (message);
      return;
    }

  soup_server_message_set_status (message, f->status, NULL);
  if (f->header != NULL)
    soup_message_headers_append (soup_server_message_get_response_headers (message), f->header, f->header_value);
  soup_server_message_set_response (message, f->type, SOUP_MEMORY_COPY,
                                    g_bytes_get_data (f->body, NULL), g_bytes_get_size (f->body));
}

static void
answer (Fixture    *f,
        guint       status,
        const char *type,
        const char *body)
{
  f->status = status;
  f->type = type;
  g_clear_pointer (&f->body, g_bytes_unref);
  f->body = g_bytes_new (body, strlen (body));
}

static void
skipped_cb (Fixture    *f,
            const char *text)
{
  g_ptr_array_add (f->skipped, g_strdup (text));
}

static void
make_client (Fixture     *f,
             const char  *suffix,
             gsize        max_bytes,
             gboolean     refuses)
{
  static const char *const types[] = { "application/json", "text/plain", NULL };
  const ViaHttpSettings settings = { .max_response_bytes = max_bytes, .allowed_content_types = types };
  g_autofree char *endpoint = g_strconcat (f->endpoint, suffix, NULL);
  g_autoptr(FakeAuthorizer) authorizer = g_object_new (FAKE_TYPE_AUTHORIZER, NULL);

  authorizer->refuses = refuses;
  g_clear_object (&f->client);
  f->client = via_rest_client_new (endpoint, &settings, VIA_HTTP_AUTHORIZER (authorizer));
  g_signal_connect_swapped (f->client, "diagnostic", G_CALLBACK (skipped_cb), f);
}

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  GSList *uris;

  f->skipped = g_ptr_array_new_with_free_func (g_free);
  f->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (f->server, NULL, request_cb, f, NULL);
  soup_server_listen_local (f->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (f->server);
  f->endpoint = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  answer (f, 200, "application/json", "{}");
  make_client (f, "/bridge", 0, FALSE);
}

/* A worker thread lets go of its task, and so of the client, a moment after the answer came. */
static void
finalize_client (Fixture *f)
{
  gpointer alive = f->client;

  g_object_add_weak_pointer (G_OBJECT (f->client), &alive);
  g_clear_object (&f->client);
  for (guint i = 0; i < 5000 && g_atomic_pointer_get (&alive) != NULL; i++)
    g_usleep (1000);
  g_assert_null (alive);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_clear_object (&f->result);
  finalize_client (f);
  soup_server_disconnect (f->server);
  g_clear_object (&f->server);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_pointer (&f->body, g_bytes_unref);
  g_ptr_array_unref (f->skipped);
  g_free (f->endpoint);
  g_free (f->method);
  g_free (f->path);
  g_free (f->query);
  g_free (f->request_type);
  g_free (f->request_body);
  g_free (f->authorization);
}

static void
result_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Fixture *f = user_data;

  f->result = g_object_ref (result);
}

static void
wait (Fixture *f)
{
  while (f->result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static GPtrArray *
list (Fixture  *f,
      GError  **error)
{
  g_clear_object (&f->result);
  via_rest_client_list_tools_async (f->client, 10000, NULL, result_cb, f);
  wait (f);
  return via_rest_client_list_tools_finish (f->client, f->result, error);
}

static ViaToolResult *
call (Fixture       *f,
      const char    *arguments,
      guint          timeout_ms,
      GError       **error)
{
  g_autoptr(ViaJsonDocument) document = arguments != NULL ? via_json_document_new_strict (arguments, -1, NULL) : NULL;

  g_clear_object (&f->result);
  via_rest_client_call_tool_async (f->client, "query", document != NULL ? via_json_document_get_root (document)
                                                                         : via_json_value_missing (),
                                   timeout_ms, NULL, result_cb, f);
  wait (f);
  return via_rest_client_call_tool_finish (f->client, f->result, error);
}

static void
assert_call_fails (Fixture     *f,
                   ViaRpcError  code)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ViaToolResult) result = call (f, NULL, 10000, &error);

  g_assert_null (result);
  g_assert_error (error, VIA_RPC_ERROR, (gint) code);
}

static void
test_list (Fixture       *f,
           gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) tools = NULL;

  answer (f, 200, "application/json; charset=utf-8",
          "{\"tools\": [{\"name\": \"query\", \"description\": \"Ask\", \"parameters\": {\"sql\": {\"type\": \"string\"}},"
          " \"required\": [\"sql\"], \"category\": \"Data\"}, {\"description\": \"nameless\"}, 7, {\"name\": \"ping\"}]}");
  tools = list (f, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (tools->len, ==, 2);
  g_assert_cmpstr (via_tool_get_name (tools->pdata[0]), ==, "query");
  g_assert_cmpstr (via_tool_get_category (tools->pdata[0]), ==, "Data");
  g_assert_cmpstr (via_tool_get_name (tools->pdata[1]), ==, "ping");
  g_assert_cmpuint (f->skipped->len, ==, 2);
  g_assert_cmpstr (f->method, ==, "GET");
  g_assert_cmpstr (f->path, ==, "/bridge/tools");
  g_assert_cmpstr (f->request_type, ==, "application/json");
  g_assert_cmpstr (f->authorization, ==, "Bearer sesame");
}

static void
test_list_must_be_a_list (Fixture       *f,
                          gconstpointer  data)
{
  static const char *const bodies[] = { "{}", "[]", "{\"tools\": {}}", "{\"tools\": null}", "", "nothing", "{\"tools\": [" };

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GPtrArray) tools = NULL;

      answer (f, 200, "application/json", bodies[i]);
      tools = list (f, &error);
      g_assert_null (tools);
      g_assert_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_INVALID);
    }
}

static void
test_large_list (Fixture       *f,
                 gconstpointer  data)
{
  g_autoptr(GString) body = g_string_new ("{\"tools\":[");
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) tools = NULL;

  for (guint i = 0; i < 5000; i++)
    g_string_append_printf (body, "%s{\"name\":\"tool%u\"}", i > 0 ? "," : "", i);
  g_string_append (body, "]}");
  answer (f, 200, "application/json", body->str);
  tools = list (f, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (tools->len, ==, 5000);
  g_assert_cmpstr (via_tool_get_name (tools->pdata[4999]), ==, "tool4999");
}

static void
test_execute (Fixture       *f,
              gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ViaToolResult) result = NULL;
  g_autofree char *raw = NULL;

  answer (f, 200, "application/json", "{\"rows\": [18446744073709551616, 0.10]}");
  result = call (f, "{\"big\": 12345678901234567890, \"x\": 1.50}", 10000, &error);
  g_assert_no_error (error);
  raw = via_json_value_dup_raw (via_tool_result_get_data (result));
  g_assert_cmpstr (raw, ==, "{\"rows\": [18446744073709551616, 0.10]}");
  g_assert_false (via_tool_result_is_error (result));
  g_assert_cmpstr (f->method, ==, "POST");
  g_assert_cmpstr (f->path, ==, "/bridge/execute");
  g_assert_cmpstr (f->request_type, ==, "application/json");
  g_assert_cmpstr (f->request_body, ==,
                   "{\"tool\":\"query\",\"parameters\":{\"big\":12345678901234567890,\"x\":1.50}}");
}

static void
test_execute_without_arguments (Fixture       *f,
                                gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ViaToolResult) result = call (f, NULL, 10000, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (f->request_body, ==, "{\"tool\":\"query\",\"parameters\":{}}");
}

static void
test_execute_text (Fixture       *f,
                   gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ViaToolResult) result = NULL;
  g_autofree char *text = NULL;

  answer (f, 200, "text/plain", "forty-two");
  result = call (f, NULL, 10000, &error);
  g_assert_no_error (error);
  text = via_tool_result_dup_all_text (result);
  g_assert_cmpstr (text, ==, "forty-two");
}

static void
test_endpoints (Fixture       *f,
                gconstpointer  data)
{
  static const struct { const char *suffix, *path, *query; } table[] = {
    { "", "/tools", NULL },
    { "/", "/tools", NULL },
    { "/a/b///", "/a/b/tools", NULL },
    { "/a?team=blue#part", "/a/tools", "team=blue" },
  };

  answer (f, 200, "application/json", "{\"tools\":[]}");
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GPtrArray) tools = NULL;

      make_client (f, table[i].suffix, 0, FALSE);
      tools = list (f, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (f->path, ==, table[i].path);
      g_assert_cmpstr (f->query, ==, table[i].query);
    }
}

static void
test_statuses (Fixture       *f,
               gconstpointer  data)
{
  static const struct { guint status; ViaRpcError code; } table[] = {
    { 400, VIA_RPC_ERROR_HTTP }, { 401, VIA_RPC_ERROR_UNAUTHORIZED }, { 403, VIA_RPC_ERROR_UNAUTHORIZED },
    { 404, VIA_RPC_ERROR_HTTP }, { 429, VIA_RPC_ERROR_HTTP }, { 500, VIA_RPC_ERROR_HTTP }, { 503, VIA_RPC_ERROR_HTTP },
  };

  f->header = "Retry-After";
  f->header_value = "7";
  answer (f, 0, "text/html", "<p>No.</p>"); /* a type that is not allowed does not hide the status */
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(ViaToolResult) result = NULL;

      f->status = table[i].status;
      result = call (f, NULL, 10000, &error);
      g_assert_null (result);
      g_assert_error (error, VIA_RPC_ERROR, (gint) table[i].code);
      g_assert_cmpuint (via_rpc_error_get_http_status (error), ==, table[i].status);
      if (table[i].code == VIA_RPC_ERROR_HTTP)
        g_assert_cmpint (via_rpc_error_get_retry_after (error), ==, 7000);
    }
  g_assert_cmpuint (f->n_requests, ==, G_N_ELEMENTS (table));
}

static void
test_status_with_oversized_body (Fixture       *f,
                                 gconstpointer  data)
{
  g_autofree char *body = g_strnfill (100000, 'x');

  make_client (f, "", 1000, FALSE);
  answer (f, 500, "text/plain", body);
  assert_call_fails (f, VIA_RPC_ERROR_HTTP);
}

static void
test_redirect_is_not_followed (Fixture       *f,
                               gconstpointer  data)
{
  Fixture other = { 0 };
  g_autofree char *location = NULL;

  set_up (&other, NULL);
  location = g_strconcat (other.endpoint, "/elsewhere", NULL);
  f->header = "Location";
  f->header_value = location;
  for (guint status = 301; status <= 308; status++)
    {
      if (status > 303 && status < 307)
        continue;
      answer (f, status, "text/plain", "");
      assert_call_fails (f, VIA_RPC_ERROR_REDIRECTED);
    }
  g_assert_cmpuint (f->n_requests, ==, 5);
  g_assert_cmpuint (other.n_requests, ==, 0);
  tear_down (&other, NULL);
}

static void
test_content_type (Fixture       *f,
                   gconstpointer  data)
{
  answer (f, 200, "text/html", "<p>Sign in</p>");
  assert_call_fails (f, VIA_RPC_ERROR_CONTENT_TYPE);
}

static void
test_packed (Fixture       *f,
             gconstpointer  data)
{
  f->header = "Content-Encoding";
  f->header_value = "gzip";
  assert_call_fails (f, VIA_RPC_ERROR_CONTENT_TYPE);
}

static void
test_oversized (Fixture       *f,
                gconstpointer  data)
{
  g_autofree char *body = g_strnfill (100000, '7');

  make_client (f, "", 99999, FALSE);
  answer (f, 200, "application/json", body);
  assert_call_fails (f, VIA_RPC_ERROR_TOO_LARGE);
}

static void
test_nobody_there (Fixture       *f,
                   gconstpointer  data)
{
  soup_server_disconnect (f->server);
  assert_call_fails (f, VIA_RPC_ERROR_NOT_SENT);
}

static void
test_no_token (Fixture       *f,
               gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ViaToolResult) result = NULL;

  make_client (f, "", 0, TRUE);
  result = call (f, NULL, 10000, &error);
  g_assert_null (result);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_cmpuint (f->n_requests, ==, 0);
}

static void
test_deadline (Fixture       *f,
               gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ViaToolResult) result = NULL;

  f->silent = 1;
  result = call (f, NULL, 100, &error);
  g_assert_null (result);
  g_assert_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_TIMEOUT);
  g_assert_cmpuint (f->n_requests, ==, 1);
}

static void
test_cancel (Fixture       *f,
             gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) tools = NULL;

  f->silent = 1;
  via_rest_client_list_tools_async (f->client, 10000, cancellable, result_cb, f);
  while (f->n_requests == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (f->result);
  g_cancellable_cancel (cancellable);
  wait (f);
  tools = via_rest_client_list_tools_finish (f->client, f->result, &error);
  g_assert_null (tools);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_cancelled_before (Fixture       *f,
                       gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  g_cancellable_cancel (cancellable);
  via_rest_client_list_tools_async (f->client, 10000, cancellable, result_cb, f);
  wait (f);
  g_assert_null (via_rest_client_list_tools_finish (f->client, f->result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

#define ADD(path, func) g_test_add ("/rest-client/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("list", test_list);
  ADD ("list/must-be-a-list", test_list_must_be_a_list);
  ADD ("list/large", test_large_list);
  ADD ("execute", test_execute);
  ADD ("execute/without-arguments", test_execute_without_arguments);
  ADD ("execute/text", test_execute_text);
  ADD ("endpoints", test_endpoints);
  ADD ("statuses", test_statuses);
  ADD ("statuses/oversized-body", test_status_with_oversized_body);
  ADD ("redirect-is-not-followed", test_redirect_is_not_followed);
  ADD ("content-type", test_content_type);
  ADD ("packed", test_packed);
  ADD ("oversized", test_oversized);
  ADD ("nobody-there", test_nobody_there);
  ADD ("no-token", test_no_token);
  ADD ("deadline", test_deadline);
  ADD ("cancel", test_cancel);
  ADD ("cancelled-before", test_cancelled_before);

  return g_test_run ();
}
