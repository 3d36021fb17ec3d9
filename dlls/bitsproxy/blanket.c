/*
 * Lets CoSetProxyBlanket() and CoCopyProxy() succeed where the system does not implement them.
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

#include "proxy.h"

/* Wine answers E_NOTIMPL to both, which some clients take for a reason to give up.  Calls between the
 * processes of one prefix are as safe without a blanket, so it is said that all went well. */

struct blanket
{
    IClientSecurity IClientSecurity_iface;
    LONG refcount;
    IClientSecurity *system;        /* whose answer stands, wherever it has one */
};

static inline struct blanket *impl_from_IClientSecurity(IClientSecurity *iface)
{
    return CONTAINING_RECORD(iface, struct blanket, IClientSecurity_iface);
}

static HRESULT STDMETHODCALLTYPE blanket_QueryInterface(IClientSecurity *iface, REFIID iid, void **out)
{
    struct blanket *blanket = impl_from_IClientSecurity(iface);

    if (IsEqualGUID(iid, &IID_IClientSecurity))
    {
        IClientSecurity_AddRef(iface);
        *out = iface;
        return S_OK;
    }
    /* Everything else belongs to the proxy's identity, IUnknown first of all. */
    return IClientSecurity_QueryInterface(blanket->system, iid, out);
}

static ULONG STDMETHODCALLTYPE blanket_AddRef(IClientSecurity *iface)
{
    struct blanket *blanket = impl_from_IClientSecurity(iface);

    return InterlockedIncrement(&blanket->refcount);
}

static ULONG STDMETHODCALLTYPE blanket_Release(IClientSecurity *iface)
{
    struct blanket *blanket = impl_from_IClientSecurity(iface);
    ULONG refcount = InterlockedDecrement(&blanket->refcount);

    if (!refcount)
    {
        IClientSecurity_Release(blanket->system);
        CoTaskMemFree(blanket);
    }
    return refcount;
}

static HRESULT STDMETHODCALLTYPE blanket_QueryBlanket(IClientSecurity *iface, IUnknown *proxy,
        DWORD *authn_service, DWORD *authz_service, OLECHAR **server_name, DWORD *authn_level,
        DWORD *impersonation_level, void **auth_info, DWORD *capabilities)
{
    struct blanket *blanket = impl_from_IClientSecurity(iface);

    return IClientSecurity_QueryBlanket(blanket->system, proxy, authn_service, authz_service, server_name,
                                        authn_level, impersonation_level, auth_info, capabilities);
}

static HRESULT STDMETHODCALLTYPE blanket_SetBlanket(IClientSecurity *iface, IUnknown *proxy,
        DWORD authn_service, DWORD authz_service, OLECHAR *server_name, DWORD authn_level,
        DWORD impersonation_level, void *auth_info, DWORD capabilities)
{
    struct blanket *blanket = impl_from_IClientSecurity(iface);
    HRESULT hr;

    hr = IClientSecurity_SetBlanket(blanket->system, proxy, authn_service, authz_service, server_name,
                                    authn_level, impersonation_level, auth_info, capabilities);
    return hr == E_NOTIMPL ? S_OK : hr;
}

static HRESULT STDMETHODCALLTYPE blanket_CopyProxy(IClientSecurity *iface, IUnknown *proxy, IUnknown **copy)
{
    struct blanket *blanket = impl_from_IClientSecurity(iface);
    HRESULT hr;

    hr = IClientSecurity_CopyProxy(blanket->system, proxy, copy);
    if (hr != E_NOTIMPL)
        return hr;
    /* A copy differs from its original in the blanket alone, and there are no blankets. */
    IUnknown_AddRef(proxy);
    *copy = proxy;
    return S_OK;
}

static const IClientSecurityVtbl blanket_vtbl =
{
    blanket_QueryInterface,
    blanket_AddRef,
    blanket_Release,
    blanket_QueryBlanket,
    blanket_SetBlanket,
    blanket_CopyProxy,
};

HRESULT STDMETHODCALLTYPE blanket_QueryInterface_Proxy(IUnknown *iface, REFIID iid, void **out)
{
    struct blanket *blanket;
    HRESULT hr;

    hr = IUnknown_QueryInterface_Proxy(iface, iid, out);
    if (FAILED(hr) || !IsEqualGUID(iid, &IID_IClientSecurity))
        return hr;
    if (!(blanket = CoTaskMemAlloc(sizeof(*blanket))))
    {
        IClientSecurity_Release((IClientSecurity *)*out);
        *out = NULL;
        return E_OUTOFMEMORY;
    }
    blanket->IClientSecurity_iface.lpVtbl = &blanket_vtbl;
    blanket->refcount = 1;
    blanket->system = *out;
    *out = &blanket->IClientSecurity_iface;
    return S_OK;
}
