/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via-test"

#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "bridge/via-operation-private.h"
#include "via-big-text.h"
#include "via-code-view.h"
#include "via-dialogs.h"
#include "via-image-view.h"
#include "via-json-rows.h"
#include "via-result-card.h"
#include "via-result-export.h"
#include "via-result-table.h"
#include "via-result-words.h"
#include "via-results-view.h"
#include "via-test-app.h"


static ViaOperation *
start (const char *name,
       const char *title)
{
  g_autofree char *text = g_strdup_printf ("{\"name\":\"%s\",\"title\":\"%s\",\"inputSchema\":{\"type\":\"object\"}}",
                                           name, title);
  g_autoptr(ViaJsonDocument) document = via_json_document_new_strict (text, -1, NULL);
  g_autoptr(ViaTool) tool = via_tool_new_from_mcp (via_json_document_get_root (document), NULL);
  ViaOperationSetup setup = { "everything", name, tool, NULL, 30, FALSE };
  ViaOperation *operation = via_operation_new (&setup);

  via_operation_begin_attempt (operation, 1);
  return operation;
}

static ViaToolResult *
parse_result (const char *json)
{
  g_autoptr(GBytes) bytes = g_bytes_new (json, strlen (json));
  g_autoptr(GError) error = NULL;
  g_autoptr(ViaJsonDocument) document = via_json_document_new (bytes, NULL, &error);

  g_assert_no_error (error);
  return via_tool_result_new_from_mcp (document, via_json_document_get_root (document));
}

static ViaOperation *
complete (const char *name,
          const char *title,
          const char *json)
{
  ViaOperation *operation = start (name, title);
  g_autoptr(ViaToolResult) result = parse_result (json);

  via_operation_complete (operation, result);
  return operation;
}

static ViaOperation *
fail (const char *name,
      const char *title,
      ViaSide     side,
      const char *message,
      const char *json)
{
  ViaOperation *operation = start (name, title);
  g_autoptr(ViaToolResult) result = json != NULL ? parse_result (json) : NULL;

  via_operation_fail (operation, side, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, message), result);
  return operation;
}

static void
put (GListStore   *store,
     ViaOperation *operation) /* (transfer full) */
{
  g_list_store_insert (store, 0, operation);
  g_object_unref (operation);
}

static GtkWindow *
show (GListStore *store,
      int         width,
      int         height)
{
  GtkWidget *view = via_results_view_new ();

  via_results_view_set_operations (VIA_RESULTS_VIEW (view), G_LIST_MODEL (store));
  return via_test_ui_window (view, width, height);
}

#define MARKDOWN                                                                                                       \
  "{\"content\":[{\"type\":\"text\",\"text\":\"# Research Report: GTK 4 list widgets\\n\\n## Key findings\\n"           \
  "- **GtkListView** recycles its rows: 10,000 items cost about as much as 200.\\n"                                    \
  "- `GtkTreeListModel` gives collapsible groups without section headers.\\n"                                          \
  "- A filter model with `incremental` set keeps typing smooth.\\n\"}]}"

static void
fill_mixed (GListStore *store)
{
  ViaOperation *running;

  put (store, fail ("get-structured-content", "Get Structured Content Tool", VIA_SIDE_SERVER,
                    "/humidity must be a number, not \"82 %\". It accepted your arguments.",
                    "{\"content\":[],\"structuredContent\":{\"humidity\":\"82 %\"}}"));
  put (store, complete ("get-sum", "Get Sum Tool",
                        "{\"content\":[{\"type\":\"text\",\"text\":\"The sum of 2 and 3 is 5.\"}]}"));
  put (store, complete ("simulate-research-query", "Simulate Research Query", MARKDOWN));
  running = start ("simulate-research-query", "Simulate Research Query");
  via_operation_report_progress (running, 0.5, "Analyzing content, 2 of 4");
  put (store, running);
}

static GtkWidget *
find_card (GtkWindow *window,
           guint      index)
{
  GtkWidget *card = via_test_ui_find (GTK_WIDGET (window), VIA_TYPE_RESULT_CARD, index);

  g_assert_nonnull (card);
  return card;
}

static void
test_mixed (void)
{
  g_autoptr(GListStore) store = g_list_store_new (VIA_TYPE_OPERATION);
  GtkWindow *window;

  fill_mixed (store);
  window = show (store, 714, 560);
  via_test_ui_assert_named (GTK_WIDGET (window));
  g_assert_false (via_result_card_is_open (VIA_RESULT_CARD (find_card (window, 0))));
  g_assert_true (via_result_card_is_open (VIA_RESULT_CARD (find_card (window, 1))));
  g_assert_false (via_result_card_is_open (VIA_RESULT_CARD (find_card (window, 2))));
  via_test_ui_snapshot_both (GTK_WIDGET (window), "results-mixed");
  via_test_ui_close (window);
}

static void
test_narrow (void)
{
  g_autoptr(GListStore) store = g_list_store_new (VIA_TYPE_OPERATION);
  GtkWindow *window;

  fill_mixed (store);
  window = show (store, 360, 720);
  via_test_ui_settle (GTK_WIDGET (window));
  via_test_ui_assert_fits (find_card (window, 0), 336);
  g_assert_null (via_test_ui_find_button (GTK_WIDGET (window), "Run Again"));
  via_test_ui_snapshot_both (GTK_WIDGET (window), "results-360");
  via_test_ui_close (window);
}

static void
test_large_text (void)
{
  g_autoptr(GListStore) store = g_list_store_new (VIA_TYPE_OPERATION);
  GtkWindow *window;

  fill_mixed (store);
  via_test_ui_set_text_scale (2);
  window = show (store, 360, 1200);
  via_test_ui_snapshot (GTK_WIDGET (window), "results-360-200");
  g_assert_cmpint (gtk_widget_get_width (adw_window_get_content (ADW_WINDOW (window))), <=, 360);
  via_test_ui_close (window);
  via_test_ui_set_text_scale (1);
}

static void
test_right_to_left (void)
{
  g_autoptr(GListStore) store = g_list_store_new (VIA_TYPE_OPERATION);
  GtkWindow *window;

  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  fill_mixed (store);
  window = show (store, 714, 560);
  via_test_ui_snapshot (GTK_WIDGET (window), "results-rtl");
  via_test_ui_close (window);
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

static void
test_empty (void)
{
  g_autoptr(GListStore) store = g_list_store_new (VIA_TYPE_OPERATION);
  GtkWindow *window = show (store, 714, 300);

  g_assert_nonnull (via_test_ui_find_text (GTK_WIDGET (window), "No Results Yet"));
  via_test_ui_snapshot_both (GTK_WIDGET (window), "results-empty");
  put (store, start ("echo", "Echo"));
  g_assert_null (via_test_ui_find_text (GTK_WIDGET (window), "No Results Yet"));
  g_assert_nonnull (find_card (window, 0));
  via_test_ui_close (window);
}

/* What runs says so, ends, and then the newest result is open and the one before it is not. */
static void
test_follows_the_operation (void)
{
  g_autoptr(GListStore) store = g_list_store_new (VIA_TYPE_OPERATION);
  g_autoptr(ViaOperation) first = start ("echo", "Echo");
  g_autoptr(ViaOperation) second = start ("echo", "Echo");
  g_autoptr(ViaToolResult) result = parse_result ("{\"content\":[{\"type\":\"text\",\"text\":\"hello\"}]}");
  GtkWindow *window = show (store, 714, 400);

  g_list_store_insert (store, 0, first);
  g_assert_nonnull (via_test_ui_find_button (GTK_WIDGET (window), "Cancel"));
  g_assert_null (via_test_ui_find_button (GTK_WIDGET (window), "Copy Result"));
  via_operation_complete (first, result);
  g_assert_true (via_result_card_is_open (VIA_RESULT_CARD (find_card (window, 0))));
  g_assert_nonnull (via_test_ui_find_text (GTK_WIDGET (window), "hello"));
  g_assert_null (via_test_ui_find_button (GTK_WIDGET (window), "Cancel"));

  g_list_store_insert (store, 0, second);
  g_assert_true (via_result_card_is_open (VIA_RESULT_CARD (find_card (window, 1))));
  via_operation_complete (second, result);
  g_assert_true (via_result_card_is_open (VIA_RESULT_CARD (find_card (window, 0))));
  g_assert_false (via_result_card_is_open (VIA_RESULT_CARD (find_card (window, 1))));
  via_test_ui_close (window);
}

/* A card that somebody opened is not closed behind their back. */
static void
test_keeps_what_was_opened (void)
{
  g_autoptr(GListStore) store = g_list_store_new (VIA_TYPE_OPERATION);
  GtkWindow *window = show (store, 714, 500);
  const char *json = "{\"content\":[{\"type\":\"text\",\"text\":\"hello\"}]}";

  put (store, complete ("echo", "First", json));
  put (store, complete ("echo", "Second", json));
  via_test_ui_click (via_test_ui_find_text (GTK_WIDGET (window), "First") != NULL
                       ? gtk_widget_get_ancestor (via_test_ui_find_text (GTK_WIDGET (window), "First"), GTK_TYPE_BUTTON)
                       : NULL);
  g_assert_true (via_result_card_is_open (VIA_RESULT_CARD (find_card (window, 1))));
  put (store, complete ("echo", "Third", json));
  g_assert_true (via_result_card_is_open (VIA_RESULT_CARD (find_card (window, 0))));
  g_assert_false (via_result_card_is_open (VIA_RESULT_CARD (find_card (window, 1))));
  g_assert_true (via_result_card_is_open (VIA_RESULT_CARD (find_card (window, 2))));
  via_test_ui_close (window);
}

static void
test_cancel (void)
{
  g_autoptr(GListStore) store = g_list_store_new (VIA_TYPE_OPERATION);
  g_autoptr(ViaOperation) operation = start ("echo", "Echo");
  GtkWindow *window = show (store, 714, 300);

  g_list_store_insert (store, 0, operation);
  via_test_ui_click (via_test_ui_find_button (GTK_WIDGET (window), "Cancel"));
  via_test_ui_wait_until (g_cancellable_is_cancelled (via_operation_get_cancellable (operation)));
  via_operation_fail (operation, VIA_SIDE_CANCELLED, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled."),
                      NULL);
  via_test_ui_snapshot (GTK_WIDGET (window), "results-cancelled");
  g_assert_false (via_result_card_is_open (VIA_RESULT_CARD (find_card (window, 0))));
  via_test_ui_close (window);
}

static void
test_failures (void)
{
  static const struct { ViaSide side; const char *heading, *message; } rows[] = {
    { VIA_SIDE_ARGUMENTS, "The server did not accept the arguments", "b is required. Fill it in and run it again." },
    { VIA_SIDE_CONNECTION, "The server could not be reached",
      "Nothing listens at http://127.0.0.1:9. Check the endpoint, or start the server." },
    { VIA_SIDE_AUTHORIZATION, "The server refused the authorization", "The token has expired. Enter a new one." },
    { VIA_SIDE_TIMEOUT, "No answer within 30 seconds", "Give it more time, or look at the server." },
    { VIA_SIDE_CONFIGURATION, "The configuration of the bridge is not right", "${env:TOKEN} is not set." },
    { VIA_SIDE_SERVER, "The server failed", "It closed the connection while the call was running." },
  };
  g_autoptr(GListStore) store = g_list_store_new (VIA_TYPE_OPERATION);
  GtkWindow *window = show (store, 714, 680);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    put (store, fail ("get-sum", "Get Sum Tool", rows[i].side, rows[i].message, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_assert_nonnull (via_test_ui_find_text (GTK_WIDGET (window), rows[i].heading));
      g_assert_nonnull (via_test_ui_find_text (GTK_WIDGET (window), rows[i].message));
    }
  via_test_ui_snapshot_both (GTK_WIDGET (window), "results-failures");
  via_test_ui_close (window);
}

/* Whose fault it is stands there, and what came is one press away, never hidden. */
static void
test_failure_with_data (void)
{
  g_autoptr(GListStore) store = g_list_store_new (VIA_TYPE_OPERATION);
  GtkWindow *window = show (store, 714, 400);

  put (store, fail ("get-weather", "Get Weather", VIA_SIDE_SERVER, "/humidity must be a number.",
                    "{\"content\":[{\"type\":\"text\",\"text\":\"82 %\"}]}"));
  g_assert_false (via_result_card_is_open (VIA_RESULT_CARD (find_card (window, 0))));
  via_test_ui_click (via_test_ui_find_button (GTK_WIDGET (window), "Show Result"));
  g_assert_nonnull (via_test_ui_find_text (GTK_WIDGET (window), "82 %"));
  g_assert_nonnull (via_test_ui_find_button (GTK_WIDGET (window), "Hide Result"));
  via_test_ui_close (window);
}

static void
test_tool_error_shows_its_content (void)
{
  g_autoptr(GListStore) store = g_list_store_new (VIA_TYPE_OPERATION);
  GtkWindow *window = show (store, 714, 300);

  put (store, fail ("read-file", "Read File", VIA_SIDE_TOOL, "The tool reported an error.",
                    "{\"isError\":true,\"content\":[{\"type\":\"text\",\"text\":\"ENOENT: no such file\"}]}"));
  g_assert_nonnull (via_test_ui_find_text (GTK_WIDGET (window), "ENOENT: no such file"));
  g_assert_null (via_test_ui_find_text (GTK_WIDGET (window), "The tool reported an error."));
  via_test_ui_snapshot (GTK_WIDGET (window), "results-tool-error");
  via_test_ui_close (window);
}

#define ORDER(id, customer, region, items, total)                                                                      \
  "{\"id\":\"" id "\",\"customer\":\"" customer "\",\"region\":\"" region "\",\"items\":" items ",\"total\":" total    \
  ",\"placed\":\"2026-11-19\"}"
#define ORDERS                                                                                                         \
  "[" ORDER ("A-2041", "Brandt Optik", "Nord", "3", "812.40") "," ORDER ("A-2039", "Lindqvist AB", "Nord", "12", "640.00") \
  "," ORDER ("A-2044", "Moreau Frères", "West", "2", "598.90") "," ORDER ("A-2033", "Kowalski i Syn", "Ost", "7", "441.15") \
  "," ORDER ("A-2036", "Bergbahn Zermatt", "Süd", "1", "427.00") "," ORDER ("A-2045", "O’Neill & Co", "West", "5", "388.20") \
  "," ORDER ("A-2030", "Haug Papir", "Nord", "9", "311.75") "," ORDER ("A-2042", "Studio Terzi", "Süd", "4", "289.00") \
  "," ORDER ("A-2031", "Café Lumen", "Ost", "1", "99.00") "," ORDER ("A-2029", "Ferment & Söhne", "West", "8", "1250.00") "]"

static char *
first_cell (GtkWidget *table)
{
  GtkSelectionModel *model = gtk_column_view_get_model (via_result_table_get_view (VIA_RESULT_TABLE (table)));
  g_autoptr(ViaJsonRow) row = g_list_model_get_item (G_LIST_MODEL (model), 0);

  return via_json_row_dup_cell (row, "total");
}

static void
test_table (void)
{
  g_autoptr(GListStore) store = g_list_store_new (VIA_TYPE_OPERATION);
  GtkWindow *window = show (store, 714, 430);
  g_autofree char *total = NULL;
  GtkColumnView *view;
  GtkColumnViewColumn *column;
  GtkWidget *table;

  put (store, complete ("list-orders", "List Orders",
                        "{\"content\":[{\"type\":\"text\",\"text\":\"10 orders\"}],\"structuredContent\":{\"orders\":" ORDERS
                        ",\"next\":null}}"));
  table = via_test_ui_find (GTK_WIDGET (window), VIA_TYPE_RESULT_TABLE, 0);
  g_assert_nonnull (table);
  g_assert_nonnull (via_test_ui_find_text (GTK_WIDGET (window), "10 rows"));
  view = via_result_table_get_view (VIA_RESULT_TABLE (table));
  g_assert_cmpuint (g_list_model_get_n_items (gtk_column_view_get_columns (view)), ==, 6);
  column = g_list_model_get_item (gtk_column_view_get_columns (view), 4);
  gtk_column_view_sort_by_column (view, column, GTK_SORT_ASCENDING);
  g_object_unref (column);
  via_test_ui_settle (GTK_WIDGET (window));
  total = first_cell (table);
  g_assert_cmpstr (total, ==, "99.00"); /* by value, and as it was written */
  via_test_ui_snapshot_both (GTK_WIDGET (window), "results-table");
  via_test_ui_click (via_test_ui_find_button (GTK_WIDGET (window), "Structured"));
  via_test_ui_snapshot_both (GTK_WIDGET (window), "results-structured");
  via_test_ui_close (window);
}

/* Text that only repeats the structured content is not shown twice. */
static void
test_table_of_json_text (void)
{
  g_autoptr(GListStore) store = g_list_store_new (VIA_TYPE_OPERATION);
  GtkWindow *window = show (store, 360, 500);
  GtkWidget *card;

  put (store, complete ("list", "List",
                        "{\"content\":[{\"type\":\"text\",\"text\":\"[{\\\"a\\\":1},{\\\"a\\\":2}]\"}],"
                        "\"structuredContent\":[{\"a\":1},{\"a\":2}]}"));
  g_assert_nonnull (via_test_ui_find (GTK_WIDGET (window), VIA_TYPE_RESULT_TABLE, 0));
  g_assert_null (via_test_ui_find (GTK_WIDGET (window), VIA_TYPE_RESULT_TABLE, 1));
  g_list_store_remove_all (store);
  put (store, complete ("list", "List", "{\"content\":[{\"type\":\"text\",\"text\":\"[{\\\"a\\\":1},{\\\"a\\\":2}]\"}]}"));
  card = find_card (window, 0);
  g_assert_nonnull (via_test_ui_find (GTK_WIDGET (window), VIA_TYPE_RESULT_TABLE, 0));
  g_object_set (card, "plain-text", TRUE, NULL);
  g_assert_null (via_test_ui_find (GTK_WIDGET (window), VIA_TYPE_RESULT_TABLE, 0));
  g_assert_nonnull (via_test_ui_find (GTK_WIDGET (window), VIA_TYPE_CODE_VIEW, 0));
  via_test_ui_close (window);
}

static void
test_plain_text (void)
{
  g_autoptr(GListStore) store = g_list_store_new (VIA_TYPE_OPERATION);
  GtkWindow *window = show (store, 714, 300);
  GtkWidget *card;

  put (store, complete ("research", "Research", MARKDOWN));
  card = find_card (window, 0);
  g_assert_nonnull (via_test_ui_find_text (GTK_WIDGET (window), "Markdown"));
  g_assert_nonnull (via_test_ui_find_text (GTK_WIDGET (window), "Research Report: GTK 4 list widgets"));
  g_assert_true (gtk_widget_activate_action (card, "card.plain-text", NULL));
  g_assert_null (via_test_ui_find_text (GTK_WIDGET (window), "Research Report: GTK 4 list widgets"));
  g_assert_nonnull (via_test_ui_find_text (GTK_WIDGET (window), "Plain text"));
  via_test_ui_close (window);
}

static char *
encode_image (int width,
              int height)
{
  GdkPixbuf *pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, width, height);
  g_autofree char *data = NULL;
  gsize length;

  for (int y = 0; y < height; y += 16)
    for (int x = 0; x < width; x += 16)
      {
        GdkPixbuf *part = gdk_pixbuf_new_subpixbuf (pixbuf, x, y, MIN (16, width - x), MIN (16, height - y));

        gdk_pixbuf_fill (part, ((guint32) (x * 255 / width) << 24) | ((guint32) (y * 255 / height) << 16) | 0x80ff);
        g_object_unref (part);
      }
  g_assert_true (gdk_pixbuf_save_to_buffer (pixbuf, &data, &length, "png", NULL, NULL));
  g_object_unref (pixbuf);
  return g_base64_encode ((guchar *) data, length);
}

/* The first bytes of a PNG that promises @side × @side pixels. */
static char *
encode_huge (guint32 side)
{
  guint8 head[49] = "\211PNG\r\n\032\n\0\0\0\rIHDR";
  guint32 big = GUINT32_TO_BE (side);
  guint32 crc = 0xffffffff;

  memcpy (head + 16, &big, 4);
  memcpy (head + 20, &big, 4);
  head[24] = 8;
  head[25] = 2;
  for (guint i = 12; i < 29; i++)
    {
      crc ^= head[i];
      for (guint bit = 0; bit < 8; bit++)
        crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
    }
  crc = GUINT32_TO_BE (~crc);
  memcpy (head + 29, &crc, 4);
  memcpy (head + 33, "\0\0\1\0IDAT\x78\x9c\xed\xc1", 12);
  return g_base64_encode (head, sizeof head);
}

static GtkWidget *
show_image (GListStore *store,
            GtkWindow  *window,
            const char *base64)
{
  g_autofree char *json = g_strdup_printf ("{\"content\":[{\"type\":\"image\",\"mimeType\":\"image/png\",\"data\":\"%s\"}]}",
                                           base64);
  GtkWidget *view;

  g_list_store_remove_all (store);
  put (store, complete ("get-tiny-image", "Get Tiny Image", json));
  via_test_ui_wait_until (via_test_ui_find (GTK_WIDGET (window), VIA_TYPE_IMAGE_VIEW, 0) != NULL);
  view = via_test_ui_find (GTK_WIDGET (window), VIA_TYPE_IMAGE_VIEW, 0);
  via_test_ui_wait_until (via_image_view_is_settled (VIA_IMAGE_VIEW (view)));
  return view;
}

static void
test_image (void)
{
  g_autoptr(GListStore) store = g_list_store_new (VIA_TYPE_OPERATION);
  GtkWindow *window = show (store, 714, 560);
  g_autofree char *good = encode_image (640, 400);
  g_autofree char *wide = encode_image (3000, 20);
  g_autofree char *huge = encode_huge (10000);
  GtkWidget *view;

  view = show_image (store, window, good);
  g_assert_cmpint (via_image_view_get_width (VIA_IMAGE_VIEW (view)), ==, 640);
  via_test_ui_snapshot_both (GTK_WIDGET (window), "results-image");

  view = show_image (store, window, wide);
  g_assert_cmpint (via_image_view_get_width (VIA_IMAGE_VIEW (view)), ==, 3000);

  view = show_image (store, window, huge);
  g_assert_cmpint (via_image_view_get_width (VIA_IMAGE_VIEW (view)), ==, 0);
  g_assert_nonnull (via_test_ui_find_text (GTK_WIDGET (window),
                                           "The image has 10000 × 10000 pixels, too many to show. "
                                           "Save it to look at it elsewhere."));
  g_assert_nonnull (via_test_ui_find_button (GTK_WIDGET (view), "Save…"));

  view = show_image (store, window, "iVBORw0KGgoAAAAN");
  g_assert_nonnull (via_test_ui_find_text (GTK_WIDGET (window), "The image is damaged. Save it to look at its bytes."));
  view = show_image (store, window, "bm8gaW1hZ2U=");
  g_assert_cmpint (via_image_view_get_width (VIA_IMAGE_VIEW (view)), ==, 0);
  via_test_ui_close (window);
}

static void
test_content_kinds (void)
{
  g_autoptr(GListStore) store = g_list_store_new (VIA_TYPE_OPERATION);
  GtkWindow *window = show (store, 714, 620);

  put (store, complete ("all", "All Kinds",
                        "{\"content\":[{\"type\":\"text\",\"text\":\"Some text, then what else there is:\"},"
                        "{\"type\":\"audio\",\"mimeType\":\"audio/wav\",\"data\":\"UklGRiQAAABXQVZF\"},"
                        "{\"type\":\"resource_link\",\"uri\":\"file:///srv/docs/readme.md\",\"name\":\"readme.md\","
                        "\"mimeType\":\"text/markdown\"},"
                        "{\"type\":\"resource\",\"resource\":{\"uri\":\"demo://text/1\",\"mimeType\":\"text/plain\","
                        "\"text\":\"Text of a resource.\"}},"
                        "{\"type\":\"resource\",\"resource\":{\"uri\":\"demo://blob/2\",\"mimeType\":\"application/zip\","
                        "\"blob\":\"UEsFBgAAAAA=\"}},"
                        "{\"type\":\"image\",\"mimeType\":\"image/png\",\"data\":\"!!!\"},"
                        "{\"type\":\"hologram\",\"depth\":3}]}"));
  /* They are made a few at a time; the last one is the unknown kind, as JSON. */
  via_test_ui_wait_until (via_test_ui_find (GTK_WIDGET (window), VIA_TYPE_CODE_VIEW, 0) != NULL);
  via_test_ui_assert_named (GTK_WIDGET (window));
  g_assert_nonnull (via_test_ui_find_text (GTK_WIDGET (window), "readme.md"));
  g_assert_nonnull (via_test_ui_find_text (GTK_WIDGET (window), "file:///srv/docs/readme.md · text/markdown"));
  g_assert_nonnull (via_test_ui_find_text (GTK_WIDGET (window), "Text of a resource."));
  g_assert_nonnull (via_test_ui_find_text (GTK_WIDGET (window),
                                           "The server sent bytes that are not valid Base64. Raw shows what came."));
  via_test_ui_snapshot_both (GTK_WIDGET (window), "results-kinds");
  gtk_window_set_default_size (window, 360, 800);
  via_test_ui_settle (GTK_WIDGET (window));
  via_test_ui_assert_fits (find_card (window, 0), 336);
  via_test_ui_close (window);
}

/* Ten megabytes, whole: the last line is there, and few widgets are. */
static void
test_big_text (void)
{
  g_autoptr(GListStore) store = g_list_store_new (VIA_TYPE_OPERATION);
  GtkWindow *window = show (store, 714, 520);
  GString *json = g_string_new ("{\"content\":[{\"type\":\"text\",\"text\":\"");
  GtkWidget *view;
  GListModel *lines;
  g_autoptr(GtkStringObject) last = NULL;

  for (guint i = 0; i < 20000; i++)
    g_string_append_printf (json, "%05u The quick brown fox jumps over the lazy dog, again and again.\\n", i);
  g_string_append (json, "the end\"}]}");
  put (store, complete ("big", "Big Text", json->str));
  g_string_free (json, TRUE);
  via_test_ui_wait_until (via_test_ui_find (GTK_WIDGET (window), VIA_TYPE_BIG_TEXT, 0) != NULL);
  view = via_test_ui_find (GTK_WIDGET (window), VIA_TYPE_BIG_TEXT, 0);
  via_test_ui_wait_until (via_big_text_get_lines (VIA_BIG_TEXT (view)) != NULL);
  lines = via_big_text_get_lines (VIA_BIG_TEXT (view));
  g_assert_cmpuint (g_list_model_get_n_items (lines), ==, 20001);
  last = g_list_model_get_item (lines, 20000);
  g_assert_cmpstr (gtk_string_object_get_string (last), ==, "the end");
  via_test_ui_snapshot_both (GTK_WIDGET (window), "results-big-text");
  via_test_ui_close (window);
}

static void
test_cards_at_a_time (void)
{
  g_autoptr(GListStore) store = g_list_store_new (VIA_TYPE_OPERATION);
  GtkWindow *window;

  for (guint i = 0; i < 45; i++)
    put (store, complete ("echo", "Echo", "{\"content\":[]}"));
  window = show (store, 714, 400);
  g_assert_nonnull (via_test_ui_find_text (GTK_WIDGET (window), "45"));
  g_assert_nonnull (via_test_ui_find (GTK_WIDGET (window), VIA_TYPE_RESULT_CARD, 29));
  g_assert_null (via_test_ui_find (GTK_WIDGET (window), VIA_TYPE_RESULT_CARD, 30));
  via_test_ui_click (via_test_ui_find_button (GTK_WIDGET (window), "Show Older Results"));
  g_assert_nonnull (via_test_ui_find (GTK_WIDGET (window), VIA_TYPE_RESULT_CARD, 44));
  via_test_ui_close (window);
}

/* The text is what is copied; of structured content, its JSON. */
static void
test_copy (void)
{
  static const struct { const char *json, *copied; } rows[] = {
    { "{\"content\":[{\"type\":\"text\",\"text\":\"one\"},{\"type\":\"text\",\"text\":\"two\"}]}", "one\ntwo" },
    { "{\"content\":[],\"structuredContent\":{\"a\":0.10}}", "{\n  \"a\": 0.10\n}" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GListStore) store = g_list_store_new (VIA_TYPE_OPERATION);
      GtkWindow *window = show (store, 714, 300);
      GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (window));
      GdkContentProvider *content;
      g_auto(GValue) value = G_VALUE_INIT;

      gdk_clipboard_set_text (clipboard, "");
      put (store, complete ("echo", "Echo", rows[i].json));
      content = gdk_clipboard_get_content (clipboard);
      via_test_ui_click (via_test_ui_find_button (GTK_WIDGET (window), "Copy Result"));
      via_test_ui_wait_until (gdk_clipboard_get_content (clipboard) != content);
      g_value_init (&value, G_TYPE_STRING);
      g_assert_true (gdk_content_provider_get_value (gdk_clipboard_get_content (clipboard), &value, NULL));
      g_assert_cmpstr (g_value_get_string (&value), ==, rows[i].copied);
      via_test_ui_close (window);
    }
}

static void
assert_saved (GtkWindow  *window,
              GtkWidget  *widget,
              const char *action,
              const char *expected)
{
  g_autofree char *folder = g_dir_make_tmp ("via-save-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "saved", NULL);
  g_autofree char *contents = NULL;

  via_dialogs_set_test_path (path);
  g_assert_true (gtk_widget_activate_action (widget, action, NULL));
  via_test_ui_wait_until (g_file_test (path, G_FILE_TEST_EXISTS));
  via_test_ui_settle (GTK_WIDGET (window));
  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  if (g_strcmp0 (contents, expected) != 0)
    g_assert_nonnull (strstr (contents, expected));
  g_unlink (path);
  g_rmdir (folder);
}

static void
test_save (void)
{
  g_autoptr(GListStore) store = g_list_store_new (VIA_TYPE_OPERATION);
  GtkWindow *window = show (store, 714, 300);
  GtkWidget *view = via_test_ui_find (GTK_WIDGET (window), VIA_TYPE_RESULTS_VIEW, 0);
  ViaOperation *operation;
  g_autofree char *name = NULL;
  g_autofree char *json_name = NULL;

  put (store, complete ("a/b", "Echo", "{\"content\":[{\"type\":\"text\",\"text\":\"hello\"}]}"));
  operation = via_result_card_get_operation (VIA_RESULT_CARD (find_card (window, 0)));
  name = via_result_export_file_name (operation, VIA_EXPORT_TEXT);
  g_assert_cmpstr (name, ==, "a-b.txt");
  json_name = via_result_export_file_name (operation, VIA_EXPORT_JSON);
  g_assert_cmpstr (json_name, ==, "a-b.json");
  assert_saved (window, find_card (window, 0), "card.save", "hello");
  assert_saved (window, find_card (window, 0), "card.save-json", "\"type\": \"text\"");
  assert_saved (window, view, "results.save", "\"success\":true");
  via_test_ui_close (window);
}

static void
test_names (void)
{
  g_autoptr(GListStore) store = g_list_store_new (VIA_TYPE_OPERATION);
  g_autofree char *summary = NULL;
  GtkWindow *window = show (store, 714, 300);
  GtkWidget *card;

  put (store, complete ("echo", "Echo", "{\"content\":[]}"));
  card = find_card (window, 0);
  gtk_test_accessible_assert_role (card, GTK_ACCESSIBLE_ROLE_GROUP);
  summary = via_result_words_summary (via_result_card_get_operation (VIA_RESULT_CARD (card)));
  g_assert_true (g_str_has_prefix (summary, "Echo, succeeded, "));
  gtk_test_accessible_assert_property (card, GTK_ACCESSIBLE_PROPERTY_LABEL, summary);
  via_test_ui_close (window);
}

static void
test_durations (void)
{
  static const struct { gint64 microseconds; gboolean running; const char *words; } rows[] = {
    { 0, FALSE, "0 ms" },          { 14000, FALSE, "14 ms" },      { 999999, FALSE, "999 ms" },
    { 4020000, FALSE, "4.02 s" },  { 4900000, TRUE, "4 s" },       { 65 * G_USEC_PER_SEC, FALSE, "1 min 05 s" },
    { 200000, TRUE, "0 s" },       { 3600ll * G_USEC_PER_SEC, TRUE, "60 min 00 s" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *words = via_result_words_duration (rows[i].microseconds, rows[i].running);

      g_assert_cmpstr (words, ==, rows[i].words);
    }
}

/* The parent scrolls: all cards are as high as they are. */
static void
test_not_scrolling (void)
{
  g_autoptr(GListStore) store = g_list_store_new (VIA_TYPE_OPERATION);
  GtkWidget *view = via_results_view_new ();
  GtkWidget *outer = gtk_scrolled_window_new ();
  GtkWindow *window;

  fill_mixed (store);
  via_results_view_set_operations (VIA_RESULTS_VIEW (view), G_LIST_MODEL (store));
  via_results_view_set_scrolling (VIA_RESULTS_VIEW (view), FALSE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (outer), view);
  window = via_test_ui_window (outer, 400, 200);
  g_assert_cmpint (gtk_widget_get_height (view), >, 300);
  via_results_view_set_scrolling (VIA_RESULTS_VIEW (view), TRUE);
  via_test_ui_settle (GTK_WIDGET (window));
  g_assert_cmpint (gtk_widget_get_height (view), ==, 200);
  via_test_ui_close (window);
}

static GtkWidget *
wait_for_result (GtkWindow *window,
                 guint      n_cards)
{
  via_test_ui_wait_until (via_test_ui_find (GTK_WIDGET (window), VIA_TYPE_RESULT_CARD, n_cards - 1) != NULL);
  via_test_ui_wait_until (via_test_ui_find_button (GTK_WIDGET (window), "Cancel") == NULL);
  return find_card (window, 0);
}

/* With a real bridge: the same call once more, one card away, all of them away. */
static void
test_run_again_remove_clear (void)
{
  g_autofree char *yaml = via_test_app_sample_yaml ();
  g_autoptr(ViaJsonDocument) arguments = via_json_document_new_strict ("{\"message\":\"once more\"}", -1, NULL);
  g_autoptr(ViaOperation) operation = NULL;
  GtkWidget *view = via_results_view_new ();
  GListModel *operations;
  ViaOperation *again;
  ViaTestApp app;
  GtkWindow *window;

  via_test_app_open (&app, yaml, "everything", 900, 600);
  operations = via_bridge_manager_get_operations (app.manager);
  via_results_view_set_manager (VIA_RESULTS_VIEW (view), app.manager);
  via_results_view_set_bridge (VIA_RESULTS_VIEW (view), via_test_app_connect (&app, "everything"));
  window = via_test_ui_window (view, 714, 400);
  operation = via_bridge_manager_execute (app.manager, via_bridge_manager_find (app.manager, "everything"), "echo",
                                          arguments, NULL);
  g_assert_true (gtk_widget_activate_action (wait_for_result (window, 1), "card.run-again", NULL));
  g_assert_cmpuint (g_list_model_get_n_items (operations), ==, 2);
  again = via_result_card_get_operation (VIA_RESULT_CARD (wait_for_result (window, 2)));
  g_assert_true (again != operation);
  g_assert_true (via_json_value_equal (via_json_document_get_root (via_operation_get_arguments (again)),
                                       via_json_document_get_root (arguments)));
  g_assert_true (gtk_widget_activate_action (find_card (window, 0), "card.remove", NULL));
  g_assert_true (via_result_card_get_operation (VIA_RESULT_CARD (find_card (window, 0))) == operation);
  via_test_ui_snapshot (GTK_WIDGET (window), "results-managed");
  via_test_ui_click (via_test_ui_find_button (GTK_WIDGET (window), "Clear"));
  g_assert_cmpuint (g_list_model_get_n_items (operations), ==, 0);
  g_assert_nonnull (via_test_ui_find_text (GTK_WIDGET (window), "No Results Yet"));
  via_test_ui_close (window);
  via_test_app_close (&app);
}

int
main (int    argc,
      char **argv)
{
  via_test_ui_init (&argc, &argv);
  g_test_add_func ("/results-view/list/mixed", test_mixed);
  g_test_add_func ("/results-view/list/empty", test_empty);
  g_test_add_func ("/results-view/list/follows-the-operation", test_follows_the_operation);
  g_test_add_func ("/results-view/list/keeps-what-was-opened", test_keeps_what_was_opened);
  g_test_add_func ("/results-view/list/thirty-cards-at-a-time", test_cards_at_a_time);
  g_test_add_func ("/results-view/list/parent-scrolls", test_not_scrolling);
  g_test_add_func ("/results-view/width/360", test_narrow);
  g_test_add_func ("/results-view/width/360-large-text", test_large_text);
  g_test_add_func ("/results-view/width/right-to-left", test_right_to_left);
  g_test_add_func ("/results-view/card/cancel", test_cancel);
  g_test_add_func ("/results-view/card/failures-name-their-side", test_failures);
  g_test_add_func ("/results-view/card/failure-keeps-its-data", test_failure_with_data);
  g_test_add_func ("/results-view/card/tool-error-shows-its-content", test_tool_error_shows_its_content);
  g_test_add_func ("/results-view/card/copy", test_copy);
  g_test_add_func ("/results-view/card/save", test_save);
  g_test_add_func ("/results-view/card/names", test_names);
  g_test_add_func ("/results-view/card/run-again-remove-clear", test_run_again_remove_clear);
  g_test_add_func ("/results-view/card/durations", test_durations);
  g_test_add_func ("/results-view/content/table", test_table);
  g_test_add_func ("/results-view/content/table-of-json-text", test_table_of_json_text);
  g_test_add_func ("/results-view/content/plain-text", test_plain_text);
  g_test_add_func ("/results-view/content/image", test_image);
  g_test_add_func ("/results-view/content/kinds", test_content_kinds);
  g_test_add_func ("/results-view/content/big-text", test_big_text);
  return g_test_run ();
}
