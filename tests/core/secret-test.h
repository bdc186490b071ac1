/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "secrets/via-secret-private.h"

/* What tests of the secret store share: each question asked and waited for. Every error is searched for the canary. */

#define CANARY "canary-7f3a91"
#define WAIT_S 20

typedef struct
{
  gboolean       done;
  GError        *error;
  ViaSecret     *secret;
  ViaSecretPlace place;
  gboolean       cleared;
  char         **texts;
} Answer;

static inline gboolean
give_up_cb (gpointer user_data)
{
  g_error ("no answer in time");
  return G_SOURCE_REMOVE;
}

static inline void
answer_wait (Answer *answer)
{
  guint id = g_timeout_add_seconds (WAIT_S, give_up_cb, NULL);

  while (!answer->done)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (id);
  if (answer->error != NULL)
    {
      g_test_message ("%s", answer->error->message);
      g_assert_null (strstr (answer->error->message, CANARY));
    }
}

static inline void
answer_clear (Answer *answer)
{
  g_clear_error (&answer->error);
  via_secret_free (answer->secret);
  g_strfreev (answer->texts);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answer, answer_clear)

static inline void
lookup_done_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  Answer *answer = user_data;

  answer->secret = via_secret_store_lookup_finish (VIA_SECRET_STORE (object), result, &answer->error);
  answer->done = TRUE;
}

static inline void
assert_found (ViaSecretStore *store,
              const char     *name,
              const char     *value,
              ViaSecretPlace  place)
{
  g_auto(Answer) answer = { FALSE };

  via_secret_store_lookup_async (store, name, NULL, lookup_done_cb, &answer);
  answer_wait (&answer);
  g_assert_no_error (answer.error);
  g_assert_cmpstr (answer.secret->value, ==, value);
  g_assert_cmpint (answer.secret->place, ==, place);
}

static inline void
assert_lookup_fails (ViaSecretStore *store,
                     const char     *name,
                     ViaSecretError  code)
{
  g_auto(Answer) answer = { FALSE };

  via_secret_store_lookup_async (store, name, NULL, lookup_done_cb, &answer);
  answer_wait (&answer);
  g_assert_null (answer.secret);
  g_assert_error (answer.error, VIA_SECRET_ERROR, (int) code);
}

static inline void
set_done_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  Answer *answer = user_data;

  answer->place = via_secret_store_set_finish (VIA_SECRET_STORE (object), result, &answer->error);
  answer->done = TRUE;
}

static inline void
assert_set (ViaSecretStore *store,
            const char     *name,
            const char     *value,
            ViaSecretPlace  place)
{
  g_auto(Answer) answer = { FALSE };
  g_autofree char *copy = g_strdup (value);

  via_secret_store_set_async (store, name, copy, NULL, set_done_cb, &answer);
  memset (copy, 'x', strlen (copy)); /* the caller may wipe its own at once */
  answer_wait (&answer);
  g_assert_no_error (answer.error);
  g_assert_cmpint (answer.place, ==, place);
}

static inline void
assert_set_fails (ViaSecretStore *store,
                  const char     *name,
                  const char     *value,
                  ViaSecretError  code)
{
  g_auto(Answer) answer = { FALSE };

  via_secret_store_set_async (store, name, value, NULL, set_done_cb, &answer);
  answer_wait (&answer);
  g_assert_cmpint (answer.place, ==, VIA_SECRET_NOWHERE);
  g_assert_error (answer.error, VIA_SECRET_ERROR, (int) code);
}

static inline void
clear_done_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  Answer *answer = user_data;

  answer->cleared = via_secret_store_clear_finish (VIA_SECRET_STORE (object), result, &answer->error);
  answer->done = TRUE;
}

static inline void
assert_cleared (ViaSecretStore *store,
                const char     *name)
{
  g_auto(Answer) answer = { FALSE };

  via_secret_store_clear_async (store, name, NULL, clear_done_cb, &answer);
  answer_wait (&answer);
  g_assert_no_error (answer.error);
  g_assert_true (answer.cleared);
}

static inline void
find_done_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  Answer *answer = user_data;

  answer->place = via_secret_store_find_finish (VIA_SECRET_STORE (object), result, &answer->error);
  answer->done = TRUE;
}

static inline void
assert_place (ViaSecretStore *store,
              const char     *name,
              ViaSecretPlace  place)
{
  g_auto(Answer) answer = { FALSE };

  via_secret_store_find_async (store, name, NULL, find_done_cb, &answer);
  answer_wait (&answer);
  g_assert_no_error (answer.error);
  g_assert_cmpint (answer.place, ==, place);
}

static inline void
expand_done_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  Answer *answer = user_data;

  answer->texts = via_secret_store_expand_finish (VIA_SECRET_STORE (object), result, &answer->error);
  answer->done = TRUE;
}
