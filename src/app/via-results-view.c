/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-app"

#include "config.h"

#include <glib/gi18n.h>

#include "via-dialogs.h"
#include "via-result-card.h"
#include "via-result-export.h"
#include "via-result-rerun.h"
#include "via-results-view.h"
#include "via-wrap-box.h"

/* Cards at a time: as many as are made within a frame or two when another bridge is chosen. Older ones are a press away. */
#define CARDS_STEP 30
/* Below this width in pixels a card's buttons take the place its words need. */
#define NARROW_WIDTH 480

struct _ViaResultsView
{
  AdwBin              parent_instance;

  /* template children */
  GtkLabel           *count_label;
  AdwBin             *form_bin;
  AdwBin             *place;
  GtkScrolledWindow  *scroller;
  GtkViewport        *viewport;
  GtkStack           *stack;
  GtkBox             *cards_box;
  GtkWidget          *older_button;

  /* owned */
  ViaBridgeManager   *manager; /* nullable */
  ViaBridge          *bridge;  /* nullable */
  GtkCustomFilter    *filter;
  GtkFilterListModel *filtered;
  GCancellable       *cancellable;

  guint               n_cards;
  guint               limit; /* of cards */
  guint               tick_timer;
  guint               narrow_idle;
  gboolean            narrow;
  gboolean            scrolling;
};

G_DEFINE_FINAL_TYPE (ViaResultsView, via_results_view, ADW_TYPE_BIN)

enum
{
  PROP_0,
  PROP_MANAGER,
  PROP_BRIDGE,
  PROP_SCROLLING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

#define for_each_card(self, card)                                                                                      \
  for (GtkWidget *card = gtk_widget_get_first_child (GTK_WIDGET ((self)->cards_box)); card != NULL;                    \
       card = gtk_widget_get_next_sibling (card))

static gboolean
is_of_bridge (gpointer item,
              gpointer user_data)
{
  ViaResultsView *self = user_data;

  return self->bridge == NULL
         || g_strcmp0 (via_operation_get_bridge_name (item), via_bridge_get_name (self->bridge)) == 0;
}

static gboolean
tick_cb (gpointer user_data)
{
  ViaResultsView *self = user_data;

  for_each_card (self, card)
    via_result_card_tick (VIA_RESULT_CARD (card));
  return G_SOURCE_CONTINUE;
}

/* Counts what runs and what could be cleared; the clock ticks only as long as somebody is waiting. */
static void
update_state (ViaResultsView *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->filtered));
  guint n_running = 0;
  g_autofree char *count = g_strdup_printf ("%u", n);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(ViaOperation) operation = g_list_model_get_item (G_LIST_MODEL (self->filtered), i);

      n_running += via_operation_is_finished (operation) ? 0 : 1;
    }
  gtk_label_set_text (self->count_label, n > 0 ? count : "");
  gtk_stack_set_visible_child_name (self->stack, n > 0 ? "cards" : "empty");
  gtk_widget_set_visible (self->older_button, n > self->limit);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "results.clear", n > n_running && self->manager != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "results.save", n > n_running);
  if (n_running > 0 && self->tick_timer == 0)
    self->tick_timer = g_timeout_add_seconds (1, tick_cb, self);
  else if (n_running == 0)
    g_clear_handle_id (&self->tick_timer, g_source_remove);
}

/* The newest finished result is what somebody waits for; what it was before makes room. */
static void
open_newest (ViaResultsView *self)
{
  gboolean found = FALSE;

  for_each_card (self, card)
    {
      ViaOperation *operation = via_result_card_get_operation (VIA_RESULT_CARD (card));
      gboolean newest = !found && via_operation_is_finished (operation);

      via_result_card_set_auto_open (VIA_RESULT_CARD (card), newest);
      found = found || newest;
    }
}

static void
card_finished_cb (ViaResultsView *self)
{
  open_newest (self);
  update_state (self);
}

static void
card_again_cb (ViaResultsView *self,
               ViaResultCard  *card)
{
  if (self->manager != NULL)
    via_result_rerun (GTK_WIDGET (self), self->manager, via_result_card_get_operation (card));
}

static void
card_remove_cb (ViaResultsView *self,
                ViaResultCard  *card)
{
  if (self->manager != NULL)
    via_bridge_manager_remove_operation (self->manager, via_result_card_get_operation (card));
}

static GtkWidget *
create_card (ViaResultsView *self,
             guint           position)
{
  g_autoptr(ViaOperation) operation = g_list_model_get_item (G_LIST_MODEL (self->filtered), position);
  GtkWidget *card = via_result_card_new (operation);

  via_result_card_set_managed (VIA_RESULT_CARD (card), self->manager != NULL);
  via_result_card_set_narrow (VIA_RESULT_CARD (card), self->narrow);
  g_signal_connect_object (card, "finished", G_CALLBACK (card_finished_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (card, "run-again", G_CALLBACK (card_again_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (card, "remove", G_CALLBACK (card_remove_cb), self, G_CONNECT_SWAPPED);
  return card;
}

/* Somebody who just pressed Execute looks for the new card; a background one does not move what is being read. */
static void
show_new_card (ViaResultsView *self)
{
  g_autoptr(ViaOperation) operation = g_list_model_get_item (G_LIST_MODEL (self->filtered), 0);

  if (self->scrolling && !via_operation_is_finished (operation) && !via_operation_is_background (operation))
    gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
}

static GtkWidget *
get_card (ViaResultsView *self,
          guint           index)
{
  GtkWidget *card = gtk_widget_get_first_child (GTK_WIDGET (self->cards_box));

  while (index-- > 0)
    card = gtk_widget_get_next_sibling (card);
  return card;
}

static void
remove_cards (ViaResultsView *self,
              guint           position,
              guint           n)
{
  for (guint i = 0; i < n; i++)
    gtk_box_remove (self->cards_box, get_card (self, position));
  self->n_cards -= n;
}

static void
add_cards (ViaResultsView *self,
           guint           position,
           guint           n)
{
  GtkWidget *before = position > 0 ? get_card (self, position - 1) : NULL;

  for (guint i = 0; i < n; i++)
    {
      GtkWidget *card = create_card (self, position + i);

      gtk_box_insert_child_after (self->cards_box, card, before);
      before = card;
    }
  self->n_cards += n;
}

/* Cards stand for the first operations of the model, one each; those that stay are not touched. GtkSliceListModel would
 * tell of every change as if all that follows were new. */
static void
filtered_changed_cb (ViaResultsView *self,
                     guint           position,
                     guint           removed,
                     guint           added)
{
  guint n = MIN (g_list_model_get_n_items (G_LIST_MODEL (self->filtered)), self->limit);

  if (position < self->limit)
    {
      remove_cards (self, position, MIN (removed, self->n_cards - MIN (position, self->n_cards)));
      add_cards (self, position, MIN (added, self->limit - position));
    }
  if (self->n_cards > n)
    remove_cards (self, n, self->n_cards - n);
  else
    add_cards (self, self->n_cards, n - self->n_cards);
  open_newest (self);
  update_state (self);
  if (position == 0 && added > 0)
    show_new_card (self);
}

static void
older_clicked_cb (ViaResultsView *self)
{
  self->limit += CARDS_STEP;
  filtered_changed_cb (self, self->n_cards, 0, 0);
}

static void
clear_cb (GtkWidget  *widget,
          const char *name,
          GVariant   *parameter)
{
  ViaResultsView *self = VIA_RESULTS_VIEW (widget);
  GListModel *model = G_LIST_MODEL (self->filtered);

  if (self->bridge == NULL)
    {
      via_bridge_manager_clear_operations (self->manager);
      return;
    }
  for (guint i = g_list_model_get_n_items (model); i > 0; i--)
    {
      g_autoptr(ViaOperation) operation = g_list_model_get_item (model, i - 1);

      if (via_operation_is_finished (operation))
        via_bridge_manager_remove_operation (self->manager, operation);
    }
}

static void
saved_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(ViaResultsView) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GFile) file = via_dialogs_save_finish (result, &error);

  if (gtk_widget_get_root (GTK_WIDGET (self)) == NULL)
    return;
  if (error != NULL)
    via_dialogs_toast (GTK_WIDGET (self), error->message);
  else if (file != NULL)
    via_dialogs_toast (GTK_WIDGET (self), _("Results saved"));
}

static void
save_prepared_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(ViaResultsView) self = user_data;
  g_autoptr(GBytes) bytes = via_result_export_finish (result, NULL);

  if (bytes != NULL && gtk_widget_get_root (GTK_WIDGET (self)) != NULL)
    via_dialogs_save_async (GTK_WIDGET (self), "results.json", bytes, self->cancellable, saved_cb,
                            g_object_ref (self));
}

static void
save_cb (GtkWidget  *widget,
         const char *name,
         GVariant   *parameter)
{
  ViaResultsView *self = VIA_RESULTS_VIEW (widget);
  GListModel *model = G_LIST_MODEL (self->filtered);
  GPtrArray *operations = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      ViaOperation *operation = g_list_model_get_item (model, i);

      if (via_operation_is_finished (operation))
        g_ptr_array_add (operations, operation);
      else
        g_object_unref (operation);
    }
  via_result_export_all_async (operations, self->cancellable, save_prepared_cb, g_object_ref (self));
}

static void
form_visible_cb (ViaResultsView *self,
                 GParamSpec     *pspec,
                 GObject        *pane)
{
  GtkWidget *button = adw_bin_get_child (self->form_bin);
  const char *label;
  const char *tooltip;
  gboolean visible;

  g_object_get (pane, "form-visible", &visible, NULL);
  label = visible ? _("Hide the Form") : _("Show the Form");
  tooltip = visible ? _("Hide the Form (F9)") : _("Show the Form (F9)");
  gtk_button_set_icon_name (GTK_BUTTON (button), visible ? "view-fullscreen-symbolic" : "view-restore-symbolic");
  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

/* The form above can make room only where there is one: below something that has a "form-visible". */
static void
update_form_button (ViaResultsView *self)
{
  GtkWidget *pane = gtk_widget_get_parent (GTK_WIDGET (self));
  GtkWidget *button;

  while (pane != NULL && g_object_class_find_property (G_OBJECT_GET_CLASS (pane), "form-visible") == NULL)
    pane = gtk_widget_get_parent (pane);
  gtk_widget_set_visible (GTK_WIDGET (self->form_bin), pane != NULL);
  if (pane == NULL || adw_bin_get_child (self->form_bin) != NULL)
    return;
  button = g_object_new (GTK_TYPE_BUTTON, "action-name", "tool.form-visible", NULL);
  gtk_widget_add_css_class (button, "flat");
  adw_bin_set_child (self->form_bin, button);
  g_signal_connect_object (pane, "notify::form-visible", G_CALLBACK (form_visible_cb), self, G_CONNECT_SWAPPED);
  form_visible_cb (self, NULL, G_OBJECT (pane));
}

static void
via_results_view_map (GtkWidget *widget)
{
  update_form_button (VIA_RESULTS_VIEW (widget));

  GTK_WIDGET_CLASS (via_results_view_parent_class)->map (widget);
}

static gboolean
narrow_idle_cb (gpointer user_data)
{
  ViaResultsView *self = user_data;

  self->narrow_idle = 0;
  (self->narrow ? gtk_widget_add_css_class : gtk_widget_remove_css_class) (GTK_WIDGET (self), "narrow");
  for_each_card (self, card)
    via_result_card_set_narrow (VIA_RESULT_CARD (card), self->narrow);
  return G_SOURCE_REMOVE;
}

static void
via_results_view_measure (GtkWidget      *widget,
                          GtkOrientation  orientation,
                          int             for_size,
                          int            *minimum,
                          int            *natural,
                          int            *minimum_baseline,
                          int            *natural_baseline)
{
  gtk_widget_measure (adw_bin_get_child (ADW_BIN (widget)), orientation, for_size, minimum, natural, NULL, NULL);
}

static GtkSizeRequestMode
via_results_view_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/* What a width asks for is done after the allocation: changing children within it confuses GTK. */
static void
via_results_view_size_allocate (GtkWidget *widget,
                                int        width,
                                int        height,
                                int        baseline)
{
  ViaResultsView *self = VIA_RESULTS_VIEW (widget);
  gboolean narrow = width < NARROW_WIDTH;

  gtk_widget_allocate (adw_bin_get_child (ADW_BIN (widget)), width, height, baseline, NULL);
  if (narrow == self->narrow)
    return;
  self->narrow = narrow;
  if (self->narrow_idle == 0)
    self->narrow_idle = g_idle_add_full (G_PRIORITY_HIGH_IDLE, narrow_idle_cb, self, NULL);
}

static void
via_results_view_get_property (GObject    *object,
                               guint       id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  ViaResultsView *self = VIA_RESULTS_VIEW (object);

  switch (id)
    {
    case PROP_MANAGER:
      g_value_set_object (value, self->manager);
      break;
    case PROP_BRIDGE:
      g_value_set_object (value, self->bridge);
      break;
    case PROP_SCROLLING:
      g_value_set_boolean (value, self->scrolling);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
via_results_view_set_property (GObject      *object,
                               guint         id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  ViaResultsView *self = VIA_RESULTS_VIEW (object);

  switch (id)
    {
    case PROP_MANAGER:
      via_results_view_set_manager (self, g_value_get_object (value));
      break;
    case PROP_BRIDGE:
      via_results_view_set_bridge (self, g_value_get_object (value));
      break;
    case PROP_SCROLLING:
      via_results_view_set_scrolling (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
via_results_view_dispose (GObject *object)
{
  ViaResultsView *self = VIA_RESULTS_VIEW (object);

  g_clear_handle_id (&self->tick_timer, g_source_remove);
  g_clear_handle_id (&self->narrow_idle, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  if (self->filtered != NULL)
    g_signal_handlers_disconnect_by_data (self->filtered, self);
  gtk_widget_dispose_template (GTK_WIDGET (self), VIA_TYPE_RESULTS_VIEW);
  g_clear_object (&self->filtered);
  g_clear_object (&self->filter);
  g_clear_object (&self->bridge);
  g_clear_object (&self->manager);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (via_results_view_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  g_type_ensure (VIA_TYPE_WRAP_BOX);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/viaduct/Viaduct/via-results-view.ui");
  gtk_widget_class_bind_template_child (widget_class, ViaResultsView, count_label);
  gtk_widget_class_bind_template_child (widget_class, ViaResultsView, form_bin);
  gtk_widget_class_bind_template_child (widget_class, ViaResultsView, place);
  gtk_widget_class_bind_template_child (widget_class, ViaResultsView, scroller);
  gtk_widget_class_bind_template_child (widget_class, ViaResultsView, viewport);
  gtk_widget_class_bind_template_child (widget_class, ViaResultsView, stack);
  gtk_widget_class_bind_template_child (widget_class, ViaResultsView, cards_box);
  gtk_widget_class_bind_template_child (widget_class, ViaResultsView, older_button);
  gtk_widget_class_bind_template_callback (widget_class, older_clicked_cb);
}

static void
via_results_view_class_init (ViaResultsViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = via_results_view_get_property;
  object_class->set_property = via_results_view_set_property;
  object_class->dispose = via_results_view_dispose;
  widget_class->map = via_results_view_map;
  widget_class->measure = via_results_view_measure;
  widget_class->get_request_mode = via_results_view_get_request_mode;
  widget_class->size_allocate = via_results_view_size_allocate;

  properties[PROP_MANAGER] = g_param_spec_object ("manager", NULL, NULL, VIA_TYPE_BRIDGE_MANAGER, flags);
  properties[PROP_BRIDGE] = g_param_spec_object ("bridge", NULL, NULL, VIA_TYPE_BRIDGE, flags);
  properties[PROP_SCROLLING] = g_param_spec_boolean ("scrolling", NULL, NULL, TRUE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  bind_template (widget_class);
  gtk_widget_class_install_action (widget_class, "results.clear", NULL, clear_cb);
  gtk_widget_class_install_action (widget_class, "results.save", NULL, save_cb);
}

static void
via_results_view_init (ViaResultsView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_layout_manager (GTK_WIDGET (self), NULL); /* it would keep the width from us */
  self->scrolling = TRUE;
  self->cancellable = g_cancellable_new ();
  self->filter = gtk_custom_filter_new (is_of_bridge, self, NULL);
  self->filtered = gtk_filter_list_model_new (NULL, g_object_ref (GTK_FILTER (self->filter)));
  self->limit = CARDS_STEP;
  g_signal_connect_swapped (self->filtered, "items-changed", G_CALLBACK (filtered_changed_cb), self);
  update_state (self);
}

GtkWidget *
via_results_view_new (void)
{
  return g_object_new (VIA_TYPE_RESULTS_VIEW, NULL);
}

void
via_results_view_set_manager (ViaResultsView   *self,
                              ViaBridgeManager *manager)
{
  g_return_if_fail (VIA_IS_RESULTS_VIEW (self));

  if (!g_set_object (&self->manager, manager))
    return;
  gtk_filter_list_model_set_model (self->filtered,
                                   manager != NULL ? via_bridge_manager_get_operations (manager) : NULL);
  update_state (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MANAGER]);
}

void
via_results_view_set_operations (ViaResultsView *self,
                                 GListModel     *operations)
{
  g_return_if_fail (VIA_IS_RESULTS_VIEW (self));

  via_results_view_set_manager (self, NULL);
  gtk_filter_list_model_set_model (self->filtered, operations);
}

void
via_results_view_set_bridge (ViaResultsView *self,
                             ViaBridge      *bridge)
{
  g_return_if_fail (VIA_IS_RESULTS_VIEW (self));

  if (!g_set_object (&self->bridge, bridge))
    return;
  self->limit = CARDS_STEP;
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BRIDGE]);
}

void
via_results_view_set_scrolling (ViaResultsView *self,
                                gboolean        scrolling)
{
  g_return_if_fail (VIA_IS_RESULTS_VIEW (self));

  if (self->scrolling == !!scrolling)
    return;
  self->scrolling = !!scrolling;
  g_object_ref (self->stack);
  if (scrolling)
    {
      adw_bin_set_child (self->place, GTK_WIDGET (self->scroller));
      gtk_viewport_set_child (self->viewport, GTK_WIDGET (self->stack));
    }
  else
    {
      gtk_viewport_set_child (self->viewport, NULL);
      adw_bin_set_child (self->place, GTK_WIDGET (self->stack));
    }
  g_object_unref (self->stack);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SCROLLING]);
}
