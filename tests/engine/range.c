/*
 * Lengths and ranges of a response: what servers send, and what they must not.
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
#include "wine/test.h"

#define UNKNOWN ENGINE_SIZE_UNKNOWN

static void test_length(void)
{
    static const struct
    {
        const char *text;
        BOOL valid;
        UINT64 length;
    }
    tests[] =
    {
        { "0", TRUE, 0 },
        { "123", TRUE, 123 },
        { " 123\t", TRUE, 123 },
        { "0123", TRUE, 123 },
        { "123, 123", TRUE, 123 },
        { "123,123,123", TRUE, 123 },
        { "18446744073709551614", TRUE, 18446744073709551614ull },

        { "" },
        { " " },
        { "-1" },
        { "+1" },
        { "1 2" },
        { "12a" },
        { "0x12" },
        { "1.5" },
        { "123, 124" },
        { "123," },
        { ",123" },
        /* this one means "unknown" to us */
        { "18446744073709551615" },
        { "18446744073709551616" },
        { "99999999999999999999999999" },
    };
    UINT64 length;
    size_t i;
    BOOL ret;

    for (i = 0; i < ARRAYSIZE(tests); i++)
    {
        length = 0xdead;
        ret = range_parse_length(tests[i].text, strlen(tests[i].text), &length);
        ok(ret == tests[i].valid, "%s: got %d.\n", tests[i].text, ret);
        ok(length == (tests[i].valid ? tests[i].length : 0xdead), "%s: got %I64u.\n", tests[i].text, length);
    }
    ok(range_parse_length("1234", 2, &length) && length == 12, "Got %I64u.\n", length);
    ok(!range_parse_length("1234", 0, &length), "It is a number.\n");
    ok(!range_parse_length("12\0" "4", 4, &length), "It is a number.\n");
}

static void test_content_range(void)
{
    static const struct
    {
        const char *text;
        BOOL valid;
        UINT64 first, last, total;
    }
    tests[] =
    {
        { "bytes 0-0/1", TRUE, 0, 0, 1 },
        { "bytes 5-9/10", TRUE, 5, 9, 10 },
        { "bytes 5-9/*", TRUE, 5, 9, UNKNOWN },
        { "Bytes 5-9/100", TRUE, 5, 9, 100 },
        { " bytes  5-9/100 ", TRUE, 5, 9, 100 },
        { "bytes=5-9/100", TRUE, 5, 9, 100 },
        { "bytes 0-18446744073709551613/18446744073709551614", TRUE, 0, 18446744073709551613ull, 18446744073709551614ull },

        { "" },
        { "bytes" },
        { "bytes " },
        { "bytes 5" },
        { "bytes 5-" },
        { "bytes 5-9" },
        { "bytes 5-9/" },
        { "bytes 5-9/x" },
        { "bytes -9/100" },
        { "bytes 9-5/100" },
        { "bytes 5-100/100" },
        { "bytes 5-9/9" },
        { "bytes 0-0/0" },
        { "bytes */100" },
        { "bytes */*" },
        { "bytes 5-9/100, 10-20/100" },
        { "bytes 5-9/100 x" },
        { "bytes 5 -9/100" },
        { "bytes5-9/100" },
        { "items 5-9/100" },
        { "5-9/100" },
        { "bytes 5-18446744073709551616/*" },
        { "bytes 18446744073709551615-18446744073709551615/*" },
    };
    UINT64 first, last, total;
    size_t i, len;
    BOOL ret;

    for (i = 0; i < ARRAYSIZE(tests); i++)
    {
        first = last = total = 0xdead;
        len = strlen(tests[i].text);
        ret = range_parse_content_range(tests[i].text, len, &first, &last, &total);
        ok(ret == tests[i].valid, "%s: got %d.\n", tests[i].text, ret);
        if (tests[i].valid)
            ok(first == tests[i].first && last == tests[i].last && total == tests[i].total,
               "%s: got %I64u-%I64u/%I64u.\n", tests[i].text, first, last, total);
        else
            ok(first == 0xdead && last == 0xdead && total == 0xdead, "%s: got %I64u-%I64u/%I64u.\n", tests[i].text,
               first, last, total);
    }
    ok(range_parse_content_range("bytes 5-9/100", 12, &first, &last, &total) && total == 10, "Got %I64u.\n", total);
}

START_TEST(range)
{
    test_length();
    test_content_range();
}
