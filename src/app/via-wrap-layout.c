/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-app"

#include "config.h"

#include "via-wrap-layout.h"

/* A child that expands shrinks to this part of the line before it asks for a line of its own: text still reads well. */
#define EXPANDING_PART 3

struct _ViaWrapLayout
{
  GtkLayoutManager parent_instance;

  int              spacing;
  int              line_spacing;
};

G_DEFINE_FINAL_TYPE (ViaWrapLayout, via_wrap_layout, GTK_TYPE_LAYOUT_MANAGER)

enum
{
  PROP_0,
  PROP_SPACING,
  PROP_LINE_SPACING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

typedef struct
{
  GtkWidget *child;
  gboolean   expands;
  int        minimum;
  int        natural;
  int        width; /* what it gets */
  guint      line;
} Item;

static GArray *
collect_items (GtkWidget *widget)
{
  GArray *items = g_array_new (FALSE, TRUE, sizeof (Item));

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      Item item = { child };

      if (!gtk_widget_should_layout (child))
        continue;

      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &item.minimum, &item.natural, NULL, NULL);
      item.expands = gtk_widget_compute_expand (child, GTK_ORIENTATION_HORIZONTAL);
      g_array_append_val (items, item);
    }

  return items;
}

/* Shares what is left on a line, items @start to before @end, of @width pixels. */
static void
share_line (GArray   *items,
            guint     start,
            guint     end,
            int       left,
            gboolean  wrapped)
{
  guint n_expand = 0;

  for (guint i = start; i < end; i++)
    n_expand += g_array_index (items, Item, i).expands ? 1 : 0;

  if (n_expand == 0)
    {
      Item *item = &g_array_index (items, Item, start);

      if (wrapped && end - start == 1 && gtk_widget_get_halign (item->child) == GTK_ALIGN_FILL)
        item->width += left;
      return;
    }

  for (guint i = start; i < end && n_expand > 0; i++)
    {
      Item *item = &g_array_index (items, Item, i);

      if (!item->expands)
        continue;

      item->width += left / (int) n_expand;
      left -= left / (int) n_expand;
      n_expand--;
    }
}

/* Breaks into lines of @width pixels; returns how many. */
static guint
break_lines (ViaWrapLayout *self,
             GArray        *items,
             int            width)
{
  guint line = 0;
  guint start = 0;
  int used = 0;

  for (guint i = 0; i < items->len; i++)
    {
      Item *item = &g_array_index (items, Item, i);
      int wanted = MIN (item->natural, item->expands ? width / EXPANDING_PART : width);
      int basis = MAX (item->minimum, wanted);

      if (i > start && used + self->spacing + basis > width)
        {
          share_line (items, start, i, MAX (width - used, 0), TRUE);
          line++;
          start = i;
          used = 0;
        }

      used += basis + (i > start ? self->spacing : 0);
      item->width = basis;
      item->line = line;
    }

  if (items->len > 0)
    share_line (items, start, items->len, MAX (width - used, 0), line > 0);

  return items->len > 0 ? line + 1 : 0;
}

static void
measure_width (ViaWrapLayout *self,
               GArray        *items,
               int           *minimum,
               int           *natural)
{
  *minimum = 0;
  *natural = items->len > 1 ? self->spacing * ((int) items->len - 1) : 0;
  for (guint i = 0; i < items->len; i++)
    {
      const Item *item = &g_array_index (items, Item, i);

      *minimum = MAX (*minimum, item->minimum);
      *natural += item->natural;
    }
}

static int
measure_line (GArray *items,
              guint   line)
{
  int height = 0;

  for (guint i = 0; i < items->len; i++)
    {
      const Item *item = &g_array_index (items, Item, i);
      int natural;

      if (item->line != line)
        continue;
      gtk_widget_measure (item->child, GTK_ORIENTATION_VERTICAL, item->width, NULL, &natural, NULL, NULL);
      height = MAX (height, natural);
    }

  return height;
}

static void
via_wrap_layout_measure (GtkLayoutManager *manager,
                         GtkWidget        *widget,
                         GtkOrientation    orientation,
                         int               for_size,
                         int              *minimum,
                         int              *natural,
                         int              *minimum_baseline,
                         int              *natural_baseline)
{
  ViaWrapLayout *self = VIA_WRAP_LAYOUT (manager);
  g_autoptr(GArray) items = collect_items (widget);
  guint n_lines;
  int width;

  *minimum = *natural = 0;
  *minimum_baseline = *natural_baseline = -1;
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      measure_width (self, items, minimum, natural);
      return;
    }

  width = for_size;
  if (width < 0)
    measure_width (self, items, &(int) { 0 }, &width);
  n_lines = break_lines (self, items, width);
  for (guint line = 0; line < n_lines; line++)
    *minimum += measure_line (items, line) + (line > 0 ? self->line_spacing : 0);
  *natural = *minimum;
}

static void
allocate_line (ViaWrapLayout *self,
               GArray        *items,
               guint          line,
               int            y,
               int            height,
               int            width,
               gboolean       mirrored)
{
  int x = 0;

  for (guint i = 0; i < items->len; i++)
    {
      const Item *item = &g_array_index (items, Item, i);

      if (item->line != line)
        continue;
      gtk_widget_size_allocate (item->child,
                                &(GtkAllocation) { mirrored ? width - x - item->width : x, y, item->width, height },
                                -1);
      x += item->width + self->spacing;
    }
}

static void
via_wrap_layout_allocate (GtkLayoutManager *manager,
                          GtkWidget        *widget,
                          int               width,
                          int               height,
                          int               baseline)
{
  ViaWrapLayout *self = VIA_WRAP_LAYOUT (manager);
  g_autoptr(GArray) items = collect_items (widget);
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  guint n_lines = break_lines (self, items, width);
  int y = 0;

  for (guint line = 0; line < n_lines; line++)
    {
      int line_height = n_lines == 1 ? height : measure_line (items, line);

      allocate_line (self, items, line, y, line_height, width, mirrored);
      y += line_height + self->line_spacing;
    }
}

static GtkSizeRequestMode
via_wrap_layout_get_request_mode (GtkLayoutManager *manager,
                                  GtkWidget        *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
via_wrap_layout_get_property (GObject    *object,
                              guint       id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  ViaWrapLayout *self = VIA_WRAP_LAYOUT (object);

  if (id == PROP_SPACING)
    g_value_set_int (value, self->spacing);
  else if (id == PROP_LINE_SPACING)
    g_value_set_int (value, self->line_spacing);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
via_wrap_layout_set_property (GObject      *object,
                              guint         id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  ViaWrapLayout *self = VIA_WRAP_LAYOUT (object);

  if (id == PROP_SPACING)
    self->spacing = g_value_get_int (value);
  else if (id == PROP_LINE_SPACING)
    self->line_spacing = g_value_get_int (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);

  gtk_layout_manager_layout_changed (GTK_LAYOUT_MANAGER (self));
}

static void
via_wrap_layout_class_init (ViaWrapLayoutClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkLayoutManagerClass *layout_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  object_class->get_property = via_wrap_layout_get_property;
  object_class->set_property = via_wrap_layout_set_property;
  layout_class->measure = via_wrap_layout_measure;
  layout_class->allocate = via_wrap_layout_allocate;
  layout_class->get_request_mode = via_wrap_layout_get_request_mode;

  properties[PROP_SPACING] = g_param_spec_int ("spacing", NULL, NULL, 0, G_MAXINT16, 0,
                                               G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_LINE_SPACING] = g_param_spec_int ("line-spacing", NULL, NULL, 0, G_MAXINT16, 0,
                                                    G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
via_wrap_layout_init (ViaWrapLayout *self)
{
  self->spacing = 12;
  self->line_spacing = 6;
}
