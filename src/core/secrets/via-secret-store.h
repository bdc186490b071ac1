/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/via-redactor.h"

G_BEGIN_DECLS

/*
 * ViaSecretStore answers "what is the token called NAME" and keeps new ones. Lookup order: environment, keyring, .env
 * in the working directory and beside the configuration, mounted file (/run/secrets/NAME, $CREDENTIALS_DIRECTORY/NAME).
 * Writing goes to the keyring; without a keyring service the value is kept in memory for this process only, and the
 * place says so. Every value that passes is made known to the redactor. Values are wiped when freed.
 */
#define VIA_TYPE_SECRET_STORE (via_secret_store_get_type ())
G_DECLARE_FINAL_TYPE (ViaSecretStore, via_secret_store, VIA, SECRET_STORE, GObject)

#define VIA_SECRET_ERROR (via_secret_error_quark ())
GQuark via_secret_error_quark (void);

typedef enum
{
  VIA_SECRET_ERROR_NOT_FOUND,   /* message names every place that was looked at */
  VIA_SECRET_ERROR_LOCKED,      /* the keyring is locked and nobody unlocked it */
  VIA_SECRET_ERROR_UNAVAILABLE, /* no keyring service */
  VIA_SECRET_ERROR_TIMEOUT,     /* the keyring service does not answer */
  VIA_SECRET_ERROR_INVALID,     /* name or value not acceptable */
} ViaSecretError;

typedef enum
{
  VIA_SECRET_NOWHERE,
  VIA_SECRET_ENVIRONMENT,
  VIA_SECRET_KEYRING,
  VIA_SECRET_DOTENV,
  VIA_SECRET_FILE,
  VIA_SECRET_SESSION, /* memory of this process */
} ViaSecretPlace;

/* A value and where it came from. Wiped on free. */
typedef struct
{
  char           *value;
  ViaSecretPlace  place;
} ViaSecret;

void            via_secret_free                 (ViaSecret            *self);

/* @directory: of the configuration file, for its .env; NULL for none. */
ViaSecretStore *via_secret_store_new            (ViaRedactor          *redactor,
                                                 const char           *directory);
ViaRedactor    *via_secret_store_get_redactor   (ViaSecretStore       *self);
void            via_secret_store_lookup_async   (ViaSecretStore       *self,
                                                 const char           *name,
                                                 GCancellable         *cancellable,
                                                 GAsyncReadyCallback   callback,
                                                 gpointer              user_data);
/* (transfer full), NULL with VIA_SECRET_ERROR_NOT_FOUND when there is none. */
ViaSecret      *via_secret_store_lookup_finish  (ViaSecretStore       *self,
                                                 GAsyncResult         *result,
                                                 GError              **error);
/* @value is copied and may be wiped by the caller at once. */
void            via_secret_store_set_async      (ViaSecretStore       *self,
                                                 const char           *name,
                                                 const char           *value,
                                                 GCancellable         *cancellable,
                                                 GAsyncReadyCallback   callback,
                                                 gpointer              user_data);
/* Where it is kept now: KEYRING, or SESSION when there is no keyring service. NOWHERE with @error when it failed. */
ViaSecretPlace  via_secret_store_set_finish     (ViaSecretStore       *self,
                                                 GAsyncResult         *result,
                                                 GError              **error);
/* Forgets it in keyring and session. Not being there is no error. */
void            via_secret_store_clear_async    (ViaSecretStore       *self,
                                                 const char           *name,
                                                 GCancellable         *cancellable,
                                                 GAsyncReadyCallback   callback,
                                                 gpointer              user_data);
gboolean        via_secret_store_clear_finish   (ViaSecretStore       *self,
                                                 GAsyncResult         *result,
                                                 GError              **error);
/* Where @name would come from now, without its value: NOWHERE is an answer, not an error. */
void            via_secret_store_find_async     (ViaSecretStore       *self,
                                                 const char           *name,
                                                 GCancellable         *cancellable,
                                                 GAsyncReadyCallback   callback,
                                                 gpointer              user_data);
ViaSecretPlace  via_secret_store_find_finish    (ViaSecretStore       *self,
                                                 GAsyncResult         *result,
                                                 GError              **error);
/* Replaces ${env:NAME} and ${secret:NAME} in each of @texts (NULL terminated, may be NULL). (transfer full). An unknown
 * reference is an error that names it. "$${" stands for a literal "${". */
void            via_secret_store_expand_async   (ViaSecretStore       *self,
                                                 const char *const    *texts,
                                                 GCancellable         *cancellable,
                                                 GAsyncReadyCallback   callback,
                                                 gpointer              user_data);
char          **via_secret_store_expand_finish  (ViaSecretStore       *self,
                                                 GAsyncResult         *result,
                                                 GError              **error);
/* "the login keyring", "the environment" …, translatable by the caller's domain. */
const char     *via_secret_place_get_title      (ViaSecretPlace        place);
const char     *via_secret_place_get_name       (ViaSecretPlace        place); /* for JSON: "keyring" … */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ViaSecret, via_secret_free)

G_END_DECLS
