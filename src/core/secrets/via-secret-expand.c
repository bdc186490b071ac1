/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-secrets"

#include "config.h"

#include <string.h>

#include "base/via-limits.h"
#include "base/via-text.h"
#include "secrets/via-secret-store.h"

/* Texts whose references are replaced one after another; a secret is looked up when its reference is reached. */
typedef struct
{
  char      **texts;
  guint       index;  /* of the text at work */
  const char *at;     /* (nullable) what of it is left; NULL: not begun */
  GString    *done;   /* of it */
  GPtrArray  *result; /* finished texts */
} Expansion;

static void
wipe_and_free (gpointer data)
{
  if (data != NULL)
    via_text_wipe (data, strlen (data));
  g_free (data);
}

static void
expansion_free (Expansion *expansion)
{
  g_strfreev (expansion->texts);
  if (expansion->done != NULL)
    wipe_and_free (g_string_free (expansion->done, FALSE));
  g_clear_pointer (&expansion->result, g_ptr_array_unref);
  g_free (expansion);
}

static void expand_on (GTask *task);

static void
secret_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Expansion *expansion = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(ViaSecret) secret = via_secret_store_lookup_finish (VIA_SECRET_STORE (object), result, &error);

  if (secret == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  g_string_append (expansion->done, secret->value);
  expand_on (task);
}

static gboolean
append_environment (Expansion  *expansion,
                    const char *name,
                    GError    **error)
{
  const char *value = g_getenv (name);

  if (value == NULL)
    {
      g_set_error (error, VIA_SECRET_ERROR, VIA_SECRET_ERROR_NOT_FOUND,
                   "The environment has no variable “%s”, which ${env:%s} asks for. Set it before starting.", name, name);
      return FALSE;
    }
  g_string_append (expansion->done, value);
  return TRUE;
}

/* Steps over "${kind:name}" at @expansion->at. TRUE: go on at once; FALSE: failed, or a lookup is under way. */
static gboolean
expand_reference (GTask *task)
{
  ViaSecretStore *self = g_task_get_source_object (task);
  Expansion *expansion = g_task_get_task_data (task);
  const char *end = strchr (expansion->at, '}');
  g_autofree char *inner = end != NULL ? g_strndup (expansion->at + 2, end - expansion->at - 2) : NULL;
  GError *error = NULL;

  if (inner != NULL && g_str_has_prefix (inner, "secret:"))
    {
      expansion->at = end + 1;
      via_secret_store_lookup_async (self, inner + strlen ("secret:"), g_task_get_cancellable (task), secret_cb,
                                     g_object_ref (task));
      return FALSE;
    }
  if (inner != NULL && g_str_has_prefix (inner, "env:"))
    {
      expansion->at = end + 1;
      if (append_environment (expansion, inner + strlen ("env:"), &error))
        return TRUE;
    }
  else
    g_set_error_literal (&error, VIA_SECRET_ERROR, VIA_SECRET_ERROR_INVALID,
                         "A reference reads ${env:NAME} or ${secret:NAME}. Write $${ for the characters themselves.");
  g_task_return_error (task, error);
  return FALSE;
}

static void
end_text (Expansion *expansion)
{
  g_ptr_array_add (expansion->result, g_string_free (g_steal_pointer (&expansion->done), FALSE));
  expansion->at = NULL;
  expansion->index++;
}

static void
expand_on (GTask *task)
{
  Expansion *expansion = g_task_get_task_data (task);

  while (expansion->texts[expansion->index] != NULL)
    {
      const char *dollar;

      if (expansion->at == NULL)
        {
          expansion->at = expansion->texts[expansion->index];
          expansion->done = g_string_new (NULL);
        }
      dollar = strstr (expansion->at, "${");
      if (dollar == NULL)
        {
          g_string_append (expansion->done, expansion->at);
          end_text (expansion);
          continue;
        }
      g_string_append_len (expansion->done, expansion->at, dollar - expansion->at);
      if (dollar > expansion->at && dollar[-1] == '$')
        {
          g_string_append_c (expansion->done, '{');
          expansion->at = dollar + 2;
          continue;
        }
      expansion->at = dollar;
      if (!expand_reference (task))
        return;
    }
  g_ptr_array_add (expansion->result, NULL);
  g_ptr_array_set_free_func (expansion->result, NULL);
  g_task_return_pointer (task, g_ptr_array_free (g_steal_pointer (&expansion->result), FALSE),
                         (GDestroyNotify) g_strfreev);
}

void
via_secret_store_expand_async (ViaSecretStore      *self,
                               const char *const   *texts,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  static const char *const none[] = { NULL };
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  Expansion *expansion = g_new0 (Expansion, 1);

  g_return_if_fail (VIA_IS_SECRET_STORE (self));

  expansion->texts = g_strdupv ((char **) (texts != NULL ? texts : none));
  expansion->result = g_ptr_array_new_with_free_func (wipe_and_free);
  g_task_set_source_tag (task, via_secret_store_expand_async);
  g_task_set_task_data (task, expansion, (GDestroyNotify) expansion_free);
  expand_on (task);
}

char **
via_secret_store_expand_finish (ViaSecretStore *self,
                                GAsyncResult   *result,
                                GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
