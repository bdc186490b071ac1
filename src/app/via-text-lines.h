/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * ViaTextLines is a GListModel of GtkStringObject: the lines of a text, those that are too long broken after a number of
 * columns. It keeps the bytes and an index of four bytes a line, and makes a line when it is asked for, so that ten
 * megabytes cost no more than they are. Immutable.
 */
#define VIA_TYPE_TEXT_LINES (via_text_lines_get_type ())
G_DECLARE_FINAL_TYPE (ViaTextLines, via_text_lines, VIA, TEXT_LINES, GObject)

/* @text: valid UTF-8, under 4 GiB. @columns: of a monospaced font; 0: lines are not broken. Linear: large texts belong in
 * a thread. */
ViaTextLines *via_text_lines_new          (GBytes        *text,
                                           guint          columns);
/* Lines of the text itself. */
guint         via_text_lines_get_n_lines  (ViaTextLines  *self);
/* Where in the text row @index begins, in bytes; and the row that has byte @offset. */
gsize         via_text_lines_get_offset   (ViaTextLines  *self,
                                           guint          index);
guint         via_text_lines_find         (ViaTextLines  *self,
                                           gsize          offset);

void          via_text_lines_new_async    (GBytes              *text,
                                           guint                columns,
                                           GCancellable        *cancellable,
                                           GAsyncReadyCallback  callback,
                                           gpointer             user_data);
ViaTextLines *via_text_lines_new_finish   (GAsyncResult        *result,
                                           GError             **error);

G_END_DECLS
