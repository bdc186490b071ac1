/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/via-limits.h"
#include "rpc/via-rpc-error.h"
#include "transport/via-sse-parser.h"

/* An event reads as "type|id|data"; events are separated by " / ". */
static void
collect (const ViaSseEvent *event,
         gpointer           user_data)
{
  GString *text = user_data;
  gsize length;
  const char *data = g_bytes_get_data (event->data, &length);

  g_string_append_printf (text, "%s%s|%s|%.*s", text->len > 0 ? " / " : "", event->type, event->id, (int) length,
                          data != NULL ? data : "");
}

static const struct
{
  const char *description;
  const char *stream;
  const char *events;
  gint64      retry;
} table[] = {
  { "nothing", "", "", -1 },
  { "one event", "data: a\n\n", "message||a", -1 },
  { "carriage returns", "data: a\r\rdata: b\r\r", "message||a / message||b", -1 },
  { "both", "data: a\r\n\r\ndata: b\r\n\r\n", "message||a / message||b", -1 },
  { "mixed ends", "data: a\r\ndata: b\n\rdata: c\n\n", "message||a\nb / message||c", -1 },
  { "lines join", "data: a\ndata: b\ndata:\n\n", "message||a\nb\n", -1 },
  { "one space goes", "data:  a\ndata:b\n\n", "message|| a\nb", -1 },
  { "field without colon", "data\n\n", "message||", -1 },
  { "comments", ": hello\n\n:\ndata: a\n: in between\n\n", "message||a", -1 },
  { "named", "event: endpoint\ndata: /x\n\ndata: y\n\n", "endpoint||/x / message||y", -1 },
  { "name alone is no event", "event: x\n\ndata: y\n\n", "message||y", -1 },
  { "ids stay", "id: 7\ndata: a\n\ndata: b\n\n", "message|7|a / message|7|b", -1 },
  { "id is emptied", "id: 7\ndata: a\n\nid\ndata: b\n\n", "message|7|a / message||b", -1 },
  { "priming event", "id: p\nretry: 500\ndata: \n\n", "message|p|", 500 },
  { "id without data", "id: p\n\n", "message|p|", -1 },
  { "retry clamps", "retry: 99999999999999999999\n\n", "", VIA_LIMIT_SSE_RETRY_MS },
  { "retry of digits only", "retry: 5s\nretry: -1\nretry:\n\n", "", -1 },
  { "unknown field", "colour: red\ndata: a\n\n", "message||a", -1 },
  { "byte order mark", "\xef\xbb\xbf" "data: a\n\n", "message||a", -1 },
  { "mark in the middle", "data: a\n\n\xef\xbb\xbf" "data: b\n\ndata: c\n\n", "message||a / message||c", -1 },
  { "unfinished", "data: a\n\ndata: b\n", "message||a", -1 },
  { "colons in data", "data: {\"a\":1}\n\n", "message||{\"a\":1}", -1 },
};

static void
check (gsize row,
       gsize split,
       gsize step)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(ViaSseParser) parser = via_sse_parser_new (0, collect, text);
  const char *stream = table[row].stream;
  gsize length = strlen (stream);
  gsize at = MIN (split, length);
  GError *error = NULL;

  g_assert_true (via_sse_parser_feed (parser, stream, at, &error));
  while (at < length)
    {
      gsize part = MIN (step, length - at);

      g_assert_true (via_sse_parser_feed (parser, stream + at, part, &error));
      at += part;
    }
  g_assert_no_error (error);
  g_test_message ("%s, split %" G_GSIZE_FORMAT ", step %" G_GSIZE_FORMAT, table[row].description, split, step);
  g_assert_cmpstr (text->str, ==, table[row].events);
  g_assert_cmpint (via_sse_parser_get_retry (parser), ==, table[row].retry);
}

static void
test_table (void)
{
  for (gsize row = 0; row < G_N_ELEMENTS (table); row++)
    check (row, 0, G_MAXSIZE / 2);
}

static void
test_every_split (void)
{
  for (gsize row = 0; row < G_N_ELEMENTS (table); row++)
    for (gsize split = 0; split <= strlen (table[row].stream); split++)
      for (gsize step = 1; step <= 5; step++)
        check (row, split, step);
}

static void
test_nul_in_id (void)
{
  static const char stream[] = "id: a\0b\ndata: x\n\n";
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(ViaSseParser) parser = via_sse_parser_new (0, collect, text);

  g_assert_true (via_sse_parser_feed (parser, stream, sizeof stream - 1, NULL));
  g_assert_cmpstr (text->str, ==, "message||x");
}

static void
test_long_id (void)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GString) stream = g_string_new ("id: ");
  g_autoptr(ViaSseParser) parser = via_sse_parser_new (0, collect, text);

  for (guint i = 0; i <= VIA_LIMIT_SSE_EVENT_ID_BYTES; i++)
    g_string_append_c (stream, 'i');
  g_string_append (stream, "\ndata: x\n\n");
  g_assert_true (via_sse_parser_feed (parser, stream->str, stream->len, NULL));
  g_assert_cmpstr (text->str, ==, "message||x");
  g_assert_cmpstr (via_sse_parser_get_last_event_id (parser), ==, "");
}

/* Feeds @piece again and again until it is refused, and says after how many bytes. */
static gsize
feed_until_refused (const char *piece)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(ViaSseParser) parser = via_sse_parser_new (100000, collect, text);
  g_autoptr(GError) error = NULL;
  gsize fed = 0;

  while (via_sse_parser_feed (parser, piece, strlen (piece), &error))
    {
      fed += strlen (piece);
      g_assert_cmpuint (fed, <, 1000000);
    }
  g_assert_error (error, VIA_RPC_ERROR, VIA_RPC_ERROR_TOO_LARGE);
  g_assert_cmpstr (text->str, ==, "");
  return fed;
}

static void
test_endless_line (void)
{
  g_assert_cmpuint (feed_until_refused ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), <=,
                    100000 + VIA_LIMIT_SSE_LINE_SLACK);
}

static void
test_endless_event (void)
{
  g_assert_cmpuint (feed_until_refused ("data: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"), <=, 400000);
}

static void
test_comments_cost_nothing (void)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(ViaSseParser) parser = via_sse_parser_new (1000, collect, text);

  for (guint i = 0; i < 100000; i++)
    g_assert_true (via_sse_parser_feed (parser, ": keepalive\n\n", 13, NULL));
  g_assert_true (via_sse_parser_feed (parser, "data: a\n\n", 9, NULL));
  g_assert_cmpstr (text->str, ==, "message||a");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/sse-parser/table", test_table);
  g_test_add_func ("/core/sse-parser/every-split", test_every_split);
  g_test_add_func ("/core/sse-parser/nul-in-id", test_nul_in_id);
  g_test_add_func ("/core/sse-parser/long-id", test_long_id);
  g_test_add_func ("/core/sse-parser/endless-line", test_endless_line);
  g_test_add_func ("/core/sse-parser/endless-event", test_endless_event);
  g_test_add_func ("/core/sse-parser/comments-cost-nothing", test_comments_cost_nothing);
  return g_test_run ();
}
