/*
 * What a client sets and reads of a job.
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
#include <wchar.h>

#include "qmgr.h"
#include "wine/debug.h"

WINE_DEFAULT_DEBUG_CHANNEL(qmgr);

HRESULT client_string(const WCHAR *string, WCHAR **ret_string)
{
    size_t size;

    *ret_string = NULL;
    if (!string)
        return S_OK;
    size = (wcslen(string) + 1) * sizeof(WCHAR);
    if (!(*ret_string = CoTaskMemAlloc(size)))
        return E_OUTOFMEMORY;
    memcpy(*ret_string, string, size);
    return S_OK;
}

/* ---- Whose the job is ---- */

HRESULT job_begin(struct job *job)
{
    HRESULT hr = S_OK;

    AcquireSRWLockExclusive(&manager.lock);
    /* Whoever has it is in our own code, or waits for the engine or the disk. */
    while (job->busy && !manager.closing)
        SleepConditionVariableSRW(&manager.changed, &manager.lock, INFINITE, 0);
    if (manager.closing)
        hr = HRESULT_FROM_WIN32(ERROR_SHUTDOWN_IN_PROGRESS);
    else if (state_is_final(job->state))
        hr = BG_E_INVALID_STATE;
    else
        job->busy = TRUE;
    ReleaseSRWLockExclusive(&manager.lock);
    return hr;
}

BOOL job_try_begin(struct job *job)
{
    BOOL ret = FALSE;

    AcquireSRWLockExclusive(&manager.lock);
    if (job->busy)
        job->deferred = TRUE;
    else if (!manager.closing && !state_is_final(job->state))
        ret = job->busy = TRUE;
    ReleaseSRWLockExclusive(&manager.lock);
    return ret;
}

void job_end(struct job *job)
{
    BOOL deferred;

    AcquireSRWLockExclusive(&manager.lock);
    deferred = job->deferred;
    job->deferred = FALSE;
    job->busy = FALSE;
    ReleaseSRWLockExclusive(&manager.lock);
    WakeAllConditionVariable(&manager.changed);
    if (deferred)
        job_queue_work(job, WORK_LOOK);
}

/* ---- Setters ---- */

HRESULT job_set_int(struct job *job, enum job_int which, ULONG value)
{
    struct change change;
    HRESULT hr;

    if (FAILED(hr = job_begin(job)))
        return hr;
    change_begin(&change, job);
    change_int(&change, which, value);
    if (SUCCEEDED(hr = change_commit(&change)))
    {
        AcquireSRWLockExclusive(&manager.lock);
        job->ints[which] = value;
        ReleaseSRWLockExclusive(&manager.lock);
        if (which == JOB_PRIORITY)
            group_set_priority(job->group, (enum group_priority)value);
        state_arm(job);
    }
    job_end(job);
    if (SUCCEEDED(hr))
    {
        job_modified(job);
        if (which == JOB_NOTIFY_FLAGS)
            notify_kick(job);
    }
    return hr;
}

struct text_change
{
    enum job_text which;
    const WCHAR *text;
    WCHAR *copy;
};

/* All texts, and a number when which_int is not 0, in one change.  The job is the caller's. */
static HRESULT set_texts(struct job *job, struct text_change *texts, unsigned int count,
        enum job_int which_int, ULONG value)
{
    struct change change;
    unsigned int i;
    HRESULT hr = S_OK;
    WCHAR *old;

    for (i = 0; i < count; i++)
        texts[i].copy = NULL;
    for (i = 0; i < count; i++)
    {
        if (texts[i].text && !(texts[i].copy = wide_dup(texts[i].text)))
            hr = E_OUTOFMEMORY;
    }
    if (SUCCEEDED(hr))
    {
        change_begin(&change, job);
        for (i = 0; i < count; i++)
            change_text(&change, texts[i].which, texts[i].text);
        if (which_int)
            change_int(&change, which_int, value);
        hr = change_commit(&change);
    }
    if (SUCCEEDED(hr))
    {
        AcquireSRWLockExclusive(&manager.lock);
        for (i = 0; i < count; i++)
        {
            old = job->texts[texts[i].which];
            job->texts[texts[i].which] = texts[i].copy;
            texts[i].copy = old;
        }
        if (which_int)
            job->ints[which_int] = value;
        ReleaseSRWLockExclusive(&manager.lock);
    }
    for (i = 0; i < count; i++)
    {
        if (texts[i].copy)
            SecureZeroMemory(texts[i].copy, wcslen(texts[i].copy) * sizeof(WCHAR));
        free(texts[i].copy);
    }
    return hr;
}

static HRESULT job_set_texts(struct job *job, struct text_change *texts, unsigned int count,
        enum job_int which_int, ULONG value)
{
    HRESULT hr;

    if (FAILED(hr = job_begin(job)))
        return hr;
    hr = set_texts(job, texts, count, which_int, value);
    job_end(job);
    if (SUCCEEDED(hr))
        job_modified(job);
    return hr;
}

HRESULT job_set_text(struct job *job, enum job_text which, const WCHAR *text)
{
    struct text_change change = { which, text };

    return job_set_texts(job, &change, 1, 0, 0);
}

HRESULT job_set_proxy(struct job *job, BG_JOB_PROXY_USAGE usage, const WCHAR *list, const WCHAR *bypass)
{
    struct text_change changes[] = { { JOB_PROXY_LIST, list }, { JOB_PROXY_BYPASS, bypass } };

    return job_set_texts(job, changes, ARRAYSIZE(changes), JOB_PROXY_USAGE, usage);
}

HRESULT job_set_notify_cmdline(struct job *job, const WCHAR *program, const WCHAR *parameters)
{
    struct text_change changes[] = { { JOB_CMD_PROGRAM, program }, { JOB_CMD_PARAMETERS, parameters } };
    HRESULT hr;

    if (SUCCEEDED(hr = job_set_texts(job, changes, ARRAYSIZE(changes), 0, 0)))
        notify_kick(job);
    return hr;
}

/* What the old owner entrusted to the job goes (reference/bits.md 1.6). */
HRESULT job_take_ownership(struct job *job, const WCHAR *sid)
{
    struct text_change changes[] =
    {
        { JOB_OWNER, sid }, { JOB_CMD_PROGRAM, NULL }, { JOB_CMD_PARAMETERS, NULL }, { JOB_CUSTOM_HEADERS, NULL },
    };

    return job_set_texts(job, changes, ARRAYSIZE(changes), 0, 0);
}

/* ---- Getters ---- */

ULONG job_get_int(struct job *job, enum job_int which)
{
    ULONG value;

    AcquireSRWLockShared(&manager.lock);
    value = job->ints[which];
    ReleaseSRWLockShared(&manager.lock);
    return value;
}

HRESULT job_get_text(struct job *job, enum job_text which, WCHAR **ret_text)
{
    HRESULT hr;

    AcquireSRWLockShared(&manager.lock);
    hr = client_string(job->texts[which], ret_text);
    if (SUCCEEDED(hr) && !job->texts[which])
        hr = S_FALSE;
    ReleaseSRWLockShared(&manager.lock);
    return hr;
}

HRESULT job_get_proxy(struct job *job, BG_JOB_PROXY_USAGE *usage, WCHAR **ret_list, WCHAR **ret_bypass)
{
    HRESULT hr;

    AcquireSRWLockShared(&manager.lock);
    *usage = job->ints[JOB_PROXY_USAGE];
    *ret_bypass = NULL;
    if (SUCCEEDED(hr = client_string(job->texts[JOB_PROXY_LIST], ret_list)))
        hr = client_string(job->texts[JOB_PROXY_BYPASS], ret_bypass);
    ReleaseSRWLockShared(&manager.lock);
    if (FAILED(hr))
    {
        CoTaskMemFree(*ret_list);
        *ret_list = NULL;
    }
    return hr;
}

BG_JOB_STATE job_get_state(struct job *job)
{
    BG_JOB_STATE state;

    AcquireSRWLockShared(&manager.lock);
    state = job->state;
    ReleaseSRWLockShared(&manager.lock);
    return state;
}

void job_get_progress(struct job *job, BG_JOB_PROGRESS *progress)
{
    AcquireSRWLockShared(&manager.lock);
    progress->FilesTotal = job->file_count;
    progress->FilesTransferred = job->done_count;
    progress->BytesTotal = job->unknown_count ? BG_SIZE_UNKNOWN : job->bytes_total;
    progress->BytesTransferred = job->bytes_done + job_get_live_bytes_locked(job);
    ReleaseSRWLockShared(&manager.lock);
}

void job_get_times(struct job *job, BG_JOB_TIMES *times)
{
    AcquireSRWLockShared(&manager.lock);
    times->CreationTime = job->created;
    times->ModificationTime = job->modified;
    times->TransferCompletionTime = job->transferred;
    ReleaseSRWLockShared(&manager.lock);
}

ULONG job_get_error_count(struct job *job)
{
    ULONG count;

    AcquireSRWLockShared(&manager.lock);
    count = job->error_count;
    ReleaseSRWLockShared(&manager.lock);
    return count;
}

HRESULT job_get_error(struct job *job, struct job_error *error)
{
    HRESULT hr = BG_E_ERROR_INFORMATION_UNAVAILABLE;

    AcquireSRWLockShared(&manager.lock);
    if (job->state == BG_JOB_STATE_ERROR || job->state == BG_JOB_STATE_TRANSIENT_ERROR)
    {
        *error = job->error;
        error->protocol = NULL;
        if (error->file)
            error->protocol = _wcsnicmp(error->file->remote, L"http", 4) ? L"file" : L"http";
        hr = S_OK;
    }
    ReleaseSRWLockShared(&manager.lock);
    return hr;
}
