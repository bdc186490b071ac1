/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-app"

#include "config.h"

#include <string.h>

#include "via-json-rows.h"

#define CELL_CHARACTERS_MAX 200
#define ROWS_PROBED 200
#define KEYS_MAX 1000

struct _ViaJsonRow
{
  GObject          parent_instance;

  ViaJsonDocument *document;
  ViaJsonValue     value;
};

struct _ViaJsonRows
{
  GObject          parent_instance;

  ViaJsonDocument *document;
  GArray          *nodes; /* guint32 */
};

G_DEFINE_FINAL_TYPE (ViaJsonRow, via_json_row, G_TYPE_OBJECT)

static void
via_json_row_finalize (GObject *object)
{
  g_clear_pointer (&VIA_JSON_ROW (object)->document, via_json_document_unref);

  G_OBJECT_CLASS (via_json_row_parent_class)->finalize (object);
}

static void
via_json_row_class_init (ViaJsonRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = via_json_row_finalize;
}

static void
via_json_row_init (ViaJsonRow *self)
{
}

ViaJsonValue
via_json_row_get_value (ViaJsonRow *self)
{
  g_return_val_if_fail (VIA_IS_JSON_ROW (self), via_json_value_missing ());

  return self->value;
}

/* The first bytes of a value are enough for a cell, however long it is; a character cut in two is dropped. */
static char *
dup_beginning (ViaJsonValue value)
{
  gsize length;
  const char *raw = via_json_value_get_raw (value, &length);
  gsize size = MIN (length, CELL_CHARACTERS_MAX * 4);
  const char *end;

  if (via_json_value_is_string (value) && length <= CELL_CHARACTERS_MAX * 4)
    return via_json_value_dup_string (value);
  if (length <= CELL_CHARACTERS_MAX * 4)
    return via_json_value_to_compact (value, NULL);
  g_utf8_validate (raw, (gssize) size, &end);
  return g_strdup_printf ("%.*s…", (int) (end - raw), raw);
}

char *
via_json_row_dup_cell (ViaJsonRow *self,
                       const char *key)
{
  ViaJsonValue value;
  char *cell;

  g_return_val_if_fail (VIA_IS_JSON_ROW (self), NULL);

  value = via_json_value_get_member (self->value, key);
  if (via_json_value_is_missing (value))
    return g_strdup ("");
  cell = dup_beginning (value);
  g_strdelimit (cell, "\r\n\t", ' ');
  return cell;
}

static void
via_json_rows_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ViaJsonRows, via_json_rows, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, via_json_rows_list_model_init))

static GType
via_json_rows_get_item_type (GListModel *model)
{
  return VIA_TYPE_JSON_ROW;
}

static guint
via_json_rows_get_n_items (GListModel *model)
{
  return VIA_JSON_ROWS (model)->nodes->len;
}

static gpointer
via_json_rows_get_item (GListModel *model,
                        guint       position)
{
  ViaJsonRows *self = VIA_JSON_ROWS (model);
  ViaJsonRow *row;

  if (position >= self->nodes->len)
    return NULL;
  row = g_object_new (VIA_TYPE_JSON_ROW, NULL);
  row->document = via_json_document_ref (self->document);
  row->value = (ViaJsonValue) { self->document, g_array_index (self->nodes, guint32, position) };
  return row;
}

static void
via_json_rows_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = via_json_rows_get_item_type;
  iface->get_n_items = via_json_rows_get_n_items;
  iface->get_item = via_json_rows_get_item;
}

static void
via_json_rows_finalize (GObject *object)
{
  ViaJsonRows *self = VIA_JSON_ROWS (object);

  g_clear_pointer (&self->document, via_json_document_unref);
  g_array_unref (self->nodes);

  G_OBJECT_CLASS (via_json_rows_parent_class)->finalize (object);
}

static void
via_json_rows_class_init (ViaJsonRowsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = via_json_rows_finalize;
}

static void
via_json_rows_init (ViaJsonRows *self)
{
  self->nodes = g_array_new (FALSE, FALSE, sizeof (guint32));
}

ViaJsonRows *
via_json_rows_new (ViaJsonDocument *document,
                   ViaJsonValue     array)
{
  ViaJsonRows *self = g_object_new (VIA_TYPE_JSON_ROWS, NULL);
  ViaJsonIter iter;
  ViaJsonValue element;

  self->document = via_json_document_ref (document);
  via_json_iter_init (&iter, array);
  while (via_json_iter_next (&iter, NULL, &element))
    g_array_append_val (self->nodes, element.node);
  return self;
}

GPtrArray *
via_json_rows_dup_keys (ViaJsonRows *self)
{
  GPtrArray *keys = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);

  g_return_val_if_fail (VIA_IS_JSON_ROWS (self), keys);

  for (guint i = 0; i < MIN (self->nodes->len, ROWS_PROBED); i++)
    {
      ViaJsonValue row = { self->document, g_array_index (self->nodes, guint32, i) };
      ViaJsonIter iter;
      ViaJsonValue key;

      via_json_iter_init (&iter, row);
      while (keys->len < KEYS_MAX && via_json_iter_next (&iter, &key, NULL))
        {
          g_autofree char *name = via_json_value_dup_string (key);

          if (g_hash_table_contains (known, name))
            continue;
          g_hash_table_add (known, name);
          g_ptr_array_add (keys, g_steal_pointer (&name));
        }
    }
  return keys;
}
