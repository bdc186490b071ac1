/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <string.h>

#include "base/via-limits.h"
#include "base/via-text.h"
#include "secrets/via-dotenv.h"
#include "secrets/via-secret-files.h"
#include "secrets/via-secret-private.h"

#define MOUNTED_SECRETS "/run/secrets"
#define DOTENV ".env"

/* The places, as they were when it was asked: environment and working folder belong to the main thread. */
typedef struct
{
  char *name;
  char *working;     /* folder */
  char *directory;   /* (nullable) */
  char *credentials; /* (nullable) */
} Search;

static void
search_free (gpointer data)
{
  Search *search = data;

  g_free (search->name);
  g_free (search->working);
  g_free (search->directory);
  g_free (search->credentials);
  g_free (search);
}

/* At most @most bytes of a plain file (no pipe that never ends), or NULL. To be wiped and freed. */
static char *
read_file (const char   *path,
           gsize         most,
           gsize        *length,
           GCancellable *cancellable)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GFileInputStream) stream = NULL;
  char *contents;

  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    return NULL;
  stream = g_file_read (file, cancellable, NULL);
  if (stream == NULL)
    return NULL;
  contents = g_malloc0 (most + 1);
  if (g_input_stream_read_all (G_INPUT_STREAM (stream), contents, most, length, cancellable, NULL))
    return contents;
  via_text_wipe (contents, most);
  g_free (contents);
  return NULL;
}

static char *
look_into_dotenv (const char   *folder,
                  const char   *name,
                  GCancellable *cancellable)
{
  g_autofree char *path = g_build_filename (folder, DOTENV, NULL);
  gsize length;
  char *text = read_file (path, VIA_LIMIT_CONFIG_BYTES, &length, cancellable);
  char *value;

  if (text == NULL)
    return NULL;
  value = via_dotenv_lookup (text, length, name);
  via_text_wipe (text, length);
  g_free (text);
  if (value != NULL && *value == '\0')
    g_clear_pointer (&value, g_free);
  return value;
}

static char *
look_into_folder (const char   *folder,
                  const char   *name,
                  GCancellable *cancellable)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  gsize length;
  char *value = read_file (path, VIA_LIMIT_SECRET_BYTES + 2, &length, cancellable);

  if (value == NULL)
    return NULL;
  if (length > 0 && value[length - 1] == '\n')
    value[--length] = '\0';
  if (length > 0 && value[length - 1] == '\r')
    value[--length] = '\0';
  return value;
}

static void
search_thread (GTask        *task,
               gpointer      source_object,
               gpointer      task_data,
               GCancellable *cancellable)
{
  Search *search = task_data;
  ViaSecretPlace place = VIA_SECRET_DOTENV;
  char *value = look_into_dotenv (search->working, search->name, cancellable);
  GError *error = NULL;

  if (value == NULL && search->directory != NULL)
    value = look_into_dotenv (search->directory, search->name, cancellable);
  if (value == NULL)
    place = VIA_SECRET_FILE;
  if (value == NULL && search->credentials != NULL)
    value = look_into_folder (search->credentials, search->name, cancellable);
  if (value == NULL)
    value = look_into_folder (MOUNTED_SECRETS, search->name, cancellable);

  if (value == NULL)
    g_task_return_pointer (task, NULL, NULL);
  else if (via_secret_check_value (search->name, value, &error))
    g_task_return_pointer (task, via_secret_new_take (value, place), (GDestroyNotify) via_secret_free);
  else
    {
      via_secret_wipe (value);
      g_task_return_error (task, error);
    }
}

void
via_secret_files_lookup_async (const char          *name,
                               const char          *directory,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Search *search = g_new0 (Search, 1);

  search->name = g_strdup (name);
  search->working = g_get_current_dir ();
  search->directory = g_strcmp0 (directory, search->working) != 0 ? g_strdup (directory) : NULL;
  search->credentials = g_strdup (g_getenv ("CREDENTIALS_DIRECTORY"));
  g_task_set_source_tag (task, via_secret_files_lookup_async);
  g_task_set_task_data (task, search, search_free);
  g_task_run_in_thread (task, search_thread);
}

ViaSecret *
via_secret_files_lookup_finish (GAsyncResult  *result,
                                GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
