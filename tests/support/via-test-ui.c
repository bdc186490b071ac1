/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via-test"

#include "config.h"

#include <string.h>

#include "via-test-ui.h"

#define SETTLE_FRAMES 2
#define RESOURCES "/io/github/viaduct/Viaduct"

/* What an application does by itself: its style sheet, and its icons by name. */
static void
load_resources (void)
{
  g_autoptr(GtkCssProvider) provider = NULL;

  if (!g_resources_get_info (RESOURCES "/style.css", 0, NULL, NULL, NULL))
    return;
  provider = gtk_css_provider_new ();
  gtk_css_provider_load_from_resource (provider, RESOURCES "/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (gdk_display_get_default ()), RESOURCES "/icons");
}

void
via_test_ui_init (int    *argc,
                  char ***argv)
{
  GtkSettings *settings;

  g_test_init (argc, argv, NULL);
  g_set_prgname ("viaduct-test");
  adw_init ();
  settings = gtk_settings_get_default ();
  g_object_set (settings,
                "gtk-enable-animations", FALSE,
                "gtk-cursor-blink", FALSE,
                "gtk-font-name", "Cantarell 11",
                "gtk-decoration-layout", "appmenu:close",
                "gtk-xft-dpi", 96 * 1024,
                NULL);
  load_resources ();
}

void
via_test_ui_set_dark (gboolean dark)
{
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      dark ? ADW_COLOR_SCHEME_FORCE_DARK : ADW_COLOR_SCHEME_FORCE_LIGHT);
}

void
via_test_ui_set_text_scale (double scale)
{
  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", (int) (96 * 1024 * scale), NULL);
}

static gboolean
wake_up_cb (gpointer data)
{
  return G_SOURCE_REMOVE;
}

void
via_test_ui_step (void)
{
  guint timer = g_timeout_add (20, wake_up_cb, NULL);

  g_main_context_iteration (NULL, TRUE);
  if (g_main_context_find_source_by_id (NULL, timer) != NULL)
    g_source_remove (timer);
}

void
via_test_ui_wait (ViaTestCondition condition,
                  gpointer         data)
{
  via_test_ui_wait_until (condition (data));
}

static void
count_frame_cb (GdkFrameClock *clock,
                guint         *frames)
{
  (*frames)++;
}

void
via_test_ui_settle (GtkWidget *widget)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (widget);
  guint frames = 0;
  gulong handler;
  gint64 deadline = g_get_monotonic_time () + 2 * G_USEC_PER_SEC;

  if (clock == NULL)
    return;
  g_object_ref (clock);
  handler = g_signal_connect (clock, "after-paint", G_CALLBACK (count_frame_cb), &frames);
  while (frames < SETTLE_FRAMES && g_get_monotonic_time () < deadline)
    {
      gtk_widget_queue_draw (widget);
      via_test_ui_step ();
    }
  while (g_main_context_pending (NULL) && g_get_monotonic_time () < deadline)
    g_main_context_iteration (NULL, FALSE);
  g_signal_handler_disconnect (clock, handler);
  g_object_unref (clock);
}

static GtkWidget *
get_content (GtkWidget *widget)
{
  if (ADW_IS_WINDOW (widget))
    return adw_window_get_content (ADW_WINDOW (widget));
  if (ADW_IS_APPLICATION_WINDOW (widget))
    return adw_application_window_get_content (ADW_APPLICATION_WINDOW (widget));
  if (GTK_IS_WINDOW (widget))
    return gtk_window_get_child (GTK_WINDOW (widget));
  return widget;
}

/* Without a compositor a window keeps a few pixels for its border inside itself: ask for as much more. */
void
via_test_ui_present (GtkWindow *window,
                     int        width,
                     int        height)
{
  GtkWidget *content;

  gtk_window_set_default_size (window, width, height);
  gtk_window_present (window);
  via_test_ui_wait_until (gtk_widget_get_mapped (GTK_WIDGET (window)));
  via_test_ui_settle (GTK_WIDGET (window));
  content = get_content (GTK_WIDGET (window));
  if (content != NULL && gtk_widget_get_width (content) < width)
    {
      int missing_width = width - gtk_widget_get_width (content);
      int missing_height = height - gtk_widget_get_height (content);

      gtk_window_set_default_size (window, width + missing_width, height + MAX (missing_height, 0));
      via_test_ui_settle (GTK_WIDGET (window));
    }
}

GtkWindow *
via_test_ui_window (GtkWidget *child,
                    int        width,
                    int        height)
{
  AdwWindow *window = g_object_new (ADW_TYPE_WINDOW, "content", child, NULL);

  via_test_ui_present (GTK_WINDOW (window), width, height);
  return GTK_WINDOW (window);
}

void
via_test_ui_close (GtkWindow *window)
{
  gpointer gone = window;
  gpointer content = get_content (GTK_WIDGET (window));

  g_object_add_weak_pointer (G_OBJECT (window), &gone);
  if (content != NULL)
    g_object_add_weak_pointer (G_OBJECT (content), &content);
  gtk_window_destroy (window);
  via_test_ui_wait_until (gone == NULL && content == NULL);
}

/* The first paintable of a widget may still be empty; then another frame is awaited. */
static GskRenderNode *
draw_once (GtkWidget *widget)
{
  GdkPaintable *paintable = gtk_widget_paintable_new (widget);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  GskRenderNode *node;

  gdk_paintable_snapshot (paintable, snapshot, gtk_widget_get_width (widget), gtk_widget_get_height (widget));
  node = gtk_snapshot_free_to_node (snapshot);
  g_object_unref (paintable);
  return node;
}

static GskRenderNode *
draw (GtkWidget *widget)
{
  GskRenderNode *node = NULL;

  for (guint i = 0; i < 50 && node == NULL; i++)
    {
      via_test_ui_settle (widget);
      node = draw_once (widget);
    }
  return node;
}

/* The state flag would draw everything as in an unfocused window: no window manager gives the focus here. */
static void
clear_backdrop (GtkWidget *widget)
{
  gtk_widget_unset_state_flags (widget, GTK_STATE_FLAG_BACKDROP);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    clear_backdrop (child);
}

void
via_test_ui_save_png (GtkWidget  *widget,
                      const char *path)
{
  GtkWidget *content = get_content (widget);
  gboolean is_window = content != widget;
  g_autoptr(GdkTexture) texture = NULL;
  GskRenderNode *node;
  graphene_rect_t bounds;

  g_assert_true (gtk_widget_get_mapped (content));
  if (is_window)
    gtk_widget_add_css_class (content, "background");
  clear_backdrop (GTK_WIDGET (gtk_widget_get_native (content)));
  node = draw (content);
  g_assert_nonnull (node);
  graphene_rect_init (&bounds, 0, 0, gtk_widget_get_width (content), gtk_widget_get_height (content));
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (gtk_widget_get_native (content)), node, &bounds);
  g_assert_true (gdk_texture_save_to_png (texture, path));
  gsk_render_node_unref (node);
  if (is_window)
    gtk_widget_remove_css_class (content, "background");
}

void
via_test_ui_snapshot (GtkWidget  *widget,
                      const char *name)
{
  const char *folder = g_getenv ("VIA_SHOTS");
  g_autofree char *file = g_strconcat (name, ".png", NULL);
  g_autofree char *path = g_build_filename (folder != NULL ? folder : "shots", file, NULL);
  g_autofree char *parent = g_path_get_dirname (path);

  g_mkdir_with_parents (parent, 0777);
  via_test_ui_save_png (widget, path);
  g_test_message ("picture: %s", path);
}

void
via_test_ui_snapshot_both (GtkWidget  *widget,
                           const char *name)
{
  g_autofree char *dark = g_strconcat (name, "-dark", NULL);

  via_test_ui_set_dark (FALSE);
  via_test_ui_snapshot (widget, name);
  via_test_ui_set_dark (TRUE);
  via_test_ui_snapshot (widget, dark);
  via_test_ui_set_dark (FALSE);
  via_test_ui_settle (widget);
}

typedef gboolean (*Matches) (GtkWidget *widget, gconstpointer data);

static GtkWidget *
search (GtkWidget     *widget,
        Matches        matches,
        gconstpointer  data,
        guint         *skip)
{
  if (gtk_widget_get_mapped (widget) && matches (widget, data))
    {
      if (*skip == 0)
        return widget;
      (*skip)--;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = search (child, matches, data, skip);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static gboolean
is_of_type (GtkWidget     *widget,
            gconstpointer  data)
{
  return g_type_is_a (G_OBJECT_TYPE (widget), *(const GType *) data);
}

GtkWidget *
via_test_ui_find (GtkWidget *root,
                  GType      type,
                  guint      nth)
{
  return search (root, is_of_type, &type, &nth);
}

static gboolean
property_is (GtkWidget  *widget,
             const char *property,
             const char *text)
{
  GParamSpec *spec = g_object_class_find_property (G_OBJECT_GET_CLASS (widget), property);
  g_autofree char *value = NULL;

  if (spec == NULL || spec->value_type != G_TYPE_STRING || !(spec->flags & G_PARAM_READABLE))
    return FALSE;
  g_object_get (widget, property, &value, NULL);
  return g_strcmp0 (value, text) == 0;
}

static gboolean
has_text (GtkWidget     *widget,
          gconstpointer  data)
{
  return property_is (widget, "label", data) || property_is (widget, "title", data) || property_is (widget, "text", data);
}

GtkWidget *
via_test_ui_find_text (GtkWidget  *root,
                       const char *text)
{
  guint skip = 0;

  return search (root, has_text, text, &skip);
}

static gboolean
is_button_called (GtkWidget     *widget,
                  gconstpointer  data)
{
  guint skip = 0;

  if (!GTK_IS_BUTTON (widget) && !GTK_IS_MENU_BUTTON (widget) && !GTK_IS_CHECK_BUTTON (widget))
    return FALSE;
  if (property_is (widget, "label", data) || property_is (widget, "tooltip-text", data))
    return TRUE;
  return GTK_IS_BUTTON (widget) && search (widget, has_text, data, &skip) != NULL;
}

GtkWidget *
via_test_ui_find_button (GtkWidget  *root,
                         const char *label)
{
  guint skip = 0;

  return search (root, is_button_called, label, &skip);
}

void
via_test_ui_click (GtkWidget *widget)
{
  g_assert_nonnull (widget);
  g_assert_true (gtk_widget_is_sensitive (widget));
  if (GTK_IS_BUTTON (widget))
    g_signal_emit_by_name (widget, "clicked");
  else if (ADW_IS_ACTION_ROW (widget))
    adw_action_row_activate (ADW_ACTION_ROW (widget));
  else if (GTK_IS_LIST_BOX_ROW (widget))
    g_signal_emit_by_name (gtk_widget_get_parent (widget), "row-activated", widget);
  else
    g_assert_true (gtk_widget_activate (widget));
}

void
via_test_ui_type (GtkWidget  *widget,
                  const char *text)
{
  g_assert_nonnull (widget);
  if (GTK_IS_TEXT_VIEW (widget))
    gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (widget)), text, -1);
  else
    gtk_editable_set_text (GTK_EDITABLE (widget), text);
}

static gboolean
has_visible_words (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget) && *gtk_label_get_label (GTK_LABEL (widget)) != '\0')
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (!GTK_IS_POPOVER (child) && has_visible_words (child))
      return TRUE;
  return FALSE;
}

/* GtkMenuButton holds a toggle button, which the outer one names; spin buttons name their own. */
static gboolean
is_inner_button (GtkWidget *widget)
{
  GtkWidget *parent = gtk_widget_get_parent (widget);

  return parent != NULL
         && (GTK_IS_MENU_BUTTON (parent) || GTK_IS_SPIN_BUTTON (parent) || GTK_IS_DROP_DOWN (parent)
             || g_type_is_a (G_OBJECT_TYPE (parent), g_type_from_name ("GtkWindowControls"))
             || gtk_widget_get_ancestor (widget, GTK_TYPE_WINDOW_CONTROLS) != NULL
             || gtk_widget_get_ancestor (widget, ADW_TYPE_ENTRY_ROW) != NULL);
}

static void
assert_button_named (GtkWidget *widget)
{
  const char *tooltip = gtk_widget_get_tooltip_text (widget);
  gboolean named;

  if (has_visible_words (widget) || is_inner_button (widget))
    return;
  named = gtk_test_accessible_has_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL)
          || gtk_test_accessible_has_relation (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  if (tooltip == NULL || !named)
    g_error ("an icon-only %s in a %s (icon %s, tooltip %s) has %s", G_OBJECT_TYPE_NAME (widget),
             G_OBJECT_TYPE_NAME (gtk_widget_get_parent (widget)),
             GTK_IS_BUTTON (widget) ? gtk_button_get_icon_name (GTK_BUTTON (widget)) : "?", tooltip,
             named ? "no tooltip" : "no accessible label");
}

void
via_test_ui_assert_named (GtkWidget *root)
{
  if ((GTK_IS_BUTTON (root) || GTK_IS_MENU_BUTTON (root)) && gtk_widget_get_mapped (root))
    assert_button_named (root);
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    via_test_ui_assert_named (child);
}

void
via_test_ui_assert_fits (GtkWidget *widget,
                         int        width)
{
  int minimum = 0;

  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, <=, width);
}
