/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-base"

#include "config.h"

#include "base/via-ids.h"

#define FIRST_SECOND (-G_GINT64_CONSTANT (62135596800)) /* of the year 1 */
#define LAST_SECOND G_GINT64_CONSTANT (253402300799)    /* of the year 9999 */

char *
via_id_new_at (gint64        wall_time,
               const guint32 random[3])
{
  const guint64 time = (guint64) MAX (wall_time, 0);
  const guint64 milliseconds = (time / 1000) & G_GUINT64_CONSTANT (0xffffffffffff);
  /* The fraction of the millisecond makes ids of one millisecond sort too (RFC 9562, section 6.2, method 3). */
  const guint fraction = (guint) (time % 1000 * 4096 / 1000);
  const guint variant = 0x8000 | (random[0] & 0x3fff);

  return g_strdup_printf ("%08x-%04x-%04x-%04x-%04x%08x",
                          (guint) (milliseconds >> 16), (guint) (milliseconds & 0xffff), 0x7000 | fraction,
                          variant, random[1] & 0xffff, random[2]);
}

char *
via_id_new (void)
{
  const guint32 random[] = { g_random_int (), g_random_int (), g_random_int () };

  return via_id_new_at (g_get_real_time (), random);
}

gboolean
via_id_is_valid (const char *text)
{
  return text != NULL && g_uuid_string_is_valid (text);
}

char *
via_timestamp_format (gint64 wall_time)
{
  /* Rounded down, also before 1970. */
  const gint64 seconds = wall_time / G_USEC_PER_SEC - (wall_time % G_USEC_PER_SEC < 0);
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc (CLAMP (seconds, FIRST_SECOND, LAST_SECOND));

  return g_strdup_printf ("%04d-%02d-%02dT%02d:%02d:%02dZ",
                          g_date_time_get_year (time), g_date_time_get_month (time),
                          g_date_time_get_day_of_month (time), g_date_time_get_hour (time),
                          g_date_time_get_minute (time), g_date_time_get_second (time));
}

char *
via_timestamp_now (void)
{
  return via_timestamp_format (g_get_real_time ());
}
