/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Takes the person's language for the program and its texts. Once, at the start, before other threads.
 * VIADUCT_LOCALEDIR names another folder of translations: a program that is not installed where it was built for.
 */
void via_locale_init (void);

G_END_DECLS
