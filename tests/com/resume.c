/*
 * Downloads that are interrupted: never a mix of two files, never a byte too many.
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

#define SIZE 1000000

static void complete(IBackgroundCopyJob *job, const WCHAR *local, UINT64 size, unsigned int seed)
{
    HRESULT hr = IBackgroundCopyJob_Complete(job);

    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    check_content(local_name(local), size, seed);
    IBackgroundCopyJob_Release(job);
}

/* Brings the job to its end, however often the connection breaks. */
static void run_to_end(IBackgroundCopyJob *job)
{
    unsigned int i;

    for (i = 0; i < 20; i++)
    {
        if (wait_state(job, STATE(TRANSFERRED) | STATE(TRANSIENT_ERROR)) != BG_JOB_STATE_TRANSIENT_ERROR)
            break;
        resume_job(job);
    }
    check_state(job, BG_JOB_STATE_TRANSFERRED);
}

static void test_dropped(void)
{
    static const char *ways[] = {"drop=400000", "drop=400000/rst", "drop=400000/noetag", "drop=400000/nolm",
            "drop=400000/connclose"};
    IBackgroundCopyJob *job;
    unsigned int i;
    char path[256];

    for (i = 0; i < ARRAYSIZE(ways); i++)
    {
        winetest_push_context("%s", ways[i]);
        snprintf(path, sizeof(path), "/t=dropped%u/%s/method=GET/first=1/f/%u", i, ways[i], SIZE);
        job = create_job_with(remote_name(path), local_name(L"dropped"));
        resume_job(job);
        run_to_end(job);
        check_progress(job, SIZE, SIZE, 1, 1);
        complete(job, L"dropped", SIZE, 1);
        snprintf(path, sizeof(path), "dropped%u", i);
        ok(server_count(path, "ranged") >= 1, "Nothing was asked for from the middle on.\n");
        ok(server_count(path, "body") < 2 * SIZE, "%I64u bytes were sent.\n", server_count(path, "body"));
        winetest_pop_context();
    }
}

/* Suspend stops, Resume goes on from there. */
static void test_suspended(void)
{
    BG_JOB_PROGRESS progress, again;
    IBackgroundCopyJob *job;
    char *log;
    HRESULT hr;

    job = create_job_with(remote_name("/t=suspended/gate=600000/method=GET/first=1/f/1000000"),
                          local_name(L"suspended"));
    resume_job(job);
    server_wait("suspended", "gated", 1);
    wait_bytes(job, 100000);
    hr = IBackgroundCopyJob_Suspend(job);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    check_state(job, BG_JOB_STATE_SUSPENDED);
    hr = IBackgroundCopyJob_GetProgress(job, &progress);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(progress.BytesTotal == SIZE, "Got %I64u bytes in all.\n", progress.BytesTotal);
    ok(progress.BytesTransferred >= 100000 && progress.BytesTransferred <= 600000, "Got %I64u bytes.\n",
            progress.BytesTransferred);
    server_do("/release/suspended");
    server_wait("suspended", "ended", 1);
    hr = IBackgroundCopyJob_GetProgress(job, &again);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(again.BytesTransferred == progress.BytesTransferred, "Got %I64u bytes.\n", again.BytesTransferred);
    check_state(job, BG_JOB_STATE_SUSPENDED);

    resume_job(job);
    wait_state(job, STATE(TRANSFERRED));
    complete(job, L"suspended", SIZE, 1);
    log = server_get("/log/suspended");
    ok(log && strstr(log, "Range: bytes="), "No range was asked for: %s.\n", log);
    free(log);
}

/* When the file is another one by then, nothing of the first is in the result. */
static void test_changed(void)
{
    static const struct
    {
        const char *first, *second;
        UINT64 size;
    }
    changes[] =
    {
        {"", "seed=2", SIZE},
        {"noetag", "seed=2&noetag", SIZE},
        {"nolm", "seed=2&nolm", SIZE},
        {"weak", "seed=2&weak", SIZE},
        {"weak&nolm", "seed=2&weak&nolm", SIZE},
        {"", "seed=2&noetag", SIZE},
        {"", "seed=2&size=900000", 900000},
        {"", "seed=2&size=300000", 300000},
        {"noetag&nolm", "seed=2&noetag&nolm&size=900000", 900000},
        {"noetag&nolm", "seed=2&noetag&nolm&size=1200000", 1200000},
        {"noetag&nolm", "seed=2&noetag&nolm&size=300000", 300000},
        {"", "seed=2&norange", SIZE},
    };
    IBackgroundCopyJob *job;
    unsigned int i;
    char path[256];

    for (i = 0; i < ARRAYSIZE(changes); i++)
    {
        winetest_push_context("Change %u, %s", i, changes[i].second);
        server_do("/set/changed%u?%s%sgate=400000", i, changes[i].first, changes[i].first[0] ? "&" : "");
        snprintf(path, sizeof(path), "/t=changed%u/f/%u", i, SIZE);
        job = create_job_with(remote_name(path), local_name(L"changed"));
        resume_job(job);
        snprintf(path, sizeof(path), "changed%u", i);
        server_wait(path, "gated", 1);
        wait_bytes(job, 100000);
        server_do("/set/changed%u?%s", i, changes[i].second);
        server_do("/drop/changed%u", i);
        run_to_end(job);
        check_progress(job, changes[i].size, changes[i].size, 1, 1);
        complete(job, L"changed", changes[i].size, 2);
        winetest_pop_context();
    }
}

/* A server that answers something else than it was asked for does not get it into the file. */
static void test_lies(void)
{
    static const char *lies[] =
    {
        "crangeshift=1", "crangeshift=-1", "crange=none", "crange=rubbish", "crangetotal=5", "crange=bytes%200-9%2F10",
        "status=200/norange/length=10",
    };
    IBackgroundCopyJob *job;
    BG_JOB_STATE state;
    unsigned int i;
    char path[256];

    for (i = 0; i < ARRAYSIZE(lies); i++)
    {
        winetest_push_context("%s", lies[i]);
        snprintf(path, sizeof(path), "/t=lie%u/drop=400000/method=GET/first=1/then/range=1/%s/f/%u", i, lies[i], SIZE);
        job = create_job_with(remote_name(path), local_name(L"lie"));
        resume_job(job);
        wait_state(job, STATE(TRANSIENT_ERROR) | STATE(ERROR) | STATE(TRANSFERRED));
        resume_job(job);
        state = wait_state(job, STATE(TRANSIENT_ERROR) | STATE(ERROR) | STATE(TRANSFERRED));
        if (state == BG_JOB_STATE_TRANSFERRED)
            complete(job, L"lie", SIZE, 1);
        else
            drop_job(job);
        DeleteFileW(local_name(L"lie"));
        winetest_pop_context();
    }
}

/* A foreground download needs no ranges while nothing goes wrong. */
static void test_no_ranges(void)
{
    IBackgroundCopyJob *job;
    BG_JOB_STATE state;

    job = create_job_with(remote_name("/t=norange/norange/f/1000000"), local_name(L"norange"));
    resume_job(job);
    wait_state(job, STATE(TRANSFERRED));
    complete(job, L"norange", SIZE, 1);

    job = create_job_with(remote_name("/t=norange2/norange/drop=400000/method=GET/first=1/f/1000000"),
                          local_name(L"norange2"));
    resume_job(job);
    wait_state(job, STATE(TRANSIENT_ERROR) | STATE(TRANSFERRED));
    resume_job(job);
    state = wait_state(job, STATE(ERROR) | STATE(TRANSFERRED));
    if (state == BG_JOB_STATE_TRANSFERRED)
    {
        complete(job, L"norange2", SIZE, 1);
    }
    else
    {
        check_error(job, BG_ERROR_CONTEXT_REMOTE_FILE, BG_E_INSUFFICIENT_RANGE_SUPPORT);
        drop_job(job);
    }
}

/* Whatever comes, the job ends in an error, the service lives, and there is no file. */
static void test_garbage(void)
{
    static const char *garbage[] =
    {
        "garbage=1000", "http09", "statusline=ICY%20200%20OK", "length=-1", "length=junk", "length2=5", "length=2000000",
        "badchunk", "chunked=1000/drop=3000", "bigtotal=4M", "close", "rst", "interim=100/interims=0/nolength",
        "force206/crange=rubbish", "status=999", "status=204", "status=304",
    };
    IBackgroundCopyJob *job;
    BG_JOB_STATE state;
    unsigned int i;
    char path[256];

    for (i = 0; i < ARRAYSIZE(garbage); i++)
    {
        winetest_push_context("%s", garbage[i]);
        snprintf(path, sizeof(path), "/t=garbage%u/%s/f/1000000", i, garbage[i]);
        job = create_job_with(remote_name(path), local_name(L"garbage"));
        if (strstr(garbage[i], "interims=0"))
        {
            /* Without end, so the job must bear to be cancelled in the middle. */
            resume_job(job);
            wait_state(job, STATE(CONNECTING) | STATE(TRANSIENT_ERROR) | STATE(ERROR));
            drop_job(job);
        }
        else
        {
            resume_job(job);
            state = wait_state(job, STATE(TRANSIENT_ERROR) | STATE(ERROR));
            if (state == BG_JOB_STATE_TRANSFERRED)
                trace("The job was transferred.\n");
            drop_job(job);
        }
        ok(!file_exists(local_name(L"garbage")), "There is a file.\n");
        ok(!count_names(L"BIT*"), "There are temporary files.\n");
        winetest_pop_context();
    }
}

/* Connections that say nothing any more do not hold anybody up. */
static void test_stalled(void)
{
    static const char *ways[] = {"never", "stall=0", "stall=1000"};
    IBackgroundCopyJob *job;
    unsigned int i;
    char path[256];
    HRESULT hr;

    for (i = 0; i < ARRAYSIZE(ways); i++)
    {
        winetest_push_context("%s", ways[i]);
        snprintf(path, sizeof(path), "/t=stalled%u/%s/method=GET/first=1/f/%u", i, ways[i], SIZE);
        job = create_job_with(remote_name(path), local_name(L"stalled"));
        resume_job(job);
        snprintf(path, sizeof(path), "stalled%u", i);
        server_wait(path, "get", 1);
        hr = IBackgroundCopyJob_Suspend(job);
        ok(hr == S_OK, "Got hr %#lx.\n", hr);
        check_state(job, BG_JOB_STATE_SUSPENDED);
        resume_job(job);
        wait_state(job, STATE(TRANSFERRED));
        complete(job, L"stalled", SIZE, 1);
        winetest_pop_context();
    }
}

/* After its delay the job goes on by itself. */
static void test_retry(void)
{
    IBackgroundCopyJob *job;
    HRESULT hr;

    job = create_job_with(remote_name("/t=retry/status=503/first=1/f/1000000"), local_name(L"retry"));
    hr = IBackgroundCopyJob_SetMinimumRetryDelay(job, 5);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    resume_job(job);
    wait_state(job, STATE(TRANSIENT_ERROR));
    check_error(job, BG_ERROR_CONTEXT_REMOTE_FILE, 0x801901f7);
    while (job_state(job) == BG_JOB_STATE_TRANSIENT_ERROR && server_count("retry", "requests") < 2)
        Sleep(50);
    wait_state(job, STATE(TRANSFERRED));
    complete(job, L"retry", SIZE, 1);
}

START_TEST(resume)
{
    if (!test_begin())
        return;
    if (need_server())
    {
        test_dropped();
        test_suspended();
        test_changed();
        test_lies();
        test_no_ranges();
        test_garbage();
        test_stalled();
        test_retry();
    }
    test_end();
}
