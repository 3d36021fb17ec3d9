/*
 * bitsadmin /HOLD: ends when its event is set or its process has ended, and not before.
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
#include <windef.h>
#include <winbase.h>

#include "wine/test.h"

static HANDLE start_hold(HANDLE event, HANDLE process)
{
    PROCESS_INFORMATION info;
    STARTUPINFOA startup;
    char line[128];
    BOOL ret;

    sprintf(line, "bitsadmin.exe /HOLD %lx %lx", HandleToULong(event), HandleToULong(process));
    memset(&startup, 0, sizeof(startup));
    startup.cb = sizeof(startup);
    ret = CreateProcessA(NULL, line, NULL, NULL, TRUE, DETACHED_PROCESS, NULL, NULL, &startup, &info);
    ok(ret, "Got error %lu.\n", GetLastError());
    if (!ret)
        return NULL;
    CloseHandle(info.hThread);
    return info.hProcess;
}

static void check_exit(HANDLE hold)
{
    DWORD ret, code;

    ret = WaitForSingleObject(hold, 30000);
    ok(!ret, "Got %lu.\n", ret);
    ret = GetExitCodeProcess(hold, &code);
    ok(ret && !code, "Got exit code %#lx.\n", code);
    CloseHandle(hold);
}

/* A process that only waits for its input to end. */
static HANDLE start_idle(HANDLE *ret_input)
{
    SECURITY_ATTRIBUTES attributes = { sizeof(attributes), NULL, TRUE };
    char line[] = "cmd.exe /c set /p x=";
    PROCESS_INFORMATION info;
    STARTUPINFOA startup;
    HANDLE read_end;
    BOOL ret;

    ret = CreatePipe(&read_end, ret_input, &attributes, 0);
    ok(ret, "Got error %lu.\n", GetLastError());
    SetHandleInformation(*ret_input, HANDLE_FLAG_INHERIT, 0);
    memset(&startup, 0, sizeof(startup));
    startup.cb = sizeof(startup);
    startup.dwFlags = STARTF_USESTDHANDLES;
    startup.hStdInput = read_end;
    ret = CreateProcessA(NULL, line, NULL, NULL, TRUE, DETACHED_PROCESS, NULL, NULL, &startup, &info);
    ok(ret, "Got error %lu.\n", GetLastError());
    CloseHandle(read_end);
    CloseHandle(info.hThread);
    return info.hProcess;
}

START_TEST(hold)
{
    SECURITY_ATTRIBUTES attributes = { sizeof(attributes), NULL, TRUE };
    HANDLE event, idle, process, hold, input;
    DWORD ret;

    event = CreateEventA(&attributes, TRUE, FALSE, NULL);
    idle = start_idle(&input);
    ret = DuplicateHandle(GetCurrentProcess(), idle, GetCurrentProcess(), &process, SYNCHRONIZE, TRUE, 0);
    ok(ret, "Got error %lu.\n", GetLastError());

    hold = start_hold(event, process);
    ret = WaitForSingleObject(hold, 500);
    ok(ret == WAIT_TIMEOUT, "Got %lu.\n", ret);
    SetEvent(event);
    check_exit(hold);

    ResetEvent(event);
    hold = start_hold(event, process);
    ret = WaitForSingleObject(hold, 500);
    ok(ret == WAIT_TIMEOUT, "Got %lu.\n", ret);
    CloseHandle(input);
    check_exit(hold);
    ret = WaitForSingleObject(idle, 30000);
    ok(!ret, "Got %lu.\n", ret);

    CloseHandle(process);
    CloseHandle(idle);
    CloseHandle(event);
}
