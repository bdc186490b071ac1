/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <glib/gi18n.h>

#include "via-format.h"

char *
via_format_latency (gint64 microseconds)
{
  if (microseconds < 1000)
    /* translators: a time shorter than a millisecond */
    return g_strdup (_("<1 ms"));
  if (microseconds < G_USEC_PER_SEC)
    /* translators: a time in milliseconds */
    return g_strdup_printf (_("%d ms"), (int) (microseconds / 1000));
  /* translators: a time in seconds */
  return g_strdup_printf (_("%.1f s"), microseconds / (double) G_USEC_PER_SEC);
}

static const char *
get_transport_title (ViaBridge *bridge)
{
  return via_transport_kind_get_title (via_bridge_config_get_transport (via_bridge_get_config (bridge)));
}

/* The second half of a bridge's line in the sidebar. */
static char *
format_short_state (ViaBridge *bridge)
{
  switch (via_bridge_get_state (bridge))
    {
    case VIA_BRIDGE_OFF:
      return g_strdup (C_("bridge state", "off"));
    case VIA_BRIDGE_IDLE:
      return g_strdup (C_("bridge state", "not connected"));
    case VIA_BRIDGE_CONNECTING:
      return g_strdup (C_("bridge state", "connecting…"));
    case VIA_BRIDGE_CONNECTED:
      if (via_bridge_get_latency (bridge) < 0)
        return g_strdup (C_("bridge state", "connected"));
      return via_format_latency (via_bridge_get_latency (bridge));
    case VIA_BRIDGE_FAILED:
    default:
      switch (via_bridge_get_error_side (bridge))
        {
        case VIA_SIDE_AUTHORIZATION:
          return g_strdup (C_("bridge state", "token refused"));
        case VIA_SIDE_TIMEOUT:
          return g_strdup (C_("bridge state", "no answer in time"));
        case VIA_SIDE_CONFIGURATION:
          return g_strdup (C_("bridge state", "settings need attention"));
        case VIA_SIDE_SERVER:
          return g_strdup (C_("bridge state", "the server failed"));
        default:
          return g_strdup (C_("bridge state", "could not connect"));
        }
    }
}

char *
via_format_bridge_line (ViaBridge *bridge)
{
  g_autofree char *state = format_short_state (bridge);

  /* translators: a transport such as "stdio" or "HTTP", then a state or a time */
  return g_strdup_printf (C_("bridge line", "%s · %s"), get_transport_title (bridge), state);
}

char *
via_format_bridge_status (ViaBridge *bridge)
{
  g_autoptr(GString) text = g_string_new (NULL);
  ViaBridgeState state = via_bridge_get_state (bridge);

  switch (state)
    {
    case VIA_BRIDGE_OFF: g_string_append (text, C_("status", "Off")); break;
    case VIA_BRIDGE_CONNECTING: g_string_append (text, C_("status", "Connecting…")); break;
    case VIA_BRIDGE_CONNECTED: g_string_append (text, C_("status", "Connected")); break;
    default: g_string_append (text, C_("status", "Not connected")); break;
    }
  if (state != VIA_BRIDGE_CONNECTED)
    {
      g_string_append_printf (text, " · %s", get_transport_title (bridge));
      return g_string_free (g_steal_pointer (&text), FALSE);
    }
  if (via_bridge_get_revision (bridge) != NULL)
    g_string_append_printf (text, " · %s", via_bridge_get_revision (bridge));
  if (via_bridge_get_latency (bridge) >= 0)
    {
      g_autofree char *latency = via_format_latency (via_bridge_get_latency (bridge));

      g_string_append_printf (text, " · %s", latency);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
via_format_test_result (gint64 microseconds,
                        guint  n_tools)
{
  g_autofree char *latency = via_format_latency (microseconds);

  /* translators: first a time such as "12 ms", then a number of tools */
  return g_strdup_printf (ngettext ("Connected in %s · %u tool", "Connected in %s · %u tools", n_tools), latency, n_tools);
}

const char *
via_format_side_title (ViaSide side)
{
  switch (side)
    {
    case VIA_SIDE_AUTHORIZATION: return _("The server refused the authorization.");
    case VIA_SIDE_TIMEOUT: return _("The server did not answer in time.");
    case VIA_SIDE_CONFIGURATION: return _("The settings of this bridge are not complete.");
    case VIA_SIDE_SERVER: return _("The server was reached, but it failed or broke the protocol.");
    case VIA_SIDE_POLICY: return _("A policy does not allow this bridge.");
    case VIA_SIDE_CANCELLED: return _("Connecting was cancelled.");
    default: return _("The connection could not be made.");
    }
}

const char *
via_format_side_remedy (ViaSide  side,
                        gboolean is_command)
{
  switch (side)
    {
    case VIA_SIDE_AUTHORIZATION: return _("Store a new token, or check the kind of authorization and the token’s name.");
    case VIA_SIDE_TIMEOUT: return _("Try again, or allow more time in the settings of the bridge.");
    case VIA_SIDE_CONFIGURATION: return _("Edit the bridge and correct what is named above.");
    case VIA_SIDE_SERVER: return is_command ? _("Look at what the program wrote below, and check its version and arguments.")
                                            : _("Check that the address is that of an MCP endpoint, or ask who runs it.");
    case VIA_SIDE_CANCELLED: return NULL;
    default: return is_command ? _("Check that the program is installed and that its command line is right.")
                               : _("Check the address and the network, then try again.");
    }
}
