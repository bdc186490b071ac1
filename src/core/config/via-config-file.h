/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "config/via-config.h"

G_BEGIN_DECLS

/*
 * ViaConfigFile is the file behind the configuration: it loads it, watches it, and saves edits atomically (temporary
 * file beside it, fsync, rename, one backup; a symbolic link stays one). A broken file never replaces the configuration
 * that runs and is never overwritten.
 *
 * Signals: "changed" () a new configuration is in force; "problems" () what via_config_file_get_problems () says changed.
 */
#define VIA_TYPE_CONFIG_FILE (via_config_file_get_type ())
G_DECLARE_FINAL_TYPE (ViaConfigFile, via_config_file, VIA, CONFIG_FILE, GObject)

/* @explicit_path from --config; else $VIADUCT_CONFIG, else $XDG_CONFIG_HOME/viaduct/bridges.yaml. (transfer full) */
char          *via_config_file_find_path     (const char           *explicit_path);
ViaConfigFile *via_config_file_new           (const char           *path);
const char    *via_config_file_get_path      (ViaConfigFile        *self);
/* Never NULL; empty before the first load and when there is no file. */
ViaConfig     *via_config_file_get_config    (ViaConfigFile        *self);
/* Of the newest reading: ViaConfigProblem, (transfer none), empty when all is well. */
GPtrArray     *via_config_file_get_problems  (ViaConfigFile        *self);
gboolean       via_config_file_exists        (ViaConfigFile        *self);
/* A file that is not there is an empty configuration, no error. A named one (--config) that is missing is an error. */
void           via_config_file_load_async    (ViaConfigFile        *self,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
gboolean       via_config_file_load_finish   (ViaConfigFile        *self,
                                              GAsyncResult         *result,
                                              GError              **error);
/* The command line has no main loop to keep free. */
gboolean       via_config_file_load          (ViaConfigFile        *self,
                                              GError              **error);
/* Fails with VIA_CONFIG_ERROR_CHANGED if the file is not what was loaded; nothing is lost then. */
void           via_config_file_save_async    (ViaConfigFile        *self,
                                              ViaConfig            *config,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
gboolean       via_config_file_save_finish   (ViaConfigFile        *self,
                                              GAsyncResult         *result,
                                              GError              **error);
/* Start watching; changes of others are loaded and announced. */
void           via_config_file_watch         (ViaConfigFile        *self);

G_END_DECLS
