/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * ViaLineReader cuts a stream into lines, with a cap, and hands each over as it is complete: LF or CRLF, empty lines
 * left out, a last line without an end included. It reads what is there into one buffer that it keeps; a line inside it
 * is copied once. The callbacks may pause, stop or drop the reader. Private to transport/.
 */
typedef struct _ViaLineReader ViaLineReader;

typedef enum
{
  VIA_LINE_REFUSE, /* a line over the cap ends the reading with VIA_RPC_ERROR_TOO_LARGE */
  VIA_LINE_SPLIT,  /* it is handed over in pieces */
} ViaLineOverflow;

typedef struct
{
  void (*line) (GBytes *line, gpointer data);
  void (*end)  (const GError *error, gpointer data); /* once; NULL is the end of the stream. Never after a stop. */
} ViaLineFuncs;

ViaLineReader *via_line_reader_new    (GInputStream       *stream,
                                       gsize               max_bytes,
                                       ViaLineOverflow     overflow,
                                       const ViaLineFuncs *funcs,
                                       gpointer            data);
/* Also continues after a pause. */
void           via_line_reader_resume (ViaLineReader      *self);
void           via_line_reader_pause  (ViaLineReader      *self);
/* No callback comes after this. */
void           via_line_reader_stop   (ViaLineReader      *self);
/* Stops it and drops the reference. */
void           via_line_reader_free   (ViaLineReader      *self);

G_END_DECLS
