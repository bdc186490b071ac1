/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-app"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "via-form-private.h"

struct _ViaFormModel
{
  GObject          parent_instance;

  ViaJsonDocument *schema;   /* keeps what fields point to; NULL without one */
  ViaFormField    *root;
  char            *text;
  char            *initial;  /* what @text was at the beginning */
  ViaJsonDocument *document; /* the newest valid text */
  char            *error;    /* why @text is not @document */
  guint            error_line;
  guint            error_column;
  guint            n_wrong;
  ViaFormField    *first_wrong; /* borrowed from the tree */
  gboolean         asked;
  guint            busy;     /* edits under way: one "changed" at their end */
};

G_DEFINE_FINAL_TYPE (ViaFormModel, via_form_model, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
via_form_model_finalize (GObject *object)
{
  ViaFormModel *self = VIA_FORM_MODEL (object);

  g_clear_object (&self->root);
  g_clear_pointer (&self->schema, via_json_document_unref);
  g_clear_pointer (&self->document, via_json_document_unref);
  g_free (self->text);
  g_free (self->initial);
  g_free (self->error);

  G_OBJECT_CLASS (via_form_model_parent_class)->finalize (object);
}

static void
via_form_model_class_init (ViaFormModelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = via_form_model_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", VIA_TYPE_FORM_MODEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 0);
}

static void
via_form_model_init (ViaFormModel *self)
{
}

static void
begin (ViaFormModel *self)
{
  self->busy++;
}

static void
end (ViaFormModel *self)
{
  self->busy--;
  if (self->busy > 0)
    return;

  self->first_wrong = NULL;
  self->n_wrong = via_form_field_check (self->root, self->asked, &self->first_wrong);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* @line and @column 0: nothing to mark. */
static void
set_error (ViaFormModel *self,
           const char   *message,
           guint         line,
           guint         column)
{
  self->error_line = line;
  self->error_column = column;
  g_free (self->error);
  self->error = g_strdup (message);
}

static gboolean
is_blank (const char *text)
{
  return text[strspn (text, " \t\r\n")] == '\0';
}

/* Takes over @text: the fields follow if it is valid. */
static void
apply (ViaFormModel *self,
       const char   *text)
{
  g_autoptr(ViaJsonDocument) document = NULL;
  g_autoptr(GError) error = NULL;
  char *old = self->text;

  self->text = g_strdup (text);
  g_free (old);
  /* Nothing typed is nothing sent. */
  document = via_json_document_new_strict (is_blank (text) ? "{}" : text, -1, &error);
  if (document == NULL)
    {
      guint line = 0;
      guint column = 0;

      via_json_error_get_position (error, &line, &column);
      set_error (self, error->message, line, column);
      return;
    }
  if (!via_json_value_is_object (via_json_document_get_root (document)))
    {
      set_error (self, _("line 1, column 1: the arguments must be an object, { … }"), 1, 1);
      return;
    }

  g_clear_pointer (&self->error, g_free);
  g_clear_pointer (&self->document, via_json_document_unref);
  self->document = via_json_document_ref (document);
  via_form_field_load (self->root, document, via_json_document_get_root (document));
}

ViaFormModel *
via_form_model_new (ViaJsonValue schema)
{
  ViaFormModel *self = g_object_new (VIA_TYPE_FORM_MODEL, NULL);

  if (!via_json_value_is_missing (schema))
    self->schema = via_json_value_dup_document (schema);
  self->root = via_form_schema_build (self, via_form_model_get_schema (self));

  begin (self);
  apply (self, "{}");
  via_form_field_prefill (self->root);
  self->initial = g_strdup (self->text);
  end (self);
  return self;
}

ViaJsonValue
via_form_model_get_schema (ViaFormModel *self)
{
  return self->schema != NULL ? via_json_document_get_root (self->schema) : via_json_value_missing ();
}

ViaFormField *
via_form_model_get_root (ViaFormModel *self)
{
  g_return_val_if_fail (VIA_IS_FORM_MODEL (self), NULL);

  return self->root;
}

const char *
via_form_model_get_text (ViaFormModel *self)
{
  g_return_val_if_fail (VIA_IS_FORM_MODEL (self), NULL);

  return self->text;
}

void
via_form_model_set_text (ViaFormModel *self,
                         const char   *text)
{
  g_return_if_fail (VIA_IS_FORM_MODEL (self));
  g_return_if_fail (text != NULL);

  if (strcmp (self->text, text) == 0)
    return;

  begin (self);
  apply (self, text);
  end (self);
}

gboolean
via_form_model_is_pristine (ViaFormModel *self)
{
  g_return_val_if_fail (VIA_IS_FORM_MODEL (self), TRUE);

  return strcmp (self->text, self->initial) == 0;
}

ViaJsonDocument *
via_form_model_get_document (ViaFormModel *self)
{
  g_return_val_if_fail (VIA_IS_FORM_MODEL (self), NULL);

  return self->error == NULL ? self->document : NULL;
}

const char *
via_form_model_get_error (ViaFormModel *self,
                          guint        *line,
                          guint        *column)
{
  g_return_val_if_fail (VIA_IS_FORM_MODEL (self), NULL);

  if (line != NULL)
    *line = self->error != NULL ? self->error_line : 0;
  if (column != NULL)
    *column = self->error != NULL ? self->error_column : 0;

  return self->error;
}

static guint
count_unknown (ViaFormField *field)
{
  guint n_unknown = 0;
  ViaJsonIter iter;
  ViaJsonValue key;

  if (field->kind != VIA_FORM_OBJECT || !via_json_value_is_object (field->value))
    return 0;

  via_json_iter_init (&iter, field->value);
  while (via_json_iter_next (&iter, &key, NULL))
    {
      g_autofree char *name = via_json_value_dup_string (key);
      ViaFormField *child = via_form_field_find (field, name);

      n_unknown += child != NULL ? count_unknown (child) : 1;
    }

  return n_unknown;
}

guint
via_form_model_get_n_unknown (ViaFormModel *self)
{
  g_return_val_if_fail (VIA_IS_FORM_MODEL (self), 0);

  return count_unknown (self->root);
}

void
via_form_model_ask (ViaFormModel *self)
{
  g_return_if_fail (VIA_IS_FORM_MODEL (self));

  self->asked = TRUE;
  via_form_model_recheck (self);
}

guint
via_form_model_get_n_wrong (ViaFormModel *self)
{
  g_return_val_if_fail (VIA_IS_FORM_MODEL (self), 0);

  return self->n_wrong;
}

ViaFormField *
via_form_model_get_first_wrong (ViaFormModel *self)
{
  g_return_val_if_fail (VIA_IS_FORM_MODEL (self), NULL);

  return self->first_wrong;
}

static char *
dup_path (ViaFormField *field)
{
  GString *path = g_string_new (NULL);

  for (; field->parent != NULL; field = field->parent)
    {
      guint index = 0;
      g_autofree char *step = NULL;

      if (via_form_field_is_item (field) && g_ptr_array_find (field->parent->children, field, &index))
        step = g_strdup_printf ("[%u]", index);
      else
        step = g_strdup_printf ("%s%s", field->parent->parent != NULL ? "." : "", field->name);
      g_string_prepend (path, step);
    }

  return g_string_free (path, FALSE);
}

static void
append_messages (GString      *out,
                 ViaFormField *field,
                 guint        *left)
{
  if (field->message != NULL && *left > 0)
    {
      g_autofree char *path = dup_path (field);

      g_string_append_printf (out, "%s%s: %s", out->len > 0 ? "\n" : "", path, field->message);
      (*left)--;
    }
  for (guint i = 0; i < field->children->len && *left > 0; i++)
    append_messages (out, g_ptr_array_index (field->children, i), left);
}

char *
via_form_model_dup_messages (ViaFormModel *self,
                             guint         max)
{
  GString *out = g_string_new (NULL);

  g_return_val_if_fail (VIA_IS_FORM_MODEL (self), NULL);

  append_messages (out, self->root, &max);
  return g_string_free (out, FALSE);
}

void
via_form_model_recheck (ViaFormModel *self)
{
  begin (self);
  end (self);
}

/* Where a new member goes: behind the last one that stands before it in the schema. */
static guint
find_place (ViaFormField *parent,
            ViaFormField *field)
{
  guint mine = 0;
  guint place = 0;
  guint at = 0;
  gboolean known_before = FALSE;
  gboolean known_after = FALSE;
  ViaJsonIter iter;
  ViaJsonValue key;

  g_ptr_array_find (parent->children, field, &mine);
  via_json_iter_init (&iter, parent->value);
  for (; via_json_iter_next (&iter, &key, NULL); at++)
    {
      g_autofree char *name = via_json_value_dup_string (key);
      guint theirs;

      if (!g_ptr_array_find (parent->children, via_form_field_find (parent, name), &theirs))
        continue;
      if (theirs < mine)
        {
          place = at + 1;
          known_before = TRUE;
        }
      else if (!known_before && !known_after)
        {
          place = at;
          known_after = TRUE;
        }
    }

  return known_before || known_after ? place : at;
}

static guint
find_member (ViaFormField *parent,
             const char   *name)
{
  guint at = 0;
  ViaJsonIter iter;
  ViaJsonValue key;

  via_json_iter_init (&iter, parent->value);
  for (; via_json_iter_next (&iter, &key, NULL); at++)
    if (via_json_value_equals_string (key, name))
      break;

  return at;
}

static void edit (ViaFormModel *self,
                  ViaFormField *field,
                  const char   *raw);

static void
unset (ViaFormModel *self,
       ViaFormField *field)
{
  ViaFormField *parent = field->parent;
  g_autofree char *text = NULL;

  /* An optional object goes with its last member. */
  if (via_json_value_get_size (parent->value) == 1 && !parent->required)
    {
      edit (self, parent, NULL);
      return;
    }

  text = via_form_text_remove (self->document, parent->value, find_member (parent, field->name));
  apply (self, text);
}

/* The one way by which a field changes the text. */
static void
edit (ViaFormModel *self,
      ViaFormField *field,
      const char   *raw)
{
  ViaFormField *parent = field->parent;
  g_autofree char *text = NULL;

  if (!via_json_value_is_missing (field->value) && raw == NULL && parent != NULL)
    {
      unset (self, field);
      return;
    }
  if (raw == NULL)
    return;

  if (parent == NULL)
    text = g_strdup (raw);
  else if (!via_json_value_is_missing (field->value))
    text = via_form_text_replace (self->document, field->value, raw);
  else
    {
      if (!via_json_value_is_object (parent->value))
        edit (self, parent, "{}");
      text = via_form_text_insert (self->document, parent->value, find_place (parent, field), field->name, raw);
    }
  apply (self, text);
}

void
via_form_model_edit (ViaFormModel *self,
                     ViaFormField *field,
                     const char   *raw)
{
  /* Not while the JSON is being corrected: nothing may overwrite what stands there. */
  if (self->error != NULL)
    return;

  begin (self);
  edit (self, field, raw);
  end (self);
}

void
via_form_model_append_item (ViaFormModel *self,
                            ViaFormField *list,
                            const char   *raw)
{
  g_autofree char *text = NULL;

  if (self->error != NULL)
    return;

  begin (self);
  if (!via_json_value_is_array (list->value))
    edit (self, list, "[]");
  text = via_form_text_insert (self->document, list->value, G_MAXUINT, NULL, raw);
  apply (self, text);
  end (self);
}

void
via_form_model_remove_item (ViaFormModel *self,
                            ViaFormField *list,
                            guint         index)
{
  g_autofree char *text = NULL;

  if (self->error != NULL)
    return;

  begin (self);
  if (list->children->len == 1 && !list->required)
    edit (self, list, NULL);
  else
    {
      text = via_form_text_remove (self->document, list->value, index);
      apply (self, text);
    }
  end (self);
}
