/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bridge/via-bridge-private.h"

G_BEGIN_DECLS

/*
 * A backend that does what its script says, for tests of bridges. The script outlives every backend; it counts what was
 * asked, and holds back what the test wants to see under way.
 */
typedef struct
{
  /* what comes next */
  GQueue      connect_errors; /* GError, or NULL for success: then, and when empty, it works */
  GQueue      list_errors;
  GQueue      call_errors;
  const char *tools;          /* JSON array */
  gint64      ttl_ms;
  const char *result;         /* JSON of the result of calls */
  gboolean    hold_connect;   /* until via_fake_script_release () */
  gboolean    hold_list;
  gboolean    hold_call;
  gboolean    hold_close;
  gboolean    deaf;           /* what is held back does not even hear that it is cancelled */
  gboolean    needs_tool;
  void      (*on_call)        (const ViaBackendCall *call);

  /* what was asked */
  guint       n_backends;
  guint       n_alive;
  guint       n_connects;
  guint       n_lists;
  guint       n_calls;
  guint       n_closes;
  guint       n_cancelled;    /* of those that were held back */
  guint       n_at_once;      /* the most calls that ran at the same time */
  gboolean    had_tool;       /* the newest call */

  GPtrArray  *held;           /* GTask */
  ViaBackend *newest;         /* borrowed, NULL when it is gone */
} ViaFakeScript;

void        via_fake_script_init    (ViaFakeScript            *self);
void        via_fake_script_clear   (ViaFakeScript            *self);
/* What was held back works now. */
void        via_fake_script_release (ViaFakeScript            *self);
/* The server is gone. */
void        via_fake_script_lose    (ViaFakeScript            *self);
/* A ViaBackendFactory; @data is the script. */
ViaBackend *via_fake_backend_new    (ViaBridgeConfig          *config,
                                     const ViaConfigSettings  *settings,
                                     ViaSecretStore           *secrets,
                                     gpointer                  data,
                                     GError                  **error);

G_END_DECLS
