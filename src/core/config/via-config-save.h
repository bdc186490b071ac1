/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Private to config/: reading and writing the file, blocking, for worker threads. */

/* What a file held when it was looked at. */
typedef struct
{
  gboolean  exists;
  char     *text; /* (nullable) */
  gsize     length;
} ViaConfigContents;

void     via_config_contents_clear (ViaConfigContents       *self);
gboolean via_config_contents_equal (const ViaConfigContents *a,
                                    const ViaConfigContents *b);
/* Not being there is no error. Reads no more than a little over the cap, so that what is too large is seen to be. */
gboolean via_config_contents_read  (ViaConfigContents       *self,
                                    const char              *path,
                                    GCancellable            *cancellable,
                                    GError                 **error);
/*
 * Writes @text to @path: symbolic links are followed, a temporary file in the same folder is written, flushed and renamed,
 * the mode is kept (0600 for a new file), what was there becomes one backup (“path~”). Fails with VIA_CONFIG_ERROR_CHANGED
 * if the file is not @expected any more. Whatever happens, there is the old file or the new one.
 */
gboolean via_config_save           (const char              *path,
                                    const char              *text,
                                    gsize                    length,
                                    const ViaConfigContents *expected,
                                    GCancellable            *cancellable,
                                    GError                 **error);
/* The platform's part, when it is certain that @path (no link) may be replaced. @exists: there is a file to back up. */
gboolean via_config_replace_file   (const char              *path,
                                    const char              *text,
                                    gsize                    length,
                                    gboolean                 exists,
                                    GError                 **error);
/* Keeps others of our programs from saving into @folder meanwhile. -1 when that cannot be had. */
int      via_config_lock_folder    (const char              *folder);
void     via_config_unlock_folder  (int                      lock);
/* @path with all symbolic links followed, also when the last part does not exist. (transfer full) */
char    *via_config_resolve_path   (const char              *path);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ViaConfigContents, via_config_contents_clear)

G_END_DECLS
