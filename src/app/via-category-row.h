/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "via-tool-model.h"

G_BEGIN_DECLS

/* A category's header in the tools column: press it to collapse or expand its tools. */
#define VIA_TYPE_CATEGORY_ROW (via_category_row_get_type ())
G_DECLARE_FINAL_TYPE (ViaCategoryRow, via_category_row, VIA, CATEGORY_ROW, AdwBin)

GtkWidget *via_category_row_new    (ViaToolModel   *model);
void       via_category_row_bind   (ViaCategoryRow *self,
                                    ViaToolItem    *item);
void       via_category_row_unbind (ViaCategoryRow *self);

G_END_DECLS
