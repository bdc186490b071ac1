/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/via-config-save.h"

#define NEW_FILE_MODE 0600
#define LOCK_TRIES 40
#define LOCK_PAUSE_US 50000
#define LINKS_MAX 40

static gboolean
fail (GError **error)
{
  int code = errno;

  g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (code), g_strerror (code));
  return FALSE;
}

/* Where @path points to if it is a link, relative to its folder, else NULL. */
static char *
follow_link (const char *path)
{
  g_autofree char *link = g_file_read_link (path, NULL);
  g_autofree char *folder = g_path_get_dirname (path);

  return link != NULL ? g_canonicalize_filename (link, folder) : NULL;
}

char *
via_config_resolve_path (const char *path)
{
  char *resolved = realpath (path, NULL);
  char *at = g_canonicalize_filename (path, NULL);

  if (resolved != NULL)
    {
      g_free (at);
      at = g_strdup (resolved);
      free (resolved);
      return at;
    }
  /* A link whose target is yet to be made. */
  for (guint i = 0; i < LINKS_MAX; i++)
    {
      char *next = follow_link (at);

      if (next == NULL)
        break;
      g_free (at);
      at = next;
    }
  return at;
}

int
via_config_lock_folder (const char *folder)
{
  int lock = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);

  for (guint i = 0; lock >= 0 && i < LOCK_TRIES; i++)
    {
      if (flock (lock, LOCK_EX | LOCK_NB) == 0 || (errno != EWOULDBLOCK && errno != EINTR))
        break;
      g_usleep (LOCK_PAUSE_US);
    }
  return lock;
}

void
via_config_unlock_folder (int lock)
{
  if (lock >= 0)
    close (lock);
}

static gboolean
write_all (int          fd,
           const char  *text,
           gsize        length,
           GError     **error)
{
  while (length > 0)
    {
      gssize count = write (fd, text, length);

      if (count < 0 && errno == EINTR)
        continue;
      if (count < 0)
        return fail (error);
      text += count;
      length -= count;
    }
  return TRUE;
}

/* The new file is for whom the old one was for. Its owner can be kept only by root; anybody else owns it anyway. */
static gboolean
keep_permissions (int          fd,
                  const char  *path,
                  GError     **error)
{
  struct stat before;
  mode_t mode = NEW_FILE_MODE;

  if (stat (path, &before) == 0)
    {
      mode = before.st_mode & 07777;
      if ((before.st_uid != geteuid () || before.st_gid != getegid ()) && fchown (fd, before.st_uid, before.st_gid) != 0)
        mode &= ~077; /* another owner than before: nothing for groups that are not the old ones */
    }
  return fchmod (fd, mode) == 0 || fail (error);
}

static gboolean
fill (int          fd,
      const char  *path,
      const char  *text,
      gsize        length,
      GError     **error)
{
  gboolean filled = write_all (fd, text, length, error) && keep_permissions (fd, path, error)
                    && (fsync (fd) == 0 || fail (error));

  if (close (fd) != 0 && filled)
    filled = fail (error);
  return filled;
}

/* The old file keeps its inode under the name of the backup. Where there are no hard links there is no backup. */
static void
back_up (const char *path)
{
  g_autofree char *backup = g_strconcat (path, "~", NULL);
  g_autofree char *fresh = g_strconcat (path, "~new", NULL);

  g_unlink (fresh);
  if (link (path, fresh) != 0 || g_rename (fresh, backup) != 0)
    g_debug ("No backup of the configuration: %s", g_strerror (errno));
  g_unlink (fresh); /* rename () of two names of one file does nothing and leaves both */
}

static void
flush_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);

  if (fd < 0)
    return;
  if (fsync (fd) != 0)
    g_debug ("The folder of the configuration cannot be flushed: %s", g_strerror (errno));
  close (fd);
}

gboolean
via_config_replace_file (const char  *path,
                         const char  *text,
                         gsize        length,
                         gboolean     exists,
                         GError     **error)
{
  g_autofree char *temporary = g_strconcat (path, ".XXXXXX", NULL);
  int fd = g_mkstemp_full (temporary, O_WRONLY | O_CLOEXEC, NEW_FILE_MODE);

  if (fd < 0)
    return fail (error);
  if (!fill (fd, path, text, length, error))
    {
      g_unlink (temporary);
      return FALSE;
    }
  if (exists)
    back_up (path);
  if (g_rename (temporary, path) != 0)
    {
      fail (error);
      g_unlink (temporary);
      return FALSE;
    }
  flush_folder (path);
  return TRUE;
}
