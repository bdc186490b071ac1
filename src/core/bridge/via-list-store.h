/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * Makes @store hold exactly @items (of GObject) with one splice between what both begin with and what both end with, so that
 * views keep their place; nothing is emitted when nothing changed.
 */
void via_list_store_put (GListStore *store,
                         GPtrArray  *items);

G_END_DECLS
