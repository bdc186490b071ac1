/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rpc/via-rpc-error.h"
#include "rpc/via-rpc-message.h"

G_BEGIN_DECLS

/*
 * ViaTransport carries JSON-RPC messages to one peer and back. It knows bytes, processes and HTTP; it knows nothing of
 * methods. Implementations live in transport/; tests have an in-memory one. Main context of the creating thread only.
 *
 * Order: start, then any number of sends (they may overlap), then close. After "closed" nothing more is emitted.
 * A transport that is disposed ends its peer (child process, session) without waiting.
 */
#define VIA_TYPE_TRANSPORT (via_transport_get_type ())
G_DECLARE_DERIVABLE_TYPE (ViaTransport, via_transport, VIA, TRANSPORT, GObject)

/* One outgoing message. The caller fills it; transports ignore what does not concern them. */
typedef struct
{
  GBytes            *body;            /* (transfer none) the message, one line */
  const char        *method;          /* (nullable) NULL for a response */
  gint64             id;              /* of a request of ours; -1 otherwise */
  const char *const *headers;         /* (nullable) name, value, name, value, …, NULL: HTTP headers of this message alone */
  gboolean           idempotent;      /* may be sent again when nothing was heard: lists, reads */
} ViaTransportMessage;

struct _ViaTransportClass
{
  GObjectClass parent_class;

  /* Connects or spawns. */
  void     (*start_async)  (ViaTransport *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  gboolean (*start_finish) (ViaTransport *self, GAsyncResult *result, GError **error);
  /*
   * Finishes when the transport will do nothing more for this message. stdio: written. HTTP: the whole exchange of this
   * request is over, resumptions included; then an error means that its answer will never come. Answers arrive
   * through "message" before that. Cancelling ends the exchange (the modern HTTP way to cancel a request).
   */
  void     (*send_async)   (ViaTransport *self, const ViaTransportMessage *message, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data);
  gboolean (*send_finish)  (ViaTransport *self, GAsyncResult *result, GError **error);
  /* Orderly end: stdio closes stdin, waits, terminates, kills; HTTP deletes its session. Never fails; bounded in time. */
  void     (*close_async)  (ViaTransport *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  gboolean (*close_finish) (ViaTransport *self, GAsyncResult *result, GError **error);
  /* The era and revision were agreed on: HTTP sends MCP-Protocol-Version from here on. Optional. */
  void     (*set_protocol) (ViaTransport *self, const char *revision, gboolean modern);
  /* Begin to listen for unsolicited messages (legacy HTTP: the GET stream). Optional. */
  void     (*listen)       (ViaTransport *self);
  /*
   * Optional shortcut for transports that can take a message over at once, as stdio does: TRUE when it was, and then
   * nothing more is heard of it (a later failure is "closed"). FALSE with @error: it was not sent. FALSE without: use
   * send_async ().
   */
  gboolean (*try_send)     (ViaTransport *self, const ViaTransportMessage *message, GError **error);

  gpointer padding[7];
};

/*
 * Signals:
 *   "message"    (ViaRpcMessage *)               every message that came in, in order
 *   "unreadable" (gint64 id, const GError *)     an answer to the request @id that cannot be used, because of the error
 *   "diagnostic" (guint kind, const char *text)  ViaDiagnostic: stderr lines, stray output, resumptions; for a log view
 *   "closed"     (const GError *error)           the peer is gone; error NULL after close_async (). Emitted once.
 */
typedef enum
{
  VIA_DIAGNOSTIC_STDERR,
  VIA_DIAGNOSTIC_STRAY_OUTPUT, /* a stdout line that is not JSON-RPC */
  VIA_DIAGNOSTIC_NOTE,         /* what the transport did about something */
} ViaDiagnostic;

void     via_transport_start_async     (ViaTransport              *self,
                                        GCancellable              *cancellable,
                                        GAsyncReadyCallback        callback,
                                        gpointer                   user_data);
gboolean via_transport_start_finish    (ViaTransport              *self,
                                        GAsyncResult              *result,
                                        GError                   **error);
void     via_transport_send_async      (ViaTransport              *self,
                                        const ViaTransportMessage *message,
                                        GCancellable              *cancellable,
                                        GAsyncReadyCallback        callback,
                                        gpointer                   user_data);
gboolean via_transport_send_finish     (ViaTransport              *self,
                                        GAsyncResult              *result,
                                        GError                   **error);
/* See ViaTransportClass.try_send. */
gboolean via_transport_try_send        (ViaTransport              *self,
                                        const ViaTransportMessage *message,
                                        GError                   **error);
void     via_transport_close_async     (ViaTransport              *self,
                                        GCancellable              *cancellable,
                                        GAsyncReadyCallback        callback,
                                        gpointer                   user_data);
gboolean via_transport_close_finish    (ViaTransport              *self,
                                        GAsyncResult              *result,
                                        GError                   **error);
void     via_transport_set_protocol    (ViaTransport              *self,
                                        const char                *revision,
                                        gboolean                   modern);
void     via_transport_listen          (ViaTransport              *self);
/* "closed" was emitted. */
gboolean via_transport_is_closed       (ViaTransport              *self);

/* For implementations. */
void     via_transport_emit_message    (ViaTransport              *self,
                                        ViaRpcMessage             *message);
void     via_transport_emit_unreadable (ViaTransport              *self,
                                        gint64                     id,
                                        const GError              *error);
void     via_transport_emit_diagnostic (ViaTransport              *self,
                                        ViaDiagnostic              kind,
                                        const char                *text);
void     via_transport_emit_closed     (ViaTransport              *self,
                                        const GError              *error);

G_END_DECLS
