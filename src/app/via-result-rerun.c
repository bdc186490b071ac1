/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-app"

#include "config.h"

#include <glib/gi18n.h>

#include "via-dialogs.h"
#include "via-result-rerun.h"

typedef struct
{
  GtkWidget        *widget;
  ViaBridgeManager *manager;
  ViaOperation     *operation;
} Rerun;

static void
rerun_free (gpointer data)
{
  Rerun *rerun = data;

  g_object_unref (rerun->widget);
  g_object_unref (rerun->manager);
  g_object_unref (rerun->operation);
  g_free (rerun);
}

static void
run (GtkWidget        *widget,
     ViaBridgeManager *manager,
     ViaOperation     *operation)
{
  const char *name = via_operation_get_bridge_name (operation);
  ViaBridge *bridge = via_bridge_manager_find (manager, name);
  ViaExecuteOptions options = { via_operation_get_timeout_s (operation), via_operation_is_background (operation) };
  g_autoptr(ViaOperation) again = NULL;
  g_autofree char *words = NULL;

  if (bridge == NULL)
    {
      /* translators: %s is the name of a bridge */
      words = g_strdup_printf (_("The bridge “%s” is no longer there"), name);
      via_dialogs_toast (widget, words);
      return;
    }
  again = via_bridge_manager_execute (manager, bridge, via_operation_get_tool_name (operation),
                                      via_operation_get_arguments (operation), &options);
}

static void
confirmed_cb (gboolean agreed,
              gpointer user_data)
{
  Rerun *rerun = user_data;

  if (agreed)
    run (rerun->widget, rerun->manager, rerun->operation);
}

void
via_result_rerun (GtkWidget        *widget,
                  ViaBridgeManager *manager,
                  ViaOperation     *operation)
{
  ViaTool *tool;
  g_autofree char *heading = NULL;
  Rerun *rerun;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (VIA_IS_BRIDGE_MANAGER (manager));
  g_return_if_fail (VIA_IS_OPERATION (operation));

  tool = via_operation_get_tool (operation);
  if (tool == NULL || !via_tool_is_destructive (tool))
    {
      run (widget, manager, operation);
      return;
    }
  rerun = g_new0 (Rerun, 1);
  rerun->widget = g_object_ref (widget);
  rerun->manager = g_object_ref (manager);
  rerun->operation = g_object_ref (operation);
  /* translators: %s is the title of a tool */
  heading = g_strdup_printf (_("Run “%s” Again?"), via_tool_get_title (tool));
  via_dialogs_confirm (widget, heading,
                       _("This tool may delete or overwrite something. It gets the same arguments as before."),
                       _("_Run Again"), TRUE, confirmed_cb, rerun, rerun_free);
}
