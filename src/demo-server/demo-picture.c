/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-demo"

#include "config.h"

#include <math.h>
#include <string.h>

#include "demo-tools.h"

#define STORED_BLOCK_MAX 65535 /* bytes of one deflate block that is not compressed */

/* PNG (ISO 15948) without a compression library: the pixels stand in stored deflate blocks (RFC 1951, section 3.2.4). */

static void
append_be32 (GByteArray *out,
             guint32     value)
{
  const guint8 bytes[] = { (guint8) (value >> 24), (guint8) (value >> 16), (guint8) (value >> 8), (guint8) value };

  g_byte_array_append (out, bytes, sizeof bytes);
}

static guint32
crc32_of (const guint8 *data,
          gsize         length)
{
  guint32 table[256];
  guint32 crc = 0xffffffffu;

  for (guint32 i = 0; i < 256; i++)
    {
      table[i] = i;
      for (guint bit = 0; bit < 8; bit++)
        table[i] = (table[i] & 1) != 0 ? 0xedb88320u ^ table[i] >> 1 : table[i] >> 1;
    }
  for (gsize i = 0; i < length; i++)
    crc = table[(crc ^ data[i]) & 0xff] ^ crc >> 8;
  return crc ^ 0xffffffffu;
}

static guint32
adler32_of (const guint8 *data,
            gsize         length)
{
  guint32 a = 1, b = 0;

  for (gsize i = 0; i < length; i++)
    {
      a = (a + data[i]) % 65521;
      b = (b + a) % 65521;
    }
  return b << 16 | a;
}

/* Its length stands before a chunk, the check sum of its type and data behind it. */
static void
append_chunk (GByteArray *out,
              const char *type,
              GByteArray *data)
{
  guint start = out->len + 4;

  append_be32 (out, data->len);
  g_byte_array_append (out, (const guint8 *) type, 4);
  g_byte_array_append (out, data->data, data->len);
  append_be32 (out, crc32_of (out->data + start, out->len - start));
}

static GByteArray *
deflate_stored (GByteArray *data)
{
  GByteArray *out = g_byte_array_sized_new (data->len + data->len / STORED_BLOCK_MAX * 5 + 16);

  g_byte_array_append (out, (const guint8 *) "\x78\x01", 2);
  for (guint at = 0; at < data->len;)
    {
      guint length = MIN (data->len - at, STORED_BLOCK_MAX);
      const guint8 head[] = { at + length == data->len, (guint8) length, (guint8) (length >> 8),
                              (guint8) ~length, (guint8) (~length >> 8) };

      g_byte_array_append (out, head, sizeof head);
      g_byte_array_append (out, data->data + at, length);
      at += length;
    }
  append_be32 (out, adler32_of (data->data, data->len));
  return out;
}

/* @lines: for each line a zero (no filter), then three bytes a pixel. */
static GBytes *
make_png (GByteArray *lines,
          guint       width,
          guint       height)
{
  g_autoptr(GByteArray) header = g_byte_array_new ();
  g_autoptr(GByteArray) pixels = deflate_stored (lines);
  g_autoptr(GByteArray) end = g_byte_array_new ();
  GByteArray *out = g_byte_array_sized_new (pixels->len + 64);

  append_be32 (header, width);
  append_be32 (header, height);
  g_byte_array_append (header, (const guint8 *) "\x08\x02\x00\x00\x00", 5); /* 8 bit, RGB, not interlaced */
  g_byte_array_append (out, (const guint8 *) "\x89PNG\r\n\x1a\n", 8);
  append_chunk (out, "IHDR", header);
  append_chunk (out, "IDAT", pixels);
  append_chunk (out, "IEND", end);
  return g_byte_array_free_to_bytes (out);
}

/* Motifs: the colour (0xRRGGBB) at @x, @y, both from 0 to 1. */

static guint32
mix (guint32 a,
     guint32 b,
     double  part)
{
  guint32 colour = 0;

  for (guint shift = 0; shift < 24; shift += 8)
    {
      double from = a >> shift & 0xff, to = b >> shift & 0xff;

      colour |= (guint32) lrint (from + (to - from) * CLAMP (part, 0, 1)) << shift;
    }
  return colour;
}

static guint32
paint_sunset (double x,
              double y)
{
  double from_sun = hypot (x - 0.5, y - 0.62);

  if (y > 0.7)
    return mix (0x1a5fb4, 0x0b2545, (y - 0.7) / 0.3);
  return from_sun < 0.16 ? 0xffe08a : mix (mix (0x26184f, 0xff7800, y / 0.7), 0xffe08a, 0.25 - from_sun);
}

static guint32
paint_chessboard (double x,
                  double y)
{
  return ((guint) (x * 8) + (guint) (y * 8)) % 2 == 0 ? 0xf6f5f4 : 0x3d3846;
}

static guint32
paint_rings (double x,
             double y)
{
  return mix (0x33d17a, 0x1c71d8, 0.5 + 0.5 * cos (hypot (x - 0.5, y - 0.5) * 60));
}

/* A viaduct: a deck on arches, before a valley. */
static guint32
paint_bridge (double x,
              double y)
{
  double in_bay = fmod (x * 5, 1.0) - 0.5;
  double arch = 0.45 + 0.12 * (1 - sqrt (MAX (0, 1 - in_bay * in_bay / 0.16)));

  if (y > 0.38 && y < 0.44)
    return 0x5e5c64;
  if (y >= 0.44 && y < 0.85 && (fabs (in_bay) > 0.4 || y < arch))
    return mix (0xc0bfbc, 0x77767b, (y - 0.44) / 0.4);
  if (y > 0.72 + 0.06 * sin (x * 5))
    return mix (0x57e389, 0x26a269, (y - 0.7) / 0.3);
  return mix (0x99c1f1, 0xf6f5f4, y / 0.75);
}

static const struct
{
  const char *name;
  guint32   (*paint) (double x, double y);
} motifs[] = {
  { "sunset", paint_sunset },
  { "chessboard", paint_chessboard },
  { "rings", paint_rings },
  { "bridge", paint_bridge },
};

GBytes *
demo_draw_picture (const char *motif,
                   guint       width,
                   guint       height)
{
  g_autoptr(GByteArray) lines = g_byte_array_sized_new ((width * 3 + 1) * height);
  guint32 (*paint) (double x, double y) = paint_bridge;

  for (guint i = 0; i < G_N_ELEMENTS (motifs); i++)
    if (strcmp (motifs[i].name, motif) == 0)
      paint = motifs[i].paint;
  for (guint y = 0; y < height; y++)
    {
      g_byte_array_append (lines, (const guint8 *) "", 1);
      for (guint x = 0; x < width; x++)
        {
          guint32 colour = paint ((x + 0.5) / width, (y + 0.5) / height);
          const guint8 rgb[] = { (guint8) (colour >> 16), (guint8) (colour >> 8), (guint8) colour };

          g_byte_array_append (lines, rgb, sizeof rgb);
        }
    }
  return make_png (lines, width, height);
}
