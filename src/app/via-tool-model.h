/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "via-tool-item.h"

G_BEGIN_DECLS

/*
 * ViaToolModel is the flat list behind the tools column: for each source (a bridge) its categories in the order in which
 * the server first names them, each a header followed by its tools, unless it is collapsed. A search leaves the tools
 * that contain every typed word, opens every category, and drops the headers without a hit.
 *
 * Built for 10,000 tools: the folded search text is made once, a search touches plain memory only, and the change is
 * reported as one span, so that a list view keeps the rows on both sides of it.
 */
#define VIA_TYPE_TOOL_MODEL (via_tool_model_get_type ())
G_DECLARE_FINAL_TYPE (ViaToolModel, via_tool_model, VIA, TOOL_MODEL, GObject)

ViaToolModel *via_tool_model_new          (void);
void          via_tool_model_clear        (ViaToolModel *self);
/* @bridge (nullable) is whom the tools belong to; @name (nullable) stands beside its categories. Follows @tools' changes. */
void          via_tool_model_add_source   (ViaToolModel *self,
                                           ViaBridge    *bridge,
                                           const char   *name,
                                           GListModel   *tools);
void          via_tool_model_set_search   (ViaToolModel *self,
                                           const char   *text);
gboolean      via_tool_model_is_searching (ViaToolModel *self);
guint         via_tool_model_get_n_tools  (ViaToolModel *self); /* of all sources */
guint         via_tool_model_get_n_hits   (ViaToolModel *self); /* that match the search */
void          via_tool_model_toggle       (ViaToolModel *self,
                                           ViaToolItem  *header);
void          via_tool_model_expand_all   (ViaToolModel *self,
                                           gboolean      expanded);
/* Position of a tool by bridge and name, or G_MAXUINT when it is not shown. */
guint         via_tool_model_find         (ViaToolModel *self,
                                           ViaBridge    *bridge,
                                           const char   *tool_name);
/* Position of the first tool that is shown, or G_MAXUINT. */
guint         via_tool_model_find_first   (ViaToolModel *self);

G_END_DECLS
