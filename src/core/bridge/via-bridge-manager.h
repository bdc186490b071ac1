/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bridge/via-bridge.h"
#include "config/via-config-file.h"

G_BEGIN_DECLS

/*
 * ViaBridgeManager holds every configured bridge, in the order of the file, and keeps them in step with it: a changed
 * file replaces only the bridges that changed. It is a GListModel of ViaBridge. With no file it holds the embedded demo
 * bridge. It also keeps the list of operations, newest first.
 *
 * Signals: "problems" () the file's problems changed.
 */
#define VIA_TYPE_BRIDGE_MANAGER (via_bridge_manager_get_type ())
G_DECLARE_FINAL_TYPE (ViaBridgeManager, via_bridge_manager, VIA, BRIDGE_MANAGER, GObject)

ViaBridgeManager *via_bridge_manager_new            (ViaConfigFile       *file,
                                                     ViaSecretStore      *secrets);
ViaConfigFile    *via_bridge_manager_get_file       (ViaBridgeManager    *self);
ViaSecretStore   *via_bridge_manager_get_secrets    (ViaBridgeManager    *self);
/* Takes over what the file says now; called by itself when the file changes. */
void              via_bridge_manager_apply          (ViaBridgeManager    *self);
ViaBridge        *via_bridge_manager_find           (ViaBridgeManager    *self,
                                                     const char          *name); /* (transfer none) (nullable) */
/* As the command line needs it: an unknown or disabled bridge is an error that names the known ones or how to enable it. */
ViaBridge        *via_bridge_manager_require        (ViaBridgeManager    *self,
                                                     const char          *name,
                                                     GError             **error); /* (transfer none) */
/* A bridge built from @config with this manager's settings, not in the list: for trying one before it is saved.
 * (transfer full) */
ViaBridge        *via_bridge_manager_try            (ViaBridgeManager    *self,
                                                     ViaBridgeConfig     *config);
/* ViaOperation, newest first; executions through via_bridge_manager_execute () are put there. (transfer none) */
GListModel       *via_bridge_manager_get_operations (ViaBridgeManager    *self);
ViaOperation     *via_bridge_manager_execute        (ViaBridgeManager        *self,
                                                     ViaBridge               *bridge,
                                                     const char              *tool_name,
                                                     ViaJsonDocument         *arguments,
                                                     const ViaExecuteOptions *options); /* (transfer full) */
/* Drops finished operations from the list. */
void              via_bridge_manager_clear_operations (ViaBridgeManager  *self);
void              via_bridge_manager_remove_operation (ViaBridgeManager  *self,
                                                     ViaOperation        *operation);
/* Cancels every operation and ends every connection and child. Bounded in time. */
void              via_bridge_manager_stop_all_async (ViaBridgeManager    *self,
                                                     GCancellable        *cancellable,
                                                     GAsyncReadyCallback  callback,
                                                     gpointer             user_data);
gboolean          via_bridge_manager_stop_all_finish (ViaBridgeManager   *self,
                                                     GAsyncResult        *result,
                                                     GError             **error);
/* argv of the embedded demo server: $VIADUCT_DEMO_SERVER, beside this program, or in libexec. (transfer full) */
char            **via_bridge_demo_command           (void);
#define VIA_DEMO_BRIDGE_NAME "demo"

G_END_DECLS
