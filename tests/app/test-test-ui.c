/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via-test"

#include "config.h"

#include <glib/gstdio.h>

#include "via-test-ui.h"

static GtkWidget *
build_box (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (box), gtk_button_new_with_label ("Press"));
  gtk_box_append (GTK_BOX (box), gtk_entry_new ());
  return box;
}

static void
test_picture (void)
{
  GtkWindow *window = via_test_ui_window (build_box (), 360, 240);
  g_autofree char *folder = g_dir_make_tmp ("via-shot-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "a.png", NULL);
  g_autoptr(GdkTexture) texture = NULL;
  g_autoptr(GError) error = NULL;

  via_test_ui_save_png (GTK_WIDGET (window), path);
  texture = gdk_texture_new_from_filename (path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (gdk_texture_get_width (texture), ==, 360);
  g_assert_cmpint (gdk_texture_get_height (texture), ==, 240);
  g_unlink (path);
  g_rmdir (folder);
  via_test_ui_close (window);
}

static void
count_cb (GtkButton *button,
          guint     *count)
{
  (*count)++;
}

static void
test_press_and_type (void)
{
  GtkWindow *window = via_test_ui_window (build_box (), 360, 240);
  GtkWidget *button = via_test_ui_find_button (GTK_WIDGET (window), "Press");
  GtkWidget *entry = via_test_ui_find (GTK_WIDGET (window), GTK_TYPE_ENTRY, 0);
  guint count = 0;

  g_signal_connect (button, "clicked", G_CALLBACK (count_cb), &count);
  via_test_ui_click (button);
  g_assert_cmpuint (count, ==, 1);
  via_test_ui_type (entry, "words");
  g_assert_true (via_test_ui_find_text (GTK_WIDGET (window), "words") != NULL);
  g_assert_null (via_test_ui_find_button (GTK_WIDGET (window), "Not There"));
  via_test_ui_assert_named (GTK_WIDGET (window));
  via_test_ui_close (window);
}

static void
test_unnamed_button_is_found (void)
{
  if (g_test_subprocess ())
    {
      GtkWindow *window = via_test_ui_window (gtk_button_new_from_icon_name ("list-add-symbolic"), 200, 200);

      via_test_ui_assert_named (GTK_WIDGET (window));
      return;
    }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*an icon-only GtkButton*");
}

int
main (int    argc,
      char **argv)
{
  via_test_ui_init (&argc, &argv);
  g_test_add_func ("/test-ui/picture/has-the-asked-size", test_picture);
  g_test_add_func ("/test-ui/find/presses-and-types", test_press_and_type);
  g_test_add_func ("/test-ui/names/unnamed-button-is-found", test_unnamed_button_is_found);
  return g_test_run ();
}
