/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/via-limits.h"
#include "config/via-config-problem.h"
#include "config/via-config-schema.h"

#define BACKOFF_MS_MAX 3600000
#define USER_AGENT_BYTES 256
#define ENDPOINT_BYTES 8192
#define TOKEN_NAME_BYTES 128
#define BRIDGE_NAME_CHARS 64
#define QUOTED_CHARS 40 /* of a wrong value in a message */

static const char *const transport_names[] = { "auto", "stdio", "http", "sse", "rest", "openapi", NULL };
static const char *const auth_names[] = { "none", "bearer", "api_key", "basic", "oauth", NULL };
static const char *const retry_names[] = { "safe", "always", "never", NULL };
static const char *const log_levels[] = { "debug", "info", "notice", "warning", "warn", "error", "critical", NULL };

/* What other programs call our keys. */
static const struct
{
  const char *theirs;
  const char *ours;
} foreign_names[] = {
  { "args", "command" }, { "url", "endpoint" }, { "type", "transport" }, { "disabled", "enabled" },
  { "token", "auth_token_env" }, { "api_key", "auth_token_env" }, { "retries", "retry_config" },
  { "mcpServers", "bridges" }, { "servers", "bridges" }, { "workingDirectory", "cwd" }, { "environment", "env" },
};

gboolean
via_config_has_control (const char *text)
{
  for (; *text != '\0'; text = g_utf8_next_char (text))
    if (g_unichar_iscntrl (g_utf8_get_char (text)))
      return TRUE;
  return FALSE;
}

const char *
via_config_check_name (const char *name)
{
  if (*name == '\0')
    return _("A bridge needs a name.");
  if (g_utf8_strlen (name, -1) > BRIDGE_NAME_CHARS)
    return _("A name has at most 64 characters. Choose a shorter one.");
  if (strchr (name, '/') != NULL || via_config_has_control (name))
    return _("A name has no “/”, line end or control character. Choose another one.");
  if (g_ascii_isspace (*name) || g_ascii_isspace (name[strlen (name) - 1]))
    return _("A name does not begin or end with a space. Remove it.");
  return NULL;
}

gboolean
via_config_looks_secret (const char *text)
{
  static const char *const beginnings[] = {
    "sk-", "sk_", "pk_live", "ghp_", "gho_", "ghs_", "ghu_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "xapp-", "AKIA",
    "AIza", "eyJ", "hf_", "npm_", "ntn_", "secret_", "lin_api_", "Bearer ", "Basic ",
  };
  gboolean digit = FALSE, upper = FALSE, lower = FALSE;
  gsize length = strlen (text);

  if (strstr (text, "${") != NULL || length < 12)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (beginnings); i++)
    if (g_str_has_prefix (text, beginnings[i]))
      return TRUE;
  for (const char *at = text; *at != '\0'; at++)
    {
      if (!g_ascii_isalnum (*at) && strchr ("-_.+/=~", *at) == NULL)
        return FALSE;
      digit |= g_ascii_isdigit (*at);
      upper |= g_ascii_isupper (*at);
      lower |= g_ascii_islower (*at);
    }
  return length >= 32 && digit && upper && lower && strchr (text, '/') == NULL;
}

static const char *
check_protocol (const char *text)
{
  static const char shape[] = "dddd-dd-dd";
  gsize i;

  if (g_str_equal (text, "auto") || g_str_equal (text, "modern") || g_str_equal (text, "legacy"))
    return NULL;
  for (i = 0; shape[i] != '\0' && text[i] != '\0'; i++)
    if (shape[i] == 'd' ? !g_ascii_isdigit (text[i]) : text[i] != shape[i])
      break;
  if (shape[i] == '\0' && text[i] == '\0')
    return NULL;
  return _("Must be auto, modern, legacy, or the date of a revision such as 2025-11-25.");
}

static const char *
check_endpoint (const char *text)
{
  g_autoptr(GUri) uri = NULL;

  if (strlen (text) > ENDPOINT_BYTES)
    return _("This address is too long.");
  if (via_config_has_control (text) || strchr (text, ' ') != NULL)
    return _("An address has no spaces or control characters.");
  if (strstr (text, "${") != NULL)
    return NULL;
  uri = g_uri_parse (text, G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED_QUERY, NULL);
  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0')
    return _("Must be a whole address, such as https://mcp.example.com/mcp.");
  if (!g_str_equal (g_uri_get_scheme (uri), "https") && !g_str_equal (g_uri_get_scheme (uri), "http"))
    return _("Must begin with https:// (or http:// on this machine). A program is started with “command” instead.");
  return NULL;
}

static const char *
check_token_name (const char *text)
{
  if (*text == '$')
    return _("Here stands only the name, without “$” and braces.");
  if (strlen (text) > TOKEN_NAME_BYTES || !(g_ascii_isalnum (*text) || *text == '_'))
    return _("Must be the name of a token, such as REMOTE_TOKEN: letters, digits, “_”, “-” and “.”, at most 128.");
  for (const char *at = text; *at != '\0'; at++)
    if (!g_ascii_isalnum (*at) && strchr ("_-.", *at) == NULL)
      return _("Must be the name of a token, such as REMOTE_TOKEN: letters, digits, “_”, “-” and “.”, at most 128.");
  return NULL;
}

static const char *
check_user_agent (const char *text)
{
  for (const char *at = text; *at != '\0'; at++)
    if (*at < 0x20 || *at > 0x7e)
      return _("Must be plain ASCII text, such as Viaduct/1.0.");
  return strlen (text) <= USER_AGENT_BYTES ? NULL : _("This is too long: 256 characters at most.");
}

static const char *
check_directory (const char *text)
{
  return via_config_has_control (text) ? _("A folder's name has no control characters.") : NULL;
}

static const char *
check_content_type (const char *text)
{
  const char *slash = strchr (text, '/');

  if (slash == NULL || slash == text || slash[1] == '\0' || strpbrk (text, " ;,\"") != NULL || via_config_has_control (text))
    return _("Must be a media type such as application/json, without parameters.");
  return NULL;
}

#define BRIDGE(field) G_STRUCT_OFFSET (ViaBridgeConfig, field)
#define SETTING(field) G_STRUCT_OFFSET (ViaConfigSettings, field)

static const ViaConfigKey retry_keys[] = {
  { "max_retries", VIA_KEY_UINT, BRIDGE (max_retries), 0, VIA_LIMIT_RETRIES_MAX },
  { "backoff_factor", VIA_KEY_DOUBLE, BRIDGE (backoff_factor), 1, 5 },
  { "max_backoff_ms", VIA_KEY_UINT, BRIDGE (max_backoff_ms), 0, BACKOFF_MS_MAX, N_("milliseconds") },
  { "retry_calls", VIA_KEY_CHOICE, BRIDGE (retry_calls), .choices = retry_names },
  { NULL },
};

const ViaConfigKey via_config_bridge_keys[] = {
  { "command", VIA_KEY_COMMAND, BRIDGE (command) },
  { "env", VIA_KEY_ENVIRONMENT, BRIDGE (environment) },
  { "cwd", VIA_KEY_TEXT, BRIDGE (directory), .check = check_directory },
  { "endpoint", VIA_KEY_TEXT, BRIDGE (endpoint), .check = check_endpoint },
  { "transport", VIA_KEY_CHOICE, BRIDGE (transport), .choices = transport_names },
  { "protocol", VIA_KEY_TEXT, BRIDGE (protocol), .check = check_protocol },
  { "auth_type", VIA_KEY_CHOICE, BRIDGE (auth), .choices = auth_names },
  { "auth_token_env", VIA_KEY_TEXT, BRIDGE (auth_token_name), .check = check_token_name },
  { "headers", VIA_KEY_HEADERS, BRIDGE (headers) },
  { "timeout", VIA_KEY_UINT, BRIDGE (timeout_s), 1, VIA_LIMIT_TIMEOUT_MAX_S, N_("seconds") },
  { "retry_config", VIA_KEY_TABLE, .table = retry_keys },
  { "description", VIA_KEY_TEXT, BRIDGE (description) },
  { "enabled", VIA_KEY_BOOLEAN, BRIDGE (enabled) },
  { NULL },
};

const ViaConfigKey via_config_global_keys[] = {
  { "default_timeout", VIA_KEY_UINT, SETTING (default_timeout_s), 1, VIA_LIMIT_TIMEOUT_MAX_S, N_("seconds") },
  { "max_concurrent_requests", VIA_KEY_UINT, SETTING (max_concurrent_requests), 1, 1000 },
  { "enable_caching", VIA_KEY_BOOLEAN, SETTING (enable_caching) },
  { "cache_ttl", VIA_KEY_UINT, SETTING (cache_ttl_s), 0, 86400, N_("seconds") },
  { "log_level", VIA_KEY_WORD, SETTING (log_level), .choices = log_levels },
  { "enable_metrics", VIA_KEY_BOOLEAN, SETTING (enable_metrics) },
  { "user_agent", VIA_KEY_TEXT, SETTING (user_agent), .check = check_user_agent },
  { NULL },
};

const ViaConfigKey via_config_security_keys[] = {
  { "require_https", VIA_KEY_BOOLEAN, SETTING (require_https) },
  { "validate_certificates", VIA_KEY_BOOLEAN, SETTING (validate_certificates) },
  { "max_response_size", VIA_KEY_UINT64, SETTING (max_response_size), 1024, VIA_LIMIT_RESPONSE_BYTES_MAX, N_("bytes") },
  { "allowed_content_types", VIA_KEY_LIST, SETTING (allowed_content_types), .check = check_content_type },
  { NULL },
};

const ViaConfigKey *
via_config_key_find (const ViaConfigKey *keys,
                     const char         *name)
{
  for (; keys->name != NULL; keys++)
    if (g_str_equal (keys->name, name))
      return keys;
  return NULL;
}

/* One key being read: where it stands and where problems go. */
typedef struct
{
  const ViaConfigKey  *key;
  const ViaConfigNode *node;
  const char          *path;
  GPtrArray           *problems;
} Reading;

static void
wrong (const Reading       *reading,
       const ViaConfigNode *at,
       const char          *message)
{
  via_config_problems_add (reading->problems, FALSE, at->line, at->column, reading->path, "%s", message);
}

/* “value” for a message; a token that stands in the wrong place is not repeated. */
static char *
quote_value (const ViaConfigNode *node)
{
  g_autofree char *head = NULL;

  if (node->kind == VIA_NODE_MAPPING)
    return g_strdup (_("a mapping"));
  if (node->kind == VIA_NODE_SEQUENCE)
    return g_strdup (_("a list"));
  if (via_config_looks_secret (node->text))
    return g_strdup (_("something that looks like a token"));
  if (g_utf8_strlen (node->text, -1) <= QUOTED_CHARS)
    /* translators: a quotation of what somebody wrote */
    return g_strdup_printf (_("“%s”"), node->text);
  head = g_utf8_substring (node->text, 0, QUOTED_CHARS);
  return g_strdup_printf (_("“%s…”"), head);
}

static void
wrong_value (const Reading *reading,
             const char    *wanted)
{
  g_autofree char *value = quote_value (reading->node);
  /* translators: the first %s is such as “a whole number from 0 to 10”, the second quotes what the file says */
  g_autofree char *message = g_strdup_printf (_("Must be %s, but is %s."), wanted, value);

  wrong (reading, reading->node, message);
}

static gboolean
read_boolean (const ViaConfigNode *node,
              gboolean            *value)
{
  static const char *const words[] = { "false", "true", "no", "yes", "off", "on" };

  if (node->kind != VIA_NODE_SCALAR)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_ascii_strcasecmp (node->text, words[i]) == 0)
      {
        *value = i % 2;
        return TRUE;
      }
  return FALSE;
}

static void
apply_boolean (const Reading *reading,
               gpointer       target)
{
  gboolean value;

  if (read_boolean (reading->node, &value))
    VIA_CONFIG_FIELD (gboolean, target, reading->key) = value;
  else
    wrong_value (reading, _("true or false"));
}

static void
apply_integer (const Reading *reading,
               gpointer       target)
{
  const ViaConfigKey *key = reading->key;
  guint64 value;

  if (reading->node->kind == VIA_NODE_SCALAR
      && g_ascii_string_to_unsigned (reading->node->text, 10, key->least, key->most, &value, NULL))
    {
      if (key->kind == VIA_KEY_UINT64)
        VIA_CONFIG_FIELD (guint64, target, key) = value;
      else
        VIA_CONFIG_FIELD (guint, target, key) = value;
    }
  else
    {
      g_autofree char *range = g_strdup_printf (_("a whole number from %.0f to %.0f"), key->least, key->most);
      g_autofree char *wanted = key->unit != NULL ? g_strdup_printf ("%s (%s)", range, g_dgettext (GETTEXT_PACKAGE, key->unit))
                                                  : g_strdup (range);

      wrong_value (reading, wanted);
    }
}

static void
apply_double (const Reading *reading,
              gpointer       target)
{
  const ViaConfigKey *key = reading->key;
  const char *text = reading->node->kind == VIA_NODE_SCALAR ? reading->node->text : "";
  char *end = NULL;
  double value = g_ascii_isdigit (*text) ? g_ascii_strtod (text, &end) : -1;

  if (end != NULL && *end == '\0' && text[strspn (text, "0123456789.eE+-")] == '\0' && value >= key->least && value <= key->most)
    VIA_CONFIG_FIELD (double, target, key) = value;
  else
    {
      g_autofree char *wanted = g_strdup_printf (_("a number from %.0f to %.0f"), key->least, key->most);

      wrong_value (reading, wanted);
    }
}

static void
apply_choice (const Reading *reading,
              gpointer       target)
{
  const ViaConfigKey *key = reading->key;
  const char *text = reading->node->kind == VIA_NODE_SCALAR ? reading->node->text : "";
  g_autofree char *words = NULL, *wanted = NULL;
  const char *near;

  for (guint i = 0; key->choices[i] != NULL; i++)
    if (g_str_equal (key->choices[i], text))
      {
        if (key->kind == VIA_KEY_CHOICE)
          VIA_CONFIG_FIELD (guint, target, key) = i;
        else
          {
            g_free (VIA_CONFIG_FIELD (char *, target, key));
            VIA_CONFIG_FIELD (char *, target, key) = g_strdup (text);
          }
        return;
      }
  words = g_strjoinv (", ", (char **) key->choices);
  near = via_config_did_you_mean (text, key->choices);
  wanted = near != NULL ? g_strdup_printf (_("one of %s (perhaps %s)"), words, near) : g_strdup_printf (_("one of %s"), words);
  wrong_value (reading, wanted);
}

static void
apply_text (const Reading *reading,
            gpointer       target)
{
  const ViaConfigKey *key = reading->key;
  const char *message;

  if (reading->node->kind != VIA_NODE_SCALAR)
    {
      wrong_value (reading, _("text"));
      return;
    }
  if (*reading->node->text == '\0') /* "" says that there is none */
    {
      g_clear_pointer (&VIA_CONFIG_FIELD (char *, target, key), g_free);
      return;
    }
  message = key->check != NULL ? key->check (reading->node->text) : NULL;
  if (message != NULL)
    {
      wrong (reading, reading->node, message);
      return;
    }
  g_free (VIA_CONFIG_FIELD (char *, target, key));
  VIA_CONFIG_FIELD (char *, target, key) = g_strdup (reading->node->text);
}

static void
set_list (const Reading *reading,
          gpointer       target,
          GPtrArray     *items)
{
  char ***field = &VIA_CONFIG_FIELD (char **, target, reading->key);

  g_strfreev (*field);
  *field = NULL;
  if (items->len == 0)
    return;
  g_ptr_array_add (items, NULL);
  *field = g_strdupv ((char **) items->pdata);
}

static void
apply_list (const Reading *reading,
            gpointer       target)
{
  g_autoptr(GPtrArray) items = g_ptr_array_new ();

  if (reading->node->kind != VIA_NODE_SEQUENCE)
    {
      wrong_value (reading, _("a list such as [a, b]"));
      return;
    }
  for (guint i = 0; i < reading->node->values->len; i++)
    {
      const ViaConfigNode *item = g_ptr_array_index (reading->node->values, i);
      const char *message = NULL;

      if (item->kind != VIA_NODE_SCALAR)
        message = _("Each item of this list must be text.");
      else if (reading->key->check != NULL)
        message = reading->key->check (item->text);
      if (message != NULL)
        wrong (reading, item, message);
      else
        g_ptr_array_add (items, item->text);
    }
  set_list (reading, target, items);
}

static void
apply_command (const Reading *reading,
               gpointer       target)
{
  g_auto(GStrv) words = NULL;
  g_autoptr(GError) error = NULL;
  const ViaConfigNode *first;

  if (reading->node->kind == VIA_NODE_SEQUENCE)
    {
      first = reading->node->values->len > 0 ? g_ptr_array_index (reading->node->values, 0) : NULL;
      if (first == NULL || (first->kind == VIA_NODE_SCALAR && *first->text == '\0'))
        wrong (reading, reading->node, _("The program is missing. Write it as the first item of the list."));
      else
        apply_list (reading, target);
      return;
    }
  if (reading->node->kind != VIA_NODE_SCALAR)
    {
      wrong_value (reading, _("a list such as [\"npx\", \"-y\", \"server\"], or one line as for a shell"));
      return;
    }
  if (!g_shell_parse_argv (reading->node->text, NULL, &words, &error))
    {
      wrong (reading, reading->node, _("This command line cannot be split into words: a quote is open, or it is empty. "
                                       "Write it as a list, such as [\"npx\", \"-y\", \"server\"]."));
      return;
    }
  g_strfreev (VIA_CONFIG_FIELD (char **, target, reading->key));
  VIA_CONFIG_FIELD (char **, target, reading->key) = g_steal_pointer (&words);
}

static const char *
check_header (const char *name,
              const char *value)
{
  for (const char *at = name; *at != '\0'; at++)
    if (!g_ascii_isalnum (*at) && strchr ("!#$%&'*+-.^_`|~", *at) == NULL)
      return _("A header's name has only letters, digits and “-”. Correct the name.");
  if (*name == '\0')
    return _("A header needs a name.");
  return via_config_has_control (value) ? _("A header's value has no line ends or control characters.") : NULL;
}

static const char *
check_variable (const char *name,
                const char *value)
{
  if (*name == '\0' || strchr (name, '=') != NULL || via_config_has_control (name))
    return _("The name of an environment variable has no “=” and is not empty.");
  return NULL;
}

static void
apply_pairs (const Reading *reading,
             gpointer       target)
{
  gboolean headers = reading->key->kind == VIA_KEY_HEADERS;
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func (g_free);

  if (reading->node->kind != VIA_NODE_MAPPING)
    {
      wrong_value (reading, _("a mapping such as {NAME: value}"));
      return;
    }
  for (guint i = 0; i < reading->node->keys->len; i++)
    {
      const ViaConfigNode *key = g_ptr_array_index (reading->node->keys, i);
      const ViaConfigNode *value = g_ptr_array_index (reading->node->values, i);
      const char *message;

      if (value->kind != VIA_NODE_SCALAR)
        message = _("The value must be text.");
      else
        message = headers ? check_header (key->text, value->text) : check_variable (key->text, value->text);
      if (message != NULL)
        wrong (reading, value->kind == VIA_NODE_SCALAR ? key : value, message);
      else if (headers)
        {
          g_ptr_array_add (items, g_strdup (key->text));
          g_ptr_array_add (items, g_strdup (value->text));
        }
      else
        g_ptr_array_add (items, g_strdup_printf ("%s=%s", key->text, value->text));
    }
  set_list (reading, target, items);
}

static void
apply_table (const Reading *reading,
             gpointer       target)
{
  if (reading->node->kind != VIA_NODE_MAPPING)
    wrong_value (reading, _("a mapping with keys of its own, indented below it"));
  else
    via_config_schema_apply (reading->key->table, reading->node, target, reading->path, reading->problems);
}

static void (*const appliers[]) (const Reading *reading, gpointer target) = {
  [VIA_KEY_TEXT] = apply_text,
  [VIA_KEY_WORD] = apply_choice,
  [VIA_KEY_CHOICE] = apply_choice,
  [VIA_KEY_BOOLEAN] = apply_boolean,
  [VIA_KEY_UINT] = apply_integer,
  [VIA_KEY_UINT64] = apply_integer,
  [VIA_KEY_DOUBLE] = apply_double,
  [VIA_KEY_LIST] = apply_list,
  [VIA_KEY_COMMAND] = apply_command,
  [VIA_KEY_ENVIRONMENT] = apply_pairs,
  [VIA_KEY_HEADERS] = apply_pairs,
  [VIA_KEY_TABLE] = apply_table,
};

static const char *
find_near_name (const ViaConfigKey *keys,
                const char         *name)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < G_N_ELEMENTS (foreign_names); i++)
    if (g_str_equal (foreign_names[i].theirs, name) && via_config_key_find (keys, foreign_names[i].ours) != NULL)
      return foreign_names[i].ours;
  for (const ViaConfigKey *key = keys; key->name != NULL; key++)
    g_ptr_array_add (names, (gpointer) key->name);
  g_ptr_array_add (names, NULL);
  return via_config_did_you_mean (name, (const char *const *) names->pdata);
}

void
via_config_schema_apply (const ViaConfigKey  *keys,
                         const ViaConfigNode *mapping,
                         gpointer             target,
                         const char          *path,
                         GPtrArray           *problems)
{
  for (guint i = 0; i < mapping->keys->len; i++)
    {
      const ViaConfigNode *name = g_ptr_array_index (mapping->keys, i);
      const ViaConfigNode *value = g_ptr_array_index (mapping->values, i);
      g_autofree char *full = *path != '\0' ? g_strconcat (path, ".", name->text, NULL) : g_strdup (name->text);
      const ViaConfigKey *key = via_config_key_find (keys, name->text);
      const Reading reading = { key, value, full, problems };

      if (key == NULL)
        {
          const char *near = find_near_name (keys, name->text);

          if (near != NULL)
            via_config_problems_add (problems, TRUE, name->line, name->column, full,
                                     _("Viaduct does not know this key and leaves it alone. Did you mean “%s”?"), near);
          else
            via_config_problems_add (problems, TRUE, name->line, name->column, full,
                                     _("Viaduct does not know this key and leaves it alone."));
        }
      else if (!via_config_node_is_null (value) && (key->kind != VIA_KEY_TABLE || key->table != NULL))
        appliers[key->kind] (&reading, target);
    }
}
