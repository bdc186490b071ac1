/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "via-action-bar.h"
#include "via-command-view.h"
#include "via-form-view.h"
#include "via-json-editor.h"
#include "via-results-view.h"
#include "via-tool-draft.h"
#include "via-tool-head.h"
#include "via-tool-pane.h"

G_BEGIN_DECLS

struct _ViaToolPane
{
  AdwBin             parent_instance;

  /* template children */
  GtkStack          *stack;
  GtkWidget         *empty_page;
  GtkPaned          *paned;
  GtkWidget         *upper;
  GtkScrolledWindow *scroller;
  GtkWidget         *content;
  GtkWidget         *form_box;
  ViaToolHead       *head;
  GtkStack          *views;
  ViaFormView       *form;
  ViaJsonEditor     *json;
  ViaCommandView    *command;
  ViaActionBar      *bar;
  ViaResultsView    *results;
  GtkWidget         *inner_separator;

  /* owned */
  ViaBridgeManager  *manager;
  ViaBridge         *bridge;
  ViaTool           *tool;
  GHashTable        *drafts;
  ViaToolDraft      *draft;     /* of @tool; borrowed from @drafts */
  ViaOperation      *operation; /* the running one that the bar can cancel */

  guint              default_timeout_s;
  gboolean           compact;
  gboolean           title_visible;
  gboolean           form_visible;
  gboolean           divider_moved;  /* by the person: it stays where it was put */
  gboolean           allocating;
  guint              arrange_source;
};

/* via-tool-pane-layout.c */
void via_tool_pane_layout_init     (ViaToolPane *self);
void via_tool_pane_layout_clear    (ViaToolPane *self);
void via_tool_pane_layout_update   (ViaToolPane *self);
void via_tool_pane_layout_allocate (ViaToolPane *self,
                                    int          width,
                                    int          height);
/* In one column the results may be out of sight: shows them. */
void via_tool_pane_layout_reveal_results (ViaToolPane *self);

/* via-tool-pane-execute.c */
void via_tool_pane_execute         (ViaToolPane *self);
void via_tool_pane_cancel          (ViaToolPane *self);
void via_tool_pane_watch           (ViaToolPane *self);
void via_tool_pane_unwatch         (ViaToolPane *self);

G_END_DECLS
