/*
 * Fuzzes the parsers of lengths and ranges.
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

#include <inttypes.h>
#include <string.h>

#include "pure.h"
#include "fuzz.h"

const char fuzz_name[] = "range";

int fuzz_one(const char *data, size_t len)
{
    UINT64 length = 1, first = 1, last = 2, total = 3, first2, last2, total2;
    char text[80];
    BOOL ret, ret2;
    int n;

    ret = range_parse_length(data, len, &length);
    if (ret)
    {
        /* What was understood, written in the plainest way, is understood as the same. */
        fuzz_check(length != ENGINE_SIZE_UNKNOWN, data, len);
        n = snprintf(text, sizeof(text), "%" PRIu64, length);
        fuzz_check(range_parse_length(text, n, &first2) && first2 == length, data, len);
    }
    else
        fuzz_check(length == 1, data, len);

    ret2 = range_parse_content_range(data, len, &first, &last, &total);
    if (ret2)
    {
        fuzz_check(first <= last && last < total, data, len);
        if (total == ENGINE_SIZE_UNKNOWN)
            n = snprintf(text, sizeof(text), "bytes %" PRIu64 "-%" PRIu64 "/*", first, last);
        else
            n = snprintf(text, sizeof(text), "bytes %" PRIu64 "-%" PRIu64 "/%" PRIu64, first, last, total);
        fuzz_check(range_parse_content_range(text, n, &first2, &last2, &total2), data, len);
        fuzz_check(first2 == first && last2 == last && total2 == total, data, len);
    }
    else
        fuzz_check(first == 1 && last == 2 && total == 3, data, len);
    return ret || ret2;
}
