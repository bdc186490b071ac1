/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "json/via-json-writer.h"
#include "mcp/via-mcp-server.h"

G_BEGIN_DECLS

/*
 * The tools of the demo server. What they are called, what they take and what is checked stands in tools.json alone; the code
 * beside it only does the work. A tool is run with arguments that fit its schema.
 */

/* Arguments as they were given, with the schema's defaults behind them. */
typedef struct
{
  ViaJsonValue given;
  ViaJsonValue properties; /* of the schema */
} DemoArguments;

typedef void (*DemoRun) (ViaMcpServerCall *call, const DemoArguments *arguments);

typedef struct
{
  const char *name;
  DemoRun     run;
} DemoTool;

/* Ended by an entry without a name. */
extern const DemoTool demo_text_tools[];
extern const DemoTool demo_data_tools[];
extern const DemoTool demo_media_tools[];
extern const DemoTool demo_operations_tools[];
extern const DemoTool demo_notes_tools[];

void         demo_add_tools            (ViaMcpServer        *server);

/* A sentence that says what is wrong with @value, or NULL. Knows the keywords that tools.json uses. (transfer full) */
char        *demo_find_fault           (ViaJsonValue         schema,
                                        ViaJsonValue         value,
                                        const char          *path);
ViaJsonValue demo_arguments_get        (const DemoArguments *self,
                                        const char          *name);
char        *demo_arguments_dup_string (const DemoArguments *self,
                                        const char          *name);
gint64       demo_arguments_get_int    (const DemoArguments *self,
                                        const char          *name);
double       demo_arguments_get_double (const DemoArguments *self,
                                        const char          *name);
gboolean     demo_arguments_get_boolean (const DemoArguments *self,
                                        const char          *name);

/* Writing a CallToolResult: begin, blocks, then one of the ends. */
void         demo_result_begin         (ViaJsonWriter       *writer);
void         demo_result_text          (ViaJsonWriter       *writer,
                                        const char          *text);
void         demo_result_bytes         (ViaJsonWriter       *writer,
                                        const char          *type,
                                        GBytes              *bytes,
                                        const char          *mime_type);
void         demo_result_document      (ViaJsonWriter       *writer,
                                        gboolean             as_bytes);
void         demo_result_link          (ViaJsonWriter       *writer,
                                        guint                number);
void         demo_result_end           (ViaJsonWriter       *writer,
                                        ViaMcpServerCall    *call);
/* @structured: the text of a JSON object, which stands in a text block too for clients that know no other. (transfer full) */
void         demo_answer_structured    (ViaMcpServerCall    *call,
                                        char                *structured);
void         demo_answer_text          (ViaMcpServerCall    *call,
                                        const char          *text);

/* PNG. @motif is one of those in tools.json. */
GBytes      *demo_draw_picture         (const char          *motif,
                                        guint                width,
                                        guint                height);
/* WAV, 16 bit mono. */
GBytes      *demo_make_tone            (double               frequency,
                                        double               seconds,
                                        double               volume);

G_END_DECLS
