/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <glib/gi18n.h>

#include "via-bridge-dialog.h"

#include "via-bridge-draft.h"
#include "via-dialogs.h"
#include "via-format.h"
#include "via-pairs-row.h"

typedef enum
{
  KIND_COMMAND,
  KIND_URL,
  KIND_REST,
  N_KINDS,
} Kind;

struct _ViaBridgeDialog
{
  AdwWindow         parent_instance;

  GtkWidget        *overlay;
  GtkButton        *save_button;
  GtkBox           *kinds;
  GtkWidget        *name_row;
  GtkWidget        *command_row;
  GtkWidget        *address_row;
  AdwComboRow      *auth_row;
  GtkWidget        *token_name_row;
  GtkWidget        *token_row;
  GtkWidget        *forget_button;
  GtkWidget        *notes;
  GtkLabel         *problem;
  GtkLabel         *token_note;
  AdwExpanderRow   *advanced_row;
  GtkWidget        *run_box;
  GtkLabel         *run_label;
  GtkLabel         *test_label;
  GtkSpinner       *test_spinner;
  GtkWidget        *test_button;

  GtkWidget        *kind_buttons[N_KINDS];
  GtkWidget        *directory_row;
  GtkWidget        *environment_row;
  GtkWidget        *headers_row;
  GtkSpinButton    *timeout;
  GtkSpinButton    *retries;
  AdwComboRow      *protocol_row;

  ViaBridgeManager *manager;
  ViaBridgeConfig  *base;           /* what the dialog started from */
  char             *own_name;       /* (nullable) of the edited bridge */
  Kind              base_kind;
  guint             base_auth;      /* position in the authorization row */
  GCancellable     *cancellable;    /* ends with the dialog */
  GCancellable     *find_cancellable;
  ViaBridge        *trial;          /* (nullable) the bridge under test */
  ViaSecretPlace    token_place;    /* where the named token is now */
  gboolean          ready;          /* FALSE while the rows are being filled */
  gboolean          suggesting;
  gboolean          token_name_typed;
};

G_DEFINE_FINAL_TYPE (ViaBridgeDialog, via_bridge_dialog, ADW_TYPE_WINDOW)

enum
{
  SIGNAL_SAVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* In the order of the drop-down. */
static const ViaAuthKind auth_kinds[] = { VIA_AUTH_NONE, VIA_AUTH_BEARER, VIA_AUTH_API_KEY, VIA_AUTH_BASIC };
static const char *const protocols[] = { "auto", "modern", "legacy" };

static const struct
{
  const char *icon_name;
  const char *title;
  const char *subtitle;
} kind_words[N_KINDS] = {
  { "utilities-terminal-symbolic", N_("Command"), N_("Runs on this computer") },
  { "network-server-symbolic", N_("URL"), N_("An MCP server on the network") },
  { "via-globe-symbolic", N_("REST"), N_("A plain HTTP tool service") },
};

/* --- Reading the rows ---------------------------------------------------------------------------------------------- */

static Kind
get_kind (ViaBridgeDialog *self)
{
  for (guint i = 0; i < N_KINDS; i++)
    if (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->kind_buttons[i])))
      return i;
  return KIND_COMMAND;
}

static const char *
get_text (GtkWidget *row)
{
  return gtk_editable_get_text (GTK_EDITABLE (row));
}

static gboolean
wants_token (ViaBridgeDialog *self)
{
  return get_kind (self) != KIND_COMMAND && adw_combo_row_get_selected (self->auth_row) > 0;
}

static char **
join_pairs (char **pairs)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  if (pairs == NULL)
    return NULL;
  for (guint i = 0; pairs[i] != NULL; i += 2)
    {
      g_autofree char *pair = g_strconcat (pairs[i], "=", pairs[i + 1], NULL);

      g_strv_builder_add (builder, pair);
    }
  return g_strv_builder_end (builder);
}

static void
take_text (char      **field,
           const char *text)
{
  g_free (*field);
  *field = text != NULL && *text != '\0' ? g_strdup (text) : NULL;
}

static void
read_command (ViaBridgeDialog *self,
              ViaBridgeConfig *config)
{
  g_auto(GStrv) pairs = via_pairs_row_dup_pairs (VIA_PAIRS_ROW (self->environment_row));

  g_strfreev (config->command);
  config->command = via_bridge_draft_parse_command (get_text (self->command_row));
  g_strfreev (config->environment);
  config->environment = join_pairs (pairs);
  take_text (&config->directory, get_text (self->directory_row));
  take_text (&config->endpoint, NULL);
  take_text (&config->auth_token_name, NULL);
  g_clear_pointer (&config->headers, g_strfreev);
  config->auth = VIA_AUTH_NONE;
  if (self->base_kind != KIND_COMMAND)
    config->transport = VIA_TRANSPORT_AUTO;
}

static void
read_address (ViaBridgeDialog *self,
              ViaBridgeConfig *config,
              Kind             kind)
{
  guint auth = adw_combo_row_get_selected (self->auth_row);

  take_text (&config->endpoint, get_text (self->address_row));
  g_clear_pointer (&config->command, g_strfreev);
  g_clear_pointer (&config->environment, g_strfreev);
  take_text (&config->directory, NULL);
  g_strfreev (config->headers);
  config->headers = via_pairs_row_dup_pairs (VIA_PAIRS_ROW (self->headers_row));
  /* A kind of authorization that this dialog does not know stays as it is until another one is chosen. */
  if (auth != self->base_auth || kind != self->base_kind)
    config->auth = auth_kinds[MIN (auth, G_N_ELEMENTS (auth_kinds) - 1)];
  take_text (&config->auth_token_name, wants_token (self) ? get_text (self->token_name_row) : NULL);
  if (kind != self->base_kind)
    config->transport = kind == KIND_REST ? VIA_TRANSPORT_REST : VIA_TRANSPORT_AUTO;
}

/* (transfer full) */
static ViaBridgeConfig *
read_config (ViaBridgeDialog *self)
{
  ViaBridgeConfig *config = via_bridge_config_copy (self->base);
  Kind kind = get_kind (self);
  guint protocol = adw_combo_row_get_selected (self->protocol_row);

  take_text (&config->name, get_text (self->name_row));
  config->timeout_s = (guint) gtk_spin_button_get_value_as_int (self->timeout);
  config->max_retries = (guint) gtk_spin_button_get_value_as_int (self->retries);
  if (protocol < G_N_ELEMENTS (protocols))
    take_text (&config->protocol, protocols[protocol]);
  if (kind == KIND_COMMAND)
    read_command (self, config);
  else
    read_address (self, config, kind);
  return config;
}

/* --- Checking ------------------------------------------------------------------------------------------------------ */

/* An empty field is not wrong yet, it is only not ready. */
static void
mark (GtkWidget  *row,
      const char *problem)
{
  if (problem != NULL && *get_text (row) != '\0')
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
  gboolean is_command = get_kind (self) == KIND_COMMAND;
  gboolean require_https = via_config_get_settings (get_file_config (self))->require_https;
  g_autofree char *name = via_bridge_draft_check_name (get_text (self->name_row), get_file_config (self), self->own_name);
  g_autofree char *target = is_command ? via_bridge_draft_check_command (get_text (self->command_row))
                                       : via_bridge_draft_check_address (get_text (self->address_row), require_https);
  g_autofree char *token = wants_token (self) ? via_bridge_draft_check_token_name (get_text (self->token_name_row)) : NULL;
  GtkWidget *target_row = is_command ? self->command_row : self->address_row;
  const char *shown = NULL;

  mark (self->name_row, name);
  mark (target_row, target);
  mark (self->token_name_row, token);
  if (name != NULL && *get_text (self->name_row) != '\0')
    shown = name;
  else if (target != NULL && *get_text (target_row) != '\0')
    shown = target;
  else
    shown = token;
  gtk_label_set_text (self->problem, shown != NULL ? shown : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), shown != NULL);
  gtk_widget_set_visible (self->notes, shown != NULL || wants_token (self));
  return name == NULL && target == NULL && token == NULL;
}

static void
update_run (ViaBridgeDialog *self)
{
  g_auto(GStrv) argv = via_bridge_draft_parse_command (get_text (self->command_row));
  g_auto(GStrv) pairs = via_pairs_row_dup_pairs (VIA_PAIRS_ROW (self->environment_row));
  g_autofree char *markup = NULL;

  gtk_widget_set_visible (self->run_box, get_kind (self) == KIND_COMMAND && argv != NULL);
  if (argv == NULL)
    return;
  markup = via_bridge_draft_describe_command (argv, pairs, get_text (self->directory_row));
  gtk_label_set_markup (self->run_label, markup);
}

static void
update_token_note (ViaBridgeDialog *self)
{
  gboolean kept = self->token_place != VIA_SECRET_NOWHERE;
  gboolean ours = self->token_place == VIA_SECRET_KEYRING || self->token_place == VIA_SECRET_SESSION;
  g_autofree char *text = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->token_note), wants_token (self));
  gtk_widget_set_visible (self->forget_button, ours);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->token_row), kept ? _("Replace Token") : _("Token"));
  if (kept)
    /* translators: the name of a token, then a place, such as "the login keyring" */
    text = g_strdup_printf (_("%s comes from %s. The configuration file says only its name."),
                            get_text (self->token_name_row), via_secret_place_get_title (self->token_place));
  else
    /* translators: a place, such as "the login keyring" */
    text = g_strdup_printf (_("It will be kept in %s; the configuration file says only its name."),
                            via_secret_place_get_title (VIA_SECRET_KEYRING));
  gtk_label_set_text (self->token_note, text);
}

static void
update_advanced (ViaBridgeDialog *self)
{
  gboolean is_command = get_kind (self) == KIND_COMMAND;
  int timeout = gtk_spin_button_get_value_as_int (self->timeout);
  int retries = gtk_spin_button_get_value_as_int (self->retries);
  g_autofree char *retry_words = g_strdup_printf (ngettext ("%d retry", "%d retries", retries), retries);
  /* translators: a time in seconds, then "3 retries" */
  g_autofree char *subtitle = g_strdup_printf (_("%d s · %s"), timeout, retry_words);

  gtk_widget_set_visible (self->directory_row, is_command);
  gtk_widget_set_visible (self->environment_row, is_command);
  gtk_widget_set_visible (self->headers_row, !is_command);
  gtk_widget_set_visible (GTK_WIDGET (self->protocol_row), get_kind (self) != KIND_REST);
  adw_expander_row_set_subtitle (self->advanced_row, subtitle);
}

static void
suggest_token_name (ViaBridgeDialog *self)
{
  g_autofree char *name = NULL;

  if (self->token_name_typed || *get_text (self->name_row) == '\0')
    return;
  name = via_bridge_draft_suggest_token_name (get_text (self->name_row));
  self->suggesting = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->token_name_row), name);
  self->suggesting = FALSE;
}

static void
changed_cb (ViaBridgeDialog *self)
{
  gboolean is_command, valid;

  if (!self->ready)
    return;
  is_command = get_kind (self) == KIND_COMMAND;
  suggest_token_name (self);
  gtk_widget_set_visible (self->command_row, is_command);
  gtk_widget_set_visible (self->address_row, !is_command);
  gtk_widget_set_visible (GTK_WIDGET (self->auth_row), !is_command);
  gtk_widget_set_visible (self->token_name_row, wants_token (self));
  gtk_widget_set_visible (self->token_row, wants_token (self));
  valid = check (self);
  gtk_widget_set_sensitive (GTK_WIDGET (self->save_button), valid);
  gtk_widget_set_sensitive (self->test_button, valid && self->trial == NULL);
  update_run (self);
  update_token_note (self);
  update_advanced (self);
}

/* --- The token ----------------------------------------------------------------------------------------------------- */

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
  update_token_note (self);
}

static void
find_token (ViaBridgeDialog *self)
{
  g_cancellable_cancel (self->find_cancellable);
  g_clear_object (&self->find_cancellable);
  self->find_cancellable = g_cancellable_new ();
  self->token_place = VIA_SECRET_NOWHERE;
  if (*get_text (self->token_name_row) != '\0')
    via_secret_store_find_async (via_bridge_manager_get_secrets (self->manager), get_text (self->token_name_row),
                                 self->find_cancellable, found_cb, g_object_ref (self));
}

static void
token_name_changed_cb (ViaBridgeDialog *self)
{
  if (self->ready && !self->suggesting)
    self->token_name_typed = TRUE;
  find_token (self);
  if (!self->suggesting)
    changed_cb (self);
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
  find_token (self);
}

static void
forget_cb (ViaBridgeDialog *self)
{
  via_secret_store_clear_async (via_bridge_manager_get_secrets (self->manager), get_text (self->token_name_row),
                                self->cancellable, forgotten_cb, g_object_ref (self));
}

typedef void (*AfterToken) (ViaBridgeDialog *self);

typedef struct
{
  ViaBridgeDialog *dialog;
  AfterToken       next;
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
      update_token_note (self);
      step->next (self);
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    via_dialogs_toast (self->overlay, error->message);
  g_free (step);
}

/* A typed token is kept before anything uses it; then @next. */
static void
store_token (ViaBridgeDialog *self,
             AfterToken       next)
{
  TokenStep *step;

  if (!wants_token (self) || *get_text (self->token_row) == '\0')
    {
      next (self);
      return;
    }
  step = g_new0 (TokenStep, 1);
  step->dialog = g_object_ref (self);
  step->next = next;
  via_secret_store_set_async (via_bridge_manager_get_secrets (self->manager), get_text (self->token_name_row),
                              get_text (self->token_row), self->cancellable, token_stored_cb, step);
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
  changed_cb (self);
}

static void
start_test (ViaBridgeDialog *self)
{
  g_autoptr(ViaBridgeConfig) config = read_config (self);

  config->enabled = TRUE;
  self->trial = via_bridge_manager_try (self->manager, config);
  gtk_spinner_start (self->test_spinner);
  show_test_result (self, _("Connecting…"), "dim-label");
  via_bridge_test_async (self->trial, self->cancellable, tested_cb, g_object_ref (self));
  changed_cb (self);
}

static void
test_cb (ViaBridgeDialog *self)
{
  store_token (self, start_test);
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
  g_signal_emit (self, signals[SIGNAL_SAVED], 0, get_text (self->name_row));
  gtk_window_close (GTK_WINDOW (self));
}

static void
save_file (ViaBridgeDialog *self)
{
  g_autoptr(ViaBridgeConfig) bridge = read_config (self);
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
  store_token (self, save_file);
}

/* --- Building ------------------------------------------------------------------------------------------------------ */

static GtkWidget *
build_kind_button (ViaBridgeDialog *self,
                   Kind             kind)
{
  GtkWidget *button = gtk_toggle_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *image = gtk_image_new_from_icon_name (kind_words[kind].icon_name);
  GtkWidget *title = gtk_label_new (_(kind_words[kind].title));
  GtkWidget *subtitle = gtk_label_new (_(kind_words[kind].subtitle));

  gtk_image_set_pixel_size (GTK_IMAGE (image), 24);
  gtk_widget_set_margin_bottom (image, 3);
  gtk_widget_add_css_class (title, "heading");
  gtk_widget_add_css_class (subtitle, "caption");
  gtk_widget_add_css_class (subtitle, "dim-label");
  gtk_label_set_wrap (GTK_LABEL (subtitle), TRUE);
  gtk_label_set_justify (GTK_LABEL (subtitle), GTK_JUSTIFY_CENTER);
  gtk_label_set_max_width_chars (GTK_LABEL (subtitle), 18);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), image);
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), subtitle);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "card");
  gtk_widget_add_css_class (button, "kind");
  if (kind > 0)
    gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button), GTK_TOGGLE_BUTTON (self->kind_buttons[0]));
  g_signal_connect_swapped (button, "toggled", G_CALLBACK (changed_cb), self);
  return button;
}

static GtkSpinButton *
add_spin_row (ViaBridgeDialog *self,
              const char      *title,
              const char      *subtitle,
              double           lower,
              double           upper)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *spin = gtk_spin_button_new_with_range (lower, upper, 1);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_widget_set_valign (spin, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (spin), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), spin);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), spin);
  adw_expander_row_add_row (self->advanced_row, row);
  g_signal_connect_swapped (spin, "value-changed", G_CALLBACK (changed_cb), self);
  return GTK_SPIN_BUTTON (spin);
}

static void
build_advanced (ViaBridgeDialog *self)
{
  const char *const protocol_words[] = { _("Automatic"), _("Modern"), _("Legacy"), NULL };
  g_autoptr(GtkStringList) list = gtk_string_list_new (protocol_words);

  self->directory_row = adw_entry_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->directory_row), _("Working Directory"));
  g_signal_connect_swapped (self->directory_row, "changed", G_CALLBACK (changed_cb), self);
  self->environment_row = via_pairs_row_new (_("Environment"), _("Add Variable"));
  g_signal_connect_swapped (self->environment_row, "changed", G_CALLBACK (changed_cb), self);
  self->headers_row = via_pairs_row_new (_("Headers"), _("Add Header"));
  g_signal_connect_swapped (self->headers_row, "changed", G_CALLBACK (changed_cb), self);
  adw_expander_row_add_row (self->advanced_row, self->directory_row);
  adw_expander_row_add_row (self->advanced_row, self->environment_row);
  adw_expander_row_add_row (self->advanced_row, self->headers_row);
  self->timeout = add_spin_row (self, _("Timeout"), _("Seconds that an execution may take"), 1, 3600);
  self->retries = add_spin_row (self, _("Retries"), _("Of what certainly has not run"), 0, 10);
  self->protocol_row = ADW_COMBO_ROW (adw_combo_row_new ());
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->protocol_row), _("Protocol"));
  adw_combo_row_set_model (self->protocol_row, G_LIST_MODEL (list));
  adw_expander_row_add_row (self->advanced_row, GTK_WIDGET (self->protocol_row));
}

static void
fill_pairs (ViaBridgeDialog *self)
{
  char **environment = self->base->environment, **headers = self->base->headers;

  for (guint i = 0; environment != NULL && environment[i] != NULL; i++)
    {
      g_auto(GStrv) parts = g_strsplit (environment[i], "=", 2);

      via_pairs_row_append (VIA_PAIRS_ROW (self->environment_row), parts[0], parts[1] != NULL ? parts[1] : "");
    }
  for (guint i = 0; headers != NULL && headers[i] != NULL && headers[i + 1] != NULL; i += 2)
    via_pairs_row_append (VIA_PAIRS_ROW (self->headers_row), headers[i], headers[i + 1]);
}

static guint
find_position (const char *const *texts,
               guint              n_texts,
               const char        *text)
{
  for (guint i = 0; i < n_texts; i++)
    if (g_strcmp0 (texts[i], text) == 0)
      return i;
  return GTK_INVALID_LIST_POSITION;
}

static void
fill (ViaBridgeDialog *self)
{
  ViaBridgeConfig *base = self->base;
  ViaTransportKind transport = via_bridge_config_get_transport (base);
  g_autofree char *target = base->command != NULL ? via_bridge_config_dup_target (base) : NULL;

  self->base_kind = base->endpoint == NULL                                              ? KIND_COMMAND
                    : transport == VIA_TRANSPORT_REST || transport == VIA_TRANSPORT_OPENAPI ? KIND_REST : KIND_URL;
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->kind_buttons[self->base_kind]), TRUE);
  gtk_editable_set_text (GTK_EDITABLE (self->name_row), base->name != NULL ? base->name : "");
  gtk_editable_set_text (GTK_EDITABLE (self->command_row), target != NULL ? target : "");
  gtk_editable_set_text (GTK_EDITABLE (self->address_row), base->endpoint != NULL ? base->endpoint : "");
  for (guint i = 0; i < G_N_ELEMENTS (auth_kinds); i++)
    if (auth_kinds[i] == base->auth)
      adw_combo_row_set_selected (self->auth_row, i);
  self->base_auth = adw_combo_row_get_selected (self->auth_row);
  self->token_name_typed = base->auth_token_name != NULL;
  gtk_editable_set_text (GTK_EDITABLE (self->token_name_row), base->auth_token_name != NULL ? base->auth_token_name : "");
  gtk_editable_set_text (GTK_EDITABLE (self->directory_row), base->directory != NULL ? base->directory : "");
  fill_pairs (self);
  gtk_spin_button_set_value (self->timeout, base->timeout_s);
  gtk_spin_button_set_value (self->retries, base->max_retries);
  adw_combo_row_set_selected (self->protocol_row, find_position (protocols, G_N_ELEMENTS (protocols), base->protocol));
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
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, token_name_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, forget_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_cb);
  gtk_widget_class_bind_template_callback (widget_class, test_cb);
}

static void
via_bridge_dialog_init (ViaBridgeDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < N_KINDS; i++)
    {
      self->kind_buttons[i] = build_kind_button (self, i);
      gtk_box_append (self->kinds, self->kind_buttons[i]);
    }
  build_advanced (self);
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
  fill (self);
  self->ready = TRUE;
  changed_cb (self);
  gtk_widget_grab_focus (*get_text (self->name_row) == '\0' ? self->name_row
                         : self->base_kind == KIND_COMMAND  ? self->command_row : self->address_row);
  return GTK_WINDOW (self);
}
