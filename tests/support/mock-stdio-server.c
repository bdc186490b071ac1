/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * mock-stdio-server MODE [ARGUMENT]: a child that behaves as its mode says, for tests of the stdio transport. It answers
 * without reading JSON properly: the id of a request is the number after "id":, its method is looked for as text.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static char line[64 * 1024 * 1024];

static long
read_id (void)
{
  const char *id = strstr (line, "\"id\":");

  return id != NULL ? strtol (id + 5, NULL, 10) : -1;
}

static void
answer (long id, const char *result)
{
  printf ("{\"jsonrpc\":\"2.0\",\"id\":%ld,\"result\":%s}\n", id, result);
  fflush (stdout);
}

static void
repeat (const char *text, long times)
{
  for (long i = 0; i < times; i++)
    fputs (text, stdout);
}

static _Noreturn void
stay (void)
{
  for (;;)
    pause ();
}

static int
next_line (void)
{
  return fgets (line, sizeof line, stdin) != NULL;
}

/* Answers each request with what its params were. */
static int
echo (const char *argument)
{
  while (next_line ())
    {
      long id = read_id ();
      char *params = strstr (line, "\"params\":");

      if (id < 0)
        continue;
      if (params == NULL)
        answer (id, "{}");
      else
        {
          params += 9;
          params[strcspn (params, "\n")] = '\0';
          params[strlen (params) - 1] = '\0'; /* the message's own brace */
          answer (id, params);
        }
    }
  return 0;
}

static int
crlf (const char *argument)
{
  while (next_line ())
    {
      printf ("\r\n\r\n{\"jsonrpc\":\"2.0\",\"id\":%ld,\"result\":{}}\r\n", read_id ());
      fflush (stdout);
    }
  return 0;
}

/* ARGUMENT lines that are no messages before each answer. */
static int
garbage (const char *argument)
{
  long count = argument != NULL ? atol (argument) : 3;

  while (next_line ())
    {
      for (long i = 0; i < count; i++)
        printf ("starting up \x1b[31mwarning\x1b[0m %ld\n", i);
      answer (read_id (), "{}");
    }
  return 0;
}

static int
flood (const char *argument)
{
  static char block[65536];

  memset (block, 'a', sizeof block);
  while (write (STDOUT_FILENO, block, sizeof block) > 0)
    ;
  return 3;
}

static int
flood_stderr (const char *argument)
{
  for (long i = 0; i < 200000; i++)
    fprintf (stderr, "line %ld of many that nobody will ever read to the end\n", i);
  return echo (NULL);
}

static int
exit_at_once (const char *argument)
{
  fprintf (stderr, "first words\nmissing \x1b]0;title\x07" "configuration file\n");
  return argument != NULL ? atoi (argument) : 1;
}

/* Exits when the first request has come, leaving it unanswered. */
static int
die_pending (const char *argument)
{
  next_line ();
  if (argument != NULL)
    raise (atoi (argument));
  return 7;
}

static int
hang (const char *argument)
{
  signal (SIGTERM, SIG_IGN);
  signal (SIGHUP, SIG_IGN);
  while (next_line ())
    if (read_id () >= 0)
      answer (read_id (), "{}");
  stay ();
}

/* Ends on SIGTERM only. */
static int
term_only (const char *argument)
{
  echo (NULL);
  stay ();
}

/* A grandchild that ignores everything and keeps the pipes; its number is the answer. ARGUMENT "exit": the leader goes. */
static int
grandchild (const char *argument)
{
  pid_t pid = fork ();
  char result[64];

  if (pid == 0)
    {
      prctl (PR_SET_PDEATHSIG, 0);
      signal (SIGTERM, SIG_IGN);
      stay ();
    }
  snprintf (result, sizeof result, "{\"pid\":%d}", (int) pid);
  while (next_line ())
    {
      answer (read_id (), result);
      if (argument != NULL && strcmp (argument, "exit") == 0)
        return 0;
    }
  return 0;
}

/* As above, but the grandchild is in a session of its own and ends by itself after a while. */
static int
escaped (const char *argument)
{
  pid_t pid = fork ();

  if (pid == 0)
    {
      setsid ();
      sleep (4);
      _exit (0);
    }
  next_line ();
  answer (read_id (), "{}");
  return 0;
}

static int
deep (const char *argument)
{
  while (next_line ())
    {
      printf ("{\"jsonrpc\":\"2.0\",\"id\":%ld,\"result\":", read_id ());
      repeat ("[", 200000);
      repeat ("]", 200000);
      printf ("}\n");
      printf ("{\"jsonrpc\":\"2.0\",\"id\":%ld,\"result\":{}}\n", read_id ());
      fflush (stdout);
    }
  return 0;
}

static int
invalid_utf8 (const char *argument)
{
  while (next_line ())
    {
      printf ("{\"jsonrpc\":\"2.0\",\"id\":%ld,\"result\":{\"a\":\"\xff\xfe\"}}\n", read_id ());
      answer (read_id (), "{\"fine\":true}");
    }
  return 0;
}

/* Each answer twice, one to nobody, one with an error for nobody. */
static int
duplicate (const char *argument)
{
  while (next_line ())
    {
      answer (read_id (), "{\"first\":true}");
      answer (read_id (), "{\"first\":false}");
      answer (424242, "{}");
      printf ("{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,\"message\":\"what?\"}}\n");
      fflush (stdout);
    }
  return 0;
}

/* Answers after ARGUMENT milliseconds. */
static int
slow (const char *argument)
{
  while (next_line ())
    {
      usleep ((argument != NULL ? atoi (argument) : 200) * 1000);
      answer (read_id (), "{}");
    }
  return 0;
}

/* One byte at a time. */
static int
drip (const char *argument)
{
  while (next_line ())
    {
      char text[256];
      int length = snprintf (text, sizeof text, "{\"jsonrpc\":\"2.0\",\"id\":%ld,\"result\":{\"ü\":\"…\"}}\r\n", read_id ());

      for (int i = 0; i < length; i++)
        {
          if (write (STDOUT_FILENO, text + i, 1) != 1)
            return 1;
          usleep (200);
        }
    }
  return 0;
}

/* An answer of ARGUMENT megabytes, then a notification right behind it. */
static int
large (const char *argument)
{
  while (next_line ())
    {
      printf ("{\"jsonrpc\":\"2.0\",\"id\":%ld,\"result\":{\"text\":\"", read_id ());
      repeat ("0123456789abcdef", (argument != NULL ? atol (argument) : 1) * 65536);
      printf ("\"}}\n{\"jsonrpc\":\"2.0\",\"method\":\"after\"}\n");
      fflush (stdout);
    }
  return 0;
}

/* Never reads. */
static int
deaf (const char *argument)
{
  stay ();
}

static int
close_output (const char *argument)
{
  next_line ();
  fclose (stdout);
  while (next_line ())
    ;
  return 0;
}

static int
environment (const char *argument)
{
  const char *value = getenv (argument);
  char folder[4096];
  static char result[8192];

  if (getcwd (folder, sizeof folder) == NULL)
    return 1;
  snprintf (result, sizeof result, "{\"value\":\"%s\",\"folder\":\"%s\"}", value != NULL ? value : "(unset)", folder);
  while (next_line ())
    answer (read_id (), result);
  return 0;
}

/* Asks the client something and repeats its answer as a notification. */
static int
ask (const char *argument)
{
  printf ("{\"jsonrpc\":\"2.0\",\"id\":\"q-1\",\"method\":\"%s\"}\n", argument);
  fflush (stdout);
  while (next_line ())
    {
      line[strcspn (line, "\n")] = '\0';
      printf ("{\"jsonrpc\":\"2.0\",\"method\":\"heard\",\"params\":%s}\n", line);
      fflush (stdout);
    }
  return 0;
}

static const struct
{
  const char *name;
  int       (*run) (const char *argument);
} modes[] = {
  { "echo", echo }, { "crlf", crlf }, { "garbage", garbage }, { "flood", flood }, { "flood-stderr", flood_stderr },
  { "exit", exit_at_once }, { "die-pending", die_pending }, { "hang", hang }, { "term-only", term_only },
  { "grandchild", grandchild }, { "escaped", escaped }, { "deep", deep }, { "invalid-utf8", invalid_utf8 },
  { "duplicate", duplicate }, { "slow", slow }, { "drip", drip }, { "large", large }, { "deaf", deaf },
  { "close-output", close_output }, { "environment", environment }, { "ask", ask },
};

int
main (int argc, char **argv)
{
  for (unsigned i = 0; argc > 1 && i < sizeof modes / sizeof modes[0]; i++)
    if (strcmp (modes[i].name, argv[1]) == 0)
      return modes[i].run (argc > 2 ? argv[2] : NULL);
  fprintf (stderr, "usage: mock-stdio-server MODE [ARGUMENT]\n");
  return 2;
}
