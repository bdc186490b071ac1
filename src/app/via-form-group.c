/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-app"

#include "config.h"

#include <glib/gi18n.h>

#include "via-form-group.h"
#include "via-form-row.h"

struct _ViaFormGroup
{
  AdwExpanderRow  parent_instance;

  ViaFormField   *field;
  GtkWidget      *count; /* of a list */
  GPtrArray      *rows;  /* borrowed from the row */
};

G_DEFINE_FINAL_TYPE (ViaFormGroup, via_form_group, ADW_TYPE_EXPANDER_ROW)

static void
field_changed_cb (ViaFormGroup *self)
{
  const char *message = via_form_field_get_message (self->field);

  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self),
                                 message != NULL ? message : via_form_field_get_description (self->field));
  if (message != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self), "wrong");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "wrong");
  gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_INVALID,
                               message != NULL ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}

static void
update_count (ViaFormGroup *self)
{
  guint n_items = via_form_field_get_n_children (self->field);
  g_autofree char *text = g_strdup_printf (ngettext ("%u item", "%u items", n_items), n_items);

  gtk_label_set_label (GTK_LABEL (self->count), n_items > 0 ? text : "");
}

/* Fields keep their place in a list: rows come and go at the end. */
static void
children_changed_cb (ViaFormGroup *self)
{
  guint n_children = via_form_field_get_n_children (self->field);

  while (self->rows->len > 0)
    {
      GtkWidget *row = g_ptr_array_index (self->rows, self->rows->len - 1);

      if (self->rows->len <= n_children
          && via_form_row_get_field (VIA_FORM_ROW (row)) == via_form_field_get_child (self->field, self->rows->len - 1))
        break;
      g_ptr_array_set_size (self->rows, (int) self->rows->len - 1);
      adw_expander_row_remove (ADW_EXPANDER_ROW (self), row);
    }

  for (guint i = self->rows->len; i < n_children; i++)
    {
      GtkWidget *row = via_form_group_create_row (via_form_field_get_child (self->field, i));

      adw_expander_row_add_row (ADW_EXPANDER_ROW (self), row);
      g_ptr_array_add (self->rows, row);
    }

  update_count (self);
}

static void
add_clicked_cb (ViaFormGroup *self)
{
  via_form_field_append_item (self->field);
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (self), TRUE);
  if (self->rows->len > 0)
    gtk_widget_grab_focus (g_ptr_array_index (self->rows, self->rows->len - 1));
}

static void
build_list (ViaFormGroup *self)
{
  GtkWidget *add = gtk_button_new_from_icon_name ("list-add-symbolic");

  self->count = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->count, "dim-label");
  gtk_widget_add_css_class (self->count, "numeric");
  gtk_widget_add_css_class (add, "flat");
  gtk_widget_set_valign (add, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (add, _("Add Item"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (add), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Add Item"), -1);
  g_signal_connect_object (add, "clicked", G_CALLBACK (add_clicked_cb), self, G_CONNECT_SWAPPED);
  /* Actions are packed from the end of the row. */
  adw_expander_row_add_action (ADW_EXPANDER_ROW (self), add);
  adw_expander_row_add_action (ADW_EXPANDER_ROW (self), self->count);
  g_signal_connect_object (self->field, "children-changed", G_CALLBACK (children_changed_cb), self, G_CONNECT_SWAPPED);
  children_changed_cb (self);
}

static void
build_object (ViaFormGroup *self)
{
  for (guint i = 0; i < via_form_field_get_n_children (self->field); i++)
    adw_expander_row_add_row (ADW_EXPANDER_ROW (self),
                              via_form_group_create_row (via_form_field_get_child (self->field, i)));
}

static void
via_form_group_dispose (GObject *object)
{
  ViaFormGroup *self = VIA_FORM_GROUP (object);

  g_clear_object (&self->field);
  g_clear_pointer (&self->rows, g_ptr_array_unref);

  G_OBJECT_CLASS (via_form_group_parent_class)->dispose (object);
}

static void
via_form_group_class_init (ViaFormGroupClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = via_form_group_dispose;
}

static void
via_form_group_init (ViaFormGroup *self)
{
  self->rows = g_ptr_array_new ();
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  /* The head inside is what takes the focus. */
  gtk_widget_set_focusable (GTK_WIDGET (self), FALSE);
}

GtkWidget *
via_form_group_new (ViaFormField *field)
{
  ViaFormGroup *self = g_object_new (VIA_TYPE_FORM_GROUP, NULL);
  g_autofree char *title = g_strconcat (via_form_field_get_name (field),
                                        via_form_field_is_required (field) ? " *" : "", NULL);

  self->field = g_object_ref (field);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
  if (via_form_field_get_kind (field) == VIA_FORM_LIST)
    build_list (self);
  else
    build_object (self);
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (self), via_form_field_get_n_children (field) > 0
                                                            && via_form_field_is_set (field));

  field_changed_cb (self);
  g_signal_connect_object (field, "changed", G_CALLBACK (field_changed_cb), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

ViaFormField *
via_form_group_get_field (ViaFormGroup *self)
{
  g_return_val_if_fail (VIA_IS_FORM_GROUP (self), NULL);

  return self->field;
}

GtkWidget *
via_form_group_create_row (ViaFormField *field)
{
  ViaFormKind kind = via_form_field_get_kind (field);

  return kind == VIA_FORM_OBJECT || kind == VIA_FORM_LIST ? via_form_group_new (field) : via_form_row_new (field);
}
