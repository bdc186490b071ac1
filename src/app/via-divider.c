/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <glib/gi18n.h>

#include "via-divider.h"

/* Pixels to each side of the line where it can be taken hold of. */
#define REACH 5
/* Pixels that an arrow key moves it. */
#define STEP 12

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
  GtkWidget      *return_to; /* weak; had the focus before the line */
} Divider;

static void
divider_free (gpointer data)
{
  Divider *divider = data;

  g_clear_weak_pointer (&divider->return_to);
  g_free (divider);
}

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

/* --- Keyboard: the line can be focused only while it is being moved, so that Tab does not stop at it ---------------- */

static void
step_width (Divider *divider,
            int      step)
{
  int width = CLAMP (gtk_widget_get_width (divider->column) + step, divider->minimum, divider->maximum);

  gtk_widget_set_size_request (divider->column, width, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (divider->separator), GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, (double) width, -1);
  if (divider->moved != NULL)
    divider->moved (width, divider->user_data);
}

static gboolean
key_cb (GtkEventControllerKey *controller,
        guint                  keyval,
        guint                  keycode,
        GdkModifierType        state,
        Divider               *divider)
{
  int sign = gtk_widget_get_direction (divider->separator) == GTK_TEXT_DIR_RTL ? -1 : 1;

  switch (keyval)
    {
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
      step_width (divider, -sign * STEP);
      return GDK_EVENT_STOP;
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      step_width (divider, sign * STEP);
      return GDK_EVENT_STOP;
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
    case GDK_KEY_Escape:
      if (divider->return_to != NULL)
        gtk_widget_grab_focus (divider->return_to);
      else
        gtk_widget_child_focus (divider->column, GTK_DIR_TAB_FORWARD);
      return GDK_EVENT_STOP;
    default:
      return GDK_EVENT_PROPAGATE;
    }
}

static void
leave_cb (GtkEventControllerFocus *controller,
          Divider                 *divider)
{
  gtk_widget_set_focusable (divider->separator, FALSE);
}

gboolean
via_divider_focus (GtkWidget *separator)
{
  Divider *divider = g_object_get_data (G_OBJECT (separator), "via-divider");
  GtkRoot *root = gtk_widget_get_root (separator);

  if (divider == NULL || root == NULL || adw_leaflet_get_folded (divider->leaflet) || !gtk_widget_get_mapped (separator))
    return FALSE;
  g_set_weak_pointer (&divider->return_to, gtk_root_get_focus (root));
  gtk_widget_set_focusable (separator, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (separator),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("Divider: arrow keys move it"),
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, (double) divider->minimum,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MAX, (double) divider->maximum,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, (double) gtk_widget_get_width (divider->column), -1);
  return gtk_widget_grab_focus (separator);
}

static void
attach_keys (Divider *divider)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_cb), divider);
  g_signal_connect (focus, "leave", G_CALLBACK (leave_cb), divider);
  gtk_widget_add_controller (divider->separator, keys);
  gtk_widget_add_controller (divider->separator, focus);
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
  *divider = (Divider) { leaflet, column, separator, minimum, maximum, 0, FALSE, moved, user_data, NULL };
  gtk_event_controller_set_propagation_phase (motion, GTK_PHASE_CAPTURE);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (drag), GTK_PHASE_CAPTURE);
  g_signal_connect (motion, "motion", G_CALLBACK (motion_cb), divider);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (drag_begin_cb), divider);
  g_signal_connect (drag, "drag-update", G_CALLBACK (drag_update_cb), divider);
  g_signal_connect (drag, "drag-end", G_CALLBACK (drag_end_cb), divider);
  gtk_widget_add_controller (GTK_WIDGET (leaflet), motion);
  gtk_widget_add_controller (GTK_WIDGET (leaflet), GTK_EVENT_CONTROLLER (drag));
  attach_keys (divider);
  g_object_set_data_full (G_OBJECT (separator), "via-divider", divider, divider_free);
}
