/*
 * IBackgroundCopyManager.
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

#define MAX_NAME 256                /* reference/bits.md 3.5 */

struct manager_object
{
    IBackgroundCopyManager IBackgroundCopyManager_iface;
    LONG refcount;
};

static inline struct manager_object *impl_from_IBackgroundCopyManager(IBackgroundCopyManager *iface)
{
    return CONTAINING_RECORD(iface, struct manager_object, IBackgroundCopyManager_iface);
}

static HRESULT WINAPI manager_object_QueryInterface(IBackgroundCopyManager *iface, REFIID iid, void **out)
{
    TRACE("iface %p, iid %s, out %p.\n", iface, debugstr_guid(iid), out);

    if (IsEqualIID(iid, &IID_IUnknown) || IsEqualIID(iid, &IID_IBackgroundCopyManager))
    {
        IBackgroundCopyManager_AddRef(iface);
        *out = iface;
        return S_OK;
    }
    WARN("%s is not supported.\n", debugstr_guid(iid));
    *out = NULL;
    return E_NOINTERFACE;
}

static ULONG WINAPI manager_object_AddRef(IBackgroundCopyManager *iface)
{
    struct manager_object *object = impl_from_IBackgroundCopyManager(iface);
    ULONG refcount = InterlockedIncrement(&object->refcount);

    TRACE("iface %p, refcount %lu.\n", iface, refcount);
    return refcount;
}

static ULONG WINAPI manager_object_Release(IBackgroundCopyManager *iface)
{
    struct manager_object *object = impl_from_IBackgroundCopyManager(iface);
    ULONG refcount = InterlockedDecrement(&object->refcount);

    TRACE("iface %p, refcount %lu.\n", iface, refcount);
    if (!refcount)
        free(object);
    return refcount;
}

static HRESULT WINAPI manager_object_CreateJob(IBackgroundCopyManager *iface, LPCWSTR name, BG_JOB_TYPE type,
                                               GUID *ret_id, IBackgroundCopyJob **ret_job)
{
    struct job *job;
    HRESULT hr;

    TRACE("iface %p, name %s, type %u, ret_id %p, ret_job %p.\n", iface, debugstr_w(name), type, ret_id, ret_job);

    if (ret_id)
        *ret_id = GUID_NULL;
    if (ret_job)
        *ret_job = NULL;
    if (!name || !ret_id || !ret_job || wcslen(name) > MAX_NAME)
        return E_INVALIDARG;
    if (type != BG_JOB_TYPE_DOWNLOAD && type != BG_JOB_TYPE_UPLOAD && type != BG_JOB_TYPE_UPLOAD_REPLY)
        return E_INVALIDARG;        /* unconfirmed: reference/bits.md 2.1 */
    if (type != BG_JOB_TYPE_DOWNLOAD)
    {
        FIXME("Uploads are not implemented.\n");
        return E_NOTIMPL;
    }

    if (FAILED(hr = model_create_job(name, type, &job)))
        return hr;
    if (SUCCEEDED(hr = job_object_create(job, ret_job)))
        *ret_id = job->guid;
    else
        job_post(job, JOB_CANCEL);
    job_release(job);
    return hr;
}

static HRESULT WINAPI manager_object_GetJob(IBackgroundCopyManager *iface, REFGUID id, IBackgroundCopyJob **ret_job)
{
    struct job *job;
    HRESULT hr;

    TRACE("iface %p, id %s, ret_job %p.\n", iface, debugstr_guid(id), ret_job);

    if (!ret_job)
        return E_INVALIDARG;
    *ret_job = NULL;
    if (!id)
        return E_INVALIDARG;

    if (FAILED(hr = model_find_job(id, &job)))
        return hr;
    hr = job_object_create(job, ret_job);
    job_release(job);
    return hr;
}

static HRESULT WINAPI manager_object_EnumJobs(IBackgroundCopyManager *iface, DWORD flags,
                                              IEnumBackgroundCopyJobs **ret_enum)
{
    TRACE("iface %p, flags %#lx, ret_enum %p.\n", iface, flags, ret_enum);

    if (!ret_enum)
        return E_INVALIDARG;
    *ret_enum = NULL;
    if (flags & ~BG_JOB_ENUM_ALL_USERS)
        return E_INVALIDARG;        /* unconfirmed: reference/bits.md 2.1 */

    /* A prefix has one user, so both values mean the same. */
    return enum_jobs_object_create(ret_enum);
}

static HRESULT WINAPI manager_object_GetErrorDescription(IBackgroundCopyManager *iface, HRESULT code,
                                                         DWORD language, LPWSTR *ret_text)
{
    TRACE("iface %p, code %#lx, language %#lx, ret_text %p.\n", iface, code, language, ret_text);

    if (!ret_text)
        return E_INVALIDARG;
    return error_description(code, language, ret_text);
}

static const IBackgroundCopyManagerVtbl manager_object_vtbl =
{
    manager_object_QueryInterface,
    manager_object_AddRef,
    manager_object_Release,
    manager_object_CreateJob,
    manager_object_GetJob,
    manager_object_EnumJobs,
    manager_object_GetErrorDescription,
};

HRESULT manager_object_create(IBackgroundCopyManager **ret_manager)
{
    struct manager_object *object;

    if (!(object = calloc(1, sizeof(*object))))
        return E_OUTOFMEMORY;
    object->IBackgroundCopyManager_iface.lpVtbl = &manager_object_vtbl;
    object->refcount = 1;
    *ret_manager = &object->IBackgroundCopyManager_iface;
    return S_OK;
}
