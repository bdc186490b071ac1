/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-app"

#include "config.h"

#include <string.h>

#include <gtk/gtk.h>

#include "via-text-lines.h"

/* Characters without width could make a row of any length. */
#define ROW_BYTES_MAX 4096
#define TAB_COLUMNS 8

struct _ViaTextLines
{
  GObject  parent_instance;

  GBytes  *text;
  GArray  *starts; /* guint32: where each row begins, and the end of the text */
  guint    n_lines;
};

static void
via_text_lines_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ViaTextLines, via_text_lines, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, via_text_lines_list_model_init))

static GType
via_text_lines_get_item_type (GListModel *model)
{
  return GTK_TYPE_STRING_OBJECT;
}

static guint
via_text_lines_get_n_items (GListModel *model)
{
  return VIA_TEXT_LINES (model)->starts->len - 1;
}

static gpointer
via_text_lines_get_item (GListModel *model,
                         guint       position)
{
  ViaTextLines *self = VIA_TEXT_LINES (model);
  const char *text = g_bytes_get_data (self->text, NULL);
  g_autofree char *row = NULL;
  gsize start, end;

  if (position >= self->starts->len - 1)
    return NULL;
  start = g_array_index (self->starts, guint32, position);
  end = g_array_index (self->starts, guint32, position + 1);
  while (end > start && (text[end - 1] == '\n' || text[end - 1] == '\r'))
    end--;
  row = g_strndup (text + start, end - start);
  return gtk_string_object_new (row);
}

static void
via_text_lines_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = via_text_lines_get_item_type;
  iface->get_n_items = via_text_lines_get_n_items;
  iface->get_item = via_text_lines_get_item;
}

static void
via_text_lines_finalize (GObject *object)
{
  ViaTextLines *self = VIA_TEXT_LINES (object);

  g_clear_pointer (&self->text, g_bytes_unref);
  g_clear_pointer (&self->starts, g_array_unref);

  G_OBJECT_CLASS (via_text_lines_parent_class)->finalize (object);
}

static void
via_text_lines_class_init (ViaTextLinesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = via_text_lines_finalize;
}

static void
via_text_lines_init (ViaTextLines *self)
{
  self->starts = g_array_new (FALSE, FALSE, sizeof (guint32));
}

/* Columns that the character at @text takes; its bytes go to @bytes. */
static guint
measure (const char *text,
         guint       column,
         gsize      *bytes)
{
  gunichar character;

  if ((guchar) *text < 0x80)
    {
      *bytes = 1;
      return *text == '\t' ? TAB_COLUMNS - column % TAB_COLUMNS : 1;
    }
  *bytes = (gsize) (g_utf8_next_char (text) - text);
  character = g_utf8_get_char (text);
  if (g_unichar_iszerowidth (character))
    return 0;
  return g_unichar_iswide (character) ? 2 : 1;
}

/* Breaks the line from @start to before @end, which is its newline or the end of the text. */
static void
break_line (ViaTextLines *self,
            const char   *text,
            gsize         start,
            gsize         end,
            guint         columns)
{
  guint32 row = (guint32) start;
  guint column = 0;

  g_array_append_val (self->starts, row);
  if (columns == 0 || end - start <= MIN (columns / TAB_COLUMNS, ROW_BYTES_MAX))
    return;
  for (gsize at = start; at < end;)
    {
      gsize bytes;
      guint width = measure (text + at, column, &bytes);

      if (at > row && (column + width > columns || at + bytes - row > ROW_BYTES_MAX))
        {
          row = (guint32) at;
          column = 0;
          g_array_append_val (self->starts, row);
          width = measure (text + at, column, &bytes);
        }
      column += width;
      at += bytes;
    }
}

ViaTextLines *
via_text_lines_new (GBytes *bytes,
                    guint   columns)
{
  ViaTextLines *self = g_object_new (VIA_TYPE_TEXT_LINES, NULL);
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);
  guint32 end_of_text = (guint32) length;

  self->text = g_bytes_ref (bytes);
  for (gsize start = 0; start < length;)
    {
      const char *newline = memchr (text + start, '\n', length - start);
      gsize end = newline != NULL ? (gsize) (newline - text) : length;

      break_line (self, text, start, end, columns);
      self->n_lines++;
      start = end + 1;
    }
  g_array_append_val (self->starts, end_of_text);
  return self;
}

guint
via_text_lines_get_n_lines (ViaTextLines *self)
{
  g_return_val_if_fail (VIA_IS_TEXT_LINES (self), 0);

  return self->n_lines;
}

gsize
via_text_lines_get_offset (ViaTextLines *self,
                           guint         index)
{
  g_return_val_if_fail (VIA_IS_TEXT_LINES (self), 0);

  return g_array_index (self->starts, guint32, MIN (index, self->starts->len - 1));
}

guint
via_text_lines_find (ViaTextLines *self,
                     gsize         offset)
{
  guint low = 0, high;

  g_return_val_if_fail (VIA_IS_TEXT_LINES (self), 0);

  high = self->starts->len - 1;
  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (self->starts, guint32, middle) <= offset)
        low = middle;
      else
        high = middle;
    }
  return low;
}

typedef struct
{
  GBytes *text;
  guint   columns;
} Job;

static void
job_free (Job *job)
{
  g_bytes_unref (job->text);
  g_free (job);
}

static void
new_thread (GTask        *task,
            gpointer      source,
            gpointer      data,
            GCancellable *cancellable)
{
  Job *job = data;

  g_task_return_pointer (task, via_text_lines_new (job->text, job->columns), g_object_unref);
}

void
via_text_lines_new_async (GBytes              *text,
                          guint                columns,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->text = g_bytes_ref (text);
  job->columns = columns;
  g_task_set_source_tag (task, via_text_lines_new_async);
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  g_task_run_in_thread (task, new_thread);
}

ViaTextLines *
via_text_lines_new_finish (GAsyncResult  *result,
                           GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
