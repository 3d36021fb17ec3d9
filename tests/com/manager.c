/*
 * IBackgroundCopyManager: activation, creating, finding and listing jobs, error texts.
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

#include "util.h"
#include "wine/test.h"

static void test_activation(void)
{
    /* The newest last: the class of 10.0 is in registries, not in headers. */
    static const struct { const char *version; GUID clsid; } classes[] =
    {
        {"1.0", {0x4991d34b, 0x80a1, 0x4291, {0x83, 0xb6, 0x33, 0x28, 0x36, 0x6b, 0x90, 0x97}}},
        {"1.5", {0xf087771f, 0xd74f, 0x4c1a, {0xbb, 0x8a, 0xe1, 0x6a, 0xca, 0x91, 0x24, 0xea}}},
        {"2.0", {0x6d18ad12, 0xbde3, 0x4393, {0xb3, 0x11, 0x09, 0x9c, 0x34, 0x6e, 0x6d, 0xf9}}},
        {"2.5", {0x03ca98d6, 0xff5d, 0x49b8, {0xab, 0xc6, 0x03, 0xdd, 0x84, 0x12, 0x70, 0x20}}},
        {"3.0", {0x659cdea7, 0x489e, 0x11d9, {0xa9, 0xcd, 0x00, 0x0d, 0x56, 0x96, 0x52, 0x51}}},
        {"4.0", {0xbb6df56b, 0xcace, 0x11dc, {0x99, 0x92, 0x00, 0x19, 0xb9, 0x3a, 0x3a, 0x84}}},
        {"5.0", {0x1ecca34c, 0xe88a, 0x44e3, {0x8d, 0x6a, 0x89, 0x21, 0xbd, 0xe9, 0xe4, 0x52}}},
        {"10.0", {0x4d233817, 0xb456, 0x4e75, {0x83, 0xd2, 0xb1, 0x7d, 0xec, 0x54, 0x4d, 0x12}}},
        {"10.1", {0x4bd3e4e1, 0x7bd4, 0x4a2b, {0x99, 0x64, 0x49, 0x64, 0x00, 0xde, 0x51, 0x93}}},
        {"10.2", {0x4575438f, 0xa6c8, 0x4976, {0xb0, 0xfe, 0x2f, 0x26, 0xb8, 0x0d, 0x95, 0x9e}}},
        {"10.3", {0x5fd42ad5, 0xc04e, 0x4d36, {0xad, 0xc7, 0xe0, 0x8f, 0xf1, 0x57, 0x37, 0xad}}},
    };
    IBackgroundCopyManager *other;
    IBackgroundCopyJob *job, *same;
    unsigned int i;
    HRESULT hr;
    GUID id;

    hr = CoCreateInstance(&CLSID_BackgroundCopyManager, NULL, CLSCTX_INPROC_SERVER,
                          &IID_IBackgroundCopyManager, (void **)&other);
    ok(hr == REGDB_E_CLASSNOTREG, "Got hr %#lx.\n", hr);

    hr = IBackgroundCopyManager_CreateJob(manager, L"winebits test", BG_JOB_TYPE_DOWNLOAD, &id, &job);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    for (i = 0; i < ARRAYSIZE(classes); i++)
    {
        winetest_push_context("Version %s", classes[i].version);
        other = NULL;
        hr = CoCreateInstance(&classes[i].clsid, NULL, CLSCTX_LOCAL_SERVER,
                              &IID_IBackgroundCopyManager, (void **)&other);
        ok(hr == S_OK || broken(hr == REGDB_E_CLASSNOTREG), "Got hr %#lx.\n", hr);
        if (hr == S_OK)
        {
            /* Every class leads to the one queue. */
            hr = IBackgroundCopyManager_GetJob(other, &id, &same);
            ok(hr == S_OK, "Got hr %#lx.\n", hr);
            if (hr == S_OK)
                IBackgroundCopyJob_Release(same);
            IBackgroundCopyManager_Release(other);
        }
        winetest_pop_context();
    }
    drop_job(job);
}

static void test_interfaces(void)
{
    static const GUID peer_cache = {0x659cdead, 0x489e, 0x11d9, {0xa9, 0xcd, 0x00, 0x0d, 0x56, 0x96, 0x52, 0x51}};
    IBackgroundCopyManager *same;
    IUnknown *unknown, *other;
    HRESULT hr;

    hr = IBackgroundCopyManager_QueryInterface(manager, &IID_IUnknown, (void **)&unknown);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    hr = IUnknown_QueryInterface(unknown, &IID_IBackgroundCopyManager, (void **)&same);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(same == manager, "Got another pointer.\n");
    IBackgroundCopyManager_Release(same);

    other = unknown;
    hr = IBackgroundCopyManager_QueryInterface(manager, &IID_IBackgroundCopyJob, (void **)&other);
    ok(hr == E_NOINTERFACE, "Got hr %#lx.\n", hr);
    ok(!other, "Got %p.\n", other);
    IUnknown_Release(unknown);

    hr = IBackgroundCopyManager_QueryInterface(manager, &peer_cache, (void **)&other);
    todo_wine ok(hr == S_OK, "Got hr %#lx.\n", hr);
    if (hr == S_OK)
        IUnknown_Release(other);
    else
        ok(hr == E_NOINTERFACE && !other, "Got hr %#lx, %p.\n", hr, other);
}

static void test_CreateJob(void)
{
    IBackgroundCopyJob *job, *job2;
    BG_JOB_TYPE type = 0xdead;
    WCHAR name[258], *string;
    GUID id, id2, zero = {0};
    unsigned int i;
    HRESULT hr;

    memset(&id, 0xcc, sizeof(id));
    hr = IBackgroundCopyManager_CreateJob(manager, L"Name", BG_JOB_TYPE_DOWNLOAD, &id, &job);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyJob_GetId(job, &id2);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(IsEqualGUID(&id, &id2), "Got id %s.\n", wine_dbgstr_guid(&id2));
    hr = IBackgroundCopyJob_GetType(job, &type);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(type == BG_JOB_TYPE_DOWNLOAD, "Got type %u.\n", type);
    hr = IBackgroundCopyJob_GetDisplayName(job, &string);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(!wcscmp(string, L"Name"), "Got name %s.\n", wine_dbgstr_w(string));
    CoTaskMemFree(string);

    /* Names need not be unique. */
    hr = IBackgroundCopyManager_CreateJob(manager, L"Name", BG_JOB_TYPE_DOWNLOAD, &id2, &job2);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(!IsEqualGUID(&id, &id2), "Got the same id.\n");
    drop_job(job2);
    hr = IBackgroundCopyJob_Cancel(job);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    /* The count is the proxy's. */
    ok(!IBackgroundCopyJob_Release(job), "The job has references.\n");

    for (i = 0; i < ARRAYSIZE(name); i++)
        name[i] = i % 2 ? 0x20ac : 'a' + i % 26;
    name[256] = 0;
    hr = IBackgroundCopyManager_CreateJob(manager, name, BG_JOB_TYPE_DOWNLOAD, &id, &job);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyJob_GetDisplayName(job, &string);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(!wcscmp(string, name), "Got name %s.\n", wine_dbgstr_w(string));
    CoTaskMemFree(string);
    drop_job(job);
    name[256] = 'a';
    name[257] = 0;
    job = (void *)0xdeadbeef;
    hr = IBackgroundCopyManager_CreateJob(manager, name, BG_JOB_TYPE_DOWNLOAD, &id, &job);
    ok(hr == E_INVALIDARG, "Got hr %#lx.\n", hr);
    ok(!job, "Got job %p.\n", job);

    job = (void *)0xdeadbeef;
    hr = IBackgroundCopyManager_CreateJob(manager, NULL, BG_JOB_TYPE_DOWNLOAD, &id, &job);
    ok(hr == NULL_REF, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyManager_CreateJob(manager, L"Name", BG_JOB_TYPE_DOWNLOAD, NULL, &job);
    ok(hr == NULL_REF, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyManager_CreateJob(manager, L"Name", BG_JOB_TYPE_DOWNLOAD, &id, NULL);
    ok(hr == NULL_REF, "Got hr %#lx.\n", hr);

    job = (void *)0xdeadbeef;
    hr = IBackgroundCopyManager_CreateJob(manager, L"Name", BG_JOB_TYPE_UPLOAD_REPLY + 1, &id, &job);
    ok(hr == E_INVALIDARG || hr == E_NOTIMPL, "Got hr %#lx.\n", hr);
    ok(!job, "Got job %p.\n", job);

    for (type = BG_JOB_TYPE_UPLOAD; type <= BG_JOB_TYPE_UPLOAD_REPLY; type++)
    {
        job = (void *)0xdeadbeef;
        id = zero;
        hr = IBackgroundCopyManager_CreateJob(manager, L"Name", type, &id, &job);
        todo_wine ok(hr == S_OK, "Got hr %#lx.\n", hr);
        if (hr == S_OK)
            drop_job(job);
        else
            ok(hr == E_NOTIMPL && !job, "Got hr %#lx, job %p.\n", hr, job);
    }
}

static void test_GetJob(void)
{
    IBackgroundCopyJob *job, *other;
    GUID id, id2, zero = {0};
    HRESULT hr;

    hr = IBackgroundCopyManager_CreateJob(manager, L"Name", BG_JOB_TYPE_DOWNLOAD, &id, &job);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyManager_GetJob(manager, &id, &other);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyJob_GetId(other, &id2);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(IsEqualGUID(&id, &id2), "Got id %s.\n", wine_dbgstr_guid(&id2));
    hr = IBackgroundCopyJob_SetDescription(other, L"Seen through both");
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    IBackgroundCopyJob_Release(other);

    CoCreateGuid(&id2);
    other = (void *)0xdeadbeef;
    hr = IBackgroundCopyManager_GetJob(manager, &id2, &other);
    ok(hr == BG_E_NOT_FOUND, "Got hr %#lx.\n", hr);
    ok(!other, "Got job %p.\n", other);
    other = (void *)0xdeadbeef;
    hr = IBackgroundCopyManager_GetJob(manager, &zero, &other);
    ok(hr == BG_E_NOT_FOUND, "Got hr %#lx.\n", hr);
    ok(!other, "Got job %p.\n", other);
    hr = IBackgroundCopyManager_GetJob(manager, NULL, &other);
    ok(hr == NULL_REF, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyManager_GetJob(manager, &id, NULL);
    ok(hr == NULL_REF, "Got hr %#lx.\n", hr);

    hr = IBackgroundCopyJob_Cancel(job);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    other = (void *)0xdeadbeef;
    hr = IBackgroundCopyManager_GetJob(manager, &id, &other);
    ok(hr == BG_E_NOT_FOUND, "Got hr %#lx.\n", hr);
    ok(!other, "Got job %p.\n", other);
    /* Who holds it may go on asking. */
    hr = IBackgroundCopyJob_GetId(job, &id2);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    IBackgroundCopyJob_Release(job);
}

static void test_EnumJobs(void)
{
    IEnumBackgroundCopyJobs *jobs;
    DWORD flags;
    HRESULT hr;

    for (flags = 0; flags <= BG_JOB_ENUM_ALL_USERS; flags++)
    {
        jobs = NULL;
        hr = IBackgroundCopyManager_EnumJobs(manager, flags, &jobs);
        ok(hr == S_OK || broken(flags && hr == E_ACCESSDENIED), "Got hr %#lx for %#lx.\n", hr, flags);
        if (hr == S_OK)
            ok(!IEnumBackgroundCopyJobs_Release(jobs), "The enumerator has references.\n");
    }
    for (flags = 2; flags; flags <<= 1)
    {
        jobs = (void *)0xdeadbeef;
        hr = IBackgroundCopyManager_EnumJobs(manager, flags, &jobs);
        ok(hr == E_INVALIDARG || hr == E_NOTIMPL, "Got hr %#lx for %#lx.\n", hr, flags);
        ok(!jobs, "Got %p.\n", jobs);
    }
    hr = IBackgroundCopyManager_EnumJobs(manager, 0, NULL);
    ok(hr == NULL_REF, "Got hr %#lx.\n", hr);
}

static void test_GetErrorDescription(void)
{
    static const HRESULT codes[] =
    {
        BG_E_NOT_FOUND, BG_E_INVALID_STATE, BG_E_EMPTY, BG_E_FILE_NOT_AVAILABLE, BG_E_PROTOCOL_NOT_AVAILABLE,
        BG_E_ERROR_CONTEXT_UNKNOWN, BG_E_ERROR_CONTEXT_GENERAL_QUEUE_MANAGER, BG_E_ERROR_CONTEXT_LOCAL_FILE,
        BG_E_ERROR_CONTEXT_REMOTE_FILE, BG_E_ERROR_CONTEXT_GENERAL_TRANSPORT,
        BG_E_ERROR_CONTEXT_QUEUE_MANAGER_NOTIFICATION, BG_E_DESTINATION_LOCKED, BG_E_VOLUME_CHANGED,
        BG_E_ERROR_INFORMATION_UNAVAILABLE, BG_E_NETWORK_DISCONNECTED, BG_E_MISSING_FILE_SIZE,
        BG_E_INSUFFICIENT_HTTP_SUPPORT, BG_E_INSUFFICIENT_RANGE_SUPPORT, BG_E_REMOTE_NOT_SUPPORTED,
        BG_E_NEW_OWNER_DIFF_MAPPING, BG_E_NEW_OWNER_NO_FILE_ACCESS, BG_E_PROXY_LIST_TOO_LARGE,
        BG_E_PROXY_BYPASS_LIST_TOO_LARGE, BG_E_INVALID_SERVER_RESPONSE, BG_E_TOO_MANY_FILES,
        0x8020001d /* BG_E_LOCAL_FILE_CHANGED */, BG_E_TOO_LARGE, BG_E_STRING_TOO_LONG,
        BG_E_INVALID_RANGE, BG_E_OVERLAPPING_RANGES, 0x8020002d /* BG_E_CONNECT_FAILURE */,
        0x8020002e /* BG_E_CONNECTION_CLOSED */, BG_E_BLOCKED_BY_POLICY, BG_E_INVALID_PROXY_INFO,
        BG_S_PARTIAL_COMPLETE, BG_S_UNABLE_TO_DELETE_FILES, BG_S_ERROR_CONTEXT_NONE,
        0x80190190 /* 400 */, 0x80190193 /* 403 */, 0x80190194 /* 404 */, 0x801901a0 /* 416 */,
        0x801901f4 /* 500 */, 0x801901f7 /* 503 */,
        E_ACCESSDENIED, E_INVALIDARG, E_NOTIMPL, 0x80070002, 0x80070003, 0x80070070,
    };
    unsigned int i, j;
    WCHAR *texts[ARRAYSIZE(codes)], *text;
    HRESULT hr;

    for (i = 0; i < ARRAYSIZE(codes); i++)
    {
        texts[i] = NULL;
        hr = IBackgroundCopyManager_GetErrorDescription(manager, codes[i],
                MAKELANGID(LANG_ENGLISH, SUBLANG_ENGLISH_US), &texts[i]);
        ok(hr == S_OK, "Got hr %#lx for %#lx.\n", hr, codes[i]);
        ok(texts[i] && texts[i][0], "Got no text for %#lx.\n", codes[i]);
        for (j = 0; j < i; j++)
            ok(!texts[i] || !texts[j] || wcscmp(texts[i], texts[j]), "%#lx and %#lx have one text: %s.\n",
                    codes[i], codes[j], wine_dbgstr_w(texts[i]));
    }
    for (i = 0; i < ARRAYSIZE(codes); i++)
        CoTaskMemFree(texts[i]);

    text = NULL;
    hr = IBackgroundCopyManager_GetErrorDescription(manager, BG_E_INVALID_STATE,
            MAKELANGID(LANG_NEUTRAL, SUBLANG_NEUTRAL), &text);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(text && text[0], "Got no text.\n");
    CoTaskMemFree(text);
    text = (void *)0xdeadbeef;
    hr = IBackgroundCopyManager_GetErrorDescription(manager, BG_E_INVALID_STATE,
            MAKELANGID(LANG_ZULU, SUBLANG_DEFAULT), &text);
    ok(hr == HRESULT_FROM_WIN32(ERROR_RESOURCE_LANG_NOT_FOUND), "Got hr %#lx.\n", hr);
    ok(!text, "Got %p.\n", text);
    text = (void *)0xdeadbeef;
    hr = IBackgroundCopyManager_GetErrorDescription(manager, 0x8020ffff, LANG_NEUTRAL, &text);
    ok(FAILED(hr), "Got hr %#lx.\n", hr);
    ok(!text, "Got %p.\n", text);
    hr = IBackgroundCopyManager_GetErrorDescription(manager, BG_E_INVALID_STATE, LANG_NEUTRAL, NULL);
    ok(hr == NULL_REF, "Got hr %#lx.\n", hr);
}

START_TEST(manager)
{
    if (!test_begin())
        return;
    test_activation();
    test_interfaces();
    test_CreateJob();
    test_GetJob();
    test_EnumJobs();
    test_GetErrorDescription();
    test_end();
}
