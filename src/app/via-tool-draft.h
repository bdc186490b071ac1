/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mcp/via-tool.h"
#include "via-form-model.h"

G_BEGIN_DECLS

typedef enum
{
  VIA_TOOL_VIEW_FORM,
  VIA_TOOL_VIEW_JSON,
  VIA_TOOL_VIEW_COMMAND,
} ViaToolPaneView;

/* What was typed for one tool of one bridge; remembered while the window lives. */
typedef struct
{
  ViaTool         *tool;
  ViaFormModel    *model;
  ViaToolPaneView  view;
  guint            timeout_s; /* 0: not touched */
  gboolean         background;
} ViaToolDraft;

/* The drafts by bridge and tool name: take () finds or makes one, release () forgets it if nothing was typed. */
GHashTable   *via_tool_drafts_new     (void);
ViaToolDraft *via_tool_drafts_take    (GHashTable *drafts,
                                       const char *bridge,
                                       ViaTool    *tool);
void          via_tool_drafts_release (GHashTable *drafts,
                                       const char *bridge,
                                       ViaTool    *tool);

G_END_DECLS
