/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include "via-bridge-sidebar.h"

#include "via-bridge-row.h"
#include "via-list-scroller.h"

struct _ViaBridgeSidebar
{
  AdwBin            parent_instance;

  AdwHeaderBar     *header;
  GtkMenuButton    *menu_button;
  GtkListBox       *list;

  ViaBridgeManager *manager;
  GtkWidget        *all_row; /* always the first, hidden while there are fewer than two bridges */
  gboolean          silent;
};

G_DEFINE_FINAL_TYPE (ViaBridgeSidebar, via_bridge_sidebar, ADW_TYPE_BIN)

enum
{
  SIGNAL_SELECTED,
  SIGNAL_ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
row_selected_cb (ViaBridgeSidebar *self,
                 GtkListBoxRow    *row)
{
  if (!self->silent && row != NULL)
    g_signal_emit (self, signals[SIGNAL_SELECTED], 0, via_bridge_row_get_bridge (VIA_BRIDGE_ROW (row)));
}

static void
row_activated_cb (ViaBridgeSidebar *self,
                  GtkListBoxRow    *row)
{
  g_signal_emit (self, signals[SIGNAL_ACTIVATED], 0);
}

static void
update_total (ViaBridgeSidebar *self)
{
  guint n_bridges = self->manager != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->manager)) : 0;
  guint n_tools = 0;

  for (guint i = 0; i < n_bridges; i++)
    {
      g_autoptr(ViaBridge) bridge = g_list_model_get_item (G_LIST_MODEL (self->manager), i);

      if (via_bridge_get_state (bridge) != VIA_BRIDGE_OFF)
        n_tools += g_list_model_get_n_items (via_bridge_get_tools (bridge));
    }
  gtk_widget_set_visible (self->all_row, n_bridges > 1);
  via_bridge_row_set_count (VIA_BRIDGE_ROW (self->all_row), n_tools);
}

static void
insert_row (ViaBridgeSidebar *self,
            guint             position)
{
  g_autoptr(ViaBridge) bridge = g_list_model_get_item (G_LIST_MODEL (self->manager), position);

  g_signal_connect_object (bridge, "notify::state", G_CALLBACK (update_total), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (via_bridge_get_tools (bridge), "items-changed", G_CALLBACK (update_total), self,
                           G_CONNECT_SWAPPED);
  gtk_list_box_insert (self->list, via_bridge_row_new (bridge), (int) position + 1);
}

static void
bridges_changed_cb (GListModel       *bridges,
                    guint             position,
                    guint             removed,
                    guint             added,
                    ViaBridgeSidebar *self)
{
  self->silent = TRUE;
  for (guint i = 0; i < removed; i++)
    gtk_list_box_remove (self->list, GTK_WIDGET (gtk_list_box_get_row_at_index (self->list, (int) position + 1)));
  for (guint i = 0; i < added; i++)
    insert_row (self, position + i);
  self->silent = FALSE;
  update_total (self);
}

static void
via_bridge_sidebar_dispose (GObject *object)
{
  ViaBridgeSidebar *self = VIA_BRIDGE_SIDEBAR (object);

  if (self->manager != NULL)
    g_signal_handlers_disconnect_by_data (self->manager, self);
  g_clear_object (&self->manager);
  self->silent = TRUE;
  G_OBJECT_CLASS (via_bridge_sidebar_parent_class)->dispose (object);
}

static void
via_bridge_sidebar_class_init (ViaBridgeSidebarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = via_bridge_sidebar_dispose;
  signals[SIGNAL_SELECTED] = g_signal_new ("selected", VIA_TYPE_BRIDGE_SIDEBAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                           G_TYPE_NONE, 1, VIA_TYPE_BRIDGE);
  signals[SIGNAL_ACTIVATED] = g_signal_new ("activated", VIA_TYPE_BRIDGE_SIDEBAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                            G_TYPE_NONE, 0);
  g_type_ensure (VIA_TYPE_LIST_SCROLLER);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/viaduct/Viaduct/via-bridge-sidebar.ui");
  gtk_widget_class_bind_template_child (widget_class, ViaBridgeSidebar, header);
  gtk_widget_class_bind_template_child (widget_class, ViaBridgeSidebar, menu_button);
  gtk_widget_class_bind_template_child (widget_class, ViaBridgeSidebar, list);
  gtk_widget_class_bind_template_callback (widget_class, row_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
}

static void
via_bridge_sidebar_init (ViaBridgeSidebar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->all_row = via_bridge_row_new (NULL);
  gtk_widget_set_visible (self->all_row, FALSE);
  gtk_list_box_append (self->list, self->all_row);
}

void
via_bridge_sidebar_set_manager (ViaBridgeSidebar *self,
                                ViaBridgeManager *manager)
{
  g_return_if_fail (VIA_IS_BRIDGE_SIDEBAR (self));
  g_return_if_fail (self->manager == NULL);
  self->manager = g_object_ref (manager);
  g_signal_connect (manager, "items-changed", G_CALLBACK (bridges_changed_cb), self);
  bridges_changed_cb (G_LIST_MODEL (manager), 0, 0, g_list_model_get_n_items (G_LIST_MODEL (manager)), self);
}

static GtkListBoxRow *
find_row (ViaBridgeSidebar *self,
          ViaBridge        *bridge)
{
  GtkListBoxRow *row;

  for (int i = 1; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    if (via_bridge_row_get_bridge (VIA_BRIDGE_ROW (row)) == bridge)
      return row;
  return NULL;
}

void
via_bridge_sidebar_select (ViaBridgeSidebar *self,
                           ViaBridge        *bridge,
                           gboolean          all)
{
  GtkListBoxRow *row = NULL;

  g_return_if_fail (VIA_IS_BRIDGE_SIDEBAR (self));
  if (bridge != NULL)
    row = find_row (self, bridge);
  else if (all)
    row = GTK_LIST_BOX_ROW (self->all_row);
  self->silent = TRUE;
  gtk_list_box_select_row (self->list, row);
  self->silent = FALSE;
}

gboolean
via_bridge_sidebar_step (ViaBridgeSidebar *self,
                         int               direction)
{
  GtkListBoxRow *row;
  int index;

  g_return_val_if_fail (VIA_IS_BRIDGE_SIDEBAR (self), FALSE);
  row = gtk_list_box_get_selected_row (self->list);
  index = row != NULL ? gtk_list_box_row_get_index (row) + direction : 0;
  for (; (row = index >= 0 ? gtk_list_box_get_row_at_index (self->list, index) : NULL) != NULL; index += direction)
    if (gtk_widget_get_visible (GTK_WIDGET (row)))
      {
        gtk_list_box_select_row (self->list, row);
        return TRUE;
      }
  return FALSE;
}

void
via_bridge_sidebar_set_folded (ViaBridgeSidebar *self,
                               gboolean          folded)
{
  g_return_if_fail (VIA_IS_BRIDGE_SIDEBAR (self));
  adw_header_bar_set_show_end_title_buttons (self->header, folded);
}

void
via_bridge_sidebar_open_menu (ViaBridgeSidebar *self)
{
  g_return_if_fail (VIA_IS_BRIDGE_SIDEBAR (self));
  gtk_menu_button_popup (self->menu_button);
}

gboolean
via_bridge_sidebar_focus_list (ViaBridgeSidebar *self)
{
  g_return_val_if_fail (VIA_IS_BRIDGE_SIDEBAR (self), FALSE);
  return gtk_widget_child_focus (gtk_widget_get_ancestor (GTK_WIDGET (self->list), VIA_TYPE_LIST_SCROLLER),
                                 GTK_DIR_TAB_FORWARD);
}
