/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <locale.h>

#include <glib/gi18n.h>

#include "via-application.h"

int
main (int    argc,
      char **argv)
{
  g_autoptr(ViaApplication) application = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, VIA_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_prgname ("viaduct");
  g_set_application_name (_("Viaduct"));
  application = via_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
