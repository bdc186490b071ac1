/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "secrets/via-keyring.h"
#include "secrets/via-secret-private.h"

/* For systems whose keyring is not known yet: there is none, and the store keeps values in memory. */

static void
refuse (GCancellable        *cancellable,
        GAsyncReadyCallback  callback,
        gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, refuse);
  g_task_return_new_error (task, VIA_SECRET_ERROR, VIA_SECRET_ERROR_UNAVAILABLE, _("There is no keyring on this system."));
}

void
via_keyring_lookup_async (const char          *name,
                          guint                timeout_ms,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  refuse (cancellable, callback, user_data);
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
  refuse (cancellable, callback, user_data);
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
  refuse (cancellable, callback, user_data);
}

gboolean
via_keyring_clear_finish (GAsyncResult  *result,
                          GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
