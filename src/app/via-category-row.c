/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <glib/gi18n.h>

#include "via-category-row.h"

/*
 * Built by hand: a search makes many of them at one keystroke, and a template costs twice as much as its widgets.
 */
struct _ViaCategoryRow
{
  AdwBin        parent_instance;

  GtkWidget    *button;
  GtkImage     *arrow;
  GtkLabel     *category;
  GtkLabel     *source;
  GtkLabel     *count;

  ViaToolModel *model;
  ViaToolItem  *item;
};

G_DEFINE_FINAL_TYPE (ViaCategoryRow, via_category_row, ADW_TYPE_BIN)

static void
toggle_cb (ViaCategoryRow *self)
{
  if (self->item != NULL)
    via_tool_model_toggle (self->model, self->item);
}

static void
update (ViaCategoryRow *self)
{
  gboolean expanded = via_tool_item_get_expanded (self->item) || via_tool_model_is_searching (self->model);
  guint n_tools = via_tool_item_get_count (self->item);
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  g_autofree char *count = g_strdup_printf ("%u", n_tools);
  /* translators: name of a category, then how many tools it has */
  g_autofree char *label = g_strdup_printf (ngettext ("%s, %u tool", "%s, %u tools", n_tools),
                                            via_tool_item_get_category (self->item), n_tools);

  gtk_label_set_text (self->count, count);
  gtk_image_set_from_icon_name (self->arrow, expanded ? "pan-down-symbolic"
                                                      : rtl ? "pan-start-symbolic" : "pan-end-symbolic");
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_STATE_EXPANDED, expanded, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
via_category_row_dispose (GObject *object)
{
  ViaCategoryRow *self = VIA_CATEGORY_ROW (object);

  via_category_row_unbind (self);
  g_clear_object (&self->model);
  G_OBJECT_CLASS (via_category_row_parent_class)->dispose (object);
}

static GtkLabel *
append_label (GtkBox     *box,
              const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, css_class);
  gtk_box_append (box, label);
  return GTK_LABEL (label);
}

static void
via_category_row_class_init (ViaCategoryRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = via_category_row_dispose;
}

static void
via_category_row_init (ViaCategoryRow *self)
{
  GtkBox *box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6));

  self->button = gtk_button_new ();
  gtk_widget_set_focus_on_click (self->button, FALSE);
  gtk_widget_add_css_class (self->button, "flat");
  gtk_widget_add_css_class (self->button, "category");
  self->arrow = g_object_new (GTK_TYPE_IMAGE, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  gtk_box_append (box, GTK_WIDGET (self->arrow));
  self->category = append_label (box, "caption-heading");
  self->source = append_label (box, "caption");
  gtk_widget_add_css_class (GTK_WIDGET (self->source), "dim-label");
  self->count = append_label (box, "caption");
  gtk_widget_add_css_class (GTK_WIDGET (self->count), "numeric");
  gtk_widget_add_css_class (GTK_WIDGET (self->count), "dim-label");
  gtk_label_set_xalign (self->count, 1);
  gtk_label_set_ellipsize (self->count, PANGO_ELLIPSIZE_NONE);
  gtk_widget_set_hexpand (GTK_WIDGET (self->count), TRUE);
  gtk_button_set_child (GTK_BUTTON (self->button), GTK_WIDGET (box));
  adw_bin_set_child (ADW_BIN (self), self->button);
  g_signal_connect_swapped (self->button, "clicked", G_CALLBACK (toggle_cb), self);
}

GtkWidget *
via_category_row_new (ViaToolModel *model)
{
  ViaCategoryRow *self = g_object_new (VIA_TYPE_CATEGORY_ROW, NULL);

  self->model = g_object_ref (model);
  return GTK_WIDGET (self);
}

void
via_category_row_bind (ViaCategoryRow *self,
                       ViaToolItem    *item)
{
  const char *source = via_tool_item_get_source (item);

  g_return_if_fail (VIA_IS_CATEGORY_ROW (self));
  via_category_row_unbind (self);
  self->item = g_object_ref (item);
  gtk_label_set_text (self->category, via_tool_item_get_category (item));
  gtk_label_set_text (self->source, source != NULL ? source : "");
  gtk_widget_set_visible (GTK_WIDGET (self->source), source != NULL);
  g_signal_connect_swapped (item, "notify", G_CALLBACK (update), self);
  update (self);
}

void
via_category_row_unbind (ViaCategoryRow *self)
{
  g_return_if_fail (VIA_IS_CATEGORY_ROW (self));
  if (self->item != NULL)
    g_signal_handlers_disconnect_by_func (self->item, update, self);
  g_clear_object (&self->item);
}
