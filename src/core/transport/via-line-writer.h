/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * ViaLineWriter writes messages as lines without ever waiting: what a pipe takes goes out at once and uncopied, the rest
 * stands in a bounded queue. Private to transport/.
 */
typedef struct _ViaLineWriter ViaLineWriter;

/* A write failed; nothing more can be written. Never called from within via_line_writer_write (). */
typedef void (*ViaLineWriterFailed) (const GError *error, gpointer data);

ViaLineWriter *via_line_writer_new         (GOutputStream        *stream,
                                            ViaLineWriterFailed   failed,
                                            gpointer              data);
/* For file descriptors that block, such as our own stdout: a pipe that is ready takes this much without blocking. */
void           via_line_writer_set_chunk   (ViaLineWriter        *self,
                                            gsize                 chunk_bytes);
/* Fails with VIA_RPC_ERROR_NOT_SENT, or VIA_RPC_ERROR_BUSY when the other side has not read for too long. */
gboolean       via_line_writer_write       (ViaLineWriter        *self,
                                            GBytes               *line,
                                            GError              **error);
gboolean       via_line_writer_is_empty    (ViaLineWriter        *self);
/* Drops what is queued and closes the stream. */
void           via_line_writer_close       (ViaLineWriter        *self);
void           via_line_writer_free        (ViaLineWriter        *self);

G_END_DECLS
