/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/via-limits.h"
#include "config/via-bridge-config.h"

#define DEFAULT_RETRIES 3
#define DEFAULT_BACKOFF 2.0
#define DEFAULT_BACKOFF_MAX_MS 30000

G_DEFINE_FINAL_TYPE (ViaBridgeConfig, via_bridge_config, G_TYPE_OBJECT)

static const struct
{
  const char *name;
  const char *title;
} transports[] = {
  [VIA_TRANSPORT_AUTO] = { "auto", N_("automatic") },
  [VIA_TRANSPORT_STDIO] = { "stdio", N_("stdio") },
  [VIA_TRANSPORT_HTTP] = { "http", N_("HTTP") },
  [VIA_TRANSPORT_SSE] = { "sse", N_("SSE") },
  [VIA_TRANSPORT_REST] = { "rest", N_("REST") },
  [VIA_TRANSPORT_OPENAPI] = { "openapi", N_("OpenAPI") },
};

static const char *const auths[] = {
  [VIA_AUTH_NONE] = "none",
  [VIA_AUTH_BEARER] = "bearer",
  [VIA_AUTH_API_KEY] = "api_key",
  [VIA_AUTH_BASIC] = "basic",
  [VIA_AUTH_OAUTH] = "oauth",
};

static void
via_bridge_config_finalize (GObject *object)
{
  ViaBridgeConfig *self = VIA_BRIDGE_CONFIG (object);

  g_free (self->name);
  g_free (self->description);
  g_strfreev (self->command);
  g_strfreev (self->environment);
  g_free (self->directory);
  g_free (self->endpoint);
  g_free (self->protocol);
  g_free (self->auth_token_name);
  g_strfreev (self->headers);

  G_OBJECT_CLASS (via_bridge_config_parent_class)->finalize (object);
}

static void
via_bridge_config_class_init (ViaBridgeConfigClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = via_bridge_config_finalize;
}

static void
via_bridge_config_init (ViaBridgeConfig *self)
{
  self->enabled = TRUE;
  self->protocol = g_strdup ("auto");
  self->timeout_s = VIA_LIMIT_TIMEOUT_DEFAULT_S;
  self->max_retries = DEFAULT_RETRIES;
  self->backoff_factor = DEFAULT_BACKOFF;
  self->max_backoff_ms = DEFAULT_BACKOFF_MAX_MS;
}

ViaBridgeConfig *
via_bridge_config_new (const char *name)
{
  ViaBridgeConfig *self;

  g_return_val_if_fail (name != NULL, NULL);

  self = g_object_new (VIA_TYPE_BRIDGE_CONFIG, NULL);
  self->name = g_strdup (name);
  return self;
}

ViaBridgeConfig *
via_bridge_config_copy (ViaBridgeConfig *self)
{
  ViaBridgeConfig *copy;

  g_return_val_if_fail (VIA_IS_BRIDGE_CONFIG (self), NULL);

  copy = via_bridge_config_new (self->name);
  copy->description = g_strdup (self->description);
  copy->enabled = self->enabled;
  copy->command = g_strdupv (self->command);
  copy->environment = g_strdupv (self->environment);
  copy->directory = g_strdup (self->directory);
  copy->endpoint = g_strdup (self->endpoint);
  copy->transport = self->transport;
  g_free (copy->protocol);
  copy->protocol = g_strdup (self->protocol);
  copy->auth = self->auth;
  copy->auth_token_name = g_strdup (self->auth_token_name);
  copy->headers = g_strdupv (self->headers);
  copy->timeout_s = self->timeout_s;
  copy->max_retries = self->max_retries;
  copy->backoff_factor = self->backoff_factor;
  copy->max_backoff_ms = self->max_backoff_ms;
  copy->retry_calls = self->retry_calls;
  copy->builtin = self->builtin;
  return copy;
}

/* No list and an empty list say the same. */
static gboolean
lists_equal (char **a,
             char **b)
{
  static const char *const none[] = { NULL };

  return g_strv_equal (a != NULL ? (const char *const *) a : none, b != NULL ? (const char *const *) b : none);
}

gboolean
via_bridge_config_equal (ViaBridgeConfig *a,
                         ViaBridgeConfig *b)
{
  g_return_val_if_fail (VIA_IS_BRIDGE_CONFIG (a), FALSE);
  g_return_val_if_fail (VIA_IS_BRIDGE_CONFIG (b), FALSE);

  return g_str_equal (a->name, b->name)
         && g_strcmp0 (a->description, b->description) == 0
         && a->enabled == b->enabled
         && lists_equal (a->command, b->command)
         && lists_equal (a->environment, b->environment)
         && g_strcmp0 (a->directory, b->directory) == 0
         && g_strcmp0 (a->endpoint, b->endpoint) == 0
         && a->transport == b->transport
         && g_strcmp0 (a->protocol, b->protocol) == 0
         && a->auth == b->auth
         && g_strcmp0 (a->auth_token_name, b->auth_token_name) == 0
         && lists_equal (a->headers, b->headers)
         && a->timeout_s == b->timeout_s
         && a->max_retries == b->max_retries
         && a->backoff_factor == b->backoff_factor
         && a->max_backoff_ms == b->max_backoff_ms
         && a->retry_calls == b->retry_calls
         && a->builtin == b->builtin;
}

ViaTransportKind
via_bridge_config_get_transport (ViaBridgeConfig *self)
{
  g_return_val_if_fail (VIA_IS_BRIDGE_CONFIG (self), VIA_TRANSPORT_HTTP);

  if (self->transport != VIA_TRANSPORT_AUTO)
    return self->transport;
  return self->command != NULL ? VIA_TRANSPORT_STDIO : VIA_TRANSPORT_HTTP;
}

static gboolean
is_plain_word (const char *word)
{
  static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789%+,-./:=@_";

  return *word != '\0' && word[strspn (word, plain)] == '\0';
}

char *
via_bridge_config_dup_target (ViaBridgeConfig *self)
{
  GString *line;

  g_return_val_if_fail (VIA_IS_BRIDGE_CONFIG (self), NULL);

  if (via_bridge_config_get_transport (self) != VIA_TRANSPORT_STDIO || self->command == NULL)
    return g_strdup (self->endpoint != NULL ? self->endpoint : "");

  line = g_string_new (NULL);
  for (char **word = self->command; *word != NULL; word++)
    {
      g_autofree char *quoted = is_plain_word (*word) ? g_strdup (*word) : g_shell_quote (*word);

      if (line->len > 0)
        g_string_append_c (line, ' ');
      g_string_append (line, quoted);
    }
  return g_string_free (line, FALSE);
}

const char *
via_transport_kind_get_title (ViaTransportKind kind)
{
  g_return_val_if_fail (kind < G_N_ELEMENTS (transports), NULL);

  return g_dgettext (GETTEXT_PACKAGE, transports[kind].title);
}

const char *
via_transport_kind_get_name (ViaTransportKind kind)
{
  g_return_val_if_fail (kind < G_N_ELEMENTS (transports), NULL);

  return transports[kind].name;
}

const char *
via_auth_kind_get_name (ViaAuthKind kind)
{
  g_return_val_if_fail (kind < G_N_ELEMENTS (auths), NULL);

  return auths[kind];
}
