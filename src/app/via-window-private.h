/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "via-window.h"

#include "via-bridge-failed-page.h"
#include "via-bridge-sidebar.h"
#include "via-problems-card.h"
#include "via-tool-list.h"
#include "via-tool-pane.h"

G_BEGIN_DECLS

struct _ViaWindow
{
  AdwApplicationWindow  parent_instance;

  AdwLeaflet           *outer;
  AdwLeaflet           *inner;
  ViaBridgeSidebar     *sidebar;
  GtkWidget            *outer_separator;
  GtkWidget            *inner_separator;
  AdwHeaderBar         *header;
  AdwWindowTitle       *narrow_title;
  GtkWidget            *back_button;
  GtkWidget            *wide_title;
  GtkLabel             *name_label;
  GtkWidget            *status_box;
  GtkWidget            *status_dot;
  GtkLabel             *status_label;
  GtkMenuButton        *bridge_menu;
  GtkWidget            *refresh_button;
  GtkWidget            *connect_all_button;
  GtkWidget            *test_button;
  GtkSpinner           *test_spinner;
  ViaProblemsCard      *problems;
  GtkStack             *pages;
  ViaToolList          *tool_list;
  AdwBin               *pane_bin;

  /* Pages and the pane are made when they are first needed: the first frame has none of them. */
  ViaToolPane          *pane;
  ViaBridgeFailedPage  *failed_page;
  AdwStatusPage        *off_page;

  ViaSettings          *settings;
  ViaBridgeManager     *manager;       /* (nullable) until the configuration has been read */
  ViaBridge            *bridge;        /* (nullable) the one that is shown */
  gboolean              all;           /* all of them are shown; bridge is NULL then */
  ViaTool              *tool;          /* (nullable) the one in the pane, and its bridge */
  ViaBridge            *tool_bridge;
  char                 *wanted;        /* name of the bridge to show when there is a manager, or when it appears */
  GHashTable           *last_tools;    /* bridge name → name of the tool that was shown last */
  GHashTable           *listing;       /* ViaBridge whose tools are being asked for */
  GCancellable         *cancellable;   /* ends with the window */
  guint                 connect_source; /* a moment after the selection came to rest */
  guint                 layout_source;
  guint                 warm_up_source;
  guint                 n_frames;      /* drawn since there is a manager; two are enough */
  guint                 n_tests;       /* connection tests under way */
  gboolean              stopping;      /* the window was closed and waits for the children's end */
  gboolean              forwarding;    /* guards against an action that nobody below the window knows */
};

/* via-window.c */
ViaBridge *via_window_find_bridge    (ViaWindow       *self,
                                      const char      *name);
void       via_window_show           (ViaWindow       *self,
                                      ViaBridge       *bridge,
                                      gboolean         all);
void       via_window_list_tools     (ViaWindow       *self,
                                      ViaBridge       *bridge,
                                      gboolean         refresh);
void       via_window_ensure_pane    (ViaWindow       *self);
void       via_window_await_bridge   (ViaWindow       *self,
                                      const char      *name);
/* via-window-view.c */
void       via_window_update         (ViaWindow       *self);
gboolean   via_window_is_unreadable  (ViaWindow       *self);
void       via_window_update_pane    (ViaWindow       *self);
void       via_window_queue_layout   (ViaWindow       *self);
/* via-window-actions.c */
void       via_window_class_install_actions (GtkWidgetClass *widget_class);
void       via_window_update_actions (ViaWindow       *self);

G_END_DECLS
