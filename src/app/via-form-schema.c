/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-app"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "json/via-json-pointer.h"

#include "via-form-private.h"

#define LAYERS_MAX 12

/*
 * A schema as a form sees it: layers of keywords that all hold for one value, the nearest first. A $ref, a lone allOf
 * and "this or null" add layers instead of copying schemas together.
 */
typedef struct
{
  ViaJsonValue root;
  ViaJsonValue layers[LAYERS_MAX];
  guint        n_layers;
  ViaJsonValue branches; /* anyOf/oneOf of constants, or missing */
  gboolean     nullable;
  gboolean     opaque;   /* says more than a form can show */
} Schema;

static void schema_add (Schema       *self,
                        ViaJsonValue  layer);

static ViaJsonValue
schema_get (const Schema *self,
            const char   *keyword)
{
  for (guint i = 0; i < self->n_layers; i++)
    {
      ViaJsonValue value = via_json_value_get_member (self->layers[i], keyword);

      if (!via_json_value_is_missing (value))
        return value;
    }

  return via_json_value_missing ();
}

static char *
schema_dup_string (const Schema *self,
                   const char   *keyword)
{
  return via_json_value_dup_string (schema_get (self, keyword));
}

static gint64
schema_get_count (const Schema *self,
                  const char   *keyword)
{
  gint64 count;

  return via_json_value_get_int64 (schema_get (self, keyword), &count) && count >= 0 ? count : -1;
}

static gboolean
is_null_schema (ViaJsonValue schema)
{
  ViaJsonValue constant = via_json_value_get_member (schema, "const");

  return via_json_value_equals_string (via_json_value_get_member (schema, "type"), "null")
         || via_json_value_get_json_type (constant) == VIA_JSON_NULL;
}

static ViaJsonValue
get_constant (ViaJsonValue schema)
{
  ViaJsonValue constant = via_json_value_get_member (schema, "const");
  ViaJsonValue names = via_json_value_get_member (schema, "enum");

  if (via_json_value_is_missing (constant) && via_json_value_get_size (names) == 1)
    return via_json_value_get_element (names, 0);

  return constant;
}

/* "This or null" becomes this, nullable; constants become choices; anything else is beyond a form. */
static void
schema_add_branches (Schema       *self,
                     ViaJsonValue  branches)
{
  ViaJsonValue only = via_json_value_missing ();
  ViaJsonValue branch;
  ViaJsonIter iter;
  guint n_others = 0;
  gboolean constants = TRUE;
  gboolean nullable = FALSE;

  via_json_iter_init (&iter, branches);
  while (via_json_iter_next (&iter, NULL, &branch))
    {
      if (is_null_schema (branch))
        {
          nullable = TRUE;
          continue;
        }
      constants = constants && !via_json_value_is_missing (get_constant (branch));
      only = branch;
      n_others++;
    }

  if (n_others == 1)
    schema_add (self, only);
  else if (n_others > 1 && constants)
    self->branches = branches;
  else
    self->opaque = TRUE;
  if (n_others > 0)
    self->nullable = self->nullable || nullable;
}

/* One step, so that what stands beside a reference on the way counts, too. Nothing outside of the document. */
static ViaJsonValue
follow (const Schema *self,
        const char   *ref)
{
  g_autofree char *pointer = *ref == '#' ? g_uri_unescape_string (ref + 1, NULL) : NULL;

  return pointer != NULL ? via_json_pointer_get (self->root, pointer) : via_json_value_missing ();
}

static void
schema_add (Schema       *self,
            ViaJsonValue  layer)
{
  ViaJsonValue all = via_json_value_get_member (layer, "allOf");
  g_autofree char *ref = via_json_value_dup_member_string (layer, "$ref");

  if (!via_json_value_is_object (layer) || self->n_layers == LAYERS_MAX)
    {
      self->opaque = TRUE;
      return;
    }

  self->layers[self->n_layers++] = layer;
  if (ref != NULL)
    schema_add (self, follow (self, ref));
  if (via_json_value_get_size (all) == 1)
    schema_add (self, via_json_value_get_element (all, 0));
  else if (via_json_value_is_array (all))
    self->opaque = TRUE;
  if (via_json_value_is_array (via_json_value_get_member (layer, "anyOf")))
    schema_add_branches (self, via_json_value_get_member (layer, "anyOf"));
  if (via_json_value_is_array (via_json_value_get_member (layer, "oneOf")))
    schema_add_branches (self, via_json_value_get_member (layer, "oneOf"));
}

static void
schema_init (Schema       *self,
             ViaJsonValue  root,
             ViaJsonValue  schema)
{
  *self = (Schema) { .root = root, .branches = via_json_value_missing () };
  schema_add (self, schema);
}

/* The one type beside null, or NULL. (transfer full) */
static char *
schema_dup_type (Schema *self)
{
  ViaJsonValue type = schema_get (self, "type");
  g_autofree char *found = NULL;
  ViaJsonValue value;
  ViaJsonIter iter;

  if (via_json_value_is_string (type))
    return via_json_value_dup_string (type);
  if (via_json_value_is_missing (type) && via_json_value_is_object (schema_get (self, "properties")))
    return g_strdup ("object");

  via_json_iter_init (&iter, type);
  while (via_json_iter_next (&iter, NULL, &value))
    {
      if (via_json_value_equals_string (value, "null"))
        self->nullable = TRUE;
      else if (found != NULL)
        return NULL;
      else
        found = via_json_value_dup_string (value);
    }

  return g_steal_pointer (&found);
}

static void
choice_free (gpointer data)
{
  ViaFormChoice *choice = data;

  g_free (choice->label);
  g_free (choice->raw);
  g_free (choice);
}

static void
add_choice (ViaFormField *field,
            ViaJsonValue  value,
            char         *title)
{
  ViaFormChoice *choice = g_new0 (ViaFormChoice, 1);

  choice->raw = via_json_value_dup_raw (value);
  choice->label = title != NULL ? title : via_json_value_dup_string (value);
  if (choice->label == NULL)
    choice->label = g_strdup (choice->raw);
  g_ptr_array_add (field->choices, choice);
}

/* enumNames stands beside enum in older servers' elicitation schemas and in many hand-written ones. */
static void
add_enum (ViaFormField *field,
          const Schema *schema)
{
  ViaJsonValue titles = schema_get (schema, "enumNames");
  ViaJsonValue value;
  ViaJsonIter iter;
  ViaJsonIter title_iter;

  via_json_iter_init (&iter, schema_get (schema, "enum"));
  via_json_iter_init (&title_iter, titles);
  while (field->choices->len < VIA_FORM_CHOICES_MAX && via_json_iter_next (&iter, NULL, &value))
    {
      ViaJsonValue title = via_json_value_missing ();

      via_json_iter_next (&title_iter, NULL, &title);
      if (via_json_value_get_json_type (value) == VIA_JSON_NULL)
        field->nullable = TRUE;
      else
        add_choice (field, value, via_json_value_dup_string (title));
    }
}

static gboolean
add_choices (ViaFormField *field,
             const Schema *schema)
{
  ViaJsonValue constant = schema_get (schema, "const");
  ViaJsonValue branch;
  ViaJsonIter iter;

  field->choices = g_ptr_array_new_with_free_func (choice_free);
  if (!via_json_value_is_missing (constant))
    add_choice (field, constant, NULL);
  else if (via_json_value_get_size (schema_get (schema, "enum")) > 0)
    add_enum (field, schema);
  else
    {
      via_json_iter_init (&iter, schema->branches);
      while (field->choices->len < VIA_FORM_CHOICES_MAX && via_json_iter_next (&iter, NULL, &branch))
        if (!is_null_schema (branch))
          add_choice (field, get_constant (branch), via_json_value_dup_member_string (branch, "title"));
    }

  return field->choices->len > 0;
}

/* draft-04 wrote the exclusive bounds as booleans beside the bounds; drafts since 06 as bounds of their own. */
static void
read_bound (const Schema *schema,
            const char   *keyword,
            const char   *exclusive,
            char        **bound,
            gboolean     *excluded)
{
  ViaJsonValue value = schema_get (schema, exclusive);

  *excluded = via_json_value_get_boolean (value, FALSE);
  if (via_json_value_get_json_type (value) == VIA_JSON_NUMBER)
    *excluded = TRUE;
  else
    value = schema_get (schema, keyword);
  if (via_json_value_get_json_type (value) == VIA_JSON_NUMBER)
    *bound = via_json_value_dup_raw (value);
}

static void
read_keywords (ViaFormField *field,
               const Schema *schema)
{
  ViaJsonValue fallback = schema_get (schema, "default");
  ViaJsonValue example = via_json_value_get_element (schema_get (schema, "examples"), 0);
  gboolean list = field->kind == VIA_FORM_LIST;

  field->nullable = field->nullable || schema->nullable;
  field->description = schema_dup_string (schema, "description");
  if (field->description == NULL || *field->description == '\0')
    {
      g_free (field->description);
      field->description = schema_dup_string (schema, "title");
      if (field->description != NULL && g_ascii_strcasecmp (field->description, field->name) == 0)
        g_clear_pointer (&field->description, g_free);
    }
  field->format = schema_dup_string (schema, "format");
  field->pattern = schema_dup_string (schema, "pattern");
  if (!via_json_value_is_missing (fallback))
    field->default_raw = via_json_value_dup_raw (fallback);
  if (!via_json_value_is_missing (example))
    field->example = via_json_value_is_string (example) ? via_json_value_dup_string (example)
                                                        : via_json_value_dup_raw (example);
  read_bound (schema, "minimum", "exclusiveMinimum", &field->minimum, &field->minimum_excluded);
  read_bound (schema, "maximum", "exclusiveMaximum", &field->maximum, &field->maximum_excluded);
  via_json_value_get_double (schema_get (schema, "multipleOf"), &field->multiple_of);
  field->least = schema_get_count (schema, list ? "minItems" : "minLength");
  field->most = schema_get_count (schema, list ? "maxItems" : "maxLength");
  field->unique = via_json_value_get_boolean (schema_get (schema, "uniqueItems"), FALSE);
}

static gboolean
is_long_text (const ViaFormField *field,
              const Schema       *schema)
{
  static const char *formats[] = { "textarea", "multiline", "multi-line", "text", "markdown", "html", NULL };
  g_autofree char *media = schema_dup_string (schema, "contentMediaType");

  if (field->format != NULL && g_strv_contains (formats, field->format))
    return TRUE;

  return field->most > 200 || (media != NULL && g_str_has_prefix (media, "text/"));
}

static gboolean
is_leaf (ViaFormKind kind)
{
  return kind == VIA_FORM_STRING || kind == VIA_FORM_NUMBER || kind == VIA_FORM_INTEGER || kind == VIA_FORM_CHOICE;
}

static ViaFormKind
judge_list (ViaFormField *field,
            const Schema *schema)
{
  ViaJsonValue items = schema_get (schema, "items");
  g_autoptr(ViaFormField) item = NULL;

  /* Lists of lists are JSON; that also ends schemas that contain themselves. */
  if (via_form_field_is_item (field))
    return VIA_FORM_JSON;
  if (!via_json_value_is_object (items) || !via_json_value_is_missing (schema_get (schema, "prefixItems")))
    return VIA_FORM_JSON;

  field->item_schema = items;
  item = via_form_schema_build_item (field);
  return is_leaf (item->kind) ? VIA_FORM_LIST : VIA_FORM_JSON;
}

static guint
get_depth (ViaFormField *field)
{
  guint depth = 0;

  for (; field->parent != NULL; field = field->parent)
    depth++;

  return depth;
}

static ViaFormKind
judge_kind (ViaFormField *field,
            Schema       *schema)
{
  g_autofree char *type = schema_dup_type (schema);

  if (add_choices (field, schema))
    return VIA_FORM_CHOICE;
  if (schema->opaque && type == NULL)
    return VIA_FORM_JSON;
  if (g_strcmp0 (type, "string") == 0)
    return VIA_FORM_STRING;
  if (g_strcmp0 (type, "number") == 0)
    return VIA_FORM_NUMBER;
  if (g_strcmp0 (type, "integer") == 0)
    return VIA_FORM_INTEGER;
  if (g_strcmp0 (type, "boolean") == 0)
    return VIA_FORM_BOOLEAN;
  if (g_strcmp0 (type, "array") == 0)
    {
      field->json_type = VIA_JSON_ARRAY;
      return judge_list (field, schema);
    }
  if (g_strcmp0 (type, "object") == 0)
    {
      field->json_type = VIA_JSON_OBJECT;
      if (via_json_value_get_size (schema_get (schema, "properties")) > 0 && get_depth (field) < VIA_FORM_DEPTH_MAX)
        return VIA_FORM_OBJECT;
    }

  return VIA_FORM_JSON;
}

static void build_children (ViaFormField *field,
                            const Schema *schema,
                            guint        *budget);

static void
build (ViaFormField *field,
       Schema       *schema,
       guint        *budget)
{
  field->kind = judge_kind (field, schema);
  read_keywords (field, schema);
  if (field->kind == VIA_FORM_STRING)
    field->multiline = is_long_text (field, schema);
  if (field->kind == VIA_FORM_OBJECT)
    build_children (field, schema, budget);
}

static gboolean
is_required (ViaJsonValue  required,
             ViaJsonValue  name)
{
  ViaJsonValue value;
  ViaJsonIter iter;

  via_json_iter_init (&iter, required);
  while (via_json_iter_next (&iter, NULL, &value))
    if (via_json_value_is_string (value) && via_json_value_equal (value, name))
      return TRUE;

  return FALSE;
}

static void
build_children (ViaFormField *field,
                const Schema *schema,
                guint        *budget)
{
  ViaJsonValue required = schema_get (schema, "required");
  ViaJsonIter iter;
  ViaJsonValue key;
  ViaJsonValue value;

  via_json_iter_init (&iter, schema_get (schema, "properties"));
  while (*budget > 0 && via_json_iter_next (&iter, &key, &value))
    {
      g_autofree char *name = via_json_value_dup_string (key);
      ViaFormField *child = via_form_field_new (field->model, field, name);
      Schema child_schema;

      (*budget)--;
      child->required = is_required (required, key);
      schema_init (&child_schema, schema->root, value);
      build (child, &child_schema, budget);
      g_ptr_array_add (field->children, child);
    }
}

/* (transfer full) */
ViaFormField *
via_form_schema_build_item (ViaFormField *list)
{
  ViaFormField *item = via_form_field_new (list->model, list, "");
  Schema schema;
  guint budget = 0;

  schema_init (&schema, via_form_model_get_schema (list->model), list->item_schema);
  item->required = TRUE;
  build (item, &schema, &budget);
  return item;
}

/* No properties and nothing else that would give an argument a place. */
static gboolean
takes_nothing (const Schema *schema)
{
  ViaJsonValue additional = schema_get (schema, "additionalProperties");

  return !schema->opaque && via_json_value_get_size (schema_get (schema, "properties")) == 0
         && via_json_value_is_missing (schema_get (schema, "patternProperties"))
         && !via_json_value_is_object (additional) && !via_json_value_get_boolean (additional, FALSE);
}

/* (transfer full) */
ViaFormField *
via_form_schema_build (ViaFormModel *model,
                       ViaJsonValue  root_schema)
{
  ViaFormField *root = via_form_field_new (model, NULL, "");
  guint budget = VIA_FORM_FIELDS_MAX;
  Schema schema;

  schema_init (&schema, root_schema, root_schema);
  root->required = TRUE;
  if (via_json_value_is_missing (root_schema) || takes_nothing (&schema))
    root->kind = VIA_FORM_OBJECT;
  else
    build (root, &schema, &budget);
  root->json_type = VIA_JSON_OBJECT;

  return root;
}
