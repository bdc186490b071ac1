/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "secrets/via-secret-store.h"
#include "transport/via-http-session.h"

G_BEGIN_DECLS

/*
 * ViaTokenAuthorizer puts a token from the secret store on each request: Authorization: Bearer, X-API-Key, or
 * Authorization: Basic of base64(token), as auth_type says, and expands extra headers that are references. The
 * token is looked up just before each request, so that a replaced token counts at once.
 */
typedef enum
{
  VIA_TOKEN_NONE,
  VIA_TOKEN_BEARER,
  VIA_TOKEN_API_KEY,
  VIA_TOKEN_BASIC,
} ViaTokenScheme;

#define VIA_TYPE_TOKEN_AUTHORIZER (via_token_authorizer_get_type ())
G_DECLARE_FINAL_TYPE (ViaTokenAuthorizer, via_token_authorizer, VIA, TOKEN_AUTHORIZER, GObject)

/* @name (nullable): without a token name nothing is added. A name that is found nowhere is an error that says how to set it.
 * @headers (nullable): name, value, …, NULL; values may hold ${…} references. */
ViaHttpAuthorizer *via_token_authorizer_new (ViaSecretStore    *store,
                                             ViaTokenScheme     scheme,
                                             const char        *name,
                                             const char *const *headers);

G_END_DECLS
