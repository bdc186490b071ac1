/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-auth"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "auth/via-token-authorizer.h"
#include "base/via-text.h"

struct _ViaTokenAuthorizer
{
  GObject         parent_instance;

  ViaSecretStore *store;
  ViaTokenScheme  scheme;
  char           *name;    /* (nullable) of the token */
  char          **names;   /* (nullable) of the extra headers */
  char          **values;  /* (nullable) theirs, references and all */
};

static void via_token_authorizer_iface_init (ViaHttpAuthorizerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ViaTokenAuthorizer, via_token_authorizer, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (VIA_TYPE_HTTP_AUTHORIZER, via_token_authorizer_iface_init))

static void
wipe (char *text)
{
  if (text != NULL)
    via_text_wipe (text, strlen (text));
  g_free (text);
}

static void
wipe_all (char **texts)
{
  for (guint i = 0; texts != NULL && texts[i] != NULL; i++)
    wipe (texts[i]);
  g_free (texts);
}

/* Control characters would end the header and begin another. The value is not quoted: it may be a token. */
static gboolean
set_header (SoupMessage *message,
            const char  *name,
            const char  *value,
            GError     **error)
{
  for (const char *p = value; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p) && *p != '\t')
      {
        g_set_error (error, VIA_SECRET_ERROR, VIA_SECRET_ERROR_INVALID,
                     _("The value for the header “%s” holds a line break or another control character. Set it anew "
                       "without one."), name);
        return FALSE;
      }
  soup_message_headers_replace (soup_message_get_request_headers (message), name, value);
  return TRUE;
}

static gboolean
apply_headers (ViaTokenAuthorizer *self,
               SoupMessage        *message,
               char              **values,
               GError            **error)
{
  for (guint i = 0; self->names != NULL && self->names[i] != NULL; i++)
    if (!set_header (message, self->names[i], values[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
apply_token (ViaTokenAuthorizer *self,
             SoupMessage        *message,
             const char         *token,
             GError            **error)
{
  char *value;
  gboolean done;

  switch (self->scheme)
    {
    case VIA_TOKEN_BEARER:
      value = g_strconcat ("Bearer ", token, NULL);
      break;
    case VIA_TOKEN_BASIC:
      {
        char *encoded = g_base64_encode ((const guchar *) token, strlen (token));

        value = g_strconcat ("Basic ", encoded, NULL);
        wipe (encoded);
        break;
      }
    case VIA_TOKEN_API_KEY:
      return set_header (message, "X-API-Key", token, error);
    case VIA_TOKEN_NONE:
    default:
      return TRUE;
    }
  done = set_header (message, "Authorization", value, error);
  wipe (value);
  return done;
}

/* --- authorize: expand the headers, look the token up --- */

static void
token_found_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  ViaTokenAuthorizer *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(ViaSecret) secret = via_secret_store_lookup_finish (self->store, result, &error);

  if (secret == NULL || !apply_token (self, g_task_get_task_data (task), secret->value, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
look_token_up (GTask *task)
{
  ViaTokenAuthorizer *self = g_task_get_source_object (task);

  if (self->scheme == VIA_TOKEN_NONE || self->name == NULL)
    g_task_return_boolean (task, TRUE);
  else
    via_secret_store_lookup_async (self->store, self->name, g_task_get_cancellable (task), token_found_cb,
                                   g_object_ref (task));
}

static void
headers_expanded_cb (GObject      *object,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  ViaTokenAuthorizer *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;
  char **values = via_secret_store_expand_finish (self->store, result, &error);

  if (values == NULL || !apply_headers (self, g_task_get_task_data (task), values, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    look_token_up (task);
  wipe_all (values);
}

static void
via_token_authorizer_authorize_async (ViaHttpAuthorizer   *authorizer,
                                      SoupMessage         *message,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data)
{
  ViaTokenAuthorizer *self = VIA_TOKEN_AUTHORIZER (authorizer);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, via_token_authorizer_authorize_async);
  g_task_set_task_data (task, g_object_ref (message), g_object_unref);
  if (self->values != NULL)
    via_secret_store_expand_async (self->store, (const char *const *) self->values, cancellable, headers_expanded_cb,
                                   g_object_ref (task));
  else
    look_token_up (task);
}

static gboolean
via_token_authorizer_authorize_finish (ViaHttpAuthorizer *authorizer,
                                       GAsyncResult      *result,
                                       GError           **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
via_token_authorizer_iface_init (ViaHttpAuthorizerInterface *iface)
{
  iface->authorize_async = via_token_authorizer_authorize_async;
  iface->authorize_finish = via_token_authorizer_authorize_finish;
}

static void
via_token_authorizer_finalize (GObject *object)
{
  ViaTokenAuthorizer *self = VIA_TOKEN_AUTHORIZER (object);

  g_clear_object (&self->store);
  g_free (self->name);
  g_strfreev (self->names);
  g_strfreev (self->values);
  G_OBJECT_CLASS (via_token_authorizer_parent_class)->finalize (object);
}

static void
via_token_authorizer_class_init (ViaTokenAuthorizerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = via_token_authorizer_finalize;
}

static void
via_token_authorizer_init (ViaTokenAuthorizer *self)
{
}

static void
take_headers (ViaTokenAuthorizer *self,
              const char *const  *headers)
{
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();
  g_autoptr(GStrvBuilder) values = g_strv_builder_new ();

  for (guint i = 0; headers[i] != NULL && headers[i + 1] != NULL; i += 2)
    {
      g_strv_builder_add (names, headers[i]);
      g_strv_builder_add (values, headers[i + 1]);
    }
  self->names = g_strv_builder_end (names);
  self->values = g_strv_builder_end (values);
}

ViaHttpAuthorizer *
via_token_authorizer_new (ViaSecretStore    *store,
                          ViaTokenScheme     scheme,
                          const char        *name,
                          const char *const *headers)
{
  ViaTokenAuthorizer *self;

  g_return_val_if_fail (VIA_IS_SECRET_STORE (store), NULL);

  self = g_object_new (VIA_TYPE_TOKEN_AUTHORIZER, NULL);
  self->store = g_object_ref (store);
  self->scheme = scheme;
  self->name = name != NULL && *name != '\0' ? g_strdup (name) : NULL;
  if (headers != NULL && headers[0] != NULL)
    take_headers (self, headers);
  return VIA_HTTP_AUTHORIZER (self);
}
