/*
 * IBackgroundCopyFile and IBackgroundCopyFile2.
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

struct file_object
{
    IBackgroundCopyFile2 IBackgroundCopyFile2_iface;
    LONG refcount;
    struct file *file;              /* held by a reference to its job */
};

static inline struct file_object *impl_from_IBackgroundCopyFile2(IBackgroundCopyFile2 *iface)
{
    return CONTAINING_RECORD(iface, struct file_object, IBackgroundCopyFile2_iface);
}

static HRESULT WINAPI file_object_QueryInterface(IBackgroundCopyFile2 *iface, REFIID iid, void **out)
{
    TRACE("iface %p, iid %s, out %p.\n", iface, debugstr_guid(iid), out);

    if (IsEqualIID(iid, &IID_IUnknown) || IsEqualIID(iid, &IID_IBackgroundCopyFile)
            || IsEqualIID(iid, &IID_IBackgroundCopyFile2))
    {
        IBackgroundCopyFile2_AddRef(iface);
        *out = iface;
        return S_OK;
    }
    WARN("%s is not supported.\n", debugstr_guid(iid));
    *out = NULL;
    return E_NOINTERFACE;
}

static ULONG WINAPI file_object_AddRef(IBackgroundCopyFile2 *iface)
{
    struct file_object *object = impl_from_IBackgroundCopyFile2(iface);
    ULONG refcount = InterlockedIncrement(&object->refcount);

    TRACE("iface %p, refcount %lu.\n", iface, refcount);
    return refcount;
}

static ULONG WINAPI file_object_Release(IBackgroundCopyFile2 *iface)
{
    struct file_object *object = impl_from_IBackgroundCopyFile2(iface);
    ULONG refcount = InterlockedDecrement(&object->refcount);

    TRACE("iface %p, refcount %lu.\n", iface, refcount);
    if (!refcount)
    {
        job_release(object->file->job);
        free(object);
    }
    return refcount;
}

static HRESULT WINAPI file_object_GetRemoteName(IBackgroundCopyFile2 *iface, LPWSTR *ret_name)
{
    struct file_object *object = impl_from_IBackgroundCopyFile2(iface);

    TRACE("iface %p, ret_name %p.\n", iface, ret_name);

    if (!ret_name)
        return E_INVALIDARG;
    *ret_name = NULL;
    return file_get_remote_name(object->file, ret_name);
}

static HRESULT WINAPI file_object_GetLocalName(IBackgroundCopyFile2 *iface, LPWSTR *ret_name)
{
    struct file_object *object = impl_from_IBackgroundCopyFile2(iface);

    TRACE("iface %p, ret_name %p.\n", iface, ret_name);

    if (!ret_name)
        return E_INVALIDARG;
    *ret_name = NULL;
    return file_get_local_name(object->file, ret_name);
}

static HRESULT WINAPI file_object_GetProgress(IBackgroundCopyFile2 *iface, BG_FILE_PROGRESS *ret_progress)
{
    struct file_object *object = impl_from_IBackgroundCopyFile2(iface);

    TRACE("iface %p, ret_progress %p.\n", iface, ret_progress);

    if (!ret_progress)
        return E_INVALIDARG;
    memset(ret_progress, 0, sizeof(*ret_progress));
    file_get_progress(object->file, ret_progress);
    return S_OK;
}

static HRESULT WINAPI file_object_GetFileRanges(IBackgroundCopyFile2 *iface, DWORD *ret_count,
                                                BG_FILE_RANGE **ret_ranges)
{
    TRACE("iface %p, ret_count %p, ret_ranges %p.\n", iface, ret_count, ret_ranges);

    if (ret_ranges)
        *ret_ranges = NULL;
    if (ret_count)
        *ret_count = 0;
    if (!ret_count || !ret_ranges)
        return E_INVALIDARG;
    /* Only AddFileWithRanges() makes files that have ranges. */
    return S_FALSE;
}

static HRESULT WINAPI file_object_SetRemoteName(IBackgroundCopyFile2 *iface, LPCWSTR name)
{
    struct file_object *object = impl_from_IBackgroundCopyFile2(iface);

    TRACE("iface %p, name %p.\n", iface, name);

    if (!name)
        return E_INVALIDARG;
    return file_set_remote_name(object->file, name);
}

static const IBackgroundCopyFile2Vtbl file_object_vtbl =
{
    file_object_QueryInterface,
    file_object_AddRef,
    file_object_Release,
    file_object_GetRemoteName,
    file_object_GetLocalName,
    file_object_GetProgress,
    file_object_GetFileRanges,
    file_object_SetRemoteName,
};

HRESULT file_object_create(struct file *file, IBackgroundCopyFile **ret_file)
{
    struct file_object *object;

    if (!(object = calloc(1, sizeof(*object))))
        return E_OUTOFMEMORY;
    object->IBackgroundCopyFile2_iface.lpVtbl = &file_object_vtbl;
    object->refcount = 1;
    job_addref(file->job);
    object->file = file;
    *ret_file = (IBackgroundCopyFile *)&object->IBackgroundCopyFile2_iface;
    return S_OK;
}
