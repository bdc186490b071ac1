/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A peer's words, fit to stand inside a sentence: valid UTF-8 on one line, control characters and runs of white space
 * as one space, at most @max_bytes with an ellipsis when cut. @length -1: NUL ended. (transfer full), never NULL. */
char *via_rpc_clip_text (const char *text,
                         gssize      length,
                         gsize       max_bytes);

G_END_DECLS
