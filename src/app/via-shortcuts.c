/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <glib/gi18n.h>

#include "via-shortcuts.h"

static const ViaShortcut shortcuts[] = {
  { VIA_SHORTCUT_GENERAL, "win.search", "<Control>f", N_("Search tools") },
  { VIA_SHORTCUT_GENERAL, "win.next-pane", "F6", N_("Go to the next pane") },
  { VIA_SHORTCUT_GENERAL, "win.previous-pane", "<Shift>F6", N_("Go to the previous pane") },
  { VIA_SHORTCUT_GENERAL, "win.next-divider", "F8", N_("Go to the next divider, to move it with the arrow keys") },
  { VIA_SHORTCUT_GENERAL, "win.menu", "F10", N_("Open the main menu") },
  { VIA_SHORTCUT_GENERAL, "app.preferences", "<Control>comma", N_("Preferences") },
  { VIA_SHORTCUT_GENERAL, "app.shortcuts", "<Control>question", N_("Keyboard shortcuts") },
  { VIA_SHORTCUT_GENERAL, "window.close", "<Control>w", N_("Close the window") },
  { VIA_SHORTCUT_GENERAL, "app.quit", "<Control>q", N_("Quit") },
  { VIA_SHORTCUT_BRIDGES, "win.add-bridge", "<Control>n", N_("Add a bridge") },
  { VIA_SHORTCUT_BRIDGES, "win.edit", "<Control>e", N_("Edit the bridge") },
  { VIA_SHORTCUT_BRIDGES, "win.test", "<Control>t", N_("Test the connection") },
  { VIA_SHORTCUT_BRIDGES, "win.refresh", "F5 <Control>r", N_("Refresh the tools") },
  { VIA_SHORTCUT_BRIDGES, "win.previous-bridge", "<Alt>Up", N_("Previous bridge") },
  { VIA_SHORTCUT_BRIDGES, "win.next-bridge", "<Alt>Down", N_("Next bridge") },
  { VIA_SHORTCUT_BRIDGES, "win.stop-all", "<Control><Shift>s", N_("Stop everything") },
  { VIA_SHORTCUT_TOOLS, "tool.execute", "<Control>Return", N_("Execute the tool"), "<Control>KP_Enter" },
  { VIA_SHORTCUT_TOOLS, "tool.cancel", "Escape", N_("Cancel the execution"), .local = TRUE },
  { VIA_SHORTCUT_TOOLS, "tool.form-visible", "F9", N_("Show or hide the form") },
  { VIA_SHORTCUT_TOOLS, "win.back", "<Alt>Left", N_("Go back") },
};

static const char *const group_titles[VIA_SHORTCUT_N_GROUPS] = { N_("General"), N_("Bridges"), N_("Tools") };

const ViaShortcut *
via_shortcuts_get_all (guint *n_shortcuts)
{
  *n_shortcuts = G_N_ELEMENTS (shortcuts);
  return shortcuts;
}

void
via_shortcuts_install (GtkApplication *application)
{
  for (gsize i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    {
      g_autofree char *all = g_strjoin (" ", shortcuts[i].accels, shortcuts[i].more, NULL);
      g_auto(GStrv) accels = g_strsplit (all, " ", -1);

      if (shortcuts[i].local)
        continue;
      gtk_application_set_accels_for_action (application, shortcuts[i].action, (const char *const *) accels);
    }
}

static void
append_group (GString          *xml,
              ViaShortcutGroup  group)
{
  g_autofree char *head = g_markup_printf_escaped ("<child><object class='GtkShortcutsGroup'>"
                                                   "<property name='title'>%s</property>", _(group_titles[group]));

  g_string_append (xml, head);
  for (gsize i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    if (shortcuts[i].group == group)
      {
        g_autofree char *row = g_markup_printf_escaped ("<child><object class='GtkShortcutsShortcut'>"
                                                        "<property name='title'>%s</property>"
                                                        "<property name='accelerator'>%s</property></object></child>",
                                                        _(shortcuts[i].title), shortcuts[i].accels);

        g_string_append (xml, row);
      }
  g_string_append (xml, "</object></child>");
}

/* The floor's shortcuts window can only be filled by a builder. */
GtkWidget *
via_shortcuts_window_new (void)
{
  g_autoptr(GString) xml = g_string_new ("<interface><object class='GtkShortcutsWindow' id='window'>"
                                         "<property name='modal'>1</property><child>"
                                         "<object class='GtkShortcutsSection'>"
                                         "<property name='section-name'>shortcuts</property>"
                                         "<property name='max-height'>14</property>");
  g_autoptr(GtkBuilder) builder = NULL;

  for (guint i = 0; i < VIA_SHORTCUT_N_GROUPS; i++)
    append_group (xml, i);
  g_string_append (xml, "</object></child></object></interface>");
  builder = gtk_builder_new_from_string (xml->str, xml->len);
  return GTK_WIDGET (gtk_builder_get_object (builder, "window"));
}
