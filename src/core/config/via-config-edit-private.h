/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "config/via-config-splice.h"

G_BEGIN_DECLS

/* Private to config/. */

/*
 * An edit is a series of splices, each the smallest that makes one key say what it should. At the end the text is read
 * as any other would be, and only if it then means exactly what was asked for, and everything else means what it did
 * before, is it handed out.
 */
typedef struct
{
  ViaConfigSplice  splice;
  ViaConfig       *config; /* before the edit; borrowed */
  const char      *name;   /* of the bridge; borrowed */
} ViaConfigEdit;

/* Splices what differs from @base, so that the bridge says what @bridge is. */
gboolean via_config_edit_keys           (ViaConfigEdit    *edit,
                                         ViaBridgeConfig  *bridge,
                                         ViaBridgeConfig  *base,
                                         GError          **error);
/* Whether @after is @before with nothing changed but one bridge. @old_name or @new_name is NULL for one that is added or
 * removed; @expected is what it has to be now. */
gboolean via_config_edit_is_as_expected (ViaConfig        *before,
                                         ViaConfig        *after,
                                         const char       *old_name,
                                         const char       *new_name,
                                         ViaBridgeConfig  *expected);

G_END_DECLS
