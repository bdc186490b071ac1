/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * ViaSseParser turns the bytes of a text/event-stream into events, however the bytes are cut (WHATWG HTML, section 9.2:
 * CR, LF and CRLF line ends, comments, BOM, id without NUL, retry of digits only). Lines and events are capped.
 */
typedef struct _ViaSseParser ViaSseParser;

typedef struct
{
  const char *type;  /* "message" when the stream names none */
  GBytes     *data;  /* without the last line feed; empty for a priming event */
  const char *id;    /* the last event id, "" when none was seen */
} ViaSseEvent;

typedef void (*ViaSseEventFunc) (const ViaSseEvent *event, gpointer user_data);

ViaSseParser *via_sse_parser_new               (gsize            max_event_bytes,
                                                ViaSseEventFunc  func,
                                                gpointer         user_data);
void          via_sse_parser_free              (ViaSseParser    *self);
/* FALSE with a VIA_RPC_ERROR_TOO_LARGE when a cap is passed; the parser is then of no further use. */
gboolean      via_sse_parser_feed              (ViaSseParser    *self,
                                                const char      *bytes,
                                                gsize            length,
                                                GError         **error);
/* Milliseconds the server asked to wait before reconnecting, clamped, or -1. */
gint64        via_sse_parser_get_retry         (ViaSseParser    *self);
const char   *via_sse_parser_get_last_event_id (ViaSseParser    *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ViaSseParser, via_sse_parser_free)

G_END_DECLS
