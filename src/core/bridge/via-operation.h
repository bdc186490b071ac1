/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "mcp/via-tool.h"
#include "mcp/via-tool-result.h"

G_BEGIN_DECLS

typedef enum
{
  VIA_OPERATION_PENDING,   /* waits for a connection or a free place */
  VIA_OPERATION_RUNNING,
  VIA_OPERATION_COMPLETED,
  VIA_OPERATION_FAILED,
  VIA_OPERATION_CANCELLED,
} ViaOperationState;

/* Whose fault a failure is: what a person is told first, and the command line's exit status. */
typedef enum
{
  VIA_SIDE_NONE,
  VIA_SIDE_ARGUMENTS,      /* the server said they are not right; exit 1 */
  VIA_SIDE_TOOL,           /* the tool ran and said no (isError); exit 1 */
  VIA_SIDE_SERVER,         /* the server failed or broke the protocol; exit 1 */
  VIA_SIDE_CONFIGURATION,  /* exit 3 */
  VIA_SIDE_CONNECTION,     /* exit 4 */
  VIA_SIDE_AUTHORIZATION,  /* exit 5 */
  VIA_SIDE_TIMEOUT,        /* exit 6 */
  VIA_SIDE_CANCELLED,      /* exit 7 */
  VIA_SIDE_POLICY,         /* exit 8 */
} ViaSide;

/*
 * ViaOperation is the one record of an execution: what was asked, of whom, how it stands, what came of it. The app shows
 * it, the command line prints it. Made by via_bridge_execute (); only its bridge writes to it. It lives on after its
 * bridge is gone.
 *
 * Properties (all notify): "state", "progress" (0…1, or -1), "progress-message", "attempt". Signals: "log" (level, text).
 */
#define VIA_TYPE_OPERATION (via_operation_get_type ())
G_DECLARE_FINAL_TYPE (ViaOperation, via_operation, VIA, OPERATION, GObject)
#define VIA_TYPE_OPERATION_STATE (via_operation_state_get_type ())
GType              via_operation_state_get_type        (void);

const char        *via_operation_get_id                (ViaOperation  *self); /* UUIDv7 */
const char        *via_operation_get_bridge_name       (ViaOperation  *self);
const char        *via_operation_get_tool_name         (ViaOperation  *self);
const char        *via_operation_get_tool_title        (ViaOperation  *self);
ViaTool           *via_operation_get_tool              (ViaOperation  *self); /* (nullable) */
ViaJsonDocument   *via_operation_get_arguments         (ViaOperation  *self); /* (transfer none) as they were given */
gboolean           via_operation_is_background         (ViaOperation  *self);
guint              via_operation_get_timeout_s         (ViaOperation  *self);
ViaOperationState  via_operation_get_state             (ViaOperation  *self);
gboolean           via_operation_is_finished           (ViaOperation  *self);
double             via_operation_get_progress          (ViaOperation  *self);
const char        *via_operation_get_progress_message  (ViaOperation  *self); /* (nullable) */
guint              via_operation_get_attempt           (ViaOperation  *self); /* from 1; 0 while pending */
gint64             via_operation_get_created_at        (ViaOperation  *self); /* wall clock, microseconds */
/* Microseconds from its start, or from its creation while pending, to its end or now. */
gint64             via_operation_get_duration          (ViaOperation  *self);
/* Present when completed, and when the tool answered isError. */
ViaToolResult     *via_operation_get_result            (ViaOperation  *self); /* (transfer none) (nullable) */
/* Present when failed or cancelled. The message is a sentence with a next step, redacted. */
const GError      *via_operation_get_error             (ViaOperation  *self); /* (nullable) */
ViaSide            via_operation_get_side              (ViaOperation  *self);
/* Log and progress lines that came with it: GPtrArray of char *, (transfer none), capped. */
GPtrArray         *via_operation_get_messages          (ViaOperation  *self);
/* Asks for its end; it becomes CANCELLED soon, unless it finished first. Safe at any time. */
void               via_operation_cancel                (ViaOperation  *self);
/* The command line's shape of a finished operation ({success, data|error, execution_time, …}), or of a running one
 * ({operation_id, status, …}). */
char              *via_operation_to_json               (ViaOperation  *self); /* (transfer full) */
const char        *via_operation_state_get_name        (ViaOperationState state); /* "pending" … */
const char        *via_side_get_name                   (ViaSide        side);  /* "arguments" … */
int                via_side_get_exit_status            (ViaSide        side);

G_END_DECLS
