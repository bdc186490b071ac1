/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via"

#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/via-ids.h"
#include "base/via-text.h"
#include "json/via-json-writer.h"
#include "via-cli.h"
#include "via-terminal.h"

/* Much of what is printed for people are words of a server, which might mean to rule the terminal. */
static void
put_clean (FILE       *stream,
           const char *text)
{
  g_autofree char *clean = via_text_clip (text, 3 * strlen (text) + 1);

  fprintf (stream, "%s\n", clean);
}

void
via_cli_note (const char *format,
              ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  put_clean (stderr, text);
}

void
via_cli_print (const char *format,
               ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  put_clean (stdout, text);
}

gboolean
via_cli_flush (void)
{
  if (fflush (stdout) == 0 && !ferror (stdout))
    return TRUE;
  via_cli_note (_("via: the answer could not be written: %s"), g_strerror (errno));
  return FALSE;
}

int
via_cli_usage_error (const char *format,
                     ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  fprintf (stderr, "via: %s\n", text);
  fprintf (stderr, "%s\n", _("Try “via --help”."));
  return VIA_EXIT_USAGE;
}

void
via_cli_print_json (const char *json)
{
  g_autoptr(ViaJsonDocument) document = NULL;
  g_autofree char *pretty = NULL;

  if (via_terminal_is_output ())
    {
      g_autoptr(GBytes) bytes = g_bytes_new_static (json, strlen (json));

      document = via_json_document_new (bytes, NULL, NULL);
    }
  if (document != NULL)
    pretty = via_json_value_to_pretty (via_json_document_get_root (document), 2);
  if (pretty != NULL)
    {
      put_clean (stdout, pretty);
      return;
    }
  fputs (json, stdout);
  fputc ('\n', stdout);
}

int
via_cli_fail (ViaCli     *cli,
              int         status,
              const char *bridge,
              const char *tool,
              const char *message)
{
  ViaJsonWriter writer;
  g_autofree char *timestamp = via_timestamp_now ();
  g_autofree char *json = NULL;

  if (!cli->json)
    {
      via_cli_note ("via: %s", message);
      return status;
    }
  via_json_writer_init (&writer);
  via_json_writer_begin_object (&writer);
  via_json_writer_member_boolean (&writer, "success", FALSE);
  via_json_writer_member_string (&writer, "error", message);
  if (bridge != NULL)
    via_json_writer_member_string (&writer, "bridge", bridge);
  if (tool != NULL)
    via_json_writer_member_string (&writer, "tool", tool);
  via_json_writer_member_string (&writer, "timestamp", timestamp);
  via_json_writer_end_object (&writer);
  json = via_json_writer_end (&writer);
  via_cli_print_json (json);
  return status;
}

static void
print_warnings (ViaConfigFile *file)
{
  GPtrArray *problems = via_config_file_get_problems (file);

  for (guint i = 0; i < problems->len; i++)
    {
      g_autofree char *text = via_config_problem_to_string (g_ptr_array_index (problems, i),
                                                            via_config_file_get_path (file));

      via_cli_note ("%s", text);
    }
}

gboolean
via_cli_load (ViaCli *cli)
{
  g_autofree char *path = via_config_file_find_path (cli->config_path);
  g_autofree char *directory = g_path_get_dirname (path);
  g_autoptr(ViaConfigFile) file = via_config_file_new (path);
  g_autoptr(ViaRedactor) redactor = NULL;
  g_autoptr(ViaSecretStore) secrets = NULL;
  g_autoptr(GError) error = NULL;

  if (cli->config_path != NULL && !g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_autofree char *message = g_strdup_printf (_("There is no configuration file “%s”."), path);

      via_cli_fail (cli, VIA_EXIT_CONFIGURATION, NULL, NULL, message);
      return FALSE;
    }
  if (!via_config_file_load (file, &error))
    {
      via_cli_fail (cli, VIA_EXIT_CONFIGURATION, NULL, NULL, error->message);
      return FALSE;
    }
  if (cli->verbose)
    print_warnings (file);
  redactor = via_redactor_new ();
  secrets = via_secret_store_new (redactor, directory);
  cli->manager = via_bridge_manager_new (file, secrets);
  via_bridge_manager_apply (cli->manager);
  return TRUE;
}

static void
log_cb (ViaBridge  *bridge,
        guint       kind,
        const char *text,
        gpointer    user_data)
{
  via_cli_note ("%s: %s", via_bridge_get_name (bridge), text);
}

/* The timeout on the command line holds for connecting and listing as well. */
static ViaBridge *
apply_timeout (ViaCli    *cli,
               ViaBridge *bridge)
{
  g_autoptr(ViaBridgeConfig) config = NULL;

  if (cli->timeout_s == 0)
    return bridge;
  config = via_bridge_config_copy (via_bridge_get_config (bridge));
  config->timeout_s = cli->timeout_s;
  cli->own_bridge = via_bridge_manager_try (cli->manager, config);
  return cli->own_bridge;
}

ViaBridge *
via_cli_require_bridge (ViaCli     *cli,
                        const char *name,
                        const char *tool)
{
  g_autoptr(GError) error = NULL;
  ViaBridge *bridge;

  if (!via_cli_load (cli))
    return NULL;
  bridge = via_bridge_manager_require (cli->manager, name, &error);
  if (bridge == NULL)
    {
      via_cli_fail (cli, VIA_EXIT_CONFIGURATION, name, tool, error->message);
      return NULL;
    }
  bridge = apply_timeout (cli, bridge);
  if (cli->verbose)
    g_signal_connect (bridge, "log", G_CALLBACK (log_cb), NULL);
  return bridge;
}

void
via_cli_wait (ViaCli *cli)
{
  /* Not earlier: who is still reading input, which may never come, is simply ended by a signal. */
  if (!cli->catching)
    via_terminal_cancel_on_signal (cli->cancellable);
  cli->catching = TRUE;
  while (!cli->finished)
    g_main_context_iteration (NULL, TRUE);
  cli->finished = FALSE;
}

void
via_cli_finish (ViaCli *cli)
{
  cli->finished = TRUE;
}

static void
stopped_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  via_bridge_manager_stop_all_finish (VIA_BRIDGE_MANAGER (object), result, NULL);
  via_cli_finish (user_data);
}

static void
disconnected_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  via_bridge_disconnect_finish (VIA_BRIDGE (object), result, NULL);
  via_cli_finish (user_data);
}

void
via_cli_unload (ViaCli *cli)
{
  if (cli->own_bridge != NULL)
    {
      via_bridge_disconnect_async (cli->own_bridge, NULL, disconnected_cb, cli);
      via_cli_wait (cli);
      g_clear_object (&cli->own_bridge);
    }
  if (cli->manager == NULL)
    return;
  via_bridge_manager_stop_all_async (cli->manager, NULL, stopped_cb, cli);
  via_cli_wait (cli);
  g_clear_object (&cli->manager);
}
