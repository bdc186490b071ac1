/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "mcp/via-tool.h"
#include "mcp/via-tool-result.h"
#include "rpc/via-transport.h"

G_BEGIN_DECLS

/*
 * ViaBackend is one connection of a bridge, whatever it speaks: connect, list, call, close. It tries each thing once;
 * repeating is the bridge's business. A backend is connected at most once in its life: a bridge makes a fresh one for
 * each connection. Main context of the creating thread. Disposing of one ends its peer without waiting.
 *
 * Signals: "closed" (const GError *error) the peer is gone by itself, emitted once; "tools-changed" ();
 * "log" (guint ViaDiagnostic, const char *text) a line of stderr, a note, a log line of the server.
 */
#define VIA_TYPE_BACKEND (via_backend_get_type ())
G_DECLARE_INTERFACE (ViaBackend, via_backend, VIA, BACKEND, GObject)

typedef struct
{
  guint    timeout_ms;
  guint    max_timeout_ms; /* hard maximum when progress resets the deadline */
  /* 0…1, or -1 when the total is unknown; @message may be NULL */
  void   (*progress)       (double progress, const char *message, gpointer data);
  void   (*log)            (const char *level, const char *text, gpointer data);
  gpointer data;           /* outlives the call */
} ViaBackendCall;

struct _ViaBackendInterface
{
  GTypeInterface parent_iface;

  void           (*connect_async)   (ViaBackend *self, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data);
  gboolean       (*connect_finish)  (ViaBackend *self, GAsyncResult *result, GError **error);
  void           (*list_async)      (ViaBackend *self, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data);
  /* @ttl_ms: what the server allows to cache, -1 when it does not say */
  GPtrArray     *(*list_finish)     (ViaBackend *self, GAsyncResult *result, gint64 *ttl_ms, GError **error);
  /* @call is copied where needed. @tool may be NULL. */
  void           (*call_async)      (ViaBackend *self, ViaTool *tool, const char *name, ViaJsonValue arguments,
                                     const ViaBackendCall *call, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data);
  ViaToolResult *(*call_finish)     (ViaBackend *self, GAsyncResult *result, GError **error);
  /* Ends the peer in good order, bounded in time; never fails. */
  void           (*close_async)     (ViaBackend *self, GAsyncReadyCallback callback, gpointer user_data);
  void           (*close_finish)    (ViaBackend *self, GAsyncResult *result);
  gboolean       (*is_connected)    (ViaBackend *self);
  /* The schema of a tool is needed to call it: modern HTTP, which mirrors arguments into headers. Optional. */
  gboolean       (*needs_tool)      (ViaBackend *self);
  const char    *(*get_revision)    (ViaBackend *self); /* optional */
  const char    *(*get_server_name) (ViaBackend *self); /* optional */
};

void           via_backend_connect_async   (ViaBackend            *self,
                                            GCancellable          *cancellable,
                                            GAsyncReadyCallback    callback,
                                            gpointer               user_data);
gboolean       via_backend_connect_finish  (ViaBackend            *self,
                                            GAsyncResult          *result,
                                            GError               **error);
void           via_backend_list_async      (ViaBackend            *self,
                                            GCancellable          *cancellable,
                                            GAsyncReadyCallback    callback,
                                            gpointer               user_data);
GPtrArray     *via_backend_list_finish     (ViaBackend            *self,
                                            GAsyncResult          *result,
                                            gint64                *ttl_ms,
                                            GError               **error);
void           via_backend_call_async      (ViaBackend            *self,
                                            ViaTool               *tool,
                                            const char            *name,
                                            ViaJsonValue           arguments,
                                            const ViaBackendCall  *call,
                                            GCancellable          *cancellable,
                                            GAsyncReadyCallback    callback,
                                            gpointer               user_data);
ViaToolResult *via_backend_call_finish     (ViaBackend            *self,
                                            GAsyncResult          *result,
                                            GError               **error);
void           via_backend_close_async     (ViaBackend            *self,
                                            GAsyncReadyCallback    callback,
                                            gpointer               user_data);
void           via_backend_close_finish    (ViaBackend            *self,
                                            GAsyncResult          *result);
gboolean       via_backend_is_connected    (ViaBackend            *self);
gboolean       via_backend_needs_tool      (ViaBackend            *self);
const char    *via_backend_get_revision    (ViaBackend            *self); /* (nullable) */
const char    *via_backend_get_server_name (ViaBackend            *self); /* (nullable) */

/* For implementations. */
void           via_backend_emit_closed        (ViaBackend         *self,
                                               const GError       *error);
void           via_backend_emit_tools_changed (ViaBackend         *self);
void           via_backend_emit_log           (ViaBackend         *self,
                                               ViaDiagnostic       kind,
                                               const char         *text);

G_END_DECLS
