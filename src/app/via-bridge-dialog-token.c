/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <glib/gi18n.h>

#include "via-bridge-dialog-private.h"

#include "via-dialogs.h"

void
via_bridge_dialog_update_token (ViaBridgeDialog *self)
{
  gboolean kept = self->token_place != VIA_SECRET_NOWHERE;
  gboolean ours = self->token_place == VIA_SECRET_KEYRING || self->token_place == VIA_SECRET_SESSION;
  g_autofree char *text = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->token_note), via_bridge_dialog_wants_token (self));
  gtk_widget_set_visible (self->forget_button, ours);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->token_row), kept ? _("Replace Token") : _("Token"));
  if (kept)
    /* translators: the name of a token, then a place, such as "the login keyring" */
    text = g_strdup_printf (_("%s comes from %s. The configuration file says only its name."),
                            via_bridge_dialog_get_text (self->token_name_row), via_secret_place_get_title (self->token_place));
  else
    /* translators: a place, such as "the login keyring" */
    text = g_strdup_printf (_("It will be kept in %s; the configuration file says only its name."),
                            via_secret_place_get_title (VIA_SECRET_KEYRING));
  gtk_label_set_text (self->token_note, text);
}

static void
found_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(ViaBridgeDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  ViaSecretPlace place = via_secret_store_find_finish (VIA_SECRET_STORE (object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || g_cancellable_is_cancelled (self->cancellable))
    return;
  self->token_place = place;
  via_bridge_dialog_update_token (self);
}

void
via_bridge_dialog_find_token (ViaBridgeDialog *self)
{
  g_cancellable_cancel (self->find_cancellable);
  g_clear_object (&self->find_cancellable);
  self->find_cancellable = g_cancellable_new ();
  self->token_place = VIA_SECRET_NOWHERE;
  if (*via_bridge_dialog_get_text (self->token_name_row) != '\0')
    via_secret_store_find_async (via_bridge_manager_get_secrets (self->manager),
                                 via_bridge_dialog_get_text (self->token_name_row),
                                 self->find_cancellable, found_cb, g_object_ref (self));
}

static void
forgotten_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(ViaBridgeDialog) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!via_secret_store_clear_finish (VIA_SECRET_STORE (object), result, &error))
    via_dialogs_toast (self->overlay, error->message);
  else
    via_dialogs_toast (self->overlay, _("The token was forgotten."));
  via_bridge_dialog_find_token (self);
}

void
via_bridge_dialog_forget_token (ViaBridgeDialog *self)
{
  via_secret_store_clear_async (via_bridge_manager_get_secrets (self->manager), via_bridge_dialog_get_text (self->token_name_row),
                                self->cancellable, forgotten_cb, g_object_ref (self));
}

typedef struct
{
  ViaBridgeDialog *dialog;
  ViaBridgeDialogStep       next;
} TokenStep;

static void
token_stored_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  TokenStep *step = user_data;
  g_autoptr(ViaBridgeDialog) self = step->dialog;
  g_autoptr(GError) error = NULL;
  ViaSecretPlace place = via_secret_store_set_finish (VIA_SECRET_STORE (object), result, &error);

  if (error == NULL)
    {
      gtk_editable_set_text (GTK_EDITABLE (self->token_row), "");
      self->token_place = place;
      via_bridge_dialog_update_token (self);
      step->next (self);
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    via_dialogs_toast (self->overlay, error->message);
  g_free (step);
}

void
via_bridge_dialog_store_token (ViaBridgeDialog *self,
             ViaBridgeDialogStep       next)
{
  TokenStep *step;

  if (!via_bridge_dialog_wants_token (self) || *via_bridge_dialog_get_text (self->token_row) == '\0')
    {
      next (self);
      return;
    }
  step = g_new0 (TokenStep, 1);
  step->dialog = g_object_ref (self);
  step->next = next;
  via_secret_store_set_async (via_bridge_manager_get_secrets (self->manager), via_bridge_dialog_get_text (self->token_name_row),
                              via_bridge_dialog_get_text (self->token_row), self->cancellable, token_stored_cb, step);
}
