/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-transport"
#include "config.h"

#include <string.h>

#include "transport/via-unread-answer.h"

/* Steps over white space and @token. */
static gboolean
take (const char **at,
      const char  *end,
      const char  *token)
{
  gsize length = strlen (token);

  while (*at < end && g_ascii_isspace (**at))
    (*at)++;
  if ((gsize) (end - *at) < length || memcmp (*at, token, length) != 0)
    return FALSE;
  *at += length;
  return TRUE;
}

static gboolean
take_id (const char **at,
         const char  *end,
         gint64      *id)
{
  if (!take (at, end, "\"id\"") || !take (at, end, ":"))
    return FALSE;
  while (*at < end && **at == ' ')
    (*at)++;
  *id = 0;
  if (*at == end || !g_ascii_isdigit (**at))
    return FALSE;
  while (*at < end && g_ascii_isdigit (**at) && *id < G_MAXINT32)
    *id = *id * 10 + *(*at)++ - '0';
  return TRUE;
}

static gboolean
take_version (const char **at,
              const char  *end)
{
  return take (at, end, "\"jsonrpc\"") && take (at, end, ":") && take (at, end, "\"2.0\"");
}

gboolean
via_unread_answer_find_id (GBytes *text,
                           gint64 *id)
{
  gsize size;
  const char *line = g_bytes_get_data (text, &size);
  const char *end;
  const char *at = line;
  const char *tail;

  if (line == NULL)
    return FALSE;
  end = line + size;
  if (take (&at, end, "{") && take_version (&at, end) && take (&at, end, ",") && take_id (&at, end, id)
      && take (&at, end, ","))
    return take (&at, end, "\"result\"") || take (&at, end, "\"error\"");
  at = line;
  if (!take (&at, end, "{") || (!take (&at, end, "\"result\"") && !take (&at, end, "\"error\"")))
    return FALSE;
  for (tail = end - MIN (size, 64); tail < end; tail++)
    {
      at = tail;
      if (take_id (&at, end, id) && (!take (&at, end, ",") || take_version (&at, end)) && take (&at, end, "}"))
        return TRUE;
    }
  return FALSE;
}
