/*
 * Living as a service under Wine: the prefix held open, the start type.
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

#include <stdarg.h>
#include <stdlib.h>
#include <wchar.h>

#include <windef.h>
#include <winbase.h>
#include <winreg.h>
#include <winsvc.h>

#include "engine.h"
#include "wine/debug.h"

WINE_DEFAULT_DEBUG_CHANNEL(dlengine);

/* A holder lives at least so long: one that is wanted on and off does not start a process each time. */
#define MIN_HOLD_MS     1000

static SRWLOCK hold_lock = SRWLOCK_INIT;    /* guards the next five */
static BOOL is_wanted;
static BOOL is_busy;            /* somebody is in hold_settle() and will look again */
static HANDLE release_event;    /* the holder waits for it; NULL: there is none */
static UINT64 hold_since;
static PTP_TIMER hold_timer;    /* set, and not called yet */

static BOOL is_allowed(void)
{
    DWORD value = 1, size = sizeof(value);

    /* Elsewhere services live without ordinary processes. */
    if (!GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "wine_get_version"))
        return FALSE;
    RegGetValueW(HKEY_LOCAL_MACHINE, L"Software\\winebits", L"HoldPrefix", RRF_RT_REG_DWORD, NULL, &value, &size);
    return value != 0;
}

static HANDLE make_inheritable(HANDLE handle)
{
    HANDLE self = GetCurrentProcess(), ret;

    return DuplicateHandle(self, handle, self, &ret, SYNCHRONIZE, TRUE, 0) ? ret : NULL;
}

/* Starts a process that inherits two handles and nothing else. */
static BOOL start_holder(const WCHAR *program, const WCHAR *directory, HANDLE *handles)
{
    STARTUPINFOEXW startup = {{ sizeof(startup) }};
    PROCESS_INFORMATION info;
    WCHAR command[80];
    SIZE_T size = 0;
    BOOL ret;

    InitializeProcThreadAttributeList(NULL, 1, 0, &size);
    if (!(startup.lpAttributeList = malloc(size)))
    {
        SetLastError(ERROR_OUTOFMEMORY);
        return FALSE;
    }
    swprintf(command, ARRAYSIZE(command), L"bitsadmin.exe /HOLD %lx %lx", HandleToULong(handles[0]),
             HandleToULong(handles[1]));
    ret = InitializeProcThreadAttributeList(startup.lpAttributeList, 1, 0, &size);
    if (ret)
    {
        ret = UpdateProcThreadAttribute(startup.lpAttributeList, 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, handles,
                                        2 * sizeof(*handles), NULL, NULL)
              && CreateProcessW(program, command, NULL, NULL, TRUE, DETACHED_PROCESS | EXTENDED_STARTUPINFO_PRESENT,
                                NULL, directory, &startup.StartupInfo, &info);
        DeleteProcThreadAttributeList(startup.lpAttributeList);
    }
    free(startup.lpAttributeList);
    if (ret)
    {
        CloseHandle(info.hThread);
        CloseHandle(info.hProcess);
    }
    return ret;
}

/* Returns the event that ends the holder. */
static HANDLE hold_start(void)
{
    WCHAR directory[MAX_PATH], program[MAX_PATH + 16];
    HANDLE event, inherited[2] = {0};
    static LONG is_warned;
    BOOL ret = FALSE;

    if (!is_allowed())
        return NULL;
    GetSystemDirectoryW(directory, ARRAYSIZE(directory));
    swprintf(program, ARRAYSIZE(program), L"%ls\\bitsadmin.exe", directory);
    if (!(event = CreateEventW(NULL, TRUE, FALSE, NULL)))
        return NULL;
    if ((inherited[0] = make_inheritable(event)) && (inherited[1] = make_inheritable(GetCurrentProcess())))
        ret = start_holder(program, directory, inherited);
    if (!ret && !InterlockedExchange(&is_warned, TRUE))
        WARN("Cannot start %s, error %lu: transfers end with the last program of the prefix.\n",
             debugstr_w(program), GetLastError());
    if (inherited[0])
        CloseHandle(inherited[0]);
    if (inherited[1])
        CloseHandle(inherited[1]);
    if (!ret)
    {
        CloseHandle(event);
        return NULL;
    }
    TRACE("The prefix is held open.\n");
    return event;
}

static void hold_settle(void);

static void CALLBACK hold_timer_proc(PTP_CALLBACK_INSTANCE instance, void *context, PTP_TIMER timer)
{
    AcquireSRWLockExclusive(&hold_lock);
    hold_timer = NULL;
    ReleaseSRWLockExclusive(&hold_lock);
    CloseThreadpoolTimer(timer);
    hold_settle();
}

/* Makes what is, what is wanted.  On a thread of the pool: to start a process takes its time. */
static void hold_settle(void)
{
    UINT64 age;
    HANDLE event;

    AcquireSRWLockExclusive(&hold_lock);
    if (is_busy)
    {
        ReleaseSRWLockExclusive(&hold_lock);
        return;
    }
    is_busy = TRUE;
    while (is_wanted != (release_event != NULL))
    {
        if (is_wanted)
        {
            ReleaseSRWLockExclusive(&hold_lock);
            event = hold_start();
            AcquireSRWLockExclusive(&hold_lock);
            if (!event)
                break;
            release_event = event;
            hold_since = GetTickCount64();
        }
        else if ((age = GetTickCount64() - hold_since) < MIN_HOLD_MS)
        {
            LARGE_INTEGER due;
            FILETIME time;

            /* Not kept: a pool that has an object keeps a thread, which looks around every five seconds. */
            if (!hold_timer && !(hold_timer = CreateThreadpoolTimer(hold_timer_proc, NULL, NULL)))
            {
                WARN("Out of memory.\n");
                break;
            }
            due.QuadPart = -(LONGLONG)(MIN_HOLD_MS - age) * 10000;
            time.dwLowDateTime = due.LowPart;
            time.dwHighDateTime = due.HighPart;
            SetThreadpoolTimer(hold_timer, &time, 0, 0);
            break;
        }
        else
        {
            SetEvent(release_event);
            CloseHandle(release_event);
            release_event = NULL;
            TRACE("The prefix is let go.\n");
        }
    }
    is_busy = FALSE;
    ReleaseSRWLockExclusive(&hold_lock);
}

static void CALLBACK hold_work_proc(PTP_CALLBACK_INSTANCE instance, void *context)
{
    hold_settle();
}

void hold_set(BOOL held)
{
    BOOL is_changed;

    AcquireSRWLockExclusive(&hold_lock);
    is_changed = is_wanted != !!held;
    is_wanted = !!held;
    ReleaseSRWLockExclusive(&hold_lock);
    if (is_changed && !TrySubmitThreadpoolCallback(hold_work_proc, NULL, NULL))
        hold_settle();
}

/* What was set last: asking the service manager costs a remote call. */
static SRWLOCK start_type_lock = SRWLOCK_INIT;
static WCHAR start_type_service[64];
static DWORD start_type;

/* The services that this one depends on, as ChangeServiceConfig() takes them.  Wine 8.0 forgets
 * them in any change that does not name them, and does not tell them either: the registry does. */
static const WCHAR *get_dependencies(const WCHAR *service, WCHAR *buffer, DWORD size)
{
    WCHAR key[320];

    if (swprintf(key, ARRAYSIZE(key), L"System\\CurrentControlSet\\Services\\%ls", service) < 0
            || RegGetValueW(HKEY_LOCAL_MACHINE, key, L"DependOnService", RRF_RT_REG_MULTI_SZ, NULL,
                            buffer, &size))
        return NULL;
    return buffer;
}

void scm_set_autostart(const WCHAR *service, BOOL automatic)
{
    /* Not the delayed kind of automatic start: Wine delays it by minutes. */
    DWORD wanted = automatic ? SERVICE_AUTO_START : SERVICE_DEMAND_START, needed, error = ERROR_SUCCESS;
    union
    {
        QUERY_SERVICE_CONFIGW config;
        BYTE bytes[8192];
    } buffer;
    SC_HANDLE manager, handle = NULL;
    WCHAR dependencies[1024];

    AcquireSRWLockExclusive(&start_type_lock);
    if (start_type == wanted && !lstrcmpW(start_type_service, service))
    {
        ReleaseSRWLockExclusive(&start_type_lock);
        return;
    }
    if (!(manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT))
            || !(handle = OpenServiceW(manager, service, SERVICE_QUERY_CONFIG | SERVICE_CHANGE_CONFIG))
            || !QueryServiceConfigW(handle, &buffer.config, sizeof(buffer), &needed))
        error = GetLastError();
    /* Who disabled the service meant it. */
    else if (buffer.config.dwStartType != wanted && buffer.config.dwStartType != SERVICE_DISABLED
            && !ChangeServiceConfigW(handle, SERVICE_NO_CHANGE, wanted, SERVICE_NO_CHANGE, NULL, NULL, NULL,
                                     get_dependencies(service, dependencies, sizeof(dependencies)),
                                     NULL, NULL, NULL))
        error = GetLastError();
    if (error)
        WARN("Cannot change the start type of %s, error %lu.\n", debugstr_w(service), error);
    else
    {
        TRACE("%s, start type %lu.\n", debugstr_w(service), wanted);
        start_type = wanted;
        lstrcpynW(start_type_service, service, ARRAYSIZE(start_type_service));
    }
    if (handle)
        CloseServiceHandle(handle);
    if (manager)
        CloseServiceHandle(manager);
    ReleaseSRWLockExclusive(&start_type_lock);
}
