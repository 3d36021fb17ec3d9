/*
 * One change of a job on its way to the store.
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

static INT64 int_from_filetime(const FILETIME *time)
{
    return ((INT64)time->dwHighDateTime << 32) | time->dwLowDateTime;
}

void change_begin(struct change *change, struct job *job)
{
    change->job = job;
    change->txn = NULL;
    change->files = NULL;
    change->is_deletion = FALSE;
    GetSystemTimeAsFileTime(&change->time);
    change->hr = store_begin(manager.store, &change->txn);
}

void change_add_job(struct change *change)
{
    if (SUCCEEDED(change->hr))
        change->hr = store_add_job(change->txn, change->job->id, &change->job->guid);
}

void change_delete_job(struct change *change)
{
    change->is_deletion = TRUE;
    if (SUCCEEDED(change->hr))
        change->hr = store_delete_job(change->txn, change->job->id);
}

void change_int(struct change *change, UINT32 key, INT64 value)
{
    if (SUCCEEDED(change->hr))
        change->hr = store_set_int(change->txn, change->job->id, key, value);
}

void change_text(struct change *change, enum job_text which, const WCHAR *text)
{
    if (FAILED(change->hr))
        return;
    /* Headers often carry cookies and tokens. */
    if (text && which == JOB_CUSTOM_HEADERS)
        change->hr = store_set_secret(change->txn, change->job->id, KEY_TEXTS + which,
                text, wcslen(text) * sizeof(WCHAR));
    else
        change->hr = store_set_text(change->txn, change->job->id, KEY_TEXTS + which, text);
}

void change_delete(struct change *change, UINT32 key)
{
    if (SUCCEEDED(change->hr))
        change->hr = store_delete_prop(change->txn, change->job->id, key);
}

void change_put_file(struct change *change, struct file *file, const WCHAR *remote)
{
    struct store_file row;
    WCHAR *part;

    if (FAILED(change->hr))
        return;
    if (!(part = file_part_path(file)))
    {
        change->hr = E_OUTOFMEMORY;
        return;
    }
    /* A transfer may be changing the file; nothing here waits. */
    AcquireSRWLockShared(&manager.lock);
    row.index = file->index;
    row.remote = remote;
    row.local = file->local;
    row.part = part;
    row.size = file->size;
    row.offset = file->offset;
    row.flags = file->flags;
    row.etag = file->etag;
    row.last_modified = file->last_modified;
    change->hr = store_put_file(change->txn, change->job->id, &row);
    ReleaseSRWLockShared(&manager.lock);
    free(part);
}

void change_file(struct change *change, struct file *file)
{
    if (FAILED(change->hr))
        return;
    change->hr = store_update_file(change->txn, change->job->id, file->index, file->size, file->offset,
            file->flags, file->etag, file->last_modified);
}

void change_files(struct change *change)
{
    struct file *file;

    AcquireSRWLockExclusive(&manager.lock);
    change->files = change->job->unsaved;
    change->job->unsaved = NULL;
    ReleaseSRWLockExclusive(&manager.lock);

    for (file = change->files; file; file = file->next_unsaved)
    {
        if (file->is_renamed)
            change_put_file(change, file, file->remote);
        else
            change_file(change, file);
    }
}

/* Nobody has added to the list meanwhile: that takes the job, or is done by the model thread, which then is
 * the one that saves or has come to the end of the transfers. */
static void change_files_end(struct change *change)
{
    struct file *file;

    AcquireSRWLockExclusive(&manager.lock);
    while ((file = change->files))
    {
        change->files = file->next_unsaved;
        file->is_unsaved = FALSE;
        if (FAILED(change->hr))
            file_changed_locked(file);
        else
            file->is_renamed = FALSE;
    }
    ReleaseSRWLockExclusive(&manager.lock);
}

static void change_time(struct change *change)
{
    if (!change->is_deletion)
        change_int(change, KEY_MODIFIED, int_from_filetime(&change->time));
}

HRESULT change_commit(struct change *change)
{
    change_time(change);
    if (SUCCEEDED(change->hr))
        change->hr = store_commit(change->txn);
    else if (change->txn)
        store_abort(change->txn);
    change->txn = NULL;

    if (FAILED(change->hr))
    {
        ERR("Cannot write down a change of job %p, hr %#lx.\n", change->job, change->hr);
        change_files_end(change);
        return change->hr;
    }
    change_files_end(change);
    AcquireSRWLockExclusive(&manager.lock);
    change->job->modified = change->time;
    ReleaseSRWLockExclusive(&manager.lock);
    return S_OK;
}

void change_commit_async(struct change *change)
{
    change_time(change);
    change_files_end(change);
    if (SUCCEEDED(change->hr))
    {
        store_commit_async(change->txn);
    }
    else
    {
        ERR("Cannot write down a change of job %p, hr %#lx.\n", change->job, change->hr);
        if (change->txn)
            store_abort(change->txn);
    }
    change->txn = NULL;
}
