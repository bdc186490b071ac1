/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-app"

#include "config.h"

#include <glib/gi18n.h>

#include "via-chunk-box.h"

#define BUDGET_US 8000
/* Making children is the smaller part of the work; laying them out and drawing them is the larger one, in the frame that
 * follows. So a frame gets a few, and the next ones wait for the next frame. */
#define CHUNK_MAX 6

struct _ViaChunkBox
{
  AdwBin             parent_instance;

  /* children */
  GtkBox            *box;
  GtkWidget         *more_button;

  ViaChunkBoxCreate  create;
  gpointer           user_data;
  GDestroyNotify     destroy;

  guint              n;
  guint              made;
  guint              limit;
  guint              step;
  guint              tick;
};

G_DEFINE_FINAL_TYPE (ViaChunkBox, via_chunk_box, ADW_TYPE_BIN)

/* TRUE while there is more to make before the limit. */
static gboolean
make_some (ViaChunkBox *self)
{
  gint64 deadline = g_get_monotonic_time () + BUDGET_US;
  guint end = MIN (self->n, self->limit);

  for (guint i = 0; i < CHUNK_MAX && self->made < end && g_get_monotonic_time () < deadline; i++)
    gtk_box_append (self->box, self->create (self->made++, self->user_data));
  gtk_widget_set_visible (self->more_button, self->made == self->limit && self->made < self->n);
  return self->made < end;
}

static gboolean
make_cb (GtkWidget     *widget,
         GdkFrameClock *clock,
         gpointer       user_data)
{
  ViaChunkBox *self = VIA_CHUNK_BOX (widget);

  if (make_some (self))
    return G_SOURCE_CONTINUE;
  self->tick = 0;
  return G_SOURCE_REMOVE;
}

static void
make (ViaChunkBox *self)
{
  if (make_some (self) && self->tick == 0)
    self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), make_cb, NULL, NULL);
}

static void
more_clicked_cb (ViaChunkBox *self)
{
  self->limit += self->step;
  make (self);
}

static void
via_chunk_box_dispose (GObject *object)
{
  ViaChunkBox *self = VIA_CHUNK_BOX (object);

  if (self->tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick);
  self->tick = 0;
  if (self->destroy != NULL)
    g_clear_pointer (&self->user_data, self->destroy);

  G_OBJECT_CLASS (via_chunk_box_parent_class)->dispose (object);
}

static void
via_chunk_box_class_init (ViaChunkBoxClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = via_chunk_box_dispose;
}

static void
via_chunk_box_init (ViaChunkBox *self)
{
  GtkWidget *outer = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  self->box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));
  self->more_button = gtk_button_new_with_label (_("Show More"));
  gtk_widget_set_halign (self->more_button, GTK_ALIGN_CENTER);
  gtk_widget_set_visible (self->more_button, FALSE);
  g_signal_connect_swapped (self->more_button, "clicked", G_CALLBACK (more_clicked_cb), self);
  gtk_box_append (GTK_BOX (outer), GTK_WIDGET (self->box));
  gtk_box_append (GTK_BOX (outer), self->more_button);
  adw_bin_set_child (ADW_BIN (self), outer);
}

GtkWidget *
via_chunk_box_new (guint              n,
                   guint              step,
                   int                spacing,
                   ViaChunkBoxCreate  create,
                   gpointer           user_data,
                   GDestroyNotify     destroy)
{
  ViaChunkBox *self = g_object_new (VIA_TYPE_CHUNK_BOX, NULL);

  self->n = n;
  self->step = self->limit = step;
  self->create = create;
  self->user_data = user_data;
  self->destroy = destroy;
  gtk_box_set_spacing (self->box, spacing);
  make (self);
  return GTK_WIDGET (self);
}
