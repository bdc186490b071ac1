/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The figures of this process, as /proc has them; 0 where there is no such thing. */
gsize bench_get_resident_bytes (void);
/* Prints {"name": …, "calls": …, "seconds": …, "per_second": …, "resident_bytes": …} on one line. */
void  bench_print              (const char *name,
                                guint       calls,
                                gint64      microseconds);

G_END_DECLS
