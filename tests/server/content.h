/*
 * The bytes that the test server serves: a function of seed and offset, on both sides of the wire.
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

#ifndef WINEBITS_TESTS_CONTENT_H
#define WINEBITS_TESTS_CONTENT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Byte b of a file is byte b % 8, counted from the least significant one, of content_word(seed, b / 8).
 * Every file is thus endless, needs no memory, and can be checked from any offset. */

static inline uint64_t content_word(uint64_t seed, uint64_t index)
{
    uint64_t x = (index + (seed << 40) + seed) * 0x9e3779b97f4a7c15ull;

    x = (x ^ (x >> 32)) * 0xd6e8feb86659fd93ull;
    return x ^ (x >> 32);
}

static inline unsigned char content_byte(uint64_t seed, uint64_t offset)
{
    return (unsigned char)(content_word(seed, offset / 8) >> (offset % 8 * 8));
}

/* Writes the bytes of [offset, offset + size) to the buffer.  Both CPUs are little endian. */
static inline void content_fill(void *buffer, size_t size, uint64_t seed, uint64_t offset)
{
    unsigned char *p = buffer;
    uint64_t index, word;

    for (; size && offset % 8; size--)
        *p++ = content_byte(seed, offset++);
    for (index = offset / 8; size >= 8; size -= 8, p += 8, offset += 8)
    {
        word = content_word(seed, index++);
        memcpy(p, &word, 8);
    }
    for (; size; size--)
        *p++ = content_byte(seed, offset++);
}

/* How many bytes of the buffer, from its start, are those of the file from the offset; size when all are. */
static inline size_t content_check(const void *buffer, size_t size, uint64_t seed, uint64_t offset)
{
    const unsigned char *p = buffer;
    uint64_t word, expect;
    size_t i = 0;

    while (i < size)
    {
        if (!((offset + i) % 8) && size - i >= 8)
        {
            expect = content_word(seed, (offset + i) / 8);
            memcpy(&word, p + i, 8);
            if (word == expect)
            {
                i += 8;
                continue;
            }
        }
        if (p[i] != content_byte(seed, offset + i))
            break;
        i++;
    }
    return i;
}

#endif
