/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/via-limits.h"
#include "secrets/via-keyring.h"
#include "secrets/via-secret-files.h"
#include "secrets/via-secret-private.h"

/*
 * ViaSecretStore lives on the main thread and keeps no secret but those that no keyring would take. Each question is
 * asked anew, so that a token that was replaced counts at once; the environment is asked first and costs nothing, and the
 * session bus is not touched before a keyring is needed.
 */
struct _ViaSecretStore
{
  GObject parent_instance;

  ViaRedactor *redactor;
  char        *directory;          /* (nullable) */
  GHashTable  *session;            /* name → value */
  guint        keyring_timeout_ms;
};

G_DEFINE_FINAL_TYPE (ViaSecretStore, via_secret_store, G_TYPE_OBJECT)

static void
wipe_value (gpointer value)
{
  via_secret_wipe (value);
}

static void
via_secret_store_finalize (GObject *object)
{
  ViaSecretStore *self = VIA_SECRET_STORE (object);

  g_clear_pointer (&self->redactor, via_redactor_unref);
  g_free (self->directory);
  g_hash_table_unref (self->session);

  G_OBJECT_CLASS (via_secret_store_parent_class)->finalize (object);
}

static void
via_secret_store_class_init (ViaSecretStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = via_secret_store_finalize;
}

static void
via_secret_store_init (ViaSecretStore *self)
{
  self->session = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, wipe_value);
  self->keyring_timeout_ms = VIA_LIMIT_KEYRING_MS;
}

ViaSecretStore *
via_secret_store_new (ViaRedactor *redactor,
                      const char  *directory)
{
  ViaSecretStore *self;

  g_return_val_if_fail (redactor != NULL, NULL);

  self = g_object_new (VIA_TYPE_SECRET_STORE, NULL);
  self->redactor = via_redactor_ref (redactor);
  self->directory = g_strdup (directory);
  return self;
}

ViaRedactor *
via_secret_store_get_redactor (ViaSecretStore *self)
{
  g_return_val_if_fail (VIA_IS_SECRET_STORE (self), NULL);

  return self->redactor;
}

void
via_secret_store_set_keyring_timeout (ViaSecretStore *self,
                                      guint           timeout_ms)
{
  self->keyring_timeout_ms = timeout_ms;
}

/* Looking up: environment, memory, keyring, files; the first that has it ends the search. */
typedef struct
{
  char   *name;
  GError *keyring_error; /* (nullable) why the keyring had no answer */
} Lookup;

static void
lookup_free (gpointer data)
{
  Lookup *lookup = data;

  g_free (lookup->name);
  g_clear_error (&lookup->keyring_error);
  g_free (lookup);
}

static void
return_secret (GTask     *task,
               ViaSecret *secret)
{
  ViaSecretStore *self = g_task_get_source_object (task);

  via_redactor_add (self->redactor, secret->value);
  g_task_return_pointer (task, secret, (GDestroyNotify) via_secret_free);
}

static void
return_nothing (GTask *task)
{
  Lookup *lookup = g_task_get_task_data (task);
  GError *keyring_error = lookup->keyring_error;

  if (g_error_matches (keyring_error, VIA_SECRET_ERROR, VIA_SECRET_ERROR_UNAVAILABLE))
    g_task_return_new_error (task, VIA_SECRET_ERROR, VIA_SECRET_ERROR_NOT_FOUND,
                             _("There is no token called “%s” in the environment, a .env file or /run/secrets, and no keyring "
                               "service is running. Put it into the environment, or start a keyring such as gnome-keyring."),
                             lookup->name);
  else if (keyring_error != NULL)
    g_task_return_new_error (task, keyring_error->domain, keyring_error->code,
                             _("%s The token “%s” was looked for in the environment, a .env file and /run/secrets, too."),
                             keyring_error->message, lookup->name);
  else
    g_task_return_new_error (task, VIA_SECRET_ERROR, VIA_SECRET_ERROR_NOT_FOUND,
                             _("There is no token called “%s” in the environment, the keyring, a .env file or /run/secrets. "
                               "Keep it in the keyring with: via secret set %s"),
                             lookup->name, lookup->name);
}

static void
lookup_files_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;
  ViaSecret *secret = via_secret_files_lookup_finish (result, &error);

  if (secret != NULL)
    return_secret (task, secret);
  else if (error != NULL)
    g_task_return_error (task, error);
  else
    return_nothing (task);
}

static void
lookup_keyring_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  ViaSecretStore *self = g_task_get_source_object (task);
  Lookup *lookup = g_task_get_task_data (task);
  char *value = via_keyring_lookup_finish (result, &lookup->keyring_error);

  if (value != NULL)
    return_secret (task, via_secret_new_take (value, VIA_SECRET_KEYRING));
  else if (g_error_matches (lookup->keyring_error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
           || g_error_matches (lookup->keyring_error, VIA_SECRET_ERROR, VIA_SECRET_ERROR_INVALID))
    g_task_return_error (task, g_steal_pointer (&lookup->keyring_error));
  else
    via_secret_files_lookup_async (lookup->name, self->directory, g_task_get_cancellable (task), lookup_files_cb,
                                   g_object_ref (task));
}

/* TRUE when the task is over. */
static gboolean
look_into_process (ViaSecretStore *self,
                   GTask          *task,
                   const char     *name)
{
  const char *environment = g_getenv (name);
  const char *kept = g_hash_table_lookup (self->session, name);
  GError *error = NULL;

  if (environment != NULL && *environment != '\0')
    {
      if (via_secret_check_value (name, environment, &error))
        return_secret (task, via_secret_new_take (g_strdup (environment), VIA_SECRET_ENVIRONMENT));
      else
        g_task_return_error (task, error);
      return TRUE;
    }
  if (kept != NULL)
    return_secret (task, via_secret_new_take (g_strdup (kept), VIA_SECRET_SESSION));
  return kept != NULL;
}

void
via_secret_store_lookup_async (ViaSecretStore      *self,
                               const char          *name,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Lookup *lookup;
  GError *error = NULL;

  g_return_if_fail (VIA_IS_SECRET_STORE (self));
  g_return_if_fail (name != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, via_secret_store_lookup_async);
  lookup = g_new0 (Lookup, 1);
  lookup->name = g_strdup (name);
  g_task_set_task_data (task, lookup, lookup_free);
  if (!via_secret_check_name (name, &error))
    g_task_return_error (task, error);
  else if (!look_into_process (self, task, name))
    via_keyring_lookup_async (name, self->keyring_timeout_ms, cancellable, lookup_keyring_cb, g_object_ref (task));
}

ViaSecret *
via_secret_store_lookup_finish (ViaSecretStore  *self,
                                GAsyncResult    *result,
                                GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Where it would come from. */

static void
found_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;
  g_autoptr(ViaSecret) secret = via_secret_store_lookup_finish (VIA_SECRET_STORE (object), result, &error);

  if (secret != NULL)
    g_task_return_int (task, secret->place);
  else if (g_error_matches (error, VIA_SECRET_ERROR, VIA_SECRET_ERROR_NOT_FOUND))
    {
      g_error_free (error);
      g_task_return_int (task, VIA_SECRET_NOWHERE);
    }
  else
    g_task_return_error (task, error);
}

void
via_secret_store_find_async (ViaSecretStore      *self,
                             const char          *name,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (VIA_IS_SECRET_STORE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, via_secret_store_find_async);
  via_secret_store_lookup_async (self, name, cancellable, found_cb, task);
}

ViaSecretPlace
via_secret_store_find_finish (ViaSecretStore  *self,
                              GAsyncResult    *result,
                              GError         **error)
{
  gssize place;

  g_return_val_if_fail (g_task_is_valid (result, self), VIA_SECRET_NOWHERE);

  place = g_task_propagate_int (G_TASK (result), error);
  return place >= 0 ? (ViaSecretPlace) place : VIA_SECRET_NOWHERE;
}

/* Keeping. */
typedef struct
{
  char *name;
  char *value;
} Keeping;

static void
keeping_free (gpointer data)
{
  Keeping *keeping = data;

  g_free (keeping->name);
  via_secret_wipe (keeping->value);
  g_free (keeping);
}

static void
stored_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  ViaSecretStore *self = g_task_get_source_object (task);
  Keeping *keeping = g_task_get_task_data (task);
  GError *error = NULL;

  if (via_keyring_store_finish (result, &error))
    {
      g_hash_table_remove (self->session, keeping->name);
      g_task_return_int (task, VIA_SECRET_KEYRING);
    }
  else if (g_error_matches (error, VIA_SECRET_ERROR, VIA_SECRET_ERROR_UNAVAILABLE))
    {
      g_error_free (error);
      g_hash_table_replace (self->session, g_strdup (keeping->name), g_steal_pointer (&keeping->value));
      g_task_return_int (task, VIA_SECRET_SESSION);
    }
  else
    g_task_return_error (task, error);
}

void
via_secret_store_set_async (ViaSecretStore      *self,
                            const char          *name,
                            const char          *value,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Keeping *keeping;
  GError *error = NULL;

  g_return_if_fail (VIA_IS_SECRET_STORE (self));
  g_return_if_fail (name != NULL);
  g_return_if_fail (value != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, via_secret_store_set_async);
  /* What is stored is stored, even if nobody waits any more. */
  g_task_set_check_cancellable (task, FALSE);
  if (!via_secret_check_name (name, &error) || !via_secret_check_value (name, value, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  via_redactor_add (self->redactor, value);
  keeping = g_new0 (Keeping, 1);
  keeping->name = g_strdup (name);
  keeping->value = g_strdup (value);
  g_task_set_task_data (task, keeping, keeping_free);
  via_keyring_store_async (name, value, self->keyring_timeout_ms, cancellable, stored_cb, g_object_ref (task));
}

ViaSecretPlace
via_secret_store_set_finish (ViaSecretStore  *self,
                             GAsyncResult    *result,
                             GError         **error)
{
  gssize place;

  g_return_val_if_fail (g_task_is_valid (result, self), VIA_SECRET_NOWHERE);

  place = g_task_propagate_int (G_TASK (result), error);
  return place >= 0 ? (ViaSecretPlace) place : VIA_SECRET_NOWHERE;
}

/* Forgetting. */

static void
cleared_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  if (via_keyring_clear_finish (result, &error)
      || g_error_matches (error, VIA_SECRET_ERROR, VIA_SECRET_ERROR_UNAVAILABLE))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
via_secret_store_clear_async (ViaSecretStore      *self,
                              const char          *name,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  GError *error = NULL;

  g_return_if_fail (VIA_IS_SECRET_STORE (self));
  g_return_if_fail (name != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, via_secret_store_clear_async);
  if (!via_secret_check_name (name, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  g_hash_table_remove (self->session, name);
  via_keyring_clear_async (name, self->keyring_timeout_ms, cancellable, cleared_cb, g_object_ref (task));
}

gboolean
via_secret_store_clear_finish (ViaSecretStore  *self,
                               GAsyncResult    *result,
                               GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
