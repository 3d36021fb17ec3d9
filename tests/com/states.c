/*
 * Which call does what in which state of a job: reference/bits.md 5.3.
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

#define INV BG_E_INVALID_STATE
#define STATE_COUNT 9
#define FINAL(state) ((state) == BG_JOB_STATE_ACKNOWLEDGED || (state) == BG_JOB_STATE_CANCELLED)

static const char *names[STATE_COUNT] =
{
    "QUEUED", "CONNECTING", "TRANSFERRING", "SUSPENDED", "ERROR", "TRANSIENT_ERROR", "TRANSFERRED",
    "ACKNOWLEDGED", "CANCELLED",
};

static IBackgroundCopyJob *blocker;     /* has the one place that jobs of lower priority may have */

static IBackgroundCopyJob *create_in_state(BG_JOB_STATE state)
{
    static unsigned int number;
    static const char *options[STATE_COUNT] =
    {
        "", "never/", "gate=5000/", "", "status=404/", "status=503/", "", "", "",
    };
    WCHAR local[32];
    IBackgroundCopyJob *job;
    char path[256];
    HRESULT hr;

    number++;
    snprintf(path, sizeof(path), "/t=states%u/%sf/100000", number, options[state]);
    swprintf(local, ARRAYSIZE(local), L"file%u", number);
    job = create_job_with(remote_name(path), local_name(local));
    switch (state)
    {
        case BG_JOB_STATE_QUEUED:
            hr = IBackgroundCopyJob_SetPriority(job, BG_JOB_PRIORITY_LOW);
            ok(hr == S_OK, "Got hr %#lx.\n", hr);
            if (!blocker)
            {
                blocker = create_job_with(remote_name("/t=blocker/gate=5000/f/100000"), local_name(L"blocker"));
                hr = IBackgroundCopyJob_SetPriority(blocker, BG_JOB_PRIORITY_HIGH);
                ok(hr == S_OK, "Got hr %#lx.\n", hr);
                resume_job(blocker);
                wait_state(blocker, STATE(TRANSFERRING));
            }
            resume_job(job);
            break;

        case BG_JOB_STATE_SUSPENDED:
            break;

        case BG_JOB_STATE_CANCELLED:
            hr = IBackgroundCopyJob_Cancel(job);
            ok(hr == S_OK, "Got hr %#lx.\n", hr);
            break;

        case BG_JOB_STATE_ACKNOWLEDGED:
            resume_job(job);
            wait_state(job, STATE(TRANSFERRED));
            hr = IBackgroundCopyJob_Complete(job);
            ok(hr == S_OK, "Got hr %#lx.\n", hr);
            break;

        default:
            resume_job(job);
            break;
    }
    wait_state(job, 1u << state);
    return job;
}

/* What the four calls that move a job answer, and where they leave it. */
static void test_moves(void)
{
    enum { S = BG_JOB_STATE_SUSPENDED, A = BG_JOB_STATE_ACKNOWLEDGED, X = BG_JOB_STATE_CANCELLED };
    enum { SAME = -1, RUNS = -2 };      /* RUNS: any state of a job that goes on */
    static const struct
    {
        const char *name;
        size_t offset;
        HRESULT hr[STATE_COUNT];
        int to[STATE_COUNT];
    }
    calls[] =
    {
#define CALL(name) #name, offsetof(IBackgroundCopyJobVtbl, name)
        /*                   Q     C     T     S     E     TE    TD    ACK  CAN */
        {CALL(Resume),     {S_OK, S_OK, S_OK, S_OK, S_OK, S_OK, S_OK, INV, INV},
                           {SAME, SAME, SAME, RUNS, RUNS, RUNS, SAME, SAME, SAME}},
        {CALL(Suspend),    {S_OK, S_OK, S_OK, S_OK, S_OK, S_OK, S_OK, INV, INV},
                           {S,    S,    S,    S,    SAME, S,    SAME, SAME, SAME}},
        {CALL(Cancel),     {S_OK, S_OK, S_OK, S_OK, S_OK, S_OK, S_OK, INV, INV},
                           {X,    X,    X,    X,    X,    X,    X,    SAME, SAME}},
        {CALL(Complete),   {BG_S_PARTIAL_COMPLETE, BG_S_PARTIAL_COMPLETE, BG_S_PARTIAL_COMPLETE,
                            BG_S_PARTIAL_COMPLETE, BG_S_PARTIAL_COMPLETE, BG_S_PARTIAL_COMPLETE, S_OK, INV, INV},
                           {A,    A,    A,    A,    A,    A,    A,    SAME, SAME}},
#undef CALL
    };
    HRESULT (STDMETHODCALLTYPE *call)(IBackgroundCopyJob *job);
    BG_JOB_STATE state, after;
    IBackgroundCopyJob *job;
    unsigned int i;
    HRESULT hr;

    for (i = 0; i < ARRAYSIZE(calls); i++)
    {
        for (state = 0; state < STATE_COUNT; state++)
        {
            winetest_push_context("%s in %s", calls[i].name, names[state]);
            job = create_in_state(state);
            call = *(void **)((char *)job->lpVtbl + calls[i].offset);
            hr = call(job);
            ok(hr == calls[i].hr[state], "Got hr %#lx.\n", hr);
            after = job_state(job);
            if (calls[i].to[state] == SAME)
                ok(after == state, "Got state %u.\n", after);
            else if (calls[i].to[state] == RUNS)
                ok(after != BG_JOB_STATE_SUSPENDED && !FINAL(after), "Got state %u.\n", after);
            else
                ok(after == (BG_JOB_STATE)calls[i].to[state], "Got state %u.\n", after);
            drop_job(job);
            winetest_pop_context();
        }
    }
}

/* A job without files does not start, and keeps its state. */
static void test_empty(void)
{
    IBackgroundCopyJob *job = create_job();
    HRESULT hr;

    hr = IBackgroundCopyJob_Resume(job);
    ok(hr == BG_E_EMPTY, "Got hr %#lx.\n", hr);
    check_state(job, BG_JOB_STATE_SUSPENDED);
    hr = IBackgroundCopyJob_Suspend(job);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyJob_Cancel(job);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyJob_Resume(job);
    ok(hr == INV, "Got hr %#lx.\n", hr);
    IBackgroundCopyJob_Release(job);
}

/* Setters work in every state but the final ones; getters work in all. */
static void test_properties(BG_JOB_STATE state)
{
    HRESULT set = FINAL(state) ? INV : S_OK, hr, expected;
    IBackgroundCopyJob *job = create_in_state(state);
    IBackgroundCopyJobHttpOptions *options;
    IEnumBackgroundCopyFiles *files;
    BG_JOB_PROXY_USAGE usage;
    BG_FILE_PROGRESS file_progress;
    BG_JOB_PRIORITY priority;
    BG_JOB_PROGRESS progress;
    IBackgroundCopyError *error;
    IBackgroundCopyFile2 *file2;
    IBackgroundCopyFile *file;
    WCHAR *string, *string2;
    IBackgroundCopyJob3 *job3;
    BG_JOB_TIMES times;
    IUnknown *unknown;
    BG_JOB_TYPE type;
    BG_FILE_INFO info;
    ULONG value;
    DWORD flags;
    GUID id;

    winetest_push_context("%s", names[state]);
    hr = IBackgroundCopyJob_QueryInterface(job, &IID_IBackgroundCopyJob3, (void **)&job3);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyJob_QueryInterface(job, &IID_IBackgroundCopyJobHttpOptions, (void **)&options);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);

#define CHECK(expected, call) do { hr = call; ok(hr == (expected), "Got hr %#lx.\n", hr); } while (0)
    CHECK(set, IBackgroundCopyJob3_SetDisplayName(job3, L"Name"));
    CHECK(set, IBackgroundCopyJob3_SetDescription(job3, L"Description"));
    CHECK(set, IBackgroundCopyJob3_SetNotifyFlags(job3, BG_NOTIFY_DISABLE));
    CHECK(set, IBackgroundCopyJob3_SetNotifyInterface(job3, NULL));
    CHECK(set, IBackgroundCopyJob3_SetNotifyCmdLine(job3, NULL, NULL));
    CHECK(set, IBackgroundCopyJob3_SetMinimumRetryDelay(job3, 600));
    CHECK(set, IBackgroundCopyJob3_SetNoProgressTimeout(job3, 1209600));
    CHECK(set, IBackgroundCopyJob3_SetProxySettings(job3, BG_JOB_PROXY_USAGE_PRECONFIG, NULL, NULL));
    CHECK(set, IBackgroundCopyJob3_TakeOwnership(job3));
    CHECK(FINAL(state) ? INV : S_FALSE, IBackgroundCopyJob3_ReplaceRemotePrefix(job3, L"http://none/", L"http://other/"));
    CHECK(FINAL(state) ? INV : S_FALSE, IBackgroundCopyJob3_RemoveCredentials(job3, BG_AUTH_TARGET_SERVER, BG_AUTH_SCHEME_BASIC));
    CHECK(state == BG_JOB_STATE_TRANSFERRED ? INV : set, IBackgroundCopyJob3_SetFileACLFlags(job3, 0));
    CHECK(set, IBackgroundCopyJobHttpOptions_SetCustomHeaders(options, NULL));
    CHECK(set, IBackgroundCopyJobHttpOptions_SetSecurityFlags(options, 0));
    CHECK(FINAL(state) ? INV : S_FALSE, IBackgroundCopyJobHttpOptions_RemoveClientCertificate(options));

    CHECK(S_OK, IBackgroundCopyJob3_GetId(job3, &id));
    CHECK(S_OK, IBackgroundCopyJob3_GetType(job3, &type));
    CHECK(S_OK, IBackgroundCopyJob3_GetProgress(job3, &progress));
    CHECK(S_OK, IBackgroundCopyJob3_GetTimes(job3, &times));
    CHECK(S_OK, IBackgroundCopyJob3_GetOwner(job3, &string));
    CoTaskMemFree(string);
    CHECK(S_OK, IBackgroundCopyJob3_GetDisplayName(job3, &string));
    CoTaskMemFree(string);
    CHECK(S_OK, IBackgroundCopyJob3_GetDescription(job3, &string));
    CoTaskMemFree(string);
    CHECK(S_OK, IBackgroundCopyJob3_GetPriority(job3, &priority));
    CHECK(S_OK, IBackgroundCopyJob3_GetNotifyFlags(job3, &value));
    CHECK(S_OK, IBackgroundCopyJob3_GetNotifyInterface(job3, &unknown));
    CHECK(S_OK, IBackgroundCopyJob3_GetNotifyCmdLine(job3, &string, &string2));
    CoTaskMemFree(string);
    CoTaskMemFree(string2);
    CHECK(S_OK, IBackgroundCopyJob3_GetMinimumRetryDelay(job3, &value));
    CHECK(S_OK, IBackgroundCopyJob3_GetNoProgressTimeout(job3, &value));
    CHECK(S_OK, IBackgroundCopyJob3_GetErrorCount(job3, &value));
    CHECK(S_OK, IBackgroundCopyJob3_GetProxySettings(job3, &usage, &string, &string2));
    CHECK(S_OK, IBackgroundCopyJob3_GetFileACLFlags(job3, &flags));
    CHECK(S_FALSE, IBackgroundCopyJobHttpOptions_GetCustomHeaders(options, &string));
    CHECK(S_OK, IBackgroundCopyJobHttpOptions_GetSecurityFlags(options, &value));
    CHECK(S_OK, IBackgroundCopyJob3_EnumFiles(job3, &files));
    CHECK(S_OK, IEnumBackgroundCopyFiles_Next(files, 1, &file, NULL));
    CHECK(S_OK, IBackgroundCopyFile_GetProgress(file, &file_progress));
    CHECK(S_OK, IBackgroundCopyFile_GetRemoteName(file, &string));
    CHECK(S_OK, IBackgroundCopyFile_QueryInterface(file, &IID_IBackgroundCopyFile2, (void **)&file2));

    expected = state == BG_JOB_STATE_ERROR || state == BG_JOB_STATE_TRANSIENT_ERROR
            ? S_OK : BG_E_ERROR_INFORMATION_UNAVAILABLE;
    error = NULL;
    CHECK(expected, IBackgroundCopyJob3_GetError(job3, &error));
    if (error)
        IBackgroundCopyError_Release(error);
    check_state(job, state);

    /* From here on the job may move. */
    CHECK(set, IBackgroundCopyFile2_SetRemoteName(file2, string));
    CoTaskMemFree(string);
    CHECK(set, IBackgroundCopyJob3_AddFile(job3, L"http://127.0.0.1:1/late", local_name(L"late1")));
    info.RemoteName = (WCHAR *)L"http://127.0.0.1:1/late";
    info.LocalName = (WCHAR *)local_name(L"late2");
    CHECK(set, IBackgroundCopyJob3_AddFileSet(job3, 1, &info));
    ok(count_files(job) == (FINAL(state) ? 1 : 3), "Got %lu files.\n", count_files(job));
    CHECK(set, IBackgroundCopyJob3_SetPriority(job3, BG_JOB_PRIORITY_LOW));
#undef CHECK
    if (FINAL(state) || state == BG_JOB_STATE_SUSPENDED || state == BG_JOB_STATE_TRANSFERRED
            || state == BG_JOB_STATE_ERROR || state == BG_JOB_STATE_TRANSIENT_ERROR)
        check_state(job, state);

    IBackgroundCopyFile2_Release(file2);
    IBackgroundCopyFile_Release(file);
    IEnumBackgroundCopyFiles_Release(files);
    IBackgroundCopyJobHttpOptions_Release(options);
    IBackgroundCopyJob3_Release(job3);
    drop_job(job);
    winetest_pop_context();
}

/* New files take a job that was done up again. */
static void test_more_files(void)
{
    IBackgroundCopyJob *job = create_in_state(BG_JOB_STATE_TRANSFERRED);
    HRESULT hr;

    add_file(job, remote_name("/t=more/f/1000/2"), local_name(L"more"));
    check_state(job, BG_JOB_STATE_TRANSFERRED);
    resume_job(job);
    wait_state(job, STATE(TRANSFERRED));
    check_progress(job, 101000, 101000, 2, 2);
    hr = IBackgroundCopyJob_Complete(job);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    check_content(local_name(L"more"), 1000, 2);
    IBackgroundCopyJob_Release(job);
}

START_TEST(states)
{
    BG_JOB_STATE state;

    if (!test_begin())
        return;
    test_empty();
    if (need_server())
    {
        test_moves();
        for (state = 0; state < STATE_COUNT; state++)
            test_properties(state);
        test_more_files();
        if (blocker)
            drop_job(blocker);
        ok(!count_names(L"BIT*"), "There are %u temporary files.\n", count_names(L"BIT*"));
    }
    test_end();
}
