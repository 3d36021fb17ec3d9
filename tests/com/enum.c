/*
 * IEnumBackgroundCopyFiles and IEnumBackgroundCopyJobs.
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

#define FILES 5

static void check_file_(unsigned int line, IBackgroundCopyFile *file, unsigned int index)
{
    WCHAR *name = NULL, expected[] = L"http://127.0.0.1:1/0";
    HRESULT hr;

    ok_(__FILE__, line)(!!file, "Got no file.\n");
    if (!file)
        return;
    expected[wcslen(expected) - 1] += index;
    hr = IBackgroundCopyFile_GetRemoteName(file, &name);
    ok_(__FILE__, line)(hr == S_OK, "Got hr %#lx.\n", hr);
    ok_(__FILE__, line)(name && !wcscmp(name, expected), "Got %s.\n", wine_dbgstr_w(name));
    CoTaskMemFree(name);
    ok_(__FILE__, line)(!IBackgroundCopyFile_Release(file), "The file has references.\n");
}
#define check_file(file, index) check_file_(__LINE__, file, index)

static void test_files(void)
{
    WCHAR remote[] = L"http://127.0.0.1:1/0", local[] = L"0";
    IEnumBackgroundCopyFiles *files, *clone;
    IBackgroundCopyFile *array[FILES + 1];
    IBackgroundCopyJob *job = create_job();
    ULONG count, i;
    HRESULT hr;

    hr = IBackgroundCopyJob_EnumFiles(job, &files);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    hr = IEnumBackgroundCopyFiles_GetCount(files, &count);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(!count, "Got %lu.\n", count);
    hr = IEnumBackgroundCopyFiles_Next(files, 1, array, NULL);
    ok(hr == S_FALSE, "Got hr %#lx.\n", hr);
    ok(!IEnumBackgroundCopyFiles_Release(files), "The enumerator has references.\n");

    for (i = 0; i < FILES; i++)
    {
        remote[wcslen(remote) - 1] = local[0] = '0' + i;
        add_file(job, remote, local_name(local));
    }
    hr = IBackgroundCopyJob_EnumFiles(job, &files);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    /* The snapshot does not see this one. */
    add_file(job, L"http://127.0.0.1:1/late", local_name(L"late"));
    hr = IEnumBackgroundCopyFiles_GetCount(files, &count);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(count == FILES, "Got %lu.\n", count);
    hr = IEnumBackgroundCopyFiles_GetCount(files, NULL);
    ok(hr == NULL_REF, "Got hr %#lx.\n", hr);

    for (i = 0; i < FILES; i++)
    {
        array[0] = NULL;
        hr = IEnumBackgroundCopyFiles_Next(files, 1, array, NULL);
        ok(hr == S_OK, "Got hr %#lx.\n", hr);
        check_file(array[0], i);
    }
    array[0] = (void *)0xdeadbeef;
    hr = IEnumBackgroundCopyFiles_Next(files, 1, array, NULL);
    ok(hr == S_FALSE, "Got hr %#lx.\n", hr);
    ok(!array[0], "Got %p.\n", array[0]);

    hr = IEnumBackgroundCopyFiles_Reset(files);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    hr = IEnumBackgroundCopyFiles_Reset(files);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    for (i = 0; i < FILES; i++)
    {
        array[0] = NULL;
        count = 0xdead;
        hr = IEnumBackgroundCopyFiles_Next(files, 1, array, &count);
        ok(hr == S_OK, "Got hr %#lx.\n", hr);
        ok(count == 1, "Got %lu.\n", count);
        check_file(array[0], i);
    }
    count = 0xdead;
    hr = IEnumBackgroundCopyFiles_Next(files, 1, array, &count);
    ok(hr == S_FALSE, "Got hr %#lx.\n", hr);
    ok(!count, "Got %lu.\n", count);

    hr = IEnumBackgroundCopyFiles_Reset(files);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    hr = IEnumBackgroundCopyFiles_Next(files, FILES, array, &count);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(count == FILES, "Got %lu.\n", count);
    for (i = 0; i < count; i++)
        check_file(array[i], i);
    hr = IEnumBackgroundCopyFiles_Reset(files);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    hr = IEnumBackgroundCopyFiles_Next(files, FILES + 1, array, &count);
    ok(hr == S_FALSE, "Got hr %#lx.\n", hr);
    ok(count == FILES, "Got %lu.\n", count);
    for (i = 0; i < count; i++)
        check_file(array[i], i);

    /* The count may be left out for one element only. */
    hr = IEnumBackgroundCopyFiles_Reset(files);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    hr = IEnumBackgroundCopyFiles_Next(files, 2, array, NULL);
    ok(hr == E_INVALIDARG, "Got hr %#lx.\n", hr);
    hr = IEnumBackgroundCopyFiles_Next(files, 1, NULL, &count);
    ok(hr == NULL_REF, "Got hr %#lx.\n", hr);

    hr = IEnumBackgroundCopyFiles_Skip(files, 3);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    clone = NULL;
    hr = IEnumBackgroundCopyFiles_Clone(files, &clone);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    hr = IEnumBackgroundCopyFiles_Next(files, 1, array, NULL);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    check_file(array[0], 3);
    hr = IEnumBackgroundCopyFiles_Next(clone, 2, array, &count);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(count == 2, "Got %lu.\n", count);
    check_file(array[0], 3);
    check_file(array[1], 4);
    hr = IEnumBackgroundCopyFiles_GetCount(clone, &count);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(count == FILES, "Got %lu.\n", count);
    ok(!IEnumBackgroundCopyFiles_Release(clone), "The enumerator has references.\n");
    hr = IEnumBackgroundCopyFiles_Clone(files, NULL);
    ok(hr == NULL_REF, "Got hr %#lx.\n", hr);

    hr = IEnumBackgroundCopyFiles_Skip(files, 1);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    hr = IEnumBackgroundCopyFiles_Skip(files, 1);
    ok(hr == S_FALSE, "Got hr %#lx.\n", hr);
    hr = IEnumBackgroundCopyFiles_Reset(files);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    hr = IEnumBackgroundCopyFiles_Skip(files, FILES + 1);
    ok(hr == S_FALSE, "Got hr %#lx.\n", hr);
    hr = IEnumBackgroundCopyFiles_Next(files, 1, array, &count);
    ok(hr == S_FALSE, "Got hr %#lx.\n", hr);

    /* Files outlive their job in the queue. */
    hr = IEnumBackgroundCopyFiles_Reset(files);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    drop_job(job);
    hr = IEnumBackgroundCopyFiles_Next(files, 1, array, NULL);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    check_file(array[0], 0);
    ok(!IEnumBackgroundCopyFiles_Release(files), "The enumerator has references.\n");
}

static BOOL has_job(IEnumBackgroundCopyJobs *jobs, IBackgroundCopyJob *job)
{
    IBackgroundCopyJob *other;
    BOOL found = FALSE;
    GUID id, other_id;

    IBackgroundCopyJob_GetId(job, &id);
    IEnumBackgroundCopyJobs_Reset(jobs);
    while (IEnumBackgroundCopyJobs_Next(jobs, 1, &other, NULL) == S_OK)
    {
        IBackgroundCopyJob_GetId(other, &other_id);
        if (IsEqualGUID(&id, &other_id))
            found = TRUE;
        IBackgroundCopyJob_Release(other);
    }
    return found;
}

static void test_jobs(void)
{
    IEnumBackgroundCopyJobs *jobs, *later, *clone;
    IBackgroundCopyJob *job[3], *array[3];
    ULONG count, count2, i;
    HRESULT hr;

    for (i = 0; i < 2; i++)
        job[i] = create_job();
    hr = IBackgroundCopyManager_EnumJobs(manager, 0, &jobs);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    hr = IEnumBackgroundCopyJobs_GetCount(jobs, &count);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(count >= 2, "Got %lu.\n", count);
    job[2] = create_job();
    hr = IEnumBackgroundCopyJobs_GetCount(jobs, &count2);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(count2 == count, "Got %lu.\n", count2);
    ok(has_job(jobs, job[0]) && has_job(jobs, job[1]), "A job is missing.\n");
    ok(!has_job(jobs, job[2]), "The snapshot has changed.\n");
    hr = IBackgroundCopyManager_EnumJobs(manager, 0, &later);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    hr = IEnumBackgroundCopyJobs_GetCount(later, &count2);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(count2 == count + 1, "Got %lu.\n", count2);
    ok(has_job(later, job[2]), "A job is missing.\n");

    hr = IEnumBackgroundCopyJobs_GetCount(jobs, NULL);
    ok(hr == NULL_REF, "Got hr %#lx.\n", hr);
    hr = IEnumBackgroundCopyJobs_Clone(jobs, NULL);
    ok(hr == NULL_REF, "Got hr %#lx.\n", hr);
    hr = IEnumBackgroundCopyJobs_Reset(jobs);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    hr = IEnumBackgroundCopyJobs_Next(jobs, 2, array, NULL);
    ok(hr == E_INVALIDARG, "Got hr %#lx.\n", hr);
    hr = IEnumBackgroundCopyJobs_Skip(jobs, count - 1);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    hr = IEnumBackgroundCopyJobs_Clone(jobs, &clone);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    hr = IEnumBackgroundCopyJobs_Next(jobs, 3, array, &count2);
    ok(hr == S_FALSE, "Got hr %#lx.\n", hr);
    ok(count2 == 1, "Got %lu.\n", count2);
    IBackgroundCopyJob_Release(array[0]);
    hr = IEnumBackgroundCopyJobs_Next(jobs, 1, array, &count2);
    ok(hr == S_FALSE, "Got hr %#lx.\n", hr);
    ok(!count2, "Got %lu.\n", count2);
    hr = IEnumBackgroundCopyJobs_Next(clone, 1, array, &count2);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(count2 == 1, "Got %lu.\n", count2);
    IBackgroundCopyJob_Release(array[0]);
    hr = IEnumBackgroundCopyJobs_Skip(clone, 1);
    ok(hr == S_FALSE, "Got hr %#lx.\n", hr);
    IEnumBackgroundCopyJobs_Release(clone);

    /* Jobs that are over appear in no list, and stay in the older ones. */
    for (i = 0; i < 3; i++)
    {
        hr = IBackgroundCopyJob_Cancel(job[i]);
        ok(hr == S_OK, "Got hr %#lx.\n", hr);
    }
    ok(has_job(jobs, job[0]), "A job is missing.\n");
    IEnumBackgroundCopyJobs_Release(jobs);
    IEnumBackgroundCopyJobs_Release(later);
    hr = IBackgroundCopyManager_EnumJobs(manager, 0, &jobs);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    for (i = 0; i < 3; i++)
    {
        ok(!has_job(jobs, job[i]), "The job is still there.\n");
        IBackgroundCopyJob_Release(job[i]);
    }
    IEnumBackgroundCopyJobs_Release(jobs);
}

START_TEST(enum)
{
    if (!test_begin())
        return;
    test_files();
    test_jobs();
    test_end();
}
