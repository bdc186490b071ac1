/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-redactor"

#include "config.h"

#include <string.h>

#include "base/via-limits.h"
#include "base/via-redactor.h"

#define M VIA_REDACTOR_MASK

typedef struct
{
  const char *secret;
  const char *text;
  const char *expected;
} Case;

static void
check (const Case *cases,
       guint       n_cases)
{
  for (guint i = 0; i < n_cases; i++)
    {
      g_autoptr(ViaRedactor) redactor = via_redactor_new ();
      g_autofree char *text = NULL;
      g_autofree char *again = NULL;

      via_redactor_add (redactor, cases[i].secret);
      text = via_redactor_redact (redactor, cases[i].text);
      g_test_message ("%s", cases[i].text);
      g_assert_cmpstr (text, ==, cases[i].expected);
      again = via_redactor_redact (redactor, text);
      g_assert_cmpstr (again, ==, text);
    }
}

static void
test_known (void)
{
  static const Case cases[] = {
    { "s3cr3t-Value", "nothing here", "nothing here" },
    { "s3cr3t-Value", "", "" },
    { "s3cr3t-Value", "s3cr3t-Value", M },
    { "s3cr3t-Value", "<s3cr3t-Values3cr3t-Value>", "<" M M ">" },
    { "s3cr3t-Value", "s3cr3t-Valu s3cr3t-Value", "s3cr3t-Valu " M },
    { "aab", "aab", "aab" },
    { "aaab", "aaaab", "a" M },
    { NULL, "text", "text" },
    { "p\xc3\xa4ss w\xc3\xb6rd", "is p\xc3\xa4ss w\xc3\xb6rd.", "is " M "." },
    /* JSON */
    { "a\"b\\c/d", "x a\\\"b\\\\c\\/d y", "x " M " y" },
    { "a\"b\\c/d", "x a\\\"b\\\\c/d y", "x " M " y" },
    { "a\"b\\c/d", "x a\"b\\c/d y", "x " M " y" },
    { "p\xc3\xa4ss", "\"p\\u00e4ss\"", "\"" M "\"" },
    { "p\xc3\xa4ss", "\"p\\u00E4\\u0073s\"", "\"" M "\"" },
    { "k\xf0\x9f\x98\x80k1", "\"k\\ud83d\\ude00k1\"", "\"" M "\"" },
    { "line\nbreak", "\"line\\nbreak\"", "\"" M "\"" },
    /* percent */
    { "a b+c/d=", "u?x=a%20b%2Bc%2fd%3D&y", "u?x=" M "&y" },
    { "a b+c/d=", "u?x=a+b%2Bc%2Fd%3d&y", "u?x=" M "&y" },
    { "a b+c/d=", "u?x=a%20b+c/d=&y", "u?x=" M "&y" },
    { "50%25x", "50%25x 50%2525x", M " " M },
    { "\xc3\xa4\xc3\xb6\xc3\xbc", "%C3%A4%c3%b6\xc3\xbc", M },
    /* what only looks like it */
    { "abcd", "ab%", "ab%" },
    { "abcd", "ab%zzcd abc\\", "ab%zzcd abc\\" },
    { "abcd", "abc\\u00", "abc\\u00" },
  };

  check (cases, G_N_ELEMENTS (cases));
}

static void
test_base64 (void)
{
  static const char secret[] = "correct>horse?battery~staple";

  for (guint before = 0; before < 7; before++)
    for (guint after = 0; after < 7; after++)
      for (guint url = 0; url < 2; url++)
        {
          g_autoptr(ViaRedactor) redactor = via_redactor_new ();
          g_autofree char *plain = g_strdup_printf ("%.*s%s%.*s", (int) before, "user:xy", secret, (int) after, ":end+++");
          g_autofree char *encoded = g_base64_encode ((const guchar *) plain, strlen (plain));
          g_autofree char *text = NULL;
          g_autofree char *redacted = NULL;

          if (url)
            g_strdelimit (g_strdelimit (encoded, "+", '-'), "/", '_');
          text = g_strdup_printf ("sent (%s) to it", encoded);
          via_redactor_add (redactor, secret);
          redacted = via_redactor_redact (redactor, text);
          g_assert_cmpstr (redacted, ==, "sent (" M ") to it");
        }
}

static void
test_named (void)
{
  static const Case cases[] = {
    { NULL, "Authorization: Bearer abc.def-123\r\nAccept: x", "Authorization: Bearer " M "\r\nAccept: x" },
    { NULL, "authorization: bearer abc", "authorization: bearer " M },
    { NULL, "AUTHORIZATION:Basic dXNlcjpw", "AUTHORIZATION:Basic " M },
    { NULL, "Proxy-Authorization: abc def", "Proxy-Authorization: " M " def" },
    { NULL, "Authorization: Digest username=\"a\", response=\"b\"\nX: y", "Authorization: Digest " M "\nX: y" },
    { NULL, "curl -H 'Authorization: Bearer abc123' -v", "curl -H 'Authorization: Bearer " M "' -v" },
    { NULL, "{\"Authorization\": \"Bearer abc\", \"x\": 1}", "{\"Authorization\": \"Bearer " M "\", \"x\": 1}" },
    { NULL, "{\\\"authorization\\\":\\\"Basic abc\\\"}", "{\\\"authorization\\\":\\\"Basic " M "\\\"}" },
    { NULL, "X-API-Key: k-1, next", "X-API-Key: " M ", next" },
    { NULL, "x-api-key=k", "x-api-key=" M },
    { NULL, "Cookie: a=b; c=d\nX: y", "Cookie: " M "\nX: y" },
    { NULL, "Mcp-Session-Id: 1868a90c", "Mcp-Session-Id: " M },
    { NULL, "sent Bearer eyJhbGciOiJI.e30.x_-y== again", "sent Bearer " M " again" },
    { NULL, "sent Bearer abc1 again", "sent Bearer " M " again" },
    { NULL, "a Bearer token is missing", "a Bearer token is missing" },
    { NULL, "Bearer realm=\"x\", resource_metadata=\"https://h/\"",
      "Bearer realm=\"x\", resource_metadata=\"https://h/\"" },
    { NULL, "Bearer resource_metadata=\"https://h/\"", "Bearer resource_metadata=\"https://h/\"" },
    { NULL, "http://h/p?token=abc&x=1", "http://h/p?token=" M "&x=1" },
    { NULL, "http://h/p?x=1&access_token=abc#f", "http://h/p?x=1&access_token=" M "#f" },
    { NULL, "http://h/cb?code=xyz&state=1", "http://h/cb?code=" M "&state=1" },
    { NULL, "exit code=3", "exit code=3" },
    { NULL, "http://h/?key=AIza", "http://h/?key=" M },
    { NULL, "the token: expected a string", "the token: expected a string" },
    { NULL, "\"progressToken\": \"7\", \"mytoken\":\"x\"", "\"progressToken\": \"7\", \"mytoken\":\"x\"" },
    { NULL, "{\"password\":\"a\\\"b\",\"n\":1}", "{\"password\":\"" M "\",\"n\":1}" },
    { NULL, "{\"token\":{\"type\":\"string\"}}", "{\"token\":{\"type\":\"string\"}}" },
    { NULL, "{\"token\":null,\"x\":1}", "{\"token\":null,\"x\":1}" },
    { NULL, "password=hunter2 done", "password=" M " done" },
    { NULL, "client_secret='a b' done", "client_secret='" M "' done" },
    { NULL, "Authorization: Bearer ${GITHUB_TOKEN}", "Authorization: Bearer ${GITHUB_TOKEN}" },
    { NULL, "token=", "token=" },
    { NULL, "\"token\":\"", "\"token\":\"" },
    { NULL, "\"token\":\"never ended", "\"token\":\"" M },
    { NULL, "\"token\":\"\\", "\"token\":\"" M },
    { NULL, "Authorization:", "Authorization:" },
    { NULL, "Bearer", "Bearer" },
    { "abcdef12", "Authorization: Bearer abcdef12", "Authorization: Bearer " M },
  };

  check (cases, G_N_ELEMENTS (cases));
}

static void
test_null (void)
{
  g_autoptr(ViaRedactor) redactor = via_redactor_new ();

  g_assert_null (via_redactor_redact (redactor, NULL));
}

static void
test_oldest_forgotten (void)
{
  g_autoptr(ViaRedactor) redactor = via_redactor_new ();
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  for (guint i = 0; i <= VIA_LIMIT_REDACTED_SECRETS; i++)
    {
      g_autofree char *secret = g_strdup_printf ("secret<%u>", i);

      via_redactor_add (redactor, secret);
      via_redactor_add (redactor, secret);
    }
  first = via_redactor_redact (redactor, "secret<0>");
  second = via_redactor_redact (redactor, "secret<1>");
  g_assert_cmpstr (first, ==, "secret<0>");
  g_assert_cmpstr (second, ==, M);
}

static gpointer
use_cb (gpointer data)
{
  for (guint i = 0; i < 200; i++)
    {
      g_autofree char *secret = g_strdup_printf ("common%u", i % 10);
      g_autofree char *text = NULL;

      via_redactor_add (data, secret);
      text = via_redactor_redact (data, secret);
      g_assert_cmpstr (text, ==, M);
    }
  via_redactor_unref (data);
  return NULL;
}

static void
test_threads (void)
{
  g_autoptr(ViaRedactor) redactor = via_redactor_new ();
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("redactor", use_cb, via_redactor_ref (redactor));
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

/* Texts that would make a careless search quadratic. */
static void
test_large (void)
{
  static const char *const pieces[] = { "authorization: ", "token='${ ", "Bearer ", "s3cr3t-Val", "%73",
                                        "\"token\":\"\\", "\\\\" };

  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_autoptr(ViaRedactor) redactor = via_redactor_new ();
      GString *text = g_string_new (NULL);
      g_autofree char *redacted = NULL;
      const gint64 start = g_get_monotonic_time ();

      via_redactor_add (redactor, "s3cr3t-Value");
      while (text->len < 2000000)
        g_string_append (text, pieces[i]);
      redacted = via_redactor_redact (redactor, text->str);
      g_test_message ("%s: %.0f ms", pieces[i], (double) (g_get_monotonic_time () - start) / 1000);
      g_assert_cmpint (g_get_monotonic_time () - start, <, 5 * G_USEC_PER_SEC);
      g_string_free (text, TRUE);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/redactor/known", test_known);
  g_test_add_func ("/core/redactor/base64", test_base64);
  g_test_add_func ("/core/redactor/named", test_named);
  g_test_add_func ("/core/redactor/null", test_null);
  g_test_add_func ("/core/redactor/oldest-forgotten", test_oldest_forgotten);
  g_test_add_func ("/core/redactor/threads", test_threads);
  g_test_add_func ("/core/redactor/large", test_large);

  return g_test_run ();
}
