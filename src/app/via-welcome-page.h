/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* What the first start shows while no bridge is configured: the demo, one press or Enter away, and how to add one. */
#define VIA_TYPE_WELCOME_PAGE (via_welcome_page_get_type ())
G_DECLARE_FINAL_TYPE (ViaWelcomePage, via_welcome_page, VIA, WELCOME_PAGE, AdwBin)

GtkWidget *via_welcome_page_new        (void);
/* The file has bridges that cannot be read: the page speaks of them instead of a first start. */
void       via_welcome_page_set_broken (ViaWelcomePage *self,
                                        gboolean        broken);

G_END_DECLS
