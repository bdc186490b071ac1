/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include "via-settings.h"

#include "base/via-limits.h"

/* One schema for both app ids: a development build shares what the person set. */
#define SCHEMA_ID "io.github.viaduct.Viaduct"

struct _ViaSettings
{
  GObject    parent_instance;

  GSettings *store; /* (nullable) no schema installed */
  int        window_width;
  int        window_height;
  int        sidebar_width;
  int        tools_width;
  gboolean   maximized;
  gboolean   welcomed;
  char      *bridge;
  char      *color_scheme;
  guint      default_timeout;
};

G_DEFINE_FINAL_TYPE (ViaSettings, via_settings, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_WINDOW_WIDTH,
  PROP_WINDOW_HEIGHT,
  PROP_SIDEBAR_WIDTH,
  PROP_TOOLS_WIDTH,
  PROP_MAXIMIZED,
  PROP_WELCOMED,
  PROP_BRIDGE,
  PROP_COLOR_SCHEME,
  PROP_DEFAULT_TIMEOUT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
via_settings_finalize (GObject *object)
{
  ViaSettings *self = VIA_SETTINGS (object);

  g_clear_object (&self->store);
  g_clear_pointer (&self->bridge, g_free);
  g_clear_pointer (&self->color_scheme, g_free);
  G_OBJECT_CLASS (via_settings_parent_class)->finalize (object);
}

static void
via_settings_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  ViaSettings *self = VIA_SETTINGS (object);

  switch (prop_id)
    {
    case PROP_WINDOW_WIDTH: g_value_set_int (value, self->window_width); break;
    case PROP_WINDOW_HEIGHT: g_value_set_int (value, self->window_height); break;
    case PROP_SIDEBAR_WIDTH: g_value_set_int (value, self->sidebar_width); break;
    case PROP_TOOLS_WIDTH: g_value_set_int (value, self->tools_width); break;
    case PROP_MAXIMIZED: g_value_set_boolean (value, self->maximized); break;
    case PROP_WELCOMED: g_value_set_boolean (value, self->welcomed); break;
    case PROP_BRIDGE: g_value_set_string (value, self->bridge); break;
    case PROP_COLOR_SCHEME: g_value_set_string (value, self->color_scheme); break;
    case PROP_DEFAULT_TIMEOUT: g_value_set_uint (value, self->default_timeout); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
set_text (char        **field,
          const GValue *value)
{
  g_free (*field);
  *field = g_value_dup_string (value);
  if (*field == NULL)
    *field = g_strdup ("");
}

static void
via_settings_set_property (GObject      *object,
                           guint         prop_id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  ViaSettings *self = VIA_SETTINGS (object);

  switch (prop_id)
    {
    case PROP_WINDOW_WIDTH: self->window_width = g_value_get_int (value); break;
    case PROP_WINDOW_HEIGHT: self->window_height = g_value_get_int (value); break;
    case PROP_SIDEBAR_WIDTH: self->sidebar_width = g_value_get_int (value); break;
    case PROP_TOOLS_WIDTH: self->tools_width = g_value_get_int (value); break;
    case PROP_MAXIMIZED: self->maximized = g_value_get_boolean (value); break;
    case PROP_WELCOMED: self->welcomed = g_value_get_boolean (value); break;
    case PROP_BRIDGE: set_text (&self->bridge, value); break;
    case PROP_COLOR_SCHEME: set_text (&self->color_scheme, value); break;
    case PROP_DEFAULT_TIMEOUT: self->default_timeout = g_value_get_uint (value); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
via_settings_constructed (GObject *object)
{
  ViaSettings *self = VIA_SETTINGS (object);
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr(GSettingsSchema) schema = NULL;

  G_OBJECT_CLASS (via_settings_parent_class)->constructed (object);
  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, SCHEMA_ID, TRUE);
  if (schema == NULL)
    return;
  self->store = g_settings_new_full (schema, NULL, NULL);
  for (guint i = 1; i < N_PROPS; i++)
    {
      const char *name = g_param_spec_get_name (properties[i]);

      if (g_settings_schema_has_key (schema, name))
        g_settings_bind (self->store, name, self, name, G_SETTINGS_BIND_DEFAULT);
    }
}

static void
via_settings_class_init (ViaSettingsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS;

  object_class->finalize = via_settings_finalize;
  object_class->get_property = via_settings_get_property;
  object_class->set_property = via_settings_set_property;
  object_class->constructed = via_settings_constructed;

  properties[PROP_WINDOW_WIDTH] = g_param_spec_int ("window-width", NULL, NULL, 360, 16384, 1180, flags);
  properties[PROP_WINDOW_HEIGHT] = g_param_spec_int ("window-height", NULL, NULL, 294, 16384, 760, flags);
  properties[PROP_SIDEBAR_WIDTH] = g_param_spec_int ("sidebar-width", NULL, NULL, 200, 400, 240, flags);
  properties[PROP_TOOLS_WIDTH] = g_param_spec_int ("tools-width", NULL, NULL, 260, 520, 300, flags);
  properties[PROP_MAXIMIZED] = g_param_spec_boolean ("maximized", NULL, NULL, FALSE, flags);
  properties[PROP_WELCOMED] = g_param_spec_boolean ("welcomed", NULL, NULL, FALSE, flags);
  properties[PROP_BRIDGE] = g_param_spec_string ("bridge", NULL, NULL, "", flags);
  properties[PROP_COLOR_SCHEME] = g_param_spec_string ("color-scheme", NULL, NULL, "system", flags);
  properties[PROP_DEFAULT_TIMEOUT] = g_param_spec_uint ("default-timeout", NULL, NULL, 10, 300,
                                                        VIA_LIMIT_TIMEOUT_DEFAULT_S, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
via_settings_init (ViaSettings *self)
{
}

ViaSettings *
via_settings_new (void)
{
  return g_object_new (VIA_TYPE_SETTINGS, NULL);
}

int
via_settings_get_window_width (ViaSettings *self)
{
  g_return_val_if_fail (VIA_IS_SETTINGS (self), 0);
  return self->window_width;
}

int
via_settings_get_window_height (ViaSettings *self)
{
  g_return_val_if_fail (VIA_IS_SETTINGS (self), 0);
  return self->window_height;
}

int
via_settings_get_sidebar_width (ViaSettings *self)
{
  g_return_val_if_fail (VIA_IS_SETTINGS (self), 0);
  return self->sidebar_width;
}

int
via_settings_get_tools_width (ViaSettings *self)
{
  g_return_val_if_fail (VIA_IS_SETTINGS (self), 0);
  return self->tools_width;
}

gboolean
via_settings_get_maximized (ViaSettings *self)
{
  g_return_val_if_fail (VIA_IS_SETTINGS (self), FALSE);
  return self->maximized;
}

gboolean
via_settings_get_welcomed (ViaSettings *self)
{
  g_return_val_if_fail (VIA_IS_SETTINGS (self), FALSE);
  return self->welcomed;
}

const char *
via_settings_get_bridge (ViaSettings *self)
{
  g_return_val_if_fail (VIA_IS_SETTINGS (self), NULL);
  return self->bridge;
}

const char *
via_settings_get_color_scheme (ViaSettings *self)
{
  g_return_val_if_fail (VIA_IS_SETTINGS (self), NULL);
  return self->color_scheme;
}

guint
via_settings_get_default_timeout (ViaSettings *self)
{
  g_return_val_if_fail (VIA_IS_SETTINGS (self), 0);
  return self->default_timeout;
}

void
via_settings_set_window_size (ViaSettings *self,
                              int          width,
                              int          height,
                              gboolean     maximized)
{
  g_return_if_fail (VIA_IS_SETTINGS (self));
  /* A maximized window's size is the monitor's, not what the person chose. */
  if (!maximized)
    g_object_set (self, "window-width", MAX (width, 360), "window-height", MAX (height, 294), NULL);
  g_object_set (self, "maximized", maximized, NULL);
}

void
via_settings_set_sidebar_width (ViaSettings *self,
                                int          width)
{
  g_return_if_fail (VIA_IS_SETTINGS (self));
  g_object_set (self, "sidebar-width", CLAMP (width, 200, 400), NULL);
}

void
via_settings_set_tools_width (ViaSettings *self,
                              int          width)
{
  g_return_if_fail (VIA_IS_SETTINGS (self));
  g_object_set (self, "tools-width", CLAMP (width, 260, 520), NULL);
}

void
via_settings_set_welcomed (ViaSettings *self,
                           gboolean     welcomed)
{
  g_return_if_fail (VIA_IS_SETTINGS (self));
  g_object_set (self, "welcomed", welcomed, NULL);
}

void
via_settings_set_bridge (ViaSettings *self,
                         const char  *name)
{
  g_return_if_fail (VIA_IS_SETTINGS (self));
  if (g_strcmp0 (self->bridge, name != NULL ? name : "") != 0)
    g_object_set (self, "bridge", name != NULL ? name : "", NULL);
}
