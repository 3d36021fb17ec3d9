/*
 * IBackgroundCopyCallback and IBackgroundCopyCallback2: what is told, when, and to whom.
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

#define ALL_FLAGS (BG_NOTIFY_JOB_TRANSFERRED | BG_NOTIFY_JOB_ERROR | BG_NOTIFY_JOB_MODIFICATION \
        | BG_NOTIFY_FILE_TRANSFERRED)

static void set_callback(IBackgroundCopyJob *job, struct callback *callback, ULONG flags)
{
    HRESULT hr;

    hr = IBackgroundCopyJob_SetNotifyInterface(job, callback ? callback_unknown(callback) : NULL);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyJob_SetNotifyFlags(job, flags);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
}

/* When this returns, whatever the service had to tell before has been told or will not be. */
static void wait_for_service(void)
{
    struct callback *callback = callback_create();
    IBackgroundCopyJob *job;

    job = create_job_with(local_name(L"source"), local_name(L"other"));
    set_callback(job, callback, BG_NOTIFY_JOB_TRANSFERRED);
    resume_job(job);
    callback_wait(callback, EVENT_TRANSFERRED, 1);
    drop_job(job);
    callback_release(callback);
}

/* What comes, JobModification left out, for each combination of flags and end. */
static void test_order(void)
{
    static const struct
    {
        const char *name;
        ULONG flags;
        BOOL fails;
        enum event_kind expected[4];
        unsigned int count;
    }
    tests[] =
    {
        {"default", 0x03, FALSE, {EVENT_TRANSFERRED}, 1},
        {"default, error", 0x03, TRUE, {EVENT_ERROR}, 1},
        {"all", ALL_FLAGS, FALSE, {EVENT_FILE, EVENT_FILE, EVENT_FILE, EVENT_TRANSFERRED}, 4},
        {"all, error", ALL_FLAGS, TRUE, {EVENT_FILE, EVENT_FILE, EVENT_ERROR}, 3},
        {"files", BG_NOTIFY_FILE_TRANSFERRED, FALSE, {EVENT_FILE, EVENT_FILE, EVENT_FILE}, 3},
        {"error only", BG_NOTIFY_JOB_ERROR, FALSE, {0}, 0},
        {"transferred only, error", BG_NOTIFY_JOB_TRANSFERRED, TRUE, {0}, 0},
        {"disabled", ALL_FLAGS | BG_NOTIFY_DISABLE, FALSE, {0}, 0},
        {"disabled, error", ALL_FLAGS | BG_NOTIFY_DISABLE, TRUE, {0}, 0},
    };
    WCHAR source[MAX_PATH], target[MAX_PATH];
    struct callback *callback;
    IBackgroundCopyJob *job;
    unsigned int i, j, n;

    wcscpy(source, local_name(L"source"));
    for (i = 0; i < ARRAYSIZE(tests); i++)
    {
        winetest_push_context("%s", tests[i].name);
        callback = callback_create();
        job = create_job_with(source, local_name(L"first"));
        add_file(job, source, local_name(L"second"));
        add_file(job, tests[i].fails ? local_name(L"missing") : source, local_name(L"third"));
        set_callback(job, callback, tests[i].flags);
        resume_job(job);
        wait_state(job, tests[i].fails ? STATE(ERROR) : STATE(TRANSFERRED));
        if (tests[i].count)
            callback_wait(callback, tests[i].expected[tests[i].count - 1],
                          tests[i].expected[tests[i].count - 1] == EVENT_FILE ? tests[i].count : 1);
        wait_for_service();

        for (j = n = 0; j < callback->count; j++)
        {
            const struct event *event = &callback->events[j];

            if (event->kind == EVENT_MODIFICATION)
            {
                ok(tests[i].flags & BG_NOTIFY_JOB_MODIFICATION, "Got JobModification.\n");
                continue;
            }
            ok(n < tests[i].count, "Event %u: got %u, too many.\n", n, event->kind);
            if (n >= tests[i].count)
                break;
            ok(event->kind == tests[i].expected[n], "Event %u: got %u instead of %u.\n", n, event->kind,
                    tests[i].expected[n]);
            if (event->kind == EVENT_TRANSFERRED)
                ok(event->state == BG_JOB_STATE_TRANSFERRED, "Got state %u.\n", event->state);
            if (event->kind == EVENT_ERROR)
            {
                ok(event->state == BG_JOB_STATE_ERROR, "Got state %u.\n", event->state);
                ok(event->code == HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND), "Got %#lx.\n", event->code);
            }
            if (event->kind == EVENT_FILE)
            {
                swprintf(target, ARRAYSIZE(target), L"%ls", event->local);
                ok(!file_exists(target), "%s is there too early.\n", wine_dbgstr_w(target));
            }
            n++;
        }
        ok(n == tests[i].count, "Got %u events instead of %u.\n", n, tests[i].count);
        drop_job(job);
        ok(callback->refcount == 1, "Got %ld references.\n", callback->refcount);
        callback_release(callback);
        winetest_pop_context();
    }
}

/* The normal pattern: the job is completed where its end is told. */
static void test_complete_inside(void)
{
    struct callback *callback = callback_create();
    IBackgroundCopyJob *job;

    job = create_job_with(local_name(L"source"), local_name(L"inside"));
    callback->complete = TRUE;
    set_callback(job, callback, ALL_FLAGS);
    resume_job(job);
    callback_wait(callback, EVENT_TRANSFERRED, 1);
    wait_state(job, STATE(ACKNOWLEDGED));
    check_same_file(local_name(L"source"), local_name(L"inside"));
    ok(callback_count(callback, EVENT_TRANSFERRED) == 1, "Got %u.\n", callback_count(callback, EVENT_TRANSFERRED));
    IBackgroundCopyJob_Release(job);
    callback_release(callback);
}

/* An event that nobody could be told is told to whom comes later, and to whom comes next. */
static void test_late(void)
{
    struct callback *callback = callback_create();
    IBackgroundCopyJob *job;

    job = create_job_with(local_name(L"source"), local_name(L"late"));
    resume_job(job);
    wait_state(job, STATE(TRANSFERRED));
    set_callback(job, callback, BG_NOTIFY_JOB_TRANSFERRED | BG_NOTIFY_JOB_ERROR);
    callback_wait(callback, EVENT_TRANSFERRED, 1);
    drop_job(job);
    callback_release(callback);

    callback = callback_create();
    job = create_job_with(local_name(L"missing"), local_name(L"late"));
    resume_job(job);
    wait_state(job, STATE(ERROR));
    set_callback(job, callback, BG_NOTIFY_JOB_TRANSFERRED | BG_NOTIFY_JOB_ERROR);
    callback_wait(callback, EVENT_ERROR, 1);
    drop_job(job);
    callback_release(callback);
}

/* A client that fails is asked again. */
static void test_retry(void)
{
    struct callback *callback = callback_create();
    IBackgroundCopyJob *job;
    HRESULT hr;

    job = create_job_with(local_name(L"source"), local_name(L"retry"));
    hr = IBackgroundCopyJob_SetMinimumRetryDelay(job, 5);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    callback->hr = E_FAIL;
    set_callback(job, callback, BG_NOTIFY_JOB_TRANSFERRED);
    resume_job(job);
    callback_wait(callback, EVENT_TRANSFERRED, 1);
    check_state(job, BG_JOB_STATE_TRANSFERRED);
    callback->hr = S_OK;
    callback_wait(callback, EVENT_TRANSFERRED, 2);
    drop_job(job);
    callback_release(callback);
}

/* A client of the first version gets what it knows. */
static void test_first_version(void)
{
    struct callback *callback = callback_create();
    IBackgroundCopyJob *job;

    callback->first_only = TRUE;
    job = create_job_with(local_name(L"source"), local_name(L"first"));
    set_callback(job, callback, ALL_FLAGS);
    resume_job(job);
    callback_wait(callback, EVENT_TRANSFERRED, 1);
    ok(!callback_count(callback, EVENT_FILE), "Got FileTransferred.\n");
    drop_job(job);
    callback_release(callback);
}

static void test_modification(void)
{
    struct callback *callback = callback_create();
    IBackgroundCopyJob *job = create_job();
    HRESULT hr;

    set_callback(job, callback, BG_NOTIFY_JOB_MODIFICATION);
    hr = IBackgroundCopyJob_SetDescription(job, L"Changed");
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    callback_wait(callback, EVENT_MODIFICATION, 1);
    add_file(job, local_name(L"source"), local_name(L"modified"));
    callback_wait(callback, EVENT_MODIFICATION, 2);
    resume_job(job);
    callback_wait(callback, EVENT_MODIFICATION, 3);
    wait_state(job, STATE(QUEUED) | STATE(CONNECTING) | STATE(TRANSFERRING) | STATE(TRANSFERRED));
    drop_job(job);
    callback_release(callback);
}

/* The service lets go of the object at once. */
static void test_release(void)
{
    struct callback *callback = callback_create();
    IBackgroundCopyJob *job = create_job();

    set_callback(job, callback, BG_NOTIFY_JOB_TRANSFERRED);
    ok(callback->refcount > 1, "Got %ld references.\n", callback->refcount);
    set_callback(job, NULL, BG_NOTIFY_JOB_TRANSFERRED);
    ok(callback->refcount == 1, "Got %ld references.\n", callback->refcount);
    set_callback(job, callback, BG_NOTIFY_JOB_TRANSFERRED);
    ok(callback->refcount > 1, "Got %ld references.\n", callback->refcount);
    drop_job(job);
    callback_release(callback);
}

static void test_transient(void)
{
    struct callback *callback;
    IBackgroundCopyJob *job;

    if (!need_server())
        return;
    callback = callback_create();
    job = create_job_with(remote_name("/t=transient/status=503/f/1000"), local_name(L"transient"));
    set_callback(job, callback, BG_NOTIFY_JOB_TRANSFERRED | BG_NOTIFY_JOB_ERROR);
    resume_job(job);
    wait_state(job, STATE(TRANSIENT_ERROR));
    wait_for_service();
    ok(!callback->count, "Got %u events.\n", callback->count);
    drop_job(job);
    callback_release(callback);
}

/* The child gives the job an interface, starts it and dies. */
static void child(const char *text)
{
    struct callback *callback = callback_create();
    IBackgroundCopyJob *job;
    WCHAR wide[64];
    HRESULT hr;
    GUID id;

    swprintf(wide, ARRAYSIZE(wide), L"%hs", text);
    hr = CLSIDFromString(wide, &id);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyManager_GetJob(manager, &id, &job);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    set_callback(job, callback, ALL_FLAGS);
    resume_job(job);
    TerminateProcess(GetCurrentProcess(), 0);
}

/* The job does not mind, and tells the next one. */
static void test_dead_client(const char *program)
{
    PROCESS_INFORMATION process;
    STARTUPINFOA startup = {sizeof(startup)};
    struct callback *callback;
    IBackgroundCopyJob *job;
    char command[1024];
    WCHAR text[64];
    HRESULT hr;
    GUID id;

    if (!need_server())
        return;
    job = create_job_with(remote_name("/t=dead/gate=50000/f/100000"), local_name(L"dead"));
    hr = IBackgroundCopyJob_GetId(job, &id);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    StringFromGUID2(&id, text, ARRAYSIZE(text));
    snprintf(command, sizeof(command), "\"%s\" callback %ls", program, text);
    ok(CreateProcessA(NULL, command, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &process),
            "Got error %lu.\n", GetLastError());
    wait_child_process(process.hProcess);
    CloseHandle(process.hThread);
    CloseHandle(process.hProcess);
    server_wait("dead", "gated", 1);
    server_do("/release/dead");
    wait_state(job, STATE(TRANSFERRED));
    callback = callback_create();
    set_callback(job, callback, ALL_FLAGS);
    callback_wait(callback, EVENT_TRANSFERRED, 1);
    hr = IBackgroundCopyJob_Complete(job);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    check_content(local_name(L"dead"), 100000, 1);
    IBackgroundCopyJob_Release(job);
    callback_release(callback);
}

START_TEST(callback)
{
    char **argv;
    int argc = winetest_get_mainargs(&argv);

    if (!test_begin())
        return;
    if (argc > 2)
    {
        child(argv[2]);
        return;
    }
    write_file(local_name(L"source"), 100000, 1);
    test_order();
    test_complete_inside();
    test_late();
    test_retry();
    test_first_version();
    test_modification();
    test_release();
    test_transient();
    test_dead_client(argv[0]);
    test_end();
}
