/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-app"

#include "config.h"

#include <glib/gi18n.h>

#include "via-tool-pane-private.h"

G_DEFINE_FINAL_TYPE (ViaToolPane, via_tool_pane, ADW_TYPE_BIN)

enum
{
  PROP_0,
  PROP_MANAGER,
  PROP_BRIDGE,
  PROP_TOOL,
  PROP_COMPACT,
  PROP_VIEW,
  PROP_FORM_VISIBLE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static const char *view_names[] = { "form", "json", "command", NULL };

static GtkWidget *
get_view_widget (ViaToolPane     *self,
                 ViaToolPaneView  view)
{
  if (view == VIA_TOOL_VIEW_JSON)
    return GTK_WIDGET (self->json);

  return view == VIA_TOOL_VIEW_COMMAND ? GTK_WIDGET (self->command) : GTK_WIDGET (self->form);
}

static void
show_view (ViaToolPane     *self,
           ViaToolPaneView  view)
{
  self->draft->view = view;
  gtk_stack_set_visible_child (self->views, get_view_widget (self, view));
  via_tool_head_set_view (self->head, view);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VIEW]);
}

static void
set_view_name (ViaToolPane *self,
               const char  *name)
{
  for (guint i = 0; self->draft != NULL && view_names[i] != NULL; i++)
    if (g_strcmp0 (view_names[i], name) == 0)
      show_view (self, (ViaToolPaneView) i);
}

static guint
get_shown_timeout (ViaToolPane *self)
{
  if (self->draft->timeout_s > 0)
    return self->draft->timeout_s;
  if (self->default_timeout_s > 0)
    return self->default_timeout_s;

  return self->bridge != NULL ? via_bridge_get_config (self->bridge)->timeout_s : 0;
}

static void
update_options (ViaToolPane *self)
{
  via_command_view_set_options (self->command, self->draft->timeout_s, self->draft->background);
}

static void
options_changed_cb (ViaToolPane *self)
{
  guint timeout = via_action_bar_get_timeout (self->bar);

  if (self->draft == NULL)
    return;

  if (timeout != get_shown_timeout (self))
    self->draft->timeout_s = timeout;
  self->draft->background = via_action_bar_get_background (self->bar);
  update_options (self);
}

static void
model_changed_cb (ViaToolPane *self)
{
  guint line;
  guint column;
  const char *error = via_form_model_get_error (self->draft->model, &line, &column);
  guint n_wrong = via_form_model_get_n_wrong (self->draft->model);
  g_autofree char *text = NULL;

  if (error != NULL)
    /* translators: where the JSON text is wrong */
    text = g_strdup_printf (_("Line %u, column %u"), line, column);
  else if (n_wrong > 0)
    text = g_strdup_printf (ngettext ("%u field to correct", "%u fields to correct", n_wrong), n_wrong);
  via_action_bar_set_problem (self->bar, text);
}

static void
detach_draft (ViaToolPane *self)
{
  if (self->draft == NULL)
    return;

  g_signal_handlers_disconnect_by_func (self->draft->model, model_changed_cb, self);
  self->draft = NULL;
  via_form_view_set_model (self->form, NULL);
  via_json_editor_set_model (self->json, NULL);
  via_command_view_set_model (self->command, NULL, NULL, NULL);
}

static void
attach_draft (ViaToolPane *self)
{
  const char *bridge = via_bridge_get_name (self->bridge);

  self->draft = via_tool_drafts_take (self->drafts, bridge, self->tool);
  via_form_view_set_model (self->form, self->draft->model);
  via_json_editor_set_model (self->json, self->draft->model);
  via_command_view_set_model (self->command, self->draft->model, bridge, via_tool_get_name (self->tool));
  via_action_bar_set_options (self->bar, get_shown_timeout (self), self->draft->background);
  via_action_bar_set_asks (self->bar, via_tool_is_destructive (self->tool));
  update_options (self);
  g_signal_connect_object (self->draft->model, "changed", G_CALLBACK (model_changed_cb), self, G_CONNECT_SWAPPED);
  model_changed_cb (self);
  show_view (self, self->draft->view);
}

static void
form_visible_changed (ViaToolPane *self,
                      gboolean     visible)
{
  if (self->form_visible == visible)
    return;

  self->form_visible = visible;
  via_tool_pane_layout_update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FORM_VISIBLE]);
}

static void
execute_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  via_tool_pane_execute (VIA_TOOL_PANE (widget));
}

static void
cancel_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  via_tool_pane_cancel (VIA_TOOL_PANE (widget));
}

static void
via_tool_pane_measure (GtkWidget      *widget,
                       GtkOrientation  orientation,
                       int             for_size,
                       int            *minimum,
                       int            *natural,
                       int            *minimum_baseline,
                       int            *natural_baseline)
{
  gtk_widget_measure (adw_bin_get_child (ADW_BIN (widget)), orientation, for_size, minimum, natural, NULL, NULL);
}

static void
via_tool_pane_size_allocate (GtkWidget *widget,
                             int        width,
                             int        height,
                             int        baseline)
{
  ViaToolPane *self = VIA_TOOL_PANE (widget);

  self->allocating = TRUE;
  via_tool_pane_layout_allocate (self, width, height);
  gtk_widget_allocate (adw_bin_get_child (ADW_BIN (widget)), width, height, baseline, NULL);
  self->allocating = FALSE;
}

static void
via_tool_pane_get_property (GObject    *object,
                            guint       id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  ViaToolPane *self = VIA_TOOL_PANE (object);

  switch (id)
    {
    case PROP_MANAGER:
      g_value_set_object (value, self->manager);
      break;

    case PROP_BRIDGE:
      g_value_set_object (value, self->bridge);
      break;

    case PROP_TOOL:
      g_value_set_object (value, self->tool);
      break;

    case PROP_COMPACT:
      g_value_set_boolean (value, self->compact);
      break;

    case PROP_VIEW:
      g_value_set_string (value, view_names[self->draft != NULL ? self->draft->view : VIA_TOOL_VIEW_FORM]);
      break;

    case PROP_FORM_VISIBLE:
      g_value_set_boolean (value, self->form_visible);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
via_tool_pane_set_property (GObject      *object,
                            guint         id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  ViaToolPane *self = VIA_TOOL_PANE (object);

  switch (id)
    {
    case PROP_MANAGER:
      via_tool_pane_set_manager (self, g_value_get_object (value));
      break;

    case PROP_COMPACT:
      via_tool_pane_set_compact (self, g_value_get_boolean (value));
      break;

    case PROP_VIEW:
      set_view_name (self, g_value_get_string (value));
      break;

    case PROP_FORM_VISIBLE:
      form_visible_changed (self, g_value_get_boolean (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
via_tool_pane_dispose (GObject *object)
{
  ViaToolPane *self = VIA_TOOL_PANE (object);

  if (self->drafts != NULL)
    {
      via_tool_pane_set_tool (self, NULL, NULL);
      via_tool_pane_set_manager (self, NULL);
      via_tool_pane_layout_clear (self);
    }
  g_clear_pointer (&self->drafts, g_hash_table_unref);

  G_OBJECT_CLASS (via_tool_pane_parent_class)->dispose (object);
}

static void
install_properties (GObjectClass *object_class)
{
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  properties[PROP_MANAGER] = g_param_spec_object ("manager", NULL, NULL, VIA_TYPE_BRIDGE_MANAGER, flags);
  properties[PROP_BRIDGE] = g_param_spec_object ("bridge", NULL, NULL, VIA_TYPE_BRIDGE,
                                                 G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_TOOL] = g_param_spec_object ("tool", NULL, NULL, VIA_TYPE_TOOL,
                                               G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_COMPACT] = g_param_spec_boolean ("compact", NULL, NULL, FALSE, flags);
  properties[PROP_VIEW] = g_param_spec_string ("view", NULL, NULL, "form", flags);
  properties[PROP_FORM_VISIBLE] = g_param_spec_boolean ("form-visible", NULL, NULL, TRUE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  g_type_ensure (VIA_TYPE_ACTION_BAR);
  g_type_ensure (VIA_TYPE_COMMAND_VIEW);
  g_type_ensure (VIA_TYPE_FORM_VIEW);
  g_type_ensure (VIA_TYPE_JSON_EDITOR);
  g_type_ensure (VIA_TYPE_RESULTS_VIEW);
  g_type_ensure (VIA_TYPE_TOOL_HEAD);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/viaduct/Viaduct/via-tool-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, ViaToolPane, stack);
  gtk_widget_class_bind_template_child (widget_class, ViaToolPane, empty_page);
  gtk_widget_class_bind_template_child (widget_class, ViaToolPane, paned);
  gtk_widget_class_bind_template_child (widget_class, ViaToolPane, upper);
  gtk_widget_class_bind_template_child (widget_class, ViaToolPane, scroller);
  gtk_widget_class_bind_template_child (widget_class, ViaToolPane, content);
  gtk_widget_class_bind_template_child (widget_class, ViaToolPane, form_box);
  gtk_widget_class_bind_template_child (widget_class, ViaToolPane, head);
  gtk_widget_class_bind_template_child (widget_class, ViaToolPane, views);
  gtk_widget_class_bind_template_child (widget_class, ViaToolPane, form);
  gtk_widget_class_bind_template_child (widget_class, ViaToolPane, json);
  gtk_widget_class_bind_template_child (widget_class, ViaToolPane, command);
  gtk_widget_class_bind_template_child (widget_class, ViaToolPane, bar);
  gtk_widget_class_bind_template_child (widget_class, ViaToolPane, results);
  gtk_widget_class_bind_template_child (widget_class, ViaToolPane, inner_separator);
  gtk_widget_class_bind_template_callback (widget_class, options_changed_cb);
}

static void
via_tool_pane_class_init (ViaToolPaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = via_tool_pane_get_property;
  object_class->set_property = via_tool_pane_set_property;
  object_class->dispose = via_tool_pane_dispose;
  widget_class->measure = via_tool_pane_measure;
  widget_class->size_allocate = via_tool_pane_size_allocate;

  install_properties (object_class);
  bind_template (widget_class);
  gtk_widget_class_install_action (widget_class, "tool.execute", NULL, execute_action);
  gtk_widget_class_install_action (widget_class, "tool.cancel", NULL, cancel_action);
  gtk_widget_class_install_property_action (widget_class, "tool.view", "view");
  gtk_widget_class_install_property_action (widget_class, "tool.form-visible", "form-visible");
}

static void
via_tool_pane_init (ViaToolPane *self)
{
  self->drafts = via_tool_drafts_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  /* With one the divider could not be placed by the height of the form: size_allocate () would never be asked. */
  gtk_widget_set_layout_manager (GTK_WIDGET (self), NULL);
  via_tool_pane_layout_init (self);
  via_tool_pane_watch (self);
}

GtkWidget *
via_tool_pane_new (void)
{
  return g_object_new (VIA_TYPE_TOOL_PANE, NULL);
}

void
via_tool_pane_set_manager (ViaToolPane      *self,
                           ViaBridgeManager *manager)
{
  g_return_if_fail (VIA_IS_TOOL_PANE (self));

  if (self->manager == manager)
    return;

  if (self->manager != NULL)
    g_signal_handlers_disconnect_by_func (via_bridge_manager_get_operations (self->manager), via_tool_pane_watch, self);
  g_set_object (&self->manager, manager);
  via_results_view_set_manager (self->results, manager);
  if (manager != NULL)
    g_signal_connect_object (via_bridge_manager_get_operations (manager), "items-changed",
                             G_CALLBACK (via_tool_pane_watch), self, G_CONNECT_SWAPPED);
  via_tool_pane_watch (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MANAGER]);
}

void
via_tool_pane_set_tool (ViaToolPane *self,
                        ViaBridge   *bridge,
                        ViaTool     *tool)
{
  g_autoptr(ViaBridge) old_bridge = NULL;
  g_autoptr(ViaTool) old_tool = NULL;

  g_return_if_fail (VIA_IS_TOOL_PANE (self));

  if (self->bridge == bridge && self->tool == tool)
    return;

  old_bridge = g_steal_pointer (&self->bridge);
  old_tool = g_steal_pointer (&self->tool);
  detach_draft (self);
  if (old_bridge != NULL && old_tool != NULL)
    via_tool_drafts_release (self->drafts, via_bridge_get_name (old_bridge), old_tool);

  g_set_object (&self->bridge, bridge);
  if (bridge != NULL)
    g_set_object (&self->tool, tool);
  via_results_view_set_bridge (self->results, bridge);
  via_tool_head_set_tool (self->head, self->tool);
  if (self->tool != NULL)
    attach_draft (self);
  gtk_stack_set_visible_child (self->stack, self->tool != NULL ? GTK_WIDGET (self->paned) : self->empty_page);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
  via_tool_pane_watch (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BRIDGE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TOOL]);
}

void
via_tool_pane_set_compact (ViaToolPane *self,
                           gboolean     compact)
{
  g_return_if_fail (VIA_IS_TOOL_PANE (self));

  if (self->compact == !!compact)
    return;

  self->compact = !!compact;
  via_tool_pane_layout_update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COMPACT]);
}

void
via_tool_pane_set_title_visible (ViaToolPane *self,
                                 gboolean     visible)
{
  g_return_if_fail (VIA_IS_TOOL_PANE (self));

  self->title_visible = visible;
  via_tool_pane_layout_update (self);
}

void
via_tool_pane_set_default_timeout (ViaToolPane *self,
                                   guint        seconds)
{
  g_return_if_fail (VIA_IS_TOOL_PANE (self));

  self->default_timeout_s = seconds;
  if (self->draft != NULL)
    via_action_bar_set_options (self->bar, get_shown_timeout (self), self->draft->background);
}

gboolean
via_tool_pane_focus_arguments (ViaToolPane *self)
{
  g_return_val_if_fail (VIA_IS_TOOL_PANE (self), FALSE);

  if (self->tool == NULL)
    return FALSE;
  if (!self->form_visible)
    return gtk_widget_child_focus (GTK_WIDGET (self->results), GTK_DIR_TAB_FORWARD);
  if (self->draft->view == VIA_TOOL_VIEW_JSON)
    {
      via_json_editor_focus (self->json);
      return TRUE;
    }
  if (self->draft->view == VIA_TOOL_VIEW_FORM && via_form_view_focus_first (self->form))
    return TRUE;
  return via_action_bar_focus (self->bar);
}

GtkWidget *
via_tool_pane_get_results (ViaToolPane *self)
{
  g_return_val_if_fail (VIA_IS_TOOL_PANE (self), NULL);

  return GTK_WIDGET (self->results);
}

gboolean
via_tool_pane_focus_divider (ViaToolPane *self)
{
  gboolean handled = FALSE;

  g_return_val_if_fail (VIA_IS_TOOL_PANE (self), FALSE);

  if (self->tool == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self->paned)))
    return FALSE;
  /* What GtkPaned itself does on F8; it must have the focus somewhere inside. */
  via_tool_pane_focus_arguments (self);
  g_signal_emit_by_name (self->paned, "cycle-handle-focus", FALSE, &handled);
  return handled;
}
