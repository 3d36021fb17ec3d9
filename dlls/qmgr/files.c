/*
 * The files of a job.
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

#define SAVE_DELAY_MS    1000       /* what a crash may cost */
#define PART_NAME_LENGTH 15         /* BIT01234567.tmp */

HRESULT file_alloc(struct job *job, UINT32 index, const WCHAR *remote, const WCHAR *local, struct file **ret_file)
{
    size_t size = (wcslen(local) + 1) * sizeof(WCHAR);
    struct file *file;

    if (!(file = calloc(1, sizeof(*file) + size)))
        return E_OUTOFMEMORY;
    if (!(file->remote = wide_dup(remote)))
    {
        free(file);
        return E_OUTOFMEMORY;
    }
    file->job = job;
    file->index = index;
    file->local = memcpy(file + 1, local, size);
    file->size = ENGINE_SIZE_UNKNOWN;
    *ret_file = file;
    return S_OK;
}

void file_free(struct file *file)
{
    free(file->remote);
    free(file->etag);
    free(file->last_modified);
    free(file);
}

WCHAR *file_part_path(const struct file *file)
{
    size_t len = path_directory_length(file->local);
    WCHAR *path;

    if (!(path = malloc((len + PART_NAME_LENGTH + 1) * sizeof(WCHAR))))
        return NULL;
    memcpy(path, file->local, len * sizeof(WCHAR));
    swprintf(path + len, PART_NAME_LENGTH + 1, L"BIT%08X.tmp", file->part_id);
    return path;
}

/* ---- Totals of the job ---- */

HRESULT job_reserve_files_locked(struct job *job, UINT32 count)
{
    UINT64 needed = (UINT64)job->file_count + count, capacity;
    struct file **files;

    if (needed <= job->file_capacity)
        return S_OK;
    capacity = max(needed, job->file_capacity + job->file_capacity / 2);
    if (capacity > 0x7fffffff / sizeof(*files) || !(files = realloc(job->files, capacity * sizeof(*files))))
        return E_OUTOFMEMORY;
    job->files = files;
    job->file_capacity = capacity;
    return S_OK;
}

void job_append_file_locked(struct job *job, struct file *file)
{
    job->files[job->file_count++] = file;
    if (file->size == ENGINE_SIZE_UNKNOWN)
        job->unknown_count++;
    else
        job->bytes_total += file->size;
    job->bytes_done += file->offset;
    if (file->flags & FILE_DONE)
    {
        job->done_count++;
        if (!(file->flags & FILE_NOTIFIED))
            list_add_tail(&job->arrived, &file->entry);
    }
}

void file_set_offset_locked(struct file *file, UINT64 offset)
{
    file->job->bytes_done += offset - file->offset;
    file->offset = offset;
}

void file_set_size_locked(struct file *file, UINT64 size)
{
    if (file->size == ENGINE_SIZE_UNKNOWN)
        file->job->unknown_count--;
    else
        file->job->bytes_total -= file->size;
    file->size = size;
    if (file->size == ENGINE_SIZE_UNKNOWN)
        file->job->unknown_count++;
    else
        file->job->bytes_total += file->size;
}

void file_set_done_locked(struct file *file)
{
    file->flags |= FILE_DONE;
    file->job->done_count++;
    list_add_tail(&file->job->arrived, &file->entry);
}

void file_changed_locked(struct file *file)
{
    struct job *job = file->job;

    if (file->is_unsaved)
        return;
    file->is_unsaved = TRUE;
    file->next_unsaved = job->unsaved;
    job->unsaved = file;
    if (!job->is_save_set && !manager.closing)
    {
        job->is_save_set = TRUE;
        timer_set(manager.engine, &job->save_timer, engine_now(manager.engine) + SAVE_DELAY_MS);
    }
}

/* ---- Adding ---- */

/* Sets of more files are checked against a listing of each directory: to ask for a name that is not there
 * can cost Wine a look at every name of the directory. */
#define LISTING_COUNT 16

/* A directory that has been looked at, or one that a file of the set may not take the name of. */
struct directory
{
    struct hash_node node;
    const WCHAR *path;              /* length characters of it */
    size_t length;
    struct directory *next;
};

struct directories
{
    struct hash seen;               /* parents of the files, as written */
    struct hash taken;              /* directories in them, whatever the case of letters */
    struct directory *all;
};

static UINT32 hash_path(const WCHAR *path, size_t length, BOOL ignore_case)
{
    UINT32 value = 2166136261u;

    while (length--)
    {
        value = (value ^ (ignore_case ? towupper(*path) : *path)) * 16777619;
        path++;
    }
    return value;
}

static BOOL directories_has(const struct hash *hash, const WCHAR *path, size_t length, BOOL ignore_case)
{
    struct hash_node *node;

    for (node = hash_first(hash, hash_path(path, length, ignore_case)); node; node = hash_next(node))
    {
        struct directory *dir = CONTAINING_RECORD(node, struct directory, node);

        if (CompareStringOrdinal(dir->path, dir->length, path, length, ignore_case) == CSTR_EQUAL)
            return TRUE;
    }
    return FALSE;
}

/* Two parts of a path are put together. */
static HRESULT directories_add(struct directories *dirs, struct hash *hash, const WCHAR *path, size_t length,
        const WCHAR *name)
{
    size_t name_length = wcslen(name);
    struct directory *dir;
    WCHAR *copy;

    if (!(dir = malloc(sizeof(*dir) + (length + name_length) * sizeof(WCHAR))))
        return E_OUTOFMEMORY;
    copy = (WCHAR *)(dir + 1);
    memcpy(copy, path, length * sizeof(WCHAR));
    memcpy(copy + length, name, name_length * sizeof(WCHAR));
    dir->path = copy;
    dir->length = length + name_length;
    dir->next = dirs->all;
    dirs->all = dir;
    hash_add(hash, &dir->node, hash_path(copy, dir->length, hash == &dirs->taken));
    return S_OK;
}

/* What is in a directory and is one. */
static HRESULT directories_list(struct directories *dirs, const WCHAR *path, size_t length)
{
    WCHAR pattern[MAX_PATH + 2];
    WIN32_FIND_DATAW data;
    HRESULT hr = S_OK;
    HANDLE find;

    memcpy(pattern, path, length * sizeof(WCHAR));
    wcscpy(pattern + length, L"*");
    find = FindFirstFileExW(pattern, FindExInfoBasic, &data, FindExSearchLimitToDirectories, NULL, 0);
    if (find == INVALID_HANDLE_VALUE)
        return S_OK;
    do
    {
        if (data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY)
            hr = directories_add(dirs, &dirs->taken, path, length, data.cFileName);
    } while (SUCCEEDED(hr) && FindNextFileW(find, &data));
    FindClose(find);
    return hr;
}

static HRESULT check_directory(struct directories *dirs, const WCHAR *local, BOOL has_listing)
{
    size_t length = path_directory_length(local);
    HRESULT hr = S_OK;

    if (!directories_has(&dirs->seen, local, length, FALSE))
    {
        if (FAILED(hr = path_check_directory(local))
                || FAILED(hr = directories_add(dirs, &dirs->seen, local, length, L"")))
            return hr;
        if (has_listing)
            hr = directories_list(dirs, local, length);
    }
    return hr;
}

static BOOL is_directory(struct directories *dirs, const WCHAR *local, BOOL has_listing)
{
    DWORD attributes;

    if (has_listing)
        return dirs->taken.count && directories_has(&dirs->taken, local, wcslen(local), TRUE);
    attributes = GetFileAttributesW(local);
    return attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_DIRECTORY);
}

/* Can these files be written where they are to be? */
static HRESULT check_targets(UINT32 count, const BG_FILE_INFO *files)
{
    struct directories dirs = {{0}};
    struct directory *dir;
    UINT32 i;
    HRESULT hr;

    if (FAILED(hr = hash_init(&dirs.seen)) || FAILED(hr = hash_init(&dirs.taken)))
        goto done;
    for (i = 0; i < count; i++)
    {
        if (FAILED(hr = check_directory(&dirs, files[i].LocalName, count > LISTING_COUNT)))
            break;
        if (is_directory(&dirs, files[i].LocalName, count > LISTING_COUNT))
        {
            WARN("%s is a directory.\n", debugstr_w(files[i].LocalName));
            hr = E_INVALIDARG;
            break;
        }
    }
    while ((dir = dirs.all))
    {
        dirs.all = dir->next;
        free(dir);
    }
done:
    hash_free(&dirs.taken);
    hash_free(&dirs.seen);
    return hr;
}

static HRESULT check_names(UINT32 count, const BG_FILE_INFO *files)
{
    UINT32 i;

    for (i = 0; i < count; i++)
    {
        WCHAR *source = NULL;
        enum url_kind kind;
        HRESULT hr;

        if (!files[i].RemoteName || !files[i].LocalName)
            return E_INVALIDARG;
        kind = url_check(files[i].RemoteName, &source);
        free(source);
        if (kind == URL_INVALID)
        {
            WARN("Not a remote name, number %u of the set.\n", i);
            return E_INVALIDARG;
        }
        if (FAILED(hr = path_check(files[i].LocalName)))
        {
            WARN("Not a local name: %s.\n", debugstr_w(files[i].LocalName));
            return hr;
        }
    }
    return S_OK;
}

static UINT32 new_part_id_locked(void)
{
    UINT32 id;

    do
        id = random_number();
    while (hash_first(&manager.parts, id));
    return id;
}

HRESULT job_add_files(struct job *job, UINT32 count, const BG_FILE_INFO *files)
{
    struct file **added = NULL;
    struct change change;
    UINT32 i, made = 0;
    HRESULT hr;

    /* unconfirmed: reference/bits.md 2.3, an empty set */
    if (!count)
        return E_INVALIDARG;
    if (state_is_final(job_get_state(job)))
        return BG_E_INVALID_STATE;
    if (FAILED(hr = check_names(count, files)) || FAILED(hr = check_targets(count, files)))
        return hr;

    if (!(added = malloc(count * sizeof(*added))))
        return E_OUTOFMEMORY;
    if (FAILED(hr = job_begin(job)))
    {
        free(added);
        return hr;
    }
    for (; made < count; made++)
    {
        if (FAILED(hr = file_alloc(job, job->file_count + made, files[made].RemoteName,
                files[made].LocalName, &added[made])))
            goto done;
    }
    AcquireSRWLockExclusive(&manager.lock);
    if (SUCCEEDED(hr = job_reserve_files_locked(job, count)))
    {
        for (i = 0; i < count; i++)
        {
            added[i]->part_id = new_part_id_locked();
            hash_add(&manager.parts, &added[i]->part_node, added[i]->part_id);
        }
    }
    ReleaseSRWLockExclusive(&manager.lock);
    if (FAILED(hr))
        goto done;

    change_begin(&change, job);
    for (i = 0; i < count; i++)
        change_put_file(&change, added[i], added[i]->remote);
    hr = change_commit(&change);

    AcquireSRWLockExclusive(&manager.lock);
    for (i = 0; i < count; i++)
    {
        if (SUCCEEDED(hr))
            job_append_file_locked(job, added[i]);
        else
            hash_remove(&manager.parts, &added[i]->part_node);
    }
    if (SUCCEEDED(hr))
    {
        made = 0;
        job->deferred = TRUE;
    }
    ReleaseSRWLockExclusive(&manager.lock);

done:
    job_end(job);
    while (made)
        file_free(added[--made]);
    free(added);
    if (SUCCEEDED(hr))
        job_modified(job);
    return hr;
}

/* ---- Reading ---- */

UINT32 job_get_file_count(struct job *job)
{
    UINT32 count;

    AcquireSRWLockShared(&manager.lock);
    count = job->file_count;
    ReleaseSRWLockShared(&manager.lock);
    return count;
}

struct file *job_get_file(struct job *job, UINT32 index)
{
    struct file *file = NULL;

    AcquireSRWLockShared(&manager.lock);
    if (index < job->file_count)
        file = job->files[index];
    ReleaseSRWLockShared(&manager.lock);
    return file;
}

void file_get_progress(struct file *file, BG_FILE_PROGRESS *progress)
{
    UINT64 offset, size;

    AcquireSRWLockShared(&manager.lock);
    file_get_live_progress_locked(file, &offset, &size);
    progress->BytesTotal = size == ENGINE_SIZE_UNKNOWN ? BG_SIZE_UNKNOWN : size;
    progress->BytesTransferred = offset;
    progress->Completed = (file->flags & FILE_COMMITTED) != 0;
    ReleaseSRWLockShared(&manager.lock);
}

HRESULT file_get_remote_name(struct file *file, WCHAR **ret_name)
{
    HRESULT hr;

    AcquireSRWLockShared(&manager.lock);
    hr = client_string(file->remote, ret_name);
    ReleaseSRWLockShared(&manager.lock);
    return hr;
}

HRESULT file_get_local_name(struct file *file, WCHAR **ret_name)
{
    return client_string(file->local, ret_name);
}

HRESULT file_get_temporary_name(struct file *file, WCHAR **ret_name)
{
    WCHAR *path;
    HRESULT hr;

    if (!(path = file_part_path(file)))
        return E_OUTOFMEMORY;
    hr = client_string(path, ret_name);
    free(path);
    return hr;
}

/* ---- Other remote names ---- */

static BOOL is_remote_name(const WCHAR *url)
{
    WCHAR *source = NULL;
    BOOL ret = url_check(url, &source) != URL_INVALID;

    free(source);
    return ret;
}

static void file_swap_remote_locked(struct file *file, WCHAR **remote)
{
    WCHAR *old = file->remote;

    file->remote = *remote;
    *remote = old;
    /* The row may have been written with figures that a transfer had passed meanwhile. */
    file_changed_locked(file);
    file_restart_locked(file);
}

HRESULT file_set_remote_name(struct file *file, const WCHAR *url)
{
    struct job *job = file->job;
    struct change change;
    WCHAR *remote;
    HRESULT hr;

    if (!url || !is_remote_name(url))
        return E_INVALIDARG;
    if (!(remote = wide_dup(url)))
        return E_OUTOFMEMORY;
    if (FAILED(hr = job_begin(job)))
        goto done;
    change_begin(&change, job);
    change_put_file(&change, file, remote);
    if (SUCCEEDED(hr = change_commit(&change)))
    {
        AcquireSRWLockExclusive(&manager.lock);
        file_swap_remote_locked(file, &remote);
        ReleaseSRWLockExclusive(&manager.lock);
    }
    job_end(job);
    if (SUCCEEDED(hr))
        job_modified(job);
done:
    free(remote);
    return hr;
}

static HRESULT make_remote(const struct file *file, size_t old_length, const WCHAR *new, WCHAR **ret_remote)
{
    size_t length = wcslen(new);
    const WCHAR *tail = file->remote + old_length;
    WCHAR *remote;

    if (!(remote = malloc((length + wcslen(tail) + 1) * sizeof(WCHAR))))
        return E_OUTOFMEMORY;
    wcscpy(remote, new);
    wcscpy(remote + length, tail);
    *ret_remote = remote;
    return is_remote_name(remote) ? S_OK : E_INVALIDARG;
}

HRESULT job_replace_remote_prefix(struct job *job, const WCHAR *old, const WCHAR *new)
{
    size_t old_length = wcslen(old);
    UINT32 i, matches = 0;
    WCHAR **remotes = NULL;
    struct change change;
    HRESULT hr;

    if (!*old || !*new)
        return E_INVALIDARG;
    if (FAILED(hr = job_begin(job)))
        return hr;
    if (!(remotes = calloc(job->file_count + 1, sizeof(*remotes))))
    {
        hr = E_OUTOFMEMORY;
        goto done;
    }
    /* A redirect may change the names at any moment. */
    AcquireSRWLockShared(&manager.lock);
    for (i = 0; i < job->file_count && SUCCEEDED(hr); i++)
    {
        if (wcsncmp(job->files[i]->remote, old, old_length))
            continue;
        matches++;
        hr = make_remote(job->files[i], old_length, new, &remotes[i]);
    }
    ReleaseSRWLockShared(&manager.lock);
    if (FAILED(hr))
        goto done;
    if (!matches)
    {
        hr = S_FALSE;
        goto done;
    }

    change_begin(&change, job);
    for (i = 0; i < job->file_count; i++)
    {
        if (remotes[i])
            change_put_file(&change, job->files[i], remotes[i]);
    }
    if (FAILED(hr = change_commit(&change)))
        goto done;
    AcquireSRWLockExclusive(&manager.lock);
    for (i = 0; i < job->file_count; i++)
    {
        if (remotes[i])
            file_swap_remote_locked(job->files[i], &remotes[i]);
    }
    ReleaseSRWLockExclusive(&manager.lock);

done:
    for (i = 0; remotes && i < job->file_count; i++)
        free(remotes[i]);
    free(remotes);
    job_end(job);
    if (hr == S_OK)
        job_modified(job);
    return hr;
}
