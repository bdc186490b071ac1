/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gio/gio.h>

#include "rpc/via-rpc-error.h"
#include "via-linked-transport.h"

struct _ViaLinkedTransport
{
  ViaTransport  parent_instance;

  GWeakRef      other;
  GError       *failure;
  char         *last;
  char         *protocol;
  guint         n_sent;
  guint         n_cancelled;
  gboolean      waiting;
  gboolean      listening;
};

G_DEFINE_FINAL_TYPE (ViaLinkedTransport, via_linked_transport, VIA_TYPE_TRANSPORT)

typedef struct
{
  ViaLinkedTransport *target;
  GBytes             *bytes; /* NULL: the connection ends */
  GError             *error;
} Delivery;

static gboolean
deliver_cb (gpointer user_data)
{
  Delivery *delivery = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(ViaRpcMessage) message = NULL;

  if (delivery->bytes == NULL)
    {
      via_transport_emit_closed (VIA_TRANSPORT (delivery->target), delivery->error);
      return G_SOURCE_REMOVE;
    }
  message = via_rpc_message_new (delivery->bytes, NULL, &error);
  if (message != NULL)
    via_transport_emit_message (VIA_TRANSPORT (delivery->target), message);
  else
    via_transport_emit_diagnostic (VIA_TRANSPORT (delivery->target), VIA_DIAGNOSTIC_STRAY_OUTPUT, error->message);
  return G_SOURCE_REMOVE;
}

static void
delivery_free (gpointer user_data)
{
  Delivery *delivery = user_data;

  g_object_unref (delivery->target);
  g_clear_pointer (&delivery->bytes, g_bytes_unref);
  g_clear_error (&delivery->error);
  g_free (delivery);
}

/* @target: (transfer full) (nullable) */
static void
deliver (ViaLinkedTransport *target,
         GBytes             *bytes,
         const GError       *error)
{
  Delivery *delivery;
  GSource *source;

  if (target == NULL)
    return;
  delivery = g_new0 (Delivery, 1);
  delivery->target = target;
  delivery->bytes = bytes != NULL ? g_bytes_ref (bytes) : NULL;
  delivery->error = error != NULL ? g_error_copy (error) : NULL;
  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, deliver_cb, delivery, delivery_free);
  g_source_attach (source, g_main_context_get_thread_default ());
  g_source_unref (source);
}

static void
note_sent (ViaLinkedTransport *self,
           GBytes             *body)
{
  gsize size;
  const char *text = g_bytes_get_data (body, &size);

  g_assert_null (memchr (text, '\n', size));
  self->n_sent++;
  g_free (self->last);
  self->last = g_strndup (text, size);
}

static void
via_linked_transport_start_async (ViaTransport        *transport,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (transport, cancellable, callback, user_data);

  g_task_return_boolean (task, TRUE);
}

static gboolean
via_linked_transport_try_send (ViaTransport               *transport,
                               const ViaTransportMessage  *message,
                               GError                    **error)
{
  ViaLinkedTransport *self = VIA_LINKED_TRANSPORT (transport);

  if (self->waiting)
    return FALSE;
  if (self->failure != NULL)
    {
      g_propagate_error (error, g_error_copy (self->failure));
      return FALSE;
    }
  note_sent (self, message->body);
  deliver (g_weak_ref_get (&self->other), message->body, NULL);
  return TRUE;
}

static gboolean
send_cancelled_cb (GCancellable *cancellable,
                   gpointer      user_data)
{
  GTask *task = user_data;
  ViaLinkedTransport *self = g_task_get_source_object (task);

  self->n_cancelled++;
  g_task_return_error_if_cancelled (task);
  return G_SOURCE_REMOVE;
}

static void
via_linked_transport_send_async (ViaTransport              *transport,
                                 const ViaTransportMessage *message,
                                 GCancellable              *cancellable,
                                 GAsyncReadyCallback        callback,
                                 gpointer                   user_data)
{
  ViaLinkedTransport *self = VIA_LINKED_TRANSPORT (transport);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr(GSource) source = NULL;

  if (self->failure != NULL)
    {
      g_task_return_error (task, g_error_copy (self->failure));
      return;
    }
  note_sent (self, message->body);
  deliver (g_weak_ref_get (&self->other), message->body, NULL);
  if (!self->waiting || cancellable == NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  source = g_cancellable_source_new (cancellable);
  g_source_set_callback (source, G_SOURCE_FUNC (send_cancelled_cb), g_steal_pointer (&task), g_object_unref);
  g_source_attach (source, g_main_context_get_thread_default ());
}

static void
via_linked_transport_close_async (ViaTransport        *transport,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  ViaLinkedTransport *self = VIA_LINKED_TRANSPORT (transport);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  deliver (g_weak_ref_get (&self->other), NULL, NULL);
  via_transport_emit_closed (transport, NULL);
  g_task_return_boolean (task, TRUE);
}

static void
via_linked_transport_set_protocol (ViaTransport *transport,
                                   const char   *revision,
                                   gboolean      modern)
{
  ViaLinkedTransport *self = VIA_LINKED_TRANSPORT (transport);

  g_free (self->protocol);
  self->protocol = g_strdup (revision);
}

static void
via_linked_transport_listen (ViaTransport *transport)
{
  VIA_LINKED_TRANSPORT (transport)->listening = TRUE;
}

static void
via_linked_transport_dispose (GObject *object)
{
  ViaLinkedTransport *self = VIA_LINKED_TRANSPORT (object);

  deliver (g_weak_ref_get (&self->other), NULL, NULL);
  g_weak_ref_set (&self->other, NULL);
  G_OBJECT_CLASS (via_linked_transport_parent_class)->dispose (object);
}

static void
via_linked_transport_finalize (GObject *object)
{
  ViaLinkedTransport *self = VIA_LINKED_TRANSPORT (object);

  g_weak_ref_clear (&self->other);
  g_clear_error (&self->failure);
  g_free (self->last);
  g_free (self->protocol);
  G_OBJECT_CLASS (via_linked_transport_parent_class)->finalize (object);
}

static void
via_linked_transport_class_init (ViaLinkedTransportClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  ViaTransportClass *transport_class = VIA_TRANSPORT_CLASS (klass);

  object_class->dispose = via_linked_transport_dispose;
  object_class->finalize = via_linked_transport_finalize;
  transport_class->start_async = via_linked_transport_start_async;
  transport_class->send_async = via_linked_transport_send_async;
  transport_class->try_send = via_linked_transport_try_send;
  transport_class->close_async = via_linked_transport_close_async;
  transport_class->set_protocol = via_linked_transport_set_protocol;
  transport_class->listen = via_linked_transport_listen;
}

static void
via_linked_transport_init (ViaLinkedTransport *self)
{
  g_weak_ref_init (&self->other, NULL);
}

void
via_linked_transport_new_pair (ViaTransport **a,
                               ViaTransport **b)
{
  *a = g_object_new (VIA_TYPE_LINKED_TRANSPORT, NULL);
  *b = g_object_new (VIA_TYPE_LINKED_TRANSPORT, NULL);
  g_weak_ref_set (&VIA_LINKED_TRANSPORT (*a)->other, *b);
  g_weak_ref_set (&VIA_LINKED_TRANSPORT (*b)->other, *a);
}

void
via_linked_transport_inject (ViaLinkedTransport *self,
                             const char         *text)
{
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));

  deliver (g_object_ref (self), bytes, NULL);
}

void
via_linked_transport_break (ViaLinkedTransport *self,
                            const GError       *error)
{
  deliver (g_object_ref (self), NULL, error);
}

void
via_linked_transport_set_waiting (ViaLinkedTransport *self,
                                  gboolean            waiting)
{
  self->waiting = waiting;
}

void
via_linked_transport_set_failure (ViaLinkedTransport *self,
                                  const GError       *error)
{
  g_clear_error (&self->failure);
  self->failure = error != NULL ? g_error_copy (error) : NULL;
}

guint
via_linked_transport_get_n_sent (ViaLinkedTransport *self)
{
  return self->n_sent;
}

const char *
via_linked_transport_get_last (ViaLinkedTransport *self)
{
  return self->last;
}

guint
via_linked_transport_get_n_cancelled (ViaLinkedTransport *self)
{
  return self->n_cancelled;
}

const char *
via_linked_transport_get_protocol (ViaLinkedTransport *self)
{
  return self->protocol;
}

gboolean
via_linked_transport_is_listening (ViaLinkedTransport *self)
{
  return self->listening;
}
