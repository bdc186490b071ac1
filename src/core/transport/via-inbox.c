/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-transport"
#include "config.h"

#include "transport/via-inbox.h"

struct _ViaInbox
{
  ViaInboxFuncs  funcs;
  gpointer       data;
  GBytes        *parsing; /* on a worker thread */
  GQueue         waiting; /* of GBytes, behind @parsing */
  gboolean       freed;
};

static void take_text (ViaInbox *self, GBytes *text);

static void
inbox_clear (gpointer data)
{
  ViaInbox *self = data;

  g_clear_pointer (&self->parsing, g_bytes_unref);
  g_queue_clear_full (&self->waiting, (GDestroyNotify) g_bytes_unref);
}

static void
inbox_unref (ViaInbox *self)
{
  g_rc_box_release_full (self, inbox_clear);
}

static void
take_waiting (ViaInbox *self)
{
  while (!self->freed && self->parsing == NULL && !g_queue_is_empty (&self->waiting))
    {
      g_autoptr(GBytes) text = g_queue_pop_head (&self->waiting);

      take_text (self, text);
    }
  if (!self->freed && self->parsing == NULL)
    self->funcs.idle (self->data);
}

static void
parsed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  ViaInbox *self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(ViaRpcMessage) message = via_rpc_message_new_finish (result, &error);
  g_autoptr(GBytes) text = g_steal_pointer (&self->parsing);

  if (!self->freed)
    {
      self->funcs.taken (message, text, error, self->data);
      take_waiting (self);
    }
  inbox_unref (self);
}

static void
take_text (ViaInbox *self,
           GBytes   *text)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ViaRpcMessage) message = NULL;

  if (via_rpc_message_is_large (text))
    {
      self->parsing = g_bytes_ref (text);
      via_rpc_message_new_async (text, NULL, NULL, parsed_cb, g_rc_box_acquire (self));
      return;
    }
  message = via_rpc_message_new (text, NULL, &error);
  self->funcs.taken (message, text, error, self->data);
}

ViaInbox *
via_inbox_new (const ViaInboxFuncs *funcs,
               gpointer             data)
{
  ViaInbox *self = g_rc_box_new0 (ViaInbox);

  self->funcs = *funcs;
  self->data = data;
  g_queue_init (&self->waiting);
  return self;
}

void
via_inbox_push (ViaInbox *self,
                GBytes   *text)
{
  if (self->parsing != NULL)
    {
      g_queue_push_tail (&self->waiting, g_bytes_ref (text));
      return;
    }
  g_rc_box_acquire (self);
  take_text (self, text);
  inbox_unref (self);
}

gboolean
via_inbox_is_busy (ViaInbox *self)
{
  return self->parsing != NULL;
}

void
via_inbox_free (ViaInbox *self)
{
  self->freed = TRUE;
  inbox_unref (self);
}
