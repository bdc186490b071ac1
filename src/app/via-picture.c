/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-app"

#include "config.h"

#include "via-picture.h"

struct _ViaPicture
{
  GtkWidget   parent_instance;

  GdkTexture *texture;
  int         width; /* at most */
  int         height;
};

G_DEFINE_FINAL_TYPE (ViaPicture, via_picture, GTK_TYPE_WIDGET)

static void
via_picture_measure (GtkWidget      *widget,
                     GtkOrientation  orientation,
                     int             for_size,
                     int            *minimum,
                     int            *natural,
                     int            *minimum_baseline,
                     int            *natural_baseline)
{
  ViaPicture *self = VIA_PICTURE (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = 1;
      *natural = self->width;
      return;
    }
  if (for_size < 0 || for_size > self->width)
    for_size = self->width;
  *minimum = *natural = MAX ((int) ((gint64) for_size * self->height / self->width), 1);
}

static GtkSizeRequestMode
via_picture_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
via_picture_snapshot (GtkWidget   *widget,
                      GtkSnapshot *snapshot)
{
  ViaPicture *self = VIA_PICTURE (widget);
  double scale = MIN ((double) gtk_widget_get_width (widget) / self->width,
                      (double) gtk_widget_get_height (widget) / self->height);
  graphene_rect_t bounds;

  graphene_rect_init (&bounds, 0, 0, (float) (self->width * scale), (float) (self->height * scale));
  gtk_snapshot_append_texture (snapshot, self->texture, &bounds);
}

static void
via_picture_finalize (GObject *object)
{
  g_clear_object (&VIA_PICTURE (object)->texture);

  G_OBJECT_CLASS (via_picture_parent_class)->finalize (object);
}

static void
via_picture_class_init (ViaPictureClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = via_picture_finalize;
  widget_class->measure = via_picture_measure;
  widget_class->get_request_mode = via_picture_get_request_mode;
  widget_class->snapshot = via_picture_snapshot;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
via_picture_init (ViaPicture *self)
{
}

GtkWidget *
via_picture_new (GdkTexture *texture,
                 int         max_height)
{
  ViaPicture *self;
  double scale;

  g_return_val_if_fail (GDK_IS_TEXTURE (texture), NULL);

  self = g_object_new (VIA_TYPE_PICTURE, "halign", GTK_ALIGN_START, NULL);
  self->texture = g_object_ref (texture);
  scale = MIN (1, (double) max_height / gdk_texture_get_height (texture));
  self->width = MAX ((int) (gdk_texture_get_width (texture) * scale), 1);
  self->height = MAX ((int) (gdk_texture_get_height (texture) * scale), 1);
  return GTK_WIDGET (self);
}
