/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "via-form-field.h"

G_BEGIN_DECLS

/*
 * ViaFormRow is one argument in the form: its name and description, its control beside or below them, and in place of
 * the description what is wrong with it. As an item of a list it has a number and a button that removes it.
 */
#define VIA_TYPE_FORM_ROW (via_form_row_get_type ())
G_DECLARE_FINAL_TYPE (ViaFormRow, via_form_row, VIA, FORM_ROW, AdwPreferencesRow)

GtkWidget    *via_form_row_new       (ViaFormField *field);
ViaFormField *via_form_row_get_field (ViaFormRow   *self); /* (transfer none) */

G_END_DECLS
