/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/via-limits.h"
#include "base/via-text.h"
#include "json/via-json-writer.h"
#include "mcp/via-mcp-header.h"
#include "mcp/via-tool.h"
#include "rpc/via-rpc-error.h"

#define DEFAULT_CATEGORY "General"
#define NAME_SEPARATORS "_-./:"
#define SHARED_PREFIX_MIN 3 /* tools that make a prefix a category */

/*
 * ViaTool holds a document of its own description, which shares the bytes of the list it came in, and copies only what
 * views ask for again and again. Immutable once via_tool_categorize () has seen it, which is before anybody else does.
 */
struct _ViaTool
{
  GObject parent_instance;

  ViaJsonDocument *document;
  char            *name;
  char            *title;
  char            *description;
  char            *category; /* (nullable) NULL: the default */
};

G_DEFINE_FINAL_TYPE (ViaTool, via_tool, G_TYPE_OBJECT)

static void
via_tool_finalize (GObject *object)
{
  ViaTool *self = VIA_TOOL (object);

  g_clear_pointer (&self->document, via_json_document_unref);
  g_free (self->name);
  g_free (self->title);
  g_free (self->description);
  g_free (self->category);

  G_OBJECT_CLASS (via_tool_parent_class)->finalize (object);
}

static void
via_tool_class_init (ViaToolClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = via_tool_finalize;
}

static void
via_tool_init (ViaTool *self)
{
}

/* The trimmed text of a member, or NULL when it is not a string or says nothing. */
static char *
dup_words (ViaJsonValue  value,
           const char   *name)
{
  char *text = via_json_value_dup_member_string (value, name);

  if (text == NULL)
    return NULL;
  g_strstrip (text);
  if (*text == '\0')
    g_clear_pointer (&text, g_free);
  return text;
}

static char *
dup_title (ViaJsonValue  description,
           const char   *name)
{
  char *title = dup_words (description, "title");

  if (title == NULL)
    title = dup_words (via_json_value_get_member (description, "annotations"), "title");
  return title != NULL ? title : g_strdup (name);
}

static char *
dup_category (ViaJsonValue description)
{
  char *category = dup_words (description, "category");

  if (category == NULL)
    category = dup_words (via_json_value_get_member (description, "_meta"), "category");
  return category;
}

static gboolean
check_name (ViaJsonValue   value,
            char         **out,
            GError       **error)
{
  g_autofree char *name = via_json_value_dup_string (value);

  if (name == NULL || *name == '\0')
    {
      g_set_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_INVALID,
                   _("The server lists a tool without a name. It is left out; tell the server's author."));
      return FALSE;
    }
  if (strlen (name) > VIA_LIMIT_TOOL_NAME_BYTES)
    {
      g_autofree char *shown = via_text_clip_line (name, 40);

      g_set_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_INVALID,
                   _("The server lists a tool whose name is longer than %d bytes (“%s”). It is left out."),
                   VIA_LIMIT_TOOL_NAME_BYTES, shown);
      return FALSE;
    }
  *out = g_steal_pointer (&name);
  return TRUE;
}

/* Irregular JSON in a description could mean one thing here and another to its server. */
static gboolean
check_description (ViaJsonDocument  *document,
                   const char       *name,
                   GError          **error)
{
  g_autoptr(GError) local = NULL;
  ViaJsonValue root = via_json_document_get_root (document);

  if (!via_json_document_check_regular (document, via_json_value_missing (), &local))
    {
      g_set_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_INVALID,
                   _("The description of tool “%s” is ambiguous JSON (%s). It is left out; tell the server's author."),
                   name, local->message);
      return FALSE;
    }
  if (!via_json_value_is_object (via_json_value_get_member (root, "inputSchema")))
    {
      g_set_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_INVALID,
                   _("Tool “%s” has no input schema that is an object. It is left out; tell the server's author."), name);
      return FALSE;
    }
  return TRUE;
}

ViaTool *
via_tool_new_from_mcp (ViaJsonValue   description,
                       GError       **error)
{
  g_autoptr(ViaTool) self = NULL;
  g_autofree char *name = NULL;

  if (!via_json_value_is_object (description))
    {
      g_set_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_INVALID,
                   _("The server lists a tool that is not an object. It is left out; tell the server's author."));
      return NULL;
    }
  if (!check_name (via_json_value_get_member (description, "name"), &name, error))
    return NULL;

  self = g_object_new (VIA_TYPE_TOOL, NULL);
  self->document = via_json_value_dup_document (description);
  if (!check_description (self->document, name, error))
    return NULL;

  self->title = dup_title (description, name);
  self->description = via_json_value_dup_member_string (description, "description");
  if (self->description == NULL)
    self->description = g_strdup ("");
  self->category = dup_category (description);
  self->name = g_steal_pointer (&name);
  return g_steal_pointer (&self);
}

/* A map of properties may well have one called "type" or "properties"; a schema says them in another shape. */
static gboolean
is_whole_schema (ViaJsonValue parameters)
{
  ViaJsonValue properties = via_json_value_get_member (parameters, "properties");

  if (via_json_value_equals_string (via_json_value_get_member (parameters, "type"), "object"))
    return TRUE;
  return via_json_value_is_object (properties)
         && !via_json_value_is_string (via_json_value_get_member (properties, "type"));
}

/* Many REST bridges mark a required parameter inside its own description; a schema has no such place. */
static gboolean
is_marked_required (ViaJsonValue property)
{
  ViaJsonValue mark = via_json_value_get_member (property, "required");

  return via_json_value_get_json_type (mark) == VIA_JSON_BOOLEAN;
}

static void
write_property (ViaJsonWriter *writer,
                const char    *name,
                ViaJsonValue   property)
{
  ViaJsonIter iter;
  ViaJsonValue key, value;

  via_json_writer_key (writer, name);
  if (!is_marked_required (property))
    {
      via_json_writer_value (writer, property);
      return;
    }
  via_json_writer_begin_object (writer);
  via_json_iter_init (&iter, property);
  while (via_json_iter_next (&iter, &key, &value))
    {
      g_autofree char *member = via_json_value_dup_string (key);

      if (!via_json_value_equals_string (key, "required"))
        via_json_writer_member_value (writer, member, value);
    }
  via_json_writer_end_object (writer);
}

static void
write_required (ViaJsonWriter *writer,
                ViaJsonValue   parameters,
                ViaJsonValue   required)
{
  ViaJsonIter iter;
  ViaJsonValue key, value;

  if (via_json_value_is_array (required))
    {
      via_json_writer_member_value (writer, "required", required);
      return;
    }
  via_json_writer_key (writer, "required");
  via_json_writer_begin_array (writer);
  via_json_iter_init (&iter, parameters);
  while (via_json_iter_next (&iter, &key, &value))
    if (is_marked_required (value)
        && via_json_value_get_boolean (via_json_value_get_member (value, "required"), FALSE))
      via_json_writer_value (writer, key);
  via_json_writer_end_array (writer);
}

static void
write_schema (ViaJsonWriter *writer,
              ViaJsonValue   parameters,
              ViaJsonValue   required)
{
  ViaJsonIter iter;
  ViaJsonValue key, value;

  via_json_writer_begin_object (writer);
  via_json_writer_member_string (writer, "type", "object");
  via_json_writer_key (writer, "properties");
  via_json_writer_begin_object (writer);
  via_json_iter_init (&iter, parameters);
  while (via_json_iter_next (&iter, &key, &value))
    {
      g_autofree char *name = via_json_value_dup_string (key);

      write_property (writer, name, value);
    }
  via_json_writer_end_object (writer);
  write_required (writer, parameters, required);
  via_json_writer_end_object (writer);
}

/* A whole schema goes through as it is, with the list beside it put in when it has none of its own. */
static void
write_whole_schema (ViaJsonWriter *writer,
                    ViaJsonValue   schema,
                    ViaJsonValue   required)
{
  ViaJsonIter iter;
  ViaJsonValue key, value;

  via_json_writer_begin_object (writer);
  via_json_iter_init (&iter, schema);
  while (via_json_iter_next (&iter, &key, &value))
    {
      g_autofree char *name = via_json_value_dup_string (key);

      via_json_writer_member_value (writer, name, value);
    }
  if (via_json_value_is_array (required)
      && via_json_value_is_missing (via_json_value_get_member (schema, "required")))
    via_json_writer_member_value (writer, "required", required);
  via_json_writer_end_object (writer);
}

static char *
describe_rest (ViaJsonValue description)
{
  ViaJsonValue parameters = via_json_value_get_member (description, "parameters");
  ViaJsonValue required = via_json_value_get_member (description, "required");
  ViaJsonWriter writer;
  ViaJsonIter iter;
  ViaJsonValue key, value;

  via_json_writer_init (&writer);
  via_json_writer_begin_object (&writer);
  via_json_iter_init (&iter, description);
  while (via_json_iter_next (&iter, &key, &value))
    {
      g_autofree char *name = via_json_value_dup_string (key);

      if (g_strcmp0 (name, "parameters") != 0 && g_strcmp0 (name, "required") != 0
          && g_strcmp0 (name, "inputSchema") != 0)
        via_json_writer_member_value (&writer, name, value);
    }
  if (via_json_value_is_missing (parameters))
    parameters = via_json_value_get_member (description, "inputSchema");
  via_json_writer_key (&writer, "inputSchema");
  if (is_whole_schema (parameters))
    write_whole_schema (&writer, parameters, required);
  else
    write_schema (&writer, parameters, required);
  via_json_writer_end_object (&writer);
  return via_json_writer_end (&writer);
}

ViaTool *
via_tool_new_from_rest (ViaJsonValue   description,
                        GError       **error)
{
  ViaJsonValue parameters = via_json_value_get_member (description, "parameters");
  ViaJsonType type = via_json_value_get_json_type (parameters);
  g_autoptr(ViaJsonDocument) document = NULL;
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;

  if (!check_name (via_json_value_get_member (description, "name"), &name, error))
    return NULL;
  if (type != VIA_JSON_MISSING && type != VIA_JSON_NULL && type != VIA_JSON_OBJECT)
    {
      g_set_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_INVALID,
                   _("The parameters of tool “%s” are not an object. It is left out; tell the server's author."), name);
      return NULL;
    }
  text = describe_rest (description);
  document = via_json_document_new_strict (text, -1, error);
  if (document == NULL)
    {
      g_prefix_error (error, _("The description of tool “%s” is ambiguous: "), name);
      return NULL;
    }
  return via_tool_new_from_mcp (via_json_document_get_root (document), error);
}

const char *
via_tool_get_name (ViaTool *self)
{
  g_return_val_if_fail (VIA_IS_TOOL (self), NULL);
  return self->name;
}

const char *
via_tool_get_title (ViaTool *self)
{
  g_return_val_if_fail (VIA_IS_TOOL (self), NULL);
  return self->title;
}

const char *
via_tool_get_description (ViaTool *self)
{
  g_return_val_if_fail (VIA_IS_TOOL (self), NULL);
  return self->description;
}

const char *
via_tool_get_category (ViaTool *self)
{
  g_return_val_if_fail (VIA_IS_TOOL (self), NULL);
  return self->category != NULL ? self->category : DEFAULT_CATEGORY;
}

static ViaJsonValue
get_member (ViaTool    *self,
            const char *name)
{
  return via_json_value_get_member (via_json_document_get_root (self->document), name);
}

ViaJsonValue
via_tool_get_input_schema (ViaTool *self)
{
  g_return_val_if_fail (VIA_IS_TOOL (self), via_json_value_missing ());
  return get_member (self, "inputSchema");
}

ViaJsonValue
via_tool_get_output_schema (ViaTool *self)
{
  g_return_val_if_fail (VIA_IS_TOOL (self), via_json_value_missing ());
  return get_member (self, "outputSchema");
}

ViaJsonValue
via_tool_get_annotations (ViaTool *self)
{
  g_return_val_if_fail (VIA_IS_TOOL (self), via_json_value_missing ());
  return get_member (self, "annotations");
}

ViaJsonDocument *
via_tool_get_document (ViaTool *self)
{
  g_return_val_if_fail (VIA_IS_TOOL (self), NULL);
  return self->document;
}

static gboolean
has_hint (ViaTool    *self,
          const char *name)
{
  return via_json_value_get_boolean (via_json_value_get_member (get_member (self, "annotations"), name), FALSE);
}

gboolean
via_tool_is_read_only (ViaTool *self)
{
  g_return_val_if_fail (VIA_IS_TOOL (self), FALSE);
  return has_hint (self, "readOnlyHint");
}

gboolean
via_tool_is_destructive (ViaTool *self)
{
  g_return_val_if_fail (VIA_IS_TOOL (self), FALSE);
  return has_hint (self, "destructiveHint") && !has_hint (self, "readOnlyHint");
}

gboolean
via_tool_is_idempotent (ViaTool *self)
{
  g_return_val_if_fail (VIA_IS_TOOL (self), FALSE);
  return has_hint (self, "idempotentHint");
}

gboolean
via_tool_is_open_world (ViaTool *self)
{
  g_return_val_if_fail (VIA_IS_TOOL (self), FALSE);
  return has_hint (self, "openWorldHint");
}

char **
via_tool_dup_headers (ViaTool      *self,
                      ViaJsonValue  arguments)
{
  g_return_val_if_fail (VIA_IS_TOOL (self), NULL);
  return via_mcp_headers_from_arguments (via_tool_get_input_schema (self), arguments);
}

gboolean
via_tool_check_headers (ViaTool  *self,
                        GError  **error)
{
  g_autofree char *reason = NULL;

  g_return_val_if_fail (VIA_IS_TOOL (self), FALSE);

  reason = via_mcp_headers_find_fault (via_tool_get_input_schema (self));
  if (reason == NULL)
    return TRUE;
  g_set_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_INVALID,
               /* translators: a tool's name, and a whole sentence that says why */
               _("Tool “%s” is left out: %s Tell the server's author."), self->name, reason);
  return FALSE;
}

/* The part of @name before its first separator, (transfer full), or NULL when it has none. */
static char *
dup_prefix (const char *name)
{
  gsize length = strcspn (name, NAME_SEPARATORS);

  return length > 0 && name[length] != '\0' ? g_strndup (name, length) : NULL;
}

static char *
prettify_prefix (const char *prefix)
{
  g_autofree char *first = g_utf8_strup (prefix, g_utf8_next_char (prefix) - prefix);

  return g_strconcat (first, g_utf8_next_char (prefix), NULL);
}

void
via_tool_categorize (GPtrArray *tools)
{
  g_autoptr(GHashTable) counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  g_return_if_fail (tools != NULL);

  for (guint i = 0; i < tools->len; i++)
    {
      ViaTool *tool = g_ptr_array_index (tools, i);
      char *prefix = dup_prefix (tool->name);

      if (prefix != NULL)
        {
          guint count = GPOINTER_TO_UINT (g_hash_table_lookup (counts, prefix));

          g_hash_table_replace (counts, prefix, GUINT_TO_POINTER (count + 1));
        }
    }
  for (guint i = 0; i < tools->len; i++)
    {
      ViaTool *tool = g_ptr_array_index (tools, i);
      g_autofree char *prefix = tool->category == NULL ? dup_prefix (tool->name) : NULL;

      if (prefix != NULL && GPOINTER_TO_UINT (g_hash_table_lookup (counts, prefix)) >= SHARED_PREFIX_MIN)
        tool->category = prettify_prefix (prefix);
    }
}
