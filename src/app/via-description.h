/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * What a server wrote about a tool or a field, as Pango markup: emphasis, code, links, headings and list marks of
 * Markdown are shown as such. Its lines stay lines, because most descriptions are plain text with breaks that mean
 * something; a line that is no plain Markdown line stays the text it is. (transfer full)
 */
char *via_description_to_markup (const char *text);

G_END_DECLS
