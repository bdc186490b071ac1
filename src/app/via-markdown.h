/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  VIA_MARKDOWN_PARAGRAPH,
  VIA_MARKDOWN_HEADING,
  VIA_MARKDOWN_CODE,
  VIA_MARKDOWN_RULE,
} ViaMarkdownKind;

/*
 * CommonMark as a flat list of blocks, the way they stand on a page. What a server writes is data: raw HTML stays the
 * text it is, images are named and never fetched, only http and https become links, and nesting is bounded.
 */
typedef struct
{
  ViaMarkdownKind  kind;
  guint            level;    /* of a heading, 1…6 */
  guint            indent;   /* lists around it */
  guint            quotes;   /* block quotes around it */
  gboolean         tight;    /* close to the block before it */
  char            *marker;   /* nullable; "•" or "3." before the first block of a list item */
  char            *markup;   /* nullable; valid Pango markup with <a> */
  char            *code;     /* nullable; of a code block, as it is */
  char            *language; /* nullable; of a code block */
} ViaMarkdownBlock;

/* Array of ViaMarkdownBlock. (transfer full) */
GPtrArray *via_markdown_parse       (const char       *text);
void       via_markdown_block_free  (ViaMarkdownBlock *block);
/* TRUE for http and https. */
gboolean   via_markdown_may_open    (const char       *uri);

G_END_DECLS
