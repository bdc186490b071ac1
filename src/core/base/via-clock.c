/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-base"

#include "config.h"

#include "base/via-clock.h"

/* A call that somebody waits for. The fake clock makes it itself, the real one has a source for it. */
typedef struct
{
  guint            id;
  gint64           due;
  GSource         *source; /* (nullable) */
  GSourceOnceFunc  callback;
  gpointer         user_data;
  GDestroyNotify   destroy;
} Call;

/* What a source knows of its call: enough to ask for it, for it may be gone. */
typedef struct
{
  ViaClock *clock;
  guint     id;
} Ticket;

struct _ViaClock
{
  GObject    parent_instance;

  gboolean   fake;
  gint64     now;
  gint64     wall;

  GMutex     mutex; /* of what follows: real clocks are shared between threads */
  GPtrArray *calls; /* Call, in the order they were asked for */
  guint      last_id;
};

G_DEFINE_FINAL_TYPE (ViaClock, via_clock, G_TYPE_OBJECT)

static void
call_free (Call *call)
{
  if (call->source != NULL)
    {
      g_source_destroy (call->source);
      g_source_unref (call->source);
    }
  if (call->destroy != NULL)
    call->destroy (call->user_data);
  g_free (call);
}

/* Out of the list, so that exactly one of calling and cancelling gets it. */
static Call *
steal_call (ViaClock *self,
            guint     id)
{
  Call *found = NULL;

  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < self->calls->len && found == NULL; i++)
    if (((Call *) g_ptr_array_index (self->calls, i))->id == id)
      found = g_ptr_array_steal_index (self->calls, i);
  g_mutex_unlock (&self->mutex);
  return found;
}

static gboolean
source_cb (gpointer user_data)
{
  const Ticket *ticket = user_data;
  /* NULL when another thread cancels it just now: then that one frees it. */
  Call *call = steal_call (ticket->clock, ticket->id);

  if (call != NULL)
    {
      call->callback (call->user_data);
      call_free (call);
    }
  return G_SOURCE_REMOVE;
}

static void
ticket_free (gpointer data)
{
  Ticket *ticket = data;

  g_object_unref (ticket->clock);
  g_free (ticket);
}

static void
via_clock_finalize (GObject *object)
{
  ViaClock *self = VIA_CLOCK (object);

  while (self->calls->len > 0)
    call_free (g_ptr_array_steal_index (self->calls, self->calls->len - 1));
  g_ptr_array_unref (self->calls);
  g_mutex_clear (&self->mutex);

  G_OBJECT_CLASS (via_clock_parent_class)->finalize (object);
}

static void
via_clock_class_init (ViaClockClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = via_clock_finalize;
}

static void
via_clock_init (ViaClock *self)
{
  g_mutex_init (&self->mutex);
  self->calls = g_ptr_array_new ();
}

ViaClock *
via_clock_new (void)
{
  return g_object_new (VIA_TYPE_CLOCK, NULL);
}

ViaClock *
via_clock_new_fake (gint64 now,
                    gint64 wall)
{
  ViaClock *self = g_object_new (VIA_TYPE_CLOCK, NULL);

  self->fake = TRUE;
  self->now = now;
  self->wall = wall;
  return self;
}

gint64
via_clock_now (ViaClock *self)
{
  g_return_val_if_fail (VIA_IS_CLOCK (self), 0);

  return self->fake ? self->now : g_get_monotonic_time ();
}

gint64
via_clock_get_wall (ViaClock *self)
{
  g_return_val_if_fail (VIA_IS_CLOCK (self), 0);

  return self->fake ? self->wall : g_get_real_time ();
}

static void
attach (ViaClock *self,
        Call     *call,
        gint64    delay)
{
  Ticket *ticket = g_new (Ticket, 1);

  /* Rounded up: nothing may happen before its time. */
  const gint64 ms = delay / 1000 + (delay % 1000 > 0);

  *ticket = (Ticket) { g_object_ref (self), call->id };
  call->source = g_timeout_source_new ((guint) CLAMP (ms, 0, G_MAXINT));
  g_source_set_static_name (call->source, "[viaduct] clock");
  g_source_set_callback (call->source, source_cb, ticket, ticket_free);
  g_source_attach (call->source, g_main_context_get_thread_default ());
}

guint
via_clock_call_after (ViaClock        *self,
                      gint64           delay,
                      GSourceOnceFunc  callback,
                      gpointer         user_data,
                      GDestroyNotify   destroy)
{
  Call *call;
  guint id;

  g_return_val_if_fail (VIA_IS_CLOCK (self) && callback != NULL, 0);

  call = g_new0 (Call, 1);
  call->callback = callback;
  call->user_data = user_data;
  call->destroy = destroy;

  g_mutex_lock (&self->mutex);
  self->last_id = MAX (self->last_id + 1, 1);
  call->id = id = self->last_id;
  call->due = self->now + MAX (delay, 0);
  g_ptr_array_add (self->calls, call);
  if (!self->fake)
    attach (self, call, delay);
  g_mutex_unlock (&self->mutex);
  return id;
}

void
via_clock_cancel (ViaClock *self,
                  guint     id)
{
  Call *call;

  g_return_if_fail (VIA_IS_CLOCK (self));

  call = steal_call (self, id);
  if (call != NULL)
    call_free (call);
}

/* The call that is due first, and of those at the same time the one that was asked for first. */
static guint
find_due (ViaClock *self,
          gint64    until)
{
  const Call *first = NULL;

  for (guint i = 0; i < self->calls->len; i++)
    {
      const Call *call = g_ptr_array_index (self->calls, i);

      if (call->due <= until && (first == NULL || call->due < first->due))
        first = call;
    }
  return first != NULL ? first->id : 0;
}

void
via_clock_advance (ViaClock *self,
                   gint64    microseconds)
{
  gint64 until;
  guint id;

  g_return_if_fail (VIA_IS_CLOCK (self) && self->fake && microseconds >= 0);

  g_object_ref (self);
  until = self->now + microseconds;
  while ((id = find_due (self, until)) != 0)
    {
      Call *call = steal_call (self, id);
      const gint64 step = MAX (call->due - self->now, 0);

      self->now += step;
      self->wall += step;
      call->callback (call->user_data);
      call_free (call);
    }
  self->wall += until - self->now;
  self->now = until;
  g_object_unref (self);
}

guint
via_clock_get_n_calls (ViaClock *self)
{
  guint n_calls;

  g_return_val_if_fail (VIA_IS_CLOCK (self), 0);

  g_mutex_lock (&self->mutex);
  n_calls = self->calls->len;
  g_mutex_unlock (&self->mutex);
  return n_calls;
}
