/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-rpc"
#include "config.h"

#include <string.h>

#include "rpc/via-rpc-text.h"

char *
via_rpc_clip_text (const char *text,
                   gssize      length,
                   gsize       max_bytes)
{
  g_autoptr(GString) out = g_string_new (NULL);
  g_autofree char *valid = NULL;
  gboolean space = FALSE;
  gsize available;

  if (text == NULL)
    return g_strdup ("");
  available = length < 0 ? strlen (text) : (gsize) length;
  /* A margin over the cap, so that white space at the front cannot hide the words. */
  valid = g_utf8_make_valid (text, (gssize) MIN (available, max_bytes + 4096));
  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);
      gsize width = g_utf8_next_char (at) - at;

      if (g_unichar_isspace (c) || g_unichar_iscntrl (c))
        {
          space = out->len > 0;
          continue;
        }
      if (out->len + width + space > max_bytes)
        {
          g_string_append (out, "…");
          break;
        }
      if (space)
        g_string_append_c (out, ' ');
      space = FALSE;
      g_string_append_len (out, at, width);
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}
