/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "config/via-config-file.h"

G_BEGIN_DECLS

/* What is wrong in the configuration file, line by line, while the last good configuration runs on. Hidden without errors. */
#define VIA_TYPE_PROBLEMS_CARD (via_problems_card_get_type ())
G_DECLARE_FINAL_TYPE (ViaProblemsCard, via_problems_card, VIA, PROBLEMS_CARD, AdwBin)

/* Shows what @file's newest reading found. */
void via_problems_card_set_file (ViaProblemsCard *self,
                                 ViaConfigFile   *file);

G_END_DECLS
