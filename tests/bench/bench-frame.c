/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Milliseconds from main () to the first frame of a window that has been painted.
 * bench-frame empty: an AdwApplicationWindow with nothing in it. bench-frame viaduct: ours, with $VIADUCT_CONFIG.
 */
#include <adwaita.h>
#include <stdio.h>
#include <stdlib.h>

#include "via-application.h"

static gint64 started;

static void
painted_cb (GdkFrameClock *clock,
            gpointer       empty)
{
  printf ("{\"name\":\"%s\",\"milliseconds\":%.1f}\n",
          GPOINTER_TO_INT (empty) ? "empty window" : "Viaduct with 20 bridges",
          (g_get_monotonic_time () - started) / 1000.0);
  fflush (stdout);
  _Exit (0);
}

static void
activated_cb (GtkApplication *application,
              gpointer        user_data)
{
  gboolean empty = GPOINTER_TO_INT (user_data);
  GtkWindow *window = gtk_application_get_active_window (application);
  GdkFrameClock *clock;

  if (empty)
    {
      window = GTK_WINDOW (adw_application_window_new (application));
      gtk_window_set_default_size (window, 1280, 800);
      gtk_window_present (window);
    }
  g_assert (window != NULL);
  clock = gtk_widget_get_frame_clock (GTK_WIDGET (window));
  g_signal_connect (clock, "after-paint", G_CALLBACK (painted_cb), user_data);
}

int
main (int    argc,
      char **argv)
{
  gboolean empty = argc == 2 && g_str_equal (argv[1], "empty");
  GtkApplication *application;

  started = g_get_monotonic_time ();
  if (empty)
    application = GTK_APPLICATION (adw_application_new ("io.github.viaduct.Bench", G_APPLICATION_NON_UNIQUE));
  else
    application = GTK_APPLICATION (via_application_new ());
  g_signal_connect_after (application, "activate", G_CALLBACK (activated_cb), GINT_TO_POINTER (empty));
  return g_application_run (G_APPLICATION (application), 1, argv);
}
