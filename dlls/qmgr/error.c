/*
 * IBackgroundCopyError, a record of what went wrong, and the texts of errors.
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

struct error_object
{
    IBackgroundCopyError IBackgroundCopyError_iface;
    LONG refcount;
    struct job *job;                /* holds error.file */
    struct job_error error;         /* as it was when the client asked; never changes */
};

static HRESULT system_description(HRESULT code, DWORD language, WCHAR **ret_text)
{
    DWORD flags = FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS;
    WCHAR *text = NULL;
    DWORD size, error;
    HRESULT hr;

    size = FormatMessageW(flags, NULL, code, language, (WCHAR *)&text, 0, NULL);
    if (!size && HRESULT_FACILITY(code) == FACILITY_WIN32)
        size = FormatMessageW(flags, NULL, HRESULT_CODE(code), language, (WCHAR *)&text, 0, NULL);
    if (!size)
    {
        error = GetLastError();
        return error ? HRESULT_FROM_WIN32(error) : E_FAIL;
    }
    while (size && (text[size - 1] == '\r' || text[size - 1] == '\n' || text[size - 1] == ' '))
        text[--size] = 0;
    hr = client_string(text, ret_text);
    LocalFree(text);
    return hr;
}

HRESULT error_description(HRESULT code, DWORD language, WCHAR **ret_text)
{
    const WCHAR *text = error_text(code);

    *ret_text = NULL;
    if (!text)
        return system_description(code, language, ret_text);
    if (PRIMARYLANGID(language) != LANG_NEUTRAL && PRIMARYLANGID(language) != LANG_ENGLISH)
        return HRESULT_FROM_WIN32(ERROR_RESOURCE_LANG_NOT_FOUND);
    return client_string(text, ret_text);
}

static inline struct error_object *impl_from_IBackgroundCopyError(IBackgroundCopyError *iface)
{
    return CONTAINING_RECORD(iface, struct error_object, IBackgroundCopyError_iface);
}

static HRESULT WINAPI error_object_QueryInterface(IBackgroundCopyError *iface, REFIID iid, void **out)
{
    TRACE("iface %p, iid %s, out %p.\n", iface, debugstr_guid(iid), out);

    if (IsEqualIID(iid, &IID_IUnknown) || IsEqualIID(iid, &IID_IBackgroundCopyError))
    {
        IBackgroundCopyError_AddRef(iface);
        *out = iface;
        return S_OK;
    }
    WARN("%s is not supported.\n", debugstr_guid(iid));
    *out = NULL;
    return E_NOINTERFACE;
}

static ULONG WINAPI error_object_AddRef(IBackgroundCopyError *iface)
{
    struct error_object *object = impl_from_IBackgroundCopyError(iface);
    ULONG refcount = InterlockedIncrement(&object->refcount);

    TRACE("iface %p, refcount %lu.\n", iface, refcount);
    return refcount;
}

static ULONG WINAPI error_object_Release(IBackgroundCopyError *iface)
{
    struct error_object *object = impl_from_IBackgroundCopyError(iface);
    ULONG refcount = InterlockedDecrement(&object->refcount);

    TRACE("iface %p, refcount %lu.\n", iface, refcount);
    if (!refcount)
    {
        job_release(object->job);
        free(object);
    }
    return refcount;
}

static HRESULT WINAPI error_object_GetError(IBackgroundCopyError *iface, BG_ERROR_CONTEXT *ret_context,
                                            HRESULT *ret_code)
{
    struct error_object *object = impl_from_IBackgroundCopyError(iface);

    TRACE("iface %p, ret_context %p, ret_code %p.\n", iface, ret_context, ret_code);

    if (ret_context)
        *ret_context = BG_ERROR_CONTEXT_NONE;
    if (ret_code)
        *ret_code = S_OK;
    if (!ret_context || !ret_code)
        return E_INVALIDARG;
    *ret_context = object->error.context;
    *ret_code = object->error.code;
    return S_OK;
}

static HRESULT WINAPI error_object_GetFile(IBackgroundCopyError *iface, IBackgroundCopyFile **ret_file)
{
    struct error_object *object = impl_from_IBackgroundCopyError(iface);

    TRACE("iface %p, ret_file %p.\n", iface, ret_file);

    if (!ret_file)
        return E_INVALIDARG;
    *ret_file = NULL;
    if (!object->error.file)
        return BG_E_FILE_NOT_AVAILABLE;
    return file_object_create(object->error.file, ret_file);
}

static HRESULT WINAPI error_object_GetErrorDescription(IBackgroundCopyError *iface, DWORD language,
                                                       LPWSTR *ret_text)
{
    struct error_object *object = impl_from_IBackgroundCopyError(iface);

    TRACE("iface %p, language %#lx, ret_text %p.\n", iface, language, ret_text);

    if (!ret_text)
        return E_INVALIDARG;
    return error_description(object->error.code, language, ret_text);
}

static HRESULT WINAPI error_object_GetErrorContextDescription(IBackgroundCopyError *iface, DWORD language,
                                                              LPWSTR *ret_text)
{
    /* The codes that exist for these texts do not follow the order of the contexts. */
    static const HRESULT codes[] =
    {
        BG_S_ERROR_CONTEXT_NONE,
        BG_E_ERROR_CONTEXT_UNKNOWN,
        BG_E_ERROR_CONTEXT_GENERAL_QUEUE_MANAGER,
        BG_E_ERROR_CONTEXT_QUEUE_MANAGER_NOTIFICATION,
        BG_E_ERROR_CONTEXT_LOCAL_FILE,
        BG_E_ERROR_CONTEXT_REMOTE_FILE,
        BG_E_ERROR_CONTEXT_GENERAL_TRANSPORT,
        BG_E_ERROR_CONTEXT_REMOTE_APPLICATION,
    };
    struct error_object *object = impl_from_IBackgroundCopyError(iface);
    HRESULT code = BG_E_ERROR_CONTEXT_UNKNOWN;

    TRACE("iface %p, language %#lx, ret_text %p.\n", iface, language, ret_text);

    if (!ret_text)
        return E_INVALIDARG;
    if ((unsigned int)object->error.context < ARRAYSIZE(codes))
        code = codes[object->error.context];
    return error_description(code, language, ret_text);
}

static HRESULT WINAPI error_object_GetProtocol(IBackgroundCopyError *iface, LPWSTR *ret_protocol)
{
    struct error_object *object = impl_from_IBackgroundCopyError(iface);

    TRACE("iface %p, ret_protocol %p.\n", iface, ret_protocol);

    if (!ret_protocol)
        return E_INVALIDARG;
    *ret_protocol = NULL;
    if (!object->error.protocol)
        return BG_E_PROTOCOL_NOT_AVAILABLE;
    return client_string(object->error.protocol, ret_protocol);
}

static const IBackgroundCopyErrorVtbl error_object_vtbl =
{
    error_object_QueryInterface,
    error_object_AddRef,
    error_object_Release,
    error_object_GetError,
    error_object_GetFile,
    error_object_GetErrorDescription,
    error_object_GetErrorContextDescription,
    error_object_GetProtocol,
};

HRESULT error_object_create(struct job *job, const struct job_error *error, IBackgroundCopyError **ret_error)
{
    struct error_object *object;

    if (!(object = calloc(1, sizeof(*object))))
        return E_OUTOFMEMORY;
    object->IBackgroundCopyError_iface.lpVtbl = &error_object_vtbl;
    object->refcount = 1;
    object->job = job_addref(job);
    object->error = *error;
    *ret_error = &object->IBackgroundCopyError_iface;
    return S_OK;
}
