/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mcp/via-mcp-client.h"
#include "scripted-transport.h"

G_BEGIN_DECLS

/* A server whose handshakes follow a table's row, behind a ScriptedTransport, and a client that speaks with it. */

#define INITIALIZED \
  "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{\"listChanged\":true}}," \
  "\"serverInfo\":{\"name\":\"old\",\"title\":\"Old\",\"version\":\"1\"},\"instructions\":\"Be gentle.\"}"
#define DISCOVERED \
  "{\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":{\"tools\":{}},\"resultType\":\"complete\",\"ttlMs\":0," \
  "\"cacheScope\":\"private\",\"_meta\":{\"io.modelcontextprotocol/serverInfo\":{\"name\":\"new\",\"version\":\"2\"}}}"

#define MODERN_ROW ANSWER, 0, 0, DISCOVERED
#define LEGACY_ROW ANSWER, 0, 0, INITIALIZED
#define UNSUPPORTED_MODERN REFUSE, -32022, 400, "{\"supported\":[\"2026-07-28\"],\"requested\":\"x\"}"

/* How a scripted peer takes server/discover, and how initialize. */
typedef enum
{
  SILENT,     /* no answer */
  EXIT,       /* the process ends */
  REFUSE,     /* error @code with @data */
  HTTP,       /* the exchange fails with an HTTP error: @code is a ViaRpcError, @status what HTTP said */
  ANSWER,     /* result @data */
} ScriptedBehaviour;

typedef struct
{
  ScriptedBehaviour   behaviour;
  int         code;
  guint       status;
  const char *data;
} ScriptedReaction;

typedef struct
{
  const char *description;
  gboolean    http;
  const char *protocol;
  ScriptedReaction    discover[3]; /* first, second … time; the last one that is set is repeated */
  ScriptedReaction    initialize;
  const char *revision;    /* agreed on; NULL: fails */
  const char *error;       /* a part of the sentence */
  guint       n_discovers;
  guint       n_initializes;
  guint       n_starts;
} ScriptedRow;

typedef struct
{
  const ScriptedRow         *row;
  guint              n_discovers;
  guint              n_initializes;
  guint              n_starts;
  ScriptedTransport *transport; /* the newest */
  ScriptedFunc       rest;      /* sees every other message */
  gpointer           data;
} ScriptedPeer;

extern const ScriptedRow scripted_legacy_row;
extern const ScriptedRow scripted_modern_row;
extern const ScriptedRow scripted_http_legacy_row;
extern const ScriptedRow scripted_http_modern_row;

/* Short timeouts; @peer must outlive it. */
ViaMcpClient *scripted_client_new           (ScriptedPeer       *peer);
/* @rest sees every message but the handshakes. */
ViaMcpClient *scripted_client_new_connected (ScriptedPeer       *peer,
                                             const ScriptedRow  *row,
                                             ScriptedFunc        rest,
                                             gpointer            data);
gboolean      scripted_client_connect       (ViaMcpClient       *client,
                                             GError            **error);
void          scripted_client_close         (ViaMcpClient       *client);
/* After this nothing may be left of the client. */
void          scripted_client_drop          (ViaMcpClient       *client);
/* A GAsyncReadyCallback: @data is a GAsyncResult **. */
void          scripted_keep_result_cb       (GObject            *source,
                                             GAsyncResult       *result,
                                             gpointer            data);

G_END_DECLS
