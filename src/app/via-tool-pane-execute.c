/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-app"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "via-dialogs.h"
#include "via-tool-pane-private.h"

/* A question shows this many bytes of the arguments. */
#define ASKED_BYTES_MAX 2000
/* Newer operations than the one looked for: nobody runs more by hand. */
#define SEARCH_MAX 500

/* What was agreed to is what runs, whatever is chosen or typed while the question is open. */
typedef struct
{
  GWeakRef          pane;
  ViaBridge        *bridge;
  ViaTool          *tool;
  ViaJsonDocument  *arguments;
  ViaExecuteOptions options;
} Execution;

static void
execution_free (gpointer data)
{
  Execution *execution = data;

  g_weak_ref_clear (&execution->pane);
  g_clear_object (&execution->bridge);
  g_clear_object (&execution->tool);
  g_clear_pointer (&execution->arguments, via_json_document_unref);
  g_free (execution);
}

static Execution *
execution_new (ViaToolPane *self)
{
  Execution *execution = g_new0 (Execution, 1);

  g_weak_ref_init (&execution->pane, self);
  execution->bridge = g_object_ref (self->bridge);
  execution->tool = g_object_ref (self->tool);
  execution->arguments = via_json_document_ref (via_form_model_get_document (self->draft->model));
  execution->options.timeout_s = via_action_bar_get_timeout (self->bar);
  execution->options.background = via_action_bar_get_background (self->bar);
  return execution;
}

static void
execution_start (Execution *execution)
{
  g_autoptr(ViaToolPane) self = g_weak_ref_get (&execution->pane);
  g_autoptr(ViaOperation) operation = NULL;

  if (self == NULL || self->manager == NULL)
    return;

  operation = via_bridge_manager_execute (self->manager, execution->bridge, via_tool_get_name (execution->tool),
                                          execution->arguments, &execution->options);
  if (execution->options.background)
    via_dialogs_toast (GTK_WIDGET (self), _("Running in the background"));
  via_tool_pane_layout_reveal_results (self);
}

static void
confirmed_cb (gboolean agreed,
              gpointer data)
{
  if (agreed)
    execution_start (data);
}

/* One line a member: this stands in the middle of a dialog, where indented JSON would not be legible. */
static char *
dup_members (ViaJsonValue arguments)
{
  GString *out = g_string_new (NULL);
  ViaJsonIter iter;
  ViaJsonValue key;
  ViaJsonValue value;

  via_json_iter_init (&iter, arguments);
  while (out->len <= ASKED_BYTES_MAX && via_json_iter_next (&iter, &key, &value))
    {
      g_autofree char *name = via_json_value_dup_string (key);
      g_autofree char *text = via_json_value_to_compact (value, NULL);

      g_string_append_printf (out, "%s%s: %s", out->len > 0 ? "\n" : "", name, text);
    }

  return g_string_free (out, FALSE);
}

static char *
dup_question (Execution *execution)
{
  ViaJsonValue root = via_json_document_get_root (execution->arguments);
  const char *bridge = via_bridge_get_name (execution->bridge);
  g_autofree char *members = dup_members (root);
  const char *end = NULL;

  if (via_json_value_get_size (root) == 0)
    /* translators: %s is the name of a bridge */
    return g_strdup_printf (_("On “%s”, without arguments."), bridge);

  if (strlen (members) > ASKED_BYTES_MAX)
    {
      g_utf8_validate (members, ASKED_BYTES_MAX, &end);
      members[end - members] = '\0';
      /* translators: %1$s is the name of a bridge, %2$s the beginning of the arguments */
      return g_strdup_printf (_("On “%1$s”, with arguments that begin:\n\n%2$s…\n\nThe JSON view shows them all."), bridge,
                              members);
    }

  /* translators: %1$s is the name of a bridge, %2$s the arguments, one a line */
  return g_strdup_printf (_("On “%1$s”, with these arguments:\n\n%2$s"), bridge, members);
}

static void
ask (ViaToolPane *self,
     Execution   *execution)
{
  g_autofree char *body = dup_question (execution);
  /* translators: %s is the title of a tool that says it can delete or overwrite */
  g_autofree char *heading = g_strdup_printf (_("Execute “%s”?"), via_tool_get_title (execution->tool));

  via_dialogs_confirm (GTK_WIDGET (self), heading, body, _("_Execute"), TRUE, confirmed_cb, execution, execution_free);
}

/* TRUE when the arguments can be sent; else shows what keeps them from it. */
static gboolean
check (ViaToolPane *self)
{
  ViaFormModel *model = self->draft->model;

  if (via_form_model_get_error (model, NULL, NULL) != NULL)
    {
      gtk_widget_activate_action (GTK_WIDGET (self), "tool.view", "s", "json");
      via_json_editor_focus (self->json);
      return FALSE;
    }

  via_form_model_ask (model);
  if (via_form_model_get_n_wrong (model) == 0)
    return TRUE;

  if (self->draft->view == VIA_TOOL_VIEW_JSON)
    via_json_editor_focus (self->json);
  else
    {
      gtk_widget_activate_action (GTK_WIDGET (self), "tool.view", "s", "form");
      via_form_view_focus_field (self->form, via_form_model_get_first_wrong (model));
    }

  return FALSE;
}

void
via_tool_pane_execute (ViaToolPane *self)
{
  Execution *execution;

  if (self->tool == NULL || self->bridge == NULL || self->operation != NULL || !check (self))
    return;

  execution = execution_new (self);
  if (via_tool_is_destructive (self->tool))
    {
      ask (self, execution);
      return;
    }

  execution_start (execution);
  execution_free (execution);
}

void
via_tool_pane_cancel (ViaToolPane *self)
{
  if (self->operation != NULL)
    via_operation_cancel (self->operation);
}

static gboolean
is_ours (ViaToolPane  *self,
         ViaOperation *operation)
{
  return !via_operation_is_background (operation)
         && strcmp (via_operation_get_tool_name (operation), via_tool_get_name (self->tool)) == 0
         && strcmp (via_operation_get_bridge_name (operation), via_bridge_get_name (self->bridge)) == 0;
}

/* The newest foreground operation of this tool, if it still runs. (transfer full) */
static ViaOperation *
find_running (ViaToolPane *self)
{
  GListModel *operations = self->manager != NULL ? via_bridge_manager_get_operations (self->manager) : NULL;
  guint n_items = operations != NULL ? g_list_model_get_n_items (operations) : 0;

  if (self->tool == NULL || self->bridge == NULL)
    return NULL;

  for (guint i = 0; i < MIN (n_items, SEARCH_MAX); i++)
    {
      g_autoptr(ViaOperation) operation = g_list_model_get_item (operations, i);

      if (is_ours (self, operation))
        return via_operation_is_finished (operation) ? NULL : g_steal_pointer (&operation);
    }

  return NULL;
}

void
via_tool_pane_unwatch (ViaToolPane *self)
{
  if (self->operation != NULL)
    g_signal_handlers_disconnect_by_func (self->operation, via_tool_pane_watch, self);
  g_clear_object (&self->operation);
}

/* Keeps the bar in step with what runs; also the handler of every change. */
void
via_tool_pane_watch (ViaToolPane *self)
{
  g_autoptr(ViaOperation) running = find_running (self);

  if (running != self->operation)
    {
      via_tool_pane_unwatch (self);
      if (running != NULL)
        {
          self->operation = g_steal_pointer (&running);
          g_signal_connect_object (self->operation, "notify::state", G_CALLBACK (via_tool_pane_watch), self,
                                   G_CONNECT_SWAPPED);
        }
    }

  via_action_bar_set_running (self->bar, self->operation != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "tool.execute", self->tool != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "tool.cancel", self->operation != NULL);
}
