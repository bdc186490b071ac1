/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Private to secrets/: the value of @name in the text of a .env file, or NULL. NAME=value, “export” before it, quotes
 * (single: as it is; double: \n \r \t \" \\ \$ are escapes; both may go over lines), comments behind “#”. Nothing is
 * expanded or run. The last of several wins. (transfer full), to be wiped.
 */
char *via_dotenv_lookup (const char *text,
                         gsize       length,
                         const char *name);

G_END_DECLS
