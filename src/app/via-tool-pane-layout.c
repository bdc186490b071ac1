/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-app"

#include "config.h"

#include "via-tool-pane-private.h"

/* The form takes no more than this part of the pane by itself; what is left belongs to the results. */
#define FORM_PART_MAX 0.6
/* The divider never leaves the form less than this. */
#define FORM_HEIGHT_MIN 120

static void
move_bar (ViaToolPane *self,
          gboolean     inside)
{
  GtkWidget *bar = GTK_WIDGET (self->bar);
  GtkWidget *to = inside ? self->content : self->upper;
  GtkWidget *from = gtk_widget_get_parent (bar);
  g_autoptr(GtkWidget) alive = g_object_ref (bar);

  if (from == to)
    return;

  gtk_box_remove (GTK_BOX (from), bar);
  gtk_box_insert_child_after (GTK_BOX (to), bar, inside ? self->form_box : GTK_WIDGET (self->scroller));
}

static void
move_results (ViaToolPane *self,
              gboolean     inside)
{
  GtkWidget *results = GTK_WIDGET (self->results);
  g_autoptr(GtkWidget) alive = g_object_ref (results);

  if ((gtk_widget_get_parent (results) == self->content) == inside)
    return;

  if (inside)
    {
      gtk_paned_set_end_child (self->paned, NULL);
      gtk_box_append (GTK_BOX (self->content), results);
    }
  else
    {
      gtk_box_remove (GTK_BOX (self->content), results);
      gtk_paned_set_end_child (self->paned, results);
    }
}

static int
measure_height (GtkWidget *widget,
                int        width)
{
  int minimum_width;
  int natural;

  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &minimum_width, NULL, NULL, NULL);
  gtk_widget_measure (widget, GTK_ORIENTATION_VERTICAL, MAX (width, minimum_width), NULL, &natural, NULL, NULL);
  return natural;
}

static gboolean
is_long_form (ViaToolPane *self,
              int          width,
              int          height)
{
  int needed = measure_height (self->form_box, width) + measure_height (GTK_WIDGET (self->bar), width);

  return needed > height * FORM_PART_MAX;
}

/* Puts bar and results where the width and the length of the form want them. */
static void
arrange (ViaToolPane *self)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  int height = gtk_widget_get_height (GTK_WIDGET (self));
  gboolean bar_inside = self->compact && self->form_visible && (width == 0 || !is_long_form (self, width, height));

  move_results (self, self->compact);
  move_bar (self, bar_inside);
  via_results_view_set_scrolling (self->results, !self->compact);
  gtk_widget_set_visible (self->form_box, self->form_visible);
  gtk_widget_set_visible (GTK_WIDGET (self->bar), self->form_visible);
  gtk_widget_set_visible (self->inner_separator, self->compact && self->form_visible);
  gtk_widget_set_visible (self->upper, self->form_visible || self->compact);
}

static gboolean
arrange_cb (gpointer data)
{
  ViaToolPane *self = data;

  self->arrange_source = 0;
  arrange (self);
  return G_SOURCE_REMOVE;
}

static void
position_changed_cb (ViaToolPane *self)
{
  /* What changes it outside of an allocation is a drag or the keyboard. */
  if (!self->allocating && !self->compact && gtk_widget_get_mapped (GTK_WIDGET (self->paned)))
    self->divider_moved = TRUE;
}

void
via_tool_pane_layout_init (ViaToolPane *self)
{
  self->form_visible = TRUE;
  self->title_visible = TRUE;
  g_signal_connect_object (self->paned, "notify::position", G_CALLBACK (position_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

void
via_tool_pane_layout_clear (ViaToolPane *self)
{
  g_clear_handle_id (&self->arrange_source, g_source_remove);
}

void
via_tool_pane_layout_update (ViaToolPane *self)
{
  int margin = self->compact ? 12 : 18;

  gtk_widget_set_margin_start (self->form_box, margin);
  gtk_widget_set_margin_end (self->form_box, margin);
  gtk_widget_set_margin_start (GTK_WIDGET (self->bar), margin);
  gtk_widget_set_margin_end (GTK_WIDGET (self->bar), margin);
  /* The results keep the same distance from the edges. */
  (self->compact ? gtk_widget_add_css_class : gtk_widget_remove_css_class) (GTK_WIDGET (self), "compact");
  via_tool_head_set_title_visible (self->head, self->title_visible);
  arrange (self);
}

static void
place_divider (ViaToolPane *self,
               int          width,
               int          height)
{
  int wanted = measure_height (self->form_box, width) + measure_height (GTK_WIDGET (self->bar), width);
  int position = MIN (wanted, (int) (height * FORM_PART_MAX));

  position = MAX (position, MIN (FORM_HEIGHT_MIN, height / 2));
  if (!self->divider_moved && gtk_paned_get_position (self->paned) != position)
    gtk_paned_set_position (self->paned, position);
}

void
via_tool_pane_layout_allocate (ViaToolPane *self,
                               int          width,
                               int          height)
{
  gboolean bar_inside = gtk_widget_get_parent (GTK_WIDGET (self->bar)) == self->content;

  if (self->tool == NULL || !self->form_visible)
    return;

  if (!self->compact)
    place_divider (self, width, height);
  else if (bar_inside == is_long_form (self, width, height) && self->arrange_source == 0)
    /* Not in the middle of an allocation. */
    self->arrange_source = g_idle_add (arrange_cb, self);
}

void
via_tool_pane_layout_reveal_results (ViaToolPane *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  graphene_point_t point;

  if (!self->compact
      || !gtk_widget_compute_point (self->inner_separator, self->content, &GRAPHENE_POINT_INIT (0, 0), &point))
    return;

  gtk_adjustment_set_value (adjustment, point.y);
}
