/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <glib/gi18n.h>

#include "via-application.h"

#include "bridge/via-bridge-manager.h"

#include "via-dialogs.h"
#include "via-preferences-window.h"
#include "via-settings.h"
#include "via-shortcuts.h"
#include "via-window.h"

struct _ViaApplication
{
  AdwApplication    parent_instance;

  char             *config_path; /* (nullable) --config */
  ViaSettings      *settings;
  ViaConfigFile    *file;
  ViaBridgeManager *manager;     /* (nullable) until the file has been read */
  GtkWindow        *window;      /* (nullable) weak */
};

G_DEFINE_FINAL_TYPE (ViaApplication, via_application, ADW_TYPE_APPLICATION)

static void
apply_color_scheme (ViaApplication *self)
{
  const char *scheme = via_settings_get_color_scheme (self->settings);

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      g_str_equal (scheme, "dark")    ? ADW_COLOR_SCHEME_FORCE_DARK
                                      : g_str_equal (scheme, "light") ? ADW_COLOR_SCHEME_FORCE_LIGHT
                                                                      : ADW_COLOR_SCHEME_DEFAULT);
}

static void
loaded_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(ViaApplication) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(ViaRedactor) redactor = via_redactor_new ();
  g_autofree char *directory = g_path_get_dirname (via_config_file_get_path (self->file));
  g_autoptr(ViaSecretStore) secrets = via_secret_store_new (redactor, directory);
  gboolean loaded = via_config_file_load_finish (self->file, result, &error);

  self->manager = via_bridge_manager_new (self->file, secrets);
  via_bridge_manager_apply (self->manager);
  via_config_file_watch (self->file);
  if (self->window == NULL)
    return;
  via_window_set_manager (VIA_WINDOW (self->window), self->manager);
  /* Mistakes in the file stand in the window with their lines; a file that cannot be read at all is said here. */
  if (!loaded && via_config_file_get_problems (self->file)->len == 0)
    via_dialogs_toast (GTK_WIDGET (self->window), error->message);
}

static void
ensure_window (ViaApplication *self)
{
  if (self->window != NULL)
    return;
  g_set_weak_pointer (&self->window, via_window_new (GTK_APPLICATION (self), self->settings));
  if (self->manager != NULL)
    via_window_set_manager (VIA_WINDOW (self->window), self->manager);
}

static void
via_application_activate (GApplication *application)
{
  ViaApplication *self = VIA_APPLICATION (application);

  ensure_window (self);
  gtk_window_present (self->window);
}

static int
via_application_command_line (GApplication            *application,
                              GApplicationCommandLine *command_line)
{
  ViaApplication *self = VIA_APPLICATION (application);
  GVariantDict *options = g_application_command_line_get_options_dict (command_line);
  const char *wanted = g_application_command_line_getenv (command_line, "VIADUCT_OPEN");

  g_variant_dict_lookup (options, "bridge", "&s", &wanted);
  ensure_window (self);
  if (wanted != NULL && *wanted != '\0')
    via_window_open_bridge (VIA_WINDOW (self->window), wanted);
  g_application_activate (application);
  return 0;
}

static int
via_application_handle_local_options (GApplication *application,
                                      GVariantDict *options)
{
  ViaApplication *self = VIA_APPLICATION (application);

  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("viaduct %s\n", VIA_VERSION);
      return 0;
    }
  /* Another configuration is another program: it must not end up in the window of the first. */
  if (g_variant_dict_lookup (options, "config", "^ay", &self->config_path) || g_getenv ("VIADUCT_CONFIG") != NULL)
    g_application_set_flags (application, g_application_get_flags (application) | G_APPLICATION_NON_UNIQUE);
  return -1;
}

static void
preferences_action (GSimpleAction *action,
                    GVariant      *parameter,
                    gpointer       user_data)
{
  ViaApplication *self = user_data;
  GtkWindow *window = via_preferences_window_new (self->settings, self->file);

  gtk_window_set_transient_for (window, self->window);
  gtk_window_present (window);
}

static void
shortcuts_action (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       user_data)
{
  ViaApplication *self = user_data;
  GtkWindow *window = GTK_WINDOW (via_shortcuts_window_new ());

  gtk_window_set_transient_for (window, self->window);
  gtk_window_present (window);
}

static void
about_action (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  ViaApplication *self = user_data;
  const char *developers[] = { "The Viaduct Authors", NULL };

  adw_show_about_window (self->window,
                         "application-name", _("Viaduct"),
                         "application-icon", VIA_APP_ID,
                         "version", VIA_VERSION,
                         "developer-name", _("The Viaduct Authors"),
                         "developers", developers,
                         "copyright", "© 2026 The Viaduct Authors",
                         "license-type", GTK_LICENSE_GPL_3_0,
                         "comments", _("A workbench for MCP servers: choose a bridge, see its tools, fill in a form, "
                                       "execute, read the result."),
                         /* translators: put your names here, one a line */
                         "translator-credits", _("translator-credits"),
                         NULL);
}

/* Through the window's own way of closing, so that children end first. */
static void
quit_action (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  ViaApplication *self = user_data;

  if (self->window != NULL)
    gtk_window_close (self->window);
  else
    g_application_quit (G_APPLICATION (self));
}

static void
via_application_startup (GApplication *application)
{
  ViaApplication *self = VIA_APPLICATION (application);
  g_autofree char *path = via_config_file_find_path (self->config_path);
  const GActionEntry entries[] = {
    { "preferences", preferences_action, NULL, NULL, NULL, { 0 } },
    { "shortcuts", shortcuts_action, NULL, NULL, NULL, { 0 } },
    { "about", about_action, NULL, NULL, NULL, { 0 } },
    { "quit", quit_action, NULL, NULL, NULL, { 0 } },
  };

  self->file = via_config_file_new (path);
  via_config_file_load_async (self->file, NULL, loaded_cb, g_object_ref (self));
  G_APPLICATION_CLASS (via_application_parent_class)->startup (application);
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  gtk_window_set_default_icon_name (VIA_APP_ID);
  via_shortcuts_install (GTK_APPLICATION (self));
  self->settings = via_settings_new ();
  g_signal_connect_object (self->settings, "notify::color-scheme", G_CALLBACK (apply_color_scheme), self, G_CONNECT_SWAPPED);
  apply_color_scheme (self);
}

static void
via_application_dispose (GObject *object)
{
  ViaApplication *self = VIA_APPLICATION (object);

  g_clear_weak_pointer (&self->window);
  g_clear_object (&self->manager);
  g_clear_object (&self->file);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->config_path, g_free);
  G_OBJECT_CLASS (via_application_parent_class)->dispose (object);
}

static void
via_application_class_init (ViaApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = via_application_dispose;
  application_class->activate = via_application_activate;
  application_class->command_line = via_application_command_line;
  application_class->handle_local_options = via_application_handle_local_options;
  application_class->startup = via_application_startup;
}

static void
via_application_init (ViaApplication *self)
{
  const GOptionEntry entries[] = {
    { "bridge", 'b', 0, G_OPTION_ARG_STRING, NULL, N_("Show this bridge"), N_("NAME") },
    { "config", 'c', 0, G_OPTION_ARG_FILENAME, NULL, N_("Use this configuration file"), N_("FILE") },
    { "version", 'v', 0, G_OPTION_ARG_NONE, NULL, N_("Show the version"), NULL },
    { NULL }
  };

  g_application_add_main_option_entries (G_APPLICATION (self), entries);
}

ViaApplication *
via_application_new (void)
{
  return g_object_new (VIA_TYPE_APPLICATION,
                       "application-id", VIA_APP_ID,
                       "flags", G_APPLICATION_HANDLES_COMMAND_LINE,
                       /* The same resources under both ids. */
                       "resource-base-path", "/io/github/viaduct/Viaduct",
                       NULL);
}
