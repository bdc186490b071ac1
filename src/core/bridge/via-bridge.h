/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "auth/via-token-authorizer.h"
#include "bridge/via-operation.h"
#include "config/via-config.h"
#include "rpc/via-transport.h"

G_BEGIN_DECLS

typedef enum
{
  VIA_BRIDGE_OFF,          /* disabled in the configuration */
  VIA_BRIDGE_IDLE,         /* not connected, nothing wrong */
  VIA_BRIDGE_CONNECTING,
  VIA_BRIDGE_CONNECTED,
  VIA_BRIDGE_FAILED,       /* via_bridge_get_error () says why */
} ViaBridgeState;

/*
 * ViaBridge is one configured endpoint at work: it connects when asked or needed, keeps the tool list with its time to
 * live, and executes. Retry, caching, concurrency and limits live here, once, for every backend (MCP over stdio and HTTP,
 * REST). Nobody above knows which backend, transport or era is below.
 *
 * Properties (notify): "name", "state", "status" (words for a person), "latency" (microseconds, -1 unknown), "n-tools".
 * Signals: "log" (guint ViaDiagnostic, const char *text) – stderr, stray output, server log lines.
 * Main context of the creating thread. Owned by ViaBridgeManager; views hold references.
 */
#define VIA_TYPE_BRIDGE (via_bridge_get_type ())
G_DECLARE_FINAL_TYPE (ViaBridge, via_bridge, VIA, BRIDGE, GObject)
#define VIA_TYPE_BRIDGE_STATE (via_bridge_state_get_type ())
GType               via_bridge_state_get_type       (void);

ViaBridge          *via_bridge_new                  (ViaBridgeConfig         *config,
                                                     const ViaConfigSettings *settings, /* copied */
                                                     ViaSecretStore          *secrets);
ViaBridgeConfig    *via_bridge_get_config           (ViaBridge               *self); /* (transfer none) */
const char         *via_bridge_get_name             (ViaBridge               *self);
ViaBridgeState      via_bridge_get_state            (ViaBridge               *self);
/* "Connected", "Connecting", "The server refused the token", … */
const char         *via_bridge_get_status           (ViaBridge               *self);
const GError       *via_bridge_get_error            (ViaBridge               *self); /* (nullable) why it FAILED */
ViaSide             via_bridge_get_error_side       (ViaBridge               *self);
gint64              via_bridge_get_latency          (ViaBridge               *self); /* µs of the newest short exchange, or -1 */
const char         *via_bridge_get_revision         (ViaBridge               *self); /* (nullable) "2025-11-25", for MCP */
const char         *via_bridge_get_server_name      (ViaBridge               *self); /* (nullable) */
/* ViaTool in the server's order; the same object for the bridge's whole life. (transfer none) */
GListModel         *via_bridge_get_tools            (ViaBridge               *self);
ViaTool            *via_bridge_find_tool            (ViaBridge               *self,
                                                     const char              *name); /* (transfer none) (nullable) */
/* The newest lines of stderr and diagnostics, joined by newlines. (transfer full) */
char               *via_bridge_dup_log              (ViaBridge               *self);

/* Connects if need be and lists the tools; from the cache when that is fresh and @refresh is FALSE. */
void                via_bridge_list_tools_async     (ViaBridge               *self,
                                                     gboolean                 refresh,
                                                     GCancellable            *cancellable,
                                                     GAsyncReadyCallback      callback,
                                                     gpointer                 user_data);
gboolean            via_bridge_list_tools_finish    (ViaBridge               *self,
                                                     GAsyncResult            *result,
                                                     GError                 **error);

/* Connects anew if not connected, lists tools past the cache, and measures. */
void                via_bridge_test_async           (ViaBridge               *self,
                                                     GCancellable            *cancellable,
                                                     GAsyncReadyCallback      callback,
                                                     gpointer                 user_data);
/* @connection_time in microseconds. */
gboolean            via_bridge_test_finish          (ViaBridge               *self,
                                                     GAsyncResult            *result,
                                                     gint64                  *connection_time,
                                                     guint                   *n_tools,
                                                     GError                 **error);

typedef struct
{
  guint    timeout_s;   /* 0: the bridge's */
  gboolean background;  /* the caller does not wait; only recorded */
} ViaExecuteOptions;

/*
 * Starts executing and returns the record at once, (transfer full): PENDING, then on its own to an end. @arguments may be
 * missing. Never fails: what is wrong is in the operation. @tool_name need not be in the list. Connects if need be; the tool list
 * is not fetched for it unless header mirroring needs it (modern HTTP).
 */
ViaOperation       *via_bridge_execute              (ViaBridge               *self,
                                                     const char              *tool_name,
                                                     ViaJsonDocument         *arguments,
                                                     const ViaExecuteOptions *options);
guint               via_bridge_get_n_running        (ViaBridge               *self);
/* Cancels every operation and ends the connection (child processes included); the bridge is IDLE then. */
void                via_bridge_disconnect_async     (ViaBridge               *self,
                                                     GCancellable            *cancellable,
                                                     GAsyncReadyCallback      callback,
                                                     gpointer                 user_data);
gboolean            via_bridge_disconnect_finish    (ViaBridge               *self,
                                                     GAsyncResult            *result,
                                                     GError                 **error);
/* Which side a GError of any domain below belongs to. */
ViaSide             via_side_from_error             (const GError            *error);

G_END_DECLS
