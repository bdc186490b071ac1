/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-app"

#include "config.h"

#include <glib/gi18n.h>

#include "via-result-words.h"

#define NO_BREAK_SPACE "\302\240"
/* The dot stays with the part before it, so that a line never begins with one. */
#define PART_SEPARATOR NO_BREAK_SPACE NO_BREAK_SPACE "·  "
/* A server's stage is shown in one line; a longer one says nothing more to a person in a hurry. */
#define STAGE_CHARACTERS_MAX 200

char *
via_result_words_duration (gint64   microseconds,
                           gboolean running)
{
  gint64 seconds = microseconds / G_USEC_PER_SEC;

  /* translators: a duration: minutes and seconds */
  if (seconds >= 60)
    return g_strdup_printf (_("%d min %02d s"), (int) (seconds / 60), (int) (seconds % 60));
  /* translators: a duration in seconds */
  if (running)
    return g_strdup_printf (_("%d s"), (int) seconds);
  /* translators: a duration in milliseconds */
  if (microseconds < G_USEC_PER_SEC)
    return g_strdup_printf (_("%d ms"), (int) (microseconds / 1000));
  /* translators: a duration in seconds with two decimals */
  return g_strdup_printf (_("%.2f s"), (double) microseconds / G_USEC_PER_SEC);
}

static void
add_part (GString    *meta,
          const char *part)
{
  if (meta->len > 0)
    g_string_append (meta, PART_SEPARATOR);
  for (const char *c = part; *c != '\0'; c++)
    {
      if (*c == ' ')
        g_string_append (meta, NO_BREAK_SPACE);
      else
        g_string_append_c (meta, *c);
    }
}

/* What a server says of its progress is data: one line of it, with ordinary spaces, so that it may be broken. */
static void
add_stage (GString      *meta,
           ViaOperation *operation)
{
  const char *stage = via_operation_get_progress_message (operation);
  g_autofree char *line = NULL;

  if (via_operation_get_state (operation) == VIA_OPERATION_PENDING)
    stage = _("Waiting");
  if (stage == NULL || *stage == '\0')
    return;
  line = g_utf8_substring (stage, 0, MIN (g_utf8_strlen (stage, -1), STAGE_CHARACTERS_MAX));
  g_strdelimit (line, "\r\n\t", ' ');
  g_string_append (meta, PART_SEPARATOR);
  g_string_append (meta, g_strstrip (line));
}

static void
add_outcome (GString      *meta,
             ViaOperation *operation)
{
  ViaToolResult *result = via_operation_get_result (operation);
  guint attempt = via_operation_get_attempt (operation);
  g_autofree char *attempts = NULL;
  g_autofree char *size = NULL;

  if (attempt > 0)
    {
      attempts = g_strdup_printf (ngettext ("%u attempt", "%u attempts", attempt), attempt);
      add_part (meta, attempts);
    }
  if (via_operation_get_state (operation) == VIA_OPERATION_CANCELLED)
    add_part (meta, _("Cancelled"));
  if (result == NULL)
    return;
  size = g_format_size (via_tool_result_get_size (result));
  add_part (meta, size);
}

char *
via_result_words_meta (ViaOperation *operation)
{
  gboolean finished = via_operation_is_finished (operation);
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (via_operation_get_created_at (operation) / G_USEC_PER_SEC);
  g_autoptr(GDateTime) local = g_date_time_to_local (utc);
  g_autofree char *time = g_date_time_format (local, "%H:%M:%S");
  g_autofree char *duration = via_result_words_duration (via_operation_get_duration (operation), !finished);
  GString *meta = g_string_new (NULL);

  add_part (meta, via_operation_get_bridge_name (operation));
  add_part (meta, time);
  add_part (meta, duration);
  if (finished)
    add_outcome (meta, operation);
  else
    add_stage (meta, operation);
  return g_string_free (meta, FALSE);
}

char *
via_result_words_state (ViaOperation *operation)
{
  switch (via_operation_get_state (operation))
    {
    case VIA_OPERATION_PENDING:
      return g_strdup (_("Waiting"));
    case VIA_OPERATION_RUNNING:
      return g_strdup (_("Running"));
    case VIA_OPERATION_COMPLETED:
      return g_strdup (_("Succeeded"));
    case VIA_OPERATION_CANCELLED:
      return g_strdup (_("Cancelled"));
    case VIA_OPERATION_FAILED:
    default:
      return g_strdup (_("Failed"));
    }
}

char *
via_result_words_summary (ViaOperation *operation)
{
  const char *title = via_operation_get_tool_title (operation);
  gboolean finished = via_operation_is_finished (operation);
  g_autofree char *duration = via_result_words_duration (via_operation_get_duration (operation), !finished);

  switch (via_operation_get_state (operation))
    {
    case VIA_OPERATION_PENDING:
      /* translators: %s is the name of a tool */
      return g_strdup_printf (_("%s, waiting"), title);
    case VIA_OPERATION_RUNNING:
      /* translators: %s is the name of a tool */
      return g_strdup_printf (_("%s, running"), title);
    case VIA_OPERATION_COMPLETED:
      /* translators: the name of a tool and a duration */
      return g_strdup_printf (_("%s, succeeded, %s"), title, duration);
    case VIA_OPERATION_CANCELLED:
      /* translators: the name of a tool and a duration */
      return g_strdup_printf (_("%s, cancelled, %s"), title, duration);
    case VIA_OPERATION_FAILED:
    default:
      /* translators: the name of a tool and a duration */
      return g_strdup_printf (_("%s, failed, %s"), title, duration);
    }
}

char *
via_result_words_failure (ViaOperation *operation)
{
  guint timeout = via_operation_get_timeout_s (operation);

  if (via_operation_get_state (operation) != VIA_OPERATION_FAILED)
    return NULL;
  switch (via_operation_get_side (operation))
    {
    case VIA_SIDE_ARGUMENTS:
      return g_strdup (_("The server did not accept the arguments"));
    case VIA_SIDE_TOOL:
      return g_strdup (_("The tool reported an error"));
    case VIA_SIDE_CONFIGURATION:
      return g_strdup (_("The configuration of the bridge is not right"));
    case VIA_SIDE_CONNECTION:
      return g_strdup (_("The server could not be reached"));
    case VIA_SIDE_AUTHORIZATION:
      return g_strdup (_("The server refused the authorization"));
    case VIA_SIDE_TIMEOUT:
      if (timeout == 0)
        return g_strdup (_("The server did not answer in time"));
      return g_strdup_printf (ngettext ("No answer within %u second", "No answer within %u seconds", timeout), timeout);
    case VIA_SIDE_CANCELLED:
      return g_strdup (_("The execution was cancelled"));
    case VIA_SIDE_POLICY:
      return g_strdup (_("A rule does not allow this execution"));
    case VIA_SIDE_NONE:
    case VIA_SIDE_SERVER:
    default:
      return g_strdup (_("The server failed"));
    }
}
