/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-app"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "via-code-view.h"
#include "via-json-editor.h"

#define EDITOR_HEIGHT_MIN 144
#define EDITOR_HEIGHT_MAX 420
#define MESSAGES_MAX 4

struct _ViaJsonEditor
{
  AdwBin        parent_instance;

  /* template children */
  ViaCodeView  *view;
  GtkLabel     *message;

  ViaFormModel *model;
  gboolean      writing; /* the person types: the view already has the text */
  gboolean      reading;
  guint         blank_source;
};

G_DEFINE_FINAL_TYPE (ViaJsonEditor, via_json_editor, ADW_TYPE_BIN)

static void
write_text (ViaJsonEditor *self,
            const char    *text)
{
  self->writing = TRUE;
  via_form_model_set_text (self->model, text);
  self->writing = FALSE;
}

static gboolean
blank_cb (gpointer data)
{
  ViaJsonEditor *self = data;

  self->blank_source = 0;
  if (self->model != NULL)
    write_text (self, "");
  return G_SOURCE_REMOVE;
}

static void
code_changed_cb (ViaJsonEditor *self)
{
  g_autofree char *text = NULL;

  g_clear_handle_id (&self->blank_source, g_source_remove);
  if (self->reading || self->model == NULL)
    return;

  text = via_code_view_dup_text (self->view);
  /* A buffer whose text is replaced is empty for a moment: that must not empty the form. */
  if (*text == '\0')
    self->blank_source = g_idle_add_full (G_PRIORITY_HIGH, blank_cb, self, NULL);
  else
    write_text (self, text);
}

static void
read_text (ViaJsonEditor *self)
{
  g_autofree char *old = via_code_view_dup_text (self->view);
  const char *text = via_form_model_get_text (self->model);

  if (strcmp (old, text) == 0)
    return;

  self->reading = TRUE;
  via_code_view_set_text (self->view, text, -1);
  self->reading = FALSE;
}

static char *
dup_message (ViaJsonEditor *self,
             const char    *error)
{
  g_autofree char *rest = NULL;

  if (error == NULL)
    return via_form_model_dup_messages (self->model, MESSAGES_MAX);

  /* "line 3, column 7: …" begins a sentence here. */
  rest = g_utf8_strup (error, g_utf8_next_char (error) - error);
  return g_strconcat (rest, g_utf8_next_char (error), NULL);
}

static void
model_changed_cb (ViaJsonEditor *self)
{
  guint line;
  guint column;
  const char *error = via_form_model_get_error (self->model, &line, &column);
  g_autofree char *message = dup_message (self, error);
  GtkWidget *view = via_code_view_get_text_view (self->view);

  if (!self->writing)
    read_text (self);
  via_code_view_set_error (self->view, line, column);
  gtk_label_set_label (self->message, message);
  gtk_widget_set_visible (GTK_WIDGET (self->message), *message != '\0');
  gtk_accessible_update_state (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_STATE_INVALID,
                               *message != '\0' ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}

static void
via_json_editor_dispose (GObject *object)
{
  ViaJsonEditor *self = VIA_JSON_EDITOR (object);

  g_clear_handle_id (&self->blank_source, g_source_remove);
  if (self->model != NULL)
    g_signal_handlers_disconnect_by_func (self->model, model_changed_cb, self);
  g_clear_object (&self->model);

  G_OBJECT_CLASS (via_json_editor_parent_class)->dispose (object);
}

static void
via_json_editor_class_init (ViaJsonEditorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = via_json_editor_dispose;

  g_type_ensure (VIA_TYPE_CODE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/viaduct/Viaduct/via-json-editor.ui");
  gtk_widget_class_bind_template_child (widget_class, ViaJsonEditor, view);
  gtk_widget_class_bind_template_child (widget_class, ViaJsonEditor, message);
  gtk_widget_class_bind_template_callback (widget_class, code_changed_cb);
}

static void
via_json_editor_init (ViaJsonEditor *self)
{
  GtkWidget *view;

  gtk_widget_init_template (GTK_WIDGET (self));
  via_code_view_set_heights (self->view, EDITOR_HEIGHT_MIN, EDITOR_HEIGHT_MAX);
  view = via_code_view_get_text_view (self->view);
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Arguments as JSON"), -1);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_RELATION_DESCRIBED_BY, self->message, NULL,
                                  -1);
}

GtkWidget *
via_json_editor_new (void)
{
  return g_object_new (VIA_TYPE_JSON_EDITOR, NULL);
}

void
via_json_editor_set_model (ViaJsonEditor *self,
                           ViaFormModel  *model)
{
  g_return_if_fail (VIA_IS_JSON_EDITOR (self));

  if (self->model == model)
    return;

  if (self->blank_source != 0)
    {
      g_clear_handle_id (&self->blank_source, g_source_remove);
      write_text (self, "");
    }
  if (self->model != NULL)
    g_signal_handlers_disconnect_by_func (self->model, model_changed_cb, self);
  g_set_object (&self->model, model);
  if (model == NULL)
    return;

  g_signal_connect_object (model, "changed", G_CALLBACK (model_changed_cb), self, G_CONNECT_SWAPPED);
  model_changed_cb (self);
}

void
via_json_editor_focus (ViaJsonEditor *self)
{
  guint line = 0;
  guint column = 0;

  g_return_if_fail (VIA_IS_JSON_EDITOR (self));

  if (self->model != NULL)
    via_form_model_get_error (self->model, &line, &column);
  if (line > 0)
    via_code_view_go_to (self->view, line, column);
  else
    gtk_widget_grab_focus (via_code_view_get_text_view (self->view));
}
