/*
 * The job list and its lock.
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
#include <ntsecapi.h>
#include <shlobj.h>
#include "wine/debug.h"

WINE_DEFAULT_DEBUG_CHANNEL(qmgr);

#define STOP_TIMEOUT_MS 10000       /* for client's calls to come to their end */

struct manager manager;

static volatile LONG64 random_state;

/* Splitmix64 over a counter with a start that nobody knows. */
UINT32 random_number(void)
{
    UINT64 x = InterlockedExchangeAdd64(&random_state, 0x9e3779b97f4a7c15);

    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return (x ^ (x >> 31)) >> 32;
}

static UINT32 hash_guid(const GUID *guid)
{
    return guid->Data1 ^ (guid->Data2 << 16) ^ guid->Data3;
}

static void state_timer_fire(struct timer *timer)
{
    job_queue_work(CONTAINING_RECORD(timer, struct job, state_timer), WORK_TIMER);
}

static void notify_timer_fire(struct timer *timer)
{
    job_queue_work(CONTAINING_RECORD(timer, struct job, notify_timer), WORK_NOTIFY);
}

static void save_timer_fire(struct timer *timer)
{
    job_queue_work(CONTAINING_RECORD(timer, struct job, save_timer), WORK_SAVE);
}

static void job_free(struct job *job)
{
    UINT32 i;

    TRACE("job %p.\n", job);
    for (i = 0; i < job->file_count; i++)
        file_free(job->files[i]);
    free(job->files);
    for (i = 0; i < JOB_TEXT_COUNT; i++)
        free(job->texts[i]);
    if (job->group && !manager.closing)
        group_release(job->group);
    free(job);
}

struct job *job_addref(struct job *job)
{
    InterlockedIncrement(&job->refcount);
    return job;
}

void job_release(struct job *job)
{
    if (!InterlockedDecrement(&job->refcount))
        job_free(job);
}

HRESULT job_alloc(UINT64 id, const GUID *guid, BG_JOB_TYPE type, struct job **ret_job)
{
    struct job *job;
    HRESULT hr;

    if (!(job = calloc(1, sizeof(*job))))
        return E_OUTOFMEMORY;
    job->refcount = 1;
    job->id = id;
    job->guid = *guid;
    job->type = type;
    job->state = BG_JOB_STATE_SUSPENDED;
    job->ints[JOB_PRIORITY] = BG_JOB_PRIORITY_NORMAL;
    job->ints[JOB_NOTIFY_FLAGS] = BG_NOTIFY_JOB_TRANSFERRED | BG_NOTIFY_JOB_ERROR;
    job->ints[JOB_MINIMUM_RETRY_DELAY] = config_get(CONFIG_MINIMUM_RETRY_DELAY);
    job->ints[JOB_NO_PROGRESS_TIMEOUT] = config_get(CONFIG_NO_PROGRESS_TIMEOUT);
    job->ints[JOB_MAXIMUM_DOWNLOAD_TIME] = config_get(CONFIG_MAXIMUM_DOWNLOAD_TIME);
    job->ints[JOB_PROXY_USAGE] = BG_JOB_PROXY_USAGE_PRECONFIG;
    list_init(&job->again);
    list_init(&job->arrived);
    list_init(&job->transfers);
    list_init(&job->dirty);
    timer_init(&job->state_timer, state_timer_fire);
    timer_init(&job->notify_timer, notify_timer_fire);
    timer_init(&job->save_timer, save_timer_fire);
    sync_init(job);
    if (FAILED(hr = group_create(manager.engine, GROUP_NORMAL, &job->group)))
    {
        free(job);
        return hr;
    }
    *ret_job = job;
    return S_OK;
}

void job_insert_locked(struct job *job)
{
    UINT32 i;

    list_add_tail(&manager.jobs, &job->entry);
    hash_add(&manager.guids, &job->guid_node, hash_guid(&job->guid));
    for (i = 0; i < job->file_count; i++)
        hash_add(&manager.parts, &job->files[i]->part_node, job->files[i]->part_id);
    manager.job_count++;
}

void job_remove_locked(struct job *job)
{
    UINT32 i;

    list_remove(&job->entry);
    hash_remove(&manager.guids, &job->guid_node);
    for (i = 0; i < job->file_count; i++)
        hash_remove(&manager.parts, &job->files[i]->part_node);
    manager.job_count--;
}

static HRESULT save_new_job(struct job *job)
{
    struct change change;
    UINT32 i;

    change_begin(&change, job);
    change_add_job(&change);
    job->created = change.time;
    change_int(&change, KEY_TYPE, job->type);
    change_int(&change, KEY_STATE, job->state);
    change_int(&change, KEY_CREATED, ((INT64)change.time.dwHighDateTime << 32) | change.time.dwLowDateTime);
    for (i = 1; i < JOB_INT_COUNT; i++)
        change_int(&change, i, job->ints[i]);
    for (i = 1; i < JOB_TEXT_COUNT; i++)
    {
        if (job->texts[i])
            change_text(&change, i, job->texts[i]);
    }
    return change_commit(&change);
}

HRESULT model_create_job(const WCHAR *name, BG_JOB_TYPE type, struct job **ret_job)
{
    struct job *job = NULL;
    UINT64 id;
    GUID guid;
    HRESULT hr;

    if (type != BG_JOB_TYPE_DOWNLOAD)
        return E_NOTIMPL;
    if (FAILED(hr = CoCreateGuid(&guid)))
        return hr;
    AcquireSRWLockExclusive(&manager.lock);
    hr = manager.closing ? HRESULT_FROM_WIN32(ERROR_SHUTDOWN_IN_PROGRESS) : S_OK;
    id = manager.next_id++;
    ReleaseSRWLockExclusive(&manager.lock);
    if (FAILED(hr))
        return hr;

    if (FAILED(hr = job_alloc(id, &guid, type, &job)))
        return hr;
    if (FAILED(hr = owner_get_caller(&job->texts[JOB_OWNER])))
        goto done;
    if (!(job->texts[JOB_DISPLAY_NAME] = wide_dup(name)) || !(job->texts[JOB_DESCRIPTION] = wide_dup(L"")))
    {
        hr = E_OUTOFMEMORY;
        goto done;
    }
    if (FAILED(hr = save_new_job(job)))
        goto done;

    AcquireSRWLockExclusive(&manager.lock);
    job_insert_locked(job);
    ReleaseSRWLockExclusive(&manager.lock);
    hold_job_created();
    TRACE("job %p: created, %s.\n", job, debugstr_guid(&job->guid));
    *ret_job = job_addref(job);
    return S_OK;

done:
    job_release(job);
    return hr;
}

HRESULT model_find_job(const GUID *guid, struct job **ret_job)
{
    struct hash_node *node;
    HRESULT hr = BG_E_NOT_FOUND;

    AcquireSRWLockShared(&manager.lock);
    for (node = hash_first(&manager.guids, hash_guid(guid)); node; node = hash_next(node))
    {
        struct job *job = CONTAINING_RECORD(node, struct job, guid_node);

        if (IsEqualGUID(&job->guid, guid))
        {
            *ret_job = job_addref(job);
            hr = S_OK;
            break;
        }
    }
    ReleaseSRWLockShared(&manager.lock);
    return hr;
}

HRESULT model_enum_jobs(struct job ***ret_jobs, UINT32 *ret_count)
{
    struct job **jobs, *job;
    UINT32 count = 0;

    AcquireSRWLockShared(&manager.lock);
    if ((jobs = malloc((manager.job_count + 1) * sizeof(*jobs))))
    {
        LIST_FOR_EACH_ENTRY(job, &manager.jobs, struct job, entry)
            jobs[count++] = job_addref(job);
    }
    ReleaseSRWLockShared(&manager.lock);
    if (!jobs)
        return E_OUTOFMEMORY;
    *ret_jobs = jobs;
    *ret_count = count;
    return S_OK;
}

/* ---- Jobs that nobody has touched for long (reference/bits.md 5.2) ---- */

static UINT64 filetime_age(const FILETIME *time)
{
    FILETIME now;
    UINT64 a, b;

    GetSystemTimeAsFileTime(&now);
    a = ((UINT64)time->dwHighDateTime << 32) | time->dwLowDateTime;
    b = ((UINT64)now.dwHighDateTime << 32) | now.dwLowDateTime;
    return b > a ? (b - a) / 10000 : 0;
}

static void CALLBACK purge_run(PTP_CALLBACK_INSTANCE instance, void *context)
{
    UINT64 limit = config_get(CONFIG_INACTIVITY_TIMEOUT) * (UINT64)1000, age, oldest = 0;
    struct job **jobs;
    UINT32 i, count;

    if (FAILED(model_enum_jobs(&jobs, &count)))
        return;
    for (i = 0; i < count; i++)
    {
        AcquireSRWLockShared(&manager.lock);
        age = filetime_age(&jobs[i]->modified);
        ReleaseSRWLockShared(&manager.lock);
        if (age >= limit)
        {
            WARN("job %p: cancelled, as nothing happened to it for long.\n", jobs[i]);
            job_post(jobs[i], JOB_CANCEL);
        }
        else
        {
            oldest = max(oldest, age);
        }
        job_release(jobs[i]);
    }
    free(jobs);
    timer_set(manager.engine, &manager.purge_timer, engine_now(manager.engine) + limit - oldest);
}

static void purge_fire(struct timer *timer)
{
    TrySubmitThreadpoolCallback(purge_run, NULL, NULL);
}

/* ---- Start and end ---- */

static HRESULT open_store(void)
{
    WCHAR path[MAX_PATH + 64];
    HRESULT hr;

    if (FAILED(hr = SHGetFolderPathW(NULL, CSIDL_COMMON_APPDATA | CSIDL_FLAG_CREATE, NULL, 0, path)))
        return hr;
    wcscat(path, L"\\Microsoft\\Network\\Downloader");
    if (SHCreateDirectoryExW(NULL, path, NULL))
    {
        DWORD attributes = GetFileAttributesW(path);

        if (attributes == INVALID_FILE_ATTRIBUTES || !(attributes & FILE_ATTRIBUTE_DIRECTORY))
            return HRESULT_FROM_WIN32(ERROR_PATH_NOT_FOUND);
    }
    wcscat(path, L"\\qmgr.db");
    hr = store_open(path, &manager.store);
    if (hr == S_FALSE)
        ERR("%s was damaged, the queue begins empty.\n", debugstr_w(path));
    else if (FAILED(hr))
        ERR("Cannot open %s, hr %#lx.\n", debugstr_w(path), hr);
    return hr;
}

HRESULT model_start(void)
{
    static const struct engine_config config = { "Microsoft BITS/7.8", NULL };
    HRESULT hr;

    InitializeSRWLock(&manager.lock);
    InitializeSRWLock(&manager.queue_lock);
    InitializeConditionVariable(&manager.changed);
    InitializeConditionVariable(&manager.queue_wake);
    list_init(&manager.jobs);
    list_init(&manager.queue);
    manager.closing = FALSE;
    manager.next_id = 1;
    notify_init();
    timer_init(&manager.purge_timer, purge_fire);
    if (!RtlGenRandom((void *)&random_state, sizeof(random_state)))
        return E_FAIL;
    if (FAILED(hr = hash_init(&manager.guids)) || FAILED(hr = hash_init(&manager.parts)))
        return hr;
    hold_init();

    if (FAILED(hr = open_store()))
        return hr;
    if (FAILED(hr = engine_create(&config, &manager.engine)))
    {
        ERR("Cannot start the engine, hr %#lx.\n", hr);
        store_close(manager.store);
        return hr;
    }
    if (FAILED(hr = load_jobs()) || FAILED(hr = transfer_start_thread()))
    {
        ERR("Cannot take up the queue, hr %#lx.\n", hr);
        engine_destroy(manager.engine);
        store_close(manager.store);
        return hr;
    }
    hold_changed();
    purge_run(NULL, NULL);
    return S_OK;
}

/* No client's call changes a job any more. */
static void wait_for_jobs(void)
{
    ULONGLONG deadline = GetTickCount64() + STOP_TIMEOUT_MS, now;
    struct job *job;

    AcquireSRWLockExclusive(&manager.lock);
    manager.closing = TRUE;
restart:
    LIST_FOR_EACH_ENTRY(job, &manager.jobs, struct job, entry)
    {
        if (job->busy && (now = GetTickCount64()) < deadline)
        {
            SleepConditionVariableSRW(&manager.changed, &manager.lock, deadline - now, 0);
            goto restart;
        }
    }
    ReleaseSRWLockExclusive(&manager.lock);
    WakeAllConditionVariable(&manager.changed);
}

static void save_jobs(void)
{
    struct change change;
    struct job *job;

    LIST_FOR_EACH_ENTRY(job, &manager.jobs, struct job, entry)
    {
        change_begin(&change, job);
        change_files(&change);
        change_commit_async(&change);
    }
}

void model_stop(void)
{
    wait_for_jobs();
    notify_stop();
    hold_cleanup();
    /* The last events still go through the model thread. */
    engine_destroy(manager.engine);
    transfer_stop_thread();
    sync_stop();
    save_jobs();
    store_close(manager.store);
}
