/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-demo"

#include "config.h"

#include "demo-tools.h"

/* A count that goes on in the main loop, a step at a time. */
typedef struct
{
  ViaMcpServerCall *call;
  guint             step;
  guint             steps;
  gboolean          talkative;
} SlowCount;

static void
slow_count_free (gpointer data)
{
  SlowCount *count = data;

  via_mcp_server_call_unref (count->call);
  g_free (count);
}

static gboolean
count_step_cb (gpointer data)
{
  SlowCount *count = data;
  g_autofree char *text = NULL;

  if (g_cancellable_is_cancelled (via_mcp_server_call_get_cancellable (count->call)))
    return G_SOURCE_REMOVE;
  count->step++;
  text = g_strdup_printf ("Step %u of %u", count->step, count->steps);
  via_mcp_server_call_progress (count->call, count->step, count->steps, text);
  if (count->talkative)
    via_mcp_server_call_log (count->call, "info", text);
  if (count->step < count->steps)
    return G_SOURCE_CONTINUE;

  g_free (text);
  text = g_strdup_printf ("Counted to %u.", count->steps);
  demo_answer_text (count->call, text);
  return G_SOURCE_REMOVE;
}

static void
run_count_slowly (ViaMcpServerCall    *call,
                  const DemoArguments *arguments)
{
  SlowCount *count = g_new0 (SlowCount, 1);

  count->call = via_mcp_server_call_ref (call);
  count->steps = (guint) demo_arguments_get_int (arguments, "steps");
  count->talkative = demo_arguments_get_boolean (arguments, "talkative");
  g_timeout_add_full (G_PRIORITY_DEFAULT, (guint) demo_arguments_get_int (arguments, "delay_ms"), count_step_cb, count,
                      slow_count_free);
}

static void
run_fail (ViaMcpServerCall    *call,
          const DemoArguments *arguments)
{
  g_autofree char *message = demo_arguments_dup_string (arguments, "message");

  via_mcp_server_call_fail (call, message);
}

static void
run_search_web (ViaMcpServerCall    *call,
                const DemoArguments *arguments)
{
  g_autofree char *query = demo_arguments_dup_string (arguments, "query");
  guint limit = (guint) demo_arguments_get_int (arguments, "limit");
  ViaJsonWriter writer;

  via_json_writer_init (&writer);
  via_json_writer_begin_object (&writer);
  via_json_writer_member_string (&writer, "query", query);
  via_json_writer_key (&writer, "findings");
  via_json_writer_begin_array (&writer);
  for (guint i = 1; i <= limit; i++)
    {
      g_autofree char *title = g_strdup_printf ("Made-up page %u about %s", i, query);
      g_autofree char *url = g_strdup_printf ("https://example.com/pages/%u", i);

      via_json_writer_begin_object (&writer);
      via_json_writer_member_string (&writer, "title", title);
      via_json_writer_member_string (&writer, "url", url);
      via_json_writer_end_object (&writer);
    }
  via_json_writer_end_array (&writer);
  via_json_writer_end_object (&writer);
  demo_answer_structured (call, via_json_writer_end (&writer));
}

const DemoTool demo_operations_tools[] = {
  { "count-slowly", run_count_slowly },
  { "fail", run_fail },
  { "search-web", run_search_web },
  { NULL, NULL },
};
