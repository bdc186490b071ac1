/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "config/via-config-private.h"
#include "config/via-config-problem.h"
#include "config/via-config-splice.h"

#define DEFAULT_STEP 2

static gboolean
read_again (ViaConfigSplice  *self,
            GError          **error)
{
  g_autoptr(GPtrArray) problems = via_config_problems_new ();

  via_config_tree_clear (&self->tree);
  if (via_config_tree_read (&self->tree, self->text->str, self->text->len, problems))
    return TRUE;
  g_set_error (error, VIA_CONFIG_ERROR, VIA_CONFIG_ERROR_INVALID,
               _("“%s” is written in a way that cannot be changed safely here. Please edit it by hand."), self->file_name);
  return FALSE;
}

gboolean
via_config_splice_init (ViaConfigSplice  *self,
                        ViaConfig        *config,
                        GError          **error)
{
  const char *first;

  self->text = g_string_new_len (via_config_get_text (config), via_config_get_length (config));
  self->file_name = via_config_get_file_name (config);
  first = strchr (self->text->str, '\n');
  self->newline = first != NULL && first > self->text->str && first[-1] == '\r' ? "\r\n" : "\n";
  return read_again (self, error);
}

void
via_config_splice_clear (ViaConfigSplice *self)
{
  via_config_tree_clear (&self->tree);
  if (self->text != NULL)
    g_string_free (g_steal_pointer (&self->text), TRUE);
}

ViaConfigNode *
via_config_splice_find (ViaConfigSplice   *self,
                        const char *const *path)
{
  ViaConfigNode *node = self->tree.root;

  for (; node != NULL && *path != NULL; path++)
    node = via_config_node_get (node, *path);
  return node;
}

gboolean
via_config_splice_refuse (ViaConfigSplice      *self,
                          const ViaConfigNode  *node,
                          GError              **error)
{
  g_set_error (error, VIA_CONFIG_ERROR, VIA_CONFIG_ERROR_INVALID,
               _("Line %u of “%s” is written in a way that cannot be changed safely here. Please edit it by hand."),
               node->line, self->file_name);
  return FALSE;
}

gboolean
via_config_splice_replace (ViaConfigSplice  *self,
                           gsize             start,
                           gsize             end,
                           const char       *text,
                           GError          **error)
{
  g_assert (start <= end && end <= self->text->len);

  g_string_erase (self->text, start, end - start);
  g_string_insert (self->text, start, text);
  return read_again (self, error);
}

gboolean
via_config_splice_value (ViaConfigSplice      *self,
                         const ViaConfigNode  *node,
                         const char           *text,
                         GError              **error)
{
  g_autofree char *spaced = NULL;

  if (node->start < node->end)
    return via_config_splice_replace (self, node->start, node->end, text, error);
  /* Nothing stands behind the colon. */
  if (node->start == 0 || self->text->str[node->start - 1] != ':')
    return via_config_splice_refuse (self, node, error);
  spaced = g_strconcat (" ", text, NULL);
  return via_config_splice_replace (self, node->start, node->end, spaced, error);
}

gsize
via_config_splice_line_start (ViaConfigSplice *self,
                              gsize            at)
{
  while (at > 0 && self->text->str[at - 1] != '\n')
    at--;
  return at;
}

gsize
via_config_splice_line_end (ViaConfigSplice *self,
                            gsize            at)
{
  while (at < self->text->len && self->text->str[at] != '\n')
    at++;
  return MIN (at + 1, self->text->len);
}

gboolean
via_config_splice_is_blank_line (ViaConfigSplice *self,
                                 gsize            start)
{
  const char *line = self->text->str + start;
  gsize width = strspn (line, " \t\r");

  return start < self->text->len && (line[width] == '\n' || line[width] == '\0');
}

static ViaConfigNode *
entry_head (const ViaConfigNode *container,
            guint                index)
{
  return g_ptr_array_index (container->kind == VIA_NODE_MAPPING ? container->keys : container->values, index);
}

static gsize
entry_words_end (const ViaConfigNode *container,
                 guint                index)
{
  const ViaConfigNode *head = entry_head (container, index);
  const ViaConfigNode *value = g_ptr_array_index (container->values, index);

  return MAX (head->end, value->end);
}

/* The column (from 0) in which the entries of a block begin. */
static guint
entry_indent (const ViaConfigNode *container)
{
  return container->kind == VIA_NODE_MAPPING ? entry_head (container, 0)->column - 1 : container->column - 1;
}

gsize
via_config_splice_entry_end (ViaConfigSplice     *self,
                             const ViaConfigNode *container,
                             guint                index)
{
  guint indent = entry_indent (container);
  gsize end = entry_words_end (container, index);

  if (end == 0 || self->text->str[end - 1] != '\n') /* a text that keeps its blank lines ends with one */
    end = via_config_splice_line_end (self, end);
  while (end < self->text->len)
    {
      const char *line = self->text->str + end;
      gsize width = strspn (line, " ");

      if (line[width] != '#' || width <= indent)
        break;
      end = via_config_splice_line_end (self, end);
    }
  return end;
}

/* Where the line of a block entry begins; FALSE unless only spaces (and the “- ” of a list) stand before it. */
static gboolean
find_entry_line (ViaConfigSplice      *self,
                 const ViaConfigNode  *container,
                 guint                 index,
                 gsize                *start,
                 GError              **error)
{
  const ViaConfigNode *head = entry_head (container, index);
  const char *line;
  gsize width;

  *start = via_config_splice_line_start (self, head->start);
  line = self->text->str + *start;
  width = strspn (line, " ");
  if (width == entry_indent (container))
    {
      if (container->kind == VIA_NODE_MAPPING && *start + width == head->start)
        return TRUE;
      if (container->kind == VIA_NODE_SEQUENCE && line[width] == '-'
          && *start + width + 1 + strspn (line + width + 1, " ") == head->start)
        return TRUE;
    }
  return via_config_splice_refuse (self, head, error);
}

static gboolean
remove_from_block (ViaConfigSplice      *self,
                   const ViaConfigNode  *container,
                   guint                 index,
                   gboolean              blank,
                   GError              **error)
{
  gsize start, end = via_config_splice_entry_end (self, container, index);

  if (!find_entry_line (self, container, index, &start, error))
    return FALSE;
  if (blank && via_config_splice_is_blank_line (self, end)
      && (index == 0 || (start > 0 && via_config_splice_is_blank_line (self, via_config_splice_line_start (self, start - 1)))))
    end = via_config_splice_line_end (self, end);
  return via_config_splice_replace (self, start, end, "", error);
}

/* Between two entries in braces: white space and a comma, or something (a comment) that would be lost. */
static gboolean
is_separator (ViaConfigSplice *self,
              gsize            start,
              gsize            end)
{
  for (; start < end; start++)
    if (strchr (" \t\r\n,", self->text->str[start]) == NULL)
      return FALSE;
  return TRUE;
}

static gboolean
remove_from_flow (ViaConfigSplice      *self,
                  const ViaConfigNode  *container,
                  guint                 index,
                  GError              **error)
{
  gsize start = entry_head (container, index)->start, end = entry_words_end (container, index);

  if (index + 1 < container->values->len)
    {
      gsize next = entry_head (container, index + 1)->start;

      if (!is_separator (self, end, next))
        return via_config_splice_refuse (self, container, error);
      end = next;
    }
  else if (index > 0)
    {
      gsize previous = entry_words_end (container, index - 1);

      if (!is_separator (self, previous, start))
        return via_config_splice_refuse (self, container, error);
      start = previous;
    }
  else
    {
      gsize comma = end + strspn (self->text->str + end, " \t\r\n");

      if (self->text->str[comma] == ',')
        end = comma + 1;
    }
  return via_config_splice_replace (self, start, end, "", error);
}

gboolean
via_config_splice_remove (ViaConfigSplice      *self,
                          const ViaConfigNode  *container,
                          guint                 index,
                          gboolean              blank,
                          GError              **error)
{
  if (container->flow)
    return remove_from_flow (self, container, index, error);
  return remove_from_block (self, container, index, blank, error);
}

static gboolean
insert_into_block (ViaConfigSplice      *self,
                   const ViaConfigNode  *container,
                   guint                 index,
                   const char           *lines,
                   GError              **error)
{
  g_autofree char *text = NULL;
  gsize at;

  if (index < container->values->len)
    {
      if (!find_entry_line (self, container, index, &at, error))
        return FALSE;
      return via_config_splice_replace (self, at, at, lines, error);
    }
  at = via_config_splice_entry_end (self, container, container->values->len - 1);
  if (at > 0 && self->text->str[at - 1] == '\n')
    return via_config_splice_replace (self, at, at, lines, error);
  /* The last line has no end: give it one, and leave the new last line without. */
  text = g_strconcat (self->newline, lines, NULL);
  text[strlen (text) - strlen (self->newline)] = '\0';
  return via_config_splice_replace (self, at, at, text, error);
}

static gboolean
insert_into_flow (ViaConfigSplice      *self,
                  const ViaConfigNode  *container,
                  guint                 index,
                  const char           *words,
                  GError              **error)
{
  g_autofree char *text = NULL;
  gsize at;

  if (container->values->len == 0)
    return via_config_splice_replace (self, container->start + 1, container->start + 1, words, error);
  if (index < container->values->len)
    {
      at = entry_head (container, index)->start;
      text = g_strconcat (words, ", ", NULL);
    }
  else
    {
      at = entry_words_end (container, container->values->len - 1);
      text = g_strconcat (", ", words, NULL);
    }
  return via_config_splice_replace (self, at, at, text, error);
}

gboolean
via_config_splice_insert (ViaConfigSplice      *self,
                          const ViaConfigNode  *container,
                          guint                 index,
                          const char           *lines,
                          const char           *words,
                          GError              **error)
{
  if (container->flow)
    return insert_into_flow (self, container, index, words, error);
  return insert_into_block (self, container, index, lines, error);
}

gboolean
via_config_splice_layout (ViaConfigSplice      *self,
                          const ViaConfigNode  *container,
                          ViaConfigLayout      *layout,
                          GError              **error)
{
  gsize start;

  layout->newline = self->newline;
  layout->step = DEFAULT_STEP;
  if (!find_entry_line (self, container, 0, &start, error))
    return FALSE;
  layout->indent = entry_indent (container);
  for (guint i = 0; container->kind == VIA_NODE_MAPPING && i < container->values->len; i++)
    {
      const ViaConfigNode *value = g_ptr_array_index (container->values, i);

      if (value->kind == VIA_NODE_MAPPING && !value->flow && value->column > layout->indent + 1)
        {
          layout->step = value->column - 1 - layout->indent;
          break;
        }
    }
  return TRUE;
}
