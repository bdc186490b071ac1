/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <glib/gi18n.h>

#include "via-window-private.h"

#include "via-bridge-row.h"
#include "via-format.h"
#include "via-welcome-page.h"

/* What the window shows for the bridge that is chosen: which page, and what its header says. */

/* Below this the columns fold, see the minimum widths in the template. */
#define FOLD_WIDTH 902

/* With one column the header bar says which tool it is. */
void
via_window_update_pane (ViaWindow *self)
{
  if (self->pane == NULL)
    return;
  via_tool_pane_set_compact (self->pane, adw_leaflet_get_folded (self->outer));
  via_tool_pane_set_title_visible (self->pane, !adw_leaflet_get_folded (self->inner));
}

static GtkWidget *
ensure_page (ViaWindow  *self,
             const char *name,
             GtkWidget *(*build) (ViaWindow *self))
{
  GtkWidget *page = gtk_stack_get_child_by_name (self->pages, name);

  if (page == NULL)
    {
      page = build (self);
      gtk_stack_add_named (self->pages, page, name);
    }
  gtk_stack_set_visible_child (self->pages, page);
  return page;
}

static GtkWidget *
build_welcome_page (ViaWindow *self)
{
  return via_welcome_page_new ();
}

static GtkWidget *
build_failed_page (ViaWindow *self)
{
  self->failed_page = VIA_BRIDGE_FAILED_PAGE (via_bridge_failed_page_new ());
  return GTK_WIDGET (self->failed_page);
}

static GtkWidget *
build_off_page (ViaWindow *self)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (_("Turn _On"));

  self->off_page = g_object_new (ADW_TYPE_STATUS_PAGE,
                                 "icon-name", "system-shutdown-symbolic",
                                 "title", _("This Bridge Is Off"),
                                 "description", _("It stays in the configuration, and nothing connects to it."),
                                 "child", button,
                                 NULL);
  gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "pill");
  gtk_widget_add_css_class (button, "suggested-action");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.toggle");
  return GTK_WIDGET (self->off_page);
}

static void
show_tools_of_bridge (ViaWindow *self)
{
  switch (via_bridge_get_state (self->bridge))
    {
    case VIA_BRIDGE_CONNECTING:
      {
        /* translators: the name of a bridge */
        g_autofree char *text = g_strdup_printf (_("Connecting to “%s”…"), via_bridge_get_name (self->bridge));

        via_tool_list_show_loading (self->tool_list, text);
        break;
      }
    case VIA_BRIDGE_IDLE:
      if (self->connect_source != 0)
        via_tool_list_show_loading (self->tool_list, _("Connecting…"));
      else
        via_tool_list_show_message (self->tool_list, _("Not Connected"),
                                    _("Connect to see the tools of this bridge."), _("Connect"), "win.refresh");
      break;
    default:
      if (g_hash_table_contains (self->listing, self->bridge))
        via_tool_list_show_loading (self->tool_list, _("Reading the tools…"));
      else
        via_tool_list_show_message (self->tool_list, _("No Tools"),
                                    _("The server is connected and offers no tools."), NULL, NULL);
      break;
    }
}

static void
count_bridges (ViaWindow *self,
               guint     *n_on,
               guint     *n_connected,
               guint     *n_connecting)
{
  guint n_bridges = self->manager != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->manager)) : 0;

  *n_on = *n_connected = *n_connecting = 0;
  for (guint i = 0; i < n_bridges; i++)
    {
      g_autoptr(ViaBridge) bridge = g_list_model_get_item (G_LIST_MODEL (self->manager), i);
      ViaBridgeState state = via_bridge_get_state (bridge);

      *n_on += state != VIA_BRIDGE_OFF;
      *n_connected += state == VIA_BRIDGE_CONNECTED;
      *n_connecting += state == VIA_BRIDGE_CONNECTING;
    }
}

static void
show_tools_of_all (ViaWindow *self)
{
  guint n_on, n_connected, n_connecting;

  count_bridges (self, &n_on, &n_connected, &n_connecting);
  if (n_connecting > 0)
    via_tool_list_show_loading (self->tool_list, _("Connecting…"));
  else if (n_connected == 0)
    via_tool_list_show_message (self->tool_list, _("Nothing Connected"),
                                _("Connect the bridges to see all their tools together."), _("Connect All"),
                                "win.connect-all");
  else
    via_tool_list_show_message (self->tool_list, _("No Tools"),
                                _("The connected servers offer no tools."), NULL, NULL);
}

/* The file has mistakes, and nothing of it could be used since the start. */
gboolean
via_window_is_unreadable (ViaWindow *self)
{
  return gtk_widget_get_visible (GTK_WIDGET (self->problems))
         && via_config_get_n_bridges (via_config_file_get_config (via_bridge_manager_get_file (self->manager))) == 0;
}

static void
update_page (ViaWindow *self)
{
  gboolean has_tools = self->bridge != NULL && g_list_model_get_n_items (via_bridge_get_tools (self->bridge)) > 0;
  ViaBridgeState state = self->bridge != NULL ? via_bridge_get_state (self->bridge) : VIA_BRIDGE_IDLE;

  if (self->manager == NULL)
    gtk_stack_set_visible_child_name (self->pages, "empty");
  else if (self->bridge == NULL && !self->all)
    {
      GtkWidget *page = ensure_page (self, "welcome", build_welcome_page);

      via_welcome_page_set_broken (VIA_WELCOME_PAGE (page), via_window_is_unreadable (self));
    }
  else if (state == VIA_BRIDGE_OFF)
    ensure_page (self, "off", build_off_page);
  else if (state == VIA_BRIDGE_FAILED && !has_tools)
    {
      ensure_page (self, "failed", build_failed_page);
      via_bridge_failed_page_set_bridge (self->failed_page, self->bridge);
    }
  else
    {
      gtk_stack_set_visible_child_name (self->pages, "tools");
      if (self->all)
        show_tools_of_all (self);
      else
        show_tools_of_bridge (self);
    }
}

static char *
format_all_status (ViaWindow *self)
{
  guint n_on, n_connected, n_connecting;

  count_bridges (self, &n_on, &n_connected, &n_connecting);
  /* translators: how many of the bridges that are turned on are connected, such as "3 of 6 connected" */
  return g_strdup_printf (_("%u of %u connected"), n_connected, n_on);
}

/* Before the first allocation nothing is folded yet: the width that was asked for tells, so that a narrow window is not
 * made wider by buttons that go away at once. */
static gboolean
is_narrow (ViaWindow *self,
           gboolean   on_tools)
{
  int width, height; /* the floor wants both */

  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    return adw_leaflet_get_folded (self->outer) || (on_tools && adw_leaflet_get_folded (self->inner));
  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  return width < FOLD_WIDTH;
}

static void
update_header (ViaWindow *self)
{
  const char *page = gtk_stack_get_visible_child_name (self->pages);
  gboolean on_tools = g_strcmp0 (page, "tools") == 0;
  gboolean content_shown = self->bridge != NULL || self->all;
  gboolean narrow = is_narrow (self, on_tools);
  gboolean on_pane = on_tools && adw_leaflet_get_folded (self->inner)
                     && g_strcmp0 (adw_leaflet_get_visible_child_name (self->inner), "pane") == 0;
  const char *name = self->bridge != NULL ? via_bridge_get_name (self->bridge) : self->all ? _("All Bridges") : "";
  g_autofree char *status = self->bridge != NULL ? via_format_bridge_status (self->bridge)
                            : self->all          ? format_all_status (self) : g_strdup ("");
  guint n_on, n_connected, n_connecting;
  gboolean connected;

  count_bridges (self, &n_on, &n_connected, &n_connecting);
  connected = self->bridge != NULL ? via_bridge_get_state (self->bridge) == VIA_BRIDGE_CONNECTED : n_connected > 0;

  gtk_label_set_text (self->name_label, name);
  gtk_label_set_text (self->status_label, status);
  gtk_widget_set_visible (self->status_dot, connected);
  gtk_widget_set_visible (self->wide_title, content_shown && !narrow);
  adw_window_title_set_title (self->narrow_title, !narrow ? "" : on_pane && self->tool != NULL
                                                  ? via_tool_get_title (self->tool) : name);
  adw_window_title_set_subtitle (self->narrow_title, !narrow ? "" : on_pane ? name : status);
  gtk_widget_set_visible (self->test_button, content_shown && !narrow && !self->all);
  gtk_widget_set_visible (self->connect_all_button, self->all && !narrow && n_connected < n_on);
  gtk_widget_set_visible (self->refresh_button, content_shown && !narrow);
  gtk_widget_set_visible (GTK_WIDGET (self->bridge_menu), self->bridge != NULL);
  gtk_widget_set_visible (self->back_button, adw_leaflet_get_folded (self->outer) || on_pane);
  gtk_widget_set_visible (GTK_WIDGET (self->test_spinner), self->n_tests > 0 && !narrow);
  gtk_spinner_set_spinning (self->test_spinner, self->n_tests > 0);
}

static void
update_menu (ViaWindow *self)
{
  g_autoptr(GMenuModel) menu = NULL;

  if (self->bridge == NULL)
    return;
  menu = via_bridge_row_build_menu (self->bridge, TRUE);
  gtk_menu_button_set_menu_model (self->bridge_menu, menu);
}

void
via_window_update (ViaWindow *self)
{
  update_page (self);
  update_header (self);
  update_menu (self);
  via_window_update_actions (self);
}

/* Folding is announced in the middle of an allocation, when nothing may change its size. */
static gboolean
layout_cb (gpointer data)
{
  ViaWindow *self = data;

  self->layout_source = 0;
  via_bridge_sidebar_set_folded (self->sidebar, adw_leaflet_get_folded (self->outer));
  via_window_update_pane (self);
  update_header (self);
  return G_SOURCE_REMOVE;
}

void
via_window_queue_layout (ViaWindow *self)
{
  if (self->layout_source == 0)
    self->layout_source = g_idle_add_full (G_PRIORITY_HIGH_IDLE, layout_cb, self, NULL);
}
