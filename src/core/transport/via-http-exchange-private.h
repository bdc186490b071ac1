/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rpc/via-rpc-error.h"
#include "transport/via-http-exchange.h"
#include "transport/via-inbox.h"
#include "transport/via-sse-parser.h"

G_BEGIN_DECLS

/* Shared by via-http-exchange.c, which asks, and via-http-stream.c, which reads what comes and resumes it. */

/*
 * Reference counted: the task, every step under way and the drain hold it. @cancellable is its own; the caller's is
 * forwarded to it, and so ends the connection whatever the step.
 */
typedef struct
{
  ViaHttpExchangeSetup  setup;     /* its data is in @owner */
  GWeakRef              owner;
  GBytes               *body;      /* (nullable) NULL for GET */
  char                **headers;   /* (nullable) of this message alone */
  char                 *method;    /* (nullable) */
  gint64                id;        /* -1 when no answer is expected */
  gboolean              idempotent;

  GTask                *task;      /* (nullable) NULL once returned */
  GCancellable         *cancellable;
  GCancellable         *caller;    /* (nullable) */
  gulong                caller_handler;

  SoupMessage          *message;
  GInputStream         *stream;
  ViaSseParser         *parser;
  ViaInbox             *inbox;
  GError               *fault;     /* (nullable) of a message that could not be read */
  gboolean              held;      /* by the message that is being judged on a thread */
  gboolean              answered;
  gboolean              ended;     /* the stream has no more bytes */
  gboolean              late;      /* no connection in time */
  gboolean              kept;      /* sent on a connection that had served before */
  gboolean              repeated;  /* sent a second time */
  guint                 n_interim; /* 1xx answers */
  GSource              *timer;     /* (nullable) for the connection, the wait before a resumption, or the end of the drain */
  char                 *last_event_id;
  gint64                retry;
  guint                 resumptions; /* without a message in between */
} ViaHttpExchange;

ViaHttpExchange *via_http_exchange_ref            (ViaHttpExchange *self);
void             via_http_exchange_unref          (ViaHttpExchange *self);
void             via_http_exchange_start_request  (ViaHttpExchange *self);
/* Both return the task, once, and do nothing afterwards. @error: (transfer full) */
void             via_http_exchange_succeed        (ViaHttpExchange *self);
void             via_http_exchange_fail           (ViaHttpExchange *self,
                                                   GError          *error);
/* Also goes off when the exchange is cancelled. There is one timer. */
void             via_http_exchange_set_timer      (ViaHttpExchange *self,
                                                   guint            milliseconds,
                                                   GSourceFunc      callback);
void             via_http_exchange_drop_timer     (ViaHttpExchange *self);

ViaInbox        *via_http_exchange_new_inbox      (ViaHttpExchange *self);
void             via_http_exchange_begin_stream   (ViaHttpExchange *self);
void             via_http_exchange_end_stream     (ViaHttpExchange *self,
                                                   const GError    *error);
/* A whole body as the one message of its answer. */
void             via_http_exchange_take_body      (ViaHttpExchange *self,
                                                   GBytes          *body);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ViaHttpExchange, via_http_exchange_unref)

G_END_DECLS
