/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <glib/gi18n.h>

#include "via-welcome-page.h"

struct _ViaWelcomePage
{
  AdwBin         parent_instance;

  AdwStatusPage *page;
  GtkWidget     *demo_button;
  GtkWidget     *ways;

  guint          focus_source;
};

G_DEFINE_FINAL_TYPE (ViaWelcomePage, via_welcome_page, ADW_TYPE_BIN)

static gboolean
focus_cb (gpointer data)
{
  ViaWelcomePage *self = data;

  self->focus_source = 0;
  gtk_widget_grab_focus (self->demo_button);
  return G_SOURCE_REMOVE;
}

/* Enter opens the demo. The stack and the window around the page move the focus on while they map it, so this is after. */
static void
via_welcome_page_map (GtkWidget *widget)
{
  ViaWelcomePage *self = VIA_WELCOME_PAGE (widget);

  GTK_WIDGET_CLASS (via_welcome_page_parent_class)->map (widget);
  if (self->focus_source == 0)
    self->focus_source = g_idle_add_full (G_PRIORITY_HIGH_IDLE, focus_cb, self, NULL);
}

static void
via_welcome_page_unmap (GtkWidget *widget)
{
  g_clear_handle_id (&VIA_WELCOME_PAGE (widget)->focus_source, g_source_remove);
  GTK_WIDGET_CLASS (via_welcome_page_parent_class)->unmap (widget);
}

static void
via_welcome_page_class_init (ViaWelcomePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->map = via_welcome_page_map;
  widget_class->unmap = via_welcome_page_unmap;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/viaduct/Viaduct/via-welcome-page.ui");
  gtk_widget_class_bind_template_child (widget_class, ViaWelcomePage, page);
  gtk_widget_class_bind_template_child (widget_class, ViaWelcomePage, demo_button);
  gtk_widget_class_bind_template_child (widget_class, ViaWelcomePage, ways);
}

static void
via_welcome_page_init (ViaWelcomePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  via_welcome_page_set_broken (self, FALSE);
}

GtkWidget *
via_welcome_page_new (void)
{
  return g_object_new (VIA_TYPE_WELCOME_PAGE, NULL);
}

void
via_welcome_page_set_broken (ViaWelcomePage *self,
                             gboolean        broken)
{
  g_return_if_fail (VIA_IS_WELCOME_PAGE (self));
  adw_status_page_set_icon_name (self->page, broken ? "document-edit-symbolic" : "io.github.viaduct.Viaduct");
  adw_status_page_set_title (self->page, broken ? _("Your Bridges Could Not Be Read") : _("Welcome to Viaduct"));
  adw_status_page_set_description (self->page,
                                   broken ? _("Nothing in the file was changed. Correct what is listed above and save it: "
                                              "the bridges appear at once.")
                                          : _("Connect a bridge to an MCP server, try its tools, and read what they "
                                              "answer."));
  /* A bridge cannot be added to a file that cannot be read. */
  gtk_widget_set_visible (self->ways, !broken);
  if (broken)
    gtk_widget_remove_css_class (self->demo_button, "suggested-action");
  else
    gtk_widget_add_css_class (self->demo_button, "suggested-action");
}
