/*
 * The engine's thread: inbox, turns, wake-up, shutdown.
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
#include <string.h>

#include "private.h"
#include "wine/debug.h"

WINE_DEFAULT_DEBUG_CHANNEL(dlengine);

static UINT64 system_now(void)
{
    return GetTickCount64();
}

UINT64 engine_now(struct engine *engine)
{
    return engine->now();
}

/* Wakes the loop when it sleeps; engine->lock is held. */
static void wake_locked(struct engine *engine)
{
    if (!engine->sleeping)
        return;
    engine->sleeping = FALSE;
    poll_wake(engine);
}

void engine_nudge(struct engine *engine)
{
    AcquireSRWLockExclusive(&engine->lock);
    engine->nudged = TRUE;
    wake_locked(engine);
    ReleaseSRWLockExclusive(&engine->lock);
}

void engine_wake(struct engine *engine)
{
    engine_nudge(engine);
}

HRESULT xfer_post(struct xfer *xfer)
{
    struct engine *engine = xfer->group->engine;
    HRESULT hr = S_OK;

    AcquireSRWLockExclusive(&engine->lock);
    if (engine->quit)
    {
        hr = HRESULT_FROM_WIN32(ERROR_SHUTDOWN_IN_PROGRESS);
    }
    else
    {
        list_add_tail(&engine->submitted, &xfer->inbox_entry);
        wake_locked(engine);
    }
    ReleaseSRWLockExclusive(&engine->lock);
    return hr;
}

void xfer_cancel(struct xfer *xfer)
{
    struct engine *engine = xfer->group->engine;

    if (InterlockedExchange(&xfer->cancel_queued, 1))
        return;
    xfer_addref(xfer);
    AcquireSRWLockExclusive(&engine->lock);
    list_add_tail(&engine->cancelled, &xfer->cancel_entry);
    wake_locked(engine);
    ReleaseSRWLockExclusive(&engine->lock);
}

void group_set_priority(struct group *group, enum group_priority priority)
{
    struct engine *engine = group->engine;

    AcquireSRWLockExclusive(&engine->lock);
    group->new_priority = priority;
    if (!group->is_regrouped)
    {
        group->is_regrouped = TRUE;
        group_addref(group);
        list_add_tail(&engine->regrouped, &group->inbox_entry);
        wake_locked(engine);
    }
    ReleaseSRWLockExclusive(&engine->lock);
}

/* Takes what others have left in the inbox; returns FALSE when it is time to go. */
static BOOL read_inbox(struct engine *engine)
{
    struct list submitted = LIST_INIT(submitted), cancelled = LIST_INIT(cancelled);
    struct xfer *xfer, *next;
    BOOL quit;

    AcquireSRWLockExclusive(&engine->lock);
    list_move_tail(&submitted, &engine->submitted);
    list_move_tail(&cancelled, &engine->cancelled);
    while (!list_empty(&engine->regrouped))
    {
        struct group *group = LIST_ENTRY(list_head(&engine->regrouped), struct group, inbox_entry);
        enum group_priority priority = group->new_priority;

        list_remove(&group->inbox_entry);
        group->is_regrouped = FALSE;
        ReleaseSRWLockExclusive(&engine->lock);
        sched_group_changed(group, priority);
        group_release(group);
        AcquireSRWLockExclusive(&engine->lock);
    }
    engine->nudged = FALSE;
    quit = engine->quit;
    ReleaseSRWLockExclusive(&engine->lock);

    LIST_FOR_EACH_ENTRY_SAFE(xfer, next, &submitted, struct xfer, inbox_entry)
    {
        HRESULT hr;

        list_remove(&xfer->inbox_entry);
        if (FAILED(hr = sched_add(xfer)))
            xfer_finish(xfer, hr, XFER_WHERE_QUEUE, TRUE, 0, NULL);
    }
    LIST_FOR_EACH_ENTRY_SAFE(xfer, next, &cancelled, struct xfer, cancel_entry)
    {
        list_remove(&xfer->cancel_entry);
        xfer_cancel_now(xfer);
        xfer_release(xfer);
    }
    return !quit;
}

static DWORD WINAPI loop_thread(void *arg)
{
    struct engine *engine = arg;
    BOOL is_busy, is_quiet;
    UINT64 next_timer;

    while (read_inbox(engine))
    {
        timers_run(engine);
        if (engine->sched_dirty)
            sched_run(engine);
        poll_dispatch(engine);
        gather_flush(engine);
        http_collect(engine);
        is_busy = local_run(engine);
        next_timer = timers_run(engine);
        is_busy |= engine->sched_dirty; /* a timer may have given a slot away */

        AcquireSRWLockExclusive(&engine->lock);
        is_quiet = list_empty(&engine->submitted) && list_empty(&engine->cancelled)
                   && list_empty(&engine->regrouped) && !engine->quit && !engine->nudged;
        engine->sleeping = is_quiet;
        ReleaseSRWLockExclusive(&engine->lock);
        if (!is_quiet)
            continue;

        poll_wait(engine, is_busy ? 0 : next_timer);

        AcquireSRWLockExclusive(&engine->lock);
        engine->sleeping = FALSE;
        ReleaseSRWLockExclusive(&engine->lock);
    }
    sched_cancel_all(engine);
    return 0;
}

HRESULT engine_create(const struct engine_config *config, struct engine **ret_engine)
{
    struct engine *engine;
    HRESULT hr = E_OUTOFMEMORY;
    unsigned int i;

    *ret_engine = NULL;
    if (!(engine = calloc(1, sizeof(*engine))))
        return E_OUTOFMEMORY;
    InitializeSRWLock(&engine->lock);
    list_init(&engine->submitted);
    list_init(&engine->cancelled);
    list_init(&engine->regrouped);
    for (i = 0; i < ARRAYSIZE(engine->ready); i++)
        list_init(&engine->ready[i]);
    list_init(&engine->hosts);
    list_init(&engine->locals);
    engine->now = config->now ? config->now : system_now;
    sched_init(engine);

    if (!(engine->user_agent = strdup(config->user_agent)))
        goto fail;
    if (!(engine->gather = malloc(GATHER_SIZE)))
        goto fail;
    if (FAILED(hr = timers_init(engine)))
        goto fail;
    if (FAILED(hr = http_init(engine)) || FAILED(hr = poll_init(engine)))
        goto fail;
    if (!(engine->thread = CreateThread(NULL, 0, loop_thread, engine, CREATE_SUSPENDED, &engine->thread_id)))
    {
        hr = HRESULT_FROM_WIN32(GetLastError());
        goto fail;
    }
    ResumeThread(engine->thread);
    *ret_engine = engine;
    return S_OK;

fail:
    http_cleanup(engine);
    poll_cleanup(engine);
    proxy_cleanup(engine);
    timers_free(engine);
    free(engine->gather);
    free(engine->user_agent);
    free(engine);
    return hr;
}

void engine_destroy(struct engine *engine)
{
    AcquireSRWLockExclusive(&engine->lock);
    engine->quit = TRUE;
    wake_locked(engine);
    ReleaseSRWLockExclusive(&engine->lock);
    WaitForSingleObject(engine->thread, INFINITE);
    CloseHandle(engine->thread);
    http_cleanup(engine);
    poll_cleanup(engine);
    proxy_cleanup(engine);
    timers_free(engine);
    free(engine->gather);
    free(engine->user_agent);
    free(engine);
}
