/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via-bridge"

#include "config.h"

#include "bridge/via-list-store.h"

static gboolean
same_at (GListModel *model,
         guint       position,
         gpointer    item)
{
  g_autoptr(GObject) there = g_list_model_get_item (model, position);

  return there == item;
}

void
via_list_store_put (GListStore *store,
                    GPtrArray  *items)
{
  GListModel *model = G_LIST_MODEL (store);
  const guint n_old = g_list_model_get_n_items (model);
  const guint n_common = MIN (n_old, items->len);
  guint head = 0;
  guint tail = 0;

  while (head < n_common && same_at (model, head, items->pdata[head]))
    head++;
  while (tail < n_common - head && same_at (model, n_old - 1 - tail, items->pdata[items->len - 1 - tail]))
    tail++;
  if (head == n_old && head == items->len)
    return;
  g_list_store_splice (store, head, n_old - head - tail, items->pdata + head, items->len - head - tail);
}
