/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rpc/via-transport.h"

G_BEGIN_DECLS

/* A transport whose other end is a function in the test: it sees each message and answers, fails or keeps silent. */
#define SCRIPTED_TYPE_TRANSPORT (scripted_transport_get_type ())
G_DECLARE_FINAL_TYPE (ScriptedTransport, scripted_transport, SCRIPTED, TRANSPORT, ViaTransport)

typedef void (*ScriptedFunc) (ScriptedTransport *self,
                              ViaRpcMessage     *message,
                              const char *const *headers,
                              gpointer           data);

ScriptedTransport *scripted_transport_new         (ScriptedFunc        func,
                                                   gpointer            data);
/* Texts of what was sent, in order. */
GPtrArray         *scripted_transport_get_sent    (ScriptedTransport  *self);
/* "" before set_protocol (), then the revision and the era. */
const char        *scripted_transport_get_protocol (ScriptedTransport *self);
guint              scripted_transport_get_listens (ScriptedTransport  *self);
gboolean           scripted_transport_is_ended    (ScriptedTransport  *self);
/* Sends whose exchange was ended by the caller. */
guint              scripted_transport_get_n_cancelled (ScriptedTransport *self);

void               scripted_transport_emit        (ScriptedTransport  *self,
                                                   const char         *json);
void               scripted_transport_reply       (ScriptedTransport  *self,
                                                   ViaRpcMessage      *message,
                                                   const char         *result);
void               scripted_transport_refuse      (ScriptedTransport  *self,
                                                   ViaRpcMessage      *message,
                                                   int                 code,
                                                   const char         *data); /* (nullable) JSON */
/* From within the function: the exchange of this message fails, as HTTP exchanges do. (transfer full) */
void               scripted_transport_fail_send   (ScriptedTransport  *self,
                                                   GError             *error);
/* From within the function: the exchange stays open until the caller ends it. */
void               scripted_transport_hold_send   (ScriptedTransport  *self);
void               scripted_transport_close       (ScriptedTransport  *self);

/* Runs the main context until @done or a generous deadline, which fails the test. */
#define scripted_wait_for(done) \
  G_STMT_START \
  { \
    gint64 scripted_end = g_get_monotonic_time () + 30 * G_USEC_PER_SEC; \
    guint scripted_tick = g_timeout_add (5, scripted_tick_cb, NULL); \
    while (!(done)) \
      { \
        g_assert_cmpint (g_get_monotonic_time (), <, scripted_end); \
        g_main_context_iteration (NULL, TRUE); \
      } \
    g_source_remove (scripted_tick); \
  } \
  G_STMT_END
gboolean scripted_tick_cb (gpointer data);
/* Runs the main context for a while. */
void     scripted_run_for (guint milliseconds);

G_END_DECLS
