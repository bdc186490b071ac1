/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-app"

#include "config.h"

#include <glib/gi18n.h>

#include "via-audio-row.h"
#include "via-content-row.h"

typedef struct
{
  GtkBox *box;
  GBytes *bytes;
} Play;

static void
play_free (gpointer  data,
           GClosure *closure)
{
  Play *play = data;

  g_bytes_unref (play->bytes);
  g_free (play);
}

/* GTK is built without something that plays on some systems; its stand-in would only ever say so. */
static gboolean
can_play (void)
{
  GIOExtensionPoint *point;

  g_type_ensure (GTK_TYPE_MEDIA_FILE);
  point = g_io_extension_point_lookup (GTK_MEDIA_FILE_EXTENSION_POINT_NAME);
  for (GList *item = point != NULL ? g_io_extension_point_get_extensions (point) : NULL; item != NULL; item = item->next)
    if (!g_str_equal (g_io_extension_get_name (item->data), "nomedia"))
      return TRUE;
  return FALSE;
}

static void
play_clicked_cb (GtkWidget *button,
                 Play      *play)
{
  g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_bytes (play->bytes);
  g_autoptr(GtkMediaStream) media = gtk_media_file_new_for_input_stream (stream);
  GtkWidget *controls = gtk_media_controls_new (media);

  gtk_widget_set_visible (button, FALSE);
  gtk_box_append (play->box, controls);
  gtk_media_stream_play (media);
}

GtkWidget *
via_audio_row_new (GBytes     *bytes,
                   const char *name,
                   const char *mime_type)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  g_autofree char *size = g_format_size (g_bytes_get_size (bytes));
  g_autofree char *caption = g_strdup_printf ("%s · %s", mime_type != NULL ? mime_type : _("Audio"), size);
  GtkWidget *row = via_content_row_new ("audio-x-generic-symbolic", name != NULL ? name : _("Audio"), caption);

  if (can_play ())
    {
      GtkWidget *button = via_content_row_add_button (VIA_CONTENT_ROW (row), _("Play"));
      Play *play = g_new0 (Play, 1);

      play->box = GTK_BOX (box);
      play->bytes = g_bytes_ref (bytes);
      g_signal_connect_data (button, "clicked", G_CALLBACK (play_clicked_cb), play, play_free, 0);
    }
  via_content_row_add_save (VIA_CONTENT_ROW (row), bytes, name, mime_type);
  gtk_box_append (GTK_BOX (box), row);
  return box;
}
