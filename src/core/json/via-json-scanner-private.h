/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "json/via-json-private.h"

G_BEGIN_DECLS

#define VIA_JSON_SCANNER_NONE G_MAXUINT32

typedef enum
{
  VIA_JSON_SCANNER_EXPECT_VALUE,
  VIA_JSON_SCANNER_EXPECT_FIRST_ELEMENT,
  VIA_JSON_SCANNER_EXPECT_FIRST_KEY,
  VIA_JSON_SCANNER_EXPECT_KEY,
  VIA_JSON_SCANNER_EXPECT_COMMA_OR_CLOSE,
  VIA_JSON_SCANNER_FINISHED,
} ViaJsonScannerState;

typedef struct
{
  const guint8        *text;
  const guint8        *end;
  const guint8        *at;
  ViaJsonScannerState  state;

  ViaJsonNode         *nodes;
  guint32              n_nodes;
  guint32              n_room;
  guint32              max_nodes;
  guint32              open; /* the innermost open container or VIA_JSON_SCANNER_NONE */
  guint                depth;
  guint                max_depth;
  ViaJsonKeyTable      keys;

  ViaJsonError         code;
  const guint8        *problem_at;
  char                *problem;
} ViaJsonScanner;

/* All of these note the problem and return FALSE, so that "return fail…" ends a step. */
gboolean via_json_scanner_fail              (ViaJsonScanner *self,
                                             ViaJsonError    code,
                                             const guint8   *at,
                                             const char     *problem);
gboolean via_json_scanner_fail_syntax       (ViaJsonScanner *self,
                                             const char     *problem);
gboolean via_json_scanner_fail_limit        (ViaJsonScanner *self,
                                             const char     *format,
                                             ...) G_GNUC_PRINTF (2, 3);
/* @otherwise, unless the byte is no text at all. */
gboolean via_json_scanner_fail_foreign_byte (ViaJsonScanner *self,
                                             const char     *otherwise);
gboolean via_json_scanner_fail_end          (ViaJsonScanner *self);
gboolean via_json_scanner_fail_value        (ViaJsonScanner *self);
gboolean via_json_scanner_fail_key          (ViaJsonScanner *self);
gboolean via_json_scanner_fail_control      (ViaJsonScanner *self);
void     via_json_scanner_take_problem      (ViaJsonScanner *self,
                                             GError        **error);

/* Bytes of the UTF-8 sequence at @p, 0 if it is none (RFC 3629: no overlong form, no surrogate, at most U+10FFFF). */
static inline guint
via_json_measure_utf8 (const guint8 *p,
                       const guint8 *end)
{
  const gsize left = (gsize) (end - p);
  const guint8 lead = p[0];
  guint8 low = 0x80;
  guint8 high = 0xbf;

  if (lead < 0xc2 || lead > 0xf4 || left < 2)
    return 0;
  if (lead < 0xe0)
    return (p[1] & 0xc0) == 0x80 ? 2 : 0;

  if (lead == 0xe0)
    low = 0xa0;
  else if (lead == 0xed)
    high = 0x9f;
  else if (lead == 0xf0)
    low = 0x90;
  else if (lead == 0xf4)
    high = 0x8f;

  if (p[1] < low || p[1] > high || left < 3 || (p[2] & 0xc0) != 0x80)
    return 0;
  if (lead < 0xf0)
    return 3;
  return left >= 4 && (p[3] & 0xc0) == 0x80 ? 4 : 0;
}

G_END_DECLS
