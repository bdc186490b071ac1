/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via-bridge"

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "base/via-backoff.h"
#include "base/via-limits.h"
#include "base/via-text.h"
#include "bridge/via-bridge.h"
#include "bridge/via-failure.h"
#include "rpc/via-rpc-error.h"
#include "rpc/via-rpc-message.h"

/* How the official SDK's servers begin the text of an isError result that is about the arguments. */
#define ARGUMENTS_PREFIX "MCP error -32602"

#define REDACTED_BYTES (256 * 1024) /* of a text that is searched for secrets before it is cut */

char *
via_failure_clean_text (ViaRedactor *redactor,
                        const char  *text,
                        gsize        max_bytes)
{
  g_autofree char *whole = via_text_clip (text, MAX (max_bytes, REDACTED_BYTES));
  g_autofree char *redacted = redactor != NULL ? via_redactor_redact (redactor, whole) : g_steal_pointer (&whole);

  return via_text_clip (redacted, max_bytes);
}

/* @message is (transfer full). */
static void
set_message (GError *error,
             char   *message)
{
  g_free (error->message);
  error->message = message;
}

static ViaSide
side_from_rpc_error (const GError *error)
{
  switch ((ViaRpcError) error->code)
    {
    case VIA_RPC_ERROR_REMOTE:
      return via_rpc_error_get_remote (error) != NULL
             && via_rpc_error_get_remote (error)->code == VIA_RPC_INVALID_PARAMS ? VIA_SIDE_ARGUMENTS : VIA_SIDE_SERVER;
    case VIA_RPC_ERROR_TIMEOUT:
      return VIA_SIDE_TIMEOUT;
    case VIA_RPC_ERROR_CLOSED:
    case VIA_RPC_ERROR_NOT_SENT:
    case VIA_RPC_ERROR_TLS:
    case VIA_RPC_ERROR_SESSION_LOST:
    case VIA_RPC_ERROR_BUSY:
      return VIA_SIDE_CONNECTION;
    case VIA_RPC_ERROR_UNAUTHORIZED:
      return VIA_SIDE_AUTHORIZATION;
    case VIA_RPC_ERROR_REDIRECTED:
      return VIA_SIDE_CONFIGURATION;
    case VIA_RPC_ERROR_INVALID:
    case VIA_RPC_ERROR_HTTP:
    case VIA_RPC_ERROR_CONTENT_TYPE:
    case VIA_RPC_ERROR_TOO_LARGE:
    default:
      return VIA_SIDE_SERVER;
    }
}

static ViaSide
side_from_io_error (const GError *error)
{
  switch (error->code)
    {
    case G_IO_ERROR_CANCELLED:
      return VIA_SIDE_CANCELLED;
    case G_IO_ERROR_TIMED_OUT:
      return VIA_SIDE_TIMEOUT;
    case G_IO_ERROR_NOT_FOUND:
    case G_IO_ERROR_PERMISSION_DENIED:
    case G_IO_ERROR_NOT_SUPPORTED:
    case G_IO_ERROR_INVALID_ARGUMENT:
      return VIA_SIDE_CONFIGURATION;
    default:
      return VIA_SIDE_CONNECTION;
    }
}

ViaSide
via_side_from_error (const GError *error)
{
  if (error == NULL)
    return VIA_SIDE_NONE;
  if (error->domain == VIA_RPC_ERROR)
    return side_from_rpc_error (error);
  if (error->domain == G_IO_ERROR)
    return side_from_io_error (error);
  if (error->domain == VIA_CONFIG_ERROR || error->domain == G_SPAWN_ERROR)
    return VIA_SIDE_CONFIGURATION;
  if (error->domain == VIA_SECRET_ERROR)
    return error->code == VIA_SECRET_ERROR_INVALID ? VIA_SIDE_CONFIGURATION : VIA_SIDE_AUTHORIZATION;
  if (error->domain == VIA_JSON_ERROR)
    return VIA_SIDE_SERVER;
  return VIA_SIDE_CONNECTION;
}

static char *
describe_remote (const GError *error,
                 ViaRedactor  *redactor)
{
  const ViaRpcRemoteError *remote = via_rpc_error_get_remote (error);
  const char *said = remote != NULL && remote->message != NULL ? remote->message : error->message;
  g_autofree char *clean = via_failure_clean_text (redactor, said, VIA_LIMIT_ERROR_TEXT_BYTES);
  g_autofree char *text = via_text_clip_line (clean, VIA_LIMIT_ERROR_TEXT_BYTES);
  const int code = remote != NULL ? remote->code : 0;

  switch (code)
    {
    case VIA_RPC_INVALID_PARAMS:
      /* translators: the first %s is what a server said, the number its error code */
      return g_strdup_printf (_("The server did not accept the arguments: “%s” (%d). "
                                "Compare them with what the tool asks for."), text, code);
    case VIA_RPC_METHOD_NOT_FOUND:
      /* translators: the first %s is what a server said, the number its error code */
      return g_strdup_printf (_("The server does not know this request: “%s” (%d). "
                                "Refresh the tools, or check that it is the right kind of server."), text, code);
    default:
      /* translators: the first %s is what a server said, the number its error code */
      return g_strdup_printf (_("The server answered with an error: “%s” (%d). "
                                "Its log may say more."), text, code);
    }
}

static char *
describe_timeout (guint timeout_s)
{
  if (timeout_s == 0)
    return g_strdup (_("The server did not answer in time. Raise the timeout, or see whether the server is busy."));

  /* translators: %u is a number of seconds */
  return g_strdup_printf (ngettext ("The server did not answer within %u second. "
                                    "Raise the timeout, or see whether the server is busy.",
                                    "The server did not answer within %u seconds. "
                                    "Raise the timeout, or see whether the server is busy.", timeout_s),
                          timeout_s);
}

/* The transports below already say what happened and what to do; only what they cannot know is said here. */
static char *
describe_rpc_error (const GError *error,
                    ViaRedactor  *redactor,
                    guint         timeout_s)
{
  switch ((ViaRpcError) error->code)
    {
    case VIA_RPC_ERROR_REMOTE:
      return describe_remote (error, redactor);
    case VIA_RPC_ERROR_TIMEOUT:
      return describe_timeout (timeout_s);
    case VIA_RPC_ERROR_BUSY:
      return g_strdup (_("Too many requests wait for this server. Wait until some have finished, then try again."));
    default:
      return NULL;
    }
}

/* A server that asks for longer than is obeyed is not asked again by itself: the person is told when to. */
static void
add_retry_after (GError *error)
{
  const gint64 wait = error->domain == VIA_RPC_ERROR ? via_rpc_error_get_retry_after (error) : -1;
  g_autofree char *message = g_strdup (error->message);

  if (wait < 0 || via_backoff_is_obeyed (wait))
    return;
  set_message (error, g_strdup_printf (
    /* translators: %s is a whole sentence, %u a count of seconds, always more than 60 */
    _("%s The server asks to try again in %u seconds."), message, (guint) (wait / 1000)));
}

GError *
via_failure_describe (const GError    *error,
                      ViaBridgeConfig *config,
                      ViaRedactor     *redactor,
                      guint            timeout_s,
                      ViaSide         *side)
{
  GError *described = g_error_copy (error);
  ViaSide whose = via_side_from_error (error);
  char *message = error->domain == VIA_RPC_ERROR ? describe_rpc_error (error, redactor, timeout_s) : NULL;

  if (message != NULL)
    set_message (described, message);
  else if (whose == VIA_SIDE_CANCELLED)
    set_message (described, g_strdup (_("It was cancelled.")));
  else
    set_message (described, via_failure_clean_text (redactor, error->message, 2 * VIA_LIMIT_ERROR_TEXT_BYTES));
  add_retry_after (described);

  /* A REST bridge has no other way to say that it does not like the parameters. */
  if (via_bridge_config_get_transport (config) == VIA_TRANSPORT_REST
      && g_error_matches (error, VIA_RPC_ERROR, VIA_RPC_ERROR_HTTP)
      && (via_rpc_error_get_http_status (error) == 400 || via_rpc_error_get_http_status (error) == 422))
    whose = VIA_SIDE_ARGUMENTS;
  if (side != NULL)
    *side = whose;
  return described;
}

GError *
via_failure_unknown (GError *described)
{
  g_autofree char *message = g_strdup (described->message);

  /* translators: %s is a whole sentence that says what went wrong */
  set_message (described, g_strdup_printf (
    _("%s The tool may have run all the same: see what it did before you run it again."), message));
  return described;
}

GError *
via_failure_from_result (const ViaToolResult *result,
                         ViaRedactor         *redactor,
                         ViaSide             *side)
{
  g_autofree char *text = via_tool_result_dup_all_text (result);
  g_autofree char *clipped = via_failure_clean_text (redactor, text, VIA_LIMIT_ERROR_TEXT_BYTES);

  g_strstrip (clipped);
  *side = g_str_has_prefix (clipped, ARGUMENTS_PREFIX) ? VIA_SIDE_ARGUMENTS : VIA_SIDE_TOOL;
  if (*clipped == '\0')
    return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED,
                                _("The tool failed and did not say why. The result may tell more."));
  return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, clipped);
}
