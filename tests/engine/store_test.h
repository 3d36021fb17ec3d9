/*
 * What the tests of the store share.
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

#ifndef WINEBITS_TESTS_STORE_H
#define WINEBITS_TESTS_STORE_H

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "engine.h"
#include "wine/test.h"

static WCHAR dir[MAX_PATH], path[MAX_PATH];
static const GUID guid1 = { 0x12345678, 0x1234, 0x5678, { 1, 2, 3, 4, 5, 6, 7, 8 } };

static inline void set_path(const WCHAR *name)
{
    swprintf(path, ARRAYSIZE(path), L"%ls\\%ls.db", dir, name);
}

static inline WCHAR *with_suffix(const WCHAR *suffix)
{
    static WCHAR buffer[MAX_PATH + 32];

    swprintf(buffer, ARRAYSIZE(buffer), L"%ls%ls", path, suffix);
    return buffer;
}

static inline BOOL exists(const WCHAR *suffix)
{
    return GetFileAttributesW(with_suffix(suffix)) != INVALID_FILE_ATTRIBUTES;
}

static inline struct store *open_store(HRESULT expected)
{
    struct store *store = NULL;
    HRESULT hr;

    hr = store_open(path, &store);
    ok(hr == expected, "Got hr %#lx.\n", hr);
    return SUCCEEDED(hr) ? store : NULL;
}

static inline struct store_txn *begin(struct store *store)
{
    struct store_txn *txn = NULL;
    HRESULT hr;

    hr = store_begin(store, &txn);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    return txn;
}

#define commit(txn, expected) commit_(__LINE__, txn, expected)
static inline void commit_(int line, struct store_txn *txn, HRESULT expected)
{
    HRESULT hr;

    hr = store_commit(txn);
    ok_(__FILE__, line)(hr == expected, "Got hr %#lx.\n", hr);
}

static inline void check_hr_(int line, HRESULT hr)
{
    ok_(__FILE__, line)(hr == S_OK, "Got hr %#lx.\n", hr);
}
#define check_hr(hr) check_hr_(__LINE__, hr)

/* A directory for the files of this process; the child's path is the last argument of its command line. */
static inline void set_dir(void)
{
    WCHAR temp[MAX_PATH];

    GetTempPathW(ARRAYSIZE(temp), temp);
    swprintf(dir, ARRAYSIZE(dir), L"%ls%hs-%lu", temp, winetest_name, GetCurrentProcessId());
    ok(CreateDirectoryW(dir, NULL), "Got error %lu.\n", GetLastError());
}

static inline void delete_files(void)
{
    WIN32_FIND_DATAW data;
    WCHAR name[MAX_PATH];
    HANDLE find;

    swprintf(name, ARRAYSIZE(name), L"%ls\\*", dir);
    if ((find = FindFirstFileW(name, &data)) != INVALID_HANDLE_VALUE)
    {
        do
        {
            swprintf(name, ARRAYSIZE(name), L"%ls\\%ls", dir, data.cFileName);
            DeleteFileW(name);
        } while (FindNextFileW(find, &data));
        FindClose(find);
    }
    ok(RemoveDirectoryW(dir), "Got error %lu.\n", GetLastError());
}

static inline BOOL start_self(const char *args, PROCESS_INFORMATION *info)
{
    STARTUPINFOA startup = { sizeof(startup) };
    char command[MAX_PATH * 4], self[MAX_PATH];
    char *utf8 = wide_to_utf8(path);
    BOOL ret;

    GetModuleFileNameA(NULL, self, sizeof(self));
    snprintf(command, sizeof(command), "\"%s\" %s %s \"%s\"", self, winetest_name, args, utf8);
    free(utf8);
    ret = CreateProcessA(NULL, command, NULL, NULL, TRUE, 0, NULL, NULL, &startup, info);
    ok(ret, "Got error %lu.\n", GetLastError());
    return ret;
}

#endif /* WINEBITS_TESTS_STORE_H */
