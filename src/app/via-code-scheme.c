/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-app"

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "via-code-scheme.h"

static const char *names[] = { "viaduct", "viaduct-dark" };

/* Copies one scheme out of the program, unless it is there already. */
static gboolean
unpack (const char *folder,
        const char *name)
{
  g_autofree char *resource = g_strdup_printf ("/io/github/viaduct/Viaduct/schemes/%s.xml", name);
  g_autofree char *file = g_strconcat (name, ".xml", NULL);
  g_autofree char *path = g_build_filename (folder, file, NULL);
  g_autoptr(GBytes) bytes = g_resources_lookup_data (resource, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autofree char *old = NULL;
  gsize length = 0;

  g_return_val_if_fail (bytes != NULL, FALSE);

  if (g_file_get_contents (path, &old, &length, NULL) && length == g_bytes_get_size (bytes)
      && memcmp (old, g_bytes_get_data (bytes, NULL), length) == 0)
    return TRUE;

  return g_file_set_contents_full (path, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes),
                                   G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL);
}

/*
 * GtkSourceView 5.6 lists schemes in resources but reads them with stdio, so they have to be files. Two of a kilobyte,
 * once a process and written once a version: not worth a thread, and the first editor needs them at once.
 */
static void
add_folder (GtkSourceStyleSchemeManager *manager)
{
  const char * const *known = gtk_source_style_scheme_manager_get_search_path (manager);
  g_autofree char *folder = g_build_filename (g_get_user_cache_dir (), "viaduct", "schemes", NULL);

  if (known != NULL && g_strv_contains (known, folder))
    return;
  if (g_mkdir_with_parents (folder, 0700) != 0)
    return;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (!unpack (folder, names[i]))
      return;

  gtk_source_style_scheme_manager_append_search_path (manager, folder);
}

GtkSourceStyleScheme *
via_code_scheme_get (gboolean dark)
{
  GtkSourceStyleSchemeManager *manager = gtk_source_style_scheme_manager_get_default ();
  GtkSourceStyleScheme *scheme;

  add_folder (manager);
  scheme = gtk_source_style_scheme_manager_get_scheme (manager, names[dark ? 1 : 0]);
  if (scheme == NULL)
    scheme = gtk_source_style_scheme_manager_get_scheme (manager, dark ? "Adwaita-dark" : "Adwaita");

  return scheme;
}
