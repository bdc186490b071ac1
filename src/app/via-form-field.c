/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-app"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "via-form-private.h"

G_DEFINE_FINAL_TYPE (ViaFormField, via_form_field, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  SIGNAL_CHILDREN_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
via_form_field_finalize (GObject *object)
{
  ViaFormField *self = VIA_FORM_FIELD (object);

  g_clear_pointer (&self->children, g_ptr_array_unref);
  g_clear_pointer (&self->choices, g_ptr_array_unref);
  g_clear_pointer (&self->document, via_json_document_unref);
  g_free (self->name);
  g_free (self->description);
  g_free (self->format);
  g_free (self->pattern);
  g_free (self->default_raw);
  g_free (self->example);
  g_free (self->minimum);
  g_free (self->maximum);
  g_free (self->pending);
  g_free (self->message);

  G_OBJECT_CLASS (via_form_field_parent_class)->finalize (object);
}

static void
via_form_field_class_init (ViaFormFieldClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = via_form_field_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", VIA_TYPE_FORM_FIELD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 0);
  signals[SIGNAL_CHILDREN_CHANGED] = g_signal_new ("children-changed", VIA_TYPE_FORM_FIELD, G_SIGNAL_RUN_LAST, 0,
                                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
via_form_field_init (ViaFormField *self)
{
  self->children = g_ptr_array_new_with_free_func (g_object_unref);
  self->least = -1;
  self->most = -1;
}

ViaFormField *
via_form_field_new (ViaFormModel *model,
                    ViaFormField *parent,
                    const char   *name)
{
  ViaFormField *self = g_object_new (VIA_TYPE_FORM_FIELD, NULL);

  self->model = model;
  self->parent = parent;
  self->name = g_strdup (name);
  return self;
}

/* Both are the same bytes, or neither is there. */
static gboolean
same_bytes (ViaJsonValue a,
            ViaJsonValue b)
{
  gsize a_length = 0;
  gsize b_length = 0;
  const char *a_raw = via_json_value_get_raw (a, &a_length);
  const char *b_raw = via_json_value_get_raw (b, &b_length);

  if (a_raw == NULL || b_raw == NULL)
    return a_raw == b_raw;

  return a_length == b_length && memcmp (a_raw, b_raw, a_length) == 0;
}

static void
load_object (ViaFormField    *self,
             ViaJsonDocument *document)
{
  for (guint i = 0; i < self->children->len; i++)
    {
      ViaFormField *child = g_ptr_array_index (self->children, i);

      via_form_field_load (child, document, via_json_value_get_member (self->value, child->name));
    }
}

static void
load_list (ViaFormField    *self,
           ViaJsonDocument *document)
{
  guint n_items = via_json_value_is_array (self->value) ? via_json_value_get_size (self->value) : 0;
  gboolean changed;
  ViaJsonValue value;
  ViaJsonIter iter;

  n_items = MIN (n_items, VIA_FORM_ITEMS_MAX);
  changed = n_items != self->children->len;
  if (n_items < self->children->len)
    g_ptr_array_set_size (self->children, (int) n_items);
  while (self->children->len < n_items)
    g_ptr_array_add (self->children, via_form_schema_build_item (self));

  via_json_iter_init (&iter, self->value);
  for (guint i = 0; i < n_items && via_json_iter_next (&iter, NULL, &value); i++)
    via_form_field_load (g_ptr_array_index (self->children, i), document, value);
  if (changed)
    g_signal_emit (self, signals[SIGNAL_CHILDREN_CHANGED], 0);
}

void
via_form_field_load (ViaFormField    *self,
                     ViaJsonDocument *document,
                     ViaJsonValue     value)
{
  g_autoptr(ViaJsonDocument) old = g_steal_pointer (&self->document);
  gboolean same = same_bytes (self->value, value);

  self->document = document != NULL ? via_json_document_ref (document) : NULL;
  self->value = value;
  if (!same)
    g_clear_pointer (&self->pending, g_free);

  if (self->kind == VIA_FORM_OBJECT)
    load_object (self, document);
  else if (self->kind == VIA_FORM_LIST)
    load_list (self, document);
  if (!same)
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

void
via_form_field_take_message (ViaFormField *self,
                             char         *message)
{
  gboolean same = g_strcmp0 (self->message, message) == 0;

  g_free (self->message);
  self->message = message;
  if (!same)
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* What a required field is sent with when nobody touches it. */
void
via_form_field_prefill (ViaFormField *self)
{
  const char *raw = self->default_raw;

  if (!self->required || self->parent == NULL)
    raw = NULL;
  else if (raw == NULL && self->kind == VIA_FORM_CHOICE && self->choices->len == 1)
    raw = ((ViaFormChoice *) g_ptr_array_index (self->choices, 0))->raw;
  else if (raw == NULL && self->nullable)
    raw = "null";
  else if (raw == NULL && self->kind == VIA_FORM_BOOLEAN)
    raw = "false";
  else if (raw == NULL && self->kind == VIA_FORM_OBJECT)
    raw = "{}";

  if (raw != NULL)
    via_form_model_edit (self->model, self, raw);
  /* The children of an optional object are required only once it is there. */
  for (guint i = 0; self->kind == VIA_FORM_OBJECT && self->required && i < self->children->len; i++)
    via_form_field_prefill (g_ptr_array_index (self->children, i));
}

ViaFormKind
via_form_field_get_kind (ViaFormField *self)
{
  g_return_val_if_fail (VIA_IS_FORM_FIELD (self), VIA_FORM_JSON);

  return self->kind;
}

const char *
via_form_field_get_name (ViaFormField *self)
{
  g_return_val_if_fail (VIA_IS_FORM_FIELD (self), NULL);

  return self->name;
}

const char *
via_form_field_get_description (ViaFormField *self)
{
  g_return_val_if_fail (VIA_IS_FORM_FIELD (self), NULL);

  return self->description != NULL ? self->description : "";
}

const char *
via_form_field_get_format (ViaFormField *self)
{
  g_return_val_if_fail (VIA_IS_FORM_FIELD (self), NULL);

  return self->format;
}

gboolean
via_form_field_is_required (ViaFormField *self)
{
  g_return_val_if_fail (VIA_IS_FORM_FIELD (self), FALSE);

  return self->required;
}

gboolean
via_form_field_is_multiline (ViaFormField *self)
{
  g_return_val_if_fail (VIA_IS_FORM_FIELD (self), FALSE);

  return self->multiline;
}

gboolean
via_form_field_is_item (ViaFormField *self)
{
  g_return_val_if_fail (VIA_IS_FORM_FIELD (self), FALSE);

  return self->parent != NULL && !via_json_value_is_missing (self->parent->item_schema);
}

char *
via_form_field_dup_placeholder (ViaFormField *self)
{
  g_autoptr(ViaJsonDocument) document = NULL;
  char *text;

  g_return_val_if_fail (VIA_IS_FORM_FIELD (self), NULL);

  if (self->default_raw != NULL && strcmp (self->default_raw, "null") != 0)
    {
      document = via_json_document_new_strict (self->default_raw, -1, NULL);
      text = document != NULL ? via_json_value_dup_string (via_json_document_get_root (document)) : NULL;
      return text != NULL ? text : g_strdup (self->default_raw);
    }
  if (self->example != NULL && g_utf8_strlen (self->example, -1) <= 40)
    /* translators: %s is an example of what could be typed, as its server gives it */
    return g_strdup_printf (_("For example %s"), self->example);

  return NULL;
}

gboolean
via_form_field_get_default_boolean (ViaFormField *self)
{
  g_return_val_if_fail (VIA_IS_FORM_FIELD (self), FALSE);

  return g_strcmp0 (self->default_raw, "true") == 0;
}

guint
via_form_field_get_n_choices (ViaFormField *self)
{
  g_return_val_if_fail (VIA_IS_FORM_FIELD (self), 0);

  return self->choices != NULL ? self->choices->len : 0;
}

const char *
via_form_field_get_choice_label (ViaFormField *self,
                                 guint         index)
{
  g_return_val_if_fail (index < via_form_field_get_n_choices (self), NULL);

  return ((ViaFormChoice *) g_ptr_array_index (self->choices, index))->label;
}

ViaFormField *
via_form_field_get_parent (ViaFormField *self)
{
  g_return_val_if_fail (VIA_IS_FORM_FIELD (self), NULL);

  return self->parent;
}

guint
via_form_field_get_n_children (ViaFormField *self)
{
  g_return_val_if_fail (VIA_IS_FORM_FIELD (self), 0);

  return self->children->len;
}

ViaFormField *
via_form_field_get_child (ViaFormField *self,
                          guint         index)
{
  g_return_val_if_fail (VIA_IS_FORM_FIELD (self), NULL);
  g_return_val_if_fail (index < self->children->len, NULL);

  return g_ptr_array_index (self->children, index);
}

ViaFormField *
via_form_field_find (ViaFormField *self,
                     const char   *name)
{
  g_return_val_if_fail (VIA_IS_FORM_FIELD (self), NULL);

  for (guint i = 0; i < self->children->len; i++)
    {
      ViaFormField *child = g_ptr_array_index (self->children, i);

      if (strcmp (child->name, name) == 0)
        return child;
    }

  return NULL;
}

gboolean
via_form_field_is_set (ViaFormField *self)
{
  g_return_val_if_fail (VIA_IS_FORM_FIELD (self), FALSE);

  return !via_json_value_is_missing (self->value);
}

gboolean
via_form_field_is_null (ViaFormField *self)
{
  g_return_val_if_fail (VIA_IS_FORM_FIELD (self), FALSE);

  return self->nullable && via_json_value_get_json_type (self->value) == VIA_JSON_NULL;
}

char *
via_form_field_dup_text (ViaFormField *self)
{
  char *text;

  g_return_val_if_fail (VIA_IS_FORM_FIELD (self), NULL);

  if (self->pending != NULL)
    return g_strdup (self->pending);
  if (via_json_value_is_missing (self->value))
    return g_strdup ("");
  if (self->kind == VIA_FORM_JSON)
    return via_json_value_dup_raw (self->value);
  if (via_form_field_is_null (self))
    return g_strdup ("");

  text = via_json_value_dup_string (self->value);
  return text != NULL ? text : via_json_value_dup_raw (self->value);
}

gboolean
via_form_field_get_boolean (ViaFormField *self)
{
  g_return_val_if_fail (VIA_IS_FORM_FIELD (self), FALSE);

  return via_json_value_get_boolean (self->value, via_form_field_get_default_boolean (self));
}

int
via_form_field_get_choice (ViaFormField *self)
{
  g_return_val_if_fail (VIA_IS_FORM_FIELD (self), -1);

  if (via_json_value_is_missing (self->value))
    return -1;
  for (guint i = 0; i < via_form_field_get_n_choices (self); i++)
    {
      const ViaFormChoice *choice = g_ptr_array_index (self->choices, i);
      g_autoptr(ViaJsonDocument) document = via_json_document_new_strict (choice->raw, -1, NULL);

      if (document != NULL && via_json_value_equal (via_json_document_get_root (document), self->value))
        return (int) i;
    }

  return -1;
}

const char *
via_form_field_get_message (ViaFormField *self)
{
  g_return_val_if_fail (VIA_IS_FORM_FIELD (self), NULL);

  return self->message;
}

/* An emptied field: a place in a list stays, a value that may be null is null, anything else is no longer sent. */
static const char *
get_empty_raw (ViaFormField *self)
{
  if (via_form_field_is_item (self))
    return "\"\"";

  return self->required && self->nullable ? "null" : NULL;
}

static gboolean
is_number (const char *text)
{
  g_autoptr(ViaJsonDocument) document = via_json_document_new_strict (text, -1, NULL);

  return document != NULL && via_json_value_get_json_type (via_json_document_get_root (document)) == VIA_JSON_NUMBER;
}

/* What is no number travels as a string until it is corrected: the text is never lost, and the check says so. */
static char *
number_to_raw (const char *text)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (text));

  return is_number (trimmed) ? g_steal_pointer (&trimmed) : via_form_text_quote (text);
}

static void
set_json (ViaFormField *self,
          const char   *text)
{
  g_autoptr(ViaJsonDocument) document = via_json_document_new_strict (text, -1, NULL);

  g_clear_pointer (&self->pending, g_free);
  if (document == NULL)
    {
      self->pending = g_strdup (text);
      via_form_model_recheck (self->model);
      g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
      return;
    }

  via_form_model_edit (self->model, self, text);
}

static gboolean
is_blank (const char *text)
{
  return text[strspn (text, " \t\r\n")] == '\0';
}

void
via_form_field_set_text (ViaFormField *self,
                         const char   *text)
{
  g_autofree char *raw = NULL;

  g_return_if_fail (VIA_IS_FORM_FIELD (self));
  g_return_if_fail (text != NULL);

  self->touched = TRUE;
  if (*text == '\0' || (self->kind == VIA_FORM_JSON && is_blank (text)))
    {
      g_clear_pointer (&self->pending, g_free);
      via_form_model_edit (self->model, self, get_empty_raw (self));
      return;
    }
  if (self->kind == VIA_FORM_JSON)
    {
      set_json (self, text);
      return;
    }

  if (self->kind == VIA_FORM_NUMBER || self->kind == VIA_FORM_INTEGER)
    raw = number_to_raw (text);
  else
    raw = via_form_text_quote (text);
  via_form_model_edit (self->model, self, raw);
}

void
via_form_field_set_boolean (ViaFormField *self,
                            gboolean      truth)
{
  g_return_if_fail (VIA_IS_FORM_FIELD (self));

  self->touched = TRUE;
  via_form_model_edit (self->model, self, truth ? "true" : "false");
}

void
via_form_field_set_choice (ViaFormField *self,
                           int           index)
{
  const char *raw = NULL;

  g_return_if_fail (VIA_IS_FORM_FIELD (self));
  g_return_if_fail (index < (int) via_form_field_get_n_choices (self));

  self->touched = TRUE;
  if (index >= 0)
    raw = ((ViaFormChoice *) g_ptr_array_index (self->choices, (guint) index))->raw;
  else
    raw = get_empty_raw (self);
  via_form_model_edit (self->model, self, raw);
}

void
via_form_field_unset (ViaFormField *self)
{
  g_return_if_fail (VIA_IS_FORM_FIELD (self));

  g_clear_pointer (&self->pending, g_free);
  via_form_model_edit (self->model, self, NULL);
}

void
via_form_field_append_item (ViaFormField *self)
{
  g_autoptr(ViaFormField) item = NULL;
  const char *raw = "\"\"";

  g_return_if_fail (VIA_IS_FORM_FIELD (self));
  g_return_if_fail (self->kind == VIA_FORM_LIST);

  item = via_form_schema_build_item (self);
  if (item->choices != NULL && item->choices->len > 0)
    raw = ((ViaFormChoice *) g_ptr_array_index (item->choices, 0))->raw;
  self->touched = TRUE;
  via_form_model_append_item (self->model, self, raw);
}

void
via_form_field_remove_item (ViaFormField *self,
                            guint         index)
{
  g_return_if_fail (VIA_IS_FORM_FIELD (self));
  g_return_if_fail (index < self->children->len);

  self->touched = TRUE;
  via_form_model_remove_item (self->model, self, index);
}
