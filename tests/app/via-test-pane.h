/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "via-tool-pane.h"

G_BEGIN_DECLS

/* A tool pane in a window of its own, over the built-in bridge; a fixture of g_test_add (). */
typedef struct
{
  ViaConfigFile    *file;
  ViaBridgeManager *manager;
  ViaBridge        *bridge;
  GtkWindow        *window;
  ViaToolPane      *pane;
  GtkWidget        *root; /* of the window */
} ViaTestPane;

/* Tools as a server describes them. */
extern const char *const via_test_sum_tool;
extern const char *const via_test_long_tool;
extern const char *const via_test_nested_tool;
extern const char *const via_test_delete_tool;
extern const char *const via_test_slow_tool;
extern const char *const via_test_bare_tool;

void        via_test_pane_load_style   (void);
void        via_test_pane_set_up       (ViaTestPane   *fixture,
                                        gconstpointer  data);
void        via_test_pane_tear_down    (ViaTestPane   *fixture,
                                        gconstpointer  data);
void        via_test_pane_open_window  (ViaTestPane   *fixture,
                                        int            width,
                                        int            height);
void        via_test_pane_close_window (ViaTestPane   *fixture);
/* Shows the tool that the JSON text describes. */
void        via_test_pane_choose       (ViaTestPane   *fixture,
                                        const char    *json);
/* Activates one of the pane's actions; @target (nullable) is its string parameter. */
void        via_test_pane_act          (ViaTestPane   *fixture,
                                        const char    *action,
                                        const char    *target);
/* The entry of the field at @nth. */
GtkWidget  *via_test_pane_entry        (ViaTestPane   *fixture,
                                        guint          nth);
GListModel *via_test_pane_operations   (ViaTestPane   *fixture);
/* The arguments as the JSON view has them. (transfer full) */
char       *via_test_pane_dup_json     (ViaTestPane   *fixture);

G_END_DECLS
