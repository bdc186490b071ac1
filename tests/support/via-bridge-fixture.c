/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rpc/via-rpc-error.h"
#include "via-bridge-fixture.h"

void
make_bridge (Fixture *f)
{
  g_clear_object (&f->bridge);
  f->bridge = via_bridge_new_full (f->config, &f->settings, NULL, via_fake_backend_new, &f->script, f->clock);
}

void
set_up (Fixture       *f,
        gconstpointer  data)
{
  f->clock = via_clock_new_fake (1000 * SECOND, 1793000000 * SECOND);
  f->config = via_bridge_config_new ("fake");
  f->config->enabled = TRUE;
  f->config->endpoint = g_strdup ("https://example.com/mcp");
  f->config->transport = VIA_TRANSPORT_HTTP;
  f->config->timeout_s = 30;
  f->config->max_retries = 3;
  f->config->backoff_factor = 2;
  f->config->max_backoff_ms = 30000;
  f->config->retry_calls = VIA_RETRY_SAFE;
  f->settings.max_concurrent_requests = 10;
  f->settings.enable_caching = TRUE;
  f->settings.cache_ttl_s = 300;
  via_fake_script_init (&f->script);
  make_bridge (f);
}

void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  settle ();
  if (f->bridge != NULL)
    g_assert_finalize_object (f->bridge);
  settle ();
  g_assert_cmpuint (f->script.n_alive, ==, 0);
  g_assert_cmpuint (via_clock_get_n_calls (f->clock), ==, 0);
  via_fake_script_clear (&f->script);
  g_assert_finalize_object (f->config);
  g_assert_finalize_object (f->clock);
  g_clear_error (&f->error);
}

GError *
make_error (ViaRpcError code)
{
  return via_rpc_error_new_http (code, 0, -1, NULL, NULL, "What happened.");
}

ViaOperation *
execute (Fixture *f)
{
  return via_bridge_execute (f->bridge, "echo", NULL, NULL);
}

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Fixture *f = user_data;

  f->n_done++;
  g_clear_error (&f->error);
  via_bridge_list_tools_finish (VIA_BRIDGE (source), result, &f->error);
}

void
list (Fixture      *f,
      gboolean      refresh,
      GCancellable *cancellable)
{
  via_bridge_list_tools_async (f->bridge, refresh, cancellable, listed_cb, f);
}

void
list_and_settle (Fixture  *f,
                 gboolean  refresh)
{
  list (f, refresh, NULL);
  settle ();
}

void
assert_state (Fixture        *f,
              ViaBridgeState  state)
{
  g_assert_cmpint (via_bridge_get_state (f->bridge), ==, state);
}

void
assert_operation (ViaOperation      *operation,
                  ViaOperationState  state,
                  ViaSide            side)
{
  g_assert_cmpstr (via_operation_state_get_name (via_operation_get_state (operation)), ==,
                   via_operation_state_get_name (state));
  g_assert_cmpstr (via_side_get_name (via_operation_get_side (operation)), ==, via_side_get_name (side));
}
