/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "config/via-config.h"

#define MUTATIONS 2000
#define SEED 20251125

typedef struct
{
  const char *what;
  const char *text;
  const char *words; /* of the message; NULL: it loads */
} Case;

static const Case cases[] = {
  { "anchor", "bridges: &b {}\n", "Anchors (“&b”)" },
  { "anchor on a scalar", "bridges:\n  a: {command: [&x a]}\n", "Anchors" },
  { "alias", "bridges:\n  a: *b\n", "Aliases (“*b”)" },
  { "alias of itself", "bridges: &a [*a]\n", "Anchors" },
  { "laughs", "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n", "Anchors" },
  { "merge", "bridges:\n  a:\n    <<: {command: [a]}\n", "Merge keys" },
  { "merge in quotes is a key", "\"<<\": {command: [a]}\n", NULL },
  { "tag", "bridges: !!python/object/apply:os.system [id]\n", "Tags" },
  { "tag of text", "bridges:\n  a: {command: [!!str a]}\n", "Tags" },
  { "own tag", "bridges: !include x\n", "Tags" },
  { "duplicate", "bridges:\n  a: {command: [a]}\n  a: {command: [b]}\n", "second time; the first is in line 2" },
  { "duplicate by escape", "bridges:\n  a: {command: [a]}\n  \"\\x61\": {command: [b]}\n", "second time" },
  { "duplicate key of a bridge", "bridges:\n  a:\n    command: [a]\n    timeout: 1\n    timeout: 2\n", "second time" },
  { "duplicate section", "security: {}\nsecurity: {}\n", "second time" },
  { "duplicate in what nobody knows", "x:\n  y: 1\n  y: 2\n", "second time" },
  { "NUL as an escape", "bridges:\n  a: {command: [\"a\\0b\"]}\n", "NUL" },
  { "list as a key", "? [a, b]\n: c\n", "cannot be a key" },
  { "mapping as a key", "{{a: b}: c}\n", "cannot be a key" },
  { "no key", "? \n: a\n", "key before the colon is missing" },
  { "two documents", "bridges: {}\n---\nbridges: {}\n", "second document" },
  { "tab", "bridges:\n\ta: b\n", "Indent with spaces" },
  { "open quote", "bridges: \"\n", "quote is opened" },
  { "open bracket", "bridges: [a\n", "This is not YAML" },
  { "wrong indentation", "bridges:\n  a: {command: [a]}\n b: {}\n", "not YAML" },
  { "no colon", "bridges:\n  a\n  b: c\n", "" },
  { "control character", "bridges: \x01\n", "does not allow" },
  { "bad escape", "bridges: \"\\q\"\n", "not YAML" },
  { "markdown", "# Title\n\n* a *b* `c`\n", "" },
};

static char *
refuse (const char *text,
        gssize      length)
{
  g_autoptr(GPtrArray) problems = NULL;
  g_autoptr(GError) error = NULL;
  gint64 start = g_get_monotonic_time ();
  g_autoptr(ViaConfig) config = via_config_new_from_text (text, length, "f.yaml", &problems, &error);

  g_test_message ("%.1f ms, %u problems", (g_get_monotonic_time () - start) / 1000.0, problems->len);
  if (config != NULL)
    return NULL;
  g_assert_error (error, VIA_CONFIG_ERROR, VIA_CONFIG_ERROR_INVALID);
  g_assert_cmpuint (problems->len, >, 0);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  return g_strdup (error->message);
}

static void
test_case (gconstpointer data)
{
  const Case *expected = data;
  g_autofree char *message = refuse (expected->text, -1);

  g_test_message ("%s", message);
  if (expected->words == NULL)
    g_assert_null (message);
  else
    {
      g_assert_nonnull (message);
      g_assert_nonnull (strstr (message, expected->words));
    }
}

/* @count times @piece, with something around it. */
static char *
repeat (const char *head,
        const char *piece,
        guint       count,
        const char *tail)
{
  GString *text = g_string_new (head);

  for (guint i = 0; i < count; i++)
    g_string_append (text, piece);
  g_string_append (text, tail);
  return g_string_free (text, FALSE);
}

static void
assert_refused (char       *text,
                const char *words)
{
  g_autofree char *message = refuse (text, -1);

  g_test_message ("%.300s", message);
  g_assert_nonnull (message);
  g_assert_nonnull (strstr (message, words));
  g_assert_cmpuint (strlen (message), <, 100000);
  g_free (text);
}

static void
test_bombs (void)
{
  g_autoptr(GString) text = g_string_new (NULL);

  assert_refused (repeat ("bridges: ", "[", 100000, ""), "nested");
  assert_refused (repeat ("bridges: ", "{a: ", 100000, ""), "nested");
  assert_refused (repeat ("", "- ", 100000, "a"), "nested");
  assert_refused (repeat ("x: ", "[", 32, "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n"), "nested more than 32");
  assert_refused (repeat ("x: [", "a,", 60000, "a]\n"), "more than 50000 values");
  assert_refused (repeat ("x: '", "aaaaaaaaaaaaaaaa", 70000, "'\n"), "larger than 1024 KiB");
  for (guint i = 0; i < 20000; i++)
    g_string_append_printf (text, "- &a%u x\n", i);
  assert_refused (g_strdup (text->str), "Anchors");
  g_string_truncate (text, 0);
  for (guint i = 0; i < 20000; i++)
    g_string_append_printf (text, "k: %u\n", i);
  assert_refused (g_strdup (text->str), "second time");
  g_string_assign (text, "bridges:\n");
  for (guint i = 0; i < 1001; i++)
    g_string_append_printf (text, "  b%u: {command: [a]}\n", i);
  assert_refused (g_strdup (text->str), "more than 1000 bridges");
}

static void
test_depth_in_bounds (void)
{
  g_autofree char *text = repeat ("x: ", "[", 31, "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n");

  g_assert_null (refuse (text, -1));
}

/* Keys that collide in GLib's string hash, four to a group, are no slower than others. */
static void
test_colliding_keys (void)
{
  static const char *const pairs[] = { "Ab", "BA" };
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < 16384; i++)
    {
      for (guint bit = 0; bit < 14; bit++)
        g_string_append (text, pairs[(i >> bit) & 1]);
      g_string_append (text, ": 1\n");
    }
  g_assert_null (refuse (text->str, text->len));
}

static void
test_bytes (void)
{
  g_autofree char *nul = refuse ("bridges:\n\0\n", 11);
  g_autofree char *latin = refuse ("bridges:\n  b: 1\n  a\xe4: b\n", -1);
  g_autofree char *wide = refuse ("\xff\xfe" "b\0r\0", 6);

  g_assert_nonnull (strstr (nul, "f.yaml:2:1: There is a NUL byte"));
  g_assert_nonnull (strstr (latin, "f.yaml:3:1: There is a character in this line that is not UTF-8"));
  g_assert_nonnull (strstr (wide, "not UTF-8"));
}

static void
test_crlf (void)
{
  g_assert_null (refuse ("bridges:\r\n  a:\r\n    command: [a]\r\n", -1));
}

/* Whatever it is, it is read or refused, and what is read can be changed or is refused to be. */
static void
try_all (const char *text,
         gsize       length)
{
  g_autoptr(GPtrArray) problems = NULL;
  g_autoptr(ViaConfig) config = via_config_new_from_text (text, length, "f.yaml", &problems, NULL);
  ViaBridgeConfig *first;
  g_autoptr(ViaConfig) flipped = NULL, removed = NULL;

  if (config == NULL)
    {
      g_assert_cmpuint (problems->len, >, 0);
      return;
    }
  if (via_config_get_n_bridges (config) == 0)
    return;
  first = via_config_get_bridge (config, via_config_get_n_bridges (config) - 1);
  flipped = via_config_set_enabled (config, first->name, !first->enabled, NULL);
  removed = via_config_remove_bridge (config, first->name, NULL);
  if (flipped != NULL)
    g_assert_cmpint (via_config_find_bridge (flipped, first->name)->enabled, ==, !first->enabled);
  if (removed != NULL)
    g_assert_null (via_config_find_bridge (removed, first->name));
}

static void
test_truncations (void)
{
  g_autofree char *text = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (VIA_SOURCE_ROOT "/tests/core/data/mcp_bridges.yaml", &text, &length, NULL));
  for (gsize i = 0; i < length; i++)
    {
      g_autofree char *cut = g_memdup2 (text, MAX (i, 1));

      try_all (cut, i);
    }
}

static void
test_mutations (void)
{
  static const char pieces[] = "\n\n  :#-?&*!|>'\"%@`{}[],~<\t\r\0x\xc3\xa4\xff";
  g_autoptr(GRand) random = g_rand_new_with_seed (SEED);
  g_autofree char *text = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (VIA_SOURCE_ROOT "/tests/core/data/mcp_bridges.yaml", &text, &length, NULL));
  for (guint i = 0; i < MUTATIONS; i++)
    {
      g_autofree char *mutant = g_memdup2 (text, length);
      gsize kept = length;

      for (int count = g_rand_int_range (random, 1, 5); count > 0; count--)
        {
          gsize at = g_rand_int_range (random, 0, kept);

          if (g_rand_boolean (random))
            mutant[at] = pieces[g_rand_int_range (random, 0, sizeof pieces - 1)];
          else
            {
              gsize width = g_rand_int_range (random, 1, 40);

              width = MIN (width, kept - at);
              memmove (mutant + at, mutant + at + width, kept - at - width);
              kept -= width;
            }
        }
      try_all (mutant, kept);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *slug = g_strdelimit (g_strdup (cases[i].what), " ,/'", '-');
      g_autofree char *path = g_strconcat ("/core/config-hostile/", slug, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/core/config-hostile/bombs", test_bombs);
  g_test_add_func ("/core/config-hostile/depth-in-bounds", test_depth_in_bounds);
  g_test_add_func ("/core/config-hostile/colliding-keys", test_colliding_keys);
  g_test_add_func ("/core/config-hostile/bytes", test_bytes);
  g_test_add_func ("/core/config-hostile/crlf", test_crlf);
  g_test_add_func ("/core/config-hostile/truncations", test_truncations);
  g_test_add_func ("/core/config-hostile/mutations", test_mutations);
  return g_test_run ();
}
