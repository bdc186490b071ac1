/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "secrets/via-dotenv.h"

typedef struct
{
  const char *what;
  const char *text;
  const char *value; /* of A; NULL: none */
} Case;

static const Case cases[] = {
  { "plain", "A=b\n", "b" },
  { "no line end", "A=b", "b" },
  { "CRLF", "A=b\r\nB=c\r\n", "b" },
  { "byte order mark", "\xef\xbb\xbf" "A=b\n", "b" },
  { "spaces", "  A  =  b c  \n", "b c" },
  { "export", "export A=b\n", "b" },
  { "export with a tab", "\texport\tA=b\n", "b" },
  { "export as a name", "export=x\nA=b\n", "b" },
  { "comment", "# A=no\nA=b # that is b\n", "b" },
  { "hash within", "A=b#c\n", "b#c" },
  { "only a comment", "A=# nothing\n", "" },
  { "empty", "A=\n", "" },
  { "absent", "B=b\n", NULL },
  { "no file", "", NULL },
  { "longer name", "AB=c\nXA=d\n", NULL },
  { "no sign", "A b\nA\n", NULL },
  { "sign in the value", "A=b=c==\n", "b=c==" },
  { "last wins", "A=b\nA=c\n", "c" },
  { "double quotes", "A=\"b # c\" # d\n", "b # c" },
  { "escapes", "A=\"b\\\"c\\\\d\\$e\\nf\\q\"\n", "b\"c\\d$e\nf\\q" },
  { "single quotes", "A='b \\n \"c\" # d' # e\n", "b \\n \"c\" # d" },
  { "quote over lines", "B=\"x\nA=no\n\"\nA=b\n", "b" },
  { "open quote", "A=\"b\n", "b\n" },
  { "nothing is expanded", "A=${HOME}$(id)`id`\n", "${HOME}$(id)`id`" },
  { "quotes within", "A=it's\n", "it's" },
  { "dots and dashes", "A.B-C=d\nA=b\n", "b" },
  { "spaces in a name", "X A=b\n", NULL },
};

static void
test_case (gconstpointer data)
{
  const Case *expected = data;
  g_autofree char *value = via_dotenv_lookup (expected->text, strlen (expected->text), "A");

  g_assert_cmpstr (value, ==, expected->value);
}

/* Cut anywhere, it never reads on behind the end. */
static void
test_cuts (void)
{
  static const char text[] = "\xef\xbb\xbf# c\nexport B='x\ny'\nA=\"b\\n\\\"c\" # d\nC=d # e\n";

  for (gsize i = 0; i < sizeof text; i++)
    {
      g_autofree char *cut = g_memdup2 (text, MAX (i, 1));
      g_autofree char *value = via_dotenv_lookup (cut, i, "A");

      if (value != NULL)
        g_assert_true (g_str_has_prefix ("b\n\"c", value) || *value == '\0' || g_str_has_prefix (value, "b"));
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
      g_autofree char *path = g_strconcat ("/core/dotenv/", slug, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/core/dotenv/cuts", test_cuts);
  return g_test_run ();
}
