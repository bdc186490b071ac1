/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "secrets/via-secret-store.h"

G_BEGIN_DECLS

/* Private to secrets/. */

/* @value is taken. */
ViaSecret *via_secret_new_take                    (char            *value,
                                                   ViaSecretPlace   place);
/* Overwrites and frees. NULL is ignored. */
void       via_secret_wipe                        (char            *value);
/* Letters, digits, “_”, “-” and “.”, so that it can be an environment variable, an attribute and a file's name. */
gboolean   via_secret_check_name                  (const char      *name,
                                                   GError         **error);
/* The value itself never gets into @error. */
gboolean   via_secret_check_value                 (const char      *name,
                                                   const char      *value,
                                                   GError         **error);
/* For tests: how long a keyring may be silent. */
void       via_secret_store_set_keyring_timeout   (ViaSecretStore  *self,
                                                   guint            timeout_ms);

G_END_DECLS
