/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "json/via-json.h"

G_BEGIN_DECLS

typedef enum
{
  VIA_FORM_STRING,
  VIA_FORM_NUMBER,
  VIA_FORM_INTEGER,
  VIA_FORM_BOOLEAN,
  VIA_FORM_CHOICE, /* enum, const, oneOf of constants */
  VIA_FORM_LIST,   /* array whose items are one of the above */
  VIA_FORM_OBJECT,
  VIA_FORM_JSON,   /* everything else: written as JSON */
} ViaFormKind;

/*
 * ViaFormField is one argument as its JSON Schema (draft-07 or 2020-12) describes it, and what is set for it now. Fields
 * form a tree that ViaFormModel owns; a setter changes the model's JSON text and nothing else, and the new value comes
 * back from there. Free of GTK. An unset field is not sent.
 *
 * Signals: "changed" () value, text or message; "children-changed" () a list has other items.
 */
#define VIA_TYPE_FORM_FIELD (via_form_field_get_type ())
G_DECLARE_FINAL_TYPE (ViaFormField, via_form_field, VIA, FORM_FIELD, GObject)

/* What the schema says. */
ViaFormKind    via_form_field_get_kind         (ViaFormField *self);
const char    *via_form_field_get_name         (ViaFormField *self); /* "" for the root and for items */
const char    *via_form_field_get_description  (ViaFormField *self); /* "" when there is none; else the title */
const char    *via_form_field_get_format       (ViaFormField *self); /* "date-time", … (nullable) */
gboolean       via_form_field_is_required      (ViaFormField *self);
gboolean       via_form_field_is_multiline     (ViaFormField *self); /* a string of several lines */
gboolean       via_form_field_is_item          (ViaFormField *self); /* of a list */
char          *via_form_field_dup_placeholder  (ViaFormField *self); /* the default or an example, (nullable) */
gboolean       via_form_field_get_default_boolean (ViaFormField *self);
guint          via_form_field_get_n_choices    (ViaFormField *self);
const char    *via_form_field_get_choice_label (ViaFormField *self,
                                                guint         index);
ViaFormField  *via_form_field_get_parent       (ViaFormField *self); /* (nullable) */
guint          via_form_field_get_n_children   (ViaFormField *self);
ViaFormField  *via_form_field_get_child        (ViaFormField *self,
                                                guint         index); /* (transfer none) */
ViaFormField  *via_form_field_find             (ViaFormField *self,
                                                const char   *name); /* (transfer none) (nullable) */

/* What is set. */
gboolean       via_form_field_is_set           (ViaFormField *self);
gboolean       via_form_field_is_null          (ViaFormField *self); /* set to null, as its schema allows */
char          *via_form_field_dup_text         (ViaFormField *self); /* as typed; "" when unset */
gboolean       via_form_field_get_boolean      (ViaFormField *self); /* the default when unset */
int            via_form_field_get_choice       (ViaFormField *self); /* -1: none of them */
/* What is wrong with it, as far as it is said by now; NULL when nothing is. */
const char    *via_form_field_get_message      (ViaFormField *self);

/* What a person does. Empty text unsets, except of an item. Numbers keep their digits. */
void           via_form_field_set_text         (ViaFormField *self,
                                                const char   *text);
void           via_form_field_set_boolean      (ViaFormField *self,
                                                gboolean      truth);
void           via_form_field_set_choice       (ViaFormField *self,
                                                int           index); /* -1 unsets */
void           via_form_field_unset            (ViaFormField *self);
void           via_form_field_append_item      (ViaFormField *self);
void           via_form_field_remove_item      (ViaFormField *self,
                                                guint         index);

G_END_DECLS
