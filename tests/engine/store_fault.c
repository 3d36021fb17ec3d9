/*
 * The store when writes, syncs, allocations or the power fail, at every point where they can.
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

#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "engine.h"
#include "wine/test.h"

/* The linker sends every allocation to __wrap_...(): the engine's and SQLite's. */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *ptr, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *ptr, size_t size);

/* A file system in memory.  It knows what a power failure leaves: what was written before the last sync
 * of a file, and any part of what came after. */

#define MAX_FILES       8
#define MAX_WRITES      4096

struct write
{
    sqlite3_int64 offset;
    int size;                       /* -1: the file was truncated to offset */
    BYTE *data;
};

struct content
{
    BYTE *data;
    sqlite3_int64 size, allocated;
};

struct mem_file
{
    char name[64];
    BOOL exists;
    struct content now, synced;
    struct write writes[MAX_WRITES];    /* since the last sync */
    int write_count;
};

static struct mem_file files[MAX_FILES];

/* What goes wrong. */
enum fault_kind { FAULT_NONE, FAULT_WRITE, FAULT_SYNC, FAULT_ANY, FAULT_ALLOC };

static enum fault_kind fault_kind;
static LONG fault_countdown;        /* operations of that kind until one fails */
static BOOL fault_lasts;            /* all after it fail too */
static BOOL fault_happened;
static BOOL power_is_out;
static BOOL dies_when_refused;      /* nothing reaches a file after the first commit that failed */
static unsigned int seed;

static unsigned int random_number(void)
{
    seed = seed * 1103515245 + 12345;
    return seed >> 16;
}

static BOOL is_fault(enum fault_kind kind)
{
    if (power_is_out)
        return TRUE;
    if (fault_kind != kind && (fault_kind != FAULT_ANY || kind == FAULT_ALLOC))
        return FALSE;
    if (fault_happened)
        return fault_lasts;
    if (InterlockedDecrement(&fault_countdown) >= 0)
        return FALSE;
    fault_happened = TRUE;
    return TRUE;
}

static void content_write(struct content *content, sqlite3_int64 offset, const void *data, int size)
{
    if (offset + size > content->allocated)
    {
        content->allocated = (offset + size) * 2;
        content->data = __real_realloc(content->data, content->allocated);
    }
    if (offset > content->size)
        memset(content->data + content->size, 0, offset - content->size);
    memcpy(content->data + offset, data, size);
    content->size = max(content->size, offset + size);
}

static void content_truncate(struct content *content, sqlite3_int64 size)
{
    content->size = min(content->size, size);
}

static void content_apply(struct content *content, const struct write *write)
{
    if (write->size < 0)
        content_truncate(content, write->offset);
    else
        content_write(content, write->offset, write->data, write->size);
}

static void file_forget_writes(struct mem_file *file)
{
    while (file->write_count)
        free(file->writes[--file->write_count].data);
}

static void file_record(struct mem_file *file, sqlite3_int64 offset, const void *data, int size)
{
    struct write *write;
    int i;

    if (file->write_count == MAX_WRITES)
    {
        for (i = 0; i < file->write_count; i++)
            content_apply(&file->synced, &file->writes[i]);
        file_forget_writes(file);
    }
    write = &file->writes[file->write_count++];
    write->offset = offset;
    write->size = size;
    write->data = NULL;
    if (size > 0)
    {
        write->data = __real_malloc(size);
        memcpy(write->data, data, size);
    }
    content_apply(&file->now, write);
}

static void file_sync(struct mem_file *file)
{
    int i;

    for (i = 0; i < file->write_count; i++)
        content_apply(&file->synced, &file->writes[i]);
    file_forget_writes(file);
}

/* The power comes back. */
static void files_after_crash(void)
{
    struct mem_file *file;
    int i, how;

    for (file = files; file < files + MAX_FILES; file++)
    {
        /* All, none, or some of what was not synced got there. */
        how = random_number() % 3;
        for (i = 0; i < file->write_count; i++)
            if (!how || (how == 1 && random_number() & 1))
                content_apply(&file->synced, &file->writes[i]);
        file_forget_writes(file);
        content_truncate(&file->now, 0);
        if (file->synced.size)
            content_write(&file->now, 0, file->synced.data, file->synced.size);
    }
}

static void files_clear(void)
{
    struct mem_file *file;

    for (file = files; file < files + MAX_FILES; file++)
    {
        file_forget_writes(file);
        free(file->now.data);
        free(file->synced.data);
        memset(&file->now, 0, sizeof(file->now));
        memset(&file->synced, 0, sizeof(file->synced));
        file->exists = FALSE;
    }
}

static struct mem_file *find_file(const char *name)
{
    struct mem_file *file;

    for (file = files; file < files + MAX_FILES; file++)
        if (file->exists && !strcmp(file->name, name))
            return file;
    return NULL;
}

struct open_file
{
    sqlite3_file base;
    struct mem_file *file;
};

static struct mem_file *get_file(sqlite3_file *base)
{
    return ((struct open_file *)base)->file;
}

static int mem_close(sqlite3_file *base)
{
    return SQLITE_OK;
}

static int mem_read(sqlite3_file *base, void *data, int size, sqlite3_int64 offset)
{
    struct content *content = &get_file(base)->now;
    int there = 0;

    if (offset < content->size)
        there = min(size, content->size - offset);
    if (there)
        memcpy(data, content->data + offset, there);
    memset((BYTE *)data + there, 0, size - there);
    return there < size ? SQLITE_IOERR_SHORT_READ : SQLITE_OK;
}

static int mem_write(sqlite3_file *base, const void *data, int size, sqlite3_int64 offset)
{
    if (is_fault(FAULT_WRITE))
    {
        /* A write that fails may have got half way. */
        if (!power_is_out && size > 1)
            file_record(get_file(base), offset, data, size / 2);
        return SQLITE_IOERR_WRITE;
    }
    file_record(get_file(base), offset, data, size);
    return SQLITE_OK;
}

static int mem_truncate(sqlite3_file *base, sqlite3_int64 size)
{
    if (is_fault(FAULT_WRITE))
        return SQLITE_IOERR_TRUNCATE;
    file_record(get_file(base), size, NULL, -1);
    return SQLITE_OK;
}

static int mem_sync(sqlite3_file *base, int flags)
{
    if (is_fault(FAULT_SYNC))
        return SQLITE_IOERR_FSYNC;
    file_sync(get_file(base));
    return SQLITE_OK;
}

static int mem_file_size(sqlite3_file *base, sqlite3_int64 *size)
{
    *size = get_file(base)->now.size;
    return SQLITE_OK;
}

static int mem_lock(sqlite3_file *base, int level)
{
    return SQLITE_OK;
}

static int mem_check_lock(sqlite3_file *base, int *ret)
{
    *ret = 0;
    return SQLITE_OK;
}

static int mem_control(sqlite3_file *base, int op, void *arg)
{
    return SQLITE_NOTFOUND;
}

static int mem_sector_size(sqlite3_file *base)
{
    return 512;
}

static int mem_characteristics(sqlite3_file *base)
{
    return 0;
}

static const sqlite3_io_methods mem_methods =
{
    1, mem_close, mem_read, mem_write, mem_truncate, mem_sync, mem_file_size, mem_lock, mem_lock,
    mem_check_lock, mem_control, mem_sector_size, mem_characteristics,
};

static int mem_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags, int *ret_flags)
{
    struct mem_file *file;

    base->pMethods = NULL;
    ok(name != NULL, "A temporary file.\n");
    if (!(file = find_file(name)))
    {
        if (!(flags & SQLITE_OPEN_CREATE) || is_fault(FAULT_WRITE))
            return SQLITE_CANTOPEN;
        for (file = files; file->exists; file++)
            ;
        file->exists = TRUE;
        lstrcpynA(file->name, name, sizeof(file->name));
        content_truncate(&file->now, 0);
        content_truncate(&file->synced, 0);
    }
    ((struct open_file *)base)->file = file;
    base->pMethods = &mem_methods;
    if (ret_flags)
        *ret_flags = flags;
    return SQLITE_OK;
}

static int mem_delete(sqlite3_vfs *vfs, const char *name, int sync_dir)
{
    struct mem_file *file;

    if (is_fault(FAULT_WRITE))
        return SQLITE_IOERR_DELETE;
    if (!(file = find_file(name)))
        return SQLITE_IOERR_DELETE_NOENT;
    file_forget_writes(file);
    file->exists = FALSE;
    return SQLITE_OK;
}

static int mem_access(sqlite3_vfs *vfs, const char *name, int flags, int *ret)
{
    struct mem_file *file = find_file(name);

    *ret = file && (flags != SQLITE_ACCESS_EXISTS || file->now.size);
    return SQLITE_OK;
}

static int mem_full_path(sqlite3_vfs *vfs, const char *name, int size, char *out)
{
    lstrcpynA(out, name, size);
    return SQLITE_OK;
}

static int mem_random(sqlite3_vfs *vfs, int size, char *out)
{
    int i;

    for (i = 0; i < size; i++)
        out[i] = random_number();
    return size;
}

static int mem_sleep(sqlite3_vfs *vfs, int microseconds)
{
    return microseconds;
}

static int mem_time(sqlite3_vfs *vfs, double *ret)
{
    *ret = 2460000.5;
    return SQLITE_OK;
}

static int mem_last_error(sqlite3_vfs *vfs, int size, char *out)
{
    return 0;
}

static sqlite3_vfs mem_vfs =
{
    1, sizeof(struct open_file), 60, NULL, "mem", NULL, mem_open, mem_delete, mem_access, mem_full_path,
    NULL, NULL, NULL, NULL, mem_random, mem_sleep, mem_time, mem_last_error,
};

static BOOL is_alloc_fault(void)
{
    return fault_kind == FAULT_ALLOC && is_fault(FAULT_ALLOC);
}

void *__wrap_malloc(size_t size)
{
    return is_alloc_fault() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return is_alloc_fault() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *ptr, size_t size)
{
    return is_alloc_fault() ? NULL : __real_realloc(ptr, size);
}

/* ---- what is done, and what must be there afterwards ---- */

#define TXN_COUNT       12

enum outcome { NOT_TRIED, ACKNOWLEDGED, REFUSED, ASYNC };

static enum outcome outcomes[TXN_COUNT];

/* Each transaction sets a property, puts a file and adds a job. */
static HRESULT build_txn(struct store_txn *txn, unsigned int i)
{
    static const WCHAR text[] = L"This text is here to take some room in the pages of the store, "
                                L"so that there are more than one of them.";
    struct store_file file = { i, text, text, text, i, i };
    GUID guid = { i + 1 };
    static const GUID base;
    HRESULT hr;

    if (!i && FAILED(hr = store_add_job(txn, 1, &base)))
        return hr;
    if (FAILED(hr = store_set_int(txn, 1, i, i)) || FAILED(hr = store_put_file(txn, 1, &file))
            || FAILED(hr = store_add_job(txn, 100 + i, &guid)))
        return hr;
    return store_set_text(txn, 100 + i, 1, text);
}

static void run_txn(struct store *store, unsigned int i, BOOL is_async)
{
    struct store_txn *txn;
    HRESULT hr;

    outcomes[i] = REFUSED;
    if (FAILED(store_begin(store, &txn)))
        return;
    if (FAILED(build_txn(txn, i)))
        store_abort(txn);
    else if (is_async)
    {
        outcomes[i] = ASYNC;
        store_commit_async(txn);
    }
    else
    {
        hr = store_commit(txn);
        if (SUCCEEDED(hr))
            outcomes[i] = ACKNOWLEDGED;
        else if (dies_when_refused)
            power_is_out = TRUE;
        ok(hr == S_OK || fault_happened, "Transaction %u: got hr %#lx.\n", i, hr);
    }
}

struct found
{
    BOOL base, prop[TXN_COUNT], file[TXN_COUNT], job[TXN_COUNT];
};

static HRESULT found_job(void *context, UINT64 job, const GUID *guid)
{
    struct found *found = context;

    if (job == 1)
        found->base = TRUE;
    else
    {
        ok(job >= 100 && job < 100 + TXN_COUNT && guid->Data1 == job - 99, "Got job %I64u.\n", job);
        found->job[job - 100] = TRUE;
    }
    return S_OK;
}

static HRESULT found_prop(void *context, UINT64 job, UINT32 key, const struct store_value *value)
{
    struct found *found = context;

    if (job == 1)
        found->prop[key] = TRUE;
    return S_OK;
}

static HRESULT found_file(void *context, UINT64 job, const struct store_file *file)
{
    struct found *found = context;

    ok(job == 1 && file->size == file->index, "Got job %I64u, size %I64u.\n", job, file->size);
    found->file[file->index] = TRUE;
    return S_OK;
}

static void verify(BOOL is_exact)
{
    static const struct store_reader reader = { found_job, found_prop, found_file };
    struct found found = {0};
    struct store *store;
    unsigned int i;
    HRESULT hr;

    hr = store_open(L"mem.db", &store);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    if (FAILED(hr))
        return;
    hr = store_read(store, &reader, &found);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    for (i = 0; i < TXN_COUNT; i++)
    {
        ok(found.prop[i] == found.file[i] && found.prop[i] == found.job[i], "Transaction %u is there by halves.\n", i);
        if (outcomes[i] == ACKNOWLEDGED)
            ok(found.prop[i], "Transaction %u is lost.\n", i);
        else if (outcomes[i] == REFUSED && is_exact)
            ok(!found.prop[i], "Transaction %u is there, but was refused.\n", i);
        else if (outcomes[i] == NOT_TRIED)
            ok(!found.prop[i], "Transaction %u is there.\n", i);
    }
    store_close(store);
}

/* Opens, commits, closes, and once more; as far as the fault allows. */
static void run_scenario(void)
{
    struct store *store;
    unsigned int i, part;
    HRESULT hr;

    memset(outcomes, 0, sizeof(outcomes));
    for (part = 0; part < 2; part++)
    {
        hr = store_open(L"mem.db", &store);
        ok(hr == S_OK || (FAILED(hr) && fault_happened), "Got hr %#lx.\n", hr);
        if (FAILED(hr))
            return;
        for (i = part * TXN_COUNT / 2; i < (part + 1) * TXN_COUNT / 2 && !power_is_out; i++)
            run_txn(store, i, i % 4 == 2);
        store_close(store);
    }
}

static void test_faults(enum fault_kind kind, BOOL lasts, BOOL power_fails, unsigned int step)
{
    unsigned int n;

    for (n = 0;; n += step)
    {
        winetest_push_context("Kind %d, %s, operation %u", kind, power_fails ? "power" : lasts ? "lasting" : "once", n);
        files_clear();
        seed = n;
        fault_happened = FALSE;
        fault_lasts = lasts;
        fault_countdown = n;
        fault_kind = kind;
        run_scenario();
        fault_kind = FAULT_NONE;
        power_is_out = FALSE;
        if (power_fails)
            files_after_crash();
        verify(!lasts);
        winetest_pop_context();
        if (!fault_happened)
            break;
    }
    ok(n > 10, "Only %u operations.\n", n);
    trace("Kind %d: %u operations.\n", kind, n);
}

START_TEST(store_fault)
{
    HRESULT hr;
    struct store *store;

    sqlite3_vfs_register(&mem_vfs, 1);
    /* What is made once per process is not part of the game. */
    hr = store_open(L"warm.db", &store);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    store_close(store);

    test_faults(FAULT_WRITE, FALSE, FALSE, 1);
    test_faults(FAULT_WRITE, TRUE, FALSE, 1);
    test_faults(FAULT_SYNC, FALSE, FALSE, 1);
    test_faults(FAULT_SYNC, TRUE, FALSE, 1);
    test_faults(FAULT_ANY, TRUE, TRUE, 1);
    dies_when_refused = TRUE;
    test_faults(FAULT_WRITE, FALSE, FALSE, 1);
    test_faults(FAULT_SYNC, FALSE, FALSE, 1);
    dies_when_refused = FALSE;
    test_faults(FAULT_ALLOC, FALSE, FALSE, 3);
}
