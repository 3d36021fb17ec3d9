/*
 * The store's thread: many transactions, one sync, in order of their commit.
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

#include <string.h>

#include "store_private.h"
#include "wine/debug.h"

WINE_DEFAULT_DEBUG_CHANNEL(dlengine);

static const char *const op_sql[OP_COUNT] =
{
    /* OP_ADD_JOB */
    "INSERT INTO job(id, guid) VALUES(?1, ?2)",
    /* OP_DELETE_JOB */
    "DELETE FROM job WHERE id = ?1",
    /* OP_SET_PROP */
    "INSERT INTO job_prop(job, key, type, value) VALUES(?1, ?2, ?3, ?4)"
    " ON CONFLICT(job, key) DO UPDATE SET type = excluded.type, value = excluded.value",
    /* OP_DELETE_PROP */
    "DELETE FROM job_prop WHERE job = ?1 AND key = ?2",
    /* OP_PUT_FILE */
    "REPLACE INTO file(job, idx, size, offset, flags, remote, local, part, etag, last_modified)"
    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    /* OP_UPDATE_FILE */
    "UPDATE file SET size = ?3, offset = ?4, flags = ?5, etag = ?6, last_modified = ?7, synced = min(synced, ?4)"
    " WHERE job = ?1 AND idx = ?2",
    /* OP_SYNC_FILE */
    "UPDATE file SET synced = min(offset, ?3) WHERE job = ?1 AND idx = ?2",
};

static int prepare(struct store *store, const char *sql, sqlite3_stmt **stmt)
{
    return sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, stmt, NULL);
}

int writer_prepare(struct store *store)
{
    int i, rc = SQLITE_OK;

    for (i = 0; !rc && i < OP_COUNT; i++)
        rc = prepare(store, op_sql[i], &store->ops[i]);
    if (!rc) rc = prepare(store, "BEGIN IMMEDIATE", &store->begin);
    if (!rc) rc = prepare(store, "COMMIT", &store->commit);
    if (!rc) rc = prepare(store, "ROLLBACK", &store->rollback);
    if (!rc) rc = prepare(store, "SAVEPOINT txn", &store->savepoint);
    if (!rc) rc = prepare(store, "RELEASE txn", &store->release);
    if (!rc) rc = prepare(store, "ROLLBACK TO txn", &store->rollback_to);
    return rc;
}

void writer_finalize(struct store *store)
{
    int i;

    for (i = 0; i < OP_COUNT; i++)
        sqlite3_finalize(store->ops[i]);
    sqlite3_finalize(store->begin);
    sqlite3_finalize(store->commit);
    sqlite3_finalize(store->rollback);
    sqlite3_finalize(store->savepoint);
    sqlite3_finalize(store->release);
    sqlite3_finalize(store->rollback_to);
}

static int run(sqlite3_stmt *stmt)
{
    sqlite3_step(stmt);
    return sqlite3_reset(stmt);
}

/* The next of the data that follow op. */
static int bind_data(sqlite3_stmt *stmt, int column, const struct op *op, unsigned int i, const BYTE **data,
                     BOOL is_text)
{
    UINT32 size = op->data_size[i];
    const BYTE *p = *data;

    if (size == OP_NO_DATA)
        return sqlite3_bind_null(stmt, column);
    *data += (size + 1) & ~1;
    /* SQLite would take a leading byte order mark for its own. */
    if (!is_text || (size >= 2 && (*(const WCHAR *)p == 0xfeff || *(const WCHAR *)p == 0xfffe)))
        return sqlite3_bind_blob(stmt, column, size ? (const void *)p : "", size, SQLITE_STATIC);
    return sqlite3_bind_text16(stmt, column, p, size, SQLITE_STATIC);
}

static int apply_op(struct store *store, const struct op *op, size_t *ret_size)
{
    sqlite3_stmt *stmt = store->ops[op->type];
    const BYTE *data = (const BYTE *)(op + 1);
    int rc, column = 2;
    unsigned int i;

    rc = sqlite3_bind_int64(stmt, 1, op->job);
    switch (op->type)
    {
        case OP_ADD_JOB:
            if (!rc) rc = bind_data(stmt, 2, op, 0, &data, FALSE);
            break;
        case OP_SET_PROP:
            if (!rc) rc = sqlite3_bind_int64(stmt, 2, op->key);
            if (!rc) rc = sqlite3_bind_int(stmt, 3, op->value_type);
            if (op->value_type == STORE_INT)
            {
                if (!rc) rc = sqlite3_bind_int64(stmt, 4, op->size);
            }
            else if (!rc)
                rc = bind_data(stmt, 4, op, 0, &data, op->value_type == STORE_TEXT);
            break;
        case OP_DELETE_PROP:
            if (!rc) rc = sqlite3_bind_int64(stmt, 2, op->key);
            break;
        case OP_SYNC_FILE:
            if (!rc) rc = sqlite3_bind_int64(stmt, 2, op->key);
            if (!rc) rc = sqlite3_bind_int64(stmt, 3, op->offset);
            break;
        case OP_PUT_FILE:
        case OP_UPDATE_FILE:
            if (!rc) rc = sqlite3_bind_int64(stmt, 2, op->key);
            if (!rc) rc = sqlite3_bind_int64(stmt, 3, op->size);
            if (!rc) rc = sqlite3_bind_int64(stmt, 4, op->offset);
            if (!rc) rc = sqlite3_bind_int64(stmt, 5, op->flags);
            column = 6;
            for (i = 0; !rc && i < (op->type == OP_PUT_FILE ? 5 : 2); i++)
                rc = bind_data(stmt, column + i, op, i, &data, op->type == OP_PUT_FILE && i < 3);
            break;
        default:
            break;
    }
    if (!rc)
        rc = run(stmt);
    *ret_size = (data - (const BYTE *)op + 7) & ~7;
    return rc;
}

static int apply_txn(struct store *store, const struct store_txn *txn)
{
    const struct chunk *chunk;
    size_t pos, size;
    int rc;

    LIST_FOR_EACH_ENTRY(chunk, &txn->chunks, struct chunk, entry)
    {
        for (pos = 0; pos < chunk->used; pos += size)
            if ((rc = apply_op(store, (const struct op *)(chunk->data + pos), &size)))
                return rc;
    }
    return SQLITE_OK;
}

/* A failed commit may have left its last frame in the log, where a restart would take it for valid. */
static void forget_failed_commit(struct store *store)
{
    int rc;

    if (!sqlite3_get_autocommit(store->db))
        run(store->rollback);
    if ((rc = sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL)))
        ERR("Failed to clean up after a failed commit, SQLite error %d.\n", rc);
}

/* One transaction by itself. */
static int write_alone(struct store *store, const struct store_txn *txn)
{
    int rc;

    if ((rc = run(store->begin)))
        return rc;
    if ((rc = apply_txn(store, txn)))
    {
        /* SQLite has done it already after some errors. */
        if (!sqlite3_get_autocommit(store->db))
            run(store->rollback);
        return rc;
    }
    if ((rc = run(store->commit)))
        forget_failed_commit(store);
    return rc;
}

/* Whether a transaction is to be written at all.  One that has someone waiting for it tells, in place of
 * being written, of an earlier failure of one that had nobody. */
static BOOL is_wanted(struct store_txn *txn, HRESULT *kept_hr)
{
    txn->result = txn->hr;
    if (SUCCEEDED(txn->result) && !txn->is_async && FAILED(*kept_hr))
    {
        txn->result = *kept_hr;
        *kept_hr = S_OK;
    }
    return SUCCEEDED(txn->result);
}

static void keep_failure(const struct store_txn *txn, HRESULT *kept_hr)
{
    if (txn->is_async && FAILED(txn->result))
        *kept_hr = txn->result;
}

/* All of them with one sync, each failing for itself.  Returns FALSE when nothing has been written and
 * each needs a try of its own. */
static BOOL write_together(struct store *store, struct list *txns)
{
    HRESULT kept_hr = store->kept_hr;
    struct store_txn *txn;
    int rc;

    if (run(store->begin))
        return FALSE;
    LIST_FOR_EACH_ENTRY(txn, txns, struct store_txn, entry)
    {
        if (is_wanted(txn, &kept_hr))
        {
            if (run(store->savepoint))
                goto failed;
            if ((rc = apply_txn(store, txn)))
            {
                txn->result = store_error(store->db, rc);
                if (sqlite3_get_autocommit(store->db) || run(store->rollback_to))
                    goto failed;
            }
            if (run(store->release))
                goto failed;
        }
        keep_failure(txn, &kept_hr);
    }
    if (run(store->commit))
        goto failed;
    store->kept_hr = kept_hr;
    return TRUE;

failed:
    forget_failed_commit(store);
    return FALSE;
}

static void write_txns(struct store *store, struct list *txns)
{
    struct store_txn *txn;
    int rc;

    AcquireSRWLockExclusive(&store->db_lock);
    if (list_head(txns) == list_tail(txns) || !write_together(store, txns))
    {
        LIST_FOR_EACH_ENTRY(txn, txns, struct store_txn, entry)
        {
            if (is_wanted(txn, &store->kept_hr) && (rc = write_alone(store, txn)))
                txn->result = store_error(store->db, rc);
            keep_failure(txn, &store->kept_hr);
        }
    }
    ReleaseSRWLockExclusive(&store->db_lock);
}

static DWORD WINAPI writer_thread(void *arg)
{
    struct store *store = arg;
    struct store_txn *txn, *next;
    struct list txns;

    AcquireSRWLockExclusive(&store->lock);
    for (;;)
    {
        while (list_empty(&store->queue) && !store->quit)
            SleepConditionVariableSRW(&store->work, &store->lock, INFINITE, 0);
        if (list_empty(&store->queue))
            break;
        list_init(&txns);
        list_move_tail(&txns, &store->queue);
        ReleaseSRWLockExclusive(&store->lock);

        write_txns(store, &txns);

        AcquireSRWLockExclusive(&store->lock);
        LIST_FOR_EACH_ENTRY_SAFE(txn, next, &txns, struct store_txn, entry)
        {
            list_remove(&txn->entry);
            if (txn->is_async)
            {
                if (FAILED(txn->result))
                    ERR("Changes that nobody waits for are lost, hr %#lx.\n", txn->result);
                txn_free(txn);
                continue;
            }
            txn->is_done = TRUE;
            WakeConditionVariable(&txn->done);
        }
    }
    ReleaseSRWLockExclusive(&store->lock);
    return 0;
}

HRESULT writer_start(struct store *store)
{
    InitializeSRWLock(&store->lock);
    InitializeSRWLock(&store->db_lock);
    InitializeConditionVariable(&store->work);
    list_init(&store->queue);
    if (!(store->thread = CreateThread(NULL, 0, writer_thread, store, 0, NULL)))
        return HRESULT_FROM_WIN32(GetLastError());
    return S_OK;
}

void writer_stop(struct store *store)
{
    AcquireSRWLockExclusive(&store->lock);
    store->quit = TRUE;
    WakeConditionVariable(&store->work);
    ReleaseSRWLockExclusive(&store->lock);
    WaitForSingleObject(store->thread, INFINITE);
    CloseHandle(store->thread);
}

/* With store->lock held. */
static void enqueue_locked(struct store_txn *txn)
{
    struct store *store = txn->store;

    /* The writer takes all that is there: it sleeps only when there was nothing. */
    if (list_empty(&store->queue))
        WakeConditionVariable(&store->work);
    list_add_tail(&store->queue, &txn->entry);
}

HRESULT store_commit(struct store_txn *txn)
{
    struct store *store = txn->store;
    HRESULT hr;

    AcquireSRWLockExclusive(&store->lock);
    enqueue_locked(txn);
    while (!txn->is_done)
        SleepConditionVariableSRW(&txn->done, &store->lock, INFINITE, 0);
    ReleaseSRWLockExclusive(&store->lock);
    hr = txn->result;
    txn_free(txn);
    return hr;
}

void store_commit_async(struct store_txn *txn)
{
    struct store *store = txn->store;

    txn->is_async = TRUE;
    AcquireSRWLockExclusive(&store->lock);
    enqueue_locked(txn);
    ReleaseSRWLockExclusive(&store->lock);
}
