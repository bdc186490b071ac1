/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include <libsoup/soup.h>

#include "bridge/via-bridge.h"

/* A bridge of transport "rest", whole, against a server in the same process that answers as a list says. */
typedef struct
{
  guint       status;
  const char *retry_after; /* nullable */
} Answer;

typedef struct
{
  SoupServer       *server;
  ViaRedactor      *redactor;
  ViaSecretStore   *secrets;
  ViaBridgeConfig  *config;
  ViaConfigSettings settings;
  ViaBridge        *bridge;
  const Answer     *answers;  /* ends with status 0: from there on all is well */
  guint             n_lists;
  guint             n_calls;
  char             *authorization; /* of the newest request */
  gboolean          listed;
  GError           *error;
} Fixture;

#define TOKEN "correct-horse-battery"

static const Answer fine[] = { { 0, NULL } };

static void
request_cb (SoupServer        *server,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           user_data)
{
  Fixture *f = user_data;
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  const gboolean is_list = g_str_equal (path, "/tools");
  const char *body = is_list ? "{\"tools\":[{\"name\":\"query\"}]}" : "{\"answer\":42}";

  if (is_list)
    f->n_lists++;
  else
    f->n_calls++;
  g_free (f->authorization);
  f->authorization = g_strdup (soup_message_headers_get_one (soup_server_message_get_request_headers (message),
                                                             "Authorization"));
  if (f->answers->status == 0)
    {
      soup_server_message_set_status (message, 200, NULL);
      soup_server_message_set_response (message, "application/json", SOUP_MEMORY_STATIC, body, strlen (body));
      return;
    }
  /* A server that is careless with what it was told. */
  body = "refused: Bearer " TOKEN;
  if (f->answers->retry_after != NULL)
    soup_message_headers_append (headers, "Retry-After", f->answers->retry_after);
  soup_server_message_set_status (message, f->answers->status, NULL);
  soup_server_message_set_response (message, "text/plain", SOUP_MEMORY_STATIC, body, strlen (body));
  f->answers++;
}

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  GSList *uris;

  f->answers = fine;
  f->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (f->server, NULL, request_cb, f, NULL);
  soup_server_listen_local (f->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (f->server);

  f->config = via_bridge_config_new ("rest");
  f->config->enabled = TRUE;
  f->config->transport = VIA_TRANSPORT_REST;
  g_free (f->config->endpoint);
  f->config->endpoint = g_strdup_printf ("http://127.0.0.1:%d/", g_uri_get_port (uris->data));
  f->config->auth = VIA_AUTH_BEARER;
  f->config->auth_token_name = g_strdup ("VIA_TEST_REST_TOKEN");
  f->config->timeout_s = 10;
  f->config->max_retries = 3;
  f->config->backoff_factor = 1;
  f->config->max_backoff_ms = 1;
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);

  f->settings.max_concurrent_requests = 10;
  f->settings.require_https = TRUE;
  f->settings.validate_certificates = TRUE;
  f->redactor = via_redactor_new ();
  f->secrets = via_secret_store_new (f->redactor, NULL);
  f->bridge = via_bridge_new (f->config, &f->settings, f->secrets);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (f->bridge);
  g_clear_object (&f->secrets);
  via_redactor_unref (f->redactor);
  g_assert_finalize_object (f->config);
  soup_server_disconnect (f->server);
  g_clear_object (&f->server);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_free (f->authorization);
  g_clear_error (&f->error);
}

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Fixture *f = user_data;

  g_clear_error (&f->error);
  via_bridge_list_tools_finish (VIA_BRIDGE (source), result, &f->error);
  f->listed = TRUE;
}

static void
list (Fixture      *f,
      const Answer *answers)
{
  f->answers = answers;
  f->listed = FALSE;
  via_bridge_list_tools_async (f->bridge, TRUE, NULL, listed_cb, f);
  while (!f->listed)
    g_main_context_iteration (NULL, TRUE);
}

static ViaOperation *
call (Fixture      *f,
      const Answer *answers)
{
  ViaOperation *operation;

  f->answers = answers;
  operation = via_bridge_execute (f->bridge, "query", NULL, NULL);
  while (!via_operation_is_finished (operation))
    g_main_context_iteration (NULL, TRUE);
  return operation;
}

static void
test_list_is_repeated (Fixture       *f,
                       gconstpointer  data)
{
  static const Answer answers[] = { { 500, NULL }, { 503, NULL }, { 0, NULL } };

  list (f, answers);
  g_assert_no_error (f->error);
  g_assert_cmpuint (f->n_lists, ==, 3);
  g_assert_nonnull (via_bridge_find_tool (f->bridge, "query"));
  g_assert_cmpstr (f->authorization, ==, "Bearer " TOKEN);
  g_assert_cmpint (via_bridge_get_state (f->bridge), ==, VIA_BRIDGE_CONNECTED);
}

static void
test_list_gives_up (Fixture       *f,
                    gconstpointer  data)
{
  static const Answer answers[] = { { 500, NULL }, { 500, NULL }, { 500, NULL }, { 500, NULL }, { 0, NULL } };

  list (f, answers);
  g_assert_nonnull (f->error);
  g_assert_cmpuint (f->n_lists, ==, 4);
  g_assert_cmpint (via_side_from_error (f->error), ==, VIA_SIDE_SERVER);
  g_assert_cmpint (via_bridge_get_state (f->bridge), ==, VIA_BRIDGE_FAILED);
  g_assert_null (strstr (f->error->message, TOKEN));
  g_assert_nonnull (strstr (f->error->message, "500"));
}

static void
test_refusal_is_final (Fixture       *f,
                       gconstpointer  data)
{
  static const Answer answers[] = { { 401, NULL }, { 0, NULL } };

  list (f, answers);
  g_assert_cmpuint (f->n_lists, ==, 1);
  g_assert_cmpint (via_side_from_error (f->error), ==, VIA_SIDE_AUTHORIZATION);
}

/* It may have run: only who says so gets it twice. */
static void
test_call_is_not_repeated (Fixture       *f,
                           gconstpointer  data)
{
  static const Answer answers[] = { { 500, NULL }, { 0, NULL } };
  g_autoptr(ViaOperation) operation = call (f, answers);

  g_assert_cmpuint (f->n_calls, ==, 1);
  g_assert_cmpint (via_operation_get_side (operation), ==, VIA_SIDE_SERVER);
  g_assert_nonnull (strstr (via_operation_get_error (operation)->message, "may have run"));
  g_assert_null (strstr (via_operation_get_error (operation)->message, TOKEN));
}

static void
test_call_is_repeated_when_asked (Fixture       *f,
                                  gconstpointer  data)
{
  static const Answer answers[] = { { 500, NULL }, { 502, NULL }, { 0, NULL } };
  g_autoptr(ViaOperation) operation = NULL;
  g_autofree char *data_text = NULL;

  f->config->retry_calls = VIA_RETRY_ALWAYS;
  operation = call (f, answers);
  g_assert_cmpuint (f->n_calls, ==, 3);
  g_assert_cmpint (via_operation_get_state (operation), ==, VIA_OPERATION_COMPLETED);
  g_assert_cmpuint (via_operation_get_attempt (operation), ==, 3);
  data_text = via_json_value_dup_raw (via_tool_result_get_data (via_operation_get_result (operation)));
  g_assert_cmpstr (data_text, ==, "{\"answer\":42}");
  g_assert_cmpuint (f->n_lists, ==, 0);
}

/* 429 says that nothing ran, and when to come back. */
static void
test_call_is_repeated_after_429 (Fixture       *f,
                                 gconstpointer  data)
{
  static const Answer answers[] = { { 429, "1" }, { 0, NULL } };
  const gint64 begun = g_get_monotonic_time ();
  g_autoptr(ViaOperation) operation = call (f, answers);

  g_assert_cmpuint (f->n_calls, ==, 2);
  g_assert_cmpint (via_operation_get_state (operation), ==, VIA_OPERATION_COMPLETED);
  g_assert_cmpint (g_get_monotonic_time () - begun, >=, G_USEC_PER_SEC);
}

static void
test_bad_parameters (Fixture       *f,
                     gconstpointer  data)
{
  static const Answer answers[] = { { 422, NULL }, { 0, NULL } };
  g_autoptr(ViaOperation) operation = call (f, answers);

  g_assert_cmpint (via_operation_get_side (operation), ==, VIA_SIDE_ARGUMENTS);
  g_assert_cmpuint (f->n_calls, ==, 1);
}

static void
test_https_is_required (Fixture       *f,
                        gconstpointer  data)
{
  g_autoptr(ViaOperation) operation = NULL;

  g_free (f->config->endpoint);
  f->config->endpoint = g_strdup ("http://example.com/bridge");
  operation = call (f, fine);
  g_assert_cmpint (via_operation_get_side (operation), ==, VIA_SIDE_CONFIGURATION);
  g_assert_nonnull (strstr (via_operation_get_error (operation)->message, "https"));
}

#define ADD(path, func) g_test_add ("/bridge-rest/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_setenv ("VIA_TEST_REST_TOKEN", TOKEN, TRUE);
  g_test_init (&argc, &argv, NULL);

  ADD ("list/is-repeated", test_list_is_repeated);
  ADD ("list/gives-up", test_list_gives_up);
  ADD ("list/refusal-is-final", test_refusal_is_final);
  ADD ("call/is-not-repeated", test_call_is_not_repeated);
  ADD ("call/is-repeated-when-asked", test_call_is_repeated_when_asked);
  ADD ("call/is-repeated-after-429", test_call_is_repeated_after_429);
  ADD ("call/bad-parameters", test_bad_parameters);
  ADD ("https-is-required", test_https_is_required);

  return g_test_run ();
}
