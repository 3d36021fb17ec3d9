/*
 * The properties of a job: how each is read and printed, parsed and set.
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

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const WCHAR *const state_words[] =
{
    L"QUEUED",
    L"CONNECTING",
    L"TRANSFERRING",
    L"SUSPENDED",
    L"ERROR",
    L"TRANSIENT_ERROR",
    L"TRANSFERRED",
    L"ACKNOWLEDGED",
    L"CANCELED"         /* unconfirmed: reference/bitsadmin.md 1.5 */
};
static const WCHAR *const type_words[] = { L"DOWNLOAD", L"UPLOAD", L"UPLOAD-REPLY" };
static const WCHAR *const priority_words[] = { L"FOREGROUND", L"HIGH", L"NORMAL", L"LOW" };
static const WCHAR *const proxy_words[] = { L"PRECONFIG", L"NO_PROXY", L"OVERRIDE", L"AUTODETECT" };
static const WCHAR acl_letters[] = L"OGDS";

static const WCHAR *word_of(const WCHAR *const *words, unsigned int count, unsigned int value)
{
    return value < count ? words[value] : L"UNKNOWN";
}

static BOOL word_parse(const WCHAR *const *words, unsigned int count, const WCHAR *word, unsigned int *ret_value)
{
    unsigned int i;

    for (i = 0; i < count; i++)
    {
        if (!word_is(word, words[i]))
            continue;
        *ret_value = i;
        return TRUE;
    }
    return FALSE;
}

const WCHAR *state_word(BG_JOB_STATE state)
{
    return word_of(state_words, ARRAY_SIZE(state_words), state);
}

const WCHAR *type_word(BG_JOB_TYPE type)
{
    return word_of(type_words, ARRAY_SIZE(type_words), type);
}

const WCHAR *priority_word(BG_JOB_PRIORITY priority)
{
    return word_of(priority_words, ARRAY_SIZE(priority_words), priority);
}

BOOL priority_parse(const WCHAR *word, BG_JOB_PRIORITY *ret_priority)
{
    unsigned int value;

    if (!word_parse(priority_words, ARRAY_SIZE(priority_words), word, &value))
        return FALSE;
    *ret_priority = value;
    return TRUE;
}

BOOL acl_flags_parse(const WCHAR *word, DWORD *ret_flags)
{
    const WCHAR *letter;
    DWORD flags = 0;

    for (; *word; word++)
    {
        if (!(letter = wcschr(acl_letters, *word & ~0x20)) || !*letter)
            return FALSE;
        flags |= 1 << (letter - acl_letters);
    }
    *ret_flags = flags;
    return TRUE;
}

/* Decimal or 0x and hexadecimal digits, nothing after them. */
static BOOL number_parse(const WCHAR *text, ULONG *ret_value)
{
    unsigned __int64 value;
    WCHAR *end;
    BOOL hex = text[0] == '0' && (text[1] | 0x20) == 'x';

    if (!iswxdigit(text[hex ? 2 : 0]))
        return FALSE;
    value = _wcstoui64(text, &end, hex ? 16 : 10);
    if (*end || value > ~0u)
        return FALSE;
    *ret_value = value;
    return TRUE;
}

/* ---- Reading ---- */

static HRESULT print_string(HRESULT hr, WCHAR *text)
{
    if (FAILED(hr))
        return hr;
    if (text)
        output_text(text);
    ole_free(text);
    return S_OK;
}

static HRESULT print_ulong(HRESULT hr, ULONG value)
{
    if (SUCCEEDED(hr))
        output_format(L"%lu", value);
    return hr;
}

static HRESULT print_size(HRESULT hr, UINT64 value)
{
    WCHAR text[SIZE_TEXT];

    if (FAILED(hr))
        return hr;
    format_size(value, text);
    output_text(text);
    return S_OK;
}

static HRESULT print_time(HRESULT hr, const FILETIME *time)
{
    WCHAR text[TIME_TEXT];

    if (FAILED(hr))
        return hr;
    format_time(time, text, ARRAY_SIZE(text));
    output_text(text);
    return S_OK;
}

static HRESULT print_word(HRESULT hr, const WCHAR *word)
{
    if (SUCCEEDED(hr))
        output_text(word);
    return hr;
}

HRESULT get_type(IBackgroundCopyJob *job, int argc, WCHAR **argv)
{
    BG_JOB_TYPE type = 0;
    HRESULT hr = IBackgroundCopyJob_GetType(job, &type);

    return print_word(hr, type_word(type));
}

HRESULT get_state(IBackgroundCopyJob *job, int argc, WCHAR **argv)
{
    BG_JOB_STATE state = 0;
    HRESULT hr = IBackgroundCopyJob_GetState(job, &state);

    return print_word(hr, state_word(state));
}

HRESULT get_priority(IBackgroundCopyJob *job, int argc, WCHAR **argv)
{
    BG_JOB_PRIORITY priority = 0;
    HRESULT hr = IBackgroundCopyJob_GetPriority(job, &priority);

    return print_word(hr, priority_word(priority));
}

HRESULT get_bytes_total(IBackgroundCopyJob *job, int argc, WCHAR **argv)
{
    BG_JOB_PROGRESS progress = {0};
    HRESULT hr = IBackgroundCopyJob_GetProgress(job, &progress);

    return print_size(hr, progress.BytesTotal);
}

HRESULT get_bytes_transferred(IBackgroundCopyJob *job, int argc, WCHAR **argv)
{
    BG_JOB_PROGRESS progress = {0};
    HRESULT hr = IBackgroundCopyJob_GetProgress(job, &progress);

    return print_size(hr, progress.BytesTransferred);
}

HRESULT get_files_total(IBackgroundCopyJob *job, int argc, WCHAR **argv)
{
    BG_JOB_PROGRESS progress = {0};
    HRESULT hr = IBackgroundCopyJob_GetProgress(job, &progress);

    return print_ulong(hr, progress.FilesTotal);
}

HRESULT get_files_transferred(IBackgroundCopyJob *job, int argc, WCHAR **argv)
{
    BG_JOB_PROGRESS progress = {0};
    HRESULT hr = IBackgroundCopyJob_GetProgress(job, &progress);

    return print_ulong(hr, progress.FilesTransferred);
}

HRESULT get_creation_time(IBackgroundCopyJob *job, int argc, WCHAR **argv)
{
    BG_JOB_TIMES times = {{0}};
    HRESULT hr = IBackgroundCopyJob_GetTimes(job, &times);

    return print_time(hr, &times.CreationTime);
}

HRESULT get_modification_time(IBackgroundCopyJob *job, int argc, WCHAR **argv)
{
    BG_JOB_TIMES times = {{0}};
    HRESULT hr = IBackgroundCopyJob_GetTimes(job, &times);

    return print_time(hr, &times.ModificationTime);
}

HRESULT get_completion_time(IBackgroundCopyJob *job, int argc, WCHAR **argv)
{
    BG_JOB_TIMES times = {{0}};
    HRESULT hr = IBackgroundCopyJob_GetTimes(job, &times);

    return print_time(hr, &times.TransferCompletionTime);
}

HRESULT get_owner(IBackgroundCopyJob *job, int argc, WCHAR **argv)
{
    WCHAR account[520], *sid = NULL;
    HRESULT hr;

    if (FAILED(hr = IBackgroundCopyJob_GetOwner(job, &sid)) || !sid)
        return hr;
    output_text(ole_account(sid, account, ARRAY_SIZE(account)) ? account : sid);
    ole_free(sid);
    return S_OK;
}

HRESULT get_display_name(IBackgroundCopyJob *job, int argc, WCHAR **argv)
{
    WCHAR *text = NULL;
    HRESULT hr = IBackgroundCopyJob_GetDisplayName(job, &text);

    return print_string(hr, text);
}

HRESULT get_description(IBackgroundCopyJob *job, int argc, WCHAR **argv)
{
    WCHAR *text = NULL;
    HRESULT hr = IBackgroundCopyJob_GetDescription(job, &text);

    return print_string(hr, text);
}

/* unconfirmed: reference/bitsadmin.md 3.6, decimal as in /INFO /VERBOSE */
HRESULT get_notify_flags(IBackgroundCopyJob *job, int argc, WCHAR **argv)
{
    ULONG value = 0;
    HRESULT hr = IBackgroundCopyJob_GetNotifyFlags(job, &value);

    return print_ulong(hr, value);
}

HRESULT get_notify_interface(IBackgroundCopyJob *job, int argc, WCHAR **argv)
{
    IUnknown *unknown = NULL;
    HRESULT hr = IBackgroundCopyJob_GetNotifyInterface(job, &unknown);

    hr = print_word(hr, unknown ? L"REGISTERED" : L"UNREGISTERED");
    if (unknown)
        IUnknown_Release(unknown);
    return hr;
}

HRESULT get_min_retry_delay(IBackgroundCopyJob *job, int argc, WCHAR **argv)
{
    ULONG value = 0;
    HRESULT hr = IBackgroundCopyJob_GetMinimumRetryDelay(job, &value);

    return print_ulong(hr, value);
}

HRESULT get_no_progress_timeout(IBackgroundCopyJob *job, int argc, WCHAR **argv)
{
    ULONG value = 0;
    HRESULT hr = IBackgroundCopyJob_GetNoProgressTimeout(job, &value);

    return print_ulong(hr, value);
}

HRESULT get_error_count(IBackgroundCopyJob *job, int argc, WCHAR **argv)
{
    ULONG value = 0;
    HRESULT hr = IBackgroundCopyJob_GetErrorCount(job, &value);

    return print_ulong(hr, value);
}

enum proxy_part { PROXY_USAGE, PROXY_LIST, PROXY_BYPASS_LIST };

static HRESULT print_proxy(IBackgroundCopyJob *job, enum proxy_part part)
{
    WCHAR *lists[2] = {NULL, NULL}, *list;
    BG_JOB_PROXY_USAGE usage = 0;
    HRESULT hr;

    if (FAILED(hr = IBackgroundCopyJob_GetProxySettings(job, &usage, &lists[0], &lists[1])))
        return hr;
    list = lists[part == PROXY_BYPASS_LIST];
    if (part == PROXY_USAGE)
        output_text(word_of(proxy_words, ARRAY_SIZE(proxy_words), usage));
    else
        output_text(list && list[0] ? list : L"NULL");
    ole_free(lists[0]);
    ole_free(lists[1]);
    return S_OK;
}

HRESULT get_proxy_usage(IBackgroundCopyJob *job, int argc, WCHAR **argv)
{
    return print_proxy(job, PROXY_USAGE);
}

HRESULT get_proxy_list(IBackgroundCopyJob *job, int argc, WCHAR **argv)
{
    return print_proxy(job, PROXY_LIST);
}

HRESULT get_proxy_bypass_list(IBackgroundCopyJob *job, int argc, WCHAR **argv)
{
    return print_proxy(job, PROXY_BYPASS_LIST);
}

/* unconfirmed: reference/bitsadmin.md 3.6, layout */
HRESULT get_notify_cmd_line(IBackgroundCopyJob *job, int argc, WCHAR **argv)
{
    WCHAR *program = NULL, *parameters = NULL;
    IBackgroundCopyJob2 *job2;
    HRESULT hr;

    if (FAILED(hr = IBackgroundCopyJob_QueryInterface(job, &IID_IBackgroundCopyJob2, (void **)&job2)))
        return hr;
    hr = IBackgroundCopyJob2_GetNotifyCmdLine(job2, &program, &parameters);
    IBackgroundCopyJob2_Release(job2);
    if (FAILED(hr))
        return hr;
    if (!program || !program[0])
        output_text(L"none");
    else if (!parameters || !parameters[0])
        output_text(program);
    else
        output_format(L"%s %s", program, parameters);
    ole_free(program);
    ole_free(parameters);
    return S_OK;
}

HRESULT get_acl_flags(IBackgroundCopyJob *job, int argc, WCHAR **argv)
{
    WCHAR text[ARRAY_SIZE(acl_letters)];
    IBackgroundCopyJob3 *job3;
    unsigned int i, len = 0;
    DWORD flags = 0;
    HRESULT hr;

    if (FAILED(hr = IBackgroundCopyJob_QueryInterface(job, &IID_IBackgroundCopyJob3, (void **)&job3)))
        return hr;
    hr = IBackgroundCopyJob3_GetFileACLFlags(job3, &flags);
    IBackgroundCopyJob3_Release(job3);
    for (i = 0; acl_letters[i]; i++)
        if (flags & (1 << i))
            text[len++] = acl_letters[i];
    text[len] = 0;
    return print_word(hr, text);
}

HRESULT get_max_download_time(IBackgroundCopyJob *job, int argc, WCHAR **argv)
{
    IBackgroundCopyJob4 *job4;
    ULONG value = 0;
    HRESULT hr;

    if (FAILED(hr = IBackgroundCopyJob_QueryInterface(job, &IID_IBackgroundCopyJob4, (void **)&job4)))
        return hr;
    hr = IBackgroundCopyJob4_GetMaximumDownloadTime(job4, &value);
    IBackgroundCopyJob4_Release(job4);
    return print_ulong(hr, value);
}

HRESULT get_custom_headers(IBackgroundCopyJob *job, int argc, WCHAR **argv)
{
    IBackgroundCopyJobHttpOptions *options;
    WCHAR *headers = NULL;
    HRESULT hr;

    if (FAILED(hr = IBackgroundCopyJob_QueryInterface(job, &IID_IBackgroundCopyJobHttpOptions, (void **)&options)))
        return hr;
    hr = IBackgroundCopyJobHttpOptions_GetCustomHeaders(options, &headers);
    IBackgroundCopyJobHttpOptions_Release(options);
    if (SUCCEEDED(hr) && headers)
        trim_text(headers);
    return print_string(hr, headers);
}

/* unconfirmed: reference/bitsadmin.md 3.6, layout; raw output is the number alone. */
HRESULT get_security_flags(IBackgroundCopyJob *job, int argc, WCHAR **argv)
{
    static const struct { ULONG flag; const WCHAR *text; } lines[] =
    {
        { 0x0001, L"Check revocation lists" },
        { 0x0002, L"Ignore invalid common name" },
        { 0x0004, L"Ignore invalid date" },
        { 0x0008, L"Ignore invalid authority" },
        { 0x0010, L"Ignore wrong usage" },
        { 0x0800, L"Allow redirection to HTTP" },
    };
    static const WCHAR *const policies[] = { L"allow", L"report", L"disallow" };
    IBackgroundCopyJobHttpOptions *options;
    ULONG flags = 0;
    unsigned int i;
    HRESULT hr;

    if (FAILED(hr = IBackgroundCopyJob_QueryInterface(job, &IID_IBackgroundCopyJobHttpOptions, (void **)&options)))
        return hr;
    hr = IBackgroundCopyJobHttpOptions_GetSecurityFlags(options, &flags);
    IBackgroundCopyJobHttpOptions_Release(options);
    if (FAILED(hr))
        return hr;
    output_format(L"0x%04lx", flags);
    if (output_raw)
        return S_OK;
    for (i = 0; i < ARRAY_SIZE(lines); i++)
        output_format(L"\n%-28s: %s", lines[i].text, flags & lines[i].flag ? L"true" : L"false");
    output_format(L"\n%-28s: %s", L"Redirection", word_of(policies, ARRAY_SIZE(policies), (flags >> 8) & 7));
    return S_OK;
}

void error_info_free(struct error_info *info)
{
    free(info->file);
    free(info->code);
    free(info->context);
    memset(info, 0, sizeof(*info));
}

static WCHAR *format_code(ULONG code, WCHAR *remote_text, BOOL is_hr)
{
    WCHAR *text = NULL, *ret;
    size_t len;

    if (remote_text)
    {
        text = _wcsdup(remote_text);
        ole_free(remote_text);
    }
    else if (is_hr)
        text = error_text(code);
    if (text)
        trim_text(text);
    len = 16 + (text ? wcslen(text) : 0);
    if ((ret = malloc(len * sizeof(WCHAR))))
        _snwprintf(ret, len, L"0x%08x%s%s", code, text ? L" - " : L"", text ? text : L"");
    free(text);
    return ret;
}

HRESULT error_info_get(IBackgroundCopyJob *job, struct error_info *info)
{
    LANGID language = LANGIDFROMLCID(GetThreadLocale());
    WCHAR *text, *remote = NULL, *local = NULL;
    IBackgroundCopyError *error;
    IBackgroundCopyFile *file;
    BG_ERROR_CONTEXT context;
    HRESULT hr, code;
    size_t len;

    memset(info, 0, sizeof(*info));
    if (FAILED(hr = IBackgroundCopyJob_GetError(job, &error)))
        return hr;
    if (FAILED(hr = IBackgroundCopyError_GetError(error, &context, &code)))
    {
        IBackgroundCopyError_Release(error);
        return hr;
    }
    info->hr = code;

    if (SUCCEEDED(IBackgroundCopyError_GetFile(error, &file)) && file)
    {
        if (SUCCEEDED(IBackgroundCopyFile_GetRemoteName(file, &remote))
                && SUCCEEDED(IBackgroundCopyFile_GetLocalName(file, &local)))
        {
            len = wcslen(remote) + wcslen(local) + 5;
            if ((info->file = malloc(len * sizeof(WCHAR))))
                _snwprintf(info->file, len, L"%s -> %s", remote, local);
        }
        ole_free(remote);
        ole_free(local);
        IBackgroundCopyFile_Release(file);
    }
    if (FAILED(IBackgroundCopyError_GetErrorDescription(error, language, &text)))
        text = NULL;
    info->code = format_code(code, text, TRUE);
    if (FAILED(IBackgroundCopyError_GetErrorContextDescription(error, language, &text)))
        text = NULL;
    info->context = format_code(context, text, FALSE);
    IBackgroundCopyError_Release(error);

    /* unconfirmed: reference/bitsadmin.md 5.2, an error without a file */
    if (!info->file)
        info->file = _wcsdup(L"NULL");
    if (!info->file || !info->code || !info->context)
    {
        error_info_free(info);
        return E_OUTOFMEMORY;
    }
    return S_OK;
}

/* Callers of the raw form find the context in the fourth line, after the empty one that ends the
 * message text: reference/bitsadmin.md 5.3. */
HRESULT get_error(IBackgroundCopyJob *job, int argc, WCHAR **argv)
{
    struct error_info info;
    HRESULT hr;

    if (FAILED(hr = error_info_get(job, &info)))
        return hr;
    output_label(L"ERROR FILE:    ");
    output_format(L"%s\n", info.file);
    output_label(L"ERROR CODE:    ");
    output_format(L"%s\n%s", info.code, output_raw ? L"\n" : L"");
    output_label(L"ERROR CONTEXT: ");
    output_text(info.context);
    error_info_free(&info);
    return S_OK;
}

/* ---- Setting ---- */

HRESULT set_display_name(IBackgroundCopyJob *job, int argc, WCHAR **argv)
{
    return IBackgroundCopyJob_SetDisplayName(job, argv[0]);
}

HRESULT set_description(IBackgroundCopyJob *job, int argc, WCHAR **argv)
{
    return IBackgroundCopyJob_SetDescription(job, argv[0]);
}

HRESULT set_priority(IBackgroundCopyJob *job, int argc, WCHAR **argv)
{
    BG_JOB_PRIORITY priority;

    if (!priority_parse(argv[0], &priority))
        return bad_argument(argv[0]);
    return IBackgroundCopyJob_SetPriority(job, priority);
}

HRESULT set_notify_flags(IBackgroundCopyJob *job, int argc, WCHAR **argv)
{
    ULONG value;

    if (!number_parse(argv[0], &value))
        return bad_argument(argv[0]);
    return IBackgroundCopyJob_SetNotifyFlags(job, value);
}

HRESULT set_min_retry_delay(IBackgroundCopyJob *job, int argc, WCHAR **argv)
{
    ULONG value;

    if (!number_parse(argv[0], &value))
        return bad_argument(argv[0]);
    return IBackgroundCopyJob_SetMinimumRetryDelay(job, value);
}

HRESULT set_no_progress_timeout(IBackgroundCopyJob *job, int argc, WCHAR **argv)
{
    ULONG value;

    if (!number_parse(argv[0], &value))
        return bad_argument(argv[0]);
    return IBackgroundCopyJob_SetNoProgressTimeout(job, value);
}

HRESULT set_max_download_time(IBackgroundCopyJob *job, int argc, WCHAR **argv)
{
    IBackgroundCopyJob4 *job4;
    ULONG value;
    HRESULT hr;

    if (!number_parse(argv[0], &value))
        return bad_argument(argv[0]);
    if (FAILED(hr = IBackgroundCopyJob_QueryInterface(job, &IID_IBackgroundCopyJob4, (void **)&job4)))
        return hr;
    hr = IBackgroundCopyJob4_SetMaximumDownloadTime(job4, value);
    IBackgroundCopyJob4_Release(job4);
    return hr;
}

HRESULT set_acl_flags(IBackgroundCopyJob *job, int argc, WCHAR **argv)
{
    IBackgroundCopyJob3 *job3;
    DWORD flags;
    HRESULT hr;

    if (!acl_flags_parse(argv[0], &flags))
        return bad_argument(argv[0]);
    if (FAILED(hr = IBackgroundCopyJob_QueryInterface(job, &IID_IBackgroundCopyJob3, (void **)&job3)))
        return hr;
    hr = IBackgroundCopyJob3_SetFileACLFlags(job3, flags);
    IBackgroundCopyJob3_Release(job3);
    return hr;
}

HRESULT set_proxy_settings(IBackgroundCopyJob *job, int argc, WCHAR **argv)
{
    const WCHAR *bypass = NULL;
    unsigned int usage;

    if (!word_parse(proxy_words, ARRAY_SIZE(proxy_words), argv[0], &usage))
        return bad_argument(argv[0]);
    if (argc != (usage == BG_JOB_PROXY_USAGE_OVERRIDE ? 3 : 1))
        return bad_argument_count();
    if (argc == 3 && argv[2][0])
        bypass = null_word(argv[2]);
    return IBackgroundCopyJob_SetProxySettings(job, usage, argc == 3 ? null_word(argv[1]) : NULL, bypass);
}

HRESULT set_notify_cmd_line(IBackgroundCopyJob *job, int argc, WCHAR **argv)
{
    IBackgroundCopyJob2 *job2;
    HRESULT hr;

    if (FAILED(hr = IBackgroundCopyJob_QueryInterface(job, &IID_IBackgroundCopyJob2, (void **)&job2)))
        return hr;
    hr = IBackgroundCopyJob2_SetNotifyCmdLine(job2, null_word(argv[0]), null_word(argv[1]));
    IBackgroundCopyJob2_Release(job2);
    return hr;
}

/* unconfirmed: reference/bitsadmin.md 3.7, joined with CRLF; NULL removes what is set */
HRESULT set_custom_headers(IBackgroundCopyJob *job, int argc, WCHAR **argv)
{
    IBackgroundCopyJobHttpOptions *options;
    WCHAR *headers = NULL;
    size_t len = 1;
    HRESULT hr;
    int i;

    if (argc > 1 || null_word(argv[0]))
    {
        for (i = 0; i < argc; i++)
            len += wcslen(argv[i]) + 2;
        if (!(headers = calloc(len, sizeof(WCHAR))))
            return E_OUTOFMEMORY;
        for (i = 0; i < argc; i++)
        {
            wcscat(headers, argv[i]);
            wcscat(headers, L"\r\n");
        }
    }
    if (SUCCEEDED(hr = IBackgroundCopyJob_QueryInterface(job, &IID_IBackgroundCopyJobHttpOptions, (void **)&options)))
    {
        hr = IBackgroundCopyJobHttpOptions_SetCustomHeaders(options, headers);
        IBackgroundCopyJobHttpOptions_Release(options);
    }
    free(headers);
    return hr;
}

HRESULT set_security_flags(IBackgroundCopyJob *job, int argc, WCHAR **argv)
{
    IBackgroundCopyJobHttpOptions *options;
    ULONG value;
    HRESULT hr;

    if (!number_parse(argv[0], &value))
        return bad_argument(argv[0]);
    if (FAILED(hr = IBackgroundCopyJob_QueryInterface(job, &IID_IBackgroundCopyJobHttpOptions, (void **)&options)))
        return hr;
    hr = IBackgroundCopyJobHttpOptions_SetSecurityFlags(options, value);
    IBackgroundCopyJobHttpOptions_Release(options);
    return hr;
}
