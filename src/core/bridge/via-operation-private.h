/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/via-clock.h"
#include "bridge/via-operation.h"

G_BEGIN_DECLS

/* What only the bridge that made an operation may do to it. Every text has passed the redactor before it comes here. */

#define VIA_OPERATION_NOTIFY_INTERVAL_US (G_USEC_PER_SEC / 20) /* progress is notified at most this often */

typedef struct
{
  const char      *bridge_name;
  const char      *tool_name;
  ViaTool         *tool;      /* (nullable) */
  ViaJsonDocument *arguments; /* (nullable) */
  guint            timeout_s;
  gboolean         background;
  ViaClock        *clock;     /* (nullable) NULL: the real one */
} ViaOperationSetup;

/* PENDING, (transfer full). */
ViaOperation *via_operation_new             (const ViaOperationSetup *setup);
/* Cancelled by via_operation_cancel (). (transfer none) */
GCancellable *via_operation_get_cancellable (ViaOperation            *self);
void          via_operation_set_tool        (ViaOperation            *self,
                                             ViaTool                 *tool);
void          via_operation_set_attempt     (ViaOperation            *self,
                                             guint                    attempt);
/* An attempt begins, counted from 1; the first one makes it RUNNING. */
void          via_operation_begin_attempt   (ViaOperation            *self,
                                             guint                    attempt);
/* @progress 0…1, or -1 when the total is unknown; @message NULL keeps the one before. Notified at most 20 times a second. */
void          via_operation_report_progress (ViaOperation            *self,
                                             double                   progress,
                                             const char              *message);
/* Keeps a line with it, the oldest ones given up past VIA_LIMIT_NOTIFICATIONS_KEPT, and emits "log". */
void          via_operation_add_message     (ViaOperation            *self,
                                             const char              *level,
                                             const char              *text);
/* Each ends it, once; later ones are ignored. */
void          via_operation_complete        (ViaOperation            *self,
                                             ViaToolResult           *result);
/* @result (nullable). @error is (transfer full). A VIA_SIDE_CANCELLED makes it CANCELLED. */
void          via_operation_fail            (ViaOperation            *self,
                                             ViaSide                  side,
                                             GError                  *error,
                                             ViaToolResult           *result);

G_END_DECLS
