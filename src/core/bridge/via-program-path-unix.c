/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via-bridge"

#include "config.h"

#include "bridge/via-program-path.h"

char *
via_program_dup_path (void)
{
  return g_file_read_link ("/proc/self/exe", NULL);
}
