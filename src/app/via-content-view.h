/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "via-result-content.h"

G_BEGIN_DECLS

/* Makes the widget that shows @part. @plain: Markdown and tables as the text they came as. */
GtkWidget *via_content_view_new         (const ViaResultPart *part,
                                         gboolean             plain);
/* TRUE when @plain makes a difference. */
gboolean   via_content_view_is_rendered (const ViaResultPart *part);
/* A small code view that is as high as its text, up to @max_height. */
GtkWidget *via_content_view_code        (const char          *text,
                                         gsize                length,
                                         gboolean             json,
                                         int                  max_height);

G_END_DECLS
