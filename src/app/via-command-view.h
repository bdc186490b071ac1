/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "via-form-model.h"

G_BEGIN_DECLS

/* ViaCommandView shows the command line that does the same as Execute, quoted for a POSIX shell, and copies it. */
#define VIA_TYPE_COMMAND_VIEW (via_command_view_get_type ())
G_DECLARE_FINAL_TYPE (ViaCommandView, via_command_view, VIA, COMMAND_VIEW, AdwBin)

GtkWidget *via_command_view_new         (void);
/* @model may be NULL. @bridge, @tool: names. */
void       via_command_view_set_model   (ViaCommandView *self,
                                         ViaFormModel   *model,
                                         const char     *bridge,
                                         const char     *tool);
/* @timeout_s 0: the bridge's own. */
void       via_command_view_set_options (ViaCommandView *self,
                                         guint           timeout_s,
                                         gboolean        background);
/* (transfer full); NULL while the arguments are not valid. */
char      *via_command_view_dup_command (ViaCommandView *self);

G_END_DECLS
