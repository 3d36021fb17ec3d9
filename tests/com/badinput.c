/*
 * Bad names, bad places, too much of everything: the documented answer, and nothing changed.
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

static void test_remote_names(void)
{
    static const WCHAR *bad[] =
    {
        L"", L" ", L"a", L"http:", L"http:/", L"http://", L"http:///path", L"http://:80/", L"ftp://host/file",
        L"gopher://host/", L"javascript:alert(1)", L"data:,x", L"mailto:a@b", L"//host/path", L"\\\\", L"\\\\server",
        L"\\\\?\\C:\\file", L"\\\\.\\C:", L"\\\\.\\pipe\\name", L"relative\\file", L"..\\file", L"\\file", L"C:", L"C:file",
        L"http://host:99999/", L"http://host:port/", L"http://host\r\nX: y/", L"http://ho st/", L"http://host/a b",
        L"http://[::1/", L"http://host/%0d\nX", L"file://", L"C:\\a*b", L"C:\\a?b", L"C:\\a:stream",
    };
    IBackgroundCopyJob *job = create_job();
    WCHAR *url;
    unsigned int i;
    HRESULT hr;

    for (i = 0; i < ARRAYSIZE(bad); i++)
    {
        hr = IBackgroundCopyJob_AddFile(job, bad[i], local_name(L"a"));
        ok(hr == E_INVALIDARG, "Got hr %#lx for %s.\n", hr, wine_dbgstr_w(bad[i]));
    }

    /* 2200 characters, and MAX_PATH for each segment. */
    url = malloc(2202 * sizeof(*url));
    wcscpy(url, L"http://127.0.0.1:1/");
    for (i = wcslen(url); i < 2201; i++)
        url[i] = i % 100 ? 'x' : '/';
    url[2201] = 0;
    hr = IBackgroundCopyJob_AddFile(job, url, local_name(L"a"));
    ok(hr == E_INVALIDARG, "Got hr %#lx.\n", hr);
    ok(!count_files(job), "Got files.\n");
    url[2200] = 0;
    hr = IBackgroundCopyJob_AddFile(job, url, local_name(L"a"));
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(count_files(job) == 1, "Got %lu files.\n", count_files(job));
    free(url);
    drop_job(job);
}

static void test_local_names(void)
{
    static const WCHAR *bad[] =
    {
        L"", L" ", L"a", L"relative\\a", L".\\a", L"..\\a", L"\\a", L"C:", L"C:a", L"\\\\?\\C:\\a", L"\\\\.\\C:\\a",
        L"\\\\.\\pipe\\a", L"\\\\server", L"http://host/a", L"file:///C:/a", L"C:\\a*", L"C:\\a?", L"C:\\a<b", L"C:\\a|b",
        L"C:\\a:stream", L"C:\\\"a\"", L"C:\\a\nb", L"C:\\",
    };
    WCHAR name[2 * MAX_PATH];
    IBackgroundCopyJob *job = create_job();
    unsigned int i;
    HRESULT hr;

    for (i = 0; i < ARRAYSIZE(bad); i++)
    {
        hr = IBackgroundCopyJob_AddFile(job, L"http://127.0.0.1:1/a", bad[i]);
        ok(hr == E_INVALIDARG, "Got hr %#lx for %s.\n", hr, wine_dbgstr_w(bad[i]));
    }
    wcscpy(name, local_name(L""));
    for (i = wcslen(name); i < MAX_PATH + 1; i++)
        name[i] = 'x';
    name[i] = 0;
    hr = IBackgroundCopyJob_AddFile(job, L"http://127.0.0.1:1/a", name);
    ok(hr == E_INVALIDARG, "Got hr %#lx.\n", hr);

    /* BITS makes no directories. */
    hr = IBackgroundCopyJob_AddFile(job, L"http://127.0.0.1:1/a", local_name(L"missing\\a"));
    ok(hr == HRESULT_FROM_WIN32(ERROR_PATH_NOT_FOUND), "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyJob_AddFile(job, L"http://127.0.0.1:1/a", L"Q:\\a");
    ok(FAILED(hr), "Got hr %#lx.\n", hr);
    write_file(local_name(L"file"), 1, 1);
    hr = IBackgroundCopyJob_AddFile(job, L"http://127.0.0.1:1/a", local_name(L"file\\a"));
    ok(FAILED(hr), "Got hr %#lx.\n", hr);
    ok(!count_files(job), "Got files.\n");
    DeleteFileW(local_name(L"file"));
    ok(!count_names(L"*"), "There are files.\n");
    drop_job(job);
}

/* Where a file cannot go, Complete says so, and the job waits for a better idea. */
static void test_targets(void)
{
    IBackgroundCopyJob *job;
    WCHAR source[MAX_PATH];
    HRESULT hr;

    wcscpy(source, local_name(L"source"));
    write_file(source, 1000, 1);

    ok(CreateDirectoryW(local_name(L"directory"), NULL), "Got error %lu.\n", GetLastError());
    job = create_job();
    hr = IBackgroundCopyJob_AddFile(job, source, local_name(L"directory"));
    ok(hr == S_OK || FAILED(hr), "Got hr %#lx.\n", hr);
    if (hr == S_OK)
    {
        hr = IBackgroundCopyJob_SetPriority(job, BG_JOB_PRIORITY_FOREGROUND);
        ok(hr == S_OK, "Got hr %#lx.\n", hr);
        resume_job(job);
        wait_state(job, STATE(TRANSFERRED));
        hr = IBackgroundCopyJob_Complete(job);
        ok(FAILED(hr) && HRESULT_FACILITY(hr) == FACILITY_WIN32, "Got hr %#lx.\n", hr);
        check_state(job, BG_JOB_STATE_TRANSFERRED);
        ok(RemoveDirectoryW(local_name(L"directory")), "Got error %lu.\n", GetLastError());
        hr = IBackgroundCopyJob_Complete(job);
        ok(hr == S_OK, "Got hr %#lx.\n", hr);
        check_content(local_name(L"directory"), 1000, 1);
        IBackgroundCopyJob_Release(job);
        DeleteFileW(local_name(L"directory"));
    }
    else
    {
        drop_job(job);
        RemoveDirectoryW(local_name(L"directory"));
    }

    write_file(local_name(L"readonly"), 10, 2);
    SetFileAttributesW(local_name(L"readonly"), FILE_ATTRIBUTE_READONLY);
    job = create_job_with(source, local_name(L"readonly"));
    resume_job(job);
    wait_state(job, STATE(TRANSFERRED));
    hr = IBackgroundCopyJob_Complete(job);
    ok(hr == E_ACCESSDENIED, "Got hr %#lx.\n", hr);
    check_state(job, BG_JOB_STATE_TRANSFERRED);
    check_content(local_name(L"readonly"), 10, 2);
    SetFileAttributesW(local_name(L"readonly"), FILE_ATTRIBUTE_NORMAL);
    hr = IBackgroundCopyJob_Complete(job);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    check_content(local_name(L"readonly"), 1000, 1);
    IBackgroundCopyJob_Release(job);

    /* The directory goes away in between. */
    ok(CreateDirectoryW(local_name(L"gone"), NULL), "Got error %lu.\n", GetLastError());
    job = create_job_with(source, local_name(L"gone\\a"));
    ok(RemoveDirectoryW(local_name(L"gone")), "Got error %lu.\n", GetLastError());
    resume_job(job);
    wait_state(job, STATE(ERROR) | STATE(TRANSIENT_ERROR));
    check_error(job, BG_ERROR_CONTEXT_LOCAL_FILE, HRESULT_FROM_WIN32(ERROR_PATH_NOT_FOUND));
    drop_job(job);

    /* The source is a directory. */
    ok(CreateDirectoryW(local_name(L"directory"), NULL), "Got error %lu.\n", GetLastError());
    job = create_job_with(local_name(L"directory"), local_name(L"copy"));
    resume_job(job);
    wait_state(job, STATE(ERROR) | STATE(TRANSIENT_ERROR));
    drop_job(job);
    RemoveDirectoryW(local_name(L"directory"));
    ok(!count_names(L"BIT*"), "There are temporary files.\n");
}

/* Two files of one job, and two jobs, may have one name: the last one stays. */
static void test_same_target(void)
{
    IBackgroundCopyJob *job;
    WCHAR source[MAX_PATH];
    HRESULT hr;

    wcscpy(source, local_name(L"source"));
    job = create_job_with(source, local_name(L"same"));
    add_file(job, source, local_name(L"same"));
    resume_job(job);
    wait_state(job, STATE(TRANSFERRED));
    hr = IBackgroundCopyJob_Complete(job);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    check_same_file(source, local_name(L"same"));
    IBackgroundCopyJob_Release(job);
}

/* The directory is given by the one who runs the test: a file system of a megabyte. */
static void test_full_disk(void)
{
    const char *dir = getenv("FULL_DISK");
    WCHAR source[MAX_PATH], target[MAX_PATH];
    IBackgroundCopyJob *job;
    BG_JOB_STATE state;
    HRESULT hr;

    if (!dir)
    {
        skip("There is no FULL_DISK.\n");
        return;
    }
    wcscpy(source, local_name(L"large"));
    write_file(source, 4 << 20, 1);
    swprintf(target, ARRAYSIZE(target), L"%hs\\target", dir);
    job = create_job_with(source, target);
    resume_job(job);
    state = wait_state(job, STATE(ERROR) | STATE(TRANSIENT_ERROR));
    check_error(job, BG_ERROR_CONTEXT_LOCAL_FILE, HRESULT_FROM_WIN32(ERROR_DISK_FULL));
    ok(!file_exists(target), "There is a file.\n");

    /* A smaller one fits. */
    write_file(source, 100000, 2);
    if (state == BG_JOB_STATE_ERROR || state == BG_JOB_STATE_TRANSIENT_ERROR)
        resume_job(job);
    wait_state(job, STATE(TRANSFERRED));
    hr = IBackgroundCopyJob_Complete(job);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    check_same_file(source, target);
    IBackgroundCopyJob_Release(job);
    DeleteFileW(target);
    DeleteFileW(source);
}

static void test_readonly_directory(void)
{
    const char *dir = getenv("READONLY_DISK");
    IBackgroundCopyJob *job;
    WCHAR target[MAX_PATH];
    HRESULT hr;

    if (!dir)
    {
        skip("There is no READONLY_DISK.\n");
        return;
    }
    swprintf(target, ARRAYSIZE(target), L"%hs\\target", dir);
    job = create_job();
    hr = IBackgroundCopyJob_AddFile(job, L"http://127.0.0.1:1/a", target);
    ok(hr == E_ACCESSDENIED, "Got hr %#lx.\n", hr);
    ok(!count_files(job), "Got files.\n");
    drop_job(job);
}

static void test_large_set(void)
{
    enum { COUNT = 100000, LENGTH = 64 };
    BG_FILE_INFO *files = malloc(COUNT * sizeof(*files));
    WCHAR *names = malloc(COUNT * LENGTH * sizeof(*names)), local[MAX_PATH];
    IBackgroundCopyJob *job = create_job();
    unsigned int i;
    HRESULT hr;

    wcscpy(local, local_name(L"large"));
    for (i = 0; i < COUNT; i++)
    {
        files[i].RemoteName = names + i * LENGTH;
        swprintf(files[i].RemoteName, LENGTH, L"http://127.0.0.1:1/large/%u", i);
        files[i].LocalName = local;
    }
    files[COUNT - 1].RemoteName = (WCHAR *)L"ftp://host/";
    hr = IBackgroundCopyJob_AddFileSet(job, COUNT, files);
    ok(hr == E_INVALIDARG, "Got hr %#lx.\n", hr);
    check_progress(job, 0, 0, 0, 0);
    files[COUNT - 1].RemoteName = files[0].RemoteName;
    hr = IBackgroundCopyJob_AddFileSet(job, COUNT, files);
    ok(hr == S_OK || broken(hr == BG_E_TOO_MANY_FILES_IN_JOB), "Got hr %#lx.\n", hr);
    if (hr == S_OK)
        check_progress(job, BG_SIZE_UNKNOWN, 0, COUNT, 0);
    hr = IBackgroundCopyJob_AddFileSet(job, 0, files);
    ok(FAILED(hr), "Got hr %#lx.\n", hr);
    drop_job(job);
    free(names);
    free(files);
}

static void test_guids(void)
{
    IBackgroundCopyJob *job;
    unsigned int i, j;
    GUID id;
    HRESULT hr;

    for (i = 0; i < 256; i++)
    {
        for (j = 0; j < sizeof(id); j++)
            ((BYTE *)&id)[j] = i + j * (i >> 4);
        job = (void *)0xdeadbeef;
        hr = IBackgroundCopyManager_GetJob(manager, &id, &job);
        ok(hr == BG_E_NOT_FOUND, "Got hr %#lx for %s.\n", hr, wine_dbgstr_guid(&id));
        ok(!job, "Got job %p.\n", job);
    }
}

static void check_alive(void)
{
    IBackgroundCopyJob *job;
    HRESULT hr;

    write_file(local_name(L"source"), 1000, 1);
    job = create_job_with(local_name(L"source"), local_name(L"alive"));
    resume_job(job);
    wait_state(job, STATE(TRANSFERRED));
    hr = IBackgroundCopyJob_Complete(job);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    check_same_file(local_name(L"source"), local_name(L"alive"));
    IBackgroundCopyJob_Release(job);
}

START_TEST(badinput)
{
    if (!test_begin())
        return;
    test_remote_names();
    test_local_names();
    test_targets();
    test_same_target();
    test_full_disk();
    test_readonly_directory();
    test_large_set();
    test_guids();
    check_alive();
    test_end();
}
