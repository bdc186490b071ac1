/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-secrets"

#include "config.h"

#include <libsecret/secret.h>
#include <string.h>

#include "base/via-limits.h"
#include "base/via-text.h"
#include "secrets/via-keyring.h"
#include "secrets/via-secret-store.h"

/* The name alone: attributes are not secret (Secret Service API, lookup attributes). */
static const SecretSchema schema = {
  "io.github.viaduct.Viaduct.Token",
  SECRET_SCHEMA_NONE,
  { { "name", SECRET_SCHEMA_ATTRIBUTE_STRING }, { NULL, 0 } },
};

/* A call under way: libsecret gets a cancellable of its own, which the caller's and the deadline cancel. */
typedef struct
{
  GCancellable *cancellable;
  GCancellable *caller;         /* (nullable) */
  gulong        caller_handler;
  GSource      *deadline;
  gboolean      late;
} KeyringCall;

static void
keyring_call_free (KeyringCall *call)
{
  g_cancellable_disconnect (call->caller, call->caller_handler);
  g_source_destroy (call->deadline);
  g_source_unref (call->deadline);
  g_clear_object (&call->caller);
  g_object_unref (call->cancellable);
  g_free (call);
}

static gboolean
late_cb (gpointer user_data)
{
  KeyringCall *call = user_data;

  call->late = TRUE;
  g_cancellable_cancel (call->cancellable);
  return G_SOURCE_REMOVE;
}

static void
caller_cancelled_cb (GCancellable *caller,
                     GCancellable *own)
{
  g_cancellable_cancel (own);
}

static GTask *
begin_call (GCancellable        *cancellable,
            GAsyncReadyCallback  callback,
            gpointer             user_data,
            gpointer             tag)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  KeyringCall *call = g_new0 (KeyringCall, 1);

  call->cancellable = g_cancellable_new ();
  call->deadline = g_timeout_source_new (VIA_LIMIT_KEYRING_MS);
  g_source_set_callback (call->deadline, late_cb, call, NULL);
  g_source_attach (call->deadline, g_main_context_get_thread_default ());
  if (cancellable != NULL)
    {
      call->caller = g_object_ref (cancellable);
      call->caller_handler = g_cancellable_connect (cancellable, G_CALLBACK (caller_cancelled_cb),
                                                    g_object_ref (call->cancellable), g_object_unref);
    }
  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, call, (GDestroyNotify) keyring_call_free);
  return task;
}

static GCancellable *
get_cancellable (GTask *task)
{
  KeyringCall *call = g_task_get_task_data (task);

  return call->cancellable;
}

/* libsecret says little; what it says never holds a value. */
static void
return_error (GTask        *task,
              const GError *error)
{
  KeyringCall *call = g_task_get_task_data (task);

  if (call->late)
    g_task_return_new_error (task, VIA_SECRET_ERROR, VIA_SECRET_ERROR_TIMEOUT,
                             "The keyring service did not answer within %d seconds. Restart it, or log in anew.",
                             VIA_LIMIT_KEYRING_MS / 1000);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, g_error_copy (error));
  else if (g_error_matches (error, SECRET_ERROR, SECRET_ERROR_IS_LOCKED))
    g_task_return_new_error (task, VIA_SECRET_ERROR, VIA_SECRET_ERROR_LOCKED,
                             "The keyring is locked. Unlock it and try again.");
  else
    g_task_return_new_error (task, VIA_SECRET_ERROR, VIA_SECRET_ERROR_UNAVAILABLE,
                             "No keyring service can be used: %s. Install or start one, such as gnome-keyring.",
                             error->message);
}

/* --- looking up --- */

static void
retrieved_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  SecretValue *value = secret_retrievable_retrieve_secret_finish (SECRET_RETRIEVABLE (object), result, &error);
  const char *text = value != NULL ? secret_value_get_text (value) : NULL;

  if (value == NULL)
    return_error (task, error);
  else if (text == NULL)
    g_task_return_new_error (task, VIA_SECRET_ERROR, VIA_SECRET_ERROR_INVALID,
                             "What the keyring holds under this name is no text. Set it anew.");
  else
    g_task_return_pointer (task, g_strdup (text), g_free);
  g_clear_pointer (&value, secret_value_unref);
}

static void
searched_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  GList *items = secret_password_search_finish (result, &error);

  if (error != NULL)
    return_error (task, error);
  else if (items == NULL)
    g_task_return_pointer (task, NULL, NULL);
  /* A locked item is found without a value: NULL alone would read as "not there". */
  else if (SECRET_IS_ITEM (items->data) && secret_item_get_locked (items->data))
    {
      g_autoptr(GError) locked = g_error_new_literal (SECRET_ERROR, SECRET_ERROR_IS_LOCKED, "");

      return_error (task, locked);
    }
  else
    secret_retrievable_retrieve_secret (items->data, get_cancellable (task), retrieved_cb, g_object_ref (task));
  g_list_free_full (items, g_object_unref);
}

void
via_keyring_lookup_async (const char          *name,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  GTask *task = begin_call (cancellable, callback, user_data, via_keyring_lookup_async);

  secret_password_search (&schema, SECRET_SEARCH_UNLOCK, get_cancellable (task), searched_cb, task, "name", name, NULL);
}

char *
via_keyring_lookup_finish (GAsyncResult *result,
                           GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- writing --- */

static void
stored_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  if (secret_password_store_finish (result, &error))
    g_task_return_boolean (task, TRUE);
  else
    return_error (task, error);
}

void
via_keyring_store_async (const char          *name,
                         const char          *value,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  GTask *task = begin_call (cancellable, callback, user_data, via_keyring_store_async);
  g_autofree char *label = g_strdup_printf ("Viaduct: %s", name);

  secret_password_store (&schema, SECRET_COLLECTION_DEFAULT, label, value, get_cancellable (task), stored_cb, task,
                         "name", name, NULL);
}

gboolean
via_keyring_store_finish (GAsyncResult *result,
                          GError      **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
cleared_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  /* FALSE without an error: there was nothing to clear. */
  secret_password_clear_finish (result, &error);
  if (error == NULL)
    g_task_return_boolean (task, TRUE);
  else
    return_error (task, error);
}

void
via_keyring_clear_async (const char          *name,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  GTask *task = begin_call (cancellable, callback, user_data, via_keyring_clear_async);

  secret_password_clear (&schema, get_cancellable (task), cleared_cb, task, "name", name, NULL);
}

gboolean
via_keyring_clear_finish (GAsyncResult *result,
                          GError      **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
