/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-app"

#include "config.h"

#include <glib/gi18n.h>

#include "via-result-body.h"
#include "via-result-card.h"
#include "via-result-export.h"
#include "via-result-share.h"
#include "via-result-words.h"
#include "via-wrap-box.h"

#define PULSE_INTERVAL_MS 120

struct _ViaResultCard
{
  AdwBin          parent_instance;

  /* template children */
  GtkButton      *head_button;
  GtkStack       *mark;
  GtkImage       *mark_icon;
  GtkSpinner     *spinner;
  GtkLabel       *title_label;
  GtkLabel       *meta_label;
  GtkWidget      *cancel_button;
  GtkWidget      *action_box;
  GtkMenuButton  *menu_button;
  GtkProgressBar *progress;
  GtkWidget      *failure_box;
  GtkLabel       *failure_label;
  GtkLabel       *message_label;
  GtkToggleButton *data_button;
  AdwBin         *body_bin;
  GMenuModel     *wide_menu;
  GMenuModel     *narrow_menu;

  /* owned */
  ViaOperation   *operation;
  GCancellable   *cancellable; /* ends exports when the card goes */

  guint           pulse_timer;
  gboolean        finished;
  gboolean        open;
  gboolean        touched; /* somebody opened or closed it */
  gboolean        plain_text;
  gboolean        managed;
  gboolean        narrow;
};

G_DEFINE_FINAL_TYPE (ViaResultCard, via_result_card, ADW_TYPE_BIN)

enum
{
  PROP_0,
  PROP_PLAIN_TEXT,
  N_PROPS
};

enum
{
  SIGNAL_RUN_AGAIN,
  SIGNAL_REMOVE,
  SIGNAL_FINISHED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

typedef struct
{
  const char *icon_name; /* NULL: a spinner */
  const char *style_class;
} Mark;

static const Mark marks[] = {
  [VIA_OPERATION_PENDING] = { NULL, NULL },
  [VIA_OPERATION_RUNNING] = { NULL, NULL },
  [VIA_OPERATION_COMPLETED] = { "object-select-symbolic", "success" },
  [VIA_OPERATION_FAILED] = { "dialog-error-symbolic", "error" },
  [VIA_OPERATION_CANCELLED] = { "process-stop-symbolic", "dim-label" },
};

static void
update_mark (ViaResultCard *self)
{
  const Mark *mark = &marks[via_operation_get_state (self->operation)];
  const char *classes[] = { mark->style_class, NULL };
  g_autofree char *words = via_result_words_state (self->operation);

  gtk_spinner_set_spinning (self->spinner, mark->icon_name == NULL);
  gtk_stack_set_visible_child_name (self->mark, mark->icon_name != NULL ? "icon" : "spinner");
  gtk_image_set_from_icon_name (self->mark_icon, mark->icon_name);
  gtk_widget_set_css_classes (GTK_WIDGET (self->mark_icon), classes);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->mark_icon), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->spinner), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
}

static void
update_meta (ViaResultCard *self)
{
  g_autofree char *meta = via_result_words_meta (self->operation);
  g_autofree char *summary = via_result_words_summary (self->operation);

  gtk_label_set_text (self->meta_label, meta);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, summary, -1);
}

static gboolean
pulse_cb (gpointer user_data)
{
  ViaResultCard *self = user_data;
  gboolean animated;

  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-enable-animations", &animated, NULL);
  if (animated)
    gtk_progress_bar_pulse (self->progress);
  return G_SOURCE_CONTINUE;
}

/* A bar that moves although nobody knows how far it is costs frames: only while it can be seen. */
static void
update_pulse (ViaResultCard *self)
{
  gboolean unknown = !self->finished && via_operation_get_progress (self->operation) < 0
                     && gtk_widget_get_mapped (GTK_WIDGET (self));

  if (unknown && self->pulse_timer == 0)
    self->pulse_timer = g_timeout_add (PULSE_INTERVAL_MS, pulse_cb, self);
  else if (!unknown)
    g_clear_handle_id (&self->pulse_timer, g_source_remove);
}

static void
update_progress (ViaResultCard *self)
{
  double progress = via_operation_get_progress (self->operation);

  gtk_widget_set_visible (GTK_WIDGET (self->progress), !self->finished);
  if (progress >= 0)
    gtk_progress_bar_set_fraction (self->progress, progress);
  update_pulse (self);
}

/* When the tool itself said what was wrong, its own words are the result below. */
static gboolean
message_is_the_result (ViaResultCard *self)
{
  ViaToolResult *result = via_operation_get_result (self->operation);

  return result != NULL && via_operation_get_side (self->operation) == VIA_SIDE_TOOL
         && via_tool_result_get_n_blocks (result) > 0;
}

static void
update_failure (ViaResultCard *self)
{
  const GError *error = via_operation_get_error (self->operation);
  g_autofree char *heading = via_result_words_failure (self->operation);
  gboolean shows_data = via_operation_get_result (self->operation) != NULL;

  gtk_widget_set_visible (self->failure_box, heading != NULL);
  if (heading == NULL)
    return;
  gtk_label_set_text (self->failure_label, heading);
  gtk_label_set_text (self->message_label, error != NULL ? error->message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->message_label), error != NULL && !message_is_the_result (self));
  gtk_widget_set_visible (GTK_WIDGET (self->data_button), shows_data && !message_is_the_result (self));
}

static gboolean
has_body (ViaResultCard *self)
{
  return self->finished
         && (via_operation_get_result (self->operation) != NULL
             || via_operation_get_messages (self->operation)->len > 0);
}

static void
body_markdown_cb (ViaResultCard *self,
                  GParamSpec    *pspec,
                  ViaResultBody *body)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "card.plain-text", via_result_body_has_markdown (body));
}

static void
build_body (ViaResultCard *self)
{
  GtkWidget *body = via_result_body_new (self->operation);

  gtk_widget_set_margin_start (body, 12);
  gtk_widget_set_margin_end (body, 12);
  gtk_widget_set_margin_bottom (body, 12);
  g_object_bind_property (self, "plain-text", body, "plain-text", G_BINDING_SYNC_CREATE);
  g_signal_connect_object (body, "notify::has-markdown", G_CALLBACK (body_markdown_cb), self, G_CONNECT_SWAPPED);
  adw_bin_set_child (self->body_bin, body);
  body_markdown_cb (self, NULL, VIA_RESULT_BODY (body));
}

static void
set_open (ViaResultCard *self,
          gboolean       open)
{
  open = open && has_body (self);
  if (self->open == open)
    return;
  self->open = open;
  if (open)
    build_body (self);
  else
    {
      adw_bin_set_child (self->body_bin, NULL);
      gtk_widget_action_set_enabled (GTK_WIDGET (self), "card.plain-text", FALSE);
    }
  gtk_toggle_button_set_active (self->data_button, open);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->head_button), GTK_ACCESSIBLE_STATE_EXPANDED, open, -1);
}

static void
head_clicked_cb (ViaResultCard *self)
{
  via_result_card_set_open (self, !self->open);
}

static void
data_toggled_cb (ViaResultCard *self)
{
  gboolean active = gtk_toggle_button_get_active (self->data_button);

  gtk_button_set_label (GTK_BUTTON (self->data_button), active ? _("Hide Result") : _("Show Result"));
  if (active != self->open)
    via_result_card_set_open (self, active);
}

static void
update_actions (ViaResultCard *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  ViaToolResult *result = via_operation_get_result (self->operation);
  gboolean data = result != NULL;

  gtk_widget_action_set_enabled (widget, "card.cancel", !self->finished);
  gtk_widget_action_set_enabled (widget, "card.run-again", self->finished && self->managed);
  gtk_widget_action_set_enabled (widget, "card.remove", self->finished && self->managed);
  gtk_widget_action_set_enabled (widget, "card.copy", self->finished);
  gtk_widget_action_set_enabled (widget, "card.copy-json", data);
  gtk_widget_action_set_enabled (widget, "card.save", data && via_result_export_has_text (result));
  gtk_widget_action_set_enabled (widget, "card.save-json", data);
  gtk_widget_set_visible (self->cancel_button, !self->finished);
  gtk_widget_set_visible (self->action_box, self->finished && !self->narrow);
  gtk_widget_set_visible (GTK_WIDGET (self->menu_button), self->finished);
  gtk_widget_set_focusable (GTK_WIDGET (self->head_button), has_body (self));
  gtk_widget_set_can_target (GTK_WIDGET (self->head_button), has_body (self));
}

static void
update_all (ViaResultCard *self)
{
  gboolean ended = !self->finished && via_operation_is_finished (self->operation);

  self->finished = via_operation_is_finished (self->operation);
  gtk_label_set_text (self->title_label, via_operation_get_tool_title (self->operation));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->title_label), via_operation_get_tool_name (self->operation));
  update_mark (self);
  update_meta (self);
  update_progress (self);
  update_failure (self);
  update_actions (self);
  if (ended)
    {
      /* What a tool itself calls an error is what there is to read. */
      if (message_is_the_result (self))
        set_open (self, TRUE);
      g_signal_emit (self, signals[SIGNAL_FINISHED], 0);
    }
}

static void
progress_cb (ViaResultCard *self)
{
  update_meta (self);
  update_progress (self);
}

static void
action_cb (GtkWidget  *widget,
           const char *name,
           GVariant   *parameter)
{
  ViaResultCard *self = VIA_RESULT_CARD (widget);

  if (g_str_equal (name, "card.cancel"))
    via_operation_cancel (self->operation);
  else if (g_str_equal (name, "card.run-again"))
    g_signal_emit (self, signals[SIGNAL_RUN_AGAIN], 0);
  else if (g_str_equal (name, "card.remove"))
    g_signal_emit (self, signals[SIGNAL_REMOVE], 0);
  else if (g_str_equal (name, "card.copy"))
    via_result_share_copy (widget, self->operation, VIA_EXPORT_TEXT, self->cancellable);
  else if (g_str_equal (name, "card.copy-json"))
    via_result_share_copy (widget, self->operation, VIA_EXPORT_JSON, self->cancellable);
  else if (g_str_equal (name, "card.save"))
    via_result_share_save (widget, self->operation, VIA_EXPORT_TEXT, self->cancellable);
  else
    via_result_share_save (widget, self->operation, VIA_EXPORT_JSON, self->cancellable);
}

static void
via_result_card_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (via_result_card_parent_class)->map (widget);
  update_pulse (VIA_RESULT_CARD (widget));
}

static void
via_result_card_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (via_result_card_parent_class)->unmap (widget);
  g_clear_handle_id (&VIA_RESULT_CARD (widget)->pulse_timer, g_source_remove);
}

static void
via_result_card_get_property (GObject    *object,
                              guint       id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  if (id == PROP_PLAIN_TEXT)
    g_value_set_boolean (value, VIA_RESULT_CARD (object)->plain_text);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
via_result_card_set_property (GObject      *object,
                              guint         id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  ViaResultCard *self = VIA_RESULT_CARD (object);

  if (id != PROP_PLAIN_TEXT)
    {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }
  if (self->plain_text == g_value_get_boolean (value))
    return;
  self->plain_text = g_value_get_boolean (value);
  g_object_notify_by_pspec (object, properties[PROP_PLAIN_TEXT]);
}

static void
via_result_card_dispose (GObject *object)
{
  ViaResultCard *self = VIA_RESULT_CARD (object);

  g_clear_handle_id (&self->pulse_timer, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), VIA_TYPE_RESULT_CARD);
  g_clear_object (&self->operation);
  g_clear_object (&self->narrow_menu);

  G_OBJECT_CLASS (via_result_card_parent_class)->dispose (object);
}

static void
via_result_card_finalize (GObject *object)
{
  g_clear_object (&VIA_RESULT_CARD (object)->cancellable);

  G_OBJECT_CLASS (via_result_card_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  g_type_ensure (VIA_TYPE_WRAP_BOX);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/viaduct/Viaduct/via-result-card.ui");
  gtk_widget_class_bind_template_child (widget_class, ViaResultCard, head_button);
  gtk_widget_class_bind_template_child (widget_class, ViaResultCard, mark);
  gtk_widget_class_bind_template_child (widget_class, ViaResultCard, mark_icon);
  gtk_widget_class_bind_template_child (widget_class, ViaResultCard, spinner);
  gtk_widget_class_bind_template_child (widget_class, ViaResultCard, title_label);
  gtk_widget_class_bind_template_child (widget_class, ViaResultCard, meta_label);
  gtk_widget_class_bind_template_child (widget_class, ViaResultCard, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, ViaResultCard, action_box);
  gtk_widget_class_bind_template_child (widget_class, ViaResultCard, menu_button);
  gtk_widget_class_bind_template_child (widget_class, ViaResultCard, progress);
  gtk_widget_class_bind_template_child (widget_class, ViaResultCard, failure_box);
  gtk_widget_class_bind_template_child (widget_class, ViaResultCard, failure_label);
  gtk_widget_class_bind_template_child (widget_class, ViaResultCard, message_label);
  gtk_widget_class_bind_template_child (widget_class, ViaResultCard, data_button);
  gtk_widget_class_bind_template_child (widget_class, ViaResultCard, body_bin);
  gtk_widget_class_bind_template_child (widget_class, ViaResultCard, wide_menu);
  gtk_widget_class_bind_template_child_full (widget_class, "narrow_menu", FALSE, 0);
  gtk_widget_class_bind_template_callback (widget_class, head_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, data_toggled_cb);
}

static void
via_result_card_class_init (ViaResultCardClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  static const char *const actions[] = { "card.cancel", "card.run-again", "card.remove", "card.copy",
                                         "card.copy-json", "card.save", "card.save-json" };

  object_class->get_property = via_result_card_get_property;
  object_class->set_property = via_result_card_set_property;
  object_class->dispose = via_result_card_dispose;
  object_class->finalize = via_result_card_finalize;
  widget_class->map = via_result_card_map;
  widget_class->unmap = via_result_card_unmap;

  properties[PROP_PLAIN_TEXT] = g_param_spec_boolean ("plain-text", NULL, NULL, FALSE,
                                                      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY
                                                      | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_RUN_AGAIN] = g_signal_new ("run-again", VIA_TYPE_RESULT_CARD, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                            NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_REMOVE] = g_signal_new ("remove", VIA_TYPE_RESULT_CARD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 0);
  signals[SIGNAL_FINISHED] = g_signal_new ("finished", VIA_TYPE_RESULT_CARD, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                           NULL, G_TYPE_NONE, 0);

  bind_template (widget_class);
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i], NULL, action_cb);
  gtk_widget_class_install_property_action (widget_class, "card.plain-text", "plain-text");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static GMenuModel *
build_narrow_menu (ViaResultCard *self)
{
  GMenuModel *actions = G_MENU_MODEL (gtk_widget_get_template_child (GTK_WIDGET (self), VIA_TYPE_RESULT_CARD,
                                                                     "narrow_menu"));
  GMenu *menu = g_menu_new ();

  g_menu_append_section (menu, NULL, actions);
  g_menu_append_section (menu, NULL, self->wide_menu);
  return G_MENU_MODEL (menu);
}

static void
via_result_card_init (ViaResultCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->cancellable = g_cancellable_new ();
  self->narrow_menu = build_narrow_menu (self);
  via_wrap_box_set_spacing (VIA_WRAP_BOX (self->failure_box), 12, 9);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "card.plain-text", FALSE);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self->head_button),
                                  GTK_ACCESSIBLE_RELATION_LABELLED_BY, self->title_label, NULL,
                                  GTK_ACCESSIBLE_RELATION_DESCRIBED_BY, self->meta_label, NULL,
                                  -1);
}

GtkWidget *
via_result_card_new (ViaOperation *operation)
{
  ViaResultCard *self;

  g_return_val_if_fail (VIA_IS_OPERATION (operation), NULL);

  self = g_object_new (VIA_TYPE_RESULT_CARD, NULL);
  self->operation = g_object_ref (operation);
  self->finished = via_operation_is_finished (operation);
  g_signal_connect_object (operation, "notify::state", G_CALLBACK (update_all), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (operation, "notify::progress", G_CALLBACK (progress_cb), self, G_CONNECT_SWAPPED);
  update_all (self);
  if (self->finished && message_is_the_result (self))
    set_open (self, TRUE);
  return GTK_WIDGET (self);
}

ViaOperation *
via_result_card_get_operation (ViaResultCard *self)
{
  g_return_val_if_fail (VIA_IS_RESULT_CARD (self), NULL);

  return self->operation;
}

gboolean
via_result_card_is_open (ViaResultCard *self)
{
  g_return_val_if_fail (VIA_IS_RESULT_CARD (self), FALSE);

  return self->open;
}

void
via_result_card_set_open (ViaResultCard *self,
                          gboolean       open)
{
  g_return_if_fail (VIA_IS_RESULT_CARD (self));

  self->touched = TRUE;
  set_open (self, open);
}

void
via_result_card_set_auto_open (ViaResultCard *self,
                               gboolean       open)
{
  g_return_if_fail (VIA_IS_RESULT_CARD (self));

  /* A failure says what matters in its head; its data waits behind a button. */
  if (!self->touched)
    set_open (self, open && (gtk_widget_get_visible (self->failure_box) ? message_is_the_result (self) : TRUE));
}

void
via_result_card_set_narrow (ViaResultCard *self,
                            gboolean       narrow)
{
  g_return_if_fail (VIA_IS_RESULT_CARD (self));

  if (self->narrow == !!narrow)
    return;
  self->narrow = !!narrow;
  gtk_menu_button_set_menu_model (self->menu_button, narrow ? self->narrow_menu : self->wide_menu);
  update_actions (self);
}

void
via_result_card_set_managed (ViaResultCard *self,
                             gboolean       managed)
{
  g_return_if_fail (VIA_IS_RESULT_CARD (self));

  self->managed = !!managed;
  update_actions (self);
}

void
via_result_card_tick (ViaResultCard *self)
{
  g_return_if_fail (VIA_IS_RESULT_CARD (self));

  if (!self->finished)
    update_meta (self);
}
