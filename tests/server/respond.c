/*
 * How the test server answers: correctly, but for what the URL asks for.
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

#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>

#include "content.h"
#include "httpd.h"

#define HEAD_SIZE 65536
#define CHUNK (256 * 1024)
/* 1 January 2020; each seed is a second later, so that another seed has another Last-Modified. */
#define EPOCH 1577836800

/* A response on its way. */
struct answer
{
    struct conn *conn;
    const struct request *request;
    struct options options;
    struct name *name;
    struct entry *entry;
    unsigned int ticket;
    unsigned int status;
    const char *how;                /* set when the connection is not to be used any more */
    int body_wanted;                /* not HEAD */
    char etag[64], lm[64];          /* empty when absent */
    uint64_t offset, length;        /* of the body in the content */
    char head[HEAD_SIZE];
    size_t head_size;
};

const char *request_header(const struct request *request, const char *name)
{
    unsigned int i;

    for (i = 0; i < request->header_count; i++)
    {
        if (!strcasecmp(request->headers[i].name, name))
            return request->headers[i].value;
    }
    return NULL;
}

int send_all(int fd, const void *data, size_t size)
{
    const char *p = data;
    ssize_t sent;

    while (size)
    {
        if ((sent = send(fd, p, size, MSG_NOSIGNAL)) < 0)
        {
            if (errno == EINTR)
                continue;
            return 0;
        }
        p += sent;
        size -= sent;
    }
    return 1;
}

static const char *reason(unsigned int status)
{
    static const struct { unsigned int status; const char *text; } reasons[] =
    {
        { 100, "Continue" }, { 102, "Processing" }, { 103, "Early Hints" }, { 200, "OK" },
        { 206, "Partial Content" }, { 301, "Moved Permanently" }, { 302, "Found" }, { 303, "See Other" },
        { 304, "Not Modified" }, { 307, "Temporary Redirect" }, { 308, "Permanent Redirect" },
        { 400, "Bad Request" }, { 401, "Unauthorized" }, { 403, "Forbidden" }, { 404, "Not Found" },
        { 405, "Method Not Allowed" }, { 407, "Proxy Authentication Required" }, { 410, "Gone" },
        { 412, "Precondition Failed" }, { 416, "Range Not Satisfiable" }, { 429, "Too Many Requests" },
        { 500, "Internal Server Error" }, { 501, "Not Implemented" }, { 502, "Bad Gateway" },
        { 503, "Service Unavailable" }, { 504, "Gateway Timeout" },
    };
    size_t i;

    for (i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
    {
        if (reasons[i].status == status)
            return reasons[i].text;
    }
    return "Whatever";
}

static void head_add_bytes(struct answer *answer, const char *data, size_t size)
{
    if (size > sizeof(answer->head) - answer->head_size)
        size = sizeof(answer->head) - answer->head_size;
    memcpy(answer->head + answer->head_size, data, size);
    answer->head_size += size;
}

/* Adds a line, with its end. */
static void head_add(struct answer *answer, const char *format, ...)
{
    char line[8192];
    va_list args;

    va_start(args, format);
    vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    head_add_bytes(answer, line, strlen(line));
    head_add_bytes(answer, answer->options.bare_lf ? "\n" : "\r\n", answer->options.bare_lf ? 1 : 2);
}

static void http_date(time_t when, char *buffer, size_t size)
{
    struct tm tm;

    gmtime_r(&when, &tm);
    strftime(buffer, size, "%a, %d %b %Y %H:%M:%S GMT", &tm);
}

static int parse_date(const char *text, time_t *ret_when)
{
    struct tm tm = { 0 };

    if (!strptime(text, "%a, %d %b %Y %H:%M:%S GMT", &tm))
        return 0;
    *ret_when = timegm(&tm);
    return 1;
}

static void start_head(struct answer *answer, unsigned int status)
{
    char date[64];

    answer->status = status;
    answer->head_size = 0;
    if (answer->options.status_line)
        head_add(answer, "%s", answer->options.status_line);
    else
        head_add(answer, "HTTP/1.%d %u %s", answer->options.http10 ? 0 : 1, status, reason(status));
    http_date(time(NULL), date, sizeof(date));
    head_add(answer, "Server: winebits-httpd");
    head_add(answer, "Date: %s", date);
}

/* Waits, but not longer than the client does.  Returns 0 when it went away. */
static int pause_ms(struct answer *answer, uint64_t ms)
{
    struct pollfd poll_fd = { answer->conn->fd, POLLRDHUP, 0 };
    int ret;

    do
    {
        int step = ms > 1000000 ? 1000000 : (int)ms;

        ret = poll(&poll_fd, 1, step);
        if (ret > 0 && (poll_fd.revents & (POLLRDHUP | POLLHUP | POLLERR)))
        {
            answer->how = "client";
            return 0;
        }
        ms -= step;
    }
    while (ms);
    return 1;
}

static void wait_for_ever(struct answer *answer)
{
    while (pause_ms(answer, 1000000))
        ;
}

static int answer_send(struct answer *answer, const void *data, size_t size)
{
    if (send_all(answer->conn->fd, data, size))
        return 1;
    answer->how = "client";
    return 0;
}

static void big_headers(struct answer *answer)
{
    const struct options *options = &answer->options;
    static const char line[] = "X-Filler: 0123456789012345678901234567890123456789012345678\r\n";
    char block[4096];
    uint64_t done;
    size_t part;

    if (options->big_line)
    {
        memset(block, 'a', sizeof(block));
        if (!answer_send(answer, "X-Big: ", 7))
            return;
        for (done = 0; done < options->big_line; done += part)
        {
            part = options->big_line - done < sizeof(block) ? options->big_line - done : sizeof(block);
            if (!answer_send(answer, block, part))
                return;
        }
        answer_send(answer, "\r\n", 2);
    }
    for (done = 0; done < options->big_total; done += sizeof(line) - 1)
    {
        if (!answer_send(answer, line, sizeof(line) - 1))
            return;
    }
}

static void send_interims(struct answer *answer)
{
    const struct options *options = &answer->options;
    unsigned int status = atoi(options->interim);
    char text[256];
    uint64_t i;

    snprintf(text, sizeof(text), "HTTP/1.1 %u %s\r\nLink: </x>; rel=preload\r\n\r\n", status, reason(status));
    for (i = 0; !options->interim_count || i < options->interim_count; i++)
    {
        if (!answer_send(answer, text, strlen(text)))
            return;
    }
}

static void send_head(struct answer *answer)
{
    const struct options *options = &answer->options;
    const char *eol = options->bare_lf ? "\n" : "\r\n";
    unsigned int i;

    if (options->conn_close || options->http10)
        head_add(answer, "Connection: close");
    for (i = 0; i < options->extra_count; i++)
    {
        head_add_bytes(answer, options->extra[i], options->extra_length[i]);
        head_add_bytes(answer, eol, strlen(eol));
    }
    if (options->interim)
        send_interims(answer);
    if (!answer->how && (options->big_line || options->big_total))
    {
        if (answer_send(answer, answer->head, answer->head_size))
            big_headers(answer);
        answer->head_size = 0;
    }
    head_add_bytes(answer, eol, strlen(eol));
    for (i = 0; options->slow_head && !answer->how && i < answer->head_size; i++)
    {
        if (answer_send(answer, answer->head + i, 1))
            pause_ms(answer, options->slow_head);
    }
    if (!options->slow_head && !answer->how)
        answer_send(answer, answer->head, answer->head_size);
}

/* A response with a short text. */
static void send_short(struct answer *answer, unsigned int status, const char *text)
{
    head_add(answer, "Content-Type: text/plain");
    head_add(answer, "Content-Length: %zu", strlen(text));
    send_head(answer);
    if (!answer->how && answer->body_wanted && answer_send(answer, text, strlen(text)))
        entry_sent(answer->name, answer->entry, strlen(text));
}

int send_text(struct conn *conn, const struct request *request, unsigned int status, const char *text)
{
    char head[256];

    snprintf(head, sizeof(head), "HTTP/1.1 %u %s\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\n"
            "Cache-Control: no-store\r\n\r\n", status, reason(status), strlen(text));
    return send_all(conn->fd, head, strlen(head)) &&
            (!strcmp(request->method, "HEAD") || send_all(conn->fd, text, strlen(text)));
}

/* ---- redirects, challenges, errors ---- */

static void send_redirect(struct answer *answer)
{
    const struct options *options = &answer->options;
    const char *target = answer->request->target, *host = request_header(answer->request, "Host");
    char location[16384], rest[8192], name[256];
    const char *found, *p;
    int hops = atoi(options->redirect ? options->redirect : "0");

    if (*target != '/' && (p = strstr(target, "://")) && (p = strchr(p + 3, '/')))
        target = p;
    snprintf(rest, sizeof(rest), "%s", target);
    if (options->redirect && hops && (found = strstr(target, "redirect=")))
    {
        found += strlen("redirect=");
        snprintf(rest, sizeof(rest), "%.*s%d%s", (int)(found - target), target, hops - 1,
                found + strspn(found, "0123456789"));
    }
    snprintf(name, sizeof(name), "%s", host ? host : "127.0.0.1");
    name[strcspn(name, ":")] = 0;
    if (options->location)
        snprintf(location, sizeof(location), "%s", options->location);
    else if (options->relative)
        snprintf(location, sizeof(location), "%s", rest);
    else
        snprintf(location, sizeof(location), "http://%s:%u%s", options->redirect_host ? options->redirect_host : name,
                options->redirect_port ? (unsigned int)options->redirect_port : answer->request->port, rest);
    start_head(answer, options->code);
    head_add(answer, "Location: %s", location);
    send_short(answer, options->code, "elsewhere\n");
}

static void base64(const char *in, char *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t length = strlen(in), i;
    unsigned int bits;

    for (i = 0; i < length; i += 3)
    {
        bits = (unsigned char)in[i] << 16;
        if (i + 1 < length)
            bits |= (unsigned char)in[i + 1] << 8;
        if (i + 2 < length)
            bits |= (unsigned char)in[i + 2];
        *out++ = digits[bits >> 18];
        *out++ = digits[bits >> 12 & 63];
        *out++ = i + 1 < length ? digits[bits >> 6 & 63] : '=';
        *out++ = i + 2 < length ? digits[bits & 63] : '=';
    }
    *out = 0;
}

/* Whether the credentials (user:password) came with the request; else the challenge was sent. */
static int check_credentials(struct answer *answer, const char *credentials, int proxy)
{
    const char *value = request_header(answer->request, proxy ? "Proxy-Authorization" : "Authorization");
    const char *challenge = answer->options.challenge;
    char expected[1024] = "Basic ";

    if (strlen(credentials) < 512)
        base64(credentials, expected + strlen(expected));
    if (value && !strcmp(value, expected))
        return 1;
    start_head(answer, proxy ? 407 : 401);
    head_add(answer, "%s: %s", proxy ? "Proxy-Authenticate" : "WWW-Authenticate",
            challenge ? challenge : "Basic realm=\"test\"");
    send_short(answer, answer->status, "who are you?\n");
    return 0;
}

static void send_error(struct answer *answer)
{
    const struct options *options = &answer->options;
    uint64_t size = options->body == NOT_SET ? 14 : options->body, done;
    const char *retry = options->retry_after;
    char date[64];

    start_head(answer, options->status);
    if (retry && !strncmp(retry, "date+", 5))
    {
        http_date(time(NULL) + atoi(retry + 5), date, sizeof(date));
        retry = date;
    }
    if (retry)
        head_add(answer, "Retry-After: %s", retry);
    if (options->location)
        head_add(answer, "Location: %s", options->location);
    if (options->status == 204 || options->status == 304)
        size = 0;
    else
    {
        head_add(answer, "Content-Type: text/plain");
        if (!options->no_length)
            head_add(answer, "Content-Length: %llu", (unsigned long long)size);
    }
    if (options->status == 416)
        head_add(answer, "Content-Range: bytes */%llu", (unsigned long long)options->size);
    send_head(answer);
    for (done = 0; !answer->how && answer->body_wanted && done < size; done++)
    {
        if (!answer_send(answer, &"error message\n"[done % 14], 1))
            break;
        entry_sent(answer->name, answer->entry, 1);
    }
    if (options->no_length && !answer->how)
        answer->how = "close";
}

/* ---- conditions and ranges (RFC 9110, 13 and 14) ---- */

/* Whether a list of entity tags has ours. */
static int etag_in_list(const struct answer *answer, const char *list, int weak_counts)
{
    const char *ours = answer->etag, *p;
    size_t length;

    if (!*ours)
        return 0;
    if (!strcmp(list, "*"))
        return 1;
    if (!strncmp(ours, "W/", 2))
    {
        if (!weak_counts)
            return 0;
        ours += 2;
    }
    length = strlen(ours);
    for (p = strstr(list, ours); p; p = strstr(p + 1, ours))
    {
        if (p - list >= 2 && !strncmp(p - 2, "W/", 2) && !weak_counts)
            continue;
        if (!p[length] || strchr(", \t", p[length]))
            return 1;
    }
    return 0;
}

/* 0, or the status that the conditions ask for. */
static unsigned int check_conditions(const struct answer *answer)
{
    const struct request *request = answer->request;
    const char *value;
    time_t ours = 0, theirs;
    int have_lm = *answer->lm && parse_date(answer->lm, &ours);

    if ((value = request_header(request, "If-Match")))
    {
        if (!etag_in_list(answer, value, 0))
            return 412;
    }
    else if ((value = request_header(request, "If-Unmodified-Since")) && have_lm && parse_date(value, &theirs))
    {
        if (ours > theirs)
            return 412;
    }
    if ((value = request_header(request, "If-None-Match")))
    {
        if (etag_in_list(answer, value, 1))
            return 304;
    }
    else if ((value = request_header(request, "If-Modified-Since")) && have_lm && parse_date(value, &theirs))
    {
        if (ours <= theirs)
            return 304;
    }
    return 0;
}

static int if_range_holds(const struct answer *answer)
{
    const char *value = request_header(answer->request, "If-Range");

    if (!value)
        return 1;
    if (*value == '"' || !strncmp(value, "W/", 2))
        return strncmp(value, "W/", 2) && etag_in_list(answer, value, 0);
    return *answer->lm && !strcmp(value, answer->lm);
}

/* The status for the Range header: 200, 206 or 416.  Several ranges and bad syntax are answered with all of it. */
static unsigned int check_range(struct answer *answer)
{
    const char *value = request_header(answer->request, "Range");
    uint64_t size = answer->options.size, first, last;
    char *end;

    answer->offset = 0;
    answer->length = size;
    if (!value || answer->options.no_range || strncmp(value, "bytes=", 6) || strchr(value, ',') ||
            !if_range_holds(answer))
        return 200;
    value += 6;
    if (*value == '-')
    {
        last = strtoull(value + 1, &end, 10);
        if (*end || end == value + 1)
            return 200;
        if (!last || !size)
            return 416;
        first = last < size ? size - last : 0;
        last = size - 1;
    }
    else
    {
        first = strtoull(value, &end, 10);
        if (end == value || *end != '-')
            return 200;
        value = end + 1;
        last = size ? size - 1 : 0;
        if (*value)
        {
            last = strtoull(value, &end, 10);
            if (*end || last < first)
                return 200;
        }
        if (first >= size)
            return 416;
        if (last >= size)
            last = size - 1;
    }
    answer->offset = first;
    answer->length = last - first + 1;
    return 206;
}

/* ---- the file ---- */

static void add_content_range(struct answer *answer)
{
    const struct options *options = &answer->options;
    long long shift = options->crange_shift ? atoll(options->crange_shift) : 0;
    char total[32];

    if (options->crange && !strcmp(options->crange, "none"))
        return;
    if (options->crange)
    {
        head_add(answer, "Content-Range: %s", options->crange);
        return;
    }
    snprintf(total, sizeof(total), "%llu", (unsigned long long)options->size);
    head_add(answer, "Content-Range: bytes %lld-%lld/%s", (long long)answer->offset + shift,
            (long long)(answer->offset + answer->length) - 1 + shift,
            options->crange_total ? options->crange_total : total);
}

static void file_head(struct answer *answer, unsigned int status)
{
    const struct options *options = &answer->options;

    start_head(answer, status);
    if (!options->no_accept && !options->no_range)
        head_add(answer, "Accept-Ranges: bytes");
    if (*answer->etag)
        head_add(answer, "ETag: %s", answer->etag);
    if (*answer->lm)
        head_add(answer, "Last-Modified: %s", answer->lm);
    head_add(answer, "Content-Type: %s", options->type ? options->type : "application/octet-stream");
    if (options->encoding)
        head_add(answer, "Content-Encoding: %s", options->encoding);
    if (status == 206)
        add_content_range(answer);
    if (options->chunked || options->bad_chunk)
        head_add(answer, "Transfer-Encoding: chunked");
    else if (options->length)
        head_add(answer, "Content-Length: %s", options->length);
    else if (!options->no_length)
        head_add(answer, "Content-Length: %llu", (unsigned long long)answer->length);
    if (options->length2)
        head_add(answer, "Content-Length: %s", options->length2);
}

/* The most that may go out at once from here, so that nothing special is stepped over. */
static size_t next_piece(const struct answer *answer, uint64_t done)
{
    const struct options *options = &answer->options;
    uint64_t piece = answer->length - done;
    const uint64_t stops[] = { options->drop, options->stall, options->gate };
    unsigned int i;

    if (piece > CHUNK)
        piece = CHUNK;
    if (options->chunked && piece > options->chunked)
        piece = options->chunked;
    if (options->slow && piece > options->slow / 20)
        piece = options->slow < 20 ? 1 : options->slow / 20;
    for (i = 0; i < sizeof(stops) / sizeof(stops[0]); i++)
    {
        if (stops[i] != NOT_SET && stops[i] > done && piece > stops[i] - done)
            piece = stops[i] - done;
    }
    return piece;
}

static void wait_at_gate(struct answer *answer)
{
    enum gate gate;

    name_at_gate(answer->name, 1);
    do
        gate = name_wait_gate(answer->name, answer->ticket, 50);
    while (gate == GATE_WAIT && pause_ms(answer, 0));
    if (gate == GATE_DROPPED)
        answer->how = "drop";
    name_at_gate(answer->name, -1);
}

static void send_piece(struct answer *answer, char *buffer, uint64_t done, size_t size)
{
    const struct options *options = &answer->options;
    uint64_t offset = answer->offset + done;
    size_t before = size;
    char line[64];

    if (options->flip != NOT_SET && offset + size > options->flip)
        before = offset < options->flip ? options->flip - offset : 0;
    content_fill(buffer, before, options->seed, offset);
    content_fill(buffer + before, size - before, options->flip_seed, offset + before);
    if (options->chunked)
    {
        snprintf(line, sizeof(line), "%zx\r\n", size);
        answer_send(answer, line, strlen(line));
    }
    if (!answer->how && answer_send(answer, buffer, size))
        entry_sent(answer->name, answer->entry, size);
    if (options->chunked && !answer->how)
        answer_send(answer, "\r\n", 2);
}

static void send_body(struct answer *answer)
{
    const struct options *options = &answer->options;
    char *buffer = malloc(CHUNK);
    uint64_t done = 0;
    size_t piece;

    while (buffer && !answer->how)
    {
        if (done == options->gate)
            wait_at_gate(answer);
        if (done == options->stall)
            wait_for_ever(answer);
        if (answer->how)
            break;
        if (done == options->drop)
        {
            answer->how = options->rst ? "reset" : "drop";
            break;
        }
        if (done == answer->length)
            break;
        if (options->bad_chunk)
        {
            answer_send(answer, "zzzz\r\n", 6);
            answer->how = "drop";
            break;
        }
        piece = next_piece(answer, done);
        send_piece(answer, buffer, done, piece);
        done += piece;
        if (options->slow && !answer->how)
            pause_ms(answer, options->slow < 20 ? 1000 / options->slow : 50);
    }
    if (options->chunked && !answer->how)
        answer_send(answer, "0\r\n\r\n", 5);
    free(buffer);
}

static void send_file(struct answer *answer)
{
    struct options *options = &answer->options;
    unsigned int status;

    if (options->etag)
        snprintf(answer->etag, sizeof(answer->etag), "%s", options->etag);
    else if (!options->no_etag)
        snprintf(answer->etag, sizeof(answer->etag), "%s\"%llx-%llx\"", options->weak ? "W/" : "",
                (unsigned long long)options->seed, (unsigned long long)options->size);
    if (options->lm)
        snprintf(answer->lm, sizeof(answer->lm), "%s", options->lm);
    else if (!options->no_lm)
        http_date(EPOCH + options->seed % 100000000, answer->lm, sizeof(answer->lm));

    if ((status = check_conditions(answer)))
    {
        start_head(answer, status);
        if (*answer->etag)
            head_add(answer, "ETag: %s", answer->etag);
        if (*answer->lm)
            head_add(answer, "Last-Modified: %s", answer->lm);
        if (status == 412)
            send_short(answer, status, "precondition failed\n");
        else
            send_head(answer);
        return;
    }
    status = check_range(answer);
    if (status == 416)
    {
        options->status = 416;
        send_error(answer);
        return;
    }
    if (options->force_206)
        status = 206;
    file_head(answer, status);
    send_head(answer);
    if (!answer->how && answer->body_wanted)
        send_body(answer);
    if (!answer->how && (options->no_length || options->length || options->length2) && answer->body_wanted &&
            !options->chunked)
        answer->how = "close";
}

static void send_garbage(struct answer *answer, uint64_t size)
{
    unsigned char block[4096];
    uint64_t done;
    size_t part;

    for (done = 0; done < size && !answer->how; done += part)
    {
        part = size - done < sizeof(block) ? size - done : sizeof(block);
        content_fill(block, part, answer->options.seed, done);
        answer_send(answer, block, part);
    }
}

static void answer_file_request(struct answer *answer)
{
    const struct options *options = &answer->options;
    int hops = options->redirect ? atoi(options->redirect) : 0;
    int is_head = !strcmp(answer->request->method, "HEAD");

    if (options->delay && !pause_ms(answer, options->delay))
        return;
    if (options->never)
        wait_for_ever(answer);
    else if (options->close_now)
        answer->how = "drop";
    else if (options->rst && options->drop == NOT_SET)
        answer->how = "reset";
    else if (options->garbage)
    {
        send_garbage(answer, options->garbage);
        answer->how = "close";
    }
    else if (options->http09)
    {
        answer->length = options->size;
        send_body(answer);
        answer->how = "close";
    }
    else if (is_head && options->no_head)
    {
        start_head(answer, options->no_head);
        send_short(answer, answer->status, "no HEAD here\n");
    }
    else if (strcmp(answer->request->method, "GET") && !is_head)
    {
        start_head(answer, 405);
        head_add(answer, "Allow: GET, HEAD");
        send_short(answer, answer->status, "GET and HEAD only\n");
    }
    else if (options->proxy_auth && !check_credentials(answer, options->proxy_auth, 1))
        return;
    else if (options->auth && !check_credentials(answer, options->auth, 0))
        return;
    else if (options->status)
        send_error(answer);
    else if (hops || (options->redirect && !strcmp(options->redirect, "loop")) || options->location)
        send_redirect(answer);
    else
        send_file(answer);
    if (!answer->how && (options->conn_close || options->silent_close || options->http10))
        answer->how = "close";
}

int respond(struct conn *conn, const struct request *request)
{
    size_t scratch_size = 2 * strlen(request->target) + 16384;
    struct answer *answer = calloc(1, sizeof(*answer));
    char *scratch = malloc(scratch_size);
    struct linger linger = { 1, 0 };
    const char *error;
    int keep = 0;

    if (!answer || !scratch)
        goto done;
    answer->conn = conn;
    answer->request = request;
    answer->body_wanted = strcmp(request->method, "HEAD");
    if ((error = options_parse(request, scratch, scratch_size, &answer->options)))
    {
        fprintf(stderr, "httpd: %s: %s\n", request->target, error);
        keep = send_text(conn, request, 400, error);
        goto done;
    }
    answer->name = name_get(answer->options.name);
    answer->ticket = name_gate_ticket(answer->name);
    answer->entry = entry_begin(answer->name, conn, request);
    answer_file_request(answer);
    keep = !answer->how;
    if (answer->how && !strcmp(answer->how, "reset"))
        setsockopt(conn->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
    else if (answer->how)
        shutdown(conn->fd, SHUT_WR);
    entry_end(answer->name, answer->entry, answer->status, 0, answer->how ? answer->how : "ok");

done:
    free(scratch);
    free(answer);
    return keep;
}
