/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <glib/gi18n.h>

#include "via-dialogs.h"

/* Set by tests only; the person's answer otherwise. */
static char *test_path;
static gboolean has_test_path;

static GtkWindow *
get_window (GtkWidget *widget)
{
  GtkRoot *root = gtk_widget_get_root (widget);

  return GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL;
}

typedef struct
{
  ViaConfirmFunc callback;
  gpointer       user_data;
  GDestroyNotify destroy;
} Question;

static void
question_free (gpointer  data,
               GClosure *closure)
{
  Question *question = data;

  if (question->destroy != NULL)
    question->destroy (question->user_data);
  g_free (question);
}

static void
response_cb (AdwMessageDialog *dialog,
             const char       *response,
             Question         *question)
{
  question->callback (g_str_equal (response, "agree"), question->user_data);
}

void
via_dialogs_confirm (GtkWidget      *widget,
                     const char     *heading,
                     const char     *body,
                     const char     *agree_label,
                     gboolean        destructive,
                     ViaConfirmFunc  callback,
                     gpointer        user_data,
                     GDestroyNotify  destroy)
{
  AdwMessageDialog *dialog;
  Question *question = g_new0 (Question, 1);

  g_return_if_fail (GTK_IS_WIDGET (widget));
  *question = (Question) { callback, user_data, destroy };
  dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (get_window (widget), heading, body));
  adw_message_dialog_add_responses (dialog, "cancel", _("_Cancel"), "agree", agree_label, NULL);
  adw_message_dialog_set_response_appearance (dialog, "agree",
                                              destructive ? ADW_RESPONSE_DESTRUCTIVE : ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, "cancel");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), question, question_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

typedef struct
{
  GtkFileChooserNative *chooser;
  GBytes               *bytes;
  gulong                handler;
} Save;

static void
save_free (gpointer data)
{
  Save *save = data;

  g_clear_signal_handler (&save->handler, save->chooser);
  g_clear_object (&save->chooser);
  g_bytes_unref (save->bytes);
  g_free (save);
}

static void
written_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  if (!g_file_replace_contents_finish (G_FILE (object), result, NULL, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, g_object_ref (object), g_object_unref);
}

/* GIO writes a temporary file beside it and renames: the old content is there until the new one is whole. */
static void
write_file (GTask *task,
            GFile *file)
{
  Save *save = g_task_get_task_data (task);

  g_file_replace_contents_bytes_async (file, save->bytes, NULL, FALSE, G_FILE_CREATE_REPLACE_DESTINATION,
                                       g_task_get_cancellable (task), written_cb, g_object_ref (task));
}

static void
chosen_cb (GtkNativeDialog *dialog,
           int              response,
           GTask           *task)
{
  g_autoptr(GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  if (file != NULL)
    write_file (task, file);
  else
    g_task_return_pointer (task, NULL, NULL);
  g_object_unref (task);
}

void
via_dialogs_save_async (GtkWidget           *widget,
                        const char          *suggested_name,
                        GBytes              *bytes,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Save *save;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  task = g_task_new (widget, cancellable, callback, user_data);
  save = g_new0 (Save, 1);
  g_task_set_source_tag (task, via_dialogs_save_async);
  save->bytes = g_bytes_ref (bytes);
  g_task_set_task_data (task, save, save_free);
  if (has_test_path)
    {
      g_autoptr(GFile) file = test_path != NULL ? g_file_new_for_path (test_path) : NULL;

      if (file != NULL)
        write_file (task, file);
      else
        g_task_return_pointer (task, NULL, NULL);
      return;
    }
  save->chooser = gtk_file_chooser_native_new (_("Save"), get_window (widget), GTK_FILE_CHOOSER_ACTION_SAVE,
                                               _("_Save"), _("_Cancel"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (save->chooser), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (save->chooser), suggested_name);
  save->handler = g_signal_connect (save->chooser, "response", G_CALLBACK (chosen_cb), g_object_ref (task));
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (save->chooser));
}

GFile *
via_dialogs_save_finish (GAsyncResult  *result,
                         GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static AdwToastOverlay *
find_overlay (GtkWidget *widget)
{
  if (ADW_IS_TOAST_OVERLAY (widget))
    return ADW_TOAST_OVERLAY (widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      AdwToastOverlay *overlay = find_overlay (child);

      if (overlay != NULL)
        return overlay;
    }
  return NULL;
}

void
via_dialogs_toast (GtkWidget  *widget,
                   const char *text)
{
  GtkWidget *overlay;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  overlay = gtk_widget_get_ancestor (widget, ADW_TYPE_TOAST_OVERLAY);
  if (overlay == NULL && gtk_widget_get_root (widget) != NULL)
    overlay = GTK_WIDGET (find_overlay (GTK_WIDGET (gtk_widget_get_root (widget))));
  if (overlay != NULL)
    {
      AdwToast *toast = adw_toast_new ("");
      g_autofree char *escaped = g_markup_escape_text (text, -1);

      adw_toast_set_title (toast, escaped);
      adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), toast);
    }
}

void
via_dialogs_set_test_path (const char *path)
{
  g_free (test_path);
  test_path = g_strdup (path);
  has_test_path = TRUE;
}
