/*
 * The SQLite file that outlives the service: open, check, migrate, read.
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

#include "store_private.h"
#include <dpapi.h>
#include "wine/debug.h"

WINE_DEFAULT_DEBUG_CHANNEL(dlengine);

#define APPLICATION_ID  0x57425354  /* "WBST" */
#define BUSY_TIMEOUT_MS 1000        /* the process that had it may be on its way out */

/* What brings a store from version N to N + 1, beginning with an empty file; README has the schema.
 * Never edited once released, only added to. */
static const char *const migrations[] =
{
    "CREATE TABLE meta("
    " name TEXT PRIMARY KEY, value) WITHOUT ROWID;"
    "CREATE TABLE job("
    " id INTEGER PRIMARY KEY,"
    " guid BLOB NOT NULL UNIQUE CHECK(length(guid) = 16));"
    "CREATE TABLE job_prop("
    " job INTEGER NOT NULL REFERENCES job(id) ON DELETE CASCADE,"
    " key INTEGER NOT NULL,"
    " type INTEGER NOT NULL CHECK(type BETWEEN 1 AND 4),"
    " value NOT NULL,"
    " PRIMARY KEY(job, key)) WITHOUT ROWID;"
    "CREATE TABLE file("
    " job INTEGER NOT NULL REFERENCES job(id) ON DELETE CASCADE,"
    " idx INTEGER NOT NULL,"
    " size INTEGER NOT NULL,"
    " offset INTEGER NOT NULL,"
    " synced INTEGER NOT NULL DEFAULT 0,"
    " flags INTEGER NOT NULL,"
    " remote TEXT, local TEXT, part TEXT,"
    " etag BLOB, last_modified BLOB,"
    " PRIMARY KEY(job, idx)) WITHOUT ROWID;"
    "INSERT INTO meta VALUES('created', datetime()), ('boot', '');",
};

/* Bytes that nobody has synced may be lost when the host is: in the first session after its start
 * only those that have been count. */
static const char boot_sql[] =
    "UPDATE file SET offset = synced WHERE offset > synced"
    " AND (SELECT value FROM meta WHERE name = 'boot') IS NOT ?1;"
    "UPDATE meta SET value = ?1 WHERE name = 'boot';";

#define SCHEMA_VERSION ((int)ARRAYSIZE(migrations))

HRESULT store_error(sqlite3 *db, int rc)
{
    ERR("SQLite error %d: %s.\n", rc, db ? sqlite3_errmsg(db) : sqlite3_errstr(rc));
    switch (rc & 0xff)
    {
        case SQLITE_NOMEM: return E_OUTOFMEMORY;
        case SQLITE_FULL: return HRESULT_FROM_WIN32(ERROR_DISK_FULL);
        case SQLITE_BUSY: return HRESULT_FROM_WIN32(ERROR_SHARING_VIOLATION);
        case SQLITE_READONLY: return HRESULT_FROM_WIN32(ERROR_ACCESS_DENIED);
        case SQLITE_CANTOPEN: return HRESULT_FROM_WIN32(ERROR_OPEN_FAILED);
        case SQLITE_TOOBIG: return HRESULT_FROM_WIN32(ERROR_FILE_TOO_LARGE);
        case SQLITE_CORRUPT: return HRESULT_FROM_WIN32(ERROR_FILE_CORRUPT);
        case SQLITE_NOTADB: return HRESULT_FROM_WIN32(ERROR_FILE_CORRUPT);
        case SQLITE_IOERR: return HRESULT_FROM_WIN32(ERROR_IO_DEVICE);
        case SQLITE_CONSTRAINT:
            return rc == SQLITE_CONSTRAINT_FOREIGNKEY ? HRESULT_FROM_WIN32(ERROR_NOT_FOUND)
                                                      : HRESULT_FROM_WIN32(ERROR_ALREADY_EXISTS);
        default: return E_FAIL;
    }
}

static int exec(sqlite3 *db, const char *sql)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

static int query_int(sqlite3 *db, const char *sql, int *ret)
{
    sqlite3_stmt *stmt;
    int rc;

    if ((rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL)))
        return rc;
    if (sqlite3_step(stmt) == SQLITE_ROW)
        *ret = sqlite3_column_int(stmt, 0);
    return sqlite3_finalize(stmt);
}

/* Whether the pages and rows of the file make sense. */
static int check_pages(sqlite3 *db)
{
    sqlite3_stmt *stmt;
    const char *text;
    int rc;

    if ((rc = sqlite3_prepare_v2(db, "PRAGMA quick_check(1)", -1, &stmt, NULL)))
        return rc;
    if ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
    {
        text = (const char *)sqlite3_column_text(stmt, 0);
        if (!text)
            rc = SQLITE_NOMEM;
        else if (strcmp(text, "ok"))
        {
            ERR("The store is damaged: %s.\n", text);
            rc = SQLITE_CORRUPT;
        }
        else
            rc = SQLITE_OK;
    }
    sqlite3_finalize(stmt);
    return rc == SQLITE_DONE ? SQLITE_CORRUPT : rc;
}

static int migrate(sqlite3 *db, int version)
{
    char sql[96];
    int rc;

    for (; version < SCHEMA_VERSION; version++)
    {
        if ((rc = exec(db, "BEGIN IMMEDIATE")))
            return rc;
        sqlite3_snprintf(sizeof(sql), sql, "PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT",
                         APPLICATION_ID, version + 1);
        if ((rc = exec(db, migrations[version])) || (rc = exec(db, sql)))
        {
            exec(db, "ROLLBACK");
            return rc;
        }
    }
    return SQLITE_OK;
}

/* What is different after each start of the host. */
static void get_boot_id(char *buffer, size_t size)
{
    ULARGE_INTEGER now;
    FILETIME time;
    HANDLE file;
    DWORD read = 0;

    file = CreateFileW(L"\\\\?\\unix\\proc\\sys\\kernel\\random\\boot_id", GENERIC_READ,
                       FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
    if (file != INVALID_HANDLE_VALUE)
    {
        if (!ReadFile(file, buffer, size - 1, &read, NULL))
            read = 0;
        CloseHandle(file);
    }
    buffer[read] = 0;
    if (read)
        return;
    /* Elsewhere the time of the start has to do; a clock that was set costs some downloads. */
    GetSystemTimeAsFileTime(&time);
    now.u.LowPart = time.dwLowDateTime;
    now.u.HighPart = time.dwHighDateTime;
    sqlite3_snprintf(size, buffer, "%llu", (now.QuadPart / 10000 - GetTickCount64()) / 60000);
}

static int check_boot(sqlite3 *db)
{
    const char *sql = boot_sql;
    sqlite3_stmt *stmt;
    char id[80];
    int rc;

    get_boot_id(id, sizeof(id));
    if ((rc = exec(db, "BEGIN IMMEDIATE")))
        return rc;
    while (!rc && *sql)
    {
        if ((rc = sqlite3_prepare_v2(db, sql, -1, &stmt, &sql)))
            break;
        rc = sqlite3_bind_text(stmt, 1, id, -1, SQLITE_STATIC);
        if (!rc && sqlite3_step(stmt) == SQLITE_DONE && sqlite3_changes(db) && *sql)
            WARN("The host was started since: %d files lose what was not synced.\n", sqlite3_changes(db));
        if (!rc)
            rc = sqlite3_reset(stmt);
        sqlite3_finalize(stmt);
    }
    if (rc || (rc = exec(db, "COMMIT")))
        exec(db, "ROLLBACK");
    return rc;
}

/* Opens what is there, or makes it.  SQLITE_CORRUPT and SQLITE_NOTADB: damaged, or not a store at all;
 * SQLITE_MISMATCH: made by a later version. */
static int open_db(struct store *store, const char *path)
{
    int rc, id = 0, version = 0, objects = 0;
    sqlite3 *db;

    rc = sqlite3_open_v2(path, &store->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
    if (rc)
        return rc;
    db = store->db;
    sqlite3_extended_result_codes(db, 1);
    sqlite3_busy_timeout(db, BUSY_TIMEOUT_MS);
    /* Without this a file made by somebody else could run triggers and functions of its choice. */
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    /* A file that is refused is left as it is, its log too. */
    sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);

    if ((rc = exec(db, "PRAGMA locking_mode = EXCLUSIVE"))
            || (rc = query_int(db, "PRAGMA application_id", &id))
            || (rc = query_int(db, "PRAGMA user_version", &version))
            || (rc = query_int(db, "SELECT count(*) FROM sqlite_schema", &objects)))
        return rc;
    if (objects || id || version)
    {
        if (id != APPLICATION_ID)
            return SQLITE_NOTADB;
        if (version > SCHEMA_VERSION)
            return SQLITE_MISMATCH;
        if (!objects || version <= 0)
            return SQLITE_CORRUPT;
        if ((rc = check_pages(db)))
            return rc;
    }
    /* Strings go in and out as they are. */
    else if ((rc = exec(db, "PRAGMA encoding = 'UTF-16le'")))
        return rc;

    if ((rc = exec(db, "PRAGMA journal_mode = WAL"))
            || (rc = exec(db, "PRAGMA synchronous = FULL"))
            || (rc = exec(db, "PRAGMA foreign_keys = ON"))
            || (rc = exec(db, "PRAGMA journal_size_limit = 4194304"))
            || (rc = migrate(db, version)))
        return rc;
    if ((rc = writer_prepare(store)) || (rc = check_boot(db)))
        return rc == SQLITE_ERROR ? SQLITE_CORRUPT : rc;
    sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
    return SQLITE_OK;
}

static void close_db(struct store *store)
{
    writer_finalize(store);
    sqlite3_close(store->db);
    store->db = NULL;
    memset(store->ops, 0, sizeof(store->ops));
    store->begin = store->commit = store->rollback = NULL;
    store->savepoint = store->release = store->rollback_to = NULL;
}

/* Renames a damaged store, and what belongs to it, to NAME.bad-N. */
static HRESULT set_aside(const WCHAR *path)
{
    static const WCHAR *const suffixes[] = { L"", L"-wal", L"-shm", L"-journal" };
    size_t len = wcslen(path) + 32, i, found;
    WCHAR *from, *to = NULL;
    HRESULT hr = S_OK;
    int n = 0;

    if (!(from = malloc(len * sizeof(*from))) || !(to = malloc(len * sizeof(*to))))
    {
        hr = E_OUTOFMEMORY;
        goto done;
    }
    do
    {
        n++;
        for (i = found = 0; i < ARRAYSIZE(suffixes); i++)
        {
            swprintf(to, len, L"%ls.bad-%d%ls", path, n, suffixes[i]);
            if (GetFileAttributesW(to) != INVALID_FILE_ATTRIBUTES)
                found++;
        }
    } while (found);

    /* The file first: a log without one is not taken for that of the next. */
    for (i = 0; i < ARRAYSIZE(suffixes); i++)
    {
        swprintf(from, len, L"%ls%ls", path, suffixes[i]);
        swprintf(to, len, L"%ls.bad-%d%ls", path, n, suffixes[i]);
        if (!MoveFileExW(from, to, MOVEFILE_WRITE_THROUGH) && GetLastError() != ERROR_FILE_NOT_FOUND)
        {
            hr = HRESULT_FROM_WIN32(GetLastError());
            ERR("Failed to rename %s, hr %#lx.\n", debugstr_w(from), hr);
            goto done;
        }
    }
    ERR("%s is damaged; renamed to %s.bad-%d.\n", debugstr_w(path), debugstr_w(path), n);

done:
    free(to);
    free(from);
    return hr;
}

HRESULT store_open(const WCHAR *path, struct store **ret_store)
{
    struct store *store = NULL;
    HRESULT hr = S_OK;
    BOOL renamed = FALSE;
    char *utf8 = NULL;
    int rc;

    TRACE("path %s.\n", debugstr_w(path));
    if (!(store = calloc(1, sizeof(*store))) || !(utf8 = wide_to_utf8(path)))
    {
        hr = E_OUTOFMEMORY;
        goto done;
    }
    rc = open_db(store, utf8);
    if ((rc & 0xff) == SQLITE_CORRUPT || (rc & 0xff) == SQLITE_NOTADB)
    {
        store_error(store->db, rc);
        close_db(store);
        if (FAILED(hr = set_aside(path)))
            goto done;
        renamed = TRUE;
        rc = open_db(store, utf8);
    }
    if (rc == SQLITE_MISMATCH)
    {
        ERR("%s was made by a later version.\n", debugstr_w(path));
        hr = HRESULT_FROM_WIN32(ERROR_REVISION_MISMATCH);
    }
    else if (rc)
        hr = store_error(store->db, rc);
    else
        hr = writer_start(store);

done:
    free(utf8);
    if (FAILED(hr))
    {
        if (store)
            close_db(store);
        free(store);
        return hr;
    }
    *ret_store = store;
    return renamed ? S_FALSE : S_OK;
}

void store_close(struct store *store)
{
    if (!store)
        return;
    writer_stop(store);
    close_db(store);
    free(store);
}

static const void *column_data(sqlite3_stmt *stmt, int column, size_t *size)
{
    const void *data;

    if (sqlite3_column_type(stmt, column) == SQLITE_TEXT)
    {
        data = sqlite3_column_text16(stmt, column);
        *size = sqlite3_column_bytes16(stmt, column);
    }
    else
    {
        data = sqlite3_column_blob(stmt, column);
        *size = sqlite3_column_bytes(stmt, column);
    }
    return data;
}

/* A terminated copy, or NULL for "none"; *ok is cleared when there is no memory for it. */
static void *column_string(sqlite3_stmt *stmt, int column, size_t unit, BOOL *ok)
{
    const void *data;
    size_t size;
    char *ret;

    if (sqlite3_column_type(stmt, column) == SQLITE_NULL)
        return NULL;
    data = column_data(stmt, column, &size);
    size -= size % unit;
    if ((size && !data) || !(ret = malloc(size + unit)))
    {
        *ok = FALSE;
        return NULL;
    }
    if (size)
        memcpy(ret, data, size);
    memset(ret + size, 0, unit);
    return ret;
}

static HRESULT read_prop(sqlite3_stmt *stmt, UINT64 job, const struct store_reader *reader, void *context)
{
    UINT32 key = sqlite3_column_int64(stmt, 0);
    struct store_value value = {0};
    DATA_BLOB sealed, plain;
    HRESULT hr;

    value.type = sqlite3_column_int(stmt, 1);
    if (value.type == STORE_INT)
    {
        value.integer = sqlite3_column_int64(stmt, 2);
        return reader->prop(context, job, key, &value);
    }
    value.data = column_data(stmt, 2, &value.size);
    if (value.size && !value.data)
        return E_OUTOFMEMORY;
    if (value.type != STORE_SECRET)
        return reader->prop(context, job, key, &value);

    sealed.pbData = (BYTE *)value.data;
    sealed.cbData = value.size;
    if (!CryptUnprotectData(&sealed, NULL, NULL, NULL, NULL, CRYPTPROTECT_UI_FORBIDDEN, &plain))
    {
        /* The store of another user or machine; the rest of the job is good. */
        WARN("Cannot open secret %u of job %s, error %lu.\n", key, wine_dbgstr_longlong(job), GetLastError());
        return S_OK;
    }
    value.data = plain.pbData;
    value.size = plain.cbData;
    hr = reader->prop(context, job, key, &value);
    SecureZeroMemory(plain.pbData, plain.cbData);
    LocalFree(plain.pbData);
    return hr;
}

static HRESULT read_file(sqlite3_stmt *stmt, UINT64 job, const struct store_reader *reader, void *context)
{
    struct store_file file;
    HRESULT hr = E_OUTOFMEMORY;
    BOOL ok = TRUE;

    file.index = sqlite3_column_int64(stmt, 0);
    file.size = sqlite3_column_int64(stmt, 1);
    file.offset = sqlite3_column_int64(stmt, 2);
    file.flags = sqlite3_column_int64(stmt, 3);
    file.remote = column_string(stmt, 4, sizeof(WCHAR), &ok);
    file.local = column_string(stmt, 5, sizeof(WCHAR), &ok);
    file.part = column_string(stmt, 6, sizeof(WCHAR), &ok);
    file.etag = column_string(stmt, 7, 1, &ok);
    file.last_modified = column_string(stmt, 8, 1, &ok);
    if (ok)
        hr = reader->file(context, job, &file);
    free((void *)file.remote);
    free((void *)file.local);
    free((void *)file.part);
    free((void *)file.etag);
    free((void *)file.last_modified);
    return hr;
}

static HRESULT read_rows(struct store *store, sqlite3_stmt *stmt, UINT64 job, const struct store_reader *reader,
                         void *context, HRESULT (*read)(sqlite3_stmt *, UINT64, const struct store_reader *, void *))
{
    HRESULT hr = S_OK;
    int rc;

    if ((rc = sqlite3_bind_int64(stmt, 1, job)))
        return store_error(store->db, rc);
    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW && SUCCEEDED(hr))
        hr = read(stmt, job, reader, context);
    if (SUCCEEDED(hr) && rc != SQLITE_DONE)
        hr = store_error(store->db, rc);
    sqlite3_reset(stmt);
    return hr;
}

HRESULT store_read(struct store *store, const struct store_reader *reader, void *context)
{
    sqlite3_stmt *jobs = NULL, *props = NULL, *files = NULL;
    const void *data;
    HRESULT hr = S_OK;
    UINT64 job;
    size_t size;
    GUID guid;
    int rc;

    AcquireSRWLockExclusive(&store->db_lock);
    if ((rc = sqlite3_prepare_v2(store->db, "SELECT id, guid FROM job ORDER BY id", -1, &jobs, NULL))
            || (rc = sqlite3_prepare_v2(store->db,
                   "SELECT key, type, value FROM job_prop WHERE job = ?1 ORDER BY key", -1, &props, NULL))
            || (rc = sqlite3_prepare_v2(store->db,
                   "SELECT idx, size, offset, flags, remote, local, part, etag, last_modified"
                   " FROM file WHERE job = ?1 ORDER BY idx", -1, &files, NULL)))
    {
        hr = store_error(store->db, rc);
        goto done;
    }
    while ((rc = sqlite3_step(jobs)) == SQLITE_ROW)
    {
        job = sqlite3_column_int64(jobs, 0);
        data = column_data(jobs, 1, &size);
        if (!data || size != sizeof(guid))
        {
            hr = HRESULT_FROM_WIN32(ERROR_FILE_CORRUPT);
            goto done;
        }
        memcpy(&guid, data, sizeof(guid));
        if (FAILED(hr = reader->job(context, job, &guid))
                || FAILED(hr = read_rows(store, props, job, reader, context, read_prop))
                || FAILED(hr = read_rows(store, files, job, reader, context, read_file)))
            goto done;
    }
    if (rc != SQLITE_DONE)
        hr = store_error(store->db, rc);

done:
    sqlite3_finalize(files);
    sqlite3_finalize(props);
    sqlite3_finalize(jobs);
    ReleaseSRWLockExclusive(&store->db_lock);
    return hr;
}
