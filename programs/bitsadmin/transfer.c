/*
 * /TRANSFER: one job from its creation to its files in place, with a live display on a console.
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

#include "bitsadmin.h"
#include "wine/debug.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

WINE_DEFAULT_DEBUG_CHANNEL(bitsadmin);

/* A console is redrawn at most four times a second. */
#define DRAW_INTERVAL 250
/* How soon a change shows whose notification never came. */
#define CONSOLE_PATIENCE 1000
#define QUIET_PATIENCE 3000

struct watcher
{
    IBackgroundCopyCallback IBackgroundCopyCallback_iface;
    HANDLE finished;            /* the job is in one of its end states */
    HANDLE modified;
};

static inline struct watcher *impl_from_IBackgroundCopyCallback(IBackgroundCopyCallback *iface)
{
    return CONTAINING_RECORD(iface, struct watcher, IBackgroundCopyCallback_iface);
}

static HRESULT WINAPI watcher_QueryInterface(IBackgroundCopyCallback *iface, REFIID iid, void **out)
{
    if (!IsEqualGUID(iid, &IID_IUnknown) && !IsEqualGUID(iid, &IID_IBackgroundCopyCallback))
    {
        *out = NULL;
        return E_NOINTERFACE;
    }
    *out = iface;
    return S_OK;
}

/* Static: it lives as long as the process. */
static ULONG WINAPI watcher_AddRef(IBackgroundCopyCallback *iface)
{
    return 2;
}

static ULONG WINAPI watcher_Release(IBackgroundCopyCallback *iface)
{
    return 1;
}

static HRESULT WINAPI watcher_JobTransferred(IBackgroundCopyCallback *iface, IBackgroundCopyJob *job)
{
    TRACE("iface %p, job %p.\n", iface, job);

    SetEvent(impl_from_IBackgroundCopyCallback(iface)->finished);
    return S_OK;
}

static HRESULT WINAPI watcher_JobError(IBackgroundCopyCallback *iface, IBackgroundCopyJob *job,
        IBackgroundCopyError *error)
{
    TRACE("iface %p, job %p, error %p.\n", iface, job, error);

    SetEvent(impl_from_IBackgroundCopyCallback(iface)->finished);
    return S_OK;
}

static HRESULT WINAPI watcher_JobModification(IBackgroundCopyCallback *iface, IBackgroundCopyJob *job, DWORD reserved)
{
    TRACE("iface %p, job %p.\n", iface, job);

    SetEvent(impl_from_IBackgroundCopyCallback(iface)->modified);
    return S_OK;
}

static const IBackgroundCopyCallbackVtbl watcher_vtbl =
{
    watcher_QueryInterface,
    watcher_AddRef,
    watcher_Release,
    watcher_JobTransferred,
    watcher_JobError,
    watcher_JobModification,
};

static struct watcher watcher = { { &watcher_vtbl } };

struct transfer
{
    IBackgroundCopyJob *job;
    const WCHAR *name;
    BG_JOB_TYPE type;
    BG_JOB_PRIORITY priority;
    DWORD acl_flags;
    BOOL has_acl_flags;
    BOOL dynamic;
    WCHAR **pairs;              /* remote name, local name, remote name ... */
    int pair_count;
};

/* The first argument is the name, whatever it looks like; then options in any order; then pairs. */
static HRESULT parse(struct transfer *transfer, int argc, WCHAR **argv)
{
    int i;

    memset(transfer, 0, sizeof(*transfer));
    transfer->name = argv[0];
    transfer->type = BG_JOB_TYPE_DOWNLOAD;
    transfer->priority = BG_JOB_PRIORITY_NORMAL;
    for (i = 1; i < argc && argv[i][0] == '/'; i++)
    {
        if (word_is(argv[i], L"/DOWNLOAD"))
            transfer->type = BG_JOB_TYPE_DOWNLOAD;
        else if (word_is(argv[i], L"/UPLOAD"))
            transfer->type = BG_JOB_TYPE_UPLOAD;
        else if (word_is(argv[i], L"/DYNAMIC"))
            transfer->dynamic = TRUE;
        else if (word_is(argv[i], L"/PRIORITY"))
        {
            if (++i == argc)
                return bad_argument_count();
            if (!priority_parse(argv[i], &transfer->priority))
                return bad_argument(argv[i]);
        }
        else if (word_is(argv[i], L"/ACLFLAGS"))
        {
            if (++i == argc)
                return bad_argument_count();
            if (!acl_flags_parse(argv[i], &transfer->acl_flags))
                return bad_argument(argv[i]);
            transfer->has_acl_flags = TRUE;
        }
        else
            return bad_argument(argv[i]);
    }
    /* Some shells add empty arguments. */
    while ((argc - i) % 2 && argc > i && !argv[argc - 1][0])
        argc--;
    if (argc == i || (argc - i) % 2)
        return bad_argument_count();
    transfer->pairs = argv + i;
    transfer->pair_count = (argc - i) / 2;
    return S_OK;
}

static HRESULT set_dynamic(IBackgroundCopyJob *job)
{
    BITS_JOB_PROPERTY_VALUE value;
    IBackgroundCopyJob5 *job5;
    HRESULT hr;

    if (FAILED(hr = IBackgroundCopyJob_QueryInterface(job, &IID_IBackgroundCopyJob5, (void **)&job5)))
        return hr;
    memset(&value, 0, sizeof(value));
    value.Enable = TRUE;
    hr = IBackgroundCopyJob5_SetProperty(job5, BITS_JOB_PROPERTY_DYNAMIC_CONTENT, value);
    IBackgroundCopyJob5_Release(job5);
    return hr;
}

static HRESULT set_acl(IBackgroundCopyJob *job, DWORD flags)
{
    IBackgroundCopyJob3 *job3;
    HRESULT hr;

    if (FAILED(hr = IBackgroundCopyJob_QueryInterface(job, &IID_IBackgroundCopyJob3, (void **)&job3)))
        return hr;
    hr = IBackgroundCopyJob3_SetFileACLFlags(job3, flags);
    IBackgroundCopyJob3_Release(job3);
    return hr;
}

static HRESULT fail(const WCHAR *what, HRESULT hr)
{
    output_error(what, hr);
    return hr;
}

/* Files, options, notification, start.  Prints the reason when it fails. */
static HRESULT prepare(const struct transfer *transfer)
{
    ULONG notify = BG_NOTIFY_JOB_TRANSFERRED | BG_NOTIFY_JOB_ERROR;
    HRESULT hr;
    int i;

    for (i = 0; i < transfer->pair_count; i++)
        if (FAILED(hr = IBackgroundCopyJob_AddFile(transfer->job, transfer->pairs[2 * i], transfer->pairs[2 * i + 1])))
            return fail(L"add file", hr);
    if (transfer->priority != BG_JOB_PRIORITY_NORMAL
            && FAILED(hr = IBackgroundCopyJob_SetPriority(transfer->job, transfer->priority)))
        return fail(L"set priority", hr);
    if (transfer->has_acl_flags && FAILED(hr = set_acl(transfer->job, transfer->acl_flags)))
        return fail(L"set ACL flags", hr);
    if (transfer->dynamic && FAILED(hr = set_dynamic(transfer->job)))
        return fail(L"set dynamic content", hr);

    /* Without notifications the transfer is only seen to end later. */
    if (output_is_console())
        notify |= BG_NOTIFY_JOB_MODIFICATION;
    if (FAILED(hr = IBackgroundCopyJob_SetNotifyFlags(transfer->job, notify))
            || FAILED(hr = IBackgroundCopyJob_SetNotifyInterface(transfer->job,
            (IUnknown *)&watcher.IBackgroundCopyCallback_iface)))
        WARN("No notifications, hr %#lx.\n", hr);
    if (FAILED(hr = IBackgroundCopyJob_Resume(transfer->job)))
        return fail(L"resume job", hr);
    return S_OK;
}

#define LINE_SIZE 1024

static void draw(const struct transfer *transfer, BG_JOB_STATE state)
{
    WCHAR done[SIZE_TEXT], total[SIZE_TEXT], percent[16] = L"";
    static WCHAR text[5][LINE_SIZE];
    WCHAR *lines[5];
    BG_JOB_PROGRESS progress;
    struct error_info info;
    unsigned int i, count = 2;

    if (FAILED(IBackgroundCopyJob_GetProgress(transfer->job, &progress)))
        return;
    format_size(progress.BytesTransferred, done);
    format_size(progress.BytesTotal, total);
    if (progress.BytesTotal != BG_SIZE_UNKNOWN)
        _snwprintf(percent, ARRAY_SIZE(percent), L" (%u%%)", progress.BytesTotal
                ? (unsigned int)(100.0 * progress.BytesTransferred / progress.BytesTotal) : 0);
    _snwprintf(text[0], LINE_SIZE - 1, L"DISPLAY: '%s' TYPE: %s STATE: %s", transfer->name,
            type_word(transfer->type), state_word(state));
    _snwprintf(text[1], LINE_SIZE - 1, L"PRIORITY: %s FILES: %lu / %lu BYTES: %s / %s%s",
            priority_word(transfer->priority), progress.FilesTransferred, progress.FilesTotal, done, total, percent);
    if ((state == BG_JOB_STATE_TRANSIENT_ERROR || state == BG_JOB_STATE_ERROR)
            && SUCCEEDED(error_info_get(transfer->job, &info)))
    {
        _snwprintf(text[2], LINE_SIZE - 1, L"ERROR FILE:    %s", info.file);
        _snwprintf(text[3], LINE_SIZE - 1, L"ERROR CODE:    %s", info.code);
        _snwprintf(text[4], LINE_SIZE - 1, L"ERROR CONTEXT: %s", info.context);
        error_info_free(&info);
        count = 5;
    }
    for (i = 0; i < count; i++)
        lines[i] = text[i];
    output_frame(lines, count);
}

/* Sleeps until the job ends or, on a console, there is something new to draw.  FALSE on Ctrl+C. */
static BOOL wait_for_news(HANDLE interrupt)
{
    HANDLE events[3];
    BOOL live = output_is_console();
    DWORD ret;

    events[0] = interrupt;
    events[1] = watcher.finished;
    events[2] = watcher.modified;
    ret = WaitForMultipleObjects(3, events, FALSE, live ? CONSOLE_PATIENCE : QUIET_PATIENCE);
    if (ret == WAIT_OBJECT_0 + 2)
        ret = WaitForMultipleObjects(2, events, FALSE, DRAW_INTERVAL);
    return ret != WAIT_OBJECT_0;
}

/* Cancels the job so that nobody inherits it. */
static void give_up(const struct transfer *transfer)
{
    IBackgroundCopyJob_SetNotifyInterface(transfer->job, NULL);
    IBackgroundCopyJob_Cancel(transfer->job);
}

/* The job is in the ERROR state. */
static HRESULT finish_error(const struct transfer *transfer)
{
    struct error_info info;
    HRESULT hr;

    hr = error_info_get(transfer->job, &info);
    give_up(transfer);
    if (SUCCEEDED(hr))
    {
        hr = FAILED(info.hr) ? info.hr : E_FAIL;
        error_info_free(&info);
    }
    return fail(L"complete transfer", hr);
}

static HRESULT finish_success(const struct transfer *transfer)
{
    HRESULT hr;

    IBackgroundCopyJob_SetNotifyInterface(transfer->job, NULL);
    if (FAILED(hr = IBackgroundCopyJob_Complete(transfer->job)))
    {
        /* unconfirmed: reference/bitsadmin.md 3.3, no job is left behind */
        IBackgroundCopyJob_Cancel(transfer->job);
        return fail(L"complete job", hr);
    }
    /* unconfirmed: reference/bitsadmin.md 3.3, raw output is silence */
    if (!output_raw)
        output_text(L"Transfer complete.\n");
    return S_OK;
}

static HRESULT watch(const struct transfer *transfer, HANDLE interrupt)
{
    BG_JOB_STATE state;
    HRESULT hr;

    for (;;)
    {
        if (FAILED(hr = IBackgroundCopyJob_GetState(transfer->job, &state)))
            return fail(L"get job state", hr);
        TRACE("State %u.\n", state);
        if (output_is_console() && !output_raw)
            draw(transfer, state);
        switch (state)
        {
            case BG_JOB_STATE_TRANSFERRED:
                return finish_success(transfer);
            case BG_JOB_STATE_ERROR:
                return finish_error(transfer);
            case BG_JOB_STATE_ACKNOWLEDGED:
                /* Another program has completed it. */
                if (!output_raw)
                    output_text(L"Transfer complete.\n");
                return S_OK;
            case BG_JOB_STATE_CANCELLED:
                output_text(L"Transfer canceled.\n");
                return HRESULT_FROM_WIN32(ERROR_CANCELLED);
            default:
                break;
        }
        if (!wait_for_news(interrupt))
        {
            /* unconfirmed: reference/bitsadmin.md 3.3, Ctrl+C cancels */
            give_up(transfer);
            output_text(L"Transfer canceled.\n");
            return HRESULT_FROM_WIN32(ERROR_CANCELLED);
        }
    }
}

HRESULT transfer(const struct verb *verb, int argc, WCHAR **argv)
{
    HANDLE interrupt = output_interrupt();
    IBackgroundCopyManager *manager;
    struct transfer transfer;
    HRESULT hr;
    GUID id;

    if (FAILED(hr = parse(&transfer, argc, argv)))
        return hr;
    watcher.finished = CreateEventW(NULL, FALSE, FALSE, NULL);
    watcher.modified = CreateEventW(NULL, FALSE, FALSE, NULL);
    if (!interrupt || !watcher.finished || !watcher.modified)
        return fail(L"create event", E_OUTOFMEMORY);

    if (FAILED(hr = ole_manager(&manager)))
        return fail(L"connect to BITS", hr);
    hr = IBackgroundCopyManager_CreateJob(manager, transfer.name, transfer.type, &id, &transfer.job);
    IBackgroundCopyManager_Release(manager);
    if (FAILED(hr))
        return fail(L"create job", hr);

    if (FAILED(hr = prepare(&transfer)))
        give_up(&transfer);
    else
        hr = watch(&transfer, interrupt);
    IBackgroundCopyJob_Release(transfer.job);
    return hr;
}
