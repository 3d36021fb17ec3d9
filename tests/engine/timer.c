/*
 * Tests of deadlines on a clock of the test's own.
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

#include "transfer.h"
#include "wine/test.h"

#define COUNT 500

static struct timer timers[COUNT];
static volatile LONG fired[COUNT];
static UINT64 last_due;
static volatile LONG fired_count, is_disordered;
static HANDLE all_fired;
static LONG expected;

static void on_fire(struct timer *timer)
{
    InterlockedIncrement(&fired[timer - timers]);
    if (timer->due < last_due)
        is_disordered = 1;
    last_due = timer->due;
    if (InterlockedIncrement(&fired_count) == expected)
        SetEvent(all_fired);
}

static void advance(LONG64 by)
{
    InterlockedExchangeAdd64(&clock_ahead, by);
    engine_wake(engine);
}

static void test_order(void)
{
    UINT64 base = engine_now(engine) + 1000000;
    unsigned int i, random = 1;
    HRESULT hr;

    expected = COUNT / 2;
    for (i = 0; i < COUNT; i++)
    {
        timer_init(&timers[i], on_fire);
        random = random * 1103515245 + 12345;
        hr = timer_set(engine, &timers[i], base + (random >> 8) % 1000);
        ok(hr == S_OK, "Got hr %#lx.\n", hr);
    }
    for (i = 0; i < COUNT; i += 2)
        timer_cancel(engine, &timers[i]);
    for (i = 1; i < COUNT; i += 4)
        timer_set(engine, &timers[i], base + 2000 - i);
    ok(WaitForSingleObject(all_fired, 50) == WAIT_TIMEOUT && !fired_count, "%ld fired early.\n", fired_count);
    advance(1010000);
    ok(!WaitForSingleObject(all_fired, TIMEOUT), "Got %ld of %ld.\n", fired_count, expected);
    ok(!is_disordered, "They fired in disorder.\n");
    for (i = 0; i < COUNT; i++)
        ok(fired[i] == (LONG)(i % 2), "Timer %u fired %ld times.\n", i, fired[i]);
}

static HANDLE in_fire, may_end;
static volatile LONG has_ended;

static void on_slow_fire(struct timer *timer)
{
    SetEvent(in_fire);
    WaitForSingleObject(may_end, TIMEOUT);
    InterlockedExchange(&has_ended, 1);
}

static DWORD WINAPI cancel_thread(void *arg)
{
    timer_cancel(engine, arg);
    return has_ended;
}

/* Who cancels waits for a function that runs. */
static void test_cancel(void)
{
    struct timer timer;
    HANDLE thread;
    DWORD code;

    in_fire = CreateEventW(NULL, FALSE, FALSE, NULL);
    may_end = CreateEventW(NULL, FALSE, FALSE, NULL);
    timer_init(&timer, on_slow_fire);
    timer_set(engine, &timer, engine_now(engine));
    ok(!WaitForSingleObject(in_fire, TIMEOUT), "It does not fire.\n");
    thread = CreateThread(NULL, 0, cancel_thread, &timer, 0, NULL);
    ok(WaitForSingleObject(thread, 50) == WAIT_TIMEOUT, "The cancel did not wait.\n");
    SetEvent(may_end);
    ok(!WaitForSingleObject(thread, TIMEOUT), "The cancel hangs.\n");
    GetExitCodeThread(thread, &code);
    ok(code == 1, "The cancel came back early.\n");
    CloseHandle(thread);
    CloseHandle(in_fire);
    CloseHandle(may_end);
}

static volatile LONG again_count;
static HANDLE again_done;

static void on_again(struct timer *timer)
{
    if (++again_count == 3)
        SetEvent(again_done);
    else
        timer_set(engine, timer, timer->due);
}

/* A timer may set itself, and cancel itself. */
static void test_again(void)
{
    struct timer timer;

    again_done = CreateEventW(NULL, FALSE, FALSE, NULL);
    timer_init(&timer, on_again);
    timer_set(engine, &timer, engine_now(engine));
    ok(!WaitForSingleObject(again_done, TIMEOUT), "Got %ld.\n", again_count);
    timer_cancel(engine, &timer);
    CloseHandle(again_done);
}

START_TEST(timer)
{
    if (!transfers_begin())
        return;
    all_fired = CreateEventW(NULL, FALSE, FALSE, NULL);
    test_order();
    test_cancel();
    test_again();
    CloseHandle(all_fired);
    transfers_end();
}
