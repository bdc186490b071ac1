/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bridge/via-bridge.h"

G_BEGIN_DECLS

/*
 * ViaToolItem is one line of the tools column: a category's header, or a tool. Made by ViaToolModel only.
 *
 * Properties of headers (notify): "count" (tools that match the search), "expanded".
 */
#define VIA_TYPE_TOOL_ITEM (via_tool_item_get_type ())
G_DECLARE_FINAL_TYPE (ViaToolItem, via_tool_item, VIA, TOOL_ITEM, GObject)

ViaToolItem *via_tool_item_new_header   (const char  *category,
                                         const char  *source); /* (nullable) the bridge's name, where several are shown */
ViaToolItem *via_tool_item_new_tool     (ViaBridge   *bridge,  /* (nullable) */
                                         ViaTool     *tool);
gboolean     via_tool_item_is_header    (ViaToolItem *self);
const char  *via_tool_item_get_category (ViaToolItem *self); /* headers */
const char  *via_tool_item_get_source   (ViaToolItem *self); /* headers, (nullable) */
guint        via_tool_item_get_count    (ViaToolItem *self);
void         via_tool_item_set_count    (ViaToolItem *self,
                                         guint        count);
gboolean     via_tool_item_get_expanded (ViaToolItem *self);
void         via_tool_item_set_expanded (ViaToolItem *self,
                                         gboolean     expanded);
ViaBridge   *via_tool_item_get_bridge   (ViaToolItem *self); /* (nullable) */
ViaTool     *via_tool_item_get_tool     (ViaToolItem *self); /* NULL for headers */
/* TRUE when every one of the folded @words (NULL ended) stands somewhere in the tool's title, name or description. */
gboolean     via_tool_item_matches      (ViaToolItem *self,
                                         char       **words);
/* Lower case, fast for ASCII, case folded otherwise. (transfer full) */
char        *via_tool_item_fold         (const char  *text);

G_END_DECLS
