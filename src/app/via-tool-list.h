/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "via-tool-model.h"

G_BEGIN_DECLS

/*
 * ViaToolList is the tools column: search, categories, and what stands there instead when there is no list to show.
 *
 * Property: "compact" (the column fills the window: rows are taller and one press opens the tool).
 * Signals: "tool-selected" (ViaBridge *, ViaTool *) the selection changed to another tool;
 *          "tool-activated" () the person wants to go to it.
 */
#define VIA_TYPE_TOOL_LIST (via_tool_list_get_type ())
G_DECLARE_FINAL_TYPE (ViaToolList, via_tool_list, VIA, TOOL_LIST, AdwBin)

GtkWidget    *via_tool_list_new          (void);
/* Add and clear the sources there; the list shows them as soon as there are tools. (transfer none) */
ViaToolModel *via_tool_list_get_model    (ViaToolList *self);
/* The list, whatever it has (with @empty_title when it has nothing). */
void          via_tool_list_show_tools   (ViaToolList *self);
/* A spinner with @text under it, while there are no tools yet. */
void          via_tool_list_show_loading (ViaToolList *self,
                                          const char  *text);
/* Words in the middle; with @button_label a button that activates @action_name. */
void          via_tool_list_show_message (ViaToolList *self,
                                           const char  *title,
                                          const char  *description,
                                          const char  *button_label,
                                          const char  *action_name);
/* Selects without saying so. NULL: nothing. */
void          via_tool_list_select       (ViaToolList *self,
                                          ViaBridge   *bridge,
                                          const char  *tool_name);
void          via_tool_list_set_compact  (ViaToolList *self,
                                          gboolean     compact);
void          via_tool_list_focus_search (ViaToolList *self);
void          via_tool_list_clear_search (ViaToolList *self);

G_END_DECLS
