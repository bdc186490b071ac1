/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/via-redactor.h"

G_BEGIN_DECLS

/* Takes out what stands behind the names of credentials. (transfer full) */
char *via_redactor_mask_named (const char *text);

G_END_DECLS
