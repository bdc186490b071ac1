/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtksourceview/gtksource.h>

#include <adwaita.h>

G_BEGIN_DECLS

/*
 * ViaCodeView shows or edits code on a card: JSON colours that follow light and dark, line numbers, one marked error.
 *
 * Properties: "editable" (default FALSE), "scrolling" (default TRUE; FALSE: as high as its text, the parent scrolls),
 * "line-numbers" (default FALSE), "max-height" (px its own scrolling starts at; -1: as high as it is given).
 * Signals: "changed" (the person or set_text () changed the text).
 */
#define VIA_TYPE_CODE_VIEW (via_code_view_get_type ())
G_DECLARE_FINAL_TYPE (ViaCodeView, via_code_view, VIA, CODE_VIEW, AdwBin)

GtkWidget   *via_code_view_new               (void);
/* @length -1: NUL ended. Must be valid UTF-8. Cannot be undone by Ctrl+Z. */
void         via_code_view_set_text          (ViaCodeView *self,
                                              const char  *text,
                                              gssize       length);
char        *via_code_view_dup_text          (ViaCodeView *self); /* (transfer full) */
/* JSON is the default; FALSE is for plain text. */
void         via_code_view_set_language_json (ViaCodeView *self,
                                              gboolean     json);
void         via_code_view_set_editable      (ViaCodeView *self,
                                              gboolean     editable);
void         via_code_view_set_scrolling     (ViaCodeView *self,
                                              gboolean     scrolling);
void         via_code_view_set_line_numbers  (ViaCodeView *self,
                                              gboolean     line_numbers);
void         via_code_view_set_heights       (ViaCodeView *self,
                                              int          min_height,
                                              int          max_height);
/* Underlines what stands at @line and @column (both from 1, in characters); @line 0 takes the mark away. */
void         via_code_view_set_error         (ViaCodeView *self,
                                              guint        line,
                                              guint        column);
/* Puts the cursor there, shows it and takes the focus. */
void         via_code_view_go_to             (ViaCodeView *self,
                                              guint        line,
                                              guint        column);
/* The widget that takes the focus: give this one its accessible name. */
GtkWidget   *via_code_view_get_text_view     (ViaCodeView *self);

G_END_DECLS
