/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <libsecret/secret.h>
#include <string.h>

#include "secrets/via-keyring.h"
#include "secrets/via-secret-private.h"

/* Kept apart from the app id: development builds see the same tokens. Attributes are stored in the open; names may be. */
static const SecretSchema schema = {
  "io.github.viaduct.Viaduct.Token",
  SECRET_SCHEMA_NONE,
  { { "name", SECRET_SCHEMA_ATTRIBUTE_STRING }, { NULL, 0 } },
};

typedef enum
{
  KEYRING_LOOKUP,
  KEYRING_STORE,
  KEYRING_CLEAR,
} Verb;

/*
 * One operation. It ends once: with what libsecret says, or when the timer runs out, whichever is first, because a service
 * that hangs never lets libsecret return. Its own cancellable stops libsecret then.
 */
typedef struct
{
  Verb             verb;
  char            *name;
  SecretValue     *value;       /* of a store */
  GDBusConnection *bus;         /* (nullable) shared; kept so that libsecret gets the same one */
  GCancellable    *cancellable;
  GCancellable    *outer;       /* (nullable) the caller's */
  gulong           outer_id;
  guint            timer_id;
  gboolean         ended;
  gboolean         retried;
} Operation;

static void
operation_free (gpointer data)
{
  Operation *operation = data;

  g_assert (operation->timer_id == 0);

  g_free (operation->name);
  g_clear_pointer (&operation->value, secret_value_unref);
  g_clear_object (&operation->bus);
  g_clear_object (&operation->cancellable);
  g_clear_object (&operation->outer);
  g_free (operation);
}

/* TRUE the first time. */
static gboolean
end (GTask *task)
{
  Operation *operation = g_task_get_task_data (task);

  if (operation->ended)
    return FALSE;
  operation->ended = TRUE;
  g_clear_handle_id (&operation->timer_id, g_source_remove);
  if (operation->outer != NULL)
    g_cancellable_disconnect (operation->outer, operation->outer_id);
  return TRUE;
}

static GError *
translate (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_error_copy (error);
  if (g_error_matches (error, SECRET_ERROR, SECRET_ERROR_IS_LOCKED))
    return g_error_new_literal (VIA_SECRET_ERROR, VIA_SECRET_ERROR_LOCKED,
                                _("The keyring is locked. Unlock it and try again."));
  if (g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NO_REPLY) || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_TIMEOUT)
      || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_TIMED_OUT)
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return g_error_new_literal (VIA_SECRET_ERROR, VIA_SECRET_ERROR_TIMEOUT, _("The keyring does not answer."));
  g_debug ("The keyring: %s %d", g_quark_to_string (error->domain), error->code);
  return g_error_new_literal (VIA_SECRET_ERROR, VIA_SECRET_ERROR_UNAVAILABLE,
                              _("No keyring service can be reached. Start one, such as gnome-keyring."));
}

static void
fail (GTask        *task,
      const GError *error)
{
  if (end (task))
    g_task_return_error (task, translate (error));
}

static void
succeed (GTask *task)
{
  if (end (task))
    g_task_return_boolean (task, TRUE);
}

static void
find_nothing (GTask *task)
{
  Operation *operation = g_task_get_task_data (task);

  if (!end (task))
    return;
  if (operation->verb == KEYRING_LOOKUP)
    g_task_return_pointer (task, NULL, NULL);
  else
    g_task_return_boolean (task, TRUE);
}

/* libsecret says “nothing” of a keyring that it could not unlock, too. Whether it is locked has to be asked apart. */

static void
locked_collection_cb (GObject      *object,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(SecretCollection) collection = secret_collection_for_alias_finish (result, NULL);

  if (collection != NULL && secret_collection_get_locked (collection))
    {
      g_autoptr(GError) locked = g_error_new_literal (SECRET_ERROR, SECRET_ERROR_IS_LOCKED, "");

      fail (task, locked);
    }
  else
    find_nothing (task);
}

static void
locked_service_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Operation *operation = g_task_get_task_data (task);
  g_autoptr(SecretService) service = secret_service_get_finish (result, NULL);

  if (service == NULL) /* another backend, such as that of a sandbox */
    find_nothing (task);
  else
    secret_collection_for_alias (service, SECRET_COLLECTION_DEFAULT, SECRET_COLLECTION_NONE, operation->cancellable,
                                 locked_collection_cb, g_object_ref (task));
}

static void
ask_whether_locked (GTask *task)
{
  Operation *operation = g_task_get_task_data (task);

  secret_service_get (SECRET_SERVICE_NONE, operation->cancellable, locked_service_cb, g_object_ref (task));
}

static void run (GTask *task);

/* A service that was restarted does not know the session that libsecret still holds: forget it, and ask once more. */
static gboolean
run_again (GTask        *task,
           const GError *error)
{
  Operation *operation = g_task_get_task_data (task);

  gboolean answered = error->domain == G_DBUS_ERROR || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_DBUS_ERROR);

  if (operation->retried || operation->ended || !answered
      || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN))
    return FALSE;
  operation->retried = TRUE;
  secret_service_disconnect ();
  run (task);
  return TRUE;
}

/* A trailing line end is what “echo TOKEN | secret-tool store” leaves. */
static char *
dup_text (SecretValue *value)
{
  gsize length;
  const char *text = secret_value_get (value, &length);

  if (length > 0 && text[length - 1] == '\n')
    length--;
  return g_strndup (text, length);
}

static void
looked_up_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Operation *operation = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  SecretValue *value = secret_password_lookup_binary_finish (result, &error);

  if (error != NULL)
    {
      if (!run_again (task, error))
        fail (task, error);
    }
  else if (value == NULL)
    ask_whether_locked (task);
  else
    {
      char *text = dup_text (value);

      if (!via_secret_check_value (operation->name, text, &error))
        {
          via_secret_wipe (text);
          if (end (task))
            g_task_return_error (task, g_steal_pointer (&error));
        }
      else if (end (task))
        g_task_return_pointer (task, text, (GDestroyNotify) via_secret_wipe);
      else
        via_secret_wipe (text);
      secret_value_unref (value);
    }
}

static void
stored_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  if (secret_password_store_finish (result, &error))
    succeed (task);
  else if (!run_again (task, error))
    fail (task, error);
}

static void
cleared_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  if (secret_password_clear_finish (result, &error))
    succeed (task);
  else if (error == NULL)
    ask_whether_locked (task);
  else if (!run_again (task, error))
    fail (task, error);
}

static void
run (GTask *task)
{
  Operation *operation = g_task_get_task_data (task);
  g_autofree char *label = NULL;

  switch (operation->verb)
    {
    case KEYRING_LOOKUP:
      secret_password_lookup (&schema, operation->cancellable, looked_up_cb, g_object_ref (task), "name", operation->name, NULL);
      break;
    case KEYRING_STORE:
      /* translators: what a keyring shows; %s is a name such as REMOTE_TOKEN */
      label = g_strdup_printf (_("Viaduct: %s"), operation->name);
      secret_password_store_binary (&schema, SECRET_COLLECTION_DEFAULT, label, operation->value, operation->cancellable,
                                    stored_cb, g_object_ref (task), "name", operation->name, NULL);
      break;
    case KEYRING_CLEAR:
      secret_password_clear (&schema, operation->cancellable, cleared_cb, g_object_ref (task), "name", operation->name, NULL);
      break;
    default:
      g_assert_not_reached ();
    }
}

/* GLib ends a process whose session bus goes away; a gateway outlives its login session. */
static void
bus_cb (GObject      *object,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Operation *operation = g_task_get_task_data (task);

  operation->bus = g_bus_get_finish (result, NULL);
  if (operation->bus != NULL)
    g_dbus_connection_set_exit_on_close (operation->bus, FALSE);
  /* Without a bus libsecret may have another way; it knows. */
  if (!operation->ended)
    run (task);
}

static gboolean
timed_out_cb (gpointer user_data)
{
  GTask *task = user_data;
  Operation *operation = g_task_get_task_data (task);

  operation->timer_id = 0;
  if (end (task))
    {
      g_task_return_new_error (task, VIA_SECRET_ERROR, VIA_SECRET_ERROR_TIMEOUT,
                               _("The keyring did not answer in time. If it asks for its password, give it, and try again."));
      g_cancellable_cancel (operation->cancellable);
    }
  return G_SOURCE_REMOVE;
}

static void
outer_cancelled_cb (GCancellable *outer,
                    gpointer      user_data)
{
  g_cancellable_cancel (user_data);
}

static void
begin (Verb                 verb,
       const char          *name,
       const char          *value,
       guint                timeout_ms,
       GCancellable        *cancellable,
       GAsyncReadyCallback  callback,
       gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, callback, user_data);
  Operation *operation = g_new0 (Operation, 1);

  operation->verb = verb;
  operation->name = g_strdup (name);
  operation->value = value != NULL ? secret_value_new (value, -1, "text/plain") : NULL;
  operation->cancellable = g_cancellable_new ();
  g_task_set_source_tag (task, begin);
  g_task_set_task_data (task, operation, operation_free);
  operation->timer_id = g_timeout_add_full (G_PRIORITY_DEFAULT, timeout_ms, timed_out_cb, g_object_ref (task), g_object_unref);
  if (cancellable != NULL)
    {
      operation->outer = g_object_ref (cancellable);
      operation->outer_id = g_cancellable_connect (cancellable, G_CALLBACK (outer_cancelled_cb),
                                                   g_object_ref (operation->cancellable), g_object_unref);
    }
  g_bus_get (G_BUS_TYPE_SESSION, operation->cancellable, bus_cb, g_object_ref (task));
}

void
via_keyring_lookup_async (const char          *name,
                          guint                timeout_ms,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  begin (KEYRING_LOOKUP, name, NULL, timeout_ms, cancellable, callback, user_data);
}

char *
via_keyring_lookup_finish (GAsyncResult  *result,
                           GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
via_keyring_store_async (const char          *name,
                         const char          *value,
                         guint                timeout_ms,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  begin (KEYRING_STORE, name, value, timeout_ms, cancellable, callback, user_data);
}

gboolean
via_keyring_store_finish (GAsyncResult  *result,
                          GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
via_keyring_clear_async (const char          *name,
                         guint                timeout_ms,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  begin (KEYRING_CLEAR, name, NULL, timeout_ms, cancellable, callback, user_data);
}

gboolean
via_keyring_clear_finish (GAsyncResult  *result,
                          GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
