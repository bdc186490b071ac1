/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "config/via-config-problem.h"
#include "config/via-config-schema.h"

/* One bridge being looked at. */
typedef struct
{
  ViaBridgeConfig     *bridge;
  const ViaConfigNode *key;     /* its name in the file */
  const ViaConfigNode *mapping; /* its keys; (nullable) when nothing stands there */
  char                *path;
  GPtrArray           *problems;
} Check;

static void G_GNUC_PRINTF (5, 6)
report (const Check         *check,
        gboolean             warning,
        const ViaConfigNode *at,
        const char          *key,
        const char          *format,
        ...)
{
  g_autofree char *full = key != NULL ? g_strconcat (check->path, ".", key, NULL) : g_strdup (check->path);
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  if (at == NULL)
    at = check->key;
  via_config_problems_add (check->problems, warning, at->line, at->column, full, "%s", message);
}

/* A key that is there but was refused has been reported already: what counts is whether somebody wrote something. */
static gboolean
is_written (const Check *check,
            const char  *key)
{
  const ViaConfigNode *node = via_config_node_get (check->mapping, key);

  return !via_config_node_is_null (node) && (node->kind != VIA_NODE_SCALAR || *node->text != '\0');
}

static void
check_target (const Check *check)
{
  gboolean command = is_written (check, "command"), endpoint = is_written (check, "endpoint");

  switch (check->bridge->transport)
    {
    case VIA_TRANSPORT_STDIO:
      if (!command)
        report (check, FALSE, NULL, NULL, _("With “transport: stdio” a bridge needs a “command”, the program to start."));
      else if (endpoint)
        report (check, TRUE, via_config_node_get (check->mapping, "endpoint"), "endpoint",
                _("Not used with “transport: stdio”."));
      break;
    case VIA_TRANSPORT_AUTO:
      if (command && endpoint)
        report (check, FALSE, NULL, NULL,
                _("Both a “command” and an “endpoint” are here. Remove one, or say with “transport” which is meant."));
      else if (!command && !endpoint)
        report (check, FALSE, NULL, NULL,
                _("A bridge needs a “command” (a program to start) or an “endpoint” (an address to connect to)."));
      break;
    default:
      if (!endpoint)
        report (check, FALSE, NULL, NULL, _("With “transport: %s” a bridge needs an “endpoint”, the address to connect to."),
                via_transport_kind_get_name (check->bridge->transport));
      else if (command)
        report (check, TRUE, via_config_node_get (check->mapping, "command"), "command", _("Not used with “transport: %s”."),
                via_transport_kind_get_name (check->bridge->transport));
      break;
    }
}

static gboolean
is_loopback (const char *host)
{
  g_autoptr(GInetAddress) address = NULL;
  g_autofree char *name = g_ascii_strdown (host, -1);
  gsize length = strlen (name);

  if (length > 0 && name[length - 1] == '.')
    name[length - 1] = '\0';
  if (g_str_equal (name, "localhost") || g_str_has_suffix (name, ".localhost"))
    return TRUE;
  address = g_inet_address_new_from_string (host);
  return address != NULL && g_inet_address_get_is_loopback (address);
}

static void
check_address (const Check *check,
               gboolean     require_https)
{
  const ViaConfigNode *node = via_config_node_get (check->mapping, "endpoint");
  g_autoptr(GUri) uri = NULL;

  if (check->bridge->endpoint == NULL || strstr (check->bridge->endpoint, "${") != NULL)
    return;
  uri = g_uri_parse (check->bridge->endpoint, G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED_QUERY, NULL);
  if (uri == NULL)
    return;
  if (g_uri_get_userinfo (uri) != NULL)
    report (check, TRUE, node, "endpoint",
            _("The address holds a user name or password. Use “auth_type: basic” with a token in the keyring instead."));
  if (require_https && g_str_equal (g_uri_get_scheme (uri), "http") && !is_loopback (g_uri_get_host (uri)))
    report (check, !check->bridge->enabled, node, "endpoint",
            _("http:// sends everything in the open. Use https://, or set security.require_https to false."));
}

/* A word such as API_KEY or X-Auth-Token. */
static gboolean
names_secret (const char *name)
{
  static const char *const words[] = { "token", "secret", "password", "passwd", "api_key", "api-key", "apikey",
                                       "authorization", "cookie", "credential", "access_key", "private_key" };
  g_autofree char *folded = g_ascii_strdown (name, -1);

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (strstr (folded, words[i]) != NULL)
      return TRUE;
  return FALSE;
}

static void
check_pairs (const Check *check,
             const char  *key)
{
  const ViaConfigNode *mapping = via_config_node_get (check->mapping, key);

  if (mapping == NULL || mapping->kind != VIA_NODE_MAPPING)
    return;
  for (guint i = 0; i < mapping->keys->len; i++)
    {
      const ViaConfigNode *name = g_ptr_array_index (mapping->keys, i);
      const ViaConfigNode *value = g_ptr_array_index (mapping->values, i);

      if (value->kind == VIA_NODE_SCALAR && *value->text != '\0' && strstr (value->text, "${") == NULL
          && (names_secret (name->text) || via_config_looks_secret (value->text)))
        {
          g_autofree char *full = g_strconcat (key, ".", name->text, NULL);

          report (check, TRUE, value, full,
                  _("This looks like a token in the open. Write ${secret:NAME} in its place and keep the token in the keyring: "
                    "via secret set NAME."));
        }
    }
}

static void
check_secrets (const Check *check)
{
  const ViaConfigNode *command = via_config_node_get (check->mapping, "command");

  check_pairs (check, "headers");
  check_pairs (check, "env");
  if (check->bridge->auth_token_name != NULL && via_config_looks_secret (check->bridge->auth_token_name))
    report (check, TRUE, via_config_node_get (check->mapping, "auth_token_env"), "auth_token_env",
            _("This looks like a token in the open. Here stands its name; keep the token in the keyring: via secret set NAME."));
  for (char **word = check->bridge->command; word != NULL && *word != NULL; word++)
    if (via_config_looks_secret (*word))
      {
        report (check, TRUE, command, "command",
                _("One of the words looks like a token, and every program can read it there. Give it to the server in “env” as "
                  "${secret:NAME}."));
        break;
      }
}

static void
check_authorization (const Check *check)
{
  const ViaConfigNode *node = via_config_node_get (check->mapping, "auth_type");
  ViaAuthKind auth = check->bridge->auth;

  if ((auth == VIA_AUTH_BEARER || auth == VIA_AUTH_API_KEY || auth == VIA_AUTH_BASIC)
      && check->bridge->auth_token_name == NULL && !is_written (check, "auth_token_env"))
    report (check, TRUE, node, "auth_type", _("No token is sent, because “auth_token_env” does not name one."));
}

void
via_config_check_bridge (ViaBridgeConfig     *bridge,
                         const ViaConfigNode *key,
                         const ViaConfigNode *mapping,
                         gboolean             require_https,
                         GPtrArray           *problems)
{
  Check check = { bridge, key, mapping, g_strconcat ("bridges.", key->text, NULL), problems };

  check_target (&check);
  check_address (&check, require_https);
  check_authorization (&check);
  check_secrets (&check);
  g_free (check.path);
}
