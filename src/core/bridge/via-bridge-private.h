/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/via-clock.h"
#include "bridge/via-backend.h"
#include "bridge/via-bridge.h"
#include "bridge/via-retry.h"
#include "bridge/via-shared-job.h"

G_BEGIN_DECLS

/*
 * The inside of ViaBridge, shared by its files: via-bridge.c (object, properties, log), via-bridge-connection.c (connect
 * and disconnect), via-bridge-tools.c (the tool list) and via-executor.c (executions).
 */

/* Makes a fresh backend for one connection. (transfer full), NULL with @error when the configuration cannot be used. */
typedef ViaBackend *(*ViaBackendFactory) (ViaBridgeConfig          *config,
                                          const ViaConfigSettings  *settings,
                                          ViaSecretStore           *secrets,
                                          gpointer                  data,
                                          GError                  **error);

typedef struct _ViaConnecting ViaConnecting;
typedef struct _ViaFetch ViaFetch;
typedef struct _ViaExecutor ViaExecutor;

struct _ViaBridge
{
  GObject            parent_instance;

  /* owned */
  ViaBridgeConfig   *config;
  ViaConfigSettings  settings;     /* strings owned */
  ViaSecretStore    *secrets;      /* nullable: in tests */
  ViaClock          *clock;
  ViaBackend        *backend;      /* nullable: the connection, while there is one */
  GListStore        *tools;        /* ViaTool */
  GHashTable        *tools_by_name; /* borrowed name → borrowed ViaTool in @tools */
  char              *status;
  char              *revision;     /* nullable */
  char              *server_name;  /* nullable */
  GError            *error;        /* nullable: why FAILED */
  GQueue             log;          /* char *, oldest first */
  gsize              log_bytes;
  GPtrArray         *executors;    /* every unfinished execution */
  GPtrArray         *disconnecting; /* GTask: those that wait for everything to have ended */
  GQueue             waiting;      /* ViaExecutor, borrowed: those that wait for a free place */

  /* borrowed */
  ViaConnecting     *connecting;   /* the attempt that callers may join; NULL when there is none */
  ViaFetch          *fetch;        /* likewise */

  ViaBackendFactory  factory;
  gpointer           factory_data;

  ViaBridgeState     state;
  ViaSide            error_side;
  gint64             latency;
  gboolean           retired;      /* closes when nothing runs any more */
  gboolean           listed;       /* @tools is what a server said */
  gint64             fresh_until;  /* monotonic microseconds */
  guint              n_ending;     /* connections and attempts that are being ended */
  guint              n_active;     /* executions that hold a place */
  ViaRetryBudget     budget;
};

/* For tests: another backend, another clock. NULL for either means the real one. */
ViaBridge      *via_bridge_new_full         (ViaBridgeConfig          *config,
                                             const ViaConfigSettings  *settings,
                                             ViaSecretStore           *secrets,
                                             ViaBackendFactory         factory,
                                             gpointer                  factory_data,
                                             ViaClock                 *clock);
void            via_bridge_settings_copy    (ViaConfigSettings        *to,
                                             const ViaConfigSettings  *from);
void            via_bridge_settings_clear   (ViaConfigSettings        *settings);
/* The real factory. */
ViaBackend     *via_bridge_make_backend     (ViaBridgeConfig          *config,
                                             const ViaConfigSettings  *settings,
                                             ViaSecretStore           *secrets,
                                             gpointer                  data,
                                             GError                  **error);
/* (transfer none) (nullable) */
ViaRedactor    *via_bridge_get_redactor     (ViaBridge                *self);
/* A sentence for a person out of an @error from below. (transfer full) */
GError         *via_bridge_describe         (ViaBridge                *self,
                                             const GError             *error,
                                             guint                     timeout_s,
                                             ViaSide                  *side);
void            via_bridge_add_log          (ViaBridge                *self,
                                             ViaDiagnostic             kind,
                                             const char               *text);
/* @error is described already and only for FAILED. */
void            via_bridge_set_state        (ViaBridge                *self,
                                             ViaBridgeState            state,
                                             ViaSide                   side,
                                             const GError             *error);
/* Something came back over the connection: a failure said before is over. */
void            via_bridge_note_success     (ViaBridge                *self);
void            via_bridge_set_latency      (ViaBridge                *self,
                                             gint64                    latency);
/* Milliseconds until the next attempt after the one of number @attempt failed with @error, which may be repeated; -1: there is
 * none. @connecting: it failed before anything was asked. */
gint64          via_bridge_plan_retry       (ViaBridge                *self,
                                             const GError             *error,
                                             guint                     attempt,
                                             gboolean                  connecting);
/* For a connection that ended before it could be used. (transfer full) */
GError         *via_bridge_lost_error       (void);
/* Takes over settings that need no new connection (cache, concurrency). */
void            via_bridge_take_settings    (ViaBridge                *self,
                                             const ViaConfigSettings  *settings);
/* The bridge is out of the configuration's sight: what runs may end, then the connection is closed. */
void            via_bridge_retire           (ViaBridge                *self);
void            via_bridge_executor_ended   (ViaBridge                *self);
/* NULL, or why nothing can be asked of the bridge at all. (transfer full) */
GError         *via_bridge_check_enabled    (ViaBridge                *self);

/* via-bridge-connection.c: the error is as it came from below. */
void            via_bridge_connect_async    (ViaBridge                *self,
                                             GCancellable             *cancellable,
                                             GAsyncReadyCallback       callback,
                                             gpointer                  user_data);
gboolean        via_bridge_connect_finish   (ViaBridge                *self,
                                             GAsyncResult             *result,
                                             GError                  **error);
/* Lets go of the backend without waiting for its end. */
void            via_bridge_drop_backend     (ViaBridge                *self);

/* via-bridge-tools.c: the error is as it came from below. */
void            via_bridge_fetch_async      (ViaBridge                *self,
                                             gboolean                  refresh,
                                             gboolean                  retry,
                                             GCancellable             *cancellable,
                                             GAsyncReadyCallback       callback,
                                             gpointer                  user_data);
gboolean        via_bridge_fetch_finish     (ViaBridge                *self,
                                             GAsyncResult             *result,
                                             GError                  **error);
void            via_bridge_abandon_fetch    (ViaBridge                *self);
void            via_bridge_tools_changed    (ViaBridge                *self);

G_END_DECLS
