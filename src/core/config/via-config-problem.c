/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "config/via-config-problem.h"

#define PROBLEMS_MAX 200
#define WORD_BYTES_MAX 40 /* longer words are no typing mistakes of ours */
#define MISTAKES_MAX 2

static void
problem_free (gpointer data)
{
  ViaConfigProblem *problem = data;

  g_free (problem->key);
  g_free (problem->message);
  g_free (problem);
}

GPtrArray *
via_config_problems_new (void)
{
  return g_ptr_array_new_with_free_func (problem_free);
}

void
via_config_problems_add (GPtrArray  *problems,
                         gboolean    warning,
                         guint       line,
                         guint       column,
                         const char *key,
                         const char *format,
                         ...)
{
  ViaConfigProblem *problem;
  va_list arguments;

  if (problems->len >= PROBLEMS_MAX && (warning || via_config_problems_has_errors (problems)))
    return;
  problem = g_new0 (ViaConfigProblem, 1);
  problem->warning = warning;
  problem->line = line;
  problem->column = column;
  problem->key = g_strdup (key);
  va_start (arguments, format);
  problem->message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_ptr_array_add (problems, problem);
}

gboolean
via_config_problems_has_errors (GPtrArray *problems)
{
  for (guint i = 0; i < problems->len; i++)
    {
      const ViaConfigProblem *problem = g_ptr_array_index (problems, i);

      if (!problem->warning)
        return TRUE;
    }
  return FALSE;
}

gboolean
via_config_problems_equal (GPtrArray *a,
                           GPtrArray *b)
{
  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    {
      const ViaConfigProblem *left = g_ptr_array_index (a, i);
      const ViaConfigProblem *right = g_ptr_array_index (b, i);

      if (left->warning != right->warning || left->line != right->line || left->column != right->column
          || !g_str_equal (left->key, right->key) || !g_str_equal (left->message, right->message))
        return FALSE;
    }
  return TRUE;
}

static int
compare_places (gconstpointer a,
                gconstpointer b)
{
  const ViaConfigProblem *left = *(ViaConfigProblem *const *) a;
  const ViaConfigProblem *right = *(ViaConfigProblem *const *) b;

  if (left->line != right->line)
    return left->line < right->line ? -1 : 1;
  if (left->column != right->column)
    return left->column < right->column ? -1 : 1;
  return 0;
}

void
via_config_problems_sort (GPtrArray *problems)
{
  g_ptr_array_sort (problems, compare_places);
}

char *
via_config_problem_to_string (const ViaConfigProblem *problem,
                              const char             *file_name)
{
  GString *text = g_string_new (file_name);

  if (problem->line > 0)
    g_string_append_printf (text, ":%u:%u", problem->line, problem->column);
  g_string_append (text, ": ");
  if (*problem->key != '\0')
    g_string_append_printf (text, "%s: ", problem->key);
  g_string_append (text, problem->message);
  return g_string_free (text, FALSE);
}

GError *
via_config_problems_to_error (GPtrArray  *problems,
                              const char *file_name)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < problems->len; i++)
    {
      const ViaConfigProblem *problem = g_ptr_array_index (problems, i);
      g_autofree char *line = NULL;

      if (problem->warning)
        continue;
      line = via_config_problem_to_string (problem, file_name);
      if (text->len > 0)
        g_string_append_c (text, '\n');
      g_string_append (text, line);
    }
  return g_error_new_literal (VIA_CONFIG_ERROR, VIA_CONFIG_ERROR_INVALID, text->str);
}

/* How many letters are wrong, missing, too many or swapped with their neighbour. */
static guint
count_mistakes (const char *a,
                const char *b)
{
  gsize rows = strlen (a), columns = strlen (b);
  guint cost[WORD_BYTES_MAX + 1][WORD_BYTES_MAX + 1];

  for (gsize i = 0; i <= rows; i++)
    cost[i][0] = i;
  for (gsize j = 0; j <= columns; j++)
    cost[0][j] = j;
  for (gsize i = 1; i <= rows; i++)
    for (gsize j = 1; j <= columns; j++)
      {
        guint best = cost[i - 1][j - 1] + (a[i - 1] != b[j - 1]);

        best = MIN (best, cost[i - 1][j] + 1);
        best = MIN (best, cost[i][j - 1] + 1);
        if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
          best = MIN (best, cost[i - 2][j - 2] + 1);
        cost[i][j] = best;
      }
  return cost[rows][columns];
}

const char *
via_config_did_you_mean (const char        *word,
                         const char *const *choices)
{
  g_autofree char *folded = NULL;
  const char *found = NULL;
  guint least = MISTAKES_MAX + 1;
  gsize length = strlen (word);

  if (length < 2 || length > WORD_BYTES_MAX)
    return NULL;
  /* “auth-type” and “authType” are as near as “auth_typ”. */
  folded = g_ascii_strdown (word, -1);
  g_strdelimit (folded, "- ", '_');
  for (guint i = 0; choices[i] != NULL; i++)
    {
      guint mistakes;

      if (strlen (choices[i]) > WORD_BYTES_MAX)
        continue;
      mistakes = count_mistakes (folded, choices[i]);
      if (mistakes < least && mistakes < strlen (choices[i]))
        {
          least = mistakes;
          found = choices[i];
        }
    }
  return found;
}
