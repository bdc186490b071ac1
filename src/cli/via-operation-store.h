/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bridge/via-operation.h"

G_BEGIN_DECLS

/*
 * Executions that outlive the command that started them. Each is a few files under $XDG_STATE_HOME/viaduct/operations,
 * readable by their owner alone: ID.json what is known of it, ID.request what its worker is to do until it does it,
 * ID.lock held by the worker as long as it lives, ID.cancel a wish to end it. An id has to be checked with
 * via_id_is_valid () before it comes here and becomes a name.
 */
/* (transfer full) the path of ID.@suffix; the folder is made when it is missing. */
char            *via_operation_store_dup_path    (const char      *id,
                                                  const char      *suffix);
gboolean         via_operation_store_write       (const char      *id,
                                                  const char      *suffix,
                                                  const char      *json,
                                                  GError         **error);
/* (transfer full) or NULL with a sentence. */
ViaJsonDocument *via_operation_store_read        (const char      *id,
                                                  const char      *suffix,
                                                  GError         **error);
void             via_operation_store_remove      (const char      *id,
                                                  const char      *suffix);
/* Ends what finished operations of long ago keep on disk. */
void             via_operation_store_tidy        (void);

G_END_DECLS
