/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include "via-tool-model.h"

typedef struct
{
  ViaToolItem *header;
  GPtrArray   *items; /* ViaToolItem */
} Group;

typedef struct
{
  ViaToolModel *model;   /* borrowed */
  ViaBridge    *bridge;  /* (nullable) */
  char         *name;    /* (nullable) */
  GListModel   *tools;
  gulong        handler;
  GPtrArray    *groups;  /* Group, in order */
} Source;

struct _ViaToolModel
{
  GObject    parent_instance;

  GPtrArray *sources; /* Source */
  GPtrArray *visible; /* ViaToolItem, borrowed from the groups; refs kept because groups change under it */
  char     **words;   /* (nullable) the search, folded */
  guint      n_hits;
};

static void via_tool_model_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ViaToolModel, via_tool_model, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, via_tool_model_list_model_init))

static void
group_free (gpointer data)
{
  Group *group = data;

  g_object_unref (group->header);
  g_ptr_array_unref (group->items);
  g_free (group);
}

static void
source_free (gpointer data)
{
  Source *source = data;

  g_signal_handler_disconnect (source->tools, source->handler);
  g_object_unref (source->tools);
  g_clear_object (&source->bridge);
  g_free (source->name);
  g_ptr_array_unref (source->groups);
  g_free (source);
}

static GType
via_tool_model_get_item_type (GListModel *model)
{
  return VIA_TYPE_TOOL_ITEM;
}

static guint
via_tool_model_get_n_items (GListModel *model)
{
  return VIA_TOOL_MODEL (model)->visible->len;
}

static gpointer
via_tool_model_get_item (GListModel *model,
                         guint       position)
{
  ViaToolModel *self = VIA_TOOL_MODEL (model);

  return position < self->visible->len ? g_object_ref (g_ptr_array_index (self->visible, position)) : NULL;
}

static void
via_tool_model_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = via_tool_model_get_item_type;
  iface->get_n_items = via_tool_model_get_n_items;
  iface->get_item = via_tool_model_get_item;
}

static void
append_group (ViaToolModel *self,
              Group        *group,
              GPtrArray    *visible)
{
  guint header_at = visible->len;
  guint hits = 0;
  gboolean open = self->words != NULL || via_tool_item_get_expanded (group->header);

  g_ptr_array_add (visible, g_object_ref (group->header));
  for (guint i = 0; i < group->items->len; i++)
    {
      ViaToolItem *item = g_ptr_array_index (group->items, i);

      if (!via_tool_item_matches (item, self->words))
        continue;
      hits++;
      if (open)
        g_ptr_array_add (visible, g_object_ref (item));
    }
  if (hits == 0)
    g_ptr_array_set_size (visible, header_at);
  via_tool_item_set_count (group->header, hits);
  self->n_hits += hits;
}

/* Everything between the common start and the common end is the change. */
static void
show (ViaToolModel *self,
      GPtrArray    *visible)
{
  g_autoptr(GPtrArray) old = self->visible;
  guint start = 0, end = 0;
  guint shorter = MIN (old->len, visible->len);

  while (start < shorter && old->pdata[start] == visible->pdata[start])
    start++;
  while (end < shorter - start && old->pdata[old->len - 1 - end] == visible->pdata[visible->len - 1 - end])
    end++;
  self->visible = visible;
  if (old->len - start - end > 0 || visible->len - start - end > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), start, old->len - start - end, visible->len - start - end);
}

static void
update (ViaToolModel *self)
{
  GPtrArray *visible = g_ptr_array_new_full (self->visible->len, g_object_unref);

  self->n_hits = 0;
  for (guint i = 0; i < self->sources->len; i++)
    {
      Source *source = g_ptr_array_index (self->sources, i);

      for (guint j = 0; j < source->groups->len; j++)
        append_group (self, g_ptr_array_index (source->groups, j), visible);
    }
  show (self, visible);
}

/* A collapsed category stays collapsed when the tools are listed anew. */
static gboolean
was_expanded (Source     *source,
              const char *category)
{
  for (guint i = 0; i < source->groups->len; i++)
    {
      Group *group = g_ptr_array_index (source->groups, i);

      if (g_str_equal (via_tool_item_get_category (group->header), category))
        return via_tool_item_get_expanded (group->header);
    }
  return TRUE;
}

static Group *
group_new (Source     *source,
           const char *category)
{
  Group *group = g_new0 (Group, 1);

  group->header = via_tool_item_new_header (category, source->name);
  group->items = g_ptr_array_new_with_free_func (g_object_unref);
  via_tool_item_set_expanded (group->header, was_expanded (source, category));
  return group;
}

static void
read_tools (Source *source)
{
  g_autoptr(GHashTable) by_category = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *groups = g_ptr_array_new_with_free_func (group_free);
  guint n_tools = g_list_model_get_n_items (source->tools);

  for (guint i = 0; i < n_tools; i++)
    {
      g_autoptr(ViaTool) tool = g_list_model_get_item (source->tools, i);
      const char *category = via_tool_get_category (tool);
      Group *group = g_hash_table_lookup (by_category, category);

      if (group == NULL)
        {
          group = group_new (source, category);
          g_ptr_array_add (groups, group);
          g_hash_table_insert (by_category, (gpointer) via_tool_item_get_category (group->header), group);
        }
      g_ptr_array_add (group->items, via_tool_item_new_tool (source->bridge, tool));
    }
  g_ptr_array_unref (source->groups);
  source->groups = groups;
}

static void
tools_changed_cb (GListModel *tools,
                  guint       position,
                  guint       removed,
                  guint       added,
                  Source     *source)
{
  read_tools (source);
  update (source->model);
}

static void
via_tool_model_finalize (GObject *object)
{
  ViaToolModel *self = VIA_TOOL_MODEL (object);

  g_clear_pointer (&self->sources, g_ptr_array_unref);
  g_clear_pointer (&self->visible, g_ptr_array_unref);
  g_clear_pointer (&self->words, g_strfreev);
  G_OBJECT_CLASS (via_tool_model_parent_class)->finalize (object);
}

static void
via_tool_model_class_init (ViaToolModelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = via_tool_model_finalize;
}

static void
via_tool_model_init (ViaToolModel *self)
{
  self->sources = g_ptr_array_new_with_free_func (source_free);
  self->visible = g_ptr_array_new_with_free_func (g_object_unref);
}

ViaToolModel *
via_tool_model_new (void)
{
  return g_object_new (VIA_TYPE_TOOL_MODEL, NULL);
}

void
via_tool_model_clear (ViaToolModel *self)
{
  g_return_if_fail (VIA_IS_TOOL_MODEL (self));
  g_ptr_array_set_size (self->sources, 0);
  update (self);
}

void
via_tool_model_add_source (ViaToolModel *self,
                           ViaBridge    *bridge,
                           const char   *name,
                           GListModel   *tools)
{
  Source *source;

  g_return_if_fail (VIA_IS_TOOL_MODEL (self));
  g_return_if_fail (G_IS_LIST_MODEL (tools));
  source = g_new0 (Source, 1);
  source->model = self;
  source->name = g_strdup (name);
  source->tools = g_object_ref (tools);
  source->groups = g_ptr_array_new_with_free_func (group_free);
  g_set_object (&source->bridge, bridge);
  source->handler = g_signal_connect (tools, "items-changed", G_CALLBACK (tools_changed_cb), source);
  g_ptr_array_add (self->sources, source);
  read_tools (source);
  update (self);
}

void
via_tool_model_set_search (ViaToolModel *self,
                           const char   *text)
{
  g_autofree char *folded = via_tool_item_fold (text != NULL ? text : "");
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) parts = g_strsplit_set (folded, " \t\n", -1);
  gboolean any = FALSE;

  g_return_if_fail (VIA_IS_TOOL_MODEL (self));
  for (guint i = 0; parts[i] != NULL; i++)
    if (*parts[i] != '\0')
      {
        g_strv_builder_add (builder, parts[i]);
        any = TRUE;
      }
  g_clear_pointer (&self->words, g_strfreev);
  if (any)
    self->words = g_strv_builder_end (builder);
  update (self);
}

gboolean
via_tool_model_is_searching (ViaToolModel *self)
{
  g_return_val_if_fail (VIA_IS_TOOL_MODEL (self), FALSE);
  return self->words != NULL;
}

guint
via_tool_model_get_n_tools (ViaToolModel *self)
{
  guint n_tools = 0;

  g_return_val_if_fail (VIA_IS_TOOL_MODEL (self), 0);
  for (guint i = 0; i < self->sources->len; i++)
    n_tools += g_list_model_get_n_items (((Source *) g_ptr_array_index (self->sources, i))->tools);
  return n_tools;
}

guint
via_tool_model_get_n_hits (ViaToolModel *self)
{
  g_return_val_if_fail (VIA_IS_TOOL_MODEL (self), 0);
  return self->n_hits;
}

void
via_tool_model_toggle (ViaToolModel *self,
                       ViaToolItem  *header)
{
  g_return_if_fail (VIA_IS_TOOL_MODEL (self));
  g_return_if_fail (via_tool_item_is_header (header));
  via_tool_item_set_expanded (header, !via_tool_item_get_expanded (header));
  update (self);
}

void
via_tool_model_expand_all (ViaToolModel *self,
                           gboolean      expanded)
{
  g_return_if_fail (VIA_IS_TOOL_MODEL (self));
  for (guint i = 0; i < self->sources->len; i++)
    {
      Source *source = g_ptr_array_index (self->sources, i);

      for (guint j = 0; j < source->groups->len; j++)
        via_tool_item_set_expanded (((Group *) g_ptr_array_index (source->groups, j))->header, expanded);
    }
  update (self);
}

guint
via_tool_model_find (ViaToolModel *self,
                     ViaBridge    *bridge,
                     const char   *tool_name)
{
  g_return_val_if_fail (VIA_IS_TOOL_MODEL (self), G_MAXUINT);
  for (guint i = 0; tool_name != NULL && i < self->visible->len; i++)
    {
      ViaToolItem *item = g_ptr_array_index (self->visible, i);
      ViaTool *tool = via_tool_item_get_tool (item);

      if (tool != NULL && via_tool_item_get_bridge (item) == bridge && g_str_equal (via_tool_get_name (tool), tool_name))
        return i;
    }
  return G_MAXUINT;
}

guint
via_tool_model_find_first (ViaToolModel *self)
{
  g_return_val_if_fail (VIA_IS_TOOL_MODEL (self), G_MAXUINT);
  for (guint i = 0; i < self->visible->len; i++)
    if (!via_tool_item_is_header (g_ptr_array_index (self->visible, i)))
      return i;
  return G_MAXUINT;
}
