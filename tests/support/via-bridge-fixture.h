/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bridge/via-bridge-private.h"
#include "via-fake-backend.h"

G_BEGIN_DECLS

#define SECOND ((gint64) G_USEC_PER_SEC)

/* A bridge over HTTP on a fake backend and a fake clock: three retries, factor 2, ten places, a cache of five minutes. */
typedef struct
{
  ViaClock          *clock;
  ViaBridgeConfig   *config;
  ViaConfigSettings  settings;
  ViaFakeScript      script;
  ViaBridge         *bridge;
  guint              n_done; /* callbacks that came */
  GError            *error;  /* of the newest one */
} Fixture;

/* The short names are for tests alone; each is a function of the same words. */
#define set_up via_bridge_fixture_set_up
#define tear_down via_bridge_fixture_tear_down
#define make_bridge via_bridge_fixture_make_bridge
#define settle via_bridge_fixture_settle
#define make_error via_bridge_fixture_make_error
#define execute via_bridge_fixture_execute
#define list via_bridge_fixture_list
#define list_and_settle via_bridge_fixture_list_and_settle
#define assert_state via_bridge_fixture_assert_state
#define assert_operation via_bridge_fixture_assert_operation

void          set_up           (Fixture           *f,
                                gconstpointer      data);
/* Asserts that nothing is left: no backend, no wait, no reference. */
void          tear_down        (Fixture           *f,
                                gconstpointer      data);
/* A new bridge, after config or settings were changed. */
void          make_bridge      (Fixture           *f);
/* Makes the main loop do all there is to do now. */
void          settle           (void);
GError       *make_error       (ViaRpcError        code);
/* Of the tool "echo", without arguments. */
ViaOperation *execute          (Fixture           *f);
/* Counts in @n_done and keeps the error. */
void          list             (Fixture           *f,
                                gboolean           refresh,
                                GCancellable      *cancellable);
void          list_and_settle  (Fixture           *f,
                                gboolean           refresh);
void          assert_state     (Fixture           *f,
                                ViaBridgeState     state);
void          assert_operation (ViaOperation      *operation,
                                ViaOperationState  state,
                                ViaSide            side);

G_END_DECLS
