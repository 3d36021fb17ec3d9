/*
 * Part files on their way to the disk, so that they outlive the host.
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

/* What the kernel has taken outlives the service; only the end of the host can take it away again, after
 * which the store counts synced bytes alone.  So syncs may be few, late, and on a thread that nobody waits
 * for. */
#define SYNC_PERIOD_MS  10000       /* while files grow */
#define SYNC_REST_MS    500         /* after they have stopped */
#define SYNC_MIN_SIZE   (1 << 20)   /* smaller pieces are worth it only once the job has come to rest */

static void sync_fire(struct timer *timer)
{
    job_queue_work(CONTAINING_RECORD(timer, struct job, sync_timer), WORK_SYNC);
}

void sync_init(struct job *job)
{
    timer_init(&job->sync_timer, sync_fire);
}

void sync_arm(struct job *job)
{
    UINT64 due = engine_now(manager.engine) + (state_is_active(job->state) ? SYNC_PERIOD_MS : SYNC_REST_MS);

    AcquireSRWLockExclusive(&manager.lock);
    if (!manager.closing && !state_is_final(job->state) && (!job->sync_due || due < job->sync_due))
    {
        job->sync_due = due;
        timer_set(manager.engine, &job->sync_timer, due);
    }
    ReleaseSRWLockExclusive(&manager.lock);
}

void sync_end(struct job *job)
{
    timer_cancel(manager.engine, &job->sync_timer);
}

/* Bytes that this pass is to sync, or 0. */
static UINT64 unsynced_locked(const struct file *file, UINT64 min_size)
{
    if ((file->flags & FILE_COMMITTED) || file->offset < file->synced + min_size)
        return 0;
    return file->offset;
}

static BOOL sync_file(struct file *file, UINT64 min_size, struct store_txn *txn)
{
    UINT64 offset;
    UINT32 resets;
    WCHAR *part;
    HRESULT hr;

    AcquireSRWLockShared(&manager.lock);
    offset = unsynced_locked(file, min_size);
    resets = file->resets;
    ReleaseSRWLockShared(&manager.lock);
    if (!offset || !(part = file_part_path(file)))
        return FALSE;
    hr = part_sync(part);
    free(part);
    if (FAILED(hr))
    {
        WARN("job %p: file %u is not synced, hr %#lx.\n", file->job, file->index, hr);
        return FALSE;
    }
    AcquireSRWLockExclusive(&manager.lock);
    /* What was synced may be gone already. */
    if (file->resets == resets)
    {
        file->synced = offset;
        hr = store_sync_file(txn, file->job->id, file->index, offset);
    }
    ReleaseSRWLockExclusive(&manager.lock);
    return SUCCEEDED(hr);
}

static void CALLBACK sync_run(PTP_CALLBACK_INSTANCE instance, void *context)
{
    struct job *job = context;
    UINT32 i, count = job_get_file_count(job);
    BOOL is_changed = FALSE, is_over = FALSE;
    struct store_txn *txn;
    UINT64 min_size = 1;

    if (state_is_active(job_get_state(job)))
        min_size = SYNC_MIN_SIZE;
    if (SUCCEEDED(store_begin(manager.store, &txn)))
    {
        for (i = 0; i < count && !is_over; i++)
        {
            if (sync_file(job_get_file(job, i), min_size, txn))
                is_changed = TRUE;
            AcquireSRWLockShared(&manager.lock);
            is_over = manager.closing || state_is_final(job->state);
            ReleaseSRWLockShared(&manager.lock);
        }
        if (is_changed)
            store_commit_async(txn);
        else
            store_abort(txn);
    }
    AcquireSRWLockExclusive(&manager.lock);
    job->is_syncing = FALSE;
    manager.syncing--;
    ReleaseSRWLockExclusive(&manager.lock);
    WakeAllConditionVariable(&manager.changed);
    job_release(job);
}

void sync_timer_over(struct job *job)
{
    BOOL is_wanted = FALSE;

    AcquireSRWLockExclusive(&manager.lock);
    job->sync_due = 0;
    if (!manager.closing && !job->is_syncing)
    {
        is_wanted = job->is_syncing = TRUE;
        manager.syncing++;
    }
    ReleaseSRWLockExclusive(&manager.lock);
    if (!is_wanted)
        return;
    job_addref(job);
    if (!TrySubmitThreadpoolCallback(sync_run, job, NULL))
        sync_run(NULL, job);
}

void sync_stop(void)
{
    AcquireSRWLockExclusive(&manager.lock);
    while (manager.syncing)
        SleepConditionVariableSRW(&manager.changed, &manager.lock, INFINITE, 0);
    ReleaseSRWLockExclusive(&manager.lock);
}
