/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/via-redactor.h"
#include "bridge/via-operation.h"
#include "config/via-bridge-config.h"

G_BEGIN_DECLS

/*
 * The @error of any layer below as a sentence with a next step, same domain and code, what it carries kept. Text of a
 * peer in it is quoted and clipped, secrets are out of it. @redactor (nullable), @side (out, optional). (transfer full)
 */
GError *via_failure_describe     (const GError        *error,
                                  ViaBridgeConfig     *config,
                                  ViaRedactor         *redactor,
                                  guint                timeout_s,
                                  ViaSide             *side);
/* The same for a call that may have run and is not repeated: says that its outcome is unknown. (transfer full) */
GError *via_failure_unknown      (GError              *described); /* (transfer full) */
/* isError: what the tool said, and whether it was about the arguments. (transfer full) */
GError *via_failure_from_result  (const ViaToolResult *result,
                                  ViaRedactor         *redactor,
                                  ViaSide             *side);
/*
 * A peer's text fit for a person: without secrets, then clipped to @max_bytes. Redacted before it is cut, because half a
 * secret is not recognized; only of an enormous text the end is given up first. (transfer full)
 */
char   *via_failure_clean_text   (ViaRedactor         *redactor,
                                  const char          *text,
                                  gsize                max_bytes);

G_END_DECLS
