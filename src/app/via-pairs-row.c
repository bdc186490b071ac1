/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <glib/gi18n.h>

#include "via-pairs-row.h"

struct _ViaPairsRow
{
  AdwPreferencesRow  parent_instance;

  GtkWidget         *add_button;
  GtkBox            *lines;
};

G_DEFINE_FINAL_TYPE (ViaPairsRow, via_pairs_row, ADW_TYPE_PREFERENCES_ROW)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
emit_changed (ViaPairsRow *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->lines), gtk_widget_get_first_child (GTK_WIDGET (self->lines)) != NULL);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
remove_cb (GtkWidget   *button,
           ViaPairsRow *self)
{
  gtk_box_remove (self->lines, gtk_widget_get_parent (button));
  emit_changed (self);
  gtk_widget_grab_focus (self->add_button);
}

static void
add_cb (ViaPairsRow *self)
{
  via_pairs_row_append (self, "", "");
  gtk_widget_grab_focus (gtk_widget_get_first_child (gtk_widget_get_last_child (GTK_WIDGET (self->lines))));
}

static GtkWidget *
new_icon_button (const char *icon_name,
                 const char *label)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon_name);

  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  return button;
}

static GtkWidget *
new_entry (ViaPairsRow *self,
           const char  *label,
           const char  *text,
           gboolean     wide)
{
  GtkWidget *entry = gtk_entry_new ();

  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_editable_set_text (GTK_EDITABLE (entry), text);
  gtk_editable_set_width_chars (GTK_EDITABLE (entry), 8);
  gtk_editable_set_max_width_chars (GTK_EDITABLE (entry), wide ? 30 : 18);
  gtk_widget_set_hexpand (entry, wide);
  g_signal_connect_swapped (entry, "changed", G_CALLBACK (emit_changed), self);
  return entry;
}

static void
via_pairs_row_class_init (ViaPairsRowClass *klass)
{
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", VIA_TYPE_PAIRS_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 0);
}

static void
via_pairs_row_init (ViaPairsRow *self)
{
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), FALSE);
  gtk_widget_set_focusable (GTK_WIDGET (self), FALSE);
}

GtkWidget *
via_pairs_row_new (const char *title,
                   const char *add_tooltip)
{
  ViaPairsRow *self = g_object_new (VIA_TYPE_PAIRS_ROW, "title", title, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = gtk_label_new (title);

  gtk_widget_set_margin_top (box, 6);
  gtk_widget_set_margin_bottom (box, 6);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 6);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, TRUE);
  self->add_button = new_icon_button ("list-add-symbolic", add_tooltip);
  g_signal_connect_swapped (self->add_button, "clicked", G_CALLBACK (add_cb), self);
  gtk_box_append (GTK_BOX (head), label);
  gtk_box_append (GTK_BOX (head), self->add_button);
  gtk_box_append (GTK_BOX (box), head);
  self->lines = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 6));
  gtk_widget_set_visible (GTK_WIDGET (self->lines), FALSE);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->lines));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), box);
  return GTK_WIDGET (self);
}

void
via_pairs_row_append (ViaPairsRow *self,
                      const char  *name,
                      const char  *value)
{
  GtkWidget *line, *remove;

  g_return_if_fail (VIA_IS_PAIRS_ROW (self));
  line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  remove = new_icon_button ("user-trash-symbolic", _("Remove"));
  gtk_box_append (GTK_BOX (line), new_entry (self, _("Name"), name, FALSE));
  gtk_box_append (GTK_BOX (line), new_entry (self, _("Value"), value, TRUE));
  gtk_box_append (GTK_BOX (line), remove);
  g_signal_connect (remove, "clicked", G_CALLBACK (remove_cb), self);
  gtk_box_append (self->lines, line);
  emit_changed (self);
}

char **
via_pairs_row_dup_pairs (ViaPairsRow *self)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  gboolean any = FALSE;

  g_return_val_if_fail (VIA_IS_PAIRS_ROW (self), NULL);
  for (GtkWidget *line = gtk_widget_get_first_child (GTK_WIDGET (self->lines)); line != NULL;
       line = gtk_widget_get_next_sibling (line))
    {
      GtkWidget *name = gtk_widget_get_first_child (line);
      g_autofree char *key = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (name))));

      if (*key == '\0')
        continue;
      g_strv_builder_add (builder, key);
      g_strv_builder_add (builder, gtk_editable_get_text (GTK_EDITABLE (gtk_widget_get_next_sibling (name))));
      any = TRUE;
    }
  return any ? g_strv_builder_end (builder) : NULL;
}
