/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "secret-test.h"

#define SERVICE "org.freedesktop.secrets"
#define PATIENCE_MS 300

/* A keyring that is there and never answers. Run on a bus of its own. */

/* On GDBus's thread: every call to the service is swallowed. */
static GDBusMessage *
swallow_cb (GDBusConnection *bus,
            GDBusMessage    *message,
            gboolean         incoming,
            gpointer         user_data)
{
  const char *interface = g_dbus_message_get_interface (message);

  if (!incoming || g_dbus_message_get_message_type (message) != G_DBUS_MESSAGE_TYPE_METHOD_CALL
      || g_strcmp0 (interface, "org.freedesktop.DBus.Peer") == 0)
    return message;
  g_atomic_int_inc ((int *) user_data);
  g_object_unref (message);
  return NULL;
}

static GDBusConnection *
start_hung_service (const char *address,
                    int        *calls)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = NULL;
  GDBusConnection *bus = g_dbus_connection_new_for_address_sync (
    address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL, NULL, &error);

  g_assert_no_error (error);
  g_dbus_connection_add_filter (bus, swallow_cb, calls, NULL);
  reply = g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                       "RequestName", g_variant_new ("(su)", SERVICE, 0), NULL, G_DBUS_CALL_FLAGS_NONE, -1,
                                       NULL, &error);
  g_assert_no_error (error);
  return bus;
}

static void
assert_clear_fails (ViaSecretStore *store,
                    ViaSecretError  code)
{
  g_auto(Answer) answer = { FALSE };

  via_secret_store_clear_async (store, "VIA_H", NULL, clear_done_cb, &answer);
  answer_wait (&answer);
  g_assert_false (answer.cleared);
  g_assert_error (answer.error, VIA_SECRET_ERROR, (int) code);
}

static gboolean
cancel_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_REMOVE;
}

static void
assert_cancellable (ViaSecretStore *store)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_auto(Answer) answer = { FALSE };

  g_timeout_add (50, cancel_cb, cancellable);
  via_secret_store_lookup_async (store, "VIA_H", cancellable, lookup_done_cb, &answer);
  answer_wait (&answer);
  g_assert_error (answer.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_hung (void)
{
  g_autoptr(ViaRedactor) redactor = via_redactor_new ();
  g_autoptr(ViaSecretStore) store = via_secret_store_new (redactor, NULL);
  g_autoptr(GTestDBus) bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_autoptr(GDBusConnection) service = NULL;
  int calls = 0;

  g_test_dbus_up (bus);
  service = start_hung_service (g_test_dbus_get_bus_address (bus), &calls);
  via_secret_store_set_keyring_timeout (store, PATIENCE_MS);

  assert_lookup_fails (store, "VIA_H", VIA_SECRET_ERROR_TIMEOUT);
  g_assert_cmpint (g_atomic_int_get (&calls), >, 0);
  assert_set_fails (store, "VIA_H", CANARY, VIA_SECRET_ERROR_TIMEOUT);
  assert_clear_fails (store, VIA_SECRET_ERROR_TIMEOUT);
  via_secret_store_set_keyring_timeout (store, 1000 * WAIT_S);
  assert_cancellable (store);

  /* what is elsewhere is found all the same */
  g_setenv ("VIA_H", "environment", TRUE);
  assert_found (store, "VIA_H", "environment", VIA_SECRET_ENVIRONMENT);
  g_unsetenv ("VIA_H");

  g_dbus_connection_close_sync (service, NULL, NULL);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_test_dbus_stop (bus);
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *daemon = g_find_program_in_path ("dbus-daemon");

  g_test_init (&argc, &argv, NULL);
  if (daemon == NULL)
    {
      g_print ("1..0 # SKIP dbus-daemon is not installed\n");
      return 0;
    }
  g_test_dbus_unset ();
  g_unsetenv ("SECRET_BACKEND");
  g_test_add_func ("/core/secret-hung/hung", test_hung);
  return g_test_run ();
}
