/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "via-result-export.h"

G_BEGIN_DECLS

/* Takes the result of a finished operation out of the program, and says so in a toast. @widget: shows it; what was begun
 * ends quietly when it leaves its window. Without a result, the error's message is what is copied. */
void via_result_share_copy (GtkWidget       *widget,
                            ViaOperation    *operation,
                            ViaExportFormat  format,
                            GCancellable    *cancellable);
/* Only with a result. */
void via_result_share_save (GtkWidget       *widget,
                            ViaOperation    *operation,
                            ViaExportFormat  format,
                            GCancellable    *cancellable);

G_END_DECLS
