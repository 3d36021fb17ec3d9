/*
 * Keeps the prefix open, and the service's start type right, while jobs need it.
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

#include "qmgr.h"
#include "wine/debug.h"

WINE_DEFAULT_DEBUG_CHANNEL(qmgr);

/* The queue is often empty for a moment between two jobs, and the service control manager writes to disk. */
#define LINGER_MS 1500

static SRWLOCK hold_lock = SRWLOCK_INIT;    /* taken before manager.lock, as is the next one */
static BOOL is_held;
static SRWLOCK start_lock = SRWLOCK_INIT;
static volatile int is_automatic;           /* start type of the service, -1: as the last one left it */
static BOOL is_updating;                    /* manager.lock: a thread of the pool sees to the start type */
static struct timer start_timer;

static void update_start_type(void)
{
    BOOL is_needed;

    AcquireSRWLockExclusive(&start_lock);
    AcquireSRWLockShared(&manager.lock);
    is_needed = manager.job_count != 0;
    ReleaseSRWLockShared(&manager.lock);
    if (is_needed != is_automatic)
    {
        scm_set_autostart(L"BITS", is_needed);
        is_automatic = is_needed;
    }
    ReleaseSRWLockExclusive(&start_lock);
}

static void CALLBACK start_run(PTP_CALLBACK_INSTANCE instance, void *context)
{
    update_start_type();
    AcquireSRWLockExclusive(&manager.lock);
    is_updating = FALSE;
    ReleaseSRWLockExclusive(&manager.lock);
    WakeAllConditionVariable(&manager.changed);
}

/* By a callback without an object: a pool that has an object keeps a thread, which looks around every
 * five seconds. */
static void start_fire(struct timer *timer)
{
    BOOL was_updating;

    AcquireSRWLockExclusive(&manager.lock);
    was_updating = is_updating;
    is_updating = TRUE;
    ReleaseSRWLockExclusive(&manager.lock);
    if (!was_updating && !TrySubmitThreadpoolCallback(start_run, NULL, NULL))
        start_run(NULL, NULL);
}

void hold_changed(void)
{
    BOOL is_needed, has_jobs;

    AcquireSRWLockExclusive(&hold_lock);
    AcquireSRWLockShared(&manager.lock);
    is_needed = manager.holders != 0 && !manager.closing;
    has_jobs = manager.job_count != 0;
    ReleaseSRWLockShared(&manager.lock);
    if (is_needed != is_held)
    {
        hold_set(is_needed);
        is_held = is_needed;
    }
    ReleaseSRWLockExclusive(&hold_lock);
    if (has_jobs != is_automatic && !manager.closing)
        timer_set(manager.engine, &start_timer, engine_now(manager.engine) + LINGER_MS);
}

void hold_job_created(void)
{
    if (is_automatic != TRUE)
        update_start_type();
}

void hold_init(void)
{
    is_held = FALSE;
    is_automatic = -1;
    timer_init(&start_timer, start_fire);
}

void hold_cleanup(void)
{
    timer_cancel(manager.engine, &start_timer);
    AcquireSRWLockExclusive(&manager.lock);
    while (is_updating)
        SleepConditionVariableSRW(&manager.changed, &manager.lock, INFINITE, 0);
    ReleaseSRWLockExclusive(&manager.lock);
    update_start_type();
    hold_changed();
}
