/*
 * The marshalling test: objects that have every interface of BITS and look at their arguments.
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

#undef STANDALONE
#include "config.h"

#include "proxy.h"

const BG_FILE_RANGE test_ranges[RANGE_COUNT] =
{
    { 0, 1 }, { 0x123456789aull, 0xfedcba98765ull }, { 7, BG_LENGTH_TO_EOF }
};
const GUID test_guid = { 0x01234567, 0x89ab, 0xcdef, { 0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10 } };

/* ---- Arguments and results ---- */

const WCHAR *test_string(unsigned int slot, unsigned int n)
{
    static const WCHAR kinds[] = {'a',' ','"','%',0xe9,0x20ac,0xd83d,0xde00,0xffff,'\n'};
    static WCHAR buffers[4][2048];
    static unsigned int next;
    WCHAR *string = buffers[next++ % ARRAYSIZE(buffers)];
    unsigned int i, length = 1 + slot * 31 + n * 7;

    for (i = 0; i < length; i++)
        string[i] = i % 3 ? kinds[(i + slot + n) % ARRAYSIZE(kinds)] : '0' + (i / 3 + slot + n) % 64;
    string[i] = 0;
    return string;
}

BOOL is_test_string(const WCHAR *string, unsigned int slot, unsigned int n)
{
    return string && !memcmp(string, test_string(slot, n), (1 + slot * 31 + n * 7 + 1) * sizeof(WCHAR));
}

BYTE test_byte(unsigned int i)
{
    return i * 7 + (i >> 8);
}

BOOL is_test_data(const BYTE *data, unsigned int size)
{
    unsigned int i;

    if (!data)
        return FALSE;
    for (i = 0; i < size; i++)
        if (data[i] != test_byte(i))
            return FALSE;
    return TRUE;
}

static BYTE *alloc_data(unsigned int size)
{
    BYTE *data = CoTaskMemAlloc(size);
    unsigned int i;

    for (i = 0; data && i < size; i++)
        data[i] = test_byte(i);
    return data;
}

FILETIME test_time(unsigned int slot, unsigned int n)
{
    FILETIME time;

    time.dwLowDateTime = VALUE(slot) + n;
    time.dwHighDateTime = 0x01d80000 + n;
    return time;
}

BOOL is_test_time(const FILETIME *time, unsigned int slot, unsigned int n)
{
    FILETIME expect = test_time(slot, n);

    return !memcmp(time, &expect, sizeof(expect));
}

static BOOL is_test_ranges(const BG_FILE_RANGE *ranges, DWORD count)
{
    return count == RANGE_COUNT && ranges && !memcmp(ranges, test_ranges, sizeof(test_ranges));
}

static HRESULT out_ranges(unsigned int slot, DWORD *count, BG_FILE_RANGE **ranges)
{
    if (!count)
    {
        *ranges = NULL;
        return mock_reply(slot, TRUE);
    }
    if (!(*ranges = CoTaskMemAlloc(sizeof(test_ranges))))
        return E_OUTOFMEMORY;
    memcpy(*ranges, test_ranges, sizeof(test_ranges));
    *count = RANGE_COUNT;
    return mock_reply(slot, TRUE);
}

HRESULT mock_reply(unsigned int slot, BOOL right)
{
    return right ? REPLY(slot) : WRONG;
}

HRESULT mock_out(REFIID iid, unsigned int slot, void *out)
{
    *(IUnknown **)out = mock_create(iid);
    return mock_reply(slot, *(IUnknown **)out != NULL);
}

HRESULT mock_out_string(unsigned int slot, unsigned int n, WCHAR **out)
{
    const WCHAR *string = test_string(slot, n);
    size_t size = (lstrlenW(string) + 1) * sizeof(WCHAR);

    if (!(*out = CoTaskMemAlloc(size)))
        return E_OUTOFMEMORY;
    memcpy(*out, string, size);
    return mock_reply(slot, TRUE);
}

BOOL is_object(void *object, REFIID iid)
{
    IUnknown *other;

    if (!object || FAILED(IUnknown_QueryInterface((IUnknown *)object, iid, (void **)&other)))
        return FALSE;
    IUnknown_Release(other);
    return TRUE;
}

/* ---- IUnknown ---- */

struct mock
{
    const void *vtbl;
    const struct mock_class *class;
    LONG refcount;
};

HRESULT STDMETHODCALLTYPE mock_QueryInterface(IUnknown *iface, REFIID iid, void **out)
{
    struct mock *mock = (struct mock *)iface;
    unsigned int i;

    *out = NULL;
    for (i = 0; i < ARRAYSIZE(mock->class->iids) && mock->class->iids[i]; i++)
        if (IsEqualGUID(iid, mock->class->iids[i]))
            *out = iface;
    if (IsEqualGUID(iid, &IID_IUnknown))
        *out = iface;
    if (!*out)
        return E_NOINTERFACE;
    IUnknown_AddRef(iface);
    return S_OK;
}

ULONG STDMETHODCALLTYPE mock_AddRef(IUnknown *iface)
{
    struct mock *mock = (struct mock *)iface;

    return InterlockedIncrement(&mock->refcount);
}

ULONG STDMETHODCALLTYPE mock_Release(IUnknown *iface)
{
    struct mock *mock = (struct mock *)iface;
    ULONG refcount = InterlockedDecrement(&mock->refcount);

    if (!refcount)
        free(mock);
    return refcount;
}

/* ---- Jobs ---- */

METHOD(job_AddFileSet, IBackgroundCopyJob5 *iface, ULONG count, BG_FILE_INFO *set)
{
    ULONG i;

    /* Sets of a hundred, of one with NULL in it, and empty ones. */
    if (!count)
        return mock_reply(3, TRUE);
    if (count == 1)
        return mock_reply(3, !set[0].RemoteName && is_test_string(set[0].LocalName, 3, 0));
    for (i = 0; i < count; i++)
        if (!is_test_string(set[i].RemoteName, 3, i) || !is_test_string(set[i].LocalName, 4, i))
            return WRONG;
    return mock_reply(3, count == 100);
}

METHOD(job_AddFile, IBackgroundCopyJob5 *iface, const WCHAR *remote, const WCHAR *local)
{
    return mock_reply(4, is_test_string(remote, 4, 0) && is_test_string(local, 4, 1));
}

MOCK_GET_OBJECT(job_EnumFiles, IBackgroundCopyJob5, 5, IEnumBackgroundCopyFiles, &IID_IEnumBackgroundCopyFiles)
MOCK_CALL(job_Suspend, IBackgroundCopyJob5, 6)
MOCK_CALL(job_Resume, IBackgroundCopyJob5, 7)
MOCK_CALL(job_Cancel, IBackgroundCopyJob5, 8)
MOCK_CALL(job_Complete, IBackgroundCopyJob5, 9)

METHOD(job_GetId, IBackgroundCopyJob5 *iface, GUID *id)
{
    *id = test_guid;
    return mock_reply(10, TRUE);
}

MOCK_GET(job_GetType, IBackgroundCopyJob5, 11, BG_JOB_TYPE, SMALL(11))

METHOD(job_GetProgress, IBackgroundCopyJob5 *iface, BG_JOB_PROGRESS *progress)
{
    progress->BytesTotal = BG_SIZE_UNKNOWN;
    progress->BytesTransferred = VALUE64(12);
    progress->FilesTotal = VALUE(12);
    progress->FilesTransferred = VALUE(13);
    return mock_reply(12, TRUE);
}

METHOD(job_GetTimes, IBackgroundCopyJob5 *iface, BG_JOB_TIMES *times)
{
    times->CreationTime = test_time(13, 0);
    times->ModificationTime = test_time(13, 1);
    times->TransferCompletionTime = test_time(13, 2);
    return mock_reply(13, TRUE);
}

MOCK_GET(job_GetState, IBackgroundCopyJob5, 14, BG_JOB_STATE, SMALL(14))
MOCK_GET_OBJECT(job_GetError, IBackgroundCopyJob5, 15, IBackgroundCopyError, &IID_IBackgroundCopyError)
MOCK_GET_STRING(job_GetOwner, IBackgroundCopyJob5, 16)
MOCK_SET_STRING(job_SetDisplayName, IBackgroundCopyJob5, 17)
MOCK_GET_STRING(job_GetDisplayName, IBackgroundCopyJob5, 18)
MOCK_SET_STRING(job_SetDescription, IBackgroundCopyJob5, 19)
MOCK_GET_STRING(job_GetDescription, IBackgroundCopyJob5, 20)
MOCK_SET(job_SetPriority, IBackgroundCopyJob5, 21, BG_JOB_PRIORITY, SMALL(21))
MOCK_GET(job_GetPriority, IBackgroundCopyJob5, 22, BG_JOB_PRIORITY, SMALL(22))
MOCK_SET(job_SetNotifyFlags, IBackgroundCopyJob5, 23, ULONG, VALUE(23))
MOCK_GET(job_GetNotifyFlags, IBackgroundCopyJob5, 24, ULONG, VALUE(24))

/* Calls back at once: every method of the callback's interfaces. */
METHOD(job_SetNotifyInterface, IBackgroundCopyJob5 *iface, IUnknown *notify)
{
    IUnknown *job = NULL, *file = NULL, *error = NULL;
    IBackgroundCopyCallback3 *callback;
    HRESULT hr;

    if (!notify)
        return mock_reply(25, TRUE);
    if (FAILED(hr = IUnknown_QueryInterface(notify, &IID_IBackgroundCopyCallback3, (void **)&callback)))
        return hr;
    job = mock_create(&IID_IBackgroundCopyJob5);
    file = mock_create(&IID_IBackgroundCopyFile6);
    error = mock_create(&IID_IBackgroundCopyError);
    hr = IBackgroundCopyCallback3_JobTransferred(callback, (IBackgroundCopyJob *)job);
    if (hr != REPLY(3)) goto done;
    hr = IBackgroundCopyCallback3_JobError(callback, (IBackgroundCopyJob *)job, (IBackgroundCopyError *)error);
    if (hr != REPLY(4)) goto done;
    hr = IBackgroundCopyCallback3_JobModification(callback, (IBackgroundCopyJob *)job, VALUE(5));
    if (hr != REPLY(5)) goto done;
    hr = IBackgroundCopyCallback3_FileTransferred(callback, (IBackgroundCopyJob *)job,
                                                  (IBackgroundCopyFile *)file);
    if (hr != REPLY(6)) goto done;
    hr = IBackgroundCopyCallback3_FileRangesTransferred(callback, (IBackgroundCopyJob *)job,
                                                        (IBackgroundCopyFile *)file, RANGE_COUNT, test_ranges);
    if (hr != REPLY(7)) goto done;
    hr = mock_reply(25, TRUE);
done:
    IUnknown_Release(error);
    IUnknown_Release(file);
    IUnknown_Release(job);
    IBackgroundCopyCallback3_Release(callback);
    return hr;
}

METHOD(job_GetNotifyInterface, IBackgroundCopyJob5 *iface, IUnknown **notify)
{
    *notify = NULL;
    return mock_reply(26, TRUE);
}

MOCK_SET(job_SetMinimumRetryDelay, IBackgroundCopyJob5, 27, ULONG, VALUE(27))
MOCK_GET(job_GetMinimumRetryDelay, IBackgroundCopyJob5, 28, ULONG, VALUE(28))
MOCK_SET(job_SetNoProgressTimeout, IBackgroundCopyJob5, 29, ULONG, VALUE(29))
MOCK_GET(job_GetNoProgressTimeout, IBackgroundCopyJob5, 30, ULONG, VALUE(30))
MOCK_GET(job_GetErrorCount, IBackgroundCopyJob5, 31, ULONG, VALUE(31))

METHOD(job_SetProxySettings, IBackgroundCopyJob5 *iface, BG_JOB_PROXY_USAGE usage, const WCHAR *list,
        const WCHAR *bypass)
{
    switch (usage)
    {
    case BG_JOB_PROXY_USAGE_PRECONFIG:
        return mock_reply(32, !list && !bypass);
    case BG_JOB_PROXY_USAGE_OVERRIDE:
        return mock_reply(32, is_test_string(list, 32, 0) && is_test_string(bypass, 32, 1));
    default:
        return mock_reply(32, usage == SMALL(32) && is_test_string(list, 32, 2) && !bypass);
    }
}

METHOD(job_GetProxySettings, IBackgroundCopyJob5 *iface, BG_JOB_PROXY_USAGE *usage, WCHAR **list,
        WCHAR **bypass)
{
    *usage = SMALL(33);
    *bypass = NULL;
    return mock_out_string(33, 0, list);
}

MOCK_CALL(job_TakeOwnership, IBackgroundCopyJob5, 34)

METHOD(job_SetNotifyCmdLine, IBackgroundCopyJob5 *iface, const WCHAR *program, const WCHAR *parameters)
{
    return mock_reply(35, program ? is_test_string(program, 35, 0) && is_test_string(parameters, 35, 1)
                                  : !parameters);
}

METHOD(job_GetNotifyCmdLine, IBackgroundCopyJob5 *iface, WCHAR **program, WCHAR **parameters)
{
    mock_out_string(36, 0, program);
    return mock_out_string(36, 1, parameters);
}

METHOD(job_GetReplyProgress, IBackgroundCopyJob5 *iface, BG_JOB_REPLY_PROGRESS *progress)
{
    BOOL right = progress->BytesTotal == VALUE64(1) && progress->BytesTransferred == VALUE64(2);

    progress->BytesTotal = BG_SIZE_UNKNOWN;
    progress->BytesTransferred = VALUE64(37);
    return mock_reply(37, right);
}

METHOD(job_GetReplyData, IBackgroundCopyJob5 *iface, byte **buffer, UINT64 *length)
{
    *buffer = NULL;
    if (!length)
        return mock_reply(38, TRUE);
    if (*length == 0)
    {
        /* Too large: no data, but a size. */
        *length = VALUE64(38);
        return BG_E_TOO_LARGE;
    }
    if (*length != VALUE64(3))
        return WRONG;
    *length = DATA_SIZE;
    *buffer = alloc_data(DATA_SIZE);
    return mock_reply(38, TRUE);
}

METHOD(job_SetReplyFileName, IBackgroundCopyJob5 *iface, const WCHAR *name)
{
    return mock_reply(39, !name || is_test_string(name, 39, 0));
}

MOCK_GET_STRING(job_GetReplyFileName, IBackgroundCopyJob5, 40)

METHOD(job_SetCredentials, IBackgroundCopyJob5 *iface, BG_AUTH_CREDENTIALS *credentials)
{
    BG_BASIC_CREDENTIALS *basic = &credentials->Credentials.Basic;

    switch (credentials->Scheme)
    {
    case BG_AUTH_SCHEME_BASIC:
    case BG_AUTH_SCHEME_DIGEST:
    case BG_AUTH_SCHEME_PASSPORT:
        return mock_reply(41, credentials->Target == BG_AUTH_TARGET_PROXY &&
                          is_test_string(basic->UserName, 41, credentials->Scheme) &&
                          is_test_string(basic->Password, 42, credentials->Scheme));
    case BG_AUTH_SCHEME_NTLM:
    case BG_AUTH_SCHEME_NEGOTIATE:
        return mock_reply(41, credentials->Target == BG_AUTH_TARGET_SERVER &&
                          !basic->UserName && !basic->Password);
    default:
        return BG_E_INVALID_AUTH_SCHEME;
    }
}

METHOD(job_RemoveCredentials, IBackgroundCopyJob5 *iface, BG_AUTH_TARGET target, BG_AUTH_SCHEME scheme)
{
    return mock_reply(42, target == SMALL(1) && scheme == SMALL(2));
}

METHOD(job_ReplaceRemotePrefix, IBackgroundCopyJob5 *iface, const WCHAR *old, const WCHAR *new)
{
    return mock_reply(43, is_test_string(old, 43, 0) && is_test_string(new, 43, 1));
}

METHOD(job_AddFileWithRanges, IBackgroundCopyJob5 *iface, const WCHAR *remote, const WCHAR *local,
        DWORD count, BG_FILE_RANGE *ranges)
{
    return mock_reply(44, is_test_string(remote, 44, 0) && is_test_string(local, 44, 1) &&
                      (!count || is_test_ranges(ranges, count)));
}

MOCK_SET(job_SetFileACLFlags, IBackgroundCopyJob5, 45, DWORD, VALUE(45))
MOCK_GET(job_GetFileACLFlags, IBackgroundCopyJob5, 46, DWORD, VALUE(46))
MOCK_SET(job_SetPeerCachingFlags, IBackgroundCopyJob5, 47, DWORD, VALUE(47))
MOCK_GET(job_GetPeerCachingFlags, IBackgroundCopyJob5, 48, DWORD, VALUE(48))
MOCK_GET(job_GetOwnerIntegrityLevel, IBackgroundCopyJob5, 49, ULONG, VALUE(49))
MOCK_GET(job_GetOwnerElevationState, IBackgroundCopyJob5, 50, BOOL, TRUE)
MOCK_SET(job_SetMaximumDownloadTime, IBackgroundCopyJob5, 51, ULONG, VALUE(51))
MOCK_GET(job_GetMaximumDownloadTime, IBackgroundCopyJob5, 52, ULONG, VALUE(52))

METHOD(job_SetProperty, IBackgroundCopyJob5 *iface, BITS_JOB_PROPERTY_ID id, BITS_JOB_PROPERTY_VALUE value)
{
    switch (id)
    {
    case BITS_JOB_PROPERTY_ID_COST_FLAGS:
    case BITS_JOB_PROPERTY_MINIMUM_NOTIFICATION_INTERVAL_MS:
        return mock_reply(53, value.Dword == VALUE(id));
    case BITS_JOB_PROPERTY_NOTIFICATION_CLSID:
        return mock_reply(53, IsEqualGUID(&value.ClsID, &test_guid));
    case BITS_JOB_PROPERTY_DYNAMIC_CONTENT:
    case BITS_JOB_PROPERTY_HIGH_PERFORMANCE:
    case BITS_JOB_PROPERTY_ON_DEMAND_MODE:
        return mock_reply(53, value.Enable == TRUE);
    case BITS_JOB_PROPERTY_MAX_DOWNLOAD_SIZE:
        return mock_reply(53, value.Uint64 == VALUE64(id));
    case BITS_JOB_PROPERTY_USE_STORED_CREDENTIALS:
        return mock_reply(53, value.Target == BG_AUTH_TARGET_PROXY);
    default:
        return BG_E_UNKNOWN_PROPERTY_ID;
    }
}

METHOD(job_GetProperty, IBackgroundCopyJob5 *iface, BITS_JOB_PROPERTY_ID id, BITS_JOB_PROPERTY_VALUE *value)
{
    switch (id)
    {
    case BITS_JOB_PROPERTY_ID_COST_FLAGS:
    case BITS_JOB_PROPERTY_MINIMUM_NOTIFICATION_INTERVAL_MS:
        value->Dword = VALUE(id);
        break;
    case BITS_JOB_PROPERTY_NOTIFICATION_CLSID:
        value->ClsID = test_guid;
        break;
    case BITS_JOB_PROPERTY_DYNAMIC_CONTENT:
    case BITS_JOB_PROPERTY_HIGH_PERFORMANCE:
    case BITS_JOB_PROPERTY_ON_DEMAND_MODE:
        value->Enable = TRUE;
        break;
    case BITS_JOB_PROPERTY_MAX_DOWNLOAD_SIZE:
        value->Uint64 = VALUE64(id);
        break;
    case BITS_JOB_PROPERTY_USE_STORED_CREDENTIALS:
        value->Target = BG_AUTH_TARGET_PROXY;
        break;
    default:
        return BG_E_UNKNOWN_PROPERTY_ID;
    }
    return mock_reply(54, TRUE);
}

static const IBackgroundCopyJob5Vtbl job_vtbl =
{
    MOCK_UNKNOWN, job_AddFileSet, job_AddFile, job_EnumFiles, job_Suspend, job_Resume, job_Cancel, job_Complete,
    job_GetId, job_GetType, job_GetProgress, job_GetTimes, job_GetState, job_GetError, job_GetOwner,
    job_SetDisplayName, job_GetDisplayName, job_SetDescription, job_GetDescription, job_SetPriority,
    job_GetPriority, job_SetNotifyFlags, job_GetNotifyFlags, job_SetNotifyInterface, job_GetNotifyInterface,
    job_SetMinimumRetryDelay, job_GetMinimumRetryDelay, job_SetNoProgressTimeout, job_GetNoProgressTimeout,
    job_GetErrorCount, job_SetProxySettings, job_GetProxySettings, job_TakeOwnership,
    job_SetNotifyCmdLine, job_GetNotifyCmdLine, job_GetReplyProgress, job_GetReplyData, job_SetReplyFileName,
    job_GetReplyFileName, job_SetCredentials, job_RemoveCredentials,
    job_ReplaceRemotePrefix, job_AddFileWithRanges, job_SetFileACLFlags, job_GetFileACLFlags,
    job_SetPeerCachingFlags, job_GetPeerCachingFlags, job_GetOwnerIntegrityLevel, job_GetOwnerElevationState,
    job_SetMaximumDownloadTime, job_GetMaximumDownloadTime,
    job_SetProperty, job_GetProperty,
};

/* ---- Options of jobs ---- */

METHOD(http_SetClientCertificateByID, IBackgroundCopyJobHttpOptions3 *iface, BG_CERT_STORE_LOCATION location,
        const WCHAR *store, BYTE *hash)
{
    return mock_reply(3, location == SMALL(3) && is_test_string(store, 3, 0) && is_test_data(hash, 20));
}

METHOD(http_SetClientCertificateByName, IBackgroundCopyJobHttpOptions3 *iface, BG_CERT_STORE_LOCATION location,
        const WCHAR *store, const WCHAR *subject)
{
    return mock_reply(4, location == SMALL(4) && is_test_string(store, 4, 0) && is_test_string(subject, 4, 1));
}

MOCK_CALL(http_RemoveClientCertificate, IBackgroundCopyJobHttpOptions3, 5)

METHOD(http_GetClientCertificate, IBackgroundCopyJobHttpOptions3 *iface, BG_CERT_STORE_LOCATION *location,
        WCHAR **store, BYTE **hash, WCHAR **subject)
{
    *location = SMALL(6);
    *hash = alloc_data(20);
    mock_out_string(6, 0, store);
    return mock_out_string(6, 1, subject);
}

METHOD(http_SetCustomHeaders, IBackgroundCopyJobHttpOptions3 *iface, const WCHAR *headers)
{
    return mock_reply(7, !headers || is_test_string(headers, 7, 0));
}

/* No headers; GetHttpMethod() is the one that returns a string. */
METHOD(http_GetCustomHeaders, IBackgroundCopyJobHttpOptions3 *iface, WCHAR **headers)
{
    *headers = NULL;
    return mock_reply(8, TRUE);
}

MOCK_SET(http_SetSecurityFlags, IBackgroundCopyJobHttpOptions3, 9, ULONG, VALUE(9))
MOCK_GET(http_GetSecurityFlags, IBackgroundCopyJobHttpOptions3, 10, ULONG, VALUE(10))
MOCK_SET_STRING(http_SetHttpMethod, IBackgroundCopyJobHttpOptions3, 11)
MOCK_GET_STRING(http_GetHttpMethod, IBackgroundCopyJobHttpOptions3, 12)

METHOD(http_SetServerCertificateValidationInterface, IBackgroundCopyJobHttpOptions3 *iface, IUnknown *object)
{
    IBackgroundCopyServerCertificateValidationCallback *callback;
    IUnknown *job, *file;
    BYTE *data;
    HRESULT hr;

    if (!object)
        return mock_reply(13, TRUE);
    if (FAILED(hr = IUnknown_QueryInterface(object, &IID_IBackgroundCopyServerCertificateValidationCallback,
                                            (void **)&callback)))
        return hr;
    job = mock_create(&IID_IBackgroundCopyJob);
    file = mock_create(&IID_IBackgroundCopyFile);
    data = alloc_data(DATA_SIZE);
    hr = IBackgroundCopyServerCertificateValidationCallback_ValidateServerCertificate(callback,
            (IBackgroundCopyJob *)job, (IBackgroundCopyFile *)file, 1000, data, VALUE(3), DATA_SIZE, data);
    CoTaskMemFree(data);
    IUnknown_Release(file);
    IUnknown_Release(job);
    IBackgroundCopyServerCertificateValidationCallback_Release(callback);
    return hr == REPLY(3) ? mock_reply(13, TRUE) : hr;
}

MOCK_CALL(http_MakeCustomHeadersWriteOnly, IBackgroundCopyJobHttpOptions3, 14)

static const IBackgroundCopyJobHttpOptions3Vtbl http_vtbl =
{
    MOCK_UNKNOWN, http_SetClientCertificateByID, http_SetClientCertificateByName, http_RemoveClientCertificate,
    http_GetClientCertificate, http_SetCustomHeaders, http_GetCustomHeaders, http_SetSecurityFlags,
    http_GetSecurityFlags, http_SetHttpMethod, http_GetHttpMethod,
    http_SetServerCertificateValidationInterface, http_MakeCustomHeadersWriteOnly,
};

MOCK_SET(token_SetHelperTokenFlags, IBitsTokenOptions, 3, BG_TOKEN, BG_TOKEN_LOCAL_FILE | BG_TOKEN_NETWORK)
MOCK_GET(token_GetHelperTokenFlags, IBitsTokenOptions, 4, BG_TOKEN, BG_TOKEN_LOCAL_FILE | BG_TOKEN_NETWORK)
MOCK_CALL(token_SetHelperToken, IBitsTokenOptions, 5)
MOCK_CALL(token_ClearHelperToken, IBitsTokenOptions, 6)
MOCK_GET_STRING(token_GetHelperTokenSid, IBitsTokenOptions, 7)

static const IBitsTokenOptionsVtbl token_vtbl =
{
    MOCK_UNKNOWN, token_SetHelperTokenFlags, token_GetHelperTokenFlags, token_SetHelperToken,
    token_ClearHelperToken, token_GetHelperTokenSid,
};

/* ---- Files and errors ---- */

MOCK_GET_STRING(file_GetRemoteName, IBackgroundCopyFile6, 3)
MOCK_GET_STRING(file_GetLocalName, IBackgroundCopyFile6, 4)

METHOD(file_GetProgress, IBackgroundCopyFile6 *iface, BG_FILE_PROGRESS *progress)
{
    progress->BytesTotal = BG_SIZE_UNKNOWN;
    progress->BytesTransferred = VALUE64(5);
    progress->Completed = TRUE;
    return mock_reply(5, TRUE);
}

METHOD(file_GetFileRanges, IBackgroundCopyFile6 *iface, DWORD *count, BG_FILE_RANGE **ranges)
{
    if (count && *count == 1)
    {
        *count = 0;
        *ranges = NULL;
        return S_FALSE;
    }
    return out_ranges(6, count, ranges);
}

MOCK_SET_STRING(file_SetRemoteName, IBackgroundCopyFile6, 7)
MOCK_GET_STRING(file_GetTemporaryName, IBackgroundCopyFile6, 8)
MOCK_SET(file_SetValidationState, IBackgroundCopyFile6, 9, BOOL, TRUE)
MOCK_GET(file_GetValidationState, IBackgroundCopyFile6, 10, BOOL, TRUE)
MOCK_GET(file_IsDownloadedFromPeer, IBackgroundCopyFile6, 11, BOOL, TRUE)

METHOD(file_GetPeerDownloadStats, IBackgroundCopyFile6 *iface, UINT64 *origin, UINT64 *peers)
{
    *origin = VALUE64(12);
    *peers = VALUE64(13);
    return mock_reply(12, TRUE);
}

METHOD(file_SetProperty, IBackgroundCopyFile6 *iface, BITS_FILE_PROPERTY_ID id, BITS_FILE_PROPERTY_VALUE value)
{
    if (id != BITS_FILE_PROPERTY_ID_HTTP_RESPONSE_HEADERS)
        return BG_E_UNKNOWN_PROPERTY_ID;
    return mock_reply(13, !value.String || is_test_string(value.String, 13, 0));
}

METHOD(file_GetProperty, IBackgroundCopyFile6 *iface, BITS_FILE_PROPERTY_ID id, BITS_FILE_PROPERTY_VALUE *value)
{
    if (id != BITS_FILE_PROPERTY_ID_HTTP_RESPONSE_HEADERS)
        return BG_E_UNKNOWN_PROPERTY_ID;
    return mock_out_string(14, 0, &value->String);
}

MOCK_SET(file_UpdateDownloadPosition, IBackgroundCopyFile6, 15, UINT64, VALUE64(15))

METHOD(file_RequestFileRanges, IBackgroundCopyFile6 *iface, DWORD count, const BG_FILE_RANGE *ranges)
{
    return mock_reply(16, is_test_ranges(ranges, count));
}

METHOD(file_GetFilledFileRanges, IBackgroundCopyFile6 *iface, DWORD *count, BG_FILE_RANGE **ranges)
{
    return out_ranges(17, count, ranges);
}

static const IBackgroundCopyFile6Vtbl file_vtbl =
{
    MOCK_UNKNOWN, file_GetRemoteName, file_GetLocalName, file_GetProgress, file_GetFileRanges,
    file_SetRemoteName, file_GetTemporaryName, file_SetValidationState, file_GetValidationState,
    file_IsDownloadedFromPeer, file_GetPeerDownloadStats, file_SetProperty, file_GetProperty,
    file_UpdateDownloadPosition, file_RequestFileRanges, file_GetFilledFileRanges,
};

METHOD(error_GetError, IBackgroundCopyError *iface, BG_ERROR_CONTEXT *context, HRESULT *code)
{
    *context = SMALL(3);
    *code = VALUE(3);
    return mock_reply(3, TRUE);
}

MOCK_GET_OBJECT(error_GetFile, IBackgroundCopyError, 4, IBackgroundCopyFile, &IID_IBackgroundCopyFile)

METHOD(error_GetErrorDescription, IBackgroundCopyError *iface, DWORD language, WCHAR **text)
{
    return language == VALUE(5) ? mock_out_string(5, 0, text) : WRONG;
}

METHOD(error_GetErrorContextDescription, IBackgroundCopyError *iface, DWORD language, WCHAR **text)
{
    return language == VALUE(6) ? mock_out_string(6, 0, text) : WRONG;
}

/* As for an error that is not about a protocol. */
METHOD(error_GetProtocol, IBackgroundCopyError *iface, WCHAR **protocol)
{
    *protocol = NULL;
    return BG_E_PROTOCOL_NOT_AVAILABLE;
}

static const IBackgroundCopyErrorVtbl error_vtbl =
{
    MOCK_UNKNOWN, error_GetError, error_GetFile, error_GetErrorDescription, error_GetErrorContextDescription,
    error_GetProtocol,
};

/* ---- The manager ---- */

METHOD(manager_CreateJob, IBackgroundCopyManager *iface, const WCHAR *name, BG_JOB_TYPE type, GUID *id,
        IBackgroundCopyJob **job)
{
    *id = test_guid;
    *job = NULL;
    if (!is_test_string(name, 3, 0) || type != SMALL(3))
        return WRONG;
    return mock_out(&IID_IBackgroundCopyJob, 3, job);
}

METHOD(manager_GetJob, IBackgroundCopyManager *iface, REFGUID id, IBackgroundCopyJob **job)
{
    *job = NULL;
    return IsEqualGUID(id, &test_guid) ? mock_out(&IID_IBackgroundCopyJob, 4, job) : BG_E_NOT_FOUND;
}

METHOD(manager_EnumJobs, IBackgroundCopyManager *iface, DWORD flags, IEnumBackgroundCopyJobs **jobs)
{
    *jobs = NULL;
    return flags == VALUE(5) ? mock_out(&IID_IEnumBackgroundCopyJobs, 5, jobs) : WRONG;
}

METHOD(manager_GetErrorDescription, IBackgroundCopyManager *iface, HRESULT hr, DWORD language, WCHAR **text)
{
    *text = NULL;
    return hr == (HRESULT)VALUE(1) && language == VALUE(2) ? mock_out_string(6, 0, text) : WRONG;
}

static const IBackgroundCopyManagerVtbl manager_vtbl =
{
    MOCK_UNKNOWN, manager_CreateJob, manager_GetJob, manager_EnumJobs, manager_GetErrorDescription,
};

/* ---- The peer cache ---- */

MOCK_GET(admin_GetMaximumCacheSize, IBitsPeerCacheAdministration, 3, DWORD, VALUE(3))
MOCK_SET(admin_SetMaximumCacheSize, IBitsPeerCacheAdministration, 4, DWORD, VALUE(4))
MOCK_GET(admin_GetMaximumContentAge, IBitsPeerCacheAdministration, 5, ULONG, VALUE(5))
MOCK_SET(admin_SetMaximumContentAge, IBitsPeerCacheAdministration, 6, ULONG, VALUE(6))
MOCK_GET(admin_GetConfigurationFlags, IBitsPeerCacheAdministration, 7, DWORD, VALUE(7))
MOCK_SET(admin_SetConfigurationFlags, IBitsPeerCacheAdministration, 8, DWORD, VALUE(8))
MOCK_GET_OBJECT(admin_EnumRecords, IBitsPeerCacheAdministration, 9, IEnumBitsPeerCacheRecords,
                &IID_IEnumBitsPeerCacheRecords)

METHOD(admin_GetRecord, IBitsPeerCacheAdministration *iface, REFGUID id, IBitsPeerCacheRecord **record)
{
    *record = NULL;
    return IsEqualGUID(id, &test_guid) ? mock_out(&IID_IBitsPeerCacheRecord, 10, record) : WRONG;
}

MOCK_CALL(admin_ClearRecords, IBitsPeerCacheAdministration, 11)

METHOD(admin_DeleteRecord, IBitsPeerCacheAdministration *iface, REFGUID id)
{
    return mock_reply(12, IsEqualGUID(id, &test_guid));
}

MOCK_SET_STRING(admin_DeleteUrl, IBitsPeerCacheAdministration, 13)
MOCK_GET_OBJECT(admin_EnumPeers, IBitsPeerCacheAdministration, 14, IEnumBitsPeers, &IID_IEnumBitsPeers)
MOCK_CALL(admin_ClearPeers, IBitsPeerCacheAdministration, 15)
MOCK_CALL(admin_DiscoverPeers, IBitsPeerCacheAdministration, 16)

static const IBitsPeerCacheAdministrationVtbl admin_vtbl =
{
    MOCK_UNKNOWN, admin_GetMaximumCacheSize, admin_SetMaximumCacheSize, admin_GetMaximumContentAge,
    admin_SetMaximumContentAge, admin_GetConfigurationFlags, admin_SetConfigurationFlags, admin_EnumRecords,
    admin_GetRecord, admin_ClearRecords, admin_DeleteRecord, admin_DeleteUrl, admin_EnumPeers, admin_ClearPeers,
    admin_DiscoverPeers,
};

METHOD(record_GetId, IBitsPeerCacheRecord *iface, GUID *id)
{
    *id = test_guid;
    return mock_reply(3, TRUE);
}

MOCK_GET_STRING(record_GetOriginUrl, IBitsPeerCacheRecord, 4)
MOCK_GET(record_GetFileSize, IBitsPeerCacheRecord, 5, UINT64, VALUE64(5))

METHOD(record_GetFileModificationTime, IBitsPeerCacheRecord *iface, FILETIME *time)
{
    *time = test_time(6, 0);
    return mock_reply(6, TRUE);
}

METHOD(record_GetLastAccessTime, IBitsPeerCacheRecord *iface, FILETIME *time)
{
    *time = test_time(7, 0);
    return mock_reply(7, TRUE);
}

MOCK_CALL(record_IsFileValidated, IBitsPeerCacheRecord, 8)

METHOD(record_GetFileRanges, IBitsPeerCacheRecord *iface, DWORD *count, BG_FILE_RANGE **ranges)
{
    return out_ranges(9, count, ranges);
}

static const IBitsPeerCacheRecordVtbl record_vtbl =
{
    MOCK_UNKNOWN, record_GetId, record_GetOriginUrl, record_GetFileSize, record_GetFileModificationTime,
    record_GetLastAccessTime, record_IsFileValidated, record_GetFileRanges,
};

MOCK_GET_STRING(peer_GetPeerName, IBitsPeer, 3)
MOCK_GET(peer_IsAuthenticated, IBitsPeer, 4, BOOL, TRUE)
MOCK_GET(peer_IsAvailable, IBitsPeer, 5, BOOL, TRUE)

static const IBitsPeerVtbl peer_vtbl =
{
    MOCK_UNKNOWN, peer_GetPeerName, peer_IsAuthenticated, peer_IsAvailable,
};

/* ---- Enumerators ---- */

#define SET_FILE(element)   *(element) = (IBackgroundCopyFile *)mock_create(&IID_IBackgroundCopyFile)
#define SET_JOB(element)    *(element) = (IBackgroundCopyJob *)mock_create(&IID_IBackgroundCopyJob)
#define SET_RECORD(element) *(element) = (IBitsPeerCacheRecord *)mock_create(&IID_IBitsPeerCacheRecord)
#define SET_PEER(element)   *(element) = (IBitsPeer *)mock_create(&IID_IBitsPeer)

MOCK_ENUM(enum_files, IEnumBackgroundCopyFiles, IBackgroundCopyFile *, SET_FILE);
MOCK_ENUM(enum_jobs, IEnumBackgroundCopyJobs, IBackgroundCopyJob *, SET_JOB);
MOCK_ENUM(enum_records, IEnumBitsPeerCacheRecords, IBitsPeerCacheRecord *, SET_RECORD);
MOCK_ENUM(enum_peers, IEnumBitsPeers, IBitsPeer *, SET_PEER);

/* ---- What clients implement ---- */

METHOD(callback_JobTransferred, IBackgroundCopyCallback3 *iface, IBackgroundCopyJob *job)
{
    return mock_reply(3, is_object(job, &IID_IBackgroundCopyJob5));
}

METHOD(callback_JobError, IBackgroundCopyCallback3 *iface, IBackgroundCopyJob *job, IBackgroundCopyError *error)
{
    return mock_reply(4, is_object(job, &IID_IBackgroundCopyJob) && is_object(error, &IID_IBackgroundCopyError));
}

/* Calls the job while it is waiting for this. */
METHOD(callback_JobModification, IBackgroundCopyCallback3 *iface, IBackgroundCopyJob *job, DWORD reserved)
{
    return mock_reply(5, reserved == VALUE(5) && IBackgroundCopyJob_Suspend(job) == REPLY(6));
}

METHOD(callback_FileTransferred, IBackgroundCopyCallback3 *iface, IBackgroundCopyJob *job,
        IBackgroundCopyFile *file)
{
    return mock_reply(6, is_object(job, &IID_IBackgroundCopyJob) && is_object(file, &IID_IBackgroundCopyFile6));
}

METHOD(callback_FileRangesTransferred, IBackgroundCopyCallback3 *iface, IBackgroundCopyJob *job,
        IBackgroundCopyFile *file, DWORD count, const BG_FILE_RANGE *ranges)
{
    return mock_reply(7, is_object(job, &IID_IBackgroundCopyJob) && is_object(file, &IID_IBackgroundCopyFile) &&
                      is_test_ranges(ranges, count));
}

static const IBackgroundCopyCallback3Vtbl callback_vtbl =
{
    MOCK_UNKNOWN, callback_JobTransferred, callback_JobError, callback_JobModification,
    callback_FileTransferred, callback_FileRangesTransferred,
};

METHOD(certificate_ValidateServerCertificate, IBackgroundCopyServerCertificateValidationCallback *iface,
        IBackgroundCopyJob *job, IBackgroundCopyFile *file, DWORD length, const BYTE *data, DWORD encoding,
        DWORD store_length, const BYTE *store)
{
    return mock_reply(3, is_object(job, &IID_IBackgroundCopyJob) && is_object(file, &IID_IBackgroundCopyFile) &&
                      length == 1000 && is_test_data(data, length) && encoding == VALUE(3) &&
                      store_length == DATA_SIZE && is_test_data(store, store_length));
}

static const IBackgroundCopyServerCertificateValidationCallbackVtbl certificate_vtbl =
{
    MOCK_UNKNOWN, certificate_ValidateServerCertificate,
};

/* ---- All of them ---- */

static const struct mock_class classes[] =
{
    { &job_vtbl, { &IID_IBackgroundCopyJob, &IID_IBackgroundCopyJob2, &IID_IBackgroundCopyJob3,
                   &IID_IBackgroundCopyJob4, &IID_IBackgroundCopyJob5 } },
    { &http_vtbl, { &IID_IBackgroundCopyJobHttpOptions, &IID_IBackgroundCopyJobHttpOptions2,
                    &IID_IBackgroundCopyJobHttpOptions3 } },
    { &token_vtbl, { &IID_IBitsTokenOptions } },
    { &file_vtbl, { &IID_IBackgroundCopyFile, &IID_IBackgroundCopyFile2, &IID_IBackgroundCopyFile3,
                    &IID_IBackgroundCopyFile4, &IID_IBackgroundCopyFile5, &IID_IBackgroundCopyFile6 } },
    { &error_vtbl, { &IID_IBackgroundCopyError } },
    { &manager_vtbl, { &IID_IBackgroundCopyManager } },
    { &admin_vtbl, { &IID_IBitsPeerCacheAdministration } },
    { &record_vtbl, { &IID_IBitsPeerCacheRecord } },
    { &peer_vtbl, { &IID_IBitsPeer } },
    { &enum_files_vtbl, { &IID_IEnumBackgroundCopyFiles } },
    { &enum_jobs_vtbl, { &IID_IEnumBackgroundCopyJobs } },
    { &enum_records_vtbl, { &IID_IEnumBitsPeerCacheRecords } },
    { &enum_peers_vtbl, { &IID_IEnumBitsPeers } },
    { &callback_vtbl, { &IID_IBackgroundCopyCallback, &IID_IBackgroundCopyCallback2,
                        &IID_IBackgroundCopyCallback3 } },
    { &certificate_vtbl, { &IID_IBackgroundCopyServerCertificateValidationCallback } },
};

static const struct mock_class *find_class(const struct mock_class *list, unsigned int count, REFIID iid)
{
    unsigned int i, j;

    for (i = 0; i < count; i++)
        for (j = 0; j < ARRAYSIZE(list[i].iids) && list[i].iids[j]; j++)
            if (IsEqualGUID(iid, list[i].iids[j]))
                return &list[i];
    return NULL;
}

static IUnknown *create(const struct mock_class *class)
{
    struct mock *mock = malloc(sizeof(*mock));

    if (mock)
    {
        mock->vtbl = class->vtbl;
        mock->class = class;
        mock->refcount = 1;
    }
    return (IUnknown *)mock;
}

IUnknown *mock_create(REFIID iid)
{
    const struct mock_class *class;

    if ((class = find_class(classes, ARRAYSIZE(classes), iid)) ||
        (class = find_class(legacy_classes, ARRAYSIZE(legacy_classes), iid)))
        return create(class);
    return NULL;
}

METHOD(factory_CreateInstance, IClassFactory *iface, IUnknown *outer, REFIID iid, void **out)
{
    *out = mock_create(iid);
    return *out ? S_OK : E_NOINTERFACE;
}

METHOD(factory_LockServer, IClassFactory *iface, BOOL lock)
{
    return S_OK;
}

static const IClassFactoryVtbl factory_vtbl =
{
    MOCK_UNKNOWN, factory_CreateInstance, factory_LockServer,
};

IClassFactory *factory_create(void)
{
    static const struct mock_class class = { &factory_vtbl, { &IID_IClassFactory } };

    return (IClassFactory *)create(&class);
}
