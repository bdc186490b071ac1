/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "config/via-config-node.h"

G_BEGIN_DECLS

/* Private to config/: what may stand in the file, as tables that reading, checking and writing all go by. */
typedef enum
{
  VIA_KEY_TEXT,        /* char * */
  VIA_KEY_WORD,        /* char *, one of choices */
  VIA_KEY_CHOICE,      /* an enum, by its place in choices */
  VIA_KEY_BOOLEAN,     /* gboolean */
  VIA_KEY_UINT,        /* guint, least to most */
  VIA_KEY_UINT64,      /* guint64, least to most */
  VIA_KEY_DOUBLE,      /* double, least to most */
  VIA_KEY_LIST,        /* char ** */
  VIA_KEY_COMMAND,     /* char **; in the file a list, or one text that is split as a shell would */
  VIA_KEY_ENVIRONMENT, /* char **: NAME=value; in the file a mapping */
  VIA_KEY_HEADERS,     /* char **: name, value, …; in the file a mapping */
  VIA_KEY_TABLE,       /* a mapping whose keys are fields of the same struct */
} ViaConfigKeyKind;

typedef struct _ViaConfigKey ViaConfigKey;

struct _ViaConfigKey
{
  const char          *name; /* NULL: end of the table */
  ViaConfigKeyKind     kind;
  gsize                offset;
  double               least;
  double               most;
  const char          *unit; /* (nullable) translatable */
  const char *const   *choices;
  const ViaConfigKey  *table;
  /* (nullable) NULL when @text is right, else a translated sentence. */
  const char        *(*check) (const char *text);
};

extern const ViaConfigKey via_config_bridge_keys[];   /* of a ViaBridgeConfig */
extern const ViaConfigKey via_config_global_keys[];   /* of ViaConfigSettings */
extern const ViaConfigKey via_config_security_keys[]; /* of ViaConfigSettings */

#define VIA_CONFIG_FIELD(type, target, key) (*(type *) ((char *) (target) + (key)->offset))

const ViaConfigKey *via_config_key_find        (const ViaConfigKey  *keys,
                                                const char          *name);
/* Fills the fields of @target that @mapping has keys for. What is wrong leaves its field alone and is reported. */
void                via_config_schema_apply    (const ViaConfigKey  *keys,
                                                const ViaConfigNode *mapping,
                                                gpointer             target,
                                                const char          *path,
                                                GPtrArray           *problems);
/* What no single key can tell: command or endpoint, https, tokens in the open. */
void                via_config_check_bridge    (ViaBridgeConfig     *bridge,
                                                const ViaConfigNode *key,
                                                const ViaConfigNode *mapping,
                                                gboolean             require_https,
                                                GPtrArray           *problems);
/* NULL when a bridge may have that name, else a translated sentence. */
const char         *via_config_check_name      (const char          *name);
gboolean            via_config_has_control     (const char          *text);
/* Whether @text looks like a token rather than like the name of one. */
gboolean            via_config_looks_secret    (const char          *text);

G_END_DECLS
