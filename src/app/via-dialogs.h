/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/*
 * Dialogs whose toolkit class changes with the floor (AdwMessageDialog, GtkFileChooserNative): one helper each, so that a
 * later floor is a small change. @widget: any widget in the window they belong to.
 */

/* Asks one question; the callback gets TRUE when the person agreed. Cancel is the default and Escape's answer. */
typedef void (*ViaConfirmFunc) (gboolean agreed, gpointer user_data);
void     via_dialogs_confirm       (GtkWidget           *widget,
                                    const char          *heading,
                                    const char          *body,
                                    const char          *agree_label,
                                    gboolean             destructive,
                                    ViaConfirmFunc       callback,
                                    gpointer             user_data,
                                    GDestroyNotify       destroy);
/* Asks where to save and writes @bytes there, off the main loop, atomically. Finishes with the GFile, or NULL without an
 * error when the person changed their mind. */
void     via_dialogs_save_async    (GtkWidget           *widget,
                                    const char          *suggested_name,
                                    GBytes              *bytes,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data);
GFile   *via_dialogs_save_finish   (GAsyncResult        *result,
                                    GError             **error);
/* A short note at the bottom of the window (toast). */
void     via_dialogs_toast         (GtkWidget           *widget,
                                    const char          *text);
/* Tests answer in place of the person: the next save dialog takes @path (or is cancelled with NULL). */
void     via_dialogs_set_test_path (const char          *path);

G_END_DECLS
