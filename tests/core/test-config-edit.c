/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "config/via-config.h"

static ViaConfig *
load (const char *text)
{
  g_autoptr(GError) error = NULL;
  ViaConfig *config = via_config_new_from_text (text, -1, "f.yaml", NULL, &error);

  if (config == NULL)
    g_test_message ("%s", text);
  g_assert_no_error (error);
  return config;
}

static void
set_text (char       **field,
          const char  *text)
{
  g_free (*field);
  *field = g_strdup (text);
}

static void
set_list (char       ***field,
          const char   *items)
{
  g_strfreev (*field);
  *field = items != NULL ? g_strsplit (items, "|", -1) : NULL;
}

/* Edits of the bridge "a", by name. */
static void
timeout_45 (ViaBridgeConfig *bridge)
{
  bridge->timeout_s = 45;
}

static void
disable (ViaBridgeConfig *bridge)
{
  bridge->enabled = FALSE;
}

static void
describe (ViaBridgeConfig *bridge)
{
  set_text (&bridge->description, "it's: a \"new\" one");
}

static void
describe_plainly (ViaBridgeConfig *bridge)
{
  set_text (&bridge->description, "the new one");
}

static void
describe_in_greek (ViaBridgeConfig *bridge)
{
  set_text (&bridge->description, "γέφυρα\n\t\x01 \xc2\x85 \xf0\x9f\x8c\x89");
}

static void
undescribe (ViaBridgeConfig *bridge)
{
  set_text (&bridge->description, "");
}

static void
backoff (ViaBridgeConfig *bridge)
{
  bridge->backoff_factor = 1.1;
}

static void
retries (ViaBridgeConfig *bridge)
{
  bridge->max_retries = 7;
  bridge->retry_calls = VIA_RETRY_NEVER;
}

static void
command_more (ViaBridgeConfig *bridge)
{
  set_list (&bridge->command, "npx|-y|new|last");
}

static void
command_less (ViaBridgeConfig *bridge)
{
  set_list (&bridge->command, "npx|last");
}

static void
command_other (ViaBridgeConfig *bridge)
{
  set_list (&bridge->command, "npx|--yes|last");
}

static void
to_endpoint (ViaBridgeConfig *bridge)
{
  set_list (&bridge->command, NULL);
  set_text (&bridge->endpoint, "https://new.example/mcp?a=b");
}

static void
env_change (ViaBridgeConfig *bridge)
{
  set_list (&bridge->environment, "A=1|B=two words|D=");
}

static void
env_drop (ViaBridgeConfig *bridge)
{
  set_list (&bridge->environment, "B=2");
}

static void
env_none (ViaBridgeConfig *bridge)
{
  set_list (&bridge->environment, NULL);
}

static void
env_reorder (ViaBridgeConfig *bridge)
{
  set_list (&bridge->environment, "B=2|A=1");
}

static void
header_add (ViaBridgeConfig *bridge)
{
  set_list (&bridge->headers, "X-Team|blue|Authorization|Bearer ${secret:A}");
}

static void
rename_b (ViaBridgeConfig *bridge)
{
  set_text (&bridge->name, "b");
}

static void
rename_yes (ViaBridgeConfig *bridge)
{
  set_text (&bridge->name, "yes");
}

static void
token (ViaBridgeConfig *bridge)
{
  bridge->auth = VIA_AUTH_API_KEY;
  set_text (&bridge->auth_token_name, "A_TOKEN");
}

static void
token_unsent (ViaBridgeConfig *bridge)
{
  bridge->auth = VIA_AUTH_NONE;
  set_text (&bridge->auth_token_name, "A_TOKEN");
}

static void
nothing (ViaBridgeConfig *bridge)
{
}

typedef struct
{
  const char  *what;
  const char  *before;
  void       (*change) (ViaBridgeConfig *bridge);
  const char  *after;
} Case;

static const Case cases[] = {
  { "nothing", "bridges: {a: {command: [a]}} # c", nothing, "bridges: {a: {command: [a]}} # c" },
  { "number", "bridges:\n  a:\n    timeout: 30 # s\n    command: [a]\n", timeout_45,
    "bridges:\n  a:\n    timeout: 45 # s\n    command: [a]\n" },
  { "number in quotes", "bridges:\n  a:\n    timeout: \"30\"\n    command: [a]\n", timeout_45,
    "bridges:\n  a:\n    timeout: 45\n    command: [a]\n" },
  { "number behind non-ASCII", "# äöü €\nbridges:\n  a: # ß\n    description: ÄÖÜ 🌉\n    timeout: 30 # ñ\n    command: [a] # é\n",
    timeout_45, "# äöü €\nbridges:\n  a: # ß\n    description: ÄÖÜ 🌉\n    timeout: 45 # ñ\n    command: [a] # é\n" },
  { "byte order mark", "\xef\xbb\xbf" "bridges:\n  a:\n    timeout: 30\n    command: [ä]\n", timeout_45,
    "\xef\xbb\xbf" "bridges:\n  a:\n    timeout: 45\n    command: [ä]\n" },
  { "CRLF", "bridges:\r\n  a:\r\n    timeout: 30\r\n    command: [a]\r\n", timeout_45,
    "bridges:\r\n  a:\r\n    timeout: 45\r\n    command: [a]\r\n" },
  { "new key", "bridges:\n  a:\n    command: [a]\n\n# end\n", timeout_45,
    "bridges:\n  a:\n    command: [a]\n    timeout: 45\n\n# end\n" },
  { "new key with CRLF", "bridges:\r\n  a:\r\n    command: [a]\r\n  b: {command: [b]}\r\n", timeout_45,
    "bridges:\r\n  a:\r\n    command: [a]\r\n    timeout: 45\r\n  b: {command: [b]}\r\n" },
  { "new key at the end without line end", "bridges:\n  a:\n    command: [a]", timeout_45,
    "bridges:\n  a:\n    command: [a]\n    timeout: 45" },
  { "new key behind comments", "bridges:\n  a:\n    command: [a] # c\n     # of a\n  # of b\n  b: {command: [b]}\n", timeout_45,
    "bridges:\n  a:\n    command: [a] # c\n     # of a\n    timeout: 45\n  # of b\n  b: {command: [b]}\n" },
  { "new key in braces", "bridges: {a: {command: [a]}, b: {command: [b]}}\n", timeout_45,
    "bridges: {a: {command: [a], timeout: 45}, b: {command: [b]}}\n" },
  { "new key in braces with a comma", "bridges:\n  a: {\n    command: [a], # c\n  }\n", timeout_45,
    "bridges:\n  a: {\n    command: [a], timeout: 45, # c\n  }\n" },
  { "deep indentation", "bridges:\n        a:\n                command: [a]\n", disable,
    "bridges:\n        a:\n                command: [a]\n                enabled: false\n" },
  { "JSON", "{\"bridges\": {\"a\": {\"command\": [\"a\"], \"enabled\": true}}}", disable,
    "{\"bridges\": {\"a\": {\"command\": [\"a\"], \"enabled\": false}}}" },
  { "boolean in other words", "bridges:\n  a:\n    enabled: yes   # on\n    command: [a]\n", disable,
    "bridges:\n  a:\n    enabled: false   # on\n    command: [a]\n" },
  { "text, plain", "bridges:\n  a:\n    description: old words\n    command: [a]\n", describe_plainly,
    "bridges:\n  a:\n    description: the new one\n    command: [a]\n" },
  { "text, plain no more", "bridges:\n  a:\n    description: old\n    command: [a]\n", describe,
    "bridges:\n  a:\n    description: \"it's: a \\\"new\\\" one\"\n    command: [a]\n" },
  { "text in single quotes", "bridges:\n  a:\n    description: 'o''ld'\n    command: [a]\n", describe,
    "bridges:\n  a:\n    description: 'it''s: a \"new\" one'\n    command: [a]\n" },
  { "text in double quotes", "bridges:\n  a:\n    description: \"o\\\"ld\"\n    command: [a]\n", describe_plainly,
    "bridges:\n  a:\n    description: \"the new one\"\n    command: [a]\n" },
  { "text over lines", "bridges:\n  a:\n    description: \"old\n      words\"\n    command: [a]\n", describe_plainly,
    "bridges:\n  a:\n    description: \"the new one\"\n    command: [a]\n" },
  { "text as a block", "bridges:\n  a:\n    description: |\n      old\n\n      words\n\n    command: [a]\n", describe_plainly,
    "bridges:\n  a:\n    description: \"the new one\"\n\n    command: [a]\n" },
  { "text as a folded block at the end", "bridges:\n  a:\n    command: [a]\n    description: >-\n      old\n      words\n\n\n# c\n",
    describe_plainly, "bridges:\n  a:\n    command: [a]\n    description: \"the new one\"\n\n\n# c\n" },
  { "odd characters", "bridges:\n  a:\n    description: 'old'\n    command: [a]\n", describe_in_greek,
    "bridges:\n  a:\n    description: \"γέφυρα\\n\\t\\u0001 \\u0085 🌉\"\n    command: [a]\n" },
  { "text taken away", "bridges:\n  a:\n    # about\n    description: old # c\n    command: [a]\n", undescribe,
    "bridges:\n  a:\n    # about\n    command: [a]\n" },
  { "text taken away in braces", "bridges: {a: {description: old, command: [a]}}\n", undescribe,
    "bridges: {a: {command: [a]}}\n" },
  { "last text taken away in braces", "bridges: {a: {command: [a] , description: old }}\n", undescribe,
    "bridges: {a: {command: [a] }}\n" },
  { "number with a point", "bridges:\n  a:\n    command: [a]\n    retry_config:\n      backoff_factor: 2\n", backoff,
    "bridges:\n  a:\n    command: [a]\n    retry_config:\n      backoff_factor: 1.1\n" },
  { "table, one key more", "bridges:\n  a:\n    retry_config:\n      backoff_factor: 2 # c\n    command: [a]\n", retries,
    "bridges:\n  a:\n    retry_config:\n      backoff_factor: 2 # c\n      max_retries: 7\n      retry_calls: never\n"
    "    command: [a]\n" },
  { "table, new", "bridges:\n  a:\n    command: [a]\n", retries,
    "bridges:\n  a:\n    command: [a]\n    retry_config:\n      max_retries: 7\n      retry_calls: never\n" },
  { "table, empty", "bridges:\n  a:\n    command: [a]\n    retry_config:  # none\n", retries,
    "bridges:\n  a:\n    command: [a]\n    retry_config: {max_retries: 7, retry_calls: never}  # none\n" },
  { "table in braces", "bridges: {a: {command: [a], retry_config: {max_retries: 1}}}\n", retries,
    "bridges: {a: {command: [a], retry_config: {max_retries: 7, retry_calls: never}}}\n" },
  { "list grows", "bridges:\n  a:\n    command: [npx, -y, last] # c\n", command_more,
    "bridges:\n  a:\n    command: [npx, -y, \"new\", last] # c\n" },
  { "list shrinks", "bridges:\n  a:\n    command: [npx, -y, last]\n", command_less,
    "bridges:\n  a:\n    command: [npx, last]\n" },
  { "list of lines grows", "bridges:\n  a:\n    command:\n      - npx # c\n      - '-y'\n      # the last\n      - last\n",
    command_more, "bridges:\n  a:\n    command:\n      - npx # c\n      - '-y'\n      # the last\n      - \"new\"\n      - last\n" },
  { "list of lines shrinks", "bridges:\n  a:\n    command:\n    - npx # c\n    - -y # d\n    - last\n    enabled: true\n",
    command_less, "bridges:\n  a:\n    command:\n    - npx # c\n    - last\n    enabled: true\n" },
  { "list of lines, one other", "bridges:\n  a:\n    command:\n      - npx\n      - '-y' # d\n      - last\n", command_other,
    "bridges:\n  a:\n    command:\n      - npx\n      - '--yes' # d\n      - last\n" },
  { "command line", "bridges:\n  a:\n    command: npx -y last # c\n", command_other,
    "bridges:\n  a:\n    command: [\"npx\", \"--yes\", \"last\"] # c\n" },
  { "command for endpoint", "bridges:\n  a:\n    command:\n      - a\n      - b\n    timeout: 3\n", to_endpoint,
    "bridges:\n  a:\n    timeout: 3\n    endpoint: \"https://new.example/mcp?a=b\"\n" },
  { "env", "bridges:\n  a:\n    command: [a]\n    env:\n      A: 0 # a\n      # of b\n      B: 'x'\n      C: 3\n", env_change,
    "bridges:\n  a:\n    command: [a]\n    env:\n      A: \"1\" # a\n      # of b\n      B: 'two words'\n      D: \"\"\n" },
  { "env in braces", "bridges: {a: {command: [a], env: {A: 0, C: 3, B: 'x'}}}\n", env_change,
    "bridges: {a: {command: [a], env: {A: \"1\", B: 'two words', D: \"\"}}}\n" },
  { "env, first dropped", "bridges: {a: {command: [a], env: {A: 1, B: 2}}}\n", env_drop,
    "bridges: {a: {command: [a], env: {B: 2}}}\n" },
  { "env, all dropped", "bridges:\n  a:\n    env:\n      A: 1\n      B: 2\n    command: [a]\n", env_none,
    "bridges:\n  a:\n    command: [a]\n" },
  { "env, empty value", "bridges:\n  a:\n    command: [a]\n    env:\n      A:\n      B: two words\n      D:\n", env_change,
    "bridges:\n  a:\n    command: [a]\n    env:\n      A: \"1\"\n      B: two words\n      D:\n" },
  { "env in another order", "bridges:\n  a:\n    command: [a]\n    env: {A: 1, B: 2}\n", env_reorder,
    "bridges:\n  a:\n    command: [a]\n    env: {B: \"2\", A: \"1\"}\n" },
  { "env, new", "bridges:\n  a:\n    command: [a]\n", env_drop, "bridges:\n  a:\n    command: [a]\n    env:\n      B: \"2\"\n" },
  { "headers", "bridges:\n  a:\n    endpoint: https://a.example/\n    headers: {X-Team: blue}\n", header_add,
    "bridges:\n  a:\n    endpoint: https://a.example/\n    headers: {X-Team: blue, Authorization: \"Bearer ${secret:A}\"}\n" },
  { "rename", "bridges:\n  'a': # c\n    command: [a]\n", rename_b, "bridges:\n  'b': # c\n    command: [a]\n" },
  { "rename to a word of YAML", "bridges:\n  a:\n    command: [a]\n", rename_yes, "bridges:\n  \"yes\":\n    command: [a]\n" },
  { "token", "bridges:\n  a:\n    endpoint: https://a.example/\n", token,
    "bridges:\n  a:\n    endpoint: https://a.example/\n    auth_type: api_key\n    auth_token_env: A_TOKEN\n" },
  { "token that is not sent", "bridges:\n  a:\n    endpoint: https://a.example/\n", token_unsent,
    "bridges:\n  a:\n    endpoint: https://a.example/\n    auth_token_env: A_TOKEN\n    auth_type: none\n" },
  { "unknown keys stay", "x: {y: [1, 2]}\nbridges:\n  a:\n    colour: {r: 1}\n    command: [a]\n    tags:\n      - b\n", timeout_45,
    "x: {y: [1, 2]}\nbridges:\n  a:\n    colour: {r: 1}\n    command: [a]\n    tags:\n      - b\n    timeout: 45\n" },
  { "text that keeps its line ends", "bridges:\n  a:\n    command: [a]\n    description: |+\n      x\n\n# c\n", timeout_45,
    "bridges:\n  a:\n    command: [a]\n    description: |+\n      x\n\n    timeout: 45\n# c\n" },
};

static void
test_case (gconstpointer data)
{
  const Case *expected = data;
  g_autoptr(ViaConfig) config = load (expected->before);
  g_autoptr(ViaBridgeConfig) bridge = via_bridge_config_copy (via_config_find_bridge (config, "a"));
  g_autoptr(GError) error = NULL;
  g_autoptr(ViaConfig) result = NULL;

  expected->change (bridge);
  result = via_config_replace_bridge (config, "a", bridge, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (via_config_get_text (result), ==, expected->after);
  g_assert_cmpstr (via_config_get_text (config), ==, expected->before);
}

static ViaBridgeConfig *
new_bridge (const char *name)
{
  ViaBridgeConfig *bridge = via_bridge_config_new (name);

  bridge->endpoint = g_strdup ("https://n.example/mcp");
  return bridge;
}

#define N_BLOCK "  m:\n    endpoint: https://n.example/mcp\n"

static const struct
{
  const char *before;
  const char *after;
} additions[] = {
  { "", "bridges:\n" N_BLOCK },
  { "# mine\n", "# mine\nbridges:\n" N_BLOCK },
  { "# mine", "# mine\nbridges:\n" N_BLOCK },
  { "bridges:\n", "bridges:\n" N_BLOCK },
  { "bridges:", "bridges:\n" N_BLOCK },
  { "bridges: {}\n", "bridges:\n" N_BLOCK },
  { "bridges: ~ # none yet\nsecurity: {}\n", "bridges: # none yet\n" N_BLOCK "security: {}\n" },
  { "bridges:   # none yet\n\nsecurity: {}\n", "bridges:   # none yet\n" N_BLOCK "\nsecurity: {}\n" },
  { "security: {}\n", "security: {}\nbridges:\n" N_BLOCK },
  { "---\nsecurity: {}\n...\n", "---\nsecurity: {}\nbridges:\n" N_BLOCK "...\n" },
  { "{}", "{bridges: {m: {endpoint: https://n.example/mcp}}}" },
  { "{\"bridges\": {}}", "{\"bridges\": {m: {endpoint: https://n.example/mcp}}}" },
  { "{\"security\": {}}", "{\"security\": {}, bridges: {m: {endpoint: https://n.example/mcp}}}" },
  { "bridges:\n  a: {command: [a]}\n", "bridges:\n  a: {command: [a]}\n" N_BLOCK },
  { "bridges:\n  a: {command: [a]}", "bridges:\n  a: {command: [a]}\n  m:\n    endpoint: https://n.example/mcp" },
  { "bridges:\n    a:\n        command: [a]\n", "bridges:\n    a:\n        command: [a]\n    m:\n        endpoint: https://n.example/mcp\n" },
  { "bridges:\n  a:\n    command: [a]\n    # of a\n\n  b:\n    command: [b] # b\n    # of b\n\n# end\n",
    "bridges:\n  a:\n    command: [a]\n    # of a\n\n  b:\n    command: [b] # b\n    # of b\n\n" N_BLOCK "\n# end\n" },
  { "bridges: {a: {command: [a]}}\n", "bridges: {a: {command: [a]}, m: {endpoint: https://n.example/mcp}}\n" },
  { "bridges:\r\n  a:\r\n    command: [a]\r\n",
    "bridges:\r\n  a:\r\n    command: [a]\r\n  m:\r\n    endpoint: https://n.example/mcp\r\n" },
};

static void
test_add (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (additions); i++)
    {
      g_autoptr(ViaConfig) config = load (additions[i].before);
      g_autoptr(ViaBridgeConfig) bridge = new_bridge ("m");
      g_autoptr(GError) error = NULL;
      g_autoptr(ViaConfig) result = via_config_add_bridge (config, bridge, &error);

      g_test_message ("%s", additions[i].before);
      g_assert_no_error (error);
      g_assert_cmpstr (via_config_get_text (result), ==, additions[i].after);
    }
}

static void
test_add_everything (void)
{
  g_autoptr(ViaConfig) config = load ("global_settings: {default_timeout: 60}\n");
  g_autoptr(ViaBridgeConfig) bridge = via_bridge_config_new ("ünï cödé: \"x\"");
  g_autoptr(GError) error = NULL;
  g_autoptr(ViaConfig) result = NULL;

  set_list (&bridge->command, "npx|-y|it's \"it\"|#no|${env:A}|");
  set_list (&bridge->environment, "A=1|YES=no|C=a: b|D= x |E=line\nline");
  set_list (&bridge->headers, "X-A|1|On|off");
  set_text (&bridge->directory, "/srv/ä b");
  set_text (&bridge->description, "- not a list");
  set_text (&bridge->protocol, "2026-07-28");
  set_text (&bridge->auth_token_name, "A.B-C");
  bridge->transport = VIA_TRANSPORT_STDIO;
  bridge->auth = VIA_AUTH_BEARER;
  bridge->timeout_s = 30;
  bridge->max_retries = 0;
  bridge->backoff_factor = 1.25;
  bridge->max_backoff_ms = 5;
  bridge->retry_calls = VIA_RETRY_ALWAYS;
  bridge->enabled = FALSE;
  bridge->builtin = TRUE;
  result = via_config_add_bridge (config, bridge, &error);
  g_assert_no_error (error);
  bridge->builtin = FALSE;
  g_assert_true (via_bridge_config_equal (bridge, via_config_get_bridge (result, 0)));
}

static void
test_remove (void)
{
  static const struct
  {
    const char *before;
    const char *after;
  } removals[] = {
    { "bridges:\n  a:\n    command: [a]\n", "bridges:\n" },
    { "bridges:\n  a:\n    command: [a]\n    # of a\n  # of b\n  b: {command: [b]}\n", "bridges:\n  # of b\n  b: {command: [b]}\n" },
    { "bridges:\n  # models\n  b:\n    command: [b]\n\n  a:\n    command: [a]\n\n  c: {command: [c]}\n",
      "bridges:\n  # models\n  b:\n    command: [b]\n\n  c: {command: [c]}\n" },
    { "bridges:\n  a:\n    command: [a] # x\n\n  c: {command: [c]}\n", "bridges:\n  c: {command: [c]}\n" },
    { "bridges: {a: {command: [a]}, b: {command: [b]}}\n", "bridges: {b: {command: [b]}}\n" },
    { "bridges: {b: {command: [b]}, a: {command: [a]}}\n", "bridges: {b: {command: [b]}}\n" },
    { "bridges: {a: {command: [a]},}\n", "bridges: {}\n" },
    { "bridges:\n  b: {command: [b]}\n  a: {command: [a]}", "bridges:\n  b: {command: [b]}\n" },
    { "bridges:\n  a:\n    command: [a]\nsecurity: {require_https: false}\n", "bridges:\nsecurity: {require_https: false}\n" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (removals); i++)
    {
      g_autoptr(ViaConfig) config = load (removals[i].before);
      g_autoptr(GError) error = NULL;
      g_autoptr(ViaConfig) result = via_config_remove_bridge (config, "a", &error);

      g_test_message ("%s", removals[i].before);
      g_assert_no_error (error);
      g_assert_cmpstr (via_config_get_text (result), ==, removals[i].after);
      g_assert_null (via_config_find_bridge (result, "a"));
    }
}

static void
test_names (void)
{
  g_autoptr(ViaConfig) config = load ("bridges: {a: {command: [a]}, b: {command: [b]}}\n");
  g_autoptr(ViaBridgeConfig) bridge = new_bridge ("b");
  g_autoptr(ViaBridgeConfig) bad = new_bridge ("a/b");
  g_autoptr(GError) error = NULL;

  g_assert_null (via_config_add_bridge (config, bridge, &error));
  g_assert_error (error, VIA_CONFIG_ERROR, VIA_CONFIG_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_null (via_config_replace_bridge (config, "a", bridge, &error));
  g_assert_error (error, VIA_CONFIG_ERROR, VIA_CONFIG_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_null (via_config_add_bridge (config, bad, &error));
  g_assert_error (error, VIA_CONFIG_ERROR, VIA_CONFIG_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (via_config_remove_bridge (config, "c", &error));
  g_assert_error (error, VIA_CONFIG_ERROR, VIA_CONFIG_ERROR_UNKNOWN_BRIDGE);
  g_clear_error (&error);
  g_assert_null (via_config_set_enabled (config, "c", TRUE, &error));
  g_assert_error (error, VIA_CONFIG_ERROR, VIA_CONFIG_ERROR_UNKNOWN_BRIDGE);
}

/* What would not load again is not handed out. */
static void
test_wrong_values (void)
{
  g_autoptr(ViaConfig) config = load ("bridges: {a: {command: [a]}}\n");
  g_autoptr(ViaBridgeConfig) bridge = new_bridge ("n");
  g_autoptr(GError) error = NULL;

  set_text (&bridge->endpoint, "nowhere");
  bridge->timeout_s = 4000;
  g_assert_null (via_config_add_bridge (config, bridge, &error));
  g_assert_error (error, VIA_CONFIG_ERROR, VIA_CONFIG_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "bridges.n.endpoint: Must be a whole address"));
  g_assert_nonnull (strstr (error->message, "bridges.n.timeout: Must be"));
}

/* Shapes that a splice cannot change are refused by name, not damaged. */
static void
test_unsafe_shapes (void)
{
  static const char *const texts[] = {
    "bridges:\n  ? a\n  : command: [a]\n",
    "bridges:\n  ? a\n  : {command: [a]}\n",
    "? bridges\n: a:\n    command: [a]\n",
    "bridges: {a: {command: [a], # keep\n  description: d}}\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(ViaConfig) config = load (texts[i]);
      g_autoptr(ViaBridgeConfig) bridge = via_bridge_config_copy (via_config_find_bridge (config, "a"));
      g_autoptr(GError) error = NULL;
      g_autoptr(ViaConfig) removed = via_config_remove_bridge (config, "a", NULL);
      g_autoptr(ViaConfig) result = NULL;

      set_text (&bridge->description, NULL);
      bridge->timeout_s = 45;
      result = via_config_replace_bridge (config, "a", bridge, &error);
      g_test_message ("%s → %s", texts[i], result != NULL ? via_config_get_text (result) : error->message);
      if (result != NULL)
        g_assert_true (via_bridge_config_equal (via_config_find_bridge (result, "a"), bridge));
      else
        g_assert_nonnull (strstr (error->message, "by hand"));
      if (removed != NULL)
        g_assert_null (via_config_find_bridge (removed, "a"));
    }
}

/* The number of bytes that two texts have in common at both ends is all but the value. */
static void
assert_only_change (const char *before,
                    const char *after,
                    const char *old,
                    const char *new)
{
  gsize head = 0, tail = 0, a = strlen (before), b = strlen (after);

  while (head < MIN (a, b) && before[head] == after[head])
    head++;
  while (tail < MIN (a, b) - head && before[a - 1 - tail] == after[b - 1 - tail])
    tail++;
  g_assert_cmpuint (a - head - tail, <=, strlen (old));
  g_assert_cmpuint (b - head - tail, <=, strlen (new));
}

/* Every bridge of real-looking files: its number changed is a change of that number, and changed back there is none. */
static void
test_round_trips (void)
{
  static const char *const heads[] = { "", "# head\n", "\n\n# ä\n", "---\n", "%YAML 1.1\n---\n", "security: {require_https: false}\n\n" };
  static const char *const shapes[] = {
    "bridges:\n  a:\n    timeout: 31\n    command: [a]\n  b:\n    timeout: 31\n    command: [b]\n",
    "bridges:\n    a: # ü\n        description: 'x'   # €\n        timeout:   31   # s\n        command: [ä]\n\n\n    b:\n"
    "        timeout: 31\n        command:\n        - b\n",
    "bridges: {a: {timeout: 31, command: [a]}, b: {command: [b], timeout: 31}}\n",
    "\"bridges\":\n  \"a\":\n    \"timeout\": 31\n    \"command\": [\"a\"]\n  'b':\n    'timeout': '31'\n    command: b c\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (heads) * G_N_ELEMENTS (shapes) * 2; i++)
    {
      const char *head = heads[i / 2 % G_N_ELEMENTS (heads)], *shape = shapes[i / 2 / G_N_ELEMENTS (heads)];
      g_autofree char *joined = g_strconcat (head, shape, "# tail\n\n", NULL);
      g_auto(GStrv) lines = g_strsplit (joined, "\n", -1);
      g_autofree char *text = g_strjoinv (i % 2 == 0 ? "\n" : "\r\n", lines);
      g_autoptr(ViaConfig) config = load (text);

      for (guint j = 0; j < via_config_get_n_bridges (config); j++)
        {
          g_autoptr(ViaBridgeConfig) bridge = via_bridge_config_copy (via_config_get_bridge (config, j));
          g_autoptr(ViaConfig) changed = NULL, back = NULL;
          g_autoptr(GError) error = NULL;

          bridge->timeout_s = 299;
          changed = via_config_replace_bridge (config, bridge->name, bridge, &error);
          g_assert_no_error (error);
          assert_only_change (text, via_config_get_text (changed), "'31'", "299");
          bridge->timeout_s = 31;
          back = via_config_replace_bridge (changed, bridge->name, bridge, &error);
          g_assert_no_error (error);
          if (strstr (text, "'31'") == NULL)
            g_assert_cmpstr (via_config_get_text (back), ==, text);
        }
    }
}

static void
test_first_file (void)
{
  g_autofree char *text = NULL;
  g_autoptr(ViaConfig) config = NULL;

  g_assert_true (g_file_get_contents (VIA_SOURCE_ROOT "/tests/core/data/mcp_bridges.yaml", &text, NULL, NULL));
  config = load (text);
  for (guint i = 0; i < via_config_get_n_bridges (config); i++)
    {
      ViaBridgeConfig *bridge = via_config_get_bridge (config, i);
      g_autoptr(GError) error = NULL;
      g_autoptr(ViaConfig) flipped = via_config_set_enabled (config, bridge->name, !bridge->enabled, &error);
      g_autoptr(ViaConfig) back = NULL, less = NULL, more = NULL;

      g_assert_no_error (error);
      assert_only_change (text, via_config_get_text (flipped), "false", "false");
      back = via_config_set_enabled (flipped, bridge->name, bridge->enabled, &error);
      g_assert_cmpstr (via_config_get_text (back), ==, text);
      less = via_config_remove_bridge (config, bridge->name, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (via_config_get_n_bridges (less), ==, 7);
      more = via_config_add_bridge (less, bridge, &error);
      g_assert_no_error (error);
      g_assert_true (via_bridge_config_equal (via_config_get_bridge (more, 7), bridge));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *slug = g_strdelimit (g_strdup (cases[i].what), " ,/'", '-');
      g_autofree char *path = g_strconcat ("/core/config-edit/", slug, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/core/config-edit/add", test_add);
  g_test_add_func ("/core/config-edit/add-everything", test_add_everything);
  g_test_add_func ("/core/config-edit/remove", test_remove);
  g_test_add_func ("/core/config-edit/names", test_names);
  g_test_add_func ("/core/config-edit/wrong-values", test_wrong_values);
  g_test_add_func ("/core/config-edit/unsafe-shapes", test_unsafe_shapes);
  g_test_add_func ("/core/config-edit/round-trips", test_round_trips);
  g_test_add_func ("/core/config-edit/first-file", test_first_file);
  return g_test_run ();
}
