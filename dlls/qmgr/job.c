/*
 * IBackgroundCopyJob to IBackgroundCopyJob3.
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

/* reference/bits.md 3.5 */
#define MAX_DISPLAY_NAME   256
#define MAX_DESCRIPTION    1024
#define MAX_CMD_PROGRAM    MAX_PATH
#define MAX_CMD_PARAMETERS 4000
#define MAX_PROXY_LIST     32000    /* unconfirmed: reference/bits.md 12.3 */
#define MIN_RETRY_DELAY    5

static inline struct job_object *impl_from_IBackgroundCopyJob3(IBackgroundCopyJob3 *iface)
{
    return CONTAINING_RECORD(iface, struct job_object, IBackgroundCopyJob3_iface);
}

static HRESULT WINAPI job_object_QueryInterface(IBackgroundCopyJob3 *iface, REFIID iid, void **out)
{
    struct job_object *object = impl_from_IBackgroundCopyJob3(iface);

    TRACE("iface %p, iid %s, out %p.\n", iface, debugstr_guid(iid), out);

    if (IsEqualIID(iid, &IID_IUnknown) || IsEqualIID(iid, &IID_IBackgroundCopyJob)
            || IsEqualIID(iid, &IID_IBackgroundCopyJob2) || IsEqualIID(iid, &IID_IBackgroundCopyJob3))
    {
        *out = &object->IBackgroundCopyJob3_iface;
    }
    else if (IsEqualIID(iid, &IID_IBackgroundCopyJobHttpOptions))
    {
        *out = &object->IBackgroundCopyJobHttpOptions_iface;
    }
    else
    {
        WARN("%s is not supported.\n", debugstr_guid(iid));
        *out = NULL;
        return E_NOINTERFACE;
    }
    IBackgroundCopyJob3_AddRef(iface);
    return S_OK;
}

static ULONG WINAPI job_object_AddRef(IBackgroundCopyJob3 *iface)
{
    struct job_object *object = impl_from_IBackgroundCopyJob3(iface);
    ULONG refcount = InterlockedIncrement(&object->refcount);

    TRACE("iface %p, refcount %lu.\n", iface, refcount);
    return refcount;
}

static ULONG WINAPI job_object_Release(IBackgroundCopyJob3 *iface)
{
    struct job_object *object = impl_from_IBackgroundCopyJob3(iface);
    ULONG refcount = InterlockedDecrement(&object->refcount);

    TRACE("iface %p, refcount %lu.\n", iface, refcount);
    if (!refcount)
    {
        job_release(object->job);
        free(object);
    }
    return refcount;
}

/* Everything that can be told of names before they are in a job. */
static HRESULT check_files(ULONG count, const BG_FILE_INFO *files)
{
    const WCHAR *directory = NULL;
    size_t length = 0;
    WCHAR *path;
    HRESULT hr;
    ULONG i;

    for (i = 0; i < count; i++)
    {
        enum url_kind kind;

        if (!files[i].RemoteName || !files[i].LocalName)
            return E_INVALIDARG;
        kind = url_check(files[i].RemoteName, &path);
        if (kind == URL_FILE)
            free(path);
        if (kind == URL_INVALID)
        {
            WARN("Bad remote name %s.\n", debugstr_w(files[i].RemoteName));
            return E_INVALIDARG;
        }
        if (FAILED(hr = path_check(files[i].LocalName)))
        {
            WARN("Bad local name %s.\n", debugstr_w(files[i].LocalName));
            return hr;
        }
        /* Sets mostly go into one directory, and to look at it costs more than all the rest. */
        if (directory && path_directory_length(files[i].LocalName) == length
                && !wcsncmp(files[i].LocalName, directory, length))
            continue;
        if (FAILED(hr = path_check_directory(files[i].LocalName)))
            return hr;
        directory = files[i].LocalName;
        length = path_directory_length(directory);
    }
    return S_OK;
}

static HRESULT WINAPI job_object_AddFileSet(IBackgroundCopyJob3 *iface, ULONG count, BG_FILE_INFO *files)
{
    struct job_object *object = impl_from_IBackgroundCopyJob3(iface);
    HRESULT hr;

    TRACE("iface %p, count %lu, files %p.\n", iface, count, files);

    if (!count || !files)           /* unconfirmed: reference/bits.md 2.3 */
        return E_INVALIDARG;
    if (state_is_final(job_get_state(object->job)))
        return BG_E_INVALID_STATE;
    if (FAILED(hr = check_files(count, files)))
        return hr;
    return job_add_files(object->job, count, files);
}

static HRESULT WINAPI job_object_AddFile(IBackgroundCopyJob3 *iface, LPCWSTR remote, LPCWSTR local)
{
    struct job_object *object = impl_from_IBackgroundCopyJob3(iface);
    BG_FILE_INFO file = { (WCHAR *)remote, (WCHAR *)local };
    HRESULT hr;

    /* Remote names, lists and command lines carry names, passwords and tokens. */
    TRACE("iface %p, remote %p, local %s.\n", iface, remote, debugstr_w(local));

    if (state_is_final(job_get_state(object->job)))
        return BG_E_INVALID_STATE;
    if (FAILED(hr = check_files(1, &file)))
        return hr;
    return job_add_files(object->job, 1, &file);
}

static HRESULT WINAPI job_object_EnumFiles(IBackgroundCopyJob3 *iface, IEnumBackgroundCopyFiles **ret_enum)
{
    struct job_object *object = impl_from_IBackgroundCopyJob3(iface);

    TRACE("iface %p, ret_enum %p.\n", iface, ret_enum);

    if (!ret_enum)
        return E_INVALIDARG;
    *ret_enum = NULL;
    return enum_files_object_create(object->job, ret_enum);
}

static HRESULT WINAPI job_object_Suspend(IBackgroundCopyJob3 *iface)
{
    struct job_object *object = impl_from_IBackgroundCopyJob3(iface);

    TRACE("iface %p.\n", iface);

    return job_post(object->job, JOB_SUSPEND);
}

static HRESULT WINAPI job_object_Resume(IBackgroundCopyJob3 *iface)
{
    struct job_object *object = impl_from_IBackgroundCopyJob3(iface);

    TRACE("iface %p.\n", iface);

    return job_post(object->job, JOB_RESUME);
}

static HRESULT WINAPI job_object_Cancel(IBackgroundCopyJob3 *iface)
{
    struct job_object *object = impl_from_IBackgroundCopyJob3(iface);

    TRACE("iface %p.\n", iface);

    return job_post(object->job, JOB_CANCEL);
}

static HRESULT WINAPI job_object_Complete(IBackgroundCopyJob3 *iface)
{
    struct job_object *object = impl_from_IBackgroundCopyJob3(iface);

    TRACE("iface %p.\n", iface);

    return job_post(object->job, JOB_COMPLETE);
}

static HRESULT WINAPI job_object_GetId(IBackgroundCopyJob3 *iface, GUID *ret_id)
{
    struct job_object *object = impl_from_IBackgroundCopyJob3(iface);

    TRACE("iface %p, ret_id %p.\n", iface, ret_id);

    if (!ret_id)
        return E_INVALIDARG;
    *ret_id = object->job->guid;
    return S_OK;
}

static HRESULT WINAPI job_object_GetType(IBackgroundCopyJob3 *iface, BG_JOB_TYPE *ret_type)
{
    struct job_object *object = impl_from_IBackgroundCopyJob3(iface);

    TRACE("iface %p, ret_type %p.\n", iface, ret_type);

    if (!ret_type)
        return E_INVALIDARG;
    *ret_type = object->job->type;
    return S_OK;
}

static HRESULT WINAPI job_object_GetProgress(IBackgroundCopyJob3 *iface, BG_JOB_PROGRESS *ret_progress)
{
    struct job_object *object = impl_from_IBackgroundCopyJob3(iface);

    TRACE("iface %p, ret_progress %p.\n", iface, ret_progress);

    if (!ret_progress)
        return E_INVALIDARG;
    memset(ret_progress, 0, sizeof(*ret_progress));
    job_get_progress(object->job, ret_progress);
    return S_OK;
}

static HRESULT WINAPI job_object_GetTimes(IBackgroundCopyJob3 *iface, BG_JOB_TIMES *ret_times)
{
    struct job_object *object = impl_from_IBackgroundCopyJob3(iface);

    TRACE("iface %p, ret_times %p.\n", iface, ret_times);

    if (!ret_times)
        return E_INVALIDARG;
    memset(ret_times, 0, sizeof(*ret_times));
    job_get_times(object->job, ret_times);
    return S_OK;
}

static HRESULT WINAPI job_object_GetState(IBackgroundCopyJob3 *iface, BG_JOB_STATE *ret_state)
{
    struct job_object *object = impl_from_IBackgroundCopyJob3(iface);

    TRACE("iface %p, ret_state %p.\n", iface, ret_state);

    if (!ret_state)
        return E_INVALIDARG;
    *ret_state = job_get_state(object->job);
    return S_OK;
}

static HRESULT WINAPI job_object_GetError(IBackgroundCopyJob3 *iface, IBackgroundCopyError **ret_error)
{
    struct job_object *object = impl_from_IBackgroundCopyJob3(iface);
    struct job_error error;
    HRESULT hr;

    TRACE("iface %p, ret_error %p.\n", iface, ret_error);

    if (!ret_error)
        return E_INVALIDARG;
    *ret_error = NULL;
    if (FAILED(hr = job_get_error(object->job, &error)))
        return hr;
    return error_object_create(object->job, &error, ret_error);
}

/* A text that always has a value: one that was never set is empty. */
static HRESULT get_text(struct job *job, enum job_text which, WCHAR **ret_text)
{
    HRESULT hr;

    *ret_text = NULL;
    hr = job_get_text(job, which, ret_text);
    if (hr == S_FALSE)
        hr = client_string(L"", ret_text);
    return hr;
}

static HRESULT WINAPI job_object_GetOwner(IBackgroundCopyJob3 *iface, LPWSTR *ret_owner)
{
    struct job_object *object = impl_from_IBackgroundCopyJob3(iface);

    TRACE("iface %p, ret_owner %p.\n", iface, ret_owner);

    if (!ret_owner)
        return E_INVALIDARG;
    return get_text(object->job, JOB_OWNER, ret_owner);
}

static HRESULT WINAPI job_object_SetDisplayName(IBackgroundCopyJob3 *iface, LPCWSTR name)
{
    struct job_object *object = impl_from_IBackgroundCopyJob3(iface);

    TRACE("iface %p, name %s.\n", iface, debugstr_w(name));

    if (!name)
        return E_INVALIDARG;
    if (wcslen(name) > MAX_DISPLAY_NAME)
        return BG_E_STRING_TOO_LONG;
    return job_set_text(object->job, JOB_DISPLAY_NAME, name);
}

static HRESULT WINAPI job_object_GetDisplayName(IBackgroundCopyJob3 *iface, LPWSTR *ret_name)
{
    struct job_object *object = impl_from_IBackgroundCopyJob3(iface);

    TRACE("iface %p, ret_name %p.\n", iface, ret_name);

    if (!ret_name)
        return E_INVALIDARG;
    return get_text(object->job, JOB_DISPLAY_NAME, ret_name);
}

static HRESULT WINAPI job_object_SetDescription(IBackgroundCopyJob3 *iface, LPCWSTR description)
{
    struct job_object *object = impl_from_IBackgroundCopyJob3(iface);

    TRACE("iface %p, description %s.\n", iface, debugstr_w(description));

    if (!description)
        return E_INVALIDARG;
    if (wcslen(description) > MAX_DESCRIPTION)
        return BG_E_STRING_TOO_LONG;
    return job_set_text(object->job, JOB_DESCRIPTION, description);
}

static HRESULT WINAPI job_object_GetDescription(IBackgroundCopyJob3 *iface, LPWSTR *ret_description)
{
    struct job_object *object = impl_from_IBackgroundCopyJob3(iface);

    TRACE("iface %p, ret_description %p.\n", iface, ret_description);

    if (!ret_description)
        return E_INVALIDARG;
    return get_text(object->job, JOB_DESCRIPTION, ret_description);
}

static HRESULT WINAPI job_object_SetPriority(IBackgroundCopyJob3 *iface, BG_JOB_PRIORITY priority)
{
    struct job_object *object = impl_from_IBackgroundCopyJob3(iface);

    TRACE("iface %p, priority %d.\n", iface, (int)priority);

    if ((ULONG)priority > BG_JOB_PRIORITY_LOW)
        return E_NOTIMPL;
    return job_set_int(object->job, JOB_PRIORITY, priority);
}

static HRESULT WINAPI job_object_GetPriority(IBackgroundCopyJob3 *iface, BG_JOB_PRIORITY *ret_priority)
{
    struct job_object *object = impl_from_IBackgroundCopyJob3(iface);

    TRACE("iface %p, ret_priority %p.\n", iface, ret_priority);

    if (!ret_priority)
        return E_INVALIDARG;
    *ret_priority = job_get_int(object->job, JOB_PRIORITY);
    return S_OK;
}

static HRESULT WINAPI job_object_SetNotifyFlags(IBackgroundCopyJob3 *iface, ULONG flags)
{
    struct job_object *object = impl_from_IBackgroundCopyJob3(iface);

    TRACE("iface %p, flags %#lx.\n", iface, flags);

    if (flags & ~NOTIFY_FLAGS_ALL)  /* that 0 is taken is unconfirmed: reference/bits.md 2.3 */
        return E_NOTIMPL;
    return job_set_int(object->job, JOB_NOTIFY_FLAGS, flags);
}

static HRESULT WINAPI job_object_GetNotifyFlags(IBackgroundCopyJob3 *iface, ULONG *ret_flags)
{
    struct job_object *object = impl_from_IBackgroundCopyJob3(iface);

    TRACE("iface %p, ret_flags %p.\n", iface, ret_flags);

    if (!ret_flags)
        return E_INVALIDARG;
    *ret_flags = job_get_int(object->job, JOB_NOTIFY_FLAGS);
    return S_OK;
}

static HRESULT WINAPI job_object_SetNotifyInterface(IBackgroundCopyJob3 *iface, IUnknown *notify)
{
    struct job_object *object = impl_from_IBackgroundCopyJob3(iface);

    TRACE("iface %p, notify %p.\n", iface, notify);

    return job_set_notify_interface(object->job, notify);
}

static HRESULT WINAPI job_object_GetNotifyInterface(IBackgroundCopyJob3 *iface, IUnknown **ret_notify)
{
    struct job_object *object = impl_from_IBackgroundCopyJob3(iface);

    TRACE("iface %p, ret_notify %p.\n", iface, ret_notify);

    if (!ret_notify)
        return E_INVALIDARG;
    *ret_notify = job_get_notify_interface(object->job);
    return S_OK;
}

static HRESULT WINAPI job_object_SetMinimumRetryDelay(IBackgroundCopyJob3 *iface, ULONG seconds)
{
    struct job_object *object = impl_from_IBackgroundCopyJob3(iface);

    TRACE("iface %p, seconds %lu.\n", iface, seconds);

    return job_set_int(object->job, JOB_MINIMUM_RETRY_DELAY, max(seconds, MIN_RETRY_DELAY));
}

static HRESULT WINAPI job_object_GetMinimumRetryDelay(IBackgroundCopyJob3 *iface, ULONG *ret_seconds)
{
    struct job_object *object = impl_from_IBackgroundCopyJob3(iface);

    TRACE("iface %p, ret_seconds %p.\n", iface, ret_seconds);

    if (!ret_seconds)
        return E_INVALIDARG;
    *ret_seconds = job_get_int(object->job, JOB_MINIMUM_RETRY_DELAY);
    return S_OK;
}

static HRESULT WINAPI job_object_SetNoProgressTimeout(IBackgroundCopyJob3 *iface, ULONG seconds)
{
    struct job_object *object = impl_from_IBackgroundCopyJob3(iface);

    TRACE("iface %p, seconds %lu.\n", iface, seconds);

    return job_set_int(object->job, JOB_NO_PROGRESS_TIMEOUT, seconds);
}

static HRESULT WINAPI job_object_GetNoProgressTimeout(IBackgroundCopyJob3 *iface, ULONG *ret_seconds)
{
    struct job_object *object = impl_from_IBackgroundCopyJob3(iface);

    TRACE("iface %p, ret_seconds %p.\n", iface, ret_seconds);

    if (!ret_seconds)
        return E_INVALIDARG;
    *ret_seconds = job_get_int(object->job, JOB_NO_PROGRESS_TIMEOUT);
    return S_OK;
}

static HRESULT WINAPI job_object_GetErrorCount(IBackgroundCopyJob3 *iface, ULONG *ret_count)
{
    struct job_object *object = impl_from_IBackgroundCopyJob3(iface);

    TRACE("iface %p, ret_count %p.\n", iface, ret_count);

    if (!ret_count)
        return E_INVALIDARG;
    *ret_count = job_get_error_count(object->job);
    return S_OK;
}

static HRESULT WINAPI job_object_SetProxySettings(IBackgroundCopyJob3 *iface, BG_JOB_PROXY_USAGE usage,
                                                  const WCHAR *list, const WCHAR *bypass)
{
    struct job_object *object = impl_from_IBackgroundCopyJob3(iface);

    TRACE("iface %p, usage %d, list %p, bypass %s.\n", iface, (int)usage, list, debugstr_w(bypass));

    switch (usage)
    {
        case BG_JOB_PROXY_USAGE_PRECONFIG:
        case BG_JOB_PROXY_USAGE_NO_PROXY:
        case BG_JOB_PROXY_USAGE_AUTODETECT:
            if (list || bypass)     /* unconfirmed: reference/bits.md 2.3 */
                return E_INVALIDARG;
            break;
        case BG_JOB_PROXY_USAGE_OVERRIDE:
            if (!list)
                return E_INVALIDARG;
            break;
        default:
            return E_NOTIMPL;
    }
    if (usage == BG_JOB_PROXY_USAGE_AUTODETECT)
    {
        FIXME("Automatic detection is not implemented.\n");
        return E_NOTIMPL;
    }
    if (list && wcslen(list) > MAX_PROXY_LIST)
        return BG_E_PROXY_LIST_TOO_LARGE;
    if (bypass && wcslen(bypass) > MAX_PROXY_LIST)
        return BG_E_PROXY_BYPASS_LIST_TOO_LARGE;
    return job_set_proxy(object->job, usage, list, bypass);
}

static HRESULT WINAPI job_object_GetProxySettings(IBackgroundCopyJob3 *iface, BG_JOB_PROXY_USAGE *ret_usage,
                                                  LPWSTR *ret_list, LPWSTR *ret_bypass)
{
    struct job_object *object = impl_from_IBackgroundCopyJob3(iface);

    TRACE("iface %p, ret_usage %p, ret_list %p, ret_bypass %p.\n", iface, ret_usage, ret_list, ret_bypass);

    if (ret_usage)
        *ret_usage = BG_JOB_PROXY_USAGE_PRECONFIG;
    if (ret_list)
        *ret_list = NULL;
    if (ret_bypass)
        *ret_bypass = NULL;
    if (!ret_usage || !ret_list || !ret_bypass)
        return E_INVALIDARG;
    return job_get_proxy(object->job, ret_usage, ret_list, ret_bypass);
}

static HRESULT WINAPI job_object_TakeOwnership(IBackgroundCopyJob3 *iface)
{
    struct job_object *object = impl_from_IBackgroundCopyJob3(iface);
    WCHAR *sid;
    HRESULT hr;

    TRACE("iface %p.\n", iface);

    if (FAILED(hr = owner_get_caller(&sid)))
        return hr;
    hr = job_take_ownership(object->job, sid);
    free(sid);
    return hr;
}

static HRESULT WINAPI job_object_SetNotifyCmdLine(IBackgroundCopyJob3 *iface, LPCWSTR program, LPCWSTR parameters)
{
    struct job_object *object = impl_from_IBackgroundCopyJob3(iface);

    TRACE("iface %p, program %s, parameters %p.\n", iface, debugstr_w(program), parameters);

    if (!program && parameters)     /* unconfirmed: reference/bits.md 2.4 */
        return E_INVALIDARG;
    if ((program && wcslen(program) > MAX_CMD_PROGRAM) || (parameters && wcslen(parameters) > MAX_CMD_PARAMETERS))
        return BG_E_STRING_TOO_LONG;
    return job_set_notify_cmdline(object->job, program, parameters);
}

static HRESULT WINAPI job_object_GetNotifyCmdLine(IBackgroundCopyJob3 *iface, LPWSTR *ret_program,
                                                  LPWSTR *ret_parameters)
{
    struct job_object *object = impl_from_IBackgroundCopyJob3(iface);
    HRESULT hr;

    TRACE("iface %p, ret_program %p, ret_parameters %p.\n", iface, ret_program, ret_parameters);

    if (ret_program)
        *ret_program = NULL;
    if (ret_parameters)
        *ret_parameters = NULL;
    if (!ret_program || !ret_parameters)
        return E_INVALIDARG;
    if (SUCCEEDED(hr = get_text(object->job, JOB_CMD_PROGRAM, ret_program))
            && FAILED(hr = get_text(object->job, JOB_CMD_PARAMETERS, ret_parameters)))
    {
        CoTaskMemFree(*ret_program);
        *ret_program = NULL;
    }
    return hr;
}

/* No download has a reply. */
static HRESULT WINAPI job_object_GetReplyProgress(IBackgroundCopyJob3 *iface, BG_JOB_REPLY_PROGRESS *ret_progress)
{
    TRACE("iface %p, ret_progress %p.\n", iface, ret_progress);

    return ret_progress ? E_NOTIMPL : E_INVALIDARG;
}

static HRESULT WINAPI job_object_GetReplyData(IBackgroundCopyJob3 *iface, byte **ret_buffer, UINT64 *ret_length)
{
    TRACE("iface %p, ret_buffer %p, ret_length %p.\n", iface, ret_buffer, ret_length);

    if (ret_buffer)
        *ret_buffer = NULL;
    if (ret_length)
        *ret_length = 0;
    return ret_buffer && ret_length ? E_NOTIMPL : E_INVALIDARG;
}

static HRESULT WINAPI job_object_SetReplyFileName(IBackgroundCopyJob3 *iface, LPCWSTR name)
{
    TRACE("iface %p, name %s.\n", iface, debugstr_w(name));

    return E_NOTIMPL;
}

static HRESULT WINAPI job_object_GetReplyFileName(IBackgroundCopyJob3 *iface, LPWSTR *ret_name)
{
    TRACE("iface %p, ret_name %p.\n", iface, ret_name);

    if (!ret_name)
        return E_INVALIDARG;
    *ret_name = NULL;
    return E_NOTIMPL;
}

static HRESULT WINAPI job_object_SetCredentials(IBackgroundCopyJob3 *iface, BG_AUTH_CREDENTIALS *credentials)
{
    FIXME("iface %p, credentials %p: not implemented.\n", iface, credentials);

    return credentials ? E_NOTIMPL : E_INVALIDARG;
}

static HRESULT WINAPI job_object_RemoveCredentials(IBackgroundCopyJob3 *iface, BG_AUTH_TARGET target,
                                                   BG_AUTH_SCHEME scheme)
{
    struct job_object *object = impl_from_IBackgroundCopyJob3(iface);

    TRACE("iface %p, target %d, scheme %d.\n", iface, (int)target, (int)scheme);

    if (target != BG_AUTH_TARGET_SERVER && target != BG_AUTH_TARGET_PROXY)
        return BG_E_INVALID_AUTH_TARGET;
    if ((ULONG)scheme < BG_AUTH_SCHEME_BASIC || (ULONG)scheme > BG_AUTH_SCHEME_PASSPORT)
        return BG_E_INVALID_AUTH_SCHEME;
    if (state_is_final(job_get_state(object->job)))
        return BG_E_INVALID_STATE;  /* unconfirmed: reference/bits.md 12.11 */
    /* SetCredentials() never succeeded, so there are none. */
    return S_FALSE;
}

static HRESULT WINAPI job_object_ReplaceRemotePrefix(IBackgroundCopyJob3 *iface, LPCWSTR old, LPCWSTR new)
{
    struct job_object *object = impl_from_IBackgroundCopyJob3(iface);

    TRACE("iface %p, old %p, new %p.\n", iface, old, new);

    if (!old || !*old || !new || !*new)
        return E_INVALIDARG;
    return job_replace_remote_prefix(object->job, old, new);
}

static HRESULT WINAPI job_object_AddFileWithRanges(IBackgroundCopyJob3 *iface, LPCWSTR remote, LPCWSTR local,
                                                   DWORD count, BG_FILE_RANGE *ranges)
{
    FIXME("iface %p, local %s, count %lu: not implemented.\n", iface, debugstr_w(local), count);

    if (!remote || !local || !count || !ranges)
        return E_INVALIDARG;
    return E_NOTIMPL;
}

static HRESULT WINAPI job_object_SetFileACLFlags(IBackgroundCopyJob3 *iface, DWORD flags)
{
    struct job_object *object = impl_from_IBackgroundCopyJob3(iface);

    TRACE("iface %p, flags %#lx.\n", iface, flags);

    if (flags & ~BG_COPY_FILE_ALL)
        return E_INVALIDARG;
    if (job_get_state(object->job) == BG_JOB_STATE_TRANSFERRED)
        return BG_E_INVALID_STATE;
    if (flags)
    {
        FIXME("Access lists are not copied.\n");
        return E_NOTIMPL;
    }
    return job_set_int(object->job, JOB_FILE_ACL_FLAGS, flags);
}

static HRESULT WINAPI job_object_GetFileACLFlags(IBackgroundCopyJob3 *iface, DWORD *ret_flags)
{
    struct job_object *object = impl_from_IBackgroundCopyJob3(iface);

    TRACE("iface %p, ret_flags %p.\n", iface, ret_flags);

    if (!ret_flags)
        return E_INVALIDARG;
    *ret_flags = job_get_int(object->job, JOB_FILE_ACL_FLAGS);
    return S_OK;
}

static const IBackgroundCopyJob3Vtbl job_object_vtbl =
{
    job_object_QueryInterface,
    job_object_AddRef,
    job_object_Release,
    job_object_AddFileSet,
    job_object_AddFile,
    job_object_EnumFiles,
    job_object_Suspend,
    job_object_Resume,
    job_object_Cancel,
    job_object_Complete,
    job_object_GetId,
    job_object_GetType,
    job_object_GetProgress,
    job_object_GetTimes,
    job_object_GetState,
    job_object_GetError,
    job_object_GetOwner,
    job_object_SetDisplayName,
    job_object_GetDisplayName,
    job_object_SetDescription,
    job_object_GetDescription,
    job_object_SetPriority,
    job_object_GetPriority,
    job_object_SetNotifyFlags,
    job_object_GetNotifyFlags,
    job_object_SetNotifyInterface,
    job_object_GetNotifyInterface,
    job_object_SetMinimumRetryDelay,
    job_object_GetMinimumRetryDelay,
    job_object_SetNoProgressTimeout,
    job_object_GetNoProgressTimeout,
    job_object_GetErrorCount,
    job_object_SetProxySettings,
    job_object_GetProxySettings,
    job_object_TakeOwnership,
    job_object_SetNotifyCmdLine,
    job_object_GetNotifyCmdLine,
    job_object_GetReplyProgress,
    job_object_GetReplyData,
    job_object_SetReplyFileName,
    job_object_GetReplyFileName,
    job_object_SetCredentials,
    job_object_RemoveCredentials,
    job_object_ReplaceRemotePrefix,
    job_object_AddFileWithRanges,
    job_object_SetFileACLFlags,
    job_object_GetFileACLFlags,
};

HRESULT job_object_create(struct job *job, IBackgroundCopyJob **ret_job)
{
    struct job_object *object;

    if (!(object = calloc(1, sizeof(*object))))
        return E_OUTOFMEMORY;
    object->IBackgroundCopyJob3_iface.lpVtbl = &job_object_vtbl;
    object->IBackgroundCopyJobHttpOptions_iface.lpVtbl = &job_http_vtbl;
    object->refcount = 1;
    object->job = job_addref(job);
    *ret_job = (IBackgroundCopyJob *)&object->IBackgroundCopyJob3_iface;
    return S_OK;
}
