/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-app"

#include "config.h"

#include <glib/gi18n.h>

#include "via-chunk-box.h"
#include "via-content-view.h"
#include "via-result-body.h"
#include "via-result-content.h"
#include "via-wrap-box.h"

/* Results up to this many bytes are made ready at once: a card that first opens empty would flicker. */
#define AT_ONCE_BYTES_MAX (16 * 1024)
/* Content blocks before Show More. */
#define PARTS_STEP 40
#define SPACING 12

struct _ViaResultBody
{
  AdwBin        parent_instance;

  /* children */
  GtkBox       *box;
  ViaWrapBox   *bar;
  GtkLabel     *kind_label;
  GtkWidget    *toggles[VIA_N_PAGES];
  AdwBin       *place;

  /* owned */
  ViaOperation *operation;
  GPtrArray    *parts; /* nullable; of the page that is shown */
  GCancellable *cancellable;

  ViaResultPage page;
  gboolean      plain_text;
  gboolean      has_markdown;
};

G_DEFINE_FINAL_TYPE (ViaResultBody, via_result_body, ADW_TYPE_BIN)

enum
{
  PROP_0,
  PROP_PLAIN_TEXT,
  PROP_HAS_MARKDOWN,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* What the page shows, in a word, beside the names of the pages. */
static char *
describe_kind (ViaResultBody *self)
{
  gboolean rendered = FALSE;

  for (guint i = 0; self->parts != NULL && i < self->parts->len; i++)
    {
      const ViaResultPart *part = g_ptr_array_index (self->parts, i);

      if (part->kind == VIA_PART_TABLE && !(self->plain_text && part->text != NULL))
        {
          guint n = g_list_model_get_n_items (G_LIST_MODEL (part->rows));

          return g_strdup_printf (ngettext ("%u row", "%u rows", n), n);
        }
      rendered = rendered || via_content_view_is_rendered (part);
    }
  if (!rendered)
    return NULL;
  return g_strdup (self->plain_text ? _("Plain text") : _("Markdown"));
}

static GtkWidget *
create_part (guint    index,
             gpointer user_data)
{
  ViaResultBody *self = user_data;

  return via_content_view_new (g_ptr_array_index (self->parts, index), self->plain_text);
}

static void
update_has_markdown (ViaResultBody *self)
{
  gboolean has_markdown = FALSE;

  for (guint i = 0; self->parts != NULL && i < self->parts->len; i++)
    has_markdown = has_markdown || via_content_view_is_rendered (g_ptr_array_index (self->parts, i));
  if (has_markdown == self->has_markdown)
    return;
  self->has_markdown = has_markdown;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_MARKDOWN]);
}

static GtkWidget *
create_empty (void)
{
  GtkWidget *label = gtk_label_new (_("The tool answered without content."));

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "dim-label");
  return label;
}

static void
show_parts (ViaResultBody *self)
{
  g_autofree char *kind = describe_kind (self);

  gtk_label_set_text (self->kind_label, kind != NULL ? kind : "");
  if (self->parts->len > 0)
    adw_bin_set_child (self->place, via_chunk_box_new (self->parts->len, PARTS_STEP, SPACING, create_part, self, NULL));
  else
    adw_bin_set_child (self->place, create_empty ());
  update_has_markdown (self);
}

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  ViaResultBody *self = user_data;
  GPtrArray *parts = via_result_content_load_finish (result, NULL);

  if (parts == NULL) /* another page was asked for, or the card closed: there may be no body any more */
    return;
  self->parts = parts;
  show_parts (self);
}

static GtkWidget *
create_waiting (void)
{
  GtkWidget *label = gtk_label_new (_("Preparing…"));

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "dim-label");
  return label;
}

static GPtrArray *
prepare_messages (ViaResultBody *self)
{
  GPtrArray *messages = via_operation_get_messages (self->operation);
  GPtrArray *parts = g_ptr_array_new_with_free_func ((GDestroyNotify) via_result_part_free);
  ViaResultPart *part = g_new0 (ViaResultPart, 1);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < messages->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", (char *) g_ptr_array_index (messages, i));
  part->kind = VIA_PART_TEXT;
  part->text = g_string_free_to_bytes (text);
  g_ptr_array_add (parts, part);
  return parts;
}

static void
show_page (ViaResultBody *self,
           ViaResultPage  page)
{
  ViaToolResult *result = via_operation_get_result (self->operation);

  self->page = page;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  adw_bin_set_child (self->place, NULL);
  g_clear_pointer (&self->parts, g_ptr_array_unref);
  if (page == VIA_PAGE_MESSAGES || result == NULL)
    self->parts = prepare_messages (self);
  else if (via_tool_result_get_size (result) <= AT_ONCE_BYTES_MAX)
    self->parts = via_result_content_prepare (result, page);
  if (self->parts != NULL)
    {
      show_parts (self);
      return;
    }
  adw_bin_set_child (self->place, create_waiting ());
  gtk_label_set_text (self->kind_label, "");
  via_result_content_load_async (result, page, self->cancellable, loaded_cb, self);
}

static void
toggled_cb (ViaResultBody   *self,
            GtkToggleButton *button)
{
  for (guint i = 0; i < VIA_N_PAGES; i++)
    if (gtk_toggle_button_get_active (button) && self->toggles[i] == GTK_WIDGET (button) && self->page != i)
      show_page (self, i);
}

static gboolean
has_page (ViaResultBody *self,
          ViaResultPage  page)
{
  ViaToolResult *result = via_operation_get_result (self->operation);
  g_autofree char *label = NULL;
  ViaJsonValue structured;

  if (page == VIA_PAGE_MESSAGES)
    return via_operation_get_messages (self->operation)->len > 0;
  if (result == NULL)
    return FALSE;
  if (page != VIA_PAGE_STRUCTURED)
    return TRUE;
  /* Without other content and without a table, Result shows the same already. */
  structured = via_tool_result_get_structured (result);
  return !via_json_value_is_missing (structured)
         && (via_tool_result_get_n_blocks (result) > 0
             || !via_json_value_is_missing (via_result_content_find_rows (structured, &label)));
}

static void
build_toggles (ViaResultBody *self)
{
  const char *titles[VIA_N_PAGES] = { C_("view of a result", "Result"), C_("view of a result", "Structured"),
                                      C_("view of a result", "Raw"), C_("view of a result", "Messages") };
  GtkWidget *first = NULL;
  guint n = 0;

  for (guint i = 0; i < VIA_N_PAGES; i++)
    {
      GtkWidget *toggle;

      if (!has_page (self, i))
        continue;
      toggle = gtk_toggle_button_new_with_label (titles[i]);
      gtk_widget_add_css_class (toggle, "flat");
      gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (toggle), first == NULL);
      if (first != NULL)
        gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (toggle), GTK_TOGGLE_BUTTON (first));
      else
        {
          first = toggle;
          self->page = i;
        }
      g_signal_connect_object (toggle, "toggled", G_CALLBACK (toggled_cb), self, G_CONNECT_SWAPPED);
      self->toggles[i] = toggle;
      via_wrap_box_append (self->bar, toggle);
      n++;
    }
  gtk_widget_set_visible (GTK_WIDGET (self->bar), n > 1);
}

static void
via_result_body_get_property (GObject    *object,
                              guint       id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  ViaResultBody *self = VIA_RESULT_BODY (object);

  if (id == PROP_PLAIN_TEXT)
    g_value_set_boolean (value, self->plain_text);
  else if (id == PROP_HAS_MARKDOWN)
    g_value_set_boolean (value, self->has_markdown);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
via_result_body_set_property (GObject      *object,
                              guint         id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  ViaResultBody *self = VIA_RESULT_BODY (object);

  if (id != PROP_PLAIN_TEXT)
    {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }
  if (self->plain_text == g_value_get_boolean (value))
    return;
  self->plain_text = g_value_get_boolean (value);
  if (self->parts != NULL)
    show_parts (self);
}

static void
via_result_body_dispose (GObject *object)
{
  ViaResultBody *self = VIA_RESULT_BODY (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);

  /* The children make what they show of the parts: they go first. */
  G_OBJECT_CLASS (via_result_body_parent_class)->dispose (object);

  g_clear_pointer (&self->parts, g_ptr_array_unref);
  g_clear_object (&self->operation);
}

static void
via_result_body_class_init (ViaResultBodyClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = via_result_body_get_property;
  object_class->set_property = via_result_body_set_property;
  object_class->dispose = via_result_body_dispose;

  properties[PROP_PLAIN_TEXT] = g_param_spec_boolean ("plain-text", NULL, NULL, FALSE,
                                                      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_HAS_MARKDOWN] = g_param_spec_boolean ("has-markdown", NULL, NULL, FALSE,
                                                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
via_result_body_init (ViaResultBody *self)
{
  self->box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 9));
  self->bar = VIA_WRAP_BOX (via_wrap_box_new ());
  via_wrap_box_set_spacing (self->bar, 2, 2);
  gtk_widget_add_css_class (GTK_WIDGET (self->bar), "views");
  self->place = ADW_BIN (adw_bin_new ());
  gtk_box_append (self->box, GTK_WIDGET (self->bar));
  gtk_box_append (self->box, GTK_WIDGET (self->place));
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->box));
}

static void
build_kind_label (ViaResultBody *self)
{
  self->kind_label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->kind_label, 1);
  gtk_widget_set_hexpand (GTK_WIDGET (self->kind_label), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->kind_label), "caption");
  gtk_widget_add_css_class (GTK_WIDGET (self->kind_label), "dim-label");
  via_wrap_box_append (self->bar, GTK_WIDGET (self->kind_label));
}

GtkWidget *
via_result_body_new (ViaOperation *operation)
{
  ViaResultBody *self;

  g_return_val_if_fail (VIA_IS_OPERATION (operation), NULL);

  self = g_object_new (VIA_TYPE_RESULT_BODY, NULL);
  self->operation = g_object_ref (operation);
  build_toggles (self);
  build_kind_label (self);
  show_page (self, self->page);
  return GTK_WIDGET (self);
}

gboolean
via_result_body_has_markdown (ViaResultBody *self)
{
  g_return_val_if_fail (VIA_IS_RESULT_BODY (self), FALSE);

  return self->has_markdown;
}
