/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/*
 * ViaRedactor knows the secrets of this process and takes them out of whatever is logged, stored or shown. A secret is
 * found as it is, with any of its characters percent-encoded or JSON-escaped, and as part of a Base64 text. What stands
 * behind the usual names of credentials (Authorization:, Bearer, X-API-Key:, access_token=, "password": …) is taken
 * out even when nobody made it known. It is a net, not a licence to print: text that was cut in the middle of a secret
 * keeps its half, so redact first and cut later.
 *
 * Reference counted; may be used from any thread. The secrets are wiped when the last reference goes.
 */
typedef struct _ViaRedactor ViaRedactor;

#define VIA_TYPE_REDACTOR (via_redactor_get_type ())
#define VIA_REDACTOR_MASK "\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2"

GType        via_redactor_get_type (void);
ViaRedactor *via_redactor_new      (void);
ViaRedactor *via_redactor_ref      (ViaRedactor *self);
void         via_redactor_unref    (ViaRedactor *self);

/*
 * A value of under 4 bytes is ignored: it would be found everywhere, and what it hides is guessed anyway. A known value
 * is not kept twice; of more than VIA_LIMIT_REDACTED_SECRETS the oldest is forgotten. NULL is ignored.
 */
void         via_redactor_add      (ViaRedactor *self,
                                    const char  *secret);
/* NULL reads as NULL. (transfer full) */
char        *via_redactor_redact   (ViaRedactor *self,
                                    const char  *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ViaRedactor, via_redactor_unref)

G_END_DECLS
