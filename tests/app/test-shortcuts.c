/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via-test"

#include "config.h"

#include "via-shortcuts.h"
#include "via-test-ui.h"

/* Every key parses, and none is bound twice however it is written. */
static void
test_no_key_twice (void)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n_shortcuts;
  const ViaShortcut *shortcuts = via_shortcuts_get_all (&n_shortcuts);

  for (guint i = 0; i < n_shortcuts; i++)
    {
      g_autofree char *all = g_strjoin (" ", shortcuts[i].accels, shortcuts[i].more, NULL);
      g_auto(GStrv) accels = g_strsplit (all, " ", -1);

      for (guint j = 0; accels[j] != NULL; j++)
        {
          guint key = 0;
          GdkModifierType modifiers = 0;
          g_autofree char *name = NULL;

          g_assert_true (gtk_accelerator_parse (accels[j], &key, &modifiers));
          name = gtk_accelerator_name (gdk_keyval_to_lower (key), modifiers);
          if (!g_hash_table_add (seen, g_steal_pointer (&name)))
            g_error ("%s is bound twice, the second time to %s", accels[j], shortcuts[i].action);
        }
    }
}

/* All on one page: whoever looks for a key sees them together. */
static void
test_window (void)
{
  GtkWidget *window = via_shortcuts_window_new ();
  guint n_shortcuts;
  const ViaShortcut *shortcuts = via_shortcuts_get_all (&n_shortcuts);

  via_test_ui_present (GTK_WINDOW (window), 740, 560);
  for (guint i = 0; i < n_shortcuts; i++)
    g_assert_nonnull (via_test_ui_find_text (window, shortcuts[i].title));
  via_test_ui_close (GTK_WINDOW (window));
}

int
main (int    argc,
      char **argv)
{
  via_test_ui_init (&argc, &argv);
  g_test_add_func ("/app/shortcuts/no-key-twice", test_no_key_twice);
  g_test_add_func ("/app/shortcuts/window", test_window);
  return g_test_run ();
}
