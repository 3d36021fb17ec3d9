/*
 * The whole queue: listing, watching and emptying it; one job in a line or a block.
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

#include <stdlib.h>

/* {GUID} 'NAME' STATE files / files bytes / bytes */
static HRESULT print_line(IBackgroundCopyJob *job)
{
    WCHAR id[GUID_TEXT], done[SIZE_TEXT], total[SIZE_TEXT], *name;
    BG_JOB_PROGRESS progress;
    BG_JOB_STATE state;
    HRESULT hr;
    GUID guid;

    if (FAILED(hr = IBackgroundCopyJob_GetId(job, &guid))
            || FAILED(hr = IBackgroundCopyJob_GetState(job, &state))
            || FAILED(hr = IBackgroundCopyJob_GetProgress(job, &progress))
            || FAILED(hr = IBackgroundCopyJob_GetDisplayName(job, &name)))
        return hr;
    format_guid(&guid, id);
    format_size(progress.BytesTransferred, done);
    format_size(progress.BytesTotal, total);
    output_format(L"%s '%s' %s %lu / %lu %s / %s\n", id, name, state_word(state),
            progress.FilesTransferred, progress.FilesTotal, done, total);
    ole_free(name);
    return S_OK;
}

/* What this BITS cannot tell is unknown; the block stays whole. */
static void print_value(const WCHAR *label, HRESULT (*get)(IBackgroundCopyJob *, int, WCHAR **), IBackgroundCopyJob *job)
{
    output_label(label);
    if (FAILED(get(job, 0, NULL)))
        output_text(L"UNKNOWN");
}

static void print_owner_rights(IBackgroundCopyJob *job)
{
    static const struct { ULONG level; const WCHAR *word; } levels[] =
    {
        { 0x4000, L"SYSTEM" },
        { 0x3000, L"HIGH" },
        { 0x2000, L"MEDIUM" },
        { 0x1000, L"LOW" },
        { 0, L"UNTRUSTED" },
    };
    IBackgroundCopyJob4 *job4;
    unsigned int i = 0;
    DWORD flags = 0;
    ULONG level = 0;
    BOOL elevated;

    if (FAILED(IBackgroundCopyJob_QueryInterface(job, &IID_IBackgroundCopyJob4, (void **)&job4)))
        return;
    if (SUCCEEDED(IBackgroundCopyJob4_GetOwnerIntegrityLevel(job4, &level)))
    {
        while (level < levels[i].level)
            i++;
        output_label(L"owner MIC integrity level: ");
        output_format(L"%s\n", levels[i].word);
    }
    if (SUCCEEDED(IBackgroundCopyJob4_GetOwnerElevationState(job4, &elevated)))
    {
        output_label(L"owner elevated ?           ");
        output_format(L"%s\n", elevated ? L"true" : L"false");
    }
    if (SUCCEEDED(IBackgroundCopyJob4_GetPeerCachingFlags(job4, &flags)))
    {
        output_text(L"\n");
        output_label(L"Peercaching flags\n");
        output_label(L"\t Enable download from peers      :");
        output_format(L"%s\n", flags & BG_JOB_ENABLE_PEERCACHING_CLIENT ? L"true" : L"false");
        output_label(L"\t Enable serving to peers         :");
        output_format(L"%s\n", flags & BG_JOB_ENABLE_PEERCACHING_SERVER ? L"true" : L"false");
        output_text(L"\n");
    }
    IBackgroundCopyJob4_Release(job4);
}

/* unconfirmed: reference/bitsadmin.md 5.2, the line is left out when there are no headers */
static void print_custom_headers(IBackgroundCopyJob *job)
{
    IBackgroundCopyJobHttpOptions *options;
    WCHAR *headers = NULL;

    if (FAILED(IBackgroundCopyJob_QueryInterface(job, &IID_IBackgroundCopyJobHttpOptions, (void **)&options)))
        return;
    if (SUCCEEDED(IBackgroundCopyJobHttpOptions_GetCustomHeaders(options, &headers)) && headers)
    {
        trim_text(headers);
        output_label(L"CUSTOM HEADERS: ");
        output_format(L"%s\n", headers);
        ole_free(headers);
    }
    IBackgroundCopyJobHttpOptions_Release(options);
}

static HRESULT print_block(IBackgroundCopyJob *job)
{
    WCHAR id[GUID_TEXT], *name;
    struct error_info info;
    HRESULT hr;
    GUID guid;

    if (FAILED(hr = IBackgroundCopyJob_GetId(job, &guid))
            || FAILED(hr = IBackgroundCopyJob_GetDisplayName(job, &name)))
        return hr;
    format_guid(&guid, id);
    output_label(L"GUID: ");
    output_text(id);
    output_label(L" DISPLAY: ");
    output_format(L"'%s'\n", name);
    ole_free(name);
    print_value(L"TYPE: ", get_type, job);
    print_value(L" STATE: ", get_state, job);
    print_value(L" OWNER: ", get_owner, job);
    print_value(L"\nPRIORITY: ", get_priority, job);
    print_value(L" FILES: ", get_files_transferred, job);
    print_value(L" / ", get_files_total, job);
    print_value(L" BYTES: ", get_bytes_transferred, job);
    print_value(L" / ", get_bytes_total, job);
    print_value(L"\nCREATION TIME: ", get_creation_time, job);
    print_value(L" MODIFICATION TIME: ", get_modification_time, job);
    print_value(L"\nCOMPLETION TIME: ", get_completion_time, job);
    print_value(L" ACL FLAGS: ", get_acl_flags, job);
    print_value(L"\nNOTIFY INTERFACE: ", get_notify_interface, job);
    print_value(L" NOTIFICATION FLAGS: ", get_notify_flags, job);
    print_value(L"\nRETRY DELAY: ", get_min_retry_delay, job);
    print_value(L" NO PROGRESS TIMEOUT: ", get_no_progress_timeout, job);
    print_value(L" ERROR COUNT: ", get_error_count, job);
    print_value(L"\nPROXY USAGE: ", get_proxy_usage, job);
    print_value(L" PROXY LIST: ", get_proxy_list, job);
    print_value(L" PROXY BYPASS LIST: ", get_proxy_bypass_list, job);
    if (SUCCEEDED(error_info_get(job, &info)))
    {
        output_label(L"\nERROR FILE:    ");
        output_text(info.file);
        output_label(L"\nERROR CODE:    ");
        output_text(info.code);
        output_label(L"\nERROR CONTEXT: ");
        output_text(info.context);
        error_info_free(&info);
    }
    print_value(L"\nDESCRIPTION: ", get_description, job);
    output_label(L"\nJOB FILES: \n");
    file_list(job, 0, NULL);
    print_value(L"NOTIFICATION COMMAND LINE: ", get_notify_cmd_line, job);
    output_text(L"\n");
    print_owner_rights(job);
    print_custom_headers(job);
    return S_OK;
}

/* Calls the function for each job of the queue. */
static HRESULT for_each(DWORD flags, HRESULT (*func)(IBackgroundCopyJob *, void *), void *arg)
{
    IBackgroundCopyManager *manager;
    IEnumBackgroundCopyJobs *jobs;
    IBackgroundCopyJob *job;
    ULONG fetched;
    HRESULT hr;

    if (FAILED(hr = ole_manager(&manager)))
    {
        output_error(L"connect to BITS", hr);
        return hr;
    }
    hr = IBackgroundCopyManager_EnumJobs(manager, flags, &jobs);
    IBackgroundCopyManager_Release(manager);
    if (FAILED(hr))
    {
        output_error(L"enum jobs", hr);
        return hr;
    }
    while ((hr = IEnumBackgroundCopyJobs_Next(jobs, 1, &job, &fetched)) == S_OK)
    {
        hr = func(job, arg);
        IBackgroundCopyJob_Release(job);
        if (FAILED(hr))
            break;
    }
    IEnumBackgroundCopyJobs_Release(jobs);
    if (FAILED(hr))
    {
        output_error(L"get job information", hr);
        return hr;
    }
    return S_OK;
}

struct list_options
{
    BOOL verbose;
    DWORD flags;
    ULONG refresh;
    unsigned int count;
};

static HRESULT parse_options(struct list_options *options, BOOL monitor, int argc, WCHAR **argv)
{
    WCHAR *end;
    int i;

    options->verbose = FALSE;
    options->flags = 0;
    options->refresh = 5;
    options->count = 0;
    for (i = 0; i < argc; i++)
    {
        if (word_is(argv[i], L"/ALLUSERS"))
            options->flags = BG_JOB_ENUM_ALL_USERS;
        else if (word_is(argv[i], L"/VERBOSE") && !monitor)
            options->verbose = TRUE;
        else if (word_is(argv[i], L"/REFRESH") && monitor)
        {
            if (++i == argc)
                return bad_argument_count();
            options->refresh = wcstoul(argv[i], &end, 10);
            if (!options->refresh || options->refresh > 86400 || *end)
                return bad_argument(argv[i]);
        }
        else
            return bad_argument(argv[i]);
    }
    return S_OK;
}

/* unconfirmed: reference/bitsadmin.md 5.2, an empty line follows each block */
static HRESULT list_job(IBackgroundCopyJob *job, void *arg)
{
    struct list_options *options = arg;
    HRESULT hr;

    if (FAILED(hr = options->verbose ? print_block(job) : print_line(job)))
        return hr;
    if (options->verbose)
        output_text(L"\n");
    options->count++;
    return S_OK;
}

HRESULT list_jobs(const struct verb *verb, int argc, WCHAR **argv)
{
    struct list_options options;
    HRESULT hr;

    if (FAILED(hr = parse_options(&options, FALSE, argc, argv))
            || FAILED(hr = for_each(options.flags, list_job, &options)))
        return hr;
    output_format(L"%sListed %u job(s).\n", options.verbose && options.count ? L"" : L"\n", options.count);
    return S_OK;
}

HRESULT list_monitor(const struct verb *verb, int argc, WCHAR **argv)
{
    HANDLE interrupt = output_interrupt();
    struct list_options options;
    HRESULT hr;

    if (FAILED(hr = parse_options(&options, TRUE, argc, argv)))
        return hr;
    if (!interrupt)
        return E_OUTOFMEMORY;
    do
    {
        output_clear();
        output_format(L"MONITORING BACKGROUND COPY MANAGER(%lu second refresh)\n", options.refresh);
        if (FAILED(hr = for_each(options.flags, list_job, &options)))
            return hr;
        output_flush();
    } while (WaitForSingleObject(interrupt, options.refresh * 1000) == WAIT_TIMEOUT);
    return S_OK;
}

struct reset_counts
{
    unsigned int canceled, total;
    HRESULT hr;
};

static HRESULT reset_job(IBackgroundCopyJob *job, void *arg)
{
    struct reset_counts *counts = arg;
    WCHAR id[GUID_TEXT];
    HRESULT hr;
    GUID guid;

    if (FAILED(hr = IBackgroundCopyJob_GetId(job, &guid)))
        return hr;
    format_guid(&guid, id);
    counts->total++;
    if (SUCCEEDED(hr = IBackgroundCopyJob_Cancel(job)))
    {
        counts->canceled++;
        output_format(L"%s canceled.\n", id);
    }
    else
    {
        output_error(L"cancel job", hr);
        counts->hr = hr;
    }
    return S_OK;
}

/* A job that cannot be cancelled does not keep the others; the last failure is the result. */
HRESULT list_reset(const struct verb *verb, int argc, WCHAR **argv)
{
    struct reset_counts counts = {0, 0, S_OK};
    DWORD flags = 0;
    HRESULT hr;

    if (argc)
    {
        if (!word_is(argv[0], L"/ALLUSERS"))
            return bad_argument(argv[0]);
        flags = BG_JOB_ENUM_ALL_USERS;
    }
    if (FAILED(hr = for_each(flags, reset_job, &counts)))
        return hr;
    output_format(L"%u out of %u jobs canceled.\n", counts.canceled, counts.total);
    return counts.hr;
}

HRESULT list_info(const struct verb *verb, int argc, WCHAR **argv)
{
    IBackgroundCopyJob *job;
    HRESULT hr;

    if (argc == 2 && !word_is(argv[1], L"/VERBOSE"))
        return bad_argument(argv[1]);
    if (FAILED(hr = job_find(argv[0], &job)))
        return hr;
    if (FAILED(hr = argc == 2 ? print_block(job) : print_line(job)))
        output_error(L"get job information", hr);
    IBackgroundCopyJob_Release(job);
    return hr;
}
