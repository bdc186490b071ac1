/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rpc/via-rpc-message.h"

G_BEGIN_DECLS

/*
 * ViaInbox judges texts and hands the messages over in the order of the texts, large ones from a worker thread. While it
 * is busy with one, later texts wait; a transport stops reading meanwhile, so the wait is bounded by what it had read.
 * Private to transport/. The callbacks may drop the inbox.
 */
typedef struct _ViaInbox ViaInbox;

typedef struct
{
  /* Exactly one of @message and @error. */
  void (*taken) (ViaRpcMessage *message, GBytes *text, const GError *error, gpointer data);
  void (*idle)  (gpointer data); /* it was busy and is no longer */
} ViaInboxFuncs;

ViaInbox *via_inbox_new     (const ViaInboxFuncs *funcs,
                             gpointer             data);
void      via_inbox_push    (ViaInbox            *self,
                             GBytes              *text);
gboolean  via_inbox_is_busy (ViaInbox            *self);
/* No callback comes after this. */
void      via_inbox_free    (ViaInbox            *self);

G_END_DECLS
