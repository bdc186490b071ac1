/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-demo"

#include "config.h"

#include <math.h>

#include "demo-tools.h"

#define SAMPLES_PER_SECOND 22050
#define FADE_SECONDS 0.02 /* without it the ends would click */

static void
append_le (GByteArray *out,
           guint32     value,
           guint       n_bytes)
{
  for (guint i = 0; i < n_bytes; i++)
    {
      guint8 byte = (guint8) (value >> (8 * i));

      g_byte_array_append (out, &byte, 1);
    }
}

static void
append_tag (GByteArray *out,
            const char *tag)
{
  g_byte_array_append (out, (const guint8 *) tag, 4);
}

static void
append_header (GByteArray *out,
               guint32     data_bytes)
{
  append_tag (out, "RIFF");
  append_le (out, 36 + data_bytes, 4);
  append_tag (out, "WAVE");
  append_tag (out, "fmt ");
  append_le (out, 16, 4);
  append_le (out, 1, 2); /* PCM */
  append_le (out, 1, 2); /* mono */
  append_le (out, SAMPLES_PER_SECOND, 4);
  append_le (out, SAMPLES_PER_SECOND * 2, 4);
  append_le (out, 2, 2);
  append_le (out, 16, 2);
  append_tag (out, "data");
  append_le (out, data_bytes, 4);
}

GBytes *
demo_make_tone (double frequency,
                double seconds,
                double volume)
{
  guint32 n_samples = (guint32) (seconds * SAMPLES_PER_SECOND);
  GByteArray *out = g_byte_array_sized_new (44 + n_samples * 2);

  append_header (out, n_samples * 2);
  for (guint32 i = 0; i < n_samples; i++)
    {
      double time = (double) i / SAMPLES_PER_SECOND;
      double fade = MIN (1.0, MIN (time, seconds - time) / FADE_SECONDS);
      double sample = sin (time * frequency * 2 * G_PI) * volume * fade;

      append_le (out, (guint32) (gint16) lrint (sample * G_MAXINT16), 2);
    }
  return g_byte_array_free_to_bytes (out);
}
