/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/*
 * ViaClock is where a type gets its time from, so that tests can hand it a time of their own. Deadlines, retries and
 * freshness use via_clock_now (), which never jumps; what a person reads uses via_clock_get_wall ().
 *
 * The real clock may be used from any thread. A fake one stands still until via_clock_advance (), and belongs to one thread.
 */
#define VIA_TYPE_CLOCK (via_clock_get_type ())
G_DECLARE_FINAL_TYPE (ViaClock, via_clock, VIA, CLOCK, GObject)

ViaClock *via_clock_new         (void);
/* For tests. Both in microseconds. */
ViaClock *via_clock_new_fake    (gint64          now,
                                 gint64          wall);
/* Monotonic microseconds. */
gint64    via_clock_now         (ViaClock       *self);
/* Microseconds since 1970. */
gint64    via_clock_get_wall    (ViaClock       *self);
/*
 * Calls @callback once after @delay microseconds, in the thread-default main context of the caller. Returns an id for
 * via_clock_cancel (), never 0. @destroy (nullable) frees @user_data after the call or the cancellation. What waits
 * keeps a real clock alive.
 */
guint     via_clock_call_after  (ViaClock       *self,
                                 gint64          delay,
                                 GSourceOnceFunc callback,
                                 gpointer        user_data,
                                 GDestroyNotify  destroy);
/* An id that was called already, or 0, does nothing. */
void      via_clock_cancel      (ViaClock       *self,
                                 guint           id);
/*
 * Only for a fake one: moves both times and makes, in their order, the calls that fall due, also those that such calls
 * ask for. Each sees the time at which it was due.
 */
void      via_clock_advance     (ViaClock       *self,
                                 gint64          microseconds);
guint     via_clock_get_n_calls (ViaClock       *self);

G_END_DECLS
