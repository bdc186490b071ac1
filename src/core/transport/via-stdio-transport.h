/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rpc/via-transport.h"

G_BEGIN_DECLS

/*
 * ViaStdioTransport runs a server as a child process and speaks newline-delimited JSON with it (MCP transports, stdio,
 * both eras). No shell is involved. The child leads a process group of its own, and whatever it started ends with it,
 * also when this process is killed. Its stderr comes line by line as diagnostics.
 */
#define VIA_TYPE_STDIO_TRANSPORT (via_stdio_transport_get_type ())
G_DECLARE_FINAL_TYPE (ViaStdioTransport, via_stdio_transport, VIA, STDIO_TRANSPORT, ViaTransport)

/* @environment: NAME=value pairs that are added to the safe part of ours (HOME, LANG, LOGNAME, PATH, SHELL, TERM, TMPDIR,
 * USER, XDG_*); NULL for none. @directory NULL: ours. @max_message_bytes 0: the default. */
ViaTransport *via_stdio_transport_new           (const char *const *argv,
                                                 const char *const *environment,
                                                 const char        *directory,
                                                 gsize              max_message_bytes);
/* Process id of the running child, 0 when there is none. */
int           via_stdio_transport_get_pid       (ViaStdioTransport *self);
/* The last lines of stderr, oldest first, joined by newlines. (transfer full) */
char         *via_stdio_transport_dup_stderr    (ViaStdioTransport *self);

/* The other end: this process's own stdin and stdout, for a server. */
#define VIA_TYPE_STDIO_SERVER_TRANSPORT (via_stdio_server_transport_get_type ())
G_DECLARE_FINAL_TYPE (ViaStdioServerTransport, via_stdio_server_transport, VIA, STDIO_SERVER_TRANSPORT, ViaTransport)
ViaTransport *via_stdio_server_transport_new    (gsize max_message_bytes);

G_END_DECLS
