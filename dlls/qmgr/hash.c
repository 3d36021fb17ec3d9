/*
 * Chained hash tables over nodes that live in the objects.
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

#include "config.h"

#include <stdlib.h>

#include "qmgr.h"

#define FIRST_SIZE 64

HRESULT hash_init(struct hash *hash)
{
    if (!(hash->buckets = calloc(FIRST_SIZE, sizeof(*hash->buckets))))
        return E_OUTOFMEMORY;
    hash->mask = FIRST_SIZE - 1;
    hash->count = 0;
    return S_OK;
}

void hash_free(struct hash *hash)
{
    free(hash->buckets);
    hash->buckets = NULL;
}

/* Doubles the table.  Without the memory for it the chains are longer, nothing else. */
static void hash_grow(struct hash *hash)
{
    UINT32 i, size = 2 * (hash->mask + 1);
    struct hash_node **buckets, *node, *next;

    if (!(buckets = calloc(size, sizeof(*buckets))))
        return;
    for (i = 0; i <= hash->mask; i++)
    {
        for (node = hash->buckets[i]; node; node = next)
        {
            next = node->next;
            node->next = buckets[node->hash & (size - 1)];
            buckets[node->hash & (size - 1)] = node;
        }
    }
    free(hash->buckets);
    hash->buckets = buckets;
    hash->mask = size - 1;
}

void hash_add(struct hash *hash, struct hash_node *node, UINT32 value)
{
    struct hash_node **bucket;

    if (hash->count > hash->mask)
        hash_grow(hash);
    bucket = &hash->buckets[value & hash->mask];
    node->hash = value;
    node->next = *bucket;
    *bucket = node;
    hash->count++;
}

void hash_remove(struct hash *hash, struct hash_node *node)
{
    struct hash_node **p = &hash->buckets[node->hash & hash->mask];

    while (*p != node)
        p = &(*p)->next;
    *p = node->next;
    hash->count--;
}

static struct hash_node *hash_match(struct hash_node *node, UINT32 value)
{
    while (node && node->hash != value)
        node = node->next;
    return node;
}

struct hash_node *hash_first(const struct hash *hash, UINT32 value)
{
    return hash_match(hash->buckets[value & hash->mask], value);
}

struct hash_node *hash_next(const struct hash_node *node)
{
    return hash_match(node->next, node->hash);
}
