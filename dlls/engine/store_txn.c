/*
 * Transactions of the store while they are being put together.
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

#define CHUNK_SIZE      0x10000

struct data
{
    const void *data;
    size_t size;
};

static struct data text_data(const WCHAR *text)
{
    struct data ret = { text, text ? wcslen(text) * sizeof(*text) : 0 };
    return ret;
}

static struct data string_data(const char *string)
{
    struct data ret = { string, string ? strlen(string) : 0 };
    return ret;
}

static size_t align(size_t size, size_t unit)
{
    return (size + unit - 1) & ~(unit - 1);
}

static void *txn_reserve(struct store_txn *txn, size_t size)
{
    struct chunk *chunk = NULL;
    size_t chunk_size;
    void *ret;

    size = align(size, 8);
    if (!list_empty(&txn->chunks))
        chunk = LIST_ENTRY(list_tail(&txn->chunks), struct chunk, entry);
    if (!chunk || chunk->size - chunk->used < size)
    {
        /* The first one is small: most transactions are. */
        chunk_size = max(chunk ? CHUNK_SIZE : 1024, size);
        if (!(chunk = malloc(FIELD_OFFSET(struct chunk, data[chunk_size]))))
            return NULL;
        chunk->used = 0;
        chunk->size = chunk_size;
        list_add_tail(&txn->chunks, &chunk->entry);
    }
    ret = chunk->data + chunk->used;
    chunk->used += size;
    return ret;
}

/* Appends a change.  After a failure the transaction can only fail. */
static HRESULT txn_add(struct store_txn *txn, const struct op *op, const struct data *data, unsigned int count)
{
    size_t size = sizeof(*op);
    struct op *copy;
    unsigned int i;
    BYTE *p;

    for (i = 0; i < count; i++)
    {
        if (data[i].size > 0x3fffffff)
            return txn->hr = E_INVALIDARG;
        size += align(data[i].size, sizeof(WCHAR));
    }
    if (!(copy = txn_reserve(txn, size)))
        return txn->hr = E_OUTOFMEMORY;
    *copy = *op;
    p = (BYTE *)(copy + 1);
    for (i = 0; i < OP_MAX_DATA; i++)
        copy->data_size[i] = OP_NO_DATA;
    for (i = 0; i < count; i++)
    {
        if (!data[i].data)
            continue;
        copy->data_size[i] = data[i].size;
        memcpy(p, data[i].data, data[i].size);
        p += align(data[i].size, sizeof(WCHAR));
    }
    return S_OK;
}

void txn_free(struct store_txn *txn)
{
    struct chunk *chunk, *next;

    LIST_FOR_EACH_ENTRY_SAFE(chunk, next, &txn->chunks, struct chunk, entry)
        free(chunk);
    free(txn);
}

HRESULT store_begin(struct store *store, struct store_txn **ret_txn)
{
    struct store_txn *txn;

    if (!(txn = calloc(1, sizeof(*txn))))
        return E_OUTOFMEMORY;
    txn->store = store;
    list_init(&txn->chunks);
    InitializeConditionVariable(&txn->done);
    *ret_txn = txn;
    return S_OK;
}

void store_abort(struct store_txn *txn)
{
    if (txn)
        txn_free(txn);
}

HRESULT store_add_job(struct store_txn *txn, UINT64 job, const GUID *guid)
{
    struct op op = { OP_ADD_JOB };
    struct data data = { guid, sizeof(*guid) };

    op.job = job;
    return txn_add(txn, &op, &data, 1);
}

HRESULT store_delete_job(struct store_txn *txn, UINT64 job)
{
    struct op op = { OP_DELETE_JOB };

    op.job = job;
    return txn_add(txn, &op, NULL, 0);
}

HRESULT store_set_int(struct store_txn *txn, UINT64 job, UINT32 key, INT64 value)
{
    struct op op = { OP_SET_PROP, STORE_INT };

    op.job = job;
    op.key = key;
    op.size = value;
    return txn_add(txn, &op, NULL, 0);
}

HRESULT store_set_text(struct store_txn *txn, UINT64 job, UINT32 key, const WCHAR *text)
{
    struct op op = { OP_SET_PROP, STORE_TEXT };
    struct data data = text_data(text);

    if (!text)
        return store_delete_prop(txn, job, key);
    op.job = job;
    op.key = key;
    return txn_add(txn, &op, &data, 1);
}

HRESULT store_set_blob(struct store_txn *txn, UINT64 job, UINT32 key, const void *bytes, size_t size)
{
    struct op op = { OP_SET_PROP, STORE_BLOB };
    struct data data = { size ? bytes : "", size };

    op.job = job;
    op.key = key;
    return txn_add(txn, &op, &data, 1);
}

HRESULT store_set_secret(struct store_txn *txn, UINT64 job, UINT32 key, const void *bytes, size_t size)
{
    struct op op = { OP_SET_PROP, STORE_SECRET };
    DATA_BLOB plain, sealed;
    struct data data;
    HRESULT hr;

    /* Sealed here and now: no copy in clear is ever made. */
    plain.pbData = (BYTE *)(size ? bytes : "");
    plain.cbData = size;
    if (!CryptProtectData(&plain, NULL, NULL, NULL, NULL, CRYPTPROTECT_UI_FORBIDDEN, &sealed))
    {
        hr = HRESULT_FROM_WIN32(GetLastError());
        ERR("Failed to seal a secret, hr %#lx.\n", hr);
        return txn->hr = FAILED(hr) ? hr : E_FAIL;
    }
    data.data = sealed.pbData;
    data.size = sealed.cbData;
    op.job = job;
    op.key = key;
    hr = txn_add(txn, &op, &data, 1);
    LocalFree(sealed.pbData);
    return hr;
}

HRESULT store_delete_prop(struct store_txn *txn, UINT64 job, UINT32 key)
{
    struct op op = { OP_DELETE_PROP };

    op.job = job;
    op.key = key;
    return txn_add(txn, &op, NULL, 0);
}

HRESULT store_put_file(struct store_txn *txn, UINT64 job, const struct store_file *file)
{
    struct op op = { OP_PUT_FILE };
    struct data data[5];

    op.job = job;
    op.key = file->index;
    op.size = file->size;
    op.offset = file->offset;
    op.flags = file->flags;
    data[0] = text_data(file->remote);
    data[1] = text_data(file->local);
    data[2] = text_data(file->part);
    data[3] = string_data(file->etag);
    data[4] = string_data(file->last_modified);
    return txn_add(txn, &op, data, ARRAYSIZE(data));
}

HRESULT store_update_file(struct store_txn *txn, UINT64 job, UINT32 index, UINT64 size, UINT64 offset,
                          UINT32 flags, const char *etag, const char *last_modified)
{
    struct op op = { OP_UPDATE_FILE };
    struct data data[2];

    op.job = job;
    op.key = index;
    op.size = size;
    op.offset = offset;
    op.flags = flags;
    data[0] = string_data(etag);
    data[1] = string_data(last_modified);
    return txn_add(txn, &op, data, ARRAYSIZE(data));
}

HRESULT store_sync_file(struct store_txn *txn, UINT64 job, UINT32 index, UINT64 offset)
{
    struct op op = { OP_SYNC_FILE };

    op.job = job;
    op.key = index;
    op.offset = offset;
    return txn_add(txn, &op, NULL, 0);
}
