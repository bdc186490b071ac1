/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#ifdef G_OS_UNIX
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

#include "config/via-config-file.h"

#define TEXT "bridges:\n  a: # mine\n    command: [a]\n    timeout: 31\n"
#define WAIT_S 10

typedef struct
{
  char          *folder;
  char          *path;
  ViaConfigFile *file;
  guint          changed;
  guint          problems;
  gboolean       done;
  gboolean       result;
  GError        *error;
} Fixture;

static void
changed_cb (ViaConfigFile *file,
            gpointer       user_data)
{
  ((Fixture *) user_data)->changed++;
}

static void
problems_cb (ViaConfigFile *file,
             gpointer       user_data)
{
  ((Fixture *) user_data)->problems++;
}

static void
open_file (Fixture    *fixture,
           const char *path)
{
  g_clear_object (&fixture->file);
  fixture->file = via_config_file_new (path);
  g_signal_connect (fixture->file, "changed", G_CALLBACK (changed_cb), fixture);
  g_signal_connect (fixture->file, "problems", G_CALLBACK (problems_cb), fixture);
}

/* In place, as some editors do; others rename. */
static void
write_file (const char *path,
            const char *text)
{
  FILE *file = g_fopen (path, "w");

  g_assert_nonnull (file);
  g_assert_cmpuint (fwrite (text, 1, strlen (text), file), ==, strlen (text));
  g_assert_cmpint (fclose (file), ==, 0);
}

static void
assert_file (const char *path,
             const char *text)
{
  g_autofree char *contents = NULL;
  g_autoptr(GError) error = NULL;

  g_file_get_contents (path, &contents, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (contents, ==, text);
}

static guint
count_files (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  guint count = 0;

  while (g_dir_read_name (dir) != NULL)
    count++;
  return count;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = g_dir_make_tmp ("via-config-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "bridges.yaml", NULL);
  if (data != NULL)
    write_file (fixture->path, data);
  open_file (fixture, fixture->path);
}

static void
remove_tree (const char *path)
{
  g_autoptr(GDir) dir = g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

static gboolean
give_up_cb (gpointer user_data)
{
  g_error ("nothing happened in time");
  return G_SOURCE_REMOVE;
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  gpointer file = fixture->file;

  guint id = g_timeout_add_seconds (WAIT_S, give_up_cb, NULL);

  g_object_add_weak_pointer (G_OBJECT (fixture->file), &file);
  g_object_unref (fixture->file);
  while (file != NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (id);
  remove_tree (fixture->folder);
  g_clear_error (&fixture->error);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static void
wait_until (gboolean *done)
{
  guint id = g_timeout_add_seconds (WAIT_S, give_up_cb, NULL);

  while (!*done)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (id);
}

static void
wait_for (guint *counter,
          guint  least)
{
  guint id = g_timeout_add_seconds (WAIT_S, give_up_cb, NULL);

  while (*counter < least)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (id);
}

static gboolean
passed_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Long enough for a watched change to be noticed if it were one. */
static void
settle (void)
{
  gboolean passed = FALSE;

  g_timeout_add (600, passed_cb, &passed);
  wait_until (&passed);
}

static void
loaded_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  Fixture *fixture = user_data;

  g_clear_error (&fixture->error);
  fixture->result = via_config_file_load_finish (VIA_CONFIG_FILE (object), result, &fixture->error);
  fixture->done = TRUE;
}

static gboolean
load (Fixture *fixture)
{
  fixture->done = FALSE;
  via_config_file_load_async (fixture->file, NULL, loaded_cb, fixture);
  wait_until (&fixture->done);
  return fixture->result;
}

static void
saved_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  Fixture *fixture = user_data;

  g_clear_error (&fixture->error);
  fixture->result = via_config_file_save_finish (VIA_CONFIG_FILE (object), result, &fixture->error);
  fixture->done = TRUE;
}

static gboolean
save (Fixture   *fixture,
      ViaConfig *config)
{
  fixture->done = FALSE;
  via_config_file_save_async (fixture->file, config, NULL, saved_cb, fixture);
  wait_until (&fixture->done);
  return fixture->result;
}

static ViaConfig *
with_timeout (ViaConfig *config,
              guint      timeout_s)
{
  g_autoptr(ViaBridgeConfig) bridge = via_bridge_config_copy (via_config_find_bridge (config, "a"));
  g_autoptr(GError) error = NULL;
  ViaConfig *result;

  bridge->timeout_s = timeout_s;
  result = via_config_replace_bridge (config, "a", bridge, &error);
  g_assert_no_error (error);
  return result;
}

static guint
get_timeout (Fixture *fixture)
{
  return via_config_find_bridge (via_config_file_get_config (fixture->file), "a")->timeout_s;
}

static void
test_find_path (void)
{
  g_autofree char *usual = NULL, *variable = NULL, *named = NULL;

  g_unsetenv ("VIADUCT_CONFIG");
  usual = via_config_file_find_path (NULL);
  g_assert_true (g_str_has_suffix (usual, "/viaduct/bridges.yaml"));
  g_assert_true (g_str_has_prefix (usual, g_get_user_config_dir ()));
  g_setenv ("VIADUCT_CONFIG", "/srv/v.yaml", TRUE);
  variable = via_config_file_find_path (NULL);
  g_assert_cmpstr (variable, ==, "/srv/v.yaml");
  named = via_config_file_find_path ("n.yaml");
  g_assert_true (g_path_is_absolute (named));
  g_assert_true (g_str_has_suffix (named, "/n.yaml"));
  g_unsetenv ("VIADUCT_CONFIG");
}

static void
test_load (Fixture       *fixture,
           gconstpointer  data)
{
  g_assert_cmpuint (via_config_get_n_bridges (via_config_file_get_config (fixture->file)), ==, 0);
  g_assert_true (via_config_file_exists (fixture->file));
  g_assert_true (load (fixture));
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (get_timeout (fixture), ==, 31);
  g_assert_cmpuint (fixture->changed, ==, 1);
  g_assert_cmpuint (fixture->problems, ==, 0);
  g_assert_true (load (fixture));
  g_assert_cmpuint (fixture->changed, ==, 1);
}

static void
test_load_blocking (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (via_config_file_load (fixture->file, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (get_timeout (fixture), ==, 31);
}

static void
test_missing (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *usual = via_config_file_find_path (NULL);

  g_assert_false (load (fixture));
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_cmpuint (via_config_file_get_problems (fixture->file)->len, ==, 1);

  g_assert_false (g_file_test (usual, G_FILE_TEST_EXISTS));
  open_file (fixture, usual);
  g_assert_true (load (fixture));
  g_assert_no_error (fixture->error);
  g_assert_false (via_config_file_exists (fixture->file));
}

static void
test_broken_keeps (Fixture       *fixture,
                   gconstpointer  data)
{
  const ViaConfigProblem *problem;
  g_autoptr(ViaConfig) edited = NULL;

  g_assert_true (load (fixture));
  edited = with_timeout (via_config_file_get_config (fixture->file), 45);
  write_file (fixture->path, "bridges:\n  a: {command: [a], timeout: x}\n");
  g_assert_false (load (fixture));
  g_assert_error (fixture->error, VIA_CONFIG_ERROR, VIA_CONFIG_ERROR_INVALID);
  g_assert_cmpuint (get_timeout (fixture), ==, 31);
  g_assert_cmpuint (fixture->changed, ==, 1);
  g_assert_cmpuint (fixture->problems, ==, 1);
  problem = g_ptr_array_index (via_config_file_get_problems (fixture->file), 0);
  g_test_message ("%s", problem->message);
  g_assert_cmpstr (problem->key, ==, "bridges.a.timeout");

  /* and what is broken is not written over */
  g_assert_false (save (fixture, edited));
  g_assert_error (fixture->error, VIA_CONFIG_ERROR, VIA_CONFIG_ERROR_CHANGED);
  assert_file (fixture->path, "bridges:\n  a: {command: [a], timeout: x}\n");

  write_file (fixture->path, TEXT);
  g_assert_true (load (fixture));
  g_assert_cmpuint (fixture->problems, ==, 2);
  g_assert_cmpuint (via_config_file_get_problems (fixture->file)->len, ==, 0);
}

static void
test_save (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *backup = g_strconcat (fixture->path, "~", NULL);
  g_autoptr(ViaConfig) edited = NULL, again = NULL;
  GStatBuf before, after;

  g_assert_true (load (fixture));
  g_assert_cmpint (g_chmod (fixture->path, 0604), ==, 0);
  g_assert_cmpint (g_stat (fixture->path, &before), ==, 0);
  edited = with_timeout (via_config_file_get_config (fixture->file), 45);
  g_assert_true (save (fixture, edited));
  g_assert_no_error (fixture->error);
  assert_file (fixture->path, "bridges:\n  a: # mine\n    command: [a]\n    timeout: 45\n");
  assert_file (backup, TEXT);
  g_assert_cmpuint (count_files (fixture->folder), ==, 2);
  g_assert_cmpuint (get_timeout (fixture), ==, 45);
  g_assert_cmpuint (fixture->changed, ==, 2);
  g_assert_cmpint (g_stat (fixture->path, &after), ==, 0);
  g_assert_cmpint (after.st_mode, ==, before.st_mode);
  g_assert_cmpint (after.st_ino, !=, before.st_ino);

  /* edits of the saved configuration itself may be saved too */
  again = with_timeout (edited, 46);
  g_assert_true (save (fixture, again));
  assert_file (backup, "bridges:\n  a: # mine\n    command: [a]\n    timeout: 45\n");
  g_assert_cmpuint (count_files (fixture->folder), ==, 2);
}

static void
test_save_new (Fixture       *fixture,
               gconstpointer  data)
{
  g_autofree char *folder = g_build_filename (fixture->folder, "deep", "er", NULL);
  g_autofree char *path = g_build_filename (folder, "bridges.yaml", NULL);
  g_autoptr(ViaConfig) config = via_config_new_from_text (TEXT, -1, NULL, NULL, NULL);
  GStatBuf file, parent;

  open_file (fixture, path);
  g_assert_true (save (fixture, config));
  g_assert_no_error (fixture->error);
  assert_file (path, TEXT);
  g_assert_cmpint (g_stat (path, &file), ==, 0);
  g_assert_cmpint (g_stat (folder, &parent), ==, 0);
  g_assert_cmpint (file.st_mode & 07777, ==, 0600);
  g_assert_cmpint (parent.st_mode & 07777, ==, 0700);
  g_assert_cmpuint (count_files (folder), ==, 1);
}

static void
test_save_changed (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(ViaConfig) edited = NULL;

  g_assert_true (load (fixture));
  edited = with_timeout (via_config_file_get_config (fixture->file), 45);
  write_file (fixture->path, TEXT "# by hand\n");
  g_assert_false (save (fixture, edited));
  g_assert_error (fixture->error, VIA_CONFIG_ERROR, VIA_CONFIG_ERROR_CHANGED);
  assert_file (fixture->path, TEXT "# by hand\n");
  g_remove (fixture->path);
  g_assert_false (save (fixture, edited));
  g_assert_error (fixture->error, VIA_CONFIG_ERROR, VIA_CONFIG_ERROR_CHANGED);
  g_assert_cmpuint (count_files (fixture->folder), ==, 0);
}

/* Two edits of the same state: the second would undo the first. */
static void
test_save_stale (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(ViaConfig) one = NULL, other = NULL;

  g_assert_true (load (fixture));
  one = with_timeout (via_config_file_get_config (fixture->file), 45);
  other = via_config_set_enabled (via_config_file_get_config (fixture->file), "a", FALSE, NULL);
  g_assert_true (save (fixture, one));
  g_assert_false (save (fixture, other));
  g_assert_error (fixture->error, VIA_CONFIG_ERROR, VIA_CONFIG_ERROR_CHANGED);
  g_assert_cmpuint (get_timeout (fixture), ==, 45);
}

static void
test_symlink (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *folder = g_build_filename (fixture->folder, "dotfiles", NULL);
  g_autofree char *target = g_build_filename (folder, "mine.yaml", NULL);
  g_autofree char *link = NULL;
  g_autoptr(ViaConfig) edited = NULL;

  g_assert_cmpint (g_mkdir (folder, 0755), ==, 0);
  write_file (target, TEXT);
  g_assert_cmpint (symlink ("dotfiles/mine.yaml", fixture->path), ==, 0);
  g_assert_true (load (fixture));
  edited = with_timeout (via_config_file_get_config (fixture->file), 45);
  g_assert_true (save (fixture, edited));
  g_assert_no_error (fixture->error);
  link = g_file_read_link (fixture->path, NULL);
  g_assert_cmpstr (link, ==, "dotfiles/mine.yaml");
  assert_file (target, via_config_get_text (edited));
  g_assert_cmpuint (count_files (folder), ==, 2);
  g_assert_cmpuint (count_files (fixture->folder), ==, 2);
}

/* The disk is full after some bytes: in a process of its own, whose files may not grow. */
static void
test_no_space (Fixture       *fixture,
               gconstpointer  data)
{
  g_autofree char *backup = g_strconcat (fixture->path, "~", NULL);

  if (g_test_subprocess ())
    {
      struct rlimit limit = { 20, 20 };
      const char *path = g_getenv ("VIA_TEST_CONFIG");
      g_autoptr(ViaConfig) edited = NULL;

      open_file (fixture, path);
      g_assert_true (load (fixture));
      edited = with_timeout (via_config_file_get_config (fixture->file), 45);
      signal (SIGXFSZ, SIG_IGN);
      g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
      g_assert_false (save (fixture, edited));
      g_assert_nonnull (fixture->error);
      g_assert_nonnull (strstr (fixture->error->message, "could not be saved and is as it was"));
      g_assert_cmpuint (get_timeout (fixture), ==, 31);
      return;
    }
  g_setenv ("VIA_TEST_CONFIG", fixture->path, TRUE);
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
  g_unsetenv ("VIA_TEST_CONFIG");
  assert_file (fixture->path, TEXT);
  g_assert_cmpuint (count_files (fixture->folder), ==, 1);
}

static void
test_too_large (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *text = g_strnfill (3 * 1024 * 1024, '#');

  write_file (fixture->path, text);
  g_assert_false (load (fixture));
  g_assert_error (fixture->error, VIA_CONFIG_ERROR, VIA_CONFIG_ERROR_INVALID);
  g_assert_nonnull (strstr (fixture->error->message, "larger than"));
}

static void
test_folder (Fixture       *fixture,
             gconstpointer  data)
{
  g_assert_cmpint (g_mkdir (fixture->path, 0700), ==, 0);
  g_assert_false (load (fixture));
  g_assert_nonnull (fixture->error);
  g_assert_nonnull (strstr (fixture->error->message, "cannot be read"));
}

static void
test_watch (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(ViaConfig) edited = NULL;

  g_assert_true (load (fixture));
  via_config_file_watch (fixture->file);
  write_file (fixture->path, "bridges:\n  a: {command: [a], timeout: 7}\n");
  wait_for (&fixture->changed, 2);
  g_assert_cmpuint (get_timeout (fixture), ==, 7);

  write_file (fixture->path, "bridges:\n  a: {command: [a], timeout: 0}\n");
  wait_for (&fixture->problems, 1);
  g_assert_cmpuint (get_timeout (fixture), ==, 7);
  g_assert_cmpuint (fixture->changed, ==, 2);

  g_assert_true (g_file_set_contents (fixture->path, "bridges:\n  a: {command: [a], timeout: 8}\n", -1, NULL));
  wait_for (&fixture->changed, 3);
  g_assert_cmpuint (get_timeout (fixture), ==, 8);
  g_assert_cmpuint (via_config_file_get_problems (fixture->file)->len, ==, 0);

  /* our own save is announced once, by itself */
  edited = with_timeout (via_config_file_get_config (fixture->file), 9);
  g_assert_true (save (fixture, edited));
  g_assert_cmpuint (fixture->changed, ==, 4);
  settle ();
  g_assert_cmpuint (fixture->changed, ==, 4);

  /* a file that is taken away is a problem, and stops nothing */
  g_remove (fixture->path);
  wait_for (&fixture->problems, 3);
  g_assert_cmpuint (get_timeout (fixture), ==, 9);
}

static void
test_watch_appearing (Fixture       *fixture,
                      gconstpointer  data)
{
  via_config_file_watch (fixture->file);
  write_file (fixture->path, TEXT);
  wait_for (&fixture->changed, 1);
  g_assert_cmpuint (get_timeout (fixture), ==, 31);
}

static void
test_watch_symlink (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autofree char *folder = g_build_filename (fixture->folder, "dotfiles", NULL);
  g_autofree char *target = g_build_filename (folder, "mine.yaml", NULL);
  g_autofree char *other = g_build_filename (folder, "other.yaml", NULL);

  g_assert_cmpint (g_mkdir (folder, 0755), ==, 0);
  write_file (target, TEXT);
  write_file (other, "bridges:\n  a: {command: [a], timeout: 8}\n");
  g_assert_cmpint (symlink (target, fixture->path), ==, 0);
  g_assert_true (load (fixture));
  via_config_file_watch (fixture->file);
  write_file (target, "bridges:\n  a: {command: [a], timeout: 7}\n");
  wait_for (&fixture->changed, 2);
  g_assert_cmpuint (get_timeout (fixture), ==, 7);

  g_remove (fixture->path);
  g_assert_cmpint (symlink (other, fixture->path), ==, 0);
  wait_for (&fixture->changed, 3);
  g_assert_cmpuint (get_timeout (fixture), ==, 8);
  write_file (other, "bridges:\n  a: {command: [a], timeout: 9}\n");
  wait_for (&fixture->changed, 4);
  g_assert_cmpuint (get_timeout (fixture), ==, 9);
}

#define ADD(name, text, func) g_test_add ("/core/config-file/" name, Fixture, text, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_autofree char *home = g_dir_make_tmp ("via-config-home-XXXXXX", NULL);
  int status;

  /* G_TEST_OPTION_ISOLATE_DIRS would do, but leaks. */
  g_setenv ("XDG_CONFIG_HOME", home, TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/config-file/find-path", test_find_path);
  ADD ("load", TEXT, test_load);
  ADD ("load-blocking", TEXT, test_load_blocking);
  ADD ("missing", NULL, test_missing);
  ADD ("broken-keeps", TEXT, test_broken_keeps);
  ADD ("save", TEXT, test_save);
  ADD ("save-new", NULL, test_save_new);
  ADD ("save-changed", TEXT, test_save_changed);
  ADD ("save-stale", TEXT, test_save_stale);
  ADD ("symlink", NULL, test_symlink);
  ADD ("no-space", TEXT, test_no_space);
  ADD ("too-large", NULL, test_too_large);
  ADD ("folder", NULL, test_folder);
  ADD ("watch", TEXT, test_watch);
  ADD ("watch-appearing", NULL, test_watch_appearing);
  ADD ("watch-symlink", NULL, test_watch_symlink);
  status = g_test_run ();
  remove_tree (home);
  return status;
}
