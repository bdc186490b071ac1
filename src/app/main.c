/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <glib/gi18n.h>

#include "base/via-locale.h"
#include "via-application.h"

int
main (int    argc,
      char **argv)
{
  g_autoptr(ViaApplication) application = NULL;

  via_locale_init ();
  g_set_prgname ("viaduct");
  g_set_application_name (_("Viaduct"));
  application = via_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
