/*
 * Exports of the DLL: registration.
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

#include <wchar.h>

#include "qmgr.h"
#include <olectl.h>
#include <winsvc.h>
#include "wine/debug.h"

WINE_DEFAULT_DEBUG_CHANNEL(qmgr);

#define APPID L"{69AD4AEE-51BE-439B-A92C-86AE490E8B30}"
#define SERVICE_KEY L"System\\CurrentControlSet\\Services\\BITS"
#define SVCHOST_KEY L"Software\\Microsoft\\Windows NT\\CurrentVersion\\SvcHost"
#define DLL_PATH L"%SystemRoot%\\system32\\qmgr.dll"

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, void *reserved)
{
    if (reason == DLL_PROCESS_ATTACH)
        DisableThreadLibraryCalls(instance);
    return TRUE;
}

/* ---- Registry helpers: the first error stays ---- */

static void set_value(LSTATUS *status, HKEY root, const WCHAR *key, const WCHAR *name, DWORD type,
        const void *data, DWORD size)
{
    if (!*status)
        *status = RegSetKeyValueW(root, key, name, type, data, size);
}

static void set_string(LSTATUS *status, HKEY root, const WCHAR *key, const WCHAR *name, DWORD type,
        const WCHAR *string)
{
    set_value(status, root, key, name, type, string, (wcslen(string) + 1) * sizeof(WCHAR));
}

static void delete_key(LSTATUS *status, HKEY root, const WCHAR *key)
{
    LSTATUS ret = RegDeleteTreeW(root, key);

    if (ret && ret != ERROR_FILE_NOT_FOUND && !*status)
        *status = ret;
}

/* ---- Classes (reference/bits.md 1.4) ---- */

static void get_class_key(unsigned int i, WCHAR *key, size_t size)
{
    WCHAR guid[39];

    StringFromGUID2(&manager_classes[i].clsid, guid, ARRAYSIZE(guid));
    swprintf(key, size, L"CLSID\\%ls", guid);
}

static LSTATUS register_classes(void)
{
    LSTATUS status = ERROR_SUCCESS;
    WCHAR key[64], text[80];
    unsigned int i;

    set_string(&status, HKEY_CLASSES_ROOT, L"AppID\\" APPID, L"LocalService", REG_SZ, L"BITS");
    set_string(&status, HKEY_CLASSES_ROOT, L"AppID\\BITS", L"AppID", REG_SZ, APPID);
    for (i = 0; i < MANAGER_CLASSES; i++)
    {
        get_class_key(i, key, ARRAYSIZE(key));
        swprintf(text, ARRAYSIZE(text), L"Background Intelligent Transfer Control Class %ls",
                manager_classes[i].version);
        set_string(&status, HKEY_CLASSES_ROOT, key, NULL, REG_SZ, text);
        set_string(&status, HKEY_CLASSES_ROOT, key, L"AppID", REG_SZ, APPID);
    }
    return status;
}

static LSTATUS unregister_classes(void)
{
    LSTATUS status = ERROR_SUCCESS;
    unsigned int i;
    WCHAR key[64];

    for (i = 0; i < MANAGER_CLASSES; i++)
    {
        get_class_key(i, key, ARRAYSIZE(key));
        delete_key(&status, HKEY_CLASSES_ROOT, key);
    }
    delete_key(&status, HKEY_CLASSES_ROOT, L"AppID\\BITS");
    delete_key(&status, HKEY_CLASSES_ROOT, L"AppID\\" APPID);
    return status;
}

/* ---- The service ---- */

/* Through the service control manager, so that it knows at once. */
static LSTATUS register_service(void)
{
    static const WCHAR path[] = L"%SystemRoot%\\System32\\svchost.exe -k netsvcs";
    static const WCHAR name[] = L"@%SystemRoot%\\system32\\qmgr.dll,-1000";
    static WCHAR description[] = L"@%SystemRoot%\\system32\\qmgr.dll,-1001";
    SERVICE_DESCRIPTIONW info = { description };
    LSTATUS status = ERROR_SUCCESS;
    SC_HANDLE manager, service;

    if (!(manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_ALL_ACCESS)))
        return GetLastError();
    if ((service = OpenServiceW(manager, L"BITS", SERVICE_ALL_ACCESS)))
    {
        if (!ChangeServiceConfigW(service, SERVICE_WIN32_SHARE_PROCESS, SERVICE_DEMAND_START,
                SERVICE_ERROR_NORMAL, path, NULL, NULL, L"RpcSs\0", NULL, NULL, name))
            status = GetLastError();
    }
    else if (!(service = CreateServiceW(manager, L"BITS", name, SERVICE_ALL_ACCESS, SERVICE_WIN32_SHARE_PROCESS,
            SERVICE_DEMAND_START, SERVICE_ERROR_NORMAL, path, NULL, NULL, L"RpcSs\0", NULL, NULL)))
    {
        status = GetLastError();
    }
    if (!status && !ChangeServiceConfig2W(service, SERVICE_CONFIG_DESCRIPTION, &info))
        status = GetLastError();
    if (service)
        CloseServiceHandle(service);
    CloseServiceHandle(manager);
    return status;
}

/* What the service control manager's functions cannot say everywhere. */
static LSTATUS register_service_values(void)
{
    static const WCHAR privileges[] = L"SeCreateGlobalPrivilege\0SeImpersonatePrivilege\0SeTcbPrivilege\0"
            L"SeAssignPrimaryTokenPrivilege\0SeIncreaseQuotaPrivilege\0";
    /* After a day the count begins again; restart after 60 s, after 120 s, then nothing. */
    static const DWORD failures[] = { 86400, 0, 0, 3, 20, SC_ACTION_RESTART, 60000, SC_ACTION_RESTART, 120000,
            SC_ACTION_NONE, 0 };
    static const DWORD sid_type = 1;    /* SERVICE_SID_TYPE_UNRESTRICTED */
    LSTATUS status = ERROR_SUCCESS;

    set_value(&status, HKEY_LOCAL_MACHINE, SERVICE_KEY, L"ServiceSidType", REG_DWORD, &sid_type, sizeof(sid_type));
    set_value(&status, HKEY_LOCAL_MACHINE, SERVICE_KEY, L"RequiredPrivileges", REG_MULTI_SZ,
            privileges, sizeof(privileges));
    set_value(&status, HKEY_LOCAL_MACHINE, SERVICE_KEY, L"FailureActions", REG_BINARY, failures, sizeof(failures));
    set_string(&status, HKEY_LOCAL_MACHINE, SERVICE_KEY L"\\Parameters", L"ServiceDll", REG_EXPAND_SZ, DLL_PATH);
    return status;
}

static LSTATUS register_svchost(void)
{
    static const WCHAR self[] = L"BITS";
    WCHAR services[2048], *p = services;
    DWORD size = sizeof(services) - sizeof(self) - sizeof(WCHAR);
    LSTATUS status;

    memset(services, 0, sizeof(services));
    status = RegGetValueW(HKEY_LOCAL_MACHINE, SVCHOST_KEY, L"netsvcs", RRF_RT_REG_MULTI_SZ, NULL, services, &size);
    if (status == ERROR_FILE_NOT_FOUND)
        memset(services, 0, sizeof(services));
    else if (status)
        return status;
    for (; *p; p += wcslen(p) + 1)
    {
        if (!_wcsicmp(p, self))
            return ERROR_SUCCESS;
    }
    wcscpy(p, self);
    p += ARRAYSIZE(self);
    *p++ = 0;
    return RegSetKeyValueW(HKEY_LOCAL_MACHINE, SVCHOST_KEY, L"netsvcs", REG_MULTI_SZ, services,
            (p - services) * sizeof(WCHAR));
}

HRESULT WINAPI DllRegisterServer(void)
{
    LSTATUS status;

    TRACE("\n");
    if ((status = register_classes()) || (status = register_service())
            || (status = register_service_values()) || (status = register_svchost()))
    {
        ERR("Cannot register, error %lu.\n", status);
        return HRESULT_FROM_WIN32(status);
    }
    return S_OK;
}

/* The service entry stays: it is the system's, and the DLL that was here before needs it. */
HRESULT WINAPI DllUnregisterServer(void)
{
    LSTATUS status;

    TRACE("\n");
    if ((status = unregister_classes()))
        return HRESULT_FROM_WIN32(status);
    return S_OK;
}

/* ---- Repair ---- */

#define OLD_INTERFACE L"Interface\\{37668D37-507E-4160-9316-26306D150B12}\\ProxyStubClsid32"
#define NEW_INTERFACE L"Interface\\{8A9263D3-FD4C-4EDA-9B28-30132A4D4E3C}\\ProxyStubClsid32"

/* An interface that other proxies know too, and one that only ours do, should lead to the same class. */
static BOOL is_proxy_replaced(DWORD view)
{
    WCHAR old[64], new[64];
    DWORD size = sizeof(new);
    BOOL ret = FALSE;
    HKEY classes;

    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, L"Software\\Classes", 0, KEY_READ | view, &classes))
        return FALSE;
    if (!RegGetValueW(classes, NEW_INTERFACE, NULL, RRF_RT_REG_SZ, NULL, new, &size))
    {
        size = sizeof(old);
        ret = RegGetValueW(classes, OLD_INTERFACE, NULL, RRF_RT_REG_SZ, NULL, old, &size) || _wcsicmp(old, new);
    }
    RegCloseKey(classes);
    return ret;
}

static void run_regsvr32(const WCHAR *directory)
{
    WCHAR program[MAX_PATH + 32], command[2 * MAX_PATH + 64];
    STARTUPINFOW startup = { sizeof(startup) };
    PROCESS_INFORMATION info;

    swprintf(program, ARRAYSIZE(program), L"%ls\\regsvr32.exe", directory);
    swprintf(command, ARRAYSIZE(command), L"regsvr32.exe /s %ls\\bitsproxy.dll", directory);
    WARN("Another program has replaced the proxies: %s.\n", debugstr_w(command));
    if (!CreateProcessW(program, command, NULL, NULL, FALSE, CREATE_NO_WINDOW, NULL, NULL, &startup, &info))
    {
        ERR("Cannot run %s, error %lu.\n", debugstr_w(program), GetLastError());
        return;
    }
    WaitForSingleObject(info.hProcess, 20000);
    CloseHandle(info.hThread);
    CloseHandle(info.hProcess);
}

void registration_repair(void)
{
    WCHAR directory[MAX_PATH];

    if (is_proxy_replaced(0) && GetSystemDirectoryW(directory, ARRAYSIZE(directory)))
        run_regsvr32(directory);
#ifdef _WIN64
    if (is_proxy_replaced(KEY_WOW64_32KEY) && GetSystemWow64DirectoryW(directory, ARRAYSIZE(directory)))
        run_regsvr32(directory);
#endif
}
