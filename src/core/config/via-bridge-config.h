/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/*
 * ViaBridgeConfig is what bridges.yaml says of one bridge, with global settings already merged in. A plain object
 * whose fields are read freely; it is treated as immutable once it is in a ViaConfig. Text is as the file has it:
 * ${env:…} and ${secret:…} are still references.
 */
typedef enum
{
  VIA_TRANSPORT_AUTO,  /* stdio with a command, else HTTP */
  VIA_TRANSPORT_STDIO,
  VIA_TRANSPORT_HTTP,
  VIA_TRANSPORT_SSE,   /* known to the file format; no backend yet */
  VIA_TRANSPORT_REST,
  VIA_TRANSPORT_OPENAPI, /* known to the file format; no backend yet */
} ViaTransportKind;

typedef enum
{
  VIA_AUTH_NONE,
  VIA_AUTH_BEARER,
  VIA_AUTH_API_KEY,
  VIA_AUTH_BASIC,
  VIA_AUTH_OAUTH, /* known to the file format; no authorizer yet */
} ViaAuthKind;

typedef enum
{
  VIA_RETRY_SAFE,   /* a call is repeated only when it certainly has not run, or its tool is read-only or idempotent */
  VIA_RETRY_ALWAYS,
  VIA_RETRY_NEVER,
} ViaRetryCalls;

#define VIA_TYPE_BRIDGE_CONFIG (via_bridge_config_get_type ())
G_DECLARE_FINAL_TYPE (ViaBridgeConfig, via_bridge_config, VIA, BRIDGE_CONFIG, GObject)

struct _ViaBridgeConfig
{
  GObject parent_instance;

  char             *name;
  char             *description;      /* (nullable) */
  gboolean          enabled;
  char            **command;          /* (nullable) argv */
  char            **environment;      /* (nullable) NAME=value pairs */
  char             *directory;        /* (nullable) cwd */
  char             *endpoint;         /* (nullable) */
  ViaTransportKind  transport;        /* as written; via_bridge_config_get_transport () resolves auto */
  char             *protocol;         /* "auto", "modern", "legacy" or a revision date */
  ViaAuthKind       auth;
  char             *auth_token_name;  /* (nullable) auth_token_env */
  char            **headers;          /* (nullable) name, value, …, NULL */
  guint             timeout_s;
  guint             max_retries;
  double            backoff_factor;
  guint             max_backoff_ms;
  ViaRetryCalls     retry_calls;
  gboolean          builtin;          /* the embedded demo: not in the file */
};

ViaBridgeConfig  *via_bridge_config_new           (const char      *name); /* defaults of global_settings' defaults */
ViaBridgeConfig  *via_bridge_config_copy          (ViaBridgeConfig *self);
gboolean          via_bridge_config_equal         (ViaBridgeConfig *a,
                                                   ViaBridgeConfig *b);
/* Never AUTO. */
ViaTransportKind  via_bridge_config_get_transport (ViaBridgeConfig *self);
/* The endpoint, or the command line as a person would type it (quoted where needed). (transfer full) */
char             *via_bridge_config_dup_target    (ViaBridgeConfig *self);
/* "stdio", "HTTP", "REST" …: what a person reads. */
const char       *via_transport_kind_get_title    (ViaTransportKind kind);
const char       *via_transport_kind_get_name     (ViaTransportKind kind); /* as in the file */
const char       *via_auth_kind_get_name          (ViaAuthKind      kind); /* as in the file */

G_END_DECLS
