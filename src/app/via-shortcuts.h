/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/*
 * The one table of keys. It feeds the application's accelerators, the shortcuts window and the test that no key is
 * bound twice.
 */
typedef enum
{
  VIA_SHORTCUT_GENERAL,
  VIA_SHORTCUT_BRIDGES,
  VIA_SHORTCUT_TOOLS,
  VIA_SHORTCUT_N_GROUPS,
} ViaShortcutGroup;

typedef struct
{
  ViaShortcutGroup  group;
  const char       *action; /* detailed name; several rows may share one */
  const char       *accels; /* separated by blanks, as GtkShortcutsShortcut wants them */
  const char       *title;  /* not yet translated */
  const char       *more;   /* (nullable) further accels that nobody needs to read about */
  gboolean          local;  /* bound by the widget itself, where popovers and entries come first */
} ViaShortcut;

const ViaShortcut *via_shortcuts_get_all     (guint          *n_shortcuts);
void               via_shortcuts_install     (GtkApplication *application);
GtkWidget         *via_shortcuts_window_new  (void);

G_END_DECLS
