/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-app"

#include "config.h"

#include <glib/gi18n.h>

#include "via-result-table.h"

/* The last row is cut on purpose: that says that there is more to scroll to. */
#define HEIGHT_MAX 252
/* Each column costs a cell in every row that has widgets. What has more members is a document, not a table. */
#define COLUMNS_MAX 16
/* Sorting keeps an object of every row. */
#define SORTED_ROWS_MAX 20000
#define CELL_CHARS_MAX 40
#define ROWS_PROBED 100
/* GTK 4.8 makes widgets for up to 200 rows at once, whatever can be seen; a frame gets as many as it has time for. */
#define ROWS_AT_ONCE 200
#define CELLS_A_FRAME 100

struct _ViaResultTable
{
  AdwBin             parent_instance;

  GtkColumnView     *view;
  GtkSliceListModel *slice;         /* owned by the view: the rows that have come so far */
  guint              rows_a_frame;
};

G_DEFINE_FINAL_TYPE (ViaResultTable, via_result_table, ADW_TYPE_BIN)

typedef struct
{
  char     *key;
  gboolean  numeric;
  guint     chars; /* that its cells are wide: a label in each would be measured, and there are a thousand of them */
} Column;

static void
column_free (gpointer data)
{
  Column *column = data;

  g_free (column->key);
  g_free (column);
}

static void
column_closure_free (gpointer  data,
                     GClosure *closure)
{
  column_free (data);
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *item,
          Column                   *column)
{
  GtkWidget *cell = gtk_inscription_new (NULL);

  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (cell), GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_inscription_set_min_chars (GTK_INSCRIPTION (cell), 0);
  gtk_inscription_set_nat_chars (GTK_INSCRIPTION (cell), column->chars);
  gtk_inscription_set_xalign (GTK_INSCRIPTION (cell), column->numeric ? 1 : 0);
  if (column->numeric)
    gtk_widget_add_css_class (cell, "numeric");
  gtk_list_item_set_child (item, cell);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *item,
         Column                   *column)
{
  g_autofree char *cell = via_json_row_dup_cell (gtk_list_item_get_item (item), column->key);

  gtk_inscription_set_text (GTK_INSCRIPTION (gtk_list_item_get_child (item)), cell);
}

static int
compare_kinds (ViaJsonValue a,
               ViaJsonValue b)
{
  return (int) via_json_value_get_json_type (a) - (int) via_json_value_get_json_type (b);
}

/* Numbers by value, strings as people sort them, kinds apart, so that a mixed column keeps an order. */
static int
compare (gconstpointer item_a,
         gconstpointer item_b,
         gpointer      user_data)
{
  Column *column = user_data;
  ViaJsonValue a = via_json_value_get_member (via_json_row_get_value ((ViaJsonRow *) item_a), column->key);
  ViaJsonValue b = via_json_value_get_member (via_json_row_get_value ((ViaJsonRow *) item_b), column->key);
  double number_a, number_b;
  g_autofree char *cell_a = NULL;
  g_autofree char *cell_b = NULL;

  if (compare_kinds (a, b) != 0)
    return compare_kinds (a, b);
  if (via_json_value_get_double (a, &number_a) && via_json_value_get_double (b, &number_b))
    return (number_a > number_b) - (number_a < number_b);
  cell_a = via_json_row_dup_cell ((ViaJsonRow *) item_a, column->key);
  cell_b = via_json_row_dup_cell ((ViaJsonRow *) item_b, column->key);
  return g_utf8_collate (cell_a, cell_b);
}

static guint
count_chars (ViaJsonRow *row,
             const char *key)
{
  g_autofree char *cell = via_json_row_dup_cell (row, key);
  guint n = 0;

  for (const char *c = cell; *c != '\0'; c = g_utf8_next_char (c))
    n += g_unichar_iswide (g_utf8_get_char (c)) ? 2 : 1;
  return MIN (n, CELL_CHARS_MAX);
}

/* The first rows say what a column holds. */
static Column
probe_column (ViaJsonRows *rows,
              const char  *key)
{
  Column column = { (char *) key, FALSE, (guint) MIN (g_utf8_strlen (key, -1), CELL_CHARS_MAX) };
  guint n = MIN (g_list_model_get_n_items (G_LIST_MODEL (rows)), ROWS_PROBED);
  guint n_numbers = 0;
  guint n_others = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(ViaJsonRow) row = g_list_model_get_item (G_LIST_MODEL (rows), i);
      ViaJsonType type = via_json_value_get_json_type (via_json_value_get_member (via_json_row_get_value (row), key));

      column.chars = MAX (column.chars, count_chars (row, key));
      n_numbers += type == VIA_JSON_NUMBER;
      n_others += type != VIA_JSON_NUMBER && type != VIA_JSON_MISSING && type != VIA_JSON_NULL;
    }
  column.numeric = n_numbers > 0 && n_others == 0;
  return column;
}

static Column *
column_copy (const Column *probed)
{
  Column *column = g_new0 (Column, 1);

  *column = *probed;
  column->key = g_strdup (probed->key);
  return column;
}

static void
add_column (ViaResultTable *self,
            ViaJsonRows    *rows,
            const char     *key,
            gboolean        sortable,
            gboolean        last)
{
  const Column probed = probe_column (rows, key);
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr(GtkColumnViewColumn) column = NULL;

  g_signal_connect_data (factory, "setup", G_CALLBACK (setup_cb), column_copy (&probed), column_closure_free, 0);
  g_signal_connect_data (factory, "bind", G_CALLBACK (bind_cb), column_copy (&probed), column_closure_free, 0);
  column = gtk_column_view_column_new (key, factory);
  gtk_column_view_column_set_resizable (column, TRUE);
  gtk_column_view_column_set_expand (column, last);
  if (sortable)
    {
      g_autoptr(GtkSorter) sorter = GTK_SORTER (gtk_custom_sorter_new (compare, column_copy (&probed),
                                                                       column_free));

      gtk_column_view_column_set_sorter (column, sorter);
    }
  gtk_column_view_append_column (self->view, column);
}

static gboolean
add_rows_cb (GtkWidget     *widget,
             GdkFrameClock *clock,
             gpointer       user_data)
{
  ViaResultTable *self = VIA_RESULT_TABLE (widget);
  guint n = gtk_slice_list_model_get_size (self->slice) + self->rows_a_frame;

  gtk_slice_list_model_set_size (self->slice, n < ROWS_AT_ONCE ? n : G_MAXUINT);
  return n < ROWS_AT_ONCE ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void
set_rows (ViaResultTable *self,
          ViaJsonRows    *rows,
          guint           n_columns,
          gboolean        sortable)
{
  GListModel *model = g_object_ref (G_LIST_MODEL (rows));
  g_autoptr(GtkNoSelection) selection = NULL;

  if (sortable)
    {
      GtkSorter *sorter = gtk_column_view_get_sorter (self->view);

      model = G_LIST_MODEL (gtk_sort_list_model_new (model, g_object_ref (sorter)));
      gtk_sort_list_model_set_incremental (GTK_SORT_LIST_MODEL (model), TRUE);
    }
  self->rows_a_frame = MAX (CELLS_A_FRAME / MAX (n_columns, 1), 8);
  self->slice = gtk_slice_list_model_new (model, 0, self->rows_a_frame);
  gtk_widget_add_tick_callback (GTK_WIDGET (self), add_rows_cb, NULL, NULL);
  selection = gtk_no_selection_new (G_LIST_MODEL (self->slice));
  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (selection));
}

/* Says what the rows are, and what of them does not stand in the table. */
static GtkWidget *
create_caption (const char *label,
                guint       n_columns)
{
  g_autofree char *words = NULL;
  GtkWidget *caption;

  if (n_columns > COLUMNS_MAX)
    words = g_strdup_printf (ngettext ("The first %d of %u columns", "The first %d of %u columns", n_columns),
                             COLUMNS_MAX, n_columns);
  if (label == NULL && words == NULL)
    return NULL;
  caption = gtk_label_new (NULL);
  if (label != NULL && words != NULL)
    {
      g_autofree char *both = g_strdup_printf ("%s · %s", label, words);

      gtk_label_set_text (GTK_LABEL (caption), both);
    }
  else
    gtk_label_set_text (GTK_LABEL (caption), label != NULL ? label : words);
  gtk_label_set_xalign (GTK_LABEL (caption), 0);
  gtk_label_set_ellipsize (GTK_LABEL (caption), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (caption, "caption-heading");
  return caption;
}

static gboolean
via_result_table_focus (GtkWidget        *widget,
                        GtkDirectionType  direction)
{
  gboolean tab = direction == GTK_DIR_TAB_FORWARD || direction == GTK_DIR_TAB_BACKWARD;
  GtkWidget *view = GTK_WIDGET (VIA_RESULT_TABLE (widget)->view);
  GtkWidget *focus = gtk_widget_get_focus_child (view);

  /* The headers are stops of their own; the rows together are one. */
  if (tab && focus != NULL && focus == gtk_widget_get_last_child (view))
    return FALSE;
  return GTK_WIDGET_CLASS (via_result_table_parent_class)->focus (widget, direction);
}

static void
via_result_table_class_init (ViaResultTableClass *klass)
{
  GTK_WIDGET_CLASS (klass)->focus = via_result_table_focus;
}

static void
via_result_table_init (ViaResultTable *self)
{
}

GtkWidget *
via_result_table_new (ViaJsonRows *rows,
                      const char  *label)
{
  ViaResultTable *self = g_object_new (VIA_TYPE_RESULT_TABLE, NULL);
  g_autoptr(GPtrArray) keys = via_json_rows_dup_keys (rows);
  gboolean sortable = g_list_model_get_n_items (G_LIST_MODEL (rows)) <= SORTED_ROWS_MAX;
  guint n = MIN (keys->len, COLUMNS_MAX);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *caption = create_caption (label, keys->len);

  self->view = GTK_COLUMN_VIEW (gtk_column_view_new (NULL));
  gtk_widget_add_css_class (GTK_WIDGET (self->view), "plain");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label != NULL ? label : _("Table"), -1);
  for (guint i = 0; i < n; i++)
    add_column (self, rows, g_ptr_array_index (keys, i), sortable, i + 1 == n);
  set_rows (self, rows, n, sortable);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), HEIGHT_MAX);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (self->view));
  if (caption != NULL)
    gtk_box_append (GTK_BOX (box), caption);
  gtk_box_append (GTK_BOX (box), scroller);
  adw_bin_set_child (ADW_BIN (self), box);
  return GTK_WIDGET (self);
}

GtkColumnView *
via_result_table_get_view (ViaResultTable *self)
{
  g_return_val_if_fail (VIA_IS_RESULT_TABLE (self), NULL);

  return self->view;
}
