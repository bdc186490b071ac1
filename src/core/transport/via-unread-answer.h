/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * @text is no message that can be read. Is it meant as an answer all the same, and to which request? Servers write the id
 * before the result or after it, so at one of the two ends. A guess: it is good enough to fail a call with the true
 * reason instead of letting it wait, and who lies in it hurts only itself. Private to transport/.
 */
gboolean via_unread_answer_find_id (GBytes *text,
                                    gint64 *id);

G_END_DECLS
