/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-app"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "via-command-view.h"
#include "via-dialogs.h"

/* Longer commands are copied whole and shown from their beginning. */
#define SHOWN_BYTES_MAX 8192

struct _ViaCommandView
{
  AdwBin        parent_instance;

  /* template children */
  GtkLabel     *command;
  GtkLabel     *note;
  GtkWidget    *copy;

  ViaFormModel *model;
  char         *bridge;
  char         *tool;
  guint         timeout_s;
  gboolean      background;
};

G_DEFINE_FINAL_TYPE (ViaCommandView, via_command_view, ADW_TYPE_BIN)

/* Plain words stay as they are; everything else stands in quotes. */
static void
append_word (GString    *out,
             const char *word)
{
  static const char *plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:@%+,=";
  g_autofree char *quoted = NULL;

  if (out->len > 0)
    g_string_append_c (out, ' ');
  if (*word != '\0' && word[strspn (word, plain)] == '\0')
    {
      g_string_append (out, word);
      return;
    }

  quoted = g_shell_quote (word);
  g_string_append (out, quoted);
}

char *
via_command_view_dup_command (ViaCommandView *self)
{
  ViaJsonDocument *document;
  GString *out;

  g_return_val_if_fail (VIA_IS_COMMAND_VIEW (self), NULL);

  document = self->model != NULL ? via_form_model_get_document (self->model) : NULL;
  if (document == NULL)
    return NULL;

  out = g_string_new (NULL);
  append_word (out, "via");
  append_word (out, "execute");
  if (self->background)
    append_word (out, "--async");
  if (self->timeout_s > 0)
    g_string_append_printf (out, " --timeout %u", self->timeout_s);
  /* Names that begin with a dash are no options. */
  if (*self->bridge == '-' || *self->tool == '-')
    append_word (out, "--");
  append_word (out, self->bridge);
  append_word (out, self->tool);
  if (via_json_value_get_size (via_json_document_get_root (document)) > 0)
    {
      g_autofree char *arguments = via_json_value_to_compact (via_json_document_get_root (document), NULL);

      append_word (out, arguments);
    }

  return g_string_free (out, FALSE);
}

/* @text cut between characters. */
static char *
shorten (const char *text)
{
  const char *end = NULL;

  if (strlen (text) <= SHOWN_BYTES_MAX)
    return g_strdup (text);

  g_utf8_validate (text, SHOWN_BYTES_MAX, &end);
  return g_strdup_printf ("%.*s…", (int) (end - text), text);
}

static void
update (ViaCommandView *self)
{
  g_autofree char *command = via_command_view_dup_command (self);
  g_autofree char *shown = command != NULL ? shorten (command) : NULL;
  guint n_wrong = self->model != NULL ? via_form_model_get_n_wrong (self->model) : 0;

  gtk_label_set_label (self->command, shown != NULL ? shown : "");
  gtk_widget_set_visible (GTK_WIDGET (self->command), shown != NULL);
  gtk_widget_set_sensitive (self->copy, command != NULL);
  if (command == NULL)
    gtk_label_set_label (self->note, _("There is no command while the JSON is not valid."));
  else if (n_wrong > 0)
    gtk_label_set_label (self->note, _("The arguments still have to be corrected."));
  else if (strlen (command) > SHOWN_BYTES_MAX)
    gtk_label_set_label (self->note, _("This is its beginning. Copy takes the whole command."));
  else
    gtk_label_set_label (self->note, _("Does the same in a terminal."));
}

static void
copy_clicked_cb (ViaCommandView *self)
{
  g_autofree char *command = via_command_view_dup_command (self);

  if (command == NULL)
    return;

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), command);
  via_dialogs_toast (GTK_WIDGET (self), _("Command copied"));
}

static void
via_command_view_dispose (GObject *object)
{
  ViaCommandView *self = VIA_COMMAND_VIEW (object);

  if (self->model != NULL)
    g_signal_handlers_disconnect_by_func (self->model, update, self);
  g_clear_object (&self->model);
  g_clear_pointer (&self->bridge, g_free);
  g_clear_pointer (&self->tool, g_free);

  G_OBJECT_CLASS (via_command_view_parent_class)->dispose (object);
}

static void
via_command_view_class_init (ViaCommandViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = via_command_view_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/viaduct/Viaduct/via-command-view.ui");
  gtk_widget_class_bind_template_child (widget_class, ViaCommandView, command);
  gtk_widget_class_bind_template_child (widget_class, ViaCommandView, note);
  gtk_widget_class_bind_template_child (widget_class, ViaCommandView, copy);
  gtk_widget_class_bind_template_callback (widget_class, copy_clicked_cb);
}

static void
via_command_view_init (ViaCommandView *self)
{
  self->bridge = g_strdup ("");
  self->tool = g_strdup ("");
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
via_command_view_new (void)
{
  return g_object_new (VIA_TYPE_COMMAND_VIEW, NULL);
}

void
via_command_view_set_model (ViaCommandView *self,
                            ViaFormModel   *model,
                            const char     *bridge,
                            const char     *tool)
{
  g_return_if_fail (VIA_IS_COMMAND_VIEW (self));

  if (self->model != NULL)
    g_signal_handlers_disconnect_by_func (self->model, update, self);
  g_set_object (&self->model, model);
  g_free (self->bridge);
  g_free (self->tool);
  self->bridge = g_strdup (bridge != NULL ? bridge : "");
  self->tool = g_strdup (tool != NULL ? tool : "");
  if (model != NULL)
    g_signal_connect_object (model, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

void
via_command_view_set_options (ViaCommandView *self,
                              guint           timeout_s,
                              gboolean        background)
{
  g_return_if_fail (VIA_IS_COMMAND_VIEW (self));

  self->timeout_s = timeout_s;
  self->background = background;
  update (self);
}
