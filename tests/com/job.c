/*
 * IBackgroundCopyJob: interfaces, defaults, setters and getters, files, cancelling.
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

#include <stdio.h>
#include <stdlib.h>
#include "util.h"
#include <sddl.h>
#include "wine/test.h"

static void test_interfaces(void)
{
    static const struct { const char *name; GUID iid; BOOL later; } interfaces[] =
    {
        {"IUnknown", {0x00000000, 0x0000, 0x0000, {0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46}}},
        {"Job", {0x37668d37, 0x507e, 0x4160, {0x93, 0x16, 0x26, 0x30, 0x6d, 0x15, 0x0b, 0x12}}},
        {"Job2", {0x54b50739, 0x686f, 0x45eb, {0x9d, 0xff, 0xd6, 0xa9, 0xa0, 0xfa, 0xa9, 0xaf}}},
        {"Job3", {0x443c8934, 0x90ff, 0x48ed, {0xbc, 0xde, 0x26, 0xf5, 0xc7, 0x45, 0x00, 0x42}}},
        {"Job4", {0x659cdeae, 0x489e, 0x11d9, {0xa9, 0xcd, 0x00, 0x0d, 0x56, 0x96, 0x52, 0x51}}, TRUE},
        {"Job5", {0xe847030c, 0xbbba, 0x4657, {0xaf, 0x6d, 0x48, 0x4a, 0xa4, 0x2b, 0xf1, 0xfe}}, TRUE},
        {"HttpOptions", {0xf1bd1079, 0x9f01, 0x4bdc, {0x80, 0x36, 0xf0, 0x9b, 0x70, 0x09, 0x50, 0x66}}},
        {"HttpOptions2", {0xb591a192, 0xa405, 0x4fc3, {0x83, 0x23, 0x4c, 0x5c, 0x54, 0x25, 0x78, 0xfc}}, TRUE},
        {"HttpOptions3", {0x8a9263d3, 0xfd4c, 0x4eda, {0x9b, 0x28, 0x30, 0x13, 0x2a, 0x4d, 0x4e, 0x3c}}, TRUE},
        {"TokenOptions", {0x9a2584c3, 0xf7d2, 0x457a, {0x9a, 0x5e, 0x22, 0xb6, 0x7b, 0xff, 0xc7, 0xd2}}, TRUE},
    };
    IBackgroundCopyJob *job = create_job();
    IUnknown *unknown, *iface, *identity;
    unsigned int i;
    HRESULT hr;

    hr = IBackgroundCopyJob_QueryInterface(job, &IID_IUnknown, (void **)&unknown);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    for (i = 0; i < ARRAYSIZE(interfaces); i++)
    {
        winetest_push_context("%s", interfaces[i].name);
        iface = (void *)0xdeadbeef;
        hr = IBackgroundCopyJob_QueryInterface(job, &interfaces[i].iid, (void **)&iface);
        todo_wine_if(interfaces[i].later) ok(hr == S_OK, "Got hr %#lx.\n", hr);
        if (hr == S_OK)
        {
            hr = IUnknown_QueryInterface(iface, &IID_IUnknown, (void **)&identity);
            ok(hr == S_OK, "Got hr %#lx.\n", hr);
            ok(identity == unknown, "Got another object.\n");
            IUnknown_Release(identity);
            IUnknown_Release(iface);
        }
        else
            ok(hr == E_NOINTERFACE && !iface, "Got hr %#lx, %p.\n", hr, iface);
        winetest_pop_context();
    }
    hr = IBackgroundCopyJob_QueryInterface(job, &IID_IBackgroundCopyFile, (void **)&iface);
    ok(hr == E_NOINTERFACE, "Got hr %#lx.\n", hr);
    ok(!iface, "Got %p.\n", iface);
    IUnknown_Release(unknown);
    drop_job(job);
}

static void test_defaults(void)
{
    IBackgroundCopyJob *job = create_job();
    BG_JOB_PROXY_USAGE usage = 0xdead;
    BG_JOB_PRIORITY priority = 0xdead;
    IBackgroundCopyError *error;
    WCHAR *string, *string2;
    ULONG value = 0xdead;
    IUnknown *unknown;
    HRESULT hr;

    check_state(job, BG_JOB_STATE_SUSPENDED);
    check_progress(job, 0, 0, 0, 0);

    hr = IBackgroundCopyJob_GetPriority(job, &priority);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(priority == BG_JOB_PRIORITY_NORMAL, "Got %u.\n", priority);
    hr = IBackgroundCopyJob_GetNotifyFlags(job, &value);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(value == (BG_NOTIFY_JOB_TRANSFERRED | BG_NOTIFY_JOB_ERROR), "Got %#lx.\n", value);
    unknown = (void *)0xdeadbeef;
    hr = IBackgroundCopyJob_GetNotifyInterface(job, &unknown);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(!unknown, "Got %p.\n", unknown);
    hr = IBackgroundCopyJob_GetDescription(job, &string);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(string && !string[0], "Got %s.\n", wine_dbgstr_w(string));
    CoTaskMemFree(string);
    hr = IBackgroundCopyJob_GetMinimumRetryDelay(job, &value);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(value == 600, "Got %lu.\n", value);
    hr = IBackgroundCopyJob_GetNoProgressTimeout(job, &value);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(value == 1209600, "Got %lu.\n", value);
    hr = IBackgroundCopyJob_GetErrorCount(job, &value);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(!value, "Got %lu.\n", value);
    string = string2 = (void *)0xdeadbeef;
    hr = IBackgroundCopyJob_GetProxySettings(job, &usage, &string, &string2);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(usage == BG_JOB_PROXY_USAGE_PRECONFIG, "Got %u.\n", usage);
    ok(!string, "Got %s.\n", wine_dbgstr_w(string));
    ok(!string2, "Got %s.\n", wine_dbgstr_w(string2));
    error = (void *)0xdeadbeef;
    hr = IBackgroundCopyJob_GetError(job, &error);
    ok(hr == BG_E_ERROR_INFORMATION_UNAVAILABLE, "Got hr %#lx.\n", hr);
    ok(!error, "Got %p.\n", error);
    ok(!count_files(job), "Got files.\n");
    drop_job(job);
}

static void test_null_pointers(void)
{
    IBackgroundCopyJob *job = create_job();
    BG_JOB_PROXY_USAGE usage;
    WCHAR *string;
    HRESULT hr;

#define CHECK_NULL(call) do { hr = IBackgroundCopyJob_##call; \
        ok(hr == NULL_REF, "Got hr %#lx.\n", hr); } while (0)
    CHECK_NULL(AddFileSet(job, 1, NULL));
    CHECK_NULL(AddFile(job, NULL, local_name(L"a")));
    CHECK_NULL(AddFile(job, L"http://127.0.0.1:1/a", NULL));
    CHECK_NULL(EnumFiles(job, NULL));
    CHECK_NULL(GetId(job, NULL));
    CHECK_NULL(GetType(job, NULL));
    CHECK_NULL(GetProgress(job, NULL));
    CHECK_NULL(GetTimes(job, NULL));
    CHECK_NULL(GetState(job, NULL));
    CHECK_NULL(GetError(job, NULL));
    CHECK_NULL(GetOwner(job, NULL));
    CHECK_NULL(SetDisplayName(job, NULL));
    CHECK_NULL(GetDisplayName(job, NULL));
    CHECK_NULL(SetDescription(job, NULL));
    CHECK_NULL(GetDescription(job, NULL));
    CHECK_NULL(GetPriority(job, NULL));
    CHECK_NULL(GetNotifyFlags(job, NULL));
    CHECK_NULL(GetNotifyInterface(job, NULL));
    CHECK_NULL(GetMinimumRetryDelay(job, NULL));
    CHECK_NULL(GetNoProgressTimeout(job, NULL));
    CHECK_NULL(GetErrorCount(job, NULL));
    CHECK_NULL(GetProxySettings(job, NULL, &string, &string));
    CHECK_NULL(GetProxySettings(job, &usage, NULL, &string));
    CHECK_NULL(GetProxySettings(job, &usage, &string, NULL));
#undef CHECK_NULL
    ok(!count_files(job), "Got files.\n");
    drop_job(job);
}

static void test_strings(void)
{
    IBackgroundCopyJob *job = create_job();
    WCHAR text[1026], *string;
    unsigned int i;
    HRESULT hr;

    for (i = 0; i < ARRAYSIZE(text); i++)
        text[i] = 'a' + i % 26;

    text[256] = 0;
    hr = IBackgroundCopyJob_SetDisplayName(job, text);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    text[256] = 'x';
    text[257] = 0;
    hr = IBackgroundCopyJob_SetDisplayName(job, text);
    ok(hr == BG_E_STRING_TOO_LONG || hr == E_INVALIDARG, "Got hr %#lx.\n", hr);
    text[256] = 0;
    hr = IBackgroundCopyJob_GetDisplayName(job, &string);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(!wcscmp(string, text), "Got %s.\n", wine_dbgstr_w(string));
    CoTaskMemFree(string);
    hr = IBackgroundCopyJob_SetDisplayName(job, L"");
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyJob_GetDisplayName(job, &string);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(string && !string[0], "Got %s.\n", wine_dbgstr_w(string));
    CoTaskMemFree(string);

    text[256] = 'x';
    text[257] = 'y';
    text[1024] = 0;
    hr = IBackgroundCopyJob_SetDescription(job, text);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    text[1024] = 'x';
    text[1025] = 0;
    hr = IBackgroundCopyJob_SetDescription(job, text);
    ok(hr == BG_E_STRING_TOO_LONG, "Got hr %#lx.\n", hr);
    text[1024] = 0;
    hr = IBackgroundCopyJob_GetDescription(job, &string);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(!wcscmp(string, text), "Got %s.\n", wine_dbgstr_w(string));
    CoTaskMemFree(string);
    hr = IBackgroundCopyJob_SetDescription(job, L"");
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    drop_job(job);
}

static void test_numbers(void)
{
    static const ULONG delays[][2] =
    {
        {0, 5}, {4, 5}, {5, 5}, {6, 6}, {600, 600}, {0x7fffffff, 0x7fffffff}, {0xffffffff, 0xffffffff},
    };
    IBackgroundCopyJob *job = create_job();
    BG_JOB_PRIORITY priority;
    ULONG value, flags;
    unsigned int i;
    HRESULT hr;

    for (i = BG_JOB_PRIORITY_FOREGROUND; i <= BG_JOB_PRIORITY_LOW; i++)
    {
        hr = IBackgroundCopyJob_SetPriority(job, i);
        ok(hr == S_OK, "Got hr %#lx.\n", hr);
        hr = IBackgroundCopyJob_GetPriority(job, &priority);
        ok(hr == S_OK, "Got hr %#lx.\n", hr);
        ok(priority == i, "Got %u instead of %u.\n", priority, i);
    }
    hr = IBackgroundCopyJob_SetPriority(job, BG_JOB_PRIORITY_LOW + 1);
    ok(hr == E_NOTIMPL, "Got hr %#lx.\n", hr);
    /* This one does not fit into the 16 bits of an enumeration on the wire. */
    hr = IBackgroundCopyJob_SetPriority(job, -1);
    ok(hr == E_NOTIMPL || hr == HRESULT_FROM_WIN32(RPC_X_ENUM_VALUE_OUT_OF_RANGE), "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyJob_GetPriority(job, &priority);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(priority == BG_JOB_PRIORITY_LOW, "Got %u.\n", priority);

    for (i = 0; i < ARRAYSIZE(delays); i++)
    {
        hr = IBackgroundCopyJob_SetMinimumRetryDelay(job, delays[i][0]);
        ok(hr == S_OK, "Got hr %#lx.\n", hr);
        value = 0xdead;
        hr = IBackgroundCopyJob_GetMinimumRetryDelay(job, &value);
        ok(hr == S_OK, "Got hr %#lx.\n", hr);
        ok(value == delays[i][1], "Got %lu for %lu.\n", value, delays[i][0]);

        hr = IBackgroundCopyJob_SetNoProgressTimeout(job, delays[i][0]);
        ok(hr == S_OK, "Got hr %#lx.\n", hr);
        value = 0xdead;
        hr = IBackgroundCopyJob_GetNoProgressTimeout(job, &value);
        ok(hr == S_OK, "Got hr %#lx.\n", hr);
        ok(value == delays[i][0], "Got %lu for %lu.\n", value, delays[i][0]);
    }

    for (flags = 1; flags < 0x20; flags++)
    {
        hr = IBackgroundCopyJob_SetNotifyFlags(job, flags);
        ok(hr == S_OK, "Got hr %#lx for %#lx.\n", hr, flags);
        hr = IBackgroundCopyJob_GetNotifyFlags(job, &value);
        ok(hr == S_OK, "Got hr %#lx.\n", hr);
        ok(value == flags, "Got %#lx for %#lx.\n", value, flags);
    }
    for (flags = 0x40; flags; flags <<= 1)
    {
        hr = IBackgroundCopyJob_SetNotifyFlags(job, flags | BG_NOTIFY_JOB_ERROR);
        ok(hr == E_NOTIMPL, "Got hr %#lx for %#lx.\n", hr, flags);
    }
    hr = IBackgroundCopyJob_GetNotifyFlags(job, &value);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(value == 0x1f, "Got %#lx.\n", value);
    drop_job(job);
}

static void check_proxy_(unsigned int line, IBackgroundCopyJob *job, BG_JOB_PROXY_USAGE usage,
                         const WCHAR *list, const WCHAR *bypass)
{
    BG_JOB_PROXY_USAGE ret_usage = 0xdead;
    WCHAR *ret_list, *ret_bypass;
    HRESULT hr;

    hr = IBackgroundCopyJob_GetProxySettings(job, &ret_usage, &ret_list, &ret_bypass);
    ok_(__FILE__, line)(hr == S_OK, "Got hr %#lx.\n", hr);
    ok_(__FILE__, line)(ret_usage == usage, "Got %u.\n", ret_usage);
    ok_(__FILE__, line)(list ? ret_list && !wcscmp(list, ret_list) : !ret_list, "Got %s.\n", wine_dbgstr_w(ret_list));
    ok_(__FILE__, line)(bypass ? ret_bypass && !wcscmp(bypass, ret_bypass) : !ret_bypass, "Got %s.\n",
            wine_dbgstr_w(ret_bypass));
    CoTaskMemFree(ret_list);
    CoTaskMemFree(ret_bypass);
}
#define check_proxy(job, usage, list, bypass) check_proxy_(__LINE__, job, usage, list, bypass)

static void test_proxy(void)
{
    static const BG_JOB_PROXY_USAGE plain[] = {BG_JOB_PROXY_USAGE_PRECONFIG, BG_JOB_PROXY_USAGE_NO_PROXY};
    IBackgroundCopyJob *job = create_job();
    unsigned int i;
    WCHAR *list;
    HRESULT hr;

    hr = IBackgroundCopyJob_SetProxySettings(job, BG_JOB_PROXY_USAGE_OVERRIDE, L"http=127.0.0.1:1 https://b:2",
                                             L"*.example.com <local>");
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    check_proxy(job, BG_JOB_PROXY_USAGE_OVERRIDE, L"http=127.0.0.1:1 https://b:2", L"*.example.com <local>");
    hr = IBackgroundCopyJob_SetProxySettings(job, BG_JOB_PROXY_USAGE_OVERRIDE, NULL, NULL);
    ok(hr == E_INVALIDARG, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyJob_SetProxySettings(job, 4, NULL, NULL);
    ok(hr == E_NOTIMPL, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyJob_SetProxySettings(job, -1, NULL, NULL);
    ok(hr == E_NOTIMPL || hr == HRESULT_FROM_WIN32(RPC_X_ENUM_VALUE_OUT_OF_RANGE), "Got hr %#lx.\n", hr);
    check_proxy(job, BG_JOB_PROXY_USAGE_OVERRIDE, L"http=127.0.0.1:1 https://b:2", L"*.example.com <local>");
    hr = IBackgroundCopyJob_SetProxySettings(job, BG_JOB_PROXY_USAGE_OVERRIDE, L"a:1", NULL);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    check_proxy(job, BG_JOB_PROXY_USAGE_OVERRIDE, L"a:1", NULL);

    for (i = 0; i < ARRAYSIZE(plain); i++)
    {
        hr = IBackgroundCopyJob_SetProxySettings(job, plain[i], NULL, NULL);
        ok(hr == S_OK, "Got hr %#lx.\n", hr);
        check_proxy(job, plain[i], NULL, NULL);
        hr = IBackgroundCopyJob_SetProxySettings(job, plain[i], L"a:1", NULL);
        ok(hr == E_INVALIDARG, "Got hr %#lx.\n", hr);
        hr = IBackgroundCopyJob_SetProxySettings(job, plain[i], NULL, L"a");
        ok(hr == E_INVALIDARG, "Got hr %#lx.\n", hr);
        check_proxy(job, plain[i], NULL, NULL);
    }
    hr = IBackgroundCopyJob_SetProxySettings(job, BG_JOB_PROXY_USAGE_AUTODETECT, NULL, NULL);
    todo_wine ok(hr == S_OK, "Got hr %#lx.\n", hr);
    if (hr != S_OK)
        ok(hr == E_NOTIMPL, "Got hr %#lx.\n", hr);

    list = malloc(32002 * sizeof(*list));
    for (i = 0; i < 32001; i++)
        list[i] = 'a';
    list[4000] = 0;
    hr = IBackgroundCopyJob_SetProxySettings(job, BG_JOB_PROXY_USAGE_OVERRIDE, list, list);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    check_proxy(job, BG_JOB_PROXY_USAGE_OVERRIDE, list, list);
    list[4000] = 'a';
    list[32001] = 0;
    hr = IBackgroundCopyJob_SetProxySettings(job, BG_JOB_PROXY_USAGE_OVERRIDE, list, NULL);
    ok(hr == BG_E_PROXY_LIST_TOO_LARGE, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyJob_SetProxySettings(job, BG_JOB_PROXY_USAGE_OVERRIDE, L"a", list);
    ok(hr == BG_E_PROXY_BYPASS_LIST_TOO_LARGE, "Got hr %#lx.\n", hr);
    list[4000] = 0;
    check_proxy(job, BG_JOB_PROXY_USAGE_OVERRIDE, list, list);
    free(list);
    drop_job(job);
}

static ULONGLONG quad(const FILETIME *time)
{
    return (ULONGLONG)time->dwHighDateTime << 32 | time->dwLowDateTime;
}

static void test_times(void)
{
    BG_JOB_TIMES times, later;
    IBackgroundCopyJob *job;
    FILETIME before, after;
    HRESULT hr;

    GetSystemTimeAsFileTime(&before);
    job = create_job();
    GetSystemTimeAsFileTime(&after);
    memset(&times, 0xcc, sizeof(times));
    hr = IBackgroundCopyJob_GetTimes(job, &times);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(quad(&times.CreationTime) >= quad(&before) && quad(&times.CreationTime) <= quad(&after),
            "Got %I64u, not in %I64u...%I64u.\n", quad(&times.CreationTime), quad(&before), quad(&after));
    ok(quad(&times.ModificationTime) >= quad(&times.CreationTime), "Got %I64u.\n", quad(&times.ModificationTime));
    ok(!quad(&times.TransferCompletionTime), "Got %I64u.\n", quad(&times.TransferCompletionTime));

    do GetSystemTimeAsFileTime(&before);
    while (quad(&before) == quad(&times.ModificationTime));
    hr = IBackgroundCopyJob_SetDescription(job, L"Changed");
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyJob_GetTimes(job, &later);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(quad(&later.CreationTime) == quad(&times.CreationTime), "Got %I64u.\n", quad(&later.CreationTime));
    ok(quad(&later.ModificationTime) > quad(&times.ModificationTime), "Got %I64u.\n", quad(&later.ModificationTime));

    add_file(job, L"http://127.0.0.1:1/a", local_name(L"a"));
    times = later;
    hr = IBackgroundCopyJob_GetTimes(job, &later);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(quad(&later.ModificationTime) >= quad(&times.ModificationTime), "Got %I64u.\n", quad(&later.ModificationTime));
    ok(!quad(&later.TransferCompletionTime), "Got %I64u.\n", quad(&later.TransferCompletionTime));
    drop_job(job);
}

static void test_owner(void)
{
    WCHAR *owner = NULL, *user = NULL;
    IBackgroundCopyJob *job = create_job();
    BYTE buffer[sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE];
    HANDLE token;
    DWORD size;
    HRESULT hr;

    hr = IBackgroundCopyJob_GetOwner(job, &owner);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token);
    GetTokenInformation(token, TokenUser, buffer, sizeof(buffer), &size);
    CloseHandle(token);
    ConvertSidToStringSidW(((TOKEN_USER *)buffer)->User.Sid, &user);
    ok(owner && user && !wcscmp(owner, user), "Got %s instead of %s.\n", wine_dbgstr_w(owner), wine_dbgstr_w(user));
    LocalFree(user);
    CoTaskMemFree(owner);
    drop_job(job);
}

static void test_notify_interface(void)
{
    struct callback *callback = callback_create(), *other = callback_create();
    IBackgroundCopyJob *job = create_job();
    IUnknown *unknown;
    HRESULT hr;

    hr = IBackgroundCopyJob_SetNotifyInterface(job, callback_unknown(callback));
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    unknown = NULL;
    hr = IBackgroundCopyJob_GetNotifyInterface(job, &unknown);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(unknown == callback_unknown(callback), "Got %p.\n", unknown);
    if (unknown)
        IUnknown_Release(unknown);
    hr = IBackgroundCopyJob_SetNotifyInterface(job, callback_unknown(other));
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    unknown = NULL;
    hr = IBackgroundCopyJob_GetNotifyInterface(job, &unknown);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(unknown == callback_unknown(other), "Got %p.\n", unknown);
    if (unknown)
        IUnknown_Release(unknown);
    hr = IBackgroundCopyJob_SetNotifyInterface(job, NULL);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    unknown = (void *)0xdeadbeef;
    hr = IBackgroundCopyJob_GetNotifyInterface(job, &unknown);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(!unknown, "Got %p.\n", unknown);
    callback_release(callback);
    callback_release(other);
    drop_job(job);
}

static void test_files(void)
{
    BG_FILE_INFO set[3];
    WCHAR names[3][MAX_PATH];
    WCHAR *string;
    IBackgroundCopyFile *file;
    IBackgroundCopyJob *job = create_job();
    unsigned int i;
    HRESULT hr;

    hr = IBackgroundCopyJob_Resume(job);
    ok(hr == BG_E_EMPTY, "Got hr %#lx.\n", hr);
    check_state(job, BG_JOB_STATE_SUSPENDED);

    for (i = 0; i < 3; i++)
    {
        swprintf(names[i], MAX_PATH, L"%ls%u", local_name(L"set"), i);
        set[i].RemoteName = (WCHAR *)L"http://127.0.0.1:1/set";
        set[i].LocalName = names[i];
    }
    add_file(job, L"http://127.0.0.1:1/one", local_name(L"one"));
    check_progress(job, BG_SIZE_UNKNOWN, 0, 1, 0);
    hr = IBackgroundCopyJob_AddFileSet(job, 3, set);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    check_progress(job, BG_SIZE_UNKNOWN, 0, 4, 0);
    check_state(job, BG_JOB_STATE_SUSPENDED);
    ok(count_files(job) == 4, "Got %lu files.\n", count_files(job));
    for (i = 0; i < 3; i++)
    {
        file = job_file(job, i + 1);
        hr = IBackgroundCopyFile_GetLocalName(file, &string);
        ok(hr == S_OK, "Got hr %#lx.\n", hr);
        ok(!wcscmp(string, names[i]), "Got %s.\n", wine_dbgstr_w(string));
        CoTaskMemFree(string);
        IBackgroundCopyFile_Release(file);
    }

    /* All of a set or none of it. */
    set[2].LocalName = (WCHAR *)L"relative";
    hr = IBackgroundCopyJob_AddFileSet(job, 3, set);
    ok(hr == E_INVALIDARG, "Got hr %#lx.\n", hr);
    set[2].LocalName = names[2];
    set[2].RemoteName = (WCHAR *)L"ftp://127.0.0.1:1/set";
    hr = IBackgroundCopyJob_AddFileSet(job, 3, set);
    ok(hr == E_INVALIDARG, "Got hr %#lx.\n", hr);
    ok(count_files(job) == 4, "Got %lu files.\n", count_files(job));
    check_progress(job, BG_SIZE_UNKNOWN, 0, 4, 0);
    ok(!count_names(L"set*"), "There are files.\n");
    drop_job(job);
    ok(!count_names(L"*"), "There are files.\n");
}

static void test_cancel(void)
{
    IBackgroundCopyJob *job = create_job();
    HRESULT hr;

    add_file(job, L"http://127.0.0.1:1/one", local_name(L"one"));
    hr = IBackgroundCopyJob_Suspend(job);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    check_state(job, BG_JOB_STATE_SUSPENDED);
    hr = IBackgroundCopyJob_Cancel(job);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    check_state(job, BG_JOB_STATE_CANCELLED);
    hr = IBackgroundCopyJob_Cancel(job);
    ok(hr == BG_E_INVALID_STATE, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyJob_Complete(job);
    ok(hr == BG_E_INVALID_STATE, "Got hr %#lx.\n", hr);
    IBackgroundCopyJob_Release(job);
}

/* Local files are sources as good as any: names of both forms, content, times of the job. */
static void test_local_transfer(void)
{
    WCHAR names[4][MAX_PATH], url[MAX_PATH + 8];
    IBackgroundCopyError *error;
    IBackgroundCopyJob *job;
    BG_JOB_TIMES times;
    HRESULT hr;

    wcscpy(names[0], local_name(L"source1"));
    wcscpy(names[1], local_name(L"source2"));
    wcscpy(names[2], local_name(L"target1"));
    wcscpy(names[3], local_name(L"target2"));
    write_file(names[0], 300000, 1);
    write_file(names[1], 0, 2);
    swprintf(url, ARRAYSIZE(url), L"file://%ls", names[1]);

    job = create_job_with(names[0], names[2]);
    add_file(job, url, names[3]);
    resume_job(job);
    wait_state(job, STATE(TRANSFERRED));
    check_progress(job, 300000, 300000, 2, 2);
    ok(!file_exists(names[2]), "The file is there too early.\n");
    hr = IBackgroundCopyJob_GetTimes(job, &times);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(quad(&times.TransferCompletionTime) >= quad(&times.CreationTime), "Got %I64u.\n",
            quad(&times.TransferCompletionTime));
    hr = IBackgroundCopyJob_GetError(job, &error);
    ok(hr == BG_E_ERROR_INFORMATION_UNAVAILABLE, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyJob_Complete(job);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    check_state(job, BG_JOB_STATE_ACKNOWLEDGED);
    check_same_file(names[0], names[2]);
    check_same_file(names[1], names[3]);
    hr = IBackgroundCopyJob_Complete(job);
    ok(hr == BG_E_INVALID_STATE, "Got hr %#lx.\n", hr);
    IBackgroundCopyJob_Release(job);
    ok(count_names(L"*") == 4, "Got %u files.\n", count_names(L"*"));

    /* A second download replaces the first. */
    write_file(names[0], 1000, 3);
    job = create_job_with(names[0], names[2]);
    resume_job(job);
    wait_state(job, STATE(TRANSFERRED));
    hr = IBackgroundCopyJob_Complete(job);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    check_same_file(names[0], names[2]);
    IBackgroundCopyJob_Release(job);
}

static void test_TakeOwnership(void)
{
    IBackgroundCopyJob *job = create_job();
    WCHAR *before, *after;
    HRESULT hr;

    hr = IBackgroundCopyJob_GetOwner(job, &before);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyJob_TakeOwnership(job);
    ok(hr == S_OK || broken(hr == E_ACCESSDENIED), "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyJob_GetOwner(job, &after);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(!wcscmp(before, after), "Got %s.\n", wine_dbgstr_w(after));
    CoTaskMemFree(before);
    CoTaskMemFree(after);
    drop_job(job);
}

START_TEST(job)
{
    if (!test_begin())
        return;
    test_interfaces();
    test_defaults();
    test_null_pointers();
    test_strings();
    test_numbers();
    test_proxy();
    test_times();
    test_owner();
    test_notify_interface();
    test_files();
    test_cancel();
    test_local_transfer();
    test_TakeOwnership();
    test_end();
}
