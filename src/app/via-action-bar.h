/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/*
 * ViaActionBar is what stands below the form: how to run, for how long at most, and the button that runs. It activates
 * "tool.execute" and "tool.cancel". Signal: "changed" () the person changed timeout or background.
 */
#define VIA_TYPE_ACTION_BAR (via_action_bar_get_type ())
G_DECLARE_FINAL_TYPE (ViaActionBar, via_action_bar, VIA, ACTION_BAR, AdwBin)

#define VIA_ACTION_BAR_TIMEOUT_MIN 10
#define VIA_ACTION_BAR_TIMEOUT_MAX 300

GtkWidget *via_action_bar_new             (void);
guint      via_action_bar_get_timeout     (ViaActionBar *self); /* seconds */
gboolean   via_action_bar_get_background  (ViaActionBar *self);
/* Does not emit "changed". A bridge's own @timeout_s may lie outside of what can be set here. */
void       via_action_bar_set_options     (ViaActionBar *self,
                                           guint         timeout_s,
                                           gboolean      background);
/* "Execute…": a question comes first. */
void       via_action_bar_set_asks        (ViaActionBar *self,
                                           gboolean      asks);
/* Words beside the button, or NULL. */
void       via_action_bar_set_problem     (ViaActionBar *self,
                                           const char   *problem);
/* Cancel in place of Execute, unless it is over in a moment. */
void       via_action_bar_set_running     (ViaActionBar *self,
                                           gboolean      running);
/* The button that runs, or that cancels what runs. */
gboolean   via_action_bar_focus           (ViaActionBar *self);

G_END_DECLS
