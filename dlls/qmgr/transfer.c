/*
 * A job's files on their way through the engine, and the thread that follows them.
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
#include <string.h>

#include "qmgr.h"
#include "wine/debug.h"

WINE_DEFAULT_DEBUG_CHANNEL(qmgr);

#define WINDOW          24          /* transfers of one job that the engine may have */
#define STOP_TIMEOUT_MS 30000       /* for the engine to let go of a job's part files */
#define MAX_CHANGES     5           /* restarts in a row of a file that changes all the time */
#define RETRY_SAVE_MS   10000       /* until a move that could not be written down is tried again */

enum phase { PHASE_WAITING, PHASE_CONNECTING, PHASE_TRANSFERRING };

/* News of a transfer, as far as the model thread has not taken it. */
struct news
{
    enum phase phase;
    UINT64 offset;
    BOOL has_head;
    UINT64 size;
    char *etag, *last_modified;
    char *url;                      /* that answered */
    BOOL is_done;
    struct xfer_result result;
    char *result_url;
};

/* One file while the engine has it. */
struct transfer
{
    struct job *job;                /* fixed */
    struct file *file;              /* fixed */
    struct list entry;              /* in job.transfers; manager.lock, with the next two */
    enum phase phase;
    BOOL is_cancelled;
    /* manager.queue_lock */
    struct xfer *xfer;              /* NULL when it is gone */
    struct list dirty_entry;        /* in job.dirty */
    BOOL is_dirty;
    struct news news;
};

/* ---- The queue ---- */

static void queue_job_locked(struct job *job, ULONG flags)
{
    job->queue_flags |= flags;
    if (!job->is_queued)
    {
        job->is_queued = TRUE;
        list_add_tail(&manager.queue, &job->queue_entry);
        job_addref(job);
        WakeConditionVariable(&manager.queue_wake);
    }
}

void job_queue_work(struct job *job, ULONG flags)
{
    AcquireSRWLockExclusive(&manager.queue_lock);
    queue_job_locked(job, flags);
    ReleaseSRWLockExclusive(&manager.queue_lock);
}

static void transfer_mark_locked(struct transfer *transfer)
{
    if (transfer->is_dirty)
        return;
    transfer->is_dirty = TRUE;
    list_add_tail(&transfer->job->dirty, &transfer->dirty_entry);
    queue_job_locked(transfer->job, 0);
}

/* ---- Events, on the loop thread: no waiting, no model lock ---- */

static void on_connecting(void *context)
{
    struct transfer *transfer = context;

    AcquireSRWLockExclusive(&manager.queue_lock);
    transfer->news.phase = PHASE_CONNECTING;
    transfer_mark_locked(transfer);
    ReleaseSRWLockExclusive(&manager.queue_lock);
}

static void on_head(void *context, const struct xfer_head *head)
{
    struct transfer *transfer = context;
    /* A validator that is lost for want of memory costs a restart of the file, nothing worse. */
    char *etag = head->etag ? strdup(head->etag) : NULL;
    char *last_modified = head->last_modified ? strdup(head->last_modified) : NULL;
    char *url = head->url ? strdup(head->url) : NULL;

    AcquireSRWLockExclusive(&manager.queue_lock);
    free(transfer->news.etag);
    free(transfer->news.last_modified);
    free(transfer->news.url);
    transfer->news.etag = etag;
    transfer->news.last_modified = last_modified;
    transfer->news.url = url;
    transfer->news.size = head->size;
    transfer->news.has_head = TRUE;
    transfer->news.phase = PHASE_TRANSFERRING;
    transfer_mark_locked(transfer);
    ReleaseSRWLockExclusive(&manager.queue_lock);
}

static void on_progress(void *context, UINT64 offset)
{
    struct transfer *transfer = context;

    AcquireSRWLockExclusive(&manager.queue_lock);
    transfer->news.offset = offset;
    transfer_mark_locked(transfer);
    ReleaseSRWLockExclusive(&manager.queue_lock);
}

static void on_requeued(void *context, UINT64 offset)
{
    struct transfer *transfer = context;

    AcquireSRWLockExclusive(&manager.queue_lock);
    transfer->news.offset = offset;
    transfer->news.phase = PHASE_WAITING;
    transfer_mark_locked(transfer);
    ReleaseSRWLockExclusive(&manager.queue_lock);
}

static void on_done(void *context, const struct xfer_result *result)
{
    struct transfer *transfer = context;
    char *url = result->url ? strdup(result->url) : NULL;

    AcquireSRWLockExclusive(&manager.queue_lock);
    transfer->xfer = NULL;
    transfer->news.is_done = TRUE;
    transfer->news.result = *result;
    transfer->news.result.url = NULL;
    transfer->news.result_url = url;
    transfer->news.offset = result->offset;
    transfer_mark_locked(transfer);
    ReleaseSRWLockExclusive(&manager.queue_lock);
}

static const struct xfer_events events = { on_connecting, on_head, on_progress, on_requeued, on_done };

/* ---- Live figures ---- */

void file_get_live_progress_locked(const struct file *file, UINT64 *offset, UINT64 *size)
{
    *offset = file->offset;
    *size = file->size;
    if (!file->transfer)
        return;
    /* on_done() takes the lock before the xfer goes. */
    AcquireSRWLockExclusive(&manager.queue_lock);
    if (file->transfer->xfer)
        xfer_get_progress(file->transfer->xfer, offset, size);
    else if (file->transfer->news.is_done)
        *offset = file->transfer->news.offset;
    ReleaseSRWLockExclusive(&manager.queue_lock);
}

UINT64 job_get_live_bytes_locked(const struct job *job)
{
    const struct transfer *transfer;
    UINT64 bytes = 0, offset, size;

    LIST_FOR_EACH_ENTRY(transfer, &job->transfers, const struct transfer, entry)
    {
        file_get_live_progress_locked(transfer->file, &offset, &size);
        bytes += offset - transfer->file->offset;
    }
    return bytes;
}

/* ---- Submitting ---- */

static void transfer_free(struct transfer *transfer)
{
    free(transfer->news.etag);
    free(transfer->news.last_modified);
    free(transfer->news.url);
    free(transfer->news.result_url);
    free(transfer);
}

/* The file whose turn it is, or NULL. */
static struct file *next_file_locked(struct job *job)
{
    struct file *file;

    if (!list_empty(&job->again))
    {
        file = LIST_ENTRY(list_head(&job->again), struct file, entry);
        list_remove(&file->entry);
        file->is_again = FALSE;
        return file;
    }
    while (job->next < job->file_count)
    {
        file = job->files[job->next++];
        if (!(file->flags & FILE_DONE) && !file->transfer && !file->is_again)
            return file;
    }
    return NULL;
}

static void submit_again_locked(struct file *file)
{
    if (!file->is_again && !(file->flags & FILE_DONE))
    {
        file->is_again = TRUE;
        list_add_tail(&file->job->again, &file->entry);
    }
}

/* A transfer's parameters: copies, as clients may change the originals at any moment. */
struct request
{
    struct xfer_params params;
    WCHAR *remote, *source, *part, *headers, *proxy_list, *proxy_bypass;
    char *url8, *headers8, *proxy_list8, *proxy_bypass8;
};

static BOOL dup_text(WCHAR **copy, const WCHAR *text)
{
    *copy = wide_dup(text);
    return !text || *copy;
}

static BOOL to_utf8(char **copy, const WCHAR *text)
{
    *copy = wide_to_utf8(text);
    return !text || *copy;
}

static void request_free(struct request *request)
{
    free(request->remote);
    free(request->source);
    free(request->part);
    free(request->headers);
    free(request->proxy_list);
    free(request->proxy_bypass);
    free(request->url8);
    free(request->headers8);
    free(request->proxy_list8);
    free(request->proxy_bypass8);
}

static HRESULT request_fill(struct request *request, struct file *file)
{
    struct job *job = file->job;
    BOOL ok;

    memset(request, 0, sizeof(*request));
    AcquireSRWLockShared(&manager.lock);
    ok = dup_text(&request->remote, file->remote)
            && dup_text(&request->headers, job->texts[JOB_CUSTOM_HEADERS])
            && dup_text(&request->proxy_list, job->texts[JOB_PROXY_LIST])
            && dup_text(&request->proxy_bypass, job->texts[JOB_PROXY_BYPASS]);
    request->params.security = job->ints[JOB_SECURITY_FLAGS];
    switch (job->ints[JOB_PROXY_USAGE])
    {
    case BG_JOB_PROXY_USAGE_NO_PROXY:
        request->params.proxy = XFER_PROXY_NONE;
        break;
    case BG_JOB_PROXY_USAGE_OVERRIDE:
        request->params.proxy = XFER_PROXY_OVERRIDE;
        break;
    default:
        request->params.proxy = XFER_PROXY_PRECONFIG;
        break;
    }
    ReleaseSRWLockShared(&manager.lock);

    /* The rest of the file is written by this thread only. */
    if (!ok || !(request->part = file_part_path(file)) || !to_utf8(&request->headers8, request->headers)
            || !to_utf8(&request->proxy_list8, request->proxy_list)
            || !to_utf8(&request->proxy_bypass8, request->proxy_bypass))
        return E_OUTOFMEMORY;
    switch (url_check(request->remote, &request->source))
    {
    case URL_INVALID:
        return E_INVALIDARG;
    case URL_FILE:
        break;
    default:
        free(request->source);
        request->source = NULL;
        if (!to_utf8(&request->url8, request->remote))
            return E_OUTOFMEMORY;
        break;
    }
    request->params.url = request->url8;
    request->params.source = request->source;
    request->params.part = request->part;
    request->params.offset = file->offset;
    request->params.size = file->size;
    request->params.etag = file->etag;
    request->params.last_modified = file->last_modified;
    request->params.max_size = ENGINE_SIZE_UNKNOWN;
    request->params.headers = request->headers8;
    request->params.proxy_list = request->proxy_list8;
    request->params.proxy_bypass = request->proxy_bypass8;
    return S_OK;
}

static HRESULT submit_file(struct file *file, struct transfer *transfer)
{
    struct request request;
    struct xfer *xfer;
    HRESULT hr;

    if (SUCCEEDED(hr = request_fill(&request, file))
            && SUCCEEDED(hr = xfer_submit(file->job->group, &request.params, &events, transfer, &xfer)))
    {
        AcquireSRWLockExclusive(&manager.queue_lock);
        if (!transfer->news.is_done)
            transfer->xfer = xfer;
        ReleaseSRWLockExclusive(&manager.queue_lock);
    }
    request_free(&request);
    return hr;
}

static void job_fail_locked(struct job *job, struct file *file, const struct xfer_result *result)
{
    if (job->failed)
        return;
    job->failed = TRUE;
    job->failure = *result;
    job->failure.url = NULL;
    job->failure_file = file;
}

/* Hands files to the engine until the window is full. */
static void refill(struct job *job)
{
    struct transfer *transfer;
    struct file *file;
    HRESULT hr;

    for (;;)
    {
        if (!(transfer = calloc(1, sizeof(*transfer))))
            hr = E_OUTOFMEMORY;
        else
            hr = S_OK;
        AcquireSRWLockExclusive(&manager.lock);
        file = NULL;
        if (job->running && !job->failed && job->submitted < WINDOW)
            file = next_file_locked(job);
        if (file && transfer)
        {
            transfer->job = job;
            transfer->file = file;
            transfer->news.offset = file->offset;
            file->transfer = transfer;
            file->is_touched = TRUE;
            list_add_tail(&job->transfers, &transfer->entry);
            job->submitted++;
        }
        ReleaseSRWLockExclusive(&manager.lock);
        if (!file)
        {
            free(transfer);
            return;
        }

        if (SUCCEEDED(hr))
            hr = submit_file(file, transfer);
        if (FAILED(hr))
        {
            struct xfer_result result = { hr, XFER_WHERE_QUEUE, hr == E_OUTOFMEMORY };

            WARN("job %p: cannot submit file %u, hr %#lx.\n", job, file->index, hr);
            AcquireSRWLockExclusive(&manager.lock);
            if (transfer)
            {
                list_remove(&transfer->entry);
                file->transfer = NULL;
                job->submitted--;
            }
            submit_again_locked(file);
            job_fail_locked(job, file, &result);
            ReleaseSRWLockExclusive(&manager.lock);
            free(transfer);
            return;
        }
    }
}

/* ---- Stopping ---- */

/* xfer_cancel() is called with locks held: it does not wait, and they keep the xfer in being. */
static void transfer_cancel_locked(struct transfer *transfer)
{
    if (transfer->is_cancelled)
        return;
    transfer->is_cancelled = TRUE;
    AcquireSRWLockExclusive(&manager.queue_lock);
    if (transfer->xfer)
        xfer_cancel(transfer->xfer);
    ReleaseSRWLockExclusive(&manager.queue_lock);
}

static void cancel_all_locked(struct job *job)
{
    struct transfer *transfer;

    job->stopping = TRUE;
    LIST_FOR_EACH_ENTRY(transfer, &job->transfers, struct transfer, entry)
        transfer_cancel_locked(transfer);
}

void file_restart_locked(struct file *file)
{
    if (file->transfer)
        transfer_cancel_locked(file->transfer);
}

void job_start_transfers(struct job *job)
{
    struct file *file, *next;

    AcquireSRWLockExclusive(&manager.lock);
    LIST_FOR_EACH_ENTRY_SAFE(file, next, &job->again, struct file, entry)
    {
        list_remove(&file->entry);
        file->is_again = FALSE;
    }
    job->next = 0;
    job->running = TRUE;
    job->stopping = FALSE;
    job->failed = FALSE;
    job->deferred = TRUE;
    ReleaseSRWLockExclusive(&manager.lock);
}

HRESULT job_stop_transfers(struct job *job)
{
    ULONGLONG deadline = GetTickCount64() + STOP_TIMEOUT_MS, now;
    HRESULT hr = S_OK;

    AcquireSRWLockExclusive(&manager.lock);
    if (job->submitted)
        cancel_all_locked(job);
    while (job->submitted && (now = GetTickCount64()) < deadline)
        SleepConditionVariableSRW(&manager.changed, &manager.lock, deadline - now, 0);
    if (job->submitted)
    {
        ERR("job %p: the engine keeps %u transfers.\n", job, job->submitted);
        hr = HRESULT_FROM_WIN32(ERROR_TIMEOUT);
        job->deferred = TRUE;
    }
    else
    {
        job->running = FALSE;
        job->failed = FALSE;
    }
    job->stopping = FALSE;
    ReleaseSRWLockExclusive(&manager.lock);
    return hr;
}

/* ---- Taking the news ---- */

static void set_phase_locked(struct transfer *transfer, enum phase phase)
{
    struct job *job = transfer->job;

    if (transfer->phase == PHASE_CONNECTING)
        job->connecting--;
    else if (transfer->phase == PHASE_TRANSFERRING)
        job->transferring--;
    transfer->phase = phase;
    if (phase == PHASE_CONNECTING)
        job->connecting++;
    else if (phase == PHASE_TRANSFERRING)
        job->transferring++;
}

static void replace_string(char **string, char **with)
{
    free(*string);
    *string = *with;
    *with = NULL;
}

/* The remote name follows a redirect, when the job wants that or when the redirect was refused. */
static void follow_redirect_locked(struct file *file, const char *url)
{
    enum url_kind kind;
    WCHAR *remote;

    if (!url || !(remote = utf8_to_wide(url)))
        return;
    /* A server may name what no job could begin with, and must not name a file of this computer. */
    kind = url_check(remote, NULL);
    if (wcscmp(remote, file->remote) && (kind == URL_HTTP || kind == URL_HTTPS))
    {
        free(file->remote);
        file->remote = remote;
        file->is_renamed = TRUE;
        return;
    }
    free(remote);
}

static void file_reset_locked(struct file *file)
{
    free(file->etag);
    free(file->last_modified);
    file->etag = file->last_modified = NULL;
    file->synced = 0;
    file->resets++;
    file_set_offset_locked(file, 0);
    file_set_size_locked(file, ENGINE_SIZE_UNKNOWN);
}

static void finish_file_locked(struct transfer *transfer, const struct xfer_result *result)
{
    struct file *file = transfer->file;
    struct job *job = file->job;

    if (result->hr == S_OK)
    {
        file_set_size_locked(file, file->offset);
        file_set_done_locked(file);
        TRACE("job %p: file %u done, %s bytes.\n", job, file->index, wine_dbgstr_longlong(file->offset));
    }
    else if (result->hr == ENGINE_E_CHANGED)
    {
        static const struct xfer_result changing = { BG_E_REMOTE_FILE_CHANGED, XFER_WHERE_REMOTE_FILE };

        WARN("job %p: file %u has changed on the server.\n", job, file->index);
        file_reset_locked(file);
        if (++file->changes >= MAX_CHANGES)
        {
            file->changes = 0;
            file->reached = 0;
            job_fail_locked(job, file, &changing);
        }
        submit_again_locked(file);
    }
    else if (transfer->is_cancelled || result->hr == E_ABORT)
    {
        submit_again_locked(file);
    }
    else
    {
        WARN("job %p: file %u failed, hr %#lx.\n", job, file->index, result->hr);
        submit_again_locked(file);
        job_fail_locked(job, file, result);
    }
}

/* Into the model, and into what is to be saved.  Returns whether there is progress to tell. */
static BOOL take_news(struct transfer *transfer, struct news *news)
{
    struct file *file = transfer->file;
    struct job *job = file->job;
    BOOL is_changed = news->has_head || news->is_done;

    AcquireSRWLockExclusive(&manager.lock);
    if (news->has_head)
    {
        replace_string(&file->etag, &news->etag);
        replace_string(&file->last_modified, &news->last_modified);
        if (news->size != ENGINE_SIZE_UNKNOWN)
            file_set_size_locked(file, news->size);
        if ((job->ints[JOB_SECURITY_FLAGS] & XFER_REDIRECT_MASK) == XFER_REDIRECT_REPORT)
            follow_redirect_locked(file, news->url);
    }
    if (news->offset != file->offset)
    {
        /* What only makes good for a restart is no progress: a server could send a beginning for ever. */
        if (news->offset > file->reached)
        {
            job->no_progress_since = 0;
            file->changes = 0;
            file->reached = news->offset;
        }
        file_set_offset_locked(file, news->offset);
        is_changed = TRUE;
    }
    if (!news->is_done && news->phase == PHASE_WAITING && transfer->phase != PHASE_WAITING)
        job->requeued = TRUE;
    set_phase_locked(transfer, news->is_done ? PHASE_WAITING : news->phase);
    if (news->is_done)
    {
        finish_file_locked(transfer, &news->result);
        follow_redirect_locked(file, news->result_url);
    }
    if (is_changed)
        file_changed_locked(file);
    ReleaseSRWLockExclusive(&manager.lock);
    return is_changed;
}

/* Before another version of a file goes into its part file, the store must not call the bytes of the old
 * one good any more. */
static void save_reset(struct file *file)
{
    struct change change;

    change_begin(&change, file->job);
    change_file(&change, file);
    change_commit(&change);
}

/* Takes what has arrived for a job.  The job may be busy: whoever has it waits for its transfers. */
static void take_all_news(struct job *job)
{
    struct list done = LIST_INIT(done);
    struct transfer *transfer, *next;
    BOOL wake = FALSE, is_changed = FALSE;
    struct news news;

    for (;;)
    {
        AcquireSRWLockExclusive(&manager.queue_lock);
        if (list_empty(&job->dirty))
        {
            ReleaseSRWLockExclusive(&manager.queue_lock);
            break;
        }
        transfer = LIST_ENTRY(list_head(&job->dirty), struct transfer, dirty_entry);
        list_remove(&transfer->dirty_entry);
        transfer->is_dirty = FALSE;
        news = transfer->news;
        transfer->news.has_head = FALSE;
        transfer->news.etag = transfer->news.last_modified = transfer->news.url = NULL;
        transfer->news.result_url = NULL;
        ReleaseSRWLockExclusive(&manager.queue_lock);

        if (take_news(transfer, &news))
            is_changed = TRUE;
        if (news.is_done)
        {
            if (news.result.hr == ENGINE_E_CHANGED)
                save_reset(transfer->file);
            list_add_tail(&done, &transfer->dirty_entry);
        }
        free(news.etag);
        free(news.last_modified);
        free(news.url);
        free(news.result_url);
    }
    if (!is_changed && list_empty(&done))
        return;

    AcquireSRWLockExclusive(&manager.lock);
    GetSystemTimeAsFileTime(&job->modified);
    LIST_FOR_EACH_ENTRY_SAFE(transfer, next, &done, struct transfer, dirty_entry)
    {
        list_remove(&transfer->entry);
        transfer->file->transfer = NULL;
        job->submitted--;
        wake = !job->submitted;
        transfer_free(transfer);
    }
    ReleaseSRWLockExclusive(&manager.lock);
    if (wake)
        WakeAllConditionVariable(&manager.changed);
    job_modified(job);
}

/* ---- What follows from it ---- */

/* The timer of the state is over; the job is ours. */
static void state_timer_over(struct job *job)
{
    static const struct xfer_result timeout = { BG_E_MAXDOWNLOAD_TIMEOUT, XFER_WHERE_QUEUE };
    UINT64 now = engine_now(manager.engine), timeout_ms;
    enum job_event event;

    job->state_due = 0;
    switch (job->state)
    {
    case BG_JOB_STATE_TRANSIENT_ERROR:
        timeout_ms = job->ints[JOB_NO_PROGRESS_TIMEOUT] * (UINT64)1000;
        if (job->no_progress_since && now - job->no_progress_since >= timeout_ms)
            event = JOB_BROKEN;
        else if (now >= state_retry_due(job))
            event = JOB_RETRY;
        else
            break;
        if (FAILED(job_post_busy(job, event)))
            timer_set(manager.engine, &job->state_timer, now + RETRY_SAVE_MS);
        return;

    case BG_JOB_STATE_CONNECTING:
    case BG_JOB_STATE_TRANSFERRING:
        if (job->active_time + now - job->active_since < job->ints[JOB_MAXIMUM_DOWNLOAD_TIME] * (UINT64)1000)
            break;
        AcquireSRWLockExclusive(&manager.lock);
        job_fail_locked(job, NULL, &timeout);
        ReleaseSRWLockExclusive(&manager.lock);
        return;

    default:
        break;
    }
    state_arm(job);
}

static enum job_event failure_event(struct job *job)
{
    UINT64 now = engine_now(manager.engine), timeout = job->ints[JOB_NO_PROGRESS_TIMEOUT];
    ULONG delay = max(job->ints[JOB_MINIMUM_RETRY_DELAY], job->failure.retry_after);

    if (!job->failure.transient || delay > timeout)
        return JOB_BROKEN;
    if (job->no_progress_since && now - job->no_progress_since >= timeout * 1000)
        return JOB_BROKEN;
    return JOB_FAILED;
}

/* Makes the moves that the transfers call for; the job is ours. */
static void look_at_job(struct job *job)
{
    BOOL is_over = FALSE, is_moving = TRUE;
    enum job_event event = JOB_REQUEUED;

    AcquireSRWLockExclusive(&manager.lock);
    if (job->failed && job->submitted && !job->stopping)
        cancel_all_locked(job);
    if (job->failed && !job->submitted)
    {
        job->stopping = FALSE;
        event = failure_event(job);
        is_over = TRUE;
    }
    else if (!job->failed && !job->submitted && job->file_count && job->done_count == job->file_count)
    {
        event = JOB_FINISHED;
        is_over = TRUE;
    }
    else if (job->transferring)
    {
        event = JOB_CONNECTED;
    }
    else if (job->connecting)
    {
        event = JOB_CONNECTING;
    }
    else
    {
        /* Between two files nothing runs for a moment either. */
        is_moving = job->requeued;
    }
    job->requeued = FALSE;
    if (is_over)
        job->running = FALSE;
    ReleaseSRWLockExclusive(&manager.lock);

    if (is_over)
    {
        if (FAILED(job_post_busy(job, event)))
            timer_set(manager.engine, &job->state_timer, engine_now(manager.engine) + RETRY_SAVE_MS);
        return;
    }
    refill(job);
    if (is_moving)
        job_post_busy(job, event);
}

static void save_files(struct job *job)
{
    struct change change;

    AcquireSRWLockExclusive(&manager.lock);
    job->is_save_set = FALSE;
    ReleaseSRWLockExclusive(&manager.lock);
    change_begin(&change, job);
    change_files(&change);
    change_commit(&change);
    sync_arm(job);
}

static void work_on_job(struct job *job, ULONG flags)
{
    take_all_news(job);
    if (flags & WORK_NOTIFY)
        notify_timer_fired(job);
    if (flags & WORK_SYNC)
        sync_timer_over(job);
    if (!job_try_begin(job))
    {
        AcquireSRWLockExclusive(&manager.lock);
        job->missed |= flags & (WORK_TIMER | WORK_SAVE);
        ReleaseSRWLockExclusive(&manager.lock);
        return;
    }
    flags |= job->missed;
    job->missed = 0;
    if (flags & WORK_TIMER)
        state_timer_over(job);
    if (flags & WORK_SAVE)
        save_files(job);
    if (state_is_active(job->state))
        look_at_job(job);
    job_end(job);
}

static DWORD CALLBACK model_thread(void *arg)
{
    struct job *job;
    ULONG flags;

    for (;;)
    {
        AcquireSRWLockExclusive(&manager.queue_lock);
        while (list_empty(&manager.queue) && !manager.queue_stop)
            SleepConditionVariableSRW(&manager.queue_wake, &manager.queue_lock, INFINITE, 0);
        if (list_empty(&manager.queue))
        {
            ReleaseSRWLockExclusive(&manager.queue_lock);
            break;
        }
        job = LIST_ENTRY(list_head(&manager.queue), struct job, queue_entry);
        list_remove(&job->queue_entry);
        job->is_queued = FALSE;
        flags = job->queue_flags;
        job->queue_flags = 0;
        ReleaseSRWLockExclusive(&manager.queue_lock);

        work_on_job(job, flags);
        job_release(job);
    }
    return 0;
}

HRESULT transfer_start_thread(void)
{
    manager.queue_stop = FALSE;
    if (!(manager.thread = CreateThread(NULL, 0, model_thread, NULL, 0, NULL)))
        return HRESULT_FROM_WIN32(GetLastError());
    return S_OK;
}

void transfer_stop_thread(void)
{
    AcquireSRWLockExclusive(&manager.queue_lock);
    manager.queue_stop = TRUE;
    ReleaseSRWLockExclusive(&manager.queue_lock);
    WakeAllConditionVariable(&manager.queue_wake);
    WaitForSingleObject(manager.thread, INFINITE);
    CloseHandle(manager.thread);
}
