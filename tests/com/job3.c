/*
 * IBackgroundCopyJob3: prefixes of remote names, ranges, what is copied of access lists.
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

static IBackgroundCopyJob3 *get_job3(IBackgroundCopyJob *job)
{
    IBackgroundCopyJob3 *job3 = NULL;
    HRESULT hr;

    hr = IBackgroundCopyJob_QueryInterface(job, &IID_IBackgroundCopyJob3, (void **)&job3);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    return job3;
}

static void check_remote_(unsigned int line, IBackgroundCopyJob *job, ULONG index, const WCHAR *expected)
{
    IBackgroundCopyFile *file = job_file(job, index);
    WCHAR *name = NULL;
    HRESULT hr;

    hr = IBackgroundCopyFile_GetRemoteName(file, &name);
    ok_(__FILE__, line)(hr == S_OK, "Got hr %#lx.\n", hr);
    ok_(__FILE__, line)(name && !wcscmp(name, expected), "Got %s.\n", wine_dbgstr_w(name));
    CoTaskMemFree(name);
    IBackgroundCopyFile_Release(file);
}
#define check_remote(job, index, expected) check_remote_(__LINE__, job, index, expected)

static void test_ReplaceRemotePrefix(void)
{
    IBackgroundCopyJob *job = create_job();
    IBackgroundCopyJob3 *job3 = get_job3(job);
    WCHAR *prefix;
    unsigned int i;
    HRESULT hr;

    add_file(job, L"http://old/a", local_name(L"a"));
    add_file(job, L"http://other/a", local_name(L"b"));
    add_file(job, L"http://old/b", local_name(L"c"));

    hr = IBackgroundCopyJob3_ReplaceRemotePrefix(job3, L"http://old/", L"http://new/x/");
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    check_remote(job, 0, L"http://new/x/a");
    check_remote(job, 1, L"http://other/a");
    check_remote(job, 2, L"http://new/x/b");

    hr = IBackgroundCopyJob3_ReplaceRemotePrefix(job3, L"http://old/", L"http://new/");
    ok(hr == S_FALSE, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyJob3_ReplaceRemotePrefix(job3, L"http://NEW/", L"http://x/");
    ok(hr == S_FALSE, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyJob3_ReplaceRemotePrefix(job3, L"", L"http://x/");
    ok(hr == E_INVALIDARG, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyJob3_ReplaceRemotePrefix(job3, L"http://new/", L"");
    ok(hr == E_INVALIDARG, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyJob3_ReplaceRemotePrefix(job3, NULL, L"http://x/");
    ok(hr == NULL_REF, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyJob3_ReplaceRemotePrefix(job3, L"http://new/", NULL);
    ok(hr == NULL_REF, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyJob3_ReplaceRemotePrefix(job3, L"http://new/", L"ftp://x/");
    ok(hr == E_INVALIDARG, "Got hr %#lx.\n", hr);

    /* Nothing changes when one of the results is too long. */
    prefix = malloc(2201 * sizeof(*prefix));
    wcscpy(prefix, L"http://long/");
    for (i = wcslen(prefix); i < 2199; i++)
        prefix[i] = i % 100 ? 'x' : '/';
    prefix[2199] = 0;
    hr = IBackgroundCopyJob3_ReplaceRemotePrefix(job3, L"http://", prefix);
    ok(hr == E_INVALIDARG, "Got hr %#lx.\n", hr);
    free(prefix);
    check_remote(job, 0, L"http://new/x/a");
    check_remote(job, 1, L"http://other/a");
    check_remote(job, 2, L"http://new/x/b");
    IBackgroundCopyJob3_Release(job3);
    drop_job(job);
}

static void test_AddFileWithRanges(void)
{
    static BG_FILE_RANGE range = {0, 100};
    IBackgroundCopyJob *job = create_job();
    IBackgroundCopyJob3 *job3 = get_job3(job);
    HRESULT hr;

    hr = IBackgroundCopyJob3_AddFileWithRanges(job3, L"http://127.0.0.1:1/a", local_name(L"a"), 1, &range);
    todo_wine ok(hr == S_OK, "Got hr %#lx.\n", hr);
    if (hr != S_OK)
    {
        ok(hr == E_NOTIMPL, "Got hr %#lx.\n", hr);
        ok(!count_files(job), "Got files.\n");
    }
    IBackgroundCopyJob3_Release(job3);
    drop_job(job);
}

static void test_acl_flags(void)
{
    IBackgroundCopyJob *job = create_job();
    IBackgroundCopyJob3 *job3 = get_job3(job);
    WCHAR source[MAX_PATH];
    DWORD flags = 0xdead;
    HRESULT hr;

    hr = IBackgroundCopyJob3_GetFileACLFlags(job3, &flags);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(!flags, "Got %#lx.\n", flags);
    hr = IBackgroundCopyJob3_GetFileACLFlags(job3, NULL);
    ok(hr == NULL_REF, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyJob3_SetFileACLFlags(job3, 0x10);
    ok(hr == E_INVALIDARG, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyJob3_SetFileACLFlags(job3, BG_COPY_FILE_ALL | 0x80000000);
    ok(hr == E_INVALIDARG, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyJob3_SetFileACLFlags(job3, BG_COPY_FILE_DACL);
    todo_wine ok(hr == S_OK, "Got hr %#lx.\n", hr);
    if (hr != S_OK)
        ok(hr == E_NOTIMPL, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyJob3_SetFileACLFlags(job3, 0);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);

    wcscpy(source, local_name(L"source"));
    write_file(source, 10, 1);
    add_file(job, source, local_name(L"target"));
    hr = IBackgroundCopyJob_SetPriority(job, BG_JOB_PRIORITY_FOREGROUND);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    resume_job(job);
    wait_state(job, STATE(TRANSFERRED));
    hr = IBackgroundCopyJob3_SetFileACLFlags(job3, 0);
    ok(hr == BG_E_INVALID_STATE, "Got hr %#lx.\n", hr);
    IBackgroundCopyJob3_Release(job3);
    drop_job(job);
}

START_TEST(job3)
{
    if (!test_begin())
        return;
    test_ReplaceRemotePrefix();
    test_AddFileWithRanges();
    test_acl_flags();
    test_end();
}
