/*
 * What the parts of the misbehaving test server share.
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

#ifndef WINEBITS_TESTS_HTTPD_H
#define WINEBITS_TESTS_HTTPD_H

#include <stddef.h>
#include <stdint.h>

#define MAX_HEADERS 128
#define MAX_TOKENS 128
#define MAX_EXTRA 16
#define NOT_SET (~(uint64_t)0)

struct header
{
    const char *name;
    const char *value;
};

struct request
{
    const char *method;
    const char *target;             /* as received */
    const char *raw;                /* the whole head, as received */
    struct header headers[MAX_HEADERS];
    unsigned int header_count;
    int http10;
    unsigned int port;              /* of ours, that it came in on */
};

struct conn
{
    int fd;
    unsigned int number;
    unsigned int port;
    const struct name *name;        /* of the last request, to count connections */
};

/* What a URL asks for; README has the words. */
struct options
{
    const char *name;               /* t= */
    uint64_t size, seed;
    uint64_t drop, stall, gate, slow, flip, flip_seed;
    uint64_t delay, slow_head;
    uint64_t status, body;
    uint64_t code, redirect_port;
    uint64_t chunked, big_line, big_total, garbage;
    uint64_t no_head;
    uint64_t interim_count;
    const char *redirect, *redirect_host, *location;
    const char *retry_after, *etag, *lm, *length, *length2;
    const char *crange, *crange_shift, *crange_total, *encoding, *interim, *status_line, *type;
    const char *auth, *proxy_auth, *challenge;
    const char *extra[MAX_EXTRA];   /* decoded header lines, not terminated: they may hold NUL bytes */
    size_t extra_length[MAX_EXTRA];
    unsigned int extra_count;
    unsigned int no_etag, no_lm, weak, no_length, no_range, no_accept, force_206, bad_chunk;
    unsigned int http09, http10, bare_lf, close_now, rst, never, conn_close, silent_close, relative;
};

/* ---- options.c ---- */

/* Splits the target, picks the groups of options whose selectors fit this request, and fills in the options.
 * The scratch buffer, at least twice as long as target and the name's own options together, must outlive
 * them.  Returns NULL, or what is wrong with the URL. */
const char *options_parse(const struct request *request, char *scratch, size_t size, struct options *options);
/* Decodes %XX in place and returns the length. */
size_t percent_decode(char *string);

/* ---- reqlog.c: what happened, per test name ---- */

struct name;
struct entry;

enum method { METHOD_GET, METHOD_HEAD, METHOD_OTHER, METHOD_COUNT };

struct name *name_get(const char *name);
/* Options that were set for the name by /set/NAME, copied to the buffer. */
void name_get_options(struct name *name, char *buffer, size_t size);
void name_set_options(struct name *name, const char *options);
void name_reset(struct name *name);
/* Counts a request for the target: how many there have been of each method, this one included. */
void name_count_target(struct name *name, const char *target, enum method method,
        unsigned int counts[METHOD_COUNT]);

struct entry *entry_begin(struct name *name, struct conn *conn, const struct request *request);
void entry_end(struct name *name, struct entry *entry, unsigned int status, uint64_t sent, const char *how);
void entry_sent(struct name *name, struct entry *entry, uint64_t bytes);

/* Text for /log, /heads and /count; to be freed.  The key picks one counter; NULL when it is unknown. */
char *name_log(struct name *name);
char *name_heads(struct name *name);
char *name_count(struct name *name, const char *key);
/* Waits until a counter is at least value; 0 when that did not happen in time, -1 for an unknown key. */
int name_wait(struct name *name, const char *key, uint64_t value, unsigned int ms);

/* Gated responses: released ones go on, dropped ones are closed. */
enum gate { GATE_WAIT, GATE_RELEASED, GATE_DROPPED };
void name_open_gate(struct name *name, enum gate gate);
/* Waits a moment at the gate.  The ticket, taken before, tells an opening that came since from an old one. */
enum gate name_wait_gate(struct name *name, unsigned int ticket, unsigned int ms);
unsigned int name_gate_ticket(struct name *name);
void name_at_gate(struct name *name, int delta);

/* ---- respond.c ---- */

/* Answers; returns whether the connection is still good. */
int respond(struct conn *conn, const struct request *request);
const char *request_header(const struct request *request, const char *name);
int send_all(int fd, const void *data, size_t size);
int send_text(struct conn *conn, const struct request *request, unsigned int status, const char *text);

#endif
