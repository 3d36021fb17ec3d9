/*
 * The model as the store knows it, when the service starts.
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

/* The job whose rows are coming in. */
struct loader
{
    struct job *job;
    INT64 intent;
    INT64 error_file;
    BOOL is_bad;
    BOOL is_lost;                   /* the host's end took bytes of a file that was whole */
};

static void filetime_from_int(FILETIME *time, INT64 value)
{
    time->dwLowDateTime = value;
    time->dwHighDateTime = value >> 32;
}

/* A path of the file that nobody made up: the digits are in the name. */
static BOOL parse_part(const WCHAR *part, UINT32 *id)
{
    const WCHAR *name;
    WCHAR *end;

    if (!part)
        return FALSE;
    name = part + path_directory_length(part);
    if (wcslen(name) != 15 || wcsncmp(name, L"BIT", 3))
        return FALSE;
    *id = wcstoul(name + 3, &end, 16);
    return end == name + 11 && !wcscmp(end, L".tmp");
}

/* ---- What a crash left half done ---- */

/* Complete was under way: a finished file without its part file has its final name already. */
static void find_committed(struct job *job)
{
    UINT32 i;

    for (i = 0; i < job->file_count; i++)
    {
        struct file *file = job->files[i];
        WCHAR *part;

        if (!(file->flags & FILE_DONE) || (file->flags & FILE_COMMITTED) || !(part = file_part_path(file)))
            continue;
        if (GetFileAttributesW(part) == INVALID_FILE_ATTRIBUTES
                && GetFileAttributesW(file->local) != INVALID_FILE_ATTRIBUTES)
            file->flags |= FILE_COMMITTED;
        free(part);
    }
}

static void end_intent(struct job *job)
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

/* Cancel was under way, or could not delete everything: again. */
static void discard_job(struct job *job)
{
    struct change change;
    BOOL is_clean = TRUE;
    UINT32 i;

    for (i = 0; i < job->file_count; i++)
    {
        WCHAR *part = file_part_path(job->files[i]);

        if (!part || FAILED(part_discard(part)))
            is_clean = FALSE;
        free(part);
    }
    if (!is_clean)
    {
        WARN("Part files of a job that is over cannot be deleted.\n");
        return;
    }
    change_begin(&change, job);
    change_delete_job(&change);
    change_commit(&change);
}

/* ---- Rows ---- */

struct loaded
{
    struct job *job;
    INT64 intent;
};

static struct loaded *loaded_jobs;
static UINT32 loaded_count, loaded_capacity;

static HRESULT finish_loading(struct loader *loader)
{
    struct job *job = loader->job;

    loader->job = NULL;
    if (!job)
        return S_OK;
    if (loader->is_bad)
    {
        ERR("Job %s in the store makes no sense and is left alone.\n", debugstr_guid(&job->guid));
        job_release(job);
        return S_OK;
    }
    if (loader->is_lost && job->state == BG_JOB_STATE_TRANSFERRED)
    {
        WARN("job %p: has to transfer again what the host lost.\n", job);
        job->state = BG_JOB_STATE_QUEUED;
    }
    if (loader->error_file >= 0 && loader->error_file < job->file_count)
        job->error.file = job->files[loader->error_file];
    if (loaded_count == loaded_capacity)
    {
        UINT32 capacity = loaded_capacity ? 2 * loaded_capacity : 64;
        struct loaded *jobs = realloc(loaded_jobs, capacity * sizeof(*jobs));

        if (!jobs)
        {
            job_release(job);
            return E_OUTOFMEMORY;
        }
        loaded_jobs = jobs;
        loaded_capacity = capacity;
    }
    loaded_jobs[loaded_count].job = job;
    loaded_jobs[loaded_count++].intent = loader->intent;
    return S_OK;
}

static HRESULT load_job(void *context, UINT64 id, const GUID *guid)
{
    struct loader *loader = context;
    HRESULT hr;

    if (FAILED(hr = finish_loading(loader)))
        return hr;
    manager.next_id = max(manager.next_id, id + 1);
    loader->intent = 0;
    loader->error_file = -1;
    loader->is_bad = loader->is_lost = FALSE;
    return job_alloc(id, guid, BG_JOB_TYPE_DOWNLOAD, &loader->job);
}

static HRESULT load_text(struct job *job, UINT32 which, const struct store_value *value)
{
    WCHAR *text;

    if (value->type != STORE_TEXT && value->type != STORE_SECRET)
        return S_OK;
    if (!(text = malloc(value->size + sizeof(WCHAR))))
        return E_OUTOFMEMORY;
    memcpy(text, value->data, value->size);
    text[value->size / sizeof(WCHAR)] = 0;
    free(job->texts[which]);
    job->texts[which] = text;
    return S_OK;
}

static HRESULT load_prop(void *context, UINT64 id, UINT32 key, const struct store_value *value)
{
    struct loader *loader = context;
    struct job *job = loader->job;

    if (key > KEY_TEXTS && key < KEY_TEXTS + JOB_TEXT_COUNT)
        return load_text(job, key - KEY_TEXTS, value);
    if (value->type != STORE_INT)
        return S_OK;
    if (key && key < JOB_INT_COUNT)
    {
        job->ints[key] = value->integer;
        return S_OK;
    }
    switch (key)
    {
    case KEY_TYPE:
        if (value->integer != BG_JOB_TYPE_DOWNLOAD)
            loader->is_bad = TRUE;
        break;
    case KEY_STATE:
        job->state = value->integer;
        if (job->state != BG_JOB_STATE_QUEUED && job->state != BG_JOB_STATE_SUSPENDED
                && job->state != BG_JOB_STATE_ERROR && job->state != BG_JOB_STATE_TRANSIENT_ERROR
                && job->state != BG_JOB_STATE_TRANSFERRED)
            loader->is_bad = TRUE;
        break;
    case KEY_INTENT:         loader->intent = value->integer; break;
    case KEY_ERROR_CODE:     job->error.code = value->integer; break;
    case KEY_ERROR_CONTEXT:  job->error.context = value->integer; break;
    case KEY_ERROR_FILE:     loader->error_file = value->integer; break;
    case KEY_ERROR_COUNT:    job->error_count = value->integer; break;
    case KEY_CREATED:        filetime_from_int(&job->created, value->integer); break;
    case KEY_MODIFIED:       filetime_from_int(&job->modified, value->integer); break;
    case KEY_TRANSFERRED:    filetime_from_int(&job->transferred, value->integer); break;
    case KEY_NOTIFY_PENDING: job->notify_pending = value->integer; break;
    default:
        WARN("Unknown key %#x.\n", key);
        break;
    }
    return S_OK;
}

static HRESULT load_file(void *context, UINT64 id, const struct store_file *row)
{
    struct loader *loader = context;
    struct job *job = loader->job;
    struct file *file;
    UINT32 part_id;
    HRESULT hr;

    if (!row->remote || !row->local || row->index != job->file_count || !parse_part(row->part, &part_id))
    {
        loader->is_bad = TRUE;
        return S_OK;
    }
    if (FAILED(hr = file_alloc(job, row->index, row->remote, row->local, &file)))
        return hr;
    file->part_id = part_id;
    file->size = row->size;
    file->offset = row->offset;
    file->flags = row->flags;
    if ((file->flags & FILE_DONE) && !(file->flags & FILE_COMMITTED) && file->offset < file->size)
    {
        file->flags &= ~FILE_DONE;
        loader->is_lost = TRUE;
    }
    file->is_touched = TRUE;
    if ((row->etag && !(file->etag = strdup(row->etag)))
            || (row->last_modified && !(file->last_modified = strdup(row->last_modified)))
            || FAILED(job_reserve_files_locked(job, 1)))
    {
        file_free(file);
        return E_OUTOFMEMORY;
    }
    job_append_file_locked(job, file);
    return S_OK;
}

/* ---- Taking up the queue ---- */

static void take_up(const struct loaded *loaded)
{
    struct job *job = loaded->job;

    if (loaded->intent == INTENT_DISCARD)
    {
        discard_job(job);
        job_release(job);
        return;
    }
    if (loaded->intent == INTENT_COMPLETE)
    {
        find_committed(job);
        end_intent(job);
    }
    group_set_priority(job->group, (enum group_priority)job->ints[JOB_PRIORITY]);
    AcquireSRWLockExclusive(&manager.lock);
    job_insert_locked(job);
    ReleaseSRWLockExclusive(&manager.lock);
    TRACE("job %p: loaded, %s, %s, %u files.\n", job, debugstr_guid(&job->guid), debugstr_state(job->state),
            job->file_count);
    state_loaded(job);
}

HRESULT load_jobs(void)
{
    static const struct store_reader reader = { load_job, load_prop, load_file };
    struct loader loader = { NULL };
    HRESULT hr;
    UINT32 i;

    loaded_jobs = NULL;
    loaded_count = loaded_capacity = 0;
    hr = store_read(manager.store, &reader, &loader);
    if (SUCCEEDED(hr))
        hr = finish_loading(&loader);
    for (i = 0; i < loaded_count; i++)
    {
        if (SUCCEEDED(hr))
            take_up(&loaded_jobs[i]);
        else
            job_release(loaded_jobs[i].job);
    }
    if (loader.job)
        job_release(loader.job);
    free(loaded_jobs);
    loaded_jobs = NULL;
    return hr;
}
