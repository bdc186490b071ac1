/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "json/via-json.h"

G_BEGIN_DECLS

/*
 * The value that the JSON Pointer @pointer (RFC 6901) names, seen from @root: "" is @root, "/a~1b/0" the first element of
 * its member "a/b". The missing value when there is none or @pointer is none.
 */
ViaJsonValue via_json_pointer_get (ViaJsonValue  root,
                                   const char   *pointer);

/*
 * @value, or what it stands for when it is an object with "$ref": references into @root ("#", "#/$defs/x", JSON Schema
 * 2020-12, section 8.2.3.1) are followed, at most @max_steps of them. The missing value for a reference that leads
 * nowhere, into a circle, or out of the document: nothing is ever fetched, and anchors and $id are not looked up. What
 * stands beside "$ref" is the caller's business.
 */
ViaJsonValue via_json_resolve     (ViaJsonValue  root,
                                   ViaJsonValue  value,
                                   guint         max_steps);

G_END_DECLS
