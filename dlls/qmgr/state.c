/*
 * The job state table, and what its moves do.
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

#include <stdlib.h>

#include "qmgr.h"
#include "wine/debug.h"

WINE_DEFAULT_DEBUG_CHANNEL(qmgr);

/* A retry so near is worth holding the prefix open for. */
#define HOLD_FOR_RETRY_MS 60000

/* Threads that rename the files of a job, unless it has so few that one does. */
#define COMMIT_THREADS 3
#define COMMIT_ALONE   32

/* Answer of an action that found nothing to do: the state stays, the caller gets S_OK. */
#define MOVE_STAY MAKE_HRESULT(SEVERITY_SUCCESS, FACILITY_ITF, 0x300)

struct move
{
    BG_JOB_STATE from;
    enum job_event event;
    HRESULT (*action)(struct job *job, const struct move *move);
    BG_JOB_STATE to;
};

static const char * const state_names[] =
{
    "QUEUED", "CONNECTING", "TRANSFERRING", "SUSPENDED", "ERROR", "TRANSIENT_ERROR", "TRANSFERRED",
    "ACKNOWLEDGED", "CANCELLED",
};

const char *debugstr_state(BG_JOB_STATE state)
{
    return (unsigned int)state < ARRAYSIZE(state_names) ? state_names[state] : "?";
}

BOOL state_is_final(BG_JOB_STATE state)
{
    return state == BG_JOB_STATE_ACKNOWLEDGED || state == BG_JOB_STATE_CANCELLED;
}

BOOL state_is_active(BG_JOB_STATE state)
{
    return state == BG_JOB_STATE_QUEUED || state == BG_JOB_STATE_CONNECTING || state == BG_JOB_STATE_TRANSFERRING;
}

/* ---- Actions: the job is ours, no lock is held ---- */

static HRESULT resume_job(struct job *job, const struct move *move)
{
    struct change change;
    HRESULT hr;

    if (!job->file_count)
        return BG_E_EMPTY;
    if (move->from == BG_JOB_STATE_TRANSFERRED && job->done_count == job->file_count)
        return MOVE_STAY;

    change_begin(&change, job);
    change_int(&change, KEY_STATE, move->to);
    change_delete(&change, KEY_ERROR_CODE);
    change_delete(&change, KEY_NOTIFY_PENDING);
    if (FAILED(hr = change_commit(&change)))
        return hr;
    AcquireSRWLockExclusive(&manager.lock);
    job->no_progress_since = 0;
    job->active_time = 0;
    job->notify_pending = 0;
    ReleaseSRWLockExclusive(&manager.lock);
    job_start_transfers(job);
    return S_OK;
}

static HRESULT suspend_job(struct job *job, const struct move *move)
{
    struct change change;
    HRESULT hr;

    if (FAILED(hr = job_stop_transfers(job)))
        return hr;
    change_begin(&change, job);
    change_int(&change, KEY_STATE, move->to);
    change_files(&change);
    if (FAILED(hr = change_commit(&change)) && state_is_active(move->from))
        job_start_transfers(job);
    return hr;
}

static HRESULT retry_job(struct job *job, const struct move *move)
{
    struct change change;

    /* A crash may forget this: then the job waits once more. */
    change_begin(&change, job);
    change_int(&change, KEY_STATE, move->to);
    change_commit_async(&change);
    job_start_transfers(job);
    return S_OK;
}

static HRESULT finish_job(struct job *job, const struct move *move)
{
    struct change change;
    HRESULT hr;

    change_begin(&change, job);
    change_int(&change, KEY_STATE, move->to);
    change_int(&change, KEY_TRANSFERRED,
            ((INT64)change.time.dwHighDateTime << 32) | change.time.dwLowDateTime);
    change_int(&change, KEY_NOTIFY_PENDING, BG_NOTIFY_JOB_TRANSFERRED);
    change_files(&change);
    if (FAILED(hr = change_commit(&change)))
        return hr;
    AcquireSRWLockExclusive(&manager.lock);
    job->transferred = change.time;
    job->notify_pending = BG_NOTIFY_JOB_TRANSFERRED;
    job->notify_waiting = FALSE;
    ReleaseSRWLockExclusive(&manager.lock);
    return S_OK;
}

static BG_ERROR_CONTEXT error_context(enum xfer_where where)
{
    switch (where)
    {
    case XFER_WHERE_LOCAL_FILE:  return BG_ERROR_CONTEXT_LOCAL_FILE;
    case XFER_WHERE_REMOTE_FILE: return BG_ERROR_CONTEXT_REMOTE_FILE;
    case XFER_WHERE_TRANSPORT:   return BG_ERROR_CONTEXT_GENERAL_TRANSPORT;
    case XFER_WHERE_QUEUE:       return BG_ERROR_CONTEXT_GENERAL_QUEUE_MANAGER;
    default:                     return BG_ERROR_CONTEXT_UNKNOWN;
    }
}

/* Waiting for the network, a disk or a policy is not held against the job (reference/bits.md 5.5). */
static BOOL is_counted(HRESULT hr)
{
    return hr != BG_E_NETWORK_DISCONNECTED && hr != BG_E_DESTINATION_LOCKED && hr != BG_E_BLOCKED_BY_POLICY;
}

static HRESULT fail_job(struct job *job, const struct move *move)
{
    BOOL is_fatal = move->to == BG_JOB_STATE_ERROR;
    ULONG count = job->error_count;
    struct job_error error;
    struct change change;
    HRESULT hr;

    if (move->from == BG_JOB_STATE_TRANSIENT_ERROR)
    {
        /* Patience is over: the last error stays. */
        error = job->error;
    }
    else
    {
        error.code = job->failure.hr;
        error.context = error_context(job->failure.where);
        error.file = job->failure_file;
        error.protocol = NULL;
        if (is_counted(error.code))
            count++;
    }
    change_begin(&change, job);
    change_int(&change, KEY_STATE, move->to);
    change_int(&change, KEY_ERROR_CODE, error.code);
    change_int(&change, KEY_ERROR_CONTEXT, error.context);
    if (error.file)
        change_int(&change, KEY_ERROR_FILE, error.file->index);
    else
        change_delete(&change, KEY_ERROR_FILE);
    change_int(&change, KEY_ERROR_COUNT, count);
    if (is_fatal)
        change_int(&change, KEY_NOTIFY_PENDING, BG_NOTIFY_JOB_ERROR);
    change_files(&change);
    if (FAILED(hr = change_commit(&change)))
        return hr;

    AcquireSRWLockExclusive(&manager.lock);
    job->error = error;
    job->error_count = count;
    job->retry_after = job->failure.retry_after;
    job->failed = FALSE;
    if (is_fatal)
    {
        job->notify_pending = BG_NOTIFY_JOB_ERROR;
        job->notify_waiting = FALSE;
    }
    ReleaseSRWLockExclusive(&manager.lock);
    WARN("job %p: error %#lx, context %u.\n", job, error.code, error.context);
    return S_OK;
}

/* Deletes the part files of what is not done, or of everything.  Returns whether they are gone. */
static BOOL discard_parts(struct job *job, BOOL done_too)
{
    BOOL ret = TRUE;
    UINT32 i;

    for (i = 0; i < job->file_count; i++)
    {
        struct file *file = job->files[i];
        HRESULT hr = E_OUTOFMEMORY;
        WCHAR *part;

        if (!file->is_touched || (file->flags & FILE_COMMITTED) || ((file->flags & FILE_DONE) && !done_too))
            continue;
        if ((part = file_part_path(file)))
            hr = part_discard(part);
        if (FAILED(hr))
        {
            WARN("job %p: cannot delete %s, hr %#lx.\n", job, debugstr_w(part), hr);
            ret = FALSE;
        }
        free(part);
    }
    return ret;
}

static HRESULT save_intent(struct job *job, int intent)
{
    struct change change;

    change_begin(&change, job);
    change_int(&change, KEY_INTENT, intent);
    change_files(&change);
    return change_commit(&change);
}

/* The job leaves the store.  If some of its files could not be deleted, its row waits for the next
 * start of the service to try again. */
static HRESULT delete_job(struct job *job, BOOL is_clean)
{
    struct change change;

    if (!is_clean)
        return save_intent(job, INTENT_DISCARD);
    change_begin(&change, job);
    change_delete_job(&change);
    return change_commit(&change);
}

static HRESULT cancel_job(struct job *job, const struct move *move)
{
    BOOL is_clean;
    HRESULT hr;

    if (FAILED(hr = job_stop_transfers(job)))
        return hr;
    if (FAILED(hr = save_intent(job, INTENT_DISCARD)))
    {
        if (state_is_active(move->from))
            job_start_transfers(job);
        return hr;
    }
    /* From here on the job is as good as gone: at the latest the next start of the service does the rest. */
    is_clean = discard_parts(job, TRUE);
    if (is_clean)
        delete_job(job, TRUE);
    return is_clean ? S_OK : BG_S_UNABLE_TO_DELETE_FILES;
}

/* Finished files on their way to their names. */
struct commit
{
    struct job *job;
    volatile LONG next;             /* index of the next file */
    volatile LONG hr;               /* the first failure */
};

static HRESULT commit_file(struct file *file)
{
    HRESULT hr = E_OUTOFMEMORY;
    WCHAR *part;

    if ((part = file_part_path(file)) && SUCCEEDED(hr = part_commit(part, file->local)))
    {
        AcquireSRWLockExclusive(&manager.lock);
        file->flags |= FILE_COMMITTED;
        ReleaseSRWLockExclusive(&manager.lock);
    }
    else
    {
        WARN("job %p: cannot rename to %s, hr %#lx.\n", file->job, debugstr_w(file->local), hr);
    }
    free(part);
    return hr;
}

static void commit_some(struct commit *commit)
{
    UINT32 i;

    while (commit->hr == S_OK && (i = InterlockedIncrement(&commit->next) - 1) < commit->job->file_count)
    {
        struct file *file = commit->job->files[i];
        HRESULT hr;

        if ((file->flags & FILE_DONE) && !(file->flags & FILE_COMMITTED) && FAILED(hr = commit_file(file)))
            InterlockedCompareExchange(&commit->hr, hr, S_OK);
    }
}

static void CALLBACK commit_run(PTP_CALLBACK_INSTANCE instance, void *context, PTP_WORK work)
{
    commit_some(context);
}

/* Gives the finished files their names, until one cannot have it.  To find out that a name is free, Wine
 * looks at every name in the directory; so it takes several threads to keep the processors busy. */
static HRESULT commit_files(struct job *job)
{
    struct commit commit = { job, 0, S_OK };
    PTP_WORK work = NULL;
    unsigned int i;

    if (job->done_count >= COMMIT_ALONE && (work = CreateThreadpoolWork(commit_run, &commit, NULL)))
    {
        for (i = 1; i < COMMIT_THREADS; i++)
            SubmitThreadpoolWork(work);
    }
    commit_some(&commit);
    if (work)
    {
        WaitForThreadpoolWorkCallbacks(work, TRUE);
        CloseThreadpoolWork(work);
    }
    return commit.hr;
}

/* Complete did not come to its end: what has its name keeps it. */
static void take_back_intent(struct job *job)
{
    struct change change;
    UINT32 i;

    change_begin(&change, job);
    change_delete(&change, KEY_INTENT);
    for (i = 0; i < job->file_count; i++)
    {
        if (job->files[i]->flags & FILE_COMMITTED)
            change_file(&change, job->files[i]);
    }
    change_commit(&change);
}

static HRESULT complete_job(struct job *job, const struct move *move)
{
    BOOL is_clean;
    HRESULT hr;

    if (FAILED(hr = job_stop_transfers(job)))
        return hr;
    if (FAILED(hr = save_intent(job, INTENT_COMPLETE)))
        goto failed;
    if (FAILED(hr = commit_files(job)))
    {
        take_back_intent(job);
        goto failed;
    }
    is_clean = discard_parts(job, FALSE);
    if (FAILED(hr = delete_job(job, is_clean)))
        goto failed;
    if (!is_clean)
        return BG_S_UNABLE_TO_DELETE_FILES;
    /* unconfirmed: reference/bits.md 12, without any file */
    return job->done_count == job->file_count ? S_OK : BG_S_PARTIAL_COMPLETE;

failed:
    if (state_is_active(move->from))
        job_start_transfers(job);
    return hr;
}

/* ---- The table (reference/bits.md 5.2 and 5.3, downloads) ---- */

static const struct move moves[] =
{
    /* from                         event           action        to */
    { BG_JOB_STATE_SUSPENDED,       JOB_RESUME,     resume_job,   BG_JOB_STATE_QUEUED },
    { BG_JOB_STATE_QUEUED,          JOB_RESUME,     NULL,         BG_JOB_STATE_QUEUED },
    { BG_JOB_STATE_CONNECTING,      JOB_RESUME,     NULL,         BG_JOB_STATE_CONNECTING },
    { BG_JOB_STATE_TRANSFERRING,    JOB_RESUME,     NULL,         BG_JOB_STATE_TRANSFERRING },
    { BG_JOB_STATE_TRANSIENT_ERROR, JOB_RESUME,     resume_job,   BG_JOB_STATE_QUEUED },
    { BG_JOB_STATE_ERROR,           JOB_RESUME,     resume_job,   BG_JOB_STATE_QUEUED },
    /* unconfirmed: reference/bits.md 12, Resume and Suspend in TRANSFERRED, Suspend in ERROR */
    { BG_JOB_STATE_TRANSFERRED,     JOB_RESUME,     resume_job,   BG_JOB_STATE_QUEUED },

    { BG_JOB_STATE_SUSPENDED,       JOB_SUSPEND,    NULL,         BG_JOB_STATE_SUSPENDED },
    { BG_JOB_STATE_QUEUED,          JOB_SUSPEND,    suspend_job,  BG_JOB_STATE_SUSPENDED },
    { BG_JOB_STATE_CONNECTING,      JOB_SUSPEND,    suspend_job,  BG_JOB_STATE_SUSPENDED },
    { BG_JOB_STATE_TRANSFERRING,    JOB_SUSPEND,    suspend_job,  BG_JOB_STATE_SUSPENDED },
    { BG_JOB_STATE_TRANSIENT_ERROR, JOB_SUSPEND,    suspend_job,  BG_JOB_STATE_SUSPENDED },
    { BG_JOB_STATE_ERROR,           JOB_SUSPEND,    NULL,         BG_JOB_STATE_ERROR },
    { BG_JOB_STATE_TRANSFERRED,     JOB_SUSPEND,    NULL,         BG_JOB_STATE_TRANSFERRED },

    { BG_JOB_STATE_SUSPENDED,       JOB_CANCEL,     cancel_job,   BG_JOB_STATE_CANCELLED },
    { BG_JOB_STATE_QUEUED,          JOB_CANCEL,     cancel_job,   BG_JOB_STATE_CANCELLED },
    { BG_JOB_STATE_CONNECTING,      JOB_CANCEL,     cancel_job,   BG_JOB_STATE_CANCELLED },
    { BG_JOB_STATE_TRANSFERRING,    JOB_CANCEL,     cancel_job,   BG_JOB_STATE_CANCELLED },
    { BG_JOB_STATE_TRANSIENT_ERROR, JOB_CANCEL,     cancel_job,   BG_JOB_STATE_CANCELLED },
    { BG_JOB_STATE_ERROR,           JOB_CANCEL,     cancel_job,   BG_JOB_STATE_CANCELLED },
    { BG_JOB_STATE_TRANSFERRED,     JOB_CANCEL,     cancel_job,   BG_JOB_STATE_CANCELLED },

    { BG_JOB_STATE_SUSPENDED,       JOB_COMPLETE,   complete_job, BG_JOB_STATE_ACKNOWLEDGED },
    { BG_JOB_STATE_QUEUED,          JOB_COMPLETE,   complete_job, BG_JOB_STATE_ACKNOWLEDGED },
    { BG_JOB_STATE_CONNECTING,      JOB_COMPLETE,   complete_job, BG_JOB_STATE_ACKNOWLEDGED },
    { BG_JOB_STATE_TRANSFERRING,    JOB_COMPLETE,   complete_job, BG_JOB_STATE_ACKNOWLEDGED },
    { BG_JOB_STATE_TRANSIENT_ERROR, JOB_COMPLETE,   complete_job, BG_JOB_STATE_ACKNOWLEDGED },
    { BG_JOB_STATE_ERROR,           JOB_COMPLETE,   complete_job, BG_JOB_STATE_ACKNOWLEDGED },
    { BG_JOB_STATE_TRANSFERRED,     JOB_COMPLETE,   complete_job, BG_JOB_STATE_ACKNOWLEDGED },

    { BG_JOB_STATE_QUEUED,          JOB_CONNECTING, NULL,         BG_JOB_STATE_CONNECTING },
    { BG_JOB_STATE_QUEUED,          JOB_CONNECTED,  NULL,         BG_JOB_STATE_TRANSFERRING },
    { BG_JOB_STATE_CONNECTING,      JOB_CONNECTED,  NULL,         BG_JOB_STATE_TRANSFERRING },
    { BG_JOB_STATE_CONNECTING,      JOB_REQUEUED,   NULL,         BG_JOB_STATE_QUEUED },
    { BG_JOB_STATE_TRANSFERRING,    JOB_REQUEUED,   NULL,         BG_JOB_STATE_QUEUED },

    { BG_JOB_STATE_QUEUED,          JOB_FINISHED,   finish_job,   BG_JOB_STATE_TRANSFERRED },
    { BG_JOB_STATE_CONNECTING,      JOB_FINISHED,   finish_job,   BG_JOB_STATE_TRANSFERRED },
    { BG_JOB_STATE_TRANSFERRING,    JOB_FINISHED,   finish_job,   BG_JOB_STATE_TRANSFERRED },

    { BG_JOB_STATE_QUEUED,          JOB_FAILED,     fail_job,     BG_JOB_STATE_TRANSIENT_ERROR },
    { BG_JOB_STATE_CONNECTING,      JOB_FAILED,     fail_job,     BG_JOB_STATE_TRANSIENT_ERROR },
    { BG_JOB_STATE_TRANSFERRING,    JOB_FAILED,     fail_job,     BG_JOB_STATE_TRANSIENT_ERROR },
    { BG_JOB_STATE_QUEUED,          JOB_BROKEN,     fail_job,     BG_JOB_STATE_ERROR },
    { BG_JOB_STATE_CONNECTING,      JOB_BROKEN,     fail_job,     BG_JOB_STATE_ERROR },
    { BG_JOB_STATE_TRANSFERRING,    JOB_BROKEN,     fail_job,     BG_JOB_STATE_ERROR },
    { BG_JOB_STATE_TRANSIENT_ERROR, JOB_BROKEN,     fail_job,     BG_JOB_STATE_ERROR },
    { BG_JOB_STATE_TRANSIENT_ERROR, JOB_RETRY,      retry_job,    BG_JOB_STATE_QUEUED },
};

static const struct move *find_move(BG_JOB_STATE from, enum job_event event)
{
    unsigned int i;

    for (i = 0; i < ARRAYSIZE(moves); i++)
    {
        if (moves[i].from == from && moves[i].event == event)
            return &moves[i];
    }
    return NULL;
}

/* ---- Moving ---- */

UINT64 state_retry_due(const struct job *job)
{
    return job->failed_at + max(job->ints[JOB_MINIMUM_RETRY_DELAY], job->retry_after) * (UINT64)1000;
}

void state_arm(struct job *job)
{
    UINT64 due = 0;

    AcquireSRWLockShared(&manager.lock);
    switch (job->state)
    {
    case BG_JOB_STATE_TRANSIENT_ERROR:
        due = state_retry_due(job);
        if (job->no_progress_since)
            due = min(due, job->no_progress_since + job->ints[JOB_NO_PROGRESS_TIMEOUT] * (UINT64)1000);
        break;
    case BG_JOB_STATE_CONNECTING:
    case BG_JOB_STATE_TRANSFERRING:
        due = job->active_since + job->ints[JOB_MAXIMUM_DOWNLOAD_TIME] * (UINT64)1000 - job->active_time;
        break;
    default:
        break;
    }
    ReleaseSRWLockShared(&manager.lock);

    if (due == job->state_due)
        return;
    job->state_due = due;
    if (due)
        timer_set(manager.engine, &job->state_timer, due);
    else
        timer_cancel(manager.engine, &job->state_timer);
}

static void set_holding_locked(struct job *job, BOOL is_holding)
{
    if (job->is_holding == is_holding)
        return;
    job->is_holding = is_holding;
    if (is_holding)
        manager.holders++;
    else
        manager.holders--;
}

static void enter_state_locked(struct job *job, BG_JOB_STATE state)
{
    UINT64 now = engine_now(manager.engine);
    BOOL is_holding = state_is_active(state);

    TRACE("job %p: %s -> %s.\n", job, debugstr_state(job->state), debugstr_state(state));
    job->state = state;
    if (state == BG_JOB_STATE_CONNECTING || state == BG_JOB_STATE_TRANSFERRING)
    {
        if (!job->active_since)
            job->active_since = now;
    }
    else if (job->active_since)
    {
        job->active_time += now - job->active_since;
        job->active_since = 0;
    }
    if (state == BG_JOB_STATE_TRANSIENT_ERROR)
    {
        job->failed_at = now;
        if (!job->no_progress_since)
            job->no_progress_since = now;
        is_holding = state_retry_due(job) - now <= HOLD_FOR_RETRY_MS;
    }
    set_holding_locked(job, is_holding);
}

void state_loaded(struct job *job)
{
    AcquireSRWLockExclusive(&manager.lock);
    enter_state_locked(job, job->state);
    ReleaseSRWLockExclusive(&manager.lock);
    state_arm(job);
    if (job->state == BG_JOB_STATE_QUEUED)
    {
        job_start_transfers(job);
        job_queue_work(job, WORK_LOOK);
    }
    notify_kick(job);
}

HRESULT job_post_busy(struct job *job, enum job_event event)
{
    const struct move *move;
    BOOL is_final;
    HRESULT hr;

    if (!(move = find_move(job->state, event)))
        return BG_E_INVALID_STATE;
    hr = move->action ? move->action(job, move) : S_OK;
    if (FAILED(hr))
    {
        WARN("job %p: no move from %s, hr %#lx.\n", job, debugstr_state(job->state), hr);
        return hr;
    }
    if (hr == MOVE_STAY)
        return S_OK;
    if (move->to == move->from)
        return hr;

    is_final = state_is_final(move->to);
    AcquireSRWLockExclusive(&manager.lock);
    enter_state_locked(job, move->to);
    GetSystemTimeAsFileTime(&job->modified);
    if (is_final)
        job_remove_locked(job);
    ReleaseSRWLockExclusive(&manager.lock);

    state_arm(job);
    hold_changed();
    if (!state_is_active(move->to))
        sync_arm(job);
    if (is_final)
    {
        timer_cancel(manager.engine, &job->save_timer);
        sync_end(job);
        notify_end(job);
        job_release(job);
    }
    else if (move->to == BG_JOB_STATE_ERROR || move->to == BG_JOB_STATE_TRANSFERRED)
    {
        /* JobModification is not sent for these (reference/bits.md 5.6). */
        notify_kick(job);
    }
    else
    {
        job_modified(job);
    }
    return hr;
}

HRESULT job_post(struct job *job, enum job_event event)
{
    HRESULT hr;

    if (FAILED(hr = job_begin(job)))
        return hr;
    hr = job_post_busy(job, event);
    job_end(job);
    return hr;
}
