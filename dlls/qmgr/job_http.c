/*
 * IBackgroundCopyJobHttpOptions.
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

#define MAX_HEADERS 16383           /* reference/bits.md 3.5 */
/* Of the redirect policies, 0x0300 and 0x0400 are not defined (reference/bits.md 3.4). */
#define SECURITY_FLAGS_ALL (XFER_CHECK_REVOCATION | XFER_IGNORE_CN | XFER_IGNORE_DATE | XFER_IGNORE_UNKNOWN_CA \
        | XFER_IGNORE_USAGE | XFER_REDIRECT_REPORT | XFER_REDIRECT_DISALLOW | XFER_REDIRECT_HTTPS_TO_HTTP)

static inline struct job_object *impl_from_IBackgroundCopyJobHttpOptions(IBackgroundCopyJobHttpOptions *iface)
{
    return CONTAINING_RECORD(iface, struct job_object, IBackgroundCopyJobHttpOptions_iface);
}

static HRESULT WINAPI job_http_QueryInterface(IBackgroundCopyJobHttpOptions *iface, REFIID iid, void **out)
{
    struct job_object *object = impl_from_IBackgroundCopyJobHttpOptions(iface);

    return IBackgroundCopyJob3_QueryInterface(&object->IBackgroundCopyJob3_iface, iid, out);
}

static ULONG WINAPI job_http_AddRef(IBackgroundCopyJobHttpOptions *iface)
{
    struct job_object *object = impl_from_IBackgroundCopyJobHttpOptions(iface);

    return IBackgroundCopyJob3_AddRef(&object->IBackgroundCopyJob3_iface);
}

static ULONG WINAPI job_http_Release(IBackgroundCopyJobHttpOptions *iface)
{
    struct job_object *object = impl_from_IBackgroundCopyJobHttpOptions(iface);

    return IBackgroundCopyJob3_Release(&object->IBackgroundCopyJob3_iface);
}

static HRESULT WINAPI job_http_SetClientCertificateByID(IBackgroundCopyJobHttpOptions *iface,
        BG_CERT_STORE_LOCATION location, LPCWSTR store, BYTE *hash)
{
    FIXME("iface %p, location %u, store %s, hash %p: not implemented.\n", iface, location, debugstr_w(store), hash);

    return E_NOTIMPL;
}

static HRESULT WINAPI job_http_SetClientCertificateByName(IBackgroundCopyJobHttpOptions *iface,
        BG_CERT_STORE_LOCATION location, LPCWSTR store, LPCWSTR subject)
{
    FIXME("iface %p, location %u, store %s, subject %s: not implemented.\n", iface, location,
          debugstr_w(store), debugstr_w(subject));

    return E_NOTIMPL;
}

static HRESULT WINAPI job_http_RemoveClientCertificate(IBackgroundCopyJobHttpOptions *iface)
{
    struct job_object *object = impl_from_IBackgroundCopyJobHttpOptions(iface);

    TRACE("iface %p.\n", iface);

    if (state_is_final(job_get_state(object->job)))
        return BG_E_INVALID_STATE;
    /* None can be set, so there is none. */
    return S_FALSE;
}

static HRESULT WINAPI job_http_GetClientCertificate(IBackgroundCopyJobHttpOptions *iface,
        BG_CERT_STORE_LOCATION *ret_location, LPWSTR *ret_store, BYTE **ret_hash, LPWSTR *ret_subject)
{
    TRACE("iface %p, ret_location %p, ret_store %p, ret_hash %p, ret_subject %p.\n", iface,
          ret_location, ret_store, ret_hash, ret_subject);

    if (ret_location)
        *ret_location = BG_CERT_STORE_LOCATION_CURRENT_USER;
    if (ret_store)
        *ret_store = NULL;
    if (ret_hash)
        *ret_hash = NULL;
    if (ret_subject)
        *ret_subject = NULL;
    if (!ret_location || !ret_store || !ret_hash || !ret_subject)
        return E_INVALIDARG;
    /* What clients of Windows get when there is none. */
    return HRESULT_FROM_WIN32(RPC_X_BAD_STUB_DATA);
}

static HRESULT WINAPI job_http_SetCustomHeaders(IBackgroundCopyJobHttpOptions *iface, LPCWSTR headers)
{
    struct job_object *object = impl_from_IBackgroundCopyJobHttpOptions(iface);

    /* They often are secrets, so no word of them in a log. */
    TRACE("iface %p, headers %p.\n", iface, headers);

    if (headers && wcslen(headers) > MAX_HEADERS)
        return BG_E_STRING_TOO_LONG;
    return job_set_text(object->job, JOB_CUSTOM_HEADERS, headers);
}

static HRESULT WINAPI job_http_GetCustomHeaders(IBackgroundCopyJobHttpOptions *iface, LPWSTR *ret_headers)
{
    struct job_object *object = impl_from_IBackgroundCopyJobHttpOptions(iface);

    TRACE("iface %p, ret_headers %p.\n", iface, ret_headers);

    if (!ret_headers)
        return E_INVALIDARG;
    *ret_headers = NULL;
    return job_get_text(object->job, JOB_CUSTOM_HEADERS, ret_headers);
}

static HRESULT WINAPI job_http_SetSecurityFlags(IBackgroundCopyJobHttpOptions *iface, ULONG flags)
{
    struct job_object *object = impl_from_IBackgroundCopyJobHttpOptions(iface);

    TRACE("iface %p, flags %#lx.\n", iface, flags);

    if ((flags & ~SECURITY_FLAGS_ALL)
            || (flags & XFER_REDIRECT_MASK) == (XFER_REDIRECT_REPORT | XFER_REDIRECT_DISALLOW))
        return E_NOTIMPL;
    return job_set_int(object->job, JOB_SECURITY_FLAGS, flags);
}

static HRESULT WINAPI job_http_GetSecurityFlags(IBackgroundCopyJobHttpOptions *iface, ULONG *ret_flags)
{
    struct job_object *object = impl_from_IBackgroundCopyJobHttpOptions(iface);

    TRACE("iface %p, ret_flags %p.\n", iface, ret_flags);

    if (!ret_flags)
        return E_INVALIDARG;
    *ret_flags = job_get_int(object->job, JOB_SECURITY_FLAGS);
    return S_OK;
}

const IBackgroundCopyJobHttpOptionsVtbl job_http_vtbl =
{
    job_http_QueryInterface,
    job_http_AddRef,
    job_http_Release,
    job_http_SetClientCertificateByID,
    job_http_SetClientCertificateByName,
    job_http_RemoveClientCertificate,
    job_http_GetClientCertificate,
    job_http_SetCustomHeaders,
    job_http_GetCustomHeaders,
    job_http_SetSecurityFlags,
    job_http_GetSecurityFlags,
};
