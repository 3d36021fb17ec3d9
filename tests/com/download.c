/*
 * Downloads that go well, and where their files are meanwhile.
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

static void complete(IBackgroundCopyJob *job, HRESULT expected)
{
    HRESULT hr = IBackgroundCopyJob_Complete(job);

    ok(hr == expected, "Got hr %#lx.\n", hr);
    check_state(job, hr == S_OK || hr == BG_S_PARTIAL_COMPLETE ? BG_JOB_STATE_ACKNOWLEDGED : BG_JOB_STATE_TRANSFERRED);
}

static void test_sizes(void)
{
    static const struct { const char *size; UINT64 bytes; } sizes[] =
    {
        {"0", 0}, {"1", 1}, {"4095", 4095}, {"65536", 65536}, {"1M", 1 << 20}, {"20000001", 20000001},
    };
    IBackgroundCopyJob *job;
    unsigned int i;
    char path[64];

    for (i = 0; i < ARRAYSIZE(sizes); i++)
    {
        winetest_push_context("Size %s", sizes[i].size);
        snprintf(path, sizeof(path), "/t=sizes/f/%s/%u", sizes[i].size, i + 1);
        job = create_job_with(remote_name(path), local_name(L"sized"));
        check_progress(job, BG_SIZE_UNKNOWN, 0, 1, 0);
        resume_job(job);
        wait_state(job, STATE(TRANSFERRED));
        check_progress(job, sizes[i].bytes, sizes[i].bytes, 1, 1);
        complete(job, S_OK);
        check_progress(job, sizes[i].bytes, sizes[i].bytes, 1, 1);
        check_content(local_name(L"sized"), sizes[i].bytes, i + 1);
        IBackgroundCopyJob_Release(job);
        winetest_pop_context();
    }
    ok(count_names(L"*") == 1, "There are %u files.\n", count_names(L"*"));
}

static void test_many_files(void)
{
    enum { COUNT = 100 };
    WCHAR *names = malloc(2 * COUNT * MAX_PATH * sizeof(WCHAR));
    BG_FILE_INFO *files = malloc(COUNT * sizeof(*files));
    IBackgroundCopyJob *job = create_job();
    IBackgroundCopyFile *file;
    BG_FILE_PROGRESS progress;
    UINT64 total = 0;
    unsigned int i;
    HRESULT hr;

    for (i = 0; i < COUNT; i++)
    {
        files[i].RemoteName = names + 2 * i * MAX_PATH;
        files[i].LocalName = names + (2 * i + 1) * MAX_PATH;
        swprintf(files[i].RemoteName, MAX_PATH, L"%ls%u/%u", remote_name("/t=many/f/"), i * 100, i + 1);
        swprintf(files[i].LocalName, MAX_PATH, L"%ls%u", local_name(L"many"), i);
        total += i * 100;
    }
    hr = IBackgroundCopyJob_AddFileSet(job, COUNT, files);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyJob_SetPriority(job, BG_JOB_PRIORITY_FOREGROUND);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    resume_job(job);
    wait_state(job, STATE(TRANSFERRED));
    check_progress(job, total, total, COUNT, COUNT);
    complete(job, S_OK);
    for (i = 0; i < COUNT; i++)
        check_content(files[i].LocalName, i * 100, i + 1);
    file = job_file(job, COUNT - 1);
    hr = IBackgroundCopyFile_GetProgress(file, &progress);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(progress.Completed, "The file is not completed.\n");
    ok(progress.BytesTransferred == (COUNT - 1) * 100, "Got %I64u bytes.\n", progress.BytesTransferred);
    IBackgroundCopyFile_Release(file);
    IBackgroundCopyJob_Release(job);
    ok(server_count("many", "connections") < COUNT, "There were %u connections.\n",
            (unsigned int)server_count("many", "connections"));
    for (i = 0; i < COUNT; i++)
        DeleteFileW(files[i].LocalName);
    free(files);
    free(names);
}

static void test_many_jobs(void)
{
    enum { COUNT = 20 };
    IBackgroundCopyJob *jobs[COUNT];
    WCHAR local[32];
    unsigned int i;
    char path[64];

    for (i = 0; i < COUNT; i++)
    {
        snprintf(path, sizeof(path), "/t=jobs/f/100000/%u", i + 1);
        swprintf(local, ARRAYSIZE(local), L"job%u", i);
        jobs[i] = create_job_with(remote_name(path), local_name(local));
        resume_job(jobs[i]);
    }
    for (i = 0; i < COUNT; i++)
    {
        wait_state(jobs[i], STATE(TRANSFERRED));
        complete(jobs[i], S_OK);
        swprintf(local, ARRAYSIZE(local), L"job%u", i);
        check_content(local_name(local), 100000, i + 1);
        IBackgroundCopyJob_Release(jobs[i]);
    }
}

/* The times of the file are the server's. */
static void test_times(void)
{
    static const SYSTEMTIME expected = {2020, 1, 0, 1, 0, 0, 9, 0};
    WIN32_FILE_ATTRIBUTE_DATA data;
    IBackgroundCopyJob *job;
    FILETIME time;

    SystemTimeToFileTime(&expected, &time);
    job = create_job_with(remote_name("/t=times/f/1000/9"), local_name(L"times"));
    resume_job(job);
    wait_state(job, STATE(TRANSFERRED));
    complete(job, S_OK);
    IBackgroundCopyJob_Release(job);
    ok(GetFileAttributesExW(local_name(L"times"), GetFileExInfoStandard, &data), "Got error %lu.\n", GetLastError());
    ok(!CompareFileTime(&data.ftLastWriteTime, &time), "Got another time.\n");
    ok(!(data.dwFileAttributes & (FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_TEMPORARY)), "Got attributes %#lx.\n",
            data.dwFileAttributes);
}

/* Until Complete there is a temporary file in the same directory, and nothing of the final name. */
static void test_temporary_file(void)
{
    IBackgroundCopyJob *job;

    job = create_job_with(remote_name("/t=temp/gate=50000/f/100000"), local_name(L"final"));
    ok(!count_names(L"BIT*.tmp"), "There is a temporary file.\n");
    resume_job(job);
    server_wait("temp", "gated", 1);
    wait_state(job, STATE(TRANSFERRING));
    ok(count_names(L"BIT*.tmp") == 1, "There are %u temporary files.\n", count_names(L"BIT*.tmp"));
    ok(!file_exists(local_name(L"final")), "The file is there too early.\n");
    drop_job(job);
    ok(!count_names(L"BIT*.tmp"), "There is a temporary file.\n");

    job = create_job_with(remote_name("/t=temp2/f/100000"), local_name(L"final"));
    resume_job(job);
    wait_state(job, STATE(TRANSFERRED));
    ok(count_names(L"BIT*.tmp") == 1, "There are %u temporary files.\n", count_names(L"BIT*.tmp"));
    ok(!file_exists(local_name(L"final")), "The file is there too early.\n");
    drop_job(job);
    ok(!count_names(L"BIT*.tmp"), "There is a temporary file.\n");
    ok(!file_exists(local_name(L"final")), "The file is there.\n");
}

/* What is finished is kept, the rest goes. */
static void test_partial(void)
{
    IBackgroundCopyFile *file;
    BG_FILE_PROGRESS progress;
    IBackgroundCopyJob *job;
    unsigned int i;
    HRESULT hr;

    job = create_job_with(remote_name("/t=partial/f/1000"), local_name(L"done"));
    add_file(job, remote_name("/t=partial2/gate=50000/f/100000"), local_name(L"not done"));
    resume_job(job);
    server_wait("partial2", "gated", 1);
    for (i = 0; i < 2000; i++)
    {
        BG_JOB_PROGRESS job_progress;

        hr = IBackgroundCopyJob_GetProgress(job, &job_progress);
        ok(hr == S_OK, "Got hr %#lx.\n", hr);
        if (job_progress.FilesTransferred == 1)
            break;
        Sleep(5);
    }
    complete(job, BG_S_PARTIAL_COMPLETE);
    check_content(local_name(L"done"), 1000, 1);
    ok(!file_exists(local_name(L"not done")), "The file is there.\n");
    ok(!count_names(L"BIT*.tmp"), "There is a temporary file.\n");
    file = job_file(job, 0);
    hr = IBackgroundCopyFile_GetProgress(file, &progress);
    ok(hr == S_OK && progress.Completed, "Got hr %#lx, completed %d.\n", hr, progress.Completed);
    IBackgroundCopyFile_Release(file);
    file = job_file(job, 1);
    hr = IBackgroundCopyFile_GetProgress(file, &progress);
    ok(hr == S_OK && !progress.Completed, "Got hr %#lx, completed %d.\n", hr, progress.Completed);
    IBackgroundCopyFile_Release(file);
    IBackgroundCopyJob_Release(job);
}

/* A file that cannot get its name leaves the job where it was. */
static void test_target_in_use(void)
{
    IBackgroundCopyFile *file;
    BG_FILE_PROGRESS progress;
    IBackgroundCopyJob *job;
    HANDLE handle;
    HRESULT hr;

    write_file(local_name(L"busy"), 10, 5);
    handle = CreateFileW(local_name(L"busy"), GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    ok(handle != INVALID_HANDLE_VALUE, "Got error %lu.\n", GetLastError());
    job = create_job_with(remote_name("/t=busy/f/1000"), local_name(L"free"));
    add_file(job, remote_name("/t=busy/f/1000/2"), local_name(L"busy"));
    resume_job(job);
    wait_state(job, STATE(TRANSFERRED));
    hr = IBackgroundCopyJob_Complete(job);
    ok(hr == HRESULT_FROM_WIN32(ERROR_SHARING_VIOLATION) || hr == E_ACCESSDENIED, "Got hr %#lx.\n", hr);
    check_state(job, BG_JOB_STATE_TRANSFERRED);
    check_content(local_name(L"free"), 1000, 1);
    check_content(local_name(L"busy"), 10, 5);
    file = job_file(job, 0);
    hr = IBackgroundCopyFile_GetProgress(file, &progress);
    ok(hr == S_OK && progress.Completed, "Got hr %#lx, completed %d.\n", hr, progress.Completed);
    IBackgroundCopyFile_Release(file);
    file = job_file(job, 1);
    hr = IBackgroundCopyFile_GetProgress(file, &progress);
    ok(hr == S_OK && !progress.Completed, "Got hr %#lx, completed %d.\n", hr, progress.Completed);
    IBackgroundCopyFile_Release(file);
    CloseHandle(handle);
    complete(job, S_OK);
    check_content(local_name(L"busy"), 1000, 2);
    IBackgroundCopyJob_Release(job);
}

/* Foreground jobs run beside each other and beside one of the others; of those the higher goes first. */
static void test_priorities(void)
{
    IBackgroundCopyJob *high, *low, *foreground;
    HRESULT hr;

    high = create_job_with(remote_name("/t=high/gate=1000/f/100000"), local_name(L"high"));
    hr = IBackgroundCopyJob_SetPriority(high, BG_JOB_PRIORITY_HIGH);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    low = create_job_with(remote_name("/t=low/f/100000"), local_name(L"low"));
    hr = IBackgroundCopyJob_SetPriority(low, BG_JOB_PRIORITY_LOW);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    foreground = create_job_with(remote_name("/t=fore/f/100000"), local_name(L"foreground"));

    resume_job(high);
    wait_state(high, STATE(TRANSFERRING));
    server_wait("high", "gated", 1);
    resume_job(low);
    resume_job(foreground);
    wait_state(foreground, STATE(TRANSFERRED));
    check_state(low, BG_JOB_STATE_QUEUED);
    check_state(high, BG_JOB_STATE_TRANSFERRING);
    ok(!server_count("low", "requests"), "The job of lower priority has begun.\n");
    server_do("/release/high");
    wait_state(high, STATE(TRANSFERRED));
    wait_state(low, STATE(TRANSFERRED));
    complete(high, S_OK);
    complete(low, S_OK);
    complete(foreground, S_OK);
    check_content(local_name(L"high"), 100000, 1);
    IBackgroundCopyJob_Release(high);
    IBackgroundCopyJob_Release(low);
    IBackgroundCopyJob_Release(foreground);

    /* A job of higher right takes the place of a running one, which goes on later. */
    low = create_job_with(remote_name("/t=low2/gate=50000/first=1/f/100000"), local_name(L"low"));
    hr = IBackgroundCopyJob_SetPriority(low, BG_JOB_PRIORITY_LOW);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    resume_job(low);
    server_wait("low2", "gated", 1);
    high = create_job_with(remote_name("/t=high2/f/100000"), local_name(L"high"));
    hr = IBackgroundCopyJob_SetPriority(high, BG_JOB_PRIORITY_HIGH);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    resume_job(high);
    wait_state(high, STATE(TRANSFERRED));
    server_do("/release/low2");
    wait_state(low, STATE(TRANSFERRED));
    complete(high, S_OK);
    complete(low, S_OK);
    check_content(local_name(L"low"), 100000, 1);
    IBackgroundCopyJob_Release(high);
    IBackgroundCopyJob_Release(low);

    /* In the foreground a waiting job need not wait. */
    high = create_job_with(remote_name("/t=high3/gate=1000/f/100000"), local_name(L"high"));
    hr = IBackgroundCopyJob_SetPriority(high, BG_JOB_PRIORITY_HIGH);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    resume_job(high);
    wait_state(high, STATE(TRANSFERRING));
    low = create_job_with(remote_name("/t=low3/f/100000"), local_name(L"low"));
    hr = IBackgroundCopyJob_SetPriority(low, BG_JOB_PRIORITY_LOW);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    resume_job(low);
    check_state(low, BG_JOB_STATE_QUEUED);
    hr = IBackgroundCopyJob_SetPriority(low, BG_JOB_PRIORITY_FOREGROUND);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    wait_state(low, STATE(TRANSFERRED));
    drop_job(low);
    drop_job(high);
}

static void test_proxy(void)
{
    IBackgroundCopyJob *job;
    WCHAR proxy[64];
    HRESULT hr;

    /* The server is the proxy, and answers for any host. */
    swprintf(proxy, ARRAYSIZE(proxy), L"%hs", server_url() + strlen("http://"));
    job = create_job_with(L"http://winebits.invalid/t=proxied/f/1000", local_name(L"proxied"));
    hr = IBackgroundCopyJob_SetProxySettings(job, BG_JOB_PROXY_USAGE_OVERRIDE, proxy, NULL);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    resume_job(job);
    wait_state(job, STATE(TRANSFERRED));
    ok(server_count("proxied", "requests") > 0, "The proxy was not used.\n");
    complete(job, S_OK);
    check_content(local_name(L"proxied"), 1000, 1);
    IBackgroundCopyJob_Release(job);

    /* Hosts of the bypass list are asked themselves. */
    job = create_job_with(remote_name("/t=direct/f/1000"), local_name(L"direct"));
    hr = IBackgroundCopyJob_SetProxySettings(job, BG_JOB_PROXY_USAGE_OVERRIDE, L"127.0.0.1:1", L"other 127.0.0.1");
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    resume_job(job);
    wait_state(job, STATE(TRANSFERRED));
    drop_job(job);
    job = create_job_with(remote_name("/t=direct/f/1000"), local_name(L"direct"));
    hr = IBackgroundCopyJob_SetProxySettings(job, BG_JOB_PROXY_USAGE_OVERRIDE, L"127.0.0.1:1", NULL);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    resume_job(job);
    wait_state(job, STATE(TRANSIENT_ERROR) | STATE(ERROR));
    drop_job(job);
}

START_TEST(download)
{
    if (!test_begin())
        return;
    if (need_server())
    {
        test_sizes();
        test_many_files();
        test_many_jobs();
        test_times();
        test_temporary_file();
        test_partial();
        test_target_in_use();
        test_priorities();
        test_proxy();
    }
    test_end();
}
