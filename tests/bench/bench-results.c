/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via-bench"

#include "config.h"

#include <string.h>
#include <time.h>

#include <adwaita.h>

#include "bridge/via-operation-private.h"
#include "via-results-view.h"

/*
 * Shows large results and listens to the main loop's pulse: a source that wants to run every millisecond, at the highest
 * priority. The longest time between two beats is the longest time in which nothing would have answered a person. Needs
 * a display: tests/support/headless build/tests/bench/bench-results [megabytes].
 */

#define BEAT_MS 1
#define WATCH_US (1500 * 1000)

typedef struct
{
  gint64 last;
  gint64 longest;
  gint64 last_cpu;
  gint64 longest_cpu; /* the same in time of this thread's own: what a busy machine does not blur */
} Pulse;

static Pulse pulse;

static gint64
get_cpu_time (void)
{
  struct timespec now = { 0 };

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static gboolean
beat_cb (gpointer data)
{
  gint64 now = g_get_monotonic_time ();
  gint64 cpu = get_cpu_time ();

  pulse.longest = MAX (pulse.longest, now - pulse.last);
  pulse.longest_cpu = MAX (pulse.longest_cpu, cpu - pulse.last_cpu);
  pulse.last = now;
  pulse.last_cpu = cpu;
  return G_SOURCE_CONTINUE;
}

static void
run_for (gint64 microseconds)
{
  gint64 end = g_get_monotonic_time () + microseconds;

  while (g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, TRUE);
}

static GtkWidget *
find (GtkWidget  *root,
      const char *type)
{
  if (g_str_equal (G_OBJECT_TYPE_NAME (root), type))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find (child, type);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* To the end of the text and back, as somebody who drags the scrollbar. */
static void
scroll (GtkWidget *window)
{
  GtkWidget *list = find (window, "GtkListView");
  GtkAdjustment *adjustment;

  if (list == NULL)
    list = find (window, "GtkColumnView");
  if (list == NULL)
    return;
  adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (list));
  for (guint i = 0; i <= 20; i++)
    {
      double part = i <= 10 ? i / 10.0 : (20 - i) / 10.0;

      gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment) * part);
      run_for (50 * 1000);
    }
}

static void
measure (const char *name,
         GtkWidget  *window,
         GListStore *store,
         char       *json)
{
  gsize length = strlen (json);
  g_autoptr(GBytes) bytes = g_bytes_new_take (json, length);
  g_autoptr(GError) error = NULL;
  g_autoptr(ViaJsonDocument) document = via_json_document_new (bytes, NULL, &error);
  ViaOperationSetup setup = { .bridge_name = "bench", .tool_name = name };
  g_autoptr(ViaOperation) operation = via_operation_new (&setup);
  g_autoptr(ViaToolResult) result = NULL;
  Pulse shown;

  if (document == NULL)
    g_error ("%s: %s", name, error->message);
  result = via_tool_result_new_from_mcp (document, via_json_document_get_root (document));
  via_operation_begin_attempt (operation, 1);
  g_list_store_insert (store, 0, operation);
  run_for (200 * 1000);

  pulse.longest = pulse.longest_cpu = 0;
  via_operation_complete (operation, result);
  run_for (WATCH_US);
  shown = pulse;
  pulse.longest = pulse.longest_cpu = 0;
  scroll (window);
  g_print ("%-20s %6.2f MB   shown: %6.1f ms (cpu %6.1f)   scrolled: %6.1f ms (cpu %6.1f)\n", name,
           (double) length / 1e6, (double) shown.longest / 1000, (double) shown.longest_cpu / 1000,
           (double) pulse.longest / 1000, (double) pulse.longest_cpu / 1000);
  g_list_store_remove_all (store);
  run_for (100 * 1000);
}

static char *
text_result (gsize       bytes,
             const char *unit)
{
  GString *json = g_string_sized_new (bytes + 1000);

  g_string_append (json, "{\"content\":[{\"type\":\"text\",\"text\":\"");
  while (json->len < bytes)
    g_string_append (json, unit);
  g_string_append (json, "\"}]}");
  return g_string_free (json, FALSE);
}

static char *
rows_result (gsize    bytes,
             gboolean structured)
{
  GString *json = g_string_sized_new (bytes + 1000);
  const char *quote = structured ? "\"" : "\\\"";

  g_string_append (json, structured ? "{\"content\":[],\"structuredContent\":[" : "{\"content\":[{\"type\":\"text\",\"text\":\"[");
  for (guint i = 0; json->len < bytes; i++)
    g_string_append_printf (json, "%s{%sid%s:%u,%sname%s:%sRow number %u%s,%stotal%s:%u.50,%splaced%s:%s2026-11-21%s}",
                            i > 0 ? "," : "", quote, quote, i, quote, quote, quote, i, quote, quote, quote, i * 7 % 1000,
                            quote, quote, quote, quote);
  g_string_append (json, structured ? "]}" : "]\"}]}");
  return g_string_free (json, FALSE);
}

/* No table: objects in objects. */
static char *
nested_result (gsize bytes)
{
  GString *json = g_string_sized_new (bytes + 1000);

  g_string_append (json, "{\"content\":[],\"structuredContent\":{\"a\":0");
  for (guint i = 0; json->len < bytes; i++)
    g_string_append_printf (json, ",\"member %u\":{\"x\":%u,\"name\":\"number %u\"}", i, i, i);
  g_string_append (json, "}}");
  return g_string_free (json, FALSE);
}

int
main (int    argc,
      char **argv)
{
  gsize bytes = (argc > 1 ? (gsize) g_ascii_strtoull (argv[1], NULL, 10) : 10) * 1000 * 1000;
  g_autoptr(GListStore) store = NULL;
  GtkWidget *window, *view;

  adw_init ();
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  store = g_list_store_new (VIA_TYPE_OPERATION);
  view = via_results_view_new ();
  via_results_view_set_operations (VIA_RESULTS_VIEW (view), G_LIST_MODEL (store));
  window = adw_window_new ();
  adw_window_set_content (ADW_WINDOW (window), view);
  gtk_window_set_default_size (GTK_WINDOW (window), 900, 700);
  gtk_window_present (GTK_WINDOW (window));
  pulse.last = g_get_monotonic_time ();
  g_timeout_add_full (G_PRIORITY_HIGH, BEAT_MS, beat_cb, NULL, NULL);
  run_for (500 * 1000);

  measure ("a few words", window, store, text_result (100, "word "));
  measure ("text, one line", window, store, text_result (bytes, "the quick brown fox "));
  measure ("text, many lines", window, store, text_result (bytes, "the quick brown fox jumps over the lazy dog\\n"));
  measure ("text, empty lines", window, store, text_result (bytes, "\\n"));
  measure ("text, not Latin", window, store, text_result (bytes, "日本語のテキスト "));
  measure ("markdown, 100 kB", window, store, text_result (100000, "- **item** `code`\\n\\n"));
  measure ("text, 100 kB", window, store, text_result (100000, "the quick brown fox jumps over the lazy dog\\n"));
  measure ("rows, 40 kB", window, store, rows_result (40000, TRUE));
  measure ("nested, 40 kB", window, store, nested_result (40000));
  measure ("nested, 200 kB", window, store, nested_result (200000));
  measure ("rows, structured", window, store, rows_result (bytes, TRUE));
  measure ("rows, JSON in text", window, store, rows_result (bytes, FALSE));
  measure ("rows, 1 MB", window, store, rows_result (1000000, TRUE));
  gtk_window_destroy (GTK_WINDOW (window));
  return 0;
}
