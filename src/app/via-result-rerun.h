/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "bridge/via-bridge-manager.h"

G_BEGIN_DECLS

/* Runs the tool of @operation again with the same arguments and options, and asks first when it is a destructive one.
 * @widget: where the question and what went wrong are shown. */
void via_result_rerun (GtkWidget        *widget,
                       ViaBridgeManager *manager,
                       ViaOperation     *operation);

G_END_DECLS
