/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <glib/gi18n.h>

#include "via-problems-card.h"

#define MAX_LINES 5

struct _ViaProblemsCard
{
  AdwBin    parent_instance;

  GtkLabel *title;
  GtkLabel *lines;
};

G_DEFINE_FINAL_TYPE (ViaProblemsCard, via_problems_card, ADW_TYPE_BIN)

static void
via_problems_card_class_init (ViaProblemsCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/viaduct/Viaduct/via-problems-card.ui");
  gtk_widget_class_bind_template_child (widget_class, ViaProblemsCard, title);
  gtk_widget_class_bind_template_child (widget_class, ViaProblemsCard, lines);
}

static void
via_problems_card_init (ViaProblemsCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Warnings alone do not keep a file from being used; then nothing needs saying. */
static guint
count_errors (GPtrArray *problems)
{
  guint n_errors = 0;

  for (guint i = 0; i < problems->len; i++)
    n_errors += !((ViaConfigProblem *) g_ptr_array_index (problems, i))->warning;
  return n_errors;
}

static char *
list_errors (GPtrArray  *problems,
             const char *file_name,
             guint       n_errors)
{
  GString *text = g_string_new (NULL);
  guint n_shown = 0;

  for (guint i = 0; i < problems->len && n_shown < MAX_LINES; i++)
    {
      const ViaConfigProblem *problem = g_ptr_array_index (problems, i);
      g_autofree char *line = NULL;

      if (problem->warning)
        continue;
      line = via_config_problem_to_string (problem, file_name);
      g_string_append_printf (text, "%s%s", n_shown++ > 0 ? "\n" : "", line);
    }
  if (n_errors > n_shown)
    g_string_append_printf (text, ngettext ("\n… and %u more", "\n… and %u more", n_errors - n_shown), n_errors - n_shown);
  return g_string_free (text, FALSE);
}

void
via_problems_card_set_file (ViaProblemsCard *self,
                            ViaConfigFile   *file)
{
  GPtrArray *problems = via_config_file_get_problems (file);
  guint n_errors = count_errors (problems);
  g_autofree char *file_name = g_path_get_basename (via_config_file_get_path (file));
  g_autofree char *lines = NULL;

  g_return_if_fail (VIA_IS_PROBLEMS_CARD (self));
  gtk_widget_set_visible (GTK_WIDGET (self), n_errors > 0);
  if (n_errors == 0)
    return;
  lines = list_errors (problems, file_name, n_errors);
  gtk_label_set_text (self->lines, lines);
  gtk_label_set_text (self->title, via_config_get_n_bridges (via_config_file_get_config (file)) > 0
                                     ? _("The configuration file has mistakes; the last good one is still in use")
                                     : _("The configuration file has mistakes and cannot be used yet"));
}
