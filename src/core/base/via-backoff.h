/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How long to wait before trying again. Pure: time and chance are arguments. */

/* Milliseconds before retry @n: min (@factor^@n seconds + @random seconds, @max_ms). @random in 0…1 is clamped to it. */
gint64 via_backoff_get_delay         (double      factor,
                                      guint       n,
                                      guint       max_ms,
                                      double      random);

/*
 * Milliseconds that a Retry-After header asks for (RFC 9110, section 10.2.3: seconds or an HTTP date of any of the three
 * forms), seen at @wall_time (microseconds since 1970). A date that has passed is 0, anything longer than a year is a
 * year, and what is not a Retry-After value (negative, garbage, NULL) is -1. It is not yet said that it is obeyed.
 */
gint64 via_backoff_parse_retry_after (const char *text,
                                      gint64      wall_time);

/* FALSE: so long that the caller is told instead of kept waiting (VIA_LIMIT_RETRY_AFTER_MS). */
gboolean via_backoff_is_obeyed       (gint64      retry_after_ms);

G_END_DECLS
