/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-app"

#include "config.h"

#include "via-tool-pane.h"

struct _ViaToolPane
{
  AdwBin            parent_instance;

  ViaBridgeManager *manager;
  ViaBridge        *bridge;
  ViaTool          *tool;
};

G_DEFINE_FINAL_TYPE (ViaToolPane, via_tool_pane, ADW_TYPE_BIN)

static void
via_tool_pane_dispose (GObject *object)
{
  ViaToolPane *self = VIA_TOOL_PANE (object);

  g_clear_object (&self->tool);
  g_clear_object (&self->bridge);
  g_clear_object (&self->manager);

  G_OBJECT_CLASS (via_tool_pane_parent_class)->dispose (object);
}

static void
via_tool_pane_class_init (ViaToolPaneClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = via_tool_pane_dispose;
}

static void
via_tool_pane_init (ViaToolPane *self)
{
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

  g_set_object (&self->manager, manager);
}

void
via_tool_pane_set_tool (ViaToolPane *self,
                        ViaBridge   *bridge,
                        ViaTool     *tool)
{
  g_return_if_fail (VIA_IS_TOOL_PANE (self));

  g_set_object (&self->bridge, bridge);
  g_set_object (&self->tool, tool);
}

void
via_tool_pane_set_compact (ViaToolPane *self,
                           gboolean     compact)
{
  g_return_if_fail (VIA_IS_TOOL_PANE (self));
}

void
via_tool_pane_set_default_timeout (ViaToolPane *self,
                                   guint        seconds)
{
  g_return_if_fail (VIA_IS_TOOL_PANE (self));
}
