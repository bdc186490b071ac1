/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * Private to secrets/: the keyring of the platform. Nothing is touched before the first call. Fails with VIA_SECRET_ERROR
 * LOCKED, UNAVAILABLE or TIMEOUT (a service that is silent for @timeout_ms), or with G_IO_ERROR_CANCELLED. From the main
 * thread only.
 */
void      via_keyring_lookup_async  (const char           *name,
                                     guint                 timeout_ms,
                                     GCancellable         *cancellable,
                                     GAsyncReadyCallback   callback,
                                     gpointer              user_data);
/* (transfer full), to be wiped. NULL without error: the keyring was asked and has none. */
char     *via_keyring_lookup_finish (GAsyncResult         *result,
                                     GError              **error);
void      via_keyring_store_async   (const char           *name,
                                     const char           *value,
                                     guint                 timeout_ms,
                                     GCancellable         *cancellable,
                                     GAsyncReadyCallback   callback,
                                     gpointer              user_data);
gboolean  via_keyring_store_finish  (GAsyncResult         *result,
                                     GError              **error);
/* Not being there is no error. */
void      via_keyring_clear_async   (const char           *name,
                                     guint                 timeout_ms,
                                     GCancellable         *cancellable,
                                     GAsyncReadyCallback   callback,
                                     gpointer              user_data);
gboolean  via_keyring_clear_finish  (GAsyncResult         *result,
                                     GError              **error);

G_END_DECLS
