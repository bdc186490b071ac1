/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "json/via-json.h"

G_BEGIN_DECLS

/*
 * ViaRpcMessage is one JSON-RPC 2.0 message as it came, judged: exactly one kind, an id of a legal type, an envelope
 * without irregular keys. Immutable, reference counted, usable from any thread. Ids keep their JSON type: the id of a
 * request is compared as JSON text, so 1 is not "1" (JSON-RPC 2.0 section 4; MCP base protocol, both eras).
 */
typedef struct _ViaRpcMessage ViaRpcMessage;

#define VIA_TYPE_RPC_MESSAGE (via_rpc_message_get_type ())

typedef enum
{
  VIA_RPC_REQUEST,
  VIA_RPC_NOTIFICATION,
  VIA_RPC_RESULT,
  VIA_RPC_FAILURE, /* a response that carries an error; its id may be null or absent */
} ViaRpcKind;

/* Codes that something here decides on. Others are only shown. */
enum
{
  VIA_RPC_PARSE_ERROR = -32700,
  VIA_RPC_INVALID_REQUEST = -32600,
  VIA_RPC_METHOD_NOT_FOUND = -32601,
  VIA_RPC_INVALID_PARAMS = -32602,
  VIA_RPC_INTERNAL_ERROR = -32603,
  VIA_RPC_HEADER_MISMATCH = -32020,             /* MCP 2026-07-28 */
  VIA_RPC_MISSING_CLIENT_CAPABILITY = -32021,   /* MCP 2026-07-28 */
  VIA_RPC_UNSUPPORTED_PROTOCOL_VERSION = -32022 /* MCP 2026-07-28 */
};

GType          via_rpc_message_get_type    (void);
/* Fails with VIA_RPC_ERROR_INVALID (not JSON-RPC, a batch included) or a VIA_JSON_ERROR. @bytes is not copied.
 * Irregular JSON is refused everywhere but inside `result`, where it is a user's data. */
ViaRpcMessage *via_rpc_message_new         (GBytes              *bytes,
                                            const ViaJsonLimits *limits,
                                            GError             **error);
/* The same on a worker thread when the text is large enough to be felt, else at once. */
void           via_rpc_message_new_async   (GBytes              *bytes,
                                            const ViaJsonLimits *limits,
                                            GCancellable        *cancellable,
                                            GAsyncReadyCallback  callback,
                                            gpointer             user_data);
ViaRpcMessage *via_rpc_message_new_finish  (GAsyncResult        *result,
                                            GError             **error);
/* TRUE when the _async form would use a thread. */
gboolean       via_rpc_message_is_large    (GBytes              *bytes);
ViaRpcMessage *via_rpc_message_ref         (ViaRpcMessage       *self);
void           via_rpc_message_unref       (ViaRpcMessage       *self);
ViaRpcKind     via_rpc_message_get_kind    (const ViaRpcMessage *self);
GBytes        *via_rpc_message_get_bytes   (const ViaRpcMessage *self); /* (transfer none) */
ViaJsonDocument *via_rpc_message_get_document (const ViaRpcMessage *self); /* (transfer none) */
const char    *via_rpc_message_get_method  (const ViaRpcMessage *self); /* NULL for responses */
ViaJsonValue   via_rpc_message_get_id      (const ViaRpcMessage *self); /* missing for notifications */
/* The id as an integer of ours; FALSE when it is not one. */
gboolean       via_rpc_message_get_own_id  (const ViaRpcMessage *self, gint64 *id);
ViaJsonValue   via_rpc_message_get_params  (const ViaRpcMessage *self);
ViaJsonValue   via_rpc_message_get_result  (const ViaRpcMessage *self);
ViaJsonValue   via_rpc_message_get_error   (const ViaRpcMessage *self);

/* Writing. @params_json is one JSON value's text or NULL; it may contain line breaks, the message will not. */
GBytes        *via_rpc_write_request       (gint64      id,
                                            const char *method,
                                            ViaJsonValue params);
GBytes        *via_rpc_write_notification  (const char *method,
                                            ViaJsonValue params);
/* A missing @result writes the empty object. */
GBytes        *via_rpc_write_result        (ViaJsonValue id,
                                            ViaJsonValue result);
/* A missing @id writes null. */
GBytes        *via_rpc_write_failure       (ViaJsonValue id,
                                            int          code,
                                            const char  *message,
                                            ViaJsonValue data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ViaRpcMessage, via_rpc_message_unref)

G_END_DECLS
