/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-app"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "via-code-view.h"
#include "via-form-control.h"

#define TEXT_WIDTH 280      /* px of entries and drop-downs beside their label */
#define TEXT_AREA_MIN 84    /* px, about three lines */
#define TEXT_AREA_MAX 240
#define LABEL_CHARS_MAX 30  /* longer choices are cut */
#define ENTRY_BYTES_MAX 60000 /* GTK's entries end at 65535 */
#define SHOWN_CHARS 100     /* of a longer text */
#define SEARCH_CHOICES 12   /* from here on a drop-down can be searched */

struct _ViaFormControl
{
  AdwBin        parent_instance;

  ViaFormField *field;
  GtkWidget    *input;
  gboolean      tall;
  gboolean      writing;  /* the person changes the field: the input stays as it is */
  gboolean      reading;  /* the field changes the input */
};

G_DEFINE_FINAL_TYPE (ViaFormControl, via_form_control, ADW_TYPE_BIN)

static void
write_text (ViaFormControl *self,
            const char     *text)
{
  if (self->reading)
    return;

  self->writing = TRUE;
  via_form_field_set_text (self->field, text);
  self->writing = FALSE;
}

static void
entry_changed_cb (ViaFormControl *self)
{
  write_text (self, gtk_editable_get_text (GTK_EDITABLE (self->input)));
}

static char *
dup_buffer_text (GtkTextBuffer *buffer)
{
  GtkTextIter start;
  GtkTextIter end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, TRUE);
}

static void
buffer_changed_cb (ViaFormControl *self,
                   GtkTextBuffer  *buffer)
{
  g_autofree char *text = dup_buffer_text (buffer);

  write_text (self, text);
}

static void
code_changed_cb (ViaFormControl *self,
                 ViaCodeView    *view)
{
  g_autofree char *text = via_code_view_dup_text (view);

  write_text (self, text);
}

static void
active_changed_cb (ViaFormControl *self)
{
  if (self->reading)
    return;

  via_form_field_set_boolean (self->field, gtk_switch_get_active (GTK_SWITCH (self->input)));
}

/* The first row stands for no value. */
static void
selected_changed_cb (ViaFormControl *self)
{
  guint selected = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->input));
  guint first = via_form_field_is_item (self->field) ? 0 : 1;

  if (self->reading || selected == GTK_INVALID_LIST_POSITION)
    return;

  via_form_field_set_choice (self->field, (int) selected - (int) first);
}

static void
read_drop_down (ViaFormControl *self)
{
  int choice = via_form_field_get_choice (self->field);
  guint first = via_form_field_is_item (self->field) ? 0 : 1;
  guint selected = GTK_INVALID_LIST_POSITION;

  if (choice >= 0)
    selected = (guint) choice + first;
  else if (!via_form_field_is_set (self->field) || via_form_field_is_null (self->field))
    selected = first == 1 ? 0 : GTK_INVALID_LIST_POSITION;
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->input), selected);
}

/* An entry silently cuts what is longer than it can hold: such a value is shown, and changed in the JSON. */
static void
read_entry (ViaFormControl *self,
            const char     *text)
{
  GtkEditable *editable = GTK_EDITABLE (self->input);
  gboolean fits = strlen (text) <= ENTRY_BYTES_MAX;
  g_autofree char *beginning = fits ? NULL : g_utf8_substring (text, 0, SHOWN_CHARS);
  g_autofree char *shown = fits ? g_strdup (text) : g_strconcat (beginning, "…", NULL);

  gtk_editable_set_editable (editable, fits);
  gtk_widget_set_tooltip_text (self->input, fits ? NULL : _("Too long for a field; the JSON has all of it"));
  if (strcmp (gtk_editable_get_text (editable), shown) != 0)
    gtk_editable_set_text (editable, shown);
}

static void
read_text (ViaFormControl *self,
           const char     *text)
{
  GtkTextBuffer *buffer;
  g_autofree char *old = NULL;

  if (GTK_IS_EDITABLE (self->input))
    {
      read_entry (self, text);
      return;
    }

  buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->input));
  old = dup_buffer_text (buffer);
  if (strcmp (old, text) != 0)
    gtk_text_buffer_set_text (buffer, text, -1);
}

static void
update_state (ViaFormControl *self)
{
  GtkWidget *child = adw_bin_get_child (ADW_BIN (self));
  gboolean wrong = via_form_field_get_message (self->field) != NULL;

  if (wrong)
    gtk_widget_add_css_class (child, "error");
  else
    gtk_widget_remove_css_class (child, "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->input), GTK_ACCESSIBLE_STATE_INVALID,
                               wrong ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}

static void
field_changed_cb (ViaFormControl *self)
{
  update_state (self);
  if (self->writing)
    return;

  self->reading = TRUE;
  if (GTK_IS_SWITCH (self->input))
    gtk_switch_set_active (GTK_SWITCH (self->input), via_form_field_get_boolean (self->field));
  else if (GTK_IS_DROP_DOWN (self->input))
    read_drop_down (self);
  else
    {
      g_autofree char *text = via_form_field_dup_text (self->field);

      read_text (self, text);
    }
  self->reading = FALSE;
}

static const char *
get_format_hint (const char *format)
{
  if (g_strcmp0 (format, "date") == 0)
    /* translators: how a date is written, in digits of year, month and day */
    return _("YYYY-MM-DD");
  if (g_strcmp0 (format, "date-time") == 0)
    return "2026-11-21T08:30:00Z";
  if (g_strcmp0 (format, "time") == 0)
    return "08:30:00Z";

  return NULL;
}

static GtkInputPurpose
get_purpose (ViaFormControl *self)
{
  const char *format = via_form_field_get_format (self->field);
  ViaFormKind kind = via_form_field_get_kind (self->field);

  if (kind == VIA_FORM_NUMBER || kind == VIA_FORM_INTEGER)
    return GTK_INPUT_PURPOSE_NUMBER;
  if (g_strcmp0 (format, "email") == 0)
    return GTK_INPUT_PURPOSE_EMAIL;
  if (g_strcmp0 (format, "uri") == 0 || g_strcmp0 (format, "url") == 0)
    return GTK_INPUT_PURPOSE_URL;

  return GTK_INPUT_PURPOSE_FREE_FORM;
}

static GtkWidget *
build_entry (ViaFormControl *self)
{
  g_autofree char *placeholder = via_form_field_dup_placeholder (self->field);
  const char *format = via_form_field_get_format (self->field);
  GtkWidget *entry;

  if (placeholder == NULL)
    placeholder = g_strdup (via_form_field_is_null (self->field) ? "null" : get_format_hint (format));
  if (g_strcmp0 (format, "password") == 0)
    {
      entry = gtk_password_entry_new ();
      gtk_password_entry_set_show_peek_icon (GTK_PASSWORD_ENTRY (entry), TRUE);
    }
  else
    {
      entry = gtk_entry_new ();
      gtk_entry_set_input_purpose (GTK_ENTRY (entry), get_purpose (self));
      /* Digits are typed for a machine: no word completion, no emoji. */
      gtk_entry_set_input_hints (GTK_ENTRY (entry), GTK_INPUT_HINT_NO_EMOJI | GTK_INPUT_HINT_NO_SPELLCHECK);
    }
  g_object_set (entry, "placeholder-text", placeholder, "activates-default", FALSE, NULL);
  gtk_widget_set_size_request (entry, TEXT_WIDTH, -1);
  g_signal_connect_object (entry, "changed", G_CALLBACK (entry_changed_cb), self, G_CONNECT_SWAPPED);
  self->input = entry;
  return entry;
}

static GtkWidget *
build_text_area (ViaFormControl *self)
{
  GtkWidget *view = gtk_text_view_new ();
  GtkWidget *scroller = gtk_scrolled_window_new ();

  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (view), GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (view), FALSE);
  gtk_text_view_set_top_margin (GTK_TEXT_VIEW (view), 6);
  gtk_text_view_set_bottom_margin (GTK_TEXT_VIEW (view), 6);
  gtk_text_view_set_left_margin (GTK_TEXT_VIEW (view), 9);
  gtk_text_view_set_right_margin (GTK_TEXT_VIEW (view), 9);
  g_signal_connect_object (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), "changed", G_CALLBACK (buffer_changed_cb),
                           self, G_CONNECT_SWAPPED);

  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), view);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scroller), TEXT_AREA_MIN);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), TEXT_AREA_MAX);
  gtk_widget_set_overflow (scroller, GTK_OVERFLOW_HIDDEN);
  gtk_widget_add_css_class (scroller, "text-area");
  self->input = view;
  self->tall = TRUE;
  return scroller;
}

static GtkWidget *
build_code (ViaFormControl *self)
{
  GtkWidget *view = via_code_view_new ();

  via_code_view_set_editable (VIA_CODE_VIEW (view), TRUE);
  via_code_view_set_heights (VIA_CODE_VIEW (view), TEXT_AREA_MIN, TEXT_AREA_MAX);
  gtk_widget_remove_css_class (view, "card");
  gtk_widget_add_css_class (view, "text-area");
  g_signal_connect_object (view, "changed", G_CALLBACK (code_changed_cb), self, G_CONNECT_SWAPPED);
  self->input = via_code_view_get_text_view (VIA_CODE_VIEW (view));
  self->tall = TRUE;
  return view;
}

static GtkWidget *
build_switch (ViaFormControl *self)
{
  GtkWidget *toggle = gtk_switch_new ();

  gtk_widget_set_valign (toggle, GTK_ALIGN_CENTER);
  gtk_widget_set_halign (toggle, GTK_ALIGN_END);
  g_signal_connect_object (toggle, "notify::active", G_CALLBACK (active_changed_cb), self, G_CONNECT_SWAPPED);
  self->input = toggle;
  return toggle;
}

static void
choice_setup_cb (GtkSignalListItemFactory *factory,
                 GtkListItem              *item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), LABEL_CHARS_MAX);
  gtk_list_item_set_child (item, label);
}

static void
choice_bind_cb (GtkSignalListItemFactory *factory,
                GtkListItem              *item)
{
  GtkStringObject *string = gtk_list_item_get_item (item);
  GtkWidget *label = gtk_list_item_get_child (item);

  gtk_label_set_label (GTK_LABEL (label), gtk_string_object_get_string (string));
  gtk_widget_set_tooltip_text (label, g_utf8_strlen (gtk_string_object_get_string (string), -1) > LABEL_CHARS_MAX
                                        ? gtk_string_object_get_string (string) : NULL);
}

/* GTK's own rows are as wide as their text: a server's long choice would push the window apart. */
static GtkListItemFactory *
create_choice_factory (void)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (choice_setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (choice_bind_cb), NULL);
  return factory;
}

static void
add_no_choice (ViaFormControl *self,
               GtkStringList  *list)
{
  g_autofree char *fallback = NULL;
  g_autofree char *text = NULL;

  if (via_form_field_is_item (self->field))
    return;
  if (via_form_field_is_required (self->field))
    {
      gtk_string_list_append (list, via_form_field_is_null (self->field) ? "null" : _("Choose…"));
      return;
    }

  fallback = via_form_field_dup_placeholder (self->field);
  /* translators: %s is the choice that the server takes when nothing is chosen */
  text = fallback != NULL ? g_strdup_printf (_("Not set (%s)"), fallback) : g_strdup (_("Not set"));
  gtk_string_list_append (list, text);
}

static GtkWidget *
build_drop_down (ViaFormControl *self)
{
  GtkStringList *list = gtk_string_list_new (NULL);
  guint n_choices = via_form_field_get_n_choices (self->field);
  g_autoptr(GtkListItemFactory) factory = create_choice_factory ();
  gboolean wide = FALSE;
  GtkWidget *drop_down;

  add_no_choice (self, list);
  for (guint i = 0; i < n_choices; i++)
    {
      const char *label = via_form_field_get_choice_label (self->field, i);

      wide = wide || g_utf8_strlen (label, -1) > LABEL_CHARS_MAX;
      gtk_string_list_append (list, label);
    }

  drop_down = gtk_drop_down_new (G_LIST_MODEL (list),
                                 gtk_property_expression_new (GTK_TYPE_STRING_OBJECT, NULL, "string"));
  if (wide)
    gtk_drop_down_set_factory (GTK_DROP_DOWN (drop_down), factory);
  gtk_drop_down_set_enable_search (GTK_DROP_DOWN (drop_down), n_choices >= SEARCH_CHOICES);
  gtk_widget_add_css_class (drop_down, "choice");
  gtk_widget_set_size_request (drop_down, TEXT_WIDTH, -1);
  g_signal_connect_object (drop_down, "notify::selected", G_CALLBACK (selected_changed_cb), self, G_CONNECT_SWAPPED);
  self->input = drop_down;
  return drop_down;
}

static gboolean
via_form_control_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (VIA_FORM_CONTROL (widget)->input);
}

static void
via_form_control_dispose (GObject *object)
{
  g_clear_object (&VIA_FORM_CONTROL (object)->field);

  G_OBJECT_CLASS (via_form_control_parent_class)->dispose (object);
}

static void
via_form_control_class_init (ViaFormControlClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = via_form_control_dispose;
  GTK_WIDGET_CLASS (klass)->grab_focus = via_form_control_grab_focus;
}

static void
via_form_control_init (ViaFormControl *self)
{
}

GtkWidget *
via_form_control_new (ViaFormField *field)
{
  ViaFormControl *self = g_object_new (VIA_TYPE_FORM_CONTROL, NULL);
  GtkWidget *child;

  self->field = g_object_ref (field);
  /* What comes in while the input is built is not typed by anybody. */
  self->reading = TRUE;
  switch (via_form_field_get_kind (field))
    {
    case VIA_FORM_BOOLEAN:
      child = build_switch (self);
      break;

    case VIA_FORM_CHOICE:
      child = build_drop_down (self);
      break;

    case VIA_FORM_STRING:
      child = via_form_field_is_multiline (field) ? build_text_area (self) : build_entry (self);
      break;

    case VIA_FORM_NUMBER:
    case VIA_FORM_INTEGER:
      child = build_entry (self);
      break;

    case VIA_FORM_LIST:
    case VIA_FORM_OBJECT:
    case VIA_FORM_JSON:
    default:
      child = build_code (self);
    }

  adw_bin_set_child (ADW_BIN (self), child);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->input), GTK_ACCESSIBLE_PROPERTY_REQUIRED,
                                  via_form_field_is_required (field), -1);
  field_changed_cb (self);
  self->reading = FALSE;
  g_signal_connect_object (field, "changed", G_CALLBACK (field_changed_cb), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

GtkWidget *
via_form_control_get_input (ViaFormControl *self)
{
  g_return_val_if_fail (VIA_IS_FORM_CONTROL (self), NULL);

  return self->input;
}

gboolean
via_form_control_is_tall (ViaFormControl *self)
{
  g_return_val_if_fail (VIA_IS_FORM_CONTROL (self), FALSE);

  return self->tall;
}
