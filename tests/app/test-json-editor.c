/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via-test"

#include "config.h"

#include "via-code-view.h"
#include "via-json-editor.h"
#include "via-test-ui.h"

static ViaFormModel *
make_model (void)
{
  g_autoptr(ViaJsonDocument) document
    = via_json_document_new_strict ("{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\"}},"
                                    "\"required\":[\"n\"]}", -1, NULL);

  return via_form_model_new (via_json_document_get_root (document));
}

static GtkTextBuffer *
get_buffer (GtkWindow *window)
{
  return gtk_text_view_get_buffer (GTK_TEXT_VIEW (via_test_ui_find (GTK_WIDGET (window), GTK_TYPE_TEXT_VIEW, 0)));
}

static char *
dup_text (GtkWindow *window)
{
  char *text = NULL;

  g_object_get (get_buffer (window), "text", &text, NULL);
  return text;
}

static void
set_text (GtkWindow  *window,
          const char *text)
{
  gtk_text_buffer_set_text (get_buffer (window), text, -1);
}

static void
test_follows_model (void)
{
  g_autoptr(ViaFormModel) model = make_model ();
  GtkWidget *editor = via_json_editor_new ();
  GtkWindow *window = via_test_ui_window (editor, 500, 300);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  via_json_editor_set_model (VIA_JSON_EDITOR (editor), model);
  before = dup_text (window);
  g_assert_cmpstr (before, ==, "{}");
  via_form_field_set_text (via_form_model_get_root (model) != NULL
                             ? via_form_field_find (via_form_model_get_root (model), "n") : NULL, "5");
  after = dup_text (window);
  g_assert_cmpstr (after, ==, "{\n  \"n\": 5\n}");
  via_test_ui_close (window);
}

static void
test_writes_model (void)
{
  g_autoptr(ViaFormModel) model = make_model ();
  GtkWidget *editor = via_json_editor_new ();
  GtkWindow *window = via_test_ui_window (editor, 500, 300);

  via_json_editor_set_model (VIA_JSON_EDITOR (editor), model);
  set_text (window, "{\"n\":  7}");
  g_assert_cmpstr (via_form_model_get_text (model), ==, "{\"n\":  7}");

  /* An emptied editor empties the arguments, but not while its text is being replaced. */
  set_text (window, "");
  g_assert_cmpstr (via_form_model_get_text (model), ==, "{\"n\":  7}");
  via_test_ui_wait_until (*via_form_model_get_text (model) == '\0');
  g_assert_nonnull (via_form_model_get_document (model));
  via_test_ui_close (window);
}

static void
test_error_position (void)
{
  static const struct
  {
    const char *text;
    guint       line;
    guint       column;
  } rows[] = {
    { "{", 1, 2 },
    { "{\n  \"n\": 1,\n}", 3, 1 },
    { "{\n  \"ä\": \"ö\" x}", 2, 12 },
    { "[]", 1, 1 },
    { "{\"n\": 1, \"n\": 2}", 1, 10 },
    { "{\"n\": 01}", 1, 7 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(ViaFormModel) model = make_model ();
      GtkWidget *editor = via_json_editor_new ();
      GtkWindow *window = via_test_ui_window (editor, 500, 300);
      GtkTextIter cursor;
      guint line, column;

      via_json_editor_set_model (VIA_JSON_EDITOR (editor), model);
      set_text (window, rows[i].text);
      g_test_message ("%s", via_form_model_get_error (model, &line, &column));
      g_assert_cmpuint (line, ==, rows[i].line);
      g_assert_cmpuint (column, ==, rows[i].column);
      via_json_editor_focus (VIA_JSON_EDITOR (editor));
      gtk_text_buffer_get_iter_at_mark (get_buffer (window), &cursor, gtk_text_buffer_get_insert (get_buffer (window)));
      g_assert_cmpint (gtk_text_iter_get_line (&cursor), ==, (int) line - 1);
      g_assert_cmpint (gtk_text_iter_get_line_offset (&cursor), ==, (int) column - 1);
      via_test_ui_close (window);
    }
}

static void
test_says_wrong_arguments (void)
{
  g_autoptr(ViaFormModel) model = make_model ();
  GtkWidget *editor = via_json_editor_new ();
  GtkWindow *window = via_test_ui_window (editor, 500, 300);

  via_json_editor_set_model (VIA_JSON_EDITOR (editor), model);
  set_text (window, "{\"n\": 1.5}");
  g_assert_nonnull (via_test_ui_find_text (GTK_WIDGET (window), "n: “1.5” is not a whole number"));
  set_text (window, "{\"n\": }");
  g_assert_null (via_test_ui_find_text (GTK_WIDGET (window), "n: “1.5” is not a whole number"));
  via_test_ui_close (window);
}

/* Light and dark schemes are really the ones made for cards. */
static void
test_colours (void)
{
  GtkWidget *view = via_code_view_new ();
  GtkWindow *window;
  GtkSourceBuffer *buffer;

  via_code_view_set_text (VIA_CODE_VIEW (view), "{\n  \"city\": \"Zürich\",\n  \"rain\": false,\n  \"mm\": 0.10\n}", -1);
  window = via_test_ui_window (view, 400, 200);
  buffer = GTK_SOURCE_BUFFER (get_buffer (window));
  g_assert_cmpstr (gtk_source_style_scheme_get_id (gtk_source_buffer_get_style_scheme (buffer)), ==, "viaduct");
  via_test_ui_set_dark (TRUE);
  g_assert_cmpstr (gtk_source_style_scheme_get_id (gtk_source_buffer_get_style_scheme (buffer)), ==, "viaduct-dark");
  via_test_ui_set_dark (FALSE);
  via_test_ui_snapshot_both (GTK_WIDGET (window), "code-view");
  via_test_ui_close (window);
}

/* A last line without an end and positions outside of the text do no harm. */
static void
test_mark_anywhere (void)
{
  GtkWidget *view = via_code_view_new ();
  GtkWindow *window = via_test_ui_window (view, 400, 200);
  static const char *texts[] = { "", "a", "\n", "a\n\nb", "äöü" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      via_code_view_set_text (VIA_CODE_VIEW (view), texts[i], -1);
      for (guint line = 0; line < 6; line++)
        for (guint column = 0; column < 6; column++)
          {
            via_code_view_set_error (VIA_CODE_VIEW (view), line, column);
            via_code_view_go_to (VIA_CODE_VIEW (view), line, column);
          }
    }

  via_test_ui_close (window);
}

static void
load_style (void)
{
  g_autoptr(GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (provider, "/io/github/viaduct/Viaduct/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

int
main (int    argc,
      char **argv)
{
  via_test_ui_init (&argc, &argv);
  load_style ();

  g_test_add_func ("/app/json-editor/follows-model", test_follows_model);
  g_test_add_func ("/app/json-editor/writes-model", test_writes_model);
  g_test_add_func ("/app/json-editor/error-position", test_error_position);
  g_test_add_func ("/app/json-editor/says-wrong-arguments", test_says_wrong_arguments);
  g_test_add_func ("/app/json-editor/colours", test_colours);
  g_test_add_func ("/app/json-editor/mark-anywhere", test_mark_anywhere);

  return g_test_run ();
}
