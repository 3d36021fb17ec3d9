/*
 * What the COM tests share: the manager, jobs, files to compare, waiting, a callback.
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

#ifndef WINEBITS_TESTS_COM_UTIL_H
#define WINEBITS_TESTS_COM_UTIL_H

#include <stdarg.h>
#include <windef.h>
#include <winbase.h>
#include <objbase.h>
#include "bits.h"
#include "bits1_5.h"
#include "bits2_0.h"
#include "bits2_5.h"
#include "bits3_0.h"
#include "bitsmsg.h"

/* What a proxy says of a NULL where its IDL does not allow one. */
#define NULL_REF HRESULT_FROM_WIN32(RPC_X_NULL_REF_POINTER)

/* Longest wait for a state that must come; only a failing test ever waits that long. */
#define TIMEOUT 60000

#define STATE(x) (1u << BG_JOB_STATE_##x)
#define STATES_STOPPED (STATE(TRANSFERRED) | STATE(ERROR) | STATE(TRANSIENT_ERROR) \
        | STATE(ACKNOWLEDGED) | STATE(CANCELLED))

extern IBackgroundCopyManager *manager;

/* Enters COM, connects to BITS and makes a directory for the test; skips and returns FALSE when the
 * system has no BITS that may run. */
BOOL test_begin(void);
void test_end(void);

/* A path in the test's directory.  The four last results stay valid. */
const WCHAR *local_name(const WCHAR *name);
/* A URL on the server of the test run, or NULL where there is none.  The four last results stay valid. */
const WCHAR *remote_name(const char *path);
const char *server_url(void);
/* Skips and returns FALSE where there is no server. */
BOOL need_server(void);

IBackgroundCopyJob *create_job(void);
/* Foreground, retries far away. */
IBackgroundCopyJob *create_job_with(const WCHAR *remote, const WCHAR *local);
void add_file(IBackgroundCopyJob *job, const WCHAR *remote, const WCHAR *local);
void resume_job(IBackgroundCopyJob *job);
/* Cancels it unless it is final, and releases it. */
void drop_job(IBackgroundCopyJob *job);

BG_JOB_STATE job_state(IBackgroundCopyJob *job);
#define check_state(job, state) check_state_(__FILE__, __LINE__, job, state)
void check_state_(const char *file_name, unsigned int line, IBackgroundCopyJob *job, BG_JOB_STATE state);
/* Waits until the state is one of the mask's, or a stopped one; fails unless it is the mask's. */
#define wait_state(job, mask) wait_state_(__FILE__, __LINE__, job, mask)
BG_JOB_STATE wait_state_(const char *file_name, unsigned int line, IBackgroundCopyJob *job, unsigned int mask);
/* Waits until that many bytes of the job are there. */
#define wait_bytes(job, bytes) wait_bytes_(__FILE__, __LINE__, job, bytes)
void wait_bytes_(const char *file_name, unsigned int line, IBackgroundCopyJob *job, UINT64 bytes);
#define check_error(job, context, code) check_error_(__FILE__, __LINE__, job, context, code)
void check_error_(const char *file_name, unsigned int line, IBackgroundCopyJob *job, BG_ERROR_CONTEXT context, HRESULT code);
#define check_progress(job, total, done, files, files_done) \
        check_progress_(__FILE__, __LINE__, job, total, done, files, files_done)
void check_progress_(const char *file_name, unsigned int line, IBackgroundCopyJob *job, UINT64 total, UINT64 done,
                     ULONG files, ULONG files_done);
IBackgroundCopyFile *job_file(IBackgroundCopyJob *job, ULONG index);
ULONG count_files(IBackgroundCopyJob *job);

/* The bytes are those of server/content.h. */
void write_file(const WCHAR *path, UINT64 size, unsigned int seed);
BOOL file_exists(const WCHAR *path);
UINT64 file_size(const WCHAR *path);
#define check_same_file(a, b) check_same_file_(__FILE__, __LINE__, a, b)
void check_same_file_(const char *file_name, unsigned int line, const WCHAR *a, const WCHAR *b);
#define check_content(path, size, seed) check_content_(__FILE__, __LINE__, path, size, seed)
void check_content_(const char *file_name, unsigned int line, const WCHAR *path, UINT64 size, unsigned int seed);
/* How many names in the test's directory match. */
unsigned int count_names(const WCHAR *pattern);

/* Asks the server; the answer's body, to be freed, or NULL.  server/README has the words. */
char *server_get(const char *path);
char *server_get_from(unsigned int port, const char *path);
/* A counter of the test of that name. */
UINT64 server_count(const char *test, const char *key);
void server_do(const char *format, ...);
/* Waits until the counter has that value; fails when it does not come to it. */
#define server_wait(test, key, value) server_wait_(__FILE__, __LINE__, test, key, value)
void server_wait_(const char *file_name, unsigned int line, const char *test, const char *key, unsigned int value);

/* A callback object that notes what comes and answers with hr. */
enum event_kind { EVENT_TRANSFERRED, EVENT_ERROR, EVENT_MODIFICATION, EVENT_FILE };

struct event
{
    enum event_kind kind;
    BG_JOB_STATE state;             /* of the job, asked inside the callback */
    HRESULT code;                   /* of the error */
    WCHAR local[MAX_PATH];          /* of the file */
};

struct callback
{
    IBackgroundCopyCallback2 IBackgroundCopyCallback2_iface;
    LONG refcount;
    CRITICAL_SECTION lock;          /* guards what follows */
    HANDLE arrived;                 /* set whenever an event was noted */
    HRESULT hr;                     /* the answer to all but JobModification */
    BOOL complete;                  /* call Complete() inside JobTransferred */
    BOOL first_only;                /* no IBackgroundCopyCallback2 */
    unsigned int count;
    struct event events[256];
};

struct callback *callback_create(void);
void callback_release(struct callback *callback);
IUnknown *callback_unknown(struct callback *callback);
/* Waits for the n-th (from 1) event of that kind. */
#define callback_wait(callback, kind, n) callback_wait_(__FILE__, __LINE__, callback, kind, n)
BOOL callback_wait_(const char *file_name, unsigned int line, struct callback *callback, enum event_kind kind, unsigned int n);
unsigned int callback_count(struct callback *callback, enum event_kind kind);

#endif /* WINEBITS_TESTS_COM_UTIL_H */
