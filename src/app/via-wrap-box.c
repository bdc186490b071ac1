/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-app"

#include "config.h"

#include "via-wrap-box.h"
#include "via-wrap-layout.h"

struct _ViaWrapBox
{
  GtkWidget parent_instance;
};

static void via_wrap_box_buildable_init (GtkBuildableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ViaWrapBox, via_wrap_box, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, via_wrap_box_buildable_init))

enum
{
  PROP_0,
  PROP_SPACING,
  PROP_LINE_SPACING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];
static GtkBuildableIface *parent_buildable;

static void
via_wrap_box_add_child (GtkBuildable *buildable,
                        GtkBuilder   *builder,
                        GObject      *child,
                        const char   *type)
{
  if (GTK_IS_WIDGET (child))
    via_wrap_box_append (VIA_WRAP_BOX (buildable), GTK_WIDGET (child));
  else
    parent_buildable->add_child (buildable, builder, child, type);
}

static void
via_wrap_box_buildable_init (GtkBuildableIface *iface)
{
  parent_buildable = g_type_interface_peek_parent (iface);
  iface->add_child = via_wrap_box_add_child;
}

static void
via_wrap_box_get_property (GObject    *object,
                           guint       id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (object));

  g_object_get_property (G_OBJECT (layout), pspec->name, value);
}

static void
via_wrap_box_set_property (GObject      *object,
                           guint         id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (object));

  g_object_set_property (G_OBJECT (layout), pspec->name, value);
}

static void
via_wrap_box_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (via_wrap_box_parent_class)->dispose (object);
}

static void
via_wrap_box_compute_expand (GtkWidget *widget,
                             gboolean  *hexpand,
                             gboolean  *vexpand)
{
  /* Children share a line among themselves; the box as a whole asks for room only when it is told to. */
  *hexpand = FALSE;
  *vexpand = FALSE;
}

static void
via_wrap_box_class_init (ViaWrapBoxClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = via_wrap_box_get_property;
  object_class->set_property = via_wrap_box_set_property;
  object_class->dispose = via_wrap_box_dispose;
  widget_class->compute_expand = via_wrap_box_compute_expand;

  properties[PROP_SPACING] = g_param_spec_int ("spacing", NULL, NULL, 0, G_MAXINT16, 0,
                                               G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_LINE_SPACING] = g_param_spec_int ("line-spacing", NULL, NULL, 0, G_MAXINT16, 0,
                                                    G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_layout_manager_type (widget_class, VIA_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
via_wrap_box_init (ViaWrapBox *self)
{
}

GtkWidget *
via_wrap_box_new (void)
{
  return g_object_new (VIA_TYPE_WRAP_BOX, NULL);
}

void
via_wrap_box_append (ViaWrapBox *self,
                     GtkWidget  *child)
{
  g_return_if_fail (VIA_IS_WRAP_BOX (self));
  g_return_if_fail (GTK_IS_WIDGET (child));

  gtk_widget_insert_before (child, GTK_WIDGET (self), NULL);
}

void
via_wrap_box_set_spacing (ViaWrapBox *self,
                          int         spacing,
                          int         line_spacing)
{
  g_return_if_fail (VIA_IS_WRAP_BOX (self));

  g_object_set (self, "spacing", spacing, "line-spacing", line_spacing, NULL);
}

