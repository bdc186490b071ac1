/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "via-form-model.h"

G_BEGIN_DECLS

/*
 * ViaFormView shows a ViaFormModel as rows. While the model's JSON is not valid it says so and cannot be edited.
 * It activates "tool.view" with "json" where only the JSON helps.
 */
#define VIA_TYPE_FORM_VIEW (via_form_view_get_type ())
G_DECLARE_FINAL_TYPE (ViaFormView, via_form_view, VIA, FORM_VIEW, AdwBin)

GtkWidget *via_form_view_new         (void);
/* @model may be NULL. */
void       via_form_view_set_model   (ViaFormView  *self,
                                      ViaFormModel *model);
/* Opens what contains @field and gives its control the focus. */
void       via_form_view_focus_field (ViaFormView  *self,
                                      ViaFormField *field);
/* The first control; FALSE when there is none. */
gboolean   via_form_view_focus_first (ViaFormView  *self);

G_END_DECLS
