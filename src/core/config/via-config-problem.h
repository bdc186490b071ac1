/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "config/via-config.h"

G_BEGIN_DECLS

/* Private to config/: how problems are collected. */
GPtrArray  *via_config_problems_new        (void);
/* Nothing more is added behind a few hundred: nobody reads on. */
void        via_config_problems_add        (GPtrArray         *problems,
                                            gboolean           warning,
                                            guint              line,
                                            guint              column,
                                            const char        *key,
                                            const char        *format,
                                            ...) G_GNUC_PRINTF (6, 7);
gboolean    via_config_problems_has_errors (GPtrArray         *problems);
gboolean    via_config_problems_equal      (GPtrArray         *a,
                                            GPtrArray         *b);
/* In the order of the file; those of the whole file first. */
void        via_config_problems_sort       (GPtrArray         *problems);
/* VIA_CONFIG_ERROR_INVALID with every problem that is no warning, one a line. (transfer full) */
GError     *via_config_problems_to_error   (GPtrArray         *problems,
                                            const char        *file_name);
/* That of @choices (NULL terminated) at most two typing mistakes away from @word, or NULL. */
const char *via_config_did_you_mean        (const char        *word,
                                            const char *const *choices);

G_END_DECLS
