/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-app"

#include "config.h"

#include <glib/gi18n.h>
#include <stdlib.h>

#include "via-action-bar.h"
#include "via-wrap-box.h"

/* Most calls end sooner: no button flashes, and the second click of a double click cancels nothing. */
#define CANCEL_DELAY_MS 300

struct _ViaActionBar
{
  AdwBin         parent_instance;

  /* template children */
  GtkCheckButton *background;
  GtkSpinButton  *timeout;
  GtkLabel       *timeout_label;
  GtkLabel       *problem;
  GtkWidget      *running;
  GtkSpinner     *spinner;
  GtkButton      *execute;
  GtkButton      *cancel;

  guint           cancel_source;
  gboolean        setting;
};

G_DEFINE_FINAL_TYPE (ViaActionBar, via_action_bar, ADW_TYPE_BIN)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
changed_cb (ViaActionBar *self)
{
  if (!self->setting)
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static gboolean
timeout_output_cb (ViaActionBar  *self,
                   GtkSpinButton *spin)
{
  /* translators: a number of seconds, as short as possible */
  g_autofree char *text = g_strdup_printf (_("%d s"), gtk_spin_button_get_value_as_int (spin));

  if (g_strcmp0 (text, gtk_editable_get_text (GTK_EDITABLE (spin))) != 0)
    gtk_editable_set_text (GTK_EDITABLE (spin), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (spin), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text, -1);
  return TRUE;
}

/* "45", "45 s" and "s 45" are all 45. */
static int
timeout_input_cb (ViaActionBar  *self,
                  double        *value,
                  GtkSpinButton *spin)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (spin));

  while (*text != '\0' && !g_ascii_isdigit (*text))
    text++;
  if (*text == '\0')
    return GTK_INPUT_ERROR;

  *value = strtod (text, NULL);
  return TRUE;
}

static void
show_cancel (ViaActionBar *self,
             gboolean      cancel)
{
  GtkWidget *from = GTK_WIDGET (cancel ? self->execute : self->cancel);
  GtkWidget *to = GTK_WIDGET (cancel ? self->cancel : self->execute);
  gboolean focus = gtk_widget_has_focus (from);

  gtk_widget_set_visible (to, TRUE);
  if (focus)
    gtk_widget_grab_focus (to);
  gtk_widget_set_visible (from, FALSE);
  gtk_widget_set_visible (self->running, cancel);
  gtk_spinner_set_spinning (self->spinner, cancel);
}

static gboolean
cancel_due_cb (gpointer data)
{
  ViaActionBar *self = data;

  self->cancel_source = 0;
  show_cancel (self, TRUE);
  return G_SOURCE_REMOVE;
}

static void
via_action_bar_dispose (GObject *object)
{
  ViaActionBar *self = VIA_ACTION_BAR (object);

  g_clear_handle_id (&self->cancel_source, g_source_remove);

  G_OBJECT_CLASS (via_action_bar_parent_class)->dispose (object);
}

static void
via_action_bar_class_init (ViaActionBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = via_action_bar_dispose;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", VIA_TYPE_ACTION_BAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 0);

  g_type_ensure (VIA_TYPE_WRAP_BOX);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/viaduct/Viaduct/via-action-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, ViaActionBar, background);
  gtk_widget_class_bind_template_child (widget_class, ViaActionBar, timeout);
  gtk_widget_class_bind_template_child (widget_class, ViaActionBar, timeout_label);
  gtk_widget_class_bind_template_child (widget_class, ViaActionBar, problem);
  gtk_widget_class_bind_template_child (widget_class, ViaActionBar, running);
  gtk_widget_class_bind_template_child (widget_class, ViaActionBar, spinner);
  gtk_widget_class_bind_template_child (widget_class, ViaActionBar, execute);
  gtk_widget_class_bind_template_child (widget_class, ViaActionBar, cancel);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, timeout_output_cb);
  gtk_widget_class_bind_template_callback (widget_class, timeout_input_cb);
}

static void
via_action_bar_init (ViaActionBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_spin_button_update (self->timeout);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self->timeout), GTK_ACCESSIBLE_RELATION_LABELLED_BY,
                                  self->timeout_label, NULL, -1);
}

GtkWidget *
via_action_bar_new (void)
{
  return g_object_new (VIA_TYPE_ACTION_BAR, NULL);
}

guint
via_action_bar_get_timeout (ViaActionBar *self)
{
  g_return_val_if_fail (VIA_IS_ACTION_BAR (self), 0);

  /* What is typed and not yet entered counts. */
  gtk_spin_button_update (self->timeout);
  return (guint) gtk_spin_button_get_value_as_int (self->timeout);
}

gboolean
via_action_bar_get_background (ViaActionBar *self)
{
  g_return_val_if_fail (VIA_IS_ACTION_BAR (self), FALSE);

  return gtk_check_button_get_active (self->background);
}

void
via_action_bar_set_options (ViaActionBar *self,
                            guint         timeout_s,
                            gboolean      background)
{
  g_return_if_fail (VIA_IS_ACTION_BAR (self));

  self->setting = TRUE;
  gtk_spin_button_set_range (self->timeout, MIN (timeout_s, VIA_ACTION_BAR_TIMEOUT_MIN),
                             MAX (timeout_s, VIA_ACTION_BAR_TIMEOUT_MAX));
  gtk_spin_button_set_value (self->timeout, timeout_s);
  gtk_check_button_set_active (self->background, background);
  self->setting = FALSE;
}

void
via_action_bar_set_asks (ViaActionBar *self,
                         gboolean      asks)
{
  g_return_if_fail (VIA_IS_ACTION_BAR (self));

  gtk_button_set_label (self->execute, asks ? _("Execute…") : _("Execute"));
}

void
via_action_bar_set_problem (ViaActionBar *self,
                            const char   *problem)
{
  g_return_if_fail (VIA_IS_ACTION_BAR (self));

  gtk_label_set_label (self->problem, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), problem != NULL);
}

void
via_action_bar_set_running (ViaActionBar *self,
                            gboolean      running)
{
  g_return_if_fail (VIA_IS_ACTION_BAR (self));

  if (!running)
    {
      g_clear_handle_id (&self->cancel_source, g_source_remove);
      if (gtk_widget_get_visible (GTK_WIDGET (self->cancel)))
        show_cancel (self, FALSE);
    }
  else if (self->cancel_source == 0 && !gtk_widget_get_visible (GTK_WIDGET (self->cancel)))
    self->cancel_source = g_timeout_add (CANCEL_DELAY_MS, cancel_due_cb, self);
}

gboolean
via_action_bar_focus (ViaActionBar *self)
{
  g_return_val_if_fail (VIA_IS_ACTION_BAR (self), FALSE);

  return gtk_widget_grab_focus (GTK_WIDGET (self->execute)) || gtk_widget_grab_focus (GTK_WIDGET (self->cancel));
}
