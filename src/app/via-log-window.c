/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <glib/gi18n.h>

#include "via-log-window.h"

/* A server that floods is shown a few times a second, not at each line. */
#define UPDATE_MS 150

struct _ViaLogWindow
{
  AdwWindow          parent_instance;

  GtkStack          *pages;
  GtkScrolledWindow *scroller;
  GtkTextView       *view;
  GtkWidget         *copy_button;

  ViaBridge         *bridge;
  guint              update_source;
  guint              follow_source;
  gboolean           following;     /* the end is shown, and stays shown when more comes */
};

G_DEFINE_FINAL_TYPE (ViaLogWindow, via_log_window, ADW_TYPE_WINDOW)

/* Somebody scrolled, or we did. */
static void
scrolled_cb (ViaLogWindow  *self,
             GtkAdjustment *position)
{
  if (self->follow_source == 0)
    self->following = gtk_adjustment_get_value (position) + gtk_adjustment_get_page_size (position)
                      >= gtk_adjustment_get_upper (position) - 1;
}

static gboolean
follow_cb (gpointer user_data)
{
  ViaLogWindow *self = user_data;
  GtkAdjustment *position = gtk_scrolled_window_get_vadjustment (self->scroller);

  self->follow_source = 0;
  gtk_adjustment_set_value (position, gtk_adjustment_get_upper (position) - gtk_adjustment_get_page_size (position));
  return G_SOURCE_REMOVE;
}

/* While a text view is laid out its size is a guess: the end is where it is when that is over. */
static void
grown_cb (ViaLogWindow  *self,
          GtkAdjustment *position)
{
  if (self->following && self->follow_source == 0)
    self->follow_source = g_idle_add_full (G_PRIORITY_LOW, follow_cb, self, NULL);
}

static void
update (ViaLogWindow *self)
{
  g_autofree char *text = via_bridge_dup_log (self->bridge);
  gboolean empty = text == NULL || *text == '\0';

  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->view), empty ? "" : text, -1);
  gtk_widget_set_sensitive (self->copy_button, !empty);
  gtk_stack_set_visible_child_name (self->pages, empty ? "empty" : "log");
}

static gboolean
update_cb (gpointer user_data)
{
  ViaLogWindow *self = user_data;

  self->update_source = 0;
  update (self);
  return G_SOURCE_REMOVE;
}

static void
log_cb (ViaLogWindow *self,
        guint         kind,
        const char   *text,
        ViaBridge    *bridge)
{
  if (self->update_source == 0)
    self->update_source = g_timeout_add (UPDATE_MS, update_cb, self);
}

static void
copy_cb (ViaLogWindow *self,
         GtkButton    *button)
{
  g_autofree char *text = via_bridge_dup_log (self->bridge);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text != NULL ? text : "");
}

static void
via_log_window_dispose (GObject *object)
{
  ViaLogWindow *self = VIA_LOG_WINDOW (object);

  g_clear_handle_id (&self->update_source, g_source_remove);
  g_clear_handle_id (&self->follow_source, g_source_remove);
  g_clear_object (&self->bridge);
  G_OBJECT_CLASS (via_log_window_parent_class)->dispose (object);
}

static void
via_log_window_class_init (ViaLogWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = via_log_window_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/viaduct/Viaduct/via-log-window.ui");
  gtk_widget_class_bind_template_child (widget_class, ViaLogWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, ViaLogWindow, scroller);
  gtk_widget_class_bind_template_child (widget_class, ViaLogWindow, view);
  gtk_widget_class_bind_template_child (widget_class, ViaLogWindow, copy_button);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
via_log_window_init (ViaLogWindow *self)
{
  GtkAdjustment *position;

  gtk_widget_init_template (GTK_WIDGET (self));
  self->following = TRUE;
  position = gtk_scrolled_window_get_vadjustment (self->scroller);
  g_signal_connect_object (position, "changed", G_CALLBACK (grown_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (position, "value-changed", G_CALLBACK (scrolled_cb), self, G_CONNECT_SWAPPED);
}

GtkWindow *
via_log_window_new (ViaBridge *bridge)
{
  ViaLogWindow *self;
  g_autofree char *title = NULL;

  g_return_val_if_fail (VIA_IS_BRIDGE (bridge), NULL);

  self = g_object_new (VIA_TYPE_LOG_WINDOW, NULL);
  self->bridge = g_object_ref (bridge);
  /* translators: the name of a bridge */
  title = g_strdup_printf (_("Log of “%s”"), via_bridge_get_name (bridge));
  gtk_window_set_title (GTK_WINDOW (self), title);
  g_signal_connect_object (bridge, "log", G_CALLBACK (log_cb), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WINDOW (self);
}
