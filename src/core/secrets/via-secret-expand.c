/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/via-limits.h"
#include "base/via-text.h"
#include "secrets/via-secret-private.h"

#define OPENING "${"
#define EXPANDED_MAX (16 * VIA_LIMIT_SECRET_BYTES) /* bytes of one text; a few tokens in a header, not an archive */
#define QUOTED_MAX 64

/* The texts of one call, worked off from left to right; a secret interrupts it until it is there. */
typedef struct
{
  char      **texts;
  guint       index;  /* of the text at work */
  const char *at;     /* in it: what is still to be read */
  GString    *out;    /* of it: what is done */
  GPtrArray  *done;
} Expansion;

static void
wipe_string (GString *text)
{
  via_text_wipe (text->str, text->len);
  g_string_free (text, TRUE);
}

static void
wipe_done (gpointer text)
{
  via_secret_wipe (text);
}

static void
expansion_free (gpointer data)
{
  Expansion *expansion = data;

  g_strfreev (expansion->texts);
  wipe_string (expansion->out);
  g_ptr_array_unref (expansion->done);
  g_free (expansion);
}

/* What a reference asks for. */
typedef enum
{
  REFERENCE_ENVIRONMENT,
  REFERENCE_SECRET,
  REFERENCE_WRONG,
} Reference;

/* @at stands at "${…"; @name is set to what is behind the colon, @end behind the brace. */
static Reference
parse_reference (const char  *at,
                 char       **name,
                 const char **end,
                 GError     **error)
{
  const char *start = at + strlen (OPENING);
  const char *close = strchr (start, '}');
  g_autofree char *inside = NULL, *shown = NULL;

  if (close != NULL)
    {
      inside = g_strndup (start, close - start);
      *end = close + 1;
      if (g_str_has_prefix (inside, "env:"))
        {
          *name = g_strdup (inside + strlen ("env:"));
          return REFERENCE_ENVIRONMENT;
        }
      if (g_str_has_prefix (inside, "secret:"))
        {
          *name = g_strdup (inside + strlen ("secret:"));
          return REFERENCE_SECRET;
        }
    }
  shown = via_text_clip_line (close != NULL ? inside : start, QUOTED_MAX);
  if (close == NULL)
    g_set_error (error, VIA_SECRET_ERROR, VIA_SECRET_ERROR_INVALID,
                 _("The reference “${%s” has no closing brace. Write “$${” where a plain “${” is meant."), shown);
  else
    g_set_error (error, VIA_SECRET_ERROR, VIA_SECRET_ERROR_INVALID,
                 _("“${%s}” is no reference that is known. Write ${env:NAME}, ${secret:NAME}, or “$${” where a plain “${” is "
                   "meant."), shown);
  return REFERENCE_WRONG;
}

/* A variable is no secret as such; one with such a name is. */
static gboolean
names_secret (const char *name)
{
  static const char *const words[] = { "TOKEN", "SECRET", "PASS", "KEY", "AUTH", "CREDENTIAL", "COOKIE" };
  g_autofree char *folded = g_ascii_strup (name, -1);

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (strstr (folded, words[i]) != NULL)
      return TRUE;
  return FALSE;
}

static gboolean
append_variable (ViaSecretStore  *self,
                 Expansion       *expansion,
                 const char      *name,
                 GError         **error)
{
  const char *value = *name != '\0' ? g_getenv (name) : NULL;

  if (value == NULL)
    {
      g_autofree char *shown = via_text_clip_line (name, QUOTED_MAX);

      g_set_error (error, VIA_SECRET_ERROR, VIA_SECRET_ERROR_NOT_FOUND,
                   _("The environment variable “%s” of a reference ${env:…} is not set. Set it, or keep a token in the keyring "
                     "and write ${secret:…}."), shown);
      return FALSE;
    }
  if (names_secret (name))
    via_redactor_add (via_secret_store_get_redactor (self), value);
  g_string_append (expansion->out, value);
  return TRUE;
}

/* Makes room without leaving a copy of what is there already. */
static void
append_secret (Expansion  *expansion,
               const char *value)
{
  GString *grown = g_string_sized_new (expansion->out->len + strlen (value) + 1);

  g_string_append_len (grown, expansion->out->str, expansion->out->len);
  g_string_append (grown, value);
  wipe_string (expansion->out);
  expansion->out = grown;
}

static gboolean
has_room (Expansion  *expansion,
          GError    **error)
{
  if (expansion->out->len <= EXPANDED_MAX)
    return TRUE;
  g_set_error_literal (error, VIA_SECRET_ERROR, VIA_SECRET_ERROR_INVALID,
                       _("A text with its references replaced is longer than 1 MiB. Use fewer of them."));
  return FALSE;
}

/* Copies up to the next reference. FALSE at the end of the text. */
static gboolean
copy_plain (Expansion *expansion)
{
  while (TRUE)
    {
      const char *next = strstr (expansion->at, OPENING);

      if (next == NULL)
        {
          g_string_append (expansion->out, expansion->at);
          expansion->at += strlen (expansion->at);
          return FALSE;
        }
      if (next == expansion->at || next[-1] != '$')
        {
          g_string_append_len (expansion->out, expansion->at, next - expansion->at);
          expansion->at = next;
          return TRUE;
        }
      g_string_append_len (expansion->out, expansion->at, next - 1 - expansion->at);
      g_string_append (expansion->out, OPENING);
      expansion->at = next + strlen (OPENING);
    }
}

static void step (GTask *task);

static void
secret_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Expansion *expansion = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr(ViaSecret) secret = via_secret_store_lookup_finish (VIA_SECRET_STORE (object), result, &error);

  if (secret == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  append_secret (expansion, secret->value);
  step (task);
}

static void
return_texts (GTask *task)
{
  Expansion *expansion = g_task_get_task_data (task);
  char **texts = g_new0 (char *, expansion->done->len + 1);

  for (guint i = 0; i < expansion->done->len; i++)
    texts[i] = g_steal_pointer (&g_ptr_array_index (expansion->done, i));
  g_task_return_pointer (task, texts, (GDestroyNotify) g_strfreev);
}

/* One text's references up to the next that has to be waited for. FALSE: waiting, or the task is over. */
static gboolean
expand_text (GTask *task)
{
  ViaSecretStore *self = g_task_get_source_object (task);
  Expansion *expansion = g_task_get_task_data (task);
  GError *error = NULL;

  while (copy_plain (expansion))
    {
      g_autofree char *name = NULL;
      Reference reference = parse_reference (expansion->at, &name, &expansion->at, &error);

      if (reference == REFERENCE_SECRET && has_room (expansion, &error))
        {
          via_secret_store_lookup_async (self, name, g_task_get_cancellable (task), secret_cb, g_object_ref (task));
          return FALSE;
        }
      if (reference != REFERENCE_ENVIRONMENT || !append_variable (self, expansion, name, &error)
          || !has_room (expansion, &error))
        {
          g_task_return_error (task, error);
          return FALSE;
        }
    }
  return TRUE;
}

static void
step (GTask *task)
{
  Expansion *expansion = g_task_get_task_data (task);

  while (expansion->texts[expansion->index] != NULL)
    {
      if (!expand_text (task))
        return;
      g_ptr_array_add (expansion->done, g_strdup (expansion->out->str));
      via_text_wipe (expansion->out->str, expansion->out->len);
      g_string_truncate (expansion->out, 0);
      expansion->index++;
      expansion->at = expansion->texts[expansion->index];
    }
  return_texts (task);
}

void
via_secret_store_expand_async (ViaSecretStore      *self,
                               const char *const   *texts,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Expansion *expansion;

  g_return_if_fail (VIA_IS_SECRET_STORE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, via_secret_store_expand_async);
  expansion = g_new0 (Expansion, 1);
  expansion->texts = texts != NULL ? g_strdupv ((char **) texts) : g_new0 (char *, 1);
  expansion->at = expansion->texts[0];
  expansion->out = g_string_new (NULL);
  expansion->done = g_ptr_array_new_with_free_func (wipe_done);
  g_task_set_task_data (task, expansion, expansion_free);
  step (task);
}

char **
via_secret_store_expand_finish (ViaSecretStore  *self,
                                GAsyncResult    *result,
                                GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
