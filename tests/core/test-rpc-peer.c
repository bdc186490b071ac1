/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/via-limits.h"
#include "rpc/via-rpc-peer.h"
#include "via-linked-transport.h"

/* Two peers, each with the other as its other side. */
typedef struct
{
  ViaTransport   *ours;
  ViaTransport   *theirs;
  ViaRpcPeer     *client;
  ViaRpcPeer     *server;
  GPtrArray      *waiting;  /* ViaRpcIncoming * that the server keeps */
  GString        *heard;    /* notifications of the client */
  GString        *notes;
  guint           n_abandoned;
  char           *reason;
  gint64          started;
  guint           n_closed;
} Pair;

static gboolean
request_cb (ViaRpcPeer     *peer,
            ViaRpcIncoming *incoming,
            gpointer        user_data)
{
  Pair *pair = user_data;
  ViaRpcMessage *message = via_rpc_incoming_get_message (incoming);
  const char *method = via_rpc_message_get_method (message);

  if (strcmp (method, "echo") == 0)
    via_rpc_incoming_reply (incoming, via_rpc_message_get_params (message));
  else if (strcmp (method, "fail") == 0)
    via_rpc_incoming_fail (incoming, 7, "no", via_rpc_message_get_params (message));
  else if (strcmp (method, "wait") == 0)
    g_ptr_array_add (pair->waiting, via_rpc_incoming_ref (incoming));
  else
    return strcmp (method, "drop") == 0;
  return TRUE;
}

static void
notification_cb (ViaRpcPeer    *peer,
                 ViaRpcMessage *message,
                 gpointer       user_data)
{
  Pair *pair = user_data;

  g_string_append_printf (pair->heard, "%s ", via_rpc_message_get_method (message));
}

static void
closed_cb (ViaRpcPeer   *peer,
           const GError *error,
           gpointer      user_data)
{
  ((Pair *) user_data)->n_closed++;
}

static void
diagnostic_cb (ViaTransport *transport,
               guint         kind,
               const char   *text,
               gpointer      user_data)
{
  g_string_append (((Pair *) user_data)->notes, text);
}

static void
abandon_cb (ViaRpcPeer *peer,
            gint64      id,
            const char *reason,
            gpointer    data)
{
  Pair *pair = data;

  pair->n_abandoned++;
  g_free (pair->reason);
  pair->reason = g_strdup (reason);
  g_assert_cmpint (id, ==, pair->started);
  via_rpc_peer_notify (peer, "cancelled", via_json_value_missing (), NULL);
}

static void
started_cb (ViaRpcPeer *peer,
            gint64      id,
            gpointer    data)
{
  Pair *pair = data;

  pair->started = id;
  g_assert_true (via_rpc_peer_is_pending (peer, id));
}

static void
open_pair (Pair *pair)
{
  *pair = (Pair) { 0 };
  via_linked_transport_new_pair (&pair->ours, &pair->theirs);
  pair->client = via_rpc_peer_new (pair->ours);
  pair->server = via_rpc_peer_new (pair->theirs);
  pair->waiting = g_ptr_array_new_with_free_func ((GDestroyNotify) via_rpc_incoming_unref);
  pair->heard = g_string_new (NULL);
  pair->notes = g_string_new (NULL);
  g_signal_connect (pair->server, "request", G_CALLBACK (request_cb), pair);
  g_signal_connect (pair->server, "notification", G_CALLBACK (notification_cb), pair);
  g_signal_connect (pair->client, "closed", G_CALLBACK (closed_cb), pair);
  g_signal_connect (pair->ours, "diagnostic", G_CALLBACK (diagnostic_cb), pair);
}

static void
settle (void)
{
  for (guint i = 0; i < 20; i++)
    g_main_context_iteration (NULL, FALSE);
}

static void
close_pair (Pair *pair)
{
  gpointer client = pair->client, server = pair->server, ours = pair->ours;

  g_ptr_array_unref (pair->waiting);
  settle ();
  g_object_add_weak_pointer (client, &client);
  g_object_add_weak_pointer (server, &server);
  g_object_add_weak_pointer (ours, &ours);
  g_clear_object (&pair->client);
  g_clear_object (&pair->server);
  g_clear_object (&pair->ours);
  g_clear_object (&pair->theirs);
  settle ();
  g_assert_null (client);
  g_assert_null (server);
  g_assert_null (ours);
  g_string_free (pair->heard, TRUE);
  g_string_free (pair->notes, TRUE);
  g_free (pair->reason);
}

typedef struct
{
  ViaRpcMessage *message;
  GError        *error;
  guint          n_calls;
} Outcome;

static void
outcome_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Outcome *outcome = user_data;

  outcome->n_calls++;
  outcome->message = via_rpc_peer_call_finish (VIA_RPC_PEER (source), result, &outcome->error);
  g_assert_true ((outcome->message == NULL) != (outcome->error == NULL));
}

static void
wait_for_outcome (Outcome *outcome)
{
  while (outcome->n_calls == 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
outcome_clear (Outcome *outcome)
{
  g_assert_cmpuint (outcome->n_calls, ==, 1);
  g_clear_pointer (&outcome->message, via_rpc_message_unref);
  g_clear_error (&outcome->error);
  outcome->n_calls = 0;
}

static void
begin (Pair                    *pair,
       const char              *method,
       const ViaRpcCallOptions *options,
       GCancellable            *cancellable,
       Outcome                 *outcome)
{
  *outcome = (Outcome) { 0 };
  via_rpc_peer_call_async (pair->client, method, via_json_value_missing (), options, cancellable, outcome_cb, outcome);
}

static void
test_call (void)
{
  Pair pair;
  Outcome outcome = { 0 };
  g_autoptr(ViaJsonDocument) document = via_json_document_new_strict ("{\"x\": [1]}", -1, NULL);

  open_pair (&pair);
  g_assert_cmpint (via_rpc_peer_peek_id (pair.client), ==, 1);
  via_rpc_peer_call_async (pair.client, "echo", via_json_document_get_root (document), NULL, NULL, outcome_cb, &outcome);
  g_assert_cmpuint (via_rpc_peer_get_n_pending (pair.client), ==, 1);
  g_assert_cmpint (via_rpc_peer_peek_id (pair.client), ==, 2);
  wait_for_outcome (&outcome);
  g_assert_no_error (outcome.error);
  g_assert_true (via_json_value_equal (via_rpc_message_get_result (outcome.message), via_json_document_get_root (document)));
  g_assert_cmpuint (via_rpc_peer_get_n_pending (pair.client), ==, 0);
  outcome_clear (&outcome);
  close_pair (&pair);
}

static void
check_remote_failure (const char *method,
                      int         code)
{
  Pair pair;
  Outcome outcome;

  open_pair (&pair);
  begin (&pair, method, NULL, NULL, &outcome);
  wait_for_outcome (&outcome);
  g_assert_error (outcome.error, VIA_RPC_ERROR, VIA_RPC_ERROR_REMOTE);
  g_assert_cmpint (via_rpc_error_get_remote (outcome.error)->code, ==, code);
  outcome_clear (&outcome);
  close_pair (&pair);
}

static void
test_remote_failures (void)
{
  check_remote_failure ("fail", 7);
  check_remote_failure ("unknown", VIA_RPC_METHOD_NOT_FOUND);
  check_remote_failure ("ping", VIA_RPC_METHOD_NOT_FOUND);
  check_remote_failure ("drop", VIA_RPC_INTERNAL_ERROR);
}

static void
test_answers_out_of_order (void)
{
  Pair pair;
  Outcome outcomes[5];

  open_pair (&pair);
  for (guint i = 0; i < 5; i++)
    begin (&pair, "wait", NULL, NULL, &outcomes[i]);
  settle ();
  g_assert_cmpuint (pair.waiting->len, ==, 5);
  for (int i = 4; i >= 0; i--)
    {
      ViaRpcIncoming *incoming = g_ptr_array_index (pair.waiting, i);

      via_rpc_incoming_reply (incoming, via_rpc_message_get_id (via_rpc_incoming_get_message (incoming)));
    }
  for (int i = 0; i < 5; i++)
    {
      gint64 number = 0;

      wait_for_outcome (&outcomes[i]);
      g_assert_true (via_json_value_get_int64 (via_rpc_message_get_result (outcomes[i].message), &number));
      g_assert_cmpint (number, ==, i + 1);
      outcome_clear (&outcomes[i]);
    }
  close_pair (&pair);
}

static void
test_strays (void)
{
  static const char *const texts[] = {
    "{\"jsonrpc\":\"2.0\",\"id\":99,\"result\":{}}",
    "{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"result\":{}}",
    "{\"jsonrpc\":\"2.0\",\"id\":-1,\"error\":{\"code\":1,\"message\":\"m\"}}",
    "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":1,\"message\":\"whose?\"}}",
    "{\"jsonrpc\":\"2.0\",\"id\":9223372036854775807,\"result\":{}}",
  };
  Pair pair;
  Outcome outcome;

  open_pair (&pair);
  begin (&pair, "wait", NULL, NULL, &outcome);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    via_linked_transport_inject (VIA_LINKED_TRANSPORT (pair.ours), texts[i]);
  settle ();
  g_assert_cmpuint (via_rpc_peer_get_n_strays (pair.client), ==, G_N_ELEMENTS (texts));
  g_assert_nonnull (strstr (pair.notes->str, "“whose?”"));
  g_assert_cmpuint (outcome.n_calls, ==, 0);
  via_linked_transport_inject (VIA_LINKED_TRANSPORT (pair.ours), "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}");
  via_linked_transport_inject (VIA_LINKED_TRANSPORT (pair.ours), "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}");
  settle ();
  g_assert_cmpuint (via_rpc_peer_get_n_strays (pair.client), ==, G_N_ELEMENTS (texts) + 1);
  outcome_clear (&outcome);
  close_pair (&pair);
}

static void
test_deadline (void)
{
  Pair pair;
  ViaRpcCallOptions options = { .timeout_ms = 60, .abandon = abandon_cb, .started = started_cb, .data = &pair };
  gint64 began = g_get_monotonic_time ();
  Outcome outcome, quick;

  open_pair (&pair);
  begin (&pair, "wait", &options, NULL, &outcome);
  wait_for_outcome (&outcome);
  g_assert_error (outcome.error, VIA_RPC_ERROR, VIA_RPC_ERROR_TIMEOUT);
  g_assert_cmpint (g_get_monotonic_time () - began, >=, 60000);
  g_assert_cmpuint (pair.n_abandoned, ==, 1);
  g_assert_cmpstr (pair.reason, ==, "Timed out");
  settle ();
  g_assert_cmpstr (pair.heard->str, ==, "cancelled ");
  outcome_clear (&outcome);

  /* the late answer reaches nobody, and the timer still works */
  via_rpc_incoming_reply (g_ptr_array_index (pair.waiting, 0), via_json_value_missing ());
  settle ();
  g_assert_cmpuint (via_rpc_peer_get_n_strays (pair.client), ==, 1);
  begin (&pair, "wait", &options, NULL, &quick);
  wait_for_outcome (&quick);
  g_assert_error (quick.error, VIA_RPC_ERROR, VIA_RPC_ERROR_TIMEOUT);
  outcome_clear (&quick);
  close_pair (&pair);
}

/* One timer serves all, however they were begun, and none goes off early. */
static void
test_many_deadlines (void)
{
  guint timeouts[] = { 300, 40, 200, 40, 120 };
  guint order[] = { 1, 3, 4, 2, 0 };
  gint64 began = g_get_monotonic_time ();
  Pair pair;
  Outcome outcomes[5], endless;

  open_pair (&pair);
  begin (&pair, "wait", NULL, NULL, &endless);
  for (guint i = 0; i < 5; i++)
    {
      ViaRpcCallOptions options = { .timeout_ms = timeouts[i] };

      begin (&pair, "wait", &options, NULL, &outcomes[i]);
    }
  for (guint i = 0; i < 5; i++)
    {
      wait_for_outcome (&outcomes[order[i]]);
      g_assert_cmpint (g_get_monotonic_time () - began, >=, timeouts[order[i]] * 1000);
      g_assert_error (outcomes[order[i]].error, VIA_RPC_ERROR, VIA_RPC_ERROR_TIMEOUT);
      outcome_clear (&outcomes[order[i]]);
    }
  g_assert_cmpuint (endless.n_calls, ==, 0);
  via_rpc_incoming_reply (g_ptr_array_index (pair.waiting, 0), via_json_value_missing ());
  wait_for_outcome (&endless);
  outcome_clear (&endless);
  close_pair (&pair);
}

static gboolean
extend_cb (gpointer user_data)
{
  Pair *pair = user_data;

  via_rpc_peer_extend (pair->client, pair->started);
  via_rpc_peer_extend (pair->client, 4242);
  return G_SOURCE_CONTINUE;
}

static void
check_extended (guint max_timeout_ms,
                guint at_least_ms,
                guint at_most_ms)
{
  Pair pair;
  ViaRpcCallOptions options = { .timeout_ms = 100, .max_timeout_ms = max_timeout_ms, .started = started_cb, .data = &pair };
  gint64 began = g_get_monotonic_time ();
  guint ticks = g_timeout_add (20, extend_cb, &pair);
  Outcome outcome;

  open_pair (&pair);
  begin (&pair, "wait", &options, NULL, &outcome);
  wait_for_outcome (&outcome);
  g_assert_error (outcome.error, VIA_RPC_ERROR, VIA_RPC_ERROR_TIMEOUT);
  g_assert_cmpint (g_get_monotonic_time () - began, >=, at_least_ms * 1000);
  g_assert_cmpint (g_get_monotonic_time () - began, <, at_most_ms * 1000);
  g_source_remove (ticks);
  outcome_clear (&outcome);
  close_pair (&pair);
}

/* Progress pushes the deadline, but not for ever; without a maximum not at all. */
static void
test_extend (void)
{
  check_extended (500, 500, 10000);
  check_extended (0, 100, 10000);
}

static gboolean
cancel_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_REMOVE;
}

static void
check_cancel (guint delay)
{
  Pair pair;
  ViaRpcCallOptions options = { .abandon = abandon_cb, .started = started_cb, .data = &pair };
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  Outcome outcome;

  open_pair (&pair);
  begin (&pair, "wait", &options, cancellable, &outcome);
  if (delay > 0)
    g_timeout_add (delay, cancel_cb, cancellable);
  else
    g_cancellable_cancel (cancellable);
  wait_for_outcome (&outcome);
  g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (pair.n_abandoned, ==, 1);
  g_assert_cmpuint (via_rpc_peer_get_n_pending (pair.client), ==, 0);
  outcome_clear (&outcome);
  close_pair (&pair);
}

static void
test_cancel (void)
{
  Pair pair;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  Outcome outcome;

  check_cancel (0);
  check_cancel (20);

  /* before the call: nothing is sent */
  open_pair (&pair);
  g_cancellable_cancel (cancellable);
  begin (&pair, "echo", NULL, cancellable, &outcome);
  wait_for_outcome (&outcome);
  g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (via_linked_transport_get_n_sent (VIA_LINKED_TRANSPORT (pair.ours)), ==, 0);
  outcome_clear (&outcome);
  close_pair (&pair);
}

/* Over a transport whose sends last as long as the exchange: its cancellable ends it. */
static void
test_cancel_ends_exchange (void)
{
  Pair pair;
  ViaRpcCallOptions options = { .timeout_ms = 30 };
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  Outcome late, cancelled;

  open_pair (&pair);
  via_linked_transport_set_waiting (VIA_LINKED_TRANSPORT (pair.ours), TRUE);
  begin (&pair, "wait", &options, NULL, &late);
  begin (&pair, "wait", NULL, cancellable, &cancelled);
  wait_for_outcome (&late);
  g_assert_error (late.error, VIA_RPC_ERROR, VIA_RPC_ERROR_TIMEOUT);
  settle ();
  g_assert_cmpuint (via_linked_transport_get_n_cancelled (VIA_LINKED_TRANSPORT (pair.ours)), ==, 1);
  g_cancellable_cancel (cancellable);
  wait_for_outcome (&cancelled);
  settle ();
  g_assert_cmpuint (via_linked_transport_get_n_cancelled (VIA_LINKED_TRANSPORT (pair.ours)), ==, 2);
  outcome_clear (&late);
  outcome_clear (&cancelled);
  close_pair (&pair);
}

static void
check_send_failure (gboolean waiting)
{
  g_autoptr(GError) failure = g_error_new_literal (VIA_RPC_ERROR, VIA_RPC_ERROR_NOT_SENT, "no");
  Pair pair;
  Outcome outcome;

  open_pair (&pair);
  via_linked_transport_set_waiting (VIA_LINKED_TRANSPORT (pair.ours), waiting);
  via_linked_transport_set_failure (VIA_LINKED_TRANSPORT (pair.ours), failure);
  begin (&pair, "echo", NULL, NULL, &outcome);
  g_assert_cmpuint (outcome.n_calls, ==, 0);
  wait_for_outcome (&outcome);
  g_assert_error (outcome.error, VIA_RPC_ERROR, VIA_RPC_ERROR_NOT_SENT);
  g_assert_cmpuint (via_rpc_peer_get_n_pending (pair.client), ==, 0);
  outcome_clear (&outcome);
  close_pair (&pair);
}

static void
test_send_fails (void)
{
  check_send_failure (FALSE);
  check_send_failure (TRUE);
}

static void
test_closed_fails_all (void)
{
  g_autoptr(GError) crash = g_error_new_literal (VIA_RPC_ERROR, VIA_RPC_ERROR_CLOSED, "It crashed.");
  Pair pair;
  Outcome outcomes[VIA_LIMIT_PENDING_REQUESTS], late;

  open_pair (&pair);
  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    begin (&pair, "wait", NULL, NULL, &outcomes[i]);
  via_linked_transport_break (VIA_LINKED_TRANSPORT (pair.ours), crash);
  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      wait_for_outcome (&outcomes[i]);
      g_assert_error (outcomes[i].error, VIA_RPC_ERROR, VIA_RPC_ERROR_CLOSED);
      g_assert_cmpstr (outcomes[i].error->message, ==, "It crashed.");
      outcome_clear (&outcomes[i]);
    }
  g_assert_cmpuint (pair.n_closed, ==, 1);
  begin (&pair, "echo", NULL, NULL, &late);
  wait_for_outcome (&late);
  g_assert_error (late.error, VIA_RPC_ERROR, VIA_RPC_ERROR_NOT_SENT);
  outcome_clear (&late);
  close_pair (&pair);
}

static void
test_closed_without_error (void)
{
  Pair pair;
  Outcome outcome;

  open_pair (&pair);
  begin (&pair, "wait", NULL, NULL, &outcome);
  via_transport_close_async (pair.theirs, NULL, NULL, NULL);
  wait_for_outcome (&outcome);
  g_assert_error (outcome.error, VIA_RPC_ERROR, VIA_RPC_ERROR_CLOSED);
  outcome_clear (&outcome);
  close_pair (&pair);
}

static void
test_too_many (void)
{
  Pair pair;
  Outcome outcomes[VIA_LIMIT_PENDING_REQUESTS], busy, next;

  open_pair (&pair);
  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    begin (&pair, "wait", NULL, NULL, &outcomes[i]);
  begin (&pair, "echo", NULL, NULL, &busy);
  wait_for_outcome (&busy);
  g_assert_error (busy.error, VIA_RPC_ERROR, VIA_RPC_ERROR_BUSY);
  outcome_clear (&busy);
  while (pair.waiting->len < G_N_ELEMENTS (outcomes))
    g_main_context_iteration (NULL, TRUE);
  via_rpc_incoming_reply (g_ptr_array_index (pair.waiting, 0), via_json_value_missing ());
  wait_for_outcome (&outcomes[0]);
  begin (&pair, "echo", NULL, NULL, &next);
  wait_for_outcome (&next);
  g_assert_no_error (next.error);
  outcome_clear (&next);
  g_ptr_array_set_size (pair.waiting, 0); /* dropped requests are answered */
  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      wait_for_outcome (&outcomes[i]);
      outcome_clear (&outcomes[i]);
    }
  close_pair (&pair);
}

/* The other side asks without end: it is refused, nothing piles up. */
static void
test_too_many_incoming (void)
{
  Pair pair;
  guint n = VIA_LIMIT_PENDING_REQUESTS + 50;

  open_pair (&pair);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"jsonrpc\":\"2.0\",\"id\":%u,\"method\":\"wait\"}", i);

      via_linked_transport_inject (VIA_LINKED_TRANSPORT (pair.theirs), text);
    }
  while (via_linked_transport_get_n_sent (VIA_LINKED_TRANSPORT (pair.theirs)) < 50)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (pair.waiting->len, ==, VIA_LIMIT_PENDING_REQUESTS);
  g_ptr_array_set_size (pair.waiting, 0);
  via_linked_transport_inject (VIA_LINKED_TRANSPORT (pair.theirs), "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"wait\"}");
  while (pair.waiting->len == 0)
    g_main_context_iteration (NULL, TRUE);
  close_pair (&pair);
}

/* Nobody waits for it any more: no answer goes out, and its place is free again with the last reference. */
static void
test_dropped (void)
{
  Pair pair;
  ViaRpcIncoming *dropped;
  guint n_sent;

  open_pair (&pair);
  via_linked_transport_inject (VIA_LINKED_TRANSPORT (pair.theirs), "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"wait\"}");
  while (pair.waiting->len == 0)
    g_main_context_iteration (NULL, TRUE);
  n_sent = via_linked_transport_get_n_sent (VIA_LINKED_TRANSPORT (pair.theirs));
  dropped = via_rpc_incoming_ref (g_ptr_array_index (pair.waiting, 0));
  g_ptr_array_set_size (pair.waiting, 0);
  via_rpc_incoming_drop (dropped);
  for (guint i = 0; i < VIA_LIMIT_PENDING_REQUESTS; i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"jsonrpc\":\"2.0\",\"id\":%u,\"method\":\"wait\"}", 2 + i);

      via_linked_transport_inject (VIA_LINKED_TRANSPORT (pair.theirs), text);
    }
  while (via_linked_transport_get_n_sent (VIA_LINKED_TRANSPORT (pair.theirs)) == n_sent)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (pair.waiting->len, ==, VIA_LIMIT_PENDING_REQUESTS - 1);
  via_rpc_incoming_unref (dropped);
  settle ();
  g_assert_cmpuint (via_linked_transport_get_n_sent (VIA_LINKED_TRANSPORT (pair.theirs)), ==, n_sent + 1);
  close_pair (&pair);
}

/* An answer after the connection ended, and after the peer is gone. */
static void
test_answer_too_late (void)
{
  Pair pair;
  ViaRpcIncoming *kept, *dropped;
  Outcome outcomes[2];

  open_pair (&pair);
  begin (&pair, "wait", NULL, NULL, &outcomes[0]);
  begin (&pair, "wait", NULL, NULL, &outcomes[1]);
  settle ();
  kept = via_rpc_incoming_ref (g_ptr_array_index (pair.waiting, 0));
  dropped = via_rpc_incoming_ref (g_ptr_array_index (pair.waiting, 1));
  via_transport_close_async (pair.theirs, NULL, NULL, NULL);
  wait_for_outcome (&outcomes[0]);
  wait_for_outcome (&outcomes[1]);
  outcome_clear (&outcomes[0]);
  outcome_clear (&outcomes[1]);
  via_rpc_incoming_reply (kept, via_json_value_missing ());
  via_rpc_incoming_unref (kept);
  close_pair (&pair);
  via_rpc_incoming_unref (dropped);
}

static void
close_in_callback_cb (GObject      *source,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  Pair *pair = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(ViaRpcMessage) message = via_rpc_peer_call_finish (VIA_RPC_PEER (source), result, &error);

  pair->n_abandoned++;
  via_transport_close_async (pair->ours, NULL, NULL, NULL);
  g_clear_object (&pair->client);
}

/* A caller may close and let go of everything from within its callback, with other calls pending. */
static void
test_drop_in_callback (void)
{
  Pair pair;
  Outcome outcome;
  gpointer client;

  open_pair (&pair);
  client = pair.client;
  g_object_add_weak_pointer (client, &client);
  via_rpc_peer_call_async (pair.client, "echo", via_json_value_missing (), NULL, NULL, close_in_callback_cb, &pair);
  begin (&pair, "wait", NULL, NULL, &outcome);
  wait_for_outcome (&outcome);
  g_assert_error (outcome.error, VIA_RPC_ERROR, VIA_RPC_ERROR_CLOSED);
  outcome_clear (&outcome);
  settle ();
  g_assert_cmpuint (pair.n_abandoned, ==, 1);
  g_assert_null (client);
  g_ptr_array_unref (pair.waiting);
  g_clear_object (&pair.server);
  g_clear_object (&pair.ours);
  g_clear_object (&pair.theirs);
  settle ();
  g_string_free (pair.heard, TRUE);
  g_string_free (pair.notes, TRUE);
}

static void
test_notify (void)
{
  Pair pair;

  open_pair (&pair);
  via_rpc_peer_notify (pair.client, "one", via_json_value_missing (), NULL);
  via_linked_transport_set_waiting (VIA_LINKED_TRANSPORT (pair.ours), TRUE);
  via_rpc_peer_notify (pair.client, "two", via_json_value_missing (), NULL);
  settle ();
  g_assert_cmpstr (pair.heard->str, ==, "one two ");
  close_pair (&pair);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/rpc-peer/call", test_call);
  g_test_add_func ("/core/rpc-peer/remote-failures", test_remote_failures);
  g_test_add_func ("/core/rpc-peer/answers-out-of-order", test_answers_out_of_order);
  g_test_add_func ("/core/rpc-peer/strays", test_strays);
  g_test_add_func ("/core/rpc-peer/deadline", test_deadline);
  g_test_add_func ("/core/rpc-peer/many-deadlines", test_many_deadlines);
  g_test_add_func ("/core/rpc-peer/extend", test_extend);
  g_test_add_func ("/core/rpc-peer/cancel", test_cancel);
  g_test_add_func ("/core/rpc-peer/cancel-ends-exchange", test_cancel_ends_exchange);
  g_test_add_func ("/core/rpc-peer/send-fails", test_send_fails);
  g_test_add_func ("/core/rpc-peer/closed-fails-all", test_closed_fails_all);
  g_test_add_func ("/core/rpc-peer/closed-without-error", test_closed_without_error);
  g_test_add_func ("/core/rpc-peer/too-many", test_too_many);
  g_test_add_func ("/core/rpc-peer/too-many-incoming", test_too_many_incoming);
  g_test_add_func ("/core/rpc-peer/dropped", test_dropped);
  g_test_add_func ("/core/rpc-peer/answer-too-late", test_answer_too_late);
  g_test_add_func ("/core/rpc-peer/drop-in-callback", test_drop_in_callback);
  g_test_add_func ("/core/rpc-peer/notify", test_notify);
  return g_test_run ();
}
