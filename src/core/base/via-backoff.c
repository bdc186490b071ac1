/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-base"

#include "config.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/via-backoff.h"
#include "base/via-limits.h"

#define YEAR_S (G_GINT64_CONSTANT (365) * 24 * 60 * 60)

gint64
via_backoff_get_delay (double factor,
                       guint  n,
                       guint  max_ms,
                       double random)
{
  const double jitter = isfinite (random) ? CLAMP (random, 0.0, 1.0) : 0.0;
  const double seconds = pow (factor, n) + jitter;

  /* Also what an infinite or undefined power falls into. */
  if (!(seconds * 1000 < max_ms))
    return max_ms;
  return MAX ((gint64) (seconds * 1000), 0);
}

static int
find_month (const char *name)
{
  static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

  for (int i = 0; i < 12; i++)
    if (strncmp (months + i * 3, name, 3) == 0)
      return i + 1;
  return 0;
}

/* A two-digit year is the one that lies at most 50 years ahead (RFC 9110, section 5.6.7). */
static int
complete_year (int    year,
               gint64 now_s)
{
  g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc (now_s);
  const int this_year = now != NULL ? g_date_time_get_year (now) : 1970;
  const int guess = this_year - this_year % 100 + year;

  return guess > this_year + 50 ? guess - 100 : guess;
}

static gboolean
parse_http_date (const char *text,
                 gint64      now_s,
                 gint64     *unix_s)
{
  g_autoptr(GDateTime) date = NULL;
  char month[4] = "";
  int day, year, hour, minute, second;
  int end = 0;

  if (sscanf (text, "%*3[A-Za-z], %2d %3[A-Za-z] %4d %2d:%2d:%2d GMT%n",
              &day, month, &year, &hour, &minute, &second, &end) == 6 && end > 0)
    ;
  else if (sscanf (text, "%*9[A-Za-z], %2d-%3[A-Za-z]-%2d %2d:%2d:%2d GMT%n",
                   &day, month, &year, &hour, &minute, &second, &end) == 6 && end > 0)
    year = complete_year (year, now_s);
  else if (sscanf (text, "%*3[A-Za-z] %3[A-Za-z] %2d %2d:%2d:%2d %4d%n",
                   month, &day, &hour, &minute, &second, &year, &end) == 6 && end > 0)
    ;
  else
    return FALSE;

  if (text[end] != '\0')
    return FALSE;
  /* A leap second is as good as the one before it. */
  date = g_date_time_new_utc (year, find_month (month), day, hour, minute, MIN (second, 59));
  if (date == NULL)
    return FALSE;
  *unix_s = g_date_time_to_unix (date);
  return TRUE;
}

static gboolean
parse_seconds (const char *text,
               gint64     *seconds)
{
  gint64 sum = 0;

  if (*text == '\0')
    return FALSE;
  for (const char *p = text; *p != '\0'; p++)
    {
      if (!g_ascii_isdigit (*p))
        return FALSE;
      sum = MIN (sum * 10 + (*p - '0'), YEAR_S);
    }
  *seconds = sum;
  return TRUE;
}

gint64
via_backoff_parse_retry_after (const char *text,
                               gint64      wall_time)
{
  const gint64 now_s = wall_time / G_USEC_PER_SEC;
  g_autofree char *value = NULL;
  gint64 seconds, date;

  /* No form of it is longer. */
  if (text == NULL || strlen (text) > 256)
    return -1;
  value = g_strstrip (g_strdup (text));
  if (!parse_seconds (value, &seconds))
    {
      if (!parse_http_date (value, now_s, &date))
        return -1;
      seconds = date - now_s;
    }
  return CLAMP (seconds, 0, YEAR_S) * 1000;
}

gboolean
via_backoff_is_obeyed (gint64 retry_after_ms)
{
  return retry_after_ms >= 0 && retry_after_ms <= VIA_LIMIT_RETRY_AFTER_MS;
}
