/*
 * Many clients that come and go at the same time.
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

#include "util.h"
#include "wine/test.h"

#define THREADS 4
#define ROUNDS 50

static IBackgroundCopyJob *shared;
static GUID shared_id;

/* Interfaces come and go with each round: their first objects and their last. */
static DWORD CALLBACK client(void *arg)
{
    IEnumBackgroundCopyFiles *files;
    IEnumBackgroundCopyJobs *jobs;
    IBackgroundCopyManager *mine;
    IBackgroundCopyFile *file;
    IBackgroundCopyJob2 *job2;
    IBackgroundCopyJob *job;
    unsigned int i;
    HRESULT hr;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    for (i = 0; i < ROUNDS; i++)
    {
        hr = CoCreateInstance(&CLSID_BackgroundCopyManager, NULL, CLSCTX_LOCAL_SERVER,
                              &IID_IBackgroundCopyManager, (void **)&mine);
        ok(hr == S_OK, "Got hr %#lx.\n", hr);
        if (FAILED(hr))
            break;
        hr = IBackgroundCopyManager_GetJob(mine, &shared_id, &job);
        ok(hr == S_OK, "Got hr %#lx.\n", hr);
        hr = IBackgroundCopyJob_QueryInterface(job, &IID_IBackgroundCopyJob2, (void **)&job2);
        ok(hr == S_OK, "Got hr %#lx.\n", hr);
        IBackgroundCopyJob2_Release(job2);
        hr = IBackgroundCopyJob_EnumFiles(job, &files);
        ok(hr == S_OK, "Got hr %#lx.\n", hr);
        hr = IEnumBackgroundCopyFiles_Next(files, 1, &file, NULL);
        ok(hr == S_OK, "Got hr %#lx.\n", hr);
        IBackgroundCopyFile_Release(file);
        IEnumBackgroundCopyFiles_Release(files);
        IBackgroundCopyJob_Release(job);
        hr = IBackgroundCopyManager_EnumJobs(mine, 0, &jobs);
        ok(hr == S_OK, "Got hr %#lx.\n", hr);
        IEnumBackgroundCopyJobs_Release(jobs);
        IBackgroundCopyManager_Release(mine);
    }
    CoUninitialize();
    return 0;
}

START_TEST(stress)
{
    HANDLE threads[THREADS];
    unsigned int i;
    DWORD ret;
    HRESULT hr;

    if (!test_begin())
        return;
    shared = create_job();
    add_file(shared, L"http://127.0.0.1:1/a", local_name(L"a"));
    hr = IBackgroundCopyJob_GetId(shared, &shared_id);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    for (i = 0; i < THREADS; i++)
        threads[i] = CreateThread(NULL, 0, client, NULL, 0, NULL);
    ret = WaitForMultipleObjects(THREADS, threads, TRUE, 2 * TIMEOUT);
    ok(ret == WAIT_OBJECT_0, "Got %lu: the service hangs.\n", ret);
    for (i = 0; i < THREADS; i++)
        CloseHandle(threads[i]);
    drop_job(shared);
    test_end();
}
