/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-demo"

#include "config.h"

#include "demo-tools.h"

#define NOTES_MAX 1000

/*
 * Notes that are forgotten when the demo ends. There is one server in the process and one thread; the store is the only
 * thing that outlives a call.
 */
typedef struct
{
  gint64           id;
  ViaJsonDocument *arguments; /* as create-note got them */
} Note;

static GPtrArray *notes;
static gint64 last_id;

static void
note_free (gpointer data)
{
  Note *note = data;

  via_json_document_unref (note->arguments);
  g_free (note);
}

static GPtrArray *
get_notes (void)
{
  if (notes == NULL)
    notes = g_ptr_array_new_with_free_func (note_free);
  return notes;
}

static void
run_create_note (ViaMcpServerCall    *call,
                 const DemoArguments *arguments)
{
  ViaJsonWriter writer;
  Note *note;

  if (get_notes ()->len >= NOTES_MAX)
    {
      via_mcp_server_call_fail (call, "The demo keeps no more than 1000 notes. Delete one first.");
      return;
    }
  note = g_new0 (Note, 1);
  note->id = ++last_id;
  note->arguments = via_json_value_dup_document (arguments->given);
  g_ptr_array_add (get_notes (), note);
  via_json_writer_init (&writer);
  via_json_writer_begin_object (&writer);
  via_json_writer_member_int (&writer, "id", note->id);
  via_json_writer_end_object (&writer);
  demo_answer_structured (call, via_json_writer_end (&writer));
}

static gboolean
has_tag (ViaJsonValue  tags,
         const char   *tag)
{
  ViaJsonIter iter;
  ViaJsonValue element;

  if (tag == NULL)
    return TRUE;
  via_json_iter_init (&iter, tags);
  while (via_json_iter_next (&iter, NULL, &element))
    if (via_json_value_equals_string (element, tag))
      return TRUE;
  return FALSE;
}

static void
write_note (ViaJsonWriter *writer,
            const Note    *note)
{
  ViaJsonValue given = via_json_document_get_root (note->arguments);
  ViaJsonValue text = via_json_value_get_member (given, "text");
  ViaJsonValue tags = via_json_value_get_member (given, "tags");

  via_json_writer_begin_object (writer);
  via_json_writer_member_int (writer, "id", note->id);
  via_json_writer_member_value (writer, "title", via_json_value_get_member (given, "title"));
  if (via_json_value_is_missing (text))
    via_json_writer_member_string (writer, "text", "");
  else
    via_json_writer_member_value (writer, "text", text);
  via_json_writer_key (writer, "tags");
  if (via_json_value_is_missing (tags))
    {
      via_json_writer_begin_array (writer);
      via_json_writer_end_array (writer);
    }
  else
    via_json_writer_value (writer, tags);
  via_json_writer_end_object (writer);
}

static void
run_list_notes (ViaMcpServerCall    *call,
                const DemoArguments *arguments)
{
  g_autofree char *tag = demo_arguments_dup_string (arguments, "tag");
  ViaJsonWriter writer;

  via_json_writer_init (&writer);
  via_json_writer_begin_object (&writer);
  via_json_writer_key (&writer, "notes");
  via_json_writer_begin_array (&writer);
  for (guint i = 0; i < get_notes ()->len; i++)
    {
      const Note *note = g_ptr_array_index (notes, i);

      if (has_tag (via_json_value_get_member (via_json_document_get_root (note->arguments), "tags"), tag))
        write_note (&writer, note);
    }
  via_json_writer_end_array (&writer);
  via_json_writer_end_object (&writer);
  demo_answer_structured (call, via_json_writer_end (&writer));
}

static void
run_delete_note (ViaMcpServerCall    *call,
                 const DemoArguments *arguments)
{
  gint64 id = demo_arguments_get_int (arguments, "id");
  g_autofree char *text = NULL;

  for (guint i = 0; i < get_notes ()->len; i++)
    if (((const Note *) g_ptr_array_index (notes, i))->id == id)
      {
        g_ptr_array_remove_index (notes, i);
        text = g_strdup_printf ("Note %" G_GINT64_FORMAT " is deleted.", id);
        demo_answer_text (call, text);
        return;
      }
  text = g_strdup_printf ("There is no note %" G_GINT64_FORMAT ". list-notes shows those there are.", id);
  via_mcp_server_call_fail (call, text);
}

const DemoTool demo_notes_tools[] = {
  { "create-note", run_create_note },
  { "list-notes", run_list_notes },
  { "delete-note", run_delete_note },
  { NULL, NULL },
};
