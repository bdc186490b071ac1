/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/*
 * The one place where HTTP is set up: TLS validation, no cookies, no cache, no transparent decompression, no redirects,
 * enough connections that open streams cannot starve calls, user agent, and a cap on every body that is read.
 */
typedef struct
{
  const char        *user_agent;             /* NULL: "Viaduct/<version>" */
  gboolean           validate_certificates;
  gsize              max_response_bytes;     /* 0: the default */
  const char *const *allowed_content_types;  /* (nullable) NULL: any; compared without parameters */
} ViaHttpSettings;

/* @settings is copied where needed. (transfer full) */
SoupSession *via_http_session_new          (const ViaHttpSettings *settings);
/* TRUE for https, and for http to a loopback name or address. Else @error says which and what to change. */
gboolean     via_http_check_endpoint       (const char            *endpoint,
                                            gboolean               require_https,
                                            GError               **error);
/* A name or address of this computer itself. */
gboolean     via_http_is_loopback          (const char            *host);
/* TRUE once the headers of @message have left: from then on it may have run. For messages of via_http_session_new (). */
gboolean     via_http_message_was_sent     (SoupMessage           *message);
/* What the headers alone say against an answer: a Content-Encoding, contradicting lengths, too many fields. NULL when
 * nothing does, else a VIA_RPC_ERROR. (transfer full) */
GError      *via_http_check_headers        (SoupMessage           *message);
/* Reads a whole body with a cap, checking Content-Encoding and truncation. Fails with VIA_RPC_ERROR. */
void         via_http_read_body_async      (SoupMessage           *message,
                                            GInputStream          *body,
                                            gsize                  max_bytes,
                                            GCancellable          *cancellable,
                                            GAsyncReadyCallback    callback,
                                            gpointer               user_data);
GBytes      *via_http_read_body_finish     (GAsyncResult          *result,
                                            GError               **error);
/* A transport-level error of libsoup or GIO as a VIA_RPC_ERROR with a sentence naming the next step. (transfer full) */
GError      *via_http_translate_error      (const GError          *error,
                                            SoupMessage           *message);
/* An HTTP status that is no answer, as a VIA_RPC_ERROR. @body may be NULL. (transfer full) */
GError      *via_http_status_error         (SoupMessage           *message,
                                            GBytes                *body);

/*
 * ViaHttpAuthorizer adds what authorizes a request, just before it is sent, and looks at refusals. One method each so
 * that OAuth can stand behind it later; implementations live in auth/.
 */
#define VIA_TYPE_HTTP_AUTHORIZER (via_http_authorizer_get_type ())
G_DECLARE_INTERFACE (ViaHttpAuthorizer, via_http_authorizer, VIA, HTTP_AUTHORIZER, GObject)

struct _ViaHttpAuthorizerInterface
{
  GTypeInterface parent_iface;

  /* Adds headers to @message. May look a secret up, hence asynchronous. */
  void     (*authorize_async)  (ViaHttpAuthorizer *self, SoupMessage *message, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);
  gboolean (*authorize_finish) (ViaHttpAuthorizer *self, GAsyncResult *result, GError **error);
};

void         via_http_authorizer_authorize_async  (ViaHttpAuthorizer   *self,
                                                   SoupMessage         *message,
                                                   GCancellable        *cancellable,
                                                   GAsyncReadyCallback  callback,
                                                   gpointer             user_data);
gboolean     via_http_authorizer_authorize_finish (ViaHttpAuthorizer   *self,
                                                   GAsyncResult        *result,
                                                   GError             **error);

G_END_DECLS
