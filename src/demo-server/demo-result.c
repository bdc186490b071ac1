/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-demo"

#include "config.h"

#include <string.h>

#include "demo-tools.h"

#define DOCUMENT_URI "demo://documents/welcome"
#define DOCUMENT_TEXT \
  "# Welcome\n\nThis document came along with the answer, as an embedded resource.\n\n" \
  "* It has an address of its own: `" DOCUMENT_URI "`.\n* Its type is *text/markdown*.\n"

void
demo_result_begin (ViaJsonWriter *writer)
{
  via_json_writer_init (writer);
  via_json_writer_begin_object (writer);
  via_json_writer_key (writer, "content");
  via_json_writer_begin_array (writer);
}

static void
begin_block (ViaJsonWriter *writer,
             const char    *type)
{
  via_json_writer_begin_object (writer);
  via_json_writer_member_string (writer, "type", type);
}

void
demo_result_text (ViaJsonWriter *writer,
                  const char    *text)
{
  begin_block (writer, "text");
  via_json_writer_member_string (writer, "text", text);
  via_json_writer_end_object (writer);
}

static void
write_base64 (ViaJsonWriter *writer,
              const char    *key,
              GBytes        *bytes)
{
  gsize length;
  const guchar *data = g_bytes_get_data (bytes, &length);
  g_autofree char *base64 = g_base64_encode (data, length);

  via_json_writer_member_string (writer, key, base64);
}

void
demo_result_bytes (ViaJsonWriter *writer,
                   const char    *type,
                   GBytes        *bytes,
                   const char    *mime_type)
{
  begin_block (writer, type);
  write_base64 (writer, "data", bytes);
  via_json_writer_member_string (writer, "mimeType", mime_type);
  via_json_writer_end_object (writer);
}

void
demo_result_document (ViaJsonWriter *writer,
                      gboolean       as_bytes)
{
  begin_block (writer, "resource");
  via_json_writer_key (writer, "resource");
  via_json_writer_begin_object (writer);
  if (as_bytes)
    {
      g_autoptr(GBytes) picture = demo_draw_picture ("rings", 48, 48);

      via_json_writer_member_string (writer, "uri", "demo://documents/rings.png");
      via_json_writer_member_string (writer, "mimeType", "image/png");
      write_base64 (writer, "blob", picture);
    }
  else
    {
      via_json_writer_member_string (writer, "uri", DOCUMENT_URI);
      via_json_writer_member_string (writer, "mimeType", "text/markdown");
      via_json_writer_member_string (writer, "text", DOCUMENT_TEXT);
    }
  via_json_writer_end_object (writer);
  via_json_writer_end_object (writer);
}

void
demo_result_link (ViaJsonWriter *writer,
                  guint          number)
{
  g_autofree char *uri = g_strdup_printf ("demo://documents/chapter-%u", number);
  g_autofree char *name = g_strdup_printf ("chapter-%u.md", number);
  g_autofree char *title = g_strdup_printf ("Chapter %u", number);

  begin_block (writer, "resource_link");
  via_json_writer_member_string (writer, "uri", uri);
  via_json_writer_member_string (writer, "name", name);
  via_json_writer_member_string (writer, "title", title);
  via_json_writer_member_string (writer, "description", "A document that could be read when somebody needs it");
  via_json_writer_member_string (writer, "mimeType", "text/markdown");
  via_json_writer_member_int (writer, "size", 1024 * number);
  via_json_writer_end_object (writer);
}

static void
send_result (ViaJsonWriter    *writer,
             ViaMcpServerCall *call)
{
  g_autoptr(GBytes) bytes = NULL;

  via_json_writer_end_object (writer);
  bytes = via_json_writer_end_bytes (writer);
  via_mcp_server_call_complete_bytes (call, bytes);
}

void
demo_result_end (ViaJsonWriter    *writer,
                 ViaMcpServerCall *call)
{
  via_json_writer_end_array (writer);
  send_result (writer, call);
}

void
demo_answer_structured (ViaMcpServerCall *call,
                        char             *structured)
{
  g_autofree char *text = structured;
  g_autoptr(GBytes) bytes = g_bytes_new_static (text, strlen (text));
  g_autoptr(ViaJsonDocument) document = via_json_document_new (bytes, NULL, NULL);
  ViaJsonWriter writer;

  g_assert (document != NULL);
  demo_result_begin (&writer);
  demo_result_text (&writer, text);
  via_json_writer_end_array (&writer);
  via_json_writer_member_value (&writer, "structuredContent", via_json_document_get_root (document));
  send_result (&writer, call);
}

void
demo_answer_text (ViaMcpServerCall *call,
                  const char       *text)
{
  ViaJsonWriter writer;

  demo_result_begin (&writer);
  demo_result_text (&writer, text);
  demo_result_end (&writer, call);
}
