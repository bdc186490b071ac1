/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "config/via-config-emit.h"

G_BEGIN_DECLS

/*
 * Private to config/: a text under edit. Every splice reads the text anew, so that nodes are never stale, and fails
 * instead of leaving something that is not YAML. Nodes that were held before a splice are gone after it.
 */
typedef struct
{
  GString       *text;
  ViaConfigTree  tree;
  const char    *file_name;
  const char    *newline;
} ViaConfigSplice;

gboolean  via_config_splice_init          (ViaConfigSplice       *self,
                                           ViaConfig             *config,
                                           GError               **error);
void      via_config_splice_clear         (ViaConfigSplice       *self);
/* The node at @path (keys, NULL terminated), or NULL. */
ViaConfigNode *via_config_splice_find     (ViaConfigSplice       *self,
                                           const char *const     *path);
/* @start to @end in bytes. */
gboolean  via_config_splice_replace       (ViaConfigSplice       *self,
                                           gsize                  start,
                                           gsize                  end,
                                           const char            *text,
                                           GError               **error);
gboolean  via_config_splice_value         (ViaConfigSplice       *self,
                                           const ViaConfigNode   *node,
                                           const char            *text,
                                           GError               **error);
/* Takes entry @index of a mapping or sequence away. @blank: and one of two blank lines that would then meet. */
gboolean  via_config_splice_remove        (ViaConfigSplice       *self,
                                           const ViaConfigNode   *container,
                                           guint                  index,
                                           gboolean               blank,
                                           GError               **error);
/* Puts an entry before @index, or at the end. @lines for a block (each with its line end), @words for braces or brackets. */
gboolean  via_config_splice_insert        (ViaConfigSplice       *self,
                                           const ViaConfigNode   *container,
                                           guint                  index,
                                           const char            *lines,
                                           const char            *words,
                                           GError               **error);
/* How the entries of a block container are laid out; FALSE with @error when it cannot be told safely. */
gboolean  via_config_splice_layout        (ViaConfigSplice       *self,
                                           const ViaConfigNode   *container,
                                           ViaConfigLayout       *layout,
                                           GError               **error);
/* Behind the last line of entry @index, comments that are indented below it included. */
gsize     via_config_splice_entry_end     (ViaConfigSplice       *self,
                                           const ViaConfigNode   *container,
                                           guint                  index);
gboolean  via_config_splice_is_blank_line (ViaConfigSplice       *self,
                                           gsize                  start);
gsize     via_config_splice_line_start    (ViaConfigSplice       *self,
                                           gsize                  at);
gsize     via_config_splice_line_end      (ViaConfigSplice       *self,
                                           gsize                  at); /* behind the line end */
gboolean  via_config_splice_refuse        (ViaConfigSplice       *self,
                                           const ViaConfigNode   *node,
                                           GError               **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ViaConfigSplice, via_config_splice_clear)

G_END_DECLS
