/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via-bridge"

#include "config.h"

#include "base/via-ids.h"
#include "base/via-limits.h"
#include "bridge/via-operation-private.h"
#include "json/via-json-writer.h"

/*
 * The record of one execution. It is written by the executor that carries it out and read by everybody else; it knows
 * neither bridge nor executor, so it may outlive both. Cancelling goes through its GCancellable, which the executor
 * listens to. Main context of the creating thread.
 *
 * Invariants: the state only moves forward; after the end nothing changes any more; @error is set exactly when it FAILED
 * or was CANCELLED; @result is set when it COMPLETED, and when the tool itself answered that it failed.
 */
struct _ViaOperation
{
  GObject            parent_instance;

  /* owned */
  char              *id;
  char              *bridge_name;
  char              *tool_name;
  ViaTool           *tool;      /* nullable */
  ViaJsonDocument   *arguments; /* nullable */
  GCancellable      *cancellable;
  char              *progress_message; /* nullable */
  ViaToolResult     *result;    /* nullable */
  GError            *error;     /* nullable */
  GPtrArray         *messages;  /* char * */
  ViaClock          *clock;

  ViaOperationState  state;
  ViaSide            side;
  gboolean           background;
  guint              timeout_s;
  guint              attempt;
  double             progress;
  gint64             created_at;  /* wall clock, microseconds */
  gint64             ended_at;    /* wall clock, microseconds */
  gint64             created;     /* monotonic, microseconds, like the ones below */
  gint64             started;     /* 0 while pending */
  gint64             ended;       /* 0 until finished */
  gint64             notified;    /* when progress was last notified */
  guint              flush;       /* of the clock: a held back notification of progress */
  gboolean           progressed;  /* progress was notified before */
};

G_DEFINE_FINAL_TYPE (ViaOperation, via_operation, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_STATE,
  PROP_PROGRESS,
  PROP_PROGRESS_MESSAGE,
  PROP_ATTEMPT,
  N_PROPS
};

enum
{
  SIGNAL_LOG,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static const char *const state_names[] = {
  [VIA_OPERATION_PENDING] = "pending",
  [VIA_OPERATION_RUNNING] = "running",
  [VIA_OPERATION_COMPLETED] = "completed",
  [VIA_OPERATION_FAILED] = "failed",
  [VIA_OPERATION_CANCELLED] = "cancelled",
};

GType
via_operation_state_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    { VIA_OPERATION_PENDING, "VIA_OPERATION_PENDING", "pending" },
    { VIA_OPERATION_RUNNING, "VIA_OPERATION_RUNNING", "running" },
    { VIA_OPERATION_COMPLETED, "VIA_OPERATION_COMPLETED", "completed" },
    { VIA_OPERATION_FAILED, "VIA_OPERATION_FAILED", "failed" },
    { VIA_OPERATION_CANCELLED, "VIA_OPERATION_CANCELLED", "cancelled" },
    { 0, NULL, NULL }
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("ViaOperationState", values));
  return type;
}

static gint64
operation_now (ViaOperation *self)
{
  return via_clock_now (self->clock);
}

static gint64
operation_wall_now (ViaOperation *self)
{
  return via_clock_get_wall (self->clock);
}

static void
drop_flush (ViaOperation *self)
{
  via_clock_cancel (self->clock, self->flush);
  self->flush = 0;
}

static void
notify_progress (ViaOperation *self)
{
  drop_flush (self);
  self->notified = operation_now (self);
  self->progressed = TRUE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROGRESS]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROGRESS_MESSAGE]);
}

static void
flush_cb (gpointer user_data)
{
  ViaOperation *self = VIA_OPERATION (user_data);

  self->flush = 0;
  notify_progress (self);
}

/* The last step of every ending. What was held back is said first, so that nobody sees progress after the end. */
static void
finish (ViaOperation      *self,
        ViaOperationState  state)
{
  g_object_ref (self);
  if (self->flush != 0)
    notify_progress (self);
  self->state = state;
  self->ended = operation_now (self);
  self->ended_at = operation_wall_now (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  g_object_unref (self);
}

static void
via_operation_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  ViaOperation *self = VIA_OPERATION (object);

  switch (prop_id)
    {
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_PROGRESS:
      g_value_set_double (value, self->progress);
      break;
    case PROP_PROGRESS_MESSAGE:
      g_value_set_string (value, self->progress_message);
      break;
    case PROP_ATTEMPT:
      g_value_set_uint (value, self->attempt);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
via_operation_finalize (GObject *object)
{
  ViaOperation *self = VIA_OPERATION (object);

  drop_flush (self);
  g_clear_object (&self->clock);
  g_free (self->id);
  g_free (self->bridge_name);
  g_free (self->tool_name);
  g_clear_object (&self->tool);
  g_clear_pointer (&self->arguments, via_json_document_unref);
  g_clear_object (&self->cancellable);
  g_free (self->progress_message);
  g_clear_pointer (&self->result, via_tool_result_unref);
  g_clear_error (&self->error);
  g_ptr_array_unref (self->messages);

  G_OBJECT_CLASS (via_operation_parent_class)->finalize (object);
}

static void
via_operation_class_init (ViaOperationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = via_operation_get_property;
  object_class->finalize = via_operation_finalize;

  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, VIA_TYPE_OPERATION_STATE,
                                              VIA_OPERATION_PENDING, flags);
  properties[PROP_PROGRESS] = g_param_spec_double ("progress", NULL, NULL, -1, 1, -1, flags);
  properties[PROP_PROGRESS_MESSAGE] = g_param_spec_string ("progress-message", NULL, NULL, NULL, flags);
  properties[PROP_ATTEMPT] = g_param_spec_uint ("attempt", NULL, NULL, 0, G_MAXUINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_LOG] = g_signal_new ("log", VIA_TYPE_OPERATION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
}

static void
via_operation_init (ViaOperation *self)
{
  self->cancellable = g_cancellable_new ();
  self->messages = g_ptr_array_new_with_free_func (g_free);
  self->progress = -1;
}

ViaOperation *
via_operation_new (const ViaOperationSetup *setup)
{
  ViaOperation *self = g_object_new (VIA_TYPE_OPERATION, NULL);

  self->clock = setup->clock != NULL ? g_object_ref (setup->clock) : via_clock_new ();
  self->id = via_id_new ();
  self->bridge_name = g_strdup (setup->bridge_name);
  self->tool_name = g_strdup (setup->tool_name);
  g_set_object (&self->tool, setup->tool);
  if (setup->arguments != NULL)
    self->arguments = via_json_document_ref (setup->arguments);
  self->timeout_s = setup->timeout_s;
  self->background = setup->background;
  self->created = operation_now (self);
  self->created_at = operation_wall_now (self);
  return self;
}

GCancellable *
via_operation_get_cancellable (ViaOperation *self)
{
  return self->cancellable;
}

/* The bridge learned what the tool is only after the operation was made. */
void
via_operation_set_tool (ViaOperation *self,
                        ViaTool      *tool)
{
  g_set_object (&self->tool, tool);
}

/* Says how many attempts there were, also of an operation that never got to run. */
void
via_operation_set_attempt (ViaOperation *self,
                           guint         attempt)
{
  if (via_operation_is_finished (self) || attempt == self->attempt)
    return;

  self->attempt = attempt;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ATTEMPT]);
}

void
via_operation_begin_attempt (ViaOperation *self,
                             guint         attempt)
{
  via_operation_set_attempt (self, attempt);
  if (self->state != VIA_OPERATION_PENDING)
    return;

  self->state = VIA_OPERATION_RUNNING;
  self->started = operation_now (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

void
via_operation_report_progress (ViaOperation *self,
                               double        progress,
                               const char   *message)
{
  gint64 due;

  if (via_operation_is_finished (self))
    return;

  self->progress = progress >= 0 ? MIN (progress, 1) : -1; /* not a number fails the comparison too */
  if (message != NULL && g_strcmp0 (message, self->progress_message) != 0)
    {
      g_free (self->progress_message);
      self->progress_message = g_strdup (message);
    }
  if (self->flush != 0)
    return;

  due = self->notified + VIA_OPERATION_NOTIFY_INTERVAL_US - operation_now (self);
  if (!self->progressed || due <= 0)
    {
      notify_progress (self);
      return;
    }
  self->flush = via_clock_call_after (self->clock, due, flush_cb, self, NULL);
}

void
via_operation_add_message (ViaOperation *self,
                           const char   *level,
                           const char   *text)
{
  if (via_operation_is_finished (self))
    return;

  if (self->messages->len >= VIA_LIMIT_NOTIFICATIONS_KEPT)
    g_ptr_array_remove_index (self->messages, 0);
  g_ptr_array_add (self->messages, g_strdup (text));
  g_signal_emit (self, signals[SIGNAL_LOG], 0, level, text);
}

void
via_operation_complete (ViaOperation  *self,
                        ViaToolResult *result)
{
  if (via_operation_is_finished (self))
    return;

  self->result = via_tool_result_ref (result);
  finish (self, VIA_OPERATION_COMPLETED);
}

void
via_operation_fail (ViaOperation  *self,
                    ViaSide        side,
                    GError        *error,
                    ViaToolResult *result)
{
  if (via_operation_is_finished (self))
    {
      g_error_free (error);
      return;
    }
  self->side = side;
  self->error = error;
  if (result != NULL)
    self->result = via_tool_result_ref (result);
  finish (self, side == VIA_SIDE_CANCELLED ? VIA_OPERATION_CANCELLED : VIA_OPERATION_FAILED);
}

/* A UUID of version 7 (RFC 9562, section 5.7): later operations sort behind earlier ones. */
const char *
via_operation_get_id (ViaOperation *self)
{
  g_return_val_if_fail (VIA_IS_OPERATION (self), NULL);

  return self->id;
}

const char *
via_operation_get_bridge_name (ViaOperation *self)
{
  g_return_val_if_fail (VIA_IS_OPERATION (self), NULL);

  return self->bridge_name;
}

const char *
via_operation_get_tool_name (ViaOperation *self)
{
  g_return_val_if_fail (VIA_IS_OPERATION (self), NULL);

  return self->tool_name;
}

/* The tool's title, or its name while nothing else is known. */
const char *
via_operation_get_tool_title (ViaOperation *self)
{
  g_return_val_if_fail (VIA_IS_OPERATION (self), NULL);

  return self->tool != NULL ? via_tool_get_title (self->tool) : self->tool_name;
}

ViaTool *
via_operation_get_tool (ViaOperation *self)
{
  g_return_val_if_fail (VIA_IS_OPERATION (self), NULL);

  return self->tool;
}

ViaJsonDocument *
via_operation_get_arguments (ViaOperation *self)
{
  g_return_val_if_fail (VIA_IS_OPERATION (self), NULL);

  return self->arguments;
}

gboolean
via_operation_is_background (ViaOperation *self)
{
  g_return_val_if_fail (VIA_IS_OPERATION (self), FALSE);

  return self->background;
}

/* Seconds that each attempt may take. */
guint
via_operation_get_timeout_s (ViaOperation *self)
{
  g_return_val_if_fail (VIA_IS_OPERATION (self), 0);

  return self->timeout_s;
}

ViaOperationState
via_operation_get_state (ViaOperation *self)
{
  g_return_val_if_fail (VIA_IS_OPERATION (self), VIA_OPERATION_FAILED);

  return self->state;
}

gboolean
via_operation_is_finished (ViaOperation *self)
{
  g_return_val_if_fail (VIA_IS_OPERATION (self), TRUE);

  return self->state > VIA_OPERATION_RUNNING;
}

double
via_operation_get_progress (ViaOperation *self)
{
  g_return_val_if_fail (VIA_IS_OPERATION (self), -1);

  return self->progress;
}

const char *
via_operation_get_progress_message (ViaOperation *self)
{
  g_return_val_if_fail (VIA_IS_OPERATION (self), NULL);

  return self->progress_message;
}

guint
via_operation_get_attempt (ViaOperation *self)
{
  g_return_val_if_fail (VIA_IS_OPERATION (self), 0);

  return self->attempt;
}

gint64
via_operation_get_created_at (ViaOperation *self)
{
  g_return_val_if_fail (VIA_IS_OPERATION (self), 0);

  return self->created_at;
}

gint64
via_operation_get_duration (ViaOperation *self)
{
  g_return_val_if_fail (VIA_IS_OPERATION (self), 0);

  return (self->ended != 0 ? self->ended : operation_now (self))
         - (self->started != 0 ? self->started : self->created);
}

ViaToolResult *
via_operation_get_result (ViaOperation *self)
{
  g_return_val_if_fail (VIA_IS_OPERATION (self), NULL);

  return self->result;
}

const GError *
via_operation_get_error (ViaOperation *self)
{
  g_return_val_if_fail (VIA_IS_OPERATION (self), NULL);

  return self->error;
}

ViaSide
via_operation_get_side (ViaOperation *self)
{
  g_return_val_if_fail (VIA_IS_OPERATION (self), VIA_SIDE_NONE);

  return self->side;
}

GPtrArray *
via_operation_get_messages (ViaOperation *self)
{
  g_return_val_if_fail (VIA_IS_OPERATION (self), NULL);

  return self->messages;
}

void
via_operation_cancel (ViaOperation *self)
{
  g_return_if_fail (VIA_IS_OPERATION (self));

  if (!via_operation_is_finished (self))
    g_cancellable_cancel (self->cancellable);
}

const char *
via_operation_state_get_name (ViaOperationState state)
{
  g_return_val_if_fail ((guint) state < G_N_ELEMENTS (state_names), NULL);

  return state_names[state];
}

/* Seconds are enough for a person and are what the shapes promise: YYYY-MM-DDThh:mm:ssZ. */
static void
write_timestamp (ViaJsonWriter *writer,
                 gint64         wall_time)
{
  g_autofree char *text = via_timestamp_format (wall_time);

  via_json_writer_member_string (writer, "timestamp", text);
}

static void
write_unfinished (ViaOperation  *self,
                  ViaJsonWriter *writer)
{
  via_json_writer_member_string (writer, "operation_id", self->id);
  via_json_writer_member_string (writer, "status", state_names[self->state]);
  via_json_writer_key (writer, "progress");
  if (self->progress >= 0)
    via_json_writer_double (writer, self->progress);
  else
    via_json_writer_null (writer);
  via_json_writer_member_string (writer, "progress_message", self->progress_message);
  via_json_writer_member_string (writer, "bridge", self->bridge_name);
  via_json_writer_member_string (writer, "tool", self->tool_name);
  write_timestamp (writer, operation_wall_now (self));
}

static void
write_finished (ViaOperation  *self,
                ViaJsonWriter *writer)
{
  const gboolean success = self->state == VIA_OPERATION_COMPLETED;

  via_json_writer_member_boolean (writer, "success", success);
  if (!success)
    {
      via_json_writer_member_string (writer, "error", self->error->message);
      via_json_writer_member_string (writer, "side", via_side_get_name (self->side));
    }
  if (self->result != NULL)
    via_json_writer_member_value (writer, "data", via_tool_result_get_data (self->result));
  via_json_writer_key (writer, "execution_time");
  via_json_writer_seconds (writer, via_operation_get_duration (self));
  write_timestamp (writer, self->ended_at);
  via_json_writer_member_string (writer, "bridge", self->bridge_name);
  via_json_writer_member_string (writer, "tool", self->tool_name);
  via_json_writer_member_int (writer, "attempt", self->attempt);
  via_json_writer_member_string (writer, "operation_id", self->id);
  via_json_writer_member_string (writer, "status", state_names[self->state]);
}

char *
via_operation_to_json (ViaOperation *self)
{
  ViaJsonWriter writer;

  g_return_val_if_fail (VIA_IS_OPERATION (self), NULL);

  via_json_writer_init (&writer);
  via_json_writer_begin_object (&writer);
  if (via_operation_is_finished (self))
    write_finished (self, &writer);
  else
    write_unfinished (self, &writer);
  via_json_writer_end_object (&writer);
  return via_json_writer_end (&writer);
}
