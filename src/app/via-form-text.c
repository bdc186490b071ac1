/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-app"

#include "config.h"

#include <string.h>

#include "json/via-json-writer.h"

#include "via-form-private.h"

/* Where a member or an element stands in its text: from its key, or its own first byte, to its end. */
typedef struct
{
  gsize start;
  gsize end;
} Span;

static const char *
get_text (ViaJsonDocument *document,
          gsize           *length)
{
  return g_bytes_get_data (via_json_document_get_bytes (document), length);
}

static Span
locate (ViaJsonDocument *document,
        ViaJsonValue     value)
{
  gsize length;
  const char *raw = via_json_value_get_raw (value, &length);
  gsize start = (gsize) (raw - get_text (document, NULL));

  return (Span) { start, start + length };
}

static GArray *
locate_children (ViaJsonDocument *document,
                 ViaJsonValue     container)
{
  GArray *spans = g_array_new (FALSE, FALSE, sizeof (Span));
  ViaJsonIter iter;
  ViaJsonValue key;
  ViaJsonValue value;

  via_json_iter_init (&iter, container);
  while (via_json_iter_next (&iter, &key, &value))
    {
      Span span = locate (document, value);

      if (!via_json_value_is_missing (key))
        span.start = locate (document, key).start;
      g_array_append_val (spans, span);
    }

  return spans;
}

/* The text with @with in place of the bytes from @start to before @end. */
static char *
splice (ViaJsonDocument *document,
        gsize            start,
        gsize            end,
        const char      *with)
{
  gsize length;
  const char *text = get_text (document, &length);
  GString *out = g_string_sized_new (length + strlen (with) + 1);

  g_string_append_len (out, text, (gssize) start);
  g_string_append (out, with);
  g_string_append_len (out, text + end, (gssize) (length - end));

  return g_string_free (out, FALSE);
}

/* The white space before @offset, (transfer full). */
static char *
dup_space_before (ViaJsonDocument *document,
                  gsize            offset)
{
  const char *text = get_text (document, NULL);
  gsize start = offset;

  while (start > 0 && strchr (" \t\r\n", text[start - 1]) != NULL)
    start--;

  return g_strndup (text + start, offset - start);
}

/* How deep the line is indented on which @offset stands, (transfer full). */
static char *
dup_indent (ViaJsonDocument *document,
            gsize            offset)
{
  const char *text = get_text (document, NULL);
  gsize start = offset;

  while (start > 0 && text[start - 1] != '\n')
    start--;

  return g_strndup (text + start, strspn (text + start, " \t"));
}

static char *
insert_first (ViaJsonDocument *document,
              ViaJsonValue     container,
              const char      *member)
{
  Span span = locate (document, container);
  g_autofree char *indent = dup_indent (document, span.start);
  g_autofree char *text = NULL;

  if (via_json_value_is_object (container))
    text = g_strdup_printf ("{\n%s  %s\n%s}", indent, member, indent);
  else
    text = g_strdup_printf ("[%s]", member);

  return splice (document, span.start, span.end, text);
}

char *
via_form_text_replace (ViaJsonDocument *document,
                       ViaJsonValue     old,
                       const char      *raw)
{
  Span span = locate (document, old);

  return splice (document, span.start, span.end, raw);
}

char *
via_form_text_remove (ViaJsonDocument *document,
                      ViaJsonValue     container,
                      guint            index)
{
  g_autoptr(GArray) spans = locate_children (document, container);
  Span all = locate (document, container);
  Span gone;

  g_return_val_if_fail (index < spans->len, NULL);

  gone = g_array_index (spans, Span, index);
  if (spans->len == 1)
    return splice (document, all.start + 1, all.end - 1, "");
  if (index + 1 < spans->len)
    return splice (document, gone.start, g_array_index (spans, Span, index + 1).start, "");

  return splice (document, g_array_index (spans, Span, index - 1).end, gone.end, "");
}

char *
via_form_text_insert (ViaJsonDocument *document,
                      ViaJsonValue     container,
                      guint            index,
                      const char      *key,
                      const char      *raw)
{
  g_autoptr(GArray) spans = locate_children (document, container);
  g_autofree char *quoted = key != NULL ? via_form_text_quote (key) : NULL;
  g_autofree char *member = key != NULL ? g_strdup_printf ("%s: %s", quoted, raw) : g_strdup (raw);
  g_autofree char *space = NULL;
  g_autofree char *text = NULL;
  Span neighbour;

  if (spans->len == 0)
    return insert_first (document, container, member);

  /* The new one stands apart as its neighbour does: on a line of its own, or after a space. */
  index = MIN (index, spans->len);
  neighbour = g_array_index (spans, Span, index > 0 ? index - 1 : 0);
  space = dup_space_before (document, neighbour.start);
  if (strchr (space, '\n') == NULL)
    {
      g_free (space);
      space = g_strdup (" ");
    }
  if (index > 0)
    {
      text = g_strdup_printf (",%s%s", space, member);
      return splice (document, neighbour.end, neighbour.end, text);
    }

  text = g_strdup_printf ("%s,%s", member, space);
  return splice (document, neighbour.start, neighbour.start, text);
}

char *
via_form_text_quote (const char *text)
{
  ViaJsonWriter writer;

  via_json_writer_init (&writer);
  via_json_writer_string (&writer, text);
  return via_json_writer_end (&writer);
}
