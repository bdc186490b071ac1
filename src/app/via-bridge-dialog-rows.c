/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <glib/gi18n.h>

#include "via-bridge-dialog-private.h"

#include "via-bridge-draft.h"
#include "via-pairs-row.h"

/* In the order of the drop-down. */
static const ViaAuthKind auth_kinds[] = { VIA_AUTH_NONE, VIA_AUTH_BEARER, VIA_AUTH_API_KEY, VIA_AUTH_BASIC };
static const char *const protocols[] = { "auto", "modern", "legacy" };

static const struct
{
  const char *icon_name;
  const char *title;
  const char *subtitle;
} kind_words[VIA_BRIDGE_N_KINDS] = {
  { "utilities-terminal-symbolic", N_("Command"), N_("Runs on this computer") },
  { "network-server-symbolic", N_("URL"), N_("An MCP server on the network") },
  { "via-globe-symbolic", N_("REST"), N_("A plain HTTP tool service") },
};

/* --- Reading the rows ---------------------------------------------------------------------------------------------- */

ViaBridgeKind
via_bridge_dialog_get_kind (ViaBridgeDialog *self)
{
  for (guint i = 0; i < VIA_BRIDGE_N_KINDS; i++)
    if (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->kind_buttons[i])))
      return i;
  return VIA_BRIDGE_KIND_COMMAND;
}

const char *
via_bridge_dialog_get_text (GtkWidget *row)
{
  return gtk_editable_get_text (GTK_EDITABLE (row));
}

gboolean
via_bridge_dialog_wants_token (ViaBridgeDialog *self)
{
  return via_bridge_dialog_get_kind (self) != VIA_BRIDGE_KIND_COMMAND && adw_combo_row_get_selected (self->auth_row) > 0;
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
  config->command = via_bridge_draft_parse_command (via_bridge_dialog_get_text (self->command_row));
  g_strfreev (config->environment);
  config->environment = join_pairs (pairs);
  take_text (&config->directory, via_bridge_dialog_get_text (self->directory_row));
  take_text (&config->endpoint, NULL);
  take_text (&config->auth_token_name, NULL);
  g_clear_pointer (&config->headers, g_strfreev);
  config->auth = VIA_AUTH_NONE;
  if (self->base_kind != VIA_BRIDGE_KIND_COMMAND)
    config->transport = VIA_TRANSPORT_AUTO;
}

static void
read_address (ViaBridgeDialog *self,
              ViaBridgeConfig *config,
              ViaBridgeKind             kind)
{
  guint auth = adw_combo_row_get_selected (self->auth_row);

  take_text (&config->endpoint, via_bridge_dialog_get_text (self->address_row));
  g_clear_pointer (&config->command, g_strfreev);
  g_clear_pointer (&config->environment, g_strfreev);
  take_text (&config->directory, NULL);
  g_strfreev (config->headers);
  config->headers = via_pairs_row_dup_pairs (VIA_PAIRS_ROW (self->headers_row));
  /* A kind of authorization that this dialog does not know stays as it is until another one is chosen. */
  if (auth != self->base_auth || kind != self->base_kind)
    config->auth = auth_kinds[MIN (auth, G_N_ELEMENTS (auth_kinds) - 1)];
  take_text (&config->auth_token_name,
             via_bridge_dialog_wants_token (self) ? via_bridge_dialog_get_text (self->token_name_row) : NULL);
  if (kind != self->base_kind)
    config->transport = kind == VIA_BRIDGE_KIND_REST ? VIA_TRANSPORT_REST : VIA_TRANSPORT_AUTO;
}

ViaBridgeConfig *
via_bridge_dialog_read (ViaBridgeDialog *self)
{
  ViaBridgeConfig *config = via_bridge_config_copy (self->base);
  ViaBridgeKind kind = via_bridge_dialog_get_kind (self);
  guint protocol = adw_combo_row_get_selected (self->protocol_row);

  take_text (&config->name, via_bridge_dialog_get_text (self->name_row));
  take_text (&config->description, via_bridge_dialog_get_text (self->description_row));
  config->enabled = gtk_switch_get_active (self->enabled);
  config->timeout_s = (guint) gtk_spin_button_get_value_as_int (self->timeout);
  config->max_retries = (guint) gtk_spin_button_get_value_as_int (self->retries);
  if (protocol < G_N_ELEMENTS (protocols))
    take_text (&config->protocol, protocols[protocol]);
  if (kind == VIA_BRIDGE_KIND_COMMAND)
    read_command (self, config);
  else
    read_address (self, config, kind);
  return config;
}

/* --- Building ------------------------------------------------------------------------------------------------------ */

static GtkWidget *
build_kind_button (ViaBridgeDialog *self,
                   ViaBridgeKind             kind)
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
  g_signal_connect_swapped (button, "toggled", G_CALLBACK (via_bridge_dialog_changed), self);
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
  g_signal_connect_swapped (spin, "value-changed", G_CALLBACK (via_bridge_dialog_changed), self);
  return GTK_SPIN_BUTTON (spin);
}

static GtkWidget *
add_entry_row (ViaBridgeDialog *self,
               const char      *title)
{
  GtkWidget *row = adw_entry_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_expander_row_add_row (self->advanced_row, row);
  g_signal_connect_swapped (row, "changed", G_CALLBACK (via_bridge_dialog_changed), self);
  g_signal_connect_swapped (row, "entry-activated", G_CALLBACK (via_bridge_dialog_entered), self);
  return row;
}

static GtkWidget *
add_pairs_row (ViaBridgeDialog *self,
               const char      *title,
               const char      *add_title)
{
  GtkWidget *row = via_pairs_row_new (title, add_title);

  adw_expander_row_add_row (self->advanced_row, row);
  g_signal_connect_swapped (row, "changed", G_CALLBACK (via_bridge_dialog_changed), self);
  return row;
}

static GtkSwitch *
add_switch_row (ViaBridgeDialog *self,
                const char      *title,
                const char      *subtitle)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *toggle = gtk_switch_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_widget_set_valign (toggle, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (toggle), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), toggle);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), toggle);
  adw_expander_row_add_row (self->advanced_row, row);
  g_signal_connect_swapped (toggle, "notify::active", G_CALLBACK (via_bridge_dialog_changed), self);
  return GTK_SWITCH (toggle);
}

static void
build_advanced (ViaBridgeDialog *self)
{
  const char *const protocol_words[] = { _("Automatic"), _("Modern"), _("Legacy"), NULL };
  g_autoptr(GtkStringList) list = gtk_string_list_new (protocol_words);

  self->description_row = add_entry_row (self, _("Description"));
  self->directory_row = add_entry_row (self, _("Working Directory"));
  self->environment_row = add_pairs_row (self, _("Environment"), _("Add Variable"));
  self->headers_row = add_pairs_row (self, _("Headers"), _("Add Header"));
  self->timeout = add_spin_row (self, _("Timeout"), _("Seconds that an execution may take"), 1, 3600);
  self->retries = add_spin_row (self, _("Retries"), _("Of what certainly has not run"), 0, 10);
  self->protocol_row = ADW_COMBO_ROW (adw_combo_row_new ());
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->protocol_row), _("Protocol"));
  adw_combo_row_set_model (self->protocol_row, G_LIST_MODEL (list));
  adw_expander_row_add_row (self->advanced_row, GTK_WIDGET (self->protocol_row));
  self->enabled = add_switch_row (self, _("Turned On"), _("Nothing connects to a bridge that is off"));
}

void
via_bridge_dialog_build (ViaBridgeDialog *self)
{
  for (guint i = 0; i < VIA_BRIDGE_N_KINDS; i++)
    {
      self->kind_buttons[i] = build_kind_button (self, i);
      gtk_box_append (self->kinds, self->kind_buttons[i]);
    }
  build_advanced (self);
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

void
via_bridge_dialog_fill (ViaBridgeDialog *self)
{
  ViaBridgeConfig *base = self->base;
  ViaTransportKind transport = via_bridge_config_get_transport (base);
  g_autofree char *target = base->command != NULL ? via_bridge_config_dup_target (base) : NULL;

  self->base_kind = base->endpoint == NULL                                              ? VIA_BRIDGE_KIND_COMMAND
                    : transport == VIA_TRANSPORT_REST || transport == VIA_TRANSPORT_OPENAPI ? VIA_BRIDGE_KIND_REST
                                                                                            : VIA_BRIDGE_KIND_URL;
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
  gtk_editable_set_text (GTK_EDITABLE (self->description_row), base->description != NULL ? base->description : "");
  gtk_switch_set_active (self->enabled, base->enabled);
  fill_pairs (self);
  gtk_spin_button_set_value (self->timeout, base->timeout_s);
  gtk_spin_button_set_value (self->retries, base->max_retries);
  adw_combo_row_set_selected (self->protocol_row, find_position (protocols, G_N_ELEMENTS (protocols), base->protocol));
}
