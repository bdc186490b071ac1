/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <string.h>

#include "via-tool-item.h"

/* Bytes of a description that are searched: a server may send a book. */
#define SEARCHED_DESCRIPTION 2048

struct _ViaToolItem
{
  GObject    parent_instance;

  char      *category; /* headers only */
  char      *source;
  guint      count;
  gboolean   expanded;

  ViaBridge *bridge;   /* tools only */
  ViaTool   *tool;
  char      *text;     /* folded title, name and description */
};

G_DEFINE_FINAL_TYPE (ViaToolItem, via_tool_item, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_COUNT,
  PROP_EXPANDED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
via_tool_item_finalize (GObject *object)
{
  ViaToolItem *self = VIA_TOOL_ITEM (object);

  g_clear_pointer (&self->category, g_free);
  g_clear_pointer (&self->source, g_free);
  g_clear_object (&self->bridge);
  g_clear_object (&self->tool);
  g_clear_pointer (&self->text, g_free);
  G_OBJECT_CLASS (via_tool_item_parent_class)->finalize (object);
}

static void
via_tool_item_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  ViaToolItem *self = VIA_TOOL_ITEM (object);

  switch (prop_id)
    {
    case PROP_COUNT: g_value_set_uint (value, self->count); break;
    case PROP_EXPANDED: g_value_set_boolean (value, self->expanded); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
via_tool_item_class_init (ViaToolItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = via_tool_item_finalize;
  object_class->get_property = via_tool_item_get_property;
  properties[PROP_COUNT] = g_param_spec_uint ("count", NULL, NULL, 0, G_MAXUINT, 0,
                                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_EXPANDED] = g_param_spec_boolean ("expanded", NULL, NULL, TRUE,
                                                    G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
via_tool_item_init (ViaToolItem *self)
{
  self->expanded = TRUE;
}

/* Unicode case folding costs a hundred times what ASCII does, and most tools speak ASCII. */
char *
via_tool_item_fold (const char *text)
{
  if (g_str_is_ascii (text))
    return g_ascii_strdown (text, -1);
  return g_utf8_casefold (text, -1);
}

ViaToolItem *
via_tool_item_new_header (const char *category,
                          const char *source)
{
  ViaToolItem *self = g_object_new (VIA_TYPE_TOOL_ITEM, NULL);

  self->category = g_strdup (category);
  self->source = g_strdup (source);
  return self;
}

static char *
build_search_text (ViaTool *tool)
{
  const char *description = via_tool_get_description (tool);
  g_autofree char *text = NULL;

  if (strlen (description) <= SEARCHED_DESCRIPTION)
    text = g_strjoin ("\n", via_tool_get_title (tool), via_tool_get_name (tool), description, NULL);
  else
    {
      const char *end = g_utf8_find_prev_char (description, description + SEARCHED_DESCRIPTION);
      g_autofree char *start = g_strndup (description, end != NULL ? (gsize) (end - description) : 0);

      text = g_strjoin ("\n", via_tool_get_title (tool), via_tool_get_name (tool), start, NULL);
    }
  return via_tool_item_fold (text);
}

ViaToolItem *
via_tool_item_new_tool (ViaBridge *bridge,
                        ViaTool   *tool)
{
  ViaToolItem *self = g_object_new (VIA_TYPE_TOOL_ITEM, NULL);

  g_set_object (&self->bridge, bridge);
  g_set_object (&self->tool, tool);
  self->text = build_search_text (tool);
  return self;
}

gboolean
via_tool_item_is_header (ViaToolItem *self)
{
  g_return_val_if_fail (VIA_IS_TOOL_ITEM (self), FALSE);
  return self->tool == NULL;
}

const char *
via_tool_item_get_category (ViaToolItem *self)
{
  g_return_val_if_fail (VIA_IS_TOOL_ITEM (self), NULL);
  return self->category;
}

const char *
via_tool_item_get_source (ViaToolItem *self)
{
  g_return_val_if_fail (VIA_IS_TOOL_ITEM (self), NULL);
  return self->source;
}

guint
via_tool_item_get_count (ViaToolItem *self)
{
  g_return_val_if_fail (VIA_IS_TOOL_ITEM (self), 0);
  return self->count;
}

void
via_tool_item_set_count (ViaToolItem *self,
                         guint        count)
{
  if (self->count == count)
    return;
  self->count = count;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COUNT]);
}

gboolean
via_tool_item_get_expanded (ViaToolItem *self)
{
  g_return_val_if_fail (VIA_IS_TOOL_ITEM (self), FALSE);
  return self->expanded;
}

void
via_tool_item_set_expanded (ViaToolItem *self,
                            gboolean     expanded)
{
  if (self->expanded == expanded)
    return;
  self->expanded = expanded;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_EXPANDED]);
}

ViaBridge *
via_tool_item_get_bridge (ViaToolItem *self)
{
  g_return_val_if_fail (VIA_IS_TOOL_ITEM (self), NULL);
  return self->bridge;
}

ViaTool *
via_tool_item_get_tool (ViaToolItem *self)
{
  g_return_val_if_fail (VIA_IS_TOOL_ITEM (self), NULL);
  return self->tool;
}

gboolean
via_tool_item_matches (ViaToolItem  *self,
                       char        **words)
{
  for (guint i = 0; words != NULL && words[i] != NULL; i++)
    if (strstr (self->text, words[i]) == NULL)
      return FALSE;
  return TRUE;
}
