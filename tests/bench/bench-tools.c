/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long it takes to show 10,000 tools, and to filter them at each keystroke. */
#include <adwaita.h>
#include <stdio.h>
#include <stdlib.h>

#include "mcp/via-tool.h"
#include "via-tool-list.h"

#define N_TOOLS 10000
#define N_CATEGORIES 100

static GListModel *
make_tools (void)
{
  GListStore *store = g_list_store_new (VIA_TYPE_TOOL);
  g_autoptr(GPtrArray) tools = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < N_TOOLS; i++)
    {
      g_autofree char *text = NULL;
      g_autoptr(ViaJsonDocument) document = NULL;

      text = g_strdup_printf ("{\"name\":\"area%02u_tool_%u\",\"description\":\"Does what tool number %u does\","
                              "\"inputSchema\":{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}}}}",
                              i % N_CATEGORIES, i, i);
      document = via_json_document_new_strict (text, -1, NULL);
      g_ptr_array_add (tools, via_tool_new_from_mcp (via_json_document_get_root (document), NULL));
    }
  via_tool_categorize (tools);
  g_list_store_splice (store, 0, 0, tools->pdata, tools->len);
  return G_LIST_MODEL (store);
}

static void
painted_cb (GdkFrameClock *clock,
            gboolean      *painted)
{
  *painted = TRUE;
}

/* Until a frame that was asked for after this point has been painted. */
static double
wait_for_frame (GtkWidget *widget,
                gint64     since)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (widget);
  gboolean painted = FALSE;
  gulong handler = g_signal_connect (clock, "after-paint", G_CALLBACK (painted_cb), &painted);

  gtk_widget_queue_draw (widget);
  while (!painted)
    g_main_context_iteration (NULL, TRUE);
  g_signal_handler_disconnect (clock, handler);
  return (g_get_monotonic_time () - since) / 1000.0;
}

static void
begun_cb (GdkFrameClock *clock,
          gint64        *begun)
{
  *begun = g_get_monotonic_time ();
}

/* The filtering and the frame that shows it, without the wait for the display in between. */
static double
type_search (GtkWidget  *list,
             const char *text)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (list);
  gint64 since = g_get_monotonic_time (), begun = 0;
  gulong handler;
  double filtered;

  via_tool_model_set_search (via_tool_list_get_model (VIA_TOOL_LIST (list)), text);
  filtered = (g_get_monotonic_time () - since) / 1000.0;
  handler = g_signal_connect (clock, "before-paint", G_CALLBACK (begun_cb), &begun);
  wait_for_frame (list, 0);
  g_signal_handler_disconnect (clock, handler);
  return filtered + (g_get_monotonic_time () - begun) / 1000.0;
}

int
main (void)
{
  static const char *const keystrokes[] = { "t", "to", "too", "tool", "tool_", "tool_9", "tool_99", "tool_9", "tool", "" };
  g_autoptr(GListModel) tools = make_tools ();
  GtkWidget *window, *list;
  double slowest = 0, shown;
  gint64 since;

  adw_init ();
  window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (window), 360, 800);
  list = via_tool_list_new ();
  gtk_window_set_child (GTK_WINDOW (window), list);
  gtk_window_present (GTK_WINDOW (window));
  wait_for_frame (window, 0);

  since = g_get_monotonic_time ();
  via_tool_model_add_source (via_tool_list_get_model (VIA_TOOL_LIST (list)), NULL, NULL, tools);
  via_tool_list_show_tools (VIA_TOOL_LIST (list));
  shown = wait_for_frame (window, since);
  for (gsize i = 0; i < G_N_ELEMENTS (keystrokes); i++)
    slowest = MAX (slowest, type_search (list, keystrokes[i]));
  printf ("{\"name\":\"list shown\",\"milliseconds\":%.1f}\n", shown);
  printf ("{\"name\":\"slowest keystroke\",\"milliseconds\":%.1f}\n", slowest);
  return 0;
}
