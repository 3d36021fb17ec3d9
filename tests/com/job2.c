/*
 * IBackgroundCopyJob2: the command line, replies, credentials.
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

#include <stdio.h>
#include <stdlib.h>
#include "util.h"
#include "wine/test.h"

static IBackgroundCopyJob2 *get_job2(IBackgroundCopyJob *job)
{
    IBackgroundCopyJob2 *job2 = NULL;
    HRESULT hr;

    hr = IBackgroundCopyJob_QueryInterface(job, &IID_IBackgroundCopyJob2, (void **)&job2);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    return job2;
}

static void check_command_(unsigned int line, IBackgroundCopyJob2 *job, const WCHAR *program, const WCHAR *parameters)
{
    WCHAR *ret_program = NULL, *ret_parameters = NULL;
    HRESULT hr;

    hr = IBackgroundCopyJob2_GetNotifyCmdLine(job, &ret_program, &ret_parameters);
    ok_(__FILE__, line)(hr == S_OK, "Got hr %#lx.\n", hr);
    ok_(__FILE__, line)(ret_program && !wcscmp(ret_program, program), "Got %s.\n", wine_dbgstr_w(ret_program));
    ok_(__FILE__, line)(ret_parameters && !wcscmp(ret_parameters, parameters), "Got %s.\n",
            wine_dbgstr_w(ret_parameters));
    CoTaskMemFree(ret_program);
    CoTaskMemFree(ret_parameters);
}
#define check_command(job, program, parameters) check_command_(__LINE__, job, program, parameters)

static void test_command_line(void)
{
    WCHAR program[MAX_PATH + 2], *parameters, *string;
    IBackgroundCopyJob *job = create_job();
    IBackgroundCopyJob2 *job2 = get_job2(job);
    unsigned int i;
    HRESULT hr;

    /* Nothing set is two empty strings, not NULL. */
    check_command(job2, L"", L"");
    hr = IBackgroundCopyJob2_SetNotifyCmdLine(job2, L"C:\\none.exe", L"C:\\none.exe a \"b c\"");
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    check_command(job2, L"C:\\none.exe", L"C:\\none.exe a \"b c\"");
    hr = IBackgroundCopyJob2_SetNotifyCmdLine(job2, NULL, L"a");
    ok(FAILED(hr), "Got hr %#lx.\n", hr);
    check_command(job2, L"C:\\none.exe", L"C:\\none.exe a \"b c\"");
    hr = IBackgroundCopyJob2_SetNotifyCmdLine(job2, L"C:\\none.exe", NULL);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    check_command(job2, L"C:\\none.exe", L"");

    for (i = 0; i < MAX_PATH + 1; i++)
        program[i] = 'a' + i % 26;
    program[i] = 0;
    hr = IBackgroundCopyJob2_SetNotifyCmdLine(job2, program, NULL);
    ok(hr == BG_E_STRING_TOO_LONG, "Got hr %#lx.\n", hr);
    parameters = malloc(4002 * sizeof(*parameters));
    for (i = 0; i < 4001; i++)
        parameters[i] = 'a' + i % 26;
    parameters[i] = 0;
    hr = IBackgroundCopyJob2_SetNotifyCmdLine(job2, L"C:\\none.exe", parameters);
    ok(hr == BG_E_STRING_TOO_LONG, "Got hr %#lx.\n", hr);
    check_command(job2, L"C:\\none.exe", L"");
    parameters[4000] = 0;
    hr = IBackgroundCopyJob2_SetNotifyCmdLine(job2, L"C:\\none.exe", parameters);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    check_command(job2, L"C:\\none.exe", parameters);
    free(parameters);

    hr = IBackgroundCopyJob2_SetNotifyCmdLine(job2, NULL, NULL);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    check_command(job2, L"", L"");
    hr = IBackgroundCopyJob2_GetNotifyCmdLine(job2, NULL, &string);
    ok(hr == NULL_REF, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyJob2_GetNotifyCmdLine(job2, &string, NULL);
    ok(hr == NULL_REF, "Got hr %#lx.\n", hr);
    IBackgroundCopyJob2_Release(job2);
    drop_job(job);
}

/* The program is told, and may finish the job; here it leaves a mark. */
static void test_command_line_runs(void)
{
    WCHAR program[MAX_PATH], parameters[3 * MAX_PATH], mark[MAX_PATH], source[MAX_PATH];
    IBackgroundCopyJob *job;
    IBackgroundCopyJob2 *job2;
    DWORD start;
    HRESULT hr;

    wcscpy(source, local_name(L"source"));
    wcscpy(mark, local_name(L"mark"));
    write_file(source, 1000, 1);
    job = create_job_with(source, local_name(L"target"));
    job2 = get_job2(job);
    GetSystemDirectoryW(program, ARRAYSIZE(program));
    wcscat(program, L"\\cmd.exe");
    swprintf(parameters, ARRAYSIZE(parameters), L"\"%ls\" /c copy \"%ls\" \"%ls\"", program, source, mark);
    hr = IBackgroundCopyJob2_SetNotifyCmdLine(job2, program, parameters);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    resume_job(job);
    wait_state(job, STATE(TRANSFERRED));
    for (start = GetTickCount(); !file_exists(mark) && GetTickCount() - start < TIMEOUT; Sleep(10));
    ok(file_exists(mark), "The program did not run.\n");
    check_state(job, BG_JOB_STATE_TRANSFERRED);
    hr = IBackgroundCopyJob_Complete(job);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    IBackgroundCopyJob2_Release(job2);
    IBackgroundCopyJob_Release(job);
    DeleteFileW(mark);
    DeleteFileW(source);
    DeleteFileW(local_name(L"target"));
}

static void test_reply(void)
{
    IBackgroundCopyJob *job = create_job();
    IBackgroundCopyJob2 *job2 = get_job2(job);
    BG_JOB_REPLY_PROGRESS progress;
    UINT64 length = 0xdead;
    BYTE *buffer;
    WCHAR *name;
    HRESULT hr;

    hr = IBackgroundCopyJob2_GetReplyProgress(job2, &progress);
    ok(hr == E_NOTIMPL, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyJob2_GetReplyProgress(job2, NULL);
    ok(hr == NULL_REF, "Got hr %#lx.\n", hr);
    buffer = (void *)0xdeadbeef;
    hr = IBackgroundCopyJob2_GetReplyData(job2, &buffer, &length);
    ok(hr == E_NOTIMPL, "Got hr %#lx.\n", hr);
    ok(!buffer, "Got %p.\n", buffer);
    buffer = (void *)0xdeadbeef;
    hr = IBackgroundCopyJob2_GetReplyData(job2, &buffer, NULL);
    ok(FAILED(hr), "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyJob2_SetReplyFileName(job2, local_name(L"reply"));
    ok(hr == E_NOTIMPL, "Got hr %#lx.\n", hr);
    name = (void *)0xdeadbeef;
    hr = IBackgroundCopyJob2_GetReplyFileName(job2, &name);
    ok(hr == E_NOTIMPL, "Got hr %#lx.\n", hr);
    ok(!name, "Got %p.\n", name);
    IBackgroundCopyJob2_Release(job2);
    drop_job(job);
}

static void test_credentials(void)
{
    IBackgroundCopyJob *job = create_job();
    IBackgroundCopyJob2 *job2 = get_job2(job);
    BG_AUTH_CREDENTIALS credentials;
    HRESULT hr;

    credentials.Target = BG_AUTH_TARGET_SERVER;
    credentials.Scheme = BG_AUTH_SCHEME_BASIC;
    credentials.Credentials.Basic.UserName = (WCHAR *)L"user";
    credentials.Credentials.Basic.Password = (WCHAR *)L"secret";
    hr = IBackgroundCopyJob2_SetCredentials(job2, &credentials);
    todo_wine ok(hr == S_OK, "Got hr %#lx.\n", hr);
    if (hr == S_OK)
    {
        hr = IBackgroundCopyJob2_RemoveCredentials(job2, BG_AUTH_TARGET_SERVER, BG_AUTH_SCHEME_BASIC);
        ok(hr == S_OK, "Got hr %#lx.\n", hr);
    }
    else
        ok(hr == E_NOTIMPL, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyJob2_RemoveCredentials(job2, BG_AUTH_TARGET_SERVER, BG_AUTH_SCHEME_BASIC);
    ok(hr == S_FALSE, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyJob2_RemoveCredentials(job2, 3, BG_AUTH_SCHEME_BASIC);
    ok(hr == BG_E_INVALID_AUTH_TARGET, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyJob2_RemoveCredentials(job2, BG_AUTH_TARGET_SERVER, 6);
    ok(hr == BG_E_INVALID_AUTH_SCHEME, "Got hr %#lx.\n", hr);
    IBackgroundCopyJob2_Release(job2);
    drop_job(job);
}

START_TEST(job2)
{
    if (!test_begin())
        return;
    test_command_line();
    test_command_line_runs();
    test_reply();
    test_credentials();
    test_end();
}
