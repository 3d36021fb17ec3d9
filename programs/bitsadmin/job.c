/*
 * Finding a job by name or identifier, creating it, and the verbs that act on one.
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

/* Looks for the name among the jobs that the flags select.  A name in another case serves when there
 * is none in the right one (unconfirmed: reference/bitsadmin.md 1.3). */
static HRESULT find_name(IBackgroundCopyManager *manager, DWORD flags, const WCHAR *name,
        IBackgroundCopyJob **ret_job, unsigned int *ret_matches)
{
    IBackgroundCopyJob *job, *found[2] = {NULL, NULL};
    unsigned int matches[2] = {0, 0}, kind;
    ULONG fetched;
    IEnumBackgroundCopyJobs *jobs;
    WCHAR *job_name;
    HRESULT hr;

    *ret_job = NULL;
    *ret_matches = 0;
    if (FAILED(hr = IBackgroundCopyManager_EnumJobs(manager, flags, &jobs)))
        return hr;
    while ((hr = IEnumBackgroundCopyJobs_Next(jobs, 1, &job, &fetched)) == S_OK)
    {
        if (SUCCEEDED(IBackgroundCopyJob_GetDisplayName(job, &job_name)))
        {
            kind = wcscmp(job_name, name) ? 1 : 0;
            if (!kind || word_is(job_name, name))
            {
                if (!matches[kind]++)
                {
                    found[kind] = job;
                    IBackgroundCopyJob_AddRef(job);
                }
            }
            ole_free(job_name);
        }
        IBackgroundCopyJob_Release(job);
    }
    IEnumBackgroundCopyJobs_Release(jobs);

    kind = matches[0] ? 0 : 1;
    *ret_matches = matches[kind];
    *ret_job = found[kind];
    if (found[!kind])
        IBackgroundCopyJob_Release(found[!kind]);
    return FAILED(hr) ? hr : S_OK;
}

/* Prints the reason when it fails. */
HRESULT job_find(const WCHAR *name, IBackgroundCopyJob **ret_job)
{
    static const WCHAR what[] = L"get job";
    IBackgroundCopyManager *manager;
    unsigned int matches;
    HRESULT hr;
    GUID id;

    *ret_job = NULL;
    if (FAILED(hr = ole_manager(&manager)))
    {
        output_error(L"connect to BITS", hr);
        return hr;
    }
    if (ole_guid(name, &id))
    {
        if (FAILED(hr = IBackgroundCopyManager_GetJob(manager, &id, ret_job)))
            output_error(what, hr);
        goto done;
    }

    /* unconfirmed: reference/bitsadmin.md 1.3, the caller's own jobs first */
    hr = find_name(manager, 0, name, ret_job, &matches);
    if (SUCCEEDED(hr) && !matches)
    {
        if (FAILED(find_name(manager, BG_JOB_ENUM_ALL_USERS, name, ret_job, &matches)))
            matches = 0;
    }
    if (FAILED(hr))
        output_error(L"enum jobs", hr);
    else if (matches > 1)
    {
        hr = HRESULT_FROM_WIN32(ERROR_DUP_NAME);
        output_format(L"Unable to %s - 0x%08x%s%u jobs are named '%s': give the identifier of one of them.\n",
                what, hr, output_raw ? L". " : L"\n", matches, name);
    }
    else if (!matches)
        output_error(what, hr = BG_E_NOT_FOUND);

done:
    if (FAILED(hr) && *ret_job)
    {
        IBackgroundCopyJob_Release(*ret_job);
        *ret_job = NULL;
    }
    IBackgroundCopyManager_Release(manager);
    return hr;
}

/* Prints a property: the bare value, on a line of its own unless raw. */
HRESULT job_get(const struct verb *verb, int argc, WCHAR **argv)
{
    IBackgroundCopyJob *job;
    HRESULT hr;

    if (FAILED(hr = job_find(argv[0], &job)))
        return hr;
    if (FAILED(hr = verb->job(job, argc - 1, argv + 1)))
        output_error(verb->what, hr);
    else if (!output_raw)
        output_text(L"\n");
    IBackgroundCopyJob_Release(job);
    return hr;
}

/* Changes something and says so. */
HRESULT job_set(const struct verb *verb, int argc, WCHAR **argv)
{
    IBackgroundCopyJob *job;
    HRESULT hr;

    if (FAILED(hr = job_find(argv[0], &job)))
        return hr;
    hr = verb->job(job, argc - 1, argv + 1);
    if (FAILED(hr) && hr != E_USAGE)
        output_error(verb->what, hr);
    else if (SUCCEEDED(hr) && verb->done)
        output_format(L"%s\n", verb->done);
    IBackgroundCopyJob_Release(job);
    return hr;
}

HRESULT job_create(const struct verb *verb, int argc, WCHAR **argv)
{
    BG_JOB_TYPE type = BG_JOB_TYPE_DOWNLOAD;
    IBackgroundCopyManager *manager;
    WCHAR text[GUID_TEXT];
    IBackgroundCopyJob *job;
    HRESULT hr;
    GUID id;

    /* The last argument is the name, even when it looks like an option. */
    for (; argc > 1; argc--, argv++)
    {
        if (word_is(argv[0], L"/DOWNLOAD"))
            type = BG_JOB_TYPE_DOWNLOAD;
        else if (word_is(argv[0], L"/UPLOAD"))
            type = BG_JOB_TYPE_UPLOAD;
        else if (word_is(argv[0], L"/UPLOAD-REPLY"))
            type = BG_JOB_TYPE_UPLOAD_REPLY;
        else
            return argv[0][0] == '/' ? bad_argument(argv[0]) : bad_argument_count();
    }

    if (FAILED(hr = ole_manager(&manager)))
    {
        output_error(L"connect to BITS", hr);
        return hr;
    }
    hr = IBackgroundCopyManager_CreateJob(manager, argv[0], type, &id, &job);
    IBackgroundCopyManager_Release(manager);
    if (FAILED(hr))
    {
        output_error(L"create job", hr);
        return hr;
    }
    IBackgroundCopyJob_Release(job);
    format_guid(&id, text);
    output_format(output_raw ? L"%s" : L"Created job %s.\n", text);
    return S_OK;
}

HRESULT job_suspend(IBackgroundCopyJob *job, int argc, WCHAR **argv)
{
    return IBackgroundCopyJob_Suspend(job);
}

HRESULT job_resume(IBackgroundCopyJob *job, int argc, WCHAR **argv)
{
    return IBackgroundCopyJob_Resume(job);
}

HRESULT job_cancel(IBackgroundCopyJob *job, int argc, WCHAR **argv)
{
    return IBackgroundCopyJob_Cancel(job);
}

HRESULT job_complete(IBackgroundCopyJob *job, int argc, WCHAR **argv)
{
    return IBackgroundCopyJob_Complete(job);
}

HRESULT job_take_ownership(IBackgroundCopyJob *job, int argc, WCHAR **argv)
{
    return IBackgroundCopyJob_TakeOwnership(job);
}
