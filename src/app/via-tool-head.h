/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "mcp/via-tool.h"

G_BEGIN_DECLS

/*
 * ViaToolHead names the tool: title, name, what its server says of it, description; and offers the views of its
 * arguments through "tool.view".
 */
#define VIA_TYPE_TOOL_HEAD (via_tool_head_get_type ())
G_DECLARE_FINAL_TYPE (ViaToolHead, via_tool_head, VIA, TOOL_HEAD, AdwBin)

GtkWidget *via_tool_head_new               (void);
void       via_tool_head_set_tool          (ViaToolHead *self,
                                            ViaTool     *tool);
/* FALSE where the window's header already has the title. */
void       via_tool_head_set_title_visible (ViaToolHead *self,
                                            gboolean     visible);
/* Index in Form, JSON, Command: keeps the narrow form of the switch in step with "tool.view". */
void       via_tool_head_set_view          (ViaToolHead *self,
                                            guint        view);

G_END_DECLS
