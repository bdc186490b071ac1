/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via"

#include "config.h"

#include <stdio.h>

#include "base/via-limits.h"
#include "base/via-locale.h"
#include "via-cli.h"
#include "via-terminal.h"

static const ViaVerb verbs[] = {
  { "list-bridges", "bridges", "", N_("Show the configured bridges"), 0, 0, 0, via_cli_list_bridges },
  { "list-tools", "tools", "BRIDGE [--category C]", N_("Show the tools of a bridge"),
    VIA_OPTION_CATEGORY | VIA_OPTION_TIMEOUT, 1, 1, via_cli_list_tools },
  { "execute", "call", "BRIDGE TOOL [JSON | key=value … | @FILE | -] [--async] [--timeout S]",
    N_("Execute a tool and print its result"), VIA_OPTION_ASYNC | VIA_OPTION_TIMEOUT, 2, G_MAXUINT, via_cli_execute },
  { "test-connection", "test", "BRIDGE", N_("Connect to a bridge and count its tools"),
    VIA_OPTION_TIMEOUT, 1, 1, via_cli_test_connection },
  { "operation", NULL, "ID [--wait] [--cancel]", N_("Ask for an execution in the background"),
    VIA_OPTION_WAIT | VIA_OPTION_CANCEL, 1, 1, via_cli_operation },
  { "secret", NULL, "set|clear|status NAME", N_("Keep a token in the keyring; the value comes from standard input"),
    0, 2, 2, via_cli_secret },
};

/* How the program starts itself for --async; not for people. */
static const ViaVerb worker_verb = { "run-operation", NULL, "ID", NULL, 0, 1, 1, via_cli_worker };

static const struct
{
  const char *name;
  ViaOption   option;
} option_names[] = {
  { "--category", VIA_OPTION_CATEGORY }, { "--async", VIA_OPTION_ASYNC }, { "--timeout", VIA_OPTION_TIMEOUT },
  { "--wait", VIA_OPTION_WAIT },         { "--cancel", VIA_OPTION_CANCEL },
};

static const ViaVerb *
find_verb (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (g_str_equal (name, verbs[i].name) || g_strcmp0 (name, verbs[i].alias) == 0)
      return &verbs[i];
  return g_str_equal (name, worker_verb.name) ? &worker_verb : NULL;
}

static char *
describe_verbs (void)
{
  GString *text = g_string_new (_("Verbs:"));

  for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
    {
      g_string_append_printf (text, "\n  %s", verbs[i].name);
      if (verbs[i].alias != NULL)
        g_string_append_printf (text, ", %s", verbs[i].alias);
      g_string_append_printf (text, " %s\n      %s", verbs[i].synopsis, _(verbs[i].summary));
    }
  g_string_append_printf (text, "\n\n%s", _("JSON is printed when the output is not a terminal, or with --json.\n"
                                            "Exit status: 0 done, 1 the tool or server said no, 2 usage, 3 configuration, "
                                            "4 connection,\n5 authorization, 6 timeout, 7 cancelled, 8 refused by policy."));
  return g_string_free (text, FALSE);
}

static GOptionContext *
create_context (ViaCli   *cli,
                char    **timeout,
                gboolean *version,
                char   ***rest)
{
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &cli->json, N_("Print JSON, also on a terminal"), NULL },
    { "config", 0, 0, G_OPTION_ARG_FILENAME, &cli->config_path, N_("Use this configuration file"), N_("FILE") },
    { "verbose", 'v', 0, G_OPTION_ARG_NONE, &cli->verbose, N_("Show what servers write on the side"), NULL },
    { "category", 0, 0, G_OPTION_ARG_STRING, &cli->category, N_("Show only the tools of this category"), N_("C") },
    { "async", 0, 0, G_OPTION_ARG_NONE, &cli->async, N_("Execute in the background and answer at once"), NULL },
    { "timeout", 0, 0, G_OPTION_ARG_STRING, timeout, N_("Seconds to wait, 1 to 3600"), N_("S") },
    { "wait", 0, 0, G_OPTION_ARG_NONE, &cli->wait, N_("Wait until the operation has ended"), NULL },
    { "cancel", 0, 0, G_OPTION_ARG_NONE, &cli->cancel, N_("End the operation"), NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, version, N_("Show the version"), NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, rest, NULL, NULL },
    { NULL }
  };
  GOptionContext *context = g_option_context_new (_("VERB …"));
  g_autofree char *description = describe_verbs ();

  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  g_option_context_set_description (context, description);
  return context;
}

/* Not an option of GLib's own kind, where 0 would be the same as none. */
static gboolean
read_timeout (const char *text,
              int        *seconds)
{
  guint64 value;

  if (text == NULL)
    return TRUE;
  if (!g_ascii_string_to_unsigned (text, 10, 1, VIA_LIMIT_TIMEOUT_MAX_S, &value, NULL))
    return FALSE;
  *seconds = (int) value;
  return TRUE;
}

static ViaOption
get_given_options (ViaCli *cli)
{
  return (cli->category != NULL ? VIA_OPTION_CATEGORY : 0) | (cli->async ? VIA_OPTION_ASYNC : 0)
         | (cli->timeout_s != 0 ? VIA_OPTION_TIMEOUT : 0) | (cli->wait ? VIA_OPTION_WAIT : 0)
         | (cli->cancel ? VIA_OPTION_CANCEL : 0);
}

static int
run_verb (ViaCli        *cli,
          const ViaVerb *verb)
{
  cli->given = get_given_options (cli);
  for (gsize i = 0; i < G_N_ELEMENTS (option_names); i++)
    if ((cli->given & option_names[i].option) && !(verb->options & option_names[i].option))
      return via_cli_usage_error (_("%s does not go with “%s”."), option_names[i].name, verb->name);
  if (cli->n_arguments < verb->min_arguments || cli->n_arguments > verb->max_arguments)
    return via_cli_usage_error (_("Usage: via %s %s"), verb->name, verb->synopsis);
  return verb->run (cli);
}

static void
clear_cli (ViaCli *cli)
{
  via_cli_unload (cli);
  g_free (cli->config_path);
  g_free (cli->category);
  g_clear_object (&cli->cancellable);
}

int
main (int    argc,
      char **argv)
{
  ViaCli cli = { 0 };
  gboolean version = FALSE;
  g_autofree char *timeout = NULL;
  g_auto(GStrv) rest = NULL;
  g_autoptr(GOptionContext) context = NULL;
  g_autoptr(GError) error = NULL;
  const ViaVerb *verb;
  int status;

  via_locale_init ();
  context = create_context (&cli, &timeout, &version, &rest);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return via_cli_usage_error ("%s", error->message);
  if (!read_timeout (timeout, &cli.timeout_s))
    return via_cli_usage_error (_("--timeout takes 1 to 3600 seconds."));
  if (version)
    {
      puts ("via " VIA_VERSION);
      return VIA_EXIT_DONE;
    }
  if (rest == NULL)
    {
      g_autofree char *help = g_option_context_get_help (context, TRUE, NULL);

      fputs (help, stderr);
      return VIA_EXIT_USAGE;
    }
  verb = find_verb (rest[0]);
  if (verb == NULL)
    return via_cli_usage_error (_("There is no verb “%s”."), rest[0]);
  cli.json |= !via_terminal_is_output ();
  cli.arguments = rest + 1;
  cli.n_arguments = g_strv_length (cli.arguments);
  cli.cancellable = g_cancellable_new ();
  status = run_verb (&cli, verb);
  clear_cli (&cli);
  return via_cli_flush () || status != VIA_EXIT_DONE ? status : VIA_EXIT_REFUSED;
}
