/*
 * IBackgroundCopyError, and which failures are which errors.
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

static void check_protocol_(unsigned int line, IBackgroundCopyError *error, const WCHAR *expected)
{
    WCHAR *protocol = (void *)0xdeadbeef;
    HRESULT hr;

    hr = IBackgroundCopyError_GetProtocol(error, &protocol);
    if (expected)
    {
        ok_(__FILE__, line)(hr == S_OK, "Got hr %#lx.\n", hr);
        ok_(__FILE__, line)(protocol && !wcscmp(protocol, expected), "Got %s.\n", wine_dbgstr_w(protocol));
        CoTaskMemFree(protocol);
    }
    else
    {
        ok_(__FILE__, line)(hr == BG_E_PROTOCOL_NOT_AVAILABLE, "Got hr %#lx.\n", hr);
        ok_(__FILE__, line)(!protocol, "Got %s.\n", wine_dbgstr_w(protocol));
    }
}
#define check_protocol(error, expected) check_protocol_(__LINE__, error, expected)

/* The source is not there: that is fatal. */
static void test_local_source(void)
{
    IBackgroundCopyJob *job;
    IBackgroundCopyFile *file;
    IBackgroundCopyError *error, *again;
    BG_ERROR_CONTEXT context;
    WCHAR source[MAX_PATH], *text, *text2, *name;
    HRESULT hr, code;
    ULONG count;

    wcscpy(source, local_name(L"missing"));
    job = create_job_with(source, local_name(L"target"));
    resume_job(job);
    wait_state(job, STATE(ERROR));
    check_error(job, BG_ERROR_CONTEXT_REMOTE_FILE, HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND));
    hr = IBackgroundCopyJob_GetErrorCount(job, &count);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(count <= 1, "Got %lu.\n", count);

    hr = IBackgroundCopyJob_GetError(job, &error);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyError_QueryInterface(error, &IID_IBackgroundCopyError, (void **)&again);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    IBackgroundCopyError_Release(again);
    hr = IBackgroundCopyError_QueryInterface(error, &IID_IBackgroundCopyJob, (void **)&again);
    ok(hr == E_NOINTERFACE, "Got hr %#lx.\n", hr);

    hr = IBackgroundCopyError_GetError(error, NULL, &code);
    ok(hr == NULL_REF, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyError_GetError(error, &context, NULL);
    ok(hr == NULL_REF, "Got hr %#lx.\n", hr);

    hr = IBackgroundCopyError_GetFile(error, &file);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyFile_GetRemoteName(file, &name);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(!wcscmp(name, source), "Got %s.\n", wine_dbgstr_w(name));
    CoTaskMemFree(name);
    IBackgroundCopyFile_Release(file);
    hr = IBackgroundCopyError_GetFile(error, NULL);
    ok(hr == NULL_REF, "Got hr %#lx.\n", hr);
    check_protocol(error, L"file");
    hr = IBackgroundCopyError_GetProtocol(error, NULL);
    ok(hr == NULL_REF, "Got hr %#lx.\n", hr);

    text = text2 = NULL;
    hr = IBackgroundCopyError_GetErrorDescription(error, LANG_NEUTRAL, &text);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(text && text[0], "Got %s.\n", wine_dbgstr_w(text));
    hr = IBackgroundCopyManager_GetErrorDescription(manager, HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND),
                                                    LANG_NEUTRAL, &text2);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(text && text2 && !wcscmp(text, text2), "Got %s and %s.\n", wine_dbgstr_w(text), wine_dbgstr_w(text2));
    CoTaskMemFree(text);
    CoTaskMemFree(text2);
    hr = IBackgroundCopyError_GetErrorDescription(error, LANG_NEUTRAL, NULL);
    ok(hr == NULL_REF, "Got hr %#lx.\n", hr);

    text = text2 = NULL;
    hr = IBackgroundCopyError_GetErrorContextDescription(error, LANG_NEUTRAL, &text);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyManager_GetErrorDescription(manager, BG_E_ERROR_CONTEXT_REMOTE_FILE, LANG_NEUTRAL, &text2);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(text && text2 && !wcscmp(text, text2), "Got %s and %s.\n", wine_dbgstr_w(text), wine_dbgstr_w(text2));
    CoTaskMemFree(text);
    CoTaskMemFree(text2);
    hr = IBackgroundCopyError_GetErrorContextDescription(error, LANG_NEUTRAL, NULL);
    ok(hr == NULL_REF, "Got hr %#lx.\n", hr);
    text = (void *)0xdeadbeef;
    hr = IBackgroundCopyError_GetErrorContextDescription(error, MAKELANGID(LANG_ZULU, SUBLANG_DEFAULT), &text);
    ok(hr == HRESULT_FROM_WIN32(ERROR_RESOURCE_LANG_NOT_FOUND), "Got hr %#lx.\n", hr);
    ok(!text, "Got %p.\n", text);

    /* It is a snapshot: what the job does next does not touch it. */
    write_file(source, 100, 1);
    resume_job(job);
    wait_state(job, STATE(TRANSFERRED));
    hr = IBackgroundCopyJob_GetError(job, &again);
    ok(hr == BG_E_ERROR_INFORMATION_UNAVAILABLE, "Got hr %#lx.\n", hr);
    code = 0xdead;
    hr = IBackgroundCopyError_GetError(error, &context, &code);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(code == HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND), "Got %#lx.\n", code);
    drop_job(job);
    hr = IBackgroundCopyError_GetError(error, &context, &code);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    IBackgroundCopyError_Release(error);
    DeleteFileW(source);
}

static void test_directory_of_source(void)
{
    IBackgroundCopyJob *job = create_job_with(local_name(L"no\\such"), local_name(L"target"));

    resume_job(job);
    wait_state(job, STATE(ERROR));
    check_error(job, BG_ERROR_CONTEXT_REMOTE_FILE, HRESULT_FROM_WIN32(ERROR_PATH_NOT_FOUND));
    drop_job(job);
}

static void test_http(void)
{
    static const struct
    {
        const char *options;
        BG_JOB_STATE state;
        BG_ERROR_CONTEXT context;
        HRESULT code;
    }
    tests[] =
    {
        {"status=400", BG_JOB_STATE_ERROR, BG_ERROR_CONTEXT_REMOTE_FILE, 0x80190190},
        {"status=401", BG_JOB_STATE_ERROR, BG_ERROR_CONTEXT_REMOTE_FILE, 0x80190191},
        {"status=403", BG_JOB_STATE_ERROR, BG_ERROR_CONTEXT_REMOTE_FILE, 0x80190193},
        {"status=404", BG_JOB_STATE_ERROR, BG_ERROR_CONTEXT_REMOTE_FILE, 0x80190194},
        {"status=404/body=100000", BG_JOB_STATE_ERROR, BG_ERROR_CONTEXT_REMOTE_FILE, 0x80190194},
        {"status=408", BG_JOB_STATE_TRANSIENT_ERROR, BG_ERROR_CONTEXT_REMOTE_FILE, 0x80190198},
        {"status=410", BG_JOB_STATE_ERROR, BG_ERROR_CONTEXT_REMOTE_FILE, 0x8019019a},
        {"status=416", BG_JOB_STATE_ERROR, BG_ERROR_CONTEXT_REMOTE_FILE, 0x801901a0},
        {"status=500", BG_JOB_STATE_TRANSIENT_ERROR, BG_ERROR_CONTEXT_REMOTE_FILE, 0x801901f4},
        {"status=501", BG_JOB_STATE_ERROR, BG_ERROR_CONTEXT_REMOTE_FILE, 0x801901f5},
        {"status=503", BG_JOB_STATE_TRANSIENT_ERROR, BG_ERROR_CONTEXT_REMOTE_FILE, 0x801901f7},
        {"status=503/retryafter=3600", BG_JOB_STATE_TRANSIENT_ERROR, BG_ERROR_CONTEXT_REMOTE_FILE, 0x801901f7},
        {"status=505", BG_JOB_STATE_ERROR, BG_ERROR_CONTEXT_REMOTE_FILE, 0x801901f9},
        {"nolength", BG_JOB_STATE_ERROR, BG_ERROR_CONTEXT_REMOTE_FILE, BG_E_MISSING_FILE_SIZE},
        {"chunked=1000", BG_JOB_STATE_ERROR, BG_ERROR_CONTEXT_REMOTE_FILE, BG_E_MISSING_FILE_SIZE},
    };
    IBackgroundCopyError *error;
    IBackgroundCopyFile *file;
    IBackgroundCopyJob *job;
    unsigned int i;
    char path[256];
    HRESULT hr;

    if (!need_server())
        return;
    for (i = 0; i < ARRAYSIZE(tests); i++)
    {
        winetest_push_context("%s", tests[i].options);
        snprintf(path, sizeof(path), "/t=error%u/%s/f/10000", i, tests[i].options);
        job = create_job_with(remote_name(path), local_name(L"target"));
        resume_job(job);
        wait_state(job, 1u << tests[i].state);
        check_error(job, tests[i].context, tests[i].code);
        hr = IBackgroundCopyJob_GetError(job, &error);
        ok(hr == S_OK, "Got hr %#lx.\n", hr);
        if (hr == S_OK)
        {
            check_protocol(error, L"http");
            hr = IBackgroundCopyError_GetFile(error, &file);
            ok(hr == S_OK, "Got hr %#lx.\n", hr);
            if (hr == S_OK)
                IBackgroundCopyFile_Release(file);
            IBackgroundCopyError_Release(error);
        }
        ok(!file_exists(local_name(L"target")), "There is a file.\n");
        drop_job(job);
        ok(!count_names(L"*"), "There are files.\n");
        winetest_pop_context();
    }

    /* Nobody listens there. */
    job = create_job_with(L"http://127.0.0.1:1/a", local_name(L"target"));
    resume_job(job);
    wait_state(job, STATE(TRANSIENT_ERROR));
    check_error(job, BG_ERROR_CONTEXT_GENERAL_TRANSPORT, 0x80072efd);
    drop_job(job);
    job = create_job_with(L"http://winebits.invalid/a", local_name(L"target"));
    resume_job(job);
    wait_state(job, STATE(TRANSIENT_ERROR));
    check_error(job, BG_ERROR_CONTEXT_GENERAL_TRANSPORT, 0x80072ee7);
    drop_job(job);

    /* Without patience every error is one for good. */
    job = create_job_with(remote_name("/t=fatal/status=503/f/1000"), local_name(L"target"));
    hr = IBackgroundCopyJob_SetNoProgressTimeout(job, 0);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    resume_job(job);
    wait_state(job, STATE(ERROR));
    check_error(job, BG_ERROR_CONTEXT_REMOTE_FILE, 0x801901f7);
    drop_job(job);
}

/* Counted: each failure of a job that was on its way, and each failed retry. */
static void test_error_count(void)
{
    IBackgroundCopyJob *job;
    ULONG count;
    HRESULT hr;

    if (!need_server())
        return;
    job = create_job_with(remote_name("/t=count/status=503/first=2/f/1000"), local_name(L"counted"));
    resume_job(job);
    wait_state(job, STATE(TRANSIENT_ERROR));
    hr = IBackgroundCopyJob_GetErrorCount(job, &count);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(count == 1, "Got %lu.\n", count);
    server_wait("count", "requests", 1);
    while (job_state(job) != BG_JOB_STATE_TRANSFERRED)
    {
        resume_job(job);
        wait_state(job, STATE(TRANSIENT_ERROR) | STATE(TRANSFERRED));
        if (server_count("count", "requests") > 10)
            break;
    }
    wait_state(job, STATE(TRANSFERRED));
    hr = IBackgroundCopyJob_GetErrorCount(job, &count);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(count == 2, "Got %lu.\n", count);
    drop_job(job);
}

START_TEST(error)
{
    if (!test_begin())
        return;
    test_local_source();
    test_directory_of_source();
    test_http();
    test_error_count();
    test_end();
}
