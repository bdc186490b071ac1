/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "via-bridge-failed-page.h"

#include "via-format.h"
#include "via-wrap-box.h"

/* Lines of the program's output that are shown; the newest say most. */
#define LOG_LINES 12

struct _ViaBridgeFailedPage
{
  AdwBin       parent_instance;

  GtkLabel    *title;
  GtkLabel    *side;
  GtkLabel    *message;
  GtkLabel    *remedy;
  GtkLabel    *target_title;
  GtkLabel    *target;
  GtkWidget   *log_box;
  GtkLabel    *log;
  GtkWidget   *retry_button;
  GtkWidget   *token_button;
  GtkWidget   *edit_button;
};

G_DEFINE_FINAL_TYPE (ViaBridgeFailedPage, via_bridge_failed_page, ADW_TYPE_BIN)

static void
via_bridge_failed_page_class_init (ViaBridgeFailedPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (VIA_TYPE_WRAP_BOX);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/viaduct/Viaduct/via-bridge-failed-page.ui");
  gtk_widget_class_bind_template_child (widget_class, ViaBridgeFailedPage, title);
  gtk_widget_class_bind_template_child (widget_class, ViaBridgeFailedPage, side);
  gtk_widget_class_bind_template_child (widget_class, ViaBridgeFailedPage, message);
  gtk_widget_class_bind_template_child (widget_class, ViaBridgeFailedPage, remedy);
  gtk_widget_class_bind_template_child (widget_class, ViaBridgeFailedPage, target_title);
  gtk_widget_class_bind_template_child (widget_class, ViaBridgeFailedPage, target);
  gtk_widget_class_bind_template_child (widget_class, ViaBridgeFailedPage, log_box);
  gtk_widget_class_bind_template_child (widget_class, ViaBridgeFailedPage, log);
  gtk_widget_class_bind_template_child (widget_class, ViaBridgeFailedPage, retry_button);
  gtk_widget_class_bind_template_child (widget_class, ViaBridgeFailedPage, token_button);
  gtk_widget_class_bind_template_child (widget_class, ViaBridgeFailedPage, edit_button);
}

static void
via_bridge_failed_page_init (ViaBridgeFailedPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
via_bridge_failed_page_new (void)
{
  return g_object_new (VIA_TYPE_BRIDGE_FAILED_PAGE, NULL);
}

/* A program may have written a book: its last lines are kept. */
static char *
clip_log (const char *log)
{
  const char *start = log + strlen (log);

  for (guint lines = 0; start > log; start--)
    if (start[-1] == '\n' && ++lines > LOG_LINES)
      break;
  return g_utf8_make_valid (start, -1);
}

/* Lines that the message above does not quote already, each of them once. (transfer container) */
static GPtrArray *
find_news (char      **lines,
           const char *message)
{
  GPtrArray *news = g_ptr_array_new ();

  for (guint i = 0; lines[i] != NULL; i++)
    if (*lines[i] != '\0' && strstr (message, lines[i]) == NULL
        && !g_ptr_array_find_with_equal_func (news, lines[i], g_str_equal, NULL))
      g_ptr_array_add (news, lines[i]);
  return news;
}

/* A short log that the message tells nearly whole is not told again; of a longer one no line is left out. (transfer full) */
static char *
format_log (const char *log,
            const char *message)
{
  g_autofree char *clipped = g_strchomp (clip_log (log));
  g_auto(GStrv) lines = g_strsplit (clipped, "\n", -1);
  g_autoptr(GPtrArray) news = find_news (lines, message);

  if (news->len > 1)
    return g_steal_pointer (&clipped);
  return g_strdup (news->len == 1 ? g_ptr_array_index (news, 0) : "");
}

static void
set_label (GtkLabel   *label,
           const char *text)
{
  gtk_label_set_text (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL && *text != '\0');
}

/* The remedy is the button that stands out. */
static void
update_buttons (ViaBridgeFailedPage *self,
                ViaBridge           *bridge)
{
  ViaBridgeConfig *config = via_bridge_get_config (bridge);
  ViaSide side = via_bridge_get_error_side (bridge);
  GtkWidget *remedy = self->retry_button;

  gtk_widget_set_visible (self->token_button, config->auth_token_name != NULL);
  gtk_widget_set_visible (self->edit_button, !config->builtin);
  if (side == VIA_SIDE_AUTHORIZATION && config->auth_token_name != NULL)
    remedy = self->token_button;
  else if (side == VIA_SIDE_CONFIGURATION && !config->builtin)
    remedy = self->edit_button;
  gtk_widget_remove_css_class (self->retry_button, "suggested-action");
  gtk_widget_remove_css_class (self->token_button, "suggested-action");
  gtk_widget_remove_css_class (self->edit_button, "suggested-action");
  gtk_widget_add_css_class (remedy, "suggested-action");
}

void
via_bridge_failed_page_set_bridge (ViaBridgeFailedPage *self,
                                   ViaBridge           *bridge)
{
  const GError *error = via_bridge_get_error (bridge);
  ViaSide side = via_bridge_get_error_side (bridge);
  gboolean is_command = via_bridge_get_config (bridge)->command != NULL;
  g_autofree char *title = NULL;
  g_autofree char *target = via_bridge_config_dup_target (via_bridge_get_config (bridge));
  g_autofree char *log = via_bridge_dup_log (bridge);
  const char *message = error != NULL ? error->message : via_bridge_get_status (bridge);
  g_autofree char *shown_log = format_log (log != NULL ? log : "", message);

  g_return_if_fail (VIA_IS_BRIDGE_FAILED_PAGE (self));
  /* translators: the name of a bridge */
  title = g_strdup_printf (_("Could Not Connect to “%s”"), via_bridge_get_name (bridge));
  gtk_label_set_text (self->title, title);
  gtk_label_set_text (self->side, via_format_side_title (side));
  set_label (self->message, message);
  set_label (self->remedy, via_format_side_remedy (side, is_command));
  gtk_label_set_text (self->target_title, is_command ? C_("failed page", "Command") : C_("failed page", "Address"));
  gtk_label_set_text (self->target, target);
  gtk_label_set_text (self->log, shown_log);
  gtk_widget_set_visible (self->log_box, *shown_log != '\0');
  update_buttons (self, bridge);
}
