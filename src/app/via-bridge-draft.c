/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <string.h>

#include <gio/gio.h>
#include <glib/gi18n.h>

#include "via-bridge-draft.h"

char *
via_bridge_draft_check_name (const char *name,
                             ViaConfig  *config,
                             const char *own_name)
{
  g_autofree char *stripped = g_strstrip (g_strdup (name));

  if (*stripped == '\0')
    return g_strdup (_("Give the bridge a name."));
  if (!g_str_equal (stripped, name))
    return g_strdup (_("A name does not begin or end with a blank."));
  for (const char *c = name; *c != '\0'; c = g_utf8_next_char (c))
    if (g_unichar_iscntrl (g_utf8_get_char (c)) || *c == '/')
      return g_strdup (_("A name has no slashes and no control characters."));
  if (g_utf8_strlen (name, -1) > 64)
    return g_strdup (_("A name has at most 64 characters."));
  if (g_strcmp0 (name, own_name) != 0 && via_config_find_bridge (config, name) != NULL)
    /* translators: the name of a bridge */
    return g_strdup_printf (_("There is a bridge called “%s” already."), name);
  return NULL;
}

char **
via_bridge_draft_parse_command (const char *text)
{
  g_auto(GStrv) argv = NULL;

  if (!g_shell_parse_argv (text, NULL, &argv, NULL))
    return NULL;
  return g_steal_pointer (&argv);
}

char *
via_bridge_draft_check_command (const char *text)
{
  g_auto(GStrv) argv = NULL;
  g_autoptr(GError) error = NULL;

  if (g_shell_parse_argv (text, NULL, &argv, &error))
    return NULL;
  if (g_error_matches (error, G_SHELL_ERROR, G_SHELL_ERROR_EMPTY_STRING))
    return g_strdup (_("Type the command that starts the server."));
  return g_strdup (_("A quotation mark is not closed."));
}

static gboolean
is_loopback (const char *host)
{
  g_autoptr(GInetAddress) address = g_inet_address_new_from_string (host);

  if (address != NULL)
    return g_inet_address_get_is_loopback (address);
  return g_ascii_strcasecmp (host, "localhost") == 0 || g_str_has_suffix (host, ".localhost");
}

char *
via_bridge_draft_check_address (const char *text,
                                gboolean    require_https)
{
  g_autoptr(GUri) uri = NULL;
  const char *scheme;

  if (*text == '\0')
    return g_strdup (_("Type the address of the server."));
  if (strstr (text, "${") != NULL)
    return NULL;
  uri = g_uri_parse (text, G_URI_FLAGS_NONE, NULL);
  scheme = uri != NULL ? g_uri_get_scheme (uri) : "";
  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0'
      || (!g_str_equal (scheme, "https") && !g_str_equal (scheme, "http")))
    return g_strdup (_("An address begins with https:// and names a host, such as https://example.com/mcp."));
  if (g_uri_get_userinfo (uri) != NULL)
    return g_strdup (_("An address holds no password: choose an authorization below instead."));
  if (require_https && g_str_equal (scheme, "http") && !is_loopback (g_uri_get_host (uri)))
    return g_strdup (_("Only addresses of this computer may begin with http://; all others need https://."));
  return NULL;
}

char *
via_bridge_draft_check_token_name (const char *text)
{
  if (*text == '\0')
    return g_strdup (_("Give the token a name; the configuration file says only that."));
  for (const char *c = text; *c != '\0'; c++)
    if (!g_ascii_isalnum (*c) && strchr ("_-.", *c) == NULL)
      return g_strdup (_("A token’s name has letters, digits, “_”, “-” and “.”, such as REMOTE_TOKEN."));
  if (strlen (text) > 128)
    return g_strdup (_("A token’s name has at most 128 characters."));
  return NULL;
}

char *
via_bridge_draft_suggest_token_name (const char *bridge_name)
{
  GString *name = g_string_new (NULL);

  for (const char *c = bridge_name; *c != '\0'; c++)
    if (g_ascii_isalnum (*c))
      g_string_append_c (name, g_ascii_toupper (*c));
    else if (name->len > 0 && name->str[name->len - 1] != '_')
      g_string_append_c (name, '_');
  if (name->len == 0 || g_ascii_isdigit (name->str[0]))
    g_string_prepend (name, "MCP_");
  if (name->str[name->len - 1] != '_')
    g_string_append_c (name, '_');
  g_string_append (name, "TOKEN");
  return g_string_free (name, FALSE);
}

static void
append_words (GString    *text,
              char      **argv)
{
  g_autofree char *path = g_find_program_in_path (argv[0]);
  g_autofree char *program = g_markup_escape_text (path != NULL ? path : argv[0], -1);

  g_string_append_printf (text, "<b>%s</b>", program);
  for (guint i = 1; argv[i] != NULL; i++)
    {
      g_autofree char *quoted = strpbrk (argv[i], " \t\n\"'\\$") != NULL || *argv[i] == '\0' ? g_shell_quote (argv[i])
                                                                                            : g_strdup (argv[i]);
      g_autofree char *escaped = g_markup_escape_text (quoted, -1);

      g_string_append_printf (text, "\n    %s", escaped);
    }
}

char *
via_bridge_draft_describe_command (char       **argv,
                                   char       **pairs,
                                   const char  *directory)
{
  GString *text = g_string_new ("<tt>");
  g_autofree char *path = g_find_program_in_path (argv[0]);

  for (guint i = 0; pairs != NULL && pairs[i] != NULL && pairs[i + 1] != NULL; i += 2)
    {
      g_autofree char *line = g_markup_printf_escaped ("%s=%s\n", pairs[i], pairs[i + 1]);

      g_string_append (text, line);
    }
  append_words (text, argv);
  if (directory != NULL && *directory != '\0')
    {
      g_autofree char *line = g_markup_printf_escaped (C_("what will run", "in %s"), directory);

      g_string_append_printf (text, "\n<span alpha='70%%'>%s</span>", line);
    }
  g_string_append (text, "</tt>");
  if (path == NULL)
    {
      /* translators: the name of a program */
      g_autofree char *line = g_markup_printf_escaped (_("%s was not found on the search path of this session."), argv[0]);

      g_string_append_printf (text, "\n%s", line);
    }
  return g_string_free (text, FALSE);
}
