/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-app"

#include "config.h"

#include <glib/gi18n.h>

#include "via-dialogs.h"
#include "via-result-share.h"

static void
copied_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GtkWidget) widget = user_data;
  g_autoptr(GBytes) bytes = via_result_export_finish (result, NULL);

  if (bytes == NULL || gtk_widget_get_root (widget) == NULL)
    return;
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), g_bytes_get_data (bytes, NULL));
  via_dialogs_toast (widget, _("Result copied"));
}

void
via_result_share_copy (GtkWidget       *widget,
                       ViaOperation    *operation,
                       ViaExportFormat  format,
                       GCancellable    *cancellable)
{
  ViaToolResult *result;
  const GError *error;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (VIA_IS_OPERATION (operation));

  result = via_operation_get_result (operation);
  error = via_operation_get_error (operation);
  if (result != NULL)
    {
      via_result_export_async (result, format, cancellable, copied_cb, g_object_ref (widget));
      return;
    }
  if (error == NULL)
    return;
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), error->message);
  via_dialogs_toast (widget, _("Message copied"));
}

typedef struct
{
  GtkWidget    *widget;
  GCancellable *cancellable;
  char         *name;
} Save;

static void
save_free (Save *save)
{
  g_object_unref (save->widget);
  g_object_unref (save->cancellable);
  g_free (save->name);
  g_free (save);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Save, save_free)

static void
saved_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(Save) save = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GFile) file = via_dialogs_save_finish (result, &error);

  if (gtk_widget_get_root (save->widget) == NULL)
    return;
  if (error != NULL)
    via_dialogs_toast (save->widget, error->message);
  else if (file != NULL)
    via_dialogs_toast (save->widget, _("Result saved"));
}

static void
prepared_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(Save) save = user_data;
  g_autoptr(GBytes) bytes = via_result_export_finish (result, NULL);
  Save *next = save;

  if (bytes == NULL || gtk_widget_get_root (save->widget) == NULL)
    return;
  g_steal_pointer (&save);
  via_dialogs_save_async (next->widget, next->name, bytes, next->cancellable, saved_cb, next);
}

void
via_result_share_save (GtkWidget       *widget,
                       ViaOperation    *operation,
                       ViaExportFormat  format,
                       GCancellable    *cancellable)
{
  Save *save;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (VIA_IS_OPERATION (operation));
  g_return_if_fail (via_operation_get_result (operation) != NULL);

  save = g_new0 (Save, 1);
  save->widget = g_object_ref (widget);
  save->cancellable = g_object_ref (cancellable);
  save->name = via_result_export_file_name (operation, format);
  via_result_export_async (via_operation_get_result (operation), format, cancellable, prepared_cb, save);
}
