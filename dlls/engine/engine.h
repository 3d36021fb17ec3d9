/*
 * The transfer engine: downloads files into part files, keeps a store, knows no COM.
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

#ifndef WINEBITS_ENGINE_H
#define WINEBITS_ENGINE_H

#include <stdarg.h>
#include <windef.h>
#include <winbase.h>

#define ENGINE_SIZE_UNKNOWN (~(UINT64)0)

struct engine;
struct group;
struct xfer;
struct store;
struct store_txn;

/* ---- loop.c: the engine and its thread ---- */

struct engine_config
{
    const char *user_agent;         /* e.g. "Microsoft BITS/7.8" */
    UINT64 (*now)(void);            /* milliseconds, monotonic; NULL for the system's */
};

/* Starts the loop thread. */
HRESULT engine_create(const struct engine_config *config, struct engine **ret_engine);
/* Ends every transfer as xfer_cancel() would, waits for the thread and frees the engine.  No event
 * comes after the return. */
void engine_destroy(struct engine *engine);
/* Milliseconds on the engine's clock. */
UINT64 engine_now(struct engine *engine);
/* Makes the loop look at its clock again; for a test that moves a clock of its own. */
void engine_wake(struct engine *engine);

/* ---- timer.c: one-shot deadlines, fired on the loop thread ---- */

struct timer
{
    UINT64 due;                     /* on the engine's clock; guarded by the engine's timer lock */
    unsigned int index;             /* place in the heap + 1, 0 when not armed */
    void (*fire)(struct timer *timer);  /* must not block */
};

void timer_init(struct timer *timer, void (*fire)(struct timer *timer));
/* Arms or re-arms.  Any thread. */
HRESULT timer_set(struct engine *engine, struct timer *timer, UINT64 due);
/* Disarms.  After the return fire() does not run and is not running, unless the caller is it. */
void timer_cancel(struct engine *engine, struct timer *timer);

/* ---- sched.c: transfers that are scheduled together (a job) ---- */

enum group_priority
{
    GROUP_FOREGROUND,               /* all groups of this level run side by side */
    GROUP_HIGH,                     /* of the three levels below, one group runs at a time */
    GROUP_NORMAL,
    GROUP_LOW,
};

HRESULT group_create(struct engine *engine, enum group_priority priority, struct group **ret_group);
void group_set_priority(struct group *group, enum group_priority priority);
/* Drops the caller's reference; transfers still running keep the group alive. */
void group_release(struct group *group);

/* ---- xfer.c: one transfer, source to part file ---- */

/* Where an error arose. */
enum xfer_where
{
    XFER_WHERE_NONE,
    XFER_WHERE_LOCAL_FILE,          /* creating, writing, reading the local file */
    XFER_WHERE_REMOTE_FILE,         /* HTTP status, ranges, URL */
    XFER_WHERE_TRANSPORT,           /* name resolution, connect, proxy, TLS, timeouts */
    XFER_WHERE_QUEUE,               /* policy, limits */
};

/* Security flags: the values are BITS' BG_SSL_* and BG_HTTP_REDIRECT_POLICY_* (reference/bits.md 3.4). */
#define XFER_CHECK_REVOCATION     0x0001
#define XFER_IGNORE_CN            0x0002
#define XFER_IGNORE_DATE          0x0004
#define XFER_IGNORE_UNKNOWN_CA    0x0008
#define XFER_IGNORE_USAGE         0x0010
#define XFER_REDIRECT_MASK        0x0700
#define XFER_REDIRECT_SILENT      0x0000
#define XFER_REDIRECT_REPORT      0x0100
#define XFER_REDIRECT_DISALLOW    0x0200
#define XFER_REDIRECT_HTTPS_TO_HTTP 0x0800

enum xfer_proxy { XFER_PROXY_PRECONFIG, XFER_PROXY_NONE, XFER_PROXY_OVERRIDE };

/* What a transfer is to do.  Every string is copied by xfer_submit(). */
struct xfer_params
{
    const char *url;                /* UTF-8: http, https, or file with a DOS or UNC path in it; or NULL */
    const WCHAR *source;            /* a local or UNC path; exactly one of url and source is set */
    const WCHAR *part;              /* where the bytes go; created when missing */
    UINT64 offset;                  /* bytes of the part file that are good; it is truncated to this */
    UINT64 size;                    /* size of the remote file seen before, or ENGINE_SIZE_UNKNOWN */
    const char *etag;               /* validators seen before, or NULL */
    const char *last_modified;
    UINT64 max_size;                /* larger files are refused; ENGINE_SIZE_UNKNOWN for no limit */
    ULONG security;                 /* XFER_CHECK_REVOCATION etc. */
    const char *headers;            /* CRLF-terminated request headers to add, or NULL */
    enum xfer_proxy proxy;
    const char *proxy_list;         /* with XFER_PROXY_OVERRIDE: as SetProxySettings takes them */
    const char *proxy_bypass;
};

/* The head of a response that is going to be written. */
struct xfer_head
{
    UINT64 size;                    /* of the whole remote file */
    const char *etag;               /* NULL when there was none */
    const char *last_modified;
    const char *url;                /* the URL that answered, after redirects */
    const char *headers;            /* the raw response headers */
};

struct xfer_result
{
    HRESULT hr;                     /* S_OK: all there, closed; E_ABORT: cancelled;
                                       ENGINE_E_CHANGED: start again at 0 without validators */
    enum xfer_where where;
    BOOL transient;                 /* worth trying again later */
    ULONG retry_after;              /* seconds the server asked for, or 0 */
    UINT64 offset;                  /* bytes of the part file that are good now */
    const char *url;                /* after a redirect that was refused: its target; else NULL */
};

/* The remote file is not the one whose beginning is in the part file. */
#define ENGINE_E_CHANGED MAKE_HRESULT(SEVERITY_ERROR, FACILITY_ITF, 0x300)

/* Events of one transfer.  All run on the loop thread and must not block, call the engine's waiting
 * functions, or take a lock that is ever held around such a call; what they point to is theirs only
 * for the call.  Order: (connecting (head progress*)? requeued?)* done. */
struct xfer_events
{
    void (*connecting)(void *context);
    void (*head)(void *context, const struct xfer_head *head);
    /* At most four a second.  offset bytes are in the part file and survive the end of the process. */
    void (*progress)(void *context, UINT64 offset);
    /* The slot went to somebody of more right; goes on by itself, beginning with connecting. */
    void (*requeued)(void *context, UINT64 offset);
    /* The last event; the part file is closed and the xfer gone. */
    void (*done)(void *context, const struct xfer_result *result);
};

/* Queues a transfer.  When this succeeds, done() will come exactly once. */
HRESULT xfer_submit(struct group *group, const struct xfer_params *params,
                    const struct xfer_events *events, void *context, struct xfer **ret_xfer);
/* Asks for an early end; done() comes with E_ABORT, or with what happened first.  Any thread; the
 * caller makes sure that done() has not returned yet. */
void xfer_cancel(struct xfer *xfer);
/* Good bytes in the part file and size of the remote file as of now, without a wait.  Same rule. */
void xfer_get_progress(struct xfer *xfer, UINT64 *offset, UINT64 *size);

/* ---- part.c: what the model does with a part file that no transfer holds ---- */

/* Waits until what was written before is on the disk; a transfer may go on meanwhile. */
HRESULT part_sync(const WCHAR *part);
/* Gives a finished part file its final name, replacing a file that is there. */
HRESULT part_commit(const WCHAR *part, const WCHAR *name);
/* Deletes it; one that is not there is S_OK too. */
HRESULT part_discard(const WCHAR *part);

/* ---- url.c ---- */

enum url_kind { URL_INVALID, URL_HTTP, URL_HTTPS, URL_FILE };

/* Checks a remote name against reference/bits.md 6.6 and 3.5.  URL_FILE: *ret_path is the local or UNC
 * path meant, to be freed.  Nothing is escaped or normalised. */
enum url_kind url_check(const WCHAR *url, WCHAR **ret_path);
/* The URL for a log: without user, password, query and fragment.  Written into buffer, which is returned. */
const char *url_redact(const char *url, char *buffer, size_t size);

/* ---- error.c: codes and texts ---- */

/* English text for a BITS, HTTP-status or transport HRESULT, or NULL when the system may know it. */
const WCHAR *error_text(HRESULT hr);
HRESULT error_from_http(unsigned int status);   /* 0x80190000 | status */

/* ---- store.c: the SQLite file ---- */

/* Opens or creates the store; a damaged one is renamed to NAME.bad-N and a new one made (S_FALSE); a
 * newer schema is refused with HRESULT_FROM_WIN32(ERROR_REVISION_MISMATCH) and left as it is. */
HRESULT store_open(const WCHAR *path, struct store **ret_store);
/* Commits what is queued and closes. */
void store_close(struct store *store);

/* Keys of job_prop rows are small integers that belong to the service; a value is an integer, text or bytes. */
enum store_type { STORE_INT = 1, STORE_TEXT, STORE_BLOB, STORE_SECRET };

struct store_value
{
    enum store_type type;
    INT64 integer;
    const void *data;               /* text: WCHAR, not terminated; blob, secret: bytes */
    size_t size;                    /* in bytes */
};

/* A file of a job.  NULL strings stand for "none". */
struct store_file
{
    UINT32 index;                   /* order of addition, from 0 */
    const WCHAR *remote;
    const WCHAR *local;
    const WCHAR *part;
    UINT64 size;                    /* ENGINE_SIZE_UNKNOWN until known */
    UINT64 offset;                  /* good bytes in the part file */
    UINT32 flags;                   /* the service's own */
    const char *etag;
    const char *last_modified;
};

/* A transaction is a list of changes, built by one thread, handed over by store_commit(). */
HRESULT store_begin(struct store *store, struct store_txn **ret_txn);
HRESULT store_add_job(struct store_txn *txn, UINT64 job, const GUID *guid);
HRESULT store_delete_job(struct store_txn *txn, UINT64 job);    /* its properties and files too */
HRESULT store_set_int(struct store_txn *txn, UINT64 job, UINT32 key, INT64 value);
HRESULT store_set_text(struct store_txn *txn, UINT64 job, UINT32 key, const WCHAR *text); /* NULL deletes */
HRESULT store_set_blob(struct store_txn *txn, UINT64 job, UINT32 key, const void *data, size_t size);
/* As a blob, sealed with CryptProtectData on disk; the copy in memory is wiped after use. */
HRESULT store_set_secret(struct store_txn *txn, UINT64 job, UINT32 key, const void *data, size_t size);
HRESULT store_delete_prop(struct store_txn *txn, UINT64 job, UINT32 key);
HRESULT store_put_file(struct store_txn *txn, UINT64 job, const struct store_file *file);
/* Only what a running transfer changes. */
HRESULT store_update_file(struct store_txn *txn, UINT64 job, UINT32 index, UINT64 size, UINT64 offset,
                          UINT32 flags, const char *etag, const char *last_modified);
/* So many bytes of the part file are safe from the end of the host too, as part_sync() made them.  After a
 * start of the host store_read() tells no larger offset than that. */
HRESULT store_sync_file(struct store_txn *txn, UINT64 job, UINT32 index, UINT64 offset);
void store_abort(struct store_txn *txn);
/* Waits until the changes are durable, or says why they are not: then none of them is, and the store
 * is as it was.  The transaction is gone either way.  Transactions become durable in the order of
 * these calls; many wait for one sync. */
HRESULT store_commit(struct store_txn *txn);
/* The same without the wait: durable before any later store_commit() returns.  A failure is logged
 * and kept: the next store_commit() reports it. */
void store_commit_async(struct store_txn *txn);

/* Reads everything, for the start of the service: each job is followed by its properties and files. */
struct store_reader
{
    HRESULT (*job)(void *context, UINT64 job, const GUID *guid);
    HRESULT (*prop)(void *context, UINT64 job, UINT32 key, const struct store_value *value);
    HRESULT (*file)(void *context, UINT64 job, const struct store_file *file);
};
HRESULT store_read(struct store *store, const struct store_reader *reader, void *context);

/* ---- scm.c: living as a service under Wine ---- */

/* Holds the prefix open: while held, an ordinary process of ours exists, so that Wine does not end the
 * services.  Does nothing where policy (HKLM\Software\winebits, HoldPrefix = 0) forbids it, or off Wine. */
void hold_set(BOOL held);
/* Start type of the service: automatic while its queue holds live jobs, on demand otherwise. */
void scm_set_autostart(const WCHAR *service, BOOL automatic);

/* ---- util.c ---- */

WCHAR *utf8_to_wide(const char *string);        /* NULL in, NULL out; free() */
char *wide_to_utf8(const WCHAR *string);
WCHAR *wide_dup(const WCHAR *string);

#endif /* WINEBITS_ENGINE_H */
