/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/*
 * What every test of the window needs: a display that looks the same in every run, windows that are known to go away
 * again, waiting without sleeping, pictures, and ways to press what a person would press.
 *
 * Pictures are written to $VIA_SHOTS (the build directory's shots/ under meson) as NAME.png, NAME-dark.png …
 */

typedef gboolean (*ViaTestCondition) (gpointer data);

/* g_test_init, then GTK and libadwaita with fixed font, no animations, no blinking cursor, no desktop settings. */
void       via_test_ui_init          (int              *argc,
                                      char           ***argv);
/* A shown AdwWindow whose content is @child in exactly @width × @height. Ends with via_test_ui_close (). */
GtkWindow *via_test_ui_window        (GtkWidget        *child,
                                      int               width,
                                      int               height);
/* Presents a window of one's own so that its content measures @width × @height. */
void       via_test_ui_present       (GtkWindow        *window,
                                      int               width,
                                      int               height);
/* Destroys @window and asserts that it and its content are really gone. */
void       via_test_ui_close         (GtkWindow        *window);

/* Runs the main loop until @condition holds; fails the test after ten seconds. */
void       via_test_ui_wait          (ViaTestCondition  condition,
                                      gpointer          data);
#define    via_test_ui_wait_until(expression)                                                                          \
  G_STMT_START {                                                                                                       \
    gint64 via_deadline = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;                                               \
    while (!(expression) && g_get_monotonic_time () < via_deadline)                                                    \
      via_test_ui_step ();                                                                                             \
    if (!(expression))                                                                                                 \
      g_error ("%s:%d: waited in vain for: %s", __FILE__, __LINE__, #expression);                                      \
  } G_STMT_END
/* One turn of the main loop; never blocks longer than 20 ms. */
void       via_test_ui_step          (void);
/* Runs the main loop until @widget's window has drawn two more frames and nothing is pending. */
void       via_test_ui_settle        (GtkWidget        *widget);

/* Saves what @widget looks like now; of a window its content is taken, with the window's background. */
void       via_test_ui_snapshot      (GtkWidget        *widget,
                                      const char       *name);
/* NAME.png and NAME-dark.png; light again afterwards. */
void       via_test_ui_snapshot_both (GtkWidget        *widget,
                                      const char       *name);
void       via_test_ui_save_png      (GtkWidget        *widget,
                                      const char       *path);
void       via_test_ui_set_dark      (gboolean          dark);
/* 96 dpi is 100 %; 192 is the large text of the accessibility settings. */
void       via_test_ui_set_text_scale (double           scale);

/* Depth first; NULL when there is none. @nth from 0. Only widgets that are shown (mapped) count. (transfer none) */
GtkWidget *via_test_ui_find          (GtkWidget        *root,
                                      GType             type,
                                      guint             nth);
/* A button, label, row … whose label, title or text is exactly @text. (transfer none) */
GtkWidget *via_test_ui_find_text     (GtkWidget        *root,
                                      const char       *text);
/* A button by its label, or an icon-only one by its tooltip. */
GtkWidget *via_test_ui_find_button   (GtkWidget        *root,
                                      const char       *label);
/* Emits "clicked" (buttons) or activates (rows), as a press would, and fails when the widget is insensitive. */
void       via_test_ui_click         (GtkWidget        *widget);
/* Replaces the text of an entry, a text view or an AdwEntryRow. */
void       via_test_ui_type          (GtkWidget        *widget,
                                      const char       *text);

/* Asserts that every icon-only button that is shown below @root has a tooltip and an accessible name. */
void       via_test_ui_assert_named  (GtkWidget        *root);
/* Asserts that @widget can be @width pixels wide. */
void       via_test_ui_assert_fits   (GtkWidget        *widget,
                                      int               width);

G_END_DECLS
