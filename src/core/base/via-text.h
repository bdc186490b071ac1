/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * A peer's text made fit to be shown to a person: terminal escapes (CSI, OSC and their kin), control characters except
 * line ends and tabs, and characters that turn the direction of the text or hide in it are left out, invalid UTF-8
 * becomes U+FFFD, and what is longer than @max_bytes is cut between two characters and ends with "…". The result has at
 * most @max_bytes bytes. NULL reads as "". (transfer full)
 */
char *via_text_clip            (const char *text,
                                gsize       max_bytes);
/* The same of @length bytes that need not end with NUL. */
char *via_text_clip_len        (const char *text,
                                gsize       length,
                                gsize       max_bytes);
/* The same on one line: any run of white space is one space, none at the ends. For sentences that quote a peer. */
char *via_text_clip_line       (const char *text,
                                gsize       max_bytes);

/* "812 B", "1.1 kB", "10.5 MB": thousands, not 1024s. (transfer full) */
char *via_text_format_size     (guint64     bytes);
/* "0.4 ms", "14 ms", "4.02 s", "2 min 05 s", "1 h 02 min"; negative reads as 0. (transfer full) */
char *via_text_format_duration (gint64      microseconds);

/* Overwrites memory in a way that the compiler does not leave out. */
void  via_text_wipe            (gpointer    memory,
                                gsize       length);

G_END_DECLS
