/*
 * The COM runtime, loaded when a command first needs it, and the connection to BITS.
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

#include "bitsadmin.h"

#include <sddl.h>

/* Not linked in, because /HOLD is this very program: its process lives as long as transfers do and
 * must not carry COM's megabyte of private memory. */
static HRESULT (WINAPI *pCoCreateInstance)(REFCLSID, IUnknown *, DWORD, REFIID, void **);
static HRESULT (WINAPI *pCoInitializeEx)(void *, DWORD);
static HRESULT (WINAPI *pCoInitializeSecurity)(PSECURITY_DESCRIPTOR, LONG, SOLE_AUTHENTICATION_SERVICE *,
        void *, DWORD, DWORD, void *, DWORD, void *);
static void (WINAPI *pCoTaskMemFree)(void *);
static void (WINAPI *pCoUninitialize)(void);
static HRESULT (WINAPI *pIIDFromString)(const WCHAR *, IID *);

static IBackgroundCopyManager *cached_manager;
static HRESULT start_result = E_PENDING;

static HRESULT load(void)
{
    HMODULE ole32 = LoadLibraryW(L"ole32.dll");
    HRESULT hr;

    if (!ole32)
        return HRESULT_FROM_WIN32(GetLastError());
    pCoCreateInstance = (void *)GetProcAddress(ole32, "CoCreateInstance");
    pCoInitializeEx = (void *)GetProcAddress(ole32, "CoInitializeEx");
    pCoInitializeSecurity = (void *)GetProcAddress(ole32, "CoInitializeSecurity");
    pCoTaskMemFree = (void *)GetProcAddress(ole32, "CoTaskMemFree");
    pCoUninitialize = (void *)GetProcAddress(ole32, "CoUninitialize");
    pIIDFromString = (void *)GetProcAddress(ole32, "IIDFromString");
    if (!pCoCreateInstance || !pCoInitializeEx || !pCoInitializeSecurity || !pCoTaskMemFree
            || !pCoUninitialize || !pIIDFromString)
        return HRESULT_FROM_WIN32(ERROR_PROC_NOT_FOUND);

    if (FAILED(hr = pCoInitializeEx(NULL, COINIT_MULTITHREADED)))
        return hr;
    /* BITS acts for the caller, so it has to be allowed to impersonate. */
    pCoInitializeSecurity(NULL, -1, NULL, NULL, RPC_C_AUTHN_LEVEL_CONNECT, RPC_C_IMP_LEVEL_IMPERSONATE,
            NULL, EOAC_NONE, NULL);
    if (FAILED(hr = pCoCreateInstance(&CLSID_BackgroundCopyManager, NULL, CLSCTX_LOCAL_SERVER,
            &IID_IBackgroundCopyManager, (void **)&cached_manager)))
    {
        cached_manager = NULL;
        pCoUninitialize();
    }
    return hr;
}

/* Connects on the first call; a failure is remembered. */
HRESULT ole_manager(IBackgroundCopyManager **ret_manager)
{
    *ret_manager = NULL;
    if (start_result == E_PENDING)
        start_result = load();
    if (FAILED(start_result))
        return start_result;
    *ret_manager = cached_manager;
    IBackgroundCopyManager_AddRef(cached_manager);
    return S_OK;
}

void ole_stop(void)
{
    if (!cached_manager)
        return;
    IBackgroundCopyManager_Release(cached_manager);
    cached_manager = NULL;
    start_result = E_PENDING;
    pCoUninitialize();
}

void ole_free(void *ptr)
{
    pCoTaskMemFree(ptr);
}

/* Only the form with braces names a job. */
BOOL ole_guid(const WCHAR *text, GUID *ret_guid)
{
    return text[0] == '{' && SUCCEEDED(pIIDFromString(text, ret_guid));
}

/* DOMAIN\user of a SID in text form. */
BOOL ole_account(const WCHAR *sid, WCHAR *account, DWORD size)
{
    BOOL (WINAPI *pConvertStringSidToSidW)(const WCHAR *, PSID *);
    BOOL (WINAPI *pLookupAccountSidW)(const WCHAR *, PSID, WCHAR *, DWORD *, WCHAR *, DWORD *, SID_NAME_USE *);
    HMODULE advapi32 = LoadLibraryW(L"advapi32.dll");
    WCHAR name[256], domain[256];
    DWORD name_size = ARRAY_SIZE(name), domain_size = ARRAY_SIZE(domain);
    SID_NAME_USE use;
    PSID binary;
    BOOL ret;

    if (!advapi32)
        return FALSE;
    pConvertStringSidToSidW = (void *)GetProcAddress(advapi32, "ConvertStringSidToSidW");
    pLookupAccountSidW = (void *)GetProcAddress(advapi32, "LookupAccountSidW");
    if (!pConvertStringSidToSidW || !pLookupAccountSidW || !pConvertStringSidToSidW(sid, &binary))
        return FALSE;
    ret = pLookupAccountSidW(NULL, binary, name, &name_size, domain, &domain_size, &use)
            && wcslen(domain) + wcslen(name) + 2 <= size;
    LocalFree(binary);
    if (!ret)
        return FALSE;
    wcscpy(account, domain);
    if (domain[0])
        wcscat(account, L"\\");
    wcscat(account, name);
    return TRUE;
}
