/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The absolute path of the running program, links resolved, or NULL when the system does not say. (transfer full) */
char *via_program_dup_path (void);

G_END_DECLS
