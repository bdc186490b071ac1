/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/*
 * ViaApplication is one running program: it reads the configuration while the first frame is on its way, holds the
 * manager, and opens the window. A second start raises the window that is there; one with --config is a program of its own.
 */
#define VIA_TYPE_APPLICATION (via_application_get_type ())
G_DECLARE_FINAL_TYPE (ViaApplication, via_application, VIA, APPLICATION, AdwApplication)

ViaApplication *via_application_new (void);

G_END_DECLS
