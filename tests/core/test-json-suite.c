/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-json-suite"

#include "config.h"

#include <string.h>

#include "json/via-json.h"

/*
 * JSONTestSuite (Nicolas Seriot): y_ must be accepted, n_ must be refused, i_ may be either but must do no harm. Its
 * files are not part of the source; VIADUCT_SHARED names the folder that has them in json/JSONTestSuite.
 */

static char *
find_suite (void)
{
  const char *shared = g_getenv ("VIADUCT_SHARED");
  g_autofree char *beside = g_build_filename (VIA_SOURCE_ROOT, "..", "shared", NULL);

  return g_build_filename (shared != NULL ? shared : beside, "json", "JSONTestSuite", "test_parsing", NULL);
}

static void
use (ViaJsonDocument *document)
{
  ViaJsonValue root = via_json_document_get_root (document);
  g_autofree char *compact = via_json_value_to_compact (root, NULL);
  g_autofree char *pretty = via_json_value_to_pretty (root, 2);
  g_autoptr(GBytes) bytes = g_bytes_new (pretty, strlen (pretty));
  g_autoptr(ViaJsonDocument) again = via_json_document_new (bytes, NULL, NULL);

  g_assert_nonnull (again);
  g_assert_true (via_json_value_equal (root, via_json_document_get_root (again)));
}

static void
check_file (const char *folder,
            const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(ViaJsonDocument) document = NULL;
  char *data;
  gsize length;

  g_file_get_contents (path, &data, &length, &error);
  g_assert_no_error (error);
  bytes = g_bytes_new_take (data, length);
  document = via_json_document_new (bytes, NULL, &error);

  g_test_message ("%s: %s", name, error != NULL ? error->message : "accepted");
  g_assert_true ((document == NULL) == (error != NULL));
  if (name[0] == 'y')
    g_assert_no_error (error);
  if (name[0] == 'n')
    g_assert_nonnull (error);
  if (document != NULL)
    use (document);
}

static void
test_suite (gconstpointer data)
{
  const char *prefix = data;
  g_autofree char *folder = find_suite ();
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  guint n_files = 0;

  if (dir == NULL)
    {
      g_test_skip ("JSONTestSuite is not here; set VIADUCT_SHARED to the folder that holds json/JSONTestSuite");
      return;
    }

  for (const char *name = g_dir_read_name (dir); name != NULL; name = g_dir_read_name (dir))
    if (g_str_has_prefix (name, prefix))
      {
        check_file (folder, name);
        n_files++;
      }
  g_test_message ("%u files", n_files);
  g_assert_cmpuint (n_files, >, 30);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/core/json-suite/accepted", "y_", test_suite);
  g_test_add_data_func ("/core/json-suite/refused", "n_", test_suite);
  g_test_add_data_func ("/core/json-suite/either", "i_", test_suite);

  return g_test_run ();
}
