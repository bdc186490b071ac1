/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "via-bridge-dialog.h"

G_BEGIN_DECLS

/* The dialog in three parts: what is typed and checked, the rows themselves, and the token behind its name. */

typedef enum
{
  VIA_BRIDGE_KIND_COMMAND,
  VIA_BRIDGE_KIND_URL,
  VIA_BRIDGE_KIND_REST,
  VIA_BRIDGE_N_KINDS,
} ViaBridgeKind;

struct _ViaBridgeDialog
{
  AdwWindow         parent_instance;

  GtkWidget        *overlay;
  GtkWidget        *header;
  GtkWidget        *content;
  GtkButton        *save_button;
  GtkBox           *kinds;
  GtkWidget        *name_row;
  GtkWidget        *command_row;
  GtkWidget        *address_row;
  AdwComboRow      *auth_row;
  GtkWidget        *token_name_row;
  GtkWidget        *token_row;
  GtkWidget        *forget_button;
  GtkWidget        *notes;
  GtkLabel         *problem;
  GtkLabel         *token_note;
  AdwExpanderRow   *advanced_row;
  GtkWidget        *run_box;
  GtkLabel         *run_label;
  GtkLabel         *test_label;
  GtkSpinner       *test_spinner;
  GtkWidget        *test_button;

  GtkWidget        *kind_buttons[VIA_BRIDGE_N_KINDS];
  GtkWidget        *description_row;
  GtkSwitch        *enabled;
  GtkWidget        *directory_row;
  GtkWidget        *environment_row;
  GtkWidget        *headers_row;
  GtkSpinButton    *timeout;
  GtkSpinButton    *retries;
  AdwComboRow      *protocol_row;

  ViaBridgeManager *manager;
  ViaBridgeConfig  *base;           /* what the dialog started from */
  char             *own_name;       /* (nullable) of the edited bridge */
  ViaBridgeKind     base_kind;
  guint             base_auth;      /* position in the authorization row */
  GCancellable     *cancellable;    /* ends with the dialog */
  GCancellable     *find_cancellable;
  ViaBridge        *trial;          /* (nullable) the bridge under test */
  ViaSecretPlace    token_place;    /* where the named token is now */
  guint             height_source;
  int               height;         /* that the window got from its content; 0 before */
  gboolean          ready;          /* FALSE while the rows are being filled */
  gboolean          suggesting;
  gboolean          token_name_typed;
};

/* via-bridge-dialog.c */
/* Brings everything in step with what the rows say; the handler of each change. */
void             via_bridge_dialog_changed      (ViaBridgeDialog *self);
/* Enter in a row saves what can be saved. A default button would also take it from rows that open something. */
void             via_bridge_dialog_entered      (ViaBridgeDialog *self);
/* via-bridge-dialog-rows.c */
void             via_bridge_dialog_build        (ViaBridgeDialog *self);
void             via_bridge_dialog_fill         (ViaBridgeDialog *self);
ViaBridgeConfig *via_bridge_dialog_read         (ViaBridgeDialog *self); /* (transfer full) */
ViaBridgeKind    via_bridge_dialog_get_kind     (ViaBridgeDialog *self);
const char      *via_bridge_dialog_get_text     (GtkWidget       *row);
gboolean         via_bridge_dialog_wants_token  (ViaBridgeDialog *self);
/* via-bridge-dialog-token.c */
typedef void   (*ViaBridgeDialogStep)           (ViaBridgeDialog *self);
/* Looks where the named token is now. */
void             via_bridge_dialog_find_token   (ViaBridgeDialog *self);
void             via_bridge_dialog_forget_token (ViaBridgeDialog *self);
void             via_bridge_dialog_update_token (ViaBridgeDialog *self);
/* A typed token is kept before anything uses it; then @next. */
void             via_bridge_dialog_store_token  (ViaBridgeDialog *self,
                                                 ViaBridgeDialogStep next);

G_END_DECLS
