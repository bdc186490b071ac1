/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <glib/gi18n.h>

#include "via-tool-row.h"

struct _ViaToolRow
{
  AdwBin     parent_instance;

  GtkLabel  *title;
  GtkWidget *destructive;
  GtkWidget *open_world;
  GtkWidget *read_only;
};

G_DEFINE_FINAL_TYPE (ViaToolRow, via_tool_row, ADW_TYPE_BIN)

static void
via_tool_row_class_init (ViaToolRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/viaduct/Viaduct/via-tool-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ViaToolRow, title);
  gtk_widget_class_bind_template_child (widget_class, ViaToolRow, destructive);
  gtk_widget_class_bind_template_child (widget_class, ViaToolRow, open_world);
  gtk_widget_class_bind_template_child (widget_class, ViaToolRow, read_only);
}

static void
via_tool_row_init (ViaToolRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
via_tool_row_new (void)
{
  return g_object_new (VIA_TYPE_TOOL_ROW, NULL);
}

/* What a screen reader says: the marks are pictures. */
static char *
describe (ViaTool *tool)
{
  GString *text = g_string_new (via_tool_get_title (tool));

  if (via_tool_is_destructive (tool))
    g_string_append_printf (text, ", %s", C_("tool", "destructive"));
  if (via_tool_is_open_world (tool))
    g_string_append_printf (text, ", %s", C_("tool", "open world"));
  if (via_tool_is_read_only (tool))
    g_string_append_printf (text, ", %s", C_("tool", "read-only"));
  return g_string_free (text, FALSE);
}

void
via_tool_row_bind (ViaToolRow  *self,
                   ViaToolItem *item)
{
  ViaTool *tool = via_tool_item_get_tool (item);
  const char *title = via_tool_get_title (tool);
  const char *name = via_tool_get_name (tool);
  g_autofree char *description = describe (tool);

  g_return_if_fail (VIA_IS_TOOL_ROW (self));
  gtk_label_set_text (self->title, title);
  gtk_widget_set_visible (self->destructive, via_tool_is_destructive (tool));
  gtk_widget_set_visible (self->open_world, via_tool_is_open_world (tool) && !via_tool_is_destructive (tool));
  gtk_widget_set_visible (self->read_only, via_tool_is_read_only (tool));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->title), name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, description, -1);
}
