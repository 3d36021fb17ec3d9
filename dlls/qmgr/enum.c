/*
 * IEnumBackgroundCopyJobs and IEnumBackgroundCopyFiles: a place in a snapshot.
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

#include "qmgr.h"

#include "wine/debug.h"

WINE_DEFAULT_DEBUG_CHANNEL(qmgr);

/* Shared by an enumerator and its clones. */
struct snapshot
{
    LONG refcount;
    struct job **jobs;
    UINT32 count;
};

struct enum_jobs
{
    IEnumBackgroundCopyJobs IEnumBackgroundCopyJobs_iface;
    LONG refcount;
    struct snapshot *snapshot;
    UINT32 position;                /* guarded by lock */
    SRWLOCK lock;
};

struct enum_files
{
    IEnumBackgroundCopyFiles IEnumBackgroundCopyFiles_iface;
    LONG refcount;
    struct job *job;
    UINT32 count;                   /* files are only ever added, so their number is a snapshot */
    UINT32 position;                /* guarded by lock */
    SRWLOCK lock;
};

/* Moves the position by at most count and returns by how much. */
static UINT32 advance(SRWLOCK *lock, UINT32 *position, UINT32 end, ULONG count, UINT32 *ret_start)
{
    UINT32 moved;

    AcquireSRWLockExclusive(lock);
    moved = min(count, end - *position);
    if (ret_start)
        *ret_start = *position;
    *position += moved;
    ReleaseSRWLockExclusive(lock);
    return moved;
}

static UINT32 get_position(SRWLOCK *lock, const UINT32 *position)
{
    UINT32 ret;

    AcquireSRWLockShared(lock);
    ret = *position;
    ReleaseSRWLockShared(lock);
    return ret;
}

static void set_position(SRWLOCK *lock, UINT32 *position, UINT32 value)
{
    AcquireSRWLockExclusive(lock);
    *position = value;
    ReleaseSRWLockExclusive(lock);
}

static void snapshot_release(struct snapshot *snapshot)
{
    UINT32 i;

    if (InterlockedDecrement(&snapshot->refcount))
        return;
    for (i = 0; i < snapshot->count; i++)
        job_release(snapshot->jobs[i]);
    free(snapshot->jobs);
    free(snapshot);
}

static HRESULT enum_jobs_create(struct snapshot *snapshot, UINT32 position, IEnumBackgroundCopyJobs **ret_enum);
static HRESULT enum_files_create(struct job *job, UINT32 count, UINT32 position,
                                 IEnumBackgroundCopyFiles **ret_enum);

static inline struct enum_jobs *impl_from_IEnumBackgroundCopyJobs(IEnumBackgroundCopyJobs *iface)
{
    return CONTAINING_RECORD(iface, struct enum_jobs, IEnumBackgroundCopyJobs_iface);
}

static HRESULT WINAPI enum_jobs_QueryInterface(IEnumBackgroundCopyJobs *iface, REFIID iid, void **out)
{
    TRACE("iface %p, iid %s, out %p.\n", iface, debugstr_guid(iid), out);

    if (IsEqualIID(iid, &IID_IUnknown) || IsEqualIID(iid, &IID_IEnumBackgroundCopyJobs))
    {
        IEnumBackgroundCopyJobs_AddRef(iface);
        *out = iface;
        return S_OK;
    }
    WARN("%s is not supported.\n", debugstr_guid(iid));
    *out = NULL;
    return E_NOINTERFACE;
}

static ULONG WINAPI enum_jobs_AddRef(IEnumBackgroundCopyJobs *iface)
{
    struct enum_jobs *object = impl_from_IEnumBackgroundCopyJobs(iface);
    ULONG refcount = InterlockedIncrement(&object->refcount);

    TRACE("iface %p, refcount %lu.\n", iface, refcount);
    return refcount;
}

static ULONG WINAPI enum_jobs_Release(IEnumBackgroundCopyJobs *iface)
{
    struct enum_jobs *object = impl_from_IEnumBackgroundCopyJobs(iface);
    ULONG refcount = InterlockedDecrement(&object->refcount);

    TRACE("iface %p, refcount %lu.\n", iface, refcount);
    if (!refcount)
    {
        snapshot_release(object->snapshot);
        free(object);
    }
    return refcount;
}

static HRESULT WINAPI enum_jobs_Next(IEnumBackgroundCopyJobs *iface, ULONG count, IBackgroundCopyJob **jobs,
                                     ULONG *ret_fetched)
{
    struct enum_jobs *object = impl_from_IEnumBackgroundCopyJobs(iface);
    UINT32 start, fetched, i;
    HRESULT hr = S_OK;

    TRACE("iface %p, count %lu, jobs %p, ret_fetched %p.\n", iface, count, jobs, ret_fetched);

    if (ret_fetched)
        *ret_fetched = 0;
    if (!jobs || (!ret_fetched && count != 1))
        return E_INVALIDARG;
    memset(jobs, 0, count * sizeof(*jobs));

    fetched = advance(&object->lock, &object->position, object->snapshot->count, count, &start);
    for (i = 0; i < fetched && SUCCEEDED(hr); i++)
        hr = job_object_create(object->snapshot->jobs[start + i], &jobs[i]);
    if (FAILED(hr))
    {
        for (i = 0; i < fetched; i++)
        {
            if (jobs[i])
                IBackgroundCopyJob_Release(jobs[i]);
            jobs[i] = NULL;
        }
        set_position(&object->lock, &object->position, start);
        return hr;
    }
    if (ret_fetched)
        *ret_fetched = fetched;
    return fetched == count ? S_OK : S_FALSE;
}

static HRESULT WINAPI enum_jobs_Skip(IEnumBackgroundCopyJobs *iface, ULONG count)
{
    struct enum_jobs *object = impl_from_IEnumBackgroundCopyJobs(iface);

    TRACE("iface %p, count %lu.\n", iface, count);

    return advance(&object->lock, &object->position, object->snapshot->count, count, NULL) == count
            ? S_OK : S_FALSE;
}

static HRESULT WINAPI enum_jobs_Reset(IEnumBackgroundCopyJobs *iface)
{
    struct enum_jobs *object = impl_from_IEnumBackgroundCopyJobs(iface);

    TRACE("iface %p.\n", iface);

    set_position(&object->lock, &object->position, 0);
    return S_OK;
}

static HRESULT WINAPI enum_jobs_Clone(IEnumBackgroundCopyJobs *iface, IEnumBackgroundCopyJobs **ret_enum)
{
    struct enum_jobs *object = impl_from_IEnumBackgroundCopyJobs(iface);

    TRACE("iface %p, ret_enum %p.\n", iface, ret_enum);

    if (!ret_enum)
        return E_INVALIDARG;
    *ret_enum = NULL;
    return enum_jobs_create(object->snapshot, get_position(&object->lock, &object->position), ret_enum);
}

static HRESULT WINAPI enum_jobs_GetCount(IEnumBackgroundCopyJobs *iface, ULONG *ret_count)
{
    struct enum_jobs *object = impl_from_IEnumBackgroundCopyJobs(iface);

    TRACE("iface %p, ret_count %p.\n", iface, ret_count);

    if (!ret_count)
        return E_INVALIDARG;
    *ret_count = object->snapshot->count;
    return S_OK;
}

static const IEnumBackgroundCopyJobsVtbl enum_jobs_vtbl =
{
    enum_jobs_QueryInterface,
    enum_jobs_AddRef,
    enum_jobs_Release,
    enum_jobs_Next,
    enum_jobs_Skip,
    enum_jobs_Reset,
    enum_jobs_Clone,
    enum_jobs_GetCount,
};

static HRESULT enum_jobs_create(struct snapshot *snapshot, UINT32 position, IEnumBackgroundCopyJobs **ret_enum)
{
    struct enum_jobs *object;

    if (!(object = calloc(1, sizeof(*object))))
        return E_OUTOFMEMORY;
    object->IEnumBackgroundCopyJobs_iface.lpVtbl = &enum_jobs_vtbl;
    object->refcount = 1;
    object->snapshot = snapshot;
    InterlockedIncrement(&snapshot->refcount);
    object->position = position;
    InitializeSRWLock(&object->lock);
    *ret_enum = &object->IEnumBackgroundCopyJobs_iface;
    return S_OK;
}

HRESULT enum_jobs_object_create(IEnumBackgroundCopyJobs **ret_enum)
{
    struct snapshot *snapshot;
    HRESULT hr;

    if (!(snapshot = calloc(1, sizeof(*snapshot))))
        return E_OUTOFMEMORY;
    snapshot->refcount = 1;
    if (SUCCEEDED(hr = model_enum_jobs(&snapshot->jobs, &snapshot->count)))
        hr = enum_jobs_create(snapshot, 0, ret_enum);
    snapshot_release(snapshot);
    return hr;
}

static inline struct enum_files *impl_from_IEnumBackgroundCopyFiles(IEnumBackgroundCopyFiles *iface)
{
    return CONTAINING_RECORD(iface, struct enum_files, IEnumBackgroundCopyFiles_iface);
}

static HRESULT WINAPI enum_files_QueryInterface(IEnumBackgroundCopyFiles *iface, REFIID iid, void **out)
{
    TRACE("iface %p, iid %s, out %p.\n", iface, debugstr_guid(iid), out);

    if (IsEqualIID(iid, &IID_IUnknown) || IsEqualIID(iid, &IID_IEnumBackgroundCopyFiles))
    {
        IEnumBackgroundCopyFiles_AddRef(iface);
        *out = iface;
        return S_OK;
    }
    WARN("%s is not supported.\n", debugstr_guid(iid));
    *out = NULL;
    return E_NOINTERFACE;
}

static ULONG WINAPI enum_files_AddRef(IEnumBackgroundCopyFiles *iface)
{
    struct enum_files *object = impl_from_IEnumBackgroundCopyFiles(iface);
    ULONG refcount = InterlockedIncrement(&object->refcount);

    TRACE("iface %p, refcount %lu.\n", iface, refcount);
    return refcount;
}

static ULONG WINAPI enum_files_Release(IEnumBackgroundCopyFiles *iface)
{
    struct enum_files *object = impl_from_IEnumBackgroundCopyFiles(iface);
    ULONG refcount = InterlockedDecrement(&object->refcount);

    TRACE("iface %p, refcount %lu.\n", iface, refcount);
    if (!refcount)
    {
        job_release(object->job);
        free(object);
    }
    return refcount;
}

static HRESULT WINAPI enum_files_Next(IEnumBackgroundCopyFiles *iface, ULONG count, IBackgroundCopyFile **files,
                                      ULONG *ret_fetched)
{
    struct enum_files *object = impl_from_IEnumBackgroundCopyFiles(iface);
    UINT32 start, fetched, i;
    HRESULT hr = S_OK;

    TRACE("iface %p, count %lu, files %p, ret_fetched %p.\n", iface, count, files, ret_fetched);

    if (ret_fetched)
        *ret_fetched = 0;
    if (!files || (!ret_fetched && count != 1))
        return E_INVALIDARG;
    memset(files, 0, count * sizeof(*files));

    fetched = advance(&object->lock, &object->position, object->count, count, &start);
    for (i = 0; i < fetched && SUCCEEDED(hr); i++)
        hr = file_object_create(job_get_file(object->job, start + i), &files[i]);
    if (FAILED(hr))
    {
        for (i = 0; i < fetched; i++)
        {
            if (files[i])
                IBackgroundCopyFile_Release(files[i]);
            files[i] = NULL;
        }
        set_position(&object->lock, &object->position, start);
        return hr;
    }
    if (ret_fetched)
        *ret_fetched = fetched;
    return fetched == count ? S_OK : S_FALSE;
}

static HRESULT WINAPI enum_files_Skip(IEnumBackgroundCopyFiles *iface, ULONG count)
{
    struct enum_files *object = impl_from_IEnumBackgroundCopyFiles(iface);

    TRACE("iface %p, count %lu.\n", iface, count);

    return advance(&object->lock, &object->position, object->count, count, NULL) == count ? S_OK : S_FALSE;
}

static HRESULT WINAPI enum_files_Reset(IEnumBackgroundCopyFiles *iface)
{
    struct enum_files *object = impl_from_IEnumBackgroundCopyFiles(iface);

    TRACE("iface %p.\n", iface);

    set_position(&object->lock, &object->position, 0);
    return S_OK;
}

static HRESULT WINAPI enum_files_Clone(IEnumBackgroundCopyFiles *iface, IEnumBackgroundCopyFiles **ret_enum)
{
    struct enum_files *object = impl_from_IEnumBackgroundCopyFiles(iface);

    TRACE("iface %p, ret_enum %p.\n", iface, ret_enum);

    if (!ret_enum)
        return E_INVALIDARG;
    *ret_enum = NULL;
    return enum_files_create(object->job, object->count, get_position(&object->lock, &object->position), ret_enum);
}

static HRESULT WINAPI enum_files_GetCount(IEnumBackgroundCopyFiles *iface, ULONG *ret_count)
{
    struct enum_files *object = impl_from_IEnumBackgroundCopyFiles(iface);

    TRACE("iface %p, ret_count %p.\n", iface, ret_count);

    if (!ret_count)
        return E_INVALIDARG;
    *ret_count = object->count;
    return S_OK;
}

static const IEnumBackgroundCopyFilesVtbl enum_files_vtbl =
{
    enum_files_QueryInterface,
    enum_files_AddRef,
    enum_files_Release,
    enum_files_Next,
    enum_files_Skip,
    enum_files_Reset,
    enum_files_Clone,
    enum_files_GetCount,
};

static HRESULT enum_files_create(struct job *job, UINT32 count, UINT32 position,
                                 IEnumBackgroundCopyFiles **ret_enum)
{
    struct enum_files *object;

    if (!(object = calloc(1, sizeof(*object))))
        return E_OUTOFMEMORY;
    object->IEnumBackgroundCopyFiles_iface.lpVtbl = &enum_files_vtbl;
    object->refcount = 1;
    object->job = job_addref(job);
    object->count = count;
    object->position = position;
    InitializeSRWLock(&object->lock);
    *ret_enum = &object->IEnumBackgroundCopyFiles_iface;
    return S_OK;
}

HRESULT enum_files_object_create(struct job *job, IEnumBackgroundCopyFiles **ret_enum)
{
    return enum_files_create(job, job_get_file_count(job), 0, ret_enum);
}
