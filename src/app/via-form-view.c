/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-app"

#include "config.h"

#include <glib/gi18n.h>

#include "via-form-group.h"
#include "via-form-row.h"
#include "via-form-view.h"
#include "via-wrap-box.h"

struct _ViaFormView
{
  AdwBin        parent_instance;

  /* template children */
  GtkWidget    *notice;
  GtkLabel     *notice_label;
  GtkListBox   *list;
  GtkLabel     *note;

  ViaFormModel *model;
};

G_DEFINE_FINAL_TYPE (ViaFormView, via_form_view, ADW_TYPE_BIN)

static void
model_changed_cb (ViaFormView *self)
{
  const char *error = via_form_model_get_error (self->model, NULL, NULL);
  guint n_unknown = via_form_model_get_n_unknown (self->model);
  gboolean fields = via_form_field_get_n_children (via_form_model_get_root (self->model)) > 0;
  g_autofree char *text = NULL;

  gtk_widget_set_visible (self->notice, error != NULL);
  if (error != NULL)
    {
      /* translators: %s is what is wrong, and where */
      text = g_strdup_printf (_("The JSON is not valid: %s."), error);
      gtk_label_set_label (self->notice_label, text);
    }
  gtk_widget_set_sensitive (GTK_WIDGET (self->list), error == NULL);

  g_clear_pointer (&text, g_free);
  if (fields)
    text = g_strdup_printf (ngettext ("%u more member is set in the JSON.", "%u more members are set in the JSON.",
                                      n_unknown), n_unknown);
  else
    text = g_strdup_printf (ngettext ("%u member is set in the JSON.", "%u members are set in the JSON.", n_unknown),
                            n_unknown);
  gtk_label_set_label (self->note, text);
  gtk_widget_set_visible (GTK_WIDGET (self->note), n_unknown > 0);
}

static void
append_words (ViaFormView *self,
              const char  *words,
              gboolean     json)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), words);
  gtk_widget_set_focusable (row, FALSE);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_add_css_class (row, "dim-title");
  if (json)
    {
      GtkWidget *button = gtk_button_new_with_mnemonic (_("Edit _JSON"));

      gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
      gtk_actionable_set_detailed_action_name (GTK_ACTIONABLE (button), "tool.view::json");
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
    }
  gtk_list_box_append (self->list, row);
}

static void
rebuild (ViaFormView *self)
{
  ViaFormField *root;
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, row);
  if (self->model == NULL)
    return;

  root = via_form_model_get_root (self->model);
  for (guint i = 0; i < via_form_field_get_n_children (root); i++)
    gtk_list_box_append (self->list, via_form_group_create_row (via_form_field_get_child (root, i)));
  if (via_form_field_get_kind (root) == VIA_FORM_JSON)
    append_words (self, _("The parameters of this tool have no fixed form."), TRUE);
  else if (via_form_field_get_n_children (root) == 0)
    append_words (self, _("This tool takes no parameters."), FALSE);
}

/* The row of @field somewhere below @widget. */
static GtkWidget *
find_row (GtkWidget    *widget,
          ViaFormField *field)
{
  if (VIA_IS_FORM_ROW (widget) && via_form_row_get_field (VIA_FORM_ROW (widget)) == field)
    return widget;
  if (VIA_IS_FORM_GROUP (widget) && via_form_group_get_field (VIA_FORM_GROUP (widget)) == field)
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_row (child, field);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static void
via_form_view_dispose (GObject *object)
{
  ViaFormView *self = VIA_FORM_VIEW (object);

  if (self->model != NULL)
    g_signal_handlers_disconnect_by_func (self->model, model_changed_cb, self);
  g_clear_object (&self->model);

  G_OBJECT_CLASS (via_form_view_parent_class)->dispose (object);
}

static void
via_form_view_class_init (ViaFormViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = via_form_view_dispose;

  g_type_ensure (VIA_TYPE_WRAP_BOX);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/viaduct/Viaduct/via-form-view.ui");
  gtk_widget_class_bind_template_child (widget_class, ViaFormView, notice);
  gtk_widget_class_bind_template_child (widget_class, ViaFormView, notice_label);
  gtk_widget_class_bind_template_child (widget_class, ViaFormView, list);
  gtk_widget_class_bind_template_child (widget_class, ViaFormView, note);
}

static void
via_form_view_init (ViaFormView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
via_form_view_new (void)
{
  return g_object_new (VIA_TYPE_FORM_VIEW, NULL);
}

void
via_form_view_set_model (ViaFormView  *self,
                         ViaFormModel *model)
{
  g_return_if_fail (VIA_IS_FORM_VIEW (self));

  if (self->model == model)
    return;

  if (self->model != NULL)
    g_signal_handlers_disconnect_by_func (self->model, model_changed_cb, self);
  g_set_object (&self->model, model);
  rebuild (self);
  if (model == NULL)
    return;

  g_signal_connect_object (model, "changed", G_CALLBACK (model_changed_cb), self, G_CONNECT_SWAPPED);
  model_changed_cb (self);
}

void
via_form_view_focus_field (ViaFormView  *self,
                           ViaFormField *field)
{
  GtkWidget *row;

  g_return_if_fail (VIA_IS_FORM_VIEW (self));
  g_return_if_fail (VIA_IS_FORM_FIELD (field));

  row = find_row (GTK_WIDGET (self->list), field);
  if (row == NULL)
    return;

  for (GtkWidget *parent = row; parent != GTK_WIDGET (self->list); parent = gtk_widget_get_parent (parent))
    if (ADW_IS_EXPANDER_ROW (parent))
      adw_expander_row_set_expanded (ADW_EXPANDER_ROW (parent), TRUE);
  if (!gtk_widget_grab_focus (row))
    gtk_widget_child_focus (row, GTK_DIR_TAB_FORWARD);
}

/* Moving the focus goes on from where it was last; this begins anew. */
static gboolean
focus_within (GtkWidget *widget)
{
  if (!gtk_widget_get_mapped (widget) || !gtk_widget_get_child_visible (widget))
    return FALSE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (focus_within (child))
      return TRUE;
  return gtk_widget_get_focusable (widget) && gtk_widget_grab_focus (widget);
}

gboolean
via_form_view_focus_first (ViaFormView *self)
{
  g_return_val_if_fail (VIA_IS_FORM_VIEW (self), FALSE);

  return focus_within (GTK_WIDGET (self->list));
}
