/*
 * What the COM tests share.
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

#define WIN32_LEAN_AND_MEAN
#include <stdio.h>
#include <stdlib.h>
#include <winsock2.h>
#include "util.h"
#include "../server/content.h"
#include "wine/test.h"

IBackgroundCopyManager *manager;

static WCHAR dir[MAX_PATH];

static void make_dir(void)
{
    WCHAR temp[MAX_PATH];

    GetTempPathW(ARRAYSIZE(temp), temp);
    GetTempFileNameW(temp, L"wbt", 0, dir);
    DeleteFileW(dir);
    ok(CreateDirectoryW(dir, NULL), "Got error %lu.\n", GetLastError());
}

static void empty_dir(const WCHAR *path)
{
    WCHAR name[2 * MAX_PATH];
    WIN32_FIND_DATAW data;
    HANDLE find;

    swprintf(name, ARRAYSIZE(name), L"%ls\\*", path);
    find = FindFirstFileW(name, &data);
    if (find == INVALID_HANDLE_VALUE)
        return;
    do
    {
        if (!wcscmp(data.cFileName, L".") || !wcscmp(data.cFileName, L".."))
            continue;
        swprintf(name, ARRAYSIZE(name), L"%ls\\%ls", path, data.cFileName);
        SetFileAttributesW(name, FILE_ATTRIBUTE_NORMAL);
        if (data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY)
        {
            empty_dir(name);
            RemoveDirectoryW(name);
        }
        else
            DeleteFileW(name);
    } while (FindNextFileW(find, &data));
    FindClose(find);
}

BOOL test_begin(void)
{
    WSADATA data;
    HRESULT hr;

    WSAStartup(MAKEWORD(2, 2), &data);
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    hr = CoCreateInstance(&CLSID_BackgroundCopyManager, NULL, CLSCTX_LOCAL_SERVER,
                          &IID_IBackgroundCopyManager, (void **)&manager);
    if (hr == HRESULT_FROM_WIN32(ERROR_SERVICE_DISABLED))
    {
        win_skip("The BITS service is disabled.\n");
        CoUninitialize();
        return FALSE;
    }
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    if (FAILED(hr))
    {
        CoUninitialize();
        return FALSE;
    }
    make_dir();
    return TRUE;
}

void test_end(void)
{
    IBackgroundCopyManager_Release(manager);
    empty_dir(dir);
    RemoveDirectoryW(dir);
    CoUninitialize();
    WSACleanup();
}

const WCHAR *local_name(const WCHAR *name)
{
    static WCHAR buffers[4][2 * MAX_PATH];
    static unsigned int next;
    WCHAR *buffer = buffers[next++ % 4];

    swprintf(buffer, ARRAYSIZE(buffers[0]), L"%ls\\%ls", dir, name);
    return buffer;
}

const char *server_url(void)
{
    const char *url = getenv("HTTPD_URL");

    return url && *url ? url : NULL;
}

BOOL need_server(void)
{
    if (server_url())
        return TRUE;
    skip("There is no HTTPD_URL.\n");
    return FALSE;
}

const WCHAR *remote_name(const char *path)
{
    static WCHAR buffers[4][4096];
    static unsigned int next;
    WCHAR *buffer = buffers[next++ % 4];

    if (!server_url())
        return NULL;
    swprintf(buffer, ARRAYSIZE(buffers[0]), L"%hs%hs", server_url(), path);
    return buffer;
}

IBackgroundCopyJob *create_job(void)
{
    IBackgroundCopyJob *job = NULL;
    HRESULT hr;
    GUID id;

    hr = IBackgroundCopyManager_CreateJob(manager, L"winebits test", BG_JOB_TYPE_DOWNLOAD, &id, &job);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    return job;
}

IBackgroundCopyJob *create_job_with(const WCHAR *remote, const WCHAR *local)
{
    IBackgroundCopyJob *job = create_job();
    HRESULT hr;

    hr = IBackgroundCopyJob_SetPriority(job, BG_JOB_PRIORITY_FOREGROUND);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    add_file(job, remote, local);
    return job;
}

void add_file(IBackgroundCopyJob *job, const WCHAR *remote, const WCHAR *local)
{
    HRESULT hr = IBackgroundCopyJob_AddFile(job, remote, local);

    ok(hr == S_OK, "Got hr %#lx for %s as %s.\n", hr, wine_dbgstr_w(remote), wine_dbgstr_w(local));
}

void resume_job(IBackgroundCopyJob *job)
{
    HRESULT hr = IBackgroundCopyJob_Resume(job);

    ok(hr == S_OK, "Got hr %#lx.\n", hr);
}

void drop_job(IBackgroundCopyJob *job)
{
    BG_JOB_STATE state = job_state(job);

    if (state != BG_JOB_STATE_ACKNOWLEDGED && state != BG_JOB_STATE_CANCELLED)
    {
        HRESULT hr = IBackgroundCopyJob_Cancel(job);
        ok(hr == S_OK, "Got hr %#lx.\n", hr);
    }
    IBackgroundCopyJob_Release(job);
}

BG_JOB_STATE job_state(IBackgroundCopyJob *job)
{
    BG_JOB_STATE state = 0xdead;
    HRESULT hr;

    hr = IBackgroundCopyJob_GetState(job, &state);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    return state;
}

void check_state_(const char *file_name, unsigned int line, IBackgroundCopyJob *job, BG_JOB_STATE expected)
{
    BG_JOB_STATE state = job_state(job);

    ok_(file_name, line)(state == expected, "Got state %u instead of %u.\n", state, expected);
}

/* BITS may drop the callback for a change of state, so the state itself is asked. */
BG_JOB_STATE wait_state_(const char *file_name, unsigned int line, IBackgroundCopyJob *job, unsigned int mask)
{
    DWORD start = GetTickCount();
    BG_JOB_STATE state;

    for (;;)
    {
        state = job_state(job);
        if ((1u << state) & (mask | STATES_STOPPED))
            break;
        if (GetTickCount() - start > TIMEOUT)
            break;
        Sleep(5);
    }
    ok_(file_name, line)((1u << state) & mask, "Got state %u instead of one of %#x.\n", state, mask);
    if (state == BG_JOB_STATE_ERROR && !((1u << state) & mask))
    {
        IBackgroundCopyError *error;
        BG_ERROR_CONTEXT context = 0;
        HRESULT code = S_OK;

        if (SUCCEEDED(IBackgroundCopyJob_GetError(job, &error)))
        {
            IBackgroundCopyError_GetError(error, &context, &code);
            IBackgroundCopyError_Release(error);
        }
        trace_(file_name, line)("Error %#lx, context %u.\n", code, context);
    }
    return state;
}

void wait_bytes_(const char *file_name, unsigned int line, IBackgroundCopyJob *job, UINT64 bytes)
{
    DWORD start = GetTickCount();
    BG_JOB_PROGRESS progress;
    BG_JOB_STATE state;
    HRESULT hr;

    for (;;)
    {
        state = job_state(job);
        hr = IBackgroundCopyJob_GetProgress(job, &progress);
        ok(hr == S_OK, "Got hr %#lx.\n", hr);
        if (FAILED(hr) || progress.BytesTransferred >= bytes || ((1u << state) & STATES_STOPPED))
            break;
        if (GetTickCount() - start > TIMEOUT)
            break;
        Sleep(5);
    }
    ok_(file_name, line)(progress.BytesTransferred >= bytes, "Got %I64u of %I64u bytes in state %u.\n",
            progress.BytesTransferred, bytes, state);
}

void check_error_(const char *file_name, unsigned int line, IBackgroundCopyJob *job, BG_ERROR_CONTEXT context, HRESULT code)
{
    IBackgroundCopyError *error = NULL;
    BG_ERROR_CONTEXT ret_context = 0xdead;
    HRESULT hr, ret_code = 0xdead;

    hr = IBackgroundCopyJob_GetError(job, &error);
    ok_(file_name, line)(hr == S_OK, "Got hr %#lx.\n", hr);
    if (FAILED(hr))
        return;
    hr = IBackgroundCopyError_GetError(error, &ret_context, &ret_code);
    ok_(file_name, line)(hr == S_OK, "Got hr %#lx.\n", hr);
    ok_(file_name, line)(ret_context == context, "Got context %u.\n", ret_context);
    ok_(file_name, line)(ret_code == code, "Got code %#lx instead of %#lx.\n", ret_code, code);
    IBackgroundCopyError_Release(error);
}

void check_progress_(const char *file_name, unsigned int line, IBackgroundCopyJob *job, UINT64 total, UINT64 done,
                     ULONG files, ULONG files_done)
{
    BG_JOB_PROGRESS progress;
    HRESULT hr;

    memset(&progress, 0xcc, sizeof(progress));
    hr = IBackgroundCopyJob_GetProgress(job, &progress);
    ok_(file_name, line)(hr == S_OK, "Got hr %#lx.\n", hr);
    ok_(file_name, line)(progress.BytesTotal == total, "Got %I64u bytes in all.\n", progress.BytesTotal);
    ok_(file_name, line)(progress.BytesTransferred == done, "Got %I64u bytes.\n", progress.BytesTransferred);
    ok_(file_name, line)(progress.FilesTotal == files, "Got %lu files in all.\n", progress.FilesTotal);
    ok_(file_name, line)(progress.FilesTransferred == files_done, "Got %lu files.\n", progress.FilesTransferred);
}

IBackgroundCopyFile *job_file(IBackgroundCopyJob *job, ULONG index)
{
    IBackgroundCopyFile *file = NULL;
    IEnumBackgroundCopyFiles *files;
    HRESULT hr;

    hr = IBackgroundCopyJob_EnumFiles(job, &files);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    if (FAILED(hr))
        return NULL;
    if (index)
    {
        hr = IEnumBackgroundCopyFiles_Skip(files, index);
        ok(hr == S_OK, "Got hr %#lx.\n", hr);
    }
    hr = IEnumBackgroundCopyFiles_Next(files, 1, &file, NULL);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    IEnumBackgroundCopyFiles_Release(files);
    return file;
}

ULONG count_files(IBackgroundCopyJob *job)
{
    IEnumBackgroundCopyFiles *files;
    ULONG count = 0xdead;
    HRESULT hr;

    hr = IBackgroundCopyJob_EnumFiles(job, &files);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    hr = IEnumBackgroundCopyFiles_GetCount(files, &count);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    IEnumBackgroundCopyFiles_Release(files);
    return count;
}

void write_file(const WCHAR *path, UINT64 size, unsigned int seed)
{
    static unsigned char buffer[65536];
    DWORD written, part;
    UINT64 offset = 0;
    HANDLE file;

    file = CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    ok(file != INVALID_HANDLE_VALUE, "Got error %lu for %s.\n", GetLastError(), wine_dbgstr_w(path));
    if (file == INVALID_HANDLE_VALUE)
        return;
    while (offset < size)
    {
        part = size - offset < sizeof(buffer) ? (DWORD)(size - offset) : sizeof(buffer);
        content_fill(buffer, part, seed, offset);
        ok(WriteFile(file, buffer, part, &written, NULL) && written == part, "Got error %lu.\n", GetLastError());
        offset += part;
    }
    CloseHandle(file);
}

BOOL file_exists(const WCHAR *path)
{
    return GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES;
}

UINT64 file_size(const WCHAR *path)
{
    WIN32_FILE_ATTRIBUTE_DATA data;

    if (!GetFileAttributesExW(path, GetFileExInfoStandard, &data))
        return BG_SIZE_UNKNOWN;
    return (UINT64)data.nFileSizeHigh << 32 | data.nFileSizeLow;
}

static HANDLE open_for_reading(const WCHAR *path)
{
    return CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                       NULL, OPEN_EXISTING, 0, NULL);
}

void check_same_file_(const char *file_name, unsigned int line, const WCHAR *a, const WCHAR *b)
{
    static unsigned char buffers[2][65536];
    HANDLE files[2];
    UINT64 offset = 0;
    DWORD got[2], i;

    files[0] = open_for_reading(a);
    files[1] = open_for_reading(b);
    ok_(file_name, line)(files[0] != INVALID_HANDLE_VALUE, "There is no %s.\n", wine_dbgstr_w(a));
    ok_(file_name, line)(files[1] != INVALID_HANDLE_VALUE, "There is no %s.\n", wine_dbgstr_w(b));
    if (files[0] != INVALID_HANDLE_VALUE && files[1] != INVALID_HANDLE_VALUE)
    {
        do
        {
            for (i = 0; i < 2; i++)
                if (!ReadFile(files[i], buffers[i], sizeof(buffers[i]), &got[i], NULL))
                    got[i] = 0;
            if (got[0] != got[1] || memcmp(buffers[0], buffers[1], got[0]))
                break;
            offset += got[0];
        } while (got[0]);
        ok_(file_name, line)(!got[0] && !got[1], "%s and %s differ after byte %I64u.\n",
                wine_dbgstr_w(a), wine_dbgstr_w(b), offset);
    }
    CloseHandle(files[0]);
    CloseHandle(files[1]);
}

void check_content_(const char *file_name, unsigned int line, const WCHAR *path, UINT64 size, unsigned int seed)
{
    static unsigned char buffer[65536];
    UINT64 offset = 0;
    HANDLE file;
    DWORD got;

    file = open_for_reading(path);
    ok_(file_name, line)(file != INVALID_HANDLE_VALUE, "There is no %s.\n", wine_dbgstr_w(path));
    if (file == INVALID_HANDLE_VALUE)
        return;
    while (ReadFile(file, buffer, sizeof(buffer), &got, NULL) && got)
    {
        size_t good = content_check(buffer, got, seed, offset);
        offset += good;
        if (good != got)
        {
            ok_(file_name, line)(FALSE, "Byte %I64u of %s is wrong.\n", offset, wine_dbgstr_w(path));
            break;
        }
    }
    ok_(file_name, line)(offset == size, "Got %I64u bytes instead of %I64u.\n", offset, size);
    CloseHandle(file);
}

unsigned int count_names(const WCHAR *pattern)
{
    WIN32_FIND_DATAW data;
    unsigned int count = 0;
    HANDLE find;

    find = FindFirstFileW(local_name(pattern), &data);
    if (find == INVALID_HANDLE_VALUE)
        return 0;
    do
    {
        if (wcscmp(data.cFileName, L".") && wcscmp(data.cFileName, L".."))
            count++;
    } while (FindNextFileW(find, &data));
    FindClose(find);
    return count;
}

char *server_get_from(unsigned int port, const char *path)
{
    struct sockaddr_in address;
    char request[4096], *answer = NULL, *body, *ret = NULL;
    size_t size = 0;
    SOCKET s;
    int n;

    s = socket(AF_INET, SOCK_STREAM, 0);
    memset(&address, 0, sizeof(address));
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    if (connect(s, (struct sockaddr *)&address, sizeof(address)))
    {
        closesocket(s);
        return NULL;
    }
    n = snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nConnection: close\r\n\r\n",
                 path, port);
    send(s, request, n, 0);
    do
    {
        answer = realloc(answer, size + 65537);
        n = recv(s, answer + size, 65536, 0);
        if (n > 0)
            size += n;
    } while (n > 0);
    closesocket(s);
    answer[size] = 0;
    if ((body = strstr(answer, "\r\n\r\n")))
        ret = _strdup(body + 4);
    free(answer);
    return ret;
}

char *server_get(const char *path)
{
    const char *url = server_url();
    unsigned int port;

    if (!url || sscanf(url, "http://127.0.0.1:%u", &port) != 1)
        return NULL;
    return server_get_from(port, path);
}

UINT64 server_count(const char *test, const char *key)
{
    char path[256], *answer;
    UINT64 value;

    snprintf(path, sizeof(path), "/count/%s/%s", test, key);
    if (!(answer = server_get(path)))
        return 0;
    value = _strtoui64(answer, NULL, 10);
    free(answer);
    return value;
}

void server_do(const char *format, ...)
{
    char path[1024];
    va_list args;

    va_start(args, format);
    vsnprintf(path, sizeof(path), format, args);
    va_end(args);
    free(server_get(path));
}

void server_wait_(const char *file_name, unsigned int line, const char *test, const char *key, unsigned int value)
{
    char path[256], *answer;

    snprintf(path, sizeof(path), "/wait/%s/%s/%u", test, key, value);
    answer = server_get(path);
    ok_(file_name, line)(answer && !strncmp(answer, "ok", 2), "%s did not come to %u: %s.\n", key, value,
            wine_dbgstr_a(answer));
    free(answer);
}

static inline struct callback *impl_from_IBackgroundCopyCallback2(IBackgroundCopyCallback2 *iface)
{
    return CONTAINING_RECORD(iface, struct callback, IBackgroundCopyCallback2_iface);
}

static HRESULT WINAPI callback_QueryInterface(IBackgroundCopyCallback2 *iface, REFIID iid, void **out)
{
    struct callback *callback = impl_from_IBackgroundCopyCallback2(iface);

    if (IsEqualIID(iid, &IID_IUnknown) || IsEqualIID(iid, &IID_IBackgroundCopyCallback)
            || (!callback->first_only && IsEqualIID(iid, &IID_IBackgroundCopyCallback2)))
    {
        IBackgroundCopyCallback2_AddRef(iface);
        *out = iface;
        return S_OK;
    }
    *out = NULL;
    return E_NOINTERFACE;
}

static ULONG WINAPI callback_AddRef(IBackgroundCopyCallback2 *iface)
{
    return InterlockedIncrement(&impl_from_IBackgroundCopyCallback2(iface)->refcount);
}

static ULONG WINAPI callback_Release(IBackgroundCopyCallback2 *iface)
{
    struct callback *callback = impl_from_IBackgroundCopyCallback2(iface);
    ULONG refcount = InterlockedDecrement(&callback->refcount);

    if (!refcount)
    {
        CloseHandle(callback->arrived);
        DeleteCriticalSection(&callback->lock);
        free(callback);
    }
    return refcount;
}

static void note(struct callback *callback, enum event_kind kind, IBackgroundCopyJob *job,
                 HRESULT code, const WCHAR *local)
{
    struct event event = {kind};

    event.state = job_state(job);
    event.code = code;
    if (local)
        lstrcpynW(event.local, local, ARRAYSIZE(event.local));
    EnterCriticalSection(&callback->lock);
    if (callback->count < ARRAYSIZE(callback->events))
        callback->events[callback->count++] = event;
    LeaveCriticalSection(&callback->lock);
    SetEvent(callback->arrived);
}

static HRESULT WINAPI callback_JobTransferred(IBackgroundCopyCallback2 *iface, IBackgroundCopyJob *job)
{
    struct callback *callback = impl_from_IBackgroundCopyCallback2(iface);
    HRESULT hr;

    if (callback->complete)
    {
        hr = IBackgroundCopyJob_Complete(job);
        ok(hr == S_OK, "Got hr %#lx.\n", hr);
    }
    note(callback, EVENT_TRANSFERRED, job, S_OK, NULL);
    return callback->hr;
}

static HRESULT WINAPI callback_JobError(IBackgroundCopyCallback2 *iface, IBackgroundCopyJob *job,
                                        IBackgroundCopyError *error)
{
    struct callback *callback = impl_from_IBackgroundCopyCallback2(iface);
    BG_ERROR_CONTEXT context;
    HRESULT hr, code = S_OK;

    hr = IBackgroundCopyError_GetError(error, &context, &code);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    note(callback, EVENT_ERROR, job, code, NULL);
    return callback->hr;
}

static HRESULT WINAPI callback_JobModification(IBackgroundCopyCallback2 *iface, IBackgroundCopyJob *job,
                                               DWORD reserved)
{
    ok(!reserved, "Got %#lx.\n", reserved);
    note(impl_from_IBackgroundCopyCallback2(iface), EVENT_MODIFICATION, job, S_OK, NULL);
    return S_OK;
}

static HRESULT WINAPI callback_FileTransferred(IBackgroundCopyCallback2 *iface, IBackgroundCopyJob *job,
                                               IBackgroundCopyFile *file)
{
    struct callback *callback = impl_from_IBackgroundCopyCallback2(iface);
    WCHAR *name = NULL;
    HRESULT hr;

    hr = IBackgroundCopyFile_GetLocalName(file, &name);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    note(callback, EVENT_FILE, job, S_OK, name);
    CoTaskMemFree(name);
    return callback->hr;
}

static const IBackgroundCopyCallback2Vtbl callback_vtbl =
{
    callback_QueryInterface,
    callback_AddRef,
    callback_Release,
    callback_JobTransferred,
    callback_JobError,
    callback_JobModification,
    callback_FileTransferred,
};

struct callback *callback_create(void)
{
    struct callback *callback = calloc(1, sizeof(*callback));

    callback->IBackgroundCopyCallback2_iface.lpVtbl = &callback_vtbl;
    callback->refcount = 1;
    InitializeCriticalSection(&callback->lock);
    callback->arrived = CreateEventW(NULL, FALSE, FALSE, NULL);
    return callback;
}

void callback_release(struct callback *callback)
{
    IBackgroundCopyCallback2_Release(&callback->IBackgroundCopyCallback2_iface);
}

IUnknown *callback_unknown(struct callback *callback)
{
    return (IUnknown *)&callback->IBackgroundCopyCallback2_iface;
}

unsigned int callback_count(struct callback *callback, enum event_kind kind)
{
    unsigned int i, count = 0;

    EnterCriticalSection(&callback->lock);
    for (i = 0; i < callback->count; i++)
        count += callback->events[i].kind == kind;
    LeaveCriticalSection(&callback->lock);
    return count;
}

BOOL callback_wait_(const char *file_name, unsigned int line, struct callback *callback, enum event_kind kind, unsigned int n)
{
    DWORD start = GetTickCount();
    BOOL ret;

    while (!(ret = callback_count(callback, kind) >= n) && GetTickCount() - start < TIMEOUT)
        WaitForSingleObject(callback->arrived, 1000);
    ok_(file_name, line)(ret, "Event %u did not come %u times.\n", kind, n);
    return ret;
}
