/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-app"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "via-description.h"
#include "via-markdown.h"
#include "via-tool-head.h"
#include "via-wrap-box.h"

#define DESCRIPTION_CHARS 360 /* about four lines; more is opened by a button */

struct _ViaToolHead
{
  AdwBin           parent_instance;

  /* template children */
  GtkLabel        *title;
  GtkWidget       *name_line;
  GtkLabel        *name;
  GtkWidget       *read_only;
  GtkWidget       *destructive;
  GtkWidget       *open_world;
  GtkDropDown     *modes_menu;
  GtkLabel        *description;
  GtkToggleButton *more;

  ViaTool         *tool;
  gboolean         title_hidden;
  gboolean         setting;
};

G_DEFINE_FINAL_TYPE (ViaToolHead, via_tool_head, ADW_TYPE_BIN)

/* The first paragraph, cut between words where it is long. NULL when that is all there is. */
static char *
dup_beginning (const char *text)
{
  const char *paragraph = strstr (text, "\n\n");
  gsize length = paragraph != NULL ? (gsize) (paragraph - text) : strlen (text);
  const char *cut;

  if (g_utf8_strlen (text, (gssize) length) <= DESCRIPTION_CHARS)
    return paragraph != NULL ? g_strndup (text, length) : NULL;

  cut = g_utf8_offset_to_pointer (text, DESCRIPTION_CHARS);
  while (cut > text && !g_ascii_isspace (*cut))
    cut--;
  if (cut == text)
    cut = g_utf8_offset_to_pointer (text, DESCRIPTION_CHARS);
  return g_strdup_printf ("%.*s …", (int) (cut - text), text);
}

static void
more_toggled_cb (ViaToolHead *self)
{
  gboolean all = gtk_toggle_button_get_active (self->more);
  g_autofree char *text = g_strstrip (g_strdup (via_tool_get_description (self->tool)));
  g_autofree char *beginning = all ? NULL : dup_beginning (text);
  g_autofree char *markup = via_description_to_markup (beginning != NULL ? beginning : text);

  gtk_label_set_markup (self->description, markup);
  gtk_button_set_label (GTK_BUTTON (self->more), all ? _("Show Less") : _("Show More"));
}

static gboolean
activate_link_cb (ViaToolHead *self,
                  const char  *uri)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (via_markdown_may_open (uri) && GTK_IS_WINDOW (root))
    gtk_show_uri (GTK_WINDOW (root), uri, GDK_CURRENT_TIME);
  return TRUE; /* GTK would open any scheme */
}

static void
mode_selected_cb (ViaToolHead *self)
{
  static const char *views[] = { "form", "json", "command" };
  guint selected = gtk_drop_down_get_selected (self->modes_menu);

  if (!self->setting && selected < G_N_ELEMENTS (views))
    gtk_widget_activate_action (GTK_WIDGET (self), "tool.view", "s", views[selected]);
}

static void
update (ViaToolHead *self)
{
  const char *name = via_tool_get_name (self->tool);
  const char *title = via_tool_get_title (self->tool);
  g_autofree char *description = g_strstrip (g_strdup (via_tool_get_description (self->tool)));
  g_autofree char *beginning = NULL;
  gboolean same = strcmp (name, title) == 0;
  gboolean badges = via_tool_is_read_only (self->tool) || via_tool_is_destructive (self->tool)
                    || via_tool_is_open_world (self->tool);

  gtk_label_set_label (self->title, title);
  gtk_widget_set_visible (GTK_WIDGET (self->title), !self->title_hidden);
  gtk_label_set_label (self->name, name);
  gtk_widget_set_visible (GTK_WIDGET (self->name), self->title_hidden || !same);
  gtk_widget_set_visible (self->name_line, self->title_hidden || !same || badges);
  gtk_widget_set_visible (self->read_only, via_tool_is_read_only (self->tool));
  gtk_widget_set_visible (self->destructive, via_tool_is_destructive (self->tool));
  gtk_widget_set_visible (self->open_world, via_tool_is_open_world (self->tool));

  gtk_widget_set_visible (GTK_WIDGET (self->description), *description != '\0');
  beginning = dup_beginning (description);
  gtk_widget_set_visible (GTK_WIDGET (self->more), beginning != NULL);
  gtk_toggle_button_set_active (self->more, FALSE);
  more_toggled_cb (self);
}

static void
via_tool_head_dispose (GObject *object)
{
  ViaToolHead *self = VIA_TOOL_HEAD (object);

  g_clear_object (&self->tool);

  G_OBJECT_CLASS (via_tool_head_parent_class)->dispose (object);
}

static void
via_tool_head_class_init (ViaToolHeadClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = via_tool_head_dispose;

  g_type_ensure (VIA_TYPE_WRAP_BOX);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/viaduct/Viaduct/via-tool-head.ui");
  gtk_widget_class_bind_template_child (widget_class, ViaToolHead, title);
  gtk_widget_class_bind_template_child (widget_class, ViaToolHead, name_line);
  gtk_widget_class_bind_template_child (widget_class, ViaToolHead, name);
  gtk_widget_class_bind_template_child (widget_class, ViaToolHead, read_only);
  gtk_widget_class_bind_template_child (widget_class, ViaToolHead, destructive);
  gtk_widget_class_bind_template_child (widget_class, ViaToolHead, open_world);
  gtk_widget_class_bind_template_child (widget_class, ViaToolHead, modes_menu);
  gtk_widget_class_bind_template_child (widget_class, ViaToolHead, description);
  gtk_widget_class_bind_template_child (widget_class, ViaToolHead, more);
  gtk_widget_class_bind_template_callback (widget_class, activate_link_cb);
  gtk_widget_class_bind_template_callback (widget_class, more_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, mode_selected_cb);
}

static void
via_tool_head_init (ViaToolHead *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
via_tool_head_new (void)
{
  return g_object_new (VIA_TYPE_TOOL_HEAD, NULL);
}

void
via_tool_head_set_tool (ViaToolHead *self,
                        ViaTool     *tool)
{
  g_return_if_fail (VIA_IS_TOOL_HEAD (self));

  if (g_set_object (&self->tool, tool) && tool != NULL)
    update (self);
}

void
via_tool_head_set_title_visible (ViaToolHead *self,
                                 gboolean     visible)
{
  g_return_if_fail (VIA_IS_TOOL_HEAD (self));

  self->title_hidden = !visible;
  if (self->tool != NULL)
    update (self);
}

void
via_tool_head_set_view (ViaToolHead *self,
                        guint        view)
{
  g_return_if_fail (VIA_IS_TOOL_HEAD (self));

  self->setting = TRUE;
  gtk_drop_down_set_selected (self->modes_menu, view);
  self->setting = FALSE;
}
