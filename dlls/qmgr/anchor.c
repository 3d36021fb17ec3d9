/*
 * Keeps the interfaces that clients call registered for as long as the service runs.
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

/*
 * Wine registers an interface with RPC when its first object is marshalled, and unregisters it with the
 * last one.  For that it waits, under a lock that every marshalling needs, until the calls of the interface
 * have ended; the end of a call that comes in an unlucky moment is missed, and then nobody gets through any
 * more.  An object that is marshalled under every name and never let go keeps it from coming to that.
 */

static const IID * const iids[] =
{
    &IID_IClassFactory,
    &IID_IBackgroundCopyManager,
    &IID_IBackgroundCopyJob,
    &IID_IBackgroundCopyJob2,
    &IID_IBackgroundCopyJob3,
    &IID_IBackgroundCopyJobHttpOptions,
    &IID_IBackgroundCopyFile,
    &IID_IBackgroundCopyFile2,
    &IID_IBackgroundCopyError,
    &IID_IEnumBackgroundCopyJobs,
    &IID_IEnumBackgroundCopyFiles,
};

static IStream *streams[ARRAYSIZE(iids)];

/* Nobody gets to call what it claims to have. */
static HRESULT WINAPI anchor_QueryInterface(IUnknown *iface, REFIID iid, void **out)
{
    unsigned int i;

    *out = NULL;
    if (IsEqualIID(iid, &IID_IUnknown))
        *out = iface;
    for (i = 0; i < ARRAYSIZE(iids) && !*out; i++)
        if (IsEqualIID(iid, iids[i]))
            *out = iface;
    return *out ? S_OK : E_NOINTERFACE;
}

static ULONG WINAPI anchor_AddRef(IUnknown *iface)
{
    return 2;
}

static ULONG WINAPI anchor_Release(IUnknown *iface)
{
    return 1;
}

static const IUnknownVtbl anchor_vtbl =
{
    anchor_QueryInterface,
    anchor_AddRef,
    anchor_Release,
};

static IUnknown anchor = { (IUnknownVtbl *)&anchor_vtbl };

void anchor_drop(void)
{
    unsigned int i;
    HRESULT hr;

    for (i = 0; i < ARRAYSIZE(iids); i++)
    {
        if (FAILED(hr = CreateStreamOnHGlobal(NULL, TRUE, &streams[i])))
            return;
        if (FAILED(hr = CoMarshalInterface(streams[i], iids[i], &anchor, MSHCTX_LOCAL, NULL, MSHLFLAGS_TABLESTRONG)))
        {
            WARN("Cannot marshal %s, hr %#lx.\n", debugstr_guid(iids[i]), hr);
            IStream_Release(streams[i]);
            streams[i] = NULL;
        }
    }
}

void anchor_weigh(void)
{
    static const LARGE_INTEGER start;
    unsigned int i;

    for (i = 0; i < ARRAYSIZE(iids); i++)
    {
        if (!streams[i])
            continue;
        IStream_Seek(streams[i], start, STREAM_SEEK_SET, NULL);
        CoReleaseMarshalData(streams[i]);
        IStream_Release(streams[i]);
        streams[i] = NULL;
    }
}
