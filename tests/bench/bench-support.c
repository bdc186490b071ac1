/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>

#include "bench-support.h"

gsize
bench_get_resident_bytes (void)
{
  g_autofree char *text = NULL;
  char **fields;
  gsize pages = 0;

  if (!g_file_get_contents ("/proc/self/statm", &text, NULL, NULL))
    return 0;
  fields = g_strsplit (text, " ", 3);
  if (fields[0] != NULL && fields[1] != NULL)
    pages = g_ascii_strtoull (fields[1], NULL, 10);
  g_strfreev (fields);
  return pages * 4096;
}

void
bench_print (const char *name,
             guint       calls,
             gint64      microseconds)
{
  double seconds = microseconds / 1e6;

  printf ("{\"name\":\"%s\",\"calls\":%u,\"seconds\":%.3f,\"per_second\":%.0f,\"resident_bytes\":%" G_GSIZE_FORMAT "}\n",
          name, calls, seconds, calls / seconds, bench_get_resident_bytes ());
  fflush (stdout);
}
