/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <glib/gi18n.h>

#include "via-window-private.h"

#include "via-bridge-dialog.h"
#include "via-dialogs.h"
#include "via-log-window.h"
#include "via-divider.h"
#include "via-format.h"
#include "via-token-dialog.h"

static void
toast (ViaWindow  *self,
       const char *text)
{
  via_dialogs_toast (GTK_WIDGET (self->outer), text);
}

/* The bridge that an action is about: named by its parameter, else the one that is shown. */
static ViaBridge *
get_target (ViaWindow *self,
            GVariant  *parameter)
{
  return parameter != NULL ? via_window_find_bridge (self, g_variant_get_string (parameter, NULL)) : self->bridge;
}

/* --- Configuration ------------------------------------------------------------------------------------------------- */

typedef struct
{
  ViaWindow *window;
  ViaConfig *undo;  /* (nullable) what to go back to */
  char      *text;  /* of the toast */
} Save;

static void
save_free (Save *save)
{
  g_object_unref (save->window);
  g_clear_object (&save->undo);
  g_free (save->text);
  g_free (save);
}

static void save_config (ViaWindow  *self,
                         ViaConfig  *config,
                         ViaConfig  *undo,
                         const char *text);

static void
undo_cb (AdwToast  *button_of,
         ViaWindow *self)
{
  ViaConfig *undo = g_object_get_data (G_OBJECT (button_of), "via-undo");

  save_config (self, undo, NULL, _("The bridge is back."));
}

static void
saved_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  Save *save = user_data;
  g_autoptr(GError) error = NULL;

  if (!via_config_file_save_finish (VIA_CONFIG_FILE (object), result, &error))
    toast (save->window, error->message);
  else if (save->undo == NULL)
    toast (save->window, save->text);
  else
    {
      AdwToast *note = adw_toast_new ("");
      g_autofree char *escaped = g_markup_escape_text (save->text, -1);
      GtkWidget *overlay = gtk_widget_get_ancestor (GTK_WIDGET (save->window->outer), ADW_TYPE_TOAST_OVERLAY);

      adw_toast_set_title (note, escaped);
      adw_toast_set_button_label (note, _("_Undo"));
      g_object_set_data_full (G_OBJECT (note), "via-undo", g_object_ref (save->undo), g_object_unref);
      g_signal_connect_object (note, "button-clicked", G_CALLBACK (undo_cb), save->window, 0);
      adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), note);
    }
  save_free (save);
}

static void
save_config (ViaWindow  *self,
             ViaConfig  *config,
             ViaConfig  *undo,
             const char *text)
{
  Save *save = g_new0 (Save, 1);

  save->window = g_object_ref (self);
  save->undo = undo != NULL ? g_object_ref (undo) : NULL;
  save->text = g_strdup (text);
  via_config_file_save_async (via_bridge_manager_get_file (self->manager), config, NULL, saved_cb, save);
}

static ViaConfig *
get_config (ViaWindow *self)
{
  return via_config_file_get_config (via_bridge_manager_get_file (self->manager));
}

static void
dialog_saved_cb (ViaWindow  *self,
                 const char *name)
{
  via_window_await_bridge (self, name);
}

static void
open_dialog (ViaWindow       *self,
             ViaBridgeConfig *config,
             gboolean         is_new)
{
  GtkWindow *dialog = via_bridge_dialog_new (self->manager, config, is_new);

  gtk_window_set_transient_for (dialog, GTK_WINDOW (self));
  g_signal_connect_object (dialog, "saved", G_CALLBACK (dialog_saved_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (dialog);
}

static void
add_bridge_action (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  ViaWindow *self = VIA_WINDOW (widget);

  if (self->manager != NULL)
    open_dialog (self, NULL, TRUE);
}

static void
edit_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  ViaWindow *self = VIA_WINDOW (widget);
  ViaBridge *bridge = get_target (self, parameter);

  if (bridge != NULL && !via_bridge_get_config (bridge)->builtin)
    open_dialog (self, via_bridge_get_config (bridge), FALSE);
}

static void
show_log_action (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  ViaBridge *bridge = get_target (VIA_WINDOW (widget), parameter);
  GtkWindow *window;

  if (bridge == NULL)
    return;
  window = via_log_window_new (bridge);
  gtk_window_set_transient_for (window, GTK_WINDOW (widget));
  gtk_window_present (window);
}

static void
duplicate_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  ViaWindow *self = VIA_WINDOW (widget);
  ViaBridge *bridge = get_target (self, parameter);
  g_autoptr(ViaBridgeConfig) copy = NULL;

  if (bridge == NULL)
    return;
  copy = via_bridge_config_copy (via_bridge_get_config (bridge));
  copy->builtin = FALSE;
  for (guint i = 2; ; i++)
    {
      g_free (copy->name);
      copy->name = g_strdup_printf ("%s-%u", via_bridge_get_name (bridge), i);
      if (via_config_find_bridge (get_config (self), copy->name) == NULL)
        break;
    }
  open_dialog (self, copy, TRUE);
}

static void
toggle_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  ViaWindow *self = VIA_WINDOW (widget);
  ViaBridge *bridge = get_target (self, parameter);
  g_autoptr(ViaConfig) config = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  gboolean enable;

  if (bridge == NULL || via_bridge_get_config (bridge)->builtin)
    return;
  enable = !via_bridge_get_config (bridge)->enabled;
  config = via_config_set_enabled (get_config (self), via_bridge_get_name (bridge), enable, &error);
  text = g_strdup_printf (enable ? _("“%s” is on.") : _("“%s” is off."), via_bridge_get_name (bridge));
  if (config == NULL)
    toast (self, error->message);
  else
    save_config (self, config, NULL, text);
}

static void
remove_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  ViaWindow *self = VIA_WINDOW (widget);
  ViaBridge *bridge = get_target (self, parameter);
  g_autoptr(ViaConfig) config = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  if (bridge == NULL || via_bridge_get_config (bridge)->builtin)
    return;
  config = via_config_remove_bridge (get_config (self), via_bridge_get_name (bridge), &error);
  text = g_strdup_printf (_("“%s” was removed."), via_bridge_get_name (bridge));
  if (config == NULL)
    toast (self, error->message);
  else
    save_config (self, config, get_config (self), text);
}

static void
open_config_action (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  ViaWindow *self = VIA_WINDOW (widget);
  ViaConfigFile *file = self->manager != NULL ? via_bridge_manager_get_file (self->manager) : NULL;
  g_autofree char *uri = NULL;

  if (file == NULL)
    return;
  if (!via_config_file_exists (file))
    {
      toast (self, _("There is no configuration file yet. It is made when you add a bridge."));
      return;
    }
  uri = g_filename_to_uri (via_config_file_get_path (file), NULL, NULL);
  gtk_show_uri (GTK_WINDOW (self), uri, GDK_CURRENT_TIME);
}

static void
set_token_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  ViaWindow *self = VIA_WINDOW (widget);
  ViaBridge *bridge = get_target (self, parameter);

  if (bridge != NULL && via_bridge_get_config (bridge)->auth_token_name != NULL)
    via_token_dialog_open (GTK_WIDGET (self), self->manager, bridge);
}

/* --- Connections --------------------------------------------------------------------------------------------------- */

static void
connect_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  ViaWindow *self = VIA_WINDOW (widget);
  ViaBridge *bridge = get_target (self, parameter);

  if (bridge != NULL)
    via_window_list_tools (self, bridge, FALSE);
}

static void
connect_all_action (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  ViaWindow *self = VIA_WINDOW (widget);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->manager)); i++)
    {
      g_autoptr(ViaBridge) bridge = g_list_model_get_item (G_LIST_MODEL (self->manager), i);

      via_window_list_tools (self, bridge, FALSE);
    }
  via_window_update (self);
}

static void
refresh_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  ViaWindow *self = VIA_WINDOW (widget);
  ViaBridge *bridge = get_target (self, parameter);

  if (bridge != NULL)
    {
      via_window_list_tools (self, bridge, TRUE);
      return;
    }
  for (guint i = 0; self->all && i < g_list_model_get_n_items (G_LIST_MODEL (self->manager)); i++)
    {
      g_autoptr(ViaBridge) other = g_list_model_get_item (G_LIST_MODEL (self->manager), i);

      if (via_bridge_get_state (other) == VIA_BRIDGE_CONNECTED)
        via_window_list_tools (self, other, TRUE);
    }
}

static void
disconnected_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(ViaWindow) self = user_data;

  via_bridge_disconnect_finish (VIA_BRIDGE (object), result, NULL);
  via_window_update (self);
}

static void
disconnect_action (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  ViaWindow *self = VIA_WINDOW (widget);
  ViaBridge *bridge = get_target (self, parameter);

  if (bridge != NULL)
    via_bridge_disconnect_async (bridge, NULL, disconnected_cb, g_object_ref (self));
}

static void
tested_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(ViaWindow) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  gint64 time = 0;
  guint n_tools = 0;

  self->n_tests--;
  if (via_bridge_test_finish (VIA_BRIDGE (object), result, &time, &n_tools, &error))
    text = via_format_test_result (time, n_tools);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    text = g_strdup (error->message);
  if (text != NULL && !self->stopping)
    toast (self, text);
  via_window_update (self);
}

static void
test_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  ViaWindow *self = VIA_WINDOW (widget);
  ViaBridge *bridge = get_target (self, parameter);

  if (bridge == NULL || via_bridge_get_state (bridge) == VIA_BRIDGE_OFF)
    return;
  self->n_tests++;
  via_bridge_test_async (bridge, self->cancellable, tested_cb, g_object_ref (self));
  via_window_update (self);
}

static guint
count_running (ViaWindow *self)
{
  guint n_running = 0;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->manager)); i++)
    {
      g_autoptr(ViaBridge) bridge = g_list_model_get_item (G_LIST_MODEL (self->manager), i);

      n_running += via_bridge_get_n_running (bridge);
    }
  return n_running;
}

static void
all_stopped_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(ViaWindow) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!via_bridge_manager_stop_all_finish (VIA_BRIDGE_MANAGER (object), result, &error))
    toast (self, error->message);
  via_window_update (self);
}

static void
stop_all_action (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  ViaWindow *self = VIA_WINDOW (widget);
  guint n_running;
  g_autofree char *text = NULL;

  if (self->manager == NULL)
    return;
  n_running = count_running (self);
  if (n_running == 0)
    text = g_strdup (_("Every connection was ended. Nothing was running."));
  else
    text = g_strdup_printf (ngettext ("%u execution was cancelled, every connection was ended.",
                                      "%u executions were cancelled, every connection was ended.", n_running), n_running);
  via_bridge_manager_stop_all_async (self->manager, NULL, all_stopped_cb, g_object_ref (self));
  toast (self, text);
}

/* --- Moving about -------------------------------------------------------------------------------------------------- */

static void
search_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  ViaWindow *self = VIA_WINDOW (widget);

  adw_leaflet_set_visible_child_name (self->outer, "content");
  adw_leaflet_set_visible_child_name (self->inner, "list");
  via_tool_list_focus_search (self->tool_list);
}

static void
back_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  ViaWindow *self = VIA_WINDOW (widget);

  if (adw_leaflet_get_folded (self->inner) && g_strcmp0 (gtk_stack_get_visible_child_name (self->pages), "tools") == 0
      && g_strcmp0 (adw_leaflet_get_visible_child_name (self->inner), "pane") == 0)
    adw_leaflet_set_visible_child_name (self->inner, "list");
  else if (adw_leaflet_get_folded (self->outer))
    adw_leaflet_set_visible_child_name (self->outer, "bridges");
}

static void
step_bridge_action (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  via_bridge_sidebar_step (VIA_WINDOW (widget)->sidebar, g_str_equal (action_name, "win.next-bridge") ? 1 : -1);
}

enum
{
  PLACE_BRIDGES,
  PLACE_TOOLS,
  PLACE_ARGUMENTS,
  PLACE_RESULTS,
  N_PLACES
};

static gboolean
contains (gpointer   parent,
          GtkWidget *focus)
{
  return parent != NULL && focus != NULL && (focus == parent || gtk_widget_is_ancestor (focus, parent));
}

/* -1 when the focus is nowhere. */
static int
find_place (ViaWindow *self)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  if (self->pane != NULL && contains (via_tool_pane_get_results (self->pane), focus))
    return PLACE_RESULTS;
  return contains (self->sidebar, focus) ? PLACE_BRIDGES
         : contains (self->tool_list, focus) ? PLACE_TOOLS
         : contains (self->pane_bin, focus) ? PLACE_ARGUMENTS : -1;
}

static gboolean
focus_place (ViaWindow *self,
             int        place)
{
  GtkWidget *const columns[N_PLACES] = { GTK_WIDGET (self->sidebar), GTK_WIDGET (self->tool_list),
                                         GTK_WIDGET (self->pane_bin), GTK_WIDGET (self->pane_bin) };

  if (!gtk_widget_get_mapped (columns[place]) || !gtk_widget_get_child_visible (columns[place]))
    return FALSE;
  switch (place)
    {
    case PLACE_BRIDGES:
      return via_bridge_sidebar_focus_list (self->sidebar);
    case PLACE_ARGUMENTS:
      return self->pane != NULL && via_tool_pane_focus_arguments (self->pane);
    case PLACE_RESULTS:
      return self->pane != NULL && gtk_widget_child_focus (via_tool_pane_get_results (self->pane), GTK_DIR_TAB_FORWARD);
    default:
      return gtk_widget_child_focus (columns[place], GTK_DIR_TAB_FORWARD);
    }
}

/* F6 goes round what is shown. */
static void
step_pane_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  ViaWindow *self = VIA_WINDOW (widget);
  int step = g_str_equal (action_name, "win.next-pane") ? 1 : N_PLACES - 1;
  int place = find_place (self);

  for (int i = 0; i < N_PLACES; i++)
    {
      place = place < 0 ? PLACE_BRIDGES : (place + step) % N_PLACES;
      if (focus_place (self, place))
        return;
    }
}

/* F8 goes from divider to divider, the one above the results included; arrows move it. */
static void
step_divider_action (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  ViaWindow *self = VIA_WINDOW (widget);

  if (gtk_window_get_focus (GTK_WINDOW (self)) != self->inner_separator
      && gtk_window_get_focus (GTK_WINDOW (self)) != self->outer_separator && via_divider_focus (self->outer_separator))
    return;
  if (gtk_window_get_focus (GTK_WINDOW (self)) != self->inner_separator && via_divider_focus (self->inner_separator))
    return;
  if (self->pane == NULL || !via_tool_pane_focus_divider (self->pane))
    via_divider_focus (self->outer_separator);
}

static void
menu_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  via_bridge_sidebar_open_menu (VIA_WINDOW (widget)->sidebar);
}

static void
open_demo_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  via_window_open_bridge (VIA_WINDOW (widget), VIA_DEMO_BRIDGE_NAME);
}

/* Keys work wherever the focus is; what they do belongs to the pane. */
static void
forward_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  ViaWindow *self = VIA_WINDOW (widget);

  if (self->pane == NULL || self->forwarding)
    return;
  self->forwarding = TRUE;
  gtk_widget_activate_action_variant (GTK_WIDGET (self->pane), action_name, NULL);
  self->forwarding = FALSE;
}

static const struct
{
  const char                    *name;
  const char                    *parameter_type;
  GtkWidgetActionActivateFunc    activate;
} actions[] = {
  { "win.add-bridge", NULL, add_bridge_action },
  { "win.edit", NULL, edit_action },
  { "win.edit-bridge", "s", edit_action },
  { "win.duplicate-bridge", "s", duplicate_action },
  { "win.show-log", "s", show_log_action },
  { "win.toggle", NULL, toggle_action },
  { "win.toggle-bridge", "s", toggle_action },
  { "win.remove-bridge", "s", remove_action },
  { "win.set-token", NULL, set_token_action },
  { "win.open-config", NULL, open_config_action },
  { "win.connect-bridge", "s", connect_action },
  { "win.connect-all", NULL, connect_all_action },
  { "win.disconnect-bridge", "s", disconnect_action },
  { "win.refresh", NULL, refresh_action },
  { "win.refresh-bridge", "s", refresh_action },
  { "win.test", NULL, test_action },
  { "win.test-bridge", "s", test_action },
  { "win.stop-all", NULL, stop_all_action },
  { "win.search", NULL, search_action },
  { "win.back", NULL, back_action },
  { "win.next-bridge", NULL, step_bridge_action },
  { "win.previous-bridge", NULL, step_bridge_action },
  { "win.next-pane", NULL, step_pane_action },
  { "win.previous-pane", NULL, step_pane_action },
  { "win.next-divider", NULL, step_divider_action },
  { "win.menu", NULL, menu_action },
  { "win.open-demo", NULL, open_demo_action },
  { "tool.execute", NULL, forward_action },
  { "tool.cancel", NULL, forward_action },
  { "tool.form-visible", NULL, forward_action },
};

void
via_window_class_install_actions (GtkWidgetClass *widget_class)
{
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, actions[i].parameter_type, actions[i].activate);
  /* In the bubble phase, after popovers, search and dialogs had their chance. */
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "tool.cancel", NULL);
}

void
via_window_update_actions (ViaWindow *self)
{
  gboolean usable = self->bridge != NULL && via_bridge_get_state (self->bridge) != VIA_BRIDGE_OFF;
  gboolean editable = self->bridge != NULL && !via_bridge_get_config (self->bridge)->builtin;
  const char *page = gtk_stack_get_visible_child_name (self->pages);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.edit", editable);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.toggle", editable);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.test", usable && self->n_tests == 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.refresh", usable || self->all);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.connect-all", self->all);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.search", g_strcmp0 (page, "tools") == 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.set-token",
                                 self->bridge != NULL && via_bridge_get_config (self->bridge)->auth_token_name != NULL);
}
