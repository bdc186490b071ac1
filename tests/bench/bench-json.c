/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "bench-json"

#include "config.h"

#include <string.h>

#if __has_include(<json-glib/json-glib.h>)
#include <json-glib/json-glib.h>
#define HAVE_JSON_GLIB
#endif

#include "json/via-json.h"

/* How fast JSON is read, in MB/s, best of five, beside json-glib for comparison. */

#define BYTES (10 * 1000 * 1000)

typedef gboolean (*Read) (GBytes *text);

static gboolean
read_ours (GBytes *text)
{
  g_autoptr(ViaJsonDocument) document = via_json_document_new (text, NULL, NULL);

  return document != NULL;
}

#ifdef HAVE_JSON_GLIB
static gboolean
read_json_glib (GBytes *text)
{
  g_autoptr(JsonParser) parser = json_parser_new ();
  gsize length;
  const char *data = g_bytes_get_data (text, &length);

  return json_parser_load_from_data (parser, data, (gssize) length, NULL);
}
#endif

static void
measure (const char *what,
         GBytes     *text,
         Read        read,
         guint       rounds)
{
  gint64 best = G_MAXINT64;

  for (guint i = 0; i < rounds; i++)
    {
      const gint64 start = g_get_monotonic_time ();

      if (!read (text))
        g_error ("%s was refused", what);
      best = MIN (best, g_get_monotonic_time () - start);
    }
  g_print ("%-28s %8.1f MB/s\n", what, (double) g_bytes_get_size (text) / (double) MAX (best, 1));
}

/* @item repeated as the elements of one array. */
static GBytes *
make_array (const char *item)
{
  GString *out = g_string_sized_new (BYTES + 4096);

  g_string_append_c (out, '[');
  while (out->len < BYTES)
    g_string_append (g_string_append (out, item), ",");
  g_string_append (out, "0]");
  return g_string_free_to_bytes (out);
}

int
main (void)
{
  static const struct
  {
    const char *name;
    const char *item;
  } texts[] = {
    { "prose",
      "{\"type\":\"text\",\"text\":\"The quick brown fox jumps over the lazy dog, again and again, until the page is full "
      "of foxes and of dogs, and nobody remembers which of them it was that had begun to jump in the first place.\\n\"}" },
    { "prose, not ASCII",
      "{\"type\":\"text\",\"text\":\"Der schnelle braune Fuchs springt \xc3\xbc" "ber den faulen Hund \xe2\x80\x93 wieder und "
      "wieder; \xd0\xb1\xd1\x8b\xd1\x81\xd1\x82\xd1\x80\xd0\xb0\xd1\x8f \xd0\xbb\xd0\xb8\xd1\x81\xd0\xb0\"}" },
    { "records", "{\"id\":12345,\"name\":\"alpha\",\"ok\":true,\"score\":0.25,\"tags\":[\"a\",\"b\"],\"parent\":null}" },
    { "[1,1,1,...]", "1" },
    { "[{},{},{},...]", "{}" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GBytes) text = make_array (texts[i].item);
      g_autofree char *ours = g_strconcat (texts[i].name, ", ours", NULL);

      measure (ours, text, read_ours, 5);
#ifdef HAVE_JSON_GLIB
      g_autofree char *theirs = g_strconcat (texts[i].name, ", json-glib", NULL);

      measure (theirs, text, read_json_glib, 2);
#endif
    }
  return 0;
}
