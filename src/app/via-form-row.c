/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-app"

#include "config.h"

#include <glib/gi18n.h>

#include "via-description.h"
#include "via-form-control.h"
#include "via-form-row.h"
#include "via-wrap-box.h"

#define DESCRIPTION_LINES 6

struct _ViaFormRow
{
  AdwPreferencesRow  parent_instance;

  /* template children */
  GtkWidget         *wide;  /* label beside control */
  GtkWidget         *tall;  /* label above control */
  GtkWidget         *item;  /* number, control, button */
  GtkWidget         *label_box;
  GtkLabel          *name;
  GtkLabel          *description;
  GtkWidget         *control_box;
  GtkWidget         *reset;
  GtkLabel          *number;
  GtkWidget         *item_box;
  GtkLabel          *item_message;
  GtkWidget         *remove;

  ViaFormField      *field;
  GtkWidget         *control;
};

G_DEFINE_FINAL_TYPE (ViaFormRow, via_form_row, ADW_TYPE_PREFERENCES_ROW)

static void
show_message (GtkLabel   *label,
              const char *message,
              const char *otherwise)
{
  g_autofree char *markup = via_description_to_markup (otherwise);

  if (message != NULL)
    gtk_label_set_text (label, message);
  else
    gtk_label_set_markup (label, markup);
  gtk_widget_set_visible (GTK_WIDGET (label), *(message != NULL ? message : otherwise) != '\0');
  if (message != NULL)
    {
      gtk_widget_add_css_class (GTK_WIDGET (label), "error");
      gtk_widget_remove_css_class (GTK_WIDGET (label), "dim-label");
    }
  else
    {
      gtk_widget_add_css_class (GTK_WIDGET (label), "dim-label");
      gtk_widget_remove_css_class (GTK_WIDGET (label), "error");
    }
}

static void
field_changed_cb (ViaFormRow *self)
{
  const char *message = via_form_field_get_message (self->field);
  const char *description = via_form_field_get_description (self->field);

  if (via_form_field_is_item (self->field))
    {
      show_message (self->item_message, message, "");
      return;
    }

  show_message (self->description, message, description);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->description),
                               message == NULL && g_utf8_strlen (description, -1) > 300 ? description : NULL);
  gtk_widget_set_visible (self->reset, via_form_field_get_kind (self->field) == VIA_FORM_BOOLEAN
                                         && !via_form_field_is_required (self->field)
                                         && via_form_field_is_set (self->field));
}

static void
reset_clicked_cb (ViaFormRow *self)
{
  gtk_widget_grab_focus (self->control);
  via_form_field_unset (self->field);
}

static guint
get_index (ViaFormField *field)
{
  ViaFormField *list = via_form_field_get_parent (field);
  guint index = 0;

  while (index < via_form_field_get_n_children (list) && via_form_field_get_child (list, index) != field)
    index++;

  return index;
}

static void
remove_clicked_cb (ViaFormRow *self)
{
  /* The row, and maybe the field, go away with it. */
  g_autoptr(ViaFormField) list = g_object_ref (via_form_field_get_parent (self->field));
  g_autoptr(ViaFormRow) alive = g_object_ref (self);

  via_form_field_remove_item (list, get_index (alive->field));
}

static void
build_item (ViaFormRow *self)
{
  GtkWidget *input = via_form_control_get_input (VIA_FORM_CONTROL (self->control));
  guint number = get_index (self->field) + 1;
  g_autofree char *text = g_strdup_printf ("%u", number);
  /* translators: %1$s is the name of a list, %2$u the number of an item in it */
  g_autofree char *name = g_strdup_printf (_("%1$s, item %2$u"),
                                           via_form_field_get_name (via_form_field_get_parent (self->field)), number);

  gtk_label_set_label (self->number, text);
  gtk_widget_set_hexpand (self->control, TRUE);
  gtk_box_append (GTK_BOX (self->item_box), self->control);
  gtk_accessible_update_property (GTK_ACCESSIBLE (input), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (input), GTK_ACCESSIBLE_RELATION_DESCRIBED_BY, self->item_message,
                                  NULL, -1);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), name);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), self->item);
}

static void
build_named (ViaFormRow *self)
{
  GtkWidget *input = via_form_control_get_input (VIA_FORM_CONTROL (self->control));
  const char *name = via_form_field_get_name (self->field);
  g_autofree char *starred = g_strconcat (name, via_form_field_is_required (self->field) ? " *" : "", NULL);
  gboolean tall = via_form_control_is_tall (VIA_FORM_CONTROL (self->control));
  GtkWidget *box = tall ? self->tall : self->wide;

  gtk_label_set_label (self->name, starred);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), name);
  gtk_widget_set_hexpand (self->control, !GTK_IS_SWITCH (input));
  gtk_box_append (GTK_BOX (self->control_box), self->control);
  if (tall)
    {
      gtk_box_append (GTK_BOX (box), self->label_box);
      gtk_box_append (GTK_BOX (box), self->control_box);
    }
  else
    {
      via_wrap_box_append (VIA_WRAP_BOX (box), self->label_box);
      via_wrap_box_append (VIA_WRAP_BOX (box), self->control_box);
    }

  gtk_accessible_update_relation (GTK_ACCESSIBLE (input), GTK_ACCESSIBLE_RELATION_LABELLED_BY, self->name, NULL,
                                  GTK_ACCESSIBLE_RELATION_DESCRIBED_BY, self->description, NULL, -1);
  gtk_label_set_mnemonic_widget (self->name, input);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), box);
}

static gboolean
via_form_row_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (VIA_FORM_ROW (widget)->control);
}

static void
via_form_row_dispose (GObject *object)
{
  ViaFormRow *self = VIA_FORM_ROW (object);

  g_clear_object (&self->field);

  G_OBJECT_CLASS (via_form_row_parent_class)->dispose (object);
}

static void
via_form_row_class_init (ViaFormRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = via_form_row_dispose;
  widget_class->grab_focus = via_form_row_grab_focus;

  g_type_ensure (VIA_TYPE_WRAP_BOX);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/viaduct/Viaduct/via-form-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ViaFormRow, wide);
  gtk_widget_class_bind_template_child (widget_class, ViaFormRow, tall);
  gtk_widget_class_bind_template_child (widget_class, ViaFormRow, item);
  gtk_widget_class_bind_template_child (widget_class, ViaFormRow, label_box);
  gtk_widget_class_bind_template_child (widget_class, ViaFormRow, name);
  gtk_widget_class_bind_template_child (widget_class, ViaFormRow, description);
  gtk_widget_class_bind_template_child (widget_class, ViaFormRow, control_box);
  gtk_widget_class_bind_template_child (widget_class, ViaFormRow, reset);
  gtk_widget_class_bind_template_child (widget_class, ViaFormRow, number);
  gtk_widget_class_bind_template_child (widget_class, ViaFormRow, item_box);
  gtk_widget_class_bind_template_child (widget_class, ViaFormRow, item_message);
  gtk_widget_class_bind_template_child (widget_class, ViaFormRow, remove);
  gtk_widget_class_bind_template_callback (widget_class, reset_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, remove_clicked_cb);
}

static void
via_form_row_init (ViaFormRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_label_set_lines (self->description, DESCRIPTION_LINES);
}

GtkWidget *
via_form_row_new (ViaFormField *field)
{
  ViaFormRow *self = g_object_new (VIA_TYPE_FORM_ROW, NULL);

  self->field = g_object_ref (field);
  self->control = via_form_control_new (field);
  if (via_form_field_is_item (field))
    build_item (self);
  else
    build_named (self);

  field_changed_cb (self);
  g_signal_connect_object (field, "changed", G_CALLBACK (field_changed_cb), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

ViaFormField *
via_form_row_get_field (ViaFormRow *self)
{
  g_return_val_if_fail (VIA_IS_FORM_ROW (self), NULL);

  return self->field;
}
