/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mcp/via-tool.h"

G_BEGIN_DECLS

/*
 * The parameters of an execution as they are typed: one JSON object, @FILE, - for standard input, or key=value words. A
 * value that reads as JSON (a number, true, [1,2]) may also be meant as text; the tool's schema decides.
 */

/* TRUE if a word's meaning depends on the schema, so that fetching the tool first is worth it. */
gboolean         via_parameters_need_schema (const char *const *words);
/* (transfer full); NULL with an error that says where the JSON is wrong. @tool (nullable). */
ViaJsonDocument *via_parameters_parse       (const char *const *words,
                                             ViaTool           *tool,
                                             GError           **error);

G_END_DECLS
