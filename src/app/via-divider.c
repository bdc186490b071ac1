/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include "via-divider.h"

/* Pixels to each side of the line where it can be taken hold of. */
#define REACH 5

typedef struct
{
  AdwLeaflet     *leaflet;
  GtkWidget      *column;
  GtkWidget      *separator;
  int             minimum;
  int             maximum;
  int             start_width;
  gboolean        showing_cursor;
  ViaDividerFunc  moved;
  gpointer        user_data;
} Divider;

static gboolean
is_over_line (Divider *divider,
              double   x)
{
  double line_x;

  if (adw_leaflet_get_folded (divider->leaflet) || !gtk_widget_get_mapped (divider->separator)
      || !gtk_widget_translate_coordinates (divider->separator, GTK_WIDGET (divider->leaflet), 0, 0, &line_x, NULL))
    return FALSE;
  return x >= line_x - REACH && x <= line_x + REACH;
}

static void
motion_cb (GtkEventControllerMotion *controller,
           double                    x,
           double                    y,
           Divider                  *divider)
{
  gboolean over = is_over_line (divider, x);

  if (over == divider->showing_cursor)
    return;
  divider->showing_cursor = over;
  gtk_widget_set_cursor_from_name (GTK_WIDGET (divider->leaflet), over ? "col-resize" : NULL);
}

static void
drag_begin_cb (GtkGestureDrag *gesture,
               double          x,
               double          y,
               Divider        *divider)
{
  if (!is_over_line (divider, x))
    {
      gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_DENIED);
      return;
    }
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  divider->start_width = gtk_widget_get_width (divider->column);
}

static void
drag_update_cb (GtkGestureDrag *gesture,
                double          offset_x,
                double          offset_y,
                Divider        *divider)
{
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (divider->leaflet)) == GTK_TEXT_DIR_RTL;
  int width = divider->start_width + (int) (rtl ? -offset_x : offset_x);

  gtk_widget_set_size_request (divider->column, CLAMP (width, divider->minimum, divider->maximum), -1);
}

static void
drag_end_cb (GtkGestureDrag *gesture,
             double          offset_x,
             double          offset_y,
             Divider        *divider)
{
  int width;

  gtk_widget_get_size_request (divider->column, &width, NULL);
  if (divider->moved != NULL)
    divider->moved (width, divider->user_data);
}

void
via_divider_attach (AdwLeaflet     *leaflet,
                    GtkWidget      *column,
                    GtkWidget      *separator,
                    int             minimum,
                    int             maximum,
                    ViaDividerFunc  moved,
                    gpointer        user_data)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkGesture *drag = gtk_gesture_drag_new ();
  Divider *divider = g_new0 (Divider, 1);

  g_return_if_fail (ADW_IS_LEAFLET (leaflet));
  *divider = (Divider) { leaflet, column, separator, minimum, maximum, 0, FALSE, moved, user_data };
  gtk_event_controller_set_propagation_phase (motion, GTK_PHASE_CAPTURE);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (drag), GTK_PHASE_CAPTURE);
  g_signal_connect (motion, "motion", G_CALLBACK (motion_cb), divider);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (drag_begin_cb), divider);
  g_signal_connect (drag, "drag-update", G_CALLBACK (drag_update_cb), divider);
  g_signal_connect (drag, "drag-end", G_CALLBACK (drag_end_cb), divider);
  gtk_widget_add_controller (GTK_WIDGET (leaflet), motion);
  gtk_widget_add_controller (GTK_WIDGET (leaflet), GTK_EVENT_CONTROLLER (drag));
  g_object_set_data_full (G_OBJECT (separator), "via-divider", divider, g_free);
}
