/*
 * The store: what goes in comes out, in order and whole, whatever happens in between.
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

#include <sqlite3.h>

#include "store_test.h"

static void exec_sql(const char *sql)
{
    char *utf8 = wide_to_utf8(path);
    sqlite3 *db;
    int rc;

    rc = sqlite3_open(utf8, &db);
    ok(!rc, "Got error %d.\n", rc);
    rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
    ok(!rc, "Got error %d, %s.\n", rc, sqlite3_errmsg(db));
    sqlite3_close(db);
    free(utf8);
}

static BYTE *read_file(const WCHAR *suffix, DWORD *ret_size)
{
    HANDLE file;
    BYTE *data;
    DWORD size;

    *ret_size = 0;
    file = CreateFileW(with_suffix(suffix), GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return NULL;
    size = GetFileSize(file, NULL);
    data = malloc(size + 1);
    ok(ReadFile(file, data, size, ret_size, NULL), "Got error %lu.\n", GetLastError());
    CloseHandle(file);
    return data;
}

static void write_file(const WCHAR *suffix, const void *data, DWORD size)
{
    HANDLE file;
    DWORD written;

    file = CreateFileW(with_suffix(suffix), GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    ok(file != INVALID_HANDLE_VALUE, "Got error %lu.\n", GetLastError());
    ok(WriteFile(file, data, size, &written, NULL), "Got error %lu.\n", GetLastError());
    CloseHandle(file);
}

/* What store_read() reports, as text: one line per row. */
struct dump
{
    char text[8192];
    size_t len;
    unsigned int rows;
    HRESULT fail;                   /* returned by the reader at row fail_at */
    unsigned int fail_at;
};

static void dump_add(struct dump *dump, const char *format, ...)
{
    va_list args;
    int len;

    va_start(args, format);
    len = vsnprintf(dump->text + dump->len, sizeof(dump->text) - dump->len, format, args);
    va_end(args);
    if (len > 0 && dump->len + len < sizeof(dump->text))
        dump->len += len;
}

static void dump_bytes(struct dump *dump, const void *data, size_t size)
{
    size_t i;

    for (i = 0; i < size; i++)
        dump_add(dump, "%02x", ((const BYTE *)data)[i]);
}

static void dump_wide(struct dump *dump, const WCHAR *string)
{
    if (!string)
        dump_add(dump, " -");
    else
    {
        dump_add(dump, " ");
        for (; *string; string++)
            dump_add(dump, *string > ' ' && *string < 0x7f ? "%c" : "<%04x>", *string);
    }
}

static HRESULT dump_row(struct dump *dump)
{
    return ++dump->rows == dump->fail_at ? dump->fail : S_OK;
}

static HRESULT dump_job(void *context, UINT64 job, const GUID *guid)
{
    struct dump *dump = context;

    dump_add(dump, "job %I64u ", job);
    dump_bytes(dump, guid, sizeof(*guid));
    dump_add(dump, "\n");
    return dump_row(dump);
}

static HRESULT dump_prop(void *context, UINT64 job, UINT32 key, const struct store_value *value)
{
    struct dump *dump = context;
    WCHAR *text;

    dump_add(dump, "prop %I64u %u ", job, key);
    switch (value->type)
    {
        case STORE_INT:
            dump_add(dump, "int %I64d", value->integer);
            break;
        case STORE_TEXT:
            text = calloc(1, value->size + sizeof(*text));
            memcpy(text, value->data, value->size);
            dump_add(dump, "text");
            dump_wide(dump, text);
            free(text);
            break;
        case STORE_BLOB:
        case STORE_SECRET:
            dump_add(dump, value->type == STORE_BLOB ? "blob " : "secret ");
            dump_bytes(dump, value->data, value->size);
            break;
        default:
            ok(0, "Got type %d.\n", value->type);
    }
    dump_add(dump, "\n");
    return dump_row(dump);
}

static HRESULT dump_file(void *context, UINT64 job, const struct store_file *file)
{
    struct dump *dump = context;

    dump_add(dump, "file %I64u %u", job, file->index);
    dump_wide(dump, file->remote);
    dump_wide(dump, file->local);
    dump_wide(dump, file->part);
    dump_add(dump, " %I64d %I64d %#x %s %s\n", file->size, file->offset, file->flags,
             file->etag ? file->etag : "-", file->last_modified ? file->last_modified : "-");
    return dump_row(dump);
}

static const struct store_reader dumper = { dump_job, dump_prop, dump_file };

#define check_dump(store, expected) check_dump_(__LINE__, store, expected)
static void check_dump_(int line, struct store *store, const char *expected)
{
    struct dump dump = {{0}};
    HRESULT hr;

    hr = store_read(store, &dumper, &dump);
    ok_(__FILE__, line)(hr == S_OK, "Got hr %#lx.\n", hr);
    ok_(__FILE__, line)(!strcmp(dump.text, expected), "Got\n%.1000s", dump.text);
}

#define GUID1 "78563412341278560102030405060708"

static void test_round_trip(void)
{
    static const char expected[] =
        "job 1 " GUID1 "\n"
        "prop 1 0 int -9223372036854775808\n"
        "prop 1 1 int 9223372036854775807\n"
        "prop 1 2 text name<0020>with<0020>blank<000d><000a>\n"
        "prop 1 3 text \n"
        "prop 1 4 text <feff>b<fffe>\n"
        "prop 1 5 text <fffe>\n"
        "prop 1 6 text <d800>x<dc00>\n"
        "prop 1 7 blob 000102\n"
        "prop 1 8 blob \n"
        "prop 1 9 secret 706100737300\n"
        "prop 1 10 secret \n"
        "prop 1 4294967295 int 0\n"
        "file 1 0 http://x/ C:\\x C:\\BIT1.tmp -1 0 0 - -\n"
        "file 1 7 <feff>u - - -2 4294967296 0xffffffff \"\xff\xe9\" Mon,\n"
        "file 1 4294967295 - - - 0 0 0 - -\n"
        "job 2 00000000000000000000000000000000\n";
    struct store_file file = { 0, L"http://x/", L"C:\\x", L"C:\\BIT1.tmp", ENGINE_SIZE_UNKNOWN };
    static const BYTE bytes[] = { 0, 1, 2 };
    GUID guid = {0}, guid2 = { 0x10 };
    struct store_txn *txn;
    struct store *store;
    int i;

    set_path(L"round trip \x4e2d\xe9");
    store = open_store(S_OK);
    check_dump(store, "");
    txn = begin(store);
    check_hr(store_add_job(txn, 1, &guid1));
    check_hr(store_add_job(txn, 2, &guid));
    check_hr(store_set_int(txn, 1, 0, 0x8000000000000000));
    check_hr(store_set_int(txn, 1, 1, 0x7fffffffffffffff));
    check_hr(store_set_int(txn, 1, 0xffffffff, 0));
    check_hr(store_set_text(txn, 1, 2, L"name with blank\r\n"));
    check_hr(store_set_text(txn, 1, 3, L""));
    check_hr(store_set_text(txn, 1, 4, L"\xfeff" L"b\xfffe"));
    check_hr(store_set_text(txn, 1, 5, L"\xfffe"));
    check_hr(store_set_text(txn, 1, 6, L"\xd800x\xdc00"));
    check_hr(store_set_blob(txn, 1, 7, bytes, sizeof(bytes)));
    check_hr(store_set_blob(txn, 1, 8, NULL, 0));
    check_hr(store_set_secret(txn, 1, 9, "pa\0ss", 6));
    check_hr(store_set_secret(txn, 1, 10, NULL, 0));
    check_hr(store_put_file(txn, 1, &file));
    file.index = 7;
    file.remote = L"\xfeffu";
    file.local = file.part = NULL;
    file.size = -2;
    file.offset = (UINT64)1 << 32;
    file.flags = 0xffffffff;
    file.etag = "\"\xff\xe9\"";
    file.last_modified = "Mon,";
    check_hr(store_put_file(txn, 1, &file));
    memset(&file, 0, sizeof(file));
    file.index = 0xffffffff;
    check_hr(store_put_file(txn, 1, &file));
    commit(txn, S_OK);
    for (i = 0; i < 2; i++)
    {
        check_dump(store, expected);
        store_close(store);
        ok(!exists(L"-wal"), "The log is still there.\n");
        store = open_store(S_OK);
    }
    txn = begin(store);
    check_hr(store_add_job(txn, 5, &guid2));
    check_hr(store_set_int(txn, 5, 1, 2));
    commit(txn, S_OK);

    /* Changed, replaced and deleted. */
    txn = begin(store);
    for (i = 0; i < 12; i++)
        if (i != 7)
            check_hr(store_set_text(txn, 1, i, NULL));
    check_hr(store_set_int(txn, 1, 7, 77));
    check_hr(store_set_text(txn, 1, 0xffffffff, L"now text"));
    check_hr(store_delete_prop(txn, 1, 12345));
    memset(&file, 0, sizeof(file));
    file.remote = L"other";
    check_hr(store_put_file(txn, 1, &file));
    check_hr(store_update_file(txn, 1, 7, 10, 5, 3, "e", NULL));
    check_hr(store_update_file(txn, 1, 8, 10, 5, 3, "e", NULL));
    check_hr(store_update_file(txn, 99, 0, 10, 5, 3, "e", NULL));
    check_hr(store_delete_job(txn, 2));
    check_hr(store_delete_job(txn, 2));
    check_hr(store_delete_job(txn, 5));
    check_hr(store_add_job(txn, 3, &guid2));
    commit(txn, S_OK);
    for (i = 0; i < 2; i++)
    {
        check_dump(store,
            "job 1 " GUID1 "\n"
            "prop 1 7 int 77\n"
            "prop 1 4294967295 text now<0020>text\n"
            "file 1 0 other - - 0 0 0 - -\n"
            "file 1 7 <feff>u - - 10 5 0x3 e -\n"
            "file 1 4294967295 - - - 0 0 0 - -\n"
            "job 3 10000000000000000000000000000000\n");
        store_close(store);
        store = open_store(S_OK);
    }
    txn = begin(store);
    check_hr(store_delete_job(txn, 1));
    check_hr(store_add_job(txn, 1, &guid1));
    commit(txn, S_OK);
    check_dump(store, "job 1 " GUID1 "\njob 3 10000000000000000000000000000000\n");
    store_close(store);
}

static void test_reader(void)
{
    struct dump dump = {{0}};
    struct store_txn *txn;
    struct store *store;
    HRESULT hr;
    UINT i;

    set_path(L"reader");
    store = open_store(S_OK);
    txn = begin(store);
    for (i = 0; i < 3; i++)
    {
        GUID guid = { i };
        struct store_file file = { i };

        check_hr(store_add_job(txn, i, &guid));
        check_hr(store_set_int(txn, i, 1, i));
        check_hr(store_put_file(txn, i, &file));
    }
    commit(txn, S_OK);
    for (i = 1; i <= 10; i++)
    {
        memset(&dump, 0, sizeof(dump));
        dump.fail = E_ACCESSDENIED;
        dump.fail_at = i;
        hr = store_read(store, &dumper, &dump);
        ok(hr == (i < 10 ? E_ACCESSDENIED : S_OK), "Row %u: got hr %#lx.\n", i, hr);
        ok(dump.rows == min(i, 9), "Row %u: got %u rows.\n", i, dump.rows);
    }
    store_close(store);
}

static void test_secret(void)
{
    static const char secret[] = "Tr0ub4dor&3-never-on-disk";
    static const WCHAR *const suffixes[] = { L"", L"-wal" };
    struct store_txn *txn;
    struct store *store;
    DWORD size, i, j;
    BYTE *data;

    set_path(L"secret");
    store = open_store(S_OK);
    txn = begin(store);
    check_hr(store_add_job(txn, 1, &guid1));
    check_hr(store_set_secret(txn, 1, 1, secret, sizeof(secret)));
    check_hr(store_set_blob(txn, 1, 2, "in clear", 8));
    commit(txn, S_OK);
    store_close(store);
    for (j = 0; j < ARRAYSIZE(suffixes); j++)
    {
        BOOL clear = FALSE;

        if (!(data = read_file(suffixes[j], &size)))
            continue;
        for (i = 0; i + 8 < size; i++)
        {
            ok(memcmp(data + i, secret, 8), "The secret is in the file.\n");
            clear |= !memcmp(data + i, "in clear", 8);
        }
        ok(clear, "The other value is not.\n");
        free(data);
    }

    /* Sealed by somebody else: the rest of the job is still good. */
    exec_sql("UPDATE job_prop SET value = x'00112233' WHERE type = 4");
    store = open_store(S_OK);
    check_dump(store, "job 1 " GUID1 "\nprop 1 2 blob 696e20636c656172\n");
    store_close(store);
}

static void test_failures(void)
{
    static const char before[] = "job 1 " GUID1 "\nprop 1 1 int 1\n";
    static const GUID guid2 = {0};
    struct store_txn *txn, *txn2;
    struct store *store;
    HRESULT hr;

    set_path(L"failures");
    store = open_store(S_OK);
    txn = begin(store);
    check_hr(store_add_job(txn, 1, &guid1));
    check_hr(store_set_int(txn, 1, 1, 1));
    commit(txn, S_OK);

    /* Aborted: even when others come and go. */
    txn = begin(store);
    check_hr(store_set_int(txn, 1, 1, 2));
    txn2 = begin(store);
    check_hr(store_set_int(txn2, 1, 1, 1));
    commit(txn2, S_OK);
    store_abort(txn);
    store_abort(NULL);
    commit(begin(store), S_OK);
    check_dump(store, before);

    /* The same id, the same GUID, no such job. */
    txn = begin(store);
    check_hr(store_set_int(txn, 1, 1, 2));
    check_hr(store_add_job(txn, 1, &guid2));
    commit(txn, HRESULT_FROM_WIN32(ERROR_ALREADY_EXISTS));
    txn = begin(store);
    check_hr(store_set_int(txn, 1, 1, 2));
    check_hr(store_add_job(txn, 2, &guid1));
    commit(txn, HRESULT_FROM_WIN32(ERROR_ALREADY_EXISTS));
    txn = begin(store);
    check_hr(store_set_int(txn, 1, 1, 2));
    check_hr(store_set_int(txn, 7, 1, 2));
    commit(txn, HRESULT_FROM_WIN32(ERROR_NOT_FOUND));
    check_dump(store, before);

    /* A change that could not be added fails the transaction. */
    txn = begin(store);
    check_hr(store_set_int(txn, 1, 1, 2));
    hr = store_set_blob(txn, 1, 2, &guid1, 0x40000000);
    ok(hr == E_INVALIDARG, "Got hr %#lx.\n", hr);
    check_hr(store_set_int(txn, 1, 1, 3));
    commit(txn, E_INVALIDARG);
    check_dump(store, before);

    /* Nobody waits: the next one that does is told, in place of being written. */
    txn = begin(store);
    check_hr(store_set_int(txn, 7, 1, 2));
    store_commit_async(txn);
    txn = begin(store);
    check_hr(store_set_int(txn, 1, 2, 2));
    store_commit_async(txn);
    txn = begin(store);
    check_hr(store_set_int(txn, 1, 3, 3));
    commit(txn, HRESULT_FROM_WIN32(ERROR_NOT_FOUND));
    check_dump(store, "job 1 " GUID1 "\nprop 1 1 int 1\nprop 1 2 int 2\n");
    txn = begin(store);
    check_hr(store_set_int(txn, 1, 4, 4));
    commit(txn, S_OK);
    check_dump(store, "job 1 " GUID1 "\nprop 1 1 int 1\nprop 1 2 int 2\nprop 1 4 int 4\n");

    /* What is queued at the end is written. */
    txn = begin(store);
    check_hr(store_set_int(txn, 1, 5, 5));
    store_commit_async(txn);
    store_close(store);
    store = open_store(S_OK);
    check_dump(store, "job 1 " GUID1 "\nprop 1 1 int 1\nprop 1 2 int 2\nprop 1 4 int 4\nprop 1 5 int 5\n");
    store_close(store);

    hr = store_open(dir, &store);
    ok(FAILED(hr), "Got hr %#lx.\n", hr);
    set_path(L"no such directory\\x");
    hr = store_open(path, &store);
    ok(FAILED(hr), "Got hr %#lx.\n", hr);
}

#define THREADS     8
#define ROUNDS      50

struct committer
{
    struct store *store;
    UINT32 number;
    BOOL is_async;
};

static DWORD WINAPI commit_thread(void *arg)
{
    struct committer *committer = arg;
    struct store_txn *txn;
    UINT32 i, n = committer->number;
    HRESULT hr;

    for (i = 0; i < ROUNDS; i++)
    {
        GUID guid = { n + 1, i };

        store_begin(committer->store, &txn);
        store_set_int(txn, 0, n, i);
        store_add_job(txn, 1000 * (n + 1) + i, &guid);
        /* Every fifth fails, and must not take others with it. */
        if (i % 5 == 4)
            store_set_int(txn, 999999, 1, 1);
        if (committer->is_async && i % 5 != 4)
        {
            store_commit_async(txn);
            continue;
        }
        hr = store_commit(txn);
        ok(hr == (i % 5 == 4 ? HRESULT_FROM_WIN32(ERROR_NOT_FOUND) : S_OK), "Thread %u, %u: got hr %#lx.\n", n, i, hr);
    }
    return 0;
}

static HRESULT count_job(void *context, UINT64 job, const GUID *guid)
{
    struct dump *dump = context;

    if (job)
    {
        ok(job == 1000 * guid->Data1 + guid->Data2, "Got job %I64u.\n", job);
        ok(job % 5 != 4, "Got job %I64u.\n", job);
    }
    dump->rows++;
    return S_OK;
}

static HRESULT count_prop(void *context, UINT64 job, UINT32 key, const struct store_value *value)
{
    ok(!job, "Got job %I64u.\n", job);
    ok(value->integer == ROUNDS - 2, "Thread %u: got %I64d.\n", key, value->integer);
    return S_OK;
}

static void test_threads(void)
{
    static const struct store_reader counter = { count_job, count_prop, dump_file };
    struct committer committers[THREADS];
    struct dump dump = {{0}};
    HANDLE threads[THREADS];
    struct store_txn *txn;
    struct store *store;
    UINT32 i;

    set_path(L"threads");
    store = open_store(S_OK);
    txn = begin(store);
    check_hr(store_add_job(txn, 0, &guid1));
    commit(txn, S_OK);
    for (i = 0; i < THREADS; i++)
    {
        committers[i].store = store;
        committers[i].number = i;
        committers[i].is_async = i & 1;
        threads[i] = CreateThread(NULL, 0, commit_thread, &committers[i], 0, NULL);
    }
    for (i = 0; i < THREADS; i++)
    {
        ok(!WaitForSingleObject(threads[i], 60000), "Thread %u hangs.\n", i);
        CloseHandle(threads[i]);
    }
    store_close(store);
    store = open_store(S_OK);
    check_hr(store_read(store, &counter, &dump));
    ok(dump.rows == 1 + THREADS * ROUNDS * 4 / 5, "Got %u jobs.\n", dump.rows);
    store_close(store);
}

static HRESULT ignore_job(void *context, UINT64 job, const GUID *guid)
{
    return S_OK;
}

static HRESULT count_file(void *context, UINT64 job, const struct store_file *file)
{
    struct dump *dump = context;
    WCHAR remote[100];

    swprintf(remote, ARRAYSIZE(remote), L"http://localhost/directory/of/files/file-%u.bin", dump->rows);
    ok(file->index == dump->rows, "Got %u.\n", file->index);
    ok(!wcscmp(file->remote, remote), "Got %ls.\n", file->remote);
    dump->rows++;
    return S_OK;
}

static void test_many_files(void)
{
    static const struct store_reader counter = { ignore_job, dump_prop, count_file };
    WCHAR remote[100], local[100];
    LARGE_INTEGER freq, t0, t1, t2, t3;
    struct store_file file = {0};
    struct dump dump = {{0}};
    struct store_txn *txn;
    struct store *store;
    UINT32 i;

    set_path(L"many");
    store = open_store(S_OK);
    QueryPerformanceFrequency(&freq);
    QueryPerformanceCounter(&t0);
    txn = begin(store);
    check_hr(store_add_job(txn, 1, &guid1));
    for (i = 0; i < 100000; i++)
    {
        swprintf(remote, ARRAYSIZE(remote), L"http://localhost/directory/of/files/file-%u.bin", i);
        swprintf(local, ARRAYSIZE(local), L"C:\\users\\someone\\Downloads\\file-%u.bin", i);
        file.index = i;
        file.remote = remote;
        file.local = file.part = local;
        if (FAILED(store_put_file(txn, 1, &file)))
            break;
    }
    ok(i == 100000, "Got %u.\n", i);
    QueryPerformanceCounter(&t1);
    commit(txn, S_OK);
    QueryPerformanceCounter(&t2);
    store_close(store);
    store = open_store(S_OK);
    QueryPerformanceCounter(&t3);
    trace("100000 files: %.2f s to build, %.2f s to commit, %.2f s to close, open and check.\n",
          (double)(t1.QuadPart - t0.QuadPart) / freq.QuadPart, (double)(t2.QuadPart - t1.QuadPart) / freq.QuadPart,
          (double)(t3.QuadPart - t2.QuadPart) / freq.QuadPart);
    check_hr(store_read(store, &counter, &dump));
    ok(dump.rows == i, "Got %u files.\n", dump.rows);
    QueryPerformanceCounter(&t1);
    txn = begin(store);
    check_hr(store_delete_job(txn, 1));
    commit(txn, S_OK);
    QueryPerformanceCounter(&t2);
    trace("%.2f s to delete.\n", (double)(t2.QuadPart - t1.QuadPart) / freq.QuadPart);
    check_dump(store, "");
    QueryPerformanceCounter(&t1);
    for (i = 0; i < 1000; i++)
    {
        txn = begin(store);
        check_hr(i & 1 ? store_delete_job(txn, 1) : store_add_job(txn, 1, &guid1));
        commit(txn, S_OK);
    }
    QueryPerformanceCounter(&t2);
    trace("1000 commits: %.2f s.\n", (double)(t2.QuadPart - t1.QuadPart) / freq.QuadPart);
    store_close(store);
}

static void test_second_process(void)
{
    PROCESS_INFORMATION info;
    struct store_txn *txn;
    struct store *store;

    set_path(L"second");
    store = open_store(S_OK);
    txn = begin(store);
    check_hr(store_add_job(txn, 1, &guid1));
    commit(txn, S_OK);
    if (start_self("second", &info))
    {
        wait_child_process(info.hProcess);
        CloseHandle(info.hProcess);
        CloseHandle(info.hThread);
    }
    txn = begin(store);
    check_hr(store_set_int(txn, 1, 1, 1));
    commit(txn, S_OK);
    store_close(store);
    ok(!exists(L".bad-1"), "It was taken for damaged.\n");
    store = open_store(S_OK);
    check_dump(store, "job 1 " GUID1 "\nprop 1 1 int 1\n");
    store_close(store);
}

static void second_process(void)
{
    struct store *store;
    HRESULT hr;

    hr = store_open(path, &store);
    ok(hr == HRESULT_FROM_WIN32(ERROR_SHARING_VIOLATION), "Got hr %#lx.\n", hr);
}

/* A closed store with some pages of contents. */
static void make_store(const WCHAR *name)
{
    struct store_file file = { 0, L"http://localhost/some/file", L"C:\\some\\file", L"C:\\some\\BIT.tmp" };
    struct store_txn *txn;
    struct store *store;

    set_path(name);
    store = open_store(S_OK);
    txn = begin(store);
    check_hr(store_add_job(txn, 1, &guid1));
    for (; file.index < 200; file.index++)
        check_hr(store_put_file(txn, 1, &file));
    check_hr(store_set_text(txn, 1, 1, L"A name"));
    commit(txn, S_OK);
    store_close(store);
}

/* The damaged file is there under its other name, byte by byte, and the new store is empty and works. */
static void check_replaced(unsigned int number, const void *data, DWORD size)
{
    struct store_txn *txn;
    struct store *store;
    WCHAR suffix[16];
    DWORD bad_size;
    BYTE *bad;

    store = open_store(S_FALSE);
    if (!store)
        return;
    check_dump(store, "");
    txn = begin(store);
    check_hr(store_add_job(txn, 1, &guid1));
    commit(txn, S_OK);
    store_close(store);
    swprintf(suffix, ARRAYSIZE(suffix), L".bad-%u", number);
    bad = read_file(suffix, &bad_size);
    ok(bad && bad_size == size && !memcmp(bad, data, size), "The damaged file is another.\n");
    free(bad);
    store = open_store(S_OK);
    check_dump(store, "job 1 " GUID1 "\n");
    store_close(store);
}

static HRESULT accept_prop(void *context, UINT64 job, UINT32 key, const struct store_value *value)
{
    return S_OK;
}

static HRESULT accept_file(void *context, UINT64 job, const struct store_file *file)
{
    return S_OK;
}

static void test_damage(void)
{
    static const struct store_reader accept = { ignore_job, accept_prop, accept_file };
    unsigned int i, j, replaced = 0;
    struct store *store;
    BYTE *good, *data;
    DWORD size;
    HRESULT hr;

    make_store(L"damage");
    good = read_file(L"", &size);
    data = malloc(size + 100);

    /* No header, something else altogether, cut off, and a store of somebody else. */
    memcpy(data, good, size);
    memset(data, 0, 100);
    write_file(L"", data, size);
    write_file(L"-wal", "a log", 5);
    check_replaced(1, data, size);
    ok(exists(L".bad-1-wal"), "Its log is gone.\n");
    memset(data, 'x', size);
    write_file(L"", data, size);
    check_replaced(2, data, size);
    write_file(L"", good, size / 2);
    check_replaced(3, good, size / 2);
    write_file(L"", good, size - 4096);
    check_replaced(4, good, size - 4096);
    write_file(L"", good, 50);
    check_replaced(5, good, 50);
    write_file(L"", good, size);
    exec_sql("PRAGMA application_id = 1");
    data = realloc(data, size);
    free(data);
    data = read_file(L"", &size);
    check_replaced(6, data, size);
    free(data);

    /* Tables are missing, or are others. */
    make_store(L"tables");
    exec_sql("DROP TABLE file");
    data = read_file(L"", &size);
    check_replaced(1, data, size);
    free(data);
    exec_sql("DROP TABLE job_prop; CREATE TABLE job_prop(a, b)");
    data = read_file(L"", &size);
    check_replaced(2, data, size);
    free(data);
    free(good);

    /* A file of no bytes is a new store. */
    set_path(L"empty");
    write_file(L"", "", 0);
    store = open_store(S_OK);
    check_dump(store, "");
    store_close(store);

    /* A log that is garbage is no log. */
    make_store(L"log");
    data = malloc(100000);
    for (i = 0; i < 100000; i++)
        data[i] = rand();
    write_file(L"-wal", data, 100000);
    free(data);
    store = open_store(S_OK);
    ok(store_read(store, &accept, NULL) == S_OK, "Failed to read.\n");
    store_close(store);

    /* Bits flipped anywhere: found, or harmless. */
    make_store(L"flipped");
    good = read_file(L"", &size);
    data = malloc(size);
    for (i = 0; i < 60; i++)
    {
        memcpy(data, good, size);
        for (j = 0; j < 1 + i % 8; j++)
            data[(rand() * (RAND_MAX + 1) + rand()) % size] ^= 1 << rand() % 8;
        write_file(L"", data, size);
        hr = store_open(path, &store);
        ok(hr == S_OK || hr == S_FALSE || hr == HRESULT_FROM_WIN32(ERROR_REVISION_MISMATCH), "Got hr %#lx.\n", hr);
        if (FAILED(hr))
            continue;
        if (hr == S_FALSE)
            replaced++;
        hr = store_read(store, &accept, NULL);
        ok(hr == S_OK || hr == HRESULT_FROM_WIN32(ERROR_FILE_CORRUPT), "Got hr %#lx.\n", hr);
        store_close(store);
    }
    trace("%u of %u found.\n", replaced, i);
    ok(replaced > 0, "None was found.\n");
    free(data);
    free(good);
}

static void test_newer(void)
{
    struct store *store;
    DWORD size, size2;
    BYTE *data, *data2;

    make_store(L"newer");
    exec_sql("PRAGMA user_version = 2");
    data = read_file(L"", &size);
    open_store(HRESULT_FROM_WIN32(ERROR_REVISION_MISMATCH));
    data2 = read_file(L"", &size2);
    ok(size == size2 && !memcmp(data, data2, size), "The file was changed.\n");
    ok(!exists(L".bad-1"), "It was taken for damaged.\n");
    free(data);
    free(data2);
    exec_sql("PRAGMA user_version = 1");
    store = open_store(S_OK);
    store_close(store);
}

static HRESULT ignore_prop(void *context, UINT64 job, UINT32 key, const struct store_value *value)
{
    return S_OK;
}

static HRESULT note_offset(void *context, UINT64 job, const struct store_file *file)
{
    UINT64 *offsets = context;

    offsets[file->index] = file->offset;
    return S_OK;
}

static void expect_offsets(UINT64 first, UINT64 second, UINT64 third)
{
    static const struct store_reader reader = { ignore_job, ignore_prop, note_offset };
    UINT64 offsets[3] = {0};
    struct store *store;

    store = open_store(S_OK);
    check_hr(store_read(store, &reader, offsets));
    store_close(store);
    ok(offsets[0] == first, "Got offset %I64u.\n", offsets[0]);
    ok(offsets[1] == second, "Got offset %I64u.\n", offsets[1]);
    ok(offsets[2] == third, "Got offset %I64u.\n", offsets[2]);
}

/* What was not synced does not count after a start of the host. */
static void test_host_restart(void)
{
    struct store_file file = {0};
    struct store_txn *txn;
    struct store *store;

    set_path(L"boot");
    store = open_store(S_OK);
    txn = begin(store);
    check_hr(store_add_job(txn, 1, &guid1));
    file.size = 5000;
    file.offset = 1000;
    for (file.index = 0; file.index < 3; file.index++)
        check_hr(store_put_file(txn, 1, &file));
    check_hr(store_sync_file(txn, 1, 0, 600));
    /* of bytes that the file does not have any more, or does not have yet */
    check_hr(store_sync_file(txn, 1, 1, 900));
    check_hr(store_update_file(txn, 1, 1, 5000, 0, 0, NULL, NULL));
    check_hr(store_update_file(txn, 1, 1, 5000, 700, 0, NULL, NULL));
    check_hr(store_sync_file(txn, 1, 2, 2000));
    check_hr(store_update_file(txn, 1, 2, 5000, 1500, 0, NULL, NULL));
    commit(txn, S_OK);
    store_close(store);

    expect_offsets(1000, 700, 1500);
    exec_sql("UPDATE meta SET value = 'another' WHERE name = 'boot'");
    expect_offsets(600, 0, 1000);
    expect_offsets(600, 0, 1000);
}

START_TEST(store)
{
    char **argv;
    WCHAR *wide;
    int argc;

    argc = winetest_get_mainargs(&argv);
    if (argc > 3)
    {
        wide = utf8_to_wide(argv[3]);
        lstrcpynW(path, wide, ARRAYSIZE(path));
        free(wide);
        second_process();
        return;
    }

    set_dir();
    test_round_trip();
    test_reader();
    test_secret();
    test_failures();
    test_threads();
    test_many_files();
    test_second_process();
    test_damage();
    test_newer();
    test_host_restart();
    delete_files();
}
