/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-app"

#include "config.h"

#include "via-code-scheme.h"
#include "via-code-view.h"

/* Above this many bytes colours cost more time than they give. */
#define COLOUR_BYTES_MAX (512 * 1024)

/* A line above this many characters is not wrapped: to look for places where it could be takes seconds. */
#define WRAPPED_CHARS_MAX 8192

struct _ViaCodeView
{
  AdwBin              parent_instance;

  /* template children */
  GtkScrolledWindow  *scroller;
  GtkSourceView      *view;

  GtkTextBuffer      *buffer; /* the view's */
  GtkTextTag         *error_tag;
  gboolean            json;
  gboolean            scrolling;
};

G_DEFINE_FINAL_TYPE (ViaCodeView, via_code_view, ADW_TYPE_BIN)

enum
{
  PROP_0,
  PROP_EDITABLE,
  PROP_SCROLLING,
  PROP_LINE_NUMBERS,
  PROP_MAX_HEIGHT,
  N_PROPS
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void
update_scheme (ViaCodeView *self)
{
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());

  gtk_source_buffer_set_style_scheme (GTK_SOURCE_BUFFER (self->buffer), via_code_scheme_get (dark));
}

static void
update_language (ViaCodeView *self)
{
  GtkSourceBuffer *buffer = GTK_SOURCE_BUFFER (self->buffer);
  GtkSourceLanguageManager *manager = gtk_source_language_manager_get_default ();

  gtk_source_buffer_set_language (buffer,
                                  self->json ? gtk_source_language_manager_get_language (manager, "json") : NULL);
  gtk_source_view_set_auto_indent (self->view, self->json);
}

static gboolean
has_long_line (GtkTextBuffer *buffer)
{
  GtkTextIter iter;

  if (gtk_text_buffer_get_char_count (buffer) <= WRAPPED_CHARS_MAX)
    return FALSE;
  gtk_text_buffer_get_start_iter (buffer, &iter);
  do
    if (gtk_text_iter_get_chars_in_line (&iter) > WRAPPED_CHARS_MAX)
      return TRUE;
  while (gtk_text_iter_forward_line (&iter));
  return FALSE;
}

static void
buffer_changed_cb (ViaCodeView *self)
{
  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (self->view),
                               has_long_line (self->buffer) ? GTK_WRAP_NONE : GTK_WRAP_WORD_CHAR);
  via_code_view_set_error (self, 0, 0);
  gtk_source_buffer_set_highlight_syntax (GTK_SOURCE_BUFFER (self->buffer),
                                          gtk_text_buffer_get_char_count (self->buffer) < COLOUR_BYTES_MAX);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* Tab leaves the editor as it leaves any field: a keyboard must not be trapped. Indenting is done with spaces. */
static gboolean
key_pressed_cb (ViaCodeView     *self,
                guint            keyval,
                guint            keycode,
                GdkModifierType  state)
{
  GtkWidget *root = GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self)));

  if (root == NULL || (state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
    return FALSE;
  if (keyval != GDK_KEY_Tab && keyval != GDK_KEY_ISO_Left_Tab)
    return FALSE;

  return gtk_widget_child_focus (root, keyval == GDK_KEY_Tab ? GTK_DIR_TAB_FORWARD : GTK_DIR_TAB_BACKWARD);
}

static void
via_code_view_get_property (GObject    *object,
                            guint       id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  ViaCodeView *self = VIA_CODE_VIEW (object);

  switch (id)
    {
    case PROP_EDITABLE:
      g_value_set_boolean (value, gtk_text_view_get_editable (GTK_TEXT_VIEW (self->view)));
      break;

    case PROP_SCROLLING:
      g_value_set_boolean (value, self->scrolling);
      break;

    case PROP_LINE_NUMBERS:
      g_value_set_boolean (value, gtk_source_view_get_show_line_numbers (self->view));
      break;

    case PROP_MAX_HEIGHT:
      g_value_set_int (value, gtk_scrolled_window_get_max_content_height (self->scroller));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
via_code_view_set_property (GObject      *object,
                            guint         id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  ViaCodeView *self = VIA_CODE_VIEW (object);

  switch (id)
    {
    case PROP_EDITABLE:
      via_code_view_set_editable (self, g_value_get_boolean (value));
      break;

    case PROP_SCROLLING:
      via_code_view_set_scrolling (self, g_value_get_boolean (value));
      break;

    case PROP_LINE_NUMBERS:
      via_code_view_set_line_numbers (self, g_value_get_boolean (value));
      break;

    case PROP_MAX_HEIGHT:
      gtk_scrolled_window_set_max_content_height (self->scroller, g_value_get_int (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
via_code_view_dispose (GObject *object)
{
  ViaCodeView *self = VIA_CODE_VIEW (object);

  if (self->buffer != NULL)
    g_signal_handlers_disconnect_by_data (self->buffer, self);
  g_clear_object (&self->buffer);

  G_OBJECT_CLASS (via_code_view_parent_class)->dispose (object);
}

static void
via_code_view_class_init (ViaCodeViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = via_code_view_get_property;
  object_class->set_property = via_code_view_set_property;
  object_class->dispose = via_code_view_dispose;

  properties[PROP_EDITABLE] =
    g_param_spec_boolean ("editable", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_SCROLLING] =
    g_param_spec_boolean ("scrolling", NULL, NULL, TRUE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_LINE_NUMBERS] =
    g_param_spec_boolean ("line-numbers", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_MAX_HEIGHT] =
    g_param_spec_int ("max-height", NULL, NULL, -1, G_MAXINT, -1,
                      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", VIA_TYPE_CODE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 0);

  g_type_ensure (GTK_SOURCE_TYPE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/viaduct/Viaduct/via-code-view.ui");
  gtk_widget_class_bind_template_child (widget_class, ViaCodeView, scroller);
  gtk_widget_class_bind_template_child (widget_class, ViaCodeView, view);
  gtk_widget_class_bind_template_callback (widget_class, key_pressed_cb);
}

static void
via_code_view_init (ViaCodeView *self)
{
  AdwStyleManager *style = adw_style_manager_get_default ();

  self->json = TRUE;
  self->scrolling = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  self->buffer = g_object_ref (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view)));
  self->error_tag = gtk_text_buffer_create_tag (self->buffer, NULL, "underline", PANGO_UNDERLINE_ERROR, NULL);
  gtk_source_buffer_set_implicit_trailing_newline (GTK_SOURCE_BUFFER (self->buffer), FALSE);

  update_scheme (self);
  update_language (self);
  g_signal_connect_object (style, "notify::dark", G_CALLBACK (update_scheme), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->buffer, "changed", G_CALLBACK (buffer_changed_cb), self, G_CONNECT_SWAPPED);
}

GtkWidget *
via_code_view_new (void)
{
  return g_object_new (VIA_TYPE_CODE_VIEW, NULL);
}

void
via_code_view_set_text (ViaCodeView *self,
                        const char  *text,
                        gssize       length)
{
  GtkTextIter start;

  g_return_if_fail (VIA_IS_CODE_VIEW (self));
  g_return_if_fail (text != NULL);

  gtk_text_buffer_begin_irreversible_action (self->buffer);
  gtk_text_buffer_set_text (self->buffer, text, length);
  gtk_text_buffer_end_irreversible_action (self->buffer);
  gtk_text_buffer_get_start_iter (self->buffer, &start);
  gtk_text_buffer_place_cursor (self->buffer, &start);
}

char *
via_code_view_dup_text (ViaCodeView *self)
{
  GtkTextIter start;
  GtkTextIter end;

  g_return_val_if_fail (VIA_IS_CODE_VIEW (self), NULL);

  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  return gtk_text_buffer_get_text (self->buffer, &start, &end, TRUE);
}

void
via_code_view_set_language_json (ViaCodeView *self,
                                 gboolean     json)
{
  g_return_if_fail (VIA_IS_CODE_VIEW (self));

  if (self->json == !!json)
    return;

  self->json = !!json;
  update_language (self);
}

void
via_code_view_set_editable (ViaCodeView *self,
                            gboolean     editable)
{
  g_return_if_fail (VIA_IS_CODE_VIEW (self));

  gtk_text_view_set_editable (GTK_TEXT_VIEW (self->view), editable);
  gtk_text_view_set_cursor_visible (GTK_TEXT_VIEW (self->view), editable);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_EDITABLE]);
}

void
via_code_view_set_scrolling (ViaCodeView *self,
                             gboolean     scrolling)
{
  g_return_if_fail (VIA_IS_CODE_VIEW (self));

  if (self->scrolling == !!scrolling)
    return;

  self->scrolling = !!scrolling;
  gtk_scrolled_window_set_policy (self->scroller, GTK_POLICY_AUTOMATIC,
                                  scrolling ? GTK_POLICY_AUTOMATIC : GTK_POLICY_NEVER);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SCROLLING]);
}

void
via_code_view_set_line_numbers (ViaCodeView *self,
                                gboolean     line_numbers)
{
  g_return_if_fail (VIA_IS_CODE_VIEW (self));

  gtk_source_view_set_show_line_numbers (self->view, line_numbers);
  gtk_source_view_set_highlight_current_line (self->view, line_numbers);
  /* The gutter brings its own distance. */
  gtk_text_view_set_left_margin (GTK_TEXT_VIEW (self->view), line_numbers ? 6 : 12);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LINE_NUMBERS]);
}

void
via_code_view_set_heights (ViaCodeView *self,
                           int          min_height,
                           int          max_height)
{
  g_return_if_fail (VIA_IS_CODE_VIEW (self));
  g_return_if_fail (max_height == -1 || min_height <= max_height);

  /* GTK checks one against the other at each step. */
  gtk_scrolled_window_set_min_content_height (self->scroller, -1);
  gtk_scrolled_window_set_max_content_height (self->scroller, max_height);
  gtk_scrolled_window_set_min_content_height (self->scroller, min_height);
}

static void
get_iter (ViaCodeView *self,
          guint        line,
          guint        column,
          GtkTextIter *iter)
{
  int row = (int) MAX (line, 1) - 1;
  int offset = (int) MAX (column, 1) - 1;

  if (!gtk_text_buffer_get_iter_at_line_offset (self->buffer, iter, row, offset)
      && gtk_text_iter_get_line (iter) == row && !gtk_text_iter_ends_line (iter))
    gtk_text_iter_forward_to_line_end (iter);
}

void
via_code_view_set_error (ViaCodeView *self,
                         guint        line,
                         guint        column)
{
  GtkTextIter start;
  GtkTextIter end;

  g_return_if_fail (VIA_IS_CODE_VIEW (self));

  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  gtk_text_buffer_remove_tag (self->buffer, self->error_tag, &start, &end);
  if (line == 0)
    return;

  get_iter (self, line, column, &start);
  /* At the end of a line there is nothing to underline but what stands before it. */
  while (gtk_text_iter_ends_line (&start) && gtk_text_iter_backward_char (&start))
    ;
  end = start;
  while (!gtk_text_iter_ends_line (&end) && gtk_text_iter_forward_char (&end)
         && g_unichar_isalnum (gtk_text_iter_get_char (&end)))
    ;
  gtk_text_buffer_apply_tag (self->buffer, self->error_tag, &start, &end);
}

void
via_code_view_go_to (ViaCodeView *self,
                     guint        line,
                     guint        column)
{
  GtkTextIter iter;

  g_return_if_fail (VIA_IS_CODE_VIEW (self));

  get_iter (self, line, column, &iter);
  gtk_text_buffer_place_cursor (self->buffer, &iter);
  gtk_text_view_scroll_to_mark (GTK_TEXT_VIEW (self->view), gtk_text_buffer_get_insert (self->buffer), 0.1, FALSE, 0,
                                0);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

GtkWidget *
via_code_view_get_text_view (ViaCodeView *self)
{
  g_return_val_if_fail (VIA_IS_CODE_VIEW (self), NULL);

  return GTK_WIDGET (self->view);
}
