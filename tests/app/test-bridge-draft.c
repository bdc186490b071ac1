/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via-test"

#include "config.h"

#include <string.h>

#include "via-bridge-draft.h"

/* A NULL @expected: nothing is wrong; else words that the sentence contains. */
static void
assert_says (char       *sentence,
             const char *expected)
{
  if (expected == NULL)
    g_assert_cmpstr (sentence, ==, NULL);
  else if (sentence == NULL || strstr (sentence, expected) == NULL)
    g_error ("expected a sentence with “%s”, got “%s”", expected, sentence);
  g_free (sentence);
}

static void
test_name (void)
{
  g_autofree char *too_long = g_strnfill (65, 'x');
  g_autofree char *long_enough = g_strnfill (64, 'x');
  const struct { const char *name, *own, *expected; } cases[] = {
    { "remote", NULL, NULL },
    { "Meine Brücke", NULL, NULL },
    { "", NULL, "Give the bridge a name" },
    { "   ", NULL, "Give the bridge a name" },
    { " a", NULL, "blank" },
    { "a/b", NULL, "slashes" },
    { "a\tb", NULL, "control" },
    { "taken", NULL, "“taken” already" },
    { "taken", "taken", NULL },
    { "taken", "other", "“taken” already" },
    { long_enough, NULL, NULL },
    { too_long, NULL, "64" },
  };
  g_autoptr(ViaConfig) config = via_config_new_from_text ("bridges:\n  taken:\n    command: [true]\n", -1, "b", NULL, NULL);

  g_assert_nonnull (config);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_says (via_bridge_draft_check_name (cases[i].name, config, cases[i].own), cases[i].expected);
}

static void
test_command (void)
{
  const struct { const char *text, *expected; } cases[] = {
    { "npx -y server", NULL },
    { "sh -c 'echo \"a b\"'", NULL },
    { "", "Type the command" },
    { "   ", "Type the command" },
    { "sh -c 'open", "quotation mark" },
  };
  g_auto(GStrv) argv = via_bridge_draft_parse_command ("run 'a b' c\\ d \"\"");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_says (via_bridge_draft_check_command (cases[i].text), cases[i].expected);
  g_assert_cmpuint (g_strv_length (argv), ==, 4);
  g_assert_cmpstr (argv[1], ==, "a b");
  g_assert_cmpstr (argv[2], ==, "c d");
  g_assert_cmpstr (argv[3], ==, "");
}

static void
test_address (void)
{
  const struct { const char *text, *expected; } cases[] = {
    { "https://mcp.example.com/mcp", NULL },
    { "http://localhost:3000/mcp", NULL },
    { "http://127.0.0.1:3000", NULL },
    { "http://[::1]:3000/mcp", NULL },
    { "https://${env:HOST}/mcp", NULL },
    { "", "Type the address" },
    { "mcp.example.com", "https://" },
    { "ftp://example.com", "https://" },
    { "https://", "https://" },
    { "http://example.com/mcp", "http://" },
    { "https://me:secret@example.com/mcp", "password" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_says (via_bridge_draft_check_address (cases[i].text, TRUE), cases[i].expected);
  assert_says (via_bridge_draft_check_address ("http://example.com/mcp", FALSE), NULL);
}

static void
test_token_name (void)
{
  const struct { const char *text, *expected; } cases[] = {
    { "REMOTE_TOKEN", NULL },
    { "a.b-c_1", NULL },
    { "", "Give the token a name" },
    { "sk-live 123", "letters, digits" },
    { "${env:X}", "letters, digits" },
  };
  const struct { const char *name, *expected; } suggestions[] = {
    { "remote", "REMOTE_TOKEN" },
    { "my server", "MY_SERVER_TOKEN" },
    { "my--server ", "MY_SERVER_TOKEN" },
    { "1password", "MCP_1PASSWORD_TOKEN" },
    { "Brücke", "BR_CKE_TOKEN" },
    { "日本", "MCP_TOKEN" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_says (via_bridge_draft_check_token_name (cases[i].text), cases[i].expected);
  for (gsize i = 0; i < G_N_ELEMENTS (suggestions); i++)
    {
      g_autofree char *name = via_bridge_draft_suggest_token_name (suggestions[i].name);

      g_assert_cmpstr (name, ==, suggestions[i].expected);
      assert_says (via_bridge_draft_check_token_name (name), NULL);
    }
}

/* Every word of the command stands there as it will be given, and nothing of it is taken for markup. */
static void
test_describe (void)
{
  const char *argv[] = { "no-such-program-<b>", "a b", "<i>&amp;", "", NULL };
  const char *pairs[] = { "KEY", "<value>", NULL };
  g_autofree char *markup = via_bridge_draft_describe_command ((char **) argv, (char **) pairs, "/srv/<dir>");

  g_assert_nonnull (strstr (markup, "KEY=&lt;value&gt;"));
  g_assert_nonnull (strstr (markup, "<b>no-such-program-&lt;b&gt;</b>"));
  g_assert_nonnull (strstr (markup, "&apos;a b&apos;"));
  g_assert_nonnull (strstr (markup, "&lt;i&gt;&amp;amp;"));
  g_assert_nonnull (strstr (markup, "in /srv/&lt;dir&gt;"));
  g_assert_nonnull (strstr (markup, "was not found"));
  g_assert_null (strstr (markup, "<i>"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/bridge-draft/name", test_name);
  g_test_add_func ("/app/bridge-draft/command", test_command);
  g_test_add_func ("/app/bridge-draft/address", test_address);
  g_test_add_func ("/app/bridge-draft/token-name", test_token_name);
  g_test_add_func ("/app/bridge-draft/describe", test_describe);
  return g_test_run ();
}
