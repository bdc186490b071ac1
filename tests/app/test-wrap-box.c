/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via-test"

#include "config.h"

#include "via-test-pane.h"
#include "via-test-ui.h"
#include "via-wrap-box.h"

static void
assert_at (GtkWidget *box,
           GtkWidget *child,
           int        x,
           int        y,
           int        width)
{
  graphene_rect_t rect;

  g_assert_true (gtk_widget_compute_bounds (child, box, &rect));
  g_assert_cmpint ((int) rect.origin.x, ==, x);
  g_assert_cmpint ((int) rect.origin.y, ==, y);
  g_assert_cmpint ((int) rect.size.width, ==, width);
}

static GtkWidget *
add_block (GtkWidget *box,
           int        width,
           int        height)
{
  GtkWidget *child = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_widget_set_size_request (child, width, height);
  via_wrap_box_append (VIA_WRAP_BOX (box), child);
  return child;
}

static void
test_wrap_box (ViaTestPane       *fixture,
               gconstpointer  data)
{
  GtkWidget *box = via_wrap_box_new ();
  GtkWidget *a = add_block (box, 100, 20);
  GtkWidget *b = add_block (box, 150, 30);
  GtkWidget *c = add_block (box, 60, 20);

  via_wrap_box_set_spacing (VIA_WRAP_BOX (box), 10, 5);
  gtk_widget_set_valign (box, GTK_ALIGN_START);
  fixture->window = via_test_ui_window (box, 300, 100);
  via_test_ui_settle (box);
  /* The third goes below, and fills its line. */
  assert_at (box, a, 0, 0, 100);
  assert_at (box, b, 110, 0, 150);
  assert_at (box, c, 0, 35, 300);
  gtk_widget_set_halign (c, GTK_ALIGN_END);
  gtk_widget_set_hexpand (a, TRUE);
  gtk_widget_set_direction (box, GTK_TEXT_DIR_RTL);
  via_test_ui_settle (box);
  assert_at (box, a, 160, 0, 140);
  assert_at (box, b, 0, 0, 150);
  assert_at (box, c, 240, 35, 60);
}

#define add(path, function) \
  g_test_add ("/app/wrap-box/" path, ViaTestPane, NULL, via_test_pane_set_up, function, via_test_pane_tear_down)

int
main (int    argc,
      char **argv)
{
  via_test_ui_init (&argc, &argv);
  via_test_pane_load_style ();

  add ("wrap-box", test_wrap_box);

  return g_test_run ();
}
