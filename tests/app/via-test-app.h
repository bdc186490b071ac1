/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "via-test-ui.h"
#include "via-window.h"

G_BEGIN_DECLS

/* The whole window over a configuration of its own, with the demo server ($VIADUCT_DEMO_SERVER) as its servers. */
typedef struct
{
  char             *folder;
  char             *path;     /* of bridges.yaml, which need not exist */
  ViaConfigFile    *file;
  ViaBridgeManager *manager;
  ViaSettings      *settings;
  ViaWindow        *window;
} ViaTestApp;

/* A configuration with five bridges: two demo servers, one that is off, one that refuses, one whose program ends at once. */
char      *via_test_app_sample_yaml    (void);
/* @yaml NULL: no file. The window is shown in @width × @height. @bridge (nullable) is asked for at the start. */
void       via_test_app_open           (ViaTestApp *app,
                                        const char *yaml,
                                        const char *bridge,
                                        int         width,
                                        int         height);
void       via_test_app_close          (ViaTestApp *app);
/* Runs until the bridge stands so, and the window has been drawn. (transfer none) */
ViaBridge *via_test_app_wait_for_state (ViaTestApp     *app,
                                        const char     *name,
                                        ViaBridgeState  state);
/* Connects the bridge and waits for its tools. (transfer none) */
ViaBridge *via_test_app_connect        (ViaTestApp *app,
                                        const char *name);

G_END_DECLS
