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

/* What is on when one job ends is often wanted by the next. */
#define LINGER_MS 1500

static SRWLOCK hold_lock = SRWLOCK_INIT;    /* taken before manager.lock; guards the next two */
static volatile BOOL is_held;
static volatile BOOL is_automatic = TRUE;   /* as a crash may have left it */
static PTP_WORK hold_work;
static struct timer hold_timer;

void hold_update(void)
{
    BOOL need_hold, need_start;

    AcquireSRWLockExclusive(&hold_lock);
    AcquireSRWLockShared(&manager.lock);
    need_hold = manager.holders != 0 && !manager.closing;
    need_start = manager.job_count != 0;
    ReleaseSRWLockShared(&manager.lock);
    if (need_hold != is_held)
    {
        hold_set(need_hold);
        is_held = need_hold;
    }
    if (need_start != is_automatic)
    {
        scm_set_autostart(L"BITS", need_start);
        is_automatic = need_start;
    }
    ReleaseSRWLockExclusive(&hold_lock);
}

static void CALLBACK hold_run(PTP_CALLBACK_INSTANCE instance, void *context, PTP_WORK work)
{
    hold_update();
}

static void hold_fire(struct timer *timer)
{
    SubmitThreadpoolWork(hold_work);
}

void hold_changed(void)
{
    BOOL need_hold, need_start;

    AcquireSRWLockShared(&manager.lock);
    need_hold = manager.holders != 0;
    need_start = manager.job_count != 0;
    ReleaseSRWLockShared(&manager.lock);
    if (need_hold && !is_held)
        SubmitThreadpoolWork(hold_work);
    else if (need_hold != is_held || need_start != is_automatic)
        timer_set(manager.engine, &hold_timer, engine_now(manager.engine) + LINGER_MS);
}

HRESULT hold_init(void)
{
    timer_init(&hold_timer, hold_fire);
    if (!(hold_work = CreateThreadpoolWork(hold_run, NULL, NULL)))
        return HRESULT_FROM_WIN32(GetLastError());
    return S_OK;
}

void hold_cleanup(void)
{
    WaitForThreadpoolWorkCallbacks(hold_work, TRUE);
    CloseThreadpoolWork(hold_work);
    hold_update();
}
