/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "via-form-field.h"
#include "via-form-model.h"

G_BEGIN_DECLS

/* Peers write schemas: fields beyond these stay in the JSON text only. */
#define VIA_FORM_FIELDS_MAX 300
#define VIA_FORM_ITEMS_MAX 200
#define VIA_FORM_CHOICES_MAX 1000
#define VIA_FORM_DEPTH_MAX 5

typedef struct
{
  char *label;
  char *raw; /* JSON */
} ViaFormChoice;

struct _ViaFormField
{
  GObject          parent_instance;

  ViaFormModel    *model;  /* borrowed: it owns the tree */
  ViaFormField    *parent; /* borrowed */
  GPtrArray       *children;

  /* the schema */
  ViaFormKind      kind;
  char            *name;
  char            *description;
  char            *format;
  char            *pattern;
  char            *default_raw;
  char            *example;
  char            *minimum; /* digits, so that they can be said as they were written */
  char            *maximum;
  gboolean         minimum_excluded;
  gboolean         maximum_excluded;
  double           multiple_of; /* 0: any */
  gint64           least;       /* characters or items */
  gint64           most;        /* -1: any */
  gboolean         unique;
  gboolean         required;
  gboolean         nullable;
  gboolean         multiline;
  ViaJsonType      json_type;   /* a JSON field's, or missing */
  ViaJsonValue     item_schema; /* of a list; in the model's schema */
  GPtrArray       *choices;     /* ViaFormChoice */

  /* the value */
  ViaJsonDocument *document; /* keeps @value alive */
  ViaJsonValue     value;
  char            *pending;  /* what was typed into a JSON field and is no JSON */
  char            *message;
  gboolean         touched;
};

/* via-form-schema.c */
ViaFormField *via_form_schema_build       (ViaFormModel    *model,
                                           ViaJsonValue     root_schema);
ViaFormField *via_form_schema_build_item  (ViaFormField    *list);

/* via-form-field.c */
ViaFormField *via_form_field_new          (ViaFormModel    *model,
                                           ViaFormField    *parent,
                                           const char      *name);
/* Takes over @value of @document (which may be missing), and so do all below. */
void          via_form_field_load         (ViaFormField    *self,
                                           ViaJsonDocument *document,
                                           ViaJsonValue     value);
void          via_form_field_prefill      (ViaFormField    *self);
/* (transfer full) @message */
void          via_form_field_take_message (ViaFormField    *self,
                                           char            *message);

/* via-form-check.c: says at each field what is wrong; counts, and finds the first. */
guint         via_form_field_check        (ViaFormField    *self,
                                           gboolean         asked,
                                           ViaFormField   **first);

/* via-form-model.c: what a setter calls. @raw NULL: unset. */
ViaJsonValue  via_form_model_get_schema   (ViaFormModel    *self);
void          via_form_model_edit         (ViaFormModel    *self,
                                           ViaFormField    *field,
                                           const char      *raw);
void          via_form_model_append_item  (ViaFormModel    *self,
                                           ViaFormField    *list,
                                           const char      *raw);
void          via_form_model_remove_item  (ViaFormModel    *self,
                                           ViaFormField    *list,
                                           guint            index);
void          via_form_model_recheck      (ViaFormModel    *self);

/* via-form-text.c: one change in a valid JSON text; all other bytes stay. (transfer full) */
char         *via_form_text_replace       (ViaJsonDocument *document,
                                           ViaJsonValue     old,
                                           const char      *raw);
char         *via_form_text_remove        (ViaJsonDocument *document,
                                           ViaJsonValue     container,
                                           guint            index);
/* @key NULL in arrays. */
char         *via_form_text_insert        (ViaJsonDocument *document,
                                           ViaJsonValue     container,
                                           guint            index,
                                           const char      *key,
                                           const char      *raw);
char         *via_form_text_quote         (const char      *text); /* as a JSON string */

G_END_DECLS
