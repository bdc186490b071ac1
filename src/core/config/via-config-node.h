/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "config/via-config.h"

G_BEGIN_DECLS

/*
 * Private to config/: one value of a YAML text, with the place of its bytes so that an edit can be spliced in. Only
 * what a configuration needs: no anchors, tags or merges ever get here.
 */
typedef enum
{
  VIA_NODE_SCALAR,
  VIA_NODE_MAPPING,
  VIA_NODE_SEQUENCE,
} ViaNodeKind;

typedef enum
{
  VIA_SCALAR_PLAIN,
  VIA_SCALAR_SINGLE,
  VIA_SCALAR_DOUBLE,
  VIA_SCALAR_BLOCK, /* literal or folded */
} ViaScalarStyle;

typedef struct _ViaConfigNode ViaConfigNode;

struct _ViaConfigNode
{
  ViaNodeKind    kind;
  ViaScalarStyle style;  /* of a scalar */
  gboolean       flow;   /* of a collection: written with braces or brackets */
  char          *text;   /* of a scalar */
  gsize          start;  /* bytes: first of the value */
  gsize          end;    /* bytes: behind the last of the value; comments and line ends behind it are not in it */
  guint          line;   /* from 1 */
  guint          column; /* from 1, characters */
  GPtrArray     *keys;   /* of a mapping: scalar nodes, one for each value */
  GPtrArray     *values; /* of a collection */
};

/* A text that is read: what it says and where it ends. */
typedef struct
{
  ViaConfigNode *root; /* (nullable) NULL: nothing but comments */
  gsize          end;  /* bytes: where more could be written, before an explicit end of the document */
} ViaConfigTree;

/* FALSE, and at least one problem that is no warning, when @text is not YAML that we accept. @tree is always cleared later. */
gboolean       via_config_tree_read    (ViaConfigTree       *tree,
                                        const char          *text,
                                        gsize                length,
                                        GPtrArray           *problems);
void           via_config_tree_clear   (ViaConfigTree       *tree);

void           via_config_node_free    (ViaConfigNode       *node);
/* An absent value: nothing, ~ or null. A NULL node is absent too. */
gboolean       via_config_node_is_null (const ViaConfigNode *node);
/* The index of @key in a mapping, or -1. */
int            via_config_node_index   (const ViaConfigNode *mapping,
                                        const char          *key);
ViaConfigNode *via_config_node_get     (const ViaConfigNode *mapping,
                                        const char          *key);
/* Same values in the same order, whatever their place and quoting. */
gboolean       via_config_node_equal   (const ViaConfigNode *a,
                                        const ViaConfigNode *b);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ViaConfigTree, via_config_tree_clear)

G_END_DECLS
