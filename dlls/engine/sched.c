/*
 * Who holds a slot now: foreground groups side by side, one background group at a time.
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

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "private.h"
#include "wine/debug.h"

WINE_DEFAULT_DEBUG_CHANNEL(dlengine);

/* Groups that are looked at in one run: a long queue for one busy host costs no more than this. */
#define SCAN_MAX 256

static void sched_timer_fired(struct timer *timer)
{
    struct engine *engine = CONTAINING_RECORD(timer, struct engine, sched_timer);

    engine->sched_dirty = TRUE;
}

void sched_init(struct engine *engine)
{
    timer_init(&engine->sched_timer, sched_timer_fired);
    list_init(&engine->active);
}

HRESULT group_create(struct engine *engine, enum group_priority priority, struct group **ret_group)
{
    struct group *group;

    *ret_group = NULL;
    if (!(group = calloc(1, sizeof(*group))))
        return E_OUTOFMEMORY;
    group->engine = engine;
    group->refcount = 1;
    group->priority = group->new_priority = priority;
    group->width = 1;
    list_init(&group->pending);
    list_init(&group->running);
    *ret_group = group;
    return S_OK;
}

void group_addref(struct group *group)
{
    InterlockedIncrement(&group->refcount);
}

void group_release(struct group *group)
{
    if (!InterlockedDecrement(&group->refcount))
        free(group);
}

size_t origin_length(const char *url)
{
    const char *host = url ? strstr(url, "://") : NULL;

    return host ? host + 3 - url + strcspn(host + 3, "/?#") : 0;
}

static struct host *host_get(struct engine *engine, const char *url)
{
    size_t length = origin_length(url);
    struct host *host;

    LIST_FOR_EACH_ENTRY(host, &engine->hosts, struct host, entry)
    {
        if (strlen(host->name) == length && !_strnicmp(host->name, url, length))
        {
            host->refcount++;
            return host;
        }
    }
    if (!(host = malloc(offsetof(struct host, name[length + 1]))))
        return NULL;
    host->active_count = 0;
    host->refcount = 1;
    memcpy(host->name, url, length);
    host->name[length] = 0;
    list_add_head(&engine->hosts, &host->entry);
    return host;
}

static void host_release(struct host *host)
{
    if (--host->refcount)
        return;
    list_remove(&host->entry);
    free(host);
}

static void group_update_ready(struct group *group)
{
    BOOL is_ready = !list_empty(&group->pending);

    if (is_ready == group->is_ready)
        return;
    group->is_ready = is_ready;
    if (!is_ready)
    {
        list_remove(&group->ready_entry);
        return;
    }
    list_add_tail(&group->engine->ready[group->priority], &group->ready_entry);
    if (!group->running_count)
        group->waiting_since = engine_now(group->engine);
}

HRESULT sched_add(struct xfer *xfer)
{
    struct group *group = xfer->group;

    if (!(xfer->host = host_get(group->engine, xfer->url)))
        return E_OUTOFMEMORY;
    xfer->state = XFER_PENDING;
    list_add_tail(&group->pending, &xfer->entry);
    group_update_ready(group);
    group->engine->sched_dirty = TRUE;
    return S_OK;
}

static void leave_running(struct xfer *xfer)
{
    struct group *group = xfer->group;

    list_remove(&xfer->active_entry);
    xfer->host->active_count--;
    group->engine->active_count--;
    if (!--group->running_count)
        group->waiting_since = engine_now(group->engine);
}

void sched_remove(struct xfer *xfer)
{
    if (!xfer->host)
        return;
    if (xfer->state == XFER_RUNNING)
        leave_running(xfer);
    list_remove(&xfer->entry);
    host_release(xfer->host);
    xfer->host = NULL;
    group_update_ready(xfer->group);
    xfer->group->engine->sched_dirty = TRUE;
}

static void start(struct xfer *xfer)
{
    struct group *group = xfer->group;

    list_remove(&xfer->entry);
    list_add_tail(&group->running, &xfer->entry);
    list_add_tail(&group->engine->active, &xfer->active_entry);
    xfer->state = XFER_RUNNING;
    xfer->host->active_count++;
    group->engine->active_count++;
    group->running_count++;
    xfer_start(xfer);
}

/* Takes the slots of a group away; what ran stands first in its queue again, in the old order. */
static void group_stop(struct group *group)
{
    struct list stopped = LIST_INIT(stopped);
    struct xfer *xfer;

    group_addref(group);
    list_move_tail(&stopped, &group->running);
    list_move_tail(&stopped, &group->pending);
    list_move_tail(&group->pending, &stopped);
    LIST_FOR_EACH_ENTRY(xfer, &group->pending, struct xfer, entry)
    {
        if (xfer->state != XFER_RUNNING)
            break;
        leave_running(xfer);
        xfer->state = XFER_PENDING;
        xfer_stop(xfer);
    }
    group_update_ready(group);
    group->engine->sched_dirty = TRUE;
    group_release(group);
}

/* Starts what the group may run now; sets *wake when it has to wait for the patience of a host. */
static void group_fill(struct group *group, UINT64 now, UINT64 *wake)
{
    struct engine *engine = group->engine;

    group_addref(group);
    while (!list_empty(&group->pending) && group->running_count < group->width
           && engine->active_count < MAX_TRANSFERS)
    {
        struct xfer *xfer = LIST_ENTRY(list_head(&group->pending), struct xfer, entry);

        if (xfer->host->active_count >= MAX_PER_HOST)
        {
            UINT64 due = group->waiting_since + HOST_PATIENCE_MS;

            if (group->running_count)
                break;
            if (now < due)
            {
                if (due < *wake)
                    *wake = due;
                break;
            }
        }
        start(xfer);
    }
    group_update_ready(group);
    group_release(group);
}

static void set_background(struct engine *engine, struct group *group)
{
    struct group *old = engine->background;

    if (group)
        group_addref(group);
    engine->background = group;
    engine->background_since = engine_now(engine);
    if (old)
        group_release(old);
}

static struct group *first_background(struct engine *engine, enum group_priority limit)
{
    int level;

    for (level = GROUP_HIGH; level <= (int)limit; level++)
    {
        if (!list_empty(&engine->ready[level]))
            return LIST_ENTRY(list_head(&engine->ready[level]), struct group, ready_entry);
    }
    return NULL;
}

/* Decides which background group holds the slot: a higher level takes it at once, an equal one when the
 * slice is over. */
static void choose_background(struct engine *engine, UINT64 now, UINT64 *wake)
{
    struct group *group = engine->background, *other;

    if (group && !group->running_count && list_empty(&group->pending))
    {
        set_background(engine, NULL);
        group = NULL;
    }
    if (group)
    {
        other = first_background(engine, group->priority);
        if (other == group && list_next(&engine->ready[group->priority], &group->ready_entry))
            other = LIST_ENTRY(list_next(&engine->ready[group->priority], &group->ready_entry),
                               struct group, ready_entry);
        if (!other || other == group)
            return;
        if (other->priority == group->priority && now - engine->background_since < BACKGROUND_SLICE_MS)
        {
            if (engine->background_since + BACKGROUND_SLICE_MS < *wake)
                *wake = engine->background_since + BACKGROUND_SLICE_MS;
            return;
        }
        TRACE("group %p makes room for group %p.\n", group, other);
        if (group->is_ready)
        {
            list_remove(&group->ready_entry);
            list_add_tail(&engine->ready[group->priority], &group->ready_entry);
        }
        group_stop(group);
        set_background(engine, other);
        return;
    }
    if ((other = first_background(engine, GROUP_LOW)))
        set_background(engine, other);
}

void sched_run(struct engine *engine)
{
    UINT64 now = engine_now(engine), wake = ~(UINT64)0;
    struct group *group, *next;
    unsigned int scanned = 0, started;

    engine->sched_dirty = FALSE;
    LIST_FOR_EACH_ENTRY_SAFE(group, next, &engine->ready[GROUP_FOREGROUND], struct group, ready_entry)
    {
        if (engine->active_count >= MAX_TRANSFERS || scanned++ == SCAN_MAX)
            break;
        started = engine->active_count;
        group_fill(group, now, &wake);
        /* Behind those that wait for their first slot. */
        if (engine->active_count > started && group->is_ready)
        {
            list_remove(&group->ready_entry);
            list_add_tail(&engine->ready[GROUP_FOREGROUND], &group->ready_entry);
        }
    }
    choose_background(engine, now, &wake);
    if (engine->background)
        group_fill(engine->background, now, &wake);
    if (wake != ~(UINT64)0)
        timer_set(engine, &engine->sched_timer, wake);
}

void sched_group_changed(struct group *group, enum group_priority priority)
{
    struct engine *engine = group->engine;
    enum group_priority old = group->priority;

    if (old == priority)
        return;
    group->priority = priority;
    if (group->is_ready)
    {
        list_remove(&group->ready_entry);
        list_add_tail(&engine->ready[priority], &group->ready_entry);
    }
    if (priority == GROUP_FOREGROUND)
    {
        if (engine->background == group)
            set_background(engine, NULL);
    }
    else if (old == GROUP_FOREGROUND && group->running_count)
    {
        if (engine->background)
            group_stop(group);
        else
            set_background(engine, group);
    }
    engine->sched_dirty = TRUE;
}

void sched_sized(struct xfer *xfer)
{
    if (xfer_size(xfer) > SMALL_FILE)
        xfer->group->width = 1;
}

void sched_succeeded(struct xfer *xfer)
{
    struct group *group = xfer->group;

    if (xfer_size(xfer) > SMALL_FILE || group->width >= MAX_PER_GROUP)
        return;
    group->width = min(group->width * 2, MAX_PER_GROUP);
}

void sched_cancel_all(struct engine *engine)
{
    unsigned int level;

    while (!list_empty(&engine->active))
        xfer_cancel_now(LIST_ENTRY(list_head(&engine->active), struct xfer, active_entry));
    for (level = 0; level < ARRAYSIZE(engine->ready); level++)
    {
        while (!list_empty(&engine->ready[level]))
        {
            struct group *group = LIST_ENTRY(list_head(&engine->ready[level]), struct group, ready_entry);

            xfer_cancel_now(LIST_ENTRY(list_head(&group->pending), struct xfer, entry));
        }
    }
    if (engine->background)
        set_background(engine, NULL);
    timer_cancel(engine, &engine->sched_timer);
}
