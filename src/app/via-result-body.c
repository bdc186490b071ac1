/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-app"

#include "config.h"

#include "via-result-body.h"

struct _ViaResultBody
{
  AdwBin        parent_instance;

  ViaOperation *operation;
  gboolean      plain_text;
  gboolean      has_markdown;
};

G_DEFINE_FINAL_TYPE (ViaResultBody, via_result_body, ADW_TYPE_BIN)

enum
{
  PROP_0,
  PROP_PLAIN_TEXT,
  PROP_HAS_MARKDOWN,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
via_result_body_get_property (GObject    *object,
                              guint       id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  ViaResultBody *self = VIA_RESULT_BODY (object);

  if (id == PROP_PLAIN_TEXT)
    g_value_set_boolean (value, self->plain_text);
  else if (id == PROP_HAS_MARKDOWN)
    g_value_set_boolean (value, self->has_markdown);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
via_result_body_set_property (GObject      *object,
                              guint         id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  if (id == PROP_PLAIN_TEXT)
    VIA_RESULT_BODY (object)->plain_text = g_value_get_boolean (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
via_result_body_dispose (GObject *object)
{
  g_clear_object (&VIA_RESULT_BODY (object)->operation);

  G_OBJECT_CLASS (via_result_body_parent_class)->dispose (object);
}

static void
via_result_body_class_init (ViaResultBodyClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = via_result_body_get_property;
  object_class->set_property = via_result_body_set_property;
  object_class->dispose = via_result_body_dispose;

  properties[PROP_PLAIN_TEXT] = g_param_spec_boolean ("plain-text", NULL, NULL, FALSE,
                                                      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_HAS_MARKDOWN] = g_param_spec_boolean ("has-markdown", NULL, NULL, FALSE,
                                                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
via_result_body_init (ViaResultBody *self)
{
}

GtkWidget *
via_result_body_new (ViaOperation *operation)
{
  ViaResultBody *self = g_object_new (VIA_TYPE_RESULT_BODY, NULL);
  ViaToolResult *result = via_operation_get_result (operation);
  g_autofree char *text = result != NULL ? via_tool_result_dup_all_text (result) : g_strdup ("");
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  self->operation = g_object_ref (operation);
  adw_bin_set_child (ADW_BIN (self), label);
  return GTK_WIDGET (self);
}

gboolean
via_result_body_has_markdown (ViaResultBody *self)
{
  return self->has_markdown;
}
