/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <glib/gi18n.h>

#include "via-bridge-dialog-private.h"

#include "via-bridge-draft.h"
#include "via-dialogs.h"
#include "via-format.h"
#include "via-pairs-row.h"

#define HEIGHT_MAX 760
/* libadwaita's rows unfold in a quarter of a second. */
#define UNFOLD_MS 280

G_DEFINE_FINAL_TYPE (ViaBridgeDialog, via_bridge_dialog, ADW_TYPE_WINDOW)

enum
{
  SIGNAL_SAVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* --- Checking ------------------------------------------------------------------------------------------------------ */

/* An empty field is not wrong yet, it is only not ready. */
static void
mark (GtkWidget  *row,
      const char *problem)
{
  if (problem != NULL && *via_bridge_dialog_get_text (row) != '\0')
    gtk_widget_add_css_class (row, "error");
  else
    gtk_widget_remove_css_class (row, "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_STATE_INVALID,
                               problem != NULL ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}

static ViaConfig *
get_file_config (ViaBridgeDialog *self)
{
  return via_config_file_get_config (via_bridge_manager_get_file (self->manager));
}

/* Shows the first problem that somebody can see; TRUE when there is none at all. */
static gboolean
check (ViaBridgeDialog *self)
{
  gboolean is_command = via_bridge_dialog_get_kind (self) == VIA_BRIDGE_KIND_COMMAND;
  gboolean require_https = via_config_get_settings (get_file_config (self))->require_https;
  GtkWidget *target_row = is_command ? self->command_row : self->address_row;
  const char *target_text = via_bridge_dialog_get_text (target_row);
  g_autofree char *name = via_bridge_draft_check_name (via_bridge_dialog_get_text (self->name_row),
                                                       get_file_config (self), self->own_name);
  g_autofree char *target = is_command ? via_bridge_draft_check_command (target_text)
                                       : via_bridge_draft_check_address (target_text, require_https);
  g_autofree char *token = NULL;
  const char *shown = NULL;

  if (via_bridge_dialog_wants_token (self))
    token = via_bridge_draft_check_token_name (via_bridge_dialog_get_text (self->token_name_row));
  mark (self->name_row, name);
  mark (target_row, target);
  mark (self->token_name_row, token);
  if (name != NULL && *via_bridge_dialog_get_text (self->name_row) != '\0')
    shown = name;
  else if (target != NULL && *via_bridge_dialog_get_text (target_row) != '\0')
    shown = target;
  else
    shown = token;
  gtk_label_set_text (self->problem, shown != NULL ? shown : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), shown != NULL);
  gtk_widget_set_visible (self->notes, shown != NULL || via_bridge_dialog_wants_token (self));
  return name == NULL && target == NULL && token == NULL;
}

static void
update_run (ViaBridgeDialog *self)
{
  g_auto(GStrv) argv = via_bridge_draft_parse_command (via_bridge_dialog_get_text (self->command_row));
  g_auto(GStrv) pairs = via_pairs_row_dup_pairs (VIA_PAIRS_ROW (self->environment_row));
  g_autofree char *markup = NULL;

  gtk_widget_set_visible (self->run_box, via_bridge_dialog_get_kind (self) == VIA_BRIDGE_KIND_COMMAND && argv != NULL);
  if (argv == NULL)
    return;
  markup = via_bridge_draft_describe_command (argv, pairs, via_bridge_dialog_get_text (self->directory_row));
  gtk_label_set_markup (self->run_label, markup);
}

static void
update_advanced (ViaBridgeDialog *self)
{
  gboolean is_command = via_bridge_dialog_get_kind (self) == VIA_BRIDGE_KIND_COMMAND;
  int timeout = gtk_spin_button_get_value_as_int (self->timeout);
  int retries = gtk_spin_button_get_value_as_int (self->retries);
  g_autofree char *retry_words = g_strdup_printf (ngettext ("%d retry", "%d retries", retries), retries);
  /* translators: a time in seconds, then "3 retries" */
  g_autofree char *subtitle = g_strdup_printf (_("%d s · %s"), timeout, retry_words);

  gtk_widget_set_visible (self->directory_row, is_command);
  gtk_widget_set_visible (self->environment_row, is_command);
  gtk_widget_set_visible (self->headers_row, !is_command);
  gtk_widget_set_visible (GTK_WIDGET (self->protocol_row), via_bridge_dialog_get_kind (self) != VIA_BRIDGE_KIND_REST);
  adw_expander_row_set_subtitle (self->advanced_row, subtitle);
}

static void
suggest_token_name (ViaBridgeDialog *self)
{
  g_autofree char *name = NULL;

  if (self->token_name_typed || *via_bridge_dialog_get_text (self->name_row) == '\0')
    return;
  name = via_bridge_draft_suggest_token_name (via_bridge_dialog_get_text (self->name_row));
  self->suggesting = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->token_name_row), name);
  self->suggesting = FALSE;
}

/* --- Height: as much as the rows need, until somebody gives the window another --------------------------------------- */

static gboolean
height_cb (gpointer data)
{
  ViaBridgeDialog *self = data;
  int width, height, header, content;

  self->height_source = 0;
  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  if (self->height != 0 && height != self->height)
    return G_SOURCE_REMOVE;
  gtk_widget_measure (self->header, GTK_ORIENTATION_VERTICAL, width, NULL, &header, NULL, NULL);
  gtk_widget_measure (self->content, GTK_ORIENTATION_VERTICAL, width, NULL, &content, NULL, NULL);
  self->height = MIN (header + content, HEIGHT_MAX);
  gtk_window_set_default_size (GTK_WINDOW (self), width, self->height);
  return G_SOURCE_REMOVE;
}

static void
queue_height (ViaBridgeDialog *self,
              guint            delay_ms)
{
  g_clear_handle_id (&self->height_source, g_source_remove);
  self->height_source = g_timeout_add (delay_ms, height_cb, self);
}

/* Measures what is unfolded when it has been. */
static void
expanded_cb (ViaBridgeDialog *self)
{
  queue_height (self, UNFOLD_MS);
}

void
via_bridge_dialog_changed (ViaBridgeDialog *self)
{
  gboolean is_command, valid;

  if (!self->ready)
    return;
  is_command = via_bridge_dialog_get_kind (self) == VIA_BRIDGE_KIND_COMMAND;
  suggest_token_name (self);
  gtk_widget_set_visible (self->command_row, is_command);
  gtk_widget_set_visible (self->address_row, !is_command);
  gtk_widget_set_visible (GTK_WIDGET (self->auth_row), !is_command);
  gtk_widget_set_visible (self->token_name_row, via_bridge_dialog_wants_token (self));
  gtk_widget_set_visible (self->token_row, via_bridge_dialog_wants_token (self));
  valid = check (self);
  gtk_widget_set_sensitive (GTK_WIDGET (self->save_button), valid);
  gtk_widget_set_sensitive (self->test_button, valid && self->trial == NULL);
  update_run (self);
  via_bridge_dialog_update_token (self);
  update_advanced (self);
  queue_height (self, 0);
}

static void
token_name_changed_cb (ViaBridgeDialog *self)
{
  if (self->ready && !self->suggesting)
    self->token_name_typed = TRUE;
  via_bridge_dialog_find_token (self);
  if (!self->suggesting)
    via_bridge_dialog_changed (self);
}

/* --- Testing ------------------------------------------------------------------------------------------------------- */

static void
show_test_result (ViaBridgeDialog *self,
                  const char      *text,
                  const char      *css_class)
{
  gtk_widget_remove_css_class (GTK_WIDGET (self->test_label), "dim-label");
  gtk_widget_remove_css_class (GTK_WIDGET (self->test_label), "error");
  gtk_widget_remove_css_class (GTK_WIDGET (self->test_label), "success");
  gtk_widget_add_css_class (GTK_WIDGET (self->test_label), css_class);
  gtk_label_set_text (self->test_label, text);
}

static void
trial_ended_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  via_bridge_disconnect_finish (VIA_BRIDGE (object), result, NULL);
}

static void
tested_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(ViaBridgeDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  gint64 time = 0;
  guint n_tools = 0;
  gboolean connected = via_bridge_test_finish (VIA_BRIDGE (object), result, &time, &n_tools, &error);

  via_bridge_disconnect_async (VIA_BRIDGE (object), NULL, trial_ended_cb, NULL);
  g_clear_object (&self->trial);
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  gtk_spinner_stop (self->test_spinner);
  if (connected)
    text = via_format_test_result (time, n_tools);
  show_test_result (self, connected ? text : error->message, connected ? "success" : "error");
  via_bridge_dialog_changed (self);
}

static void
start_test (ViaBridgeDialog *self)
{
  g_autoptr(ViaBridgeConfig) config = via_bridge_dialog_read (self);

  config->enabled = TRUE;
  self->trial = via_bridge_manager_try (self->manager, config);
  gtk_spinner_start (self->test_spinner);
  show_test_result (self, _("Connecting…"), "dim-label");
  via_bridge_test_async (self->trial, self->cancellable, tested_cb, g_object_ref (self));
  via_bridge_dialog_changed (self);
}

static void
test_cb (ViaBridgeDialog *self)
{
  via_bridge_dialog_store_token (self, start_test);
}

/* --- Saving -------------------------------------------------------------------------------------------------------- */

static void
saved_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(ViaBridgeDialog) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!via_config_file_save_finish (VIA_CONFIG_FILE (object), result, &error))
    {
      via_dialogs_toast (self->overlay, error->message);
      gtk_widget_set_sensitive (GTK_WIDGET (self->save_button), TRUE);
      return;
    }
  g_signal_emit (self, signals[SIGNAL_SAVED], 0, via_bridge_dialog_get_text (self->name_row));
  gtk_window_close (GTK_WINDOW (self));
}

static void
save_file (ViaBridgeDialog *self)
{
  g_autoptr(ViaBridgeConfig) bridge = via_bridge_dialog_read (self);
  g_autoptr(ViaConfig) config = NULL;
  g_autoptr(GError) error = NULL;

  if (self->own_name != NULL)
    config = via_config_replace_bridge (get_file_config (self), self->own_name, bridge, &error);
  else
    config = via_config_add_bridge (get_file_config (self), bridge, &error);
  if (config == NULL)
    {
      via_dialogs_toast (self->overlay, error->message);
      return;
    }
  gtk_widget_set_sensitive (GTK_WIDGET (self->save_button), FALSE);
  via_config_file_save_async (via_bridge_manager_get_file (self->manager), config, NULL, saved_cb, g_object_ref (self));
}

static void
save_cb (ViaBridgeDialog *self)
{
  via_bridge_dialog_store_token (self, save_file);
}

void
via_bridge_dialog_entered (ViaBridgeDialog *self)
{
  if (gtk_widget_get_sensitive (GTK_WIDGET (self->save_button)))
    save_cb (self);
}

/* Whatever is under way holds the dialog: it ends when the dialog is closed, not when the last of them lets go. */
static void
via_bridge_dialog_unrealize (GtkWidget *widget)
{
  ViaBridgeDialog *self = VIA_BRIDGE_DIALOG (widget);

  g_cancellable_cancel (self->cancellable);
  g_cancellable_cancel (self->find_cancellable);
  GTK_WIDGET_CLASS (via_bridge_dialog_parent_class)->unrealize (widget);
}

static void
via_bridge_dialog_dispose (GObject *object)
{
  ViaBridgeDialog *self = VIA_BRIDGE_DIALOG (object);

  g_clear_handle_id (&self->height_source, g_source_remove);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->find_cancellable);
  g_clear_object (&self->trial);
  g_clear_object (&self->base);
  g_clear_object (&self->manager);
  g_clear_pointer (&self->own_name, g_free);
  self->ready = FALSE;
  G_OBJECT_CLASS (via_bridge_dialog_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, ViaBridgeDialog, overlay);
  gtk_widget_class_bind_template_child (widget_class, ViaBridgeDialog, header);
  gtk_widget_class_bind_template_child (widget_class, ViaBridgeDialog, content);
  gtk_widget_class_bind_template_child (widget_class, ViaBridgeDialog, save_button);
  gtk_widget_class_bind_template_child (widget_class, ViaBridgeDialog, kinds);
  gtk_widget_class_bind_template_child (widget_class, ViaBridgeDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, ViaBridgeDialog, command_row);
  gtk_widget_class_bind_template_child (widget_class, ViaBridgeDialog, address_row);
  gtk_widget_class_bind_template_child (widget_class, ViaBridgeDialog, auth_row);
  gtk_widget_class_bind_template_child (widget_class, ViaBridgeDialog, token_name_row);
  gtk_widget_class_bind_template_child (widget_class, ViaBridgeDialog, token_row);
  gtk_widget_class_bind_template_child (widget_class, ViaBridgeDialog, forget_button);
  gtk_widget_class_bind_template_child (widget_class, ViaBridgeDialog, notes);
  gtk_widget_class_bind_template_child (widget_class, ViaBridgeDialog, problem);
  gtk_widget_class_bind_template_child (widget_class, ViaBridgeDialog, token_note);
  gtk_widget_class_bind_template_child (widget_class, ViaBridgeDialog, advanced_row);
  gtk_widget_class_bind_template_child (widget_class, ViaBridgeDialog, run_box);
  gtk_widget_class_bind_template_child (widget_class, ViaBridgeDialog, run_label);
  gtk_widget_class_bind_template_child (widget_class, ViaBridgeDialog, test_label);
  gtk_widget_class_bind_template_child (widget_class, ViaBridgeDialog, test_spinner);
  gtk_widget_class_bind_template_child (widget_class, ViaBridgeDialog, test_button);
}

static void
via_bridge_dialog_class_init (ViaBridgeDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = via_bridge_dialog_dispose;
  widget_class->unrealize = via_bridge_dialog_unrealize;
  signals[SIGNAL_SAVED] = g_signal_new ("saved", VIA_TYPE_BRIDGE_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/viaduct/Viaduct/via-bridge-dialog.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, via_bridge_dialog_changed);
  gtk_widget_class_bind_template_callback_full (widget_class, "entered_cb", G_CALLBACK (via_bridge_dialog_entered));
  gtk_widget_class_bind_template_callback (widget_class, expanded_cb);
  gtk_widget_class_bind_template_callback (widget_class, token_name_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, via_bridge_dialog_forget_token);
  gtk_widget_class_bind_template_callback (widget_class, save_cb);
  gtk_widget_class_bind_template_callback (widget_class, test_cb);
}

static void
via_bridge_dialog_init (ViaBridgeDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  via_bridge_dialog_build (self);
}

GtkWindow *
via_bridge_dialog_new (ViaBridgeManager *manager,
                       ViaBridgeConfig  *config,
                       gboolean          is_new)
{
  ViaBridgeDialog *self = g_object_new (VIA_TYPE_BRIDGE_DIALOG, NULL);
  g_autofree char *title = NULL;

  self->manager = g_object_ref (manager);
  self->base = config != NULL ? via_bridge_config_copy (config) : via_bridge_config_new ("");
  self->own_name = is_new ? NULL : g_strdup (config->name);
  /* translators: the name of a bridge */
  title = is_new ? g_strdup (_("Add Bridge")) : g_strdup_printf (_("Edit “%s”"), config->name);
  gtk_window_set_title (GTK_WINDOW (self), title);
  gtk_button_set_label (self->save_button, is_new ? _("_Add") : _("_Save"));
  via_bridge_dialog_fill (self);
  self->ready = TRUE;
  via_bridge_dialog_changed (self);
  /* Right from the first frame on. */
  g_clear_handle_id (&self->height_source, g_source_remove);
  height_cb (self);
  gtk_widget_grab_focus (*via_bridge_dialog_get_text (self->name_row) == '\0' ? self->name_row
                         : self->base_kind == VIA_BRIDGE_KIND_COMMAND  ? self->command_row : self->address_row);
  return GTK_WINDOW (self);
}
