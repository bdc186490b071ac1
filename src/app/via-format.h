/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bridge/via-bridge.h"

G_BEGIN_DECLS

/* Words for times and states, in one place so that rows, header and toasts agree. All (transfer full). */
char       *via_format_latency       (gint64     microseconds); /* "12 ms", "<1 ms", "1.2 s" */
/* "stdio · 12 ms", "HTTP · off", "REST · the server refused the token" */
char       *via_format_bridge_line   (ViaBridge *bridge);
/* "Connected · 2025-11-25 · 12 ms" */
char       *via_format_bridge_status (ViaBridge *bridge);
/* "Connected in 12 ms · 19 tools" */
char       *via_format_test_result   (gint64     microseconds,
                                      guint      n_tools);
/* What a heading says of a failure: "The Server Refused the Token" … (transfer none) */
const char *via_format_side_title    (ViaSide    side);
/* What to do next, one sentence, or NULL. (transfer none) */
const char *via_format_side_remedy   (ViaSide    side,
                                      gboolean   is_command);

G_END_DECLS
