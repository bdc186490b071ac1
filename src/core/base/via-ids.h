/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A new UUID of version 7 (RFC 9562, section 5.7), so that ids sort by the time they were made. (transfer full) */
char *via_id_new           (void);
/* The UUID of @wall_time (microseconds since 1970) and 74 bits of @random; for tests. (transfer full) */
char *via_id_new_at        (gint64        wall_time,
                            const guint32 random[3]);
/* TRUE for 36 characters that have the shape of a UUID; what comes from outside is looked at before it names a file. */
gboolean via_id_is_valid   (const char   *text);

/* "YYYY-MM-DDThh:mm:ssZ". (transfer full) */
char *via_timestamp_now    (void);
/* The same of microseconds since 1970; times outside of the years 1 to 9999 are moved to their edge. */
char *via_timestamp_format (gint64        wall_time);

G_END_DECLS
