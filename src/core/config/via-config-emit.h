/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "config/via-config-schema.h"

G_BEGIN_DECLS

/* Private to config/: values as YAML text. */

/* How the lines of a block look in the file at hand. */
typedef struct
{
  guint       indent;  /* spaces before the key */
  guint       step;    /* and more for what is below it */
  const char *newline;
} ViaConfigLayout;

/* In the quoting of @style where that can hold @text, else in double quotes. (transfer full) */
char     *via_config_emit_scalar      (const char            *text,
                                       ViaScalarStyle         style);
/* Whether @key has nothing to be written in @target: no text, an empty list. */
gboolean  via_config_field_is_unset   (const ViaConfigKey    *key,
                                       gpointer               target);
gboolean  via_config_field_equal      (const ViaConfigKey    *key,
                                       gpointer               a,
                                       gpointer               b);
/* name, value, …, NULL of VIA_KEY_ENVIRONMENT and VIA_KEY_HEADERS. (transfer full) */
char    **via_config_field_dup_pairs  (const ViaConfigKey    *key,
                                       gpointer               target);
/* The value on one line; collections in braces or brackets. A table has the keys that differ from @base. (transfer full) */
char     *via_config_emit_inline      (const ViaConfigKey    *key,
                                       gpointer               target,
                                       gpointer               base,
                                       ViaScalarStyle         style);
/* “key: value” as lines of a block, line ends included. */
void      via_config_emit_block       (GString               *text,
                                       const ViaConfigKey    *key,
                                       gpointer               target,
                                       gpointer               base,
                                       const ViaConfigLayout *layout);
/* All of @keys that differ from @base, as “{…}”. (transfer full) */
char     *via_config_emit_table       (const ViaConfigKey    *keys,
                                       gpointer               target,
                                       gpointer               base);

G_END_DECLS
