/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Every cap in one place. A resource that a peer controls has a cap here; the comment beside it gives its unit and
 * its reason. User-settable values (timeout, response size, concurrency) have their defaults and bounds here too.
 */

/* JSON: the default judges protocol messages; a message larger than the wire cap never reaches the parser. */
#define VIA_LIMIT_JSON_DEPTH 128           /* levels; json trees nobody writes by hand go deeper */
#define VIA_LIMIT_JSON_VALUES 20000000     /* nodes in one text; bounds the index at 16 bytes a node */
#define VIA_LIMIT_JSON_MEMBERS 200000      /* members of one object; the duplicate check is hashed, so this is cheap */
#define VIA_LIMIT_JSON_KEY_BYTES 65536     /* bytes of one key */

/* Wire */
#define VIA_LIMIT_RESPONSE_BYTES (10 * 1024 * 1024)       /* default of security.max_response_size */
#define VIA_LIMIT_RESPONSE_BYTES_MAX (1024 * 1024 * 1024) /* what a user may raise it to */
#define VIA_LIMIT_SSE_LINE_SLACK 65536                    /* bytes of an SSE line over the response cap */
#define VIA_LIMIT_SSE_RETRY_MS 300000                     /* longest server-asked reconnection wait */
#define VIA_LIMIT_SSE_EVENT_ID_BYTES 4096                 /* longer event ids are not remembered */
#define VIA_LIMIT_SSE_RESUMPTIONS 16                      /* reconnections of one stream without a message in between */
#define VIA_LIMIT_STDERR_LINE_BYTES 8192                  /* longer lines of a child's stderr are split */
#define VIA_LIMIT_STDERR_BYTES (256 * 1024)               /* kept per bridge */
#define VIA_LIMIT_PARAMETERS_BYTES (64 * 1024 * 1024)     /* from a file or standard input */
#define VIA_LIMIT_OUTGOING_BYTES (16 * 1024 * 1024)       /* waiting for a child that does not read; then nothing is added */
#define VIA_LIMIT_INTERIM_RESPONSES 16                    /* 1xx answers before the real one */
#define VIA_LIMIT_HTTP_HEADERS 256                        /* header fields of one answer; their bytes are libsoup's cap */
#define VIA_LIMIT_BAD_LINES 100                           /* non-JSON stdout lines before a stdio server is given up */
#define VIA_LIMIT_ERROR_TEXT_BYTES 2048                   /* of a peer's error text shown to a person */
#define VIA_LIMIT_HEADER_VALUE_BYTES 8192                 /* of one header value that we build from arguments */
#define VIA_LIMIT_PENDING_REQUESTS 256                    /* requests in flight on one connection */
#define VIA_LIMIT_PAGES 64                                /* pages of one list; the official SDK's figure */
#define VIA_LIMIT_TOOLS 20000                             /* tools of one bridge */
#define VIA_LIMIT_TOOL_NAME_BYTES 1024
#define VIA_LIMIT_NOTIFICATIONS_KEPT 1000                 /* log and progress lines kept with one operation */

/* Time */
#define VIA_LIMIT_CONNECT_MS 10000         /* TCP and TLS */
#define VIA_LIMIT_PROBE_MS 4000            /* answer to server/discover on stdio before the legacy handshake is tried */
#define VIA_LIMIT_STDIO_EOF_MS 2000        /* a child may take to exit after its stdin closed */
#define VIA_LIMIT_STDIO_TERM_MS 1000       /* and after SIGTERM, before SIGKILL */
#define VIA_LIMIT_STDIO_DRAIN_MS 500       /* for what a child that exited had still written */
#define VIA_LIMIT_HTTP_CLOSE_MS 2000       /* for the server to acknowledge the end of a session */
#define VIA_LIMIT_HTTP_LINGER_MS 2000      /* for a stream to end by itself after its answer came */
#define VIA_LIMIT_KEYRING_MS 30000         /* a hung secret service */
#define VIA_LIMIT_RETRY_AFTER_MS 60000     /* longest Retry-After that is obeyed; longer ones fail with the hint */
#define VIA_LIMIT_TIMEOUT_MAX_S 3600
#define VIA_LIMIT_TIMEOUT_DEFAULT_S 30
#define VIA_LIMIT_QUEUE_S 3600             /* an execution waits for a free place of its bridge */
#define VIA_LIMIT_PROGRESS_EXTENSIONS 20   /* a progressing call may last this many times its timeout, at most the maximum */

/* Configuration */
#define VIA_LIMIT_CONFIG_BYTES (1024 * 1024)
#define VIA_LIMIT_CONFIG_NODES 50000
#define VIA_LIMIT_CONFIG_DEPTH 32
#define VIA_LIMIT_CONFIG_BRIDGES 1000
#define VIA_LIMIT_SECRET_BYTES 65536
#define VIA_LIMIT_REDACTED_SECRETS 1024    /* known to the redactor; renewed tokens add up in a long session */

/* Operations */
#define VIA_LIMIT_CONCURRENT_DEFAULT 10
#define VIA_LIMIT_RETRIES_MAX 10
