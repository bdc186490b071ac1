/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * The watchdog kills process groups that are left when this process ends without a chance to do so itself (SIGKILL, a
 * crash). It is one small helper process, started with the first group, that learns of our end from the end of a pipe.
 * Private to transport/.
 */
void via_child_watchdog_add    (int group);
void via_child_watchdog_remove (int group);

G_END_DECLS
