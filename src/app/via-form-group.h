/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "via-form-field.h"

G_BEGIN_DECLS

/* ViaFormGroup is an object or a list in the form: a row that opens to the rows of its members or items. */
#define VIA_TYPE_FORM_GROUP (via_form_group_get_type ())
G_DECLARE_FINAL_TYPE (ViaFormGroup, via_form_group, VIA, FORM_GROUP, AdwExpanderRow)

GtkWidget    *via_form_group_new       (ViaFormField *field);
ViaFormField *via_form_group_get_field (ViaFormGroup *self); /* (transfer none) */
/* A ViaFormRow or a ViaFormGroup, as @field needs it. */
GtkWidget    *via_form_group_create_row (ViaFormField *field);

G_END_DECLS
