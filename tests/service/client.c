/*
 * A client of BITS for the tests of the service: each verb is one client that comes and goes.
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

/*
 * client start URL DIR COUNT SIZE      makes a job of COUNT files, URL and SIZE/SEED each, starts it, prints its id
 * client state ID                      prints the state
 * client wait ID                       waits until the job has stopped, prints the state
 * client finish ID DIR COUNT SIZE      completes it and checks the files
 * client idle                          no client at all, but a program that runs until its input ends
 */

#include <stdio.h>
#include <stdlib.h>
#include "../com/util.h"
#include "../server/content.h"

static const char *names[] =
{
    "QUEUED", "CONNECTING", "TRANSFERRING", "SUSPENDED", "ERROR", "TRANSIENT_ERROR", "TRANSFERRED",
    "ACKNOWLEDGED", "CANCELLED",
};

static IBackgroundCopyManager *bits;

static int fail(const char *what, HRESULT hr)
{
    printf("%s: %#lx\n", what, hr);
    exit(1);
}

static IBackgroundCopyJob *find_job(const char *text)
{
    IBackgroundCopyJob *job;
    WCHAR wide[64];
    HRESULT hr;
    GUID id;

    swprintf(wide, ARRAYSIZE(wide), L"%hs", text);
    if (FAILED(hr = CLSIDFromString(wide, &id)))
        fail("CLSIDFromString", hr);
    hr = IBackgroundCopyManager_GetJob(bits, &id, &job);
    if (hr == BG_E_NOT_FOUND)
    {
        printf("none\n");
        exit(0);
    }
    if (FAILED(hr))
        fail("GetJob", hr);
    return job;
}

static void start(const char *url, const char *dir, unsigned int count, const char *size)
{
    WCHAR remote[1024], local[MAX_PATH], text[64];
    IBackgroundCopyJob *job;
    unsigned int i;
    HRESULT hr;
    GUID id;

    if (FAILED(hr = IBackgroundCopyManager_CreateJob(bits, L"client", BG_JOB_TYPE_DOWNLOAD, &id, &job)))
        fail("CreateJob", hr);
    if (FAILED(hr = IBackgroundCopyJob_SetPriority(job, BG_JOB_PRIORITY_FOREGROUND)))
        fail("SetPriority", hr);
    for (i = 0; i < count; i++)
    {
        swprintf(remote, ARRAYSIZE(remote), L"%hs%hs/%u", url, size, i + 1);
        swprintf(local, ARRAYSIZE(local), L"%hs\\file%u", dir, i);
        if (FAILED(hr = IBackgroundCopyJob_AddFile(job, remote, local)))
            fail("AddFile", hr);
    }
    if (FAILED(hr = IBackgroundCopyJob_Resume(job)))
        fail("Resume", hr);
    StringFromGUID2(&id, text, ARRAYSIZE(text));
    printf("%ls\n", text);
    IBackgroundCopyJob_Release(job);
}

static void state(const char *id, BOOL wait)
{
    IBackgroundCopyJob *job = find_job(id);
    DWORD begin = GetTickCount();
    BG_JOB_STATE state;
    HRESULT hr;

    for (;;)
    {
        if (FAILED(hr = IBackgroundCopyJob_GetState(job, &state)))
            fail("GetState", hr);
        if (!wait || ((1u << state) & STATES_STOPPED) || GetTickCount() - begin > TIMEOUT)
            break;
        Sleep(20);
    }
    printf("%s\n", names[state]);
    IBackgroundCopyJob_Release(job);
}

static void finish(const char *id, const char *dir, unsigned int count, UINT64 size)
{
    static unsigned char buffer[65536];
    IBackgroundCopyJob *job = find_job(id);
    BG_JOB_PROGRESS progress;
    char name[MAX_PATH];
    unsigned int i;
    HRESULT hr;

    if (FAILED(hr = IBackgroundCopyJob_GetProgress(job, &progress)))
        fail("GetProgress", hr);
    if (progress.FilesTotal != count || progress.FilesTransferred != count
            || progress.BytesTotal != count * size || progress.BytesTransferred != count * size)
        fail("Counters are wrong", E_FAIL);
    if ((hr = IBackgroundCopyJob_Complete(job)) != S_OK)
        fail("Complete", hr);
    IBackgroundCopyJob_Release(job);
    for (i = 0; i < count; i++)
    {
        UINT64 offset = 0;
        size_t got;
        FILE *file;

        snprintf(name, sizeof(name), "%s\\file%u", dir, i);
        if (!(file = fopen(name, "rb")))
            fail(name, E_FAIL);
        while ((got = fread(buffer, 1, sizeof(buffer), file)))
        {
            if (content_check(buffer, got, i + 1, offset) != got)
                fail("Content is wrong", E_FAIL);
            offset += got;
        }
        fclose(file);
        if (offset != size)
            fail("Size is wrong", E_FAIL);
    }
    printf("good\n");
}

int main(int argc, char **argv)
{
    const char *verb = argc > 1 ? argv[1] : "";
    HRESULT hr;

    if (!strcmp(verb, "idle"))
    {
        printf("idle\n");
        fflush(stdout);
        while (getchar() != EOF)
            ;
        return 0;
    }
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    if (FAILED(hr = CoCreateInstance(&CLSID_BackgroundCopyManager, NULL, CLSCTX_LOCAL_SERVER,
                                     &IID_IBackgroundCopyManager, (void **)&bits)))
        fail("CoCreateInstance", hr);
    if (!strcmp(verb, "start") && argc == 6)
        start(argv[2], argv[3], atoi(argv[4]), argv[5]);
    else if (!strcmp(verb, "state") && argc == 3)
        state(argv[2], FALSE);
    else if (!strcmp(verb, "wait") && argc == 3)
        state(argv[2], TRUE);
    else if (!strcmp(verb, "finish") && argc == 6)
        finish(argv[2], argv[3], atoi(argv[4]), _strtoui64(argv[5], NULL, 10));
    else
        fail(verb, E_INVALIDARG);
    IBackgroundCopyManager_Release(bits);
    CoUninitialize();
    return 0;
}
