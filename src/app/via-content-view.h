/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "via-result-content.h"

G_BEGIN_DECLS

/* Makes the widget that shows @part. @plain: Markdown and tables as the text they came as. */
GtkWidget *via_content_view_new   (const ViaResultPart *part,
                                   gboolean             plain);
/* The same for text of one's own. Picks what can show it without holding up the main loop. */
GtkWidget *via_content_view_text  (GBytes              *text);
/* TRUE when @plain makes a difference. */
gboolean   via_content_view_is_rendered (const ViaResultPart *part);

G_END_DECLS
