/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <glib/gi18n.h>

#include "via-tool-list.h"

#include "via-category-row.h"
#include "via-list-scroller.h"
#include "via-tool-row.h"

struct _ViaToolList
{
  AdwBin              parent_instance;

  GtkSearchEntry     *search;
  GtkStack           *stack;
  GtkListView        *view;
  GtkSpinner         *spinner;
  GtkLabel           *loading_label;
  GtkLabel           *message_title;
  GtkLabel           *message_text;
  GtkButton          *message_button;

  ViaToolModel       *model;
  GtkSingleSelection *selection;
  ViaBridge          *bridge;    /* of the selected tool, which may be filtered away at the moment */
  char               *tool_name;
  const char         *page;      /* "list", "loading", "message": what the owner asked for */
  gboolean            silent;    /* a change of the selection that nobody made */
  gboolean            compact;
};

G_DEFINE_FINAL_TYPE (ViaToolList, via_tool_list, ADW_TYPE_BIN)

enum
{
  PROP_0,
  PROP_COMPACT,
  N_PROPS
};

enum
{
  SIGNAL_TOOL_SELECTED,
  SIGNAL_TOOL_ACTIVATED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void
update_page (ViaToolList *self)
{
  const char *page = self->page;

  /* A list that has tools is shown even while it is being refreshed. */
  if (via_tool_model_get_n_tools (self->model) > 0)
    page = via_tool_model_get_n_hits (self->model) == 0 ? "no-hits" : "list";
  gtk_stack_set_visible_child_name (self->stack, page);
  gtk_spinner_set_spinning (self->spinner, g_str_equal (page, "loading"));
}

/* What was selected stays selected when the list around it changes, and comes back when a filter lets it. */
static void
restore_selection (ViaToolList *self)
{
  guint position = via_tool_model_find (self->model, self->bridge, self->tool_name);

  self->silent = TRUE;
  gtk_single_selection_set_selected (self->selection, position == G_MAXUINT ? GTK_INVALID_LIST_POSITION : position);
  self->silent = FALSE;
}

static void
model_changed_cb (ViaToolList *self)
{
  restore_selection (self);
  update_page (self);
}

static void
emit_selected (ViaToolList *self,
               ViaToolItem *item)
{
  ViaTool *tool = via_tool_item_get_tool (item);

  g_set_object (&self->bridge, via_tool_item_get_bridge (item));
  g_free (self->tool_name);
  self->tool_name = g_strdup (via_tool_get_name (tool));
  g_signal_emit (self, signals[SIGNAL_TOOL_SELECTED], 0, self->bridge, tool);
}

/* The selection model also speaks when the selected line merely moved or came back. */
static gboolean
is_remembered (ViaToolList *self,
               ViaToolItem *item)
{
  return via_tool_item_get_bridge (item) == self->bridge
         && g_strcmp0 (via_tool_get_name (via_tool_item_get_tool (item)), self->tool_name) == 0;
}

static void
selected_cb (ViaToolList *self)
{
  ViaToolItem *item = gtk_single_selection_get_selected_item (self->selection);

  if (self->silent || item == NULL || via_tool_item_is_header (item) || is_remembered (self, item))
    return;
  emit_selected (self, item);
}

static void
activate_cb (ViaToolList *self,
             guint        position)
{
  g_autoptr(ViaToolItem) item = g_list_model_get_item (G_LIST_MODEL (self->model), position);

  if (item == NULL)
    return;
  if (via_tool_item_is_header (item))
    {
      via_tool_model_toggle (self->model, item);
      return;
    }
  gtk_single_selection_set_selected (self->selection, position);
  g_signal_emit (self, signals[SIGNAL_TOOL_ACTIVATED], 0);
}

static void
search_changed_cb (ViaToolList *self)
{
  via_tool_model_set_search (self->model, gtk_editable_get_text (GTK_EDITABLE (self->search)));
  update_page (self);
}

static void
stop_search_cb (ViaToolList *self)
{
  via_tool_list_clear_search (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

/* Enter opens the first hit, so that a tool is two words and a key away. */
static void
search_activate_cb (ViaToolList *self)
{
  guint position = via_tool_model_find_first (self->model);

  if (position == G_MAXUINT)
    return;
  gtk_single_selection_set_selected (self->selection, position);
  g_signal_emit (self, signals[SIGNAL_TOOL_ACTIVATED], 0);
}

static gboolean
search_key_cb (GtkEventControllerKey *controller,
               guint                  keyval,
               guint                  keycode,
               GdkModifierType        state,
               gpointer               user_data)
{
  GtkWidget *entry = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (controller));
  ViaToolList *self = VIA_TOOL_LIST (gtk_widget_get_ancestor (entry, VIA_TYPE_TOOL_LIST));

  if (keyval != GDK_KEY_Down && keyval != GDK_KEY_KP_Down)
    return GDK_EVENT_PROPAGATE;
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
  return GDK_EVENT_STOP;
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *list_item,
          ViaToolList              *self)
{
  gtk_list_item_set_child (list_item, via_tool_row_new ());
}

/* Headers and tools share the list, and a recycled row may change its kind at every keystroke: both children are kept. */
static GtkWidget *
take_child (ViaToolList *self,
            GtkListItem *list_item,
            gboolean     header)
{
  GtkWidget *child = gtk_list_item_get_child (list_item);
  GtkWidget *other = g_object_get_data (G_OBJECT (list_item), "via-other-child");

  if (header == VIA_IS_CATEGORY_ROW (child))
    return child;
  if (other == NULL)
    other = g_object_ref_sink (header ? via_category_row_new (self->model) : via_tool_row_new ());
  else
    g_object_ref (other);
  g_object_set_data_full (G_OBJECT (list_item), "via-other-child", g_object_ref (child), g_object_unref);
  gtk_list_item_set_child (list_item, other);
  g_object_unref (other);
  return other;
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *list_item,
         ViaToolList              *self)
{
  ViaToolItem *item = gtk_list_item_get_item (list_item);
  gboolean header = via_tool_item_is_header (item);
  GtkWidget *child = take_child (self, list_item, header);

  gtk_list_item_set_selectable (list_item, !header);
  gtk_list_item_set_activatable (list_item, !header);
  if (header)
    via_category_row_bind (VIA_CATEGORY_ROW (child), item);
  else
    via_tool_row_bind (VIA_TOOL_ROW (child), item);
}

static void
unbind_cb (GtkSignalListItemFactory *factory,
           GtkListItem              *list_item,
           ViaToolList              *self)
{
  GtkWidget *child = gtk_list_item_get_child (list_item);

  if (VIA_IS_CATEGORY_ROW (child))
    via_category_row_unbind (VIA_CATEGORY_ROW (child));
}

static void
expand_all_action (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  via_tool_model_expand_all (VIA_TOOL_LIST (widget)->model, g_str_equal (action_name, "list.expand-all"));
}

/* As wide as it was dragged to, whatever is in it: a column that changes its width with its words is restless. */
static void
via_tool_list_measure (GtkWidget      *widget,
                       GtkOrientation  orientation,
                       int             for_size,
                       int            *minimum,
                       int            *natural,
                       int            *minimum_baseline,
                       int            *natural_baseline)
{
  gtk_widget_measure (adw_bin_get_child (ADW_BIN (widget)), orientation, for_size, minimum, natural, NULL, NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *natural = *minimum;
}

static void
via_tool_list_size_allocate (GtkWidget *widget,
                             int        width,
                             int        height,
                             int        baseline)
{
  gtk_widget_allocate (adw_bin_get_child (ADW_BIN (widget)), width, height, baseline, NULL);
}

static GtkSizeRequestMode
via_tool_list_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_CONSTANT_SIZE;
}

static void
via_tool_list_dispose (GObject *object)
{
  ViaToolList *self = VIA_TOOL_LIST (object);

  if (self->model != NULL)
    g_signal_handlers_disconnect_by_data (self->model, self);
  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  g_clear_object (&self->model);
  g_clear_object (&self->selection);
  g_clear_object (&self->bridge);
  g_clear_pointer (&self->tool_name, g_free);
  G_OBJECT_CLASS (via_tool_list_parent_class)->dispose (object);
}

static void
via_tool_list_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_COMPACT: g_value_set_boolean (value, VIA_TOOL_LIST (object)->compact); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
via_tool_list_set_property (GObject      *object,
                            guint         prop_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_COMPACT: via_tool_list_set_compact (VIA_TOOL_LIST (object), g_value_get_boolean (value)); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
via_tool_list_class_init (ViaToolListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = via_tool_list_dispose;
  widget_class->measure = via_tool_list_measure;
  widget_class->size_allocate = via_tool_list_size_allocate;
  widget_class->get_request_mode = via_tool_list_get_request_mode;
  object_class->get_property = via_tool_list_get_property;
  object_class->set_property = via_tool_list_set_property;
  properties[PROP_COMPACT] = g_param_spec_boolean ("compact", NULL, NULL, FALSE,
                                                   G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[SIGNAL_TOOL_SELECTED] = g_signal_new ("tool-selected", VIA_TYPE_TOOL_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                                G_TYPE_NONE, 2, VIA_TYPE_BRIDGE, VIA_TYPE_TOOL);
  signals[SIGNAL_TOOL_ACTIVATED] = g_signal_new ("tool-activated", VIA_TYPE_TOOL_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                                 NULL, G_TYPE_NONE, 0);
  gtk_widget_class_install_action (widget_class, "list.expand-all", NULL, expand_all_action);
  gtk_widget_class_install_action (widget_class, "list.collapse-all", NULL, expand_all_action);

  g_type_ensure (VIA_TYPE_LIST_SCROLLER);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/viaduct/Viaduct/via-tool-list.ui");
  gtk_widget_class_bind_template_child (widget_class, ViaToolList, search);
  gtk_widget_class_bind_template_child (widget_class, ViaToolList, stack);
  gtk_widget_class_bind_template_child (widget_class, ViaToolList, view);
  gtk_widget_class_bind_template_child (widget_class, ViaToolList, spinner);
  gtk_widget_class_bind_template_child (widget_class, ViaToolList, loading_label);
  gtk_widget_class_bind_template_child (widget_class, ViaToolList, message_title);
  gtk_widget_class_bind_template_child (widget_class, ViaToolList, message_text);
  gtk_widget_class_bind_template_child (widget_class, ViaToolList, message_button);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_key_cb);
}

static void
via_tool_list_init (ViaToolList *self)
{
  g_autoptr(GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  /* Measures by itself, see measure. */
  gtk_widget_set_layout_manager (GTK_WIDGET (self), NULL);
  self->page = "message";
  self->model = via_tool_model_new ();
  self->selection = gtk_single_selection_new (NULL);
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (self->model));
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), self);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), self);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), self);
  gtk_list_view_set_factory (self->view, factory);
  gtk_list_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (self->model, "items-changed", G_CALLBACK (model_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_swapped (self->selection, "notify::selected-item", G_CALLBACK (selected_cb), self);
}

GtkWidget *
via_tool_list_new (void)
{
  return g_object_new (VIA_TYPE_TOOL_LIST, NULL);
}

ViaToolModel *
via_tool_list_get_model (ViaToolList *self)
{
  g_return_val_if_fail (VIA_IS_TOOL_LIST (self), NULL);
  return self->model;
}

void
via_tool_list_show_tools (ViaToolList *self)
{
  g_return_if_fail (VIA_IS_TOOL_LIST (self));
  self->page = "list";
  update_page (self);
}

void
via_tool_list_show_loading (ViaToolList *self,
                            const char  *text)
{
  g_return_if_fail (VIA_IS_TOOL_LIST (self));
  self->page = "loading";
  gtk_label_set_text (self->loading_label, text);
  update_page (self);
}

void
via_tool_list_show_message (ViaToolList *self,
                            const char  *title,
                            const char  *description,
                            const char  *button_label,
                            const char  *action_name)
{
  g_return_if_fail (VIA_IS_TOOL_LIST (self));
  self->page = "message";
  gtk_label_set_text (self->message_title, title);
  gtk_label_set_text (self->message_text, description);
  gtk_widget_set_visible (GTK_WIDGET (self->message_button), button_label != NULL);
  if (button_label != NULL)
    {
      gtk_button_set_label (self->message_button, button_label);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (self->message_button), action_name);
    }
  update_page (self);
}

void
via_tool_list_select (ViaToolList *self,
                      ViaBridge   *bridge,
                      const char  *tool_name)
{
  guint position;

  g_return_if_fail (VIA_IS_TOOL_LIST (self));
  g_set_object (&self->bridge, bridge);
  g_free (self->tool_name);
  self->tool_name = g_strdup (tool_name);
  restore_selection (self);
  position = gtk_single_selection_get_selected (self->selection);
  if (position != GTK_INVALID_LIST_POSITION)
    gtk_widget_activate_action (GTK_WIDGET (self->view), "list.scroll-to-item", "u", position);
}

void
via_tool_list_set_compact (ViaToolList *self,
                           gboolean     compact)
{
  g_return_if_fail (VIA_IS_TOOL_LIST (self));
  if (self->compact == compact)
    return;
  self->compact = compact;
  gtk_list_view_set_single_click_activate (self->view, compact);
  if (compact)
    gtk_widget_add_css_class (GTK_WIDGET (self->view), "compact");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->view), "compact");
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COMPACT]);
}

void
via_tool_list_focus_search (ViaToolList *self)
{
  g_return_if_fail (VIA_IS_TOOL_LIST (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
  gtk_editable_select_region (GTK_EDITABLE (self->search), 0, -1);
}

void
via_tool_list_clear_search (ViaToolList *self)
{
  g_return_if_fail (VIA_IS_TOOL_LIST (self));
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
}
