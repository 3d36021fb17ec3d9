/*
 * Deadlines on the engine's clock, earliest first, fired on the loop thread.
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

#include "config.h"

#include <stdlib.h>

#include "private.h"
#include "wine/debug.h"

WINE_DEFAULT_DEBUG_CHANNEL(dlengine);

HRESULT timers_init(struct engine *engine)
{
    InitializeSRWLock(&engine->timer_lock);
    InitializeConditionVariable(&engine->timer_fired);
    engine->heap_size = 16;
    if (!(engine->heap = malloc(engine->heap_size * sizeof(*engine->heap))))
        return E_OUTOFMEMORY;
    return S_OK;
}

void timers_free(struct engine *engine)
{
    free(engine->heap);
}

static void heap_put(struct engine *engine, unsigned int i, struct timer *timer)
{
    engine->heap[i] = timer;
    timer->index = i + 1;
}

static void heap_up(struct engine *engine, unsigned int i)
{
    struct timer *timer = engine->heap[i];

    while (i && engine->heap[(i - 1) / 2]->due > timer->due)
    {
        heap_put(engine, i, engine->heap[(i - 1) / 2]);
        i = (i - 1) / 2;
    }
    heap_put(engine, i, timer);
}

static void heap_down(struct engine *engine, unsigned int i)
{
    struct timer *timer = engine->heap[i];
    unsigned int child;

    while ((child = 2 * i + 1) < engine->heap_count)
    {
        if (child + 1 < engine->heap_count && engine->heap[child + 1]->due < engine->heap[child]->due)
            child++;
        if (engine->heap[child]->due >= timer->due)
            break;
        heap_put(engine, i, engine->heap[child]);
        i = child;
    }
    heap_put(engine, i, timer);
}

static void heap_remove(struct engine *engine, struct timer *timer)
{
    unsigned int i = timer->index - 1;
    struct timer *last = engine->heap[--engine->heap_count];

    timer->index = 0;
    if (last == timer)
        return;
    heap_put(engine, i, last);
    heap_up(engine, i);
    heap_down(engine, last->index - 1);
}

void timer_init(struct timer *timer, void (*fire)(struct timer *timer))
{
    timer->due = 0;
    timer->index = 0;
    timer->fire = fire;
}

HRESULT timer_set(struct engine *engine, struct timer *timer, UINT64 due)
{
    BOOL is_first;

    AcquireSRWLockExclusive(&engine->timer_lock);
    if (timer->index)
    {
        heap_remove(engine, timer);
    }
    else if (engine->heap_count == engine->heap_size)
    {
        struct timer **heap = realloc(engine->heap, 2 * engine->heap_size * sizeof(*heap));

        if (!heap)
        {
            ReleaseSRWLockExclusive(&engine->timer_lock);
            return E_OUTOFMEMORY;
        }
        engine->heap = heap;
        engine->heap_size *= 2;
    }
    timer->due = due;
    engine->heap[engine->heap_count] = timer;
    heap_up(engine, engine->heap_count++);
    is_first = timer->index == 1;
    ReleaseSRWLockExclusive(&engine->timer_lock);

    if (is_first)
        engine_nudge(engine);
    return S_OK;
}

void timer_cancel(struct engine *engine, struct timer *timer)
{
    AcquireSRWLockExclusive(&engine->timer_lock);
    if (timer->index)
        heap_remove(engine, timer);
    if (engine->thread_id != GetCurrentThreadId())
    {
        while (engine->firing == timer)
            SleepConditionVariableSRW(&engine->timer_fired, &engine->timer_lock, INFINITE, 0);
    }
    ReleaseSRWLockExclusive(&engine->timer_lock);
}

UINT64 timers_run(struct engine *engine)
{
    UINT64 now = engine_now(engine), next = ~(UINT64)0;

    AcquireSRWLockExclusive(&engine->timer_lock);
    while (engine->heap_count)
    {
        struct timer *timer = engine->heap[0];

        if (timer->due > now)
        {
            next = timer->due - now;
            break;
        }
        heap_remove(engine, timer);
        engine->firing = timer;
        ReleaseSRWLockExclusive(&engine->timer_lock);
        timer->fire(timer);
        AcquireSRWLockExclusive(&engine->timer_lock);
        engine->firing = NULL;
        WakeAllConditionVariable(&engine->timer_fired);
    }
    ReleaseSRWLockExclusive(&engine->timer_lock);
    return next;
}
