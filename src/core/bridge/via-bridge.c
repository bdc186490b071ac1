/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via-bridge"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/via-limits.h"
#include "bridge/via-bridge-private.h"
#include "bridge/via-executor.h"
#include "bridge/via-failure.h"

#define LOG_LINE_OVERHEAD 48 /* bytes that even an empty line costs: list node and allocation */

/*
 * One configured endpoint. The object itself holds what is known (state, error, tools, log); connecting, listing and
 * executing live in files of their own. Every asynchronous piece of work holds a reference, so that disposal only ever
 * happens while nothing runs.
 */
G_DEFINE_FINAL_TYPE (ViaBridge, via_bridge, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_NAME,
  PROP_STATE,
  PROP_STATUS,
  PROP_LATENCY,
  PROP_N_TOOLS,
  N_PROPS
};

enum
{
  SIGNAL_LOG,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

GType
via_bridge_state_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    { VIA_BRIDGE_OFF, "VIA_BRIDGE_OFF", "off" },
    { VIA_BRIDGE_IDLE, "VIA_BRIDGE_IDLE", "idle" },
    { VIA_BRIDGE_CONNECTING, "VIA_BRIDGE_CONNECTING", "connecting" },
    { VIA_BRIDGE_CONNECTED, "VIA_BRIDGE_CONNECTED", "connected" },
    { VIA_BRIDGE_FAILED, "VIA_BRIDGE_FAILED", "failed" },
    { 0, NULL, NULL }
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("ViaBridgeState", values));
  return type;
}

static const char *
state_words (ViaBridgeState state)
{
  switch (state)
    {
    case VIA_BRIDGE_OFF:
      return _("Off");
    case VIA_BRIDGE_CONNECTING:
      return _("Connecting");
    case VIA_BRIDGE_CONNECTED:
      return _("Connected");
    case VIA_BRIDGE_FAILED:
      return _("Failed");
    case VIA_BRIDGE_IDLE:
    default:
      return _("Not connected");
    }
}

void
via_bridge_settings_copy (ViaConfigSettings       *to,
                          const ViaConfigSettings *from)
{
  *to = *from;
  to->log_level = g_strdup (from->log_level);
  to->user_agent = g_strdup (from->user_agent);
  to->allowed_content_types = g_strdupv (from->allowed_content_types);
}

void
via_bridge_settings_clear (ViaConfigSettings *settings)
{
  g_clear_pointer (&settings->log_level, g_free);
  g_clear_pointer (&settings->user_agent, g_free);
  g_clear_pointer (&settings->allowed_content_types, g_strfreev);
}

static void
tools_changed_cb (ViaBridge *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_TOOLS]);
}

static void
via_bridge_get_property (GObject    *object,
                         guint       prop_id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  ViaBridge *self = VIA_BRIDGE (object);

  switch (prop_id)
    {
    case PROP_NAME:
      g_value_set_string (value, via_bridge_get_name (self));
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_STATUS:
      g_value_set_string (value, self->status);
      break;
    case PROP_LATENCY:
      g_value_set_int64 (value, self->latency);
      break;
    case PROP_N_TOOLS:
      g_value_set_uint (value, g_list_model_get_n_items (G_LIST_MODEL (self->tools)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
via_bridge_dispose (GObject *object)
{
  via_bridge_drop_backend (VIA_BRIDGE (object));

  G_OBJECT_CLASS (via_bridge_parent_class)->dispose (object);
}

static void
via_bridge_finalize (GObject *object)
{
  ViaBridge *self = VIA_BRIDGE (object);

  g_clear_object (&self->config);
  via_bridge_settings_clear (&self->settings);
  g_clear_object (&self->secrets);
  g_clear_object (&self->clock);
  g_clear_object (&self->tools);
  g_hash_table_unref (self->tools_by_name);
  g_free (self->status);
  g_free (self->revision);
  g_free (self->server_name);
  g_clear_error (&self->error);
  g_queue_clear_full (&self->log, g_free);
  g_ptr_array_unref (self->executors);
  g_ptr_array_unref (self->disconnecting);
  g_queue_clear (&self->waiting);

  G_OBJECT_CLASS (via_bridge_parent_class)->finalize (object);
}

static void
via_bridge_class_init (ViaBridgeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = via_bridge_get_property;
  object_class->dispose = via_bridge_dispose;
  object_class->finalize = via_bridge_finalize;

  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, VIA_TYPE_BRIDGE_STATE, VIA_BRIDGE_IDLE, flags);
  properties[PROP_STATUS] = g_param_spec_string ("status", NULL, NULL, NULL, flags);
  properties[PROP_LATENCY] = g_param_spec_int64 ("latency", NULL, NULL, -1, G_MAXINT64, -1, flags);
  properties[PROP_N_TOOLS] = g_param_spec_uint ("n-tools", NULL, NULL, 0, G_MAXUINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_LOG] = g_signal_new ("log", VIA_TYPE_BRIDGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_STRING);
}

static void
via_bridge_init (ViaBridge *self)
{
  self->tools = g_list_store_new (VIA_TYPE_TOOL);
  self->tools_by_name = g_hash_table_new (g_str_hash, g_str_equal);
  self->executors = g_ptr_array_new ();
  self->disconnecting = g_ptr_array_new_with_free_func (g_object_unref);
  self->latency = -1;
  g_queue_init (&self->log);
  g_queue_init (&self->waiting);
  g_signal_connect_object (self->tools, "items-changed", G_CALLBACK (tools_changed_cb), self, G_CONNECT_SWAPPED);
}

ViaBridge *
via_bridge_new_full (ViaBridgeConfig         *config,
                     const ViaConfigSettings *settings,
                     ViaSecretStore          *secrets,
                     ViaBackendFactory        factory,
                     gpointer                 factory_data,
                     ViaClock                *clock)
{
  ViaBridge *self = g_object_new (VIA_TYPE_BRIDGE, NULL);

  self->config = g_object_ref (config);
  via_bridge_settings_copy (&self->settings, settings);
  g_set_object (&self->secrets, secrets);
  self->factory = factory != NULL ? factory : via_bridge_make_backend;
  self->factory_data = factory_data;
  self->clock = clock != NULL ? g_object_ref (clock) : via_clock_new ();
  self->state = config->enabled ? VIA_BRIDGE_IDLE : VIA_BRIDGE_OFF;
  self->status = g_strdup (state_words (self->state));
  via_retry_budget_init (&self->budget, via_clock_now (self->clock));
  return self;
}

/* Nothing is connected until something is asked of it. (transfer full) */
ViaBridge *
via_bridge_new (ViaBridgeConfig         *config,
                const ViaConfigSettings *settings,
                ViaSecretStore          *secrets)
{
  g_return_val_if_fail (VIA_IS_BRIDGE_CONFIG (config), NULL);
  g_return_val_if_fail (settings != NULL, NULL);
  g_return_val_if_fail (VIA_IS_SECRET_STORE (secrets), NULL);

  return via_bridge_new_full (config, settings, secrets, NULL, NULL, NULL);
}

ViaRedactor *
via_bridge_get_redactor (ViaBridge *self)
{
  return self->secrets != NULL ? via_secret_store_get_redactor (self->secrets) : NULL;
}

GError *
via_bridge_describe (ViaBridge    *self,
                     const GError *error,
                     guint         timeout_s,
                     ViaSide      *side)
{
  return via_failure_describe (error, self->config, via_bridge_get_redactor (self), timeout_s, side);
}

void
via_bridge_add_log (ViaBridge     *self,
                    ViaDiagnostic  kind,
                    const char    *text)
{
  g_autofree char *line = via_failure_clean_text (via_bridge_get_redactor (self), text, VIA_LIMIT_STDERR_LINE_BYTES);

  self->log_bytes += strlen (line) + LOG_LINE_OVERHEAD;
  g_queue_push_tail (&self->log, g_strdup (line));
  while (self->log_bytes > VIA_LIMIT_STDERR_BYTES)
    {
      g_autofree char *oldest = g_queue_pop_head (&self->log);

      self->log_bytes -= strlen (oldest) + LOG_LINE_OVERHEAD;
    }
  g_signal_emit (self, signals[SIGNAL_LOG], 0, (guint) kind, line);
}

/* What changed is set before anything is notified, so that a handler sees one consistent bridge. */
void
via_bridge_set_state (ViaBridge      *self,
                      ViaBridgeState  state,
                      ViaSide         side,
                      const GError   *error)
{
  const char *words = error != NULL ? error->message : state_words (state);
  const gboolean state_changed = state != self->state;
  const gboolean status_changed = g_strcmp0 (words, self->status) != 0;
  g_autoptr(GError) previous = g_steal_pointer (&self->error);

  self->state = state;
  self->error_side = side;
  self->error = error != NULL ? g_error_copy (error) : NULL;
  if (status_changed)
    {
      g_free (self->status);
      self->status = g_strdup (words);
    }

  g_object_freeze_notify (G_OBJECT (self));
  if (state_changed)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  if (status_changed)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATUS]);
  g_object_thaw_notify (G_OBJECT (self));
}

void
via_bridge_note_success (ViaBridge *self)
{
  via_retry_budget_success (&self->budget);
  if (self->backend != NULL && self->state != VIA_BRIDGE_CONNECTED)
    via_bridge_set_state (self, VIA_BRIDGE_CONNECTED, VIA_SIDE_NONE, NULL);
}

void
via_bridge_set_latency (ViaBridge *self,
                        gint64     latency)
{
  if (latency == self->latency)
    return;

  self->latency = latency;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LATENCY]);
}

gint64
via_bridge_plan_retry (ViaBridge    *self,
                       const GError *error,
                       guint         attempt,
                       gboolean      connecting)
{
  const gint64 now = via_clock_now (self->clock);
  gint64 wait;

  if (attempt > self->config->max_retries)
    return -1;
  /* A command that does not start now does not start in a second either. */
  if (connecting && via_bridge_config_get_transport (self->config) == VIA_TRANSPORT_STDIO)
    return -1;
  wait = via_retry_get_wait (self->config, attempt - 1, g_random_double (), error);
  if (wait < 0 || !via_retry_budget_take (&self->budget, error, now))
    return -1;
  return wait;
}

GError *
via_bridge_lost_error (void)
{
  return g_error_new_literal (VIA_RPC_ERROR, VIA_RPC_ERROR_NOT_SENT,
                              _("The server went away as soon as it was connected. Its log may say why."));
}

void
via_bridge_take_settings (ViaBridge               *self,
                          const ViaConfigSettings *settings)
{
  via_bridge_settings_clear (&self->settings);
  via_bridge_settings_copy (&self->settings, settings);
  via_executor_admit (self);
}

void
via_bridge_retire (ViaBridge *self)
{
  self->retired = TRUE;
  via_bridge_executor_ended (self);
}

void
via_bridge_executor_ended (ViaBridge *self)
{
  if (self->retired && self->executors->len == 0)
    via_bridge_disconnect_async (self, NULL, NULL, NULL);
}

GError *
via_bridge_check_enabled (ViaBridge *self)
{
  if (self->config->enabled)
    return NULL;

  /* translators: %s is the name of a bridge; “enabled: true” is what the configuration file must say */
  return g_error_new (VIA_CONFIG_ERROR, VIA_CONFIG_ERROR_INVALID,
                      _("The bridge “%s” is switched off. Switch it on, or set “enabled: true” in the configuration."),
                      self->config->name);
}

ViaBridgeConfig *
via_bridge_get_config (ViaBridge *self)
{
  g_return_val_if_fail (VIA_IS_BRIDGE (self), NULL);

  return self->config;
}

const char *
via_bridge_get_name (ViaBridge *self)
{
  g_return_val_if_fail (VIA_IS_BRIDGE (self), NULL);

  return self->config->name;
}

ViaBridgeState
via_bridge_get_state (ViaBridge *self)
{
  g_return_val_if_fail (VIA_IS_BRIDGE (self), VIA_BRIDGE_OFF);

  return self->state;
}

const char *
via_bridge_get_status (ViaBridge *self)
{
  g_return_val_if_fail (VIA_IS_BRIDGE (self), NULL);

  return self->status;
}

const GError *
via_bridge_get_error (ViaBridge *self)
{
  g_return_val_if_fail (VIA_IS_BRIDGE (self), NULL);

  return self->error;
}

ViaSide
via_bridge_get_error_side (ViaBridge *self)
{
  g_return_val_if_fail (VIA_IS_BRIDGE (self), VIA_SIDE_NONE);

  return self->error_side;
}

gint64
via_bridge_get_latency (ViaBridge *self)
{
  g_return_val_if_fail (VIA_IS_BRIDGE (self), -1);

  return self->latency;
}

const char *
via_bridge_get_revision (ViaBridge *self)
{
  g_return_val_if_fail (VIA_IS_BRIDGE (self), NULL);

  return self->revision;
}

const char *
via_bridge_get_server_name (ViaBridge *self)
{
  g_return_val_if_fail (VIA_IS_BRIDGE (self), NULL);

  return self->server_name;
}

GListModel *
via_bridge_get_tools (ViaBridge *self)
{
  g_return_val_if_fail (VIA_IS_BRIDGE (self), NULL);

  return G_LIST_MODEL (self->tools);
}

ViaTool *
via_bridge_find_tool (ViaBridge  *self,
                      const char *name)
{
  g_return_val_if_fail (VIA_IS_BRIDGE (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return g_hash_table_lookup (self->tools_by_name, name);
}

char *
via_bridge_dup_log (ViaBridge *self)
{
  GString *text;

  g_return_val_if_fail (VIA_IS_BRIDGE (self), NULL);

  text = g_string_new (NULL);
  for (GList *line = self->log.head; line != NULL; line = line->next)
    {
      if (line != self->log.head)
        g_string_append_c (text, '\n');
      g_string_append (text, line->data);
    }
  return g_string_free (text, FALSE);
}

/* Executions that have not finished, those that wait included. */
guint
via_bridge_get_n_running (ViaBridge *self)
{
  g_return_val_if_fail (VIA_IS_BRIDGE (self), 0);

  return self->executors->len;
}
