/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "config/via-config.h"

#define BRIDGE "bridges:\n  a:\n    endpoint: https://a.example/mcp\n"

static ViaConfig *
load (const char  *text,
      GPtrArray  **problems)
{
  g_autoptr(GError) error = NULL;
  ViaConfig *config = via_config_new_from_text (text, -1, "bridges.yaml", problems, &error);

  g_assert_no_error (error);
  return config;
}

/* One bridge called "a", of a text that has no problems but warnings. */
static ViaConfig *
load_bridge (const char       *keys,
             ViaBridgeConfig **bridge)
{
  g_autofree char *text = g_strconcat ("bridges:\n  a:\n", keys, NULL);
  ViaConfig *config = load (text, NULL);

  *bridge = via_config_find_bridge (config, "a");
  g_assert_nonnull (*bridge);
  return config;
}

static void
assert_strv (char       **list,
             const char  *expected)
{
  g_autofree char *joined = list != NULL ? g_strjoinv ("|", list) : g_strdup ("(none)");

  g_assert_cmpstr (joined, ==, expected);
}

static void
test_first_file (void)
{
  g_autoptr(GPtrArray) problems = NULL;
  g_autoptr(ViaConfig) config = NULL;
  g_autofree char *text = NULL;
  const ViaConfigSettings *settings;
  ViaBridgeConfig *bridge;

  g_assert_true (g_file_get_contents (VIA_SOURCE_ROOT "/tests/core/data/mcp_bridges.yaml", &text, NULL, NULL));
  config = load (text, &problems);
  g_assert_cmpuint (problems->len, ==, 0);
  g_assert_cmpuint (via_config_get_n_bridges (config), ==, 8);
  g_assert_cmpstr (via_config_get_text (config), ==, text);

  bridge = via_config_get_bridge (config, 2);
  g_assert_cmpstr (bridge->name, ==, "gamma");
  g_assert_cmpstr (bridge->endpoint, ==, "https://gamma.example.net/v1/mcp");
  g_assert_cmpint (bridge->auth, ==, VIA_AUTH_API_KEY);
  g_assert_cmpstr (bridge->auth_token_name, ==, "GAMMA_KEY");
  g_assert_true (bridge->enabled);
  bridge = via_config_find_bridge (config, "lama");
  g_assert_cmpint (bridge->auth, ==, VIA_AUTH_NONE);
  g_assert_null (bridge->auth_token_name);
  g_assert_cmpuint (bridge->timeout_s, ==, 60);
  g_assert_cmpuint (bridge->max_retries, ==, 2);
  g_assert_cmpfloat (bridge->backoff_factor, ==, 1.5);
  g_assert_cmpuint (bridge->max_backoff_ms, ==, 15000);
  g_assert_cmpstr (bridge->description, ==, "Local lama");
  g_assert_cmpint (via_config_find_bridge (config, "rows")->auth, ==, VIA_AUTH_BASIC);
  g_assert_false (via_config_find_bridge (config, "studio")->enabled);
  g_assert_null (via_config_find_bridge (config, "nobody"));

  settings = via_config_get_settings (config);
  g_assert_cmpstr (settings->user_agent, ==, "Test-Bench/1.0");
  g_assert_cmpuint (settings->cache_ttl_s, ==, 300);
  g_assert_cmpuint (settings->max_response_size, ==, 10485760);
  assert_strv (settings->allowed_content_types, "application/json|text/plain|text/html");
}

/* What is offered to users says what it means, also where it is commented out. */
static void
test_example (void)
{
  g_autofree char *text = NULL, *open = NULL;
  g_autoptr(GRegex) key = g_regex_new ("^  # ( *[A-Za-z_]+:( .*)?)$", G_REGEX_MULTILINE, 0, NULL);
  g_autoptr(GPtrArray) problems = NULL, open_problems = NULL;
  g_autoptr(ViaConfig) config = NULL, all = NULL;
  ViaBridgeConfig *remote;

  g_assert_true (g_file_get_contents (VIA_SOURCE_ROOT "/data/bridges-example.yaml", &text, NULL, NULL));
  config = load (text, &problems);
  g_assert_cmpuint (problems->len, ==, 0);
  g_assert_cmpuint (via_config_get_n_bridges (config), ==, 1);

  open = g_regex_replace (key, text, -1, 0, "  \\1", 0, NULL);
  all = load (open, &open_problems);
  g_assert_cmpuint (open_problems->len, ==, 0);
  g_assert_cmpuint (via_config_get_n_bridges (all), ==, 4);
  remote = via_config_find_bridge (all, "remote");
  g_assert_cmpstr (remote->auth_token_name, ==, "REMOTE_TOKEN");
  g_assert_cmpuint (remote->max_retries, ==, 3);
}

static void
test_defaults (void)
{
  ViaBridgeConfig *bridge;
  g_autoptr(ViaConfig) config = load_bridge ("    command: [true]\n", &bridge);
  const ViaConfigSettings *settings = via_config_get_settings (config);

  g_assert_true (bridge->enabled);
  g_assert_cmpint (bridge->transport, ==, VIA_TRANSPORT_AUTO);
  g_assert_cmpint (via_bridge_config_get_transport (bridge), ==, VIA_TRANSPORT_STDIO);
  g_assert_cmpstr (bridge->protocol, ==, "auto");
  g_assert_cmpint (bridge->auth, ==, VIA_AUTH_NONE);
  g_assert_cmpuint (bridge->timeout_s, ==, 30);
  g_assert_cmpuint (bridge->max_retries, ==, 3);
  g_assert_cmpfloat (bridge->backoff_factor, ==, 2);
  g_assert_cmpuint (bridge->max_backoff_ms, ==, 30000);
  g_assert_cmpint (bridge->retry_calls, ==, VIA_RETRY_SAFE);
  g_assert_false (bridge->builtin);

  g_assert_cmpuint (settings->default_timeout_s, ==, 30);
  g_assert_cmpuint (settings->max_concurrent_requests, ==, 10);
  g_assert_true (settings->enable_caching);
  g_assert_cmpuint (settings->cache_ttl_s, ==, 300);
  g_assert_cmpstr (settings->log_level, ==, "info");
  g_assert_true (settings->enable_metrics);
  g_assert_true (g_str_has_prefix (settings->user_agent, "Viaduct/"));
  g_assert_true (settings->require_https);
  g_assert_true (settings->validate_certificates);
  g_assert_cmpuint (settings->max_response_size, ==, 10 * 1024 * 1024);
  g_assert_null (settings->allowed_content_types);
}

static void
test_all_keys (void)
{
  ViaBridgeConfig *bridge;
  g_autoptr(ViaConfig) config = load_bridge ("    command: [\"npx\", -y, 'a server', \"\"]\n"
                                             "    env: {LOG_LEVEL: info, PORT: 8080, EMPTY: , MORE: \"a=b\"}\n"
                                             "    cwd: /srv/a\n"
                                             "    transport: stdio\n"
                                             "    protocol: 2025-11-25\n"
                                             "    headers: {X-Team: blue, Authorization: \"Bearer ${secret:A}\"}\n"
                                             "    timeout: 3600\n"
                                             "    retry_config: {max_retries: 0, backoff_factor: 5, max_backoff_ms: 1, "
                                             "retry_calls: never}\n"
                                             "    description: \"Gr\\u00fc\\u00dfe\"\n"
                                             "    enabled: no\n",
                                             &bridge);

  assert_strv (bridge->command, "npx|-y|a server|");
  assert_strv (bridge->environment, "LOG_LEVEL=info|PORT=8080|EMPTY=|MORE=a=b");
  assert_strv (bridge->headers, "X-Team|blue|Authorization|Bearer ${secret:A}");
  g_assert_cmpstr (bridge->directory, ==, "/srv/a");
  g_assert_cmpstr (bridge->protocol, ==, "2025-11-25");
  g_assert_cmpuint (bridge->timeout_s, ==, 3600);
  g_assert_cmpuint (bridge->max_retries, ==, 0);
  g_assert_cmpfloat (bridge->backoff_factor, ==, 5);
  g_assert_cmpint (bridge->retry_calls, ==, VIA_RETRY_NEVER);
  g_assert_cmpstr (bridge->description, ==, "Grüße");
  g_assert_false (bridge->enabled);
}

static void
test_command_line (void)
{
  ViaBridgeConfig *bridge;
  g_autoptr(ViaConfig) config = load_bridge ("    command: npx -y 'a server' \"b c\"\n", &bridge);
  g_autofree char *target = via_bridge_config_dup_target (bridge);

  assert_strv (bridge->command, "npx|-y|a server|b c");
  g_assert_cmpstr (target, ==, "npx -y 'a server' 'b c'");
}

static void
test_default_timeout (void)
{
  g_autoptr(ViaConfig) config = load ("bridges:\n  a: {command: [a]}\n  b: {command: [b], timeout: 5}\n"
                                      "global_settings: {default_timeout: 77}\n", NULL);

  g_assert_cmpuint (via_config_find_bridge (config, "a")->timeout_s, ==, 77);
  g_assert_cmpuint (via_config_find_bridge (config, "b")->timeout_s, ==, 5);
}

static void
test_named_token_is_bearer (void)
{
  ViaBridgeConfig *bridge;
  g_autoptr(ViaConfig) config = load_bridge ("    endpoint: https://a.example/\n    auth_token_env: A_TOKEN\n", &bridge);

  g_assert_cmpint (bridge->auth, ==, VIA_AUTH_BEARER);
  g_assert_cmpint (via_bridge_config_get_transport (bridge), ==, VIA_TRANSPORT_HTTP);
}

static void
test_nothing (void)
{
  static const char *const texts[] = { "", "\n\n", "# only a comment\n", "---\n", "~\n", "{}\n", "bridges:\n", "bridges: {}\n",
                                       "bridges: ~\nsecurity:\n", "\xef\xbb\xbf" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GPtrArray) problems = NULL;
      g_autoptr(ViaConfig) config = load (texts[i], &problems);

      g_assert_cmpuint (problems->len, ==, 0);
      g_assert_cmpuint (via_config_get_n_bridges (config), ==, 0);
    }
}

typedef struct
{
  const char *what;
  const char *text;
  gboolean    warning;
  guint       line;
  guint       column;
  const char *key;
  const char *words; /* that the message has to hold */
} Case;

#define A "bridges:\n  a:\n"

static const Case cases[] = {
  { "timeout too long", A "    command: [a]\n    timeout: 3601\n", FALSE, 4, 14, "bridges.a.timeout", "from 1 to 3600" },
  { "timeout of none", A "    command: [a]\n    timeout: 0\n", FALSE, 4, 14, "bridges.a.timeout", "“0”" },
  { "timeout in words", A "    command: [a]\n    timeout: long\n", FALSE, 4, 14, "bridges.a.timeout", "“long”" },
  { "timeout as a list", A "    command: [a]\n    timeout: [1]\n", FALSE, 4, 14, "bridges.a.timeout", "a list" },
  { "negative", A "    command: [a]\n    timeout: -1\n", FALSE, 4, 14, "bridges.a.timeout", "seconds" },
  { "retries", A "    command: [a]\n    retry_config:\n      max_retries: 11\n", FALSE, 5, 20,
    "bridges.a.retry_config.max_retries", "from 0 to 10" },
  { "backoff", A "    command: [a]\n    retry_config: {backoff_factor: 0.5}\n", FALSE, 4, 36,
    "bridges.a.retry_config.backoff_factor", "from 1 to 5" },
  { "backoff not a number", A "    command: [a]\n    retry_config: {backoff_factor: nan}\n", FALSE, 4, 36,
    "bridges.a.retry_config.backoff_factor", "a number" },
  { "retry_config as text", A "    command: [a]\n    retry_config: 3\n", FALSE, 4, 19, "bridges.a.retry_config", "a mapping" },
  { "boolean", A "    command: [a]\n    enabled: maybe\n", FALSE, 4, 14, "bridges.a.enabled", "true or false" },
  { "transport", A "    command: [a]\n    transport: studio\n", FALSE, 4, 16, "bridges.a.transport", "perhaps stdio" },
  { "auth type", A "    endpoint: https://a.example/\n    auth_type: barer\n", FALSE, 4, 16, "bridges.a.auth_type",
    "perhaps bearer" },
  { "protocol", A "    command: [a]\n    protocol: 2025\n", FALSE, 4, 15, "bridges.a.protocol", "2025-11-25" },
  { "endpoint", A "    endpoint: a.example\n", FALSE, 3, 15, "bridges.a.endpoint", "whole address" },
  { "endpoint scheme", A "    endpoint: ftp://a.example/\n", FALSE, 3, 15, "bridges.a.endpoint", "https://" },
  { "endpoint with a space", A "    endpoint: \"https://a.example/ b\"\n", FALSE, 3, 15, "bridges.a.endpoint", "no spaces" },
  { "http elsewhere", A "    endpoint: http://a.example/\n", FALSE, 3, 15, "bridges.a.endpoint", "https://" },
  { "http elsewhere, disabled", A "    endpoint: http://a.example/\n    enabled: false\n", TRUE, 3, 15, "bridges.a.endpoint",
    "https://" },
  { "http to a look-alike", A "    endpoint: http://localhost.a.example/\n", FALSE, 3, 15, "bridges.a.endpoint", "https://" },
  { "http to every address", A "    endpoint: http://0.0.0.0/\n", FALSE, 3, 15, "bridges.a.endpoint",
    "https://" },
  { "password in the address", A "    endpoint: https://u:p@a.example/\n", TRUE, 3, 15, "bridges.a.endpoint", "password" },
  { "neither", A "    timeout: 3\n", FALSE, 2, 3, "bridges.a", "“endpoint”" },
  { "nothing at all", "bridges:\n  a:\n", FALSE, 2, 3, "bridges.a", "“command”" },
  { "both", A "    command: [a]\n    endpoint: https://a.example/\n", FALSE, 2, 3, "bridges.a", "Both" },
  { "both, one meant", A "    command: [a]\n    endpoint: https://a.example/\n    transport: http\n", TRUE, 3, 14,
    "bridges.a.command", "Not used" },
  { "stdio without a command", A "    endpoint: https://a.example/\n    transport: stdio\n", FALSE, 2, 3, "bridges.a",
    "“command”" },
  { "rest without an endpoint", A "    command: [a]\n    transport: rest\n", FALSE, 2, 3, "bridges.a", "“endpoint”" },
  { "empty command", A "    command: []\n", FALSE, 3, 14, "bridges.a.command", "program is missing" },
  { "empty program", A "    command: [\"\", a]\n", FALSE, 3, 14, "bridges.a.command", "program is missing" },
  { "open quote in a command", A "    command: npx 'a\n", FALSE, 3, 14, "bridges.a.command", "a quote is open" },
  { "list in a command", A "    command: [a, [b]]\n", FALSE, 3, 18, "bridges.a.command", "must be text" },
  { "env as a list", A "    command: [a]\n    env: [A=b]\n", FALSE, 4, 10, "bridges.a.env", "{NAME: value}" },
  { "env name", A "    command: [a]\n    env: {\"A=B\": c}\n", FALSE, 4, 11, "bridges.a.env", "“=”" },
  { "header name", A "    endpoint: https://a.example/\n    headers: {\"A B\": c}\n", FALSE, 4, 15, "bridges.a.headers",
    "header's name" },
  { "header value", A "    endpoint: https://a.example/\n    headers: {A: \"b\\r\\nC: d\"}\n", FALSE, 4, 15, "bridges.a.headers",
    "line ends" },
  { "token name", A "    endpoint: https://a.example/\n    auth_token_env: $A\n", FALSE, 4, 21, "bridges.a.auth_token_env",
    "only the name" },
  { "token name with a space", A "    endpoint: https://a.example/\n    auth_token_env: A B\n", FALSE, 4, 21,
    "bridges.a.auth_token_env", "the name of a token" },
  { "token in place of its name", A "    endpoint: https://a.example/\n    auth_token_env: sk-CANARY12345678\n", TRUE, 4, 21,
    "bridges.a.auth_token_env", "in the open" },
  { "token in a header", A "    endpoint: https://a.example/\n    headers:\n      Authorization: Bearer CANARY12\n", TRUE, 5, 22,
    "bridges.a.headers.Authorization", "${secret:NAME}" },
  { "token in env", A "    command: [a]\n    env: {GITHUB_TOKEN: CANARY12}\n", TRUE, 4, 25, "bridges.a.env.GITHUB_TOKEN",
    "${secret:NAME}" },
  { "token on the command line", A "    command: [a, --token, ghp_CANARY1234567]\n", TRUE, 3, 14, "bridges.a.command",
    "looks like a token" },
  { "bearer without a token", A "    endpoint: https://a.example/\n    auth_type: bearer\n", TRUE, 4, 16, "bridges.a.auth_type",
    "No token is sent" },
  { "unknown key", A "    command: [a]\n    colour: red\n", TRUE, 4, 5, "bridges.a.colour", "leaves it alone" },
  { "near miss", A "    command: [a]\n    timout: 3\n", TRUE, 4, 5, "bridges.a.timout", "“timeout”" },
  { "swapped letters", A "    command: [a]\n    enabeld: true\n", TRUE, 4, 5, "bridges.a.enabeld", "“enabled”" },
  { "dash for underscore", A "    endpoint: https://a.example/\n    auth-type: none\n", TRUE, 4, 5, "bridges.a.auth-type",
    "“auth_type”" },
  { "another program's word", A "    endpoint: https://a.example/\n    url: x\n", TRUE, 4, 5, "bridges.a.url", "“endpoint”" },
  { "arguments apart", A "    command: npx\n    args: [a]\n", TRUE, 4, 5, "bridges.a.args", "“command”" },
  { "unknown section", "bridge:\n  a: 1\n", TRUE, 1, 1, "bridge", "“bridges”" },
  { "unknown in a section", "security:\n  require_http: true\n", TRUE, 2, 3, "security.require_http", "“require_https”" },
  { "concurrency", "global_settings: {max_concurrent_requests: 0}\n", FALSE, 1, 44, "global_settings.max_concurrent_requests",
    "from 1 to 1000" },
  { "cache", "global_settings: {cache_ttl: 86401}\n", FALSE, 1, 30, "global_settings.cache_ttl", "from 0 to 86400" },
  { "log level", "global_settings: {log_level: loud}\n", FALSE, 1, 30, "global_settings.log_level", "one of debug" },
  { "user agent", "global_settings: {user_agent: Käse}\n", FALSE, 1, 31, "global_settings.user_agent", "ASCII" },
  { "response size, small", "security: {max_response_size: 1023}\n", FALSE, 1, 31, "security.max_response_size", "from 1024" },
  { "response size, large", "security: {max_response_size: 1073741825}\n", FALSE, 1, 31, "security.max_response_size", "bytes" },
  { "content types", "security: {allowed_content_types: text/plain}\n", FALSE, 1, 35, "security.allowed_content_types", "a list" },
  { "content type", "security: {allowed_content_types: [text]}\n", FALSE, 1, 36, "security.allowed_content_types", "media type" },
  { "bridges as a list", "bridges:\n  - a\n", FALSE, 2, 3, "bridges", "a mapping" },
  { "bridge as text", "bridges:\n  a: b\n", FALSE, 2, 6, "bridges.a", "a mapping" },
  { "a list of all", "- a\n", FALSE, 1, 1, "", "bridges:" },
  { "a word", "hello\n", FALSE, 1, 1, "", "bridges:" },
  { "name with a slash", "bridges:\n  a/b: {command: [a]}\n", FALSE, 2, 3, "bridges", "“/”" },
  { "name with a bell", "bridges:\n  \"a\\ab\": {command: [a]}\n", FALSE, 2, 3, "bridges", "control" },
  { "name without letters", "bridges:\n  \"\": {command: [a]}\n", FALSE, 2, 3, "bridges", "needs a name" },
  { "column in characters", "bridges:\n  ä: {command: [ü], timeout: x}\n", FALSE, 2, 30, "bridges.ä.timeout", "“x”" },
};

static void
test_case (gconstpointer data)
{
  const Case *expected = data;
  const ViaConfigProblem *problem = NULL;
  g_autoptr(GPtrArray) problems = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(ViaConfig) config = via_config_new_from_text (expected->text, -1, "f.yaml", &problems, &error);

  g_assert_cmpint (config != NULL, ==, expected->warning);
  if (problems->len != 1)
    for (guint i = 0; i < problems->len; i++)
      g_test_message ("%s", ((ViaConfigProblem *) g_ptr_array_index (problems, i))->message);
  g_assert_cmpuint (problems->len, ==, 1);
  problem = g_ptr_array_index (problems, 0);
  g_test_message ("%s", problem->message);
  g_assert_cmpint (problem->warning, ==, expected->warning);
  g_assert_cmpstr (problem->key, ==, expected->key);
  g_assert_nonnull (strstr (problem->message, expected->words));
  g_assert_null (strstr (problem->message, "CANARY"));
  g_assert_cmpuint (problem->line, ==, expected->line);
  g_assert_cmpuint (problem->column, ==, expected->column);
  if (expected->warning)
    g_assert_no_error (error);
  else
    g_assert_error (error, VIA_CONFIG_ERROR, VIA_CONFIG_ERROR_INVALID);
}

static void
test_name_lengths (void)
{
  for (guint length = 64; length <= 65; length++)
    {
      g_autoptr(GString) text = g_string_new ("bridges:\n  ");
      g_autoptr(ViaConfig) config = NULL;

      for (guint i = 0; i < length; i++)
        g_string_append (text, "ö");
      g_string_append (text, ": {command: [a]}\n");
      config = via_config_new_from_text (text->str, text->len, NULL, NULL, NULL);
      g_assert_cmpint (config != NULL, ==, length == 64);
    }
}

static void
test_loopback (void)
{
  static const char *const hosts[] = { "localhost", "LOCALHOST:80", "127.0.0.1:1", "127.9.9.9", "[::1]:80", "a.localhost",
                                       "localhost." };

  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      g_autofree char *text = g_strdup_printf (A "    endpoint: \"http://%s/mcp\"\n", hosts[i]);
      g_autoptr(ViaConfig) config = load (text, NULL);

      g_assert_nonnull (config);
    }
}

static void
test_http_allowed (void)
{
  g_autoptr(GPtrArray) problems = NULL;
  g_autoptr(ViaConfig) config = load (A "    endpoint: http://a.example/\nsecurity: {require_https: false}\n", &problems);

  g_assert_cmpuint (problems->len, ==, 0);
}

static void
test_all_at_once (void)
{
  g_autoptr(GPtrArray) problems = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(ViaConfig) config = NULL;
  g_auto(GStrv) lines = NULL;

  config = via_config_new_from_text ("global_settings: {cache_ttl: x}\n"
                                     "bridges:\n"
                                     "  a: {command: [a], timeout: 0, enabled: 7, colour: red}\n"
                                     "  b: {endpoint: nowhere}\n",
                                     -1, "f.yaml", &problems, &error);
  g_assert_null (config);
  g_assert_error (error, VIA_CONFIG_ERROR, VIA_CONFIG_ERROR_INVALID);
  g_assert_cmpuint (problems->len, ==, 5);
  lines = g_strsplit (error->message, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 4); /* the warning is no reason to refuse */
  g_assert_true (g_str_has_prefix (lines[0], "f.yaml:1:30: global_settings.cache_ttl: Must be"));
  g_assert_true (g_str_has_prefix (lines[1], "f.yaml:3:30: bridges.a.timeout: "));
  g_assert_true (g_str_has_prefix (lines[2], "f.yaml:3:42: bridges.a.enabled: "));
  g_assert_true (g_str_has_prefix (lines[3], "f.yaml:4:17: bridges.b.endpoint: "));
}

static void
test_equal (void)
{
  ViaBridgeConfig *bridge;
  g_autoptr(ViaConfig) config = load_bridge ("    command: [a, b]\n    env: {A: b}\n    headers: {C: d}\n    description: e\n",
                                             &bridge);
  g_autoptr(ViaBridgeConfig) copy = via_bridge_config_copy (bridge);

  g_assert_true (via_bridge_config_equal (bridge, copy));
  g_clear_pointer (&copy->environment, g_strfreev);
  g_assert_false (via_bridge_config_equal (bridge, copy));
  copy->environment = g_strsplit ("A=b", "|", -1);
  g_assert_true (via_bridge_config_equal (bridge, copy));
  copy->retry_calls = VIA_RETRY_ALWAYS;
  g_assert_false (via_bridge_config_equal (bridge, copy));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/config/first-file", test_first_file);
  g_test_add_func ("/core/config/example", test_example);
  g_test_add_func ("/core/config/defaults", test_defaults);
  g_test_add_func ("/core/config/all-keys", test_all_keys);
  g_test_add_func ("/core/config/command-line", test_command_line);
  g_test_add_func ("/core/config/default-timeout", test_default_timeout);
  g_test_add_func ("/core/config/named-token-is-bearer", test_named_token_is_bearer);
  g_test_add_func ("/core/config/nothing", test_nothing);
  g_test_add_func ("/core/config/name-lengths", test_name_lengths);
  g_test_add_func ("/core/config/loopback", test_loopback);
  g_test_add_func ("/core/config/http-allowed", test_http_allowed);
  g_test_add_func ("/core/config/all-at-once", test_all_at_once);
  g_test_add_func ("/core/config/equal", test_equal);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *slug = g_strdelimit (g_strdup (cases[i].what), " ,/'", '-');
      g_autofree char *path = g_strconcat ("/core/config/problem/", slug, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  return g_test_run ();
}
