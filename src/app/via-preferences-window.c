/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <glib/gi18n.h>

#include "via-preferences-window.h"

#include "via-dialogs.h"

struct _ViaPreferencesWindow
{
  AdwPreferencesWindow  parent_instance;

  AdwComboRow          *style_row;
  GtkSpinButton        *timeout;
  AdwActionRow         *file_row;
  GtkWidget            *open_button;

  ViaConfigFile        *file;
};

G_DEFINE_FINAL_TYPE (ViaPreferencesWindow, via_preferences_window, ADW_TYPE_PREFERENCES_WINDOW)

static const char *const schemes[] = { "system", "light", "dark", NULL };

static void
open_cb (ViaPreferencesWindow *self)
{
  g_autofree char *uri = g_filename_to_uri (via_config_file_get_path (self->file), NULL, NULL);

  gtk_show_uri (GTK_WINDOW (self), uri, GDK_CURRENT_TIME);
}

static gboolean
scheme_to_index (GBinding     *binding,
                 const GValue *from,
                 GValue       *to,
                 gpointer      user_data)
{
  for (guint i = 0; schemes[i] != NULL; i++)
    if (g_strcmp0 (schemes[i], g_value_get_string (from)) == 0)
      g_value_set_uint (to, i);
  return TRUE;
}

static gboolean
index_to_scheme (GBinding     *binding,
                 const GValue *from,
                 GValue       *to,
                 gpointer      user_data)
{
  guint index = g_value_get_uint (from);

  if (index >= g_strv_length ((char **) schemes))
    return FALSE;
  g_value_set_static_string (to, schemes[index]);
  return TRUE;
}

static void
via_preferences_window_dispose (GObject *object)
{
  g_clear_object (&VIA_PREFERENCES_WINDOW (object)->file);
  G_OBJECT_CLASS (via_preferences_window_parent_class)->dispose (object);
}

static void
via_preferences_window_class_init (ViaPreferencesWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = via_preferences_window_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/viaduct/Viaduct/via-preferences-window.ui");
  gtk_widget_class_bind_template_child (widget_class, ViaPreferencesWindow, style_row);
  gtk_widget_class_bind_template_child (widget_class, ViaPreferencesWindow, timeout);
  gtk_widget_class_bind_template_child (widget_class, ViaPreferencesWindow, file_row);
  gtk_widget_class_bind_template_child (widget_class, ViaPreferencesWindow, open_button);
  gtk_widget_class_bind_template_callback (widget_class, open_cb);
}

static void
via_preferences_window_init (ViaPreferencesWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWindow *
via_preferences_window_new (ViaSettings   *settings,
                            ViaConfigFile *file)
{
  ViaPreferencesWindow *self = g_object_new (VIA_TYPE_PREFERENCES_WINDOW, NULL);
  g_autofree char *escaped = g_markup_escape_text (via_config_file_get_path (file), -1);

  self->file = g_object_ref (file);
  adw_action_row_set_subtitle (self->file_row, escaped);
  gtk_widget_set_sensitive (self->open_button, via_config_file_exists (file));
  g_object_bind_property (settings, "default-timeout", self->timeout, "value", G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
  g_object_bind_property_full (settings, "color-scheme", self->style_row, "selected",
                               G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL, scheme_to_index, index_to_scheme, NULL, NULL);
  return GTK_WINDOW (self);
}
