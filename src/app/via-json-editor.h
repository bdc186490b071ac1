/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "via-form-model.h"

G_BEGIN_DECLS

/* ViaJsonEditor edits a ViaFormModel's JSON text, marks where it is wrong and says which arguments are. */
#define VIA_TYPE_JSON_EDITOR (via_json_editor_get_type ())
G_DECLARE_FINAL_TYPE (ViaJsonEditor, via_json_editor, VIA, JSON_EDITOR, AdwBin)

GtkWidget *via_json_editor_new         (void);
/* @model may be NULL. */
void       via_json_editor_set_model   (ViaJsonEditor *self,
                                        ViaFormModel  *model);
/* Takes the focus, at the error if there is one. */
void       via_json_editor_focus       (ViaJsonEditor *self);

G_END_DECLS
