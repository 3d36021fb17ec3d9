/*
 * Fuzzes the parser of Retry-After.
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

#include "pure.h"
#include "fuzz.h"

const char fuzz_name[] = "retry";

int fuzz_one(const char *data, size_t len)
{
    static const UINT64 times[] = { 0, 784111777, 1750000000, 4102444800u, 253402300799u, ~(UINT64)0 };
    ULONG seconds = 12345, before = 0xffffffff;
    BOOL ret = FALSE, last = FALSE;
    size_t i;

    for (i = 0; i < sizeof(times) / sizeof(*times); i++)
    {
        seconds = 12345;
        ret = retry_parse_after(data, len, times[i], &seconds);
        if (!ret)
            fuzz_check(seconds == 12345, data, len);
        /* Whether it can be understood does not depend on the time. */
        fuzz_check(!i || ret == last, data, len);
        /* A date comes no further away; but the year of two digits may be another century's. */
        if (ret && !memchr(data, '-', len))
            fuzz_check(seconds <= before, data, len);
        before = seconds;
        last = ret;
    }
    return ret;
}
