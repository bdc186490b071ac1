/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via-bridge"

#include "config.h"

#include <windows.h>

#include "bridge/via-program-path.h"

#define PATH_UNITS 32768 /* the longest path that Windows has */

char *
via_program_dup_path (void)
{
  g_autofree wchar_t *path = g_new (wchar_t, PATH_UNITS);
  const DWORD length = GetModuleFileNameW (NULL, path, PATH_UNITS);

  if (length == 0 || length == PATH_UNITS)
    return NULL;
  return g_utf16_to_utf8 ((const gunichar2 *) path, length, NULL, NULL, NULL);
}
