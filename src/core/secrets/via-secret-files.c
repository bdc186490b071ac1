/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-secrets"

#include "config.h"

#include <string.h>

#include "base/via-limits.h"
#include "base/via-text.h"
#include "secrets/via-secret-files.h"

#define MOUNTED_FOLDER "/run/secrets"

/* Bytes of a .env file that are read at most. */
#define DOTENV_BYTES (256 * 1024)

typedef struct
{
  char *directory; /* (nullable) */
  char *name;
} FileLookup;

static void
file_lookup_free (FileLookup *lookup)
{
  g_free (lookup->directory);
  g_free (lookup->name);
  g_free (lookup);
}

/* A quoted value ends at its quote; a bare one at a comment or the line's end. */
static char *
read_value (const char *text)
{
  gsize length;

  text += strspn (text, " \t");
  if (*text == '"' || *text == '\'')
    {
      const char *end = strchr (text + 1, *text);

      return end != NULL ? g_strndup (text + 1, end - text - 1) : g_strdup (text + 1);
    }
  length = strcspn (text, "\r\n");
  for (gsize i = 1; i < length; i++)
    if (text[i] == '#' && (text[i - 1] == ' ' || text[i - 1] == '\t'))
      length = i;
  while (length > 0 && strchr (" \t", text[length - 1]) != NULL)
    length--;
  return g_strndup (text, length);
}

static char *
read_line (const char *line,
           const char *name)
{
  gsize length = strlen (name);

  line += strspn (line, " \t");
  if (g_str_has_prefix (line, "export "))
    line += strlen ("export ") + strspn (line + strlen ("export "), " \t");
  if (strncmp (line, name, length) != 0)
    return NULL;
  line += length + strspn (line + length, " \t");
  return *line == '=' ? read_value (line + 1) : NULL;
}

char *
via_secret_files_parse_dotenv (const char *text,
                               const char *name)
{
  char *found = NULL;

  /* The last one counts, as it does for a shell. */
  while (text != NULL && *text != '\0')
    {
      gsize length = strcspn (text, "\n");
      g_autofree char *line = g_strndup (text, length);
      char *value = read_line (line, name);

      if (value != NULL)
        {
          if (found != NULL)
            via_text_wipe (found, strlen (found));
          g_free (found);
          found = value;
        }
      via_text_wipe (line, length);
      text += length + (text[length] == '\n' ? 1 : 0);
    }
  return found;
}

/* A whole small file as text, or NULL. */
static char *
read_file (const char *path,
           gsize       max_bytes)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GFileInputStream) stream = g_file_read (file, NULL, NULL);
  g_autofree char *text = NULL;
  gsize length = 0;

  if (stream == NULL)
    return NULL;
  text = g_malloc0 (max_bytes + 2);
  if (!g_input_stream_read_all (G_INPUT_STREAM (stream), text, max_bytes + 1, &length, NULL, NULL) || length > max_bytes
      || memchr (text, '\0', length) != NULL)
    {
      via_text_wipe (text, length);
      return NULL;
    }
  return g_steal_pointer (&text);
}

static char *
look_in_dotenv (const char *folder,
                const char *name)
{
  g_autofree char *path = g_build_filename (folder, ".env", NULL);
  char *text = read_file (path, DOTENV_BYTES);
  char *value = via_secret_files_parse_dotenv (text, name);

  if (text != NULL)
    via_text_wipe (text, strlen (text));
  g_free (text);
  return value;
}

static char *
look_in_folder (const char *folder,
                const char *name)
{
  g_autofree char *path = folder != NULL ? g_build_filename (folder, name, NULL) : NULL;
  char *text = path != NULL ? read_file (path, VIA_LIMIT_SECRET_BYTES) : NULL;
  gsize length = text != NULL ? strlen (text) : 0;

  while (length > 0 && strchr ("\r\n", text[length - 1]) != NULL)
    text[--length] = '\0';
  return text;
}

static void
lookup_thread (GTask        *task,
               gpointer      source,
               gpointer      data,
               GCancellable *cancellable)
{
  FileLookup *lookup = data;
  ViaSecret *secret;
  ViaSecretPlace place = VIA_SECRET_DOTENV;
  char *value = look_in_dotenv (".", lookup->name);

  if (value == NULL && lookup->directory != NULL)
    value = look_in_dotenv (lookup->directory, lookup->name);
  if (value == NULL)
    {
      place = VIA_SECRET_FILE;
      value = look_in_folder (g_getenv ("CREDENTIALS_DIRECTORY"), lookup->name);
    }
  if (value == NULL)
    value = look_in_folder (MOUNTED_FOLDER, lookup->name);
  if (value == NULL)
    {
      g_task_return_pointer (task, NULL, NULL);
      return;
    }
  secret = g_new0 (ViaSecret, 1);
  secret->value = value;
  secret->place = place;
  g_task_return_pointer (task, secret, (GDestroyNotify) via_secret_free);
}

void
via_secret_files_lookup_async (const char          *directory,
                               const char          *name,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  FileLookup *lookup = g_new0 (FileLookup, 1);

  lookup->directory = g_strdup (directory);
  lookup->name = g_strdup (name);
  g_task_set_source_tag (task, via_secret_files_lookup_async);
  g_task_set_task_data (task, lookup, (GDestroyNotify) file_lookup_free);
  g_task_run_in_thread (task, lookup_thread);
}

ViaSecret *
via_secret_files_lookup_finish (GAsyncResult *result,
                                GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
