/*
 * The class object: one factory behind every class id of the manager.
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

/* reference/bits.md 1.1; all of them give the same object. */
const struct manager_class manager_classes[MANAGER_CLASSES] =
{
    { { 0x4991d34b, 0x80a1, 0x4291, { 0x83, 0xb6, 0x33, 0x28, 0x36, 0x6b, 0x90, 0x97 } }, L"1.0" },
    { { 0xf087771f, 0xd74f, 0x4c1a, { 0xbb, 0x8a, 0xe1, 0x6a, 0xca, 0x91, 0x24, 0xea } }, L"1.5" },
    { { 0x6d18ad12, 0xbde3, 0x4393, { 0xb3, 0x11, 0x09, 0x9c, 0x34, 0x6e, 0x6d, 0xf9 } }, L"2.0" },
    { { 0x03ca98d6, 0xff5d, 0x49b8, { 0xab, 0xc6, 0x03, 0xdd, 0x84, 0x12, 0x70, 0x20 } }, L"2.5" },
    { { 0x659cdea7, 0x489e, 0x11d9, { 0xa9, 0xcd, 0x00, 0x0d, 0x56, 0x96, 0x52, 0x51 } }, L"3.0" },
    { { 0xbb6df56b, 0xcace, 0x11dc, { 0x99, 0x92, 0x00, 0x19, 0xb9, 0x3a, 0x3a, 0x84 } }, L"4.0" },
    { { 0x1ecca34c, 0xe88a, 0x44e3, { 0x8d, 0x6a, 0x89, 0x21, 0xbd, 0xe9, 0xe4, 0x52 } }, L"5.0" },
    { { 0x4d233817, 0xb456, 0x4e75, { 0x83, 0xd2, 0xb1, 0x7d, 0xec, 0x54, 0x4d, 0x12 } }, L"10.0" },
    { { 0x4bd3e4e1, 0x7bd4, 0x4a2b, { 0x99, 0x64, 0x49, 0x64, 0x00, 0xde, 0x51, 0x93 } }, L"10.1" },
    { { 0x4575438f, 0xa6c8, 0x4976, { 0xb0, 0xfe, 0x2f, 0x26, 0xb8, 0x0d, 0x95, 0x9e } }, L"10.2" },
    { { 0x5fd42ad5, 0xc04e, 0x4d36, { 0xad, 0xc7, 0xe0, 0x8f, 0xf1, 0x57, 0x37, 0xad } }, L"10.3" },
};

static DWORD cookies[MANAGER_CLASSES];

static HRESULT WINAPI factory_QueryInterface(IClassFactory *iface, REFIID riid, void **out)
{
    if (IsEqualGUID(riid, &IID_IUnknown) || IsEqualGUID(riid, &IID_IClassFactory))
    {
        *out = iface;
        IClassFactory_AddRef(iface);
        return S_OK;
    }
    *out = NULL;
    return E_NOINTERFACE;
}

static ULONG WINAPI factory_AddRef(IClassFactory *iface)
{
    return 2;
}

static ULONG WINAPI factory_Release(IClassFactory *iface)
{
    return 1;
}

static HRESULT WINAPI factory_CreateInstance(IClassFactory *iface, IUnknown *outer, REFIID riid, void **out)
{
    IBackgroundCopyManager *object;
    HRESULT hr;

    TRACE("outer %p, riid %s.\n", outer, debugstr_guid(riid));
    *out = NULL;
    if (outer)
        return CLASS_E_NOAGGREGATION;
    if (FAILED(hr = manager_object_create(&object)))
        return hr;
    hr = IBackgroundCopyManager_QueryInterface(object, riid, out);
    IBackgroundCopyManager_Release(object);
    return hr;
}

static HRESULT WINAPI factory_LockServer(IClassFactory *iface, BOOL lock)
{
    /* The service lives as long as the service control manager says. */
    return S_OK;
}

static const IClassFactoryVtbl factory_vtbl =
{
    factory_QueryInterface,
    factory_AddRef,
    factory_Release,
    factory_CreateInstance,
    factory_LockServer,
};

static IClassFactory factory = { (IClassFactoryVtbl *)&factory_vtbl };

HRESULT factory_register(void)
{
    unsigned int i;
    HRESULT hr;

    for (i = 0; i < MANAGER_CLASSES; i++)
    {
        if (FAILED(hr = CoRegisterClassObject(&manager_classes[i].clsid, (IUnknown *)&factory,
                CLSCTX_LOCAL_SERVER, REGCLS_MULTIPLEUSE, &cookies[i])))
        {
            ERR("Cannot register class %s, hr %#lx.\n", debugstr_guid(&manager_classes[i].clsid), hr);
            while (i--)
                CoRevokeClassObject(cookies[i]);
            return hr;
        }
    }
    return S_OK;
}

void factory_revoke(void)
{
    unsigned int i;

    for (i = 0; i < MANAGER_CLASSES; i++)
        CoRevokeClassObject(cookies[i]);
}
