/*
 * What the engine's own files share; never included from outside.
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


#ifndef WINEBITS_ENGINE_PRIVATE_H
#define WINEBITS_ENGINE_PRIVATE_H
#include <curl/curl.h>

#include "engine.h"
#include "pure.h"
#include "wine/list.h"

/* Limits of the scheduler. */
#define MAX_TRANSFERS           64      /* at a time, over all groups */
#define MAX_PER_HOST            8       /* before a group has to wait for its first transfer */
#define MAX_PER_GROUP           6
#define HOST_PATIENCE_MS        1000    /* a group that waited so long gets a connection beyond MAX_PER_HOST */
#define BACKGROUND_SLICE_MS     300000  /* unconfirmed: reference/bits.md 12 */
#define SMALL_FILE              (1 << 20)   /* files up to this size go side by side within a group */

#define GATHER_SIZE             (1 << 20)
#define STALL_TIMEOUT_MS        300000  /* reference/bits.md 5.5, HTTP request/response */
#define PROGRESS_INTERVAL_MS    250
#define MAX_REDIRECTS           10

struct part;
struct poll;
struct source;
struct http;

/* Threads: "loop" = touched by the loop thread alone. */
struct engine
{
    char *user_agent;
    UINT64 (*now)(void);
    HANDLE thread;
    DWORD thread_id;
    CURLM *multi;                   /* loop */
    struct poll *poll;              /* loop */
    curl_socket_t wake_socket;      /* fixed */

    SRWLOCK lock;                   /* guards the inbox: the next six */
    struct list submitted;          /* struct xfer.inbox_entry */
    struct list cancelled;          /* struct xfer.cancel_entry, each holds a reference */
    struct list regrouped;          /* struct group.inbox_entry, each holds a reference */
    BOOL quit;
    BOOL sleeping;                  /* the loop is, or is about to be, in poll_wait() */
    BOOL nudged;                    /* something outside the inbox wants a turn of the loop */

    SRWLOCK timer_lock;             /* guards the next five */
    CONDITION_VARIABLE timer_fired;
    struct timer **heap;
    unsigned int heap_count, heap_size;
    struct timer *firing;

    /* sched.c; loop */
    struct list ready[4];           /* struct group.ready_entry by priority: groups with something pending */
    struct group *background;       /* the one background group that may run */
    UINT64 background_since;
    struct list hosts;
    struct list active;             /* struct xfer.active_entry: all that run */
    unsigned int active_count;
    BOOL sched_dirty;
    struct timer sched_timer;

    /* xfer.c; loop */
    struct list locals;             /* struct xfer.local_entry: copies from local files under way */
    CURL *idle[MAX_PER_GROUP];      /* handles kept for the next request */
    unsigned int idle_count;

    /* part.c; loop: bytes that curl handed over in pieces, on their way into one write */
    BYTE *gather;
    size_t gather_used;
    struct xfer *gather_owner;

    /* proxy.c; loop: the user's settings as they were a moment ago */
    char *ie_proxy, *ie_bypass;
    UINT64 ie_expires;

    /* tls.c; loop: connections whose peer has been verified */
    struct verified
    {
        curl_off_t connection;
        ULONG flags;
        UINT32 host_hash;
    } verified[64];
    unsigned int verified_next;
};

struct host
{
    struct list entry;              /* in engine.hosts */
    unsigned int active_count;
    unsigned int refcount;          /* one for each transfer that knows it */
    char name[1];                   /* scheme, host and port as the URL has them */
};

struct group
{
    struct engine *engine;
    LONG refcount;
    struct list inbox_entry;        /* engine.lock, with the next two */
    BOOL is_regrouped;
    enum group_priority new_priority;
    /* loop */
    enum group_priority priority;
    struct list ready_entry;
    BOOL is_ready;
    struct list pending;            /* struct xfer.entry, in order of submission */
    struct list running;
    unsigned int running_count;
    unsigned int width;             /* transfers it may run side by side now */
    UINT64 waiting_since;
};

enum xfer_state { XFER_PENDING, XFER_RUNNING, XFER_DONE };

struct xfer
{
    LONG refcount;                  /* the loop's, and one for a queued cancel */
    LONG cancel_queued;
    struct list inbox_entry;
    struct list cancel_entry;
    struct group *group;
    const struct xfer_events *events;
    void *context;

    char *url;                      /* what was asked for */
    WCHAR *source;
    WCHAR *part_path;
    char *etag, *last_modified;     /* validators of the version in the part file */
    UINT64 max_size;
    ULONG security;
    char *headers;
    enum xfer_proxy proxy;
    char *proxy_list, *proxy_bypass;

    volatile LONG64 offset;         /* good bytes in the part file; written by the loop */
    volatile LONG64 size;

    /* loop */
    enum xfer_state state;
    struct list entry;              /* in group.pending or group.running */
    struct list active_entry;
    struct host *host;
    struct part *part;
    struct list local_entry;
    HANDLE source_file;
    struct http *http;              /* the request under way */
    struct timer stall;
    UINT64 last_activity;
    UINT64 last_progress;           /* when the last progress event went out */
    UINT64 connected_offset;        /* offset when the present request began */
    HRESULT write_hr;               /* first failure to write the part file */
    unsigned int reconnects;        /* immediate ones since the last that gained enough */
};

/* loop.c */
void engine_nudge(struct engine *engine);
HRESULT xfer_post(struct xfer *xfer);

/* poll.c */
HRESULT poll_init(struct engine *engine);
void poll_cleanup(struct engine *engine);
/* Ends a wait; any thread. */
void poll_wake(struct engine *engine);
/* Waits for curl's sockets and timer, a wake-up, or so many milliseconds. */
void poll_wait(struct engine *engine, UINT64 timeout);
/* Tells curl what the wait has found. */
void poll_dispatch(struct engine *engine);

/* timer.c */
HRESULT timers_init(struct engine *engine);
void timers_free(struct engine *engine);
/* Fires what is due; returns the milliseconds until the next one, or ~0. */
UINT64 timers_run(struct engine *engine);

/* sched.c */
void sched_init(struct engine *engine);
HRESULT sched_add(struct xfer *xfer);
void sched_remove(struct xfer *xfer);
void sched_cancel_all(struct engine *engine);
void sched_run(struct engine *engine);
void sched_group_changed(struct group *group, enum group_priority priority);
/* The size of a running transfer is known now. */
void sched_sized(struct xfer *xfer);
/* It is all there. */
void sched_succeeded(struct xfer *xfer);
void group_addref(struct group *group);
/* Length of the scheme, host and port in front of the path; 0 for a local source, which has none. */
size_t origin_length(const char *url);

/* xfer.c */
void xfer_start(struct xfer *xfer);
void xfer_stop(struct xfer *xfer);              /* gives the slot up; goes on later */
void xfer_addref(struct xfer *xfer);
void xfer_release(struct xfer *xfer);
void xfer_cancel_now(struct xfer *xfer);
/* Checks the head against limits and reports it. */
HRESULT xfer_head(struct xfer *xfer, const struct xfer_head *head, enum xfer_where *where);
/* size bytes more are in the part file. */
void xfer_wrote(struct xfer *xfer, size_t size);
void xfer_finish(struct xfer *xfer, HRESULT hr, enum xfer_where where, BOOL transient, ULONG retry_after,
                 const char *url);
/* Every byte is there: times, close, done. */
void xfer_complete(struct xfer *xfer);
static inline UINT64 xfer_offset(struct xfer *xfer)
{
    return InterlockedCompareExchange64(&xfer->offset, 0, 0);
}
static inline UINT64 xfer_size(struct xfer *xfer)
{
    return InterlockedCompareExchange64(&xfer->size, 0, 0);
}

/* http.c */
HRESULT http_init(struct engine *engine);
void http_cleanup(struct engine *engine);
HRESULT http_start(struct xfer *xfer, enum xfer_where *where);
void http_stop(struct xfer *xfer);
/* Takes the finished transfers from the multi handle. */
void http_collect(struct engine *engine);

/* local.c */
HRESULT local_start(struct xfer *xfer, enum xfer_where *where);
void local_stop(struct xfer *xfer);
/* Times and attributes of the source, for a copy that is whole. */
void local_set_attributes(struct xfer *xfer);
/* A turn for each local copy; returns whether one has more to do. */
BOOL local_run(struct engine *engine);

/* part.c */
HRESULT part_open(const WCHAR *path, UINT64 offset, struct part **ret_part);
/* Makes the file as large as it will be; a disk without room for that says so now. */
HRESULT part_reserve(struct part *part, const WCHAR *path, UINT64 offset, UINT64 size);
/* Behind what has been written; a part file begins at the offset of part_open(). */
HRESULT part_append(struct part *part, const void *data, size_t size);
/* Creation and last write as the server says (reference/bits.md 5.7); a date that is none is passed over. */
void part_set_http_time(struct part *part, const char *last_modified);
void part_set_attributes(struct part *part, const FILE_BASIC_INFO *info);
HRESULT part_close(struct part *part);
/* Closes it with the good bytes alone. */
void part_cut(struct part *part, UINT64 offset);
/* Bytes for the part file of xfer, written when enough are together or by gather_flush(). */
HRESULT gather_write(struct xfer *xfer, const void *data, size_t size);
void gather_flush(struct engine *engine);

/* tls.c: is the peer of this connection the host of the URL?  Asks for every request, before a byte of
 * it is sent. */
HRESULT tls_verify(struct engine *engine, CURL *easy, const char *host, ULONG security);

/* proxy.c */
HRESULT proxy_apply(CURL *easy, struct xfer *xfer, const char *url);
void proxy_cleanup(struct engine *engine);

/* error.c */

/* CURLcode to HRESULT; an unknown one is a fatal failure.  What a callback of ours refused comes out as
 * E_FAIL or E_ABORT: its maker knows better. */
HRESULT error_from_curl(int code, enum xfer_where *where, BOOL *transient);
/* GetLastError() of an access to a local or UNC file. */
HRESULT error_from_file(DWORD error, BOOL *transient);
BOOL error_http_transient(unsigned int status);

#endif /* WINEBITS_ENGINE_PRIVATE_H */
