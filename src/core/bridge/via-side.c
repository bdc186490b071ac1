/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "via-bridge"

#include "config.h"

#include "bridge/via-operation.h"

/* What is known of each side: its name in JSON and the exit status of the command line (product.md, exit status). */
static const struct
{
  const char *name;
  int         exit_status;
} sides[] = {
  [VIA_SIDE_NONE] = { "none", 0 },
  [VIA_SIDE_ARGUMENTS] = { "arguments", 1 },
  [VIA_SIDE_TOOL] = { "tool", 1 },
  [VIA_SIDE_SERVER] = { "server", 1 },
  [VIA_SIDE_CONFIGURATION] = { "configuration", 3 },
  [VIA_SIDE_CONNECTION] = { "connection", 4 },
  [VIA_SIDE_AUTHORIZATION] = { "authorization", 5 },
  [VIA_SIDE_TIMEOUT] = { "timeout", 6 },
  [VIA_SIDE_CANCELLED] = { "cancelled", 7 },
  [VIA_SIDE_POLICY] = { "policy", 8 },
};

/* The word for @side in JSON: "arguments", "connection" … Not translated. */
const char *
via_side_get_name (ViaSide side)
{
  g_return_val_if_fail ((guint) side < G_N_ELEMENTS (sides), NULL);

  return sides[side].name;
}

/* The exit status with which the command line says @side. */
int
via_side_get_exit_status (ViaSide side)
{
  g_return_val_if_fail ((guint) side < G_N_ELEMENTS (sides), 1);

  return sides[side].exit_status;
}
