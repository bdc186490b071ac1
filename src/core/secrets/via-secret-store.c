/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-secrets"

#include "config.h"

#include <string.h>

#include "base/via-limits.h"
#include "base/via-text.h"
#include "secrets/via-keyring.h"
#include "secrets/via-secret-files.h"
#include "secrets/via-secret-store.h"

struct _ViaSecretStore
{
  GObject      parent_instance;

  ViaRedactor *redactor;
  char        *directory; /* (nullable) */
  GHashTable  *session;   /* name → value, for this process alone */
};

G_DEFINE_FINAL_TYPE (ViaSecretStore, via_secret_store, G_TYPE_OBJECT)

G_DEFINE_QUARK (via-secret-error-quark, via_secret_error)

static const struct
{
  const char *name;
  const char *title;
} places[] = {
  [VIA_SECRET_NOWHERE] = { "nowhere", "nowhere" },
  [VIA_SECRET_ENVIRONMENT] = { "environment", "the environment" },
  [VIA_SECRET_KEYRING] = { "keyring", "the login keyring" },
  [VIA_SECRET_DOTENV] = { "dotenv", "a .env file" },
  [VIA_SECRET_FILE] = { "file", "a mounted secret file" },
  [VIA_SECRET_SESSION] = { "session", "the memory of this program" },
};

static void
wipe_and_free (gpointer data)
{
  if (data != NULL)
    via_text_wipe (data, strlen (data));
  g_free (data);
}

void
via_secret_free (ViaSecret *self)
{
  wipe_and_free (self->value);
  g_free (self);
}

static ViaSecret *
secret_new_take (char           *value,
                 ViaSecretPlace  place)
{
  ViaSecret *secret = g_new0 (ViaSecret, 1);

  secret->value = value;
  secret->place = place;
  return secret;
}

/* Names become file names, attributes and words of messages. */
static gboolean
check_name (const char *name,
            GError    **error)
{
  gsize length = strlen (name);

  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (name[i]) && strchr ("_-.", name[i]) == NULL)
      length = 0;
  if (length > 0 && length <= 256 && *name != '.')
    return TRUE;
  g_set_error_literal (error, VIA_SECRET_ERROR, VIA_SECRET_ERROR_INVALID,
                       "The name of a token has letters, digits, “_”, “-” and “.” only.");
  return FALSE;
}

static gboolean
check_value (const char *value,
             GError    **error)
{
  gsize length = strlen (value);
  gboolean good = length > 0 && length <= VIA_LIMIT_SECRET_BYTES && g_utf8_validate (value, length, NULL);

  for (gsize i = 0; good && i < length; i++)
    good = !g_ascii_iscntrl (value[i]);
  if (!good)
    g_set_error (error, VIA_SECRET_ERROR, VIA_SECRET_ERROR_INVALID,
                 "A token is text of 1 to %d bytes without line breaks or other control characters.",
                 VIA_LIMIT_SECRET_BYTES);
  return good;
}

/* --- looking up --- */

typedef struct
{
  char   *name;
  GError *keyring_error; /* (nullable) why the keyring could not be asked */
} Lookup;

static void
lookup_free (Lookup *lookup)
{
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
  const char *keyring = "the keyring";

  /* A keyring that is locked or hangs may well hold it: that is what has to be mended. */
  if (lookup->keyring_error != NULL
      && !g_error_matches (lookup->keyring_error, VIA_SECRET_ERROR, VIA_SECRET_ERROR_UNAVAILABLE))
    {
      g_task_return_error (task, g_steal_pointer (&lookup->keyring_error));
      return;
    }
  if (lookup->keyring_error != NULL)
    keyring = "the keyring (no keyring service is running)";
  g_task_return_new_error (task, VIA_SECRET_ERROR, VIA_SECRET_ERROR_NOT_FOUND,
                           "There is no token called “%s”. Looked in the environment, %s, .env and /run/secrets. "
                           "Keep it with “via secret set %s” or in the bridge's settings.",
                           lookup->name, keyring, lookup->name);
}

static void
files_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  ViaSecret *secret = via_secret_files_lookup_finish (result, &error);

  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (secret != NULL)
    return_secret (task, secret);
  else
    return_nothing (task);
}

static void
keyring_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  ViaSecretStore *self = g_task_get_source_object (task);
  Lookup *lookup = g_task_get_task_data (task);
  char *value = via_keyring_lookup_finish (result, &lookup->keyring_error);
  const char *kept = g_hash_table_lookup (self->session, lookup->name);

  if (value != NULL)
    return_secret (task, secret_new_take (value, VIA_SECRET_KEYRING));
  else if (g_error_matches (lookup->keyring_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, g_steal_pointer (&lookup->keyring_error));
  else if (kept != NULL)
    return_secret (task, secret_new_take (g_strdup (kept), VIA_SECRET_SESSION));
  else
    via_secret_files_lookup_async (self->directory, lookup->name, g_task_get_cancellable (task), files_cb,
                                   g_object_ref (task));
}

void
via_secret_store_lookup_async (ViaSecretStore      *self,
                               const char          *name,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  Lookup *lookup = g_new0 (Lookup, 1);
  const char *value;
  GError *error = NULL;

  g_return_if_fail (VIA_IS_SECRET_STORE (self));
  g_return_if_fail (name != NULL);

  lookup->name = g_strdup (name);
  g_task_set_source_tag (task, via_secret_store_lookup_async);
  g_task_set_task_data (task, lookup, (GDestroyNotify) lookup_free);
  if (!check_name (name, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  /* An environment that answers must not cost a word on the bus. */
  value = g_getenv (name);
  if (value != NULL && *value != '\0')
    return_secret (task, secret_new_take (g_strdup (value), VIA_SECRET_ENVIRONMENT));
  else
    via_keyring_lookup_async (name, cancellable, keyring_cb, g_object_ref (task));
}

ViaSecret *
via_secret_store_lookup_finish (ViaSecretStore *self,
                                GAsyncResult   *result,
                                GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
found_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(ViaSecret) secret = via_secret_store_lookup_finish (VIA_SECRET_STORE (object), result, &error);

  if (secret != NULL)
    g_task_return_int (task, secret->place);
  else if (g_error_matches (error, VIA_SECRET_ERROR, VIA_SECRET_ERROR_NOT_FOUND))
    g_task_return_int (task, VIA_SECRET_NOWHERE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
via_secret_store_find_async (ViaSecretStore      *self,
                             const char          *name,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, via_secret_store_find_async);
  via_secret_store_lookup_async (self, name, cancellable, found_cb, task);
}

static ViaSecretPlace
propagate_place (GAsyncResult *result,
                 GError      **error)
{
  gssize place = g_task_propagate_int (G_TASK (result), error);

  return place > 0 ? (ViaSecretPlace) place : VIA_SECRET_NOWHERE;
}

ViaSecretPlace
via_secret_store_find_finish (ViaSecretStore *self,
                              GAsyncResult   *result,
                              GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), VIA_SECRET_NOWHERE);

  return propagate_place (result, error);
}

/* --- keeping and forgetting --- */

typedef struct
{
  char *name;
  char *value;
} Keeping;

static void
keeping_free (Keeping *keeping)
{
  g_free (keeping->name);
  wipe_and_free (keeping->value);
  g_free (keeping);
}

static void
kept_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  ViaSecretStore *self = g_task_get_source_object (task);
  Keeping *keeping = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  if (via_keyring_store_finish (result, &error))
    {
      g_hash_table_remove (self->session, keeping->name);
      g_task_return_int (task, VIA_SECRET_KEYRING);
    }
  else if (g_error_matches (error, VIA_SECRET_ERROR, VIA_SECRET_ERROR_UNAVAILABLE))
    {
      g_hash_table_replace (self->session, g_steal_pointer (&keeping->name), g_steal_pointer (&keeping->value));
      g_task_return_int (task, VIA_SECRET_SESSION);
    }
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
via_secret_store_set_async (ViaSecretStore      *self,
                            const char          *name,
                            const char          *value,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  Keeping *keeping = g_new0 (Keeping, 1);
  GError *error = NULL;

  g_return_if_fail (VIA_IS_SECRET_STORE (self));
  g_return_if_fail (name != NULL && value != NULL);

  keeping->name = g_strdup (name);
  keeping->value = g_strdup (value);
  g_task_set_source_tag (task, via_secret_store_set_async);
  g_task_set_task_data (task, keeping, (GDestroyNotify) keeping_free);
  if (!check_name (name, &error) || !check_value (value, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  via_redactor_add (self->redactor, value);
  via_keyring_store_async (name, value, cancellable, kept_cb, g_object_ref (task));
}

ViaSecretPlace
via_secret_store_set_finish (ViaSecretStore *self,
                             GAsyncResult   *result,
                             GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), VIA_SECRET_NOWHERE);

  return propagate_place (result, error);
}

static void
cleared_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  /* Without a keyring there is nothing in it. */
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
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  GError *error = NULL;

  g_return_if_fail (VIA_IS_SECRET_STORE (self));
  g_return_if_fail (name != NULL);

  g_task_set_source_tag (task, via_secret_store_clear_async);
  if (!check_name (name, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  g_hash_table_remove (self->session, name);
  via_keyring_clear_async (name, cancellable, cleared_cb, g_object_ref (task));
}

gboolean
via_secret_store_clear_finish (ViaSecretStore *self,
                               GAsyncResult   *result,
                               GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- the object --- */

static void
via_secret_store_finalize (GObject *object)
{
  ViaSecretStore *self = VIA_SECRET_STORE (object);

  g_clear_pointer (&self->redactor, via_redactor_unref);
  g_clear_pointer (&self->session, g_hash_table_unref);
  g_free (self->directory);
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
  self->session = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, wipe_and_free);
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

const char *
via_secret_place_get_title (ViaSecretPlace place)
{
  g_return_val_if_fail (place < G_N_ELEMENTS (places), NULL);

  return places[place].title;
}

const char *
via_secret_place_get_name (ViaSecretPlace place)
{
  g_return_val_if_fail (place < G_N_ELEMENTS (places), NULL);

  return places[place].name;
}
