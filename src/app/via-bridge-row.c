/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <glib/gi18n.h>

#include "via-bridge-row.h"

#include "via-format.h"

struct _ViaBridgeRow
{
  GtkListBoxRow  parent_instance;

  GtkStack      *mark;
  GtkWidget     *dot;
  GtkSpinner    *spinner;
  GtkImage      *icon;
  GtkLabel      *name;
  GtkLabel      *line;
  GtkLabel      *count;

  ViaBridge     *bridge;
  GtkWidget     *popover; /* made when it is first asked for */
};

G_DEFINE_FINAL_TYPE (ViaBridgeRow, via_bridge_row, GTK_TYPE_LIST_BOX_ROW)

static void
set_class (gpointer    widget,
           const char *name,
           gboolean    on)
{
  if (on)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

static void
update_mark (ViaBridgeRow   *self,
             ViaBridgeState  state)
{
  gboolean connecting = state == VIA_BRIDGE_CONNECTING;

  gtk_stack_set_visible_child_name (self->mark, connecting ? "busy" : state == VIA_BRIDGE_FAILED ? "icon" : "dot");
  gtk_spinner_set_spinning (self->spinner, connecting);
  set_class (self->dot, "on", state == VIA_BRIDGE_CONNECTED);
  set_class (self->dot, "off", state != VIA_BRIDGE_CONNECTED);
}

static void
set_count_text (ViaBridgeRow *self,
                guint         n_tools,
                gboolean      shown)
{
  g_autofree char *text = g_strdup_printf ("%u", n_tools);

  gtk_label_set_text (self->count, text);
  gtk_widget_set_visible (GTK_WIDGET (self->count), shown);
}

static void
update (ViaBridgeRow *self)
{
  ViaBridgeState state = via_bridge_get_state (self->bridge);
  guint n_tools = g_list_model_get_n_items (via_bridge_get_tools (self->bridge));
  g_autofree char *line = via_format_bridge_line (self->bridge);
  g_autofree char *tools = g_strdup_printf (ngettext ("%u tool", "%u tools", n_tools), n_tools);
  const char *status = state == VIA_BRIDGE_CONNECTED ? C_("bridge state", "connected") : NULL;
  /* What is shown, in words; the mark alone says that a bridge is connected. */
  g_autofree char *label = g_strjoin (", ", via_bridge_get_name (self->bridge), line, n_tools > 0 ? tools : status,
                                      n_tools > 0 ? status : NULL, NULL);

  update_mark (self, state);
  gtk_label_set_text (self->name, via_bridge_get_name (self->bridge));
  gtk_label_set_text (self->line, line);
  set_class (self->line, "error", state == VIA_BRIDGE_FAILED);
  set_class (self->line, "dim-label", state != VIA_BRIDGE_FAILED);
  set_count_text (self, n_tools, n_tools > 0 && state != VIA_BRIDGE_OFF);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), state == VIA_BRIDGE_FAILED ? via_bridge_get_status (self->bridge) : NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
append (GMenu      *menu,
        const char *label,
        const char *action,
        const char *target)
{
  g_autoptr(GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, action, "s", target);
  g_menu_append_item (menu, item);
}

static GMenuModel *
build_connection_section (ViaBridge *bridge,
                          gboolean   with_test)
{
  GMenu *menu = g_menu_new ();
  const char *name = via_bridge_get_name (bridge);
  ViaBridgeState state = via_bridge_get_state (bridge);

  if (state == VIA_BRIDGE_OFF)
    return G_MENU_MODEL (menu);
  if (with_test)
    append (menu, _("_Test Connection"), "win.test-bridge", name);
  append (menu, _("_Refresh Tools"), "win.refresh-bridge", name);
  if (state == VIA_BRIDGE_CONNECTED || state == VIA_BRIDGE_CONNECTING)
    append (menu, _("_Disconnect"), "win.disconnect-bridge", name);
  else
    append (menu, _("_Connect"), "win.connect-bridge", name);
  append (menu, _("Show _Log"), "win.show-log", name);
  return G_MENU_MODEL (menu);
}

GMenuModel *
via_bridge_row_build_menu (ViaBridge *bridge,
                           gboolean   with_test)
{
  GMenu *menu = g_menu_new ();
  g_autoptr(GMenuModel) connection = build_connection_section (bridge, with_test);
  g_autoptr(GMenu) file = g_menu_new ();
  g_autoptr(GMenu) removal = g_menu_new ();
  const char *name = via_bridge_get_name (bridge);
  gboolean builtin = via_bridge_get_config (bridge)->builtin;

  if (!builtin)
    append (file, _("_Edit…"), "win.edit-bridge", name);
  append (file, _("D_uplicate…"), "win.duplicate-bridge", name);
  if (!builtin)
    {
      append (file, via_bridge_get_config (bridge)->enabled ? _("Turn _Off") : _("Turn _On"), "win.toggle-bridge", name);
      append (removal, _("Re_move…"), "win.remove-bridge", name);
    }
  if (g_menu_model_get_n_items (connection) > 0)
    g_menu_append_section (menu, NULL, connection);
  g_menu_append_section (menu, NULL, G_MENU_MODEL (file));
  if (!builtin)
    g_menu_append_section (menu, NULL, G_MENU_MODEL (removal));
  return G_MENU_MODEL (menu);
}

static void
show_menu (ViaBridgeRow *self,
           double        x,
           double        y)
{
  g_autoptr(GMenuModel) menu = NULL;

  if (self->bridge == NULL)
    return;
  menu = via_bridge_row_build_menu (self->bridge, TRUE);
  if (self->popover == NULL)
    {
      self->popover = gtk_popover_menu_new_from_model (NULL);
      gtk_popover_set_has_arrow (GTK_POPOVER (self->popover), FALSE);
      gtk_widget_set_halign (self->popover, GTK_ALIGN_START);
      gtk_widget_set_parent (self->popover, GTK_WIDGET (self));
    }
  gtk_popover_menu_set_menu_model (GTK_POPOVER_MENU (self->popover), menu);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->popover), &(GdkRectangle) { (int) x, (int) y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->popover));
}

static void
pressed_cb (GtkGestureClick *gesture,
            int              n_press,
            double           x,
            double           y,
            gpointer         user_data)
{
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  show_menu (VIA_BRIDGE_ROW (gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture))), x, y);
}

static void
long_pressed_cb (GtkGestureLongPress *gesture,
                 double               x,
                 double               y,
                 gpointer             user_data)
{
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  show_menu (VIA_BRIDGE_ROW (gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture))), x, y);
}

static void
menu_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  show_menu (VIA_BRIDGE_ROW (widget), gtk_widget_get_width (widget) / 2.0, gtk_widget_get_height (widget) - 6);
}

static void
via_bridge_row_size_allocate (GtkWidget *widget,
                              int        width,
                              int        height,
                              int        baseline)
{
  ViaBridgeRow *self = VIA_BRIDGE_ROW (widget);

  GTK_WIDGET_CLASS (via_bridge_row_parent_class)->size_allocate (widget, width, height, baseline);
  if (self->popover != NULL)
    gtk_popover_present (GTK_POPOVER (self->popover));
}

static void
via_bridge_row_dispose (GObject *object)
{
  ViaBridgeRow *self = VIA_BRIDGE_ROW (object);

  if (self->bridge != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->bridge, self);
      g_signal_handlers_disconnect_by_data (via_bridge_get_tools (self->bridge), self);
    }
  g_clear_object (&self->bridge);
  g_clear_pointer (&self->popover, gtk_widget_unparent);
  G_OBJECT_CLASS (via_bridge_row_parent_class)->dispose (object);
}

static void
via_bridge_row_class_init (ViaBridgeRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = via_bridge_row_dispose;
  widget_class->size_allocate = via_bridge_row_size_allocate;
  gtk_widget_class_install_action (widget_class, "row.menu", NULL, menu_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, "row.menu", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Menu, 0, "row.menu", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/viaduct/Viaduct/via-bridge-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ViaBridgeRow, mark);
  gtk_widget_class_bind_template_child (widget_class, ViaBridgeRow, dot);
  gtk_widget_class_bind_template_child (widget_class, ViaBridgeRow, spinner);
  gtk_widget_class_bind_template_child (widget_class, ViaBridgeRow, icon);
  gtk_widget_class_bind_template_child (widget_class, ViaBridgeRow, name);
  gtk_widget_class_bind_template_child (widget_class, ViaBridgeRow, line);
  gtk_widget_class_bind_template_child (widget_class, ViaBridgeRow, count);
  gtk_widget_class_bind_template_callback (widget_class, pressed_cb);
  gtk_widget_class_bind_template_callback (widget_class, long_pressed_cb);
}

static void
via_bridge_row_init (ViaBridgeRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
show_all_bridges (ViaBridgeRow *self)
{
  gtk_image_set_from_icon_name (self->icon, "view-grid-symbolic");
  gtk_widget_remove_css_class (GTK_WIDGET (self->icon), "error");
  gtk_stack_set_visible_child_name (self->mark, "icon");
  gtk_label_set_text (self->name, _("All Bridges"));
  gtk_widget_set_visible (GTK_WIDGET (self->line), FALSE);
  via_bridge_row_set_count (self, 0);
}

GtkWidget *
via_bridge_row_new (ViaBridge *bridge)
{
  ViaBridgeRow *self = g_object_new (VIA_TYPE_BRIDGE_ROW, NULL);

  if (!g_set_object (&self->bridge, bridge))
    {
      show_all_bridges (self);
      return GTK_WIDGET (self);
    }
  g_signal_connect_swapped (bridge, "notify", G_CALLBACK (update), self);
  g_signal_connect_swapped (via_bridge_get_tools (bridge), "items-changed", G_CALLBACK (update), self);
  update (self);
  return GTK_WIDGET (self);
}

ViaBridge *
via_bridge_row_get_bridge (ViaBridgeRow *self)
{
  g_return_val_if_fail (VIA_IS_BRIDGE_ROW (self), NULL);
  return self->bridge;
}

void
via_bridge_row_set_count (ViaBridgeRow *self,
                          guint         n_tools)
{
  g_autofree char *tools = g_strdup_printf (ngettext ("%u tool", "%u tools", n_tools), n_tools);
  g_autofree char *label = g_strjoin (", ", _("All Bridges"), tools, NULL);

  g_return_if_fail (VIA_IS_BRIDGE_ROW (self));
  set_count_text (self, n_tools, n_tools > 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}
