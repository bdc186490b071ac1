/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Markdown as widgets, whole, made bit by bit. A link is opened when it is pressed, and only http and https are. */
GtkWidget *via_markdown_view_new (const char *text);

G_END_DECLS
