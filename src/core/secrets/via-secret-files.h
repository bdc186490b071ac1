/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "secrets/via-secret-store.h"

G_BEGIN_DECLS

/*
 * Private to secrets/: looks for @name in .env of the working folder and of @directory, then as a file of that name in
 * $CREDENTIALS_DIRECTORY and /run/secrets, on a worker thread. NULL without error: not there.
 */
void       via_secret_files_lookup_async  (const char           *name,
                                           const char           *directory,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
ViaSecret *via_secret_files_lookup_finish (GAsyncResult         *result,
                                           GError              **error);

G_END_DECLS
