/*
 * Tests of who holds a slot.
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
#include <string.h>

#include "transfer.h"
#include "wine/test.h"

/* A transfer that stops after 1000 bytes until the server is told to go on. */
static void submit_gated(struct run *run, struct group *in, const char *name)
{
    char path[100];

    snprintf(path, sizeof(path), "/t=%s/gate=1000/first=1/f/20000", name);
    run_init(run, server_url(path));
    run_submit(run, in);
}

static void wait_gated(const char *name, unsigned int count)
{
    char path[100];

    snprintf(path, sizeof(path), "/wait/%s/gated/%u", name, count);
    ask_server(path);
}

static unsigned int server_count(const char *name, const char *counter)
{
    char path[100];

    snprintf(path, sizeof(path), "/count/%s/%s", name, counter);
    return atoi(ask_server(path));
}

static void release(const char *name)
{
    char path[100];

    snprintf(path, sizeof(path), "/release/%s", name);
    ask_server(path);
}

static struct group *new_group(enum group_priority priority)
{
    struct group *ret;
    HRESULT hr;

    hr = group_create(engine, priority, &ret);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    return ret;
}

static BOOL has_started(struct run *run)
{
    BOOL ret;

    EnterCriticalSection(&run->cs);
    ret = run->connecting != 0;
    LeaveCriticalSection(&run->cs);
    return ret;
}

static void expect_good(struct run *run)
{
    run_wait(run);
    ok(run->result.hr == S_OK, "Got hr %#lx.\n", run->result.hr);
    ok(part_is(run, 20000, 1), "The content is not the server's.\n");
    run_free(run);
}

/* After this the loop has looked at everything that was submitted before. */
static void let_loop_turn(void)
{
    struct run run;

    run_init(&run, NULL);
    run.params.source = L"C:\\windows\\absent";
    run_submit(&run, group);
    run_wait(&run);
    ok(run.result.hr == HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND), "Got hr %#lx.\n", run.result.hr);
    run_free(&run);
}

/* All foreground groups, and of the others the first of the highest level. */
static void test_levels(void)
{
    struct group *groups[4] = { new_group(GROUP_FOREGROUND), new_group(GROUP_LOW), new_group(GROUP_NORMAL),
                                new_group(GROUP_NORMAL) };
    static const char *const names[] = { "lv0", "lv1", "lv2", "lv3" };
    struct run runs[4];
    unsigned int i;

    submit_gated(&runs[1], groups[1], names[1]);
    wait_gated(names[1], 1);
    submit_gated(&runs[0], groups[0], names[0]);
    wait_gated(names[0], 1);

    /* of more right than the one that runs */
    submit_gated(&runs[2], groups[2], names[2]);
    wait_gated(names[2], 1);
    ok(!WaitForSingleObject(runs[1].requeued_event, TIMEOUT), "The lower level still runs.\n");

    /* of the same right */
    submit_gated(&runs[3], groups[3], names[3]);
    let_loop_turn();
    ok(!has_started(&runs[3]), "Two background groups run.\n");

    release(names[2]);
    wait_gated(names[3], 1);
    ok(runs[1].connecting == 1, "The lower level runs beside the higher one.\n");
    release(names[3]);
    for (i = 0; i < ARRAYSIZE(runs); i++)
    {
        release(names[i]);
        expect_good(&runs[i]);
        group_release(groups[i]);
    }
    ok(runs[2].number < runs[3].number && runs[3].number < runs[1].number, "Got order %u, %u, %u.\n",
       runs[2].number, runs[3].number, runs[1].number);
    ok(runs[1].connecting == 2, "Got %u starts.\n", runs[1].connecting);
    ok(runs[0].connecting == 1 && !runs[0].requeues, "The foreground was interrupted.\n");
}

/* Within a level the slot goes round. */
static void test_slice(void)
{
    struct group *a = new_group(GROUP_NORMAL), *b = new_group(GROUP_NORMAL);
    struct run run_a, run_b;

    /* it must not look stalled when the clock jumps */
    run_init(&run_a, server_url("/slow=40000/f/100M"));
    run_submit(&run_a, a);
    ok(!WaitForSingleObject(run_a.progress_event, TIMEOUT), "No progress.\n");
    submit_gated(&run_b, b, "slb");
    let_loop_turn();
    ok(!has_started(&run_b), "Two background groups run.\n");

    InterlockedExchangeAdd64(&clock_ahead, 290000);
    engine_wake(engine);
    ok(!WaitForSingleObject(run_a.progress_event, TIMEOUT), "No progress.\n");
    let_loop_turn();
    ok(!has_started(&run_b), "The slice is short.\n");
    InterlockedExchangeAdd64(&clock_ahead, 10000);
    engine_wake(engine);
    wait_gated("slb", 1);
    ok(!WaitForSingleObject(run_a.requeued_event, TIMEOUT), "The first one still runs.\n");
    release("slb");
    expect_good(&run_b);
    ok(!WaitForSingleObject(run_a.progress_event, TIMEOUT), "It does not go on.\n");
    xfer_cancel(run_a.xfer);
    run_wait(&run_a);
    ok(run_a.connecting == 2, "Got %u starts.\n", run_a.connecting);
    run_free(&run_a);
    group_release(a);
    group_release(b);
}

static void test_priority_change(void)
{
    struct group *a = new_group(GROUP_NORMAL), *b = new_group(GROUP_NORMAL);
    struct run run_a, run_b;

    submit_gated(&run_a, a, "pra");
    wait_gated("pra", 1);
    submit_gated(&run_b, b, "prb");
    let_loop_turn();
    ok(!has_started(&run_b), "Two background groups run.\n");
    group_set_priority(b, GROUP_FOREGROUND);
    wait_gated("prb", 1);
    ok(!run_a.requeues, "The other one was interrupted.\n");

    /* back: there is no room for two */
    group_set_priority(b, GROUP_LOW);
    ok(!WaitForSingleObject(run_b.requeued_event, TIMEOUT), "It still runs.\n");
    group_set_priority(b, GROUP_HIGH);
    ok(!WaitForSingleObject(run_a.requeued_event, TIMEOUT), "It still runs.\n");
    expect_good(&run_b);
    expect_good(&run_a);
    group_release(a);
    group_release(b);
}

/* Small files of one group go side by side once the first has come, large ones one after the other. */
static void test_width(void)
{
    struct run runs[30];
    unsigned int i, peak;

    for (i = 0; i < ARRAYSIZE(runs); i++)
    {
        run_init(&runs[i], server_url("/t=small/delay=20/f/20000"));
        run_submit(&runs[i], group);
    }
    for (i = 0; i < ARRAYSIZE(runs); i++)
        expect_good(&runs[i]);
    peak = server_count("small", "peak");
    ok(peak > 1 && peak <= 6, "Got a peak of %u.\n", peak);

    for (i = 0; i < 5; i++)
    {
        run_init(&runs[i], server_url("/t=large/f/3M"));
        run_submit(&runs[i], group);
    }
    for (i = 0; i < 5; i++)
    {
        run_wait(&runs[i]);
        ok(runs[i].result.hr == S_OK, "Got hr %#lx.\n", runs[i].result.hr);
        ok(!i || runs[i].number > runs[i - 1].number, "File %u overtook another.\n", i);
        run_free(&runs[i]);
    }
}

/* A host with enough connections is spared, but not so long that a group starves. */
static void test_patience(void)
{
    struct group *groups[12];
    struct run runs[12];
    unsigned int i, started;

    InterlockedExchange64(&clock_stopped, GetTickCount64());
    for (i = 0; i < ARRAYSIZE(runs); i++)
    {
        groups[i] = new_group(GROUP_FOREGROUND);
        run_init(&runs[i], server_url("/t=patience/gate=1000/f/20000"));
        run_submit(&runs[i], groups[i]);
    }
    wait_gated("patience", 8);
    let_loop_turn();
    for (started = i = 0; i < ARRAYSIZE(runs); i++)
        started += has_started(&runs[i]);
    ok(started == 8, "%u connections to one host.\n", started);
    InterlockedExchangeAdd64(&clock_ahead, 1000);
    engine_wake(engine);
    for (i = 0; i < ARRAYSIZE(runs); i++)
        ok(!WaitForSingleObject(runs[i].head_event, TIMEOUT), "Group %u starves.\n", i);
    InterlockedExchange64(&clock_stopped, 0);
    release("patience");
    for (i = 0; i < ARRAYSIZE(runs); i++)
    {
        expect_good(&runs[i]);
        group_release(groups[i]);
    }
}

/* A timer that becomes due in the middle of a turn of the loop gives a slot away: to the next one, at once. */
static void test_late_timer(void)
{
    struct group *late = new_group(GROUP_FOREGROUND);
    struct run silent, next;

    run_init(&silent, server_url("/t=late/never/f/20000"));
    run_submit(&silent, late);
    ask_server("/wait/late/requests/1");
    run_init(&next, server_url("/f/20000"));
    run_submit(&next, late);
    let_loop_turn();
    InterlockedExchange(&clock_fuse, 1);
    engine_wake(engine);
    run_wait(&silent);
    ok(FAILED(silent.result.hr), "Got hr %#lx.\n", silent.result.hr);
    run_free(&silent);
    expect_good(&next);
    group_release(late);
}

/* The end of the engine ends what waits and what runs, and says so. */
static void test_end(void)
{
    struct group *low = new_group(GROUP_LOW);
    struct run runs[20];
    unsigned int i;

    for (i = 0; i < ARRAYSIZE(runs); i++)
    {
        run_init(&runs[i], server_url("/t=end/stall=1000/f/20000"));
        run_submit(&runs[i], i % 2 ? group : low);
    }
    group_release(low);
    WaitForSingleObject(runs[0].head_event, TIMEOUT);
    transfers_restart();
    for (i = 0; i < ARRAYSIZE(runs); i++)
    {
        ok(!WaitForSingleObject(runs[i].done_event, 0), "Transfer %u has no end.\n", i);
        ok(runs[i].result.hr == E_ABORT, "Got hr %#lx.\n", runs[i].result.hr);
        run_free(&runs[i]);
    }
}

START_TEST(sched)
{
    if (!server_url(""))
    {
        skip("No server for this run.\n");
        return;
    }
    if (!transfers_begin())
        return;
    test_levels();
    test_slice();
    test_priority_change();
    test_width();
    test_patience();
    test_late_timer();
    test_end();
    transfers_end();
}
