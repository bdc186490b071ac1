/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/via-limits.h"
#include "secret-test.h"

/* The store without any keyring: what is left, and that the bus is left alone. */

typedef struct
{
  char           *folder;
  char           *working;
  char           *configuration;
  char           *mounted;
  ViaRedactor    *redactor;
  ViaSecretStore *store;
} Fixture;

static char *
make_folder (const char *parent,
             const char *name)
{
  char *path = g_build_filename (parent, name, NULL);

  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  return path;
}

static void
write_file (const char *folder,
            const char *name,
            const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = g_dir_make_tmp ("via-secret-XXXXXX", NULL);
  fixture->working = make_folder (fixture->folder, "working");
  fixture->configuration = make_folder (fixture->folder, "configuration");
  fixture->mounted = make_folder (fixture->folder, "mounted");
  g_assert_cmpint (g_chdir (fixture->working), ==, 0);
  g_setenv ("CREDENTIALS_DIRECTORY", fixture->mounted, TRUE);
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);
  g_unsetenv ("VIA_T");
  fixture->redactor = via_redactor_new ();
  fixture->store = via_secret_store_new (fixture->redactor, fixture->configuration);
}

static void
remove_tree (const char *path)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  gpointer store = fixture->store;

  g_object_add_weak_pointer (G_OBJECT (store), &store);
  g_object_unref (fixture->store);
  g_assert_null (store);
  via_redactor_unref (fixture->redactor);
  g_assert_cmpint (g_chdir (g_get_tmp_dir ()), ==, 0);
  remove_tree (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->working);
  g_free (fixture->configuration);
  g_free (fixture->mounted);
}

static gboolean
connected_cb (GSocketService    *service,
              GSocketConnection *connection,
              GObject           *source,
              gpointer           user_data)
{
  ++*(guint *) user_data;
  return TRUE;
}

static void
test_environment (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "bus", NULL);
  g_autofree char *bus = g_strconcat ("unix:path=", path, NULL);
  g_autoptr(GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr(GSocketService) service = g_socket_service_new ();
  guint connections = 0;

  g_assert_true (g_socket_listener_add_address (G_SOCKET_LISTENER (service), address, G_SOCKET_TYPE_STREAM,
                                                G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL, NULL));
  g_signal_connect (service, "incoming", G_CALLBACK (connected_cb), &connections);
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", bus, TRUE);
  g_setenv ("VIA_T", CANARY, TRUE);
  write_file (fixture->working, ".env", "VIA_T=other\n");
  assert_found (fixture->store, "VIA_T", CANARY, VIA_SECRET_ENVIRONMENT);
  assert_place (fixture->store, "VIA_T", VIA_SECRET_ENVIRONMENT);
  for (guint i = 0; i < 20; i++)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (connections, ==, 0);
  g_socket_service_stop (service);
  g_socket_listener_close (G_SOCKET_LISTENER (service));
  g_unsetenv ("VIA_T");
}

static void
test_empty_environment (Fixture       *fixture,
                        gconstpointer  data)
{
  g_setenv ("VIA_T", "", TRUE);
  assert_lookup_fails (fixture->store, "VIA_T", VIA_SECRET_ERROR_NOT_FOUND);
  write_file (fixture->working, ".env", "VIA_T=\"\"\n");
  assert_place (fixture->store, "VIA_T", VIA_SECRET_NOWHERE);
  g_unsetenv ("VIA_T");
}

static void
test_order_of_files (Fixture       *fixture,
                     gconstpointer  data)
{
  assert_place (fixture->store, "VIA_T", VIA_SECRET_NOWHERE);
  write_file (fixture->mounted, "VIA_T", "mounted\n");
  assert_found (fixture->store, "VIA_T", "mounted", VIA_SECRET_FILE);
  write_file (fixture->configuration, ".env", "VIA_T=beside\n");
  assert_found (fixture->store, "VIA_T", "beside", VIA_SECRET_DOTENV);
  write_file (fixture->working, ".env", "OTHER=x\nexport VIA_T='working' # c\n");
  assert_found (fixture->store, "VIA_T", "working", VIA_SECRET_DOTENV);
}

static void
test_line_ends (Fixture       *fixture,
                gconstpointer  data)
{
  write_file (fixture->mounted, "VIA_T", "mounted\r\n");
  assert_found (fixture->store, "VIA_T", "mounted", VIA_SECRET_FILE);
  write_file (fixture->mounted, "VIA_T", CANARY "\nsecond\n");
  assert_lookup_fails (fixture->store, "VIA_T", VIA_SECRET_ERROR_INVALID);
  write_file (fixture->mounted, "VIA_T", "\n");
  assert_lookup_fails (fixture->store, "VIA_T", VIA_SECRET_ERROR_INVALID);
}

static void
test_odd_files (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *pipe = g_build_filename (fixture->mounted, "VIA_P", NULL);
  g_autofree char *folder = make_folder (fixture->mounted, "VIA_D");
  g_autofree char *large = g_strnfill (VIA_LIMIT_SECRET_BYTES + 1, 'x');
  g_autofree char *largest = g_strnfill (VIA_LIMIT_SECRET_BYTES, 'y');

  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  assert_lookup_fails (fixture->store, "VIA_P", VIA_SECRET_ERROR_NOT_FOUND);
  assert_lookup_fails (fixture->store, "VIA_D", VIA_SECRET_ERROR_NOT_FOUND);
  write_file (fixture->mounted, "VIA_T", large);
  assert_lookup_fails (fixture->store, "VIA_T", VIA_SECRET_ERROR_INVALID);
  write_file (fixture->mounted, "VIA_T", largest);
  assert_found (fixture->store, "VIA_T", largest, VIA_SECRET_FILE);
}

static void
test_session (Fixture       *fixture,
              gconstpointer  data)
{
  assert_set (fixture->store, "VIA_T", CANARY, VIA_SECRET_SESSION);
  assert_found (fixture->store, "VIA_T", CANARY, VIA_SECRET_SESSION);
  assert_set (fixture->store, "VIA_T", CANARY "2", VIA_SECRET_SESSION);
  assert_found (fixture->store, "VIA_T", CANARY "2", VIA_SECRET_SESSION);
  assert_cleared (fixture->store, "VIA_T");
  assert_lookup_fails (fixture->store, "VIA_T", VIA_SECRET_ERROR_NOT_FOUND);
  assert_cleared (fixture->store, "VIA_T");
}

static void
test_names (Fixture       *fixture,
            gconstpointer  data)
{
  static const char *const names[] = { "", "A B", "../passwd", "a/b", ".", "..", ".env", "A=B", "ä", "A\n", "$A", "-a" };
  g_autofree char *largest = g_strnfill (128, 'A');
  g_autofree char *large = g_strnfill (129, 'A');

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      assert_lookup_fails (fixture->store, names[i], VIA_SECRET_ERROR_INVALID);
      assert_set_fails (fixture->store, names[i], "x", VIA_SECRET_ERROR_INVALID);
    }
  assert_lookup_fails (fixture->store, large, VIA_SECRET_ERROR_INVALID);
  assert_lookup_fails (fixture->store, largest, VIA_SECRET_ERROR_NOT_FOUND);
}

static void
test_values (Fixture       *fixture,
             gconstpointer  data)
{
  static const char *const values[] = { "", CANARY "\n", "a\nb" CANARY, CANARY "\t", "\x7f" CANARY, CANARY "\xff" };
  g_autofree char *large = g_strnfill (VIA_LIMIT_SECRET_BYTES + 1, 'x');
  g_autofree char *largest = g_strnfill (VIA_LIMIT_SECRET_BYTES, 'x');

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    assert_set_fails (fixture->store, "VIA_T", values[i], VIA_SECRET_ERROR_INVALID);
  assert_set_fails (fixture->store, "VIA_T", large, VIA_SECRET_ERROR_INVALID);
  assert_set (fixture->store, "VIA_T", largest, VIA_SECRET_SESSION);
  g_setenv ("VIA_T", CANARY "\nX-Injected: yes", TRUE);
  assert_lookup_fails (fixture->store, "VIA_T", VIA_SECRET_ERROR_INVALID);
  g_unsetenv ("VIA_T");
}

static void
test_redacts (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *text = NULL;

  write_file (fixture->mounted, "VIA_T", "seen-" CANARY);
  assert_found (fixture->store, "VIA_T", "seen-" CANARY, VIA_SECRET_FILE);
  assert_set (fixture->store, "VIA_U", "kept-" CANARY, VIA_SECRET_SESSION);
  text = via_redactor_redact (fixture->redactor, "a seen-" CANARY " b kept-" CANARY " c");
  g_assert_null (strstr (text, CANARY));
}

static void
test_cancel (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_auto(Answer) answer = { FALSE };

  via_secret_store_lookup_async (fixture->store, "VIA_T", cancellable, lookup_done_cb, &answer);
  g_cancellable_cancel (cancellable);
  answer_wait (&answer);
  g_assert_error (answer.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static const struct
{
  const char *text;
  const char *expanded;
} expansions[] = {
  { "", "" },
  { "plain", "plain" },
  { "$", "$" },
  { "$$", "$$" },
  { "{}", "{}" },
  { "$x ${env:VIA_E}$", "$x value$" },
  { "${env:VIA_E}", "value" },
  { "${env:VIA_E}${env:VIA_E}", "valuevalue" },
  { "Bearer ${secret:VIA_T}!", "Bearer " CANARY "!" },
  { "${secret:VIA_T} ${env:VIA_E} ${secret:VIA_T}", CANARY " value " CANARY },
  { "$${env:VIA_E}", "${env:VIA_E}" },
  { "$${", "${" },
  { "$$${env:VIA_E}", "$${env:VIA_E}" },
  { "$${a} ${env:VIA_E}", "${a} value" },
  { "ä${env:VIA_E}ö", "ävalueö" },
  { "${env:VIA_R}", "${secret:VIA_T}" }, /* what comes in is not expanded again */
  { "${env:VIA_EMPTY}", "" },
};

static void
test_expand (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(GPtrArray) texts = g_ptr_array_new ();
  g_auto(Answer) answer = { FALSE };

  g_setenv ("VIA_E", "value", TRUE);
  g_setenv ("VIA_R", "${secret:VIA_T}", TRUE);
  g_setenv ("VIA_EMPTY", "", TRUE);
  assert_set (fixture->store, "VIA_T", CANARY, VIA_SECRET_SESSION);
  for (guint i = 0; i < G_N_ELEMENTS (expansions); i++)
    g_ptr_array_add (texts, (gpointer) expansions[i].text);
  g_ptr_array_add (texts, NULL);
  via_secret_store_expand_async (fixture->store, (const char *const *) texts->pdata, NULL, expand_done_cb, &answer);
  answer_wait (&answer);
  g_assert_no_error (answer.error);
  g_assert_cmpuint (g_strv_length (answer.texts), ==, G_N_ELEMENTS (expansions));
  for (guint i = 0; i < G_N_ELEMENTS (expansions); i++)
    g_assert_cmpstr (answer.texts[i], ==, expansions[i].expanded);
}

static void
test_expand_nothing (Fixture       *fixture,
                     gconstpointer  data)
{
  g_auto(Answer) answer = { FALSE };

  via_secret_store_expand_async (fixture->store, NULL, NULL, expand_done_cb, &answer);
  answer_wait (&answer);
  g_assert_no_error (answer.error);
  g_assert_cmpuint (g_strv_length (answer.texts), ==, 0);
}

static void
test_expand_fails (Fixture       *fixture,
                   gconstpointer  data)
{
  static const struct
  {
    const char     *text;
    ViaSecretError  code;
    const char     *words;
  } cases[] = {
    { "${env:VIA_NONE}", VIA_SECRET_ERROR_NOT_FOUND, "VIA_NONE" },
    { "${secret:VIA_NONE}", VIA_SECRET_ERROR_NOT_FOUND, "VIA_NONE" },
    { "${secret:a/b}", VIA_SECRET_ERROR_INVALID, "not the name" },
    { "${secret:}", VIA_SECRET_ERROR_INVALID, "not the name" },
    { "${env:}", VIA_SECRET_ERROR_NOT_FOUND, "" },
    { "${HOME}", VIA_SECRET_ERROR_INVALID, "${HOME}" },
    { "${file:/etc/passwd}", VIA_SECRET_ERROR_INVALID, "${file:/etc/passwd}" },
    { "${env:VIA_NONE", VIA_SECRET_ERROR_INVALID, "closing brace" },
    { "${secret:VIA_T} ${x}", VIA_SECRET_ERROR_INVALID, "${x}" },
  };

  assert_set (fixture->store, "VIA_T", CANARY, VIA_SECRET_SESSION);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *const texts[] = { "fine", cases[i].text, NULL };
      g_auto(Answer) answer = { FALSE };

      via_secret_store_expand_async (fixture->store, texts, NULL, expand_done_cb, &answer);
      answer_wait (&answer);
      g_assert_null (answer.texts);
      g_assert_error (answer.error, VIA_SECRET_ERROR, (int) cases[i].code);
      g_assert_nonnull (strstr (answer.error->message, cases[i].words));
    }
}

static void
test_expand_bounded (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autofree char *value = g_strnfill (VIA_LIMIT_SECRET_BYTES, 'x');
  g_autoptr(GString) text = g_string_new (NULL);
  const char *texts[] = { NULL, NULL };
  g_auto(Answer) answer = { FALSE };

  assert_set (fixture->store, "VIA_T", value, VIA_SECRET_SESSION);
  for (guint i = 0; i < 40; i++)
    g_string_append (text, "${secret:VIA_T}");
  texts[0] = text->str;
  via_secret_store_expand_async (fixture->store, texts, NULL, expand_done_cb, &answer);
  answer_wait (&answer);
  g_assert_error (answer.error, VIA_SECRET_ERROR, VIA_SECRET_ERROR_INVALID);
}

static void
test_places (void)
{
  for (ViaSecretPlace place = VIA_SECRET_NOWHERE; place <= VIA_SECRET_SESSION; place++)
    {
      g_assert_nonnull (via_secret_place_get_name (place));
      g_assert_nonnull (via_secret_place_get_title (place));
    }
}

#define ADD(name, func) g_test_add ("/core/secret-store/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("environment", test_environment);
  ADD ("empty-environment", test_empty_environment);
  ADD ("order-of-files", test_order_of_files);
  ADD ("line-ends", test_line_ends);
  ADD ("odd-files", test_odd_files);
  ADD ("session", test_session);
  ADD ("names", test_names);
  ADD ("values", test_values);
  ADD ("redacts", test_redacts);
  ADD ("cancel", test_cancel);
  ADD ("expand", test_expand);
  ADD ("expand-nothing", test_expand_nothing);
  ADD ("expand-fails", test_expand_fails);
  ADD ("expand-bounded", test_expand_bounded);
  g_test_add_func ("/core/secret-store/places", test_places);
  return g_test_run ();
}
