/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "config/via-config.h"

G_BEGIN_DECLS

/* Private to config/. */
const char *via_config_get_file_name  (ViaConfig               *self);
gsize       via_config_get_length     (ViaConfig               *self);
gboolean    via_config_settings_equal (const ViaConfigSettings *a,
                                       const ViaConfigSettings *b);
/* Remembers what @self was edited from. Only before anybody else has @self. */
void        via_config_set_parent     (ViaConfig               *self,
                                       ViaConfig               *parent);
/* TRUE when @self was not made by an edit, or when it or what it was edited from has this text. */
gboolean    via_config_stems_from     (ViaConfig               *self,
                                       const char              *text,
                                       gsize                    length);

G_END_DECLS
