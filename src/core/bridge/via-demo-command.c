/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via-bridge"

#include "config.h"

#include "bridge/via-bridge-manager.h"
#include "bridge/via-program-path.h"

#ifdef G_OS_WIN32
#define DEMO_SERVER "viaduct-demo-server.exe"
#else
#define DEMO_SERVER "viaduct-demo-server"
#endif

/* Where it may be, seen from the directory of this program: installed together, moved together, in a build tree. */
static const char *const places[] = {
  ".",
  "../libexec",
  "../demo-server",
  "../src/demo-server",
};

static char *
find_demo_server (void)
{
  g_autofree char *program = via_program_dup_path ();
  g_autofree char *directory = program != NULL ? g_path_get_dirname (program) : NULL;

  for (guint i = 0; directory != NULL && i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *place = g_build_filename (directory, places[i], DEMO_SERVER, NULL);

      if (g_file_test (place, G_FILE_TEST_IS_EXECUTABLE))
        return g_canonicalize_filename (place, NULL);
    }
  return g_build_filename (VIA_LIBEXECDIR, DEMO_SERVER, NULL);
}

char **
via_bridge_demo_command (void)
{
  const char *named = g_getenv ("VIADUCT_DEMO_SERVER");
  char **command = g_new0 (char *, 2);

  command[0] = named != NULL && *named != '\0' ? g_strdup (named) : find_demo_server ();
  return command;
}
