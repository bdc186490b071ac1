/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-transport"

#include "config.h"

#include "base/via-limits.h"
#include "transport/via-http-session.h"

/* Streams stay open for minutes: with libsoup's two connections a host, two of them would block every call. */
#define MAX_CONNECTIONS 128
#define MAX_CONNECTIONS_PER_HOST 64

/* Seconds after which an unused connection is closed. */
#define IDLE_SECONDS 60

SoupSession *
via_http_session_new (const ViaHttpSettings *settings)
{
  const char *agent = settings != NULL ? settings->user_agent : NULL;
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
  return session;
}

static gboolean
is_loopback (const char *host)
{
  g_autoptr(GInetAddress) address = NULL;

  if (g_ascii_strcasecmp (host, "localhost") == 0 || g_str_has_suffix (host, ".localhost"))
    return TRUE;
  address = g_inet_address_new_from_string (host);
  return address != NULL && g_inet_address_get_is_loopback (address);
}

gboolean
via_http_check_endpoint (const char *endpoint,
                         gboolean    require_https,
                         GError    **error)
{
  g_autoptr(GUri) uri = g_uri_parse (endpoint, SOUP_HTTP_URI_FLAGS, NULL);
  const char *scheme = uri != NULL ? g_uri_get_scheme (uri) : NULL;
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  if (host == NULL || *host == '\0' || (!g_str_equal (scheme, "https") && !g_str_equal (scheme, "http")))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 "“%s” is no address of a server. It should look like https://example.com/mcp.", endpoint);
  else if (g_uri_get_userinfo (uri) != NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 "The address of “%s” holds a user name or password. Use auth_type and a token name instead.", host);
  else if (g_str_equal (scheme, "http") && require_https && !is_loopback (host))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 "“%s” is not https, so anybody on the way could read what is sent. Use https, or set "
                 "security.require_https to false.", endpoint);
  else
    return TRUE;
  return FALSE;
}
