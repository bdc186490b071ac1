/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib/gi18n.h>

#include "bridge/via-bridge-manager.h"

G_BEGIN_DECLS

/* Exit statuses that no ViaSide names; the others come from via_side_get_exit_status (). */
enum
{
  VIA_EXIT_DONE = 0,
  VIA_EXIT_REFUSED = 1,
  VIA_EXIT_USAGE = 2,
  VIA_EXIT_CONFIGURATION = 3,
};

/* The options, of which a verb accepts some. --json, --config, --verbose, --help and --version go with every verb. */
typedef enum
{
  VIA_OPTION_CATEGORY = 1 << 0,
  VIA_OPTION_ASYNC = 1 << 1,
  VIA_OPTION_TIMEOUT = 1 << 2,
  VIA_OPTION_WAIT = 1 << 3,
  VIA_OPTION_CANCEL = 1 << 4,
} ViaOption;

/*
 * ViaCli is one invocation: what was asked, the engine it is asked of (made when a verb first needs it), and the way
 * answers leave: JSON on standard output for programs, readable text for people, everything else on standard error.
 * It is a plain struct on main's stack.
 */
typedef struct
{
  /* options */
  gboolean  json;
  gboolean  verbose;
  char     *config_path; /* (nullable) */
  char     *category;    /* (nullable) */
  gboolean  async;
  int       timeout_s;   /* 0: not given */
  gboolean  wait;
  gboolean  cancel;

  ViaOption given;       /* which of the verb-specific options were on the line */
  char    **arguments;   /* after the verb */
  guint     n_arguments;

  ViaBridgeManager *manager;     /* (nullable) see via_cli_load () */
  ViaBridge        *own_bridge;  /* (nullable) one with another timeout than the configuration's */
  GCancellable     *cancellable; /* cancelled by SIGINT and SIGTERM once something is waited for */
  gboolean          catching;    /* those signals */
  gboolean          finished;    /* ends via_cli_wait () */
} ViaCli;

typedef struct
{
  const char *name;
  const char *alias;     /* (nullable) */
  const char *synopsis;  /* what follows the verb */
  const char *summary;   /* translatable, one line */
  ViaOption   options;
  guint       min_arguments;
  guint       max_arguments;
  int       (*run) (ViaCli *cli); /* the exit status */
} ViaVerb;

int         via_cli_list_bridges     (ViaCli *cli);
int         via_cli_list_tools       (ViaCli *cli);
int         via_cli_execute          (ViaCli *cli);
int         via_cli_test_connection  (ViaCli *cli);
int         via_cli_operation        (ViaCli *cli);
int         via_cli_secret           (ViaCli *cli);
int         via_cli_worker           (ViaCli *cli);

/* Makes the engine; FALSE when the configuration cannot be used, which is then already said. */
gboolean    via_cli_load             (ViaCli       *cli);
/* The enabled bridge of that name, with --timeout if given, or NULL, already said with @tool if not NULL. (transfer none) */
ViaBridge  *via_cli_require_bridge   (ViaCli       *cli,
                                      const char   *name,
                                      const char   *tool);
/* Runs the main context until via_cli_finish (). */
void        via_cli_wait             (ViaCli       *cli);
void        via_cli_finish           (ViaCli       *cli);
/* Ends children and sessions in good order. */
void        via_cli_unload           (ViaCli       *cli);

/* Answers */
void        via_cli_print_json       (const char   *json); /* pretty on a terminal, as it is otherwise */
/* {"success": false, "error", "bridge", "tool", "timestamp"} or a line on standard error; answers @status. */
int         via_cli_fail             (ViaCli       *cli,
                                      int           status,
                                      const char   *bridge,
                                      const char   *tool,
                                      const char   *message);
int         via_cli_usage_error      (const char   *format,
                                      ...) G_GNUC_PRINTF (1, 2);
/* A line on standard error, and one on standard output, for people: what a terminal would obey is left out. */
void        via_cli_note             (const char   *format,
                                      ...) G_GNUC_PRINTF (1, 2);
void        via_cli_print            (const char   *format,
                                      ...) G_GNUC_PRINTF (1, 2);
/* FALSE when something of the output was lost, which is then already said. */
gboolean    via_cli_flush            (void);

G_END_DECLS
