/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <glib/gi18n.h>

#include "via-window-private.h"

#include "via-dialogs.h"
#include "via-divider.h"

/* A walk through the bridges with the arrow keys connects only to the one where it ends. */
#define CONNECT_DELAY_MS 150
/* What "bridge" says in the settings when all of them were shown. */
#define ALL_BRIDGES "*"

G_DEFINE_FINAL_TYPE (ViaWindow, via_window, ADW_TYPE_APPLICATION_WINDOW)

ViaBridge *
via_window_find_bridge (ViaWindow  *self,
                        const char *name)
{
  return self->manager != NULL && name != NULL ? via_bridge_manager_find (self->manager, name) : NULL;
}

void
via_window_ensure_pane (ViaWindow *self)
{
  if (self->pane != NULL || self->manager == NULL)
    return;
  self->pane = VIA_TOOL_PANE (via_tool_pane_new ());
  via_tool_pane_set_manager (self->pane, self->manager);
  via_tool_pane_set_default_timeout (self->pane, via_settings_get_default_timeout (self->settings));
  via_window_update_pane (self);
  via_tool_pane_set_tool (self->pane, self->tool_bridge != NULL ? self->tool_bridge : self->bridge, self->tool);
  adw_bin_set_child (self->pane_bin, GTK_WIDGET (self->pane));
}

static gboolean
warm_up_cb (gpointer data)
{
  ViaWindow *self = data;

  self->warm_up_source = 0;
  via_window_ensure_pane (self);
  return G_SOURCE_REMOVE;
}

/* The second frame comes after the first one has been seen. */
static gboolean
frame_cb (GtkWidget     *widget,
          GdkFrameClock *clock,
          gpointer       user_data)
{
  ViaWindow *self = VIA_WINDOW (widget);

  if (self->n_frames++ == 0)
    {
      gtk_widget_queue_draw (widget);
      return G_SOURCE_CONTINUE;
    }
  if (self->warm_up_source == 0)
    self->warm_up_source = g_idle_add_full (G_PRIORITY_LOW, warm_up_cb, self, NULL);
  return G_SOURCE_REMOVE;
}

static void
set_tool (ViaWindow *self,
          ViaBridge *bridge,
          ViaTool   *tool)
{
  g_set_object (&self->tool, tool);
  g_set_object (&self->tool_bridge, bridge);
  if (tool != NULL)
    g_hash_table_insert (self->last_tools, g_strdup (self->all ? ALL_BRIDGES : via_bridge_get_name (bridge)),
                         g_strdup (via_tool_get_name (tool)));
  if (tool != NULL)
    via_window_ensure_pane (self);
  if (self->pane != NULL)
    via_tool_pane_set_tool (self->pane, bridge, tool);
  via_window_update (self);
}

/* --- Listing ------------------------------------------------------------------------------------------------------- */

static void
listed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(ViaWindow) self = user_data;
  ViaBridge *bridge = VIA_BRIDGE (object);
  g_autoptr(GError) error = NULL;

  g_hash_table_remove (self->listing, bridge);
  if (via_bridge_list_tools_finish (bridge, result, &error) || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      via_window_update (self);
      return;
    }
  /* Without any tools the page itself says what is wrong. */
  if (bridge != self->bridge || g_list_model_get_n_items (via_bridge_get_tools (bridge)) > 0)
    via_dialogs_toast (GTK_WIDGET (self->outer), error->message);
  via_window_update (self);
}

void
via_window_list_tools (ViaWindow *self,
                       ViaBridge *bridge,
                       gboolean   refresh)
{
  if (via_bridge_get_state (bridge) == VIA_BRIDGE_OFF)
    return;
  g_hash_table_add (self->listing, g_object_ref (bridge));
  via_bridge_list_tools_async (bridge, refresh, self->cancellable, listed_cb, g_object_ref (self));
}

static gboolean
connect_cb (gpointer data)
{
  ViaWindow *self = data;

  self->connect_source = 0;
  if (self->bridge != NULL && via_bridge_get_state (self->bridge) == VIA_BRIDGE_IDLE)
    via_window_list_tools (self, self->bridge, FALSE);
  return G_SOURCE_REMOVE;
}

/* --- Selection ----------------------------------------------------------------------------------------------------- */

static void tools_changed_cb (ViaWindow *self);

static void
forget_bridge (ViaWindow *self)
{
  if (self->bridge != NULL)
    {
      g_signal_handlers_disconnect_by_func (self->bridge, via_window_update, self);
      g_signal_handlers_disconnect_by_func (via_bridge_get_tools (self->bridge), tools_changed_cb, self);
    }
  for (guint i = 0; self->all && i < g_list_model_get_n_items (G_LIST_MODEL (self->manager)); i++)
    {
      g_autoptr(ViaBridge) bridge = g_list_model_get_item (G_LIST_MODEL (self->manager), i);

      g_signal_handlers_disconnect_by_func (bridge, via_window_update, self);
    }
  g_clear_object (&self->bridge);
  g_clear_handle_id (&self->connect_source, g_source_remove);
  self->all = FALSE;
}

static void
fill_model (ViaWindow *self)
{
  ViaToolModel *model = via_tool_list_get_model (self->tool_list);

  via_tool_model_clear (model);
  if (self->bridge != NULL)
    via_tool_model_add_source (model, self->bridge, NULL, via_bridge_get_tools (self->bridge));
  for (guint i = 0; self->all && i < g_list_model_get_n_items (G_LIST_MODEL (self->manager)); i++)
    {
      g_autoptr(ViaBridge) bridge = g_list_model_get_item (G_LIST_MODEL (self->manager), i);

      g_signal_handlers_disconnect_by_func (bridge, via_window_update, self);
      g_signal_connect_object (bridge, "notify::state", G_CALLBACK (via_window_update), self, G_CONNECT_SWAPPED);
      if (via_bridge_get_state (bridge) != VIA_BRIDGE_OFF)
        via_tool_model_add_source (model, bridge, via_bridge_get_name (bridge), via_bridge_get_tools (bridge));
    }
}

/* The tool that was shown last for this bridge is shown again. */
static void
restore_tool (ViaWindow *self)
{
  ViaTool *tool = NULL;

  if (self->bridge != NULL)
    {
      const char *name = g_hash_table_lookup (self->last_tools, via_bridge_get_name (self->bridge));

      tool = name != NULL ? via_bridge_find_tool (self->bridge, name) : NULL;
    }
  via_tool_list_select (self->tool_list, self->bridge, tool != NULL ? via_tool_get_name (tool) : NULL);
  set_tool (self, self->bridge, tool);
}

void
via_window_show (ViaWindow *self,
                 ViaBridge *bridge,
                 gboolean   all)
{
  g_autoptr(ViaBridge) kept = bridge != NULL ? g_object_ref (bridge) : NULL;

  forget_bridge (self);
  self->bridge = g_steal_pointer (&kept);
  self->all = bridge == NULL && all;
  via_bridge_sidebar_select (self->sidebar, self->bridge, self->all);
  via_tool_list_clear_search (self->tool_list);
  fill_model (self);
  adw_leaflet_set_visible_child_name (self->inner, "list");
  if (self->bridge != NULL)
    {
      g_signal_connect_object (self->bridge, "notify", G_CALLBACK (via_window_update), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (via_bridge_get_tools (self->bridge), "items-changed", G_CALLBACK (tools_changed_cb), self,
                               G_CONNECT_SWAPPED);
      self->connect_source = g_timeout_add (CONNECT_DELAY_MS, connect_cb, self);
    }
  if (self->bridge != NULL || self->all)
    {
      via_settings_set_bridge (self->settings, self->bridge != NULL ? via_bridge_get_name (self->bridge) : ALL_BRIDGES);
      via_settings_set_welcomed (self->settings, TRUE);
    }
  restore_tool (self);
}

/* A list fetched anew has new objects: the pane goes on with the one of the same name, if there still is one. */
static void
tools_changed_cb (ViaWindow *self)
{
  ViaTool *tool = NULL;

  if (self->tool != NULL && self->tool_bridge == self->bridge)
    tool = via_bridge_find_tool (self->bridge, via_tool_get_name (self->tool));
  if (tool != NULL && tool != self->tool)
    set_tool (self, self->bridge, tool);
  else if (self->tool == NULL && self->bridge != NULL)
    restore_tool (self);
  via_window_update (self);
}

static void
bridge_selected_cb (ViaWindow *self,
                    ViaBridge *bridge)
{
  via_window_show (self, bridge, bridge == NULL);
}

static void
bridge_activated_cb (ViaWindow *self)
{
  adw_leaflet_set_visible_child_name (self->outer, "content");
}

static void
tool_selected_cb (ViaWindow *self,
                  ViaBridge *bridge,
                  ViaTool   *tool)
{
  set_tool (self, bridge, tool);
}

static void
tool_activated_cb (ViaWindow *self)
{
  via_window_ensure_pane (self);
  adw_leaflet_set_visible_child_name (self->inner, "pane");
  if (self->pane != NULL)
    via_tool_pane_focus_arguments (self->pane);
}

/* --- The manager --------------------------------------------------------------------------------------------------- */

static void
problems_cb (ViaWindow *self)
{
  via_problems_card_set_file (self->problems, via_bridge_manager_get_file (self->manager));
  via_window_update (self);
}

static gboolean
is_listed (ViaWindow *self,
           ViaBridge *bridge)
{
  return via_bridge_manager_find (self->manager, via_bridge_get_name (bridge)) == bridge;
}

/* A changed file puts a new object in a bridge's place: follow it by name, else show what is there. */
static void
show_replacement (ViaWindow *self)
{
  ViaBridge *bridge = via_window_find_bridge (self, via_bridge_get_name (self->bridge));
  g_autoptr(ViaBridge) first = NULL;

  if (bridge == NULL)
    bridge = first = g_list_model_get_item (G_LIST_MODEL (self->manager), 0);
  via_window_show (self, bridge, FALSE);
}

static void
say_unknown (ViaWindow  *self,
             const char *name)
{
  /* translators: a name that somebody typed */
  g_autofree char *text = g_strdup_printf (_("There is no bridge called “%s”."), name);

  via_dialogs_toast (GTK_WIDGET (self->outer), text);
}

/* With nothing configured and nothing asked for, the first start says what there is. */
static void
show_first (ViaWindow *self)
{
  const char *name = self->wanted != NULL ? self->wanted : via_settings_get_bridge (self->settings);
  g_autoptr(ViaBridge) first = g_list_model_get_item (G_LIST_MODEL (self->manager), 0);
  ViaBridge *bridge = via_window_find_bridge (self, name);
  guint n_bridges = g_list_model_get_n_items (G_LIST_MODEL (self->manager));
  gboolean all = g_strcmp0 (name, ALL_BRIDGES) == 0;

  if (self->wanted != NULL && bridge == NULL && !all)
    say_unknown (self, name);
  g_clear_pointer (&self->wanted, g_free);
  if (bridge != NULL)
    via_window_show (self, bridge, FALSE);
  else if (n_bridges > 1 && all)
    via_window_show (self, NULL, TRUE);
  else if (via_window_is_unreadable (self))
    via_window_show (self, NULL, FALSE);
  else if (first != NULL && (via_settings_get_welcomed (self->settings) || !via_bridge_get_config (first)->builtin))
    via_window_show (self, first, FALSE);
  else
    via_window_show (self, NULL, FALSE);
  if (self->bridge != NULL || self->all || first == NULL || !via_settings_get_welcomed (self->settings))
    adw_leaflet_set_visible_child_name (self->outer, "content");
}

static gboolean
has_own_bridges (ViaWindow *self)
{
  return via_config_get_n_bridges (via_config_file_get_config (via_bridge_manager_get_file (self->manager))) > 0;
}

static void
bridges_changed_cb (ViaWindow *self)
{
  ViaBridge *wanted = via_window_find_bridge (self, self->wanted);

  if (wanted != NULL)
    {
      via_window_show (self, wanted, FALSE);
      g_clear_pointer (&self->wanted, g_free);
    }
  else if (self->bridge != NULL && !is_listed (self, self->bridge))
    show_replacement (self);
  else if (self->all)
    fill_model (self);
  else if (self->bridge == NULL && has_own_bridges (self))
    show_first (self);
  via_window_update (self);
}

void
via_window_set_manager (ViaWindow        *self,
                        ViaBridgeManager *manager)
{
  g_return_if_fail (VIA_IS_WINDOW (self));
  g_return_if_fail (self->manager == NULL);
  self->manager = g_object_ref (manager);
  via_bridge_sidebar_set_manager (self->sidebar, manager);
  g_signal_connect_object (manager, "items-changed", G_CALLBACK (bridges_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (manager, "problems", G_CALLBACK (problems_cb), self, G_CONNECT_SWAPPED);
  problems_cb (self);
  show_first (self);
  gtk_widget_add_tick_callback (GTK_WIDGET (self), frame_cb, NULL, NULL);
}

ViaBridgeManager *
via_window_get_manager (ViaWindow *self)
{
  g_return_val_if_fail (VIA_IS_WINDOW (self), NULL);
  return self->manager;
}

ViaSettings *
via_window_get_settings (ViaWindow *self)
{
  g_return_val_if_fail (VIA_IS_WINDOW (self), NULL);
  return self->settings;
}

/* TRUE when there is such a bridge. */
static gboolean
show_named (ViaWindow  *self,
            const char *name)
{
  ViaBridge *bridge = via_window_find_bridge (self, name);

  if (bridge == NULL && g_strcmp0 (name, ALL_BRIDGES) != 0)
    return FALSE;
  g_clear_pointer (&self->wanted, g_free);
  via_window_show (self, bridge, bridge == NULL);
  adw_leaflet_set_visible_child_name (self->outer, "content");
  return TRUE;
}

/* As open_bridge, for one that was just written to the file and may not be there before it is read again. */
void
via_window_await_bridge (ViaWindow  *self,
                         const char *name)
{
  if (show_named (self, name))
    return;
  g_free (self->wanted);
  self->wanted = g_strdup (name);
}

void
via_window_open_bridge (ViaWindow  *self,
                        const char *name)
{
  g_return_if_fail (VIA_IS_WINDOW (self));
  g_return_if_fail (name != NULL);
  if (self->manager == NULL)
    {
      g_free (self->wanted);
      self->wanted = g_strdup (name);
    }
  else if (!show_named (self, name))
    say_unknown (self, name);
}

gboolean
via_window_open_tool (ViaWindow  *self,
                      const char *tool_name)
{
  ViaTool *tool;

  g_return_val_if_fail (VIA_IS_WINDOW (self), FALSE);
  tool = self->bridge != NULL ? via_bridge_find_tool (self->bridge, tool_name) : NULL;
  if (tool == NULL)
    return FALSE;
  via_tool_list_select (self->tool_list, self->bridge, tool_name);
  set_tool (self, self->bridge, tool);
  adw_leaflet_set_visible_child_name (self->inner, "pane");
  return TRUE;
}

/* --- Life ---------------------------------------------------------------------------------------------------------- */

static void
stopped_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(ViaWindow) self = user_data;

  via_bridge_manager_stop_all_finish (VIA_BRIDGE_MANAGER (object), result, NULL);
  gtk_window_destroy (GTK_WINDOW (self));
}

/* What runs is cancelled and every child process has ended before the program does; stop_all is bounded in time. */
static gboolean
via_window_close_request (GtkWindow *window)
{
  ViaWindow *self = VIA_WINDOW (window);

  int width, height;

  if (self->stopping)
    return GDK_EVENT_STOP;
  gtk_window_get_default_size (window, &width, &height);
  via_settings_set_window_size (self->settings, width, height, gtk_window_is_maximized (window));
  if (self->manager == NULL)
    return GTK_WINDOW_CLASS (via_window_parent_class)->close_request (window);
  self->stopping = TRUE;
  g_cancellable_cancel (self->cancellable);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  via_bridge_manager_stop_all_async (self->manager, NULL, stopped_cb, g_object_ref (self));
  return GDK_EVENT_STOP;
}

static void
sidebar_moved_cb (int      width,
                  gpointer user_data)
{
  via_settings_set_sidebar_width (VIA_WINDOW (user_data)->settings, width);
}

static void
tools_moved_cb (int      width,
                gpointer user_data)
{
  via_settings_set_tools_width (VIA_WINDOW (user_data)->settings, width);
}

static void
default_timeout_cb (ViaWindow *self)
{
  if (self->pane != NULL)
    via_tool_pane_set_default_timeout (self->pane, via_settings_get_default_timeout (self->settings));
}

static void
via_window_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (via_window_parent_class)->map (widget);
  via_window_queue_layout (VIA_WINDOW (widget));
}

/* Lists and tests under way hold the window: they end when it goes, however it goes. */
static void
via_window_unrealize (GtkWidget *widget)
{
  g_cancellable_cancel (VIA_WINDOW (widget)->cancellable);
  GTK_WIDGET_CLASS (via_window_parent_class)->unrealize (widget);
}

static void
via_window_dispose (GObject *object)
{
  ViaWindow *self = VIA_WINDOW (object);

  forget_bridge (self);
  g_clear_handle_id (&self->layout_source, g_source_remove);
  g_clear_handle_id (&self->warm_up_source, g_source_remove);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->tool);
  g_clear_object (&self->tool_bridge);
  g_clear_object (&self->manager);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->wanted, g_free);
  g_clear_pointer (&self->last_tools, g_hash_table_unref);
  g_clear_pointer (&self->listing, g_hash_table_unref);
  G_OBJECT_CLASS (via_window_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, ViaWindow, outer);
  gtk_widget_class_bind_template_child (widget_class, ViaWindow, inner);
  gtk_widget_class_bind_template_child (widget_class, ViaWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, ViaWindow, outer_separator);
  gtk_widget_class_bind_template_child (widget_class, ViaWindow, inner_separator);
  gtk_widget_class_bind_template_child (widget_class, ViaWindow, header);
  gtk_widget_class_bind_template_child (widget_class, ViaWindow, narrow_title);
  gtk_widget_class_bind_template_child (widget_class, ViaWindow, back_button);
  gtk_widget_class_bind_template_child (widget_class, ViaWindow, wide_title);
  gtk_widget_class_bind_template_child (widget_class, ViaWindow, name_label);
  gtk_widget_class_bind_template_child (widget_class, ViaWindow, status_box);
  gtk_widget_class_bind_template_child (widget_class, ViaWindow, status_dot);
  gtk_widget_class_bind_template_child (widget_class, ViaWindow, status_label);
  gtk_widget_class_bind_template_child (widget_class, ViaWindow, bridge_menu);
  gtk_widget_class_bind_template_child (widget_class, ViaWindow, refresh_button);
  gtk_widget_class_bind_template_child (widget_class, ViaWindow, connect_all_button);
  gtk_widget_class_bind_template_child (widget_class, ViaWindow, test_button);
  gtk_widget_class_bind_template_child (widget_class, ViaWindow, test_spinner);
  gtk_widget_class_bind_template_child (widget_class, ViaWindow, problems);
  gtk_widget_class_bind_template_child (widget_class, ViaWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, ViaWindow, tool_list);
  gtk_widget_class_bind_template_child (widget_class, ViaWindow, pane_bin);
}

static void
via_window_class_init (ViaWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = via_window_dispose;
  widget_class->map = via_window_map;
  widget_class->unrealize = via_window_unrealize;
  GTK_WINDOW_CLASS (klass)->close_request = via_window_close_request;
  via_window_class_install_actions (widget_class);
  g_type_ensure (VIA_TYPE_BRIDGE_SIDEBAR);
  g_type_ensure (VIA_TYPE_PROBLEMS_CARD);
  g_type_ensure (VIA_TYPE_TOOL_LIST);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/viaduct/Viaduct/via-window.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, bridge_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, bridge_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, tool_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, tool_activated_cb);
  gtk_widget_class_bind_template_callback_full (widget_class, "layout_changed_cb", G_CALLBACK (via_window_queue_layout));
}

static void
via_window_init (ViaWindow *self)
{
  self->cancellable = g_cancellable_new ();
  self->last_tools = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->listing = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWindow *
via_window_new (GtkApplication *application,
                ViaSettings    *settings)
{
  ViaWindow *self = g_object_new (VIA_TYPE_WINDOW, "application", application, NULL);

  self->settings = g_object_ref (settings);
  gtk_window_set_default_size (GTK_WINDOW (self), via_settings_get_window_width (settings),
                               via_settings_get_window_height (settings));
  if (via_settings_get_maximized (settings))
    gtk_window_maximize (GTK_WINDOW (self));
  gtk_widget_set_size_request (GTK_WIDGET (self->sidebar), via_settings_get_sidebar_width (settings), -1);
  gtk_widget_set_size_request (GTK_WIDGET (self->tool_list), via_settings_get_tools_width (settings), -1);
  via_divider_attach (self->outer, GTK_WIDGET (self->sidebar), self->outer_separator, 200, 400, sidebar_moved_cb, self);
  via_divider_attach (self->inner, GTK_WIDGET (self->tool_list), self->inner_separator, 260, 520, tools_moved_cb, self);
  g_signal_connect_object (settings, "notify::default-timeout", G_CALLBACK (default_timeout_cb), self, G_CONNECT_SWAPPED);
  via_window_update (self);
  return GTK_WINDOW (self);
}
