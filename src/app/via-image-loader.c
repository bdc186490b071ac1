/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-app"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "via-image-loader.h"

#define CHUNK_BYTES 65536

typedef struct
{
  GBytes   *bytes;
  int       width; /* of the image */
  int       height;
  gboolean  refused;
} Load;

static void
load_free (Load *load)
{
  g_bytes_unref (load->bytes);
  g_free (load);
}

/* The kinds of images that are decoded, by what they begin with: never by what a server calls them. */
static const char *
find_kind (const guint8 *data,
           gsize         length)
{
  static const struct { const char *kind, *magic; gsize at; } kinds[] = {
    { "png", "\211PNG\r\n\032\n", 0 }, { "jpeg", "\377\330\377", 0 }, { "gif", "GIF8", 0 }, { "webp", "WEBP", 8 },
    { "bmp", "BM", 0 }, { "svg", "<svg", 0 }, { "svg", "<?xml", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      gsize size = strlen (kinds[i].magic);

      if (length >= kinds[i].at + size && memcmp (data + kinds[i].at, kinds[i].magic, size) == 0)
        return kinds[i].kind;
    }
  return NULL;
}

/* A size of nothing is how a decoder is told to stop before it asks for the memory. */
static void
size_prepared_cb (GdkPixbufLoader *loader,
                  int              width,
                  int              height,
                  Load            *load)
{
  double scale;

  load->width = width;
  load->height = height;
  if (width <= 0 || height <= 0 || (gint64) width * height > VIA_IMAGE_PIXELS_MAX)
    {
      load->refused = TRUE;
      gdk_pixbuf_loader_set_size (loader, 0, 0);
      return;
    }
  scale = MIN ((double) VIA_IMAGE_SIDE_MAX / width, (double) VIA_IMAGE_SIDE_MAX / height);
  if (scale < 1)
    gdk_pixbuf_loader_set_size (loader, MAX ((int) (width * scale), 1), MAX ((int) (height * scale), 1));
}

static gboolean
feed (GdkPixbufLoader  *loader,
      Load             *load,
      GCancellable     *cancellable,
      GError          **error)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (load->bytes, &length);

  for (gsize at = 0; at < length && !load->refused; at += CHUNK_BYTES)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error)
          || !gdk_pixbuf_loader_write (loader, data + at, MIN (CHUNK_BYTES, length - at), error))
        return FALSE;
    }
  return TRUE;
}

/* The decoder's own words are for programmers; a person is told what it means. */
static GError *
explain (Load   *load,
         GError *error) /* (transfer full) (nullable) */
{
  g_autoptr(GError) cause = error;

  if (load->refused)
    return g_error_new (G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                        _("The image has %d × %d pixels, too many to show. Save it to look at it elsewhere."),
                        load->width, load->height);
  if (cause != NULL && cause->domain == G_IO_ERROR)
    return g_steal_pointer (&cause);
  return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                              _("The image is damaged. Save it to look at its bytes."));
}

static GdkTexture *
decode (Load          *load,
        const char    *kind,
        GCancellable  *cancellable,
        GError       **error)
{
  g_autoptr(GdkPixbufLoader) loader = gdk_pixbuf_loader_new_with_type (kind, NULL);
  GError *cause = NULL;
  GdkPixbuf *pixbuf;
  gboolean whole;

  if (loader == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                           _("This kind of image cannot be shown here. Save it to look at it elsewhere."));
      return NULL;
    }
  g_signal_connect (loader, "size-prepared", G_CALLBACK (size_prepared_cb), load);
  whole = feed (loader, load, cancellable, &cause);
  if (!gdk_pixbuf_loader_close (loader, whole ? &cause : NULL))
    whole = FALSE;
  pixbuf = gdk_pixbuf_loader_get_pixbuf (loader);
  if (!whole || load->refused || pixbuf == NULL)
    {
      g_propagate_error (error, explain (load, cause));
      return NULL;
    }
  return gdk_texture_new_for_pixbuf (pixbuf);
}

static void
load_thread (GTask        *task,
             gpointer      source,
             gpointer      data,
             GCancellable *cancellable)
{
  Load *load = data;
  gsize length;
  const guint8 *bytes = g_bytes_get_data (load->bytes, &length);
  const char *kind = find_kind (bytes, length);
  GError *error = NULL;
  GdkTexture *texture;

  if (kind == NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                               _("This kind of image cannot be shown here. Save it to look at it elsewhere."));
      return;
    }
  texture = decode (load, kind, cancellable, &error);
  if (texture != NULL)
    g_task_return_pointer (task, texture, g_object_unref);
  else
    g_task_return_error (task, error);
}

void
via_image_load_async (GBytes              *bytes,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Load *load = g_new0 (Load, 1);

  load->bytes = g_bytes_ref (bytes);
  g_task_set_source_tag (task, via_image_load_async);
  g_task_set_task_data (task, load, (GDestroyNotify) load_free);
  g_task_run_in_thread (task, load_thread);
}

GdkTexture *
via_image_load_finish (GAsyncResult  *result,
                       int           *width,
                       int           *height,
                       GError       **error)
{
  Load *load = g_task_get_task_data (G_TASK (result));

  *width = load->width;
  *height = load->height;
  return g_task_propagate_pointer (G_TASK (result), error);
}
