/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <glib/gi18n.h>

#include "via-token-dialog.h"

#include "via-dialogs.h"

/* A message dialog with one password row is all it takes; this is what it carries along. */
typedef struct
{
  GtkWidget        *widget;
  ViaBridgeManager *manager;
  ViaBridge        *bridge;
  GtkWidget        *row;    /* borrowed from the dialog */
} TokenDialog;

static void
token_dialog_free (TokenDialog *self)
{
  g_object_unref (self->widget);
  g_object_unref (self->manager);
  g_object_unref (self->bridge);
  g_free (self);
}

static void
closure_free (gpointer  data,
              GClosure *closure)
{
  token_dialog_free (data);
}

static TokenDialog *
token_dialog_copy (TokenDialog *self)
{
  TokenDialog *copy = g_new0 (TokenDialog, 1);

  copy->widget = g_object_ref (self->widget);
  copy->manager = g_object_ref (self->manager);
  copy->bridge = g_object_ref (self->bridge);
  return copy;
}

static void
stored_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  TokenDialog *self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  ViaSecretPlace place = via_secret_store_set_finish (VIA_SECRET_STORE (object), result, &error);

  if (error != NULL)
    text = g_strdup (error->message);
  else
    /* translators: a place, such as "the login keyring" */
    text = g_strdup_printf (_("The token is kept in %s."), via_secret_place_get_title (place));
  via_dialogs_toast (self->widget, text);
  if (error == NULL)
    gtk_widget_activate_action (self->widget, "win.refresh-bridge", "s", via_bridge_get_name (self->bridge));
  token_dialog_free (self);
}

static void
response_cb (AdwMessageDialog *dialog,
             const char       *response,
             TokenDialog      *self)
{
  const char *value = gtk_editable_get_text (GTK_EDITABLE (self->row));

  if (!g_str_equal (response, "agree") || *value == '\0')
    return;
  via_secret_store_set_async (via_bridge_manager_get_secrets (self->manager),
                              via_bridge_get_config (self->bridge)->auth_token_name, value, NULL, stored_cb,
                              token_dialog_copy (self));
  gtk_editable_set_text (GTK_EDITABLE (self->row), "");
}

static void
changed_cb (GtkEditable      *editable,
            AdwMessageDialog *dialog)
{
  adw_message_dialog_set_response_enabled (dialog, "agree", *gtk_editable_get_text (editable) != '\0');
}

static void
found_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(AdwPreferencesGroup) group = user_data;
  ViaSecretPlace place = via_secret_store_find_finish (VIA_SECRET_STORE (object), result, NULL);
  g_autofree char *text = NULL;

  if (place == VIA_SECRET_NOWHERE)
    return;
  /* translators: a place, such as "the environment" */
  text = g_strdup_printf (_("Now it comes from %s."), via_secret_place_get_title (place));
  adw_preferences_group_set_description (group, text);
}

static GtkWidget *
build_content (TokenDialog *self)
{
  GtkWidget *group = adw_preferences_group_new ();

  self->row = adw_password_entry_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->row), _("Token"));
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (self->row), TRUE);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), self->row);
  return group;
}

void
via_token_dialog_open (GtkWidget        *widget,
                       ViaBridgeManager *manager,
                       ViaBridge        *bridge)
{
  TokenDialog *self = g_new0 (TokenDialog, 1);
  const char *name = via_bridge_get_config (bridge)->auth_token_name;
  AdwMessageDialog *dialog;
  GtkWidget *content;

  self->widget = g_object_ref (widget);
  self->manager = g_object_ref (manager);
  self->bridge = g_object_ref (bridge);
  content = build_content (self);
  dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (widget)), _("Set Token"), NULL));
  adw_message_dialog_format_body (dialog, _("“%s” is authorized by the token called %s. It is kept in the keyring, "
                                            "never in the configuration file."), via_bridge_get_name (bridge), name);
  adw_message_dialog_set_extra_child (dialog, content);
  adw_message_dialog_add_responses (dialog, "cancel", _("_Cancel"), "agree", _("_Set Token"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "agree", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_response_enabled (dialog, "agree", FALSE);
  adw_message_dialog_set_default_response (dialog, "agree");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_object (self->row, "changed", G_CALLBACK (changed_cb), dialog, 0);
  via_secret_store_find_async (via_bridge_manager_get_secrets (manager), name, NULL, found_cb, g_object_ref (content));
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), self, closure_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}
