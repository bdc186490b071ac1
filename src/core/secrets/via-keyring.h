/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * The keyring of the desktop, private to secrets/. Nothing talks to the bus before the first call. Every call is bounded
 * by VIA_LIMIT_KEYRING_MS, because a hung service never answers. Errors are VIA_SECRET_ERROR: LOCKED, UNAVAILABLE, TIMEOUT.
 */

void     via_keyring_lookup_async  (const char           *name,
                                    GCancellable         *cancellable,
                                    GAsyncReadyCallback   callback,
                                    gpointer              user_data);
/* (transfer full), to be wiped; NULL without an error when there is none of that name. */
char    *via_keyring_lookup_finish (GAsyncResult         *result,
                                    GError              **error);
void     via_keyring_store_async   (const char           *name,
                                    const char           *value,
                                    GCancellable         *cancellable,
                                    GAsyncReadyCallback   callback,
                                    gpointer              user_data);
gboolean via_keyring_store_finish  (GAsyncResult         *result,
                                    GError              **error);
void     via_keyring_clear_async   (const char           *name,
                                    GCancellable         *cancellable,
                                    GAsyncReadyCallback   callback,
                                    gpointer              user_data);
gboolean via_keyring_clear_finish  (GAsyncResult         *result,
                                    GError              **error);

G_END_DECLS
