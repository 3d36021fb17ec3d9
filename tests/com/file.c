/*
 * IBackgroundCopyFile and IBackgroundCopyFile2.
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
#include "wine/test.h"

static void test_interfaces(void)
{
    static const struct { const char *name; GUID iid; BOOL later; } interfaces[] =
    {
        {"File", {0x01b7bd23, 0xfb88, 0x4a77, {0x84, 0x90, 0x58, 0x91, 0xd3, 0xe4, 0x65, 0x3a}}},
        {"File2", {0x83e81b93, 0x0873, 0x474d, {0x8a, 0x8c, 0xf2, 0x01, 0x8b, 0x1a, 0x93, 0x9c}}},
        {"File3", {0x659cdeaa, 0x489e, 0x11d9, {0xa9, 0xcd, 0x00, 0x0d, 0x56, 0x96, 0x52, 0x51}}, TRUE},
        {"File4", {0xef7e0655, 0x7888, 0x4960, {0xb0, 0xe5, 0x73, 0x08, 0x46, 0xe0, 0x34, 0x92}}, TRUE},
        {"File5", {0x85c1657f, 0xdafc, 0x40e8, {0x88, 0x34, 0xdf, 0x18, 0xea, 0x25, 0x71, 0x7e}}, TRUE},
        {"File6", {0xcf6784f7, 0xd677, 0x49fd, {0x93, 0x68, 0xcb, 0x47, 0xae, 0xe9, 0xd1, 0xad}}, TRUE},
    };
    IBackgroundCopyJob *job = create_job();
    IUnknown *unknown, *iface, *identity;
    IBackgroundCopyFile *file;
    unsigned int i;
    HRESULT hr;

    add_file(job, L"http://127.0.0.1:1/a", local_name(L"a"));
    file = job_file(job, 0);
    hr = IBackgroundCopyFile_QueryInterface(file, &IID_IUnknown, (void **)&unknown);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    for (i = 0; i < ARRAYSIZE(interfaces); i++)
    {
        winetest_push_context("%s", interfaces[i].name);
        iface = (void *)0xdeadbeef;
        hr = IBackgroundCopyFile_QueryInterface(file, &interfaces[i].iid, (void **)&iface);
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
    IUnknown_Release(unknown);
    IBackgroundCopyFile_Release(file);
    drop_job(job);
}

/* Names come back as they were given. */
static void test_names(void)
{
    static const WCHAR *remotes[] =
    {
        L"http://127.0.0.1:1/a%20b?c=d&e=f#g", L"HTTP://LocalHost:1/../A/./b//c", L"https://user:secret@127.0.0.1:1/a",
        L"http://127.0.0.1:1/", L"file:///C:/dir/file", L"file://C:\\dir\\file", L"C:\\dir\\file",
        L"\\\\server\\share\\file", L"http://xn--bcher-kva.example/",
    };
    IBackgroundCopyJob *job = create_job();
    WCHAR local[MAX_PATH], *name;
    IBackgroundCopyFile *file;
    unsigned int i;
    HRESULT hr;

    for (i = 0; i < ARRAYSIZE(remotes); i++)
    {
        swprintf(local, ARRAYSIZE(local), L"%ls %u.x\x20ac", local_name(L"A File"), i);
        add_file(job, remotes[i], local);
        file = job_file(job, i);
        name = NULL;
        hr = IBackgroundCopyFile_GetRemoteName(file, &name);
        ok(hr == S_OK, "Got hr %#lx.\n", hr);
        ok(name && !wcscmp(name, remotes[i]), "Got %s.\n", wine_dbgstr_w(name));
        CoTaskMemFree(name);
        name = NULL;
        hr = IBackgroundCopyFile_GetLocalName(file, &name);
        ok(hr == S_OK, "Got hr %#lx.\n", hr);
        ok(name && !wcscmp(name, local), "Got %s.\n", wine_dbgstr_w(name));
        CoTaskMemFree(name);
        hr = IBackgroundCopyFile_GetRemoteName(file, NULL);
        ok(hr == NULL_REF, "Got hr %#lx.\n", hr);
        hr = IBackgroundCopyFile_GetLocalName(file, NULL);
        ok(hr == NULL_REF, "Got hr %#lx.\n", hr);
        IBackgroundCopyFile_Release(file);
    }
    drop_job(job);
}

static void check_file_progress_(unsigned int line, IBackgroundCopyFile *file, UINT64 total, UINT64 done, BOOL completed)
{
    BG_FILE_PROGRESS progress;
    HRESULT hr;

    memset(&progress, 0xcc, sizeof(progress));
    hr = IBackgroundCopyFile_GetProgress(file, &progress);
    ok_(__FILE__, line)(hr == S_OK, "Got hr %#lx.\n", hr);
    ok_(__FILE__, line)(progress.BytesTotal == total, "Got %I64u bytes in all.\n", progress.BytesTotal);
    ok_(__FILE__, line)(progress.BytesTransferred == done, "Got %I64u bytes.\n", progress.BytesTransferred);
    ok_(__FILE__, line)(progress.Completed == completed, "Got %d.\n", progress.Completed);
}
#define check_file_progress(file, total, done, completed) check_file_progress_(__LINE__, file, total, done, completed)

static void test_progress(void)
{
    IBackgroundCopyJob *job;
    IBackgroundCopyFile *file;
    WCHAR source[MAX_PATH];
    HRESULT hr;

    wcscpy(source, local_name(L"source"));
    write_file(source, 12345, 1);
    job = create_job_with(source, local_name(L"target"));
    file = job_file(job, 0);
    check_file_progress(file, BG_SIZE_UNKNOWN, 0, FALSE);
    hr = IBackgroundCopyFile_GetProgress(file, NULL);
    ok(hr == NULL_REF, "Got hr %#lx.\n", hr);
    resume_job(job);
    wait_state(job, STATE(TRANSFERRED));
    check_file_progress(file, 12345, 12345, FALSE);
    hr = IBackgroundCopyJob_Complete(job);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    check_file_progress(file, 12345, 12345, TRUE);
    IBackgroundCopyFile_Release(file);
    IBackgroundCopyJob_Release(job);
}

static void test_GetFileRanges(void)
{
    IBackgroundCopyJob *job = create_job();
    IBackgroundCopyFile2 *file2;
    IBackgroundCopyFile *file;
    BG_FILE_RANGE *ranges;
    DWORD count;
    HRESULT hr;

    add_file(job, L"http://127.0.0.1:1/a", local_name(L"a"));
    file = job_file(job, 0);
    hr = IBackgroundCopyFile_QueryInterface(file, &IID_IBackgroundCopyFile2, (void **)&file2);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    count = 0xdead;
    ranges = (void *)0xdeadbeef;
    hr = IBackgroundCopyFile2_GetFileRanges(file2, &count, &ranges);
    ok(hr == S_FALSE, "Got hr %#lx.\n", hr);
    ok(!count, "Got %lu.\n", count);
    ok(!ranges, "Got %p.\n", ranges);
    ranges = (void *)0xdeadbeef;
    hr = IBackgroundCopyFile2_GetFileRanges(file2, NULL, &ranges);
    ok(FAILED(hr), "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyFile2_GetFileRanges(file2, &count, NULL);
    ok(hr == NULL_REF, "Got hr %#lx.\n", hr);
    IBackgroundCopyFile2_Release(file2);
    IBackgroundCopyFile_Release(file);
    drop_job(job);
}

static void test_SetRemoteName(void)
{
    IBackgroundCopyJob *job = create_job();
    WCHAR *name, source[MAX_PATH], *url;
    IBackgroundCopyFile2 *file2;
    IBackgroundCopyFile *file;
    unsigned int i;
    HRESULT hr;

    wcscpy(source, local_name(L"source"));
    write_file(source, 1000, 7);
    add_file(job, L"http://127.0.0.1:1/a", local_name(L"renamed"));
    file = job_file(job, 0);
    hr = IBackgroundCopyFile_QueryInterface(file, &IID_IBackgroundCopyFile2, (void **)&file2);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyFile2_SetRemoteName(file2, L"http://127.0.0.1:1/b");
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyFile2_SetRemoteName(file2, NULL);
    ok(hr == NULL_REF, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyFile2_SetRemoteName(file2, L"");
    ok(hr == E_INVALIDARG, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyFile2_SetRemoteName(file2, L"ftp://127.0.0.1:1/b");
    ok(hr == E_INVALIDARG, "Got hr %#lx.\n", hr);
    url = malloc(2202 * sizeof(*url));
    wcscpy(url, L"http://127.0.0.1:1/");
    for (i = wcslen(url); i < 2201; i++)
        url[i] = i % 100 ? 'x' : '/';
    url[2201] = 0;
    hr = IBackgroundCopyFile2_SetRemoteName(file2, url);
    ok(hr == E_INVALIDARG, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyFile2_GetRemoteName(file2, &name);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(!wcscmp(name, L"http://127.0.0.1:1/b"), "Got %s.\n", wine_dbgstr_w(name));
    CoTaskMemFree(name);
    url[2200] = 0;
    hr = IBackgroundCopyFile2_SetRemoteName(file2, url);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    free(url);

    hr = IBackgroundCopyFile2_SetRemoteName(file2, source);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyJob_SetPriority(job, BG_JOB_PRIORITY_FOREGROUND);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    resume_job(job);
    wait_state(job, STATE(TRANSFERRED));
    hr = IBackgroundCopyJob_Complete(job);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    check_content(local_name(L"renamed"), 1000, 7);
    hr = IBackgroundCopyFile2_SetRemoteName(file2, source);
    ok(hr == BG_E_INVALID_STATE, "Got hr %#lx.\n", hr);
    IBackgroundCopyFile2_Release(file2);
    IBackgroundCopyFile_Release(file);
    IBackgroundCopyJob_Release(job);
}

START_TEST(file)
{
    if (!test_begin())
        return;
    test_interfaces();
    test_names();
    test_progress();
    test_GetFileRanges();
    test_SetRemoteName();
    test_end();
}
