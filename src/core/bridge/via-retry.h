/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "config/via-bridge-config.h"

G_BEGIN_DECLS

/*
 * What may be repeated, and when. Nothing here waits or sends: it only judges, so that it can be tested row by row.
 */

typedef enum
{
  VIA_FATE_FINAL,   /* an answer, or something that repeating does not change */
  VIA_FATE_NOT_RUN, /* it certainly has not run */
  VIA_FATE_UNKNOWN, /* it may have run */
} ViaFate;

/* What became of a request that failed with @error. */
ViaFate  via_retry_get_fate (const GError  *error);
/* @safe: running twice does no harm (a list, or a tool that says so). */
gboolean via_retry_may      (const GError  *error,
                             gboolean       safe,
                             ViaRetryCalls  policy);

/*
 * A budget keeps many failing calls from becoming several times as many: each retry costs, each success pays a little
 * back, and time pays back a token a second so that a single person never runs dry for long.
 */
typedef struct
{
  double tokens;
  gint64 filled; /* monotonic microseconds */
} ViaRetryBudget;

void     via_retry_budget_init    (ViaRetryBudget *self,
                                   gint64          now);
/* FALSE: there is nothing left for a retry after @error. */
gboolean via_retry_budget_take    (ViaRetryBudget *self,
                                   const GError   *error,
                                   gint64          now);
void     via_retry_budget_success (ViaRetryBudget *self);

/* Milliseconds to wait before retry @n (from 0), @random in 0…1; -1 when the server asks for longer than is obeyed. */
gint64   via_retry_get_wait       (ViaBridgeConfig *config,
                                   guint            n,
                                   double           random,
                                   const GError    *error);

G_END_DECLS
