/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-transport"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "transport/via-http-session.h"

/* Streams stay open for minutes: with libsoup's two connections a host, two of them would block every call. */
#define MAX_CONNECTIONS 128
#define MAX_CONNECTIONS_PER_HOST 64

/* Seconds after which an unused connection is closed. */
#define IDLE_SECONDS 60

static GQuark
sent_quark (void)
{
  return g_quark_from_static_string ("via-http-sent");
}

static void
wrote_headers_cb (SoupMessage *message,
                  gpointer     user_data)
{
  g_object_set_qdata (G_OBJECT (message), sent_quark (), GINT_TO_POINTER (TRUE));
}

static gboolean
accept_certificate_cb (SoupMessage          *message,
                       GTlsCertificate      *certificate,
                       GTlsCertificateFlags  faults,
                       gpointer              user_data)
{
  return TRUE;
}

/* Without an offer of h2 in the handshake the server speaks HTTP/1.1: libsoup before 3.6.6 uses memory of a freed HTTP/2
 * stream while a body is uploaded (CVE-2026-85197), and every MCP request uploads one. */
static void
network_event_cb (SoupMessage        *message,
                  GSocketClientEvent  event,
                  GIOStream          *connection,
                  gpointer            user_data)
{
  static const char *const protocols[] = { "http/1.1", NULL };

  if (event == G_SOCKET_CLIENT_TLS_HANDSHAKING && G_IS_TLS_CONNECTION (connection))
    g_tls_connection_set_advertised_protocols (G_TLS_CONNECTION (connection), protocols);
}

static void
request_queued_cb (SoupSession *session,
                   SoupMessage *message,
                   gpointer     user_data)
{
  g_object_set_qdata (G_OBJECT (message), sent_quark (), NULL);
  g_signal_connect (message, "wrote-headers", G_CALLBACK (wrote_headers_cb), NULL);
  if (!soup_check_version (3, 6, 6))
    g_signal_connect (message, "network-event", G_CALLBACK (network_event_cb), NULL);
  if (!GPOINTER_TO_INT (user_data))
    g_signal_connect (message, "accept-certificate", G_CALLBACK (accept_certificate_cb), NULL);
}

gboolean
via_http_message_was_sent (SoupMessage *message)
{
  return g_object_get_qdata (G_OBJECT (message), sent_quark ()) != NULL;
}

SoupSession *
via_http_session_new (const ViaHttpSettings *settings)
{
  const char *agent = settings != NULL ? settings->user_agent : NULL;
  gboolean validate = settings == NULL || settings->validate_certificates;
  SoupSession *session = NULL;

  /* Deadlines belong to the calls: libsoup's timeout is one per read and would end quiet streams. */
  session = soup_session_new_with_options ("max-conns", MAX_CONNECTIONS,
                                           "max-conns-per-host", MAX_CONNECTIONS_PER_HOST,
                                           "idle-timeout", IDLE_SECONDS,
                                           "timeout", 0,
                                           "user-agent", agent != NULL ? agent : "Viaduct/" VIA_VERSION,
                                           NULL);

  /* Decompression would let 2 kB on the wire become gigabytes; the authentication manager would answer challenges with
   * what stands in an address. Neither is wanted. */
  soup_session_remove_feature_by_type (session, SOUP_TYPE_CONTENT_DECODER);
  soup_session_remove_feature_by_type (session, SOUP_TYPE_AUTH_MANAGER);
  g_signal_connect (session, "request-queued", G_CALLBACK (request_queued_cb), GINT_TO_POINTER (validate));
  return session;
}

gboolean
via_http_is_loopback (const char *host)
{
  g_autoptr(GInetAddress) address = NULL;

  if (g_ascii_strcasecmp (host, "localhost") == 0 || g_str_has_suffix (host, ".localhost"))
    return TRUE;
  address = g_inet_address_new_from_string (host);
  return address != NULL && g_inet_address_get_is_loopback (address);
}

gboolean
via_http_check_endpoint (const char  *endpoint,
                         gboolean     require_https,
                         GError     **error)
{
  g_autoptr(GUri) uri = g_uri_parse (endpoint, SOUP_HTTP_URI_FLAGS, NULL);
  const char *scheme = uri != NULL ? g_uri_get_scheme (uri) : NULL;
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  if (host == NULL || *host == '\0' || (!g_str_equal (scheme, "https") && !g_str_equal (scheme, "http")))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 _("“%s” is no address of a server. It should look like https://example.com/mcp."), endpoint);
  else if (g_uri_get_userinfo (uri) != NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 _("The address of “%s” holds a user name or password. Use auth_type and a token name instead."), host);
  else if (g_str_equal (scheme, "http") && require_https && !via_http_is_loopback (host))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 _("The address of “%s” is not https, so anybody on the way could read what is sent. Use https, or set "
                   "security.require_https to false."), host);
  else
    return TRUE;
  return FALSE;
}
