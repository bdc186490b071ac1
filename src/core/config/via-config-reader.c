/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <yaml.h>

#include "base/via-limits.h"
#include "config/via-config-node.h"
#include "config/via-config-problem.h"

#define CHECKPOINT 256 /* characters between two remembered byte offsets */
#define FAULTS_MAX 50  /* behind so many the rest of the text is not worth reading */

/*
 * Reads YAML event by event, because libyaml's own loader has no limit on depth, follows aliases into cycles and needs
 * quadratic time for anchors. What a configuration has no use for (anchors, aliases, tags, merges, several documents,
 * duplicate keys) is refused with its place. Lives on the stack for one reading.
 */
typedef struct
{
  yaml_parser_t  parser;
  const char    *text;
  gsize          length;
  gsize          base;    /* bytes of a byte order mark */
  GArray        *offsets; /* gsize: bytes before every CHECKPOINT-th character; libyaml's marks count characters */
  GPtrArray     *problems;
  guint          faults;
  guint          nodes;
  gboolean       stopped; /* a problem behind which nothing can be read */
} Reader;

void
via_config_node_free (ViaConfigNode *node)
{
  if (node == NULL)
    return;
  g_free (node->text);
  g_clear_pointer (&node->keys, g_ptr_array_unref);
  g_clear_pointer (&node->values, g_ptr_array_unref);
  g_free (node);
}

static void
node_destroy (gpointer data)
{
  via_config_node_free (data);
}

gboolean
via_config_node_is_null (const ViaConfigNode *node)
{
  if (node == NULL)
    return TRUE;
  return node->kind == VIA_NODE_SCALAR && node->style == VIA_SCALAR_PLAIN
         && (*node->text == '\0' || g_str_equal (node->text, "~") || g_ascii_strcasecmp (node->text, "null") == 0);
}

int
via_config_node_index (const ViaConfigNode *mapping,
                       const char          *key)
{
  if (mapping == NULL || mapping->kind != VIA_NODE_MAPPING)
    return -1;
  for (guint i = 0; i < mapping->keys->len; i++)
    {
      const ViaConfigNode *node = g_ptr_array_index (mapping->keys, i);

      if (g_str_equal (node->text, key))
        return i;
    }
  return -1;
}

ViaConfigNode *
via_config_node_get (const ViaConfigNode *mapping,
                     const char          *key)
{
  int index = via_config_node_index (mapping, key);

  return index >= 0 ? g_ptr_array_index (mapping->values, index) : NULL;
}

static gboolean
nodes_equal (GPtrArray *a,
             GPtrArray *b)
{
  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    if (!via_config_node_equal (g_ptr_array_index (a, i), g_ptr_array_index (b, i)))
      return FALSE;
  return TRUE;
}

gboolean
via_config_node_equal (const ViaConfigNode *a,
                       const ViaConfigNode *b)
{
  if (a == NULL || b == NULL)
    return a == b;
  if (a->kind != b->kind)
    return FALSE;
  switch (a->kind)
    {
    case VIA_NODE_SCALAR:
      return g_str_equal (a->text, b->text) && (a->style == VIA_SCALAR_PLAIN) == (b->style == VIA_SCALAR_PLAIN);
    case VIA_NODE_MAPPING:
      return nodes_equal (a->keys, b->keys) && nodes_equal (a->values, b->values);
    case VIA_NODE_SEQUENCE:
      return nodes_equal (a->values, b->values);
    default:
      g_return_val_if_reached (FALSE);
    }
}

static void G_GNUC_PRINTF (3, 4)
fault (Reader            *reader,
       const yaml_mark_t *mark,
       const char        *format,
       ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  via_config_problems_add (reader->problems, FALSE, mark->line + 1, mark->column + 1, "", "%s", message);
  if (++reader->faults >= FAULTS_MAX)
    reader->stopped = TRUE;
}

static void
remember_offsets (Reader *reader)
{
  const char *at = reader->text + reader->base, *end = reader->text + reader->length;

  reader->offsets = g_array_new (FALSE, FALSE, sizeof (gsize));
  for (guint count = 0; at < end; at = g_utf8_next_char (at), count++)
    if (count % CHECKPOINT == 0)
      {
        gsize offset = at - reader->text;

        g_array_append_val (reader->offsets, offset);
      }
}

static gsize
mark_to_byte (Reader            *reader,
              const yaml_mark_t *mark)
{
  gsize slot = mark->index / CHECKPOINT, rest = mark->index % CHECKPOINT;
  const char *at, *end = reader->text + reader->length;

  if (slot >= reader->offsets->len)
    return reader->length;
  for (at = reader->text + g_array_index (reader->offsets, gsize, slot); rest > 0 && at < end; rest--)
    at = g_utf8_next_char (at);
  return at - reader->text;
}

/* libyaml says where it stopped, in its own words; the usual reasons get a sentence of ours. */
static void
report_syntax (Reader *reader)
{
  yaml_parser_t *parser = &reader->parser;
  const char *what = parser->problem != NULL ? parser->problem : "";
  gsize at = mark_to_byte (reader, &parser->problem_mark);

  reader->stopped = TRUE;
  if (parser->error == YAML_READER_ERROR)
    {
      via_config_problems_add (reader->problems, FALSE, 0, 0, "",
                               _("The file holds a character that YAML does not allow (byte %zu). Write it as an escape "
                                 "such as \"\\u0007\" within double quotes, or remove it."), parser->problem_offset);
      return;
    }
  if (at < reader->length && reader->text[at] == '\t')
    fault (reader, &parser->problem_mark, _("A tab stands where YAML wants spaces. Indent with spaces."));
  else if (strstr (what, "found undefined tag handle") != NULL || strstr (what, "tag") != NULL)
    fault (reader, &parser->problem_mark, _("Tags (words that begin with “!”) are not used here. Put the text in quotes."));
  else if (strstr (what, "alias") != NULL || strstr (what, "anchor") != NULL)
    fault (reader, &parser->problem_mark,
           _("Anchors and aliases (“&” and “*”) are not used here. Put the text in quotes, or write the value out."));
  else if (strstr (what, "could not find expected ':'") != NULL)
    fault (reader, &parser->problem_mark, _("The line before this place is no “key: value”. A colon and a space are missing."));
  else if (strstr (what, "unexpected end of stream") != NULL)
    fault (reader, &parser->problem_mark, _("A quote is opened and never closed. Close it."));
  else if (parser->context != NULL)
    fault (reader, &parser->problem_mark, _("This is not YAML: %s, %s (line %zu). Look at the indentation, quotes and brackets."),
           what, parser->context, parser->context_mark.line + 1);
  else
    fault (reader, &parser->problem_mark, _("This is not YAML: %s. Look at the indentation, quotes and brackets."), what);
}

static gboolean
next_event (Reader       *reader,
            yaml_event_t *event)
{
  if (reader->stopped)
    return FALSE;
  if (yaml_parser_parse (&reader->parser, event))
    return TRUE;
  if (reader->parser.error == YAML_MEMORY_ERROR)
    g_error ("out of memory");
  report_syntax (reader);
  return FALSE;
}

static ViaConfigNode *
node_new (Reader             *reader,
          const yaml_event_t *event,
          ViaNodeKind         kind)
{
  ViaConfigNode *node = g_new0 (ViaConfigNode, 1);

  node->kind = kind;
  node->start = mark_to_byte (reader, &event->start_mark);
  node->end = mark_to_byte (reader, &event->end_mark);
  node->line = event->start_mark.line + 1;
  node->column = event->start_mark.column + 1;
  return node;
}

static void
refuse_extras (Reader              *reader,
               const yaml_event_t  *event,
               const yaml_char_t   *anchor,
               const yaml_char_t   *tag)
{
  if (anchor != NULL)
    fault (reader, &event->start_mark, _("Anchors (“&%.40s”) are not used here. Write the value out where it is needed."),
           (const char *) anchor);
  if (tag != NULL)
    fault (reader, &event->start_mark, _("Tags (“%.40s”) are not used here. Leave it out, or put the text in quotes."),
           (const char *) tag);
}

/* A block scalar ends, for libyaml, behind the blank lines that follow it. */
static void
trim_block_scalar (Reader        *reader,
                   ViaConfigNode *node)
{
  const char *header = reader->text + node->start;
  gsize width = strcspn (header, " \t\r\n#");

  if (memchr (header, '+', width) != NULL) /* there the blank lines are part of the value */
    return;
  while (node->end > node->start + width && strchr (" \t\r\n", reader->text[node->end - 1]) != NULL)
    node->end--;
}

static ViaConfigNode *
read_scalar (Reader             *reader,
             const yaml_event_t *event)
{
  ViaConfigNode *node = node_new (reader, event, VIA_NODE_SCALAR);
  const char *value = (const char *) event->data.scalar.value;

  refuse_extras (reader, event, event->data.scalar.anchor, event->data.scalar.tag);
  if (strlen (value) != event->data.scalar.length)
    fault (reader, &event->start_mark, _("This text holds a NUL character (\\0). Remove it."));
  node->text = g_strdup (value);
  switch (event->data.scalar.style)
    {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE:
      node->style = VIA_SCALAR_SINGLE;
      break;
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
      node->style = VIA_SCALAR_DOUBLE;
      break;
    case YAML_LITERAL_SCALAR_STYLE:
    case YAML_FOLDED_SCALAR_STYLE:
      node->style = VIA_SCALAR_BLOCK;
      trim_block_scalar (reader, node);
      break;
    default:
      node->style = VIA_SCALAR_PLAIN;
      break;
    }
  return node;
}

static int
compare_keys (gconstpointer a,
              gconstpointer b)
{
  const ViaConfigNode *left = *(ViaConfigNode *const *) a;
  const ViaConfigNode *right = *(ViaConfigNode *const *) b;
  int order = strcmp (left->text, right->text);

  if (order != 0)
    return order;
  return left->start < right->start ? -1 : 1;
}

/* Sorting cannot be made slow by keys that were chosen to collide. */
static void
refuse_duplicates (Reader        *reader,
                   ViaConfigNode *mapping)
{
  g_autoptr(GPtrArray) sorted = g_ptr_array_sized_new (mapping->keys->len);

  for (guint i = 0; i < mapping->keys->len; i++)
    g_ptr_array_add (sorted, g_ptr_array_index (mapping->keys, i));
  g_ptr_array_sort (sorted, compare_keys);
  for (guint i = 1; i < sorted->len; i++)
    {
      const ViaConfigNode *first = g_ptr_array_index (sorted, i - 1);
      const ViaConfigNode *second = g_ptr_array_index (sorted, i);
      yaml_mark_t mark = { .line = second->line - 1, .column = second->column - 1 };

      if (g_str_equal (first->text, second->text))
        fault (reader, &mark, _("“%.60s” is here a second time; the first is in line %u. Keep one of them."),
               second->text, first->line);
    }
}

static ViaConfigNode *read_node (Reader *reader, yaml_event_t *event, guint depth);

static ViaConfigNode *
read_key (Reader       *reader,
          yaml_event_t *event,
          guint         depth)
{
  ViaConfigNode *key;

  if (event->type == YAML_MAPPING_START_EVENT || event->type == YAML_SEQUENCE_START_EVENT)
    {
      fault (reader, &event->start_mark, _("A list or a mapping cannot be a key. Write a word before the colon."));
      reader->stopped = TRUE;
      return NULL;
    }
  key = read_node (reader, event, depth);
  if (key != NULL && key->style == VIA_SCALAR_PLAIN && g_str_equal (key->text, "<<"))
    fault (reader, &event->start_mark, _("Merge keys (“<<”) are not used here. Write the keys out."));
  else if (key != NULL && key->style == VIA_SCALAR_PLAIN && *key->text == '\0')
    fault (reader, &event->start_mark, _("The key before the colon is missing."));
  return key;
}

static void
finish_collection (Reader             *reader,
                   ViaConfigNode      *node,
                   const yaml_event_t *event)
{
  if (node->flow)
    node->end = mark_to_byte (reader, &event->end_mark);
  else if (node->values->len > 0) /* the end of a block is where the next thing begins; what we want is its last word */
    node->end = ((ViaConfigNode *) g_ptr_array_index (node->values, node->values->len - 1))->end;
  if (node->kind == VIA_NODE_MAPPING)
    refuse_duplicates (reader, node);
}

static ViaConfigNode *
read_collection (Reader             *reader,
                 const yaml_event_t *start,
                 guint               depth)
{
  gboolean is_mapping = start->type == YAML_MAPPING_START_EVENT;
  yaml_event_type_t end = is_mapping ? YAML_MAPPING_END_EVENT : YAML_SEQUENCE_END_EVENT;
  ViaConfigNode *node = node_new (reader, start, is_mapping ? VIA_NODE_MAPPING : VIA_NODE_SEQUENCE);
  yaml_event_t event;

  node->values = g_ptr_array_new_with_free_func (node_destroy);
  if (is_mapping)
    node->keys = g_ptr_array_new_with_free_func (node_destroy);
  node->flow = is_mapping ? start->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE
                          : start->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
  while (next_event (reader, &event))
    {
      gboolean wants_key = is_mapping && node->keys->len == node->values->len;
      gboolean done = event.type == end;
      ViaConfigNode *child = NULL;

      if (done)
        finish_collection (reader, node, &event);
      else
        child = wants_key ? read_key (reader, &event, depth + 1) : read_node (reader, &event, depth + 1);
      yaml_event_delete (&event);
      if (child == NULL)
        {
          if (done)
            return node;
          break;
        }
      g_ptr_array_add (wants_key ? node->keys : node->values, child);
    }
  via_config_node_free (node);
  return NULL;
}

/* The value that begins with @event, or NULL when reading has to stop. */
static ViaConfigNode *
read_node (Reader       *reader,
           yaml_event_t *event,
           guint         depth)
{
  if (depth > VIA_LIMIT_CONFIG_DEPTH || ++reader->nodes > VIA_LIMIT_CONFIG_NODES)
    {
      if (depth > VIA_LIMIT_CONFIG_DEPTH)
        fault (reader, &event->start_mark, _("This is nested more than %d levels deep. Configurations are flat."),
               VIA_LIMIT_CONFIG_DEPTH);
      else
        fault (reader, &event->start_mark, _("There are more than %d values in this file. Split it."), VIA_LIMIT_CONFIG_NODES);
      reader->stopped = TRUE;
      return NULL;
    }
  switch (event->type)
    {
    case YAML_SCALAR_EVENT:
      return read_scalar (reader, event);
    case YAML_MAPPING_START_EVENT:
      refuse_extras (reader, event, event->data.mapping_start.anchor, event->data.mapping_start.tag);
      return read_collection (reader, event, depth);
    case YAML_SEQUENCE_START_EVENT:
      refuse_extras (reader, event, event->data.sequence_start.anchor, event->data.sequence_start.tag);
      return read_collection (reader, event, depth);
    case YAML_ALIAS_EVENT:
      {
        ViaConfigNode *node = node_new (reader, event, VIA_NODE_SCALAR);

        fault (reader, &event->start_mark, _("Aliases (“*%.40s”) are not used here. Write the value out."),
               (const char *) event->data.alias.anchor);
        node->text = g_strdup ("");
        return node;
      }
    default:
      reader->stopped = TRUE;
      return NULL;
    }
}

static void
read_stream (Reader        *reader,
             ViaConfigTree *tree)
{
  gboolean documents = FALSE, done = FALSE;
  yaml_event_t event;

  while (!done && next_event (reader, &event))
    {
      switch (event.type)
        {
        case YAML_STREAM_START_EVENT:
          break;
        case YAML_DOCUMENT_START_EVENT:
          if (documents)
            {
              fault (reader, &event.start_mark, _("A second document begins here (“---”). One file holds one configuration."));
              reader->stopped = TRUE;
            }
          documents = TRUE;
          break;
        case YAML_DOCUMENT_END_EVENT:
          if (!event.data.document_end.implicit)
            tree->end = mark_to_byte (reader, &event.start_mark);
          break;
        case YAML_STREAM_END_EVENT:
          done = TRUE;
          break;
        default:
          g_clear_pointer (&tree->root, via_config_node_free);
          tree->root = read_node (reader, &event, 1);
          break;
        }
      yaml_event_delete (&event);
    }
}

/* What can be said of the bytes before anything is parsed. */
static gboolean
check_bytes (const char *text,
             gsize       length,
             GPtrArray  *problems)
{
  const char *bad;
  guint line = 1;

  if (length > VIA_LIMIT_CONFIG_BYTES)
    {
      via_config_problems_add (problems, FALSE, 0, 0, "",
                               _("The file is larger than %d KiB, which no configuration is. Is it the right file?"),
                               VIA_LIMIT_CONFIG_BYTES / 1024);
      return FALSE;
    }
  if (g_utf8_validate (text, length, &bad))
    return TRUE;
  for (const char *at = text; at < bad; at++)
    line += *at == '\n';
  if (*bad == '\0')
    via_config_problems_add (problems, FALSE, line, 1, "", _("There is a NUL byte in this line. Remove it; the file has to be "
                                                             "UTF-8 text."));
  else
    via_config_problems_add (problems, FALSE, line, 1, "", _("There is a character in this line that is not UTF-8. Save the "
                                                             "file as UTF-8."));
  return FALSE;
}

gboolean
via_config_tree_read (ViaConfigTree *tree,
                      const char    *text,
                      gsize          length,
                      GPtrArray     *problems)
{
  Reader reader = { .text = text, .length = length, .problems = problems };

  tree->root = NULL;
  tree->end = length;
  if (!check_bytes (text, length, problems))
    return FALSE;
  if (length >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0)
    reader.base = 3;
  remember_offsets (&reader);
  if (!yaml_parser_initialize (&reader.parser))
    g_error ("out of memory");
  yaml_parser_set_encoding (&reader.parser, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string (&reader.parser, (const unsigned char *) text + reader.base, length - reader.base);
  read_stream (&reader, tree);
  yaml_parser_delete (&reader.parser);
  g_array_unref (reader.offsets);
  return !reader.stopped && reader.faults == 0;
}

void
via_config_tree_clear (ViaConfigTree *tree)
{
  g_clear_pointer (&tree->root, via_config_node_free);
}
