/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-transport"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/via-backoff.h"
#include "base/via-limits.h"
#include "base/via-text.h"
#include "rpc/via-rpc-error.h"
#include "transport/via-http-session.h"

/* What went wrong becomes a sentence with a next step, and a code that says whether the request can have run. */

static const struct
{
  GTlsCertificateFlags flag;
  const char          *words; /* stands after a colon */
} certificate_faults[] = {
  { G_TLS_CERTIFICATE_UNKNOWN_CA, N_("nobody that this computer trusts has signed it") },
  { G_TLS_CERTIFICATE_BAD_IDENTITY, N_("it was made for another name") },
  { G_TLS_CERTIFICATE_NOT_ACTIVATED, N_("it is not valid yet") },
  { G_TLS_CERTIFICATE_EXPIRED, N_("it has expired") },
  { G_TLS_CERTIFICATE_REVOKED, N_("it was revoked") },
  { G_TLS_CERTIFICATE_INSECURE, N_("its algorithm is not safe") },
};

static const char *
get_host (SoupMessage *message)
{
  GUri *uri = message != NULL ? soup_message_get_uri (message) : NULL;

  return uri != NULL && g_uri_get_host (uri) != NULL ? g_uri_get_host (uri) : _("the server");
}

static GError *
create_tls_error (const GError *error,
                  SoupMessage  *message)
{
  GTlsCertificateFlags flags = message != NULL ? soup_message_get_tls_peer_certificate_errors (message) : 0;
  g_autoptr(GString) faults = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (certificate_faults); i++)
    if (flags & certificate_faults[i].flag)
      g_string_append_printf (faults, "%s%s", faults->len > 0 ? ", " : "", _(certificate_faults[i].words));
  if (faults->len == 0)
    return g_error_new (VIA_RPC_ERROR, VIA_RPC_ERROR_TLS,
                        _("A secure connection with “%s” could not be made: %s. Nothing was sent. Check the address, and "
                          "that the server speaks https."), get_host (message), error->message);
  return g_error_new (VIA_RPC_ERROR, VIA_RPC_ERROR_TLS,
                      _("The certificate of “%s” cannot be accepted: %s. Nothing was sent. Check the address and the "
                        "clock, or install the authority that signed it."),
                      get_host (message), faults->str);
}

/* Connecting failed, so nothing of the request left this computer. */
static gboolean
is_before_sending (SoupMessage *message)
{
  return message != NULL && !via_http_message_was_sent (message);
}

static GError *
create_connect_error (const GError *error,
                      SoupMessage  *message)
{
  const char *host = get_host (message);

  if (error->domain == G_RESOLVER_ERROR || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_HOST_NOT_FOUND))
    return g_error_new (VIA_RPC_ERROR, VIA_RPC_ERROR_NOT_SENT,
                        _("The name “%s” was not found. Check its spelling and the network."), host);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    return g_error_new (VIA_RPC_ERROR, VIA_RPC_ERROR_NOT_SENT,
                        _("Nothing listens at “%s” on port %d. Start the server, or correct the address."), host,
                        g_uri_get_port (soup_message_get_uri (message)));
  return g_error_new (VIA_RPC_ERROR, VIA_RPC_ERROR_NOT_SENT,
                      _("“%s” cannot be reached: %s. Check the address and the network."), host, error->message);
}

GError *
via_http_translate_error (const GError *error,
                          SoupMessage  *message)
{
  if (error->domain == VIA_RPC_ERROR || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_error_copy (error);
  if (is_before_sending (message))
    return error->domain == G_TLS_ERROR ? create_tls_error (error, message) : create_connect_error (error, message);
  if (error->domain == SOUP_SESSION_ERROR)
    return g_error_new (VIA_RPC_ERROR, VIA_RPC_ERROR_INVALID,
                        _("“%s” answered with something that is not HTTP: %s. Check the address."), get_host (message),
                        error->message);
  return g_error_new (VIA_RPC_ERROR, VIA_RPC_ERROR_CLOSED,
                      _("The connection with “%s” broke: %s. Whether the request ran is not known."), get_host (message),
                      error->message);
}

static char *
clip_body (GBytes *body)
{
  gsize length = 0;
  const char *text = body != NULL ? g_bytes_get_data (body, &length) : NULL;

  return text != NULL && length > 0 ? via_text_clip_len (text, length, VIA_LIMIT_ERROR_TEXT_BYTES) : NULL;
}

static GError *
create_redirect_error (SoupMessage *message,
                       guint        status)
{
  const char *location = soup_message_headers_get_one (soup_message_get_response_headers (message), "Location");
  g_autofree char *target = via_text_clip_line (location, 512);
  g_autofree char *text = NULL;

  text = g_strdup_printf (_("“%s” asks for a redirect to “%s”, which is not followed because the credentials would go "
                            "along. If it is right, make it the bridge's address."), get_host (message), target);
  return via_rpc_error_new_http (VIA_RPC_ERROR_REDIRECTED, status, -1, NULL, NULL, text);
}

static GError *
create_refusal (SoupMessage *message,
                guint        status,
                const char  *body)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  const char *challenge = soup_message_headers_get_list (headers, "WWW-Authenticate");
  g_autofree char *text = NULL;

  text = g_strdup_printf (status == SOUP_STATUS_UNAUTHORIZED
                          ? _("“%s” wants to know who asks (HTTP %u). Set the bridge's token, or replace it if it has expired.")
                          : _("“%s” does not allow this (HTTP %u). The token may lack a right, or belong to somebody else."),
                          get_host (message), status);
  return via_rpc_error_new_http (VIA_RPC_ERROR_UNAUTHORIZED, status, -1, challenge, body, text);
}

GError *
via_http_status_error (SoupMessage *message,
                       GBytes      *body)
{
  guint status = soup_message_get_status (message);
  g_autofree char *shown = clip_body (body);
  g_autofree char *line = NULL;
  g_autofree char *text = NULL;
  const char *phrase = soup_status_get_phrase (status);
  const char *retry_after;

  if (status == SOUP_STATUS_UNAUTHORIZED || status == SOUP_STATUS_FORBIDDEN)
    return create_refusal (message, status, shown);
  if (SOUP_STATUS_IS_REDIRECTION (status) && status != SOUP_STATUS_NOT_MODIFIED)
    return create_redirect_error (message, status);
  retry_after = soup_message_headers_get_one (soup_message_get_response_headers (message), "Retry-After");
  line = shown != NULL ? via_text_clip_line (shown, 256) : NULL;
  if (line != NULL)
    /* translators: a host, a number and its English name, such as 500 Internal Server Error; then words of the server */
    text = g_strdup_printf (_("“%s” answered HTTP %u %s: “%s”."), get_host (message), status, phrase, line);
  else
    text = g_strdup_printf (_("“%s” answered HTTP %u %s."), get_host (message), status, phrase);
  return via_rpc_error_new_http (VIA_RPC_ERROR_HTTP, status,
                                 via_backoff_parse_retry_after (retry_after, g_get_real_time ()), NULL, shown, text);
}
