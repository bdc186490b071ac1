/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-app"

#include "config.h"

#include <glib/gi18n.h>

#include "via-audio-row.h"
#include "via-big-text.h"
#include "via-code-view.h"
#include "via-content-row.h"
#include "via-content-view.h"
#include "via-dialogs.h"
#include "via-image-view.h"
#include "via-markdown-view.h"
#include "via-result-table.h"
#include "via-text-format.h"

/* What each widget lays out in a few milliseconds, in bytes. Above it, ViaBigText shows only what can be seen. */
#define LABEL_BYTES_MAX (8 * 1024)
#define LABEL_LINES_MAX 60
#define VIEW_BYTES_MAX (24 * 1024)
#define CODE_BYTES_MAX (32 * 1024)
#define LINE_BYTES_MAX 4096
#define CODE_HEIGHT_MAX 360
#define CODE_MARGINS 20

static guint
count_lines (const char *text,
             gsize       length)
{
  guint n = 1;

  for (gsize i = 0; i < length; i++)
    n += text[i] == '\n';
  return n;
}

static GtkWidget *
create_label (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  return label;
}

/* What the text needs, up to a limit: a page that scrolls gives its children no more than they insist on. */
static int
guess_height (GtkWidget  *view,
              const char *text,
              gsize       length,
              int         max_height)
{
  PangoFontMetrics *metrics = pango_context_get_metrics (gtk_widget_get_pango_context (view), NULL, NULL);
  int line = PANGO_PIXELS_CEIL (pango_font_metrics_get_height (metrics));
  guint n = count_lines (text, MIN (length, LABEL_BYTES_MAX));

  pango_font_metrics_unref (metrics);
  return MIN (max_height, (int) n * line + CODE_MARGINS);
}

GtkWidget *
via_content_view_code (const char *text,
                       gsize       length,
                       gboolean    json,
                       int         max_height)
{
  GtkWidget *view = via_code_view_new ();

  via_code_view_set_language_json (VIA_CODE_VIEW (view), json);
  via_code_view_set_heights (VIA_CODE_VIEW (view),
                             guess_height (via_code_view_get_text_view (VIA_CODE_VIEW (view)), text, length, max_height),
                             max_height);
  via_code_view_set_text (VIA_CODE_VIEW (view), text, (gssize) length);
  gtk_accessible_update_property (GTK_ACCESSIBLE (via_code_view_get_text_view (VIA_CODE_VIEW (view))),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, json ? _("JSON") : _("Text"), -1);
  return view;
}

/* Picks what can show the text without holding up the main loop. */
static GtkWidget *
create_text (GBytes *bytes)
{
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);

  if (length <= LABEL_BYTES_MAX && count_lines (text, length) <= LABEL_LINES_MAX)
    return create_label (text);
  if (length <= VIEW_BYTES_MAX && via_text_format_longest_line (text, length) <= LINE_BYTES_MAX)
    return via_content_view_code (text, length, FALSE, CODE_HEIGHT_MAX);
  return via_big_text_new (bytes);
}

static GtkWidget *
create_json (GBytes *bytes)
{
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);

  if (length <= CODE_BYTES_MAX && via_text_format_longest_line (text, length) <= LINE_BYTES_MAX)
    return via_content_view_code (text, length, TRUE, CODE_HEIGHT_MAX);
  return via_big_text_new (bytes);
}

/* A resource's text stands under the name of the resource. */
static GtkWidget *
add_heading (GtkWidget           *content,
             const ViaResultPart *part)
{
  const char *title = part->label != NULL ? part->label : part->uri;
  GtkWidget *box;
  g_autofree char *caption = NULL;

  if (part->uri == NULL)
    return content;
  caption = part->label == NULL ? g_strdup (part->mime_type)
            : g_strjoin (" · ", part->uri, part->mime_type, NULL);
  box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_box_append (GTK_BOX (box), via_content_row_new ("text-x-generic-symbolic", title, caption));
  gtk_box_append (GTK_BOX (box), content);
  return box;
}

static void
copy_clicked_cb (GtkWidget  *button,
                 const char *uri)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (button), uri);
  via_dialogs_toast (button, _("Address copied"));
}

static void
free_text (gpointer  data,
           GClosure *closure)
{
  g_free (data);
}

static GtkWidget *
create_link (const ViaResultPart *part)
{
  const char *title = part->label != NULL ? part->label : part->uri != NULL ? part->uri : _("Resource");
  g_autofree char *caption = part->label == NULL || part->uri == NULL ? g_strdup (part->mime_type)
                             : g_strjoin (" · ", part->uri, part->mime_type, NULL);
  GtkWidget *row = via_content_row_new ("insert-link-symbolic", title, caption);
  GtkWidget *button;

  if (part->uri == NULL)
    return row;
  button = via_content_row_add_button (VIA_CONTENT_ROW (row), _("Copy"));
  gtk_widget_set_tooltip_text (button, _("Copy the Address"));
  g_signal_connect_data (button, "clicked", G_CALLBACK (copy_clicked_cb), g_strdup (part->uri), free_text, 0);
  return row;
}

static GtkWidget *
create_file (const ViaResultPart *part)
{
  g_autofree char *size = g_format_size (part->binary != NULL ? g_bytes_get_size (part->binary) : 0);
  g_autofree char *caption = part->mime_type != NULL ? g_strdup_printf ("%s · %s", part->mime_type, size)
                             : g_strdup (size);
  const char *title = part->label != NULL ? part->label : part->uri != NULL ? part->uri : _("File");
  GtkWidget *row = via_content_row_new ("text-x-generic-symbolic", title, caption);

  via_content_row_add_save (VIA_CONTENT_ROW (row), part->binary, part->label != NULL ? part->label : part->uri,
                            part->mime_type);
  return row;
}

static GtkWidget *
create_broken (const ViaResultPart *part)
{
  const char *title = part->label != NULL ? part->label : part->uri != NULL ? part->uri : part->mime_type;

  return via_content_row_new ("dialog-error-symbolic", title != NULL ? title : _("Content"),
                              _("The server sent bytes that are not valid Base64. Raw shows what came."));
}

static GtkWidget *
create_rendered (const ViaResultPart *part)
{
  switch (part->kind)
    {
    case VIA_PART_MARKDOWN:
      return add_heading (via_markdown_view_new (g_bytes_get_data (part->text, NULL)), part);
    case VIA_PART_TABLE:
      return add_heading (via_result_table_new (part->rows, part->uri == NULL ? part->label : NULL),
                          part);
    case VIA_PART_IMAGE:
      return via_image_view_new (part->binary, part->label != NULL ? part->label : part->uri, part->mime_type);
    case VIA_PART_AUDIO:
      return via_audio_row_new (part->binary, part->label != NULL ? part->label : part->uri, part->mime_type);
    case VIA_PART_LINK:
      return create_link (part);
    case VIA_PART_FILE:
    default:
      return create_file (part);
    }
}

gboolean
via_content_view_is_rendered (const ViaResultPart *part)
{
  return (part->kind == VIA_PART_MARKDOWN || part->kind == VIA_PART_TABLE) && part->text != NULL;
}

GtkWidget *
via_content_view_new (const ViaResultPart *part,
                      gboolean             plain)
{
  if (part->broken)
    return create_broken (part);
  if (part->kind == VIA_PART_JSON || (plain && part->kind == VIA_PART_TABLE && part->text != NULL))
    return add_heading (create_json (part->text), part);
  if (part->kind == VIA_PART_TEXT || (plain && part->kind == VIA_PART_MARKDOWN))
    return add_heading (create_text (part->text), part);
  return create_rendered (part);
}
