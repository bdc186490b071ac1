/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "config/via-config.h"

G_BEGIN_DECLS

/*
 * What the bridge dialog knows about what somebody types, without any widget: each check answers NULL when all is well,
 * else a sentence for a person. (transfer full)
 */
/* @own_name (nullable): the name that the edited bridge has now. */
char  *via_bridge_draft_check_name         (const char        *name,
                                            ViaConfig         *config,
                                            const char        *own_name);
char  *via_bridge_draft_check_command      (const char        *text);
char  *via_bridge_draft_check_address      (const char        *text,
                                            gboolean           require_https);
char  *via_bridge_draft_check_token_name   (const char        *text);
/* NULL when it is not a command line. (transfer full) */
char **via_bridge_draft_parse_command      (const char        *text);
/* "my server" → "MY_SERVER_TOKEN". (transfer full) */
char  *via_bridge_draft_suggest_token_name (const char        *bridge_name);
/* Pango markup that shows @argv word by word, each environment variable, the directory, and where the program was
 * found. (transfer full) */
char  *via_bridge_draft_describe_command   (char             **argv,
                                            char             **pairs,
                                            const char        *directory);

G_END_DECLS
