/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/via-limits.h"
#include "base/via-text.h"
#include "secrets/via-secret-private.h"

#define NAME_BYTES_MAX 128

G_DEFINE_QUARK (via-secret-error-quark, via_secret_error)

static const struct
{
  const char *name;
  const char *title;
} places[] = {
  [VIA_SECRET_NOWHERE] = { "nowhere", N_("nowhere") },
  [VIA_SECRET_ENVIRONMENT] = { "environment", N_("the environment") },
  [VIA_SECRET_KEYRING] = { "keyring", N_("the login keyring") },
  [VIA_SECRET_DOTENV] = { "dotenv", N_("a .env file") },
  [VIA_SECRET_FILE] = { "file", N_("a mounted file") },
  [VIA_SECRET_SESSION] = { "session", N_("the memory of this program") },
};

const char *
via_secret_place_get_title (ViaSecretPlace place)
{
  g_return_val_if_fail (place < G_N_ELEMENTS (places), NULL);

  return g_dgettext (GETTEXT_PACKAGE, places[place].title);
}

const char *
via_secret_place_get_name (ViaSecretPlace place)
{
  g_return_val_if_fail (place < G_N_ELEMENTS (places), NULL);

  return places[place].name;
}

void
via_secret_wipe (char *value)
{
  if (value == NULL)
    return;
  via_text_wipe (value, strlen (value));
  g_free (value);
}

ViaSecret *
via_secret_new_take (char           *value,
                     ViaSecretPlace  place)
{
  ViaSecret *self = g_new0 (ViaSecret, 1);

  self->value = value;
  self->place = place;
  return self;
}

void
via_secret_free (ViaSecret *self)
{
  if (self == NULL)
    return;
  via_secret_wipe (self->value);
  g_free (self);
}

gboolean
via_secret_check_name (const char  *name,
                       GError     **error)
{
  gboolean right = (g_ascii_isalnum (*name) || *name == '_') && strlen (name) <= NAME_BYTES_MAX;

  for (const char *at = name; right && *at != '\0'; at++)
    right = g_ascii_isalnum (*at) || strchr ("_-.", *at) != NULL;
  if (!right)
    g_set_error_literal (error, VIA_SECRET_ERROR, VIA_SECRET_ERROR_INVALID,
                         _("This is not the name of a token. A name has letters, digits, “_”, “-” and “.”, at most 128 of "
                           "them, such as REMOTE_TOKEN."));
  return right;
}

gboolean
via_secret_check_value (const char  *name,
                        const char  *value,
                        GError     **error)
{
  gsize length = strlen (value);
  const char *message = NULL;

  if (length == 0)
    message = _("The value of “%s” is empty. Give the token itself.");
  else if (length > VIA_LIMIT_SECRET_BYTES)
    message = _("The value of “%s” is longer than 64 KiB, which no token is.");
  else if (!g_utf8_validate (value, length, NULL))
    message = _("The value of “%s” is not text.");
  for (const char *at = value; message == NULL && *at != '\0'; at++)
    if (g_ascii_iscntrl (*at))
      message = _("The value of “%s” holds a line end or another control character. Give the token alone, on one line.");
  if (message == NULL)
    return TRUE;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  g_set_error (error, VIA_SECRET_ERROR, VIA_SECRET_ERROR_INVALID, message, name);
#pragma GCC diagnostic pop
  return FALSE;
}
