/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-app"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "via-content-row.h"
#include "via-dialogs.h"
#include "via-wrap-box.h"

/* Pixels below which the buttons go to a line of their own. */
#define LABELS_WIDTH 140

struct _ViaContentRow
{
  AdwBin        parent_instance;

  /* children */
  ViaWrapBox   *box;
  GtkLabel     *caption;
  GtkBox       *buttons;

  /* owned */
  GBytes       *bytes; /* nullable; what Save… saves */
  char         *name;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (ViaContentRow, via_content_row, ADW_TYPE_BIN)

/* Only the base name of what a server says, and nothing that a file system reads as more than a name. */
static char *
build_name (const char *name,
            const char *mime_type)
{
  static const struct { const char *mime_type, *suffix; } suffixes[] = {
    { "image/png", "png" }, { "image/jpeg", "jpg" }, { "image/gif", "gif" }, { "image/webp", "webp" },
    { "image/svg+xml", "svg" }, { "audio/wav", "wav" }, { "audio/x-wav", "wav" }, { "audio/mpeg", "mp3" },
    { "audio/ogg", "ogg" }, { "audio/flac", "flac" }, { "application/pdf", "pdf" }, { "application/zip", "zip" },
    { "application/gzip", "gz" }, { "application/json", "json" }, { "text/html", "html" }, { "text/csv", "csv" },
  };
  const char *slash = name != NULL ? strrchr (name, '/') : NULL;
  g_autofree char *base = g_strndup (slash != NULL ? slash + 1 : name != NULL ? name : "", 120);
  g_autofree char *valid = g_utf8_make_valid (base, -1);

  g_strdelimit (valid, "\\:*?\"<>|\n\r\t", '-');
  if (*valid != '\0' && *valid != '.' && strchr (valid, '.') != NULL)
    return g_steal_pointer (&valid);
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    if (g_strcmp0 (mime_type, suffixes[i].mime_type) == 0)
      return g_strdup_printf ("%s.%s", *valid != '\0' && *valid != '.' ? valid : "result", suffixes[i].suffix);
  return g_strdup (*valid != '\0' && *valid != '.' ? valid : "result.bin");
}

static void
saved_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(ViaContentRow) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GFile) file = via_dialogs_save_finish (result, &error);

  if (gtk_widget_get_root (GTK_WIDGET (self)) == NULL)
    return;
  if (error != NULL)
    via_dialogs_toast (GTK_WIDGET (self), error->message);
  else if (file != NULL)
    via_dialogs_toast (GTK_WIDGET (self), _("File saved"));
}

static void
save_clicked_cb (ViaContentRow *self)
{
  via_dialogs_save_async (GTK_WIDGET (self), self->name, self->bytes, self->cancellable, saved_cb,
                          g_object_ref (self));
}

static void
via_content_row_dispose (GObject *object)
{
  ViaContentRow *self = VIA_CONTENT_ROW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_pointer (&self->name, g_free);

  G_OBJECT_CLASS (via_content_row_parent_class)->dispose (object);
}

static void
via_content_row_finalize (GObject *object)
{
  g_clear_object (&VIA_CONTENT_ROW (object)->cancellable);

  G_OBJECT_CLASS (via_content_row_parent_class)->finalize (object);
}

static void
via_content_row_class_init (ViaContentRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = via_content_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = via_content_row_finalize;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
via_content_row_init (ViaContentRow *self)
{
  self->cancellable = g_cancellable_new ();
}

static GtkWidget *
create_label (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_lines (GTK_LABEL (label), 3);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  return label;
}

GtkWidget *
via_content_row_new (const char *icon_name,
                     const char *title,
                     const char *caption)
{
  ViaContentRow *self = g_object_new (VIA_TYPE_CONTENT_ROW, NULL);
  GtkWidget *facts = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *labels = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->box = VIA_WRAP_BOX (via_wrap_box_new ());
  via_wrap_box_set_spacing (self->box, 12, 6);
  if (icon_name != NULL)
    gtk_box_append (GTK_BOX (facts), gtk_image_new_from_icon_name (icon_name));
  if (title != NULL)
    gtk_box_append (GTK_BOX (labels), create_label (title));
  self->caption = GTK_LABEL (create_label (NULL));
  gtk_widget_add_css_class (GTK_WIDGET (self->caption), "caption");
  gtk_widget_add_css_class (GTK_WIDGET (self->caption), "dim-label");
  gtk_box_append (GTK_BOX (labels), GTK_WIDGET (self->caption));
  gtk_widget_set_valign (labels, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (labels, TRUE);
  gtk_widget_set_size_request (labels, LABELS_WIDTH, -1);
  gtk_box_append (GTK_BOX (facts), labels);
  gtk_widget_set_hexpand (facts, TRUE);
  via_wrap_box_append (self->box, facts);
  self->buttons = GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6));
  gtk_widget_set_valign (GTK_WIDGET (self->buttons), GTK_ALIGN_CENTER);
  gtk_widget_set_visible (GTK_WIDGET (self->buttons), FALSE);
  via_wrap_box_append (self->box, GTK_WIDGET (self->buttons));
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->box));
  via_content_row_set_caption (self, caption);
  if (title != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  return GTK_WIDGET (self);
}

void
via_content_row_set_caption (ViaContentRow *self,
                             const char    *caption)
{
  g_return_if_fail (VIA_IS_CONTENT_ROW (self));

  gtk_label_set_text (self->caption, caption != NULL ? caption : "");
  gtk_widget_set_visible (GTK_WIDGET (self->caption), caption != NULL && *caption != '\0');
}

GtkWidget *
via_content_row_add_button (ViaContentRow *self,
                            const char    *label)
{
  GtkWidget *button;

  g_return_val_if_fail (VIA_IS_CONTENT_ROW (self), NULL);

  button = gtk_button_new_with_label (label);
  gtk_widget_add_css_class (button, "flat");
  gtk_box_append (self->buttons, button);
  gtk_widget_set_visible (GTK_WIDGET (self->buttons), TRUE);
  return button;
}

void
via_content_row_add_save (ViaContentRow *self,
                          GBytes        *bytes,
                          const char    *name,
                          const char    *mime_type)
{
  GtkWidget *button;

  g_return_if_fail (VIA_IS_CONTENT_ROW (self));
  g_return_if_fail (self->bytes == NULL);

  self->bytes = g_bytes_ref (bytes);
  self->name = build_name (name, mime_type);
  button = via_content_row_add_button (self, _("Save…"));
  g_signal_connect_object (button, "clicked", G_CALLBACK (save_clicked_cb), self, G_CONNECT_SWAPPED);
}
