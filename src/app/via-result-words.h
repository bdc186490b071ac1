/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bridge/via-operation.h"

G_BEGIN_DECLS

/* What is said in words about an operation. All (transfer full), translated, without markup. */

/* "14 ms", "4.02 s", "2 min 05 s". @running: whole seconds, because it ticks. */
char *via_result_words_duration (gint64        microseconds,
                                 gboolean      running);
/* "everything · 12:01:22 · 4.02 s · 1 attempt · 1.1 kB": breaks between its parts, never inside one. */
char *via_result_words_meta     (ViaOperation *operation);
/* "Succeeded", "Running", … */
char *via_result_words_state    (ViaOperation *operation);
/* "Echo, succeeded, 14 ms": what a screen reader says of the card. */
char *via_result_words_summary  (ViaOperation *operation);
/* One sentence that names the side that failed; NULL when nothing failed. */
char *via_result_words_failure  (ViaOperation *operation);

G_END_DECLS
