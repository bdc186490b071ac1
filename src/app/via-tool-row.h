/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "via-tool-item.h"

G_BEGIN_DECLS

/* A tool in the tools column: its title, and marks for what it says of itself. */
#define VIA_TYPE_TOOL_ROW (via_tool_row_get_type ())
G_DECLARE_FINAL_TYPE (ViaToolRow, via_tool_row, VIA, TOOL_ROW, AdwBin)

GtkWidget *via_tool_row_new  (void);
void       via_tool_row_bind (ViaToolRow  *self,
                              ViaToolItem *item);

G_END_DECLS
