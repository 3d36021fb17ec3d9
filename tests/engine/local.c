/*
 * Tests of file sources and of part files.
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
#include <string.h>

#include "transfer.h"
#include "../server/content.h"
#include "wine/test.h"

static WCHAR source[MAX_PATH];

static void make_source(UINT64 size, UINT64 seed)
{
    static BYTE buffer[65536];
    UINT64 offset;
    HANDLE file;
    DWORD written;

    file = CreateFileW(source, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    ok(file != INVALID_HANDLE_VALUE, "Got error %lu.\n", GetLastError());
    for (offset = 0; offset < size; offset += written)
    {
        written = min(sizeof(buffer), size - offset);
        content_fill(buffer, written, seed, offset);
        WriteFile(file, buffer, written, &written, NULL);
    }
    CloseHandle(file);
}

static void init(struct run *run)
{
    run_init(run, NULL);
    run->params.source = source;
}

static void submit_and_wait(struct run *run, HRESULT expect)
{
    run_submit(run, group);
    run_wait(run);
    ok(run->result.hr == expect, "Got hr %#lx.\n", run->result.hr);
}

static void test_copy(UINT64 size)
{
    WIN32_FILE_ATTRIBUTE_DATA from, to;
    struct run run;

    make_source(size, 7);
    init(&run);
    submit_and_wait(&run, S_OK);
    ok(part_is(&run, size, 7), "The copy is not like the source.\n");
    ok(run.size == size, "Got size %I64u.\n", run.size);
    GetFileAttributesExW(source, GetFileExInfoStandard, &from);
    GetFileAttributesExW(run.part, GetFileExInfoStandard, &to);
    ok(!CompareFileTime(&from.ftLastWriteTime, &to.ftLastWriteTime), "The times differ.\n");
    run_free(&run);
}

static void test_resume(void)
{
    char last_write[80];
    struct run run;
    FILETIME time = { 1, 30000000 };
    HANDLE file;

    make_source(100000, 7);
    init(&run);
    submit_and_wait(&run, S_OK);
    strcpy(last_write, run.last_modified);
    run.params.offset = 50000;
    run.params.size = 100000;
    run.params.last_modified = last_write;
    submit_and_wait(&run, S_OK);
    ok(part_is(&run, 100000, 7), "The copy is not like the source.\n");

    file = CreateFileW(source, GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    SetFileTime(file, NULL, NULL, &time);
    CloseHandle(file);
    submit_and_wait(&run, ENGINE_E_CHANGED);
    run_free(&run);

    init(&run);
    submit_and_wait(&run, S_OK);
    run.params.offset = 50000;
    run.params.size = 100001;
    run.params.last_modified = run.last_modified;
    submit_and_wait(&run, ENGINE_E_CHANGED);
    run_free(&run);
}

static void test_errors(void)
{
    struct run run;
    HANDLE file;

    DeleteFileW(source);
    init(&run);
    submit_and_wait(&run, HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND));
    ok(run.result.where == XFER_WHERE_REMOTE_FILE, "Got where %u.\n", run.result.where);
    ok(!run.result.transient, "Worth a retry?\n");

    make_source(1000, 7);
    file = CreateFileW(source, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    submit_and_wait(&run, HRESULT_FROM_WIN32(ERROR_SHARING_VIOLATION));
    ok(run.result.transient, "Not worth a retry?\n");
    CloseHandle(file);

    /* the part file is somebody's */
    file = CreateFileW(run.part, GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    submit_and_wait(&run, HRESULT_FROM_WIN32(ERROR_SHARING_VIOLATION));
    ok(run.result.where == XFER_WHERE_LOCAL_FILE, "Got where %u.\n", run.result.where);
    ok(run.result.transient, "Not worth a retry?\n");
    CloseHandle(file);
    submit_and_wait(&run, S_OK);
    run_free(&run);
}

/* The copy of a read-only file is read-only too, and can be begun again and thrown away all the same. */
static void test_read_only(void)
{
    char last_write[80];
    struct run run;
    HRESULT hr;

    make_source(1000, 7);
    SetFileAttributesW(source, FILE_ATTRIBUTE_READONLY);
    init(&run);
    submit_and_wait(&run, S_OK);
    ok(!!(GetFileAttributesW(run.part) & FILE_ATTRIBUTE_READONLY), "The copy can be written.\n");
    hr = part_sync(run.part);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    submit_and_wait(&run, S_OK);
    ok(part_is(&run, 1000, 7), "The copy is not like the source.\n");

    strcpy(last_write, run.last_modified);
    run.params.offset = run.params.size = 1000;
    run.params.last_modified = last_write;
    submit_and_wait(&run, S_OK);
    SetFileAttributesW(source, FILE_ATTRIBUTE_NORMAL);
    run_free(&run);
}

static void test_commit(void)
{
    WCHAR name[MAX_PATH];
    struct run run;
    HANDLE file;
    HRESULT hr;

    make_source(1000, 7);
    init(&run);
    submit_and_wait(&run, S_OK);
    lstrcpyW(name, run.part);
    lstrcatW(name, L".final");
    hr = part_commit(run.part, name);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(GetFileAttributesW(run.part) == INVALID_FILE_ATTRIBUTES, "The part file is still there.\n");
    hr = part_commit(run.part, name);
    ok(hr == HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND), "Got hr %#lx.\n", hr);

    /* over a file that is there, but not over one that is in use */
    submit_and_wait(&run, S_OK);
    hr = part_commit(run.part, name);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    submit_and_wait(&run, S_OK);
    file = CreateFileW(name, GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    hr = part_commit(run.part, name);
    ok(FAILED(hr), "Got hr %#lx.\n", hr);
    ok(part_is(&run, 1000, 7), "The part file is gone.\n");
    CloseHandle(file);
    hr = part_commit(run.part, name);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    DeleteFileW(name);
    run_free(&run);
}

START_TEST(local)
{
    WCHAR temp[MAX_PATH];

    if (!transfers_begin())
        return;
    GetTempPathW(ARRAYSIZE(temp), temp);
    swprintf(source, ARRAYSIZE(source), L"%lswb-source-%lu", temp, GetCurrentProcessId());
    test_copy(0);
    test_copy(1);
    test_copy(70000);
    test_copy(20 << 20);
    test_resume();
    test_errors();
    test_read_only();
    test_commit();
    DeleteFileW(source);
    transfers_end();
}
