/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "via-form-field.h"

G_BEGIN_DECLS

/*
 * ViaFormModel is the arguments of one tool while they are written. Its JSON text is the one truth: the fields are read
 * from it, and a field that is changed replaces only its own bytes in it, so that layout, order, digits and members
 * without a field stay as they were typed. While the text is not valid the fields stay as they were last.
 *
 * Signals: "changed" () text, validity or a message.
 */
#define VIA_TYPE_FORM_MODEL (via_form_model_get_type ())
G_DECLARE_FINAL_TYPE (ViaFormModel, via_form_model, VIA, FORM_MODEL, GObject)

/* @schema: a tool's input schema; may be missing. Required fields with a default start with it. */
ViaFormModel    *via_form_model_new             (ViaJsonValue   schema);
ViaFormField    *via_form_model_get_root        (ViaFormModel  *self); /* (transfer none) OBJECT or, without any form, JSON */
const char      *via_form_model_get_text        (ViaFormModel  *self);
/* As typed into a JSON editor; may be wrong. */
void             via_form_model_set_text        (ViaFormModel  *self,
                                                 const char    *text);
/* TRUE when nothing was changed since the beginning. */
gboolean         via_form_model_is_pristine     (ViaFormModel  *self);
/* The text as a document, (transfer none); NULL while it is not valid. */
ViaJsonDocument *via_form_model_get_document    (ViaFormModel  *self);
/* What is wrong with the text: a sentence, and where (from 1; 0 when it is nowhere). NULL while it is valid. */
const char      *via_form_model_get_error       (ViaFormModel  *self,
                                                 guint         *line,
                                                 guint         *column);
/* Members that are set in the text and have no field. */
guint            via_form_model_get_n_unknown   (ViaFormModel  *self);
/* From now on missing required fields are said, too: Execute was pressed. */
void             via_form_model_ask             (ViaFormModel  *self);
/* Fields whose message is not NULL, and the first of them. */
guint            via_form_model_get_n_wrong     (ViaFormModel  *self);
ViaFormField    *via_form_model_get_first_wrong (ViaFormModel  *self); /* (transfer none) (nullable) */
/* "b: Required", one line a wrong field, at most @max of them. (transfer full) */
char            *via_form_model_dup_messages    (ViaFormModel  *self,
                                                 guint          max);

G_END_DECLS
