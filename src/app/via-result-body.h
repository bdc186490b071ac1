/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bridge/via-operation.h"

G_BEGIN_DECLS

/*
 * ViaResultBody is the open part of a card: Result, Structured, Raw and Messages, of those the ones that have content.
 * Each is built when it is looked at.
 *
 * Properties: "plain-text" (Markdown is shown as it was written), "has-markdown" (read-only).
 */
#define VIA_TYPE_RESULT_BODY (via_result_body_get_type ())
G_DECLARE_FINAL_TYPE (ViaResultBody, via_result_body, VIA, RESULT_BODY, AdwBin)

/* @operation: finished. */
GtkWidget *via_result_body_new          (ViaOperation  *operation);
gboolean   via_result_body_has_markdown (ViaResultBody *self);

G_END_DECLS
