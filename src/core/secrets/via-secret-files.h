/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "secrets/via-secret-store.h"

G_BEGIN_DECLS

/*
 * Tokens in files, private to secrets/: .env in the working directory and in @directory (nullable), then
 * $CREDENTIALS_DIRECTORY/NAME and /run/secrets/NAME. Reading blocks, so it happens on a worker thread.
 */
void       via_secret_files_lookup_async  (const char           *directory,
                                           const char           *name,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
/* (transfer full), NULL without an error when there is none. */
ViaSecret *via_secret_files_lookup_finish (GAsyncResult         *result,
                                           GError              **error);
/* The value of @name in the text of a .env file: KEY=VALUE lines, `export` before, quotes around, # comments.
 * (transfer full) or NULL. For tests too. */
char      *via_secret_files_parse_dotenv  (const char           *text,
                                           const char           *name);

G_END_DECLS
