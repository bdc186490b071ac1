/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-app"

#include "config.h"

#include <string.h>

#include "via-big-text.h"
#include "via-chunk-box.h"
#include "via-content-view.h"
#include "via-markdown.h"
#include "via-markdown-view.h"
#include "via-text-format.h"

#define BLOCKS_STEP 300
#define INDENT 16
#define CODE_HEIGHT_MAX 300
/* What a text view still lays out in a blink. */
#define CODE_BYTES_MAX (32 * 1024)
#define CODE_LINE_BYTES_MAX 2048

static gboolean
activate_link_cb (GtkLabel   *label,
                  const char *uri)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (label));

  if (via_markdown_may_open (uri) && GTK_IS_WINDOW (root))
    gtk_show_uri (GTK_WINDOW (root), uri, GDK_CURRENT_TIME);
  return TRUE; /* GTK would open any scheme */
}

static GtkWidget *
create_label (const char *markup)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_markup (GTK_LABEL (label), markup);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_set_hexpand (label, TRUE);
  g_signal_connect (label, "activate-link", G_CALLBACK (activate_link_cb), NULL);
  return label;
}

static GtkWidget *
create_heading (const ViaMarkdownBlock *block)
{
  GtkWidget *label = create_label (block->markup);
  static const char *const classes[] = { "title-4", "heading", "heading", "heading", "heading", "heading" };

  gtk_widget_add_css_class (label, classes[CLAMP (block->level, 1, 6) - 1]);
  return label;
}

static GtkWidget *
create_code (const ViaMarkdownBlock *block)
{
  gsize length = strlen (block->code);

  if (length > CODE_BYTES_MAX || via_text_format_longest_line (block->code, length) > CODE_LINE_BYTES_MAX)
    {
      g_autoptr(GBytes) bytes = g_bytes_new (block->code, length);

      return via_big_text_new (bytes);
    }
  if (length > 0 && block->code[length - 1] == '\n')
    length--;
  return via_content_view_code (block->code, length, g_strcmp0 (block->language, "json") == 0, CODE_HEIGHT_MAX);
}

static GtkWidget *
create_content (const ViaMarkdownBlock *block)
{
  switch (block->kind)
    {
    case VIA_MARKDOWN_HEADING:
      return create_heading (block);
    case VIA_MARKDOWN_CODE:
      return create_code (block);
    case VIA_MARKDOWN_RULE:
      return gtk_separator_new (GTK_ORIENTATION_HORIZONTAL);
    case VIA_MARKDOWN_PARAGRAPH:
    default:
      return create_label (block->markup);
    }
}

static GtkWidget *
create_marker (const char *marker)
{
  GtkWidget *label = gtk_label_new (marker);

  gtk_widget_set_valign (label, GTK_ALIGN_START);
  gtk_widget_add_css_class (label, "numeric");
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_size_request (label, INDENT - 6, -1);
  return label;
}

/* Space that tells blocks apart: more before a heading, little between the items of a list. */
static int
space_before (GPtrArray *blocks,
              guint      index)
{
  const ViaMarkdownBlock *block = g_ptr_array_index (blocks, index);
  const ViaMarkdownBlock *before = index > 0 ? g_ptr_array_index (blocks, index - 1) : NULL;

  if (before == NULL)
    return 0;
  if (block->kind == VIA_MARKDOWN_HEADING)
    return block->level <= 2 ? 15 : 12;
  if (block->tight && before->indent > 0)
    return 3;
  return before->kind == VIA_MARKDOWN_HEADING ? 6 : 9;
}

static GtkWidget *
create_block (guint    index,
              gpointer user_data)
{
  GPtrArray *blocks = user_data;
  const ViaMarkdownBlock *block = g_ptr_array_index (blocks, index);
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *content = create_content (block);
  int indent = (int) block->indent - (block->marker != NULL ? 1 : 0);

  gtk_widget_set_margin_top (row, space_before (blocks, index));
  for (guint i = 0; i < block->quotes; i++)
    {
      GtkWidget *bar = gtk_separator_new (GTK_ORIENTATION_VERTICAL);

      gtk_widget_add_css_class (bar, "quote");
      gtk_box_append (GTK_BOX (row), bar);
    }
  if (block->quotes > 0)
    gtk_widget_add_css_class (content, "dim-label");
  if (block->marker != NULL)
    gtk_box_append (GTK_BOX (row), create_marker (block->marker));
  gtk_widget_set_margin_start (row, MAX (indent, 0) * INDENT);
  gtk_widget_set_hexpand (content, TRUE);
  gtk_box_append (GTK_BOX (row), content);
  return row;
}

GtkWidget *
via_markdown_view_new (const char *text)
{
  GPtrArray *blocks = via_markdown_parse (text);

  return via_chunk_box_new (blocks->len, BLOCKS_STEP, 0, create_block, blocks, (GDestroyNotify) g_ptr_array_unref);
}
