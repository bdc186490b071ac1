/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via-test"

#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "via-test-ui.h"

/* The program itself, as somebody starts it from a terminal. */

typedef struct
{
  GSubprocess *process;
  GString     *output;
  gboolean     ended;
} Program;

static void
ended_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  Program *program = user_data;
  g_autofree char *output = NULL;
  g_autoptr(GError) error = NULL;

  g_subprocess_communicate_utf8_finish (G_SUBPROCESS (object), result, &output, NULL, &error);
  g_assert_no_error (error);
  g_string_assign (program->output, output != NULL ? output : "");
  program->ended = TRUE;
}

/* Arguments after the program's name, then NULL. */
static Program *
start (GSubprocessLauncher *launcher,
       const char          *first,
       ...)
{
  Program *program = g_new0 (Program, 1);
  g_autoptr(GPtrArray) argv = g_ptr_array_new ();
  g_autoptr(GError) error = NULL;
  va_list arguments;

  program->output = g_string_new (NULL);
  g_ptr_array_add (argv, (gpointer) g_getenv ("VIADUCT"));
  va_start (arguments, first);
  for (const char *argument = first; argument != NULL; argument = va_arg (arguments, const char *))
    g_ptr_array_add (argv, (gpointer) argument);
  va_end (arguments);
  g_ptr_array_add (argv, NULL);
  program->process = g_subprocess_launcher_spawnv (launcher, (const char *const *) argv->pdata, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8_async (program->process, NULL, NULL, ended_cb, program);
  return program;
}

static int
end (Program *program)
{
  int status;

  via_test_ui_wait_until (program->ended);
  status = g_subprocess_get_if_exited (program->process) ? g_subprocess_get_exit_status (program->process) : -1;
  g_object_unref (program->process);
  g_string_free (program->output, TRUE);
  g_free (program);
  return status;
}

static GSubprocessLauncher *
create_launcher (gboolean display)
{
  GSubprocessLauncher *launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);

  if (!display)
    {
      g_subprocess_launcher_unsetenv (launcher, "DISPLAY");
      g_subprocess_launcher_unsetenv (launcher, "WAYLAND_DISPLAY");
    }
  return launcher;
}

/* Help and version need no display. */
static void
test_options (void)
{
  static const struct
  {
    const char *option;
    const char *said;
  } cases[] = { { "--help", "--bridge" }, { "--version", "viaduct " VIA_VERSION } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GSubprocessLauncher) launcher = create_launcher (FALSE);
      Program *program = start (launcher, cases[i].option, NULL);

      via_test_ui_wait_until (program->ended);
      g_assert_nonnull (strstr (program->output->str, cases[i].said));
      g_assert_cmpint (end (program), ==, 0);
    }
}

static void
test_unknown_option (void)
{
  g_autoptr(GSubprocessLauncher) launcher = create_launcher (TRUE);

  g_subprocess_launcher_set_flags (launcher, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_assert_cmpint (end (start (launcher, "--no-such-option", NULL)), ==, 1);
}

static gboolean
owns_name (const char *name)
{
  g_autoptr(GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr(GVariant) reply = NULL;
  gboolean owned = FALSE;

  reply = g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                       "NameHasOwner", g_variant_new ("(s)", name), NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL,
                                       NULL);
  g_variant_get (reply, "(b)", &owned);
  return owned;
}

static void
activate_action (const char *name)
{
  g_autoptr(GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_strdelimit (g_strconcat ("/", VIA_APP_ID, NULL), ".", '/');

  reply = g_dbus_connection_call_sync (bus, VIA_APP_ID, path, "org.gtk.Actions", "Activate",
                                       g_variant_new ("(sava{sv})", name, NULL, NULL), NULL, G_DBUS_CALL_FLAGS_NONE, -1,
                                       NULL, &error);
  g_assert_no_error (error);
}

/* A second start hands over to the first and ends; quitting ends the first. */
static void
test_single_instance (void)
{
  g_autoptr(GSubprocessLauncher) launcher = create_launcher (TRUE);
  Program *first = start (launcher, NULL, NULL);

  via_test_ui_wait_until (owns_name (VIA_APP_ID));
  g_assert_cmpint (end (start (launcher, NULL, NULL)), ==, 0);
  g_assert_cmpint (end (start (launcher, "--bridge", "no such bridge", NULL)), ==, 0);
  g_assert_false (first->ended);
  activate_action ("quit");
  g_assert_cmpint (end (first), ==, 0);
  via_test_ui_wait_until (!owns_name (VIA_APP_ID));
}

/* Another configuration is another program: it does not hand over, and has no name on the bus. */
static void
test_own_configuration (void)
{
  g_autoptr(GSubprocessLauncher) launcher = create_launcher (TRUE);
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "via-test-application.yaml", NULL);
  Program *first, *other;

  g_assert_true (g_file_set_contents (path, "bridges: {}\n", -1, NULL));
  other = start (launcher, "--config", path, NULL);
  first = start (launcher, NULL, NULL);
  via_test_ui_wait_until (owns_name (VIA_APP_ID));
  activate_action ("quit");
  g_assert_cmpint (end (first), ==, 0);
  g_assert_false (other->ended);
  g_subprocess_force_exit (other->process);
  g_assert_cmpint (end (other), ==, -1);
  g_unlink (path);
}

int
main (int    argc,
      char **argv)
{
  via_test_ui_init (&argc, &argv);
  if (g_getenv ("VIADUCT") == NULL)
    {
      g_print ("1..0 # SKIP VIADUCT names no program\n");
      return 0;
    }
  g_test_add_func ("/app/application/options", test_options);
  g_test_add_func ("/app/application/unknown-option", test_unknown_option);
  g_test_add_func ("/app/application/single-instance", test_single_instance);
  g_test_add_func ("/app/application/own-configuration", test_own_configuration);
  return g_test_run ();
}
