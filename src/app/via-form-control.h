/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "via-form-field.h"

G_BEGIN_DECLS

/*
 * ViaFormControl is what a person types into or presses for one field that has no children: an entry, a text area, a
 * switch, a drop-down or a small JSON editor, kept in step with the field.
 */
#define VIA_TYPE_FORM_CONTROL (via_form_control_get_type ())
G_DECLARE_FINAL_TYPE (ViaFormControl, via_form_control, VIA, FORM_CONTROL, AdwBin)

GtkWidget *via_form_control_new       (ViaFormField   *field);
/* The widget that takes the focus and carries the accessible name. */
GtkWidget *via_form_control_get_input (ViaFormControl *self);
/* Needs a line of its own, whatever the width. */
gboolean   via_form_control_is_tall   (ViaFormControl *self);

G_END_DECLS
