/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via"

#include "config.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "base/via-limits.h"
#include "json/via-json-writer.h"
#include "via-parameters.h"
#include "via-terminal.h"

/* key=value, where key is not empty and the word is not JSON itself. */
static const char *
find_assignment (const char *word)
{
  if (*word == '{' || *word == '[' || *word == '"' || *word == '@')
    return NULL;
  word = strchr (word, '=');
  return word;
}

static ViaJsonDocument *
parse_object (const char *text,
              gssize      length,
              const char *source,
              GError    **error)
{
  ViaJsonDocument *document = via_json_document_new_strict (text, length, error);

  if (document == NULL)
    {
      /* translators: where parameters came from, such as a file name */
      g_prefix_error (error, _("The parameters in %s are not valid JSON: "), source);
      return NULL;
    }
  if (via_json_value_is_object (via_json_document_get_root (document)))
    return document;
  via_json_document_unref (document);
  g_set_error (error, VIA_JSON_ERROR, VIA_JSON_ERROR_SYNTAX,
               _("The parameters in %s must be one JSON object, such as {\"a\": 1}."), source);
  return NULL;
}

/* Not g_file_get_contents (): what has a name need not have an end. */
static GByteArray *
read_file (const char *path,
           GError    **error)
{
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  FILE *file = g_fopen (path, "rb");
  guint8 buffer[65536];
  gsize n;
  int failed = file == NULL ? errno : 0;

  while (file != NULL && bytes->len <= VIA_LIMIT_PARAMETERS_BYTES && (n = fread (buffer, 1, sizeof buffer, file)) > 0)
    g_byte_array_append (bytes, buffer, n);
  if (file != NULL && ferror (file))
    failed = errno;
  if (file != NULL)
    fclose (file);
  if (failed == 0 && bytes->len <= VIA_LIMIT_PARAMETERS_BYTES)
    return g_steal_pointer (&bytes);
  if (failed != 0)
    g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (failed), _("“%s” cannot be read: %s"), path,
                 g_strerror (failed));
  else
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED, _("“%s” is larger than %d MiB."), path,
                 VIA_LIMIT_PARAMETERS_BYTES / (1024 * 1024));
  return NULL;
}

static ViaJsonDocument *
parse_file (const char *path,
            GError    **error)
{
  g_autoptr(GByteArray) bytes = read_file (path, error);

  if (bytes == NULL)
    return NULL;
  return parse_object (bytes->data != NULL ? (const char *) bytes->data : "", bytes->len, path, error);
}

static ViaJsonDocument *
parse_input (GError **error)
{
  g_autoptr(GBytes) bytes = via_terminal_read_input (VIA_LIMIT_PARAMETERS_BYTES, error);
  gconstpointer data;
  gsize length;

  if (bytes == NULL)
    return NULL;
  data = g_bytes_get_data (bytes, &length);
  /* translators: stands in “The parameters in %s must be one JSON object” */
  return parse_object (data != NULL ? data : "", length, _("standard input"), error);
}

static ViaJsonDocument *
read_json (const char *text)
{
  return via_json_document_new_strict (text, -1, NULL);
}

/* Whether the schema of @key lets text in: "string" alone or among others. */
static gboolean
accepts_only_text (ViaTool    *tool,
                   const char *key)
{
  ViaJsonValue property;

  if (tool == NULL)
    return FALSE;
  property = via_json_value_get_member (via_tool_get_input_schema (tool), "properties");
  property = via_json_value_get_member (via_json_value_get_member (property, key), "type");
  return via_json_value_equals_string (property, "string");
}

static void
write_word (ViaJsonWriter *writer,
            const char    *word,
            ViaTool       *tool)
{
  const char *equals = find_assignment (word);
  g_autofree char *key = g_strndup (word, equals - word);
  g_autoptr(ViaJsonDocument) value = accepts_only_text (tool, key) ? NULL : read_json (equals + 1);

  via_json_writer_key (writer, key);
  if (value != NULL)
    via_json_writer_value (writer, via_json_document_get_root (value));
  else
    via_json_writer_string (writer, equals + 1);
}

static ViaJsonDocument *
parse_words (const char *const *words,
             ViaTool           *tool,
             GError           **error)
{
  ViaJsonWriter writer;
  g_autofree char *text = NULL;

  for (guint i = 0; words[i] != NULL; i++)
    {
      const char *equals = find_assignment (words[i]);

      if (equals != NULL && equals != words[i])
        continue;
      g_set_error (error, VIA_JSON_ERROR, VIA_JSON_ERROR_SYNTAX,
                   _("“%s” is no parameter. Give one JSON object, or words such as key=value."), words[i]);
      return NULL;
    }
  via_json_writer_init (&writer);
  via_json_writer_begin_object (&writer);
  for (guint i = 0; words[i] != NULL; i++)
    write_word (&writer, words[i], tool);
  via_json_writer_end_object (&writer);
  text = via_json_writer_end (&writer);
  /* translators: stands in “The parameters in %s must be one JSON object” */
  return parse_object (text, -1, _("the command line"), error);
}

gboolean
via_parameters_need_schema (const char *const *words)
{
  for (guint i = 0; words[i] != NULL; i++)
    {
      const char *equals = find_assignment (words[i]);
      g_autoptr(ViaJsonDocument) value = equals != NULL ? read_json (equals + 1) : NULL;

      if (value != NULL)
        return TRUE;
    }
  return FALSE;
}

ViaJsonDocument *
via_parameters_parse (const char *const *words,
                      ViaTool           *tool,
                      GError           **error)
{
  if (words[0] != NULL && words[1] == NULL)
    {
      if (g_str_equal (words[0], "-"))
        return parse_input (error);
      if (*words[0] == '@')
        return parse_file (words[0] + 1, error);
      if (find_assignment (words[0]) == NULL)
        return parse_object (words[0], -1, _("the command line"), error);
    }
  return parse_words (words, tool, error);
}
