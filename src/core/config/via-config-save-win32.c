/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include "config/via-config-save.h"

#define NEW_FILE_MODE 0600

/* GLib's own safe replacement is what Windows has; profiles there are private to their user. */

char *
via_config_resolve_path (const char *path)
{
  return g_canonicalize_filename (path, NULL);
}

int
via_config_lock_folder (const char *folder)
{
  return -1;
}

void
via_config_unlock_folder (int lock)
{
}

gboolean
via_config_replace_file (const char  *path,
                         const char  *text,
                         gsize        length,
                         gboolean     exists,
                         GError     **error)
{
  g_autofree char *backup = g_strconcat (path, "~", NULL);
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GFile) copy = g_file_new_for_path (backup);

  if (exists && !g_file_copy (file, copy, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, NULL))
    g_debug ("No backup of the configuration");
  return g_file_set_contents_full (path, text, length, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   NEW_FILE_MODE, error);
}
