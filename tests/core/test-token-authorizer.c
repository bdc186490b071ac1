/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "auth/via-token-authorizer.h"
#include "secret-test.h"

/* Tokens come from the environment here: where else they may come from is the store's business. */

typedef struct
{
  ViaSecretStore    *store;
  ViaHttpAuthorizer *authorizer;
  SoupMessage       *message;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(ViaRedactor) redactor = via_redactor_new ();

  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);
  g_setenv ("VIA_T", CANARY, TRUE);
  g_unsetenv ("VIA_NONE");
  fixture->store = via_secret_store_new (redactor, NULL);
  fixture->message = soup_message_new ("POST", "https://a.example/mcp");
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  gpointer store = fixture->store, message = fixture->message;

  g_object_add_weak_pointer (G_OBJECT (store), &store);
  g_object_add_weak_pointer (G_OBJECT (message), &message);
  g_clear_object (&fixture->authorizer);
  g_object_unref (fixture->message);
  g_object_unref (fixture->store);
  g_assert_null (store);
  g_assert_null (message);
}

static void
authorized_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  Answer *answer = user_data;

  answer->cleared = via_http_authorizer_authorize_finish (VIA_HTTP_AUTHORIZER (object), result, &answer->error);
  answer->done = TRUE;
}

static void
authorize (Fixture      *fixture,
           GCancellable *cancellable,
           Answer       *answer)
{
  via_http_authorizer_authorize_async (fixture->authorizer, fixture->message, cancellable, authorized_cb, answer);
  if (cancellable != NULL)
    g_cancellable_cancel (cancellable);
  answer_wait (answer);
  g_assert_cmpint (answer->cleared, ==, answer->error == NULL);
}

static void
assert_authorized (Fixture *fixture)
{
  g_auto(Answer) answer = { FALSE };

  authorize (fixture, NULL, &answer);
  g_assert_no_error (answer.error);
}

static void
assert_refused (Fixture        *fixture,
                ViaSecretError  code,
                const char     *words)
{
  g_auto(Answer) answer = { FALSE };

  authorize (fixture, NULL, &answer);
  g_assert_error (answer.error, VIA_SECRET_ERROR, (int) code);
  g_assert_nonnull (strstr (answer.error->message, words));
}

static void
assert_header (Fixture    *fixture,
               const char *name,
               const char *value)
{
  g_assert_cmpstr (soup_message_headers_get_list (soup_message_get_request_headers (fixture->message), name), ==, value);
}

static void
test_schemes (Fixture       *fixture,
              gconstpointer  data)
{
  static const struct
  {
    ViaTokenScheme  scheme;
    const char     *name;
    const char     *authorization;
    const char     *key;
  } cases[] = {
    { VIA_TOKEN_NONE, "VIA_T", NULL, NULL },
    { VIA_TOKEN_BEARER, "VIA_T", "Bearer " CANARY, NULL },
    { VIA_TOKEN_API_KEY, "VIA_T", NULL, CANARY },
    { VIA_TOKEN_BASIC, "VIA_B", "Basic dXNlcjpwYXNz", NULL },
    { VIA_TOKEN_BEARER, NULL, NULL, NULL },
    { VIA_TOKEN_BEARER, "", NULL, NULL },
  };

  g_setenv ("VIA_B", "user:pass", TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_set_object (&fixture->message, NULL);
      fixture->message = soup_message_new ("POST", "https://a.example/mcp");
      g_clear_object (&fixture->authorizer);
      fixture->authorizer = via_token_authorizer_new (fixture->store, cases[i].scheme, cases[i].name, NULL);
      assert_authorized (fixture);
      assert_header (fixture, "Authorization", cases[i].authorization);
      assert_header (fixture, "X-API-Key", cases[i].key);
    }
}

static void
test_replaces (Fixture       *fixture,
               gconstpointer  data)
{
  soup_message_headers_append (soup_message_get_request_headers (fixture->message), "Authorization", "Bearer stale");
  fixture->authorizer = via_token_authorizer_new (fixture->store, VIA_TOKEN_BEARER, "VIA_T", NULL);
  assert_authorized (fixture);
  assert_header (fixture, "Authorization", "Bearer " CANARY);
  /* a token that was replaced counts with the next request */
  g_setenv ("VIA_T", CANARY "-new", TRUE);
  assert_authorized (fixture);
  assert_header (fixture, "Authorization", "Bearer " CANARY "-new");
}

static void
test_headers (Fixture       *fixture,
              gconstpointer  data)
{
  static const char *const headers[] = { "X-Team", "blue", "X-Key", "a ${secret:VIA_T} b", "X-Env", "${env:VIA_T}",
                                         "Authorization", "overruled", NULL };

  fixture->authorizer = via_token_authorizer_new (fixture->store, VIA_TOKEN_BEARER, "VIA_T", headers);
  assert_authorized (fixture);
  assert_header (fixture, "X-Team", "blue");
  assert_header (fixture, "X-Key", "a " CANARY " b");
  assert_header (fixture, "X-Env", CANARY);
  assert_header (fixture, "Authorization", "Bearer " CANARY);
}

static void
test_headers_alone (Fixture       *fixture,
                    gconstpointer  data)
{
  static const char *const headers[] = { "Authorization", "Token ${secret:VIA_T}", NULL };

  fixture->authorizer = via_token_authorizer_new (fixture->store, VIA_TOKEN_NONE, NULL, headers);
  assert_authorized (fixture);
  assert_header (fixture, "Authorization", "Token " CANARY);
}

static void
test_missing (Fixture       *fixture,
              gconstpointer  data)
{
  static const char *const headers[] = { "X-Key", "${secret:VIA_NONE}", NULL };

  fixture->authorizer = via_token_authorizer_new (fixture->store, VIA_TOKEN_BEARER, "VIA_NONE", NULL);
  assert_refused (fixture, VIA_SECRET_ERROR_NOT_FOUND, "VIA_NONE");
  assert_header (fixture, "Authorization", NULL);
  g_clear_object (&fixture->authorizer);
  fixture->authorizer = via_token_authorizer_new (fixture->store, VIA_TOKEN_NONE, NULL, headers);
  assert_refused (fixture, VIA_SECRET_ERROR_NOT_FOUND, "VIA_NONE");
}

/* Line ends would begin a header of somebody else's choice. */
static void
test_injection (Fixture       *fixture,
                gconstpointer  data)
{
  static const char *const values[] = { CANARY "\nX-Injected: yes", CANARY "\rX", CANARY "\x01", CANARY "\x7f" };
  static const char *const headers[] = { "X-Env", "${env:VIA_T}", NULL };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_setenv ("VIA_T", values[i], TRUE);
      g_clear_object (&fixture->authorizer);
      fixture->authorizer = via_token_authorizer_new (fixture->store, VIA_TOKEN_BEARER, "VIA_T", NULL);
      assert_refused (fixture, VIA_SECRET_ERROR_INVALID, "VIA_T");
      assert_header (fixture, "Authorization", NULL);
      g_clear_object (&fixture->authorizer);
      fixture->authorizer = via_token_authorizer_new (fixture->store, VIA_TOKEN_NONE, NULL, headers);
      assert_refused (fixture, VIA_SECRET_ERROR_INVALID, "X-Env");
      assert_header (fixture, "X-Env", NULL);
      assert_header (fixture, "X-Injected", NULL);
    }
}

static void
test_cancel (Fixture       *fixture,
             gconstpointer  data)
{
  static const char *const headers[] = { "X-Key", "${secret:VIA_NONE}", NULL };
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_auto(Answer) answer = { FALSE };

  fixture->authorizer = via_token_authorizer_new (fixture->store, VIA_TOKEN_BEARER, "VIA_T", headers);
  authorize (fixture, cancellable, &answer);
  g_assert_error (answer.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

#define ADD(name, func) g_test_add ("/core/token-authorizer/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("schemes", test_schemes);
  ADD ("replaces", test_replaces);
  ADD ("headers", test_headers);
  ADD ("headers-alone", test_headers_alone);
  ADD ("missing", test_missing);
  ADD ("injection", test_injection);
  ADD ("cancel", test_cancel);
  return g_test_run ();
}
