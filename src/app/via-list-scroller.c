/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include "via-list-scroller.h"

struct _ViaListScroller
{
  AdwBin parent_instance;
};

G_DEFINE_FINAL_TYPE (ViaListScroller, via_list_scroller, ADW_TYPE_BIN)

static GtkWidget *
get_list (ViaListScroller *self)
{
  GtkWidget *scrolled = adw_bin_get_child (ADW_BIN (self));
  GtkWidget *child = scrolled != NULL ? gtk_scrolled_window_get_child (GTK_SCROLLED_WINDOW (scrolled)) : NULL;

  return GTK_IS_VIEWPORT (child) ? gtk_viewport_get_child (GTK_VIEWPORT (child)) : child;
}

/* GtkListBox has no grab_focus of its own that finds the selected row. */
static gboolean
enter_list (GtkWidget *list)
{
  GtkListBoxRow *row;

  if (!GTK_IS_LIST_BOX (list))
    return gtk_widget_grab_focus (list);
  row = gtk_list_box_get_selected_row (GTK_LIST_BOX (list));
  if (row == NULL)
    row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), 0);
  return row != NULL && gtk_widget_grab_focus (GTK_WIDGET (row));
}

static gboolean
via_list_scroller_focus (GtkWidget        *widget,
                         GtkDirectionType  direction)
{
  GtkWidget *list = get_list (VIA_LIST_SCROLLER (widget));

  if (direction != GTK_DIR_TAB_FORWARD && direction != GTK_DIR_TAB_BACKWARD)
    return GTK_WIDGET_CLASS (via_list_scroller_parent_class)->focus (widget, direction);
  if (gtk_widget_get_focus_child (widget) != NULL || list == NULL)
    return FALSE;
  return enter_list (list);
}

static void
via_list_scroller_class_init (ViaListScrollerClass *klass)
{
  GTK_WIDGET_CLASS (klass)->focus = via_list_scroller_focus;
}

static void
via_list_scroller_init (ViaListScroller *self)
{
}
