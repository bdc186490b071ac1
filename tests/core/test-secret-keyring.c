/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>
#include <libsecret/secret.h>
#include <signal.h>
#include <string.h>

#include "secret-test.h"

/* The store with the real keyring, which tests/support/with-keyring starts. */

#define SERVICE "org.freedesktop.secrets"
#define LOGIN "/org/freedesktop/secrets/collection/login"

static ViaSecretStore *
new_store (void)
{
  g_autoptr(ViaRedactor) redactor = via_redactor_new ();

  return via_secret_store_new (redactor, NULL);
}

static GDBusConnection *
get_bus (void)
{
  g_autoptr(GError) error = NULL;
  GDBusConnection *bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &error);

  g_assert_no_error (error);
  g_dbus_connection_set_exit_on_close (bus, FALSE);
  return bus;
}

static void
test_keeps (void)
{
  g_autoptr(ViaSecretStore) store = new_store ();
  g_autoptr(ViaSecretStore) other = new_store ();

  assert_place (store, "VIA_K", VIA_SECRET_NOWHERE);
  assert_lookup_fails (store, "VIA_K", VIA_SECRET_ERROR_NOT_FOUND);
  assert_set (store, "VIA_K", CANARY, VIA_SECRET_KEYRING);
  assert_found (store, "VIA_K", CANARY, VIA_SECRET_KEYRING);
  assert_found (other, "VIA_K", CANARY, VIA_SECRET_KEYRING);
  assert_place (other, "VIA_K", VIA_SECRET_KEYRING);
  assert_place (other, "VIA_K2", VIA_SECRET_NOWHERE);
}

static void
test_replaces (void)
{
  g_autoptr(ViaSecretStore) store = new_store ();

  assert_set (store, "VIA_R", CANARY "-1", VIA_SECRET_KEYRING);
  assert_set (store, "VIA_R", CANARY "-2", VIA_SECRET_KEYRING);
  assert_found (store, "VIA_R", CANARY "-2", VIA_SECRET_KEYRING);
}

static void
test_clears (void)
{
  g_autoptr(ViaSecretStore) store = new_store ();

  assert_set (store, "VIA_C", CANARY, VIA_SECRET_KEYRING);
  assert_set (store, "VIA_D", CANARY, VIA_SECRET_KEYRING);
  assert_cleared (store, "VIA_C");
  assert_lookup_fails (store, "VIA_C", VIA_SECRET_ERROR_NOT_FOUND);
  assert_found (store, "VIA_D", CANARY, VIA_SECRET_KEYRING);
  assert_cleared (store, "VIA_C");
}

static void
test_environment_first (void)
{
  g_autoptr(ViaSecretStore) store = new_store ();

  assert_set (store, "VIA_E", CANARY, VIA_SECRET_KEYRING);
  g_setenv ("VIA_E", "environment", TRUE);
  assert_found (store, "VIA_E", "environment", VIA_SECRET_ENVIRONMENT);
  g_unsetenv ("VIA_E");
  assert_found (store, "VIA_E", CANARY, VIA_SECRET_KEYRING);
}

static void
test_large (void)
{
  g_autoptr(ViaSecretStore) store = new_store ();
  g_autofree char *value = g_strnfill (65536, 'x');

  assert_set (store, "VIA_L", value, VIA_SECRET_KEYRING);
  assert_found (store, "VIA_L", value, VIA_SECRET_KEYRING);
}

/* What other programs put there with a line end, or what is no token at all. */
static void
test_foreign_values (void)
{
  static const SecretSchema schema = {
    "io.github.viaduct.Viaduct.Token", SECRET_SCHEMA_NONE, { { "name", SECRET_SCHEMA_ATTRIBUTE_STRING }, { NULL, 0 } },
  };
  g_autoptr(ViaSecretStore) store = new_store ();
  g_autoptr(GError) error = NULL;

  g_assert_true (secret_password_store_sync (&schema, NULL, "x", "echoed\n", NULL, &error, "name", "VIA_F", NULL));
  g_assert_no_error (error);
  assert_found (store, "VIA_F", "echoed", VIA_SECRET_KEYRING);
  g_assert_true (secret_password_store_sync (&schema, NULL, "x", CANARY "\nmore\n", NULL, &error, "name", "VIA_F", NULL));
  assert_lookup_fails (store, "VIA_F", VIA_SECRET_ERROR_INVALID);
}

/* The name is an attribute and readable by all; the value is in no attribute and no label. */
static void
test_nothing_in_the_open (void)
{
  g_autoptr(ViaSecretStore) store = new_store ();
  g_autoptr(GDBusConnection) bus = get_bus ();
  g_autoptr(GVariant) items = NULL, list = NULL;
  g_autoptr(GError) error = NULL;
  const char *path;
  GVariantIter iter;
  guint count = 0;

  assert_set (store, "VIA_N", CANARY, VIA_SECRET_KEYRING);
  items = g_dbus_connection_call_sync (bus, SERVICE, LOGIN, "org.freedesktop.DBus.Properties", "Get",
                                       g_variant_new ("(ss)", "org.freedesktop.Secret.Collection", "Items"),
                                       G_VARIANT_TYPE ("(v)"), G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
  g_variant_get (items, "(v)", &list);
  g_variant_iter_init (&iter, list);
  while (g_variant_iter_next (&iter, "&o", &path))
    {
      g_autoptr(GVariant) all = g_dbus_connection_call_sync (bus, SERVICE, path, "org.freedesktop.DBus.Properties", "GetAll",
                                                             g_variant_new ("(s)", "org.freedesktop.Secret.Item"), NULL,
                                                             G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
      g_autofree char *text = g_variant_print (all, FALSE);

      g_assert_null (strstr (text, CANARY));
      count++;
    }
  g_assert_cmpuint (count, >, 0);
}

static void
call_service (const char *method,
              GVariant   *parameters)
{
  g_autoptr(GDBusConnection) bus = get_bus ();
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = g_dbus_connection_call_sync (bus, SERVICE, "/org/freedesktop/secrets",
                                                           "org.freedesktop.Secret.Service", method, parameters, NULL,
                                                           G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);

  g_assert_no_error (error);
}

/* Nobody can be asked for the password here, so that what is locked stays locked. */
static void
test_locked (void)
{
  g_autoptr(ViaSecretStore) store = new_store ();
  const char *const login[] = { LOGIN, NULL };

  assert_set (store, "VIA_X", CANARY, VIA_SECRET_KEYRING);
  call_service ("Lock", g_variant_new ("(^ao)", login));
  assert_lookup_fails (store, "VIA_X", VIA_SECRET_ERROR_LOCKED);
  assert_lookup_fails (store, "VIA_NOT_THERE", VIA_SECRET_ERROR_LOCKED);
  assert_set_fails (store, "VIA_X", CANARY, VIA_SECRET_ERROR_LOCKED);
  g_setenv ("VIA_X", "environment", TRUE);
  assert_found (store, "VIA_X", "environment", VIA_SECRET_ENVIRONMENT);
  g_unsetenv ("VIA_X");
}

static guint32
get_service_process (void)
{
  g_autoptr(GDBusConnection) bus = get_bus ();
  g_autoptr(GVariant) reply = g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/", "org.freedesktop.DBus",
                                                           "GetConnectionUnixProcessID", g_variant_new ("(s)", SERVICE),
                                                           G_VARIANT_TYPE ("(u)"), G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
  guint32 process = 0;

  if (reply != NULL)
    g_variant_get (reply, "(u)", &process);
  return process;
}

static gboolean
is_unlocked (void)
{
  g_autoptr(GDBusConnection) bus = get_bus ();
  g_autoptr(GVariant) reply = g_dbus_connection_call_sync (bus, SERVICE, LOGIN, "org.freedesktop.DBus.Properties", "Get",
                                                           g_variant_new ("(ss)", "org.freedesktop.Secret.Collection", "Locked"),
                                                           G_VARIANT_TYPE ("(v)"), G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
  g_autoptr(GVariant) locked = NULL;

  if (reply != NULL)
    g_variant_get (reply, "(v)", &locked);
  return locked != NULL && !g_variant_get_boolean (locked);
}

static GSubprocess *
start_service (void)
{
  const char *password = g_getenv ("VIA_TEST_KEYRING_PASSWORD");
  g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new (
    G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr(GError) error = NULL;
  GSubprocess *process;

  g_subprocess_launcher_unsetenv (launcher, "G_DEBUG"); /* it is for us; the daemon warns of much */
  process = g_subprocess_launcher_spawn (launcher, &error, "gnome-keyring-daemon", "--unlock", "--components=secrets",
                                         "--foreground", NULL);
  g_assert_no_error (error);
  g_output_stream_write_all (g_subprocess_get_stdin_pipe (process), password, strlen (password), NULL, NULL, &error);
  g_output_stream_close (g_subprocess_get_stdin_pipe (process), NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; !is_unlocked () && i < 200; i++)
    g_usleep (50000);
  g_assert_true (is_unlocked ());
  return process;
}

/* Also unlocks again what the test before has locked. */
static void
test_restarted (void)
{
  g_autoptr(ViaSecretStore) store = new_store ();
  g_autoptr(GSubprocess) first = NULL, second = NULL;
  guint32 process = get_service_process ();

  g_assert_cmpuint (process, >, 1);
  g_assert_cmpint (kill (process, SIGTERM), ==, 0);
  while (get_service_process () != 0)
    g_usleep (20000);
  /* the file has kept what was stored */
  first = start_service ();
  assert_found (store, "VIA_X", CANARY, VIA_SECRET_KEYRING);
  assert_set (store, "VIA_Y", CANARY, VIA_SECRET_KEYRING);

  g_subprocess_force_exit (first);
  while (get_service_process () != 0)
    g_usleep (20000);
  assert_set (store, "VIA_Z", CANARY, VIA_SECRET_SESSION);
  assert_found (store, "VIA_Z", CANARY, VIA_SECRET_SESSION);
  assert_lookup_fails (store, "VIA_Y", VIA_SECRET_ERROR_NOT_FOUND);

  second = start_service ();
  assert_found (store, "VIA_Y", CANARY, VIA_SECRET_KEYRING);
  assert_set (store, "VIA_Z", CANARY "-2", VIA_SECRET_KEYRING);
  assert_found (store, "VIA_Z", CANARY "-2", VIA_SECRET_KEYRING);
  g_subprocess_force_exit (second);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  if (g_getenv ("VIA_TEST_KEYRING_PASSWORD") == NULL)
    {
      g_print ("1..0 # SKIP needs a keyring: run it with tests/support/with-keyring\n");
      return 0;
    }
  g_test_add_func ("/core/secret-keyring/keeps", test_keeps);
  g_test_add_func ("/core/secret-keyring/replaces", test_replaces);
  g_test_add_func ("/core/secret-keyring/clears", test_clears);
  g_test_add_func ("/core/secret-keyring/environment-first", test_environment_first);
  g_test_add_func ("/core/secret-keyring/large", test_large);
  g_test_add_func ("/core/secret-keyring/foreign-values", test_foreign_values);
  g_test_add_func ("/core/secret-keyring/nothing-in-the-open", test_nothing_in_the_open);
  g_test_add_func ("/core/secret-keyring/locked", test_locked);
  g_test_add_func ("/core/secret-keyring/restarted", test_restarted);
  return g_test_run ();
}
