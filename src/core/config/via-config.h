/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "config/via-bridge-config.h"

G_BEGIN_DECLS

/* One thing that is wrong in a file, or (warning) that is unknown and was kept. */
typedef struct
{
  gboolean warning;
  guint    line;    /* from 1; 0: the file as a whole */
  guint    column;  /* from 1, in characters */
  char    *key;     /* dotted path such as "bridges.remote.timeout", "" at the top */
  char    *message; /* what is wrong and what would be right: one or two sentences */
} ViaConfigProblem;

/* "bridges.yaml:12:14: bridges.remote.timeout: …" (transfer full) */
char *via_config_problem_to_string (const ViaConfigProblem *problem,
                                    const char             *file_name);

/*
 * ViaConfig is one loaded bridges.yaml: bridges in file order, settings, and the text it came from, which edits are
 * spliced into so that comments, order and unknown keys survive. Immutable.
 */
#define VIA_TYPE_CONFIG (via_config_get_type ())
G_DECLARE_FINAL_TYPE (ViaConfig, via_config, VIA, CONFIG, GObject)

#define VIA_CONFIG_ERROR (via_config_error_quark ())
GQuark via_config_error_quark (void);

typedef enum
{
  VIA_CONFIG_ERROR_INVALID,   /* the message lists every problem, one a line */
  VIA_CONFIG_ERROR_UNKNOWN_BRIDGE,
  VIA_CONFIG_ERROR_EXISTS,    /* a bridge of that name is there already */
  VIA_CONFIG_ERROR_CHANGED,   /* the file was changed by somebody else meanwhile: load it again */
} ViaConfigError;

typedef struct
{
  guint       default_timeout_s;
  guint       max_concurrent_requests;
  gboolean    enable_caching;
  guint       cache_ttl_s;
  char       *log_level;
  gboolean    enable_metrics;
  char       *user_agent;
  gboolean    require_https;
  gboolean    validate_certificates;
  guint64     max_response_size;
  char      **allowed_content_types;
} ViaConfigSettings;

/*
 * Parses and checks @text. NULL with VIA_CONFIG_ERROR_INVALID if anything is wrong, with @problems filled all the same
 * (GPtrArray of ViaConfigProblem, (transfer full), may be NULL); warnings alone do not fail.
 */
ViaConfig               *via_config_new_from_text   (const char              *text,
                                                     gssize                   length,
                                                     const char              *file_name,
                                                     GPtrArray              **problems,
                                                     GError                 **error);
ViaConfig               *via_config_new_empty       (void);
const char              *via_config_get_text        (ViaConfig               *self);
const ViaConfigSettings *via_config_get_settings    (ViaConfig               *self);
guint                    via_config_get_n_bridges   (ViaConfig               *self);
ViaBridgeConfig         *via_config_get_bridge      (ViaConfig               *self,
                                                     guint                    index); /* (transfer none) */
ViaBridgeConfig         *via_config_find_bridge     (ViaConfig               *self,
                                                     const char              *name);  /* (transfer none) or NULL */

/* Edits make a new ViaConfig by splicing the text; everything not concerned keeps its bytes. */
ViaConfig *via_config_add_bridge     (ViaConfig *self, ViaBridgeConfig *bridge, GError **error);
/* Replaces the bridge called @name (which may be renamed by it); only keys whose values differ are touched. */
ViaConfig *via_config_replace_bridge (ViaConfig *self, const char *name, ViaBridgeConfig *bridge, GError **error);
ViaConfig *via_config_remove_bridge  (ViaConfig *self, const char *name, GError **error);
ViaConfig *via_config_set_enabled    (ViaConfig *self, const char *name, gboolean enabled, GError **error);

G_END_DECLS
