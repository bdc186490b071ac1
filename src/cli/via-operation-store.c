/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via"

#include "config.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "via-operation-store.h"
#include "via-terminal.h"

/* Days that the record of a finished operation is kept. */
#define KEPT_DAYS 7

static char *
get_folder (void)
{
  return g_build_filename (g_get_user_state_dir (), "viaduct", "operations", NULL);
}

char *
via_operation_store_dup_path (const char *id,
                              const char *suffix)
{
  g_autofree char *folder = get_folder ();
  g_autofree char *name = g_strconcat (id, ".", suffix, NULL);

  g_mkdir_with_parents (folder, 0700);
  return g_build_filename (folder, name, NULL);
}

gboolean
via_operation_store_write (const char *id,
                           const char *suffix,
                           const char *json,
                           GError    **error)
{
  g_autofree char *path = via_operation_store_dup_path (id, suffix);

  return g_file_set_contents_full (path, json, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}

ViaJsonDocument *
via_operation_store_read (const char *id,
                          const char *suffix,
                          GError    **error)
{
  g_autofree char *path = via_operation_store_dup_path (id, suffix);
  g_autoptr(GBytes) bytes = NULL;
  char *text;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, NULL))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                   _("There is no operation “%s”. Finished ones are kept for %d days."), id, KEPT_DAYS);
      return NULL;
    }
  bytes = g_bytes_new_take (text, length);
  return via_json_document_new (bytes, NULL, error);
}

void
via_operation_store_remove (const char *id,
                            const char *suffix)
{
  g_autofree char *path = via_operation_store_dup_path (id, suffix);

  g_unlink (path);
}

/* Files of one operation go together, by the age of each; a held lock keeps its own. */
static void
tidy_file (const char *folder,
           const char *name,
           gint64      oldest)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  GStatBuf info;

  if (g_stat (path, &info) != 0 || info.st_mtime >= oldest || via_lock_is_held (path))
    return;
  g_unlink (path);
}

void
via_operation_store_tidy (void)
{
  g_autofree char *folder = get_folder ();
  g_autoptr(GDir) directory = g_dir_open (folder, 0, NULL);
  gint64 oldest = g_get_real_time () / G_USEC_PER_SEC - KEPT_DAYS * 24 * 3600;
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    tidy_file (folder, name, oldest);
}
