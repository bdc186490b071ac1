/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-demo"

#include "config.h"

#include "demo-tools.h"

static void
run_draw_picture (ViaMcpServerCall    *call,
                  const DemoArguments *arguments)
{
  g_autofree char *motif = demo_arguments_dup_string (arguments, "motif");
  guint width = (guint) demo_arguments_get_int (arguments, "width");
  guint height = (guint) demo_arguments_get_int (arguments, "height");
  g_autoptr(GBytes) picture = demo_draw_picture (motif, width, height);
  g_autofree char *text = g_strdup_printf ("A %s of %u × %u pixels:", motif, width, height);
  ViaJsonWriter writer;

  demo_result_begin (&writer);
  demo_result_text (&writer, text);
  demo_result_bytes (&writer, "image", picture, "image/png");
  demo_result_end (&writer, call);
}

static void
run_play_tone (ViaMcpServerCall    *call,
               const DemoArguments *arguments)
{
  g_autoptr(GBytes) tone = demo_make_tone (demo_arguments_get_double (arguments, "frequency"),
                                           demo_arguments_get_double (arguments, "seconds"),
                                           demo_arguments_get_double (arguments, "volume"));
  ViaJsonWriter writer;

  demo_result_begin (&writer);
  demo_result_bytes (&writer, "audio", tone, "audio/wav");
  demo_result_end (&writer, call);
}

static void
run_read_document (ViaMcpServerCall    *call,
                   const DemoArguments *arguments)
{
  gboolean as_bytes = via_json_value_equals_string (demo_arguments_get (arguments, "form"), "bytes");
  ViaJsonWriter writer;

  demo_result_begin (&writer);
  demo_result_document (&writer, as_bytes);
  demo_result_end (&writer, call);
}

static void
run_link_documents (ViaMcpServerCall    *call,
                    const DemoArguments *arguments)
{
  guint count = (guint) demo_arguments_get_int (arguments, "count");
  ViaJsonWriter writer;

  demo_result_begin (&writer);
  demo_result_text (&writer, "These documents could be read:");
  for (guint i = 1; i <= count; i++)
    demo_result_link (&writer, i);
  demo_result_end (&writer, call);
}

static void
run_show_everything (ViaMcpServerCall    *call,
                     const DemoArguments *arguments)
{
  g_autoptr(GBytes) picture = demo_draw_picture ("bridge", 160, 100);
  g_autoptr(GBytes) tone = demo_make_tone (523.25, 0.4, 0.3);
  g_autoptr(GBytes) result = NULL;
  ViaJsonWriter writer;

  demo_result_begin (&writer);
  demo_result_text (&writer, "Text comes first. It may be **Markdown**.");
  demo_result_bytes (&writer, "image", picture, "image/png");
  demo_result_bytes (&writer, "audio", tone, "audio/wav");
  demo_result_document (&writer, FALSE);
  demo_result_document (&writer, TRUE);
  demo_result_link (&writer, 1);
  via_json_writer_end_array (&writer);
  via_json_writer_key (&writer, "structuredContent");
  via_json_writer_begin_object (&writer);
  via_json_writer_member_string (&writer, "kind", "everything");
  via_json_writer_member_int (&writer, "blocks", 6);
  via_json_writer_end_object (&writer);
  via_json_writer_end_object (&writer);
  result = via_json_writer_end_bytes (&writer);
  via_mcp_server_call_complete_bytes (call, result);
}

const DemoTool demo_media_tools[] = {
  { "draw-picture", run_draw_picture },
  { "play-tone", run_play_tone },
  { "read-document", run_read_document },
  { "link-documents", run_link_documents },
  { "show-everything", run_show_everything },
  { NULL, NULL },
};
