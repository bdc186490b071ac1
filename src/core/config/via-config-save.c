/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/via-limits.h"
#include "config/via-config-save.h"
#include "config/via-config.h"

#define FOLDER_MODE 0700
#define CHUNK 65536

void
via_config_contents_clear (ViaConfigContents *self)
{
  g_clear_pointer (&self->text, g_free);
  self->length = 0;
  self->exists = FALSE;
}

gboolean
via_config_contents_equal (const ViaConfigContents *a,
                           const ViaConfigContents *b)
{
  return a->exists == b->exists && a->length == b->length && (a->length == 0 || memcmp (a->text, b->text, a->length) == 0);
}

/* A sentence around what the system says, with its code kept. @prefix is taken. */
static void
explain (GError *error,
         char   *prefix)
{
  char *message = g_strconcat (prefix, " ", error->message, NULL);

  g_free (error->message);
  error->message = message;
  g_free (prefix);
}

static gboolean
read_all (GInputStream  *stream,
          GString       *text,
          GCancellable  *cancellable,
          GError       **error)
{
  char chunk[CHUNK];

  while (text->len <= VIA_LIMIT_CONFIG_BYTES)
    {
      gssize count = g_input_stream_read (stream, chunk, sizeof chunk, cancellable, error);

      if (count <= 0)
        return count == 0;
      g_string_append_len (text, chunk, count);
    }
  return TRUE;
}

gboolean
via_config_contents_read (ViaConfigContents  *self,
                          const char         *path,
                          GCancellable       *cancellable,
                          GError            **error)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GFileInputStream) stream = NULL;
  g_autoptr(GError) local = NULL;
  GString *text;

  via_config_contents_clear (self);
  stream = g_file_read (file, cancellable, &local);
  if (stream == NULL && g_error_matches (local, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    return TRUE;
  text = g_string_new (NULL);
  if (stream == NULL || !read_all (G_INPUT_STREAM (stream), text, cancellable, &local))
    {
      g_string_free (text, TRUE);
      /* translators: %s is a file name; the system's own words follow */
      explain (local, g_strdup_printf (_("“%s” cannot be read:"), path));
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  self->exists = TRUE;
  self->length = text->len;
  self->text = g_string_free (text, FALSE);
  return TRUE;
}

static gboolean
check_unchanged (const char               *path,
                 const ViaConfigContents  *expected,
                 GCancellable             *cancellable,
                 GError                  **error)
{
  g_auto(ViaConfigContents) now = { FALSE };

  if (!via_config_contents_read (&now, path, cancellable, error))
    return FALSE;
  if (via_config_contents_equal (&now, expected))
    return TRUE;
  g_set_error (error, VIA_CONFIG_ERROR, VIA_CONFIG_ERROR_CHANGED,
               _("“%s” was changed by another program meanwhile, so it was left as it is. Load it again and repeat the change."),
               path);
  return FALSE;
}

gboolean
via_config_save (const char               *path,
                 const char               *text,
                 gsize                     length,
                 const ViaConfigContents  *expected,
                 GCancellable             *cancellable,
                 GError                  **error)
{
  g_autofree char *target = via_config_resolve_path (path);
  g_autofree char *folder = g_path_get_dirname (target);
  g_autoptr(GError) local = NULL;
  gboolean saved;
  int lock;

  if (g_mkdir_with_parents (folder, FOLDER_MODE) != 0)
    {
      int code = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), _("The folder “%s” cannot be made: %s"), folder,
                   g_strerror (code));
      return FALSE;
    }
  lock = via_config_lock_folder (folder);
  saved = check_unchanged (target, expected, cancellable, error);
  if (saved)
    {
      saved = via_config_replace_file (target, text, length, expected->exists, &local);
      if (!saved)
        {
          /* translators: %s is a file name; the system's own words follow */
          explain (local, g_strdup_printf (_("“%s” could not be saved and is as it was:"), target));
          g_propagate_error (error, g_steal_pointer (&local));
        }
    }
  via_config_unlock_folder (lock);
  return saved;
}
