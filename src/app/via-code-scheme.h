/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtksourceview/gtksource.h>

G_BEGIN_DECLS

/* Colours for code on a card: Adwaita's, without its own paper. Adwaita itself where those cannot be had. */
GtkSourceStyleScheme *via_code_scheme_get (gboolean dark); /* (transfer none) (nullable) */

G_END_DECLS
