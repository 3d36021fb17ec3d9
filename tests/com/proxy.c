/*
 * Every method of every interface is called across processes, through bitsproxy.dll.
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

/* The other process is this program again.  It makes the mocks of proxy_mock.c, which look at what they
 * get; no service takes part. */

#include "config.h"

#include "proxy.h"

/* Longest wait for the other process; only a failing test waits that long. */
#define TIMEOUT 60000

static IClassFactory *factory;

void *get_mock(REFIID iid)
{
    void *object = NULL;
    HRESULT hr;

    hr = IClassFactory_CreateInstance(factory, NULL, iid, &object);
    ok(hr == S_OK, "No object %s: %#lx.\n", wine_dbgstr_guid(iid), hr);
    return object;
}

void check_alive(int line)
{
    IUnknown *object = NULL;
    HRESULT hr;

    hr = IClassFactory_CreateInstance(factory, NULL, &IID_IBackgroundCopyFile, (void **)&object);
    ok_(__FILE__, line)(hr == S_OK, "The other side is gone: %#lx.\n", hr);
    if (object)
        IUnknown_Release(object);
}

void check_string(int line, WCHAR *string, unsigned int slot, unsigned int n)
{
    ok_(__FILE__, line)(is_test_string(string, slot, n), "Got string %s.\n", wine_dbgstr_w(string));
    CoTaskMemFree(string);
}

static void check_blanket(int line, IUnknown *object)
{
    IUnknown *copy = NULL, *unknown;
    HRESULT hr;

    hr = CoSetProxyBlanket(object, RPC_C_AUTHN_WINNT, RPC_C_AUTHZ_NONE, NULL, RPC_C_AUTHN_LEVEL_DEFAULT,
                           RPC_C_IMP_LEVEL_IMPERSONATE, NULL, EOAC_DYNAMIC_CLOAKING);
    ok_(__FILE__, line)(hr == S_OK, "CoSetProxyBlanket gave %#lx.\n", hr);
    hr = CoCopyProxy(object, &copy);
    ok_(__FILE__, line)(hr == S_OK && copy, "CoCopyProxy gave %#lx.\n", hr);
    if (!copy)
        return;
    hr = IUnknown_QueryInterface(copy, &IID_IUnknown, (void **)&unknown);
    ok_(__FILE__, line)(hr == S_OK, "The copy gave %#lx.\n", hr);
    IUnknown_Release(unknown);
    IUnknown_Release(copy);
}

void check_object(int line, IUnknown *object, REFIID iid)
{
    IUnknown *other = NULL;
    HRESULT hr;

    ok_(__FILE__, line)(object != NULL, "No object.\n");
    if (!object)
        return;
    hr = IUnknown_QueryInterface(object, iid, (void **)&other);
    ok_(__FILE__, line)(hr == S_OK, "No %s: %#lx.\n", wine_dbgstr_guid(iid), hr);
    if (other)
        IUnknown_Release(other);
    check_blanket(line, object);
    IUnknown_Release(object);
}

/* ---- IClientSecurity ---- */

static void test_blanket(void)
{
    IUnknown *job = get_mock(&IID_IBackgroundCopyJob), *unknown, *unknown2;
    IClientSecurity *security, *security2;
    DWORD service, authz, level, impersonation, capabilities;
    HRESULT hr;

    hr = IUnknown_QueryInterface(job, &IID_IClientSecurity, (void **)&security);
    ok(hr == S_OK, "Got %#lx.\n", hr);
    hr = IClientSecurity_QueryInterface(security, &IID_IClientSecurity, (void **)&security2);
    ok(hr == S_OK && security == security2, "Got %#lx.\n", hr);
    IClientSecurity_Release(security2);

    /* The rules of COM hold: one identity, and a way back. */
    IUnknown_QueryInterface(job, &IID_IUnknown, (void **)&unknown);
    hr = IClientSecurity_QueryInterface(security, &IID_IUnknown, (void **)&unknown2);
    ok(hr == S_OK && unknown == unknown2, "Got %#lx.\n", hr);
    IUnknown_Release(unknown2);
    hr = IClientSecurity_QueryInterface(security, &IID_IBackgroundCopyJob2, (void **)&unknown2);
    ok(hr == S_OK, "Got %#lx.\n", hr);
    IUnknown_Release(unknown2);
    hr = IClientSecurity_QueryInterface(security, &IID_IBackgroundCopyFile, (void **)&unknown2);
    ok(hr == E_NOINTERFACE, "Got %#lx.\n", hr);
    IUnknown_Release(unknown);

    /* Not what it is about; it must not crash. */
    IClientSecurity_QueryBlanket(security, job, &service, &authz, NULL, &level, &impersonation, NULL,
                                 &capabilities);

    /* It keeps the proxy. */
    IUnknown_Release(job);
    hr = IClientSecurity_QueryInterface(security, &IID_IBackgroundCopyJob, (void **)&job);
    ok(hr == S_OK, "Got %#lx.\n", hr);
    call(6, IBackgroundCopyJob, Suspend, job);
    IClientSecurity_Release(security);
    IUnknown_Release(job);
}

/* ---- The manager ---- */

static void test_manager(void)
{
    IBackgroundCopyManager *manager = get_mock(&IID_IBackgroundCopyManager);
    IBackgroundCopyJob *job = NULL;
    WCHAR *string = NULL;
    GUID id = { 0 };
    HRESULT hr;

    call(3, IBackgroundCopyManager, CreateJob, manager, test_string(3, 0), SMALL(3), &id, &job);
    ok(IsEqualGUID(&id, &test_guid), "Got id %s.\n", wine_dbgstr_guid(&id));
    check_object(__LINE__, (IUnknown *)job, &IID_IBackgroundCopyJob5);
    job = NULL;
    call(4, IBackgroundCopyManager, GetJob, manager, &test_guid, &job);
    check_object(__LINE__, (IUnknown *)job, &IID_IBackgroundCopyJob);
    job = (void *)0xdeadbeef;
    hr = IBackgroundCopyManager_GetJob(manager, &GUID_NULL, &job);
    ok(hr == BG_E_NOT_FOUND && !job, "Got %#lx, %p.\n", hr, job);
    {
        IEnumBackgroundCopyJobs *jobs = NULL;
        call(5, IBackgroundCopyManager, EnumJobs, manager, VALUE(5), &jobs);
        check_object(__LINE__, (IUnknown *)jobs, &IID_IEnumBackgroundCopyJobs);
    }
    call(6, IBackgroundCopyManager, GetErrorDescription, manager, VALUE(1), VALUE(2), &string);
    check_string(__LINE__, string, 6, 0);
    string = (void *)0xdeadbeef;
    hr = IBackgroundCopyManager_GetErrorDescription(manager, S_OK, 0, &string);
    ok(hr == WRONG && !string, "Got %#lx, %p.\n", hr, string);
    check_object(__LINE__, (IUnknown *)manager, &IID_IBackgroundCopyManager);
}

/* ---- Jobs ---- */

static void test_add_files(IBackgroundCopyJob *job)
{
    BG_FILE_INFO set[100];
    unsigned int i;

    for (i = 0; i < ARRAYSIZE(set); i++)
    {
        set[i].RemoteName = wcsdup(test_string(3, i));
        set[i].LocalName = wcsdup(test_string(4, i));
    }
    call(3, IBackgroundCopyJob, AddFileSet, job, ARRAYSIZE(set), set);
    for (i = 0; i < ARRAYSIZE(set); i++)
    {
        free(set[i].RemoteName);
        free(set[i].LocalName);
    }
    set[0].RemoteName = NULL;
    set[0].LocalName = (WCHAR *)test_string(3, 0);
    call(3, IBackgroundCopyJob, AddFileSet, job, 1, set);
    call(3, IBackgroundCopyJob, AddFileSet, job, 0, set);
    call(4, IBackgroundCopyJob, AddFile, job, test_string(4, 0), test_string(4, 1));
}

static void test_job(IBackgroundCopyJob *job)
{
    IUnknown *callback, *notify;
    BG_JOB_PROXY_USAGE usage;
    BG_JOB_PROGRESS progress;
    BG_JOB_TIMES times;
    WCHAR *string, *string2;
    GUID id = { 0 };

    test_add_files(job);
    get_object(5, IBackgroundCopyJob, EnumFiles, job, IEnumBackgroundCopyFiles, &IID_IEnumBackgroundCopyFiles);
    call(6, IBackgroundCopyJob, Suspend, job);
    call(7, IBackgroundCopyJob, Resume, job);
    call(8, IBackgroundCopyJob, Cancel, job);
    call(9, IBackgroundCopyJob, Complete, job);
    call(10, IBackgroundCopyJob, GetId, job, &id);
    ok(IsEqualGUID(&id, &test_guid), "Got id %s.\n", wine_dbgstr_guid(&id));
    get_value(11, IBackgroundCopyJob, GetType, job, BG_JOB_TYPE, SMALL(11));
    memset(&progress, 0, sizeof(progress));
    call(12, IBackgroundCopyJob, GetProgress, job, &progress);
    ok(progress.BytesTotal == BG_SIZE_UNKNOWN && progress.BytesTransferred == VALUE64(12) &&
       progress.FilesTotal == VALUE(12) && progress.FilesTransferred == VALUE(13), "Got wrong progress.\n");
    memset(&times, 0, sizeof(times));
    call(13, IBackgroundCopyJob, GetTimes, job, &times);
    ok(is_test_time(&times.CreationTime, 13, 0) && is_test_time(&times.ModificationTime, 13, 1) &&
       is_test_time(&times.TransferCompletionTime, 13, 2), "Got wrong times.\n");
    get_value(14, IBackgroundCopyJob, GetState, job, BG_JOB_STATE, SMALL(14));
    get_object(15, IBackgroundCopyJob, GetError, job, IBackgroundCopyError, &IID_IBackgroundCopyError);
    get_string(16, IBackgroundCopyJob, GetOwner, job);
    call(17, IBackgroundCopyJob, SetDisplayName, job, test_string(17, 0));
    get_string(18, IBackgroundCopyJob, GetDisplayName, job);
    call(19, IBackgroundCopyJob, SetDescription, job, test_string(19, 0));
    get_string(20, IBackgroundCopyJob, GetDescription, job);
    call(21, IBackgroundCopyJob, SetPriority, job, SMALL(21));
    get_value(22, IBackgroundCopyJob, GetPriority, job, BG_JOB_PRIORITY, SMALL(22));
    call(23, IBackgroundCopyJob, SetNotifyFlags, job, VALUE(23));
    get_value(24, IBackgroundCopyJob, GetNotifyFlags, job, ULONG, VALUE(24));
    callback = mock_create(&IID_IBackgroundCopyCallback);
    call(25, IBackgroundCopyJob, SetNotifyInterface, job, callback);
    IUnknown_Release(callback);
    call(25, IBackgroundCopyJob, SetNotifyInterface, job, NULL);
    notify = (void *)0xdeadbeef;
    call(26, IBackgroundCopyJob, GetNotifyInterface, job, &notify);
    ok(!notify, "Got %p.\n", notify);
    call(27, IBackgroundCopyJob, SetMinimumRetryDelay, job, VALUE(27));
    get_value(28, IBackgroundCopyJob, GetMinimumRetryDelay, job, ULONG, VALUE(28));
    call(29, IBackgroundCopyJob, SetNoProgressTimeout, job, VALUE(29));
    get_value(30, IBackgroundCopyJob, GetNoProgressTimeout, job, ULONG, VALUE(30));
    get_value(31, IBackgroundCopyJob, GetErrorCount, job, ULONG, VALUE(31));
    call(32, IBackgroundCopyJob, SetProxySettings, job, BG_JOB_PROXY_USAGE_PRECONFIG, NULL, NULL);
    call(32, IBackgroundCopyJob, SetProxySettings, job, BG_JOB_PROXY_USAGE_OVERRIDE, test_string(32, 0),
         test_string(32, 1));
    call(32, IBackgroundCopyJob, SetProxySettings, job, SMALL(32), test_string(32, 2), NULL);
    usage = 0;
    string = NULL;
    string2 = (void *)0xdeadbeef;
    call(33, IBackgroundCopyJob, GetProxySettings, job, &usage, &string, &string2);
    ok(usage == SMALL(33) && !string2, "Got %#x, %p.\n", usage, string2);
    check_string(__LINE__, string, 33, 0);
    call(34, IBackgroundCopyJob, TakeOwnership, job);
}

static void test_job2(IBackgroundCopyJob2 *job)
{
    BG_AUTH_CREDENTIALS credentials;
    BG_JOB_REPLY_PROGRESS progress;
    WCHAR *string, *string2;
    unsigned int i;
    UINT64 size;
    BYTE *data;
    HRESULT hr;

    call(35, IBackgroundCopyJob2, SetNotifyCmdLine, job, test_string(35, 0), test_string(35, 1));
    call(35, IBackgroundCopyJob2, SetNotifyCmdLine, job, NULL, NULL);
    string = string2 = NULL;
    call(36, IBackgroundCopyJob2, GetNotifyCmdLine, job, &string, &string2);
    check_string(__LINE__, string, 36, 0);
    check_string(__LINE__, string2, 36, 1);
    progress.BytesTotal = VALUE64(1);
    progress.BytesTransferred = VALUE64(2);
    call(37, IBackgroundCopyJob2, GetReplyProgress, job, &progress);
    ok(progress.BytesTotal == BG_SIZE_UNKNOWN && progress.BytesTransferred == VALUE64(37), "Got wrong progress.\n");

    size = VALUE64(3);
    data = NULL;
    call(38, IBackgroundCopyJob2, GetReplyData, job, &data, &size);
    ok(size == DATA_SIZE && is_test_data(data, DATA_SIZE), "Got wrong data.\n");
    CoTaskMemFree(data);
    size = 0;
    data = (void *)0xdeadbeef;
    hr = IBackgroundCopyJob2_GetReplyData(job, &data, &size);
    ok(hr == BG_E_TOO_LARGE && !data, "Got %#lx, %p.\n", hr, data);
    ok(size == VALUE64(38), "Got size %s.\n", wine_dbgstr_longlong(size));
    data = (void *)0xdeadbeef;
    call(38, IBackgroundCopyJob2, GetReplyData, job, &data, NULL);
    ok(!data, "Got %p.\n", data);

    call(39, IBackgroundCopyJob2, SetReplyFileName, job, test_string(39, 0));
    call(39, IBackgroundCopyJob2, SetReplyFileName, job, NULL);
    get_string(40, IBackgroundCopyJob2, GetReplyFileName, job);
    for (i = 1; i <= 6; i++)
    {
        winetest_push_context("Scheme %u", i);
        memset(&credentials, 0, sizeof(credentials));
        credentials.Scheme = i;
        credentials.Target = BG_AUTH_TARGET_SERVER;
        if (i != BG_AUTH_SCHEME_NTLM && i != BG_AUTH_SCHEME_NEGOTIATE)
        {
            credentials.Target = BG_AUTH_TARGET_PROXY;
            credentials.Credentials.Basic.UserName = (WCHAR *)test_string(41, i);
            credentials.Credentials.Basic.Password = (WCHAR *)test_string(42, i);
        }
        if (i <= 5)
        {
            call(41, IBackgroundCopyJob2, SetCredentials, job, &credentials);
        }
        else
        {
            hr = IBackgroundCopyJob2_SetCredentials(job, &credentials);
            ok(hr == BG_E_INVALID_AUTH_SCHEME, "Got %#lx.\n", hr);
        }
        winetest_pop_context();
    }
    call(42, IBackgroundCopyJob2, RemoveCredentials, job, SMALL(1), SMALL(2));
}

static void test_job3(IBackgroundCopyJob3 *job)
{
    call(44, IBackgroundCopyJob3, AddFileWithRanges, job, test_string(44, 0), test_string(44, 1), RANGE_COUNT,
         (BG_FILE_RANGE *)test_ranges);
    call(44, IBackgroundCopyJob3, AddFileWithRanges, job, test_string(44, 0), test_string(44, 1), 0,
         (BG_FILE_RANGE *)test_ranges);
    call(43, IBackgroundCopyJob3, ReplaceRemotePrefix, job, test_string(43, 0), test_string(43, 1));
    call(45, IBackgroundCopyJob3, SetFileACLFlags, job, VALUE(45));
    get_value(46, IBackgroundCopyJob3, GetFileACLFlags, job, DWORD, VALUE(46));
}

static void test_job4(IBackgroundCopyJob4 *job)
{
    call(47, IBackgroundCopyJob4, SetPeerCachingFlags, job, VALUE(47));
    get_value(48, IBackgroundCopyJob4, GetPeerCachingFlags, job, DWORD, VALUE(48));
    get_value(49, IBackgroundCopyJob4, GetOwnerIntegrityLevel, job, ULONG, VALUE(49));
    get_value(50, IBackgroundCopyJob4, GetOwnerElevationState, job, BOOL, TRUE);
    call(51, IBackgroundCopyJob4, SetMaximumDownloadTime, job, VALUE(51));
    get_value(52, IBackgroundCopyJob4, GetMaximumDownloadTime, job, ULONG, VALUE(52));
}

static void test_job5(IBackgroundCopyJob5 *job)
{
    static const BYTE ids[] = { 1, 2, 3, 4, 5, 7, 9, 10, 0, 6, 8, 77 };
    BITS_JOB_PROPERTY_VALUE value, expect;
    unsigned int i;
    HRESULT hr;

    for (i = 0; i < ARRAYSIZE(ids); i++)
    {
        winetest_push_context("Property %u", ids[i]);
        memset(&expect, 0, sizeof(expect));
        switch (ids[i])
        {
        case BITS_JOB_PROPERTY_ID_COST_FLAGS:
        case BITS_JOB_PROPERTY_MINIMUM_NOTIFICATION_INTERVAL_MS: expect.Dword = VALUE(ids[i]); break;
        case BITS_JOB_PROPERTY_NOTIFICATION_CLSID: expect.ClsID = test_guid; break;
        case BITS_JOB_PROPERTY_DYNAMIC_CONTENT:
        case BITS_JOB_PROPERTY_HIGH_PERFORMANCE:
        case BITS_JOB_PROPERTY_ON_DEMAND_MODE: expect.Enable = TRUE; break;
        case BITS_JOB_PROPERTY_MAX_DOWNLOAD_SIZE: expect.Uint64 = VALUE64(ids[i]); break;
        case BITS_JOB_PROPERTY_USE_STORED_CREDENTIALS: expect.Target = BG_AUTH_TARGET_PROXY; break;
        }
        memset(&value, 0, sizeof(value));
        if (i < 8)
        {
            call(53, IBackgroundCopyJob5, SetProperty, job, ids[i], expect);
            call(54, IBackgroundCopyJob5, GetProperty, job, ids[i], &value);
            ok(!memcmp(&value, &expect, sizeof(value)), "Got a wrong value.\n");
        }
        else
        {
            hr = IBackgroundCopyJob5_SetProperty(job, ids[i], expect);
            ok(hr == BG_E_UNKNOWN_PROPERTY_ID, "Got %#lx.\n", hr);
            hr = IBackgroundCopyJob5_GetProperty(job, ids[i], &value);
            ok(hr == BG_E_UNKNOWN_PROPERTY_ID, "Got %#lx.\n", hr);
        }
        winetest_pop_context();
    }
}

/* An interface has the methods of those that it is derived from, in a proxy of its own. */
static void test_jobs(void)
{
    static const IID * const iids[] =
    {
        &IID_IBackgroundCopyJob, &IID_IBackgroundCopyJob2, &IID_IBackgroundCopyJob3, &IID_IBackgroundCopyJob4,
        &IID_IBackgroundCopyJob5,
    };
    unsigned int i;
    void *job;

    for (i = 0; i < ARRAYSIZE(iids); i++)
    {
        winetest_push_context("Job%u", i + 1);
        if ((job = get_mock(iids[i])))
        {
            test_job(job);
            if (i >= 1) test_job2(job);
            if (i >= 2) test_job3(job);
            if (i >= 3) test_job4(job);
            if (i >= 4) test_job5(job);
            check_object(__LINE__, job, iids[ARRAYSIZE(iids) - 1 - i]);
        }
        winetest_pop_context();
    }
}

static void test_http(IBackgroundCopyJobHttpOptions *http)
{
    BG_CERT_STORE_LOCATION location;
    WCHAR *string, *string2;
    BYTE hash[20], *data;
    unsigned int i;

    for (i = 0; i < ARRAYSIZE(hash); i++)
        hash[i] = test_byte(i);
    call(3, IBackgroundCopyJobHttpOptions, SetClientCertificateByID, http, SMALL(3), test_string(3, 0), hash);
    call(4, IBackgroundCopyJobHttpOptions, SetClientCertificateByName, http, SMALL(4), test_string(4, 0),
         test_string(4, 1));
    call(5, IBackgroundCopyJobHttpOptions, RemoveClientCertificate, http);
    string = string2 = NULL;
    data = NULL;
    location = 0;
    call(6, IBackgroundCopyJobHttpOptions, GetClientCertificate, http, &location, &string, &data, &string2);
    ok(location == SMALL(6), "Got %#x.\n", location);
    ok(is_test_data(data, 20), "Got a wrong hash.\n");
    check_string(__LINE__, string, 6, 0);
    check_string(__LINE__, string2, 6, 1);
    CoTaskMemFree(data);
    call(7, IBackgroundCopyJobHttpOptions, SetCustomHeaders, http, test_string(7, 0));
    call(7, IBackgroundCopyJobHttpOptions, SetCustomHeaders, http, NULL);
    string = (void *)0xdeadbeef;
    call(8, IBackgroundCopyJobHttpOptions, GetCustomHeaders, http, &string);
    ok(!string, "Got %p.\n", string);
    call(9, IBackgroundCopyJobHttpOptions, SetSecurityFlags, http, VALUE(9));
    get_value(10, IBackgroundCopyJobHttpOptions, GetSecurityFlags, http, ULONG, VALUE(10));
}

static void test_http3(IBackgroundCopyJobHttpOptions3 *http)
{
    IUnknown *callback;

    callback = mock_create(&IID_IBackgroundCopyServerCertificateValidationCallback);
    call(13, IBackgroundCopyJobHttpOptions3, SetServerCertificateValidationInterface, http, callback);
    IUnknown_Release(callback);
    call(13, IBackgroundCopyJobHttpOptions3, SetServerCertificateValidationInterface, http, NULL);
    call(14, IBackgroundCopyJobHttpOptions3, MakeCustomHeadersWriteOnly, http);
}

static void test_http_options(void)
{
    static const IID * const iids[] =
    {
        &IID_IBackgroundCopyJobHttpOptions, &IID_IBackgroundCopyJobHttpOptions2,
        &IID_IBackgroundCopyJobHttpOptions3,
    };
    unsigned int i;
    void *http;

    for (i = 0; i < ARRAYSIZE(iids); i++)
    {
        winetest_push_context("JobHttpOptions%u", i + 1);
        if ((http = get_mock(iids[i])))
        {
            test_http(http);
            if (i >= 1)
            {
                call(11, IBackgroundCopyJobHttpOptions2, SetHttpMethod, http, test_string(11, 0));
                get_string(12, IBackgroundCopyJobHttpOptions2, GetHttpMethod, http);
            }
            if (i >= 2) test_http3(http);
            check_object(__LINE__, http, iids[ARRAYSIZE(iids) - 1 - i]);
        }
        winetest_pop_context();
    }
}

static void test_token_options(void)
{
    IBitsTokenOptions *token = get_mock(&IID_IBitsTokenOptions);

    call(3, IBitsTokenOptions, SetHelperTokenFlags, token, BG_TOKEN_LOCAL_FILE | BG_TOKEN_NETWORK);
    get_value(4, IBitsTokenOptions, GetHelperTokenFlags, token, BG_TOKEN,
              BG_TOKEN_LOCAL_FILE | BG_TOKEN_NETWORK);
    call(5, IBitsTokenOptions, SetHelperToken, token);
    call(6, IBitsTokenOptions, ClearHelperToken, token);
    get_string(7, IBitsTokenOptions, GetHelperTokenSid, token);
    check_object(__LINE__, (IUnknown *)token, &IID_IBitsTokenOptions);
}

/* ---- Files and errors ---- */

#define get_ranges(slot, type, method, object) do { \
    DWORD get_ranges_count = 0; \
    BG_FILE_RANGE *get_ranges_ret = NULL; \
    call_(__LINE__, slot, type, method, object, &get_ranges_count, &get_ranges_ret); \
    ok(get_ranges_count == RANGE_COUNT && get_ranges_ret && \
       !memcmp(get_ranges_ret, test_ranges, sizeof(test_ranges)), "Got wrong ranges.\n"); \
    CoTaskMemFree(get_ranges_ret); \
} while (0)

static void test_file(IBackgroundCopyFile *file)
{
    BG_FILE_PROGRESS progress;

    get_string(3, IBackgroundCopyFile, GetRemoteName, file);
    get_string(4, IBackgroundCopyFile, GetLocalName, file);
    memset(&progress, 0, sizeof(progress));
    call(5, IBackgroundCopyFile, GetProgress, file, &progress);
    ok(progress.BytesTotal == BG_SIZE_UNKNOWN && progress.BytesTransferred == VALUE64(5) &&
       progress.Completed == TRUE, "Got wrong progress.\n");
}

static void test_file2(IBackgroundCopyFile2 *file)
{
    BG_FILE_RANGE *ranges;
    DWORD count;
    HRESULT hr;

    get_ranges(6, IBackgroundCopyFile2, GetFileRanges, file);
    count = 1;
    ranges = (void *)0xdeadbeef;
    hr = IBackgroundCopyFile2_GetFileRanges(file, &count, &ranges);
    ok(hr == S_FALSE && !count && !ranges, "Got %#lx, %lu, %p.\n", hr, count, ranges);
    ranges = (void *)0xdeadbeef;
    call(6, IBackgroundCopyFile2, GetFileRanges, file, NULL, &ranges);
    ok(!ranges, "Got %p.\n", ranges);
    call(7, IBackgroundCopyFile2, SetRemoteName, file, test_string(7, 0));
}

static void test_file3(IBackgroundCopyFile3 *file)
{
    get_string(8, IBackgroundCopyFile3, GetTemporaryName, file);
    call(9, IBackgroundCopyFile3, SetValidationState, file, TRUE);
    get_value(10, IBackgroundCopyFile3, GetValidationState, file, BOOL, TRUE);
    get_value(11, IBackgroundCopyFile3, IsDownloadedFromPeer, file, BOOL, TRUE);
}

static void test_file4(IBackgroundCopyFile4 *file)
{
    UINT64 origin = 0, peers = 0;

    call(12, IBackgroundCopyFile4, GetPeerDownloadStats, file, &origin, &peers);
    ok(origin == VALUE64(12) && peers == VALUE64(13), "Got wrong statistics.\n");
}

static void test_file5(IBackgroundCopyFile5 *file)
{
    BITS_FILE_PROPERTY_VALUE value;
    HRESULT hr;

    value.String = (WCHAR *)test_string(13, 0);
    call(13, IBackgroundCopyFile5, SetProperty, file, BITS_FILE_PROPERTY_ID_HTTP_RESPONSE_HEADERS, value);
    value.String = NULL;
    call(13, IBackgroundCopyFile5, SetProperty, file, BITS_FILE_PROPERTY_ID_HTTP_RESPONSE_HEADERS, value);
    call(14, IBackgroundCopyFile5, GetProperty, file, BITS_FILE_PROPERTY_ID_HTTP_RESPONSE_HEADERS, &value);
    check_string(__LINE__, value.String, 14, 0);
    value.String = NULL;
    hr = IBackgroundCopyFile5_SetProperty(file, 2, value);
    ok(hr == BG_E_UNKNOWN_PROPERTY_ID, "Got %#lx.\n", hr);
    hr = IBackgroundCopyFile5_GetProperty(file, 2, &value);
    ok(hr == BG_E_UNKNOWN_PROPERTY_ID, "Got %#lx.\n", hr);
}

static void test_file6(IBackgroundCopyFile6 *file)
{
    call(15, IBackgroundCopyFile6, UpdateDownloadPosition, file, VALUE64(15));
    call(16, IBackgroundCopyFile6, RequestFileRanges, file, RANGE_COUNT, test_ranges);
    get_ranges(17, IBackgroundCopyFile6, GetFilledFileRanges, file);
}

static void test_files(void)
{
    static const IID * const iids[] =
    {
        &IID_IBackgroundCopyFile, &IID_IBackgroundCopyFile2, &IID_IBackgroundCopyFile3,
        &IID_IBackgroundCopyFile4, &IID_IBackgroundCopyFile5, &IID_IBackgroundCopyFile6,
    };
    unsigned int i;
    void *file;

    for (i = 0; i < ARRAYSIZE(iids); i++)
    {
        winetest_push_context("File%u", i + 1);
        if ((file = get_mock(iids[i])))
        {
            test_file(file);
            if (i >= 1) test_file2(file);
            if (i >= 2) test_file3(file);
            if (i >= 3) test_file4(file);
            if (i >= 4) test_file5(file);
            if (i >= 5) test_file6(file);
            check_object(__LINE__, file, iids[ARRAYSIZE(iids) - 1 - i]);
        }
        winetest_pop_context();
    }
}

static void test_error(void)
{
    IBackgroundCopyError *error = get_mock(&IID_IBackgroundCopyError);
    BG_ERROR_CONTEXT context = 0;
    WCHAR *string = NULL;
    HRESULT hr, code = 0;

    call(3, IBackgroundCopyError, GetError, error, &context, &code);
    ok(context == SMALL(3) && code == (HRESULT)VALUE(3), "Got %#x, %#lx.\n", context, code);
    get_object(4, IBackgroundCopyError, GetFile, error, IBackgroundCopyFile, &IID_IBackgroundCopyFile6);
    call(5, IBackgroundCopyError, GetErrorDescription, error, VALUE(5), &string);
    check_string(__LINE__, string, 5, 0);
    string = NULL;
    call(6, IBackgroundCopyError, GetErrorContextDescription, error, VALUE(6), &string);
    check_string(__LINE__, string, 6, 0);
    string = (void *)0xdeadbeef;
    hr = IBackgroundCopyError_GetProtocol(error, &string);
    ok(hr == BG_E_PROTOCOL_NOT_AVAILABLE && !string, "Got %#lx, %p.\n", hr, string);
    ok(offsetof(IBackgroundCopyErrorVtbl, GetProtocol) == 7 * sizeof(void *), "GetProtocol is misplaced.\n");
    check_object(__LINE__, (IUnknown *)error, &IID_IBackgroundCopyError);
}

/* ---- Enumerators ---- */

#define check_file(element)   check_object(__LINE__, (IUnknown *)(element), &IID_IBackgroundCopyFile6)
#define check_job(element)    check_object(__LINE__, (IUnknown *)(element), &IID_IBackgroundCopyJob5)
#define check_record(element) check_object(__LINE__, (IUnknown *)(element), &IID_IBitsPeerCacheRecord)
#define check_peer(element)   check_object(__LINE__, (IUnknown *)(element), &IID_IBitsPeer)

static void test_enumerators(void)
{
    test_enum(IEnumBackgroundCopyFiles, IBackgroundCopyFile *, check_file);
    test_enum(IEnumBackgroundCopyJobs, IBackgroundCopyJob *, check_job);
    test_enum(IEnumBitsPeerCacheRecords, IBitsPeerCacheRecord *, check_record);
    test_enum(IEnumBitsPeers, IBitsPeer *, check_peer);
    check_alive(__LINE__);
}

/* ---- The peer cache ---- */

static void test_peer_cache(void)
{
    IBitsPeerCacheAdministration *admin = get_mock(&IID_IBitsPeerCacheAdministration);
    IBitsPeerCacheRecord *record = NULL;
    IBitsPeer *peer = get_mock(&IID_IBitsPeer);
    FILETIME time;
    GUID id;

    get_value(3, IBitsPeerCacheAdministration, GetMaximumCacheSize, admin, DWORD, VALUE(3));
    call(4, IBitsPeerCacheAdministration, SetMaximumCacheSize, admin, VALUE(4));
    get_value(5, IBitsPeerCacheAdministration, GetMaximumContentAge, admin, ULONG, VALUE(5));
    call(6, IBitsPeerCacheAdministration, SetMaximumContentAge, admin, VALUE(6));
    get_value(7, IBitsPeerCacheAdministration, GetConfigurationFlags, admin, DWORD, VALUE(7));
    call(8, IBitsPeerCacheAdministration, SetConfigurationFlags, admin, VALUE(8));
    get_object(9, IBitsPeerCacheAdministration, EnumRecords, admin, IEnumBitsPeerCacheRecords,
               &IID_IEnumBitsPeerCacheRecords);
    call(10, IBitsPeerCacheAdministration, GetRecord, admin, &test_guid, &record);
    call(11, IBitsPeerCacheAdministration, ClearRecords, admin);
    call(12, IBitsPeerCacheAdministration, DeleteRecord, admin, &test_guid);
    call(13, IBitsPeerCacheAdministration, DeleteUrl, admin, test_string(13, 0));
    get_object(14, IBitsPeerCacheAdministration, EnumPeers, admin, IEnumBitsPeers, &IID_IEnumBitsPeers);
    call(15, IBitsPeerCacheAdministration, ClearPeers, admin);
    call(16, IBitsPeerCacheAdministration, DiscoverPeers, admin);
    check_object(__LINE__, (IUnknown *)admin, &IID_IBitsPeerCacheAdministration);

    memset(&id, 0, sizeof(id));
    call(3, IBitsPeerCacheRecord, GetId, record, &id);
    ok(IsEqualGUID(&id, &test_guid), "Got id %s.\n", wine_dbgstr_guid(&id));
    get_string(4, IBitsPeerCacheRecord, GetOriginUrl, record);
    get_value(5, IBitsPeerCacheRecord, GetFileSize, record, UINT64, VALUE64(5));
    memset(&time, 0, sizeof(time));
    call(6, IBitsPeerCacheRecord, GetFileModificationTime, record, &time);
    ok(is_test_time(&time, 6, 0), "Got a wrong time.\n");
    call(7, IBitsPeerCacheRecord, GetLastAccessTime, record, &time);
    ok(is_test_time(&time, 7, 0), "Got a wrong time.\n");
    call(8, IBitsPeerCacheRecord, IsFileValidated, record);
    get_ranges(9, IBitsPeerCacheRecord, GetFileRanges, record);
    check_object(__LINE__, (IUnknown *)record, &IID_IBitsPeerCacheRecord);

    get_string(3, IBitsPeer, GetPeerName, peer);
    get_value(4, IBitsPeer, IsAuthenticated, peer, BOOL, TRUE);
    get_value(5, IBitsPeer, IsAvailable, peer, BOOL, TRUE);
    check_object(__LINE__, (IUnknown *)peer, &IID_IBitsPeer);
}

/* ---- NULL where there must be something ---- */

static void test_null(void)
{
    static const HRESULT null_ref = HRESULT_FROM_WIN32(RPC_X_NULL_REF_POINTER);
    IBackgroundCopyJob5 *job = get_mock(&IID_IBackgroundCopyJob5);
    IBackgroundCopyManager *manager = get_mock(&IID_IBackgroundCopyManager);
    IBackgroundCopyJobHttpOptions *http = get_mock(&IID_IBackgroundCopyJobHttpOptions);
    IBackgroundCopyJob *other;
    WCHAR *string;
    HRESULT hr;
    GUID id;

    hr = IBackgroundCopyJob5_GetId(job, NULL);
    ok(hr == null_ref, "Got %#lx.\n", hr);
    hr = IBackgroundCopyJob5_GetProgress(job, NULL);
    ok(hr == null_ref, "Got %#lx.\n", hr);
    hr = IBackgroundCopyJob5_GetError(job, NULL);
    ok(hr == null_ref, "Got %#lx.\n", hr);
    hr = IBackgroundCopyJob5_SetDisplayName(job, NULL);
    ok(hr == null_ref, "Got %#lx.\n", hr);
    hr = IBackgroundCopyJob5_AddFile(job, test_string(4, 0), NULL);
    ok(hr == null_ref, "Got %#lx.\n", hr);
    hr = IBackgroundCopyJob5_AddFileSet(job, 1, NULL);
    ok(hr == null_ref, "Got %#lx.\n", hr);
    hr = IBackgroundCopyJob5_GetDisplayName(job, NULL);
    ok(hr == null_ref, "Got %#lx.\n", hr);
    string = NULL;
    hr = IBackgroundCopyJob5_GetNotifyCmdLine(job, &string, NULL);
    ok(hr == null_ref, "Got %#lx.\n", hr);
    hr = IBackgroundCopyJob5_SetCredentials(job, NULL);
    ok(hr == null_ref, "Got %#lx.\n", hr);
    hr = IBackgroundCopyJob5_GetProperty(job, BITS_JOB_PROPERTY_ID_COST_FLAGS, NULL);
    ok(hr == null_ref, "Got %#lx.\n", hr);
    hr = IBackgroundCopyManager_GetJob(manager, NULL, &other);
    ok(hr == null_ref, "Got %#lx.\n", hr);
    hr = IBackgroundCopyManager_CreateJob(manager, test_string(3, 0), SMALL(3), NULL, &other);
    ok(hr == null_ref, "Got %#lx.\n", hr);
    hr = IBackgroundCopyManager_CreateJob(manager, test_string(3, 0), SMALL(3), &id, NULL);
    ok(hr == null_ref, "Got %#lx.\n", hr);
    hr = IBackgroundCopyJobHttpOptions_SetClientCertificateByID(http, SMALL(3), test_string(3, 0), NULL);
    ok(hr == null_ref, "Got %#lx.\n", hr);
    hr = IBackgroundCopyJobHttpOptions_GetCustomHeaders(http, NULL);
    ok(hr == null_ref, "Got %#lx.\n", hr);

    check_alive(__LINE__);
    IBackgroundCopyJobHttpOptions_Release(http);
    IBackgroundCopyManager_Release(manager);
    IBackgroundCopyJob5_Release(job);
}

/* ---- Two processes ---- */

static HANDLE get_handle(const char *argument)
{
    return (HANDLE)(ULONG_PTR)strtoul(argument, NULL, 16);
}

/* Marshals a factory into the file, says so, and waits until the parent has done its part or is gone. */
static void run_server(char **argv)
{
    HANDLE ready = get_handle(argv[4]), end[2], file;
    IClassFactory *object;
    HGLOBAL memory;
    IStream *stream;
    DWORD size;
    HRESULT hr;
    BOOL ret;

    end[0] = get_handle(argv[5]);
    end[1] = get_handle(argv[6]);
    hr = CoInitializeEx(NULL, COINIT_MULTITHREADED);
    ok(hr == S_OK, "Got %#lx.\n", hr);
    object = factory_create();
    hr = CreateStreamOnHGlobal(NULL, TRUE, &stream);
    ok(hr == S_OK, "Got %#lx.\n", hr);
    hr = CoMarshalInterface(stream, &IID_IClassFactory, (IUnknown *)object, MSHCTX_LOCAL, NULL,
                            MSHLFLAGS_NORMAL);
    ok(hr == S_OK, "Got %#lx.\n", hr);
    GetHGlobalFromStream(stream, &memory);
    file = CreateFileA(argv[3], GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    ok(file != INVALID_HANDLE_VALUE, "Got error %lu.\n", GetLastError());
    ret = WriteFile(file, GlobalLock(memory), GlobalSize(memory), &size, NULL);
    ok(ret, "Got error %lu.\n", GetLastError());
    GlobalUnlock(memory);
    CloseHandle(file);
    SetEvent(ready);
    WaitForMultipleObjects(2, end, FALSE, INFINITE);
    CoDisconnectObject((IUnknown *)object, 0);
    IStream_Release(stream);
    IClassFactory_Release(object);
    CoUninitialize();
}

/* The factory of the process that has written the file. */
static IClassFactory *read_factory(const char *name)
{
    IClassFactory *object = NULL;
    BYTE buffer[4096];
    LARGE_INTEGER zero;
    IStream *stream;
    DWORD size = 0;
    HANDLE file;
    HRESULT hr;

    zero.QuadPart = 0;
    file = CreateFileA(name, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    ReadFile(file, buffer, sizeof(buffer), &size, NULL);
    CloseHandle(file);
    CreateStreamOnHGlobal(NULL, TRUE, &stream);
    IStream_Write(stream, buffer, size, NULL);
    IStream_Seek(stream, zero, STREAM_SEEK_SET, NULL);
    hr = CoUnmarshalInterface(stream, &IID_IClassFactory, (void **)&object);
    ok(hr == S_OK, "Got %#lx.\n", hr);
    IStream_Release(stream);
    return object;
}

static void run_client(void)
{
    test_blanket();
    test_manager();
    test_jobs();
    test_http_options();
    test_token_options();
    test_files();
    test_error();
    test_enumerators();
    test_peer_cache();
    test_legacy();
    test_null();
}

START_TEST(proxy)
{
    SECURITY_ATTRIBUTES inherit = { sizeof(inherit), NULL, TRUE };
    char directory[MAX_PATH], name[MAX_PATH], command[3 * MAX_PATH];
    PROCESS_INFORMATION process;
    STARTUPINFOA startup = { sizeof(startup) };
    HANDLE wait[2], ready, end, self;
    char **argv;
    BOOL ret;

    if (winetest_get_mainargs(&argv) > 6)
    {
        run_server(argv);
        return;
    }

    GetTempPathA(ARRAYSIZE(directory), directory);
    GetTempFileNameA(directory, "prx", 0, name);
    ready = CreateEventW(&inherit, TRUE, FALSE, NULL);
    end = CreateEventW(&inherit, TRUE, FALSE, NULL);
    DuplicateHandle(GetCurrentProcess(), GetCurrentProcess(), GetCurrentProcess(), &self, SYNCHRONIZE, TRUE, 0);
    sprintf(command, "\"%s\" proxy server \"%s\" %lx %lx %lx", argv[0], name, (ULONG)(ULONG_PTR)ready,
            (ULONG)(ULONG_PTR)end, (ULONG)(ULONG_PTR)self);
    ret = CreateProcessA(NULL, command, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &process);
    ok(ret, "Got error %lu.\n", GetLastError());
    wait[0] = ready;
    wait[1] = process.hProcess;
    if (ret && WaitForMultipleObjects(2, wait, FALSE, TIMEOUT) == WAIT_OBJECT_0)
    {
        CoInitializeEx(NULL, COINIT_MULTITHREADED);
        if ((factory = read_factory(name)))
        {
            run_client();
            IClassFactory_Release(factory);
        }
        CoUninitialize();
    }
    SetEvent(end);
    wait_child_process(process.hProcess);
    DeleteFileA(name);
}
