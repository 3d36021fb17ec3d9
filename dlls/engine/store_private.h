/*
 * What the store's files share: a transaction on its way to the database.
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

#ifndef WINEBITS_ENGINE_STORE_PRIVATE_H
#define WINEBITS_ENGINE_STORE_PRIVATE_H

#include <sqlite3.h>

#include "engine.h"
#include "wine/list.h"

enum op_type
{
    OP_ADD_JOB,
    OP_DELETE_JOB,
    OP_SET_PROP,
    OP_DELETE_PROP,
    OP_PUT_FILE,
    OP_UPDATE_FILE,
    OP_SYNC_FILE,
    OP_COUNT
};

#define OP_MAX_DATA     5
#define OP_NO_DATA      (~(UINT32)0)

/* One change.  Its strings and bytes follow in the chunk, each on a multiple of sizeof(WCHAR). */
struct op
{
    enum op_type type;
    enum store_type value_type;     /* OP_SET_PROP */
    UINT32 key;                     /* of the property, index of the file */
    UINT32 flags;
    UINT64 job;
    UINT64 size;                    /* of the file; the value of an integer property */
    UINT64 offset;
    UINT32 data_size[OP_MAX_DATA];  /* in bytes; OP_NO_DATA for none */
};

/* Operations, one after the other, each on a multiple of 8. */
struct chunk
{
    struct list entry;
    size_t used, size;
    BYTE data[1];
};

struct store_txn
{
    struct list entry;              /* in store.queue, then in the writer's list */
    struct store *store;
    struct list chunks;             /* struct chunk.entry */
    HRESULT hr;                     /* the first failure to add a change */
    HRESULT result;                 /* written by the writer until is_done */
    BOOL is_async;
    BOOL is_done;                   /* store.lock */
    CONDITION_VARIABLE done;        /* store.lock */
};

struct store
{
    HANDLE thread;

    SRWLOCK lock;                   /* guards the next three */
    CONDITION_VARIABLE work;
    struct list queue;              /* struct store_txn.entry, in order of commit */
    BOOL quit;

    SRWLOCK db_lock;                /* guards the rest; taken by the writer while it writes, never under lock */
    sqlite3 *db;
    sqlite3_stmt *ops[OP_COUNT];
    sqlite3_stmt *begin, *commit, *rollback, *savepoint, *release, *rollback_to;
    HRESULT kept_hr;                /* of an asynchronous transaction that nobody has been told of */
};

/* store.c */
HRESULT store_error(sqlite3 *db, int rc);

/* store_txn.c */
void txn_free(struct store_txn *txn);

/* store_writer.c */
/* Prepares every statement that changes something. */
int writer_prepare(struct store *store);
void writer_finalize(struct store *store);
HRESULT writer_start(struct store *store);
/* Ends the thread when the queue is empty. */
void writer_stop(struct store *store);

#endif /* WINEBITS_ENGINE_STORE_PRIVATE_H */
