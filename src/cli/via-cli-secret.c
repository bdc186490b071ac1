/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via"

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/via-ids.h"
#include "base/via-limits.h"
#include "base/via-text.h"
#include "json/via-json-writer.h"
#include "via-cli.h"
#include "via-terminal.h"

typedef struct
{
  ViaCli         *cli;
  ViaSecretPlace  place;
  GError         *error; /* (nullable) */
} Request;

static void
set_cb (GObject      *object,
        GAsyncResult *result,
        gpointer      user_data)
{
  Request *request = user_data;

  request->place = via_secret_store_set_finish (VIA_SECRET_STORE (object), result, &request->error);
  via_cli_finish (request->cli);
}

static void
cleared_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  Request *request = user_data;

  via_secret_store_clear_finish (VIA_SECRET_STORE (object), result, &request->error);
  via_cli_finish (request->cli);
}

static void
found_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  Request *request = user_data;

  request->place = via_secret_store_find_finish (VIA_SECRET_STORE (object), result, &request->error);
  via_cli_finish (request->cli);
}

/* The value comes from standard input alone: what stands on a command line is visible to every process. */
static char *
read_value (const char *name,
            GError    **error)
{
  g_autoptr(GBytes) bytes = NULL;
  gconstpointer data;
  gsize length;

  if (via_terminal_is_input ())
    {
      /* translators: a prompt; the name of a token */
      g_autofree char *prompt = g_strdup_printf (_("Value of %s: "), name);

      return via_terminal_ask_secret (prompt);
    }
  bytes = via_terminal_read_input (VIA_LIMIT_SECRET_BYTES + 2, error);
  if (bytes == NULL)
    return NULL;
  data = g_bytes_get_data (bytes, &length);
  while (length > 0 && strchr ("\r\n", ((const char *) data)[length - 1]) != NULL)
    length--;
  return g_strndup (data, length);
}

static int
report (ViaCli        *cli,
        const Request *request,
        const char    *what,
        const char    *name)
{
  g_autofree char *timestamp = via_timestamp_now ();
  g_autofree char *json = NULL;
  ViaJsonWriter writer;

  if (!cli->json)
    {
      printf ("%s: %s (%s)\n", name, what, via_secret_place_get_title (request->place));
      return VIA_EXIT_DONE;
    }
  via_json_writer_init (&writer);
  via_json_writer_begin_object (&writer);
  via_json_writer_member_boolean (&writer, "success", TRUE);
  via_json_writer_member_string (&writer, "name", name);
  via_json_writer_member_boolean (&writer, "present", request->place != VIA_SECRET_NOWHERE);
  via_json_writer_member_string (&writer, "place", via_secret_place_get_name (request->place));
  via_json_writer_member_string (&writer, "timestamp", timestamp);
  via_json_writer_end_object (&writer);
  json = via_json_writer_end (&writer);
  via_cli_print_json (json);
  return VIA_EXIT_DONE;
}

static int
set_secret (ViaCli         *cli,
            ViaSecretStore *store,
            const char     *name)
{
  Request request = { cli, VIA_SECRET_NOWHERE, NULL };
  char *value = read_value (name, &request.error);
  int status;

  if (value == NULL && request.error == NULL)
    return via_cli_fail (cli, VIA_EXIT_USAGE, NULL, NULL, _("No value was given."));
  if (value != NULL)
    {
      via_secret_store_set_async (store, name, value, cli->cancellable, set_cb, &request);
      via_text_wipe (value, strlen (value));
      g_free (value);
      via_cli_wait (cli);
    }
  if (request.error != NULL)
    status = via_cli_fail (cli, VIA_EXIT_REFUSED, NULL, NULL, request.error->message);
  else if (request.place == VIA_SECRET_SESSION)
    status = via_cli_fail (cli, VIA_EXIT_REFUSED, NULL, NULL,
                           _("No keyring service is running, so the value cannot be kept. Start one (such as "
                             "gnome-keyring), or give the token in the environment or in /run/secrets."));
  else
    status = report (cli, &request, _("kept"), name);
  g_clear_error (&request.error);
  return status;
}

static int
clear_secret (ViaCli         *cli,
              ViaSecretStore *store,
              const char     *name)
{
  Request request = { cli, VIA_SECRET_NOWHERE, NULL };
  int status;

  via_secret_store_clear_async (store, name, cli->cancellable, cleared_cb, &request);
  via_cli_wait (cli);
  status = request.error != NULL ? via_cli_fail (cli, VIA_EXIT_REFUSED, NULL, NULL, request.error->message)
                                 : report (cli, &request, _("forgotten"), name);
  g_clear_error (&request.error);
  return status;
}

static int
show_status (ViaCli         *cli,
             ViaSecretStore *store,
             const char     *name)
{
  Request request = { cli, VIA_SECRET_NOWHERE, NULL };
  int status;

  via_secret_store_find_async (store, name, cli->cancellable, found_cb, &request);
  via_cli_wait (cli);
  if (request.error != NULL)
    status = via_cli_fail (cli, VIA_EXIT_REFUSED, NULL, NULL, request.error->message);
  else
    {
      report (cli, &request, request.place != VIA_SECRET_NOWHERE ? _("present") : _("not set"), name);
      status = request.place != VIA_SECRET_NOWHERE ? VIA_EXIT_DONE : VIA_EXIT_REFUSED;
    }
  g_clear_error (&request.error);
  return status;
}

int
via_cli_secret (ViaCli *cli)
{
  static const struct
  {
    const char *name;
    int       (*run) (ViaCli *cli, ViaSecretStore *store, const char *name);
  } actions[] = { { "set", set_secret }, { "clear", clear_secret }, { "status", show_status } };

  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    if (g_str_equal (cli->arguments[0], actions[i].name))
      {
        if (!via_cli_load (cli))
          return VIA_EXIT_CONFIGURATION;
        return actions[i].run (cli, via_bridge_manager_get_secrets (cli->manager), cli->arguments[1]);
      }
  return via_cli_usage_error (_("“via secret” takes set, clear or status, not “%s”."), cli->arguments[0]);
}
