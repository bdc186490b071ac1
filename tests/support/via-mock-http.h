/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * A web server on the loopback address that follows a script, byte for byte: each request is handed to the test's
 * function, on a thread of its connection, where it may write whatever it likes, wait, or cut the connection. What came
 * is recorded. Functions marked (any thread) may be called there and in the test.
 */
typedef struct _ViaMockHttp ViaMockHttp;
typedef struct _ViaMockConnection ViaMockConnection;

typedef struct
{
  guint       number;  /* of all requests, from 1 */
  char       *method;
  char       *target;
  GHashTable *headers; /* lower-case name → value */
  char       *body;
  gint64      time;    /* monotonic, when its headers had come */
} ViaMockRequest;

typedef void (*ViaMockHandler) (ViaMockConnection    *connection,
                                const ViaMockRequest *request,
                                gpointer              data);

ViaMockHttp          *via_mock_http_new               (ViaMockHandler     handler,
                                                       gpointer           data);
/* The same with TLS. @certificate: (transfer none) */
ViaMockHttp          *via_mock_http_new_tls           (ViaMockHandler     handler,
                                                       gpointer           data,
                                                       GTlsCertificate   *certificate);
/* Cuts all connections and waits for their threads. */
void                  via_mock_http_free              (ViaMockHttp       *self);
/* "http://127.0.0.1:PORT/mcp" */
const char           *via_mock_http_get_url           (ViaMockHttp       *self);
guint                 via_mock_http_get_n_requests    (ViaMockHttp       *self);    /* (any thread) */
guint                 via_mock_http_get_n_connections (ViaMockHttp       *self);    /* (any thread) */
/* How often a client was seen to leave by via_mock_wait_until_left (). (any thread) */
guint                 via_mock_http_get_n_left        (ViaMockHttp       *self);
/* Request @number, from 1; valid until the server is freed. (any thread) */
const ViaMockRequest *via_mock_http_get_request       (ViaMockHttp       *self,
                                                       guint              number);
const char           *via_mock_request_get_header     (const ViaMockRequest *request,
                                                       const char        *name);

/* For the function. Writing to a client that left is no error. */
gboolean              via_mock_write                  (ViaMockConnection *connection,
                                                       const char        *text,
                                                       gssize             length);
void                  via_mock_printf                 (ViaMockConnection *connection,
                                                       const char        *format,
                                                       ...) G_GNUC_PRINTF (2, 3);
/* A whole answer with Content-Length; @headers are lines with CRLF, or NULL. */
void                  via_mock_respond                (ViaMockConnection *connection,
                                                       const char        *status,
                                                       const char        *content_type,
                                                       const char        *headers,
                                                       const char        *body);
void                  via_mock_begin_chunked          (ViaMockConnection *connection,
                                                       const char        *content_type,
                                                       const char        *headers);
void                  via_mock_chunk                  (ViaMockConnection *connection,
                                                       const char        *format,
                                                       ...) G_GNUC_PRINTF (2, 3);
void                  via_mock_end_chunked            (ViaMockConnection *connection);
void                  via_mock_close                  (ViaMockConnection *connection);
/* At once, with a reset instead of an end. */
void                  via_mock_reset                  (ViaMockConnection *connection);
/* TRUE when the client closed the connection within the time. */
gboolean              via_mock_wait_until_left        (ViaMockConnection *connection,
                                                       guint              milliseconds);

G_END_DECLS
