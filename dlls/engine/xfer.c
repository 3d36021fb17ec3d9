/*
 * One transfer, source to part file: slot, head, bytes, end.
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

#include <windows.h>
#include <winhttp.h>

#include "bitsmsg.h"
#include "private.h"
#include "wine/debug.h"

WINE_DEFAULT_DEBUG_CHANNEL(dlengine);

#define RESERVE_FROM (1 << 20)  /* smaller files are not worth a reservation */

static char *copy_string(const char *string, BOOL *failed)
{
    char *copy = string ? strdup(string) : NULL;

    if (string && !copy)
        *failed = TRUE;
    return copy;
}

static WCHAR *copy_wide(const WCHAR *string, BOOL *failed)
{
    WCHAR *copy = wide_dup(string);

    if (string && !copy)
        *failed = TRUE;
    return copy;
}

void xfer_addref(struct xfer *xfer)
{
    InterlockedIncrement(&xfer->refcount);
}

void xfer_release(struct xfer *xfer)
{
    if (InterlockedDecrement(&xfer->refcount))
        return;
    if (xfer->group)
        group_release(xfer->group);
    free(xfer->url);
    free(xfer->source);
    free(xfer->part_path);
    free(xfer->etag);
    free(xfer->last_modified);
    if (xfer->headers)
        SecureZeroMemory(xfer->headers, strlen(xfer->headers));
    free(xfer->headers);
    free(xfer->proxy_list);
    free(xfer->proxy_bypass);
    free(xfer);
}

/* The server, or the disk, has been silent for too long. */
static void stall_fired(struct timer *timer)
{
    struct xfer *xfer = CONTAINING_RECORD(timer, struct xfer, stall);
    struct engine *engine = xfer->group->engine;

    if (engine_now(engine) - xfer->last_activity < STALL_TIMEOUT_MS)
    {
        timer_set(engine, timer, xfer->last_activity + STALL_TIMEOUT_MS);
        return;
    }
    WARN("xfer %p stands still.\n", xfer);
    xfer_finish(xfer, HRESULT_FROM_WIN32(ERROR_WINHTTP_TIMEOUT), XFER_WHERE_TRANSPORT, TRUE, 0, NULL);
}

HRESULT xfer_submit(struct group *group, const struct xfer_params *params, const struct xfer_events *events,
                    void *context, struct xfer **ret_xfer)
{
    BOOL failed = FALSE;
    struct xfer *xfer;
    HRESULT hr;

    *ret_xfer = NULL;
    if (!params->url == !params->source || !params->part)
        return E_INVALIDARG;
    if (!(xfer = calloc(1, sizeof(*xfer))))
        return E_OUTOFMEMORY;
    xfer->refcount = 1;
    xfer->group = group;
    group_addref(group);
    xfer->events = events;
    xfer->context = context;
    xfer->url = copy_string(params->url, &failed);
    xfer->source = copy_wide(params->source, &failed);
    xfer->part_path = copy_wide(params->part, &failed);
    xfer->etag = copy_string(params->etag, &failed);
    xfer->last_modified = copy_string(params->last_modified, &failed);
    xfer->headers = copy_string(params->headers, &failed);
    xfer->proxy_list = copy_string(params->proxy_list, &failed);
    xfer->proxy_bypass = copy_string(params->proxy_bypass, &failed);
    xfer->proxy = params->proxy;
    xfer->security = params->security;
    xfer->max_size = params->max_size;
    xfer->offset = params->offset;
    xfer->size = params->size;
    xfer->source_file = INVALID_HANDLE_VALUE;
    timer_init(&xfer->stall, stall_fired);
    if (failed)
    {
        hr = E_OUTOFMEMORY;
        goto fail;
    }
    *ret_xfer = xfer;
    if (FAILED(hr = xfer_post(xfer)))
        goto fail;
    return S_OK;

fail:
    *ret_xfer = NULL;
    xfer_release(xfer);
    return hr;
}

void xfer_get_progress(struct xfer *xfer, UINT64 *offset, UINT64 *size)
{
    *offset = xfer_offset(xfer);
    *size = xfer_size(xfer);
}

/* Ends what runs on behalf of the transfer; its good bytes stay. */
static void halt(struct xfer *xfer)
{
    struct engine *engine = xfer->group->engine;

    if (engine->gather_owner == xfer)
        gather_flush(engine);
    timer_cancel(engine, &xfer->stall);
    if (xfer->http)
        http_stop(xfer);
    if (xfer->source_file != INVALID_HANDLE_VALUE)
        local_stop(xfer);
    if (xfer->part)
        part_cut(xfer->part, xfer_offset(xfer));
    xfer->part = NULL;
}

void xfer_stop(struct xfer *xfer)
{
    halt(xfer);
    xfer->write_hr = S_OK;
    xfer->events->requeued(xfer->context, xfer_offset(xfer));
}

void xfer_finish(struct xfer *xfer, HRESULT hr, enum xfer_where where, BOOL transient, ULONG retry_after,
                 const char *url)
{
    struct xfer_result result;

    halt(xfer);
    sched_remove(xfer);
    xfer->state = XFER_DONE;
    if (hr != S_OK)
        TRACE("xfer %p ends at %s with hr %#lx.\n", xfer, wine_dbgstr_longlong(xfer_offset(xfer)), hr);
    result.hr = hr;
    result.where = where;
    result.transient = transient;
    result.retry_after = retry_after;
    result.offset = xfer_offset(xfer);
    result.url = url;
    xfer->events->done(xfer->context, &result);
    xfer_release(xfer);
}

void xfer_cancel_now(struct xfer *xfer)
{
    if (xfer->state != XFER_DONE)
        xfer_finish(xfer, E_ABORT, XFER_WHERE_NONE, FALSE, 0, NULL);
}

void xfer_complete(struct xfer *xfer)
{
    HRESULT hr = S_OK;

    sched_succeeded(xfer);
    if (!xfer->part)
        hr = part_open(xfer->part_path, xfer_offset(xfer), &xfer->part);
    if (SUCCEEDED(hr) && xfer->source_file != INVALID_HANDLE_VALUE)
        local_set_attributes(xfer);
    else if (SUCCEEDED(hr) && !xfer->source && xfer->last_modified)
        part_set_http_time(xfer->part, xfer->last_modified);
    if (SUCCEEDED(hr))
    {
        hr = part_close(xfer->part);
        xfer->part = NULL;
    }
    xfer_finish(xfer, hr, FAILED(hr) ? XFER_WHERE_LOCAL_FILE : XFER_WHERE_NONE, FALSE, 0, NULL);
}

static BOOL is_transient(HRESULT hr)
{
    BOOL transient = FALSE;

    if (HRESULT_FACILITY(hr) == FACILITY_WIN32)
        error_from_file(HRESULT_CODE(hr), &transient);
    return transient;
}

void xfer_start(struct xfer *xfer)
{
    struct engine *engine = xfer->group->engine;
    UINT64 offset = xfer_offset(xfer), size = xfer_size(xfer);
    enum xfer_where where = XFER_WHERE_LOCAL_FILE;
    HRESULT hr;

    xfer->last_activity = engine_now(engine);
    xfer->events->connecting(xfer->context);
    if (offset == size)
    {
        xfer_complete(xfer);
        return;
    }
    /* A new part file is made when there is something to put into it. */
    if (offset && FAILED(hr = part_open(xfer->part_path, offset, &xfer->part)))
        goto fail;
    if (FAILED(hr = timer_set(engine, &xfer->stall, xfer->last_activity + STALL_TIMEOUT_MS)))
        goto fail;
    hr = xfer->source ? local_start(xfer, &where) : http_start(xfer, &where);
    if (SUCCEEDED(hr))
        return;

fail:
    xfer_finish(xfer, hr, where, is_transient(hr), 0, NULL);
}

HRESULT xfer_head(struct xfer *xfer, const struct xfer_head *head, enum xfer_where *where)
{
    BOOL failed = FALSE;
    HRESULT hr;

    *where = XFER_WHERE_REMOTE_FILE;
    if (head->size > xfer->max_size)
        return BG_E_MAX_DOWNLOAD_SIZE_LIMIT_REACHED;

    *where = XFER_WHERE_LOCAL_FILE;
    free(xfer->etag);
    free(xfer->last_modified);
    xfer->etag = copy_string(head->etag, &failed);
    xfer->last_modified = copy_string(head->last_modified, &failed);
    if (failed)
        return E_OUTOFMEMORY;
    InterlockedExchange64(&xfer->size, head->size);
    sched_sized(xfer);
    if (!xfer->part && FAILED(hr = part_open(xfer->part_path, xfer_offset(xfer), &xfer->part)))
        return hr;
    if (head->size - xfer_offset(xfer) >= RESERVE_FROM
        && FAILED(hr = part_reserve(xfer->part, xfer->part_path, xfer_offset(xfer), head->size)))
        return hr;
    xfer->last_activity = engine_now(xfer->group->engine);
    xfer->events->head(xfer->context, head);
    return S_OK;
}

void xfer_wrote(struct xfer *xfer, size_t size)
{
    UINT64 now = engine_now(xfer->group->engine);

    InterlockedExchange64(&xfer->offset, xfer->offset + size);
    xfer->last_activity = now;
    if (now - xfer->last_progress < PROGRESS_INTERVAL_MS)
        return;
    xfer->last_progress = now;
    xfer->events->progress(xfer->context, xfer_offset(xfer));
}
