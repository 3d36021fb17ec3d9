/*
 * The prefix held open by one process at most, and the start type of a service.
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

#include <stdlib.h>
#include <string.h>

#include <windef.h>
#include <winbase.h>
#include <winreg.h>
#include <winsvc.h>
#include <tlhelp32.h>

#include "engine.h"
#include "wine/test.h"

/* How many holders has this process, and who is the last? */
static unsigned int count_holders(DWORD *ret_pid)
{
    PROCESSENTRY32W entry = { sizeof(entry) };
    unsigned int count = 0;
    HANDLE snapshot;
    BOOL more;

    snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
    ok(snapshot != INVALID_HANDLE_VALUE, "Got error %lu.\n", GetLastError());
    for (more = Process32FirstW(snapshot, &entry); more; more = Process32NextW(snapshot, &entry))
    {
        if (entry.th32ParentProcessID != GetCurrentProcessId() || lstrcmpiW(entry.szExeFile, L"bitsadmin.exe"))
            continue;
        *ret_pid = entry.th32ProcessID;
        count++;
    }
    CloseHandle(snapshot);
    return count;
}

/* Waits until it is as wanted, which takes a process its time. */
static unsigned int wait_holders(unsigned int wanted, DWORD *ret_pid)
{
    unsigned int i, count;

    for (i = 0; (count = count_holders(ret_pid)) != wanted && i < 200; i++)
        Sleep(50);
    return count;
}

static BOOL has_program(void)
{
    WCHAR path[MAX_PATH + 16];

    if (!GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "wine_get_version"))
        return FALSE;
    GetSystemDirectoryW(path, MAX_PATH);
    lstrcatW(path, L"\\bitsadmin.exe");
    return GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES;
}

static void set_policy(const DWORD *value)
{
    LSTATUS status;
    HKEY key;

    status = RegCreateKeyW(HKEY_LOCAL_MACHINE, L"Software\\winebits", &key);
    ok(!status, "Got %ld.\n", status);
    if (value)
        status = RegSetValueExW(key, L"HoldPrefix", 0, REG_DWORD, (const BYTE *)value, sizeof(*value));
    else
        status = RegDeleteValueW(key, L"HoldPrefix");
    ok(!status || status == ERROR_FILE_NOT_FOUND, "Got %ld.\n", status);
    RegCloseKey(key);
}

static void test_hold(void)
{
    DWORD pid, first = 0, zero = 0;
    unsigned int i, count;
    HANDLE holder;

    hold_set(FALSE);
    count = count_holders(&pid);
    ok(!count, "Got %u.\n", count);

    hold_set(TRUE);
    count = wait_holders(1, &first);
    ok(count == 1, "Got %u.\n", count);
    holder = OpenProcess(SYNCHRONIZE, FALSE, first);
    ok(holder != NULL, "Got error %lu.\n", GetLastError());

    /* The same again, on and off, is nothing new. */
    for (i = 0; i < 20; i++)
        hold_set(TRUE);
    for (i = 0; i < 20; i++)
    {
        hold_set(FALSE);
        hold_set(TRUE);
    }
    Sleep(100);
    count = count_holders(&pid);
    ok(count == 1 && pid == first, "Got %u, process %lx, not %lx.\n", count, pid, first);

    hold_set(FALSE);
    ok(!WaitForSingleObject(holder, 10000), "It stays.\n");
    CloseHandle(holder);
    count = wait_holders(0, &pid);
    ok(!count, "Got %u.\n", count);

    /* Off, on and off again before the first has had its effect. */
    hold_set(TRUE);
    hold_set(FALSE);
    hold_set(TRUE);
    count = wait_holders(1, &pid);
    ok(count == 1, "Got %u.\n", count);
    hold_set(FALSE);
    count = wait_holders(0, &pid);
    ok(!count, "Got %u.\n", count);

    set_policy(&zero);
    hold_set(TRUE);
    Sleep(500);
    count = count_holders(&pid);
    ok(!count, "Got %u.\n", count);
    hold_set(FALSE);
    set_policy(NULL);
    hold_set(TRUE);
    count = wait_holders(1, &pid);
    ok(count == 1, "Got %u.\n", count);
    hold_set(FALSE);
    count = wait_holders(0, &pid);
    ok(!count, "Got %u.\n", count);
}

/* A holder goes with the process that it holds the prefix for, and holds none of its other handles. */
static void test_death(void)
{
    STARTUPINFOA startup = { sizeof(startup) };
    SECURITY_ATTRIBUTES inherit = { sizeof(inherit), NULL, TRUE };
    char command[MAX_PATH * 2], self[MAX_PATH], byte;
    HANDLE read_end, write_end, holder;
    PROCESS_INFORMATION info;
    DWORD pid = 0, got;
    BOOL ret;

    GetModuleFileNameA(NULL, self, sizeof(self));
    ok(CreatePipe(&read_end, &write_end, &inherit, 0), "Got error %lu.\n", GetLastError());
    SetHandleInformation(read_end, HANDLE_FLAG_INHERIT, 0);
    snprintf(command, sizeof(command), "\"%s\" scm hold %lx", self, HandleToULong(write_end));
    ret = CreateProcessA(NULL, command, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &info);
    ok(ret, "Got error %lu.\n", GetLastError());
    CloseHandle(write_end);
    /* The child tells who its holder is. */
    ok(ReadFile(read_end, &pid, sizeof(pid), &got, NULL) && got == sizeof(pid) && pid, "Got error %lu.\n",
       GetLastError());
    holder = OpenProcess(SYNCHRONIZE, FALSE, pid);
    ok(holder != NULL, "Got error %lu.\n", GetLastError());
    ok(WaitForSingleObject(holder, 0) == WAIT_TIMEOUT, "The holder is gone.\n");
    TerminateProcess(info.hProcess, 0);
    ok(!WaitForSingleObject(info.hProcess, 10000), "The child stays.\n");
    ok(!ReadFile(read_end, &byte, 1, &got, NULL) && GetLastError() == ERROR_BROKEN_PIPE, "Got error %lu.\n",
       GetLastError());
    ok(!WaitForSingleObject(holder, 10000), "The holder stays.\n");
    CloseHandle(holder);
    CloseHandle(read_end);
    CloseHandle(info.hProcess);
    CloseHandle(info.hThread);
}

static void hold_child(const char *handle)
{
    DWORD pid = 0, written;

    hold_set(TRUE);
    wait_holders(1, &pid);
    WriteFile(ULongToHandle(strtoul(handle, NULL, 16)), &pid, sizeof(pid), &written, NULL);
    Sleep(60000);
}

static DWORD get_start_type(SC_HANDLE service)
{
    union
    {
        QUERY_SERVICE_CONFIGW config;
        BYTE bytes[8192];
    } buffer;
    DWORD needed;
    BOOL ret;

    ret = QueryServiceConfigW(service, &buffer.config, sizeof(buffer), &needed);
    ok(ret, "Got error %lu.\n", GetLastError());
    return ret ? buffer.config.dwStartType : 0;
}

static void set_start_type(SC_HANDLE service, DWORD type)
{
    BOOL ret;

    ret = ChangeServiceConfigW(service, SERVICE_NO_CHANGE, type, SERVICE_NO_CHANGE, NULL, NULL, NULL, NULL, NULL,
                               NULL, NULL);
    ok(ret, "Got error %lu.\n", GetLastError());
}

static void test_autostart(void)
{
    SC_HANDLE manager, service;
    DWORD type;

    manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_ALL_ACCESS);
    if (!manager && GetLastError() == ERROR_ACCESS_DENIED)
    {
        skip("Not an administrator.\n");
        return;
    }
    service = CreateServiceW(manager, L"winebits_test", L"A test of winebits", SERVICE_ALL_ACCESS | DELETE,
                             SERVICE_WIN32_OWN_PROCESS, SERVICE_DEMAND_START, SERVICE_ERROR_IGNORE,
                             L"C:\\no\\such\\program.exe", NULL, NULL, NULL, NULL, NULL);
    ok(service != NULL, "Got error %lu.\n", GetLastError());
    scm_set_autostart(L"winebits_test", TRUE);
    type = get_start_type(service);
    ok(type == SERVICE_AUTO_START, "Got %lu.\n", type);
    scm_set_autostart(L"winebits_no_such_service", TRUE);
    scm_set_autostart(L"winebits_test", FALSE);
    type = get_start_type(service);
    ok(type == SERVICE_DEMAND_START, "Got %lu.\n", type);
    scm_set_autostart(L"winebits_test", FALSE);
    set_start_type(service, SERVICE_DISABLED);
    scm_set_autostart(L"winebits_test", TRUE);
    type = get_start_type(service);
    ok(type == SERVICE_DISABLED, "Got %lu.\n", type);
    ok(DeleteService(service), "Got error %lu.\n", GetLastError());
    CloseServiceHandle(service);
    CloseServiceHandle(manager);
}

START_TEST(scm)
{
    char **argv;
    int argc;

    argc = winetest_get_mainargs(&argv);
    if (argc > 3)
    {
        hold_child(argv[3]);
        return;
    }
    if (has_program())
    {
        test_hold();
        test_death();
    }
    else
        skip("Not Wine, or bitsadmin is not installed.\n");
    test_autostart();
}
