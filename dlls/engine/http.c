/*
 * HTTP and HTTPS sources: every curl handle, call and callback.
 *
 * Copyright 2026 the winebits authors
 *
 * This library is free software; you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public
 * License as published by the Free Software Foundation; either
 * version 2.1 of the License, or (at your option) any later version.
 *
 * This library is distributed in the hope that it will be useful,
 * but WITHOUT ANY WARRANTY; without even the implied warranty of
 * MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the GNU
 * Lesser General Public License for more details.
 *
 * You should have received a copy of the GNU Lesser General Public
 * License along with this library; if not, write to the Free Software
 * Foundation, Inc., 51 Franklin St, Fifth Floor, Boston, MA 02110-1301, USA
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <windows.h>
#include <winhttp.h>

#include "bitsmsg.h"
#include "private.h"
#include "wine/debug.h"

WINE_DEFAULT_DEBUG_CHANNEL(dlengine);

/* The receive buffer decides what a byte costs under Wine: each recv() is two round trips to the server.
 * Schannel moves what it has not decrypted yet to the front record by record, so less is more there. */
#define HTTP_BUFFER_SIZE    (1 << 20)
#define HTTPS_BUFFER_SIZE   (256 << 10)
#define CONNECT_TIMEOUT_MS  60000
#define BODY_IGNORED_MAX    (64 << 10)  /* of an answer that is not stored; beyond it the connection is closed */
#define HEADERS_KEPT_MAX    (64 << 10)

struct http
{
    struct xfer *xfer;
    CURL *easy;
    struct curl_slist *headers;
    char *url;                      /* the present one, after redirects */
    unsigned int redirects;
    char *host;
    BOOL is_https;
    BOOL has_user;                  /* a name in the URL that is not empty */

    /* of the request under way */
    UINT64 from;                    /* offset asked for */
    UINT64 left;                    /* bytes of the body still expected */
    UINT64 ignored;
    BOOL has_answer;
    BOOL has_head;                  /* the head that counts is there */
    BOOL is_body;                   /* what comes goes into the part file */
    BOOL is_redirect;
    char *raw;                      /* response head as it came */
    size_t raw_size;

    /* the end, once it is known; S_OK until then */
    HRESULT hr;
    enum xfer_where where;
    BOOL transient;
    ULONG retry_after;
};

static void fail(struct http *http, HRESULT hr, enum xfer_where where, BOOL transient)
{
    if (FAILED(http->hr))
        return;
    http->hr = hr;
    http->where = where;
    http->transient = transient;
}

static void fail_response(struct http *http, HRESULT hr)
{
    fail(http, hr, XFER_WHERE_REMOTE_FILE, FALSE);
}

/* The value of a header that may stand there once; NULL when there is none, "" when there are several. */
static const char *get_header(struct http *http, const char *name)
{
    struct curl_header *header;

    if (curl_easy_header(http->easy, name, 0, CURLH_HEADER, -1, &header))
        return NULL;
    return header->amount == 1 ? header->value : "";
}

/* Content-Length; several that agree are one.  FALSE when there is none, or one that is none. */
static BOOL get_length(struct http *http, UINT64 *ret_length)
{
    struct curl_header *header;
    UINT64 length;
    size_t i = 0;

    if (!curl_easy_header(http->easy, "Transfer-Encoding", 0, CURLH_HEADER, -1, &header))
        return FALSE;
    while (!curl_easy_header(http->easy, "Content-Length", i, CURLH_HEADER, -1, &header))
    {
        if (!range_parse_length(header->value, strlen(header->value), &length))
            return FALSE;
        if (i++ && length != *ret_length)
            return FALSE;
        *ret_length = length;
    }
    return i != 0;
}

static BOOL is_strong(const char *etag)
{
    return etag && etag[0] == '"';
}

/* Do the validators of this answer contradict those of the bytes that are there? */
static BOOL is_changed(struct http *http)
{
    const char *etag = get_header(http, "ETag"), *last_modified = get_header(http, "Last-Modified");
    struct xfer *xfer = http->xfer;

    if (xfer->last_modified && (!last_modified || strcmp(last_modified, xfer->last_modified)))
        return TRUE;
    if (xfer->etag && (!etag || strcmp(etag, xfer->etag)))
        return TRUE;
    return FALSE;
}

/* Last-Modified, when it can tell one version from another: no server heeds an If-Unmodified-Since that is no
 * date, and of several nobody knows which one counts. */
static const char *get_last_modified(struct http *http)
{
    const char *value = get_header(http, "Last-Modified");

    return value && curl_getdate(value, NULL) != -1 ? value : NULL;
}

static void accept_body(struct http *http, UINT64 size, UINT64 left)
{
    enum xfer_where where;
    struct xfer_head head;
    BOOL transient = FALSE;
    HRESULT hr;

    head.size = size;
    head.etag = get_header(http, "ETag");
    head.last_modified = get_last_modified(http);
    head.url = http->url;
    head.headers = http->raw ? http->raw : "";
    if (FAILED(hr = xfer_head(http->xfer, &head, &where)))
    {
        if (where == XFER_WHERE_LOCAL_FILE)
            error_from_file(HRESULT_CODE(hr), &transient);
        fail(http, hr, where, transient);
        return;
    }
    http->left = left;
    http->is_body = TRUE;
}

/* 200: the whole file. */
static void whole_answer(struct http *http)
{
    UINT64 length;

    if (!get_length(http, &length))
    {
        fail_response(http, BG_E_MISSING_FILE_SIZE);
    }
    else if (http->from)
    {
        /* It does not append to what we have, whatever it is. */
        if (is_changed(http) || length != xfer_size(http->xfer))
            fail_response(http, ENGINE_E_CHANGED);
        else
            fail_response(http, BG_E_INSUFFICIENT_RANGE_SUPPORT);
    }
    else
    {
        accept_body(http, length, length);
    }
}

/* 206: the rest of the file, or a piece from where it ends here. */
static void partial_answer(struct http *http)
{
    const char *range = get_header(http, "Content-Range");
    UINT64 first, last, total, length;

    if (!http->from)
    {
        fail_response(http, BG_E_INVALID_SERVER_RESPONSE);
    }
    else if (!range)
    {
        fail_response(http, BG_E_INSUFFICIENT_RANGE_SUPPORT);
    }
    else if (!range_parse_content_range(range, strlen(range), &first, &last, &total)
             || first != http->from || total == ENGINE_SIZE_UNKNOWN
             || (get_length(http, &length) && length != last - first + 1))
    {
        WARN("xfer %p asked for byte %s and got %s.\n", http->xfer, wine_dbgstr_longlong(http->from),
             debugstr_a(range));
        fail_response(http, BG_E_INVALID_SERVER_RESPONSE);
    }
    else if (is_changed(http) || total != xfer_size(http->xfer))
    {
        fail_response(http, ENGINE_E_CHANGED);
    }
    else
    {
        accept_body(http, total, last - first + 1);
    }
}

static void error_answer(struct http *http, unsigned int status)
{
    const char *retry_after = get_header(http, "Retry-After");
    FILETIME now;
    UINT64 unix_now;

    if (retry_after)
    {
        GetSystemTimeAsFileTime(&now);
        unix_now = ((UINT64)now.dwHighDateTime << 32 | now.dwLowDateTime) / 10000000 - 11644473600;
        if (!retry_parse_after(retry_after, strlen(retry_after), unix_now, &http->retry_after))
            http->retry_after = 0;
    }
    /* Both mean that the file is not the one whose beginning is here. */
    if (http->from && (status == 412 || status == 416))
        fail_response(http, ENGINE_E_CHANGED);
    else
        fail(http, error_from_http(status), XFER_WHERE_REMOTE_FILE, error_http_transient(status));
}

static void read_head(struct http *http)
{
    long status = 0;

    curl_easy_getinfo(http->easy, CURLINFO_RESPONSE_CODE, &status);
    if (status < 200 || status == 401 || status == 407)
        return; /* another head may follow */
    http->has_head = TRUE;
    TRACE("xfer %p, status %ld.\n", http->xfer, status);
    switch (status)
    {
        case 200:
            whole_answer(http);
            break;
        case 206:
            partial_answer(http);
            break;
        case 301:
        case 302:
        case 303:
        case 307:
        case 308:
            if (get_header(http, "Location"))
            {
                http->is_redirect = TRUE;
                break;
            }
            /* fall through */
        default:
            error_answer(http, status);
            break;
    }
}

static size_t header_callback(char *line, size_t unit, size_t size, void *arg)
{
    struct http *http = arg;
    char *raw;

    http->has_answer = TRUE;
    if (http->has_head)
        return size; /* a trailer */
    if (size > 5 && !memcmp(line, "HTTP/", 5))
        http->raw_size = 0;
    if (http->raw_size + size < HEADERS_KEPT_MAX && (raw = realloc(http->raw, http->raw_size + size + 1)))
    {
        memcpy(raw + http->raw_size, line, size);
        http->raw = raw;
        http->raw_size += size;
        raw[http->raw_size] = 0;
    }
    if (size == 1 || (size == 2 && line[0] == '\r'))
        read_head(http);
    return size;
}

static size_t write_callback(char *data, size_t unit, size_t size, void *arg)
{
    struct http *http = arg;

    if (!http->is_body)
    {
        http->ignored += size;
        return http->ignored > BODY_IGNORED_MAX ? CURL_WRITEFUNC_ERROR : size;
    }
    if (size > http->left)
    {
        fail_response(http, BG_E_INVALID_SERVER_RESPONSE);
        return CURL_WRITEFUNC_ERROR;
    }
    if (FAILED(gather_write(http->xfer, data, size)))
        return CURL_WRITEFUNC_ERROR;
    http->left -= size;
    return size;
}

/* The connection stands and nothing of the request has been sent. */
static int prereq_callback(void *arg, char *ip, char *local_ip, int port, int local_port)
{
    struct http *http = arg;
    HRESULT hr;

    if (!http->is_https)
        return CURL_PREREQFUNC_OK;
    hr = tls_verify(http->xfer->group->engine, http->easy, http->host, http->xfer->security);
    if (SUCCEEDED(hr))
        return CURL_PREREQFUNC_OK;
    fail(http, hr, XFER_WHERE_TRANSPORT, FALSE);
    return CURL_PREREQFUNC_ABORT;
}

/* Makes url the present one. */
static HRESULT set_url(struct http *http, const char *url)
{
    char *scheme = NULL, *host = NULL, *user = NULL;
    CURLU *parts = curl_url();
    HRESULT hr = E_INVALIDARG;
    char *copy = NULL;

    if (!parts)
        return E_OUTOFMEMORY;
    if (curl_url_set(parts, CURLUPART_URL, url, 0) || curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0)
        || curl_url_get(parts, CURLUPART_HOST, &host, 0))
        goto done;
    if (_stricmp(scheme, "http") && _stricmp(scheme, "https"))
        goto done;
    hr = E_OUTOFMEMORY;
    if (!(copy = strdup(url)))
        goto done;
    free(http->url);
    http->url = copy;
    curl_free(http->host);
    http->host = host;
    host = NULL;
    http->is_https = !_stricmp(scheme, "https");
    http->has_user = !curl_url_get(parts, CURLUPART_USER, &user, 0) && *user;
    hr = S_OK;

done:
    curl_free(user);
    curl_free(scheme);
    curl_free(host);
    curl_url_cleanup(parts);
    return hr;
}

static BOOL add_header(struct http *http, const char *format, ...)
{
    struct curl_slist *list;
    va_list args;
    char *line;
    int length;

    va_start(args, format);
    length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (!(line = malloc(length + 1)))
        return FALSE;
    va_start(args, format);
    vsnprintf(line, length + 1, format, args);
    va_end(args);
    if ((list = curl_slist_append(http->headers, line)))
        http->headers = list;
    free(line);
    return list != NULL;
}

/* What the client added goes to the host that it meant and to no other. */
static BOOL is_same_origin(const char *a, const char *b)
{
    size_t length = origin_length(a);

    return length == origin_length(b) && !_strnicmp(a, b, length);
}

static BOOL build_headers(struct http *http)
{
    struct xfer *xfer = http->xfer;
    const char *line = xfer->headers;

    curl_slist_free_all(http->headers);
    http->headers = NULL;
    if (!add_header(http, "Accept: */*") || !add_header(http, "Accept-Encoding: identity"))
        return FALSE;
    if (http->from)
    {
        if (xfer->last_modified && !add_header(http, "If-Unmodified-Since: %s", xfer->last_modified))
            return FALSE;
        if (!xfer->last_modified && is_strong(xfer->etag) && !add_header(http, "If-Match: %s", xfer->etag))
            return FALSE;
        if (!add_header(http, "Range: bytes=%I64u-%I64u", http->from, xfer_size(xfer) - 1))
            return FALSE;
    }
    if (!line || !is_same_origin(xfer->url, http->url))
        return TRUE;
    while (*line)
    {
        size_t length = strcspn(line, "\r\n");

        if (length && !add_header(http, "%.*s", (int)length, line))
            return FALSE;
        line += length + strspn(line + length, "\r\n");
    }
    return TRUE;
}

/* Sends the request for what is missing. */
static HRESULT send_request(struct http *http, enum xfer_where *where)
{
    struct xfer *xfer = http->xfer;
    struct engine *engine = xfer->group->engine;
    CURL *easy = http->easy;
    char redacted[256];
    HRESULT hr;

    *where = XFER_WHERE_TRANSPORT;
    http->from = xfer_offset(xfer);
    http->left = http->ignored = 0;
    http->has_answer = http->has_head = http->is_body = http->is_redirect = FALSE;
    http->raw_size = 0;
    xfer->connected_offset = http->from;
    /* Without a validator, of which a weak one says too little, nothing tells whether the rest belongs to
     * the beginning. */
    if (http->from && !is_strong(xfer->etag) && !xfer->last_modified)
        return ENGINE_E_CHANGED;
    if (!build_headers(http))
        return E_OUTOFMEMORY;

    TRACE("xfer %p, %s from byte %s.\n", xfer, url_redact(http->url, redacted, sizeof(redacted)),
          wine_dbgstr_longlong(http->from));
    curl_easy_reset(easy);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, http);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_URL, http->url);
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, engine->user_agent);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, http->headers);
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, header_callback);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, http);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, write_callback);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, http);
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, http->is_https ? (long)HTTPS_BUFFER_SIZE : (long)HTTP_BUFFER_SIZE);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_TIMEOUT_MS);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    /* A name that nobody resolves is not waited for at the end of a request: the loop would stand still. */
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
    /* Name and password of a URL wait for a challenge.  To SSPI an empty name is the account of the service. */
    curl_easy_setopt(easy, CURLOPT_HTTPAUTH, http->has_user ? (long)CURLAUTH_ANY
                                                            : (long)(CURLAUTH_BASIC | CURLAUTH_DIGEST));
    /* The peer is checked against the prefix's stores by prereq_callback(): under Wine Schannel itself
     * checks nothing. */
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, prereq_callback);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, http);
    if (FAILED(hr = proxy_apply(easy, xfer, http->url)))
        return hr;
    return curl_multi_add_handle(engine->multi, easy) ? E_OUTOFMEMORY : S_OK;
}

HRESULT http_start(struct xfer *xfer, enum xfer_where *where)
{
    struct engine *engine = xfer->group->engine;
    struct http *http;
    HRESULT hr;

    *where = XFER_WHERE_TRANSPORT;
    if (!(http = calloc(1, sizeof(*http))))
        return E_OUTOFMEMORY;
    http->xfer = xfer;
    xfer->http = http;
    http->easy = engine->idle_count ? engine->idle[--engine->idle_count] : curl_easy_init();
    if (!http->easy)
        return E_OUTOFMEMORY;
    if (FAILED(hr = set_url(http, xfer->url)))
    {
        *where = XFER_WHERE_REMOTE_FILE;
        return hr;
    }
    return send_request(http, where);
}

void http_stop(struct xfer *xfer)
{
    struct engine *engine = xfer->group->engine;
    struct http *http = xfer->http;

    xfer->http = NULL;
    if (http->easy)
    {
        curl_multi_remove_handle(engine->multi, http->easy);
        /* Its memory, and the client's headers in it, are not kept. */
        curl_easy_reset(http->easy);
        if (engine->idle_count < ARRAYSIZE(engine->idle))
            engine->idle[engine->idle_count++] = http->easy;
        else
            curl_easy_cleanup(http->easy);
    }
    curl_slist_free_all(http->headers);
    free(http->url);
    curl_free(http->host);
    free(http->raw);
    free(http);
}

/* Sends another request of the same transfer. */
static void send_again(struct http *http)
{
    struct xfer *xfer = http->xfer;
    enum xfer_where where;
    HRESULT hr;

    curl_multi_remove_handle(xfer->group->engine->multi, http->easy);
    if (FAILED(hr = send_request(http, &where)))
        xfer_finish(xfer, hr, where, FALSE, 0, NULL);
}

/* Where a redirect leads to, escaped where servers forget it; NULL when nobody can tell.  For
 * CURLINFO_REDIRECT_URL the answer would have to be read to its end, and to be well-formed. */
static char *get_redirect_target(struct http *http)
{
    const char *location = get_header(http, "Location");
    CURLU *parts = curl_url();
    char *url = NULL;

    if (parts && location && *location && !curl_url_set(parts, CURLUPART_URL, http->url, CURLU_PATH_AS_IS)
        && !curl_url_set(parts, CURLUPART_URL, location,
                         CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE | CURLU_ALLOW_SPACE))
        curl_url_get(parts, CURLUPART_URL, &url, 0);
    curl_url_cleanup(parts);
    return url;
}

static void follow_redirect(struct http *http)
{
    struct xfer *xfer = http->xfer;
    ULONG policy = xfer->security & XFER_REDIRECT_MASK;
    BOOL was_https = http->is_https;
    long status = 0;
    HRESULT hr;
    char *url;

    curl_easy_getinfo(http->easy, CURLINFO_RESPONSE_CODE, &status);
    if (!(url = get_redirect_target(http)))
    {
        xfer_finish(xfer, error_from_http(status), XFER_WHERE_REMOTE_FILE, FALSE, 0, NULL);
        return;
    }
    if (policy == XFER_REDIRECT_DISALLOW || FAILED(hr = set_url(http, url)))
        hr = error_from_http(status);
    else if (was_https && !http->is_https && !(xfer->security & XFER_REDIRECT_HTTPS_TO_HTTP))
        hr = error_from_http(status);
    else if (++http->redirects > MAX_REDIRECTS)
        hr = HRESULT_FROM_WIN32(ERROR_WINHTTP_REDIRECT_FAILED);
    if (FAILED(hr))
        xfer_finish(xfer, hr, XFER_WHERE_REMOTE_FILE, FALSE, 0, policy == XFER_REDIRECT_DISALLOW ? url : NULL);
    else
        send_again(http);
    curl_free(url);
}

/* The connection failed under the request: again at once, later, or never? */
static void lost_connection(struct http *http, CURLcode code)
{
    struct xfer *xfer = http->xfer;
    struct retry_facts facts = {0};
    enum xfer_where where;
    long connects = 0;
    HRESULT hr;

    hr = error_from_curl(code, &where, &facts.transient);
    curl_easy_getinfo(http->easy, CURLINFO_NUM_CONNECTS, &connects);
    facts.transport = where == XFER_WHERE_TRANSPORT;
    facts.reused = !connects;
    facts.answered = http->has_answer;
    facts.gained = xfer_offset(xfer) - xfer->connected_offset;
    facts.reconnects = xfer->reconnects;
    switch (retry_verdict(&facts))
    {
        case RETRY_NOW:
            TRACE("xfer %p, %s, connecting again.\n", xfer, curl_easy_strerror(code));
            xfer->reconnects = facts.gained ? 0 : xfer->reconnects + 1;
            send_again(http);
            break;
        case RETRY_LATER:
            xfer_finish(xfer, hr, where, TRUE, 0, NULL);
            break;
        case RETRY_NEVER:
            xfer_finish(xfer, hr, where, FALSE, 0, NULL);
            break;
    }
}

static void finished(struct http *http, CURLcode code)
{
    struct xfer *xfer = http->xfer;
    UINT64 offset = xfer_offset(xfer);
    BOOL transient = FALSE;
    long status = 0;

    if (code && code != CURLE_WRITE_ERROR)
        TRACE("xfer %p, curl says %d, %s.\n", xfer, code, curl_easy_strerror(code));
    if (FAILED(xfer->write_hr))
    {
        error_from_file(HRESULT_CODE(xfer->write_hr), &transient);
        xfer_finish(xfer, xfer->write_hr, XFER_WHERE_LOCAL_FILE, transient, 0, NULL);
        return;
    }
    if (FAILED(http->hr))
    {
        xfer_finish(xfer, http->hr, http->where, http->transient, http->retry_after, NULL);
        return;
    }
    if (http->is_redirect)
    {
        follow_redirect(http);
        return;
    }
    if (http->is_body && offset == xfer_size(xfer))
    {
        xfer_complete(xfer);
        return;
    }
    /* What is left to refuse a write is a page too long around a 401 or 407. */
    if (code && code != CURLE_WRITE_ERROR)
    {
        lost_connection(http, code);
        return;
    }
    curl_easy_getinfo(http->easy, CURLINFO_RESPONSE_CODE, &status);
    if (status == 401 || status == 407)
        xfer_finish(xfer, error_from_http(status), XFER_WHERE_REMOTE_FILE, FALSE, 0, NULL);
    else if (http->is_body && !http->left && offset > http->from)
        send_again(http); /* a piece of what was asked for; the next one */
    else
        xfer_finish(xfer, BG_E_INVALID_SERVER_RESPONSE, XFER_WHERE_REMOTE_FILE, FALSE, 0, NULL);
}

void http_collect(struct engine *engine)
{
    CURLMsg *msg;
    int left;

    while ((msg = curl_multi_info_read(engine->multi, &left)))
    {
        CURLcode code = msg->data.result;
        struct http *http;

        if (msg->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, (char **)&http);
        finished(http, code);
    }
}

HRESULT http_init(struct engine *engine)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT))
        return E_FAIL;
    if (!(engine->multi = curl_multi_init()))
    {
        curl_global_cleanup();
        return E_OUTOFMEMORY;
    }
    curl_multi_setopt(engine->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
    curl_multi_setopt(engine->multi, CURLMOPT_MAXCONNECTS, (long)MAX_TRANSFERS);
    return S_OK;
}

void http_cleanup(struct engine *engine)
{
    if (!engine->multi)
        return;
    while (engine->idle_count)
        curl_easy_cleanup(engine->idle[--engine->idle_count]);
    curl_multi_cleanup(engine->multi);
    curl_global_cleanup();
}
