/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Longer text is shown as text: rendering it would take longer than reading its first page. */
#define VIA_TEXT_MARKDOWN_BYTES_MAX (128 * 1024)

/* Two signs that somebody wrote Markdown, or one that nothing else has (a fenced block). Linear in the text. */
gboolean via_text_format_looks_like_markdown (const char *text);
/* The first byte of text worth parsing as JSON: an object or an array. */
gboolean via_text_format_looks_like_json     (const char *text);
/* Bytes of the longest line, which decides whether a text view can hold it. */
gsize    via_text_format_longest_line        (const char *text,
                                              gsize       length);

G_END_DECLS
