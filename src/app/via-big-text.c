/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-app"

#include "config.h"

#include <glib/gi18n.h>

#include "via-big-text.h"
#include "via-text-lines.h"

#define HEIGHT 360
#define MARGIN 12
/* A new width is taken over when the person has stopped dragging the window's edge. */
#define SETTLE_MS 200
#define MIN_COLUMNS 20
#define MAX_COLUMNS 400

struct _ViaBigText
{
  AdwBin        parent_instance;

  /* children */
  GtkLabel     *caption;
  GtkWidget    *scroller;
  GtkListView  *list;

  /* owned */
  GBytes       *text;
  ViaTextLines *lines; /* nullable */
  GCancellable *cancellable;

  guint         columns; /* that @lines have, or will have */
  guint         wanted;  /* that fit the width */
  guint         settle_timer;
};

G_DEFINE_FINAL_TYPE (ViaBigText, via_big_text, ADW_TYPE_BIN)

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *item)
{
  GtkWidget *inscription = gtk_inscription_new (NULL);

  gtk_inscription_set_xalign (GTK_INSCRIPTION (inscription), 0);
  gtk_inscription_set_min_chars (GTK_INSCRIPTION (inscription), 0);
  gtk_inscription_set_min_lines (GTK_INSCRIPTION (inscription), 1);
  gtk_inscription_set_wrap_mode (GTK_INSCRIPTION (inscription), PANGO_WRAP_CHAR);
  gtk_list_item_set_activatable (item, FALSE);
  gtk_list_item_set_selectable (item, FALSE);
  gtk_list_item_set_child (item, inscription);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *item)
{
  gtk_inscription_set_text (GTK_INSCRIPTION (gtk_list_item_get_child (item)),
                            gtk_string_object_get_string (gtk_list_item_get_item (item)));
}

static void
update_caption (ViaBigText *self)
{
  guint n = via_text_lines_get_n_lines (self->lines);
  g_autofree char *size = g_format_size (g_bytes_get_size (self->text));
  /* translators: the size of a text and how many lines it has, "10.5 MB, 250000 lines" */
  g_autofree char *words = g_strdup_printf (ngettext ("%s, %u line", "%s, %u lines", n), size, n);

  gtk_label_set_text (self->caption, words);
}

/* The top row of what is shown stays where it is when the rows become others. */
static guint
find_top (ViaBigText *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scroller));
  double upper = gtk_adjustment_get_upper (adjustment);
  double part = upper > 0 ? gtk_adjustment_get_value (adjustment) / upper : 0;

  return (guint) (part * g_list_model_get_n_items (G_LIST_MODEL (self->lines)));
}

static void
lines_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  ViaBigText *self = user_data;
  g_autoptr(ViaTextLines) lines = via_text_lines_new_finish (result, NULL);
  g_autoptr(GtkNoSelection) model = NULL;
  guint top = 0;

  if (lines == NULL) /* cancelled: the widget is gone */
    return;
  if (self->lines != NULL)
    top = via_text_lines_find (lines, via_text_lines_get_offset (self->lines, find_top (self)));
  g_set_object (&self->lines, lines);
  model = gtk_no_selection_new (g_object_ref (G_LIST_MODEL (lines)));
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (model));
  update_caption (self);
  if (top > 0)
    gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", top);
}

static void
load (ViaBigText *self)
{
  if (self->columns == self->wanted)
    return;
  self->columns = self->wanted;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  via_text_lines_new_async (self->text, self->columns, self->cancellable, lines_cb, self);
}

static gboolean
settle_cb (gpointer user_data)
{
  ViaBigText *self = user_data;

  self->settle_timer = 0;
  load (self);
  return G_SOURCE_REMOVE;
}

static guint
count_columns (ViaBigText *self,
               int         width)
{
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (self->list));
  PangoFontMetrics *metrics = pango_context_get_metrics (context, NULL, NULL);
  int character = MAX (pango_font_metrics_get_approximate_digit_width (metrics), 1);

  pango_font_metrics_unref (metrics);
  return (guint) CLAMP ((width - 2 * MARGIN) * PANGO_SCALE / character, MIN_COLUMNS, MAX_COLUMNS);
}

static void
via_big_text_measure (GtkWidget      *widget,
                      GtkOrientation  orientation,
                      int             for_size,
                      int            *minimum,
                      int            *natural,
                      int            *minimum_baseline,
                      int            *natural_baseline)
{
  gtk_widget_measure (adw_bin_get_child (ADW_BIN (widget)), orientation, for_size, minimum, natural, NULL, NULL);
}

static GtkSizeRequestMode
via_big_text_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
via_big_text_size_allocate (GtkWidget *widget,
                            int        width,
                            int        height,
                            int        baseline)
{
  ViaBigText *self = VIA_BIG_TEXT (widget);

  gtk_widget_allocate (adw_bin_get_child (ADW_BIN (widget)), width, height, baseline, NULL);
  self->wanted = count_columns (self, width);
  if (self->wanted == self->columns)
    return;
  g_clear_handle_id (&self->settle_timer, g_source_remove);
  self->settle_timer = g_timeout_add (self->columns == 0 ? 0 : SETTLE_MS, settle_cb, self);
}

/* One stop of the Tab key, however many rows there are. */
static gboolean
via_big_text_focus (GtkWidget        *widget,
                    GtkDirectionType  direction)
{
  ViaBigText *self = VIA_BIG_TEXT (widget);
  gboolean tab = direction == GTK_DIR_TAB_FORWARD || direction == GTK_DIR_TAB_BACKWARD;

  if (!tab)
    return GTK_WIDGET_CLASS (via_big_text_parent_class)->focus (widget, direction);
  if (gtk_widget_get_focus_child (widget) != NULL)
    return FALSE;
  return gtk_widget_grab_focus (GTK_WIDGET (self->list));
}

static void
via_big_text_dispose (GObject *object)
{
  ViaBigText *self = VIA_BIG_TEXT (object);

  g_clear_handle_id (&self->settle_timer, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->lines);
  g_clear_pointer (&self->text, g_bytes_unref);

  G_OBJECT_CLASS (via_big_text_parent_class)->dispose (object);
}

static void
via_big_text_class_init (ViaBigTextClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = via_big_text_dispose;
  GTK_WIDGET_CLASS (klass)->measure = via_big_text_measure;
  GTK_WIDGET_CLASS (klass)->get_request_mode = via_big_text_get_request_mode;
  GTK_WIDGET_CLASS (klass)->size_allocate = via_big_text_size_allocate;
  GTK_WIDGET_CLASS (klass)->focus = via_big_text_focus;
}

static void
via_big_text_init (ViaBigText *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  gtk_widget_set_layout_manager (GTK_WIDGET (self), NULL); /* it would keep the width from us */
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  self->list = GTK_LIST_VIEW (gtk_list_view_new (NULL, factory));
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "lines");
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "monospace");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Text"), -1);

  self->scroller = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (self->scroller), HEIGHT);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroller), GTK_WIDGET (self->list));
  gtk_widget_add_css_class (self->scroller, "card");
  gtk_widget_add_css_class (self->scroller, "code");
  gtk_widget_set_overflow (self->scroller, GTK_OVERFLOW_HIDDEN);

  self->caption = GTK_LABEL (gtk_label_new (_("Preparing…")));
  gtk_label_set_xalign (self->caption, 0);
  gtk_label_set_wrap (self->caption, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->caption), "caption");
  gtk_widget_add_css_class (GTK_WIDGET (self->caption), "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (self->caption), "numeric");

  gtk_box_append (GTK_BOX (box), self->scroller);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->caption));
  adw_bin_set_child (ADW_BIN (self), box);
}

GtkWidget *
via_big_text_new (GBytes *text)
{
  ViaBigText *self = g_object_new (VIA_TYPE_BIG_TEXT, NULL);

  self->text = g_bytes_ref (text);
  return GTK_WIDGET (self);
}

GListModel *
via_big_text_get_lines (ViaBigText *self)
{
  g_return_val_if_fail (VIA_IS_BIG_TEXT (self), NULL);

  return G_LIST_MODEL (self->lines);
}
