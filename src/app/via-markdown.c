/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-app"

#include "config.h"

#include <string.h>

#include <cmark.h>

#include "via-markdown.h"

#define NESTING_MAX 16        /* indents shown; deeper lists and quotes stay at this one */
#define INLINE_NESTING_MAX 16 /* emphasis in emphasis */
#define URI_BYTES_MAX 2048

void
via_markdown_block_free (ViaMarkdownBlock *block)
{
  g_free (block->marker);
  g_free (block->markup);
  g_free (block->code);
  g_free (block->language);
  g_free (block);
}

gboolean
via_markdown_may_open (const char *uri)
{
  g_autoptr(GUri) parsed = NULL;
  const char *scheme;

  if (uri == NULL || strlen (uri) > URI_BYTES_MAX)
    return FALSE;
  parsed = g_uri_parse (uri, G_URI_FLAGS_PARSE_RELAXED | G_URI_FLAGS_NON_DNS, NULL);
  if (parsed == NULL || g_uri_get_host (parsed) == NULL || *g_uri_get_host (parsed) == '\0')
    return FALSE;
  scheme = g_uri_get_scheme (parsed);
  return g_str_equal (scheme, "http") || g_str_equal (scheme, "https");
}

typedef struct
{
  GString *markup;
  guint    depth;   /* open emphases, those not written included */
  guint    links;   /* open links, those not written included */
  gboolean linked;  /* an <a> is open */
} Inline;

static void
add_text (Inline     *self,
          const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text != NULL ? text : "", -1);

  g_string_append (self->markup, escaped);
}

static void
add_emphasis (Inline     *self,
              gboolean    entering,
              const char *tag)
{
  if (!entering)
    self->depth--;
  if (self->depth < INLINE_NESTING_MAX)
    g_string_append_printf (self->markup, entering ? "<%s>" : "</%s>", tag);
  if (entering)
    self->depth++;
}

/* A label's tooltip is markup too, so the target is escaped once more for it. */
static void
begin_link (Inline     *self,
            const char *uri)
{
  g_autofree char *once = NULL;
  g_autofree char *twice = NULL;

  if (self->links++ > 0 || !via_markdown_may_open (uri))
    return;
  once = g_markup_escape_text (uri, -1);
  twice = g_markup_escape_text (once, -1);
  g_string_append_printf (self->markup, "<a href=\"%s\" title=\"%s\">", once, twice);
  self->linked = TRUE;
}

/* Where a link leads that is not opened is said, not hidden. */
static void
end_link (Inline     *self,
          const char *uri)
{
  if (--self->links > 0)
    return;
  if (self->linked)
    g_string_append (self->markup, "</a>");
  else if (uri != NULL && *uri != '\0')
    {
      add_text (self, " (");
      add_text (self, uri);
      add_text (self, ")");
    }
  self->linked = FALSE;
}

static void
add_link (Inline     *self,
          gboolean    entering,
          cmark_node *node)
{
  if (entering)
    begin_link (self, cmark_node_get_url (node));
  else
    end_link (self, cmark_node_get_url (node));
}

static void
add_inline (Inline     *self,
            gboolean    entering,
            cmark_node *node)
{
  switch (cmark_node_get_type (node))
    {
    case CMARK_NODE_TEXT:
    case CMARK_NODE_HTML_INLINE:
    case CMARK_NODE_CUSTOM_INLINE:
      add_text (self, cmark_node_get_literal (node));
      break;
    case CMARK_NODE_SOFTBREAK:
    case CMARK_NODE_LINEBREAK:
      /* Tools write lines and mean lines. */
      g_string_append_c (self->markup, '\n');
      break;
    case CMARK_NODE_CODE:
      g_string_append (self->markup, "<tt>");
      add_text (self, cmark_node_get_literal (node));
      g_string_append (self->markup, "</tt>");
      break;
    case CMARK_NODE_EMPH:
      add_emphasis (self, entering, "i");
      break;
    case CMARK_NODE_STRONG:
      add_emphasis (self, entering, "b");
      break;
    case CMARK_NODE_LINK:
    case CMARK_NODE_IMAGE:
      add_link (self, entering, node);
      break;
    default:
      break;
    }
}

static char *
render_inline (cmark_node *block)
{
  cmark_iter *iter = cmark_iter_new (block);
  Inline self = { g_string_new (NULL) };
  cmark_event_type event;

  while ((event = cmark_iter_next (iter)) != CMARK_EVENT_DONE)
    {
      cmark_node *node = cmark_iter_get_node (iter);

      if (node != block)
        add_inline (&self, event == CMARK_EVENT_ENTER, node);
    }
  cmark_iter_free (iter);
  return g_string_free (self.markup, FALSE);
}

typedef struct
{
  GPtrArray *blocks;
  guint      lists;
  guint      quotes;
  gboolean   tight;
  char      *marker; /* waits for the first block of its item */
} Page;

static ViaMarkdownBlock *
add_block (Page            *page,
           ViaMarkdownKind  kind)
{
  ViaMarkdownBlock *block = g_new0 (ViaMarkdownBlock, 1);

  block->kind = kind;
  block->indent = MIN (page->lists, NESTING_MAX);
  block->quotes = MIN (page->quotes, NESTING_MAX);
  block->marker = g_steal_pointer (&page->marker);
  block->tight = page->lists > 0 && page->tight;
  g_ptr_array_add (page->blocks, block);
  return block;
}

static void
begin_item (Page       *page,
            cmark_node *item)
{
  cmark_node *list = cmark_node_parent (item);
  int number;

  page->tight = cmark_node_get_list_tight (list);
  g_free (page->marker);
  if (cmark_node_get_list_type (list) != CMARK_ORDERED_LIST)
    {
      page->marker = g_strdup ("•");
      return;
    }
  /* The list remembers how many items it had: looking back each time would be quadratic. */
  number = GPOINTER_TO_INT (cmark_node_get_user_data (list));
  cmark_node_set_user_data (list, GINT_TO_POINTER (number + 1));
  number += cmark_node_get_list_start (list);
  page->marker = g_strdup_printf ("%d.", number);
}

static void
add_leaf (Page       *page,
          cmark_node *node)
{
  ViaMarkdownBlock *block;

  switch (cmark_node_get_type (node))
    {
    case CMARK_NODE_HEADING:
      block = add_block (page, VIA_MARKDOWN_HEADING);
      block->level = (guint) cmark_node_get_heading_level (node);
      block->markup = render_inline (node);
      break;
    case CMARK_NODE_PARAGRAPH:
      block = add_block (page, VIA_MARKDOWN_PARAGRAPH);
      block->markup = render_inline (node);
      break;
    case CMARK_NODE_CODE_BLOCK:
      block = add_block (page, VIA_MARKDOWN_CODE);
      block->code = g_strdup (cmark_node_get_literal (node));
      block->language = g_strdup (cmark_node_get_fence_info (node));
      break;
    case CMARK_NODE_HTML_BLOCK:
    case CMARK_NODE_CUSTOM_BLOCK:
      block = add_block (page, VIA_MARKDOWN_PARAGRAPH);
      block->markup = g_markup_escape_text (cmark_node_get_literal (node), -1);
      g_strchomp (block->markup);
      break;
    case CMARK_NODE_THEMATIC_BREAK:
      add_block (page, VIA_MARKDOWN_RULE);
      break;
    default:
      break;
    }
}

static void
visit (Page       *page,
       gboolean    entering,
       cmark_node *node)
{
  switch (cmark_node_get_type (node))
    {
    case CMARK_NODE_LIST:
      page->lists += entering ? 1 : -1;
      break;
    case CMARK_NODE_BLOCK_QUOTE:
      page->quotes += entering ? 1 : -1;
      break;
    case CMARK_NODE_ITEM:
      if (entering)
        begin_item (page, node);
      else if (page->marker != NULL) /* an item without content */
        add_block (page, VIA_MARKDOWN_PARAGRAPH)->markup = g_strdup ("");
      break;
    default:
      if (entering)
        add_leaf (page, node);
      break;
    }
}

GPtrArray *
via_markdown_parse (const char *text)
{
  Page page = { g_ptr_array_new_with_free_func ((GDestroyNotify) via_markdown_block_free) };
  cmark_node *document = cmark_parse_document (text, strlen (text), CMARK_OPT_DEFAULT | CMARK_OPT_VALIDATE_UTF8);
  cmark_iter *iter = cmark_iter_new (document);
  cmark_event_type event;

  while ((event = cmark_iter_next (iter)) != CMARK_EVENT_DONE)
    visit (&page, event == CMARK_EVENT_ENTER, cmark_iter_get_node (iter));
  cmark_iter_free (iter);
  cmark_node_free (document);
  g_free (page.marker);
  return page.blocks;
}
