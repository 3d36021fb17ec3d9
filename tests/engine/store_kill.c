/*
 * The store under a process that is killed: what was acknowledged is there, and nothing by halves.
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

#include "store_test.h"

#define THREADS 3

/* What a process that is going to be killed shares with the one that does it. */
struct shared
{
    LONG acknowledged[THREADS];     /* the last number that was durable when store_commit() returned */
    LONG errors;
};

static struct shared *shared;

struct committer
{
    struct store *store;
    UINT32 number;
};

static DWORD WINAPI victim_thread(void *arg)
{
    struct committer *committer = arg;
    struct store_file file = {0};
    UINT32 i, n = committer->number;
    struct store_txn *txn;
    char etag[32];

    for (i = shared->acknowledged[n] + 1;; i++)
    {
        GUID guid = { i, n };

        sprintf(etag, "\"%u\"", i);
        file.offset = i;
        file.etag = etag;
        store_begin(committer->store, &txn);
        store_set_int(txn, n, 1, i);
        store_set_int(txn, n, 2 + i % 7, i);
        store_put_file(txn, n, &file);
        /* One more job each time, and the last but one goes. */
        store_add_job(txn, 1000000 * (n + 1) + i, &guid);
        store_delete_job(txn, 1000000 * (n + 1) + i - 1);
        if (FAILED(store_commit(txn)))
            InterlockedIncrement(&shared->errors);
        InterlockedExchange(&shared->acknowledged[n], i);
        if (i % 3)
            continue;
        store_begin(committer->store, &txn);
        store_update_file(txn, n, 0, 0, i, i, etag, NULL);
        store_commit_async(txn);
    }
    return 0;
}

static void victim(const char *mapping)
{
    struct committer committers[THREADS];
    struct store_txn *txn;
    struct store *store;
    UINT32 i;

    shared = MapViewOfFile(ULongToHandle(strtoul(mapping, NULL, 16)), FILE_MAP_WRITE, 0, 0, sizeof(*shared));
    if (!shared || FAILED(store_open(path, &store)))
        ExitProcess(1);
    if (!shared->acknowledged[0])
    {
        store_begin(store, &txn);
        for (i = 0; i < THREADS; i++)
        {
            GUID guid = { 0, i };
            store_add_job(txn, i, &guid);
        }
        /* There already, when the last victim died just here. */
        store_commit(txn);
    }
    for (i = 0; i < THREADS; i++)
    {
        committers[i].store = store;
        committers[i].number = i;
        CreateThread(NULL, 0, victim_thread, &committers[i], 0, NULL);
    }
    Sleep(INFINITE);
}

struct survivors
{
    INT64 last[THREADS], props[THREADS], jobs[THREADS];
    UINT64 offset[THREADS];
    unsigned int job_count[THREADS];
};

static HRESULT survivor_job(void *context, UINT64 job, const GUID *guid)
{
    struct survivors *survivors = context;
    UINT32 n = job / 1000000;

    if (n)
    {
        survivors->jobs[n - 1] = job % 1000000;
        survivors->job_count[n - 1]++;
    }
    return S_OK;
}

static HRESULT survivor_prop(void *context, UINT64 job, UINT32 key, const struct store_value *value)
{
    struct survivors *survivors = context;

    if (key == 1)
        survivors->last[job] = value->integer;
    else
        survivors->props[job] = max(survivors->props[job], value->integer);
    return S_OK;
}

static HRESULT survivor_file(void *context, UINT64 job, const struct store_file *file)
{
    struct survivors *survivors = context;
    char etag[32];

    sprintf(etag, "\"%u\"", (UINT32)file->offset);
    ok(file->etag && !strcmp(file->etag, etag), "Got %s for %I64u.\n", file->etag, file->offset);
    survivors->offset[job] = file->offset;
    return S_OK;
}

static void test_kill(void)
{
    static const struct store_reader reader = { survivor_job, survivor_prop, survivor_file };
    SECURITY_ATTRIBUTES inherit = { sizeof(inherit), NULL, TRUE };
    unsigned int round, n, rounds = 25;
    LONG before, last[THREADS] = {0};
    struct survivors survivors;
    PROCESS_INFORMATION info;
    struct store *store;
    char args[64];
    DWORD waited;
    HANDLE mapping;

    set_path(L"kill");
    srand(GetTickCount());
    mapping = CreateFileMappingA(INVALID_HANDLE_VALUE, &inherit, PAGE_READWRITE, 0, sizeof(*shared), NULL);
    shared = MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0, sizeof(*shared));
    sprintf(args, "victim %lx", HandleToULong(mapping));
    for (round = 0; round < rounds; round++)
    {
        winetest_push_context("Round %u", round);
        before = shared->acknowledged[0];
        if (!start_self(args, &info))
            break;
        /* Some die while they open the store, most somewhere in their work. */
        if (round % 5)
        {
            LONG wanted = before + 1 + rand() % 30;

            for (waited = 0; waited < 30000 && shared->acknowledged[0] < wanted; waited++)
                Sleep(1);
        }
        else
            Sleep(rand() % 60);
        TerminateProcess(info.hProcess, 0);
        ok(!WaitForSingleObject(info.hProcess, 30000), "It lives.\n");
        CloseHandle(info.hProcess);
        CloseHandle(info.hThread);
        ok(!shared->errors, "Got %ld errors.\n", shared->errors);

        store = open_store(S_OK);
        if (!store)
            break;
        memset(&survivors, 0, sizeof(survivors));
        check_hr(store_read(store, &reader, &survivors));
        store_close(store);
        for (n = 0; n < THREADS; n++)
        {
            LONG acknowledged = shared->acknowledged[n];

            ok(survivors.last[n] >= acknowledged && survivors.last[n] <= acknowledged + 1,
               "Thread %u: got %I64d, acknowledged %ld.\n", n, survivors.last[n], acknowledged);
            ok(survivors.props[n] == survivors.last[n] && survivors.offset[n] == survivors.last[n]
               && survivors.jobs[n] == survivors.last[n] && survivors.job_count[n] == !!survivors.last[n],
               "Thread %u: got %I64d, %I64d, %I64u, %I64d, %u.\n", n, survivors.last[n], survivors.props[n],
               survivors.offset[n], survivors.jobs[n], survivors.job_count[n]);
            shared->acknowledged[n] = last[n] = survivors.last[n];
        }
        winetest_pop_context();
    }
    trace("%ld, %ld, %ld transactions in %u lives.\n", last[0], last[1], last[2], round);
    ok(last[0] >= rounds / 5 * 4, "Got %ld.\n", last[0]);
    UnmapViewOfFile(shared);
    CloseHandle(mapping);
}

START_TEST(store_kill)
{
    char **argv;
    WCHAR *wide;
    int argc;

    argc = winetest_get_mainargs(&argv);
    if (argc > 4)
    {
        wide = utf8_to_wide(argv[4]);
        lstrcpynW(path, wide, ARRAYSIZE(path));
        free(wide);
        victim(argv[3]);
        return;
    }
    set_dir();
    test_kill();
    delete_files();
}
