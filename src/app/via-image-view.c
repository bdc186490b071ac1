/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-app"

#include "config.h"

#include <glib/gi18n.h>

#include "via-content-row.h"
#include "via-image-loader.h"
#include "via-image-view.h"
#include "via-picture.h"

#define HEIGHT_MAX 360

struct _ViaImageView
{
  AdwBin         parent_instance;

  /* children */
  GtkBox        *box;
  ViaContentRow *row;

  /* owned */
  char          *mime_type; /* nullable */
  gsize          size;
  GCancellable  *cancellable;

  gboolean       settled;
  int            width;
};

G_DEFINE_FINAL_TYPE (ViaImageView, via_image_view, ADW_TYPE_BIN)

static GtkWidget *
create_picture (GdkTexture *texture)
{
  GtkWidget *picture = via_picture_new (texture, HEIGHT_MAX);

  gtk_widget_add_css_class (picture, "image");
  gtk_widget_set_overflow (picture, GTK_OVERFLOW_HIDDEN);
  gtk_accessible_update_property (GTK_ACCESSIBLE (picture), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Image"), -1);
  return picture;
}

static char *
describe (ViaImageView *self,
          int           width,
          int           height)
{
  g_autofree char *size = g_format_size (self->size);

  if (width <= 0 || height <= 0)
    return g_strdup_printf ("%s · %s", self->mime_type != NULL ? self->mime_type : _("Image"), size);
  /* translators: the kind of an image, its width and height in pixels, and its size in bytes */
  return g_strdup_printf (_("%s · %d × %d · %s"), self->mime_type != NULL ? self->mime_type : _("Image"), width, height,
                          size);
}

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(ViaImageView) self = user_data;
  g_autoptr(GError) error = NULL;
  int width, height;
  g_autoptr(GdkTexture) texture = via_image_load_finish (result, &width, &height, &error);
  g_autofree char *caption = NULL;
  GtkWidget *first;

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  self->settled = TRUE;
  caption = describe (self, width, height);
  via_content_row_set_caption (self->row, caption);
  if (texture != NULL)
    {
      self->width = width;
      first = create_picture (texture);
    }
  else
    {
      first = gtk_label_new (error->message);
      gtk_label_set_wrap (GTK_LABEL (first), TRUE);
      gtk_label_set_xalign (GTK_LABEL (first), 0);
    }
  gtk_box_prepend (self->box, first);
}

static void
via_image_view_dispose (GObject *object)
{
  ViaImageView *self = VIA_IMAGE_VIEW (object);

  g_cancellable_cancel (self->cancellable);

  G_OBJECT_CLASS (via_image_view_parent_class)->dispose (object);
}

static void
via_image_view_finalize (GObject *object)
{
  ViaImageView *self = VIA_IMAGE_VIEW (object);

  g_clear_object (&self->cancellable);
  g_free (self->mime_type);

  G_OBJECT_CLASS (via_image_view_parent_class)->finalize (object);
}

static void
via_image_view_class_init (ViaImageViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = via_image_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = via_image_view_finalize;
}

static void
via_image_view_init (ViaImageView *self)
{
  self->cancellable = g_cancellable_new ();
  self->box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 6));
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->box));
}

GtkWidget *
via_image_view_new (GBytes     *bytes,
                    const char *name,
                    const char *mime_type)
{
  ViaImageView *self = g_object_new (VIA_TYPE_IMAGE_VIEW, NULL);
  g_autofree char *caption = NULL;

  self->mime_type = g_strdup (mime_type);
  self->size = g_bytes_get_size (bytes);
  caption = describe (self, 0, 0);
  self->row = VIA_CONTENT_ROW (via_content_row_new (NULL, name, caption));
  via_content_row_add_save (self->row, bytes, name, mime_type);
  gtk_box_append (self->box, GTK_WIDGET (self->row));
  via_image_load_async (bytes, self->cancellable, loaded_cb, g_object_ref (self));
  return GTK_WIDGET (self);
}

gboolean
via_image_view_is_settled (ViaImageView *self)
{
  g_return_val_if_fail (VIA_IS_IMAGE_VIEW (self), FALSE);

  return self->settled;
}

int
via_image_view_get_width (ViaImageView *self)
{
  g_return_val_if_fail (VIA_IS_IMAGE_VIEW (self), 0);

  return self->width;
}
